//! What there is in a program to be reached: machines, states, the events that they handle.

use std::collections::BTreeMap;

use super::Program;
use crate::report::{Coverage, EventCoverage, MachineCoverage, ScenarioCoverage};
use crate::syntax::ast::{MachineKind, StateItemKind};

impl Program {
    /// A coverage in which nothing was reached yet.
    #[must_use]
    pub fn nothing_reached(&self) -> Coverage {
        let symbols = &self.checked.symbols;
        let mut coverage = Coverage::default();
        for event in &symbols.events {
            if event.span.is_some() {
                let name = event.name.to_string();
                coverage.events.insert(name, EventCoverage::default());
            }
        }
        for (id, machine) in symbols.machines() {
            let mut reached = MachineCoverage::default();
            for state in &symbols.machine_syntax(&self.ast, id).states {
                let name = state.name.text.to_string();
                reached.states.insert(name.clone(), 0);
                let mut handlers = BTreeMap::new();
                for item in &state.items {
                    if let StateItemKind::OnDo(events, _) | StateItemKind::OnGoto(events, _, _) =
                        &item.kind
                    {
                        let events = events.iter().map(|event| (event.text.to_string(), 0));
                        handlers.extend(events);
                    }
                }
                if !handlers.is_empty() {
                    reached.handlers.insert(name, handlers);
                }
            }
            coverage
                .machines
                .insert(machine.name.text.to_string(), reached);
        }
        coverage
    }

    /// The scenarios, none of them covered.
    #[must_use]
    pub fn scenarios(&self) -> BTreeMap<String, ScenarioCoverage> {
        let symbols = &self.checked.symbols;
        let scenarios = symbols.machines();
        let scenarios = scenarios.filter(|(_, machine)| machine.kind == MachineKind::Scenario);
        scenarios
            .map(|(id, machine)| {
                let states = &symbols.machine_syntax(&self.ast, id).states;
                let coverage = ScenarioCoverage {
                    monitor_states: states.len() as u64,
                    ..ScenarioCoverage::default()
                };
                (machine.name.text.to_string(), coverage)
            })
            .collect()
    }
}
