//! Values of the rules as the JSON of P's checker.
//!
//! Machines and events are their names, enums their numbers, sequences and sets arrays, tuples
//! objects; a map is an object keyed by the text of its keys. Where the checker writes its own
//! wrappers (the parts of tuples without names) the values themselves are written.
//!
//! Source: p-language 9.4, "Payload encoding".

use rewriter::pattern::Literal;
use rewriter::reduction::Reducer;
use rewriter::term::{Store, TermId};
use serde_json::{Map, Number, Value};

use super::Reader;
use super::happening::Payload;

impl Reader {
    /// A value as text and as JSON; nothing for null.
    pub(crate) fn payload(&self, reducer: &mut Reducer, value: TermId) -> Option<Payload> {
        if reducer.store().op(value) == self.null {
            return None;
        }
        Some(Payload {
            text: self.text_of(reducer, value),
            json: self.json(reducer, value),
        })
    }

    fn json(&self, reducer: &mut Reducer, value: TermId) -> Value {
        let store = reducer.store();
        let arguments: Vec<TermId> = store.arguments(value).to_vec();
        let name = super::operator_name(store, value);
        let first = arguments.first().copied();
        match (name.as_str(), first) {
            ("null", _) => Value::Null,
            ("bool", Some(truth)) => Value::Bool(store.op(truth) == self.truth),
            ("int", Some(number)) => {
                let text = store.integer(number).map(|number| number.to_string());
                let number = text.and_then(|text| text.parse::<i64>().ok());
                number.map_or(Value::Null, Value::from)
            }
            ("float", Some(number)) => match store.literal(number) {
                Some(Literal::Float(number)) => {
                    Number::from_f64(number).map_or(Value::Null, Value::Number)
                }
                _ => Value::Null,
            },
            ("string", Some(text)) => match store.literal(text) {
                Some(Literal::String(text)) => Value::String(text.to_string()),
                _ => Value::Null,
            },
            ("event", Some(event)) => Value::String(self.name_of(reducer, event)),
            ("seq" | "set", Some(list)) => {
                let items = self.list(store, list, "_;_", "nil");
                let items = items.into_iter().map(|item| self.json(reducer, item));
                Value::Array(items.collect())
            }
            ("tuple", Some(list)) => {
                let items = self.list(store, list, "_;_", "nil");
                let members = items.into_iter().enumerate();
                let members =
                    members.map(|(place, item)| (place.to_string(), self.json(reducer, item)));
                Value::Object(members.collect())
            }
            ("record", Some(list)) => {
                let mut members = Map::new();
                for field in self.list(store, list, "_;_", "nil") {
                    if let [name, item] = reducer.store().arguments(field)[..] {
                        let name = self.plain_name(reducer.store(), name);
                        members.insert(name, self.json(reducer, item));
                    }
                }
                Value::Object(members)
            }
            ("map", Some(list)) => {
                let mut members = Map::new();
                for entry in self.list(store, list, "_;_", "nil") {
                    if let [key, item] = reducer.store().arguments(entry)[..] {
                        let key = self.text_of(reducer, key);
                        members.insert(key, self.json(reducer, item));
                    }
                }
                Value::Object(members)
            }
            // Machines, references to them, and what is not known here.
            _ => Value::String(self.text_of(reducer, value)),
        }
    }

    /// The items of a list, whatever its length.
    pub(crate) fn list(&self, store: &Store, list: TermId, join: &str, none: &str) -> Vec<TermId> {
        let name = super::operator_name(store, list);
        if name == join {
            store.arguments(list).to_vec()
        } else if name == none {
            Vec::new()
        } else {
            vec![list]
        }
    }

    /// An identifier without its quote.
    pub(crate) fn plain_name(&self, store: &Store, name: TermId) -> String {
        match store.literal(name) {
            Some(Literal::QuotedId(name)) => name.trim_start_matches('\'').to_owned(),
            _ => String::new(),
        }
    }
}
