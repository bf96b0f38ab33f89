//! `psem explain`: whether two terms are equal, and by which chain of equations.

use std::fmt::Write as _;
use std::time::Instant;

use rewriter::audit::samples;
use rewriter::equality::{Answer, Effort, Judgment, Link, Reason, Unknown, generic, judge};
use rewriter::load::{LoadedModule, Rejected};
use rewriter::module::StatementId;
use rewriter::name::Name;
use rewriter::pattern::{Pattern, Variable};
use rewriter::reduction::{Limits, Reducer};
use rewriter::signature::SortId;
use rewriter::statement::Fragment;
use rewriter::syntax::script::Session;
use rewriter::term::TermId;
use serde::Serialize;

use super::arguments::{ExplainArguments, Format};
use super::modules;
use super::{Console, Status};
use crate::interrupt;

/// The answer as programs read it.
#[derive(Debug, Serialize)]
struct Explanation {
    /// `equal` or `unknown`.
    verdict: &'static str,
    /// Why nothing is decided: `exhausted`, `budget`, `no-normal-form`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The two sides.
    terms: [String; 2],
    /// Their normal forms, where they have some within the limits.
    normal: [Option<String>; 2],
    /// The chain from the first side to the second, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    chain: Option<Vec<Step>>,
    /// How many terms were looked at.
    n_terms: usize,
    /// Values of the variables for which the normal forms differ, if nothing is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    differs_for: Option<Values>,
}

/// Values of variables, and what the sides reduce to for them.
#[derive(Debug, Serialize)]
struct Values {
    values: Vec<(String, String)>,
    normal: [String; 2],
}

/// A step of the chain.
#[derive(Debug, Serialize)]
struct Step {
    /// The label of the equation, or its text; `computed` for a built-in.
    by: String,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// Whether it is applied from right to left.
    backward: bool,
    /// What is replaced.
    from: String,
    /// By what.
    to: String,
    /// The whole term after that.
    term: String,
}

/// Judges the equation.
pub(super) fn explain(
    arguments: &ExplainArguments,
    console: &mut Console<'_>,
) -> Result<Status, Status> {
    let Some((equation, files)) = arguments.words.split_last() else {
        return Err(console.refuse("no equation", None));
    };
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let semantics = arguments.semantics.as_deref();
    let mut session = modules::session(&files, semantics, console)?;
    let Some(module) = session.loaded_for(arguments.module.as_deref(), equation) else {
        let message = match &arguments.module {
            Some(name) => format!("there is no module `{name}`"),
            None => "there is no module in these files".to_owned(),
        };
        return Err(console.refuse(&message, None));
    };
    let (left, right, variables) =
        sides(&module, equation).map_err(|message| console.refuse(&message, Some(HELP)))?;
    let written = ([left.clone(), right.clone()], module.clone());
    let closed = closed(&mut session, module, [left, right], &variables);
    let Some((module, [left, right], is_ground)) = closed else {
        return Err(console.refuse("the variables of the equation have no sorts", None));
    };
    let engine = match is_ground {
        true => module.module().clone(),
        false => generic(module.module()),
    };
    let mut reducer = Reducer::new(engine);
    let terms = [left, right].map(|side| reducer.store_mut().ground(&side));
    let [Some(left), Some(right)] = terms else {
        return Err(console.refuse("the equation has variables that are not known", None));
    };
    let effort = Effort {
        steps: arguments.steps,
        terms: arguments.terms,
        links: arguments.links,
        limits: Limits {
            deadline: Instant::now().checked_add(arguments.timeout),
            memory: Some(2 << 30),
            interrupt: Some(interrupt::flag()),
            ..Limits::default()
        },
    };
    let judgment = judge(&mut reducer, left, right, &effort);
    let mut explanation = explanation(&session, &module, &reducer, [left, right], &judgment);
    if explanation.verdict == "unknown" && !is_ground {
        let (sides, module) = &written;
        explanation.differs_for = differing_values(module, sides, &variables, &effort.limits);
    }
    match arguments.format {
        Format::Text => console.print(&text(&explanation, is_ground)),
        Format::Json => match serde_json::to_string_pretty(&explanation) {
            Ok(text) => console.print(&format!("{text}\n")),
            Err(error) => return Err(console.refuse(&format!("no JSON: {error}"), None)),
        },
    }
    Ok(match judgment.answer {
        Answer::Equal(_) | Answer::EqualByLongChain => Status::Done,
        Answer::Unknown(_) => Status::Limit,
    })
}

const HELP: &str = "psem explain FILE.maude \"f(X:Nat) = g(X:Nat)\"";

/// The two sides of what is asked, and their variables.
fn sides(
    module: &LoadedModule,
    equation: &str,
) -> Result<(Pattern, Pattern, Vec<Variable>), String> {
    let wrong = |rejected: Rejected| format!("the equation: {}", rejected.plain());
    let (condition, variables) = module.parse_condition(equation, &[]).map_err(wrong)?;
    match <[Fragment; 1]>::try_from(condition) {
        Ok([Fragment::Equality { left, right }]) => Ok((left, right, variables)),
        _ => Err(format!("`{equation}` is not one equation `T1 = T2`")),
    }
}

/// The sides with constants for variables, the module that has these, and whether there are none.
fn closed(
    session: &mut Session,
    module: LoadedModule,
    mut sides: [Pattern; 2],
    variables: &[Variable],
) -> Option<(LoadedModule, [Pattern; 2], bool)> {
    if variables.is_empty() {
        return Some((module, sides, true));
    }
    let printer = module.printer();
    let constants: Vec<(Name, SortId)> = (variables.iter())
        .map(|&Variable { name, sort }| (Name::new(&printer.variable(name, sort)), sort))
        .collect();
    let (module, operators) = session.with_constants(&constants)?;
    for side in &mut sides {
        side.replace_variables(|variable| operators.get(variable.index()).copied());
    }
    Some((module, sides, false))
}

fn explanation(
    session: &Session,
    module: &LoadedModule,
    reducer: &Reducer,
    terms: [TermId; 2],
    judgment: &Judgment,
) -> Explanation {
    let print = |term: TermId| module.print(reducer.store(), term);
    let (verdict, reason, chain) = match &judgment.answer {
        Answer::Equal(links) => {
            let step = |link| step(session, module, reducer, link);
            ("equal", None, Some(links.iter().map(step).collect()))
        }
        Answer::EqualByLongChain => ("equal", None, None),
        Answer::Unknown(unknown) => {
            let reason = match unknown {
                Unknown::Exhausted => "exhausted",
                Unknown::Budget => "budget",
                Unknown::NoNormalForm => "no-normal-form",
            };
            ("unknown", Some(reason), None)
        }
    };
    Explanation {
        verdict,
        reason,
        terms: terms.map(print),
        normal: judgment.normal.map(|normal| normal.map(print)),
        chain,
        n_terms: judgment.n_terms,
        differs_for: None,
    }
}

/// Small values of the variables for which the sides have different normal forms.
fn differing_values(
    module: &LoadedModule,
    sides: &[Pattern; 2],
    variables: &[Variable],
    limits: &Limits,
) -> Option<Values> {
    const MOST: usize = 100;
    let mut reducer = Reducer::new(module.module().clone());
    reducer.set_limits(Limits {
        rewrites: 20_000,
        ..limits.clone()
    });
    let sorts: Vec<SortId> = variables.iter().map(|variable| variable.sort).collect();
    for values in samples(&mut reducer, &sorts, MOST, 0) {
        let mut normal = Vec::new();
        for side in sides {
            let term = reducer.store_mut().instantiate(side, &values);
            normal.extend(reducer.reduce(term).ok().map(|normal| normal.term()));
        }
        let [one, other] = normal.as_slice() else {
            continue;
        };
        if one != other {
            let print = |term: TermId| module.print(reducer.store(), term);
            let printer = module.printer();
            let name = |variable: &Variable| printer.variable(variable.name, variable.sort);
            return Some(Values {
                values: (variables.iter().zip(&values))
                    .map(|(variable, &value)| (name(variable), print(value)))
                    .collect(),
                normal: [print(*one), print(*other)],
            });
        }
    }
    None
}

fn step(session: &Session, module: &LoadedModule, reducer: &Reducer, link: &Link) -> Step {
    let print = |term: TermId| module.print(reducer.store(), term);
    let (by, place) = match link.reason {
        Reason::Equation(statement) => equation(session, reducer, statement),
        Reason::Computation => ("computed".to_owned(), None),
        Reason::Assumption(_) => ("assumed".to_owned(), None),
    };
    Step {
        by,
        place,
        backward: link.is_backward,
        from: print(link.from),
        to: print(link.to),
        term: print(link.whole),
    }
}

/// The label of an equation, or else its text, and where it stands.
fn equation(
    session: &Session,
    reducer: &Reducer,
    statement: StatementId,
) -> (String, Option<String>) {
    let statement = reducer.module().statement(statement);
    let place = statement.span.map(|span| modules::place(session, span));
    let name = match (statement.label, statement.span) {
        (Some(label), _) => label.to_string(),
        (None, Some(span)) => modules::excerpt(session, span, 80),
        (None, None) => "a built-in equation".to_owned(),
    };
    (name, place)
}

fn text(explanation: &Explanation, is_ground: bool) -> String {
    let mut out = String::new();
    let [left, _] = &explanation.terms;
    match (explanation.verdict, &explanation.chain) {
        ("equal", Some(chain)) => {
            let _ = match chain.len() {
                0 => writeln!(out, "equal: by the axioms of the operators alone"),
                1 => writeln!(out, "equal, in one step:"),
                n_steps => writeln!(out, "equal, in {n_steps} steps:"),
            };
            chain_text(&mut out, left, chain);
        }
        ("equal", None) => {
            out.push_str("equal, by a chain that is longer than --links or --steps allow\n");
            if let [Some(left), Some(right)] = &explanation.normal
                && left == right
            {
                let _ = writeln!(out, "both sides reduce to {left}");
            }
        }
        _ => {
            let _ = writeln!(out, "unknown: {}", why_unknown(explanation));
            for (side, normal) in explanation.terms.iter().zip(&explanation.normal) {
                if let Some(normal) = normal {
                    let _ = writeln!(out, "    {side}\n      reduces to  {normal}");
                }
            }
            if is_ground && !explanation.normal.contains(&None) {
                out.push_str(
                    "if the equations are confluent and terminating, the sides are not equal\n",
                );
            }
            match &explanation.differs_for {
                Some(Values { values, normal }) => {
                    let values: Vec<String> = (values.iter())
                        .map(|(name, value)| format!("{name} = {value}"))
                        .collect();
                    let [one, other] = normal;
                    let values = values.join(", ");
                    let _ = writeln!(out, "for {values} they reduce to\n    {one}\n    {other}");
                }
                None if !is_ground => out.push_str(
                    "no small values were found for which they differ: it may take induction\n",
                ),
                None => {}
            }
        }
    }
    out
}

fn why_unknown(explanation: &Explanation) -> String {
    let n_terms = explanation.n_terms;
    match explanation.reason {
        Some("exhausted") => format!("no chain leads from one side to the other ({n_terms} terms)"),
        Some("no-normal-form") => "a side has no normal form within the limits".to_owned(),
        _ => format!("no chain was found before the budget ended ({n_terms} terms)"),
    }
}

/// Longer terms are not repeated where a part of them is replaced.
const LONG: usize = 100;

fn chain_text(out: &mut String, first: &str, chain: &[Step]) {
    let _ = writeln!(out, "\n    {first}");
    let mut before = first;
    for step in chain {
        let place = step.place.as_ref().map(|place| format!(" ({place})"));
        let direction = if step.backward {
            ", from right to left"
        } else {
            ""
        };
        let _ = write!(out, "  = {}\n      by {}", step.term, step.by);
        let _ = write!(out, "{}{direction}", place.unwrap_or_default());
        if step.from != before {
            let part = |text: &str| modules::shortened(text, LONG);
            let _ = write!(out, ": {} is {}", part(&step.from), part(&step.to));
        }
        out.push('\n');
        before = &step.term;
    }
}
