//! `rewrite`, `frewrite` and `continue`.

use std::io::Write;
use std::time::Instant;

use super::commands::{Subject, interrupted};
use super::watching::Watcher;
use super::{Failure, Pending, Session};
use crate::diagnostic::Diagnostic;
use crate::load::LoadedModule;
use crate::reduction::Reducer;
use crate::rewriting::{Rewriting, Rewritten};
use crate::source::Span;
use crate::syntax::ast::{Bubble, ModuleExpression};

/// A rewriting that may go on.
#[derive(Debug)]
pub(super) struct Suspended {
    module: LoadedModule,
    reducer: Reducer,
    rewriting: Rewriting,
    watcher: Option<Watcher>,
}

impl Session {
    pub(super) fn rewrite(
        &mut self,
        (limit, gas): (Option<u64>, Option<u64>),
        is_fair: bool,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let Subject {
            module,
            mut reducer,
            watcher,
            term,
            shown,
        } = self.subject(module, bubble, span)?;
        let bound = match (limit, gas) {
            (None, None) => String::new(),
            (Some(limit), None) => format!("[{limit}] "),
            (limit, Some(gas)) => {
                let limit = limit.map(|limit| limit.to_string()).unwrap_or_default();
                format!("[{limit}, {gas}] ")
            }
        };
        let keyword = if is_fair { "frewrite" } else { "rewrite" };
        let name = module.module().name();
        self.echo(&format!("{keyword} {bound}in {name} : {shown}"), output)?;
        let start = Instant::now();
        let state = match &watcher {
            Some(watcher) => {
                reducer.observe_transitions(Some(Box::new(watcher.clone())));
                reducer.reduce_observed(term, Some(&mut watcher.clone()))
            }
            None => reducer.reduce(term),
        };
        if state.is_err()
            && let Some(watcher) = &watcher
        {
            write!(output, "{}", watcher.take())?;
        }
        let state = state.map_err(|error| interrupted(&module, &reducer, &error, span))?;
        let suspended = Suspended {
            watcher,
            rewriting: Rewriting::new(state, is_fair.then(|| gas.unwrap_or(1))),
            module,
            reducer,
        };
        self.go_on_rewriting(suspended, limit, (start, 0), span, output)
    }

    fn go_on_rewriting(
        &mut self,
        mut suspended: Suspended,
        limit: Option<u64>,
        (start, rewrites_before): (Instant, u64),
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let Suspended {
            module,
            reducer,
            rewriting,
            watcher,
        } = &mut suspended;
        let rewritten = rewriting.run(reducer, limit);
        if let Some(watcher) = watcher {
            write!(output, "{}", watcher.take())?;
        }
        let rewritten = rewritten.map_err(|error| interrupted(module, reducer, &error, span))?;
        let done = (start, reducer.n_rewrites() - rewrites_before);
        match rewritten {
            Rewritten::Reduced(term) => self.write_result(module, reducer, term, done, output)?,
            Rewritten::Unfinished(pattern) => {
                self.write_statistics("", done.1, start, output)?;
                let shown = module.print_pattern(&pattern, &[]);
                writeln!(output, "result (sort not calculated): {shown}")?;
            }
        }
        self.pending = Some(Pending::Rewriting(Box::new(suspended)));
        Ok(())
    }

    /// Goes on with the last rewriting or search.
    pub(super) fn go_on(
        &mut self,
        limit: Option<u64>,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        match self.pending.take() {
            Some(Pending::Rewriting(suspended)) => {
                let start = (Instant::now(), suspended.reducer.n_rewrites());
                self.go_on_rewriting(*suspended, limit, start, span, output)
            }
            Some(Pending::Search(mut searched)) => {
                searched.bounds.solutions = limit.map(|limit| searched.n_found + limit);
                self.run_search(*searched, output)
            }
            None => {
                let message = "there is nothing to go on with";
                Err(Diagnostic::warning("cannot-continue", span, message).into())
            }
        }
    }
}
