//! What the tests that cross a boundary share: running psem in this process, running
//! real Maude, and files of expectations.

pub mod case;
pub mod compare;
pub mod differential;
pub mod maude;
pub mod maude_suite;
pub mod measure;
pub mod psem;
pub mod suite;
pub mod written;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a command of this crate exits with: 0 if all is as it should be, 1 if not, and 2, with
/// what is wrong, if it could not be told.
#[must_use]
pub fn exit_code(outcome: Result<bool, String>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// A text is as recorded in a file; `PSEM_BLESS=1` records it.
///
/// # Panics
/// At the first line that differs, and if there is no record.
pub fn check_recorded(file: &Path, text: &str) {
    if std::env::var_os("PSEM_BLESS").is_some() {
        std::fs::write(file, text).expect("it can be recorded");
    }
    let expected = std::fs::read_to_string(file).expect("it was recorded");
    for (ours, theirs) in text.lines().zip(expected.lines()) {
        assert_eq!(ours, theirs, "{}", file.display());
    }
    assert_eq!(text, expected, "{}", file.display());
}

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
