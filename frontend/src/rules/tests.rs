//! What can be run: tests with their parameters expanded, implementations, and the
//! implementation that a program without either has.
//!
//! Source: reference compiler, ParamAssignment and ModuleExprVisitor; p-language 2.9, 2.10.

use std::collections::HashMap;

use super::modules::{self, Modules};
use super::{Checked, Resolution};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use crate::syntax::ast::{
    self, Ast, BinaryOperator, Declaration, ExprId, ExpressionKind, ModuleId, Name, TestValue,
    UnaryOperator,
};
use crate::types::{MachineId, TypeTable, VariableId};

/// The name of the implementation that a program without tests has.
const DEFAULT: &str = "DefaultImpl";
/// The machine with which it starts.
const DEFAULT_MAIN: &str = "Main";
/// A test with parameters stands for at most this many.
const MAX_ASSIGNMENTS: usize = 10_000;
/// The number of pairs of an assignment and a combination that it covers, at most.
const MAX_COVERAGE: usize = 1_000_000;

/// Where a test comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// A `test`.
    Test,
    /// An `implementation`.
    Implementation,
    /// All machines as they are, beginning with `Main`.
    Default,
}

/// Something that can be run: one assignment of one test.
#[derive(Clone, Debug)]
pub struct TestCase {
    /// The name, with the values of its parameters.
    pub name: String,
    /// Where it comes from.
    pub kind: TestKind,
    /// The main machine.
    pub main: MachineId,
    /// What runs; none for all machines as they are.
    pub module: Option<ModuleId>,
    /// The values of global params.
    pub assignment: Vec<(VariableId, TestValue)>,
    /// Where its name stands.
    pub span: Option<Span>,
}

/// Checks tests and implementations, and lists what can be run, in order.
pub(super) fn check(
    ast: &Ast,
    checked: &Checked,
    modules: &Modules,
    is_included: &dyn Fn(FileId) -> bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<TestCase> {
    let mut tests = Tests {
        ast,
        checked,
        modules,
        diagnostics,
    };
    let mut cases = Vec::new();
    let mut is_default = true;
    for declaration in &ast.declarations {
        match declaration {
            Declaration::Test(test) if !is_included(test.name.span.file) => {
                is_default = false;
                cases.extend(tests.test(test));
            }
            Declaration::Implementation(declared) if !is_included(declared.name.span.file) => {
                is_default = false;
                tests.closed(declared.name.span, declared.module);
                let main = match &declared.main {
                    Some(main) => tests.main(main, declared.module),
                    None => tests.own_main(declared.module),
                };
                if let Some(main) = main {
                    cases.push(TestCase {
                        name: declared.name.text.to_string(),
                        kind: TestKind::Implementation,
                        main,
                        module: Some(declared.module),
                        assignment: Vec::new(),
                        span: Some(declared.name.span),
                    });
                }
            }
            _ => {}
        }
    }
    let main = checked.symbols.machine_names.get(DEFAULT_MAIN).copied();
    if let Some(main) = main.filter(|id| is_default && !checked.symbols.machine(*id).is_spec()) {
        cases.push(TestCase {
            name: DEFAULT.to_owned(),
            kind: TestKind::Default,
            main,
            module: None,
            assignment: Vec::new(),
            span: Some(checked.symbols.machine(main).name.span),
        });
    }
    cases
}

struct Tests<'a> {
    ast: &'a Ast,
    checked: &'a Checked,
    modules: &'a Modules,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The parameters of a test with the values of each.
type Choices = Vec<(VariableId, Vec<TestValue>)>;

impl Tests<'_> {
    fn error(&mut self, code: Code, span: Span, message: String) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message));
    }

    fn test(&mut self, test: &ast::Test) -> Vec<TestCase> {
        let n_diagnostics = self.diagnostics.len();
        self.closed(test.name.span, test.module);
        let main = self.main(&test.main, test.module);
        if let Some(right) = test.refines {
            self.closed(test.name.span, right);
            self.main(&test.main, right);
        }
        let choices = self.choices(test);
        let assignments = match choices {
            Some(choices) => self.assignments(test, &choices),
            None => Vec::new(),
        };
        let Some(main) = main.filter(|_| self.diagnostics.len() == n_diagnostics) else {
            return Vec::new();
        };
        if let Some(right) = test.refines {
            // P's compiler ends with an exception here; to run the left side alone and call that
            // a test would be a verdict on something else.
            let message = "refinement is not checked, neither here nor by P's compiler";
            let help = "to test the module on the left alone, leave out `refines` and what follows";
            let span = self.ast.module(right).span;
            self.diagnostics
                .push(Diagnostic::error(Code::NotProved, span, message).with_help(help));
            return Vec::new();
        }
        let case = |assignment: Vec<(VariableId, TestValue)>| {
            let value = |(variable, value): &(VariableId, TestValue)| {
                let name = &self.checked.symbols.variable(*variable).name.text;
                format!("{name}_{}", name_of(*value))
            };
            let values: Vec<String> = assignment.iter().map(value).collect();
            let name = if values.is_empty() {
                test.name.text.to_string()
            } else {
                format!("{}___{}", test.name.text, values.join("__"))
            };
            let (kind, span) = (TestKind::Test, Some(test.name.span));
            TestCase {
                name,
                kind,
                main,
                module: Some(test.module),
                assignment,
                span,
            }
        };
        assignments.into_iter().map(case).collect()
    }

    /// Whatever a module creates, it must define.
    fn closed(&mut self, span: Span, module: ModuleId) {
        let Some(info) = &self.modules[module.index()] else {
            return;
        };
        let open = info
            .creates
            .iter()
            .find(|id| !info.definitions.contains_key(id));
        if let Some(interface) = open {
            let name = &self.checked.symbols.interface(*interface).name.text;
            let message = format!("the module creates `{name}`, but does not define it");
            self.diagnostics.push(
                Diagnostic::error(Code::NotClosed, span, message)
                    .with_help(format!("add `{name}` to the machines of the module")),
            );
        }
    }

    /// The machine with which a module says that it starts.
    fn own_main(&self, module: ModuleId) -> Option<MachineId> {
        self.modules[module.index()].as_ref()?.main
    }

    fn main(&mut self, name: &Name, module: ModuleId) -> Option<MachineId> {
        let info = self.modules[module.index()].as_ref()?;
        match modules::main(&self.checked.symbols, info, name) {
            Ok(main) => Some(main),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    fn choices(&mut self, test: &ast::Test) -> Option<Choices> {
        let mut choices: Choices = Vec::new();
        let mut is_good = true;
        for (name, values) in &test.parameters {
            let symbols = &self.checked.symbols;
            let Some(variable) = symbols.parameter_names.get(&name.text).copied() else {
                let message = format!("there is no global param `{}`", name.text);
                self.diagnostics.push(
                    Diagnostic::error(Code::UnknownParameter, name.span, message)
                        .with_help(format!("declare it: `param {}: int;`", name.text)),
                );
                is_good = false;
                continue;
            };
            if choices.iter().any(|(other, _)| *other == variable) {
                let message = format!("`{}` is listed twice", name.text);
                self.error(Code::DuplicateField, name.span, message);
                is_good = false;
                continue;
            }
            let kind = symbols.variable(variable).kind;
            for (index, (value, span)) in values.iter().enumerate() {
                let value_kind = match value {
                    TestValue::Bool(_) => TypeTable::BOOL,
                    TestValue::Int(_) => TypeTable::INT,
                };
                if !self.checked.symbols.types.is_same(kind, value_kind) {
                    let expected = super::machines::describe(&self.checked.symbols, kind);
                    let message = format!("`{}` is of type {expected}", name.text);
                    self.error(Code::TypeMismatch, *span, message);
                    is_good = false;
                } else if values[..index].iter().any(|(other, _)| other == value) {
                    let message = format!("`{}` already has this value", name.text);
                    self.error(Code::DuplicateValue, *span, message);
                    is_good = false;
                }
            }
            choices.push((variable, values.iter().map(|(value, _)| *value).collect()));
        }
        is_good.then_some(choices)
    }

    fn assignments(
        &mut self,
        test: &ast::Test,
        choices: &Choices,
    ) -> Vec<Vec<(VariableId, TestValue)>> {
        let n_parameters = choices.len();
        let strength = match test.strength {
            None => n_parameters,
            Some((strength, span)) => {
                if strength < 1 || strength as usize > n_parameters {
                    let message = format!("{strength}-wise needs 1 to {n_parameters} params here");
                    self.error(Code::InvalidStrength, span, message);
                    return Vec::new();
                }
                strength as usize
            }
        };
        let n_assignments = choices.iter().try_fold(1usize, |product, (_, values)| {
            product.checked_mul(values.len())
        });
        if n_assignments.is_none_or(|n_assignments| n_assignments > MAX_ASSIGNMENTS) {
            let message = format!("this test stands for more than {MAX_ASSIGNMENTS} assignments");
            self.error(Code::TooManyTests, test.name.span, message);
            return Vec::new();
        }
        // The first parameter varies fastest.
        let mut indices = vec![0; n_parameters];
        let mut all = Vec::new();
        loop {
            let assignment = values(choices, &indices);
            match self.holds(test.assumption, &assignment) {
                Ok(true) => all.push(indices.clone()),
                Ok(false) => {}
                Err((span, message)) => {
                    self.error(Code::TypeMismatch, span, message);
                    return Vec::new();
                }
            }
            let Some(place) = (0..n_parameters).find(|i| indices[*i] + 1 < choices[*i].1.len())
            else {
                break;
            };
            indices[..place].fill(0);
            indices[place] += 1;
        }
        if strength < n_parameters {
            match covering(&all, n_parameters, strength) {
                Some(chosen) => all = chosen,
                None => {
                    let message = "this test has too many combinations to cover".to_owned();
                    self.error(Code::TooManyTests, test.name.span, message);
                    return Vec::new();
                }
            }
        }
        all.iter().map(|indices| values(choices, indices)).collect()
    }

    /// The value of an assumption: literals, params and operators only.
    fn holds(
        &self,
        assumption: Option<ExprId>,
        assignment: &[(VariableId, TestValue)],
    ) -> Result<bool, (Span, String)> {
        let Some(assumption) = assumption else {
            return Ok(true);
        };
        let mut known: HashMap<ExprId, TestValue> = HashMap::new();
        for part in self.ast.parts(assumption) {
            let expression = self.ast.expression(part);
            let value = match &expression.kind {
                ExpressionKind::Bool(value) => Some(TestValue::Bool(*value)),
                ExpressionKind::Int(value) => Some(TestValue::Int(*value)),
                ExpressionKind::Name(_) => match self.checked.resolution(part) {
                    Some(Resolution::Variable(variable)) => assignment
                        .iter()
                        .find(|(other, _)| *other == variable)
                        .map(|(_, value)| *value),
                    _ => None,
                },
                ExpressionKind::Unary(operator, operand) => match (operator, known[operand]) {
                    (UnaryOperator::Negate, TestValue::Int(value)) => {
                        value.checked_neg().map(TestValue::Int)
                    }
                    (UnaryOperator::Not, TestValue::Bool(value)) => Some(TestValue::Bool(!value)),
                    _ => None,
                },
                ExpressionKind::Binary(operator, left, right) => {
                    operate(*operator, known[left], known[right])
                }
                _ => None,
            };
            let Some(value) = value else {
                let message = "an assumption is made of this test's params, numbers, \
                               `true`, `false` and operators";
                return Err((expression.span, message.to_owned()));
            };
            known.insert(part, value);
        }
        match known[&assumption] {
            TestValue::Bool(value) => Ok(value),
            TestValue::Int(_) => {
                let span = self.ast.expression(assumption).span;
                Err((span, "an assumption is a `bool`".to_owned()))
            }
        }
    }
}

fn name_of(value: TestValue) -> String {
    match value {
        TestValue::Bool(value) => value.to_string(),
        TestValue::Int(value) if value < 0 => format!("neg{}", value.unsigned_abs()),
        TestValue::Int(value) => value.to_string(),
    }
}

fn values(choices: &Choices, indices: &[usize]) -> Vec<(VariableId, TestValue)> {
    let pick = |((variable, values), index): (&(VariableId, Vec<TestValue>), &usize)| {
        (*variable, values[*index])
    };
    choices.iter().zip(indices).map(pick).collect()
}

fn operate(operator: BinaryOperator, left: TestValue, right: TestValue) -> Option<TestValue> {
    use BinaryOperator as B;
    use TestValue::{Bool, Int};
    match (left, right) {
        (Int(left), Int(right)) => match operator {
            B::Add => left.checked_add(right).map(Int),
            B::Subtract => left.checked_sub(right).map(Int),
            B::Multiply => left.checked_mul(right).map(Int),
            B::Divide => left.checked_div(right).map(Int),
            B::Remainder => left.checked_rem(right).map(Int),
            B::Less => Some(Bool(left < right)),
            B::Greater => Some(Bool(left > right)),
            B::AtMost => Some(Bool(left <= right)),
            B::AtLeast => Some(Bool(left >= right)),
            B::Equal => Some(Bool(left == right)),
            B::Unequal => Some(Bool(left != right)),
            _ => None,
        },
        (Bool(left), Bool(right)) => match operator {
            B::And => Some(Bool(left && right)),
            B::Or => Some(Bool(left || right)),
            B::Implies => Some(Bool(!left || right)),
            B::Equal | B::Iff => Some(Bool(left == right)),
            B::Unequal => Some(Bool(left != right)),
            _ => None,
        },
        _ => None,
    }
}

/// A small choice of assignments that covers every combination of values of `strength`
/// parameters that any assignment has: always the next one that covers most, the
/// earliest of these. Nothing if that would take too long.
fn covering(all: &[Vec<usize>], n_parameters: usize, strength: usize) -> Option<Vec<Vec<usize>>> {
    let groups = combinations(n_parameters, strength)?;
    if groups.len().checked_mul(all.len())? > MAX_COVERAGE {
        return None;
    }
    let mut numbers: HashMap<(usize, Vec<usize>), usize> = HashMap::new();
    let mut covers: Vec<Vec<usize>> = Vec::new();
    let mut covered_by: Vec<Vec<usize>> = Vec::new();
    for (assignment, indices) in all.iter().enumerate() {
        let mut own = Vec::new();
        for (group_number, group) in groups.iter().enumerate() {
            let key = (
                group_number,
                group.iter().map(|place| indices[*place]).collect(),
            );
            let next = numbers.len();
            let number = *numbers.entry(key).or_insert(next);
            if number == next {
                covered_by.push(Vec::new());
            }
            covered_by[number].push(assignment);
            own.push(number);
        }
        covers.push(own);
    }
    let mut gains: Vec<usize> = covers.iter().map(Vec::len).collect();
    let mut is_covered = vec![false; covered_by.len()];
    let mut n_open = covered_by.len();
    let mut chosen = Vec::new();
    while n_open > 0 {
        let mut best = 0;
        for (assignment, gain) in gains.iter().enumerate() {
            if *gain > gains[best] {
                best = assignment;
            }
        }
        chosen.push(all[best].clone());
        for number in std::mem::take(&mut covers[best]) {
            if !std::mem::replace(&mut is_covered[number], true) {
                n_open -= 1;
                for assignment in &covered_by[number] {
                    gains[*assignment] -= 1;
                }
            }
        }
    }
    Some(chosen)
}

/// All choices of `size` places out of `n`, in order; nothing if there are too many.
fn combinations(n: usize, size: usize) -> Option<Vec<Vec<usize>>> {
    let mut result = vec![Vec::new()];
    for _ in 0..size {
        let mut longer = Vec::new();
        for places in &result {
            let from = places.last().map_or(0, |last: &usize| last + 1);
            for place in from..n {
                let mut places = places.clone();
                places.push(place);
                longer.push(places);
            }
            if longer.len() > MAX_COVERAGE {
                return None;
            }
        }
        result = longer;
    }
    Some(result)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn pairs_of_three_flags_need_four_assignments() {
        let all: Vec<Vec<usize>> = (0..8)
            .map(|n| vec![n & 1, n >> 1 & 1, n >> 2 & 1])
            .collect();
        let chosen = covering(&all, 3, 2).unwrap();
        assert_eq!(
            chosen,
            [vec![0, 0, 0], vec![1, 1, 0], vec![1, 0, 1], vec![0, 1, 1]]
        );
    }

    #[test]
    fn negative_numbers_have_names() {
        assert_eq!(name_of(TestValue::Int(-5)), "neg5");
        assert_eq!(name_of(TestValue::Bool(true)), "true");
    }
}
