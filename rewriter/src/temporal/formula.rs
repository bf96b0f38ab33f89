//! Formulas in negation normal form, each known once.
//!
//! The one idea: they are numbered in the order in which Maude numbers them, parts before wholes,
//! arguments from the left, for the shape of the automaton hangs on it.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::signature::OpId;
use crate::term::{Store, TermId};

/// The number of a formula.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct FormulaId(pub(super) u32);

impl FormulaId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A formula in which only propositions are negated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Formula {
    True,
    False,
    Proposition(u32),
    Not(FormulaId),
    And(FormulaId, FormulaId),
    Or(FormulaId, FormulaId),
    Next(FormulaId),
    Until(FormulaId, FormulaId),
    Release(FormulaId, FormulaId),
}

/// How formulas are written as terms: the operators to which all others reduce.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// True of every path.
    pub truth: OpId,
    /// True of none.
    pub falsity: OpId,
    /// Negation, in normal forms of propositions only.
    pub not: OpId,
    /// Conjunction.
    pub and: OpId,
    /// Disjunction.
    pub or: OpId,
    /// In the next state.
    pub next: OpId,
    /// The second holds at some time, and the first until then.
    pub until: OpId,
    /// The second holds until both have held, or for ever.
    pub release: OpId,
}

/// All formulas met so far.
#[derive(Debug, Default)]
pub(super) struct Formulas {
    formulas: Vec<Formula>,
    known: HashMap<Formula, FormulaId, FxBuildHasher>,
    /// The propositions among them.
    propositions: Vec<TermId>,
}

impl Formulas {
    /// A formula by its number.
    pub(super) fn get(&self, id: FormulaId) -> Formula {
        self.formulas[id.index()]
    }

    /// The propositions, by number.
    pub(super) fn propositions(&self) -> &[TermId] {
        &self.propositions
    }

    fn add(&mut self, formula: Formula) -> FormulaId {
        *self.known.entry(formula).or_insert_with(|| {
            self.formulas.push(formula);
            FormulaId(self.formulas.len() as u32 - 1)
        })
    }

    /// The formula that a term is; `None` if something other than a proposition is negated.
    pub(super) fn read(
        &mut self,
        store: &Store,
        words: &Vocabulary,
        term: TermId,
    ) -> Option<FormulaId> {
        let mut done: HashMap<TermId, FormulaId, FxBuildHasher> = HashMap::default();
        let mut numbers: HashMap<TermId, u32, FxBuildHasher> = HashMap::default();
        let mut pending = vec![(term, false)];
        while let Some((term, are_arguments_done)) = pending.pop() {
            if done.contains_key(&term) {
                continue;
            }
            let op = store.op(term);
            let operators = [
                words.not,
                words.and,
                words.or,
                words.next,
                words.until,
                words.release,
            ];
            let arguments = match operators.contains(&op) {
                true => store.arguments(term),
                false => &[],
            };
            if !are_arguments_done {
                pending.push((term, true));
                pending.extend(arguments.iter().rev().map(|&argument| (argument, false)));
                continue;
            }
            let part = |index: usize| done[&arguments[index]];
            let id = match op {
                _ if op == words.truth => self.add(Formula::True),
                _ if op == words.falsity => self.add(Formula::False),
                _ if op == words.not => match self.get(part(0)) {
                    Formula::Proposition(_) => self.add(Formula::Not(part(0))),
                    _ => return None,
                },
                _ if op == words.next => self.add(Formula::Next(part(0))),
                _ if op == words.until => self.add(Formula::Until(part(0), part(1))),
                _ if op == words.release => self.add(Formula::Release(part(0), part(1))),
                _ if op == words.and || op == words.or => {
                    let mut whole = part(0);
                    for index in 1..arguments.len() {
                        let more = part(index);
                        whole = self.add(match op == words.and {
                            true => Formula::And(whole, more),
                            false => Formula::Or(whole, more),
                        });
                    }
                    whole
                }
                _ => {
                    let next = self.propositions.len() as u32;
                    let number = *numbers.entry(term).or_insert(next);
                    if number == next {
                        self.propositions.push(term);
                    }
                    self.add(Formula::Proposition(number))
                }
            };
            done.insert(term, id);
        }
        done.get(&term).copied()
    }
}
