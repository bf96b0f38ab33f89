//! The bugs of programs, as psem writes them for P's tools.

use std::path::{Path, PathBuf};

use crate::case::cases;
use crate::psem::psem;

/// Programs with bugs far from the beginning.
const PROGRAMS: &[&str] = &[
    "check/commit.p",
    "check/election.p",
    "check/lease.p",
    "check/letters.p",
    "check/noise.p",
    "replay/forgotten.p",
];

/// Where programs with bugs of many kinds lie.
const SECTIONS: &[&str] = &[
    "programs/announce",
    "programs/arithmetic",
    "programs/assert",
    "programs/choose",
    "programs/foreach",
    "programs/goto",
    "programs/halt",
    "programs/monitor",
    "programs/notify",
    "programs/raise",
    "programs/receive",
    "programs/send",
    "programs/unhandled",
    "check/liveness",
];

/// A bug that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The program.
    pub program: PathBuf,
    /// The test that has the bug.
    pub test: String,
    /// What its files are called, without the ending.
    stem: PathBuf,
}

impl Written {
    /// The file with an ending: `txt`, `trace.json` or `schedule`.
    #[must_use]
    pub fn file(&self, ending: &str) -> PathBuf {
        PathBuf::from(format!("{}.{ending}", self.stem.display()))
    }
}

/// Programs of these tests that have bugs of many kinds.
///
/// # Panics
/// If they cannot be listed.
#[must_use]
pub fn buggy_programs() -> Vec<PathBuf> {
    let tests = crate::root().join("tests");
    let mut programs: Vec<PathBuf> = PROGRAMS.iter().map(|name| tests.join(name)).collect();
    for section in SECTIONS {
        let cases = cases(&tests.join(section)).expect("they can be listed");
        programs.extend(cases.into_iter().map(|case| case.path));
    }
    programs
}

/// Checks a program and gives the bugs that were written to a directory, which is made anew.
///
/// # Panics
/// If the program is refused.
#[must_use]
pub fn written(program: &Path, directory: &Path, more: &[&str]) -> Vec<Written> {
    let name = program.file_stem().expect("it has a name");
    let directory = directory.join(name);
    let _ = std::fs::remove_dir_all(&directory);
    let path = |path: &Path| path.display().to_string();
    let (file, out) = (path(program), path(&directory));
    let mut words = vec!["check", &file, "--out", &out];
    words.extend(more);
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    let answer = psem(&words);
    assert_ne!(answer.code, 2, "{answer:?}");
    let Ok(entries) = std::fs::read_dir(&directory) else {
        return Vec::new();
    };
    let mut found: Vec<Written> = entries
        .filter_map(|entry| {
            let path = path(&entry.expect("it can be read").path());
            let stem = PathBuf::from(path.strip_suffix(".trace.json")?);
            let (test, _) = stem.file_name()?.to_str()?.rsplit_once('_')?;
            Some(Written {
                program: program.to_owned(),
                test: test.to_owned(),
                stem,
            })
        })
        .collect();
    found.sort_by(|left, right| left.stem.cmp(&right.stem));
    found
}
