//! The command line: what can be asked, and the exit codes.
//!
//! 0: nothing found and the space exhausted, or the command done; 1: found; 2: the
//! input is wrong; 3: a limit was reached, so nothing is decided.
//!
//! Commands write to a [`Console`], so that tests can run them without a process.

mod arguments;
mod check;
mod compile;
mod conform;
mod coverage;
mod explain;
mod file;
mod maude;
mod modules;
mod program;
mod replay;
mod rules;
mod run;
mod search;
mod sizes;
mod why;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser as _;

use crate::diagnostic::{self, Diagnostic};
use crate::interrupt;
use crate::source::Sources;
use arguments::{Command, PsemArguments};

/// How a command ended; the number is the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nothing found and the space exhausted, or the command done.
    Done = 0,
    /// A solution was found.
    Found = 1,
    /// The user's input is wrong.
    Wrong = 2,
    /// A limit was reached.
    Limit = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// Where a command writes, and whether a person watches.
pub struct Console<'a> {
    /// Results.
    pub out: &'a mut dyn Write,
    /// Diagnostics and progress.
    pub err: &'a mut dyn Write,
    /// Whether diagnostics have colors.
    pub color: bool,
    /// Whether long work shows progress.
    pub progress: bool,
    /// What went wrong when a result was written.
    failure: Option<std::io::Error>,
}

impl<'a> Console<'a> {
    /// A console that nobody watches.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Console<'a> {
        Console {
            out,
            err,
            color: false,
            progress: false,
            failure: None,
        }
    }
}

impl Console<'_> {
    /// Writes a result. What goes wrong is said when the command is done.
    fn print(&mut self, text: &str) {
        let written = self.out.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| self.out.flush()) {
            self.failure.get_or_insert(error);
        }
    }

    /// What a command's status is if its results could not be written. A reader that has
    /// seen enough is no failure.
    fn written(&mut self, status: Status) -> Status {
        match self.failure.take() {
            Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                self.refuse(&format!("cannot write the output: {error}"), None)
            }
            _ => status,
        }
    }

    /// Shows diagnostics.
    fn complain(&mut self, diagnostics: &[Diagnostic], sources: &Sources) {
        let text = diagnostic::render(diagnostics, sources, self.color);
        let _ = self.err.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = self.err.write_all(b"\n");
        }
    }

    /// Shows one error that has no place in a P file.
    fn refuse(&mut self, message: &str, help: Option<&str>) -> Status {
        let _ = writeln!(self.err, "error: {message}");
        for line in help.into_iter().flat_map(str::lines) {
            let _ = writeln!(self.err, "  {line}");
        }
        Status::Wrong
    }
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let watched = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut console = Console {
        color: watched && std::env::var_os("NO_COLOR").is_none(),
        progress: watched,
        ..Console::new(&mut out, &mut err)
    };
    interrupt::listen();
    execute(std::env::args_os(), &mut console).into()
}

/// Runs a command; the first argument is the name of the program.
pub fn execute(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    console: &mut Console<'_>,
) -> Status {
    let words = arguments.into_iter().map(Into::into).collect();
    let arguments = match PsemArguments::try_parse_from(maude::with_maude_flags(words)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = if console.color {
                error.render().ansi().to_string()
            } else {
                error.render().to_string()
            };
            if error.use_stderr() {
                let _ = console.err.write_all(text.as_bytes());
                return Status::Wrong;
            }
            console.print(&text);
            return console.written(Status::Done);
        }
    };
    let status = match &arguments.command {
        Command::Check(arguments) => check::check(arguments, console),
        Command::Coverage(arguments) => coverage::coverage(arguments, console),
        Command::Why(arguments) => why::why(arguments, console),
        Command::Search(arguments) => search::search(arguments, console),
        Command::Conform(arguments) => conform::conform(arguments, console),
        Command::Replay(arguments) => replay::replay(arguments, console),
        Command::Run(arguments) => run::run(arguments, console),
        Command::Compile(arguments) => compile::compile(arguments, console),
        Command::Rules(arguments) => rules::rules(arguments, console),
        Command::Maude(arguments) => maude::maude(arguments, console),
        Command::Explain(arguments) => explain::explain(arguments, console),
    };
    let status = status.unwrap_or_else(|status| status);
    console.written(status)
}
