//! Real Maude, where there is one: the environment variable `PSEM_MAUDE` names it.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What real Maude says of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// States at its end.
    pub states: u64,
    /// Solutions.
    pub solutions: u64,
}

/// The command of real Maude, if it is to be asked.
#[must_use]
pub fn command() -> Option<String> {
    std::env::var("PSEM_MAUDE")
        .ok()
        .filter(|command| !command.is_empty())
}

/// Runs a text in Maude and gives what it wrote to standard output.
///
/// # Errors
/// If Maude cannot be run, or writes a warning: Maude exits with 0 after warnings.
pub fn run(command: &str, text: &str) -> Result<String, String> {
    let (output, warnings) = run_warned(command, text)?;
    if !warnings.trim().is_empty() {
        return Err(format!("Maude says: {}", warnings.trim()));
    }
    Ok(output)
}

/// Runs a text in Maude and gives what it wrote to standard output and to standard error.
///
/// # Errors
/// If Maude cannot be run.
pub fn run_warned(command: &str, text: &str) -> Result<(String, String), String> {
    let mut child = Command::new("timeout")
        .args(["120", command, "-no-banner", "-no-wrap"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run {command}: {error}"))?;
    let mut input = child.stdin.take().ok_or("no input to Maude")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    let _ = writer.join();
    let [output, warnings] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok((output, warnings))
}

/// Reads the counts of the last search in what Maude wrote.
#[must_use]
pub fn counts(output: &str) -> Option<Counts> {
    let solutions = output
        .lines()
        .filter(|line| line.starts_with("Solution "))
        .count() as u64;
    let states = output
        .lines()
        .filter_map(|line| line.strip_prefix("states: "))
        .filter_map(|rest| rest.split_whitespace().next()?.parse().ok())
        .next_back()?;
    Some(Counts { states, solutions })
}
