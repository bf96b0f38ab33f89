//! Transitions: the one-step rewrites of a normal form by the rules of a module.
//!
//! The one idea: transitions come one after the other, lazily, in Maude's order: positions breadth
//! first from the root, at each position the rules in order of declaration, for each rule its
//! matches in the order of the matcher. A result is put back into the term around it and reduced.
//! Subterms in which no rule applies are marked once in the store and skipped ever after.

use smallvec::SmallVec;

use crate::module::StatementId;
use crate::reduction::{Budget, Context, Event, Interrupted, NormalForm, Reason, Reducer};
use crate::signature::OpId;
use crate::term::{TermId, Theory};

/// A step from one normal form to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transition {
    /// The rule.
    pub rule: StatementId,
    /// What it leads to.
    pub target: NormalForm,
}

/// A transition with the values that the variables of the rule have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExplainedTransition {
    /// The transition.
    pub transition: Transition,
    /// For each variable of the rule, its value.
    pub substitution: Vec<TermId>,
}

/// A place in the term whose transitions are enumerated.
#[derive(Clone, Copy, Debug)]
struct Position {
    term: TermId,
    /// The place it is an argument of, by index, and which argument.
    parent: u32,
    argument: u32,
}

/// Enumerates the transitions of one normal form.
#[derive(Debug)]
pub struct Transitions {
    positions: Vec<Position>,
    /// The position that is tried.
    current: usize,
    /// The rule that is tried there, among those of the operator.
    rule: usize,
    /// The machine is suspended at a solution of it.
    running: bool,
    /// Some rule applied at or below each position.
    active: Vec<bool>,
    budget: Budget,
    explain: bool,
}

impl Transitions {
    /// The transitions of a normal form, none enumerated yet.
    pub fn new(reducer: &mut Reducer, state: NormalForm) -> Transitions {
        reducer.machine.reset();
        reducer.store.clear_scratch();
        Transitions {
            positions: vec![Position {
                term: state.term(),
                parent: 0,
                argument: 0,
            }],
            current: 0,
            rule: 0,
            running: false,
            active: vec![false],
            budget: Budget::new(&reducer.limits),
            explain: false,
        }
    }

    /// The next transition.
    ///
    /// # Errors
    /// If a limit is reached first; the enumeration is then over.
    pub fn next(&mut self, reducer: &mut Reducer) -> Result<Option<Transition>, Interrupted> {
        match self.advance(reducer) {
            Ok(found) => Ok(found),
            Err(reason) => Err(reducer.interrupted(reason)),
        }
    }

    fn advance(&mut self, reducer: &mut Reducer) -> Result<Option<Transition>, Reason> {
        while self.current < self.positions.len() {
            let position = self.positions[self.current];
            let op = reducer.store.op(position.term);
            let event = if self.running {
                let rule = &reducer.program.rules[op.index()][self.rule];
                let n_registers = rule.allocation.registers;
                let (machine, mut context) = context(reducer, &mut self.budget);
                machine.resume(&mut context, n_registers)?
            } else if self.rule < reducer.program.rules[op.index()].len()
                && !reducer.store.is_quiet(position.term)
            {
                self.running = true;
                self.budget.start(reducer.machine.n_rewrites);
                let (machine, mut context) = context(reducer, &mut self.budget);
                let rule = &context.program.rules[op.index()][self.rule];
                machine.start(&mut context, rule, position.term)?
            } else {
                self.leave_position(reducer, op);
                continue;
            };
            match event {
                Event::Solution => {
                    self.mark_active();
                    let rule = reducer.program.rules[op.index()][self.rule].statement;
                    let target = self.rebuild(reducer)?;
                    return Ok(Some(Transition { rule, target }));
                }
                Event::Exhausted => {
                    self.running = false;
                    self.rule += 1;
                    reducer.machine.reset();
                }
                Event::Reach { .. } => {
                    // Conditions with rewrites are answered by the search.
                    return Err(Reason::Nesting);
                }
                Event::Value => unreachable!("an enumeration stops at solutions"),
            }
        }
        self.mark_quiet(reducer);
        Ok(None)
    }

    /// Some rule applies at the present position and thus below all those above it.
    fn mark_active(&mut self) {
        let mut at = self.current;
        while !self.active[at] {
            self.active[at] = true;
            at = self.positions[at].parent as usize;
        }
    }

    /// Remembers the subterms in which no rule applied.
    fn mark_quiet(&mut self, reducer: &mut Reducer) {
        for (position, active) in self.positions.iter().zip(&self.active) {
            if !active {
                reducer.store.set_quiet(position.term);
            }
        }
    }

    /// All rules were tried at the present position: its arguments are next in line.
    fn leave_position(&mut self, reducer: &Reducer, op: OpId) {
        let position = self.positions[self.current];
        let store = &reducer.store;
        if !store.is_quiet(position.term) {
            let frozen = &store.signature().operator(op).attributes.frozen;
            let is_multiset = store.theory(op) == Theory::Multiset;
            let arguments = store.arguments(position.term);
            for (index, &term) in arguments.iter().enumerate() {
                let repeated = is_multiset && index > 0 && arguments[index - 1] == term;
                let is_frozen = match store.theory(op) {
                    Theory::List | Theory::Multiset => !frozen.is_empty(),
                    _ => frozen.contains(&index),
                };
                if repeated || is_frozen || store.is_quiet(term) {
                    continue;
                }
                self.positions.push(Position {
                    term,
                    parent: self.current as u32,
                    argument: index as u32,
                });
                self.active.push(false);
            }
        }
        self.current += 1;
        self.rule = 0;
    }

    /// Puts the result on top of the machine's values back into the term around it.
    fn rebuild(&mut self, reducer: &mut Reducer) -> Result<NormalForm, Reason> {
        let mut at = self.current;
        while at != 0 {
            let Position {
                parent, argument, ..
            } = self.positions[at];
            at = parent as usize;
            let term = self.positions[at].term;
            let op = reducer.store.op(term);
            let value = reducer.machine.top();
            if reducer.store.theory(op) == Theory::Iterated {
                let digits: Vec<u32> =
                    reducer.store.payload(term)[1..].iter().map(|word| word.bits()).collect();
                let node = reducer.store.iterate_transient(op, &digits, value);
                let (machine, mut context) = context(reducer, &mut self.budget);
                machine.replace_top(&mut context, node)?;
                continue;
            }
            let mut arguments: SmallVec<[TermId; 32]> = reducer.store.arguments(term).into();
            arguments[argument as usize] = value;
            let (machine, mut context) = context(reducer, &mut self.budget);
            machine.apply_on_top(&mut context, op, &arguments)?;
        }
        let value = reducer.machine.top();
        let target = reducer.store.promote(value);
        if reducer.store.is_exhausted() {
            return Err(Reason::Memory);
        }
        Ok(NormalForm(target))
    }
}

/// The machine and everything it runs with.
fn context<'a>(
    reducer: &'a mut Reducer,
    budget: &'a mut Budget,
) -> (&'a mut crate::reduction::Machine, Context<'a>) {
    (
        &mut reducer.machine,
        Context {
            program: &reducer.program,
            builtins: &reducer.builtins,
            store: &mut reducer.store,
            budget,
            observer: None,
        },
    )
}
