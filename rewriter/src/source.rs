//! Named texts and places in them.
//!
//! The one idea: a [`Span`] is a pair of byte offsets into a numbered source, cheap enough to sit
//! on every token and statement; lines and columns are computed only when somebody looks. Reading
//! files is the caller's business: this module holds texts, it opens nothing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which text of a [`SourceMap`] a span points into.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in one source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The source the range lies in.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both, which lie in one source.
    pub fn to(self, other: Span) -> Span {
        Span {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A place as people name it; both numbers start at 1, the column counts characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// A text with the name under which messages cite it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// A file name, or a description such as `<query>`.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
}

impl Source {
    /// A source from its name and its text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// All texts read so far, by number.
#[derive(Clone, Default, Debug)]
pub struct SourceMap {
    sources: Vec<Source>,
    /// Offsets at which the lines of each source begin.
    line_starts: Vec<Vec<u32>>,
}

impl SourceMap {
    /// The most bytes one source may have, so that an offset fits a span.
    pub const MAX_BYTES: usize = u32::MAX as usize / 2;

    /// A map without sources.
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// Adds a text and gives its number. A text beyond [`SourceMap::MAX_BYTES`] is cut there.
    pub fn add(&mut self, mut source: Source) -> SourceId {
        if source.text.len() > SourceMap::MAX_BYTES {
            let mut end = SourceMap::MAX_BYTES;
            while !source.text.is_char_boundary(end) {
                end -= 1;
            }
            source.text = source.text[..end].into();
        }
        let starts = std::iter::once(0)
            .chain(
                source
                    .text
                    .bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(offset, _)| offset as u32 + 1),
            )
            .collect();
        self.line_starts.push(starts);
        self.sources.push(source);
        SourceId(self.sources.len() as u32 - 1)
    }

    /// The source with this number.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        self.source(span.source)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Line and column of the first character of a span.
    pub fn position(&self, span: Span) -> Position {
        let starts = &self.line_starts[span.source.0 as usize];
        let line = starts.partition_point(|&start| start <= span.start).max(1);
        let text = &self.source(span.source).text;
        let begin = starts[line - 1] as usize;
        let column = text
            .get(begin..span.start as usize)
            .map_or(0, |part| part.chars().count());
        Position {
            line: line as u32,
            column: column as u32 + 1,
        }
    }

    /// The whole line, without its end, on which a span begins.
    pub fn line_text(&self, span: Span) -> &str {
        let starts = &self.line_starts[span.source.0 as usize];
        let line = starts.partition_point(|&start| start <= span.start).max(1);
        let text = &self.source(span.source).text;
        let begin = starts[line - 1] as usize;
        let end = starts.get(line).map_or(text.len(), |&next| next as usize);
        text[begin..end].trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let mut sources = SourceMap::new();
        let id = sources.add(Source::new("t", "ab\nçé x\n"));
        let at = |start, end| Span {
            source: id,
            start,
            end,
        };
        assert_eq!(sources.position(at(0, 1)), Position { line: 1, column: 1 });
        assert_eq!(sources.position(at(8, 9)), Position { line: 2, column: 4 });
        assert_eq!(sources.text(at(8, 9)), "x");
        assert_eq!(sources.line_text(at(8, 9)), "çé x");
        assert_eq!(
            sources.position(at(10, 10)),
            Position { line: 3, column: 1 }
        );
    }
}
