//! Formulas in negation normal form, each known once.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::signature::{OpId, SortId};
use crate::term::{Store, TermId};

/// The number of a formula.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct FormulaId(u32);

/// A formula in which only propositions are negated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Formula {
    True,
    False,
    /// A proposition, or its negation if the second part is false.
    Literal(TermId, bool),
    And(FormulaId, FormulaId),
    Or(FormulaId, FormulaId),
    Next(FormulaId),
    Until(FormulaId, FormulaId),
    Release(FormulaId, FormulaId),
}

/// How formulas are written as terms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vocabulary {
    pub(super) truth: OpId,
    pub(super) falsity: OpId,
    pub(super) not: OpId,
    pub(super) and: OpId,
    pub(super) or: OpId,
    pub(super) next: OpId,
    pub(super) until: OpId,
    pub(super) release: OpId,
    /// The sort of propositions.
    pub(super) proposition: SortId,
}

/// All formulas met so far.
#[derive(Debug, Default)]
pub(super) struct Formulas {
    formulas: Vec<Formula>,
    known: HashMap<Formula, FormulaId, FxBuildHasher>,
}

impl Formulas {
    /// A formula by its number.
    pub(super) fn get(&self, id: FormulaId) -> Formula {
        self.formulas[id.0 as usize]
    }

    fn add(&mut self, formula: Formula) -> FormulaId {
        *self.known.entry(formula).or_insert_with(|| {
            self.formulas.push(formula);
            FormulaId(self.formulas.len() as u32 - 1)
        })
    }

    /// The negation of the formula that a term is; `None` if it is none.
    pub(super) fn negation(
        &mut self,
        store: &Store,
        words: &Vocabulary,
        term: TermId,
    ) -> Option<FormulaId> {
        // What each subterm means, as it is and negated.
        let mut done: HashMap<(TermId, bool), FormulaId, FxBuildHasher> = HashMap::default();
        let mut pending = vec![(term, true, false)];
        while let Some((term, negated, are_arguments_done)) = pending.pop() {
            if done.contains_key(&(term, negated)) {
                continue;
            }
            let op = store.op(term);
            let is_operator = [
                words.not,
                words.and,
                words.or,
                words.next,
                words.until,
                words.release,
            ]
            .contains(&op);
            let arguments = if is_operator {
                store.arguments(term)
            } else {
                &[]
            };
            let inner = negated != (op == words.not);
            if !are_arguments_done {
                pending.push((term, negated, true));
                pending.extend(arguments.iter().map(|&argument| (argument, inner, false)));
                continue;
            }
            let part = |index: usize| done[&(arguments[index], inner)];
            let formula = match op {
                _ if op == words.truth || op == words.falsity => {
                    match (op == words.truth) != negated {
                        true => Formula::True,
                        false => Formula::False,
                    }
                }
                _ if op == words.not => self.get(part(0)),
                _ if op == words.next => Formula::Next(part(0)),
                _ if op == words.and || op == words.or => match (op == words.and) != negated {
                    true => Formula::And(part(0), part(1)),
                    false => Formula::Or(part(0), part(1)),
                },
                _ if op == words.until || op == words.release => {
                    match (op == words.until) != negated {
                        true => Formula::Until(part(0), part(1)),
                        false => Formula::Release(part(0), part(1)),
                    }
                }
                _ if store.has_sort(term, words.proposition) => Formula::Literal(term, !negated),
                _ => return None,
            };
            let id = self.add(formula);
            done.insert((term, negated), id);
        }
        done.get(&(term, true)).copied()
    }

    /// Every `U` among the formulas.
    pub(super) fn untils(&self) -> Vec<FormulaId> {
        let ids = (0..self.formulas.len() as u32).map(FormulaId);
        ids.filter(|&id| matches!(self.get(id), Formula::Until(..)))
            .collect()
    }
}
