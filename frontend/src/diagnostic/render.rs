//! Drawing diagnostics for a person, on one screen.
//!
//! The drawing itself is annotate-snippets'; this file chooses what to show: the
//! first few in full, the others in a line each, the number of the rest.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::source::{Position, SourceFile, Sources, Span};

/// So many diagnostics are drawn in full.
const DRAWN: usize = 6;
/// So many more are told in a line each; the rest are counted.
const TOLD: usize = 100;
/// Longer lines are not shown whole: the drawing keeps this many bytes around the place.
const LINE_BYTES: usize = 400;

/// Draws diagnostics, with terminal colors if asked. Ends with a newline unless empty.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(DRAWN) {
        text.push_str(&renderer.render(&[group(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    for diagnostic in diagnostics.iter().skip(DRAWN).take(TOLD) {
        text.push_str(&line(diagnostic, sources));
    }
    let rest = diagnostics.len().saturating_sub(DRAWN + TOLD);
    if rest > 0 {
        let noun = if rest == 1 { "message" } else { "messages" };
        text.push_str(&format!("... and {rest} more {noun}\n"));
    }
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// A diagnostic in one line, as compilers write it.
fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = diagnostic.span.map_or_else(String::new, |span| {
        let Position { line, column, .. } = sources.position(span);
        let path = sources.file(span.file).path().display();
        format!("{path}:{line}:{column}: ")
    });
    let (code, message) = (diagnostic.code, &diagnostic.message);
    format!("{place}{level}[{code}]: {message}\n")
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.to_string());
    let mut group = Group::with_title(title);
    if let Some(span) = diagnostic.span {
        let labels = || diagnostic.labels.iter();
        let near = labels().filter(|label| label.span.file == span.file);
        let places: Vec<Span> = std::iter::once(span)
            .chain(near.clone().map(|label| label.span))
            .collect();
        let file = sources.file(span.file);
        let window = Window::around(file, &places);
        let mut snippet =
            snippet(file, &window).annotation(AnnotationKind::Primary.span(window.range(span)));
        for label in near {
            snippet = snippet.annotation(
                AnnotationKind::Context
                    .span(window.range(label.span))
                    .label(&label.text),
            );
        }
        group = group.element(snippet);
        for label in labels().filter(|label| label.span.file != span.file) {
            let file = sources.file(label.span.file);
            let window = Window::around(file, &[label.span]);
            let annotation = AnnotationKind::Context
                .span(window.range(label.span))
                .label(&label.text);
            group = group.element(self::snippet(file, &window).annotation(annotation));
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

fn snippet<'a>(
    file: &'a SourceFile,
    window: &Window<'a>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    Snippet::source(window.text)
        .line_start(window.line)
        .path(file.path().to_string_lossy())
}

/// The part of a file that is handed to the drawing: the lines of the places only, so
/// that a large file or a huge line costs nothing.
struct Window<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Window<'a> {
    fn around(file: &'a SourceFile, places: &[Span]) -> Self {
        let text = file.text();
        let first = places
            .iter()
            .map(|span| span.start as usize)
            .min()
            .unwrap_or(0);
        let last = places
            .iter()
            .map(|span| span.end as usize)
            .max()
            .unwrap_or(0);
        let line_start = text[..first].rfind('\n').map_or(0, |index| index + 1);
        let line_end = text[last..]
            .find('\n')
            .map_or(text.len(), |index| last + index);
        let start = boundary(text, line_start.max(first.saturating_sub(LINE_BYTES)));
        let end = boundary(text, line_end.min(last + LINE_BYTES));
        let line = text[..start].matches('\n').count() + 1;
        Window {
            text: &text[start..end],
            start,
            line,
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = span.start as usize - self.start;
        let end = span.end as usize - self.start;
        start..end.max(start)
    }
}

fn boundary(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}
