//! What several commands begin with: a program, its test, and the rules.

use std::path::{Path, PathBuf};

use super::arguments::{ForeignArguments, ProgramArguments};
use super::{Console, Status};
use crate::diagnostic::{Code, Diagnostic};
use crate::interpreter::Interpreter;
use crate::lower::{self, Tree};
use crate::program::{Program, compile_as};
use crate::query::QueryError;
use crate::source::{Sources, why_not};
use crate::{project, semantics};

/// A compiled program and the term with which its test begins.
pub(super) struct Chosen {
    /// The files.
    pub(super) sources: Sources,
    /// `init(program, test)`.
    pub(super) initial: Tree,
    /// The name of the test.
    pub(super) test: String,
    /// The program.
    pub(super) program: Program,
}

impl Chosen {
    /// Whether the names in a query are those of the program, and what it asks for can be
    /// evaluated.
    pub(super) fn check(&self, query: &str) -> Result<(), QueryError> {
        self.program.check_query(query)
    }
}

/// Reads and compiles a program; diagnostics have been shown if it fails.
pub(super) fn compiled(
    paths: &[PathBuf],
    foreign: &ForeignArguments,
    console: &mut Console<'_>,
) -> Result<(Sources, Program), Status> {
    compiled_as(paths, foreign, false, console)
}

/// Whether all that is wrong is that a `choose` chooses from too many values.
fn exceeds_choices(found: &[Diagnostic]) -> bool {
    let mut errors = found.iter().filter(|diagnostic| diagnostic.is_error());
    errors.all(|diagnostic| diagnostic.code == Code::BadChoose)
}

/// Reads and compiles a program, perhaps one that only an older version of P takes.
fn compiled_as(
    paths: &[PathBuf],
    foreign: &ForeignArguments,
    may_be_older: bool,
    console: &mut Console<'_>,
) -> Result<(Sources, Program), Status> {
    let collected = project::collect(paths).and_then(|mut sources| {
        project::add_foreign(&mut sources, &foreign.foreign)?;
        Ok(sources)
    });
    let sources = collected.map_err(|diagnostics| {
        console.complain(&diagnostics, &Sources::new());
        Status::Wrong
    })?;
    let compiled = match compile_as(&sources, false) {
        // Only an older version of P takes the program, so an older version recorded it.
        Err(found) if may_be_older && exceeds_choices(&found) => compile_as(&sources, true),
        compiled => compiled,
    };
    match compiled {
        Ok(program) => {
            if !program.warnings().is_empty() {
                console.complain(program.warnings(), &sources);
            }
            Ok((sources, program))
        }
        Err(diagnostics) => {
            console.complain(&diagnostics, &sources);
            Err(Status::Wrong)
        }
    }
}

/// Compiles a program and picks its test.
pub(super) fn choose(
    paths: &[PathBuf],
    arguments: &ProgramArguments,
    console: &mut Console<'_>,
) -> Result<Chosen, Status> {
    let compiled = compiled(paths, &arguments.foreign, console)?;
    pick(compiled, arguments, None, console)
}

/// Compiles a program, perhaps one of an older version of P, whose executions are recorded.
pub(super) fn compiled_recorded(
    paths: &[PathBuf],
    arguments: &ProgramArguments,
    console: &mut Console<'_>,
) -> Result<(Sources, Program), Status> {
    let (sources, program) = compiled_as(paths, &arguments.foreign, true, console)?;
    Ok((sources, with_foreign_values(program, arguments)))
}

fn with_foreign_values(program: Program, arguments: &ProgramArguments) -> Program {
    if arguments.foreign_values {
        program.with_foreign_values()
    } else {
        program
    }
}

/// Compiles a program, perhaps one of an older version of P, whose executions are recorded, and
/// picks its test: if none is asked for, the one that the record names.
pub(super) fn recorded(
    paths: &[PathBuf],
    arguments: &ProgramArguments,
    named: Option<&str>,
    console: &mut Console<'_>,
) -> Result<Chosen, Status> {
    let compiled = compiled_as(paths, &arguments.foreign, true, console)?;
    pick(compiled, arguments, named, console)
}

fn pick(
    (sources, program): (Sources, Program),
    arguments: &ProgramArguments,
    named: Option<&str>,
    console: &mut Console<'_>,
) -> Result<Chosen, Status> {
    let program = with_foreign_values(program, arguments);
    let test = arguments.test.as_deref().or(named);
    let tests = program.tests();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    let index = match (test, names.len()) {
        (Some(wanted), _) => named_test(wanted, &names, console)?,
        (None, 1) => 0,
        (None, 0) => {
            return Err(console.refuse(
                "the program has no test, and no machine `Main` to begin with",
                Some("declare one: test T [main = M]: { M, ... };"),
            ));
        }
        (None, _) => {
            return Err(console.refuse(
                "the program has several tests: choose one with -t",
                Some(&listing(&names)),
            ));
        }
    };
    let initial = lower::lower(&program, index);
    let test = names[index].to_owned();
    Ok(Chosen {
        sources,
        initial,
        test,
        program,
    })
}

/// The place of a test among those of a program.
pub(super) fn named_test(
    wanted: &str,
    names: &[&str],
    console: &mut Console<'_>,
) -> Result<usize, Status> {
    let found = names.iter().position(|name| *name == wanted);
    found.ok_or_else(|| {
        let message = format!("the program has no test `{wanted}`");
        console.refuse(&message, Some(&listing(names)))
    })
}

fn listing(names: &[&str]) -> String {
    if names.is_empty() {
        return "there is no test in it".to_owned();
    }
    format!("its tests: {}", names.join(", "))
}

/// Loads the rules, built in or from a directory.
pub(super) fn interpreter(
    directory: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<Interpreter, Status> {
    let interpreter = match directory {
        None => Interpreter::built_in(),
        Some(_) => Interpreter::load(&chapters(directory, console)?),
    };
    interpreter.map_err(|messages| console.refuse("the rules do not load", Some(&messages)))
}

/// The rule files, built in or from a directory.
pub(super) fn chapters(
    directory: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<Vec<semantics::Chapter>, Status> {
    match directory {
        None => Ok(semantics::built_in()),
        Some(directory) => semantics::from_directory(directory).map_err(|error| {
            let (directory, reason) = (directory.display(), why_not(&error));
            let message = format!("cannot read the rules in {directory}: {reason}");
            console.refuse(&message, None)
        }),
    }
}
