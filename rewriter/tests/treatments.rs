//! Searches by every engine and any number of threads: the same bytes.

use std::path::Path;

use rewriter::search::Engine;
use rewriter::source::Source;
use rewriter::syntax::script::Session;

/// What a script prints with an engine and so many threads.
fn run(path: &Path, engine: Engine, n_threads: usize) -> std::io::Result<String> {
    let directory = path.parent().unwrap_or(path).to_owned();
    let mut session = Session::new();
    session.engine = engine;
    session.n_threads = n_threads;
    let mut output = Vec::new();
    let mut read = |file: &str, _: &str| {
        let text = std::fs::read_to_string(directory.join(file))?;
        Ok(Source::new(file, text))
    };
    let source = Source::new("script", std::fs::read_to_string(path)?);
    session.run(source, &mut read, &mut output)?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Every script of a directory that searches.
fn check(directory: &str) -> std::io::Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut n_scripts = 0;
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let is_script = path
            .extension()
            .is_some_and(|extension| extension == "maude");
        if !is_script || !std::fs::read_to_string(&path)?.contains("search ") {
            continue;
        }
        n_scripts += 1;
        let reference = run(&path, Engine::General, 1)?;
        for n_threads in 1..4 {
            let text = run(&path, Engine::Compiled, n_threads)?;
            assert_eq!(text, reference, "{} by {n_threads} threads", path.display());
        }
    }
    assert!(n_scripts > 0, "there are scripts that search");
    Ok(())
}

#[test]
fn scripts() -> std::io::Result<()> {
    check("tests/scripts")
}

#[test]
fn engine() -> std::io::Result<()> {
    check("tests/engine")
}
