//! From right sides and conditions to instructions.
//!
//! The one idea: a right side is a program that evaluates its subterms from the inside out and
//! never builds a term that an equation would take apart at once: the arguments of a call wait on
//! the value stack, where the callee's patterns find them as its first registers. The last call of
//! a right side replaces the activation of its caller, so iteration runs in constant space.

mod sharing;

pub(super) use sharing::{applications_in, lazy_in, shape_of};

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::compile::{OperatorCode, fetch_all, registers_of};
use crate::builtin::Hook;
use crate::matching::{
    Argument, Arguments, Extension, Instruction, LeftCompiler, Port, Register, Shape, ShapeId,
};
use crate::module::StatementId;
use crate::pattern::{Pattern, VariableId};
use crate::signature::OpId;
use crate::statement::Fragment;
use crate::term::Theory;

/// Compiles evaluations after (and between) the patterns of a statement.
pub(super) struct RightCompiler<'a, 'b> {
    pub(super) left: &'b mut LeftCompiler<'a>,
    operators: &'b [OperatorCode],
    /// What was matched but may be unreduced.
    lazy: BTreeSet<ShapeId>,
    /// What occurs more than once in all that is to be evaluated.
    repeated: BTreeSet<ShapeId>,
    /// What is to be evaluated after the present part.
    later: VecDeque<ShapeId>,
    kept: Values,
    /// The statement, if every step of its condition is told, and how many variables it has.
    pub(super) observed: Option<(StatementId, usize)>,
}

/// Values that are needed again.
type Values = BTreeMap<ShapeId, Kept>;

/// A value that is needed again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kept {
    register: Register,
    made: Made,
}

/// Whether a register holds the value it is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Yes,
    No,
    /// It does after some ways through the code.
    Perhaps,
}

/// How a subterm is to be evaluated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Its value is pushed, and kept if it is needed again.
    Value,
    /// Its value is pushed: an option is copied before it is reduced.
    Option,
    /// Its value is returned.
    Tail,
    /// It is built and will be reduced as a whole.
    Built,
    /// It is built and left unreduced.
    Lazy,
}

enum Step {
    Visit(ShapeId, Mode),
    Emit(Instruction),
    Keep(ShapeId),
    /// After a condition: emits the branch.
    Test(usize),
    /// After the first option.
    Otherwise(usize, Mode),
    /// After the second.
    Stuck(usize, Mode),
    /// After everything.
    End(usize),
}

#[derive(Clone, Default)]
struct Choice {
    /// What is evaluated if the condition holds, and if not.
    options: Vec<ShapeId>,
    branch: u32,
    jumps: Vec<u32>,
    /// What is kept before the options, and after each.
    start: Values,
    ends: Vec<Values>,
}

impl RightCompiler<'_, '_> {
    /// Solves the fragments of a condition one after the other. As in Maude, what one evaluates is
    /// not evaluated again in later ones, nor in the right side.
    pub(super) fn condition(&mut self, condition: &[Fragment]) {
        if condition.is_empty() {
            return;
        }
        self.pass(Port::Trial);
        for (index, fragment) in condition.iter().enumerate() {
            self.pass(Port::Solving(index as u16));
            match fragment {
                Fragment::Equality { left, right } => self.equality(left, right),
                Fragment::SortTest { term, sort } => {
                    self.evaluate_pattern(term);
                    self.left.code.emit(Instruction::ExpectSort(*sort));
                }
                Fragment::Assignment { pattern, term } => {
                    self.evaluate_pattern(term);
                    let register = self.left.new_register();
                    self.left.code.emit(Instruction::Store(register));
                    self.match_pattern(pattern, register);
                }
                Fragment::Rewrite { term, pattern } => {
                    self.evaluate_pattern(term);
                    let source = self.left.new_register();
                    self.left.code.emit(Instruction::Store(source));
                    let target = self.left.new_register();
                    self.left.code.emit(Instruction::Reach { source, target });
                    self.match_pattern(pattern, target);
                }
            }
            self.pass(Port::Solved(index as u16));
        }
        self.pass(Port::Satisfied);
    }

    /// Control passes through a port, if that is told.
    fn pass(&mut self, port: Port) {
        let Some((statement, n_variables)) = self.observed else {
            return;
        };
        fetch_all(self.left, n_variables);
        let registers = registers_of(self.left, n_variables);
        let address = self.left.code.emit(Instruction::Pass { statement, port });
        self.left.code.variables.push((address, registers));
    }

    /// After the instruction that applies a statement, if it is told: what is not covered can be
    /// read there, too.
    pub(super) fn note_uncovered(&mut self, extension: &Extension) {
        if self.observed.is_none() {
            return;
        }
        let Some((_, registers)) = self.left.code.variables.last_mut() else {
            return;
        };
        match *extension {
            Extension::None | Extension::Covered { .. } => {}
            Extension::Rest { register, .. } => registers.push(Some(register)),
            Extension::Around { before, after, .. } => {
                registers.extend([Some(before), Some(after)]);
            }
        }
    }

    fn match_pattern(&mut self, pattern: &Pattern, register: Register) {
        let shape = self.left.shapes.normalize(self.left.store, pattern);
        self.left.match_register(shape, register, false);
        let lazy = lazy_in(self.left, self.operators, shape, None);
        self.lazy.extend(lazy);
    }

    fn equality(&mut self, left: &Pattern, right: &Pattern) {
        let expected = shape_of(self.left, self.operators, right);
        self.evaluate_pattern(left);
        match *self.left.shapes.at(expected) {
            Shape::Ground(term) if self.left.store.is_normal(term) => {
                self.begin(expected);
                self.left.code.emit(Instruction::Expect(term));
            }
            _ => {
                self.evaluate(expected, false);
                self.left.code.emit(Instruction::ExpectEqual);
            }
        }
    }

    fn evaluate_pattern(&mut self, pattern: &Pattern) {
        let shape = shape_of(self.left, self.operators, pattern);
        self.evaluate(shape, false);
    }

    /// Makes the terms of all variables that occur in a shape.
    pub(super) fn fetch_variables(&mut self, root: ShapeId) {
        let mut pending = vec![root];
        let mut seen: Vec<ShapeId> = Vec::new();
        while let Some(shape) = pending.pop() {
            if seen.contains(&shape) || self.at_hand(shape).is_some() {
                continue;
            }
            seen.push(shape);
            match self.left.shapes.at(shape).clone() {
                Shape::Variable(variable) => {
                    self.left.register(variable);
                }
                Shape::Ground(_) => {}
                Shape::Application { arguments, .. } => pending.extend(arguments),
                Shape::Iterated { argument, .. } => pending.push(argument),
            }
        }
    }

    /// Evaluates a shape; with `tail`, its value is what the activation returns.
    pub(super) fn evaluate(&mut self, root: ShapeId, tail: bool) {
        self.begin(root);
        let mode = if tail { Mode::Tail } else { Mode::Value };
        self.emit_steps(vec![Step::Visit(root, mode)]);
    }

    /// Evaluates a part that was announced; its variables become terms.
    fn begin(&mut self, root: ShapeId) {
        if self.later.front() == Some(&root) {
            self.later.pop_front();
        }
        self.fetch_variables(root);
    }

    /// Evaluates a right side and joins it with what the left side did not cover.
    pub(super) fn evaluate_extended(&mut self, root: ShapeId, extension: Extension, tail: bool) {
        let (op, before, after) = match extension {
            Extension::None => return self.evaluate(root, tail),
            Extension::Rest { op, register } => (op, None, register),
            Extension::Around { op, before, after } => (op, Some(before), after),
            Extension::Covered { .. } => return self.evaluate(root, tail),
        };
        self.begin(root);
        let mut steps = Vec::new();
        steps.extend(before.map(|register| Step::Emit(Instruction::Push(register))));
        let facts = self.left.store.facts(op);
        // These look at the right side as a whole.
        let is_apart = facts.theory == Theory::Iterated
            || facts.left_identity != facts.right_identity
            || !self.operators[op.index()].stable;
        match self.left.shapes.at(root).clone() {
            _ if is_apart => steps.push(Step::Visit(root, Mode::Value)),
            Shape::Application {
                op: other,
                arguments,
            } if other == op => {
                steps.extend(arguments.iter().map(|&shape| self.argument(op, shape)));
            }
            _ => steps.push(self.argument(op, root)),
        }
        steps.push(Step::Emit(Instruction::Push(after)));
        let arity = steps.len() as u16;
        steps.push(Step::Emit(Instruction::Extend { op, arity, tail }));
        steps.reverse();
        self.emit_steps(steps);
    }

    /// How an argument of an operator is evaluated: a part of a collection under the operator of
    /// the collection is merged into the new one as it is.
    fn argument(&mut self, op: OpId, shape: ShapeId) -> Step {
        if let Shape::Variable(variable) = *self.left.shapes.at(shape)
            && self.left.unreduced_part(variable) == Some(op)
            && !self.may_be_kept(shape)
        {
            return Step::Emit(Instruction::Push(self.left.register(variable)));
        }
        Step::Visit(shape, Mode::Value)
    }

    /// Runs steps, the last first.
    fn emit_steps(&mut self, mut steps: Vec<Step>) {
        let mut choices: Vec<Choice> = Vec::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::Emit(instruction) => {
                    self.left.code.emit(instruction);
                }
                Step::Keep(shape) => {
                    let register = match self.kept.get(&shape) {
                        Some(kept) => kept.register,
                        None => self.left.new_register(),
                    };
                    self.left.code.emit(Instruction::Keep(register));
                    let made = Made::Yes;
                    self.kept.insert(shape, Kept { register, made });
                }
                Step::Visit(shape, mode) => self.visit(shape, mode, &mut steps, &mut choices),
                Step::Test(choice) => {
                    self.clear_perhaps(choice, &choices[choice].options, &steps);
                    choices[choice].start = self.kept.clone();
                    choices[choice].branch = self.left.code.emit(Instruction::Branch {
                        otherwise: 0,
                        stuck: 0,
                    });
                }
                Step::Otherwise(choice, mode) => {
                    self.next_option(&mut choices[choice], mode);
                    self.patch(choices[choice].branch, false);
                }
                Step::Stuck(choice, mode) => {
                    self.next_option(&mut choices[choice], mode);
                    self.patch(choices[choice].branch, true);
                }
                Step::End(choice) => {
                    let here = self.left.code.here();
                    for &jump in &choices[choice].jumps {
                        self.left.code.instructions[jump as usize] = Instruction::Jump(here);
                    }
                    for end in std::mem::take(&mut choices[choice].ends) {
                        self.join(&end);
                    }
                }
            }
        }
    }

    /// After an option: what was kept before it is what is kept before the next.
    fn next_option(&mut self, choice: &mut Choice, mode: Mode) {
        if mode != Mode::Tail {
            choice.jumps.push(self.left.code.emit(Instruction::Jump(0)));
        }
        let end = std::mem::replace(&mut self.kept, choice.start.clone());
        choice.ends.push(end);
    }

    fn patch(&mut self, branch: u32, to_stuck: bool) {
        let here = self.left.code.here();
        match &mut self.left.code.instructions[branch as usize] {
            Instruction::Branch { stuck, .. } if to_stuck => *stuck = here,
            Instruction::Branch { otherwise, .. } | Instruction::PushKept { otherwise, .. } => {
                *otherwise = here;
            }
            _ => unreachable!("a choice begins with a branch"),
        }
    }

    /// Visits what is to be evaluated unless it has been.
    fn visit(
        &mut self,
        shape: ShapeId,
        mode: Mode,
        steps: &mut Vec<Step>,
        choices: &mut Vec<Choice>,
    ) {
        let at_hand = match mode {
            Mode::Lazy => self.left.register_of_shape(shape),
            _ => self.at_hand(shape),
        };
        if let Some(register) = at_hand {
            self.left.code.emit(Instruction::Push(register));
            if mode == Mode::Tail {
                steps.push(Step::Emit(Instruction::Return));
            }
            return;
        }
        let kept = self.kept.get(&shape).copied();
        if mode == Mode::Value && (kept.is_some() || self.is_needed(shape, steps, None)) {
            steps.push(Step::Keep(shape));
        }
        if let Some(Kept {
            register,
            made: Made::Perhaps,
        }) = kept
            && mode != Mode::Lazy
        {
            let otherwise = 0;
            let instruction = Instruction::PushKept {
                register,
                otherwise,
            };
            let mut choice = Choice {
                branch: self.left.code.emit(instruction),
                start: self.kept.clone(),
                ..Choice::default()
            };
            if mode == Mode::Tail {
                self.left.code.emit(Instruction::Return);
            }
            let made = Made::Yes;
            self.kept.insert(shape, Kept { register, made });
            self.next_option(&mut choice, mode);
            self.patch(choice.branch, false);
            let at = match steps.last() {
                Some(Step::Keep(_)) if mode == Mode::Value => steps.len() - 1,
                _ => steps.len(),
            };
            steps.insert(at, Step::End(choices.len()));
            choices.push(choice);
        }
        self.evaluate_shape(shape, mode, steps, choices);
    }

    fn evaluate_shape(
        &mut self,
        shape: ShapeId,
        mode: Mode,
        steps: &mut Vec<Step>,
        choices: &mut Vec<Choice>,
    ) {
        let finish = |steps: &mut Vec<Step>| {
            if mode == Mode::Tail {
                steps.push(Step::Emit(Instruction::Return));
            }
        };
        match self.left.shapes.at(shape).clone() {
            Shape::Variable(variable) => {
                let instruction = self.push_variable(shape, variable, mode);
                self.left.code.emit(instruction);
                finish(steps);
            }
            Shape::Ground(term) => {
                let op = self.left.store.op(term);
                if mode.is_built() || self.left.store.is_normal(term) {
                    self.left.code.emit(Instruction::PushConstant(term));
                    return finish(steps);
                }
                if self.left.store.theory(op) == Theory::Literal {
                    // A literal that equations rewrite has words and no arguments.
                    self.left.code.emit(Instruction::PushConstant(term));
                    self.left.code.emit(Instruction::ReduceTop);
                    return finish(steps);
                }
                let terms = self.left.store.arguments(term).to_vec();
                let arguments: Vec<ShapeId> = terms
                    .into_iter()
                    .map(|term| self.left.shapes.ground(term))
                    .collect();
                match self.left.store.iterations(term) {
                    Some(count) => {
                        self.iterate(op, count.limbs(), arguments[0], mode, steps);
                    }
                    None => self.apply(op, &arguments, mode, steps, choices),
                }
            }
            Shape::Iterated {
                op,
                count,
                argument,
            } => self.iterate(op, count, argument, mode, steps),
            Shape::Application { op, arguments } => {
                self.apply(op, &arguments, mode, steps, choices);
            }
        }
    }

    fn push_variable(&mut self, shape: ShapeId, variable: VariableId, mode: Mode) -> Instruction {
        let register = self.left.register(variable);
        if self.is_unreduced(shape, variable) && !mode.is_built() {
            Instruction::PushReduced(register)
        } else {
            Instruction::Push(register)
        }
    }

    fn iterate(
        &mut self,
        op: OpId,
        count: Vec<u32>,
        argument: ShapeId,
        mode: Mode,
        steps: &mut Vec<Step>,
    ) {
        let counts = self.left.code.count(count);
        if mode == Mode::Tail {
            steps.push(Step::Emit(Instruction::Return));
        }
        let lazy = mode.is_built();
        steps.push(Step::Emit(Instruction::Iterate { op, counts, lazy }));
        let mode = if lazy { mode } else { Mode::Value };
        steps.push(Step::Visit(argument, mode));
    }

    fn apply(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        mode: Mode,
        steps: &mut Vec<Step>,
        choices: &mut Vec<Choice>,
    ) {
        let code = &self.operators[op.index()];
        let lazy = code.lazy_arguments;
        let is_lazy = |index: usize| index < 32 && lazy >> index & 1 == 1;
        if mode.is_built() {
            let arity = arguments.len() as u16;
            steps.push(Step::Emit(Instruction::Lazy { op, arity }));
            for (index, &argument) in arguments.iter().enumerate().rev() {
                let mode = if is_lazy(index) { Mode::Lazy } else { mode };
                steps.push(Step::Visit(argument, mode));
            }
            return;
        }
        if code.hook == Some(Hook::Branch) && self.observed.is_some() {
            // The whole term is made, so that it can be shown.
            if mode == Mode::Tail {
                steps.push(Step::Emit(Instruction::Return));
            }
            steps.push(Step::Emit(Instruction::ReduceTop));
            let arity = arguments.len() as u16;
            steps.push(Step::Emit(Instruction::Lazy { op, arity }));
            steps.extend(arguments.iter().rev().map(|&a| Step::Visit(a, Mode::Built)));
            return;
        }
        if code.hook == Some(Hook::Branch) {
            let stacked = self.left.code.arguments(&[Argument::Stack; 3]);
            return branch(op, stacked, arguments, mode, steps, choices);
        }
        let is_built = code.stable && self.left.store.theory(op) == Theory::Free;
        let mut from = Vec::with_capacity(arguments.len());
        let mut evaluations = Vec::new();
        for (index, &argument) in arguments.iter().enumerate() {
            let is_lazy = is_lazy(index);
            from.push(match self.argument_at_hand(op, argument, is_lazy) {
                Some(at_hand) => at_hand,
                None => {
                    evaluations.push(if is_lazy {
                        Step::Visit(argument, Mode::Lazy)
                    } else {
                        self.argument(op, argument)
                    });
                    Argument::Stack
                }
            });
        }
        let arguments = self.left.code.arguments(&from);
        steps.push(Step::Emit(match (mode == Mode::Tail, is_built) {
            (true, true) => Instruction::BuildResult { op, arguments },
            (false, true) => Instruction::Build { op, arguments },
            (true, false) => Instruction::Tail { op, arguments },
            (false, false) => Instruction::Call { op, arguments },
        }));
        steps.extend(evaluations.into_iter().rev());
    }

    /// Where the value of an argument is, if nothing is to be evaluated for it.
    fn argument_at_hand(&mut self, op: OpId, shape: ShapeId, is_lazy: bool) -> Option<Argument> {
        let at_hand = match is_lazy {
            true => self.left.register_of_shape(shape),
            false => self.at_hand(shape),
        };
        if let Some(register) = at_hand {
            return Some(Argument::Register(register));
        }
        match *self.left.shapes.at(shape) {
            Shape::Variable(variable) => {
                let is_part =
                    self.left.unreduced_part(variable) == Some(op) && !self.may_be_kept(shape);
                let mode = if is_lazy || is_part {
                    Mode::Lazy
                } else {
                    Mode::Value
                };
                match self.push_variable(shape, variable, mode) {
                    Instruction::Push(register) => Some(Argument::Register(register)),
                    _ => None,
                }
            }
            Shape::Ground(term) if is_lazy || self.left.store.is_normal(term) => {
                Some(Argument::Constant(term))
            }
            _ => None,
        }
    }
}

/// A choice: the condition, one option or the other; both if the condition is stuck.
fn branch(
    op: OpId,
    stacked: Arguments,
    arguments: &[ShapeId],
    mode: Mode,
    steps: &mut Vec<Step>,
    choices: &mut Vec<Choice>,
) {
    let choice = choices.len();
    choices.push(Choice {
        options: arguments[1..].to_vec(),
        ..Choice::default()
    });
    let (condition, then, otherwise) = (arguments[0], arguments[1], arguments[2]);
    let option = match mode {
        Mode::Tail => Mode::Tail,
        _ => Mode::Option,
    };
    let last = if mode == Mode::Tail {
        Instruction::Tail {
            op,
            arguments: stacked,
        }
    } else {
        Instruction::Call {
            op,
            arguments: stacked,
        }
    };
    let mut forward = vec![
        Step::Visit(condition, Mode::Value),
        Step::Test(choice),
        Step::Visit(then, option),
        Step::Otherwise(choice, mode),
        Step::Visit(otherwise, option),
        Step::Stuck(choice, mode),
        Step::Visit(then, Mode::Built),
        Step::Emit(Instruction::ReduceTop),
        Step::Visit(otherwise, Mode::Built),
        Step::Emit(Instruction::ReduceTop),
        Step::Emit(last),
        Step::End(choice),
    ];
    forward.reverse();
    steps.extend(forward);
}
