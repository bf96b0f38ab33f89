//! The machine that runs code: matching with alternatives, evaluation, reduction of terms.
//!
//! The one idea: everything that is going on is on four stacks of the machine and nothing on the
//! Rust stack: values (registers and intermediate terms), counters, untried alternatives, and
//! frames. So terms and computations of any depth run in memory alone, can be interrupted, and the
//! values are all the roots there are when transient terms are collected.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::call::FIRST_COLLECTION;
use super::compile::{Entry, Program};
use super::limits::{Budget, Reason};
use super::observer::Observer;
use crate::builtin::{Builtins, Hook};
use crate::matching::{Instruction, Operand, Register, Search};
use crate::module::Module;
use crate::signature::OpId;
use crate::term::{Store, TermId, Theory};

/// Where an activation of an operator's code stands.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Activation {
    pub(super) pc: u32,
    /// Its first register on the value stack.
    pub(super) base: u32,
    /// Its first slot.
    pub(super) slots: u32,
    /// Where its slots end.
    pub(super) slots_end: u32,
    /// The alternatives it may go back to start here.
    pub(super) choices: u32,
    pub(super) alternative: u32,
}

/// Who waits for a value that is not an activation.
#[derive(Clone, Copy, Debug)]
enum Frame {
    /// A term is reduced: it lies on the value stack under those of its arguments that are done;
    /// this argument is under way.
    Arguments { next: u32 },
    /// The value is the normal form of an interned term.
    Remember(TermId),
    /// The value is the normal form of an element, interned as it was before; so many rewrites
    /// had been made by then.
    Element(TermId, u64),
    /// The machine stops with the value.
    Stop,
}

/// An alternative that was not tried yet: an instruction and where it stopped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) pc: u32,
    pub(super) state: u32,
    pub(super) slots_top: u32,
}

/// Why the machine stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    /// The term on top of the value stack is the normal form.
    Value,
    /// A solution; for rules its result is on top of the value stack.
    Solution,
    /// There are no more solutions.
    Exhausted,
    /// A term reachable from the one in `source` is asked for, the one with this number.
    Reach { source: Register, number: u32 },
}

/// What the interpreter does next.
pub(super) enum Control {
    Execute,
    /// The value on top goes to whoever waits for it.
    Deliver,
    Reduce(TermId),
    /// The operator is applied to so many values on top.
    Apply(OpId, usize),
    Fail,
}

/// Everything that is fixed while a machine runs.
pub(crate) struct Context<'a> {
    pub(crate) program: &'a Program,
    pub(crate) builtins: &'a Builtins,
    pub(crate) store: &'a mut Store,
    pub(crate) budget: &'a mut Budget,
    pub(crate) observer: Option<&'a mut dyn Observer>,
}

/// What a machine is started with: everything that is fixed while it runs, and what it takes to compile
/// the equations of an operator in between.
pub(crate) struct Host<'a> {
    pub(crate) module: &'a Module,
    pub(crate) program: &'a mut Program,
    pub(crate) builtins: &'a Builtins,
    pub(crate) store: &'a mut Store,
    pub(crate) budget: &'a mut Budget,
    pub(crate) observer: Option<&'a mut dyn Observer>,
}

impl Host<'_> {
    pub(super) fn context(&mut self) -> Context<'_> {
        Context {
            program: self.program,
            builtins: self.builtins,
            store: self.store,
            budget: self.budget,
            observer: match &mut self.observer {
                Some(observer) => Some(&mut **observer),
                None => None,
            },
        }
    }
}

/// The state of a computation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    pub(super) values: Vec<TermId>,
    pub(super) counters: Vec<u32>,
    pub(super) choices: Vec<Choice>,
    /// The last is the one that runs, those before wait for values.
    activations: Vec<Activation>,
    /// The first register of the activation that runs.
    pub(super) base: usize,
    /// Each with the number of activations above which it waits.
    frames: Vec<(Frame, u32)>,
    /// Normal forms of interned terms met during this reduction.
    memo: HashMap<TermId, TermId, FxBuildHasher>,
    /// Normal forms of elements of collections, with the rewrites they took. Kept from one
    /// transition to the next.
    elements: HashMap<TermId, (TermId, u32), FxBuildHasher>,
    /// Whether normal forms of elements are remembered.
    pub(crate) remembers_elements: bool,
    /// An element is being reduced, and what happens inside is not remembered by itself.
    in_element: bool,
    /// Scratch words at which transient terms are collected next.
    pub(super) collect_at: usize,
    /// Rewrites since the machine was made.
    pub(crate) n_rewrites: u64,
    /// Searches of the general matcher that may go on, each with its place among the choices.
    pub(super) searches: Vec<(usize, Search)>,
    /// Which reachable term an instruction that is met again asks for.
    pub(super) next_reach: Option<u32>,
    /// Where the answer goes.
    pub(super) reach_target: Register,
    /// The terms around the one to which rules are applied, from the innermost, with the argument
    /// each has it as; kept while somebody observes.
    pub(crate) around: Vec<(TermId, usize)>,
}

/// Heights of the stacks at which something was suspended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suspension {
    n_activations: usize,
    n_values: usize,
    n_counters: usize,
    n_choices: usize,
    n_frames: usize,
    in_element: bool,
    /// Where the answer goes that a condition waits for.
    reach_target: Register,
}

impl Machine {
    pub(crate) fn new() -> Machine {
        Machine {
            collect_at: FIRST_COLLECTION,
            ..Machine::default()
        }
    }

    /// Forgets everything that is going on.
    pub(crate) fn reset(&mut self) {
        self.values.clear();
        self.counters.clear();
        self.choices.clear();
        self.searches.clear();
        self.frames.clear();
        self.activations.clear();
        self.base = 0;
        self.memo.clear();
        self.in_element = false;
        self.remembers_elements = false;
        self.collect_at = FIRST_COLLECTION;
    }

    /// Forgets everything that it knows of terms.
    pub(crate) fn forget_terms(&mut self) {
        self.reset();
        self.elements.clear();
    }

    /// Whether another activation makes the stack grow.
    #[inline(always)]
    pub(super) fn is_full(&self) -> bool {
        self.activations.len() == self.activations.capacity()
    }

    /// What its stacks and tables occupy, in bytes; of a stack that is full, what it is about to occupy.
    pub(crate) fn bytes(&self) -> usize {
        fn stack<T>(stack: &Vec<T>) -> usize {
            let factor = if stack.len() == stack.capacity() {
                3
            } else {
                1
            };
            stack.capacity() * size_of::<T>() * factor
        }
        stack(&self.values)
            + stack(&self.counters)
            + stack(&self.choices)
            + stack(&self.activations)
            + stack(&self.frames)
            + self.memo.capacity() * (size_of::<(TermId, TermId)>() + 1)
            + self.elements.capacity() * (size_of::<(TermId, (TermId, u32))>() + 1)
    }

    /// Leaves what is going on as it is, to be gone on with after something else.
    pub(crate) fn suspend(&self) -> Suspension {
        Suspension {
            n_activations: self.activations.len(),
            n_values: self.values.len(),
            n_counters: self.counters.len(),
            n_choices: self.choices.len(),
            n_frames: self.frames.len(),
            in_element: self.in_element,
            reach_target: self.reach_target,
        }
    }

    /// Goes back to what was going on.
    pub(crate) fn restore(&mut self, suspension: Suspension) {
        self.activations.truncate(suspension.n_activations);
        self.find_base();
        self.values.truncate(suspension.n_values);
        self.counters.truncate(suspension.n_counters);
        self.choices.truncate(suspension.n_choices);
        self.frames.truncate(suspension.n_frames);
        self.in_element = suspension.in_element;
        self.reach_target = suspension.reach_target;
    }

    /// Reduces an interned term; the value on top of the stack is its normal form.
    pub(crate) fn reduce(&mut self, host: &mut Host<'_>, term: TermId) -> Result<Event, Reason> {
        self.wait(Frame::Stop);
        self.run(host, Control::Reduce(term))
    }

    /// Starts to enumerate the solutions of a rule or goal for a subject.
    pub(crate) fn start(
        &mut self,
        host: &mut Host<'_>,
        entry: Entry,
        subject: TermId,
    ) -> Result<Event, Reason> {
        self.start_with(host, entry, &[subject])
    }

    /// The same for several subjects, which go to the first registers.
    pub(super) fn start_with(
        &mut self,
        host: &mut Host<'_>,
        entry: Entry,
        subjects: &[TermId],
    ) -> Result<Event, Reason> {
        let base = self.values.len();
        self.values.extend_from_slice(subjects);
        let n_registers = usize::from(entry.allocation.registers);
        self.values.resize(base + n_registers, TermId::NONE);
        let slots = self.counters.len();
        let slots_end = slots + usize::from(entry.allocation.slots);
        self.counters.resize(slots_end, 0);
        self.begin(Activation {
            pc: host.program.alternatives[entry.start as usize],
            base: base as u32,
            slots: slots as u32,
            slots_end: slots_end as u32,
            choices: self.choices.len() as u32,
            alternative: entry.start,
        });
        self.run(host, Control::Execute)
    }

    /// Goes on to the next solution.
    pub(crate) fn resume(
        &mut self,
        host: &mut Host<'_>,
        n_registers: u16,
    ) -> Result<Event, Reason> {
        self.values.truncate(self.base + usize::from(n_registers));
        self.run(host, Control::Fail)
    }

    /// Goes on after [`Event::Reach`] with the term that was asked for, or without one.
    pub(crate) fn answer(
        &mut self,
        host: &mut Host<'_>,
        term: Option<TermId>,
    ) -> Result<Event, Reason> {
        match term {
            Some(term) => {
                self.set(self.reach_target, term);
                self.active_mut().pc += 1;
                self.run(host, Control::Execute)
            }
            None => {
                self.choices.pop();
                self.run(host, Control::Fail)
            }
        }
    }

    /// Replaces the value on top by an application to reduced arguments, reduced at the top.
    pub(crate) fn apply_on_top(
        &mut self,
        host: &mut Host<'_>,
        op: OpId,
        arguments: &[TermId],
    ) -> Result<(), Reason> {
        self.values.pop();
        self.values.extend_from_slice(arguments);
        self.wait(Frame::Stop);
        self.run(host, Control::Apply(op, arguments.len()))?;
        Ok(())
    }

    /// Replaces the value on top by the normal form of a term.
    pub(crate) fn replace_top(&mut self, host: &mut Host<'_>, term: TermId) -> Result<(), Reason> {
        self.values.pop();
        self.wait(Frame::Stop);
        self.run(host, Control::Reduce(term))?;
        Ok(())
    }

    /// The value on top of the stack.
    pub(crate) fn top(&self) -> TermId {
        match self.values.last() {
            Some(&top) => top,
            None => unreachable!("a value was just delivered"),
        }
    }

    /// What a register of the present activation holds.
    #[inline]
    pub(crate) fn register(&self, register: Register) -> TermId {
        self.values[self.base + usize::from(register)]
    }

    #[inline]
    pub(super) fn set(&mut self, register: Register, term: TermId) {
        self.values[self.base + usize::from(register)] = term;
    }

    #[inline]
    pub(super) fn operand(&self, operand: Operand) -> TermId {
        match operand {
            Operand::Register(register) => self.register(register),
            Operand::Constant(term) => term,
        }
    }

    pub(super) fn pop(&mut self) -> TermId {
        match self.values.pop() {
            Some(top) => top,
            None => unreachable!("code pops only what it pushed"),
        }
    }

    /// The outermost application that is being rewritten, for a report.
    pub(crate) fn redex(&self, host: &mut Host<'_>) -> Option<TermId> {
        let program = &*host.program;
        let is_reduction = |activation: &&Activation| {
            let rest = &program.alternatives[activation.alternative as usize..];
            let mut ends = rest
                .iter()
                .map(|&at| program.code.instructions[at as usize]);
            let end = ends.find(|instruction| instruction.ends_alternatives());
            end != Some(Instruction::Exhausted)
        };
        let outermost = self.activations.iter().find(is_reduction);
        let activation = outermost.or(self.activations.first())?;
        let subject = self.subject(&mut host.context(), activation);
        (subject != TermId::NONE).then(|| host.store.promote(subject))
    }

    /// How many activations there are.
    pub(super) fn n_active(&self) -> usize {
        self.activations.len()
    }

    fn run(&mut self, host: &mut Host<'_>, control: Control) -> Result<Event, Reason> {
        let mut control = control;
        loop {
            match self.run_compiled(&mut host.context(), control)? {
                Pause::Event(event) => return Ok(event),
                Pause::Compile(op) => {
                    host.program.compile_late(host.module, host.store, op);
                    self.begin_again(&mut host.context(), op);
                    control = Control::Execute;
                }
            }
        }
    }

    /// Enters the operator of the present activation, whose equations have been compiled, again.
    fn begin_again(&mut self, context: &mut Context<'_>, op: OpId) {
        let program = context.program;
        let code = &program.operators[op.index()];
        let n_values = match code.exploded {
            true => context.store.signature().operator(op).arity(),
            false => 1,
        };
        let base = self.base;
        self.values.truncate(base + n_values);
        self.end();
        self.enter(context, code, base);
    }

    /// Runs until something happens or code is missing.
    fn run_compiled(
        &mut self,
        context: &mut Context<'_>,
        control: Control,
    ) -> Result<Pause, Reason> {
        let mut control = control;
        loop {
            if self.is_full() {
                context.budget.look(self, context.store)?;
            }
            control = match control {
                Control::Execute => match self.execute(context)? {
                    Step::Go(next) => next,
                    Step::Pause(pause) => return Ok(pause),
                },
                Control::Deliver if !self.is_waited_for() => Control::Execute,
                Control::Deliver => match self.frames.pop().map(|(frame, _)| frame) {
                    Some(Frame::Arguments { next }) => self.next_argument(context, next + 1),
                    Some(Frame::Remember(term)) => {
                        let value = self.pop();
                        let value = context.store.promote(value);
                        self.memo.insert(term, value);
                        self.values.push(value);
                        Control::Deliver
                    }
                    Some(Frame::Element(element, before)) => {
                        let value = self.pop();
                        let value = context.store.promote(value);
                        let n_rewrites = self.n_rewrites - before;
                        if let Ok(n_rewrites) = u32::try_from(n_rewrites) {
                            self.elements.insert(element, (value, n_rewrites));
                        }
                        self.in_element = false;
                        self.values.push(value);
                        Control::Deliver
                    }
                    Some(Frame::Stop) => return Ok(Pause::Event(Event::Value)),
                    None => unreachable!("a value is asked for by some frame"),
                },
                Control::Reduce(term) => self.reduce_term(context, term),
                Control::Apply(op, arity) => self.apply(context, op, arity),
                Control::Fail => {
                    context.budget.spend(self, context.store)?;
                    match self.backtrack(context) {
                        true => Control::Execute,
                        false => Control::Fail,
                    }
                }
            };
        }
    }

    /// Goes back to the last untried alternative; tells whether it still holds.
    fn backtrack(&mut self, context: &mut Context<'_>) -> bool {
        if self.choices.len() > self.active().choices as usize
            && let Some(choice) = self.choices.pop()
        {
            self.active_mut().pc = choice.pc;
            self.counters.truncate(choice.slots_top as usize);
            return self.retry(context, choice);
        }
        self.counters.truncate(self.active().slots_end as usize);
        let active = self.active_mut();
        active.alternative += 1;
        active.pc = context.program.alternatives[active.alternative as usize];
        true
    }

    fn reduce_term(&mut self, context: &mut Context<'_>, term: TermId) -> Control {
        if context.store.is_normal(term) {
            self.values.push(term);
            return Control::Deliver;
        }
        if !term.is_transient() {
            if let Some(&known) = self.memo.get(&term) {
                self.values.push(known);
                return Control::Deliver;
            }
            self.wait(Frame::Remember(term));
        }
        self.values.push(term);
        self.next_argument(context, 0)
    }

    /// Goes on to the next argument of a term that is being reduced.
    fn next_argument(&mut self, context: &mut Context<'_>, next: u32) -> Control {
        let mut next = next as usize;
        let base = self.values.len() - next - 1;
        let term = self.values[base];
        let op = context.store.op(term);
        let code = &context.program.operators[op.index()];
        let n_arguments = context.store.arguments(term).len();
        if code.hook == Some(Hook::Branch)
            && next == 1
            && let Some(truth) = context.builtins.truth_of(self.values[base + 1])
        {
            let chosen = context.store.arguments(term)[if truth { 1 } else { 2 }];
            if context.program.explains {
                let mut arguments = context.store.arguments(term).to_vec();
                arguments[0] = self.values[base + 1];
                Machine::tell_computed(context, op, &arguments, (chosen, 1));
            }
            self.values.truncate(base);
            self.n_rewrites += 1;
            return Control::Reduce(chosen);
        }
        while next < n_arguments {
            let argument = context.store.arguments(term)[next];
            let lazy = next < 32 && code.lazy_arguments >> next & 1 == 1;
            if lazy || context.store.is_normal(argument) {
                self.values.push(argument);
                next += 1;
                continue;
            }
            self.wait(Frame::Arguments { next: next as u32 });
            return Control::Reduce(argument);
        }
        if context.store.theory(op) == Theory::Literal {
            self.values.pop();
            return self.enter_node(context, op, term);
        }
        if context.store.theory(op) == Theory::Iterated {
            let argument = self.pop();
            let digits: Vec<u32> = context.store.payload(term)[1..]
                .iter()
                .map(|word| word.bits())
                .collect();
            self.values.pop();
            let node = context.store.iterate_transient(op, &digits, argument);
            return self.enter_node(context, op, node);
        }
        self.values.remove(base);
        Control::Apply(op, n_arguments)
    }

    /// Applies an operator to the values on top.
    pub(super) fn apply(&mut self, context: &mut Context<'_>, op: OpId, arity: usize) -> Control {
        let program = context.program;
        let code = &program.operators[op.index()];
        let base = self.values.len() - arity;
        if let Some(hook) = code.hook
            && (code.exploded || arity == 2)
        {
            let arguments = &self.values[base..];
            let computed = context.builtins.compute(hook, op, context.store, arguments);
            if let Some(computed) = computed {
                if program.explains {
                    let value = (computed.term, computed.n_rewrites);
                    Machine::tell_computed(context, op, &self.values[base..], value);
                }
                self.values.truncate(base);
                self.n_rewrites += computed.n_rewrites;
                if computed.partial || !context.store.is_normal(computed.term) {
                    return Control::Reduce(computed.term);
                }
                self.values.push(computed.term);
                return Control::Deliver;
            }
        }
        if code.exploded {
            if code.stable {
                let node = context.store.transient_normal(op, &self.values[base..]);
                self.values.truncate(base);
                self.values.push(node);
                return Control::Deliver;
            }
            if code.is_element
                && self.remembers_elements
                && !self.in_element
                && self.recall(context, op, base)
            {
                return Control::Deliver;
            }
            self.enter(context, code, base);
            return Control::Execute;
        }
        let node = context.store.make_transient(op, &self.values[base..]);
        self.values.truncate(base);
        self.enter_node(context, op, node)
    }

    /// Replaces the arguments of an element by its normal form, if that is known; else sees to it
    /// that it will be.
    fn recall(&mut self, context: &mut Context<'_>, op: OpId, base: usize) -> bool {
        for value in &mut self.values[base..] {
            *value = context.store.promote(*value);
        }
        let element = context.store.make(op, &self.values[base..]);
        if let Some(&(normal, n_rewrites)) = self.elements.get(&element) {
            self.values.truncate(base);
            self.values.push(normal);
            self.n_rewrites += u64::from(n_rewrites);
            return true;
        }
        self.in_element = true;
        self.wait(Frame::Element(element, self.n_rewrites));
        false
    }

    /// Reduces at the top of a node whose arguments are reduced.
    pub(super) fn enter_node(
        &mut self,
        context: &mut Context<'_>,
        op: OpId,
        node: TermId,
    ) -> Control {
        let program = context.program;
        if context.store.is_normal(node) {
            self.values.push(node);
            return Control::Deliver;
        }
        if context.store.op(node) != op {
            return Control::Reduce(node);
        }
        let code = &program.operators[op.index()];
        if code.stable {
            context.store.set_normal(node);
            self.values.push(node);
            return Control::Deliver;
        }
        if let Some(hook) = code.hook {
            let arguments: smallvec::SmallVec<[TermId; 8]> = context.store.arguments(node).into();
            let computed = context
                .builtins
                .compute(hook, op, context.store, &arguments);
            if let Some(computed) = computed {
                if program.explains {
                    let value = (computed.term, computed.n_rewrites);
                    Machine::tell_computed(context, op, &arguments, value);
                }
                self.n_rewrites += computed.n_rewrites;
                return Control::Reduce(computed.term);
            }
        }
        let base = self.values.len();
        self.values.push(node);
        self.enter(context, code, base);
        Control::Execute
    }

    #[inline]
    pub(super) fn active(&self) -> &Activation {
        match self.activations.last() {
            Some(activation) => activation,
            None => unreachable!("code runs in an activation"),
        }
    }

    #[inline]
    pub(super) fn active_mut(&mut self) -> &mut Activation {
        match self.activations.last_mut() {
            Some(activation) => activation,
            None => unreachable!("code runs in an activation"),
        }
    }

    #[inline]
    pub(super) fn begin(&mut self, activation: Activation) {
        self.base = activation.base as usize;
        self.activations.push(activation);
    }

    /// The present activation ends; its registers are left to the caller.
    #[inline]
    pub(super) fn end(&mut self) {
        if let Some(activation) = self.activations.pop() {
            self.counters.truncate(activation.slots as usize);
            self.choices.truncate(activation.choices as usize);
        }
        self.find_base();
    }

    #[inline]
    pub(super) fn find_base(&mut self) {
        self.base = self
            .activations
            .last()
            .map_or(0, |activation| activation.base as usize);
    }

    /// Leaves a frame that waits for the next value delivered here.
    fn wait(&mut self, frame: Frame) {
        self.frames.push((frame, self.activations.len() as u32));
    }

    /// Whether a frame waits for a value, and not the activation that was last to call.
    #[inline]
    pub(super) fn is_waited_for(&self) -> bool {
        let depth = self.activations.len() as u32;
        self.frames
            .last()
            .is_some_and(|&(_, waiting)| waiting == depth)
    }
}

/// What an activation leads to.
pub(super) enum Step {
    Go(Control),
    Pause(Pause),
}

/// Why no code runs any more.
pub(super) enum Pause {
    Event(Event),
    /// The equations of this operator are not compiled yet.
    Compile(OpId),
}
