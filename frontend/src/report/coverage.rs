//! What of a program was reached: rules, states, events, and the events that states handle.
//!
//! The one idea: everything that there is to reach is listed with how often it was reached, from 0
//! on, so that two coverages of one program are merged by adding numbers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::text::table;

/// What was reached, and how often: in how many steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The rules of the semantics, by label.
    pub rules: BTreeMap<String, u64>,
    /// The events of the program.
    pub events: BTreeMap<String, EventCoverage>,
    /// The machines of the program, its specs and scenarios.
    pub machines: BTreeMap<String, MachineCoverage>,
    /// The scenarios, by test.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scenarios: BTreeMap<String, BTreeMap<String, ScenarioCoverage>>,
}

/// How often an event was sent or announced, and handled or received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCoverage {
    /// Sent or announced.
    pub sent: u64,
    /// Handled or received.
    pub handled: u64,
}

/// What was reached of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineCoverage {
    /// How often each state was entered.
    pub states: BTreeMap<String, u64>,
    /// For each state, how often it handled each event that it has a handler for.
    pub handlers: BTreeMap<String, BTreeMap<String, u64>>,
    /// For each state, how often it was left for each other one.
    pub transitions: BTreeMap<String, BTreeMap<String, u64>>,
}

/// What was reached of a scenario in a test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScenarioCoverage {
    /// Whether it became cold in some execution.
    pub satisfied: bool,
    /// In how many executions it did, if executions were made.
    pub satisfying_schedules: u64,
    /// The most of its states that were visited in one execution, or in all if the whole space
    /// was explored.
    pub max_states_visited: u64,
    /// How many states it has.
    pub monitor_states: u64,
}

impl Coverage {
    /// Adds what was reached elsewhere.
    pub fn merge(&mut self, other: &Coverage) {
        add(&mut self.rules, &other.rules);
        for (event, reached) in &other.events {
            let event = self.events.entry(event.clone()).or_default();
            event.sent += reached.sent;
            event.handled += reached.handled;
        }
        for (name, reached) in &other.machines {
            let machine = self.machines.entry(name.clone()).or_default();
            add(&mut machine.states, &reached.states);
            for (state, handlers) in &reached.handlers {
                add(machine.handlers.entry(state.clone()).or_default(), handlers);
            }
            for (state, targets) in &reached.transitions {
                add(
                    machine.transitions.entry(state.clone()).or_default(),
                    targets,
                );
            }
        }
        for (test, scenarios) in &other.scenarios {
            let test = self.scenarios.entry(test.clone()).or_default();
            for (name, reached) in scenarios {
                let scenario = test.entry(name.clone()).or_default();
                scenario.satisfied |= reached.satisfied;
                scenario.satisfying_schedules += reached.satisfying_schedules;
                scenario.max_states_visited =
                    scenario.max_states_visited.max(reached.max_states_visited);
                scenario.monitor_states = scenario.monitor_states.max(reached.monitor_states);
            }
        }
    }
}

fn add(counts: &mut BTreeMap<String, u64>, others: &BTreeMap<String, u64>) {
    for (name, count) in others {
        *counts.entry(name.clone()).or_insert(0) += count;
    }
}

/// A summary: how much of each kind was reached, and what was not.
#[must_use]
pub fn coverage_text(coverage: &Coverage) -> String {
    let mut out = String::from("coverage:\n");
    let rules = coverage.rules.iter();
    let mut rows = vec![row(
        "rules",
        rules.map(|(name, count)| (name.clone(), *count)),
    )];
    let events = coverage.events.iter();
    rows.push(row(
        "events",
        events.map(|(name, event)| (name.clone(), event.sent.max(event.handled))),
    ));
    for (name, machine) in &coverage.machines {
        let states = machine.states.iter();
        rows.push(row(
            &format!("states of {name}"),
            states.map(|(name, count)| (name.clone(), *count)),
        ));
        let handlers = machine.handlers.iter().flat_map(|(state, handlers)| {
            let named =
                move |(event, count): (&String, &u64)| (format!("{event} in {state}"), *count);
            handlers.iter().map(named)
        });
        rows.push(row(&format!("handlers of {name}"), handlers));
    }
    let shown: Vec<[String; 3]> = rows.into_iter().flatten().collect();
    out.push_str(&table(&shown));
    for (test, scenarios) in &coverage.scenarios {
        let satisfied = scenarios.values().filter(|scenario| scenario.satisfied);
        let _ = writeln!(
            out,
            "scenario coverage of {test}: {}/{} scenarios covered",
            satisfied.count(),
            scenarios.len()
        );
        for (name, scenario) in scenarios {
            let _ = writeln!(
                out,
                "  {name}: {}, {} of {} states visited{}",
                if scenario.satisfied {
                    "covered"
                } else {
                    "not covered"
                },
                scenario.max_states_visited,
                scenario.monitor_states,
                match scenario.satisfying_schedules {
                    0 => String::new(),
                    count => format!(", in {count} schedules"),
                }
            );
        }
    }
    out
}

/// How many of some things were reached, and which not; nothing if there are none.
fn row(what: &str, counts: impl Iterator<Item = (String, u64)>) -> Option<[String; 3]> {
    let (mut n_all, mut missed) = (0, Vec::new());
    for (name, count) in counts {
        n_all += 1;
        if count == 0 {
            missed.push(name);
        }
    }
    if n_all == 0 {
        return None;
    }
    let n_reached = n_all - missed.len();
    let missed = match missed.as_slice() {
        [] => String::new(),
        missed => format!("not {}", missed.join(", ")),
    };
    Some([what.to_owned(), format!("{n_reached}/{n_all}"), missed])
}
