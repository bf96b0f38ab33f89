//! The one place that says what psem cannot do yet.
//!
//! What is refused here is P: the reference compiler accepts it, for one of its targets
//! at least. Everything else that passes the rules is lowered.

use super::{Checked, Resolution};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Ast, BinaryOperator, Declaration, ExprId, ExpressionKind, ModuleId, ModuleKind, Statement,
    StatementKind,
};

fn unsupported(span: Span, construct: &str) -> Diagnostic {
    Diagnostic::error(
        Code::NotSupportedYet,
        span,
        format!("not supported yet: {construct}"),
    )
}

/// The constructs of P's verifier. They are looked for before all else, since the names
/// in them mean other things.
pub(super) fn proofs(ast: &Ast) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for declaration in &ast.declarations {
        if let Declaration::Proof(proof) = declaration {
            diagnostics.push(unsupported(proof.keyword, "proofs"));
        }
    }
    for (_, function) in ast.functions() {
        for condition in &function.contract {
            diagnostics.push(unsupported(ast.expression(*condition).span, "contracts"));
        }
        for statement in function.body.iter().flat_map(|body| &body.statements) {
            loop_invariants(ast, statement, &mut diagnostics);
        }
    }
    for id in (0..ast.n_expressions() as u32).map(ExprId) {
        let expression = ast.expression(id);
        let construct = match &expression.kind {
            ExpressionKind::KindTest(..) => "`is`",
            ExpressionKind::Inflight(_) => "`inflight`",
            ExpressionKind::Sent(_) => "`sent`",
            ExpressionKind::Quantified(..) => "quantifiers",
            ExpressionKind::Binary(BinaryOperator::Targets, ..) => "`targets`",
            _ => continue,
        };
        diagnostics.push(unsupported(expression.span, construct));
    }
    diagnostics
}

/// Recursion is bounded by the nesting that the parser allows.
fn loop_invariants(ast: &Ast, statement: &Statement, diagnostics: &mut Vec<Diagnostic>) {
    match &statement.kind {
        StatementKind::Block(statements) => {
            for statement in statements {
                loop_invariants(ast, statement, diagnostics);
            }
        }
        StatementKind::While(_, body) => loop_invariants(ast, body, diagnostics),
        StatementKind::If(branches, otherwise) => {
            for branch in branches
                .iter()
                .map(|branch| &branch.body)
                .chain(otherwise.as_deref())
            {
                loop_invariants(ast, branch, diagnostics);
            }
        }
        StatementKind::Foreach(foreach) => {
            for invariant in &foreach.invariants {
                diagnostics.push(unsupported(
                    ast.expression(*invariant).span,
                    "loop invariants",
                ));
            }
            loop_invariants(ast, &foreach.body, diagnostics);
        }
        _ => {}
    }
}

/// Everything else.
pub(super) fn constructs(ast: &Ast, checked: &Checked, diagnostics: &mut Vec<Diagnostic>) {
    for id in (0..ast.n_expressions() as u32).map(ExprId) {
        let expression = ast.expression(id);
        let construct = match (&expression.kind, checked.resolution(id)) {
            (ExpressionKind::FloatParts, _) => "`float(b, e)`",
            (ExpressionKind::Name(_), Some(Resolution::Spec(_))) => "a spec as a value",
            _ => continue,
        };
        diagnostics.push(unsupported(expression.span, construct));
    }
    for declaration in &ast.declarations {
        if let Declaration::Test(test) = declaration
            && test.refines.is_some()
        {
            diagnostics.push(unsupported(test.name.span, "refinement tests"));
        }
    }
    for id in (0..ast.n_modules() as u32).map(ModuleId) {
        if let ModuleKind::Main(name, _) = &ast.module(id).kind {
            diagnostics.push(unsupported(name.span, "`main M in` a module"));
        }
    }
}
