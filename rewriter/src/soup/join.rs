//! Joins: rules and equations as patterns for tuples of leaves.
//!
//! The one idea: everything that can be known of a join before a state is seen is worked out when the
//! search starts: where each part stands, what operator it must have, how its first argument
//! follows from an earlier part, and a bit for each part, so that a leaf carries in one word what
//! it may be good for.

use super::factor::{Factors, Numbers};
use super::layout::PlaceId;
use super::leaf::{LeafId, Leaves, Mask};
use super::plan::{Anchor, Key, Plan, Rest};
use crate::module::StatementId;
use crate::pattern::Variable;
use crate::reduction::{Piece, Pieces, Reducer};
use crate::signature::{OpId, SortId};
use crate::term::TermId;

/// A rule or equation over leaves.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) statement: StatementId,
    pub(crate) anchor: Anchor,
    pub(crate) parts: Vec<JoinPart>,
    /// The bits of all parts.
    pub(crate) bits: Mask,
    pub(crate) rests: Vec<JoinRest>,
    /// Wrappers on the left side, and whether they stay.
    pub(crate) wrappers: Vec<(LeafId, bool)>,
    /// Sorts that leaves at places must have.
    pub(crate) guards: Vec<(PlaceId, SortId)>,
    /// Whether it uses the term of a rest, so that what it does is no function of the parts.
    pub(crate) sees_rest: bool,
    pub(crate) code: Pieces,
    /// The same piece by piece.
    pub(crate) factors: Option<std::sync::Arc<Factors>>,
    /// Where the outputs go.
    pub(crate) outputs: Vec<PlaceId>,
}

impl Join {
    /// At how many leaves it looks, if it looks at nothing else.
    #[inline]
    pub(super) fn n_looked_at(&self) -> Option<usize> {
        (!self.sees_rest).then_some(self.parts.len())
    }
}

/// A pattern for one leaf.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JoinPart {
    pub(crate) place: PlaceId,
    pub(crate) op: Option<OpId>,
    pub(crate) bit: Mask,
    pub(crate) key: JoinKey,
}

/// What is known of the first argument of a leaf before it is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum JoinKey {
    Unknown,
    Constant(TermId),
    /// One of the answers of a probe of an earlier part.
    Probe {
        part: usize,
        probe: usize,
    },
}

/// What is left of a collection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JoinRest {
    pub(crate) place: PlaceId,
    /// Elements that parts and wrappers match.
    pub(crate) matched: usize,
    /// The fewest elements besides.
    pub(crate) least: usize,
    /// It must have a sort.
    pub(crate) is_sorted: bool,
    /// The most elements are none.
    pub(crate) is_empty: bool,
    /// Its term is an input of the code.
    pub(crate) is_seen: bool,
    /// It goes.
    pub(crate) is_taken: bool,
}

/// Patterns that are matched with one leaf alone.
#[derive(Clone, Default, Debug)]
pub(crate) struct Probes {
    /// For each part of a join: where its leaves stand, their operator, its bit.
    pub(crate) parts: Vec<(PlaceId, Option<OpId>, Mask, Pieces)>,
    /// For values that are keys of later parts.
    pub(crate) keys: Vec<Pieces>,
    numbers: Numbers,
}

impl Probes {
    /// What the words of the results of a function mean.
    pub(super) fn kind(&self, function: u32) -> super::learn::Kind {
        self.numbers.kind(function)
    }
}

impl Probes {
    /// Makes a join of a plan.
    pub(crate) fn join(
        &mut self,
        reducer: &mut Reducer,
        leaves: &mut Leaves,
        layout: &super::layout::Layout,
        id: StatementId,
        anchor: Anchor,
        plan: &Plan,
    ) -> Join {
        let module = std::sync::Arc::clone(reducer.module());
        let statement = module.statement(id);
        let parts: Vec<JoinPart> = (plan.parts.iter())
            .map(|part| {
                let bit = self.part(reducer, &statement.variables, plan, part);
                let key = match part.key {
                    None => JoinKey::Unknown,
                    Some(Key::Constant(term)) => JoinKey::Constant(term),
                    Some(Key::Variable { part, variable }) => {
                        let shape = plan.parts[part].shape;
                        self.keys.push(reducer.program.compile_probe(
                            &mut reducer.store,
                            &statement.variables,
                            &plan.shapes,
                            shape,
                            &[variable],
                        ));
                        let probe = self.keys.len() - 1;
                        JoinKey::Probe { part, probe }
                    }
                };
                let (place, op) = (part.place, part.op);
                JoinPart {
                    place,
                    op,
                    bit,
                    key,
                }
            })
            .collect();
        let mut pieces: Vec<Piece> = (plan.parts.iter())
            .map(|part| Piece::Shape(part.shape))
            .collect();
        let rests: Vec<JoinRest> = (plan.rests.iter())
            .map(|&(place, rest, least, is_sorted)| {
                let variable = match rest {
                    Rest::Seen(variable) | Rest::Taken(variable) => Some(variable),
                    Rest::Empty | Rest::Kept => None,
                };
                pieces.extend(variable.map(Piece::Value));
                let parts = plan.parts.iter().filter(|part| part.place == place);
                let wrappers = plan.wrappers.iter().filter(|wrapper| wrapper.0 == place);
                JoinRest {
                    place,
                    matched: parts.count() + wrappers.count(),
                    least,
                    is_sorted,
                    is_empty: rest == Rest::Empty,
                    is_seen: variable.is_some(),
                    is_taken: matches!(rest, Rest::Taken(_)),
                }
            })
            .collect();
        let outputs: Vec<_> = plan.outputs.iter().map(|&(_, shape)| shape).collect();
        let code = reducer.program.compile_pieces(
            &mut reducer.store,
            statement,
            id,
            &plan.shapes,
            &pieces,
            &outputs,
        );
        let wrappers = (plan.wrappers.iter())
            .map(|&(place, op, stays)| {
                let part = super::layout::Part::Wrapper(op);
                let (leaf, _) = leaves.number(&reducer.store, layout, place, part);
                (leaf, stays)
            })
            .collect();
        let sees_rest = rests.iter().any(|rest| rest.is_seen);
        Join {
            statement: id,
            anchor,
            bits: parts.iter().fold(0, |bits, part| bits | part.bit),
            parts,
            sees_rest,
            rests,
            wrappers,
            guards: plan.guards.clone(),
            factors: (!sees_rest && !code.has_shared_rewrites).then(|| {
                let numbers = &mut self.numbers;
                std::sync::Arc::new(Factors::new(reducer, statement, plan, numbers))
            }),
            code,
            outputs: plan.outputs.iter().map(|&(place, _)| place).collect(),
        }
    }

    /// Compiles a part; gives its bit.
    pub(super) fn part(
        &mut self,
        reducer: &mut Reducer,
        variables: &[Variable],
        plan: &Plan,
        part: &super::plan::PlannedPart,
    ) -> Mask {
        let probe = reducer.program.compile_probe(
            &mut reducer.store,
            variables,
            &plan.shapes,
            part.shape,
            &[],
        );
        // With more parts than bits some share one, and it says less.
        let bit = 1 << (self.parts.len() as u32 % Mask::BITS);
        self.parts.push((part.place, part.op, bit, probe));
        bit
    }
}
