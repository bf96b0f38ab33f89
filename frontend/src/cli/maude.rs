//! `psem maude`: the engine on its own, running Maude scripts.

mod audit;
mod prompt;
mod words;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use rewriter::diagnostic::Diagnostic;
use rewriter::reduction::Limits;
use rewriter::source::{Source, SourceMap};
use rewriter::syntax::library::Dialect;
use rewriter::syntax::script::{Session, Surroundings, is_built_in};
use rewriter::syntax::wrap::Wrapped;

use super::arguments::{MaudeArguments, MaudeVersion};
use super::{Console, Status};
use crate::interrupt;

/// Flags of Maude that change nothing here.
const WITHOUT_EFFECT: &[&str] = &[
    "-no-banner",
    "-no-advise",
    "-no-mixfix",
    "-no-ansi-color",
    "-ansi-color",
    "-no-tecla",
    "-tecla",
    "-batch",
    "-trust",
    "-allow-files",
    "-allow-processes",
];

/// The flag of Maude that keeps lines as long as they are.
const NO_WRAP: &str = "-no-wrap";

/// The flag of Maude that leaves the prelude out.
const NO_PRELUDE: &str = "-no-prelude";

/// The command line of `psem maude` with Maude's flags, which begin with one dash, as options.
pub(super) fn with_maude_flags(words: Vec<OsString>) -> Vec<OsString> {
    if words.get(1).is_none_or(|command| command != "maude") {
        return words;
    }
    let is_flag =
        |word: &str| matches!(word, NO_WRAP | NO_PRELUDE) || WITHOUT_EFFECT.contains(&word);
    let option = |word: OsString| match word.to_str() {
        Some(flag) if is_flag(flag) => format!("--maude-flag={flag}").into(),
        _ => word,
    };
    words.into_iter().map(option).collect()
}

/// Runs scripts in order, in one session, writing what Maude would.
pub(super) fn maude(
    arguments: &MaudeArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let has_flag = |wanted: &str| arguments.maude_flag.iter().any(|flag| flag == wanted);
    let wraps = !has_flag(NO_WRAP);
    let is_input = |file: &String| file == "-";
    let files: Vec<Option<PathBuf>> = (arguments.files.iter())
        .map(|file| (!is_input(file)).then(|| PathBuf::from(file)))
        .collect();
    if arguments.audit.audit {
        return audit::audit(&arguments.audit, &files, console);
    }
    let mut session = Session::new();
    if has_flag(NO_PRELUDE) {
        session.library.forget_prelude();
    }
    session.set_limits(Limits {
        rewrites: u64::MAX,
        memory: usize::try_from(arguments.memory).ok(),
        interrupt: Some(interrupt::flag()),
        ..Limits::default()
    });
    session.engine = arguments.engine.engine.into();
    session.n_threads = arguments.engine.n_threads();
    session.shows_statistics = arguments.engine.stats;
    session.set_dialect(match arguments.like {
        MaudeVersion::Earlier => Dialect::Earlier,
        MaudeVersion::Later => Dialect::Later,
    });
    let is_prompt = files.is_empty() && io::stdin().is_terminal();
    let written = {
        let mut buffered = BufWriter::new(&mut *console.out);
        let mut wrapped;
        let output: &mut dyn Write = if wraps {
            wrapped = Wrapped::new(&mut buffered);
            &mut wrapped
        } else {
            &mut buffered
        };
        let done = if is_prompt {
            let lines = prompt::Terminal::new();
            let prompted = lines.and_then(|mut lines| {
                prompt::prompt(&mut lines, &mut session, output, &mut *console.err)
            });
            prompted.map_err(Failure::from)
        } else {
            let mut surroundings = Files {
                err: &mut *console.err,
            };
            run_all(&files, &mut session, &mut surroundings, output)
        };
        done.and(output.flush().map_err(Failure::from))
    };
    if let Err(failure) = written {
        let message = match failure {
            Failure::Unreadable(file, error) => format!("cannot read {file}: {error}"),
            Failure::Output(error) => format!("cannot write the output: {error}"),
        };
        return Err(console.refuse(&message, None));
    }
    let mut status = Status::Done;
    for diagnostic in &session.library.diagnostics {
        status = match status {
            _ if diagnostic.code == "interrupted" && status != Status::Wrong => Status::Limit,
            _ if diagnostic.is_error() => Status::Wrong,
            _ => status,
        };
    }
    Ok(status)
}

/// Where scripts find files, and where what is wrong with them is told.
struct Files<'c> {
    err: &'c mut dyn Write,
}

impl Surroundings for Files<'_> {
    fn read(&mut self, file: &str, loading: &str) -> io::Result<Source> {
        read_beside(file, loading)
    }

    fn report(&mut self, diagnostic: &Diagnostic, sources: &SourceMap) -> io::Result<()> {
        writeln!(self.err, "{}", diagnostic.plain(sources))
    }
}

enum Failure {
    Unreadable(String, io::Error),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

fn run_all(
    files: &[Option<PathBuf>],
    session: &mut Session,
    surroundings: &mut Files<'_>,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let files = if files.is_empty() { &[None] } else { files };
    for file in files {
        let (name, text) = match file {
            Some(path) => (path.display().to_string(), std::fs::read(path)),
            None => {
                let mut text = Vec::new();
                let read = io::Read::read_to_end(&mut io::stdin().lock(), &mut text);
                ("<standard input>".to_owned(), read.map(|_| text))
            }
        };
        let text = match text {
            Ok(text) => String::from_utf8_lossy(&text).into_owned(),
            Err(error) => return Err(Failure::Unreadable(name, error)),
        };
        if session.run(Source::new(name, text), surroundings, output)? || interrupt::is_asked() {
            break;
        }
    }
    writeln!(output, "Bye.")?;
    Ok(())
}

/// A file that a script loads lies beside the script, or in a directory that `MAUDE_LIB` names;
/// `.maude` may be left out. What Maude's library has and psem has built in is not looked for there.
pub(super) fn read_beside(file: &str, loading: &str) -> io::Result<Source> {
    let mut places = vec![Path::new(loading).with_file_name(file)];
    if !is_built_in(file) {
        let directories = std::env::var_os("MAUDE_LIB").unwrap_or_default();
        places.extend(std::env::split_paths(&directories).map(|directory| directory.join(file)));
    }
    let ending = |path: &PathBuf, ending: &str| {
        let mut path = path.clone().into_os_string();
        path.push(ending);
        PathBuf::from(path)
    };
    let named = |path| ["", ".maude", ".fm", ".obj"].map(|suffix| ending(path, suffix));
    let found = places.iter().flat_map(named).find(|path| path.is_file());
    let path = found.unwrap_or_else(|| ending(&places[0], ".maude"));
    let text = std::fs::read(&path)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok(Source::new(path.display().to_string(), text))
}
