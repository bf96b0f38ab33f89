//! Running a Maude script: modules and commands in order, with Maude's output.
//!
//! The one idea: a [`Session`] is what a running Maude would hold, and each command writes what
//! Maude 3.2 would write. What is wrong is not written but recorded as a diagnostic, and reported
//! at the place in the output where Maude writes it to another stream.
//!
//! Left out: strategies, unification, the debugger.

mod attributes;
mod commands;
mod modules;
mod profile;
mod rewriting;
mod show;
mod trace;
mod watching;

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use self::attributes::PrintedAttributes;
use self::trace::TraceSettings;
use self::watching::Profiling;
use crate::diagnostic::Diagnostic;
use crate::load::LoadedModule;
use crate::name::Name;
use crate::reduction::{Limits, Reducer};
use crate::search::{Bounds, Engine, Search};
use crate::signature::SortId;
use crate::source::{Source, SourceMap, Span};
use crate::syntax::ast::{Action, Bubble, Command, Item, ModuleExpression};
use crate::syntax::elaborate::Scope;
use crate::syntax::library::{Dialect, Library, ModuleId, add_tested_sorts};
use crate::syntax::normalize::{Normalizer, note_sorts};
use crate::syntax::printer::PrintOptions;

/// What a script needs of the world beside its output.
pub trait Surroundings {
    /// Gives the text of a file that a script loads; the second name is that of the loading file.
    ///
    /// # Errors
    /// What the file system says.
    fn read(&mut self, file: &str, loading: &str) -> io::Result<Source>;

    /// Is told of everything that is wrong, when all output before it is written.
    ///
    /// # Errors
    /// If it cannot be told.
    fn report(&mut self, _diagnostic: &Diagnostic, _sources: &SourceMap) -> io::Result<()> {
        Ok(())
    }
}

impl<F: FnMut(&str, &str) -> io::Result<Source>> Surroundings for F {
    fn read(&mut self, file: &str, loading: &str) -> io::Result<Source> {
        self(file, loading)
    }
}

/// A text that is being read: what is left of it.
struct Reading {
    name: String,
    items: std::vec::IntoIter<Item>,
    /// What is wrong with its outer syntax, by place.
    faults: Vec<Diagnostic>,
}

/// Files of Maude's library of which everything is in the prelude here.
const BUILT_IN: [&str; 2] = ["prelude", "model-checker"];

/// The other files of Maude's library.
const MAUDE_LIBRARY: [&str; 10] = [
    "file",
    "linear",
    "machine-int",
    "metaInterpreter",
    "prng",
    "process",
    "smt",
    "socket",
    "term-order",
    "time",
];

/// Whether everything in a file of Maude's library is in the prelude here.
pub fn is_built_in(file: &str) -> bool {
    BUILT_IN.contains(&stem(file))
}

/// The name of a file as `load` takes it, without its ending.
fn stem(file: &str) -> &str {
    file.strip_suffix(".maude").unwrap_or(file)
}

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

/// What `continue` goes on with.
#[derive(Debug)]
enum Pending {
    Rewriting(Box<rewriting::Suspended>),
    Search(Box<commands::Searched>),
}

/// Modules read so far and the state of a session.
#[derive(Debug)]
pub struct Session {
    /// The modules, and everything that was wrong.
    pub library: Library,
    /// How searches find successors.
    pub engine: Engine,
    /// Threads that search together.
    pub n_threads: usize,
    /// Whether a line on how the engine worked follows each search.
    pub shows_statistics: bool,
    shown: Shown,
    attributes: PrintedAttributes,
    trace: TraceSettings,
    profiling: Profiling,
    options: PrintOptions,
    last: Option<Last>,
    pending: Option<Pending>,
    limits: Limits,
    /// How many of the diagnostics of the library were reported.
    n_reported: usize,
    /// The sorts of variables in modules and in what was asked of them, by first occurrence.
    variable_sorts: HashMap<Name, Vec<SortId>, FxBuildHasher>,
}

impl Default for Session {
    fn default() -> Session {
        Session::new()
    }
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
            engine: Engine::default(),
            n_threads: 1,
            shows_statistics: false,
            shown: Shown {
                command: true,
                stats: true,
                timing: true,
            },
            attributes: PrintedAttributes::default(),
            trace: TraceSettings::default(),
            profiling: Profiling::default(),
            options: PrintOptions::default(),
            last: None,
            pending: None,
            variable_sorts: HashMap::default(),
            n_reported: 0,
            limits: Limits {
                rewrites: u64::MAX,
                ..Limits::default()
            },
        }
    }

    /// Writes as a version of Maude does, where versions differ.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.library.dialect = dialect;
        self.options.labels_first = dialect == Dialect::Later;
        self.options.left_tells_kind = dialect == Dialect::Later;
    }

    /// Sets what ends a computation before it is done; by default nothing does.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Whether somebody asked from outside to stop.
    fn is_interrupted(&self) -> bool {
        let flag = self.limits.interrupt.as_ref();
        flag.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Reads a text, defines its modules and runs its commands in order, none after an interrupt;
    /// says whether it ended with `quit`.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn run(
        &mut self,
        source: Source,
        surroundings: &mut dyn Surroundings,
        output: &mut dyn Write,
    ) -> io::Result<bool> {
        self.go(source, surroundings, (output, true))
    }

    /// The same; if not `all`, commands are passed over that have an output.
    fn go(
        &mut self,
        source: Source,
        surroundings: &mut dyn Surroundings,
        (output, all): (&mut dyn Write, bool),
    ) -> io::Result<bool> {
        // Others may have taken what was reported.
        self.n_reported = self.n_reported.min(self.library.diagnostics.len());
        // The texts that are being read, the innermost one last.
        let mut pending = vec![self.begin(source)];
        while let Some(reading) = pending.last_mut() {
            let Some(item) = reading.items.next() else {
                self.library.diagnostics.append(&mut reading.faults);
                self.report(surroundings, output)?;
                pending.pop();
                continue;
            };
            let end = item.span().end;
            let n_due = reading.faults.partition_point(|fault| fault.start() < end);
            self.library
                .diagnostics
                .extend(reading.faults.drain(..n_due));
            self.report(surroundings, output)?;
            let command = match item {
                Item::Module(text) => {
                    self.variable_sorts.remove(&text.name.name);
                    let id = self.library.define(text);
                    self.library.elaborate(id);
                    self.report(surroundings, output)?;
                    continue;
                }
                Item::View(view) => {
                    self.library.define_view(view);
                    self.report(surroundings, output)?;
                    continue;
                }
                Item::Command(command) => command,
            };
            if let Action::Load(file) = &command.action {
                let problem = match surroundings.read(file, &reading.name) {
                    Ok(source) if pending.len() < MAXIMAL_NESTING => {
                        let reading = self.begin(source);
                        pending.push(reading);
                        continue;
                    }
                    Err(_) if is_built_in(file) => continue,
                    Ok(_) => "files load each other too deeply".to_owned(),
                    Err(error) => format!("cannot read `{file}`: {error}"),
                };
                let mut diagnostic = Diagnostic::error("load", command.span, problem);
                if MAUDE_LIBRARY.contains(&stem(file)) {
                    let help = "it is a file of Maude's own library: name the directory that it \
                                lies in, `MAUDE_LIB=DIR`";
                    diagnostic = diagnostic.with_help(help);
                }
                self.library.diagnostics.push(diagnostic);
                continue;
            }
            if matches!(command.action, Action::EndOfFile) && pending.len() > 1 {
                pending.pop();
                continue;
            }
            if !all && !matches!(command.action, Action::Set { .. } | Action::Select(_)) {
                continue;
            }
            let done = self.command(&command, output);
            output.flush()?;
            match done {
                Ok(Step::Continue(())) | Err(Failure::Recorded) => {}
                Ok(Step::Break(())) => {
                    self.library.check();
                    self.report(surroundings, output)?;
                    return Ok(true);
                }
                Err(Failure::Diagnostic(diagnostic)) => self.library.diagnostics.push(diagnostic),
                Err(Failure::Output(error)) => return Err(error),
            }
            self.report(surroundings, output)?;
            if self.is_interrupted() {
                break;
            }
        }
        self.library.check();
        self.report(surroundings, output)?;
        Ok(false)
    }

    /// Reads the items of a text. What is wrong with them is told when its place is reached.
    fn begin(&mut self, source: Source) -> Reading {
        let name = source.name.clone();
        let n_diagnostics = self.library.diagnostics.len();
        let items = self.library.parse(source).into_iter();
        let mut faults = self.library.diagnostics.split_off(n_diagnostics);
        faults.sort_by_key(Diagnostic::start);
        Reading {
            name,
            items,
            faults,
        }
    }

    /// Reports what was not reported before.
    fn report(
        &mut self,
        surroundings: &mut dyn Surroundings,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let library = &self.library;
        if self.n_reported < library.diagnostics.len() {
            output.flush()?;
        }
        for diagnostic in library.diagnostics.iter().skip(self.n_reported) {
            surroundings.report(diagnostic, &library.sources)?;
        }
        self.n_reported = library.diagnostics.len();
        Ok(())
    }

    fn command(&mut self, command: &Command, output: &mut dyn Write) -> Result<Step, Failure> {
        let span = command.span;
        if matches!(
            command.action,
            Action::Reduce { .. } | Action::Rewrite { .. } | Action::Match { .. }
        ) {
            // As in Maude, there is one computation that more can be asked of: the last one.
            self.pending = None;
            self.last = None;
        }
        match &command.action {
            Action::Quit | Action::EndOfFile => return Ok(Step::Break(())),
            Action::Load(_) | Action::Ignored => {}
            Action::Select(module) => {
                let id = self.library.resolve(module).ok_or(Failure::Recorded)?;
                self.library.select(id);
            }
            Action::Set { words, on } => {
                self.set(words, *on);
                let texts: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
                if let ["trace", option @ ..] = texts.as_slice()
                    && !self.trace.set(option, *on)
                {
                    let message = format!("traces have no option `{}`", option.join(" "));
                    return Err(Diagnostic::error("bad-command", span, message).into());
                }
                let message = match texts.as_slice() {
                    ["trace", "whole"] => "the term around what equations rewrite is not shown",
                    ["break"] => "there is no debugger: breaks are told, and passed",
                    _ => return Ok(Step::Continue(())),
                };
                if *on {
                    return Err(Diagnostic::warning("unsupported", span, message).into());
                }
            }
            Action::Print(words) => self.choose_attributes(words),
            Action::Watch(words) => {
                let [what, how, names @ ..] = words.as_slice() else {
                    return Err(Diagnostic::error("bad-command", span, "what is meant?").into());
                };
                if !self.trace.choose(what.as_str(), how.as_str(), names) {
                    let message = format!("`{what} {how}` is not a command");
                    return Err(Diagnostic::error("bad-command", span, message).into());
                }
            }
            Action::Parse { module, bubble } => {
                self.parse(module.as_ref(), bubble, span, output)?
            }
            Action::Reduce { module, bubble } => {
                self.reduce(module.as_ref(), bubble, span, output)?;
            }
            Action::Rewrite {
                limit,
                gas,
                is_fair,
                module,
                bubble,
            } => {
                let bounds = (*limit, *gas);
                self.rewrite(bounds, *is_fair, module.as_ref(), bubble, span, output)?;
            }
            Action::Search {
                solutions,
                depth,
                module,
                bubble,
            } => {
                let bounds = Bounds {
                    solutions: *solutions,
                    depth: *depth,
                    states: None,
                };
                self.search(bounds, module.as_ref(), bubble, span, output)?;
            }
            Action::Match {
                extension,
                limit,
                module,
                bubble,
            } => {
                self.matches(*extension, *limit, module.as_ref(), bubble, span, output)?;
            }
            Action::ShowPath { labels, state } => self.show_path(*state, *labels, span, output)?,
            Action::ShowGraph => self.show_graph(span, output)?,
            Action::Continue(limit) => self.go_on(*limit, span, output)?,
            Action::Show(words) => self.show(words, span, output)?,
        }
        Ok(Step::Continue(()))
    }

    fn set(&mut self, words: &[Name], on: bool) {
        let words: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        match words.as_slice() {
            ["include", module] => self.library.set_automatic(Name::new(module), on),
            ["break"] => self.trace.breaks = on,
            ["profile"] => self.profiling.on = on,
            ["clear", "profile"] => self.profiling.clears = on,
            ["show", "timing"] => self.shown.timing = on,
            ["show", "stats"] => self.shown.stats = on,
            ["show", "command"] => self.shown.command = on,
            ["print", "mixfix"] => self.options.mixfix = on,
            ["print", "number"] => self.options.numbers = on,
            ["print", "rat"] => self.options.fractions = on,
            ["print", "flat"] => self.options.flat = on,
            ["print", "with", "parens" | "parentheses"] => self.options.parentheses = on,
            ["print", "with", "aliases"] => self.options.aliases = on,
            ["print", "format"] => self.options.format = on,
            ["print", "attr" | "attribute"] => self.attributes.on = on,
            ["print", "attr" | "attribute", "newline"] => self.attributes.newline = on,
            ["print", "attr" | "attribute", "select"] => self.attributes.select = on,
            _ => {}
        }
    }

    /// `print attribute select LABELS` and the like.
    fn choose_attributes(&mut self, words: &[Name]) {
        let [what, how, labels @ ..] = words else {
            return;
        };
        if !matches!(what.as_str(), "attr" | "attribute") {
            return;
        }
        let selected = &mut self.attributes.selected;
        selected.retain(|label| !labels.contains(label));
        if how.as_str() == "select" {
            selected.extend(labels);
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
            None => self.current().ok_or_else(|| {
                Diagnostic::error("no-module", span, "there is no module yet")
                    .with_help("define or `load` a module first")
            })?,
        };
        // As in Maude, naming a module makes it the current one.
        self.library.select(id);
        self.usable(id, span)?;
        let n_diagnostics = self.library.diagnostics.len();
        let mut elaborated = self.library.elaborate(id);
        let mut tested = Vec::new();
        add_tested_sorts(bubble, &mut tested);
        tested.retain(|&sort| {
            let operator = Name::new(&format!("_::`{sort}"));
            elaborated.signature.sort_named(sort).is_some()
                && elaborated.signature.operators_named(operator, 1).is_empty()
        });
        if !tested.is_empty() {
            elaborated = self.library.with_sort_tests(id, &tested);
            // What was wrong with its text was reported the first time.
            self.library.diagnostics.truncate(n_diagnostics);
        }
        let module = self.library.module(id).ok_or(Failure::Recorded)?;
        Ok(LoadedModule::new(elaborated, module).with_options(self.options))
    }

    /// The current module: as in Maude the last one of the prelude, where none was defined.
    fn current(&mut self) -> Option<ModuleId> {
        let current = self.library.current();
        current.or_else(|| self.library.module_named(Name::new("CONVERSION")))
    }

    /// Complains about a module that consists of one that cannot be repaired.
    fn usable(&self, id: ModuleId, span: Span) -> Result<(), Diagnostic> {
        if !self.library.is_broken(id) {
            return Ok(());
        }
        let name = self.library.name(id);
        let message = format!("module `{name}` cannot be used because of the errors in it");
        Err(Diagnostic::error("broken-module", span, message))
    }

    fn normalizer<'a>(&'a self, module: &'a LoadedModule) -> Normalizer<'a> {
        let identity = |op| module.module().identity(op);
        let sorts = self.variable_sorts.get(&module.module().name());
        Normalizer::new(
            module.signature(),
            identity,
            &self.library.occurrences,
            sorts.map_or(&[], Vec::as_slice),
        )
    }

    fn reducer(&self, module: &LoadedModule) -> Reducer {
        let mut reducer = Reducer::new(module.module().clone());
        reducer.set_limits(self.limits.clone());
        reducer
    }

    /// One for those who want to see everything.
    fn explaining_reducer(&self, module: &LoadedModule) -> Reducer {
        let mut reducer = Reducer::explaining(module.module().clone());
        reducer.set_limits(self.limits.clone());
        reducer
    }

    fn note_variables(&mut self, module: &LoadedModule, scope: &Scope) {
        let sorts = self.variable_sorts.entry(module.module().name());
        let sorts = sorts.or_insert_with(|| module.variable_sorts().to_vec());
        note_sorts(sorts, &scope.variables);
        for variable in &scope.variables {
            self.library.occurrences.note(variable.name);
        }
    }
}
