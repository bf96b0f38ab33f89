//! Statements as terms: an operation with operands, or control.

use std::sync::Arc;

use super::{Lowering, Node, NodeId, Operator};
use crate::rules::Resolution;
use crate::source::Span;
use crate::syntax::ast::{
    Branch, ExprId, ExpressionKind, FunctionId, Name, Statement, StatementKind,
};
use crate::types::VariableId;
use crate::vocabulary::Collection;

impl Lowering<'_> {
    /// The parameters, variables and block of a function, handler or case.
    pub(super) fn body(&mut self, id: FunctionId) -> [NodeId; 3] {
        let ast = self.ast;
        let info = self.symbols.function(id);
        let parameters = self.variables(&info.parameters);
        let locals = self.variables(&info.locals);
        let statements = ast
            .function(id)
            .body
            .as_ref()
            .map_or(&[][..], |body| &body.statements);
        [parameters, locals, self.block(statements)]
    }

    pub(super) fn variables(&mut self, ids: &[VariableId]) -> NodeId {
        let mut terms = Vec::new();
        for id in ids {
            let name = self.variable_name(*id);
            let name = self.quoted(&name);
            let kind = self.type_term(self.symbols.variable(*id).kind);
            terms.push(self.apply(Operator::Variable, [name, kind]));
        }
        self.collect(Collection::VARIABLES, terms)
    }

    pub(super) fn variable_name(&self, id: VariableId) -> Arc<str> {
        self.renamed
            .get(&id)
            .unwrap_or(&self.symbols.variable(id).name.text)
            .clone()
    }

    fn block(&mut self, statements: &[Statement]) -> NodeId {
        let mut terms = Vec::new();
        self.add_statements(statements, &mut terms);
        self.collect(Collection::STATEMENTS, terms)
    }

    /// A block in a block is its statements: names are per function, not per block.
    fn add_statements(&mut self, statements: &[Statement], terms: &mut Vec<NodeId>) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Block(inner) => self.add_statements(inner, terms),
                _ => terms.push(self.statement(statement)),
            }
        }
    }

    fn block_of(&mut self, statement: &Statement) -> NodeId {
        self.block(std::slice::from_ref(statement))
    }

    fn operation(&mut self, operation: NodeId, operands: &[ExprId], span: Span) -> NodeId {
        let operands = self.operands(operands);
        let position = self.position(span);
        self.apply(Operator::Do, [operation, operands, position])
    }

    fn plain(&mut self, operator: Operator, operands: &[ExprId], span: Span) -> NodeId {
        let operation = self.constant(operator);
        self.operation(operation, operands, span)
    }

    /// Recursion is bounded by the nesting that the parser allows.
    fn statement(&mut self, statement: &Statement) -> NodeId {
        use StatementKind as K;
        let span = statement.span;
        match &statement.kind {
            K::Block(_) => unreachable!("blocks are dissolved"),
            K::Assert(condition, message) => {
                self.checked_condition(Operator::Assert, *condition, *message, span)
            }
            K::Assume(condition, message) => {
                self.checked_condition(Operator::Assume, *condition, *message, span)
            }
            K::Print(message) => self.plain(Operator::Print, &[*message], span),
            K::Return(value) => self.plain(Operator::Return, value.as_slice(), span),
            K::Break => {
                let position = self.position(span);
                self.apply(Operator::Break, [position])
            }
            K::Continue => {
                let position = self.position(span);
                self.apply(Operator::Continue, [position])
            }
            K::Assign(target, value) => self.change(Operator::Assign, *target, &[*value], span),
            K::Insert(target, key, value) => {
                self.change(Operator::Insert, *target, &[*key, *value], span)
            }
            K::Add(target, value) => self.change(Operator::AddTo, *target, &[*value], span),
            K::Remove(target, value) => self.change(Operator::Remove, *target, &[*value], span),
            K::While(condition, body) => {
                let condition = self.expression(*condition);
                let body = self.block_of(body);
                let position = self.position(span);
                self.apply(Operator::While, [condition, body, position])
            }
            K::Foreach(foreach) => {
                let variable = self.expression(foreach.variable);
                let body = self.block_of(&foreach.body);
                let operation = self.apply(Operator::Foreach, [variable, body]);
                self.operation(operation, &[foreach.collection], span)
            }
            K::If(branches, otherwise) => self.branches(branches, otherwise.as_deref()),
            K::Evaluate(call) => self.plain(Operator::Discard, &[*call], span),
            K::Raise(event, arguments) => {
                let operands = [&[*event], arguments.as_slice()].concat();
                self.plain(Operator::Raise, &operands, span)
            }
            K::Send(target, event, arguments) => {
                let operands = [&[*target, *event], arguments.as_slice()].concat();
                self.plain(Operator::Send, &operands, span)
            }
            K::Announce(event, arguments) => {
                let operands = [&[*event], arguments.as_slice()].concat();
                self.plain(Operator::Announce, &operands, span)
            }
            K::Goto(state, arguments) => {
                let state = self.quoted(&state.text);
                let operation = self.apply(Operator::Goto, [state]);
                self.operation(operation, arguments, span)
            }
            K::Receive(cases) => self.receive(cases, span),
        }
    }

    fn checked_condition(
        &mut self,
        operator: Operator,
        condition: ExprId,
        message: Option<ExprId>,
        span: Span,
    ) -> NodeId {
        let message = self.operands(message.as_slice());
        let operation = self.apply(operator, [message]);
        self.operation(operation, &[condition], span)
    }

    /// `else if` is an `if` in the `else` of the one before it: the last comes first here.
    fn branches(&mut self, branches: &[Branch], otherwise: Option<&Statement>) -> NodeId {
        let mut rest = match otherwise {
            Some(statement) => self.block_of(statement),
            None => self.collect(Collection::STATEMENTS, Vec::new()),
        };
        for branch in branches.iter().rev() {
            let body = self.block_of(&branch.body);
            let operation = self.apply(Operator::If, [body, rest]);
            rest = self.operation(operation, &[branch.condition], branch.span);
        }
        rest
    }

    /// An operation on a place. Its operands are the indices on the way to the place,
    /// then `values`.
    fn change(
        &mut self,
        operator: Operator,
        target: ExprId,
        values: &[ExprId],
        span: Span,
    ) -> NodeId {
        let ast = self.ast;
        let mut steps = Vec::new();
        let mut operands = Vec::new();
        let mut base = target;
        loop {
            match &ast.expression(base).kind {
                ExpressionKind::Field(inner, field) => {
                    let field = self.quoted(&field.text);
                    steps.push(self.apply(Operator::Dot, [field]));
                    base = *inner;
                }
                ExpressionKind::Position(inner, position) => {
                    let position = self.push(Node::Int((*position).into()));
                    steps.push(self.apply(Operator::Slot, [position]));
                    base = *inner;
                }
                ExpressionKind::Index(inner, index) => {
                    steps.push(self.constant(Operator::At));
                    operands.push(*index);
                    base = *inner;
                }
                _ => break,
            }
        }
        steps.reverse();
        operands.reverse();
        operands.extend(values);
        let Some(Resolution::Variable(variable)) = self.checked.resolution(base) else {
            unreachable!("the rules allow assignments to variables only")
        };
        let variable = self.variable(variable);
        let path = self.collect(Collection::STEPS, steps);
        let place = self.apply(Operator::Place, [variable, path]);
        let operation = self.apply(operator, [place]);
        self.operation(operation, &operands, span)
    }

    fn receive(&mut self, cases: &[(Vec<Name>, FunctionId)], span: Span) -> NodeId {
        let mut terms = Vec::new();
        for (events, case) in cases {
            self.rename_hiding(*case);
            let [parameters, locals, block] = self.body(*case);
            for event in events {
                let event = self.quoted(&event.text);
                terms.push(self.apply(Operator::Case, [event, parameters, locals, block]));
            }
        }
        let cases = self.collect(Collection::CASES, terms);
        let position = self.position(span);
        self.apply(Operator::Receive, [cases, position])
    }

    /// Gives new names to variables of a case that would hide one of the code around it.
    fn rename_hiding(&mut self, case: FunctionId) {
        let symbols = self.symbols;
        let own = |id: FunctionId| {
            let info = symbols.function(id);
            info.parameters.iter().chain(&info.locals).copied()
        };
        let parent = |id: &FunctionId| symbols.function(*id).parent;
        let around = std::iter::successors(parent(&case), parent);
        let taken: Vec<Arc<str>> = around
            .flat_map(own)
            .map(|id| self.variable_name(id))
            .collect();
        for id in own(case) {
            let name = &symbols.variable(id).name.text;
            // P's names have no hyphen, so this is nobody's name.
            let mut fresh = name.clone();
            let mut number = 2;
            while taken.contains(&fresh) {
                fresh = format!("{name}-{number}").into();
                number += 1;
            }
            if fresh != *name {
                self.renamed.insert(id, fresh);
            }
        }
    }
}
