//! Multiset patterns: constants and bound variables are removed, elements are chosen, the rest is
//! divided.
//!
//! The one idea: nearly every multiset pattern is some elements with a constructor on top and at
//! most one variable for the rest; these compile to choices by operator and key and one lazy
//! `Rest`. Only what is left over is divided in all ways.

use std::cmp::Reverse;

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
    /// Whether any match of the elements will do.
    independent: bool,
    /// The number of arguments of the pattern that differ.
    n_arguments: usize,
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
            independent: self.occurrences.is_some(),
            n_arguments: arguments.chunk_by(|a, b| a == b).count(),
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
                _ => {
                    group.independent &= self.is_independent(argument);
                    group.elements.push(argument);
                }
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

    pub(super) fn filter_of(&mut self, shape: ShapeId) -> ElementFilter {
        let key = match self.shapes.at(shape).clone() {
            Shape::Application { arguments, .. } if self.has_key(shape) => {
                self.operand(arguments[0])
            }
            _ => None,
        };
        let op = match self.shapes.at(shape) {
            Shape::Application { op, .. } | Shape::Iterated { op, .. } => {
                let collapses = self.store.facts(*op).may_collapse();
                (!collapses).then_some(*op)
            }
            _ => None,
        };
        let probes = match op {
            Some(_) => probes(self.store, &self.shapes, shape),
            None => Vec::new(),
        };
        ElementFilter {
            op,
            key,
            element: None,
            probes,
        }
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
        let greedy = self.is_greedy(&group);
        let stripped = greedy.then(|| self.stripped(&group)).flatten();
        let position = |variable| self.store.signature().sort(self.sort_of(variable)).position;
        (group.variables).sort_by_key(|&(variable, multiplicity)| {
            (Reverse(multiplicity), Reverse(position(variable)))
        });
        if let Some(stripped) = stripped {
            group
                .variables
                .sort_by_key(|&(variable, _)| variable != stripped);
        }
        let is_single = |&(variable, multiplicity): &(VariableId, u32)| {
            multiplicity == 1
                && self.is_single(group.op, variable)
                && self.least(group.op, variable) == 1
        };
        let others = group
            .variables
            .iter()
            .filter(|variable| !is_single(variable));
        let others: Vec<u32> = others.map(|&(_, multiplicity)| multiplicity).collect();
        let is_quick = match others.as_slice() {
            [] => true,
            [1] => !group.extend,
            _ => false,
        };
        let single = (!greedy || is_quick).then(|| group.variables.iter().position(is_single));
        let single = single.flatten();
        if let Some(index) = single {
            let (variable, _) = group.variables.remove(index);
            let anything = ElementFilter {
                op: None,
                key: None,
                element: None,
                probes: Vec::new(),
            };
            let target = self.choose_element(&mut group, anything);
            self.take_variable(variable, target);
            tasks.push(Task::Multiset(group));
            return;
        }
        self.distribute(&group, greedy);
    }

    /// Of two variables that are the whole pattern, the one that takes a single element; the other
    /// one collects the rest. As in Maude, the first that may take many collects.
    fn stripped(&self, group: &MultisetGroup) -> Option<VariableId> {
        let &[(first, 1), (second, 1)] = group.variables.as_slice() else {
            return None;
        };
        let is_simple = group.n_arguments == 2 && !self.store.facts(group.op).has_memberships;
        let is_firm = |variable| self.least(group.op, variable) == 1;
        if !is_simple || group.extend && !(is_firm(first) && is_firm(second)) {
            return None;
        }
        let mut pairs = [(first, second), (second, first)].into_iter();
        let collects = |variable| !self.is_single(group.op, variable);
        pairs
            .find(|&(collector, stripped)| collects(collector) && is_firm(stripped))
            .map(|(_, stripped)| stripped)
    }

    /// Whether it does not matter which values the variables have that are still without one.
    fn is_greedy(&self, group: &MultisetGroup) -> bool {
        let Some(occurrences) = &self.occurrences else {
            return false;
        };
        let is_only_here = |&(variable, multiplicity): &(VariableId, u32)| {
            occurrences[variable.index()] == multiplicity
        };
        group.independent && group.variables.iter().all(is_only_here)
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
        let source = Source::Rest { collection, from };
        self.bind_part(variable, collection, source);
        match self.checked_sort(variable) {
            Some(sort) if self.store.facts(group.op).has_memberships => {
                self.check_constrained_sort(variable, source, sort);
            }
            Some(sort) => {
                let hereditary = self.is_hereditary(group.op, sort);
                self.code.emit(Instruction::RestSort {
                    collection,
                    from,
                    sort,
                    hereditary,
                });
            }
            None => {}
        }
    }

    /// Divides what is left.
    fn distribute(&mut self, group: &MultisetGroup, greedy: bool) {
        let mut shares = Vec::new();
        let mut constrained = Vec::new();
        for &(variable, multiplicity) in &group.variables {
            let target = self.new_register();
            let mut sort = self.checked_sort(variable);
            let has_memberships = self.store.facts(group.op).has_memberships;
            if let Some(sort) = sort.take_if(|_| has_memberships) {
                constrained.push((variable, target, sort));
            }
            shares.push(Share {
                target,
                multiplicity,
                least: u32::from(self.least(group.op, variable)),
                single: self.is_single(group.op, variable),
                closed: !has_memberships && self.is_closed(group.op, variable),
                sort,
            });
            self.bind_part(variable, group.collection, Source::Register(target));
        }
        let extension = group.extend.then(|| self.new_register());
        if let Some(register) = extension {
            self.extension = Some(ExtensionSource::Divided {
                op: group.op,
                register,
            });
            shares.push(Share {
                target: register,
                multiplicity: 1,
                least: 0,
                single: false,
                closed: true,
                sort: None,
            });
        }
        let slot = self.new_slots(SLOTS);
        let collection = self.code.collections[group.collection as usize];
        let distribution = self.code.distribution(Distribution {
            collection,
            from: group.consumed,
            slot,
            shares,
            extension,
            greedy,
            alone: group.n_arguments == 1,
        });
        self.code.emit(Instruction::Distribute { distribution });
        for (variable, target, sort) in constrained {
            self.check_constrained_sort(variable, Source::Register(target), sort);
        }
    }
}
