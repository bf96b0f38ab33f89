//! List patterns: elements at both ends first, then what is between variables.
//!
//! The one idea: up to the first variable that takes a segment, and back from the last, a list
//! pattern is rigid and matches in one way; only segments between others are tried in every
//! length, shortest first.

use super::super::{Instruction, Operand, Shape, ShapeId, Slot};
use super::{ExtensionSource, LeftCompiler, Source, Task};
use crate::pattern::VariableId;
use crate::signature::OpId;

/// A list pattern that is being compiled.
pub(super) struct ListGroup {
    collection: u16,
    op: OpId,
    parts: Vec<Part>,
    /// The slot of what is left: where it starts and ends.
    left: Slot,
    /// The segment before the match, once it is chosen (extensions only).
    before: Option<Slot>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Element(ShapeId),
    Variable(VariableId),
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
        parts.extend(arguments.iter().map(|&shape| match *self.shapes.at(shape) {
            Shape::Variable(variable) => Part::Variable(variable),
            _ => Part::Element(shape),
        }));
        parts.extend(vec![Part::Outside; outside]);
        tasks.push(Task::List(Box::new(ListGroup {
            collection,
            op,
            parts,
            left,
            before: None,
        })));
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
                Part::Variable(variable) if self.is_bound(variable) => {
                    let operand = Operand::Register(self.register(variable));
                    self.take_operand(&mut group, at_end, operand);
                }
                Part::Variable(variable) => {
                    let target = self.take_element(&mut group, at_end);
                    self.take_variable(variable, target);
                }
                Part::Outside => {}
            }
        }
        self.code.emit(Instruction::ListEnd { from: group.left });
    }

    /// Whether a part takes a number of elements that is known when its turn comes.
    fn is_rigid(&self, op: OpId, part: Part) -> bool {
        match part {
            Part::Element(_) => true,
            Part::Outside => false,
            Part::Variable(variable) => {
                self.is_bound(variable)
                    || self.is_single(op, variable) && self.least(op, variable) == 1
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

    /// Takes a segment at the start; tells whether nothing is left to do.
    fn take_segment(&mut self, group: &mut ListGroup) -> bool {
        let part = group.parts.remove(0);
        let (least, most) = match part {
            Part::Variable(variable) => (
                self.least(group.op, variable),
                u16::from(self.is_single(group.op, variable)),
            ),
            _ => (0, 0),
        };
        let from = group.left;
        let is_last = group.parts.is_empty();
        let segment = if is_last {
            let to = self.new_slots(SLOTS);
            self.code.emit(Instruction::ListRest { from, to, least });
            to
        } else {
            let to = self.new_slots(2 * SLOTS);
            let reserve = self.fewest(group);
            self.code.emit(Instruction::ListSegment {
                from,
                to,
                least,
                most,
                reserve,
            });
            group.left = to + SLOTS;
            to
        };
        let collection = group.collection;
        if let Part::Variable(variable) = part {
            if let Some(sort) = self.checked_sort(variable) {
                let hereditary = self.is_hereditary(group.op, sort);
                self.code.emit(Instruction::SegmentSort {
                    collection,
                    segment,
                    sort,
                    hereditary,
                });
            }
            let source = Source::Segment {
                collection,
                segment,
            };
            self.bind_part(variable, collection, source);
        } else if let Some(before) = group.before {
            self.extension = Some(ExtensionSource::Around {
                collection,
                before,
                after: segment,
            });
        } else {
            group.before = Some(segment);
        }
        is_last
    }

    /// The fewest elements that the parts still to be matched take.
    fn fewest(&self, group: &ListGroup) -> u16 {
        let of = |part: &Part| match *part {
            Part::Element(_) => 1,
            Part::Outside => 0,
            Part::Variable(variable) if self.is_bound(variable) => 0,
            Part::Variable(variable) => self.least(group.op, variable),
        };
        group.parts.iter().map(of).sum()
    }
}
