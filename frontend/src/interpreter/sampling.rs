//! Executions chosen at random, on several threads.
//!
//! The one idea: an execution is decided by the seed and its own number, so each may be made by any
//! thread, with an engine of its own; what came of them is looked at in the order of their numbers, so
//! the answer does not depend on how many threads there are. A strategy that asks how long executions
//! are is told of those of earlier rounds, each round as long as all before it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rewriter::reduction::Reason;
use rewriter::search::Stopped;

use super::Interpreter;
use super::executions::{Close, Ended, Execution, Executions};
use super::schedules::{Asked, Tally};
use super::strategy::Scheduler;

/// For so long one thread makes executions alone: the others have to get ready first.
const ALONE: Duration = Duration::from_millis(30);

/// What threads know of each other.
struct Shared {
    /// The number of the last execution that somebody makes.
    begun: AtomicU64,
    is_over: AtomicBool,
    /// For each round that may begin, how long the longest execution before it was.
    longest: Mutex<Vec<u64>>,
    may_begin: Condvar,
}

impl Shared {
    fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        self.may_begin.notify_all();
    }

    /// How long executions are, as that with a number is told; nothing if all is over.
    fn longest(&self, number: u64) -> Option<u64> {
        let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.is_over.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(longest) = longest.get(round(number)) {
                return Some(*longest);
            }
            longest = (self.may_begin.wait(longest)).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A thread that fails must not leave others waiting.
struct Leaving<'a>(&'a Shared);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}

/// The round of an execution: the first alone, then two, then four.
fn round(number: u64) -> usize {
    number.ilog2() as usize
}

/// How long executions of earlier rounds were, by the numbers of the executions.
struct Lengths {
    longest: u64,
    rounds: Vec<u64>,
}

impl Lengths {
    fn note(&mut self, number: u64, length: usize) {
        self.longest = self.longest.max(length as u64);
        if (number + 1).is_power_of_two() {
            self.rounds.push(self.longest);
        }
    }
}

/// Makes as many executions as were asked for, each chosen anew.
pub(super) fn sample(executions: &mut Executions<'_>, tally: &mut Tally) -> Result<(), Ended> {
    let asked = executions.asked;
    let is_over = AtomicBool::new(false);
    let mut lengths = Lengths {
        longest: 0,
        rounds: vec![0],
    };
    let begun = Instant::now();
    let may_share = asked.bounds.threads > 1;
    for number in 1.. {
        if may_share && begun.elapsed() > ALONE {
            return sample_together(executions, tally, number, lengths);
        }
        let longest = lengths.rounds[round(number)];
        let Some(execution) = executions.make_anyway(number, longest, &is_over)? else {
            break;
        };
        lengths.note(number, execution.taken.len());
        if executions.accept(tally, execution, true)? {
            break;
        }
    }
    Ok(())
}

/// Makes executions on several threads, from one with a number on.
fn sample_together(
    executions: &mut Executions<'_>,
    tally: &mut Tally,
    number: u64,
    mut lengths: Lengths,
) -> Result<(), Ended> {
    let shared = Shared {
        begun: AtomicU64::new(number - 1),
        is_over: AtomicBool::new(false),
        longest: Mutex::new(lengths.rounds.clone()),
        may_begin: Condvar::new(),
    };
    let (sender, receiver) = channel();
    let n_threads = executions.asked.bounds.threads;
    let asked = Asked {
        memory: executions.asked.memory / n_threads as u64,
        ..executions.asked
    };
    let parts = executions.interpreter.parts();
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            let (sender, shared, parts) = (sender.clone(), &shared, &parts);
            scope.spawn(move || {
                let _leaving = Leaving(shared);
                work(parts.assemble(), asked, shared, &sender);
            });
        }
        drop(sender);
        let outcome = collect(
            executions,
            tally,
            number,
            &receiver,
            &mut |number, length| {
                let n_rounds = lengths.rounds.len();
                lengths.note(number, length);
                if lengths.rounds.len() > n_rounds {
                    let longest = shared.longest.lock();
                    longest
                        .unwrap_or_else(PoisonError::into_inner)
                        .clone_from(&lengths.rounds);
                    shared.may_begin.notify_all();
                }
            },
        );
        shared.end();
        outcome
    })
}

/// What a thread has to say: the number of an execution, and what came of it.
type Said = (u64, Result<Execution, Ended>);

/// Looks at executions in the order of their numbers.
fn collect(
    executions: &mut Executions<'_>,
    tally: &mut Tally,
    first: u64,
    receiver: &Receiver<Said>,
    note: &mut dyn FnMut(u64, usize),
) -> Result<(), Ended> {
    let mut waiting: BTreeMap<u64, Result<Execution, Ended>> = BTreeMap::new();
    let mut next = first;
    for (number, made) in receiver {
        waiting.insert(number, made);
        while let Some(made) = waiting.remove(&next) {
            let execution = made?;
            note(next, execution.taken.len());
            if executions.accept(tally, execution, false)? {
                return Ok(());
            }
            next += 1;
        }
    }
    Ok(())
}

/// Makes one execution after the other, until there are enough.
fn work(mut interpreter: Interpreter, asked: Asked<'_>, shared: &Shared, sender: &Sender<Said>) {
    let begun = Executions::begin(&mut interpreter, asked);
    let mut executions = match begun {
        Ok(executions) => executions,
        Err(ended) => {
            let number = shared.begun.fetch_add(1, Ordering::Relaxed) + 1;
            let _ = sender.send((number, Err(ended)));
            return;
        }
    };
    loop {
        let number = shared.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let is_wanted = asked.schedules.number.is_none_or(|most| number <= most);
        let Some(longest) = shared.longest(number).filter(|_| is_wanted) else {
            return;
        };
        let said = match executions.make_anyway(number, longest, &shared.is_over) {
            Ok(Some(execution)) => Ok(execution),
            Ok(None) => return,
            Err(ended) => Err(ended),
        };
        let is_last = said.is_err();
        // Nobody listens any more when there are enough.
        if sender.send((number, said)).is_err() || is_last {
            return;
        }
    }
}

impl Executions<'_> {
    /// Makes an execution; if the memory is full of what earlier ones left, once more without that.
    fn make_anyway(
        &mut self,
        number: u64,
        longest: u64,
        is_over: &AtomicBool,
    ) -> Result<Option<Execution>, Ended> {
        loop {
            let schedules = self.asked.schedules;
            let mut scheduler = Scheduler::new(schedules.strategy, schedules.seed, number, longest);
            match self.make(&mut scheduler, is_over) {
                Ok(made) => return Ok(made),
                Err(stopped) => match self.endless(&stopped) {
                    Some(execution) => {
                        // What was interrupted is not gone on with.
                        self.forget()?;
                        return Ok(Some(execution));
                    }
                    None => self.go_on(stopped)?,
                },
            }
        }
    }

    /// Takes the next execution into account; whether there are enough of them.
    pub(super) fn accept(
        &mut self,
        tally: &mut Tally,
        execution: Execution,
        mut is_own: bool,
    ) -> Result<bool, Ended> {
        is_own &= execution.close != Close::Endless;
        tally.met(&execution.new);
        tally.gather(&execution.reached);
        if !is_own {
            tally.last.clone_from(&execution.taken);
            if execution
                .ending
                .as_ref()
                .is_none_or(|ending| tally.knows(ending))
            {
                return Ok(tally.count(&execution.ending, execution.taken.len()));
            }
        }
        loop {
            let outcome = match is_own {
                true => Ok(()),
                false => self.follow(&execution.taken),
            };
            let ending = execution.ending.clone();
            let ended = outcome.and_then(|()| tally.end(self, ending, execution.close));
            match ended {
                Ok(is_enough) => return Ok(is_enough),
                Err(stopped) => self.go_on(stopped)?,
            }
            is_own = false;
        }
    }

    /// Makes room, if there is no room left.
    fn go_on(&mut self, stopped: Stopped) -> Result<(), Ended> {
        let is_full = matches!(&stopped, Stopped::Limit(limit) if limit.reason == Reason::Memory);
        if is_full && self.forget()? {
            return Ok(());
        }
        Err(self.ended(stopped))
    }
}
