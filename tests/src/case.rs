//! A program with the commands that stand in its first lines, and what is expected.
//!
//! `// psem: search "=>* violation" -t T` asks for `psem search FILE "=>* violation" -t T`.
//! Beside `case.p`, `case.expected` holds for each command a line `$ search ...`, the
//! exit code, what psem printed, and what real Maude counted on the emitted file.
//! `PSEM_BLESS=1` writes it anew; read the difference before you believe it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::maude;
use crate::psem::{Answer, psem};

/// One program file.
#[derive(Clone, Debug)]
pub struct Case {
    /// `section/name`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// The commands, in words, without the file.
    pub commands: Vec<Vec<String>>,
}

/// All cases below a directory, sorted by name.
///
/// # Errors
/// What the file system says.
pub fn cases(directory: &Path) -> std::io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "p") {
                let name = path
                    .strip_prefix(directory)
                    .unwrap_or(&path)
                    .with_extension("")
                    .to_string_lossy()
                    .replace('\\', "/");
                let commands = commands(&std::fs::read_to_string(&path)?);
                cases.push(Case {
                    name,
                    path,
                    commands,
                });
            }
        }
    }
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(cases)
}

fn commands(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter_map(|line| line.strip_prefix("// psem:"))
        .map(words)
        .collect()
}

/// Splits at spaces outside double quotes; the quotes go.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for character in text.trim().chars() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            other => word.push(other),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

impl Case {
    /// Runs all commands and compares with the expectation, or writes it.
    ///
    /// # Errors
    /// The difference, or what stood in the way.
    pub fn check(&self) -> Result<(), String> {
        if self.commands.is_empty() {
            return Err("the program has no `// psem:` line".to_owned());
        }
        let file = self.path.with_extension("expected");
        let old = std::fs::read_to_string(&file).unwrap_or_default();
        let mut new = String::new();
        for command in &self.commands {
            self.run(command, &old, &mut new)?;
        }
        if std::env::var_os("PSEM_BLESS").is_some() {
            return std::fs::write(&file, new).map_err(|error| error.to_string());
        }
        if old == new {
            return Ok(());
        }
        Err(format!(
            "{} differs (PSEM_BLESS=1 writes it)\n--- expected\n{old}\n--- now\n{new}",
            file.display()
        ))
    }

    fn run(&self, command: &[String], old: &str, new: &mut String) -> Result<(), String> {
        let title = format!("$ {}", command.join(" "));
        let answer = self.ask(command, &[]);
        if answer.code == 2 {
            return Err(format!("{title} is refused: {}", answer.err));
        }
        let _ = writeln!(new, "{title}\nexit {}", answer.code);
        // Where the repository lies says nothing of the program.
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        new.push_str(&answer.err.replace(&self.path.display().to_string(), &name));
        new.push_str(&answer.out);
        let decided = answer.code < 2 && command.first().is_some_and(|word| word == "search");
        if decided && !command.iter().any(|word| word == "--format") {
            let line = match maude::command() {
                Some(maude) => self.ask_maude(&maude, command, &answer)?,
                None => recorded(old, &title).unwrap_or_else(|| "maude: not asked".to_owned()),
            };
            let _ = writeln!(new, "{line}");
        }
        new.push('\n');
        Ok(())
    }

    /// Runs psem on this program.
    fn ask(&self, command: &[String], more: &[&str]) -> Answer {
        let mut arguments = command.to_vec();
        arguments.insert(1.min(arguments.len()), self.path.display().to_string());
        arguments.extend(more.iter().map(|word| (*word).to_owned()));
        psem(&arguments)
    }

    fn ask_maude(
        &self,
        maude: &str,
        command: &[String],
        answer: &Answer,
    ) -> Result<String, String> {
        let emitted = self.ask(command, &["--emit", "maude"]);
        if emitted.code != 0 {
            return Err(format!("--emit maude failed: {}", emitted.err));
        }
        let output = maude::run(maude, &emitted.out)?;
        let counts = maude::counts(&output)
            .ok_or_else(|| format!("Maude did not search: {}", output.trim()))?;
        let states = format!("searched: {} states,", counts.states);
        let solutions = match counts.solutions {
            0 => "exhausted:".to_owned(),
            1 => "found: 1 solution".to_owned(),
            many => format!("found: {many} solutions"),
        };
        if answer.out.contains(&states) && answer.out.contains(&solutions) {
            Ok(format!(
                "maude: states {}, solutions {}",
                counts.states, counts.solutions
            ))
        } else {
            Err(format!(
                "Maude counts {} states and {} solutions; psem says\n{}",
                counts.states, counts.solutions, answer.out
            ))
        }
    }
}

/// The recorded line of Maude's counts for a command.
fn recorded(old: &str, title: &str) -> Option<String> {
    let start = old.find(&format!("{title}\n"))?;
    let block = &old[start + title.len()..];
    let end = block.find("\n$ ").unwrap_or(block.len());
    block[..end]
        .lines()
        .find(|line| line.starts_with("maude: "))
        .map(str::to_owned)
}
