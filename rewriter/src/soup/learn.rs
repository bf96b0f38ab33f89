//! What one copy of the engine computed, for the others.
//!
//! The one idea: what is dear to compute are the functions of [`factor`](super::factor), the steps inside leaves, and
//! joins that match in several ways; all of it is kept as sequences of numbers, see
//! [`Results`](super::results::Results). A copy is brought up to date by appending what was added to
//! the original. A copy that computes something new gives numbers of its own to new terms and
//! leaves, hands out what it found, and forgets it again; the original gives it numbers that
//! count.

use smallvec::SmallVec;

use super::layout::{Part, PlaceId};
use super::leaf::{LeafId, LeafMark, LeafTail, Mask, SEVERAL};
use super::outcome::{MemoMark, SlotChange};
use super::results::Results;
use super::space::{LeafSteps, Soup, Unfit};
use crate::module::StatementId;
use crate::reduction::{Reason, Reducer};
use crate::term::{Adopted, TermId};

/// What the words of a result mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Of leaves: the rewrites after the last step, and the steps; see [`Made`].
    Steps,
    /// Of a leaf: the number of ways to match it, and terms.
    Record,
    /// Of terms: whether a condition holds, rewrites, and terms.
    Condition,
    /// Of terms: rewrites and leaves.
    Output,
}

/// The function that gives the steps inside a leaf.
const LEAF_STEPS: u32 = 0;

/// With the number of a join, the function that gives what it makes of a tuple of leaves.
const TUPLE: u32 = 1 << 31;

/// A way in which a join, or a rule inside a leaf, applies.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) rule: StatementId,
    pub(super) depth: u16,
    /// Rewrites since the one before.
    pub(super) n_rewrites: u32,
    /// The leaves that come.
    pub(super) added: Vec<LeafId>,
}

/// How much there was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    n_words: usize,
    n_ropes: usize,
    leaves: LeafMark,
    n_results: usize,
    n_cleared: u32,
    memo: MemoMark,
    n_choices: usize,
}

/// What was added to the original.
#[derive(Debug)]
pub(crate) struct News {
    words: Vec<TermId>,
    leaves: LeafTail,
    results: Results,
    /// All results before these were forgotten.
    forgets_results: bool,
}

impl News {
    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        let News {
            words,
            leaves,
            results,
            forgets_results,
        } = self;
        words.is_empty() && leaves.is_empty() && results.len() == 0 && !forgets_results
    }
}

/// What a copy found.
#[derive(Debug)]
pub(crate) struct Findings {
    n_words: usize,
    words: Vec<TermId>,
    n_leaves: usize,
    leaves: Vec<(PlaceId, Part, Mask)>,
    results: Results,
}

/// What a copy found cannot be told.
#[derive(Debug)]
pub(crate) struct Untold;

/// What a copy changed of what was there before, to be undone.
#[derive(Clone, Default, Debug)]
pub(super) struct Touched {
    pub(super) leaf_steps: Vec<LeafId>,
    pub(super) keys: Vec<(u32, LeafId)>,
    pub(super) singles: Vec<LeafId>,
    pub(super) choices: Vec<u32>,
}

/// What it means that several copies work together.
#[derive(Clone, Debug)]
pub(super) struct Sharing {
    pub(super) touched: Touched,
    /// Leaves from this one on are known here only.
    pub(super) first_own: LeafId,
    /// This is a copy, which forgets.
    pub(super) is_copy: bool,
}

impl Soup {
    /// From now on, what is computed can be told to copies, unless that makes no sense for
    /// this module.
    pub(crate) fn share(&mut self, reducer: &Reducer) {
        if !reducer.store.has_memberships() {
            self.leaves.keep_notes();
            self.sharing = Some(Sharing {
                touched: Touched::default(),
                first_own: LeafId::MAX,
                is_copy: false,
            });
        }
    }

    /// This is a copy, which finds things out for the original.
    pub(crate) fn become_copy(&mut self) {
        if let Some(sharing) = &mut self.sharing {
            sharing.is_copy = true;
            self.leaves.keep_no_notes();
        }
    }

    /// Whether this is a copy.
    pub(super) fn is_copy(&self) -> bool {
        self.sharing.as_ref().is_some_and(|sharing| sharing.is_copy)
    }

    /// How much there is.
    pub(crate) fn mark(&self, reducer: &Reducer) -> Mark {
        Mark {
            n_words: reducer.store.n_words(),
            n_ropes: reducer.store.n_ropes(),
            leaves: self.leaves.mark(),
            n_results: self.results.len(),
            n_cleared: self.results.n_cleared(),
            memo: self.memo.mark(),
            n_choices: self.choices.len(),
        }
    }

    /// What was added since there was so much, which is when this was asked last; nothing if that
    /// cannot be told.
    pub(crate) fn news(&mut self, reducer: &Reducer, since: &Mark) -> Option<News> {
        let is_tellable = self.sharing.is_some() && reducer.store.n_ropes() == since.n_ropes;
        is_tellable.then(|| {
            let forgets_results = self.results.n_cleared() != since.n_cleared;
            let first = if forgets_results { 0 } else { since.n_results };
            News {
                words: reducer.store.tail(since.n_words),
                leaves: self.leaves.tail(since.leaves),
                results: self.results.tail(first),
                forgets_results,
            }
        })
    }

    /// Adds what was added to the original.
    pub(crate) fn hear(&mut self, reducer: &mut Reducer, news: &News) {
        reducer.store.append(&news.words);
        self.leaves.append(&reducer.store, &news.leaves);
        if news.forgets_results {
            self.results.clear();
        }
        for (key, value) in news.results.since(0) {
            self.results.insert(key, value);
        }
    }

    /// A copy begins to find things out.
    pub(crate) fn begin(&mut self, reducer: &Reducer) -> Mark {
        let mark = self.mark(reducer);
        if let Some(sharing) = &mut self.sharing {
            sharing.first_own = mark.leaves.leaves as LeafId;
            sharing.touched = Touched::default();
        }
        mark
    }

    /// A copy hands out what it found since it began, and forgets it.
    ///
    /// # Errors
    /// If it cannot be told; what was made of it is worth nothing.
    pub(crate) fn hand_out(
        &mut self,
        reducer: &mut Reducer,
        since: &Mark,
    ) -> Result<Option<Findings>, Untold> {
        let Some(sharing) = &mut self.sharing else {
            return Ok(None);
        };
        let touched = std::mem::take(&mut sharing.touched);
        let now = self.mark(reducer);
        let own_leaves = now.leaves.leaves > since.leaves.leaves;
        if now.n_words == since.n_words && now.n_results == since.n_results && !own_leaves {
            return Ok(None);
        }
        let findings = (now.n_ropes == since.n_ropes).then(|| Findings {
            n_words: since.n_words,
            words: reducer.store.tail(since.n_words),
            n_leaves: since.leaves.leaves,
            leaves: self.leaves.added(since.leaves).collect(),
            results: self.results.tail(since.n_results),
        });
        reducer.machine.forget_terms();
        reducer.store.clear_scratch();
        reducer.store.truncate(since.n_words);
        self.results.truncate(since.n_results);
        for key in &touched.keys {
            self.keys.remove(key);
        }
        self.leaves.truncate(since.leaves);
        if self.memo.was_cleared(since.memo) {
            self.forget_steps();
        } else if own_leaves || now.n_choices > since.n_choices {
            self.memo.truncate(since.memo, &touched.singles);
            self.choices.truncate(since.n_choices);
            for &choice in &touched.choices {
                if let Some(choice) = self.choices.get_mut(choice as usize) {
                    choice.made = None;
                }
            }
            self.leaf_steps.truncate(since.leaves.leaves);
            for &leaf in &touched.leaf_steps {
                if let Some(steps) = self.leaf_steps.get_mut(leaf as usize) {
                    *steps = LeafSteps::Unknown;
                }
            }
        }
        findings.map(Some).ok_or(Untold)
    }

    /// Makes what a copy found known here; gives the numbers that its leaves have here.
    ///
    /// # Errors
    /// If there is no room for more terms.
    pub(crate) fn learn(
        &mut self,
        reducer: &mut Reducer,
        findings: &Findings,
    ) -> Result<OwnLeaves, Unfit> {
        let adopted = reducer.store.adopt(findings.n_words, &findings.words);
        if reducer.store.is_exhausted() {
            return Err(Unfit::Limit(Reason::Memory));
        }
        let mut leaves: Vec<LeafId> = Vec::with_capacity(findings.leaves.len());
        for &(place, part, mask) in &findings.leaves {
            let part = match part {
                Part::Leaf(term) => Part::Leaf(adopted.at(term)),
                wrapper @ Part::Wrapper(_) => wrapper,
            };
            let (leaf, is_new) = (self.leaves).number(&reducer.store, &self.layout, place, part);
            if is_new {
                self.leaves.set_mask(leaf, mask);
            }
            leaves.push(leaf);
        }
        self.leaves.put_in_order(&reducer.store);
        let translation = Translation {
            adopted: &adopted,
            leaves: OwnLeaves {
                n_known: findings.n_leaves,
                own: leaves,
            },
        };
        let (mut own_key, mut own_value) = (Vec::new(), Vec::new());
        for (key, value) in findings.results.since(0) {
            let kind = self.probes.kind(key[0]);
            translation.translate(kind, (key, value), &mut own_key, &mut own_value);
            if self.results.find(&own_key).is_none() {
                self.results.insert(&own_key, &own_value);
            }
        }
        Ok(translation.leaves)
    }

    /// Changes of slots that a copy found as they are here; false if a leaf has another slot here.
    pub(crate) fn adopt_changes(&self, own: &OwnLeaves, changes: &mut [SlotChange]) -> bool {
        changes.iter_mut().all(|change| {
            if change.to & SEVERAL == 0 {
                change.to = own.at(change.to);
            }
            change.to & SEVERAL != 0
                || change.to == 0
                || self.leaves.at(change.to).slot == change.slot
        })
    }

    /// Keeps the steps inside a leaf for the others.
    pub(super) fn tell_leaf_steps(&mut self, leaf: LeafId, made: &[Made], tail: u32) {
        self.tell(&[LEAF_STEPS, leaf], made, tail);
    }

    /// Keeps what a join makes of a tuple for the others.
    pub(super) fn tell_solutions(
        &mut self,
        join: (usize, bool),
        tuple: &[LeafId],
        made: &[Made],
        tail: u32,
    ) {
        self.tell(&tuple_key(join, tuple), made, tail);
    }

    fn tell(&mut self, key: &[u32], made: &[Made], tail: u32) {
        if self.sharing.is_none() || self.results.find(key).is_some() {
            return;
        }
        let mut value: SmallVec<[u32; 32]> = SmallVec::from_slice(&[tail]);
        for made in made {
            let n_added = made.added.len() as u32;
            value.extend([made.rule.0, u32::from(made.depth), made.n_rewrites, n_added]);
            value.extend_from_slice(&made.added);
        }
        self.results.insert(key, &value);
    }

    /// The steps inside a leaf and the rewrites after the last, if somebody found them.
    pub(super) fn told_leaf_steps(&self, leaf: LeafId) -> Option<(Vec<Made>, u32)> {
        self.told(&[LEAF_STEPS, leaf])
    }

    /// What a join makes of a tuple and the rewrites after that, if somebody found it.
    pub(super) fn told_solutions(
        &self,
        join: (usize, bool),
        tuple: &[LeafId],
    ) -> Option<(Vec<Made>, u32)> {
        self.told(&tuple_key(join, tuple))
    }

    fn told(&self, key: &[u32]) -> Option<(Vec<Made>, u32)> {
        self.sharing.as_ref()?;
        let (&tail, mut rest) = self.results.find(key)?.split_first()?;
        let mut told = Vec::new();
        while let &[rule, depth, n_rewrites, n_added, ref more @ ..] = rest {
            let (added, more) = more.split_at(n_added as usize);
            told.push(Made {
                rule: StatementId(rule),
                depth: depth as u16,
                n_rewrites,
                added: added.to_vec(),
            });
            rest = more;
        }
        Some((told, tail))
    }
}

/// The key for a join, by its number and whether it is an equation, and a tuple.
fn tuple_key((number, is_equation): (usize, bool), tuple: &[LeafId]) -> SmallVec<[u32; 9]> {
    let mut key: SmallVec<[u32; 9]> = SmallVec::new();
    key.push(TUPLE | (number as u32) << 1 | u32::from(is_equation));
    key.extend_from_slice(tuple);
    key
}

/// Numbers that leaves of a copy have in the original.
#[derive(Debug)]
pub(crate) struct OwnLeaves {
    /// Leaves that have the same number.
    n_known: usize,
    own: Vec<LeafId>,
}

impl OwnLeaves {
    fn at(&self, leaf: LeafId) -> LeafId {
        match (leaf as usize).checked_sub(self.n_known) {
            Some(own) => self.own[own],
            None => leaf,
        }
    }
}

/// Numbers of a copy as numbers of the original.
struct Translation<'a> {
    adopted: &'a Adopted,
    leaves: OwnLeaves,
}

impl Translation<'_> {
    fn term(&self, word: u32) -> u32 {
        self.adopted.at(TermId::word(word)).bits()
    }

    fn translate(
        &self,
        kind: Kind,
        (key, value): (&[u32], &[u32]),
        own_key: &mut Vec<u32>,
        own_value: &mut Vec<u32>,
    ) {
        let (function, arguments) = key.split_at(1);
        own_key.clear();
        own_key.extend_from_slice(function);
        own_value.clear();
        let leaves = |words: &[u32], own: &mut Vec<u32>| {
            own.extend(words.iter().map(|&word| self.leaves.at(word)));
        };
        let terms = |words: &[u32], own: &mut Vec<u32>| {
            own.extend(words.iter().map(|&word| self.term(word)));
        };
        let n_numbers = match kind {
            Kind::Record | Kind::Output | Kind::Steps => 1,
            Kind::Condition => 2,
        };
        let (numbers, mut rest) = value.split_at(n_numbers.min(value.len()));
        own_value.extend_from_slice(numbers);
        match kind {
            Kind::Record | Kind::Steps => leaves(arguments, own_key),
            Kind::Condition | Kind::Output => terms(arguments, own_key),
        }
        match kind {
            Kind::Record | Kind::Condition => terms(rest, own_value),
            Kind::Output => leaves(rest, own_value),
            Kind::Steps => {
                while let &[_, _, _, n_added, ref more @ ..] = rest {
                    let (added, more) = more.split_at(n_added as usize);
                    own_value.extend_from_slice(&rest[..4]);
                    leaves(added, own_value);
                    rest = more;
                }
            }
        }
    }
}

/// The kind of a function.
pub(super) fn kind_of(function: u32, kinds: &[Kind]) -> Kind {
    match function {
        LEAF_STEPS => Kind::Steps,
        _ if function & TUPLE != 0 => Kind::Steps,
        _ => kinds[function as usize - 1],
    }
}
