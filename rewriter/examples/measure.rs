//! Runs the one-line commands of Maude files and tells counts, time and memory.
//!
//! Usage: `measure FILE...`; a file may `load` others that lie beside it. Understands `red in M :
//! T .` and `search [n] in M : T ARROW PATTERN .` on lines of their own.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rewriter::load::{LoadedModule, load};
use rewriter::reduction::{Limits, Reducer};
use rewriter::search::{Arrow, Bounds, Goal, Search};
use rewriter::source::Source;

fn main() {
    for file in std::env::args().skip(1) {
        if let Err(message) = run(Path::new(&file)) {
            eprintln!("{file}: {message}");
        }
    }
}

fn run(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut modules = String::new();
    let mut commands = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        let is_command = ["red ", "search ", "match ", "xmatch "]
            .iter()
            .any(|word| trimmed.starts_with(word));
        if let Some(name) = trimmed.strip_prefix("load ") {
            let path = file.with_file_name(name.trim());
            modules += &std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        } else if is_command {
            commands.push(trimmed.trim_end_matches('.').trim().to_owned());
        } else if trimmed != "quit ." && !trimmed.starts_with("set show") {
            modules += line;
            modules += "\n";
        }
    }
    let start = Instant::now();
    let mut loaded = load(&[Source::new(&*file.to_string_lossy(), modules.as_str())])
        .map_err(|rejected| rejected.plain())?;
    println!("{}: loaded in {:?}", file.display(), start.elapsed());
    for command in commands {
        let (head, rest) = command
            .split_once(" : ")
            .ok_or("no module in the command")?;
        let name = head.split_whitespace().last().unwrap_or("");
        let module = loaded.module(name).ok_or("no such module")?;
        if head.starts_with("red") {
            reduce(&module, rest)?;
        } else if head.starts_with("search") {
            let most = head
                .split(['[', ']'])
                .nth(1)
                .and_then(|text| text.parse().ok());
            search(&module, rest, most)?;
        } else {
            matches(&module, rest, head.starts_with("xmatch"))?;
        }
    }
    Ok(())
}

fn reducer(module: &LoadedModule) -> Reducer {
    let mut reducer = Reducer::new(Arc::clone(module.module()));
    reducer.set_limits(Limits {
        rewrites: u64::MAX,
        ..Limits::default()
    });
    reducer
}

fn reduce(module: &LoadedModule, text: &str) -> Result<(), String> {
    let pattern = module
        .parse_term(text)
        .map_err(|rejected| rejected.plain())?;
    let mut reducer = reducer(module);
    let term = reducer.store_mut().instantiate(&pattern, &[]);
    let start = Instant::now();
    let normal = reducer.reduce(term).map_err(|error| format!("{error:?}"))?;
    let time = start.elapsed();
    let text = module.print(reducer.store(), normal.term());
    let sort = reducer.store().sort(normal.term());
    let sort = module.signature().sort(sort).name;
    let shown: String = text.chars().take(300).collect();
    println!(
        "rewrites: {} in {time:?} ({:.1} M/s), {} MB",
        reducer.n_rewrites(),
        reducer.n_rewrites() as f64 / time.as_secs_f64() / 1e6,
        reducer.store().bytes() / 1_000_000
    );
    println!("result {sort}: {shown}");
    Ok(())
}

fn matches(module: &LoadedModule, text: &str, extend: bool) -> Result<(), String> {
    println!("match in");
    let (left, right) = text.split_once("<=?").ok_or("no relation")?;
    let query = module
        .parse_query(left)
        .map_err(|rejected| rejected.plain())?;
    let subject = module
        .parse_term(right)
        .map_err(|rejected| rejected.plain())?;
    let mut reducer = reducer(module);
    let term = reducer.store_mut().instantiate(&subject, &[]);
    let normal = reducer.reduce(term).map_err(|error| format!("{error:?}"))?;
    let found = reducer
        .matches(
            &query.variables,
            &query.pattern,
            &query.condition,
            normal,
            extend,
            usize::MAX,
        )
        .map_err(|error| format!("{error:?}"))?;
    for (number, values) in found.iter().enumerate() {
        println!("\nMatcher {}", number + 1);
        for (variable, value) in query.variables.iter().zip(values) {
            let sort = module.signature().sort(variable.sort).name;
            println!(
                "{}:{sort} --> {}",
                variable.name,
                module.print(reducer.store(), *value)
            );
        }
    }
    Ok(())
}

fn search(module: &LoadedModule, text: &str, most: Option<u64>) -> Result<(), String> {
    let arrows = [
        ("=>*", Arrow::Star),
        ("=>+", Arrow::Plus),
        ("=>1", Arrow::One),
        ("=>!", Arrow::Final),
    ];
    let (word, arrow) = *arrows
        .iter()
        .find(|(word, _)| text.contains(word))
        .ok_or("no arrow")?;
    let (subject, query) = text.split_once(word).ok_or("no arrow")?;
    let subject = module
        .parse_term(subject)
        .map_err(|rejected| rejected.plain())?;
    let query = module
        .parse_query(query)
        .map_err(|rejected| rejected.plain())?;
    let mut reducer = reducer(module);
    let term = reducer.store_mut().instantiate(&subject, &[]);
    let start = Instant::now();
    let normal = reducer.reduce(term).map_err(|error| format!("{error:?}"))?;
    let goal = Goal {
        variables: query.variables.clone(),
        pattern: query.pattern,
        condition: query.condition,
    };
    let depth = std::env::var("DEPTH")
        .ok()
        .and_then(|text| text.parse().ok());
    let bounds = Bounds {
        solutions: most,
        depth,
        ..Bounds::default()
    };
    let mut search = Search::new(normal, arrow, goal, bounds);
    let mut n_solutions = 0u64;
    let outcome = search.run(&mut reducer, &mut |reducer, _, solution| {
        n_solutions += 1;
        if n_solutions <= 5000 {
            println!("Solution {n_solutions} (state {})", solution.state.0);
            for (variable, value) in query.variables.iter().zip(&solution.substitution) {
                let text = module.print(reducer.store(), *value);
                println!("{} --> {text}", variable.name);
            }
        }
        ControlFlow::Continue(())
    });
    let time = start.elapsed();
    let statistics = search.statistics();
    let outcome = format!("{outcome:?}");
    println!("{}", outcome.chars().take(200).collect::<String>());
    println!(
        "solutions: {n_solutions} states: {} transitions: {} rewrites: {} in {time:?}",
        statistics.states,
        statistics.transitions,
        reducer.n_rewrites(),
    );
    let bytes = reducer.store().bytes() + search.states().bytes();
    println!(
        "{:.2} M transitions/s, {:.0} k states/s, {} MB, {} bytes a state",
        statistics.transitions as f64 / time.as_secs_f64() / 1e6,
        statistics.states as f64 / time.as_secs_f64() / 1e3,
        bytes / 1_000_000,
        bytes as u64 / statistics.states.max(1)
    );
    Ok(())
}
