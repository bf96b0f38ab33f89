//! What a step is: a rule and the values of its variables.
//!
//! The one idea: the compiled engine knows of a step only which leaves go and which come. Such a
//! combination gets a number, and the place where it was met first is remembered; when somebody asks
//! what it is, the rule is matched there once more.

use std::ops::ControlFlow;
use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Vectors;
use crate::module::StatementId;
use crate::reduction::{Enumeration, NormalForm, Reason, Reducer};
use crate::soup::{Hands, Soup, Unfit};
use crate::statement::Body;
use crate::term::{TermId, Theory};
use crate::transition::{Reachable, Transitions};

/// The number of an action, in the order in which they were met.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ActionId(pub u32);

impl ActionId {
    /// The number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a step does, wherever it is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// The rule.
    pub rule: StatementId,
    /// The values of its variables.
    pub values: Vec<Option<TermId>>,
}

/// The actions that were met.
#[derive(Clone, Default, Debug)]
pub(crate) struct Actions {
    numbers: HashMap<Box<[u32]>, ActionId, FxBuildHasher>,
    met: Vec<Met>,
    /// Rules as patterns that can be looked for.
    patterns: HashMap<StatementId, Enumeration, FxBuildHasher>,
}

/// An action, and where it was met first.
#[derive(Clone, Debug)]
struct Met {
    rule: StatementId,
    values: Option<Vec<Option<TermId>>>,
    /// The number of the state.
    state: u32,
    /// Which of its steps it was.
    step: u32,
    /// Which of its steps by this rule on top it was, and how many there were; nothing if the rule
    /// applied further down.
    nth: Option<(u32, u32)>,
}

/// A step of the state that was opened last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    pub(crate) action: ActionId,
    /// Where it leads, if that is known already.
    target: Option<TermId>,
}

/// What the compiled engine may remember of single steps.
const MEMO_BYTES: usize = 64 << 20;

impl Actions {
    /// How many were met.
    pub(crate) fn len(&self) -> usize {
        self.met.len()
    }

    /// The rule of an action.
    pub(crate) fn rule(&self, action: ActionId) -> StatementId {
        self.met[action.index()].rule
    }

    fn add(&mut self, key: &[u32], met: Met) -> ActionId {
        let number = ActionId(self.met.len() as u32);
        self.met.push(met);
        self.numbers.insert(key.into(), number);
        number
    }

    /// What an action is. Steps of the state that is open can still be made afterwards.
    pub(crate) fn explain(
        &mut self,
        reducer: &mut Reducer,
        soup: Option<&Soup>,
        vectors: &Vectors,
        action: ActionId,
    ) -> Result<Action, Reason> {
        let met = &self.met[action.index()];
        let rule = met.rule;
        if let Some(values) = &met.values {
            return Ok(Action {
                rule,
                values: values.clone(),
            });
        }
        let met = met.clone();
        let mut words = Vec::new();
        vectors.read(met.state as usize, &mut words);
        let state = match soup {
            Some(soup) => {
                let term = soup.term(&mut reducer.store, &words);
                reducer.store.promote(term)
            }
            None => TermId::word(words[0]),
        };
        let matched = match met.nth {
            Some((_, count)) => self.matched(reducer, state, rule, count)?,
            None => Vec::new(),
        };
        // What was found out of other actions is told as well: a state may have thousands.
        let met_here = self.met_with(action);
        if matched.is_empty() {
            let all = all_actions(reducer, state);
            reducer.machine.reset();
            reducer.machine.remembers_elements = true;
            let all = all?;
            for met in met_here {
                // Both engines find the same steps in the same order.
                let step = all.get(met.step as usize);
                let values = step.map_or_else(Vec::new, |(action, _)| action.values.clone());
                met.values.get_or_insert(values);
            }
        } else {
            for met in met_here.iter_mut().filter(|met| met.rule == rule) {
                if let Some((nth, _)) = met.nth {
                    met.values
                        .get_or_insert_with(|| matched[nth as usize].clone());
                }
            }
        }
        let values = self.met[action.index()].values.clone().unwrap_or_default();
        Ok(Action { rule, values })
    }

    /// The actions that were met together with an action, in the same state.
    fn met_with(&mut self, action: ActionId) -> &mut [Met] {
        let state = self.met[action.index()].state;
        let is_other = |met: &Met| met.state != state;
        let (before, after) = self.met.split_at(action.index());
        let start = before.iter().rposition(is_other).map_or(0, |last| last + 1);
        let end = after.iter().position(is_other).unwrap_or(after.len());
        let end = before.len() + end;
        &mut self.met[start..end]
    }

    /// The values of a rule's variables each time it matches, if it matches as often as it should;
    /// else nothing.
    fn matched(
        &mut self,
        reducer: &mut Reducer,
        state: TermId,
        rule: StatementId,
        count: u32,
    ) -> Result<Vec<Vec<Option<TermId>>>, Reason> {
        let module = Arc::clone(reducer.module());
        let statement = module.statement(rule);
        let Body::Rule { left, .. } = &statement.body else {
            return Ok(Vec::new());
        };
        let pattern = self.patterns.entry(rule).or_insert_with(|| {
            reducer.compile_goal(&statement.variables, left, &statement.condition, true)
        });
        let mut reachable = Reachable::new(1);
        let mut reach = |reducer: &mut Reducer, source: TermId, number: u32| {
            reachable.term(reducer, source, number)
        };
        let known = |value| (value != TermId::NONE).then_some(value);
        let mut found = Vec::new();
        let mut collect = |_: &mut Reducer, values: Vec<TermId>| {
            let values = values.into_iter().take(statement.variables.len());
            found.push(values.map(known).collect());
            ControlFlow::Continue(())
        };
        let remembers = std::mem::take(&mut reducer.machine.remembers_elements);
        let outcome = reducer.enumerate(pattern, NormalForm(state), &mut collect, &mut reach);
        reducer.machine.remembers_elements = remembers;
        outcome?;
        if found.len() != count as usize {
            found.clear();
        }
        Ok(found)
    }

    /// Opens a state: finds its steps, in order.
    pub(crate) fn open(
        &mut self,
        reducer: &mut Reducer,
        soup: Option<&mut Soup>,
        vectors: &Vectors,
        number: usize,
        opened: &mut Vec<Opened>,
    ) -> Result<(), Unfit> {
        opened.clear();
        let Some(soup) = soup else {
            let mut words = Vec::new();
            vectors.read(number, &mut words);
            let state = TermId::word(words[0]);
            for (action, target) in all_actions(reducer, state)? {
                let key = key_of(&action);
                let known = self.numbers.get(key.as_slice()).copied();
                let met = Met {
                    rule: action.rule,
                    values: Some(action.values),
                    state: number as u32,
                    step: opened.len() as u32,
                    nth: None,
                };
                opened.push(Opened {
                    action: known.unwrap_or_else(|| self.add(&key, met)),
                    target: Some(target),
                });
            }
            return Ok(());
        };
        soup.open(&mut Hands::All(reducer), vectors, number, MEMO_BYTES)?;
        // How many steps are by each rule on top, of all and of those before.
        let mut counts: HashMap<StatementId, (u32, u32), FxBuildHasher> = HashMap::default();
        let steps = (0..soup.n_steps()).map(|index| soup.step(index));
        for step in steps.filter(|&step| soup.is_on_top(step)) {
            counts.entry(step.rule).or_default().0 += 1;
        }
        let mut key = Vec::new();
        for index in 0..soup.n_steps() {
            let step = soup.step(index);
            let nth = soup.is_on_top(step).then(|| {
                let (count, n_before) = counts.entry(step.rule).or_default();
                *n_before += 1;
                (*n_before - 1, *count)
            });
            soup.identify(step, &mut key);
            let known = self.numbers.get(key.as_slice()).copied();
            let action = known.unwrap_or_else(|| {
                let met = Met {
                    rule: step.rule,
                    values: None,
                    state: number as u32,
                    step: index as u32,
                    nth,
                };
                self.add(&key, met)
            });
            opened.push(Opened {
                action,
                target: None,
            });
        }
        Ok(())
    }

    /// Makes a step of the state that was opened last; gives the number of the successor, and
    /// whether it is new.
    pub(crate) fn follow(
        reducer: &mut Reducer,
        soup: Option<&mut Soup>,
        vectors: &mut Vectors,
        index: usize,
        opened: &Opened,
    ) -> Result<(usize, bool), Unfit> {
        match (opened.target, soup) {
            (None, Some(soup)) => soup.insert(reducer, vectors, soup.step(index)),
            (Some(target), _) => Ok(vectors.insert(&[target.bits()])),
            (None, None) => unreachable!("without the compiled engine the target is known"),
        }
    }
}

fn key_of(action: &Action) -> Vec<u32> {
    let values = action.values.iter();
    std::iter::once(action.rule.0)
        .chain(values.map(|value| value.map_or(u32::MAX, TermId::bits)))
        .collect()
}

/// All steps of a state, in order, with where they lead.
fn all_actions(reducer: &mut Reducer, state: TermId) -> Result<Vec<(Action, TermId)>, Reason> {
    let mut transitions = Transitions::explaining(reducer, NormalForm(state));
    let mut found = Vec::new();
    while let Some(transition) = transitions.advance(reducer)? {
        let values = transitions.substitution(reducer);
        let rule = transition.rule;
        found.push((Action { rule, values }, transition.target.term()));
    }
    Ok(found)
}

/// Adds the elements of a state, if it is a multiset; the state itself if it is not.
pub(super) fn elements_of(
    reducer: &Reducer,
    (soup, vectors): (Option<&Soup>, &Vectors),
    state: usize,
    elements: &mut Vec<TermId>,
) {
    let mut words = Vec::new();
    vectors.read(state, &mut words);
    let mut found = Vec::new();
    match soup {
        Some(soup) => soup.elements(&words, &mut found),
        None => found.push(TermId::word(words[0])),
    }
    let store = reducer.store();
    match found[..] {
        [whole] if store.theory(store.op(whole)) == Theory::Multiset => {
            elements.extend_from_slice(store.arguments(whole));
        }
        _ => elements.extend(found),
    }
}
