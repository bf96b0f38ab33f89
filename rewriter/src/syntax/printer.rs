//! Terms and patterns as text.
//!
//! The one idea: printing is the grammar backwards. An argument gets parentheses when its
//! precedence is beyond what its hole accepts, or when an operator beside it could capture an
//! open end of it. Work that is still to be done is a list, so depth costs no stack.
//!
//! Two styles: mixfix with Maude's spacing and `format`, byte for byte; and prefix, in which real
//! Maude reads everything back without looking at precedences.

use num_traits::Signed;

use crate::builtin::Hook;
use crate::integer::Int;
use crate::module::Module;
use crate::name::Name;
use crate::pattern::{Literal, Pattern, PatternId, PatternNode, Variable};
use crate::signature::{KindId, OpId, Signature, SortId};
use crate::statement::{Body, Fragment, PrintItem, Statement};
use crate::syntax::grammar::generate::Variables;
use crate::syntax::lexer::is_special;
use crate::syntax::literal::{escape, float_text};
use crate::syntax::mixfix::{ANY_PRECEDENCE, ARGUMENT_PRECEDENCE, Mixfix, Part};
use crate::term::{Store, TermId};

/// How terms are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// As in the text of a module.
    Mixfix,
    /// Every operator before its arguments: `_+_(1, 2)`.
    Prefix,
}

/// What a node of a term or pattern is, to a printer.
enum View<Id> {
    Variable(Name, SortId),
    Application(OpId, Vec<Id>),
    Iterated(OpId, Int, Id),
    Integer(Int),
    Fraction(Int, Int),
    Literal(Literal),
}

trait Nodes {
    type Id: Copy;
    fn view(&self, id: Self::Id) -> View<Self::Id>;
}

struct StoreNodes<'a>(&'a Store);

impl Nodes for StoreNodes<'_> {
    type Id = TermId;

    fn view(&self, id: TermId) -> View<TermId> {
        let store = self.0;
        if let Some(integer) = store.integer(id) {
            return View::Integer(integer);
        }
        if let Some(literal) = store.literal(id) {
            return View::Literal(literal);
        }
        let op = store.op(id);
        match store.iterations(id) {
            Some(count) if count != Int::Small(1) => {
                View::Iterated(op, count, store.arguments(id)[0])
            }
            _ => {
                let arguments = store.arguments(id);
                if let [above, below] = arguments
                    && is_division(store.signature(), op)
                    && let Some(above) = store.integer(*above)
                    && let Some(below) = store.integer(*below)
                    && below.to_big().is_positive()
                {
                    return View::Fraction(above, below);
                }
                View::Application(op, arguments.to_vec())
            }
        }
    }
}

struct PatternNodes<'a> {
    pattern: &'a Pattern,
    variables: &'a [Variable],
    numbers: Option<Numbers>,
}

/// The operators that numbers are made of.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    zero: OpId,
    successor: OpId,
    minus: Option<OpId>,
    divide: Option<OpId>,
}

/// Whether an operator makes fractions.
fn is_division(signature: &Signature, op: OpId) -> bool {
    let hook = signature.operator(op).attributes.hook;
    hook.is_some_and(|hook| hook.as_str() == Hook::Divide.name())
}

impl PatternNodes<'_> {
    fn integer(&self, id: PatternId) -> Option<Int> {
        let natural = self.natural(id);
        natural.or_else(|| match self.pattern.node(id) {
            PatternNode::Application { op, arguments }
                if self
                    .numbers
                    .is_some_and(|numbers| numbers.minus == Some(*op)) =>
            {
                let natural = self.natural(arguments[0])?;
                Some(Int::from_limbs(true, &natural.limbs()))
            }
            _ => None,
        })
    }

    fn natural(&self, id: PatternId) -> Option<Int> {
        let numbers = self.numbers?;
        match self.pattern.node(id) {
            PatternNode::Iterated {
                op,
                count,
                argument,
            } if *op == numbers.successor => match self.pattern.node(*argument) {
                PatternNode::Application { op, .. } if *op == numbers.zero => Some(count.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Nodes for PatternNodes<'_> {
    type Id = PatternId;

    fn view(&self, id: PatternId) -> View<PatternId> {
        if let Some(integer) = self.integer(id) {
            return View::Integer(integer);
        }
        match self.pattern.node(id) {
            PatternNode::Variable(variable) => {
                let Variable { name, sort } = self.variables[variable.index()];
                View::Variable(name, sort)
            }
            PatternNode::Application { op, arguments } => {
                if let [above, below] = **arguments
                    && self
                        .numbers
                        .is_some_and(|numbers| numbers.divide == Some(*op))
                    && let Some(above) = self.integer(above)
                    && let Some(below) = self.natural(below)
                {
                    return View::Fraction(above, below);
                }
                View::Application(*op, arguments.to_vec())
            }
            PatternNode::Iterated {
                op,
                count,
                argument,
            } if *count == Int::Small(1) => View::Application(*op, vec![*argument]),
            PatternNode::Iterated {
                op,
                count,
                argument,
            } => View::Iterated(*op, count.clone(), *argument),
            PatternNode::Literal { value, .. } => View::Literal(value.clone()),
        }
    }
}

/// How one operator is printed.
#[derive(Clone, Debug)]
struct Form {
    mixfix: Mixfix,
    format: Option<Vec<Name>>,
    /// Another operator of this name takes arguments of other kinds.
    domain_overloaded: bool,
    /// Another operator of this name takes the same kinds.
    range_overloaded: bool,
    /// Another operator of this name takes other kinds and gives the same kind.
    adhoc_overloaded: bool,
}

/// Prints terms and patterns over one signature.
#[derive(Clone, Debug)]
pub struct Printer<'a> {
    signature: &'a Signature,
    /// Variables that are printed without their sort.
    aliases: Option<&'a Variables>,
    style: Style,
    forms: Vec<Option<Form>>,
    numbers: Option<Numbers>,
}

/// An operator that stands beside an argument and could capture its open end.
type Capture = Option<(u8, KindId)>;

/// Where a term is to be printed.
#[derive(Clone, Copy)]
struct Context {
    accepts: u8,
    left: Capture,
    right: Capture,
    kind_is_known: bool,
}

enum Work<Id> {
    Text(&'static str),
    Format(Name, bool),
    Term(Id, Context),
}

impl<'a> Printer<'a> {
    /// A printer for terms of a module.
    pub fn new(signature: &'a Signature) -> Printer<'a> {
        let hooked = |hook: &str| {
            signature.operators().find(|&op| {
                let name = signature.operator(op).attributes.hook;
                name.is_some_and(|name| name.as_str() == hook)
            })
        };
        let numbers = match (hooked("zero"), hooked("successor")) {
            (Some(zero), Some(successor)) => Some(Numbers {
                zero,
                successor,
                minus: hooked("minus"),
                divide: hooked("divide"),
            }),
            _ => None,
        };
        Printer {
            signature,
            aliases: None,
            style: Style::Mixfix,
            forms: vec![None; signature.operators().count()],
            numbers,
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

    /// The same, where these variables are printed without their sorts.
    pub fn with_aliases(mut self, aliases: &'a Variables) -> Printer<'a> {
        self.aliases = Some(aliases);
        self
    }

    /// A term as text.
    pub fn term(&mut self, store: &Store, term: TermId) -> String {
        let mut text = String::new();
        self.print(&StoreNodes(store), term, false, &mut text);
        text
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
        let mut text = String::new();
        let nodes = PatternNodes {
            pattern,
            variables,
            numbers: self.numbers,
        };
        self.print(&nodes, pattern.root(), kind_is_known, &mut text);
        text
    }

    /// A variable as text: its name, and its sort unless the module declares it so.
    pub fn variable(&self, name: Name, sort: SortId) -> String {
        let is_alias = self
            .aliases
            .is_some_and(|aliases| aliases.get(&name) == Some(&sort));
        if is_alias && self.style == Style::Mixfix {
            name.to_string()
        } else {
            format!("{name}:{}", self.signature.sort(sort).name)
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
                    let term = self.pattern(term, variables);
                    texts.push(format!("{term} : {}", self.signature.sort(*sort).name));
                    continue;
                }
            };
            let left = self.pattern(left, variables);
            let right = self.pattern(right, variables);
            texts.push(format!("{left} {relation} {right}"));
        }
        texts.join(" /\\ ")
    }

    /// A statement as text: `rl a => b [label l] .`
    pub fn statement(&mut self, statement: &Statement) -> String {
        let variables = &statement.variables;
        let is_conditional = !statement.condition.is_empty();
        let (keyword, left, relation, right) = match &statement.body {
            Body::Equation { left, right } => ("eq", left, "=", self.pattern(right, variables)),
            Body::Rule { left, right } => ("rl", left, "=>", self.pattern(right, variables)),
            Body::Membership { pattern, sort } => (
                "mb",
                pattern,
                ":",
                self.signature.sort(*sort).name.to_string(),
            ),
        };
        let conditional = if is_conditional { "c" } else { "" };
        let left = self.pattern(left, variables);
        let mut text = format!("{conditional}{keyword} {left} {relation} {right}");
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
        words.extend(statement.label.map(|label| format!("label {label}")));
        words.extend(
            given
                .metadata
                .as_ref()
                .map(|text| format!("metadata {}", escape(text))),
        );
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

    fn form(&mut self, op: OpId) -> &Form {
        let signature = self.signature;
        self.forms[op.index()].get_or_insert_with(|| {
            let operator = signature.operator(op);
            let others = signature
                .operators_named(operator.name, operator.arity())
                .iter()
                .filter(|&&other| other != op)
                .map(|&other| signature.operator(other));
            let mut form = Form {
                mixfix: Mixfix::new(signature, op),
                format: None,
                domain_overloaded: false,
                range_overloaded: false,
                adhoc_overloaded: false,
            };
            for other in others {
                if other.domain == operator.domain {
                    form.range_overloaded = true;
                } else {
                    form.domain_overloaded = true;
                    form.adhoc_overloaded |= other.range == operator.range;
                }
            }
            let n_words = match &form.mixfix.parts {
                Some(parts) => parts.len() + 1,
                None => 2,
            };
            form.format = operator
                .attributes
                .format
                .clone()
                .filter(|words| words.len() == n_words);
            form
        })
    }

    fn print<N: Nodes>(&mut self, nodes: &N, root: N::Id, kind_is_known: bool, text: &mut String) {
        let context = Context {
            accepts: ANY_PRECEDENCE,
            left: None,
            right: None,
            kind_is_known,
        };
        let mut pending = vec![Work::Term(root, context)];
        let mut indent = 0usize;
        while let Some(work) = pending.pop() {
            match work {
                Work::Text(part) => text.push_str(part),
                Work::Format(word, default_space) => {
                    layout(word.as_str(), default_space, &mut indent, text);
                }
                Work::Term(id, context) => match nodes.view(id) {
                    View::Variable(name, sort) => text.push_str(&self.variable(name, sort)),
                    View::Integer(integer) => text.push_str(&integer.to_string()),
                    View::Fraction(above, below) => text.push_str(&format!("{above}/{below}")),
                    View::Literal(Literal::String(value)) => text.push_str(&escape(&value)),
                    View::Literal(Literal::QuotedId(value)) => {
                        text.push('\'');
                        text.push_str(&value);
                    }
                    View::Literal(Literal::Float(value)) => text.push_str(&float_text(value)),
                    View::Iterated(op, count, argument) => {
                        let name = self.signature.operator(op).name;
                        text.push_str(&format!("{name}^{count}("));
                        pending.push(Work::Text(")"));
                        let kind_is_known = self.knows_arguments(op, context.kind_is_known);
                        pending.push(Work::Term(argument, inside_prefix(kind_is_known)));
                    }
                    View::Application(op, arguments) => {
                        self.application(op, &arguments, context, text, &mut pending);
                    }
                },
            }
        }
    }

    /// Whether the kinds of the arguments follow from the name of the operator.
    fn knows_arguments(&mut self, op: OpId, kind_is_known: bool) -> bool {
        let form = self.form(op);
        !form.domain_overloaded
            || (kind_is_known || form.range_overloaded) && !form.adhoc_overloaded
    }

    fn application<Id: Copy>(
        &mut self,
        op: OpId,
        arguments: &[Id],
        context: Context,
        text: &mut String,
        pending: &mut Vec<Work<Id>>,
    ) {
        let signature = self.signature;
        let style = self.style;
        let knows_arguments = self.knows_arguments(op, context.kind_is_known);
        let operator = signature.operator(op);
        let form = self.form(op);
        // The kind of a constant or of an application to the same kinds must be told.
        if !context.kind_is_known && form.range_overloaded {
            text.push('(');
            pending.push(Work::Text(sort_suffix(signature, op).as_str()));
            let kind_is_known = true;
            let context = Context {
                accepts: ANY_PRECEDENCE,
                left: None,
                right: None,
                kind_is_known,
            };
            return self.application(op, arguments, context, text, pending);
        }
        let parts = match &form.mixfix.parts {
            Some(parts) if style == Style::Mixfix || arguments.is_empty() => parts,
            _ => return self.prefix(op, arguments, knows_arguments, pending),
        };
        let mixfix = &form.mixfix;
        let gather = |index: usize| mixfix.gather[index];
        let captures = |capture: Capture, hole: usize| {
            capture.is_some_and(|(precedence, kind)| {
                precedence <= gather(hole) && kind == operator.domain[hole]
            })
        };
        let open_left = parts.first() == Some(&Part::Hole);
        let open_right = parts.last() == Some(&Part::Hole);
        let needs_parentheses = mixfix.precedence > context.accepts
            || open_left && captures(context.left, 0)
            || open_right && captures(context.right, operator.arity() - 1);
        let (left, right) = if needs_parentheses {
            text.push('(');
            pending.push(Work::Text(")"));
            (None, None)
        } else {
            (context.left, context.right)
        };
        let n_holes = operator.arity();
        let mut work: Vec<Work<Id>> = Vec::new();
        let n_nested = arguments.len().saturating_sub(n_holes.max(1));
        // An associative operator with more than two arguments repeats all its parts up to the
        // second hole; what follows that hole comes once for each repetition at the end.
        let second_hole = parts
            .iter()
            .rposition(|part| *part == Part::Hole)
            .unwrap_or(0);
        let mut next_argument = 0;
        for round in 0..=n_nested {
            let is_last = round == n_nested;
            let mut hole = 0;
            for (index, part) in parts.iter().enumerate() {
                if !is_last && index == second_hole && round < n_nested {
                    push_space(form, parts, index, &mut work);
                    break;
                }
                if round == 0 || index > 0 {
                    push_space(form, parts, index, &mut work);
                }
                match part {
                    Part::Token(token) => work.push(Work::Text(token.as_str())),
                    Part::Hole => {
                        let own = Some((mixfix.precedence, operator.domain[hole]));
                        let at_start = index == 0;
                        let at_end = index + 1 == parts.len();
                        let argument = Context {
                            accepts: gather(hole),
                            left: match (at_start, round) {
                                (true, 0) => left,
                                _ if at_end || at_start => own,
                                _ => None,
                            },
                            right: match (at_end, is_last) {
                                (true, true) => right,
                                _ if at_start || at_end => own,
                                _ => None,
                            },
                            kind_is_known: knows_arguments,
                        };
                        work.push(Work::Term(arguments[next_argument], argument));
                        next_argument += 1;
                        hole += 1;
                    }
                }
            }
        }
        let end = parts.len();
        push_space(form, parts, end, &mut work);
        for _ in 0..n_nested {
            for index in second_hole + 1..parts.len() {
                push_space(form, parts, index, &mut work);
                if let Part::Token(token) = parts[index] {
                    work.push(Work::Text(token.as_str()));
                }
            }
            push_space(form, parts, end, &mut work);
        }
        pending.extend(work.into_iter().rev());
    }

    fn prefix<Id: Copy>(
        &mut self,
        op: OpId,
        arguments: &[Id],
        knows_arguments: bool,
        pending: &mut Vec<Work<Id>>,
    ) {
        let name = self.signature.operator(op).name;
        let style = self.style;
        let form = self.form(op);
        let mut work: Vec<Work<Id>> = Vec::new();
        let format = form
            .format
            .as_ref()
            .filter(|_| style == Style::Mixfix && form.mixfix.parts.is_none());
        if let Some(words) = format {
            work.push(Work::Format(words[0], false));
        }
        work.push(Work::Text(name.as_str()));
        if let Some(words) = format {
            work.push(Work::Format(words[1], false));
        }
        if !arguments.is_empty() {
            work.push(Work::Text("("));
            let nests = arguments.len() > 2 && self.is_confused_by_commas(op);
            for (index, &argument) in arguments.iter().enumerate() {
                if index > 0 {
                    work.push(Work::Text(", "));
                }
                if nests && index > 0 && index + 1 < arguments.len() {
                    work.push(Work::Text(name.as_str()));
                    work.push(Work::Text("("));
                }
                work.push(Work::Term(argument, inside_prefix(knows_arguments)));
            }
            let n_open = if nests { arguments.len() - 1 } else { 1 };
            work.extend((0..n_open).map(|_| Work::Text(")")));
        }
        pending.extend(work.into_iter().rev());
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

fn inside_prefix(kind_is_known: bool) -> Context {
    Context {
        accepts: ARGUMENT_PRECEDENCE,
        left: None,
        right: None,
        kind_is_known,
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

/// The space before a part: as `format` says, or by default one between what are not specials.
fn push_space<Id>(form: &Form, parts: &[Part], index: usize, work: &mut Vec<Work<Id>>) {
    let is_special_part = |part: &Part| match part {
        Part::Token(name) => name.as_str().chars().next().is_some_and(is_special),
        Part::Hole => false,
    };
    let default_space = index > 0
        && index < parts.len()
        && !is_special_part(&parts[index - 1])
        && !is_special_part(&parts[index]);
    match &form.format {
        Some(words) => work.push(Work::Format(words[index], default_space)),
        None if default_space => work.push(Work::Text(" ")),
        None => {}
    }
}

/// Does what a word of a `format` attribute says; colours are left out.
fn layout(word: &str, default_space: bool, indent: &mut usize, text: &mut String) {
    let indents = *indent > 0 && word.contains('i') || word.contains("+i");
    if default_space && !indents && !word.contains(['n', 's', 't']) {
        text.push(' ');
    }
    for letter in word.chars() {
        match letter {
            'n' => text.push('\n'),
            's' => text.push(' '),
            't' => text.push('\t'),
            'i' => text.extend(std::iter::repeat_n(' ', *indent)),
            '+' => *indent += 1,
            '-' => *indent = indent.saturating_sub(1),
            _ => {}
        }
    }
}
