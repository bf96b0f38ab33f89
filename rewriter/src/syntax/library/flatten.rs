//! One module with everything it imports: signature, identity elements, statements.
//!
//! The one idea: the own declarations of a module are kept by name ([`Own`]); the signature of a
//! flattened module is made from the own declarations of every module it consists of, in order.

use std::sync::{Arc, OnceLock};

use super::{Elaborated, Library, ModuleId, Origin, translate::Translation};
use crate::diagnostic::Diagnostic;
use crate::module::{Module, ModuleBuilder, ModuleError, unbound_variable};
use crate::name::Name;
use crate::pattern::Pattern;
use crate::signature::{
    Argument, Attributes, Axioms, DeclarationId, KindId, OpId, OperatorDeclaration, Side,
    Signature, SignatureBuilder, SignatureError, SignatureWarning, SortId,
};
use crate::source::Span;
use crate::statement::{Body, Fragment, Statement, StatementAttributes};
use crate::syntax::ast::{
    Attributes as AttributeText, Bubble, Gather, IdentitySide, ModuleKind, ModuleText,
    OperatorText, RenamingItem, SortText, StatementKind,
};
use crate::syntax::elaborate::{Reader, Scope};
use crate::syntax::grammar::generate::{Goal, ModuleGrammar, Variables};
use crate::syntax::normalize::Normalizer;

/// The declarations of a module itself, by name.
#[derive(Clone, Default, Debug)]
pub(super) struct Own {
    sorts: Vec<Name>,
    subsorts: Vec<(Name, Name)>,
    operators: Vec<OwnOperator>,
}

#[derive(Clone, Debug)]
struct OwnOperator {
    name: Name,
    domain: Vec<(Name, bool)>,
    range: (Name, bool),
    partial: bool,
    attributes: Attributes,
    identity: Option<Bubble>,
    span: Span,
}

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
        if imported.iter().any(|module| module.kind == ModuleKind::System) {
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
        let mut builder =
            ModuleBuilder::new(elaborated.name, Arc::clone(&elaborated.signature));
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

impl Own {
    /// The declarations under other names. `signature` tells which operators are of one family.
    fn renamed(&self, items: &[RenamingItem], signature: &Signature) -> Own {
        let sort = |name: Name| renamed_sort(items, name);
        let both = |&(name, is_kind): &(Name, bool)| (sort(name), is_kind);
        let kind = |&(name, _): &(Name, bool)| {
            signature.sort_named(name).map(|sort| signature.kind_of(sort))
        };
        Own {
            sorts: self.sorts.iter().map(|&name| sort(name)).collect(),
            subsorts: self.subsorts.iter().map(|&(a, b)| (sort(a), sort(b))).collect(),
            operators: (self.operators.iter())
                .map(|operator| {
                    let kinds: Option<Vec<KindId>> = operator.domain.iter().map(kind).collect();
                    let item = renamed_operator(items, operator.name, kinds.as_deref(), signature);
                    let mut renamed = operator.clone();
                    renamed.domain = operator.domain.iter().map(both).collect();
                    renamed.range = both(&operator.range);
                    if let Some((name, attributes)) = item {
                        renamed.name = name;
                        let given = core_attributes(attributes);
                        renamed.attributes.prec = given.prec;
                        renamed.attributes.gather = given.gather;
                        renamed.attributes.format = given.format;
                    }
                    renamed
                })
                .collect(),
        }
    }
}

/// The new name of a sort.
pub(super) fn renamed_sort(items: &[RenamingItem], name: Name) -> Name {
    items
        .iter()
        .find_map(|item| match item {
            RenamingItem::Sort(from, to) if from.name == name => Some(to.name),
            _ => None,
        })
        .unwrap_or(name)
}

/// The new name of an operator over these kinds, and its new attributes.
pub(super) fn renamed_operator<'i>(
    items: &'i [RenamingItem],
    name: Name,
    domain: Option<&[KindId]>,
    signature: &Signature,
) -> Option<(Name, &'i AttributeText)> {
    items.iter().find_map(|item| {
        let RenamingItem::Operator { from, rank, to, attributes } = item else { return None };
        if from.name != name {
            return None;
        }
        if let Some((wanted, _)) = rank {
            // A sort that the renamed module does not have itself is one of a larger module in
            // which the family is whole: it does not tell families apart.
            let wanted: Option<Vec<KindId>> = wanted
                .iter()
                .map(|sort| signature.sort_named(sort.name).map(|sort| signature.kind_of(sort)))
                .collect();
            if let (Some(wanted), Some(domain)) = (wanted, domain)
                && wanted != domain
            {
                return None;
            }
        }
        Some((to.name, attributes))
    })
}

fn own_declarations(
    text: &ModuleText,
    imported: &[Arc<Elaborated>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Own {
    let mut own = Own::default();
    for sort in &text.sorts {
        if own.sorts.contains(&sort.name) {
            let message = format!("sort `{}` is declared twice", sort.name);
            diagnostics.push(Diagnostic::warning("duplicate-sort", sort.span, message));
        } else {
            own.sorts.push(sort.name);
        }
    }
    for chain in &text.subsorts {
        for levels in chain.windows(2) {
            for lower in &levels[0] {
                for upper in &levels[1] {
                    own.subsorts.push((lower.name, upper.name));
                }
            }
        }
    }
    for operator in &text.operators {
        let converted = own_operator(operator, &own, imported, diagnostics);
        let is_repeated = own.operators.iter().any(|earlier| {
            earlier.name == converted.name
                && earlier.domain == converted.domain
                && earlier.range == converted.range
        });
        if is_repeated {
            let message = format!("operator `{}` is declared twice", converted.name);
            diagnostics.push(Diagnostic::warning("duplicate-operator", operator.span, message));
        }
        own.operators.push(converted);
    }
    own
}

fn own_operator(
    text: &OperatorText,
    own: &Own,
    imported: &[Arc<Elaborated>],
    diagnostics: &mut Vec<Diagnostic>,
) -> OwnOperator {
    let mut attributes = core_attributes(&text.attributes);
    let mut identity = text.attributes.identity.as_ref().map(|(_, bubble)| bubble.clone());
    let arity = text.domain.len();
    if text.attributes.ditto {
        let same = |operator: &&OwnOperator| {
            operator.name == text.name.name && operator.domain.len() == arity
        };
        let earlier = own.operators.iter().rev().find(same).or_else(|| {
            let mut modules = imported.iter().rev();
            modules.find_map(|module| module.own.operators.iter().rev().find(same))
        });
        match earlier {
            Some(earlier) => {
                let ctor = attributes.ctor;
                attributes = Attributes { ctor, ..earlier.attributes.clone() };
                identity.clone_from(&earlier.identity);
            }
            None => {
                let message = format!("`ditto` needs an earlier declaration of `{}`", text.name.name);
                diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
            }
        }
    }
    if let Some(gather) = &attributes.gather
        && gather.len() != arity
    {
        let message = format!(
            "`gather` has {} entries for an operator with {arity} arguments",
            gather.len()
        );
        diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
        attributes.gather = None;
    }
    if attributes.prec.is_some_and(|precedence| precedence > 127) {
        let message = "a precedence is at most 127";
        diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
    }
    check_holes(text, diagnostics);
    if let Some(special) = &text.attributes.special {
        match special.as_slice() {
            [word, hook] if word.is("hook") => attributes.hook = Some(hook.name),
            _ => {
                let message = "`special` takes `(hook NAME)` in this engine";
                diagnostics.push(Diagnostic::error("bad-attribute", text.span, message));
            }
        }
    }
    let named = |sort: &SortText| (sort.name, sort.is_kind);
    OwnOperator {
        name: text.name.name,
        domain: text.domain.iter().map(named).collect(),
        range: named(&text.range),
        partial: text.partial,
        attributes,
        identity,
        span: text.span,
    }
}

fn check_holes(text: &OperatorText, diagnostics: &mut Vec<Diagnostic>) {
    use crate::syntax::mixfix::{Part, parts};
    let parts = parts(text.name.name);
    let n_holes = parts.iter().filter(|part| **part == Part::Hole).count();
    let arity = text.domain.len();
    if (n_holes > 0 || parts.len() > 1) && n_holes != arity {
        let message = format!(
            "`{}` has {n_holes} underscores and {arity} arguments; it has only its prefix form",
            text.name.name
        );
        diagnostics.push(Diagnostic::warning("underscores", text.name.span, message));
    }
}

fn core_attributes(text: &AttributeText) -> Attributes {
    Attributes {
        axioms: Axioms {
            assoc: text.associative,
            comm: text.commutative,
            idem: text.idempotent,
            identity: text.identity.as_ref().map(|(side, _)| match side {
                IdentitySide::Both => Side::Both,
                IdentitySide::Left => Side::Left,
                IdentitySide::Right => Side::Right,
            }),
            iter: text.iterated,
        },
        ctor: text.constructor,
        prec: text.precedence,
        gather: text.gather.as_ref().map(|gather| {
            let letter = |gather: &Gather| match gather {
                Gather::Below => 'e',
                Gather::AtMost => 'E',
                Gather::Any => '&',
            };
            gather.iter().map(letter).collect()
        }),
        format: text.format.clone(),
        frozen: frozen_positions(text),
        strategy: (text.strategy.as_ref())
            .map(|strategy| strategy.iter().map(|&number| number as usize).collect()),
        memo: text.memoized,
        poly: (text.polymorphic.iter().flatten()).map(|&number| number as usize).collect(),
        hook: None,
        metadata: text.metadata,
    }
}

/// Frozen arguments from 0; `frozen` without numbers means all, for as many as there can be.
fn frozen_positions(text: &AttributeText) -> Vec<usize> {
    match &text.frozen {
        None => Vec::new(),
        Some(numbers) if numbers.is_empty() => (0..64).collect(),
        Some(numbers) => {
            numbers.iter().filter(|&&number| number > 0).map(|&number| number as usize - 1).collect()
        }
    }
}

/// The signature of everything, and for each own operator the one it became part of.
fn make_signature(
    imported: &[Arc<Elaborated>],
    own: &Own,
    diagnostics: &mut Vec<Diagnostic>,
) -> (SignatureBuilder, Vec<(DeclarationId, Option<Bubble>, Span)>) {
    let mut builder = SignatureBuilder::new();
    let mut declared = Vec::new();
    let owns = imported.iter().map(|module| &module.own).chain(std::iter::once(own));
    let n_imported = imported.len();
    for (index, module) in owns.enumerate() {
        for &sort in &module.sorts {
            builder.add_sort(sort);
        }
        for &(lower, upper) in &module.subsorts {
            let lower = builder.add_sort(lower);
            let upper = builder.add_sort(upper);
            builder.add_subsort(lower, upper);
        }
        for operator in &module.operators {
            let mut faults = Vec::new();
            let declaration = declaration(&mut builder, operator, &mut faults);
            let id = builder.add_op(declaration);
            if index == n_imported {
                diagnostics.append(&mut faults);
                declared.push((id, operator.identity.clone(), operator.span));
            }
        }
    }
    (builder, declared)
}

fn declaration(
    builder: &mut SignatureBuilder,
    operator: &OwnOperator,
    diagnostics: &mut Vec<Diagnostic>,
) -> OperatorDeclaration {
    let poly = &operator.attributes.poly;
    let mut argument = |position: usize, &(name, is_kind): &(Name, bool)| {
        let sort = match builder.sort_named(name) {
            Some(sort) => sort,
            // At a polymorphic position any sort may stand.
            None if poly.contains(&position) => builder.add_sort(Name::new("Bool")),
            None => {
                let message = format!("there is no sort `{name}`");
                diagnostics.push(
                    Diagnostic::error("unknown-sort", operator.span, message)
                        .with_help(format!("declare it with `sort {name} .`")),
                );
                builder.add_sort(name)
            }
        };
        if is_kind { Argument::Kind(sort) } else { Argument::Sort(sort) }
    };
    OperatorDeclaration {
        name: operator.name,
        domain: (operator.domain.iter().enumerate())
            .map(|(index, sort)| argument(index + 1, sort))
            .collect(),
        range: argument(0, &operator.range),
        partial: operator.partial,
        attributes: Attributes {
            frozen: (operator.attributes.frozen.iter().copied())
                .filter(|&position| position < operator.domain.len())
                .collect(),
            ..operator.attributes.clone()
        },
    }
}

/// Finishes the signature, with an operator `_::_` for every sort that is tested.
fn with_sort_tests(
    made: SignatureBuilder,
    tested: &[Name],
    imported: &[Arc<Elaborated>],
    own: &Own,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Signature, Vec<(OpId, SortId)>) {
    let mut builder = made;
    let mut tests: Vec<(DeclarationId, Name)> = Vec::new();
    if let Some(truth) = builder.sort_named(Name::new("Bool")) {
        for &name in tested {
            let Some(sort) = builder.sort_named(name) else { continue };
            if tests.iter().any(|&(_, other)| other == name) {
                continue;
            }
            let declaration = OperatorDeclaration {
                name: Name::new(&format!("_::`{name}")),
                domain: vec![Argument::Kind(sort)],
                range: Argument::Sort(truth),
                partial: false,
                attributes: Attributes {
                    prec: Some(15),
                    gather: Some(vec!['&']),
                    ..Attributes::default()
                },
            };
            tests.push((builder.add_op(declaration), name));
        }
    }
    let n_own = own.operators.len();
    let n_before: usize = imported.iter().map(|module| module.own.operators.len()).sum();
    let span_of = |declaration: DeclarationId| {
        let index = declaration.0.checked_sub(n_before)?;
        (index < n_own).then(|| own.operators[index].span)
    };
    match builder.finish() {
        Ok((signature, warnings)) => {
            for warning in &warnings {
                report_signature_warning(warning, &signature, own, span_of, diagnostics);
            }
            let tests = tests
                .into_iter()
                .filter_map(|(declaration, name)| {
                    Some((signature.operator_of(declaration), signature.sort_named(name)?))
                })
                .collect();
            (signature, tests)
        }
        Err(errors) => {
            for error in errors {
                let span = match &error {
                    SignatureError::ImpossibleAxiom { declaration, .. } => span_of(*declaration),
                    _ => None,
                };
                let span = span.or_else(|| own.operators.first().map(|operator| operator.span));
                let message = error.to_string();
                diagnostics.push(match span {
                    Some(span) => Diagnostic::error("bad-signature", span, message),
                    None => Diagnostic::without_place("bad-signature", message),
                });
            }
            (Signature::default(), Vec::new())
        }
    }
}

fn report_signature_warning(
    warning: &SignatureWarning,
    signature: &Signature,
    own: &Own,
    span_of: impl Fn(DeclarationId) -> Option<Span>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match warning {
        SignatureWarning::AxiomsDiffer { operator, declaration } => {
            if let Some(span) = span_of(*declaration) {
                let name = signature.operator(*operator).name;
                let message =
                    format!("declarations of `{name}` over the same kinds differ in their axioms");
                diagnostics.push(Diagnostic::warning("axioms-differ", span, message));
            }
        }
        SignatureWarning::NotPreregular { operator, first, second } => {
            let name = signature.operator(*operator).name;
            let mut declarations = own.operators.iter().rev();
            if let Some(operator) = declarations.find(|operator| operator.name == name) {
                let message = format!(
                    "`{name}` is not preregular: some application has the sorts `{}` and `{}` \
                     and none below both",
                    signature.sort(*first).name,
                    signature.sort(*second).name
                );
                diagnostics.push(Diagnostic::warning("not-preregular", operator.span, message));
            }
        }
    }
}

/// The sorts that are tested with `::` somewhere in a text.
fn tested_sorts(text: &ModuleText) -> Vec<Name> {
    let mut sorts = Vec::new();
    for statement in &text.statements {
        for pair in statement.bubble.windows(2) {
            if pair[0].is("::") && !sorts.contains(&pair[1].name) {
                sorts.push(pair[1].name);
            }
        }
    }
    sorts
}

/// `X :: S` is true if the sort of `X` is at most `S`, and false otherwise.
fn sort_test_statements(elaborated: &Elaborated) -> Vec<Statement> {
    let signature = &elaborated.signature;
    let constant = |hook: &str| {
        let op = signature.operators().find(|&op| {
            let name = signature.operator(op).attributes.hook;
            name.is_some_and(|name| name.as_str() == hook)
        })?;
        let mut pattern = Pattern::new();
        pattern.apply(op, &[]);
        Some(pattern)
    };
    let (Some(truth), Some(falsity)) = (constant("true"), constant("false")) else {
        return Vec::new();
    };
    let mut statements = Vec::new();
    for &(op, sort) in &elaborated.sort_tests {
        let mut scope = Scope::default();
        let kind = signature.error_sort(signature.kind_of(sort));
        let Some(variable) = scope.variable(Name::new("X"), kind) else { continue };
        let mut term = Pattern::new();
        let argument = term.variable(variable);
        let mut left = term.clone();
        left.apply(op, &[argument]);
        let test = Fragment::SortTest { term, sort };
        for (right, condition) in [(&truth, vec![test]), (&falsity, Vec::new())] {
            statements.push(Statement {
                label: None,
                variables: scope.variables.clone(),
                body: Body::Equation { left: left.clone(), right: right.clone() },
                attributes: StatementAttributes {
                    owise: condition.is_empty(),
                    ..StatementAttributes::default()
                },
                condition,
                span: None,
            });
        }
    }
    statements
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
    let reader =
        Reader { signature: &signature, grammar: &grammar, variables: &elaborated.variables };
    for (declaration, identity, span) in declared {
        let Some(bubble) = identity else { continue };
        let op = signature.operator_of(*declaration);
        if elaborated.identities.iter().any(|&(other, _)| other == op) {
            continue;
        }
        let Some(&kind) = signature.operator(op).domain.first() else { continue };
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
            diagnostics.push(Diagnostic::error("unknown-sort", variable.sort.span, message));
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
    Some(Diagnostic::error("unbound-variable", span, message).with_help(
        "a variable gets its value from the left side, or from the pattern of a condition \
         `pattern := term` before its first use",
    ))
}
