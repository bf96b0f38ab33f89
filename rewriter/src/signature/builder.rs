//! From declarations to a [`Signature`].
//!
//! The one idea: sorts and operators are collected in order, and nothing is decided before
//! [`SignatureBuilder::finish`], because kinds are known only when every subsort is.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use thiserror::Error;

use super::least_sort::{LeastSortTable, TableInput};
use super::{
    Attributes, Axioms, Declaration, Kind, KindId, OpId, Operator, Signature, Sort, SortId,
};
use crate::builtin::Hook;
use crate::name::Name;

/// A position of an operator declaration: a sort, or the kind of a sort (`[Nat]`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Argument {
    /// A sort.
    Sort(SortId),
    /// The kind that this sort belongs to.
    Kind(SortId),
}

/// The number of an operator declaration, in the order of [`SignatureBuilder::add_op`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DeclarationId(pub(crate) usize);

/// An operator declaration as it is written.
#[derive(Clone, Debug)]
pub struct OperatorDeclaration {
    /// Mixfix name, such as `_+_`.
    pub name: Name,
    /// Arguments; at polymorphic positions any sort may stand.
    pub domain: Vec<Argument>,
    /// Result.
    pub range: Argument,
    /// Declared with `~>`: every position means its kind.
    pub partial: bool,
    /// Attributes.
    pub attributes: Attributes,
}

/// Why declarations do not make a signature.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// A sort is below itself.
    #[error("sort `{sort}` is a subsort of itself")]
    SubsortCycle {
        /// A sort on the cycle.
        sort: Name,
    },
    /// More sorts, kinds or operators than the engine numbers.
    #[error("more than {limit} {what}")]
    TooMany {
        /// Sorts or operators.
        what: &'static str,
        /// How many fit.
        limit: usize,
    },
}

/// What is suspicious about a signature.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SignatureWarning {
    /// Some arguments give an application two sorts and none below both.
    NotPreregular {
        /// The operator.
        operator: OpId,
        /// One sort.
        first: SortId,
        /// Another.
        second: SortId,
    },
    /// Axioms that cannot be had together or on such an operator; it does not have them.
    ImpossibleAxiom {
        /// The operator.
        operator: Name,
        /// The declaration.
        declaration: DeclarationId,
        /// The axiom as it is written, such as `assoc`.
        axiom: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// Declarations of one operator do not agree on its axioms; they are joined.
    AxiomsDiffer {
        /// The operator.
        operator: OpId,
        /// The declaration that differs from those before.
        declaration: DeclarationId,
    },
}

/// Collects sorts, subsorts and operators.
#[derive(Clone, Debug, Default)]
pub struct SignatureBuilder {
    sorts: Vec<Name>,
    by_name: HashMap<Name, SortId, FxBuildHasher>,
    subsorts: Vec<(SortId, SortId)>,
    declarations: Vec<OperatorDeclaration>,
    /// Constants that come after all operators.
    last_constants: Vec<OperatorDeclaration>,
}

const MAXIMAL_SORTS: usize = 30_000;
const MAXIMAL_OPERATORS: usize = 1 << 24;

impl SignatureBuilder {
    /// No sorts, no operators.
    pub fn new() -> SignatureBuilder {
        SignatureBuilder::default()
    }

    /// A sort that was added, if any was.
    pub fn any_sort(&self) -> Option<SortId> {
        (!self.sorts.is_empty()).then_some(SortId(0))
    }

    /// Declares a sort; declaring it again changes nothing.
    pub fn add_sort(&mut self, name: Name) -> SortId {
        if let Some(&sort) = self.by_name.get(&name) {
            return sort;
        }
        let sort = SortId(self.sorts.len().min(MAXIMAL_SORTS) as u16);
        self.sorts.push(name);
        self.by_name.insert(name, sort);
        sort
    }

    /// The sort with this name, if it was declared.
    pub fn sort_named(&self, name: Name) -> Option<SortId> {
        self.by_name.get(&name).copied()
    }

    /// Declares the first sort to be below the second.
    pub fn add_subsort(&mut self, lower: SortId, upper: SortId) {
        self.subsorts.push((lower, upper));
    }

    /// Declares a constant that is numbered after all operators, also polymorphic ones, so that
    /// those keep their numbers.
    pub fn add_last_constant(&mut self, name: Name, range: Argument) {
        self.last_constants.push(OperatorDeclaration {
            name,
            domain: Vec::new(),
            range,
            partial: false,
            attributes: Attributes::default(),
        });
    }

    /// Declares an operator.
    pub fn add_op(&mut self, declaration: OperatorDeclaration) -> DeclarationId {
        self.declarations.push(declaration);
        DeclarationId(self.declarations.len() - 1)
    }

    /// Computes kinds, the subsort relation and the least-sort tables.
    ///
    /// # Errors
    /// All reasons why the declarations make no signature.
    pub fn finish(self) -> Result<(Signature, Vec<SignatureWarning>), Vec<SignatureError>> {
        let too_many = |what, limit| vec![SignatureError::TooMany { what, limit }];
        if self.sorts.len() >= MAXIMAL_SORTS {
            return Err(too_many("sorts", MAXIMAL_SORTS));
        }
        let mut signature = Signature::default();
        self.place_sorts(&mut signature)?;
        if self.declarations.len() * signature.kinds.len().max(1) >= MAXIMAL_OPERATORS
            && self.declarations.len() >= MAXIMAL_OPERATORS / 2
        {
            return Err(too_many("operators", MAXIMAL_OPERATORS));
        }
        let mut warnings = Vec::new();
        self.place_operators(&mut signature, &mut warnings);
        for number in 0..self.declarations.len() {
            self.leave_out_axioms(&mut signature, number, &mut warnings);
        }
        make_tables(&mut signature, &mut warnings);
        Ok((signature, warnings))
    }

    /// Leaves out the axioms that an operator cannot have.
    fn leave_out_axioms(
        &self,
        signature: &mut Signature,
        number: usize,
        warnings: &mut Vec<SignatureWarning>,
    ) {
        let declared = &self.declarations[number];
        let op = signature.declared[number];
        while let Some((axiom, reason)) = impossible_axiom(signature.operator(op)) {
            warnings.push(SignatureWarning::ImpossibleAxiom {
                operator: declared.name,
                declaration: DeclarationId(number),
                axiom,
                reason,
            });
            let instances = signature.operators.iter_mut().filter(|operator| {
                let is_polymorphic = !declared.attributes.poly.is_empty();
                operator.name == declared.name
                    && operator.arity() == declared.domain.len()
                    && is_polymorphic
            });
            for operator in instances {
                leave_out(&mut operator.attributes.axioms, axiom);
            }
            leave_out(
                &mut signature.operators[op.index()].attributes.axioms,
                axiom,
            );
        }
    }

    /// Sorts, kinds and the subsort matrix.
    fn place_sorts(&self, signature: &mut Signature) -> Result<(), Vec<SignatureError>> {
        let n_sorts = self.sorts.len();
        let mut component: Vec<usize> = (0..n_sorts).collect();
        for &(lower, upper) in &self.subsorts {
            let (a, b) = (
                find_root(&mut component, lower.index()),
                find_root(&mut component, upper.index()),
            );
            component[a.max(b)] = a.min(b);
        }
        let roots: Vec<usize> = (0..n_sorts).map(|s| find_root(&mut component, s)).collect();
        let order = self.topological_order()?;
        let mut kind_of_root: HashMap<usize, KindId, FxBuildHasher> = HashMap::default();
        for (index, &name) in self.sorts.iter().enumerate() {
            let n_kinds = signature.kinds.len();
            let kind = *kind_of_root
                .entry(roots[index])
                .or_insert(KindId(n_kinds as u16));
            if kind.index() == n_kinds {
                signature.kinds.push(Kind {
                    sorts: vec![SortId((n_sorts + n_kinds) as u16)],
                    maximal: Vec::new(),
                });
            }
            signature.sorts.push(Sort {
                name,
                kind,
                position: 0,
            });
        }
        signature.sort_names = self.by_name.clone();
        let n_all = n_sorts + signature.kinds.len();
        signature.words = n_all.div_ceil(64);
        signature.below = vec![0; n_all * signature.words];
        self.fill_matrix(signature, &order);
        for &index in &order {
            let kind = signature.sorts[index].kind;
            let sorts = &mut signature.kinds[kind.index()].sorts;
            signature.sorts[index].position = sorts.len() as u16;
            sorts.push(SortId(index as u16));
        }
        self.name_kinds(signature);
        Ok(())
    }

    /// Sorts so that each comes before its subsorts, those of a kind in the order of Maude.
    fn topological_order(&self) -> Result<Vec<usize>, Vec<SignatureError>> {
        let n_sorts = self.sorts.len();
        let mut n_above = vec![0usize; n_sorts];
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); n_sorts];
        for &(lower, upper) in &self.subsorts {
            n_above[lower.index()] += 1;
            below[upper.index()].push(lower.index());
        }
        let mut order = self.maximal_sorts();
        let mut done = 0;
        while done < order.len() {
            for &lower in &below[order[done]] {
                n_above[lower] -= 1;
                if n_above[lower] == 0 {
                    order.push(lower);
                }
            }
            done += 1;
        }
        match n_above.iter().position(|&above| above > 0) {
            Some(sort) => Err(vec![SignatureError::SubsortCycle {
                sort: self.sorts[sort],
            }]),
            None => Ok(order),
        }
    }

    /// The sorts below no other, as Maude meets them: from the first sort of a kind down to its
    /// subsorts, and from each of these up to the supersorts not met before.
    fn maximal_sorts(&self) -> Vec<usize> {
        let n_sorts = self.sorts.len();
        let (mut below, mut above) = (vec![Vec::new(); n_sorts], vec![Vec::new(); n_sorts]);
        for &(lower, upper) in &self.subsorts {
            below[upper.index()].push(lower.index());
            above[lower.index()].push(upper.index());
        }
        let mut is_met = vec![false; n_sorts];
        let mut maximal = Vec::new();
        for first in 0..n_sorts {
            if std::mem::replace(&mut is_met[first], true) {
                continue;
            }
            // Each with how many of its neighbours were looked at.
            let mut path = vec![(first, 0)];
            while let Some((sort, n_done)) = path.last_mut() {
                let (sort, next) = (*sort, *n_done);
                *n_done += 1;
                let (lower, upper) = (&below[sort], &above[sort]);
                if next == lower.len() && upper.is_empty() {
                    maximal.push(sort);
                }
                match lower.iter().chain(upper).nth(next) {
                    Some(&neighbour) => {
                        if !std::mem::replace(&mut is_met[neighbour], true) {
                            path.push((neighbour, 0));
                        }
                    }
                    None => {
                        path.pop();
                    }
                }
            }
        }
        maximal
    }

    fn fill_matrix(&self, signature: &mut Signature, order: &[usize]) {
        let words = signature.words;
        let mut direct: Vec<Vec<usize>> = vec![Vec::new(); self.sorts.len()];
        for &(lower, upper) in &self.subsorts {
            direct[upper.index()].push(lower.index());
        }
        for &upper in order.iter().rev() {
            signature.below[upper * words + upper / 64] |= 1 << (upper % 64);
            for &lower in &direct[upper] {
                for word in 0..words {
                    let bits = signature.below[lower * words + word];
                    signature.below[upper * words + word] |= bits;
                }
            }
        }
        for (number, kind) in signature.kinds.iter().enumerate() {
            let error = kind.sorts[0].index();
            signature.below[error * words + error / 64] |= 1 << (error % 64);
            for (index, sort) in signature.sorts.iter().enumerate() {
                if sort.kind.index() == number {
                    signature.below[error * words + index / 64] |= 1 << (index % 64);
                }
            }
        }
    }

    fn name_kinds(&self, signature: &mut Signature) {
        let mut is_maximal = vec![true; self.sorts.len()];
        for &(lower, _) in &self.subsorts {
            is_maximal[lower.index()] = false;
        }
        for kind in &mut signature.kinds {
            let sorts = kind.sorts.iter().skip(1).copied();
            kind.maximal = sorts.filter(|sort| is_maximal[sort.index()]).collect();
        }
        for number in 0..signature.kinds.len() {
            let names: Vec<&str> = signature.kinds[number]
                .maximal
                .iter()
                .map(|&sort| self.sorts[sort.index()].as_str())
                .collect();
            signature.sorts.push(Sort {
                name: Name::new(&format!("[{}]", names.join(","))),
                kind: KindId(number as u16),
                position: 0,
            });
        }
    }

    /// Merges declarations into operators; polymorphic ones come after all others.
    fn place_operators(&self, signature: &mut Signature, warnings: &mut Vec<SignatureWarning>) {
        let mut merged: OperatorIndex = HashMap::default();
        signature.declared = vec![OpId(0); self.declarations.len()];
        for (number, declaration) in self.declarations.iter().enumerate() {
            if declaration.attributes.poly.is_empty() {
                let resolved = resolve(signature, declaration);
                let op = merge(signature, &mut merged, declaration, resolved, || {
                    warnings.push(SignatureWarning::AxiomsDiffer {
                        operator: OpId(0),
                        declaration: DeclarationId(number),
                    });
                });
                if let Some(SignatureWarning::AxiomsDiffer {
                    operator,
                    declaration,
                }) = warnings.last_mut()
                    && declaration.0 == number
                {
                    *operator = op;
                }
                signature.declared[number] = op;
            }
        }
        for (number, declaration) in self.declarations.iter().enumerate() {
            if !declaration.attributes.poly.is_empty() {
                for kind in 0..signature.kinds.len() {
                    let kind = KindId(kind as u16);
                    for resolved in instances(signature, declaration, kind) {
                        let op = merge(signature, &mut merged, declaration, resolved, || {});
                        if kind.index() == 0 {
                            signature.declared[number] = op;
                        }
                    }
                }
            }
        }
        for declaration in &self.last_constants {
            let resolved = resolve(signature, declaration);
            merge(signature, &mut merged, declaration, resolved, || {});
        }
        signature.index_names();
    }
}

type OperatorIndex = HashMap<(Name, Vec<KindId>, KindId), OpId, FxBuildHasher>;

fn find_root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

/// The declaration with its kinds turned into error sorts.
fn resolve(signature: &Signature, declaration: &OperatorDeclaration) -> Declaration {
    let sort_of = |argument: &Argument| match *argument {
        Argument::Sort(sort) if !declaration.partial => sort,
        Argument::Sort(sort) | Argument::Kind(sort) => {
            signature.error_sort(signature.kind_of(sort))
        }
    };
    Declaration {
        domain: declaration.domain.iter().map(sort_of).collect(),
        range: sort_of(&declaration.range),
        ctor: declaration.attributes.ctor,
    }
}

/// The declarations of a polymorphic operator at one kind: one for every sort if it chooses between
/// its arguments, so that a choice between terms of a sort has that sort; else one at the kind.
fn instances(
    signature: &Signature,
    declaration: &OperatorDeclaration,
    kind: KindId,
) -> Vec<Declaration> {
    let fixed = resolve(signature, declaration);
    let poly = &declaration.attributes.poly;
    let sorts = &signature.kinds[kind.index()].sorts;
    let chooses = |hook: Name| hook.as_str() == Hook::Branch.name();
    let sorts = if declaration.attributes.hook.is_some_and(chooses) {
        &sorts[..]
    } else {
        &sorts[..1]
    };
    let at = |sort: SortId| Declaration {
        domain: (fixed.domain.iter().enumerate())
            .map(|(position, &other)| match poly.contains(&(position + 1)) {
                true => sort,
                false => other,
            })
            .collect(),
        range: if poly.contains(&0) { sort } else { fixed.range },
        ctor: fixed.ctor,
    };
    sorts.iter().map(|&sort| at(sort)).collect()
}

fn merge(
    signature: &mut Signature,
    merged: &mut OperatorIndex,
    declaration: &OperatorDeclaration,
    resolved: Declaration,
    differ: impl FnOnce(),
) -> OpId {
    let kind_of = |sort: &SortId| signature.sorts[sort.index()].kind;
    let domain: Vec<KindId> = resolved.domain.iter().map(kind_of).collect();
    let range = kind_of(&resolved.range);
    let next = OpId(signature.operators.len() as u32);
    let op = *merged
        .entry((declaration.name, domain.clone(), range))
        .or_insert(next);
    if op == next {
        signature.operators.push(Operator {
            name: declaration.name,
            domain,
            range,
            declarations: vec![resolved],
            attributes: declaration.attributes.clone(),
            table: LeastSortTable::default(),
        });
        return op;
    }
    let operator = &mut signature.operators[op.index()];
    operator.declarations.push(resolved);
    if operator.attributes.axioms != declaration.attributes.axioms {
        differ();
    }
    join(&mut operator.attributes, &declaration.attributes);
    op
}

fn join(into: &mut Attributes, from: &Attributes) {
    into.axioms = Axioms {
        assoc: into.axioms.assoc || from.axioms.assoc,
        comm: into.axioms.comm || from.axioms.comm,
        idem: into.axioms.idem || from.axioms.idem,
        identity: into.axioms.identity.or(from.axioms.identity),
        iter: into.axioms.iter || from.axioms.iter,
    };
    into.memo |= from.memo;
    into.prec = into.prec.or(from.prec);
    into.gather = into.gather.take().or_else(|| from.gather.clone());
    into.format = into.format.take().or_else(|| from.format.clone());
    into.strategy = into.strategy.take().or_else(|| from.strategy.clone());
    into.hook = into.hook.or(from.hook);
    into.metadata = into.metadata.or(from.metadata);
    if into.frozen.is_empty() {
        into.frozen.clone_from(&from.frozen);
    }
}

fn leave_out(axioms: &mut Axioms, axiom: &str) {
    match axiom {
        "assoc" => axioms.assoc = false,
        "comm" => axioms.comm = false,
        "idem" => axioms.idem = false,
        "iter" => axioms.iter = false,
        _ => axioms.identity = None,
    }
}

fn impossible_axiom(operator: &Operator) -> Option<(&'static str, &'static str)> {
    let axioms = operator.axioms();
    let binary = operator.arity() == 2;
    let same_domain = binary && operator.domain[0] == operator.domain[1];
    let closed = same_domain && operator.domain[0] == operator.range;
    if axioms.assoc && !closed {
        return Some(("assoc", "its arguments and result must be two of one kind"));
    }
    if axioms.comm && !same_domain {
        return Some(("comm", "it must have two arguments of one kind"));
    }
    if axioms.idem && !closed {
        return Some(("idem", "its arguments and result must be two of one kind"));
    }
    if axioms.idem && axioms.assoc {
        return Some(("idem", "it is associative, and the two do not combine"));
    }
    if axioms.identity.is_some() && !binary {
        return Some(("id:", "it must have two arguments"));
    }
    if axioms.iter && (operator.arity() != 1 || operator.domain[0] != operator.range) {
        return Some((
            "iter",
            "it must have one argument, of the kind of its result",
        ));
    }
    None
}

fn make_tables(signature: &mut Signature, warnings: &mut Vec<SignatureWarning>) {
    for index in 0..signature.operators.len() {
        let operator = &signature.operators[index];
        let mut declarations = operator.declarations.clone();
        if operator.axioms().comm {
            let swapped = |declaration: &Declaration| Declaration {
                domain: declaration.domain.iter().rev().copied().collect(),
                ..*declaration
            };
            declarations.extend(operator.declarations.iter().map(swapped));
        }
        let input = TableInput {
            domain: &operator.domain,
            kinds: &signature.kinds,
            declarations: &declarations,
            error: signature.error_sort(operator.range),
            leq: &|lower, upper| signature.leq(lower, upper),
        };
        let (table, clash) = LeastSortTable::build(&input);
        if let Some((first, second)) = clash {
            warnings.push(SignatureWarning::NotPreregular {
                operator: OpId(index as u32),
                first,
                second,
            });
        }
        signature.operators[index].table = table;
    }
}
