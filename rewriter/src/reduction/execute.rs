//! The instructions of evaluation, one after the other.
//!
//! The one idea: calls and returns between free operators, which are nearly all there are, stay in
//! this loop; everything else is handed back to [`Machine::run`] as what is to be done next.

use super::limits::Reason;
use super::machine::{Choice, Context, Control, Event, Machine, Pause, Step};
use crate::matching::{Instruction, Register};
use crate::signature::OpId;
use crate::term::{Store, TermId, Theory};

impl Machine {
    /// Runs instructions until something rare is to be done.
    pub(super) fn execute(&mut self, context: &mut Context<'_>) -> Result<Step, Reason> {
        let program = context.program;
        let instructions = program.code.instructions.as_slice();
        // The address is kept in a local; it is written back wherever others look at it.
        let mut pc = self.active().pc as usize;
        loop {
            let holds = match &instructions[pc] {
                &Instruction::Free {
                    source,
                    op,
                    first,
                    skip,
                } => match self.explode(context.store, source, op, first) {
                    Some(true) => {
                        pc += usize::from(skip);
                        true
                    }
                    Some(false) => true,
                    None => false,
                },
                &Instruction::Sort { source, sort } => {
                    context.store.has_sort(self.register(source), sort)
                }
                &Instruction::Equal { source, operand } => context
                    .store
                    .equal(self.register(source), self.operand(operand)),
                &Instruction::Push(register) => {
                    self.values.push(self.register(register));
                    true
                }
                &Instruction::PushConstant(term) => {
                    self.values.push(term);
                    true
                }
                &Instruction::Build { op, arguments } => {
                    let node = self.build(context, op, arguments);
                    self.values.push(node);
                    true
                }
                &Instruction::BuildResult { op, arguments } => {
                    let node = self.build(context, op, arguments);
                    match self.give(node) {
                        Some(next) => pc = next,
                        None => return Ok(Step::Go(Control::Deliver)),
                    }
                    continue;
                }
                &Instruction::Commit(statement) => {
                    self.active_mut().pc = pc as u32;
                    self.choices.truncate(self.active().choices as usize);
                    self.applied(context, statement, None)?;
                    true
                }
                &Instruction::Solution(statement) => {
                    self.active_mut().pc = pc as u32;
                    self.applied(context, statement, None)?;
                    true
                }
                &Instruction::Pass { statement, port } => {
                    self.active_mut().pc = pc as u32;
                    self.pass(context, (statement, port), false);
                    true
                }
                &Instruction::Call { op, arguments } => {
                    let code = &program.operators[op.index()];
                    if code.is_plain && !(code.is_element && self.remembers_elements) {
                        self.active_mut().pc = pc as u32 + 1;
                        if self.is_full() {
                            context.budget.look(self, context.store)?;
                        }
                        pc = self.call(context, op, arguments);
                        continue;
                    }
                    let arity = usize::from(arguments.arity);
                    self.stack(program, arguments);
                    if !self.compute_at_once(context, op, arity) {
                        self.active_mut().pc = pc as u32 + 1;
                        return Ok(Step::Go(Control::Apply(op, arity)));
                    }
                    true
                }
                &Instruction::Tail { op, arguments } => {
                    let arity = usize::from(arguments.arity);
                    self.stack(program, arguments);
                    self.replace_activation(arity);
                    let code = &program.operators[op.index()];
                    if code.is_plain && !(code.is_element && self.remembers_elements) {
                        pc = self.enter(context, code, self.values.len() - arity);
                        continue;
                    }
                    return Ok(Step::Go(Control::Apply(op, arity)));
                }
                &Instruction::Walk { op, walk } => {
                    self.active_mut().pc = pc as u32;
                    let walk = &program.walks[usize::from(walk)];
                    if let Some(arity) = self.walk(context, walk)? {
                        self.replace_activation(arity);
                        let code = &program.operators[op.index()];
                        pc = self.enter(context, code, self.values.len() - arity);
                        continue;
                    }
                    true
                }
                Instruction::Return => {
                    let value = self.pop();
                    match self.give(value) {
                        Some(next) => pc = next,
                        None => return Ok(Step::Go(Control::Deliver)),
                    }
                    continue;
                }
                &Instruction::Irreducible { op } => {
                    let base = self.base;
                    let arity = context.store.signature().operator(op).arity();
                    let arguments = &self.values[base..base + arity];
                    let node = context.store.transient_normal(op, arguments);
                    match self.give(node) {
                        Some(next) => pc = next,
                        None => return Ok(Step::Go(Control::Deliver)),
                    }
                    continue;
                }
                Instruction::IrreducibleNode => {
                    let node = self.register(0);
                    context.store.set_normal(node);
                    match self.give(node) {
                        Some(next) => pc = next,
                        None => return Ok(Step::Go(Control::Deliver)),
                    }
                    continue;
                }
                Instruction::Yield => {
                    self.active_mut().pc = pc as u32;
                    return Ok(Step::Pause(Pause::Event(Event::Solution)));
                }
                Instruction::Exhausted => return Ok(Step::Pause(Pause::Event(Event::Exhausted))),
                &Instruction::Late { op } => return Ok(Step::Pause(Pause::Compile(op))),
                Instruction::Fail => false,
                &Instruction::Branch { otherwise, stuck } => {
                    match context.builtins.truth_of(self.top()) {
                        Some(truth) => {
                            self.values.pop();
                            self.n_rewrites += 1;
                            if !truth {
                                pc = otherwise as usize;
                                continue;
                            }
                        }
                        None => {
                            pc = stuck as usize;
                            continue;
                        }
                    }
                    true
                }
                &Instruction::Jump(to) => {
                    pc = to as usize;
                    continue;
                }
                &Instruction::Store(register) => {
                    let term = self.pop();
                    self.set(register, term);
                    true
                }
                &Instruction::Keep(register) => {
                    self.set(register, self.top());
                    true
                }
                &Instruction::Clear(register) => {
                    self.set(register, TermId::NONE);
                    true
                }
                &Instruction::PushKept {
                    register,
                    otherwise,
                } => {
                    let value = self.register(register);
                    if value == TermId::NONE {
                        pc = otherwise as usize;
                        continue;
                    }
                    self.values.push(value);
                    true
                }
                &Instruction::Expect(term) => {
                    let value = self.pop();
                    context.store.equal(value, term)
                }
                Instruction::ExpectEqual => {
                    let (right, left) = (self.pop(), self.pop());
                    context.store.equal(left, right)
                }
                &Instruction::ExpectSort(sort) => {
                    let value = self.pop();
                    context.store.has_sort(value, sort)
                }
                instruction @ (Instruction::PushReduced(_)
                | Instruction::ReduceTop
                | Instruction::Extend { .. }
                | Instruction::Iterate { .. }
                | Instruction::Lazy { .. }) => {
                    self.active_mut().pc = pc as u32;
                    match self.evaluate_rare(context, *instruction) {
                        Some(control) => return Ok(Step::Go(control)),
                        None => true,
                    }
                }
                &Instruction::Rebuild { op, target } => {
                    let base = self.base;
                    let arity = context.store.signature().operator(op).arity();
                    let arguments = &self.values[base..base + arity];
                    let node = context.store.transient(op, arguments);
                    self.set(target, node);
                    true
                }
                &Instruction::ExpectAbove(sort) => {
                    let present = context.store.sort(self.register(0));
                    present != sort && context.store.signature().leq(sort, present)
                }
                &Instruction::Lower { statement, sort } => {
                    let node = self.register(0);
                    self.choices.truncate(self.active().choices as usize);
                    if !context.store.has_sort(node, sort) {
                        let before = context.store.sort(node);
                        context.store.set_sort(node, sort);
                        self.active_mut().pc = pc as u32;
                        self.applied(context, statement, Some(before))?;
                    }
                    false
                }
                &Instruction::Reach { source, target } => {
                    self.active_mut().pc = pc as u32;
                    return Ok(Step::Pause(Pause::Event(self.ask(source, target))));
                }
                instruction => {
                    self.active_mut().pc = pc as u32;
                    self.match_collection(context, *instruction)
                }
            };
            if holds {
                pc += 1;
            } else if self.choices.len() == self.active().choices as usize {
                // Nothing else to try in this statement: the next one.
                context.budget.spend(self, context.store)?;
                self.counters.truncate(self.active().slots_end as usize);
                let active = self.active_mut();
                active.alternative += 1;
                pc = program.alternatives[active.alternative as usize] as usize;
            } else {
                return Ok(Step::Go(Control::Fail));
            }
        }
    }

    /// Asks for a reachable term, and keeps the next one as an alternative.
    fn ask(&mut self, source: Register, target: Register) -> Event {
        let number = self.next_reach.take().unwrap_or(0);
        self.choices.push(Choice {
            pc: self.active().pc,
            state: number + 1,
            slots_top: self.counters.len() as u32,
        });
        self.reach_target = target;
        Event::Reach { source, number }
    }

    /// Computes a call that needs no activation: a built-in, or a constructor with axioms.
    #[inline]
    fn compute_at_once(&mut self, context: &mut Context<'_>, op: OpId, arity: usize) -> bool {
        let code = &context.program.operators[op.index()];
        let base = self.values.len() - arity;
        let term = if code.stable {
            let node = context.store.make_transient(op, &self.values[base..]);
            if !context.store.is_normal(node) {
                if context.store.op(node) != op {
                    return false;
                }
                context.store.set_normal(node);
            }
            node
        } else if let Some(hook) = code.hook
            && (code.exploded || arity == 2)
        {
            let arguments = &self.values[base..];
            match context.builtins.compute(hook, op, context.store, arguments) {
                Some(computed) if !computed.partial && context.store.is_normal(computed.term) => {
                    if context.program.explains {
                        let value = (computed.term, computed.n_rewrites);
                        Machine::tell_computed(context, op, arguments, value);
                    }
                    self.n_rewrites += computed.n_rewrites;
                    computed.term
                }
                _ => return false,
            }
        } else {
            return false;
        };
        self.values.truncate(base);
        self.values.push(term);
        true
    }

    fn evaluate_rare(
        &mut self,
        context: &mut Context<'_>,
        instruction: Instruction,
    ) -> Option<Control> {
        let store = &mut *context.store;
        match instruction {
            Instruction::PushReduced(register) => {
                let term = self.register(register);
                if store.is_normal(term) {
                    self.values.push(term);
                    return None;
                }
                self.call_frame();
                Some(Control::Reduce(term))
            }
            Instruction::ReduceTop => {
                let term = self.pop();
                self.call_frame();
                Some(Control::Reduce(term))
            }
            Instruction::Lazy { op, arity } => {
                let base = self.values.len() - usize::from(arity);
                let node = store.make_transient(op, &self.values[base..]);
                let reduced = context.program.operators[op.index()].stable
                    && self.values[base..]
                        .iter()
                        .all(|&value| store.is_normal(value));
                if reduced {
                    store.set_normal(node);
                }
                self.values.truncate(base);
                self.values.push(node);
                None
            }
            Instruction::Iterate { op, counts, lazy } => {
                let argument = self.pop();
                let digits = &context.program.code.counts[usize::from(counts)];
                let node = store.iterate_transient(op, digits, argument);
                let stable = context.program.operators[op.index()].stable;
                if stable && store.is_normal(argument) {
                    store.set_normal(node);
                }
                if lazy || store.is_normal(node) {
                    self.values.push(node);
                    return None;
                }
                self.call_frame();
                Some(self.enter_node(context, op, node))
            }
            Instruction::Extend { op, arity, tail } => {
                if store.theory(op) == Theory::Iterated {
                    return Some(self.extend_iterated(store, op, tail));
                }
                let base = self.values.len() - usize::from(arity);
                let facts = store.facts(op);
                if facts.left_identity != facts.right_identity {
                    self.open_around(store, op, base);
                }
                let mut kept = base;
                for index in base..self.values.len() {
                    if self.values[index] != TermId::NONE {
                        self.values[kept] = self.values[index];
                        kept += 1;
                    }
                }
                self.values.truncate(kept);
                let arity = kept - base;
                if tail {
                    self.replace_activation(arity);
                } else {
                    self.call_frame();
                }
                if arity == 1 {
                    // A part of the old collection, which may be reducible.
                    let part = self.pop();
                    return Some(Control::Reduce(part));
                }
                Some(Control::Apply(op, arity))
            }
            _ => unreachable!("the interpreter gives only rare evaluations here"),
        }
    }

    /// Puts the elements of what is not covered of a list in the place of the lists: an identity
    /// on one side vanishes among them, but not inside the right side.
    fn open_around(&mut self, store: &Store, op: OpId, base: usize) {
        let parts: smallvec::SmallVec<[TermId; 3]> = self.values.drain(base..).collect();
        for (index, &part) in parts.iter().enumerate() {
            match part != TermId::NONE && index != 1 && store.op(part) == op {
                true => self.values.extend_from_slice(store.arguments(part)),
                false => self.values.push(part),
            }
        }
    }

    /// Applies an iterated operator as often as to the term on top, to the value below it.
    fn extend_iterated(&mut self, store: &mut Store, op: OpId, tail: bool) -> Control {
        let (left, mut value) = (self.pop(), self.pop());
        if left != TermId::NONE
            && let Some(count) = store.iterations(left)
        {
            value = store.iterate_transient(op, &count.limbs(), value);
        }
        match tail {
            true => self.replace_activation(0),
            false => self.call_frame(),
        }
        Control::Reduce(value)
    }

    /// The present activation will go on after the present instruction.
    fn call_frame(&mut self) {
        self.active_mut().pc += 1;
    }
}
