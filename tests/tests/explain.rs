//! `psem explain`: what it answers to the equations of `tests/explain/cases`.
//!
//! `PSEM_BLESS=1 cargo test -p tests --test explain` writes the expectation.

use std::fmt::Write as _;

use tests::psem::psem;

fn explain(words: &[&str]) -> tests::psem::Answer {
    let words = ["explain"].iter().chain(words);
    psem(
        &words
            .map(|word| (*word).to_owned())
            .collect::<Vec<String>>(),
    )
}

#[test]
fn chains_are_as_expected() {
    let directory = tests::root().join("tests/explain");
    let cases = std::fs::read_to_string(directory.join("cases")).expect("the cases");
    let mut told = String::new();
    for case in cases.lines().filter(|line| !line.starts_with('#')) {
        let [module, code, equation] = case.splitn(3, ' ').collect::<Vec<&str>>()[..] else {
            panic!("{case:?} is no case")
        };
        let file = directory.join(module).display().to_string();
        let answer = explain(&[&file, equation]);
        assert_eq!(answer.code.to_string(), code, "{case}: {answer:?}");
        let shown = format!("{}{}", answer.out, answer.err);
        let shown = shown.replace(&format!("{}/", directory.display()), "");
        let _ = writeln!(told, "> {module}  {equation}\n{shown}");
    }
    tests::check_recorded(&directory.join("expected"), &told);
}

#[test]
fn the_rules_of_p_are_the_default() {
    let answer = explain(&["1 + 2 = 3"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.contains("by computed"), "{}", answer.out);
}

#[test]
fn programs_get_the_same_facts() {
    let file = tests::root().join("tests/explain/peano.maude");
    let file = file.display().to_string();
    let answer = explain(&[&file, "s(0) + 0 = s(0)", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).expect("it is JSON");
    assert_eq!(json["verdict"], "equal");
    assert_eq!(json["chain"][0]["by"], "plus-s");
    assert_eq!(json["chain"][1]["from"], "0 + 0");
    assert_eq!(json["chain"][1]["term"], "s(0)");
}
