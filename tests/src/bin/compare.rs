//! Runs psem and Maude side by side and prints a table of ratios.
//!
//! `cargo run --release -p tests --bin compare -- [--inputs DIR]... [--runs N] [--only NAME]
//! [--json]`. The inputs are those in `tests/bench` and in each `DIR`: scripts `*.maude` that
//! hold a command, and programs `*.p` that begin with `// psem: search ...`. Exits with 1 if
//! psem and Maude disagree on an input, with 2 if something cannot be run.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::Parser;
use tests::compare::{Comparison, Input, Row, inputs, table};

/// psem and Maude side by side: time, and memory of psem.
#[derive(Parser)]
struct Arguments {
    /// A folder with more inputs
    #[arg(long, value_name = "DIR")]
    inputs: Vec<PathBuf>,
    /// How often each engine runs on an input; the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
    /// Only inputs with this in their name
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Seconds for one run
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// A psem that is built already; otherwise it is built now
    #[arg(long, value_name = "PATH")]
    psem: Option<PathBuf>,
    /// The command of Maude
    #[arg(long, value_name = "PATH", default_value = "maude")]
    maude: String,
    /// Print an array of objects instead of a table
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    tests::exit_code(run(&Arguments::parse()))
}

/// Tells whether psem and Maude agree on all inputs.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let chosen = chosen(arguments)?;
    let comparison = Comparison {
        psem: match &arguments.psem {
            Some(path) => path.clone(),
            None => build()?,
        },
        maude: arguments.maude.clone(),
        n_runs: arguments.runs,
        limit: Duration::from_secs(arguments.timeout),
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut n_disagreeing = 0;
    let shows_progress = std::io::stderr().is_terminal();
    for input in &chosen {
        if shows_progress {
            eprint!("\r\x1b[K{}", input.name);
        }
        match comparison.compare(input) {
            Ok(row) => rows.push(row),
            Err(error) => {
                n_disagreeing += 1;
                eprintln!("{}: {error}", input.name);
            }
        }
        if shows_progress {
            eprint!("\r\x1b[K");
        }
    }
    if arguments.json {
        let objects: Vec<_> = rows.iter().map(Row::json).collect();
        println!("{}", serde_json::Value::from(objects));
    } else {
        print!("{}", table(&rows, comparison.limit));
    }
    Ok(n_disagreeing == 0)
}

fn chosen(arguments: &Arguments) -> Result<Vec<Input>, String> {
    let mut folders = arguments.inputs.clone();
    folders.push(tests::root().join("tests/bench"));
    let mut chosen = Vec::new();
    for folder in &folders {
        let found = inputs(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        chosen.extend(found);
    }
    if let Some(name) = &arguments.only {
        chosen.retain(|input| input.name.contains(name.as_str()));
    }
    if chosen.is_empty() {
        return Err("there is no such input".to_owned());
    }
    Ok(chosen)
}

/// Builds psem with all optimization; it lies beside this program.
fn build() -> Result<PathBuf, String> {
    let status = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args([
            "build",
            "--release",
            "--package",
            "frontend",
            "--bin",
            "psem",
        ])
        .current_dir(tests::root())
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    if !status.success() {
        return Err("psem does not build".to_owned());
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = own.parent().unwrap_or(&own);
    Ok(folder.with_file_name("release").join("psem"))
}
