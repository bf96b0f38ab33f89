//! Ctrl-C is answered at once, with what was covered.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Starts psem with a text on its standard input.
fn psem(arguments: &[&str], input: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_psem"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    child
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let status = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(status.success());
}

/// Interrupts psem as soon as it has written a line that begins so; gives its exit code and the rest of
/// what it wrote.
fn stopped(mut child: Child, first: &str) -> (Option<i32>, String, String) {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with(first) {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "no {first:?}");
    }
    // The line is written before the work begins, and a loaded machine is slow to begin.
    std::thread::sleep(Duration::from_millis(500));
    interrupt(&child);
    let start = Instant::now();
    let (mut rest, mut err) = (String::new(), String::new());
    out.read_to_string(&mut rest).unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    let code = child.wait().unwrap().code();
    assert!(start.elapsed() < Duration::from_secs(20));
    (code, rest, err)
}

const ENDLESS: &str = "mod ENDLESS is protecting NAT .
  op f : Nat -> Nat . op s : Nat -> Nat .
  eq f(N:Nat) = f(N:Nat + 1) .
  rl [more] : s(N:Nat) => s(N:Nat + 1) .
endm
";

#[test]
fn a_reduction_that_never_ends() {
    let script = format!("{ENDLESS}red f(0) .\nred f(1) .\n");
    let (code, out, err) = stopped(psem(&["maude"], &script), "reduce");
    assert_eq!(code, Some(3), "{err}");
    assert_eq!(out, "Bye.\n");
    assert!(err.contains("error[interrupted]: stopped after"), "{err}");
    assert!(err.contains("it was rewriting f("), "{err}");
}

#[test]
fn a_search_without_end() {
    let script = format!("{ENDLESS}search s(0) =>* 0 .\n");
    let (code, _, err) = stopped(psem(&["maude"], &script), "search");
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("states were found"), "{err}");
}
