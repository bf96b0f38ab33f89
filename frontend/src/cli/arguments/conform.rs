//! The arguments of `psem conform`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::ProgramArguments;
use crate::cli::sizes::duration;

/// `psem conform`.
#[derive(Debug, Args)]
#[command(after_help = "\
The trace is a `.trace.json` file as P's checker or another backend of P writes it. It conforms if \
some execution of the test shows exactly its entries, in their order. What traces do not say - what \
was chosen, who was picked - is searched for. Clocks and texts for people are not compared.

  psem conform prog.pproj -t tcBasic --trace prog_0_0.trace.json

If it does not conform: how many of its entries some execution shows, the first entry that none \
shows, and what was possible there instead.

Exit codes: 0 the trace is a behavior, 1 it is none, 2 the input is wrong, 3 a limit was reached.")]
pub(in crate::cli) struct ConformArguments {
    /// P files, directories or .pproj files, together one program
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) program: ProgramArguments,
    /// The trace
    #[arg(long, value_name = "FILE.trace.json")]
    pub(in crate::cli) trace: PathBuf,
    /// Stop after this many configurations
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) max_states: u64,
    /// Stop after this time
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(in crate::cli) timeout: Option<Duration>,
    /// Stop when one step takes this many rewrites: a P loop that never pauses
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) step_limit: u64,
}
