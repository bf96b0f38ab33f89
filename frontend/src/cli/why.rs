//! `psem why`: why a rule does not apply somewhere in an execution.

use super::arguments::{Format, WhyArguments};
use super::file::read;
use super::program::{self, Chosen};
use super::{Console, Status};
use crate::interpreter::{CheckBounds, Interpreter, NoAnswer, Schedules, Strategy, WhyNot};
use crate::replay::Schedule;
use crate::report::why_text;

/// Answers.
pub(super) fn why(arguments: &WhyArguments, console: &mut Console<'_>) -> Result<Status, Status> {
    let schedule = match &arguments.schedule {
        None => None,
        Some(path) => {
            let name = path.display();
            let text = read(path, console)?;
            let schedule = Schedule::read(&text);
            Some(schedule.map_err(|error| console.refuse(&format!("{name}: {error}"), None))?)
        }
    };
    let chosen = match &schedule {
        None => program::choose(&arguments.paths, &arguments.program, console)?,
        Some(schedule) => {
            let test = schedule.test.as_deref();
            program::recorded(&arguments.paths, &arguments.program, test, console)?
        }
    };
    let mut interpreter = program::interpreter(arguments.program.semantics.as_deref(), console)?;
    let taken = match &schedule {
        Some(schedule) => {
            let steps = arguments.step_limit;
            interpreter
                .replay(&chosen.initial, &schedule.decisions, None, steps)
                .taken
        }
        None => shortest(arguments, &chosen, &mut interpreter, console)?,
    };
    let question = WhyNot {
        rule: arguments.rule.clone(),
        machine: arguments.machine.clone(),
        at: arguments.at,
    };
    let answer = interpreter.why(&chosen.initial, &taken, &question);
    let answer = answer.map_err(|reason| refuse(&question, reason, console))?;
    match arguments.format {
        Format::Text => console.print(&why_text(&answer)),
        Format::Json => match serde_json::to_string_pretty(&answer) {
            Ok(text) => console.print(&format!("{text}\n")),
            Err(error) => {
                return Err(console.refuse(&format!("the answer is not JSON: {error}"), None));
            }
        },
    }
    Ok(Status::Done)
}

/// The shortest execution that goes wrong, or a random one.
fn shortest(
    arguments: &WhyArguments,
    chosen: &Chosen,
    interpreter: &mut Interpreter,
    console: &mut Console<'_>,
) -> Result<Vec<usize>, Status> {
    let mut bounds = CheckBounds {
        properties: Vec::new(),
        keep_going: false,
        steps: None,
        states: None,
        memory: 4 << 30,
        timeout: None,
        step_limit: arguments.step_limit,
        engine: rewriter::search::Engine::Compiled,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        schedules: None,
        graph: false,
        progress: console.progress,
    };
    if let Some(seed) = arguments.seed {
        bounds.schedules = Some(Schedules {
            strategy: Strategy::Random,
            number: Some(1),
            seed,
            steps: arguments.at.map_or(10_000, |at| at as u64),
        });
    }
    let report = interpreter
        .check("", &chosen.initial, &bounds, None)
        .map_err(|error| console.refuse(&format!("the rules: {}", error.message), None))?;
    if let Some(bug) = report.bugs.into_iter().next() {
        return Ok(bug.taken);
    }
    match report.last {
        Some(taken) => Ok(taken),
        None => Err(console.refuse(
            "nothing goes wrong in this test, so there is no execution to ask about",
            Some("--seed N asks about a random one, --schedule FILE about a recorded one"),
        )),
    }
}

fn refuse(question: &WhyNot, reason: NoAnswer, console: &mut Console<'_>) -> Status {
    match reason {
        NoAnswer::Rule(labels) => console.refuse(
            &format!("there is no rule `{}`", question.rule),
            Some(&format!("the rules: {}", labels.join(", "))),
        ),
        NoAnswer::Machine(names) => console.refuse(
            &format!(
                "there is no machine `{}` then",
                question.machine.as_deref().unwrap_or_default()
            ),
            Some(&format!("there are {}", names.join(", "))),
        ),
        NoAnswer::Step(length) => console.refuse(
            &format!("the execution has {length} steps"),
            Some("--at N with N from 0, the first configuration, to that number"),
        ),
        NoAnswer::Limit(_) => {
            console.print("limit: a step takes more than --step-limit rewrites\n");
            Status::Limit
        }
    }
}
