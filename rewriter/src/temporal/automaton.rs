//! The Büchi automaton of a formula: what a path must do to satisfy it.
//!
//! The one idea: the states of the generalized automaton, once for each number of obligations that
//! were met in turn; a path is accepted that meets all of them again and again. Then states that
//! go on in the same way are one, whether they accept or not, where that makes no difference.
//!
//! Source: Gastin, Oddoux, "Fast LTL to Büchi automata translation" (CAV 2001), section 5.

use std::collections::BTreeMap;

use super::alternating::Alternating;
use super::diagram::{Decision, Diagram, Diagrams};
use super::formula::{FormulaId, Formulas};
use super::generalized::Generalized;
use super::numbers::{NumberSet, Table};

/// For each state that can be next, the valuations.
type Moves = BTreeMap<u32, Diagram>;

/// A Büchi automaton.
#[derive(Debug)]
pub(super) struct Automaton {
    diagrams: Diagrams,
    initial: NumberSet,
    accepting: NumberSet,
    /// For each state the number of its moves; none if nothing leads to it.
    states: Vec<Option<u32>>,
    moves: Table<Moves>,
}

impl Automaton {
    pub(super) fn new(formulas: &Formulas, formula: FormulaId) -> Automaton {
        let mut diagrams = Diagrams::default();
        let alternating = Alternating::new(formulas, formula, &mut diagrams);
        let generalized = Generalized::new(&alternating, &mut diagrams);
        let n_instances = generalized.n_obligations as usize + 1;
        let mut automaton = Automaton {
            diagrams,
            initial: generalized.initial.clone(),
            accepting: NumberSet::default(),
            states: vec![None; generalized.n_states() * n_instances],
            moves: Table::new(),
        };
        automaton.unfold(&generalized);
        if automaton.moves.len() < automaton.states.len() {
            loop {
                let n_states = automaton.states.len();
                automaton.join_states();
                if automaton.states.len() >= n_states {
                    break;
                }
            }
        }
        automaton
    }

    pub(super) fn initial(&self) -> impl Iterator<Item = u32> {
        self.initial.iter()
    }

    pub(super) fn is_accepting(&self, state: u32) -> bool {
        self.accepting.contains(state)
    }

    /// The move with this number from a state: where it leads, and the valuations for which it is
    /// possible.
    pub(super) fn move_of(&self, state: u32, number: usize) -> Option<(u32, Diagram)> {
        let moves = self.moves.get(self.states[state as usize]?);
        let (&target, &valuations) = moves.iter().nth(number)?;
        Some((target, valuations))
    }

    /// What is to be asked first to know whether a valuation is meant; nothing for `TRUE` and
    /// `FALSE`.
    pub(super) fn question(&self, valuations: Diagram) -> Option<Decision> {
        self.diagrams.first(valuations)
    }

    /// Makes the states, depth first; moves are numbered when all that they lead to is known.
    fn unfold(&mut self, generalized: &Generalized) {
        let n_obligations = generalized.n_obligations;
        let n_states = generalized.n_states() as u32;
        let mut is_seen = vec![false; self.states.len()];
        for start in self.initial.clone().iter() {
            if is_seen[start as usize] {
                // As in Maude, an initial state is made again; its moves are the same.
                continue;
            }
            let mut path = Vec::new();
            let mut entering = Some((start, 0));
            loop {
                if let Some((state, instance)) = entering.take() {
                    is_seen[(state + instance * n_states) as usize] = true;
                    let moves: Vec<_> = (generalized.moves(state))
                        .map(|(target, met, valuations)| {
                            let mut next = if instance == n_obligations {
                                0
                            } else {
                                instance
                            };
                            while met.contains(next) {
                                next += 1;
                            }
                            ((target, next), valuations)
                        })
                        .collect();
                    path.push(((state, instance), moves.into_iter(), Moves::new()));
                }
                let Some(((state, instance), rest, moves)) = path.last_mut() else {
                    break;
                };
                if let Some(((target, next), valuations)) = rest.next() {
                    let number = target + next * n_states;
                    let known = moves.entry(number).or_insert(Diagram::FALSE);
                    *known = self.diagrams.or(*known, valuations);
                    if !is_seen[number as usize] {
                        entering = Some((target, next));
                    }
                    continue;
                }
                let number = *state + *instance * n_states;
                if *instance == n_obligations {
                    self.accepting.insert(number);
                }
                self.states[number as usize] = Some(self.moves.number(std::mem::take(moves)));
                path.pop();
            }
        }
    }

    /// Makes one state of all that go on in the same way; an accepting one and one that is not
    /// only if all that they lead to is accepting.
    fn join_states(&mut self) {
        let (mut of_accepting, mut of_others) = (NumberSet::default(), NumberSet::default());
        for (state, moves) in (0..).zip(&self.states) {
            if let Some(moves) = *moves {
                match self.accepting.contains(state) {
                    true => of_accepting.insert(moves),
                    false => of_others.insert(moves),
                }
            }
        }
        of_accepting.intersect(&of_others);
        // Moves of both kinds of states are told apart if they lead to others.
        let n_moves = self.moves.len() as u32;
        let mut n_new = n_moves;
        let accepting_copy: Vec<Option<u32>> = (0..n_moves)
            .map(|number| {
                let mut targets = self.moves.get(number).keys();
                let is_apart = of_accepting.contains(number)
                    && targets.any(|&target| !self.accepting.contains(target));
                n_new += u32::from(is_apart);
                is_apart.then(|| n_new - 1)
            })
            .collect();
        for state in self.accepting.iter() {
            let moves = &mut self.states[state as usize];
            let copy = moves.and_then(|moves| accepting_copy[moves as usize]);
            *moves = copy.or(*moves);
        }
        let mut states = vec![None; n_new as usize];
        let mut moves = Table::new();
        for number in 0..n_moves {
            let mut joined = Moves::new();
            for (&target, &valuations) in self.moves.get(number) {
                if let Some(target) = self.states[target as usize] {
                    let known = joined.entry(target).or_insert(Diagram::FALSE);
                    *known = self.diagrams.or(*known, valuations);
                }
            }
            let new = Some(moves.number(joined));
            states[number as usize] = new;
            if let Some(copy) = accepting_copy[number as usize] {
                states[copy as usize] = new;
            }
        }
        self.initial = self.initial.mapped(&self.states);
        self.accepting = self.accepting.mapped(&self.states);
        self.states = states;
        self.moves = moves;
    }
}
