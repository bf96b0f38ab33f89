//! Which monitors are hot and which are cold.
//!
//! The one idea: that is a matter of the monitor alone, so the rules are asked once for each monitor
//! in each of its states and with each value of its variables, as of a configuration in which there is
//! nothing else.

use std::collections::HashMap;

use rewriter::reduction::{Interrupted, Reducer};
use rewriter::term::TermId;

use super::observed::Watched;
use crate::trace::{Heat, Reader};

/// A monitor, by the order in which they are met, and how it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) monitor: usize,
    pub(super) heat: Heat,
    /// The monitor as it is.
    pub(super) element: TermId,
}

/// The monitors that were met.
#[derive(Debug, Default)]
pub(super) struct Monitors {
    addresses: Vec<TermId>,
    known: HashMap<TermId, Option<Measured>>,
}

impl Monitors {
    /// Writes how the monitors among the elements of a configuration are.
    pub(super) fn measure(
        &mut self,
        reader: &Reader,
        reducer: &mut Reducer,
        elements: &[TermId],
        measured: &mut Vec<Measured>,
    ) {
        measured.clear();
        for &element in elements {
            let known = match self.known.get(&element) {
                Some(known) => *known,
                None => {
                    let found = self.look(reader, reducer, element);
                    self.known.insert(element, found);
                    found
                }
            };
            measured.extend(known);
        }
    }

    fn look(
        &mut self,
        reader: &Reader,
        reducer: &mut Reducer,
        element: TermId,
    ) -> Option<Measured> {
        let address = reader.monitor(reducer.store(), element)?;
        let heat = reader.heat(reducer, element);
        let monitor = match self.addresses.iter().position(|other| *other == address) {
            Some(monitor) => monitor,
            None => {
                self.addresses.push(address);
                self.addresses.len() - 1
            }
        };
        Some(Measured {
            monitor,
            heat,
            element,
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.addresses.len()
    }
}

/// Whether a monitor becomes cold within a step: the place of the step among those of a state.
pub(super) fn cools(
    reader: &Reader,
    reducer: &mut Reducer,
    entering: &Watched,
    state: TermId,
    place: usize,
    monitor: TermId,
) -> Result<bool, Interrupted> {
    let state = reducer.reduce(state)?;
    let (applied, _) = entering.transition(reducer, state, place)?;
    let mut is_cold = false;
    for entry in applied {
        if let [Some(address), Some(name)] = entry.values[..]
            && reader.monitor(reducer.store(), monitor) == Some(address)
            && let Some(entered) = reader.in_state(reducer, monitor, name)
        {
            is_cold |= reader.heat(reducer, entered) == Heat::Cold;
        }
    }
    Ok(is_cold)
}

/// The entries of states, as [`cools`] wants to be told of them.
pub(super) fn entries(reducer: &Reducer) -> Watched {
    Watched::new(reducer.module(), &[("enter", &["A", "T"])])
}
