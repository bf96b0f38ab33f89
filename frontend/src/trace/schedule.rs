//! An execution as a `.schedule` file: the decisions of P's checker, one a line.
//!
//! The first decision of the checker is its own task, number 0, which creates the main machine.
//!
//! Source: p-language 9.4.

use std::fmt::Write as _;

use super::happening::Story;

/// What stands at the top of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The test.
    pub test: String,
    /// Whether every machine that can act for ever does so.
    pub is_fair: bool,
    /// How long a monitor may be hot.
    pub temperature: u64,
}

/// The whole file.
#[must_use]
pub fn schedule_text(story: &Story, header: &Header) -> String {
    let mut out = String::new();
    if header.is_fair {
        out.push_str("--fair-scheduling\n");
    }
    let _ = writeln!(
        out,
        "--liveness-temperature-threshold:{}\n--test-method:{}\n(0)",
        header.temperature, header.test
    );
    for told in &story.steps {
        let _ = writeln!(out, "{}", told.decision);
    }
    out
}
