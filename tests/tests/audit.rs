//! `psem maude --audit`: what it finds in the modules of `tests/audit`.
//!
//! `PSEM_BLESS=1 cargo test -p tests --test audit` writes the expectations.

use tests::psem::{Answer, psem};

fn audit(words: &[&str]) -> Answer {
    let words = ["maude", "--audit"].iter().chain(words);
    psem(
        &words
            .map(|word| (*word).to_owned())
            .collect::<Vec<String>>(),
    )
}

fn file(name: &str) -> String {
    let directory = tests::root().join("tests/audit");
    directory.join(name).display().to_string()
}

/// Audits a file; what is found must be as expected, and the same with the same seed.
fn check(name: &str, code: u8) {
    let module = file(&format!("{name}.maude"));
    let answer = audit(&[&module]);
    assert_eq!(answer.code, code, "{answer:?}");
    assert_eq!(answer.err, "");
    assert_eq!(audit(&[&module, "--seed", "0"]), answer);
    let told = answer.out.replace(&file(""), "");
    let expected = file(&format!("{name}.expected"));
    tests::check_recorded(expected.as_ref(), &told);
}

#[test]
fn every_kind_of_fault() {
    check("faults", 1);
}

#[test]
fn variables_without_a_value() {
    check("unbound", 1);
}

#[test]
fn overlaps_without_samples() {
    check("parameter", 1);
}

#[test]
fn what_is_right_is_left_alone() {
    check("right", 0);
}

#[test]
fn two_attributes_of_one_name_are_no_sample() {
    check("objects", 0);
}

#[test]
fn the_rules_of_p() {
    let answer = audit(&["--skip", "confluence,overlap"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(
        answer.out.contains("found: nothing suspicious"),
        "{}",
        answer.out
    );
}

#[test]
fn kinds_can_be_chosen_and_programs_get_the_same_facts() {
    let faults = file("faults.maude");
    let answer = audit(&[&faults, "--only", "shadowed", "--format", "json"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    let json: serde_json::Value = serde_json::from_str(&answer.out).expect("it is JSON");
    let findings = json["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[0]["kind"], "shadowed");
    assert_eq!(findings[0]["statement"], "zero");
    assert_eq!(findings[0]["place"]["line"], 18);
    assert_eq!(findings[0]["other"]["line"], 17);
}

#[test]
fn too_little_time_decides_nothing() {
    let answer = audit(&[&file("right.maude"), "--timeout", "0s"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(
        answer.out.contains("the time was not enough"),
        "{}",
        answer.out
    );
}

#[test]
fn modules_without_errors_are_audited_beside_others() {
    let module = file("mixed.maude");
    let answer = audit(&[&module]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.err.contains("error[no-parse]"), "{}", answer.err);
    assert!(answer.out.contains("mixed.maude:5  late"), "{}", answer.out);
    assert!(
        answer.out.contains("found: 1 (1 shadowed)"),
        "{}",
        answer.out
    );
}

#[test]
fn wrong_input_is_refused() {
    let answer = audit(&["no-such-file.maude"]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.err.contains("cannot read no-such-file.maude"));
    assert_eq!(audit(&[&file("right.maude"), "--only", "nonsense"]).code, 2);
    let answer = psem(&["maude", "--only", "shadowed"].map(str::to_owned));
    assert_eq!(answer.code, 2, "{answer:?}");
}
