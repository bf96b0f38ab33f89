//! Whether a reduction never ends, because the same term has to be reduced again within it.
//!
//! The one idea: what a term is reduced to is a function of the term, so if reducing it asks for
//! reducing it, that never ends. Not found are a loop in which something grows, and one on whose result
//! another rewrite waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Reducer;
use super::compile::Program;
use super::limits::Limits;
use super::observer::{Observer, Rewrite};
use crate::module::StatementId;
use crate::term::{Store, TermId};

/// Waits for a term to be rewritten twice.
struct Recurrence {
    term: TermId,
    n_times: u32,
    /// Ends the reduction.
    is_over: Arc<AtomicBool>,
}

impl Observer for Recurrence {
    fn applied(&mut self, _: &Store, _: StatementId, _: &[Option<TermId>]) {}

    fn rewritten(&mut self, store: &mut Store, rewrite: &Rewrite<'_>) {
        // Rules of conditions have subjects as well, and memberships do not change theirs.
        let is_equation = rewrite.around.is_none() && rewrite.sort.is_none();
        if is_equation
            && rewrite.subject != TermId::NONE
            && store.op(rewrite.subject) == store.op(self.term)
            && store.promote(rewrite.subject) == self.term
        {
            self.n_times += 1;
            if self.n_times == 2 {
                self.is_over.store(true, Ordering::Relaxed);
            }
        }
    }
}

impl Reducer {
    /// Whether the reduction of a term is seen to need its own result, within so many rewrites.
    ///
    /// The term to ask about is the [`redex`](super::Interrupted::redex) of a reduction that took too
    /// long: if that goes round in circles and nothing waits for them to end, it is on the circle.
    pub fn never_ends(&mut self, term: TermId, rewrites: u64) -> bool {
        let is_over = Arc::new(AtomicBool::new(false));
        let limits = Limits {
            rewrites,
            interrupt: Some(Arc::clone(&is_over)),
            ..self.limits.clone()
        };
        let mut recurrence = Recurrence {
            term,
            n_times: 0,
            is_over,
        };
        let limits = std::mem::replace(&mut self.limits, limits);
        // Only in such a program the terms that are rewritten can be read.
        let explaining = Program::explaining(&self.module, &mut self.store);
        let program = std::mem::replace(&mut self.program, explaining);
        let n_rewrites = self.machine.n_rewrites;
        // It ends early, or because a limit is reached, or not at all: what counts was observed.
        let _ = self.reduce_observed(term, Some(&mut recurrence));
        self.machine.n_rewrites = n_rewrites;
        self.program = program;
        self.limits = limits;
        recurrence.n_times >= 2
    }
}
