//! From right sides and conditions to instructions.
//!
//! The one idea: a right side is a program that evaluates its subterms from the inside out and
//! never builds a term that an equation would take apart at once: the arguments of a call wait on
//! the value stack, where the callee's patterns find them as its first registers. The last call of
//! a right side replaces the activation of its caller, so iteration runs in constant space.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::compile::OperatorCode;
use crate::builtin::Hook;
use crate::matching::{
    Argument, Arguments, Extension, Instruction, LeftCompiler, Register, Shape, ShapeId,
};
use crate::pattern::{Pattern, VariableId};
use crate::signature::OpId;
use crate::statement::Fragment;
use crate::term::Theory;

/// Compiles evaluations after (and between) the patterns of a statement.
pub(super) struct RightCompiler<'a, 'b> {
    pub(super) left: &'b mut LeftCompiler<'a>,
    pub(super) operators: &'b [OperatorCode],
    /// Variables whose values may be unreduced.
    pub(super) lazy_variables: Vec<bool>,
}

/// How a subterm is to be evaluated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Its value is pushed.
    Value,
    /// Its value is returned.
    Tail,
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

#[derive(Clone, Copy, Default)]
struct Choice {
    branch: u32,
    jumps: [Option<u32>; 2],
}

impl RightCompiler<'_, '_> {
    /// Solves the fragments of a condition one after the other.
    pub(super) fn condition(&mut self, condition: &[Fragment]) {
        for fragment in condition {
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
        }
    }

    fn match_pattern(&mut self, pattern: &Pattern, register: Register) {
        let shape = self.left.shapes.normalize(self.left.store, pattern);
        self.left.match_register(shape, register, false);
    }

    fn equality(&mut self, left: &Pattern, right: &Pattern) {
        let expected = self.left.shapes.normalize(self.left.store, right);
        self.evaluate_pattern(left);
        match *self.left.shapes.at(expected) {
            Shape::Ground(term) if self.left.store.is_normal(term) => {
                self.left.code.emit(Instruction::Expect(term));
            }
            _ => {
                self.evaluate(expected, false);
                self.left.code.emit(Instruction::ExpectEqual);
            }
        }
    }

    fn evaluate_pattern(&mut self, pattern: &Pattern) {
        let shape = self.left.shapes.normalize(self.left.store, pattern);
        self.evaluate(shape, false);
    }

    /// Makes the terms of all variables that occur in a shape.
    pub(super) fn fetch_variables(&mut self, root: ShapeId) {
        let mut pending = vec![root];
        let mut seen: Vec<ShapeId> = Vec::new();
        while let Some(shape) = pending.pop() {
            if seen.contains(&shape) || self.left.register_of_shape(shape).is_some() {
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
        self.fetch_variables(root);
        let mode = if tail { Mode::Tail } else { Mode::Value };
        let repeated = self.repeated(root);
        self.emit_steps(vec![Step::Visit(root, mode)], &repeated);
    }

    /// Evaluates a right side and joins it with what the left side did not cover.
    pub(super) fn evaluate_extended(&mut self, root: ShapeId, extension: Extension, tail: bool) {
        let (op, before, after) = match extension {
            Extension::None => return self.evaluate(root, tail),
            Extension::Rest { op, register } => (op, None, register),
            Extension::Around { op, before, after } => (op, Some(before), after),
            Extension::Covered { .. } => return self.evaluate(root, tail),
        };
        self.fetch_variables(root);
        let repeated = self.repeated(root);
        let mut steps = Vec::new();
        steps.extend(before.map(|register| Step::Emit(Instruction::Push(register))));
        let facts = self.left.store.facts(op);
        // These look at the right side as a whole.
        let is_apart =
            facts.theory == Theory::Iterated || facts.left_identity != facts.right_identity;
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
        self.emit_steps(steps, &repeated);
    }

    /// How an argument of an operator is evaluated: a part of a collection under the operator of
    /// the collection is merged into the new one as it is.
    fn argument(&mut self, op: OpId, shape: ShapeId) -> Step {
        if let Shape::Variable(variable) = *self.left.shapes.at(shape)
            && self.left.unreduced_part(variable) == Some(op)
        {
            return Step::Emit(Instruction::Push(self.left.register(variable)));
        }
        Step::Visit(shape, Mode::Value)
    }

    /// What is evaluated and occurs more than once; it is evaluated once. None where some
    /// occurrence may never be evaluated.
    fn repeated(&mut self, root: ShapeId) -> HashMap<ShapeId, bool, FxBuildHasher> {
        let mut seen: HashMap<ShapeId, bool, FxBuildHasher> = HashMap::default();
        let mut pending = vec![root];
        while let Some(shape) = pending.pop() {
            if self.left.register_of_shape(shape).is_some() {
                continue;
            }
            let (op, arguments) = match self.left.shapes.at(shape).clone() {
                Shape::Application { op, arguments } => (op, arguments),
                Shape::Ground(term) if !self.left.store.is_normal(term) => {
                    let terms = self.left.store.arguments(term).to_vec();
                    let shapes = terms.into_iter().map(|term| self.left.shapes.ground(term));
                    (self.left.store.op(term), shapes.collect())
                }
                Shape::Iterated { argument, .. } => {
                    pending.push(argument);
                    continue;
                }
                // A part of a collection, which is reduced when it is used.
                Shape::Variable(variable) if self.left.unreduced_part(variable).is_some() => {
                    let known = seen.contains_key(&shape);
                    seen.insert(shape, known);
                    continue;
                }
                _ => continue,
            };
            if self.is_lazy(op) {
                return HashMap::default();
            }
            if let Some(repeated) = seen.get_mut(&shape) {
                *repeated = true;
                continue;
            }
            seen.insert(shape, false);
            pending.extend(arguments);
        }
        seen
    }

    fn is_lazy(&self, op: OpId) -> bool {
        let code = &self.operators[op.index()];
        code.hook == Some(Hook::Branch) || code.lazy_arguments != 0
    }

    /// Runs steps, the last first.
    fn emit_steps(
        &mut self,
        mut steps: Vec<Step>,
        repeated: &HashMap<ShapeId, bool, FxBuildHasher>,
    ) {
        let mut choices: Vec<Choice> = Vec::new();
        let mut kept: Vec<ShapeId> = Vec::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::Emit(instruction) => {
                    self.left.code.emit(instruction);
                }
                Step::Keep(shape) => {
                    let register = self.left.new_register();
                    self.left.code.emit(Instruction::Keep(register));
                    self.left.set_register_of_shape(shape, register);
                    kept.push(shape);
                }
                Step::Visit(shape, mode) => {
                    if repeated.get(&shape) == Some(&true)
                        && mode == Mode::Value
                        && self.left.register_of_shape(shape).is_none()
                    {
                        steps.push(Step::Keep(shape));
                    }
                    self.visit(shape, mode, &mut steps, &mut choices);
                }
                Step::Test(choice) => {
                    choices[choice].branch = self.left.code.emit(Instruction::Branch {
                        otherwise: 0,
                        stuck: 0,
                    });
                }
                Step::Otherwise(choice, mode) => {
                    let jump = self.jump_unless_tail(mode);
                    choices[choice].jumps[0] = jump;
                    self.patch(choices[choice].branch, false);
                }
                Step::Stuck(choice, mode) => {
                    let jump = self.jump_unless_tail(mode);
                    choices[choice].jumps[1] = jump;
                    self.patch(choices[choice].branch, true);
                }
                Step::End(choice) => {
                    let here = self.left.code.here();
                    for jump in choices[choice].jumps.into_iter().flatten() {
                        self.left.code.instructions[jump as usize] = Instruction::Jump(here);
                    }
                }
            }
        }
        for shape in kept {
            self.left.forget_register_of_shape(shape);
        }
    }

    fn jump_unless_tail(&mut self, mode: Mode) -> Option<u32> {
        (mode != Mode::Tail).then(|| self.left.code.emit(Instruction::Jump(0)))
    }

    fn patch(&mut self, branch: u32, to_stuck: bool) {
        let here = self.left.code.here();
        if let Instruction::Branch { otherwise, stuck } =
            &mut self.left.code.instructions[branch as usize]
        {
            *(if to_stuck { stuck } else { otherwise }) = here;
        }
    }

    fn visit(
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
        if let Some(register) = self.left.register_of_shape(shape) {
            self.left.code.emit(Instruction::Push(register));
            return finish(steps);
        }
        match self.left.shapes.at(shape).clone() {
            Shape::Variable(variable) => {
                let instruction = self.push_variable(variable, mode);
                self.left.code.emit(instruction);
                finish(steps);
            }
            Shape::Ground(term) => {
                let op = self.left.store.op(term);
                if mode == Mode::Lazy || self.left.store.is_normal(term) {
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

    fn push_variable(&mut self, variable: VariableId, mode: Mode) -> Instruction {
        let register = self.left.register(variable);
        let unreduced =
            self.lazy_variables[variable.index()] || self.left.unreduced_part(variable).is_some();
        if unreduced && mode != Mode::Lazy {
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
        let lazy = mode == Mode::Lazy;
        steps.push(Step::Emit(Instruction::Iterate { op, counts, lazy }));
        let mode = if lazy { Mode::Lazy } else { Mode::Value };
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
        if mode == Mode::Lazy {
            let arity = arguments.len() as u16;
            steps.push(Step::Emit(Instruction::Lazy { op, arity }));
            steps.extend(arguments.iter().rev().map(|&a| Step::Visit(a, Mode::Lazy)));
            return;
        }
        if code.hook == Some(Hook::Branch) {
            let stacked = self.left.code.arguments(&[Argument::Stack; 3]);
            return branch(op, stacked, arguments, mode, steps, choices);
        }
        let is_built = code.stable && self.left.store.theory(op) == Theory::Free;
        let lazy = code.lazy_arguments;
        let mut from = Vec::with_capacity(arguments.len());
        let mut evaluations = Vec::new();
        for (index, &argument) in arguments.iter().enumerate() {
            let is_lazy = index < 32 && lazy >> index & 1 == 1;
            from.push(match self.at_hand(op, argument, is_lazy) {
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
    fn at_hand(&mut self, op: OpId, shape: ShapeId, is_lazy: bool) -> Option<Argument> {
        if let Some(register) = self.left.register_of_shape(shape) {
            return Some(Argument::Register(register));
        }
        match *self.left.shapes.at(shape) {
            Shape::Variable(variable) => {
                let is_part = self.left.unreduced_part(variable) == Some(op);
                let mode = if is_lazy || is_part {
                    Mode::Lazy
                } else {
                    Mode::Value
                };
                match self.push_variable(variable, mode) {
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
    choices.push(Choice::default());
    let (condition, then, otherwise) = (arguments[0], arguments[1], arguments[2]);
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
        Step::Visit(then, mode),
        Step::Otherwise(choice, mode),
        Step::Visit(otherwise, mode),
        Step::Stuck(choice, mode),
        Step::Visit(then, Mode::Lazy),
        Step::Emit(Instruction::ReduceTop),
        Step::Visit(otherwise, Mode::Lazy),
        Step::Emit(Instruction::ReduceTop),
        Step::Emit(last),
        Step::End(choice),
    ];
    forward.reverse();
    steps.extend(forward);
}
