//! Why a rule does not apply somewhere in an execution.

use rewriter::module::StatementId;
use rewriter::obstacle::{Near, Obstacle, obstacle};
use rewriter::pattern::{Pattern, VariableId};
use rewriter::reduction::{Interrupted, NormalForm};
use rewriter::statement::{Body, Statement};
use rewriter::term::TermId;
use rewriter::transition::Transitions;

use super::Interpreter;
use crate::lower::Tree;
use crate::report::{Difference, Nearest, Step, Why, kind_text};
use crate::trace::Reader;

/// Why a question cannot be answered.
#[derive(Clone, Debug)]
pub enum NoAnswer {
    /// No rule has the label; these are there.
    Rule(Vec<String>),
    /// There is no such machine in the configuration; these are there.
    Machine(Vec<String>),
    /// The execution has fewer steps.
    Step(usize),
    /// A limit was reached.
    Limit(Box<Interrupted>),
}

impl From<Interrupted> for NoAnswer {
    fn from(interrupted: Interrupted) -> NoAnswer {
        NoAnswer::Limit(Box::new(interrupted))
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct WhyNot {
    /// The label of the rule.
    pub rule: String,
    /// The machine that should act, if it matters.
    pub machine: Option<String>,
    /// After how many steps; at the end if it is not said.
    pub at: Option<usize>,
}

impl Interpreter {
    /// Answers why a rule does not apply after some steps of an execution, which of the possible
    /// steps were taken being given.
    ///
    /// # Errors
    /// If there is no such rule, machine or step, or a limit is reached.
    pub fn why(
        &mut self,
        initial: &Tree,
        taken: &[usize],
        question: &WhyNot,
    ) -> Result<Why, NoAnswer> {
        let rules = self.rules_called(&question.rule)?;
        let at = question.at.unwrap_or(taken.len());
        if at > taken.len() {
            return Err(NoAnswer::Step(taken.len()));
        }
        self.forget();
        let term = self.builder.build(initial, self.reducer.store_mut());
        let mut state = self.reducer.reduce(term)?;
        let mut before = None;
        for &number in &taken[..at] {
            let Some((step, target)) = self.taken_step(state, number)? else {
                return Err(NoAnswer::Step(taken.len()));
            };
            before = Some(step);
            state = target;
        }
        let machine = match &question.machine {
            Some(name) => Some(self.machine_called(state, name)?),
            None => None,
        };
        let mut answer = Why {
            rule: question.rule.clone(),
            at: at as u64,
            last: before,
            applies: self.steps_by(state, &rules, machine)?,
            ..Why::default()
        };
        if answer.applies.is_empty() {
            // A label belongs to one rule.
            self.explain(state, rules[0], machine, &mut answer)?;
            if answer.part.is_some() && answer.nearest.is_empty() {
                self.say_what_else(state, &mut answer)?;
            }
        }
        Ok(answer)
    }

    /// Says what is possible in a state; a long list is cut off.
    fn say_what_else(&mut self, state: NormalForm, answer: &mut Why) -> Result<(), NoAnswer> {
        const MOST_LISTED: usize = 5;
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        let mut listed = Vec::new();
        while let Some(transition) = transitions.next(&mut self.reducer)? {
            if listed.len() < MOST_LISTED {
                listed.push((transition.rule, transitions.substitution(&mut self.reducer)));
            } else {
                answer.n_more += 1;
            }
        }
        if listed.is_empty() {
            let violation = self.reader.violation(&mut self.reducer, state.term());
            answer.end = Some(match violation {
                Some(violation) => format!("{}: {}", kind_text(&violation), violation.message),
                None => "no machine can go on, and nothing is wrong".to_owned(),
            });
        }
        for (rule, values) in listed {
            let rule = self.reducer.module().statement(rule).clone();
            let step = self.reader.step(&mut self.reducer, &rule, &values);
            answer.instead.push(step);
        }
        Ok(())
    }

    fn rules_called(&self, label: &str) -> Result<Vec<StatementId>, NoAnswer> {
        let module = self.reducer.module();
        let rules = module.statements().iter().enumerate();
        let rules = rules.filter(|(_, statement)| matches!(statement.body, Body::Rule { .. }));
        let mut labels = Vec::new();
        let mut found = Vec::new();
        for (index, statement) in rules {
            let Some(other) = statement.label else {
                continue;
            };
            if other.as_str() == label {
                found.push(StatementId(index as u32));
            }
            labels.push(other.to_string());
        }
        if found.is_empty() {
            return Err(NoAnswer::Rule(labels));
        }
        Ok(found)
    }

    fn taken_step(
        &mut self,
        state: NormalForm,
        number: usize,
    ) -> Result<Option<(Step, NormalForm)>, NoAnswer> {
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        let mut found = None;
        for _ in 0..=number {
            found = transitions.next(&mut self.reducer)?;
        }
        let Some(found) = found else {
            return Ok(None);
        };
        let values = transitions.substitution(&mut self.reducer);
        let rule = self.reducer.module().statement(found.rule).clone();
        let step = self.reader.step(&mut self.reducer, &rule, &values);
        Ok(Some((step, found.target)))
    }

    fn machine_called(&mut self, state: NormalForm, name: &str) -> Result<TermId, NoAnswer> {
        let addresses: Vec<TermId> = (self.reader)
            .instances(self.reducer.store(), state.term())
            .into_keys()
            .collect();
        let mut names = Vec::new();
        let mut of_class = Vec::new();
        for address in addresses {
            let text = self.reader.text_of(&mut self.reducer, address);
            let number = self
                .reader
                .number(self.reducer.store(), address)
                .to_string();
            if text == name || number == name {
                return Ok(address);
            }
            // The class will do where only one machine has it.
            if text.split('(').next() == Some(name) {
                of_class.push(address);
            }
            names.push(text);
        }
        if let [address] = of_class[..] {
            return Ok(address);
        }
        names.sort();
        Err(NoAnswer::Machine(names))
    }

    /// The steps that a rule makes possible.
    fn steps_by(
        &mut self,
        state: NormalForm,
        rules: &[StatementId],
        machine: Option<TermId>,
    ) -> Result<Vec<Step>, NoAnswer> {
        let mut transitions = Transitions::explaining(&mut self.reducer, state);
        let mut found = Vec::new();
        while let Some(transition) = transitions.next(&mut self.reducer)? {
            if rules.contains(&transition.rule) {
                let values = transitions.substitution(&mut self.reducer);
                found.push((transition.rule, values));
            }
        }
        let mut steps = Vec::new();
        for (rule, values) in found {
            let rule = self.reducer.module().statement(rule).clone();
            if machine.is_none() || Reader::value(&rule, &values, "Self") == machine {
                steps.push(self.reader.step(&mut self.reducer, &rule, &values));
            }
        }
        Ok(steps)
    }

    fn explain(
        &mut self,
        state: NormalForm,
        rule: StatementId,
        machine: Option<TermId>,
        answer: &mut Why,
    ) -> Result<(), NoAnswer> {
        let statement = self.reducer.module().statement(rule).clone();
        let actor = statement.variables.iter();
        let actor = actor
            .clone()
            .position(|variable| variable.name.as_str() == "Self");
        let fixed: Vec<(VariableId, TermId)> = match (actor, machine) {
            (Some(actor), Some(machine)) => vec![(VariableId(actor as u16), machine)],
            _ => Vec::new(),
        };
        match obstacle(&mut self.reducer, rule, state, &fixed)? {
            Obstacle::None => {}
            Obstacle::Part { part, nearest } => {
                answer.part = Some(self.printed(&part, &statement));
                answer.nearest = self.nearest(&nearest, &statement);
            }
            Obstacle::Together {
                part,
                bound,
                nearest,
            } => {
                answer.part = Some(self.printed(&part, &statement));
                answer.values = self.values(&bound, &statement);
                answer.nearest = self.nearest(&nearest, &statement);
            }
            Obstacle::Condition {
                number,
                bound,
                sides,
            } => {
                let fragment = std::slice::from_ref(&statement.condition[number]);
                let declared = statement.variables.iter();
                let aliases = declared
                    .map(|variable| (variable.name, variable.sort))
                    .collect();
                let mut printer = self.module.printer().with_aliases(&aliases);
                answer.condition = Some(printer.condition(fragment, &statement.variables));
                answer.values = self.values(&bound, &statement);
                answer.sides = sides.iter().map(|side| self.shown(*side)).collect();
            }
        }
        Ok(())
    }

    fn printed(&self, pattern: &Pattern, statement: &Statement) -> String {
        // As in the rule files: the variables without their sorts.
        let declared = statement.variables.iter();
        let aliases = declared
            .map(|variable| (variable.name, variable.sort))
            .collect();
        let mut printer = self.module.printer().with_aliases(&aliases);
        printer.pattern(pattern, &statement.variables)
    }

    fn shown(&self, term: TermId) -> String {
        self.module.print(self.reducer.store(), term)
    }

    fn values(
        &self,
        bound: &[(VariableId, TermId)],
        statement: &Statement,
    ) -> Vec<(String, String)> {
        let name = |variable: VariableId| statement.variables[variable.index()].name.to_string();
        let values = bound.iter();
        values
            .map(|(variable, value)| (name(*variable), self.shown(*value)))
            .collect()
    }

    fn nearest(&mut self, nearest: &[Near], statement: &Statement) -> Vec<Nearest> {
        let mut shown = Vec::new();
        for near in nearest {
            let address = self.reducer.store().arguments(near.term).first().copied();
            let address =
                address.filter(|address| self.reader.is_address(self.reducer.store(), *address));
            let differences = near.differences.iter().map(|(asked, there)| Difference {
                asked: self.printed(asked, statement),
                there: there.map(|there| self.shown(there)),
            });
            let differences = differences.collect();
            shown.push(Nearest {
                element: match address {
                    Some(address) => self.reader.text_of(&mut self.reducer, address),
                    None => self.shown(near.term),
                },
                differences,
            });
        }
        shown
    }
}
