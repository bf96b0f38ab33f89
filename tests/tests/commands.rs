//! The command line: exit codes, and what is said of wrong input and of limits.

use tests::psem::{Answer, psem};

fn file(name: &str) -> String {
    tests::root().join(name).display().to_string()
}

fn run(arguments: &[&str]) -> Answer {
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    let answer = psem(&arguments);
    let lines = answer.err.lines().count();
    assert!(
        lines < 40,
        "a message of {lines} lines is more than a screen"
    );
    answer
}

/// The answer must be a refusal that contains all of these texts.
fn refused(arguments: &[&str], texts: &[&str]) {
    let answer = run(arguments);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert_eq!(answer.out, "");
    for text in texts {
        assert!(answer.err.contains(text), "no {text:?} in\n{}", answer.err);
    }
}

const LOCK: &str = "tests/programs/unhandled/lock-server.p";
const BANK: &str = "tests/programs/notify/bank.p";

#[test]
fn a_missing_file_is_named() {
    refused(
        &["search", "no-such-file.p", "=>* violation"],
        &["cannot read no-such-file.p"],
    );
}

#[test]
fn a_syntax_error_has_its_place() {
    refused(
        &["compile", &file("tests/commands/syntax-error.p")],
        &["expected `;` here", "syntax-error.p:2:31", "x = 1 }"],
    );
}

#[test]
fn all_type_errors_have_their_places() {
    refused(
        &[
            "search",
            &file("tests/commands/type-error.p"),
            "=>* violation",
        ],
        &[
            "expected `int`, found `bool`",
            "type-error.p:3:31",
            "there is no variable `y`",
            "type-error.p:3:37",
            "is `x` meant?",
        ],
    );
}

#[test]
fn several_tests_are_listed() {
    refused(
        &["search", &file(BANK), "=>* violation"],
        &["several tests", "Racing, Locked"],
    );
    refused(
        &["search", &file(BANK), "=>* violation", "-t", "Nope"],
        &["no test `Nope`", "Racing, Locked"],
    );
}

#[test]
fn a_query_that_does_not_parse_is_pointed_into() {
    refused(
        &["search", &file(LOCK), "=>* violation and"],
        &["the query", "  =>* violation and\n                   ^"],
    );
    refused(
        &["search", &file(LOCK), "=>* violatio"],
        &["did you mean `violation`?", "  =>* violatio\n      ^"],
    );
    refused(
        &["search", &file(LOCK), "=>* violation(nonsense)"],
        &["kinds: assertion, unhandled-event"],
    );
    refused(&["search", &file(LOCK), "=>? x"], &["one of the arrows"]);
    refused(&["search", &file(LOCK)], &["no query"]);
}

#[test]
fn an_unknown_operator_of_a_pattern_is_named() {
    refused(
        &["search", &file(LOCK), "=>* foo(X:Nat) C:Configuration"],
        &["`foo` is neither an operator"],
    );
}

#[test]
fn a_pattern_shows_what_its_variables_are() {
    let query = "=>* < machine(N:Nat, 'Lock) | buffer: Q:Queue, R:Attributes > C:Configuration \
                 such that Q:Queue =/= nil";
    let answer = run(&["search", &file(LOCK), query]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.out.contains("  N --> 2\n"), "{}", answer.out);
    assert!(
        answer
            .out
            .contains("  Q --> message('eTake, machine(3, 'User))\n"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains("class: ..."), "{}", answer.out);
}

#[test]
fn an_infinite_space_ends_at_its_limit() {
    let flood = file("tests/programs/send/flood.p");
    for (limit, value, name) in [
        ("--memory", "20MiB", "memory"),
        ("--max-states", "50", "states"),
        ("--depth", "9", "depth"),
        ("--timeout", "300ms", "timeout"),
    ] {
        let answer = run(&[
            "search",
            &flood,
            "=>* violation",
            limit,
            value,
            "--format",
            "json",
        ]);
        assert_eq!(answer.code, 3, "{answer:?}");
        let expected = format!("\"limit\": \"{name}\"");
        assert!(answer.out.contains(&expected), "{}", answer.out);
        assert!(answer.out.contains("\"outcome\": \"limit\""));
    }
}

#[test]
fn a_loop_that_never_pauses_is_reported_with_its_line() {
    let loops = file("tests/programs/while/never-pauses.p");
    let answer = run(&["search", &loops, "=>* violation", "--step-limit", "50000"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(
        answer.out.starts_with(
            "limit: Main(1) did not reach a scheduling point in 50000 rewrites, near never-pauses.p:"
        ),
        "{}",
        answer.out
    );
}

#[test]
fn one_execution_is_a_log_with_what_is_printed() {
    let answer = run(&["run", &file("tests/commands/prints.p")]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let printed: Vec<&str> = answer
        .out
        .lines()
        .filter_map(|line| line.trim().strip_prefix("print: "))
        .collect();
    assert_eq!(printed, ["hello", "n is 1", "n is 2", "n is 3"]);
    assert!(answer.out.contains("dequeue       Main(1)  eNext (1)"));
    assert!(
        answer
            .out
            .ends_with("ended: after 7 steps no machine can go on, and nothing is wrong\n")
    );
}

#[test]
fn the_same_seed_gives_the_same_execution() {
    let one = run(&["run", &file(LOCK), "--seed", "7"]);
    let again = run(&["run", &file(LOCK), "--seed", "7"]);
    assert_eq!(one, again);
}

#[test]
fn a_program_that_compiles_says_so() {
    let answer = run(&["compile", &file(BANK)]);
    assert_eq!(answer.out, "ok: 1 file, tests: Racing, Locked\n");
    assert_eq!(answer.code, 0);
}

#[test]
fn rules_are_shown_from_their_source() {
    let answer = run(&["rules", "send-self"]);
    assert_eq!(answer.code, 0);
    assert!(
        answer.out.contains("  rl [send-self] :\n"),
        "{}",
        answer.out
    );
    let all = run(&["rules"]);
    assert!(all.out.contains("\n    send-self\n"));
    refused(&["rules", "send-sef"], &["no rule or section is called"]);
}

#[test]
fn rules_may_come_from_a_directory() {
    let directory = file("semantics");
    let answer = run(&[
        "search",
        &file(LOCK),
        "=>* violation",
        "--semantics",
        &directory,
    ]);
    assert_eq!(answer.code, 1, "{answer:?}");
    refused(
        &[
            "search",
            &file(LOCK),
            "=>* violation",
            "--semantics",
            "/no/such/directory",
        ],
        &["cannot read the rules in /no/such/directory"],
    );
}

#[test]
fn a_foreign_file_completes_a_program() {
    let program = file("tests/commands/foreign.p");
    let answer = run(&["search", &program, "=>* violation"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    for text in ["NextTicket", "--foreign FILE.p", "--foreign-values"] {
        assert!(answer.out.contains(text), "no {text:?} in\n{}", answer.out);
    }
    let bodies = file("tests/commands/foreign-bodies.p");
    let answer = run(&["search", &program, "=>* violation", "--foreign", &bodies]);
    assert_eq!(answer.code, 0, "{answer:?}");
}

#[test]
fn a_foreign_file_that_does_not_fit_is_refused() {
    let program = file("tests/commands/foreign.p");
    let bodies = file("tests/commands/foreign-wrong.p");
    refused(
        &["compile", &program, "--foreign", &bodies],
        &[
            "the foreign function `Price` belongs to a machine",
            "write `machine Main { fun Price(..) .. }`",
            "`Main` gets no fields from a foreign file",
        ],
    );
    refused(
        &[
            "compile",
            &program,
            "--foreign",
            &file("tests/commands/foreign-mistyped.p"),
        ],
        &["`NextTicket` is declared with another type"],
    );
    refused(
        &["compile", &program, "--foreign", "no-such-file.p"],
        &["cannot read no-such-file.p"],
    );
}

#[test]
fn a_query_names_what_the_program_has() {
    let program = file("tests/commands/invariants.p");
    let refused = |query: &str, text: &str| refused(&["search", &program, query], &[text]);
    refused(
        "=>* at(Mian, S)",
        "there is no machine `Mian`; there are Main",
    );
    refused("=>* at(Main, T)", "there is no state `T`; there are S");
    refused(
        "=>* not invariant(negative)",
        "there is no invariant `negative`",
    );
    refused("=>* invariant(remembered)", "it has `sent`");
    refused("=>* invariant(endless)", "a quantifier over `int`");
    refused("=>* invariant(undefined)", "`quorum` has no definition");
    refused("=>* invariant(fresh)", "a quantifier over `new` messages");
    let answer = run(&[
        "search",
        &program,
        "=>* not invariant(positive) or at(Main, S)",
    ]);
    assert_eq!(answer.code, 1, "{answer:?}");
}

#[test]
fn a_long_query_is_not_echoed_whole() {
    let query = format!("=>* {}", "violation or ".repeat(500));
    let answer = run(&["search", &file(LOCK), &query]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.len() < 1000, "{} bytes", answer.err.len());
}

/// An output that refuses everything, for one reason.
struct Refusing(std::io::ErrorKind);

impl std::io::Write for Refusing {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_but_a_closed_pipe_is_none() {
    let lock = file(LOCK);
    let ask = |kind| {
        let mut err = Vec::new();
        let mut out = Refusing(kind);
        let mut console = frontend::cli::Console::new(&mut out, &mut err);
        let status = frontend::cli::execute(["psem", "compile", &lock], &mut console);
        (status as u8, String::from_utf8(err).unwrap())
    };
    assert_eq!(ask(std::io::ErrorKind::BrokenPipe), (0, String::new()));
    let (code, message) = ask(std::io::ErrorKind::StorageFull);
    assert_eq!(code, 2);
    assert!(
        message.starts_with("error: cannot write the output"),
        "{message}"
    );
}

#[test]
fn maude_is_written_as_a_version_of_it_does_and_without_its_prelude() {
    let script = file("tests/commands/labels.maude");
    for (version, equation) in [
        ("3.2", "eq a = b [label first] ."),
        ("3.5", "eq [first] : a = b ."),
    ] {
        let answer = run(&["maude", "--like", version, "-no-prelude", &script]);
        assert_eq!(answer.code, 0, "{answer:?}");
        assert_eq!(answer.out, format!("{equation}\nfmod LABELS\nBye.\n"));
        // One of the two texts changes nothing, but it is told.
        assert!(
            answer.err.contains("warning[redefinition]"),
            "{}",
            answer.err
        );
    }
    refused(&["maude", "--like", "2.0", &script], &["3.2", "3.5"]);
}
