//! `psem compile`: parse and check a program, nothing more.

use super::arguments::CompileArguments;
use super::program;
use super::{Status, print};

/// Checks a program and says what it has.
pub(super) fn compile(arguments: &CompileArguments) -> Status {
    let (sources, program) = match program::compiled(&arguments.paths) {
        Ok(compiled) => compiled,
        Err(status) => return status,
    };
    let n_files = sources.files().count();
    let names: Vec<&str> = program
        .tests()
        .iter()
        .map(|test| test.name.as_str())
        .collect();
    let tests = if names.is_empty() {
        "no tests".to_owned()
    } else {
        format!("tests: {}", names.join(", "))
    };
    let files = if n_files == 1 { "file" } else { "files" };
    print(&format!("ok: {n_files} {files}, {tests}\n"));
    Status::Done
}
