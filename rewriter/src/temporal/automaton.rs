//! The automaton of a formula: its states are what is still to be satisfied.
//!
//! The one idea: a set of formulas is taken apart into what must hold now, what must hold next,
//! and which `U` are put off. A `U` that is never put off for ever is fulfilled, so a transition is
//! accepting for every `U` that it does not put off.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::formula::{Formula, FormulaId, Formulas};
use crate::term::TermId;

/// A state of the automaton.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct AutomatonState(pub(super) u32);

/// A set of numbers below some bound.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct BitSet(Vec<u64>);

impl BitSet {
    pub(super) fn all(n: usize) -> BitSet {
        let mut set = BitSet(vec![0; n.div_ceil(64)]);
        for index in 0..n {
            set.0[index / 64] |= 1 << (index % 64);
        }
        set
    }

    fn remove(&mut self, index: usize) {
        self.0[index / 64] &= !(1 << (index % 64));
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Whether every number of the other set is in this one.
    pub(super) fn contains_all(&self, other: &BitSet) -> bool {
        self.0
            .iter()
            .zip(&other.0)
            .all(|(mine, theirs)| theirs & !mine == 0)
    }

    pub(super) fn add_all(&mut self, other: &BitSet) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

/// A transition of the automaton.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Move {
    /// Propositions that must hold or not hold in the state that is left.
    pub(super) literals: Vec<(TermId, bool)>,
    pub(super) target: AutomatonState,
    /// The `U`s that are not put off.
    pub(super) accepted: BitSet,
}

/// The automaton, made as far as it was asked for.
#[derive(Debug)]
pub(super) struct Automaton {
    formulas: Formulas,
    untils: Vec<FormulaId>,
    states: Vec<Vec<FormulaId>>,
    known: HashMap<Vec<FormulaId>, AutomatonState, FxBuildHasher>,
    moves: Vec<Option<Vec<Move>>>,
}

/// A set that is being taken apart.
#[derive(Clone, Default)]
struct Branch {
    pending: Vec<FormulaId>,
    done: Vec<FormulaId>,
    literals: Vec<(TermId, bool)>,
    next: Vec<FormulaId>,
    put_off: Vec<FormulaId>,
}

impl Automaton {
    /// The automaton that accepts the paths of a formula, and its initial state.
    pub(super) fn new(formulas: Formulas, formula: FormulaId) -> (Automaton, AutomatonState) {
        let mut automaton = Automaton {
            untils: formulas.untils(),
            formulas,
            states: Vec::new(),
            known: HashMap::default(),
            moves: Vec::new(),
        };
        let initial = automaton.state(vec![formula]);
        (automaton, initial)
    }

    /// Every `U`: what an accepting cycle fulfills.
    pub(super) fn acceptance(&self) -> BitSet {
        BitSet::all(self.untils.len())
    }

    fn state(&mut self, mut formulas: Vec<FormulaId>) -> AutomatonState {
        formulas.sort_unstable();
        formulas.dedup();
        if let Some(&known) = self.known.get(&formulas) {
            return known;
        }
        let state = AutomatonState(self.states.len() as u32);
        self.known.insert(formulas.clone(), state);
        self.states.push(formulas);
        self.moves.push(None);
        state
    }

    /// The transitions from a state.
    pub(super) fn moves(&mut self, state: AutomatonState) -> &[Move] {
        let index = state.0 as usize;
        if self.moves[index].is_none() {
            let moves = self.expand(self.states[index].clone());
            self.moves[index] = Some(moves);
        }
        self.moves[index].as_deref().unwrap_or(&[])
    }

    fn expand(&mut self, formulas: Vec<FormulaId>) -> Vec<Move> {
        let mut moves: Vec<Move> = Vec::new();
        let mut branches = vec![Branch {
            pending: formulas,
            ..Branch::default()
        }];
        while let Some(mut branch) = branches.pop() {
            let Some(id) = branch.pending.pop() else {
                let made = self.complete(branch);
                if !moves.contains(&made) {
                    moves.push(made);
                }
                continue;
            };
            if branch.done.contains(&id) {
                branches.push(branch);
                continue;
            }
            branch.done.push(id);
            match self.formulas.get(id) {
                Formula::True => {}
                Formula::False => continue,
                Formula::Literal(proposition, value) => {
                    if branch.literals.contains(&(proposition, !value)) {
                        continue;
                    }
                    branch.literals.push((proposition, value));
                }
                Formula::And(left, right) => branch.pending.extend([left, right]),
                Formula::Or(left, right) => {
                    let mut other = branch.clone();
                    other.pending.push(right);
                    branches.push(other);
                    branch.pending.push(left);
                }
                Formula::Next(inner) => branch.next.push(inner),
                Formula::Until(left, right) => {
                    let mut later = branch.clone();
                    later.pending.push(left);
                    later.next.push(id);
                    later.put_off.push(id);
                    branches.push(later);
                    branch.pending.push(right);
                }
                Formula::Release(left, right) => {
                    let mut later = branch.clone();
                    later.pending.push(right);
                    later.next.push(id);
                    branches.push(later);
                    branch.pending.extend([left, right]);
                }
            }
            branches.push(branch);
        }
        moves
    }

    fn complete(&mut self, mut branch: Branch) -> Move {
        branch
            .literals
            .sort_unstable_by_key(|(term, value)| (term.index(), *value));
        branch.literals.dedup();
        let mut accepted = self.acceptance();
        for until in branch.put_off {
            if let Some(index) = self.untils.iter().position(|&other| other == until) {
                accepted.remove(index);
            }
        }
        Move {
            literals: branch.literals,
            target: self.state(branch.next),
            accepted,
        }
    }
}
