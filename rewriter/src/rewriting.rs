//! Rewriting one way out of many, fairly: Maude's `rewrite` and `frewrite`.
//!
//! The one idea: both go on from where they were, so that what was passed over has its turn. For
//! `rewrite` that is the rules of each operator: the one after the rule that was applied last is
//! tried first, and positions are tried from the root downwards. For `frewrite` it is also the
//! positions: the term is walked through, arguments first, and at each place so many rules are
//! applied before the walk goes on.
//!
//! Left out: the rule by which Maude hands messages to objects (`config`).

use hashbrown::HashMap;

use crate::pattern::{Pattern, PatternId};
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::term::{Store, TermId, Theory};
use crate::transition::{FirstRules, Transitions};

/// A place in the term that is rewritten.
#[derive(Clone, Copy, Debug)]
struct Place {
    term: TermId,
    parent: usize,
    /// Which argument of its parent it is.
    argument: usize,
}

/// Where a rewriting stands.
#[derive(Clone, Debug)]
pub struct Rewriting {
    next_rules: FirstRules,
    /// From the root down to the present place, each with the places beside it.
    places: Vec<Place>,
    current: usize,
    /// How many rules are applied at a place before the next has its turn; for `rewrite` nothing.
    gas: Option<u64>,
    gas_left: u64,
    progress: bool,
    /// A place whose arguments have changed since it was made.
    stale: Option<usize>,
}

/// What a rewriting led to.
#[derive(Clone, PartialEq, Debug)]
pub enum Rewritten {
    /// A normal form.
    Reduced(TermId),
    /// `frewrite` stopped below the root: what was rewritten stands where it stood, and nothing
    /// around it is reduced or put in order.
    Unfinished(Pattern),
}

impl Rewriting {
    /// Begins at a normal form. With `gas`, as `frewrite` does.
    pub fn new(state: NormalForm, gas: Option<u64>) -> Rewriting {
        Rewriting {
            next_rules: FirstRules::default(),
            places: vec![Place {
                term: state.term(),
                parent: 0,
                argument: 0,
            }],
            current: 0,
            gas,
            gas_left: 0,
            progress: true,
            stale: None,
        }
    }

    /// Applies at most `limit` rules more; all there are if it is `None`.
    ///
    /// # Errors
    /// If a limit of the engine is reached first.
    pub fn run(
        &mut self,
        reducer: &mut Reducer,
        limit: Option<u64>,
    ) -> Result<Rewritten, Interrupted> {
        let mut left = limit.unwrap_or(u64::MAX);
        if self.gas.is_none() {
            while left > 0 && self.apply(reducer, false)? {
                left -= 1;
            }
        } else {
            while self.progress && left > 0 {
                left = self.walk(reducer, left)?;
            }
        }
        Ok(match self.current == 0 && self.stale.is_none() {
            true => Rewritten::Reduced(self.places[0].term),
            false => Rewritten::Unfinished(self.unfinished(reducer.store())),
        })
    }

    /// Applies a rule at the present place, or below it.
    fn apply(&mut self, reducer: &mut Reducer, top_only: bool) -> Result<bool, Interrupted> {
        let state = NormalForm(self.places[self.current].term);
        let rules = std::mem::take(&mut self.next_rules);
        let mut transitions = Transitions::beginning_with(reducer, state, rules, top_only);
        let found = transitions.next(reducer)?;
        let kept = match found {
            Some(_) if !reducer.failed.is_empty() => transitions.kept(reducer),
            _ => Vec::new(),
        };
        self.next_rules = transitions.into_next_rules(reducer);
        if let Some(transition) = found {
            reducer.forget_failures(&kept, transition.target.term());
            self.places[self.current].term = transition.target.term();
            self.stale = (self.current > 0).then(|| self.places[self.current].parent);
        }
        Ok(found.is_some())
    }

    /// Walks through the term until the root was rewritten or `left` rules were applied; gives how
    /// many may be applied still.
    fn walk(&mut self, reducer: &mut Reducer, left: u64) -> Result<u64, Interrupted> {
        let gas = self.gas.unwrap_or(1);
        let mut left = left;
        if self.current == 0 {
            self.descend(reducer);
            self.gas_left = gas;
            self.progress = false;
        }
        loop {
            while self.gas_left > 0 && self.apply(reducer, true)? {
                self.progress = true;
                self.gas_left -= 1;
                left -= 1;
                if left == 0 {
                    return Ok(0);
                }
            }
            if self.current == 0 {
                return Ok(left);
            }
            if self.current + 1 < self.places.len() {
                self.current += 1;
                self.descend(reducer);
            } else {
                self.ascend(reducer)?;
            }
            self.gas_left = gas;
        }
    }

    /// Goes down to the first place below the present one that has no places below it.
    fn descend(&mut self, reducer: &Reducer) {
        loop {
            let parent = self.current;
            let term = self.places[parent].term;
            let store = reducer.store();
            let op = store.op(term);
            let frozen = &store.signature().operator(op).attributes.frozen;
            let theory = store.theory(op);
            let first = self.places.len();
            for (argument, &term) in store.arguments(term).iter().enumerate() {
                let is_frozen = match theory {
                    Theory::List | Theory::Multiset => !frozen.is_empty(),
                    _ => frozen.contains(&argument),
                };
                if !is_frozen && !store.is_quiet(term) {
                    self.places.push(Place {
                        term,
                        parent,
                        argument,
                    });
                }
            }
            if first == self.places.len() {
                return;
            }
            self.current = first;
        }
    }

    /// Goes up to the parent of the last place, whose arguments are then done.
    fn ascend(&mut self, reducer: &mut Reducer) -> Result<(), Interrupted> {
        let Some(&Place { parent, .. }) = self.places.last() else {
            unreachable!("the root is never left");
        };
        let first = self.first_beside(self.places.len());
        if self.stale == Some(parent) {
            let term = self.with_arguments(reducer, parent, first);
            let kept = reducer.store().arguments(term).to_vec();
            let reduced = reducer.reduce(term)?.term();
            reducer.forget_failures(&kept, reduced);
            self.places[parent].term = reduced;
            self.stale = (parent > 0).then(|| self.places[parent].parent);
        }
        self.places.truncate(first);
        self.current = parent;
        Ok(())
    }

    /// A place with the terms of the places below it, which begin at `first`.
    fn with_arguments(&self, reducer: &mut Reducer, parent: usize, first: usize) -> TermId {
        let term = self.places[parent].term;
        let store = reducer.store_mut();
        let op = store.op(term);
        if let (Some(count), Some(place)) = (store.iterations(term), self.places.get(first)) {
            return store.make_iterated(op, &count, place.term);
        }
        let mut arguments = store.arguments(term).to_vec();
        for place in &self.places[first..] {
            arguments[place.argument] = place.term;
        }
        store.make(op, &arguments)
    }

    /// The whole term as it is now.
    fn unfinished(&self, store: &Store) -> Pattern {
        let mut pattern = Pattern::new();
        let mut ids = HashMap::default();
        let mut made: Vec<Option<PatternId>> = vec![None; self.places.len()];
        let mut end = self.places.len();
        while end > 1 {
            let parent = self.places[end - 1].parent;
            let first = self.first_beside(end);
            let term = self.places[parent].term;
            let arguments = store.arguments(term).to_vec().into_iter();
            let mut arguments: Vec<PatternId> = arguments
                .map(|argument| store.add_to_pattern(argument, &mut pattern, &mut ids))
                .collect();
            for (place, made) in self.places[first..end].iter().zip(&made[first..end]) {
                arguments[place.argument] = match made {
                    Some(id) => *id,
                    None => store.add_to_pattern(place.term, &mut pattern, &mut ids),
                };
            }
            let op = store.op(term);
            made[parent] = Some(match store.iterations(term) {
                Some(count) => pattern.iterate(op, count, arguments[0]),
                None => pattern.apply(op, &arguments),
            });
            end = first;
        }
        if let Some(root) = made[0] {
            pattern.set_root(root);
        }
        pattern
    }

    /// The first of the places that have the same parent as the last before `end`.
    fn first_beside(&self, end: usize) -> usize {
        let parent = self.places[end - 1].parent;
        let places = &self.places[..end];
        let before = places.iter().rposition(|place| place.parent != parent);
        before.map_or(1, |before| before + 1).max(parent + 1)
    }
}
