//! `.trace.json` files, read: what a backend of P says of an execution, entry by entry.
//!
//! The one idea: an entry is a type and members, and what is compared are the members that a reader
//! of any backend's trace can rely on: who, which event with which payload, from and to which state.
//! Clocks, texts for people and members that only C# knows are left out; a payload that a version of
//! the checker cannot write (an unnamed tuple, which it writes as `{}`) fits any.
//!
//! Source: p-language 9.4; reference checker, JsonWriter.cs.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Members that say nothing of the execution, or what only some versions say.
const NOT_COMPARED: &[&str] = &[
    "log",
    "clock",
    "action",
    "opGroupId",
    "creatorType",
    "isInHotState",
    "strategy",
    "strategyDescription",
];

/// Entries that say nothing of the execution.
const ABOUT_CHECKING: &[&str] = &["StrategyDescription"];

/// One entry of a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its type.
    pub kind: String,
    /// What is compared.
    pub members: Map<String, Value>,
}

/// Why a file is no trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// It is not JSON.
    #[error("line {line}, column {column}: this is not JSON: {message}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It is something else.
    #[error("a trace is a list of entries, or a list of such lists")]
    NoList,
    /// An entry has not the form of one.
    #[error("entry {number} is no `{{\"type\": .., \"details\": {{..}}}}`")]
    NoEntry {
        /// Its number, from 1.
        number: usize,
    },
}

/// Reads a file with a trace, or with one for each of several executions.
///
/// # Errors
/// Why it is none.
///
/// ```
/// use frontend::replay::read_traces;
///
/// let traces = read_traces(r#"[{"type": "Print", "details": {"log": "hello"}}]"#);
/// assert_eq!(traces.expect("a trace")[0][0].kind, "Print");
/// ```
pub fn read_traces(text: &str) -> Result<Vec<Vec<Entry>>, TraceError> {
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next();
        TraceError::Json {
            line: error.line(),
            column: error.column(),
            message: message.unwrap_or_default().to_owned(),
        }
    })?;
    let Value::Array(entries) = value else {
        return Err(TraceError::NoList);
    };
    if entries.first().is_some_and(Value::is_array) {
        let traces = entries.iter().map(|trace| match trace {
            Value::Array(entries) => read_entries(entries),
            _ => Err(TraceError::NoList),
        });
        return traces.collect();
    }
    Ok(vec![read_entries(&entries)?])
}

fn read_entries(values: &[Value]) -> Result<Vec<Entry>, TraceError> {
    let mut entries = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let entry = Entry::read(value).ok_or(TraceError::NoEntry { number: index + 1 })?;
        if !ABOUT_CHECKING.contains(&entry.kind.as_str()) {
            entries.push(entry);
        }
    }
    // Before P 2.1 a helper, number 1, creates the main machine: machines count from 2 on.
    let offset = first_machine(&entries).map_or(0, |number| number.saturating_sub(1));
    if offset > 0 {
        for entry in &mut entries {
            for (name, value) in &mut entry.members {
                match value {
                    Value::String(text) if name == "error" => *text = renumbered(text, offset),
                    value => renumber(value, offset),
                }
            }
        }
    }
    Ok(entries)
}

impl Entry {
    /// Reads an entry.
    pub(crate) fn read(value: &Value) -> Option<Entry> {
        let kind = value.get("type")?.as_str()?.to_owned();
        let Value::Object(details) = value.get("details")? else {
            return None;
        };
        let said = |(name, value): &(&String, &Value)| {
            let is_nothing = value.is_null() || (*name == "payload" && *value == "null");
            !is_nothing && !NOT_COMPARED.contains(&name.as_str())
        };
        let members = details.iter().filter(said);
        let members = members.map(|(name, value)| (name.clone(), unscoped(value)));
        Some(Entry {
            kind,
            members: members.collect(),
        })
    }

    /// Whether this is what a trace says where we would say `ours`.
    #[must_use]
    pub fn fits(&self, ours: &Entry) -> bool {
        let may_lack_payload = matches!(self.kind.as_str(), "MonitorProcessEvent" | "Announce");
        let names = self.members.keys().chain(ours.members.keys());
        self.kind == ours.kind
            && names.into_iter().all(|name| {
                match (self.members.get(name), ours.members.get(name)) {
                    (Some(Value::String(theirs)), Some(Value::String(ours))) if name == "error" => {
                        is_same_error(theirs, ours)
                    }
                    (Some(theirs), Some(ours)) => is_same(theirs, ours),
                    (None, _) => name == "payload" && may_lack_payload || name == "eventTypes",
                    (Some(_), None) => false,
                }
            })
    }

    /// The entry on one line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.kind.clone();
        for (name, value) in &self.members {
            let _ = match value {
                Value::String(value) => write!(text, " {name}={value}"),
                value => write!(text, " {name}={value}"),
            };
        }
        text
    }
}

/// Whether two values are the same; what a checker cannot write fits anything.
fn is_same(theirs: &Value, ours: &Value) -> bool {
    match (theirs, ours) {
        (Value::Object(theirs), _) if theirs.is_empty() => true,
        (Value::Object(theirs), Value::Object(ours)) => {
            theirs.len() == ours.len()
                && theirs
                    .iter()
                    .all(|(name, value)| ours.get(name).is_some_and(|own| is_same(value, own)))
        }
        (Value::Array(theirs), Value::Array(ours)) => {
            let mut pairs = theirs.iter().zip(ours);
            theirs.len() == ours.len() && pairs.all(|(theirs, ours)| is_same(theirs, ours))
        }
        (Value::Number(theirs), Value::Number(ours)) => theirs.as_f64() == ours.as_f64(),
        _ => theirs == ours,
    }
}

/// Whether two texts tell the same error: the folder and the place of an assertion do not matter.
fn is_same_error(theirs: &str, ours: &str) -> bool {
    let bare = |text: &str| {
        let Some(rest) = text.strip_prefix("Assertion Failed: ") else {
            return text.trim().to_owned();
        };
        let (first, message) = rest.split_once(' ').unwrap_or((rest, ""));
        let is_place = first.matches(':').count() == 2 && first.contains(".p:");
        (if is_place { message } else { rest }).trim().to_owned()
    };
    bare(theirs) == bare(ours)
}

/// A value without the scopes of names.
fn unscoped(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let name = text.strip_prefix("PImplementation.");
            let name = name.or_else(|| text.strip_prefix("Plang.CSharpRuntime."));
            Value::String(name.unwrap_or(text).to_owned())
        }
        other => other.clone(),
    }
}

/// The number in `Main(1)`.
fn number_of(name: &str) -> Option<(&str, u64)> {
    let (class, rest) = name.split_once('(')?;
    let number = rest.strip_suffix(')')?.parse().ok()?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!class.is_empty() && class.chars().all(is_name)).then_some((class, number))
}

/// The number of the first machine of which something is said.
fn first_machine(entries: &[Entry]) -> Option<u64> {
    let about = |entry: &Entry| Some(number_of(entry.members.get("id")?.as_str()?)?.1);
    entries.iter().find_map(about)
}

fn renumber(value: &mut Value, offset: u64) {
    match value {
        Value::String(text) => {
            if let Some((class, number)) = number_of(text)
                && number > offset
            {
                *text = format!("{class}({})", number - offset);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| renumber(value, offset)),
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|value| renumber(value, offset));
        }
        _ => {}
    }
}

/// A text with the numbers of the machines that it names.
fn renumbered(text: &str, offset: u64) -> String {
    let words = text.split_inclusive(' ').map(|word| {
        let name = word.trim_end_matches([' ', '.', ',', ':']);
        match number_of(name) {
            Some((class, number)) if number > offset => {
                format!("{class}({}){}", number - offset, &word[name.len()..])
            }
            _ => word.to_owned(),
        }
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(kind: &str, details: Value) -> Entry {
        Entry::read(&json!({ "type": kind, "details": details })).expect("an entry")
    }

    #[test]
    fn clocks_and_texts_do_not_matter() {
        let theirs = entry(
            "SendEvent",
            json!({ "log": "..", "clock": { "A(1)": 3 }, "sender": "A(1)", "payload": "null" }),
        );
        assert!(theirs.fits(&entry("SendEvent", json!({ "sender": "A(1)" }))));
        assert!(!theirs.fits(&entry("SendEvent", json!({ "sender": "B(1)" }))));
        assert!(!theirs.fits(&entry("DequeueEvent", json!({ "sender": "A(1)" }))));
        assert!(!theirs.fits(&entry(
            "SendEvent",
            json!({ "sender": "A(1)", "payload": 1 })
        )));
    }

    #[test]
    fn payloads_are_compared() {
        let theirs = entry("SendEvent", json!({ "payload": { "n": [1, 2.0] } }));
        assert!(theirs.fits(&entry("SendEvent", json!({ "payload": { "n": [1, 2] } }))));
        assert!(!theirs.fits(&entry("SendEvent", json!({ "payload": { "n": [1, 3] } }))));
        let unknown = entry("SendEvent", json!({ "payload": { "0": {} } }));
        assert!(unknown.fits(&entry("SendEvent", json!({ "payload": { "0": [7] } }))));
    }

    #[test]
    fn older_numbers_are_shifted() {
        let text = r#"[{"type": "StateTransition", "details": {"id": "Main(2)"}},
            {"type": "SendEvent", "details": {"target": "B(3)", "payload": ["B(3)"]}},
            {"type": "AssertionFailure", "details": {"error": "B(3) fails, B(2)."}}]"#;
        let traces = read_traces(text).expect("a trace");
        assert_eq!(traces[0][0].members["id"], "Main(1)");
        assert_eq!(traces[0][1].members["payload"], json!(["B(2)"]));
        assert_eq!(traces[0][2].members["error"], "B(2) fails, B(1).");
    }

    #[test]
    fn what_is_no_trace_says_why() {
        assert_eq!(read_traces("{}"), Err(TraceError::NoList));
        let no_entry = Err(TraceError::NoEntry { number: 1 });
        assert_eq!(read_traces(r#"[{"type": 3}]"#), no_entry);
        assert!(matches!(
            read_traces("["),
            Err(TraceError::Json { line: 1, .. })
        ));
    }

    #[test]
    fn errors_are_the_same_wherever_the_file_lies() {
        assert!(is_same_error(
            "Assertion Failed: PSpec\\a.p:1:2 bad",
            "Assertion Failed: a.p:1:2 bad"
        ));
        assert!(is_same_error(
            "Assertion Failed: bad",
            "Assertion Failed: a.p:1:2 bad"
        ));
        assert!(!is_same_error(
            "Assertion Failed: worse",
            "Assertion Failed: a.p:1:2 bad"
        ));
    }
}
