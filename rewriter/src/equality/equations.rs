//! Equations applied once, at the top of a term, in either direction.
//!
//! The one idea: a direction of an equation is a goal of the engine, compiled once, whose solutions
//! are put into the other side. So axioms, extension, sorts and conditions are those of reduction.

use std::ops::ControlFlow;

use crate::module::{StatementId, unbound_in_condition};
use crate::pattern::{Pattern, PatternNode, VariableId};
use crate::reduction::{Enumeration, Reason, Reducer};
use crate::signature::OpId;
use crate::statement::{Body, Statement};
use crate::term::{TermId, Theory};

/// How an equation is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Direction {
    /// From left to right.
    Forward,
    /// From right to left.
    Backward,
}

/// One direction of an equation.
#[derive(Debug)]
struct Directed {
    statement: StatementId,
    goal: Enumeration,
    n_variables: usize,
    /// What it becomes.
    result: Pattern,
    /// The operator on top of what it is applied to, whose unmatched arguments stay.
    top: Option<OpId>,
    /// Variables that may be anything: the side that is matched does not have them.
    free: Vec<VariableId>,
    /// It applies to nearly everything, or with anything.
    is_wild: bool,
    /// Only if no other equation applies.
    owise: bool,
}

/// The equations of a module, by the operators at which they may apply.
#[derive(Debug)]
pub(crate) struct Equations {
    forward: Vec<Vec<Directed>>,
    backward: Vec<Vec<Directed>>,
}

/// One way of applying an equation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Application {
    pub(crate) statement: StatementId,
    pub(crate) result: TermId,
}

impl Equations {
    /// Compiles the equations of a reducer's module; from right to left only if asked for.
    pub(crate) fn new(reducer: &mut Reducer, both: bool) -> Equations {
        let module = reducer.module().clone();
        let n_operators = module.signature().operators().count();
        let empty = || (0..n_operators).map(|_| Vec::new()).collect();
        let mut equations = Equations {
            forward: empty(),
            backward: empty(),
        };
        for (index, statement) in module.statements().iter().enumerate() {
            let Body::Equation { left, right } = &statement.body else {
                continue;
            };
            if statement.attributes.nonexec {
                continue;
            }
            let id = StatementId(index as u32);
            for &op in module.operators_of(id) {
                let directed = directed(reducer, (id, statement), left, right);
                equations.forward[op.index()].push(directed);
            }
            if both && is_reversible(statement, left, right) {
                let reversed = Statement {
                    body: Body::Equation {
                        left: right.clone(),
                        right: left.clone(),
                    },
                    ..statement.clone()
                };
                for op in module.operators_at(&reversed) {
                    let directed = directed(reducer, (id, &reversed), right, left);
                    equations.backward[op.index()].push(directed);
                }
            }
        }
        // As in reduction: others first.
        for list in &mut equations.forward {
            list.sort_by_key(|directed| directed.owise);
        }
        equations
    }

    /// The first way in which an equation applies at the top of a term whose arguments are normal.
    pub(crate) fn first(
        &self,
        reducer: &mut Reducer,
        term: TermId,
    ) -> Result<Option<Application>, Reason> {
        let op = reducer.store().op(term);
        for directed in &self.forward[op.index()] {
            let mut found = directed.apply(reducer, term, 1)?;
            if let Some(application) = found.pop() {
                return Ok(Some(application));
            }
        }
        Ok(None)
    }

    /// All ways, up to so many for each equation, in which equations apply at the top of a term.
    /// `owise` ones are left out: here, others may apply below. Those that apply to nearly everything
    /// or with anything are tried if there are `values` for what may be anything.
    pub(crate) fn all(
        &self,
        reducer: &mut Reducer,
        term: TermId,
        direction: Direction,
        (values, most): (&[TermId], usize),
    ) -> Result<Vec<Application>, Reason> {
        let op = reducer.store().op(term);
        let list = match direction {
            Direction::Forward => &self.forward[op.index()],
            Direction::Backward => &self.backward[op.index()],
        };
        let mut found = Vec::new();
        for directed in list.iter().filter(|directed| !directed.owise) {
            if !directed.is_wild {
                found.extend(directed.apply(reducer, term, most)?);
            } else if !values.is_empty() {
                found.extend(directed.apply_with(reducer, term, (values, most))?);
            }
        }
        Ok(found)
    }
}

/// Whether an equation can be applied from right to left: no condition needs what only the left
/// side has.
fn is_reversible(statement: &Statement, left: &Pattern, right: &Pattern) -> bool {
    let mut bound = vec![false; statement.variables.len()];
    for variable in right.variables() {
        bound[variable.index()] = true;
    }
    let n_free = (left.variables().iter())
        .filter(|variable| !bound[variable.index()])
        .count();
    !statement.attributes.owise
        && unbound_in_condition(&statement.condition, &mut bound).is_none()
        && (n_free == 0 || n_free <= MOST_FREE && statement.condition.is_empty())
}

/// More variables that may be anything make too many terms.
const MOST_FREE: usize = 2;

fn directed(
    reducer: &mut Reducer,
    (id, statement): (StatementId, &Statement),
    from: &Pattern,
    to: &Pattern,
) -> Directed {
    let goal = reducer.compile_goal(&statement.variables, from, &statement.condition, true);
    let top = match from.node(from.root()) {
        PatternNode::Application { op, .. } => Some(*op),
        _ => None,
    };
    let top =
        top.filter(|&op| matches!(reducer.store().theory(op), Theory::List | Theory::Multiset));
    let known = from.variables();
    let mut free = to.variables();
    free.retain(|variable| !known.contains(variable));
    let is_wild = !free.is_empty() || matches!(from.node(from.root()), PatternNode::Variable(_));
    Directed {
        // A condition with a pattern can give values to variables that the side has not.
        free: match statement.condition.is_empty() {
            true => free,
            false => Vec::new(),
        },
        is_wild: is_wild && statement.condition.is_empty(),
        statement: id,
        goal,
        n_variables: statement.variables.len(),
        result: to.clone(),
        top,
        owise: statement.attributes.owise,
    }
}

impl Directed {
    fn apply(
        &self,
        reducer: &mut Reducer,
        term: TermId,
        most: usize,
    ) -> Result<Vec<Application>, Reason> {
        let solutions = solutions(reducer, &self.goal, term, most)?;
        let applications = solutions.into_iter().map(|values| Application {
            statement: self.statement,
            result: self.result(reducer, term, &values),
        });
        Ok(applications.collect())
    }

    /// The same, with each of these values, where their sorts fit, for what may be anything.
    fn apply_with(
        &self,
        reducer: &mut Reducer,
        term: TermId,
        (anything, most): (&[TermId], usize),
    ) -> Result<Vec<Application>, Reason> {
        let mut solutions = solutions(reducer, &self.goal, term, most)?;
        for variable in &self.free {
            let sort = reducer.module().statement(self.statement).variables[variable.index()].sort;
            let mut filled = Vec::new();
            for solution in &solutions {
                for &value in anything {
                    if reducer.store().has_sort(value, sort) {
                        let mut solution = solution.clone();
                        solution[variable.index()] = value;
                        filled.push(solution);
                    }
                }
            }
            solutions = filled;
        }
        let applications = solutions.into_iter().map(|values| Application {
            statement: self.statement,
            result: self.result(reducer, term, &values),
        });
        Ok(applications.collect())
    }

    /// The other side with these values, between the arguments that were not matched.
    fn result(&self, reducer: &mut Reducer, term: TermId, values: &[TermId]) -> TermId {
        let (values, around) = values.split_at(self.n_variables);
        let store = reducer.store_mut();
        let result = store.instantiate(&self.result, values);
        // Sides that may match a part of anything say what is covered, too.
        let op = match around {
            [_, _, _] => Some(store.op(term)),
            _ => self.top,
        };
        let Some(op) = op else { return result };
        let parts: Vec<TermId> = match around {
            [rest] => vec![result, *rest],
            [before, after] => vec![*before, result, *after],
            [before, _, _] if *before != TermId::NONE && store.theory(op) == Theory::Iterated => {
                return match store.iterations(*before) {
                    Some(count) => store.make_iterated(op, &count, result),
                    None => result,
                };
            }
            [before, after, _] => match store.theory(op) {
                Theory::List => vec![*before, result, *after],
                Theory::Multiset => vec![result, *before],
                _ => return result,
            },
            _ => return result,
        };
        let parts: Vec<TermId> = (parts.into_iter())
            .filter(|&part| part != TermId::NONE)
            .collect();
        match parts.as_slice() {
            [only] => *only,
            _ => store.make(op, &parts),
        }
    }
}

/// The first solutions of a goal.
pub(crate) fn solutions(
    reducer: &mut Reducer,
    goal: &Enumeration,
    term: TermId,
    most: usize,
) -> Result<Vec<Vec<TermId>>, Reason> {
    reducer.machine.reset();
    let mut found = Vec::new();
    let mut collect = |_: &mut Reducer, values: Vec<TermId>| {
        found.push(values);
        if found.len() < most {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let mut no_searches = |_: &mut Reducer, _, _| Err(Reason::Nesting);
    let subject = Reducer::subject(term);
    let outcome = reducer.enumerate(goal, subject, &mut collect, &mut no_searches);
    reducer.machine.reset();
    reducer.store.clear_scratch();
    outcome.map(|()| found)
}
