//! What several commands begin with: a program, its test, and the rules.

use std::path::{Path, PathBuf};

use super::{Status, complain, has_errors, refuse};
use crate::diagnostic::Diagnostic;
use crate::interpreter::Interpreter;
use crate::lower::Tree;
use crate::source::Sources;
use crate::{compile, project, semantics};

/// A compiled program and the term with which its test begins.
pub(super) struct Chosen {
    /// The files.
    pub(super) sources: Sources,
    /// `init(program, test)`.
    pub(super) initial: Tree,
}

/// Reads and compiles a program; diagnostics have been shown if it fails.
pub(super) fn compiled(paths: &[PathBuf]) -> Result<(Sources, crate::Program), Status> {
    let sources = project::collect(paths).map_err(|diagnostics| {
        complain(&diagnostics, &Sources::new());
        Status::Wrong
    })?;
    match compile(&sources) {
        Ok((program, warnings)) => {
            show_warnings(&warnings, &sources);
            Ok((sources, program))
        }
        Err(diagnostics) => {
            complain(&diagnostics, &sources);
            Err(Status::Wrong)
        }
    }
}

fn show_warnings(warnings: &[Diagnostic], sources: &Sources) {
    if !warnings.is_empty() && !has_errors(warnings) {
        complain(warnings, sources);
    }
}

/// Compiles a program and picks its test.
pub(super) fn choose(paths: &[PathBuf], test: Option<&str>) -> Result<Chosen, Status> {
    let (sources, program) = compiled(paths)?;
    let names: Vec<&str> = program
        .tests()
        .iter()
        .map(|test| test.name.as_str())
        .collect();
    let name = match (test, names.as_slice()) {
        (Some(test), _) if names.contains(&test) => test.to_owned(),
        (Some(test), _) => {
            let help = listing(&names);
            return Err(refuse(
                &format!("the program has no test `{test}`"),
                Some(&help),
            ));
        }
        (None, [only]) => (*only).to_owned(),
        (None, []) => {
            return Err(refuse(
                "the program has no test, and no machine `Main` to begin with",
                Some("declare one: test T [main = M]: { M, ... };"),
            ));
        }
        (None, _) => {
            let help = listing(&names);
            return Err(refuse(
                "the program has several tests: choose one with -t",
                Some(&help),
            ));
        }
    };
    let initial = program.lower(&name).map_err(|diagnostics| {
        complain(&diagnostics, &sources);
        Status::Wrong
    })?;
    Ok(Chosen { sources, initial })
}

fn listing(names: &[&str]) -> String {
    if names.is_empty() {
        return "there is no test in it".to_owned();
    }
    format!("its tests: {}", names.join(", "))
}

/// Loads the rules, built in or from a directory.
pub(super) fn interpreter(directory: Option<&Path>) -> Result<Interpreter, Status> {
    let chapters = match directory {
        None => semantics::built_in(),
        Some(directory) => semantics::from_directory(directory).map_err(|error| {
            refuse(
                &format!("cannot read the rules in {}: {error}", directory.display()),
                None,
            )
        })?,
    };
    Interpreter::load(&chapters).map_err(|messages| refuse(&messages.join("\n"), None))
}
