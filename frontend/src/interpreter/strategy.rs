//! Strategies: which of the possible steps an execution takes.
//!
//! The one idea: a strategy sees at every step who could act, and what the state of its own choices
//! is, and nothing of the configuration. In a configuration where nobody is running each machine has
//! one step, so choosing a step is choosing a machine; where a machine chooses a value, the strategies
//! that order machines choose the value at random.
//!
//! Sources: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic
//! guarantees of finding bugs", 2010 (`pct`); Yuan, Yang, Gu, "Partial order aware concurrency
//! sampling", 2018 (`pos`); P's checker for what it calls by these names.

use rewriter::term::TermId;

/// How executions are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// All configurations, breadth first.
    Breadth,
    /// All executions, one after the other, the last decision changed first.
    Depth,
    /// Every machine that can act is as likely as the others.
    Random,
    /// Machines have priorities, which change at so many places of an execution.
    Priorities(u32),
    /// Steps have priorities; those that compete with the step that was made get new ones.
    PartialOrder,
}

impl Strategy {
    /// The name, as P's checker has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Breadth => "bfs",
            Strategy::Depth => "dfs",
            Strategy::Random => "random",
            Strategy::Priorities(_) => "pct",
            Strategy::PartialOrder => "pos",
        }
    }

    /// Whether each machine that can act for ever does so, with probability 1.
    #[must_use]
    pub fn is_fair(self) -> bool {
        matches!(self, Strategy::Random)
    }
}

/// What a possible step is to a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// Who acts: machines are numbered as they are met.
    pub(super) machine: usize,
    /// Whether it is the choice of a value, not of a machine.
    pub(super) is_choice: bool,
    /// To whom it sends, if it sends.
    pub(super) recipient: Option<TermId>,
    /// Whom it creates, if it creates somebody.
    pub(super) created: Option<usize>,
}

/// Chooses the steps of an execution.
#[derive(Debug)]
pub(super) struct Scheduler {
    strategy: Strategy,
    random: SplitMix,
    n_steps: u64,
    /// `pct`: machines, the most important first. `pos`: not used.
    order: Vec<usize>,
    /// `pct`: steps at which the most important machine becomes the least important.
    changes: Vec<u64>,
    /// `pos`: the priority of each machine's next step, if it has one.
    priorities: Vec<Option<u64>>,
}

impl Scheduler {
    /// A scheduler of the execution with a number; the same seed gives the same executions. `longest`
    /// says how long executions are, 0 if nothing is known of that.
    pub(super) fn new(strategy: Strategy, seed: u64, number: u64, longest: u64) -> Scheduler {
        let mut random = SplitMix::of(seed, number);
        let mut changes = Vec::new();
        if let Strategy::Priorities(count) = strategy
            && longest > 0
        {
            changes.extend((0..count).map(|_| random.below(longest)));
        }
        Scheduler {
            strategy,
            random,
            n_steps: 0,
            order: Vec::new(),
            changes,
            priorities: Vec::new(),
        }
    }

    /// The number of the step to make.
    pub(super) fn choose(&mut self, offers: &[Offer]) -> usize {
        let n_offers = offers.len() as u64;
        let chooses_value = offers.iter().any(|offer| offer.is_choice);
        let chosen = match self.strategy {
            _ if n_offers == 1 && !matches!(self.strategy, Strategy::PartialOrder) => 0,
            _ if chooses_value => self.random.below(n_offers) as usize,
            Strategy::Priorities(_) => self.most_important(offers),
            Strategy::PartialOrder => self.by_priority(offers),
            Strategy::Random | Strategy::Breadth | Strategy::Depth => {
                return self.any(offers.len());
            }
        };
        self.n_steps += 1;
        chosen
    }

    /// Any of so many steps.
    pub(super) fn any(&mut self, n_offers: usize) -> usize {
        self.n_steps += 1;
        self.random.below(n_offers as u64) as usize
    }

    fn most_important(&mut self, offers: &[Offer]) -> usize {
        for offer in offers {
            if !self.order.contains(&offer.machine) {
                let place = self.random.below(self.order.len() as u64 + 1) as usize;
                self.order.insert(place, offer.machine);
            }
        }
        let best = |order: &[usize]| {
            let found = order.iter().enumerate().find_map(|(place, machine)| {
                let offer = offers.iter().position(|offer| offer.machine == *machine)?;
                Some((place, offer))
            });
            found.unwrap_or((0, 0))
        };
        if self.changes.contains(&self.n_steps) {
            let (place, _) = best(&self.order);
            let machine = self.order.remove(place);
            self.order.push(machine);
        }
        best(&self.order).1
    }

    fn by_priority(&mut self, offers: &[Offer]) -> usize {
        let most = offers.iter().map(|offer| offer.machine).max().unwrap_or(0);
        if self.priorities.len() <= most {
            self.priorities.resize(most + 1, None);
        }
        for offer in offers {
            if self.priorities[offer.machine].is_none() {
                self.priorities[offer.machine] = Some(self.random.next());
            }
        }
        let best = (0..offers.len()).max_by_key(|&index| self.priorities[offers[index].machine]);
        let best = best.unwrap_or(0);
        let made = offers[best];
        self.priorities[made.machine] = None;
        for offer in offers {
            if made.recipient.is_some() && offer.recipient == made.recipient {
                self.priorities[offer.machine] = None;
            }
        }
        best
    }
}

/// A small generator whose numbers are the same on every machine and in every version.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Clone, Debug)]
pub(super) struct SplitMix(pub(super) u64);

impl SplitMix {
    /// The numbers of one of the executions that a seed gives.
    fn of(seed: u64, execution: u64) -> SplitMix {
        let place = SplitMix(execution).next();
        SplitMix(SplitMix(seed ^ place).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}
