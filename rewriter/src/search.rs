//! Search: the states reachable from a term, breadth first, in Maude's order and numbering.
//!
//! The one idea: states are numbered as they are discovered and looked at for solutions at that
//! moment; the number of a state, its parent and the rule that led to it are all that is kept
//! beside the state itself. A path is found by following parents; what was substituted on the way is
//! found by enumerating transitions of the parents again.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::module::StatementId;
use crate::pattern::{Pattern, Variable};
use crate::reduction::{Budget, Enumeration, Interrupted, NormalForm, Reason, Reducer};
use crate::statement::Fragment;
use crate::term::TermId;
use crate::transition::{Reachable, Transitions};

mod states;

pub use states::{StateId, States};

/// How far a solution may be from the initial state.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arrow {
    /// `=>1`: one step.
    One,
    /// `=>+`: one step or more.
    Plus,
    /// `=>*`: any number of steps.
    Star,
    /// `=>!`: any number of steps, and no further one is possible.
    Final,
}

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The variables of the pattern and the condition.
    pub variables: Vec<Variable>,
    /// What a state must match, as a whole.
    pub pattern: Pattern,
    /// What must hold of the values of the variables.
    pub condition: Vec<Fragment>,
}

/// How far to search.
#[derive(Clone, Copy, Default, Debug)]
pub struct Bounds {
    /// The most solutions.
    pub solutions: Option<u64>,
    /// The most steps from the initial state.
    pub depth: Option<u64>,
    /// The most states.
    pub states: Option<u64>,
}

/// A match of the goal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Solution {
    /// The state that matches.
    pub state: StateId,
    /// The values of the variables of the goal.
    pub substitution: Vec<TermId>,
}

/// How a search ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Every reachable state was looked at.
    Exhausted,
    /// As many solutions were found as were asked for, or the caller wanted no more.
    Solutions,
    /// Every state within the depth was looked at; there may be more beyond.
    Depth,
    /// The bound on states was reached.
    States,
    /// A limit of the engine was reached.
    Interrupted(Interrupted),
}

/// What a search covered.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Statistics {
    /// States discovered.
    pub states: u64,
    /// Transitions followed, self-loops and repetitions included.
    pub transitions: u64,
    /// The most steps of a shortest path to a discovered state.
    pub depth: u64,
    /// Rewrites, as Maude counts them.
    pub rewrites: u64,
}

/// How far a search is, for somebody who watches from another thread. It is brought up to date
/// once in a while.
#[derive(Default, Debug)]
pub struct Progress {
    /// States discovered.
    pub states: AtomicU64,
    /// Transitions followed.
    pub transitions: AtomicU64,
    /// Steps from the initial state to what is looked at.
    pub depth: AtomicU64,
}

/// A step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathStep {
    /// The state it starts from.
    pub from: StateId,
    /// The rule that led here.
    pub rule: StatementId,
    /// The state it led to.
    pub state: StateId,
}

/// States that are expanded between two looks at the clock.
const STATES_BETWEEN_LOOKS: usize = 64;

/// A breadth-first search.
#[derive(Debug)]
pub struct Search {
    states: States,
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
        let mut states = States::default();
        states.insert(initial.term(), None);
        Search {
            states,
            arrow,
            bounds,
            goal,
            statistics: Statistics::default(),
            n_solutions: 0,
            compiled: None,
            progress: None,
        }
    }

    /// Lets somebody watch.
    pub fn watch(&mut self, progress: Arc<Progress>) {
        self.progress = Some(progress);
    }

    /// The states discovered so far.
    pub fn states(&self) -> &States {
        &self.states
    }

    /// What was covered so far.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// Runs to the end, calling `found` for each solution when it is found.
    pub fn run(
        &mut self,
        reducer: &mut Reducer,
        found: &mut dyn FnMut(&Reducer, &Search, &Solution) -> ControlFlow<()>,
    ) -> Outcome {
        let before = reducer.n_rewrites();
        let Goal {
            variables,
            pattern,
            condition,
        } = &self.goal;
        self.compiled = Some(reducer.compile_goal(variables, pattern, condition, false));
        let outcome = self.explore(reducer, found);
        self.statistics.states = self.states.len() as u64;
        self.statistics.rewrites += reducer.n_rewrites() - before;
        match outcome {
            Ok(()) => Outcome::Exhausted,
            Err(outcome) => outcome,
        }
    }

    fn explore(
        &mut self,
        reducer: &mut Reducer,
        found: &mut dyn FnMut(&Reducer, &Search, &Solution) -> ControlFlow<()>,
    ) -> Result<(), Outcome> {
        let depth = match self.arrow {
            Arrow::One => Some(1),
            _ => self.bounds.depth,
        };
        if self.bounds.solutions == Some(0) {
            return Err(Outcome::Solutions);
        }
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
            if beyond || (at_bound && self.arrow != Arrow::Final) {
                return if depth == Some(1) && self.arrow == Arrow::One {
                    Ok(())
                } else {
                    Err(Outcome::Depth)
                };
            }
            self.check_outside(reducer, next)?;
            let state = StateId(next as u32);
            let mut transitions = Transitions::new(reducer, NormalForm(self.states.term(state)));
            let mut is_final = true;
            while let Some(transition) = transitions.next(reducer).map_err(Outcome::Interrupted)? {
                is_final = false;
                self.statistics.transitions += 1;
                let parent = Some((state, transition.rule));
                let (target, is_new) = self.states.insert(transition.target.term(), parent);
                if is_new {
                    self.statistics.depth = level + 1;
                }
                let again = target == StateId(0) && !initial_is_found;
                if (is_new || again) && self.arrow != Arrow::Final {
                    initial_is_found |= again;
                    self.look(reducer, target, found)?;
                }
                if is_new {
                    self.check_bounds(reducer)?;
                }
                // One successor tells that the state is not final. Maude counts it, too.
                if at_bound {
                    break;
                }
            }
            if is_final && self.arrow == Arrow::Final {
                self.look(reducer, state, found)?;
            }
            next += 1;
        }
        Ok(())
    }

    fn check_bounds(&self, reducer: &mut Reducer) -> Result<(), Outcome> {
        let n_states = self.states.len() as u64;
        if self.bounds.states.is_some_and(|most| n_states >= most) {
            return Err(Outcome::States);
        }
        let bytes = reducer.store.bytes() + reducer.machine.bytes() + self.states.bytes();
        if reducer.limits.memory.is_some_and(|limit| bytes > limit) {
            return Err(Outcome::Interrupted(reducer.interrupted(Reason::Memory)));
        }
        Ok(())
    }

    /// Looks at the clock and at the interrupt flag, once in a while, and tells how far it is.
    fn check_outside(&self, reducer: &mut Reducer, state: usize) -> Result<(), Outcome> {
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
        match budget.check(0, &reducer.store) {
            Ok(()) => Ok(()),
            Err(reason) => Err(Outcome::Interrupted(reducer.interrupted(reason))),
        }
    }

    /// Reports the solutions that a state is.
    fn look(
        &mut self,
        reducer: &mut Reducer,
        state: StateId,
        found: &mut dyn FnMut(&Reducer, &Search, &Solution) -> ControlFlow<()>,
    ) -> Result<(), Outcome> {
        let subject = NormalForm(self.states.term(state));
        let Some(goal) = self.compiled.take() else {
            unreachable!("the goal is compiled when the search starts");
        };
        let mut reachable = Reachable::new(1);
        let mut reach = |reducer: &mut Reducer, source: TermId, number: u32| {
            reachable.term(reducer, source, number)
        };
        let mut enough = false;
        let mut report = |reducer: &Reducer, substitution: Vec<TermId>| {
            self.n_solutions += 1;
            let solution = Solution {
                state,
                substitution,
            };
            enough = found(reducer, self, &solution).is_break()
                || Some(self.n_solutions) == self.bounds.solutions;
            if enough {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let outcome = reducer.enumerate(&goal, subject, &mut report, &mut reach);
        self.compiled = Some(goal);
        match outcome {
            Err(reason) => Err(Outcome::Interrupted(reducer.interrupted(reason))),
            Ok(()) if enough => Err(Outcome::Solutions),
            Ok(()) => Ok(()),
        }
    }

    /// The steps from the initial state to a state.
    pub fn path(&self, state: StateId) -> Vec<PathStep> {
        let mut steps = Vec::new();
        let mut state = state;
        while let Some((parent, rule)) = self.states.parent(state) {
            steps.push(PathStep {
                from: parent,
                rule,
                state,
            });
            state = parent;
        }
        steps.reverse();
        steps
    }

    /// The values of the variables of the rule with which a step was first made, found by making
    /// it again.
    ///
    /// # Errors
    /// If a limit is reached first.
    pub fn substitution(
        &self,
        reducer: &mut Reducer,
        step: &PathStep,
    ) -> Result<Vec<Option<TermId>>, Interrupted> {
        let target = self.states.term(step.state);
        let source = NormalForm(self.states.term(step.from));
        let mut transitions = Transitions::explaining(reducer, source);
        while let Some(transition) = transitions.next(reducer)? {
            if transition.target.term() == target && transition.rule == step.rule {
                return Ok(transitions.substitution(reducer));
            }
        }
        Ok(Vec::new())
    }
}
