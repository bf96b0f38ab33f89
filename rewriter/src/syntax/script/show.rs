//! What `show` writes.

use std::io::Write;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::commands::interrupted;
use super::{Failure, Last, Session};
use crate::diagnostic::Diagnostic;
use crate::module::StatementId;
use crate::name::Name;
use crate::search::StateId;
use crate::source::Span;
use crate::syntax::library::Aspect;
use crate::syntax::printer::{Printer, Transcript};
use crate::term::TermId;
use crate::transition::Transitions;

impl Last {
    fn write_state(
        &mut self,
        state: StateId,
        (printer, transcript): &mut (Printer<'_>, Transcript),
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let term = self.search.term(&mut self.reducer, state);
        let store = self.reducer.store();
        let sort = self.module.signature().sort(store.sort(term)).name;
        let shown = printer.term_again(store, term, transcript);
        writeln!(output, "state {}, {sort}: {shown}", state.index())?;
        Ok(())
    }

    /// The states to which a term leads in one step, each with the rules that do.
    fn arcs(
        &mut self,
        term: TermId,
        numbers: &HashMap<TermId, StateId, FxBuildHasher>,
        span: Span,
    ) -> Result<Vec<(StateId, Vec<StatementId>)>, Diagnostic> {
        let Last {
            module, reducer, ..
        } = self;
        let normal =
            (reducer.reduce(term)).map_err(|error| interrupted(module, reducer, &error, span))?;
        let mut transitions = Transitions::new(reducer, normal);
        let mut arcs: Vec<(StateId, Vec<StatementId>)> = Vec::new();
        loop {
            let next = transitions.next(reducer);
            let next = next.map_err(|error| interrupted(module, reducer, &error, span))?;
            let Some(transition) = next else {
                // Maude lists them by the number of the state.
                arcs.sort_by_key(|&(target, _)| target.index());
                return Ok(arcs);
            };
            let Some(&target) = numbers.get(&transition.target.term()) else {
                continue;
            };
            match arcs.iter_mut().find(|(known, _)| *known == target) {
                Some((_, rules)) if rules.contains(&transition.rule) => {}
                Some((_, rules)) => rules.push(transition.rule),
                None => arcs.push((target, vec![transition.rule])),
            }
        }
    }
}

impl Session {
    /// `show` of a module or view.
    pub(super) fn show(
        &mut self,
        words: &[Name],
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let [what, rest @ ..] = words else {
            return Err(Diagnostic::error("bad-command", span, "show what?").into());
        };
        let aspect = match what.as_str() {
            "mod" | "module" => Aspect::Written,
            "all" => Aspect::All,
            "sorts" => Aspect::Sorts,
            "kinds" | "components" => Aspect::Kinds,
            "ops" => Aspect::Operators,
            "vars" => Aspect::Variables,
            "mbs" => Aspect::Memberships,
            "eqs" => Aspect::Equations,
            "rls" => Aspect::Rules,
            "view" => return self.show_view(rest, span, output),
            "profile" => {
                if let Some(profile) = &self.profiling.profile {
                    write!(output, "{}", profile.borrow().show())?;
                }
                return Ok(());
            }
            "modules" => {
                write!(output, "{}", self.library.describe_modules())?;
                return Ok(());
            }
            "views" => {
                write!(output, "{}", self.library.describe_views())?;
                return Ok(());
            }
            _ => {
                let message = "this command is not supported yet";
                return Err(Diagnostic::warning("unsupported", span, message).into());
            }
        };
        let id = match rest {
            [] => self.library.current(),
            [name] => {
                let found = self.library.module_named(*name);
                if found.is_none() {
                    let message = format!("there is no module `{name}`");
                    return Err(Diagnostic::error("unknown-module", span, message).into());
                }
                found
            }
            _ => {
                let message = "only a module with a name can be shown";
                return Err(Diagnostic::error("bad-command", span, message).into());
            }
        };
        let Some(id) = id else {
            return Err(Diagnostic::error("no-module", span, "there is no module yet").into());
        };
        self.library.select(id);
        self.usable(id, span)?;
        write!(
            output,
            "{}",
            self.library.describe(id, aspect, self.options)
        )?;
        Ok(())
    }

    fn show_view(
        &mut self,
        words: &[Name],
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let text = match (words, self.library.current_view()) {
            ([name], _) => self.library.describe_view(*name),
            ([], Some(name)) => self.library.describe_view(name),
            _ => None,
        };
        let Some(text) = text else {
            return Err(Diagnostic::error("unknown-view", span, "there is no such view").into());
        };
        write!(output, "{text}")?;
        Ok(())
    }

    pub(super) fn show_path(
        &mut self,
        state: u64,
        labels: bool,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let Some(last) = &mut self.last else {
            return Err(Diagnostic::error("no-search", span, "there was no search yet").into());
        };
        let n_states = last.search.states().len();
        if state >= n_states as u64 {
            let message = format!("there are only states 0 to {}", n_states - 1);
            return Err(Diagnostic::error("no-state", span, message).into());
        }
        let path = last.search.path(StateId(state as u32));
        if labels {
            if path.is_empty() {
                writeln!(output, "Empty path.")?;
            }
            for step in path {
                let label = last.module.module().statement(step.rule).label;
                match label {
                    Some(label) => writeln!(output, "{label}")?,
                    None => writeln!(output, "(unlabeled rule)")?,
                }
            }
            return Ok(());
        }
        let module = last.module.clone();
        let mut transcript = (module.printer(), Transcript::default());
        last.write_state(StateId(0), &mut transcript, output)?;
        for step in path {
            let rule = transcript.0.statement(module.module().statement(step.rule));
            writeln!(output, "===[ {rule} ]===>")?;
            last.write_state(step.state, &mut transcript, output)?;
        }
        Ok(())
    }

    /// The states found so far and the transitions between them.
    pub(super) fn show_graph(&mut self, span: Span, output: &mut dyn Write) -> Result<(), Failure> {
        let Some(last) = &mut self.last else {
            return Err(Diagnostic::error("no-search", span, "there was no search yet").into());
        };
        let n_states = last.search.states().len();
        let mut numbers = HashMap::with_capacity_and_hasher(n_states, FxBuildHasher);
        let mut terms = Vec::with_capacity(n_states);
        for index in 0..n_states {
            let state = StateId(index as u32);
            let term = last.search.term(&mut last.reducer, state);
            numbers.insert(term, state);
            terms.push(term);
        }
        let module = last.module.clone();
        let mut transcript = (module.printer(), Transcript::default());
        for (index, &term) in terms.iter().enumerate() {
            if index > 0 {
                writeln!(output)?;
            }
            last.write_state(StateId(index as u32), &mut transcript, output)?;
            let arcs = last.arcs(term, &numbers, span)?;
            for (number, (target, rules)) in arcs.iter().enumerate() {
                write!(output, "arc {number} ===> state {}", target.index())?;
                for &rule in rules {
                    let rule = transcript.0.statement(module.module().statement(rule));
                    write!(output, " ({rule})")?;
                }
                writeln!(output)?;
            }
        }
        Ok(())
    }
}
