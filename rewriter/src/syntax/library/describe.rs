//! Modules as text: what `show` writes of them.
//!
//! The one idea: there are two texts of a module. The one that was written is put together again
//! from its tokens (`show module`); the other says what it became with everything that it imports
//! (`show all`), where every declaration has all its attributes.

mod special;
mod written;

use std::fmt::Write;

pub(super) use self::special::hook_of;
use self::special::special;
pub(super) use self::written::{format_text, gather_text};
use super::items::parameterized_constant;
use super::own::OwnOperator;
use super::{Elaborated, Library, ModuleId, Origin};
use crate::name::Name;
use crate::signature::{KindId, OpId, Side, Signature, SortId};
use crate::statement::{Body, Statement};
use crate::syntax::ast::ModuleKind;
use crate::syntax::grammar::generate::Variables;
use crate::syntax::lexer::is_special;
use crate::syntax::mixfix::{ANY_PRECEDENCE, Mixfix};
use crate::syntax::normalize::Occurrences;
use crate::syntax::printer::{PrintOptions, Printer};

/// What is shown of a module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Aspect {
    /// Its text.
    Written,
    /// What it became.
    All,
    /// Its sorts, with those above and below each.
    Sorts,
    /// Its kinds, with the sorts of each.
    Kinds,
    /// The declarations of its operators.
    Operators,
    /// Its own variables.
    Variables,
    /// Its memberships.
    Memberships,
    /// Its equations.
    Equations,
    /// Its rules.
    Rules,
}

/// The version of Maude that texts are written as, where versions differ.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Dialect {
    /// As Maude 3.2 does.
    #[default]
    Earlier,
    /// As Maude 3.5 does: labels come first.
    Later,
}

/// The declarations of operators with the operators that they became part of.
type Declarations<'o> = Vec<(Option<OpId>, &'o OwnOperator)>;

impl Library {
    /// A module as Maude shows it.
    pub fn describe(&mut self, id: ModuleId, aspect: Aspect, options: PrintOptions) -> String {
        let elaborated = self.elaborate(id);
        let signature = &elaborated.signature;
        let mut text = String::new();
        match aspect {
            Aspect::Written => return self.describe_written(id, options),
            Aspect::All => return self.describe_all(id, options),
            Aspect::Sorts => show_sorts(signature, &mut text),
            Aspect::Kinds => show_kinds(signature, &mut text),
            Aspect::Operators => self.operators(id, &elaborated, "", &mut text),
            Aspect::Variables => {
                show_variables(&elaborated, &self.occurrences, "", &mut text);
            }
            Aspect::Memberships => self.statements(id, is_membership, options, &mut text),
            Aspect::Equations => self.statements(id, is_equation, options, &mut text),
            Aspect::Rules => self.statements(id, is_rule, options, &mut text),
        }
        text
    }

    fn describe_all(&mut self, id: ModuleId, options: PrintOptions) -> String {
        let elaborated = self.elaborate(id);
        let [start, end] = self.plain_keywords(id);
        let mut text = self.header(id, start);
        let signature = &elaborated.signature;
        let sorts: Vec<Name> = (signature.sorts())
            .filter(|&sort| !signature.is_error_sort(sort))
            .map(|sort| signature.sort(sort).name)
            .collect();
        write_list(&mut text, "  ", ["sort", "sorts"], &sorts);
        self.subsorts(id, signature, &mut text);
        self.operators(id, &elaborated, "  ", &mut text);
        show_variables(&elaborated, &self.occurrences, "  ", &mut text);
        for kind in [is_membership, is_equation, is_rule] {
            let mut shown = String::new();
            self.statements(id, kind, options, &mut shown);
            for line in shown.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        text + end + "\n"
    }

    /// `fmod NAME{X :: TRIV} is`, with the end of the line.
    fn header(&self, id: ModuleId, keyword: &str) -> String {
        let entry = &self.entries[id.index()];
        let name = entry.name;
        let mut text = format!("{keyword} {name}");
        if let Origin::Text(module) = &entry.origin {
            written::write_parameters(&mut text, &module.parameters);
        }
        text + " is\n"
    }

    /// The words that begin and end a module.
    pub(super) fn keywords(&self, id: ModuleId) -> [&'static str; 2] {
        match &self.entries[id.index()].origin {
            Origin::Text(text) if text.is_object_oriented => match text.is_theory {
                true => ["oth", "endoth"],
                false => ["omod", "endom"],
            },
            _ => self.plain_keywords(id),
        }
    }

    /// The same for what a module became: classes are sorts and operators then.
    fn plain_keywords(&self, id: ModuleId) -> [&'static str; 2] {
        match (self.is_theory(id), self.kind(id)) {
            (false, ModuleKind::Functional) => ["fmod", "endfm"],
            (false, ModuleKind::System) => ["mod", "endm"],
            (true, ModuleKind::Functional) => ["fth", "endfth"],
            (true, ModuleKind::System) => ["th", "endth"],
        }
    }

    fn subsorts(&self, id: ModuleId, signature: &Signature, text: &mut String) {
        let parts = self.transitive(&[id]);
        let owns: Vec<_> = parts.iter().map(|&part| self.own(part)).collect();
        for sort in signature.sorts() {
            let upper = signature.sort(sort).name;
            let pairs = owns.iter().flat_map(|own| &own.subsorts);
            let mut names: Vec<Name> = pairs
                .filter(|(_, above)| *above == upper)
                .map(|&(lower, _)| lower)
                .collect();
            if names.is_empty() {
                continue;
            }
            let keyword = if names.len() == 1 {
                "subsort"
            } else {
                "subsorts"
            };
            names.extend([Name::new("<"), upper]);
            write_list(text, "  ", [keyword; 2], &names);
        }
    }

    fn operators(&self, id: ModuleId, elaborated: &Elaborated, indent: &str, text: &mut String) {
        let signature = &elaborated.signature;
        let parts = self.transitive(&[id]);
        let owns: Vec<_> = parts.iter().map(|&part| self.own(part)).collect();
        let mut declarations: Declarations<'_> = (owns.iter().flat_map(|own| &own.operators))
            .map(|operator| (operator_of(signature, operator), operator))
            .collect();
        // Polymorphic operators first, then each operator with all its declarations.
        declarations.sort_by_key(|(op, _)| op.map(OpId::index));
        let mut printer = Printer::new(signature);
        for (op, declaration) in declarations {
            let instances = signature.operators_named(declaration.name, declaration.domain.len());
            let Some(op) = op.or_else(|| instances.first().copied()) else {
                continue;
            };
            text.push_str(indent);
            write_rank(signature, declaration, self.dialect, text);
            let mut words =
                attribute_words(elaborated, op, declaration, self.dialect, &mut printer);
            if self.dialect == Dialect::Later && self.is_of_prelude(declaration.span) {
                words.extend(special::object_constructor(signature, op, declaration));
            }
            if !words.is_empty() {
                let _ = write!(text, " [{}]", words.join(" "));
            }
            text.push_str(" .\n");
        }
    }

    fn statements(
        &mut self,
        id: ModuleId,
        is_wanted: fn(&Statement) -> bool,
        options: PrintOptions,
        text: &mut String,
    ) {
        let Some(module) = self.module(id) else {
            return;
        };
        let elaborated = self.elaborate(id);
        let mut printer = Printer::new(&elaborated.signature)
            .with_aliases(&elaborated.variables)
            .with_options(options);
        // What is beyond was made for `::`.
        let written = &module.statements()[..elaborated.statements.len()];
        for statement in written.iter().filter(|statement| is_wanted(statement)) {
            let _ = writeln!(text, "{}", printer.statement(statement));
        }
    }
}

fn is_membership(statement: &Statement) -> bool {
    matches!(statement.body, Body::Membership { .. })
}

fn is_equation(statement: &Statement) -> bool {
    matches!(statement.body, Body::Equation { .. })
}

fn is_rule(statement: &Statement) -> bool {
    matches!(statement.body, Body::Rule { .. })
}

/// `sorts A B .`
fn write_list(text: &mut String, indent: &str, keywords: [&str; 2], names: &[Name]) {
    if names.is_empty() {
        return;
    }
    text.push_str(indent);
    text.push_str(keywords[usize::from(names.len() > 1)]);
    for name in names {
        text.push(' ');
        text.push_str(name.as_str());
    }
    text.push_str(" .\n");
}

/// Each sort with those below and above it in its kind, from the lowest.
fn show_sorts(signature: &Signature, text: &mut String) {
    for sort in signature.sorts() {
        if signature.is_error_sort(sort) {
            continue;
        }
        let name = signature.sort(sort).name;
        let kind = signature.kind(signature.kind_of(sort));
        let others = || {
            let others = kind.sorts[1..].iter().rev().copied();
            others.filter(|&other| other != sort)
        };
        let names = |related: &dyn Fn(SortId) -> bool| -> Vec<&str> {
            let related = others().filter(|&other| related(other));
            related
                .map(|other| signature.sort(other).name.as_str())
                .collect()
        };
        let below = names(&|other| signature.leq(other, sort));
        let above = names(&|other| signature.leq(sort, other));
        let _ = write!(text, "sort {name} .");
        if !below.is_empty() || !above.is_empty() {
            let keyword = if below.len() + above.len() == 1 {
                "subsort"
            } else {
                "subsorts"
            };
            let sides = [below.join(" "), name.to_string(), above.join(" ")];
            let sides: Vec<&str> = sides.iter().map(String::as_str).collect();
            let sides: Vec<&str> = sides.into_iter().filter(|side| !side.is_empty()).collect();
            let _ = write!(text, "\t{keyword} {} .", sides.join(" < "));
        }
        text.push('\n');
    }
}

fn show_kinds(signature: &Signature, text: &mut String) {
    for kind in signature.kinds() {
        if kind.index() > 0 {
            text.push('\n');
        }
        let error = signature.error_sort(kind);
        let _ = writeln!(text, "{}:", signature.sort(error).name);
        for (index, &sort) in signature.kind(kind).sorts.iter().enumerate().skip(1) {
            let _ = writeln!(text, "\t{index}\t{}", signature.sort(sort).name);
        }
    }
}

fn show_variables(
    elaborated: &Elaborated,
    occurrences: &Occurrences,
    indent: &str,
    text: &mut String,
) {
    let variables: &Variables = &elaborated.variables;
    let mut names: Vec<(Name, SortId)> = (variables.iter())
        .map(|(&name, &sort)| (name, sort))
        .collect();
    names.sort_by_key(|(name, _)| (occurrences.rank(*name), name.as_str()));
    for (name, sort) in names {
        let sort = elaborated.signature.sort(sort).name;
        let _ = writeln!(text, "{indent}var {name} : {sort} .");
    }
}

/// The operator that a declaration is of; none if it is of many.
fn operator_of(signature: &Signature, declaration: &OwnOperator) -> Option<OpId> {
    if !declaration.attributes.poly.is_empty() {
        return None;
    }
    let kind = |&(name, _): &(Name, bool)| {
        let sort = signature.sort_named(name)?;
        Some(signature.kind_of(sort))
    };
    let domain: Vec<KindId> = declaration.domain.iter().map(kind).collect::<Option<_>>()?;
    let range = kind(&declaration.range)?;
    let named = signature.operators_named(declaration.name, domain.len());
    named.iter().copied().find(|&op| {
        let operator = signature.operator(op);
        operator.domain == domain && operator.range == range
    })
}

/// Where a colon that stands alone makes a name be misread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colon {
    /// Outside of parentheses: then the name is put into some.
    Outside,
    /// Anywhere: then the name stays as it is.
    Anywhere,
}

/// The name of an operator as Maude 3.5 writes it: without backquotes where they are not needed.
fn pretty_name(name: Name, colon: Colon) -> String {
    let original = name.as_str();
    let mut text = String::with_capacity(original.len());
    let mut depth = 0i32;
    let mut is_misread = false;
    let mut is_start = true;
    let mut characters = original.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '`' {
            let special = characters.next_if(|&next| is_special(next));
            match special {
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return original.to_owned();
            }
            text.push(special.unwrap_or(' '));
            is_start = true;
            continue;
        }
        text.push(character);
        let is_alone = is_start && matches!(characters.peek(), None | Some('`'));
        is_misread |= character == ':' && is_alone && (depth == 0 || colon == Colon::Anywhere);
        is_start = false;
    }
    is_misread |= text.starts_with('(') && text.ends_with(')');
    match (depth, is_misread, colon) {
        (0, false, _) => text,
        (0, true, Colon::Outside) => format!("({text})"),
        _ => original.to_owned(),
    }
}

/// `op f : A [B] -> C`
fn write_rank(
    signature: &Signature,
    declaration: &OwnOperator,
    dialect: Dialect,
    text: &mut String,
) {
    let poly = &declaration.attributes.poly;
    let shown = |position: usize, &(name, is_kind): &(Name, bool)| {
        if poly.contains(&position) {
            return Name::new("Universal");
        }
        match signature.sort_named(name) {
            Some(sort) if is_kind || declaration.partial => {
                let error = signature.error_sort(signature.kind_of(sort));
                signature.sort(error).name
            }
            _ => name,
        }
    };
    let name = parameterized_constant(declaration.name, declaration.domain.len());
    let name = match (name, dialect) {
        (Some(name), _) => name.to_string(),
        (None, Dialect::Earlier) => declaration.name.to_string(),
        (None, Dialect::Later) => pretty_name(declaration.name, Colon::Outside),
    };
    let _ = write!(text, "op {name} :");
    for (index, sort) in declaration.domain.iter().enumerate() {
        let _ = write!(text, " {}", shown(index + 1, sort));
    }
    let _ = write!(text, " -> {}", shown(0, &declaration.range));
}

/// The attributes of a declaration, in Maude's order.
fn attribute_words(
    elaborated: &Elaborated,
    op: OpId,
    declaration: &OwnOperator,
    dialect: Dialect,
    printer: &mut Printer<'_>,
) -> Vec<String> {
    let signature = &elaborated.signature;
    let attributes = &signature.operator(op).attributes;
    let numbers = |numbers: &[usize]| -> String {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        numbers.join(" ")
    };
    let mut words: Vec<String> = Vec::new();
    let mut flag = |on: bool, word: &str| {
        if on {
            words.push(word.to_owned());
        }
    };
    flag(declaration.attributes.ctor, "ctor");
    flag(attributes.axioms.assoc, "assoc");
    flag(attributes.axioms.comm, "comm");
    if let Some(side) = attributes.axioms.identity
        && let Some(identity) = elaborated
            .identities
            .get(op.index())
            .and_then(Option::as_ref)
    {
        let side = match side {
            Side::Left => "left ",
            Side::Right => "right ",
            Side::Both => "",
        };
        let identity = printer.pattern_where(identity, &[], dialect == Dialect::Later);
        words.push(format!("{side}id: {identity}"));
    }
    let mut flag = |on: bool, word: &str| {
        if on {
            words.push(word.to_owned());
        }
    };
    flag(attributes.axioms.idem, "idem");
    flag(attributes.axioms.iter, "iter");
    for role in &declaration.roles {
        flag(true, role.as_str());
    }
    if !attributes.poly.is_empty() {
        words.push(format!("poly ({})", numbers(&attributes.poly)));
    }
    if let Some(strategy) = &attributes.strategy {
        words.push(format!("strat ({})", numbers(strategy)));
    }
    if attributes.memo {
        words.push("memo".to_owned());
    }
    if !attributes.frozen.is_empty() {
        // What is frozen on one side of a commutative operator is frozen on both.
        let from_one: Vec<usize> = match attributes.axioms.comm {
            true => vec![1, 2],
            false => (attributes.frozen.iter())
                .map(|position| position + 1)
                .collect(),
        };
        words.push(format!("frozen ({})", numbers(&from_one)));
    }
    let mixfix = Mixfix::new(signature, op);
    if mixfix.parts.is_some() && !declaration.domain.is_empty() {
        words.push(format!("prec {}", mixfix.precedence));
        let letters: Vec<&str> = (mixfix.gather.iter())
            .map(|&accepted| match accepted {
                ANY_PRECEDENCE => "&",
                _ if accepted == mixfix.precedence => "E",
                _ => "e",
            })
            .collect();
        words.push(format!("gather ({})", letters.join(" ")));
    }
    if let Some(format) = &attributes.format {
        let letters: Vec<&str> = format.iter().map(|word| word.as_str()).collect();
        words.push(format!("format ({})", letters.join(" ")));
    }
    words.extend(special(signature, op, dialect));
    if let Some(metadata) = declaration.attributes.metadata {
        words.push(format!("metadata {metadata}"));
    }
    words
}
