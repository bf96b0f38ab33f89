//! `psem maude`: the engine on its own, running Maude scripts.

use std::path::Path;

use rewriter::source::Source;
use rewriter::syntax::script::Session;

use super::arguments::MaudeArguments;
use super::{Console, Status};

/// Runs scripts in order, in one session, writing what Maude would.
pub(super) fn maude(
    arguments: &MaudeArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let mut session = Session::new();
    session.engine = arguments.engine.engine.into();
    session.shows_statistics = arguments.engine.stats;
    for path in &arguments.files {
        let text = std::fs::read_to_string(path).map_err(|error| {
            console.refuse(&format!("cannot read {}: {error}", path.display()), None)
        })?;
        let name = path.display().to_string();
        let done = session.run(Source::new(name, text), &mut read_beside, console.out);
        match done {
            Ok(true) => break,
            Ok(false) => {}
            Err(error) => {
                return Err(console.refuse(&format!("cannot write the output: {error}"), None));
            }
        }
    }
    let library = &session.library;
    let mut status = Status::Done;
    for diagnostic in &library.diagnostics {
        let _ = writeln!(console.err, "{}", diagnostic.plain(&library.sources));
        if diagnostic.is_error() {
            status = Status::Wrong;
        }
    }
    Ok(status)
}

/// A file that a script loads lies beside the script; `.maude` may be left out.
fn read_beside(file: &str, loading: &str) -> std::io::Result<Source> {
    let path = Path::new(loading).with_file_name(file);
    let path = if path.exists() {
        path
    } else {
        path.with_extension("maude")
    };
    let text = std::fs::read_to_string(&path)?;
    Ok(Source::new(path.display().to_string(), text))
}
