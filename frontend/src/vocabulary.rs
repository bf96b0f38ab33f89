//! The operators of `semantics/` that the frontend writes, and nowhere else in Rust.
//!
//! Each has the signature with which the chapters declare it, so that a change there
//! shows as a load error that names the operator ([`missing`]), not as a term that
//! means nothing.

/// An operator as the rules declare it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name, with `_` where infix operators have arguments.
    pub name: &'static str,
    /// The sorts of the arguments.
    pub arguments: &'static [&'static str],
    /// The sort of the result.
    pub result: &'static str,
}

macro_rules! operators {
    ($($variant:ident = $name:literal: [$($argument:literal)*] $result:literal;)*) => {
        /// An operator of the rules.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the rules explain them")]
        pub enum Operator {
            $($variant,)*
        }

        impl Operator {
            /// All operators that the frontend writes.
            pub const ALL: &[Operator] = &[$(Operator::$variant),*];

            /// How the rules declare it.
            #[must_use]
            pub fn signature(self) -> Signature {
                match self {
                    $(Operator::$variant => Signature {
                        name: $name,
                        arguments: &[$($argument),*],
                        result: $result,
                    },)*
                }
            }
        }
    };
}

operators! {
    // 0 domains
    NoNames = "nil": [] "Names";
    Names = "_;_": ["Names" "Names"] "Names";
    Position = "pos": ["String" "Nat" "Nat"] "Position";
    NullValue = "null": [] "Value";
    BoolValue = "bool": ["Bool"] "Value";
    IntValue = "int": ["Int"] "Value";
    FloatValue = "float": ["Float"] "Value";
    StringValue = "string": ["String"] "Value";
    EventValue = "event": ["Qid"] "Value";
    True = "true": [] "Bool";
    False = "false": [] "Bool";

    // 1.1 types
    NoTypes = "nil": [] "Types";
    Types = "_;_": ["Types" "Types"] "Types";
    BoolType = "boolType": [] "Type";
    IntType = "intType": [] "Type";
    FloatType = "floatType": [] "Type";
    StringType = "stringType": [] "Type";
    EventType = "eventType": [] "Type";
    MachineType = "machineType": [] "Type";
    AnyType = "anyType": [] "Type";
    DataType = "dataType": [] "Type";
    NullType = "nullType": [] "Type";
    EnumType = "enumType": ["Numbers"] "Type";
    InterfaceType = "interfaceType": ["Qid"] "Type";
    ForeignType = "foreignType": ["Qid"] "Type";
    SeqType = "seqType": ["Type"] "Type";
    SetType = "setType": ["Type"] "Type";
    MapType = "mapType": ["Type" "Type"] "Type";
    TupleType = "tupleType": ["Types"] "Type";
    RecordType = "recordType": ["FieldTypes"] "Type";
    NoNumbers = "nil": [] "Numbers";
    Numbers = "_;_": ["Numbers" "Numbers"] "Numbers";
    NoFieldTypes = "nil": [] "FieldTypes";
    FieldTypes = "_;_": ["FieldTypes" "FieldTypes"] "FieldTypes";
    FieldType = "fieldType": ["Qid" "Type"] "FieldTypes";

    // 1.2 expressions
    NoExpressions = "nil": [] "Values";
    Expressions = "_;_": ["Expressions" "Expressions"] "Expressions";
    Local = "local": ["Qid"] "Variable";
    Field = "field": ["Qid"] "Variable";
    Param = "param": ["Qid"] "Variable";
    This = "this": [] "Constant";
    Default = "default": ["Type"] "Constant";
    And = "and": [] "Connective";
    Or = "or": [] "Connective";
    Implies = "implies": [] "Connective";
    Iff = "iff": [] "Connective";
    Not = "not": [] "LateFunction";
    Negate = "negate": [] "LateFunction";
    Add = "add": [] "Arithmetic";
    Subtract = "subtract": [] "Arithmetic";
    Multiply = "multiply": [] "Arithmetic";
    Divide = "divide": [] "Arithmetic";
    Remainder = "remainder": [] "Arithmetic";
    Equal = "equal": [] "LateFunction";
    Unequal = "unequal": [] "LateFunction";
    Less = "less": [] "Comparison";
    AtMost = "atMost": [] "Comparison";
    Greater = "greater": [] "Comparison";
    AtLeast = "atLeast": [] "Comparison";
    In = "in": [] "LateFunction";
    Index = "index": [] "LateFunction";
    Sizeof = "sizeof": [] "LateFunction";
    Keys = "keys": [] "LateFunction";
    Values = "values": [] "LateFunction";
    Get = "get": ["Qid"] "LateFunction";
    Item = "item": ["Nat"] "LateFunction";
    Cast = "cast": ["Type"] "LateFunction";
    Coerce = "coerce": ["Type"] "LateFunction";
    Tuple = "tuple": [] "SnapshotFunction";
    Record = "record": ["Names"] "SnapshotFunction";
    Format = "format": ["Parts"] "SnapshotFunction";
    Call = "call": ["Qid"] "Snapshot";
    New = "new": ["Qid"] "Snapshot";
    Choose = "choose": [] "Late";
    ChooseFairly = "chooseFairly": [] "Late";
    ChooseUnbounded = "chooseUnbounded": [] "Late";
    IsMachine = "isMachine": ["Qid"] "Question";
    IsIn = "isIn": ["Qid"] "Question";
    IsEvent = "isEvent": ["Qid"] "Question";
    Attribute = "attribute": ["Qid"] "Question";
    Content = "content": ["Qid"] "Question";
    SpecField = "specField": ["Qid" "Qid"] "Question";
    Inflight = "inflight": [] "Question";
    Targets = "targets": [] "Question";
    ForAll = "forAll": ["Qid" "Domain" "Expression"] "Effect";
    Exists = "exists": ["Qid" "Domain" "Expression"] "Effect";
    EveryMachine = "everyMachine": [] "Domain";
    EveryMessage = "everyMessage": [] "Domain";
    Instances = "instances": ["Qid"] "Domain";
    Messages = "messages": ["Qid"] "Domain";
    ValuesOf = "valuesOf": ["Type"] "Domain";
    Inexecutable = "inexecutable": ["String"] "Snapshot";
    Apply = "apply": ["Operation" "Expressions"] "Effect";
    NoParts = "nil": [] "Parts";
    Parts = "_;_": ["Parts" "Parts"] "Parts";
    Text = "text": ["String"] "Part";
    Argument = "argument": ["Nat"] "Part";

    // 1.3 statements
    NoStatements = "nil": [] "Block";
    Statements = "_;_": ["Block" "Block"] "Block";
    Do = "do": ["Operation" "Expressions" "Position"] "Statement";
    Place = "place": ["Variable" "Path"] "Place";
    NoSteps = "nil": [] "Path";
    Steps = "_;_": ["Path" "Path"] "Path";
    Dot = "dot": ["Qid"] "Step";
    Slot = "slot": ["Nat"] "Step";
    At = "at": [] "Step";
    Assign = "assign": ["Place"] "Late";
    Insert = "insert": ["Place"] "Late";
    AddTo = "add": ["Place"] "Late";
    Remove = "remove": ["Place"] "Late";
    Assert = "assert": ["Expressions"] "Late";
    Assume = "assume": ["Expressions"] "Late";
    Print = "print": [] "Snapshot";
    Discard = "discard": [] "Snapshot";
    Return = "return": [] "Snapshot";
    Send = "send": [] "Snapshot";
    Raise = "raise": [] "Snapshot";
    Announce = "announce": [] "Snapshot";
    Goto = "goto": ["Qid"] "Snapshot";
    If = "if": ["Block" "Block"] "Late";
    Foreach = "foreach": ["Variable" "Block"] "Snapshot";
    While = "while": ["Expression" "Block" "Position"] "Statement";
    Break = "break": ["Position"] "Statement";
    Continue = "continue": ["Position"] "Statement";
    Receive = "receive": ["Cases" "Position"] "Statement";
    NoCases = "none": [] "Cases";
    Cases = "_&_": ["Cases" "Cases"] "Cases";
    Case = "case": ["Qid" "Variables" "Variables" "Block"] "Cases";
    NoVariables = "nil": [] "Variables";
    Variables = "_;_": ["Variables" "Variables"] "Variables";
    Variable = "variable": ["Qid" "Type"] "Variables";

    // 1.4 declarations
    Skip = "skip": [] "Action";
    Body = "body": ["Variables" "Variables" "Block"] "Action";
    Named = "named": ["Qid"] "Action";
    NoFunctions = "none": [] "Functions";
    Functions = "_&_": ["Functions" "Functions"] "Functions";
    Function = "function": ["Qid" "Variables" "Variables" "Block"] "Functions";
    Foreign = "foreign": ["Qid" "Variables" "Type"] "Functions";
    Arbitrary = "arbitrary": ["Qid" "Variables" "Type"] "Functions";
    ReactDo = "do": ["Action"] "Reaction";
    ReactGoto = "goto": ["Qid" "Action"] "Reaction";
    Defer = "defer": [] "Reaction";
    Ignore = "ignore": [] "Reaction";
    NoHandlers = "none": [] "Handlers";
    Handlers = "_&_": ["Handlers" "Handlers"] "Handlers";
    On = "on": ["Qid" "Reaction" "Position"] "Handlers";
    Hot = "hot": [] "Temperature";
    Warm = "warm": [] "Temperature";
    Cold = "cold": [] "Temperature";
    NoStates = "none": [] "States";
    States = "_&_": ["States" "States"] "States";
    State = "state": ["Qid" "Temperature" "Action" "Action" "Handlers" "Position"] "State";
    AllEvents = "allEvents": [] "EventSet";
    Events = "events": ["Names"] "EventSet";
    NoDeclarations = "none": [] "Declarations";
    Declarations = "_&_": ["Declarations" "Declarations"] "Declarations";
    Machine = "machine":
        ["Qid" "EventSet" "EventSet" "Variables" "States" "Functions" "Qid"] "Declarations";
    Spec = "spec": ["Qid" "Names" "Variables" "States" "Functions" "Qid"] "Declarations";
    Scenario = "scenario": ["Qid" "Names" "Variables" "States" "Functions" "Qid"] "Declarations";
    Interface = "interface": ["Qid" "EventSet"] "Declarations";
    Global = "global": ["Functions"] "Declarations";
    Module = "module": ["Qid" "Module"] "Declarations";
    Test = "test": ["Qid" "Qid" "Module" "Parameters"] "Declarations";
    NoModules = "nil": [] "Modules";
    Modules = "_;_": ["Modules" "Modules"] "Modules";
    Bind = "bind": ["Qid" "Qid"] "Module";
    Union = "union": ["Modules"] "Module";
    Compose = "compose": ["Modules"] "Module";
    Attach = "assert": ["Names" "Module"] "Module";
    Rename = "rename": ["Qid" "Qid" "Module"] "Module";
    HideEvents = "hidee": ["Names" "Module"] "Module";
    HideInterfaces = "hidei": ["Names" "Module"] "Module";
    Main = "main": ["Qid" "Module"] "Module";
    Use = "use": ["Qid"] "Module";
    NoParameters = "none": [] "Parameters";
    Parameters = "_&_": ["Parameters" "Parameters"] "Parameters";
    Parameter = "parameter": ["Qid" "Value"] "Parameters";
    Program = "program": ["Declarations"] "Program";

    Invariant = "invariant": ["Qid" "Expression"] "Declarations";
    Pure = "pure": ["Qid" "Variables" "Expression"] "Declarations";

    // 2.1 values, 3 static phase
    DefaultOf = "defaultOf": ["Type"] "Value";
    Init = "init": ["Program" "Qid"] "Configuration";
}

/// A list or set of the rules: what stands for none, and what joins two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The identity of `join`.
    pub none: Operator,
    /// The associative operator.
    pub join: Operator,
}

macro_rules! collections {
    ($($name:ident = $none:ident $join:ident;)*) => {
        impl Collection {
            $(#[doc = concat!("The collection of sort `", stringify!($join), "`.")]
            pub const $name: Collection =
                Collection { none: Operator::$none, join: Operator::$join };)*
        }
    };
}

collections! {
    NAMES = NoNames Names;
    TYPES = NoTypes Types;
    NUMBERS = NoNumbers Numbers;
    FIELD_TYPES = NoFieldTypes FieldTypes;
    EXPRESSIONS = NoExpressions Expressions;
    PARTS = NoParts Parts;
    STATEMENTS = NoStatements Statements;
    STEPS = NoSteps Steps;
    CASES = NoCases Cases;
    VARIABLES = NoVariables Variables;
    FUNCTIONS = NoFunctions Functions;
    HANDLERS = NoHandlers Handlers;
    STATES = NoStates States;
    DECLARATIONS = NoDeclarations Declarations;
    MODULES = NoModules Modules;
    PARAMETERS = NoParameters Parameters;
}

/// The operators that a loaded module lacks, given how to ask it for one. The rules can
/// be used with the frontend if there are none.
#[must_use]
pub fn missing(declares: impl Fn(&Signature) -> bool) -> Vec<Signature> {
    let signatures = Operator::ALL.iter().map(|operator| operator.signature());
    signatures
        .filter(|signature| !declares(signature))
        .collect()
}

impl std::fmt::Display for Signature {
    /// As a declaration without its attributes: `op bind : Qid Qid -> Module`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "op {} :", self.name)?;
        for sort in self.arguments {
            write!(formatter, " {sort}")?;
        }
        write!(formatter, " -> {}", self.result)
    }
}
