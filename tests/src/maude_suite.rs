//! Maude's own tests, run where they lie: a script, and what Maude wrote for it.
//!
//! The one idea: what is compared is what Maude computes and shows, not how it complains. So
//! warnings are taken out of what is expected (psem has its own, to another stream, and must have
//! some exactly where Maude has some), timings are blanked, and line breaks and blanks after
//! commas are no difference, nor is where the label of a statement stands: those changed between
//! versions of Maude. A test that agrees byte for
//! byte is told apart. What `show modules` and `show views` say of an empty session is no
//! difference either: which modules come along is each engine's own. Maude's tests are for a later
//! version than the one that the engine is compared with; psem writes as either, and a test agrees
//! if it does with the recorded text in the one form or with what the Maude of this machine writes
//! in the other. None of Maude's files is copied: a folder is named.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folders of Maude's `tests` that are run.
pub const FOLDERS: &[&str] = &[
    "Misc",
    "Corner",
    "ResolvedBugs",
    "BuiltIn",
    "ObjectOriented",
];

/// Words that tell that a test is about something that psem leaves out on purpose.
const BEYOND: &[&str] = &[
    "META-LEVEL",
    "META-MODULE",
    "META-TERM",
    "META-STRATEGY",
    "META-VIEW",
    "META-INTERPRETER",
    "META-CONDITION",
    "LEXICAL",
    "upModule",
    "upTerm",
    "unify",
    "irredundant",
    "variant",
    "variants",
    "narrow",
    "vu-narrow",
    "fvu-narrow",
    "xg-narrow",
    "smt-search",
    "SMT",
    "REAL-INTEGER",
    "srew",
    "srewrite",
    "dsrew",
    "dsrewrite",
    "smod",
    "sth",
    "SOCKET",
    "FILE",
    "DIRECTORY",
    "PROCESS",
    "STD-STREAM",
    "TIME",
    "erew",
    "erewrite",
    "LOOP-MODE",
    "loop",
    "pconst",
    "make",
    "sreduce",
    "sred",
    "creduce",
    "transform",
    "desugared",
    "processed",
    "PRNG",
    "BubbleSymbol",
    "Bubble",
    "natSystemSolve",
    "INITIAL-EQUALITY-PREDICATE",
    "STRING-OPS",
];

/// One test.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its folder and name, `Misc/view`.
    pub name: String,
    /// The script.
    pub script: PathBuf,
    /// What Maude wrote.
    pub expected: String,
    /// The word for which it is left out, if it is.
    pub beyond: Option<&'static str>,
    /// Flags with which Maude is called for it.
    pub flags: Vec<String>,
}

/// What runs a test.
#[derive(Clone, Debug)]
pub struct Engines {
    psem: PathBuf,
    maude: Option<String>,
    /// What each lists of modules and views that nobody defined.
    own_modules: [Vec<String>; 2],
}

impl Engines {
    /// A psem, and a Maude if there is one.
    ///
    /// # Errors
    /// If a command cannot be run.
    pub fn new(psem: PathBuf, maude: Option<String>) -> Result<Engines, String> {
        let listed = |command: &mut Command| -> Result<Vec<String>, String> {
            let mut child = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| format!("{command:?}: {error}"))?;
            if let Some(input) = &mut child.stdin {
                std::io::Write::write_all(input, b"show modules .\nshow views .\n")
                    .map_err(|error| error.to_string())?;
            }
            let output = child
                .wait_with_output()
                .map_err(|error| error.to_string())?;
            Ok(entries(&String::from_utf8_lossy(&output.stdout)))
        };
        let ours = listed(Command::new(&psem).arg("maude"))?;
        let theirs = match &maude {
            Some(maude) => listed(Command::new(maude).arg("-no-banner"))?,
            None => Vec::new(),
        };
        Ok(Engines {
            psem,
            maude,
            own_modules: [ours, theirs],
        })
    }
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is the same.
    Exact,
    /// The same but for layout and the wording of warnings.
    Same,
    /// Something else: the first lines that differ, or which warnings are missing.
    Different(String),
}

/// The tests in a folder that holds Maude's `tests`.
///
/// # Errors
/// What the file system says.
pub fn tests(root: &Path) -> std::io::Result<Vec<Test>> {
    let mut tests = Vec::new();
    for folder in FOLDERS {
        let mut scripts: Vec<PathBuf> = std::fs::read_dir(root.join(folder))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        scripts.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == "maude")
        });
        scripts.sort();
        for script in scripts {
            let Ok(expected) = std::fs::read(script.with_extension("expected")) else {
                continue;
            };
            let text = std::fs::read(&script)?;
            let stem = script.file_stem().unwrap_or_default().to_string_lossy();
            tests.push(Test {
                name: format!("{folder}/{stem}"),
                expected: String::from_utf8_lossy(&expected).into_owned(),
                beyond: beyond(&String::from_utf8_lossy(&text)),
                flags: flags(&script),
                script,
            });
        }
    }
    Ok(tests)
}

/// The flags that the program beside a script calls Maude with, as far as they matter here.
fn flags(script: &Path) -> Vec<String> {
    let program = std::fs::read_to_string(script.with_extension("")).unwrap_or_default();
    let flags = program.split_whitespace().map(str::to_owned);
    flags.filter(|word| word == "-no-prelude").collect()
}

/// The first word of a script that is beyond what psem does.
fn beyond(text: &str) -> Option<&'static str> {
    // A module of its own with such a name is no other than others.
    let declares = |word: &str| {
        text.lines().any(|line| {
            let mut words = line.split(|c: char| c.is_whitespace() || c == '{');
            let keyword = words.next().unwrap_or_default();
            matches!(keyword, "fmod" | "mod" | "omod" | "fth" | "th") && words.next() == Some(word)
        })
    };
    text.lines()
        .filter(|line| !matches!(line.trim_start().get(..3), Some("***" | "---")))
        .find_map(|line| {
            let mut words = line.split(|c: char| c.is_whitespace() || "()[]{},".contains(c));
            let first = line.split_whitespace().next();
            if matches!(first, Some("strat" | "strats" | "sd" | "csd")) {
                return Some("strategies");
            }
            words.find_map(|word| {
                let is_descent = word
                    .strip_prefix("meta")
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
                let found = BEYOND.iter().find(|beyond| {
                    let is_command = first == Some(word) || first == Some("show");
                    **beyond == word && (word != "make" || is_command) && !declares(word)
                });
                found.copied().or(is_descent.then_some("META-LEVEL"))
            })
        })
}

impl Test {
    /// Runs it with psem, and compares with what Maude wrote: the recorded text, and what the
    /// Maude of this machine writes if there is one.
    ///
    /// # Errors
    /// If a command cannot be run.
    pub fn run(&self, engines: &Engines) -> Result<Verdict, String> {
        let psem = |version: &str| {
            let mut command = Command::new("timeout");
            command.arg("20").arg(&engines.psem);
            command.args(["maude", "--like", version]).args(&self.flags);
            output(&mut command, self)
        };
        let (later, later_err) = psem("3.5")?;
        let as_recorded = compare(&self.expected, &later, &later_err);
        if !matches!(as_recorded, Verdict::Different(_)) {
            return Ok(as_recorded);
        }
        let (earlier, earlier_err) = psem("3.2")?;
        let verdict = compare(&self.expected, &earlier, &earlier_err);
        let (Verdict::Different(_), Some(maude)) = (&verdict, &engines.maude) else {
            return Ok(verdict);
        };
        let mut command = Command::new("timeout");
        command.args(["60", maude, "-no-banner"]).args(&self.flags);
        let (recorded, warnings) = output(&mut command, self)?;
        let [ours, theirs] = &engines.own_modules;
        let recorded = without_entries(&format!("{warnings}{recorded}"), theirs);
        match compare(&recorded, &without_entries(&earlier, ours), &earlier_err) {
            Verdict::Different(_) => Ok(as_recorded),
            same => Ok(same),
        }
    }
}

/// The lines of a text, with those joined that one entry of a listing of modules and views takes.
fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("    "), entries.last_mut()) {
            (Some(rest), Some(entry)) if is_entry(entry) => {
                entry.push(' ');
                entry.push_str(rest);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    entries
}

fn is_entry(line: &str) -> bool {
    let keyword = line.split(' ').next().unwrap_or_default();
    matches!(
        keyword,
        "fmod" | "mod" | "omod" | "fth" | "th" | "oth" | "view"
    ) && !line.ends_with(" is")
}

/// A text without some modules and views in its listings.
fn without_entries(text: &str, listed: &[String]) -> String {
    let kept = entries(text).into_iter();
    let kept = kept.filter(|line| !(is_entry(line) && listed.contains(line)));
    kept.map(|line| line + "\n").collect()
}

fn output(command: &mut Command, test: &Test) -> Result<(String, String), String> {
    let script = std::fs::File::open(&test.script).map_err(|error| error.to_string())?;
    let folder = test.script.parent().unwrap_or(Path::new("."));
    let output = command
        .stdin(script)
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .current_dir(folder)
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(&output.stdout), text(&output.stderr)))
}

/// Compares what Maude wrote to both streams with what psem wrote to each.
fn compare(expected: &str, out: &str, err: &str) -> Verdict {
    if expected == out && err.is_empty() {
        return Verdict::Exact;
    }
    let (shown, n_warnings) = without_warnings(expected);
    let (theirs, ours) = (words(&shown), words(out));
    if theirs != ours {
        let at = theirs.iter().zip(&ours).take_while(|(a, b)| a == b).count();
        let part = |words: &[String]| {
            let end = words.len().min(at + 8);
            words[at.min(end)..end].join(" ")
        };
        let (theirs, ours) = (part(&theirs), part(&ours));
        return Verdict::Different(format!("expected `{theirs}`, found `{ours}`"));
    }
    let complains = err.contains(": error[") || err.contains(": warning[");
    if n_warnings > 0 && !complains {
        return Verdict::Different("Maude warns, psem does not".to_owned());
    }
    if n_warnings == 0 && err.contains(": error[") {
        return Verdict::Different("psem finds an error, Maude does not".to_owned());
    }
    Verdict::Same
}

/// A text without Maude's warnings, advice and what `set verbose on` lets it tell of its own doing,
/// all of which it writes to standard error, and how many warnings there were.
fn without_warnings(text: &str) -> (String, usize) {
    let mut shown = String::new();
    let mut in_transformation = false;
    let mut n_warnings = 0;
    let mut in_warning = false;
    let mut in_statement = false;
    let mut in_ambiguity = false;
    for line in text.lines() {
        in_transformation |= line == "Considering object completion on:";
        let is_verbose = in_transformation
            || line.starts_with("ModelChecker")
            || (line.starts_with("op ") && line.ends_with(" is unequal."));
        if is_verbose {
            // A statement, as it was and as it became, and an empty line.
            in_transformation &= !line.is_empty();
            continue;
        }
        let is_warning = line.starts_with("Warning: ");
        if is_warning || line.starts_with("Advisory: ") {
            n_warnings += usize::from(is_warning);
            in_warning = true;
            in_statement = begins_statement(line);
            in_ambiguity = line.contains("two parses are") || line.contains("multiple distinct");
            continue;
        }
        if in_ambiguity {
            in_ambiguity = !line.starts_with("Arbitrarily taking");
            continue;
        }
        // What a warning is about follows it on lines of its own, or begins a line further on; a
        // statement goes on to its period.
        if in_statement {
            in_statement = !line.ends_with(" .");
            continue;
        }
        in_statement = in_warning && line.starts_with("    ") && begins_statement(line);
        in_warning &= line.starts_with("    ") || line.contains("<---*HERE*");
        if !in_warning {
            let _ = writeln!(shown, "{line}");
        }
    }
    (shown, n_warnings)
}

/// Whether a line of a warning is followed by the statement that it is about.
fn begins_statement(line: &str) -> bool {
    let ends = [
        "no parse for statement",
        " in rule:",
        " in equation:",
        " in membership:",
    ];
    ends.iter().any(|end| line.ends_with(end))
}

/// The words of a text, without times, where brackets and commas are words of their own.
fn words(text: &str) -> Vec<String> {
    let spaced: String = (text.chars())
        .flat_map(|c| {
            let is_alone = "()[]{},".contains(c);
            let blank = is_alone.then_some(' ');
            blank.into_iter().chain([c]).chain(blank)
        })
        .collect();
    let mut words: Vec<String> = Vec::new();
    for word in spaced.split_whitespace() {
        let is_time = word
            .strip_suffix("ms")
            .is_some_and(|digits| digits.parse::<u64>().is_ok());
        words.push(if is_time {
            "0ms".to_owned()
        } else {
            word.to_owned()
        });
    }
    for index in 1..words.len() {
        if words[index] == "rewrites/second" {
            words[index - 1] = "~".to_owned();
        }
    }
    without_labels(&words)
}

/// The words without the labels of statements: Maude 3.2 writes `eq a = b [label l] .` where later
/// versions write `eq [l] : a = b .`
fn without_labels(words: &[String]) -> Vec<String> {
    let is = |index: usize, word: &str| words.get(index).is_some_and(|other| other == word);
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    let mut index = 0;
    while let Some(word) = words.get(index) {
        if word == "label" && words.get(index + 1).is_some() && !kept.is_empty() {
            index += 2;
            if kept.last().is_some_and(|last| last == "[") && is(index, "]") {
                kept.pop();
                index += 1;
            }
            continue;
        }
        kept.push(word.clone());
        index += 1;
        let is_statement = matches!(word.as_str(), "eq" | "ceq" | "rl" | "crl" | "mb" | "cmb");
        if is_statement && is(index, "[") && is(index + 2, "]") && is(index + 3, ":") {
            index += 4;
        }
    }
    kept
}

/// The known failures: the name of a test and why it fails, a line each.
///
/// # Errors
/// A line that has no reason.
pub fn known_failures(text: &str) -> Result<Vec<(String, String)>, String> {
    (text.lines())
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| match line.split_once(": ") {
            Some((name, reason)) if !reason.trim().is_empty() => {
                Ok((name.to_owned(), reason.trim().to_owned()))
            }
            _ => Err(format!("this known failure has no reason: {line}")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_warnings_are_no_difference() {
        let maude = "Warning: <standard input>, line 3: bad token c.\nWarning: no parse for\n    \
                     term.\nresult S: f(a,\n    b)\nrewrites: 3 in 7ms cpu (8ms real) (9 rewrites/second)\n";
        let psem = "result S: f(a, b)\nrewrites: 3 in 0ms cpu (0ms real) (~ rewrites/second)\n";
        let warning = "x:1:1: error[no-parse]: no\n";
        assert_eq!(compare(maude, psem, warning), Verdict::Same);
        assert!(matches!(compare(maude, psem, ""), Verdict::Different(_)));
        assert!(matches!(
            compare(psem, psem, warning),
            Verdict::Different(_)
        ));
        assert_eq!(compare(psem, psem, ""), Verdict::Exact);
        assert!(matches!(
            compare("result S: a\n", "result S: b\n", ""),
            Verdict::Different(_)
        ));
    }

    #[test]
    fn the_statement_of_a_warning_is_no_difference() {
        let maude = "Warning: <standard input>, line 3 (fmod F): no parse for statement\n\
                     eq c {X} =\n  c {X} .\nresult S: a\n";
        let error = "x:1:1: error[no-parse]: no\n";
        assert_eq!(compare(maude, "result S: a\n", error), Verdict::Same);
    }

    #[test]
    fn where_labels_stand_is_no_difference() {
        let (later, earlier) = (
            "rl [l] : a => b .\neq c = d .\n",
            "rl a => b [label l] .\neq c = d .\n",
        );
        assert_eq!(compare(later, earlier, ""), Verdict::Same);
        let other = "rl a => b [nonexec label l] .\neq c = d .\n";
        assert!(matches!(compare(later, other, ""), Verdict::Different(_)));
    }

    #[test]
    fn what_verbose_adds_is_no_difference() {
        let maude = "Considering object completion on:\n  rl a => b .\nTransformed rule:\n  rl c => b .\n\n\
                     op __ left-identity collapse from S to T is unequal.\nresult S: a\n";
        assert_eq!(compare(maude, "result S: a\n", ""), Verdict::Same);
    }

    #[test]
    fn what_is_beyond_is_told_by_its_words() {
        assert_eq!(beyond("red in META-LEVEL : x ."), Some("META-LEVEL"));
        assert_eq!(beyond("*** no META-LEVEL here\nred x ."), None);
        assert_eq!(beyond("op f : S -> S [strat (1 0)] ."), None);
        assert_eq!(beyond("  strat s : @ S ."), Some("strategies"));
        assert_eq!(beyond("fmod TIME is\nendfm\nred in TIME : x ."), None);
        assert_eq!(beyond("eq f = g . *** make a tree"), None);
        assert_eq!(beyond("make M is NAT endm"), Some("make"));
    }

    #[test]
    fn modules_that_come_along_are_no_difference() {
        let text = "fmod A\nfmod B * (sort S to\n    T)\nfmod A is\nview V\n";
        let listed = ["fmod A".to_owned(), "fmod B * (sort S to T)".to_owned()];
        assert_eq!(without_entries(text, &listed), "fmod A is\nview V\n");
    }

    #[test]
    fn a_known_failure_has_a_reason() {
        let known = known_failures("# why\nMisc/view: views\n").unwrap();
        assert_eq!(known, [("Misc/view".to_owned(), "views".to_owned())]);
        assert!(known_failures("Misc/view").is_err());
    }
}
