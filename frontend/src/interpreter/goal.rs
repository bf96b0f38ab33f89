//! What a query means: a proposition of the rules, or a pattern with variables.

use rewriter::load::{LoadedModule, Rejected};
use rewriter::module::unbound_in_condition;
use rewriter::pattern::PatternNode;
use rewriter::search;

use super::Interpreter;
use crate::query::{Arrow, Query, quote_names};

/// A query that the rules understand.
#[derive(Clone, Debug)]
pub struct Goal {
    pub(super) arrow: Arrow,
    /// The pattern and condition, as Maude reads them.
    pub(super) text: String,
    /// Whether the solutions' bindings say nothing that was not asked for.
    pub(super) is_proposition: bool,
    pub(super) goal: search::Goal,
}

/// Why a query means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoalError {
    /// What is wrong.
    pub message: String,
    /// The part of the query that is wrong, as it was written.
    pub part: String,
    /// Where in the part, in bytes.
    pub at: usize,
}

const CONFIGURATION: &str = "C:Configuration";

impl Interpreter {
    /// Finds out what a query means.
    ///
    /// # Errors
    /// If it is neither a proposition nor a pattern, or its condition is none.
    pub fn goal(&self, query: &Query) -> Result<Goal, GoalError> {
        let more = match &query.condition {
            Some(condition) => format!(" /\\ {condition}"),
            None => String::new(),
        };
        let proposition = quote_names(&query.pattern);
        let holds = format!("{CONFIGURATION} |= ({proposition})");
        let prefix = holds.find('(').unwrap_or(0) + 1;
        let first = match self.module.parse_pattern(&holds) {
            Ok((pattern, _)) if self.is_temporal(&pattern) => {
                return Err(GoalError {
                    message: "a temporal formula is no question about one configuration: \
                              `psem check --ltl` checks it"
                        .to_owned(),
                    part: query.pattern.clone(),
                    at: 0,
                });
            }
            Ok(_) => {
                let text = format!("{CONFIGURATION} such that {holds}{more}");
                let offset = text.len() - query.condition.as_ref().map_or(0, String::len);
                return self.understood(query, text, offset, true);
            }
            Err(rejected) => rejected,
        };
        if speaks_of_propositions(&self.module, &query.pattern) {
            return Err(located(&first, &query.pattern, prefix));
        }
        if let Err(rejected) = self.module.parse_pattern(&query.pattern) {
            return Err(located(&rejected, &query.pattern, 0));
        }
        let condition = query
            .condition
            .as_ref()
            .map_or_else(String::new, |condition| format!(" such that {condition}"));
        let text = format!("{}{condition}", query.pattern);
        let offset = text.len() - query.condition.as_ref().map_or(0, String::len);
        self.understood(query, text, offset, false)
    }

    /// Reads the whole; what is wrong now stands in the condition, which begins at `offset`.
    fn understood(
        &self,
        query: &Query,
        text: String,
        offset: usize,
        is_proposition: bool,
    ) -> Result<Goal, GoalError> {
        let read = self
            .module
            .parse_query(&text)
            .map_err(|rejected| match &query.condition {
                Some(condition) => located(&rejected, condition, offset),
                None => located(&rejected, &query.pattern, 0),
            })?;
        self.check_kind(query, &read)?;
        check_bound(query, &read)?;
        Ok(Goal {
            arrow: query.arrow,
            text,
            is_proposition,
            goal: search::Goal {
                variables: read.variables,
                pattern: read.pattern,
                condition: read.condition,
            },
        })
    }
}

impl Interpreter {
    /// A pattern that can match no configuration is a mistake, not a question.
    fn check_kind(&self, query: &Query, read: &rewriter::load::Query) -> Result<(), GoalError> {
        let signature = self.module.signature();
        let root = read.pattern.root();
        let kind = match read.pattern.node(root) {
            PatternNode::Variable(variable) => {
                signature.kind_of(read.variables[variable.index()].sort)
            }
            PatternNode::Application { op, .. }
            | PatternNode::Iterated { op, .. }
            | PatternNode::Literal { op, .. } => signature.operator(*op).range,
        };
        let expected = self.module.sort("Configuration");
        if expected.is_ok_and(|sort| signature.kind_of(sort) == kind) {
            return Ok(());
        }
        Err(GoalError {
            message: "this is neither a proposition nor a pattern of a configuration".to_owned(),
            part: query.pattern.clone(),
            at: 0,
        })
    }

    /// The kinds of violation that `violation(KIND)` knows.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let Ok(sort) = self.module.sort("Kind") else {
            return Vec::new();
        };
        let signature = self.module.signature();
        signature
            .operators()
            .map(|op| signature.operator(op))
            .filter(|operator| {
                operator.arity() == 0
                    && operator
                        .declarations
                        .iter()
                        .any(|declaration| declaration.range == sort)
            })
            .map(|operator| operator.name.to_string())
            .collect()
    }
}

/// A condition may use what the pattern or an earlier part of it binds, and nothing else.
fn check_bound(query: &Query, read: &rewriter::load::Query) -> Result<(), GoalError> {
    let mut bound = vec![false; read.variables.len()];
    for variable in read.pattern.variables() {
        bound[variable.index()] = true;
    }
    let Some(variable) = unbound_in_condition(&read.condition, &mut bound) else {
        return Ok(());
    };
    let name = read.variables[variable.index()].name;
    let in_condition = query
        .condition
        .as_ref()
        .filter(|condition| condition.contains(name.as_str()));
    let part = in_condition.unwrap_or(&query.pattern);
    Err(GoalError {
        message: format!("the variable `{name}` is used before it is bound"),
        at: part.find(name.as_str()).unwrap_or(0),
        part: part.clone(),
    })
}

/// Whether the text begins like a proposition, so that an error in it is one of those.
fn speaks_of_propositions(module: &LoadedModule, text: &str) -> bool {
    let word: String = text
        .trim_start_matches(['(', ' '])
        .chars()
        .take_while(|character| character.is_alphanumeric() || "-_".contains(*character))
        .collect();
    if word == "not" {
        return true;
    }
    let Ok(sort) = module.sort("Proposition") else {
        return false;
    };
    let signature = module.signature();
    let kind = signature.kind_of(sort);
    signature.operators().any(|op| {
        let operator = signature.operator(op);
        operator.range == kind && operator.name.as_str() == word
    }) || (text.trim() == word && !word.is_empty())
}

/// The first diagnostic, with its place moved into the part.
pub(super) fn located(rejected: &Rejected, part: &str, offset: usize) -> GoalError {
    let (message, start) = match rejected.diagnostics.first() {
        Some(diagnostic) => {
            let mut message = diagnostic.message.clone();
            // A query declares nothing: only what was probably meant can help.
            if let Some(help) = &diagnostic.help
                && help.starts_with("did you mean")
            {
                message.push_str("; ");
                message.push_str(help);
            }
            let start = diagnostic.span().map_or(offset, |span| span.start as usize);
            (message, start)
        }
        None => ("it does not parse".to_owned(), offset),
    };
    GoalError {
        message,
        part: part.to_owned(),
        at: start.saturating_sub(offset).min(part.len()),
    }
}
