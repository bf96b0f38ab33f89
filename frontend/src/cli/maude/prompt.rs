//! The prompt of `psem maude`: what is typed runs as soon as it is whole.
//!
//! The one idea: what is typed is a script like any other, read piece by piece; a piece is whole when
//! [`is_whole`](rewriter::syntax::typed::is_whole) says so, and until then lines continue it. Ctrl-C
//! stops the command that runs, or drops what is being typed; Ctrl-D quits.

use std::io::{self, Write};
use std::path::PathBuf;

use rewriter::source::Source;
use rewriter::syntax::script::Session;
use rewriter::syntax::typed::is_whole;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::words::words;
use crate::interrupt;

/// What stands before a line that is typed.
const PROMPT: &str = "psem> ";

/// What was typed.
#[derive(Debug)]
pub(super) enum Typed {
    /// Modules or commands, whole.
    Text(String),
    /// Nothing: what was begun is dropped.
    Dropped,
    /// The end.
    End,
}

/// Where lines come from.
pub(super) trait Lines {
    /// The next whole text; `known` are words that could be in it.
    fn next(&mut self, known: Vec<String>) -> io::Result<Typed>;
}

/// Runs what is typed until the end.
///
/// # Errors
/// If nothing can be read or written.
pub(super) fn prompt(
    lines: &mut dyn Lines,
    session: &mut Session,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> io::Result<()> {
    loop {
        let text = match lines.next(words(session))? {
            Typed::Text(text) => text,
            Typed::Dropped => continue,
            Typed::End => break,
        };
        interrupt::clear();
        // The period that ends a command must end a line.
        let source = Source::new("<standard input>", text + "\n");
        let mut files = super::Files { err: &mut *errors };
        let is_over = session.run(source, &mut files, output)?;
        output.flush()?;
        session.library.diagnostics.clear();
        if is_over {
            break;
        }
    }
    writeln!(output, "Bye.")?;
    output.flush()
}

/// A terminal.
pub(super) struct Terminal {
    editor: Editor<Typing, FileHistory>,
    /// Where what was typed is kept for the next time.
    history: Option<PathBuf>,
}

impl Terminal {
    /// The terminal that the process was started on.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn new() -> io::Result<Terminal> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .auto_add_history(true)
            .build();
        let mut editor = Editor::with_config(config).map_err(io::Error::other)?;
        editor.set_helper(Some(Typing {
            known: Vec::new(),
            files: FilenameCompleter::new(),
        }));
        let history = history_file();
        if let Some(file) = &history {
            // The first time there is none.
            let _ = editor.load_history(file);
        }
        Ok(Terminal { editor, history })
    }
}

impl Lines for Terminal {
    fn next(&mut self, known: Vec<String>) -> io::Result<Typed> {
        if let Some(helper) = self.editor.helper_mut() {
            helper.known = known;
        }
        match self.editor.readline(PROMPT) {
            Ok(text) => {
                if let Some(file) = &self.history {
                    // A history that cannot be written is no reason to stop.
                    let _ = self.editor.append_history(file);
                }
                Ok(Typed::Text(text))
            }
            Err(ReadlineError::Interrupted) => Ok(Typed::Dropped),
            Err(ReadlineError::Eof) => Ok(Typed::End),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

/// `psem/maude-history` where programs keep what outlives them.
fn history_file() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let directory = from("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let directory = directory.or_else(|| Some(from("HOME")?.join(".local/state")))?;
    let directory = directory.join("psem");
    std::fs::create_dir_all(&directory).ok()?;
    Some(directory.join("maude-history"))
}

/// What helps while a text is typed.
struct Typing {
    known: Vec<String>,
    files: FilenameCompleter,
}

impl Helper for Typing {}
impl Highlighter for Typing {}

impl Hinter for Typing {
    type Hint = String;
}

impl Validator for Typing {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if is_whole(context.input()) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Completer for Typing {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = &line[..position];
        let first = before.split_whitespace().next();
        if matches!(first, Some("load" | "in" | "sload")) && before.contains(' ') {
            return self.files.complete(line, position, context);
        }
        let (start, candidates) = candidates(&self.known, before);
        let pair = |word: String| Pair {
            display: word.clone(),
            replacement: word,
        };
        Ok((start, candidates.into_iter().map(pair).collect()))
    }
}

/// What the word at the end of a line may become, and where it starts.
fn candidates(known: &[String], before: &str) -> (usize, Vec<String>) {
    let is_break = |character: char| character.is_whitespace() || "()[]{},".contains(character);
    let start = before
        .char_indices()
        .rev()
        .find(|&(_, character)| is_break(character))
        .map_or(0, |(place, character)| place + character.len_utf8());
    let word = &before[start..];
    let fits = |known: &&String| !word.is_empty() && known.starts_with(word);
    (start, known.iter().filter(fits).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Script(Vec<Typed>);

    impl Lines for Script {
        fn next(&mut self, _: Vec<String>) -> io::Result<Typed> {
            Ok(self.0.pop().unwrap_or(Typed::End))
        }
    }

    fn answers(typed: &[&str]) -> (String, String) {
        let typed = typed.iter().rev().map(|text| match *text {
            "" => Typed::Dropped,
            text => Typed::Text(text.to_owned()),
        });
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut lines = Script(typed.collect());
        prompt(&mut lines, &mut Session::new(), &mut out, &mut err).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(out), text(err))
    }

    #[test]
    fn each_text_is_answered_and_mistakes_do_not_end_the_session() {
        let (out, err) = answers(&[
            "set show timing off .",
            "fmod M is protecting NAT . op f : Nat -> Nat . eq f(N:Nat) = N:Nat + 1 . endfm",
            "red f(1) .",
            "",
            "red g(1) .",
            "red f(2) .",
            "q",
            "red f(3) .",
        ]);
        assert!(out.contains("result NzNat: 2"), "{out}");
        assert!(out.contains("result NzNat: 3"), "{out}");
        assert!(!out.contains("result NzNat: 4"), "{out}");
        assert!(out.ends_with("Bye.\n"), "{out}");
        assert_eq!(err.matches("error[").count(), 1, "{err}");
        assert!(err.contains("<standard input>:1:"), "{err}");
    }

    #[test]
    fn words_are_completed_from_where_they_start() {
        let known = ["rewrite", "reduce", "resume-lock"].map(str::to_owned);
        let (start, found) = candidates(&known, "red");
        assert_eq!((start, found), (0, vec!["reduce".to_owned()]));
        let (start, found) = candidates(&known, "red f(res");
        assert_eq!((start, found), (6, vec!["resume-lock".to_owned()]));
        assert_eq!(candidates(&known, "red ").1, [""; 0]);
    }

    #[test]
    fn the_words_of_the_current_module_are_known() {
        let mut session = Session::new();
        let text = "fmod COLORS is sort Color . op dark_but_ : Color Color -> Color . endfm";
        let source = Source::new("t", text);
        let mut errors = Vec::new();
        let mut files = super::super::Files { err: &mut errors };
        session.run(source, &mut files, &mut Vec::new()).unwrap();
        let known = words(&mut session);
        for word in ["dark", "but", "Color", "COLORS", "NAT", "reduce", "search"] {
            assert!(known.iter().any(|known| known == word), "{word}");
        }
        assert!(known.is_sorted());
    }
}
