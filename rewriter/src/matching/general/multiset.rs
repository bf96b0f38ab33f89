//! Multisets: the first phase.
//!
//! The one idea: constants, bound variables and patterns that have no variables left take their
//! elements at once. Each of the other patterns is matched with every element that is left; one
//! that matches a single element takes it at once, too. What remains is a bipartite graph and the
//! variables.

use super::binding::{Abstracted, Abstraction, Alternative, Difference, Subproblems};
use super::collapse::Collapse;
use super::list::TopVariable;
use super::multiset_problem::{MultisetProblem, Runs};
use super::{Automaton, Matching, Subproblem};
use crate::signature::OpId;
use crate::term::TermId;

/// A multiset pattern.
#[derive(Clone, Debug)]
pub(super) struct Multiset {
    pub(super) op: OpId,
    pub(super) at_top: bool,
    pub(super) collapse: Option<Collapse>,
    /// Those that occur often first, among them those of low sorts.
    pub(super) variables: Vec<TopVariable>,
    /// Each with the number of its copies.
    pub(super) grounds: Vec<(TermId, usize)>,
    /// Their variables are bound by now.
    pub(super) grounded: Vec<(Automaton, usize)>,
    pub(super) others: Vec<(Automaton, usize)>,
    /// So many of the others cannot match what another of them matches.
    pub(super) n_independent: usize,
    /// There are no variables and everything is covered.
    pub(super) only_others: bool,
    /// Any matcher will do: no variable occurs elsewhere or is wanted.
    pub(super) is_greedy: bool,
    /// Subproblems are likely to be left.
    pub(super) is_open: bool,
    /// The fewest and the most elements.
    pub(super) bounds: (usize, usize),
}

/// A multiset pattern and a subject, while the first phase lasts.
struct Run<'a> {
    multiset: &'a Multiset,
    runs: Runs,
    /// The variables that are not bound, by their numbers.
    open: Vec<usize>,
    subproblems: Subproblems,
}

impl Multiset {
    pub(super) fn matches(
        &self,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        if matching.store.op(term) != self.op {
            let collapse = self.collapse.as_ref()?;
            let variables: Vec<&TopVariable> = self.variables.iter().collect();
            return collapse.matches(&variables, (self.op, self.at_top), term, matching, extend);
        }
        let extend = extend && self.at_top;
        let runs = Runs::new(matching.store, term);
        let total = runs.total();
        if total < self.bounds.0 || total > self.bounds.1 {
            return None;
        }
        let run = Run {
            multiset: self,
            runs,
            open: Vec::new(),
            subproblems: Subproblems::new(),
        };
        run.matches(matching, extend, total)
    }

    fn n_others(&self) -> usize {
        self.others.iter().map(|(_, n_copies)| n_copies).sum()
    }
}

impl Run<'_> {
    fn matches(
        mut self,
        matching: &mut Matching<'_>,
        extend: bool,
        total: usize,
    ) -> Option<Subproblems> {
        let multiset = self.multiset;
        for &(ground, n_copies) in &multiset.grounds {
            self.runs.remove_element(ground, n_copies)?;
        }
        for (number, variable) in multiset.variables.iter().enumerate() {
            match matching.value(variable.index) {
                Some(value) => {
                    self.runs
                        .remove(matching.store, value, variable.multiplicity)?;
                }
                None => self.open.push(number),
            }
        }
        for (automaton, n_copies) in &multiset.grounded {
            let position = (0..self.runs.elements.len()).find(|&position| {
                let element = self.runs.elements[position];
                let found = matching.attempt(|side| automaton.matches(element, side, false));
                found.is_some()
            })?;
            self.runs.left[position] = self.runs.left[position].checked_sub(*n_copies)?;
        }
        if !extend {
            let n_others = multiset.n_others();
            let left = self.runs.total();
            match self.open.as_slice() {
                [] if left != n_others => return None,
                [] if n_others == 0 => return Some(self.subproblems),
                [] if multiset.only_others => return self.match_others(matching),
                &[only] if n_others == 0 => {
                    self.take_lone_variable(only, matching)?;
                    return Some(self.subproblems);
                }
                &[only] => {
                    let variable = &multiset.variables[only];
                    let least = variable.least() * variable.multiplicity;
                    if left < n_others + least {
                        return None;
                    }
                }
                _ => {}
            }
        }
        if extend {
            matching.outside.most = total.saturating_sub(2);
        }
        if multiset.is_greedy && multiset.match_greedily(&self.runs, matching, extend) {
            return Some(self.subproblems);
        }
        self.match_fully(matching, extend, total)
    }

    /// Nothing but patterns is left, some of which are independent of all others.
    fn match_others(mut self, matching: &mut Matching<'_>) -> Option<Subproblems> {
        for (automaton, n_copies) in &self.multiset.others[..self.multiset.n_independent] {
            let found = (0..self.runs.elements.len()).find_map(|position| {
                if self.runs.left[position] < *n_copies {
                    return None;
                }
                let element = self.runs.elements[position];
                let found = matching.attempt(|side| automaton.matches(element, side, false));
                Some((position, found?))
            });
            let (position, (mut difference, subproblems)) = found?;
            difference.assert(matching.values);
            self.runs.left[position] -= n_copies;
            self.subproblems.extend(subproblems);
        }
        let problem = self.graph(self.multiset.n_independent, matching, false)?;
        if problem.has_patterns() {
            let problem = problem.with_runs(self.runs);
            self.subproblems
                .push(Subproblem::Multiset(Box::new(problem)));
        }
        Some(self.subproblems)
    }

    /// The variable that is left takes all that is left.
    fn take_lone_variable(&mut self, number: usize, matching: &mut Matching<'_>) -> Option<()> {
        let variable = &self.multiset.variables[number];
        let value = self.runs.value(matching.store, variable.multiplicity)?;
        let value = match value {
            None if !variable.takes_identity => return None,
            None => matching.store.facts(self.multiset.op).identity(),
            Some(value) => value,
        };
        matching.bind(variable.index, value);
        match &variable.abstracted {
            Some(automaton) => {
                let subproblems = automaton.matches(value, matching, false)?;
                self.subproblems.extend(subproblems);
            }
            None if !matching.store.has_sort(value, variable.sort) => return None,
            None => {}
        }
        Some(())
    }

    fn match_fully(
        mut self,
        matching: &mut Matching<'_>,
        extend: bool,
        total: usize,
    ) -> Option<Subproblems> {
        let mut problem = self.graph(0, matching, extend)?;
        if !problem.has_patterns() {
            match (self.open.as_slice(), extend) {
                ([], false) => {
                    return (self.runs.total() == 0).then_some(self.subproblems);
                }
                ([], true) => {
                    matching.outside.is_known = true;
                    let is_small = self.runs.leave_outside(matching.outside);
                    return is_small.then_some(self.subproblems);
                }
                (&[only], false) => {
                    self.take_lone_variable(only, matching)?;
                    return Some(self.subproblems);
                }
                (&[only], true) => {
                    let takes_identity = self.multiset.variables[only].takes_identity;
                    if total <= 2 || !takes_identity && self.runs.total() <= 1 {
                        self.take_lone_variable(only, matching)?;
                        matching.outside.is_known = true;
                        matching.outside.is_whole = true;
                        return Some(self.subproblems);
                    }
                }
                _ => {}
            }
        }
        // A variable that takes one element always is like a pattern.
        for variable in &self.multiset.variables {
            if !variable.is_single() || matching.value(variable.index).is_some() {
                continue;
            }
            let fitting = (0..self.runs.elements.len()).filter(|&position| {
                self.runs.left[position] >= variable.multiplicity
                    && matching
                        .store
                        .has_sort(self.runs.elements[position], variable.sort)
            });
            let edges = fitting.map(|position| {
                let element = self.runs.elements[position];
                let alternative = Alternative {
                    difference: Difference::of(variable.index, element),
                    subproblems: Subproblems::new(),
                    outside: None,
                };
                (position, alternative)
            });
            problem.add_pattern(variable.multiplicity, edges.collect())?;
        }
        let mut abstractions = Subproblems::new();
        for variable in &self.multiset.variables {
            if variable.is_single() || matching.value(variable.index).is_some() {
                continue;
            }
            problem.add_variable(variable);
            if let Some(automaton) = &variable.abstracted {
                let what = Abstracted::Value(variable.index);
                abstractions.push(Abstraction::of(automaton, what));
            }
        }
        let problem = problem.with_runs(self.runs);
        self.subproblems
            .push(Subproblem::Multiset(Box::new(problem)));
        self.subproblems.extend(abstractions);
        if extend {
            matching.outside.is_known = false;
        }
        Some(self.subproblems)
    }

    /// The elements that patterns match, from one of them on. A pattern that matches one element
    /// only takes it.
    fn graph(
        &mut self,
        first: usize,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<MultisetProblem> {
        let mut problem = MultisetProblem::new(self.multiset.op, extend);
        for (automaton, n_copies) in &self.multiset.others[first..] {
            let mut edges: Vec<(usize, Alternative)> = Vec::new();
            for (position, &element) in self.runs.elements.iter().enumerate() {
                if self.runs.left[position] < *n_copies {
                    continue;
                }
                let found = matching.attempt(|side| automaton.matches(element, side, false));
                if let Some((difference, subproblems)) = found {
                    let alternative = Alternative {
                        difference,
                        subproblems,
                        outside: None,
                    };
                    edges.push((position, alternative));
                }
            }
            if edges.len() != 1 {
                problem.add_pattern(*n_copies, edges)?;
                continue;
            }
            for (position, mut alternative) in edges {
                self.runs.left[position] -= n_copies;
                alternative.difference.assert(matching.values);
                self.subproblems.extend(alternative.subproblems);
            }
            self.remove_newly_bound(matching)?;
        }
        Some(problem)
    }

    /// Takes what variables stand for that were bound since they were looked at.
    fn remove_newly_bound(&mut self, matching: &Matching<'_>) -> Option<()> {
        let mut still_open = Vec::new();
        for &number in &self.open {
            let variable = &self.multiset.variables[number];
            match matching.value(variable.index) {
                Some(value) => {
                    self.runs
                        .remove(matching.store, value, variable.multiplicity)?;
                }
                None => still_open.push(number),
            }
        }
        self.open = still_open;
        Some(())
    }
}
