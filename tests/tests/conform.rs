//! `psem conform`: traces that are behaviors, and what is said of those that are none.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::psem::{Answer, psem};
use tests::written::{buggy_programs, written};

fn file(name: &str) -> PathBuf {
    tests::root().join("tests").join(name)
}

fn conform(program: &Path, trace: &Path, more: &[&str]) -> Answer {
    let path = |path: &Path| path.display().to_string();
    let mut arguments = vec!["conform".to_owned(), path(program)];
    arguments.extend(["--trace".to_owned(), path(trace)]);
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    psem(&arguments)
}

/// Asks about the trace of `forgotten.p` after a change.
fn changed(name: &str, change: impl FnOnce(&mut Vec<Value>)) -> Answer {
    let text = std::fs::read_to_string(file("replay/forgotten.trace.json")).expect("it is there");
    let mut entries: Vec<Value> = serde_json::from_str(&text).expect("it is a trace");
    change(&mut entries);
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&trace, Value::Array(entries).to_string()).expect("it can be written");
    conform(&file("replay/forgotten.p"), &trace, &[])
}

/// The number of the first entry of a type, from 0, behind the first so many.
fn place(entries: &[Value], kind: &str, after: usize) -> usize {
    let found = entries[after..]
        .iter()
        .position(|entry| entry["type"] == kind);
    after + found.expect("there is one")
}

fn says(answer: &Answer, parts: &[&str]) {
    assert_eq!(answer.code, 1, "{answer:?}");
    for part in parts {
        assert!(answer.out.contains(part), "no {part:?} in {}", answer.out);
    }
}

#[test]
fn what_was_recorded_conforms() {
    for trace in ["forgotten.trace.json", "forgotten-older.trace.json"] {
        let trace = file("replay").join(trace);
        let answer = conform(&file("replay/forgotten.p"), &trace, &[]);
        assert_eq!(answer.code, 0, "{answer:?}");
        assert!(answer.out.starts_with("conforms: "), "{}", answer.out);
        assert!(answer.out.ends_with("14 steps\n"), "{}", answer.out);
    }
}

#[test]
fn the_beginning_of_a_behavior_conforms() {
    let answer = changed("begin.trace.json", |entries| entries.truncate(20));
    assert_eq!(answer.code, 0, "{answer:?}");
    let answer = changed("empty.trace.json", Vec::clear);
    assert_eq!(answer.code, 0, "{answer:?}");
}

#[test]
fn a_wrong_payload_is_found() {
    let answer = changed("payload.trace.json", |entries| {
        let place = place(entries, "DequeueEvent", 0);
        assert_eq!(place, 10);
        entries[place]["details"]["payload"]["number"] = json!(7);
    });
    says(
        &answer,
        &[
            "no execution shows more than the first 10 of 37 entries\n",
            "entry 11: DequeueEvent event=eAsk id=Worker(2) payload={\"from\":\"Main(1)\",\"number\":7}",
            "possible: DequeueEvent event=eAsk id=Worker(2) payload={\"from\":\"Main(1)\",\"number\":2}",
        ],
    );
}

#[test]
fn what_was_chosen_is_searched_for() {
    // Nothing in a trace says what `choose(3)` gave; another value would do as well.
    let answer = changed("chosen.trace.json", |entries| {
        let text = Value::Array(std::mem::take(entries)).to_string();
        let text = text.replace("\"number\":2", "\"number\":0");
        let text = text.replace("\"payload\":3", "\"payload\":1");
        *entries = serde_json::from_str(&text).expect("it is a trace");
    });
    assert_eq!(answer.code, 0, "{answer:?}");
    let answer = changed("unchosen.trace.json", |entries| {
        let text = Value::Array(std::mem::take(entries)).to_string();
        let text = text.replace("\"number\":2", "\"number\":3");
        *entries = serde_json::from_str(&text).expect("it is a trace");
    });
    says(
        &answer,
        &["number\":0", "number\":1", "number\":2", "of 37 entries"],
    );
}

#[test]
fn a_missing_and_a_doubled_entry_are_found() {
    let answer = changed("missing.trace.json", |entries| {
        let place = place(entries, "GotoState", 0);
        entries.remove(place);
    });
    says(
        &answer,
        &["the first 6 of 36 entries", "possible: GotoState"],
    );
    let answer = changed("doubled.trace.json", |entries| {
        let place = place(entries, "Halt", 0);
        let halt = entries[place].clone();
        entries.insert(place + 1, halt);
    });
    says(&answer, &["of 38 entries", ": Halt haltInboxSize=0"]);
}

#[test]
fn what_comes_after_the_end_is_found() {
    let answer = changed("longer.trace.json", |entries| {
        let again = entries[3].clone();
        entries.push(again);
    });
    says(&answer, &["the first 37 of 38 entries", "entry 38: "]);
}

#[test]
fn every_bug_that_is_written_conforms_and_replays() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conforming");
    let mut n_traces = 0;
    for program in buggy_programs() {
        for bug in written(&program, &directory, &["--max-states", "6000"]) {
            n_traces += 1;
            let answer = conform(&program, &bug.file("trace.json"), &["-t", &bug.test]);
            assert_eq!(answer.code, 0, "{bug:?}: {answer:?}");
            let words = [
                "replay",
                &program.display().to_string(),
                "--schedule",
                &bug.file("schedule").display().to_string(),
                "--log",
                &bug.file("txt").display().to_string(),
            ];
            let answer = psem(&words.map(str::to_owned));
            assert_eq!(answer.code, 0, "{bug:?}: {answer:?}");
        }
    }
    assert!(n_traces >= 30, "only {n_traces} bugs");
}

#[test]
fn what_is_no_trace_is_refused() {
    let program = file("replay/forgotten.p");
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong.trace.json");
    for (text, message) in [
        (
            "[{\n]",
            "wrong.trace.json: line 2, column 1: this is not JSON",
        ),
        ("{}", "a trace is a list of entries"),
        ("[{\"type\": 1}]", "entry 1 is no"),
    ] {
        std::fs::write(&trace, text).expect("it can be written");
        let answer = conform(&program, &trace, &[]);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains(message), "{}", answer.err);
    }
    let answer = conform(
        &program,
        &file("replay/forgotten.trace.json"),
        &["--max-states", "3"],
    );
    assert_eq!(answer.code, 3, "{answer:?}");
}
