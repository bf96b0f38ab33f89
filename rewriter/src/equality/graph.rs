//! Terms in an e-graph, and the chains that it gives back.
//!
//! The one idea: a node is an operator over the flattened arguments of a term, so one term is one
//! node however often it is told, and a chain that only reorders arguments is no step at all.

use std::rc::Rc;

use egg::{EGraph, FlatTerm, Id, Language, TreeTerm};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::proof::{Link, Reason};
use crate::integer::Int;
use crate::signature::OpId;
use crate::term::{Store, TermId};

/// What stands on top of a term.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Head {
    /// An operator.
    Operator(OpId),
    /// An operator repeated, by the digits of the number.
    Iterated(OpId, Box<[u32]>),
    /// A constant, a literal or a number.
    Leaf(TermId),
}

/// A node of the e-graph.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct Node {
    head: Head,
    arguments: Vec<Id>,
}

impl Language for Node {
    type Discriminant = Head;

    fn discriminant(&self) -> Head {
        self.head.clone()
    }

    fn matches(&self, other: &Node) -> bool {
        self.head == other.head && self.arguments.len() == other.arguments.len()
    }

    fn children(&self) -> &[Id] {
        &self.arguments
    }

    fn children_mut(&mut self) -> &mut [Id] {
        &mut self.arguments
    }
}

/// Deeper terms are not told to the e-graph, which recurses over them.
const DEEPEST: usize = 400;

/// Terms that were made equal, and why.
#[derive(Debug)]
pub(super) struct Graph {
    graph: EGraph<Node, ()>,
    ids: HashMap<TermId, Id, FxBuildHasher>,
    depths: HashMap<TermId, usize, FxBuildHasher>,
    /// What was told: left, right and why, in this order.
    facts: HashMap<(TermId, TermId), Reason, FxBuildHasher>,
    reasons: Vec<Reason>,
    /// Terms in the order in which they were told.
    pub(super) terms: Vec<TermId>,
}

impl Graph {
    pub(super) fn new() -> Graph {
        Graph {
            graph: EGraph::new(()).with_explanations_enabled(),
            ids: HashMap::default(),
            depths: HashMap::default(),
            facts: HashMap::default(),
            reasons: Vec::new(),
            terms: Vec::new(),
        }
    }

    /// Adds a term with its subterms; `None` if it is too deep.
    pub(super) fn add(&mut self, store: &Store, term: TermId) -> Option<Id> {
        let mut pending = vec![(term, false)];
        while let Some((term, are_arguments_done)) = pending.pop() {
            if self.ids.contains_key(&term) {
                continue;
            }
            let arguments = arguments(store, term);
            if !are_arguments_done {
                pending.push((term, true));
                pending.extend(arguments.iter().rev().map(|&argument| (argument, false)));
                continue;
            }
            let depth = arguments.iter().map(|argument| self.depths.get(argument));
            let depth = depth.map(|depth| depth.map_or(DEEPEST, |depth| depth + 1));
            let depth = depth.max().unwrap_or(0);
            if depth >= DEEPEST {
                return None;
            }
            let arguments = arguments.iter().map(|argument| self.ids[argument]);
            let node = Node {
                head: head(store, term),
                arguments: arguments.collect(),
            };
            let id = self.graph.add_uncanonical(node);
            self.ids.insert(term, id);
            self.depths.insert(term, depth);
            self.terms.push(term);
        }
        self.ids.get(&term).copied()
    }

    /// Makes two terms equal, the left one of a statement first; says whether this is new.
    pub(super) fn union(
        &mut self,
        store: &Store,
        left: TermId,
        right: TermId,
        reason: Reason,
    ) -> bool {
        let (Some(one), Some(other)) = (self.add(store, left), self.add(store, right)) else {
            return false;
        };
        self.facts.entry((left, right)).or_insert(reason);
        let number = match self.reasons.iter().position(|&known| known == reason) {
            Some(number) => number,
            None => {
                self.reasons.push(reason);
                self.reasons.len() - 1
            }
        };
        self.graph.union_trusted(one, other, number.to_string())
    }

    /// Makes a term equal to the one that has other arguments, each equal to the argument at its
    /// place: by congruence, and by the axioms if it is in another order or shape.
    pub(super) fn congruent(
        &mut self,
        store: &Store,
        term: TermId,
        replaced: &[TermId],
        result: TermId,
    ) {
        let ids: Option<Vec<Id>> = (replaced.iter())
            .map(|&argument| self.add(store, argument))
            .collect();
        let (Some(arguments), Some(_), Some(id)) =
            (ids, self.add(store, term), self.add(store, result))
        else {
            return;
        };
        let head = head(store, term);
        let node = self.graph.add_uncanonical(Node { head, arguments });
        self.graph.union_trusted(node, id, AXIOMS);
    }

    /// Closes what is known under congruence.
    pub(super) fn rebuild(&mut self) {
        self.graph.rebuild();
    }

    /// The class of a term that was added.
    pub(super) fn class(&self, term: TermId) -> Option<usize> {
        let id = self.ids.get(&term)?;
        Some(usize::from(self.graph.find(*id)))
    }

    /// The chain from one term to another that is in the same class. `None` if it has more than so
    /// many links, or if a link is not among what was told.
    pub(super) fn explain(
        &mut self,
        store: &mut Store,
        (left, right): (TermId, TermId),
        most: usize,
    ) -> Option<Vec<Link>> {
        let (left, right) = (*self.ids.get(&left)?, *self.ids.get(&right)?);
        // The e-graph recurses over proofs.
        std::thread::scope(|scope| {
            let builder = std::thread::Builder::new().stack_size(STACK);
            let explain = || self.links(store, (left, right), most);
            let thread = builder.spawn_scoped(scope, explain).ok()?;
            thread.join().ok()?
        })
    }

    fn links(
        &mut self,
        store: &mut Store,
        (left, right): (Id, Id),
        most: usize,
    ) -> Option<Vec<Link>> {
        let mut explanation = self.graph.explain_id_equivalence(left, right);
        if n_links(&explanation.explanation_trees, &mut HashMap::default()) > most {
            return None;
        }
        let terms = explanation.make_flat_explanation();
        let mut links = Vec::new();
        for pair in terms.windows(2) {
            let [before, after] = pair else { continue };
            let whole = term_of(store, before);
            let next = term_of(store, after);
            if whole == next {
                continue;
            }
            let (before, after, is_backward) = change(before, after)?;
            let (from, to) = (term_of(store, before), term_of(store, after));
            let fact = if is_backward { (to, from) } else { (from, to) };
            links.push(Link {
                reason: *self.facts.get(&fact)?,
                is_backward,
                from,
                to,
                whole: next,
            });
        }
        Some(links)
    }
}

/// Bytes of the stack on which the e-graph explains; they are taken as they are needed.
const STACK: usize = 1 << 28;

/// How many links a proof has when what it shares is written out.
fn n_links(
    proof: &[Rc<TreeTerm<Node>>],
    known: &mut HashMap<*const TreeTerm<Node>, usize, FxBuildHasher>,
) -> usize {
    let mut total = proof.len().saturating_sub(1);
    for term in proof {
        let place = Rc::as_ptr(term);
        let below = match known.get(&place) {
            Some(&below) => below,
            None => {
                let proofs = term.child_proofs.iter();
                let below = proofs.fold(0, |below: usize, proof| {
                    below.saturating_add(n_links(proof, known))
                });
                known.insert(place, below);
                below
            }
        };
        total = total.saturating_add(below);
    }
    total
}

/// Why a node is equal to one that says the same in another order or shape.
const AXIOMS: &str = "axioms";

fn head(store: &Store, term: TermId) -> Head {
    let op = store.op(term);
    if arguments(store, term).is_empty() {
        return Head::Leaf(term);
    }
    match store.iterations(term) {
        Some(count) => Head::Iterated(op, count.limbs().into()),
        None => Head::Operator(op),
    }
}

/// The arguments of a term; a number has none.
fn arguments(store: &Store, term: TermId) -> &[TermId] {
    if store.integer(term).is_some() {
        return &[];
    }
    store.arguments(term)
}

/// The term that a term of the e-graph is. Recursion is bounded by [`DEEPEST`].
fn term_of(store: &mut Store, term: &FlatTerm<Node>) -> TermId {
    let arguments: Vec<TermId> = (term.children.iter())
        .map(|argument| term_of(store, argument))
        .collect();
    match &term.node.head {
        Head::Leaf(term) => *term,
        Head::Operator(op) => store.make(*op, &arguments),
        Head::Iterated(op, count) => {
            let count = Int::from_limbs(false, count);
            store.make_iterated(*op, &count, arguments[0])
        }
    }
}

/// Where two terms of a chain differ: the subterm before and after, and whether the statement was
/// applied from right to left.
fn change<'t>(
    before: &'t FlatTerm<Node>,
    after: &'t FlatTerm<Node>,
) -> Option<(&'t FlatTerm<Node>, &'t FlatTerm<Node>, bool)> {
    let mut pair = (before, after);
    loop {
        let (before, after) = pair;
        if after.forward_rule.is_some() || after.backward_rule.is_some() {
            return Some((before, after, after.backward_rule.is_some()));
        }
        let arguments = before.children.iter().zip(&after.children);
        pair = (arguments.clone()).find(|(_, after)| has_rule(after))?;
    }
}

fn has_rule(term: &FlatTerm<Node>) -> bool {
    let mut pending = vec![term];
    while let Some(term) = pending.pop() {
        if term.forward_rule.is_some() || term.backward_rule.is_some() {
            return true;
        }
        pending.extend(&term.children);
    }
    false
}
