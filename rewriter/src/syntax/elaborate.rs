//! From bubbles to patterns and statements.
//!
//! The one idea: the grammar decides the reading, and a tree is turned into a [`Pattern`] in one
//! walk, children before parents. How applications of associative operators nest is kept, because
//! Maude evaluates what is written from inside.

mod explain;

use std::borrow::Cow;
use std::cell::RefCell;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::diagnostic::Diagnostic;
use crate::integer::Int;
use crate::name::Name;
use crate::pattern::{Literal, Pattern, PatternId, Variable, VariableId};
use crate::signature::{Signature, SortId};
use crate::source::Span;
use crate::statement::{Body, Fragment, PrintItem, Statement, StatementAttributes};
use crate::syntax::ast::{StatementKind, StatementText};
use crate::syntax::earley::{self, Lexeme, NodeId, Reading, Tree, Workspace};
use crate::syntax::grammar::generate::{Action, Goal, ModuleGrammar, Variables};
use crate::syntax::lexer::{Token, TokenKind};
use crate::syntax::literal::{float_value, unescape};

/// The variables of one statement, command or query, numbered as they occur.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Name and sort of each.
    pub variables: Vec<Variable>,
    index: HashMap<(Name, SortId), VariableId, FxBuildHasher>,
}

impl Scope {
    /// The number of a variable; gives it one if it is new. `None` beyond 65,535 variables.
    pub fn variable(&mut self, name: Name, sort: SortId) -> Option<VariableId> {
        if let Some(&known) = self.index.get(&(name, sort)) {
            return Some(known);
        }
        let variable = VariableId(u16::try_from(self.variables.len()).ok()?);
        self.variables.push(Variable { name, sort });
        self.index.insert((name, sort), variable);
        Some(variable)
    }
}

/// What reads the bubbles of a module.
#[derive(Debug)]
pub struct Reader<'a> {
    /// Sorts and operators.
    pub signature: &'a Signature,
    /// The grammar made from them.
    pub grammar: &'a ModuleGrammar,
    /// The variables declared in the module.
    pub variables: &'a Variables,
    admitted: Option<&'a [bool]>,
    work: RefCell<Workspace>,
}

/// A bubble that was read, before it is turned into patterns.
#[derive(Debug)]
pub struct Phrase<'t> {
    tokens: Cow<'t, [Token]>,
    tree: Tree,
    place: Span,
}

/// A subject or pattern, the relation and what follows it: the parts of a search or match command.
#[derive(Clone, Debug)]
pub struct PairParts {
    /// What stands before the relation.
    pub left: Pattern,
    /// The relation itself, such as `=>*`.
    pub relation: Name,
    /// What stands after it.
    pub right: Pattern,
    /// The condition; empty if there is none.
    pub condition: Vec<Fragment>,
}

impl<'a> Reader<'a> {
    /// A reader that uses only the productions for which `admitted` says so; all if it is `None`.
    pub fn new(
        signature: &'a Signature,
        grammar: &'a ModuleGrammar,
        variables: &'a Variables,
        admitted: Option<&'a [bool]>,
    ) -> Reader<'a> {
        Reader {
            signature,
            grammar,
            variables,
            admitted,
            work: RefCell::default(),
        }
    }

    /// Reads a bubble as a phrase. A second reading is a warning, and the first is taken.
    ///
    /// # Errors
    /// The diagnostic that says where it makes no sense.
    pub fn read<'t>(
        &self,
        goal: Goal,
        tokens: &'t [Token],
        place: Span,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Phrase<'t>, Diagnostic> {
        let place = match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => place,
        };
        let tokens = self.with_whole_sorts(tokens);
        let lexemes: Vec<Lexeme> = tokens
            .iter()
            .map(|token| self.grammar.lexeme(token, self.variables, self.signature))
            .collect();
        let tree = match earley::parse(
            self.grammar.grammar(),
            self.grammar.goal(goal),
            &lexemes,
            self.admitted,
            &mut self.work.borrow_mut(),
        ) {
            Ok(Reading::One(tree)) => tree,
            Ok(Reading::Several(first, second)) => {
                warnings.push(self.ambiguity(&first, &second, &tokens, place));
                first
            }
            Err(failure) => return Err(self.no_parse(&failure, &tokens, &lexemes, place)),
        };
        Ok(Phrase {
            tokens,
            tree,
            place,
        })
    }

    /// The tokens with those joined that make up one sort with arguments, or a variable or a
    /// qualification with such a sort: `X:Map{Nat,Int}` is lexed as seven.
    fn with_whole_sorts<'t>(&self, tokens: &'t [Token]) -> Cow<'t, [Token]> {
        if !tokens.iter().any(|token| token.is("{")) {
            return Cow::Borrowed(tokens);
        }
        let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
        let mut index = 0;
        while index < tokens.len() {
            let first = tokens[index];
            let found = match tokens.get(index + 1) {
                Some(next) if next.is("{") && first.kind == TokenKind::Identifier => {
                    self.whole_sort(&tokens[index..])
                }
                _ => None,
            };
            let (token, length) = found.unwrap_or((first, 1));
            joined.push(token);
            index += length;
        }
        Cow::Owned(joined)
    }

    /// The token that begins here if it goes on with arguments of a sort, and of how many it is
    /// made.
    fn whole_sort(&self, tokens: &[Token]) -> Option<(Token, usize)> {
        let mut text = tokens[0].text().to_owned();
        let mut depth = 0usize;
        for (index, token) in tokens.iter().enumerate().skip(1) {
            text += token.text();
            match token.text() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            let is_more = tokens.get(index + 1).is_some_and(|next| next.is("{"));
            if depth == 0 && !is_more {
                let sort = match text.strip_prefix('.') {
                    Some(sort) => sort,
                    None => text
                        .rsplit_once(':')
                        .map_or(text.as_str(), |(_, sort)| sort),
                };
                self.grammar.sort_named(sort)?;
                let token = Token {
                    name: Name::new(&text),
                    span: tokens[0].span.to(token.span),
                    ..tokens[0]
                };
                return Some((token, index + 1));
            }
        }
        None
    }

    /// Reads a term.
    ///
    /// # Errors
    /// If it has no reading.
    pub fn term(
        &self,
        goal: Goal,
        tokens: &[Token],
        place: Span,
        scope: &mut Scope,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Pattern, Diagnostic> {
        let phrase = self.read(goal, tokens, place, warnings)?;
        self.pattern(&phrase, phrase.tree.root(), scope)
    }

    /// Reads what a search or match command says.
    ///
    /// # Errors
    /// If it has no reading.
    pub fn pair(
        &self,
        goal: Goal,
        tokens: &[Token],
        place: Span,
        scope: &mut Scope,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<PairParts, Diagnostic> {
        let phrase = self.read(goal, tokens, place, warnings)?;
        let (left, right, condition) = pair_children(&phrase.tree, phrase.tree.root());
        let relation = phrase.tokens[phrase.tree.node(left).end as usize].name;
        let left = self.pattern(&phrase, left, scope)?;
        let Some(right) = right else {
            unreachable!("a search or a match has two sides")
        };
        let right = self.pattern(&phrase, right, scope)?;
        let condition = self.optional_condition(&phrase, condition, scope)?;
        Ok(PairParts {
            left,
            relation,
            right,
            condition,
        })
    }

    /// Reads `pattern such that condition`, where the second part may be missing.
    ///
    /// # Errors
    /// If it has no reading.
    pub fn query(
        &self,
        tokens: &[Token],
        place: Span,
        scope: &mut Scope,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<(Pattern, Vec<Fragment>), Diagnostic> {
        let phrase = self.read(Goal::Query, tokens, place, warnings)?;
        let mut children = phrase.tree.children(phrase.tree.root());
        let Some(left) = children.next() else {
            unreachable!("a query has a pattern")
        };
        let pattern = self.pattern(&phrase, left, scope)?;
        let condition = self.optional_condition(&phrase, children.next(), scope)?;
        Ok((pattern, condition))
    }

    /// Reads a condition.
    ///
    /// # Errors
    /// If it has no reading.
    pub fn condition(
        &self,
        tokens: &[Token],
        place: Span,
        scope: &mut Scope,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Vec<Fragment>, Diagnostic> {
        let phrase = self.read(Goal::Condition, tokens, place, warnings)?;
        self.optional_condition(&phrase, Some(phrase.tree.root()), scope)
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// If it has no reading, or what it says is not allowed.
    pub fn statement(
        &self,
        text: &StatementText,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Statement, Diagnostic> {
        let goal = match (text.kind, text.conditional) {
            (StatementKind::Equation, false) => Goal::Equation,
            (StatementKind::Equation, true) => Goal::ConditionalEquation,
            (StatementKind::Rule, false) => Goal::Rule,
            (StatementKind::Rule, true) => Goal::ConditionalRule,
            (StatementKind::Membership, false) => Goal::Membership,
            (StatementKind::Membership, true) => Goal::ConditionalMembership,
        };
        let phrase = self
            .read(goal, &text.bubble, text.span, warnings)
            .map_err(|diagnostic| explain::hint_at_missing_period(diagnostic, &text.bubble))?;
        let mut scope = Scope::default();
        let tree = &phrase.tree;
        let (body, condition) = if text.kind == StatementKind::Membership {
            let mut children = tree.children(tree.root());
            let Some(child) = children.next() else {
                unreachable!("a membership has a term")
            };
            let pattern = self.pattern(&phrase, child, &mut scope)?;
            let sort = phrase.tokens[tree.node(child).end as usize + 1];
            let Some(sort) = self.grammar.sort(sort.name) else {
                unreachable!("the grammar takes only sorts after the colon")
            };
            (Body::Membership { pattern, sort }, children.next())
        } else {
            let (left, right, condition) = pair_children(tree, tree.root());
            let left = self.pattern(&phrase, left, &mut scope)?;
            let Some(right) = right else {
                unreachable!("an equation or rule has two sides")
            };
            let right = self.pattern(&phrase, right, &mut scope)?;
            let body = match text.kind {
                StatementKind::Equation => Body::Equation { left, right },
                _ => Body::Rule { left, right },
            };
            (body, condition)
        };
        let condition = self.optional_condition(&phrase, condition, &mut scope)?;
        if text.kind != StatementKind::Rule
            && condition
                .iter()
                .any(|fragment| matches!(fragment, Fragment::Rewrite { .. }))
        {
            let message = "only the condition of a rule may contain `=>`";
            return Err(Diagnostic::error(
                "rewrite-condition",
                phrase.place,
                message,
            ));
        }
        let attributes = self.attributes(text, &mut scope)?;
        Ok(Statement {
            label: text.label.map(|label| label.name),
            variables: scope.variables,
            body,
            condition,
            attributes,
            span: Some(text.span),
        })
    }

    fn attributes(
        &self,
        text: &StatementText,
        scope: &mut Scope,
    ) -> Result<StatementAttributes, Diagnostic> {
        let given = &text.attributes;
        let mut print = None;
        if let Some(items) = &given.print {
            let mut parts = Vec::new();
            for token in items {
                if token.kind == TokenKind::String {
                    parts.push(PrintItem::Text(unescape(token.text())));
                    continue;
                }
                let (name, sort) = self.variable_of(token).ok_or_else(|| {
                    let message = format!("`{}` is not a variable", token.text());
                    Diagnostic::error("bad-attribute", token.span, message)
                })?;
                let variable = self.number(scope, name, sort, token.span)?;
                parts.push(PrintItem::Variable(variable));
            }
            print = Some(parts);
        }
        Ok(StatementAttributes {
            owise: given.owise,
            nonexec: given.nonexec,
            variant: given.variant,
            narrowing: given.narrowing,
            print,
            metadata: given.metadata.map(|text| unescape(text.as_str())),
        })
    }

    fn optional_condition(
        &self,
        phrase: &Phrase<'_>,
        condition: Option<NodeId>,
        scope: &mut Scope,
    ) -> Result<Vec<Fragment>, Diagnostic> {
        let mut fragments = Vec::new();
        let mut rest = condition;
        while let Some(node) = rest {
            let mut children = phrase.tree.children(node);
            rest = match self.grammar.action(phrase.tree.node(node).production) {
                Action::MoreFragments => children.next(),
                _ => None,
            };
            fragments.extend(children.next());
        }
        fragments.reverse();
        fragments
            .into_iter()
            .map(|node| self.fragment(phrase, node, scope))
            .collect()
    }

    fn fragment(
        &self,
        phrase: &Phrase<'_>,
        node: NodeId,
        scope: &mut Scope,
    ) -> Result<Fragment, Diagnostic> {
        let mut children = phrase.tree.children(node);
        let Some(first) = children.next() else {
            unreachable!("a fragment has a term")
        };
        let left = self.pattern(phrase, first, scope)?;
        let mut right = |scope: &mut Scope| match children.next() {
            Some(second) => self.pattern(phrase, second, scope),
            None => unreachable!("a relation has two sides"),
        };
        Ok(
            match self.grammar.action(phrase.tree.node(node).production) {
                Action::Assignment => Fragment::Assignment {
                    pattern: left,
                    term: right(scope)?,
                },
                Action::Rewrite => Fragment::Rewrite {
                    term: left,
                    pattern: right(scope)?,
                },
                Action::SortTest => {
                    let sort = phrase.tokens[phrase.tree.node(first).end as usize + 1];
                    let Some(sort) = self.grammar.sort(sort.name) else {
                        unreachable!("the grammar takes only sorts after the colon")
                    };
                    Fragment::SortTest { term: left, sort }
                }
                Action::Boolean => Fragment::Equality {
                    left,
                    right: self.truth(),
                },
                _ => Fragment::Equality {
                    left,
                    right: right(scope)?,
                },
            },
        )
    }

    fn truth(&self) -> Pattern {
        let mut pattern = Pattern::new();
        let truth = self.signature.operators().find(|&op| {
            let hook = self.signature.operator(op).attributes.hook;
            hook.is_some_and(|hook| hook.as_str() == crate::builtin::Hook::True.name())
        });
        let Some(truth) = truth else {
            unreachable!("a Boolean condition is read only where there is `true`")
        };
        pattern.apply(truth, &[]);
        pattern
    }

    /// Name and sort of a variable token.
    fn variable_of(&self, token: &Token) -> Option<(Name, SortId)> {
        if let Some(&sort) = self.variables.get(&token.name) {
            return Some((token.name, sort));
        }
        let (stem, _) = token.text().rsplit_once(':')?;
        Some((Name::new(stem), self.grammar.suffix_sort(token.text())?))
    }

    fn number(
        &self,
        scope: &mut Scope,
        name: Name,
        sort: SortId,
        span: Span,
    ) -> Result<VariableId, Diagnostic> {
        scope.variable(name, sort).ok_or_else(|| {
            Diagnostic::error(
                "too-large",
                span,
                "more than 65,535 variables in one statement",
            )
        })
    }

    /// The pattern of a subtree.
    fn pattern(
        &self,
        phrase: &Phrase<'_>,
        root: NodeId,
        scope: &mut Scope,
    ) -> Result<Pattern, Diagnostic> {
        let mut builder = Builder {
            pattern: Pattern::new(),
            values: Vec::new(),
        };
        (builder.values).resize_with(phrase.tree.n_nodes(), || Value::Absent);
        for node in phrase.tree.postorder_from(root) {
            let value = self.value(phrase, node, scope, &mut builder)?;
            builder.values[node.0 as usize] = value;
        }
        let root = builder.argument(root);
        builder.pattern.set_root(root);
        Ok(builder.pattern)
    }

    fn value(
        &self,
        phrase: &Phrase<'_>,
        id: NodeId,
        scope: &mut Scope,
        builder: &mut Builder,
    ) -> Result<Value, Diagnostic> {
        let tree = &phrase.tree;
        let node = tree.node(id);
        let token = &phrase.tokens[node.start as usize];
        let text = token.text();
        let mut children = tree.children(id);
        let mut child = || match children.next() {
            Some(child) => child,
            None => unreachable!("a production has its children"),
        };
        let pattern = &mut builder.pattern;
        let made = match self.grammar.action(node.production) {
            Action::Apply(op) => {
                let arguments: Vec<PatternId> = tree
                    .children(id)
                    .map(|child| builder.argument(child))
                    .collect();
                builder.pattern.apply(op, &arguments)
            }
            Action::ApplyList(op) => {
                let arguments = builder.list(child());
                builder.pattern.apply(op, &arguments)
            }
            Action::ListPair => {
                let pair = vec![builder.argument(child()), builder.argument(child())];
                return Ok(Value::List(pair));
            }
            Action::ListMore => {
                let mut list = builder.list(child());
                list.push(builder.argument(child()));
                return Ok(Value::List(list));
            }
            Action::Variable => {
                let Some((name, sort)) = self.variable_of(token) else {
                    unreachable!("the grammar takes only variables for variables")
                };
                pattern.variable(self.number(scope, name, sort, token.span)?)
            }
            Action::KindVariable => {
                let name = Name::new(&text[..text.len() - 1]);
                let sort = phrase.tokens[node.start as usize + 2].name;
                let Some(sort) = self.grammar.sort(sort) else {
                    unreachable!("the grammar takes only sorts in brackets")
                };
                let sort = self.signature.error_sort(self.signature.kind_of(sort));
                pattern.variable(self.number(scope, name, sort, token.span)?)
            }
            Action::Natural { successor, zero } => pattern.natural(successor, zero, integer(text)),
            Action::Negative {
                minus,
                successor,
                zero,
            } => {
                let natural = pattern.natural(successor, zero, integer(&text[1..]));
                pattern.apply(minus, &[natural])
            }
            Action::Fraction {
                divide,
                minus,
                successor,
                zero,
            } => {
                let (above, below) = text.split_once('/').unwrap_or((text, "1"));
                let natural = above.trim_start_matches('-');
                let mut above_id = pattern.natural(successor, zero, integer(natural));
                if let Some(minus) = minus.filter(|_| natural.len() < above.len()) {
                    above_id = pattern.apply(minus, &[above_id]);
                }
                let below = pattern.natural(successor, zero, integer(below));
                pattern.apply(divide, &[above_id, below])
            }
            Action::Float(op) => pattern.literal(op, Literal::Float(float_value(text))),
            Action::String(op) => pattern.literal(op, Literal::String(unescape(text))),
            Action::QuotedId(op) => pattern.literal(op, Literal::QuotedId(text[1..].to_owned())),
            Action::Iterate(op) => {
                let count = text.rsplit_once('^').map_or("1", |(_, count)| count);
                let argument = builder.argument(child());
                builder.pattern.iterate(op, integer(count), argument)
            }
            Action::Same => return Ok(builder.take(child())),
            Action::Pair
            | Action::Membership
            | Action::Equality
            | Action::Assignment
            | Action::Rewrite
            | Action::SortTest
            | Action::Boolean
            | Action::OneFragment
            | Action::MoreFragments => unreachable!("a statement is not inside a term"),
        };
        Ok(Value::Node(made))
    }
}

/// The children of a statement, query or command.
fn pair_children(tree: &Tree, root: NodeId) -> (NodeId, Option<NodeId>, Option<NodeId>) {
    let mut children = tree.children(root);
    let Some(left) = children.next() else {
        unreachable!("a statement has a left side")
    };
    (left, children.next(), children.next())
}

fn integer(text: &str) -> Int {
    match text.parse() {
        Ok(number) => number,
        Err(_) => unreachable!("a number token is made of digits"),
    }
}

/// What a node of the tree has become.
enum Value {
    /// Nothing yet, or it was taken.
    Absent,
    Node(PatternId),
    List(Vec<PatternId>),
}

struct Builder {
    pattern: Pattern,
    /// By node.
    values: Vec<Value>,
}

impl Builder {
    fn take(&mut self, node: NodeId) -> Value {
        match std::mem::replace(&mut self.values[node.0 as usize], Value::Absent) {
            Value::Absent => unreachable!("children are made before their parents"),
            value => value,
        }
    }

    /// A child as an argument.
    fn argument(&mut self, node: NodeId) -> PatternId {
        match self.take(node) {
            Value::Node(id) => id,
            Value::List(_) | Value::Absent => unreachable!("a list is no argument"),
        }
    }

    fn list(&mut self, node: NodeId) -> Vec<PatternId> {
        match self.take(node) {
            Value::List(list) => list,
            _ => unreachable!("a list was parsed as one"),
        }
    }
}
