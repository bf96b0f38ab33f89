//! Cutting down a case to what still disagrees.
//!
//! The one idea: a list of smaller cases, tried in order, each asked of Maude in one batch; the
//! first that disagrees takes the place of the case, until none does.

use super::case::{Command, Condition, RandomCase, Statement, Term};
use super::{Disagreement, Verdict, judge};

/// The smallest case found that disagrees in the same way, and how.
///
/// # Errors
/// If Maude cannot be run.
pub fn shrink(
    maude: &str,
    case: &RandomCase,
    disagreement: Disagreement,
) -> Result<(RandomCase, Disagreement), String> {
    let (mut case, mut disagreement) = (case.clone(), disagreement);
    loop {
        let candidates = smaller(&case);
        let verdicts = judge(maude, &candidates)?;
        let found =
            candidates
                .into_iter()
                .zip(verdicts)
                .find_map(|(case, verdict)| match verdict {
                    Verdict::Disagree(other) if other.class == disagreement.class => {
                        Some((case, other))
                    }
                    _ => None,
                });
        match found {
            Some(found) => (case, disagreement) = found,
            None => return Ok((case, disagreement)),
        }
    }
}

/// Cases with a little less.
fn smaller(case: &RandomCase) -> Vec<RandomCase> {
    let mut found = Vec::new();
    for index in 0..case.commands.len() {
        found.push(RandomCase {
            commands: vec![case.commands[index].clone()],
            ..case.clone()
        });
    }
    for index in 0..case.memberships.len() {
        let mut less = case.clone();
        less.memberships.remove(index);
        found.push(less);
    }
    for index in 0..case.statements.len() {
        let mut less = case.clone();
        less.statements.remove(index);
        found.push(less);
    }
    found.retain(|less| less != case);
    for (index, statement) in case.statements.iter().enumerate() {
        for statement in smaller_statements(statement) {
            let mut less = case.clone();
            less.statements[index] = statement;
            found.push(less);
        }
    }
    for (index, command) in case.commands.iter().enumerate() {
        for command in smaller_commands(command) {
            let mut less = case.clone();
            less.commands[index] = command;
            found.push(less);
        }
    }
    for (index, operator) in case.operators.iter().enumerate() {
        if operator.declarations.len() > 1 {
            let mut less = case.clone();
            less.operators[index].declarations.truncate(1);
            found.push(less);
        }
        if operator.identity.is_some() {
            let mut less = case.clone();
            less.operators[index].identity = None;
            found.push(less);
        }
    }
    for index in 0..case.subsorts.len() {
        let mut less = case.clone();
        less.subsorts.remove(index);
        found.push(less);
    }
    for (index, (_, sort)) in case.variables.iter().enumerate() {
        if *sort != 0 && !["W", "Nat"].contains(&&*case.sorts[*sort]) {
            let mut less = case.clone();
            less.variables[index].1 = 0;
            found.push(less);
        }
    }
    for index in (0..case.operators.len()).rev() {
        found.extend(without_operator(case, index));
    }
    for index in 0..case.variables.len() {
        found.extend(without_variable(case, index));
    }
    found.retain(|case| case.ends() && !has_variable_alone(case));
    found
}

/// Whether a variable is the whole left side of a statement or match.
fn has_variable_alone(case: &RandomCase) -> bool {
    let lefts = case.statements.iter().map(|statement| &statement.left);
    let patterns = case.commands.iter().filter_map(|command| match command {
        Command::Match { pattern, .. } => Some(pattern),
        _ => None,
    });
    let mut all = lefts.chain(patterns);
    all.any(|term| matches!(term, Term::Variable(_)))
}

fn smaller_statements(statement: &Statement) -> Vec<Statement> {
    let mut found = Vec::new();
    for index in 0..statement.conditions.len() {
        let mut less = statement.clone();
        less.conditions.remove(index);
        found.push(less);
    }
    if statement.otherwise {
        found.push(Statement {
            otherwise: false,
            ..statement.clone()
        });
    }
    found.extend(
        smaller_terms(&statement.left)
            .into_iter()
            .map(|left| Statement {
                left,
                ..statement.clone()
            }),
    );
    found.extend(
        smaller_terms(&statement.right)
            .into_iter()
            .map(|right| Statement {
                right,
                ..statement.clone()
            }),
    );
    found
}

fn smaller_commands(command: &Command) -> Vec<Command> {
    match command {
        Command::Reduce(term) => smaller_terms(term)
            .into_iter()
            .map(Command::Reduce)
            .collect(),
        Command::Rewrite {
            limit,
            gas,
            initial,
        } => {
            let make = |limit: usize, initial: Term| Command::Rewrite {
                limit,
                gas: *gas,
                initial,
            };
            let fewer = (1..*limit).map(|limit| make(limit, initial.clone()));
            let smaller = smaller_terms(initial).into_iter();
            fewer
                .chain(smaller.map(|initial| make(*limit, initial)))
                .collect()
        }
        Command::Match {
            extension,
            pattern,
            subject,
            condition,
        } => {
            let make =
                |pattern: &Term, subject: &Term, condition: &Option<Condition>| Command::Match {
                    extension: *extension,
                    pattern: pattern.clone(),
                    subject: subject.clone(),
                    condition: condition.clone(),
                };
            let mut found = Vec::new();
            if condition.is_some() {
                found.push(make(pattern, subject, &None));
            }
            let patterns = smaller_terms(pattern);
            found.extend(
                patterns
                    .iter()
                    .map(|pattern| make(pattern, subject, condition)),
            );
            let subjects = smaller_terms(subject);
            found.extend(
                subjects
                    .iter()
                    .map(|subject| make(pattern, subject, condition)),
            );
            found
        }
        Command::Search {
            arrow,
            depth,
            initial,
            pattern,
        } => {
            let make = |depth: usize, initial: &Term, pattern: &Term| Command::Search {
                arrow,
                depth,
                initial: initial.clone(),
                pattern: pattern.clone(),
            };
            let mut found = Vec::new();
            if *depth > 1 {
                found.push(make(depth - 1, initial, pattern));
            }
            let initials = smaller_terms(initial);
            found.extend(
                initials
                    .iter()
                    .map(|initial| make(*depth, initial, pattern)),
            );
            let patterns = smaller_terms(pattern);
            found.extend(
                patterns
                    .iter()
                    .map(|pattern| make(*depth, initial, pattern)),
            );
            found
        }
    }
}

/// A term without one of its arguments, with an argument in its place, or with a smaller
/// argument.
fn smaller_terms(term: &Term) -> Vec<Term> {
    let Term::Application(operator, arguments) = term else {
        return match term {
            Term::Number(number) if *number > 0 => vec![Term::Number(number - 1)],
            Term::Successor(inner) => vec![(**inner).clone()],
            _ => vec![],
        };
    };
    let mut found: Vec<Term> = arguments.clone();
    if arguments.len() > 2 {
        for index in 0..arguments.len() {
            let mut fewer = arguments.clone();
            fewer.remove(index);
            found.push(Term::Application(*operator, fewer));
        }
    }
    for (index, argument) in arguments.iter().enumerate() {
        for smaller in smaller_terms(argument) {
            let mut other = arguments.clone();
            other[index] = smaller;
            found.push(Term::Application(*operator, other));
        }
    }
    found
}

fn without_operator(case: &RandomCase, index: usize) -> Option<RandomCase> {
    let is_identity = |side: &(super::case::Side, usize)| side.1 == index;
    let used = case
        .operators
        .iter()
        .any(|other| other.identity.as_ref().is_some_and(is_identity));
    let mut uses = used;
    each_term(case, &mut |term| {
        if matches!(term, Term::Application(operator, _) if *operator == index) {
            uses = true;
        }
    });
    if uses {
        return None;
    }
    let mut less = case.clone();
    less.operators.remove(index);
    for operator in &mut less.operators {
        if let Some((_, identity)) = &mut operator.identity
            && *identity > index
        {
            *identity -= 1;
        }
    }
    change_terms(&mut less, &mut |term| {
        if let Term::Application(operator, _) = term
            && *operator > index
        {
            *operator -= 1;
        }
    });
    Some(less)
}

fn without_variable(case: &RandomCase, index: usize) -> Option<RandomCase> {
    let mut uses = false;
    each_term(case, &mut |term| uses |= *term == Term::Variable(index));
    if uses {
        return None;
    }
    let mut less = case.clone();
    less.variables.remove(index);
    change_terms(&mut less, &mut |term| {
        if let Term::Variable(variable) = term
            && *variable > index
        {
            *variable -= 1;
        }
    });
    Some(less)
}

fn each_term(case: &RandomCase, visit: &mut dyn FnMut(&Term)) {
    change_terms(&mut case.clone(), &mut |term| visit(term));
}

/// Visits every subterm of every term.
fn change_terms(case: &mut RandomCase, change: &mut dyn FnMut(&mut Term)) {
    let condition = |condition: &mut Condition, change: &mut dyn FnMut(&mut Term)| match condition {
        Condition::Equal(left, right)
        | Condition::Match(left, right)
        | Condition::Rewrite(left, right) => {
            change_term(left, change);
            change_term(right, change);
        }
        Condition::Sort(term, _) => change_term(term, change),
    };
    for statement in &mut case.statements {
        change_term(&mut statement.left, change);
        change_term(&mut statement.right, change);
        for part in &mut statement.conditions {
            condition(part, change);
        }
    }
    for (pattern, _) in &mut case.memberships {
        change_term(pattern, change);
    }
    for command in &mut case.commands {
        match command {
            Command::Reduce(term) | Command::Rewrite { initial: term, .. } => {
                change_term(term, change);
            }
            Command::Match {
                pattern,
                subject,
                condition: part,
                ..
            } => {
                change_term(pattern, change);
                change_term(subject, change);
                if let Some(part) = part {
                    condition(part, change);
                }
            }
            Command::Search {
                initial, pattern, ..
            } => {
                change_term(initial, change);
                change_term(pattern, change);
            }
        }
    }
}

fn change_term(term: &mut Term, change: &mut dyn FnMut(&mut Term)) {
    change(term);
    match term {
        Term::Application(_, arguments) => {
            for argument in arguments {
                change_term(argument, change);
            }
        }
        Term::Successor(inner) => change_term(inner, change),
        Term::Variable(_) | Term::Number(_) | Term::Quoted(_) => {}
    }
}
