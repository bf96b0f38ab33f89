//! The grammar of a module, from its signature.
//!
//! The one idea: one nonterminal a kind; sorts are checked afterwards, by their least-sort tables.
//! Every operator has its prefix form and, if its name has a hole for every argument, its mixfix
//! form. What no signature can list, such as numbers and variables, are classes of tokens.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::{Grammar, Nonterminal, ProductionId, Symbol, Terminal};
use crate::builtin::Hook;
use crate::name::Name;
use crate::signature::{KindId, OpId, Signature, SortId};
use crate::syntax::earley::Lexeme;
use crate::syntax::lexer::{Token, TokenKind};
use crate::syntax::mixfix::{ANY_PRECEDENCE, ARGUMENT_PRECEDENCE, Mixfix, Part};

/// What an application of a production means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// An operator applied to the children.
    Apply(OpId),
    /// An associative operator in prefix form, applied to a list.
    ApplyList(OpId),
    /// A list of two children.
    ListPair,
    /// A list and one more child.
    ListMore,
    /// The only child itself.
    Same,
    /// A variable: a declared one or `X:Sort`.
    Variable,
    /// A variable over a kind: `X:[Sort]`.
    KindVariable,
    /// A natural number.
    Natural {
        /// The successor operator.
        successor: OpId,
        /// The constant zero.
        zero: OpId,
    },
    /// A negative number.
    Negative {
        /// The minus operator.
        minus: OpId,
        /// The successor operator.
        successor: OpId,
        /// The constant zero.
        zero: OpId,
    },
    /// A fraction, such as `-1/2`.
    Fraction {
        /// The operator that divides.
        divide: OpId,
        /// The minus operator, if there is one.
        minus: Option<OpId>,
        /// The successor operator.
        successor: OpId,
        /// The constant zero.
        zero: OpId,
    },
    /// A floating-point number.
    Float(OpId),
    /// A string.
    String(OpId),
    /// A quoted identifier.
    QuotedId(OpId),
    /// An operator with `iter`, applied as often as the token says.
    Iterate(OpId),
    /// A statement, query or command: two children, and a condition if there is a third.
    Pair,
    /// A membership: a term and a sort, which is the token after `:`.
    Membership,
    /// `u = v` in a condition.
    Equality,
    /// `u := v` in a condition.
    Assignment,
    /// `u => v` in a condition.
    Rewrite,
    /// `t : S` in a condition.
    SortTest,
    /// `b` in a condition.
    Boolean,
    /// A condition of one fragment.
    OneFragment,
    /// A condition and one more fragment.
    MoreFragments,
}

/// What a bubble is to be read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goal {
    /// A term of any kind.
    Term,
    /// A term of one kind.
    TermOf(KindId),
    /// `l = r`
    Equation,
    /// `l = r if c`
    ConditionalEquation,
    /// `l => r`
    Rule,
    /// `l => r if c`
    ConditionalRule,
    /// `t : S`
    Membership,
    /// `t : S if c`
    ConditionalMembership,
    /// `c`
    Condition,
    /// `p such that c`
    Query,
    /// `t =>* p such that c`
    Search,
    /// `p <=? t such that c`
    Match,
}

const GOALS: usize = 12;

/// The grammar of a module with what its productions mean.
#[derive(Clone, Debug)]
pub struct ModuleGrammar {
    grammar: Grammar,
    actions: Vec<Action>,
    n_kinds: usize,
    /// What a terminal stands for, for messages.
    terminals: Vec<String>,
    literals: HashMap<Name, Terminal, FxBuildHasher>,
    sorts: HashMap<Name, SortId, FxBuildHasher>,
    kinds: Vec<KindId>,
    variable: Vec<Terminal>,
    sort: Vec<Terminal>,
    dot_sort: Vec<Terminal>,
    variable_stem: Terminal,
    natural: Option<Terminal>,
    negative: Option<Terminal>,
    fraction: Option<Terminal>,
    float: Option<Terminal>,
    string: Option<Terminal>,
    quoted_id: Option<Terminal>,
    iterated: HashMap<Name, Vec<Terminal>, FxBuildHasher>,
}

/// Variables declared in a module, by name.
pub type Variables = HashMap<Name, SortId, FxBuildHasher>;

impl ModuleGrammar {
    /// The grammar for a signature.
    pub fn new(signature: &Signature) -> ModuleGrammar {
        let kinds: Vec<KindId> = signature.kinds().collect();
        let n_kinds = kinds.len();
        let mut result = ModuleGrammar {
            grammar: Grammar::new(2 * n_kinds + GOALS + 2),
            actions: Vec::new(),
            n_kinds,
            terminals: Vec::new(),
            literals: HashMap::default(),
            sorts: HashMap::default(),
            kinds,
            variable: Vec::new(),
            sort: Vec::new(),
            dot_sort: Vec::new(),
            variable_stem: Terminal(0),
            natural: None,
            negative: None,
            fraction: None,
            float: None,
            string: None,
            quoted_id: None,
            iterated: HashMap::default(),
        };
        result.variable_stem = result.class("a variable".to_owned());
        for sort in signature.sorts() {
            if !signature.is_error_sort(sort) {
                result.sorts.insert(signature.sort(sort).name, sort);
            }
        }
        for kind in signature.kinds() {
            result.add_kind(signature, kind);
        }
        // Of several readings that begin and end alike the first is taken: as in Maude, a constant
        // is one of the last kind that has it, and an application one of the first.
        let mut operators: Vec<OpId> = signature.operators().collect();
        operators.sort_by_key(|&op| {
            let operator = signature.operator(op);
            let kind = operator.range.index();
            match operator.domain.is_empty() {
                true => (0, usize::MAX - kind),
                false => (1, kind),
            }
        });
        for op in operators {
            result.add_operator(signature, op);
        }
        result.add_numbers(signature);
        result.add_goals(signature);
        result.grammar.finish();
        result
    }

    /// The productions.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    /// What a production means.
    pub fn action(&self, production: ProductionId) -> Action {
        self.actions[production.0 as usize]
    }

    /// Which productions there would be if there were only some of the operators.
    pub fn admitted(&self, is_seen: &dyn Fn(OpId) -> bool) -> Vec<bool> {
        let admits = |action: &Action| match *action {
            Action::Apply(op)
            | Action::ApplyList(op)
            | Action::Float(op)
            | Action::String(op)
            | Action::QuotedId(op)
            | Action::Iterate(op)
            | Action::Natural { successor: op, .. }
            | Action::Fraction { divide: op, .. }
            | Action::Negative { minus: op, .. } => is_seen(op),
            _ => true,
        };
        self.actions.iter().map(admits).collect()
    }

    /// The nonterminal for what a bubble is to be read as.
    pub fn goal(&self, goal: Goal) -> Nonterminal {
        let number = match goal {
            Goal::TermOf(kind) => return self.term(kind),
            Goal::Term => 0,
            Goal::Equation => 1,
            Goal::ConditionalEquation => 2,
            Goal::Rule => 3,
            Goal::ConditionalRule => 4,
            Goal::Membership => 5,
            Goal::ConditionalMembership => 6,
            Goal::Condition => 7,
            Goal::Query => 8,
            Goal::Search => 9,
            Goal::Match => 10,
        };
        Nonterminal((2 * self.n_kinds + number) as u16)
    }

    fn fragment(&self) -> Nonterminal {
        Nonterminal((2 * self.n_kinds + GOALS) as u16)
    }

    /// The nonterminal for terms of a kind.
    fn term(&self, kind: KindId) -> Nonterminal {
        Nonterminal(kind.index() as u16)
    }

    fn list(&self, kind: KindId) -> Nonterminal {
        Nonterminal((self.n_kinds + kind.index()) as u16)
    }

    /// The kind of which a nonterminal makes terms, if it does.
    pub fn kind_of(&self, nonterminal: Nonterminal) -> Option<KindId> {
        self.kinds.get(nonterminal.0 as usize).copied()
    }

    /// What a terminal stands for: a token in backquotes, or a phrase such as `a number`.
    pub fn terminal_text(&self, terminal: Terminal) -> &str {
        &self.terminals[terminal.0 as usize]
    }

    /// The tokens that stand in operators, in no order.
    pub(crate) fn literal_texts(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.literals.keys().map(|name| name.as_str())
    }

    fn class(&mut self, text: String) -> Terminal {
        self.terminals.push(text);
        Terminal(self.terminals.len() as u32 - 1)
    }

    fn literal(&mut self, name: Name) -> Terminal {
        if let Some(&terminal) = self.literals.get(&name) {
            return terminal;
        }
        let terminal = self.class(format!("`{name}`"));
        self.literals.insert(name, terminal);
        terminal
    }

    fn token(&mut self, text: &str) -> Symbol {
        Symbol::Terminal(self.literal(Name::new(text)))
    }

    fn any(&self, kind: KindId) -> Symbol {
        Symbol::Nonterminal(self.term(kind), ANY_PRECEDENCE)
    }

    fn add(&mut self, left: Nonterminal, precedence: u8, right: &[Symbol], action: Action) {
        self.grammar.add(left, precedence, right);
        self.actions.push(action);
    }

    fn add_kind(&mut self, signature: &Signature, kind: KindId) {
        let name = signature.sort(signature.error_sort(kind)).name;
        let variable = self.class(format!("a variable of kind {name}"));
        let sort = self.class(format!("a sort of kind {name}"));
        let dot_sort = self.class(format!("a period with a sort of kind {name}"));
        self.variable.push(variable);
        self.sort.push(sort);
        self.dot_sort.push(dot_sort);
        let left = self.term(kind);
        let list = self.list(kind);
        let (open, close, comma) = (self.token("("), self.token(")"), self.token(","));
        let any = self.any(kind);
        let argument = Symbol::Nonterminal(left, ARGUMENT_PRECEDENCE);
        self.add(left, 0, &[Symbol::Terminal(variable)], Action::Variable);
        self.add(left, 0, &[open, any, close], Action::Same);
        self.add(
            left,
            0,
            &[open, any, close, Symbol::Terminal(dot_sort)],
            Action::Same,
        );
        let stem = Symbol::Terminal(self.variable_stem);
        let (open, close) = (self.token("["), self.token("]"));
        let sort = Symbol::Terminal(sort);
        self.add(left, 0, &[stem, open, sort, close], Action::KindVariable);
        self.add(
            left,
            0,
            &[stem, open, sort, comma, sort, close],
            Action::KindVariable,
        );
        self.add(list, 0, &[argument, comma, argument], Action::ListPair);
        let more = [Symbol::Nonterminal(list, 0), comma, argument];
        self.add(list, 0, &more, Action::ListMore);
    }

    fn add_operator(&mut self, signature: &Signature, op: OpId) {
        let operator = signature.operator(op);
        let left = self.term(operator.range);
        let name = self.literal(operator.name);
        let mixfix = Mixfix::new(signature, op);
        if let Some(parts) = &mixfix.parts {
            let mut right = Vec::with_capacity(parts.len());
            let mut holes = operator.domain.iter().zip(&mixfix.gather);
            for part in parts {
                right.push(match part {
                    Part::Token(token) => Symbol::Terminal(self.literal(*token)),
                    Part::Hole => match holes.next() {
                        Some((&kind, &accepts)) => Symbol::Nonterminal(self.term(kind), accepts),
                        None => unreachable!("a mixfix name has a hole for every argument"),
                    },
                });
            }
            self.add(left, mixfix.precedence, &right, Action::Apply(op));
        }
        if operator.domain.is_empty() {
            // `c{X}` is one token where a sort of this name is known.
            if operator.name.as_str().contains("`{") {
                let joined = self.token(&operator.name.as_str().replace('`', ""));
                self.add(left, 0, &[joined], Action::Apply(op));
            }
            self.add(left, 0, &[Symbol::Terminal(name)], Action::Apply(op));
            return;
        }
        let (open, close, comma) = (self.token("("), self.token(")"), self.token(","));
        let mut right = vec![Symbol::Terminal(name), open];
        if operator.axioms().assoc && operator.arity() == 2 {
            right.push(Symbol::Nonterminal(self.list(operator.range), 0));
            right.push(close);
            self.add(left, 0, &right, Action::ApplyList(op));
        } else {
            for &kind in &operator.domain {
                right.push(Symbol::Nonterminal(self.term(kind), ARGUMENT_PRECEDENCE));
                right.push(comma);
            }
            right.pop();
            right.push(close);
            self.add(left, 0, &right, Action::Apply(op));
        }
        if operator.axioms().iter && operator.arity() == 1 {
            let iterated = self.class(format!("`{}^n`", operator.name));
            self.iterated
                .entry(operator.name)
                .or_default()
                .push(iterated);
            let argument = Symbol::Nonterminal(self.term(operator.domain[0]), ARGUMENT_PRECEDENCE);
            let right = [Symbol::Terminal(iterated), open, argument, close];
            self.add(left, 0, &right, Action::Iterate(op));
        }
    }

    fn add_numbers(&mut self, signature: &Signature) {
        let hooked = |hook: Hook| {
            signature.operators().find(|&op| {
                let name = signature.operator(op).attributes.hook;
                name.is_some_and(|name| name.as_str() == hook.name())
            })
        };
        let term_of = |result: &ModuleGrammar, op: OpId| result.term(signature.operator(op).range);
        if let (Some(successor), Some(zero)) = (hooked(Hook::Successor), hooked(Hook::Zero)) {
            let natural = self.class("a natural number".to_owned());
            self.natural = Some(natural);
            let left = term_of(self, successor);
            let action = Action::Natural { successor, zero };
            self.add(left, 0, &[Symbol::Terminal(natural)], action);
            if let Some(divide) = hooked(Hook::Divide) {
                let fraction = self.class("a fraction".to_owned());
                self.fraction = Some(fraction);
                let left = term_of(self, divide);
                let action = Action::Fraction {
                    divide,
                    minus: hooked(Hook::Minus),
                    successor,
                    zero,
                };
                self.add(left, 0, &[Symbol::Terminal(fraction)], action);
            }
            if let Some(minus) = hooked(Hook::Minus) {
                let negative = self.class("a negative number".to_owned());
                self.negative = Some(negative);
                let left = term_of(self, minus);
                let action = Action::Negative {
                    minus,
                    successor,
                    zero,
                };
                self.add(left, 0, &[Symbol::Terminal(negative)], action);
            }
        }
        if let Some(op) = hooked(Hook::Floats) {
            let float = self.class("a floating-point number".to_owned());
            self.float = Some(float);
            self.add(
                term_of(self, op),
                0,
                &[Symbol::Terminal(float)],
                Action::Float(op),
            );
        }
        if let Some(op) = hooked(Hook::Strings) {
            let string = self.class("a string".to_owned());
            self.string = Some(string);
            self.add(
                term_of(self, op),
                0,
                &[Symbol::Terminal(string)],
                Action::String(op),
            );
        }
        if let Some(op) = hooked(Hook::QuotedIds) {
            let quoted_id = self.class("a quoted identifier".to_owned());
            self.quoted_id = Some(quoted_id);
            let right = [Symbol::Terminal(quoted_id)];
            self.add(term_of(self, op), 0, &right, Action::QuotedId(op));
        }
    }

    fn add_goals(&mut self, signature: &Signature) {
        let fragment = self.fragment();
        let condition = self.goal(Goal::Condition);
        let conditions = Symbol::Nonterminal(condition, ANY_PRECEDENCE);
        let a_fragment = Symbol::Nonterminal(fragment, ANY_PRECEDENCE);
        let and = self.token("/\\");
        self.add(condition, 0, &[a_fragment], Action::OneFragment);
        self.add(
            condition,
            0,
            &[conditions, and, a_fragment],
            Action::MoreFragments,
        );
        let [equals, arrow, colon, assign] = ["=", "=>", ":", ":="].map(|text| self.token(text));
        let [if_, such, that, st] = ["if", "such", "that", "s.t."].map(|text| self.token(text));
        let matches = self.token("<=?");
        let arrows = ["=>1", "=>+", "=>*", "=>!", "=>#"].map(|text| self.token(text));
        let truth = signature.operators().find(|&op| {
            let name = signature.operator(op).attributes.hook;
            name.is_some_and(|name| name.as_str() == Hook::True.name())
        });
        for index in 0..self.n_kinds {
            let kind = self.kinds[index];
            let any = self.any(kind);
            let sort = Symbol::Terminal(self.sort[index]);
            self.add(self.goal(Goal::Term), 0, &[any], Action::Same);
            let such_that: [&[Symbol]; 3] = [&[], &[such, that, conditions], &[st, conditions]];
            let if_condition = [if_, conditions];
            let if_condition = [&if_condition[..]];
            let pairs = [
                (Goal::Equation, equals, &such_that[..1]),
                (Goal::Rule, arrow, &such_that[..1]),
                (Goal::ConditionalEquation, equals, &if_condition[..]),
                (Goal::ConditionalRule, arrow, &if_condition[..]),
                (Goal::Match, matches, &such_that[..]),
                (Goal::Search, arrows[0], &such_that[..]),
                (Goal::Search, arrows[1], &such_that[..]),
                (Goal::Search, arrows[2], &such_that[..]),
                (Goal::Search, arrows[3], &such_that[..]),
                (Goal::Search, arrows[4], &such_that[..]),
            ];
            for (goal, relation, endings) in pairs {
                for ending in endings {
                    let right = [&[any, relation, any][..], ending].concat();
                    self.add(self.goal(goal), 0, &right, Action::Pair);
                }
            }
            for ending in such_that {
                let right = [&[any][..], ending].concat();
                self.add(self.goal(Goal::Query), 0, &right, Action::Pair);
            }
            let membership = [any, colon, sort];
            self.add(
                self.goal(Goal::Membership),
                0,
                &membership,
                Action::Membership,
            );
            let right = [&membership[..], &[if_, conditions]].concat();
            self.add(
                self.goal(Goal::ConditionalMembership),
                0,
                &right,
                Action::Membership,
            );
            self.add(fragment, 0, &[any, equals, any], Action::Equality);
            self.add(fragment, 0, &[any, assign, any], Action::Assignment);
            self.add(fragment, 0, &[any, arrow, any], Action::Rewrite);
            self.add(fragment, 0, &membership, Action::SortTest);
            if truth.is_some_and(|op| signature.operator(op).range == kind) {
                self.add(fragment, 0, &[any], Action::Boolean);
            }
        }
    }

    /// Everything a token can be taken for.
    pub fn lexeme(&self, token: &Token, variables: &Variables, signature: &Signature) -> Lexeme {
        let mut lexeme = Lexeme::new();
        let text = token.text();
        lexeme.extend(self.literals.get(&token.name).copied());
        match token.kind {
            TokenKind::Special => return lexeme,
            TokenKind::String => {
                lexeme.extend(self.string);
                return lexeme;
            }
            TokenKind::Identifier => {}
        }
        if let Some(sort) = variables
            .get(&token.name)
            .copied()
            .or_else(|| self.suffix_sort(text))
        {
            lexeme.push(self.variable[signature.kind_of(sort).index()]);
        }
        if let Some(&sort) = self.sorts.get(&token.name) {
            lexeme.push(self.sort[signature.kind_of(sort).index()]);
        }
        if let Some(sort) = text
            .strip_prefix('.')
            .and_then(|text| self.sort_named(text))
        {
            lexeme.push(self.dot_sort[signature.kind_of(sort).index()]);
        }
        if text.len() > 1 && text.ends_with(':') {
            lexeme.push(self.variable_stem);
        }
        let first = text.as_bytes()[0];
        if first == b'\'' {
            lexeme.extend(self.quoted_id);
        }
        if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.' | b'I') {
            lexeme.extend(self.natural.filter(|_| is_positive(text)));
            let digits = text.strip_prefix('-');
            lexeme.extend(self.negative.filter(|_| digits.is_some_and(is_positive)));
            lexeme.extend(self.float.filter(|_| is_float(text)));
            lexeme.extend(self.fraction.filter(|_| is_fraction(text)));
        }
        if let Some((stem, count)) = text.rsplit_once('^')
            && is_positive(count)
            && let Some(terminals) = Name::existing(stem).and_then(|name| self.iterated.get(&name))
        {
            lexeme.extend(terminals.iter().copied());
        }
        lexeme
    }

    /// The sort in `X:Sort`.
    pub fn suffix_sort(&self, text: &str) -> Option<SortId> {
        let (stem, sort) = text.rsplit_once(':')?;
        if stem.is_empty() {
            None
        } else {
            self.sort_named(sort)
        }
    }

    pub(crate) fn sort_named(&self, text: &str) -> Option<SortId> {
        self.sorts.get(&Name::existing(text)?).copied()
    }

    /// The sort with this name.
    pub fn sort(&self, name: Name) -> Option<SortId> {
        self.sorts.get(&name).copied()
    }
}

/// Digits of a number above zero.
/// Whether a token is a fraction, which need not be in lowest terms.
fn is_fraction(text: &str) -> bool {
    let (above, below) = text.split_once('/').unwrap_or_default();
    is_positive(above.strip_prefix('-').unwrap_or(above)) && is_positive(below)
}

fn is_positive(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
}

/// A floating-point number: digits with a point, an exponent or both; or an infinity.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if text == "Infinity" {
        return true;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_right = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && is_digits(digits)
    });
    let mantissa_is_right = match mantissa.split_once('.') {
        Some((whole, part)) => {
            is_digits(whole) && is_digits(part) && !(whole.is_empty() && part.is_empty())
        }
        None => exponent.is_some() && !mantissa.is_empty() && is_digits(mantissa),
    };
    exponent_is_right && mantissa_is_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_by_their_text() {
        for text in [
            "1.5",
            "1.",
            ".5",
            "1e5",
            "-2.0e-10",
            "+1.5E+3",
            "Infinity",
            "-Infinity",
        ] {
            assert!(is_float(text), "{text}");
        }
        for text in [".", "1", "-1", "e5", "1.5.2", "1e", "I", "-", "1.5e+"] {
            assert!(!is_float(text), "{text}");
        }
        assert!(is_positive("12") && is_positive("01"));
        assert!(!is_positive("00") && !is_positive("") && !is_positive("1a"));
    }
}
