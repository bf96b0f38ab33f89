//! Builds the paper: the text of `paper.html` with rules spliced in from `semantics/`.
//!
//! A line `<!-- section: NAME -->` is replaced by all of a section of the rules, a line
//! `<!-- rule: LABEL -->` by one statement, each as it stands in its file, with its label
//! as anchor. Nothing of a rule is retyped, and a name that is not there is an error.

use std::fmt::Write as _;
use std::path::Path;

use rewriter::literate::Chapter;

/// Builds the page from the text and the directory of the rules.
///
/// # Errors
/// A message if a file cannot be read or a name is in none of the chapters.
pub fn build(text: &Path, semantics: &Path) -> Result<String, PaperError> {
    let template = read(text)?;
    let mut names: Vec<_> = std::fs::read_dir(semantics)
        .map_err(|error| PaperError::Unreadable {
            path: semantics.display().to_string(),
            error,
        })?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "maude"))
        .collect();
    names.sort();
    let mut chapters = Vec::new();
    for path in &names {
        chapters.push(Chapter::read(&read(path)?));
    }
    splice(&template, &chapters)
}

/// Why the paper cannot be built.
#[derive(Debug)]
pub enum PaperError {
    /// A file or directory cannot be read.
    Unreadable {
        /// Which.
        path: String,
        /// What the file system says.
        error: std::io::Error,
    },
    /// The text names a section or statement that no chapter has.
    Unknown {
        /// The name.
        name: String,
        /// The line of the text, from 1.
        line: usize,
    },
}

impl std::fmt::Display for PaperError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PaperError::Unreadable { path, error } => write!(out, "cannot read {path}: {error}"),
            PaperError::Unknown { name, line } => {
                write!(
                    out,
                    "paper.html:{line}: no rule or section is called `{name}`"
                )
            }
        }
    }
}

impl std::error::Error for PaperError {}

fn read(path: &Path) -> Result<String, PaperError> {
    std::fs::read_to_string(path).map_err(|error| PaperError::Unreadable {
        path: path.display().to_string(),
        error,
    })
}

fn splice(template: &str, chapters: &[Chapter]) -> Result<String, PaperError> {
    let mut out = String::new();
    for (index, line) in template.lines().enumerate() {
        let unknown = |name: &str| PaperError::Unknown {
            name: name.to_owned(),
            line: index + 1,
        };
        if let Some(name) = directive(line, "section") {
            let text = section(chapters, name).ok_or_else(|| unknown(name))?;
            out.push_str(&text);
        } else if let Some(name) = directive(line, "rule") {
            let text = rule(chapters, name).ok_or_else(|| unknown(name))?;
            out.push_str(&text);
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out)
}

fn directive<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.trim()
        .strip_prefix("<!--")?
        .strip_suffix("-->")?
        .trim()
        .strip_prefix(word)?
        .strip_prefix(':')
        .map(str::trim)
}

fn section(chapters: &[Chapter], name: &str) -> Option<String> {
    let section = chapters
        .iter()
        .flat_map(|chapter| &chapter.sections)
        .find(|section| section.name == name)?;
    let mut out = String::new();
    for statement in &section.statements {
        statement_text(&mut out, &statement.label, &statement.text);
    }
    Some(out)
}

fn rule(chapters: &[Chapter], label: &str) -> Option<String> {
    let (_, statement) = chapters
        .iter()
        .flat_map(Chapter::statements)
        .find(|(_, statement)| statement.label == label)?;
    let mut out = String::new();
    statement_text(&mut out, label, &statement.text);
    Some(out)
}

fn statement_text(out: &mut String, label: &str, text: &str) {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(out, "<pre id=\"{label}\">{escaped}</pre>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> String {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        build(&here.join("paper.html"), &here.join("../semantics")).unwrap()
    }

    #[test]
    fn the_paper_shows_the_rules_as_they_are() {
        let page = paper();
        assert!(page.contains("<pre id=\"send\">  rl [send] :"));
        assert!(!page.contains("<!-- rule:"));
    }

    #[test]
    fn a_name_that_is_not_there_is_an_error() {
        let error = splice("a\n<!-- rule: nowhere -->\n", &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "paper.html:2: no rule or section is called `nowhere`"
        );
    }
}
