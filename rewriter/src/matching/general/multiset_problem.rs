//! What is left of matching a multiset: which pattern takes which element, and what the variables
//! take of the rest.
//!
//! The one idea: patterns choose elements one after the other, the first edges of the bipartite
//! graph first; then a system of equations divides what is left among the variables and what is not
//! covered, smaller shares of the first variables first.

use super::binding::Alternative;
use super::list::TopVariable;
use super::system::System;
use super::{Index, Matching, Outside};
use crate::signature::{OpId, SortId};
use crate::term::{Store, TermId};

/// The distinct elements of a multiset and how many copies of each are left.
#[derive(Clone, Default, Debug)]
pub(super) struct Runs {
    pub(super) op: Option<OpId>,
    pub(super) elements: Vec<TermId>,
    pub(super) left: Vec<usize>,
}

impl Runs {
    pub(super) fn new(store: &Store, term: TermId) -> Runs {
        let op = store.op(term);
        let runs = store.arguments(term).chunk_by(|a, b| a == b);
        let (elements, left) = runs.map(|run| (run[0], run.len())).unzip();
        Runs {
            op: Some(op),
            elements,
            left,
        }
    }

    pub(super) fn total(&self) -> usize {
        self.left.iter().sum()
    }

    pub(super) fn remove_element(&mut self, element: TermId, n_copies: usize) -> Option<()> {
        let position = self.elements.iter().position(|&other| other == element)?;
        self.left[position] = self.left[position].checked_sub(n_copies)?;
        Some(())
    }

    /// Removes several copies of what a term is as a multiset.
    pub(super) fn remove(&mut self, store: &Store, term: TermId, n_copies: usize) -> Option<()> {
        let op = self.op?;
        if term == store.facts(op).identity() {
            return Some(());
        }
        if store.op(term) != op {
            return self.remove_element(term, n_copies);
        }
        for run in store.arguments(term).chunk_by(|a, b| a == b) {
            self.remove_element(run[0], run.len() * n_copies)?;
        }
        Some(())
    }

    /// The term of which what is left is so many copies, if there is one; nothing if nothing is
    /// left.
    pub(super) fn value(&self, store: &mut Store, n_copies: usize) -> Option<Option<TermId>> {
        if self.left.iter().any(|left| left % n_copies > 0) {
            return None;
        }
        let shares: Vec<usize> = self.left.iter().map(|left| left / n_copies).collect();
        Some(self.share(store, &shares))
    }

    /// The term of so many copies of each element.
    pub(super) fn share(&self, store: &mut Store, shares: &[usize]) -> Option<TermId> {
        let op = self.op?;
        let pairs = self.elements.iter().zip(shares);
        let elements: Vec<TermId> = pairs
            .flat_map(|(&element, &n_copies)| std::iter::repeat_n(element, n_copies))
            .collect();
        match elements.as_slice() {
            [] => None,
            [single] => Some(*single),
            several => Some(store.make(op, several)),
        }
    }

    /// Says that what is left is not covered; tells whether it is not too much.
    pub(super) fn leave_outside(&self, outside: &mut Outside) -> bool {
        let total = self.total();
        outside.is_whole = total == 0;
        outside.unmatched.clone_from(&self.left);
        total <= outside.most
    }
}

/// A pattern and the elements that it matches.
#[derive(Clone, Debug)]
struct Pattern {
    n_copies: usize,
    /// Positions of elements.
    edges: Vec<(usize, Alternative)>,
    selected: usize,
}

/// A variable that takes some elements.
#[derive(Clone, Debug)]
struct Taker {
    index: Index,
    multiplicity: usize,
    least: usize,
    most: usize,
    sort: SortId,
}

/// The subproblem of a multiset.
#[derive(Clone, Debug)]
pub(super) struct MultisetProblem {
    op: OpId,
    extend: bool,
    runs: Runs,
    patterns: Vec<Pattern>,
    variables: Vec<Taker>,
    /// How the present choice of elements leaves the rest to be divided.
    rest: Rest,
}

/// The rest after patterns have chosen.
#[derive(Clone, Default, Debug)]
struct Rest {
    /// Variables that are not bound otherwise.
    open: Vec<usize>,
    runs: Runs,
    system: Option<System>,
}

impl MultisetProblem {
    pub(super) fn new(op: OpId, extend: bool) -> MultisetProblem {
        MultisetProblem {
            op,
            extend,
            runs: Runs::default(),
            patterns: Vec::new(),
            variables: Vec::new(),
            rest: Rest::default(),
        }
    }

    /// A variable that takes a part of a multiset.
    pub(super) fn of_variable(
        matching: &mut Matching<'_>,
        term: TermId,
        index: Index,
        sort: SortId,
    ) -> Option<Box<MultisetProblem>> {
        let op = matching.store.op(term);
        let most = super::analysis::most_elements(matching.store, op, sort);
        if most == 1 {
            return None;
        }
        let runs = Runs::new(matching.store, term);
        matching.outside.most = runs.total().saturating_sub(2);
        matching.outside.is_known = false;
        let mut problem = MultisetProblem::new(op, true);
        problem.variables.push(Taker {
            index,
            multiplicity: 1,
            least: 2,
            most,
            sort,
        });
        Some(Box::new(problem.with_runs(runs)))
    }

    pub(super) fn with_runs(mut self, runs: Runs) -> MultisetProblem {
        self.runs = runs;
        self
    }

    pub(super) fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// Adds a pattern; nothing if it matches no element.
    pub(super) fn add_pattern(
        &mut self,
        n_copies: usize,
        edges: Vec<(usize, Alternative)>,
    ) -> Option<()> {
        if edges.is_empty() {
            return None;
        }
        self.patterns.push(Pattern {
            n_copies,
            edges,
            selected: 0,
        });
        Some(())
    }

    pub(super) fn add_variable(&mut self, variable: &TopVariable) {
        self.variables.push(Taker {
            index: variable.index,
            multiplicity: variable.multiplicity,
            least: variable.least(),
            most: variable.most,
            sort: variable.sort,
        });
    }

    pub(super) fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        if !first && self.solve_variables(false, matching) {
            return true;
        }
        let mut first = first;
        loop {
            if !self.solve_patterns(first, matching) {
                return false;
            }
            if self.solve_variables(true, matching) {
                return true;
            }
            first = false;
        }
    }

    fn solve_patterns(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        let n_patterns = self.patterns.len();
        if n_patterns == 0 {
            return first;
        }
        let mut number = if first { 0 } else { n_patterns - 1 };
        let mut first = first;
        loop {
            first = self.patterns[number].solve(first, &mut self.runs.left, matching);
            if first {
                number += 1;
                if number == n_patterns {
                    return true;
                }
            } else if number == 0 {
                return false;
            } else {
                number -= 1;
            }
        }
    }

    fn solve_variables(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        if first && let Some(found) = self.start_variables(matching) {
            if !found {
                self.unbind(matching);
            }
            return found;
        }
        while let Some(system) = &mut self.rest.system
            && system.solve()
        {
            if self.bind(matching) {
                return true;
            }
        }
        self.unbind(matching);
        false
    }

    fn unbind(&mut self, matching: &mut Matching<'_>) {
        for number in std::mem::take(&mut self.rest.open) {
            matching.unbind(self.variables[number].index);
        }
        self.rest.system = None;
    }

    /// Sets up the system; where there is one way at most, tells whether it works.
    fn start_variables(&mut self, matching: &mut Matching<'_>) -> Option<bool> {
        self.rest = Rest {
            runs: self.runs.clone(),
            ..Rest::default()
        };
        let rest = &mut self.rest;
        for (number, variable) in self.variables.iter().enumerate() {
            match matching.value(variable.index) {
                Some(value) => {
                    let multiplicity = variable.multiplicity;
                    if rest
                        .runs
                        .remove(matching.store, value, multiplicity)
                        .is_none()
                    {
                        return Some(false);
                    }
                }
                None => rest.open.push(number),
            }
        }
        if rest.open.is_empty() {
            if self.extend {
                return Some(rest.runs.leave_outside(matching.outside));
            }
            return Some(rest.runs.total() == 0);
        }
        if rest.runs.total() == 0 {
            if rest.open.iter().any(|&open| self.variables[open].least > 0) {
                return Some(false);
            }
            let identity = matching.store.facts(self.op).identity();
            for &open in &rest.open {
                matching.bind(self.variables[open].index, identity);
            }
            if self.extend {
                matching.outside.is_whole = true;
            }
            return Some(true);
        }
        let columns = rest.runs.left.iter().copied().filter(|&left| left > 0);
        let mut system = System::new(columns.collect());
        for &open in &rest.open {
            let variable = &self.variables[open];
            system.add_row(variable.multiplicity, variable.least, variable.most);
        }
        if self.extend {
            system.add_row(1, 0, matching.outside.most);
        }
        rest.system = Some(system);
        None
    }

    /// Binds variables as the system says; tells whether sorts agree.
    fn bind(&mut self, matching: &mut Matching<'_>) -> bool {
        let rest = &self.rest;
        let Some(system) = &rest.system else {
            return false;
        };
        let spread = |taken: &[usize]| -> Vec<usize> {
            let mut taken = taken.iter().copied();
            let left = rest.runs.left.iter();
            left.map(|&left| {
                if left > 0 {
                    taken.next().unwrap_or(0)
                } else {
                    0
                }
            })
            .collect()
        };
        for (row, &open) in rest.open.iter().enumerate() {
            let variable = &self.variables[open];
            let shares = spread(system.taken(row));
            let value = match rest.runs.share(matching.store, &shares) {
                None => matching.store.facts(self.op).identity(),
                Some(value) if !matching.store.has_sort(value, variable.sort) => return false,
                Some(value) => value,
            };
            matching.bind(variable.index, value);
        }
        if self.extend {
            let unmatched = spread(system.taken(rest.open.len()));
            matching.outside.is_whole = unmatched.iter().all(|&left| left == 0);
            matching.outside.unmatched = unmatched;
        }
        true
    }
}

impl Pattern {
    fn solve(&mut self, first: bool, left: &mut [usize], matching: &mut Matching<'_>) -> bool {
        let mut first = first;
        if first {
            self.selected = 0;
        }
        while let Some((position, alternative)) = self.edges.get_mut(self.selected) {
            if !first {
                if alternative.solve(false, matching) {
                    return true;
                }
                left[*position] += self.n_copies;
            } else if left[*position] >= self.n_copies && alternative.solve(true, matching) {
                left[*position] -= self.n_copies;
                return true;
            }
            first = true;
            self.selected += 1;
        }
        false
    }
}
