//! What a log names: machines, states and events, each with the line where it is named first.
//!
//! The one idea: a log that a program cannot explain often speaks of names that the program does not
//! have, since it was written of another text; these names say so better than the first difference.

use std::collections::BTreeMap;
use std::fmt;

use regex::Regex;

/// What a name in a log is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A machine or a spec.
    Machine,
    /// A state of some machine.
    State,
    /// An event.
    Event,
}

impl fmt::Display for NameKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NameKind::Machine => "machine",
            NameKind::State => "state",
            NameKind::Event => "event",
        })
    }
}

/// A name in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What it is a name of.
    pub kind: NameKind,
    /// The name, without its scope.
    pub name: String,
    /// The line where it is named first, from 1.
    pub line: usize,
}

/// Records in which other texts are quoted, or the checker speaks of itself.
const NOT_READ: &str = r"^<(PrintLog|ErrorLog|TestLog|StrategyLog|StackTrace|ExceptionLog)>";

/// Names that the checker gives what has none in P.
const OF_THE_CHECKER: &[&str] = &[
    "_GodMachine",
    "DefaultEvent",
    "GotoStateEvent",
    "Halt",
    "PHalt",
    "halt",
    "null",
];

/// The names in a log of P's checker, in the order of their first lines.
///
/// ```
/// use frontend::replay::mentions;
///
/// let log = "<SendLog> 'A(2)' in state 'Init' sent event 'PImplementation.eGo' to 'B(3)'.\n";
/// let names: Vec<String> = mentions(log).iter().map(|mention| mention.name.clone()).collect();
/// assert_eq!(names, ["Init", "eGo"]);
/// ```
#[must_use]
pub fn mentions(log: &str) -> Vec<Mention> {
    let new = |text: &str| {
        Regex::new(text).unwrap_or_else(|error| unreachable!("this is a pattern: {error}"))
    };
    let not_read = new(NOT_READ);
    let named = [
        (
            NameKind::Machine,
            new(r"^<CreateLog> (?:\w+\.)*(\w+)(?:\(\d+\))? was created"),
        ),
        (NameKind::State, new(r"\bstate '(?:\w+\.)*(\w+)'")),
        (
            NameKind::Event,
            new(r"\bevent (?:of type )?'(?:\w+\.)*(\w+)"),
        ),
    ];
    let mut first: BTreeMap<(NameKind, String), usize> = BTreeMap::new();
    for (index, line) in log.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}');
        if !line.starts_with('<') || not_read.is_match(line) {
            continue;
        }
        for (kind, pattern) in &named {
            for found in pattern.captures_iter(line) {
                if !OF_THE_CHECKER.contains(&&found[1]) {
                    let key = (*kind, found[1].to_owned());
                    first.entry(key).or_insert(index + 1);
                }
            }
        }
    }
    let mention = |((kind, name), line)| Mention { kind, name, line };
    let mut mentions: Vec<Mention> = first.into_iter().map(mention).collect();
    mentions.sort_by_key(|mention| mention.line);
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_with_their_kinds_and_first_lines() {
        let log = "<TestLog> Running test 't'.\n\
            <CreateLog> PImplementation.Safe was created.\n\
            <CreateLog> PImplementation.A(2) was created by Plang.CSharpRuntime._GodMachine(1).\r\n\
            <PrintLog> event 'no' in state 'no'\n\
            <GotoLog> A(2) is transitioning from state 'Init_1' to state 'PImplementation.A.Next'.\n\
            <ReceiveLog> A(2) is waiting to dequeue an event of type 'eGo' in state 'Next'.\n\
            <DequeueLog> 'A(2)' dequeued event 'eGo with payload (1)' in state 'Next'.\n\
            <RaiseLog> 'A(2)' raised event 'GotoStateEvent' in state 'Next'.\n";
        let told: Vec<String> = (mentions(log).iter())
            .map(|mention| format!("{} {} {}", mention.kind, mention.name, mention.line))
            .collect();
        let expected = [
            "machine Safe 2",
            "machine A 3",
            "state Init_1 5",
            "state Next 5",
            "event eGo 6",
        ];
        assert_eq!(told, expected);
    }
}
