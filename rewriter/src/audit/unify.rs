//! Unification of left sides, free and by parts of multisets.
//!
//! The one idea: what is wanted are terms to which two equations apply, not all most general ones:
//! every unifier found is tried, and one that is missed is only one example less. So commutative
//! operators are tried both ways, multisets element by element, and lists and identities as they are
//! written.

use crate::pattern::{Literal, Pattern, PatternId, PatternNode, VariableId};
use crate::signature::{OpId, Signature, SortId};
use crate::term::{Store, Theory};

/// A term with variables, each of a copy of a statement.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Tree {
    /// A variable: its number among all variables of both statements.
    Variable(usize),
    /// An application; those of an operator that is repeated are nested.
    Application(OpId, Vec<Tree>),
    /// A literal.
    Literal(OpId, Literal),
}

/// Repetitions of an operator that are written out.
const MOST_REPEATED: u64 = 12;

impl Tree {
    /// The term of a pattern whose variables have numbers from `first` on. `None` if it is too large.
    /// Recursion is bounded by the size of patterns that are looked at.
    pub(super) fn of_pattern(pattern: &Pattern, id: PatternId, first: usize) -> Option<Tree> {
        Some(match pattern.node(id) {
            PatternNode::Variable(VariableId(number)) => {
                Tree::Variable(first + usize::from(*number))
            }
            PatternNode::Application { op, arguments } => {
                let arguments =
                    (arguments.iter()).map(|&argument| Tree::of_pattern(pattern, argument, first));
                Tree::Application(*op, arguments.collect::<Option<Vec<Tree>>>()?)
            }
            PatternNode::Iterated {
                op,
                count,
                argument,
            } => {
                let count = match count {
                    crate::integer::Int::Small(count) => u64::try_from(*count).ok()?,
                    crate::integer::Int::Big(_) => return None,
                };
                if count > MOST_REPEATED {
                    return None;
                }
                let mut tree = Tree::of_pattern(pattern, *argument, first)?;
                for _ in 0..count {
                    tree = Tree::Application(*op, vec![tree]);
                }
                tree
            }
            PatternNode::Literal { op, value } => Tree::Literal(*op, value.clone()),
        })
    }

    /// The parts that are no variables, with the ways to them; the whole first.
    pub(super) fn parts(&self) -> Vec<(Vec<usize>, &Tree)> {
        let mut found = Vec::new();
        let mut pending = vec![(Vec::new(), self)];
        while let Some((way, tree)) = pending.pop() {
            if let Tree::Application(_, arguments) = tree {
                for (place, argument) in arguments.iter().enumerate().rev() {
                    let mut way = way.clone();
                    way.push(place);
                    pending.push((way, argument));
                }
            }
            if !matches!(tree, Tree::Variable(_)) {
                found.push((way, tree));
            }
        }
        found
    }

    /// The same with another part at the end of a way.
    pub(super) fn with_part(&self, way: &[usize], part: Tree) -> Tree {
        match (self, way) {
            (Tree::Application(op, arguments), [place, rest @ ..]) => {
                let mut arguments = arguments.clone();
                arguments[*place] = arguments[*place].with_part(rest, part);
                Tree::Application(*op, arguments)
            }
            _ => part,
        }
    }
}

/// The values of variables, by number; those of some are others.
#[derive(Clone, Debug)]
pub(super) struct Unifier {
    values: Vec<Option<Tree>>,
}

/// What unification needs to know.
pub(super) struct Unification<'s> {
    pub(super) store: &'s Store,
    /// The sort of each variable.
    pub(super) sorts: Vec<SortId>,
}

/// Unifiers of one pair, at most.
const MOST_UNIFIERS: usize = 16;

impl Unification<'_> {
    fn signature(&self) -> &Signature {
        self.store.signature()
    }

    /// Ways of making two terms equal.
    pub(super) fn unify(&self, left: &Tree, right: &Tree) -> Vec<Unifier> {
        let start = Unifier {
            values: vec![None; self.sorts.len()],
        };
        let mut found = vec![start];
        self.extend(&mut found, left, right);
        found
    }

    /// Ways of making an element of one multiset equal to one of the other: the unifier and both
    /// multisets joined, what they share once.
    pub(super) fn share(&self, op: OpId, left: &[Tree], right: &[Tree]) -> Vec<(Unifier, Tree)> {
        let mut found = Vec::new();
        for (place, one) in left.iter().enumerate() {
            for (other_place, other) in right.iter().enumerate() {
                if matches!(one, Tree::Variable(_)) || matches!(other, Tree::Variable(_)) {
                    continue;
                }
                for unifier in self.unify(one, other) {
                    let mut joined = left.to_vec();
                    let rest = right.iter().enumerate();
                    joined.extend(
                        rest.filter(|(place, _)| *place != other_place)
                            .map(|(_, element)| element.clone()),
                    );
                    joined.swap(place, 0);
                    found.push((unifier, Tree::Application(op, joined)));
                }
            }
        }
        found
    }

    /// Keeps those unifiers, extended, that make two more terms equal.
    fn extend(&self, found: &mut Vec<Unifier>, left: &Tree, right: &Tree) {
        let mut extended = Vec::new();
        for unifier in std::mem::take(found) {
            self.extend_one(unifier, left, right, &mut extended);
        }
        extended.truncate(MOST_UNIFIERS);
        *found = extended;
    }

    fn extend_one(&self, unifier: Unifier, left: &Tree, right: &Tree, found: &mut Vec<Unifier>) {
        let (left, right) = (unifier.resolved(left), unifier.resolved(right));
        if left == right {
            found.push(unifier);
            return;
        }
        match (&left, &right) {
            (Tree::Variable(one), Tree::Variable(other)) => {
                let (one, other) = (*one, *other);
                let (first, second) = (self.sorts[one], self.sorts[other]);
                // The one of the lower sort stands for both.
                if self.signature().leq(first, second) {
                    found.push(unifier.with(other, Tree::Variable(one)));
                } else if self.signature().leq(second, first) {
                    found.push(unifier.with(one, Tree::Variable(other)));
                }
            }
            (Tree::Variable(variable), tree) | (tree, Tree::Variable(variable)) => {
                let tree = unifier.applied(tree);
                let fits = self
                    .sort(&tree)
                    .is_some_and(|sort| self.signature().leq(sort, self.sorts[*variable]));
                if fits && !occurs(*variable, &tree) {
                    found.push(unifier.with(*variable, tree));
                }
            }
            (Tree::Application(op, one), Tree::Application(other_op, other))
                if op == other_op && one.len() == other.len() =>
            {
                let mut ways = vec![unifier.clone()];
                for (one, other) in one.iter().zip(other) {
                    self.extend(&mut ways, one, other);
                }
                found.extend(ways);
                if let ([a, b], [c, d]) = (one.as_slice(), other.as_slice())
                    && self.signature().operator(*op).axioms().comm
                {
                    let mut ways = vec![unifier];
                    self.extend(&mut ways, a, d);
                    self.extend(&mut ways, b, c);
                    found.extend(ways);
                }
            }
            _ => {}
        }
    }

    /// The least sort of a term, of which the sorts of variables are known; `None` if it has none.
    fn sort(&self, tree: &Tree) -> Option<SortId> {
        let signature = self.signature();
        let sort = match tree {
            Tree::Variable(variable) => self.sorts[*variable],
            Tree::Literal(op, _) => signature.least_sort(*op, &[]),
            Tree::Application(op, arguments) => {
                let sorts = arguments.iter().map(|argument| self.sort(argument));
                signature.least_sort(*op, &sorts.collect::<Option<Vec<SortId>>>()?)
            }
        };
        Some(sort).filter(|&sort| !signature.is_error_sort(sort))
    }

    /// Whether elements of this operator are a multiset.
    pub(super) fn is_multiset(&self, op: OpId) -> bool {
        self.store.theory(op) == Theory::Multiset
    }
}

impl Unifier {
    fn with(mut self, variable: usize, value: Tree) -> Unifier {
        self.values[variable] = Some(value);
        self
    }

    /// What a term is, as far as its top is concerned.
    fn resolved(&self, tree: &Tree) -> Tree {
        let mut tree = tree;
        while let Tree::Variable(variable) = tree {
            match &self.values[*variable] {
                Some(value) => tree = value,
                None => break,
            }
        }
        tree.clone()
    }

    /// A term with the values of all variables.
    pub(super) fn applied(&self, tree: &Tree) -> Tree {
        match self.resolved(tree) {
            Tree::Application(op, arguments) => {
                let arguments = arguments.iter().map(|argument| self.applied(argument));
                Tree::Application(op, arguments.collect())
            }
            other => other,
        }
    }
}

fn occurs(variable: usize, tree: &Tree) -> bool {
    match tree {
        Tree::Variable(other) => *other == variable,
        Tree::Application(_, arguments) => {
            arguments.iter().any(|argument| occurs(variable, argument))
        }
        Tree::Literal(..) => false,
    }
}
