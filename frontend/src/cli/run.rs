//! `psem run`: one execution, as a log.

use super::arguments::RunArguments;
use super::{Console, Status};

/// Runs one execution.
pub(super) fn run(_arguments: &RunArguments, console: &mut Console<'_>) -> Result<Status, Status> {
    Err(console.refuse("not yet", None))
}
