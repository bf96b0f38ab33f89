//! States that are expanded together.
//!
//! The one idea: what successors differ in is found for many states first, and only then they are looked up
//! and numbered, in order. So others may do the first part, and the processor can fetch what the
//! second part needs for all at once.

use super::vectors::{Base, Form, Piece, Vectors};
use crate::module::StatementId;
use crate::reduction::Reducer;
use crate::soup::{Findings, Hands, SlotChange, Soup, SoupTarget, Unfit, Untold};

/// Rewrites that one step of a state may take that is expanded before it is needed.
pub(super) const MOST_REWRITES_AHEAD: u64 = 100_000;

/// Steps of a state that are computed at once, of those that are computed as far as they are needed.
const MOST_LATE_STEPS: usize = 64;

/// Where a step leads.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// To this state.
    Known(u32),
    /// To the state with this root of the batch.
    Root(u32),
    /// To the state that differs like this from the one that was expanded: a range of changes.
    Changed(u32, u32),
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) rule: StatementId,
    pub(super) n_rewrites: u64,
    target: Target,
    /// Whether the state it leads to may be a goal.
    pub(super) may_be_goal: bool,
}

/// The steps of a state: where they start and end, and the rewrites after them.
pub(super) type Expanded = (u32, u32, u64);

/// The steps of the states of a batch.
#[derive(Debug)]
pub(super) struct Batch {
    first: usize,
    /// The first step of the first state that is still to be computed.
    rest: Option<usize>,
    /// The form of vectors that roots belong to.
    form: Form,
    /// For each state; nothing if something was not known.
    states: Vec<Option<Expanded>>,
    steps: Vec<Step>,
    changes: Vec<SlotChange>,
    roots: Vec<Piece>,
    /// What was computed where it was expanded.
    findings: Option<Findings>,
}

impl Batch {
    fn new(first: usize) -> Batch {
        Batch {
            first,
            rest: None,
            form: Form::default(),
            states: Vec::new(),
            steps: Vec::new(),
            changes: Vec::new(),
            roots: Vec::new(),
            findings: None,
        }
    }

    /// Forgets what it holds, for other states.
    fn renew(&mut self, first: usize) {
        self.first = first;
        self.rest = None;
        self.findings = None;
        self.states.clear();
        self.truncate([0; 3]);
    }

    /// Expands states that are known, as many as can be expanded together, without looking their
    /// successors up; the first from one of its steps on.
    ///
    /// # Errors
    /// What ends the expansion of the first.
    pub(super) fn ahead(
        soup: &mut Soup,
        reducer: &mut Reducer,
        vectors: &mut Vectors,
        states: std::ops::Range<usize>,
        from: usize,
        most_bytes: usize,
    ) -> Result<Batch, Unfit> {
        let first = states.start;
        let mut batch = Batch::new(first);
        let limit = reducer.limits.rewrites;
        batch.expand_ahead(soup, reducer, vectors, (first, from), most_bytes)?;
        // Nobody waits for what may never be needed.
        reducer.limits.rewrites = limit.min(MOST_REWRITES_AHEAD);
        let others = match batch.rest {
            Some(_) => 0..0,
            None => first + 1..states.end,
        };
        for state in others {
            let start = batch.lengths();
            let expanded = batch.expand_ahead(soup, reducer, vectors, (state, 0), most_bytes);
            if !matches!(expanded, Ok(true)) {
                batch.truncate(start);
                break;
            }
        }
        reducer.limits.rewrites = limit;
        batch.form = vectors.form();
        vectors.prepare(&batch.roots);
        Ok(batch)
    }

    /// Expands the next state, from one of its steps on; tells whether it could be expanded with those
    /// before. Steps of the first that are computed late are computed some at a time.
    fn expand_ahead(
        &mut self,
        soup: &mut Soup,
        reducer: &mut Reducer,
        vectors: &mut Vectors,
        (state, from): (usize, usize),
        most_bytes: usize,
    ) -> Result<bool, Unfit> {
        let mut hands = Hands::All(reducer);
        soup.open(&mut hands, vectors, state, most_bytes)?;
        let start = self.lengths();
        let is_late = soup.is_late();
        if is_late && state != self.first {
            return Ok(false);
        }
        let n_steps = soup.n_steps();
        let end = match is_late {
            true => n_steps.min(from + MOST_LATE_STEPS),
            false => n_steps,
        };
        let mut number = from;
        while number < end {
            let is_pushed = self.push_step(soup, &mut hands, vectors, number)?;
            number += 1;
            if !is_pushed {
                if state != self.first {
                    return Ok(false);
                }
                soup.lengthen(vectors);
                self.truncate(start);
                number = from;
            }
        }
        let is_whole = end == n_steps;
        self.rest = (state == self.first && !is_whole)
            .then_some(end)
            .or(self.rest);
        let tail = if is_whole { soup.tail() } else { 0 };
        let end = self.steps.len() as u32;
        self.states.push(Some((start[0] as u32, end, tail)));
        Ok(true)
    }

    /// Expands states without looking their successors up, as far as that takes no new slots; a batch that
    /// is no longer needed gives its room.
    pub(super) fn elsewhere(
        soup: &mut Soup,
        reducer: &mut Reducer,
        vectors: &mut Vectors,
        states: std::ops::Range<usize>,
        most_bytes: usize,
        spare: Option<Batch>,
    ) -> Batch {
        let mut batch = spare.unwrap_or_else(|| Batch::new(states.start));
        batch.renew(states.start);
        let mut hands = Hands::Bound(reducer);
        for state in states {
            let start = batch.lengths();
            let mut is_known = soup.open(&mut hands, vectors, state, most_bytes).is_ok();
            let n_steps = if is_known { soup.n_steps() } else { 0 };
            for number in 0..n_steps {
                match batch.push_step(soup, &mut hands, vectors, number) {
                    Ok(_) => {}
                    // What is found of the others is of use.
                    Err(Unfit::Unknown) => is_known = false,
                    Err(Unfit::Form | Unfit::Limit(_)) => {
                        is_known = false;
                        break;
                    }
                }
            }
            if !is_known {
                batch.truncate(start);
            }
            let end = batch.steps.len() as u32;
            let expanded = is_known.then(|| (start[0] as u32, end, soup.tail()));
            batch.states.push(expanded);
        }
        batch.form = vectors.form();
        batch
    }

    /// Adds a step of the open state; tells whether there was room for it.
    fn push_step(
        &mut self,
        soup: &mut Soup,
        hands: &mut Hands<'_>,
        vectors: &mut Vectors,
        number: usize,
    ) -> Result<bool, Unfit> {
        let step = soup.step(number);
        let (target, n_rewrites) = soup.target(hands, vectors, step)?;
        let target = match target {
            SoupTarget::Vector(number) => Target::Known(number as u32),
            SoupTarget::Root(root) => {
                self.roots.push(root);
                Target::Root(self.roots.len() as u32 - 1)
            }
            SoupTarget::Changed(changes) => {
                let start = self.changes.len() as u32;
                self.changes.extend_from_slice(changes);
                Target::Changed(start, self.changes.len() as u32)
            }
            SoupTarget::Longer => return Ok(false),
        };
        self.steps.push(Step {
            rule: step.rule,
            n_rewrites,
            target,
            may_be_goal: soup.may_be_goal(),
        });
        Ok(true)
    }

    fn lengths(&self) -> [usize; 3] {
        [self.steps.len(), self.changes.len(), self.roots.len()]
    }

    fn truncate(&mut self, [steps, changes, roots]: [usize; 3]) {
        self.steps.truncate(steps);
        self.changes.truncate(changes);
        self.roots.truncate(roots);
    }

    /// The steps of a state, if they are known and still mean what they meant.
    pub(super) fn expanded(&self, vectors: &Vectors, state: usize) -> Option<Expanded> {
        let known = self.states.get(state.checked_sub(self.first)?)?;
        known.filter(|_| self.form == vectors.form())
    }

    /// The first step of a state that is still to be computed, when all steps here were taken.
    pub(super) fn rest(&self, state: usize) -> Option<usize> {
        self.rest.filter(|_| state == self.first)
    }

    /// Has the processor fetch what it takes to number the successors.
    pub(super) fn prepare(&self, vectors: &Vectors) {
        if self.form == vectors.form() {
            vectors.prepare(&self.roots);
        }
    }

    /// Adds what was computed where it was expanded; without that, nothing is known of the states.
    pub(super) fn set_findings(&mut self, findings: Result<Option<Findings>, Untold>) {
        match findings {
            Ok(findings) => self.findings = findings,
            Err(Untold) => self.states.fill(None),
        }
    }

    /// Makes known what was computed where it was expanded, and gives it the numbers it gets here.
    pub(super) fn settle(&mut self, soup: &mut Soup, reducer: &mut Reducer) {
        let Some(findings) = self.findings.take() else {
            return;
        };
        let own = soup.learn(reducer, &findings);
        let is_settled = own.is_ok_and(|own| soup.adopt_changes(&own, &mut self.changes));
        if !is_settled {
            self.states.fill(None);
        }
    }

    /// How many states could not be expanded, and how many there are.
    pub(super) fn n_unknown(&self) -> [usize; 2] {
        let unknown = self.states.iter().filter(|state| state.is_none());
        [unknown.count(), self.states.len()]
    }

    /// A step.
    pub(super) fn step(&self, number: usize) -> Step {
        self.steps[number]
    }

    /// The number of the state that a step from a state leads to, and whether it is new.
    pub(super) fn resolve(
        &self,
        vectors: &mut Vectors,
        base: &mut Base,
        state: usize,
        step: &Step,
    ) -> (usize, bool) {
        match step.target {
            Target::Known(number) => (number as usize, false),
            Target::Root(root) => vectors.insert_root(&self.roots[root as usize]),
            Target::Changed(start, end) => {
                vectors.open(state, base);
                let root = vectors.root_of(base, &self.changes[start as usize..end as usize]);
                vectors.insert_root(&root)
            }
        }
    }
}
