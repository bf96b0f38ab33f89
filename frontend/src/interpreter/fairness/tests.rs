//! Fair cycles of small random graphs, against the definition: every set of nodes is tried.

use std::collections::BTreeSet;

use super::{Arc, Cycle, Graph, Stopped, fair_cycle};
use crate::interpreter::strategy::SplitMix;

/// A graph each of whose nodes stands for a state of a system. States with an odd kind are choices,
/// of which those of kind 3 are fair.
struct Small {
    /// For each state who acts in its steps, and where they lead.
    steps: Vec<Vec<(u32, u32)>>,
    kinds: Vec<u64>,
    /// The state of each node.
    states: Vec<u32>,
    arcs: Vec<Vec<Arc>>,
    /// For each goal the nodes that reach it.
    goals: Vec<Vec<bool>>,
    forbidden: BTreeSet<(u32, u32)>,
}

impl Graph for Small {
    fn arcs(&mut self, node: u32) -> Result<Vec<Arc>, Stopped> {
        Ok(self.arcs[node as usize].clone())
    }

    fn state(&self, node: u32) -> u32 {
        self.states[node as usize]
    }

    fn is_scheduling_point(&self, state: u32) -> bool {
        self.kinds[state as usize].is_multiple_of(2)
    }

    fn enabled(&mut self, state: u32) -> Result<BTreeSet<u32>, Stopped> {
        let steps = self.steps[state as usize].iter();
        Ok(steps.map(|&(machine, _)| machine).collect())
    }

    fn fair_ways(&mut self, state: u32) -> Result<Option<u32>, Stopped> {
        let n_ways = self.steps[state as usize].len() as u32;
        Ok((self.kinds[state as usize] == 3).then_some(n_ways))
    }

    fn n_goals(&self) -> usize {
        self.goals.len()
    }

    fn is_wanted(&self, node: u32, goal: usize) -> bool {
        self.goals[goal][node as usize]
    }

    fn is_forbidden(&mut self, node: u32, arc: &Arc) -> Result<bool, Stopped> {
        Ok(self.forbidden.contains(&(node, arc.action)))
    }
}

impl Small {
    /// A system by itself, or a product in which some steps of a state are missing at some nodes.
    fn random(random: &mut SplitMix, is_product: bool) -> Small {
        let n_nodes = 2 + random.below(5);
        let n_states = if is_product {
            1 + random.below(3)
        } else {
            n_nodes
        };
        let kinds: Vec<u64> = (0..n_states).map(|_| random.below(4)).collect();
        let mut steps = Vec::new();
        for kind in &kinds {
            // At a scheduling point each machine has a step at most; at a choice one machine acts.
            let acting = random.below(3) as u32;
            let steps_here = (0..random.below(4) as u32).map(|number| {
                let machine = if kind % 2 == 0 { number } else { acting };
                (machine, random.below(n_states) as u32)
            });
            steps.push(steps_here.collect());
        }
        let state_of = |node: u64, random: &mut SplitMix| match is_product {
            true => random.below(n_states) as u32,
            false => node as u32,
        };
        let states = (0..n_nodes).map(|node| state_of(node, random)).collect();
        let n_goals = if is_product { random.below(3) } else { 1 };
        let mut small = Small {
            steps,
            kinds,
            states,
            arcs: vec![Vec::new(); n_nodes as usize],
            goals: (0..n_goals)
                .map(|_| (0..n_nodes).map(|_| random.below(3) == 0).collect())
                .collect(),
            forbidden: BTreeSet::new(),
        };
        for node in 0..n_nodes as u32 {
            let mut action = 0;
            let steps_here = small.steps[small.state(node) as usize].clone();
            for (way, (machine, state)) in steps_here.into_iter().enumerate() {
                for target in 0..n_nodes as u32 {
                    if small.state(target) != state || (is_product && random.below(3) == 0) {
                        continue;
                    }
                    small.arcs[node as usize].push(Arc {
                        machine,
                        target,
                        way: way as u32,
                        action,
                    });
                    if random.below(8) == 0 {
                        small.forbidden.insert((node, action));
                    }
                    action += 1;
                }
            }
        }
        small
    }

    /// The arcs between some nodes that a cycle may contain.
    fn inside(&self, nodes: &BTreeSet<u32>) -> Vec<(u32, Arc)> {
        let arcs = nodes.iter().flat_map(|&node| {
            let arcs = self.arcs[node as usize].iter();
            arcs.map(move |arc| (node, *arc))
        });
        arcs.filter(|(node, arc)| {
            nodes.contains(&arc.target) && !self.forbidden.contains(&(*node, arc.action))
        })
        .collect()
    }

    /// Whether a path that visits these nodes and takes these arcs again and again is one that is
    /// looked for.
    fn is_fair(&self, nodes: &BTreeSet<u32>, arcs: &[(u32, Arc)]) -> bool {
        let reaches = |goal: &Vec<bool>| nodes.iter().any(|&node| goal[node as usize]);
        if arcs.is_empty() || !self.goals.iter().all(reaches) {
            return false;
        }
        let states: BTreeSet<u32> = nodes.iter().map(|&node| self.state(node)).collect();
        let points = states.iter().copied();
        let points: Vec<u32> = points
            .filter(|&state| self.is_scheduling_point(state))
            .collect();
        let starves = |machine: u32| {
            let waits = |&point: &u32| {
                let mut steps = self.steps[point as usize].iter();
                steps.any(|&(acting, _)| acting == machine)
            };
            !points.is_empty()
                && points.iter().all(waits)
                && !arcs.iter().any(|(_, arc)| arc.machine == machine)
        };
        if (0..4).any(starves) {
            return false;
        }
        states.iter().all(|&state| {
            let taken = arcs.iter().filter(|(from, _)| self.state(*from) == state);
            let ways: BTreeSet<u32> = taken.map(|(_, arc)| arc.way).collect();
            self.kinds[state as usize] != 3 || ways.len() == self.steps[state as usize].len()
        })
    }

    /// The lowest node of a set that can be visited again and again, by the definition.
    fn expected(&self) -> Option<u32> {
        let n_nodes = self.arcs.len() as u32;
        let subsets = 1..(1_u32 << n_nodes);
        let sets = subsets.map(|bits| -> BTreeSet<u32> {
            (0..n_nodes).filter(|node| bits >> node & 1 == 1).collect()
        });
        let fair = sets.filter(|nodes| {
            let arcs = self.inside(nodes);
            is_connected(nodes, &arcs) && self.is_fair(nodes, &arcs)
        });
        fair.filter_map(|nodes| nodes.first().copied()).min()
    }
}

/// Whether every node can be reached from every other one.
fn is_connected(nodes: &BTreeSet<u32>, arcs: &[(u32, Arc)]) -> bool {
    nodes.iter().all(|&start| {
        let mut reached = BTreeSet::from([start]);
        loop {
            let n_reached = reached.len();
            for (from, arc) in arcs {
                if reached.contains(from) {
                    reached.insert(arc.target);
                }
            }
            if reached.len() == n_reached {
                return reached == *nodes;
            }
        }
    })
}

fn check(is_product: bool, n_graphs: usize) {
    let mut random = SplitMix(7);
    let mut n_found = 0;
    for _ in 0..n_graphs {
        let mut small = Small::random(&mut random, is_product);
        let all = (0..small.arcs.len() as u32).collect();
        let found: Option<Cycle> = fair_cycle(&mut small, all).expect("nothing stops it");
        let expected = small.expected();
        assert_eq!(
            found.as_ref().map(|cycle| cycle.start),
            expected,
            "{:?} {:?} {:?} {:?} {:?}",
            small.arcs,
            small.states,
            small.kinds,
            small.goals,
            small.forbidden
        );
        let Some(cycle) = found else {
            continue;
        };
        n_found += 1;
        // The cycle is a cycle, and fair by itself.
        let mut node = cycle.start;
        let mut nodes = BTreeSet::new();
        let mut arcs = Vec::new();
        for arc in &cycle.arcs {
            assert!(small.arcs[node as usize].contains(arc));
            assert!(!small.forbidden.contains(&(node, arc.action)));
            nodes.insert(node);
            if !arcs.contains(&(node, *arc)) {
                arcs.push((node, *arc));
            }
            node = arc.target;
        }
        assert_eq!(node, cycle.start);
        assert!(small.is_fair(&nodes, &arcs), "{:?}", cycle.arcs);
    }
    assert!(
        n_found > n_graphs / 10,
        "only {n_found} graphs have a fair cycle"
    );
}

#[test]
fn fair_cycles_are_those_of_the_definition() {
    check(false, 20_000);
}

#[test]
fn fair_cycles_of_products_are_those_of_the_definition() {
    check(true, 20_000);
}
