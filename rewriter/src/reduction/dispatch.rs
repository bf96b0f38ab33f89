//! Which equations of an operator are worth trying on given arguments.
//!
//! The one idea: a path leads from the arguments to an operator that many left sides ask for; the
//! equations are sorted into lists by it, and a list is sorted further by another path. Paths go
//! through arguments of free operators and through the only element of a multiset that has a
//! certain operator, which is how a left side such as `< A | code: f(X) ~> K, Rest >` is found
//! among hundreds of its kind.

mod sorter;

use self::sorter::Sorter;
use crate::matching::{Found, PathStep, follow};
use crate::module::{Module, StatementId};
use crate::signature::OpId;
use crate::term::{Store, TermId};

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
        let mut sorter = Sorter::new(module, store, op, equations, ends, alternatives);
        dispatch.root = sorter.sort();
        dispatch.nodes = sorter.nodes;
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
