//! `psem check`: the programs of `tests/check`, and what is refused.

use tests::case::cases;
use tests::psem::{check, psem};

/// Compares what was written with what is recorded of it, or records it.
fn check_recorded(name: &str, written: &str) {
    let recorded = tests::root().join("tests/check/written").join(name);
    tests::check_recorded(&recorded, written);
}

#[test]
fn every_program_is_checked_as_expected() {
    let directory = tests::root().join("tests/check");
    let cases = cases(&directory).expect("the programs can be listed");
    assert!(!cases.is_empty());
    let wrong: Vec<String> = cases.iter().filter_map(|case| case.check().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tests_are_chosen_by_name_or_by_its_beginning() {
    let bank = "programs/notify/bank.p";
    let answer = check(bank, &["--list-tests"]);
    assert_eq!((answer.code, answer.out.as_str()), (0, "Racing\nLocked\n"));
    let answer = check(bank, &["-t", "Lock"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.starts_with("Locked  ok "), "{}", answer.out);
    let answer = check(bank, &["-t", "Nope"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("no test `Nope`") && answer.err.contains("its tests: Racing, Locked"),
        "{}",
        answer.err
    );
}

#[test]
fn the_answer_does_not_depend_on_engine_or_threads() {
    let plain = check("programs/notify/bank.p", &["--threads", "1"]);
    for more in [["--threads", "3"], ["--engine", "general"]] {
        assert_eq!(check("programs/notify/bank.p", &more), plain);
    }
}

#[test]
fn fair_cycles_do_not_depend_on_engine_or_threads() {
    for program in ["both-turn", "fair-choice-of-no-use", "cold-within-a-step"] {
        let program = format!("check/liveness/{program}.p");
        let plain = check(&program, &["--threads", "1"]);
        for more in [["--threads", "3"], ["--engine", "general"]] {
            assert_eq!(check(&program, &more), plain);
        }
    }
}

#[test]
fn temporal_formulas_do_not_depend_on_engine_or_threads() {
    let formula = ["--ltl", "[] <> (at(Left, Down) and at(Right, Down))"];
    let more = [&["-t", "Together"], &formula[..]].concat();
    let plain = check(
        "check/ltl/turns.p",
        &[&more[..], &["--threads", "1"]].concat(),
    );
    assert_eq!(plain.code, 1, "{plain:?}");
    for engine in [["--threads", "3"], ["--engine", "general"]] {
        let answer = check("check/ltl/turns.p", &[&more[..], &engine].concat());
        assert_eq!(answer, plain);
    }
    let json = check("check/ltl/turns.p", &[&more[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("it is JSON");
    let bug = &json["tests"][0]["bugs"][0];
    assert_eq!(bug["violation"]["kind"], "temporal");
    let steps = |part: &str| bug[part].as_array().map_or(0, Vec::len);
    assert_eq!((steps("path"), steps("cycle")), (5, 8), "{bug}");
}

#[test]
fn what_is_no_temporal_formula_is_refused() {
    let refused = |formula: &str, part: &str| {
        let answer = check("check/ltl/turns.p", &["--ltl", formula]);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains(part), "{}", answer.err);
    };
    refused(
        "<> at(Left, Dwn)",
        "there is no state `Dwn`; there are Up, Down",
    );
    refused("<> at(Lft, Down)", "there is no machine `Lft`");
    refused("[] not <> hot", "combine propositions");
    refused("[] (hot -> )", "the formula: ");
    refused("C:Configuration", "the formula: ");
    let more = ["--ltl", "[] ~ hot", "-s", "3"];
    let answer = check("check/ltl/turns.p", &more);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.err.contains("infinite executions"), "{}", answer.err);
    // A search asks about one configuration.
    let file = tests::root().join("tests/check/ltl/turns.p");
    let file = file.display().to_string();
    let answer = psem(&["search", &file, "=>* [] hot", "-t", "Alone"].map(str::to_owned));
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.err.contains("psem check --ltl"), "{}", answer.err);
}

#[test]
fn bugs_are_written_in_the_formats_of_the_checker() {
    let directory = std::env::temp_dir().join(format!("psem-check-{}", std::process::id()));
    let out = directory.display().to_string();
    let more = ["-s", "1", "--strategy", "pct:2", "--out", &out];
    let answer = check("check/letters.p", &more);
    assert_eq!(answer.code, 1, "{answer:?}");
    for ending in ["txt", "trace.json", "schedule"] {
        let name = format!("Everything_0.{ending}");
        let written = std::fs::read_to_string(directory.join(&name)).expect("it was written");
        check_recorded(&name, &written);
    }
    std::fs::remove_dir_all(&directory).expect("the directory can go");
    let answer = check("check/letters.p", &["--out", "/proc/no/such/place"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("cannot write /proc/no/such/place"),
        "{}",
        answer.err
    );
}

#[test]
fn bugs_are_drawn_as_charts() {
    let directory = std::env::temp_dir().join(format!("psem-chart-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a place to write");
    for (ending, program) in [
        ("svg", "check/letters.p"),
        ("mmd", "check/letters.p"),
        ("txt", "check/liveness/both-turn.p"),
    ] {
        let name = format!("chart.{ending}");
        let file = directory.join(&name).display().to_string();
        let answer = check(program, &["--chart", &file]);
        assert_eq!(answer.code, 1, "{answer:?}");
        let written = std::fs::read_to_string(&file).expect("it was written");
        check_recorded(&name, &written);
    }
    std::fs::remove_dir_all(&directory).expect("the directory can go");
    let answer = check("check/letters.p", &["--chart", "chart.png"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("must end in .svg, .mmd or .txt"),
        "{}",
        answer.err
    );
}

#[test]
fn coverages_are_merged() {
    let directory = std::env::temp_dir().join(format!("psem-coverage-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a place to write");
    let mut files = Vec::new();
    for test in ["Racing", "Locked"] {
        let answer = check(
            "programs/notify/bank.p",
            &["--coverage", "--json", "-t", test],
        );
        let file = directory.join(test).display().to_string();
        std::fs::write(&file, &answer.out).expect("it can be written");
        files.push(file);
    }
    let merge = |more: &[&str]| {
        let mut arguments = vec!["coverage".to_owned()];
        arguments.extend(files.iter().cloned());
        arguments.extend(more.iter().map(|word| (*word).to_owned()));
        psem(&arguments)
    };
    let both = check("programs/notify/bank.p", &["--coverage"]);
    let text = both.out.split_once("\ncoverage:").map(|(_, text)| text);
    let merged = merge(&[]);
    assert_eq!(merged.code, 0, "{merged:?}");
    assert_eq!(merged.out.strip_prefix("coverage:"), text);
    // What is printed as JSON can be merged again.
    let file = directory.join("merged").display().to_string();
    std::fs::write(&file, merge(&["--format", "json"]).out).expect("it can be written");
    let again = psem(&["coverage".to_owned(), file]);
    assert_eq!(again.out, merged.out);
    let wrong = psem(&[
        "coverage".to_owned(),
        tests::root().join("README.md").display().to_string(),
    ]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("is not JSON"), "{}", wrong.err);
    std::fs::remove_dir_all(&directory).expect("the directory can go");
}

#[test]
fn a_check_that_runs_out_of_time_tells_what_was_explored() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("out-of-time.json");
    let name = file.display().to_string();
    let more = ["--timeout", "30ms", "--graph", &name, "--coverage"];
    let answer = check("bench/bank.p", &more);
    assert_eq!(answer.code, 3, "{answer:?}");
    let text = std::fs::read_to_string(&file).expect("the graph was written");
    let graph: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert!(
        graph["states"]
            .as_array()
            .is_some_and(|states| !states.is_empty())
    );
}

#[test]
fn what_was_explored_is_written_as_a_graph() {
    let directory = std::env::temp_dir().join(format!("psem-graph-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a place to write");
    for (name, program, more) in [
        ("fair-choice.dot", "check/liveness/fair-choice.p", &[][..]),
        ("wrong.json", "check/tests.p", &["-t", "Wrong"]),
        (
            "many.dot",
            "check/tests.p",
            &["-t", "Many", "--max-states", "5"],
        ),
    ] {
        let file = directory.join(name).display().to_string();
        let answer = check(program, &[more, &["--graph", &file]].concat());
        assert_ne!(answer.code, 2, "{answer:?}");
        let written = std::fs::read_to_string(&file).expect("it was written");
        check_recorded(name, &written);
    }
    std::fs::remove_dir_all(&directory).expect("the directory can go");
    for (more, text) in [
        (&["--graph", "g.png"][..], "must end in .dot or .json"),
        (&["--graph", "g.dot"], "a graph is that of one test"),
        (
            &["--graph", "g.dot", "-t", "Many", "-s", "3"],
            "executions have no graph",
        ),
    ] {
        let answer = check("check/tests.p", more);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains(text), "{}", answer.err);
    }
}

#[test]
fn files_that_could_not_be_written_are_refused_before_the_work() {
    for (more, text) in [
        (
            &["--chart", "no/such/place.svg"][..],
            "cannot write no/such/place.svg: there is no directory no/such",
        ),
        (
            &["--graph", "no/such.dot", "-t", "Everything"],
            "cannot write no/such.dot: there is no directory no",
        ),
        (&["--out", "Cargo.toml/below"], "Cargo.toml is no directory"),
    ] {
        let answer = check("check/letters.p", more);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer:?}");
        assert!(answer.err.contains(text), "{}", answer.err);
    }
}

#[test]
fn a_receive_lists_its_events_as_the_text_does() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("receive-order");
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    let program = directory.join("receive-order.p");
    let text = "event eZero;\nevent eOne;\nevent eTwo;\nmachine Main { start state Init { entry {\n\
        receive { case eTwo: { } case eZero, eOne: { } }\n} } }\n";
    std::fs::write(&program, text).expect("the file can be written");
    let out = directory.display().to_string();
    let words = ["check", &program.display().to_string(), "--out", &out].map(str::to_owned);
    let answer = psem(&words);
    assert_eq!(answer.code, 1, "{answer:?}");
    let log = directory.join("DefaultImpl_0.txt");
    let log = std::fs::read_to_string(log).expect("the log was written");
    let waits =
        "waiting to dequeue an event of type 'eTwo', 'eZero', '' or 'PHalt' in state 'Init'.";
    assert!(log.contains(waits), "{log}");
}
