//! Fair cycles of small random graphs, against the definition: every set of states is tried.

use std::collections::BTreeSet;

use super::{Arc, Cycle, Graph, Stopped, fair_cycle};
use crate::interpreter::strategy::SplitMix;

/// A graph whose states with an odd kind are choices, of which those of kind 3 are fair.
struct Small {
    arcs: Vec<Vec<Arc>>,
    kinds: Vec<u64>,
    wanted: Vec<bool>,
    forbidden: BTreeSet<(u32, u32)>,
}

impl Graph for Small {
    fn arcs(&mut self, state: u32) -> Result<Vec<Arc>, Stopped> {
        Ok(self.arcs[state as usize].clone())
    }

    fn is_scheduling_point(&self, state: u32) -> bool {
        self.kinds[state as usize].is_multiple_of(2)
    }

    fn is_fair_choice(&mut self, state: u32) -> Result<bool, Stopped> {
        Ok(self.kinds[state as usize] == 3)
    }

    fn is_wanted(&self, state: u32) -> bool {
        self.wanted[state as usize]
    }

    fn is_forbidden(&mut self, state: u32, arc: &Arc) -> Result<bool, Stopped> {
        Ok(self.forbidden.contains(&(state, arc.action)))
    }
}

impl Small {
    fn random(random: &mut SplitMix) -> Small {
        let n_states = 2 + random.below(5);
        let mut small = Small {
            arcs: Vec::new(),
            kinds: (0..n_states).map(|_| random.below(4)).collect(),
            wanted: (0..n_states).map(|_| random.below(3) == 0).collect(),
            forbidden: BTreeSet::new(),
        };
        for state in 0..n_states {
            // At a scheduling point each machine has a step at most; at a choice one machine acts.
            let is_point = small.is_scheduling_point(state as u32);
            let acting = random.below(3) as u32;
            let mut arcs = Vec::new();
            for number in 0..random.below(4) as u32 {
                let arc = Arc {
                    machine: if is_point { number } else { acting },
                    target: random.below(n_states) as u32,
                    action: number,
                };
                if random.below(8) == 0 {
                    small.forbidden.insert((state as u32, number));
                }
                arcs.push(arc);
            }
            small.arcs.push(arcs);
        }
        small
    }

    /// The arcs between some states that a cycle may contain.
    fn inside(&self, states: &BTreeSet<u32>) -> Vec<(u32, Arc)> {
        let arcs = states.iter().flat_map(|&state| {
            let arcs = self.arcs[state as usize].iter();
            arcs.map(move |arc| (state, *arc))
        });
        arcs.filter(|(state, arc)| {
            states.contains(&arc.target) && !self.forbidden.contains(&(*state, arc.action))
        })
        .collect()
    }

    /// Whether a path that visits these states and takes these arcs again and again is one that is
    /// looked for.
    fn is_fair(&mut self, states: &BTreeSet<u32>, arcs: &[(u32, Arc)]) -> bool {
        if arcs.is_empty() || !states.iter().any(|&state| self.is_wanted(state)) {
            return false;
        }
        let points = states.iter().copied();
        let points: Vec<u32> = points
            .filter(|&state| self.is_scheduling_point(state))
            .collect();
        let starves = |machine: u32| {
            let waits = |&point: &u32| {
                let mut arcs = self.arcs[point as usize].iter();
                arcs.any(|arc| arc.machine == machine)
            };
            !points.is_empty()
                && points.iter().all(waits)
                && !arcs.iter().any(|(_, arc)| arc.machine == machine)
        };
        if (0..4).any(starves) {
            return false;
        }
        states.iter().all(|&state| {
            let taken = arcs.iter().filter(|(from, _)| *from == state).count();
            self.kinds[state as usize] != 3 || taken == self.arcs[state as usize].len()
        })
    }

    /// The lowest state of a set that can be visited again and again, by the definition.
    fn expected(&mut self) -> Option<u32> {
        let n_states = self.arcs.len() as u32;
        let subsets = 1..(1_u32 << n_states);
        let sets = subsets.map(|bits| -> BTreeSet<u32> {
            (0..n_states)
                .filter(|state| bits >> state & 1 == 1)
                .collect()
        });
        let fair = sets.filter(|states| {
            let arcs = self.inside(states);
            is_connected(states, &arcs) && self.is_fair(states, &arcs)
        });
        fair.filter_map(|states| states.first().copied()).min()
    }
}

/// Whether every state can be reached from every other one.
fn is_connected(states: &BTreeSet<u32>, arcs: &[(u32, Arc)]) -> bool {
    states.iter().all(|&start| {
        let mut reached = BTreeSet::from([start]);
        loop {
            let n_reached = reached.len();
            for (from, arc) in arcs {
                if reached.contains(from) {
                    reached.insert(arc.target);
                }
            }
            if reached.len() == n_reached {
                return reached == *states;
            }
        }
    })
}

#[test]
fn fair_cycles_are_those_of_the_definition() {
    let mut random = SplitMix(7);
    let mut n_found = 0;
    for _ in 0..20_000 {
        let mut small = Small::random(&mut random);
        let all = (0..small.arcs.len() as u32).collect();
        let found: Option<Cycle> = fair_cycle(&mut small, all).expect("nothing stops it");
        let expected = small.expected();
        assert_eq!(
            found.as_ref().map(|cycle| cycle.start),
            expected,
            "{:?} {:?} {:?} {:?}",
            small.arcs,
            small.kinds,
            small.wanted,
            small.forbidden
        );
        let Some(cycle) = found else {
            continue;
        };
        n_found += 1;
        // The cycle is a cycle, and fair by itself.
        let mut state = cycle.start;
        let mut states = BTreeSet::new();
        let mut arcs = Vec::new();
        for arc in &cycle.arcs {
            assert!(small.arcs[state as usize].contains(arc));
            assert!(!small.forbidden.contains(&(state, arc.action)));
            states.insert(state);
            if !arcs.contains(&(state, *arc)) {
                arcs.push((state, *arc));
            }
            state = arc.target;
        }
        assert_eq!(state, cycle.start);
        assert!(small.is_fair(&states, &arcs), "{:?}", cycle.arcs);
    }
    assert!(n_found > 2_000, "only {n_found} graphs have a fair cycle");
}
