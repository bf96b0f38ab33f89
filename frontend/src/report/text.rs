//! A search report as text that a P programmer can read.

use std::fmt::Write as _;

use super::{Outcome, SearchReport, Solution, Step, Violation};
use crate::source::Sources;

/// The whole report: what was violated and where, the path, and what was covered.
#[must_use]
pub fn search_text(report: &SearchReport, query: &str, sources: &Sources) -> String {
    let mut out = String::new();
    for (index, solution) in report.solutions.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        solution_text(&mut out, index + 1, solution, sources);
    }
    if !report.solutions.is_empty() {
        out.push('\n');
    }
    let verdict = match (report.outcome, report.solutions.len()) {
        (Outcome::Found, 1) => format!("found: 1 solution of `{query}`"),
        (Outcome::Found, count) => format!("found: {count} solutions of `{query}`"),
        (Outcome::Exhausted, _) => {
            format!("exhausted: no solution of `{query}` in the whole space")
        }
        (Outcome::Limit, _) => format!(
            "limit: {}; nothing is decided about `{query}`",
            report.message.as_deref().unwrap_or("a limit was reached")
        ),
    };
    let _ = writeln!(out, "{verdict}");
    let _ = writeln!(
        out,
        "searched: {} states, {} transitions, depth {}",
        report.states, report.transitions, report.depth
    );
    out
}

fn solution_text(out: &mut String, number: usize, solution: &Solution, sources: &Sources) {
    match &solution.violation {
        Some(violation) => violation_text(out, violation, sources),
        None => {
            let _ = writeln!(out, "solution {number} (state {})", solution.state);
        }
    }
    for binding in &solution.bindings {
        let _ = writeln!(out, "  {} --> {}", binding.variable, binding.value);
    }
    if solution.path.is_empty() {
        let _ = writeln!(out, "path: the first configuration itself");
        return;
    }
    let _ = writeln!(out, "path:");
    let widths = Widths::of(&solution.path);
    let digits = solution.path.len().to_string().len();
    for (index, step) in solution.path.iter().enumerate() {
        let line = step_columns(step, &widths);
        let _ = writeln!(out, "  {:>digits$}. {line}", index + 1);
    }
}

fn violation_text(out: &mut String, violation: &Violation, sources: &Sources) {
    let _ = writeln!(
        out,
        "violation({}) in {}: {}",
        violation.kind, violation.machine, violation.message
    );
    if violation.file.is_empty() {
        return;
    }
    let number = violation.line.to_string();
    let margin = " ".repeat(number.len());
    let _ = writeln!(
        out,
        "{margin}--> {}:{}:{}",
        violation.file, violation.line, violation.column
    );
    if let Some(line) = source_line(sources, &violation.file, violation.line) {
        let _ = writeln!(out, "{margin} |");
        let _ = writeln!(out, "{number} | {line}");
        let blank: String = line
            .chars()
            .take(violation.column.saturating_sub(1) as usize)
            .map(|character| if character == '\t' { '\t' } else { ' ' })
            .collect();
        let _ = writeln!(out, "{margin} | {blank}^");
    }
}

fn source_line<'a>(sources: &'a Sources, file: &str, line: u32) -> Option<&'a str> {
    let (_, source) = sources
        .files()
        .find(|(id, _)| sources.short_name(*id) == file)?;
    source
        .text()
        .lines()
        .nth(line.checked_sub(1)? as usize)
        .map(str::trim_end)
}

/// One step on one line, for a log: rule, machine, event, place.
#[must_use]
pub fn step_line(step: &Step) -> String {
    step_columns(
        step,
        &Widths {
            rule: 12,
            machine: 0,
            what: 0,
        },
    )
}

struct Widths {
    rule: usize,
    machine: usize,
    what: usize,
}

impl Widths {
    fn of(path: &[Step]) -> Widths {
        let width = |text: &dyn Fn(&Step) -> usize| path.iter().map(text).max().unwrap_or(0);
        Widths {
            rule: width(&|step| step.rule.chars().count()),
            machine: width(&|step| step.machine.chars().count()),
            what: width(&|step| what(step).chars().count()).min(60),
        }
    }
}

fn step_columns(step: &Step, widths: &Widths) -> String {
    let mut line = format!(
        "{:<rule$}  {:<machine$}",
        step.rule,
        step.machine,
        rule = widths.rule,
        machine = widths.machine
    );
    let _ = write!(line, "  {:<what$}", what(step), what = widths.what);
    if let (Some(file), Some(number)) = (&step.file, step.line) {
        let _ = write!(line, "  {file}:{number}");
    }
    line.trim_end().to_owned()
}

/// The event with its payload, the other machine, or the choice.
fn what(step: &Step) -> String {
    let mut parts = Vec::new();
    if let Some(event) = &step.event {
        parts.push(match &step.payload {
            Some(payload) => format!("{event} {payload}"),
            None => event.clone(),
        });
    } else if let Some(payload) = &step.payload {
        parts.push(payload.clone());
    }
    if let Some(target) = &step.target {
        parts.push(format!("-> {target}"));
    }
    if let Some(choice) = &step.choice {
        parts.push(choice.clone());
    }
    parts.join(" ")
}
