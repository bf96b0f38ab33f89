//! `psem replay --schedule DIR`: every schedule below a directory, with the log beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Execution, Followed, both_say, follow, lacking_text};
use crate::cli::arguments::ReplayArguments;
use crate::cli::{Console, Status, program};
use crate::interpreter::{Ending, Interpreter, ReplayEnding};
use crate::interrupt;
use crate::lower::Tree;
use crate::program::Program;
use crate::replay::Schedule;
use crate::source::why_not;

/// What is said of one schedule.
struct Row {
    /// Its path in the directory.
    name: String,
    /// The test that was followed.
    test: String,
    n_steps: usize,
    n_records: usize,
    verdict: Verdict,
    /// More, a line each.
    notes: Vec<String>,
}

enum Verdict {
    Agrees,
    /// There is no log, or it says nothing else, but the schedule goes on.
    Diverged(usize),
    Differs(String),
    /// There is no log.
    Followed,
    Limit(String),
    Unreadable(String),
}

/// The tests of a program that may be meant.
struct Candidate {
    name: String,
    initial: Tree,
}

/// Follows all schedules of the directory and prints the table.
pub(super) fn replay(
    arguments: &ReplayArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let directory = &arguments.schedule;
    if arguments.log.is_some() {
        return Err(console.refuse(
            "--log goes with one schedule",
            Some("of a directory, the log beside each schedule is read"),
        ));
    }
    let found = schedules(directory).map_err(|(path, error)| {
        let message = format!("cannot read {}: {}", path.display(), why_not(&error));
        console.refuse(&message, None)
    })?;
    if found.is_empty() {
        let message = format!("there is no schedule in {}", directory.display());
        return Err(console.refuse(&message, Some("schedules are files *.schedule")));
    }
    let (_, program) = program::compiled_recorded(&arguments.paths, &arguments.program, console)?;
    let candidates = candidates(arguments, &program, console)?;
    let mut interpreter = program::interpreter(arguments.program.semantics.as_deref(), console)?;
    let mut rows = Vec::new();
    for path in &found {
        if interrupt::is_asked() {
            break;
        }
        let name = path.strip_prefix(directory).unwrap_or(path);
        let name = name.display().to_string();
        let row = Row {
            name,
            test: String::new(),
            n_steps: 0,
            n_records: 0,
            verdict: Verdict::Followed,
            notes: Vec::new(),
        };
        rows.push(row.filled(
            path,
            &program,
            &candidates,
            &mut interpreter,
            arguments.step_limit,
        ));
    }
    console.print(&table(&rows));
    let (status, summary) = summary(&rows, found.len());
    console.print(&format!("\n{summary}\n"));
    Ok(status)
}

/// The tests to try: the one that is asked for, or all.
fn candidates(
    arguments: &ReplayArguments,
    program: &Program,
    console: &mut Console<'_>,
) -> Result<Vec<Candidate>, Status> {
    let tests = program.tests();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    let wanted = match &arguments.program.test {
        Some(wanted) => vec![program::named_test(wanted, &names, console)?],
        None => (0..names.len()).collect(),
    };
    if wanted.is_empty() {
        return Err(console.refuse(
            "the program has no test, and no machine `Main` to begin with",
            Some("declare one: test T [main = M]: { M, ... };"),
        ));
    }
    let candidate = |index: usize| Candidate {
        name: names[index].to_owned(),
        initial: program.lower(index),
    };
    Ok(wanted.into_iter().map(candidate).collect())
}

/// The schedules below a directory, in the order of their paths.
fn schedules(directory: &Path) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut found = Vec::new();
    let mut left = vec![directory.to_owned()];
    while let Some(directory) = left.pop() {
        let failed = |error| (directory.clone(), error);
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            // A link to a directory may lead back here.
            if entry.file_type().map_err(failed)?.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|ending| ending == "schedule") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// How far an execution agrees with what was recorded of it.
fn reach(followed: &Followed) -> (bool, usize, usize) {
    let comparison = followed.comparison.as_ref();
    let agrees = comparison.is_none_or(|comparison| comparison.difference.is_none());
    let followed_all = matches!(followed.replay.ending, ReplayEnding::Followed(_));
    let n_equal = comparison.map_or(0, |comparison| comparison.n_equal);
    (agrees && followed_all, n_equal, followed.replay.taken.len())
}

impl Row {
    fn filled(
        mut self,
        path: &Path,
        program: &Program,
        candidates: &[Candidate],
        interpreter: &mut Interpreter,
        step_limit: u64,
    ) -> Row {
        let log_path = path.with_extension("txt");
        let log = log_path.exists().then(|| fs::read_to_string(&log_path));
        let read = fs::read_to_string(path).map_err(|error| why_not(&error));
        let read = read.and_then(|text| Schedule::read(&text).map_err(|error| error.to_string()));
        let log = log.transpose();
        let log = log.map_err(|error| format!("its log: {}", why_not(&error)));
        let (schedule, log) = match (read, log) {
            (Ok(schedule), Ok(log)) => (schedule, log),
            (Err(reason), _) | (_, Err(reason)) => {
                self.verdict = Verdict::Unreadable(reason);
                return self;
            }
        };
        let named = schedule.test.as_deref();
        let meant = candidates
            .iter()
            .find(|candidate| Some(candidate.name.as_str()) == named);
        let tried = match meant {
            Some(candidate) => std::slice::from_ref(candidate),
            None => candidates,
        };
        let mut best: Option<(&Candidate, Followed)> = None;
        for candidate in tried {
            let execution = Execution {
                initial: &candidate.initial,
                test: &candidate.name,
                schedule: &schedule,
                log: log.as_deref(),
            };
            match follow(interpreter, &execution, step_limit) {
                Ok(followed) => {
                    let is_better = best
                        .as_ref()
                        .is_none_or(|(_, best)| reach(&followed) > reach(best));
                    if is_better {
                        best = Some((candidate, followed));
                    }
                }
                Err(stop) => self.verdict = Verdict::Limit(stop.message),
            }
        }
        let Some((candidate, followed)) = best else {
            return self;
        };
        self.test.clone_from(&candidate.name);
        if let (None, Some(named)) = (meant, named) {
            let note = format!("not in this program: test {named}");
            self.notes.push(note);
        }
        self.judge(&followed, &log_path);
        if let (Verdict::Differs(_), Some(log)) = (&self.verdict, &log) {
            self.notes.extend(lacking_text(program, log));
        }
        self
    }

    fn judge(&mut self, followed: &Followed, log: &Path) {
        self.n_steps = followed.replay.taken.len();
        let comparison = followed.comparison.as_ref();
        self.n_records = comparison.map_or(0, |comparison| comparison.n_equal);
        let difference = comparison.and_then(|comparison| comparison.difference.as_ref());
        if let Some(difference) = difference {
            let log = log.file_name().unwrap_or_default().to_string_lossy();
            self.verdict = Verdict::Differs(format!("{log}:{}", difference.line));
            self.notes.extend(both_say(difference));
            return;
        }
        self.verdict = match (&followed.replay.ending, comparison) {
            (ReplayEnding::Followed(Ending::Limit(stop)), _) => {
                Verdict::Limit(stop.message.clone())
            }
            (ReplayEnding::Followed(_), Some(_)) => Verdict::Agrees,
            (ReplayEnding::Followed(_), None) => Verdict::Followed,
            (ReplayEnding::Diverged { line, .. }, _) => Verdict::Diverged(*line),
        };
    }
}

/// The rows in columns, with what is to be said of each below it.
fn table(rows: &[Row]) -> String {
    let longest = |of: fn(&Row) -> usize, head: &str| {
        let widths = rows.iter().map(of);
        widths.max().unwrap_or(0).max(head.len())
    };
    let name = longest(|row| row.name.chars().count(), "schedule");
    let test = longest(|row| row.test.chars().count(), "test");
    let line = |columns: [&str; 5]| {
        let [schedule, of, steps, records, verdict] = columns;
        format!("{schedule:<name$}  {of:<test$}  {steps:>6}  {records:>7}  {verdict}\n")
    };
    let mut text = line(["schedule", "test", "steps", "records", "outcome"]);
    for row in rows {
        let (steps, records) = (row.n_steps.to_string(), row.n_records.to_string());
        let verdict = row.verdict.text();
        text.push_str(&line([&row.name, &row.test, &steps, &records, &verdict]));
        for note in &row.notes {
            for part in note.lines() {
                text.push_str(&format!("    {part}\n"));
            }
        }
    }
    text
}

impl Verdict {
    fn text(&self) -> String {
        match self {
            Verdict::Agrees => "agrees".to_owned(),
            Verdict::Diverged(line) => format!("line {line} cannot be followed"),
            Verdict::Differs(place) => format!("differs at {place}"),
            Verdict::Followed => "followed, without a log".to_owned(),
            Verdict::Limit(message) => format!("limit: {message}"),
            Verdict::Unreadable(reason) => format!("cannot be read: {reason}"),
        }
    }
}

/// How many of each there are, and what that means for the exit code.
fn summary(rows: &[Row], n_found: usize) -> (Status, String) {
    let count = |is: fn(&Verdict) -> bool| rows.iter().filter(|row| is(&row.verdict)).count();
    let counts = [
        (count(|verdict| matches!(verdict, Verdict::Agrees)), "agree"),
        (
            count(|verdict| matches!(verdict, Verdict::Followed)),
            "without a log",
        ),
        (
            count(|verdict| matches!(verdict, Verdict::Differs(_))),
            "differ",
        ),
        (
            count(|verdict| matches!(verdict, Verdict::Diverged(_))),
            "cannot be followed",
        ),
        (
            count(|verdict| matches!(verdict, Verdict::Limit(_))) + n_found - rows.len(),
            "not decided",
        ),
        (
            count(|verdict| matches!(verdict, Verdict::Unreadable(_))),
            "unreadable",
        ),
    ];
    let [
        _,
        _,
        (n_differ, _),
        (n_diverged, _),
        (n_limit, _),
        (n_unreadable, _),
    ] = counts;
    let status = match (n_differ + n_diverged, n_limit, n_unreadable) {
        (0, 0, 0) => Status::Done,
        (0, 0, _) => Status::Wrong,
        (0, _, _) => Status::Limit,
        _ => Status::Found,
    };
    let schedules = if n_found == 1 {
        "schedule"
    } else {
        "schedules"
    };
    let mut text = format!("replayed: {n_found} {schedules}");
    for (number, what) in counts {
        if number > 0 {
            text.push_str(&format!(", {number} {what}"));
        }
    }
    (status, text)
}
