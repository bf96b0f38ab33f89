//! A module that is audited, with constants for its variables.

use std::cmp::Reverse;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

use super::expected::Expected;
use super::ground::Pools;
use super::{Covered, Finding, Kind, Options, is_time_up, title};
use crate::equality::{Equations, generic};
use crate::load::LoadedModule;
use crate::module::{Module, StatementId};
use crate::name::Name;
use crate::pattern::{Pattern, Variable};
use crate::reduction::{Observer, Reducer};
use crate::signature::{OpId, SortId};
use crate::source::Span;
use crate::syntax::script::Session;
use crate::term::{Store, TermId};

/// The number of sets of constants: overlaps join two statements.
pub(super) const N_COPIES: usize = 2;

/// Larger left sides are left alone.
pub(super) const MOST_NODES: usize = 400;

/// A module that is audited.
pub(super) struct Subject {
    /// As it is, for ground terms.
    pub(super) module: LoadedModule,
    pub(super) reducer: Reducer,
    pub(super) equations: Equations,
    /// With constants for variables, for generic terms.
    pub(super) extended: LoadedModule,
    pub(super) generic: Reducer,
    pub(super) generic_equations: Equations,
    /// The constant for a variable of a name and sort, in each copy.
    constants: HashMap<(usize, Name, SortId), OpId, FxBuildHasher>,
    /// Statements that are not of the prelude.
    pub(super) own: Vec<StatementId>,
    titles: HashMap<StatementId, String, FxBuildHasher>,
    pub(super) pools: Pools,
    pub(super) expected: Expected,
    pub(super) generic_expected: Expected,
    /// Rules that never apply.
    pub(super) never: HashSet<StatementId, FxBuildHasher>,
    /// Pairs of statements that something was said of.
    pub(super) reported: HashSet<(StatementId, StatementId), FxBuildHasher>,
    pub(super) options: Options,
    pub(super) covered: Covered,
}

impl Subject {
    pub(super) fn new(
        session: &mut Session,
        module: LoadedModule,
        options: &Options,
    ) -> Option<Subject> {
        let running = Arc::clone(module.module());
        let own: Vec<StatementId> = (running.statements().iter().enumerate())
            .filter(|(_, statement)| {
                let span = statement.span;
                span.is_some_and(|span| !session.library.is_of_prelude(span))
            })
            .map(|(index, _)| StatementId(index as u32))
            .collect();
        let (extended, constants) = with_constants(session, &running, &own)?;
        let titles = (own.iter())
            .map(|&statement| (statement, title(session, &module, statement)))
            .collect();
        let mut reducer = Reducer::new(Arc::clone(&running));
        let mut generic_reducer = Reducer::new(generic(extended.module()));
        reducer.set_limits(options.limits.clone());
        generic_reducer.set_limits(options.limits.clone());
        let equations = Equations::new(&mut reducer, false);
        let expected = Expected::new(&running, reducer.store());
        let generic_expected = Expected::new(extended.module(), generic_reducer.store());
        let is_wanted = |store: &Store, term| expected.has(store, term);
        let pools = Pools::new(&mut reducer, options.seed, &is_wanted);
        Some(Subject {
            equations,
            generic_equations: Equations::new(&mut generic_reducer, false),
            module,
            reducer,
            extended,
            generic: generic_reducer,
            constants,
            own,
            titles,
            pools,
            expected,
            generic_expected,
            never: HashSet::default(),
            reported: HashSet::default(),
            options: options.clone(),
            covered: Covered::default(),
        })
    }

    /// The executable module.
    pub(super) fn running(&self) -> Arc<Module> {
        Arc::clone(self.module.module())
    }

    /// Whether time is up.
    pub(super) fn is_over(&self) -> bool {
        is_time_up(&self.options.limits)
    }

    /// The label or text of a statement.
    pub(super) fn title(&self, statement: StatementId) -> String {
        match self.titles.get(&statement) {
            Some(title) => title.clone(),
            None => match self.module.module().statements().get(statement.index()) {
                Some(known) => match known.label {
                    Some(label) => label.to_string(),
                    None => "an equation of the prelude".to_owned(),
                },
                None => "a built-in".to_owned(),
            },
        }
    }

    pub(super) fn span(&self, statement: StatementId) -> Option<Span> {
        let statements = self.module.module().statements();
        statements.get(statement.index())?.span
    }

    /// A finding about a statement.
    pub(super) fn finding(&self, kind: Kind, statement: StatementId, message: String) -> Finding {
        Finding {
            kind,
            module: self.module.module().name().to_string(),
            statement: self.title(statement),
            span: self.span(statement),
            message,
            details: Vec::new(),
            other: None,
        }
    }

    /// The constant for a variable.
    pub(super) fn constant(&self, copy: usize, variable: &Variable) -> OpId {
        self.constants[&(copy, variable.name, variable.sort)]
    }

    /// The instance of a pattern of a statement in which constants stand for its variables.
    pub(super) fn instance(&mut self, pattern: &Pattern, variables: &[Variable]) -> TermId {
        let operators: Vec<OpId> = (variables.iter())
            .map(|variable| self.constant(0, variable))
            .collect();
        let store = self.generic.store_mut();
        let values: Vec<TermId> = operators.iter().map(|&op| store.make(op, &[])).collect();
        store.instantiate(pattern, &values)
    }

    /// A generic term as text.
    pub(super) fn print_generic(&self, term: TermId) -> String {
        self.extended.print(self.generic.store(), term)
    }

    /// A ground term as text.
    pub(super) fn print(&self, term: TermId) -> String {
        self.module.print(self.reducer.store(), term)
    }
}

type Constants = HashMap<(usize, Name, SortId), OpId, FxBuildHasher>;

/// The module with a constant for every variable of its own statements, in each copy.
fn with_constants(
    session: &mut Session,
    module: &Module,
    own: &[StatementId],
) -> Option<(LoadedModule, Constants)> {
    let mut keys: Vec<(usize, Name, SortId)> = Vec::new();
    let mut known: HashSet<(usize, Name, SortId), FxBuildHasher> = HashSet::default();
    for &statement in own {
        for variable in &module.statement(statement).variables {
            for copy in 0..N_COPIES {
                let key = (copy, variable.name, variable.sort);
                if known.insert(key) {
                    keys.push(key);
                }
            }
        }
    }
    let signature = module.signature();
    let named = |&(copy, name, sort): &(usize, Name, SortId)| {
        // No operator has such a name, and one reads it as the variable that it stands for.
        let sort_name = signature.sort(sort).name;
        let text = format!("{name}{}:{sort_name}", "'".repeat(copy));
        (Name::new(&text), sort)
    };
    let constants: Vec<(Name, SortId)> = keys.iter().map(named).collect();
    let (extended, operators) = session.with_constants(&constants)?;
    Some((extended, keys.into_iter().zip(operators).collect()))
}

/// Remembers the first equation that is applied.
#[derive(Default)]
pub(super) struct First(pub(super) Option<StatementId>);

impl Observer for First {
    fn applied(&mut self, _: &Store, statement: StatementId, _: &[Option<TermId>]) {
        self.0.get_or_insert(statement);
    }
}

/// The terms that a term becomes when an equation is applied once, anywhere in it where equations may
/// be applied, with the equation; the term itself is none.
pub(super) fn one_step(
    reducer: &mut Reducer,
    equations: &Equations,
    term: TermId,
) -> Option<Vec<(StatementId, TermId)>> {
    const MOST_SOLUTIONS: usize = 4;
    let mut found = Vec::new();
    let mut places: Vec<(TermId, Vec<(TermId, usize)>)> = vec![(term, Vec::new())];
    while let Some((part, around)) = places.pop() {
        let direction = crate::equality::Direction::Forward;
        let ways = equations.all(reducer, part, direction, (&[], MOST_SOLUTIONS));
        for application in ways.ok()? {
            let mut whole = application.result;
            for &(context, place) in around.iter().rev() {
                whole = replaced(reducer.store_mut(), context, place, whole);
            }
            found.push((application.statement, whole));
        }
        let store = reducer.store();
        let op = store.op(part);
        let operator = store.signature().operator(op);
        if operator.attributes.strategy.is_some() || store.integer(part).is_some() {
            continue;
        }
        for (place, &argument) in store.arguments(part).iter().enumerate() {
            let mut around = around.clone();
            around.push((part, place));
            places.push((argument, around));
        }
    }
    Some(found)
}

/// A term with another argument at a place.
pub(super) fn replaced(store: &mut Store, term: TermId, place: usize, argument: TermId) -> TermId {
    let op = store.op(term);
    if let Some(count) = store.iterations(term) {
        return store.make_iterated(op, &count, argument);
    }
    let mut arguments = store.arguments(term).to_vec();
    arguments[place] = argument;
    store.make(op, &arguments)
}

/// Two different normal forms of a term, each with the equation that was applied first.
pub(super) struct Divergence {
    pub(super) first: (StatementId, TermId),
    pub(super) second: (StatementId, TermId),
}

/// Applies equations once in every way and reduces what comes out: two results that differ, if there are
/// some. Those of the same pair of equations are preferred that are given.
pub(super) fn divergence(
    reducer: &mut Reducer,
    equations: &Equations,
    term: TermId,
    unfinished: &mut usize,
) -> Option<Divergence> {
    let steps = one_step(reducer, equations, term)?;
    let mut results: Vec<(StatementId, TermId)> = Vec::new();
    for (statement, result) in steps {
        match reducer.reduce(result) {
            Ok(normal) => results.push((statement, normal.term())),
            Err(_) => {
                *unfinished += 1;
                return None;
            }
        }
    }
    let &first = results.first()?;
    let second = *(results.iter()).find(|(_, normal)| *normal != first.1)?;
    // The smaller statement number first: the same pair whatever the order of places.
    let mut pair = [first, second];
    pair.sort_by_key(|&(statement, normal)| (statement, Reverse(normal)));
    let [first, second] = pair;
    Some(Divergence { first, second })
}
