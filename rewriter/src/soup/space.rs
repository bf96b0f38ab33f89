//! The states of a search as vectors of leaves, and their successors.
//!
//! The one idea: this is the face of the engine. A state comes in as a vector and is opened; its steps come
//! out one after the other in the order of the general engine, each as the few words by which the
//! successor differs.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::choice::{Choice, LateRule};
use super::factor::PieceResults;
use super::goal::GoalFilter;
use super::join::{Join, Probes};
use super::layout::{Layout, PlaceId};
use super::leaf::{LeafId, Leaves, Mask};
use super::learn::Sharing;
use super::outcome::{Memo, OutcomeId, SlotChange, Solution};
use super::plan::{Anchor, plan};
use crate::module::{Module, StatementId};
use crate::reduction::{Reason, Reducer};
use crate::search::{Base, Goal, Piece, Vectors};
use crate::signature::{OpId, Signature};
use crate::statement::Body;
use crate::term::{Store, TermId};

/// Why a computation ended early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unfit {
    /// A state has a form that the layout does not foresee; the general engine must take over.
    Form,
    /// A limit was reached.
    Limit(Reason),
    /// Something was never met, and no number may be given to it.
    Unknown,
}

/// What a computation may use beside what is remembered.
pub(crate) enum Hands<'a> {
    All(&'a mut Reducer),
    /// A reducer, but nothing gets a slot: what is found must make sense elsewhere.
    Bound(&'a mut Reducer),
}

impl Hands<'_> {
    /// The machine that computes.
    pub(super) fn reducer(&mut self) -> &mut Reducer {
        match self {
            Hands::All(reducer) | Hands::Bound(reducer) => reducer,
        }
    }

    /// The terms.
    pub(super) fn store(&self) -> &Store {
        match self {
            Hands::All(reducer) | Hands::Bound(reducer) => &reducer.store,
        }
    }

    fn are_bound(&self) -> bool {
        matches!(self, Hands::Bound(_))
    }
}

impl From<Reason> for Unfit {
    fn from(reason: Reason) -> Unfit {
        Unfit::Limit(reason)
    }
}

/// A step from the state that is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SoupStep {
    pub(crate) rule: StatementId,
    pub(super) depth: u16,
    pub(super) outcome: OutcomeId,
    pub(super) n_rewrites: u64,
}

/// Words of a successor that differ, in ascending order of slots.
pub(crate) type Changes = SmallVec<[SlotChange; 8]>;

/// Where a step leads.
pub(crate) enum SoupTarget<'a> {
    /// To a vector that is known.
    Vector(usize),
    /// To the vector with this root.
    Root(Piece),
    /// To a vector for which there is no room yet.
    Longer,
    /// To the vector that differs from the open one like this.
    Changed(&'a [SlotChange]),
}

/// The leaves of a state.
#[derive(Clone, Default, Debug)]
pub(crate) struct Config {
    /// For each place, the leaves there in the order of terms, each with how often it is there.
    pub(super) lists: Vec<Vec<(LeafId, u32)>>,
    /// For each place, neighbors with the same operator: where they start and end.
    pub(super) runs: Vec<Vec<(OpId, u32, u32)>>,
    /// How many there are, repetitions included.
    pub(super) sizes: Vec<u32>,
    /// What all leaves together may match.
    pub(super) mask: Mask,
    /// For each place, how many leaves have no sort.
    pub(super) unsorted: Vec<u32>,
    /// Whether there are any.
    pub(super) has_unsorted: bool,
}

/// What rules do inside a leaf.
#[derive(Clone, Default, Debug)]
pub(super) enum LeafSteps {
    #[default]
    Unknown,
    /// It was found once, with all rewrites.
    Counted,
    /// Where the solutions are, and the rewrites after them.
    Known(std::ops::Range<u32>, u32),
}

/// The compiled engine for one search.
#[derive(Clone, Debug)]
pub(crate) struct Soup {
    pub(super) signature: Arc<Signature>,
    pub(super) layout: Layout,
    pub(super) leaves: Leaves,
    pub(super) probes: Probes,
    pub(super) rules: Vec<Join>,
    /// In the order in which they are tried.
    pub(super) equations: Vec<Join>,
    /// The parts of equations.
    pub(super) equation_bits: Mask,
    /// Some equation may apply though no leaf that is new matches a part of it.
    pub(super) closes_always: bool,
    /// Places whose leaves rules may rewrite inside.
    pub(super) is_open: Vec<bool>,
    pub(super) memo: Memo,
    pub(super) leaf_steps: Vec<LeafSteps>,
    pub(super) keys: HashMap<(u32, LeafId), SmallVec<[TermId; 1]>, FxBuildHasher>,
    pub(super) results: PieceResults,
    base: Base,
    pub(super) config: Config,
    /// Room for another state.
    other: Config,
    /// The rules at each anchor.
    pub(super) anchored: Vec<(Anchor, Vec<usize>)>,
    pub(super) goal: Option<GoalFilter>,
    /// The outcome of the step that was made last.
    pub(super) last: OutcomeId,
    /// How the step that was found last changes the open state.
    changed: Changes,
    pub(super) steps: Vec<SoupStep>,
    /// The most rewrites that one step may take.
    pub(super) most_rewrites: u64,
    /// Rewrites after the last step.
    pub(super) tail: u64,
    /// No leaf gets a slot now, nor a number unless copies work together.
    pub(super) is_bound: bool,
    /// Steps that are computed when they are taken.
    pub(super) choices: Vec<Choice>,
    /// For an operator of leaves, its rules, if its steps may be computed late.
    pub(super) late_rules: HashMap<OpId, Option<Vec<LateRule>>, FxBuildHasher>,
    /// How many steps of a leaf make them such.
    pub(super) fewest_choices: usize,
    /// Copies of it work together.
    pub(super) sharing: Option<Sharing>,
}

impl Soup {
    /// The engine for a search from a normal form; nothing if its rules and equations do not have
    /// the form of joins.
    pub(crate) fn new(reducer: &mut Reducer, initial: TermId, goal: &Goal) -> Option<Soup> {
        if reducer.is_observed() {
            return None;
        }
        let module = Arc::clone(reducer.module());
        let layout = Layout::new(&module, &reducer.store, initial);
        if layout.tops.is_empty() {
            return None;
        }
        let leaves = Leaves::new(&layout);
        let n_places = layout.places.len();
        let mut soup = Soup {
            leaves,
            probes: Probes::default(),
            rules: Vec::new(),
            equations: Vec::new(),
            equation_bits: 0,
            closes_always: false,
            is_open: vec![true; n_places],
            memo: Memo::default(),
            leaf_steps: Vec::new(),
            keys: HashMap::default(),
            results: PieceResults::default(),
            base: Base::default(),
            config: Config::new(n_places),
            other: Config::new(n_places),
            anchored: Vec::new(),
            goal: None,
            last: 0,
            changed: Changes::new(),
            steps: Vec::new(),
            tail: 0,
            is_bound: false,
            choices: Vec::new(),
            late_rules: HashMap::default(),
            fewest_choices: usize::MAX,
            sharing: None,
            most_rewrites: reducer.limits.rewrites,
            signature: Arc::clone(module.signature()),
            layout,
        };
        let anchors = soup.anchors(&module);
        soup.compile(reducer, &module, &anchors)?;
        for (number, rule) in soup.rules.iter().enumerate() {
            match soup
                .anchored
                .iter_mut()
                .find(|(anchor, _)| *anchor == rule.anchor)
            {
                Some((_, rules)) => rules.push(number),
                None => soup.anchored.push((rule.anchor, vec![number])),
            }
        }
        soup.filter_goal(reducer, goal);
        Some(soup)
    }

    /// Everywhere a left side may have its top, each with its operator and whether rules may rewrite
    /// there.
    fn anchors(&mut self, module: &Module) -> Vec<(Anchor, OpId, bool)> {
        let mut anchors = Vec::new();
        let frozen = |op: OpId| module.signature().operator(op).attributes.frozen.clone();
        if let Some(root) = self.layout.root {
            anchors.push((Anchor::Root, root, true));
        }
        let mut pending: Vec<(PlaceId, bool)> = Vec::new();
        for (index, &place) in self.layout.tops.iter().enumerate() {
            let is_frozen = (self.layout.root).is_some_and(|root| frozen(root).contains(&index));
            pending.push((place, !is_frozen));
        }
        while let Some((place, is_open)) = pending.pop() {
            self.is_open[place] = is_open;
            if let Some(collection) = self.layout.collection(place) {
                anchors.push((Anchor::Collection(place), collection.op, is_open));
                let inside_open = is_open && frozen(collection.op).is_empty();
                self.is_open[place] = inside_open;
                for &(op, inside) in &collection.wrapped {
                    anchors.push((Anchor::Wrapper(place, op), op, inside_open));
                    pending.push((inside, inside_open));
                }
            }
        }
        anchors
    }

    fn compile(
        &mut self,
        reducer: &mut Reducer,
        module: &Module,
        anchors: &[(Anchor, OpId, bool)],
    ) -> Option<()> {
        let mut ordered: Vec<(bool, usize)> = (module.statements().iter().enumerate())
            .filter(|(_, statement)| !statement.attributes.nonexec)
            .map(|(index, statement)| (statement.attributes.owise, index))
            .collect();
        ordered.sort();
        for (_, index) in ordered {
            let statement = &module.statements()[index];
            let id = StatementId(index as u32);
            let at = module.operators_of(id);
            let is_rule = matches!(statement.body, Body::Rule { .. });
            for &(anchor, op, is_open) in anchors {
                if !at.contains(&op) {
                    continue;
                }
                if matches!(statement.body, Body::Membership { .. }) {
                    return None;
                }
                if is_rule && !is_open {
                    continue;
                }
                let plan = plan(module, &mut reducer.store, &self.layout, statement, anchor)?;
                let join =
                    self.probes
                        .join(reducer, &mut self.leaves, &self.layout, id, anchor, &plan);
                if is_rule {
                    self.rules.push(join);
                } else {
                    self.equation_bits |= join.bits;
                    self.closes_always |= join.sees_rest
                        || join.parts.is_empty()
                        || join.rests.iter().any(|rest| rest.is_empty);
                    self.equations.push(join);
                }
            }
        }
        Some(())
    }

    /// The vector of a normal form.
    pub(crate) fn vector(
        &mut self,
        reducer: &mut Reducer,
        state: TermId,
    ) -> Result<Vec<u32>, Unfit> {
        let parts = self.layout.take_apart(&reducer.store, state);
        self.expect(&reducer.store, &parts);
        let leaves = self.number(reducer, &parts)?;
        let mut held: Vec<Vec<LeafId>> = vec![Vec::new(); self.leaves.slots.len()];
        for leaf in leaves {
            let facts = self.leaves.at(leaf);
            let held = &mut held[facts.slot as usize];
            let is_single =
                facts.term == TermId::NONE || self.layout.collection(facts.place).is_none();
            if is_single && !held.is_empty() {
                return Err(Unfit::Form);
            }
            held.push(leaf);
        }
        let words = held
            .into_iter()
            .map(|held| self.leaves.word(&reducer.store, held));
        Ok(words.collect())
    }

    /// Many elements that are there together get slots of their own.
    fn expect(&mut self, store: &Store, parts: &[(PlaceId, super::layout::Part)]) {
        let mut counts: HashMap<(PlaceId, OpId), u32, FxBuildHasher> = HashMap::default();
        for &(place, part) in parts {
            if let super::layout::Part::Leaf(term) = part {
                *counts.entry((place, store.op(term))).or_insert(0) += 1;
            }
        }
        for ((place, op), count) in counts {
            self.leaves.expect(place, op, count);
        }
    }

    /// The word for a slot with one leaf more.
    fn with(&mut self, store: &Store, word: u32, leaf: LeafId) -> Result<u32, Unfit> {
        let is_wrapper = self.leaves.at(leaf).term == TermId::NONE;
        if word != 0 && (is_wrapper || self.layout.collection(self.leaves.at(leaf).place).is_none())
        {
            return Err(Unfit::Form);
        }
        match self.is_bound {
            false => Ok(self.leaves.with(store, word, leaf)),
            true => (self.leaves.known_with(word, leaf)).ok_or(Unfit::Unknown),
        }
    }

    /// Opens a state and finds its steps.
    pub(crate) fn open(
        &mut self,
        hands: &mut Hands<'_>,
        vectors: &Vectors,
        number: usize,
        most_bytes: usize,
    ) -> Result<(), Unfit> {
        let choices = self.choices.len() * size_of::<Choice>();
        if self.memo.bytes() + choices > most_bytes {
            self.forget_steps();
        }
        // Copies are told when that is forgotten.
        if !hands.are_bound() && self.results.bytes() > most_bytes.saturating_mul(2) {
            self.results.clear();
        }
        vectors.open(number, &mut self.base);
        self.is_bound = hands.are_bound();
        // What a copy numbered itself means something else in vectors.
        let end = (self.sharing.as_ref()).map_or(LeafId::MAX, |sharing| sharing.first_own);
        if self.is_bound && !self.leaves.know(self.base.words(), end) {
            return Err(Unfit::Unknown);
        }
        let reducer = hands.reducer();
        reducer.machine.reset();
        reducer.machine.remembers_elements = true;
        reducer.store.clear_scratch();
        let Soup {
            config,
            leaves,
            base,
            ..
        } = self;
        config.read(hands.store(), leaves, base.words());
        for (place, runs) in config.runs.iter().enumerate() {
            for &(op, start, end) in runs {
                leaves.expect(place, op, end - start);
            }
        }
        self.expand(hands)
    }

    /// Forgets what is remembered of single steps.
    pub(super) fn forget_steps(&mut self) {
        self.memo.clear();
        self.choices.clear();
        self.leaf_steps.clear();
        self.keys.clear();
    }

    /// Where a step leads, and its rewrites. Pieces of the vector may be added, but no vector; with bound
    /// hands nothing is added.
    pub(crate) fn target(
        &mut self,
        hands: &mut Hands<'_>,
        vectors: &mut Vectors,
        step: SoupStep,
    ) -> Result<(SoupTarget<'_>, u64), Unfit> {
        let (outcome, n_rewrites) = self.closed(hands, step)?;
        self.last = outcome;
        if self.memo.removed(outcome).is_empty() && self.memo.added(outcome).is_empty() {
            return Ok((SoupTarget::Vector(self.base.number()), n_rewrites));
        }
        let words = self.base.words();
        if !self.is_bound && self.leaves.slots.len() > words.len() {
            return Ok((SoupTarget::Longer, n_rewrites));
        }
        let is_simple = |change: &SlotChange| words.get(change.slot as usize) == Some(&change.from);
        let known = self.memo.changes(outcome);
        let is_known = known.is_some_and(|changes| changes.iter().all(is_simple));
        if !is_known {
            self.changed = self.changes(hands.store(), outcome)?;
        }
        let changes = match self.memo.changes(outcome) {
            Some(changes) if is_known => changes,
            _ => &self.changed,
        };
        if !self.is_bound {
            let root = vectors.root_of(&self.base, changes);
            return Ok((SoupTarget::Root(root), n_rewrites));
        }
        // Numbers that are known here only mean something else in vectors.
        let root = match self.is_own(outcome) {
            true => None,
            false => vectors.known_root(&self.base, changes),
        };
        let target = match root {
            Some(root) => SoupTarget::Root(root),
            None => SoupTarget::Changed(changes),
        };
        Ok((target, n_rewrites))
    }

    /// Whether a leaf comes that is known here only.
    fn is_own(&self, outcome: OutcomeId) -> bool {
        let Some(sharing) = &self.sharing else {
            return false;
        };
        let mut added = self.memo.added(outcome).iter();
        added.any(|&leaf| leaf >= sharing.first_own)
    }

    /// Makes a step; gives the number of the successor, and whether it is new.
    pub(crate) fn insert(
        &mut self,
        reducer: &mut Reducer,
        vectors: &mut Vectors,
        step: SoupStep,
    ) -> Result<(usize, bool), Unfit> {
        loop {
            match self.target(&mut Hands::All(reducer), vectors, step)?.0 {
                SoupTarget::Vector(number) => return Ok((number, false)),
                SoupTarget::Root(root) => return Ok(vectors.insert_root(&root)),
                SoupTarget::Longer => self.lengthen(vectors),
                SoupTarget::Changed(_) => return Err(Unfit::Unknown),
            }
        }
    }

    /// Makes room for all slots in the vectors.
    pub(crate) fn lengthen(&mut self, vectors: &mut Vectors) {
        vectors.reach(self.leaves.slots.len());
        vectors.open(self.base.number(), &mut self.base);
    }

    /// The outcome of a step and the equations after it, and its rewrites.
    fn closed(&mut self, hands: &mut Hands<'_>, step: SoupStep) -> Result<(OutcomeId, u64), Unfit> {
        let step = self.made(hands, step)?;
        if !self.memo.closes(step.outcome) {
            return Ok((step.outcome, step.n_rewrites));
        }
        let (outcome, more) = self.close(hands, step.outcome)?;
        Ok((outcome, step.n_rewrites + more))
    }

    /// How many steps the open state has.
    pub(crate) fn n_steps(&self) -> usize {
        self.steps.len()
    }

    /// A step of the open state.
    pub(crate) fn step(&self, number: usize) -> SoupStep {
        self.steps[number]
    }

    /// Rewrites after the last step.
    pub(crate) fn tail(&self) -> u64 {
        self.tail
    }

    /// The words by which a successor differs from the open state; if no number may be given to
    /// anything, as far as they were met before.
    fn changes(&mut self, store: &Store, outcome: OutcomeId) -> Result<Changes, Unfit> {
        let mut changes = Changes::new();
        for index in 0..self.memo.removed(outcome).len() {
            let leaf = self.memo.removed(outcome)[index];
            let slot = self.leaves.at(leaf).slot;
            let change = entry(&mut changes, self.base.words(), slot);
            change.to = match self.is_bound {
                false => self.leaves.without(change.to, leaf),
                true => (self.leaves.known_without(change.to, leaf)).ok_or(Unfit::Unknown)?,
            };
        }
        for index in 0..self.memo.added(outcome).len() {
            let leaf = self.memo.added(outcome)[index];
            let slot = self.leaves.at(leaf).slot;
            if self.is_bound && slot as usize >= self.base.words().len() {
                return Err(Unfit::Unknown);
            }
            let word = entry(&mut changes, self.base.words(), slot).to;
            let word = self.with(store, word, leaf)?;
            entry(&mut changes, self.base.words(), slot).to = word;
        }
        changes.sort_unstable_by_key(|change| change.slot);
        Ok(changes)
    }

    /// The term of a vector.
    pub(crate) fn term(&self, store: &mut Store, words: &[u32]) -> TermId {
        let mut config = Config::new(self.layout.places.len());
        config.read(store, &self.leaves, words);
        self.compose(store, &config)
    }

    /// The same, in the room that is kept for it.
    pub(crate) fn term_here(&mut self, store: &mut Store, words: &[u32]) -> TermId {
        let mut config = std::mem::take(&mut self.other);
        config.read(store, &self.leaves, words);
        let term = self.compose(store, &config);
        self.other = config;
        term
    }

    /// The bytes it occupies.
    pub(crate) fn bytes(&self) -> usize {
        self.leaves.bytes() + self.memo.bytes() + self.results.bytes() + self.keys.capacity() * 24
    }

    /// Tuples that were remembered and that were computed, leaves, slots.
    pub(crate) fn statistics(&self) -> (u64, u64, u64, u64) {
        let Memo {
            n_hits, n_misses, ..
        } = self.memo;
        let (leaves, slots) = (self.leaves.len() as u64 - 1, self.leaves.slots.len() as u64);
        (n_hits, n_misses, leaves, slots)
    }

    /// Tuples and changes of slots that were computed.
    pub(crate) fn n_computed(&self) -> u64 {
        self.memo.n_misses + self.leaves.n_changes
    }

    /// What is remembered of solutions.
    pub(super) fn solution(&self, number: u32) -> Solution {
        self.memo.solution(number)
    }
}

/// The change of a slot; it is added if need be.
fn entry<'a>(changes: &'a mut Changes, words: &[u32], slot: u32) -> &'a mut SlotChange {
    let position = match changes.iter().position(|change| change.slot == slot) {
        Some(position) => position,
        None => {
            let word = words.get(slot as usize).copied().unwrap_or(0);
            changes.push(SlotChange {
                slot,
                from: word,
                to: word,
            });
            changes.len() - 1
        }
    };
    &mut changes[position]
}
