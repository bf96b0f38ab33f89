//! The very weak alternating automaton of a formula.
//!
//! The one idea: its states are subformulas; a transition leads to a conjunction of states that
//! must all go on. A conjunction that is implied by a smaller one is left out, valuation by
//! valuation.
//!
//! Source: Gastin, Oddoux, "Fast LTL to Büchi automata translation" (CAV 2001), sections 2 and 3.

use std::collections::BTreeMap;

use super::diagram::{Diagram, Diagrams};
use super::formula::{Formula, FormulaId, Formulas};
use super::numbers::NumberSet;

/// Conjunctions of states, each with the valuations for which it is a way to go on.
pub(super) type Conjunctions = BTreeMap<NumberSet, Diagram>;

/// A very weak alternating automaton, of which only reachable states are left.
#[derive(Debug)]
pub(super) struct Alternating {
    pub(super) states: Vec<Conjunctions>,
    pub(super) initial: Conjunctions,
    /// Where a path may not stay for ever.
    pub(super) finals: Vec<u32>,
}

/// What is still to be done for a formula.
enum Task {
    /// Its disjunctive normal form over states.
    Disjunction(FormulaId),
    JoinDisjunction(FormulaId),
    /// Its transitions as a state.
    Transitions(FormulaId),
    JoinTransitions(FormulaId),
}

/// Adds a conjunction, and takes out what is implied.
pub(super) fn add(
    all: &mut Conjunctions,
    diagrams: &mut Diagrams,
    states: NumberSet,
    valuations: Diagram,
) {
    let mut valuations = valuations;
    if valuations == Diagram::FALSE {
        return;
    }
    let mut implied = Vec::new();
    for (known, theirs) in all.iter_mut() {
        if *known == states {
            continue;
        }
        if known.contains_all(&states) {
            *theirs = diagrams.without(*theirs, valuations);
            if *theirs == Diagram::FALSE {
                implied.push(known.clone());
            }
        } else if states.contains_all(known) {
            valuations = diagrams.without(valuations, *theirs);
            if valuations == Diagram::FALSE {
                break;
            }
        }
    }
    for known in implied {
        all.remove(&known);
    }
    if valuations != Diagram::FALSE {
        let present = all.entry(states).or_insert(Diagram::FALSE);
        *present = diagrams.or(*present, valuations);
    }
}

fn sum(left: &Conjunctions, right: &Conjunctions, diagrams: &mut Diagrams) -> Conjunctions {
    let mut all = left.clone();
    for (states, &valuations) in right {
        add(&mut all, diagrams, states.clone(), valuations);
    }
    all
}

fn product(left: &Conjunctions, right: &Conjunctions, diagrams: &mut Diagrams) -> Conjunctions {
    let mut all = Conjunctions::new();
    for (first, &here) in left {
        for (second, &there) in right {
            let mut states = first.clone();
            states.insert_all(second);
            let valuations = diagrams.and(here, there);
            add(&mut all, diagrams, states, valuations);
        }
    }
    all
}

fn alone(states: NumberSet, valuations: Diagram) -> Conjunctions {
    match valuations {
        Diagram::FALSE => Conjunctions::new(),
        _ => BTreeMap::from([(states, valuations)]),
    }
}

/// The automaton while it is made, by formulas.
struct Construction<'f> {
    formulas: &'f Formulas,
    disjunctions: Vec<Option<Conjunctions>>,
    transitions: Vec<Option<Conjunctions>>,
    finals: Vec<u32>,
}

impl Construction<'_> {
    fn run(&mut self, formula: FormulaId, diagrams: &mut Diagrams) {
        let mut pending = vec![Task::Disjunction(formula)];
        while let Some(task) = pending.pop() {
            match task {
                Task::Disjunction(id) => {
                    if self.disjunctions[id.index()].is_some() {
                        continue;
                    }
                    match self.formulas.get(id) {
                        Formula::And(left, right) | Formula::Or(left, right) => pending.extend([
                            Task::JoinDisjunction(id),
                            Task::Disjunction(right),
                            Task::Disjunction(left),
                        ]),
                        _ => {
                            let this = NumberSet::from_iter([id.0]);
                            self.disjunctions[id.index()] = Some(alone(this, Diagram::TRUE));
                            pending.push(Task::Transitions(id));
                        }
                    }
                }
                Task::JoinDisjunction(id) => {
                    let joined = match self.formulas.get(id) {
                        Formula::And(left, right) => {
                            product(self.disjunction(left), self.disjunction(right), diagrams)
                        }
                        Formula::Or(left, right) => {
                            sum(self.disjunction(left), self.disjunction(right), diagrams)
                        }
                        _ => unreachable!("other formulas are states"),
                    };
                    self.disjunctions[id.index()] = Some(joined);
                }
                Task::Transitions(id) => {
                    if self.transitions[id.index()].is_some() {
                        continue;
                    }
                    pending.push(Task::JoinTransitions(id));
                    match self.formulas.get(id) {
                        Formula::Next(next) => pending.push(Task::Disjunction(next)),
                        Formula::And(left, right)
                        | Formula::Or(left, right)
                        | Formula::Until(left, right)
                        | Formula::Release(left, right) => {
                            pending.extend([Task::Transitions(right), Task::Transitions(left)])
                        }
                        _ => {}
                    }
                }
                Task::JoinTransitions(id) => {
                    if self.transitions[id.index()].is_none() {
                        let joined = self.joined_transitions(id, diagrams);
                        self.transitions[id.index()] = Some(joined);
                    }
                }
            }
        }
    }

    fn joined_transitions(&mut self, id: FormulaId, diagrams: &mut Diagrams) -> Conjunctions {
        let nothing = NumberSet::default();
        let again = alone(NumberSet::from_iter([id.0]), Diagram::TRUE);
        match self.formulas.get(id) {
            Formula::True => alone(nothing, Diagram::TRUE),
            Formula::False => Conjunctions::new(),
            Formula::Proposition(number) => alone(nothing, diagrams.proposition(number)),
            Formula::Not(inner) => match self.formulas.get(inner) {
                Formula::Proposition(number) => {
                    let holds = diagrams.proposition(number);
                    alone(nothing, diagrams.not(holds))
                }
                _ => unreachable!("only propositions are negated"),
            },
            Formula::Next(next) => self.disjunction(next).clone(),
            Formula::And(left, right) => {
                product(self.transition(left), self.transition(right), diagrams)
            }
            Formula::Or(left, right) => {
                sum(self.transition(left), self.transition(right), diagrams)
            }
            Formula::Until(left, right) => {
                let later = product(self.transition(left), &again, diagrams);
                let all = sum(&later, self.transition(right), diagrams);
                self.finals.push(id.0);
                all
            }
            Formula::Release(left, right) => {
                let either = sum(self.transition(left), &again, diagrams);
                product(&either, self.transition(right), diagrams)
            }
        }
    }

    fn disjunction(&self, id: FormulaId) -> &Conjunctions {
        match &self.disjunctions[id.index()] {
            Some(known) => known,
            None => unreachable!("parts are done before wholes"),
        }
    }

    fn transition(&self, id: FormulaId) -> &Conjunctions {
        match &self.transitions[id.index()] {
            Some(known) => known,
            None => unreachable!("parts are done before wholes"),
        }
    }
}

impl Alternating {
    pub(super) fn new(
        formulas: &Formulas,
        formula: FormulaId,
        diagrams: &mut Diagrams,
    ) -> Alternating {
        let n_formulas = formula.index() + 1;
        let mut construction = Construction {
            formulas,
            disjunctions: vec![None; n_formulas],
            transitions: vec![None; n_formulas],
            finals: Vec::new(),
        };
        construction.run(formula, diagrams);
        let initial = construction.disjunction(formula).clone();
        let numbers = reachable(&initial, &construction.transitions);
        let renamed = |all: &Conjunctions| -> Conjunctions {
            (all.iter())
                .map(|(states, &valuations)| (states.mapped(&numbers), valuations))
                .collect()
        };
        let n_states = numbers.iter().flatten().count();
        let mut states = vec![Conjunctions::new(); n_states];
        for (number, transitions) in numbers.iter().zip(&construction.transitions) {
            if let (Some(number), Some(transitions)) = (number, transitions) {
                states[*number as usize] = renamed(transitions);
            }
        }
        Alternating {
            initial: renamed(&initial),
            states,
            finals: (construction.finals.iter())
                .filter_map(|&state| numbers[state as usize])
                .collect(),
        }
    }

    /// Which obligations a conjunction of states reached for some valuations meets: every final
    /// state but those that are only put off.
    pub(super) fn met(
        &self,
        diagrams: &mut Diagrams,
        states: &NumberSet,
        valuations: Diagram,
    ) -> NumberSet {
        let mut met = NumberSet::default();
        for (number, &state) in (0u32..).zip(&self.finals) {
            let is_met = !states.contains(state)
                || (self.states[state as usize].iter()).any(|(others, &theirs)| {
                    !others.contains(state)
                        && states.contains_all(others)
                        && diagrams.without(valuations, theirs) == Diagram::FALSE
                });
            if is_met {
                met.insert(number);
            }
        }
        met
    }
}

/// New numbers of the states that are reachable, depth first.
fn reachable(initial: &Conjunctions, transitions: &[Option<Conjunctions>]) -> Vec<Option<u32>> {
    let targets =
        |all: &Conjunctions| -> Vec<u32> { all.keys().flat_map(NumberSet::iter).collect() };
    let mut numbers = vec![None; transitions.len()];
    let mut next = 0;
    let mut path = vec![targets(initial).into_iter()];
    while let Some(rest) = path.last_mut() {
        let Some(state) = rest.next() else {
            path.pop();
            continue;
        };
        let number = &mut numbers[state as usize];
        if number.is_none() {
            *number = Some(next);
            next += 1;
            path.extend((transitions[state as usize].as_ref()).map(|all| targets(all).into_iter()));
        }
    }
    numbers
}
