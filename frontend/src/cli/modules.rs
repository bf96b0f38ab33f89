//! Maude modules that are asked about, not run: from files, or those of psem's own rules.

use std::path::Path;

use rewriter::source::{Source, Span};
use rewriter::syntax::script::Session;

use super::maude::read_beside;
use super::program;
use super::{Console, Status};

/// Reads files, or psem's rules if there are none. What is suspicious about files is said; errors
/// end the command, unless some are wanted.
pub(super) fn session(
    files: &[&str],
    semantics: Option<&Path>,
    is_wanted: impl Fn(&str) -> bool,
    console: &mut Console<'_>,
) -> Result<Session, Status> {
    let mut sources = Vec::new();
    if files.is_empty() {
        let chapters = program::chapters(semantics, console)?;
        sources.extend((chapters.iter()).map(|file| Source::new(&*file.name, &*file.text)));
    }
    for file in files {
        let text = std::fs::read(file)
            .map_err(|error| console.refuse(&format!("cannot read {file}: {error}"), None))?;
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
        if is_wanted(diagnostic.code) || diagnostic.code == "unknown-command" {
            continue;
        }
        let _ = writeln!(console.err, "{}", diagnostic.plain(&library.sources));
        is_wrong |= diagnostic.is_error();
    }
    if is_wrong {
        return Err(Status::Wrong);
    }
    Ok(session)
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
