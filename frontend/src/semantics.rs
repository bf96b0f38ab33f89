//! The rule files: built into the binary, or read from a directory.
//!
//! Chapters are read in the order of their numbers. A directory given with
//! `--semantics` replaces the built-in ones, so that a changed rule runs without a build.

use std::path::Path;

/// One rule file: its name and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The file's name, `6.2-communication.maude`.
    pub name: String,
    /// Its text.
    pub text: String,
}

macro_rules! chapters {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../semantics/", $name)))),*]
    };
}

/// The chapters as they were when psem was built, in reading order.
const BUILT_IN: &[(&str, &str)] = chapters![
    "0-domains.maude",
    "1.1-types.maude",
    "1.2-expressions.maude",
    "1.3-statements.maude",
    "1.4-declarations.maude",
    "2.1-values.maude",
    "2.2-configuration.maude",
    "3-static.maude",
    "4.1-expressions.maude",
    "4.2-assignment.maude",
    "5.1-control.maude",
    "5.2-functions.maude",
    "5.3-receive.maude",
    "6.1-creation.maude",
    "6.2-communication.maude",
    "6.3-transitions.maude",
    "6.4-dispatch.maude",
    "7-monitors.maude",
    "8-violations.maude",
    "9-observations.maude",
    "9.1-invariants.maude",
];

/// The chapters that are built into this binary.
#[must_use]
pub fn built_in() -> Vec<Chapter> {
    BUILT_IN
        .iter()
        .map(|(name, text)| Chapter {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_chapters_are_those_of_the_directory() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../semantics");
        assert_eq!(built_in(), from_directory(&directory).unwrap());
    }
}
