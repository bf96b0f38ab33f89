//! One module with everything it imports: signature, grammar, identity elements, statements.
//!
//! The one idea: the signature is made from the own declarations of every part, and one grammar
//! from the signature. The texts of a part are read with that grammar restricted to what the part
//! itself declares or imports, so that they mean the same in every module that imports it, and
//! nothing has to be carried from one signature to another except over a renaming, and where a text
//! becomes ambiguous because kinds are joined.

use std::sync::{Arc, OnceLock};

use super::declare::{Part, declare, sort_test_statements, tested_sorts};
use super::objects::Objects;
use super::own::{Own, own_declarations};
use super::renaming::Renaming;
use super::translate::{TermMapping, Translation};
use super::{Elaborated, Entry, Library, ModuleId, Origin};
use crate::diagnostic::Diagnostic;
use crate::module::{Module, ModuleBuilder, ModuleError, unbound_variable};
use crate::name::Name;
use crate::pattern::{Pattern, PatternNode};
use crate::signature::{OpId, Side, Signature};
use crate::source::Span;
use crate::statement::Statement;
use crate::syntax::ast::{Bubble, ModuleKind, ModuleText, StatementKind};
use crate::syntax::elaborate::{Reader, Scope};
use crate::syntax::grammar::generate::{Goal, ModuleGrammar, Variables};
use crate::syntax::normalize::{Normalizer, Occurrences};

impl Library {
    /// Makes the own declarations of a module; those of its imports are made already, and the
    /// module that it renames is elaborated.
    pub(super) fn make_own(&mut self, id: ModuleId) {
        let imports = self.transitive(&[id]);
        let imported = &imports[..imports.len() - 1];
        let is_system = |&import: &ModuleId| self.kind(import) == ModuleKind::System;
        let imports_system = imported.iter().any(is_system);
        let mut diagnostics = Vec::new();
        let renaming = self.renaming_of(&self.entries[id.index()].origin);
        let (own, kind) = match &self.entries[id.index()].origin {
            Origin::Text(text) => {
                let owns: Vec<Arc<Own>> = imported.iter().map(|&id| self.own(id)).collect();
                if imports_system && text.kind == ModuleKind::Functional {
                    let name = text.name;
                    let message =
                        format!("functional module `{}` imports a system module", name.name);
                    diagnostics.push(Diagnostic::warning("functional", name.span, message));
                }
                (own_declarations(text, &owns, &mut diagnostics), text.kind)
            }
            Origin::Renamed { base, .. }
            | Origin::Parameter { base, .. }
            | Origin::Instance { base, .. } => {
                let own = self.own(*base);
                let signature = &self.elaborated(*base).signature;
                (own.renamed(&renaming, signature), self.kind(*base))
            }
            Origin::Sum => (Own::default(), ModuleKind::Functional),
        };
        let kind = if imports_system {
            ModuleKind::System
        } else {
            kind
        };
        if let Some((name, span)) = self.clash(id, &own, imported) {
            let message =
                format!("there are several polymorphic operators `{name}`, of a parameter");
            diagnostics.push(
                Diagnostic::error("polymorphic-parameter", span, message)
                    .with_help("which one an instance means could not be told"),
            );
            self.entries[id.index()].is_broken = true;
        }
        self.diagnostics.append(&mut diagnostics);
        self.entries[id.index()].own = Some((Arc::new(own), kind));
        for &(_, to) in &renaming.sorts {
            self.note_name(to);
        }
        self.entries[id.index()].renaming = Arc::new(renaming);
    }

    /// A polymorphic operator of a parameter of a module that has the name of another one.
    fn clash(&self, id: ModuleId, own: &Own, imported: &[ModuleId]) -> Option<(Name, Span)> {
        let Entry {
            origin: Origin::Text(text),
            parameters,
            ..
        } = &self.entries[id.index()]
        else {
            return None;
        };
        let polymorphic = |own: &Own| -> Vec<Name> {
            let operators = own.operators.iter();
            let many = operators.filter(|operator| !operator.attributes.poly.is_empty());
            many.map(|operator| operator.name).collect()
        };
        let mut all = polymorphic(own);
        for &import in imported {
            all.extend(polymorphic(&self.own(import)));
        }
        let mut of_parameters = parameters.iter().flat_map(|parameter| {
            let parts = self.transitive(&[parameter.copy]);
            let theories = parts.into_iter().filter(|&part| self.is_theory(part));
            theories.flat_map(|part| polymorphic(&self.own(part)))
        });
        let is_twice = |name: &Name| all.iter().filter(|other| *other == name).count() > 1;
        let name = of_parameters.find(is_twice)?;
        Some((name, text.name.span))
    }

    pub(super) fn own(&self, id: ModuleId) -> Arc<Own> {
        match &self.entries[id.index()].own {
            Some((own, _)) => Arc::clone(own),
            None => unreachable!("declarations are made in order of import"),
        }
    }

    pub(super) fn kind(&self, id: ModuleId) -> ModuleKind {
        match &self.entries[id.index()].own {
            Some((_, kind)) => *kind,
            None => unreachable!("declarations are made in order of import"),
        }
    }

    /// Makes the flattened form of a module of whose parts the declarations are made. `tested` are
    /// sorts for which an operator `_::_` is wanted though no text has it; `constants` are declared
    /// beside what the texts declare, at sorts or at kinds.
    pub(super) fn flatten(
        &mut self,
        id: ModuleId,
        tested: &[Name],
        constants: &[(Name, Name, bool)],
    ) -> Elaborated {
        let order = self.transitive(&[id]);
        let parts = self.parts(&order);
        let mut tests = tested.to_vec();
        for &part in &order {
            match &self.entries[part.index()].origin {
                Origin::Text(text) => tests.extend(tested_sorts(text)),
                Origin::Renamed { base, .. }
                | Origin::Parameter { base, .. }
                | Origin::Instance { base, .. } => {
                    let base = self.elaborated(*base);
                    let renaming = &self.entries[part.index()].renaming;
                    let names = base.sort_tests.iter();
                    tests.extend(
                        names.map(|&(_, sort)| renaming.sort(base.signature.sort(sort).name)),
                    );
                }
                Origin::Sum => {}
            }
        }
        let mut diagnostics = Vec::new();
        let declared = declare(&parts, &tests, constants, &mut diagnostics);
        let signature = Arc::new(declared.signature);
        let n_operators = signature.operators().count();
        let mut elaborated = Elaborated {
            name: self.entries[id.index()].name,
            kind: self.kind(id),
            signature: Arc::clone(&signature),
            grammar: OnceLock::new(),
            variables: Variables::default(),
            identities: vec![None; n_operators],
            statements: Vec::new(),
            n_own_statements: 0,
            sort_tests: declared.sort_tests,
            module: OnceLock::new(),
            variable_sorts: OnceLock::new(),
        };
        // A signature with errors has nothing, and its errors are reported.
        self.entries[id.index()].is_broken |= declared.is_broken;
        let parts = if declared.is_broken {
            &[][..]
        } else {
            &parts[..]
        };
        let mut of_parts: Vec<Vec<Statement>> = Vec::with_capacity(parts.len());
        for (position, part) in parts.iter().enumerate() {
            let mut faults = Vec::new();
            let statements = match &self.entries[order[position].index()].origin {
                Origin::Text(text) => {
                    let identities = &declared.identities[position];
                    let homes = &declared.homes;
                    let is_seen = |op: OpId| {
                        let homes = &homes[op.index()];
                        let sees = |&home: &u32| part.sees.get(home as usize) == Some(&true);
                        homes.is_empty() || homes.iter().any(sees)
                    };
                    let text = Arc::clone(text);
                    let read = read_part(&text, identities, &is_seen, &mut elaborated, &mut faults);
                    let is_ambiguous = faults.iter().any(|fault| fault.code == "ambiguous");
                    if is_ambiguous && order[position] != id {
                        // Kinds that are different in the part are one kind here: what it says
                        // is what it says by itself.
                        let base = self.elaborate(order[position]);
                        faults.clear();
                        let none = Renaming::default();
                        renamed_part(&base, &none, Vec::new(), &mut elaborated, &mut faults)
                    } else {
                        read
                    }
                }
                Origin::Renamed { base, .. } | Origin::Parameter { base, .. } => {
                    let base = self.elaborated(*base);
                    let renaming = &self.entries[order[position].index()].renaming;
                    renamed_part(base, renaming, Vec::new(), &mut elaborated, &mut faults)
                }
                Origin::Instance { base, given } => {
                    let base = self.elaborated(*base);
                    let renaming = &self.entries[order[position].index()].renaming;
                    let terms = self.term_mappings(base, given, &elaborated, &mut faults);
                    let is_composed = !terms.is_empty();
                    let normal = is_composed.then(|| self.normalized(base));
                    let base = normal.as_ref().unwrap_or(base);
                    renamed_part(base, renaming, terms, &mut elaborated, &mut faults)
                }
                Origin::Sum => Vec::new(),
            };
            if part.is_news {
                diagnostics.append(&mut faults);
            }
            of_parts.push(statements);
        }
        // As in Maude, the module's own statements come first.
        elaborated.statements = of_parts.pop().unwrap_or_default();
        elaborated.n_own_statements = elaborated.statements.len();
        elaborated.statements.extend(of_parts.into_iter().flatten());
        self.diagnostics.append(&mut diagnostics);
        for part in order {
            self.entries[part.index()].is_checked = true;
        }
        elaborated
    }

    /// A module with its statements in normal form: that is where views take operators for terms.
    fn normalized(&self, base: &Elaborated) -> Elaborated {
        let signature = &base.signature;
        let identity = |op: OpId| base.identities[op.index()].as_ref();
        let sorts = base.variable_sorts();
        let normalizer = Normalizer::new(signature, identity, &self.occurrences, sorts);
        let mut statements = base.statements.clone();
        for statement in &mut statements {
            normalizer.statement(statement);
        }
        Elaborated {
            name: base.name,
            kind: base.kind,
            signature: Arc::clone(signature),
            grammar: OnceLock::new(),
            variables: base.variables.clone(),
            identities: base.identities.clone(),
            statements,
            n_own_statements: base.n_own_statements,
            sort_tests: base.sort_tests.clone(),
            module: OnceLock::new(),
            variable_sorts: OnceLock::new(),
        }
    }

    /// The parts of a module in order.
    fn parts(&self, order: &[ModuleId]) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::with_capacity(order.len());
        for (position, &id) in order.iter().enumerate() {
            let entry = &self.entries[id.index()];
            let mut sees = vec![false; order.len()];
            sees[position] = true;
            for (import, earlier) in order.iter().zip(&parts) {
                if entry.imports.contains(import) {
                    for (seen, inner) in sees.iter_mut().zip(&earlier.sees) {
                        *seen |= inner;
                    }
                }
            }
            parts.push(Part {
                own: self.own(id),
                sees,
                is_news: !entry.is_checked,
            });
        }
        parts
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

    pub(super) fn make_module(&mut self, elaborated: &Elaborated) -> Option<Arc<Module>> {
        let signature = &elaborated.signature;
        let mut builder = ModuleBuilder::new(elaborated.name, Arc::clone(signature));
        let mut statements = elaborated.statements.clone();
        statements.extend(sort_test_statements(signature, &elaborated.sort_tests));
        let sorts = elaborated.variable_sorts();
        let normalizer = Normalizer::new(
            signature,
            |op| elaborated.identities[op.index()].as_ref(),
            &self.occurrences,
            sorts,
        );
        for statement in &mut statements {
            normalizer.statement(statement);
        }
        for op in signature.operators() {
            if let Some(identity) = &elaborated.identities[op.index()] {
                builder.set_identity(op, identity.clone());
            }
        }
        let spans: Vec<Option<Span>> = statements.iter().map(|statement| statement.span).collect();
        for statement in statements {
            builder.add_statement(statement);
        }
        let module = builder.finish().map_err(|errors| {
            for error in errors {
                let (code, span) = match &error {
                    ModuleError::UnboundVariable { statement, .. } => {
                        ("unbound-variable", spans[statement.index()])
                    }
                    _ => ("bad-module", None),
                };
                let message = error.to_string();
                self.diagnostics.push(match span {
                    Some(span) => Diagnostic::error(code, span, message),
                    None => Diagnostic::without_place(code, message),
                });
            }
        });
        module.ok().map(Arc::new)
    }
}

/// The statements of a renamed module; its identity elements go to the flattened one.
fn renamed_part(
    base: &Elaborated,
    renaming: &Renaming,
    terms: Vec<TermMapping>,
    elaborated: &mut Elaborated,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Statement> {
    let translation = Translation::new(base, elaborated, renaming).with_terms(base, terms);
    for op in base.signature.operators() {
        if let Some(identity) = &base.identities[op.index()]
            && let (Some(op), Some(identity)) =
                (translation.operator(op), translation.pattern(identity))
        {
            let known = &mut elaborated.identities[op.index()];
            if known.is_none() {
                *known = Some(normal_identity(&elaborated.signature, identity));
            }
        }
    }
    let mut statements = Vec::with_capacity(base.n_own_statements);
    for statement in &base.statements[..base.n_own_statements] {
        match (translation.statement(statement), statement.span) {
            (Some(statement), _) => statements.push(statement),
            (None, Some(span)) => diagnostics.push(Diagnostic::error(
                "lost-operator",
                span,
                "an operator of this statement does not exist under its new name",
            )),
            (None, None) => {}
        }
    }
    for statement in &mut statements {
        statement.label = statement.label.map(|label| renaming.label(label));
    }
    statements
}

/// Reads variables, identity elements and statements of a part.
fn read_part(
    text: &ModuleText,
    identities: &[(OpId, Bubble, Span)],
    is_seen: &dyn Fn(OpId) -> bool,
    elaborated: &mut Elaborated,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Statement> {
    let signature = Arc::clone(&elaborated.signature);
    let mut variables = Variables::default();
    read_variables(text, &signature, &mut variables, diagnostics);
    let mut statements = Vec::with_capacity(text.statements.len());
    if !text.statements.is_empty() || !identities.is_empty() {
        let grammar = elaborated
            .grammar
            .get_or_init(|| ModuleGrammar::new(&signature));
        let admitted = grammar.admitted(is_seen);
        let reader = Reader::new(&signature, grammar, &variables, Some(&admitted));
        for (op, bubble, span) in identities {
            let known = &mut elaborated.identities[op.index()];
            let kind = signature.operator(*op).domain.first();
            if let (None, Some(&kind)) = (&known, kind) {
                let place = (bubble, *span);
                *known = read_identity(&signature, &reader, Goal::TermOf(kind), place, diagnostics);
                diagnostics.extend(
                    (known.as_ref())
                        .and_then(|identity| collapse(&signature, *op, identity))
                        .map(|message| Diagnostic::warning("identity-collapse", *span, message)),
                );
            }
        }
        let objects = text
            .is_object_oriented
            .then(|| Objects::new(&signature))
            .flatten();
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
            let objects = objects.as_ref();
            let read = reader.statement(statement, diagnostics).map(|mut read| {
                if let Some(objects) = objects.filter(|_| !statement.attributes.untransformed) {
                    objects.complete(&mut read);
                }
                read
            });
            match read {
                Ok(mut read) => {
                    if let Some(diagnostic) = unbound(&read, statement.span) {
                        diagnostics.push(diagnostic);
                        // As in Maude: it is there, but never applied.
                        read.attributes.nonexec = true;
                    }
                    statements.push(read);
                }
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
    }
    elaborated.variables = variables;
    statements
}

/// What is wrong if an application may lose its sort when its identity element goes.
fn collapse(signature: &Signature, op: OpId, identity: &Pattern) -> Option<String> {
    let PatternNode::Application { op: element, .. } = identity.node(identity.root()) else {
        return None;
    };
    let operator = signature.operator(op);
    let side = operator.axioms().identity?;
    let element = signature.operator(*element).declarations.first()?.range;
    let sides = [(0, 1, Side::Right), (1, 0, Side::Left)];
    for (place, rest, other_side) in sides {
        let collapses = side != other_side || operator.axioms().comm;
        for declaration in operator.declarations.iter().filter(|_| collapses) {
            let (rest, range) = (declaration.domain[rest], declaration.range);
            let is_related = signature.kind_of(rest) == signature.kind_of(range)
                && signature.kind_of(element) == signature.kind_of(declaration.domain[place]);
            if is_related
                && signature.leq(element, declaration.domain[place])
                && !signature.leq(rest, range)
            {
                return Some(format!(
                    "without its identity element, an application of `{}` of sort `{}` can have \
                     sort `{}`",
                    operator.name,
                    signature.sort(range).name,
                    signature.sort(rest).name
                ));
            }
        }
    }
    None
}

/// An identity element in normal form, where one is not a matter of taste.
fn normal_identity(signature: &Signature, identity: Pattern) -> Pattern {
    if identity.nodes().len() == 1 {
        return identity;
    }
    let occurrences = Occurrences::default();
    Normalizer::new(signature, |_| None, &occurrences, &[]).pattern(&identity, &[])
}

fn read_identity(
    signature: &Signature,
    reader: &Reader<'_>,
    goal: Goal,
    (bubble, span): (&Bubble, Span),
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Pattern> {
    let mut scope = Scope::default();
    match reader.term(goal, bubble, span, &mut scope, diagnostics) {
        Ok(pattern) if pattern.is_ground() => return Some(normal_identity(signature, pattern)),
        Ok(_) => {
            let message = "an identity element has no variables";
            diagnostics.push(Diagnostic::error("bad-attribute", span, message));
        }
        Err(diagnostic) => diagnostics.push(diagnostic),
    }
    None
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
