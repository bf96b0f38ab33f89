//! What passes the rules of names and types, and yet cannot be run.
//!
//! Two forms of the grammar mean nothing to any of P's backends, and are refused. What
//! P's verifier alone can speak of is a warning, and a violation where a machine gets there.

use std::collections::HashMap;

use super::claims::{is_question, returned};
use super::{Checked, Resolution};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Ast, ExprId, ExpressionKind, FunctionId, Statement, StatementKind};

/// Forms of P's grammar that nothing in P gives a meaning.
pub(super) fn meaningless(ast: &Ast, checked: &Checked, diagnostics: &mut Vec<Diagnostic>) {
    let mut spec_fields = vec![false; ast.n_expressions()];
    for id in (0..ast.n_expressions() as u32).map(ExprId) {
        if let ExpressionKind::Field(operand, _) = ast.expression(id).kind {
            spec_fields[operand.index()] = true;
        }
    }
    for id in (0..ast.n_expressions() as u32).map(ExprId) {
        let expression = ast.expression(id);
        let (form, help) = match (&expression.kind, checked.resolution(id)) {
            (ExpressionKind::FloatParts, _) => ("`float(b, e)`", "write the digits, as in `1.5`"),
            (ExpressionKind::Name(_), Some(Resolution::Spec(_))) if !spec_fields[id.index()] => (
                "a spec as a value",
                "only its fields can be spoken of, in invariants",
            ),
            _ => continue,
        };
        let message = format!("{form} has no meaning in P");
        diagnostics
            .push(Diagnostic::error(Code::NoMeaning, expression.span, message).with_help(help));
    }
}

/// The outermost expressions of machines that ask what a machine cannot know, and what
/// they ask with: a machine that gets there fails. Each is a warning.
pub(super) fn inexecutable(
    ast: &Ast,
    checked: &Checked,
    diagnostics: &mut Vec<Diagnostic>,
) -> HashMap<ExprId, &'static str> {
    let specification = specification(ast);
    let looking = looking(ast, checked);
    let mut found = HashMap::new();
    let mut id = ast.n_expressions() as u32;
    while id > 0 {
        id -= 1;
        let question = ExprId(id);
        if specification[question.index()] {
            continue;
        }
        let what = match (&ast.expression(question).kind, checked.resolution(question)) {
            (ExpressionKind::Call(..), Some(Resolution::Function(callee)))
                if looking[callee.index()] =>
            {
                "a pure function that asks about other machines"
            }
            (ExpressionKind::KindTest(..), _) => "`is`",
            (ExpressionKind::Inflight(_), _) => "`inflight`",
            (ExpressionKind::Sent(_), _) => "`sent`",
            (ExpressionKind::Quantified(..), _) => "a quantifier",
            _ if is_question(ast, checked, question) => "a question about another machine",
            _ => continue,
        };
        let message = format!("{what} can be evaluated in invariants only");
        let span = ast.expression(question).span;
        diagnostics.push(
            Diagnostic::warning(Code::NotExecutable, span, message)
                .with_help("a machine that gets here fails: violation(not-executable)"),
        );
        found.insert(question, what);
        // Its parts stand before it, and are not told again.
        id = ast.parts(question).next().unwrap_or(question).0;
    }
    found
}

/// The expressions that no machine runs: those of claims, pure functions, contracts and
/// loop invariants, and the lists of proofs.
fn specification(ast: &Ast) -> Vec<bool> {
    let mut found = vec![false; ast.n_expressions()];
    let mut mark = |id: ExprId| {
        for part in ast.parts(id) {
            found[part.index()] = true;
        }
    };
    let pure = ast.functions().filter(|(_, function)| function.is_pure);
    for id in ast.claims().chain(pure.map(|(id, _)| id)) {
        if let Some(value) = returned(ast, id) {
            mark(value);
        }
    }
    for (_, function) in ast.functions() {
        function.contract.iter().for_each(|id| mark(*id));
        for statement in function.body.iter().flat_map(|body| &body.statements) {
            loop_invariants(statement, &mut mark);
        }
    }
    found
}

/// Recursion is bounded by the nesting that the parser allows.
pub(super) fn loop_invariants(statement: &Statement, mark: &mut impl FnMut(ExprId)) {
    match &statement.kind {
        StatementKind::Block(statements) => {
            for statement in statements {
                loop_invariants(statement, mark);
            }
        }
        StatementKind::While(_, body) => loop_invariants(body, mark),
        StatementKind::If(branches, otherwise) => {
            for branch in branches
                .iter()
                .map(|branch| &branch.body)
                .chain(otherwise.as_deref())
            {
                loop_invariants(branch, mark);
            }
        }
        StatementKind::Foreach(foreach) => {
            foreach.invariants.iter().for_each(|id| mark(*id));
            loop_invariants(&foreach.body, mark);
        }
        _ => {}
    }
}

/// The pure functions that ask what only a configuration knows, themselves or through calls.
pub(crate) fn looking(ast: &Ast, checked: &Checked) -> Vec<bool> {
    let pure: Vec<(FunctionId, ExprId)> = ast
        .functions()
        .filter(|(_, function)| function.is_pure)
        .filter_map(|(id, _)| Some((id, returned(ast, id)?)))
        .collect();
    let mut looking = vec![false; ast.functions().count()];
    loop {
        let mut changed = false;
        for (id, value) in &pure {
            let looks = |part: ExprId| {
                is_question(ast, checked, part)
                    || matches!(checked.resolution(part),
                        Some(Resolution::Function(callee)) if looking[callee.index()])
            };
            if !looking[id.index()] && ast.parts(*value).any(looks) {
                looking[id.index()] = true;
                changed = true;
            }
        }
        if !changed {
            return looking;
        }
    }
}
