//! `psem conform`: whether a recorded trace is a behavior of a program.

use super::arguments::ConformArguments;
use super::{Console, Status, file, program};
use crate::interpreter::{ConformBounds, Conformance};
use crate::replay::{Entry, read_traces};

/// Searches for an execution that shows the trace.
pub(super) fn conform(
    arguments: &ConformArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let path = arguments.trace.display();
    let text = file::read(&arguments.trace, console)?;
    let traces =
        read_traces(&text).map_err(|error| console.refuse(&format!("{path}: {error}"), None))?;
    let chosen = program::recorded(&arguments.paths, &arguments.program, None, console)?;
    let mut interpreter = program::interpreter(arguments.program.semantics.as_deref(), console)?;
    let bounds = ConformBounds {
        states: arguments.max_states,
        timeout: arguments.timeout,
        step_limit: arguments.step_limit,
    };
    let mut status = Status::Done;
    let conformances = interpreter.conform(&chosen.initial, &traces, &bounds);
    for (number, (entries, conformance)) in traces.iter().zip(&conformances).enumerate() {
        if traces.len() > 1 {
            console.print(&format!("trace {}: ", number + 1));
        }
        let (found, text) = said(entries, conformance);
        console.print(&text);
        // What is found outweighs what is not decided.
        status = match (status, found) {
            (Status::Found, _) | (_, Status::Found) => Status::Found,
            (Status::Limit, _) | (_, Status::Limit) => Status::Limit,
            _ => Status::Done,
        };
    }
    Ok(status)
}

fn said(entries: &[Entry], conformance: &Conformance) -> (Status, String) {
    let n_entries = entries.len();
    match conformance {
        Conformance::Behavior { n_steps } => (
            Status::Done,
            format!("conforms: {n_entries} entries, shown by an execution of {n_steps} steps\n"),
        ),
        Conformance::Limit(stop) => (
            Status::Limit,
            format!("limit: {}; nothing is decided\n", stop.message),
        ),
        Conformance::None {
            n_shown,
            possible,
            can_end,
        } => {
            let mut text = format!(
                "does not conform: no execution shows more than the first {n_shown} of \
                 {n_entries} entries\n"
            );
            if let Some(entry) = entries.get(*n_shown) {
                text.push_str(&format!("entry {}: {}\n", n_shown + 1, entry.text()));
            }
            for entry in possible {
                text.push_str(&format!("  possible: {}\n", entry.text()));
            }
            if *can_end {
                text.push_str("  possible: no machine can go on, and nothing is wrong\n");
            }
            (Status::Found, text)
        }
    }
}
