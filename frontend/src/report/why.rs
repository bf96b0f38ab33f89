//! Why a rule does not apply, as plain data and as text.

use std::fmt::Write as _;

use serde::Serialize;

use super::Step;
use super::text::{conceal, step_line};

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The label of the rule.
    pub rule: String,
    /// After how many steps.
    pub at: u64,
    /// The last of these steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Step>,
    /// The steps that the rule makes possible, if it applies after all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applies: Vec<Step>,
    /// The part of the left side that matches nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What it comes nearest to matching.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<Nearest>,
    /// The part of the condition that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The values of variables in the part or the condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
    /// What the condition compares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<String>,
    /// Where nothing comes near: the first steps that are possible instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<Step>,
    /// How many more of them there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub n_more: u64,
    /// Where no step is possible: what the end of the execution is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An element of the configuration that comes near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nearest {
    /// The machine, or the element itself.
    pub element: String,
    /// Where it differs.
    pub differences: Vec<Difference>,
}

/// Something that is asked for and not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What is asked for.
    pub asked: String,
    /// What is there instead.
    pub there: Option<String>,
}

/// The answer in words.
#[must_use]
pub fn why_text(why: &Why) -> String {
    let mut out = String::new();
    let place = match &why.last {
        None => "in the first configuration".to_owned(),
        Some(step) => format!("after step {}, {}", why.at, one_line(&step_line(step))),
    };
    if !why.applies.is_empty() {
        let _ = writeln!(out, "`{}` applies {place}:", why.rule);
        for step in &why.applies {
            let _ = writeln!(out, "  {}", step_line(step));
        }
        return out;
    }
    let _ = writeln!(out, "`{}` does not apply {place}", why.rule);
    if let Some(condition) = &why.condition {
        let _ = writeln!(
            out,
            "the left side matches, but the condition fails:\n  {condition}"
        );
        values_text(&mut out, &why.values);
        let sides: Vec<String> = why.sides.iter().map(|side| short(side)).collect();
        let _ = writeln!(out, "  that is: {}", sides.join(" = "));
        return out;
    }
    if let Some(part) = &why.part {
        let with = if why.values.is_empty() {
            "nothing in the configuration matches"
        } else {
            "nothing matches, with what the rest of the left side stands for,"
        };
        let _ = writeln!(out, "{with}\n  {}", short(part));
        values_text(&mut out, &why.values);
    }
    for nearest in &why.nearest {
        let _ = writeln!(out, "nearest: {}", short(&nearest.element));
        for difference in &nearest.differences {
            let _ = writeln!(out, "  asked for  {}", short(&difference.asked));
            let there = difference
                .there
                .as_ref()
                .map_or_else(|| "nothing".to_owned(), |there| short(there));
            let _ = writeln!(out, "  there is   {there}");
        }
    }
    if let Some(end) = &why.end {
        let _ = writeln!(out, "the execution is over: {}", one_line(end));
    }
    for (number, step) in why.instead.iter().enumerate() {
        let begin = if number == 0 { "instead:" } else { "" };
        let _ = writeln!(out, "{begin:8} {}", one_line(&step_line(step)));
    }
    if why.n_more > 0 {
        let _ = writeln!(out, "{:8} and {} more", "", why.n_more);
    }
    out
}

fn values_text(out: &mut String, values: &[(String, String)]) {
    for (name, value) in values {
        let _ = writeln!(out, "  where {name} is {}", short(value));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// A printed term, the program left out, cut if it is very long.
fn short(text: &str) -> String {
    const MOST: usize = 300;
    let text = conceal(&one_line(text));
    if text.chars().count() <= MOST {
        return text;
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start} ...")
}
