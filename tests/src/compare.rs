//! psem and Maude side by side on the same input.
//!
//! The one idea: an input is a script that both run, or a P program with a query, which Maude
//! gets as the file that psem emits. Runs alternate, so that whatever else the machine does
//! meets both; user times are compared by their medians; and what both say must agree before
//! any time counts.

mod table;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::case::cases;
use crate::maude;
use crate::measure::{End, Measurement, measure, median};
use crate::psem::psem;

pub use table::table;

/// What is run, and how often.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The program psem.
    pub psem: PathBuf,
    /// The program Maude.
    pub maude: String,
    /// How often each runs on an input.
    pub n_runs: usize,
    /// The time for one run. A run that needs more is not repeated.
    pub limit: Duration,
}

/// A script, or a P program with the words of a search.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name of the file, without its ending.
    pub name: String,
    path: PathBuf,
    /// Nothing for a script.
    search: Option<Vec<String>>,
}

/// The inputs in a folder: the scripts that have a command, and then the P programs, sorted by name.
///
/// # Errors
/// What the file system says.
pub fn inputs(folder: &Path) -> std::io::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_script = path.extension().is_some_and(|ending| ending == "maude");
        if is_script && has_command(&std::fs::read_to_string(&path)?) {
            let name = path.file_stem().unwrap_or_default();
            inputs.push(Input {
                name: name.to_string_lossy().into_owned(),
                path,
                search: None,
            });
        }
    }
    for case in cases(folder)? {
        inputs.extend(case.commands.into_iter().map(|words| Input {
            name: case.name.clone(),
            path: case.path.clone(),
            search: Some(words),
        }));
    }
    // Programs come last: to the system, a process takes at least what the one that started it took, and
    // emitting takes much.
    let key = |input: &Input| (input.search.is_some(), input.name.clone());
    inputs.sort_by_key(key);
    Ok(inputs)
}

fn has_command(script: &str) -> bool {
    let commands = ["search", "red ", "reduce ", "rew ", "rewrite "];
    let begins = |line: &str| commands.iter().any(|command| line.starts_with(command));
    script.lines().any(begins)
}

/// What came out for an input.
#[derive(Clone, Debug)]
pub struct Row {
    /// The input.
    pub name: String,
    /// States of a search.
    pub states: Option<u64>,
    /// Steps: rewrites of a script, with those of equations; transitions of a P program.
    pub steps: Option<u64>,
    /// The median of Maude; nothing if the time was over.
    pub maude: Option<Duration>,
    /// The median of psem; nothing if the time was over.
    pub psem: Option<Duration>,
    /// Peak memory of psem beyond that of psem doing nothing, for each state.
    pub bytes_a_state: Option<u64>,
}

/// Below so many states memory says nothing about a state.
const STATES_FOR_MEMORY: u64 = 10_000;

impl Row {
    /// How much faster psem is than Maude.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        Some(self.maude?.as_secs_f64() / self.psem?.as_secs_f64().max(1e-3))
    }

    fn a_second(&self, count: Option<u64>) -> Option<u64> {
        Some((count? as f64 / self.psem?.as_secs_f64().max(1e-3)) as u64)
    }

    /// The row as an object.
    #[must_use]
    pub fn json(&self) -> Value {
        let seconds = |time: Option<Duration>| time.map(|time| time.as_secs_f64());
        json!({
            "input": self.name,
            "states": self.states,
            "steps": self.steps,
            "maude": seconds(self.maude),
            "psem": seconds(self.psem),
            "ratio": self.ratio(),
            "states_a_second": self.a_second(self.states),
            "steps_a_second": self.a_second(self.steps),
            "bytes_a_state": self.bytes_a_state,
        })
    }
}

/// What an engine said: the counts, and everything else that must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Claim {
    states: Option<u64>,
    steps: Option<u64>,
    text: String,
}

impl Comparison {
    /// Runs both engines on an input.
    ///
    /// # Errors
    /// If they disagree, or one cannot be run.
    pub fn compare(&self, input: &Input) -> Result<Row, String> {
        let emitted = Emitted::of(input)?;
        let script = emitted.path.as_ref().unwrap_or(&input.path);
        let maude_words = self.maude_words(script);
        let psem_words = self.psem_words(input, &[]);
        let (mut maudes, mut psems) = (Engine::default(), Engine::default());
        for _ in 0..self.n_runs.max(1) {
            maudes.run(&maude_words, self.limit)?;
            psems.run(&psem_words, self.limit)?;
        }
        let is_program = input.search.is_some();
        let theirs = (maudes.last.as_deref()).map(|out| claim_of_script(out, is_program));
        let ours = match psems.last.as_deref() {
            Some(out) if is_program => Some(claim_of_program(out)?),
            Some(out) => Some(claim_of_script(out, false)),
            None => None,
        };
        if let (Some(ours), Some(theirs)) = (&ours, &theirs) {
            agree(ours, theirs)?;
        }
        let idle = measure(&self.idle_words(input), self.limit).map_err(cannot_run)?;
        let states = ours.as_ref().or(theirs.as_ref()).and_then(|it| it.states);
        let bytes_a_state = states
            .filter(|&states| states >= STATES_FOR_MEMORY && ours.is_some() && !is_program)
            .map(|states| psems.peak.saturating_sub(idle.peak) / states);
        Ok(Row {
            name: input.name.clone(),
            states,
            steps: ours.as_ref().or(theirs.as_ref()).and_then(|it| it.steps),
            maude: maudes.median(),
            psem: psems.median(),
            bytes_a_state,
        })
    }

    fn maude_words(&self, script: &Path) -> Vec<String> {
        let words = [&self.maude, "-no-banner", "-no-wrap"].map(str::to_owned);
        words
            .into_iter()
            .chain([script.display().to_string()])
            .collect()
    }

    fn psem_words(&self, input: &Input, more: &[&str]) -> Vec<String> {
        let mut words = vec![self.psem.display().to_string()];
        let path = input.path.display().to_string();
        match &input.search {
            None => words.extend(["maude".to_owned(), "-no-wrap".to_owned(), path]),
            Some(search) => {
                words.extend(search.iter().cloned());
                words.extend([path, "--format".to_owned(), "json".to_owned()]);
            }
        }
        // The time of all threads would be added up.
        words.extend(["--threads".to_owned(), "1".to_owned()]);
        words.extend(more.iter().map(|word| (*word).to_owned()));
        words
    }

    /// psem with the same to load and nothing to do.
    fn idle_words(&self, input: &Input) -> Vec<String> {
        match &input.search {
            None => {
                let psem = self.psem.display().to_string();
                vec![psem, "maude".to_owned(), "/dev/null".to_owned()]
            }
            Some(_) => self.psem_words(input, &["--max-states", "1"]),
        }
    }
}

/// The runs of one engine on one input.
#[derive(Default)]
struct Engine {
    users: Vec<Duration>,
    peak: u64,
    /// What it said last.
    last: Option<String>,
    is_over: bool,
}

impl Engine {
    fn run(&mut self, words: &[String], limit: Duration) -> Result<(), String> {
        if self.is_over {
            return Ok(());
        }
        let Measurement {
            user,
            peak,
            out,
            end,
        } = measure(words, limit).map_err(cannot_run)?;
        match end {
            End::Timeout => self.is_over = true,
            // psem says with 1 that it found what was asked for.
            End::Exit(0 | 1) => {
                self.users.push(user);
                self.peak = self.peak.max(peak);
                self.last = Some(out);
            }
            other => return Err(format!("`{}` ended with {other:?}", words.join(" "))),
        }
        Ok(())
    }

    fn median(&self) -> Option<Duration> {
        (!self.users.is_empty()).then(|| median(&self.users))
    }
}

fn cannot_run(error: std::io::Error) -> String {
    format!("cannot run: {error}")
}

/// The file that Maude gets for a P program; it goes when this goes.
struct Emitted {
    path: Option<PathBuf>,
}

impl Emitted {
    fn of(input: &Input) -> Result<Emitted, String> {
        let Some(search) = &input.search else {
            return Ok(Emitted { path: None });
        };
        let mut words = search.clone();
        words.extend([
            input.path.display().to_string(),
            "--emit".to_owned(),
            "maude".to_owned(),
        ]);
        let answer = psem(&words);
        if answer.code != 0 {
            return Err(format!("--emit maude failed: {}", answer.err));
        }
        let name = format!("compare-{}-{}.maude", std::process::id(), input.name);
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, answer.out).map_err(cannot_run)?;
        Ok(Emitted { path: Some(path) })
    }
}

impl Drop for Emitted {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // A file left behind in the folder for such files does no harm.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Reads what an engine says of a script. Of a P program Maude counts other rewrites than
/// transitions and names its solutions in its own words, so the numbers of solutions are
/// compared.
fn claim_of_script(out: &str, is_program: bool) -> Claim {
    let rewrites = out.lines().filter_map(|line| {
        let (_, rest) = line.split_once("rewrites: ")?;
        rest.split(' ').next()?.parse::<u64>().ok()
    });
    let counts = maude::counts(out);
    let text = if is_program {
        format!("{} solutions", counts.map_or(0, |counts| counts.solutions))
    } else {
        out.lines()
            .filter(|line| *line != "Bye.")
            .map(|line| line.split_once(" in ").map_or(line, |(start, _)| start))
            .collect::<Vec<_>>()
            .join("\n")
    };
    Claim {
        states: counts.map(|counts| counts.states),
        steps: rewrites.reduce(|a, b| a + b).filter(|_| !is_program),
        text,
    }
}

fn claim_of_program(out: &str) -> Result<Claim, String> {
    let report: Value = serde_json::from_str(out).map_err(|error| error.to_string())?;
    let solutions = report["solutions"].as_array().map_or(0, Vec::len);
    Ok(Claim {
        states: report["states"].as_u64(),
        steps: report["transitions"].as_u64(),
        text: format!("{solutions} solutions"),
    })
}

fn agree(ours: &Claim, theirs: &Claim) -> Result<(), String> {
    let steps_agree = theirs.steps.is_none() || ours.steps == theirs.steps;
    if ours.states == theirs.states && steps_agree && ours.text == theirs.text {
        return Ok(());
    }
    let differing = ours
        .text
        .lines()
        .zip(theirs.text.lines())
        .find(|(ours, theirs)| ours != theirs);
    Err(format!(
        "psem and Maude disagree: states {:?} and {:?}, rewrites {:?} and {:?}, {}",
        ours.states,
        theirs.states,
        ours.steps,
        theirs.steps,
        match differing {
            Some((ours, theirs)) => format!("`{ours}` and `{theirs}`"),
            None => format!(
                "{} and {} lines",
                ours.text.lines().count(),
                theirs.text.lines().count()
            ),
        }
    ))
}

#[cfg(test)]
mod tests {
    use super::{agree, claim_of_program, claim_of_script, has_command};

    const SEARCH: &str = "search in M : a =>* b .\n\nSolution 1 (state 4)\n\
        states: 5  rewrites: 7 in 1ms cpu (2ms real) (7 rewrites/second)\n";

    #[test]
    fn times_and_the_farewell_do_not_count() {
        let other = SEARCH.replace("1ms", "2ms") + "Bye.\n";
        let (ours, theirs) = (
            claim_of_script(SEARCH, false),
            claim_of_script(&other, false),
        );
        assert_eq!(agree(&ours, &theirs), Ok(()));
        assert_eq!((ours.states, ours.steps), (Some(5), Some(7)));
    }

    #[test]
    fn another_count_or_another_solution_is_a_disagreement() {
        for (from, to) in [
            ("states: 5", "states: 6"),
            ("state 4", "state 3"),
            ("7 in", "8 in"),
        ] {
            let other = claim_of_script(&SEARCH.replace(from, to), false);
            assert!(
                agree(&claim_of_script(SEARCH, false), &other).is_err(),
                "{to}"
            );
        }
    }

    #[test]
    fn a_program_agrees_with_the_script_it_became() {
        let report = r#"{"states": 5, "transitions": 9, "solutions": [{}]}"#;
        let ours = claim_of_program(report).expect("it is JSON");
        assert_eq!(agree(&ours, &claim_of_script(SEARCH, true)), Ok(()));
        assert_eq!(ours.steps, Some(9));
    }

    #[test]
    fn modules_alone_are_no_input() {
        assert!(!has_command("mod M is\n  sort S .\nendm\n"));
        assert!(has_command("red 1 + 1 .\n"));
    }
}
