//! Steps that never end: a machine that goes round in circles without reaching a scheduling point.
//!
//! The one idea: a step that takes too many rewrites is asked whether the same configuration of its
//! machine comes again. If it does, nothing can end the step, and that is a bug of the program; if not,
//! something grows, and nothing is known. P's checker never comes back from such a step.

use rewriter::reduction::{Interrupted, Reason};
use rewriter::search::{Search, StateId, Stopped};
use rewriter::transition::Transitions;

use super::Interpreter;
use super::executions::{Close, Ended, Execution, Executions};
use super::schedules::Tally;
use crate::report::{Place, Violation};

/// For so many rewrites it is looked whether something comes again.
const MOST_REWRITES: u64 = 1_000_000;

impl Interpreter {
    /// What is wrong, if a step was given up that is seen never to end.
    pub(super) fn never_pauses(&mut self, interrupted: &Interrupted) -> Option<Violation> {
        let is_long = interrupted.reason == Reason::Rewrites;
        let redex = interrupted.redex.filter(|_| is_long)?;
        if !self.reducer.never_ends(redex, MOST_REWRITES) {
            return None;
        }
        let (machine, place) = self.reader.running(&mut self.reducer, redex)?;
        let Place { file, line, column } = place.unwrap_or(Place {
            file: String::new(),
            line: 0,
            column: 0,
        });
        Some(Violation {
            kind: "endless-loop".to_owned(),
            message: format!("{machine} never reaches a scheduling point: what it does repeats."),
            machine,
            file,
            line,
            column,
        })
    }

    /// The state of a search that has a step that never ends, after the search was interrupted: the one
    /// whose successors it was about to find.
    pub(super) fn state_that_never_pauses(
        &mut self,
        search: &mut Search,
        interrupted: &Interrupted,
    ) -> Option<(StateId, Violation)> {
        let violation = self.never_pauses(interrupted)?;
        // Threads look ahead, so it is looked at once more.
        let state = StateId(search.n_expanded() as u32);
        let term = search.term(&mut self.reducer, state);
        let term = self.reducer.reduce(term).ok()?;
        let mut transitions = Transitions::new(&mut self.reducer, term);
        loop {
            match transitions.next(&mut self.reducer) {
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(again) if again.reason == Reason::Rewrites => return Some((state, violation)),
                Err(_) => return None,
            }
        }
    }
}

impl Executions<'_> {
    /// The execution that was under way, if it was stopped in a step that never ends.
    pub(super) fn endless(&mut self, stopped: &Stopped) -> Option<Execution> {
        let Stopped::Limit(interrupted) = stopped else {
            return None;
        };
        let violation = self.interpreter.never_pauses(interrupted)?;
        Some(self.execution(Some(violation), Close::Endless))
    }

    /// Takes an execution into account in which no others can follow: an enumeration cannot go on
    /// from a step that never ends.
    pub(super) fn end_enumeration(
        &mut self,
        stopped: Stopped,
        tally: &mut Tally,
    ) -> Result<(), Ended> {
        let Some(execution) = self.endless(&stopped) else {
            return Err(self.ended(stopped));
        };
        let keeps_going = self.asked.bounds.keep_going;
        let limit = keeps_going.then(|| self.ended(stopped));
        self.forget()?;
        self.accept(tally, execution, false)?;
        limit.map_or(Ok(()), Err)
    }
}
