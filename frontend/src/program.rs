//! A program that has been read and checked, and can be lowered.

use crate::diagnostic::{self, Code, Diagnostic};
use crate::lower::{self, Tree};
use crate::rules::{self, Checked};
use crate::source::{Sources, Span};
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
    let (ast, mut diagnostics) = syntax::parse(sources);
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

    /// The text of the program.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}
