//! Matching instructions for patterns that the general matcher matches.
//!
//! The one idea: a search that may find more matchers is kept beside the stack of choices; where its
//! choice is gone, so is the search. It holds interned terms only, so that transient terms can be
//! collected while it waits.

use super::machine::{Context, Machine};
use crate::matching::{GeneralCode, Instruction, Register, Search};
use crate::term::Store;

impl Machine {
    pub(super) fn match_general(
        &mut self,
        context: &mut Context<'_>,
        general: u16,
        source: Register,
    ) -> bool {
        self.drop_searches(context);
        let code = &context.program.code.generals[usize::from(general)];
        let store = &mut *context.store;
        let subject = store.promote(self.register(source));
        let mut bound = Vec::with_capacity(code.bound.len());
        for &(variable, register) in &code.bound {
            bound.push((variable, store.promote(self.register(register))));
        }
        let search = Search::new(store, &code.general, subject, bound.into_iter());
        match search {
            Some(search) => self.go_on(store, code, search, true),
            None => false,
        }
    }

    /// Goes on with a search.
    pub(super) fn next_general(
        &mut self,
        context: &mut Context<'_>,
        general: u16,
        search: usize,
    ) -> bool {
        let code = &context.program.code.generals[usize::from(general)];
        self.searches.truncate(search + 1);
        match self.searches.pop() {
            Some((_, search)) => self.go_on(context.store, code, search, false),
            None => false,
        }
    }

    /// Finds a matcher, writes it to registers, and keeps the search if there may be others.
    fn go_on(
        &mut self,
        store: &mut Store,
        code: &GeneralCode,
        mut search: Search,
        first: bool,
    ) -> bool {
        if !search.solve(store, first) {
            return false;
        }
        for &(variable, register) in &code.outputs {
            let mut value = search.value(variable);
            if !store.is_normal(value) {
                // Not the interned node, whose normal form may be remembered.
                value = store.transient_copy(value);
                if store.is_normal(search.subject()) && value.is_transient() {
                    store.set_normal(value);
                }
            }
            self.set(register, value);
        }
        if let Some(register) = code.outside {
            let [before, after] = search.around(store);
            self.set(register, before);
            self.set(register + 1, after);
            let portion = search.portion(store);
            self.set(register + 2, portion);
        }
        if search.may_go_on() {
            let number = self.searches.len() as u32;
            self.searches.push((self.choices.len(), search));
            self.choose(number, self.counters.len());
        }
        true
    }

    /// Drops the searches at the end whose choices are gone.
    fn drop_searches(&mut self, context: &Context<'_>) {
        while let Some((place, _)) = self.searches.last() {
            let number = self.searches.len() - 1;
            let is_kept = self.choices.get(*place).is_some_and(|choice| {
                let instruction = context.program.code.instructions[choice.pc as usize];
                choice.state as usize == number
                    && matches!(instruction, Instruction::General { .. })
            });
            if is_kept {
                break;
            }
            self.searches.pop();
        }
    }
}
