//! What happens within a step: the statements that are applied, with some of their values.
//!
//! The one idea: between two scheduling points equations do the work, and nothing of them is left in
//! the configuration that they lead to. So a step that is to be told in full is made once more while
//! somebody watches. Which statements are told of, and which of their variables, is asked for by
//! label; terms are copied, because those that are made on the way do not stay.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rewriter::integer::Int;
use rewriter::module::{Module, StatementId};
use rewriter::pattern::Literal;
use rewriter::reduction::{Interrupted, NormalForm, Observer, Reducer};
use rewriter::signature::OpId;
use rewriter::term::{Store, TermId};
use rewriter::transition::Transitions;

/// A label of the rules, and the variables of the statement that are wanted.
pub(crate) type Question = (&'static str, &'static [&'static str]);

/// Statements to be told of, each with the number of its question and the places of its variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watched {
    statements: HashMap<StatementId, (usize, Vec<Option<usize>>)>,
}

/// A statement was applied.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    /// The number of the question that asked for it.
    pub(crate) question: usize,
    /// The values that were asked for; those that the statement does not need are missing.
    pub(crate) values: Vec<Option<TermId>>,
}

impl Watched {
    /// Looks the labels up; what the rules do not have is never told of.
    pub(crate) fn new(module: &Module, questions: &[Question]) -> Watched {
        let mut statements = HashMap::new();
        for (index, statement) in module.statements().iter().enumerate() {
            let Some(label) = statement.label else {
                continue;
            };
            let asked = questions
                .iter()
                .position(|(name, _)| *name == label.as_str());
            let Some(question) = asked else {
                continue;
            };
            let place = |name: &&str| {
                let mut variables = statement.variables.iter();
                variables.position(|variable| variable.name.as_str() == *name)
            };
            let places = questions[question].1.iter().map(place).collect();
            statements.insert(StatementId(index as u32), (question, places));
        }
        Watched { statements }
    }

    /// Makes one of the transitions of a state once more: what is applied in it, and where it leads.
    pub(crate) fn transition(
        &self,
        reducer: &mut Reducer,
        state: NormalForm,
        number: usize,
    ) -> Result<(Vec<Applied>, Option<NormalForm>), Interrupted> {
        let told = Arc::new(Mutex::new(Vec::new()));
        let watcher = self.watcher(&told);
        reducer.observe_transitions(Some(Box::new(watcher)));
        let mut transitions = Transitions::explaining(reducer, state);
        let mut outcome = Ok(None);
        for _ in 0..=number {
            told.lock().unwrap_or_else(PoisonError::into_inner).clear();
            outcome = transitions.next(reducer);
            if !matches!(outcome, Ok(Some(_))) {
                break;
            }
        }
        reducer.observe_transitions(None);
        let target = outcome?.map(|transition| transition.target);
        Ok((self.rebuilt(reducer, &told), target))
    }

    /// All transitions of a state, in order: what is applied in each, and where it leads.
    pub(crate) fn transitions(
        &self,
        reducer: &mut Reducer,
        state: NormalForm,
    ) -> Result<Vec<(Vec<Applied>, NormalForm)>, Interrupted> {
        let told = Arc::new(Mutex::new(Vec::new()));
        reducer.observe_transitions(Some(Box::new(self.watcher(&told))));
        let mut transitions = Transitions::explaining(reducer, state);
        let mut found = Vec::new();
        let outcome = loop {
            told.lock().unwrap_or_else(PoisonError::into_inner).clear();
            let transition = match transitions.next(reducer) {
                Ok(Some(transition)) => transition,
                Ok(None) => break Ok(()),
                Err(interrupted) => break Err(interrupted),
            };
            let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
            found.push((told, transition.target));
        };
        reducer.observe_transitions(None);
        outcome?;
        let found = found.into_iter();
        Ok(found
            .map(|(told, target)| (self.rebuilt(reducer, &Mutex::new(told)), target))
            .collect())
    }

    /// Reduces a term: what is applied, and the normal form.
    pub(crate) fn reduction(
        &self,
        reducer: &mut Reducer,
        term: TermId,
    ) -> Result<(Vec<Applied>, NormalForm), Interrupted> {
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut watcher = self.watcher(&told);
        let normal = reducer.reduce_observed(term, Some(&mut watcher))?;
        Ok((self.rebuilt(reducer, &told), normal))
    }

    fn watcher(&self, told: &Arc<Mutex<Vec<Told>>>) -> Watcher {
        Watcher {
            watched: self.clone(),
            told: Arc::clone(told),
        }
    }

    fn rebuilt(&self, reducer: &mut Reducer, told: &Mutex<Vec<Told>>) -> Vec<Applied> {
        let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
        let store = reducer.store_mut();
        let mut applied = Vec::with_capacity(told.len());
        for told in told {
            let values = told.values.into_iter();
            applied.push(Applied {
                question: told.question,
                values: values.map(|copy| Some(copy?.build(store))).collect(),
            });
        }
        applied
    }
}

struct Told {
    question: usize,
    values: Vec<Option<Copied>>,
}

struct Watcher {
    watched: Watched,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Observer for Watcher {
    fn applied(&mut self, store: &Store, statement: StatementId, values: &[Option<TermId>]) {
        let Some((question, places)) = self.watched.statements.get(&statement) else {
            return;
        };
        let value = |place: &Option<usize>| {
            let term = values.get((*place)?).copied().flatten()?;
            Some(Copied::new(store, term))
        };
        let told = Told {
            question: *question,
            values: places.iter().map(value).collect(),
        };
        let mut all = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(told);
    }
}

/// A term outside the store; children come before their parents.
struct Copied {
    nodes: Vec<Node>,
}

enum Node {
    Kept(TermId),
    Literal(OpId, Literal),
    Iterated(OpId, Int, usize),
    Application(OpId, Vec<usize>),
}

impl Copied {
    fn new(store: &Store, root: TermId) -> Copied {
        let mut nodes = Vec::new();
        let mut places: HashMap<TermId, usize> = HashMap::new();
        let mut open = vec![(root, false)];
        while let Some((term, is_ready)) = open.pop() {
            if places.contains_key(&term) {
                continue;
            }
            let children: &[TermId] = if term.is_transient() {
                store.arguments(term)
            } else {
                &[]
            };
            if !is_ready && !children.is_empty() {
                open.push((term, true));
                open.extend(children.iter().map(|child| (*child, false)));
                continue;
            }
            let op = store.op(term);
            let place_of = |child: &TermId| places[child];
            let node = if !term.is_transient() {
                Node::Kept(term)
            } else if let Some(literal) = store.literal(term) {
                Node::Literal(op, literal)
            } else if let (Some(count), [child]) = (store.iterations(term), children) {
                Node::Iterated(op, count, place_of(child))
            } else {
                Node::Application(op, children.iter().map(place_of).collect())
            };
            places.insert(term, nodes.len());
            nodes.push(node);
        }
        Copied { nodes }
    }

    fn build(&self, store: &mut Store) -> TermId {
        let mut built: Vec<TermId> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let term = match node {
                Node::Kept(term) => *term,
                Node::Literal(op, literal) => store.make_literal(*op, literal),
                Node::Iterated(op, count, child) => store.make_iterated(*op, count, built[*child]),
                Node::Application(op, children) => {
                    let children: Vec<TermId> =
                        children.iter().map(|&place| built[place]).collect();
                    store.make(*op, &children)
                }
            };
            built.push(term);
        }
        match built.last() {
            Some(root) => *root,
            None => unreachable!("a term has a root"),
        }
    }
}
