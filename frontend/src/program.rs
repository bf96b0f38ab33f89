//! A program that has been read and checked, and can be lowered.

mod names;
mod outline;

use crate::diagnostic::{self, Code, Diagnostic};
use crate::lower::{self, Tree};
use crate::query::{self, Argument, QueryError};
use crate::rules::{self, Checked};
use crate::source::{Sources, Span};
use crate::syntax::ast::MachineKind;
use crate::syntax::{self, Ast};

/// A program without errors.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) ast: Ast,
    pub(crate) checked: Checked,
    pub(crate) sources: Sources,
    /// Whether foreign functions return any value of their types.
    pub(crate) foreign_values: bool,
    warnings: Vec<Diagnostic>,
}

/// Something that can be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestInfo {
    /// The name, with the values of its parameters.
    pub name: String,
    /// The main machine.
    pub main: String,
    /// Where its name stands.
    pub span: Option<Span>,
}

/// Reads and checks a program.
///
/// # Errors
/// All that is wrong, in the order of the places, warnings included.
///
/// ```
/// use frontend::{program::compile, source::Sources};
///
/// let mut sources = Sources::new();
/// sources.add("main.p", "machine Main { start state S { } }");
/// let program = compile(&sources).expect("a correct program");
/// assert_eq!(program.tests()[0].name, "DefaultImpl");
/// assert!(program.lower(0).to_maude().starts_with("init(program("));
/// ```
pub fn compile(sources: &Sources) -> Result<Program, Vec<Diagnostic>> {
    compile_as(sources, false)
}

/// Reads and checks a program; if asked, one in which `choose(n)` has no bound, as it had none in
/// older versions of P.
///
/// # Errors
/// All that is wrong, in the order of the places, warnings included.
pub fn compile_as(sources: &Sources, unbounded_choices: bool) -> Result<Program, Vec<Diagnostic>> {
    let (mut ast, mut diagnostics) = syntax::parse(sources);
    ast.unbounded_choices = unbounded_choices;
    // A number that is too large leaves a tree that can be checked; nothing else does.
    if diagnostics
        .iter()
        .all(|diagnostic| !diagnostic.is_error() || diagnostic.code == Code::NumberTooLarge)
    {
        let is_included = |file| sources.file(file).is_included();
        let (checked, more) = rules::check(&ast, &is_included);
        diagnostics.extend(more);
        if !diagnostics.iter().any(Diagnostic::is_error) {
            diagnostic::sort(&mut diagnostics);
            let sources = sources.clone();
            return Ok(Program {
                ast,
                checked,
                sources,
                foreign_values: false,
                warnings: diagnostics,
            });
        }
    }
    diagnostic::sort(&mut diagnostics);
    Err(diagnostics)
}

impl Program {
    /// What can be run, in the order of the text: every assignment of every test, every
    /// implementation with a main machine, or `DefaultImpl` where there is neither.
    #[must_use]
    pub fn tests(&self) -> Vec<TestInfo> {
        let info = |test: &rules::TestCase| TestInfo {
            name: test.name.clone(),
            main: self
                .checked
                .symbols
                .machine(test.main)
                .name
                .text
                .to_string(),
            span: test.span,
        };
        self.checked.tests.iter().map(info).collect()
    }

    /// The place of a test in [`Program::tests`]; without a name, of the only one.
    ///
    /// # Errors
    /// If there is no such test, or several and no name. The message lists them.
    pub fn find_test(&self, name: Option<&str>) -> Result<usize, Diagnostic> {
        let tests = &self.checked.tests;
        let found = match name {
            Some(name) => tests.iter().position(|test| test.name == name),
            None if tests.len() == 1 => Some(0),
            None => None,
        };
        found.ok_or_else(|| {
            let message = match (name, tests.len()) {
                (Some(name), _) => format!("there is no test `{name}`"),
                (None, 0) => "the program has no test and no machine `Main`".to_owned(),
                (None, n_tests) => format!("the program has {n_tests} tests: choose one"),
            };
            let diagnostic = Diagnostic::general(Code::UnknownTest, message);
            if tests.is_empty() {
                return diagnostic;
            }
            let mut names: Vec<&str> = tests.iter().take(20).map(|test| &*test.name).collect();
            if tests.len() > names.len() {
                names.push("...");
            }
            diagnostic.with_help(format!("the tests are {}", names.join(", ")))
        })
    }

    /// The term with which a run of a test begins, by its place in [`Program::tests`].
    ///
    /// # Panics
    /// If there is no such test.
    #[must_use]
    pub fn lower(&self, test: usize) -> Tree {
        lower::lower(self, test)
    }

    /// What is probably not meant, in the order of the places.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The program with foreign functions that return any value of their result types, where
    /// these are finite, instead of failing.
    #[must_use]
    pub fn with_foreign_values(self) -> Program {
        Program {
            foreign_values: true,
            ..self
        }
    }

    /// Whether a query speaks of names that the program has, and of invariants that can be
    /// evaluated.
    ///
    /// # Errors
    /// The first name for which that is not so.
    pub fn check_query(&self, text: &str) -> Result<(), QueryError> {
        for mention in query::mentions(text) {
            match (mention.proposition, mention.arguments.as_slice()) {
                ("at", [machine, state]) => self.check_at(machine, state)?,
                ("invariant", [name]) => self.check_invariant(name)?,
                ("hot" | "cold", [monitor]) => self.check_monitor(monitor)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn check_at(&self, machine: &Argument<'_>, state: &Argument<'_>) -> Result<(), QueryError> {
        let symbols = &self.checked.symbols;
        let is_interface = symbols.interface_names.contains_key(machine.name);
        let found = symbols.machine_names.get(machine.name);
        if !is_interface && found.is_none() {
            let names = symbols.machines().map(|(_, machine)| &*machine.name.text);
            return Err(unknown("machine", machine, names.collect()));
        }
        // Any machine may be behind an interface.
        let machines = symbols
            .machines()
            .filter(|(id, _)| found.is_none_or(|found| found == id));
        let mut states: Vec<&str> = Vec::new();
        for (id, _) in machines {
            let syntax = symbols.machine_syntax(&self.ast, id);
            states.extend(syntax.states.iter().map(|state| &*state.name.text));
        }
        if states.contains(&state.name) {
            return Ok(());
        }
        Err(unknown("state", state, states))
    }

    fn check_monitor(&self, monitor: &Argument<'_>) -> Result<(), QueryError> {
        let symbols = &self.checked.symbols;
        let specs = symbols
            .machines()
            .filter(|(_, machine)| machine.kind != MachineKind::Machine)
            .map(|(_, machine)| &*machine.name.text);
        let names: Vec<&str> = specs.collect();
        if names.contains(&monitor.name) {
            return Ok(());
        }
        Err(unknown("spec", monitor, names))
    }

    fn check_invariant(&self, name: &Argument<'_>) -> Result<(), QueryError> {
        let claims = &self.checked.claims;
        let Some(claim) = claims.iter().find(|claim| &*claim.name == name.name) else {
            return Err(unknown(
                "invariant",
                name,
                claims.iter().map(|claim| &*claim.name).collect(),
            ));
        };
        match &claim.refusal {
            None => Ok(()),
            Some(reason) => Err(QueryError {
                message: format!(
                    "the invariant `{}` cannot be evaluated: {reason}",
                    name.name
                ),
                at: name.at,
            }),
        }
    }

    /// The text of the program.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

fn unknown(kind: &str, argument: &Argument<'_>, mut names: Vec<&str>) -> QueryError {
    const SHOWN: usize = 12;
    let n_names = names.len();
    names.truncate(SHOWN);
    if n_names > SHOWN {
        names.push("...");
    }
    let known = match names.as_slice() {
        [] => format!("the program has no {kind}"),
        names => format!("there are {}", names.join(", ")),
    };
    QueryError {
        message: format!("there is no {kind} `{}`; {known}", argument.name),
        at: argument.at,
    }
}
