//! The search for a chain: reduction step by step, then equations in both directions.

use std::sync::atomic::Ordering;
use std::time::Instant;

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use super::graph::Graph;
use super::{Direction, Effort, Equations, Link, Reason};
use crate::builtin::Hook;
use crate::reduction::Reducer;
use crate::signature::OpId;
use crate::statement::Body;
use crate::term::{Store, TermId, Theory};

/// The solutions of one equation at one term that are tried when normal forms differ.
const MOST_SOLUTIONS: usize = 8;

/// So many collections are tried in the place of one element.
const MOST_OPENED: usize = 4;

/// So many terms stand for what may be anything.
const MOST_VALUES: usize = 12;

/// Terms between two looks at whether the sides have met.
const TERMS_BETWEEN_LOOKS: usize = 64;

/// Nothing goes on: the budget ended.
struct Over;

/// What came of looking for a chain.
pub(super) enum Proof {
    /// This.
    Chain(Vec<Link>),
    /// There is one, longer than wanted.
    Long,
    /// Nothing.
    None,
}

/// A term that is being reduced.
struct Frame {
    term: TermId,
    /// Its arguments, some of them reduced.
    arguments: Vec<TermId>,
    /// Arguments, from 1, to be reduced, and 0 for the term itself.
    plan: Vec<usize>,
    next: usize,
    /// What it was before.
    origins: Vec<TermId>,
}

/// Looks for a chain from one term to another.
pub(super) struct Prover<'r> {
    reducer: &'r mut Reducer,
    graph: Graph,
    equations: Equations,
    effort: &'r Effort,
    n_steps: usize,
    /// What is known to reduce to what.
    normal: HashMap<TermId, TermId, FxBuildHasher>,
    sizes: HashMap<TermId, usize, FxBuildHasher>,
    /// For each term the one with smaller arguments that it was made equal to.
    smaller: HashMap<TermId, TermId, FxBuildHasher>,
    /// Collections, and what they became when one of their elements was opened.
    opened: HashSet<(TermId, TermId), FxBuildHasher>,
    n_assumptions: usize,
    has_memberships: bool,
    /// Something was not tried.
    is_cut: bool,
}

impl<'r> Prover<'r> {
    pub(super) fn new(reducer: &'r mut Reducer, effort: &'r Effort) -> Prover<'r> {
        let equations = Equations::new(reducer, true);
        let statements = reducer.module().statements();
        let is_membership = |body: &Body| matches!(body, Body::Membership { .. });
        Prover {
            has_memberships: (statements.iter()).any(|statement| is_membership(&statement.body)),
            reducer,
            graph: Graph::new(),
            equations,
            effort,
            n_steps: 0,
            normal: HashMap::default(),
            sizes: HashMap::default(),
            smaller: HashMap::default(),
            opened: HashSet::default(),
            n_assumptions: 0,
            is_cut: false,
        }
    }

    /// Takes two terms to be equal.
    pub(super) fn assume(&mut self, left: TermId, right: TermId) {
        let reason = Reason::Assumption(self.n_assumptions);
        self.n_assumptions += 1;
        self.graph.union(&self.reducer.store, left, right, reason);
    }

    /// Whether everything that can be tried was tried.
    pub(super) fn is_exhausted(&self) -> bool {
        !self.is_cut
    }

    /// How many terms were looked at.
    pub(super) fn n_terms(&self) -> usize {
        self.graph.terms.len()
    }

    /// Looks for a chain.
    pub(super) fn prove(&mut self, left: TermId, right: TermId) -> Proof {
        if left == right {
            return Proof::Chain(Vec::new());
        }
        let store = &self.reducer.store;
        if self.graph.add(store, left).is_none() || self.graph.add(store, right).is_none() {
            self.is_cut = true;
            return Proof::None;
        }
        for term in [left, right] {
            if self.normalize(term).is_err() {
                self.is_cut = true;
            }
        }
        self.graph.rebuild();
        // What may be anything may at least be what the sides are made of.
        let anything: Vec<TermId> = self.graph.terms.iter().copied().take(MOST_VALUES).collect();
        for values in [&[], anything.as_slice()] {
            if !self.have_met(left, right) && self.saturate(left, right, values).is_err() {
                self.is_cut = true;
                self.graph.rebuild();
            }
        }
        if !self.have_met(left, right) {
            return Proof::None;
        }
        let (store, sides) = (&mut self.reducer.store, (left, right));
        match self.graph.explain(store, sides, self.effort.links) {
            Some(links) => Proof::Chain(links),
            None => Proof::Long,
        }
    }

    fn have_met(&self, left: TermId, right: TermId) -> bool {
        self.graph.class(left) == self.graph.class(right)
    }

    /// Whether time is up or somebody asked to stop.
    fn check(&self) -> Result<(), Over> {
        let limits = &self.effort.limits;
        let deadline = limits.deadline;
        let flag = limits.interrupt.as_ref();
        let is_over = self.n_steps >= self.effort.steps
            || deadline.is_some_and(|deadline| Instant::now() >= deadline)
            || flag.is_some_and(|flag| flag.load(Ordering::Relaxed));
        if is_over { Err(Over) } else { Ok(()) }
    }

    /// Reduces a term from inside, telling the graph every step.
    fn normalize(&mut self, term: TermId) -> Result<TermId, Over> {
        let mut stack = vec![self.frame(term, Vec::new())];
        let mut value = self.normal.get(&term).copied();
        if let Some(value) = value {
            return Ok(value);
        }
        loop {
            let Some(frame) = stack.last_mut() else {
                unreachable!("the last frame gives the result")
            };
            if let Some(value) = value.take() {
                let place = frame.plan[frame.next] - 1;
                frame.arguments[place] = value;
                frame.next += 1;
            }
            let result = match frame.plan.get(frame.next) {
                Some(&place) if place > 0 => {
                    let argument = frame.arguments[place - 1];
                    value = self.normal.get(&argument).copied();
                    if value.is_none() {
                        let frame = self.frame(argument, Vec::new());
                        stack.push(frame);
                    }
                    continue;
                }
                Some(_) => {
                    frame.next += 1;
                    let whole = self.rebuilt(&mut stack)?;
                    match self.step(whole)? {
                        Some(result) => result,
                        None => continue,
                    }
                }
                None => {
                    let whole = self.rebuilt(&mut stack)?;
                    self.finish(&mut stack, whole);
                    if stack.is_empty() {
                        return Ok(whole);
                    }
                    value = Some(whole);
                    continue;
                }
            };
            if let Some(&known) = self.normal.get(&result) {
                self.finish(&mut stack, known);
                if stack.is_empty() {
                    return Ok(known);
                }
                value = Some(known);
                continue;
            }
            let mut origins = stack.pop().map(|frame| frame.origins).unwrap_or_default();
            origins.push(result);
            let frame = self.frame(result, origins);
            stack.push(frame);
        }
    }

    fn frame(&self, term: TermId, mut origins: Vec<TermId>) -> Frame {
        origins.push(term);
        let store = &self.reducer.store;
        let arguments = match store.integer(term) {
            Some(_) => Vec::new(),
            None => store.arguments(term).to_vec(),
        };
        let op = store.op(term);
        let attributes = &store.signature().operator(op).attributes;
        let axioms = attributes.axioms;
        let plan = match &attributes.strategy {
            Some(strategy) if !axioms.assoc && !axioms.iter => strategy.clone(),
            _ if self.reducer.module().hook(op) == Some(Hook::Branch) => vec![1, 0, 2, 3, 0],
            _ => (1..=arguments.len()).chain([0]).collect(),
        };
        let is_place = |&place: &usize| place <= arguments.len();
        Frame {
            plan: plan.into_iter().filter(is_place).collect(),
            term,
            arguments,
            next: 0,
            origins,
        }
    }

    /// The term of the last frame with the arguments it has now.
    fn rebuilt(&mut self, stack: &mut [Frame]) -> Result<TermId, Over> {
        self.n_steps += 1;
        if self.n_steps.is_multiple_of(256) || self.n_steps >= self.effort.steps {
            self.check()?;
        }
        let Some(frame) = stack.last_mut() else {
            unreachable!("a term is being reduced")
        };
        let store = &mut self.reducer.store;
        let whole = with_arguments(store, frame.term, &frame.arguments);
        if whole != frame.term {
            self.graph
                .congruent(store, frame.term, &frame.arguments, whole);
            frame.origins.push(whole);
        }
        Ok(whole)
    }

    /// One step at the top of a term whose arguments are as far reduced as they will be.
    fn step(&mut self, term: TermId) -> Result<Option<TermId>, Over> {
        let op = self.reducer.store.op(term);
        if self.reducer.module().is_stable(op) && !self.has_memberships {
            return Ok(None);
        }
        let hook = self.reducer.module().hook(op);
        if hook == Some(Hook::Branch) {
            let branch = self.branch(term);
            if let Some(branch) = branch {
                let store = &self.reducer.store;
                self.graph.union(store, term, branch, Reason::Computation);
            }
            return Ok(branch);
        }
        let computed = match hook {
            Some(_) => self.computed(term)?,
            None => None,
        };
        if computed.is_some() {
            return Ok(computed);
        }
        let applied = self.equations.first(self.reducer, term);
        if let Some(application) = applied.map_err(|_| Over)? {
            let reason = Reason::Equation(application.statement);
            let result = application.result;
            self.graph.union(&self.reducer.store, term, result, reason);
            return Ok(Some(result).filter(|&result| result != term));
        }
        match self.has_memberships {
            true => self.computed(term),
            false => Ok(None),
        }
    }

    /// The branch that `if_then_else_fi` takes.
    fn branch(&self, term: TermId) -> Option<TermId> {
        let store = &self.reducer.store;
        let module = self.reducer.module();
        let [condition, yes, no] = store.arguments(term) else {
            return None;
        };
        let is = |hook| Some(store.op(*condition)) == module.operator_with(hook);
        if is(Hook::True) {
            Some(*yes)
        } else {
            is(Hook::False).then_some(*no)
        }
    }

    /// What the engine makes of a term, if no equation is applied on the way to it.
    fn computed(&mut self, term: TermId) -> Result<Option<TermId>, Over> {
        let mut counter = Counter::default();
        let module = self.reducer.module().clone();
        counter.is_equation = (module.statements().iter())
            .map(|statement| matches!(statement.body, Body::Equation { .. }))
            .collect();
        let reduced = self.reducer.reduce_observed(term, Some(&mut counter));
        let result = reduced.map_err(|_| Over)?.term();
        if result == term || counter.n_equations > 0 {
            return Ok(None);
        }
        self.graph
            .union(&self.reducer.store, term, result, Reason::Computation);
        Ok(Some(result))
    }

    fn finish(&mut self, stack: &mut Vec<Frame>, value: TermId) {
        for origin in stack.pop().map(|frame| frame.origins).unwrap_or_default() {
            self.normal.insert(origin, value);
        }
        self.normal.insert(value, value);
    }

    /// Tries equations in both directions on everything that was seen, until the sides meet.
    fn saturate(&mut self, left: TermId, right: TermId, values: &[TermId]) -> Result<(), Over> {
        let size = self.size(left).max(self.size(right));
        let largest = 3 * size + 12;
        let mut next = 0;
        loop {
            let end = self.graph.terms.len();
            for place in next..end {
                if place >= self.effort.terms {
                    return Err(Over);
                }
                self.check()?;
                let term = self.graph.terms[place];
                if self.size(term) > largest {
                    self.is_cut = true;
                    continue;
                }
                self.normalize(term)?;
                self.expand(term, largest, values)?;
                if place.is_multiple_of(TERMS_BETWEEN_LOOKS) {
                    self.graph.rebuild();
                    if self.have_met(left, right) {
                        return Ok(());
                    }
                }
            }
            self.graph.rebuild();
            if self.have_met(left, right) {
                return Ok(());
            }
            self.exchange();
            self.open(largest);
            self.graph.rebuild();
            if self.have_met(left, right) || self.graph.terms.len() == end {
                return Ok(());
            }
            next = end;
        }
    }

    /// Applies every equation at the top of a term.
    fn expand(&mut self, term: TermId, largest: usize, values: &[TermId]) -> Result<(), Over> {
        for direction in [Direction::Forward, Direction::Backward] {
            let ways = (values, MOST_SOLUTIONS);
            let found = self.equations.all(self.reducer, term, direction, ways);
            let found = found.map_err(|_| Over)?;
            for application in found {
                let result = application.result;
                if self.size(result) > largest {
                    self.is_cut = true;
                    continue;
                }
                self.n_steps += 1;
                let (one, other) = match direction {
                    Direction::Forward => (term, result),
                    Direction::Backward => (result, term),
                };
                let reason = Reason::Equation(application.statement);
                self.graph.union(&self.reducer.store, one, other, reason);
            }
        }
        Ok(())
    }

    /// Makes every term equal to the one in which the smallest term of its class stands for each
    /// argument.
    fn exchange(&mut self) {
        let mut best: HashMap<usize, (usize, usize), FxBuildHasher> = HashMap::default();
        let terms = self.graph.terms.clone();
        for (place, &term) in terms.iter().enumerate() {
            let size = self.size(term);
            if let Some(class) = self.graph.class(term) {
                let entry = best.entry(class).or_insert((size, place));
                *entry = (*entry).min((size, place));
            }
        }
        for &term in &terms {
            let store = &mut self.reducer.store;
            if store.integer(term).is_some() || store.arguments(term).is_empty() {
                continue;
            }
            let arguments = store.arguments(term).to_vec();
            let graph = &self.graph;
            let smallest = |&argument: &TermId| {
                let class = graph.class(argument);
                let found = class.and_then(|class| best.get(&class));
                found.map_or(argument, |&(_, place)| terms[place])
            };
            let replaced: Vec<TermId> = arguments.iter().map(smallest).collect();
            if replaced == arguments {
                continue;
            }
            let whole = with_arguments(store, term, &replaced);
            if self.smaller.insert(term, whole) != Some(whole) {
                self.graph.congruent(store, term, &replaced, whole);
            }
        }
    }

    /// Makes every list and multiset equal to those in which a list or multiset stands for an element
    /// that it is equal to: parts of it may then match together with what is around it.
    fn open(&mut self, largest: usize) {
        let terms = self.graph.terms.clone();
        let mut joined: HashMap<(usize, OpId), Vec<TermId>, FxBuildHasher> = HashMap::default();
        let is_collection =
            |store: &Store, op| matches!(store.theory(op), Theory::List | Theory::Multiset);
        for &term in &terms {
            let op = self.reducer.store.op(term);
            if !is_collection(&self.reducer.store, op) || self.size(term) > largest {
                continue;
            }
            if let Some(class) = self.graph.class(term) {
                let others = joined.entry((class, op)).or_default();
                if others.len() < MOST_OPENED {
                    others.push(term);
                }
            }
        }
        for &term in &terms {
            let op = self.reducer.store.op(term);
            if !is_collection(&self.reducer.store, op) || self.size(term) > largest {
                continue;
            }
            let arguments = self.reducer.store.arguments(term).to_vec();
            for place in 0..arguments.len() {
                let class = self.graph.class(arguments[place]);
                let others = class.and_then(|class| joined.get(&(class, op)));
                for &other in others.into_iter().flatten() {
                    let mut opened = arguments.clone();
                    opened[place] = other;
                    let whole = self.reducer.store.make(op, &opened);
                    if self.size(whole) <= largest && self.opened.insert((term, whole)) {
                        let store = &self.reducer.store;
                        self.graph.congruent(store, term, &opened, whole);
                    }
                }
            }
        }
    }

    /// How many operators a term has; large numbers count as one.
    fn size(&mut self, term: TermId) -> usize {
        size(&self.reducer.store, &mut self.sizes, term)
    }
}

/// How many operators a term has; numbers count as one.
pub(crate) fn size(
    store: &Store,
    sizes: &mut HashMap<TermId, usize, FxBuildHasher>,
    term: TermId,
) -> usize {
    let mut pending = vec![(term, false)];
    while let Some((term, are_arguments_done)) = pending.pop() {
        if sizes.contains_key(&term) {
            continue;
        }
        let arguments = match store.integer(term) {
            Some(_) => &[],
            None => store.arguments(term),
        };
        if are_arguments_done {
            let of_arguments = arguments.iter().map(|argument| sizes[argument]);
            let size = of_arguments.fold(1usize, usize::saturating_add);
            sizes.insert(term, size);
        } else {
            pending.push((term, true));
            pending.extend(arguments.iter().map(|&argument| (argument, false)));
        }
    }
    sizes[&term]
}

/// The term with the same operator on top and other arguments.
fn with_arguments(store: &mut Store, term: TermId, arguments: &[TermId]) -> TermId {
    if arguments.is_empty() || store.arguments(term) == arguments {
        return term;
    }
    let op = store.op(term);
    match store.iterations(term) {
        Some(count) => store.make_iterated(op, &count, arguments[0]),
        None => store.make(op, arguments),
    }
}

/// Counts the equations that are applied.
#[derive(Default)]
struct Counter {
    is_equation: Vec<bool>,
    n_equations: usize,
}

impl crate::reduction::Observer for Counter {
    fn applied(&mut self, _: &Store, statement: crate::module::StatementId, _: &[Option<TermId>]) {
        self.n_equations += usize::from(self.is_equation[statement.index()]);
    }
}
