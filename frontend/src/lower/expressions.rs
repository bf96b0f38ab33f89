//! Expressions as terms: a loop over the parts, operands first.

use std::sync::Arc;

use super::{Lowering, Node, NodeId, Operator};
use crate::rules::{Part, Resolution, format_parts};
use crate::syntax::ast::{BinaryOperator, ExprId, ExpressionKind, UnaryOperator};
use crate::types::TypeTable;
use crate::types::{VariableId, VariableRole};
use crate::vocabulary::Collection;

impl Lowering<'_> {
    pub(super) fn expression(&mut self, id: ExprId) -> NodeId {
        for part in self.ast.parts(id) {
            self.expressions[part.index()] = self.part(part);
        }
        self.expressions[id.index()]
    }

    /// Expressions in a row, as the operands of a statement.
    pub(super) fn operands(&mut self, ids: &[ExprId]) -> NodeId {
        let operands = ids.iter().map(|id| self.expression(*id)).collect();
        self.collect(Collection::EXPRESSIONS, operands)
    }

    pub(super) fn operate(&mut self, operation: NodeId, operands: &[ExprId]) -> NodeId {
        let operands = operands
            .iter()
            .map(|id| self.expressions[id.index()])
            .collect();
        let operands = self.collect(Collection::EXPRESSIONS, operands);
        self.apply(Operator::Apply, [operation, operands])
    }

    fn operate_plain(&mut self, operator: Operator, operands: &[ExprId]) -> NodeId {
        let operation = self.constant(operator);
        self.operate(operation, operands)
    }

    fn part(&mut self, id: ExprId) -> NodeId {
        use ExpressionKind as K;
        let ast = self.ast;
        if let Some(what) = self.checked.inexecutable.get(&id) {
            let what = self.push(Node::String((*what).into()));
            let operation = self.apply(Operator::Inexecutable, [what]);
            return self.operate(operation, &[]);
        }
        match &ast.expression(id).kind {
            // It gets here as a part of what is refused, and nothing is made of it.
            K::Sent(_) => self.constant(Operator::NullValue),
            K::Int(number) => self.int(i64::from(*number)),
            K::Float(number) => {
                let number = self.push(Node::Float(*number));
                self.apply(Operator::FloatValue, [number])
            }
            K::Bool(value) => self.bool(*value),
            K::Null => self.constant(Operator::NullValue),
            K::Choice { is_fair: false } => self.operate_plain(Operator::Choose, &[]),
            K::Choice { is_fair: true } => self.operate_plain(Operator::ChooseFairly, &[]),
            K::Halt => self.event(&"halt".into()),
            K::This => self.constant(Operator::This),
            K::Format(text, arguments) => self.format(text, arguments),
            K::Name(_) => self.name(id),
            K::Call(name, arguments) => {
                let name = self.quoted(&name.text);
                let operation = self.apply(Operator::Call, [name]);
                self.operate(operation, arguments)
            }
            K::New(name, arguments) => {
                let name = self.quoted(&name.text);
                let operation = self.apply(Operator::New, [name]);
                self.operate(operation, arguments)
            }
            K::Tuple(elements) => self.operate_plain(Operator::Tuple, elements),
            K::NamedTuple(fields) => {
                let names = self.names(fields.iter().map(|(name, _)| &name.text));
                let operation = self.apply(Operator::Record, [names]);
                let values: Vec<ExprId> = fields.iter().map(|(_, value)| *value).collect();
                self.operate(operation, &values)
            }
            K::Field(operand, field) if !self.is_named_tuple(*operand) => {
                self.question_field(*operand, field)
            }
            K::Field(operand, field) => {
                let field = self.quoted(&field.text);
                let operation = self.apply(Operator::Get, [field]);
                self.operate(operation, &[*operand])
            }
            K::Position(operand, position) => {
                let position = self.push(Node::Int((*position).into()));
                let operation = self.apply(Operator::Item, [position]);
                self.operate(operation, &[*operand])
            }
            K::Index(collection, index) => {
                self.operate_plain(Operator::Index, &[*collection, *index])
            }
            K::Keys(operand) => self.operate_plain(Operator::Keys, &[*operand]),
            K::Values(operand) => self.operate_plain(Operator::Values, &[*operand]),
            K::Sizeof(operand) => self.operate_plain(Operator::Sizeof, &[*operand]),
            K::Default(_) => {
                let kind = self.type_term(self.checked.type_of(id));
                self.apply(Operator::Default, [kind])
            }
            K::Choose(operand) => {
                let is_number = |id: ExprId| self.checked.type_of(id) == TypeTable::INT;
                let operator = match operand {
                    Some(id) if self.ast.unbounded_choices && is_number(*id) => {
                        Operator::ChooseUnbounded
                    }
                    _ => Operator::Choose,
                };
                self.operate_plain(operator, operand.as_slice())
            }
            K::Unary(operator, operand) => {
                let operator = match operator {
                    UnaryOperator::Negate => Operator::Negate,
                    UnaryOperator::Not => Operator::Not,
                };
                self.operate_plain(operator, &[*operand])
            }
            K::Binary(operator, left, right) => {
                self.operate_plain(binary(*operator), &[*left, *right])
            }
            K::Cast(operand, _) | K::Convert(operand, _) => {
                let kind = self.type_term(self.checked.type_of(id));
                let is_cast = matches!(ast.expression(id).kind, K::Cast(..));
                let operator = if is_cast {
                    Operator::Cast
                } else {
                    Operator::Coerce
                };
                let operation = self.apply(operator, [kind]);
                self.operate(operation, &[*operand])
            }
            K::KindTest(operand, name) => self.kind_test(id, *operand, name),
            K::Inflight(operand) => self.operate_plain(Operator::Inflight, &[*operand]),
            K::Quantified(quantifier, body) => self.quantified(id, quantifier, *body),
            K::FloatParts => unreachable!("what has no meaning is not lowered"),
        }
    }

    fn is_named_tuple(&self, id: ExprId) -> bool {
        let kind = self.symbols.types.kind(self.checked.type_of(id));
        matches!(kind, crate::types::Type::NamedTuple(_))
    }

    pub(super) fn int(&mut self, number: i64) -> NodeId {
        let number = self.push(Node::Int(number));
        self.apply(Operator::IntValue, [number])
    }

    pub(super) fn bool(&mut self, value: bool) -> NodeId {
        let value = self.constant(if value {
            Operator::True
        } else {
            Operator::False
        });
        self.apply(Operator::BoolValue, [value])
    }

    fn event(&mut self, name: &Arc<str>) -> NodeId {
        let name = self.quoted(name);
        self.apply(Operator::EventValue, [name])
    }

    fn name(&mut self, id: ExprId) -> NodeId {
        match self.checked.resolution(id) {
            Some(Resolution::Variable(variable)) => self.variable(variable),
            Some(Resolution::Element(element)) => {
                self.int(i64::from(self.symbols.element(element).number))
            }
            Some(Resolution::Event(event)) => self.event(&self.symbols.event(event).name),
            // The rules ask its fields by its name.
            Some(Resolution::Spec(_)) => self.constant(Operator::NullValue),
            other => unreachable!("{other:?} is no value"),
        }
    }

    pub(super) fn variable(&mut self, id: VariableId) -> NodeId {
        let operator = match self.symbols.variable(id).role {
            VariableRole::Local | VariableRole::Parameter => Operator::Local,
            VariableRole::Field => Operator::Field,
            VariableRole::Global => Operator::Param,
        };
        let name = self.variable_name(id);
        let name = self.quoted(&name);
        self.apply(operator, [name])
    }

    /// A literal without arguments is a string; one with arguments is put together from
    /// its parts when it is evaluated.
    fn format(&mut self, text: &str, arguments: &[ExprId]) -> NodeId {
        let parts =
            format_parts(text).unwrap_or_else(|_| unreachable!("the rules check format strings"));
        if arguments.is_empty() {
            let string: String = parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => text.as_str(),
                    Part::Argument(_) => unreachable!("the rules count arguments"),
                })
                .collect();
            let string = self.push(Node::String(string.into()));
            return self.apply(Operator::StringValue, [string]);
        }
        let mut terms = Vec::new();
        for part in parts {
            terms.push(match part {
                Part::Text(text) => {
                    let text = self.push(Node::String(text.into()));
                    self.apply(Operator::Text, [text])
                }
                Part::Argument(number) => {
                    let number = self.push(Node::Int(number.into()));
                    self.apply(Operator::Argument, [number])
                }
            });
        }
        let parts = self.collect(Collection::PARTS, terms);
        let operation = self.apply(Operator::Format, [parts]);
        self.operate(operation, arguments)
    }
}

fn binary(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::Multiply => Operator::Multiply,
        BinaryOperator::Divide => Operator::Divide,
        BinaryOperator::Remainder => Operator::Remainder,
        BinaryOperator::Add => Operator::Add,
        BinaryOperator::Subtract => Operator::Subtract,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::AtMost => Operator::AtMost,
        BinaryOperator::AtLeast => Operator::AtLeast,
        BinaryOperator::In => Operator::In,
        BinaryOperator::Equal => Operator::Equal,
        BinaryOperator::Unequal => Operator::Unequal,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
        BinaryOperator::Implies => Operator::Implies,
        BinaryOperator::Iff => Operator::Iff,
        BinaryOperator::Targets => Operator::Targets,
    }
}
