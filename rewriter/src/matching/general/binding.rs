//! Bindings that can be taken back, and the subproblems that choose between them.
//!
//! The one idea: a subpattern is matched on the side; what it bound is a [`Difference`], to be
//! asserted when its alternative is chosen and retracted when it is left.

use std::sync::Arc;

use super::{Automaton, Index, Matching, Outside, Subproblem};
use crate::term::TermId;

/// Subproblems to be solved in order; the alternatives of the last change fastest.
pub(super) type Subproblems = Vec<Subproblem>;

/// Finds the first or the next solution of several subproblems.
pub(super) fn solve_all(
    subproblems: &mut [Subproblem],
    first: bool,
    matching: &mut Matching<'_>,
) -> bool {
    if subproblems.is_empty() {
        return first;
    }
    let mut index = if first { 0 } else { subproblems.len() - 1 };
    let mut first = first;
    loop {
        first = subproblems[index].solve(first, matching);
        if first {
            index += 1;
            if index == subproblems.len() {
                return true;
            }
        } else if index == 0 {
            return false;
        } else {
            index -= 1;
        }
    }
}

/// What a match bound.
#[derive(Clone, Default, Debug)]
pub(super) struct Difference {
    /// Each with whether this difference bound it.
    bindings: Vec<(Index, TermId, bool)>,
}

impl Difference {
    /// One variable with its value.
    pub(super) fn of(index: Index, value: TermId) -> Difference {
        Difference {
            bindings: vec![(index, value, false)],
        }
    }

    /// Binds what is not bound; tells whether it agrees with what is.
    pub(super) fn assert(&mut self, values: &mut [TermId]) -> bool {
        let agrees = |&(index, value, _): &(Index, TermId, bool)| {
            values[index] == TermId::NONE || values[index] == value
        };
        if !self.bindings.iter().all(agrees) {
            return false;
        }
        for (index, value, is_active) in &mut self.bindings {
            if values[*index] == TermId::NONE {
                values[*index] = *value;
                *is_active = true;
            }
        }
        true
    }

    pub(super) fn retract(&mut self, values: &mut [TermId]) {
        for (index, _, is_active) in &mut self.bindings {
            if std::mem::take(is_active) {
                values[*index] = TermId::NONE;
            }
        }
    }
}

impl Matching<'_> {
    /// Does something with the values and takes back what it bound; gives that, too.
    pub(super) fn attempt<T>(
        &mut self,
        act: impl FnOnce(&mut Matching<'_>) -> Option<T>,
    ) -> Option<(Difference, T)> {
        let before = self.values.clone();
        let found = act(self);
        let after = std::mem::replace(self.values, before);
        let bound = self.values.iter().zip(&after).enumerate();
        let bound = bound.filter(|(_, (before, after))| before != after);
        let bindings = bound.map(|(index, (_, &after))| (index, after, false));
        let difference = Difference {
            bindings: bindings.collect(),
        };
        found.map(|found| (difference, found))
    }
}

/// One of several ways to match.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) difference: Difference,
    pub(super) subproblems: Subproblems,
    /// What is not covered, if that was known when the alternative was found.
    pub(super) outside: Option<Outside>,
}

impl Alternative {
    /// Goes on from where it stopped; `first` if it is tried for the first time.
    pub(super) fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        if first {
            if !self.difference.assert(matching.values) {
                return false;
            }
            if let Some(outside) = &self.outside {
                *matching.outside = outside.clone();
            }
        }
        let found = solve_all(&mut self.subproblems, first, matching);
        if !found {
            self.difference.retract(matching.values);
        }
        found
    }
}

/// Several ways to match, in order.
#[derive(Clone, Default, Debug)]
pub(super) struct Alternatives {
    several: Vec<Alternative>,
    selected: usize,
}

impl Alternatives {
    pub(super) fn add(
        &mut self,
        (difference, subproblems): (Difference, Subproblems),
        outside: Option<&Outside>,
    ) {
        self.several.push(Alternative {
            difference,
            subproblems,
            outside: outside.filter(|outside| outside.is_known).cloned(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.several.is_empty()
    }

    /// What is to be solved: a single way is taken at once.
    pub(super) fn finish(mut self, matching: &mut Matching<'_>) -> Option<Subproblems> {
        match self.several.len() {
            0 => None,
            1 => {
                let mut only = self.several.pop()?;
                only.difference.assert(matching.values);
                match only.outside {
                    Some(outside) => *matching.outside = outside,
                    None => matching.outside.is_known = false,
                }
                Some(only.subproblems)
            }
            _ => {
                matching.outside.is_known = false;
                Some(vec![Subproblem::Alternatives(self)])
            }
        }
    }

    pub(super) fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        let mut first = first;
        if first {
            self.selected = 0;
        }
        while self.selected < self.several.len() {
            if self.several[self.selected].solve(first, matching) {
                return true;
            }
            self.selected += 1;
            first = true;
        }
        false
    }
}

/// What is matched with a subpattern once it is known.
#[derive(Clone, Copy, Debug)]
pub(super) enum Abstracted {
    /// The value of a variable.
    Value(Index),
    /// What is covered of the subject.
    Portion,
}

/// A variable stands for a subpattern, which is matched with its value.
#[derive(Clone, Debug)]
pub(super) struct Abstraction {
    automaton: Arc<Automaton>,
    what: Abstracted,
    found: Option<Alternative>,
}

impl Abstraction {
    pub(super) fn of(automaton: &Arc<Automaton>, what: Abstracted) -> Subproblem {
        Subproblem::Abstraction(Abstraction {
            automaton: Arc::clone(automaton),
            what,
            found: None,
        })
    }

    pub(super) fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        if first {
            let subject = match self.what {
                Abstracted::Value(index) => matching.values[index],
                Abstracted::Portion => matching.outside.portion(matching.store),
            };
            let found = matching.attempt(|side| self.automaton.matches(subject, side, false));
            self.found = found.map(|(difference, subproblems)| Alternative {
                difference,
                subproblems,
                outside: None,
            });
        }
        match &mut self.found {
            Some(found) => found.solve(first, matching),
            None => false,
        }
    }
}

/// The value of a variable, or what is covered of the subject, is not this term.
#[derive(Clone, Debug)]
pub(super) struct Distinct {
    pub(super) term: TermId,
    pub(super) from: Abstracted,
}

impl Distinct {
    pub(super) fn holds(&self, matching: &mut Matching<'_>) -> bool {
        let other = match self.from {
            Abstracted::Value(index) => matching.values[index],
            Abstracted::Portion => matching.outside.portion(matching.store),
        };
        other != self.term
    }
}
