//! What the outer grammar of Maude says, before any user-defined syntax is known.
//!
//! The one idea: everything whose reading depends on a signature stays a *bubble*, a run of
//! tokens, to be parsed when the signature is complete.

use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::source::Span;
use crate::syntax::lexer::Token;

/// A run of tokens in user-defined syntax.
pub type Bubble = Vec<Token>;

/// A name and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spanned {
    /// The name.
    pub name: Name,
    /// Its place.
    pub span: Span,
}

/// One thing at the top level of a text.
#[derive(Clone, Debug)]
pub enum Item {
    /// A module.
    Module(ModuleText),
    /// A view.
    View(ViewText),
    /// A command.
    Command(Command),
}

impl Item {
    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Item::Module(module) => module.span,
            Item::View(view) => view.span,
            Item::Command(command) => command.span,
        }
    }
}

/// Whether a module may have rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ModuleKind {
    /// `fmod`: equations and memberships only.
    Functional,
    /// `mod`: rules as well.
    System,
}

/// A module as written.
#[derive(Clone, Debug)]
pub struct ModuleText {
    /// Its name.
    pub name: Spanned,
    /// Whether it may have rules.
    pub kind: ModuleKind,
    /// Whether it says what a parameter must have (`fth`, `th`), rather than what there is.
    pub is_theory: bool,
    /// Whether it may have classes (`omod`, `oth`), and patterns of objects are completed.
    pub is_object_oriented: bool,
    /// Its parameters.
    pub parameters: Vec<ParameterText>,
    /// Imported modules in order.
    pub imports: Vec<Import>,
    /// Declared sorts.
    pub sorts: Vec<Spanned>,
    /// How many sorts each declaration has.
    pub sort_groups: Vec<usize>,
    /// Subsort declarations: each a chain of levels, smallest first.
    pub subsorts: Vec<Vec<Vec<Spanned>>>,
    /// Operator declarations; `ops` gives one each.
    pub operators: Vec<OperatorText>,
    /// Variable declarations, one a name.
    pub variables: Vec<VariableText>,
    /// Memberships, equations and rules in order.
    pub statements: Vec<StatementText>,
    /// The whole module.
    pub span: Span,
}

/// A parameter of a module or view: `X :: TRIV`.
#[derive(Clone, Debug)]
pub struct ParameterText {
    /// Its name.
    pub name: Spanned,
    /// What an argument must have.
    pub theory: ModuleExpression,
}

/// What a parameter is given: the name of a view or parameter, with groups of arguments of its
/// own, as in `Map{Nat, X}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArgumentText {
    /// The view or parameter.
    pub name: Spanned,
    /// Each in braces.
    pub groups: Vec<Vec<ArgumentText>>,
}

/// A view: how a module or theory has what a theory asks for.
#[derive(Clone, Debug)]
pub struct ViewText {
    /// Its name.
    pub name: Spanned,
    /// Its parameters.
    pub parameters: Vec<ParameterText>,
    /// The theory.
    pub from: ModuleExpression,
    /// Where what it asks for is found.
    pub to: ModuleExpression,
    /// Sorts and operators that have other names there.
    pub items: Vec<RenamingItem>,
    /// Operators that are terms there.
    pub terms: Vec<TermMappingText>,
    /// Variables of these terms.
    pub variables: Vec<VariableText>,
    /// The whole view.
    pub span: Span,
}

/// `op f(X) to term T`.
#[derive(Clone, Debug)]
pub struct TermMappingText {
    /// The operator, applied to variables.
    pub from: Bubble,
    /// What it means.
    pub to: Bubble,
    /// The whole mapping.
    pub span: Span,
}

/// How a module is imported; the difference has no effect on what the module computes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportMode {
    /// `protecting`: no junk, no confusion.
    Protecting,
    /// `extending`: no confusion.
    Extending,
    /// `including`: nothing promised.
    Including,
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// How.
    pub mode: ImportMode,
    /// What.
    pub module: ModuleExpression,
}

/// What can be imported or named in a command.
#[derive(Clone, Debug)]
pub enum ModuleExpression {
    /// A module by its name.
    Name(Spanned),
    /// The union of modules.
    Sum(Vec<ModuleExpression>),
    /// A module with sorts, operators or labels renamed.
    Renaming(Box<ModuleExpression>, Vec<RenamingItem>),
    /// A module with its parameters given.
    Instance(Box<ModuleExpression>, Vec<ArgumentText>),
}

impl ModuleExpression {
    /// The place of its first name.
    pub fn span(&self) -> Span {
        let mut expression = self;
        loop {
            expression = match expression {
                ModuleExpression::Name(name) => return name.span,
                ModuleExpression::Sum(terms) => match terms.first() {
                    Some(first) => first,
                    None => unreachable!("a sum has terms"),
                },
                ModuleExpression::Renaming(base, _) | ModuleExpression::Instance(base, _) => base,
            };
        }
    }
}

/// One item of a renaming.
#[derive(Clone, Debug)]
pub enum RenamingItem {
    /// `sort A to B`.
    Sort(Spanned, Spanned),
    /// `label a to b`.
    Label(Spanned, Spanned),
    /// `op f [: domain -> range] to g [attributes]`.
    Operator {
        /// The canonical name of the operator.
        from: Spanned,
        /// Domain and range if only one family of declarations is meant.
        rank: Option<(Vec<SortText>, SortText)>,
        /// The canonical new name.
        to: Spanned,
        /// `prec`, `gather` and `format` of the new operator.
        attributes: Box<Attributes>,
    },
}

/// A sort or a kind as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SortText {
    /// The sort, or any sort of the kind.
    pub name: Name,
    /// Whether it was in brackets: the whole kind.
    pub is_kind: bool,
    /// Its place.
    pub span: Span,
}

/// How strongly an argument position gathers: Maude's `e`, `E` and `&`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gather {
    /// `e`: precedence strictly below the operator's.
    Below,
    /// `E`: at most the operator's.
    AtMost,
    /// `&`: any.
    Any,
}

/// An operator declaration.
#[derive(Clone, Debug)]
pub struct OperatorText {
    /// The canonical name: tokens joined, specials and blanks as backquotes.
    pub name: Spanned,
    /// The domain.
    pub domain: Vec<SortText>,
    /// The range.
    pub range: SortText,
    /// Whether it was declared with `~>`: everything at kind level.
    pub partial: bool,
    /// The attributes.
    pub attributes: Attributes,
    /// The whole declaration.
    pub span: Span,
}

/// Which side an identity element is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdentitySide {
    /// `id:`
    Both,
    /// `left id:`
    Left,
    /// `right id:`
    Right,
}

/// Operator attributes.
#[derive(Clone, Default, Debug)]
pub struct Attributes {
    /// `assoc`
    pub associative: bool,
    /// `comm`
    pub commutative: bool,
    /// `idem`
    pub idempotent: bool,
    /// `id:`, `left id:`, `right id:` with the element.
    pub identity: Option<(IdentitySide, Bubble)>,
    /// `iter`
    pub iterated: bool,
    /// `prec`
    pub precedence: Option<u32>,
    /// `gather`
    pub gather: Option<Vec<Gather>>,
    /// `format`
    pub format: Option<Vec<Name>>,
    /// `strat`
    pub strategy: Option<Vec<u32>>,
    /// `poly`
    pub polymorphic: Option<Vec<u32>>,
    /// `memo`
    pub memoized: bool,
    /// `ctor`
    pub constructor: bool,
    /// `frozen`, with argument numbers from 1; empty means all.
    pub frozen: Option<Vec<u32>>,
    /// `special`: the words inside.
    pub special: Option<Bubble>,
    /// `ditto`
    pub ditto: bool,
    /// `metadata`
    pub metadata: Option<Name>,
    /// The other words understood and without effect here: `config`, `object`, `message`, ...
    pub other: Vec<Name>,
}

/// A variable declaration.
#[derive(Clone, Debug)]
pub struct VariableText {
    /// Its name.
    pub name: Spanned,
    /// Its sort or kind.
    pub sort: SortText,
}

/// Membership, equation or rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// `mb`, `cmb`
    Membership,
    /// `eq`, `ceq`
    Equation,
    /// `rl`, `crl`
    Rule,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct StatementText {
    /// Which kind.
    pub kind: StatementKind,
    /// Whether it has a condition.
    pub conditional: bool,
    /// Its label.
    pub label: Option<Spanned>,
    /// The text between label and attributes.
    pub bubble: Bubble,
    /// The attributes.
    pub attributes: StatementAttributes,
    /// The whole statement.
    pub span: Span,
}

/// Statement attributes.
#[derive(Clone, Default, Debug)]
pub struct StatementAttributes {
    /// `owise`
    pub owise: bool,
    /// `nonexec`
    pub nonexec: bool,
    /// `variant`
    pub variant: bool,
    /// `narrowing`
    pub narrowing: bool,
    /// `dnt`: patterns of objects mean what they say.
    pub untransformed: bool,
    /// `metadata`, with quotes.
    pub metadata: Option<Name>,
    /// `label` inside the brackets.
    pub label: Option<Spanned>,
    /// `print` items: strings with quotes, and variables.
    pub print: Option<Bubble>,
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// What to do.
    pub action: Action,
    /// The whole command.
    pub span: Span,
}

/// What a command does.
#[derive(Clone, Debug)]
pub enum Action {
    /// `reduce`
    Reduce {
        /// The module, if not the current one.
        module: Option<ModuleExpression>,
        /// The term.
        bubble: Bubble,
    },
    /// `rewrite`
    Rewrite {
        /// The most rule applications.
        limit: Option<u64>,
        /// For `frewrite`, the most rule applications at a place before the next has its turn.
        gas: Option<u64>,
        /// Whether it is `frewrite`.
        is_fair: bool,
        /// The module, if not the current one.
        module: Option<ModuleExpression>,
        /// The term.
        bubble: Bubble,
    },
    /// `search`
    Search {
        /// The most solutions.
        solutions: Option<u64>,
        /// The greatest depth.
        depth: Option<u64>,
        /// The module, if not the current one.
        module: Option<ModuleExpression>,
        /// Subject, arrow, pattern and condition.
        bubble: Bubble,
    },
    /// `match`, `xmatch`
    Match {
        /// Whether with extension: `xmatch`.
        extension: bool,
        /// The most matchers.
        limit: Option<u64>,
        /// The module, if not the current one.
        module: Option<ModuleExpression>,
        /// Pattern, `<=?`, subject and condition.
        bubble: Bubble,
    },
    /// `parse`
    Parse {
        /// The module, if not the current one.
        module: Option<ModuleExpression>,
        /// The term.
        bubble: Bubble,
    },
    /// `show path N`; with `labels` only the rule labels.
    ShowPath {
        /// Whether only labels.
        labels: bool,
        /// The state.
        state: u64,
    },
    /// `show search graph`
    ShowGraph,
    /// Another `show`.
    Show(Vec<Name>),
    /// `select`
    Select(ModuleExpression),
    /// `set ... on` or `off`, the words between.
    Set {
        /// What to set.
        words: Vec<Name>,
        /// On or off.
        on: bool,
    },
    /// `print`: the words.
    Print(Vec<Name>),
    /// `trace select NAMES`, `break select NAMES` and the like: the words.
    Watch(Vec<Name>),
    /// `load` or `in`: a file name.
    Load(String),
    /// `continue N`
    Continue(Option<u64>),
    /// `quit`
    Quit,
    /// `eof`: what follows in the same file is not read.
    EndOfFile,
    /// Something known to Maude that has no effect here.
    Ignored,
}
