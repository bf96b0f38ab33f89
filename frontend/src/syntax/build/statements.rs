//! Statements and bodies.

use pest::iterators::Pair;

use super::{Build, Builder, Children};
use crate::syntax::ast::{
    Body, Branch, ExprId, ExpressionKind, Foreach, Function, FunctionId, Statement, StatementKind,
};
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    pub(super) fn body(&mut self, pair: Pair<'_, Rule>) -> Build<Body> {
        let mut children = Children::of(pair);
        let mut variables = Vec::new();
        while let Some(pair) = children.take_if(Rule::variable_declaration) {
            variables.push(self.variables(pair)?);
        }
        Ok(Body {
            variables,
            statements: self.statements(children)?,
        })
    }

    /// `(x: T) { .. }` or `{ .. }`, as a function without a name.
    pub(super) fn inline_handler(&mut self, pair: Pair<'_, Rule>) -> Build<FunctionId> {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let parameters = match children.take_if(Rule::parameter) {
            Some(parameter) => vec![self.parameter(parameter)?],
            None => Vec::new(),
        };
        let body = Some(self.body(children.take(Rule::body))?);
        Ok(self.ast.add_function(Function {
            name: None,
            parameters,
            result: None,
            body,
            creates: None,
            contract: Vec::new(),
            result_name: None,
            is_pure: false,
            span,
        }))
    }

    fn statements(&mut self, children: Children<'_>) -> Build<Vec<Statement>> {
        children
            .all(Rule::statement)
            .map(|pair| self.statement(pair))
            .collect()
    }

    fn statement(&mut self, pair: Pair<'_, Rule>) -> Build<Statement> {
        self.nested(pair, |builder, pair| {
            let inner = Children::of(pair).take_any();
            let span = builder.trimmed(&inner);
            Ok(Statement {
                kind: builder.statement_kind(inner)?,
                span,
            })
        })
    }

    fn statement_kind(&mut self, inner: Pair<'_, Rule>) -> Build<StatementKind> {
        use StatementKind as K;
        let rule = inner.as_rule();
        let span = self.span(&inner);
        let mut children = Children::of(inner);
        Ok(match rule {
            Rule::block => K::Block(self.statements(children)?),
            Rule::empty_statement => K::Block(Vec::new()),
            Rule::assert_statement | Rule::assume_statement => {
                let condition = self.operand(&mut children)?;
                let message = match children.take_if(Rule::expression) {
                    Some(message) => Some(self.expression(message)?),
                    None => None,
                };
                match rule {
                    Rule::assert_statement => K::Assert(condition, message),
                    _ => K::Assume(condition, message),
                }
            }
            Rule::print_statement => K::Print(self.operand(&mut children)?),
            Rule::return_statement => K::Return(match children.take_if(Rule::expression) {
                Some(value) => Some(self.expression(value)?),
                None => None,
            }),
            Rule::break_statement => K::Break,
            Rule::continue_statement => K::Continue,
            Rule::while_statement => {
                let condition = self.operand(&mut children)?;
                K::While(
                    condition,
                    Box::new(self.statement(children.take(Rule::statement))?),
                )
            }
            Rule::foreach_statement => K::Foreach(self.foreach(children)?),
            Rule::if_statement => self.if_statement(children)?,
            Rule::new_statement => {
                let mut children = Children::of(children.take(Rule::new_expression));
                let name = children.take(Rule::identifier);
                let arguments = children.take(Rule::arguments);
                K::Evaluate(self.effect(span, name, arguments, ExpressionKind::New)?)
            }
            Rule::raise_statement => {
                let event = self.operand(&mut children)?;
                K::Raise(
                    event,
                    self.expressions(children.take_if(Rule::expressions))?,
                )
            }
            Rule::announce_statement => {
                let event = self.operand(&mut children)?;
                K::Announce(
                    event,
                    self.expressions(children.take_if(Rule::expressions))?,
                )
            }
            Rule::send_statement => {
                let target = self.operand(&mut children)?;
                let event = self.operand(&mut children)?;
                K::Send(
                    target,
                    event,
                    self.expressions(children.take_if(Rule::expressions))?,
                )
            }
            Rule::goto_statement => {
                let state = self.name(children.take(Rule::identifier));
                K::Goto(
                    state,
                    self.expressions(children.take_if(Rule::expressions))?,
                )
            }
            Rule::receive_statement => K::Receive(self.cases(children)?),
            Rule::named_statement => return self.named_statement(children),
            rule => unreachable!("{rule:?} is no statement"),
        })
    }

    fn operand(&mut self, children: &mut Children<'_>) -> Build<ExprId> {
        self.expression(children.take(Rule::expression))
    }

    fn foreach(&mut self, mut children: Children<'_>) -> Build<Foreach> {
        let variable = self.name_expression(children.take(Rule::identifier));
        let collection = self.operand(&mut children)?;
        let mut invariants = Vec::new();
        while let Some(invariant) = children.take_if(Rule::loop_invariant) {
            invariants.push(self.operand(&mut Children::of(invariant))?);
        }
        let body = Box::new(self.statement(children.take(Rule::statement))?);
        Ok(Foreach {
            variable,
            collection,
            invariants,
            body,
        })
    }

    fn if_statement(&mut self, mut children: Children<'_>) -> Build<StatementKind> {
        let mut branches = Vec::new();
        while let Some(branch) = children.take_if(Rule::branch) {
            let span = self.trimmed(&branch);
            let mut children = Children::of(branch);
            let condition = self.operand(&mut Children::of(children.take(Rule::condition)))?;
            let body = self.statement(children.take(Rule::statement))?;
            branches.push(Branch {
                condition,
                body,
                span,
            });
        }
        let otherwise = match children.take_if(Rule::else_branch) {
            Some(branch) => Some(Box::new(
                self.statement(Children::of(branch).take(Rule::statement))?,
            )),
            None => None,
        };
        Ok(StatementKind::If(branches, otherwise))
    }

    fn cases(&mut self, children: Children<'_>) -> Build<Vec<(Vec<super::Name>, FunctionId)>> {
        let mut cases = Vec::new();
        for case in children.all(Rule::receive_case) {
            let mut children = Children::of(case);
            let events = self.names(children.take(Rule::triggers));
            cases.push((events, self.inline_handler(children.take(Rule::handler))?));
        }
        Ok(cases)
    }

    /// A call or an assignment: both begin with a name.
    fn named_statement(&mut self, mut children: Children<'_>) -> Build<StatementKind> {
        let name = children.take(Rule::identifier);
        if let Some(arguments) = children.take_if(Rule::arguments) {
            let span = self.span(&name).to(self.trimmed(&arguments));
            let call = self.effect(span, name, arguments, ExpressionKind::Call)?;
            return Ok(StatementKind::Evaluate(call));
        }
        let mut target = self.name_expression(name);
        while let Some(step) = children.take_if(Rule::place_step) {
            target = self.postfix(target, Children::of(step).take_any())?;
        }
        let change = children.take_any();
        let rule = change.as_rule();
        let mut children = Children::of(change);
        let first = self.operand(&mut children)?;
        let second = match children.take_if(Rule::expression) {
            Some(second) => Some(self.expression(second)?),
            None => None,
        };
        Ok(match (rule, second) {
            (Rule::store, _) => StatementKind::Assign(target, first),
            (Rule::removal, _) => StatementKind::Remove(target, first),
            (_, Some(second)) => StatementKind::Insert(target, first, second),
            (_, None) => StatementKind::Add(target, first),
        })
    }
}
