//! An execution as P's checker writes it for programs: `.trace.json`.
//!
//! The one idea: each entry is one thing that happens, with a vector clock: the entry counts for the
//! machine or monitor that it is about; what is received brings the clock of its sender, and so does
//! what a monitor is shown.
//!
//! Source: p-language 9.4; reference checker, PCheckerLogJsonFormatter.cs and JsonWriter.cs.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::{Map, Value, json};

use super::happening::{Happening, Letter, Story};
use super::log::words;

type Clock = BTreeMap<String, u64>;

/// The whole file.
#[must_use]
pub fn json_text(story: &Story, strategy: &str) -> String {
    let mut clocks = Clocks::default();
    let mut entries: Vec<Value> = story
        .happenings()
        .flat_map(|happening| entries_of(happening, &mut clocks))
        .collect();
    if !story.epilogue.is_empty() {
        entries.push(json!({
            "type": "StrategyDescription",
            "details": {
                "log": format!("Found bug using '{strategy}' strategy."),
                "strategy": strategy,
            },
        }));
    }
    let text = serde_json::to_string_pretty(&Value::Array(entries));
    text.unwrap_or_else(|error| unreachable!("values are JSON: {error}")) + "\n"
}

/// The entries for one thing that happens, with clocks that say nothing.
pub(crate) fn entries(happening: &Happening) -> Vec<Value> {
    entries_of(happening, &mut Clocks::default())
}

fn entries_of(happening: &Happening, clocks: &mut Clocks) -> Vec<Value> {
    let Some((kind, about, members)) = described(happening) else {
        return Vec::new();
    };
    let entry = |kind: &str, log: String, members: Value, clock: Option<Clock>| {
        let mut details = Map::new();
        details.insert("log".to_owned(), Value::String(log));
        if let Value::Object(members) = members {
            details.extend(members.into_iter().filter(|(_, value)| !value.is_null()));
        }
        if let Some(clock) = clock {
            details.insert("clock".to_owned(), json!(clock));
        }
        json!({ "type": kind, "details": details })
    };
    let clock = about.map(|about| clocks.tick(&about, happening));
    let mut entries = vec![entry(kind, words(happening, false), members, clock)];
    if let Happening::Unhandled {
        machine,
        state,
        event,
    } = happening
    {
        let mut more = vec![("ExceptionThrown", "threw")];
        if event == "PHalt" {
            more.push(("ExceptionHandled", "chose to handle"));
        }
        for (kind, verb) in more {
            let log = format!(
                "{machine} running action '' in state '{state}' {verb} exception \
                 'UnhandledEventException'."
            );
            let members = json!({
                "id": machine, "state": state, "action": "",
                "exception": "UnhandledEventException",
            });
            let clock = clocks.tick(machine, happening);
            entries.push(entry(kind, log, members, Some(clock)));
        }
    }
    entries
}

/// The type of an entry, whose clock it advances, and its members; members that are null are left out.
fn described(happening: &Happening) -> Option<(&'static str, Option<String>, Value)> {
    let payload = |letter: &Letter| letter.payload.as_ref().map(|payload| payload.json.clone());
    let (kind, about, members) = match happening {
        Happening::MonitorCreated { monitor } => (
            "CreateMonitor",
            Some(monitor),
            json!({ "monitor": monitor }),
        ),
        Happening::Created { machine, creator } => (
            "CreateStateMachine",
            Some(machine),
            json!({
                "id": machine,
                "creatorName": creator,
                "creatorType": creator.as_ref().map(|name| class_of(name)),
            }),
        ),
        Happening::Entered { machine, state } => (
            "StateTransition",
            Some(machine),
            json!({ "id": machine, "state": state, "isEntry": true }),
        ),
        Happening::Exited { machine, state } => (
            "StateTransition",
            Some(machine),
            json!({ "id": machine, "state": state, "isEntry": false }),
        ),
        Happening::Transition {
            machine, from, to, ..
        } => (
            "GotoState",
            Some(machine),
            json!({ "id": machine, "startState": from, "endState": to }),
        ),
        Happening::MonitorEntered {
            monitor,
            state,
            is_hot,
        }
        | Happening::MonitorExited {
            monitor,
            state,
            is_hot,
        } => (
            "MonitorStateTransition",
            Some(monitor),
            json!({
                "monitor": monitor, "state": state, "isInHotState": is_hot,
                "isEntry": matches!(happening, Happening::MonitorEntered { .. }),
            }),
        ),
        Happening::MonitorProcesses {
            monitor,
            state,
            sender,
            letter,
        } => (
            "MonitorProcessEvent",
            Some(monitor),
            json!({
                "monitor": monitor, "state": state, "sender": sender,
                "event": letter.event, "payload": payload(letter),
            }),
        ),
        Happening::MonitorRaised {
            monitor,
            state,
            letter,
        } => (
            "MonitorRaiseEvent",
            Some(monitor),
            json!({
                "monitor": monitor, "state": state,
                "event": letter.event, "payload": payload(letter),
            }),
        ),
        Happening::Sent {
            sender,
            state,
            letter,
            target,
            is_halted,
        } => (
            "SendEvent",
            Some(sender),
            json!({
                "sender": sender, "state": state, "event": letter.event, "target": target,
                "isTargetHalted": is_halted, "payload": payload(letter),
            }),
        ),
        Happening::Announced { machine, letter } => (
            "Announce",
            Some(machine),
            json!({ "id": machine, "event": letter.event, "payload": payload(letter) }),
        ),
        Happening::Dequeued {
            machine,
            state,
            letter,
        } => (
            "DequeueEvent",
            Some(machine),
            json!({
                "id": machine, "state": state,
                "event": letter.event, "payload": payload(letter),
            }),
        ),
        Happening::Received {
            machine,
            state,
            letter,
            was_blocked,
        } => (
            "ReceiveEvent",
            Some(machine),
            json!({
                "id": machine, "state": state, "event": letter.event,
                "wasBlocked": was_blocked, "payload": payload(letter),
            }),
        ),
        Happening::Waits {
            machine,
            state,
            events,
        } => match events.as_slice() {
            [event] => (
                "WaitEvent",
                Some(machine),
                json!({ "id": machine, "state": state, "eventType": event }),
            ),
            _ => (
                "WaitMultipleEvents",
                Some(machine),
                json!({ "id": machine, "eventTypes": events }),
            ),
        },
        Happening::Raised {
            machine,
            state,
            letter,
        } => (
            "RaiseEvent",
            Some(machine),
            json!({
                "id": machine, "state": state,
                "event": letter.event, "payload": payload(letter),
            }),
        ),
        Happening::Defaults { machine, state } => (
            "DefaultEventHandler",
            Some(machine),
            json!({ "id": machine, "state": state }),
        ),
        Happening::Unhandled {
            machine,
            state,
            event,
        } => (
            "PopStateUnhandledEvent",
            Some(machine),
            json!({ "id": machine, "state": state, "event": event }),
        ),
        Happening::Halted {
            machine,
            n_messages,
        } => (
            "Halt",
            Some(machine),
            json!({ "id": machine, "haltInboxSize": n_messages }),
        ),
        // The checker's traces do not say what was chosen.
        Happening::Chose { .. } => return None,
        Happening::Printed { .. } => ("Print", None, json!({})),
        Happening::Failed { message } => ("AssertionFailure", None, json!({ "error": message })),
    };
    Some((kind, about.cloned(), members))
}

/// `Client` of `Client(3)`.
fn class_of(machine: &str) -> &str {
    machine.split('(').next().unwrap_or(machine)
}

/// The vector clocks so far.
#[derive(Debug, Default)]
struct Clocks {
    clocks: HashMap<String, Clock>,
    /// The clocks of what is on its way, by target, event and payload.
    sent: HashMap<(String, String, String), VecDeque<Clock>>,
}

impl Clocks {
    fn tick(&mut self, about: &str, happening: &Happening) -> Clock {
        let clock = self.clocks.entry(about.to_owned()).or_default();
        *clock.entry(about.to_owned()).or_insert(0) += 1;
        match happening {
            Happening::Sent { letter, target, .. } => {
                let clock = clock.clone();
                self.sent
                    .entry(address(target, letter))
                    .or_default()
                    .push_back(clock);
            }
            Happening::Dequeued {
                machine, letter, ..
            }
            | Happening::Received {
                machine, letter, ..
            } => {
                let sent = self.sent.get_mut(&address(machine, letter));
                if let Some(sender) = sent.and_then(VecDeque::pop_front) {
                    merge(clock, &sender, about);
                }
            }
            Happening::MonitorProcesses { sender, .. } => {
                if let Some(sender) = self.clocks.get(sender).cloned() {
                    let clock = self.clocks.entry(about.to_owned()).or_default();
                    merge(clock, &sender, about);
                }
            }
            _ => {}
        }
        self.clocks[about].clone()
    }
}

fn address(target: &str, letter: &Letter) -> (String, String, String) {
    let payload = letter.payload.as_ref().map(|payload| payload.text.clone());
    (
        target.to_owned(),
        letter.event.clone(),
        payload.unwrap_or_default(),
    )
}

fn merge(clock: &mut Clock, other: &Clock, about: &str) {
    for (name, &count) in other.iter().filter(|(name, _)| *name != about) {
        let own = clock.entry(name.clone()).or_insert(0);
        *own = (*own).max(count);
    }
}
