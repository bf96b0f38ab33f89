//! Every labelled statement of the rules is used by some program of `tests/programs`.
//!
//! The states of each program that lie near its first one are visited; what the engine
//! reduces on the way, and to answer the program's own queries there, is observed.
//! Nothing is said about how a statement is used: that is in the expectations.

use std::collections::{BTreeSet, HashSet, VecDeque};

use frontend::{query, semantics};
use rewriter::literate::Chapter;
use rewriter::load::{LoadedModule, load};
use rewriter::module::{Module, StatementId};
use rewriter::pattern::Pattern;
use rewriter::reduction::{NormalForm, Observer, Reducer};
use rewriter::signature::OpId;
use rewriter::source::Source;
use rewriter::statement::Body;
use rewriter::term::{Store, TermId};
use rewriter::transition::Transitions;
use tests::case::{Case, cases};
use tests::psem::psem;

/// States that are visited of one program, at most.
const STATES: usize = 300;

/// The labels of the statements that were applied.
struct Applied<'m> {
    module: &'m Module,
    labels: BTreeSet<String>,
}

impl Observer for Applied<'_> {
    fn applied(&mut self, _: &Store, statement: StatementId, _: &[Option<TermId>]) {
        if let Some(label) = self.module.statement(statement).label
            && !self.labels.contains(label.as_str())
        {
            self.labels.insert(label.to_string());
        }
    }
}

#[test]
fn every_statement_is_used_by_a_program() {
    let chapters = semantics::built_in();
    let sources: Vec<Source> = chapters
        .iter()
        .map(|chapter| Source::new(chapter.name.as_str(), chapter.text.as_str()))
        .collect();
    let rules = load(&sources).unwrap_or_else(|rejected| panic!("{}", rejected.plain()));
    let rules = rules.current();
    let module = rules.module().clone();
    let mut applied = Applied {
        module: &module,
        labels: BTreeSet::new(),
    };
    for case in cases(&tests::root().join("tests/programs")).unwrap() {
        for command in &case.commands {
            if command.first().is_some_and(|word| word == "search") {
                observe(rules, &case, command, &mut applied);
            }
        }
    }
    let mut unused = Vec::new();
    for chapter in &chapters {
        for (_, statement) in Chapter::read(&chapter.text).statements() {
            if !applied.labels.contains(&statement.label) {
                unused.push(format!("{}:{} [{}]", chapter.name, statement.line, statement.label));
            }
        }
    }
    assert!(unused.is_empty(), "no program uses\n{}", unused.join("\n"));
}

/// Visits states of the program and asks each what the command asks.
fn observe(rules: &LoadedModule, case: &Case, command: &[String], applied: &mut Applied<'_>) {
    let mut arguments = command.to_vec();
    arguments.insert(1, case.path.display().to_string());
    arguments.extend(["--emit".to_owned(), "maude".to_owned()]);
    let emitted = psem(&arguments);
    assert_eq!(emitted.code, 0, "{}: {}", case.name, emitted.err);
    let (_, search) = emitted.out.rsplit_once("\nsearch ").unwrap();
    let (_, search) = search.split_once(" :\n").unwrap();
    let (initial, _) = search.rsplit_once("\n=>").unwrap();
    let proposition = command[1].split_once(' ').unwrap().1;
    let proposition = query::quote_names(proposition);
    let questions: Vec<Pattern> = [
        format!("C:Configuration |= ({proposition})"),
        "report(C:Configuration)".to_owned(),
    ]
    .iter()
    .filter_map(|question| Some(rules.parse_pattern(question).ok()?.0))
    .collect();

    let mut reducer = Reducer::new(rules.module().clone());
    let initial = rules.parse_term(initial).unwrap_or_else(|rejected| {
        panic!("{}: {}", case.name, rejected.plain());
    });
    let initial = reducer.store_mut().instantiate(&initial, &[]);
    let soup = rules.operator("__", 2).unwrap();
    let Ok(initial) = reducer.reduce_observed(initial, Some(applied)) else {
        return;
    };
    let mut seen = HashSet::from([initial.term()]);
    let mut open = VecDeque::from([initial]);
    while let Some(state) = open.pop_front() {
        for question in &questions {
            let question = reducer.store_mut().instantiate(question, &[state.term()]);
            let _ = reducer.reduce_observed(question, Some(applied));
        }
        for next in successors(&mut reducer, soup, state, applied) {
            if seen.len() < STATES && seen.insert(next.term()) {
                open.push_back(next);
            }
        }
    }
}

/// The states one step further. What a step rewrites is reduced once more, observed.
fn successors(
    reducer: &mut Reducer,
    soup: OpId,
    state: NormalForm,
    applied: &mut Applied<'_>,
) -> Vec<NormalForm> {
    let mut results = Vec::new();
    let mut steps = Vec::new();
    let mut transitions = Transitions::explaining(reducer, state);
    while let Ok(Some(transition)) = transitions.next(reducer) {
        let values: Option<Vec<TermId>> =
            transitions.substitution(reducer).into_iter().collect();
        results.push(transition.target);
        steps.extend(values.map(|values| (transition.rule, values)));
    }
    for (rule, values) in steps {
        let Body::Rule { left, right } = applied.module.statement(rule).body.clone() else {
            unreachable!("transitions are steps by rules")
        };
        let left = reducer.store_mut().instantiate(&left, &values);
        let right = reducer.store_mut().instantiate(&right, &values);
        let mut elements = elements(reducer.store(), soup, state.term());
        for taken in self::elements(reducer.store(), soup, left) {
            if let Some(place) = elements.iter().position(|element| *element == taken) {
                elements.remove(place);
            }
        }
        elements.push(right);
        let next = match elements.as_slice() {
            [only] => *only,
            _ => reducer.store_mut().make(soup, &elements),
        };
        applied.applied(reducer.store(), rule, &[]);
        let _ = reducer.reduce_observed(next, Some(applied));
    }
    results
}

fn elements(store: &Store, soup: OpId, term: TermId) -> Vec<TermId> {
    if store.op(term) == soup {
        store.arguments(term).to_vec()
    } else {
        vec![term]
    }
}
