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
//! Source: Tarjan, "Depth-first search and linear graph algorithms", 1972; Emerson and Lei,
//! "Modalities for model checking", 1987, for components that shrink.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A step of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    /// Who acts.
    pub(super) machine: u32,
    /// The state it leads to.
    pub(super) target: u32,
    /// Which action it is; of no concern here.
    pub(super) action: u32,
}

/// A part of a graph, as far as it is known.
pub(super) trait Graph {
    /// The steps from a state.
    fn arcs(&mut self, state: u32) -> Result<Vec<Arc>, Stopped>;
    /// Whether anyone may be picked in a state.
    fn is_scheduling_point(&self, state: u32) -> bool;
    /// Whether a state is left by a fair choice.
    fn is_fair_choice(&mut self, state: u32) -> Result<bool, Stopped>;
    /// Whether a cycle must visit this state, or another one for which this is true.
    fn is_wanted(&self, state: u32) -> bool;
    /// Whether no cycle may contain the step.
    fn is_forbidden(&mut self, state: u32, arc: &Arc) -> Result<bool, Stopped>;
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

/// A fair cycle within a set of states: one that begins at the state with the lowest number for
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
    if !component.keys().any(|&state| graph.is_wanted(state)) {
        return Ok(Judged::Nothing);
    }
    if !unpicked(graph, component)?.is_empty() {
        // A cycle without scheduling points leaves the scheduler nothing to decide.
        let choosing = component.keys().copied();
        let choosing: Vec<u32> = choosing
            .filter(|&state| !graph.is_scheduling_point(state))
            .collect();
        return Ok(if choosing.is_empty() {
            Judged::Nothing
        } else {
            Judged::Smaller(choosing)
        });
    }
    let mut one_sided = BTreeSet::new();
    for (&state, arcs) in component {
        if graph.is_fair_choice(state)? && graph.arcs(state)?.len() > arcs.len() {
            one_sided.insert(state);
        }
    }
    if !one_sided.is_empty() {
        let states = component.keys().copied();
        return Ok(Judged::Smaller(
            states.filter(|state| !one_sided.contains(state)).collect(),
        ));
    }
    Ok(Judged::Fair)
}

/// The machines that can be picked at each scheduling point of a component and never are.
fn unpicked(graph: &mut dyn Graph, component: &Inside) -> Result<BTreeSet<u32>, Stopped> {
    let mut waiting: Option<BTreeSet<u32>> = None;
    for &state in component.keys() {
        if graph.is_scheduling_point(state) {
            let here: BTreeSet<u32> = machines(&graph.arcs(state)?).collect();
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

fn machines(arcs: &[Arc]) -> impl Iterator<Item = u32> + '_ {
    arcs.iter().map(|arc| arc.machine)
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
    wanted.visit(graph, state, component)?;
    while !wanted.is_empty() || state != start || arcs.is_empty() {
        // On the way back to the start there may be more that is wanted.
        let is_done = wanted.is_empty();
        let fits = |from: u32, arc: &Arc| match is_done {
            true => arc.target == start,
            false => wanted.fits(from, arc),
        };
        for arc in way(component, state, &fits) {
            wanted.pass(state, &arc);
            state = arc.target;
            wanted.visit(graph, state, component)?;
            arcs.push(arc);
        }
    }
    Ok(Cycle { start, arcs })
}

/// What a cycle still has to contain.
struct Wanted {
    /// A state that is wanted, as long as none was visited.
    states: BTreeSet<u32>,
    /// Machines that have to act, or else a scheduling point at which they cannot.
    machines: BTreeMap<u32, BTreeSet<u32>>,
    /// Steps of fair choices.
    choices: BTreeSet<(u32, u32, u32)>,
    seen: BTreeSet<u32>,
}

impl Wanted {
    fn new(graph: &mut dyn Graph, component: &Inside) -> Result<Wanted, Stopped> {
        let states = component.keys().copied();
        let mut enabled: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for state in states.clone() {
            if graph.is_scheduling_point(state) {
                enabled.insert(state, machines(&graph.arcs(state)?).collect());
            }
        }
        let all: BTreeSet<u32> = enabled.values().flatten().copied().collect();
        let without = |machine: &u32| -> BTreeSet<u32> {
            let states = enabled.iter();
            let states = states.filter(|(_, here)| !here.contains(machine));
            states.map(|(state, _)| *state).collect()
        };
        Ok(Wanted {
            states: states.filter(|&state| graph.is_wanted(state)).collect(),
            machines: all
                .iter()
                .map(|machine| (*machine, without(machine)))
                .collect(),
            choices: BTreeSet::new(),
            seen: BTreeSet::new(),
        })
    }

    fn is_empty(&self) -> bool {
        self.states.is_empty() && self.machines.is_empty() && self.choices.is_empty()
    }

    /// Whether a step brings something that is wanted.
    fn fits(&self, from: u32, arc: &Arc) -> bool {
        self.states.contains(&arc.target)
            || self.machines.contains_key(&arc.machine)
            || self
                .machines
                .values()
                .any(|without| without.contains(&arc.target))
            || self.choices.contains(&(from, arc.target, arc.action))
    }

    fn pass(&mut self, from: u32, arc: &Arc) {
        self.machines.remove(&arc.machine);
        self.choices.remove(&(from, arc.target, arc.action));
    }

    fn visit(
        &mut self,
        graph: &mut dyn Graph,
        state: u32,
        component: &Inside,
    ) -> Result<(), Stopped> {
        if self.states.contains(&state) {
            self.states.clear();
        }
        self.machines.retain(|_, without| !without.contains(&state));
        if self.seen.insert(state) && graph.is_fair_choice(state)? {
            for arc in component.get(&state).into_iter().flatten() {
                self.choices.insert((state, arc.target, arc.action));
            }
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
