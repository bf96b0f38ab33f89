//! Running a command and measuring what it took.
//!
//! The one idea: the system counts user time and peak memory for each process and tells them
//! when it ends. The command runs below `timeout`, whose own share is negligible, so that
//! no run is endless.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4 as _;

/// What a process took and gave.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// User time: what the machine did besides does not count.
    pub user: Duration,
    /// The largest resident set, in bytes.
    pub peak: u64,
    /// Standard output.
    pub out: String,
    /// How it ended.
    pub end: End,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this code.
    Exit(i32),
    /// The time was over.
    Timeout,
    /// By a signal.
    Killed,
}

/// What `timeout` exits with when it had to end the command.
const TIMED_OUT: i32 = 124;

/// Runs a command, its program first, for at most `limit` of wall-clock time.
///
/// # Errors
/// If the command cannot be started.
pub fn measure(words: &[String], limit: Duration) -> std::io::Result<Measurement> {
    let mut child = Command::new("timeout")
        .arg(format!("{}", limit.as_secs_f64()))
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut out = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut out)?;
    }
    let used = child.wait4()?;
    let end = match used.status.code() {
        Some(TIMED_OUT) => End::Timeout,
        Some(code) => End::Exit(code),
        None => End::Killed,
    };
    Ok(Measurement {
        user: used.rusage.utime,
        peak: used.rusage.maxrss,
        out: String::from_utf8_lossy(&out).into_owned(),
        end,
    })
}

/// The middle of some durations; of an even number the upper one of the two.
#[must_use]
pub fn median(durations: &[Duration]) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{End, measure, median};

    fn shell(script: &str, limit: Duration) -> super::Measurement {
        let words = ["sh", "-c", script].map(str::to_owned);
        measure(&words, limit).expect("there is a shell")
    }

    #[test]
    fn a_process_is_measured() {
        let limit = Duration::from_secs(60);
        let measured = shell(
            "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo $i; exit 3",
            limit,
        );
        assert_eq!(measured.end, End::Exit(3));
        assert_eq!(measured.out, "20000\n");
        assert!(measured.user > Duration::ZERO);
        assert!(measured.peak > 100 << 10, "{} bytes", measured.peak);
    }

    #[test]
    fn a_process_is_ended_in_time() {
        let measured = shell("while :; do :; done", Duration::from_millis(200));
        assert_eq!(measured.end, End::Timeout);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let durations = [5, 1, 9].map(Duration::from_secs);
        assert_eq!(median(&durations), Duration::from_secs(5));
    }
}
