//! The rule files of a directory, in reading order. The build script reads them with this, too.

use std::path::Path;

/// One rule file: its name and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The file's name, `6.2-communication.maude`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The chapters in a directory: its `.maude` files, in the order of their numbers.
///
/// # Errors
/// What the file system says of the directory or of one of the files.
pub fn from_directory(directory: &Path) -> std::io::Result<Vec<Chapter>> {
    let mut chapters = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path
            .extension()
            .is_none_or(|extension| extension != "maude")
        {
            continue;
        }
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = std::fs::read_to_string(&path)?;
        chapters.push(Chapter { name, text });
    }
    chapters.sort_by(|left, right| {
        numbers(&left.name)
            .cmp(&numbers(&right.name))
            .then_with(|| left.name.cmp(&right.name))
    });
    Ok(chapters)
}

/// The chapter number in front of a name: `4.1-expressions.maude` gives 4, 1.
fn numbers(name: &str) -> Vec<u32> {
    name.split('-')
        .next()
        .unwrap_or_default()
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}
