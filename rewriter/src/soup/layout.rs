//! Where the leaves of a state stand.
//!
//! The one idea: a state is taken apart at the operator on top, if that is a collection or a free
//! operator around some, and at unary operators that wrap one collection into an element of another
//! (`instances: (a b c)`). The parts that are not taken apart any further are the leaves, and
//! where they can be are the *places*: each collection is one, and each argument of the top.

use crate::module::Module;
use crate::pattern::{Pattern, PatternNode};
use crate::signature::OpId;
use crate::statement::Body;
use crate::term::{Store, TermId, Theory};

/// A place, by number.
pub(crate) type PlaceId = usize;

/// What is at a place.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// The whole state, where it does not have the form that the layout is made for.
    Whole,
    /// One argument of the operator on top.
    Argument,
    /// Elements.
    Collection(Collection),
}

/// A collection that is taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    /// The operator that joins the elements.
    pub(crate) op: OpId,
    /// Unary operators around a collection that is taken apart as well.
    pub(crate) wrapped: Vec<(OpId, PlaceId)>,
}

/// All places.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// The free operator on top, if it is taken apart.
    pub(crate) root: Option<OpId>,
    /// The places of its arguments; of the state itself if there is none.
    pub(crate) tops: Vec<PlaceId>,
    pub(crate) places: Vec<Place>,
}

/// Where a whole state is put that has another form.
pub(crate) const WHOLE: PlaceId = 0;

/// Collections within collections, at most.
const DEEPEST: usize = 3;

impl Layout {
    /// The layout for states such as this one.
    pub(crate) fn new(module: &Module, store: &Store, state: TermId) -> Layout {
        let mut layout = Layout {
            root: None,
            tops: Vec::new(),
            places: vec![Place::Whole],
        };
        let finder = Finder { module, store };
        let op = store.op(state);
        if let Some(collection) = finder.collection_of(op) {
            let top = finder.add_collection(&mut layout, collection, 0);
            layout.tops.push(top);
        } else if store.theory(op) == Theory::Free && finder.is_open(op) {
            layout.root = Some(op);
            for index in 0..module.signature().operator(op).arity() {
                let top = match finder.argument_collection(op, index) {
                    Some(collection) => finder.add_collection(&mut layout, collection, 0),
                    None => {
                        layout.places.push(Place::Argument);
                        layout.places.len() - 1
                    }
                };
                layout.tops.push(top);
            }
        }
        layout
    }

    /// The collection at a place.
    pub(crate) fn collection(&self, place: PlaceId) -> Option<&Collection> {
        match &self.places[place] {
            Place::Collection(collection) => Some(collection),
            _ => None,
        }
    }

    /// Whether an operator joins the elements of a collection that is taken apart.
    pub(crate) fn joins(&self, op: OpId) -> bool {
        let joined =
            |place: &Place| matches!(place, Place::Collection(collection) if collection.op == op);
        self.places.iter().any(joined)
    }

    /// The collection inside an element with this operator at a place.
    pub(crate) fn inside(&self, place: PlaceId, op: OpId) -> Option<PlaceId> {
        let wrapped = &self.collection(place)?.wrapped;
        let found = wrapped.iter().find(|&&(other, _)| other == op);
        found.map(|&(_, inside)| inside)
    }

    /// The leaves of a normal form: each with its place, or, for an operator that wraps a
    /// collection, the operator.
    pub(crate) fn take_apart(&self, store: &Store, state: TermId) -> Vec<(PlaceId, Part)> {
        let mut parts = Vec::new();
        match self.root {
            Some(root) if store.op(state) == root => {
                for (&place, &argument) in self.tops.iter().zip(store.arguments(state)) {
                    self.take_apart_at(store, place, argument, &mut parts);
                }
            }
            None if !self.tops.is_empty() => {
                self.take_apart_at(store, self.tops[0], state, &mut parts);
            }
            _ => parts.push((WHOLE, Part::Leaf(state))),
        }
        parts
    }

    /// The leaves of a term at a place.
    pub(crate) fn take_apart_at(
        &self,
        store: &Store,
        place: PlaceId,
        term: TermId,
        parts: &mut Vec<(PlaceId, Part)>,
    ) {
        let Some(collection) = self.collection(place) else {
            parts.push((place, Part::Leaf(term)));
            return;
        };
        let single = [term];
        let elements: &[TermId] = if store.op(term) == collection.op {
            store.arguments(term)
        } else if store.facts(collection.op).identity() == term {
            &[]
        } else {
            &single
        };
        for &element in elements {
            match self.inside(place, store.op(element)) {
                Some(inside) => {
                    parts.push((place, Part::Wrapper(store.op(element))));
                    self.take_apart_at(store, inside, store.arguments(element)[0], parts);
                }
                None => parts.push((place, Part::Leaf(element))),
            }
        }
    }
}

/// What stands at a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Part {
    Leaf(TermId),
    /// An operator whose argument is taken apart.
    Wrapper(OpId),
}

struct Finder<'a> {
    module: &'a Module,
    store: &'a Store,
}

impl Finder<'_> {
    /// A multiset operator with an identity element on both sides.
    fn collection_of(&self, op: OpId) -> Option<OpId> {
        let facts = self.store.facts(op);
        let fits = facts.theory == Theory::Multiset && facts.has_identity() && !facts.idem;
        (fits && self.module.hook(op).is_none()).then_some(op)
    }

    /// Whether what is below an operator can be changed without it noticing.
    fn is_open(&self, op: OpId) -> bool {
        let attributes = &self.module.signature().operator(op).attributes;
        attributes.strategy.is_none() && self.module.hook(op).is_none()
    }

    /// The collection that the statements see in an argument of an operator.
    fn argument_collection(&self, op: OpId, index: usize) -> Option<OpId> {
        let signature = self.module.signature();
        let kind = signature.operator(op).domain[index];
        let candidates: Vec<OpId> = (signature.operators())
            .filter(|&other| signature.operator(other).range == kind)
            .filter_map(|other| self.collection_of(other))
            .collect();
        match candidates.as_slice() {
            &[only] => Some(only),
            _ => None,
        }
    }

    fn add_collection(&self, layout: &mut Layout, op: OpId, depth: usize) -> PlaceId {
        let place = layout.places.len();
        layout.places.push(Place::Collection(Collection {
            op,
            wrapped: Vec::new(),
        }));
        if depth == DEEPEST {
            return place;
        }
        let signature = self.module.signature();
        let kind = signature.operator(op).range;
        let wrappers = signature.operators().filter(|&wrapper| {
            let operator = signature.operator(wrapper);
            operator.arity() == 1
                && operator.range == kind
                && operator.domain[0] != kind
                && operator.attributes.frozen.is_empty()
                && self.store.theory(wrapper) == Theory::Free
                && self.module.is_stable(wrapper)
                && self.is_open(wrapper)
        });
        for wrapper in wrappers {
            if let Some(inner) = self.argument_collection(wrapper, 0)
                && self.is_seen_through(wrapper, inner)
            {
                let inside = self.add_collection(layout, inner, depth + 1);
                if let Place::Collection(collection) = &mut layout.places[place] {
                    collection.wrapped.push((wrapper, inside));
                }
            }
        }
        place
    }

    /// Whether some left side looks at elements of the collection inside a wrapper.
    fn is_seen_through(&self, wrapper: OpId, inner: OpId) -> bool {
        self.module.statements().iter().any(|statement| {
            !matches!(statement.body, Body::Membership { .. })
                && looks_through(statement.left(), wrapper, inner)
        })
    }
}

fn looks_through(pattern: &Pattern, wrapper: OpId, inner: OpId) -> bool {
    pattern.nodes().iter().any(|node| match node {
        PatternNode::Application { op, arguments } if *op == wrapper => {
            matches!(pattern.node(arguments[0]),
                PatternNode::Application { op, .. } if *op == inner)
        }
        _ => false,
    })
}
