//! The product of states and automaton, and the search for an accepting cycle in it.
//!
//! The one idea: strongly connected components are found depth first, and each keeps what its
//! transitions fulfill; the first that fulfills everything has an accepting cycle. The depth-first
//! search keeps its own stack.

use std::collections::VecDeque;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::automaton::{Automaton, AutomatonState, BitSet};
use super::formula::{FormulaId, Formulas};
use crate::module::StatementId;
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::signature::OpId;
use crate::term::TermId;
use crate::transition::Transitions;

/// A step of a path: a state, and the rule with which it goes on; none in a deadlock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    pub(super) state: TermId,
    pub(super) rule: Option<StatementId>,
}

/// An infinite path: a beginning, and what repeats for ever.
#[derive(Debug)]
pub(super) struct Lasso {
    pub(super) prefix: Vec<Step>,
    pub(super) cycle: Vec<Step>,
}

impl Lasso {
    /// The same path, where the cycle begins as early as it can.
    pub(super) fn shortened(mut self) -> Lasso {
        while let (Some(before), Some(last)) = (self.prefix.last(), self.cycle.last())
            && before == last
        {
            self.prefix.pop();
            self.cycle.rotate_right(1);
        }
        self
    }
}

/// A state together with what is still to be satisfied.
type Node = (u32, AutomatonState);

/// A rule, none in a deadlock, and the number of the state that it leads to.
type Successor = (Option<StatementId>, u32);

#[derive(Clone, Debug)]
struct Edge {
    target: u32,
    rule: Option<StatementId>,
    accepted: BitSet,
}

/// A component on the stack of the search: its first node, and what its cycles fulfill.
struct Component {
    root: u32,
    accepted: BitSet,
    /// What the edge that led to it fulfills.
    entered: BitSet,
}

/// The product, as far as it was made.
#[derive(Debug)]
pub(super) struct Product {
    satisfies: OpId,
    truth: OpId,
    automaton: Automaton,
    states: Vec<NormalForm>,
    numbers: HashMap<TermId, u32, FxBuildHasher>,
    successors: Vec<Option<Vec<Successor>>>,
    holds: HashMap<(u32, TermId), bool, FxBuildHasher>,
    nodes: Vec<Node>,
    known: HashMap<Node, u32, FxBuildHasher>,
    edges: Vec<Vec<Edge>>,
}

impl Product {
    /// The paths from a state that satisfy a formula.
    pub(super) fn new(
        satisfies: OpId,
        truth: OpId,
        formulas: Formulas,
        formula: FormulaId,
        initial: NormalForm,
    ) -> Product {
        let (automaton, start) = Automaton::new(formulas, formula);
        let mut product = Product {
            satisfies,
            truth,
            automaton,
            states: Vec::new(),
            numbers: HashMap::default(),
            successors: Vec::new(),
            holds: HashMap::default(),
            nodes: Vec::new(),
            known: HashMap::default(),
            edges: Vec::new(),
        };
        let initial = product.state(initial);
        product.node((initial, start));
        product
    }

    fn state(&mut self, state: NormalForm) -> u32 {
        let next = self.states.len() as u32;
        let number = *self.numbers.entry(state.term()).or_insert(next);
        if number == next {
            self.states.push(state);
            self.successors.push(None);
        }
        number
    }

    fn node(&mut self, node: Node) -> u32 {
        let next = self.nodes.len() as u32;
        let number = *self.known.entry(node).or_insert(next);
        if number == next {
            self.nodes.push(node);
        }
        number
    }

    /// Finds a path that satisfies the formula.
    pub(super) fn search(&mut self, reducer: &mut Reducer) -> Result<Option<Lasso>, Interrupted> {
        let everything = self.automaton.acceptance();
        // Whether the component of a node is still being explored.
        let mut open: Vec<bool> = Vec::new();
        let mut components: Vec<Component> = Vec::new();
        let mut live: Vec<u32> = Vec::new();
        let mut path: Vec<(u32, usize)> = Vec::new();
        let mut entering = Some((0u32, everything.clone()));
        // Nodes are numbered when they are first seen as targets; discovery has its own order.
        let mut discovery: Vec<u32> = Vec::new();
        let mut n_discovered = 0u32;
        loop {
            if let Some((node, entered)) = entering.take() {
                self.make_edges(reducer, node)?;
                open.resize(self.nodes.len(), false);
                discovery.resize(self.nodes.len(), u32::MAX);
                open[node as usize] = true;
                discovery[node as usize] = n_discovered;
                n_discovered += 1;
                live.push(node);
                path.push((node, 0));
                let mut accepted = everything.clone();
                accepted.clear();
                components.push(Component {
                    root: node,
                    accepted,
                    entered,
                });
            }
            let Some(&mut (node, ref mut next)) = path.last_mut() else {
                return Ok(None);
            };
            let Some(edge) = self.edges[node as usize].get(*next) else {
                path.pop();
                if components
                    .last()
                    .is_some_and(|component| component.root == node)
                {
                    components.pop();
                    while let Some(closed) = live.pop() {
                        open[closed as usize] = false;
                        if closed == node {
                            break;
                        }
                    }
                }
                continue;
            };
            *next += 1;
            let target = edge.target as usize;
            if discovery.get(target).is_none_or(|&order| order == u32::MAX) {
                entering = Some((edge.target, edge.accepted.clone()));
                continue;
            }
            if !open[target] {
                continue;
            }
            // The edge closes a cycle through all components after that of its target.
            let mut accepted = edge.accepted.clone();
            while let Some(last) = components.pop() {
                accepted.add_all(&last.accepted);
                if discovery[last.root as usize] <= discovery[target] {
                    components.push(Component { accepted, ..last });
                    break;
                }
                accepted.add_all(&last.entered);
            }
            let Some(found) = components
                .last()
                .filter(|found| found.accepted == everything)
            else {
                continue;
            };
            let first = live
                .iter()
                .position(|&node| node == found.root)
                .unwrap_or(0);
            return Ok(Some(self.lasso(&live[first..], &everything)));
        }
    }

    /// Makes the edges of a node.
    fn make_edges(&mut self, reducer: &mut Reducer, node: u32) -> Result<(), Interrupted> {
        let (state, obligations) = self.nodes[node as usize];
        let moves = self.automaton.moves(obligations).to_vec();
        let mut edges = Vec::new();
        for step in moves {
            let mut is_possible = true;
            for &(proposition, value) in &step.literals {
                if self.satisfied(reducer, state, proposition)? != value {
                    is_possible = false;
                    break;
                }
            }
            if !is_possible {
                continue;
            }
            for (rule, target) in self.successors_of(reducer, state)? {
                edges.push(Edge {
                    target: self.node((target, step.target)),
                    rule,
                    accepted: step.accepted.clone(),
                });
            }
        }
        self.edges
            .resize(self.nodes.len().max(self.edges.len()), Vec::new());
        self.edges[node as usize] = edges;
        Ok(())
    }

    fn satisfied(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
        proposition: TermId,
    ) -> Result<bool, Interrupted> {
        if let Some(&known) = self.holds.get(&(state, proposition)) {
            return Ok(known);
        }
        let arguments = [self.states[state as usize].term(), proposition];
        let term = reducer.store_mut().make(self.satisfies, &arguments);
        let result = reducer.reduce(term)?.term();
        let holds = reducer.store().op(result) == self.truth;
        self.holds.insert((state, proposition), holds);
        Ok(holds)
    }

    /// The states to which a state leads, each once; itself in a deadlock.
    fn successors_of(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
    ) -> Result<Vec<Successor>, Interrupted> {
        if let Some(known) = &self.successors[state as usize] {
            return Ok(known.clone());
        }
        let mut targets = Vec::new();
        let mut transitions = Transitions::new(reducer, self.states[state as usize]);
        while let Some(transition) = transitions.next(reducer)? {
            targets.push((transition.rule, transition.target));
        }
        let mut found: Vec<Successor> = Vec::new();
        for (rule, target) in targets {
            let target = self.state(target);
            if !found.iter().any(|&(_, other)| other == target) {
                found.push((Some(rule), target));
            }
        }
        if found.is_empty() {
            found.push((None, state));
        }
        self.successors[state as usize] = Some(found.clone());
        Ok(found)
    }

    /// A path to a component and around in it, such that everything is fulfilled.
    fn lasso(&self, component: &[u32], everything: &BitSet) -> Lasso {
        let mut inside = vec![false; self.nodes.len()];
        for &node in component {
            inside[node as usize] = true;
        }
        let anywhere = vec![true; self.nodes.len()];
        let (prefix, start) = match inside[0] {
            true => (Vec::new(), 0),
            false => self.walk(0, &anywhere, |edge| inside[edge.target as usize]),
        };
        let mut cycle = Vec::new();
        let mut fulfilled = everything.clone();
        fulfilled.clear();
        let mut here = start;
        // One more obligation each time, and back at last; at least one step is made.
        loop {
            let done = fulfilled == *everything;
            if done && here == start && !cycle.is_empty() {
                break;
            }
            let (steps, end) = self.walk(here, &inside, |edge| match done {
                true => edge.target == start,
                false => !fulfilled.contains_all(&edge.accepted),
            });
            if steps.is_empty() {
                break;
            }
            for &(node, index) in &steps {
                fulfilled.add_all(&self.edges[node as usize][index].accepted);
            }
            cycle.extend(steps);
            here = end;
        }
        let steps = |edges: Vec<(u32, usize)>| {
            let step = |(node, index): (u32, usize)| Step {
                state: self.states[self.nodes[node as usize].0 as usize].term(),
                rule: self.edges[node as usize][index].rule,
            };
            edges.into_iter().map(step).collect()
        };
        Lasso {
            prefix: steps(prefix),
            cycle: steps(cycle),
        }
    }

    /// The shortest way from a node, inside some nodes, that ends in a wanted edge: the edges, and
    /// where the last one leads.
    fn walk(
        &self,
        start: u32,
        inside: &[bool],
        is_wanted: impl Fn(&Edge) -> bool,
    ) -> (Vec<(u32, usize)>, u32) {
        let mut parents: HashMap<u32, (u32, usize), FxBuildHasher> = HashMap::default();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            let Some(edges) = self.edges.get(node as usize) else {
                continue;
            };
            for (index, edge) in edges.iter().enumerate() {
                if !inside[edge.target as usize] {
                    continue;
                }
                if is_wanted(edge) {
                    let mut steps = vec![(node, index)];
                    let mut at = node;
                    while at != start {
                        let step = parents[&at];
                        steps.push(step);
                        at = step.0;
                    }
                    steps.reverse();
                    return (steps, edge.target);
                }
                if edge.target != start && !parents.contains_key(&edge.target) {
                    parents.insert(edge.target, (node, index));
                    queue.push_back(edge.target);
                }
            }
        }
        (Vec::new(), start)
    }
}
