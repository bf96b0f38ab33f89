//! Types as they are written.

use pest::iterators::Pair;

use super::{Build, Builder, Children};
use crate::syntax::ast::{BasicType, Parameter, TypeExpression, TypeExpressionKind, Variables};
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    pub(super) fn type_expression(&mut self, pair: Pair<'_, Rule>) -> Build<TypeExpression> {
        self.nested(pair, Self::type_of_any_kind)
    }

    fn type_of_any_kind(&mut self, pair: Pair<'_, Rule>) -> Build<TypeExpression> {
        let span = self.span(&pair);
        let inner = Children::of(pair).take_any();
        let rule = inner.as_rule();
        let kind = match rule {
            Rule::basic_type => TypeExpressionKind::Basic(basic_type(inner.as_str())),
            Rule::identifier => TypeExpressionKind::Named(self.name(inner)),
            Rule::tuple_type => {
                let inner = Children::of(inner).take_any();
                if inner.as_rule() == Rule::field_types {
                    TypeExpressionKind::NamedTuple(self.parameter_list(Children::of(inner))?)
                } else {
                    TypeExpressionKind::Tuple(self.type_list(Children::of(inner))?)
                }
            }
            Rule::seq_type | Rule::set_type | Rule::map_type => {
                let mut children = Children::of(inner);
                let first = self.type_expression(children.take(Rule::type_expression))?;
                match (rule, children.take_if(Rule::type_expression)) {
                    (Rule::seq_type, _) => TypeExpressionKind::Sequence(Box::new(first)),
                    (_, Some(second)) => {
                        let second = self.type_expression(second)?;
                        TypeExpressionKind::Map(Box::new(first), Box::new(second))
                    }
                    _ => TypeExpressionKind::Set(Box::new(first)),
                }
            }
            rule => unreachable!("{rule:?} is no type"),
        };
        Ok(TypeExpression { kind, span })
    }

    fn type_list(&mut self, children: Children<'_>) -> Build<Vec<TypeExpression>> {
        children
            .all(Rule::type_expression)
            .map(|pair| self.type_expression(pair))
            .collect()
    }

    pub(super) fn parameter(&mut self, pair: Pair<'_, Rule>) -> Build<Parameter> {
        let mut children = Children::of(pair);
        let name = self.declared(children.take(Rule::identifier));
        let kind = self.type_expression(children.take(Rule::type_expression))?;
        Ok(Parameter { name, kind })
    }

    pub(super) fn parameter_list(&mut self, children: Children<'_>) -> Build<Vec<Parameter>> {
        children
            .all(Rule::parameter)
            .map(|pair| self.parameter(pair))
            .collect()
    }

    /// `x, y: T` behind `var` or `param`.
    pub(super) fn variables(&mut self, pair: Pair<'_, Rule>) -> Build<Variables> {
        let mut children = Children::of(pair);
        let names = Children::of(children.take(Rule::identifiers))
            .all(Rule::identifier)
            .map(|pair| self.declared(pair))
            .collect();
        let kind = self.type_expression(children.take(Rule::type_expression))?;
        Ok(Variables { names, kind })
    }
}

fn basic_type(word: &str) -> BasicType {
    match word {
        "bool" => BasicType::Bool,
        "int" => BasicType::Int,
        "float" => BasicType::Float,
        "string" => BasicType::String,
        "event" => BasicType::Event,
        "machine" => BasicType::Machine,
        "data" => BasicType::Data,
        _ => BasicType::Any,
    }
}
