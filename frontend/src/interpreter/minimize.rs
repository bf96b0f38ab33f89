//! Shortening an execution that goes wrong, until no step of it can be left out.
//!
//! The one idea: an execution is a list of turns, each a machine that is picked and what it chooses
//! until the next is picked. Some turns are left out and the rest is tried, without those of machines
//! that then cannot be picked: if the same goes wrong at the end, that is the execution from then on.
//! Parts of all sizes are tried, the large ones first, and single turns until none can go.
//!
//! Leaving turns out renumbers machines, so a machine is known by who created it as which of its
//! machines.
//!
//! Source: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002.

use std::collections::HashMap;

use rewriter::search::Stopped;

use super::executions::{Executions, Path};
use crate::report::Violation;

/// A machine by its creation: its creator, and which of its machines it is.
#[derive(Clone, Debug, Default)]
struct Identities {
    /// The identity of each machine, by its number.
    of: HashMap<usize, usize>,
    n_created: HashMap<usize, usize>,
}

/// A turn: who is picked, and which of the options it chooses one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Turn {
    machine: usize,
    choices: Vec<usize>,
}

/// What an attempt came to.
struct Attempt {
    turns: Vec<Turn>,
    path: Path,
    /// Who it was that went wrong.
    culprit: Option<usize>,
}

/// The most steps that attempts may take together.
const MOST_STEPS: u64 = 300_000;

/// A shortened execution.
pub(super) struct Shortened {
    pub(super) path: Path,
    pub(super) violation: Violation,
    /// Whether no turn can be left out.
    pub(super) is_minimal: bool,
}

/// Identities of machines by creator and number among its machines, for all attempts.
#[derive(Debug, Default)]
struct Shortening {
    identities: HashMap<(usize, usize), usize>,
    n_steps: u64,
}

/// Shortens an execution that ends in a violation; nothing if it cannot be made again.
pub(super) fn shorten(
    executions: &mut Executions<'_>,
    path: &Path,
    violation: &Violation,
) -> Result<Option<Shortened>, Stopped> {
    let mut shortening = Shortening::default();
    let Some(mut best) = shortening.follow(executions, path)? else {
        return Ok(None);
    };
    let mut last = violation.clone();
    let mut size = best.turns.len().div_ceil(2).max(1);
    let mut is_minimal = true;
    loop {
        let mut has_changed = false;
        let mut start = 0;
        while start < best.turns.len() {
            if shortening.n_steps > MOST_STEPS {
                is_minimal = false;
                break;
            }
            let end = (start + size).min(best.turns.len());
            let mut turns = best.turns[..start].to_vec();
            turns.extend_from_slice(&best.turns[end..]);
            match shortening.attempt(executions, &turns, violation)? {
                Some((attempt, found))
                    if attempt.culprit == best.culprit && attempt.path.len() < best.path.len() =>
                {
                    best = attempt;
                    last = found;
                    has_changed = true;
                }
                _ => start += size,
            }
        }
        if !is_minimal || (size == 1 && !has_changed) {
            break;
        }
        if !has_changed || size > best.turns.len() {
            size = (size / 2).max(1);
        }
    }
    Ok(Some(Shortened {
        path: best.path,
        violation: last,
        is_minimal,
    }))
}

impl Shortening {
    /// The turns of an execution.
    fn follow(
        &mut self,
        executions: &mut Executions<'_>,
        path: &Path,
    ) -> Result<Option<Attempt>, Stopped> {
        let mut identities = Identities::default();
        let mut turns: Vec<Turn> = Vec::new();
        for &(action, taken) in path {
            let offer = executions.offer(action)?;
            let machine = self.identity(&mut identities, offer.machine);
            match turns.last_mut() {
                Some(turn) if offer.is_choice => turn.choices.push(taken),
                _ => turns.push(Turn {
                    machine,
                    choices: Vec::new(),
                }),
            }
            self.note_creation(&mut identities, machine, offer.created);
        }
        let culprit = turns.last().map(|turn| turn.machine);
        Ok(Some(Attempt {
            turns,
            path: path.clone(),
            culprit,
        }))
    }

    /// Tries some turns: the execution, if it goes wrong in the same way.
    fn attempt(
        &mut self,
        executions: &mut Executions<'_>,
        turns: &[Turn],
        violation: &Violation,
    ) -> Result<Option<(Attempt, Violation)>, Stopped> {
        executions.walk.restart();
        let mut identities = Identities::default();
        let mut path = Path::new();
        let mut made: Vec<Turn> = Vec::new();
        let mut actions = Vec::new();
        let mut turns = turns.iter();
        let mut choices: &[usize] = &[];
        loop {
            self.n_steps += 1;
            let reducer = &mut executions.interpreter.reducer;
            executions.walk.steps(reducer, &mut actions)?;
            let Some(&first) = actions.first() else {
                break;
            };
            let chosen = if executions.offer(first)?.is_choice {
                // A machine that now chooses something else takes the first option.
                let (chosen, rest) = choices.split_first().unwrap_or((&0, &[]));
                choices = rest;
                let chosen = if *chosen < actions.len() { *chosen } else { 0 };
                if let Some(turn) = made.last_mut() {
                    turn.choices.push(chosen);
                }
                chosen
            } else {
                let mut enabled = Vec::with_capacity(actions.len());
                for &action in &actions {
                    let machine = executions.offer(action)?.machine;
                    enabled.push(self.identity(&mut identities, machine));
                }
                // A machine that cannot be picked now has lost its turn.
                let place_of = |turn: &Turn| enabled.iter().position(|who| *who == turn.machine);
                let Some((turn, chosen)) = turns.find_map(|turn| Some((turn, place_of(turn)?)))
                else {
                    return Ok(None);
                };
                choices = &turn.choices;
                made.push(Turn {
                    machine: turn.machine,
                    choices: Vec::new(),
                });
                chosen
            };
            let offer = executions.offer(actions[chosen])?;
            let machine = self.identity(&mut identities, offer.machine);
            self.note_creation(&mut identities, machine, offer.created);
            path.push((actions[chosen], chosen));
            executions
                .walk
                .take(&mut executions.interpreter.reducer, chosen)?;
        }
        let Some(found) = executions.ending() else {
            return Ok(None);
        };
        let is_same = found.kind == violation.kind
            && (&found.file, found.line, found.column)
                == (&violation.file, violation.line, violation.column)
            && found.machine.split('(').next() == violation.machine.split('(').next();
        let culprit = made.last().map(|turn| turn.machine);
        let attempt = Attempt {
            turns: made,
            path,
            culprit,
        };
        Ok(is_same.then_some((attempt, found)))
    }

    /// The identity of a machine; the first one of all is the main machine.
    fn identity(&mut self, identities: &mut Identities, machine: usize) -> usize {
        *identities.of.entry(machine).or_insert(0)
    }

    fn note_creation(
        &mut self,
        identities: &mut Identities,
        creator: usize,
        created: Option<usize>,
    ) {
        if let Some(created) = created {
            let nth = identities.n_created.entry(creator).or_insert(0);
            *nth += 1;
            let next = self.identities.len() + 1;
            let identity = *self.identities.entry((creator, *nth)).or_insert(next);
            identities.of.insert(created, identity);
        }
    }
}
