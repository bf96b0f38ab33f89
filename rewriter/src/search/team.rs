//! Several threads that expand states together, and one that numbers what they find.
//!
//! The one idea: states are expanded in batches, in any order and by whoever has time, with a copy of what
//! the compiled engine remembers and a view of the states known so far. Nothing is added: a step
//! comes back as the number of a state or as the words that its vector would have. The thread that
//! runs the search takes the batches in order, adds what is new, and computes itself what a copy
//! does not know. So numbers, paths and counts are those of a search by one thread.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::vectors::{Piece, Vectors};
use crate::module::StatementId;
use crate::soup::{Hands, SlotChange, Soup, SoupTarget, Unfit};

/// States of a batch.
pub(super) const BATCH: usize = 256;

/// Batches that are under way at a time, for each thread.
const AHEAD: usize = 4;

/// States to be expanded.
#[derive(Debug)]
pub(super) struct Job {
    first: usize,
    vectors: Vectors,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
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
    pub(super) target: Target,
    /// Whether the state it leads to may be a goal.
    pub(super) may_be_goal: bool,
}

/// The steps of the states of a batch.
#[derive(Debug)]
pub(super) struct Batch {
    /// The form of vectors that roots belong to.
    vectors: Vectors,
    /// For each state, where its steps start and end and the rewrites after them; nothing if something was
    /// not known.
    pub(super) states: Vec<Option<(u32, u32, u64)>>,
    pub(super) steps: Vec<Step>,
    pub(super) changes: Vec<SlotChange>,
    roots: Vec<Piece>,
    /// The states that the roots became.
    numbers: Vec<Option<u32>>,
}

impl Batch {
    /// The state with a root of the batch, and whether it is new.
    pub(super) fn resolve(&mut self, vectors: &mut Vectors, root: u32) -> (usize, bool) {
        if let Some(number) = self.numbers[root as usize] {
            return (number as usize, false);
        }
        let (number, is_new) = vectors.insert_root(&self.roots[root as usize]);
        self.numbers[root as usize] = Some(number as u32);
        (number, is_new)
    }

    /// Whether its roots still mean what they meant.
    pub(super) fn fits(&self, vectors: &Vectors) -> bool {
        self.vectors.has_form_of(vectors)
    }
}

#[derive(Debug)]
struct Queue {
    jobs: VecDeque<Job>,
    finished: HashMap<usize, Batch, FxBuildHasher>,
    soup: Arc<Soup>,
    version: u64,
    is_closed: bool,
}

/// What the threads share.
#[derive(Debug)]
pub(super) struct Team {
    queue: Mutex<Queue>,
    /// There is work, or the end.
    work: Condvar,
    /// A batch is finished.
    done: Condvar,
    n_threads: usize,
}

/// What the thread that runs the search knows of the others.
#[derive(Debug)]
pub(super) struct Lead {
    team: Arc<Team>,
    /// States before this one were given out or expanded.
    given: usize,
    /// Computed steps when the others got a copy last.
    copied_at: u64,
    /// States that the others did not know enough to expand, since then.
    n_unknown: usize,
    /// States that the others could expand and could not, since it was last weighed.
    weighed: [usize; 2],
    /// Nothing is given out before this state: the others could do little.
    pause: usize,
}

/// After so many states it is weighed whether the others help.
const TRIAL: usize = 64 * BATCH;

/// So many states that could not be expanded ask for a new copy.
const MOST_UNKNOWN: usize = 8 * BATCH;

impl Team {
    /// A team of so many threads beside the one that runs the search.
    pub(super) fn new(soup: &Soup, n_threads: usize) -> Arc<Team> {
        Arc::new(Team {
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                finished: HashMap::default(),
                soup: Arc::new(soup.clone()),
                version: 0,
                is_closed: false,
            }),
            work: Condvar::new(),
            done: Condvar::new(),
            n_threads,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until the end.
    pub(super) fn work(&self) {
        let _closing = Closing {
            team: self,
            only_by_panic: true,
        };
        let (mut copied, mut version) = {
            let queue = self.lock();
            (Arc::clone(&queue.soup), queue.version)
        };
        let mut soup = Soup::clone(&copied);
        loop {
            let mut queue = self.lock();
            let job = loop {
                if queue.is_closed {
                    return;
                }
                match queue.jobs.pop_front() {
                    Some(job) => break job,
                    None => {
                        queue = self
                            .work
                            .wait(queue)
                            .unwrap_or_else(PoisonError::into_inner);
                    }
                }
            };
            let is_newer = queue.version != version;
            if is_newer {
                (copied, version) = (Arc::clone(&queue.soup), queue.version);
            }
            drop(queue);
            if is_newer || soup.has_outgrown(&copied) {
                soup = Soup::clone(&copied);
            }
            let first = job.first;
            let batch = expand(job, &mut soup);
            self.lock().finished.insert(first, batch);
            self.done.notify_all();
        }
    }

    fn close(&self) {
        self.lock().is_closed = true;
        self.work.notify_all();
        self.done.notify_all();
    }
}

/// Ends the work of a team when it is dropped, also by a panic: nobody waits for ever.
pub(super) struct Closing<'a> {
    team: &'a Team,
    only_by_panic: bool,
}

impl<'a> Closing<'a> {
    /// At the end of the search.
    pub(super) fn at_end(team: &'a Team) -> Closing<'a> {
        Closing {
            team,
            only_by_panic: false,
        }
    }
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        if !self.only_by_panic || std::thread::panicking() {
            self.team.close();
        }
    }
}

impl Lead {
    pub(super) fn new(team: Arc<Team>) -> Lead {
        Lead {
            team,
            given: 0,
            copied_at: 0,
            n_unknown: 0,
            weighed: [0; 2],
            pause: 0,
        }
    }

    /// Gives out states, and takes what was found of the batch that begins with a state. Nothing
    /// if nobody has begun with it: then the caller expands these states itself.
    pub(super) fn batch(
        &mut self,
        vectors: &Vectors,
        state: usize,
        soup: &mut Soup,
    ) -> Option<Batch> {
        self.renew(soup);
        self.give(vectors, state);
        if self.given <= state {
            return None;
        }
        let mut queue = self.team.lock();
        loop {
            if let Some(batch) = queue.finished.remove(&state) {
                drop(queue);
                self.weigh(&batch, state);
                return Some(batch);
            }
            if queue.is_closed {
                return None;
            }
            if let Some(front) = queue.jobs.front()
                && front.first == state
            {
                queue.jobs.pop_front();
                return None;
            }
            // Somebody is at it: meanwhile, another batch.
            match queue.jobs.pop_front() {
                Some(job) => {
                    drop(queue);
                    let first = job.first;
                    let batch = expand(job, soup);
                    queue = self.team.lock();
                    queue.finished.insert(first, batch);
                }
                None => {
                    queue = self
                        .team
                        .done
                        .wait(queue)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// Takes note of what the others could do of a batch; they rest for a while if it is little.
    fn weigh(&mut self, batch: &Batch, state: usize) {
        let n_unknown = batch.states.iter().filter(|state| state.is_none()).count();
        self.n_unknown += n_unknown;
        self.weighed[0] += BATCH - n_unknown;
        self.weighed[1] += n_unknown;
        let [able, unable] = self.weighed;
        if able + unable >= TRIAL {
            self.weighed = [0; 2];
            if unable > 4 * able {
                self.pause = state + 8 * TRIAL;
            }
        }
    }

    /// Gives out whole batches of states that are known.
    fn give(&mut self, vectors: &Vectors, state: usize) {
        if state < self.pause {
            self.given = self.given.max(state);
            return;
        }
        let most = state + BATCH * AHEAD * (self.team.n_threads + 1);
        let first = self.given.max(state.next_multiple_of(BATCH));
        if first >= most || first + BATCH > vectors.len() {
            self.given = self.given.max(state);
            return;
        }
        let mut queue = self.team.lock();
        let mut next = first;
        while next < most && next + BATCH <= vectors.len() {
            queue.jobs.push_back(Job {
                first: next,
                vectors: vectors.clone(),
            });
            next += BATCH;
        }
        drop(queue);
        self.given = next;
        self.team.work.notify_all();
    }

    /// Gives the others a new copy when much was computed since the last, or what they miss is
    /// needed often.
    fn renew(&mut self, soup: &Soup) {
        let computed = soup.n_computed();
        let is_missed = self.n_unknown > MOST_UNKNOWN && computed > self.copied_at;
        if is_missed || computed > self.copied_at + self.copied_at / 8 {
            self.copied_at = computed;
            self.n_unknown = 0;
            let copy = Arc::new(soup.clone());
            let mut queue = self.team.lock();
            queue.soup = copy;
            queue.version += 1;
        }
    }
}

/// Expands the states of a job with what a copy of the engine knows.
fn expand(job: Job, soup: &mut Soup) -> Batch {
    let mut vectors = job.vectors;
    let mut batch = Batch {
        vectors: Vectors::new(),
        states: Vec::with_capacity(BATCH),
        steps: Vec::new(),
        changes: Vec::new(),
        roots: Vec::new(),
        numbers: Vec::new(),
    };
    let mut known: HashMap<Piece, u32, FxBuildHasher> = HashMap::default();
    for state in job.first..job.first + BATCH {
        let start = batch.steps.len();
        let expanded = expand_state(&mut batch, &mut known, &mut vectors, soup, state);
        batch.states.push(match expanded {
            Ok(tail) => Some((start as u32, batch.steps.len() as u32, tail)),
            Err(_) => {
                batch.steps.truncate(start);
                None
            }
        });
    }
    batch.numbers.resize(batch.roots.len(), None);
    batch.vectors = vectors.form();
    batch
}

fn expand_state(
    batch: &mut Batch,
    known: &mut HashMap<Piece, u32, FxBuildHasher>,
    vectors: &mut Vectors,
    soup: &mut Soup,
    state: usize,
) -> Result<u64, Unfit> {
    let mut hands = Hands::Empty;
    soup.open(&mut hands, vectors, state, usize::MAX)?;
    for number in 0..soup.n_steps() {
        let step = soup.step(number);
        let (target, n_rewrites) = soup.find(&mut hands, vectors, step)?;
        let target = match target {
            SoupTarget::Vector(number) => Target::Known(number as u32),
            SoupTarget::Root(root) => {
                let next = batch.roots.len() as u32;
                let index = *known.entry(root).or_insert(next);
                if index == next {
                    batch.roots.push(root);
                }
                Target::Root(index)
            }
            SoupTarget::Changed(changes) => {
                let start = batch.changes.len() as u32;
                batch.changes.extend_from_slice(changes);
                Target::Changed(start, batch.changes.len() as u32)
            }
        };
        batch.steps.push(Step {
            rule: step.rule,
            n_rewrites,
            target,
            may_be_goal: soup.may_be_goal(),
        });
    }
    Ok(soup.tail())
}
