//! Which equations of an operator are worth trying on given arguments.
//!
//! The one idea: a path leads from the arguments to an operator that many left sides ask for; the
//! equations are sorted into lists by it, and a list is sorted further by another path. Paths go
//! through arguments of free operators and through the only element of a multiset that has a
//! certain operator, which is how a left side such as `< A | code: f(X) ~> K, Rest >` is found
//! among hundreds of its kind.

use crate::matching::{Found, PathStep, Shape, ShapeId, Shapes, follow};
use crate::module::{Module, StatementId};
use crate::signature::OpId;
use crate::term::{Store, TermId, Theory};

/// A register and the way to a term inside what it holds.
type Path = (u16, Vec<PathStep>);

#[derive(Clone, Debug)]
enum Node {
    /// The alternatives to try start here.
    List(u32),
    Switch {
        path: Path,
        /// Sorted by operator.
        cases: Vec<(OpId, u32)>,
        /// Some other operator, or nothing at all.
        other: u32,
        /// The path cannot be followed.
        unknown: u32,
    },
}

/// A decision tree over the alternatives of an operator.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dispatch {
    nodes: Vec<Node>,
    root: u32,
    /// The list that holds everything, when there is nothing to decide.
    whole: Option<u32>,
}

/// An equation that is being sorted.
#[derive(Clone)]
struct Candidate {
    address: u32,
    arguments: Vec<ShapeId>,
    shapes: std::rc::Rc<Shapes>,
}

impl Dispatch {
    pub(super) fn new(
        module: &Module,
        store: &mut Store,
        op: OpId,
        equations: &[(u32, StatementId)],
        ends: &[u32],
        alternatives: &mut Vec<u32>,
    ) -> Dispatch {
        let mut dispatch = Dispatch::default();
        let exploded = store.theory(op) == Theory::Free;
        let candidates: Vec<Candidate> = equations
            .iter()
            .map(|&(address, id)| {
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
                    shapes: std::rc::Rc::new(shapes),
                }
            })
            .collect();
        let mut builder = Builder {
            store,
            ends,
            alternatives,
            nodes: Vec::new(),
        };
        let arity = module.signature().operator(op).arity() as u16;
        let paths: Vec<Path> = if exploded {
            (0..arity).map(|register| (register, Vec::new())).collect()
        } else {
            Vec::new()
        };
        dispatch.root = builder.build(&candidates, &paths, 6);
        dispatch.nodes = builder.nodes;
        if let Node::List(start) = dispatch.nodes[dispatch.root as usize] {
            dispatch.whole = Some(start);
        }
        dispatch
    }

    /// Where the alternatives for these arguments start.
    #[inline]
    pub(crate) fn select(&self, store: &Store, registers: &[TermId]) -> u32 {
        if let Some(start) = self.whole {
            return start;
        }
        let mut node = self.root;
        loop {
            match &self.nodes[node as usize] {
                Node::List(start) => return *start,
                Node::Switch {
                    path: (register, steps),
                    cases,
                    other,
                    unknown,
                } => {
                    node = match follow(store, registers[*register as usize], steps) {
                        Found::Operator(op) => {
                            match cases.binary_search_by_key(&op, |&(key, _)| key) {
                                Ok(index) => cases[index].1,
                                Err(_) => *other,
                            }
                        }
                        Found::Nothing => *other,
                        Found::Elsewhere | Found::Several => *unknown,
                    }
                }
            }
        }
    }
}

struct Builder<'a> {
    store: &'a Store,
    ends: &'a [u32],
    alternatives: &'a mut Vec<u32>,
    nodes: Vec<Node>,
}

/// What a left side asks for at the end of a path.
enum Demand {
    Anything,
    Operator(OpId),
}

impl Builder<'_> {
    /// A tree for these candidates; recursion is limited by `depth`.
    fn build(&mut self, candidates: &[Candidate], paths: &[Path], depth: usize) -> u32 {
        let paths = &self.with_deeper_paths(candidates, paths);
        let best = if depth == 0 || candidates.len() < 2 {
            None
        } else {
            self.best_path(candidates, paths)
        };
        let Some(index) = best else {
            return self.list(candidates);
        };
        let path = paths[index].clone();
        let demands: Vec<Demand> = (candidates.iter())
            .map(|candidate| self.demand(candidate, &path))
            .collect();
        let mut keys: Vec<OpId> = (demands.iter())
            .filter_map(|demand| match demand {
                Demand::Operator(op) => Some(*op),
                Demand::Anything => None,
            })
            .collect();
        keys.sort();
        keys.dedup();
        let without: Vec<Path> = (paths.iter().enumerate())
            .filter(|&(position, _)| position != index)
            .map(|(_, path)| path.clone())
            .collect();
        let select = |wanted: Option<OpId>| -> Vec<Candidate> {
            let fits = |demand: &Demand| match demand {
                Demand::Anything => true,
                Demand::Operator(op) => Some(*op) == wanted,
            };
            let chosen = candidates.iter().zip(&demands);
            chosen
                .filter(|(_, demand)| fits(demand))
                .map(|(c, _)| c.clone())
                .collect()
        };
        let mut cases = Vec::new();
        for &key in &keys {
            let mut deeper = without.clone();
            let chosen = select(Some(key));
            deeper.extend(self.paths_below(&chosen, &path, key));
            let node = self.build(&chosen, &deeper, depth - 1);
            cases.push((key, node));
        }
        let other = self.build(&select(None), &without, depth - 1);
        let unknown = self.list(candidates);
        self.nodes.push(Node::Switch {
            path,
            cases,
            other,
            unknown,
        });
        self.nodes.len() as u32 - 1
    }

    /// Where all that ask for something ask for the same, paths go on below it at once.
    fn with_deeper_paths(&self, candidates: &[Candidate], paths: &[Path]) -> Vec<Path> {
        let mut paths = paths.to_vec();
        self.collection_paths(candidates, &mut paths);
        let mut index = 0;
        while index < paths.len() && paths.len() < 64 {
            let path = paths[index].clone();
            let mut only = None;
            let mut several = path.1.len() > 6;
            for candidate in candidates {
                if let Demand::Operator(op) = self.demand(candidate, &path) {
                    several |= only.is_some_and(|other| other != op);
                    only = Some(op);
                }
            }
            if let (Some(op), false) = (only, several) {
                for below in self.paths_below(candidates, &path, op) {
                    if !paths.contains(&below) {
                        paths.push(below);
                    }
                }
            }
            index += 1;
        }
        paths
    }

    fn list(&mut self, candidates: &[Candidate]) -> u32 {
        let start = self.alternatives.len() as u32;
        self.alternatives
            .extend(candidates.iter().map(|candidate| candidate.address));
        self.alternatives.extend_from_slice(self.ends);
        self.nodes.push(Node::List(start));
        self.nodes.len() as u32 - 1
    }

    /// The path that leaves the fewest candidates to try, if it leaves fewer than all.
    fn best_path(&self, candidates: &[Candidate], paths: &[Path]) -> Option<usize> {
        let score = |path: &Path| {
            let mut anything = 0;
            let mut operators: Vec<OpId> = Vec::new();
            for candidate in candidates {
                match self.demand(candidate, path) {
                    Demand::Anything => anything += 1,
                    Demand::Operator(op) => operators.push(op),
                }
            }
            operators.sort();
            let largest = operators.chunk_by(|a, b| a == b).map(<[OpId]>::len).max();
            // What the worst case tries, then what a left-over operator tries.
            (largest.unwrap_or(0) + anything, anything)
        };
        let (index, best) = (paths.iter().map(score).enumerate())
            .min_by_key(|&(index, (worst, anything))| (anything + worst, index))?;
        (best.1 < candidates.len()).then_some(index)
    }

    /// What a candidate asks for at the end of a path.
    fn demand(&self, candidate: &Candidate, path: &Path) -> Demand {
        let Some(mut shape) = candidate.arguments.get(path.0 as usize).copied() else {
            return Demand::Anything;
        };
        for step in &path.1 {
            shape = match self.step(candidate, shape, step) {
                Some(next) => next,
                None => return Demand::Anything,
            };
        }
        match candidate.shapes.at(shape) {
            Shape::Variable(_) => Demand::Anything,
            Shape::Ground(term) => self.firm(self.store.op(*term), true),
            Shape::Iterated { op, .. } => Demand::Operator(*op),
            Shape::Application { op, .. } => self.firm(*op, false),
        }
    }

    /// An operator is demanded only if the shape cannot collapse to something else.
    fn firm(&self, op: OpId, ground: bool) -> Demand {
        if !ground && self.store.facts(op).has_identity() {
            Demand::Anything
        } else {
            Demand::Operator(op)
        }
    }

    fn step(&self, candidate: &Candidate, shape: ShapeId, step: &PathStep) -> Option<ShapeId> {
        let Shape::Application { op, arguments } = candidate.shapes.at(shape) else {
            return None;
        };
        match *step {
            PathStep::Argument(wanted, index) => (*op == wanted).then(|| arguments[index as usize]),
            PathStep::Element(wanted, element) => {
                let is_it = |&&id: &&ShapeId| {
                    matches!(candidate.shapes.at(id),
                        Shape::Application { op, .. } if *op == element)
                };
                let mut found = arguments.iter().filter(is_it);
                let first = found.next().copied();
                first.filter(|_| *op == wanted && found.next().is_none())
            }
            PathStep::First(wanted) => {
                let first = arguments[0];
                let firm = !matches!(candidate.shapes.at(first), Shape::Variable(_));
                (*op == wanted && firm).then_some(first)
            }
        }
    }

    /// The paths that go on below an operator that a path led to.
    fn paths_below(&self, candidates: &[Candidate], path: &Path, key: OpId) -> Vec<Path> {
        let mut found: Vec<Path> = Vec::new();
        let extend = |step: PathStep| {
            let mut steps = path.1.clone();
            steps.push(step);
            (path.0, steps)
        };
        if self.store.theory(key) == Theory::Free {
            let arity = self.store.signature().operator(key).arity() as u16;
            for index in 0..arity {
                found.push(extend(PathStep::Argument(key, index)));
            }
        }
        self.collection_paths(candidates, &mut found);
        found
    }

    /// Replaces paths that end at collections by paths to their elements.
    fn collection_paths(&self, candidates: &[Candidate], paths: &mut Vec<Path>) {
        let mut index = 0;
        while index < paths.len() {
            let path = paths[index].clone();
            for candidate in candidates {
                let Some(shape) = self.reach(candidate, &path) else {
                    continue;
                };
                let Shape::Application { op, arguments } = candidate.shapes.at(shape) else {
                    continue;
                };
                let steps: Vec<PathStep> = match self.store.theory(*op) {
                    Theory::Multiset => (arguments.iter())
                        .filter_map(|&id| match candidate.shapes.at(id) {
                            Shape::Application { op: element, .. }
                                if self.store.theory(*element) == Theory::Free =>
                            {
                                Some(PathStep::Element(*op, *element))
                            }
                            _ => None,
                        })
                        .collect(),
                    Theory::List => vec![PathStep::First(*op)],
                    _ => Vec::new(),
                };
                for step in steps {
                    let mut longer = path.clone();
                    longer.1.push(step);
                    if !paths.contains(&longer) {
                        paths.push(longer);
                    }
                }
            }
            index += 1;
        }
    }

    fn reach(&self, candidate: &Candidate, path: &Path) -> Option<ShapeId> {
        let mut shape = candidate.arguments.get(path.0 as usize).copied()?;
        for step in &path.1 {
            shape = self.step(candidate, shape, step)?;
        }
        Some(shape)
    }
}
