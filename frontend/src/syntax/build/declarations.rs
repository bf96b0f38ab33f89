//! Declarations, machines and their states.

use pest::iterators::Pair;

use super::{Build, Builder, Children};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{
    BasicType, Body, Declaration, Enumeration, Event, EventSet, ExprId, Function, FunctionId,
    Handler, Implementation, Interface, Machine, MachineKind, Proof, ProofCommand, ProofKind,
    ProofTargets, State, StateItem, StateItemKind, Statement, StatementKind, Temperature, Test,
    TestValue, TypeDeclaration, TypeExpression, TypeExpressionKind,
};
use crate::syntax::grammar::Rule;

impl Builder<'_> {
    pub(super) fn declaration(&mut self, pair: Pair<'_, Rule>) -> Build<Declaration> {
        let inner = Children::of(pair).take_any();
        let mut children = Children::of(inner.clone());
        Ok(match inner.as_rule() {
            Rule::type_declaration => Declaration::Type(TypeDeclaration {
                name: self.declared(children.take(Rule::identifier)),
                definition: self.optional_type(&mut children)?,
            }),
            Rule::enum_declaration => Declaration::Enumeration(self.enumeration(children)),
            Rule::event_declaration => Declaration::Event(Event {
                name: self.bounded_name(&mut children),
                payload: self.optional_type(&mut children)?,
            }),
            Rule::event_set_declaration => Declaration::EventSet(EventSet {
                name: self.declared(children.take(Rule::identifier)),
                events: self.names(children.take(Rule::event_names)),
            }),
            Rule::interface_declaration => Declaration::Interface(Interface {
                name: self.declared(children.take(Rule::identifier)),
                payload: self.optional_type(&mut children)?,
                receives: self.event_names(&mut children),
            }),
            Rule::machine_declaration | Rule::spec_declaration => {
                Declaration::Machine(Box::new(self.machine(children)?))
            }
            Rule::function_declaration => Declaration::Function(self.function(inner)?),
            Rule::pure_declaration => Declaration::Function(self.pure_function(inner)?),
            Rule::parameter_declaration => Declaration::Parameters(self.variables(inner)?),
            Rule::module_declaration => {
                let name = self.declared(children.take(Rule::identifier));
                Declaration::Module(name, self.module(children.take(Rule::module_expression))?)
            }
            Rule::test_declaration => Declaration::Test(self.test(children)?),
            Rule::implementation_declaration => Declaration::Implementation(Implementation {
                name: self.declared(children.take(Rule::identifier)),
                main: children
                    .take_if(Rule::main_machine)
                    .map(|pair| self.main(pair)),
                module: self.module(children.take(Rule::module_expression))?,
            }),
            _ => Declaration::Proof(self.proof(inner)?),
        })
    }

    fn optional_type(
        &mut self,
        children: &mut Children<'_>,
    ) -> Build<Option<crate::syntax::ast::TypeExpression>> {
        match children.take_if(Rule::type_expression) {
            Some(pair) => Ok(Some(self.type_expression(pair)?)),
            None => Ok(None),
        }
    }

    fn event_names(&mut self, children: &mut Children<'_>) -> Vec<super::Name> {
        children
            .take_if(Rule::event_names)
            .map(|pair| self.names(pair))
            .unwrap_or_default()
    }

    /// The name of an event or a machine. `assert n` and `assume n` behind it bounded queues
    /// in earlier versions of P.
    fn bounded_name(&mut self, children: &mut Children<'_>) -> super::Name {
        let name = self.declared(children.take(Rule::identifier));
        while let Some(bound) = children.take_if(Rule::queue_bound) {
            let message = format!("`{}` has no effect: queues are unbounded", bound.as_str());
            self.diagnostics.push(
                Diagnostic::warning(Code::QueueBound, self.trimmed(&bound), message)
                    .with_help("P has no bounds of queues any more: leave it out"),
            );
        }
        name
    }

    fn enumeration(&mut self, mut children: Children<'_>) -> Enumeration {
        let name = self.name(children.take(Rule::identifier));
        let mut elements: Vec<(super::Name, i32)> = Vec::new();
        let mut numbered = None;
        for (index, pair) in children.all(Rule::enum_element).enumerate() {
            let mut children = Children::of(pair);
            let element = self.declared(children.take(Rule::identifier));
            let number = children
                .take_if(Rule::integer)
                .map(|pair| self.integer(&pair));
            if *numbered.get_or_insert(number.is_some()) != number.is_some() {
                let message = "either all elements of an enum have a number or none";
                self.diagnostics.push(
                    Diagnostic::error(Code::SyntaxError, element.span, message)
                        .with_label(name.span, "of this enum"),
                );
            }
            elements.push((element, number.unwrap_or(index as i32)));
        }
        Enumeration { name, elements }
    }

    fn machine(&mut self, mut children: Children<'_>) -> Build<Machine> {
        let kind = match children.take_if(Rule::spec_kind).as_ref().map(Pair::as_str) {
            None => MachineKind::Machine,
            Some("spec") => MachineKind::Spec,
            Some(_) => MachineKind::Scenario,
        };
        let name = self.bounded_name(&mut children);
        let mut machine = Machine {
            kind,
            name,
            receives: None,
            sends: None,
            observes: self.event_names(&mut children),
            variables: Vec::new(),
            functions: Vec::new(),
            states: Vec::new(),
        };
        while let Some(clause) = children.take_if(Rule::permission_clause) {
            let mut children = Children::of(clause);
            let set = match children.take(Rule::permission_kind).as_str() {
                "receives" => &mut machine.receives,
                _ => &mut machine.sends,
            };
            set.get_or_insert_default()
                .extend(self.event_names(&mut children));
        }
        for item in Children::of(children.take(Rule::machine_body)).all(Rule::machine_item) {
            let item = Children::of(item).take_any();
            match item.as_rule() {
                Rule::variable_declaration => machine.variables.push(self.variables(item)?),
                Rule::function_declaration => machine.functions.push(self.function(item)?),
                _ => machine.states.push(self.state(item)?),
            }
        }
        Ok(machine)
    }

    fn state(&mut self, pair: Pair<'_, Rule>) -> Build<State> {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let is_start = children.take_if(Rule::start_mark).is_some();
        let temperature = children
            .take_if(Rule::temperature)
            .map(|pair| match pair.as_str() {
                "hot" => Temperature::Hot,
                _ => Temperature::Cold,
            });
        let name = self.declared(children.take(Rule::identifier));
        let items = children
            .all(Rule::state_item)
            .map(|item| self.state_item(Children::of(item).take_any()))
            .collect::<Build<_>>()?;
        Ok(State {
            name,
            is_start,
            temperature,
            items,
            span,
        })
    }

    fn state_item(&mut self, pair: Pair<'_, Rule>) -> Build<StateItem> {
        let span = self.trimmed(&pair);
        let rule = pair.as_rule();
        let mut children = Children::of(pair);
        let kind = match rule {
            Rule::entry_item => StateItemKind::Entry(self.handler(children.take_any())?),
            Rule::exit_item => StateItemKind::Exit(self.handler(children.take_any())?),
            Rule::defer_item => StateItemKind::Defer(self.event_names(&mut children)),
            Rule::ignore_item => StateItemKind::Ignore(self.event_names(&mut children)),
            _ => {
                let events = self.names(children.take(Rule::triggers));
                let reaction = children.take_any();
                let is_goto = reaction.as_rule() == Rule::goto_reaction;
                let mut children = Children::of(reaction);
                if is_goto {
                    let target = self.name(children.take(Rule::identifier));
                    let with = match children.next() {
                        Some(handler) => Some(self.handler(handler)?),
                        None => None,
                    };
                    StateItemKind::OnGoto(events, target, with)
                } else {
                    StateItemKind::OnDo(events, self.handler(children.take_any())?)
                }
            }
        };
        Ok(StateItem { kind, span })
    }

    fn handler(&mut self, pair: Pair<'_, Rule>) -> Build<Handler> {
        Ok(match pair.as_rule() {
            Rule::named_handler => {
                Handler::Named(self.name(Children::of(pair).take(Rule::identifier)))
            }
            _ => Handler::Inline(self.inline_handler(pair)?),
        })
    }

    fn function(&mut self, pair: Pair<'_, Rule>) -> Build<FunctionId> {
        let span = self.trimmed(&pair);
        let mut children = Children::of(pair);
        let name = Some(self.declared(children.take(Rule::identifier)));
        let parameters = self.parameter_list(Children::of(children.take(Rule::parameters)))?;
        let mut function = Function {
            name,
            parameters,
            result: None,
            body: None,
            creates: None,
            contract: Vec::new(),
            result_name: None,
            is_pure: false,
            span,
        };
        if let Some(result) = children.take_if(Rule::result_type) {
            function.result = self.optional_type(&mut Children::of(result))?;
        }
        if let Some(body) = children.take_if(Rule::body) {
            function.body = Some(self.body(body)?);
        } else if let Some(end) = children.take_if(Rule::foreign_end) {
            let creates = Children::of(end).take_if(Rule::identifier);
            function.creates = creates.map(|pair| self.name(pair));
        } else if let Some(contract) = children.take_if(Rule::contract) {
            let mut children = Children::of(contract);
            if let Some(result) = children.take_if(Rule::named_result) {
                let result = self.parameter(Children::of(result).take(Rule::parameter))?;
                function.result = Some(result.kind);
                function.result_name = Some(result.name);
            }
            while let Some(condition) = children.next() {
                let expression = Children::of(condition).take(Rule::expression);
                function.contract.push(self.expression(expression)?);
            }
        }
        Ok(self.ast.add_function(function))
    }

    fn main(&mut self, pair: Pair<'_, Rule>) -> super::Name {
        self.name(Children::of(pair).take(Rule::identifier))
    }

    fn test(&mut self, mut children: Children<'_>) -> Build<Test> {
        let mut parameters = Vec::new();
        let mut special = None;
        if let Some(list) = children.take_if(Rule::test_parameters) {
            special = Some(self.span(&list));
            for parameter in Children::of(list).all(Rule::test_parameter) {
                let mut children = Children::of(parameter);
                let name = self.name(children.take(Rule::identifier));
                let values = children
                    .all(Rule::test_value)
                    .map(|pair| self.test_value(pair));
                parameters.push((name, values.collect()));
            }
        }
        let mut assumption = None;
        if let Some(assume) = children.take_if(Rule::test_assumption) {
            special = Some(self.span(&assume));
            let expression = Children::of(assume).take(Rule::expression);
            assumption = Some(self.expression(expression)?);
        }
        let strength = children.take_if(Rule::strength).map(|pair| {
            let span = self.span(&pair);
            special = Some(span);
            let number = Children::of(pair).take_if(Rule::integer);
            // One param is a pair by itself; P makes no test of it.
            let pairwise = parameters.len().min(2) as u32;
            let strength = number.map_or(pairwise, |pair| self.integer(&pair).unsigned_abs());
            (strength, span)
        });
        let name = self.declared(children.take(Rule::identifier));
        let main = self.main(children.take(Rule::main_machine));
        let module = self.module(children.take(Rule::module_expression))?;
        let mut refines = None;
        if let Some(refinement) = children.take_if(Rule::refinement) {
            if let Some(span) = special {
                let message = "a refinement test has no params, assumption or strength";
                self.diagnostics
                    .push(Diagnostic::error(Code::SyntaxError, span, message));
            }
            let right = Children::of(refinement).take(Rule::module_expression);
            refines = Some(self.module(right)?);
        }
        Ok(Test {
            name,
            parameters,
            assumption,
            strength,
            main,
            module,
            refines,
        })
    }

    fn test_value(&mut self, pair: Pair<'_, Rule>) -> (TestValue, crate::source::Span) {
        let span = self.span(&pair);
        let negative = pair.as_str().starts_with('-');
        let part = Children::of(pair).take_any();
        let value = match part.as_rule() {
            Rule::boolean => TestValue::Bool(part.as_str() == "true"),
            _ => {
                let number = self.integer(&part);
                TestValue::Int(if negative { -number } else { number })
            }
        };
        (value, span)
    }

    fn proof(&mut self, pair: Pair<'_, Rule>) -> Build<Proof> {
        let mut keyword = self.span(&pair);
        let word = pair
            .as_str()
            .find(|c: char| !c.is_ascii_alphabetic() && c != '-');
        keyword.end = keyword.start + word.unwrap_or(pair.as_str().len()) as u32;
        let rule = pair.as_rule();
        let mut children = Children::of(pair);
        let kind = match rule {
            Rule::invariant_declaration => {
                let (name, body) = self.invariant(children)?;
                ProofKind::Invariant(name, body)
            }
            Rule::invariant_group => {
                children.take(Rule::group_kind);
                let name = self.declared(children.take(Rule::identifier));
                let invariants = children
                    .all(Rule::invariant_declaration)
                    .map(|pair| self.invariant(Children::of(pair)))
                    .collect::<Build<_>>()?;
                ProofKind::Group(name, invariants)
            }
            Rule::axiom_declaration => ProofKind::Axiom(self.claim(children)?),
            Rule::initial_condition => ProofKind::InitialCondition(self.claim(children)?),
            _ => {
                let name = children
                    .take_if(Rule::identifier)
                    .map(|pair| self.name(pair));
                let commands = children
                    .all(Rule::proof_command)
                    .map(|pair| self.proof_command(Children::of(pair)))
                    .collect::<Build<_>>()?;
                ProofKind::Script(name, commands)
            }
        };
        Ok(Proof { kind, keyword })
    }

    fn invariant(&mut self, mut children: Children<'_>) -> Build<(super::Name, FunctionId)> {
        let name = self.declared(children.take(Rule::identifier));
        Ok((name, self.claim(children)?))
    }

    /// What is said of a configuration, as a function without a name.
    fn claim(&mut self, mut children: Children<'_>) -> Build<FunctionId> {
        let pair = children.take(Rule::expression);
        let span = self.trimmed(&pair);
        let result = TypeExpression {
            kind: TypeExpressionKind::Basic(BasicType::Bool),
            span,
        };
        let value = self.expression(pair)?;
        Ok(self.ast.add_function(returning(value, result, span)))
    }

    /// `pure f(..): T = e;` as a function that returns `e`.
    fn pure_function(&mut self, pair: Pair<'_, Rule>) -> Build<FunctionId> {
        let span = self.trimmed(&pair);
        let mut children = Children::of(pair);
        let name = self.declared(children.take(Rule::identifier));
        let parameters = self.parameter_list(Children::of(children.take(Rule::parameters)))?;
        let result = self.type_expression(children.take(Rule::type_expression))?;
        let value = match children.take_if(Rule::expression) {
            Some(pair) => Some(self.expression(pair)?),
            None => None,
        };
        let mut function = returning(value, result, span);
        function.name = Some(name);
        function.parameters = parameters;
        function.is_pure = true;
        Ok(self.ast.add_function(function))
    }

    fn proof_command(&mut self, mut children: Children<'_>) -> Build<ProofCommand> {
        let goals = self.proof_targets(children.take(Rule::proof_goals))?;
        let premises = match children.take_if(Rule::premises) {
            Some(premises) => Some(self.proof_targets(premises)?),
            None => None,
        };
        let exceptions = match children.take_if(Rule::exceptions) {
            Some(pair) => self.expressions(Children::of(pair).take_if(Rule::expressions))?,
            None => Vec::new(),
        };
        Ok(ProofCommand {
            goals,
            premises,
            exceptions,
        })
    }

    fn proof_targets(&mut self, pair: Pair<'_, Rule>) -> Build<ProofTargets> {
        let is_all = pair.as_str().ends_with('*');
        Ok(match Children::of(pair).take_if(Rule::expressions) {
            Some(list) => ProofTargets::Listed(self.expressions(Some(list))?),
            None if is_all => ProofTargets::All,
            None => ProofTargets::Default,
        })
    }
}

/// A function without a name that returns a value, or has no body.
fn returning(
    value: impl Into<Option<ExprId>>,
    result: TypeExpression,
    span: crate::source::Span,
) -> Function {
    let body = value.into().map(|value| Body {
        variables: Vec::new(),
        statements: vec![Statement {
            kind: StatementKind::Return(Some(value)),
            span,
        }],
    });
    Function {
        name: None,
        parameters: Vec::new(),
        result: Some(result),
        body,
        creates: None,
        contract: Vec::new(),
        result_name: None,
        is_pure: false,
        span,
    }
}
