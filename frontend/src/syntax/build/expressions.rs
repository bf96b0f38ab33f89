//! Expressions: from a flat list of operands and operators to a tree, by precedence.
//!
//! The grammar gives `operand (operator operand)*`; here operators wait on a stack until
//! one that binds less tightly arrives, as in Dijkstra's shunting yard. There is no
//! recursion over operators; only brackets nest.
//!
//! Source: P manual, "Expressions"; p-language 1.4.

use pest::iterators::Pair;

use super::{Build, Builder, Children, shortened};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    BinaryOperator, ExprId, Expression, ExpressionKind, Name, Quantifier, TypeExpression,
    UnaryOperator,
};
use crate::syntax::grammar::Rule;

/// How tightly an operator binds: smaller is tighter, the levels of p-language 1.4.
type Level = u8;

const FIELD: Level = 2;
const KIND_TEST: Level = 3;
const INDEX: Level = 7;
const CAST: Level = 11;

enum Prefix {
    Unary(UnaryOperator),
    Inflight,
    Sent,
    Quantified(Box<Quantifier>),
}

/// An operator that waits for its right operand.
enum Waiting {
    Prefix(Prefix, Level, Span),
    Binary(BinaryOperator, Level, ExprId),
}

impl Waiting {
    fn level(&self) -> Level {
        match self {
            Waiting::Prefix(_, level, _) | Waiting::Binary(_, level, _) => *level,
        }
    }
}

impl Builder<'_> {
    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>) -> Build<ExprId> {
        self.nested(pair, Self::operators)
    }

    pub(super) fn expressions(&mut self, pair: Option<Pair<'_, Rule>>) -> Build<Vec<ExprId>> {
        let Some(pair) = pair else {
            return Ok(Vec::new());
        };
        Children::of(pair)
            .all(Rule::expression)
            .map(|pair| self.expression(pair))
            .collect()
    }

    fn operators(&mut self, pair: Pair<'_, Rule>) -> Build<ExprId> {
        let mut children = Children::of(pair);
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut operand = None;
        while let Some(part) = children.next() {
            match part.as_rule() {
                Rule::prefix_operator => {
                    let span = self.trimmed(&part);
                    let (prefix, level) = self.prefix(part)?;
                    waiting.push(Waiting::Prefix(prefix, level, span));
                }
                Rule::primary => operand = Some(self.primary(part)?),
                Rule::postfix_operator => {
                    let part = Children::of(part).take_any();
                    let level = match part.as_rule() {
                        Rule::field_access => FIELD,
                        Rule::kind_test => KIND_TEST,
                        Rule::index => INDEX,
                        _ => CAST,
                    };
                    let left = self.close(&mut waiting, operand, level);
                    operand = Some(self.postfix(left, part)?);
                }
                Rule::infix_operator => {
                    let (operator, level) = binary(part.as_str());
                    let left = self.close(&mut waiting, operand, level + 1);
                    waiting.push(Waiting::Binary(operator, level, left));
                }
                rule => unreachable!("{rule:?} is no part of an expression"),
            }
        }
        Ok(self.close(&mut waiting, operand, Level::MAX))
    }

    /// Gives its right operand to every waiting operator that binds more tightly than `level`.
    fn close(
        &mut self,
        waiting: &mut Vec<Waiting>,
        operand: Option<ExprId>,
        level: Level,
    ) -> ExprId {
        let mut right = operand.unwrap_or_else(|| unreachable!("the grammar has an operand here"));
        while let Some(operator) = waiting.pop_if(|top| top.level() < level) {
            let end = self.ast.expression(right).span;
            right = match operator {
                Waiting::Prefix(prefix, _, span) => {
                    let kind = match prefix {
                        Prefix::Unary(operator) => ExpressionKind::Unary(operator, right),
                        Prefix::Inflight => ExpressionKind::Inflight(right),
                        Prefix::Sent => ExpressionKind::Sent(right),
                        Prefix::Quantified(quantifier) => {
                            ExpressionKind::Quantified(quantifier, right)
                        }
                    };
                    self.add(kind, span.to(end), Some(right))
                }
                Waiting::Binary(operator, _, left) => {
                    let span = self.ast.expression(left).span.to(end);
                    self.add(
                        ExpressionKind::Binary(operator, left, right),
                        span,
                        Some(left),
                    )
                }
            };
        }
        right
    }

    fn prefix(&mut self, pair: Pair<'_, Rule>) -> Build<(Prefix, Level)> {
        let mut children = Children::of(pair.clone());
        if let Some(operator) = children.take_if(Rule::message_operator) {
            return Ok(match operator.as_str() {
                "inflight" => (Prefix::Inflight, 5),
                _ => (Prefix::Sent, 6),
            });
        }
        Ok(match pair.as_str() {
            "-" => (Prefix::Unary(UnaryOperator::Negate), 8),
            "!" => (Prefix::Unary(UnaryOperator::Not), 8),
            _ => {
                let mut children = Children::of(children.take(Rule::quantifier));
                let is_universal = children.take(Rule::quantifier_kind).as_str() == "forall";
                let is_new = children.take_if(Rule::new_mark).is_some();
                let bound = self.parameter_list(children)?;
                (
                    Prefix::Quantified(Box::new(Quantifier {
                        is_universal,
                        is_new,
                        bound,
                    })),
                    18,
                )
            }
        })
    }

    pub(super) fn postfix(&mut self, left: ExprId, part: Pair<'_, Rule>) -> Build<ExprId> {
        let span = self.ast.expression(left).span.to(self.span(&part));
        let rule = part.as_rule();
        let inner = Children::of(part).take_any();
        let kind = match (rule, inner.as_rule()) {
            (Rule::field_access, Rule::integer) => {
                ExpressionKind::Position(left, self.integer(&inner).unsigned_abs())
            }
            (Rule::field_access, _) => ExpressionKind::Field(left, self.name(inner)),
            (Rule::kind_test, _) => ExpressionKind::KindTest(left, self.name(inner)),
            (Rule::index, _) => ExpressionKind::Index(left, self.expression(inner)?),
            (Rule::cast, _) => ExpressionKind::Cast(left, self.type_expression(inner)?),
            (Rule::conversion, _) => ExpressionKind::Convert(left, self.type_expression(inner)?),
            (rule, _) => unreachable!("{rule:?} follows no operand"),
        };
        Ok(self.add(kind, span, Some(left)))
    }

    /// A name as an expression of its own.
    pub(super) fn name_expression(&mut self, pair: Pair<'_, Rule>) -> ExprId {
        let Name { text, span } = self.name(pair);
        self.add(ExpressionKind::Name(text), span, None)
    }

    fn primary(&mut self, pair: Pair<'_, Rule>) -> Build<ExprId> {
        let span = self.trimmed(&pair);
        let next = self.ast.n_expressions();
        let kind = match pair.into_inner().next() {
            Some(inner) => self.primary_kind(inner)?,
            None => unreachable!("a primary has a part"),
        };
        let kind = match kind {
            PrimaryKind::Group(expression) => {
                self.ast.expression_mut(expression).span = span;
                return Ok(expression);
            }
            PrimaryKind::Other(kind) => kind,
        };
        let first = (self.ast.n_expressions() > next).then_some(ExprId(next as u32));
        let id = self.add(kind, span, None);
        if let Some(first) = first {
            self.ast.expression_mut(id).first = first;
        }
        Ok(id)
    }

    fn primary_kind(&mut self, inner: Pair<'_, Rule>) -> Build<PrimaryKind> {
        use ExpressionKind as K;
        let rule = inner.as_rule();
        let text = inner.as_str();
        let mut children = Children::of(inner.clone());
        let kind = match rule {
            Rule::parenthesis => return self.parenthesis(children.take_any()),
            Rule::float_literal => K::Float(self.float(&inner)),
            Rule::float_expression => {
                self.integer(&children.take(Rule::integer));
                self.integer(&children.take(Rule::integer));
                K::FloatParts
            }
            Rule::integer => K::Int(self.integer(&inner)),
            Rule::boolean => K::Bool(text == "true"),
            Rule::keyword_null => K::Null,
            Rule::choice => K::Choice { is_fair: false },
            Rule::fair_choice => K::Choice { is_fair: true },
            Rule::keyword_halt => K::Halt,
            Rule::keyword_this => K::This,
            Rule::string_literal => K::Format(text[1..text.len() - 1].into(), Vec::new()),
            Rule::format_expression => {
                let text = children.take(Rule::string_literal).as_str();
                let arguments = self.expressions(children.take_if(Rule::expressions))?;
                K::Format(text[1..text.len() - 1].into(), arguments)
            }
            Rule::default_expression => K::Default(self.type_of(&mut children)?),
            Rule::choose_expression => K::Choose(match children.take_if(Rule::expression) {
                Some(operand) => Some(self.expression(operand)?),
                None => None,
            }),
            Rule::keys_expression | Rule::values_expression | Rule::sizeof_expression => {
                let operand = self.expression(children.take(Rule::expression))?;
                match rule {
                    Rule::keys_expression => K::Keys(operand),
                    Rule::values_expression => K::Values(operand),
                    _ => K::Sizeof(operand),
                }
            }
            Rule::new_expression => {
                let interface = self.name(children.take(Rule::identifier));
                K::New(interface, self.arguments(children.take(Rule::arguments))?)
            }
            Rule::name_or_call => {
                let name = self.name(children.take(Rule::identifier));
                match children.take_if(Rule::arguments) {
                    Some(arguments) => K::Call(name, self.arguments(arguments)?),
                    None => K::Name(name.text),
                }
            }
            rule => unreachable!("{rule:?} is no operand"),
        };
        Ok(PrimaryKind::Other(kind))
    }

    /// The statement `new I(args)` or `f(args)` as an expression.
    pub(super) fn effect(
        &mut self,
        span: Span,
        name: Pair<'_, Rule>,
        arguments: Pair<'_, Rule>,
        kind: fn(Name, Vec<ExprId>) -> ExpressionKind,
    ) -> Build<ExprId> {
        let name = self.name(name);
        let next = ExprId(self.ast.n_expressions() as u32);
        let arguments = self.arguments(arguments)?;
        let id = self.add(kind(name, arguments), span, None);
        self.ast.expression_mut(id).first = next;
        Ok(id)
    }

    fn arguments(&mut self, pair: Pair<'_, Rule>) -> Build<Vec<ExprId>> {
        self.expressions(Children::of(pair).take_if(Rule::expressions))
    }

    fn type_of(&mut self, children: &mut Children<'_>) -> Build<TypeExpression> {
        self.type_expression(children.take(Rule::type_expression))
    }

    fn parenthesis(&mut self, inner: Pair<'_, Rule>) -> Build<PrimaryKind> {
        let rule = inner.as_rule();
        let mut children = Children::of(inner);
        if rule == Rule::named_fields {
            let mut fields = Vec::new();
            for field in children.all(Rule::named_field) {
                let mut children = Children::of(field);
                let name = self.name(children.take(Rule::identifier));
                fields.push((name, self.expression(children.take(Rule::expression))?));
            }
            return Ok(PrimaryKind::Other(ExpressionKind::NamedTuple(fields)));
        }
        let first = self.expression(children.take(Rule::expression))?;
        Ok(match children.take_if(Rule::tuple_mark) {
            None => PrimaryKind::Group(first),
            Some(_) => {
                let mut elements = vec![first];
                elements.extend(self.expressions(children.take_if(Rule::expressions))?);
                PrimaryKind::Other(ExpressionKind::Tuple(elements))
            }
        })
    }

    /// `1.5`, `.5`, and `1 . 5`, whose spaces do not count.
    fn float(&mut self, pair: &Pair<'_, Rule>) -> f64 {
        let mut digits = String::from("0");
        for part in pair.clone().into_inner() {
            digits.push_str(part.as_str());
        }
        digits
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .unwrap_or_else(|| {
                let message = format!("`{}` is too large for a float", shortened(pair.as_str()));
                let span = self.span(pair);
                self.diagnostics
                    .push(Diagnostic::error(Code::NumberTooLarge, span, message));
                0.0
            })
    }

    fn add(&mut self, kind: ExpressionKind, span: Span, first: Option<ExprId>) -> ExprId {
        let own = ExprId(self.ast.n_expressions() as u32);
        let first = first.map_or(own, |operand| self.ast.expression(operand).first);
        self.ast.add_expression(Expression { kind, span, first })
    }
}

enum PrimaryKind {
    /// An expression in parentheses: it is itself, only its span grows.
    Group(ExprId),
    Other(ExpressionKind),
}

fn binary(text: &str) -> (BinaryOperator, Level) {
    match text {
        "targets" => (BinaryOperator::Targets, 4),
        "*" => (BinaryOperator::Multiply, 9),
        "/" => (BinaryOperator::Divide, 9),
        "%" => (BinaryOperator::Remainder, 9),
        "+" => (BinaryOperator::Add, 10),
        "-" => (BinaryOperator::Subtract, 10),
        "<" => (BinaryOperator::Less, 12),
        ">" => (BinaryOperator::Greater, 12),
        "<=" => (BinaryOperator::AtMost, 12),
        ">=" => (BinaryOperator::AtLeast, 12),
        "in" => (BinaryOperator::In, 12),
        "==" => (BinaryOperator::Equal, 13),
        "!=" => (BinaryOperator::Unequal, 13),
        "&&" => (BinaryOperator::And, 14),
        "||" => (BinaryOperator::Or, 15),
        "==>" => (BinaryOperator::Implies, 16),
        "<==>" => (BinaryOperator::Iff, 17),
        text => unreachable!("{text} is no operator between operands"),
    }
}
