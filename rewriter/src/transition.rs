//! Transitions: the one-step rewrites of a normal form by the rules of a module.
//!
//! The one idea: transitions come one after the other, lazily, in Maude's order: positions breadth
//! first from the root, at each position the rules in order of declaration, for each rule its
//! matches in the order of the matcher. A result is put back into the term around it and reduced.
//! Subterms in which no rule applies are marked once in the store and skipped ever after.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use crate::builtin::Hook;
use crate::module::StatementId;
use crate::reduction::{
    Budget, Event, Interrupted, NormalForm, Reason, Reducer, RuleForm, Suspension,
};
use crate::signature::OpId;
use crate::term::{TermId, Theory};

/// A step from one normal form to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transition {
    /// The rule.
    pub rule: StatementId,
    /// What it leads to.
    pub target: NormalForm,
}

/// A place in the term whose transitions are enumerated.
#[derive(Clone, Copy, Debug)]
struct Position {
    term: TermId,
    /// The place it is an argument of, by index, and which argument.
    parent: u32,
    argument: u32,
}

/// Enumerates the transitions of one normal form.
#[derive(Debug)]
pub struct Transitions {
    positions: Vec<Position>,
    /// The position that is tried.
    current: usize,
    /// The rule that is tried there, among those of the operator.
    rule: usize,
    /// The machine is suspended at a solution of it.
    running: bool,
    /// Some rule applied at or below each position.
    active: Vec<bool>,
    /// Some rule applied at the present position.
    applied: bool,
    /// Rewrites when the first rule was tried there.
    n_rewrites_before: u64,
    budget: Budget,
    form: RuleForm,
    /// Only the root is a position.
    top_only: bool,
    /// Where the rules of an operator begin, if not with the first.
    first_rules: FirstRules,
    /// Searches within conditions do not share what they know of subterms, because the rewrites
    /// they take count again, as in Maude.
    is_nested: bool,
    /// What the machine was doing before.
    before: Suspension,
    reachable: Reachable,
    /// A rule with a condition was tried.
    pub(crate) tried_conditions: bool,
    /// What is found may be found once more; then conditions are to be tried again.
    is_tentative: bool,
}

/// For each operator the place of the rule that is tried first, if it is not the first one.
pub(crate) type FirstRules = HashMap<OpId, usize, FxBuildHasher>;

/// Searches within conditions of rules within such searches, and so on, at most.
const DEEPEST: usize = 200;

impl Transitions {
    /// The transitions of a normal form, none enumerated yet. Ends what the reducer was doing.
    pub fn new(reducer: &mut Reducer, state: NormalForm) -> Transitions {
        reducer.machine.reset();
        // What gives another result each time is not remembered either.
        let counts = reducer.module().operator_with(Hook::NextNumber).is_some();
        reducer.machine.remembers_elements = !reducer.is_observed() && !counts;
        reducer.store.clear_scratch();
        Transitions::nested(reducer, state, 0)
    }

    /// The same, when the values of the variables of rules are wanted as well.
    pub fn explaining(reducer: &mut Reducer, state: NormalForm) -> Transitions {
        let mut transitions = Transitions::new(reducer, state);
        transitions.form = RuleForm::Explained;
        transitions
    }

    /// The same, when whoever asks may need the rewrites of conditions once more.
    pub(crate) fn tentative(
        reducer: &mut Reducer,
        state: NormalForm,
        is_tentative: bool,
    ) -> Transitions {
        Transitions {
            is_tentative,
            ..Transitions::new(reducer, state)
        }
    }

    fn nested(reducer: &Reducer, state: NormalForm, depth: usize) -> Transitions {
        Transitions {
            positions: vec![Position {
                term: state.term(),
                parent: 0,
                argument: 0,
            }],
            current: 0,
            rule: 0,
            running: false,
            active: vec![false],
            applied: false,
            n_rewrites_before: 0,
            budget: Budget::new(&reducer.limits),
            form: RuleForm::All,
            top_only: false,
            first_rules: FirstRules::default(),
            is_nested: depth > 0,
            before: reducer.machine.suspend(),
            reachable: Reachable::new(depth + 1),
            tried_conditions: false,
            is_tentative: false,
        }
    }

    /// The transitions in another order of the rules: those of each operator begin with the one
    /// given for it. Of each rule only the first match counts. With `top_only`, no rule is applied
    /// below the root.
    pub(crate) fn beginning_with(
        reducer: &mut Reducer,
        state: NormalForm,
        first_rules: FirstRules,
        top_only: bool,
    ) -> Transitions {
        Transitions {
            first_rules,
            top_only,
            form: RuleForm::Any,
            ..Transitions::new(reducer, state)
        }
    }

    /// What was given to [`Transitions::beginning_with`], where the rule of the transition found
    /// last is behind.
    pub(crate) fn into_next_rules(mut self, reducer: &Reducer) -> FirstRules {
        if let Some(position) = self.positions.get(self.current).filter(|_| self.running) {
            let op = reducer.store.op(position.term);
            let next = self.rule_at(reducer, op) + 1;
            self.first_rules.insert(op, next);
        }
        self.first_rules
    }

    /// The place among the rules of the operator of the one that is tried.
    fn rule_at(&self, reducer: &Reducer, op: OpId) -> usize {
        match self.first_rules.get(&op) {
            Some(first) => (self.rule + first) % reducer.program.rules[op.index()].len(),
            None => self.rule,
        }
    }

    /// The next transition.
    ///
    /// # Errors
    /// If a limit is reached first; the enumeration is then over.
    pub fn next(&mut self, reducer: &mut Reducer) -> Result<Option<Transition>, Interrupted> {
        match self.advance(reducer) {
            Ok(found) => Ok(found),
            Err(reason) => Err(reducer.interrupted(reason)),
        }
    }

    /// The values of the variables of the rule at the transition found last: for all variables if
    /// the enumeration is an explaining one, else for those that the rule needs.
    pub fn substitution(&self, reducer: &mut Reducer) -> Vec<Option<TermId>> {
        let Some(position) = self.positions.get(self.current).filter(|_| self.running) else {
            return Vec::new();
        };
        let op = reducer.store.op(position.term);
        let registers = reducer
            .program
            .rule(op, self.rule_at(reducer, op), self.form)
            .variables
            .clone();
        let value = |register: Option<u16>| {
            register.map(|register| reducer.store.promote(reducer.machine.register(register)))
        };
        registers.into_iter().map(value).collect()
    }

    /// The next transition, or why there is none.
    pub(crate) fn advance(&mut self, reducer: &mut Reducer) -> Result<Option<Transition>, Reason> {
        while self.current < self.positions.len() {
            let term = self.positions[self.current].term;
            let op = reducer.store.op(term);
            let has_rules = self.rule < reducer.program.rules[op.index()].len();
            if !self.running && (!has_rules || self.is_passed_over(reducer, term)) {
                self.note_failure(reducer, term);
                self.leave_position(reducer, op);
                continue;
            }
            let mut event = if self.running {
                let rule = self.rule_at(reducer, op);
                let n_registers = reducer.program.rule(op, rule, self.form);
                let n_registers = n_registers.allocation.registers;
                self.budget.start(reducer.machine.n_rewrites);
                let (machine, mut host) = reducer.running(&mut self.budget);
                machine.resume(&mut host, n_registers)?
            } else {
                if self.rule == 0 {
                    self.n_rewrites_before = reducer.machine.n_rewrites;
                }
                self.start_rule(reducer, op, term)?
            };
            while let Event::Reach { source, number } = event {
                let source = reducer.machine.register(source);
                let source = reducer.store.promote(source);
                let reached = self.reachable.term(reducer, source, number)?;
                let (machine, mut host) = reducer.running(&mut self.budget);
                event = machine.answer(&mut host, reached)?;
            }
            if event == Event::Solution {
                self.mark_active();
                self.applied = true;
                let rule = self.rule_at(reducer, op);
                let rule = reducer.program.rule(op, rule, self.form).statement;
                let target = self.rebuild(reducer)?;
                return Ok(Some(Transition { rule, target }));
            }
            self.running = false;
            self.rule += 1;
            reducer.machine.restore(self.before);
        }
        let counts_once = self.is_tentative && self.tried_conditions;
        if !self.is_nested && !self.top_only && !counts_once {
            self.mark_quiet(reducer);
        }
        Ok(None)
    }

    /// How far below the top the rule of the transition found last applied.
    pub(crate) fn depth(&self) -> u16 {
        let (mut at, mut depth) = (self.current, 0);
        while at != 0 {
            at = self.positions[at].parent as usize;
            depth += 1;
        }
        depth
    }

    fn start_rule(
        &mut self,
        reducer: &mut Reducer,
        op: OpId,
        term: TermId,
    ) -> Result<Event, Reason> {
        if self.form != RuleForm::All {
            let module = Arc::clone(reducer.module());
            let (program, store) = (&mut reducer.program, &mut reducer.store);
            program.make_rules(&module, store, op, self.form);
        }
        self.running = true;
        if reducer.is_observed() {
            reducer.machine.around = self.around();
        }
        self.budget.start(reducer.machine.n_rewrites);
        let rule = self.rule_at(reducer, op);
        let statement = reducer.program.rule(op, rule, self.form).statement;
        self.tried_conditions |= !reducer.module.statement(statement).condition.is_empty();
        let (machine, mut host) = reducer.running(&mut self.budget);
        let rule = host.program.rule(op, rule, self.form).entry();
        machine.start(&mut host, rule, term)
    }

    /// The terms around the present position.
    fn around(&self) -> Vec<(TermId, usize)> {
        let mut around = Vec::new();
        let mut at = self.current;
        while at != 0 {
            let position = self.positions[at];
            at = position.parent as usize;
            around.push((self.positions[at].term, position.argument as usize));
        }
        around
    }

    /// Some rule applies at the present position and thus below all those above it.
    fn mark_active(&mut self) {
        let mut at = self.current;
        while !self.active[at] {
            self.active[at] = true;
            at = self.positions[at].parent as usize;
        }
    }

    /// Whether it is known that no rule applies in a subterm.
    fn is_quiet(&self, reducer: &Reducer, term: TermId) -> bool {
        !self.is_nested && reducer.store.is_quiet(term)
    }

    /// Whether no rule is tried at a term.
    fn is_passed_over(&self, reducer: &Reducer, term: TermId) -> bool {
        !self.is_nested
            && (reducer.store.is_quiet(term) || self.rule == 0 && reducer.failed.contains(&term))
    }

    /// Remembers that all rules failed at the present position, if trying them took rewrites: as in
    /// Maude they are not tried again there, though some may apply below.
    fn note_failure(&mut self, reducer: &mut Reducer, term: TermId) {
        let is_tried = self.rule > 0 && !self.applied && !self.is_nested && !self.is_tentative;
        if is_tried && reducer.machine.n_rewrites > self.n_rewrites_before {
            reducer.failed.insert(term);
        }
    }

    /// The terms beside those that the transition found last makes anew, and below them.
    pub(crate) fn kept(&self, reducer: &Reducer) -> Vec<TermId> {
        let redex = self.positions[self.current].term;
        let mut kept = reducer.store.arguments(redex).to_vec();
        for (around, argument) in self.around() {
            let arguments = reducer.store.arguments(around).iter().enumerate();
            kept.extend(
                arguments
                    .filter(|&(place, _)| place != argument)
                    .map(|(_, &term)| term),
            );
        }
        kept
    }

    /// Remembers the subterms in which no rule applied.
    fn mark_quiet(&mut self, reducer: &mut Reducer) {
        for (position, active) in self.positions.iter().zip(&self.active) {
            if !active {
                reducer.store.set_quiet(position.term);
            }
        }
    }

    /// All rules were tried at the present position: its arguments are next in line.
    fn leave_position(&mut self, reducer: &Reducer, op: OpId) {
        let position = self.positions[self.current];
        let store = &reducer.store;
        if !self.top_only && !self.is_quiet(reducer, position.term) {
            let frozen = &store.signature().operator(op).attributes.frozen;
            let theory = store.theory(op);
            let arguments = store.arguments(position.term);
            for (index, &term) in arguments.iter().enumerate() {
                let repeated =
                    theory == Theory::Multiset && index > 0 && arguments[index - 1] == term;
                let is_frozen = match theory {
                    Theory::List | Theory::Multiset => !frozen.is_empty(),
                    _ => frozen.contains(&index),
                };
                if repeated || is_frozen || self.is_quiet(reducer, term) {
                    continue;
                }
                self.positions.push(Position {
                    term,
                    parent: self.current as u32,
                    argument: index as u32,
                });
                self.active.push(false);
            }
        }
        self.current += 1;
        self.rule = 0;
        self.applied = false;
    }

    /// Puts the result on top of the machine's values back into the term around it.
    fn rebuild(&mut self, reducer: &mut Reducer) -> Result<NormalForm, Reason> {
        let mut at = self.current;
        while at != 0 {
            let Position {
                parent, argument, ..
            } = self.positions[at];
            at = parent as usize;
            let term = self.positions[at].term;
            let op = reducer.store.op(term);
            let value = reducer.machine.top();
            if let Some(count) = reducer.store.iterations(term) {
                let node = reducer.store.iterate_transient(op, &count.limbs(), value);
                let (machine, mut host) = reducer.running(&mut self.budget);
                machine.replace_top(&mut host, node)?;
                continue;
            }
            let mut arguments: SmallVec<[TermId; 32]> = reducer.store.arguments(term).into();
            arguments[argument as usize] = value;
            let (machine, mut host) = reducer.running(&mut self.budget);
            machine.apply_on_top(&mut host, op, &arguments)?;
        }
        let value = reducer.machine.top();
        let target = reducer.store.promote(value);
        if reducer.store.is_exhausted() {
            return Err(Reason::Memory);
        }
        Ok(NormalForm(target))
    }
}

/// Terms reachable from others, as conditions `t => pattern` ask for them: breadth first, the
/// term itself first.
#[derive(Debug, Default)]
pub(crate) struct Reachable {
    from: HashMap<TermId, Reached, FxBuildHasher>,
    depth: usize,
}

/// What was found from one term. All successors of a term are computed together, but as in Maude the
/// rewrites count only as far as somebody asks.
#[derive(Debug, Default)]
struct Reached {
    /// Each with the rewrites since the one before was found.
    terms: Vec<(TermId, u64)>,
    known: HashSet<TermId, FxBuildHasher>,
    n_expanded: usize,
    /// The rewrites since the last one was found.
    n_rewrites: u64,
}

impl Reachable {
    /// Nothing is known to be reachable. Conditions at this depth of nesting ask.
    pub(crate) fn new(depth: usize) -> Reachable {
        Reachable {
            from: HashMap::default(),
            depth,
        }
    }

    /// The term with this number among those reachable from a term.
    pub(crate) fn term(
        &mut self,
        reducer: &mut Reducer,
        source: TermId,
        number: u32,
    ) -> Result<Option<TermId>, Reason> {
        if self.depth >= DEEPEST {
            return Err(Reason::Nesting);
        }
        // A condition that starts anew searches anew, and the rewrites count again, as in Maude.
        let mut reached = match self.from.remove(&source) {
            Some(reached) if number > 0 => reached,
            _ => Reached::default(),
        };
        if reached.terms.is_empty() {
            reached.terms.push((source, 0));
            reached.known.insert(source);
        }
        while reached.terms.len() <= number as usize && reached.n_expanded < reached.terms.len() {
            let (state, _) = reached.terms[reached.n_expanded];
            reached.n_expanded += 1;
            let before = reducer.machine.n_rewrites;
            let mut last = before;
            let mut transitions = Transitions::nested(reducer, NormalForm(state), self.depth);
            while let Some(transition) = transitions.advance(reducer)? {
                let target = transition.target.term();
                if reached.known.insert(target) {
                    let now = reducer.machine.n_rewrites;
                    let n_rewrites = std::mem::take(&mut reached.n_rewrites) + now - last;
                    reached.terms.push((target, n_rewrites));
                    last = now;
                }
            }
            reached.n_rewrites += reducer.machine.n_rewrites - last;
            reducer.machine.n_rewrites = before;
        }
        let found = match reached.terms.get(number as usize) {
            Some(&(term, n_rewrites)) => {
                reducer.machine.n_rewrites += n_rewrites;
                Some(term)
            }
            None => {
                reducer.machine.n_rewrites += std::mem::take(&mut reached.n_rewrites);
                None
            }
        };
        self.from.insert(source, reached);
        Ok(found)
    }
}
