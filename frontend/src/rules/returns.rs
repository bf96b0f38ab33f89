//! Functions with a result must return one on every path.
//!
//! Source: reference compiler, FunctionValidator; p-language 2.6.

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Ast, ExpressionKind, Statement, StatementKind};
use crate::types::{Symbols, TypeTable};

/// Reports the functions that can end without a result.
pub(super) fn check(ast: &Ast, symbols: &Symbols, diagnostics: &mut Vec<Diagnostic>) {
    for (id, function) in ast.functions() {
        let (Some(name), Some(body)) = (&function.name, &function.body) else {
            continue;
        };
        if symbols.function(id).result == TypeTable::NULL {
            continue;
        }
        if !body
            .statements
            .iter()
            .any(|statement| surely_returns(ast, statement))
        {
            let message = format!("`{}` can end without returning a result", name.text);
            diagnostics.push(
                Diagnostic::error(Code::MissingReturn, name.span, message).with_help(
                    "end every path with `return` or `assert false`; loops do not count",
                ),
            );
        }
    }
}

/// Recursion is bounded by the nesting that the parser allows.
fn surely_returns(ast: &Ast, statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Return(_) | StatementKind::Goto(..) | StatementKind::Raise(..) => true,
        StatementKind::Assert(condition, _) | StatementKind::Assume(condition, _) => {
            matches!(ast.expression(*condition).kind, ExpressionKind::Bool(false))
        }
        StatementKind::Block(statements) => statements
            .iter()
            .any(|statement| surely_returns(ast, statement)),
        StatementKind::If(branches, Some(otherwise)) => {
            branches
                .iter()
                .all(|branch| surely_returns(ast, &branch.body))
                && surely_returns(ast, otherwise)
        }
        StatementKind::Receive(cases) => cases.iter().all(|(_, case)| {
            let body = ast.function(*case).body.as_ref();
            body.is_some_and(|body| {
                body.statements
                    .iter()
                    .any(|statement| surely_returns(ast, statement))
            })
        }),
        _ => false,
    }
}
