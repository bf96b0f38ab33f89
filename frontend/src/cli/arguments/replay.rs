//! The arguments of `psem replay`.

use std::path::PathBuf;

use clap::Args;

use super::ProgramArguments;

/// `psem replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
The schedule is a `.schedule` file of P's checker or of `psem check --out`. Its test is replayed \
unless -t names one. The log of the execution is printed as the checker prints it.

  psem replay prog.pproj --schedule PCheckerOutput/BugFinding/prog_0_0.schedule
  psem replay prog.pproj --schedule prog_0_0.schedule --log prog_0_0.txt

With --log, nothing but the outcome of the comparison is printed. What formats of the checker's \
versions say in different words counts as equal, and is listed with how often it was met. Where a log \
differs, the names in it that the program does not have are listed: it was written of another text.

  psem replay prog.pproj --schedule PCheckerOutput

Of a directory all schedules are followed, each is compared with the log beside it \
(`prog_0_0.txt`), and a table says how far. A schedule whose test is not in the program is tried with \
every test.

Exit codes: 0 every decision was followed and the log agrees, 1 one could not be followed or the log \
differs, 2 the input is wrong, 3 a limit was reached.")]
pub(in crate::cli) struct ReplayArguments {
    /// P files, directories or .pproj files, together one program
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) program: ProgramArguments,
    /// The schedule to follow, or a directory of them
    #[arg(long, value_name = "FILE.schedule|DIR")]
    pub(in crate::cli) schedule: PathBuf,
    /// The log that the checker wrote of the same execution, to be compared
    #[arg(long, value_name = "FILE.txt")]
    pub(in crate::cli) log: Option<PathBuf>,
    /// Stop when one step takes this many rewrites: a P loop that never pauses
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) step_limit: u64,
}
