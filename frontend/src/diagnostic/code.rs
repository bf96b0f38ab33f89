//! The codes of diagnostics: one number and one name for each rule that can be broken.
//!
//! Numbers never change their meaning. The hundreds group them: 0 files and syntax,
//! 1 declarations, 2 expressions, 3 statements, 4 modules, 5 tests, 8 warnings.

use std::fmt;

macro_rules! codes {
    ($($variant:ident = $number:literal $name:literal: $meaning:literal,)*) => {
        /// The stable name of a rule that a program can break.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the numbers.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The number, as in `P0010`.
            #[must_use]
            pub fn number(self) -> u16 {
                match self { $(Code::$variant => $number,)* }
            }

            /// The name, as in `syntax-error`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What the code means, in one sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    UnreadableFile = 1 "unreadable-file": "A file or directory cannot be read.",
    BadProject = 2 "bad-project": "A .pproj file is not a project.",
    NoFiles = 3 "no-files": "There is no P file where one was expected.",
    SyntaxError = 10 "syntax-error": "The text is not P.",
    NestedTooDeeply = 11 "nested-too-deeply": "Brackets, statements or operators nest too deeply.",
    Unterminated = 12 "unterminated": "A string or comment does not end.",
    NumberTooLarge = 13 "number-too-large": "A number does not fit its type.",

    DuplicateDeclaration = 100 "duplicate-declaration": "A name is declared twice.",
    UnknownName = 101 "unknown-name": "A name is used that is not declared.",
    CircularType = 102 "circular-type": "A type definition contains itself.",
    DuplicateField = 103 "duplicate-field": "A named tuple has two fields of one name.",
    TypeTooLarge = 104 "type-too-large": "A type is too large when its definitions are expanded.",
    RedeclaredParameter = 105 "redeclared-parameter": "A global param is declared again.",
    ModifiedParameter = 106 "modified-parameter": "A global param is assigned to.",
    DuplicateNumber = 107 "duplicate-number": "Two elements of an enum have one number.",
    NoStartState = 110 "no-start-state": "A machine has no start state.",
    TwoStartStates = 111 "two-start-states": "A machine has two start states.",
    DuplicateHandler = 112 "duplicate-handler": "A state handles an event twice.",
    DuplicateEntry = 113 "duplicate-entry": "A state has two entry functions.",
    DuplicateExit = 114 "duplicate-exit": "A state has two exit functions.",
    HandlerParameters = 115 "handler-parameters": "A handler has more than one parameter.",
    ExitParameters = 116 "exit-parameters": "An exit function has parameters.",
    NotOwnFunction = 117 "not-own-function": "A handler is not a function of its machine.",
    DeferInSpec = 118 "defer-in-spec": "A spec machine defers an event.",
    NullInSpec = 119 "null-in-spec": "A spec machine handles the null event.",
    BadForeign = 120 "bad-foreign": "A foreign file does not fit what it completes.",
    CyclicProof = 121 "cyclic-proof": "A proof uses what it is to prove.",

    TypeMismatch = 200 "type-mismatch": "A value has another type than its place needs.",
    ArgumentCount = 201 "argument-count": "The number of arguments is wrong.",
    IncomparableTypes = 202 "incomparable-types": "Two types have nothing in common.",
    OperandTypes = 203 "operand-types": "An operator does not work on these types.",
    NoSuchField = 204 "no-such-field": "A named tuple has no field of that name.",
    NoSuchPosition = 205 "no-such-position": "A tuple has no such position.",
    BadConversion = 206 "bad-conversion": "`to` cannot convert to this type.",
    WidenedInterface = 207 "widened-interface": "`to` would add permissions to a reference.",
    MisplacedThis = 208 "misplaced-this": "`this` stands outside a machine.",
    BadChoose = 209 "bad-choose": "`choose` cannot choose from this.",
    BadFormat = 210 "bad-format": "The placeholders of a format string are malformed.",
    NoMeaning = 211 "no-meaning": "P's grammar has this form, and P gives it no meaning.",

    EffectInSpec = 300 "effect-in-spec": "A spec machine does what only a machine can do.",
    NullEvent = 301 "null-event": "The null event is sent, raised or announced.",
    LeavesTransition = 302 "leaves-transition": "An exit or transition function raises or goes to a state.",
    RaiseWithResult = 303 "raise-with-result": "A function with a result raises an event.",
    GotoWithResult = 304 "goto-with-result": "A function with a result goes to a state.",
    MissingReturn = 305 "missing-return": "A function with a result can end without returning one.",
    DuplicateCase = 306 "duplicate-case": "A receive handles an event twice.",
    OutsideLoop = 307 "outside-loop": "break or continue stands outside a loop.",
    NotAssignable = 308 "not-assignable": "The left side of an assignment cannot be assigned to.",

    DuplicateBinding = 400 "duplicate-binding": "A module binds an interface twice.",
    InvalidBinding = 401 "invalid-binding": "A machine does not implement the interface it is bound to.",
    InvalidAssert = 402 "invalid-assert": "A spec cannot be attached to a module.",
    InvalidComposition = 403 "invalid-composition": "Two modules cannot be put together.",
    InvalidHide = 404 "invalid-hide": "An event or interface cannot be hidden.",
    InvalidRename = 405 "invalid-rename": "An interface cannot be renamed.",
    NotASpec = 406 "not-a-spec": "Something other than a spec machine is asserted.",
    NotClosed = 407 "not-closed": "A module creates an interface that it does not define.",
    InvalidMain = 408 "invalid-main": "A test's main machine cannot be started.",
    CircularModule = 409 "circular-module": "A module contains itself.",

    UnknownParameter = 500 "unknown-parameter": "A test gives values to something that is no global param.",
    InvalidStrength = 501 "invalid-strength": "A test's n-wise number does not fit its params.",
    DuplicateValue = 502 "duplicate-value": "A test gives a param one value twice.",
    UnknownTest = 503 "unknown-test": "There is no test of that name.",
    TooManyTests = 504 "too-many-tests": "A parametric test has too many assignments.",

    NeverTriggered = 800 "never-triggered": "A spec handles an event that it does not observe.",
    ScenarioNeverCold = 801 "scenario-never-cold": "A scenario has no cold state to reach.",
    ScenarioStartsCold = 802 "scenario-starts-cold": "A scenario starts in a cold state.",
    QueueBound = 803 "queue-bound": "A machine or an event has a bound of a queue, as in earlier versions of P.",
    VerifierWord = 804 "verifier-word": "A name is a keyword where P's verifier is concerned.",
    NotProved = 805 "not-proved": "psem runs programs, and proves nothing about them.",
    NotExecutable = 806 "not-executable": "A machine cannot evaluate this; only an invariant can.",
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "P{:04}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ascend_and_names_differ() {
        assert!(
            Code::ALL
                .windows(2)
                .all(|pair| pair[0].number() < pair[1].number())
        );
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        assert_eq!(Code::SyntaxError.to_string(), "P0010");
    }
}
