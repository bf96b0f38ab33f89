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
    /// A switch on the operator of a register itself: its cases, from the lowest operator on.
    Table {
        register: u16,
        lowest: u32,
        cases: Box<[u32]>,
        other: u32,
    },
    Switch(Box<Switch>),
}

/// A switch on the operator at the end of a path.
#[derive(Clone, Debug)]
struct Switch {
    path: Path,
    /// Sorted by operator.
    cases: Vec<(OpId, u32)>,
    /// Some other operator, or nothing at all.
    other: u32,
    /// The path cannot be followed.
    unknown: u32,
}

/// A decision tree over the alternatives of an operator.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dispatch {
    nodes: Vec<Node>,
    root: u32,
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
        dispatch
    }

    /// The alternatives that start here, whatever the arguments are.
    pub(super) fn always(start: u32) -> Dispatch {
        Dispatch {
            nodes: vec![Node::List(start)],
            root: 0,
        }
    }

    /// Where the alternatives for these arguments start.
    #[inline(always)]
    pub(crate) fn select(&self, store: &Store, registers: &[TermId]) -> u32 {
        let mut node = self.root;
        loop {
            node = match &self.nodes[node as usize] {
                Node::List(start) => return *start,
                Node::Table {
                    register,
                    lowest,
                    cases,
                    other,
                } => {
                    let op = store.op(registers[usize::from(*register)]);
                    let index = op.0.wrapping_sub(*lowest) as usize;
                    cases.get(index).copied().unwrap_or(*other)
                }
                Node::Switch(switch) => switch.select(store, registers),
            };
        }
    }
}

impl Switch {
    /// The node to go on with.
    #[inline(never)]
    fn select(&self, store: &Store, registers: &[TermId]) -> u32 {
        let (register, steps) = &self.path;
        match follow(store, registers[usize::from(*register)], steps) {
            Found::Operator(op) => match self.cases.binary_search_by_key(&op, |&(key, _)| key) {
                Ok(index) => self.cases[index].1,
                Err(_) => self.other,
            },
            Found::Nothing => self.other,
            Found::Elsewhere | Found::Several => self.unknown,
        }
    }

    /// The same as a table, where that is possible and not much larger.
    fn tabulated(self) -> Node {
        let (Some(first), Some(last)) = (self.cases.first(), self.cases.last()) else {
            return Node::Switch(Box::new(self));
        };
        let (register, steps) = &self.path;
        let lowest = first.0.0;
        let span = (last.0.0 - lowest) as usize + 1;
        if !steps.is_empty() || span > 8 * self.cases.len() + 8 {
            return Node::Switch(Box::new(self));
        }
        let mut cases = vec![self.other; span].into_boxed_slice();
        for &(op, node) in &self.cases {
            cases[(op.0 - lowest) as usize] = node;
        }
        Node::Table {
            register: *register,
            lowest,
            cases,
            other: self.other,
        }
    }
}
