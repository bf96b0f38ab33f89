//! Several threads that expand states together, and one that numbers what they find.
//!
//! The one idea: states are expanded in batches, in any order and by whoever has time, with a copy of the
//! compiled engine, of the terms, and a view of the states known so far. No state gets a number or
//! is looked up there: a step comes back as the root of a vector or as the words by which it differs,
//! with what was computed for it. The thread that runs the search takes the batches in order, gives
//! numbers to what is new in them, finds or adds the states, and expands itself what a copy cannot. It
//! tells the copies what it added before it gives out more. So numbers, paths and counts are those of
//! a search by one thread.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::batch::{Batch, MOST_REWRITES_AHEAD};
use super::memo_bytes;
use super::vectors::Vectors;
use crate::reduction::{Limits, Reducer, Seed};
use crate::soup::{Mark, News, Soup};
use crate::term::Store;

/// States of a batch.
pub(super) const BATCH: usize = 128;

/// Batches that are under way at a time, for each thread.
const AHEAD: usize = 6;

/// States to be expanded.
#[derive(Debug)]
struct Job {
    first: usize,
    /// What may be remembered of single steps.
    most_bytes: usize,
    vectors: Vectors,
}

/// What the others work with.
#[derive(Debug)]
struct Copied {
    soup: Soup,
    store: Store,
    seed: Arc<Seed>,
}

impl Copied {
    fn bytes(&self) -> usize {
        self.soup.bytes() + self.store.bytes()
    }

    /// A copy for one thread; the last takes the original.
    fn unpack(self: Arc<Copied>) -> (Soup, Reducer) {
        let (mut soup, store, seed) = match Arc::try_unwrap(self) {
            Ok(Copied { soup, store, seed }) => (soup, store, seed),
            Err(copied) => (
                copied.soup.clone(),
                copied.store.clone(),
                Arc::clone(&copied.seed),
            ),
        };
        soup.become_copy();
        (soup, seed.reducer(store))
    }
}

/// What one of the others is to know before the next job.
#[derive(Clone, Debug)]
enum Message {
    /// All of it.
    Copied(Arc<Copied>),
    /// What was added since.
    News(Arc<News>),
}

#[derive(Debug)]
struct Queue {
    jobs: VecDeque<Job>,
    finished: HashMap<usize, Batch, FxBuildHasher>,
    /// Finished by others, and what they found is not known yet.
    unsettled: Vec<usize>,
    /// Batches that are no longer needed.
    spare: Vec<Batch>,
    /// For each of the others, what it was not told yet.
    messages: Vec<Vec<Message>>,
    /// There was one.
    is_copied: bool,
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
    /// The end, for those who compute.
    is_over: Arc<AtomicBool>,
}

/// What the thread that runs the search knows of the others.
#[derive(Debug)]
pub(super) struct Lead {
    team: Arc<Team>,
    /// States before this one were given out or expanded.
    given: usize,
    /// What the others know.
    copied_at: Option<CopiedAt>,
    seed: Option<Arc<Seed>>,
    /// States that the others did not know enough to expand, since then.
    n_unknown: usize,
    /// States that the others could expand and could not, since it was last weighed.
    weighed: [usize; 2],
    /// Nothing is given out before this state: the others could do little.
    pause: usize,
    /// How long they rest next time.
    rest: usize,
}

/// When the others got a copy or news last.
#[derive(Debug)]
struct CopiedAt {
    /// Computed steps.
    computed: u64,
    /// The bytes of a copy.
    bytes: usize,
    mark: Mark,
}

/// How often one who waits looks before it sleeps, and for how long it does nothing between two looks.
const LOOKS: usize = 64;
const BETWEEN_LOOKS: usize = 64;

/// After so many states it is weighed whether the others help.
const TRIAL: usize = 16 * BATCH;

/// For so many states they rest at most, if they could do little again and again.
const MOST_REST: usize = 1024 * BATCH;

/// Nothing is given out before so many states are known: a small search is over before others can help.
const FEW: usize = 4 * BATCH;

/// A state that could not be expanded costs as much as to copy so many bytes.
const BYTES_PER_UNKNOWN: usize = 8 << 10;

impl Team {
    /// A team of so many threads beside the one that runs the search.
    pub(super) fn new(n_threads: usize) -> Arc<Team> {
        Arc::new(Team {
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                finished: HashMap::default(),
                unsettled: Vec::new(),
                spare: Vec::new(),
                messages: vec![Vec::new(); n_threads],
                is_copied: false,
                is_closed: false,
            }),
            work: Condvar::new(),
            done: Condvar::new(),
            n_threads,
            is_over: Arc::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something may have happened: awake at first, because it takes long to be woken.
    fn wait<'a>(
        &'a self,
        queue: MutexGuard<'a, Queue>,
        event: &Condvar,
        has_happened: impl Fn(&Queue) -> bool,
    ) -> MutexGuard<'a, Queue> {
        drop(queue);
        for _ in 0..LOOKS {
            for _ in 0..BETWEEN_LOOKS {
                std::hint::spin_loop();
            }
            if let Ok(queue) = self.queue.try_lock()
                && has_happened(&queue)
            {
                return queue;
            }
        }
        let queue = self.lock();
        if has_happened(&queue) {
            return queue;
        }
        event.wait(queue).unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until the end, as the thread with this number.
    pub(super) fn work(&self, thread: usize) {
        let _closing = Closing {
            team: self,
            only_by_panic: true,
        };
        let mut own: Option<(Soup, Reducer)> = None;
        loop {
            let mut queue = self.lock();
            let job = loop {
                if queue.is_closed {
                    return;
                }
                if queue.is_copied
                    && let Some(job) = queue.jobs.pop_front()
                {
                    break job;
                }
                queue = self.wait(queue, &self.work, |queue| {
                    queue.is_closed || queue.is_copied && !queue.jobs.is_empty()
                });
            };
            let messages = std::mem::take(&mut queue.messages[thread]);
            let spare = queue.spare.pop();
            drop(queue);
            for message in messages {
                match (message, &mut own) {
                    (Message::Copied(copied), own) => *own = Some(copied.unpack()),
                    (Message::News(news), Some((soup, reducer))) => soup.hear(reducer, &news),
                    (Message::News(_), None) => unreachable!("the first message is a copy"),
                }
            }
            let Some((soup, reducer)) = &mut own else {
                unreachable!("the first message is a copy");
            };
            let Job {
                first,
                most_bytes,
                mut vectors,
            } = job;
            let states = first..first + BATCH;
            let mark = soup.begin(reducer);
            let mut batch =
                Batch::elsewhere(soup, reducer, &mut vectors, states, most_bytes, spare);
            batch.set_findings(soup.hand_out(reducer, &mark));
            let mut queue = self.lock();
            queue.finished.insert(first, batch);
            queue.unsettled.push(first);
            drop(queue);
            self.done.notify_all();
        }
    }

    fn close(&self) {
        self.is_over.store(true, Ordering::Relaxed);
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
            copied_at: None,
            seed: None,
            n_unknown: 0,
            weighed: [0; 2],
            pause: 0,
            rest: TRIAL,
        }
    }

    /// Bytes of what the others work with.
    pub(super) fn bytes(&self) -> usize {
        let bytes = self.copied_at.as_ref().map_or(0, |copied| copied.bytes);
        bytes * self.team.n_threads
    }

    /// Gives out states and a batch that is no longer needed, and takes what was found of the batch that
    /// begins with a state. Nothing if nobody has begun with it: then the caller expands these states itself.
    pub(super) fn batch(
        &mut self,
        vectors: &mut Vectors,
        state: usize,
        soup: &mut Soup,
        reducer: &mut Reducer,
        spare: Option<Batch>,
    ) -> Option<Batch> {
        self.give(vectors, state, soup, reducer);
        if self.given <= state {
            return None;
        }
        let mut queue = self.team.lock();
        queue.spare.extend(spare);
        loop {
            let unsettled = std::mem::take(&mut queue.unsettled);
            for first in unsettled {
                if let Some(mut batch) = queue.finished.remove(&first) {
                    drop(queue);
                    batch.settle(soup, reducer);
                    queue = self.team.lock();
                    queue.finished.insert(first, batch);
                }
            }
            if let Some(mut batch) = queue.finished.remove(&state) {
                drop(queue);
                // It may have been finished a moment ago.
                batch.settle(soup, reducer);
                self.weigh(&batch, state);
                batch.prepare(vectors);
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
                    let spare = queue.spare.pop();
                    drop(queue);
                    let Job {
                        first,
                        most_bytes,
                        mut vectors,
                    } = job;
                    let states = first..first + BATCH;
                    let vectors = &mut vectors;
                    let batch = Batch::elsewhere(soup, reducer, vectors, states, most_bytes, spare);
                    queue = self.team.lock();
                    queue.finished.insert(first, batch);
                }
                None => {
                    queue = (self.team).wait(queue, &self.team.done, |queue| {
                        queue.is_closed || queue.finished.contains_key(&state)
                    });
                }
            }
        }
    }

    /// Takes note of what the others could do of a batch; they rest for a while if it is little.
    fn weigh(&mut self, batch: &Batch, state: usize) {
        let [n_unknown, n_states] = batch.n_unknown();
        self.n_unknown += n_unknown;
        self.weighed[0] += n_states - n_unknown;
        self.weighed[1] += n_unknown;
        let [able, unable] = self.weighed;
        if able + unable >= TRIAL {
            self.weighed = [0; 2];
            if unable > 2 * able {
                self.pause = state + self.rest;
                self.rest = (2 * self.rest).min(MOST_REST);
                self.copied_at = None;
                let mut queue = self.team.lock();
                queue.is_copied = false;
                queue.messages.iter_mut().for_each(Vec::clear);
            } else {
                self.rest = TRIAL;
            }
        }
    }

    /// Gives out whole batches of states that are known.
    fn give(&mut self, vectors: &Vectors, state: usize, soup: &mut Soup, reducer: &mut Reducer) {
        if state < self.pause {
            self.given = self.given.max(state);
            return;
        }
        let most = state + BATCH * AHEAD * (self.team.n_threads + 1);
        let first = self.given.max(state.next_multiple_of(BATCH));
        if first >= most || vectors.len() < (first + BATCH).max(FEW) {
            self.given = self.given.max(state);
            return;
        }
        self.renew(soup, reducer);
        let mut queue = self.team.lock();
        let mut next = first;
        while next < most && next + BATCH <= vectors.len() {
            queue.jobs.push_back(Job {
                first: next,
                most_bytes: memo_bytes(vectors.len()),
                vectors: vectors.clone(),
            });
            next += BATCH;
        }
        drop(queue);
        self.given = next;
        self.team.work.notify_all();
    }

    /// Tells the others what was added since they were told last. If that cannot be told, gives them a new copy
    /// when much was computed since the last, or what they miss is needed often.
    fn renew(&mut self, soup: &mut Soup, reducer: &mut Reducer) {
        let computed = soup.n_computed();
        let has_code = (self.seed.as_ref()).is_some_and(|seed| seed.has_all_code(reducer));
        if let Some(copied_at) = &mut self.copied_at {
            let news = match has_code {
                true => soup.news(reducer, &copied_at.mark),
                false => None,
            };
            let is_dear = self.n_unknown * BYTES_PER_UNKNOWN > copied_at.bytes;
            let is_missed = self.n_unknown > BATCH && is_dear && computed > copied_at.computed;
            let is_due =
                !has_code || is_missed || computed > copied_at.computed + copied_at.computed / 8;
            if let Some(news) = news {
                copied_at.mark = soup.mark(reducer);
                copied_at.computed = computed;
                copied_at.bytes = soup.bytes() + reducer.store.bytes();
                if !news.is_empty() {
                    self.tell(&Message::News(Arc::new(news)));
                }
                return;
            } else if !is_due {
                return;
            }
        }
        let is_over = &self.team.is_over;
        // What is computed late has code of its own, which may be newer than the seed.
        if !has_code {
            self.seed = None;
        }
        let seed = self.seed.get_or_insert_with(|| {
            Arc::new(reducer.seed(Limits {
                rewrites: reducer.limits.rewrites.min(MOST_REWRITES_AHEAD),
                interrupt: Some(Arc::clone(is_over)),
                ..reducer.limits.clone()
            }))
        });
        soup.share(reducer);
        let copied = Copied {
            soup: soup.clone(),
            store: reducer.store.clone(),
            seed: Arc::clone(seed),
        };
        self.copied_at = Some(CopiedAt {
            computed,
            bytes: copied.bytes(),
            mark: soup.mark(reducer),
        });
        self.n_unknown = 0;
        self.tell(&Message::Copied(Arc::new(copied)));
    }

    fn tell(&self, message: &Message) {
        let mut queue = self.team.lock();
        queue.is_copied = true;
        for messages in &mut queue.messages {
            if let Message::Copied(_) = message {
                messages.clear();
            }
            messages.push(message.clone());
        }
    }
}
