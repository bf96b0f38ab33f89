//! Small ground terms of every sort, the smallest first.
//!
//! The one idea: a pool for each kind grows in rounds, by constructors if the kind has some, and
//! keeps normal forms only; so what a sample is made of is what programs compute with.

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use crate::pattern::Literal;
use crate::reduction::Reducer;
use crate::signature::{KindId, OpId, SortId};
use crate::term::{Store, TermId};

/// The most terms with one least sort.
const MOST: usize = 8;

/// The most terms of a kind.
const MOST_OF_KIND: usize = 400;

/// Rounds of growth.
const ROUNDS: usize = 5;

/// New terms that an operator makes in a round.
const MOST_OF_OPERATOR: usize = 6;

/// Pseudo-random numbers: `splitmix64`, which is nobody's secret and the same everywhere.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below a bound that is not 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// Small normal forms.
#[derive(Debug)]
pub(super) struct Pools {
    /// By kind, the smallest first.
    pools: HashMap<KindId, Vec<TermId>, FxBuildHasher>,
    /// How many there are of each least sort.
    n_of_sort: HashMap<SortId, usize, FxBuildHasher>,
    /// Sorts of which there are terms at all.
    inhabited: HashSet<SortId, FxBuildHasher>,
    pub(super) random: Random,
}

impl Pools {
    pub(super) fn new(
        reducer: &mut Reducer,
        seed: u64,
        is_wanted: &dyn Fn(&Store, TermId) -> bool,
    ) -> Pools {
        let mut pools = Pools {
            pools: HashMap::default(),
            n_of_sort: HashMap::default(),
            inhabited: inhabited(reducer),
            random: Random::new(seed),
        };
        let mut known: HashSet<TermId, FxBuildHasher> = HashSet::default();
        for _ in 0..ROUNDS {
            pools.grow(reducer, &mut known, is_wanted);
        }
        pools
    }

    /// One round: every operator makes a few new terms of those that are there.
    fn grow(
        &mut self,
        reducer: &mut Reducer,
        known: &mut HashSet<TermId, FxBuildHasher>,
        is_wanted: &dyn Fn(&Store, TermId) -> bool,
    ) {
        let signature = reducer.module().signature().clone();
        let has_constructors: HashSet<KindId, FxBuildHasher> = (signature.operators())
            .filter(|&op| is_constructor(reducer, op))
            .map(|op| signature.operator(op).range)
            .collect();
        let mut made: Vec<(KindId, TermId)> = Vec::new();
        for op in signature.operators() {
            let kind = signature.operator(op).range;
            let may_make = !has_constructors.contains(&kind) || is_constructor(reducer, op);
            let is_full = (self.pools.get(&kind)).is_some_and(|pool| pool.len() >= MOST_OF_KIND);
            if !may_make || is_full {
                continue;
            }
            let mut n_made = 0;
            for term in self.applications(reducer, op, 3 * MOST_OF_OPERATOR) {
                if n_made == MOST_OF_OPERATOR || known.contains(&term) {
                    continue;
                }
                let Ok(normal) = reducer.reduce(term) else {
                    continue;
                };
                let store = reducer.store();
                let sort = store.sort(normal.term());
                let n_of_sort = self.n_of_sort.entry(sort).or_default();
                let is_right = normal.term() == term && !signature.is_error_sort(sort);
                if is_right && *n_of_sort < MOST && is_wanted(store, term) {
                    *n_of_sort += 1;
                    n_made += 1;
                    known.insert(term);
                    made.push((kind, term));
                }
            }
        }
        for (kind, term) in made {
            self.pools.entry(kind).or_default().push(term);
        }
    }

    /// Applications of an operator to what the pools hold: all if they are few, else samples.
    pub(super) fn applications(
        &mut self,
        reducer: &mut Reducer,
        op: OpId,
        most: usize,
    ) -> Vec<TermId> {
        let signature = reducer.module().signature().clone();
        let operator = signature.operator(op);
        if operator.arity() == 0 {
            let literals = literals(reducer, op);
            return match literals.is_empty() {
                true => vec![reducer.store_mut().make(op, &[])],
                false => literals,
            };
        }
        let mut found = Vec::new();
        for declaration in &operator.declarations {
            let pools: Vec<Vec<TermId>> = (declaration.domain.iter())
                .map(|&sort| self.of_sort(reducer, sort))
                .collect();
            let store = reducer.store_mut();
            for arguments in tuples(&pools, most, &mut self.random) {
                let term = store.make(op, &arguments);
                if !found.contains(&term) {
                    found.push(term);
                }
            }
        }
        found
    }

    /// Whether there are terms of a sort at all.
    pub(super) fn is_inhabited(&self, sort: SortId) -> bool {
        self.inhabited.contains(&sort)
    }

    /// The terms of a sort.
    pub(super) fn of_sort(&self, reducer: &Reducer, sort: SortId) -> Vec<TermId> {
        let kind = reducer.module().signature().kind_of(sort);
        let pool = self.pools.get(&kind).map_or(&[][..], Vec::as_slice);
        let has_sort = |&&term: &&TermId| reducer.store().has_sort(term, sort);
        pool.iter().filter(has_sort).copied().collect()
    }
}

/// The sorts that have terms, by declarations alone.
fn inhabited(reducer: &Reducer) -> HashSet<SortId, FxBuildHasher> {
    let signature = reducer.module().signature();
    let mut inhabited: HashSet<SortId, FxBuildHasher> = HashSet::default();
    loop {
        let n_before = inhabited.len();
        for op in signature.operators() {
            for declaration in &signature.operator(op).declarations {
                let has_arguments =
                    (declaration.domain.iter()).all(|sort| inhabited.contains(sort));
                if has_arguments && !inhabited.contains(&declaration.range) {
                    let above = signature.sorts();
                    inhabited.extend(above.filter(|&sort| signature.leq(declaration.range, sort)));
                }
            }
        }
        if inhabited.len() == n_before {
            return inhabited;
        }
    }
}

/// Whether an operator is declared to make what is computed with.
fn is_constructor(reducer: &Reducer, op: OpId) -> bool {
    let operator = reducer.module().signature().operator(op);
    operator.attributes.ctor
        || operator
            .declarations
            .iter()
            .any(|declaration| declaration.ctor)
}

/// A few literals, for an operator that stands for literals.
fn literals(reducer: &mut Reducer, op: OpId) -> Vec<TermId> {
    use crate::builtin::Hook;
    let literals = match reducer.module().hook(op) {
        Some(Hook::Strings) => ["", "a"].map(|text| Literal::String(text.to_owned())),
        Some(Hook::QuotedIds) => ["a", "b"].map(|text| Literal::QuotedId(text.to_owned())),
        Some(Hook::Floats) => [Literal::Float(0.5), Literal::Float(2.0)],
        _ => return Vec::new(),
    };
    let store = reducer.store_mut();
    literals
        .iter()
        .map(|literal| store.make_literal(op, literal))
        .collect()
}

/// Tuples with an element of each pool: all of them by the sum of their places if they are few, else
/// those of the first elements and random ones.
pub(super) fn tuples(pools: &[Vec<TermId>], most: usize, random: &mut Random) -> Vec<Vec<TermId>> {
    if pools.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let mut tuples: Vec<Vec<TermId>> = Vec::new();
    let n_all = (pools.iter()).fold(1usize, |product, pool| product.saturating_mul(pool.len()));
    // Numbers in a mixed base: the first elements of all pools come early.
    let width = |pool: &Vec<TermId>, most: usize| match n_all <= most {
        true => pool.len(),
        false => pool.len().min(2),
    };
    let n_early = (pools.iter()).fold(1usize, |product, pool| {
        product.saturating_mul(width(pool, most))
    });
    for mut number in 0..n_early.min(most.div_ceil(2).max(n_all.min(most))) {
        let tuple = pools.iter().map(|pool| {
            let place = number % width(pool, most);
            number /= width(pool, most);
            pool[place]
        });
        tuples.push(tuple.collect());
    }
    if n_all > most {
        while tuples.len() < most {
            tuples.push(
                pools
                    .iter()
                    .map(|pool| pool[random.below(pool.len())])
                    .collect(),
            );
        }
    }
    tuples
}
