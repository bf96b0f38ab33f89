//! `psem replay`: an execution that a schedule decides.

use std::path::Path;

use super::arguments::ReplayArguments;
use super::{Console, Status};
use super::{file, program};
use crate::interpreter::{Ending, Numbering, Replay, ReplayEnding};
use crate::replay::{Comparison, Schedule, compare, names_helper};
use crate::report::violation_text;
use crate::source::Sources;
use crate::trace::log::log_text;

/// Follows the schedule and prints what happens.
pub(super) fn replay(
    arguments: &ReplayArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
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
    let (initial, step_limit) = (&chosen.initial, arguments.step_limit);
    let has_helper = log.as_ref().is_some_and(|(_, log)| names_helper(log));
    let numbering = has_helper.then_some(Numbering::Helper);
    let replay = interpreter.replay(initial, &schedule.decisions, numbering, step_limit);
    let story = interpreter.told(initial, &replay, step_limit);
    let story = story.map_err(|stop| {
        console.print(&format!("limit: {}\n", stop.message));
        Status::Limit
    })?;
    let ours = log_text(&story, &chosen.test, "replay");
    if log.is_none() {
        console.print(&ours);
    }
    let (mut status, text) = outcome(&replay, &arguments.schedule, &chosen.sources);
    console.print(&text);
    if let Some((path, theirs)) = log {
        let comparison = compare(&theirs, &ours, replay.numbering.offset());
        console.print(&comparison_text(&comparison, path));
        if comparison.difference.is_some() && status == Status::Done {
            status = Status::Found;
        }
    }
    Ok(status)
}

fn comparison_text(comparison: &Comparison, path: &Path) -> String {
    let mut text = match &comparison.difference {
        None => format!(
            "agrees: {} records of {}\n",
            comparison.n_equal,
            path.display()
        ),
        Some(difference) => {
            let says = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
            format!(
                "differs: {}:{}, after {} records that agree\n  checker: {}\n  psem:    {}\n",
                path.display(),
                difference.line,
                comparison.n_equal,
                says(&difference.theirs),
                says(&difference.ours),
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
