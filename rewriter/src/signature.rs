//! Sorts, kinds and operators: what terms can be made of.
//!
//! The one idea: everything that depends on declarations alone is computed once, in
//! [`SignatureBuilder::finish`]: connected components (kinds), the subsort relation as a bit
//! matrix, and for every operator a table that gives the least sort of an application from the
//! sorts of its arguments. Declarations of one name over the same kinds are one operator (subsort
//! overloading); over other kinds they are another operator (ad-hoc overloading).
//!
//! Left out on purpose: statements, identity elements as terms (both belong to
//! [`module`](crate::module)), and everything about text except the data a printer needs.

mod builder;
mod least_sort;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::name::Name;

pub use builder::{
    Argument, DeclarationId, OperatorDeclaration, SignatureBuilder, SignatureError,
    SignatureWarning,
};
pub(crate) use least_sort::LeastSortTable;

/// A sort, or the error sort of a kind (see [`Signature::error_sort`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct SortId(pub(crate) u16);

/// A kind: a connected component of the subsort relation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct KindId(pub(crate) u16);

/// An operator: a name with the kinds of its arguments and result. Numbered in order of creation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct OpId(pub(crate) u32);

impl SortId {
    /// The number of this sort, dense from 0, for tables indexed by sort.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl KindId {
    /// The number of this kind, dense from 0, for tables indexed by kind.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl OpId {
    /// The number of this operator, dense from 0 in order of creation.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A sort as a signature knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sort {
    /// Its name; an error sort is named after the maximal sorts of its kind, `[A,B]`.
    pub name: Name,
    /// The kind it belongs to.
    pub kind: KindId,
    /// Its position in [`Kind::sorts`].
    pub(crate) position: u16,
}

/// A connected component of sorts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kind {
    /// Every sort of the component; the error sort comes first, and a sort comes before its
    /// subsorts.
    pub sorts: Vec<SortId>,
    /// The user's sorts that have nothing above them but the error sort, in declaration order.
    pub maximal: Vec<SortId>,
}

/// On which side an identity element is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Side {
    /// `f(e, x) = x` only.
    Left,
    /// `f(x, e) = x` only.
    Right,
    /// Both.
    Both,
}

/// The structural axioms of an operator.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Axioms {
    /// Associative.
    pub assoc: bool,
    /// Commutative.
    pub comm: bool,
    /// Idempotent.
    pub idem: bool,
    /// Has an identity element; the term itself is given to the module.
    pub identity: Option<Side>,
    /// Unary and written `f^n(t)` when repeated.
    pub iter: bool,
}

/// The attributes of an operator declaration, apart from its sorts.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub struct Attributes {
    /// Structural axioms.
    pub axioms: Axioms,
    /// This declaration makes constructors.
    pub ctor: bool,
    /// Precedence, when given.
    pub prec: Option<u32>,
    /// Gathering pattern, one of `e`, `E`, `&` for each argument, when given.
    pub gather: Option<Vec<char>>,
    /// The words of a `format` attribute.
    pub format: Option<Vec<Name>>,
    /// Arguments (from 0) inside which no rule may rewrite.
    pub frozen: Vec<usize>,
    /// Evaluation strategy as written: argument numbers from 1, and 0 for the top.
    pub strategy: Option<Vec<usize>>,
    /// Normal forms of this operator are remembered for the session.
    pub memo: bool,
    /// Polymorphic positions as written: 0 for the result, argument numbers from 1.
    pub poly: Vec<usize>,
    /// The built-in this operator is attached to: a name listed in [`builtin`](crate::builtin).
    pub hook: Option<Name>,
    /// A `metadata` string.
    pub metadata: Option<Name>,
}

/// One declaration of an operator, elaborated: sorts may be error sorts (declared at a kind).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Declaration {
    /// Sorts of the arguments.
    pub domain: Vec<SortId>,
    /// Sort of the result.
    pub range: SortId,
    /// Declared as a constructor.
    pub ctor: bool,
}

/// An operator with all its declarations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Operator {
    /// Its mixfix name, such as `_+_` or `<_|_>`.
    pub name: Name,
    /// Kinds of its arguments.
    pub domain: Vec<KindId>,
    /// Kind of its result.
    pub range: KindId,
    /// Its declarations in order.
    pub declarations: Vec<Declaration>,
    /// Attributes, joined over the declarations.
    pub attributes: Attributes,
    pub(crate) table: LeastSortTable,
}

impl Operator {
    /// How many arguments it takes.
    pub fn arity(&self) -> usize {
        self.domain.len()
    }

    /// Its structural axioms.
    pub fn axioms(&self) -> Axioms {
        self.attributes.axioms
    }
}

/// All sorts, kinds and operators of a module, with the tables made from them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Signature {
    sorts: Vec<Sort>,
    kinds: Vec<Kind>,
    operators: Vec<Operator>,
    declared: Vec<OpId>,
    #[serde(skip)]
    sort_names: HashMap<Name, SortId, FxBuildHasher>,
    #[serde(skip)]
    by_name: HashMap<(Name, usize), Vec<OpId>, FxBuildHasher>,
    /// Bit `j` of row `i`: sort `j` is below or equal to sort `i`.
    below: Vec<u64>,
    words: usize,
}

impl Signature {
    /// Makes the tables of names from the rest.
    pub(crate) fn index_names(&mut self) {
        self.sort_names = (self.sorts.iter().enumerate())
            .filter(|(_, sort)| sort.position != 0)
            .map(|(index, sort)| (sort.name, SortId(index as u16)))
            .collect();
        self.by_name.clear();
        for (index, operator) in self.operators.iter().enumerate() {
            let key = (operator.name, operator.arity());
            self.by_name
                .entry(key)
                .or_default()
                .push(OpId(index as u32));
        }
    }

    /// The same, where operators attached to some built-ins are attached to none.
    pub(crate) fn without_hooks(&self, is_dropped: impl Fn(Name) -> bool) -> Signature {
        let mut signature = self.clone();
        for operator in &mut signature.operators {
            operator.attributes.hook = operator.attributes.hook.filter(|&hook| !is_dropped(hook));
        }
        signature
    }

    /// The sort with this name; error sorts have none.
    pub fn sort_named(&self, name: Name) -> Option<SortId> {
        self.sort_names.get(&name).copied()
    }

    /// What is known of a sort.
    pub fn sort(&self, sort: SortId) -> &Sort {
        &self.sorts[sort.index()]
    }

    /// Every sort: the user's in order of declaration, then the error sorts.
    pub fn sorts(&self) -> impl Iterator<Item = SortId> + '_ {
        (0..self.sorts.len()).map(|index| SortId(index as u16))
    }

    /// The kind of a sort.
    pub fn kind_of(&self, sort: SortId) -> KindId {
        self.sorts[sort.index()].kind
    }

    /// What is known of a kind.
    pub fn kind(&self, kind: KindId) -> &Kind {
        &self.kinds[kind.index()]
    }

    /// Every kind.
    pub fn kinds(&self) -> impl Iterator<Item = KindId> + '_ {
        (0..self.kinds.len()).map(|index| KindId(index as u16))
    }

    /// The sort that stands for the whole kind; terms that have no sort get it.
    pub fn error_sort(&self, kind: KindId) -> SortId {
        self.kinds[kind.index()].sorts[0]
    }

    /// Whether this is the error sort of its kind.
    pub fn is_error_sort(&self, sort: SortId) -> bool {
        self.sorts[sort.index()].position == 0
    }

    /// Whether the first sort is below or equal to the second.
    #[inline]
    pub fn leq(&self, lower: SortId, upper: SortId) -> bool {
        let word = self.below[upper.index() * self.words + lower.index() / 64];
        word >> (lower.index() % 64) & 1 == 1
    }

    /// What is known of an operator.
    #[inline]
    pub fn operator(&self, op: OpId) -> &Operator {
        &self.operators[op.index()]
    }

    /// Every operator in order of creation.
    pub fn operators(&self) -> impl Iterator<Item = OpId> + '_ {
        (0..self.operators.len()).map(|index| OpId(index as u32))
    }

    /// The operator that a declaration became part of. Polymorphic declarations become one
    /// operator for each kind; this gives the first.
    pub fn operator_of(&self, declaration: DeclarationId) -> OpId {
        self.declared[declaration.0]
    }

    /// Every operator with this mixfix name and number of arguments, in order of creation.
    pub fn operators_named(&self, name: Name, arity: usize) -> &[OpId] {
        self.by_name
            .get(&(name, arity))
            .map_or(&[], |operators| operators.as_slice())
    }

    /// The operator with this mixfix name over exactly these argument kinds.
    pub fn find_operator(&self, name: Name, domain: &[KindId]) -> Option<OpId> {
        self.operators_named(name, domain.len())
            .iter()
            .copied()
            .find(|&op| self.operator(op).domain == domain)
    }

    /// The least sort of an application, from the least sorts of its arguments; an associative
    /// operator may have more than two.
    pub fn least_sort(&self, op: OpId, arguments: &[SortId]) -> SortId {
        let operator = self.operator(op);
        if operator.axioms().assoc && arguments.len() > 2 {
            return arguments[1..].iter().fold(arguments[0], |sort, &next| {
                operator
                    .table
                    .pair(self.position(sort), self.position(next))
            });
        }
        let positions = arguments.iter().map(|&sort| self.position(sort));
        operator.table.lookup(positions)
    }

    /// Where operators stand in Maude's order of symbols: fewer arguments first, then creation.
    #[inline]
    pub fn symbol_order(&self, op: OpId) -> u32 {
        (self.operators[op.index()].domain.len() as u32) << 24 | op.0
    }

    /// The position of a sort in its kind, the index of least-sort tables.
    #[inline]
    pub(crate) fn position(&self, sort: SortId) -> usize {
        self.sorts[sort.index()].position as usize
    }
}
