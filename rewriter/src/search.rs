//! Search: the states reachable from a term, breadth first, in Maude's order and numbering.
//!
//! The one idea: states are numbered as they are discovered and looked at for solutions at that
//! moment; the number of a state, its parent and the rule that led to it are all that is kept
//! beside the state itself. A path is found by following parents; what was substituted on the way is
//! found by enumerating transitions of the parents again.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::matching::SUBJECT;
use crate::module::StatementId;
use crate::reduction::{Budget, Enumeration, NormalForm, Reason, Reducer};
use crate::soup::{Soup, Unfit};
use crate::term::TermId;
use crate::transition::{Reachable, Transitions};

mod actions;
mod answer;
mod batch;
mod graph;
mod path;
mod states;
mod table;
mod team;
mod vectors;
mod walk;

pub use actions::{Action, ActionId};
use actions::{Actions, Opened};
pub use answer::{
    Arrow, Bounds, Engine, EngineStatistics, Goal, Outcome, PathStep, Progress, Solution,
    Statistics,
};
use batch::{Batch, Expanded};
pub use graph::Edge;
pub use states::{StateId, States};
use team::{BATCH, Closing, Lead, Team};
pub(crate) use vectors::{Base, Piece, Vectors};
pub use walk::{Stopped, Walk};

/// Told of every solution when it is found.
pub type OnSolution<'a> = dyn FnMut(&Reducer, &Search, &Solution) -> ControlFlow<()> + 'a;

/// The successors of a state that are still to come.
enum Successors {
    /// Of the general engine.
    Transitions(Box<Transitions>),
    /// Of the compiled engine: steps of a batch, the team's or one's own.
    Steps(Expanded, By),
}

/// Who expanded a state.
#[derive(Clone, Copy)]
enum By {
    Team,
    Oneself,
}

/// A successor of a state.
struct Successor {
    rule: StatementId,
    state: StateId,
    is_new: bool,
    may_be_goal: bool,
}

/// Why a search ended before the space was exhausted.
enum Ended {
    By(Outcome),
    /// The compiled engine met a state that it cannot take.
    Unfit,
}

fn ended(reducer: &mut Reducer, unfit: Unfit) -> Ended {
    match unfit {
        Unfit::Form | Unfit::Unknown => Ended::Unfit,
        Unfit::Limit(reason) => Ended::By(Outcome::Interrupted(reducer.interrupted(reason))),
    }
}

/// What the compiled engine may remember of single steps: so many bytes, or so many a state.
const MEMO_BYTES: usize = 4 << 20;
const MEMO_BYTES_PER_STATE: usize = 16;

/// What may be remembered of single steps when there are so many states.
fn memo_bytes(n_states: usize) -> usize {
    MEMO_BYTES.max(n_states * MEMO_BYTES_PER_STATE)
}

/// Of so many steps inside a leaf or more, those are computed that are needed.
const FEWEST_CHOICES: usize = 256;

/// States that one thread expands before it numbers their successors, at most.
const MOST_AHEAD: usize = 64;

/// States that are expanded between two looks at the clock.
const STATES_BETWEEN_LOOKS: usize = 64;

/// A breadth-first search.
#[derive(Debug)]
pub struct Search {
    initial: TermId,
    states: States,
    /// States whose successors all were found.
    n_expanded: usize,
    actions: Actions,
    engine: Engine,
    n_threads: usize,
    lead: Option<Lead>,
    soup: Option<Soup>,
    /// Solutions that were reported before the general engine took over.
    n_reported: u64,
    /// Rewrites of the reducer before the search.
    rewrites_before: u64,
    /// Room for the words of a state.
    words: Vec<u32>,
    base: Base,
    /// What the team found of the present state and of some after it.
    batch: Option<Batch>,
    /// What this thread found ahead.
    own_batch: Option<Batch>,
    arrow: Arrow,
    bounds: Bounds,
    goal: Goal,
    statistics: Statistics,
    n_solutions: u64,
    compiled: Option<Enumeration>,
    progress: Option<Arc<Progress>>,
}

impl Search {
    /// A search from a normal form.
    pub fn new(initial: NormalForm, arrow: Arrow, goal: Goal, bounds: Bounds) -> Search {
        Search {
            initial: initial.term(),
            states: States::new(),
            n_expanded: 0,
            actions: Actions::default(),
            engine: Engine::default(),
            n_threads: 1,
            lead: None,
            soup: None,
            n_reported: 0,
            rewrites_before: 0,
            words: Vec::new(),
            base: Base::default(),
            batch: None,
            own_batch: None,
            arrow,
            bounds,
            goal,
            statistics: Statistics::default(),
            n_solutions: 0,
            compiled: None,
            progress: None,
        }
    }

    /// Chooses how successors are found.
    pub fn set_engine(&mut self, engine: Engine) {
        self.engine = engine;
    }

    /// Has so many threads work together; what is found is the same.
    pub fn set_threads(&mut self, n_threads: usize) {
        self.n_threads = n_threads.max(1);
    }

    /// Lets somebody watch.
    pub fn watch(&mut self, progress: Arc<Progress>) {
        self.progress = Some(progress);
    }

    /// The states discovered so far.
    pub fn states(&self) -> &States {
        &self.states
    }

    /// How the engine worked so far.
    pub fn engine_statistics(&self, reducer: &Reducer) -> EngineStatistics {
        let (hits, misses, leaves, slots) = match &self.soup {
            Some(soup) => soup.statistics(),
            None => Default::default(),
        };
        EngineStatistics {
            is_compiled: self.soup.is_some(),
            states: self.states.len() as u64,
            hits,
            misses,
            leaves,
            slots,
            state_bytes: self.states.bytes() as u64,
            total_bytes: self.bytes(reducer) as u64,
        }
    }

    /// What was covered so far.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Runs to the end, calling `found` for each solution when it is found.
    pub fn run(&mut self, reducer: &mut Reducer, found: &mut OnSolution<'_>) -> Outcome {
        self.rewrites_before = reducer.n_rewrites();
        let Goal {
            variables,
            pattern,
            condition,
        } = &self.goal;
        self.compiled = Some(reducer.compile_goal(variables, pattern, condition, false));
        if self.engine == Engine::Compiled {
            self.soup = Soup::new(reducer, self.initial, &self.goal);
            if let Some(soup) = &mut self.soup {
                soup.compute_late(FEWEST_CHOICES);
            }
        }
        let mut outcome = match &self.soup {
            Some(_) if self.n_threads > 1 => {
                let team = Team::new(self.n_threads - 1);
                self.lead = Some(Lead::new(Arc::clone(&team)));
                std::thread::scope(|scope| {
                    for thread in 1..self.n_threads {
                        let team = &team;
                        scope.spawn(move || team.work(thread - 1));
                    }
                    let _closing = Closing::at_end(&team);
                    self.explore(reducer, found)
                })
            }
            _ => self.explore(reducer, found),
        };
        self.lead = None;
        self.batch = None;
        self.own_batch = None;
        if matches!(outcome, Err(Ended::Unfit)) {
            // All over again; what was reported already is not reported twice.
            reducer.machine.n_rewrites = self.rewrites_before;
            self.n_reported = self.n_solutions;
            self.n_solutions = 0;
            self.soup = None;
            self.states = States::new();
            self.n_expanded = 0;
            self.statistics = Statistics::default();
            outcome = self.explore(reducer, found);
        }
        self.statistics.states = self.states.len() as u64;
        if self.soup.is_none() {
            self.statistics.rewrites = reducer.n_rewrites() - self.rewrites_before;
        }
        reducer.machine.n_rewrites = self.rewrites_before + self.statistics.rewrites;
        match outcome {
            Ok(()) => Outcome::Exhausted,
            Err(Ended::By(outcome)) => outcome,
            Err(Ended::Unfit) => unreachable!("the general engine takes every state"),
        }
    }

    fn explore(&mut self, reducer: &mut Reducer, found: &mut OnSolution<'_>) -> Result<(), Ended> {
        let depth = match self.arrow {
            Arrow::One => Some(1),
            _ => self.bounds.depth,
        };
        if self.bounds.solutions == Some(0) {
            return Err(Ended::By(Outcome::Solutions));
        }
        let words = match &mut self.soup {
            None => vec![self.initial.bits()],
            Some(soup) => {
                let words = soup.vector(reducer, self.initial);
                words.map_err(|unfit| ended(reducer, unfit))?
            }
        };
        self.states.vectors.insert(&words);
        self.states.set_parent(None);
        let mut initial_is_found = self.arrow == Arrow::Star;
        if initial_is_found {
            self.look(reducer, StateId(0), found)?;
        }
        let mut next = 0;
        let mut level_end = 1;
        let mut level = 0;
        while next < self.states.len() {
            if next == level_end {
                level += 1;
                level_end = self.states.len();
            }
            let at_bound = depth == Some(level);
            let beyond = depth.is_some_and(|depth| level > depth);
            if beyond || (at_bound && !self.arrow.looks_ahead()) {
                return if depth == Some(1) && self.arrow == Arrow::One {
                    Ok(())
                } else {
                    Err(Ended::By(Outcome::Depth))
                };
            }
            self.check_outside(reducer, next)?;
            let state = StateId(next as u32);
            let mut successors = self.successors(reducer, state, level_end)?;
            let mut first = None;
            let mut branches = false;
            while let Some(successor) = self.successor(reducer, state, &mut successors)? {
                let (target, is_new) = (successor.state, successor.is_new);
                branches |= *first.get_or_insert(target) != target;
                self.statistics.transitions += 1;
                if is_new {
                    self.states.set_parent(Some((state, successor.rule)));
                    self.statistics.depth = level + 1;
                }
                let again = target == StateId(0) && !initial_is_found;
                if (is_new || again) && !self.arrow.looks_ahead() {
                    initial_is_found |= again;
                    if successor.may_be_goal {
                        self.look(reducer, target, found)?;
                    }
                }
                if is_new {
                    self.check_bounds(reducer)?;
                }
                // One successor tells that the state is not final. Maude counts it, too.
                if at_bound && (branches || self.arrow == Arrow::Final) {
                    break;
                }
            }
            let is_goal = match self.arrow {
                Arrow::Final => first.is_none(),
                Arrow::Branching => branches,
                _ => false,
            };
            if is_goal {
                self.look(reducer, state, found)?;
            }
            next += 1;
            if !at_bound {
                self.n_expanded = next;
            }
        }
        Ok(())
    }

    /// The successors of a state of a level.
    fn successors(
        &mut self,
        reducer: &mut Reducer,
        state: StateId,
        level_end: usize,
    ) -> Result<Successors, Ended> {
        let Some(soup) = &mut self.soup else {
            let term = NormalForm(self.term(reducer, state));
            return Ok(Successors::Transitions(Box::new(Transitions::new(
                reducer, term,
            ))));
        };
        let vectors = &mut self.states.vectors;
        let state = state.index();
        if let Some(lead) = &mut self.lead
            && state.is_multiple_of(BATCH)
        {
            let spare = self.batch.take();
            self.batch = lead.batch(vectors, state, soup, reducer, spare);
        }
        for (batch, by) in [(&self.batch, By::Team), (&self.own_batch, By::Oneself)] {
            let expanded = (batch.as_ref()).and_then(|batch| batch.expanded(vectors, state));
            if let Some(expanded) = expanded {
                return Ok(Successors::Steps(expanded, by));
            }
        }
        let n_states = (state / 8).clamp(1, MOST_AHEAD);
        let mut end = (state + n_states).min(level_end);
        if self.lead.is_some() {
            end = end.min((state + 1).next_multiple_of(BATCH));
            let is_known = |&state: &usize| {
                (self.batch.as_ref()).is_some_and(|batch| batch.expanded(vectors, state).is_some())
            };
            end = (state + 1..end).find(is_known).unwrap_or(end);
        }
        let expanded = self.expand(reducer, state..end, 0)?;
        Ok(Successors::Steps(expanded, By::Oneself))
    }

    /// Expands states, the first from one of its steps on; gives the steps of the first.
    fn expand(
        &mut self,
        reducer: &mut Reducer,
        states: std::ops::Range<usize>,
        from: usize,
    ) -> Result<Expanded, Ended> {
        let vectors = &mut self.states.vectors;
        let Some(soup) = &mut self.soup else {
            unreachable!("only the compiled engine expands states");
        };
        let first = states.start;
        let most_bytes = memo_bytes(vectors.len());
        let batch = Batch::ahead(soup, reducer, vectors, states, from, most_bytes);
        let batch = batch.map_err(|unfit| ended(reducer, unfit))?;
        let expanded = batch.expanded(vectors, first);
        self.own_batch = Some(batch);
        match expanded {
            Some(expanded) => Ok(expanded),
            None => unreachable!("the first state of a batch was expanded"),
        }
    }

    /// The next successor of a state.
    fn successor(
        &mut self,
        reducer: &mut Reducer,
        state: StateId,
        successors: &mut Successors,
    ) -> Result<Option<Successor>, Ended> {
        match successors {
            Successors::Steps((next, end, tail), by) => {
                let state = state.index();
                if next == end
                    && let (By::Oneself, Some(batch)) = (&by, &self.own_batch)
                    && let Some(from) = batch.rest(state)
                {
                    (*next, *end, *tail) = self.expand(reducer, state..state + 1, from)?;
                }
                let batch = match by {
                    By::Team => &self.batch,
                    By::Oneself => &self.own_batch,
                };
                let Some(batch) = batch.as_ref().filter(|_| *next < *end) else {
                    let tail = *tail;
                    self.count(reducer, tail);
                    return Ok(None);
                };
                let step = batch.step(*next as usize);
                *next += 1;
                let vectors = &mut self.states.vectors;
                let (number, is_new) = batch.resolve(vectors, &mut self.base, state, &step);
                self.count(reducer, step.n_rewrites);
                Ok(Some(Successor {
                    rule: step.rule,
                    state: StateId(number as u32),
                    is_new,
                    may_be_goal: step.may_be_goal,
                }))
            }
            Successors::Transitions(transitions) => {
                let next = transitions.next(reducer);
                let next =
                    next.map_err(|interrupted| Ended::By(Outcome::Interrupted(interrupted)))?;
                Ok(next.map(|transition| {
                    let words = [transition.target.term().bits()];
                    let (number, is_new) = self.states.vectors.insert(&words);
                    Successor {
                        rule: transition.rule,
                        state: StateId(number as u32),
                        is_new,
                        may_be_goal: true,
                    }
                }))
            }
        }
    }

    /// Counts rewrites that were remembered.
    fn count(&mut self, reducer: &mut Reducer, n_rewrites: u64) {
        self.statistics.rewrites += n_rewrites;
        reducer.machine.n_rewrites = self.rewrites_before + self.statistics.rewrites;
    }

    /// The term of a state.
    pub fn term(&self, reducer: &mut Reducer, state: StateId) -> TermId {
        let mut words = Vec::new();
        self.states.vectors.read(state.index(), &mut words);
        match &self.soup {
            Some(soup) => {
                let term = soup.term(&mut reducer.store, &words);
                reducer.store.promote(term)
            }
            None => TermId::word(words[0]),
        }
    }

    fn check_bounds(&self, reducer: &mut Reducer) -> Result<(), Ended> {
        let n_states = self.states.len() as u64;
        if self.bounds.states.is_some_and(|most| n_states >= most) {
            return Err(Ended::By(Outcome::States));
        }
        if n_states.is_multiple_of(STATES_BETWEEN_LOOKS as u64)
            && (reducer.limits.memory).is_some_and(|limit| self.bytes(reducer) > limit)
        {
            return Err(ended(reducer, Unfit::Limit(Reason::Memory)));
        }
        Ok(())
    }

    /// The bytes that the search and its terms occupy.
    pub fn bytes(&self, reducer: &Reducer) -> usize {
        let soup =
            self.soup.as_ref().map_or(0, Soup::bytes) + self.lead.as_ref().map_or(0, Lead::bytes);
        reducer.store.bytes() + reducer.machine.bytes() + self.states.bytes() + soup
    }

    /// Looks at the clock and at the interrupt flag, once in a while, and tells how far it is.
    fn check_outside(&self, reducer: &mut Reducer, state: usize) -> Result<(), Ended> {
        if !state.is_multiple_of(STATES_BETWEEN_LOOKS) {
            return Ok(());
        }
        if let Some(progress) = &self.progress {
            progress
                .states
                .store(self.states.len() as u64, Ordering::Relaxed);
            progress
                .transitions
                .store(self.statistics.transitions, Ordering::Relaxed);
            progress
                .depth
                .store(self.statistics.depth, Ordering::Relaxed);
        }
        let budget = Budget::new(&reducer.limits);
        match budget.look(&reducer.machine, &reducer.store) {
            Ok(()) => Ok(()),
            Err(reason) => Err(ended(reducer, Unfit::Limit(reason))),
        }
    }

    /// Reports the solutions that a state is.
    fn look(
        &mut self,
        reducer: &mut Reducer,
        state: StateId,
        found: &mut OnSolution<'_>,
    ) -> Result<(), Ended> {
        // What is said of a whole state is said once.
        let remembers = std::mem::take(&mut reducer.machine.remembers_elements);
        if self.soup.is_some() {
            reducer.machine.reset();
            reducer.store.clear_scratch();
        }
        let mut words = std::mem::take(&mut self.words);
        self.states.vectors.read(state.index(), &mut words);
        let subject = match &mut self.soup {
            Some(soup) => soup.term_here(&mut reducer.store, &words),
            None => TermId::word(words[0]),
        };
        self.words = words;
        let Some(goal) = self.compiled.take() else {
            unreachable!("the goal is compiled when the search starts");
        };
        let before = reducer.n_rewrites();
        let mut reachable = Reachable::new(1);
        let mut reach = |reducer: &mut Reducer, source: TermId, number: u32| {
            reachable.term(reducer, source, number)
        };
        let mut enough = false;
        let mut report = |reducer: &mut Reducer, substitution: Vec<TermId>| {
            self.n_solutions += 1;
            // The subject may have been moved by a collection since the goal was started.
            let subject = reducer.machine.register(SUBJECT);
            let solution = Solution {
                state,
                term: reducer.store.promote(subject),
                substitution,
            };
            enough = self.n_solutions > self.n_reported
                && found(reducer, self, &solution).is_break()
                || Some(self.n_solutions) == self.bounds.solutions;
            if enough {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let outcome = reducer.enumerate(&goal, NormalForm(subject), &mut report, &mut reach);
        reducer.machine.remembers_elements = remembers;
        self.compiled = Some(goal);
        if self.soup.is_some() {
            self.statistics.rewrites += reducer.n_rewrites() - before;
        }
        match outcome {
            Err(reason) => Err(ended(reducer, Unfit::Limit(reason))),
            Ok(()) if enough => Err(Ended::By(Outcome::Solutions)),
            Ok(()) => Ok(()),
        }
    }
}
