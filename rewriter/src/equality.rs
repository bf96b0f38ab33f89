//! Equality: whether two terms are equal by the equations of a module, and by which chain of them.
//!
//! The one idea: an e-graph forgets which form is normal, so it serves no rewriting, but it remembers
//! why two terms were made equal. Here both sides are reduced step by step, every step is told to the
//! e-graph, and the chain is read out of it: also through subterms, where one step serves both
//! sides. If the normal forms differ, equations are tried in both directions on everything that was
//! seen, until the sides meet or the budget ends.
//!
//! An e-graph has no associative or commutative matching and grows badly with it, so matching is the
//! engine's: terms are equal modulo axioms when their ids are, and the e-graph holds those terms
//! with their arguments flattened and in order. No claim rests on the e-graph alone: each link of a
//! chain must be an application that was made.
//!
//! "Not equal" is never said: no two normal forms refute an equality unless the equations are known
//! to be confluent and terminating.

mod equations;
mod generic;
mod graph;
mod proof;
mod prover;

use crate::reduction::{Interrupted, Limits, NormalForm, Reducer};
use crate::term::TermId;

pub(crate) use equations::{Direction, Equations};
pub use generic::generic;
pub use proof::{Link, Reason};
pub(crate) use prover::size;
use prover::{Proof, Prover};

/// How much work a proof may be.
#[derive(Clone, Debug)]
pub struct Effort {
    /// The most steps that are told to the e-graph.
    pub steps: usize,
    /// The most links of a chain that is given.
    pub links: usize,
    /// The most terms that equations are tried on when the normal forms differ.
    pub terms: usize,
    /// What ends a reduction, and the whole.
    pub limits: Limits,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort {
            steps: 10_000,
            links: 1_000,
            terms: 3_000,
            limits: Limits::default(),
        }
    }
}

/// Whether two terms are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// They are, by this chain from the first to the second.
    Equal(Vec<Link>),
    /// They are; the chain is longer than was asked for.
    EqualByLongChain,
    /// Nothing is decided.
    Unknown(Unknown),
}

/// Why nothing is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unknown {
    /// The normal forms differ, and everything that could be tried was tried.
    Exhausted,
    /// The normal forms differ, and the budget ended.
    Budget,
    /// A term has no normal form within the limits.
    NoNormalForm,
}

/// What was found out about two terms.
#[derive(Clone, Debug)]
pub struct Judgment {
    /// Whether they are equal.
    pub answer: Answer,
    /// Their normal forms, as far as they have some within the limits.
    pub normal: [Option<TermId>; 2],
    /// How many terms were looked at.
    pub n_terms: usize,
}

/// Judges whether two terms of a reducer's module are equal; they must be interned.
///
/// ```
/// use rewriter::equality::{Answer, Effort, judge};
/// use rewriter::load::load;
/// use rewriter::reduction::Reducer;
/// use rewriter::source::Source;
/// let text = "fmod M is sort S . ops a b c : -> S . op f : S -> S .
///   eq [ab] : a = b . eq [ac] : a = c . endfm";
/// let loaded = load(&[Source::new("m", text)]).unwrap();
/// let module = loaded.current();
/// let mut reducer = Reducer::new(module.module().clone());
/// let mut term = |text| {
///     let pattern = module.parse_term(text).unwrap();
///     reducer.store_mut().ground(&pattern).unwrap()
/// };
/// let (left, right) = (term("f(b)"), term("f(c)"));
/// let judgment = judge(&mut reducer, left, right, &Effort::default());
/// let Answer::Equal(links) = judgment.answer else { panic!("they are equal") };
/// assert_eq!(links.len(), 2);
/// ```
pub fn judge(reducer: &mut Reducer, left: TermId, right: TermId, effort: &Effort) -> Judgment {
    judge_assuming(reducer, &[], left, right, effort)
}

/// The same, where some pairs of terms are taken to be equal.
pub fn judge_assuming(
    reducer: &mut Reducer,
    assumptions: &[(TermId, TermId)],
    left: TermId,
    right: TermId,
    effort: &Effort,
) -> Judgment {
    reducer.set_limits(effort.limits.clone());
    let mut normal_form = |term| match reducer.reduce(term) {
        Ok(normal) => Some(normal.term()),
        Err(Interrupted { .. }) => None,
    };
    let normal = [normal_form(left), normal_form(right)];
    let are_joined = normal[0].is_some() && normal[0] == normal[1];
    let mut prover = Prover::new(reducer, effort);
    for &(one, other) in assumptions {
        prover.assume(one, other);
    }
    let answer = match prover.prove(left, right) {
        Proof::Chain(links) => Answer::Equal(links),
        Proof::Long => Answer::EqualByLongChain,
        Proof::None if are_joined => Answer::EqualByLongChain,
        Proof::None if normal.contains(&None) => Answer::Unknown(Unknown::NoNormalForm),
        Proof::None if prover.is_exhausted() => Answer::Unknown(Unknown::Exhausted),
        Proof::None => Answer::Unknown(Unknown::Budget),
    };
    let n_terms = prover.n_terms();
    Judgment {
        answer,
        normal,
        n_terms,
    }
}

impl Reducer {
    /// Takes a term to be one that patterns are matched with, whether or not it is normal.
    pub(crate) fn subject(term: TermId) -> NormalForm {
        NormalForm(term)
    }
}

#[cfg(test)]
mod tests;
