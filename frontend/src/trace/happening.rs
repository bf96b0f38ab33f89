//! What happens in an execution, one thing after the other: what P's checker has a log line for.

use serde_json::Value;

/// A value that goes with an event: as text, and as the checker's JSON has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// As in log lines.
    pub text: String,
    /// As in `.trace.json`.
    pub json: Value,
}

/// An event with what goes with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// The event; `PHalt` for `halt`.
    pub event: String,
    /// Its payload, if it has one.
    pub payload: Option<Payload>,
}

/// One thing that happens. Machines are named as `Name(number)`, monitors by their names.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are what the names say")]
pub enum Happening {
    MonitorCreated {
        monitor: String,
    },
    /// The main machine has no creator.
    Created {
        machine: String,
        creator: Option<String>,
    },
    Entered {
        machine: String,
        state: String,
    },
    Exited {
        machine: String,
        state: String,
    },
    Transition {
        machine: String,
        /// The name of the machine in the program.
        class: String,
        from: String,
        to: String,
    },
    MonitorEntered {
        monitor: String,
        state: String,
        /// Whether the state is hot or cold; nothing if it is neither.
        is_hot: Option<bool>,
    },
    MonitorExited {
        monitor: String,
        state: String,
        is_hot: Option<bool>,
    },
    /// A monitor is shown what a machine sends or announces.
    MonitorProcesses {
        monitor: String,
        state: String,
        sender: String,
        letter: Letter,
    },
    MonitorRaised {
        monitor: String,
        state: String,
        letter: Letter,
    },
    Sent {
        sender: String,
        state: String,
        letter: Letter,
        target: String,
        is_halted: bool,
    },
    Announced {
        machine: String,
        letter: Letter,
    },
    Dequeued {
        machine: String,
        state: String,
        letter: Letter,
    },
    Received {
        machine: String,
        state: String,
        letter: Letter,
        was_blocked: bool,
    },
    Waits {
        machine: String,
        state: String,
        events: Vec<String>,
    },
    Raised {
        machine: String,
        state: String,
        letter: Letter,
    },
    Defaults {
        machine: String,
        state: String,
    },
    /// The machine has no handler for the event; a `halt` it then takes as such.
    Unhandled {
        machine: String,
        state: String,
        event: String,
    },
    Halted {
        machine: String,
        n_messages: usize,
    },
    Chose {
        who: String,
        choice: Choice,
    },
    Printed {
        text: String,
    },
    /// What is wrong at the end.
    Failed {
        message: String,
    },
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A boolean.
    Bool(bool),
    /// Which of the options, from 0.
    Number(usize),
}

impl std::fmt::Display for Choice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Choice::Bool(true) => formatter.write_str("True"),
            Choice::Bool(false) => formatter.write_str("False"),
            Choice::Number(number) => number.fmt(formatter),
        }
    }
}

/// What decided a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The machine with this number was picked.
    Picked(u64),
    /// A machine that was running chose.
    Chose(Choice),
}

impl std::fmt::Display for Decision {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Decision::Picked(machine) => write!(formatter, "({machine})"),
            Decision::Chose(choice) => choice.fmt(formatter),
        }
    }
}

/// A step in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What decided it.
    pub decision: Decision,
    /// What happens in it.
    pub happenings: Vec<Happening>,
    /// What is different afterwards: states of machines and monitors, and their fields.
    pub changes: Vec<String>,
}

/// An execution in full.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    /// What happens before the first step.
    pub prologue: Vec<Happening>,
    /// The steps.
    pub steps: Vec<Told>,
    /// What is wrong at the end, if something is.
    pub epilogue: Vec<Happening>,
}

impl Story {
    /// Everything that happens, in order.
    pub fn happenings(&self) -> impl Iterator<Item = &Happening> {
        let steps = self.steps.iter().flat_map(|told| &told.happenings);
        self.prologue.iter().chain(steps).chain(&self.epilogue)
    }
}
