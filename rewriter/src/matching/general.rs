//! Matching for every combination of axioms, with the matchers in Maude's order.
//!
//! The one idea: matching has two phases. The first walks over pattern and subject, binds what can
//! be bound in one way only, and leaves *subproblems* where there are several. The second solves
//! the subproblems one after the other; the alternatives of the last change fastest. What is
//! forced is decided once, when a pattern becomes an [`Automaton`], from the variables that are
//! bound by then. This is how Maude matches, so its matchers come in the same order.
//!
//! It is the plain and slow way: the programs of [`compile`](super::compile) match nearly all
//! patterns. This one has those that collapse, are iterated or have an identity on one side.
//!
//! Source: Eker, "Associative-Commutative Matching Via Bipartite Graph Matching", The Computer
//! Journal 38 (1995), and "Single Elementary Associative-Commutative Matching", JAR 28 (2002).

mod analysis;
mod binding;
mod build;
mod collapse;
mod free;
mod free_builder;
mod greedy;
mod iterated;
mod layer;
mod list;
mod list_builder;
mod multiset;
mod multiset_builder;
mod multiset_problem;
mod outside;
mod pair;
mod sequence;
mod subject;
mod system;
mod unusual;

use std::sync::Arc;

use crate::pattern::VariableId;
use crate::signature::SortId;
use crate::term::{Store, TermId, Theory};

use binding::Abstraction;
use binding::Subproblems;
use binding::{Alternatives, Distinct, solve_all};
use free::Free;
use iterated::{Argument, Iterated, IteratedProblem};
use layer::ListProblem;
use list::List;
use multiset::Multiset;
use multiset_problem::MultisetProblem;
use outside::Outside;
use pair::Pair;
pub(crate) use unusual::{becomes_part, is_unusual};

/// The place of a variable's value; those that stand for subpatterns follow those of the pattern.
type Index = usize;

/// No bound on the number of elements.
const UNBOUNDED: usize = usize::MAX;

/// A pattern that can be matched.
#[derive(Clone, Debug)]
pub(crate) struct General {
    automaton: Arc<Automaton>,
    /// The variables of the pattern.
    pub(crate) variables: Vec<VariableId>,
    n_values: usize,
    /// The pattern may cover a part of the subject.
    extend: bool,
}

/// A pattern as Maude sees it before any subject is known.
#[derive(Clone, Debug)]
enum Automaton {
    Variable { index: Index, sort: SortId },
    Ground(TermId),
    Free(Free),
    Pair(Pair),
    List(List),
    Multiset(Multiset),
    Iterated(Iterated),
}

/// What was left open when a pattern was matched.
#[derive(Clone, Debug)]
enum Subproblem {
    Alternatives(Alternatives),
    Abstraction(Abstraction),
    Distinct(Distinct),
    List(Box<ListProblem>),
    Multiset(Box<MultisetProblem>),
    Iterated(Box<IteratedProblem>),
}

impl Subproblem {
    /// Finds the first or the next solution; if there is none, takes back what it had bound.
    fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        match self {
            Subproblem::Alternatives(alternatives) => alternatives.solve(first, matching),
            Subproblem::Abstraction(abstraction) => abstraction.solve(first, matching),
            Subproblem::Distinct(distinct) => first && distinct.holds(matching),
            Subproblem::List(problem) => problem.solve(first, matching),
            Subproblem::Multiset(problem) => problem.solve(first, matching),
            Subproblem::Iterated(problem) => problem.solve(first, matching),
        }
    }
}

/// A match under way.
struct Matching<'a> {
    store: &'a mut Store,
    /// The values of variables; `NONE` for those that have none yet.
    values: &'a mut Vec<TermId>,
    /// What is not covered of the subject.
    outside: &'a mut Outside,
}

impl Matching<'_> {
    fn value(&self, index: Index) -> Option<TermId> {
        let value = self.values[index];
        (value != TermId::NONE).then_some(value)
    }

    fn bind(&mut self, index: Index, term: TermId) {
        self.values[index] = term;
    }

    fn unbind(&mut self, index: Index) {
        self.values[index] = TermId::NONE;
    }

    /// Matches a variable with a whole term.
    fn match_variable(&mut self, index: Index, sort: SortId, subject: TermId) -> bool {
        match self.value(index) {
            Some(value) => value == subject,
            None => {
                let fits = self.store.has_sort(subject, sort);
                if fits {
                    self.bind(index, subject);
                }
                fits
            }
        }
    }

    /// The same with a part of the subject.
    fn match_part(&mut self, index: Index, sort: SortId, subject: TermId) -> Option<Subproblems> {
        let op = self.store.op(subject);
        match self.store.theory(op) {
            Theory::List => Some(vec![Subproblem::List(ListProblem::of_variable(
                self, subject, index, sort,
            ))]),
            Theory::Multiset => {
                let problem = MultisetProblem::of_variable(self, subject, index, sort)?;
                Some(vec![Subproblem::Multiset(problem)])
            }
            Theory::Iterated => {
                let problem = IteratedProblem::of_variable(self.store, subject, index, sort);
                Some(vec![Subproblem::Iterated(problem)])
            }
            _ => self
                .match_variable(index, sort, subject)
                .then(Subproblems::new),
        }
    }
}

impl Automaton {
    /// Whether it is likely to leave subproblems.
    fn is_open(&self) -> bool {
        match self {
            Automaton::Variable { .. } | Automaton::Ground(_) => false,
            Automaton::Free(free) => free.others.iter().any(|(_, other)| other.is_open()),
            Automaton::Pair(pair) => pair.ways.is_open,
            Automaton::List(list) => list.is_open,
            Automaton::Multiset(multiset) => multiset.is_open,
            Automaton::Iterated(iterated) => match &iterated.argument {
                Argument::Other(automaton) => automaton.is_open(),
                argument => matches!(argument, Argument::Abstracted { .. }),
            },
        }
    }

    /// Matches a term, all of it or, with `extend`, a part.
    fn matches(
        &self,
        subject: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        match self {
            &Automaton::Variable { index, sort } if extend => {
                matching.match_part(index, sort, subject)
            }
            &Automaton::Variable { index, sort } => matching
                .match_variable(index, sort, subject)
                .then(Subproblems::new),
            Automaton::Ground(term) => (*term == subject).then(Subproblems::new),
            Automaton::Free(free) => free.matches(subject, matching),
            Automaton::Pair(pair) => pair.matches(subject, matching, extend),
            Automaton::List(list) => list.matches(subject, matching, extend),
            Automaton::Multiset(multiset) => multiset.matches(subject, matching, extend),
            Automaton::Iterated(iterated) => iterated.matches(subject, matching, extend),
        }
    }
}

/// A search for the matchers of a pattern and a subject.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    values: Vec<TermId>,
    outside: Outside,
    subproblems: Subproblems,
}

impl Search {
    /// Matches as far as there is one way only. The subject and the values that variables have
    /// are interned.
    pub(crate) fn new(
        store: &mut Store,
        general: &General,
        subject: TermId,
        bound: impl Iterator<Item = (VariableId, TermId)>,
    ) -> Option<Search> {
        let mut values = vec![TermId::NONE; general.n_values];
        for (variable, value) in bound {
            values[variable.index()] = value;
        }
        let mut outside = Outside::new(subject);
        let mut matching = Matching {
            store,
            values: &mut values,
            outside: &mut outside,
        };
        let theory = matching.store.theory(matching.store.op(subject));
        let has_parts = matches!(theory, Theory::List | Theory::Multiset | Theory::Iterated);
        let extend = general.extend && has_parts;
        let subproblems = general.automaton.matches(subject, &mut matching, extend)?;
        Some(Search {
            values,
            outside,
            subproblems,
        })
    }

    /// Finds the first or the next matcher.
    pub(crate) fn solve(&mut self, store: &mut Store, first: bool) -> bool {
        let mut matching = Matching {
            store,
            values: &mut self.values,
            outside: &mut self.outside,
        };
        solve_all(&mut self.subproblems, first, &mut matching)
    }

    /// Whether there may be another matcher.
    pub(crate) fn may_go_on(&self) -> bool {
        !self.subproblems.is_empty()
    }

    /// The term that is matched.
    pub(crate) fn subject(&self) -> TermId {
        self.outside.subject
    }

    /// The value of a variable.
    pub(crate) fn value(&self, variable: VariableId) -> TermId {
        self.values[variable.index()]
    }

    /// What is not covered: before and after in a list, the first of them else; nothing if the
    /// pattern covers the whole subject.
    pub(crate) fn around(&self, store: &mut Store) -> [TermId; 2] {
        self.outside.around(store)
    }

    /// What is covered.
    pub(crate) fn portion(&self, store: &mut Store) -> TermId {
        self.outside.portion(store)
    }
}
