//! `psem replay`: schedules and logs of `tests/replay`, as today's checker writes them and as older
//! ones did, and what is said of those that do not fit.

use tests::psem::{Answer, psem};

fn file(name: &str) -> String {
    let path = tests::root().join("tests/replay").join(name);
    path.display().to_string()
}

fn replay(schedule: &str, more: &[&str]) -> Answer {
    let mut arguments = vec![
        "replay".to_owned(),
        file("forgotten.p"),
        "--schedule".to_owned(),
        schedule.to_owned(),
    ];
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    psem(&arguments)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).expect("the file is there")
}

/// A file that was changed, in the directory of the build.
fn changed(name: &str, text: &str) -> String {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = directory.join(name);
    std::fs::write(&path, text).expect("the file can be written");
    path.display().to_string()
}

#[test]
fn a_schedule_gives_its_log() {
    let answer = replay(&file("forgotten.schedule"), &[]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let log = text("forgotten.txt").replace("'random'", "'replay'");
    assert!(answer.out.starts_with(&log), "{}", answer.out);
    let end = "followed: every decision, 14 steps\nviolation(unhandled-event) in Main(1)";
    assert!(answer.out[log.len()..].starts_with(end), "{}", answer.out);
}

#[test]
fn a_log_that_names_the_helper_says_how_machines_are_numbered() {
    let first = |name: &str, n_lines: usize| {
        let text = text(name);
        let lines: Vec<&str> = text.lines().take(n_lines).collect();
        changed(&format!("first-{n_lines}-{name}"), &lines.join("\n"))
    };
    // So short a schedule can be followed with either numbering.
    let schedule = first("forgotten-older.schedule", 7);
    let log = first("forgotten-older.txt", 6);
    let answer = replay(&schedule, &["--log", &log]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.contains("agrees: 4 records"), "{}", answer.out);
}

#[test]
fn logs_agree_and_older_words_are_listed() {
    let answer = replay(
        &file("forgotten.schedule"),
        &["--log", &file("forgotten.txt")],
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    let agrees = "agrees: 39 records of ";
    assert!(answer.out.contains(agrees), "{}", answer.out);
    assert!(!answer.out.contains("in other words"), "{}", answer.out);
    let answer = replay(
        &file("forgotten-older.schedule"),
        &["--log", &file("forgotten-older.txt")],
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    for part in [
        "agrees: 37 records of ",
        "for a helper that creates the main one",
        "2 times: the payload that a monitor is shown, left out",
        "2 times: nothing said of a choice",
    ] {
        assert!(answer.out.contains(part), "no {part:?} in {}", answer.out);
    }
}

#[test]
fn the_first_record_that_differs_is_shown() {
    let log = text("forgotten.txt").replace("the answer is 3", "the answer is 2");
    let log = changed("differs.txt", &log);
    let answer = replay(&file("forgotten.schedule"), &["--log", &log]);
    assert_eq!(answer.code, 1, "{answer:?}");
    for part in [
        "differs.txt:19, after 17 records that agree",
        "checker: <PrintLog> the answer is 2\n",
        "psem:    <PrintLog> the answer is 3\n",
    ] {
        assert!(answer.out.contains(part), "no {part:?} in {}", answer.out);
    }
    let cut: String = (text("forgotten.txt").lines().take(10))
        .map(|line| format!("{line}\n"))
        .collect();
    let cut = changed("cut.txt", &cut);
    let answer = replay(&file("forgotten.schedule"), &["--log", &cut]);
    assert!(answer.out.contains("checker: nothing\n"), "{}", answer.out);
}

#[test]
fn a_decision_that_cannot_be_followed_is_shown_with_what_can() {
    for (wrong, line, possible) in [
        ("(1)\n(1)\n3\n", 7, "0 1 2"),
        ("(1)\n(1)\n(1)\n", 7, "0 1 2"),
        ("(1)\n(2)\n", 6, "(1)"),
        ("(1)\nTrue\n", 6, "(1)"),
    ] {
        let header = "--fair-scheduling\n--test-method:answers\n\n(0)\n";
        let schedule = changed("diverges.schedule", &format!("{header}{wrong}"));
        let answer = replay(&schedule, &[]);
        assert_eq!(answer.code, 1, "{answer:?}");
        let place = format!("diverges.schedule:{line}: `");
        assert!(answer.out.contains(&place), "{}", answer.out);
        let possible = format!("possible: {possible}\n");
        assert!(answer.out.contains(&possible), "{}", answer.out);
    }
    let longer = format!("{}(1)\n", text("forgotten.schedule"));
    let answer = replay(&changed("longer.schedule", &longer), &[]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(
        answer.out.contains("violation(unhandled-event)"),
        "{}",
        answer.out
    );
}

#[test]
fn what_is_no_schedule_is_refused() {
    let schedule = changed("wrong.schedule", "(0)\n(one)\n");
    let answer = replay(&schedule, &[]);
    assert_eq!(answer.code, 2, "{answer:?}");
    let message = "wrong.schedule: line 2: expected `(NUMBER)`, `True`, `False` or a number";
    assert!(answer.err.contains(message), "{}", answer.err);
    let answer = replay(&file("no-such.schedule"), &[]);
    assert_eq!(answer.code, 2, "{answer:?}");
    let named = changed("named.schedule", "--test-method:other\n(0)\n");
    let answer = replay(&named, &[]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.err.contains("no test `other`"), "{}", answer.err);
}

/// A directory of schedules, made anew.
fn directory(name: &str, files: &[(&str, &str)]) -> String {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&directory);
    for (name, text) in files {
        let path = directory.join(name);
        let parent = path.parent().expect("it lies in the directory");
        std::fs::create_dir_all(parent).expect("the directory can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
    std::fs::create_dir_all(&directory).expect("the directory can be made");
    directory.display().to_string()
}

#[test]
fn a_directory_of_schedules_gives_a_table() {
    let (schedule, log) = (text("forgotten.schedule"), text("forgotten.txt"));
    let renamed = schedule.replace("answers", "gone");
    let of_another = log.replace("'Init'", "'Begin'").replace("eAsk", "eWish");
    let schedules = directory(
        "schedules",
        &[
            ("run/same.schedule", &schedule),
            ("run/same.txt", &log),
            ("run/other.schedule", &schedule),
            ("run/other.txt", &of_another),
            ("alone.schedule", &renamed),
            ("broken.schedule", "(0)\n(one)\n"),
            ("diverges.schedule", "(0)\n(1)\n(7)\n"),
        ],
    );
    let answer = replay(&schedules, &[]);
    assert_eq!(answer.code, 1, "{answer:?}");
    for part in [
        "alone.schedule      answers      14        0  followed, without a log\n    \
         not in this program: test gone\n",
        "broken.schedule                   0        0  cannot be read: line 2: expected",
        "diverges.schedule   answers       1        0  line 3 cannot be followed\n",
        "run/other.schedule  answers      14        1  differs at other.txt:3\n    checker: ",
        "    not in this program: state Begin (line 3), event eWish (line ",
        "run/same.schedule   answers      14       39  agrees\n",
        "\nreplayed: 5 schedules, 1 agree, 1 without a log, 1 differ, 1 cannot be followed, 1 unreadable\n",
    ] {
        assert!(answer.out.contains(part), "no {part:?} in {}", answer.out);
    }
}

#[test]
fn a_directory_in_which_all_agree_is_done() {
    let (schedule, log) = (text("forgotten.schedule"), text("forgotten.txt"));
    let files = [("a.schedule", &*schedule), ("a.txt", &*log)];
    let schedules = directory("agreeing", &files);
    let answer = replay(&schedules, &[]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(
        answer.out.ends_with("replayed: 1 schedule, 1 agree\n"),
        "{}",
        answer.out
    );
    let answer = replay(&schedules, &["--log", &file("forgotten.txt")]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(
        answer.err.contains("--log goes with one schedule"),
        "{}",
        answer.err
    );
    let answer = replay(&directory("empty", &[]), &[]);
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(
        answer.err.contains("there is no schedule in"),
        "{}",
        answer.err
    );
}
