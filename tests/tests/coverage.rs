//! Every labelled statement of the rules is used by some program of `tests/programs`.
//!
//! The states of each program that lie near its first one are visited, and what the engine
//! reduces there is observed: each step, the program's own queries, the texts of payloads
//! and violations. A reducer does not reduce again what it knows, so one finds the steps
//! and another one, which has not seen their results, is observed.
//! Nothing is said about how a statement is used: that is in the expectations.

#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

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

/// Statements that no program uses, and why.
const UNUSED: &[(&str, &str)] = &[
    (
        "choose-unbounded",
        "`psem replay` alone takes programs of older versions of P",
    ),
    ("stuck", "it would show that the rules have a gap"),
    (
        "endless",
        "`psem check` asks it of a monitor when it has found a cycle",
    ),
];

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
            match command.first().map(String::as_str) {
                Some("search") => visit(rules, &case, command, &mut applied),
                Some("check") => read_formulas(rules, command, &mut applied),
                _ => {}
            }
        }
    }
    let mut wrong = Vec::new();
    for chapter in &chapters {
        for (_, statement) in Chapter::read(&chapter.text).statements() {
            let label = &statement.label;
            let place = format!("{}:{} [{label}]", chapter.name, statement.line);
            let is_used = applied.labels.contains(label);
            let may_be_unused = UNUSED.iter().any(|(unused, _)| unused == label);
            match (is_used, may_be_unused) {
                (false, false) => wrong.push(format!("{place} is used by no program")),
                (true, true) => wrong.push(format!("{place} is used after all")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reduces and tells what it applies.
struct Watcher<'a, 'm> {
    reducer: Reducer,
    /// The terms of the finder's store in this one.
    copies: HashMap<TermId, TermId>,
    applied: &'a mut Applied<'m>,
}

impl Watcher<'_, '_> {
    fn watch(&mut self, term: TermId) -> Option<TermId> {
        let result = self.reducer.reduce_observed(term, Some(self.applied));
        result.ok().map(NormalForm::term)
    }

    /// Reduces the pattern with the value, a term of the finder, for its only variable.
    fn ask(&mut self, question: &Pattern, finder: &Store, value: TermId) -> Option<TermId> {
        let value = self.copy(finder, value);
        let question = self.reducer.store_mut().instantiate(question, &[value]);
        self.watch(question)
    }

    fn copy(&mut self, from: &Store, root: TermId) -> TermId {
        let mut open = vec![root];
        while let Some(&term) = open.last() {
            if self.copies.contains_key(&term) {
                open.pop();
                continue;
            }
            let op = from.op(term);
            let literal = from.literal(term);
            let arguments: &[TermId] = if literal.is_some() {
                &[]
            } else {
                from.arguments(term)
            };
            let unknown = arguments.iter().filter(|id| !self.copies.contains_key(id));
            let before = open.len();
            open.extend(unknown);
            if open.len() > before {
                continue;
            }
            let arguments: Vec<TermId> = arguments.iter().map(|id| self.copies[id]).collect();
            let store = self.reducer.store_mut();
            let copy = match (literal, from.iterations(term)) {
                (Some(literal), _) => store.make_literal(op, &literal),
                (None, Some(count)) => store.make_iterated(op, &count, arguments[0]),
                (None, None) => store.make(op, &arguments),
            };
            self.copies.insert(term, copy);
            open.pop();
        }
        self.copies[&root]
    }
}

/// Reduces the temporal formulas of a command.
fn read_formulas(rules: &LoadedModule, command: &[String], applied: &mut Applied<'_>) {
    for words in command.windows(2).filter(|words| words[0] == "--ltl") {
        let negation = format!("~ ({})", words[1]);
        let formula = rules.parse_term(&query::quote_names(&negation));
        let formula = formula.unwrap_or_else(|rejected| panic!("{}", rejected.plain()));
        let mut reducer = Reducer::new(rules.module().clone());
        let formula = reducer.store_mut().instantiate(&formula, &[]);
        reducer.reduce_observed(formula, Some(applied)).unwrap();
    }
}

/// Visits states of the program and asks each what the command asks.
fn visit(rules: &LoadedModule, case: &Case, command: &[String], applied: &mut Applied<'_>) {
    let mut arguments = command.to_vec();
    arguments.insert(1, case.path.display().to_string());
    arguments.extend(["--emit".to_owned(), "maude".to_owned()]);
    let emitted = psem(&arguments);
    assert_eq!(emitted.code, 0, "{}: {}", case.name, emitted.err);
    let (_, search) = emitted.out.rsplit_once("\nsearch ").unwrap();
    let (_, search) = search.split_once(" :\n").unwrap();
    let (initial, _) = search.rsplit_once("\n=>").unwrap();
    let initial = rules.parse_term(initial).unwrap_or_else(|rejected| {
        panic!("{}: {}", case.name, rejected.plain());
    });
    let pattern = |text: &str| rules.parse_pattern(text).ok().map(|(pattern, _)| pattern);
    let proposition = query::quote_names(command[1].split_once(' ').unwrap().1);
    let question = pattern(&format!("C:Configuration |= ({proposition})"));
    let report = pattern("report(C:Configuration)").unwrap();
    let quoted = pattern("text(quoted, V:Value)").unwrap();
    let violation = ["Kind", "String", "Address", "Position"];
    let violation = rules.operator_over("violation", &violation, "Configuration");
    let violation = violation.unwrap();
    let soup = rules.operator("__", 2).unwrap();

    let mut watcher = Watcher {
        reducer: Reducer::new(rules.module().clone()),
        copies: HashMap::new(),
        applied,
    };
    let first = watcher.reducer.store_mut().instantiate(&initial, &[]);
    watcher.watch(first);
    let mut finder = Reducer::new(rules.module().clone());
    let first = finder.store_mut().instantiate(&initial, &[]);
    let Ok(first) = finder.reduce(first) else {
        return;
    };
    let mut seen = HashSet::from([first.term()]);
    let mut open = VecDeque::from([first]);
    while let Some(state) = open.pop_front() {
        if let Some(question) = &question {
            watcher.ask(question, finder.store(), state.term());
        }
        let report = watcher.ask(&report, finder.store(), state.term());
        let store = watcher.reducer.store_mut();
        if let Some(report) = report.filter(|report| store.op(*report) == violation) {
            let address = store.arguments(report)[2];
            let text = store.instantiate(&quoted, &[address]);
            watcher.watch(text);
        }
        for next in steps(&mut finder, soup, &quoted, state, &mut watcher) {
            if seen.len() < STATES && seen.insert(next.term()) {
                open.push_back(next);
            }
        }
    }
}

/// The states one step further; the watcher takes the same steps.
fn steps(
    finder: &mut Reducer,
    soup: OpId,
    quoted: &Pattern,
    state: NormalForm,
    watcher: &mut Watcher<'_, '_>,
) -> Vec<NormalForm> {
    let mut results = Vec::new();
    let mut steps = Vec::new();
    let mut transitions = Transitions::explaining(finder, state);
    while let Ok(Some(transition)) = transitions.next(finder) {
        let values: Option<Vec<TermId>> = transitions.substitution(finder).into_iter().collect();
        results.push(transition.target);
        steps.extend(values.map(|values| (transition.rule, values)));
    }
    for (rule, values) in steps {
        let statement = watcher.applied.module.statement(rule);
        let Body::Rule { left, right } = &statement.body else {
            unreachable!("transitions are steps by rules")
        };
        let left = finder.store_mut().instantiate(left, &values);
        let right = finder.store_mut().instantiate(right, &values);
        let store = finder.store();
        let mut all = elements(store, soup, state.term());
        for taken in elements(store, soup, left) {
            if let Some(place) = all.iter().position(|element| *element == taken) {
                all.remove(place);
            }
        }
        all.push(right);
        let copies: Vec<TermId> = all.iter().map(|term| watcher.copy(store, *term)).collect();
        let next = match copies.as_slice() {
            [only] => *only,
            _ => watcher.reducer.store_mut().make(soup, &copies),
        };
        watcher.applied.applied(store, rule, &[]);
        watcher.watch(next);
        let names = statement
            .variables
            .iter()
            .map(|variable| variable.name.as_str());
        for (_, value) in names.zip(&values).filter(|(name, _)| *name == "Payload") {
            watcher.ask(quoted, store, *value);
        }
    }
    results
}

/// The elements of a soup.
fn elements(store: &Store, soup: OpId, term: TermId) -> Vec<TermId> {
    if store.op(term) == soup {
        store.arguments(term).to_vec()
    } else {
        vec![term]
    }
}
