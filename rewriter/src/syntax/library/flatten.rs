//! One module with everything it imports: signature, identity elements, statements.
//!
//! The one idea: the signature is made from the own declarations of every module that this one
//! consists of; its own texts are read over that signature, and what the imported ones say is
//! carried over when the module is to be executed.

use std::sync::{Arc, OnceLock};

use super::declare::{make_signature, sort_test_statements, tested_sorts, with_sort_tests};
use super::own::{Own, own_declarations};
use super::translate::Translation;
use super::{Elaborated, Library, ModuleId, Origin};
use crate::diagnostic::Diagnostic;
use crate::module::{Module, ModuleBuilder, ModuleError, unbound_variable};
use crate::name::Name;
use crate::pattern::Pattern;
use crate::signature::{DeclarationId, Signature};
use crate::source::Span;
use crate::statement::Statement;
use crate::syntax::ast::{Bubble, ModuleKind, ModuleText, RenamingItem, StatementKind};
use crate::syntax::elaborate::{Reader, Scope};
use crate::syntax::grammar::generate::{Goal, ModuleGrammar, Variables};
use crate::syntax::normalize::Normalizer;

impl Library {
    /// Makes the flattened form of a module whose imports are elaborated. `tested` are sorts for
    /// which an operator `_::_` is wanted though the text has none.
    pub(super) fn flatten(&mut self, id: ModuleId, tested: &[Name]) -> Elaborated {
        let order = self.transitive(&[id]);
        let mut diagnostics = Vec::new();
        let origin = self.entries[id.index()].origin.clone();
        let imported: Vec<Arc<Elaborated>> = order[..order.len() - 1]
            .iter()
            .map(|&module| Arc::clone(self.elaborated(module)))
            .collect();
        let mut kind = match &origin {
            Origin::Text(text) => text.kind,
            Origin::Renamed { .. } | Origin::Sum => ModuleKind::Functional,
        };
        if imported
            .iter()
            .any(|module| module.kind == ModuleKind::System)
        {
            if kind == ModuleKind::Functional
                && let Origin::Text(text) = &origin
            {
                let message = format!(
                    "functional module `{}` imports a system module",
                    text.name.name
                );
                diagnostics.push(Diagnostic::warning("functional", text.name.span, message));
            }
            kind = ModuleKind::System;
        }
        let own = match &origin {
            Origin::Text(text) => own_declarations(text, &imported, &mut diagnostics),
            Origin::Renamed { base, items } => {
                let base = self.elaborated(*base);
                base.own.renamed(items, &base.signature)
            }
            Origin::Sum => Own::default(),
        };
        let (signature, declared) = make_signature(&imported, &own, &mut diagnostics);
        let mut tests = tested.to_vec();
        if let Origin::Text(text) = &origin {
            tests.extend(tested_sorts(text));
        }
        for module in &imported {
            let tested = module.sort_tests.iter();
            tests.extend(tested.map(|&(_, sort)| module.signature.sort(sort).name));
        }
        let (signature, sort_tests) =
            with_sort_tests(signature, &tests, &imported, &own, &mut diagnostics);
        let mut elaborated = Elaborated {
            name: self.entries[id.index()].name,
            kind,
            order,
            signature: Arc::new(signature),
            grammar: OnceLock::new(),
            variables: Variables::default(),
            identities: Vec::new(),
            statements: Vec::new(),
            sort_tests,
            own,
            module: OnceLock::new(),
        };
        match &origin {
            Origin::Text(text) => {
                read_module(text, &declared, &mut elaborated, &mut diagnostics);
            }
            Origin::Renamed { base, items } => {
                let base = Arc::clone(self.elaborated(*base));
                let translation = Translation::renaming(&base, &elaborated, items);
                for (op, identity) in &base.identities {
                    let op = translation.operator(*op);
                    let identity = translation.pattern(identity);
                    elaborated.identities.extend(op.zip(identity));
                }
                elaborated.kind = base.kind;
                elaborated.statements = translate_all(&base, &translation, &mut diagnostics);
                for item in items.iter() {
                    rename_labels(&mut elaborated.statements, item);
                }
            }
            Origin::Sum => {}
        }
        self.diagnostics.append(&mut diagnostics);
        elaborated
    }

    /// The executable form of a module; `None` if its text has errors, which are recorded.
    pub fn module(&mut self, id: ModuleId) -> Option<Arc<Module>> {
        let elaborated = self.elaborate(id);
        if let Some(known) = elaborated.module.get() {
            return known.clone();
        }
        let module = self.make_module(&elaborated);
        elaborated.module.get_or_init(|| module).clone()
    }

    fn make_module(&mut self, elaborated: &Elaborated) -> Option<Arc<Module>> {
        let mut builder = ModuleBuilder::new(elaborated.name, Arc::clone(&elaborated.signature));
        let mut diagnostics = Vec::new();
        let mut statements = elaborated.statements.clone();
        let mut identities: Vec<Option<Pattern>> =
            vec![None; elaborated.signature.operators().count()];
        for (op, identity) in &elaborated.identities {
            identities[op.index()] = Some(identity.clone());
        }
        for &id in &elaborated.order[..elaborated.order.len() - 1] {
            let home = self.elaborated(id);
            if home.identities.is_empty() && home.statements.is_empty() {
                continue;
            }
            let translation = Translation::import(home, elaborated);
            for (op, identity) in &home.identities {
                if let (Some(op), Some(identity)) =
                    (translation.operator(*op), translation.pattern(identity))
                {
                    identities[op.index()].get_or_insert(identity);
                }
            }
            statements.extend(translate_all(home, &translation, &mut diagnostics));
        }
        statements.extend(sort_test_statements(elaborated));
        let normalizer = Normalizer::new(
            &elaborated.signature,
            |op| identities[op.index()].as_ref(),
            &self.occurrences,
        );
        for statement in &mut statements {
            normalizer.statement(statement);
        }
        for op in elaborated.signature.operators() {
            if let Some(identity) = &identities[op.index()] {
                builder.set_identity(op, identity.clone());
            }
        }
        let spans: Vec<Option<Span>> = statements.iter().map(|statement| statement.span).collect();
        for statement in statements {
            builder.add_statement(statement);
        }
        let module = builder.finish().map_err(|errors| {
            for error in errors {
                let span = match &error {
                    ModuleError::UnboundVariable { statement, .. } => spans[statement.index()],
                    _ => None,
                };
                let message = error.to_string();
                diagnostics.push(match span {
                    Some(span) => Diagnostic::error("bad-module", span, message),
                    None => Diagnostic::without_place("bad-module", message),
                });
            }
        });
        self.diagnostics.append(&mut diagnostics);
        module.ok().map(Arc::new)
    }
}

fn translate_all(
    home: &Elaborated,
    translation: &Translation,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Statement> {
    let mut statements = Vec::with_capacity(home.statements.len());
    for statement in &home.statements {
        match (translation.statement(statement), statement.span) {
            (Some(statement), _) => statements.push(statement),
            (None, Some(span)) => diagnostics.push(Diagnostic::error(
                "lost-operator",
                span,
                "an operator of this statement does not exist where it is imported",
            )),
            (None, None) => {}
        }
    }
    statements
}

fn rename_labels(statements: &mut [Statement], item: &RenamingItem) {
    if let RenamingItem::Label(from, to) = item {
        for statement in statements {
            if statement.label == Some(from.name) {
                statement.label = Some(to.name);
            }
        }
    }
}

/// Reads variables, identity elements and statements.
fn read_module(
    text: &ModuleText,
    declared: &[(DeclarationId, Option<Bubble>, Span)],
    elaborated: &mut Elaborated,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let signature = Arc::clone(&elaborated.signature);
    if signature.sorts().next().is_none() && !text.statements.is_empty() {
        // The signature has errors, which are reported already.
        return;
    }
    read_variables(text, &signature, &mut elaborated.variables, diagnostics);
    let has_identities = declared.iter().any(|(_, identity, _)| identity.is_some());
    if text.statements.is_empty() && !has_identities {
        return;
    }
    let grammar = ModuleGrammar::new(&signature);
    let reader = Reader {
        signature: &signature,
        grammar: &grammar,
        variables: &elaborated.variables,
    };
    for (declaration, identity, span) in declared {
        let Some(bubble) = identity else { continue };
        let op = signature.operator_of(*declaration);
        if elaborated.identities.iter().any(|&(other, _)| other == op) {
            continue;
        }
        let Some(&kind) = signature.operator(op).domain.first() else {
            continue;
        };
        let mut scope = Scope::default();
        match reader.term(Goal::TermOf(kind), bubble, *span, &mut scope, diagnostics) {
            Ok(pattern) if pattern.is_ground() => elaborated.identities.push((op, pattern)),
            Ok(_) => {
                let message = "an identity element has no variables";
                diagnostics.push(Diagnostic::error("bad-attribute", *span, message));
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let mut statements = Vec::with_capacity(text.statements.len());
    for statement in &text.statements {
        if statement.kind == StatementKind::Rule && text.kind == ModuleKind::Functional {
            diagnostics.push(
                Diagnostic::error(
                    "rule-in-functional-module",
                    statement.span,
                    "a functional module has no rules",
                )
                .with_help("write `mod ... endm` instead of `fmod ... endfm`"),
            );
            continue;
        }
        match reader.statement(statement, diagnostics) {
            Ok(read) => match unbound(&read, statement.span) {
                Some(diagnostic) => diagnostics.push(diagnostic),
                None => statements.push(read),
            },
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    elaborated.statements = statements;
    elaborated.grammar = OnceLock::from(grammar);
}

fn read_variables(
    text: &ModuleText,
    signature: &Signature,
    variables: &mut Variables,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for variable in &text.variables {
        let Some(sort) = signature.sort_named(variable.sort.name) else {
            let message = format!("there is no sort `{}`", variable.sort.name);
            diagnostics.push(Diagnostic::error(
                "unknown-sort",
                variable.sort.span,
                message,
            ));
            continue;
        };
        let sort = match variable.sort.is_kind {
            true => signature.error_sort(signature.kind_of(sort)),
            false => sort,
        };
        match variables.get(&variable.name.name) {
            Some(&earlier) if earlier != sort => {
                let message = format!("variable `{}` has another sort already", variable.name.name);
                diagnostics.push(Diagnostic::warning(
                    "duplicate-variable",
                    variable.name.span,
                    message,
                ));
            }
            Some(_) => {}
            None => {
                variables.insert(variable.name.name, sort);
            }
        }
    }
}

/// What is wrong if a variable has no value where it is used.
fn unbound(statement: &Statement, span: Span) -> Option<Diagnostic> {
    if statement.attributes.nonexec {
        return None;
    }
    let variable = unbound_variable(statement)?;
    let name = statement.variables[variable.index()].name;
    let message = format!("variable `{name}` has no value where it is used");
    Some(
        Diagnostic::error("unbound-variable", span, message).with_help(
            "a variable gets its value from the left side, or from the pattern of a condition \
         `pattern := term` before its first use",
        ),
    )
}
