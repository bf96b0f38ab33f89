//! A module: a signature with its identity elements, built-ins and statements.
//!
//! The one idea: a [`Module`] is finished and never changes; stores, compiled statements, memo
//! tables and searches are made *from* it, so that any number of them can share one.

mod entry;

use std::sync::Arc;

use thiserror::Error;

use crate::builtin::Hook;
use crate::name::Name;
use crate::pattern::{Pattern, PatternNode, VariableId};
use crate::signature::{OpId, Signature};
use crate::statement::{Body, Fragment, Statement};

/// A finished module.
#[derive(Clone, Debug)]
pub struct Module {
    name: Name,
    signature: Arc<Signature>,
    identities: Vec<Option<Pattern>>,
    hooks: Vec<Option<Hook>>,
    stable: Vec<bool>,
    statements: Vec<Statement>,
    /// For each statement, the operators at which it is tried.
    entries: Vec<Box<[OpId]>>,
}

/// The number of a statement in [`Module::statements`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct StatementId(pub u32);

impl StatementId {
    /// The number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Module {
    /// Its name.
    pub fn name(&self) -> Name {
        self.name
    }

    /// Its sorts and operators.
    pub fn signature(&self) -> &Arc<Signature> {
        &self.signature
    }

    /// The identity element of an operator.
    pub fn identity(&self, op: OpId) -> Option<&Pattern> {
        self.identities[op.index()].as_ref()
    }

    /// The built-in that an operator is attached to.
    pub fn hook(&self, op: OpId) -> Option<Hook> {
        self.hooks[op.index()]
    }

    /// The first operator attached to a built-in.
    pub fn operator_with(&self, hook: Hook) -> Option<OpId> {
        let position = self.hooks.iter().position(|&other| other == Some(hook));
        position.map(|index| OpId(index as u32))
    }

    /// Whether no equation, membership axiom or built-in can ever apply at an operator.
    pub fn is_stable(&self, op: OpId) -> bool {
        self.stable[op.index()]
    }

    /// Its statements, in the order in which they were given.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// A statement.
    pub fn statement(&self, statement: StatementId) -> &Statement {
        &self.statements[statement.index()]
    }
}

/// Why parts do not make a module.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum ModuleError {
    /// `special (hook NAME)` with a name that is no built-in.
    #[error("operator `{operator}` is attached to `{hook}`, which is no built-in")]
    UnknownHook {
        /// The operator.
        operator: Name,
        /// The name.
        hook: Name,
    },
    /// An operator was declared with an identity element that was never given.
    #[error("operator `{operator}` has no identity element")]
    MissingIdentity {
        /// The operator.
        operator: Name,
    },
    /// A variable is used before anything gives it a value.
    #[error("variable `{variable}` has no value where it is used")]
    UnboundVariable {
        /// The statement.
        statement: StatementId,
        /// The variable.
        variable: Name,
    },
}

/// Collects the parts of a module.
#[derive(Clone, Debug)]
pub struct ModuleBuilder {
    module: Module,
}

impl ModuleBuilder {
    /// A module with this signature and no statements.
    pub fn new(name: Name, signature: Arc<Signature>) -> ModuleBuilder {
        let n_operators = signature.operators().count();
        ModuleBuilder {
            module: Module {
                name,
                signature,
                identities: vec![None; n_operators],
                hooks: vec![None; n_operators],
                stable: Vec::new(),
                statements: Vec::new(),
                entries: Vec::new(),
            },
        }
    }

    /// Gives the identity element of an operator, a ground term.
    pub fn set_identity(&mut self, op: OpId, identity: Pattern) {
        self.module.identities[op.index()] = Some(identity);
    }

    /// Adds a statement. Rules and equations are tried in the order in which they are added.
    pub fn add_statement(&mut self, statement: Statement) -> StatementId {
        self.module.statements.push(statement);
        StatementId(self.module.statements.len() as u32 - 1)
    }

    /// Checks the parts.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn finish(mut self) -> Result<Module, Vec<ModuleError>> {
        let mut errors = Vec::new();
        let signature = Arc::clone(&self.module.signature);
        for op in signature.operators() {
            let operator = signature.operator(op);
            if let Some(name) = operator.attributes.hook {
                let hook = Hook::named(name.as_str());
                if hook.is_none() {
                    errors.push(ModuleError::UnknownHook {
                        operator: operator.name,
                        hook: name,
                    });
                }
                self.module.hooks[op.index()] = hook;
            }
            if operator.axioms().identity.is_some() && self.module.identity(op).is_none() {
                errors.push(ModuleError::MissingIdentity {
                    operator: operator.name,
                });
            }
        }
        for (index, statement) in self.module.statements.iter().enumerate() {
            if !statement.attributes.nonexec
                && let Some(variable) = unbound_variable(statement)
            {
                errors.push(ModuleError::UnboundVariable {
                    statement: StatementId(index as u32),
                    variable: statement.variables[variable.index()].name,
                });
            }
        }
        if errors.is_empty() {
            self.module.entries = self.module.find_entries();
            self.module.stable = self.module.find_stable();
            Ok(self.module)
        } else {
            Err(errors)
        }
    }
}

/// A variable that is used where neither the left side nor an earlier fragment binds it.
pub fn unbound_variable(statement: &Statement) -> Option<VariableId> {
    let mut bound = vec![false; statement.variables.len()];
    let (left, right) = match &statement.body {
        Body::Equation { left, right } | Body::Rule { left, right } => (left, Some(right)),
        Body::Membership { pattern, .. } => (pattern, None),
    };
    bind(&mut bound, left);
    unbound_in_condition(&statement.condition, &mut bound)
        .or_else(|| right.and_then(|right| first_unbound(&bound, right)))
}

/// The same for a condition alone: `bound` tells which variables have a value before it, and is
/// updated to tell which have one after it.
pub fn unbound_in_condition(condition: &[Fragment], bound: &mut [bool]) -> Option<VariableId> {
    for fragment in condition {
        let (used, binding): (&[&Pattern], _) = match fragment {
            Fragment::Equality { left, right } => (&[left, right], None),
            Fragment::SortTest { term, .. } => (&[term], None),
            Fragment::Assignment { pattern, term } => (&[term], Some(pattern)),
            Fragment::Rewrite { term, pattern } => (&[term], Some(pattern)),
        };
        let unbound = used
            .iter()
            .find_map(|pattern| first_unbound(bound, pattern));
        if unbound.is_some() {
            return unbound;
        }
        if let Some(pattern) = binding {
            bind(bound, pattern);
        }
    }
    None
}

fn bind(bound: &mut [bool], pattern: &Pattern) {
    for node in pattern.nodes() {
        if let PatternNode::Variable(variable) = node {
            bound[variable.index()] = true;
        }
    }
}

fn first_unbound(bound: &[bool], pattern: &Pattern) -> Option<VariableId> {
    let variables = pattern.variables();
    variables
        .into_iter()
        .find(|variable| !bound[variable.index()])
}
