//! From a rule or equation that looks at collections to a join of patterns.
//!
//! The one idea: the left side is followed through the layout. What stands at a place is a *part*, to be
//! matched by one leaf; a variable that takes what is left of a collection is its *rest*, and is
//! never made if the right side only puts it back where it was. The right side is followed the same
//! way: what it puts at a place is an *output*. Parts are matched in the order in which the general
//! matcher takes them, so that solutions come in the same order.

use super::layout::{Layout, PlaceId};
use crate::matching::{Shape, ShapeId, Shapes};
use crate::module::Module;
use crate::pattern::{Pattern, PatternNode, Variable, VariableId};
use crate::reduction::Reducer;
use crate::signature::{OpId, SortId};
use crate::statement::{Body, Fragment, Statement};
use crate::term::{Store, TermId, Theory};

/// Where the top of a left side is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Anchor {
    /// At the operator on top of the state.
    Root,
    /// At a collection.
    Collection(PlaceId),
    /// At an element of a collection that wraps another.
    Wrapper(PlaceId, OpId),
}

/// A pattern for one leaf.
#[derive(Clone, Debug)]
pub(crate) struct PlannedPart {
    pub(crate) place: PlaceId,
    pub(crate) shape: ShapeId,
    /// The operator of every leaf that matches.
    pub(crate) op: Option<OpId>,
    /// What the first argument must be.
    pub(crate) key: Option<Key>,
}

/// A first argument that is known before a leaf is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    Constant(TermId),
    /// The variable that an earlier part binds.
    Variable {
        part: usize,
        variable: VariableId,
    },
}

/// What a left side says of the elements of a collection that no part matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rest {
    /// There are none.
    Empty,
    /// They stay as they are.
    Kept,
    /// They stay, and a variable has their term.
    Seen(VariableId),
    /// They go, and a variable has their term.
    Taken(VariableId),
}

/// A statement, followed through the layout.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) shapes: Shapes,
    pub(crate) parts: Vec<PlannedPart>,
    /// Collections that the left side looks into, each with its rest and the fewest elements that
    /// the rest has, and whether it must have a sort.
    pub(crate) rests: Vec<(PlaceId, Rest, usize, bool)>,
    /// Wrappers that must be there: the place, the operator, and whether they stay.
    pub(crate) wrappers: Vec<(PlaceId, OpId, bool)>,
    /// Sorts of leaves that are passed through.
    pub(crate) guards: Vec<(PlaceId, SortId)>,
    /// What is put at places.
    pub(crate) outputs: Vec<(PlaceId, ShapeId)>,
}

/// Parts of a join, at most.
const MOST_PARTS: usize = 8;

/// Follows a statement; nothing if it has another form.
pub(crate) fn plan(
    module: &Module,
    store: &mut Store,
    layout: &Layout,
    statement: &Statement,
    anchor: Anchor,
) -> Option<Plan> {
    let (Body::Rule { left, right } | Body::Equation { left, right }) = &statement.body else {
        return None;
    };
    let rewrites = |fragment: &Fragment| matches!(fragment, Fragment::Rewrite { .. });
    if statement.condition.iter().any(rewrites) {
        return None;
    }
    // What a strategy leaves unreduced is reduced where it is used.
    let has_strategy = |node: &PatternNode| match node {
        PatternNode::Application { op, .. } => {
            let operator = module.signature().operator(*op);
            operator.attributes.strategy.is_some()
        }
        _ => false,
    };
    if left.nodes().iter().any(has_strategy) {
        return None;
    }
    let mut shapes = Shapes::default();
    let left = shapes.normalize(store, left);
    let nests = |op: OpId| !module.is_stable(op) && !layout.joins(op);
    let right = shapes.normalize_except(store, right, nests);
    let mut planner = Planner {
        module,
        store,
        layout,
        variables: &statement.variables,
        condition: &statement.condition,
        plan: Plan {
            shapes,
            parts: Vec::new(),
            rests: Vec::new(),
            wrappers: Vec::new(),
            guards: Vec::new(),
            outputs: Vec::new(),
        },
        left,
        right,
    };
    planner.follow(anchor)?;
    let plan = planner.plan;
    (plan.parts.len() <= MOST_PARTS).then_some(plan)
}

/// Follows a pattern that is to match a whole state.
pub(crate) fn plan_pattern(
    reducer: &mut Reducer,
    layout: &Layout,
    variables: &[Variable],
    pattern: &Pattern,
    anchor: Anchor,
) -> Option<Plan> {
    let mut shapes = Shapes::default();
    let left = shapes.normalize(&mut reducer.store, pattern);
    let module = std::sync::Arc::clone(reducer.module());
    let mut planner = Planner {
        module: &module,
        store: &reducer.store,
        layout,
        variables,
        condition: &[],
        plan: Plan {
            shapes,
            parts: Vec::new(),
            rests: Vec::new(),
            wrappers: Vec::new(),
            guards: Vec::new(),
            outputs: Vec::new(),
        },
        left,
        right: left,
    };
    match anchor {
        Anchor::Collection(place) => planner.follow_collection(place, left, None, false)?,
        _ => planner.follow(anchor)?,
    }
    let plan = planner.plan;
    (plan.parts.len() <= MOST_PARTS).then_some(plan)
}

struct Planner<'a> {
    module: &'a Module,
    store: &'a Store,
    layout: &'a Layout,
    variables: &'a [Variable],
    condition: &'a [Fragment],
    plan: Plan,
    left: ShapeId,
    right: ShapeId,
}

/// A collection pattern and what becomes of it.
struct Group {
    place: PlaceId,
    elements: Vec<ShapeId>,
}

impl Planner<'_> {
    fn follow(&mut self, anchor: Anchor) -> Option<()> {
        match anchor {
            Anchor::Root => {
                let op = self.layout.root?;
                let (left, right) = (
                    self.arguments(self.left, op)?,
                    self.arguments(self.right, op)?,
                );
                let tops = self.layout.tops.clone();
                let mut collections = Vec::new();
                for (index, &place) in tops.iter().enumerate() {
                    if self.layout.collection(place).is_some() {
                        collections.push((place, left[index], right[index]));
                    } else {
                        self.follow_argument(place, left[index], right[index]);
                    }
                }
                for (place, left, right) in collections {
                    self.follow_collection(place, left, Some(right), false)?;
                }
                Some(())
            }
            Anchor::Collection(place) => {
                let op = self.layout.collection(place)?.op;
                self.arguments(self.left, op)?;
                self.follow_collection(place, self.left, Some(self.right), true)
            }
            Anchor::Wrapper(place, op) => {
                let inside = self.layout.inside(place, op)?;
                let left = self.arguments(self.left, op)?[0];
                let right = self.arguments(self.right, op)?[0];
                self.plan.wrappers.push((place, op, true));
                self.follow_collection(inside, left, Some(right), false)
            }
        }
    }

    /// The arguments of an application of this operator.
    fn arguments(&mut self, shape: ShapeId, op: OpId) -> Option<Vec<ShapeId>> {
        match self.plan.shapes.at(shape).clone() {
            Shape::Application {
                op: other,
                arguments,
            } => (other == op).then(|| arguments.to_vec()),
            Shape::Ground(term) if self.store.op(term) == op => {
                let terms = self.store.arguments(term).to_vec();
                Some(
                    terms
                        .into_iter()
                        .map(|term| self.plan.shapes.ground(term))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    fn follow_argument(&mut self, place: PlaceId, left: ShapeId, right: ShapeId) {
        if let Shape::Variable(variable) = *self.plan.shapes.at(left)
            && left == right
            && self.count(self.left, variable) == 1
            && self.count(self.right, variable) == 1
            && !self.is_in_condition(variable)
        {
            let sort = self.variables[variable.index()].sort;
            self.plan.guards.push((place, sort));
            return;
        }
        self.add_part(place, left);
        self.plan.outputs.push((place, right));
    }

    /// How often a variable occurs in a shape.
    fn count(&self, root: ShapeId, variable: VariableId) -> usize {
        let mut count = 0;
        let mut pending = vec![root];
        while let Some(shape) = pending.pop() {
            match self.plan.shapes.at(shape) {
                Shape::Variable(other) => count += usize::from(*other == variable),
                Shape::Ground(_) => {}
                Shape::Application { arguments, .. } => pending.extend(arguments.iter()),
                Shape::Iterated { argument, .. } => pending.push(*argument),
            }
        }
        count
    }

    fn is_in_condition(&self, variable: VariableId) -> bool {
        let occurs = |pattern: &crate::pattern::Pattern| pattern.variables().contains(&variable);
        self.condition.iter().any(|fragment| match fragment {
            Fragment::Equality { left, right } => occurs(left) || occurs(right),
            Fragment::SortTest { term, .. } => occurs(term),
            Fragment::Assignment { pattern, term } | Fragment::Rewrite { term, pattern } => {
                occurs(pattern) || occurs(term)
            }
        })
    }

    fn add_part(&mut self, place: PlaceId, shape: ShapeId) {
        let op = match self.plan.shapes.at(shape) {
            Shape::Variable(_) => None,
            Shape::Ground(term) => Some(self.store.op(*term)),
            Shape::Iterated { op, .. } => Some(*op),
            Shape::Application { op, .. } => (!self.store.facts(*op).may_collapse()).then_some(*op),
        };
        let key = self.key(shape);
        self.plan.parts.push(PlannedPart {
            place,
            shape,
            op,
            key,
        });
    }

    /// What is known of the first argument of a leaf that matches, once the parts before are matched.
    fn key(&self, shape: ShapeId) -> Option<Key> {
        let Shape::Application { op, arguments } = self.plan.shapes.at(shape) else {
            return None;
        };
        if self.store.theory(*op) != Theory::Free {
            return None;
        }
        match self.plan.shapes.at(*arguments.first()?) {
            Shape::Ground(term) => Some(Key::Constant(*term)),
            Shape::Variable(variable) => {
                let binds = |part: &PlannedPart| self.count(part.shape, *variable) > 0;
                let part = self.plan.parts.iter().position(binds)?;
                Some(Key::Variable {
                    part,
                    variable: *variable,
                })
            }
            _ => None,
        }
    }

    /// The elements of a collection pattern, and the only variable among them.
    fn elements(&mut self, op: OpId, shape: ShapeId) -> Option<(Vec<ShapeId>, Vec<VariableId>)> {
        let all = match self.plan.shapes.at(shape) {
            Shape::Ground(term) if self.store.facts(op).identity() == *term => Vec::new(),
            _ => match self.arguments(shape, op) {
                Some(arguments) => arguments,
                None => vec![shape],
            },
        };
        let mut variables = Vec::new();
        let mut elements = Vec::new();
        for shape in all {
            match self.plan.shapes.at(shape) {
                Shape::Variable(variable) => variables.push(*variable),
                _ => elements.push(shape),
            }
        }
        Some((elements, variables))
    }

    /// Follows a collection on the left side and what the right side makes of it, if that is a
    /// collection at the same place.
    fn follow_collection(
        &mut self,
        place: PlaceId,
        left: ShapeId,
        right: Option<ShapeId>,
        extend: bool,
    ) -> Option<()> {
        let op = self.layout.collection(place)?.op;
        let (elements, variables) = self.elements(op, left)?;
        let (mut outputs, kept) = match right {
            Some(right) => self.elements(op, right)?,
            None => (Vec::new(), Vec::new()),
        };
        let (rest, least) = match (variables.as_slice(), extend) {
            ([], true) => (Rest::Kept, 0),
            ([], false) => (Rest::Empty, 0),
            (&[variable], false) => {
                if self.count(self.left, variable) != 1 || !self.takes_anything(op, variable) {
                    return None;
                }
                let here = kept.iter().filter(|&&other| other == variable).count();
                let elsewhere = self.count(self.right, variable) > here;
                let rest = match (here, elsewhere || self.is_in_condition(variable)) {
                    (1, false) => Rest::Kept,
                    (1, true) => Rest::Seen(variable),
                    _ => Rest::Taken(variable),
                };
                (rest, self.least(op, variable))
            }
            _ => return None,
        };
        // Variables on the right that are not the rest put something there.
        let mut is_first = true;
        for variable in kept {
            let is_rest =
                variables.first() == Some(&variable) && matches!(rest, Rest::Kept | Rest::Seen(_));
            if is_rest && std::mem::take(&mut is_first) {
                continue;
            }
            let shape = self.shape_of(self.right, variable)?;
            outputs.push(shape);
        }
        let is_sorted = variables.first().is_some_and(|&variable| {
            let sort = self.variables[variable.index()].sort;
            !self.module.signature().is_error_sort(sort)
        });
        self.plan.rests.push((place, rest, least, is_sorted));
        self.follow_elements(Group { place, elements }, &mut outputs)?;
        for output in outputs {
            self.plan.outputs.push((place, output));
        }
        Some(())
    }

    /// The shape that a variable is.
    fn shape_of(&self, root: ShapeId, variable: VariableId) -> Option<ShapeId> {
        let mut pending = vec![root];
        while let Some(shape) = pending.pop() {
            match self.plan.shapes.at(shape) {
                Shape::Variable(other) if *other == variable => return Some(shape),
                Shape::Variable(_) | Shape::Ground(_) => {}
                Shape::Application { arguments, .. } => pending.extend(arguments.iter()),
                Shape::Iterated { argument, .. } => pending.push(*argument),
            }
        }
        None
    }

    /// Constants first, then what has a known first argument, then the first; an element that
    /// wraps a collection is followed by what is inside.
    fn follow_elements(&mut self, group: Group, outputs: &mut Vec<ShapeId>) -> Option<()> {
        let Group {
            place,
            mut elements,
        } = group;
        let constants: Vec<ShapeId> = (elements.iter().copied())
            .filter(|&shape| matches!(self.plan.shapes.at(shape), Shape::Ground(_)))
            .collect();
        elements.retain(|shape| !constants.contains(shape));
        for shape in constants {
            if let Shape::Ground(term) = *self.plan.shapes.at(shape)
                && self.layout.inside(place, self.store.op(term)).is_some()
            {
                return None;
            }
            self.add_part(place, shape);
        }
        while !elements.is_empty() {
            let keyed = (elements.iter()).position(|&shape| self.key(shape).is_some());
            let shape = elements.remove(keyed.unwrap_or(0));
            let op = match self.plan.shapes.at(shape) {
                Shape::Application { op, .. } | Shape::Iterated { op, .. } => *op,
                _ => return None,
            };
            if self.store.facts(op).has_identity() || self.store.theory(op) == Theory::Pair {
                return None;
            }
            let Some(inside) = self.layout.inside(place, op) else {
                self.add_part(place, shape);
                continue;
            };
            let left = self.arguments(shape, op)?[0];
            let same = (outputs.iter()).position(|&output| self.has_op(output, op));
            let right = match same {
                Some(index) => Some(self.arguments(outputs.remove(index), op)?[0]),
                None => None,
            };
            self.plan.wrappers.push((place, op, right.is_some()));
            self.follow_collection(inside, left, right, false)?;
        }
        Some(())
    }

    fn has_op(&self, shape: ShapeId, op: OpId) -> bool {
        match self.plan.shapes.at(shape) {
            Shape::Application { op: other, .. } => *other == op,
            Shape::Ground(term) => self.store.op(*term) == op,
            _ => false,
        }
    }

    /// Whether a variable takes every part of a collection whose elements have sorts.
    fn takes_anything(&self, op: OpId, variable: VariableId) -> bool {
        let signature = self.module.signature();
        let sort = self.variables[variable.index()].sort;
        signature.is_error_sort(sort) || crate::matching::is_hereditary(self.store, op, sort)
    }

    /// The fewest elements that a variable takes.
    fn least(&self, op: OpId, variable: VariableId) -> usize {
        let sort = self.variables[variable.index()].sort;
        let identity = self.store.facts(op).identity();
        usize::from(!self.store.has_sort(identity, sort))
    }
}
