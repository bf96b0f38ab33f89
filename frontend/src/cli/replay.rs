//! `psem replay`: an execution that a schedule decides, or all those of a directory.

mod directory;

use std::path::Path;

use super::arguments::ReplayArguments;
use super::{Console, Status};
use super::{file, program};
use crate::interpreter::{Ending, Interpreter, Numbering, Replay, ReplayEnding};
use crate::lower::Tree;
use crate::program::Program;
use crate::replay::{Comparison, Difference, Schedule, compare, mentions, names_helper};
use crate::report::{Stop, violation_text};
use crate::source::Sources;
use crate::trace::log::log_text;

/// Follows the schedule and prints what happens; of a directory, all of its schedules.
pub(super) fn replay(
    arguments: &ReplayArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    if arguments.schedule.is_dir() {
        return directory::replay(arguments, console);
    }
    let text = file::read(&arguments.schedule, console)?;
    let schedule = Schedule::read(&text).map_err(|error| {
        let message = format!("{}: {error}", arguments.schedule.display());
        console.refuse(&message, None)
    })?;
    let chosen = program::recorded(
        &arguments.paths,
        &arguments.program,
        schedule.test.as_deref(),
        console,
    )?;
    let log = match &arguments.log {
        Some(path) => Some((path.as_path(), file::read(path, console)?)),
        None => None,
    };
    let mut interpreter = program::interpreter(arguments.program.semantics.as_deref(), console)?;
    let execution = Execution {
        initial: &chosen.initial,
        test: &chosen.test,
        schedule: &schedule,
        log: log.as_ref().map(|(_, log)| log.as_str()),
    };
    let followed = follow(&mut interpreter, &execution, arguments.step_limit);
    let followed = followed.map_err(|stop| {
        console.print(&format!("limit: {}\n", stop.message));
        Status::Limit
    })?;
    if log.is_none() {
        console.print(&followed.log);
    }
    let (mut status, text) = outcome(&followed.replay, &arguments.schedule, &chosen.sources);
    console.print(&text);
    if let Some((path, theirs)) = &log
        && let Some(comparison) = &followed.comparison
    {
        console.print(&comparison_text(comparison, path));
        if comparison.difference.is_some() {
            if let Some(lacking) = lacking_text(&chosen.program, theirs) {
                console.print(&format!("  {lacking}\n"));
            }
            if status == Status::Done {
                status = Status::Found;
            }
        }
    }
    Ok(status)
}

/// An execution that somebody recorded.
struct Execution<'a> {
    /// What it begins with.
    initial: &'a Tree,
    /// Its test.
    test: &'a str,
    /// What decides it.
    schedule: &'a Schedule,
    /// What the checker said of it.
    log: Option<&'a str>,
}

/// An execution made again.
struct Followed {
    replay: Replay,
    /// What is said of it here.
    log: String,
    /// How that compares with what the checker said.
    comparison: Option<Comparison>,
}

fn follow(
    interpreter: &mut Interpreter,
    execution: &Execution<'_>,
    step_limit: u64,
) -> Result<Followed, Stop> {
    let (initial, decisions) = (execution.initial, &execution.schedule.decisions);
    let has_helper = execution.log.is_some_and(names_helper);
    let numbering = has_helper.then_some(Numbering::Helper);
    let replay = interpreter.replay(initial, decisions, numbering, step_limit);
    let story = interpreter.told(initial, &replay, step_limit)?;
    let log = log_text(&story, execution.test, "replay");
    let offset = replay.numbering.offset();
    let comparison = execution.log.map(|theirs| compare(theirs, &log, offset));
    Ok(Followed {
        replay,
        log,
        comparison,
    })
}

fn comparison_text(comparison: &Comparison, path: &Path) -> String {
    let mut text = match &comparison.difference {
        None => format!(
            "agrees: {} records of {}\n",
            comparison.n_equal,
            path.display()
        ),
        Some(difference) => {
            let [theirs, ours] = both_say(difference);
            format!(
                "differs: {}:{}, after {} records that agree\n  {theirs}\n  {ours}\n",
                path.display(),
                difference.line,
                comparison.n_equal,
            )
        }
    };
    for (wording, count) in &comparison.wordings {
        text.push_str(&format!(
            "  in other words, {count} times: {}\n",
            wording.text()
        ));
    }
    text
}

/// The first records that differ, a line each.
fn both_say(difference: &Difference) -> [String; 2] {
    let says = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    [
        format!("checker: {}", says(&difference.theirs)),
        format!("psem:    {}", says(&difference.ours)),
    ]
}

/// What a log names that the program does not have, if there is such a thing: then the log is of
/// another text.
fn lacking_text(program: &Program, log: &str) -> Option<String> {
    const MOST_LISTED: usize = 8;
    let lacking = program.lacks(&mentions(log));
    let listed = lacking.iter().take(MOST_LISTED).map(|mention| {
        let (kind, name, line) = (mention.kind, &mention.name, mention.line);
        format!("{kind} {name} (line {line})")
    });
    let mut listed: Vec<String> = listed.collect();
    match lacking.len() {
        0 => return None,
        n_lacking if n_lacking > MOST_LISTED => {
            listed.push(format!("{} more", n_lacking - MOST_LISTED));
        }
        _ => {}
    }
    Some(format!("not in this program: {}", listed.join(", ")))
}

/// How it ended, in words.
fn outcome(replay: &Replay, schedule: &Path, sources: &Sources) -> (Status, String) {
    let n_steps = replay.taken.len();
    match &replay.ending {
        ReplayEnding::Followed(ending) => {
            let (status, end) = ended(ending, sources);
            (
                status,
                format!("followed: every decision, {n_steps} steps\n{end}"),
            )
        }
        ReplayEnding::Diverged {
            line,
            decision,
            possible,
            ending,
        } => {
            let path = schedule.display();
            let mut text = format!(
                "diverged: {path}:{line}: `{decision}` cannot be followed after {n_steps} steps\n"
            );
            if !possible.is_empty() {
                let possible: Vec<String> = possible.iter().map(ToString::to_string).collect();
                text.push_str(&format!("possible: {}\n", possible.join(" ")));
            }
            let mut status = Status::Found;
            if let Some(ending) = ending {
                let (end_status, end) = ended(ending, sources);
                text.push_str(&end);
                if end_status == Status::Limit {
                    status = end_status;
                }
            }
            (status, text)
        }
    }
}

fn ended(ending: &Ending, sources: &Sources) -> (Status, String) {
    match ending {
        Ending::Terminated => (
            Status::Done,
            "ended: no machine can go on, and nothing is wrong\n".to_owned(),
        ),
        Ending::Violation(violation) => (Status::Done, violation_text(violation, sources)),
        Ending::Steps => (Status::Done, "the execution could go on\n".to_owned()),
        Ending::Limit(stop) => (Status::Limit, format!("limit: {}\n", stop.message)),
    }
}
