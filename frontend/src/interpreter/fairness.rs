//! Fair cycles: does a graph have an infinite path that the scheduler and the fair choices allow?
//!
//! The one idea: whatever an infinite path visits again and again lies in one strongly connected
//! component. So components are taken and made smaller until one is left in which a path that visits
//! all of it is fair, or nothing is. A path is fair if
//!
//! - every machine that could be picked at each of its scheduling points from some point on is picked
//!   again and again (weak fairness), and
//! - a state with a fair choice that it visits again and again is left in each way again and again.
//!
//! A machine that is about to run while another one chooses could not have been picked there, so only
//! scheduling points count. Every other choice may always go the same way.
//!
//! The graph may be a product: several of its nodes stand for one state of the system, each with the
//! steps that something else allows there. What could be picked, and which ways a choice has, is a
//! matter of the state.
//!
//! Source: Tarjan, "Depth-first search and linear graph algorithms", 1972; Emerson and Lei,
//! "Modalities for model checking", 1987, for components that shrink.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A step of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    /// Who acts.
    pub(super) machine: u32,
    /// The node it leads to.
    pub(super) target: u32,
    /// Which of the steps of its state it is.
    pub(super) way: u32,
    /// Which action it is; of no concern here.
    pub(super) action: u32,
}

/// A part of a graph, as far as it is known.
pub(super) trait Graph {
    /// The steps from a node.
    fn arcs(&mut self, node: u32) -> Result<Vec<Arc>, Stopped>;
    /// The state of the system that a node stands for.
    fn state(&self, node: u32) -> u32;
    /// Whether anyone may be picked in a state.
    fn is_scheduling_point(&self, state: u32) -> bool;
    /// The machines that may act in a state.
    fn enabled(&mut self, state: u32) -> Result<BTreeSet<u32>, Stopped>;
    /// The number of steps from a state that is left by a fair choice; none if it is not.
    fn fair_ways(&mut self, state: u32) -> Result<Option<u32>, Stopped>;
    /// How many goals a cycle has.
    fn n_goals(&self) -> usize;
    /// Whether a cycle must visit this node, or another one for which this is true.
    fn is_wanted(&self, node: u32, goal: usize) -> bool;
    /// Whether no cycle may contain the step.
    fn is_forbidden(&mut self, node: u32, arc: &Arc) -> Result<bool, Stopped>;
}

/// The graph could not be looked at.
pub(super) type Stopped = rewriter::reduction::Interrupted;

/// A cycle: where it begins, and its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cycle {
    pub(super) start: u32,
    pub(super) arcs: Vec<Arc>,
}

/// Steps inside a component, by the state they start from.
type Inside = BTreeMap<u32, Vec<Arc>>;

/// A fair cycle within a set of nodes: one that begins at the node with the lowest number for
/// which there is one. `within` is in ascending order.
pub(super) fn fair_cycle(
    graph: &mut dyn Graph,
    within: Vec<u32>,
) -> Result<Option<Cycle>, Stopped> {
    // Parts of the graph in which there may be a fair cycle, each with the steps that are left.
    let mut open = vec![within];
    let mut best: Option<Cycle> = None;
    let mut forbidden: BTreeSet<(u32, u32, u32)> = BTreeSet::new();
    while let Some(states) = open.pop() {
        for component in components(graph, &states, &forbidden)? {
            let first = component.keys().next().copied();
            if best.as_ref().is_some_and(|best| Some(best.start) <= first) {
                continue;
            }
            match judge(graph, &component)? {
                Judged::Fair => {
                    let cycle = cycle(graph, &component)?;
                    let n_forbidden = forbidden.len();
                    let mut state = cycle.start;
                    for arc in &cycle.arcs {
                        if graph.is_forbidden(state, arc)? {
                            forbidden.insert((state, arc.target, arc.action));
                        }
                        state = arc.target;
                    }
                    if forbidden.len() > n_forbidden {
                        open.push(component.keys().copied().collect());
                    } else {
                        best = Some(cycle);
                    }
                }
                Judged::Smaller(states) => open.push(states),
                Judged::Nothing => {}
            }
        }
    }
    Ok(best)
}

enum Judged {
    Fair,
    /// Only among these states there may be a fair cycle.
    Smaller(Vec<u32>),
    Nothing,
}

fn judge(graph: &mut dyn Graph, component: &Inside) -> Result<Judged, Stopped> {
    let is_reached = |goal| component.keys().any(|&node| graph.is_wanted(node, goal));
    if !(0..graph.n_goals()).all(is_reached) {
        return Ok(Judged::Nothing);
    }
    if !unpicked(graph, component)?.is_empty() {
        // A cycle without scheduling points leaves the scheduler nothing to decide.
        let choosing = component.keys().copied();
        let choosing: Vec<u32> = choosing
            .filter(|&node| !graph.is_scheduling_point(graph.state(node)))
            .collect();
        return Ok(if choosing.is_empty() {
            Judged::Nothing
        } else {
            Judged::Smaller(choosing)
        });
    }
    let mut ways: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (&node, arcs) in component {
        let taken = ways.entry(graph.state(node)).or_default();
        taken.extend(arcs.iter().map(|arc| arc.way));
    }
    let mut one_sided = BTreeSet::new();
    for (state, taken) in ways {
        let n_ways = graph.fair_ways(state)?;
        if n_ways.is_some_and(|n_ways| (taken.len() as u32) < n_ways) {
            one_sided.insert(state);
        }
    }
    if !one_sided.is_empty() {
        let nodes = component.keys().copied();
        return Ok(Judged::Smaller(
            nodes
                .filter(|&node| !one_sided.contains(&graph.state(node)))
                .collect(),
        ));
    }
    Ok(Judged::Fair)
}

/// The machines that can be picked at each scheduling point of a component and never are.
fn unpicked(graph: &mut dyn Graph, component: &Inside) -> Result<BTreeSet<u32>, Stopped> {
    let mut waiting: Option<BTreeSet<u32>> = None;
    for &node in component.keys() {
        let state = graph.state(node);
        if graph.is_scheduling_point(state) {
            let here = graph.enabled(state)?;
            waiting = Some(match waiting {
                None => here,
                Some(waiting) => waiting.intersection(&here).copied().collect(),
            });
        }
    }
    let mut waiting = waiting.unwrap_or_default();
    for arc in component.values().flatten() {
        waiting.remove(&arc.machine);
    }
    Ok(waiting)
}

/// The strongly connected components with a cycle among some states, the one with the lowest state
/// first.
fn components(
    graph: &mut dyn Graph,
    states: &[u32],
    forbidden: &BTreeSet<(u32, u32, u32)>,
) -> Result<Vec<Inside>, Stopped> {
    let place_of = |state: u32| states.binary_search(&state).ok();
    let mut finder = Tarjan::new(states.len());
    let mut arcs_of: Vec<Vec<Arc>> = Vec::with_capacity(states.len());
    for &state in states {
        let mut arcs = graph.arcs(state)?;
        arcs.retain(|arc| {
            place_of(arc.target).is_some() && !forbidden.contains(&(state, arc.target, arc.action))
        });
        arcs_of.push(arcs);
    }
    for root in 0..states.len() {
        finder.visit(root, &|place, index| {
            let arc = arcs_of[place].get(index)?;
            place_of(arc.target)
        });
    }
    let mut found: BTreeMap<usize, Inside> = BTreeMap::new();
    for (place, arcs) in arcs_of.into_iter().enumerate() {
        let number = finder.component[place];
        let stays = |arc: &Arc| {
            place_of(arc.target).is_some_and(|target| finder.component[target] == number)
        };
        let inside: Vec<Arc> = arcs.into_iter().filter(stays).collect();
        if !inside.is_empty() {
            found
                .entry(number)
                .or_default()
                .insert(states[place], inside);
        }
    }
    let mut components: Vec<Inside> = found.into_values().collect();
    components.sort_by_key(|component| component.keys().next().copied());
    Ok(components)
}

/// Tarjan's algorithm, with the path it is on as data.
struct Tarjan {
    index: Vec<usize>,
    low: Vec<usize>,
    component: Vec<usize>,
    stack: Vec<usize>,
    n_visited: usize,
    n_components: usize,
}

const UNSEEN: usize = usize::MAX;

impl Tarjan {
    fn new(n_states: usize) -> Tarjan {
        Tarjan {
            index: vec![UNSEEN; n_states],
            low: vec![0; n_states],
            component: vec![UNSEEN; n_states],
            stack: Vec::new(),
            n_visited: 0,
            n_components: 0,
        }
    }

    /// Visits what can be reached from a place; `successor` gives the n-th one of a place.
    fn visit(&mut self, root: usize, successor: &dyn Fn(usize, usize) -> Option<usize>) {
        if self.index[root] != UNSEEN {
            return;
        }
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((place, next)) = path.last_mut() {
            let place = *place;
            match successor(place, *next) {
                Some(target) => {
                    *next += 1;
                    if self.index[target] == UNSEEN {
                        self.enter(target);
                        path.push((target, 0));
                    } else if self.component[target] == UNSEEN {
                        self.low[place] = self.low[place].min(self.index[target]);
                    }
                }
                None => {
                    path.pop();
                    if let Some((parent, _)) = path.last() {
                        self.low[*parent] = self.low[*parent].min(self.low[place]);
                    }
                    if self.low[place] == self.index[place] {
                        self.close(place);
                    }
                }
            }
        }
    }

    fn enter(&mut self, place: usize) {
        self.index[place] = self.n_visited;
        self.low[place] = self.n_visited;
        self.n_visited += 1;
        self.stack.push(place);
    }

    fn close(&mut self, root: usize) {
        while let Some(place) = self.stack.pop() {
            self.component[place] = self.n_components;
            if place == root {
                break;
            }
        }
        self.n_components += 1;
    }
}

/// A cycle through a fair component that is fair itself, with what has to be in it visited greedily,
/// the nearest first.
fn cycle(graph: &mut dyn Graph, component: &Inside) -> Result<Cycle, Stopped> {
    let Some(&start) = component.keys().next() else {
        unreachable!("a component has states");
    };
    let mut wanted = Wanted::new(graph, component)?;
    let mut arcs = Vec::new();
    let mut state = start;
    wanted.visit(graph, state)?;
    while !wanted.is_empty() || state != start || arcs.is_empty() {
        // On the way back to the start there may be more that is wanted.
        let is_done = wanted.is_empty();
        let fits = |from: u32, arc: &Arc| match is_done {
            true => arc.target == start,
            false => wanted.fits(graph, from, arc),
        };
        for arc in way(component, state, &fits) {
            wanted.pass(graph, state, &arc);
            state = arc.target;
            wanted.visit(graph, state)?;
            arcs.push(arc);
        }
    }
    Ok(Cycle { start, arcs })
}

/// What a cycle still has to contain.
struct Wanted {
    /// For each goal that was not reached, the nodes that reach it.
    goals: Vec<BTreeSet<u32>>,
    /// Machines that have to act, or else a node that is a scheduling point at which they cannot.
    machines: BTreeMap<u32, BTreeSet<u32>>,
    /// Ways of fair choices, by their states.
    choices: BTreeSet<(u32, u32)>,
    seen: BTreeSet<u32>,
}

impl Wanted {
    fn new(graph: &mut dyn Graph, component: &Inside) -> Result<Wanted, Stopped> {
        let nodes = component.keys().copied();
        let mut enabled: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for node in nodes.clone() {
            let state = graph.state(node);
            if graph.is_scheduling_point(state) {
                enabled.insert(node, graph.enabled(state)?);
            }
        }
        let all: BTreeSet<u32> = enabled.values().flatten().copied().collect();
        let without = |machine: &u32| -> BTreeSet<u32> {
            let nodes = enabled.iter();
            let nodes = nodes.filter(|(_, here)| !here.contains(machine));
            nodes.map(|(node, _)| *node).collect()
        };
        let reaching = |goal| {
            let nodes = nodes.clone();
            nodes.filter(|&node| graph.is_wanted(node, goal)).collect()
        };
        Ok(Wanted {
            goals: (0..graph.n_goals()).map(reaching).collect(),
            machines: all
                .iter()
                .map(|machine| (*machine, without(machine)))
                .collect(),
            choices: BTreeSet::new(),
            seen: BTreeSet::new(),
        })
    }

    fn is_empty(&self) -> bool {
        self.goals.is_empty() && self.machines.is_empty() && self.choices.is_empty()
    }

    /// Whether a step brings something that is wanted.
    fn fits(&self, graph: &dyn Graph, from: u32, arc: &Arc) -> bool {
        self.goals.iter().any(|nodes| nodes.contains(&arc.target))
            || self.machines.contains_key(&arc.machine)
            || self
                .machines
                .values()
                .any(|without| without.contains(&arc.target))
            || self.choices.contains(&(graph.state(from), arc.way))
    }

    fn pass(&mut self, graph: &dyn Graph, from: u32, arc: &Arc) {
        self.machines.remove(&arc.machine);
        self.choices.remove(&(graph.state(from), arc.way));
    }

    fn visit(&mut self, graph: &mut dyn Graph, node: u32) -> Result<(), Stopped> {
        self.goals.retain(|nodes| !nodes.contains(&node));
        self.machines.retain(|_, without| !without.contains(&node));
        let state = graph.state(node);
        if self.seen.insert(state)
            && let Some(n_ways) = graph.fair_ways(state)?
        {
            self.choices.extend((0..n_ways).map(|way| (state, way)));
        }
        Ok(())
    }
}

/// The shortest way from a state whose last step is a fitting one; there must be one.
fn way(component: &Inside, from: u32, fits: &dyn Fn(u32, &Arc) -> bool) -> Vec<Arc> {
    let mut reached: BTreeMap<u32, (u32, Arc)> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(state) = queue.pop_front() {
        for arc in component.get(&state).into_iter().flatten() {
            if fits(state, arc) {
                let mut way = vec![*arc];
                let mut at = state;
                while at != from {
                    let (before, arc) = reached[&at];
                    way.push(arc);
                    at = before;
                }
                way.reverse();
                return way;
            }
            if arc.target != from && !reached.contains_key(&arc.target) {
                reached.insert(arc.target, (state, *arc));
                queue.push_back(arc.target);
            }
        }
    }
    unreachable!("a component is strongly connected")
}

#[cfg(test)]
mod tests;
