//! List patterns: elements at both ends first, then what is between variables.
//!
//! The one idea: up to the first variable that takes a segment, and back from the last, a list
//! pattern is rigid and matches in one way; only where segments meet is everything tried, the last
//! border first, each from left to right.

use super::super::{Instruction, Operand, Shape, ShapeId, Slot};
use super::{ExtensionSource, LeftCompiler, Source, Task};
use crate::pattern::VariableId;
use crate::signature::{OpId, SortId};
use crate::term::TermId;

/// A list pattern that is being compiled.
pub(super) struct ListGroup {
    collection: u16,
    op: OpId,
    parts: Vec<Part>,
    /// The slot of what is left: where it starts and ends.
    left: Slot,
    /// The segment after the match, once it is chosen (extensions only).
    after: Option<Slot>,
    /// Whether a match might cover less than two elements (extensions only).
    may_be_small: bool,
    /// Any match will do, and the last variable takes as much as it can (extensions only).
    last_takes_all: bool,
    /// A segment that was chosen, and its sort, which is checked when what is rigid beside it fits.
    unchecked: Option<(Slot, SortId)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Element(ShapeId),
    /// With the fewest elements that it takes at its place.
    Variable(VariableId, u16),
    /// What the match does not cover, before or after it.
    Outside,
}

/// A slot of a list is where what is left starts and ends.
const SLOTS: u16 = 2;

impl LeftCompiler<'_> {
    pub(super) fn start_list(
        &mut self,
        collection: u16,
        op: OpId,
        arguments: &[ShapeId],
        extend: bool,
        tasks: &mut Vec<Task>,
    ) {
        let left = self.new_slots(SLOTS);
        self.code.emit(Instruction::ListStart {
            collection,
            to: left,
        });
        let outside = if extend { 1 } else { 0 };
        let mut parts = vec![Part::Outside; outside];
        let last = arguments.len() - 1;
        let facts = self.store.facts(op);
        let (no_left, no_right) = (
            facts.left_identity == TermId::NONE,
            facts.right_identity == TermId::NONE,
        );
        parts.extend(arguments.iter().enumerate().map(|(index, &shape)| {
            match *self.shapes.at(shape) {
                Shape::Variable(variable) => {
                    // Nothing stands for an identity on the side where it is none.
                    let stays = index == 0 && no_left || index == last && no_right;
                    let least = self.least(op, variable);
                    Part::Variable(variable, if stays { 1 } else { least })
                }
                _ => Part::Element(shape),
            }
        }));
        parts.extend(vec![Part::Outside; outside]);
        tasks.push(Task::List(Box::new(ListGroup {
            collection,
            op,
            parts,
            left,
            after: None,
            unchecked: None,
            may_be_small: extend && self.fewest_of(op, arguments) < 2,
            last_takes_all: extend && self.last_takes_all(op, arguments),
        })));
    }

    /// Whether any match will do and a variable stands at the end that can take several elements.
    fn last_takes_all(&self, op: OpId, arguments: &[ShapeId]) -> bool {
        let takes_several = |&last: &ShapeId| match *self.shapes.at(last) {
            Shape::Variable(variable) => !self.is_bound(variable) && self.is_closed(op, variable),
            _ => false,
        };
        let is_independent = |&argument: &ShapeId| self.is_independent(argument);
        arguments.last().is_some_and(takes_several) && arguments.iter().all(is_independent)
    }

    pub(super) fn continue_list(&mut self, mut group: Box<ListGroup>, tasks: &mut Vec<Task>) {
        while !group.parts.is_empty() {
            let last = group.parts.len() - 1;
            let end = [(false, 0), (true, last)]
                .into_iter()
                .find(|&(_, index)| self.is_rigid(group.op, group.parts[index]));
            let Some((at_end, index)) = end else {
                if self.take_segment(&mut group) {
                    return;
                }
                continue;
            };
            match group.parts.remove(index) {
                Part::Element(shape) => {
                    let target = self.take_element(&mut group, at_end);
                    tasks.push(Task::List(group));
                    tasks.push(Task::Take(shape, target));
                    return;
                }
                Part::Variable(variable, _) if self.is_bound(variable) => {
                    let operand = Operand::Register(self.register(variable));
                    self.take_operand(&mut group, at_end, operand);
                }
                Part::Variable(variable, _) => {
                    let target = self.take_element(&mut group, at_end);
                    self.take_variable(variable, target);
                }
                Part::Outside => {}
            }
        }
        self.check_sort(&mut group);
        self.code.emit(Instruction::ListEnd { from: group.left });
    }

    /// Whether a part takes a number of elements that is known when its turn comes.
    fn is_rigid(&self, op: OpId, part: Part) -> bool {
        match part {
            Part::Element(_) => true,
            Part::Outside => false,
            Part::Variable(variable, least) => {
                self.is_bound(variable) || self.is_single(op, variable) && least == 1
            }
        }
    }

    fn take_element(&mut self, group: &mut ListGroup, at_end: bool) -> u16 {
        let (to, target) = (self.new_slots(SLOTS), self.new_register());
        let collection = group.collection;
        let from = std::mem::replace(&mut group.left, to);
        self.code.emit(if at_end {
            Instruction::ListLast {
                collection,
                from,
                to,
                target,
            }
        } else {
            Instruction::ListFirst {
                collection,
                from,
                to,
                target,
            }
        });
        target
    }

    fn take_operand(&mut self, group: &mut ListGroup, at_end: bool, operand: Operand) {
        let to = self.new_slots(SLOTS);
        let collection = group.collection;
        let from = std::mem::replace(&mut group.left, to);
        self.code.emit(if at_end {
            Instruction::ListSuffix {
                collection,
                from,
                to,
                operand,
            }
        } else {
            Instruction::ListPrefix {
                collection,
                from,
                to,
                operand,
            }
        });
    }

    /// Takes a segment at the end; tells whether nothing is left to do.
    fn take_segment(&mut self, group: &mut ListGroup) -> bool {
        self.check_sort(group);
        let Some(part) = group.parts.pop() else {
            unreachable!("there is a part that takes a segment");
        };
        let (least, most) = match part {
            Part::Variable(variable, least) => {
                (least, u16::from(self.is_single(group.op, variable)))
            }
            _ => (0, 0),
        };
        let from = group.left;
        let is_first = group.parts.is_empty();
        let segment = if is_first {
            let to = self.new_slots(SLOTS);
            self.code.emit(Instruction::ListRest { from, to, least });
            to
        } else {
            let to = self.new_slots(2 * SLOTS);
            let reserve = self.fewest(group);
            self.code.emit(Instruction::ListSegment {
                collection: group.collection,
                from,
                to,
                least,
                most,
                reserve,
                shortest: part == Part::Outside && group.last_takes_all,
            });
            group.left = to + SLOTS;
            to
        };
        let collection = group.collection;
        if let Part::Variable(variable, _) = part {
            group.unchecked = self.checked_sort(variable).map(|sort| (segment, sort));
            let source = Source::Segment {
                collection,
                segment,
            };
            self.bind_part(variable, collection, source);
        } else if let Some(after) = group.after {
            let before = segment;
            if group.may_be_small {
                self.code.emit(Instruction::ListCovers {
                    collection,
                    before,
                    after,
                });
            }
            self.extension = Some(ExtensionSource::Around {
                collection,
                before,
                after,
            });
        } else {
            group.after = Some(segment);
        }
        if is_first {
            self.check_sort(group);
        }
        is_first
    }

    fn check_sort(&mut self, group: &mut ListGroup) {
        if let Some((segment, sort)) = group.unchecked.take() {
            let hereditary = self.is_hereditary(group.op, sort);
            self.code.emit(Instruction::SegmentSort {
                collection: group.collection,
                segment,
                sort,
                hereditary,
            });
        }
    }

    /// The fewest elements that the parts still to be matched take.
    fn fewest(&self, group: &ListGroup) -> u16 {
        let of = |part: &Part| match *part {
            Part::Element(_) => 1,
            Part::Outside => 0,
            Part::Variable(variable, _) if self.is_bound(variable) => 0,
            Part::Variable(_, least) => least,
        };
        group.parts.iter().map(of).sum()
    }
}
