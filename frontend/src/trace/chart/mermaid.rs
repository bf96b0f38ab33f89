//! A chart as a Mermaid sequence diagram.

use std::fmt::Write as _;

use super::{Chart, Row};

/// The whole diagram.
#[must_use]
pub fn mermaid(chart: &Chart) -> String {
    let mut out = String::from("sequenceDiagram\n  autonumber\n");
    for (number, name) in chart.lifelines.iter().enumerate() {
        let _ = writeln!(out, "  participant m{number} as {}", plain(name));
    }
    for (number, row) in chart.rows.iter().enumerate() {
        if chart.cycle == Some(number) {
            out.push_str("  loop for ever\n");
        }
        let actor = row.actor;
        let target = row.target.unwrap_or(actor);
        let arrow = if row.creates { "-->>" } else { "->>" };
        let _ = writeln!(out, "  m{actor}{arrow}m{target}: {}", label(row));
        if !row.changes.is_empty() {
            let changes: Vec<String> = row.changes.iter().map(|change| plain(change)).collect();
            let _ = writeln!(out, "  Note over m{actor}: {}", changes.join("<br/>"));
        }
    }
    if chart.cycle.is_some() {
        out.push_str("  end\n");
    }
    if let Some(last) = chart.rows.last() {
        let _ = writeln!(out, "  Note over m{}: {}", last.actor, plain(&chart.ending));
    }
    out
}

fn label(row: &Row) -> String {
    let parts = [row.rule.as_str(), row.what.as_str(), row.place.as_str()];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(plain)
        .collect();
    parts.join(" ")
}

/// Text without what means something to Mermaid.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
