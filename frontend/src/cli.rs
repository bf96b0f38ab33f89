//! The command line: what can be asked, and the exit codes.
//!
//! 0: nothing found and the space exhausted, or the command done; 1: found; 2: the
//! input is wrong; 3: a limit was reached, so nothing is decided.

mod arguments;
mod compile;
mod rules;
mod run;
mod search;
mod sizes;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::source::Sources;
use arguments::{Command, PsemArguments};

/// How a command ended; the number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing found and the space exhausted, or the command done.
    Done = 0,
    /// A solution was found.
    Found = 1,
    /// The user's input is wrong.
    Wrong = 2,
    /// A limit was reached.
    Limit = 3,
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match PsemArguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                Status::Wrong as u8
            } else {
                Status::Done as u8
            });
        }
    };
    let status = match arguments.command {
        Command::Search(arguments) => search::search(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Compile(arguments) => compile::compile(&arguments),
        Command::Rules(arguments) => rules::rules(&arguments),
    };
    ExitCode::from(status as u8)
}

/// Writes to standard output; a closed pipe is not an error of ours.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Shows diagnostics on standard error.
pub(crate) fn complain(diagnostics: &[Diagnostic], sources: &Sources) {
    let color = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let text = diagnostic::render(diagnostics, sources, color);
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Shows one error that has no place in a P file.
pub(crate) fn refuse(message: &str, help: Option<&str>) -> Status {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "error: {message}");
    if let Some(help) = help {
        for line in help.lines() {
            let _ = writeln!(err, "  = {line}");
        }
    }
    Status::Wrong
}

/// Whether one of the diagnostics is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
}
