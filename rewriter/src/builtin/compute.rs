//! What built-in operators compute, and how many rewrites it counts as.
//!
//! The one idea: [`Builtins`] finds the constants that results are made of once per module; then a
//! computation is a function of the hook and reduced arguments, `None` when they are not of the
//! right form. The number of rewrites is what Maude would count.

use num_bigint::BigInt;
use num_traits::One;

use super::{Hook, float, number, text};
use crate::integer::Int;
use crate::module::Module;
use crate::name::Name;
use crate::pattern::Literal;
use crate::signature::OpId;
use crate::term::{Store, TermId};

/// The constants and literal operators of a module that results are made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builtins {
    pub(crate) truth: Option<[TermId; 2]>,
    pub(super) strings: Option<OpId>,
    pub(super) quoted_ids: Option<OpId>,
    pub(super) floats: Option<OpId>,
    divide: Option<OpId>,
    not_found: Option<TermId>,
}

/// What a built-in gives.
pub(crate) struct Computed {
    pub(crate) term: TermId,
    pub(crate) n_rewrites: u64,
    /// The term may be rewritten further.
    pub(crate) partial: bool,
}

/// A value that a built-in computes.
pub(super) enum Value {
    Truth(bool),
    Number(Int),
    Small(i64),
    Text(String),
    QuotedId(String),
    Real(f64),
    /// Above and below the line, the latter positive.
    Fraction(Int, Int),
    NotFound,
}

impl Builtins {
    pub(crate) fn new(module: &Module, store: &mut Store) -> Builtins {
        let constant = |store: &mut Store, op: Option<OpId>| op.map(|op| store.make(op, &[]));
        let yes = constant(store, module.operator_with(Hook::True));
        let no = constant(store, module.operator_with(Hook::False));
        let not_found = module.signature().operators_named(Name::new("notFound"), 0);
        let not_found = not_found.first().copied();
        Builtins {
            truth: yes.zip(no).map(|(yes, no)| [no, yes]),
            strings: module.operator_with(Hook::Strings),
            quoted_ids: module.operator_with(Hook::QuotedIds),
            floats: module.operator_with(Hook::Floats),
            divide: module.operator_with(Hook::Divide),
            not_found: constant(store, not_found),
        }
    }

    /// The truth value that a term is.
    #[inline]
    pub(crate) fn truth_of(&self, term: TermId) -> Option<bool> {
        let [no, yes] = self.truth?;
        match term {
            _ if term == yes => Some(true),
            _ if term == no => Some(false),
            _ => None,
        }
    }

    /// Computes an operator on reduced arguments.
    pub(crate) fn compute(
        &self,
        hook: Hook,
        op: OpId,
        store: &mut Store,
        arguments: &[TermId],
    ) -> Option<Computed> {
        let exactly = |term: TermId, n_rewrites: u64| {
            Some(Computed {
                term,
                n_rewrites,
                partial: false,
            })
        };
        let value = match hook {
            Hook::Equal => Value::Truth(store.equal(arguments[0], arguments[1])),
            Hook::Unequal => Value::Truth(!store.equal(arguments[0], arguments[1])),
            Hook::Branch => {
                let chosen = if self.truth_of(arguments[0])? { 1 } else { 2 };
                return exactly(arguments[chosen], 1);
            }
            Hook::And | Hook::Or | Hook::Xor | Hook::Not | Hook::Implies => {
                let (truth, n_rewrites) = self.connective(hook, arguments)?;
                return exactly(self.truth?[usize::from(truth)], n_rewrites);
            }
            Hook::ModelCheck => {
                return exactly(store.checked(arguments[0], arguments[1])?, 1);
            }
            Hook::Random => {
                let place = u64::try_from(store.small_integer(arguments[0])?).ok()?;
                Value::Small(i64::from(store.random_number(place)?))
            }
            // The rule that asks for it counts already.
            Hook::NextNumber => {
                let number = Value::Small(store.next_number());
                return exactly(self.make(store, number)?, 0);
            }
            Hook::Divide => return self.divide(op, store, arguments),
            Hook::FloatFromRational => {
                let (above, below) = self.rational(store, *arguments.first()?)?;
                Value::Real(float::quotient(&above, &below))
            }
            Hook::RationalFromFloat => match store.literal(*arguments.first()?)? {
                Literal::Float(float) => {
                    let (above, below) = float::fraction(float)?;
                    Value::Fraction(Int::from(above), Int::from(below))
                }
                _ => return None,
            },
            Hook::StringFromRational => {
                let (above, below) = self.rational(store, *arguments.first()?)?;
                let base = text::base(&store.integer(*arguments.get(1)?)?)?;
                let mut text = above.to_str_radix(base);
                if !below.is_one() {
                    text += &format!("/{}", below.to_str_radix(base));
                }
                Value::Text(text)
            }
            _ if number::is_folded(hook) => return self.fold(hook, op, store, arguments),
            _ => number::compute(hook, store, arguments)
                .or_else(|| float::compute(hook, store, arguments))
                .or_else(|| text::compute(hook, store, arguments))?,
        };
        // A fraction that is not in lowest terms is one step away from them.
        let n_rewrites = match &value {
            Value::Fraction(above, below) if *above != Int::Small(0) => {
                1 + u64::from(
                    number::lowest_terms(above, below).is_some_and(|_| *below != Int::Small(1)),
                )
            }
            _ => 1,
        };
        exactly(self.make(store, value)?, n_rewrites)
    }

    /// A fraction in lowest terms; `None` if it is one already.
    /// The numbers above and below that a rational number is.
    fn rational(&self, store: &Store, term: TermId) -> Option<(BigInt, BigInt)> {
        if let Some(integer) = store.integer(term) {
            return Some((integer.to_big(), BigInt::one()));
        }
        if Some(store.op(term)) != self.divide {
            return None;
        }
        let [above, below] = *store.arguments(term) else {
            return None;
        };
        Some((
            store.integer(above)?.to_big(),
            store.integer(below)?.to_big(),
        ))
    }

    fn divide(&self, op: OpId, store: &mut Store, arguments: &[TermId]) -> Option<Computed> {
        let above = store.integer(arguments[0])?;
        let below = store.integer(arguments[1])?;
        let (above, below) = number::lowest_terms(&above, &below)?;
        let above = store.transient_integer(&above)?;
        let term = match below {
            Int::Small(1) => above,
            below => {
                let below = store.transient_integer(&below)?;
                store.make_transient(op, &[above, below])
            }
        };
        Some(Computed {
            term,
            n_rewrites: 1,
            partial: false,
        })
    }

    fn connective(&self, hook: Hook, arguments: &[TermId]) -> Option<(bool, u64)> {
        let mut values = arguments.iter().map(|&argument| self.truth_of(argument));
        let first = values.next()??;
        if hook == Hook::Not {
            return Some((!first, 2));
        }
        let mut result = first;
        let mut n_rewrites = 0;
        for value in values {
            let value = value?;
            (result, n_rewrites) = match hook {
                Hook::And => (result && value, n_rewrites + 1),
                Hook::Or => (result || value, n_rewrites + 4),
                Hook::Xor => (result != value, n_rewrites + 1),
                _ => (!result || value, n_rewrites + 5),
            };
        }
        Some((result, n_rewrites))
    }

    /// Associative operations on numbers: those arguments that are numbers become one.
    fn fold(
        &self,
        hook: Hook,
        op: OpId,
        store: &mut Store,
        arguments: &[TermId],
    ) -> Option<Computed> {
        if let [first, second] = *arguments
            && let (Some(a), Some(b)) = (store.small_integer(first), store.small_integer(second))
            && let Some(small) = number::fold_small(hook, a, b)
        {
            return Some(Computed {
                term: store.transient_small(small)?,
                n_rewrites: 1,
                partial: false,
            });
        }
        let mut rest: Vec<TermId> = Vec::new();
        let mut folded: Option<Int> = None;
        let mut n_rewrites = 0;
        for &argument in arguments {
            match (store.integer(argument), folded.take()) {
                (None, before) => {
                    rest.push(argument);
                    folded = before;
                }
                (Some(value), None) => folded = Some(value),
                (Some(value), Some(before)) => {
                    folded = Some(number::fold(hook, &before, &value));
                    // All of them in one step.
                    n_rewrites = 1;
                }
            }
        }
        if n_rewrites == 0 {
            return None;
        }
        let number = store.transient_integer(&folded?)?;
        if rest.is_empty() {
            return Some(Computed {
                term: number,
                n_rewrites,
                partial: false,
            });
        }
        rest.push(number);
        Some(Computed {
            term: store.make_transient(op, &rest),
            n_rewrites,
            partial: true,
        })
    }

    fn make(&self, store: &mut Store, value: Value) -> Option<TermId> {
        match value {
            Value::Truth(truth) => Some(self.truth?[usize::from(truth)]),
            Value::Small(small) => store.transient_small(small),
            Value::Number(number) => store.transient_integer(&number),
            Value::Text(text) => {
                Some(store.transient_literal(self.strings?, &Literal::String(text)))
            }
            Value::QuotedId(text) => {
                Some(store.transient_literal(self.quoted_ids?, &Literal::QuotedId(text)))
            }
            Value::Real(real) => Some(store.transient_literal(self.floats?, &Literal::Float(real))),
            Value::Fraction(above, below) => {
                let lowest = number::lowest_terms(&above, &below);
                let (above, below) = lowest.unwrap_or((above, below));
                let above = store.transient_integer(&above)?;
                match below {
                    Int::Small(1) => Some(above),
                    below => {
                        let below = store.transient_integer(&below)?;
                        Some(store.make_transient(self.divide?, &[above, below]))
                    }
                }
            }
            Value::NotFound => self.not_found,
        }
    }
}
