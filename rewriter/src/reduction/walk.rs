//! Equations that walk along lists: many steps of one at once.
//!
//! The one idea: `f(s N, L, X ; M) = f(N, L ; X, M)` moves an element and starts again, whatever the
//! element is, until the number or the list is at its end. If no equation before it can apply on
//! the way, the term after so many steps is known: lists are cut and joined once, and the steps are
//! counted. So the element at a position of a large list, or the length of one, takes the time of cutting
//! the list.
//!
//! Left out on purpose: conditions, several elements a step, and walks that somebody observes.

use super::compile::OperatorCode;
use super::limits::Reason;
use super::machine::{Context, Machine};
use crate::module::{Module, StatementId};
use crate::pattern::{Pattern, PatternId, PatternNode, Variable, VariableId};
use crate::signature::{OpId, SortId};
use crate::statement::{Body, Statement};
use crate::term::{Store, TermId, Theory};

/// Fewer steps are made one by one.
const FEWEST: usize = 16;

/// An equation of a free operator that walks: what becomes of each argument.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    op: OpId,
    strides: Vec<Stride>,
}

/// What a step makes of an argument, and the sort that it has before and after.
#[derive(Clone, Debug)]
enum Stride {
    Same(SortId),
    /// An iterated operator goes.
    Down(OpId, SortId),
    /// An iterated operator comes.
    Up(OpId, SortId),
    /// The first element goes.
    Source(Source),
    /// The element that goes from this argument comes last.
    Target {
        op: OpId,
        sort: SortId,
        source: usize,
    },
}

/// A list that loses its first elements.
#[derive(Clone, Debug)]
struct Source {
    op: OpId,
    /// The sort of what remains.
    sort: SortId,
    /// The fewest elements that remain.
    least: usize,
    element: Element,
}

/// What is asked of an element that goes.
#[derive(Clone, Debug)]
enum Element {
    Sort(SortId),
    /// An operator, with arguments of these sorts.
    Application(OpId, Vec<SortId>),
}

impl Walk {
    /// An equation at a free operator as a walk, if it is one; `earlier` are those that are tried before.
    pub(super) fn of(
        module: &Module,
        store: &Store,
        operators: &[OperatorCode],
        op: OpId,
        (id, earlier): (StatementId, &[StatementId]),
    ) -> Option<Walk> {
        let statement = module.statement(id);
        let code = &operators[op.index()];
        let is_plain = code.exploded
            && code.hook.is_none()
            && code.lazy_arguments | code.unreduced_arguments == 0
            && !module.signature().operator(op).attributes.memo
            && !store.facts(op).has_memberships;
        let is_bare = statement.condition.is_empty() && statement.attributes.print.is_none();
        let Body::Equation { left, right } = &statement.body else {
            return None;
        };
        let (before, after) = (arguments_at(left, op)?, arguments_at(right, op)?);
        if !is_plain || !is_bare || before.len() != after.len() {
            return None;
        }
        let sides = Sides {
            store,
            statement,
            left,
            right,
        };
        let mut strides: Vec<Option<Stride>> = (before.iter().zip(after))
            .map(|(&before, &after)| sides.source(before, after))
            .collect();
        let sources: Vec<(usize, VariableId)> = (before.iter().zip(&strides).enumerate())
            .filter(|(_, (_, stride))| stride.is_some())
            .filter_map(|(index, (&before, _))| Some((index, sides.element_variable(before)?)))
            .collect();
        let is_linear = sides.is_linear();
        if !is_linear || strides.iter().all(Option::is_none) {
            return None;
        }
        for (stride, (&before, &after)) in strides.iter_mut().zip(before.iter().zip(after)) {
            if stride.is_none() {
                *stride = Some(sides.other(before, after, &sources)?);
            }
        }
        let strides: Vec<Stride> = strides.into_iter().collect::<Option<_>>()?;
        let walk = Walk { op, strides };
        let cannot_apply = |&other: &StatementId| walk.excludes(module, module.statement(other));
        earlier.iter().all(cannot_apply).then_some(walk)
    }

    /// Whether a statement cannot apply where a step can be made.
    fn excludes(&self, module: &Module, statement: &Statement) -> bool {
        let Body::Equation { left, .. } = &statement.body else {
            return false;
        };
        let Some(arguments) = arguments_at(left, self.op) else {
            return false;
        };
        let constant = |id: PatternId| match left.node(id) {
            PatternNode::Application { op, arguments } if arguments.is_empty() => Some(*op),
            _ => None,
        };
        (arguments.iter().zip(&self.strides)).any(|(&argument, stride)| match stride {
            Stride::Down(op, _) => constant(argument).is_some_and(|constant| constant != *op),
            Stride::Source(source) => {
                let identity = module.identity(source.op);
                let identity = identity.map(|identity| identity.node(identity.root()).clone());
                constant(argument).is_some_and(|constant| {
                    matches!(identity, Some(PatternNode::Application { op, .. }) if op == constant)
                })
            }
            _ => false,
        })
    }
}

/// The two sides of an equation.
struct Sides<'a> {
    store: &'a Store,
    statement: &'a Statement,
    left: &'a Pattern,
    right: &'a Pattern,
}

impl Sides<'_> {
    fn sort(&self, variable: VariableId) -> SortId {
        let Variable { sort, .. } = self.statement.variables[variable.index()];
        sort
    }

    fn leq(&self, lower: SortId, upper: SortId) -> bool {
        self.store.signature().leq(lower, upper)
    }

    /// No variable occurs twice on the left.
    fn is_linear(&self) -> bool {
        let is_variable = |node: &&PatternNode| matches!(node, PatternNode::Variable(_));
        let n_occurrences = self.left.nodes().iter().filter(is_variable).count();
        n_occurrences == self.left.variables().len()
    }

    /// Element and rest of a list pattern with one of each, and its operator.
    fn element_and_rest(&self, id: PatternId) -> Option<(OpId, PatternId, VariableId)> {
        let PatternNode::Application { op, arguments } = self.left.node(id) else {
            return None;
        };
        let (&[element, rest], Theory::List) = (&**arguments, self.store.theory(*op)) else {
            return None;
        };
        Some((*op, element, variable(self.left, rest)?))
    }

    /// The variable that stands for the element of a list pattern.
    fn element_variable(&self, id: PatternId) -> Option<VariableId> {
        let (_, element, _) = self.element_and_rest(id)?;
        variable(self.left, element)
    }

    /// An argument that is a list and loses its first element.
    fn source(&self, before: PatternId, after: PatternId) -> Option<Stride> {
        let (op, element, rest) = self.element_and_rest(before)?;
        let facts = self.store.facts(op);
        let is_simple =
            facts.stable && facts.has_ropes && facts.left_identity == facts.right_identity;
        let sort = self.sort(rest);
        let goes_on = variable(self.right, after) == Some(rest);
        if !is_simple || !goes_on || !crate::matching::is_part_closed(self.store, op, sort) {
            return None;
        }
        let element = match self.left.node(element) {
            PatternNode::Variable(variable) => {
                let sort = self.sort(*variable);
                let is_single = !self.takes_several(op, sort);
                is_single.then_some(Element::Sort(sort))?
            }
            PatternNode::Application { op, arguments }
                if self.store.theory(*op) == Theory::Free && !arguments.is_empty() =>
            {
                let sorts = arguments.iter().map(|&argument| {
                    let variable = variable(self.left, argument)?;
                    let is_dropped = !self.right.variables().contains(&variable);
                    is_dropped.then(|| self.sort(variable))
                });
                Element::Application(*op, sorts.collect::<Option<_>>()?)
            }
            _ => return None,
        };
        let identity = facts.left_identity;
        let vanishes = identity != TermId::NONE && self.leq(self.store.sort(identity), sort);
        Some(Stride::Source(Source {
            op,
            sort,
            least: usize::from(!vanishes),
            element,
        }))
    }

    /// Whether something of a sort may be the identity or have several elements.
    fn takes_several(&self, op: OpId, sort: SortId) -> bool {
        let identity = self.store.facts(op).left_identity;
        let declarations = &self.store.signature().operator(op).declarations;
        identity != TermId::NONE && self.leq(self.store.sort(identity), sort)
            || declarations.iter().any(|it| self.leq(it.range, sort))
    }

    /// What becomes of another argument; `sources` are the arguments that lose an element, with its
    /// variable.
    fn other(
        &self,
        before: PatternId,
        after: PatternId,
        sources: &[(usize, VariableId)],
    ) -> Option<Stride> {
        let is_counter = |op: OpId, sort: SortId| {
            let facts = self.store.facts(op);
            let signature = self.store.signature();
            facts.theory == Theory::Iterated
                && facts.stable
                && !facts.has_memberships
                && self.all_below(sort, |below| {
                    self.leq(signature.least_sort(op, &[below]), sort)
                })
        };
        match (self.left.node(before), self.right.node(after)) {
            (PatternNode::Variable(this), PatternNode::Variable(other)) if this == other => {
                Some(Stride::Same(self.sort(*this)))
            }
            (
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                },
                PatternNode::Variable(other),
            ) => {
                let this = variable(self.left, *argument)?;
                let sort = self.sort(this);
                let holds = this == *other && count.limbs() == [1] && is_counter(*op, sort);
                holds.then_some(Stride::Down(*op, sort))
            }
            (
                PatternNode::Variable(this),
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                },
            ) => {
                let other = variable(self.right, *argument)?;
                let sort = self.sort(*this);
                let holds = *this == other && count.limbs() == [1] && is_counter(*op, sort);
                holds.then_some(Stride::Up(*op, sort))
            }
            (PatternNode::Variable(this), PatternNode::Application { op, arguments }) => {
                let &[first, last] = &**arguments else {
                    return None;
                };
                let element = variable(self.right, last)?;
                let source = sources.iter().find(|(_, variable)| *variable == element)?.0;
                let (sort, facts) = (self.sort(*this), self.store.facts(*op));
                let signature = self.store.signature();
                let holds = variable(self.right, first) == Some(*this)
                    && facts.theory == Theory::List
                    && facts.stable
                    && facts.has_ropes
                    && facts.left_identity == facts.right_identity
                    && self.list_of(source) == Some(*op)
                    && self.all_below(sort, |list| {
                        self.all_below(self.sort(element), |element| {
                            self.leq(signature.least_sort(*op, &[list, element]), sort)
                                && self.leq(element, sort)
                        })
                    });
                holds.then_some(Stride::Target {
                    op: *op,
                    sort,
                    source,
                })
            }
            _ => None,
        }
    }

    /// The operator of the list that an argument is.
    fn list_of(&self, argument: usize) -> Option<OpId> {
        let PatternNode::Application { arguments, .. } = self.left.node(self.left.root()) else {
            return None;
        };
        Some(self.element_and_rest(arguments[argument])?.0)
    }

    /// Whether something holds of every sort that is not above one.
    fn all_below(&self, sort: SortId, holds: impl Fn(SortId) -> bool) -> bool {
        let signature = self.store.signature();
        let sorts = &signature.kind(signature.kind_of(sort)).sorts;
        let mut below = sorts.iter().filter(|&&other| signature.leq(other, sort));
        below.all(|&below| holds(below))
    }
}

/// The arguments of a pattern with an operator on top.
fn arguments_at(pattern: &Pattern, at: OpId) -> Option<&[PatternId]> {
    match pattern.node(pattern.root()) {
        PatternNode::Application { op, arguments } if *op == at => Some(arguments),
        _ => None,
    }
}

fn variable(pattern: &Pattern, id: PatternId) -> Option<VariableId> {
    match pattern.node(id) {
        PatternNode::Variable(variable) => Some(*variable),
        _ => None,
    }
}

impl Element {
    fn takes(&self, store: &Store, element: TermId) -> bool {
        match self {
            Element::Sort(sort) => store.has_sort(element, *sort),
            Element::Application(op, sorts) => {
                let arguments = || store.arguments(element).iter();
                store.op(element) == *op
                    && (arguments().zip(sorts)).all(|(&it, &sort)| store.has_sort(it, sort))
            }
        }
    }
}

impl Machine {
    /// Makes as many steps of a walk as are known from the arguments of the present activation; puts the
    /// arguments after them on the stack, and tells their number, or nothing if there are few steps.
    pub(super) fn walk(
        &mut self,
        context: &mut Context<'_>,
        walk: &Walk,
    ) -> Result<Option<usize>, Reason> {
        let n_steps = match context.observer {
            None => self.n_steps(context.store, walk),
            Some(_) => 0,
        };
        if n_steps < FEWEST {
            return Ok(None);
        }
        let store = &mut *context.store;
        for (index, stride) in walk.strides.iter().enumerate() {
            let term = self.values[self.base + index];
            let digits = [n_steps as u32];
            let value = match stride {
                Stride::Same(_) => term,
                Stride::Down(..) => match store.strip_iterations(term, &digits) {
                    Some(rest) => rest,
                    None => unreachable!("as many steps are made as it has iterations"),
                },
                Stride::Up(op, _) => store.iterate_transient(*op, &digits, term),
                Stride::Source(source) => {
                    let length = store.elements(source.op, &term).len();
                    part(store, source.op, term, (n_steps, length))
                }
                Stride::Target { op, source, .. } => {
                    let moved = self.values[self.base + source];
                    let moved = part(store, *op, moved, (0, n_steps));
                    store.make_transient(*op, &[term, moved])
                }
            };
            if let Stride::Up(..) | Stride::Target { .. } = stride {
                store.set_normal(value);
            }
            self.values.push(value);
        }
        self.n_rewrites += n_steps as u64;
        context.budget.walk(n_steps as u64);
        context.budget.spend(self, context.store)?;
        Ok(Some(walk.strides.len()))
    }

    /// How many steps can be made.
    fn n_steps(&self, store: &Store, walk: &Walk) -> usize {
        let mut n_steps = usize::MAX;
        for (index, stride) in walk.strides.iter().enumerate() {
            let term = &self.values[self.base + index];
            let limit = match stride {
                Stride::Same(sort) | Stride::Up(_, sort) | Stride::Target { sort, .. } => {
                    match store.has_sort(*term, *sort) {
                        true => usize::MAX,
                        false => 0,
                    }
                }
                Stride::Down(op, sort) => store.count_iterations(*op, *term, *sort),
                Stride::Source(Source {
                    op, sort, least, ..
                }) => match store.has_sort(*term, *sort) {
                    true => store.elements(*op, term).len().saturating_sub(*least),
                    false => 0,
                },
            };
            n_steps = n_steps.min(limit);
            if n_steps < FEWEST {
                return 0;
            }
        }
        for (index, stride) in walk.strides.iter().enumerate() {
            if let Stride::Source(source) = stride {
                let elements = store.elements(source.op, &self.values[self.base + index]);
                let is_other = |element| !source.element.takes(store, element);
                n_steps = elements.position(0, n_steps, is_other).unwrap_or(n_steps);
            }
        }
        n_steps
    }
}

/// The elements of a list from one position to before another.
fn part(store: &mut Store, op: OpId, list: TermId, (start, end): (usize, usize)) -> TermId {
    let elements = store.elements(op, &list);
    match end - start {
        0 => store.facts(op).left_identity,
        1 => elements.at(start),
        length if length == elements.len() => list,
        _ => store.transient_part(list, start, end),
    }
}
