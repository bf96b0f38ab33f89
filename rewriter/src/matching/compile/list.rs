//! List patterns: elements at both ends first, then what is between variables.
//!
//! The one idea: up to the first variable that takes a segment, and back from the last, a list
//! pattern is rigid and matches in one way. Between them, as in Maude, the places of what is rigid
//! are chosen from left to right; then each *block* of variables divides what is before, between or
//! after those places, the last border first.

use super::super::{ElementFilter, Instruction, Operand, Shape, ShapeId, Slot, Way};
use super::{ExtensionSource, LeftCompiler, Source, Task};
use crate::pattern::VariableId;
use crate::signature::OpId;
use crate::term::TermId;

/// A list pattern that is being compiled.
pub(super) struct ListGroup {
    collection: u16,
    op: OpId,
    parts: Vec<Part>,
    /// The slot of what is left: where it starts and ends.
    left: Slot,
    /// The segments before and after the match, once they are chosen (extensions only).
    before: Option<Slot>,
    after: Option<Slot>,
    /// Whether a match might cover less than two elements (extensions only).
    may_be_small: bool,
    /// Any match will do, and the last variable takes as much as it can (extensions only).
    last_takes_all: bool,
    /// Blocks of variables, each with the slot of the segment that it divides.
    blocks: Vec<(Vec<Part>, Slot)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Element(ShapeId),
    /// With the fewest elements that it takes at its place.
    Variable(VariableId, u16),
    /// What the match does not cover before it.
    Before,
    /// What the match does not cover after it.
    After,
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
        let mut parts = Vec::from_iter(extend.then_some(Part::Before));
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
        parts.extend(extend.then_some(Part::After));
        tasks.push(Task::List(Box::new(ListGroup {
            collection,
            op,
            parts,
            left,
            before: None,
            after: None,
            blocks: Vec::new(),
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
                self.take_block(&mut group);
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
                Part::Before | Part::After => {}
            }
        }
        let takes_rest = |&(_, slot): &(Vec<Part>, Slot)| slot == group.left;
        if !group.blocks.last().is_some_and(takes_rest) {
            self.code.emit(Instruction::ListEnd { from: group.left });
        }
        for (parts, left) in std::mem::take(&mut group.blocks) {
            self.divide(&mut group, parts, left);
        }
    }

    /// Whether a part takes a number of elements that is known when its turn comes.
    fn is_rigid(&self, op: OpId, part: Part) -> bool {
        match part {
            Part::Element(_) => true,
            Part::Before | Part::After => false,
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

    /// Takes the segment of the first block of variables: all there is if nothing else follows.
    fn take_block(&mut self, group: &mut ListGroup) {
        let is_rigid = |&part: &Part| self.is_rigid(group.op, part);
        let end = group.parts.iter().position(is_rigid);
        let rest = group.parts.split_off(end.unwrap_or(group.parts.len()));
        let block = std::mem::replace(&mut group.parts, rest);
        let from = group.left;
        if end.is_none() {
            group.blocks.push((block, from));
            return;
        }
        let to = self.new_slots(2 * SLOTS);
        let (collection, least) = (group.collection, self.fewest(&block));
        let mut reserve = self.fewest(&group.parts);
        // What follows is looked for at once if something is known of it.
        let filter = match group.parts.first() {
            Some(&Part::Element(shape)) => {
                Some(self.filter_of(shape)).filter(|filter| filter.op.is_some())
            }
            Some(&Part::Variable(variable, _)) => {
                let filter = self.filter_of_bound(group.op, variable);
                // It is not counted among the fewest.
                reserve += u16::from(filter.is_some());
                filter
            }
            _ => None,
        };
        let filter = filter.map(|filter| self.code.filter(filter));
        self.code.emit(match filter {
            Some(filter) => Instruction::ListSearch {
                collection,
                from,
                to,
                least,
                reserve,
                filter,
            },
            None => Instruction::ListSegment {
                collection,
                from,
                to,
                least,
                most: 0,
                reserve,
                way: Way::Start,
            },
        });
        group.left = to + SLOTS;
        group.blocks.push((block, to));
    }

    /// What is known of the element that a variable with a value stands for, if it stands for one.
    fn filter_of_bound(&mut self, op: OpId, variable: VariableId) -> Option<ElementFilter> {
        let is_element = self.is_bound(variable)
            && self.is_single(op, variable)
            && self.least(op, variable) == 1;
        is_element.then(|| ElementFilter {
            op: None,
            key: None,
            element: Some(Operand::Register(self.register(variable))),
            probes: Vec::new(),
        })
    }

    /// Divides a segment among variables and what is outside the match.
    fn divide(&mut self, group: &mut ListGroup, mut parts: Vec<Part>, left: Slot) {
        group.left = left;
        while let Some(part) = parts.pop() {
            match part {
                Part::Variable(variable, _) if self.is_bound(variable) => {
                    let operand = Operand::Register(self.register(variable));
                    self.take_operand(group, true, operand);
                    if parts.is_empty() {
                        self.code.emit(Instruction::ListEnd { from: group.left });
                    }
                }
                _ => self.take_segment(group, part, &parts),
            }
        }
    }

    /// Takes a segment at the end of a block, before which there are other parts.
    fn take_segment(&mut self, group: &mut ListGroup, part: Part, others: &[Part]) {
        let collection = group.collection;
        let (least, most) = match part {
            Part::Variable(variable, least) => {
                (least, u16::from(self.is_single(group.op, variable)))
            }
            _ => (0, 0),
        };
        let from = group.left;
        let segment = if others.is_empty() {
            let to = self.new_slots(SLOTS);
            self.code.emit(Instruction::ListRest { from, to, least });
            to
        } else {
            let to = self.new_slots(2 * SLOTS);
            self.code.emit(Instruction::ListSegment {
                collection,
                from,
                to,
                least,
                most,
                reserve: self.fewest(others),
                way: match part == Part::After && group.last_takes_all {
                    true => Way::ShortEnd,
                    false => Way::LongEnd,
                },
            });
            group.left = to + SLOTS;
            to
        };
        match part {
            Part::Before => group.before = Some(segment),
            Part::After => group.after = Some(segment),
            Part::Variable(variable, _) => {
                let source = Source::Segment {
                    collection,
                    segment,
                };
                self.bind_part(variable, collection, source);
                match self.checked_sort(variable) {
                    Some(sort) if self.store.facts(group.op).has_memberships => {
                        self.check_constrained_sort(variable, source, sort);
                    }
                    Some(sort) => {
                        let hereditary = self.is_hereditary(group.op, sort);
                        self.code.emit(Instruction::SegmentSort {
                            collection,
                            segment,
                            sort,
                            hereditary,
                        });
                    }
                    None => {}
                }
                return;
            }
            Part::Element(_) => unreachable!("an element takes no segment"),
        }
        let (Some(before), Some(after)) = (group.before, group.after) else {
            return;
        };
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
    }

    /// The fewest elements that parts take.
    fn fewest(&self, parts: &[Part]) -> u16 {
        let of = |part: &Part| match *part {
            Part::Element(_) => 1,
            Part::Before | Part::After => 0,
            Part::Variable(variable, _) if self.is_bound(variable) => 0,
            Part::Variable(_, least) => least,
        };
        parts.iter().map(of).sum()
    }
}
