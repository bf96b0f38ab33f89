//! What a search is asked, and what it answers.

use std::sync::atomic::AtomicU64;

use crate::module::StatementId;
use crate::pattern::{Pattern, Variable};
use crate::reduction::Interrupted;
use crate::search::StateId;
use crate::statement::Fragment;
use crate::term::TermId;

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
    /// `=>#`: any number of steps, and from there on there is more than one way to go.
    Branching,
}

impl Arrow {
    /// Whether a state is a goal by what it leads to.
    pub(super) fn looks_ahead(self) -> bool {
        matches!(self, Arrow::Final | Arrow::Branching)
    }
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
    /// Its term.
    pub term: TermId,
    /// The values of the variables of the goal.
    pub substitution: Vec<TermId>,
}

/// How successors are found. The answers, and their order, are the same.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Engine {
    /// State by state, as terms: the reference.
    General,
    /// Local work once, where the rules have the form for it; else as the general engine.
    #[default]
    Compiled,
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

/// How an engine worked: what was remembered, and what it occupies.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct EngineStatistics {
    /// Whether the compiled engine took the search.
    pub is_compiled: bool,
    /// States discovered.
    pub states: u64,
    /// Applications of rules and equations to tuples of leaves that were remembered.
    pub hits: u64,
    /// Those that were computed.
    pub misses: u64,
    /// Different leaves.
    pub leaves: u64,
    /// Words of a state before compression.
    pub slots: u64,
    /// Bytes of the states.
    pub state_bytes: u64,
    /// Bytes of everything.
    pub total_bytes: u64,
}

impl std::fmt::Display for EngineStatistics {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let states = self.states.max(1) as f64;
        let (state_bytes, bytes) = (self.state_bytes as f64, self.total_bytes as f64);
        if !self.is_compiled {
            let all = bytes / states;
            return write!(formatter, "engine: general; {all:.1} bytes a state in all");
        }
        let lookups = (self.hits + self.misses).max(1) as f64;
        write!(
            formatter,
            "engine: compiled; {} leaves, {} slots; {} of {} local steps remembered ({:.1} %); \
             {:.1} bytes a state, {:.1} in all",
            self.leaves,
            self.slots,
            self.hits,
            self.hits + self.misses,
            100.0 * self.hits as f64 / lookups,
            state_bytes / states,
            bytes / states,
        )
    }
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
