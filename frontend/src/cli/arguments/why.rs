//! The arguments of `psem why`.

use std::path::PathBuf;

use clap::Args;

use super::{Format, ProgramArguments};

/// `psem why`.
#[derive(Debug, Args)]
#[command(after_help = "\
The execution is the shortest one that goes wrong, as `psem check` shows it, or another one:

  psem why prog.p --at 8 --rule dequeue --machine 3
  psem why prog.p --rule send --machine \"Client(2)\" --seed 7
  psem why prog.p --at 20 --rule receive --schedule bug.schedule

`psem rules` lists the labels.")]
pub(in crate::cli) struct WhyArguments {
    /// P files, directories or .pproj files, together one program
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) program: ProgramArguments,
    /// The label of the rule
    #[arg(long, value_name = "LABEL")]
    pub(in crate::cli) rule: String,
    /// After how many steps of the execution; 0 is the first configuration, the default the last
    #[arg(long, value_name = "STEP")]
    pub(in crate::cli) at: Option<usize>,
    /// The machine that should act: `Client(2)`, `Client` if there is one, or its number
    #[arg(long, value_name = "M")]
    pub(in crate::cli) machine: Option<String>,
    /// Ask about the execution that a schedule of P's checker recorded
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    pub(in crate::cli) schedule: Option<PathBuf>,
    /// Ask about the random execution with this seed; one that goes wrong is shortened first
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u64>,
    /// Stop when one step takes this many rewrites: a P loop that never pauses
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) step_limit: u64,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
}
