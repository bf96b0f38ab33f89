//! What can be said of a goal before a state is made into a term.
//!
//! The one idea: a goal is a left side without a right one: most states lack a leaf that it needs.

use super::join::JoinRest;
use super::leaf::Mask;
use super::plan::{Anchor, Rest, plan_pattern};
use super::space::Soup;
use crate::reduction::Reducer;
use crate::search::Goal;

/// What a state must have to be a goal.
#[derive(Clone, Debug)]
pub(crate) struct GoalFilter {
    bits: Mask,
    rests: Vec<JoinRest>,
}

impl Soup {
    /// Finds out what a goal needs.
    pub(super) fn filter_goal(&mut self, reducer: &mut Reducer, goal: &Goal) {
        let anchor = match self.layout.root {
            Some(_) => Anchor::Root,
            None => Anchor::Collection(self.layout.tops[0]),
        };
        let layout = &self.layout;
        let planned = plan_pattern(reducer, layout, &goal.variables, &goal.pattern, anchor);
        let Some(plan) = planned else {
            return;
        };
        let mut bits = 0;
        for part in &plan.parts {
            bits |= self.probes.part(reducer, &goal.variables, &plan, part);
        }
        let rests = (plan.rests.iter())
            .map(|&(place, rest, least, is_sorted)| JoinRest {
                place,
                matched: plan.parts.iter().filter(|part| part.place == place).count()
                    + plan
                        .wrappers
                        .iter()
                        .filter(|wrapper| wrapper.0 == place)
                        .count(),
                least,
                is_sorted,
                is_empty: rest == Rest::Empty,
                is_seen: false,
                is_taken: false,
            })
            .collect();
        self.goal = Some(GoalFilter { bits, rests });
    }

    /// Whether the state that was reached last may be a goal.
    #[inline]
    pub(crate) fn may_be_goal(&self) -> bool {
        let Some(goal) = &self.goal else {
            return true;
        };
        let (removed, added) = (self.memo.removed(self.last), self.memo.added(self.last));
        let at = |place, leaves: &[u32]| {
            leaves
                .iter()
                .filter(|&&leaf| self.leaves.at(leaf).place == place)
                .count()
        };
        let fits = |rest: &JoinRest| {
            let size = self.config.sizes[rest.place] as usize + at(rest.place, added)
                - at(rest.place, removed);
            size >= rest.matched + rest.least && (!rest.is_empty || size == rest.matched)
        };
        if !goal.rests.iter().all(fits) {
            return false;
        }
        if goal.bits == 0 {
            return true;
        }
        let mut mask = 0;
        for &leaf in added {
            mask |= self.leaves.at(leaf).mask;
        }
        if goal.bits & !(mask | self.config.mask) != 0 {
            return false;
        }
        // What was there stays, but for what was removed; a leaf that was there twice counts as
        // removed, which only says too much.
        for list in &self.config.lists {
            for &(leaf, count) in list {
                if count > 1 || !removed.contains(&leaf) {
                    mask |= self.leaves.at(leaf).mask;
                }
            }
        }
        goal.bits & !mask == 0
    }
}
