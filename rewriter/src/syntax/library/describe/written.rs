//! The text of a module or view, put together from its tokens.

use std::fmt::Write;

use super::super::items::parameterized_constant;
use super::super::renaming::attributes_text;
use super::super::{Dialect, Library, ModuleId, Origin};
use super::write_list;
use crate::name::Name;
use crate::source::SourceMap;
use crate::syntax::ast::{
    ArgumentText, Attributes, Bubble, Gather, IdentitySide, ImportMode, ModuleExpression,
    ModuleText, OperatorText, ParameterText, RenamingItem, SortText, StatementKind, StatementText,
    VariableText, ViewText,
};
use crate::syntax::printer::PrintOptions;

impl Library {
    /// The text of a module; of one that was made from others, what it became.
    pub(super) fn describe_written(&mut self, id: ModuleId, options: PrintOptions) -> String {
        let Origin::Text(module) = &self.entries[id.index()].origin else {
            return self.describe_all(id, options);
        };
        let module = module.clone();
        let [start, end] = self.keywords(id);
        let mut text = self.header(id, start);
        for import in &module.imports {
            let mode = match import.mode {
                ImportMode::Protecting => "protecting",
                ImportMode::Extending => "extending",
                ImportMode::Including => "including",
            };
            let _ = writeln!(text, "  {mode} {} .", expression(&import.module));
        }
        let mut sorts = module.sorts.as_slice();
        for &length in &module.sort_groups {
            let (group, rest) = sorts.split_at(length.min(sorts.len()));
            let names: Vec<Name> = group.iter().map(|sort| sort.name).collect();
            write_list(&mut text, "  ", self.counted("sort", "sorts"), &names);
            sorts = rest;
        }
        write_subsorts(&module, self.counted("subsort", "subsorts"), &mut text);
        for group in module
            .operators
            .chunk_by(|first, next| first.span == next.span)
        {
            write_operators(group, &self.sources, &mut text);
        }
        let is_together =
            |first: &VariableText, next: &VariableText| first.sort.span == next.sort.span;
        for group in module.variables.chunk_by(is_together) {
            write_variables(group, &mut text);
        }
        for statement in &module.statements {
            let source = self.sources.text(statement.span);
            let keyword = source.split_whitespace().next().unwrap_or_default();
            write_statement(keyword, statement, &mut text);
        }
        text + end + "\n"
    }

    /// The words for one and for several: Maude 3.2 writes the second for one as well.
    fn counted(&self, one: &'static str, several: &'static str) -> [&'static str; 2] {
        match self.dialect {
            Dialect::Earlier => [several; 2],
            Dialect::Later => [one, several],
        }
    }

    /// The text of a view, if there is one with this name.
    pub fn describe_view(&mut self, name: Name) -> Option<String> {
        self.load_prelude_view(name);
        let view = self.views.get(&name)?;
        Some(view_text(view))
    }
}

/// An item of a renaming as it is written, but that kinds are meant in any case.
fn show_renaming(item: &RenamingItem) -> String {
    match item {
        RenamingItem::Sort(from, to) => format!("sort {} to {}", from.name, to.name),
        RenamingItem::Label(from, to) => format!("label {} to {}", from.name, to.name),
        RenamingItem::Operator {
            from,
            rank,
            to,
            attributes,
        } => {
            let mut text = format!("op {}", from.name);
            if let Some((domain, range)) = rank {
                text += " :";
                for sort in domain {
                    text += &format!(" [{}]", sort.name);
                }
                text += &format!(" -> [{}]", range.name);
            }
            text += &format!(" to {}", to.name);
            text + &attributes_text(attributes)
        }
    }
}

/// `{X :: TRIV, Y :: TRIV}`
pub(super) fn write_parameters(text: &mut String, parameters: &[ParameterText]) {
    if parameters.is_empty() {
        return;
    }
    let shown: Vec<String> = (parameters.iter())
        .map(|parameter| {
            format!(
                "{} :: {}",
                parameter.name.name,
                expression(&parameter.theory)
            )
        })
        .collect();
    let _ = write!(text, "{{{}}}", shown.join(", "));
}

/// A module expression. Recursion is bounded by the outer parser.
fn expression(module: &ModuleExpression) -> String {
    match module {
        ModuleExpression::Name(name) => name.name.to_string(),
        ModuleExpression::Sum(modules) => {
            let shown: Vec<String> = modules.iter().map(expression).collect();
            shown.join(" + ")
        }
        ModuleExpression::Renaming(base, items) => {
            // Sorts come first and labels last, whatever the order is.
            let mut items: Vec<&RenamingItem> = items.iter().collect();
            items.sort_by_key(|item| match item {
                RenamingItem::Sort(..) => 0,
                RenamingItem::Operator { .. } => 1,
                RenamingItem::Label(..) => 2,
            });
            let items: Vec<String> = items.into_iter().map(show_renaming).collect();
            match **base {
                ModuleExpression::Sum(_) => {
                    format!("({}) * ({})", expression(base), items.join(", "))
                }
                _ => format!("{} * ({})", expression(base), items.join(", ")),
            }
        }
        ModuleExpression::Instance(base, given) => {
            format!("{}{}", expression(base), arguments(given))
        }
    }
}

fn arguments(given: &[ArgumentText]) -> String {
    let shown: Vec<String> = (given.iter())
        .map(|argument| {
            let groups: String = argument
                .groups
                .iter()
                .map(|group| arguments(group))
                .collect();
            format!("{}{groups}", argument.name.name)
        })
        .collect();
    format!("{{{}}}", shown.join(", "))
}

fn write_subsorts(module: &ModuleText, [one, several]: [&str; 2], text: &mut String) {
    for chain in &module.subsorts {
        let mut names: Vec<Name> = Vec::new();
        for (index, level) in chain.iter().enumerate() {
            if index > 0 {
                names.push(Name::new("<"));
            }
            names.extend(level.iter().map(|sort| sort.name));
        }
        let keyword = if names.len() == 3 { one } else { several };
        write_list(text, "  ", [keyword; 2], &names);
    }
}

fn sort_text(sort: &SortText) -> String {
    if sort.is_kind {
        format!("[{}]", sort.name)
    } else {
        sort.name.to_string()
    }
}

/// A kind as it is written, without blanks.
fn kind_text(sort: &SortText, sources: &SourceMap) -> String {
    let written = sources.text(sort.span);
    written.chars().filter(|c| !c.is_whitespace()).collect()
}

fn write_operators(group: &[OperatorText], sources: &SourceMap, text: &mut String) {
    let Some(first) = group.first() else { return };
    text.push_str(if group.len() > 1 { "  ops" } else { "  op" });
    for operator in group {
        let name = operator.name.name;
        let _ = match parameterized_constant(name, operator.domain.len()) {
            Some(name) if group.len() > 1 => write!(text, " ({name})"),
            Some(name) => write!(text, " {name}"),
            None => write!(text, " {name}"),
        };
    }
    let poly = first.attributes.polymorphic.as_deref().unwrap_or(&[]);
    let sort = |position: u32, sort: &SortText| match poly.contains(&position) {
        true => "Universal".to_owned(),
        false if sort.is_kind => kind_text(sort, sources),
        false if first.partial => format!("[{}]", sort.name),
        false => sort_text(sort),
    };
    text.push_str(" :");
    for (position, argument) in (1..).zip(&first.domain) {
        let _ = write!(text, " {}", sort(position, argument));
    }
    let _ = write!(text, " -> {}", sort(0, &first.range));
    let words = attribute_words(&first.attributes, first.domain.len());
    if !words.is_empty() {
        let _ = write!(text, " [{}]", words.join(" "));
    }
    text.push_str(" .\n");
}

fn numbers(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    numbers.join(" ")
}

/// The attributes of a declaration, in Maude's order.
fn attribute_words(attributes: &Attributes, arity: usize) -> Vec<String> {
    if attributes.ditto {
        return vec!["ditto".to_owned()];
    }
    let mut words: Vec<String> = Vec::new();
    let flags = [
        (attributes.associative, "assoc"),
        (attributes.commutative, "comm"),
    ];
    words.extend(
        flags
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| (*word).to_owned()),
    );
    words.extend(attributes.other.iter().map(|word| role(*word).to_owned()));
    if let Some((side, element)) = &attributes.identity {
        let side = match side {
            IdentitySide::Both => "",
            IdentitySide::Left => "left ",
            IdentitySide::Right => "right ",
        };
        words.push(format!("{side}id: {}", tokens(element)));
    }
    let flags = [
        (attributes.idempotent, "idem"),
        (attributes.iterated, "iter"),
    ];
    words.extend(
        flags
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| (*word).to_owned()),
    );
    if let Some(poly) = &attributes.polymorphic {
        words.push(format!("poly ({})", numbers(poly)));
    }
    if let Some(strategy) = &attributes.strategy {
        words.push(format!("strat ({})", numbers(strategy)));
    }
    if attributes.memoized {
        words.push("memo".to_owned());
    }
    match attributes.frozen.as_deref() {
        None => {}
        Some([]) => {
            let all: Vec<u32> = (1..).take(arity).collect();
            words.push(format!("frozen ({})", numbers(&all)));
        }
        Some(positions) => words.push(format!("frozen ({})", numbers(positions))),
    }
    if attributes.constructor {
        words.push("ctor".to_owned());
    }
    if let Some(precedence) = attributes.precedence {
        words.push(format!("prec {precedence}"));
    }
    words.extend(attributes.gather.as_deref().map(gather_text));
    words.extend(attributes.format.as_deref().map(format_text));
    if let Some(special) = &attributes.special {
        words.push(format!("special (\n    {})", tokens(special)));
    }
    if let Some(metadata) = attributes.metadata {
        words.push(format!("metadata {metadata}"));
    }
    words
}

/// `gather (e E)`
pub(in super::super) fn gather_text(gather: &[Gather]) -> String {
    let letters: Vec<&str> = (gather.iter())
        .map(|gather| match gather {
            Gather::Below => "e",
            Gather::AtMost => "E",
            Gather::Any => "&",
        })
        .collect();
    format!("gather ({})", letters.join(" "))
}

/// `format (d r o d)`
pub(in super::super) fn format_text(format: &[Name]) -> String {
    let words: Vec<&str> = format.iter().map(|word| word.as_str()).collect();
    format!("format ({})", words.join(" "))
}

/// The short form of `object`, `message` and `configuration`.
pub(super) fn role(word: Name) -> &'static str {
    match word.as_str() {
        "object" => "obj",
        "message" => "msg",
        "configuration" => "config",
        word => word,
    }
}

fn write_variables(group: &[VariableText], text: &mut String) {
    let Some(first) = group.first() else { return };
    text.push_str(if group.len() > 1 { "  vars" } else { "  var" });
    for variable in group {
        let _ = write!(text, " {}", variable.name.name);
    }
    let _ = writeln!(text, " : {} .", sort_text(&first.sort));
}

fn write_statement(keyword: &str, statement: &StatementText, text: &mut String) {
    debug_assert!(matches!(
        statement.kind,
        StatementKind::Membership | StatementKind::Equation | StatementKind::Rule
    ));
    let _ = write!(text, "  {keyword}");
    let given = &statement.attributes;
    if let Some(label) = statement.label
        && given.label.is_none()
    {
        let _ = write!(text, " [{}] :", label.name);
    }
    let _ = write!(text, " {}", tokens(&statement.bubble));
    let flags = [
        (given.nonexec, "nonexec"),
        (given.owise, "owise"),
        (given.variant, "variant"),
        (given.narrowing, "narrowing"),
    ];
    let mut words: Vec<String> = (flags.iter())
        .filter(|(on, _)| *on)
        .map(|(_, word)| (*word).to_owned())
        .collect();
    words.extend(given.label.map(|label| format!("label {}", label.name)));
    words.extend(
        given
            .metadata
            .map(|metadata| format!("metadata {metadata}")),
    );
    if let Some(print) = &given.print {
        words.push(format!("print {}", tokens(print)));
    }
    if !words.is_empty() {
        let _ = write!(text, " [{}]", words.join(" "));
    }
    text.push_str(" .\n");
}

/// Tokens with blanks between them, but not inside brackets.
fn tokens(bubble: &Bubble) -> String {
    let mut text = String::new();
    let mut after_open = true;
    for token in bubble {
        if !after_open && !matches!(token.text(), ")" | "]" | "}" | ",") {
            text.push(' ');
        }
        text.push_str(token.text());
        after_open = matches!(token.text(), "(" | "[" | "{");
    }
    text
}

fn view_text(view: &ViewText) -> String {
    let mut text = format!("view {}", view.name.name);
    write_parameters(&mut text, &view.parameters);
    let _ = writeln!(
        text,
        " from {} to {} is",
        expression(&view.from),
        expression(&view.to)
    );
    let (sorts, operators): (Vec<_>, Vec<_>) =
        (view.items.iter()).partition(|item| matches!(item, RenamingItem::Sort(..)));
    for item in sorts {
        let _ = writeln!(text, "  {} .", show_renaming(item));
    }
    let is_together = |first: &VariableText, next: &VariableText| first.sort.span == next.sort.span;
    for group in view.variables.chunk_by(is_together) {
        write_variables(group, &mut text);
    }
    for item in operators {
        let _ = writeln!(text, "  {} .", show_renaming(item));
    }
    for term in &view.terms {
        let (from, to) = (tokens(&term.from), tokens(&term.to));
        let from = from.replacen(" (", "(", 1);
        let _ = writeln!(text, "  op {from} to term {to} .");
    }
    text + "endv\n"
}
