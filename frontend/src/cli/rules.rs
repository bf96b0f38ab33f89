//! `psem rules`: the rules as they stand in their source.

use std::fmt::Write as _;

use rewriter::literate::{Chapter, Section};

use super::arguments::RulesArguments;
use super::program;
use super::{Console, Status};

/// Lists all labels, or shows one section or statement.
pub(super) fn rules(
    arguments: &RulesArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let chapters: Vec<(String, Chapter)> =
        program::chapters(arguments.semantics.as_deref(), console)?
            .iter()
            .map(|file| (file.name.clone(), Chapter::read(&file.text)))
            .collect();
    let Some(label) = &arguments.label else {
        console.print(&contents(&chapters));
        return Ok(Status::Done);
    };
    let text = shown(&chapters, label);
    if text.is_empty() {
        let close = close_labels(&chapters, label);
        let help = if close.is_empty() {
            "`psem rules` lists all labels".to_owned()
        } else {
            format!("did you mean {}?", close.join(", "))
        };
        let message = format!("no rule or section is called `{label}`");
        return Err(console.refuse(&message, Some(&help)));
    }
    console.print(&text);
    Ok(Status::Done)
}

fn contents(chapters: &[(String, Chapter)]) -> String {
    let mut out = String::new();
    for (file, chapter) in chapters {
        let _ = writeln!(out, "{} ({file})", chapter.title);
        for section in &chapter.sections {
            let labels: Vec<&str> = section
                .statements
                .iter()
                .map(|statement| statement.label.as_str())
                .collect();
            let _ = writeln!(out, "  {}", section.name);
            for label in labels {
                let _ = writeln!(out, "    {label}");
            }
        }
    }
    out
}

/// The section of that name in full, or else the statement with that label below the
/// heading of its section.
fn shown(chapters: &[(String, Chapter)], label: &str) -> String {
    let mut out = String::new();
    for (file, chapter) in chapters {
        for section in &chapter.sections {
            if section.name == label {
                heading(&mut out, file, chapter, section);
                for line in section
                    .lines
                    .iter()
                    .skip_while(|line| line.trim().is_empty())
                {
                    if line.trim_start().starts_with("endm")
                        || line.trim_start().starts_with("endfm")
                    {
                        break;
                    }
                    let _ = writeln!(out, "{line}");
                }
            }
        }
    }
    if !out.is_empty() {
        return out;
    }
    for (file, chapter) in chapters {
        for (section, statement) in chapter.statements() {
            if statement.label == label {
                heading(&mut out, file, chapter, section);
                let _ = writeln!(out, "{}", statement.text);
            }
        }
    }
    out
}

fn heading(out: &mut String, file: &str, chapter: &Chapter, section: &Section) {
    let _ = writeln!(out, "*** {} / {} ({file})", chapter.title, section.name);
    for line in &section.prose {
        let _ = writeln!(out, "{}", format!("*** {line}").trim_end());
    }
    out.push('\n');
}

/// Labels and sections that contain the text, or begin as it does; at most eight.
fn close_labels(chapters: &[(String, Chapter)], label: &str) -> Vec<String> {
    let start: String = label.chars().take(4).collect();
    let mut close: Vec<String> = Vec::new();
    for (_, chapter) in chapters {
        for section in &chapter.sections {
            let names = std::iter::once(&section.name)
                .chain(section.statements.iter().map(|statement| &statement.label));
            for name in names {
                let near = name.contains(label) || (!start.is_empty() && name.starts_with(&start));
                if near && !close.contains(name) && close.len() < 8 {
                    close.push(name.clone());
                }
            }
        }
    }
    close
}
