//! An execution told in full: made once more, step by step, while somebody watches.
//!
//! The one idea: what P's checker logs are applications of statements of the rules, whose labels say
//! what happens and whose variables with whom. Which that are stands in one table, [`QUESTIONS`]; the
//! rest is reading names.

use rewriter::reduction::{Interrupted, NormalForm, Reducer};
use rewriter::term::TermId;

use super::Interpreter;
use super::case_order::CaseOrder;
use super::observed::{Applied, Question, Watched};
use crate::lower::Tree;
use crate::report::Violation;
use crate::trace::happening::{Choice, Decision, Happening, Letter, Story, Told};
use crate::trace::{Heat, Reader, string};

/// Which statements are told of, and by which of their variables.
const QUESTIONS: &[Question] = &[
    ("fresh-monitor", &["S", "CL"]),
    ("init-main", &["M"]),
    ("init-main-elsewhere", &["M"]),
    ("start", &["Self", "Y"]),
    ("new", &["Self", "Target"]),
    ("send", &["Self", "Event", "Payload", "Target", "R"]),
    ("send-self", &["Self", "Event", "Payload", "Self", "R"]),
    ("send-halted", &["Self", "Event", "Payload", "Target", "R"]),
    ("dequeue", &["Self", "Event", "Payload", "R"]),
    ("default", &["Self", "R"]),
    ("receive-found", &["A", "Y", "V", "R"]),
    ("receive-arrived", &["A", "Y", "V", "R"]),
    ("receive-wait", &["A", "CS", "P", "R"]),
    ("raise", &["A", "X", "VL", "R"]),
    ("announce", &["A", "X", "VL"]),
    ("notify", &["A", "X", "V", "S", "Others"]),
    ("handle-goto", &["A", "T", "Z", "R"]),
    ("goto", &["A", "T", "Z", "R"]),
    ("enter", &["A", "T", "CL"]),
    ("unhandled", &["A", "N", "J", "X", "Z"]),
    ("unhandled-halt", &["A", "R"]),
    ("unhandled-error", &["A", "X", "R"]),
    ("choose", &["Self", "Choice", "VL"]),
    ("choose-fair", &["Self", "Choice", "VL"]),
    ("foreign", &["Self", "Choice", "VL"]),
    ("print", &["Text"]),
];

impl Interpreter {
    /// Tells an execution: which of the transitions of each configuration was taken.
    pub(crate) fn tell(
        &mut self,
        initial: &Tree,
        taken: &[usize],
        violation: Option<&Violation>,
    ) -> Result<Story, Interrupted> {
        self.forget();
        let watched = Watched::new(self.reducer.module(), QUESTIONS);
        let term = self.builder.build(initial, self.reducer.store_mut());
        let (applied, mut state) = watched.reduction(&mut self.reducer, term)?;
        self.cases = CaseOrder::of(initial);
        let mut teller = self.teller();
        let mut story = Story {
            prologue: teller.all(&applied),
            ..Story::default()
        };
        for &number in taken {
            let decision = teller.decision(state, number)?;
            let (applied, target) = watched.transition(teller.reducer, state, number)?;
            let Some(target) = target else {
                break;
            };
            story.steps.push(Told {
                decision,
                happenings: teller.all(&applied),
                changes: teller.changes(state, target),
            });
            state = target;
        }
        story
            .epilogue
            .extend(violation.map(|violation| Happening::Failed {
                message: violation.message.clone(),
            }));
        Ok(story)
    }
}

/// What happens in a transition, and where it leads.
pub(super) type Unfolded = (Vec<Happening>, NormalForm);

impl Interpreter {
    /// What is told of executions.
    pub(super) fn watched(&self) -> Watched {
        Watched::new(self.reducer.module(), QUESTIONS)
    }

    /// What happens before the first step, and the first configuration.
    pub(super) fn beginning(
        &mut self,
        watched: &Watched,
        initial: &Tree,
    ) -> Result<Unfolded, Interrupted> {
        self.forget();
        self.cases = CaseOrder::of(initial);
        let term = self.builder.build(initial, self.reducer.store_mut());
        let (applied, state) = watched.reduction(&mut self.reducer, term)?;
        Ok((self.teller().all(&applied), state))
    }

    /// What happens in each step that is possible in a configuration, in order.
    pub(super) fn unfolded(
        &mut self,
        watched: &Watched,
        state: NormalForm,
    ) -> Result<Vec<Unfolded>, Interrupted> {
        let transitions = watched.transitions(&mut self.reducer, state)?;
        let mut teller = self.teller();
        Ok(transitions
            .into_iter()
            .map(|(applied, target)| (teller.all(&applied), target))
            .collect())
    }

    fn teller(&mut self) -> Teller<'_> {
        Teller {
            reader: &self.reader,
            cases: &self.cases,
            reducer: &mut self.reducer,
        }
    }
}

struct Teller<'a> {
    reader: &'a Reader,
    cases: &'a CaseOrder,
    reducer: &'a mut Reducer,
}

impl Teller<'_> {
    /// Who is picked or what is chosen in a transition.
    fn decision(&mut self, state: NormalForm, number: usize) -> Result<Decision, Interrupted> {
        let mut transitions = rewriter::transition::Transitions::explaining(self.reducer, state);
        let mut found = None;
        for _ in 0..=number {
            found = transitions.next(self.reducer)?;
        }
        let Some(found) = found else {
            return Ok(Decision::Picked(0));
        };
        let values = transitions.substitution(self.reducer);
        let module = std::sync::Arc::clone(self.reducer.module());
        let rule = module.statement(found.rule);
        let value = |name| Reader::value(rule, &values, name);
        Ok(match (value("Choice"), value("VL"), value("Self")) {
            (Some(choice), Some(before), _) => Decision::Chose(self.choice(choice, before)),
            (_, _, Some(machine)) => {
                Decision::Picked(self.reader.number(self.reducer.store(), machine))
            }
            _ => Decision::Picked(0),
        })
    }

    /// What is different in the configuration after a step.
    fn changes(&mut self, before: NormalForm, after: NormalForm) -> Vec<String> {
        let store = self.reducer.store();
        let mut before = self.reader.instances(store, before.term());
        let mut changes = Vec::new();
        for (address, now) in self.reader.instances(store, after.term()) {
            let Some(old) = before.remove(&address) else {
                continue;
            };
            let mut parts = Vec::new();
            if old.state != now.state {
                parts.push(match (old.state, now.state) {
                    (Some(old), Some(new)) => format!("{} -> {}", self.name(old), self.name(new)),
                    _ => "halted".to_owned(),
                });
            }
            for (name, value) in now.variables {
                if !old.variables.contains(&(name, value)) {
                    parts.push(format!("{} = {}", self.name(name), self.text(value)));
                }
            }
            if !parts.is_empty() {
                changes.push(format!("{}: {}", self.text(address), parts.join(", ")));
            }
        }
        changes.sort();
        changes
    }

    fn all(&mut self, applied: &[Applied]) -> Vec<Happening> {
        let mut happenings = Vec::new();
        for applied in applied {
            self.tell(applied, &mut happenings);
        }
        happenings
    }

    /// What an application of a statement means to a reader of logs.
    fn tell(&mut self, applied: &Applied, happenings: &mut Vec<Happening>) {
        let (label, _) = QUESTIONS[applied.question];
        let values: Vec<TermId> = applied.values.iter().copied().flatten().collect();
        match (label, values.as_slice()) {
            ("fresh-monitor", &[monitor, class]) => {
                let monitor = self.name(monitor);
                happenings.push(Happening::MonitorCreated {
                    monitor: monitor.clone(),
                });
                let Some(state) = self.reader.start_state(self.reducer, class) else {
                    return;
                };
                happenings.push(Happening::MonitorEntered {
                    monitor,
                    is_hot: self.is_hot(state),
                    state: self.state_name(state),
                });
            }
            ("init-main" | "init-main-elsewhere", &[main]) => {
                happenings.push(Happening::Created {
                    machine: format!("{}(1)", self.name(main)),
                    creator: None,
                });
            }
            ("start", &[machine, state]) => happenings.push(Happening::Entered {
                machine: self.text(machine),
                state: self.name(state),
            }),
            ("new", &[creator, machine]) => happenings.push(Happening::Created {
                machine: self.text(machine),
                creator: Some(self.text(creator)),
            }),
            ("send" | "send-self" | "send-halted", &[sender, event, payload, target, rest]) => {
                happenings.push(Happening::Sent {
                    sender: self.text(sender),
                    state: self.state_in(rest),
                    letter: self.letter(event, Some(payload)),
                    target: self.text(target),
                    is_halted: label == "send-halted",
                });
            }
            ("dequeue", &[machine, event, payload, rest]) => {
                happenings.push(Happening::Dequeued {
                    machine: self.text(machine),
                    state: self.state_in(rest),
                    letter: self.letter(event, Some(payload)),
                });
            }
            ("default", &[machine, rest]) => happenings.push(Happening::Defaults {
                machine: self.text(machine),
                state: self.state_in(rest),
            }),
            ("receive-found" | "receive-arrived", &[machine, event, payload, rest]) => {
                happenings.push(Happening::Received {
                    machine: self.text(machine),
                    state: self.state_in(rest),
                    letter: self.letter(event, Some(payload)),
                    was_blocked: label == "receive-arrived",
                });
            }
            ("receive-wait", &[machine, cases, position, rest]) => {
                let store = self.reducer.store();
                let place = self.reader.place(store, position);
                let cases = self.reader.list(store, cases, "_&_", "none");
                let events = (cases.iter()).filter_map(|case| store.arguments(*case).first());
                let mut events: Vec<TermId> = events.copied().collect();
                events.sort_by_cached_key(|event| {
                    let name = self.reader.plain_name(store, *event);
                    self.cases.number(place.as_ref(), &name)
                });
                let mut names = Vec::new();
                for event in events {
                    names.push(self.reader.name_of(self.reducer, event));
                }
                let mut events: Vec<String> = names;
                if !events.iter().any(|event| event == "PHalt") {
                    events.push("PHalt".to_owned());
                }
                happenings.push(Happening::Waits {
                    machine: self.text(machine),
                    state: self.state_in(rest),
                    events,
                });
            }
            ("raise", &[raiser, event, payloads, rest]) => {
                let letter = self.letter_with(event, payloads);
                let state = self.state_in(rest);
                happenings.push(match self.monitor_name(raiser) {
                    Some(monitor) => Happening::MonitorRaised {
                        monitor,
                        state,
                        letter,
                    },
                    None => Happening::Raised {
                        machine: self.text(raiser),
                        state,
                        letter,
                    },
                });
            }
            ("announce", &[machine, event, payloads]) => happenings.push(Happening::Announced {
                machine: self.text(machine),
                letter: self.letter_with(event, payloads),
            }),
            ("notify", &[sender, event, payload, monitor, rest]) => {
                happenings.push(Happening::MonitorProcesses {
                    monitor: self.name(monitor),
                    state: self.state_in(rest),
                    sender: self.text(sender),
                    letter: self.letter(event, Some(payload)),
                });
            }
            ("handle-goto" | "goto", &[who, target, state, rest]) => {
                self.leave(label, who, target, state, rest, happenings);
            }
            ("enter", &[who, target, class]) => {
                let Some(state) = self.reader.state_of(self.reducer, target, class) else {
                    return;
                };
                happenings.push(match self.monitor_name(who) {
                    Some(monitor) => Happening::MonitorEntered {
                        monitor,
                        is_hot: self.is_hot(state),
                        state: self.state_name(state),
                    },
                    None => Happening::Entered {
                        machine: self.text(who),
                        state: self.state_name(state),
                    },
                });
            }
            ("unhandled-halt", &[machine, rest]) => {
                happenings.push(Happening::Unhandled {
                    machine: self.text(machine),
                    state: self.state_in(rest),
                    event: "PHalt".to_owned(),
                });
                happenings.push(Happening::Halted {
                    machine: self.text(machine),
                    n_messages: self.reader.n_messages(self.reducer.store(), rest),
                });
            }
            ("unhandled-error", &[machine, event, rest]) => {
                happenings.push(Happening::Unhandled {
                    machine: self.text(machine),
                    state: self.state_in(rest),
                    event: self.reader.name_of(self.reducer, event),
                });
            }
            ("unhandled", &[number, interface, _, state]) => {
                let (number, interface) = (self.number(number), self.name(interface));
                happenings.push(Happening::Exited {
                    machine: format!("{interface}({number})"),
                    state: self.state_name(state),
                });
            }
            ("choose" | "choose-fair" | "foreign", &[who, choice, before]) => {
                happenings.push(Happening::Chose {
                    who: self.text(who),
                    choice: self.choice(choice, before),
                });
            }
            ("print", &[text]) => happenings.push(Happening::Printed {
                text: string(self.reducer.store(), text).unwrap_or_default(),
            }),
            _ => {}
        }
    }

    /// A state is left for another one: by an event, or by `goto`.
    fn leave(
        &mut self,
        label: &str,
        who: TermId,
        target: TermId,
        state: TermId,
        rest: TermId,
        happenings: &mut Vec<Happening>,
    ) {
        let from = self.state_name(state);
        if let Some(monitor) = self.monitor_name(who) {
            if label == "goto" {
                happenings.push(Happening::MonitorRaised {
                    monitor: monitor.clone(),
                    state: from.clone(),
                    letter: Letter {
                        event: "GotoStateEvent".to_owned(),
                        payload: None,
                    },
                });
            }
            happenings.push(Happening::MonitorExited {
                monitor,
                is_hot: self.is_hot(state),
                state: from,
            });
            return;
        }
        let machine = self.text(who);
        happenings.push(Happening::Transition {
            machine: machine.clone(),
            class: self.reader.class_name(self.reducer.store(), rest),
            from: from.clone(),
            to: self.name(target),
        });
        happenings.push(Happening::Exited {
            machine,
            state: from,
        });
    }

    fn text(&mut self, address: TermId) -> String {
        self.reader.text_of(self.reducer, address)
    }

    fn name(&self, name: TermId) -> String {
        self.reader.plain_name(self.reducer.store(), name)
    }

    fn number(&self, number: TermId) -> String {
        let number = self.reducer.store().integer(number);
        number.map_or_else(String::new, |number| number.to_string())
    }

    fn monitor_name(&self, address: TermId) -> Option<String> {
        let name = self.reader.monitor_name(self.reducer.store(), address)?;
        Some(self.name(name))
    }

    fn state_name(&self, state: TermId) -> String {
        let name = self.reducer.store().arguments(state).first().copied();
        name.map_or_else(String::new, |name| self.name(name))
    }

    fn state_in(&self, attributes: TermId) -> String {
        let state = self.reader.state_in(self.reducer.store(), attributes);
        state.map_or_else(String::new, |state| self.state_name(state))
    }

    fn is_hot(&self, state: TermId) -> Option<bool> {
        match self.reader.temperature(self.reducer.store(), state) {
            Heat::Hot => Some(true),
            Heat::Cold => Some(false),
            Heat::Warm => None,
        }
    }

    fn letter(&mut self, event: TermId, payload: Option<TermId>) -> Letter {
        Letter {
            event: self.reader.name_of(self.reducer, event),
            payload: payload.and_then(|payload| self.reader.payload(self.reducer, payload)),
        }
    }

    /// An event with what stands behind it: nothing, a payload, or the parts of one.
    fn letter_with(&mut self, event: TermId, payloads: TermId) -> Letter {
        let payload = self.reader.joined(self.reducer, payloads);
        self.letter(event, payload)
    }

    fn choice(&self, choice: TermId, before: TermId) -> Choice {
        let store = self.reducer.store();
        match self.reader.truth(store, choice) {
            Some(truth) => Choice::Bool(truth),
            None => Choice::Number(self.reader.list(store, before, "_;_", "nil").len()),
        }
    }
}
