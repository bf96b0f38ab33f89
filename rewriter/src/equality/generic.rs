//! Modules in which constants can stand for variables.
//!
//! The one idea: what is decided because two terms *are not* equal, or because no other equation
//! applies, holds for constants and not for what they stand for. So in a generic module `_==_` says
//! `true` for one term twice and nothing else, and `owise` statements are not executed.

use std::sync::Arc;

use crate::builtin::Hook;
use crate::module::{Module, ModuleBuilder};
use crate::name::Name;
use crate::pattern::{Pattern, Variable, VariableId};
use crate::signature::OpId;
use crate::statement::{Body, Statement, StatementAttributes};

/// The same module, with the same operators and statements by number, whose equations say only what
/// holds for all values that constants may stand for.
pub fn generic(module: &Module) -> Arc<Module> {
    let decides = |hook: Name| matches!(hook.as_str(), "equal" | "unequal" | "random" | "counter");
    let signature = Arc::new(module.signature().without_hooks(decides));
    let mut builder = ModuleBuilder::new(module.name(), Arc::clone(&signature));
    for op in signature.operators() {
        if let Some(identity) = module.identity(op) {
            builder.set_identity(op, identity.clone());
        }
    }
    for statement in module.statements() {
        let mut statement = statement.clone();
        statement.attributes.nonexec |= statement.attributes.owise;
        builder.add_statement(statement);
    }
    let constant = |hook| module.operator_with(hook);
    if let (Some(truth), Some(falsity)) = (constant(Hook::True), constant(Hook::False)) {
        for op in signature.operators() {
            match module.hook(op) {
                Some(Hook::Equal) => builder.add_statement(of_one_term(module, op, truth)),
                Some(Hook::Unequal) => builder.add_statement(of_one_term(module, op, falsity)),
                _ => continue,
            };
        }
    }
    match builder.finish() {
        Ok(module) => Arc::new(module),
        Err(errors) => unreachable!("the module was finished before: {errors:?}"),
    }
}

/// `X == X` is that.
fn of_one_term(module: &Module, op: OpId, result: OpId) -> Statement {
    let signature = module.signature();
    let kind = signature.operator(op).domain[0];
    let mut left = Pattern::new();
    let variable = left.variable(VariableId(0));
    left.apply(op, &[variable, variable]);
    let mut right = Pattern::new();
    right.apply(result, &[]);
    Statement {
        label: None,
        variables: vec![Variable {
            name: Name::new("X"),
            sort: signature.error_sort(kind),
        }],
        body: Body::Equation { left, right },
        condition: Vec::new(),
        attributes: StatementAttributes::default(),
        span: None,
    }
}
