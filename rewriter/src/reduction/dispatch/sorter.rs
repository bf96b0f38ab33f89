//! Sorts the equations of an operator into a decision tree.
//!
//! The one idea: paths are numbered, each by the path it goes on from, and what a left side has at
//! the end of a path is found once and remembered; so a tree over hundreds of equations with
//! dozens of paths is a matter of table lookups.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::{Node, Switch};
use crate::matching::{PathStep, Shape, ShapeId, Shapes};
use crate::module::{Module, StatementId};
use crate::pattern::Variable;
use crate::signature::OpId;
use crate::term::{Store, Theory};

/// How many decisions lead to a list at most.
const MAX_DEPTH: usize = 6;
/// How many steps a path has at most, beyond those that are added for collections.
const MAX_STEPS: u16 = 6;
/// From how many paths a decision is chosen at most.
const MAX_PATHS: usize = 64;

/// A path of a [`Sorter`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct PathId(u32);

struct Path {
    register: u16,
    n_steps: u16,
    /// The path without its last step, and that step; nothing for a register itself.
    last: Option<(PathId, PathStep)>,
    /// What each candidate has at its end.
    places: Vec<Place>,
    /// Whether some candidate has a collection there.
    at_collection: bool,
}

/// What a left side has at the end of a path.
#[derive(Clone, Copy)]
struct Place {
    shape: Option<ShapeId>,
    /// The operator that it asks for, if any.
    demand: Option<OpId>,
}

/// An equation that is being sorted.
struct Candidate<'a> {
    address: u32,
    arguments: Vec<ShapeId>,
    shapes: Shapes,
    variables: &'a [Variable],
}

/// The equations, the paths through their left sides, and the tree as far as it is made.
pub(super) struct Sorter<'a> {
    store: &'a Store,
    ends: &'a [u32],
    alternatives: &'a mut Vec<u32>,
    /// The nodes of the tree.
    pub(super) nodes: Vec<Node>,
    candidates: Vec<Candidate<'a>>,
    paths: Vec<Path>,
    longer: HashMap<(PathId, PathStep), PathId, FxBuildHasher>,
}

impl<'a> Sorter<'a> {
    pub(super) fn new(
        module: &'a Module,
        store: &'a mut Store,
        op: OpId,
        equations: &[(u32, StatementId)],
        ends: &'a [u32],
        alternatives: &'a mut Vec<u32>,
    ) -> Sorter<'a> {
        let exploded = store.theory(op) == Theory::Free;
        let mut candidate = |&(address, id): &(u32, StatementId)| {
            let mut shapes = Shapes::default();
            let shape = shapes.normalize(store, module.statement(id).left());
            let arguments = match shapes.at(shape) {
                Shape::Application { op: top, arguments } if exploded && *top == op => {
                    arguments.to_vec()
                }
                _ => Vec::new(),
            };
            Candidate {
                address,
                arguments,
                shapes,
                variables: &module.statement(id).variables,
            }
        };
        let candidates = if equations.len() > 1 {
            equations.iter().map(&mut candidate).collect()
        } else {
            // There is nothing to decide, so nothing to look at.
            let unread = |&(address, _): &(u32, StatementId)| Candidate {
                address,
                arguments: Vec::new(),
                shapes: Shapes::default(),
                variables: &[],
            };
            equations.iter().map(unread).collect()
        };
        let arity = module.signature().operator(op).arity() as u16;
        let mut sorter = Sorter {
            store,
            ends,
            alternatives,
            nodes: Vec::new(),
            candidates,
            paths: Vec::new(),
            longer: HashMap::default(),
        };
        for register in 0..if exploded { arity } else { 0 } {
            let argument = |candidate: &Candidate| {
                let arguments = &candidate.arguments;
                arguments.get(register as usize).copied()
            };
            let shapes = sorter.candidates.iter().map(argument).collect();
            sorter.add(register, 0, None, shapes);
        }
        sorter
    }

    /// Makes the tree over all equations and gives its root.
    pub(super) fn sort(&mut self) -> u32 {
        let all: Vec<u32> = (0..self.candidates.len() as u32).collect();
        let registers: Vec<PathId> = (0..self.paths.len() as u32).map(PathId).collect();
        self.build(&all, &registers, MAX_DEPTH)
    }

    /// A tree for these candidates; recursion is limited by `depth`.
    fn build(&mut self, candidates: &[u32], paths: &[PathId], depth: usize) -> u32 {
        if depth == 0 || candidates.len() < 2 {
            return self.list(candidates);
        }
        let paths = self.with_deeper_paths(candidates, paths);
        let Some(index) = self.best_path(candidates, &paths) else {
            return self.list(candidates);
        };
        let path = paths[index];
        let demands: Vec<Option<OpId>> = (candidates.iter())
            .map(|&candidate| self.paths[path.0 as usize].places[candidate as usize].demand)
            .collect();
        let mut keys: Vec<OpId> = demands.iter().copied().flatten().collect();
        keys.sort();
        keys.dedup();
        let mut without = paths;
        without.remove(index);
        let select = |wanted: Option<OpId>| -> Vec<u32> {
            let fits = |candidate: u32, demand: Option<OpId>| match (demand, wanted) {
                (None, Some(wanted)) => self.admits(candidate, path, wanted),
                (None, None) => true,
                _ => demand == wanted,
            };
            let chosen = candidates.iter().zip(&demands);
            (chosen.filter(|&(&candidate, &demand)| fits(candidate, demand)))
                .map(|(&candidate, _)| candidate)
                .collect()
        };
        let chosen: Vec<Vec<u32>> = keys.iter().map(|&key| select(Some(key))).collect();
        let others = select(None);
        let mut cases = Vec::with_capacity(keys.len());
        for (&key, chosen) in keys.iter().zip(chosen) {
            let mut deeper = without.clone();
            if chosen.len() > 1 {
                deeper.extend(self.paths_below(&chosen, path, key));
            }
            let node = self.build(&chosen, &deeper, depth - 1);
            cases.push((key, node));
        }
        let other = self.build(&others, &without, depth - 1);
        let unknown = self.list(candidates);
        let switch = Switch {
            path: self.spelled(path),
            cases,
            other,
            unknown,
        };
        self.nodes.push(switch.tabulated());
        self.nodes.len() as u32 - 1
    }

    /// Whether what a candidate has at the end of a path may be an application of an operator, which it
    /// does not ask for: not if it is a variable and none has its sort.
    fn admits(&self, candidate: u32, path: PathId, op: OpId) -> bool {
        let Candidate {
            shapes, variables, ..
        } = &self.candidates[candidate as usize];
        let place = &self.paths[path.0 as usize].places[candidate as usize];
        let Some(Shape::Variable(variable)) = place.shape.map(|shape| shapes.at(shape)) else {
            return true;
        };
        let signature = self.store.signature();
        let sort = variables[variable.index()].sort;
        let mut declarations = signature.operator(op).declarations.iter();
        self.store.facts(op).has_memberships
            || declarations.any(|declaration| signature.leq(declaration.range, sort))
    }

    fn list(&mut self, candidates: &[u32]) -> u32 {
        let start = self.alternatives.len() as u32;
        let addresses = candidates.iter();
        let addresses = addresses.map(|&candidate| self.candidates[candidate as usize].address);
        self.alternatives.extend(addresses);
        self.alternatives.extend_from_slice(self.ends);
        self.nodes.push(Node::List(start));
        self.nodes.len() as u32 - 1
    }

    /// Where all that ask for something ask for the same, paths go on below it at once.
    fn with_deeper_paths(&mut self, candidates: &[u32], paths: &[PathId]) -> Vec<PathId> {
        let mut paths = paths.to_vec();
        self.collection_paths(candidates, &mut paths);
        let mut index = 0;
        while index < paths.len() && paths.len() < MAX_PATHS {
            let path = paths[index];
            if self.paths[path.0 as usize].n_steps <= MAX_STEPS
                && let Some(op) = self.only_demand(candidates, path)
            {
                for below in self.paths_below(candidates, path, op) {
                    if !paths.contains(&below) {
                        paths.push(below);
                    }
                }
            }
            index += 1;
        }
        paths
    }

    /// The operator that all candidates which ask for something ask for.
    fn only_demand(&self, candidates: &[u32], path: PathId) -> Option<OpId> {
        let places = &self.paths[path.0 as usize].places;
        let mut only = None;
        for &candidate in candidates {
            if let Some(op) = places[candidate as usize].demand {
                if only.is_some_and(|other| other != op) {
                    return None;
                }
                only = Some(op);
            }
        }
        only
    }

    /// The path that leaves the fewest candidates to try, if it leaves fewer than all.
    fn best_path(&self, candidates: &[u32], paths: &[PathId]) -> Option<usize> {
        let mut operators: Vec<OpId> = Vec::with_capacity(candidates.len());
        let mut best: Option<(usize, usize)> = None;
        for (index, &path) in paths.iter().enumerate() {
            let places = &self.paths[path.0 as usize].places;
            operators.clear();
            let demands = candidates.iter();
            operators.extend(demands.filter_map(|&candidate| places[candidate as usize].demand));
            if operators.is_empty() {
                continue;
            }
            operators.sort_unstable();
            let anything = candidates.len() - operators.len();
            let largest = operators.chunk_by(|a, b| a == b).map(<[OpId]>::len).max();
            // What the worst case tries, and what an operator tries that is left over.
            let score = largest.unwrap_or(0) + 2 * anything;
            if best.is_none_or(|(known, _)| score < known) {
                best = Some((score, index));
            }
        }
        best.map(|(_, index)| index)
    }

    fn step(&self, shapes: &Shapes, shape: ShapeId, step: PathStep) -> Option<ShapeId> {
        let Shape::Application { op, arguments } = shapes.at(shape) else {
            return None;
        };
        match step {
            PathStep::Argument(wanted, index) => (*op == wanted).then(|| arguments[index as usize]),
            PathStep::Element(wanted, element) => {
                let is_it = |&&id: &&ShapeId| matches!(shapes.at(id), Shape::Application { op, .. } if *op == element);
                let mut found = arguments.iter().filter(is_it);
                let first = found.next().copied();
                first.filter(|_| *op == wanted && found.next().is_none())
            }
            PathStep::First(wanted) => {
                let first = arguments[0];
                let firm = !matches!(shapes.at(first), Shape::Variable(_));
                (*op == wanted && firm).then_some(first)
            }
        }
    }

    /// The paths that go on below an operator that a path led to.
    fn paths_below(&mut self, candidates: &[u32], path: PathId, key: OpId) -> Vec<PathId> {
        let mut found: Vec<PathId> = Vec::new();
        if self.store.theory(key) == Theory::Free {
            let arity = self.store.signature().operator(key).arity() as u16;
            for index in 0..arity {
                found.push(self.extended(path, PathStep::Argument(key, index)));
            }
        }
        self.collection_paths(candidates, &mut found);
        found
    }

    /// Adds to paths that end at collections the paths to their elements.
    fn collection_paths(&mut self, candidates: &[u32], paths: &mut Vec<PathId>) {
        let mut steps: Vec<PathStep> = Vec::new();
        let mut index = 0;
        while index < paths.len() {
            let path = paths[index];
            index += 1;
            if !self.paths[path.0 as usize].at_collection {
                continue;
            }
            for &candidate in candidates {
                let place = self.paths[path.0 as usize].places[candidate as usize];
                let Some(shape) = place.shape else {
                    continue;
                };
                steps.clear();
                self.steps_into(candidate, shape, &mut steps);
                for &step in &steps {
                    let longer = self.extended(path, step);
                    if !paths.contains(&longer) {
                        paths.push(longer);
                    }
                }
            }
        }
    }

    /// The steps to the elements of a collection that can be told apart.
    fn steps_into(&self, candidate: u32, shape: ShapeId, steps: &mut Vec<PathStep>) {
        let shapes = &self.candidates[candidate as usize].shapes;
        let Shape::Application { op, arguments } = shapes.at(shape) else {
            return;
        };
        match self.store.theory(*op) {
            Theory::Multiset => {
                for &id in arguments {
                    if let Shape::Application { op: element, .. } = shapes.at(id)
                        && self.store.theory(*element) == Theory::Free
                    {
                        steps.push(PathStep::Element(*op, *element));
                    }
                }
            }
            Theory::List => steps.push(PathStep::First(*op)),
            _ => {}
        }
    }

    fn extended(&mut self, path: PathId, step: PathStep) -> PathId {
        if let Some(&known) = self.longer.get(&(path, step)) {
            return known;
        }
        let shorter = &self.paths[path.0 as usize];
        let shape = |(candidate, place): (&Candidate, &Place)| {
            (place.shape).and_then(|shape| self.step(&candidate.shapes, shape, step))
        };
        let shapes = self.candidates.iter().zip(&shorter.places).map(shape);
        let shapes = shapes.collect();
        let (register, n_steps) = (shorter.register, shorter.n_steps + 1);
        let id = self.add(register, n_steps, Some((path, step)), shapes);
        self.longer.insert((path, step), id);
        id
    }

    fn add(
        &mut self,
        register: u16,
        n_steps: u16,
        last: Option<(PathId, PathStep)>,
        shapes: Vec<Option<ShapeId>>,
    ) -> PathId {
        let mut at_collection = false;
        let mut places = Vec::with_capacity(shapes.len());
        for (candidate, shape) in self.candidates.iter().zip(shapes) {
            let found = shape.map(|shape| candidate.shapes.at(shape));
            if let Some(Shape::Application { op, .. }) = found {
                let theory = self.store.theory(*op);
                at_collection |= matches!(theory, Theory::Multiset | Theory::List);
            }
            let demand = found.and_then(|shape| self.demand(shape));
            places.push(Place { shape, demand });
        }
        self.paths.push(Path {
            register,
            n_steps,
            last,
            places,
            at_collection,
        });
        PathId(self.paths.len() as u32 - 1)
    }

    /// The operator that a shape asks for, if any.
    fn demand(&self, shape: &Shape) -> Option<OpId> {
        let (op, ground) = match shape {
            Shape::Variable(_) => return None,
            Shape::Ground(term) => (self.store.op(*term), true),
            Shape::Iterated { op, .. } => return Some(*op),
            Shape::Application { op, .. } => (*op, false),
        };
        // It asks for one only if it cannot collapse to something else.
        (ground || !self.store.facts(op).may_collapse()).then_some(op)
    }

    /// A path as a register and steps.
    fn spelled(&self, path: PathId) -> super::Path {
        let mut steps = Vec::new();
        let mut at = path;
        while let Some((shorter, step)) = self.paths[at.0 as usize].last {
            steps.push(step);
            at = shorter;
        }
        steps.reverse();
        (self.paths[at.0 as usize].register, steps)
    }
}
