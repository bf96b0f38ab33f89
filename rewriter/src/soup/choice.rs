//! Steps inside a leaf that are computed when they are taken.
//!
//! The one idea: a rule that applies to one leaf in a thousand ways makes a thousand successors, of
//! which a walk takes one and a search may need few. So only the values with which it applies are found
//! at first; what the rule makes of them waits until somebody takes the step.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::expand::take_apart;
use super::leaf::LeafId;
use super::outcome::{OutcomeId, Solution};
use super::space::{Hands, Soup, SoupStep, Unfit};
use crate::matching::Shapes;
use crate::module::StatementId;
use crate::pattern::VariableId;
use crate::reduction::{Piece, Pieces, Reducer};
use crate::signature::OpId;
use crate::statement::Body;
use crate::term::{TermId, Theory};

/// A rule that applies at the top of leaves.
#[derive(Clone, Debug)]
pub(super) struct LateRule {
    statement: StatementId,
    /// Finds the values of the variables that the right side uses.
    left: Pieces,
    /// Makes the right side of them.
    right: Pieces,
}

/// A step that may not be computed yet.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    op: OpId,
    /// Which of the rules of the operator.
    rule: u32,
    leaf: LeafId,
    /// Which of the steps of the leaf it is.
    number: u32,
    values: SmallVec<[TermId; 6]>,
    pub(super) made: Option<(OutcomeId, u32)>,
}

/// Outcomes with this bit are numbers of choices.
const CHOICE: OutcomeId = 1 << 31;

fn choice_of(outcome: OutcomeId) -> Option<usize> {
    (outcome & CHOICE != 0).then_some((outcome & !CHOICE) as usize)
}

impl Soup {
    /// From now on, so many steps of a leaf or more are computed as far as they are taken.
    pub(crate) fn compute_late(&mut self, fewest: usize) {
        self.fewest_choices = fewest;
    }

    /// The steps inside a leaf, if they are many and all at its top; nothing if not.
    pub(super) fn choices(
        &mut self,
        reducer: &mut Reducer,
        leaf: LeafId,
    ) -> Result<Option<Vec<Solution>>, Unfit> {
        if self.fewest_choices == usize::MAX {
            return Ok(None);
        }
        let term = self.leaves.at(leaf).term;
        let op = reducer.store.op(term);
        if !self.late_rules.contains_key(&op) {
            if self.is_copy() {
                return Err(Unfit::Unknown);
            }
            let rules = late_rules(reducer, op);
            self.late_rules.insert(op, rules);
        }
        let Some(Some(rules)) = self.late_rules.get(&op) else {
            return Ok(None);
        };
        if !is_quiet_below(reducer, term) {
            return Ok(None);
        }
        let mut found: Vec<(u32, SmallVec<[TermId; 6]>)> = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let mut collect = |_: &mut Reducer, outputs: &[TermId], _: u64| {
                found.push((number as u32, outputs.into()));
                ControlFlow::Continue(())
            };
            reducer.solve_pieces(&rule.left, &[term], &mut collect)?;
        }
        if found.len() < self.fewest_choices {
            return Ok(None);
        }
        let mut solutions = Vec::with_capacity(found.len());
        for (number, (rule, values)) in found.into_iter().enumerate() {
            solutions.push(Solution {
                rule: rules[rule as usize].statement,
                depth: 0,
                outcome: CHOICE | self.choices.len() as u32,
                n_rewrites: 0,
            });
            self.choices.push(Choice {
                op,
                rule,
                leaf,
                number: number as u32,
                values,
                made: None,
            });
        }
        Ok(Some(solutions))
    }

    /// Whether some steps of the open state are still to be computed.
    pub(crate) fn is_late(&self) -> bool {
        let is_late = |index: usize| self.choices[index].made.is_none();
        self.steps.len() >= self.fewest_choices
            && (self.steps.iter()).any(|step| choice_of(step.outcome).is_some_and(is_late))
    }

    /// A step whose outcome is known.
    pub(super) fn made(
        &mut self,
        hands: &mut Hands<'_>,
        step: SoupStep,
    ) -> Result<SoupStep, Unfit> {
        let Some(index) = choice_of(step.outcome) else {
            return Ok(step);
        };
        let (outcome, n_rewrites) = match self.choices[index].made {
            Some(made) => made,
            None => {
                let made = self.make(hands.reducer(), index)?;
                self.choices[index].made = Some(made);
                if let Some(sharing) = self.sharing.as_mut().filter(|sharing| sharing.is_copy) {
                    sharing.touched.choices.push(index as u32);
                }
                made
            }
        };
        Ok(SoupStep {
            outcome,
            n_rewrites: step.n_rewrites + u64::from(n_rewrites),
            ..step
        })
    }

    fn make(&mut self, reducer: &mut Reducer, index: usize) -> Result<(OutcomeId, u32), Unfit> {
        let choice = self.choices[index].clone();
        let Some(Some(rules)) = self.late_rules.get(&choice.op) else {
            unreachable!("the rules of a choice were compiled when it was found");
        };
        let (mut target, mut n_rewrites) = (TermId::NONE, 1);
        let mut collect = |_: &mut Reducer, outputs: &[TermId], count: u64| {
            target = outputs[0];
            n_rewrites += count as u32;
            ControlFlow::Break(())
        };
        let right = &rules[choice.rule as usize].right;
        reducer.solve_pieces(right, &choice.values, &mut collect)?;
        let place = self.leaves.at(choice.leaf).place;
        let parts = take_apart(&self.layout, &reducer.store, place, target);
        let added = self.number(reducer, &parts)?;
        Ok((self.outcome(&mut vec![choice.leaf], added), n_rewrites))
    }

    /// Writes what tells a step that may not be computed yet from all others; false if it is none.
    pub(super) fn identify_choice(&self, step: SoupStep, key: &mut Vec<u32>) -> bool {
        let Some(choice) = choice_of(step.outcome).map(|index| &self.choices[index]) else {
            return false;
        };
        // No step takes so many leaves away.
        key.extend([step.rule.0, u32::MAX, choice.leaf, choice.number]);
        true
    }
}

/// The rules at an operator, in order; nothing if some have conditions.
fn late_rules(reducer: &mut Reducer, op: OpId) -> Option<Vec<LateRule>> {
    let store = &reducer.store;
    if store.theory(op) != Theory::Free {
        return None;
    }
    let module = std::sync::Arc::clone(reducer.module());
    let mut statements: Vec<StatementId> = Vec::new();
    for rule in &reducer.program.rules[op.index()] {
        if statements.contains(&rule.statement) {
            return None;
        }
        statements.push(rule.statement);
    }
    let (store, program) = (&mut reducer.store, &mut reducer.program);
    let rules = statements.into_iter().map(|id| {
        let statement = module.statement(id);
        let Body::Rule { left, right } = &statement.body else {
            return None;
        };
        if !statement.condition.is_empty() {
            return None;
        }
        let mut shapes = Shapes::default();
        let left = shapes.normalize(store, left);
        let used: Vec<VariableId> = right.variables();
        let right = shapes.normalize_except(store, right, |op| !module.is_stable(op));
        let variables = &statement.variables;
        let pieces: Vec<Piece> = used.iter().copied().map(Piece::Value).collect();
        Some(LateRule {
            statement: id,
            left: program.compile_probe(store, variables, &shapes, left, &used),
            right: program.compile_output(store, statement, &shapes, &pieces, right),
        })
    });
    rules.collect()
}

/// Whether no term below this one has an operator with rules on top. What was found out once is
/// remembered by the store.
fn is_quiet_below(reducer: &mut Reducer, term: TermId) -> bool {
    let mut visited: Vec<TermId> = Vec::new();
    let mut open: Vec<TermId> = reducer.store.arguments(term).to_vec();
    while let Some(term) = open.pop() {
        if reducer.store.is_quiet(term) {
            continue;
        }
        if !reducer.program.rules[reducer.store.op(term).index()].is_empty() {
            return false;
        }
        visited.push(term);
        open.extend_from_slice(reducer.store.arguments(term));
    }
    for term in visited {
        reducer.store.set_quiet(term);
    }
    true
}
