//! Built-in operators: what an operator declared with `[special (hook NAME)]` computes.
//!
//! The one idea: a hook is data, one name a function; the prelude decides under which mixfix
//! name, sorts and axioms it appears. An operator with a hook is first computed when its arguments
//! are of the right form, and falls through to the equations of the module when they are not.
//!
//! # Names
//!
//! | names | operators in the prelude |
//! |---|---|
//! | `true` `false` | the constants of `Bool` |
//! | `zero` `successor` | `0`, `s_` (with `iter`) |
//! | `minus` | `-_` on integers: constructor of negative numbers, computed when it can be |
//! | `strings` `quoted-ids` `floats` | constants whose literals are strings, `'ids`, floats |
//! | `equal` `unequal` `branch` | `_==_`, `_=/=_`, `if_then_else_fi`, with `poly` |
//! | `and` `or` `xor` `not` `implies` | on Bool constants; equations do the rest |
//! | `add` `multiply` `subtract` `symmetric-difference` | `_+_ _*_ _-_ sd` |
//! | `divide` | `_/_`: constructor of fractions in lowest terms, computed for others |
//! | `quotient` `remainder` `power` `modular-power` | `_quo_ _rem_ _^_ modExp` |
//! | `gcd` `lcm` `minimum` `maximum` `absolute` | `gcd lcm min max abs` |
//! | `bit-and` `bit-or` `bit-xor` `bit-not` `shift-left` `shift-right` | `_&_ _|_ _xor_ ~_ _<<_ _>>_` |
//! | `less` `less-equal` `greater` `greater-equal` `divides` | `_<_ _<=_ _>_ _>=_ _divides_` |
//! | `float-add` `float-subtract` `float-multiply` `float-divide` `float-remainder` `float-power` | `_+_ _-_ _*_ _/_ _rem_ _^_` |
//! | `float-minus` `float-absolute` `float-floor` `float-ceiling` `float-minimum` `float-maximum` | `-_ abs floor ceiling min max` |
//! | `float-sqrt` `float-exp` `float-log` `float-sin` `float-cos` `float-tan` `float-asin` `float-acos` `float-atan` | `sqrt exp log sin cos tan asin acos atan` (one or two arguments) |
//! | `float-less` `float-less-equal` `float-greater` `float-greater-equal` | `_<_ _<=_ _>_ _>=_` |
//! | `float-from-rational` `rational-from-float` | `float`, `rat` |
//! | `string-append` `string-length` `string-substr` `string-find` `string-rfind` | `_+_ length substr find rfind` |
//! | `string-less` `string-less-equal` `string-greater` `string-greater-equal` | `_<_ _<=_ _>_ _>=_` |
//! | `string-upper` `string-lower` `string-ascii` `string-char` | `upperCase lowerCase ascii char` |
//! | `string-from-rational` `rational-from-string` | `string(R, BASE)`, `rat(S, BASE)` |
//! | `string-from-float` `float-from-string` | `string(F)`, `float(S)` |
//! | `string-from-quoted-id` `quoted-id-from-string` | `string(Q)`, `qid(S)` |
//! | `random` `next-number` | `random`, what the rule of `counter` gives |
//! | `model-check` | `modelCheck` |
//!
//! `and-then`, `or-else` and the like need no hook: a `strat` and equations.

mod compute;
mod float;
mod number;
mod random;
mod text;

pub(crate) use compute::Builtins;
pub use float::float_text;
pub(crate) use random::RandomNumbers;

/// What a built-in operator computes. See the table of names in the [module](self).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Hook {
    True,
    False,
    Zero,
    Successor,
    Minus,
    Strings,
    QuotedIds,
    ModelCheck,
    Random,
    NextNumber,
    Floats,
    Equal,
    Unequal,
    Branch,
    And,
    Or,
    Xor,
    Not,
    Implies,
    Add,
    Multiply,
    Subtract,
    SymmetricDifference,
    Divide,
    Quotient,
    Remainder,
    Power,
    ModularPower,
    Gcd,
    Lcm,
    Minimum,
    Maximum,
    Absolute,
    BitAnd,
    BitOr,
    BitXor,
    BitNot,
    ShiftLeft,
    ShiftRight,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Divides,
    FloatAdd,
    FloatSubtract,
    FloatMultiply,
    FloatDivide,
    FloatRemainder,
    FloatPower,
    FloatMinus,
    FloatAbsolute,
    FloatFloor,
    FloatCeiling,
    FloatMinimum,
    FloatMaximum,
    FloatSqrt,
    FloatExp,
    FloatLog,
    FloatSin,
    FloatCos,
    FloatTan,
    FloatAsin,
    FloatAcos,
    FloatAtan,
    FloatLess,
    FloatLessEqual,
    FloatGreater,
    FloatGreaterEqual,
    FloatFromRational,
    RationalFromFloat,
    StringAppend,
    StringLength,
    StringSubstr,
    StringFind,
    StringRfind,
    StringLess,
    StringLessEqual,
    StringGreater,
    StringGreaterEqual,
    StringUpper,
    StringLower,
    StringAscii,
    StringChar,
    StringFromRational,
    RationalFromString,
    StringFromFloat,
    FloatFromString,
    StringFromQuotedId,
    QuotedIdFromString,
}

const NAMES: &[(&str, Hook)] = &[
    ("true", Hook::True),
    ("false", Hook::False),
    ("zero", Hook::Zero),
    ("successor", Hook::Successor),
    ("minus", Hook::Minus),
    ("strings", Hook::Strings),
    ("quoted-ids", Hook::QuotedIds),
    ("model-check", Hook::ModelCheck),
    ("random", Hook::Random),
    ("next-number", Hook::NextNumber),
    ("floats", Hook::Floats),
    ("equal", Hook::Equal),
    ("unequal", Hook::Unequal),
    ("branch", Hook::Branch),
    ("and", Hook::And),
    ("or", Hook::Or),
    ("xor", Hook::Xor),
    ("not", Hook::Not),
    ("implies", Hook::Implies),
    ("add", Hook::Add),
    ("multiply", Hook::Multiply),
    ("subtract", Hook::Subtract),
    ("symmetric-difference", Hook::SymmetricDifference),
    ("divide", Hook::Divide),
    ("quotient", Hook::Quotient),
    ("remainder", Hook::Remainder),
    ("power", Hook::Power),
    ("modular-power", Hook::ModularPower),
    ("gcd", Hook::Gcd),
    ("lcm", Hook::Lcm),
    ("minimum", Hook::Minimum),
    ("maximum", Hook::Maximum),
    ("absolute", Hook::Absolute),
    ("bit-and", Hook::BitAnd),
    ("bit-or", Hook::BitOr),
    ("bit-xor", Hook::BitXor),
    ("bit-not", Hook::BitNot),
    ("shift-left", Hook::ShiftLeft),
    ("shift-right", Hook::ShiftRight),
    ("less", Hook::Less),
    ("less-equal", Hook::LessEqual),
    ("greater", Hook::Greater),
    ("greater-equal", Hook::GreaterEqual),
    ("divides", Hook::Divides),
    ("float-add", Hook::FloatAdd),
    ("float-subtract", Hook::FloatSubtract),
    ("float-multiply", Hook::FloatMultiply),
    ("float-divide", Hook::FloatDivide),
    ("float-remainder", Hook::FloatRemainder),
    ("float-power", Hook::FloatPower),
    ("float-minus", Hook::FloatMinus),
    ("float-absolute", Hook::FloatAbsolute),
    ("float-floor", Hook::FloatFloor),
    ("float-ceiling", Hook::FloatCeiling),
    ("float-minimum", Hook::FloatMinimum),
    ("float-maximum", Hook::FloatMaximum),
    ("float-sqrt", Hook::FloatSqrt),
    ("float-exp", Hook::FloatExp),
    ("float-log", Hook::FloatLog),
    ("float-sin", Hook::FloatSin),
    ("float-cos", Hook::FloatCos),
    ("float-tan", Hook::FloatTan),
    ("float-asin", Hook::FloatAsin),
    ("float-acos", Hook::FloatAcos),
    ("float-atan", Hook::FloatAtan),
    ("float-less", Hook::FloatLess),
    ("float-less-equal", Hook::FloatLessEqual),
    ("float-greater", Hook::FloatGreater),
    ("float-greater-equal", Hook::FloatGreaterEqual),
    ("float-from-rational", Hook::FloatFromRational),
    ("rational-from-float", Hook::RationalFromFloat),
    ("string-append", Hook::StringAppend),
    ("string-length", Hook::StringLength),
    ("string-substr", Hook::StringSubstr),
    ("string-find", Hook::StringFind),
    ("string-rfind", Hook::StringRfind),
    ("string-less", Hook::StringLess),
    ("string-less-equal", Hook::StringLessEqual),
    ("string-greater", Hook::StringGreater),
    ("string-greater-equal", Hook::StringGreaterEqual),
    ("string-upper", Hook::StringUpper),
    ("string-lower", Hook::StringLower),
    ("string-ascii", Hook::StringAscii),
    ("string-char", Hook::StringChar),
    ("string-from-rational", Hook::StringFromRational),
    ("rational-from-string", Hook::RationalFromString),
    ("string-from-float", Hook::StringFromFloat),
    ("float-from-string", Hook::FloatFromString),
    ("string-from-quoted-id", Hook::StringFromQuotedId),
    ("quoted-id-from-string", Hook::QuotedIdFromString),
];

impl Hook {
    /// The hook with this name.
    pub fn named(name: &str) -> Option<Hook> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|&(_, hook)| hook)
    }

    /// Whether the operator only makes values and never computes.
    pub fn is_constructor(self) -> bool {
        use Hook::{False, Floats, QuotedIds, Strings, Successor, True, Zero};
        matches!(
            self,
            True | False | Zero | Successor | Strings | QuotedIds | Floats
        )
    }

    /// The name of this hook.
    pub fn name(self) -> &'static str {
        match NAMES.iter().find(|(_, hook)| *hook == self) {
            Some((name, _)) => name,
            None => unreachable!("every hook is in the table of names"),
        }
    }
}
