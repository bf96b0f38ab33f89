//! All executions, one after the other.
//!
//! The one idea: the last decision is changed first, and a walk goes back to the state in which it was
//! made, so nothing is made twice.

use rewriter::search::{StateId, Stopped};

use super::executions::{Close, Executions};
use super::schedules::Tally;

/// A decision that is come back to.
struct Decision {
    state: StateId,
    n_steps: usize,
    taken: usize,
}

impl Executions<'_> {
    /// All executions, the last decision changed first.
    pub(super) fn enumerate(&mut self, tally: &mut Tally) -> Result<(), Stopped> {
        let mut actions = Vec::new();
        let mut decisions: Vec<Decision> = Vec::new();
        loop {
            let reducer = &mut self.interpreter.reducer;
            self.walk.steps(reducer, &mut actions)?;
            let is_cut = self.path.len() as u64 >= self.asked.schedules.steps;
            if !actions.is_empty() && !is_cut {
                decisions.push(Decision {
                    state: self.walk.state(),
                    n_steps: actions.len(),
                    taken: 0,
                });
                self.note(actions[0], 0)?;
                self.walk.take(&mut self.interpreter.reducer, 0)?;
                self.path.push((actions[0], 0));
                continue;
            }
            let ending = if actions.is_empty() {
                self.ending()
            } else {
                None
            };
            tally.gather(&self.reached());
            let is_enough = tally.end(self, ending, Close::Final)?;
            while decisions
                .last()
                .is_some_and(|decision| decision.taken + 1 == decision.n_steps)
            {
                decisions.pop();
            }
            let Some(decision) = decisions.last_mut().filter(|_| !is_enough) else {
                return Ok(());
            };
            decision.taken += 1;
            self.walk.go_to(decision.state);
            let taken = decision.taken;
            self.path.truncate(decisions.len() - 1);
            let reducer = &mut self.interpreter.reducer;
            self.walk.steps(reducer, &mut actions)?;
            self.note(actions[taken], taken)?;
            self.walk.take(&mut self.interpreter.reducer, taken)?;
            self.path.push((actions[taken], taken));
        }
    }
}
