//! Matching modulo axioms, compiled: patterns become straight-line programs over registers.
//!
//! The one idea: which variable is bound when is known before any subject is seen, so a pattern is
//! a fixed sequence of [`Instruction`]s. Each is deterministic or offers alternatives; on failure
//! the last instruction with an untried alternative is resumed. Nothing is undone on the way
//! back: every instruction writes its own registers and counters only, and what stands in later
//! ones is written again before it is read. So a match in progress is a few words, it can be
//! suspended at a solution and resumed, and nothing recurses.
//!
//! Registers hold terms and lie on the value stack of the machine; *slots* hold what matching a
//! collection has consumed so far. Right-hand sides and conditions are programs of the same
//! instruction set; [`reduction`](crate::reduction) runs them.

mod compile;
mod general;
mod port;
mod probe;
mod shape;

pub(crate) use compile::{Allocation, Extension, LeftCompiler, is_hereditary, is_part_closed};
use general::General;
pub(crate) use general::Search;
pub use port::Port;
pub(crate) use probe::{Found, PathStep, Probe, follow, probes};
pub(crate) use shape::{Shape, ShapeId, Shapes};

use crate::module::StatementId;
use crate::pattern::VariableId;
use crate::signature::{OpId, SortId};
use crate::term::TermId;

/// A register: a place on the value stack, counted from the base of the activation.
pub(crate) type Register = u16;

/// Where a goal's subject stays while it is matched.
pub(crate) const SUBJECT: Register = 0;

/// A slot: a counter that a matching instruction owns, counted from the base of the activation.
pub(crate) type Slot = u16;

/// A term that a register holds, seen as a collection of elements joined by an operator: its
/// arguments if the operator is on top, nothing if it is the identity, else itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Collection {
    pub(crate) source: Register,
    pub(crate) op: OpId,
}

/// What an instruction compares with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operand {
    Register(Register),
    Constant(TermId),
}

/// Where an argument of an application comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Argument {
    Register(Register),
    Constant(TermId),
    /// It was evaluated; those that were lie on the stack in order.
    Stack,
}

/// The arguments of an application: where they stand in the table, how many there are, and how
/// many of them lie on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Arguments {
    pub(crate) start: u32,
    pub(crate) arity: u16,
    pub(crate) n_stacked: u16,
}

/// What is known of an element before it is chosen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ElementFilter {
    /// Its top operator.
    pub(crate) op: Option<OpId>,
    /// Its first argument.
    pub(crate) key: Option<Operand>,
    /// The element itself; nothing else is known then.
    pub(crate) element: Option<Operand>,
    /// What it has inside.
    pub(crate) probes: Vec<Probe>,
}

/// One way of dividing the rest of a multiset among variables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Distribution {
    pub(crate) collection: Collection,
    pub(crate) from: Slot,
    pub(crate) slot: Slot,
    /// Those that occur often first, among them those of low sorts; an extension last.
    pub(crate) shares: Vec<Share>,
    /// Where what is not covered goes.
    pub(crate) extension: Option<Register>,
    /// Any way will do.
    pub(crate) greedy: bool,
    /// The pattern is one variable that occurs several times, nothing else.
    pub(crate) alone: bool,
}

/// A variable that takes part in a distribution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Share {
    pub(crate) target: Register,
    /// How often the variable occurs in the pattern.
    pub(crate) multiplicity: u32,
    /// The fewest elements it takes.
    pub(crate) least: u32,
    /// Whether it can take one element only.
    pub(crate) single: bool,
    /// Whether elements of its sort, joined, have it, too.
    pub(crate) closed: bool,
    /// The sort it must have; nothing for an extension.
    pub(crate) sort: Option<SortId>,
}

/// A pattern that the general matcher matches.
#[derive(Clone, Debug)]
pub(crate) struct GeneralCode {
    pub(crate) general: General,
    /// The variables that have values, and those that get them.
    pub(crate) bound: Vec<(VariableId, Register)>,
    pub(crate) outputs: Vec<(VariableId, Register)>,
    /// Where what is not covered goes, in two registers, and what is covered, in a third one.
    pub(crate) outside: Option<Register>,
}

/// At which end a segment is taken, and how long it is first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// At the start, the shortest first.
    Start,
    /// At the end, the longest first.
    LongEnd,
    /// At the end, the shortest first.
    ShortEnd,
}

/// An instruction of the machine. `source`, `target` are registers, `from`, `to` slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Instruction {
    // Matching: fails or goes on.
    /// The source has this free operator; its arguments go to registers from `first` on. If the
    /// source has a sort, so many instructions that follow hold and are skipped.
    Free {
        source: Register,
        op: OpId,
        first: Register,
        skip: u16,
    },
    /// The source is this operator iterated at least so often; the target gets the rest.
    Iterated {
        source: Register,
        op: OpId,
        counts: u16,
        target: Register,
    },
    /// The source has a sort below this one.
    Sort { source: Register, sort: SortId },
    /// The source equals the operand.
    Equal { source: Register, operand: Operand },
    /// The source matches a pattern. Alternatives.
    General { general: u16, source: Register },
    /// The two sides of the source are in two registers from `first` on. Alternatives.
    Pair {
        source: Register,
        op: OpId,
        first: Register,
    },

    /// All elements of a list are still to be matched.
    ListStart { collection: u16, to: Slot },
    /// The first element left.
    ListFirst {
        collection: u16,
        from: Slot,
        to: Slot,
        target: Register,
    },
    /// The last element left.
    ListLast {
        collection: u16,
        from: Slot,
        to: Slot,
        target: Register,
    },
    /// The first elements left are those of the operand.
    ListPrefix {
        collection: u16,
        from: Slot,
        to: Slot,
        operand: Operand,
    },
    /// The last elements left are those of the operand.
    ListSuffix {
        collection: u16,
        from: Slot,
        to: Slot,
        operand: Operand,
    },
    /// Some elements at an end, at least and at most so many (0 for no bound) and leaving `reserve`;
    /// `to` is where they start and end, followed by what is left. Alternatives.
    ListSegment {
        collection: u16,
        from: Slot,
        to: Slot,
        least: u16,
        most: u16,
        reserve: u16,
        way: Way,
    },
    /// So many first elements or more, before one that a filter lets pass and leaving `reserve`; `to`
    /// is as for a segment. Alternatives.
    ListSearch {
        collection: u16,
        from: Slot,
        to: Slot,
        least: u16,
        reserve: u16,
        filter: u16,
    },
    /// All elements left are a segment of at least so many.
    ListRest { from: Slot, to: Slot, least: u16 },
    /// No element is left.
    ListEnd { from: Slot },
    /// What is not before or after the match is two elements at least, or all there are.
    ListCovers {
        collection: u16,
        before: Slot,
        after: Slot,
    },
    /// A segment, as a term, would have a sort below this one; `hereditary` if it surely has when
    /// the whole collection has.
    SegmentSort {
        collection: u16,
        segment: Slot,
        sort: SortId,
        hereditary: bool,
    },
    /// The target becomes the term of a segment.
    Segment {
        collection: u16,
        segment: Slot,
        target: Register,
    },

    /// All elements of a multiset are still to be matched.
    MultisetStart { collection: u16, to: Slot },
    /// One of the elements left. Alternatives.
    MultisetElement {
        collection: u16,
        from: Slot,
        to: Slot,
        filter: u16,
        target: Register,
    },
    /// The elements of the operand are among those left.
    MultisetRemove {
        collection: u16,
        from: Slot,
        to: Slot,
        operand: Operand,
    },
    /// No element is left.
    MultisetEnd { collection: u16, from: Slot },
    /// Two elements at least are consumed, or all there are.
    MultisetCovers { collection: u16, from: Slot },
    /// At least so many elements are left.
    MultisetLeft {
        collection: u16,
        from: Slot,
        least: u16,
    },
    /// The elements left, as a term, would have a sort below this one.
    RestSort {
        collection: u16,
        from: Slot,
        sort: SortId,
        hereditary: bool,
    },
    /// The target becomes the term of the elements left.
    Rest {
        collection: u16,
        from: Slot,
        target: Register,
    },
    /// The elements left are divided among variables. Alternatives.
    Distribute { distribution: u16 },

    /// The source, which is the term of an exploded free application, is put together again.
    Rebuild { op: OpId, target: Register },

    // Evaluation: works on the stack above the registers.
    /// Pushes a register.
    Push(Register),
    /// Pushes a register and reduces what it holds.
    PushReduced(Register),
    /// Pushes a constant.
    PushConstant(TermId),
    /// Applies a free operator that is never rewritten at.
    Build { op: OpId, arguments: Arguments },
    /// The same as the last thing that is done: the application is the result.
    BuildResult { op: OpId, arguments: Arguments },
    /// Applies an operator without reducing anything.
    Lazy { op: OpId, arity: u16 },
    /// Applies an operator and reduces at the top.
    Call { op: OpId, arguments: Arguments },
    /// The same as the last thing that is done.
    Tail { op: OpId, arguments: Arguments },
    /// Makes many steps at once of the equation that follows, and calls its operator again; goes on if there
    /// are few.
    Walk { op: OpId, walk: u16 },
    /// Applies an operator to those of the arguments that are there (see `Segment` of an
    /// extension) and reduces at the top.
    Extend { op: OpId, arity: u16, tail: bool },
    /// Reduces the term on top.
    ReduceTop,
    /// Applies an iterated operator and reduces at the top.
    Iterate { op: OpId, counts: u16, lazy: bool },
    /// Pops into a register.
    Store(Register),
    /// Copies the top into a register.
    Keep(Register),
    /// Makes a register hold nothing.
    Clear(Register),
    /// Pushes a register; goes to `otherwise` if it holds nothing.
    PushKept { register: Register, otherwise: u32 },
    /// Pops a Boolean: goes on for `true`, to `otherwise` for `false`; anything else stays and
    /// control goes to `stuck`.
    Branch { otherwise: u32, stuck: u32 },
    /// Goes on elsewhere.
    Jump(u32),
    /// Pops two terms, which must be equal.
    ExpectEqual,
    /// Pops a term, which must be this one.
    Expect(TermId),
    /// Pops a term, which must have a sort below this one.
    ExpectSort(SortId),
    /// A term reachable from the source; answered from outside. Alternatives.
    Reach { source: Register, target: Register },
    /// The statement applies: no alternative of it is tried any more.
    Commit(StatementId),
    /// The statement applies, and its alternatives are kept.
    Solution(StatementId),
    /// The sort of what register 0 holds must be above this one.
    ExpectAbove(SortId),
    /// Something happens to the condition of a statement. Alternatives.
    Pass { statement: StatementId, port: Port },
    /// Lowers the sort of what register 0 holds, then tries the next statement.
    Lower {
        statement: StatementId,
        sort: SortId,
    },
    /// The value on top is the result.
    Return,
    /// No statement applies: the result is the application of the operator to the first registers.
    Irreducible { op: OpId },
    /// No statement applies: the result is what register 0 holds.
    IrreducibleNode,
    /// The equations of the operator are not compiled yet.
    Late { op: OpId },
    /// Tries the next alternative.
    Fail,
    /// Suspends: the value on top, if any, is the solution.
    Yield,
    /// No alternatives are left: the enumeration ends.
    Exhausted,
}

impl Instruction {
    /// Whether no alternative follows in a list: it does not fail.
    pub(crate) fn ends_alternatives(self) -> bool {
        matches!(
            self,
            Instruction::Irreducible { .. }
                | Instruction::IrreducibleNode
                | Instruction::Late { .. }
                | Instruction::Exhausted
        )
    }
}

/// Programs and the tables their instructions refer to.
#[derive(Clone, Default, Debug)]
pub(crate) struct Code {
    pub(crate) instructions: Vec<Instruction>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) collections: Vec<Collection>,
    pub(crate) filters: Vec<ElementFilter>,
    pub(crate) distributions: Vec<Distribution>,
    pub(crate) generals: Vec<GeneralCode>,
    /// 32-bit digits of iteration counts.
    pub(crate) counts: Vec<Vec<u32>>,
    /// For the address of each instruction that applies a statement, where the values of its
    /// variables are. Sorted by address.
    pub(crate) variables: Vec<(u32, Vec<Option<Register>>)>,
}

impl Code {
    /// The address of the next instruction.
    pub(crate) fn here(&self) -> u32 {
        self.instructions.len() as u32
    }

    pub(crate) fn emit(&mut self, instruction: Instruction) -> u32 {
        self.instructions.push(instruction);
        self.here() - 1
    }

    /// Adds the arguments of an application to the table.
    pub(crate) fn arguments(&mut self, arguments: &[Argument]) -> Arguments {
        let start = self.arguments.len() as u32;
        self.arguments.extend_from_slice(arguments);
        let is_stacked = |&&argument: &&Argument| argument == Argument::Stack;
        Arguments {
            start,
            arity: arguments.len() as u16,
            n_stacked: arguments.iter().filter(is_stacked).count() as u16,
        }
    }

    pub(crate) fn collection(&mut self, collection: Collection) -> u16 {
        intern(&mut self.collections, collection)
    }

    pub(crate) fn filter(&mut self, filter: ElementFilter) -> u16 {
        intern(&mut self.filters, filter)
    }

    pub(crate) fn count(&mut self, digits: Vec<u32>) -> u16 {
        intern(&mut self.counts, digits)
    }

    pub(crate) fn general(&mut self, general: GeneralCode) -> u16 {
        self.generals.push(general);
        self.generals.len() as u16 - 1
    }

    pub(crate) fn distribution(&mut self, distribution: Distribution) -> u16 {
        self.distributions.push(distribution);
        self.distributions.len() as u16 - 1
    }
}

/// The index of a value in a table, added if need be. Tables are small.
fn intern<T: PartialEq>(table: &mut Vec<T>, value: T) -> u16 {
    match table.iter().position(|other| *other == value) {
        Some(index) => index as u16,
        None => {
            table.push(value);
            table.len() as u16 - 1
        }
    }
}
