//! Code for statements whose left side is matched piece by piece, each piece in a register.
//!
//! The one idea: the caller has found which terms the pieces of a left side may match; the code only
//! takes them apart, solves the condition, and leaves the pieces of the right side, each reduced, on
//! top of the value stack. No collection is searched and none is put together.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::compile::{Enumeration, Program, emit_application, registers_of};
use super::machine::{Event, Host, Machine};
use super::right::RightCompiler;
use super::{Budget, Reason, Reducer};
use crate::matching::{Instruction, LeftCompiler, Register, ShapeId, Shapes};
use crate::module::StatementId;
use crate::pattern::{Variable, VariableId};
use crate::statement::{Body, Statement};
use crate::term::TermId;

/// A piece of a left side.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece {
    Shape(ShapeId),
    /// What the register holds is the value of the variable, whatever its sort.
    Value(VariableId),
}

/// A program that matches pieces.
#[derive(Clone, Debug)]
pub(crate) struct Pieces {
    enumeration: Enumeration,
    n_outputs: usize,
    /// Its parts evaluate something together: apart they would count its rewrites several times.
    pub(crate) has_shared_rewrites: bool,
}

impl Program {
    /// Compiles a statement whose left side consists of these pieces and whose right side of these
    /// outputs.
    pub(crate) fn compile_pieces(
        &mut self,
        store: &mut crate::term::Store,
        statement: &Statement,
        id: StatementId,
        shapes: &Shapes,
        pieces: &[Piece],
        outputs: &[ShapeId],
    ) -> Pieces {
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, &statement.variables);
        compiler.shapes = shapes.clone();
        compiler.match_pieces(pieces);
        if matches!(statement.body, Body::Rule { .. }) {
            compiler.forget_matched(|op| self.operators[op.index()].stable);
        }
        let mut body = RightCompiler::new(
            &mut compiler,
            &self.operators,
            BTreeSet::new(),
            &statement.condition,
            outputs,
        );
        let has_shared_rewrites = body.has_shared_rewrites(outputs.len());
        body.condition(&statement.condition);
        for &output in outputs {
            body.fetch_variables(output);
        }
        let variables = registers_of(body.left, statement.variables.len());
        emit_application(body.left, Instruction::Solution(id), statement);
        for &output in outputs {
            body.evaluate(output, false);
        }
        body.left.code.emit(Instruction::Yield);
        let allocation = compiler.allocation;
        Pieces {
            enumeration: self.enumeration(id, address, allocation, variables),
            n_outputs: outputs.len(),
            has_shared_rewrites,
        }
    }

    /// Compiles one pattern; its outputs are the values of some of its variables.
    pub(crate) fn compile_probe(
        &mut self,
        store: &mut crate::term::Store,
        variables: &[Variable],
        shapes: &Shapes,
        shape: ShapeId,
        wanted: &[VariableId],
    ) -> Pieces {
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, variables);
        compiler.shapes = shapes.clone();
        compiler.match_pieces(&[Piece::Shape(shape)]);
        push_values(&mut compiler, wanted);
        let allocation = compiler.allocation;
        Pieces {
            enumeration: self.enumeration(StatementId(u32::MAX), address, allocation, Vec::new()),
            n_outputs: wanted.len(),
            has_shared_rewrites: false,
        }
    }

    /// Compiles the condition of a statement, given the values of variables; its outputs are the
    /// values of others.
    pub(crate) fn compile_condition(
        &mut self,
        store: &mut crate::term::Store,
        statement: &Statement,
        shapes: &Shapes,
        pieces: &[Piece],
        wanted: &[VariableId],
    ) -> Pieces {
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, &statement.variables);
        compiler.shapes = shapes.clone();
        compiler.match_pieces(pieces);
        let mut body = RightCompiler::new(
            &mut compiler,
            &self.operators,
            BTreeSet::new(),
            &statement.condition,
            &[],
        );
        body.condition(&statement.condition);
        push_values(&mut compiler, wanted);
        let allocation = compiler.allocation;
        Pieces {
            enumeration: self.enumeration(StatementId(u32::MAX), address, allocation, Vec::new()),
            n_outputs: wanted.len(),
            has_shared_rewrites: false,
        }
    }

    /// Compiles one output of a statement, given the values of its variables.
    pub(crate) fn compile_output(
        &mut self,
        store: &mut crate::term::Store,
        statement: &Statement,
        shapes: &Shapes,
        pieces: &[Piece],
        output: ShapeId,
    ) -> Pieces {
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, &statement.variables);
        compiler.shapes = shapes.clone();
        compiler.match_pieces(pieces);
        let mut body = RightCompiler::new(
            &mut compiler,
            &self.operators,
            BTreeSet::new(),
            &[],
            &[output],
        );
        body.evaluate(output, false);
        body.left.code.emit(Instruction::Yield);
        let allocation = compiler.allocation;
        Pieces {
            enumeration: self.enumeration(StatementId(u32::MAX), address, allocation, Vec::new()),
            n_outputs: 1,
            has_shared_rewrites: false,
        }
    }
}

/// Pushes the values of variables and stops.
fn push_values(compiler: &mut LeftCompiler<'_>, wanted: &[VariableId]) {
    let registers: Vec<Register> = wanted.iter().map(|&v| compiler.register(v)).collect();
    for register in registers {
        compiler.code.emit(Instruction::Push(register));
    }
    compiler.code.emit(Instruction::Yield);
}

impl LeftCompiler<'_> {
    /// Matches pieces with the first registers.
    fn match_pieces(&mut self, pieces: &[Piece]) {
        self.allocation.registers = pieces.len() as u16;
        for (register, piece) in pieces.iter().enumerate() {
            let register = register as Register;
            match *piece {
                Piece::Shape(_) => {}
                Piece::Value(variable) => self.bind_register(variable, register),
            }
        }
        for (register, piece) in pieces.iter().enumerate() {
            if let Piece::Shape(shape) = *piece {
                self.match_register(shape, register as Register, false);
            }
        }
    }
}

/// Told of a solution: its outputs and the rewrites since the one before.
pub(crate) type FoundPieces<'a> = dyn FnMut(&mut Reducer, &[TermId], u64) -> ControlFlow<()> + 'a;

impl Reducer {
    /// Calls `found` for each solution of pieces, with the interned outputs and the rewrites since
    /// the solution before; gives the rewrites after the last.
    pub(crate) fn solve_pieces(
        &mut self,
        code: &Pieces,
        inputs: &[TermId],
        found: &mut FoundPieces<'_>,
    ) -> Result<u64, Reason> {
        let suspension = self.machine.suspend();
        let mut budget = Budget::new(&self.limits);
        let mut before = self.machine.n_rewrites;
        budget.start(before);
        let n_registers = code.enumeration.allocation.registers;
        let mut started = false;
        let mut outputs: smallvec::SmallVec<[TermId; 8]> = smallvec::SmallVec::new();
        loop {
            let (machine, mut host) = self.running(&mut budget);
            let event = if started {
                machine.resume(&mut host, n_registers)?
            } else {
                machine.start_pieces(&mut host, code, inputs)?
            };
            started = true;
            if event != Event::Solution {
                break;
            }
            outputs.clear();
            outputs.extend_from_slice(self.machine.on_top(code.n_outputs));
            for output in &mut outputs {
                *output = self.store.promote(*output);
            }
            if self.store.is_exhausted() {
                return Err(Reason::Memory);
            }
            let n_rewrites = self.machine.n_rewrites - before;
            before = self.machine.n_rewrites;
            budget.start(before);
            if found(self, &outputs, n_rewrites).is_break() {
                break;
            }
        }
        self.machine.restore(suspension);
        Ok(self.machine.n_rewrites - before)
    }
}

impl Machine {
    fn start_pieces(
        &mut self,
        host: &mut Host<'_>,
        code: &Pieces,
        inputs: &[TermId],
    ) -> Result<Event, Reason> {
        self.start_with(host, code.enumeration.entry(), inputs)
    }

    /// The values on top of the stack.
    fn on_top(&self, count: usize) -> &[TermId] {
        &self.values[self.values.len() - count..]
    }
}
