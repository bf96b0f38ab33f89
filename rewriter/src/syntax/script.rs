//! Running a Maude script: modules and commands in order, with Maude's output.
//!
//! The one idea: a [`Session`] is what a running Maude would hold, and each command writes what
//! Maude 3.2 would write. What is wrong is not written but recorded as a diagnostic, as Maude
//! writes it to another stream.
//!
//! Left out so far: tracing, `frewrite`, strategies, unification, `show` of anything but paths.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::time::Instant;

use crate::diagnostic::Diagnostic;
use crate::load::LoadedModule;
use crate::module::unbound_in_condition;
use crate::name::Name;
use crate::pattern::{Pattern, PatternNode, Variable};
use crate::reduction::{Interrupted, Limits, NormalForm, Reducer};
use crate::search::{Arrow, Bounds, Goal as SearchGoal, Outcome, Search, StateId};
use crate::signature::SortId;
use crate::source::{Source, Span};
use crate::statement::Fragment;
use crate::syntax::ast::{Action, Bubble, Command, Item, ModuleExpression};
use crate::syntax::elaborate::{PairParts, Scope};
use crate::syntax::grammar::generate::Goal;
use crate::syntax::library::Library;
use crate::syntax::normalize::Normalizer;
use crate::term::{Store, TermId};
use crate::transition::Transitions;

/// Gives the text of a file that a script loads; the second name is that of the loading file.
pub type ReadFile<'r> = dyn FnMut(&str, &str) -> io::Result<Source> + 'r;

/// How deeply files may load files.
const MAXIMAL_NESTING: usize = 100;

/// What `set show ...` switches.
#[derive(Clone, Copy, Debug)]
struct Shown {
    command: bool,
    stats: bool,
    timing: bool,
}

/// The search that `show path` speaks of.
#[derive(Debug)]
struct Last {
    module: LoadedModule,
    reducer: Reducer,
    search: Search,
}

/// Modules read so far and the state of a session.
#[derive(Debug)]
pub struct Session {
    /// The modules, and everything that was wrong.
    pub library: Library,
    shown: Shown,
    last: Option<Last>,
    limits: Limits,
}

impl Default for Session {
    fn default() -> Session {
        Session::new()
    }
}

/// What a search or match command says, and how Maude echoes it.
struct Pair {
    parts: PairParts,
    variables: Vec<Variable>,
    echo: String,
}

/// Why a command was not carried out: what to record, or that the output cannot be written.
enum Failure {
    Diagnostic(Diagnostic),
    /// The diagnostics are recorded already.
    Recorded,
    Output(io::Error),
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Failure {
        Failure::Diagnostic(diagnostic)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

/// Whether the script goes on after a command.
type Step = ControlFlow<()>;

impl Session {
    /// A session that has read nothing but the prelude.
    pub fn new() -> Session {
        Session {
            library: Library::new(),
            shown: Shown { command: true, stats: true, timing: true },
            last: None,
            limits: Limits { rewrites: u64::MAX, ..Limits::default() },
        }
    }

    /// Sets what ends a computation before it is done; by default nothing does.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Reads a text, defines its modules and runs its commands in order; says whether it ended
    /// with `quit`.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn run(
        &mut self,
        source: Source,
        read: &mut ReadFile<'_>,
        output: &mut dyn Write,
    ) -> io::Result<bool> {
        // The texts that are being read, the innermost one last, with what is left of each.
        let name = source.name.clone();
        let mut pending = vec![(name, self.library.parse(source).into_iter())];
        while let Some((name, items)) = pending.last_mut() {
            let Some(item) = items.next() else {
                pending.pop();
                continue;
            };
            let command = match item {
                Item::Module(text) => {
                    let id = self.library.define(text);
                    self.library.elaborate(id);
                    continue;
                }
                Item::Command(command) => command,
            };
            if let Action::Load(file) = &command.action {
                let problem = match read(file, name) {
                    Ok(source) if pending.len() < MAXIMAL_NESTING => {
                        let name = source.name.clone();
                        pending.push((name, self.library.parse(source).into_iter()));
                        continue;
                    }
                    Ok(_) => "files load each other too deeply".to_owned(),
                    Err(error) => format!("cannot read `{file}`: {error}"),
                };
                let diagnostic = Diagnostic::error("load", command.span, problem);
                self.library.diagnostics.push(diagnostic);
                continue;
            }
            match self.command(&command, output) {
                Ok(Step::Continue(())) | Err(Failure::Recorded) => {}
                Ok(Step::Break(())) => return Ok(true),
                Err(Failure::Diagnostic(diagnostic)) => self.library.diagnostics.push(diagnostic),
                Err(Failure::Output(error)) => return Err(error),
            }
        }
        Ok(false)
    }

    fn command(&mut self, command: &Command, output: &mut dyn Write) -> Result<Step, Failure> {
        let span = command.span;
        match &command.action {
            Action::Quit => return Ok(Step::Break(())),
            Action::Load(_) | Action::Ignored => {}
            Action::Select(module) => {
                let id = self.library.resolve(module).ok_or(Failure::Recorded)?;
                self.library.select(id);
            }
            Action::Set { words, on } => self.set(words, *on),
            Action::Parse { module, bubble } => self.parse(module.as_ref(), bubble, span, output)?,
            Action::Reduce { module, bubble } => {
                self.reduce(module.as_ref(), bubble, span, output)?;
            }
            Action::Rewrite { limit, module, bubble } => {
                self.rewrite(*limit, module.as_ref(), bubble, span, output)?;
            }
            Action::Search { solutions, depth, module, bubble } => {
                let bounds = Bounds { solutions: *solutions, depth: *depth, states: None };
                self.search(bounds, module.as_ref(), bubble, span, output)?;
            }
            Action::Match { extension, limit, module, bubble } => {
                self.matches(*extension, *limit, module.as_ref(), bubble, span, output)?;
            }
            Action::ShowPath { labels, state } => self.show_path(*state, *labels, span, output)?,
            Action::Show(_) | Action::Continue(_) => {
                let message = "this command is not supported yet";
                return Err(Diagnostic::warning("unsupported", span, message).into());
            }
        }
        Ok(Step::Continue(()))
    }

    fn set(&mut self, words: &[Name], on: bool) {
        let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        match words.as_slice() {
            ["include", module] => self.library.set_automatic(Name::new(module), on),
            ["show", "timing"] => self.shown.timing = on,
            ["show", "stats"] => self.shown.stats = on,
            ["show", "command"] => self.shown.command = on,
            _ => {}
        }
    }

    /// The module that a command speaks of.
    fn module(
        &mut self,
        expression: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
    ) -> Result<LoadedModule, Failure> {
        let id = match expression {
            Some(expression) => self.library.resolve(expression).ok_or(Failure::Recorded)?,
            None => self.library.current().ok_or_else(|| {
                Diagnostic::error("no-module", span, "there is no module yet")
                    .with_help("define or `load` a module first")
            })?,
        };
        let n_diagnostics = self.library.diagnostics.len();
        let mut elaborated = self.library.elaborate(id);
        let tested: Vec<Name> = bubble
            .windows(2)
            .filter(|pair| pair[0].is("::"))
            .map(|pair| pair[1].name)
            .filter(|&sort| {
                let operator = Name::new(&format!("_::`{sort}"));
                elaborated.signature.sort_named(sort).is_some()
                    && elaborated.signature.operators_named(operator, 1).is_empty()
            })
            .collect();
        if !tested.is_empty() {
            elaborated = self.library.with_sort_tests(id, &tested);
            // What was wrong with its text was reported the first time.
            self.library.diagnostics.truncate(n_diagnostics);
        }
        let module = self.library.module(id).ok_or(Failure::Recorded)?;
        Ok(LoadedModule::new(elaborated, module))
    }

    fn normalizer<'a>(&'a self, module: &'a LoadedModule) -> Normalizer<'a> {
        let identity = |op| module.module().identity(op);
        Normalizer::new(module.signature(), identity, &self.library.occurrences)
    }

    fn reducer(&self, module: &LoadedModule) -> Reducer {
        let mut reducer = Reducer::new(module.module().clone());
        reducer.set_limits(self.limits.clone());
        reducer
    }

    fn note_variables(&mut self, scope: &Scope) {
        for variable in &scope.variables {
            self.library.occurrences.note(variable.name);
        }
    }

    fn parse(
        &mut self,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let mut scope = Scope::default();
        let diagnostics = &mut self.library.diagnostics;
        let pattern = module.reader().term(Goal::Term, bubble, span, &mut scope, diagnostics)?;
        let sort = sort_of_pattern(&module, &pattern, &scope.variables);
        let sort = module.signature().sort(sort).name;
        writeln!(output, "{sort}: {}", module.print_pattern(&pattern, &scope.variables))?;
        Ok(())
    }

    /// Reads the subject of a command into a new reducer.
    fn subject(
        &mut self,
        module: &LoadedModule,
        bubble: &Bubble,
        span: Span,
    ) -> Result<(Reducer, TermId, String), Failure> {
        let mut scope = Scope::default();
        let diagnostics = &mut self.library.diagnostics;
        let pattern = module.reader().term(Goal::Term, bubble, span, &mut scope, diagnostics)?;
        let mut reducer = self.reducer(module);
        let term = ground(&mut reducer, &pattern, &scope.variables, span)?;
        let shown = if self.shown.command { self.echoed(module, &pattern, &[]) } else { String::new() };
        Ok((reducer, term, shown))
    }

    /// A term or pattern as Maude echoes it.
    fn echoed(&self, module: &LoadedModule, pattern: &Pattern, variables: &[Variable]) -> String {
        let pattern = self.normalizer(module).nested().pattern(pattern, variables);
        module.print_pattern(&pattern, variables)
    }

    fn echo(&self, text: &str, output: &mut dyn Write) -> Result<(), Failure> {
        if self.shown.command {
            writeln!(output, "==========================================\n{text} .")?;
        }
        Ok(())
    }

    fn reduce(
        &mut self,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let (mut reducer, term, shown) = self.subject(&module, bubble, span)?;
        self.echo(&format!("reduce in {} : {shown}", module.module().name()), output)?;
        let start = Instant::now();
        let result =
            reducer.reduce(term).map_err(|error| interrupted(&module, &reducer, &error, span))?;
        self.write_result(&module, &reducer, result.term(), start, output)
    }

    fn rewrite(
        &mut self,
        limit: Option<u64>,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let (mut reducer, term, shown) = self.subject(&module, bubble, span)?;
        let bound = limit.map(|limit| format!("[{limit}] ")).unwrap_or_default();
        self.echo(&format!("rewrite {bound}in {} : {shown}", module.module().name()), output)?;
        let start = Instant::now();
        let mut state =
            reducer.reduce(term).map_err(|error| interrupted(&module, &reducer, &error, span))?;
        let mut left = limit.unwrap_or(u64::MAX);
        while left > 0 {
            let next = Transitions::new(&mut reducer, state).next(&mut reducer);
            match next.map_err(|error| interrupted(&module, &reducer, &error, span))? {
                Some(transition) => state = transition.target,
                None => break,
            }
            left -= 1;
        }
        self.write_result(&module, &reducer, state.term(), start, output)
    }

    fn write_result(
        &self,
        module: &LoadedModule,
        reducer: &Reducer,
        term: TermId,
        start: Instant,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.write_statistics("", reducer.n_rewrites(), start, output)?;
        let store = reducer.store();
        let sort = module.signature().sort(store.sort(term)).name;
        writeln!(output, "result {sort}: {}", module.print(store, term))?;
        Ok(())
    }

    /// The line that begins with `rewrites:`, or `states:` given as a prefix.
    fn write_statistics(
        &self,
        states: &str,
        n_rewrites: u64,
        start: Instant,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        if !self.shown.stats {
            return Ok(());
        }
        write!(output, "{states}rewrites: {n_rewrites}")?;
        if self.shown.timing {
            let elapsed = start.elapsed();
            let milliseconds = elapsed.as_millis();
            let speed = match milliseconds {
                0 => "~".to_owned(),
                _ => format!("{}", (n_rewrites as f64 / elapsed.as_secs_f64()) as u64),
            };
            write!(
                output,
                " in {milliseconds}ms cpu ({milliseconds}ms real) ({speed} rewrites/second)"
            )?;
        }
        writeln!(output)?;
        Ok(())
    }

    /// Reads two sides and a condition, in normal form.
    fn pair(
        &mut self,
        goal: Goal,
        module: &LoadedModule,
        bubble: &Bubble,
        span: Span,
    ) -> Result<Pair, Failure> {
        let mut scope = Scope::default();
        let diagnostics = &mut self.library.diagnostics;
        let mut parts = module.reader().pair(goal, bubble, span, &mut scope, diagnostics)?;
        self.note_variables(&scope);
        let mut variables = scope.variables;
        let (subject, pattern) = match goal {
            Goal::Match => (&parts.right, &mut parts.left),
            _ => (&parts.left, &mut parts.right),
        };
        if !subject.is_ground() {
            return Err(variable_in_subject(span).into());
        }
        // Maude echoes the subject as it is written and the pattern in normal form.
        let subject = self.echoed(module, subject, &variables);
        let normalizer = self.normalizer(module);
        normalizer.query(pattern, &mut parts.condition, &mut variables);
        check_condition(pattern, &parts.condition, &variables, span)?;
        let pattern = module.print_pattern(pattern, &variables);
        let mut echo = match goal {
            Goal::Match => format!("{pattern} {} {subject}", parts.relation),
            _ => format!("{subject} {} {pattern}", parts.relation),
        };
        if !parts.condition.is_empty() {
            echo += " such that ";
            echo += &module.printer().condition(&parts.condition, &variables);
        }
        Ok(Pair { parts, variables, echo })
    }

    fn search(
        &mut self,
        bounds: Bounds,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let Pair { parts, variables, echo } = self.pair(Goal::Search, &module, bubble, span)?;
        let mut reducer = self.reducer(&module);
        let term = ground(&mut reducer, &parts.left, &[], span)?;
        let bound = match (bounds.solutions, bounds.depth) {
            (None, None) => String::new(),
            (Some(solutions), None) => format!("[{solutions}] "),
            (solutions, Some(depth)) => {
                let solutions = solutions.map(|n| n.to_string()).unwrap_or_default();
                format!("[{solutions}, {depth}] ")
            }
        };
        self.echo(&format!("search {bound}in {} : {echo}", module.module().name()), output)?;
        let arrow = match parts.relation.as_str() {
            "=>1" => Arrow::One,
            "=>+" => Arrow::Plus,
            "=>!" => Arrow::Final,
            _ => Arrow::Star,
        };
        let start = Instant::now();
        let initial =
            reducer.reduce(term).map_err(|error| interrupted(&module, &reducer, &error, span))?;
        let goal = SearchGoal {
            variables: variables.clone(),
            pattern: parts.right,
            condition: parts.condition,
        };
        let mut search = Search::new(initial, arrow, goal, bounds);
        let mut n_solutions = 0u64;
        let mut failure = Ok(());
        let outcome = search.run(&mut reducer, &mut |reducer, search, solution| {
            n_solutions += 1;
            let states = search.states().len();
            failure = self.write_solution(
                &module,
                reducer,
                (n_solutions, solution.state, states),
                (&variables, &solution.substitution),
                start,
                output,
            );
            if failure.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        failure?;
        let states = format!("states: {}  ", search.states().len());
        match &outcome {
            Outcome::Solutions => {}
            Outcome::Interrupted(error) => {
                return Err(interrupted(&module, &reducer, error, span).into());
            }
            Outcome::Exhausted | Outcome::Depth | Outcome::States => {
                let text = if n_solutions == 0 { "No solution." } else { "No more solutions." };
                writeln!(output, "\n{text}")?;
                self.write_statistics(&states, reducer.n_rewrites(), start, output)?;
            }
        }
        self.last = Some(Last { module, reducer, search });
        Ok(())
    }

    fn write_solution(
        &self,
        module: &LoadedModule,
        reducer: &Reducer,
        (number, state, n_states): (u64, StateId, usize),
        (variables, values): (&[Variable], &[TermId]),
        start: Instant,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        writeln!(output, "\nSolution {number} (state {})", state.index())?;
        let states = format!("states: {n_states}  ");
        self.write_statistics(&states, reducer.n_rewrites(), start, output)?;
        write_substitution(module, reducer.store(), variables, values, output)
    }

    fn matches(
        &mut self,
        extension: bool,
        limit: Option<u64>,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let Pair { parts, variables, echo } = self.pair(Goal::Match, &module, bubble, span)?;
        let mut reducer = self.reducer(&module);
        let term = ground(&mut reducer, &parts.right, &[], span)?;
        let keyword = if extension { "xmatch" } else { "match" };
        let bound = limit.map(|limit| format!("[{limit}] ")).unwrap_or_default();
        self.echo(&format!("{keyword} {bound}in {} : {echo}", module.module().name()), output)?;
        let most = limit.map_or(usize::MAX, |limit| limit as usize);
        let found = reducer
            .matches(&variables, &parts.left, &parts.condition, NormalForm(term), extension, most)
            .map_err(|error| interrupted(&module, &reducer, &error, span))?;
        if self.shown.timing {
            writeln!(output, "Decision time: 0ms cpu (0ms real)")?;
        }
        if found.is_empty() {
            writeln!(output, "No match.")?;
        }
        for (index, values) in found.iter().enumerate() {
            writeln!(output, "\nMatcher {}", index + 1)?;
            let values = &values[..variables.len()];
            write_substitution(&module, reducer.store(), &variables, values, output)?;
        }
        Ok(())
    }

    fn show_path(
        &mut self,
        state: u64,
        labels: bool,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let Some(last) = &self.last else {
            return Err(Diagnostic::error("no-search", span, "there was no search yet").into());
        };
        let n_states = last.search.states().len();
        if state >= n_states as u64 {
            let message = format!("there are only states 0 to {}", n_states - 1);
            return Err(Diagnostic::error("no-state", span, message).into());
        }
        let Last { module, reducer, search } = last;
        let path = search.path(StateId(state as u32));
        if labels {
            for step in path {
                let label = module.module().statement(step.rule).label;
                match label {
                    Some(label) => writeln!(output, "{label}")?,
                    None => writeln!(output, "(unlabeled rule)")?,
                }
            }
            return Ok(());
        }
        let write_state = |state: StateId, output: &mut dyn Write| {
            let term = search.states().term(state);
            let sort = module.signature().sort(reducer.store().sort(term)).name;
            let shown = module.print(reducer.store(), term);
            writeln!(output, "state {}, {sort}: {shown}", state.index())
        };
        write_state(StateId(0), output)?;
        for step in path {
            let rule = module.printer().statement(module.module().statement(step.rule));
            writeln!(output, "===[ {rule} ]===>")?;
            write_state(step.state, output)?;
        }
        Ok(())
    }
}

fn variable_in_subject(span: Span) -> Diagnostic {
    Diagnostic::error("variable-in-term", span, "the subject has variables")
        .with_help("only terms without variables are rewritten")
}

fn ground(
    reducer: &mut Reducer,
    pattern: &Pattern,
    variables: &[Variable],
    span: Span,
) -> Result<TermId, Diagnostic> {
    if !variables.is_empty() {
        return Err(variable_in_subject(span));
    }
    reducer.store_mut().ground(pattern).ok_or_else(|| variable_in_subject(span))
}

fn check_condition(
    pattern: &Pattern,
    condition: &[Fragment],
    variables: &[Variable],
    span: Span,
) -> Result<(), Diagnostic> {
    let mut bound = vec![false; variables.len()];
    for variable in pattern.variables() {
        bound[variable.index()] = true;
    }
    match unbound_in_condition(condition, &mut bound) {
        None => Ok(()),
        Some(variable) => {
            let name = variables[variable.index()].name;
            let message = format!("variable `{name}` has no value where it is used");
            Err(Diagnostic::error("unbound-variable", span, message))
        }
    }
}

fn interrupted(
    module: &LoadedModule,
    reducer: &Reducer,
    error: &Interrupted,
    span: Span,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("interrupted", span, error.to_string());
    match error.redex {
        Some(redex) => {
            let shown = module.print(reducer.store(), redex);
            diagnostic.with_help(format!("it was rewriting {shown}"))
        }
        None => diagnostic,
    }
}

fn write_substitution(
    module: &LoadedModule,
    store: &Store,
    variables: &[Variable],
    values: &[TermId],
    output: &mut dyn Write,
) -> Result<(), Failure> {
    if variables.is_empty() {
        writeln!(output, "empty substitution")?;
    }
    let printer = module.printer();
    for (variable, &value) in variables.iter().zip(values) {
        let name = printer.variable(variable.name, variable.sort);
        writeln!(output, "{name} --> {}", module.print(store, value))?;
    }
    Ok(())
}

/// The least sort of a pattern, from the sorts of its variables.
fn sort_of_pattern(module: &LoadedModule, pattern: &Pattern, variables: &[Variable]) -> SortId {
    let signature = module.signature();
    let mut sorts: Vec<SortId> = Vec::with_capacity(pattern.nodes().len());
    for node in pattern.nodes() {
        let sort = match node {
            PatternNode::Variable(variable) => variables[variable.index()].sort,
            PatternNode::Application { op, arguments } => {
                let arguments: Vec<SortId> =
                    arguments.iter().map(|id| sorts[id.index()]).collect();
                signature.least_sort(*op, &arguments)
            }
            PatternNode::Iterated { op, count, argument } => {
                let mut sort = sorts[argument.index()];
                // The sort of an iterated operator repeats soon.
                let rounds = match count {
                    crate::integer::Int::Small(count) => (*count).min(64),
                    crate::integer::Int::Big(_) => 64,
                };
                for _ in 0..rounds {
                    sort = signature.least_sort(*op, &[sort]);
                }
                sort
            }
            PatternNode::Literal { op, .. } => signature.least_sort(*op, &[]),
        };
        sorts.push(sort);
    }
    sorts[pattern.root().index()]
}

#[cfg(test)]
mod tests;
