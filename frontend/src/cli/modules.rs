//! Maude modules that are asked about, not run: from files, or those of psem's own rules.

use std::path::Path;

use rewriter::source::{Source, Span};
use rewriter::syntax::script::Session;

use super::maude::read_beside;
use super::program;
use super::{Console, Status};
use crate::source::why_not;

/// Reads files, or psem's rules if there are none. What is wrong with them is said; errors end the
/// command.
pub(super) fn session(
    files: &[&str],
    semantics: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<Session, Status> {
    match session_with_errors(files, semantics, |_| false, console)? {
        (session, false) => Ok(session),
        (_, true) => Err(Status::Wrong),
    }
}

/// The same, where the modules without errors are wanted all the same: tells whether others have
/// some. Nothing is said of errors that the caller tells itself.
pub(super) fn session_with_errors(
    files: &[&str],
    semantics: Option<&Path>,
    is_told: impl Fn(&str) -> bool,
    console: &mut Console<'_>,
) -> Result<(Session, bool), Status> {
    let mut sources = Vec::new();
    if files.is_empty() {
        let chapters = program::chapters(semantics, console)?;
        sources.extend((chapters.iter()).map(|file| Source::new(&*file.name, &*file.text)));
    }
    for file in files {
        let text = std::fs::read(file).map_err(|error| {
            console.refuse(&format!("cannot read {file}: {}", why_not(&error)), None)
        })?;
        let text = String::from_utf8_lossy(&text).into_owned();
        sources.push(Source::new(*file, text));
    }
    let mut session = Session::new();
    for source in sources {
        let defined = session.define(source, &mut read_beside);
        defined.map_err(|error| console.refuse(&error.to_string(), None))?;
    }
    let library = &session.library;
    let mut is_wrong = false;
    for diagnostic in &library.diagnostics {
        // Commands are passed over, also those that nobody knows.
        if is_told(diagnostic.code) || diagnostic.code == "unknown-command" {
            continue;
        }
        let _ = writeln!(console.err, "{}", diagnostic.plain(&library.sources));
        is_wrong |= diagnostic.is_error();
    }
    Ok((session, is_wrong))
}

/// `FILE:LINE` of a place.
pub(super) fn place(session: &Session, span: Span) -> String {
    let sources = &session.library.sources;
    let name = &sources.source(span.source).name;
    format!("{name}:{}", sources.position(span).line)
}

/// The text of a place on one line, cut after so many characters.
pub(super) fn excerpt(session: &Session, span: Span, most: usize) -> String {
    let text = session.library.sources.text(span);
    let words: Vec<&str> = text.split_whitespace().collect();
    shortened(&words.join(" "), most)
}

/// A text, cut after so many characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
