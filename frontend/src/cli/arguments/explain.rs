//! The arguments of `psem explain`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Format, duration};

/// `psem explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
The last argument is the equation; the files before it are Maude files, read in order. Without a \
file, the equation is one of psem's own rules:

  psem explain peano.maude \"s(0) + X:Nat = X:Nat + s(0)\"
  psem explain list.maude -m LIST \"reverse(reverse(1 2 3)) = 1 2 3\"
  psem explain \"1 + 2 = 3\"

Variables stand for any value: what is only so because two terms differ, or because no other equation \
applies (`_==_`, owise), is not used on them. An equation with a condition is used where the condition \
reduces to true.

Exit codes: 0 equal, 2 the input is wrong, 3 nothing is decided.")]
pub(in crate::cli) struct ExplainArguments {
    /// Maude files, and the equation
    #[arg(required = true, value_name = "FILE|EQUATION")]
    pub(in crate::cli) words: Vec<String>,
    /// The module whose equations count; the last one by default
    #[arg(short, long, value_name = "MODULE")]
    pub(in crate::cli) module: Option<String>,
    /// Stop after so many applications of equations
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub(in crate::cli) steps: usize,
    /// Try equations in both directions on at most so many terms
    #[arg(long, value_name = "N", default_value_t = 3_000)]
    pub(in crate::cli) terms: usize,
    /// Show no chain of more links
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(in crate::cli) links: usize,
    /// Stop after this time
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    pub(in crate::cli) timeout: Duration,
    /// A directory with rule files, instead of those built into psem
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) semantics: Option<PathBuf>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
}
