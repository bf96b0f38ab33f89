//! Equations that look at collections, after a step.
//!
//! The one idea: before the step no equation applied, so afterwards one can apply only to a tuple with
//! a leaf that is new; most steps bring none that could. For the others equations are tried in
//! order until none applies.

use super::leaf::LeafId;
use super::outcome::OutcomeId;
use super::space::{Config, Hands, Soup, Unfit};
use super::tuples::Tuples;
use crate::reduction::Reason;

impl Soup {
    /// The outcome of a step and of all equations after it, and the rewrites that these are.
    pub(super) fn close(
        &mut self,
        hands: &mut Hands<'_>,
        outcome: OutcomeId,
    ) -> Result<(OutcomeId, u64), Unfit> {
        let mut config = self.config.clone();
        let mut removed: Vec<LeafId> = Vec::new();
        let mut added: Vec<LeafId> = Vec::new();
        let mut n_rewrites = 0;
        let mut next = outcome;
        loop {
            self.apply(hands, &mut config, next, &mut removed, &mut added);
            match self.equation(hands, &config)? {
                Some((outcome, more)) => {
                    n_rewrites += more;
                    next = outcome;
                }
                None => break,
            }
            if n_rewrites > self.most_rewrites {
                return Err(Unfit::Limit(Reason::Rewrites));
            }
        }
        let leaves = &self.leaves;
        let slot_of = |leaf: LeafId| leaves.at(leaf).slot;
        let closed = (self.memo).outcome(&mut removed, &mut added, false, &slot_of);
        Ok((closed, n_rewrites))
    }

    fn apply(
        &mut self,
        hands: &Hands<'_>,
        config: &mut Config,
        outcome: OutcomeId,
        removed: &mut Vec<LeafId>,
        added: &mut Vec<LeafId>,
    ) {
        for &leaf in self.memo.removed(outcome) {
            match added.iter().position(|&other| other == leaf) {
                Some(position) => {
                    added.swap_remove(position);
                }
                None => removed.push(leaf),
            }
        }
        for &leaf in self.memo.added(outcome) {
            added.push(leaf);
        }
        let (gone, come) = (self.memo.removed(outcome), self.memo.added(outcome));
        config.change(hands.store(), &self.leaves, gone, come);
    }

    /// The first equation that applies, and the rewrites until it has been applied.
    fn equation(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
    ) -> Result<Option<(OutcomeId, u64)>, Unfit> {
        let mut n_rewrites = 0;
        for number in 0..self.equations.len() {
            if !self.may_match(config, number, true) {
                continue;
            }
            let mut tuples = Tuples::new();
            while self.next_tuple(hands, config, number, true, &mut tuples)? {
                let (solutions, tail) = self.solve(hands, config, number, true, &tuples.tuple)?;
                if let Some(first) = solutions.into_iter().next() {
                    let solution = self.solution(first);
                    n_rewrites += u64::from(solution.n_rewrites);
                    return Ok(Some((solution.outcome, n_rewrites)));
                }
                n_rewrites += u64::from(tail);
            }
        }
        Ok(None)
    }
}
