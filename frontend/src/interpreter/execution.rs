//! One execution: random steps from the first configuration to its end or a bound.

use std::ops::ControlFlow;

use rewriter::reduction::{Limits, NormalForm};
use rewriter::statement::Statement;
use rewriter::term::TermId;
use rewriter::transition::Transitions;

use super::Interpreter;
use crate::lower::Tree;
use crate::report::{Step, Stop, Violation};

/// What decides an execution, and ends it.
#[derive(Clone, Copy, Debug)]
pub struct ExecutionBounds {
    /// The same seed gives the same execution.
    pub seed: u64,
    /// The most steps.
    pub steps: u64,
    /// The most rewrites of one step.
    pub step_limit: u64,
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// No machine can go on, and nothing is wrong.
    Terminated,
    /// Something went wrong.
    Violation(Violation),
    /// As many steps were made as were asked for.
    Steps,
    /// A limit was reached.
    Limit(Stop),
}

impl Interpreter {
    /// Runs one execution, telling of every step when it is made.
    pub fn execute(
        &mut self,
        initial: &Tree,
        bounds: &ExecutionBounds,
        made: &mut dyn FnMut(&Step),
    ) -> Ending {
        self.reducer.set_limits(Limits {
            rewrites: bounds.step_limit,
            ..Limits::default()
        });
        let term = self.builder.build(initial, self.reducer.store_mut());
        let mut state = match self.reducer.reduce(term) {
            Ok(state) => state,
            Err(interrupted) => return self.limit(&interrupted, bounds.step_limit),
        };
        let mut random = SplitMix(bounds.seed);
        for _ in 0..bounds.steps {
            let successor = match self.successor(state, &mut random, bounds) {
                ControlFlow::Continue(successor) => successor,
                ControlFlow::Break(ending) => return ending,
            };
            let step = self
                .reader
                .step(&mut self.reducer, &successor.rule, &successor.values);
            made(&step);
            state = successor.target;
        }
        Ending::Steps
    }

    /// One of the successors of a state, each as likely as the others.
    fn successor(
        &mut self,
        state: NormalForm,
        random: &mut SplitMix,
        bounds: &ExecutionBounds,
    ) -> ControlFlow<Ending, Successor> {
        let mut chosen = None;
        let mut count = 0;
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        loop {
            let transition = match transitions.next(&mut self.reducer) {
                Ok(Some(transition)) => transition,
                Ok(None) => break,
                Err(interrupted) => {
                    return ControlFlow::Break(self.limit(&interrupted, bounds.step_limit));
                }
            };
            count += 1;
            // Reservoir sampling: the n-th successor replaces the one chosen so far with
            // probability 1/n.
            if random.below(count) == 0 {
                chosen = Some(Successor {
                    values: transitions.substitution(&mut self.reducer),
                    rule: self.reducer.module().statement(transition.rule).clone(),
                    target: transition.target,
                });
            }
        }
        match chosen {
            Some(successor) => ControlFlow::Continue(successor),
            None => ControlFlow::Break(
                match self.reader.violation(&mut self.reducer, state.term()) {
                    Some(violation) => Ending::Violation(violation),
                    None => Ending::Terminated,
                },
            ),
        }
    }

    fn limit(&mut self, interrupted: &rewriter::reduction::Interrupted, step_limit: u64) -> Ending {
        Ending::Limit(self.stop_of(interrupted, step_limit, u64::MAX))
    }
}

struct Successor {
    rule: Statement,
    values: Vec<Option<TermId>>,
    target: NormalForm,
}

/// A small generator whose numbers are the same on every machine and in every version.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1.
    fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}
