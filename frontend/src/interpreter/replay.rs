//! An execution that is decided from outside: which of the possible steps is made is read from a
//! schedule of P's checker.
//!
//! The one idea: at a scheduling point the rules offer one step for each machine that can go on, and
//! after a choice one step for each option, in order; so a decision names a step. The checker's
//! own task, number 0, is no machine and makes no step; before P 2.1 it had a helper, number 1,
//! which created the main machine, so that all machines were numbered one higher.

use std::sync::Arc;

use rewriter::module::StatementId;
use rewriter::reduction::{Interrupted, Limits, NormalForm};
use rewriter::transition::Transitions;

use super::{Ending, Interpreter};
use crate::interrupt;
use crate::lower::Tree;
use crate::replay::Decided;
use crate::report::{Stop, Violation};
use crate::trace::Reader;
use crate::trace::happening::{Choice, Decision, Story};

/// How the numbers of a schedule name machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// The main machine is number 1.
    Main,
    /// Number 1 is a helper that creates the main machine, as before P 2.1.
    Helper,
}

impl Numbering {
    /// What must be added to the number of a machine.
    #[must_use]
    pub fn offset(self) -> u64 {
        match self {
            Numbering::Main => 0,
            Numbering::Helper => 1,
        }
    }
}

/// An execution that followed a schedule, as far as it could.
#[derive(Clone, Debug)]
pub struct Replay {
    /// How the schedule numbers machines.
    pub numbering: Numbering,
    /// Which of the possible steps was made in each configuration.
    pub taken: Vec<usize>,
    /// Where it ended.
    pub ending: ReplayEnding,
}

/// How following a schedule ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayEnding {
    /// Every decision was followed; [`Ending::Steps`] if the execution could go on.
    Followed(Ending),
    /// A decision could not be followed.
    Diverged {
        /// The line of the schedule.
        line: usize,
        /// What is decided there.
        decision: Decision,
        /// What could have been decided instead; nothing if the execution is over.
        possible: Vec<Decision>,
        /// How it is over, if it is.
        ending: Option<Ending>,
    },
}

impl Replay {
    /// How the execution ended, if it did.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        match &self.ending {
            ReplayEnding::Followed(ending) => Some(ending),
            ReplayEnding::Diverged { ending, .. } => ending.as_ref(),
        }
    }

    /// What is wrong at its end, if something is.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        match self.ending()? {
            Ending::Violation(violation) => Some(violation),
            _ => None,
        }
    }
}

/// The most decisions that are listed where one cannot be followed.
const MOST_LISTED: usize = 20;

impl Interpreter {
    /// Follows a schedule from the first configuration, with the numbering that leads further if
    /// none is known.
    pub fn replay(
        &mut self,
        initial: &Tree,
        decisions: &[Decided],
        numbering: Option<Numbering>,
        step_limit: u64,
    ) -> Replay {
        if let Some(numbering) = numbering {
            return self.replay_numbered(initial, decisions, numbering, step_limit);
        }
        let replay = self.replay_numbered(initial, decisions, Numbering::Main, step_limit);
        if matches!(replay.ending, ReplayEnding::Followed(_)) {
            return replay;
        }
        let other = self.replay_numbered(initial, decisions, Numbering::Helper, step_limit);
        if other.taken.len() > replay.taken.len() {
            other
        } else {
            replay
        }
    }

    /// The log of an execution, thing by thing.
    ///
    /// # Errors
    /// The limit that was reached.
    pub fn told(
        &mut self,
        initial: &Tree,
        replay: &Replay,
        step_limit: u64,
    ) -> Result<Story, Stop> {
        let told = self.tell(initial, &replay.taken, replay.violation());
        told.map_err(|interrupted| self.stop_of(&interrupted, step_limit, u64::MAX))
    }

    fn replay_numbered(
        &mut self,
        initial: &Tree,
        decisions: &[Decided],
        numbering: Numbering,
        step_limit: u64,
    ) -> Replay {
        self.reducer.set_limits(Limits {
            rewrites: step_limit,
            interrupt: Some(interrupt::flag()),
            ..Limits::default()
        });
        let mut taken = Vec::new();
        let ending = match self.follow(initial, decisions, numbering, &mut taken) {
            Ok(ending) => ending,
            Err(interrupted) => ReplayEnding::Followed(self.given_up(&interrupted, step_limit)),
        };
        Replay {
            numbering,
            taken,
            ending,
        }
    }

    fn follow(
        &mut self,
        initial: &Tree,
        decisions: &[Decided],
        numbering: Numbering,
        taken: &mut Vec<usize>,
    ) -> Result<ReplayEnding, Interrupted> {
        let term = self.builder.build(initial, self.reducer.store_mut());
        let mut state = self.reducer.reduce(term)?;
        let offset = numbering.offset();
        for decided in decisions {
            let decision = match decided.decision {
                Decision::Picked(number) if number <= offset => continue,
                Decision::Picked(number) => Decision::Picked(number - offset),
                other => other,
            };
            let Some((number, target)) = self.step_that(state, decision)? else {
                let mut possible = self.possible(state)?;
                for decision in &mut possible {
                    if let Decision::Picked(number) = decision {
                        *number += offset;
                    }
                }
                return Ok(ReplayEnding::Diverged {
                    line: decided.line,
                    decision: decided.decision,
                    ending: possible.is_empty().then(|| self.end_of(state)),
                    possible,
                });
            };
            taken.push(number);
            state = target;
        }
        let is_over = self.possible(state)?.is_empty();
        Ok(ReplayEnding::Followed(if is_over {
            self.end_of(state)
        } else {
            Ending::Steps
        }))
    }

    /// The step that a decision names: which one it is, and where it leads.
    fn step_that(
        &mut self,
        state: NormalForm,
        decision: Decision,
    ) -> Result<Option<(usize, NormalForm)>, Interrupted> {
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        let mut number = 0;
        while let Some(transition) = transitions.next(&mut self.reducer)? {
            // To come to the n-th option the ones before it need not be looked at.
            let wanted = match decision {
                Decision::Chose(Choice::Number(wanted)) => Some(wanted),
                _ => None,
            };
            if number == 0 || wanted.is_none_or(|wanted| number == wanted) {
                let offered = self.decision(&transitions, transition.rule, number);
                let is_choice = matches!(offered, Decision::Chose(_));
                if offered == decision || is_choice && wanted == Some(number) {
                    return Ok(Some((number, transition.target)));
                }
                if is_choice != matches!(decision, Decision::Chose(_)) {
                    return Ok(None);
                }
            }
            number += 1;
        }
        Ok(None)
    }

    /// What could be decided in a state; a long list is cut off.
    fn possible(&mut self, state: NormalForm) -> Result<Vec<Decision>, Interrupted> {
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        let mut possible = Vec::new();
        while let Some(transition) = transitions.next(&mut self.reducer)? {
            possible.push(self.decision(&transitions, transition.rule, possible.len()));
            if possible.len() == MOST_LISTED {
                break;
            }
        }
        Ok(possible)
    }

    /// What decides for a transition, the one with that number in its state.
    fn decision(
        &mut self,
        transitions: &Transitions,
        rule: StatementId,
        number: usize,
    ) -> Decision {
        let values = transitions.substitution(&mut self.reducer);
        let module = Arc::clone(self.reducer.module());
        let value = |name| Reader::value(module.statement(rule), &values, name);
        match (value("Choice"), value("Self")) {
            (Some(choice), _) => {
                let truth = self.reader.truth(self.reducer.store(), choice);
                Decision::Chose(truth.map_or(Choice::Number(number), Choice::Bool))
            }
            (None, Some(machine)) => {
                Decision::Picked(self.reader.number(self.reducer.store(), machine))
            }
            (None, None) => Decision::Picked(0),
        }
    }

    /// What is to be said of a state in which nobody can act.
    fn end_of(&mut self, state: NormalForm) -> Ending {
        match self.reader.violation(&mut self.reducer, state.term()) {
            Some(violation) => Ending::Violation(violation),
            None => Ending::Terminated,
        }
    }
}
