//! How the applications of one operator are written.
//!
//! The one idea: everything that the name, the `format` attribute and the overloading of an
//! operator say about its text is found once.

use crate::name::Name;
use crate::signature::{OpId, Signature};
use crate::syntax::lexer::is_special;
use crate::syntax::mixfix::{Mixfix, Part};

/// What stands before a part of an operator, or after the last one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Space {
    None,
    Blank,
    /// What a word of a `format` attribute says; with a blank by default, or not.
    Format(&'static str, bool),
}

/// How one operator is printed.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) mixfix: Mixfix,
    /// Before each part and at the end; around the name of an operator without mixfix form.
    pub(super) spaces: Vec<Space>,
    /// The part that is the last hole.
    pub(super) last_hole: usize,
    /// Another operator of this name takes arguments of other kinds.
    domain_overloaded: bool,
    /// Another operator of this name takes the same kinds.
    pub(super) range_overloaded: bool,
    /// Another operator of this name takes other kinds and gives the same kind.
    adhoc_overloaded: bool,
}

impl Form {
    pub(super) fn new(signature: &Signature, op: OpId) -> Form {
        let operator = signature.operator(op);
        let mixfix = Mixfix::new(signature, op);
        let parts = mixfix.parts.as_deref();
        let n_spaces = parts.map_or(2, |parts| parts.len() + 1);
        let words = operator.attributes.format.as_deref();
        let words = words.filter(|words| words.len() == n_spaces);
        let is_hole = |part: &Part| *part == Part::Hole;
        let mut form = Form {
            spaces: (0..n_spaces)
                .map(|index| space(parts.unwrap_or(&[]), index, words))
                .collect(),
            last_hole: parts
                .and_then(|parts| parts.iter().rposition(is_hole))
                .unwrap_or(0),
            mixfix,
            domain_overloaded: false,
            range_overloaded: false,
            adhoc_overloaded: false,
        };
        for &other in signature.operators_named(operator.name, operator.arity()) {
            if other == op {
                continue;
            }
            let other = signature.operator(other);
            if other.domain == operator.domain {
                form.range_overloaded = true;
            } else {
                form.domain_overloaded = true;
                form.adhoc_overloaded |= other.range == operator.range;
            }
        }
        form
    }

    /// Whether the kinds of the arguments follow from the name of the operator.
    pub(super) fn knows_arguments(&self, kind_is_known: bool) -> bool {
        !self.domain_overloaded
            || (kind_is_known || self.range_overloaded) && !self.adhoc_overloaded
    }
}

/// The space before a part: as `format` says, or by default one between what are not specials.
fn space(parts: &[Part], index: usize, words: Option<&[Name]>) -> Space {
    let is_special_part = |part: &Part| match part {
        Part::Token(name) => name.as_str().chars().next().is_some_and(is_special),
        Part::Hole => false,
    };
    let is_default = index > 0
        && index < parts.len()
        && !is_special_part(&parts[index - 1])
        && !is_special_part(&parts[index]);
    match words {
        Some(words) => Space::Format(words[index].as_str(), is_default),
        None if is_default => Space::Blank,
        None => Space::None,
    }
}

/// Does what a word of a `format` attribute says; colors are left out.
pub(super) fn layout(word: &str, default_space: bool, indent: &mut usize, text: &mut String) {
    let indents = *indent > 0 && word.contains('i') || word.contains("+i");
    if default_space && !indents && !word.contains(['n', 's', 't']) {
        text.push(' ');
    }
    for letter in word.chars() {
        match letter {
            'n' => text.push('\n'),
            's' => text.push(' '),
            't' => text.push('\t'),
            'i' => text.extend(std::iter::repeat_n(' ', *indent)),
            '+' => *indent += 1,
            '-' => *indent = indent.saturating_sub(1),
            _ => {}
        }
    }
}
