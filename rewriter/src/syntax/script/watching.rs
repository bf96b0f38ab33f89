//! Who watches a command: statements that print, a trace, a profile.
//!
//! The one idea: all that is shown while a command runs is collected in one text, in order, and
//! written before what the command writes itself.

use std::cell::RefCell;
use std::rc::Rc;

use super::Session;
use super::attributes::AttributePrinter;
use super::profile::Profile;
use super::trace::Tracer;
use crate::load::LoadedModule;
use crate::module::StatementId;
use crate::reduction::{Attempt, Computation, Observer, Reducer, Rewrite};
use crate::term::{Store, TermId};

/// How many bytes are collected at most before they are written: a computation that never ends must
/// not fill the memory.
const MOST_COLLECTED: usize = 1 << 28;

/// Watches for everybody who wants to know.
#[derive(Clone)]
pub(super) struct Watcher {
    module: LoadedModule,
    printer: Option<AttributePrinter>,
    tracer: Option<Rc<RefCell<Tracer>>>,
    profile: Option<Rc<RefCell<Profile>>>,
    text: Rc<RefCell<String>>,
}

impl Watcher {
    /// What was collected since the last time.
    pub(super) fn take(&self) -> String {
        std::mem::take(&mut *self.text.borrow_mut())
    }

    /// Has something added to the text, unless it is too long already.
    fn write(&self, add: impl FnOnce(&mut String)) {
        let text = &mut self.text.borrow_mut();
        if text.len() >= MOST_COLLECTED {
            return;
        }
        add(text);
        if text.len() >= MOST_COLLECTED {
            text.push_str("\n(the rest is left out: this is too long)\n");
        }
    }
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Watcher")
    }
}

impl Observer for Watcher {
    fn applied(&mut self, store: &Store, statement: StatementId, values: &[Option<TermId>]) {
        if let Some(printer) = &self.printer {
            self.write(|text| printer.applied(store, statement, values, text));
        }
        if let Some(profile) = &self.profile {
            profile.borrow_mut().applied(statement);
        }
    }

    fn rewritten(&mut self, store: &mut Store, rewrite: &Rewrite<'_>) {
        if let Some(tracer) = &self.tracer {
            let mut tracer = tracer.borrow_mut();
            self.write(|text| tracer.rewritten(&self.module, store, rewrite, text));
        }
    }

    fn computed(&mut self, store: &Store, computation: Computation) {
        if let Some(profile) = &self.profile {
            profile.borrow_mut().computed(store, computation);
        }
        if let Some(tracer) = &self.tracer {
            let mut tracer = tracer.borrow_mut();
            self.write(|text| tracer.computed(&self.module, store, computation, text));
        }
    }

    fn attempted(&mut self, store: &Store, attempt: &Attempt<'_>) {
        if let Some(profile) = &self.profile {
            profile.borrow_mut().attempted(attempt);
        }
        if let Some(tracer) = &self.tracer {
            let mut tracer = tracer.borrow_mut();
            self.write(|text| tracer.attempted(&self.module, store, attempt, text));
        }
    }
}

impl Session {
    /// A reducer for a command, and who watches it if somebody wants to.
    pub(super) fn watched(&mut self, module: &LoadedModule) -> (Reducer, Option<Watcher>) {
        let is_detailed = self.trace.is_wanted() || self.profiling.on;
        if !is_detailed && !self.attributes.on {
            return (self.reducer(module), None);
        }
        if self.profiling.on {
            let is_kept = !self.profiling.clears
                && (self.profiling.profile.as_ref())
                    .is_some_and(|profile| profile.borrow().module() == module.module().name());
            if !is_kept {
                let profile = Rc::new(RefCell::new(Profile::new(module.clone())));
                self.profiling.profile = Some(profile);
            }
        }
        let printer = (self.attributes.on)
            .then(|| AttributePrinter::new(module.clone(), self.attributes.clone()));
        let tracer = (self.trace.is_wanted())
            .then(|| Rc::new(RefCell::new(Tracer::new(self.trace.clone()))));
        let profile = (self.profiling.profile.clone()).filter(|_| self.profiling.on);
        let watcher = Watcher {
            module: module.clone(),
            printer,
            tracer,
            profile,
            text: Rc::default(),
        };
        let reducer = match is_detailed {
            true => self.explaining_reducer(module),
            false => self.reducer(module),
        };
        (reducer, Some(watcher))
    }
}

/// What `set profile` says, and what happened since.
#[derive(Debug)]
pub(super) struct Profiling {
    pub(super) on: bool,
    /// Whether each command begins anew.
    pub(super) clears: bool,
    pub(super) profile: Option<Rc<RefCell<Profile>>>,
}

impl Default for Profiling {
    fn default() -> Profiling {
        Profiling {
            on: false,
            clears: true,
            profile: None,
        }
    }
}
