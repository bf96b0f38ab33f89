//! The automaton of a formula for a graph that the caller has.

use super::automaton::Automaton;
use super::diagram::Diagram;
use super::formula::{Formulas, Vocabulary};
use crate::term::{Store, TermId};

/// Accepts the paths that satisfy a formula: those along which it can be in accepting states again
/// and again. It reads one state of the path after the other.
#[derive(Debug)]
pub struct Acceptor {
    automaton: Automaton,
    propositions: Vec<TermId>,
}

impl Acceptor {
    /// The acceptor of a formula in normal form; none if something other than a proposition is
    /// negated in it. Whatever is no operator of the vocabulary is a proposition.
    pub fn new(store: &Store, vocabulary: &Vocabulary, formula: TermId) -> Option<Acceptor> {
        let mut formulas = Formulas::default();
        let formula = formulas.read(store, vocabulary, formula)?;
        Some(Acceptor {
            automaton: Automaton::new(&formulas, formula),
            propositions: formulas.propositions().to_vec(),
        })
    }

    /// The propositions of the formula.
    pub fn propositions(&self) -> &[TermId] {
        &self.propositions
    }

    /// Where it may be before it reads anything.
    pub fn initial(&self) -> Vec<u32> {
        self.automaton.initial().collect()
    }

    /// Whether a state is accepting.
    pub fn is_accepting(&self, state: u32) -> bool {
        self.automaton.is_accepting(state)
    }

    /// Where it may be after it has read a state of the path, of which it asks what holds.
    ///
    /// # Errors
    /// If a question has no answer.
    pub fn read<E>(
        &self,
        state: u32,
        holds: &mut dyn FnMut(TermId) -> Result<bool, E>,
    ) -> Result<Vec<u32>, E> {
        let mut targets = Vec::new();
        let moves = (0..).map_while(|number| self.automaton.move_of(state, number));
        for (target, mut valuations) in moves {
            while let Some(question) = self.automaton.question(valuations) {
                let proposition = self.propositions[question.proposition as usize];
                valuations = if holds(proposition)? {
                    question.yes
                } else {
                    question.no
                };
            }
            if valuations == Diagram::TRUE {
                targets.push(target);
            }
        }
        Ok(targets)
    }
}
