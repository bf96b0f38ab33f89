//! How long a computation may go on.
//!
//! The one idea: the machine pays for every rewrite and every alternative out of a small purse;
//! only when that is empty are the clock, the interrupt flag and memory looked at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use thiserror::Error;

use super::machine::Machine;
use crate::term::Store;

/// What ends a computation before it is done.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The most rewrites one reduction may take; steps along a list that are made at once count as one.
    /// Ten million by default.
    pub rewrites: u64,
    /// The most bytes the engine may occupy.
    pub memory: Option<usize>,
    /// When to stop.
    pub deadline: Option<Instant>,
    /// Set from outside to stop at once.
    pub interrupt: Option<Arc<AtomicBool>>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            rewrites: 10_000_000,
            memory: None,
            deadline: None,
            interrupt: None,
        }
    }
}

/// Which limit ended a computation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Error)]
pub enum Reason {
    /// One reduction took more rewrites than allowed.
    #[error("one reduction took more rewrites than allowed")]
    Rewrites,
    /// The engine occupies more memory than allowed.
    #[error("the limit on memory is reached")]
    Memory,
    /// Time is up.
    #[error("time is up")]
    Deadline,
    /// It was interrupted from outside.
    #[error("interrupted")]
    Interrupt,
    /// Conditions of rules ask for searches nested too deeply.
    #[error("conditions ask for searches nested too deeply")]
    Nesting,
}

/// What is left of the limits during a computation.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    limits: Limits,
    /// Rewrites at which the present reduction ends.
    end: u64,
    purse: u32,
    /// Words of scratch at which the limits are looked at: one rewrite can double a term.
    most_scratch: usize,
}

const PURSE: u32 = 1 << 12;
const MOST_SCRATCH: usize = 1 << 20;

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Budget {
        Budget {
            limits: limits.clone(),
            end: u64::MAX,
            purse: PURSE,
            most_scratch: MOST_SCRATCH,
        }
    }

    /// A reduction starts.
    pub(crate) fn start(&mut self, n_rewrites: u64) {
        self.end = n_rewrites.saturating_add(self.limits.rewrites);
    }

    /// Pays for a rewrite or an alternative.
    #[inline]
    pub(crate) fn spend(&mut self, machine: &Machine, store: &Store) -> Result<(), Reason> {
        if self.purse > 0 && store.scratch_words() < self.most_scratch {
            self.purse -= 1;
            return Ok(());
        }
        self.purse = PURSE;
        self.most_scratch = MOST_SCRATCH.max(store.scratch_words() * 2);
        self.look(machine, store)
    }

    /// So many steps of an equation were made at once: they count as one.
    pub(crate) fn walk(&mut self, n_steps: u64) {
        self.end = self.end.saturating_add(n_steps.saturating_sub(1));
    }

    /// Looks at every limit, because the purse is empty or the stack is about to grow: calls in
    /// conditions can nest without a rewrite.
    #[cold]
    pub(crate) fn look(&self, machine: &Machine, store: &Store) -> Result<(), Reason> {
        if machine.n_rewrites > self.end {
            return Err(Reason::Rewrites);
        }
        let flag = self.limits.interrupt.as_ref();
        if flag.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Reason::Interrupt);
        }
        if self
            .limits
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Err(Reason::Deadline);
        }
        let bytes = store.bytes() + machine.bytes();
        if store.is_exhausted() || self.limits.memory.is_some_and(|limit| bytes > limit) {
            return Err(Reason::Memory);
        }
        Ok(())
    }
}
