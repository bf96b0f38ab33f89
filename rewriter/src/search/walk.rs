//! A walk: one state at a time, with its steps to choose from.
//!
//! The one idea: the caller chooses the steps, and the engine makes them as it does in a search, so
//! that what was computed once is remembered for all walks. States are numbered, too: two walks that
//! come to the same state see the same number.

use super::actions::elements_of;
use super::{Action, ActionId, Actions, Engine, Goal, Opened, StateId, Vectors};
use crate::module::StatementId;
use crate::reduction::{Budget, Interrupted, NormalForm, Reason, Reducer};
use crate::soup::{Soup, Unfit};
use crate::term::TermId;

/// Where a walk is, and what walks have met so far.
#[derive(Debug)]
pub struct Walk {
    soup: Option<Soup>,
    vectors: Vectors,
    current: usize,
    opened: Vec<Opened>,
    actions: Actions,
    n_opened: u64,
}

/// Why a walk does not go on.
#[derive(Clone, Debug)]
pub enum Stopped {
    /// A limit was reached.
    Limit(Interrupted),
    /// The compiled engine does not know the form of a state; the general one knows all.
    Form,
}

fn stopped(reducer: &mut Reducer, unfit: Unfit) -> Stopped {
    match unfit {
        Unfit::Limit(reason) => Stopped::Limit(reducer.interrupted(reason)),
        Unfit::Form | Unfit::Unknown => Stopped::Form,
    }
}

/// Of so many steps of one leaf or more, only those are computed that a walk takes.
const FEWEST_CHOICES: usize = 8;

/// States that are opened between two looks at the clock.
const STATES_BETWEEN_LOOKS: u64 = 64;

impl Walk {
    /// A walk that begins at a normal form. The goal is what the engine expects to be asked for.
    pub fn new(reducer: &mut Reducer, initial: NormalForm, goal: &Goal, engine: Engine) -> Walk {
        let initial = initial.term();
        let mut soup = match engine {
            Engine::Compiled => Soup::new(reducer, initial, goal),
            Engine::General => None,
        };
        let words = match &mut soup {
            Some(soup) => soup.vector(reducer, initial).ok(),
            None => None,
        };
        if let Some(soup) = &mut soup {
            soup.compute_late(FEWEST_CHOICES);
        }
        let mut vectors = Vectors::new();
        match words {
            Some(words) => vectors.insert(&words),
            None => {
                soup = None;
                vectors.insert(&[initial.bits()])
            }
        };
        Walk {
            soup,
            vectors,
            current: 0,
            opened: Vec::new(),
            actions: Actions::default(),
            n_opened: 0,
        }
    }

    /// Goes back to the beginning.
    pub fn restart(&mut self) {
        self.current = 0;
        self.opened.clear();
    }

    /// Goes to a state that was met before.
    pub fn go_to(&mut self, state: StateId) {
        self.current = state.index();
        self.opened.clear();
    }

    /// The number of the present state, in the order in which they were met.
    pub fn state(&self) -> StateId {
        StateId(self.current as u32)
    }

    /// How many different states were met.
    pub fn n_states(&self) -> usize {
        self.vectors.len()
    }

    /// Writes what can be done in the present state, in the order of the transitions.
    ///
    /// # Errors
    /// If a limit is reached first, or the engine does not know the form of a state.
    pub fn steps(
        &mut self,
        reducer: &mut Reducer,
        actions: &mut Vec<ActionId>,
    ) -> Result<(), Stopped> {
        if self.n_opened.is_multiple_of(STATES_BETWEEN_LOOKS) {
            let checked = Budget::new(&reducer.limits).look(&reducer.machine, &reducer.store);
            checked.map_err(|reason| stopped(reducer, reason.into()))?;
            let most = reducer.limits.memory;
            if most.is_some_and(|most| self.bytes(reducer) > most) {
                return Err(stopped(reducer, Reason::Memory.into()));
            }
        }
        self.n_opened += 1;
        let soup = self.soup.as_mut();
        let (vectors, opened) = (&self.vectors, &mut self.opened);
        (self.actions)
            .open(reducer, soup, vectors, self.current, opened)
            .map_err(|unfit| stopped(reducer, unfit))?;
        actions.clear();
        actions.extend(self.opened.iter().map(|step| step.action));
        Ok(())
    }

    /// Makes one of the steps that [`Walk::steps`] wrote.
    ///
    /// # Errors
    /// If a limit is reached first, or the engine does not know the form of a state.
    pub fn take(&mut self, reducer: &mut Reducer, index: usize) -> Result<(), Stopped> {
        let step = self.opened[index];
        let soup = self.soup.as_mut();
        let (number, _) = Actions::follow(reducer, soup, &mut self.vectors, index, &step)
            .map_err(|unfit| stopped(reducer, unfit))?;
        self.current = number;
        self.opened.clear();
        Ok(())
    }

    /// What a step does. The steps of the present state can still be taken afterwards.
    ///
    /// # Errors
    /// If a limit is reached first, or the engine does not know the form of a state.
    pub fn action(&mut self, reducer: &mut Reducer, action: ActionId) -> Result<Action, Stopped> {
        (self.actions)
            .explain(reducer, self.soup.as_ref(), &self.vectors, action)
            .map_err(|reason| stopped(reducer, reason.into()))
    }

    /// The bytes that walks and their terms occupy.
    fn bytes(&self, reducer: &Reducer) -> usize {
        let soup = self.soup.as_ref().map_or(0, Soup::bytes);
        reducer.store.bytes() + reducer.machine.bytes() + self.vectors.bytes() + soup
    }

    /// The rule of a step.
    pub fn rule(&self, action: ActionId) -> StatementId {
        self.actions.rule(action)
    }

    /// The present state as a term.
    pub fn term(&self, reducer: &mut Reducer) -> TermId {
        let mut words = Vec::new();
        self.vectors.read(self.current, &mut words);
        match &self.soup {
            Some(soup) => {
                let term = soup.term(&mut reducer.store, &words);
                reducer.store.promote(term)
            }
            None => TermId::word(words[0]),
        }
    }

    /// Writes the elements of the present state, if it is a multiset; the state itself if it is not.
    pub fn elements(&self, reducer: &Reducer, elements: &mut Vec<TermId>) {
        elements.clear();
        let held = (self.soup.as_ref(), &self.vectors);
        elements_of(reducer, held, self.current, elements);
    }
}
