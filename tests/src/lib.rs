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

/// The root of the project.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
