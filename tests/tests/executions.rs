//! `psem check` by executions: strategies, threads, limits, and what is told of bugs.

use tests::psem::{Answer, check, psem};

#[test]
fn in_random_executions_a_monitor_may_not_be_hot_for_too_long() {
    let program = "check/liveness/both-turn.p";
    let answer = check(program, &["-s", "1", "--max-steps", "50"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(
        answer.out.contains("1 schedule (1 with a bug), 26 steps"),
        "{}",
        answer.out
    );
    // What repeats is told, as in the whole space.
    let all = check(program, &[]);
    let cycle = |answer: &Answer| {
        answer
            .out
            .split_once("and then for ever:")
            .map(|(_, cycle)| cycle.lines().count())
    };
    assert_eq!(cycle(&answer), cycle(&all), "{}", answer.out);
    let choosing = ["-s", "1", "--max-steps", "3000", "--strategy", "random"];
    let answer = check("check/liveness/fair-choice-of-no-use.p", &choosing);
    assert!(answer.out.contains("after 1501 steps\n"), "{}", answer.out);
    let cycle = answer.out.split_once("and then for ever:");
    let (_, cycle) = cycle.expect("something repeats");
    assert!(cycle.contains("  True") && cycle.contains("  False") && cycle.lines().count() < 30);
    // A monitor that becomes cold within steps is not hot for long.
    let cold = check(
        "check/liveness/cold-within-a-step.p",
        &["-s", "1", "--max-steps", "50"],
    );
    assert_eq!(cold.code, 0, "{cold:?}");
    // An unfair strategy says nothing about what never happens.
    let answer = check(
        program,
        &["-s", "1", "--max-steps", "50", "--strategy", "pct:1"],
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(
        answer.out.contains("1 schedule, 50 steps"),
        "{}",
        answer.out
    );
}

#[test]
fn executions_are_made_instead_of_exploring_everything() {
    let lock = "programs/unhandled/lock-server.p";
    for (strategy, schedules) in [("random", 20), ("pct:3", 20), ("pos", 20), ("dfs", 200)] {
        let number = schedules.to_string();
        let more = ["-s", &number, "--strategy", strategy, "--keep-going"];
        let answer = check(lock, &more);
        assert_eq!(answer.code, 1, "{answer:?}");
        let says = format!("bug        unhandled-event in Lock(2); {schedules} schedules (");
        assert!(answer.out.contains(&says), "{}", answer.out);
        assert_eq!(check(lock, &more), answer, "the same seed, the same answer");
        let general = [&more[..], &["--engine", "general"]].concat();
        assert_eq!(check(lock, &general), answer);
    }
}

#[test]
fn executions_do_not_depend_on_threads() {
    for (program, test, number) in [
        ("check/election.p", "Safe", "500"),
        ("check/election.p", "Lively", "150"),
        ("check/lease.p", "Works", "300"),
        (
            "check/commit.p",
            "Pairs___nParticipants_2__nTransactions_2",
            "400",
        ),
        ("check/liveness/both-turn.p", "Never", "10"),
    ] {
        // What a strategy asks of other executions does not depend on the program.
        let strategies = if test == "Safe" {
            &["random", "pct:3", "pos"][..]
        } else {
            &["random"]
        };
        for strategy in strategies {
            let more = ["-t", test, "-s", number, "--strategy", strategy, "--json"];
            let mut steps = vec!["--max-steps", "1000", "--keep-going"];
            if test != "Works" {
                steps.push("--coverage");
            }
            let plain = [&more[..], &steps, &["--threads", "1"]].concat();
            let plain = check(program, &plain);
            assert!(plain.code < 2, "{plain:?}");
            for threads in ["2", "3"] {
                let together = [&more[..], &steps, &["--threads", threads]].concat();
                assert_eq!(check(program, &together), plain, "{program} {strategy}");
            }
        }
    }
}

#[test]
fn executions_go_on_when_the_memory_is_full_of_earlier_ones() {
    let more = [
        "-t",
        "Safe",
        "-s",
        "1500",
        "--strategy",
        "pct:1",
        "--keep-going",
    ];
    let covering = [&more[..], &["--coverage"]].concat();
    for more in [&more[..], &covering] {
        let plain = check("check/election.p", more);
        assert_eq!(plain.code, 1, "{plain:?}");
        for threads in ["1", "2"] {
            let little = [more, &["--memory", "12MiB", "--threads", threads]].concat();
            assert_eq!(check("check/election.p", &little), plain);
        }
    }
}

#[test]
fn choices_among_many_values_do_not_depend_on_the_engine() {
    for strategy in ["random", "pct:3", "pos", "dfs"] {
        let more = ["-s", "40", "--strategy", strategy, "--keep-going", "--json"];
        let plain = check("check/many.p", &more);
        assert!(plain.code < 2, "{plain:?}");
        let general = [&more[..], &["--engine", "general"]].concat();
        assert_eq!(check("check/many.p", &general), plain, "{strategy}");
        let covered = [&more[..], &["--coverage"]].concat();
        let general = [&covered[..], &["--engine", "general"]].concat();
        let covered = check("check/many.p", &covered);
        assert_eq!(check("check/many.p", &general), covered, "{strategy}");
    }
}

#[test]
fn depth_first_search_makes_every_execution_once() {
    let answer = check("check/orders.p", &["--strategy", "dfs"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    // After Main's start and its first creation, the three steps of the first machine run beside
    // the second creation and the three steps of the second machine: 35 orders of 3 and 4 steps.
    assert!(
        answer
            .out
            .starts_with("DefaultImpl  ok         35 schedules, 315 steps, the longest 9,"),
        "{}",
        answer.out
    );
}

#[test]
fn strategies_that_do_not_exist_or_do_not_fit_are_refused() {
    let lock = "programs/unhandled/lock-server.p";
    for (more, text) in [
        (
            &["--strategy", "pct"][..],
            "expected random, pct:D, pos, dfs or bfs",
        ),
        (&["--strategy", "bfs", "-s", "3"], "it takes no --schedules"),
        (&["--schedules", "0"], "0 is not in 1.."),
        (&["--timeout", "soon"], "expected a duration"),
    ] {
        let answer = check(lock, more);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains(text), "{}", answer.err);
    }
}

#[test]
fn executions_are_shortened_until_no_step_can_be_left_out() {
    // What must be done for the bugs is counted by hand in the programs; nothing else remains.
    for (program, length) in [
        ("check/noise.p", 21),
        ("programs/unhandled/lock-server.p", 12),
    ] {
        for seed in 0..10 {
            let answer = check(program, &["-s", "100", "--seed", &seed.to_string()]);
            assert_eq!(answer.code, 1, "{answer:?}");
            let says = format!("; none of these {length} can be left out\n");
            assert!(answer.out.contains(&says), "{}", answer.out);
        }
    }
}

#[test]
fn what_is_written_replays_to_the_same_log() {
    let directory = std::env::temp_dir().join(format!("psem-replayed-{}", std::process::id()));
    for (program, test) in [
        ("check/letters.p", "Everything"),
        ("check/noise.p", "DefaultImpl"),
        ("programs/unhandled/lock-server.p", "DefaultImpl"),
        ("programs/notify/bank.p", "Racing"),
    ] {
        for more in [
            &["-s", "30", "--seed", "5"][..],
            &["-s", "30", "--strategy", "pos"],
        ] {
            let out = directory.display().to_string();
            let answer = check(program, &[more, &["-t", test, "--out", &out]].concat());
            assert_eq!(answer.code, 1, "{answer:?}");
            let file = |ending: &str| {
                let file = directory.join(format!("{test}_0.{ending}"));
                file.display().to_string()
            };
            let path = tests::root()
                .join("tests")
                .join(program)
                .display()
                .to_string();
            let words = [
                "replay",
                &path,
                "--schedule",
                &file("schedule"),
                "--log",
                &file("txt"),
            ];
            let replayed = psem(&words.map(str::to_owned));
            assert_eq!(replayed.code, 0, "{replayed:?}");
            for text in ["\nviolation(", "\nagrees: "] {
                assert!(replayed.out.contains(text), "{}", replayed.out);
            }
        }
    }
    std::fs::remove_dir_all(&directory).expect("the directory can go");
}

#[test]
fn executions_end_at_their_limits() {
    let flood = "programs/send/flood.p";
    for (limit, value, name) in [
        ("--memory", "5MiB", "memory"),
        ("--timeout", "300ms", "timeout"),
    ] {
        let more = [
            "-s",
            "1000000",
            "--strategy",
            "pct:1",
            limit,
            value,
            "--json",
        ];
        let answer = check(flood, &more);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert!(
            answer.out.contains(&format!("\"limit\": \"{name}\"")),
            "{}",
            answer.out
        );
    }
}

#[test]
fn a_step_that_never_ends_is_a_bug_that_can_be_made_again() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("circle");
    let directory = directory.display().to_string();
    let limit = ["--step-limit", "100000"];
    let answer = check(
        "check/circle.p",
        &[&limit[..], &["--out", &directory]].concat(),
    );
    assert_eq!(answer.code, 1, "{answer:?}");
    let program = tests::root().join("tests/check/circle.p");
    let replay = [
        "replay",
        &program.display().to_string(),
        "--schedule",
        &directory,
    ]
    .iter()
    .chain(&limit)
    .map(|word| (*word).to_owned())
    .collect::<Vec<String>>();
    let answer = psem(&replay);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.contains("agrees"), "{}", answer.out);
}
