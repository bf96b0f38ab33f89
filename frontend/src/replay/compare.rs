//! A log that P's checker wrote, compared with the log of the same execution here.
//!
//! The one idea: two logs agree if their records are the same but for a fixed list of ways in which
//! versions of the checker say one thing in different words ([`Wording`]). Each of these that was met
//! is counted and told, so that nobody has to trust the comparison; anything else is a difference.
//!
//! Source: p-language 9.4; logs of P 1.4 to 2.4 in public repositories.

use std::collections::{BTreeMap, BTreeSet};

use regex::{Captures, Regex};

/// A way in which versions of the checker differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wording {
    /// Names with and without their scope, `PImplementation.`
    Scopes,
    /// Machines are numbered one higher, since a helper creates the main machine.
    Helper,
    /// Nothing is said of the creation of the main machine.
    Main,
    /// States are called `Init_4` where several machines have a state `Init`.
    States,
    /// An assertion is told with its file's folder, or without its place.
    Places,
    /// The name that the checker's C# gives a function.
    Functions,
    /// The payload of what a monitor is shown is left out.
    Payloads,
    /// Nothing is said of choices.
    Choices,
    /// Nothing is said of announcements.
    Announcements,
    /// Nothing is said of `halt`, for which a machine that receives waits as well.
    Waits,
    /// A monitor leaves the state in which it cannot handle an event.
    Exits,
    /// The checker's verdict on a monitor that is hot for long, where it is hot here too.
    Heat,
    /// An exception of the checker's C# around what went wrong.
    Exceptions,
    /// What is said of a state that does not handle an event.
    Pops,
}

impl Wording {
    /// What it is, in words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Wording::Scopes => "names with and without their scope",
            Wording::Helper => {
                "machines numbered one higher, for a helper that creates the main one"
            }
            Wording::Main => "nothing said of the main machine's creation",
            Wording::States => "states numbered behind their names",
            Wording::Places => "the place of an assertion in another form, or left out",
            Wording::Functions => "names of functions in C#",
            Wording::Payloads => "the payload that a monitor is shown, left out",
            Wording::Choices => "nothing said of a choice",
            Wording::Announcements => "nothing said of an announcement",
            Wording::Waits => "nothing said of halt where a machine waits",
            Wording::Exits => "a monitor leaving the state in which it cannot handle an event",
            Wording::Heat => "the checker's verdict on a monitor that is hot, as it is here",
            Wording::Exceptions => "exceptions of C#",
            Wording::Pops => "a state that does not handle an event, told of as popped",
        }
    }
}

/// How two logs compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Records that agree.
    pub n_equal: usize,
    /// How often each other wording was met.
    pub wordings: BTreeMap<Wording, usize>,
    /// Where they part, if they do.
    pub difference: Option<Difference>,
}

/// The first place where two logs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of the checker's log, from 1; the one behind the last if it ends there.
    pub line: usize,
    /// What it says, if it says something.
    pub theirs: Option<String>,
    /// What is said here.
    pub ours: Option<String>,
}

/// What is said between two tags, and the line where it begins.
struct Record {
    line: usize,
    text: String,
}

/// Whether a log names the helper that created the main machine before P 2.1.
#[must_use]
pub fn names_helper(log: &str) -> bool {
    let helper = Patterns::new().helper;
    log.lines().any(|line| helper.is_match(line.trim_end()))
}

/// Compares the checker's log with ours. `offset` is what the checker adds to the numbers of
/// machines.
#[must_use]
pub fn compare(theirs: &str, ours: &str, offset: u64) -> Comparison {
    let patterns = Patterns::new();
    let (theirs, ours) = (patterns.records(theirs), patterns.records(ours));
    let machines = ours.iter().filter_map(|record| {
        let found = patterns.created.captures(&record.text)?;
        Some(found[1].to_owned())
    });
    let reading = Reading {
        machines: machines.collect(),
        patterns: &patterns,
        offset,
    };
    let mut comparison = Comparison::default();
    let mut theirs_left = theirs.iter().peekable();
    let mut ours_left = ours.iter().peekable();
    let mut end = 1;
    loop {
        let is_helper = |record: &&Record| offset > 0 && patterns.helper.is_match(&record.text);
        while theirs_left.next_if(is_helper).is_some() {
            comparison.count(Wording::Helper);
        }
        let met = match (theirs_left.peek(), ours_left.peek()) {
            (Some(their), Some(our)) => reading.agree(&their.text, &our.text),
            (None, None) => return comparison,
            _ => None,
        };
        // What may be said here alone.
        let silent = |record: &Record| {
            let silent = [
                (&patterns.main, Wording::Main),
                (&patterns.choice, Wording::Choices),
                (&patterns.announced, Wording::Announcements),
            ];
            let said = |(pattern, _): &&(&Regex, Wording)| pattern.is_match(&record.text);
            silent.iter().find(said).map(|(_, wording)| *wording)
        };
        if let Some(met) = met {
            comparison.n_equal += 1;
            met.into_iter()
                .for_each(|wording| comparison.count(wording));
            end = theirs_left.next().map_or(end, |record| record.line + 1);
            ours_left.next();
        } else if reading.leaves(theirs_left.peek(), ours_left.peek()) {
            comparison.count(Wording::Exits);
            theirs_left.next();
        } else if ours_left.peek().is_none() && patterns.is_hot(theirs_left.peek(), &ours) {
            comparison.count(Wording::Heat);
            theirs_left.next();
        } else if let Some(wording) = ours_left.peek().and_then(|record| silent(record)) {
            comparison.count(wording);
            ours_left.next();
        } else {
            let their = theirs_left.next();
            comparison.difference = Some(Difference {
                line: their.map_or(end, |record| record.line),
                theirs: their.map(|record| record.text.clone()),
                ours: ours_left.next().map(|record| record.text.clone()),
            });
            return comparison;
        }
    }
}

impl Comparison {
    fn count(&mut self, wording: Wording) {
        *self.wordings.entry(wording).or_default() += 1;
    }
}

/// What records look like.
struct Patterns {
    tag: Regex,
    /// What is said of the exploration, not of the execution.
    about: Regex,
    printed: Regex,
    created: Regex,
    helper: Regex,
    by_helper: Regex,
    main: Regex,
    task: Regex,
    machine: Regex,
    scope: Regex,
    goto: Regex,
    state: Regex,
    action: Regex,
    choice: Regex,
    announced: Regex,
    waits: Regex,
    exit: Regex,
    hot: Regex,
    enters: Regex,
    unhandled: Regex,
    shown: Regex,
    place: Regex,
    thrown: Regex,
    popped: Regex,
}

impl Patterns {
    fn new() -> Patterns {
        let new = |text: &str| {
            Regex::new(text).unwrap_or_else(|error| unreachable!("this is a pattern: {error}"))
        };
        Patterns {
            tag: new(r"^<[A-Z][A-Za-z]+> ?"),
            about: new(r"^<(TestLog|StrategyLog|StackTrace)>"),
            printed: new(r"^<PrintLog>"),
            created: new(r"^<CreateLog> (?:\w+\.)*(\w+)\(\d+\) was created by "),
            helper: new(r"^<CreateLog> [\w.]*_GodMachine\(1\) was created by "),
            by_helper: new(r"by [\w.]*_GodMachine\(1\)\.$"),
            main: new(r"^<CreateLog> \w+\(1\) was created by task '\d+'\.$"),
            task: new(r"by task '\d+'\.$"),
            machine: new(r"\b(\w+)\((\d+)\)"),
            scope: new(r"\b(?:PImplementation|Plang\.CSharpRuntime|PChecker)\."),
            goto: new(r"to state '[\w.]*\.(\w+)'\.$"),
            state: new(r"state '(\w+?)_\d+'"),
            action: new(r"action '[^']*'"),
            choice: new(r"^<RandomLog> "),
            announced: new(r"^<AnnounceLog> "),
            hot: new(
                r"^<ErrorLog> (?:PImplementation\.)?(\w+) detected potential liveness bug in hot state '(\w+?)(_\d+)?'",
            ),
            enters: new(
                r"^<MonitorLog> (?:PImplementation\.)?(\w+) enters (hot )?(?:cold )?state '(\w+)'\.$",
            ),
            waits: new(
                r"^<ReceiveLog> (\S+) is waiting to dequeue an event of type (.*) in state '(\w+)'\.$",
            ),
            exit: new(r"^<MonitorLog> [\w.]+ exits (hot |cold )?state "),
            unhandled: new(r"^<ErrorLog> [\w.]+ received event .* that cannot be handled\.$"),
            shown: new(
                r"^(<MonitorLog> \w+ is processing event '\w+) with payload \(.*\)'( in state .*)$",
            ),
            place: new(r"^<ErrorLog> Assertion Failed: (?:[^ :]*[/\\])?([^ :/\\]+:\d+:\d+ ?)"),
            thrown: new(r"^<ErrorLog> Exception '[^']*' was thrown in [^:]*: "),
            popped: new(
                r"^<PopLog> '([^']*)' popped with unhandled event '(\w+)' and reentered state '(\w+?)(?:_\d+)?'?\.$",
            ),
        }
    }

    /// Whether a record says that a monitor is hot for too long, and it is hot at the end of ours.
    fn is_hot(&self, their: Option<&&Record>, ours: &[Record]) -> bool {
        let Some(said) = their.and_then(|record| self.hot.captures(&record.text)) else {
            return false;
        };
        let entered = ours.iter().rev().find_map(|record| {
            let found = self.enters.captures(&record.text)?;
            (found[1] == said[1]).then_some(found)
        });
        entered.is_some_and(|found| found.get(2).is_some() && found[3] == said[2])
    }

    /// What a log says of the execution. A line without a tag belongs to the one before.
    fn records(&self, text: &str) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        let mut is_told = false;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim_end();
            if self.tag.is_match(line) {
                is_told = !self.about.is_match(line);
                if is_told {
                    records.push(Record {
                        line: index + 1,
                        text: line.to_owned(),
                    });
                }
            } else if is_told
                && let Some(record) = records.last_mut()
                && self.printed.is_match(&record.text)
            {
                record.text.push('\n');
                record.text.push_str(line);
            }
        }
        records
    }
}

/// How the records of two logs are read.
struct Reading<'a> {
    patterns: &'a Patterns,
    machines: BTreeSet<String>,
    offset: u64,
}

impl Reading<'_> {
    /// The other wordings with which two records say the same, if they do.
    fn agree(&self, their: &str, our: &str) -> Option<Vec<Wording>> {
        let mut met = Vec::new();
        let their = self.renumbered(their, &mut met);
        if their == our {
            return Some(met);
        }
        let (their, our) = (self.unscoped(&their), self.unscoped(our));
        if their == our {
            met.push(Wording::Scopes);
            return Some(met);
        }
        let patterns = self.patterns;
        let our = if patterns.shown.is_match(&our) && !patterns.shown.is_match(&their) {
            met.push(Wording::Payloads);
            patterns.shown.replace(&our, "$1'$2").into_owned()
        } else {
            our
        };
        if their == our {
            return Some(met);
        }
        let popped = (patterns.popped).replace(
            &their,
            "<PopLog> $1 popped state $3 due to unhandled event '$2'.",
        );
        if popped == our {
            met.push(Wording::Pops);
            return Some(met);
        }
        let same_state = patterns.state.replace_all(&their, "state '$1'");
        if same_state == our {
            met.push(Wording::States);
            return Some(met);
        }
        if self
            .waits_for(&same_state)
            .is_some_and(|events| Some(events) == self.waits_for(&our))
        {
            met.push(Wording::Waits);
            return Some(met);
        }
        let no_action = |text: &str| patterns.action.replace_all(text, "action ''").into_owned();
        if no_action(&their) == no_action(&our) {
            met.push(Wording::Functions);
            return Some(met);
        }
        let assertion = |text: &str, place: &str| {
            let begin = format!("<ErrorLog> Assertion Failed: {place}");
            let text = patterns.place.replace(text, begin);
            text.trim_end().to_owned()
        };
        if assertion(&their, "$1") == assertion(&our, "$1")
            || their.trim_end() == assertion(&our, "")
        {
            met.push(Wording::Places);
            return Some(met);
        }
        let thrown = patterns.thrown.replace(&their, "<ErrorLog> ");
        if thrown != their && thrown == our {
            met.push(Wording::Exceptions);
            return Some(met);
        }
        None
    }

    /// Whether a monitor leaves its state, and here the event is what is said to be wrong.
    fn leaves(&self, their: Option<&&Record>, our: Option<&&Record>) -> bool {
        let is_exit = |record: &&Record| self.patterns.exit.is_match(&record.text);
        let is_unhandled = |record: &&Record| self.patterns.unhandled.is_match(&record.text);
        their.is_some_and(is_exit) && our.is_some_and(is_unhandled)
    }

    /// Who waits in which state, and for which events but `halt`.
    fn waits_for(&self, text: &str) -> Option<(String, String, Vec<String>)> {
        let found = self.patterns.waits.captures(text)?;
        let names = found[2].split('\'').skip(1).step_by(2);
        let names = names.filter(|name| *name != "PHalt");
        let names = names.map(str::to_owned).collect();
        Some((found[1].to_owned(), found[3].to_owned(), names))
    }

    /// A record of theirs with our numbers of machines.
    fn renumbered(&self, text: &str, met: &mut Vec<Wording>) -> String {
        let text = self.patterns.task.replace(text, "by task '2'.");
        if self.offset == 0 {
            return text.into_owned();
        }
        let text = self.patterns.by_helper.replace(&text, "by task '2'.");
        let shifted = self
            .patterns
            .machine
            .replace_all(&text, |found: &Captures<'_>| {
                let number = found[2].parse::<u64>().ok();
                match number.and_then(|number| number.checked_sub(self.offset)) {
                    Some(number) if self.machines.contains(&found[1]) => {
                        format!("{}({number})", &found[1])
                    }
                    _ => found[0].to_owned(),
                }
            });
        if shifted != text {
            met.push(Wording::Helper);
        }
        shifted.into_owned()
    }

    /// A record without the scopes of names; what a program prints is left as it is.
    fn unscoped(&self, text: &str) -> String {
        if self.patterns.printed.is_match(text) {
            return text.to_owned();
        }
        let text = self.patterns.goto.replace(text, "to state '$1'.");
        self.patterns.scope.replace_all(&text, "").into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "<TestLog> Running test 't'.\n\
        <CreateLog> PImplementation.Spec was created.\n\
        <CreateLog> Main(1) was created by task '2'.\n\
        <StateLog> Main(1) enters state 'Init'.\n\
        <CreateLog> Client(2) was created by Main(1).\n\
        <PrintLog> two\nlines\n\
        <GotoLog> Main(1) is transitioning from state 'Init' to state 'PImplementation.Main.Next'.\n\
        <ErrorLog> Assertion Failed: a.p:3:4 bad\n\
        <StrategyLog> Found bug using 'random' strategy.\n";

    #[test]
    fn a_log_agrees_with_itself() {
        let comparison = compare(OURS, OURS, 0);
        assert_eq!(comparison.difference, None);
        assert_eq!(comparison.n_equal, 7);
        assert!(comparison.wordings.is_empty());
    }

    #[test]
    fn older_logs_agree_and_say_how() {
        let old = "<CreateLog> Spec was created.\r\n\
            <CreateLog> Plang.CSharpRuntime._GodMachine(1) was created by task '2'.\r\n\
            <CreateLog> PImplementation.Main(2) was created by Plang.CSharpRuntime._GodMachine(1).\r\n\
            <StateLog> PImplementation.Main(2) enters state 'Init_4'.\r\n\
            <CreateLog> Client(3) was created by PImplementation.Main(2).\r\n\
            <PrintLog> two\r\nlines\r\n\
            <GotoLog> Main(2) is transitioning from state 'Init_4' to state 'Next'.\r\n\
            <ErrorLog> Assertion Failed: bad\r\n";
        let comparison = compare(old, OURS, 1);
        assert_eq!(comparison.difference, None);
        assert_eq!(comparison.n_equal, 7);
        let met: Vec<Wording> = comparison.wordings.keys().copied().collect();
        use Wording::{Helper, Places, Scopes, States};
        assert_eq!(met, [Scopes, Helper, States, Places]);
    }

    #[test]
    fn what_older_versions_leave_out_is_told() {
        let ours = "<AnnounceLog> 'A(1)' announced event 'e'.\n\
            <MonitorLog> S is processing event 'e with payload (1)' in state 'T'.\n\
            <RandomLog> A(1) nondeterministically chose 'True'.\n\
            <ReceiveLog> A(1) is waiting to dequeue an event of type 'e' or 'PHalt' in state 'T'.\n\
            <ErrorLog> PImplementation.S received event 'PImplementation.e' that cannot be handled.\n";
        let older = "<MonitorLog> S is processing event 'PImplementation.e' in state 'T_2'.\n\
            <ReceiveLog> A(1) is waiting to dequeue an event of type 'e' in state 'T_7'.\n\
            <MonitorLog> S exits state 'T_2'.\n\
            <ErrorLog> S received event 'PImplementation.e' that cannot be handled.\n";
        let comparison = compare(older, ours, 0);
        assert_eq!(comparison.difference, None);
        assert_eq!(comparison.n_equal, 3);
        use Wording::{Announcements, Choices, Exits, Payloads, Scopes, States, Waits};
        let met: Vec<Wording> = comparison.wordings.keys().copied().collect();
        let mut expected = [
            Announcements,
            Choices,
            Exits,
            Payloads,
            Scopes,
            States,
            Waits,
        ];
        expected.sort_unstable();
        assert_eq!(met, expected);
    }

    #[test]
    fn older_versions_pop_states_that_do_not_handle_an_event() {
        let ours = "<PopLog> A(1) popped state Held due to unhandled event 'eGo'.\n";
        let older = "<PopLog> 'PImplementation.A(1)' popped with unhandled event 'eGo' \
            and reentered state 'Held_2.\n";
        let comparison = compare(older, ours, 0);
        assert_eq!(comparison.difference, None);
        assert_eq!(comparison.wordings.get(&Wording::Pops), Some(&1));
        let other = older.replace("Held", "Free");
        assert!(compare(&other, ours, 0).difference.is_some());
    }

    #[test]
    fn a_monitor_that_is_hot_for_too_long_must_be_hot() {
        let verdict = "<ErrorLog> S detected potential liveness bug in hot state 'T'.\n";
        let hot = "<MonitorLog> PImplementation.S enters hot state 'T'.\n";
        let comparison = compare(&format!("{hot}{verdict}"), hot, 0);
        assert_eq!(comparison.difference, None);
        let left = format!("{hot}<MonitorLog> PImplementation.S enters state 'T'.\n");
        let comparison = compare(&format!("{left}{verdict}"), &left, 0);
        assert_eq!(
            comparison.difference.map(|difference| difference.line),
            Some(3)
        );
    }

    #[test]
    fn the_first_difference_has_its_line() {
        let changed = OURS.replace("enters state 'Init'", "enters state 'Next'");
        let difference = compare(&changed, OURS, 0).difference.expect("they differ");
        assert_eq!(difference.line, 4);
        let theirs = "<StateLog> Main(1) enters state 'Next'.";
        assert_eq!(difference.theirs.as_deref(), Some(theirs));
        let short = OURS.split_inclusive("lines\n").next().expect("a part");
        let difference = compare(short, OURS, 0).difference.expect("they differ");
        assert_eq!((difference.line, difference.theirs), (7, None));
    }
}
