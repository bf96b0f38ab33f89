//! How operator names, precedence and gathering are to be read.
//!
//! The one idea: the canonical name of an operator says everything about its mixfix form; its
//! parts and the default precedence and gathering follow from it as in Maude.
//!
//! Source: Maude manual, "Precedence and gathering"; engines.md A.6.5.

use crate::name::Name;
use crate::signature::{OpId, Signature};
use crate::syntax::lexer::is_special;

/// The precedence that fits everywhere, and that arguments in prefix form must not exceed.
pub const ANY_PRECEDENCE: u8 = 127;
/// The greatest precedence of an argument in prefix form.
pub const ARGUMENT_PRECEDENCE: u8 = 95;

/// A part of a mixfix name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Where an argument goes.
    Hole,
    /// A token.
    Token(Name),
}

/// The parts of a canonical operator name.
pub fn parts(name: Name) -> Vec<Part> {
    // A sort test: the sort is one token, whatever its arguments.
    if let Some(sort) = name.as_str().strip_prefix("_::`")
        && !sort.contains(['_', '`'])
        && !sort.starts_with(is_special)
    {
        let words = ["::", sort].map(|word| Part::Token(Name::new(word)));
        return [&[Part::Hole], &words[..]].concat();
    }
    let mut parts = Vec::new();
    let mut current = String::new();
    let mut characters = name.as_str().chars().peekable();
    let flush = |current: &mut String, parts: &mut Vec<Part>| {
        if !current.is_empty() {
            parts.push(Part::Token(Name::new(current)));
            current.clear();
        }
    };
    while let Some(character) = characters.next() {
        match character {
            '_' => {
                flush(&mut current, &mut parts);
                parts.push(Part::Hole);
            }
            '`' => {
                flush(&mut current, &mut parts);
                if let Some(special) = characters.next_if(|&next| is_special(next)) {
                    current.push(special);
                    flush(&mut current, &mut parts);
                }
            }
            '"' => {
                current.push('"');
                let mut escaped = false;
                for inner in characters.by_ref() {
                    current.push(inner);
                    if inner == '"' && !escaped {
                        break;
                    }
                    escaped = inner == '\\' && !escaped;
                }
            }
            _ if is_special(character) => {
                // Not canonical, but what a caller may write: `[_,_]`.
                flush(&mut current, &mut parts);
                current.push(character);
                flush(&mut current, &mut parts);
            }
            _ => current.push(character),
        }
    }
    flush(&mut current, &mut parts);
    parts
}

/// How an operator is written.
#[derive(Clone, Debug)]
pub struct Mixfix {
    /// The parts of its name if it has a mixfix form (then there is a hole for every argument), or
    /// if it is a constant of several tokens; otherwise it has a prefix form only.
    pub parts: Option<Vec<Part>>,
    /// Its precedence.
    pub precedence: u8,
    /// The greatest precedence of each argument in mixfix form.
    pub gather: Vec<u8>,
}

impl Mixfix {
    /// How the operator is written.
    pub fn new(signature: &Signature, op: OpId) -> Mixfix {
        let operator = signature.operator(op);
        let arity = operator.arity();
        let parts = parts(operator.name);
        let n_holes = parts.iter().filter(|part| **part == Part::Hole).count();
        let is_mixfix = n_holes == arity && (n_holes > 0 || parts.len() > 1);
        if !is_mixfix || parts.is_empty() {
            return Mixfix {
                parts: None,
                precedence: 0,
                gather: Vec::new(),
            };
        }
        let attributes = &operator.attributes;
        let precedence = match attributes.prec {
            Some(precedence) => precedence.min(u32::from(ANY_PRECEDENCE)) as u8,
            None => default_precedence(&parts, arity),
        };
        let gather = match &attributes.gather {
            Some(gather) if gather.len() == arity => gather.clone(),
            _ => default_gather(signature, op, &parts),
        };
        let gather = gather
            .iter()
            .map(|letter| match letter {
                'e' => precedence.saturating_sub(1),
                'E' => precedence,
                _ => ANY_PRECEDENCE,
            })
            .collect();
        Mixfix {
            parts: Some(parts),
            precedence,
            gather,
        }
    }
}

fn default_precedence(parts: &[Part], arity: usize) -> u8 {
    let bare_start = parts.first() == Some(&Part::Hole);
    let bare_end = parts.last() == Some(&Part::Hole);
    match (bare_start || bare_end, arity) {
        (false, _) => 0,
        (true, 1) => 15,
        (true, _) => 41,
    }
}

fn default_gather(signature: &Signature, op: OpId, parts: &[Part]) -> Vec<char> {
    let operator = signature.operator(op);
    let is_infix = operator.arity() == 2
        && parts.first() == Some(&Part::Hole)
        && parts.last() == Some(&Part::Hole);
    if is_infix && operator.axioms().assoc {
        return vec!['e', 'E'];
    }
    let mut gather: Vec<char> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| **part == Part::Hole)
        .map(|(index, _)| {
            let after_hole = index == 0 || parts[index - 1] == Part::Hole;
            let before_hole = parts.get(index + 1).is_none_or(|part| *part == Part::Hole);
            if after_hole || before_hole { 'E' } else { '&' }
        })
        .collect();
    // When the result fits only one of the two outer arguments, only that side associates.
    let outer = parts.first() == Some(&Part::Hole) && parts.last() == Some(&Part::Hole);
    if let [first, .., last] = gather.as_mut_slice()
        && outer
    {
        let fits = |argument: usize| {
            operator.declarations.iter().any(|declaration| {
                signature.kind_of(declaration.range)
                    == signature.kind_of(declaration.domain[argument])
                    && signature.leq(declaration.range, declaration.domain[argument])
            })
        };
        match (fits(0), fits(operator.arity() - 1)) {
            (false, true) if operator.domain[0] == operator.range => *first = 'e',
            (true, false) if operator.domain[operator.arity() - 1] == operator.range => {
                *last = 'e';
            }
            _ => {}
        }
    }
    gather
}

/// The canonical form of an operator name as somebody would write it: `[_,_]` gives
/// `` `[_`,_`] ``.
pub fn canonical(name: &str) -> Name {
    let (tokens, _) = crate::syntax::lexer::lex(crate::source::SourceId(0), name);
    crate::syntax::outer::canonical_operator_name(&tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_parts() {
        let shown = |name: &str| {
            parts(canonical(name))
                .iter()
                .map(|part| match part {
                    Part::Hole => "_".to_owned(),
                    Part::Token(name) => name.to_string(),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(shown("_+_"), "_ + _");
        assert_eq!(shown("[_,_]"), "[ _ , _ ]");
        assert_eq!(shown("_ = new_(_) ;"), "_ = new _ ( _ ) ;");
        assert_eq!(shown("start state__"), "start state _ _");
        assert_eq!(shown("\"a_b\""), "\"a_b\"");
    }
}
