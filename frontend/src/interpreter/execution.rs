//! One execution: random steps from the first configuration to its end or a bound.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use rewriter::module::{Module, StatementId};
use rewriter::pattern::Literal;
use rewriter::reduction::{Interrupted, Limits, NormalForm, Observer};
use rewriter::statement::{PrintItem, Statement};
use rewriter::term::{Store, TermId};
use rewriter::transition::Transitions;

use super::Interpreter;
use super::strategy::SplitMix;
use crate::interrupt;
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
        made: &mut dyn FnMut(&Step, &[String]),
    ) -> Ending {
        self.reducer.set_limits(Limits {
            rewrites: bounds.step_limit,
            interrupt: Some(interrupt::flag()),
            ..Limits::default()
        });
        let term = self.builder.build(initial, self.reducer.store_mut());
        let mut state = match self.reducer.reduce(term) {
            Ok(state) => state,
            Err(interrupted) => return self.given_up(&interrupted, bounds.step_limit),
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
            made(&step, &successor.printed);
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
        let printed = Arc::new(Mutex::new(Vec::new()));
        let observer = Printer {
            module: Arc::clone(self.reducer.module()),
            printed: Arc::clone(&printed),
        };
        self.reducer.observe_transitions(Some(Box::new(observer)));
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        let interrupted = loop {
            let transition = match transitions.next(&mut self.reducer) {
                Ok(Some(transition)) => transition,
                Ok(None) => break None,
                Err(interrupted) => break Some(interrupted),
            };
            let printed = taken(&printed);
            count += 1;
            // Reservoir sampling: the n-th successor replaces the one chosen so far with
            // probability 1/n.
            if random.below(count) == 0 {
                chosen = Some(Successor {
                    values: transitions.substitution(&mut self.reducer),
                    rule: self.reducer.module().statement(transition.rule).clone(),
                    target: transition.target,
                    printed,
                });
            }
        };
        self.reducer.observe_transitions(None);
        if let Some(interrupted) = interrupted {
            return ControlFlow::Break(self.given_up(&interrupted, bounds.step_limit));
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

    /// What is to be said of an execution that was given up in a step.
    pub(super) fn given_up(&mut self, interrupted: &Interrupted, step_limit: u64) -> Ending {
        match self.never_pauses(interrupted) {
            Some(violation) => Ending::Violation(violation),
            None => Ending::Limit(self.stop_of(interrupted, step_limit, u64::MAX)),
        }
    }
}

struct Successor {
    rule: Statement,
    values: Vec<Option<TermId>>,
    target: NormalForm,
    printed: Vec<String>,
}

/// Collects what statements with a `print` attribute print.
struct Printer {
    module: Arc<Module>,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Observer for Printer {
    fn applied(&mut self, store: &Store, statement: StatementId, values: &[Option<TermId>]) {
        let Some(items) = &self.module.statement(statement).attributes.print else {
            return;
        };
        let text: String = items
            .iter()
            .map(|item| match item {
                PrintItem::Text(text) => text.clone(),
                PrintItem::Variable(variable) => values
                    .get(variable.index())
                    .copied()
                    .flatten()
                    .and_then(|value| store.literal(value))
                    .map_or_else(String::new, |literal| match literal {
                        Literal::String(text) => text.to_string(),
                        _ => String::new(),
                    }),
            })
            .collect();
        if let Ok(mut printed) = self.printed.lock() {
            printed.push(text);
        }
    }
}

fn taken(printed: &Mutex<Vec<String>>) -> Vec<String> {
    printed
        .lock()
        .map(|mut printed| std::mem::take(&mut *printed))
        .unwrap_or_default()
}
