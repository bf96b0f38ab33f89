//! Terms and patterns as text.
//!
//! The one idea: printing is the grammar backwards. An argument gets parentheses when its
//! precedence is beyond what its hole accepts, or when an operator beside it could capture an
//! open end of it. Work that is still to be done is a list, so depth costs no stack.
//!
//! Two styles: mixfix with Maude's spacing and `format`, byte for byte; and prefix, in which real
//! Maude reads everything back without looking at precedences.

mod form;
mod nodes;
mod write;

use self::form::Form;
use self::nodes::{Numbers, PatternNodes, StoreNodes};
use self::write::Context;
pub use self::write::Transcript;
use crate::module::Module;
use crate::name::Name;
use crate::pattern::{Pattern, Variable};
use crate::signature::{OpId, Signature, SortId};
use crate::statement::{Body, Fragment, PrintItem, Statement};
use crate::syntax::grammar::generate::Variables;
use crate::syntax::literal::escape;
use crate::term::{Store, TermId};

/// How terms are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// As in the text of a module.
    Mixfix,
    /// Every operator before its arguments: `_+_(1, 2)`.
    Prefix,
}

/// What `set print` switches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrintOptions {
    /// Operators as in the text of a module, or all before their arguments.
    pub mixfix: bool,
    /// Numbers in digits.
    pub numbers: bool,
    /// Fractions as `1/2`.
    pub fractions: bool,
    /// All arguments of an associative operator together, or one in another.
    pub flat: bool,
    /// Every application in mixfix form in parentheses.
    pub parentheses: bool,
    /// Declared variables without their sort.
    pub aliases: bool,
    /// As `format` attributes say.
    pub format: bool,
    /// The label of a statement before it, not among its attributes.
    pub labels_first: bool,
    /// The left side of a statement or condition tells the kind of the right one.
    pub left_tells_kind: bool,
}

impl Default for PrintOptions {
    fn default() -> PrintOptions {
        PrintOptions {
            mixfix: true,
            numbers: true,
            fractions: true,
            flat: true,
            parentheses: false,
            aliases: true,
            format: true,
            labels_first: false,
            left_tells_kind: false,
        }
    }
}

/// Prints terms and patterns over one signature.
#[derive(Clone, Debug)]
pub struct Printer<'a> {
    signature: &'a Signature,
    /// Variables that are printed without their sort.
    aliases: Option<&'a Variables>,
    style: Style,
    options: PrintOptions,
    forms: Vec<Option<Box<Form>>>,
    numbers: Option<Numbers>,
}

impl<'a> Printer<'a> {
    /// A printer for terms of a module.
    pub fn new(signature: &'a Signature) -> Printer<'a> {
        Printer {
            signature,
            aliases: None,
            style: Style::Mixfix,
            options: PrintOptions::default(),
            forms: vec![None; signature.operators().count()],
            numbers: Numbers::of(signature),
        }
    }

    /// A printer for terms of a finished module.
    pub fn of_module(module: &'a Module) -> Printer<'a> {
        Printer::new(module.signature())
    }

    /// The same in another style.
    pub fn with_style(mut self, style: Style) -> Printer<'a> {
        self.style = style;
        self
    }

    /// The same, as `set print` says.
    pub fn with_options(mut self, options: PrintOptions) -> Printer<'a> {
        self.options = options;
        self
    }

    /// The same, where these variables are printed without their sorts.
    pub fn with_aliases(mut self, aliases: &'a Variables) -> Printer<'a> {
        self.aliases = Some(aliases);
        self
    }

    /// A term as text.
    pub fn term(&mut self, store: &Store, term: TermId) -> String {
        let mut transcript = Transcript::default();
        let nodes = StoreNodes(store, self.options);
        self.print(&nodes, term, Context::alone(false), &mut transcript);
        transcript.text
    }

    /// A term as text, where much of it was printed before: the transcript is of the same store
    /// and the same printer. Terms are copied at the speed of memory.
    pub fn term_again<'t>(
        &mut self,
        store: &Store,
        term: TermId,
        transcript: &'t mut Transcript,
    ) -> &'t str {
        let start = transcript.begin();
        let nodes = StoreNodes(store, self.options);
        self.print(&nodes, term, Context::alone(false), transcript);
        &transcript.text[start..]
    }

    /// A pattern as text.
    pub fn pattern(&mut self, pattern: &Pattern, variables: &[Variable]) -> String {
        self.pattern_where(pattern, variables, false)
    }

    /// A pattern as text, where its place tells its kind, or does not.
    pub fn pattern_where(
        &mut self,
        pattern: &Pattern,
        variables: &[Variable],
        kind_is_known: bool,
    ) -> String {
        let mut transcript = Transcript::default();
        let nodes = PatternNodes {
            pattern,
            variables,
            numbers: self.shown_numbers(),
        };
        let context = Context::alone(kind_is_known);
        self.print(&nodes, pattern.root(), context, &mut transcript);
        transcript.text
    }

    /// A variable as text: its name, and its sort unless the module declares it so.
    pub fn variable(&self, name: Name, sort: SortId) -> String {
        let mut text = String::new();
        self.write_variable(name, sort, &mut text);
        text
    }

    fn write_variable(&self, name: Name, sort: SortId, text: &mut String) {
        text.push_str(name.as_str());
        let is_alias = self
            .aliases
            .is_some_and(|aliases| aliases.get(&name) == Some(&sort));
        if !is_alias || !self.options.aliases || self.style == Style::Prefix {
            text.push(':');
            text.push_str(self.signature.sort(sort).name.as_str());
        }
    }

    /// A condition as text.
    pub fn condition(&mut self, condition: &[Fragment], variables: &[Variable]) -> String {
        let mut texts = Vec::with_capacity(condition.len());
        for fragment in condition {
            let (left, relation, right) = match fragment {
                Fragment::Equality { left, right } => (left, "=", right),
                Fragment::Assignment { pattern, term } => (pattern, ":=", term),
                Fragment::Rewrite { term, pattern } => (term, "=>", pattern),
                Fragment::SortTest { term, sort } => {
                    let is_known = self.options.left_tells_kind;
                    let term = self.pattern_where(term, variables, is_known);
                    texts.push(format!("{term} : {}", self.signature.sort(*sort).name));
                    continue;
                }
            };
            let left = self.pattern(left, variables);
            let right = self.right_side(right, variables);
            texts.push(format!("{left} {relation} {right}"));
        }
        texts.join(" /\\ ")
    }

    fn right_side(&mut self, pattern: &Pattern, variables: &[Variable]) -> String {
        self.pattern_where(pattern, variables, self.options.left_tells_kind)
    }

    /// A statement as text: `rl a => b [label l] .`
    pub fn statement(&mut self, statement: &Statement) -> String {
        let variables = &statement.variables;
        let is_conditional = !statement.condition.is_empty();
        let (keyword, left, relation, right) = match &statement.body {
            Body::Equation { left, right } => ("eq", left, "=", self.right_side(right, variables)),
            Body::Rule { left, right } => ("rl", left, "=>", self.right_side(right, variables)),
            Body::Membership { pattern, sort } => (
                "mb",
                pattern,
                ":",
                self.signature.sort(*sort).name.to_string(),
            ),
        };
        let conditional = if is_conditional { "c" } else { "" };
        let left = match relation {
            ":" => self.right_side(left, variables),
            _ => self.pattern(left, variables),
        };
        let label = match statement.label {
            Some(label) if self.options.labels_first => format!("[{label}] : "),
            _ => String::new(),
        };
        let mut text = format!("{conditional}{keyword} {label}{left} {relation} {right}");
        if is_conditional {
            text += &format!(" if {}", self.condition(&statement.condition, variables));
        }
        let attributes = self.attributes(statement);
        if !attributes.is_empty() {
            text += &format!(" [{}]", attributes.join(" "));
        }
        text + " ."
    }

    fn attributes(&self, statement: &Statement) -> Vec<String> {
        let given = &statement.attributes;
        let mut words = Vec::new();
        let flags = [
            (given.nonexec, "nonexec"),
            (given.owise, "owise"),
            (given.variant, "variant"),
            (given.narrowing, "narrowing"),
        ];
        words.extend(
            flags
                .iter()
                .filter(|(on, _)| *on)
                .map(|(_, word)| (*word).to_owned()),
        );
        let label = statement.label.filter(|_| !self.options.labels_first);
        words.extend(label.map(|label| format!("label {label}")));
        words.extend(
            given
                .metadata
                .as_ref()
                .map(|text| format!("metadata {}", escape(text))),
        );
        if let Some(items) = &given.print {
            let mut text = "print".to_owned();
            for item in items {
                text.push(' ');
                text += &match item {
                    PrintItem::Text(value) => escape(value),
                    PrintItem::Variable(variable) => {
                        let Variable { name, sort } = statement.variables[variable.index()];
                        self.variable(name, sort)
                    }
                };
            }
            words.push(text);
        }
        words
    }

    /// The operators of numbers that are written in digits.
    fn shown_numbers(&self) -> Option<Numbers> {
        let numbers = self.numbers.filter(|_| self.options.numbers)?;
        Some(match self.options.fractions {
            true => numbers,
            false => numbers.without_fractions(),
        })
    }

    fn form(&mut self, op: OpId) -> &Form {
        let signature = self.signature;
        self.forms[op.index()].get_or_insert_with(|| Box::new(Form::new(signature, op)))
    }

    /// Whether `f(a, b, c)` could also be read as `f` of two arguments, one of them `a, b`: then
    /// an associative operator is better written `f(a, f(b, c))`.
    fn is_confused_by_commas(&self, op: OpId) -> bool {
        let operator = self.signature.operator(op);
        self.style == Style::Prefix
            && operator.axioms().assoc
            && self
                .signature
                .operators_named(Name::new("_`,_"), 2)
                .iter()
                .any(|&comma| self.signature.operator(comma).range == operator.range)
    }
}

/// `).Sort`, to be put after a term of which the kind must be told.
fn sort_suffix(signature: &Signature, op: OpId) -> Name {
    let operator = signature.operator(op);
    let range = operator.declarations[0].range;
    let sort = match signature.is_error_sort(range) {
        true => signature.kind(operator.range).maximal[0],
        false => range,
    };
    Name::new(&format!(").{}", signature.sort(sort).name))
}
