//! Temporal formulas over the propositions of the rules, on all fair executions of a test.
//!
//! The one idea: the negation of a formula is an automaton, and an execution that it accepts is a path
//! of the product of what was explored and the automaton. A fair cycle of the product that visits an
//! accepting state is the end of a counterexample. An execution that ends stays in its last
//! configuration for ever.
//!
//! Source: Couvreur, "On-the-fly verification of linear temporal logic", 1999; fairness as in
//! [`fairness`](super::fairness).

use std::collections::{BTreeSet, HashMap};

use rewriter::load::{LookupError, Rejected};
use rewriter::pattern::{Pattern, PatternNode};
use rewriter::reduction::Interrupted;
use rewriter::search::{Search, StateId};
use rewriter::signature::{OpId, SortId};
use rewriter::temporal::{Acceptor, Vocabulary};
use rewriter::term::TermId;

use super::Interpreter;
use super::fairness::{Arc, Cycle, Graph, fair_cycle};
use super::goal::{GoalError, located};
use super::space::Space;
use crate::query::quote_names;
use crate::report::{Bug, Step, Violation};

/// A formula that the rules understand.
#[derive(Clone, Debug)]
pub struct Property {
    /// As it was written.
    pub text: String,
    pattern: Pattern,
}

/// How the rules write formulas.
struct Words {
    vocabulary: Vocabulary,
    proposition: SortId,
    satisfies: OpId,
    truth: OpId,
}

/// The kind of what is said when a formula does not hold.
const TEMPORAL: &str = "temporal";

impl Interpreter {
    /// Finds out what a temporal formula means.
    ///
    /// # Errors
    /// If it is none.
    pub fn property(&mut self, text: &str) -> Result<Property, GoalError> {
        let words = self.words().map_err(|error| GoalError {
            message: format!("the rules declare no temporal formulas: {error}"),
            part: text.to_owned(),
            at: 0,
        })?;
        let rejected = |rejected: &Rejected| located(rejected, text, 0);
        let pattern = self.module.parse_term(&quote_names(text));
        let pattern = pattern.map_err(|error| rejected(&error))?;
        let property = Property {
            text: text.to_owned(),
            pattern,
        };
        self.forget();
        if let Ok(Some(_)) = self.violations_of(&property, &words) {
            return Ok(property);
        }
        Err(GoalError {
            message:
                "this is no temporal formula: `and`, `or` and `not` combine propositions, `/\\`, \
                      `\\/` and `~` formulas"
                    .to_owned(),
            part: text.to_owned(),
            at: 0,
        })
    }

    /// Whether an operator of a pattern makes a temporal formula.
    pub(super) fn is_temporal(&self, pattern: &Pattern) -> bool {
        let Ok(formula) = self.module.sort("Formula") else {
            return false;
        };
        pattern.nodes().iter().any(|node| match node {
            PatternNode::Application { op, .. } => {
                let declarations = &self.module.signature().operator(*op).declarations;
                declarations
                    .iter()
                    .all(|declaration| declaration.range == formula)
            }
            _ => false,
        })
    }

    fn words(&self) -> Result<Words, LookupError> {
        let over = |name: &str, arity: usize| {
            let arguments = ["Formula"; 2];
            self.module
                .operator_over(name, &arguments[..arity], "Formula")
        };
        Ok(Words {
            vocabulary: Vocabulary {
                truth: over("True", 0)?,
                falsity: over("False", 0)?,
                not: over("~_", 1)?,
                and: over("_/\\_", 2)?,
                or: over("_\\/_", 2)?,
                next: over("O_", 1)?,
                until: over("_U_", 2)?,
                release: over("_R_", 2)?,
            },
            proposition: self.module.sort("Proposition")?,
            satisfies: (self.module).operator_over(
                "_|=_",
                &["Configuration", "Proposition"],
                "Bool",
            )?,
            truth: self.module.operator_over("true", &[], "Bool")?,
        })
    }

    /// The acceptor of the executions that violate a formula.
    fn violations_of(
        &mut self,
        property: &Property,
        words: &Words,
    ) -> Result<Option<Acceptor>, Interrupted> {
        let store = self.reducer.store_mut();
        let Some(formula) = store.ground(&property.pattern) else {
            return Ok(None);
        };
        let negation = store.make(words.vocabulary.not, &[formula]);
        let negation = self.reducer.reduce(negation)?.term();
        let store = self.reducer.store();
        let acceptor = Acceptor::new(store, &words.vocabulary, negation);
        let is_proposition = |&term: &TermId| store.has_sort(term, words.proposition);
        Ok(acceptor.filter(|acceptor| acceptor.propositions().iter().all(is_proposition)))
    }

    /// A fair execution within an explored space that violates a formula.
    pub(super) fn violating(
        &mut self,
        search: &mut Search,
        property: &Property,
    ) -> Result<Option<Bug>, Interrupted> {
        let Ok(words) = self.words() else {
            return Ok(None);
        };
        let Some(acceptor) = self.violations_of(property, &words)? else {
            return Ok(None);
        };
        let space = Space::new(&self.reader, &mut self.reducer, search);
        let mut product = Product::new(space, acceptor, words);
        product.explore()?;
        let nodes = (0..product.nodes.len() as u32).collect();
        let Some(cycle) = fair_cycle(&mut product, nodes)? else {
            return Ok(None);
        };
        Ok(Some(product.bug(property, &cycle)?))
    }
}

/// A state, and where the automaton is after it has read it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    state: u32,
    automaton: u32,
}

/// States and automaton together, as far as both can be reached.
struct Product<'a> {
    space: Space<'a>,
    acceptor: Acceptor,
    words: Words,
    nodes: Vec<Node>,
    numbers: HashMap<Node, u32>,
    arcs: Vec<Vec<Arc>>,
    /// From where a node was reached first.
    parents: Vec<Option<(u32, Arc)>>,
    /// Whether a proposition holds in a state.
    holds: HashMap<(u32, TermId), bool>,
    /// For each state, whether anyone may be picked.
    is_ready: Vec<bool>,
}

/// The one step of an execution that has ended: nobody acts.
const STAY: u32 = u32::MAX;

impl<'a> Product<'a> {
    fn new(space: Space<'a>, acceptor: Acceptor, words: Words) -> Product<'a> {
        let mut elements = Vec::new();
        let mut is_ready = Vec::new();
        for state in 0..space.n_states() {
            space.elements(state, &mut elements);
            let store = space.reducer.store();
            let mut elements = elements.iter();
            is_ready.push(elements.any(|&element| space.reader.is_ready(store, element)));
        }
        Product {
            space,
            acceptor,
            words,
            nodes: Vec::new(),
            numbers: HashMap::new(),
            arcs: Vec::new(),
            parents: Vec::new(),
            holds: HashMap::new(),
            is_ready,
        }
    }

    /// Makes all nodes that can be reached, breadth first.
    fn explore(&mut self) -> Result<(), Interrupted> {
        if self.space.n_states() == 0 {
            return Ok(());
        }
        for start in self.acceptor.initial() {
            for automaton in self.read(start, 0)? {
                let state = 0;
                self.node(Node { state, automaton }, None);
            }
        }
        let mut next = 0;
        while let Some(&Node { state, automaton }) = self.nodes.get(next as usize) {
            let mut outgoing = self.space.arcs(state)?;
            if outgoing.is_empty() {
                outgoing.push(Arc {
                    machine: STAY,
                    target: state,
                    way: 0,
                    action: STAY,
                });
            }
            let mut arcs = Vec::new();
            // Nothing is known of the steps from states beyond a limit.
            let n_states = self.space.n_states();
            for arc in outgoing.into_iter().filter(|arc| arc.target < n_states) {
                let state = arc.target;
                for automaton in self.read(automaton, state)? {
                    let target = self.node(Node { state, automaton }, Some((next, arc)));
                    arcs.push(Arc { target, ..arc });
                }
            }
            self.arcs.push(arcs);
            next += 1;
        }
        Ok(())
    }

    fn node(&mut self, node: Node, parent: Option<(u32, Arc)>) -> u32 {
        let next = self.nodes.len() as u32;
        let number = *self.numbers.entry(node).or_insert(next);
        if number == next {
            self.nodes.push(node);
            self.parents.push(parent);
        }
        number
    }

    /// Where the automaton may be after it has read a state.
    fn read(&mut self, automaton: u32, state: u32) -> Result<Vec<u32>, Interrupted> {
        let Product {
            space,
            acceptor,
            words,
            holds,
            ..
        } = self;
        acceptor.read(automaton, &mut |proposition| {
            if let Some(known) = holds.get(&(state, proposition)) {
                return Ok(*known);
            }
            let reducer = &mut *space.reducer;
            let configuration = space.search.term(reducer, StateId(state));
            let question = [configuration, proposition];
            let question = reducer.store_mut().make(words.satisfies, &question);
            let answer = reducer.reduce(question)?.term();
            let answer = reducer.store().op(answer) == words.truth;
            holds.insert((state, proposition), answer);
            Ok(answer)
        })
    }

    /// The execution that ends in a cycle.
    fn bug(&mut self, property: &Property, cycle: &Cycle) -> Result<Bug, Interrupted> {
        let mut before = Vec::new();
        let mut at = cycle.start;
        while let Some((parent, arc)) = self.parents[at as usize] {
            before.push((self.nodes[parent as usize].state, arc));
            at = parent;
        }
        before.reverse();
        let mut round = Vec::new();
        let mut at = cycle.start;
        for arc in &cycle.arcs {
            round.push((self.nodes[at as usize].state, *arc));
            at = arc.target;
        }
        // The automaton may take some rounds before it knows, which nobody wants to see.
        let is_same = |(state, arc): &(u32, Arc), (other, arc_of_other): &(u32, Arc)| {
            state == other && arc.way == arc_of_other.way
        };
        while let (Some(last), Some(closing)) = (before.last(), round.last())
            && is_same(last, closing)
        {
            before.pop();
            round.rotate_right(1);
        }
        let stays = |(_, arc): &(u32, Arc)| arc.machine == STAY;
        let ends = round.iter().all(stays);
        before.retain(|step| !stays(step));
        round.retain(|step| !stays(step));
        let mut steps = |part: &[(u32, Arc)]| -> Result<Vec<Step>, Interrupted> {
            let actions = part.iter().map(|(_, arc)| arc.action);
            actions.map(|action| self.space.step(action)).collect()
        };
        let (path, repeated) = (steps(&before)?, steps(&round)?);
        let taken = before.iter().chain(&round);
        let ending = if ends { ", which ends" } else { "" };
        let violation = Violation {
            kind: TEMPORAL.to_owned(),
            message: format!(
                "`{}` does not hold of this execution{ending}",
                property.text
            ),
            machine: String::new(),
            file: String::new(),
            line: 1,
            column: 1,
        };
        Ok(Bug {
            path,
            cycle: repeated,
            taken: taken.map(|(_, arc)| arc.way as usize).collect(),
            ..Bug::of(violation)
        })
    }
}

impl Graph for Product<'_> {
    fn arcs(&mut self, node: u32) -> Result<Vec<Arc>, Interrupted> {
        Ok(self.arcs[node as usize].clone())
    }

    fn state(&self, node: u32) -> u32 {
        self.nodes[node as usize].state
    }

    fn is_scheduling_point(&self, state: u32) -> bool {
        self.is_ready[state as usize]
    }

    fn enabled(&mut self, state: u32) -> Result<BTreeSet<u32>, Interrupted> {
        self.space.enabled(state)
    }

    fn fair_ways(&mut self, state: u32) -> Result<Option<u32>, Interrupted> {
        self.space.fair_ways(state)
    }

    fn n_goals(&self) -> usize {
        1
    }

    fn is_wanted(&self, node: u32, _goal: usize) -> bool {
        self.acceptor
            .is_accepting(self.nodes[node as usize].automaton)
    }

    fn is_forbidden(&mut self, _node: u32, _arc: &Arc) -> Result<bool, Interrupted> {
        Ok(false)
    }
}
