//! The steps of a state.
//!
//! The one idea: joins are tried only where the leaves of the state together may match all their parts;
//! tuples of leaves are enumerated part by part, by operator, bit and first argument; each tuple is
//! looked up, and computed if it was never met. What rules do inside a leaf is remembered with the
//! leaf.

use std::ops::{ControlFlow, Range};

use smallvec::SmallVec;

use super::join::Join;
use super::layout::{Layout, Part, PlaceId, WHOLE};
use super::leaf::LeafId;
use super::learn::Made;
use super::outcome::Solution;
use super::plan::Anchor;
use super::space::{Config, Hands, LeafSteps, Soup, SoupStep, Unfit};
use super::tuples::Tuples;
use crate::module::StatementId;
use crate::reduction::{NormalForm, Reducer};
use crate::term::{Store, TermId};
use crate::transition::Transitions;

impl Soup {
    /// Finds all steps of the open state, in order.
    pub(super) fn expand(&mut self, hands: &mut Hands<'_>) -> Result<(), Unfit> {
        self.steps.clear();
        self.tail = 0;
        let config = std::mem::take(&mut self.config);
        let result = self.expand_config(hands, &config);
        self.config = config;
        result?;
        let is_sorted = self.steps.is_sorted_by_key(|step| step.depth);
        if !is_sorted {
            self.steps.sort_by_key(|step| step.depth);
        }
        Ok(())
    }

    fn expand_config(&mut self, hands: &mut Hands<'_>, config: &Config) -> Result<(), Unfit> {
        if let Some(&(leaf, _)) = config.lists[WHOLE].first() {
            return self.leaf_steps(hands, leaf, 0);
        }
        let mut depth = 0;
        if self.layout.root.is_some() {
            self.rules_at(hands, config, Anchor::Root, 0)?;
            depth = 1;
        }
        for index in 0..self.layout.tops.len() {
            self.expand_place(hands, config, self.layout.tops[index], depth)?;
        }
        Ok(())
    }

    fn expand_place(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        place: PlaceId,
        depth: u16,
    ) -> Result<(), Unfit> {
        let mut below = depth;
        if config.sizes[place] > 1 {
            self.rules_at(hands, config, Anchor::Collection(place), depth)?;
            below += 1;
        }
        if !self.is_open[place] {
            return Ok(());
        }
        for &(leaf, _) in &config.lists[place] {
            let facts = self.leaves.at(leaf);
            if facts.term != TermId::NONE {
                self.leaf_steps(hands, leaf, below)?;
                continue;
            }
            let op = facts.op;
            self.rules_at(hands, config, Anchor::Wrapper(place, op), below)?;
            if let Some(inside) = self.layout.inside(place, op) {
                self.expand_place(hands, config, inside, below + 1)?;
            }
        }
        Ok(())
    }

    /// The steps of rules inside a leaf.
    fn leaf_steps(&mut self, hands: &mut Hands<'_>, leaf: LeafId, depth: u16) -> Result<(), Unfit> {
        if self.leaf_steps.len() <= leaf as usize {
            self.leaf_steps
                .resize(leaf as usize + 1, LeafSteps::Unknown);
        }
        let (solutions, tail) = match &self.leaf_steps[leaf as usize] {
            LeafSteps::Known(solutions, tail) => (solutions.clone(), *tail),
            known => {
                // Subterms in which no rule applies are not looked at twice, so the rewrites of
                // conditions that fail there are counted once.
                let is_first = matches!(known, LeafSteps::Unknown);
                let found = self.find_leaf_steps(hands.reducer(), leaf, is_first)?;
                let (solutions, tail, is_counted) = found;
                self.leaf_steps[leaf as usize] = if is_counted {
                    LeafSteps::Counted
                } else {
                    LeafSteps::Known(solutions.clone(), tail)
                };
                if let Some(sharing) = self.sharing.as_mut().filter(|sharing| sharing.is_copy) {
                    sharing.touched.leaf_steps.push(leaf);
                }
                (solutions, tail)
            }
        };
        self.add_steps(solutions, tail, depth);
        Ok(())
    }

    pub(super) fn add_steps(&mut self, solutions: Range<u32>, tail: u32, depth: u16) {
        for number in solutions {
            let solution = self.solution(number);
            self.steps.push(SoupStep {
                rule: solution.rule,
                depth: depth + solution.depth,
                outcome: solution.outcome,
                n_rewrites: self.tail + u64::from(solution.n_rewrites),
            });
            self.tail = 0;
        }
        self.tail += u64::from(tail);
    }

    /// The steps inside a leaf, the rewrites after the last, and whether these are not the same when
    /// they are found once more.
    fn find_leaf_steps(
        &mut self,
        reducer: &mut Reducer,
        leaf: LeafId,
        is_first: bool,
    ) -> Result<(Range<u32>, u32, bool), Unfit> {
        if let Some((made, tail)) = self.told_leaf_steps(leaf) {
            return Ok((self.remember(&[leaf], &[], &made), tail, false));
        }
        if let Some(choices) = self.choices(reducer, leaf)? {
            return Ok((self.memo.add_solutions(&choices), 0, false));
        }
        let (term, place) = (self.leaves.at(leaf).term, self.leaves.at(leaf).place);
        let mut before = reducer.n_rewrites();
        let mut transitions = Transitions::tentative(reducer, NormalForm(term), self.is_bound);
        let mut found: Vec<(StatementId, u16, TermId, u32)> = Vec::new();
        while let Some(transition) = transitions.advance(reducer)? {
            let n_rewrites = (reducer.n_rewrites() - before) as u32;
            before = reducer.n_rewrites();
            let target = transition.target.term();
            found.push((transition.rule, transitions.depth(), target, n_rewrites));
        }
        let tail = (reducer.n_rewrites() - before) as u32;
        let is_counted = is_first && transitions.tried_conditions;
        reducer.machine.reset();
        reducer.machine.remembers_elements = true;
        if is_counted && self.is_bound {
            return Err(Unfit::Unknown);
        }
        let mut made = Vec::with_capacity(found.len());
        for (rule, depth, target, n_rewrites) in found {
            let parts = take_apart(&self.layout, &reducer.store, place, target);
            made.push(Made {
                rule,
                depth,
                n_rewrites,
                added: self.number(reducer, &parts)?,
            });
        }
        if !is_counted {
            self.tell_leaf_steps(leaf, &made, tail);
        }
        Ok((self.remember(&[leaf], &[], &made), tail, is_counted))
    }

    /// Remembers what is made of leaves.
    fn remember(&mut self, leaves: &[LeafId], leaving: &[LeafId], made: &[Made]) -> Range<u32> {
        let solutions = self.solutions(leaves, leaving, made);
        self.memo.add_solutions(&solutions)
    }

    fn solutions(&mut self, leaves: &[LeafId], leaving: &[LeafId], made: &[Made]) -> Vec<Solution> {
        let made = made.iter().map(|made| {
            let mut removed = [leaves, leaving].concat();
            Solution {
                rule: made.rule,
                depth: made.depth,
                outcome: self.outcome(&mut removed, made.added.clone()),
                n_rewrites: made.n_rewrites,
            }
        });
        made.collect()
    }

    /// Remembers an outcome.
    pub(super) fn outcome(&mut self, removed: &mut Vec<LeafId>, mut added: Vec<LeafId>) -> u32 {
        let is_new = |leaf: &LeafId| self.leaves.at(*leaf).mask & self.equation_bits != 0;
        let closes = !self.equations.is_empty() && (self.closes_always || added.iter().any(is_new));
        let leaves = &self.leaves;
        let slot_of = |leaf: LeafId| leaves.at(leaf).slot;
        self.memo.outcome(removed, &mut added, closes, &slot_of)
    }

    /// The numbers of leaves; finds out what new ones may match, unless none may be added, or none that
    /// takes a new slot.
    pub(super) fn number(
        &mut self,
        reducer: &mut Reducer,
        parts: &[(PlaceId, Part)],
    ) -> Result<Vec<LeafId>, Unfit> {
        let in_slots = self.is_bound;
        if in_slots && self.sharing.is_none() {
            let known = |&(place, part)| self.leaves.known(place, part).ok_or(Unfit::Unknown);
            return parts.iter().map(known).collect();
        }
        let mut numbers = Vec::with_capacity(parts.len());
        for &(place, part) in parts {
            let (store, layout) = (&reducer.store, &self.layout);
            let (leaf, is_new) = match in_slots {
                true => (self.leaves)
                    .number_in_slot(store, layout, place, part)
                    .ok_or(Unfit::Unknown)?,
                false => self.leaves.number(store, layout, place, part),
            };
            if let (true, Part::Leaf(_)) = (is_new, part) {
                self.find_mask(reducer, leaf)?;
            }
            numbers.push(leaf);
        }
        self.leaves.put_in_order(&reducer.store);
        Ok(numbers)
    }

    fn find_mask(&mut self, reducer: &mut Reducer, leaf: LeafId) -> Result<(), Unfit> {
        let facts = self.leaves.at(leaf).clone();
        let mut mask = 0;
        for (place, op, bit, probe) in &self.probes.parts {
            if *place != facts.place || op.is_some_and(|op| op != facts.op) || mask & bit != 0 {
                continue;
            }
            let mut fits = false;
            let mut stop = |_: &mut Reducer, _: &[TermId], _| {
                fits = true;
                ControlFlow::Break(())
            };
            reducer.solve_pieces(probe, &[facts.term], &mut stop)?;
            if fits {
                mask |= bit;
            }
        }
        self.leaves.set_mask(leaf, mask);
        Ok(())
    }

    /// The steps of rules whose top is at an anchor.
    fn rules_at(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        anchor: Anchor,
        depth: u16,
    ) -> Result<(), Unfit> {
        let known = self.anchored.iter().position(|(other, _)| *other == anchor);
        let Some(anchor) = known else {
            return Ok(());
        };
        for index in 0..self.anchored[anchor].1.len() {
            let number = self.anchored[anchor].1[index];
            if !self.may_match(config, number, false) {
                continue;
            }
            match self.rules[number].n_looked_at() {
                Some(1) => {
                    self.single_steps(hands, config, number, depth)?;
                    continue;
                }
                Some(2) => {
                    self.pair_steps(hands, config, number, depth)?;
                    continue;
                }
                _ => {}
            }
            let mut tuples = Tuples::new();
            while self.next_tuple(hands, config, number, false, &mut tuples)? {
                let (solutions, tail) = self.solve(hands, config, number, false, &tuples.tuple)?;
                self.add_steps(solutions, tail, depth);
            }
        }
        Ok(())
    }

    /// A rule or an equation.
    #[inline]
    pub(super) fn join(&self, number: usize, is_equation: bool) -> &Join {
        if is_equation {
            &self.equations[number]
        } else {
            &self.rules[number]
        }
    }

    /// The solutions of a tuple, remembered or computed, and the rewrites after the last.
    pub(super) fn solve(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        number: usize,
        is_equation: bool,
        tuple: &[LeafId],
    ) -> Result<(Range<u32>, u32), Unfit> {
        let mut key: SmallVec<[u32; 9]> = SmallVec::new();
        key.push((number as u32) << 1 | u32::from(is_equation));
        key.extend_from_slice(tuple);
        let is_function = !self.join(number, is_equation).sees_rest;
        if is_function && let Some(known) = self.memo.find(&key) {
            return Ok(known);
        }
        let (solutions, tail) =
            self.compute(hands.reducer(), config, number, is_equation, tuple)?;
        let range = if is_function {
            self.memo.insert(&key, &solutions, tail)
        } else {
            self.memo.add_solutions(&solutions)
        };
        Ok((range, tail))
    }

    pub(super) fn compute(
        &mut self,
        reducer: &mut Reducer,
        config: &Config,
        number: usize,
        is_equation: bool,
        tuple: &[LeafId],
    ) -> Result<(Vec<Solution>, u32), Unfit> {
        let join = self.join(number, is_equation).clone();
        if let Some(factors) = &join.factors
            && let Some((solution, tail)) = self.compute_factors(reducer, &join, factors, tuple)?
        {
            return Ok((solution.into_iter().collect(), tail));
        }
        let leaving = join.wrappers.iter().filter(|&&(_, stays)| !stays);
        let mut leaving: Vec<LeafId> = leaving.map(|&(leaf, _)| leaf).collect();
        let name = (number, is_equation);
        if !join.sees_rest
            && let Some((made, tail)) = self.told_solutions(name, tuple)
        {
            return Ok((self.solutions(tuple, &leaving, &made), tail));
        }
        let mut inputs: SmallVec<[TermId; 9]> = SmallVec::new();
        inputs.extend(tuple.iter().map(|&leaf| self.leaves.at(leaf).term));
        let mut gone: Vec<LeafId> = tuple.to_vec();
        gone.extend(join.wrappers.iter().map(|&(leaf, _)| leaf));
        for rest in join.rests.iter().filter(|rest| rest.is_seen) {
            let rest = self.compose_place(&mut reducer.store, config, rest.place, &gone);
            inputs.push(rest);
        }
        let mut found: Vec<(SmallVec<[TermId; 4]>, u32)> = Vec::new();
        let mut collect = |_: &mut Reducer, outputs: &[TermId], n_rewrites: u64| {
            found.push((outputs.into(), n_rewrites as u32));
            if is_equation {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let tail = reducer.solve_pieces(&join.code, &inputs, &mut collect)? as u32;
        let mut made = Vec::with_capacity(found.len());
        for (outputs, n_rewrites) in found {
            let mut parts = Vec::new();
            for (&place, &output) in join.outputs.iter().zip(&outputs) {
                (self.layout).take_apart_at(&reducer.store, place, output, &mut parts);
            }
            made.push(Made {
                rule: join.statement,
                depth: 0,
                n_rewrites,
                added: self.number(reducer, &parts)?,
            });
        }
        for rest in join.rests.iter().filter(|rest| rest.is_taken) {
            self.take_rest(config, rest.place, &gone, &mut leaving);
        }
        if !join.sees_rest {
            self.tell_solutions(name, tuple, &made, tail);
        }
        Ok((self.solutions(tuple, &leaving, &made), tail))
    }

    /// Everything at a place goes, but for what is gone anyway.
    fn take_rest(
        &self,
        config: &Config,
        place: PlaceId,
        gone: &[LeafId],
        removed: &mut Vec<LeafId>,
    ) {
        for &(leaf, count) in &config.lists[place] {
            let already = gone.iter().filter(|&&other| other == leaf).count();
            removed.extend(std::iter::repeat_n(leaf, count as usize - already));
            let facts = self.leaves.at(leaf);
            if facts.term == TermId::NONE
                && already == 0
                && let Some(inside) = self.layout.inside(place, facts.op)
            {
                self.take_rest(config, inside, &[], removed);
            }
        }
    }
}

/// The parts of what stands at a place, or of a whole state.
pub(super) fn take_apart(
    layout: &Layout,
    store: &Store,
    place: PlaceId,
    term: TermId,
) -> Vec<(PlaceId, Part)> {
    if place == WHOLE {
        return layout.take_apart(store, term);
    }
    let mut parts = Vec::new();
    layout.take_apart_at(store, place, term, &mut parts);
    parts
}
