//! Multiset patterns: constants and bound variables are removed, elements are chosen, the rest is
//! divided.
//!
//! The one idea: nearly every multiset pattern is some elements with a constructor on top and at
//! most one variable for the rest; these compile to choices by operator and key and one lazy
//! `Rest`. Only what is left over is divided in all ways.

use super::super::{Distribution, ElementFilter, Instruction, Operand, Register};
use super::super::{Shape, ShapeId, Share, Slot, probes};
use super::{ExtensionSource, LeftCompiler, Source, Task};
use crate::pattern::VariableId;
use crate::signature::OpId;
use crate::term::Theory;

/// A multiset pattern that is being compiled.
pub(super) struct MultisetGroup {
    collection: u16,
    op: OpId,
    elements: Vec<ShapeId>,
    variables: Vec<(VariableId, u32)>,
    /// The slot of what is consumed so far.
    consumed: Slot,
    extend: bool,
    /// Whether a match might cover less than two elements.
    may_be_small: bool,
}

/// A slot of a multiset is where its list of consumed positions starts, and its length.
const SLOTS: u16 = 2;

impl LeftCompiler<'_> {
    pub(super) fn start_multiset(
        &mut self,
        collection: u16,
        op: OpId,
        arguments: &[ShapeId],
        extend: bool,
        tasks: &mut Vec<Task>,
    ) {
        let consumed = self.new_slots(SLOTS);
        self.code.emit(Instruction::MultisetStart {
            collection,
            to: consumed,
        });
        let mut group = MultisetGroup {
            collection,
            op,
            elements: Vec::new(),
            variables: Vec::new(),
            consumed,
            extend,
            may_be_small: extend && self.fewest_of(op, arguments) < 2,
        };
        for &argument in arguments {
            match *self.shapes.at(argument) {
                Shape::Ground(term) => self.remove(&mut group, Operand::Constant(term)),
                Shape::Variable(variable) => {
                    let known = group.variables.iter_mut().find(|(v, _)| *v == variable);
                    match known {
                        Some((_, multiplicity)) => *multiplicity += 1,
                        None => group.variables.push((variable, 1)),
                    }
                }
                _ => group.elements.push(argument),
            }
        }
        tasks.push(Task::Multiset(Box::new(group)));
    }

    /// The fewest elements that arguments cover.
    pub(super) fn fewest_of(&self, op: OpId, arguments: &[ShapeId]) -> u16 {
        let of = |&argument: &ShapeId| match *self.shapes.at(argument) {
            Shape::Variable(variable) => self.least(op, variable),
            _ => 1,
        };
        arguments.iter().map(of).sum()
    }

    fn remove(&mut self, group: &mut MultisetGroup, operand: Operand) {
        let to = self.new_slots(SLOTS);
        self.code.emit(Instruction::MultisetRemove {
            collection: group.collection,
            from: group.consumed,
            to,
            operand,
        });
        group.consumed = to;
    }

    pub(super) fn continue_multiset(
        &mut self,
        mut group: Box<MultisetGroup>,
        tasks: &mut Vec<Task>,
    ) {
        for (variable, multiplicity) in std::mem::take(&mut group.variables) {
            if self.is_bound(variable) {
                let operand = Operand::Register(self.register(variable));
                for _ in 0..multiplicity {
                    self.remove(&mut group, operand);
                }
            } else {
                group.variables.push((variable, multiplicity));
            }
        }
        if group.elements.is_empty() {
            self.finish_multiset(group, tasks);
            return;
        }
        let keyed = (0..group.elements.len()).find(|&index| self.has_key(group.elements[index]));
        let shape = group.elements.remove(keyed.unwrap_or(0));
        let filter = self.filter_of(shape);
        let target = self.choose_element(&mut group, filter);
        tasks.push(Task::Multiset(group));
        tasks.push(Task::Take(shape, target));
    }

    fn choose_element(&mut self, group: &mut MultisetGroup, filter: ElementFilter) -> Register {
        let (to, target) = (self.new_slots(SLOTS), self.new_register());
        let filter = self.code.filter(filter);
        self.code.emit(Instruction::MultisetElement {
            collection: group.collection,
            from: group.consumed,
            to,
            filter,
            target,
        });
        group.consumed = to;
        target
    }

    /// Whether the first argument of an element is fixed.
    fn has_key(&self, shape: ShapeId) -> bool {
        let Shape::Application { op, arguments } = self.shapes.at(shape) else {
            return false;
        };
        let is_fixed = |first: ShapeId| match self.shapes.at(first) {
            Shape::Ground(_) => true,
            Shape::Variable(variable) => self.is_bound(*variable),
            _ => false,
        };
        self.store.theory(*op) == Theory::Free && arguments.first().copied().is_some_and(is_fixed)
    }

    fn filter_of(&mut self, shape: ShapeId) -> ElementFilter {
        let key = match self.shapes.at(shape).clone() {
            Shape::Application { arguments, .. } if self.has_key(shape) => {
                self.operand(arguments[0])
            }
            _ => None,
        };
        let op = match self.shapes.at(shape) {
            Shape::Application { op, .. } | Shape::Iterated { op, .. } => {
                let collapses = self.store.facts(*op).has_identity();
                (!collapses).then_some(*op)
            }
            _ => None,
        };
        let probes = match op {
            Some(_) => probes(self.store, &self.shapes, shape),
            None => Vec::new(),
        };
        ElementFilter { op, key, probes }
    }

    /// Everything but unbound variables is consumed.
    fn finish_multiset(&mut self, mut group: Box<MultisetGroup>, tasks: &mut Vec<Task>) {
        let (collection, from) = (group.collection, group.consumed);
        if group.variables.is_empty() {
            if group.extend {
                if group.may_be_small {
                    self.code
                        .emit(Instruction::MultisetCovers { collection, from });
                }
                self.extension = Some(ExtensionSource::Rest { collection, from });
            } else {
                self.code
                    .emit(Instruction::MultisetEnd { collection, from });
            }
            return;
        }
        if let ([(variable, 1)], false) = (group.variables.as_slice(), group.extend) {
            self.take_rest(&group, *variable);
            return;
        }
        let single = group
            .variables
            .iter()
            .position(|&(variable, multiplicity)| {
                multiplicity == 1
                    && self.is_single(group.op, variable)
                    && self.least(group.op, variable) == 1
            });
        if let Some(index) = single {
            let (variable, _) = group.variables.remove(index);
            let anything = ElementFilter {
                op: None,
                key: None,
                probes: Vec::new(),
            };
            let target = self.choose_element(&mut group, anything);
            self.take_variable(variable, target);
            tasks.push(Task::Multiset(group));
            return;
        }
        self.distribute(&group);
    }

    fn take_rest(&mut self, group: &MultisetGroup, variable: VariableId) {
        let (collection, from) = (group.collection, group.consumed);
        let least = self.least(group.op, variable);
        if least > 0 {
            self.code.emit(Instruction::MultisetLeft {
                collection,
                from,
                least,
            });
        }
        if let Some(sort) = self.checked_sort(variable) {
            let hereditary = self.is_hereditary(group.op, sort);
            self.code.emit(Instruction::RestSort {
                collection,
                from,
                sort,
                hereditary,
            });
        }
        self.bind_part(variable, collection, Source::Rest { collection, from });
    }

    /// Divides what is left: variables that occur often choose first. The extension chooses before
    /// those that occur once; but in equations, where any match will do, it takes all that they
    /// leave.
    fn distribute(&mut self, group: &MultisetGroup) {
        let mut shares = Vec::new();
        let extension = group.extend.then(|| {
            let (op, register) = (group.op, self.new_register());
            self.extension = Some(ExtensionSource::Divided { op, register });
            Share {
                target: register,
                multiplicity: 1,
                least: 0,
                single: false,
                sort: None,
            }
        });
        let mut variables = group.variables.clone();
        variables.sort_by_key(|&(_, multiplicity)| std::cmp::Reverse(multiplicity));
        let mut waiting = extension.filter(|_| !self.in_equation);
        for (variable, multiplicity) in variables {
            if multiplicity == 1 {
                shares.extend(waiting.take());
            }
            let target = self.new_register();
            shares.push(Share {
                target,
                multiplicity,
                least: u32::from(self.least(group.op, variable)),
                single: self.is_single(group.op, variable),
                sort: self.checked_sort(variable),
            });
            self.bind_part(variable, group.collection, Source::Register(target));
        }
        shares.extend(waiting);
        shares.extend(extension.filter(|_| self.in_equation));
        let slot = self.new_slots(SLOTS);
        let collection = self.code.collections[group.collection as usize];
        let extension = extension.filter(|_| group.may_be_small);
        let extension = extension.and_then(|extension| {
            let is_extension = |share: &Share| share.target == extension.target;
            shares.iter().position(is_extension)
        });
        let distribution = self.code.distribution(Distribution {
            collection,
            from: group.consumed,
            slot,
            shares,
            extension,
        });
        self.code.emit(Instruction::Distribute { distribution });
    }
}
