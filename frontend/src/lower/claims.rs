//! Invariants and pure functions as terms: expressions, with questions and quantifiers.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Lowering, NodeId, Operator};
use crate::rules::{Resolution, message_type, returned};
use crate::syntax::ast::{ExprId, FunctionId, Name, Quantifier};
use crate::types::{Type, TypeId};

impl Lowering<'_> {
    /// A function that machines call, and, if it is pure, its definition for invariants.
    pub(super) fn global_function(
        &mut self,
        id: FunctionId,
        globals: &mut Vec<NodeId>,
        terms: &mut Vec<NodeId>,
    ) {
        let function = self.ast.function(id);
        if !self.looking[id.index()] {
            globals.push(self.function(id));
        }
        let is_asked = self
            .checked
            .claims
            .iter()
            .any(|claim| claim.refusal.is_none());
        if function.is_pure
            && is_asked
            && let (Some(name), Some(value)) = (&function.name, returned(self.ast, id))
            && self.is_evaluated(id)
        {
            let name = self.quoted(&name.text);
            let parameters = self.variables(&self.symbols.function(id).parameters);
            let value = self.claimed(value);
            terms.push(self.apply(Operator::Pure, [name, parameters, value]));
        }
    }

    /// Whether some invariant that can be asked needs a pure function.
    fn is_evaluated(&self, id: FunctionId) -> bool {
        let claims = self
            .checked
            .claims
            .iter()
            .filter(|claim| claim.refusal.is_none());
        let mut open: Vec<FunctionId> = claims.flat_map(|claim| claim.functions.clone()).collect();
        let mut seen = Vec::new();
        while let Some(function) = open.pop() {
            if function == id {
                return true;
            }
            if seen.contains(&function) {
                continue;
            }
            seen.push(function);
            let parts = returned(self.ast, function).map(|value| self.ast.parts(value));
            for part in parts.into_iter().flatten() {
                if let Some(Resolution::Function(callee)) = self.checked.resolution(part) {
                    open.push(callee);
                }
            }
        }
        false
    }

    /// The invariants that can be evaluated.
    pub(super) fn claims(&mut self, terms: &mut Vec<NodeId>) {
        let checked = self.checked;
        for claim in checked
            .claims
            .iter()
            .filter(|claim| claim.refusal.is_none())
        {
            let mut parts: Vec<NodeId> = Vec::new();
            for function in &claim.functions {
                let value = returned(self.ast, *function)
                    .unwrap_or_else(|| unreachable!("a claim returns what it claims"));
                parts.push(self.claimed(value));
            }
            let mut parts = parts.into_iter().rev();
            let mut whole = match parts.next() {
                Some(last) => last,
                None => self.bool(true),
            };
            for part in parts {
                let operands = self.collect(
                    crate::vocabulary::Collection::EXPRESSIONS,
                    vec![part, whole],
                );
                let and = self.constant(Operator::And);
                whole = self.apply(Operator::Apply, [and, operands]);
            }
            let name = self.quoted(&claim.name);
            terms.push(self.apply(Operator::Invariant, [name, whole]));
        }
    }

    /// An expression in which no two quantifiers bind one name.
    fn claimed(&mut self, value: ExprId) -> NodeId {
        let mut numbers: HashMap<Arc<str>, usize> = HashMap::new();
        for part in self.ast.parts(value) {
            for id in self.checked.bound.get(&part).into_iter().flatten() {
                let name = &self.symbols.variable(*id).name.text;
                let number = numbers.entry(name.clone()).or_insert(0);
                *number += 1;
                // P's names have no hyphen, so this is nobody's name.
                self.renamed.insert(*id, format!("{name}-{number}").into());
            }
        }
        self.expression(value)
    }

    /// `forall (x: T, ..) :: e` as quantifiers of one variable each.
    pub(super) fn quantified(
        &mut self,
        id: ExprId,
        quantifier: &Quantifier,
        body: ExprId,
    ) -> NodeId {
        let mut term = self.expressions[body.index()];
        let variables = self.checked.bound.get(&id).cloned().unwrap_or_default();
        for variable in variables.into_iter().rev() {
            let domain = self.domain(self.symbols.variable(variable).kind);
            let name = self.variable_name(variable);
            let name = self.quoted(&name);
            let operator = if quantifier.is_universal {
                Operator::ForAll
            } else {
                Operator::Exists
            };
            term = self.apply(operator, [name, domain, term]);
        }
        term
    }

    fn domain(&mut self, kind: TypeId) -> NodeId {
        match message_type(self.symbols, kind) {
            Some(None) => return self.constant(Operator::EveryMessage),
            Some(Some(event)) => {
                let event = self.quoted(&event);
                return self.apply(Operator::Messages, [event]);
            }
            None => {}
        }
        match self.symbols.types.kind(kind) {
            Type::Machine => self.constant(Operator::EveryMachine),
            Type::Reference(name, _) => {
                let name = self.quoted(name);
                self.apply(Operator::Instances, [name])
            }
            _ => {
                let kind = self.type_term(kind);
                self.apply(Operator::ValuesOf, [kind])
            }
        }
    }

    /// `e is K`: an event, a machine or a state.
    pub(super) fn kind_test(&mut self, id: ExprId, operand: ExprId, name: &Name) -> NodeId {
        let operator = match self.checked.resolution(id) {
            Some(Resolution::Event(_)) => Operator::IsEvent,
            Some(Resolution::Machine(_)) => Operator::IsMachine,
            _ => Operator::IsIn,
        };
        let name = self.quoted(&name.text);
        let question = self.apply(operator, [name]);
        self.operate(question, &[operand])
    }

    /// `e.f` where `e` is no named tuple: a machine, a spec or a message.
    pub(super) fn question_field(&mut self, operand: ExprId, field: &Name) -> NodeId {
        let field = self.quoted(&field.text);
        if let Some(Resolution::Spec(spec)) = self.checked.resolution(operand) {
            let spec = self.quoted(&self.symbols.machine(spec).name.text);
            let question = self.apply(Operator::SpecField, [spec, field]);
            return self.operate(question, &[]);
        }
        let kind = self.checked.type_of(operand);
        let operator = if message_type(self.symbols, kind).is_some() {
            Operator::Content
        } else {
            Operator::Attribute
        };
        let question = self.apply(operator, [field]);
        self.operate(question, &[operand])
    }
}
