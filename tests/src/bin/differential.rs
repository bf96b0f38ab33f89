//! Compares psem with real Maude on random modules and commands.
//!
//! `cargo run --release -p tests --bin differential -- [--cases N] [--seed S] [--maude PATH]`.
//! Prints how many cases agree, and every disagreement, cut down. Exits with 1 if there is one,
//! with 2 if Maude cannot be run.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Parser;
use tests::differential::{
    Disagreement, RandomCase, Verdict, generate, generate_wide, judge, shrink,
};

/// psem and real Maude on random modules and commands.
#[derive(Parser)]
struct Arguments {
    /// How many cases
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    cases: u64,
    /// The same seed gives the same cases
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// The command of Maude
    #[arg(long, value_name = "PATH", default_value = "maude")]
    maude: String,
    /// How many cases a Maude process gets
    #[arg(long, value_name = "N", default_value_t = 250)]
    batch: u64,
    /// Also idempotent and iterated operators, memberships, conditions with rewrites or with parts
    /// of right sides
    #[arg(long)]
    wide: bool,
    /// What is searched is rewritten, too, by `rew` and `frew`
    #[arg(long)]
    rewriting: bool,
    /// Only the case with this number
    #[arg(long, value_name = "N")]
    case: Option<u64>,
    /// Print the scripts of the cases, nothing more
    #[arg(long)]
    print: bool,
    /// Show at most so many disagreements of each class
    #[arg(long, value_name = "N", default_value_t = 3)]
    show: usize,
}

fn main() -> ExitCode {
    tests::exit_code(run(&Arguments::parse()))
}

/// Tells whether psem and Maude agree on all cases.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let (mut n_agreeing, mut n_refused, mut n_large) = (0, 0, 0);
    let mut found: BTreeMap<&'static str, Vec<(u64, RandomCase, Disagreement)>> = BTreeMap::new();
    let (mut first, end) = match arguments.case {
        Some(number) => (number, number + 1),
        None => (0, arguments.cases),
    };
    while first < end {
        let numbers = first..end.min(first + arguments.batch);
        let cases: Vec<RandomCase> = numbers
            .clone()
            .map(|number| {
                let mut case = match arguments.wide {
                    true => generate_wide(arguments.seed, number),
                    false => generate(arguments.seed, number),
                };
                if arguments.rewriting {
                    case.add_rewriting();
                }
                case
            })
            .collect();
        first += arguments.batch;
        if arguments.print {
            for (number, case) in numbers.zip(&cases) {
                print!("{}", case.script(&format!("C{number}")));
            }
            continue;
        }
        let verdicts = judge(&arguments.maude, &cases)?;
        for ((number, case), verdict) in numbers.zip(cases).zip(verdicts) {
            match verdict {
                Verdict::Agree => n_agreeing += 1,
                Verdict::Refused => n_refused += 1,
                Verdict::TooLarge => n_large += 1,
                Verdict::Disagree(how) => {
                    found
                        .entry(how.class)
                        .or_default()
                        .push((number, case, how));
                }
            }
        }
    }
    for (class, disagreements) in &found {
        let mut shown: Vec<String> = Vec::new();
        for (number, case, how) in disagreements {
            if shown.len() == arguments.show {
                break;
            }
            let (_, how) = shrink(&arguments.maude, case, how.clone())?;
            if shown.contains(&how.script) {
                continue;
            }
            println!("### {class}: seed {} case {number}", arguments.seed);
            println!(
                "{}\n--- psem\n{}\n--- Maude\n{}",
                how.script, how.ours, how.theirs
            );
            shown.push(how.script);
        }
    }
    let n_disagreeing: usize = found.values().map(Vec::len).sum();
    println!(
        "{} cases: {n_agreeing} agree, {n_disagreeing} disagree, {n_refused} are refused by Maude, \
         {n_large} are too large",
        n_agreeing + n_disagreeing + n_refused + n_large
    );
    for (class, disagreements) in &found {
        println!("  {class}: {}", disagreements.len());
    }
    Ok(n_disagreeing == 0)
}
