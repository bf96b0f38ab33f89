//! `psem check`: every test of a program, a line for each, then the bugs.

use std::path::Path;

use super::arguments::{CheckArguments, Format};
use super::file::{make_directory, may_make_directory, may_write, write};
use super::program;
use super::{Console, Status};
use crate::interpreter::{CheckBounds, Goals, Interpreter, Property, Schedules, Strategy};
use crate::lower::{self, Tree};
use crate::program::Program;
use crate::query::{QueryError, excerpt};
use crate::report::{
    CheckReport, TestReport, bug_chart, bugs_text, coverage_text, dot, summary_text, test_line,
};
use crate::trace::chart::{Chart, mermaid, svg};
use crate::trace::happening::Story;
use crate::trace::json::json_text;
use crate::trace::log::log_text;
use crate::trace::schedule::{Header, schedule_text};

/// Checks the tests.
pub(super) fn check(
    arguments: &CheckArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let (sources, program) = program::compiled(&arguments.paths, &arguments.foreign, console)?;
    let program = if arguments.foreign_values {
        program.with_foreign_values()
    } else {
        program
    };
    let names: Vec<String> = program.tests().into_iter().map(|test| test.name).collect();
    let chosen = choose(&names, &arguments.tests, console)?;
    if arguments.list_tests {
        for &index in &chosen {
            console.print(&format!("{}\n", names[index]));
        }
        return Ok(Status::Done);
    }
    if let Some(file) = &arguments.chart
        && !matches!(ending(file), "svg" | "mmd" | "mermaid" | "txt")
    {
        let message = format!("{} is no chart that can be drawn", file.display());
        return Err(console.refuse(&message, Some("its name must end in .svg, .mmd or .txt")));
    }
    if let Some(file) = &arguments.graph {
        if !matches!(ending(file), "dot" | "json") {
            let message = format!("{} is no graph that can be written", file.display());
            return Err(console.refuse(&message, Some("its name must end in .dot or .json")));
        }
        if chosen.len() > 1 {
            let help = "choose one with -t";
            return Err(console.refuse("a graph is that of one test", Some(help)));
        }
    }
    for file in arguments.chart.iter().chain(&arguments.graph) {
        may_write(file, console)?;
    }
    if let Some(directory) = &arguments.out {
        may_make_directory(directory, console)?;
    }
    let mut interpreter = program::interpreter(arguments.semantics.as_deref(), console)?;
    let schedules = schedules(arguments, console)?;
    if arguments.graph.is_some() && schedules.is_some() {
        let message = "executions have no graph: it is that of the whole space";
        return Err(console.refuse(message, Some("leave out --schedules and --strategy")));
    }
    let properties = properties(arguments, &program, &mut interpreter, console)?;
    if !properties.is_empty() && schedules.is_some() {
        let message = "a temporal formula speaks of infinite executions, and these are cut off";
        return Err(console.refuse(message, Some("leave out --schedules and --strategy")));
    }
    let bounds = CheckBounds {
        schedules,
        properties,
        graph: arguments.graph.is_some(),
        keep_going: arguments.keep_going,
        steps: arguments.max_steps,
        states: arguments.max_states,
        memory: arguments.memory,
        timeout: arguments.timeout,
        step_limit: arguments.step_limit,
        engine: arguments.engine.engine.into(),
        threads: arguments.engine.n_threads(),
        progress: console.progress,
    };
    let is_text = arguments.format == Format::Text && !arguments.json;
    let width = chosen.iter().map(|&index| names[index].chars().count());
    let width = width.max().unwrap_or(0);
    let mut tests = Vec::new();
    let goals = arguments.coverage.then(|| Goals {
        coverage: program.nothing_reached(),
        scenarios: program.scenarios(),
    });
    for &index in &chosen {
        let initial = lower::lower(&program, index);
        let mut report = interpreter
            .check(&names[index], &initial, &bounds, goals.as_ref())
            .map_err(|error| console.refuse(&format!("the rules: {}", error.message), None))?;
        if is_text {
            console.print(&test_line(&report, width));
        }
        if let (Some(file), Some(graph)) = (&arguments.graph, &report.graph) {
            let text = match ending(file) {
                "dot" => dot(graph, &report.test),
                _ => serde_json::to_string_pretty(graph)
                    .map_err(|error| console.refuse(&format!("no JSON: {error}"), None))?,
            };
            write(file, &text, console)?;
        }
        let stories = tell(&mut report, &initial, &mut interpreter, arguments, console)?;
        if let Some(directory) = &arguments.out {
            write_bugs(directory, &report, &stories, &bounds, console)?;
        }
        tests.push(report);
    }
    let report = CheckReport::new(tests);
    if let Some(file) = &arguments.chart {
        draw(file, &report, console)?;
    }
    if is_text {
        for test in &report.tests {
            console.print(&bugs_text(test, &sources));
        }
        console.print(&format!("\n{}", summary_text(&report.summary)));
        if let Some(coverage) = &report.coverage {
            console.print(&coverage_text(coverage));
        }
    } else {
        match serde_json::to_string_pretty(&report) {
            Ok(text) => console.print(&format!("{text}\n")),
            Err(error) => {
                return Err(console.refuse(&format!("the report is not JSON: {error}"), None));
            }
        }
    }
    Ok(match report.summary {
        summary if summary.bug > 0 => Status::Found,
        summary if summary.undecided > 0 => Status::Limit,
        _ => Status::Done,
    })
}

/// Tells the bugs of a test in full. Those of very many steps are told only to be written.
fn tell(
    report: &mut TestReport,
    initial: &Tree,
    interpreter: &mut Interpreter,
    arguments: &CheckArguments,
    console: &mut Console<'_>,
) -> Result<Vec<Story>, Status> {
    const MOST_STEPS: usize = 2_000;
    let mut stories = Vec::new();
    for bug in &mut report.bugs {
        if bug.taken.len() > MOST_STEPS && arguments.out.is_none() {
            continue;
        }
        let story = interpreter.tell(initial, &bug.taken, Some(&bug.violation));
        let story = story.map_err(|_| console.refuse("a bug cannot be shown again", None))?;
        bug.changes = story
            .steps
            .iter()
            .map(|told| told.changes.clone())
            .collect();
        stories.push(story);
    }
    Ok(stories)
}

/// Writes the bugs of a test as P's checker does: `TEST_0.txt`, `TEST_0.trace.json`, `TEST_0.schedule`.
fn write_bugs(
    directory: &Path,
    report: &TestReport,
    stories: &[Story],
    bounds: &CheckBounds,
    console: &mut Console<'_>,
) -> Result<(), Status> {
    let strategy = bounds
        .schedules
        .map_or(Strategy::Breadth, |schedules| schedules.strategy);
    let header = Header {
        test: report.test.clone(),
        is_fair: strategy.is_fair(),
        temperature: bounds.schedules.map_or(0, |schedules| schedules.steps / 2),
    };
    if !stories.is_empty() {
        make_directory(directory, console)?;
    }
    for (number, story) in stories.iter().enumerate() {
        let name = |ending: &str| directory.join(format!("{}_{number}.{ending}", report.test));
        write(
            &name("txt"),
            &log_text(story, &report.test, strategy.name()),
            console,
        )?;
        write(
            &name("trace.json"),
            &json_text(story, strategy.name()),
            console,
        )?;
        write(&name("schedule"), &schedule_text(story, &header), console)?;
    }
    Ok(())
}

/// Draws the first bug of all tests, in the form that the ending of the name asks for.
fn draw(file: &Path, report: &CheckReport, console: &mut Console<'_>) -> Result<(), Status> {
    let mut bugs = report.tests.iter().flat_map(|test| {
        let bugs = test.bugs.iter();
        bugs.map(|bug| (test.test.as_str(), bug))
    });
    let Some((test, bug)) = bugs.next() else {
        return Ok(());
    };
    let chart = Chart::new(test, bug);
    let text = match ending(file) {
        "svg" => svg(&chart),
        "mmd" | "mermaid" => mermaid(&chart),
        _ => bug_chart(bug),
    };
    write(file, &text, console)
}

fn ending(file: &Path) -> &str {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.unwrap_or_default()
}

/// The temporal formulas.
fn properties(
    arguments: &CheckArguments,
    program: &Program,
    interpreter: &mut Interpreter,
    console: &mut Console<'_>,
) -> Result<Vec<Property>, Status> {
    let mut properties = Vec::new();
    for text in &arguments.ltl {
        let property = (program.check_query(text)).and_then(|()| {
            interpreter.property(text).map_err(|error| QueryError {
                message: error.message,
                at: error.at,
            })
        });
        properties.push(property.map_err(|error| {
            let (part, column) = excerpt(text, error.at.min(text.len()));
            let help = format!(
                "{part}\n{}^\nformulas: propositions as of `psem search`, ~ F, F /\\ G, F \\/ G, F -> G, \
                 F <-> G,\n  O F (after one step), <> F, [] F, F U G, F W G, F R G, F |-> G ([] (F -> <> G))",
                " ".repeat(column)
            );
            console.refuse(&format!("the formula: {}", error.message), Some(&help))
        })?);
    }
    Ok(properties)
}

/// Which executions are asked for, if not the whole space.
fn schedules(
    arguments: &CheckArguments,
    console: &mut Console<'_>,
) -> Result<Option<Schedules>, Status> {
    let given = arguments.strategy();
    let strategy = match (given, arguments.schedules) {
        (None, None) => return Ok(None),
        (Some(strategy), _) => strategy,
        (None, Some(_)) => Strategy::Random,
    };
    if strategy == Strategy::Breadth {
        if arguments.schedules.is_some() {
            let message = "`bfs` explores configurations, not executions: it takes no --schedules";
            return Err(console.refuse(message, Some("--strategy dfs makes executions")));
        }
        return Ok(None);
    }
    let steps = if strategy.is_fair() { 100_000 } else { 10_000 };
    Ok(Some(Schedules {
        strategy,
        number: match strategy {
            Strategy::Depth => arguments.schedules,
            _ => Some(arguments.schedules.unwrap_or(1)),
        },
        seed: arguments.seed,
        steps: arguments.max_steps.unwrap_or(steps),
    }))
}

/// The tests that are meant: those with a given name, or else those that begin with it.
fn choose(
    names: &[String],
    wanted: &[String],
    console: &mut Console<'_>,
) -> Result<Vec<usize>, Status> {
    if names.is_empty() {
        return Err(console.refuse(
            "the program has no test, and no machine `Main` to begin with",
            Some("declare one: test T [main = M]: { M, ... };"),
        ));
    }
    if wanted.is_empty() {
        return Ok((0..names.len()).collect());
    }
    let mut chosen = Vec::new();
    for name in wanted {
        let exact = names.iter().position(|other| other == name);
        let fitting: Vec<usize> = match exact {
            Some(index) => vec![index],
            None => (0..names.len())
                .filter(|&index| names[index].starts_with(name.as_str()))
                .collect(),
        };
        if fitting.is_empty() {
            return Err(console.refuse(
                &format!("the program has no test `{name}`"),
                Some(&format!("its tests: {}", names.join(", "))),
            ));
        }
        chosen.extend(fitting);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}
