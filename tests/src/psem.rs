//! psem, run in this process.

use std::path::Path;

use frontend::cli::{Console, execute};

/// What a command wrote and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// The exit code.
    pub code: u8,
}

/// Runs psem with these arguments, the name of the program not among them.
#[must_use]
pub fn psem(arguments: &[String]) -> Answer {
    let mut out = Vec::new();
    let mut err = Vec::new();
    let words = std::iter::once("psem".to_owned()).chain(arguments.iter().cloned());
    let status = execute(words, &mut Console::new(&mut out, &mut err));
    Answer {
        out: String::from_utf8_lossy(&out).into_owned(),
        err: String::from_utf8_lossy(&err).into_owned(),
        code: status as u8,
    }
}

/// Runs `psem check` on a program below `tests/`.
#[must_use]
pub fn check(name: &str, more: &[&str]) -> Answer {
    let file = crate::root().join("tests").join(Path::new(name));
    let mut arguments = vec!["check".to_owned(), file.display().to_string()];
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    psem(&arguments)
}
