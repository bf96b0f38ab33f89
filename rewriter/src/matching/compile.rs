//! From patterns to matching instructions.
//!
//! The one idea: the free part of a pattern is taken apart first, because that fails fastest and
//! binds most; then one collection after the other, and within a collection one element after
//! the other, each with everything inside it, so that what an element binds can be a key to find
//! the next. Elements and segments are found before any collection is copied: a variable that takes
//! the rest of one becomes a term only when something needs it.

mod list;
mod multiset;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::general::{self, General};
use super::{
    Code, Collection, GeneralCode, Instruction, Operand, Register, Shape, ShapeId, Shapes, Slot,
};
use crate::pattern::{Pattern, Variable, VariableId};
use crate::signature::{OpId, SortId};
use crate::statement::Fragment;
use crate::term::{Store, TermId, Theory};
use list::ListGroup;
use multiset::MultisetGroup;

/// How many registers and slots a program has used.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Allocation {
    pub(crate) registers: u16,
    pub(crate) slots: u16,
}

/// Where the value of a variable is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Source {
    Register(Register),
    Segment { collection: u16, segment: Slot },
    Rest { collection: u16, from: Slot },
}

/// What is left to do, last first.
enum Task {
    Take(ShapeId, Register),
    Collection(ShapeId, Register, bool),
    Multiset(Box<MultisetGroup>),
    List(Box<ListGroup>),
}

/// What a match of the left side does not cover: to be joined to the right side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Extension {
    /// The left side covers the subject.
    None,
    /// The rest of a multiset.
    Rest { op: OpId, register: Register },
    /// What comes before and after in a list.
    Around {
        op: OpId,
        before: Register,
        after: Register,
    },
    /// What the left side covers.
    Covered { register: Register },
}

/// Compiles the patterns of one statement, one after the other.
pub(crate) struct LeftCompiler<'a> {
    pub(crate) store: &'a mut Store,
    pub(crate) code: &'a mut Code,
    pub(crate) shapes: Shapes,
    pub(crate) allocation: Allocation,
    variables: &'a [Variable],
    sources: Vec<Option<Source>>,
    shape_registers: HashMap<ShapeId, Register, FxBuildHasher>,
    extension: Option<ExtensionSource>,
    /// For each variable, the operator of a collection of which it takes a part that may be
    /// reducible although its elements are not.
    unreduced: Vec<Option<OpId>>,
    /// The operator of the subject, where the left side may cover a part of it.
    pub(crate) root_op: Option<OpId>,
    /// The collection in register 0 may be reducible.
    pub(crate) root_is_unreduced: bool,
    /// The subject of an equation or membership axiom, of which neither form nor sort are final.
    pub(crate) unfinished: Option<ShapeId>,
    /// What is reduced for its sort needs not be reduced again.
    pub(crate) checks_sorts_once: bool,
    /// How often each variable occurs, if any match will do; those of the condition, of which any
    /// value may be wanted, occur very often.
    occurrences: Option<Vec<u32>>,
}

#[derive(Clone, Copy)]
enum ExtensionSource {
    Rest {
        collection: u16,
        from: Slot,
    },
    Around {
        collection: u16,
        before: Slot,
        after: Slot,
    },
    Divided {
        op: OpId,
        register: Register,
    },
    /// In two registers, what is covered in a third one.
    General {
        first: Register,
    },
}

impl<'a> LeftCompiler<'a> {
    pub(crate) fn new(
        store: &'a mut Store,
        code: &'a mut Code,
        variables: &'a [Variable],
    ) -> LeftCompiler<'a> {
        LeftCompiler {
            store,
            code,
            shapes: Shapes::default(),
            allocation: Allocation::default(),
            variables,
            sources: vec![None; variables.len()],
            shape_registers: HashMap::default(),
            extension: None,
            unreduced: vec![None; variables.len()],
            root_op: None,
            root_is_unreduced: false,
            unfinished: None,
            checks_sorts_once: false,
            occurrences: None,
        }
    }

    pub(crate) fn new_register(&mut self) -> Register {
        self.allocation.registers += 1;
        self.allocation.registers - 1
    }

    /// Any match will do, as far as the condition does not depend on it.
    pub(crate) fn match_any(&mut self, root: ShapeId, condition: &[Fragment]) {
        let mut occurrences = self.occurrences_in(root);
        for fragment in condition {
            let patterns = match fragment {
                Fragment::Equality { left, right } => [Some(left), Some(right)],
                Fragment::Assignment { pattern, term } | Fragment::Rewrite { term, pattern } => {
                    [Some(pattern), Some(term)]
                }
                Fragment::SortTest { term, .. } => [Some(term), None],
            };
            for variable in patterns.into_iter().flatten().flat_map(Pattern::variables) {
                occurrences[variable.index()] = u32::MAX;
            }
        }
        self.occurrences = Some(occurrences);
    }

    /// How often each variable occurs in a shape.
    fn occurrences_in(&self, root: ShapeId) -> Vec<u32> {
        let mut occurrences = vec![0; self.variables.len()];
        let mut pending = vec![root];
        while let Some(shape) = pending.pop() {
            match self.shapes.at(shape) {
                Shape::Variable(variable) => occurrences[variable.index()] += 1,
                Shape::Application { arguments, .. } => pending.extend(arguments),
                Shape::Iterated { argument, .. } => pending.push(*argument),
                Shape::Ground(_) => {}
            }
        }
        occurrences
    }

    /// Whether any match of an element will do, as far as other parts are concerned.
    fn is_independent(&self, shape: ShapeId) -> bool {
        let Some(all) = &self.occurrences else {
            return false;
        };
        let here = self.occurrences_in(shape);
        here.iter()
            .zip(all)
            .enumerate()
            .all(|(index, (&here, &all))| here == 0 || here == all || self.sources[index].is_some())
    }

    fn new_registers(&mut self, n_registers: usize) -> Register {
        let first = self.allocation.registers;
        self.allocation.registers += n_registers as u16;
        first
    }

    fn new_slots(&mut self, n_slots: u16) -> Slot {
        let first = self.allocation.slots;
        self.allocation.slots += n_slots;
        first
    }

    /// Checks that a part of a collection has a sort to which membership axioms may lower it: it is
    /// reduced, and reduced again where it is used, as in Maude; not so in equations.
    fn check_constrained_sort(&mut self, variable: VariableId, part: Source, sort: SortId) {
        let made = match part {
            Source::Register(register) => register,
            _ => self.new_register(),
        };
        self.make(part, made);
        let source = self.new_register();
        self.code.emit(Instruction::PushReduced(made));
        self.code.emit(Instruction::Store(source));
        self.code.emit(Instruction::Sort { source, sort });
        if self.checks_sorts_once {
            self.unreduced[variable.index()] = None;
            self.bind(variable, Source::Register(source));
        }
    }

    /// The register that holds a term equal to this shape, if the left side met one.
    pub(crate) fn register_of_shape(&self, shape: ShapeId) -> Option<Register> {
        self.shape_registers.get(&shape).copied()
    }

    /// Says that what was matched is not used again, only the values of variables: so it is for
    /// rules in Maude. Where all operators are stable, nobody can see a difference.
    pub(crate) fn forget_matched(&mut self, is_stable: impl Fn(OpId) -> bool) {
        let shapes = &self.shapes;
        self.shape_registers.retain(|&shape, _| {
            let mut pending = vec![shape];
            while let Some(shape) = pending.pop() {
                match shapes.at(shape) {
                    Shape::Application { op, arguments } if is_stable(*op) => {
                        pending.extend(arguments);
                    }
                    Shape::Iterated { op, argument, .. } if is_stable(*op) => {
                        pending.push(*argument);
                    }
                    Shape::Application { .. } | Shape::Iterated { .. } => return false,
                    Shape::Variable(_) | Shape::Ground(_) => {}
                }
            }
            true
        });
    }

    /// The register with the value of a variable, if the term is made.
    pub(crate) fn existing_register(&self, variable: VariableId) -> Option<Register> {
        match self.sources[variable.index()] {
            Some(Source::Register(register)) => Some(register),
            _ => None,
        }
    }

    /// Matches a shape whose arguments are in the first registers.
    pub(crate) fn match_exploded(&mut self, shape: ShapeId) {
        let Shape::Application { arguments, .. } = self.shapes.at(shape).clone() else {
            // A constant is exploded to nothing; there is nothing to match.
            let ground_arguments: Vec<TermId> = match self.shapes.at(shape) {
                Shape::Ground(term) => self.store.arguments(*term).to_vec(),
                _ => Vec::new(),
            };
            let shapes: Vec<ShapeId> = (ground_arguments.into_iter())
                .map(|term| self.shapes.ground(term))
                .collect();
            self.match_registers(&shapes);
            return;
        };
        self.match_registers(&arguments);
    }

    fn match_registers(&mut self, shapes: &[ShapeId]) {
        let tasks = shapes.iter().enumerate().rev();
        let take = |(register, &shape)| Task::Take(shape, register as Register);
        self.run(tasks.map(take).collect());
    }

    /// Whether a pattern has matchers that its own program would not find in Maude's order.
    pub(crate) fn is_unusual(&mut self, shape: ShapeId, extend: bool) -> bool {
        let shape = match extend {
            true => self.shapes.opened(self.store, shape),
            false => shape,
        };
        let any_will_do = self.occurrences.is_some();
        let variables = self.variables;
        general::is_unusual(
            self.store,
            &self.shapes,
            variables,
            shape,
            extend,
            any_will_do,
        )
    }

    /// Whether a pattern may match a part of a subject with another operator on top.
    pub(crate) fn becomes_part(&mut self, shape: ShapeId, op: Option<OpId>) -> bool {
        general::becomes_part(self.store, &self.shapes, self.variables, shape, op)
    }

    /// Matches a shape with what a register holds in the general way.
    pub(crate) fn match_generally(&mut self, shape: ShapeId, source: Register, extend: bool) {
        let shape = match extend {
            true => self.shapes.opened(self.store, shape),
            false => shape,
        };
        let all = (0..self.variables.len()).map(|index| VariableId(index as u16));
        let known: Vec<VariableId> = all.filter(|&variable| self.is_bound(variable)).collect();
        let bound = known
            .iter()
            .map(|&variable| (variable, self.register(variable)));
        let bound = bound.collect();
        let wanted = |variable: VariableId| match &self.occurrences {
            Some(occurrences) => occurrences[variable.index()] == u32::MAX,
            None => true,
        };
        let general = General::new(
            self.store,
            &self.shapes,
            self.variables,
            shape,
            &known,
            wanted,
            extend,
        );
        let new = general.variables.iter().copied();
        let new: Vec<VariableId> = new.filter(|variable| !known.contains(variable)).collect();
        let mut outputs = Vec::new();
        for variable in new {
            let register = self.new_register();
            if source == 0 && self.root_is_unreduced {
                self.unreduced[variable.index()] = self.root_op;
            }
            self.bind(variable, Source::Register(register));
            outputs.push((variable, register));
        }
        let outside = extend.then(|| self.new_registers(3));
        self.extension = outside.map(|first| ExtensionSource::General { first });
        let general = self.code.general(GeneralCode {
            general,
            bound,
            outputs,
            outside,
        });
        self.code.emit(Instruction::General { general, source });
    }

    /// Matches a shape with what a register holds.
    pub(crate) fn match_register(&mut self, shape: ShapeId, register: Register, extend: bool) {
        let theory = match self.shapes.at(shape) {
            Shape::Application { op, .. } => Some(self.store.theory(*op)),
            Shape::Ground(term) => Some(self.store.theory(self.store.op(*term))),
            Shape::Iterated { .. } => Some(Theory::Iterated),
            Shape::Variable(_) => None,
        };
        let has_parts = matches!(
            theory,
            Some(Theory::List | Theory::Multiset | Theory::Iterated)
        );
        let extend = extend && has_parts;
        if self.is_unusual(shape, extend) {
            return self.match_generally(shape, register, extend);
        }
        match theory {
            Some(Theory::List | Theory::Multiset) if extend => {
                self.run(vec![Task::Collection(shape, register, true)]);
            }
            _ => self.run(vec![Task::Take(shape, register)]),
        }
    }

    fn run(&mut self, mut tasks: Vec<Task>) {
        while !tasks.is_empty() {
            // All free structure that is waiting comes before any collection.
            let mut takes = Vec::new();
            while let Some(Task::Take(..)) = tasks.last() {
                if let Some(Task::Take(shape, register)) = tasks.pop() {
                    takes.push((shape, register));
                }
            }
            if !takes.is_empty() {
                let collections = self.take_apart(takes);
                let collections = collections.into_iter().rev();
                tasks.extend(collections.map(|(shape, at)| Task::Collection(shape, at, false)));
                continue;
            }
            match tasks.pop() {
                Some(Task::Collection(shape, register, extend)) => {
                    self.start_collection(shape, register, extend, &mut tasks);
                }
                Some(Task::Multiset(group)) => self.continue_multiset(group, &mut tasks),
                Some(Task::List(group)) => self.continue_list(group, &mut tasks),
                Some(Task::Take(..)) | None => {}
            }
        }
    }

    /// Emits everything that is deterministic; gives what is not.
    fn take_apart(&mut self, takes: Vec<(ShapeId, Register)>) -> Vec<(ShapeId, Register)> {
        let mut collections = Vec::new();
        let mut queue: std::collections::VecDeque<(ShapeId, Register)> = takes.into();
        while let Some((shape, source)) = queue.pop_front() {
            match self.shapes.at(shape).clone() {
                Shape::Variable(variable) => self.take_variable(variable, source),
                Shape::Ground(term) => {
                    let operand = Operand::Constant(term);
                    self.code.emit(Instruction::Equal { source, operand });
                }
                Shape::Iterated {
                    op,
                    count,
                    argument,
                } => {
                    let target = self.new_register();
                    let counts = self.code.count(count);
                    if let Shape::Variable(variable) = *self.shapes.at(argument)
                        && source == 0
                        && self.root_is_unreduced
                    {
                        self.unreduced[variable.index()] = Some(op);
                    }
                    self.code.emit(Instruction::Iterated {
                        source,
                        op,
                        counts,
                        target,
                    });
                    queue.push_back((argument, target));
                }
                Shape::Application { op, arguments } => {
                    if self.store.theory(op) != Theory::Free {
                        if self.unfinished != Some(shape) {
                            self.shape_registers.entry(shape).or_insert(source);
                        }
                        collections.push((shape, source));
                        continue;
                    }
                    let first = self.new_registers(arguments.len());
                    let at = self.code.emit(Instruction::Free {
                        source,
                        op,
                        first,
                        skip: 0,
                    });
                    self.shape_registers.entry(shape).or_insert(source);
                    let others = self.take_declared(op, &arguments, first);
                    let n_taken = self.code.here() - at - 1;
                    if let Instruction::Free { skip, .. } = &mut self.code.instructions[at as usize]
                    {
                        *skip = n_taken as u16;
                    }
                    queue.extend(others);
                }
            }
        }
        collections
    }

    /// Binds those arguments of a free operator that are new variables and have the sorts of these
    /// as soon as the application has a sort at all; gives the others.
    fn take_declared(
        &mut self,
        op: OpId,
        arguments: &[ShapeId],
        first: Register,
    ) -> Vec<(ShapeId, Register)> {
        let mut others = Vec::new();
        for (index, (&shape, source)) in arguments.iter().zip(first..).enumerate() {
            match *self.shapes.at(shape) {
                Shape::Variable(variable)
                    if !self.is_bound(variable) && self.is_declared(op, index, variable) =>
                {
                    self.take_variable(variable, source);
                }
                _ => others.push((shape, source)),
            }
        }
        others
    }

    /// Whether every declaration of an operator asks for the sort of a variable at an argument,
    /// and only declarations give it a sort.
    fn is_declared(&self, op: OpId, index: usize, variable: VariableId) -> bool {
        let signature = self.store.signature();
        let sort = self.sort_of(variable);
        let mut declarations = signature.operator(op).declarations.iter();
        // Memberships, which give sorts too, make an operator unstable.
        self.store.facts(op).stable
            && declarations.all(|declaration| signature.leq(declaration.domain[index], sort))
    }

    fn take_variable(&mut self, variable: VariableId, source: Register) {
        if self.is_bound(variable) {
            let operand = Operand::Register(self.register(variable));
            self.code.emit(Instruction::Equal { source, operand });
            return;
        }
        self.bind(variable, Source::Register(source));
        if let Some(sort) = self.checked_sort(variable) {
            self.code.emit(Instruction::Sort { source, sort });
        }
    }

    /// Says that a register holds the value of a variable.
    pub(crate) fn bind_register(&mut self, variable: VariableId, register: Register) {
        self.bind(variable, Source::Register(register));
    }

    fn bind(&mut self, variable: VariableId, source: Source) {
        self.sources[variable.index()] = Some(source);
    }

    /// Binds a variable to a part of a collection.
    fn bind_part(&mut self, variable: VariableId, collection: u16, source: Source) {
        let Collection { source: of, op } = self.code.collections[usize::from(collection)];
        if of == 0 && self.root_is_unreduced || self.store.facts(op).has_memberships {
            self.unreduced[variable.index()] = Some(op);
        }
        self.bind(variable, source);
    }

    /// The operator of the collection of which a variable holds an unreduced part.
    pub(crate) fn unreduced_part(&self, variable: VariableId) -> Option<OpId> {
        self.unreduced[variable.index()]
    }

    fn is_hereditary(&self, op: OpId, sort: SortId) -> bool {
        is_part_closed(self.store, op, sort)
    }

    pub(crate) fn is_bound(&self, variable: VariableId) -> bool {
        self.sources[variable.index()].is_some()
    }

    fn sort_of(&self, variable: VariableId) -> SortId {
        self.variables[variable.index()].sort
    }

    /// The sort that a value of the variable must be checked to have.
    fn checked_sort(&self, variable: VariableId) -> Option<SortId> {
        let sort = self.sort_of(variable);
        let every = self.store.signature().is_error_sort(sort);
        (!every).then_some(sort)
    }

    /// The register with the value of a bound variable; makes the term if it is not made yet.
    pub(crate) fn register(&mut self, variable: VariableId) -> Register {
        let target = match self.sources[variable.index()] {
            Some(Source::Register(register)) => return register,
            Some(part) => {
                let target = self.new_register();
                self.make(part, target);
                target
            }
            None => unreachable!("a finished module has no unbound variables"),
        };
        self.bind(variable, Source::Register(target));
        target
    }

    /// Makes the term of a part of a collection.
    fn make(&mut self, part: Source, target: Register) {
        match part {
            Source::Segment {
                collection,
                segment,
            } => {
                self.code.emit(Instruction::Segment {
                    collection,
                    segment,
                    target,
                });
            }
            Source::Rest { collection, from } => {
                self.code.emit(Instruction::Rest {
                    collection,
                    from,
                    target,
                });
            }
            Source::Register(_) => {}
        }
    }

    /// The extension of the left side, as terms.
    pub(crate) fn extension(&mut self) -> Extension {
        match self.extension {
            None => Extension::None,
            Some(ExtensionSource::Divided { op, register }) => Extension::Rest { op, register },
            Some(ExtensionSource::General { first }) => match self.root_op {
                None => Extension::Covered {
                    register: first + 2,
                },
                Some(op) if self.store.theory(op) == Theory::List => Extension::Around {
                    op,
                    before: first,
                    after: first + 1,
                },
                Some(op) => Extension::Rest {
                    op,
                    register: first,
                },
            },
            Some(ExtensionSource::Rest { collection, from }) => {
                let register = self.new_register();
                self.code.emit(Instruction::Rest {
                    collection,
                    from,
                    target: register,
                });
                let op = self.code.collections[collection as usize].op;
                Extension::Rest { op, register }
            }
            Some(ExtensionSource::Around {
                collection,
                before,
                after,
            }) => {
                let (first, second) = (self.new_register(), self.new_register());
                for (segment, target) in [(before, first), (after, second)] {
                    self.code.emit(Instruction::Segment {
                        collection,
                        segment,
                        target,
                    });
                }
                let op = self.code.collections[collection as usize].op;
                Extension::Around {
                    op,
                    before: first,
                    after: second,
                }
            }
        }
    }

    fn start_collection(
        &mut self,
        shape: ShapeId,
        source: Register,
        extend: bool,
        tasks: &mut Vec<Task>,
    ) {
        let (op, arguments) = match self.shapes.at(shape).clone() {
            Shape::Application { op, arguments } => (op, arguments),
            Shape::Ground(term) => {
                let op = self.store.op(term);
                let terms = self.store.arguments(term).to_vec();
                let shapes = terms.into_iter().map(|term| self.shapes.ground(term));
                (op, shapes.collect())
            }
            _ => unreachable!("only applications and constants are collections"),
        };
        let collection = self.code.collection(Collection { source, op });
        match self.store.theory(op) {
            Theory::Multiset => self.start_multiset(collection, op, &arguments, extend, tasks),
            Theory::List => self.start_list(collection, op, &arguments, extend, tasks),
            _ => {
                let first = self.new_registers(2);
                self.code.emit(Instruction::Pair { source, op, first });
                let is_variable = |shape| matches!(self.shapes.at(shape), Shape::Variable(_));
                let (mut left, mut right) = (arguments[0], arguments[1]);
                if self.store.facts(op).comm && is_variable(left) && !is_variable(right) {
                    // What is not a variable takes the first side first, as in Maude.
                    (left, right) = (right, left);
                }
                tasks.push(Task::Take(right, first + 1));
                tasks.push(Task::Take(left, first));
            }
        }
    }

    /// Whether a shape is fixed by what is bound: a constant or a bound variable.
    fn operand(&mut self, shape: ShapeId) -> Option<Operand> {
        match *self.shapes.at(shape) {
            Shape::Ground(term) => Some(Operand::Constant(term)),
            Shape::Variable(variable) if self.is_bound(variable) => {
                Some(Operand::Register(self.register(variable)))
            }
            _ => None,
        }
    }

    /// The fewest elements that a variable takes in a collection.
    fn least(&self, op: OpId, variable: VariableId) -> u16 {
        let facts = self.store.facts(op);
        let (left, right) = (facts.left_identity, facts.right_identity);
        let identity = if left == TermId::NONE { right } else { left };
        let sort = self.sort_of(variable);
        let vanishes =
            identity != TermId::NONE && self.store.signature().leq(self.store.sort(identity), sort);
        u16::from(!vanishes)
    }

    /// Whether elements of the sort of a variable, joined, have that sort, too.
    fn is_closed(&self, op: OpId, variable: VariableId) -> bool {
        let signature = self.store.signature();
        let sort = self.sort_of(variable);
        let kind = signature.kind(signature.kind_of(sort));
        let below = || {
            kind.sorts
                .iter()
                .filter(|&&other| signature.leq(other, sort))
        };
        below().all(|&a| below().all(|&b| signature.leq(signature.least_sort(op, &[a, b]), sort)))
    }

    /// Whether a variable can take one element only, because no application of the operator has
    /// its sort.
    fn is_single(&self, op: OpId, variable: VariableId) -> bool {
        let signature = self.store.signature();
        let sort = self.sort_of(variable);
        let below = |range: SortId| signature.leq(range, sort);
        let declarations = &signature.operator(op).declarations;
        let memberships = &self.store.facts(op).membership_sorts;
        !declarations.iter().any(|d| below(d.range)) && !memberships.iter().any(|&to| below(to))
    }
}

/// Whether every part of a collection has a sort as soon as the whole has.
pub(crate) fn is_part_closed(store: &Store, op: OpId, sort: SortId) -> bool {
    is_hereditary(store, op, sort) || is_inherited(store, op, sort)
}

/// Whether every part of a collection has a sort as soon as the whole has: it is the only
/// maximal sort, and the operator and its identity stay within it.
pub(crate) fn is_hereditary(store: &Store, op: OpId, sort: SortId) -> bool {
    let signature = store.signature();
    let operator = signature.operator(op);
    let identity = store.facts(op).identity();
    let closed = |declaration: &crate::signature::Declaration| {
        declaration.domain == [sort, sort] && declaration.range == sort
    };
    let total = |declaration: &crate::signature::Declaration| {
        let mut sorts = declaration.domain.iter();
        sorts.all(|&sort| !signature.is_error_sort(sort))
    };
    signature.kind(signature.kind_of(sort)).maximal == [sort]
        && operator.declarations.iter().any(closed)
        && operator.declarations.iter().all(total)
        && (identity == TermId::NONE || signature.leq(store.sort(identity), sort))
}

/// Whether every part of a collection has a sort as soon as the whole has, because the sorts of
/// the elements tell: what is joined has the sort exactly if both sides have it.
fn is_inherited(store: &Store, op: OpId, sort: SortId) -> bool {
    let signature = store.signature();
    let facts = store.facts(op);
    let identity = facts.identity();
    let has = |of: SortId| signature.leq(of, sort);
    let sorts = &signature.kind(signature.kind_of(sort)).sorts;
    facts.has_ropes
        && (identity == TermId::NONE || has(store.sort(identity)))
        && sorts.iter().all(|&first| {
            let joined = |second: SortId| store.join_sorts(op, first, second);
            let agrees = |&second: &SortId| has(joined(second)) == (has(first) && has(second));
            sorts.iter().all(agrees)
        })
}
