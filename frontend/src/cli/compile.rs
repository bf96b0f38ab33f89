//! `psem compile`: parse and check a program, nothing more.

use super::arguments::CompileArguments;
use super::program;
use super::{Console, Status};

/// Checks a program and says what it has.
pub(super) fn compile(
    arguments: &CompileArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let (sources, program) = program::compiled(&arguments.paths, &arguments.foreign, console)?;
    let n_files = sources.files().count();
    let tests = program.tests();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    let tests = if names.is_empty() {
        "no tests".to_owned()
    } else {
        format!("tests: {}", names.join(", "))
    };
    let files = if n_files == 1 { "file" } else { "files" };
    console.print(&format!("ok: {n_files} {files}, {tests}\n"));
    Ok(Status::Done)
}
