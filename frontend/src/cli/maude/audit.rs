//! `psem maude --audit`: what is suspicious about modules, by kind.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use rewriter::audit::{Audit, Finding, Kind, Options, UNBOUND, audit as audit_modules};
use rewriter::reduction::Limits;
use rewriter::source::Span;
use rewriter::syntax::script::Session;
use serde::Serialize;

use super::super::arguments::{AuditArguments, Format};
use super::super::modules;
use crate::cli::{Console, Status};
use crate::interrupt;

/// The most rewrites of one reduction.
const REWRITES: u64 = 20_000;

/// An audit as programs read it.
#[derive(Debug, Serialize)]
struct Report {
    findings: Vec<Reported>,
    modules: usize,
    statements: usize,
    terms: usize,
    overlaps: usize,
    joined_on_samples: usize,
    not_sampled: usize,
    unfinished: usize,
    /// Whether the time was not enough.
    is_cut: bool,
}

/// A finding as programs read it.
#[derive(Debug, Serialize)]
struct Reported {
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    module: String,
    statement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
    /// Another statement that takes part.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Place>,
}

#[derive(Debug, Serialize)]
struct Place {
    file: String,
    line: u32,
    column: u32,
}

/// Audits the modules of files, or of psem's rules if there are none.
pub(super) fn audit(
    arguments: &AuditArguments,
    files: &[Option<PathBuf>],
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let names: Option<Vec<String>> = (files.iter())
        .map(|file| file.as_ref().map(|file| file.display().to_string()))
        .collect();
    let Some(names) = names else {
        let help = "psem maude --audit FILE.maude";
        return Err(console.refuse("an audit reads files, not standard input", Some(help)));
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_told = |code: &str| code == UNBOUND;
    let (mut session, is_wrong) = modules::session_with_errors(&names, None, is_told, console)?;
    let only: Vec<Kind> = arguments.only.iter().copied().map(Kind::from).collect();
    let skip: Vec<Kind> = arguments.skip.iter().copied().map(Kind::from).collect();
    let mut kinds = Kind::ALL.to_vec();
    kinds.retain(|kind| (only.is_empty() || only.contains(kind)) && !skip.contains(kind));
    let options = Options {
        kinds,
        seed: arguments.seed,
        samples: arguments.samples,
        limits: Limits {
            rewrites: REWRITES,
            memory: Some(2 << 30),
            deadline: Instant::now().checked_add(arguments.timeout),
            interrupt: Some(interrupt::flag()),
        },
    };
    let audit = audit_modules(&mut session, &options);
    match arguments.format {
        Format::Text => console.print(&text(&session, &audit, !arguments.only.is_empty())),
        Format::Json => match serde_json::to_string_pretty(&report(&session, &audit)) {
            Ok(text) => console.print(&format!("{text}\n")),
            Err(error) => return Err(console.refuse(&format!("no JSON: {error}"), None)),
        },
    }
    Ok(match (audit.findings.is_empty(), audit.is_cut) {
        _ if is_wrong => Status::Wrong,
        (false, _) => Status::Found,
        (true, true) => Status::Limit,
        (true, false) => Status::Done,
    })
}

fn report(session: &Session, audit: &Audit) -> Report {
    let place = |span: Option<Span>| {
        let span = span?;
        let sources = &session.library.sources;
        let position = sources.position(span);
        Some(Place {
            file: sources.source(span.source).name.clone(),
            line: position.line,
            column: position.column,
        })
    };
    let covered = audit.covered;
    Report {
        findings: (audit.findings.iter())
            .map(|finding| Reported {
                kind: finding.kind.name(),
                module: finding.module.clone(),
                statement: finding.statement.clone(),
                place: place(finding.span),
                message: finding.message.clone(),
                details: finding.details.clone(),
                other: place(finding.other),
            })
            .collect(),
        modules: covered.modules,
        statements: covered.statements,
        terms: covered.terms,
        overlaps: covered.overlaps,
        joined_on_samples: covered.joined_on_samples,
        not_sampled: covered.not_sampled,
        unfinished: covered.unfinished,
        is_cut: audit.is_cut,
    }
}

fn text(session: &Session, audit: &Audit, is_asked: bool) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        let findings: Vec<&Finding> = (audit.findings.iter())
            .filter(|finding| finding.kind == kind)
            .collect();
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "{} ({}): {}",
            kind.name(),
            findings.len(),
            kind.meaning()
        );
        // Where there is nothing to say but that it is so, a list is enough, and a long one too much.
        if kind == Kind::Unlabelled && !is_asked {
            let _ = writeln!(out, "  {}", listed(session, &findings));
        } else {
            for finding in findings {
                finding_text(&mut out, session, finding);
            }
        }
        out.push('\n');
    }
    out + &summary(audit)
}

/// The places of findings, the first few of them.
fn listed(session: &Session, findings: &[&Finding]) -> String {
    const MOST: usize = 5;
    let places = findings.iter().filter_map(|finding| finding.span);
    let places = places.map(|span| modules::place(session, span));
    let mut text = places.take(MOST).collect::<Vec<String>>().join(", ");
    if findings.len() > MOST {
        let _ = write!(
            text,
            " and {} more; --only unlabelled lists them",
            findings.len() - MOST
        );
    }
    text
}

fn finding_text(out: &mut String, session: &Session, finding: &Finding) {
    let place = finding.span.map(|span| modules::place(session, span));
    let _ = writeln!(
        out,
        "  {}  {}",
        place.unwrap_or_default(),
        finding.statement
    );
    let other = finding.other.filter(|_| finding.other != finding.span);
    let other = other.map(|span| format!(" ({})", modules::place(session, span)));
    let _ = writeln!(
        out,
        "      {}{}",
        finding.message,
        other.unwrap_or_default()
    );
    for line in &finding.details {
        let _ = writeln!(out, "        {line}");
    }
}

fn summary(audit: &Audit) -> String {
    let covered = audit.covered;
    let counted = |n: usize, what: &str| match n {
        1 => format!("1 {what}"),
        _ => format!("{n} {what}s"),
    };
    let mut out = format!(
        "audited: {}, {}, {}, {}\n",
        counted(covered.modules, "module"),
        counted(covered.statements, "statement"),
        counted(covered.terms, "ground term"),
        counted(covered.overlaps, "overlap"),
    );
    for (n_overlaps, but) in [
        (
            covered.joined_on_samples,
            "but for all values that were tried",
        ),
        (covered.not_sampled, "and no values were found to try"),
    ] {
        let does = if n_overlaps == 1 { "does" } else { "do" };
        if n_overlaps > 0 {
            let overlaps = counted(n_overlaps, "overlap");
            let _ = writeln!(out, "{overlaps} {does} not join as they are, {but}");
        }
    }
    if covered.unfinished > 0 {
        let reductions = counted(covered.unfinished, "reduction");
        let _ = writeln!(out, "{reductions} did not end within {REWRITES} rewrites");
    }
    if audit.is_cut {
        out.push_str("the time was not enough: raise --timeout, or look for less with --only\n");
    }
    match audit.findings.len() {
        0 => out.push_str("found: nothing suspicious\n"),
        n => {
            let of_kind = |kind: Kind| {
                let findings = audit.findings.iter();
                let n = findings.filter(|finding| finding.kind == kind).count();
                (n > 0).then(|| format!("{n} {}", kind.name()))
            };
            let kinds: Vec<String> = Kind::ALL.into_iter().filter_map(of_kind).collect();
            let _ = writeln!(out, "found: {n} ({})", kinds.join(", "));
        }
    }
    out
}
