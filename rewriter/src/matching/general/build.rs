//! From patterns to automata.
//!
//! The one idea: every operator has its own kind of automaton; what an earlier part of a pattern
//! binds for sure is known when a later one is built.

use std::sync::Arc;

use num_bigint::BigInt;

use super::analysis::{Analysis, Bound};
use super::collapse::Collapse;
use super::iterated::{Argument, Iterated};
use super::pair::{Pair, Side, Ways};
use super::{Automaton, General, Index};
use crate::integer::Int;
use crate::matching::{Shape, ShapeId, Shapes};
use crate::pattern::{Variable, VariableId};
use crate::signature::OpId;
use crate::term::{Store, Theory};

/// Builds the automata of one pattern.
pub(super) struct Builder<'a> {
    pub(super) analysis: Analysis<'a>,
    /// Variables of which all values may be wanted.
    wanted: Bound,
    n_values: usize,
}

impl General {
    /// An automaton for a pattern, of which some variables are bound. With `extend`, it may cover a
    /// part of the subject. Of the variables that are `wanted`, all values are found.
    pub(crate) fn new(
        store: &Store,
        shapes: &Shapes,
        variables: &[Variable],
        shape: ShapeId,
        bound: &[VariableId],
        wanted: impl Fn(VariableId) -> bool,
        extend: bool,
    ) -> General {
        let wanted = (0..variables.len()).filter(|&index| wanted(VariableId(index as u16)));
        let mut builder = Builder {
            analysis: Analysis::new(store, shapes, variables),
            wanted: wanted.collect(),
            n_values: variables.len(),
        };
        let mut bound: Bound = bound.iter().map(|variable| variable.index()).collect();
        let automaton = builder.build(shape, extend, &Bound::new(), &mut bound);
        let occurs = builder.analysis.facts(shape).occurs.clone();
        General {
            automaton: Arc::new(automaton),
            variables: (occurs.into_iter())
                .map(|index| VariableId(index as u16))
                .collect(),
            n_values: builder.n_values,
            extend,
        }
    }
}

impl Builder<'_> {
    /// A variable that stands for a subpattern.
    pub(super) fn new_index(&mut self) -> Index {
        self.n_values += 1;
        self.n_values - 1
    }

    /// The variables that occur beside an argument or around it.
    pub(super) fn context_of(
        &mut self,
        arguments: &[ShapeId],
        place: usize,
        context: &Bound,
    ) -> Bound {
        let mut all = context.clone();
        for (other, &argument) in arguments.iter().enumerate() {
            if other != place {
                all.extend(&self.analysis.facts(argument).occurs);
            }
        }
        all
    }

    /// Whether all values of a variable are wanted.
    pub(super) fn is_wanted(&self, index: Index) -> bool {
        self.wanted.contains(&index)
    }

    /// Whether any matcher of a pattern will do: what it binds is neither wanted nor occurs
    /// elsewhere.
    pub(super) fn is_greedy_safe(
        &mut self,
        shape: ShapeId,
        context: &Bound,
        bound: &Bound,
    ) -> bool {
        let facts = self.analysis.facts(shape);
        let matters = |index: &&Index| self.wanted.contains(*index) || context.contains(*index);
        (facts.occurs.iter().filter(matters)).all(|index| bound.contains(index))
    }

    pub(super) fn build(
        &mut self,
        shape: ShapeId,
        at_top: bool,
        context: &Bound,
        bound: &mut Bound,
    ) -> Automaton {
        let shape = if at_top {
            self.analysis.opened(shape)
        } else {
            shape
        };
        match self.analysis.shapes.at(shape).clone() {
            Shape::Ground(term) => Automaton::Ground(term),
            Shape::Variable(variable) => {
                bound.insert(variable.index());
                Automaton::Variable {
                    index: variable.index(),
                    sort: self.analysis.sort_of(variable.index()),
                }
            }
            Shape::Iterated {
                op,
                count,
                argument,
            } => {
                let count = Int::from_limbs(false, &count).to_big();
                self.build_iterated(op, count, argument, at_top, context, bound)
            }
            Shape::Application { op, arguments } => match self.analysis.store.theory(op) {
                Theory::List => self.build_list(op, &arguments, at_top, context, bound),
                Theory::Multiset => self.build_multiset(op, &arguments, at_top, context, bound),
                Theory::Pair => {
                    let sides = [arguments[0], arguments[1]];
                    self.build_pair(op, sides, shape, at_top, context, bound)
                }
                _ => self.build_free(op, shape, context, bound),
            },
        }
    }

    /// What a multiset collapses to if it is always the same argument.
    pub(super) fn build_kept(
        &mut self,
        arguments: &[ShapeId],
        kept: usize,
        at_top: bool,
        context: &Bound,
        bound: &Bound,
    ) -> Option<Collapse> {
        let context = self.context_of(arguments, kept, context);
        let automaton = self.build(arguments[kept], at_top, &context, &mut bound.clone());
        Some(Collapse::Only(Box::new(automaton)))
    }

    fn build_iterated(
        &mut self,
        op: OpId,
        count: BigInt,
        argument: ShapeId,
        at_top: bool,
        context: &Bound,
        bound: &mut Bound,
    ) -> Automaton {
        let is_abstracted = self.analysis.is_abstracted(op, argument);
        let argument = match *self.analysis.shapes.at(argument) {
            Shape::Ground(term) => Argument::Ground(term),
            Shape::Variable(variable) => {
                bound.insert(variable.index());
                Argument::Variable {
                    index: variable.index(),
                    sort: self.analysis.sort_of(variable.index()),
                }
            }
            _ => {
                let automaton = self.build(argument, false, context, bound);
                match is_abstracted {
                    true => Argument::Abstracted {
                        index: self.new_index(),
                        sort: self.error_sort(op),
                        automaton: Arc::new(automaton),
                    },
                    false => Argument::Other(Box::new(automaton)),
                }
            }
        };
        Automaton::Iterated(Iterated {
            op,
            at_top,
            count,
            argument,
        })
    }

    fn build_pair(
        &mut self,
        op: OpId,
        [mut first, mut second]: [ShapeId; 2],
        shape: ShapeId,
        at_top: bool,
        context: &Bound,
        bound: &mut Bound,
    ) -> Automaton {
        let is_greedy = self.is_greedy_safe(shape, context, bound);
        let analysis = &mut self.analysis;
        let (comm, idem) = (analysis.store.facts(op).comm, analysis.store.facts(op).idem);
        let mut collapse = analysis.vanishing_sides(op, first, second);
        let merge = analysis.may_merge(op, first, second);
        let is_variable = |analysis: &Analysis<'_>, shape| {
            matches!(analysis.shapes.at(shape), Shape::Variable(_))
        };
        let variable_first = is_variable(analysis, first) && !is_variable(analysis, second);
        let (mut is_unique, mut swap) = (false, false);
        if collapse[0] || collapse[1] || merge {
            swap = comm && variable_first || at_top && merge && analysis.is_ground(second);
        } else if analysis.facts(first).grounds_out(bound) || first == second {
            is_unique = true;
        } else if analysis.facts(second).grounds_out(bound) {
            (is_unique, swap) = (true, true);
        } else if !comm || analysis.match_independently(first, second) {
            is_unique = true;
            swap = analysis.is_better_reversed(first, second, &mut bound.clone());
        } else {
            swap = variable_first;
        }
        let (facts_of_first, facts_of_second) = (analysis.facts(first), analysis.facts(second));
        let are_apart = facts_of_first.is_stable()
            && facts_of_second.is_stable()
            && facts_of_first.head != facts_of_second.head;
        let in_order = !comm || are_apart;
        if swap {
            std::mem::swap(&mut first, &mut second);
            collapse.swap(0, 1);
        }
        let ways = Ways {
            forward: !(in_order && swap),
            reverse: in_order && swap || !in_order && idem,
            reverse_if_different: !in_order && !idem && first != second,
            collapse,
            merge,
            is_unique,
            is_greedy,
            is_open: false,
        };
        let [one, other] = [first, second];
        let sides = [(one, other, collapse[1]), (other, one, collapse[0])];
        let sides = sides.map(|(shape, other, stays)| {
            let mut context = context.clone();
            context.extend(&self.analysis.facts(other).occurs);
            let at_top_automaton = (at_top && (stays || merge)).then(|| {
                let wanted = self.wanted.clone();
                if merge && shape == one {
                    // What the first side leaves outside, the second must leave, too.
                    let occurs = self.analysis.facts(shape).occurs.clone();
                    self.wanted.extend(occurs);
                }
                let automaton = self.build(shape, true, &context, &mut bound.clone());
                self.wanted = wanted;
                Box::new(automaton)
            });
            let mut local = bound.clone();
            let automaton = self.build(shape, false, &context, &mut local);
            if is_unique {
                *bound = local;
            }
            Side {
                automaton: Arc::new(automaton),
                at_top: at_top_automaton,
            }
        });
        let mut ways = ways;
        ways.is_open =
            sides.iter().any(|side| side.automaton.is_open()) || !is_unique && !is_greedy;
        Automaton::Pair(Pair {
            op,
            at_top,
            sides,
            ways,
        })
    }
}
