//! `psem search`: from paths and a query to a report.

use std::path::PathBuf;

use super::arguments::{Format, SearchArguments};
use super::program::{self, Chosen};
use super::{Console, Status};
use crate::interpreter::{Bounds, Goal, Interpreter};
use crate::query::{Query, QueryError, excerpt};
use crate::report::{Outcome, search_text};

/// Searches, or prints the search for Maude.
pub(super) fn search(
    arguments: &SearchArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let (paths, text) = split_words(&arguments.words, console)?;
    let query = Query::cut(&text).map_err(|error| refuse_query(&text, &error, &[], console))?;
    let chosen = program::choose(&paths, &arguments.program, console)?;
    chosen
        .check(&text)
        .map_err(|error| refuse_query(&text, &error, &[], console))?;
    let mut interpreter = program::interpreter(arguments.program.semantics.as_deref(), console)?;
    let goal = interpreter.goal(&query).map_err(|error| {
        let kinds = if text.contains("violation(") {
            interpreter.kinds()
        } else {
            Vec::new()
        };
        refuse_query(&text, &locate(&text, &query, error), &kinds, console)
    })?;
    if arguments.emit.is_some() {
        let text = interpreter.emit(&chosen.initial, &goal, arguments.solutions, arguments.depth);
        console.print(&text);
        return Ok(Status::Done);
    }
    run(arguments, &mut interpreter, &chosen, &goal, &text, console)
}

fn run(
    arguments: &SearchArguments,
    interpreter: &mut Interpreter,
    chosen: &Chosen,
    goal: &Goal,
    query: &str,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let bounds = Bounds {
        solutions: arguments.solutions,
        depth: arguments.depth,
        states: arguments.max_states,
        memory: arguments.memory,
        timeout: arguments.timeout,
        step_limit: arguments.step_limit,
        engine: arguments.engine.engine.into(),
        threads: arguments.engine.n_threads(),
    };
    let mut report = interpreter.search(&chosen.initial, goal, &bounds, console.progress);
    if !arguments.engine.stats {
        report.engine = None;
    }
    match arguments.format {
        Format::Text => console.print(&search_text(&report, query, &chosen.sources)),
        Format::Json => match serde_json::to_string_pretty(&report) {
            Ok(text) => console.print(&format!("{text}\n")),
            Err(error) => {
                return Err(console.refuse(&format!("the report is not JSON: {error}"), None));
            }
        },
    }
    Ok(match report.outcome {
        Outcome::Found => Status::Found,
        Outcome::Exhausted => Status::Done,
        Outcome::Limit => Status::Limit,
    })
}

/// The paths and the one argument that begins with an arrow.
fn split_words(
    words: &[String],
    console: &mut Console<'_>,
) -> Result<(Vec<PathBuf>, String), Status> {
    let mut paths = Vec::new();
    let mut queries = Vec::new();
    for word in words {
        if word.trim_start().starts_with("=>") {
            queries.push(word.trim().to_owned());
        } else {
            paths.push(PathBuf::from(word));
        }
    }
    let help = "psem search prog.p \"=>* violation\"";
    match (queries.len(), paths.is_empty()) {
        (1, false) => Ok((paths, queries.remove(0))),
        (1, true) => Err(console.refuse("no program to search", Some(help))),
        (0, _) => Err(console.refuse(
            "no query: one argument must begin with `=>1`, `=>+`, `=>*` or `=>!`",
            Some(help),
        )),
        _ => Err(console.refuse("more than one query", Some(help))),
    }
}

/// Moves an error in a part of the query to its place in the whole.
fn locate(text: &str, query: &Query, error: crate::interpreter::GoalError) -> QueryError {
    // The condition stands last, whatever else reads like it.
    let start = if query.condition.as_ref() == Some(&error.part) {
        text.rfind(error.part.as_str())
    } else {
        text.find(error.part.as_str())
    };
    let start = start.unwrap_or(0);
    QueryError {
        message: error.message,
        at: start + error.at.min(error.part.len()),
    }
}

fn refuse_query(
    text: &str,
    error: &QueryError,
    kinds: &[String],
    console: &mut Console<'_>,
) -> Status {
    let (text, column) = excerpt(text, error.at.min(text.len()));
    let mut help = format!(
        "{text}\n{}^\npropositions: violation, violation(KIND), deadlock, terminated, hot, cold, \
         hot(MONITOR), cold(MONITOR), at(MACHINE, STATE),\n  invariant(NAME), and their combinations with and, or, not; `psem search --help` shows \
         patterns",
        " ".repeat(column)
    );
    if !kinds.is_empty() {
        help.push_str("\nkinds: ");
        help.push_str(&kinds.join(", "));
    }
    console.refuse(&format!("the query: {}", error.message), Some(&help))
}
