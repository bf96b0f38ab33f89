//! Which files make a program: `.p` files, directories, and `.pproj` projects.
//!
//! A directory with one project in it stands for that project, otherwise for all `.p`
//! files below it, in the order of their names. Projects include others; what they
//! bring is part of the program, but their tests are not. No file counts twice.
//!
//! Source: p-language 9.1.

mod description;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{MAX_FILE_BYTES, Sources, why_not};
use description::Description;

/// Directories below a directory are followed this deep.
const MAX_DEPTH: usize = 32;

/// Reads the files of a program.
///
/// # Errors
/// All files that cannot be read and projects that are none; these have no place in a
/// source, so they can be drawn with any [`Sources`].
pub fn collect<P: AsRef<Path>>(paths: &[P]) -> Result<Sources, Vec<Diagnostic>> {
    let mut collection = Collection::default();
    for path in paths {
        collection.path(path.as_ref(), false);
    }
    if collection.diagnostics.is_empty() && collection.sources.files().next().is_none() {
        let message = match paths {
            [] => "no P file is given".to_owned(),
            [path] => format!("there is no P file in {}", path.as_ref().display()),
            _ => "there is no P file in any of the paths".to_owned(),
        };
        let mut diagnostic = Diagnostic::general(Code::NoFiles, message);
        if let Some(path) = collection.missing.first() {
            let help = format!("a project names {}, which is not there", path.display());
            diagnostic = diagnostic.with_help(help);
        }
        collection.diagnostics.push(diagnostic);
    }
    if collection.diagnostics.is_empty() {
        Ok(collection.sources)
    } else {
        Err(collection.diagnostics)
    }
}

/// Adds the files that give bodies to foreign functions.
///
/// # Errors
/// Those that cannot be read.
pub fn add_foreign<P: AsRef<Path>>(
    sources: &mut Sources,
    paths: &[P],
) -> Result<(), Vec<Diagnostic>> {
    let mut collection = Collection::default();
    for path in paths {
        let path = path.as_ref();
        match fs::read_to_string(path) {
            Ok(text) => drop(sources.add_foreign(path, text)),
            Err(error) => collection.unreadable(path, &error),
        }
    }
    if collection.diagnostics.is_empty() {
        Ok(())
    } else {
        Err(collection.diagnostics)
    }
}

#[derive(Default)]
struct Collection {
    sources: Sources,
    seen: HashSet<PathBuf>,
    /// What projects name and is not there.
    missing: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

impl Collection {
    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let message = format!("cannot read {}: {}", path.display(), why_not(error));
        self.diagnostics
            .push(Diagnostic::general(Code::UnreadableFile, message));
    }

    fn bad_project(&mut self, message: String) {
        self.diagnostics
            .push(Diagnostic::general(Code::BadProject, message));
    }

    /// Whether a path is new.
    fn is_new(&mut self, path: &Path) -> bool {
        let canonical = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.seen.insert(canonical)
    }

    fn path(&mut self, path: &Path, is_included: bool) {
        match fs::metadata(path) {
            Err(error) => self.unreadable(path, &error),
            Ok(metadata) if metadata.is_dir() => self.directory(path, is_included),
            Ok(_) if has_extension(path, "pproj") => self.project(path, is_included),
            Ok(_) if has_extension(path, "p") => self.file(path, is_included),
            Ok(_) => {
                let message = format!("{} is neither a .p nor a .pproj file", path.display());
                self.diagnostics
                    .push(Diagnostic::general(Code::NoFiles, message));
            }
        }
    }

    fn directory(&mut self, directory: &Path, is_included: bool) {
        let projects: Vec<PathBuf> = self
            .entries(directory)
            .into_iter()
            .filter(|path| path.is_file() && has_extension(path, "pproj"))
            .collect();
        match projects.as_slice() {
            [] => self.files_below(directory, is_included, 0),
            [project] => self.project(project, is_included),
            several => {
                let names: Vec<String> = several
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                let message = format!("{} has several projects", directory.display());
                self.diagnostics.push(
                    Diagnostic::general(Code::BadProject, message)
                        .with_help(format!("give one of them: {}", names.join(", "))),
                );
            }
        }
    }

    /// The entries of a directory by name, without hidden ones.
    fn entries(&mut self, directory: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(directory)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
        let mut entries: Vec<PathBuf> = entries.unwrap_or_else(|error| {
            self.unreadable(directory, &error);
            Vec::new()
        });
        entries.retain(|path| {
            path.file_name()
                .is_some_and(|name| !name.to_string_lossy().starts_with('.'))
        });
        entries.sort();
        entries
    }

    /// A directory is looked through once, so links that lead back end.
    fn files_below(&mut self, directory: &Path, is_included: bool, depth: usize) {
        if !self.is_new(directory) {
            return;
        }
        if depth > MAX_DEPTH {
            let message = format!("{} is nested too deeply", directory.display());
            self.diagnostics
                .push(Diagnostic::general(Code::UnreadableFile, message));
            return;
        }
        for path in self.entries(directory) {
            if path.is_dir() {
                self.files_below(&path, is_included, depth + 1);
            } else if has_extension(&path, "p") {
                self.file(&path, is_included);
            }
        }
    }

    fn file(&mut self, path: &Path, is_included: bool) {
        if !self.is_new(path) {
            return;
        }
        match fs::read_to_string(path) {
            Ok(text) if text.len() > MAX_FILE_BYTES => {
                let message = format!("{} is too large", path.display());
                self.diagnostics
                    .push(Diagnostic::general(Code::UnreadableFile, message));
            }
            Ok(text) if is_included => drop(self.sources.add_included(path, text)),
            Ok(text) => drop(self.sources.add(path, text)),
            Err(error) => self.unreadable(path, &error),
        }
    }

    /// A project, then those that it includes: a list, since includes can chain.
    fn project(&mut self, path: &Path, is_included: bool) {
        let mut open = vec![(path.to_owned(), is_included)];
        while let Some((path, is_included)) = open.pop() {
            if !self.is_new(&path) {
                continue;
            }
            let text = match fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) => {
                    self.unreadable(&path, &error);
                    continue;
                }
            };
            match Description::read(&text) {
                Ok(description) => {
                    let directory = path.parent().unwrap_or(Path::new(""));
                    for file in &description.files {
                        self.input(directory, file, is_included);
                    }
                    for included in description.includes.iter().rev() {
                        open.push((self.included(directory, included), true));
                    }
                }
                Err(error) => {
                    let message = format!("{}:{error}", path.display());
                    self.bad_project(message);
                }
            }
        }
    }

    /// A file or directory that a project names. Other languages' files are not ours, and
    /// what is not there is skipped, as P does it: an empty directory is not in a clone.
    fn input(&mut self, directory: &Path, file: &str, is_included: bool) {
        let path = joined(directory, file);
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.missing.push(path),
            Err(error) => self.unreadable(&path, &error),
            Ok(metadata) if metadata.is_dir() => self.files_below(&path, is_included, 0),
            Ok(_) if has_extension(&path, "p") => self.file(&path, is_included),
            Ok(_) => {}
        }
    }

    /// P looks for an included project from the current directory; that is usually the
    /// directory of the project, so that one is tried first. A project that was copied
    /// together with what it includes has it below instead of above.
    fn included(&mut self, directory: &Path, file: &str) -> PathBuf {
        let beside = joined(directory, file);
        let below = file.replace('\\', "/");
        let below = joined(directory, below.trim_start_matches("../"));
        let from_here = joined(Path::new(""), file);
        [&beside, &from_here, &below]
            .into_iter()
            .find(|path| path.exists())
            .unwrap_or(&beside)
            .clone()
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// `directory/file`, whichever slashes the project uses, without `.` and needless `..`.
fn joined(directory: &Path, file: &str) -> PathBuf {
    let mut result = PathBuf::new();
    for component in directory.join(file.replace('\\', "/")).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(result.components().next_back(), Some(Component::Normal(_))) =>
            {
                result.pop();
            }
            component => result.push(component),
        }
    }
    result
}
