//! Which events a machine may raise: those that are named in a `raise` of its functions or of one that
//! it could call. A `raise` of anything but a name may raise every event.

use crate::syntax::ast::{Ast, ExpressionKind, Statement, StatementKind};
use crate::types::{MachineId, Symbols};

/// Whether a machine may raise an event.
pub(super) fn may_raise(ast: &Ast, symbols: &Symbols, machine: MachineId, event: &str) -> bool {
    ast.functions().any(|(id, function)| {
        let owner = symbols.owner(id);
        let may_run = owner.is_none_or(|owner| owner == machine);
        let body = function.body.as_ref().filter(|_| may_run);
        body.is_some_and(|body| any_raises(ast, symbols, &body.statements, event))
    })
}

fn any_raises(ast: &Ast, symbols: &Symbols, statements: &[Statement], event: &str) -> bool {
    let mut statements = statements.iter();
    statements.any(|statement| raises(ast, symbols, statement, event))
}

/// Recursion is bounded by the nesting that the parser allows. The cases of a `receive` are
/// functions of their own.
fn raises(ast: &Ast, symbols: &Symbols, statement: &Statement, event: &str) -> bool {
    match &statement.kind {
        StatementKind::Raise(raised, _) => match &ast.expression(*raised).kind {
            // A variable may hold any event.
            ExpressionKind::Name(name) => {
                &**name == event || !symbols.event_names.contains_key(name)
            }
            _ => true,
        },
        StatementKind::Block(statements) => any_raises(ast, symbols, statements, event),
        StatementKind::While(_, body) => raises(ast, symbols, body, event),
        StatementKind::Foreach(foreach) => raises(ast, symbols, &foreach.body, event),
        StatementKind::If(branches, otherwise) => {
            let mut bodies = branches.iter().map(|branch| &branch.body);
            bodies.any(|body| raises(ast, symbols, body, event))
                || (otherwise.iter()).any(|otherwise| raises(ast, symbols, otherwise, event))
        }
        _ => false,
    }
}
