//! Calls, returns and applications of free operators.
//!
//! The one idea: nearly all that a reduction does is here, so these paths are short: the arguments
//! of a call are copied from the caller's registers to the callee's, a constructor's to its node,
//! and registers come four at a time. What is on the stack was evaluated just before and is used
//! up.

use smallvec::SmallVec;

use super::compile::{OperatorCode, Program};
use super::machine::{Activation, Context, Machine};
use crate::matching::{Argument, Arguments, Register};
use crate::signature::OpId;
use crate::term::{Store, TermId};

impl Machine {
    /// Starts an activation of an operator, with arguments from the present one; gives the address
    /// of its code.
    #[inline(always)]
    pub(super) fn call(
        &mut self,
        context: &mut Context<'_>,
        op: OpId,
        arguments: Arguments,
    ) -> usize {
        let program = context.program;
        let code = &program.operators[op.index()];
        if arguments.n_stacked > 0 {
            self.stack(program, arguments);
            let base = self.values.len() - usize::from(arguments.arity);
            return self.enter(context, code, base);
        }
        let base = self.values.len();
        self.make_room(base + usize::from(code.allocation.registers));
        let (below, registers) = self.values.split_at_mut(base);
        let list = list(program, arguments);
        for (target, argument) in registers.iter_mut().zip(list) {
            *target = match *argument {
                Argument::Register(register) => below[self.base + usize::from(register)],
                Argument::Constant(term) => term,
                Argument::Stack => unreachable!("there are no arguments on the stack"),
            };
        }
        self.enter(context, code, base)
    }

    /// Puts the arguments of an application on top of the stack.
    #[inline]
    pub(super) fn stack(&mut self, program: &Program, arguments: Arguments) {
        let n_stacked = usize::from(arguments.n_stacked);
        if arguments.n_stacked == arguments.arity {
            return;
        }
        let first = self.values.len() - n_stacked;
        let mut next = first;
        let list = list(program, arguments).iter();
        if n_stacked == 0 {
            for &argument in list {
                let value = self.argument(argument, &mut next);
                self.values.push(value);
            }
            return;
        }
        let values: SmallVec<[TermId; 8]> = list
            .map(|&argument| self.argument(argument, &mut next))
            .collect();
        self.values.truncate(first);
        self.values.extend_from_slice(&values);
    }

    /// Makes an application of a free operator that is normal.
    #[inline(always)]
    pub(super) fn build(
        &mut self,
        context: &mut Context<'_>,
        op: OpId,
        arguments: Arguments,
    ) -> TermId {
        let first = self.values.len() - usize::from(arguments.n_stacked);
        let mut next = first;
        let store = &mut *context.store;
        let node = match *list(context.program, arguments) {
            [a] => {
                let a = self.argument(a, &mut next);
                store.transient_normal(op, &[a])
            }
            [a, b] => {
                let a = self.argument(a, &mut next);
                let b = self.argument(b, &mut next);
                store.transient_normal(op, &[a, b])
            }
            ref list => self.build_many(store, op, list, first),
        };
        self.values.truncate(first);
        node
    }

    #[inline(never)]
    fn build_many(
        &mut self,
        store: &mut Store,
        op: OpId,
        list: &[Argument],
        first: usize,
    ) -> TermId {
        let mut next = first;
        let values: SmallVec<[TermId; 8]> = list
            .iter()
            .map(|&argument| self.argument(argument, &mut next))
            .collect();
        store.transient_normal(op, &values)
    }

    /// The value of an argument; `stacked` is where the next one on the stack is.
    #[inline(always)]
    fn argument(&self, argument: Argument, stacked: &mut usize) -> TermId {
        match argument {
            Argument::Register(register) => self.register(register),
            Argument::Constant(term) => term,
            Argument::Stack => {
                *stacked += 1;
                self.values[*stacked - 1]
            }
        }
    }

    /// Has at least so many values on the stack.
    #[inline(always)]
    fn make_room(&mut self, n_values: usize) {
        while self.values.len() < n_values {
            self.values.extend_from_slice(&[TermId::NONE; 4]);
        }
    }

    /// Starts an activation whose first registers are the values from `base` on; gives the address
    /// of its code.
    #[inline(always)]
    pub(super) fn enter(
        &mut self,
        context: &mut Context<'_>,
        code: &OperatorCode,
        base: usize,
    ) -> usize {
        if context.store.scratch_words() > self.collect_at {
            self.collect(context.store);
        }
        self.make_room(base + usize::from(code.allocation.registers));
        let alternative = code.dispatch.select(context.store, &self.values[base..]);
        let slots = self.counters.len();
        if code.allocation.slots > 0 {
            self.counters
                .resize(slots + usize::from(code.allocation.slots), 0);
        }
        let pc = context.program.alternatives[alternative as usize];
        self.begin(Activation {
            pc,
            base: base as u32,
            slots: slots as u32,
            slots_end: self.counters.len() as u32,
            choices: self.choices.len() as u32,
            alternative,
        });
        pc as usize
    }

    #[cold]
    #[inline(never)]
    fn collect(&mut self, store: &mut Store) {
        store.collect(&mut self.values);
        // What is looked at is what is kept, and the stack.
        self.collect_at = FIRST_COLLECTION.max((store.scratch_words() + self.values.len()) * 4);
    }

    /// Copies the arguments of an application to registers; tells whether it has a sort.
    #[inline(always)]
    pub(super) fn explode(
        &mut self,
        store: &Store,
        source: Register,
        op: OpId,
        first: Register,
    ) -> Option<bool> {
        let (arguments, has_sort) = store.take_apart(self.register(source), op)?;
        let start = self.base + usize::from(first);
        match (arguments, &mut self.values[start..]) {
            (&[a], [r, ..]) => *r = a,
            (&[a, b], [r, s, ..]) => (*r, *s) = (a, b),
            (_, registers) => registers[..arguments.len()].copy_from_slice(arguments),
        }
        Some(has_sort)
    }

    /// Ends the present activation with a value; gives the address where its caller goes on, if
    /// nobody else waits for the value.
    #[inline(always)]
    pub(super) fn give(&mut self, value: TermId) -> Option<usize> {
        let base = self.base;
        if let Some(register) = self.values.get_mut(base) {
            *register = value;
            self.values.truncate(base + 1);
        } else {
            self.values.push(value);
        }
        self.end();
        if self.is_waited_for() {
            return None;
        }
        Some(self.active().pc as usize)
    }

    /// Moves the values on top down over the present activation, which ends.
    #[inline]
    pub(super) fn replace_activation(&mut self, arity: usize) {
        let (base, from) = (self.base, self.values.len() - arity);
        self.values.copy_within(from.., base);
        self.values.truncate(base + arity);
        self.end();
    }
}

/// Scratch words below which transient terms are not collected: what is in use at a time stays in the
/// cache of a processor.
pub(super) const FIRST_COLLECTION: usize = 1 << 18;

#[inline(always)]
fn list(program: &Program, arguments: Arguments) -> &[Argument] {
    let start = arguments.start as usize;
    &program.code.arguments[start..start + usize::from(arguments.arity)]
}
