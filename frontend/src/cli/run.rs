//! `psem run`: one execution, as a log.

use super::arguments::RunArguments;
use super::program;
use super::{Console, Status};
use crate::interpreter::{Ending, ExecutionBounds};
use crate::report::{step_line, violation_text};

/// Runs one execution, writing its steps as they are made.
pub(super) fn run(arguments: &RunArguments, console: &mut Console<'_>) -> Result<Status, Status> {
    let chosen = program::choose(&arguments.paths, &arguments.program, console)?;
    let mut interpreter = program::interpreter(arguments.program.semantics.as_deref(), console)?;
    let bounds = ExecutionBounds {
        seed: arguments.seed,
        steps: arguments.max_steps,
        step_limit: arguments.step_limit,
    };
    let mut n_steps: u64 = 0;
    let ending = interpreter.execute(&chosen.initial, &bounds, &mut |step, printed| {
        n_steps += 1;
        console.print(&format!("{n_steps:>5}. {}\n", step_line(step)));
        for line in printed {
            console.print(&format!("       print: {line}\n"));
        }
    });
    let (status, text) = match ending {
        Ending::Terminated => (
            Status::Done,
            format!("ended: after {n_steps} steps no machine can go on, and nothing is wrong\n"),
        ),
        Ending::Violation(violation) => {
            (Status::Found, violation_text(&violation, &chosen.sources))
        }
        Ending::Steps => (
            Status::Limit,
            format!("limit: {n_steps} steps were made, and there are more\n"),
        ),
        Ending::Limit(stop) => (Status::Limit, format!("limit: {}\n", stop.message)),
    };
    console.print(&text);
    Ok(status)
}
