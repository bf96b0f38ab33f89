//! Reduction: terms to their normal forms by the equations of a module.
//!
//! The one idea: the equations are compiled once into code for a machine that evaluates from the
//! inside out, as Maude's default strategy does, and keeps everything on stacks of its own.
//! Intermediate terms are transient; what comes out is interned and marked as normal, so that it is
//! never reduced again. Rewrites are counted as Maude counts them.

mod call;
mod collection;
mod compile;
mod dispatch;
mod distribution;
mod execute;
mod general;
mod join;
mod limits;
mod machine;
mod observer;
mod recurrence;
mod right;
mod sorts;
mod walk;

use std::ops::ControlFlow;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;
use thiserror::Error;

use crate::builtin::Builtins;
use crate::module::Module;
use crate::pattern::{Pattern, PatternNode, Variable};
use crate::statement::Fragment;
use crate::term::{Store, TermId};

pub use crate::matching::Port;
pub(crate) use compile::{Enumeration, Program, RuleForm};
pub(crate) use join::{Piece, Pieces};
pub(crate) use limits::Budget;
pub use limits::{Limits, Reason};
pub(crate) use machine::{Event, Host, Machine, Suspension};
pub use observer::{Attempt, Computation, Observer, Rewrite};

/// A term to which no equation applies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct NormalForm(pub(crate) TermId);

impl NormalForm {
    /// The term.
    pub fn term(self) -> TermId {
        self.0
    }
}

/// A computation that ended before it was done.
#[derive(Clone, Debug, Error)]
#[error("stopped after {n_rewrites} rewrites: {reason}")]
pub struct Interrupted {
    /// Which limit was reached.
    pub reason: Reason,
    /// Rewrites since the reducer was made.
    pub n_rewrites: u64,
    /// The outermost application that was being rewritten, with reduced arguments.
    pub redex: Option<TermId>,
}

/// Gives the term with this number that is reachable from a term; `None` if there are fewer.
pub(crate) type Reach<'a> =
    dyn FnMut(&mut Reducer, TermId, u32) -> Result<Option<TermId>, Reason> + 'a;

/// Reduces terms of one module.
#[derive(Debug)]
pub struct Reducer {
    pub(crate) module: Arc<Module>,
    pub(crate) store: Store,
    pub(crate) program: Program,
    pub(crate) builtins: Builtins,
    pub(crate) machine: Machine,
    pub(crate) limits: Limits,
    observer: Watching,
    /// Terms at whose top all rules failed, where trying them took rewrites.
    pub(crate) failed: HashSet<TermId, FxBuildHasher>,
}

/// What it takes to compute with a store.
#[derive(Debug)]
pub(crate) struct Seed {
    module: Arc<Module>,
    program: Program,
    builtins: Builtins,
    limits: Limits,
}

impl Seed {
    /// Whether it has all the code that a reducer has: code for single rules is made when it is
    /// needed.
    pub(crate) fn has_all_code(&self, reducer: &Reducer) -> bool {
        self.program.alternatives.len() == reducer.program.alternatives.len()
    }

    /// A reducer for a copy of the store.
    pub(crate) fn reducer(&self, store: Store) -> Reducer {
        Reducer {
            module: Arc::clone(&self.module),
            store,
            program: self.program.clone(),
            builtins: self.builtins.clone(),
            machine: Machine::new(),
            limits: self.limits.clone(),
            observer: Watching::default(),
            failed: HashSet::default(),
        }
    }
}

/// The observer of transitions, if there is one.
#[derive(Default)]
struct Watching(Option<Box<dyn Observer>>);

impl std::fmt::Debug for Watching {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "observed"
        } else {
            "unobserved"
        })
    }
}

impl Reducer {
    /// A reducer for terms of this module, with an empty store.
    pub fn new(module: Arc<Module>) -> Reducer {
        Reducer::with_program(module, Program::new)
    }

    /// One whose observers are told of terms and conditions, too.
    pub fn explaining(module: Arc<Module>) -> Reducer {
        Reducer::with_program(module, Program::explaining)
    }

    fn with_program(module: Arc<Module>, make: fn(&Module, &mut Store) -> Program) -> Reducer {
        let mut store = Store::new(&module);
        let program = make(&module, &mut store);
        let builtins = Builtins::new(&module, &mut store);
        Reducer {
            module,
            store,
            program,
            builtins,
            machine: Machine::new(),
            limits: Limits::default(),
            observer: Watching::default(),
            failed: HashSet::default(),
        }
    }

    /// What others need to compute with copies of the store. They compile nothing: what that adds to
    /// a store belongs to all. Ends what the reducer was doing.
    pub(crate) fn seed(&mut self, limits: Limits) -> Seed {
        self.machine.reset();
        self.program.compile_all(&self.module, &mut self.store);
        Seed {
            module: Arc::clone(&self.module),
            program: self.program.clone(),
            builtins: self.builtins.clone(),
            limits,
        }
    }

    /// Has an observer told of every statement that is applied in transitions from now on, or
    /// nobody. While somebody observes, nothing is remembered from one transition to the next.
    pub fn observe_transitions(&mut self, observer: Option<Box<dyn Observer>>) {
        self.observer = Watching(observer);
    }

    /// Whether an observer is told of transitions.
    pub(crate) fn is_observed(&self) -> bool {
        self.observer.0.is_some()
    }

    /// The module.
    pub fn module(&self) -> &Arc<Module> {
        &self.module
    }

    /// The terms.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The terms, to make some.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// What ends a computation before it is done.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Rewrites so far, counted as Maude counts them: equations, memberships, rules, built-ins.
    pub fn n_rewrites(&self) -> u64 {
        self.machine.n_rewrites
    }

    /// Whether the last reduction needed the result of a model check that is not known; see
    /// [`reduce_checking`](crate::temporal::reduce_checking).
    pub fn is_check_wanted(&self) -> bool {
        self.store.wanted_check().is_some()
    }

    /// Forgets at which terms all rules failed, as far as they occur in a new term and not in the
    /// terms that were there before: as in Maude, it is a node that is remembered. A constant that
    /// occurs more often than before was made; what else does, variables stood for.
    pub(crate) fn forget_failures(&mut self, before: &[TermId], new: TermId) {
        if self.failed.is_empty() {
            return;
        }
        let old = self.unknown_subterms(before);
        for (term, count) in self.unknown_subterms(&[new]) {
            let is_constant = self.store.arguments(term).is_empty();
            let is_new = (old.get(&term)).is_none_or(|&before| is_constant && count > before);
            if is_new {
                self.failed.remove(&term);
            }
        }
    }

    /// Terms and what is below them, except where it is known that no rule applies; each with the
    /// number of its places in different terms.
    fn unknown_subterms(&self, terms: &[TermId]) -> HashMap<TermId, u32, FxBuildHasher> {
        let mut found: HashMap<TermId, u32, FxBuildHasher> = HashMap::default();
        let mut open = terms.to_vec();
        while let Some(term) = open.pop() {
            if self.store.is_quiet(term) {
                continue;
            }
            let count = found.entry(term).or_default();
            *count += 1;
            if *count == 1 {
                open.extend_from_slice(self.store.arguments(term));
            }
        }
        found
    }

    /// Counts rewrites that were made elsewhere.
    pub(crate) fn count_rewrites(&mut self, n_rewrites: u64) {
        self.machine.n_rewrites += n_rewrites;
    }

    /// Reduces a term to its normal form.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn reduce(&mut self, term: TermId) -> Result<NormalForm, Interrupted> {
        self.reduce_observed(term, None)
    }

    /// The same, telling an observer of every statement that is applied.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn reduce_observed(
        &mut self,
        term: TermId,
        observer: Option<&mut dyn Observer>,
    ) -> Result<NormalForm, Interrupted> {
        if self.store.is_normal(term) {
            return Ok(NormalForm(term));
        }
        let mut budget = Budget::new(&self.limits);
        budget.start(self.machine.n_rewrites);
        self.machine.reset();
        let mut host = Host {
            module: &self.module,
            program: &mut self.program,
            builtins: &self.builtins,
            store: &mut self.store,
            budget: &mut budget,
            observer: match observer {
                Some(observer) => Some(&mut *observer),
                None => None,
            },
        };
        let outcome = self.machine.reduce(&mut host, term);
        let result = match outcome {
            Ok(_) => {
                let value = self.machine.top();
                let value = self.store.promote(value);
                if self.store.is_exhausted() {
                    Err(self.interrupted(Reason::Memory))
                } else {
                    Ok(NormalForm(value))
                }
            }
            Err(reason) => Err(self.interrupted(reason)),
        };
        self.machine.reset();
        self.store.clear_scratch();
        result
    }

    /// What to report of the computation under way.
    pub(crate) fn interrupted(&mut self, reason: Reason) -> Interrupted {
        let mut budget = Budget::new(&self.limits);
        let mut host = Host {
            module: &self.module,
            program: &mut self.program,
            builtins: &self.builtins,
            store: &mut self.store,
            budget: &mut budget,
            observer: None,
        };
        let redex = self.machine.redex(&mut host);
        Interrupted {
            reason,
            n_rewrites: self.machine.n_rewrites,
            redex,
        }
    }

    /// All substitutions with which a pattern matches a normal form and a condition holds, in the
    /// order in which they are found; at most `most`. With `extend`, the pattern may cover a part
    /// of a list or multiset; what it does not cover follows the values of the variables.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn matches(
        &mut self,
        variables: &[Variable],
        pattern: &Pattern,
        condition: &[Fragment],
        subject: NormalForm,
        extend: bool,
        most: usize,
    ) -> Result<Vec<Vec<TermId>>, Interrupted> {
        let goal = self.compile_goal(variables, pattern, condition, extend);
        self.machine.reset();
        let mut found = Vec::new();
        let mut no_searches = |_: &mut Reducer, _, _| Err(Reason::Nesting);
        let mut collect = |_: &mut Reducer, values: Vec<TermId>| {
            found.push(values);
            if found.len() < most {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let outcome = match most {
            0 => Ok(()),
            _ => self.enumerate(&goal, subject, &mut collect, &mut no_searches),
        };
        let result = match outcome {
            Ok(()) => Ok(found),
            Err(reason) => Err(self.interrupted(reason)),
        };
        self.machine.reset();
        self.store.clear_scratch();
        result
    }

    /// The part of a subject that a match with extension of a pattern covers: `extension` is what
    /// follows the values of the variables in the result of [`Reducer::matches`].
    pub fn matched_portion(
        &mut self,
        subject: NormalForm,
        pattern: &Pattern,
        extension: &[TermId],
    ) -> TermId {
        let subject = subject.term();
        if let [_, _, covered] = extension {
            return *covered;
        }
        let op = self.store.op(subject);
        match pattern.node(pattern.root()) {
            PatternNode::Application { op: top, .. } if *top == op => {}
            _ => return subject,
        }
        let length = |store: &Store, term: TermId| match term {
            TermId::NONE => 0,
            _ if store.facts(op).identity() == term => 0,
            _ if store.op(term) == op => store.arguments(term).len(),
            _ => 1,
        };
        let elements = self.store.arguments(subject).to_vec();
        let covered: Vec<TermId> = match extension {
            [] => return subject,
            [rest] => {
                let rest = match length(&self.store, *rest) {
                    0 => Vec::new(),
                    1 => vec![*rest],
                    _ => self.store.arguments(*rest).to_vec(),
                };
                let mut rest = rest.into_iter().peekable();
                let is_covered = |element: &TermId| rest.next_if_eq(element).is_none();
                elements.into_iter().filter(is_covered).collect()
            }
            [before, after, ..] => {
                let start = length(&self.store, *before);
                let end = elements.len() - length(&self.store, *after);
                match elements.get(start..end) {
                    Some(covered) => covered.to_vec(),
                    None => return subject,
                }
            }
        };
        self.store.make(op, &covered)
    }

    /// The machine and everything it runs with.
    pub(crate) fn running<'a>(&'a mut self, budget: &'a mut Budget) -> (&'a mut Machine, Host<'a>) {
        let host = Host {
            module: &self.module,
            program: &mut self.program,
            builtins: &self.builtins,
            store: &mut self.store,
            budget,
            observer: match &mut self.observer.0 {
                Some(observer) => Some(observer.as_mut()),
                None => None,
            },
        };
        (&mut self.machine, host)
    }

    /// Compiles a pattern and a condition.
    pub(crate) fn compile_goal(
        &mut self,
        variables: &[Variable],
        pattern: &Pattern,
        condition: &[Fragment],
        extend: bool,
    ) -> Enumeration {
        self.program
            .compile_goal(&mut self.store, variables, pattern, condition, extend)
    }

    /// Gives the solutions of a goal one after the other, leaving what the machine is doing as it is. `reach` gives the
    /// terms reachable from another, by number, for conditions with rewrites.
    pub(crate) fn enumerate(
        &mut self,
        goal: &Enumeration,
        subject: NormalForm,
        found: &mut dyn FnMut(&mut Reducer, Vec<TermId>) -> ControlFlow<()>,
        reach: &mut Reach<'_>,
    ) -> Result<(), Reason> {
        let suspension = self.machine.suspend();
        let mut budget = Budget::new(&self.limits);
        budget.start(self.machine.n_rewrites);
        let mut started = false;
        loop {
            let mut event = if started {
                let (machine, mut host) = self.running(&mut budget);
                machine.resume(&mut host, goal.allocation.registers)?
            } else {
                let (machine, mut host) = self.running(&mut budget);
                machine.start(&mut host, goal.entry(), subject.0)?
            };
            started = true;
            while let Event::Reach { source, number } = event {
                let source = self.machine.register(source);
                let source = self.store.promote(source);
                let term = reach(self, source, number)?;
                let (machine, mut host) = self.running(&mut budget);
                event = machine.answer(&mut host, term)?;
            }
            match event {
                Event::Solution => {
                    let values = goal.variables.iter().map(|register| match register {
                        Some(register) => {
                            let value = self.machine.register(*register);
                            self.store.promote(value)
                        }
                        None => TermId::NONE,
                    });
                    let values = values.collect();
                    if found(self, values).is_break() {
                        break;
                    }
                }
                _ => break,
            }
        }
        self.machine.restore(suspension);
        Ok(())
    }
}
