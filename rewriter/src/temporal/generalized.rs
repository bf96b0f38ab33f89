//! The generalized Büchi automaton of a formula: a path must meet every obligation again and again.
//!
//! The one idea: its states are conjunctions of states of the alternating automaton. States that
//! go on in the same way are one; what cannot be part of an accepted path goes, and so do
//! obligations that are met whenever another one is.
//!
//! Source: Gastin, Oddoux, "Fast LTL to Büchi automata translation" (CAV 2001), section 4;
//! Somenzi, Bloem, "Efficient Büchi automata from LTL formulae" (CAV 2000).

use std::collections::BTreeMap;

use super::alternating::{Alternating, Conjunctions};
use super::diagram::{Diagram, Diagrams};
use super::numbers::{NumberSet, Table};

/// For each state that can be next, and each set of obligations that is met on the way, the
/// valuations.
pub(super) type FairMoves = BTreeMap<(u32, u32), Diagram>;

/// A generalized Büchi automaton.
#[derive(Debug)]
pub(super) struct Generalized {
    pub(super) initial: NumberSet,
    /// For each state the number of its moves; none if nothing leads to it in the end.
    states: Vec<Option<u32>>,
    moves: Table<FairMoves>,
    met: Table<NumberSet>,
    pub(super) n_obligations: u32,
}

/// What becomes of a component of the graph of states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// No accepted path goes through it.
    Dead,
    /// Accepted paths leave it.
    Unfair,
    /// Accepted paths can stay in it.
    Fair,
}

struct Component {
    fate: Fate,
    /// Obligations that are met in it whenever some other is.
    redundant: NumberSet,
}

/// How two moves are compared when one makes another needless.
type IsImplied<'a> = &'a dyn Fn((u32, u32), (u32, u32)) -> bool;

/// Adds a move, and takes out what is made needless: `is_implied(a, b)` says that `a` is if `b` is
/// possible.
fn add(
    all: &mut FairMoves,
    diagrams: &mut Diagrams,
    key: (u32, u32),
    valuations: Diagram,
    is_implied: IsImplied<'_>,
) {
    let mut valuations = valuations;
    let mut needless = Vec::new();
    for (&known, theirs) in all.iter_mut() {
        if known == key {
            continue;
        }
        if is_implied(known, key) {
            *theirs = diagrams.without(*theirs, valuations);
            if *theirs == Diagram::FALSE {
                needless.push(known);
            }
        } else if is_implied(key, known) {
            valuations = diagrams.without(valuations, *theirs);
            if valuations == Diagram::FALSE {
                break;
            }
        }
    }
    for known in needless {
        all.remove(&known);
    }
    if valuations != Diagram::FALSE {
        let present = all.entry(key).or_insert(Diagram::FALSE);
        *present = diagrams.or(*present, valuations);
    }
}

impl Generalized {
    /// The automaton, simplified.
    pub(super) fn new(alternating: &Alternating, diagrams: &mut Diagrams) -> Generalized {
        let mut automaton = Generalized::made(alternating, diagrams);
        automaton.join_states(diagrams);
        automaton.leave_out(diagrams);
        automaton.join_states(diagrams);
        automaton
    }

    pub(super) fn n_states(&self) -> usize {
        self.states.len()
    }

    /// The ways on from a state, each with the obligations that are met.
    pub(super) fn moves(&self, state: u32) -> impl Iterator<Item = (u32, &NumberSet, Diagram)> {
        (self.fair_moves(state).iter())
            .map(|(&(target, met), &valuations)| (target, self.met.get(met), valuations))
    }

    fn fair_moves(&self, state: u32) -> &FairMoves {
        match self.states[state as usize] {
            Some(number) => self.moves.get(number),
            None => unreachable!("states that are left are explored"),
        }
    }

    fn made(alternating: &Alternating, diagrams: &mut Diagrams) -> Generalized {
        let n_obligations = alternating.finals.len() as u32;
        let mut construction = Construction {
            alternating,
            everything: NumberSet::below(n_obligations),
            conjunctions: Table::new(),
            states: Vec::new(),
            moves: Table::new(),
            met: Table::new(),
        };
        let mut initial = NumberSet::default();
        for conjunction in alternating.initial.keys() {
            let state = construction.state(conjunction.clone());
            initial.insert(state);
            construction.explore(state, diagrams);
        }
        Generalized {
            initial,
            states: construction.states,
            moves: construction.moves,
            met: construction.met,
            n_obligations,
        }
    }

    /// Makes one state of all that go on in the same way, until there are no such states.
    fn join_states(&mut self, diagrams: &mut Diagrams) {
        while self.moves.len() < self.states.len() {
            let mut moves = Table::new();
            let states = (self.moves.iter())
                .map(|old| {
                    let mut new = FairMoves::new();
                    for (&(target, met), &valuations) in old {
                        if let Some(target) = self.states[target as usize] {
                            self.add_met(&self.met, &mut new, diagrams, (target, met), valuations);
                        }
                    }
                    Some(moves.number(new))
                })
                .collect();
            self.initial = self.initial.mapped(&self.states);
            self.states = states;
            self.moves = moves;
        }
    }

    /// Adds a move that another one to the same state makes needless if it meets more.
    fn add_met(
        &self,
        met: &Table<NumberSet>,
        all: &mut FairMoves,
        diagrams: &mut Diagrams,
        key: (u32, u32),
        valuations: Diagram,
    ) {
        let is_implied = |(target, less): (u32, u32), (other, more): (u32, u32)| {
            target == other && met.get(more).contains_all(met.get(less))
        };
        add(all, diagrams, key, valuations, &is_implied);
    }

    /// Leaves out states that no accepted path goes through, and obligations that are met anyway.
    fn leave_out(&mut self, diagrams: &mut Diagrams) {
        let (component_of, n_components) = self.components();
        let mut components: Vec<Component> = Vec::with_capacity(n_components as usize);
        let mut essential = NumberSet::default();
        for number in 0..n_components {
            let component = self.component(number, &component_of, &components);
            if component.fate == Fate::Fair {
                let mut used = NumberSet::below(self.n_obligations);
                used.remove_all(&component.redundant);
                essential.insert_all(&used);
            }
            components.push(component);
        }
        let mut n_live = 0;
        let state_map: Vec<Option<u32>> = (component_of.iter())
            .map(|&component| {
                let is_live = components[component as usize].fate != Fate::Dead;
                n_live += u32::from(is_live);
                is_live.then(|| n_live - 1)
            })
            .collect();
        let mut n_essential = 0;
        let obligation_map: Vec<Option<u32>> = (0..self.n_obligations)
            .map(|obligation| {
                let is_essential = essential.contains(obligation);
                n_essential += u32::from(is_essential);
                is_essential.then(|| n_essential - 1)
            })
            .collect();
        let (mut states, mut moves, mut met) = (Vec::new(), Table::new(), Table::new());
        for (state, &component) in (0..).zip(&component_of) {
            let Component { fate, redundant } = &components[component as usize];
            if *fate == Fate::Dead {
                continue;
            }
            let mut new = FairMoves::new();
            for (&(target, old), &valuations) in self.fair_moves(state) {
                let Some(to) = state_map[target as usize] else {
                    continue;
                };
                let stays = *fate == Fate::Fair && component_of[target as usize] == component;
                let now = if stays {
                    let mut now = self.met.get(old).clone();
                    now.insert_all(redundant);
                    now.mapped(&obligation_map)
                } else {
                    NumberSet::default()
                };
                let key = (to, met.number(now));
                self.add_met(&met, &mut new, diagrams, key, valuations);
            }
            states.push(Some(moves.number(new)));
        }
        self.initial = self.initial.mapped(&state_map);
        self.states = states;
        self.moves = moves;
        self.met = met;
        self.n_obligations = n_essential;
    }

    /// The strongly connected component of each state; each is numbered after those that it
    /// leads to.
    ///
    /// Source: Tarjan, "Depth-first search and linear graph algorithms" (SIAM J. Comput. 1972).
    fn components(&self) -> (Vec<u32>, u32) {
        const DONE: u32 = u32::MAX;
        let targets = |state: u32| -> Vec<u32> {
            let moves = self.fair_moves(state);
            moves.keys().map(|&(target, _)| target).collect()
        };
        let mut order = vec![0u32; self.states.len()];
        let mut component_of = vec![0u32; self.states.len()];
        let (mut n_visited, mut n_components) = (0, 0);
        let mut live = Vec::new();
        for start in self.initial.iter() {
            let mut path: Vec<(u32, u32, std::vec::IntoIter<u32>)> = Vec::new();
            let mut entering = Some(start).filter(|&start| order[start as usize] == 0);
            loop {
                if let Some(state) = entering.take() {
                    n_visited += 1;
                    order[state as usize] = n_visited;
                    live.push(state);
                    path.push((state, n_visited, targets(state).into_iter()));
                }
                let Some((state, low, rest)) = path.last_mut() else {
                    break;
                };
                if let Some(target) = rest.next() {
                    match order[target as usize] {
                        0 => entering = Some(target),
                        seen => *low = (*low).min(seen),
                    }
                    continue;
                }
                let (state, low) = (*state, *low);
                path.pop();
                if order[state as usize] == low {
                    while let Some(member) = live.pop() {
                        order[member as usize] = DONE;
                        component_of[member as usize] = n_components;
                        if member == state {
                            break;
                        }
                    }
                    n_components += 1;
                }
                if let Some((_, above, _)) = path.last_mut() {
                    *above = (*above).min(low);
                }
            }
        }
        (component_of, n_components)
    }

    /// What becomes of a component; those that it leads to are known.
    fn component(&self, number: u32, component_of: &[u32], known: &[Component]) -> Component {
        let everything = NumberSet::below(self.n_obligations);
        // What is met whenever the obligation is.
        let mut implied = vec![everything.clone(); self.n_obligations as usize];
        let mut met_inside = NumberSet::default();
        let (mut leads_on, mut has_inside) = (false, false);
        for (state, _) in (0..).zip(component_of).filter(|&(_, &of)| of == number) {
            for (target, met, _) in self.moves(state) {
                let to = component_of[target as usize];
                if to != number {
                    leads_on |= known[to as usize].fate != Fate::Dead;
                    continue;
                }
                has_inside = true;
                met_inside.insert_all(met);
                for obligation in met.iter() {
                    implied[obligation as usize].intersect(met);
                }
            }
        }
        let mut redundant = NumberSet::default();
        let fate = match has_inside && met_inside == everything {
            true => Fate::Fair,
            false if leads_on => Fate::Unfair,
            false => Fate::Dead,
        };
        if fate == Fate::Fair {
            for (obligation, implied) in (0..).zip(&mut implied) {
                if !redundant.contains(obligation) {
                    implied.remove(obligation);
                    redundant.insert_all(implied);
                }
            }
        }
        Component { fate, redundant }
    }
}

/// The automaton while its states are found.
struct Construction<'a> {
    alternating: &'a Alternating,
    everything: NumberSet,
    conjunctions: Table<NumberSet>,
    /// The moves of each state that was explored.
    states: Vec<Option<u32>>,
    moves: Table<FairMoves>,
    met: Table<NumberSet>,
}

impl Construction<'_> {
    fn state(&mut self, conjunction: NumberSet) -> u32 {
        let state = self.conjunctions.number(conjunction);
        if state as usize == self.states.len() {
            self.states.push(None);
        }
        state
    }

    /// Finds the moves of a state and of all that it leads to, depth first.
    fn explore(&mut self, state: u32, diagrams: &mut Diagrams) {
        let mut path = vec![vec![state].into_iter()];
        while let Some(rest) = path.last_mut() {
            let Some(state) = rest.next() else {
                path.pop();
                continue;
            };
            if self.states[state as usize].is_none() {
                let moves = self.moves_of(state, diagrams);
                let targets: Vec<u32> = moves.keys().map(|&(target, _)| target).collect();
                self.states[state as usize] = Some(self.moves.number(moves));
                path.push(targets.into_iter());
            }
        }
    }

    fn moves_of(&mut self, state: u32, diagrams: &mut Diagrams) -> FairMoves {
        let conjunction = self.conjunctions.get(state).clone();
        let mut all = FairMoves::new();
        if conjunction.is_empty() {
            // Nothing is left to do: whatever comes is accepted.
            let met = self.met.number(self.everything.clone());
            all.insert((state, met), Diagram::TRUE);
            return all;
        }
        // Nothing is left out before it is known what is met: of two ways on, the one with more to
        // do may meet more.
        let mut ways: Vec<(NumberSet, Diagram)> = vec![(NumberSet::default(), Diagram::TRUE)];
        for component in conjunction.iter() {
            ways = both(
                &ways,
                &self.alternating.states[component as usize],
                diagrams,
            );
        }
        for (states, valuations) in ways {
            let met = self.alternating.met(diagrams, &states, valuations);
            let key = (self.state(states), self.met.number(met));
            let (conjunctions, met) = (&self.conjunctions, &self.met);
            let is_implied = |(target, less): (u32, u32), (other, more): (u32, u32)| {
                conjunctions
                    .get(target)
                    .contains_all(conjunctions.get(other))
                    && met.get(more).contains_all(met.get(less))
            };
            add(&mut all, diagrams, key, valuations, &is_implied);
        }
        all
    }
}

/// Both one of the ways and one of the conjunctions, in the order of what they lead to.
fn both(
    ways: &[(NumberSet, Diagram)],
    more: &Conjunctions,
    diagrams: &mut Diagrams,
) -> Vec<(NumberSet, Diagram)> {
    let mut all = Vec::new();
    for (first, here) in ways {
        for (second, &there) in more {
            let valuations = diagrams.and(*here, there);
            if valuations != Diagram::FALSE {
                let mut states = first.clone();
                states.insert_all(second);
                all.push((states, valuations));
            }
        }
    }
    all.sort();
    all.dedup();
    all
}
