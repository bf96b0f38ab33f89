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

use std::path::PathBuf;
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

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
