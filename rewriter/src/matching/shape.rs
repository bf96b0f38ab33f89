//! Patterns normalised modulo axioms, shared, and ready to be compiled.
//!
//! The one idea: the patterns of one statement become one graph in which equal subpatterns are one
//! node, so that what the left side matched, or what the right side needs twice, is seen at once.
//! Ground subpatterns are terms of the store.

use std::cmp::Ordering;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::pattern::{Pattern, PatternNode, VariableId};
use crate::signature::OpId;
use crate::term::{Store, TermId, Theory};

/// A node of [`Shapes`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct ShapeId(u32);

/// A normalised pattern.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Shape {
    Variable(VariableId),
    Ground(TermId),
    Application {
        op: OpId,
        arguments: Box<[ShapeId]>,
    },
    Iterated {
        op: OpId,
        count: Vec<u32>,
        argument: ShapeId,
    },
}

/// The patterns of one statement.
#[derive(Clone, Default, Debug)]
pub(crate) struct Shapes {
    nodes: Vec<Shape>,
    index: HashMap<Shape, ShapeId, FxBuildHasher>,
}

impl Shapes {
    pub(crate) fn at(&self, id: ShapeId) -> &Shape {
        &self.nodes[id.0 as usize]
    }

    fn add(&mut self, shape: Shape) -> ShapeId {
        if let Some(&id) = self.index.get(&shape) {
            return id;
        }
        let id = ShapeId(self.nodes.len() as u32);
        self.nodes.push(shape.clone());
        self.index.insert(shape, id);
        id
    }

    /// The shape of a ground term.
    pub(crate) fn ground(&mut self, term: TermId) -> ShapeId {
        self.add(Shape::Ground(term))
    }

    /// The shape of a pattern.
    pub(crate) fn normalize(&mut self, store: &mut Store, pattern: &Pattern) -> ShapeId {
        self.normalize_except(store, pattern, |_| false)
    }

    /// The shape of a term that is to be evaluated: collections under some operators stay as they
    /// are nested, because equations are tried on the inner ones first.
    pub(crate) fn normalize_except(
        &mut self,
        store: &mut Store,
        pattern: &Pattern,
        nests: impl Fn(OpId) -> bool,
    ) -> ShapeId {
        let mut shapes: Vec<ShapeId> = Vec::with_capacity(pattern.nodes().len());
        for node in pattern.nodes() {
            let shape = match node {
                PatternNode::Variable(variable) => self.add(Shape::Variable(*variable)),
                PatternNode::Literal { op, value } => {
                    let term = store.make_literal(*op, value);
                    self.ground(term)
                }
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                } => match self.at(shapes[argument.index()]).clone() {
                    Shape::Ground(term) => {
                        let term = store.make_iterated(*op, count, term);
                        self.ground(term)
                    }
                    _ => self.iterated(*op, &count.limbs(), shapes[argument.index()]),
                },
                PatternNode::Application { op, arguments } => {
                    let arguments: Vec<ShapeId> =
                        arguments.iter().map(|id| shapes[id.index()]).collect();
                    self.application(store, *op, arguments, nests(*op))
                }
            };
            shapes.push(shape);
        }
        shapes[pattern.root().index()]
    }

    fn iterated(&mut self, op: OpId, count: &[u32], argument: ShapeId) -> ShapeId {
        if let Shape::Iterated {
            op: other,
            count: inner,
            argument: innermost,
        } = self.at(argument)
            && *other == op
        {
            let sum = crate::integer::Int::from_limbs(false, count).to_big()
                + crate::integer::Int::from_limbs(false, inner).to_big();
            let (count, argument) = (crate::integer::Int::from(sum).limbs(), *innermost);
            return self.add(Shape::Iterated {
                op,
                count,
                argument,
            });
        }
        self.add(Shape::Iterated {
            op,
            count: count.to_vec(),
            argument,
        })
    }

    /// The same pattern with the arguments of a constant with axioms below its operator.
    pub(crate) fn opened(&mut self, store: &Store, shape: ShapeId) -> ShapeId {
        let Shape::Ground(term) = *self.at(shape) else {
            return shape;
        };
        let op = store.op(term);
        let terms = store.arguments(term);
        match (store.theory(op), store.iterations(term)) {
            (Theory::List | Theory::Multiset, _) => {
                let arguments = terms.iter().map(|&term| self.ground(term)).collect();
                self.add(Shape::Application { op, arguments })
            }
            (Theory::Iterated, Some(count)) => {
                let (count, argument) = (count.limbs(), self.ground(terms[0]));
                self.add(Shape::Iterated {
                    op,
                    count,
                    argument,
                })
            }
            _ => shape,
        }
    }

    /// An application, flattened unless it nests, without identities, with commutative arguments
    /// sorted.
    fn application(
        &mut self,
        store: &mut Store,
        op: OpId,
        arguments: Vec<ShapeId>,
        nests: bool,
    ) -> ShapeId {
        let terms: Option<Vec<TermId>> = arguments
            .iter()
            .map(|&id| match self.at(id) {
                Shape::Ground(term) if nests && store.op(*term) == op => None,
                Shape::Ground(term) => Some(*term),
                _ => None,
            })
            .collect();
        if let Some(terms) = terms {
            let term = store.make(op, &terms);
            return self.ground(term);
        }
        let facts = store.facts(op).clone();
        match facts.theory {
            Theory::Free | Theory::Literal => {}
            Theory::Iterated => return self.iterated(op, &[1], arguments[0]),
            Theory::Pair => return self.pair(store, op, arguments),
            Theory::List | Theory::Multiset => {
                let mut flat = match nests {
                    true => arguments,
                    false => self.flattened(store, op, &arguments),
                };
                let last = flat.len() - 1;
                let mut position = 0;
                flat.retain(|&id| {
                    let here = position;
                    position += 1;
                    let is =
                        |term: TermId| term != TermId::NONE && *self.at(id) == Shape::Ground(term);
                    !(here < last && is(facts.left_identity)
                        || here > 0 && is(facts.right_identity))
                });
                if let [single] = flat.as_slice() {
                    return *single;
                }
                if facts.comm {
                    flat.sort_by(|&a, &b| self.order(store, a, b));
                }
                return self.add(Shape::Application {
                    op,
                    arguments: flat.into(),
                });
            }
        }
        self.add(Shape::Application {
            op,
            arguments: arguments.into(),
        })
    }

    fn pair(&mut self, store: &Store, op: OpId, mut arguments: Vec<ShapeId>) -> ShapeId {
        let facts = store.facts(op);
        let is = |shapes: &Shapes, id: ShapeId, term: TermId| {
            term != TermId::NONE && *shapes.at(id) == Shape::Ground(term)
        };
        if is(self, arguments[0], facts.left_identity) {
            return arguments[1];
        }
        if is(self, arguments[1], facts.right_identity) {
            return arguments[0];
        }
        if facts.idem && arguments[0] == arguments[1] {
            return arguments[0];
        }
        if facts.comm {
            arguments.sort_by(|&a, &b| self.order(store, a, b));
        }
        self.add(Shape::Application {
            op,
            arguments: arguments.into(),
        })
    }

    fn flattened(&mut self, store: &Store, op: OpId, arguments: &[ShapeId]) -> Vec<ShapeId> {
        let mut flat = Vec::new();
        for &argument in arguments {
            match self.at(argument).clone() {
                Shape::Application {
                    op: other,
                    arguments,
                } if other == op => flat.extend_from_slice(&arguments),
                Shape::Ground(term) if store.op(term) == op => {
                    let terms = store.arguments(term).to_vec();
                    flat.extend(terms.into_iter().map(|term| self.ground(term)));
                }
                _ => flat.push(argument),
            }
        }
        flat
    }

    /// The order of arguments in a commutative pattern: that of terms as far as it is decided by
    /// top operators, then the order in which they were written, which is Maude's for a pattern in
    /// normal form.
    fn order(&self, store: &Store, left: ShapeId, right: ShapeId) -> Ordering {
        let rank = |id: ShapeId| match self.at(id) {
            Shape::Variable(_) => AFTER_CONSTANTS,
            Shape::Ground(term) => store.facts(store.op(*term)).order,
            Shape::Application { op, .. } | Shape::Iterated { op, .. } => store.facts(*op).order,
        };
        rank(left).cmp(&rank(right))
    }
}

/// Where variables stand in the order of operators, which is first by the number of arguments.
const AFTER_CONSTANTS: u32 = (1 << 24) - 1;
