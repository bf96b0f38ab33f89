//! `psem check`: the programs of `tests/check`, and what is refused.

use std::path::Path;

use tests::case::cases;
use tests::psem::{Answer, psem};

#[test]
fn every_program_is_checked_as_expected() {
    let directory = tests::root().join("tests/check");
    let cases = cases(&directory).expect("the programs can be listed");
    assert!(!cases.is_empty());
    let wrong: Vec<String> = cases.iter().filter_map(|case| case.check().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(name: &str, more: &[&str]) -> Answer {
    let file = tests::root().join("tests").join(Path::new(name));
    let mut arguments = vec!["check".to_owned(), file.display().to_string()];
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    psem(&arguments)
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
