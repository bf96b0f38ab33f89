//! Runs P's regression suite and prints a line for each case.
//!
//! `cargo run --release -p tests --bin suite -- DIR [PART]`: DIR is the folder
//! `Tst/RegressionTests` of P's repository, PART a part of the names of cases. Exits with
//! 1 if a case fails that `tests/known-failures.txt` does not list, with 2 if DIR cannot
//! be read. `tests/suite-kinds.txt` says which kind of violation a case must end in.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tests::suite::{SuiteBounds, SuiteCase, Verdict, recorded, suite_cases};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(directory), part) = (arguments.first(), arguments.get(1)) else {
        eprintln!("usage: suite DIR [PART]");
        return ExitCode::from(2);
    };
    let listed = |name: &str| {
        let text = std::fs::read_to_string(tests::root().join("tests").join(name));
        recorded(&text.unwrap_or_default())
    };
    let known = listed("known-failures.txt");
    let kinds = listed("suite-kinds.txt");
    let mut cases = match suite_cases(Path::new(directory)) {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("cannot read {directory}: {error}");
            return ExitCode::from(2);
        }
    };
    cases.retain(|case| part.is_none_or(|part| case.name.contains(part.as_str())));
    for case in &mut cases {
        case.kind = kinds.get(&case.name).cloned();
    }
    let verdicts = judge_all(&cases);

    let mut counts = [0_usize; 4];
    for (case, verdict) in cases.iter().zip(&verdicts) {
        let reason = known.get(&case.name);
        let (count, word) = match (verdict.passed, reason) {
            (true, None) => (0, "ok     "),
            (true, Some(_)) => (1, "mended "),
            (false, Some(_)) => (2, "known  "),
            (false, None) => (3, "FAILED "),
        };
        counts[count] += 1;
        println!("{word} {:<60} {}", case.name, verdict.summary);
        if let (false, Some(reason)) = (verdict.passed, reason) {
            println!("{:68} ({reason})", "");
        }
    }
    let [passed, mended, failing, failed] = counts;
    println!(
        "\n{} cases: {passed} pass, {failing} fail as is known, {failed} fail, \
         {mended} pass and can leave tests/known-failures.txt",
        cases.len()
    );
    ExitCode::from(u8::from(failed > 0))
}

/// Two at a time; the verdicts stand in the order of the cases.
fn judge_all(cases: &[SuiteCase]) -> Vec<Verdict> {
    let bounds = SuiteBounds {
        states: 1_000_000,
        seconds: 60,
        memory: "3GiB".to_owned(),
    };
    let next = AtomicUsize::new(0);
    let verdicts: Mutex<Vec<Option<Verdict>>> = Mutex::new(vec![None; cases.len()]);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((index, case)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(index).map(|case| (index, case))
                } {
                    let verdict = case.judge(&bounds);
                    if let Ok(mut verdicts) = verdicts.lock() {
                        verdicts[index] = Some(verdict);
                    }
                }
            });
        }
    });
    let verdicts = verdicts.into_inner().unwrap_or_default();
    let none = || Verdict {
        passed: false,
        summary: "was not judged".to_owned(),
    };
    verdicts
        .into_iter()
        .map(|verdict| verdict.unwrap_or_else(none))
        .collect()
}
