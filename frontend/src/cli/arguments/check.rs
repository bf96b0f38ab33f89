//! The arguments of `psem check`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{EngineArguments, ForeignArguments, Format};
use crate::cli::sizes::{duration, size};

/// `psem check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every test is explored exhaustively, breadth first, until its first bug: a violation, a deadlock, or \
a monitor that stays hot. 

Exit codes: 0 no bug in any test, 1 a bug was found, 2 the input is wrong, 3 a limit was reached \
and no bug found, so nothing is decided.")]
pub(in crate::cli) struct CheckArguments {
    /// P files, directories or .pproj files, together one program
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) foreign: ForeignArguments,
    /// Foreign functions without a body return any value of their types, where these are finite
    #[arg(long)]
    pub(in crate::cli) foreign_values: bool,
    /// The tests to check, by their names or beginnings of them; all if there are none
    #[arg(short, long = "test", visible_alias = "testcase", value_name = "TEST")]
    pub(in crate::cli) tests: Vec<String>,
    /// Only say which tests there are
    #[arg(long)]
    pub(in crate::cli) list_tests: bool,
    /// A directory with rule files, instead of those built into psem
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) semantics: Option<PathBuf>,
    /// Go on after the first bug of a test, and show all that differ in kind, text or place
    #[arg(long, visible_alias = "explore")]
    pub(in crate::cli) keep_going: bool,
    /// Give a test up after this many steps: of the shortest path, or of an execution
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) max_steps: Option<u64>,
    /// Give a test up after this many configurations
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) max_states: Option<u64>,
    /// Give a test up when the engine holds this much memory
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size)]
    pub(in crate::cli) memory: u64,
    /// Give a test up after this time
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(in crate::cli) timeout: Option<Duration>,
    /// Give a test up when one step takes this many rewrites: a P loop that never pauses
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) step_limit: u64,
    #[command(flatten)]
    pub(in crate::cli) engine: EngineArguments,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(in crate::cli) json: bool,
}
