//! Patterns in the form in which Maude keeps, numbers and prints them.
//!
//! The one idea: nested applications of an associative operator are one application, identity
//! elements are dropped, and arguments of a commutative operator stand in the order of terms.
//! Variables are constants in that order: after all others, first by the first occurrence of a
//! variable of their sort in the module and in what was asked of it, then by the first occurrence
//! of their name in anything read so far. Numbering them from left to right afterwards gives the
//! order in which Maude prints a substitution.

use std::cmp::Ordering;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::integer::Int;
use crate::name::Name;
use crate::pattern::{Literal, Pattern, PatternId, PatternNode, Variable, VariableId};
use crate::signature::{OpId, Side, Signature, SortId};
use crate::statement::{Body, Fragment, PrintItem, Statement};

/// Names by first occurrence.
#[derive(Clone, Debug)]
pub struct Occurrences(HashMap<Name, u32, FxBuildHasher>);

/// Names of variables that occur in Maude's own prelude, in the order of first occurrence.
const PRELUDE_NAMES: &str = "e E A B C Nat s Int I J N M K Z Q R d X Y List E' L A' L' Set r S S' P \
                             Map D R' V U H IL T O n T2 F State T3";

impl Default for Occurrences {
    fn default() -> Occurrences {
        let mut occurrences = Occurrences(HashMap::default());
        for name in PRELUDE_NAMES.split(' ') {
            occurrences.note(Name::new(name));
        }
        occurrences
    }
}

impl Occurrences {
    /// Takes note of a name, and says whether it is new.
    pub fn note(&mut self, name: Name) -> bool {
        let next = self.0.len() as u32;
        *self.0.entry(name).or_insert(next) == next
    }

    /// How many names of variables of Maude's own prelude come before one, if it is such a name.
    pub(crate) fn rank_in_prelude(&self, name: Name) -> Option<u32> {
        let n_names = PRELUDE_NAMES.split(' ').count() as u32;
        Some(self.rank(name)).filter(|&rank| rank < n_names)
    }

    /// How many names were noted before.
    pub(crate) fn rank(&self, name: Name) -> u32 {
        self.0.get(&name).copied().unwrap_or(u32::MAX)
    }
}

/// Adds the sorts of the variables of a statement as Maude meets them: those of the condition
/// first.
pub(crate) fn note_statement(sorts: &mut Vec<SortId>, statement: &Statement) {
    let mut patterns = Vec::new();
    for fragment in &statement.condition {
        match fragment {
            Fragment::Equality { left, right } => patterns.extend([left, right]),
            Fragment::Assignment { pattern, term } => patterns.extend([pattern, term]),
            Fragment::Rewrite { term, pattern } => patterns.extend([term, pattern]),
            Fragment::SortTest { term, .. } => patterns.push(term),
        }
    }
    match &statement.body {
        Body::Equation { left, right } | Body::Rule { left, right } => {
            patterns.extend([left, right]);
        }
        Body::Membership { pattern, .. } => patterns.push(pattern),
    }
    for pattern in patterns {
        let mut pending = vec![pattern.root()];
        while let Some(id) = pending.pop() {
            match pattern.node(id) {
                PatternNode::Variable(variable) => {
                    note_sorts(
                        sorts,
                        &statement.variables[variable.index()..=variable.index()],
                    );
                }
                PatternNode::Application { arguments, .. } => {
                    pending.extend(arguments.iter().rev());
                }
                PatternNode::Iterated { argument, .. } => pending.push(*argument),
                PatternNode::Literal { .. } => {}
            }
        }
    }
}

/// What normal patterns of a module look like.
pub struct Normalizer<'a> {
    signature: &'a Signature,
    identities: Vec<Option<&'a Pattern>>,
    occurrences: &'a Occurrences,
    /// The sorts of variables, by first occurrence.
    sorts: &'a [SortId],
    /// Nested applications of an associative operator stay nested.
    nested: bool,
}

/// Adds the sorts of variables that are not there yet: in Maude a sort gets its symbol for
/// variables when the first one is read.
pub fn note_sorts(sorts: &mut Vec<SortId>, variables: &[Variable]) {
    for variable in variables {
        if !sorts.contains(&variable.sort) {
            sorts.push(variable.sort);
        }
    }
}

impl<'a> Normalizer<'a> {
    /// For patterns over a signature; `identity` gives the identity element of an operator,
    /// `sorts` those of variables (see [`note_sorts`]).
    pub fn new(
        signature: &'a Signature,
        identity: impl Fn(OpId) -> Option<&'a Pattern>,
        occurrences: &'a Occurrences,
        sorts: &'a [SortId],
    ) -> Normalizer<'a> {
        let identities = signature.operators().map(identity).collect();
        Normalizer {
            signature,
            identities,
            occurrences,
            sorts,
            nested: false,
        }
    }

    /// The same for what Maude echoes: it sorts the two arguments of each application as it is
    /// written, but does not flatten.
    pub fn nested(self) -> Normalizer<'a> {
        Normalizer {
            nested: true,
            ..self
        }
    }

    /// The normal form of a pattern.
    pub fn pattern(&self, pattern: &Pattern, variables: &[Variable]) -> Pattern {
        self.part(pattern, variables, self.nested)
    }

    fn part(&self, pattern: &Pattern, variables: &[Variable], nested: bool) -> Pattern {
        let mut arena = Arena {
            normalizer: self,
            nested,
            variables,
            nodes: Vec::new(),
            in_identity: false,
        };
        let root = arena.add(pattern);
        arena.pattern(root)
    }

    /// Brings a statement into normal form and numbers its variables anew.
    pub fn statement(&self, statement: &mut Statement) {
        let variables = statement.variables.clone();
        let mut parts: Vec<Part<'_>> = Vec::new();
        let mut late = None;
        match &mut statement.body {
            Body::Equation { left, right } | Body::Rule { left, right } => {
                parts.push(Part::Matched(left));
                late = Some(Part::Built(right));
            }
            Body::Membership { pattern, .. } => parts.push(Part::Matched(pattern)),
        }
        parts.extend(statement.condition.iter_mut().flat_map(fragment_parts));
        parts.extend(late);
        let renumbered = self.renumber(parts, &variables);
        if let Some(items) = &mut statement.attributes.print {
            for item in items {
                if let PrintItem::Variable(variable) = item {
                    *variable = renumbered[variable.index()];
                }
            }
        }
        statement.variables = reordered(&variables, &renumbered);
    }

    /// Brings a pattern and a condition into normal form and numbers their variables anew.
    pub fn query(
        &self,
        pattern: &mut Pattern,
        condition: &mut [Fragment],
        variables: &mut Vec<Variable>,
    ) {
        let mut parts = vec![Part::Matched(pattern)];
        parts.extend(condition.iter_mut().flat_map(fragment_parts));
        let renumbered = self.renumber(parts, variables);
        *variables = reordered(variables, &renumbered);
    }

    fn renumber(&self, parts: Vec<Part<'_>>, variables: &[Variable]) -> Vec<VariableId> {
        let mut parts: Vec<&mut Pattern> = (parts.into_iter())
            .map(|part| match part {
                Part::Matched(pattern) => {
                    *pattern = self.part(pattern, variables, false);
                    pattern
                }
                Part::Built(pattern) => {
                    *pattern = self.part(pattern, variables, true);
                    pattern
                }
            })
            .collect();
        let mut order: Vec<Option<VariableId>> = vec![None; variables.len()];
        let mut next = 0u16;
        let mut number = |variable: VariableId| {
            let slot = &mut order[variable.index()];
            if slot.is_none() {
                *slot = Some(VariableId(next));
                next += 1;
            }
        };
        for pattern in &mut parts {
            let mut pending = vec![pattern.root()];
            while let Some(id) = pending.pop() {
                match pattern.node(id) {
                    PatternNode::Variable(variable) => number(*variable),
                    PatternNode::Application { arguments, .. } => {
                        pending.extend(arguments.iter().rev());
                    }
                    PatternNode::Iterated { argument, .. } => pending.push(*argument),
                    PatternNode::Literal { .. } => {}
                }
            }
        }
        for index in 0..variables.len() {
            number(VariableId(index as u16));
        }
        let order: Vec<VariableId> = order.into_iter().flatten().collect();
        for pattern in parts {
            pattern.renumber(|variable| order[variable.index()]);
        }
        order
    }
}

/// A part of a statement. What is matched is flattened; what is built is not, as in Maude.
enum Part<'p> {
    Matched(&'p mut Pattern),
    Built(&'p mut Pattern),
}

fn fragment_parts(fragment: &mut Fragment) -> Vec<Part<'_>> {
    match fragment {
        Fragment::Equality { left, right } => vec![Part::Built(left), Part::Built(right)],
        Fragment::Assignment { pattern, term } | Fragment::Rewrite { term, pattern } => {
            vec![Part::Matched(pattern), Part::Built(term)]
        }
        Fragment::SortTest { term, .. } => vec![Part::Built(term)],
    }
}

fn reordered(variables: &[Variable], order: &[VariableId]) -> Vec<Variable> {
    let mut result = variables.to_vec();
    for (variable, number) in variables.iter().zip(order) {
        result[number.index()] = variable.clone();
    }
    result
}

/// A node in normal form. Equal neighbours of a multiset are counted.
#[derive(Clone, Debug)]
enum Normal {
    Variable(VariableId),
    Application(OpId, Vec<(usize, u32)>),
    Iterated(OpId, Int, usize),
    Literal(OpId, Literal),
}

/// What is still to be compared.
enum Pair {
    Nodes(usize, usize),
    Counts(u32, u32),
}

struct Arena<'n, 'a> {
    normalizer: &'n Normalizer<'a>,
    /// Nested applications of an associative operator stay nested.
    nested: bool,
    variables: &'n [Variable],
    nodes: Vec<Normal>,
    /// Set while an identity element is added: inside it none are dropped.
    in_identity: bool,
}

impl Arena<'_, '_> {
    fn push(&mut self, node: Normal) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds the normal form of a pattern.
    fn add(&mut self, pattern: &Pattern) -> usize {
        let mut ids = Vec::with_capacity(pattern.nodes().len());
        for node in pattern.nodes() {
            let id = match node {
                PatternNode::Variable(variable) => self.push(Normal::Variable(*variable)),
                PatternNode::Literal { op, value } => {
                    self.push(Normal::Literal(*op, value.clone()))
                }
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                } => self.iterate(*op, count.clone(), ids[argument.index()]),
                PatternNode::Application { op, arguments } => {
                    let arguments: Vec<usize> =
                        arguments.iter().map(|id| ids[id.index()]).collect();
                    self.apply(*op, &arguments)
                }
            };
            ids.push(id);
        }
        ids[pattern.root().index()]
    }

    fn iterate(&mut self, op: OpId, count: Int, argument: usize) -> usize {
        match &self.nodes[argument] {
            Normal::Iterated(other, inner, innermost) if *other == op => {
                let count = Int::from(count.to_big() + inner.to_big());
                let innermost = *innermost;
                self.push(Normal::Iterated(op, count, innermost))
            }
            _ => self.push(Normal::Iterated(op, count, argument)),
        }
    }

    fn apply(&mut self, op: OpId, arguments: &[usize]) -> usize {
        let axioms = self.normalizer.signature.operator(op).axioms();
        if axioms.iter && arguments.len() == 1 {
            return self.iterate(op, Int::Small(1), arguments[0]);
        }
        let nested = self.nested;
        let mut flat: Vec<(usize, u32)> = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            match &self.nodes[argument] {
                Normal::Application(other, inner) if axioms.assoc && *other == op && !nested => {
                    flat.extend_from_slice(inner);
                }
                _ => flat.push((argument, 1)),
            }
        }
        let identity = self.normalizer.identities[op.index()].filter(|_| !self.in_identity);
        if let (Some(side), Some(identity)) = (axioms.identity, identity) {
            self.in_identity = true;
            let identity = self.add(identity);
            self.in_identity = false;
            let n = flat.len();
            let is_identity: Vec<bool> = flat
                .iter()
                .map(|&(argument, _)| self.compare(argument, identity) == Ordering::Equal)
                .collect();
            let mut index = 0;
            flat.retain(|_| {
                let first = index == 0;
                let last = index + 1 == n;
                index += 1;
                !is_identity[index - 1]
                    || match side {
                        Side::Both => false,
                        Side::Left => last && !axioms.comm,
                        Side::Right => first && !axioms.comm,
                    }
            });
            match flat.as_slice() {
                [] => return identity,
                [(only, 1)] if n > 1 => return *only,
                _ => {}
            }
        }
        if let [(first, 1), (second, 1)] = *flat
            && axioms.idem
            && !axioms.assoc
            && self.compare(first, second) == Ordering::Equal
        {
            return first;
        }
        if axioms.comm {
            flat.sort_by(|left, right| self.compare(left.0, right.0));
            if axioms.assoc && !nested {
                let mut counted: Vec<(usize, u32)> = Vec::with_capacity(flat.len());
                for (argument, count) in flat {
                    match counted.last_mut() {
                        Some((last, total)) if self.compare(*last, argument) == Ordering::Equal => {
                            *total += count;
                        }
                        _ => counted.push((argument, count)),
                    }
                }
                flat = counted;
            }
        }
        self.push(Normal::Application(op, flat))
    }

    /// Where the top of a node stands in the order of symbols: those with fewer arguments first.
    fn symbol(&self, id: usize) -> u32 {
        match &self.nodes[id] {
            Normal::Variable(variable) => {
                let sort = self.variables[variable.index()].sort;
                let sorts = self.normalizer.sorts.iter();
                let rank = sorts.take_while(|&&other| other != sort).count();
                self.normalizer.signature.operators().count() as u32 + rank as u32
            }
            Normal::Application(op, _) | Normal::Iterated(op, ..) | Normal::Literal(op, _) => {
                self.normalizer.signature.symbol_order(*op)
            }
        }
    }

    fn compare(&self, left: usize, right: usize) -> Ordering {
        // Pairs still to be compared, the first one last.
        let tops = self.symbol(left).cmp(&self.symbol(right));
        if tops != Ordering::Equal {
            return tops;
        }
        let mut pending = vec![Pair::Nodes(left, right)];
        while let Some(pair) = pending.pop() {
            let (left, right) = match pair {
                Pair::Nodes(left, right) if left == right => continue,
                Pair::Nodes(left, right) => (left, right),
                Pair::Counts(left, right) if left == right => continue,
                Pair::Counts(left, right) => return left.cmp(&right),
            };
            let tops = self.symbol(left).cmp(&self.symbol(right));
            if tops != Ordering::Equal {
                return tops;
            }
            let decided = match (&self.nodes[left], &self.nodes[right]) {
                (Normal::Variable(left), Normal::Variable(right)) => {
                    let rank = |variable: &VariableId| {
                        let name = self.variables[variable.index()].name;
                        (self.normalizer.occurrences.rank(name), variable.index())
                    };
                    rank(left).cmp(&rank(right))
                }
                (Normal::Literal(_, left), Normal::Literal(_, right)) => {
                    compare_literals(left, right)
                }
                (Normal::Iterated(_, count, left), Normal::Iterated(_, other, right)) => {
                    pending.push(Pair::Nodes(*left, *right));
                    count.to_big().cmp(&other.to_big())
                }
                (Normal::Application(_, left), Normal::Application(_, right)) => {
                    let pairs = left.iter().zip(right).rev();
                    pending.extend(
                        pairs.flat_map(|(a, b)| [Pair::Nodes(a.0, b.0), Pair::Counts(a.1, b.1)]),
                    );
                    left.len().cmp(&right.len())
                }
                _ => Ordering::Equal,
            };
            if decided != Ordering::Equal {
                return decided;
            }
        }
        Ordering::Equal
    }

    /// The pattern below a node.
    fn pattern(&self, root: usize) -> Pattern {
        let mut pattern = Pattern::new();
        let mut ids: Vec<Option<PatternId>> = vec![None; self.nodes.len()];
        let made = |ids: &[Option<PatternId>], node: usize| match ids[node] {
            Some(id) => id,
            None => unreachable!("arguments are made before what they are arguments of"),
        };
        // Arguments have smaller numbers than what they are arguments of, except identities.
        let mut needed = vec![false; self.nodes.len()];
        needed[root] = true;
        for index in (0..=root).rev() {
            if needed[index] {
                match &self.nodes[index] {
                    Normal::Application(_, arguments) => {
                        for &(argument, _) in arguments {
                            needed[argument] = true;
                        }
                    }
                    Normal::Iterated(_, _, argument) => needed[*argument] = true,
                    Normal::Variable(_) | Normal::Literal(..) => {}
                }
            }
        }
        for (index, _) in needed.iter().enumerate().filter(|(_, needed)| **needed) {
            let id = match &self.nodes[index] {
                Normal::Variable(variable) => pattern.variable(*variable),
                Normal::Literal(op, value) => pattern.literal(*op, value.clone()),
                Normal::Iterated(op, count, argument) => {
                    pattern.iterate(*op, count.clone(), made(&ids, *argument))
                }
                Normal::Application(op, arguments) => {
                    let arguments: Vec<PatternId> = arguments
                        .iter()
                        .flat_map(|(argument, count)| {
                            std::iter::repeat_n(made(&ids, *argument), *count as usize)
                        })
                        .collect();
                    pattern.apply(*op, &arguments)
                }
            };
            ids[index] = Some(id);
        }
        pattern.set_root(made(&ids, root));
        pattern
    }
}

fn compare_literals(left: &Literal, right: &Literal) -> Ordering {
    match (left, right) {
        (Literal::String(left), Literal::String(right))
        | (Literal::QuotedId(left), Literal::QuotedId(right)) => left.cmp(right),
        (Literal::Float(left), Literal::Float(right)) => left.total_cmp(right),
        _ => Ordering::Equal,
    }
}
