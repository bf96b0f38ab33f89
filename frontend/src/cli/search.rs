//! `psem search`: from paths and a query to a report.

use std::path::PathBuf;

use super::arguments::{Format, SearchArguments};
use super::program::{self, Chosen};
use super::{Status, print, refuse};
use crate::interpreter::{Bounds, Goal, Interpreter};
use crate::query::{Query, QueryError};
use crate::report::{Outcome, search_text};

/// Searches, or prints the search for Maude.
pub(super) fn search(arguments: &SearchArguments) -> Status {
    let (paths, query_text) = match split_words(&arguments.words) {
        Ok(parts) => parts,
        Err(status) => return status,
    };
    let query = match Query::cut(&query_text) {
        Ok(query) => query,
        Err(error) => return refuse_query(&query_text, &error),
    };
    let chosen = match program::choose(&paths, arguments.program.test.as_deref()) {
        Ok(chosen) => chosen,
        Err(status) => return status,
    };
    let mut interpreter = match program::interpreter(arguments.program.semantics.as_deref()) {
        Ok(interpreter) => interpreter,
        Err(status) => return status,
    };
    let goal = match interpreter.goal(&query) {
        Ok(goal) => goal,
        Err(error) => return refuse_query(&query_text, &locate(&query_text, error)),
    };
    if arguments.emit.is_some() {
        print(&interpreter.emit(&chosen.initial, &goal, arguments.solutions, arguments.depth));
        return Status::Done;
    }
    run(arguments, &mut interpreter, &chosen, &goal, &query_text)
}

fn run(
    arguments: &SearchArguments,
    interpreter: &mut Interpreter,
    chosen: &Chosen,
    goal: &Goal,
    query_text: &str,
) -> Status {
    let bounds = Bounds {
        solutions: arguments.solutions,
        depth: arguments.depth,
        states: arguments.max_states,
        memory: arguments.memory,
        timeout: arguments.timeout,
        step_limit: arguments.step_limit,
    };
    let report = interpreter.search(&chosen.initial, goal, &bounds);
    match arguments.format {
        Format::Text => print(&search_text(&report, query_text.trim(), &chosen.sources)),
        Format::Json => match serde_json::to_string_pretty(&report) {
            Ok(text) => print(&format!("{text}\n")),
            Err(error) => return refuse(&format!("the report is not JSON: {error}"), None),
        },
    }
    match report.outcome {
        Outcome::Found => Status::Found,
        Outcome::Exhausted => Status::Done,
        Outcome::Limit => Status::Limit,
    }
}

/// The paths and the one argument that begins with an arrow.
fn split_words(words: &[String]) -> Result<(Vec<PathBuf>, String), Status> {
    let mut paths = Vec::new();
    let mut queries = Vec::new();
    for word in words {
        if word.trim_start().starts_with("=>") {
            queries.push(word.trim_start().to_owned());
        } else {
            paths.push(PathBuf::from(word));
        }
    }
    let help = "psem search prog.p \"=>* violation\"";
    match (queries.len(), paths.is_empty()) {
        (1, false) => Ok((paths, queries.remove(0))),
        (1, true) => Err(refuse("no program to search", Some(help))),
        (0, _) => Err(refuse(
            "no query: one argument must begin with `=>1`, `=>+`, `=>*` or `=>!`",
            Some(help),
        )),
        _ => Err(refuse("more than one query", Some(help))),
    }
}

/// Moves an error in a part of the query to its place in the whole.
fn locate(text: &str, error: crate::interpreter::GoalError) -> QueryError {
    let start = text.find(error.part.as_str()).unwrap_or(0);
    QueryError {
        message: error.message,
        at: start + error.at.min(error.part.len()),
    }
}

fn refuse_query(text: &str, error: &QueryError) -> Status {
    let column = text[..error.at.min(text.len())].chars().count();
    let help = format!(
        "{text}\n  {}^\npropositions: violation, violation(KIND), deadlock, terminated, hot, \
         at(MACHINE, STATE), with and, or, not; `psem search --help` shows patterns",
        " ".repeat(column)
    );
    refuse(&format!("the query: {}", error.message), Some(&help))
}
