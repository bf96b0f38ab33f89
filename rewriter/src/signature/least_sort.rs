//! Least-sort tables: a decision diagram from argument sorts to the sort of an application.
//!
//! The one idea: after some arguments are seen, all that matters of a declaration is whether it
//! still applies. The sets of declarations that still apply are the states of a small automaton,
//! flattened into one vector; an entry is the next state, or for the last argument the sort.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use super::{Declaration, Kind, KindId, SortId};

/// The least sort of an application as a function of the positions of its argument sorts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct LeastSortTable {
    /// Rows of states. In the row of a state for argument `i`, the entry at a sort's position
    /// is the start of the next row; in the last row it is a sort.
    entries: Vec<u32>,
    constant: u32,
}

/// What a table is made from.
pub(super) struct TableInput<'a> {
    pub(super) domain: &'a [KindId],
    pub(super) kinds: &'a [Kind],
    pub(super) declarations: &'a [Declaration],
    pub(super) error: SortId,
    pub(super) leq: &'a dyn Fn(SortId, SortId) -> bool,
}

impl LeastSortTable {
    /// The sort for arguments at these positions.
    #[inline]
    pub(crate) fn lookup(&self, positions: impl Iterator<Item = usize>) -> SortId {
        let mut row = 0u32;
        let mut constant = true;
        for position in positions {
            row = self.entries[row as usize + position];
            constant = false;
        }
        SortId(if constant { self.constant } else { row } as u16)
    }

    /// The entry of a row at a position: the start of the next row, or a sort.
    pub(crate) fn entry(&self, row: u32, position: usize) -> u32 {
        self.entries[row as usize + position]
    }

    /// The sort for two arguments.
    #[inline]
    pub(crate) fn pair(&self, first: usize, second: usize) -> SortId {
        let row = self.entries[first];
        SortId(self.entries[row as usize + second] as u16)
    }

    /// Builds the table; the second result is a pair of sorts that some arguments have in common
    /// with none below both (the operator is not preregular), if there is one.
    pub(super) fn build(input: &TableInput<'_>) -> (LeastSortTable, Option<(SortId, SortId)>) {
        let mut clash = None;
        let all: Vec<u32> = (0..input.declarations.len() as u32).collect();
        if input.domain.is_empty() {
            let constant = choose(input, &all, &mut clash);
            let table = LeastSortTable {
                entries: Vec::new(),
                constant: u32::from(constant.0),
            };
            return (table, clash);
        }
        let mut entries: Vec<u32> = Vec::new();
        let mut level: Vec<Vec<u32>> = vec![all];
        let mut row_of_level = vec![0u32];
        entries.resize(input.kinds[input.domain[0].index()].sorts.len(), 0);
        for (argument, kind) in input.domain.iter().enumerate() {
            let sorts = &input.kinds[kind.index()].sorts;
            let last = argument + 1 == input.domain.len();
            let mut next_level: Vec<Vec<u32>> = Vec::new();
            let mut next_rows: Vec<u32> = Vec::new();
            let mut seen: HashMap<Vec<u32>, usize, FxBuildHasher> = HashMap::default();
            for (state, &row) in level.iter().zip(&row_of_level) {
                for (position, &sort) in sorts.iter().enumerate() {
                    let applies = |&index: &u32| {
                        let declared = input.declarations[index as usize].domain[argument];
                        (input.leq)(sort, declared)
                    };
                    let left: Vec<u32> = state.iter().copied().filter(applies).collect();
                    let entry = if last {
                        u32::from(choose(input, &left, &mut clash).0)
                    } else {
                        let number = *seen.entry(left.clone()).or_insert_with(|| {
                            let width = input.kinds[input.domain[argument + 1].index()].sorts.len();
                            next_rows.push(entries.len() as u32);
                            entries.resize(entries.len() + width, 0);
                            next_level.push(left);
                            next_level.len() - 1
                        });
                        next_rows[number]
                    };
                    entries[row as usize + position] = entry;
                }
            }
            level = next_level;
            row_of_level = next_rows;
        }
        let table = LeastSortTable {
            entries,
            constant: 0,
        };
        (table, clash)
    }
}

/// The least range among the declarations that apply.
fn choose(
    input: &TableInput<'_>,
    applicable: &[u32],
    clash: &mut Option<(SortId, SortId)>,
) -> SortId {
    let range = |index: &u32| input.declarations[*index as usize].range;
    let Some(first) = applicable.first() else {
        return input.error;
    };
    let mut best = range(first);
    for sort in applicable.iter().map(range) {
        if (input.leq)(sort, best) {
            best = sort;
        }
    }
    if clash.is_none() {
        let other = applicable
            .iter()
            .map(range)
            .find(|&sort| !(input.leq)(best, sort));
        *clash = other.map(|other| (best, other));
    }
    best
}
