//! A join computed piece by piece.
//!
//! The one idea: what a rule puts in the place of one leaf often depends on that leaf and a value or two
//! of the others: a message changes its receiver in the same way whoever sent it. So the values
//! that each leaf gives to the variables are remembered for the leaf, and each output of the right
//! side for the values that it uses. Two machines that meet in a thousand combinations are
//! computed a few times each.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::join::Join;
use super::layout::Part;
use super::leaf::LeafId;
use super::learn::{Kind, kind_of};
use super::outcome::Solution;
use super::plan::Plan;
use super::results::Results;
use super::space::{Soup, Unfit};
use crate::matching::{Shape, ShapeId, Shapes};
use crate::pattern::VariableId;
use crate::reduction::{Piece, Pieces, Reducer};
use crate::statement::{Fragment, Statement};
use crate::term::TermId;

/// Code for the pieces of a join.
#[derive(Clone, Debug)]
pub(crate) struct Factors {
    n_variables: usize,
    /// For each part, its variables, and what gives their values; a number for its records.
    parts: Vec<(Vec<VariableId>, Pieces, u32)>,
    condition: Option<Factor>,
    outputs: Vec<Output>,
}

/// A function of the values of variables.
#[derive(Clone, Debug)]
struct Factor {
    number: u32,
    inputs: Vec<VariableId>,
    /// Variables that get values.
    bound: Vec<VariableId>,
    code: Pieces,
}

#[derive(Clone, Debug)]
enum Output {
    /// The value of a variable.
    Variable(VariableId),
    /// A term without variables in normal form.
    Constant(TermId),
    Computed(Factor),
}

/// The values of variables.
type Values = SmallVec<[TermId; 24]>;

/// Numbers for functions whose results are remembered.
#[derive(Clone, Default, Debug)]
pub(crate) struct Numbers(Vec<Kind>);

impl Numbers {
    /// The next number, from 1 on.
    fn next(&mut self, kind: Kind) -> u32 {
        self.0.push(kind);
        self.0.len() as u32
    }

    /// What the words of the results of a function mean.
    pub(super) fn kind(&self, function: u32) -> Kind {
        kind_of(function, &self.0)
    }
}

impl Factors {
    /// Compiles the pieces of a join that does not look at what is left of a collection.
    pub(super) fn new(
        reducer: &mut Reducer,
        statement: &Statement,
        plan: &Plan,
        numbers: &mut Numbers,
    ) -> Factors {
        let n_variables = statement.variables.len();
        let store = &mut reducer.store;
        let program = &mut reducer.program;
        let parts: Vec<_> = (plan.parts.iter())
            .map(|part| {
                let variables = variables_of(&plan.shapes, part.shape);
                let code = program.compile_probe(
                    store,
                    &statement.variables,
                    &plan.shapes,
                    part.shape,
                    &variables,
                );
                (variables, code, numbers.next(Kind::Record))
            })
            .collect();
        let mut known: Vec<VariableId> = Vec::new();
        for (variables, _, _) in &parts {
            known.extend(
                variables
                    .iter()
                    .filter(|variable| !known.contains(variable))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
        let condition = (!statement.condition.is_empty()).then(|| {
            let used = variables_of_condition(statement);
            let inputs: Vec<_> = used.iter().copied().filter(|v| known.contains(v)).collect();
            let bound: Vec<_> = used
                .iter()
                .copied()
                .filter(|v| !known.contains(v))
                .collect();
            let pieces: Vec<Piece> = inputs.iter().copied().map(Piece::Value).collect();
            let code = program.compile_condition(store, statement, &plan.shapes, &pieces, &bound);
            Factor {
                number: numbers.next(Kind::Condition),
                inputs,
                bound,
                code,
            }
        });
        let outputs = (plan.outputs.iter())
            .map(|&(_, shape)| match plan.shapes.at(shape) {
                Shape::Variable(variable) => Output::Variable(*variable),
                Shape::Ground(term) if store.is_normal(*term) => Output::Constant(*term),
                _ => {
                    let inputs = variables_of(&plan.shapes, shape);
                    let pieces: Vec<Piece> = inputs.iter().copied().map(Piece::Value).collect();
                    let code =
                        program.compile_output(store, statement, &plan.shapes, &pieces, shape);
                    Output::Computed(Factor {
                        number: numbers.next(Kind::Output),
                        inputs,
                        bound: Vec::new(),
                        code,
                    })
                }
            })
            .collect();
        Factors {
            n_variables,
            parts,
            condition,
            outputs,
        }
    }
}

impl Soup {
    /// The only solution of a tuple, if any, and the rewrites after it; nothing if a leaf matches
    /// its part in several ways.
    pub(super) fn compute_factors(
        &mut self,
        reducer: &mut Reducer,
        join: &Join,
        factors: &Factors,
        tuple: &[LeafId],
    ) -> Result<Option<(Option<Solution>, u32)>, Unfit> {
        let mut values: Values = SmallVec::from_elem(TermId::NONE, factors.n_variables);
        for ((variables, code, number), &leaf) in factors.parts.iter().zip(tuple) {
            let key = [*number, leaf];
            let recorded = self.results.find(&key).is_some();
            if !recorded {
                let record = self.record(reducer, code, leaf)?;
                self.results.insert(&key, &record);
            }
            let Some(record) = self.results.find(&key) else {
                unreachable!("it was just inserted");
            };
            match record {
                [] => return Ok(Some((None, 0))),
                [1, given @ ..] => {
                    for (variable, &value) in variables.iter().zip(given) {
                        let known = &mut values[variable.index()];
                        let value = TermId::word(value);
                        if *known != TermId::NONE && *known != value {
                            return Ok(Some((None, 0)));
                        }
                        *known = value;
                    }
                }
                _ => return Ok(None),
            }
        }
        let mut n_rewrites = 1;
        if let Some(condition) = &factors.condition {
            let key = key_of(condition, &values);
            if self.results.find(&key).is_none() {
                let result = condition_result(reducer, condition, &key)?;
                self.results.insert(&key, &result);
            }
            match self.results.find(&key) {
                Some([0, count]) => return Ok(Some((None, *count))),
                Some([1, count, bound @ ..]) => {
                    n_rewrites += count;
                    for (variable, &value) in condition.bound.iter().zip(bound) {
                        values[variable.index()] = TermId::word(value);
                    }
                }
                _ => return Ok(None),
            }
        }
        let mut added: Vec<LeafId> = Vec::with_capacity(8);
        for (output, &place) in factors.outputs.iter().zip(&join.outputs) {
            let term = match output {
                Output::Variable(variable) => values[variable.index()],
                Output::Constant(term) => *term,
                Output::Computed(factor) => {
                    let key = key_of(factor, &values);
                    if self.results.find(&key).is_none() {
                        let result = self.output_result(reducer, factor, place, &key)?;
                        self.results.insert(&key, &result);
                    }
                    if let Some([count, leaves @ ..]) = self.results.find(&key) {
                        n_rewrites += count;
                        added.extend_from_slice(leaves);
                    }
                    continue;
                }
            };
            let mut parts: Vec<(usize, Part)> = Vec::new();
            (self.layout).take_apart_at(&reducer.store, place, term, &mut parts);
            added.extend(self.number(reducer, &parts)?);
        }
        let mut removed: Vec<LeafId> = tuple.to_vec();
        let leaving = join.wrappers.iter().filter(|&&(_, stays)| !stays);
        removed.extend(leaving.map(|&(leaf, _)| leaf));
        let solution = Solution {
            rule: join.statement,
            depth: 0,
            outcome: self.outcome(&mut removed, added),
            n_rewrites,
        };
        Ok(Some((Some(solution), 0)))
    }

    /// The values of the variables of a part for a leaf, after the number of ways to match: nothing
    /// for none, two for several.
    fn record(
        &self,
        reducer: &mut Reducer,
        code: &Pieces,
        leaf: LeafId,
    ) -> Result<SmallVec<[u32; 16]>, Unfit> {
        let mut record: SmallVec<[u32; 16]> = SmallVec::new();
        let mut collect = |_: &mut Reducer, outputs: &[TermId], _: u64| {
            if record.is_empty() {
                record.push(1);
                record.extend(outputs.iter().map(|output| output.bits()));
                ControlFlow::Continue(())
            } else {
                record[0] = 2;
                ControlFlow::Break(())
            }
        };
        let term = self.leaves.at(leaf).term;
        reducer.solve_pieces(code, &[term], &mut collect)?;
        Ok(record)
    }

    /// The rewrites and leaves of an output.
    fn output_result(
        &mut self,
        reducer: &mut Reducer,
        factor: &Factor,
        place: usize,
        key: &[u32],
    ) -> Result<SmallVec<[u32; 8]>, Unfit> {
        let inputs: SmallVec<[TermId; 8]> =
            key[1..].iter().map(|&word| TermId::word(word)).collect();
        let mut output = TermId::NONE;
        let mut count = 0;
        let mut collect = |_: &mut Reducer, outputs: &[TermId], n_rewrites: u64| {
            output = outputs[0];
            count = n_rewrites as u32;
            ControlFlow::Break(())
        };
        reducer.solve_pieces(&factor.code, &inputs, &mut collect)?;
        let mut parts = Vec::new();
        (self.layout).take_apart_at(&reducer.store, place, output, &mut parts);
        let mut result: SmallVec<[u32; 8]> = SmallVec::from_slice(&[count]);
        result.extend(self.number(reducer, &parts)?);
        Ok(result)
    }
}

/// Whether a condition holds, the rewrites, and the values of the variables it binds; `2` if it
/// holds in several ways.
fn condition_result(
    reducer: &mut Reducer,
    condition: &Factor,
    key: &[u32],
) -> Result<SmallVec<[u32; 8]>, Unfit> {
    let inputs: SmallVec<[TermId; 8]> = key[1..].iter().map(|&word| TermId::word(word)).collect();
    let mut result: SmallVec<[u32; 8]> = SmallVec::new();
    let mut collect = |_: &mut Reducer, outputs: &[TermId], n_rewrites: u64| {
        if result.is_empty() {
            result.extend([1, n_rewrites as u32]);
            result.extend(outputs.iter().map(|output| output.bits()));
            ControlFlow::Continue(())
        } else {
            result[0] = 2;
            ControlFlow::Break(())
        }
    };
    let tail = reducer.solve_pieces(&condition.code, &inputs, &mut collect)? as u32;
    if result.is_empty() {
        result.extend([0, tail]);
    } else if tail > 0 {
        // Rewrites after the only solution belong to no step: let the whole be computed.
        result[0] = 2;
    }
    Ok(result)
}

fn key_of(factor: &Factor, values: &Values) -> SmallVec<[u32; 16]> {
    let mut key: SmallVec<[u32; 16]> = SmallVec::new();
    key.push(factor.number);
    let words = factor
        .inputs
        .iter()
        .map(|variable| values[variable.index()].bits());
    key.extend(words);
    key
}

fn variables_of(shapes: &Shapes, root: ShapeId) -> Vec<VariableId> {
    let mut found = Vec::new();
    let mut pending = vec![root];
    while let Some(shape) = pending.pop() {
        match shapes.at(shape) {
            Shape::Variable(variable) if !found.contains(variable) => found.push(*variable),
            Shape::Variable(_) | Shape::Ground(_) => {}
            Shape::Application { arguments, .. } => pending.extend(arguments.iter()),
            Shape::Iterated { argument, .. } => pending.push(*argument),
        }
    }
    found
}

fn variables_of_condition(statement: &Statement) -> Vec<VariableId> {
    let mut found: Vec<VariableId> = Vec::new();
    for fragment in &statement.condition {
        let patterns = match fragment {
            Fragment::Equality { left, right } => vec![left, right],
            Fragment::SortTest { term, .. } => vec![term],
            Fragment::Assignment { pattern, term } | Fragment::Rewrite { term, pattern } => {
                vec![pattern, term]
            }
        };
        for pattern in patterns {
            for variable in pattern.variables() {
                if !found.contains(&variable) {
                    found.push(variable);
                }
            }
        }
    }
    found
}

/// What is remembered of pieces.
pub(super) type PieceResults = Results;
