//! The text of a program: numbered files, and places in them.
//!
//! A [`Span`] is a file number and a byte range; everything that a user can be
//! told about carries one. Lines and columns are counted from 1, and only when
//! somebody is shown them.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file cannot be read or written, in words.
pub(crate) fn why_not(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// The number of a file of a program, in the order in which [`Sources`] received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A stretch of one file: the bytes from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both; both must be of the same file.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span {
            file: self.file,
            start: self.start.min(last.start),
            end: self.end.max(last.end),
        }
    }
}

/// Where a span begins, as people count: both numbers from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One file of a program.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: PathBuf,
    text: String,
    line_starts: Vec<u32>,
    origin: Origin,
}

/// How a file came to be part of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// It is the program's own.
    Own,
    /// It came with an `IncludeProject`.
    Included,
    /// It gives bodies to foreign functions.
    Foreign,
}

impl SourceFile {
    /// The path as the user would write it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the tests of the file do not count: it came with an `IncludeProject`, or for
    /// the sake of foreign functions.
    #[must_use]
    pub fn is_included(&self) -> bool {
        self.origin != Origin::Own
    }

    /// Whether the file gives bodies to foreign functions.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.origin == Origin::Foreign
    }
}

/// The files that together make one program.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// Files above this size are refused, so that every position fits a [`Span`].
pub const MAX_FILE_BYTES: usize = 1 << 28;

impl Sources {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file of the program itself. The text is cut at [`MAX_FILE_BYTES`].
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        self.push(path.into(), text.into(), Origin::Own)
    }

    /// Adds a file of an included project: as [`Sources::add`], but its tests do not count.
    pub fn add_included(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        self.push(path.into(), text.into(), Origin::Included)
    }

    /// Adds a file with bodies for foreign functions and definitions for foreign types. It
    /// must come after the files that declare them.
    pub fn add_foreign(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        self.push(path.into(), text.into(), Origin::Foreign)
    }

    fn push(&mut self, path: PathBuf, mut text: String, origin: Origin) -> FileId {
        if text.len() > MAX_FILE_BYTES {
            let mut end = MAX_FILE_BYTES;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
        }
        let mut line_starts = vec![0];
        line_starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(index, _)| index as u32 + 1),
        );
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile {
            path,
            text,
            line_starts,
            origin,
        });
        id
    }

    /// The files and their numbers, in order.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(index as u32), file))
    }

    /// A file by its number.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// The text of a span.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }

    /// Where a span begins.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        let file = self.file(span.file);
        let line = file
            .line_starts
            .partition_point(|start| *start <= span.start);
        let line_start = file.line_starts[line - 1] as usize;
        let column = file.text[line_start..span.start as usize].chars().count() + 1;
        Position {
            line: line as u32,
            column: column as u32,
        }
    }

    /// The name by which positions speak of a file: its last component, or the whole
    /// path where two files of the program end alike.
    #[must_use]
    pub fn short_name(&self, id: FileId) -> String {
        let path = self.file(id).path();
        let last = path.file_name();
        let alone = self
            .files
            .iter()
            .filter(|file| file.path.file_name() == last)
            .take(2)
            .count()
            < 2;
        match last {
            Some(name) if alone => name.to_string_lossy().into_owned(),
            _ => path.to_string_lossy().into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one_in_characters() {
        let mut sources = Sources::new();
        let file = sources.add("dir/a.p", "ä b\ncd");
        let at = |start| {
            sources.position(Span {
                file,
                start,
                end: start,
            })
        };
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(3), Position { line: 1, column: 3 });
        assert_eq!(at(5), Position { line: 2, column: 1 });
        assert_eq!(at(7), Position { line: 2, column: 3 });
        assert_eq!(sources.short_name(file), "a.p");
    }

    #[test]
    fn files_that_end_alike_keep_their_path() {
        let mut sources = Sources::new();
        let one = sources.add("x/a.p", "");
        sources.add("y/a.p", "");
        assert_eq!(sources.short_name(one), "x/a.p");
    }
}
