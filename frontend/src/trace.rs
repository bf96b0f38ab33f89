//! Configurations and paths, read back: what a step did, what was violated and where.
//!
//! The rules name what a reader wants to know: in every rule `Self` is the machine that
//! acts, `Event`, `Payload`, `Target`, `Choice` what the step is about, and `Where` its
//! place. So a step is shown by the values of these variables, whatever the rule does.
//! Texts of values are made by the rules too (`text`), as are reports of violations
//! (`report`). This file and the vocabulary are the only ones that spell operators.

pub mod chart;
pub mod happening;
pub mod json;
pub mod log;
mod payload;
pub mod schedule;

use std::collections::BTreeMap;

use rewriter::load::{LoadedModule, LookupError};
use rewriter::pattern::Literal;
use rewriter::reduction::Reducer;
use rewriter::search::{Search, StateId};
use rewriter::signature::OpId;
use rewriter::statement::Statement;
use rewriter::term::{Store, TermId};

use crate::report::{GraphInstance, Place, Step, Violation};

/// How a monitor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heat {
    Hot,
    Warm,
    Cold,
}

/// The operators that are read back.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    report: OpId,
    violation: OpId,
    position: OpId,
    quoted: OpId,
    text: OpId,
    name: OpId,
    null: OpId,
    running: OpId,
    instance: OpId,
    monitor: OpId,
    holds: OpId,
    hot: OpId,
    cold: OpId,
    truth: OpId,
    endless: OpId,
    ready: OpId,
    class: OpId,
    state: OpId,
    state_of: OpId,
    attributes: OpId,
    buffer: OpId,
    bool: OpId,
    payload: OpId,
    start_of: OpId,
    hot_state: OpId,
    cold_state: OpId,
    variables: OpId,
}

/// An instance as one sees it from outside; one that has halted has no state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The name of its state.
    pub(crate) state: Option<TermId>,
    /// Its fields with their values.
    pub(crate) variables: Vec<(TermId, TermId)>,
}

impl Reader {
    /// Looks the operators up.
    pub(crate) fn new(module: &LoadedModule) -> Result<Reader, String> {
        let find = |name: &str, arguments: &[&str], result: &str| {
            module
                .operator_over(name, arguments, result)
                .map_err(|error: LookupError| error.to_string())
        };
        Ok(Reader {
            report: find("report", &["Configuration"], "Configuration")?,
            violation: find(
                "violation",
                &["Kind", "String", "Address", "Position"],
                "Configuration",
            )?,
            position: find("pos", &["String", "Nat", "Nat"], "Position")?,
            quoted: find("quoted", &[], "Style")?,
            text: find("text", &["Style", "Value"], "String")?,
            name: find("name", &["Qid"], "String")?,
            null: find("null", &[], "Value")?,
            running: find("{_|_}", &["Address", "Attributes"], "Configuration")?,
            instance: find("<_|_>", &["Address", "Attributes"], "Configuration")?,
            monitor: find("monitor", &["Qid"], "Address")?,
            holds: find("_|=_", &["Configuration", "Proposition"], "Bool")?,
            hot: find("hot", &["Qid"], "Proposition")?,
            cold: find("cold", &["Qid"], "Proposition")?,
            truth: find("true", &[], "Bool")?,
            endless: find("endless", &["Configuration"], "Configuration")?,
            ready: find("ready", &[], "Configuration")?,
            class: find("class:_", &["Class"], "Attributes")?,
            state: find("state:_", &["State"], "Attributes")?,
            state_of: find("stateOf", &["Qid", "Class"], "State")?,
            buffer: find("buffer:_", &["Queue"], "Attributes")?,
            bool: find("bool", &["Bool"], "Value")?,
            payload: find("payload", &["Values"], "Value")?,
            start_of: find("startOf", &["Class"], "State")?,
            variables: find("vars:_", &["Bindings"], "Attributes")?,
            hot_state: find("hot", &[], "Temperature")?,
            cold_state: find("cold", &[], "Temperature")?,
            attributes: find("_,_", &["Attributes", "Attributes"], "Attributes")?,
        })
    }

    /// The violation of a configuration, in the words of the rules.
    pub(crate) fn violation(&self, reducer: &mut Reducer, state: TermId) -> Option<Violation> {
        self.violation_by(reducer, self.report, state)
    }

    /// What is said of a monitor that is hot for ever.
    pub(crate) fn endless(&self, reducer: &mut Reducer, monitor: TermId) -> Option<Violation> {
        self.violation_by(reducer, self.endless, monitor)
    }

    fn violation_by(&self, reducer: &mut Reducer, by: OpId, state: TermId) -> Option<Violation> {
        let asked = reducer.store_mut().make(by, &[state]);
        let report = reducer.reduce(asked).ok()?.term();
        if reducer.store().op(report) != self.violation {
            return None;
        }
        let arguments: Vec<TermId> = reducer.store().arguments(report).to_vec();
        let [kind, message, address, position] = arguments[..] else {
            return None;
        };
        let store = reducer.store();
        let place = self
            .place(store, position)
            .filter(|place| !place.file.is_empty());
        let kind = operator_name(store, kind);
        let message = string(store, message).unwrap_or_default();
        let (file, line, column) = place.map_or((String::new(), 1, 1), |place| {
            (place.file, place.line, place.column)
        });
        Some(Violation {
            kind,
            message,
            machine: self.text_of(reducer, address),
            file,
            line,
            column,
        })
    }

    /// The steps to a state.
    pub(crate) fn path(&self, reducer: &mut Reducer, search: &Search, state: StateId) -> Vec<Step> {
        let mut steps = Vec::new();
        for step in search.path(state) {
            let rule = reducer.module().statement(step.rule).clone();
            let values = search.substitution(reducer, &step).unwrap_or_default();
            steps.push(self.step(reducer, &rule, &values));
        }
        steps
    }

    /// A step by the rule that was applied and the values of its variables.
    pub(crate) fn step(
        &self,
        reducer: &mut Reducer,
        rule: &Statement,
        values: &[Option<TermId>],
    ) -> Step {
        let value = |name: &str| Reader::value(rule, values, name);
        let place = value("Where").and_then(|place| self.place(reducer.store(), place));
        let payload = value("Payload").filter(|payload| reducer.store().op(*payload) != self.null);
        Step {
            rule: rule
                .label
                .map_or_else(String::new, |label| label.to_string()),
            machine: value("Self").map_or_else(String::new, |term| self.text_of(reducer, term)),
            event: value("Event").map(|term| self.name_of(reducer, term)),
            payload: payload.map(|term| self.text_of(reducer, term)),
            target: value("Target").map(|term| self.text_of(reducer, term)),
            choice: value("Choice").map(|term| self.text_of(reducer, term)),
            file: place.as_ref().map(|place| place.file.clone()),
            line: place.as_ref().map(|place| place.line),
            column: place.map(|place| place.column),
        }
    }

    /// The address of a monitor at rest.
    pub(crate) fn monitor(&self, store: &Store, element: TermId) -> Option<TermId> {
        if store.op(element) != self.instance {
            return None;
        }
        let address = *store.arguments(element).first()?;
        (store.op(address) == self.monitor).then_some(address)
    }

    /// Whether an element says that the configuration is a scheduling point.
    pub(crate) fn is_ready(&self, store: &Store, element: TermId) -> bool {
        store.op(element) == self.ready
    }

    /// An instance as if it were in another state of its class.
    pub(crate) fn in_state(
        &self,
        reducer: &mut Reducer,
        instance: TermId,
        state: TermId,
    ) -> Option<TermId> {
        let store = reducer.store();
        let [address, attributes] = store.arguments(instance)[..] else {
            return None;
        };
        let class = self.attribute(store, attributes, self.class)?;
        let store = reducer.store_mut();
        let state = store.make(self.state_of, &[state, class]);
        let state = store.make(self.state, &[state]);
        let class = store.make(self.class, &[class]);
        let attributes = store.make(self.attributes, &[class, state]);
        let instance = store.make(self.instance, &[address, attributes]);
        Some(reducer.reduce(instance).ok()?.term())
    }

    /// The value of an attribute.
    fn attribute(&self, store: &Store, attributes: TermId, name: OpId) -> Option<TermId> {
        let single = [attributes];
        let all = match store.op(attributes) == self.attributes {
            true => store.arguments(attributes),
            false => &single,
        };
        let found = all.iter().find(|term| store.op(**term) == name)?;
        store.arguments(*found).first().copied()
    }

    /// The state among some attributes.
    pub(crate) fn state_in(&self, store: &Store, attributes: TermId) -> Option<TermId> {
        self.attribute(store, attributes, self.state)
    }

    /// The address and the attributes of an element, if it is a machine or a monitor.
    fn parts(&self, store: &Store, element: TermId) -> Option<(TermId, TermId)> {
        let op = store.op(element);
        let is_instance = op == self.instance || op == self.running;
        match *store.arguments(element) {
            [address, attributes] if is_instance => Some((address, attributes)),
            _ => None,
        }
    }

    /// A machine or a monitor as a graph shows it, if an element is one.
    pub(crate) fn instance(&self, reducer: &mut Reducer, element: TermId) -> Option<GraphInstance> {
        let store = reducer.store();
        let (address, attributes) = self.parts(store, element)?;
        let state = self.state_in(store, attributes);
        let inbox = self.attribute(store, attributes, self.buffer);
        let inbox = inbox.map(|inbox| self.list(store, inbox, "_;_", "nil"));
        let events = inbox.unwrap_or_default().into_iter();
        let events: Vec<TermId> = events
            .filter_map(|message| store.arguments(message).first().copied())
            .collect();
        Some(GraphInstance {
            state: state.map(|state| self.state_name(store, state)),
            inbox: events
                .into_iter()
                .map(|event| self.name_of(reducer, event))
                .collect(),
            name: self.text_of(reducer, address),
        })
    }

    /// The name of a state.
    pub(crate) fn state_name(&self, store: &Store, state: TermId) -> String {
        let name = store.arguments(state).first();
        name.map_or_else(String::new, |name| self.plain_name(store, *name))
    }

    /// The machine of the program that an instance is one of, by its attributes.
    pub(crate) fn class_name(&self, store: &Store, attributes: TermId) -> String {
        let class = self.attribute(store, attributes, self.class);
        let name = class.and_then(|class| store.arguments(class).get(2).copied());
        name.map_or_else(String::new, |name| self.plain_name(store, name))
    }

    /// How many messages lie in the inbox among some attributes.
    pub(crate) fn n_messages(&self, store: &Store, attributes: TermId) -> usize {
        let inbox = self.attribute(store, attributes, self.buffer);
        inbox.map_or(0, |inbox| self.list(store, inbox, "_;_", "nil").len())
    }

    /// A state of a class by its name.
    pub(crate) fn state_of(
        &self,
        reducer: &mut Reducer,
        name: TermId,
        class: TermId,
    ) -> Option<TermId> {
        let asked = reducer.store_mut().make(self.state_of, &[name, class]);
        Some(reducer.reduce(asked).ok()?.term())
    }

    /// The state in which the instances of a class begin.
    pub(crate) fn start_state(&self, reducer: &mut Reducer, class: TermId) -> Option<TermId> {
        let asked = reducer.store_mut().make(self.start_of, &[class]);
        Some(reducer.reduce(asked).ok()?.term())
    }

    /// What a state is marked as.
    pub(crate) fn temperature(&self, store: &Store, state: TermId) -> Heat {
        match store.arguments(state).get(1).map(|term| store.op(*term)) {
            Some(op) if op == self.hot_state => Heat::Hot,
            Some(op) if op == self.cold_state => Heat::Cold,
            _ => Heat::Warm,
        }
    }

    /// The value that some arguments are as a payload; nothing if there are none.
    pub(crate) fn joined(&self, reducer: &mut Reducer, arguments: TermId) -> Option<TermId> {
        let asked = reducer.store_mut().make(self.payload, &[arguments]);
        Some(reducer.reduce(asked).ok()?.term())
    }

    /// The truth value that a value is, if it is one.
    pub(crate) fn truth(&self, store: &Store, value: TermId) -> Option<bool> {
        if store.op(value) != self.bool {
            return None;
        }
        let truth = store.arguments(value).first()?;
        Some(store.op(*truth) == self.truth)
    }

    /// What is to be said of each instance of a configuration, by its address: the name of its
    /// state, its variables, whether it has halted.
    pub(crate) fn instances(&self, store: &Store, state: TermId) -> BTreeMap<TermId, Seen> {
        let elements = store.arguments(state).iter().copied();
        let instances = elements.filter_map(|element| {
            let (address, attributes) = self.parts(store, element)?;
            let state = self.state_in(store, attributes);
            let name = state.and_then(|state| store.arguments(state).first().copied());
            let variables = self.attribute(store, attributes, self.variables);
            let bindings = variables.map(|all| self.list(store, all, "_&_", "none"));
            let values = bindings
                .unwrap_or_default()
                .into_iter()
                .filter_map(|binding| match store.arguments(binding)[..] {
                    [name, value] => Some((name, value)),
                    _ => None,
                });
            let seen = Seen {
                state: name,
                variables: values.collect(),
            };
            Some((address, seen))
        });
        instances.collect()
    }

    /// Whether a term is the address of a machine or a monitor.
    pub(crate) fn is_address(&self, store: &Store, term: TermId) -> bool {
        let name = operator_name(store, term);
        store.op(term) == self.monitor || name == "machine"
    }

    /// The name in the address of a monitor.
    pub(crate) fn monitor_name(&self, store: &Store, address: TermId) -> Option<TermId> {
        let is_monitor = store.op(address) == self.monitor;
        store
            .arguments(address)
            .first()
            .copied()
            .filter(|_| is_monitor)
    }

    /// The number in the address of a machine.
    pub(crate) fn number(&self, store: &Store, address: TermId) -> u64 {
        let number = store.arguments(address).first();
        let number = number.and_then(|number| store.integer(*number));
        let number = number.and_then(|number| number.to_string().parse().ok());
        number.unwrap_or(0)
    }

    /// How a monitor is, by the propositions of the rules.
    pub(crate) fn heat(&self, reducer: &mut Reducer, monitor: TermId) -> Heat {
        let mut holds = |proposition: OpId| {
            let store = reducer.store();
            let Some(&name) = (store.arguments(monitor).first())
                .and_then(|address| store.arguments(*address).first())
            else {
                return false;
            };
            let store = reducer.store_mut();
            let proposition = store.make(proposition, &[name]);
            let asked = store.make(self.holds, &[monitor, proposition]);
            let answer = reducer.reduce(asked);
            answer.is_ok_and(|answer| reducer.store().op(answer.term()) == self.truth)
        };
        if holds(self.hot) {
            Heat::Hot
        } else if holds(self.cold) {
            Heat::Cold
        } else {
            Heat::Warm
        }
    }

    /// The value of a variable of the rule of a step.
    pub(crate) fn value(rule: &Statement, values: &[Option<TermId>], name: &str) -> Option<TermId> {
        let mut variables = rule.variables.iter();
        let index = variables.position(|variable| variable.name.as_str() == name)?;
        values.get(index).copied().flatten()
    }

    /// The machine that runs somewhere in a term, and the first place in its code.
    pub(crate) fn running(
        &self,
        reducer: &mut Reducer,
        term: TermId,
    ) -> Option<(String, Option<Place>)> {
        let instance = self.find(reducer.store(), term, self.running)?;
        let arguments: Vec<TermId> = reducer.store().arguments(instance).to_vec();
        let [address, attributes] = arguments[..] else {
            return None;
        };
        let place = self.code_place(reducer.store(), attributes);
        Some((self.text_of(reducer, address), place))
    }

    /// The first place in the `code` of an instance's attributes.
    fn code_place(&self, store: &Store, attributes: TermId) -> Option<Place> {
        let code = store
            .arguments(attributes)
            .iter()
            .copied()
            .find(|attribute| operator_name(store, *attribute) == "code:_")?;
        let place = self.find(store, code, self.position)?;
        self.place(store, place)
    }

    /// The first subterm with an operator, in breadth-first order.
    fn find(&self, store: &Store, term: TermId, op: OpId) -> Option<TermId> {
        let mut queue = std::collections::VecDeque::from([term]);
        let mut budget = 1_000_000;
        while let Some(term) = queue.pop_front() {
            if store.op(term) == op {
                return Some(term);
            }
            budget -= 1;
            if budget == 0 {
                return None;
            }
            queue.extend(store.arguments(term).iter().copied());
        }
        None
    }

    pub(crate) fn place(&self, store: &Store, term: TermId) -> Option<Place> {
        if store.op(term) != self.position {
            return None;
        }
        let [file, line, column] = store.arguments(term) else {
            return None;
        };
        let number = |term: TermId| store.integer(term)?.to_string().parse().ok();
        Some(Place {
            file: string(store, *file)?,
            line: number(*line)?,
            column: number(*column)?,
        })
    }

    pub(crate) fn text_of(&self, reducer: &mut Reducer, value: TermId) -> String {
        let style = reducer.store_mut().make(self.quoted, &[]);
        let asked = reducer.store_mut().make(self.text, &[style, value]);
        self.reduced_string(reducer, asked)
    }

    pub(crate) fn name_of(&self, reducer: &mut Reducer, name: TermId) -> String {
        let asked = reducer.store_mut().make(self.name, &[name]);
        self.reduced_string(reducer, asked)
    }

    fn reduced_string(&self, reducer: &mut Reducer, term: TermId) -> String {
        match reducer.reduce(term) {
            Ok(result) => string(reducer.store(), result.term()).unwrap_or_default(),
            Err(_) => String::new(),
        }
    }
}

pub(crate) fn string(store: &Store, term: TermId) -> Option<String> {
    match store.literal(term)? {
        Literal::String(text) => Some(text.to_string()),
        _ => None,
    }
}

fn operator_name(store: &Store, term: TermId) -> String {
    store
        .signature()
        .operator(store.op(term))
        .name
        .as_str()
        .to_owned()
}
