//! Runs Maude's own tests with psem and prints a table.
//!
//! `cargo run --release -p tests --bin maude-suite -- FOLDER [--psem PATH] [--maude COMMAND]`,
//! where `FOLDER` is the folder `tests` of Maude's sources. The known failures are in
//! `tests/maude-suite/known-failures.txt`; the list may only shrink: a failure that is not in it,
//! or one in it that is none any more, ends the program with 1.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tests::maude_suite::{Engines, FOLDERS, Verdict, known_failures, tests};

/// Maude's own tests, run where they lie
#[derive(Parser)]
struct Arguments {
    /// The folder `tests` of Maude's sources
    folder: PathBuf,
    /// A psem that is built already; by default the one beside this program
    #[arg(long, value_name = "PATH")]
    psem: Option<PathBuf>,
    /// A Maude whose output counts beside the recorded one, such as `maude`
    #[arg(long, value_name = "COMMAND")]
    maude: Option<String>,
    /// Only tests with this in their name
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// List every test
    #[arg(long)]
    verbose: bool,
}

fn main() -> ExitCode {
    tests::exit_code(run(&Arguments::parse()))
}

/// What became of the tests of one folder.
#[derive(Default)]
struct Count {
    exact: usize,
    same: usize,
    different: usize,
    beyond: usize,
}

fn run(arguments: &Arguments) -> Result<bool, String> {
    let list = tests::root().join("tests/maude-suite/known-failures.txt");
    let known = std::fs::read_to_string(&list)
        .map_err(|error| format!("{}: {error}", list.display()))
        .and_then(|text| known_failures(&text))?;
    let psem = match &arguments.psem {
        Some(path) => path.clone(),
        None => std::env::current_exe()
            .map_err(|error| error.to_string())?
            .with_file_name("psem"),
    };
    let psem = psem
        .canonicalize()
        .map_err(|error| format!("{}: {error}", psem.display()))?;
    let found = tests(&arguments.folder)
        .map_err(|error| format!("{}: {error}", arguments.folder.display()))?;
    let engines = Engines::new(psem, arguments.maude.clone())?;
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut is_as_known = true;
    for test in &found {
        if arguments
            .only
            .as_ref()
            .is_some_and(|only| !test.name.contains(only.as_str()))
        {
            continue;
        }
        let folder = test.name.split('/').next().unwrap_or_default();
        let count = counts.entry(folder).or_default();
        if test.beyond.is_some() {
            count.beyond += 1;
            continue;
        }
        let verdict = test.run(&engines)?;
        let reason = known.iter().find(|(name, _)| *name == test.name);
        match (&verdict, reason) {
            (Verdict::Exact, _) => count.exact += 1,
            (Verdict::Same, _) => count.same += 1,
            (Verdict::Different(_), _) => count.different += 1,
        }
        match (&verdict, reason) {
            (Verdict::Different(how), None) => {
                is_as_known = false;
                println!("{}: {how}", test.name);
            }
            (Verdict::Different(how), Some((_, reason))) if arguments.verbose => {
                println!("{}: known, {reason}: {how}", test.name);
            }
            (Verdict::Exact | Verdict::Same, Some(_)) => {
                is_as_known = false;
                println!(
                    "{}: passes; take it off the list of known failures",
                    test.name
                );
            }
            _ if arguments.verbose => println!("{}: {verdict:?}", test.name),
            _ => {}
        }
    }
    println!(
        "{:<16} {:>6} {:>6} {:>6} {:>7}",
        "folder", "exact", "same", "differ", "left out"
    );
    let mut total = Count::default();
    for folder in FOLDERS {
        let Some(count) = counts.get(folder) else {
            continue;
        };
        print_row(folder, count);
        total.exact += count.exact;
        total.same += count.same;
        total.different += count.different;
        total.beyond += count.beyond;
    }
    print_row("all", &total);
    let n_run = total.exact + total.same + total.different;
    let n_passed = total.exact + total.same;
    println!("{n_passed} of {n_run} agree with Maude");
    Ok(is_as_known)
}

fn print_row(name: &str, count: &Count) {
    let Count {
        exact,
        same,
        different,
        beyond,
    } = count;
    println!("{name:<16} {exact:>6} {same:>6} {different:>6} {beyond:>7}");
}
