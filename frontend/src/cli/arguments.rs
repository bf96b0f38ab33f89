//! The arguments of every command, as clap reads them.

mod audit;
mod check;
mod conform;
mod explain;
mod replay;
mod why;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::sizes::{duration, size};
pub(super) use audit::AuditArguments;
pub(super) use check::{CheckArguments, CoverageArguments};
pub(super) use conform::ConformArguments;
pub(super) use explain::ExplainArguments;
pub(super) use replay::ReplayArguments;
pub(super) use why::WhyArguments;

/// The executable formal semantics of the P language.
#[derive(Debug, Parser)]
#[command(name = "psem", version, about, max_term_width = 100)]
pub(super) struct PsemArguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look for bugs in every test of a program
    Check(CheckArguments),
    /// Say why a rule does not apply somewhere in an execution
    Why(WhyArguments),
    /// Merge what checks have covered
    Coverage(CoverageArguments),
    /// Search the reachable configurations of a test for a pattern or a proposition
    Search(SearchArguments),
    /// Run one execution and print it as a log
    Run(RunArguments),
    /// Say whether a recorded trace is a behavior of a program
    Conform(ConformArguments),
    /// Follow a schedule that P's checker wrote, and compare with its log
    Replay(ReplayArguments),
    /// Parse and check a program, nothing more
    Compile(CompileArguments),
    /// Show the rules from their source: all labels, or one section or statement
    Rules(RulesArguments),
    /// Run Maude scripts on psem's engine, with Maude's output
    Maude(MaudeArguments),
    /// Say whether two terms are equal by the equations of a module, and by which chain of them
    Explain(ExplainArguments),
}

/// What stands for the functions and types that P leaves to other languages.
#[derive(Debug, Args)]
pub(super) struct ForeignArguments {
    /// A P file with bodies for foreign functions and definitions for foreign types; those of
    /// a machine stand in `machine M { fun .. }`
    #[arg(long, value_name = "FILE.p")]
    pub(super) foreign: Vec<PathBuf>,
}

/// Where the program is and which test of it is meant.
#[derive(Debug, Args)]
pub(super) struct ProgramArguments {
    #[command(flatten)]
    pub(super) foreign: ForeignArguments,
    /// Foreign functions without a body return any value of their types, where these are finite
    #[arg(long)]
    pub(super) foreign_values: bool,
    /// The test to run; needed if the program has several
    #[arg(short, long, value_name = "TEST")]
    pub(super) test: Option<String>,
    /// A directory with rule files, instead of those built into psem
    #[arg(long, value_name = "DIR")]
    pub(super) semantics: Option<PathBuf>,
}

/// `psem search`.
#[derive(Debug, Args)]
#[command(after_help = "\
The query is the argument that begins with an arrow: `=>1` one step, `=>+` one or more, `=>*` any \
number, `=>!` to a configuration without successors. Behind it stands a proposition or a pattern, \
and perhaps `such that` and a condition:

  psem search prog.p \"=>* violation\"
  psem search prog.p \"=>* violation(assertion) and not at(Client, Done)\"
  psem search prog.p \"=>! terminated\" --solutions 3
  psem search prog.p \"=>* < machine(N:Nat, 'Client) | vars: ('x |-> int(I:Int) & B:Bindings), \
R:Attributes > C:Configuration such that I:Int > 3\"

Propositions: violation, violation(KIND), deadlock, terminated, hot, cold, hot(MONITOR), \
cold(MONITOR), at(MACHINE, STATE), \
invariant(NAME), and their combinations with and, or, not. `psem rules proposition` shows what they mean.

Exit codes: 0 no solution in the whole space, 1 found, 2 the input is wrong, 3 a limit was reached.")]
pub(super) struct SearchArguments {
    /// P files, directories or .pproj files, together one program, and the query
    #[arg(required = true, value_name = "PATH|QUERY")]
    pub(super) words: Vec<String>,
    #[command(flatten)]
    pub(super) program: ProgramArguments,
    /// Stop after this many solutions
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) solutions: u64,
    /// Look no further than this many steps
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) depth: Option<u64>,
    /// Stop after this many configurations
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_states: Option<u64>,
    /// Stop when the search holds this much memory
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size)]
    pub(super) memory: u64,
    /// Stop after this time
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(super) timeout: Option<Duration>,
    /// Stop when one step takes this many rewrites: a P loop that never pauses
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) step_limit: u64,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Do not search: print the search as one file for another engine
    #[arg(long, value_enum, value_name = "ENGINE")]
    pub(super) emit: Option<Emitted>,
}

/// How the engine works; the answers are the same.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct EngineArguments {
    /// How successors are found
    #[arg(long, value_enum, default_value_t = Engine::Compiled)]
    pub(super) engine: Engine,
    /// Threads that search, or make executions, together; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Say how the engine worked: what it remembered, bytes a state
    #[arg(long)]
    pub(super) stats: bool,
}

impl EngineArguments {
    /// How many threads search.
    pub(super) fn n_threads(self) -> usize {
        match self.threads {
            Some(threads) => usize::from(threads),
            None => std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// The engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Engine {
    /// State by state, as terms: the reference
    General,
    /// Local work once, where the rules have the form for it
    Compiled,
}

impl From<Engine> for rewriter::search::Engine {
    fn from(engine: Engine) -> rewriter::search::Engine {
        match engine {
            Engine::General => rewriter::search::Engine::General,
            Engine::Compiled => rewriter::search::Engine::Compiled,
        }
    }
}

/// `psem run`.
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// P files, directories or .pproj files, together one program
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) program: ProgramArguments,
    /// The seed of the choices: the same seed gives the same execution
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,
    /// Stop after this many steps
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(super) max_steps: u64,
    /// Stop when one step takes this many rewrites: a P loop that never pauses
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) step_limit: u64,
}

/// `psem compile`.
#[derive(Debug, Args)]
pub(super) struct CompileArguments {
    /// P files, directories or .pproj files, together one program
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) foreign: ForeignArguments,
}

/// `psem rules`.
#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// A label or the name of a section
    pub(super) label: Option<String>,
    /// A directory with rule files, instead of those built into psem
    #[arg(long, value_name = "DIR")]
    pub(super) semantics: Option<PathBuf>,
}

/// A version of Maude.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum MaudeVersion {
    /// The one that the engine is compared with
    #[value(name = "3.2")]
    Earlier,
    /// The latest
    #[value(name = "3.5")]
    Later,
}

/// `psem maude`.
#[derive(Debug, Args)]
pub(super) struct MaudeArguments {
    /// Maude files, run in order; standard input if there are none, or `-`: on a terminal, a
    /// prompt with history and completion. Maude's flags `-no-banner`, `-no-advise`, `-no-wrap`,
    /// `-no-prelude` and the like may stand among them
    #[arg(value_name = "FILE|FLAG")]
    pub(super) files: Vec<String>,
    /// Flags of Maude, as [`with_maude_flags`](super::maude::with_maude_flags) writes them.
    #[arg(long, hide = true, allow_hyphen_values = true)]
    pub(super) maude_flag: Vec<String>,
    /// Write as this version of Maude does, where versions differ: 3.5 writes labels before
    /// statements
    #[arg(long, value_name = "VERSION", default_value = "3.2")]
    pub(super) like: MaudeVersion,
    #[command(flatten)]
    pub(super) audit: AuditArguments,
    /// Stop a command when the engine holds this much memory
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size)]
    pub(super) memory: u64,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// For whom `--emit` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Emitted {
    /// A file that Maude runs as it is
    Maude,
}
