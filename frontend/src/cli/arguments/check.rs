//! The arguments of `psem check`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{EngineArguments, ForeignArguments, Format};
use crate::cli::sizes::{duration, size};
use crate::interpreter::Strategy;

/// `psem check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every test is explored exhaustively, breadth first, until its first bug: a violation, a deadlock, or \
a monitor that stays hot. With --schedules, executions are made instead.

  psem check prog.p
  psem check prog.p -t Basic --schedules 10000 --strategy pct:3 --seed 7

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
    /// Make this many executions instead of exploring everything
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) schedules: Option<u64>,
    /// How executions are chosen: `random`, `pct:D` (priorities of machines that change D times),
    /// `pos` (priorities of steps), `dfs` (one after the other); `bfs` is the whole space
    #[arg(long, value_name = "STRATEGY", value_parser = strategy)]
    strategy: Option<Strategy>,
    /// The same as --strategy random
    #[arg(long, conflicts_with = "strategy")]
    sch_random: bool,
    /// The same as --strategy pct:D
    #[arg(long, value_name = "D", conflicts_with_all = ["strategy", "sch_random"])]
    sch_pct: Option<u32>,
    /// The same as --strategy pos
    #[arg(long, conflicts_with_all = ["strategy", "sch_random", "sch_pct"])]
    sch_pos: bool,
    /// The seed of what is random: the same seed gives the same executions
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(in crate::cli) seed: u64,
    /// A formula of temporal logic that all fair executions must satisfy, besides what is checked
    /// anyway: `[] (at(Client, Waiting) -> <> at(Client, Served))`. Propositions are those of
    /// `psem search`; ~ /\ \/ -> <-> combine formulas; O F: after one step, <> F: at some time,
    /// [] F: always, F U G: until, F W G: until or always, F R G: release, F |-> G: [] (F -> <> G)
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    pub(in crate::cli) ltl: Vec<String>,
    /// Go on after the first bug of a test, and show all that differ in kind, text or place
    #[arg(long, visible_alias = "explore")]
    pub(in crate::cli) keep_going: bool,
    /// Give a test up after this many steps of the shortest path; cut an execution off after this
    /// many, by default 100000 with `random` and 10000 with the others
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
    /// Write each bug to this directory: as a log, `.trace.json` and `.schedule` of P's checker
    #[arg(short, long, visible_alias = "outdir", value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Say which rules, states, events and handlers were reached, and scenarios covered; in JSON it
    /// can be merged with `psem coverage`
    #[arg(long)]
    pub(in crate::cli) coverage: bool,
    /// Write the graph of what was explored of one test: FILE.dot for Graphviz, or FILE.json
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) graph: Option<PathBuf>,
    /// Draw the first bug as a sequence chart: FILE.svg, FILE.mmd (Mermaid) or FILE.txt
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) chart: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(in crate::cli) json: bool,
}

impl CheckArguments {
    /// The strategy that was asked for, by whichever name.
    pub(in crate::cli) fn strategy(&self) -> Option<Strategy> {
        match (self.sch_random, self.sch_pct, self.sch_pos) {
            (true, _, _) => Some(Strategy::Random),
            (_, Some(changes), _) => Some(Strategy::Priorities(changes)),
            (_, _, true) => Some(Strategy::PartialOrder),
            _ => self.strategy,
        }
    }
}

fn strategy(text: &str) -> Result<Strategy, String> {
    let number = |text: &str| text.parse::<u32>().ok();
    match text {
        "random" => Ok(Strategy::Random),
        "pos" => Ok(Strategy::PartialOrder),
        "dfs" => Ok(Strategy::Depth),
        "bfs" => Ok(Strategy::Breadth),
        _ => text
            .strip_prefix("pct:")
            .and_then(number)
            .map(Strategy::Priorities)
            .ok_or_else(|| "expected random, pct:D, pos, dfs or bfs".to_owned()),
    }
}

/// `psem coverage`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CoverageArguments {
    /// What `psem check --coverage --format json` printed, or what this command prints as JSON
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
}
