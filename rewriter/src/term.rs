//! Terms: immutable nodes in an append-only store, equal modulo axioms exactly when equal as ids.
//!
//! The one idea: a node is a run of 32-bit words in one long vector, `op, length, sort and flags,
//! hash, arguments...`, and a [`TermId`] is where the run starts. An *interned* node is kept for
//! ever and shared: the same operator and arguments give the same id. A *transient* node (high bit
//! of the id set) is the throw-away kind that reduction makes by the million: it lies in a scratch
//! vector, is not shared, and what survives a reduction is interned at its end.
//!
//! Every node is normal modulo the axioms of its operator from the moment it is made: flattened,
//! identities dropped, commutative arguments sorted in Maude's order of terms. Repeated arguments
//! of a multiset are repeated words. An `iter` node holds its innermost argument and the number of
//! repetitions as 32-bit digits, so numbers are ordinary terms of any size.
//!
//! Left out on purpose: equations (see [`reduction`](crate::reduction)); nothing here rewrites.

mod literal;
mod normalize;
mod order;
mod places;
mod rope;
mod tail;
mod transient;

pub(crate) use places::Sought;
pub(crate) use rope::Elements;
use rope::Ropes;
pub(crate) use tail::Adopted;

use std::sync::Arc;

use hashbrown::HashTable;

use crate::builtin::{Hook, RandomNumbers};
use crate::module::{Module, StatementId};
use crate::pattern::{Pattern, PatternId, PatternNode};
use crate::signature::{KindId, OpId, Signature, SortId};
use crate::statement::Body;

/// A term of a [`Store`].
///
/// Two ids of interned terms of one store are equal exactly when the terms are equal modulo the
/// axioms of their operators.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(u32);

const TRANSIENT: u32 = 1 << 31;

impl TermId {
    /// No term.
    pub(crate) const NONE: TermId = TermId(0);

    pub(crate) fn word(bits: u32) -> TermId {
        TermId(bits)
    }

    #[inline]
    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    /// Whether the node is transient: gone when the reduction that made it ends.
    #[inline]
    pub fn is_transient(self) -> bool {
        self.0 & TRANSIENT != 0
    }

    #[inline]
    fn offset(self) -> usize {
        (self.0 & !TRANSIENT) as usize
    }

    /// A number for tables indexed by interned term; not dense.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Debug for TermId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.is_transient() {
            "transient"
        } else {
            "term"
        };
        write!(formatter, "{kind} {}", self.offset())
    }
}

/// How the arguments of an operator are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Theory {
    /// As written.
    Free,
    /// Two arguments that are swapped, dropped or merged: C, U, CU and idempotence.
    Pair,
    /// Any number of arguments in order: A, AU.
    List,
    /// Any number of arguments, sorted: AC, ACU.
    Multiset,
    /// An argument and a number of repetitions.
    Iterated,
    /// Words that are no arguments.
    Literal,
}

/// What the store needs to know of an operator, in one place.
#[derive(Clone, Debug)]
pub(crate) struct OperatorFacts {
    /// The first row of its least-sort table in `Store::sort_rows`.
    row: u32,
    pub(crate) theory: Theory,
    pub(crate) comm: bool,
    pub(crate) idem: bool,
    pub(crate) left_identity: TermId,
    pub(crate) right_identity: TermId,
    pub(crate) order: u32,
    /// No equation or built-in can ever apply at this operator.
    pub(crate) stable: bool,
    /// No rule can be tried at this operator.
    ruleless: bool,
    /// A sort of which every part of two or more elements is, if the whole is: that of every
    /// application to arguments that have sorts, or one that only elements below it make.
    pub(crate) uniform_sort: Option<SortId>,
    /// Memberships can lower the sorts of its applications.
    pub(crate) has_memberships: bool,
    /// To these.
    pub(crate) membership_sorts: Vec<SortId>,
    /// Its large collections are ropes.
    pub(crate) has_ropes: bool,
    /// For each sort of its kind but the error sort, the most elements of a collection of that sort.
    pub(crate) most_elements: std::sync::OnceLock<Box<[usize]>>,
}

/// Where rows of least-sort tables are.
type SortRows = hashbrown::HashMap<(KindId, Box<[u32]>), u32, rustc_hash::FxBuildHasher>;

/// The operators of numbers, where the module has them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberFacts {
    pub(crate) successor: OpId,
    pub(crate) zero: TermId,
    pub(crate) minus: Option<OpId>,
}

impl OperatorFacts {
    /// Whether it has an identity element on any side.
    pub(crate) fn has_identity(&self) -> bool {
        self.left_identity != TermId::NONE || self.right_identity != TermId::NONE
    }

    /// Whether an application may be one of its arguments.
    pub(crate) fn may_collapse(&self) -> bool {
        self.has_identity() || self.idem
    }

    /// The identity element, or `NONE`.
    pub(crate) fn identity(&self) -> TermId {
        if self.left_identity == TermId::NONE {
            self.right_identity
        } else {
            self.left_identity
        }
    }
}

const HEADER: usize = 4;
const NORMAL: u32 = 1 << 16;
const QUIET: u32 = 1 << 17;
/// The payload is chunks of a large collection; see `rope`.
const ROPE: u32 = 1 << 18;

/// All terms made from one module.
#[derive(Clone, Debug)]
pub struct Store {
    signature: Arc<Signature>,
    operators: Vec<OperatorFacts>,
    numbers: Option<NumberFacts>,
    literal_hooks: Vec<Option<Hook>>,
    words: Vec<TermId>,
    scratch: Vec<TermId>,
    /// The vector that scratch is copied to next.
    spare: Vec<TermId>,
    index: HashTable<u32>,
    ropes: Ropes,
    buffer: Vec<TermId>,
    exhausted: bool,
    /// For each operator, the least-sort table with rows indexed by sort; see `sort_of`.
    sort_rows: Vec<u32>,
    /// Whether a sort is below another: a row for each upper sort.
    below: Vec<bool>,
    /// Whether a sort is the error sort of its kind.
    error_sorts: Vec<bool>,
    n_sorts: usize,
    checks: Checks,
    random: RandomNumbers,
    next_number: i64,
}

/// What is known of applications of `modelCheck`: a reduction cannot search, but it can say that
/// it needs a search and begin anew when its result is known.
#[derive(Clone, Debug, Default)]
struct Checks {
    results: hashbrown::HashMap<(TermId, TermId), TermId, rustc_hash::FxBuildHasher>,
    wanted: Option<(TermId, TermId)>,
}

impl Store {
    /// The result of checking a state and a formula; if it is not known, it is wanted.
    pub(crate) fn checked(&mut self, state: TermId, formula: TermId) -> Option<TermId> {
        let key = (self.promote(state), self.promote(formula));
        let known = self.checks.results.get(&key).copied();
        if known.is_none() {
            self.checks.wanted.get_or_insert(key);
        }
        known
    }

    /// A number that was not given before, from 0 on.
    pub(crate) fn next_number(&mut self) -> i64 {
        self.next_number += 1;
        self.next_number - 1
    }

    /// A number of the sequence that `random` gives.
    pub(crate) fn random_number(&mut self, place: u64) -> Option<u32> {
        self.random.at(place)
    }

    /// Makes the result of a check known.
    pub(crate) fn set_checked(&mut self, state: TermId, formula: TermId, result: TermId) {
        self.checks.results.insert((state, formula), result);
    }

    /// The first check of which the result was not known.
    pub(crate) fn wanted_check(&self) -> Option<(TermId, TermId)> {
        self.checks.wanted
    }

    /// An empty store for terms of this module.
    pub fn new(module: &Module) -> Store {
        let signature = Arc::clone(module.signature());
        let mut store = Store {
            operators: Vec::new(),
            numbers: None,
            literal_hooks: signature.operators().map(|op| module.hook(op)).collect(),
            signature,
            words: vec![TermId(0); HEADER],
            scratch: Vec::new(),
            spare: Vec::new(),
            index: HashTable::new(),
            ropes: Ropes::default(),
            buffer: Vec::new(),
            exhausted: false,
            sort_rows: Vec::new(),
            below: Vec::new(),
            error_sorts: Vec::new(),
            n_sorts: 0,
            checks: Checks::default(),
            random: RandomNumbers::default(),
            next_number: 0,
        };
        store.copy_sort_tables();
        store.collect_facts(module);
        store
    }

    /// Sorts are looked up for every node that is made, so their tables are kept in the form that
    /// takes the fewest steps.
    fn copy_sort_tables(&mut self) {
        let signature = Arc::clone(&self.signature);
        self.n_sorts = signature.sorts().count();
        let is_error = |sort| signature.is_error_sort(sort);
        self.error_sorts = signature.sorts().map(is_error).collect();
        for upper in signature.sorts() {
            self.below
                .extend(signature.sorts().map(|lower| signature.leq(lower, upper)));
        }
    }

    /// Appends the least-sort table of an operator, its rows indexed by sort instead of position; equal
    /// rows are kept once.
    fn copy_sort_table(&mut self, op: OpId, rows: &mut SortRows) -> u32 {
        let signature = Arc::clone(&self.signature);
        let operator = signature.operator(op);
        let arity = operator.arity();
        if arity == 0 {
            let sort = u32::from(signature.least_sort(op, &[]).0);
            self.sort_rows.push(sort);
            return self.sort_rows.len() as u32 - 1;
        }
        let sorts = |argument: usize| &signature.kind(operator.domain[argument]).sorts[..];
        let entry = |from, sort| operator.table.entry(from, signature.position(sort));
        // The rows for each argument.
        let mut layers: Vec<Vec<u32>> = vec![vec![0]];
        for argument in 1..arity {
            let above = layers[argument - 1].iter();
            let mut layer: Vec<u32> = above
                .flat_map(|&from| {
                    sorts(argument - 1)
                        .iter()
                        .map(move |&sort| entry(from, sort))
                })
                .collect();
            layer.sort_unstable();
            layer.dedup();
            layers.push(layer);
        }
        // What a row has for each sort: the sort of the whole, or where the row for the next argument is.
        let mut below: Option<Vec<(u32, u32)>> = None;
        for (argument, layer) in layers.iter().enumerate().rev() {
            let kind = operator.domain[argument];
            let copied = layer.iter().map(|&from| {
                let entries = sorts(argument).iter().map(|&sort| {
                    let entry = entry(from, sort);
                    match &below {
                        None => entry,
                        Some(rows) => match rows.binary_search_by_key(&entry, |row| row.0) {
                            Ok(position) => rows[position].1,
                            Err(_) => unreachable!("all rows of a layer are copied"),
                        },
                    }
                });
                let entries: Box<[u32]> = entries.collect();
                (from, self.copy_row(kind, entries, rows))
            });
            below = Some(copied.collect());
        }
        below.map_or(0, |rows| rows[0].1)
    }

    fn copy_row(&mut self, kind: KindId, entries: Box<[u32]>, rows: &mut SortRows) -> u32 {
        *rows
            .entry((kind, entries))
            .or_insert_with_key(|(kind, entries)| {
                let first = self.sort_rows.len();
                self.sort_rows.resize(first + self.n_sorts, 0);
                for (sort, &entry) in self.signature.kind(*kind).sorts.iter().zip(entries) {
                    self.sort_rows[first + sort.index()] = entry;
                }
                first as u32
            })
    }

    /// The least sort of an application to arguments of these sorts.
    #[inline(always)]
    pub(crate) fn look_up_sort(&self, op: OpId, payload: &[TermId]) -> SortId {
        let mut row = self.operators[op.index()].row;
        if payload.is_empty() {
            return SortId(self.sort_rows[row as usize] as u16);
        }
        for &argument in payload {
            row = self.sort_rows[row as usize + self.sort(argument).index()];
        }
        SortId(row as u16)
    }

    /// Whether the least sort of a term is below a sort.
    #[inline]
    pub fn has_sort(&self, id: TermId, sort: SortId) -> bool {
        self.below[sort.index() * self.n_sorts + self.sort(id).index()]
    }

    /// The arguments of an application of a free operator, if a term is one, and whether it has a
    /// sort.
    #[inline(always)]
    pub(crate) fn take_apart(&self, id: TermId, op: OpId) -> Option<(&[TermId], bool)> {
        let node = self.node(id);
        let (header, rest) = node.split_first_chunk::<HEADER>()?;
        if header[0].bits() != op.0 {
            return None;
        }
        let arguments = rest.get(..header[1].bits() as usize)?;
        let has_sort = !self.error_sorts[header[2].bits() as u16 as usize];
        Some((arguments, has_sort))
    }

    fn collect_facts(&mut self, module: &Module) {
        let signature = Arc::clone(&self.signature);
        let mut rows = SortRows::default();
        let mut ruleless = vec![true; signature.operators().count()];
        // Memberships can give a part of a collection a sort that its elements do not tell.
        let mut membership_sorts = vec![Vec::new(); signature.operators().count()];
        for (index, statement) in module.statements().iter().enumerate() {
            if statement.attributes.nonexec || matches!(statement.body, Body::Equation { .. }) {
                continue;
            }
            for op in module.operators_of(StatementId(index as u32)) {
                match statement.body {
                    Body::Membership { sort, .. } => membership_sorts[op.index()].push(sort),
                    _ => ruleless[op.index()] = false,
                }
            }
        }
        for op in signature.operators() {
            let axioms = signature.operator(op).axioms();
            let literal = matches!(
                module.hook(op),
                Some(Hook::Strings | Hook::QuotedIds | Hook::Floats)
            );
            let theory = match (axioms.assoc, axioms.comm) {
                _ if literal => Theory::Literal,
                (true, true) => Theory::Multiset,
                (true, false) => Theory::List,
                _ if axioms.comm || axioms.idem || axioms.identity.is_some() => Theory::Pair,
                _ if axioms.iter => Theory::Iterated,
                _ => Theory::Free,
            };
            let row = self.copy_sort_table(op, &mut rows);
            let membership_sorts = std::mem::take(&mut membership_sorts[op.index()]);
            let has_memberships = !membership_sorts.is_empty();
            self.operators.push(OperatorFacts {
                row,
                theory,
                comm: axioms.comm,
                idem: axioms.idem,
                left_identity: TermId::NONE,
                right_identity: TermId::NONE,
                order: signature.symbol_order(op),
                stable: module.is_stable(op),
                ruleless: ruleless[op.index()],
                uniform_sort: uniform_sort(&signature, op, has_memberships),
                has_memberships,
                membership_sorts,
                has_ropes: matches!(theory, Theory::List | Theory::Multiset) && !has_memberships,
                most_elements: std::sync::OnceLock::new(),
            });
        }
        for op in signature.operators() {
            use crate::signature::Side;
            if let (Some(side), Some(term)) = (
                signature.operator(op).axioms().identity,
                module.identity(op),
            ) && let Some(identity) = self.ground(term)
            {
                let facts = &mut self.operators[op.index()];
                if side != Side::Right || facts.comm {
                    facts.left_identity = identity;
                }
                if side != Side::Left || facts.comm {
                    facts.right_identity = identity;
                }
                facts.has_ropes &= facts.left_identity == facts.right_identity;
            }
        }
        let zero = module.operator_with(Hook::Zero);
        if let (Some(successor), Some(zero)) = (module.operator_with(Hook::Successor), zero) {
            self.numbers = Some(NumberFacts {
                successor,
                zero: self.make(zero, &[]),
                minus: module.operator_with(Hook::Minus),
            });
        }
    }

    /// The signature that the terms are made over.
    pub fn signature(&self) -> &Arc<Signature> {
        &self.signature
    }

    #[inline]
    fn node(&self, id: TermId) -> &[TermId] {
        if id.is_transient() {
            &self.scratch[id.offset()..]
        } else {
            &self.words[id.offset()..]
        }
    }

    /// A word of a node.
    #[inline(always)]
    fn word(&self, id: TermId, index: usize) -> u32 {
        let arena = if id.is_transient() {
            &self.scratch
        } else {
            &self.words
        };
        arena[id.offset() + index].bits()
    }

    /// The operator at the top of a term.
    #[inline(always)]
    pub fn op(&self, id: TermId) -> OpId {
        OpId(self.word(id, 0))
    }

    /// The least sort of a term; the error sort of its kind if it has none.
    #[inline(always)]
    pub fn sort(&self, id: TermId) -> SortId {
        SortId(self.word(id, 2) as u16)
    }

    /// The arguments: all of a flattened application, the innermost one of an iterated operator,
    /// none of a literal. Those of a large collection are brought together the first time.
    #[inline]
    pub fn arguments(&self, id: TermId) -> &[TermId] {
        let node = self.node(id);
        let length = match self.operators[node[0].bits() as usize].theory {
            Theory::Iterated => 1,
            Theory::Literal => 0,
            _ if node[2].bits() & ROPE != 0 => return self.flattened(id),
            _ => node[1].bits() as usize,
        };
        &node[HEADER..HEADER + length]
    }

    /// How many arguments there are.
    #[inline]
    pub(crate) fn n_arguments(&self, id: TermId) -> usize {
        match self.is_rope(id) {
            true => self.elements(self.op(id), &id).len(),
            false => self.arguments(id).len(),
        }
    }

    /// The words after the header, whatever they mean.
    #[inline]
    pub(crate) fn payload(&self, id: TermId) -> &[TermId] {
        let node = self.node(id);
        &node[HEADER..HEADER + node[1].bits() as usize]
    }

    #[inline]
    pub(crate) fn facts(&self, op: OpId) -> &OperatorFacts {
        &self.operators[op.index()]
    }

    #[inline]
    pub(crate) fn theory(&self, op: OpId) -> Theory {
        self.operators[op.index()].theory
    }

    fn set_flag(&mut self, id: TermId, flag: u32) {
        let arena = if id.is_transient() {
            &mut self.scratch
        } else {
            &mut self.words
        };
        let word = &mut arena[id.offset() + 2];
        *word = TermId(word.bits() | flag);
    }

    /// Whether it is known that no equation applies anywhere in the term.
    #[inline]
    pub(crate) fn is_normal(&self, id: TermId) -> bool {
        self.word(id, 2) & NORMAL != 0
    }

    #[inline]
    pub(crate) fn set_normal(&mut self, id: TermId) {
        self.set_flag(id, NORMAL);
    }

    /// Whether it is known that no rule applies anywhere in the term.
    #[inline]
    pub(crate) fn is_quiet(&self, id: TermId) -> bool {
        self.word(id, 2) & QUIET != 0
    }

    pub(crate) fn set_quiet(&mut self, id: TermId) {
        self.set_flag(id, QUIET);
    }

    /// Lowers the sort of a node, as membership axioms do.
    pub(crate) fn set_sort(&mut self, id: TermId, sort: SortId) {
        let arena = if id.is_transient() {
            &mut self.scratch
        } else {
            &mut self.words
        };
        let word = &mut arena[id.offset() + 2];
        *word = TermId(word.bits() & !0xffff | u32::from(sort.0));
    }

    /// Whether memberships can lower the sort of some term.
    pub(crate) fn has_memberships(&self) -> bool {
        self.operators.iter().any(|facts| facts.has_memberships)
    }

    /// Lowers the sort of a node whose arguments have lower sorts than when it was made.
    pub(crate) fn lower_sort(&mut self, id: TermId) {
        let node = self.node(id);
        if node[2].bits() & ROPE != 0 {
            return;
        }
        let length = node[1].bits() as usize;
        let sort = self.sort_of(self.op(id), &node[HEADER..HEADER + length]);
        if self.signature.leq(sort, self.sort(id)) {
            self.set_sort(id, sort);
        }
    }

    /// The bytes this store occupies.
    pub fn bytes(&self) -> usize {
        (self.words.capacity() + self.scratch.capacity() + self.spare.capacity())
            * size_of::<TermId>()
            + self.index.capacity() * (size_of::<u32>() + 1)
            + self.ropes.bytes()
    }

    /// Whether the store ran out of ids: 2^31 words. Terms made since are wrong.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Interns a node whose payload is normal and interned.
    fn intern(&mut self, op: OpId, payload: &[TermId]) -> TermId {
        self.intern_with(op, payload, 0)
    }

    fn intern_with(&mut self, op: OpId, payload: &[TermId], flags: u32) -> TermId {
        let hash = hash_node(op, payload);
        let words = &self.words;
        let found = self.index.find(spread(hash), |&id| {
            let node = &words[id as usize..];
            node[3].bits() == hash
                && node[0].bits() == op.0
                && node[1].bits() as usize == payload.len()
                && &node[HEADER..HEADER + payload.len()] == payload
        });
        if let Some(&id) = found {
            return TermId(id);
        }
        if self.words.len() + HEADER + payload.len() >= TRANSIENT as usize {
            self.exhausted = true;
            return TermId(0);
        }
        // Of a rope, what counts is its chunks.
        let is_rope = flags & ROPE != 0;
        let terms = &payload[..payload.len() >> u32::from(is_rope)];
        let sort = self.sort_of(op, terms);
        let id = self.words.len() as u32;
        let length = payload.len() as u32;
        let header = [op.0, length, u32::from(sort.0) | flags, hash];
        self.words.extend(header.map(TermId));
        self.words.extend_from_slice(payload);
        let words = &self.words;
        self.index.insert_unique(spread(hash), id, |&other| {
            spread(words[other as usize + 3].bits())
        });
        let stable = self.facts(op).stable || self.is_negative_number(op, terms);
        if stable && self.all_normal(op, terms) {
            self.set_normal(TermId(id));
        }
        if self.facts(op).ruleless && self.all_quiet(op, terms) {
            self.set_quiet(TermId(id));
        }
        TermId(id)
    }

    fn all_quiet(&self, op: OpId, payload: &[TermId]) -> bool {
        match self.theory(op) {
            Theory::Literal => true,
            Theory::Iterated => self.is_quiet(payload[0]),
            _ => payload.iter().all(|&argument| self.is_quiet(argument)),
        }
    }

    /// Whether this is `-_` of a positive number: a value though `-_` can compute.
    fn is_negative_number(&self, op: OpId, payload: &[TermId]) -> bool {
        self.numbers.is_some_and(|numbers| {
            numbers.minus == Some(op)
                && self.op(payload[0]) == numbers.successor
                && self.arguments(payload[0]) == [numbers.zero]
        })
    }

    fn all_normal(&self, op: OpId, payload: &[TermId]) -> bool {
        match self.theory(op) {
            Theory::Literal => true,
            Theory::Iterated => self.is_normal(payload[0]),
            _ => payload.iter().all(|&argument| self.is_normal(argument)),
        }
    }

    /// The least sort of an application with this normal payload.
    #[inline]
    fn sort_of(&self, op: OpId, payload: &[TermId]) -> SortId {
        match self.operators[op.index()].theory {
            Theory::Free | Theory::Pair => self.look_up_sort(op, payload),
            Theory::Literal => self.sort_of_literal(op, payload),
            Theory::List | Theory::Multiset => {
                let mut sort = self.sort(payload[0]);
                for &next in &payload[1..] {
                    sort = self.join_sorts(op, sort, self.sort(next));
                }
                sort
            }
            Theory::Iterated => self.sort_of_iterated(op, payload),
        }
    }

    /// Strings of one character and finite floats have the least sort declared for literals,
    /// others the greatest.
    fn sort_of_literal(&self, op: OpId, payload: &[TermId]) -> SortId {
        let operator = self.signature.operator(op);
        let usual = operator.table.lookup(std::iter::empty());
        let special = match self.literal_hooks[op.index()] {
            Some(Hook::Strings) => payload[0].bits() != 1,
            Some(Hook::Floats) => payload[1].bits() & 0x7ff0_0000 == 0x7ff0_0000,
            _ => false,
        };
        if !special {
            return usual;
        }
        let ranges = operator
            .declarations
            .iter()
            .map(|declaration| declaration.range);
        ranges.fold(usual, |greatest, range| {
            if self.signature.leq(greatest, range) {
                range
            } else {
                greatest
            }
        })
    }

    /// The sort after each application; it repeats soon, so only the first few are computed.
    fn sort_of_iterated(&self, op: OpId, payload: &[TermId]) -> SortId {
        let table = &self.signature.operator(op).table;
        let mut sort = self.sort(payload[0]);
        let mut seen: smallvec::SmallVec<[SortId; 8]> = smallvec::smallvec![sort];
        let count = match &payload[1..] {
            [low] => u64::from(low.bits()),
            [low, high] => u64::from(low.bits()) | u64::from(high.bits()) << 32,
            _ => u64::MAX,
        };
        for done in 1..=count {
            let next = table.lookup(std::iter::once(self.signature.position(sort)));
            if next == sort {
                return sort;
            }
            if let Some(start) = seen.iter().position(|&earlier| earlier == next) {
                // A longer cycle; for counts beyond 64 bits the remainder is not exact.
                let cycle = (seen.len() - start) as u64;
                return seen[start + ((count - done) % cycle) as usize];
            }
            seen.push(next);
            sort = next;
        }
        sort
    }

    /// The term of a pattern without variables; `None` if it has some.
    pub fn ground(&mut self, pattern: &Pattern) -> Option<TermId> {
        if pattern.is_ground() {
            Some(self.instantiate(pattern, &[]))
        } else {
            None
        }
    }

    /// The subject of a command: as [`Store::ground`], but applications of associative operators
    /// that can be rewritten nest as in the pattern, to be reduced from inside; it is to be
    /// reduced before anything else.
    pub fn subject(&mut self, pattern: &Pattern) -> Option<TermId> {
        if !pattern.is_ground() {
            return None;
        }
        let apply = Store::apply_nested;
        Some(self.instantiate_with(pattern, &[], apply))
    }

    fn apply_nested(&mut self, op: OpId, arguments: &[TermId]) -> TermId {
        let arguments = &*self.without_identities(op, arguments);
        if let [single] = arguments {
            match self.theory(op) {
                Theory::List | Theory::Multiset => return *single,
                _ => {}
            }
        }
        let OperatorFacts {
            theory,
            comm,
            stable,
            left_identity,
            right_identity,
            ..
        } = *self.facts(op);
        // An identity on one side vanishes where it was written, not where flattening puts it.
        let is_one_sided = left_identity != right_identity;
        let is_nested = (!stable || is_one_sided)
            && matches!(theory, Theory::List | Theory::Multiset)
            && arguments.iter().any(|&argument| self.op(argument) == op);
        if !is_nested {
            return self.make(op, arguments);
        }
        let mut arguments = arguments.to_vec();
        if comm {
            arguments.sort_by(|&left, &right| self.compare(left, right));
        }
        let nested = self.intern(op, &arguments);
        // It is still to be flattened.
        let word = &mut self.words[nested.offset() + 2];
        *word = TermId(word.bits() & !NORMAL);
        nested
    }

    /// The arguments of a collection that do not vanish where they are written; one at least.
    fn without_identities(&self, op: OpId, arguments: &[TermId]) -> Vec<TermId> {
        let facts = self.facts(op);
        if !matches!(facts.theory, Theory::List | Theory::Multiset) || !facts.has_identity() {
            return arguments.to_vec();
        }
        let (identity, last) = (facts.identity(), arguments.len() - 1);
        let vanishes = |place: usize| {
            facts.right_identity != TermId::NONE && place > 0
                || facts.left_identity != TermId::NONE && place < last
        };
        let kept = arguments.iter().enumerate();
        let kept = kept.filter(|&(place, &term)| term != identity || !vanishes(place));
        let kept: Vec<TermId> = kept.map(|(_, &term)| term).collect();
        match kept.is_empty() {
            true => vec![identity],
            false => kept,
        }
    }

    /// The term of a pattern whose variables have these interned values.
    pub fn instantiate(&mut self, pattern: &Pattern, values: &[TermId]) -> TermId {
        self.instantiate_with(pattern, values, Store::make)
    }

    fn instantiate_with(
        &mut self,
        pattern: &Pattern,
        values: &[TermId],
        apply: fn(&mut Store, OpId, &[TermId]) -> TermId,
    ) -> TermId {
        let mut terms: Vec<TermId> = Vec::with_capacity(pattern.nodes().len());
        let mut arguments_here: Vec<TermId> = Vec::new();
        for node in pattern.nodes() {
            let at = |id: &PatternId| terms[id.index()];
            let term = match node {
                PatternNode::Variable(variable) => values[variable.index()],
                PatternNode::Application { op, arguments } => {
                    arguments_here.clear();
                    arguments_here.extend(arguments.iter().map(at));
                    apply(self, *op, &arguments_here)
                }
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                } => {
                    let argument = at(argument);
                    self.make_iterated(*op, count, argument)
                }
                PatternNode::Literal { op, value } => self.make_literal(*op, value),
            };
            terms.push(term);
        }
        terms[pattern.root().index()]
    }
}

/// The sort that every application of an associative operator to arguments with sorts has; or,
/// without memberships, one that an application has exactly if all arguments are below it.
fn uniform_sort(signature: &Signature, op: OpId, has_memberships: bool) -> Option<SortId> {
    let operator = signature.operator(op);
    if !operator.axioms().assoc {
        return None;
    }
    let sorts = &signature.kind(operator.range).sorts[1..];
    let pairs = || {
        sorts
            .iter()
            .flat_map(|a| sorts.iter().map(move |b| (*a, *b)))
    };
    let joined = |(a, b): (SortId, SortId)| signature.least_sort(op, &[a, b]);
    let makes = |sort: SortId, pair: (SortId, SortId)| joined(pair) == sort;
    let first = joined((*sorts.first()?, *sorts.first()?));
    let fits = |sort: SortId, (a, b)| signature.leq(a, sort) && signature.leq(b, sort);
    let mut ranges = operator.declarations.iter().map(|declared| declared.range);
    let sort = if pairs().all(|pair| makes(first, pair)) {
        Some(first)
    } else if has_memberships {
        None
    } else {
        ranges.find(|&sort| pairs().all(|pair| makes(sort, pair) == fits(sort, pair)))
    };
    sort.filter(|&sort| !signature.is_error_sort(sort))
}

/// A 32-bit hash of a node; sums of products as in FxHash, folded.
#[inline]
fn hash_node(op: OpId, payload: &[TermId]) -> u32 {
    const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
    let mut hash = u64::from(op.0)
        .wrapping_add(payload.len() as u64)
        .wrapping_mul(FACTOR);
    for word in payload {
        hash = (hash.rotate_left(23) ^ u64::from(word.bits())).wrapping_mul(FACTOR);
    }
    (hash >> 32) as u32
}

/// A 32-bit hash spread over 64 bits, as the hash table wants it: index below, tag above.
#[inline]
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
