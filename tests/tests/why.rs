//! `psem why`: why a rule does not apply somewhere.

use tests::psem::{Answer, psem};

fn why(program: &str, more: &[&str]) -> Answer {
    let file = tests::root().join("tests/programs").join(program);
    let mut arguments = vec!["why".to_owned(), file.display().to_string()];
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    psem(&arguments)
}

/// The answer must be this text.
fn says(program: &str, more: &[&str], text: &str) {
    let answer = why(program, more);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert_eq!(answer.out, text);
}

const LOCK: &str = "unhandled/lock-server.p";

#[test]
fn a_machine_that_does_nothing_has_not_what_the_rule_asks_for() {
    says(
        LOCK,
        &["--at", "8", "--rule", "dequeue", "--machine", "User(3)"],
        "\
`dequeue` does not apply after step 8, send User(3) eTake (User(3)) -> Lock(2) lock-server.p:29
nothing in the configuration matches
  < machine(3, 'User) | R,code: dispatch(Event, Payload, Where) ~> K >
nearest: User(3)
  asked for  dispatch(Event, Payload, Where) ~> K
  there is   idle
",
    );
}

#[test]
fn a_rule_that_applies_says_so() {
    says(
        LOCK,
        &["--at", "8", "--rule", "dequeue", "--machine", "2"],
        "\
`dequeue` applies after step 8, send User(3) eTake (User(3)) -> Lock(2) lock-server.p:29:
  dequeue       Lock(2)  eTake (User(3))  lock-server.p:19
",
    );
}

#[test]
fn a_machine_may_be_called_by_its_class_if_it_is_the_only_one() {
    let ask = |machine: &str| {
        let words = ["--at", "8", "--rule", "dequeue", "--machine", machine];
        why(LOCK, &words)
    };
    assert_eq!(ask("Lock"), ask("Lock(2)"));
    let several = ask("User");
    assert_eq!(several.code, 2, "{several:?}");
    assert!(several.err.contains("User(3), User(4)"), "{}", several.err);
}

#[test]
fn a_machine_that_has_halted_has_no_inbox_to_send_to() {
    says(
        "send/d2-halted-target.p",
        &["--seed", "1", "--at", "5", "--rule", "send"],
        "\
`send` does not apply after step 5, start Alive(3) d2-halted-target.p:6
nothing matches, with what the rest of the left side stands for,
  < machine(2, 'Dead) | Others,buffer: Q >
  where Target is machine(2, 'Dead)
nearest: Dead(2)
  asked for  buffer: Q
  there is   nothing
",
    );
}

#[test]
fn after_a_violation_nothing_is_ready() {
    says(
        LOCK,
        &["--rule", "start"],
        "\
`start` does not apply after step 12, dequeue Lock(2) eTake (User(4)) lock-server.p:21
nothing in the configuration matches
  ready
the execution is over: unhandled-event in Lock(2): Lock(2) received event \
'PImplementation.eTake' that cannot be handled.
",
    );
}

#[test]
fn the_answer_is_there_for_programs() {
    let answer = why(LOCK, &["--at", "0", "--rule", "new", "--format", "json"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    for text in [
        "\"rule\": \"new\"",
        "\"at\": 0",
        "\"element\": \"Main(1)\"",
        "\"asked\": \"create(J, Payload, Where)\"",
        "\"there\": \"start(null)\"",
    ] {
        assert!(answer.out.contains(text), "no {text} in\n{}", answer.out);
    }
}

#[test]
fn questions_without_an_answer_are_refused() {
    for (more, text) in [
        (&["--rule", "nope"][..], "there is no rule `nope`"),
        (
            &["--rule", "send", "--at", "99"],
            "the execution has 12 steps",
        ),
        (
            &["--rule", "send", "--at", "3", "--machine", "9"],
            "there are Lock(2), Main(1), User(3)",
        ),
        (
            &["--rule", "send", "--schedule", "none.schedule"],
            "cannot read none.schedule",
        ),
    ] {
        let answer = why(LOCK, more);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains(text), "{}", answer.err);
    }
    let answer = why("send/d2-halted-target.p", &["--rule", "send"]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(
        answer.err.contains("nothing goes wrong in this test"),
        "{}",
        answer.err
    );
}

#[test]
fn what_is_possible_instead_is_said_where_nothing_comes_near() {
    // While a machine chooses, nobody else can go on.
    let program = "replay/forgotten.p";
    let file = tests::root().join("tests").join(program);
    let schedule = tests::root().join("tests/replay/forgotten.schedule");
    let words = [
        "why".to_owned(),
        file.display().to_string(),
        "--schedule".to_owned(),
        schedule.display().to_string(),
        "--rule".to_owned(),
        "send".to_owned(),
        "--at".to_owned(),
        "2".to_owned(),
    ];
    let answer = psem(&words);
    assert_eq!(answer.code, 0, "{answer:?}");
    let said = "nothing in the configuration matches\n  ready\ninstead: choose";
    assert!(answer.out.contains(said), "{}", answer.out);
}
