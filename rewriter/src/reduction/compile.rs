//! From a module to code: for every operator, the equations to try and how.
//!
//! The one idea: an operator is called with its arguments on the value stack if it is free, with
//! one node if it has axioms; its equations are *alternatives*, addresses tried in order, the last
//! of which never fails: it builds the irreducible application. Rules and goals are the same kind
//! of program with another end. The equations of an operator are compiled when it is called first.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::dispatch::Dispatch;
use super::right::{RightCompiler, applications_in, lazy_in, shape_of};
use super::walk::Walk;
use crate::builtin::Hook;
use crate::matching::{Allocation, Code, Extension, Instruction, LeftCompiler, Register, Shape};
use crate::module::{Module, StatementId};
use crate::pattern::{Pattern, Variable, VariableId};
use crate::signature::{KindId, OpId};
use crate::statement::{Body, Fragment, Statement};
use crate::term::{Store, Theory};

/// How an operator is reduced at.
#[derive(Clone, Debug, Default)]
pub(crate) struct OperatorCode {
    /// Nothing is ever rewritten here.
    pub(crate) stable: bool,
    /// Arguments come as registers, not as a node.
    pub(crate) exploded: bool,
    pub(crate) hook: Option<Hook>,
    /// Arguments that are not reduced before the top is tried.
    pub(crate) lazy_arguments: u32,
    /// Arguments that are never reduced.
    pub(crate) unreduced_arguments: u32,
    pub(crate) allocation: Allocation,
    pub(crate) dispatch: Dispatch,
    pub(crate) has_memberships: bool,
    /// Equations are all there is to try: no built-in, no axioms.
    pub(crate) is_plain: bool,
    /// Its applications are elements of multisets: worth remembering the normal forms of.
    pub(crate) is_element: bool,
}

/// A rule, query or other pattern that can be enumerated.
#[derive(Clone, Debug)]
pub(crate) struct Enumeration {
    /// The statement, for rules.
    pub(crate) statement: StatementId,
    /// Where it starts: an index into the alternatives.
    pub(crate) start: u32,
    pub(crate) allocation: Allocation,
    /// Where the values of its variables are; nothing for those that were not needed.
    pub(crate) variables: Vec<Option<Register>>,
}

impl Enumeration {
    /// What it takes to start it.
    pub(crate) fn entry(&self) -> Entry {
        Entry {
            start: self.start,
            allocation: self.allocation,
        }
    }
}

/// Where an enumeration starts, and the room that it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(super) start: u32,
    pub(super) allocation: Allocation,
}

/// What a rule is compiled for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum RuleForm {
    /// All matches are enumerated.
    All,
    /// The same, and the values of all variables can be read at a solution.
    Explained,
    /// Any match will do, as for equations: `rewrite` takes the first.
    Any,
}

/// A module as code.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) code: Code,
    /// Addresses of programs to try; each list ends with one that does not fail.
    pub(crate) alternatives: Vec<u32>,
    pub(crate) operators: Vec<OperatorCode>,
    /// Equations of which many steps can be made at once.
    pub(super) walks: Vec<Walk>,
    /// For each operator, the rules to try there, in order.
    pub(crate) rules: Vec<Vec<Enumeration>>,
    /// The same in other forms; made when they are asked for.
    other_forms: HashMap<(OpId, RuleForm), Vec<Enumeration>, FxBuildHasher>,
    exhausted: u32,
    /// Everything that an observer may want to know can be read.
    pub(super) explains: bool,
    /// The number of variables of each statement.
    n_variables: Vec<usize>,
    /// Which statements are rules.
    are_rules: Vec<bool>,
    /// For each operator, its equations and memberships in order, until they are compiled.
    late: Vec<Option<[Vec<StatementId>; 2]>>,
}

impl Program {
    /// Compiles the statements of a module; ground subterms go to the store.
    pub(crate) fn new(module: &Module, store: &mut Store) -> Program {
        Program::compile(module, store, false)
    }

    /// The same, for observers of everything.
    pub(crate) fn explaining(module: &Module, store: &mut Store) -> Program {
        Program::compile(module, store, true)
    }

    fn compile(module: &Module, store: &mut Store, explains: bool) -> Program {
        let signature = module.signature();
        let mut code = Code::default();
        let exhausted = code.emit(Instruction::Exhausted);
        let operators = signature.operators().map(|op| OperatorCode {
            stable: module.is_stable(op),
            exploded: store.theory(op) == Theory::Free,
            hook: module.hook(op).filter(|hook| !hook.is_constructor()),
            lazy_arguments: skipped_arguments(module, op, true),
            unreduced_arguments: skipped_arguments(module, op, false),
            ..OperatorCode::default()
        });
        let mut program = Program {
            operators: operators.collect(),
            code,
            alternatives: Vec::new(),
            walks: Vec::new(),
            rules: vec![Vec::new(); signature.operators().count()],
            other_forms: HashMap::default(),
            exhausted,
            explains,
            n_variables: (module.statements().iter())
                .map(|statement| statement.variables.len())
                .collect(),
            are_rules: (module.statements().iter())
                .map(|statement| matches!(statement.body, Body::Rule { .. }))
                .collect(),
            late: vec![Some(Default::default()); signature.operators().count()],
        };
        program.list_equations(module);
        program.compile_rules(module, store);
        program
    }

    /// Finds the statements of every operator, to be compiled when it is called.
    fn list_equations(&mut self, module: &Module) {
        for owise in [false, true] {
            for (index, statement) in module.statements().iter().enumerate() {
                let id = StatementId(index as u32);
                if statement.attributes.nonexec || statement.attributes.owise != owise {
                    continue;
                }
                let list = match statement.body {
                    Body::Equation { .. } => 0,
                    Body::Membership { .. } => 1,
                    Body::Rule { .. } => continue,
                };
                for &op in module.operators_of(id) {
                    if let Some(lists) = &mut self.late[op.index()] {
                        lists[list].push(id);
                    }
                }
            }
        }
        let elements = kinds_of_elements(module);
        for index in 0..self.operators.len() {
            let op = OpId(index as u32);
            let allocation = self.first_allocation(module, op);
            let operator = module.signature().operator(op);
            let code = &mut self.operators[index];
            if code.stable {
                self.late[index] = None;
                continue;
            }
            code.allocation = allocation;
            let memberships = self.late[index].as_ref().map(|lists| &lists[1]);
            code.has_memberships = memberships.is_some_and(|list| !list.is_empty());
            code.is_plain = code.exploded && code.hook.is_none();
            code.is_element =
                code.is_plain && operator.arity() > 0 && elements.contains(&operator.range);
            let address = self.code.emit(Instruction::Late { op });
            code.dispatch = Dispatch::always(self.alternatives.len() as u32);
            self.alternatives.push(address);
        }
    }

    /// Compiles the equations of an operator that is called for the first time.
    #[cold]
    pub(super) fn compile_late(&mut self, module: &Module, store: &mut Store, op: OpId) {
        if let Some([equations, memberships]) = self.late[op.index()].take() {
            self.compile_operator(module, store, op, &equations, &memberships);
        }
    }

    /// Compiles the equations of all operators that were not called yet. Nothing may be running.
    pub(super) fn compile_all(&mut self, module: &Module, store: &mut Store) {
        for index in 0..self.late.len() {
            self.compile_late(module, store, OpId(index as u32));
        }
    }

    fn compile_operator(
        &mut self,
        module: &Module,
        store: &mut Store,
        op: OpId,
        equations: &[StatementId],
        memberships: &[StatementId],
    ) {
        let mut allocation = self.first_allocation(module, op);
        let mut addresses: Vec<(u32, StatementId)> = Vec::new();
        for (number, &id) in equations.iter().enumerate() {
            let earlier = &equations[..number];
            let (address, used) = self.compile_equation(module, store, op, (id, earlier));
            addresses.push((address, id));
            allocation = join(allocation, used);
        }
        let exploded = self.operators[op.index()].exploded;
        let mut ends = Vec::new();
        if !memberships.is_empty() {
            // The node is put together, then its sort is lowered as often as possible.
            if exploded {
                let target = 0;
                ends.push(self.code.emit(Instruction::Rebuild { op, target }));
                self.code.emit(Instruction::Fail);
            }
            for &id in memberships {
                let (address, used) = self.compile_membership(module, store, id);
                ends.push(address);
                allocation = join(allocation, used);
            }
        }
        let last = if exploded && memberships.is_empty() {
            Instruction::Irreducible { op }
        } else {
            Instruction::IrreducibleNode
        };
        ends.push(self.code.emit(last));
        let dispatch = Dispatch::new(module, store, op, &addresses, &ends, &mut self.alternatives);
        let code = &mut self.operators[op.index()];
        code.dispatch = dispatch;
        code.allocation = allocation;
    }

    fn first_allocation(&self, module: &Module, op: OpId) -> Allocation {
        let arity = module.signature().operator(op).arity();
        let exploded = self.operators[op.index()].exploded;
        Allocation {
            registers: if exploded { arity.max(1) as u16 } else { 1 },
            slots: 0,
        }
    }

    /// Compiles an equation for subjects with an operator on top; `earlier` are those that are tried before.
    fn compile_equation(
        &mut self,
        module: &Module,
        store: &mut Store,
        op: OpId,
        (id, earlier): (StatementId, &[StatementId]),
    ) -> (u32, Allocation) {
        let statement = module.statement(id);
        let Body::Equation { left, right } = &statement.body else {
            unreachable!("only equations are listed as equations");
        };
        let address = self.code.here();
        let first = self.first_allocation(module, op);
        let exploded = self.operators[op.index()].exploded;
        if !self.explains
            && let Some(walk) = Walk::of(module, store, &self.operators, op, (id, earlier))
        {
            let number = self.walks.len() as u16;
            self.walks.push(walk);
            self.code.emit(Instruction::Walk { op, walk: number });
        }
        let mut compiler = LeftCompiler::new(store, &mut self.code, &statement.variables);
        compiler.allocation = first;
        let shape = compiler.shapes.normalize(compiler.store, left);
        let top = match compiler.shapes.at(shape) {
            Shape::Application { op, .. } | Shape::Iterated { op, .. } => Some(*op),
            Shape::Ground(term) => Some(compiler.store.op(*term)),
            Shape::Variable(_) => None,
        };
        compiler.match_any(shape, &statement.condition);
        compiler.root_op = Some(op);
        compiler.unfinished = Some(shape);
        compiler.checks_sorts_once = true;
        if exploded && top == Some(op) && !compiler.is_unusual(shape, false) {
            compiler.match_exploded(shape);
        } else {
            let register = if exploded {
                let target = compiler.new_register();
                compiler.code.emit(Instruction::Rebuild { op, target });
                target
            } else {
                0
            };
            compiler.root_is_unreduced = !exploded;
            match compiler.becomes_part(shape, Some(op)) {
                true => compiler.match_generally(shape, register, true),
                false => compiler.match_register(shape, register, top == Some(op)),
            }
        }
        let lazy = lazy_in(&compiler, &self.operators, shape, Some(op));
        let right = shape_of(&mut compiler, &self.operators, right);
        let mut body = RightCompiler::new(
            &mut compiler,
            &self.operators,
            lazy,
            &statement.condition,
            &[right],
        );
        body.observed = (self.explains).then_some((id, statement.variables.len()));
        body.condition(&statement.condition);
        body.fetch_variables(right);
        for item in statement.attributes.print.iter().flatten() {
            if let crate::statement::PrintItem::Variable(variable) = item {
                body.left.register(*variable);
            }
        }
        let extension = body.left.extension();
        if body.observed.is_some() {
            fetch_all(body.left, statement.variables.len());
        }
        emit_application(body.left, Instruction::Commit(id), statement);
        body.note_uncovered(&extension);
        body.evaluate_extended(right, extension, true);
        (address, compiler.allocation)
    }

    fn compile_membership(
        &mut self,
        module: &Module,
        store: &mut Store,
        id: StatementId,
    ) -> (u32, Allocation) {
        let statement = module.statement(id);
        let Body::Membership { pattern, sort } = &statement.body else {
            unreachable!("only memberships are listed as memberships");
        };
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, &statement.variables);
        compiler.allocation.registers = 1;
        // Before anything else: a condition may need the sort of the same term.
        compiler.code.emit(Instruction::ExpectAbove(*sort));
        let shape = compiler.shapes.normalize(compiler.store, pattern);
        compiler.match_any(shape, &statement.condition);
        compiler.unfinished = Some(shape);
        compiler.match_register(shape, 0, false);
        // In Maude the subject may not be reduced yet.
        let lazy = applications_in(&compiler, shape);
        let mut body = RightCompiler::new(
            &mut compiler,
            &self.operators,
            lazy,
            &statement.condition,
            &[],
        );
        body.observed = (self.explains).then_some((id, statement.variables.len()));
        body.condition(&statement.condition);
        if body.observed.is_some() {
            fetch_all(body.left, statement.variables.len());
        }
        let lower = Instruction::Lower {
            statement: id,
            sort: *sort,
        };
        emit_application(body.left, lower, statement);
        (address, compiler.allocation)
    }

    fn compile_rules(&mut self, module: &Module, store: &mut Store) {
        for (index, statement) in module.statements().iter().enumerate() {
            let id = StatementId(index as u32);
            if statement.attributes.nonexec || !matches!(statement.body, Body::Rule { .. }) {
                continue;
            }
            for &op in module.operators_of(id) {
                let rule = self.compile_rule(store, statement, id, op, RuleForm::All);
                self.rules[op.index()].push(rule);
            }
        }
    }

    /// A rule at an operator, in a form that was made.
    pub(crate) fn rule(&self, op: OpId, rule: usize, form: RuleForm) -> &Enumeration {
        match form {
            RuleForm::All => &self.rules[op.index()][rule],
            _ => &self.other_forms[&(op, form)][rule],
        }
    }

    /// Makes the rules at an operator in another form.
    pub(crate) fn make_rules(
        &mut self,
        module: &Module,
        store: &mut Store,
        op: OpId,
        form: RuleForm,
    ) {
        if form == RuleForm::All || self.other_forms.contains_key(&(op, form)) {
            return;
        }
        let statements: Vec<StatementId> = self.rules[op.index()]
            .iter()
            .map(|rule| rule.statement)
            .collect();
        let rules = (statements.into_iter())
            .map(|id| self.compile_rule(store, module.statement(id), id, op, form))
            .collect();
        self.other_forms.insert((op, form), rules);
    }

    /// Compiles a rule for subjects with this operator on top.
    fn compile_rule(
        &mut self,
        store: &mut Store,
        statement: &Statement,
        id: StatementId,
        op: OpId,
        form: RuleForm,
    ) -> Enumeration {
        let Body::Rule { left, right } = &statement.body else {
            unreachable!("only rules are listed as rules");
        };
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, &statement.variables);
        compiler.allocation.registers = 1;
        let shape = compiler.shapes.normalize(compiler.store, left);
        let same_top = match compiler.shapes.at(shape) {
            Shape::Application { op: top, .. } | Shape::Iterated { op: top, .. } => *top == op,
            Shape::Ground(term) => compiler.store.op(*term) == op,
            Shape::Variable(_) => false,
        };
        if form == RuleForm::Any {
            compiler.match_any(shape, &statement.condition);
        }
        compiler.root_op = Some(op);
        match compiler.becomes_part(shape, Some(op)) {
            true => compiler.match_generally(shape, 0, true),
            false => compiler.match_register(shape, 0, same_top),
        }
        compiler.forget_matched(|op| self.operators[op.index()].stable);
        let mut lazy = lazy_in(&compiler, &self.operators, shape, Some(op));
        if self.operators.iter().any(|code| code.has_memberships) {
            // As in Maude, what a rule matches is made anew; then memberships are told again.
            lazy.extend(applications_in(&compiler, shape));
        }
        let right = shape_of(&mut compiler, &self.operators, right);
        let mut body = RightCompiler::new(
            &mut compiler,
            &self.operators,
            lazy,
            &statement.condition,
            &[right],
        );
        body.observed = (self.explains).then_some((id, statement.variables.len()));
        body.condition(&statement.condition);
        if form == RuleForm::Explained || self.explains {
            fetch_all(body.left, statement.variables.len());
        }
        body.fetch_variables(right);
        let extension = body.left.extension();
        let variables = registers_of(body.left, statement.variables.len());
        emit_application(body.left, Instruction::Solution(id), statement);
        body.note_uncovered(&extension);
        body.evaluate_extended(right, extension, false);
        body.left.code.emit(Instruction::Yield);
        let allocation = compiler.allocation;
        self.enumeration(id, address, allocation, variables)
    }

    /// Compiles a pattern with a condition; all its variables can be read at a solution. With
    /// `extend`, the pattern may cover a part of a collection.
    pub(crate) fn compile_goal(
        &mut self,
        store: &mut Store,
        variables: &[Variable],
        pattern: &Pattern,
        condition: &[Fragment],
        extend: bool,
    ) -> Enumeration {
        let address = self.code.here();
        let mut compiler = LeftCompiler::new(store, &mut self.code, variables);
        compiler.allocation.registers = 1;
        let shape = compiler.shapes.normalize(compiler.store, pattern);
        match extend && compiler.becomes_part(shape, None) {
            true => compiler.match_generally(shape, 0, true),
            false => compiler.match_register(shape, 0, extend),
        }
        let lazy = lazy_in(&compiler, &self.operators, shape, None);
        let mut body = RightCompiler::new(&mut compiler, &self.operators, lazy, condition, &[]);
        body.condition(condition);
        fetch_all(body.left, variables.len());
        let extension = body.left.extension();
        let mut registers = registers_of(body.left, variables.len());
        match extension {
            Extension::None => {}
            Extension::Rest { register, .. } => registers.push(Some(register)),
            Extension::Around { before, after, .. } => {
                registers.extend([Some(before), Some(after)]);
            }
            Extension::Covered { register } => {
                registers.extend([Some(register - 2), Some(register - 1), Some(register)]);
            }
        }
        body.left.code.emit(Instruction::Yield);
        let allocation = compiler.allocation;
        self.enumeration(StatementId(u32::MAX), address, allocation, registers)
    }

    /// Where the values of the variables are at an instruction that applies a statement.
    pub(crate) fn variables_at(&self, address: u32) -> &[Option<Register>] {
        let variables = &self.code.variables;
        match variables.binary_search_by_key(&address, |&(at, _)| at) {
            Ok(index) => &variables[index].1,
            Err(_) => &[],
        }
    }

    /// Whether a statement is a rule.
    pub(super) fn is_rule(&self, statement: StatementId) -> bool {
        self.are_rules
            .get(statement.index())
            .copied()
            .unwrap_or(false)
    }

    /// How many variables a statement has.
    pub(super) fn n_variables(&self, statement: StatementId) -> usize {
        self.n_variables
            .get(statement.index())
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn enumeration(
        &mut self,
        statement: StatementId,
        address: u32,
        allocation: Allocation,
        variables: Vec<Option<Register>>,
    ) -> Enumeration {
        let start = self.alternatives.len() as u32;
        self.alternatives.extend([address, self.exhausted]);
        Enumeration {
            statement,
            start,
            allocation,
            variables,
        }
    }
}

/// Emits the instruction that applies a statement, and records where its variables are.
pub(super) fn emit_application(
    compiler: &mut LeftCompiler<'_>,
    instruction: Instruction,
    statement: &Statement,
) {
    let registers = registers_of(compiler, statement.variables.len());
    let address = compiler.code.emit(instruction);
    compiler.code.variables.push((address, registers));
}

pub(super) fn fetch_all(compiler: &mut LeftCompiler<'_>, n_variables: usize) {
    for index in 0..n_variables {
        let variable = VariableId(index as u16);
        if compiler.is_bound(variable) {
            compiler.register(variable);
        }
    }
}

/// Where the values of variables are, for those that are terms already.
pub(super) fn registers_of(
    compiler: &LeftCompiler<'_>,
    n_variables: usize,
) -> Vec<Option<Register>> {
    let register = |index| compiler.existing_register(VariableId(index as u16));
    (0..n_variables).map(register).collect()
}

fn join(first: Allocation, second: Allocation) -> Allocation {
    Allocation {
        registers: first.registers.max(second.registers),
        slots: first.slots.max(second.slots),
    }
}

/// The kinds of multisets: applications of other operators of these kinds are elements.
fn kinds_of_elements(module: &Module) -> Vec<KindId> {
    let signature = module.signature();
    let is_multiset = |op: &OpId| {
        let axioms = signature.operator(*op).axioms();
        axioms.assoc && axioms.comm
    };
    let operators = signature.operators().filter(is_multiset);
    operators.map(|op| signature.operator(op).range).collect()
}

/// Arguments that the strategy of an operator does not evaluate, or, with `late`, not before the top
/// is tried.
fn skipped_arguments(module: &Module, op: OpId, late: bool) -> u32 {
    let operator = module.signature().operator(op);
    let Some(strategy) = &operator.attributes.strategy else {
        return 0;
    };
    let axioms = operator.axioms();
    if axioms.assoc || axioms.comm || axioms.identity.is_some() || axioms.iter {
        return 0;
    }
    let mut skipped = (1u32 << operator.arity().min(31)) - 1;
    for &position in strategy {
        match position {
            0 if late => break,
            0 => {}
            _ => skipped &= !(1 << (position - 1).min(31)),
        }
    }
    skipped
}
