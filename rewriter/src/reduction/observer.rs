//! Who wants to know of what is rewritten.
//!
//! The one idea: an observer of statements alone costs nothing to prepare for. One that wants to
//! see terms and conditions as well has the program compiled in another way, in which every value
//! can be read and every fragment of a condition is a port through which control passes forwards
//! and back: what begins, what holds, what is tried again and what fails.

use super::limits::Reason;
use super::machine::{Activation, Choice, Context, Machine};
use crate::matching::{Instruction, Port};
use crate::module::StatementId;
use crate::signature::{OpId, SortId};
use crate::term::{Store, TermId};

/// Is told of each equation, membership axiom and rule that is applied, in order.
///
/// While a machine is observed nothing is taken from memo tables.
pub trait Observer {
    /// A statement is applied; `values` holds, for each variable of the statement, its value if
    /// the statement needs it. Terms are valid during the call.
    fn applied(&mut self, store: &Store, statement: StatementId, values: &[Option<TermId>]);

    /// The same with the term it is applied to. Like what follows only if the reducer explains.
    fn rewritten(&mut self, _store: &mut Store, _rewrite: &Rewrite<'_>) {}

    /// A built-in operator is computed.
    fn computed(&mut self, _store: &Store, _computation: Computation) {}

    /// Something happens to the condition of a statement.
    fn attempted(&mut self, _store: &Store, _attempt: &Attempt<'_>) {}
}

/// A statement and what it is applied to.
#[derive(Clone, Copy, Debug)]
pub struct Rewrite<'a> {
    /// The statement.
    pub statement: StatementId,
    /// The values of its variables.
    pub values: &'a [Option<TermId>],
    /// The term with its arguments reduced.
    pub subject: TermId,
    /// What the left side does not cover: for a multiset one term, for a list one before and one
    /// after it.
    pub uncovered: &'a [Option<TermId>],
    /// For a membership, the sort before.
    pub sort: Option<SortId>,
    /// For a rule, the terms around the subject from the innermost, with the argument each has it
    /// as; for others nothing is known of them.
    pub around: Option<&'a [(TermId, usize)]>,
}

/// A term of a built-in operator and its value.
#[derive(Clone, Copy, Debug)]
pub struct Computation {
    /// The term.
    pub subject: TermId,
    /// The value.
    pub value: TermId,
    /// How many rewrites it counts as.
    pub n_rewrites: u64,
}

/// Something that happens to a condition.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The statement.
    pub statement: StatementId,
    /// What happens.
    pub port: Port,
    /// Whether control comes back here because what followed failed.
    pub is_again: bool,
    /// The values of its variables so far.
    pub values: &'a [Option<TermId>],
    /// The subject, at [`Port::Trial`].
    pub subject: TermId,
    /// The same number as long as the same match of the left side is tried.
    pub activation: usize,
}

impl Machine {
    /// Tells the observer of a statement that applies.
    #[cold]
    pub(super) fn tell(
        &mut self,
        context: &mut Context<'_>,
        statement: StatementId,
        sort: Option<SortId>,
    ) {
        let values = self.values_here(context);
        let n_variables = context.program.n_variables(statement).min(values.len());
        let subject = match context.program.explains {
            true => self.subject(context, self.active()),
            false => TermId::NONE,
        };
        if let Some(observer) = context.observer.as_deref_mut() {
            let (values, uncovered) = values.split_at(n_variables);
            observer.applied(context.store, statement, values);
            if context.program.explains {
                let is_rule = context.program.is_rule(statement);
                let rewrite = Rewrite {
                    statement,
                    values,
                    subject,
                    uncovered,
                    sort,
                    around: is_rule.then_some(self.around.as_slice()),
                };
                observer.rewritten(context.store, &rewrite);
            }
        }
    }

    /// Tells the observer of a built-in operator that was computed.
    #[cold]
    pub(super) fn tell_computed(
        context: &mut Context<'_>,
        op: OpId,
        arguments: &[TermId],
        (value, n_rewrites): (TermId, u64),
    ) {
        if n_rewrites > 0
            && let Some(observer) = context.observer.as_deref_mut()
        {
            let subject = context.store.make_transient(op, arguments);
            let computation = Computation {
                subject,
                value,
                n_rewrites,
            };
            observer.computed(context.store, computation);
        }
    }

    /// Passes through a port; the way back through it is an alternative.
    pub(super) fn pass(
        &mut self,
        context: &mut Context<'_>,
        (statement, port): (StatementId, Port),
        is_again: bool,
    ) {
        let values = self.values_here(context);
        let activation = self.n_active();
        let subject = match port {
            Port::Trial if !is_again => self.subject(context, self.active()),
            _ => TermId::NONE,
        };
        if let Some(observer) = context.observer.as_deref_mut() {
            let attempt = Attempt {
                statement,
                port,
                is_again,
                values: &values,
                subject,
                activation,
            };
            observer.attempted(context.store, &attempt);
        }
        if !is_again && port != Port::Satisfied {
            self.choices.push(Choice {
                pc: self.active().pc,
                state: 0,
                slots_top: self.counters.len() as u32,
            });
        }
    }

    fn values_here(&self, context: &Context<'_>) -> Vec<Option<TermId>> {
        let registers = context.program.variables_at(self.active().pc).iter();
        let value = |register: &Option<u16>| register.map(|register| self.register(register));
        registers.map(value).collect()
    }

    /// The term that an activation is about, its arguments reduced; [`TermId::NONE`] if it is about
    /// none.
    pub(super) fn subject(&self, context: &mut Context<'_>, activation: &Activation) -> TermId {
        let program = context.program;
        let base = activation.base as usize;
        // The last alternative of the list tells which operator is being rewritten.
        let alternatives = &program.alternatives[activation.alternative as usize..];
        for &address in alternatives {
            let op = match program.code.instructions[address as usize] {
                Instruction::Irreducible { op } | Instruction::Rebuild { op, target: 0 } => op,
                Instruction::IrreducibleNode | Instruction::Exhausted => {
                    return self.values.get(base).copied().unwrap_or(TermId::NONE);
                }
                Instruction::Late { op } if program.operators[op.index()].exploded => op,
                Instruction::Late { .. } => {
                    return self.values.get(base).copied().unwrap_or(TermId::NONE);
                }
                _ => continue,
            };
            let arity = context.store.signature().operator(op).arity();
            return match self.values.get(base..base + arity) {
                Some(arguments) => context.store.make_transient(op, arguments),
                None => TermId::NONE,
            };
        }
        TermId::NONE
    }

    /// A statement applies.
    #[inline(always)]
    pub(super) fn applied(
        &mut self,
        context: &mut Context<'_>,
        statement: StatementId,
        sort: Option<SortId>,
    ) -> Result<(), Reason> {
        self.n_rewrites += 1;
        if context.observer.is_some() {
            self.tell(context, statement, sort);
        }
        context.budget.spend(self, context.store)
    }
}
