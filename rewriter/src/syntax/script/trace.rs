//! `set trace`: every rewrite, and every attempt to solve a condition, as it happens.
//!
//! The one idea: attempts are numbered, and what is said of one later needs its number again. An
//! attempt stays with one activation of the machine, so the number is kept by activation.
//!
//! `set break on` tells where a break is and goes on: there is no debugger.

use std::fmt::Write as _;

use crate::integer::Int;
use crate::load::LoadedModule;
use crate::name::Name;
use crate::pattern::PatternNode;
use crate::reduction::{Attempt, Computation, Port, Rewrite};
use crate::signature::OpId;
use crate::statement::{Body, Statement};
use crate::term::{Store, TermId, Theory};

const HEADER: &str = "*********** ";

/// What `set trace`, `trace select`, `set break` and the like say.
#[derive(Clone, Debug)]
pub(super) struct TraceSettings {
    pub(super) on: bool,
    pub(super) whole: bool,
    pub(super) substitution: bool,
    pub(super) condition: bool,
    pub(super) memberships: bool,
    pub(super) equations: bool,
    pub(super) rules: bool,
    pub(super) rewrite: bool,
    pub(super) body: bool,
    pub(super) builtin: bool,
    /// Only rewrites of these operators or by statements with these labels are shown.
    pub(super) select: bool,
    pub(super) selected: Vec<Name>,
    /// No rewrites in these modules are shown.
    pub(super) excluded: Vec<Name>,
    pub(super) breaks: bool,
    pub(super) broken: Vec<Name>,
}

impl Default for TraceSettings {
    fn default() -> TraceSettings {
        TraceSettings {
            on: false,
            whole: false,
            substitution: true,
            condition: true,
            memberships: true,
            equations: true,
            rules: true,
            rewrite: true,
            body: true,
            builtin: true,
            select: false,
            selected: Vec::new(),
            excluded: Vec::new(),
            breaks: false,
            broken: Vec::new(),
        }
    }
}

impl TraceSettings {
    /// `set trace OPTION on`; tells whether there is such an option.
    pub(super) fn set(&mut self, option: &[&str], on: bool) -> bool {
        let flag = match option {
            [] => &mut self.on,
            ["whole"] => &mut self.whole,
            ["substitution"] => &mut self.substitution,
            ["condition"] => &mut self.condition,
            ["mb" | "mbs"] => &mut self.memberships,
            ["eq" | "eqs"] => &mut self.equations,
            ["rl" | "rls"] => &mut self.rules,
            ["rewrite"] => &mut self.rewrite,
            ["body"] => &mut self.body,
            ["builtin"] => &mut self.builtin,
            ["select"] => &mut self.select,
            // There are no strategies here.
            ["sd" | "sds"] => return true,
            _ => return false,
        };
        *flag = on;
        true
    }

    /// `trace select NAMES` and the like; tells whether it is one.
    pub(super) fn choose(&mut self, what: &str, how: &str, names: &[Name]) -> bool {
        let (list, is_added) = match (what, how) {
            ("trace", "select") => (&mut self.selected, true),
            ("trace", "deselect") => (&mut self.selected, false),
            ("trace", "exclude") => (&mut self.excluded, true),
            ("trace", "include") => (&mut self.excluded, false),
            ("break", "select") => (&mut self.broken, true),
            ("break", "deselect") => (&mut self.broken, false),
            _ => return false,
        };
        list.retain(|name| !names.contains(name));
        if is_added {
            list.extend(names);
        }
        true
    }

    /// Whether anything is to be shown at all.
    pub(super) fn is_wanted(&self) -> bool {
        self.on || self.breaks
    }
}

/// Writes a trace.
pub(super) struct Tracer {
    settings: TraceSettings,
    n_trials: u32,
    /// For each activation the number of the attempt that it makes, if that is shown.
    trials: Vec<Option<u32>>,
    /// How many fragments of conditions are being solved.
    n_solving: u32,
}

impl Tracer {
    pub(super) fn new(settings: TraceSettings) -> Tracer {
        Tracer {
            settings,
            n_trials: 0,
            trials: Vec::new(),
            n_solving: 0,
        }
    }

    pub(super) fn rewritten(
        &mut self,
        module: &LoadedModule,
        store: &mut Store,
        rewrite: &Rewrite<'_>,
        text: &mut String,
    ) {
        let statement = module.module().statement(rewrite.statement);
        let op = store.op(rewrite.subject);
        if is_sort_test(module, statement) {
            let computation = Computation {
                subject: rewrite.subject,
                value: value_of_test(store, statement),
                n_rewrites: 1,
            };
            return self.computed(module, store, computation, text);
        }
        self.pause(module, op, Some(statement), text);
        if !self.is_shown(module, op, Some(statement)) {
            return;
        }
        let (kind, unlabeled) = match statement.body {
            Body::Equation { .. } => ("equation", "(unlabeled equation)"),
            Body::Rule { .. } => ("rule", "(unlabeled rule)"),
            Body::Membership { .. } => ("membership axiom", "(unlabeled membership axiom)"),
        };
        if self.settings.body {
            let shown = module.printer().statement(statement);
            let _ = writeln!(text, "{HEADER}{kind}\n{shown}");
            self.substitution(module, store, (statement, rewrite.values), text);
        } else {
            match statement.label {
                Some(label) => text.push_str(label.as_str()),
                None => text.push_str(unlabeled),
            }
            text.push('\n');
        }
        let around = rewrite.around.filter(|_| self.settings.whole);
        if let Some(around) = around {
            let whole = embedded(store, rewrite.subject, around);
            let _ = writeln!(text, "Old: {}", module.print(store, whole));
        }
        if !self.settings.rewrite && around.is_none() {
            return;
        }
        let subject = module.print(store, rewrite.subject);
        match &statement.body {
            Body::Membership { sort, .. } => {
                let name = |sort| module.signature().sort(sort).name;
                let before = rewrite.sort.map_or(Name::new(""), name);
                let after = name(*sort);
                let _ = writeln!(text, "{before}: {subject} becomes {after}");
            }
            Body::Equation { right, .. } | Body::Rule { right, .. } => {
                let values = rewrite.values.iter().map(|value| match value {
                    Some(value) => store.promote(*value),
                    None => TermId::NONE,
                });
                let values: Vec<TermId> = values.collect();
                let replacement = store.instantiate(right, &values);
                let whole = joined(store, op, replacement, rewrite.uncovered);
                if self.settings.rewrite {
                    let result = module.print(store, whole);
                    let _ = writeln!(text, "{subject}\n--->\n{result}");
                }
                if let Some(around) = around {
                    let whole = embedded(store, whole, around);
                    let _ = writeln!(text, "New: {}", module.print(store, whole));
                }
            }
        }
    }

    pub(super) fn computed(
        &mut self,
        module: &LoadedModule,
        store: &Store,
        computation: Computation,
        text: &mut String,
    ) {
        let Computation { subject, value, .. } = computation;
        let op = store.op(subject);
        self.pause(module, op, None, text);
        if !self.is_shown(module, op, None) {
            return;
        }
        if self.settings.body {
            let _ = writeln!(text, "{HEADER}equation");
        }
        let name = module.signature().operator(op).name;
        let _ = writeln!(text, "(built-in equation for symbol {name})");
        if self.settings.rewrite {
            let (subject, value) = (module.print(store, subject), module.print(store, value));
            let _ = writeln!(text, "{subject}\n--->\n{value}");
        }
    }

    pub(super) fn attempted(
        &mut self,
        module: &LoadedModule,
        store: &Store,
        attempt: &Attempt<'_>,
        text: &mut String,
    ) {
        let statement = module.module().statement(attempt.statement);
        if is_sort_test(module, statement) {
            return;
        }
        match (attempt.port, attempt.is_again) {
            (Port::Trial, false) => self.begin(module, store, statement, attempt, text),
            (Port::Solving(_), false) | (Port::Solved(_), true) => {}
            (Port::Solving(_), true) | (Port::Solved(_), false) => {
                self.n_solving = self.n_solving.saturating_sub(1);
            }
            _ => {}
        }
        let number = self.trials.get(attempt.activation).copied().flatten();
        if let Some(number) = number {
            let fragment = |index: u16| {
                let fragment = &statement.condition[usize::from(index)..=usize::from(index)];
                module.printer().condition(fragment, &statement.variables)
            };
            let _ = match (attempt.port, attempt.is_again) {
                (Port::Trial, true) => writeln!(text, "{HEADER}failure #{number}"),
                (Port::Satisfied, _) => writeln!(text, "{HEADER}success #{number}"),
                (Port::Solving(index), false) => {
                    let fragment = fragment(index);
                    writeln!(text, "{HEADER}solving condition fragment\n{fragment}")
                }
                (Port::Solving(index), true) => {
                    let fragment = fragment(index);
                    writeln!(text, "{HEADER}failure for condition fragment\n{fragment}")
                }
                (Port::Solved(index), true) => {
                    let fragment = fragment(index);
                    writeln!(text, "{HEADER}re-solving condition fragment\n{fragment}")
                }
                (Port::Solved(index), false) => {
                    let fragment = fragment(index);
                    let written =
                        writeln!(text, "{HEADER}success for condition fragment\n{fragment}");
                    self.substitution(module, store, (statement, attempt.values), text);
                    written
                }
                (Port::Trial, false) => Ok(()),
            };
        }
        if matches!(
            (attempt.port, attempt.is_again),
            (Port::Solving(_), false) | (Port::Solved(_), true)
        ) {
            self.n_solving += 1;
        }
    }

    /// A left side matches, and the condition will be tried.
    fn begin(
        &mut self,
        module: &LoadedModule,
        store: &Store,
        statement: &Statement,
        attempt: &Attempt<'_>,
        text: &mut String,
    ) {
        let op = store.op(attempt.subject);
        self.pause(module, op, Some(statement), text);
        let number = self.is_shown(module, op, Some(statement)).then(|| {
            self.n_trials += 1;
            let shown = module.printer().statement(statement);
            let _ = writeln!(text, "{HEADER}trial #{}\n{shown}", self.n_trials);
            self.substitution(module, store, (statement, attempt.values), text);
            self.n_trials
        });
        if self.trials.len() <= attempt.activation {
            self.trials.resize(attempt.activation + 1, None);
        }
        self.trials[attempt.activation] = number;
    }

    fn substitution(
        &self,
        module: &LoadedModule,
        store: &Store,
        (statement, values): (&Statement, &[Option<TermId>]),
        text: &mut String,
    ) {
        if !self.settings.substitution {
            return;
        }
        if statement.variables.is_empty() {
            text.push_str("empty substitution\n");
        }
        let printer = module.printer();
        for (index, variable) in statement.variables.iter().enumerate() {
            let name = printer.variable(variable.name, variable.sort);
            let value = values.get(index).copied().flatten();
            let shown = match value {
                Some(value) if value != TermId::NONE => module.print(store, value),
                _ => "(unbound)".to_owned(),
            };
            let _ = writeln!(text, "{name} --> {shown}");
        }
    }

    /// Whether a rewrite is shown; without a statement it is a built-in one.
    fn is_shown(&self, module: &LoadedModule, op: OpId, statement: Option<&Statement>) -> bool {
        let settings = &self.settings;
        let is_kind = match statement.map(|statement| &statement.body) {
            None => settings.builtin && settings.equations,
            Some(Body::Equation { .. }) => settings.equations,
            Some(Body::Rule { .. }) => settings.rules,
            Some(Body::Membership { .. }) => settings.memberships,
        };
        let is_inside = self.n_solving > 0 && !settings.condition;
        settings.on
            && is_kind
            && !is_inside
            && (!settings.select || is_named(&settings.selected, module, op, statement))
            && !settings.excluded.contains(&module.module().name())
    }

    /// Tells of a break, if there is one here.
    fn pause(
        &self,
        module: &LoadedModule,
        op: OpId,
        statement: Option<&Statement>,
        text: &mut String,
    ) {
        if !self.settings.breaks {
            return;
        }
        let name = module.signature().operator(op).name;
        if self.settings.broken.contains(&name) {
            let _ = writeln!(text, "break on symbol: {name}");
            return;
        }
        let label = statement.and_then(|statement| statement.label);
        if let (Some(statement), Some(label)) = (statement, label)
            && self.settings.broken.contains(&label)
        {
            let kind = match statement.body {
                Body::Equation { .. } => "equation",
                Body::Rule { .. } => "rule",
                Body::Membership { .. } => "membership axiom",
            };
            let shown = module.printer().statement(statement);
            let _ = writeln!(text, "break on labeled {kind}:\n{shown}");
        }
    }
}

/// Whether a statement says what `T :: S` is, which in Maude is built in.
pub(super) fn is_sort_test(module: &LoadedModule, statement: &Statement) -> bool {
    let Body::Equation { left, .. } = &statement.body else {
        return false;
    };
    let op = match left.node(left.root()) {
        PatternNode::Application { op, .. } => *op,
        _ => return false,
    };
    statement.span.is_none()
        && module
            .signature()
            .operator(op)
            .name
            .as_str()
            .starts_with("_::`")
}

/// What such a statement says.
fn value_of_test(store: &mut Store, statement: &Statement) -> TermId {
    match &statement.body {
        Body::Equation { right, .. } => store.ground(right).unwrap_or(TermId::NONE),
        _ => TermId::NONE,
    }
}

fn is_named(
    names: &[Name],
    module: &LoadedModule,
    op: OpId,
    statement: Option<&Statement>,
) -> bool {
    let label = statement.and_then(|statement| statement.label);
    names.contains(&module.signature().operator(op).name)
        || label.is_some_and(|label| names.contains(&label))
}

/// A term with the terms around it.
fn embedded(store: &mut Store, term: TermId, around: &[(TermId, usize)]) -> TermId {
    let mut term = store.promote(term);
    for &(outer, argument) in around {
        let op = store.op(outer);
        if let Some(count) = store.iterations(outer) {
            term = store.make_iterated(op, &count, term);
            continue;
        }
        let mut arguments = store.arguments(outer).to_vec();
        arguments[argument] = term;
        term = store.make(op, &arguments);
    }
    term
}

/// What a statement makes of its subject, from what it makes of the part that it covers.
fn joined(
    store: &mut Store,
    op: OpId,
    replacement: TermId,
    uncovered: &[Option<TermId>],
) -> TermId {
    let uncovered: Vec<TermId> = (uncovered.iter())
        .map(|term| term.unwrap_or(TermId::NONE))
        .map(|term| match term {
            TermId::NONE => term,
            _ => store.promote(term),
        })
        .collect();
    let parts = match *uncovered.as_slice() {
        [rest] if store.theory(op) == Theory::Iterated => {
            let count = match rest {
                TermId::NONE => None,
                _ => store.iterations(rest),
            };
            return match count {
                Some(count) => store.make_iterated(op, &count, replacement),
                None => store.make_iterated(op, &Int::Small(1), replacement),
            };
        }
        [] => return replacement,
        [rest] => vec![replacement, rest],
        [before, after, ..] => vec![before, replacement, after],
    };
    let parts: Vec<TermId> = (parts.into_iter())
        .filter(|&part| part != TermId::NONE)
        .collect();
    match parts.as_slice() {
        [single] => *single,
        _ => store.make(op, &parts),
    }
}
