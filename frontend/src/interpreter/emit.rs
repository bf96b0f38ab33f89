//! A search as one file that Maude runs as it is: the chapters, the term, the query.

use std::fmt::Write as _;

use super::{Goal, Interpreter};
use crate::lower::Tree;

impl Interpreter {
    /// Prints a search for Maude.
    #[must_use]
    pub fn emit(&self, initial: &Tree, goal: &Goal, solutions: u64, depth: Option<u64>) -> String {
        let mut out = String::new();
        for chapter in &self.chapters {
            let _ = writeln!(out, "*** {}\n", chapter.name);
            out.push_str(&chapter.text);
            if !out.ends_with('\n') {
                out.push('\n');
            }
            out.push('\n');
        }
        let bounds = match depth {
            Some(depth) => format!("{solutions}, {depth}"),
            None => solutions.to_string(),
        };
        let _ = writeln!(
            out,
            "search [{bounds}] in {} :",
            self.module.module().name()
        );
        let _ = writeln!(out, "{}", initial.to_maude());
        let _ = writeln!(out, "{} {} .", goal.arrow.text(), goal.text);
        out.push_str("quit .\n");
        out
    }
}
