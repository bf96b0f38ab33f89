//! The product of states and automaton, and the search for an accepted path in it.
//!
//! The one idea: two depth-first searches, one inside the other. The outer one finds accepting
//! states; when it leaves one, the inner one looks for a way back to where the outer one is. Both
//! keep their own stack. Of what a state leads to, only what was asked for counts, as in Maude.
//!
//! Source: Holzmann, Peled, Yannakakis, "On nested depth first search" (SPIN 1996).

use std::collections::VecDeque;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::automaton::Automaton;
use super::diagram::Diagram;
use super::formula::{FormulaId, Formulas};
use super::numbers::NumberSet;
use crate::module::StatementId;
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::signature::OpId;
use crate::term::TermId;
use crate::transition::Transitions;

/// A step of a path: a state, and the rule with which it goes on; none in a deadlock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Step {
    pub(super) state: TermId,
    pub(super) rule: Option<StatementId>,
}

/// An infinite path: a beginning, and what repeats for ever.
#[derive(Debug)]
pub(super) struct Lasso {
    pub(super) prefix: Vec<Step>,
    pub(super) cycle: Vec<Step>,
}

/// One state to which another leads.
#[derive(Clone, Copy, Debug)]
struct Successor {
    state: u32,
    /// The first of the rules that lead there; none in a deadlock.
    rule: Option<StatementId>,
    /// Rewrites made when it was found.
    n_rewrites: u64,
}

/// What a state leads to.
#[derive(Debug)]
struct Successors {
    found: Vec<Successor>,
    /// Rewrites made when there were no more.
    n_rewrites: u64,
}

/// What is known of a state of the system; the sets are of states of the automaton.
#[derive(Debug)]
struct State {
    term: NormalForm,
    successors: Option<Successors>,
    /// Rewrites for successors that are counted already.
    n_counted: u64,
    /// Propositions that were asked for, and those of them that hold.
    asked: NumberSet,
    holds: NumberSet,
    seen: NumberSet,
    on_path: NumberSet,
    seen_inside: NumberSet,
}

/// A state of the system from which the automaton makes a move, then the system a step.
#[derive(Clone, Copy, Debug)]
struct Frame {
    state: u32,
    automaton: u32,
    /// The next move to try.
    next_move: usize,
    /// Where the present move leads, and the next step to try from there.
    target: u32,
    next_step: usize,
}

impl Frame {
    fn new(state: u32, automaton: u32) -> Frame {
        Frame {
            state,
            automaton,
            next_move: 0,
            target: automaton,
            next_step: 0,
        }
    }

    /// Goes on to the next move; gives what it asks of the state.
    fn take_move(&mut self, automaton: &Automaton) -> Option<Diagram> {
        let (target, valuations) = automaton.move_of(self.automaton, self.next_move)?;
        self.next_move += 1;
        (self.target, self.next_step) = (target, 0);
        Some(valuations)
    }
}

/// The states on a way back to the path, and the state of the system and of the automaton where it
/// ends.
type WayBack = (Vec<u32>, (u32, u32));

/// The product, as far as it was made.
#[derive(Debug)]
pub(super) struct Product {
    satisfies: OpId,
    truth: OpId,
    automaton: Automaton,
    propositions: Vec<TermId>,
    states: Vec<State>,
    numbers: HashMap<TermId, u32, FxBuildHasher>,
    /// Rewrites for what was asked for.
    pub(super) n_rewrites: u64,
}

impl Product {
    /// The paths from a state that satisfy a formula.
    pub(super) fn new(
        satisfies: OpId,
        truth: OpId,
        formulas: &Formulas,
        formula: FormulaId,
        initial: NormalForm,
    ) -> Product {
        let mut product = Product {
            satisfies,
            truth,
            automaton: Automaton::new(formulas, formula),
            propositions: formulas.propositions().to_vec(),
            states: Vec::new(),
            numbers: HashMap::default(),
            n_rewrites: 0,
        };
        product.state(initial);
        product
    }

    fn state(&mut self, term: NormalForm) -> u32 {
        let next = self.states.len() as u32;
        let number = *self.numbers.entry(term.term()).or_insert(next);
        if number == next {
            self.states.push(State {
                term,
                successors: None,
                n_counted: 0,
                asked: NumberSet::default(),
                holds: NumberSet::default(),
                seen: NumberSet::default(),
                on_path: NumberSet::default(),
                seen_inside: NumberSet::default(),
            });
        }
        number
    }

    /// Finds a path that satisfies the formula.
    pub(super) fn search(&mut self, reducer: &mut Reducer) -> Result<Option<Lasso>, Interrupted> {
        let starts: Vec<u32> = self.automaton.initial().collect();
        for start in starts {
            if let Some(lasso) = self.search_from(reducer, start)? {
                return Ok(Some(lasso));
            }
        }
        Ok(None)
    }

    fn search_from(
        &mut self,
        reducer: &mut Reducer,
        start: u32,
    ) -> Result<Option<Lasso>, Interrupted> {
        let mut path = vec![Frame::new(0, start)];
        // Whether the last frame stands at a step, not at a move.
        let mut steps = false;
        while let Some(frame) = path.last_mut() {
            if !steps {
                let Some(valuations) = frame.take_move(&self.automaton) else {
                    path.pop();
                    steps = true;
                    continue;
                };
                let (state, target) = (frame.state, frame.target);
                if self.is_possible(reducer, state, valuations)?
                    && !self.states[state as usize].seen.contains(target)
                {
                    self.states[state as usize].on_path.insert(target);
                    self.states[state as usize].seen.insert(target);
                    steps = true;
                }
                continue;
            }
            let (state, target, step) = (frame.state, frame.target, frame.next_step);
            frame.next_step += 1;
            if let Some(next) = self.successor(reducer, state, step)? {
                path.push(Frame::new(next, target));
                steps = false;
                continue;
            }
            if self.automaton.is_accepting(target)
                && let Some((inside, closing)) = self.search_inside(reducer, state, target)?
            {
                return Ok(Some(self.lasso(&path, &inside, closing)));
            }
            self.states[state as usize].on_path.remove(target);
            steps = false;
        }
        Ok(None)
    }

    /// Looks for a way from where a move led back to the path: the states on it, and where on the
    /// path it ends.
    fn search_inside(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
        automaton: u32,
    ) -> Result<Option<WayBack>, Interrupted> {
        // The first frame stands for the move that the outer search made.
        let mut path = vec![Frame::new(state, automaton)];
        self.states[state as usize].seen_inside.insert(automaton);
        let mut steps = true;
        while let Some(frame) = path.last_mut() {
            if steps {
                let (state, target, step) = (frame.state, frame.target, frame.next_step);
                frame.next_step += 1;
                match self.successor(reducer, state, step)? {
                    Some(next) => path.push(Frame::new(next, target)),
                    None if path.len() == 1 => return Ok(None),
                    None => {}
                }
                steps = false;
                continue;
            }
            let Some(valuations) = frame.take_move(&self.automaton) else {
                path.pop();
                steps = true;
                continue;
            };
            let (state, target) = (frame.state, frame.target);
            if !self.is_possible(reducer, state, valuations)? {
                continue;
            }
            if self.states[state as usize].on_path.contains(target) {
                let inner = &path[1..path.len() - 1];
                let states = inner.iter().map(|frame| frame.state).collect();
                return Ok(Some((states, (state, target))));
            }
            if !self.states[state as usize].seen_inside.contains(target) {
                self.states[state as usize].seen_inside.insert(target);
                steps = true;
            }
        }
        Ok(None)
    }

    /// Whether the propositions of a state are as a formula says; asks no more than it must.
    fn is_possible(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
        valuations: Diagram,
    ) -> Result<bool, Interrupted> {
        let mut valuations = valuations;
        while let Some(question) = self.automaton.question(valuations) {
            let holds = self.satisfied(reducer, state, question.proposition)?;
            valuations = if holds { question.yes } else { question.no };
        }
        Ok(valuations == Diagram::TRUE)
    }

    fn satisfied(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
        proposition: u32,
    ) -> Result<bool, Interrupted> {
        let known = &mut self.states[state as usize];
        if !known.asked.contains(proposition) {
            known.asked.insert(proposition);
            let before = reducer.n_rewrites();
            let arguments = [known.term.term(), self.propositions[proposition as usize]];
            let term = reducer.store_mut().make(self.satisfies, &arguments);
            let result = reducer.reduce(term)?.term();
            if reducer.store().op(result) == self.truth {
                known.holds.insert(proposition);
            }
            self.n_rewrites += reducer.n_rewrites() - before;
        }
        Ok(self.states[state as usize].holds.contains(proposition))
    }

    /// The state with this number among those to which a state leads, each once; itself in a
    /// deadlock.
    fn successor(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
        number: usize,
    ) -> Result<Option<u32>, Interrupted> {
        if self.states[state as usize].successors.is_none() {
            let successors = self.successors_of(reducer, state)?;
            self.states[state as usize].successors = Some(successors);
        }
        let known = &mut self.states[state as usize];
        let Some(successors) = &known.successors else {
            return Ok(None);
        };
        let found = successors.found.get(number);
        let n_rewrites = found.map_or(successors.n_rewrites, |found| found.n_rewrites);
        self.n_rewrites += n_rewrites.saturating_sub(known.n_counted);
        known.n_counted = known.n_counted.max(n_rewrites);
        Ok(found.map(|found| found.state))
    }

    fn successors_of(
        &mut self,
        reducer: &mut Reducer,
        state: u32,
    ) -> Result<Successors, Interrupted> {
        let before = reducer.n_rewrites();
        let mut found: Vec<Successor> = Vec::new();
        let mut transitions = Transitions::new(reducer, self.states[state as usize].term);
        while let Some(transition) = transitions.next(reducer)? {
            let target = self.state(transition.target);
            match found.iter_mut().find(|known| known.state == target) {
                Some(known) => known.rule = known.rule.min(Some(transition.rule)),
                None => found.push(Successor {
                    state: target,
                    rule: Some(transition.rule),
                    n_rewrites: reducer.n_rewrites() - before,
                }),
            }
        }
        let n_rewrites = reducer.n_rewrites() - before;
        if found.is_empty() {
            found.push(Successor {
                state,
                rule: None,
                n_rewrites,
            });
        }
        Ok(Successors { found, n_rewrites })
    }

    /// The path of the outer search up to where the inner one came back to it, and around.
    fn lasso(&self, path: &[Frame], inside: &[u32], (state, automaton): (u32, u32)) -> Lasso {
        let mut prefix: VecDeque<u32> = inside.iter().copied().collect();
        let mut cycle = VecDeque::new();
        for frame in path.iter().rev() {
            prefix.push_front(frame.state);
            if (frame.state, frame.target) == (state, automaton) && cycle.is_empty() {
                std::mem::swap(&mut prefix, &mut cycle);
            }
        }
        let junction = cycle.front().copied();
        Lasso {
            prefix: self.steps(&prefix, junction),
            cycle: self.steps(&cycle, junction),
        }
    }

    /// The steps of a path that leads to a state.
    fn steps(&self, path: &VecDeque<u32>, end: Option<u32>) -> Vec<Step> {
        let targets = path.iter().skip(1).copied().chain(end);
        (path.iter().zip(targets))
            .map(|(&state, target)| {
                let State {
                    term, successors, ..
                } = &self.states[state as usize];
                let mut found = (successors.iter()).flat_map(|successors| &successors.found);
                Step {
                    state: term.term(),
                    rule: (found.find(|found| found.state == target)).and_then(|found| found.rule),
                }
            })
            .collect()
    }
}
