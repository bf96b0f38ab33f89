//! How long monitors have been hot in an execution.
//!
//! The one idea: as in P's checker, a monitor that has been hot for half as many steps as an execution
//! may have, and never cold, is a bug; it is asked in fair executions only, in which every machine had
//! its chance meanwhile.
//!
//! Source: p-language 4.10.

use std::collections::HashMap;

use rewriter::search::{ActionId, Stopped};
use rewriter::term::TermId;

use super::executions::Executions;
use super::monitors::{Measured, cools, entries};
use crate::report::Violation;
use crate::trace::Heat;

impl Executions<'_> {
    /// The monitor that has been hot for too long, if there is one.
    pub(super) fn overheated(&mut self) -> Result<Option<Violation>, Stopped> {
        if !self.asked.schedules.strategy.is_fair()
            || (self.monitors.len() == 0 && !self.path.is_empty())
        {
            return Ok(None);
        }
        let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
        let mut elements = Vec::new();
        self.walk.elements(reducer, &mut elements);
        let mut measured: Vec<Measured> = Vec::new();
        self.monitors
            .measure(reader, reducer, &elements, &mut measured);
        self.temperatures.resize(self.monitors.len(), 0);
        let mut too_hot = Vec::new();
        for measured in &measured {
            let temperature = &mut self.temperatures[measured.monitor];
            match measured.heat {
                Heat::Hot => *temperature += 1,
                Heat::Warm => {}
                Heat::Cold => *temperature = 0,
            }
            if *temperature > self.asked.schedules.steps / 2 {
                too_hot.push(*measured);
            }
        }
        for measured in too_hot {
            let temperature = self.temperature(measured.monitor)?;
            self.temperatures[measured.monitor] = temperature;
            if temperature > self.asked.schedules.steps / 2 {
                let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
                return Ok(reader.endless(reducer, measured.element));
            }
        }
        Ok(None)
    }

    /// How long a monitor has been hot. It may have been cold within a step, which the states do
    /// not show, so the execution is made once more.
    fn temperature(&mut self, monitor: usize) -> Result<u64, Stopped> {
        let at = self.walk.state();
        let entering = entries(&self.interpreter.reducer);
        let mut known: HashMap<(ActionId, Vec<TermId>), bool> = HashMap::new();
        let (mut temperature, mut actions) = (0, Vec::new());
        let (mut elements, mut measured) = (Vec::new(), Vec::new());
        self.walk.restart();
        for &(action, taken) in &self.path {
            let (reader, reducer) = (&self.interpreter.reader, &mut self.interpreter.reducer);
            self.walk.elements(reducer, &mut elements);
            self.monitors
                .measure(reader, reducer, &elements, &mut measured);
            let before = measured
                .iter()
                .find(|other| other.monitor == monitor)
                .copied();
            let key = (action, measured.iter().map(|other| other.element).collect());
            let is_cold = match (known.get(&key), before) {
                (Some(is_cold), _) => *is_cold,
                (None, Some(before)) => {
                    let term = self.walk.term(reducer);
                    let cold = cools(reader, reducer, &entering, term, taken, before.element);
                    let is_cold = cold.map_err(Stopped::Limit)?;
                    known.insert(key, is_cold);
                    is_cold
                }
                (None, None) => false,
            };
            self.walk.steps(reducer, &mut actions)?;
            self.walk.take(reducer, taken)?;
            self.walk.elements(reducer, &mut elements);
            self.monitors
                .measure(reader, reducer, &elements, &mut measured);
            let after = measured.iter().find(|other| other.monitor == monitor);
            if is_cold {
                temperature = 0;
            }
            match after.map(|after| after.heat) {
                Some(Heat::Hot) => temperature += 1,
                Some(Heat::Cold) => temperature = 0,
                _ => {}
            }
        }
        self.walk.go_to(at);
        Ok(temperature)
    }
}
