//! Searches by every engine and any number of threads: the same bytes.

use std::ops::ControlFlow;
use std::path::Path;

use rewriter::load::load;
use rewriter::reduction::Reducer;
use rewriter::search::{Arrow, Bounds, Engine, Goal, Search};
use rewriter::source::Source;
use rewriter::syntax::script::Session;

/// What a script prints with an engine and so many threads, without the time that something took.
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
    let output = String::from_utf8_lossy(&output);
    Ok(output.lines().map(untimed).collect::<Vec<_>>().join("\n"))
}

fn untimed(line: &str) -> &str {
    match line.rsplit_once(" in ") {
        Some((rest, time)) if rest.contains("rewrites: ") && time.contains("ms cpu") => rest,
        _ => line,
    }
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

/// A goal whose condition takes so many rewrites that transient terms are collected meanwhile.
const LONG_CONDITION: &str = "mod LONG is
  protecting NAT .
  sorts Cell Soup .
  subsort Cell < Soup .
  op empty : -> Soup [ctor] .
  op __ : Soup Soup -> Soup [ctor assoc comm id: empty] .
  op c : Nat Nat -> Cell [ctor] .
  op work : Nat Soup -> Bool .
  vars I N : Nat .
  var S : Soup .
  eq work(0, S) = true .
  eq work(s N, S) = work(N, S) .
  rl [up] : c(I, 0) => c(I, 1) .
endm";

#[test]
fn solutions_survive_collections() {
    let loaded = load(&[Source::new("long", LONG_CONDITION)]).expect("the module is right");
    let module = loaded.current();
    let text = "S such that work(400000, S) = true";
    for engine in [Engine::General, Engine::Compiled] {
        let mut reducer = Reducer::new(module.module().clone());
        let term = module.parse_term("c(1, 0) c(2, 0)").expect("a term");
        let term = reducer.store_mut().ground(&term).expect("it is ground");
        let initial = reducer.reduce(term).expect("it is normal");
        let query = module.parse_query(text).expect("a query");
        let goal = Goal {
            variables: query.variables,
            pattern: query.pattern,
            condition: query.condition,
        };
        let mut search = Search::new(initial, Arrow::Star, goal, Bounds::default());
        search.set_engine(engine);
        let mut found = Vec::new();
        search.run(&mut reducer, &mut |_, _, solution| {
            found.push(solution.clone());
            ControlFlow::Continue(())
        });
        assert_eq!(found.len(), 4);
        for solution in found {
            assert_eq!(solution.term, search.term(&mut reducer, solution.state));
            assert_eq!(solution.substitution, [solution.term]);
        }
    }
}
