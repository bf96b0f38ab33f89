//! An execution as the text that P's checker logs, a line for each thing that happens.
//!
//! Source: p-language 9.4; reference checker, PCheckerLogTextFormatter.cs.

use std::fmt::Write as _;

use super::happening::{Happening, Letter, Story};

/// The whole log of a test.
#[must_use]
pub fn log_text(story: &Story, test: &str, strategy: &str) -> String {
    let mut out = format!("<TestLog> Running test '{test}'.\n");
    for happening in story.happenings() {
        for line in lines(happening) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    if !story.epilogue.is_empty() {
        let _ = writeln!(out, "<StrategyLog> Found bug using '{strategy}' strategy.");
    }
    out
}

/// The lines for one thing that happens: one, or several for an event that is not handled.
#[must_use]
pub fn lines(happening: &Happening) -> Vec<String> {
    if let Happening::Unhandled {
        machine,
        state,
        event,
    } = happening
    {
        let thrown = format!("<ExceptionLog> {machine} running action '' in state '{state}'");
        let mut lines = vec![
            format!("<PopLog> {machine} popped state {state} due to unhandled event '{event}'."),
            format!("{thrown} threw exception 'UnhandledEventException'."),
        ];
        if event == "PHalt" {
            lines.push(format!(
                "{thrown} chose to handle exception 'UnhandledEventException'."
            ));
        }
        return lines;
    }
    vec![format!("<{}> {}", tag(happening), words(happening, true))]
}

fn tag(happening: &Happening) -> &'static str {
    match happening {
        Happening::MonitorCreated { .. } | Happening::Created { .. } => "CreateLog",
        Happening::Entered { .. } | Happening::Exited { .. } => "StateLog",
        Happening::Transition { .. } => "GotoLog",
        Happening::MonitorEntered { .. }
        | Happening::MonitorExited { .. }
        | Happening::MonitorProcesses { .. }
        | Happening::MonitorRaised { .. } => "MonitorLog",
        Happening::Sent { .. } => "SendLog",
        Happening::Announced { .. } => "AnnounceLog",
        Happening::Dequeued { .. } => "DequeueLog",
        Happening::Received { .. } | Happening::Waits { .. } => "ReceiveLog",
        Happening::Raised { .. } => "RaiseLog",
        Happening::Defaults { .. } => "DefaultLog",
        Happening::Unhandled { .. } => "PopLog",
        Happening::Halted { .. } => "HaltLog",
        Happening::Chose { .. } => "RandomLog",
        Happening::Printed { .. } => "PrintLog",
        Happening::Failed { .. } => "ErrorLog",
    }
}

/// What a line says behind its tag. In `.trace.json` the names of states and monitors are short.
pub(super) fn words(happening: &Happening, is_long: bool) -> String {
    let scope = if is_long { "PImplementation." } else { "" };
    match happening {
        Happening::MonitorCreated { monitor } => format!("{scope}{monitor} was created."),
        Happening::Created { machine, creator } => match creator {
            Some(creator) => format!("{machine} was created by {creator}."),
            None => format!("{machine} was created by task '2'."),
        },
        Happening::Entered { machine, state } => format!("{machine} enters state '{state}'."),
        Happening::Exited { machine, state } => format!("{machine} exits state '{state}'."),
        Happening::Transition {
            machine,
            class,
            from,
            to,
        } => {
            let scope = if is_long {
                format!("PImplementation.{class}.")
            } else {
                String::new()
            };
            format!("{machine} is transitioning from state '{from}' to state '{scope}{to}'.")
        }
        Happening::MonitorEntered {
            monitor,
            state,
            is_hot,
        } => format!("{scope}{monitor} enters {}state '{state}'.", heat(*is_hot)),
        Happening::MonitorExited {
            monitor,
            state,
            is_hot,
        } => format!("{scope}{monitor} exits {}state '{state}'.", heat(*is_hot)),
        Happening::MonitorProcesses {
            monitor,
            state,
            letter,
            ..
        } => format!(
            "{monitor} is processing event '{}' in state '{state}'.",
            named(letter)
        ),
        Happening::MonitorRaised {
            monitor,
            state,
            letter,
        } => format!(
            "Monitor '{monitor}' raised event '{}' in state '{state}'.",
            named(letter)
        ),
        Happening::Sent {
            sender,
            state,
            letter,
            target,
            is_halted,
        } => format!(
            "'{sender}' in state '{state}' sent event '{}' to '{target}'{}.",
            named(letter),
            if *is_halted { " which has halted" } else { "" }
        ),
        Happening::Announced { machine, letter } => {
            let payload = match &letter.payload {
                Some(payload) => format!(" with payload {}", payload.text),
                None => String::new(),
            };
            format!("'{machine}' announced event '{}'{payload}.", letter.event)
        }
        Happening::Dequeued {
            machine,
            state,
            letter,
        } => format!(
            "'{machine}' dequeued event '{}' in state '{state}'.",
            named(letter)
        ),
        Happening::Received {
            machine,
            state,
            letter,
            was_blocked,
        } => format!(
            "'{machine}' dequeued event '{}'{} in state '{state}'.",
            named(letter),
            if *was_blocked { " and unblocked" } else { "" }
        ),
        Happening::Waits {
            machine,
            state,
            events,
        } => format!(
            "{machine} is waiting to dequeue an event of type {} in state '{state}'.",
            listed(events)
        ),
        Happening::Raised {
            machine,
            state,
            letter,
        } => format!(
            "'{machine}' raised event '{}' in state '{state}'.",
            named(letter)
        ),
        Happening::Defaults { machine, state } => {
            format!("{machine} is executing the default handler in state '{state}'.")
        }
        Happening::Unhandled {
            machine,
            state,
            event,
        } => format!("{machine} popped state {state} due to unhandled event '{event}'."),
        Happening::Halted {
            machine,
            n_messages,
        } => format!("{machine} halted with {n_messages} events in its inbox."),
        Happening::Chose { who, choice } => {
            format!("{who} nondeterministically chose '{choice}'.")
        }
        Happening::Printed { text } => text.clone(),
        Happening::Failed { message } => message.clone(),
    }
}

fn heat(is_hot: Option<bool>) -> &'static str {
    match is_hot {
        Some(true) => "hot ",
        Some(false) => "cold ",
        None => "",
    }
}

fn named(letter: &Letter) -> String {
    match &letter.payload {
        Some(payload) => format!("{} with payload ({})", letter.event, payload.text),
        None => letter.event.clone(),
    }
}

/// Event names as the checker lists them; from the fourth on it forgets the last but one.
fn listed(events: &[String]) -> String {
    match events {
        [] => "'<missing>'".to_owned(),
        [one] => format!("'{one}'"),
        [first, second] => format!("'{first}' or '{second}'"),
        [first, second, third] => format!("'{first}', '{second}' or '{third}'"),
        [first @ .., _, last] => format!("'{}', '' or '{last}'", first.join("', '")),
    }
}
