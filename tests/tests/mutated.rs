//! What psem writes of bugs, changed: traces that are no behaviors any more are refused at the right
//! entry, and shortened executions without one of their turns do not go wrong.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::psem::{Answer, psem};
use tests::written::{Written, buggy_programs, written};

/// A trace after a change.
struct Mutant {
    entries: Vec<Value>,
    /// The first entry that is not as it was.
    changed: usize,
    /// Whether what it says is nothing that the program could ever show.
    is_impossible: bool,
}

/// What is said of a mutant: how many of its entries some execution shows, if not all.
type Shown = Option<usize>;

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn ask(command: &str, program: &Path, option: &str, file: &Path, more: &[&str]) -> Answer {
    let path = |path: &Path| path.display().to_string();
    let mut words = vec![command.to_owned(), path(program)];
    words.extend([option.to_owned(), path(file)]);
    words.extend(more.iter().map(|word| (*word).to_owned()));
    psem(&words)
}

/// The entries of a trace that say something of the execution.
fn entries(bug: &Written) -> Vec<Value> {
    let text = std::fs::read_to_string(bug.file("trace.json")).expect("it was written");
    let mut entries: Vec<Value> = serde_json::from_str(&text).expect("it is a trace");
    entries.retain(|entry| entry["type"] != "StrategyDescription");
    entries
}

/// Names in an entry that no program has, one after the other; a payload that none sends; an entry
/// less, an entry more, and two that change places.
fn mutants(trace: &[Value]) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    // Of long traces some will do, of all kinds.
    let stride = 1 + trace.len() / 12;
    let mut number = 0;
    let mut push = |changed: usize, is_impossible: bool, change: &dyn Fn(&mut Vec<Value>)| {
        number += 1;
        if number % stride != 0 {
            return;
        }
        let mut entries = trace.to_vec();
        change(&mut entries);
        mutants.push(Mutant {
            entries,
            changed,
            is_impossible,
        });
    };
    for (place, entry) in trace.iter().enumerate() {
        let members = entry["details"].as_object().expect("an entry has details");
        for (name, wrong) in [
            ("event", json!("eNobodySends")),
            ("state", json!("Nowhere")),
            ("endState", json!("Nowhere")),
            ("id", json!("Nobody(1)")),
            ("sender", json!("Nobody(1)")),
            ("target", json!("Nobody(1)")),
            ("monitor", json!("Nobody")),
            ("payload", json!({ "nothing": ["like", "that"] })),
            ("error", json!("It never said so.")),
        ] {
            // What cannot be written of a payload is written as `{}`, which fits any.
            let is_told = |value: &Value| value.as_object().is_none_or(|value| !value.is_empty());
            if members.get(name).is_some_and(is_told) {
                push(place, true, &|entries| {
                    entries[place]["details"][name] = wrong.clone();
                });
            }
        }
        push(place, true, &|entries| {
            entries[place]["type"] = json!("NobodyTellsThis");
        });
        push(place, false, &|entries| {
            entries.remove(place);
        });
        push(place, false, &|entries| {
            entries.insert(place, entry.clone());
        });
        if place + 1 < trace.len() {
            push(place, false, &|entries| entries.swap(place, place + 1));
        }
    }
    mutants
}

/// What is said of traces, all in one file.
fn conform(bug: &Written, traces: &[&[Value]]) -> Vec<Shown> {
    let file = temporary("mutants.json");
    let text = serde_json::to_string(traces).expect("it is JSON");
    std::fs::write(&file, text).expect("it can be written");
    let answer = ask(
        "conform",
        &bug.program,
        "--trace",
        &file,
        &["-t", &bug.test],
    );
    assert!(answer.code < 2, "{bug:?}: {answer:?}");
    let verdicts = answer.out.lines().filter_map(|line| {
        let verdict = match line.strip_prefix("trace ") {
            Some(numbered) => numbered.split_once(": ")?.1,
            None => line,
        };
        if verdict.starts_with("conforms: ") {
            return Some(None);
        }
        let rest =
            verdict.strip_prefix("does not conform: no execution shows more than the first ")?;
        Some(Some(rest.split(' ').next()?.parse().expect("a number")))
    });
    let verdicts: Vec<Shown> = verdicts.collect();
    assert_eq!(verdicts.len(), traces.len(), "{bug:?}: {}", answer.out);
    verdicts
}

#[test]
fn mutated_traces_are_refused_at_the_right_entry() {
    let directory = temporary("mutated");
    let (mut n_refused, mut n_accepted) = (0, 0);
    for program in buggy_programs() {
        for bug in written(&program, &directory, &["--max-states", "6000"]) {
            let trace = entries(&bug);
            let mutants = mutants(&trace);
            let traces: Vec<&[Value]> = mutants.iter().map(|mutant| &mutant.entries[..]).collect();
            let mut beginnings = Vec::new();
            for (mutant, shown) in mutants.iter().zip(conform(&bug, &traces)) {
                let place = mutant.changed;
                match shown {
                    Some(shown) if mutant.is_impossible => {
                        assert_eq!(shown, place, "{bug:?}: {}", mutant.entries[place]);
                        n_refused += 1;
                    }
                    // What was not changed still is the beginning of a behavior. What came of the
                    // change may be one as well, for a while.
                    Some(shown) => {
                        assert!(shown >= place, "{bug:?}: {shown} without entry {place}");
                        beginnings.push((&mutant.entries[..shown], None));
                        beginnings.push((&mutant.entries[..=shown], Some(shown)));
                        n_refused += 1;
                    }
                    None => {
                        assert!(!mutant.is_impossible, "{bug:?}: {}", mutant.entries[place]);
                        n_accepted += 1;
                    }
                }
            }
            let traces: Vec<&[Value]> = beginnings.iter().map(|(entries, _)| *entries).collect();
            let wanted: Vec<Shown> = beginnings.iter().map(|(_, shown)| *shown).collect();
            assert_eq!(conform(&bug, &traces), wanted, "{bug:?}");
        }
    }
    println!("{n_refused} refused, {n_accepted} still are behaviors");
    assert!(n_refused > 800, "only {n_refused} were refused");
}

/// A schedule without each of its turns: a machine that is picked, and what it chooses then.
fn shorter_schedules(schedule: &str) -> Vec<String> {
    let lines: Vec<&str> = schedule.lines().collect();
    let is_pick = |line: &str| line.starts_with('(');
    let starts: Vec<usize> = (0..lines.len()).filter(|&at| is_pick(lines[at])).collect();
    let without = |start: usize| {
        let rest = lines[start + 1..].iter().position(|line| is_pick(line));
        let end = rest.map_or(lines.len(), |rest| start + 1 + rest);
        [&lines[..start], &lines[end..]].concat().join("\n") + "\n"
    };
    // The first is the checker's own task, which does nothing.
    starts.into_iter().skip(1).map(without).collect()
}

#[test]
fn without_one_of_its_turns_a_shortened_execution_does_not_go_wrong() {
    let directory = temporary("shortened");
    let file = temporary("shorter.schedule");
    let (mut n_bugs, mut n_turns) = (0, 0);
    // In a program with one machine there is nothing to leave out.
    let has_machines = |program: &PathBuf| {
        std::fs::read_to_string(program).is_ok_and(|text| text.contains("new "))
    };
    for program in buggy_programs().into_iter().filter(has_machines) {
        // A monitor that stays hot is no matter of the last step.
        let more = ["-s", "30", "--strategy", "pos"];
        for bug in written(&program, &directory, &more) {
            let schedule = bug.file("schedule");
            let replayed = ask("replay", &program, "--schedule", &schedule, &[]);
            assert_eq!(replayed.code, 0, "{bug:?}: {replayed:?}");
            let violation = replayed
                .out
                .lines()
                .find(|line| line.starts_with("violation("));
            let violation = violation.expect("it goes wrong").to_owned();
            n_bugs += 1;
            let text = std::fs::read_to_string(&schedule).expect("it was written");
            for shorter in shorter_schedules(&text) {
                std::fs::write(&file, &shorter).expect("it can be written");
                let answer = ask("replay", &program, "--schedule", &file, &["-t", &bug.test]);
                let goes_wrong = answer.out.contains(&violation);
                assert!(
                    !goes_wrong,
                    "{bug:?} without a turn:\n{shorter}\n{}",
                    answer.out
                );
                n_turns += 1;
            }
        }
    }
    println!("{n_bugs} executions, {n_turns} turns");
    assert!(
        n_bugs >= 15 && n_turns >= 200,
        "only {n_bugs} executions, {n_turns} turns"
    );
}
