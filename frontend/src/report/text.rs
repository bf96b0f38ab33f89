//! A search report as text that a P programmer can read.

use std::fmt::Write as _;

use super::{Bug, Outcome, SearchReport, Solution, Step, Violation};
use crate::source::Sources;
use crate::trace::chart::{Chart, margin};

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
    if let Some(engine) = &report.engine {
        let _ = writeln!(out, "{}", engine.text);
    }
    out
}

fn solution_text(out: &mut String, number: usize, solution: &Solution, sources: &Sources) {
    match &solution.violation {
        Some(violation) => out.push_str(&violation_text(violation, sources)),
        None => {
            let _ = writeln!(out, "solution {number} (state {})", solution.state);
        }
    }
    for binding in &solution.bindings {
        let value = conceal(&binding.value);
        let _ = writeln!(out, "  {} --> {value}", binding.variable);
    }
    path_text(out, &solution.path, &[]);
}

/// The steps of a path, and those that repeat for ever after it.
pub(super) fn path_text(out: &mut String, path: &[Step], cycle: &[Step]) {
    if path.is_empty() {
        let _ = writeln!(out, "path: the first configuration itself");
    } else {
        let _ = writeln!(out, "path:");
    }
    let widths = Widths::of(path.iter().chain(cycle));
    let digits = (path.len() + cycle.len()).to_string().len();
    for (index, step) in path.iter().chain(cycle).enumerate() {
        if index == path.len() {
            let _ = writeln!(out, "and then for ever:");
        }
        let line = step_columns(step, &widths);
        let _ = writeln!(out, "  {:>digits$}. {line}", index + 1);
    }
}

/// The kind of a violation, and the machine to which it happened; a whole execution is no machine.
pub(crate) fn kind_text(violation: &Violation) -> String {
    match violation.machine.as_str() {
        "" => violation.kind.clone(),
        machine => format!("{} in {machine}", violation.kind),
    }
}

/// A violation: its kind, its text, and the line of the program.
#[must_use]
pub fn violation_text(violation: &Violation, sources: &Sources) -> String {
    let place = match violation.machine.as_str() {
        "" => String::new(),
        machine => format!(" in {machine}"),
    };
    let mut out = format!(
        "violation({}){place}: {}\n",
        violation.kind, violation.message
    );
    if violation.file.is_empty() {
        return out;
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
    out
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

/// The steps of a bug with its lifelines in front of them and what they change below them.
pub(super) fn chart_text(out: &mut String, bug: &Bug) {
    let chart = Chart::new("", bug);
    let Some((heads, lines)) = margin(&chart).filter(|_| !chart.rows.is_empty()) else {
        return path_text(out, &bug.path, &bug.cycle);
    };
    let steps = bug.path.iter().chain(&bug.cycle);
    let widths = Widths::of(steps.clone());
    let digits = chart.rows.len().to_string().len();
    let _ = writeln!(out, "path:");
    let _ = writeln!(out, "  {:digits$}   {}", "", heads.trim_end());
    for (number, (step, (line, below))) in steps.zip(&lines).enumerate() {
        if chart.cycle == Some(number) {
            let _ = writeln!(out, "and then for ever:");
        }
        if is_left_out(number, chart.rows.len()) {
            if number == SHOWN {
                let more = chart.rows.len() - 2 * SHOWN;
                let _ = writeln!(
                    out,
                    "  ... {more} steps more (--format json has them all) ..."
                );
            }
            continue;
        }
        let columns = step_columns(step, &widths);
        let _ = writeln!(out, "  {:>digits$}. {line} {columns}", number + 1);
        for change in &chart.rows[number].changes {
            let _ = writeln!(out, "  {:digits$}  {below} {:>4} {change}", "", "");
        }
    }
}

/// Steps of a very long path that are shown at its beginning, and at its end.
const SHOWN: usize = 100;

fn is_left_out(number: usize, n_steps: usize) -> bool {
    n_steps > 3 * SHOWN && (SHOWN..n_steps - SHOWN).contains(&number)
}

/// Rows of three columns, the first two aligned.
pub(super) fn table(rows: &[[String; 3]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    let mut out = String::new();
    for [what, count, more] in rows {
        let line = format!("  {what:<first$}  {count:>second$}  {more}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

struct Widths {
    rule: usize,
    machine: usize,
    what: usize,
}

impl Widths {
    fn of<'a>(path: impl Iterator<Item = &'a Step> + Clone) -> Widths {
        let width = |text: &dyn Fn(&Step) -> usize| path.clone().map(text).max().unwrap_or(0);
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
            Some(payload) => format!("{event} ({payload})"),
            None => event.clone(),
        });
    } else if let Some(payload) = &step.payload {
        parts.push(format!("({payload})"));
    }
    if let Some(target) = &step.target {
        parts.push(format!("-> {target}"));
    }
    if let Some(choice) = &step.choice {
        parts.push(choice.clone());
    }
    parts.join(" ")
}

/// What never changes during an execution, and is long: classes, and the bodies of states.
const CONCEALED: [(&str, &str); 3] = [
    ("class: ", "class("),
    ("machines: ", ""),
    ("state: ", "state("),
];

/// A printed term in which the program itself is left out: `class: ...`. JSON has it all.
pub(super) fn conceal(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((start, attribute, opening)) = CONCEALED
        .iter()
        .filter_map(|(attribute, opening)| {
            let start = rest.find(&format!("{attribute}{opening}"))?;
            Some((start, *attribute, *opening))
        })
        .min()
    {
        let value = start + attribute.len();
        let end = value + term_length(&rest[value..]);
        out.push_str(&rest[..value]);
        if opening == "state(" {
            let name_end = rest[value..end]
                .find(',')
                .map_or(end, |comma| value + comma);
            out.push_str(&rest[value..name_end]);
            out.push_str(", ...)");
        } else {
            out.push_str("...");
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// How long the first term of a text is: a word with the parentheses behind it, and
/// further ones joined by `&`.
fn term_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (index, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '(' => depth += 1,
            ')' if depth == 0 => return index,
            ')' => depth -= 1,
            ',' if depth == 0 => return index,
            ' ' if depth == 0
                && !text[index..].starts_with(" & ")
                && !text[..index].ends_with('&') =>
            {
                return index;
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_left_out_of_configurations() {
        let text = "ready machines: class('A, \")\") & class('B) counter: 2 \
                    < machine(1, 'A) | class: class('A, f(x)),state: state('S, warm),code: done >";
        assert_eq!(
            conceal(text),
            "ready machines: ... counter: 2 < machine(1, 'A) | class: ...,state: state('S, ...),code: done >"
        );
    }
}
