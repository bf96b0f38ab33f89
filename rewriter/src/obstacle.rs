//! What stands in the way of a rule: why it does not apply to a term.
//!
//! The one idea: a left side that is a collection has parts that are looked for one by one. If one of
//! them matches nothing, that is why; if each matches alone, they are put together one after the other
//! until the next does not fit what the others are bound to; if all fit, a condition fails, and its
//! parts are tried in order. Of a part that matches nothing the nearest terms are taken apart further,
//! to the smallest parts that differ.
//!
//! Values of some variables can be fixed beforehand: the question is then why the rule does not apply
//! with these.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::module::StatementId;
use crate::pattern::{Pattern, PatternId, PatternNode, Variable, VariableId};
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::statement::{Body, Fragment};
use crate::term::{Store, TermId, Theory};

/// Why a rule does not apply.
#[derive(Clone, Debug)]
pub enum Obstacle {
    /// It does apply.
    None,
    /// A part of the left side matches nothing.
    Part {
        /// The part, with the values that were fixed.
        part: Pattern,
        /// The terms that come nearest.
        nearest: Vec<Near>,
    },
    /// A part does not fit what the parts before it match.
    Together {
        /// The part, with the values that the parts before it give its variables.
        part: Pattern,
        /// These values.
        bound: Vec<(VariableId, TermId)>,
        /// The terms that come nearest.
        nearest: Vec<Near>,
    },
    /// The left side matches, but a condition fails.
    Condition {
        /// Which part of the condition, from 0.
        number: usize,
        /// The values of the variables there.
        bound: Vec<(VariableId, TermId)>,
        /// What the part compares, reduced: both sides of an equation, or the term that is matched
        /// or tested.
        sides: Vec<TermId>,
    },
}

/// A term that a part does not match, and where they differ.
#[derive(Clone, Debug)]
pub struct Near {
    /// The term.
    pub term: TermId,
    /// The smallest parts that differ: what is asked for and what is there, if there is something
    /// that it could be.
    pub differences: Vec<(Pattern, Option<TermId>)>,
}

/// Matches that are looked at before one is taken for all.
const MOST: usize = 10_000;

/// The nearest terms that are told of.
const NEAREST: usize = 2;

/// Finds out why a rule does not apply at the top of a normal form with some values fixed.
///
/// # Errors
/// If a limit is reached first.
pub fn obstacle(
    reducer: &mut Reducer,
    rule: StatementId,
    state: NormalForm,
    fixed: &[(VariableId, TermId)],
) -> Result<Obstacle, Interrupted> {
    let module = std::sync::Arc::clone(reducer.module());
    let statement = module.statement(rule);
    let Body::Rule { left, .. } = &statement.body else {
        unreachable!("equations apply wherever they can");
    };
    let variables = &statement.variables;
    let condition = &statement.condition;
    let whole = with_values(reducer.store(), left, left.root(), fixed);
    let mut finder = Finder { reducer, variables };
    if !finder.matches(&whole, condition, state, true)?.is_empty() {
        return Ok(Obstacle::None);
    }
    if let Some(values) = finder.matches(&whole, &[], state, true)?.into_iter().next() {
        return finder.failing(&whole, condition, state, fixed, values);
    }
    let parts = finder.parts(&whole);
    for &part in &parts {
        let part = with_values(finder.reducer.store(), &whole, part, &[]);
        if finder.alone(&part, state)?.is_none() {
            let nearest = finder.nearest(&part, state)?;
            return Ok(Obstacle::Part { part, nearest });
        }
    }
    finder.conflict(&whole, &parts, state)
}

struct Finder<'a> {
    reducer: &'a mut Reducer,
    variables: &'a [Variable],
}

impl Finder<'_> {
    /// The matches of a pattern: for each the values of all variables that occur.
    fn matches(
        &mut self,
        pattern: &Pattern,
        condition: &[Fragment],
        state: NormalForm,
        extend: bool,
    ) -> Result<Vec<Vec<TermId>>, Interrupted> {
        self.reducer
            .matches(self.variables, pattern, condition, state, extend, MOST)
    }

    /// The first match of a part with an element.
    fn alone(
        &mut self,
        part: &Pattern,
        state: NormalForm,
    ) -> Result<Option<Vec<TermId>>, Interrupted> {
        for element in self.elements(state.term()) {
            let element = self.reducer.reduce(element)?;
            let found = self.matches(part, &[], element, false)?;
            if let Some(values) = found.into_iter().next() {
                return Ok(Some(values));
            }
        }
        Ok(None)
    }

    /// The elements of a collection; a term itself if it is none.
    fn elements(&self, term: TermId) -> Vec<TermId> {
        let store = self.reducer.store();
        match store.theory(store.op(term)) {
            Theory::Multiset => store.arguments(term).to_vec(),
            _ => vec![term],
        }
    }

    /// The first part of a condition that no match satisfies.
    fn failing(
        &mut self,
        whole: &Pattern,
        condition: &[Fragment],
        state: NormalForm,
        fixed: &[(VariableId, TermId)],
        mut values: Vec<TermId>,
    ) -> Result<Obstacle, Interrupted> {
        let mut number = 0;
        while number + 1 < condition.len() {
            let longer = self.matches(whole, &condition[..=number], state, true)?;
            let Some(next) = longer.into_iter().next() else {
                break;
            };
            values = next;
            number += 1;
        }
        for &(variable, value) in fixed {
            values[variable.index()] = value;
        }
        let asked: Vec<&Pattern> = match &condition[number] {
            Fragment::Equality { left, right } => vec![left, right],
            Fragment::Assignment { term, .. }
            | Fragment::SortTest { term, .. }
            | Fragment::Rewrite { term, .. } => vec![term],
        };
        let mut bound = Vec::new();
        for pattern in &asked {
            for variable in pattern.variables() {
                if !bound.iter().any(|(other, _)| *other == variable) {
                    bound.push((variable, values[variable.index()]));
                }
            }
        }
        let mut sides = Vec::new();
        for pattern in asked {
            let term = self.reducer.store_mut().instantiate(pattern, &values);
            sides.push(self.reducer.reduce(term)?.term());
        }
        Ok(Obstacle::Condition {
            number,
            bound,
            sides,
        })
    }

    /// The parts of a left side: its elements, but for variables, or itself.
    fn parts(&self, pattern: &Pattern) -> Vec<PatternId> {
        let root = pattern.root();
        let PatternNode::Application { op, .. } = pattern.node(root) else {
            return vec![root];
        };
        if self.reducer.store().theory(*op) != Theory::Multiset {
            return vec![root];
        }
        let (mut parts, mut open) = (Vec::new(), vec![root]);
        while let Some(at) = open.pop() {
            match pattern.node(at) {
                PatternNode::Application {
                    op: inner,
                    arguments,
                } if inner == op => open.extend(arguments.iter().rev()),
                PatternNode::Variable(_) => {}
                _ => parts.push(at),
            }
        }
        parts
    }

    /// The first part that does not fit the ones before it.
    fn conflict(
        &mut self,
        whole: &Pattern,
        parts: &[PatternId],
        state: NormalForm,
    ) -> Result<Obstacle, Interrupted> {
        let PatternNode::Application { op, .. } = *whole.node(whole.root()) else {
            unreachable!("a single part was looked for already");
        };
        let mut values: Vec<TermId> = Vec::new();
        for n_joined in 1..=parts.len() {
            let mut joined = whole.clone();
            let found = if let [single] = parts[..n_joined] {
                let single = with_values(self.reducer.store(), whole, single, &[]);
                self.alone(&single, state)?
            } else {
                let root = joined.apply(op, &parts[..n_joined]);
                let joined = with_values(self.reducer.store(), &joined, root, &[]);
                self.matches(&joined, &[], state, true)?.into_iter().next()
            };
            if let Some(found) = found {
                values = found;
                continue;
            }
            let part = parts[n_joined - 1];
            let alone = with_values(self.reducer.store(), whole, part, &[]);
            let given = |&variable: &VariableId| {
                let value = values.get(variable.index()).copied()?;
                (value != TermId::NONE).then_some((variable, value))
            };
            let bound: Vec<(VariableId, TermId)> =
                alone.variables().iter().filter_map(given).collect();
            let part = with_values(self.reducer.store(), whole, part, &bound);
            let nearest = self.nearest(&part, state)?;
            return Ok(Obstacle::Together {
                part,
                bound,
                nearest,
            });
        }
        // All parts fit together, but what they leave over is not what the rest of the left side
        // may be.
        Ok(Obstacle::Part {
            part: whole.clone(),
            nearest: Vec::new(),
        })
    }

    /// The elements that a part comes nearest to matching, and where they differ.
    fn nearest(&mut self, part: &Pattern, state: NormalForm) -> Result<Vec<Near>, Interrupted> {
        let op = match part.node(part.root()) {
            PatternNode::Application { op, .. }
            | PatternNode::Iterated { op, .. }
            | PatternNode::Literal { op, .. } => *op,
            PatternNode::Variable(_) => return Ok(Vec::new()),
        };
        let mut found = Vec::new();
        for term in self.elements(state.term()) {
            if self.reducer.store().op(term) == op {
                let mut differences = Vec::new();
                self.compare(part, part.root(), term, &mut differences)?;
                found.push(Near { term, differences });
            }
        }
        // A ground part, such as an address, says which element is meant: what differs there counts
        // before everything else.
        let misses_ground = |near: &Near| {
            let ground = near.differences.iter().filter(|(part, _)| part.is_ground());
            (ground.count(), near.differences.len())
        };
        found.sort_by_key(misses_ground);
        if let Some(best) = found.first().map(misses_ground) {
            found.retain(|near| misses_ground(near) == best);
        }
        found.truncate(NEAREST);
        Ok(found)
    }

    /// Adds the smallest parts of a pattern that a term does not match.
    fn compare(
        &mut self,
        pattern: &Pattern,
        at: PatternId,
        term: TermId,
        differences: &mut Vec<(Pattern, Option<TermId>)>,
    ) -> Result<(), Interrupted> {
        let mut open = vec![(at, term, 0)];
        while let Some((at, term, depth)) = open.pop() {
            let part = with_values(self.reducer.store(), pattern, at, &[]);
            if self.fits(&part, term)? {
                continue;
            }
            let node = pattern.node(at).clone();
            let store = self.reducer.store();
            let (op, theory) = (store.op(term), store.theory(store.op(term)));
            let PatternNode::Application {
                op: asked,
                arguments,
            } = node
            else {
                differences.push((part, Some(term)));
                continue;
            };
            let inside: Vec<TermId> = store.arguments(term).to_vec();
            if depth == DEEPEST || (theory == Theory::List && asked == op) {
                differences.push((part, Some(term)));
            } else if self.reducer.store().theory(asked) == Theory::Multiset {
                let elements = if asked == op { inside } else { vec![term] };
                let before = differences.len() + open.len();
                for element in arguments.iter().copied() {
                    self.element(pattern, element, &elements, depth, &mut open, differences)?;
                }
                if differences.len() + open.len() == before {
                    differences.push((part, Some(term)));
                }
            } else if asked == op && inside.len() == arguments.len() {
                let before = open.len();
                for (&argument, &term) in arguments.iter().zip(&inside) {
                    let part = with_values(self.reducer.store(), pattern, argument, &[]);
                    if !self.fits(&part, term)? {
                        open.push((argument, term, depth + 1));
                    }
                }
                if open.len() == before {
                    differences.push((part, Some(term)));
                }
            } else {
                differences.push((part, Some(term)));
            }
        }
        Ok(())
    }

    /// An element of a collection that is asked for: if it is not there, what it could be.
    #[allow(
        clippy::too_many_arguments,
        reason = "one step of a walk with its stack"
    )]
    fn element(
        &mut self,
        pattern: &Pattern,
        element: PatternId,
        elements: &[TermId],
        depth: usize,
        open: &mut Vec<(PatternId, TermId, usize)>,
        differences: &mut Vec<(Pattern, Option<TermId>)>,
    ) -> Result<(), Interrupted> {
        let part = with_values(self.reducer.store(), pattern, element, &[]);
        let op = match pattern.node(element) {
            PatternNode::Variable(_) => return Ok(()),
            PatternNode::Application { op, .. }
            | PatternNode::Iterated { op, .. }
            | PatternNode::Literal { op, .. } => *op,
        };
        for &element in elements {
            if self.fits(&part, element)? {
                return Ok(());
            }
        }
        let store = self.reducer.store();
        match elements.iter().find(|term| store.op(**term) == op) {
            Some(&term) => open.push((element, term, depth + 1)),
            None => differences.push((part, None)),
        }
        Ok(())
    }

    fn fits(&mut self, part: &Pattern, term: TermId) -> Result<bool, Interrupted> {
        let term = self.reducer.reduce(term)?;
        let found = (self.reducer).matches(self.variables, part, &[], term, false, 1)?;
        Ok(!found.is_empty())
    }
}

/// How deep terms are taken apart.
const DEEPEST: usize = 4;

/// A part of a pattern as a pattern of its own, with values for some of its variables.
fn with_values(
    store: &Store,
    pattern: &Pattern,
    root: PatternId,
    values: &[(VariableId, TermId)],
) -> Pattern {
    let mut copy = Pattern::new();
    let mut copied: Vec<Option<PatternId>> = vec![None; pattern.nodes().len()];
    let mut open = vec![(root, false)];
    while let Some((at, is_ready)) = open.pop() {
        if copied[at.index()].is_some() {
            continue;
        }
        let node = pattern.node(at);
        if !is_ready {
            open.push((at, true));
            open.extend(node.arguments().iter().map(|argument| (*argument, false)));
            continue;
        }
        let inside = |argument: &PatternId| match copied[argument.index()] {
            Some(copied) => copied,
            None => unreachable!("arguments are copied first"),
        };
        let made = match node {
            PatternNode::Variable(variable) => {
                match values.iter().find(|(other, _)| other == variable) {
                    Some(&(_, value)) => term_pattern(store, value, &mut copy),
                    None => copy.variable(*variable),
                }
            }
            PatternNode::Application { op, arguments } => {
                let arguments: Vec<PatternId> = arguments.iter().map(inside).collect();
                copy.apply(*op, &arguments)
            }
            PatternNode::Iterated {
                op,
                count,
                argument,
            } => {
                let argument = inside(argument);
                copy.iterate(*op, count.clone(), argument)
            }
            PatternNode::Literal { op, value } => copy.literal(*op, value.clone()),
        };
        copied[at.index()] = Some(made);
    }
    if let Some(root) = copied[root.index()] {
        copy.set_root(root);
    }
    copy
}

/// Adds a term to a pattern.
fn term_pattern(store: &Store, term: TermId, pattern: &mut Pattern) -> PatternId {
    let mut made: HashMap<TermId, PatternId, FxBuildHasher> = HashMap::default();
    let mut open = vec![(term, false)];
    while let Some((at, is_ready)) = open.pop() {
        if made.contains_key(&at) {
            continue;
        }
        let arguments = store.arguments(at);
        if !is_ready {
            open.push((at, true));
            open.extend(arguments.iter().map(|argument| (*argument, false)));
            continue;
        }
        let op = store.op(at);
        let inside: Vec<PatternId> = arguments.iter().map(|argument| made[argument]).collect();
        let id = match (store.literal(at), store.iterations(at), inside.as_slice()) {
            (Some(literal), _, _) => pattern.literal(op, literal),
            (None, Some(count), [argument]) => pattern.iterate(op, count, *argument),
            _ => pattern.apply(op, &inside),
        };
        made.insert(at, id);
    }
    made[&term]
}
