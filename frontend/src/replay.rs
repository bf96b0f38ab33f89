//! Executions that somebody else made, made again: schedules of P's checker and traces.
//!
//! The one idea: an execution is decided by who acts at each scheduling point and by what is chosen
//! in between, and both are read from the rules' transitions. What is recorded either says which
//! transition to take (a schedule), or what must be seen when one is taken (a log, a trace).

mod compare;
mod mentions;
mod recorded;
mod schedule;

pub use compare::{Comparison, Difference, Wording, compare, names_helper};
pub use mentions::{Mention, NameKind, mentions};
pub use recorded::{Entry, TraceError, read_traces};
pub use schedule::{Decided, Schedule, ScheduleError};
