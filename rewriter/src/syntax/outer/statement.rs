//! Statements of a module: label, bubble and attributes.
//!
//! A bracket at the end of a statement holds attributes only if every word in it is one;
//! otherwise it belongs to the term, as in `eq f(X) = [ X ] .`.

use super::{Parsed, Parser};
use crate::name::Name;
use crate::syntax::ast::{
    Bubble, ModuleText, Spanned, StatementAttributes, StatementKind, StatementText,
};
use crate::syntax::lexer::{Token, TokenKind};

impl Parser<'_> {
    pub(super) fn statement(&mut self, keyword: Token, module: &mut ModuleText) -> Parsed<()> {
        let (kind, conditional) = match keyword.text() {
            "mb" => (StatementKind::Membership, false),
            "cmb" => (StatementKind::Membership, true),
            "eq" => (StatementKind::Equation, false),
            "ceq" | "cq" => (StatementKind::Equation, true),
            "rl" => (StatementKind::Rule, false),
            _ => (StatementKind::Rule, true),
        };
        let mut bubble = self.statement_bubble()?;
        let prefix = prefix_label(kind, &bubble);
        if prefix.is_some() {
            bubble.drain(..4);
        }
        let attributes = split_attributes(&mut bubble);
        if module.is_object_oriented {
            name_empty_sets(&mut bubble);
        }
        let label = prefix.or(attributes.label);
        let span = keyword.span.to(self.previous());
        module.statements.push(StatementText {
            kind,
            conditional,
            label,
            bubble,
            attributes,
            span,
        });
        Ok(())
    }
}

/// Writes `none` between `|` and `>`, where an object has no attributes.
pub(crate) fn name_empty_sets(bubble: &mut Bubble) {
    let mut index = 1;
    while index < bubble.len() {
        let (bar, angle) = (bubble[index - 1], bubble[index]);
        if bar.is("|") && angle.is(">") {
            let name = Name::new("none");
            bubble.insert(index, Token { name, ..angle });
        }
        index += 1;
    }
}

/// The label in `[label] : ...`.
fn prefix_label(kind: StatementKind, bubble: &[Token]) -> Option<Spanned> {
    let [open, label, close, colon, rest @ ..] = bubble else {
        return None;
    };
    if !open.is("[") || label.kind == TokenKind::Special || !close.is("]") || !colon.is(":") {
        return None;
    }
    // `mb [a] : S .` is a membership of the term `[a]`.
    if kind == StatementKind::Membership && !rest.iter().any(|token| token.is(":")) {
        return None;
    }
    Some(Spanned {
        name: label.name,
        span: label.span,
    })
}

/// Takes the attributes off the end of a bubble.
fn split_attributes(bubble: &mut Bubble) -> StatementAttributes {
    let none = StatementAttributes::default();
    let Some((close, before)) = bubble.split_last() else {
        return none;
    };
    if !close.is("]") {
        return none;
    }
    let Some(open) = before.iter().rposition(|token| token.is("[")) else {
        return none;
    };
    let Some(attributes) = statement_attributes(&before[open + 1..]) else {
        return none;
    };
    bubble.truncate(open);
    attributes
}

/// The attributes these words are, if every one of them is.
fn statement_attributes(words: &[Token]) -> Option<StatementAttributes> {
    let mut attributes = StatementAttributes::default();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        index += 1;
        match word.text() {
            "owise" | "otherwise" => attributes.owise = true,
            "nonexec" => attributes.nonexec = true,
            "variant" => attributes.variant = true,
            "narrowing" => attributes.narrowing = true,
            "dnt" => attributes.untransformed = true,
            "label" => {
                let label = words.get(index)?;
                attributes.label = Some(Spanned {
                    name: label.name,
                    span: label.span,
                });
                index += 1;
            }
            "metadata" => {
                let text = words
                    .get(index)
                    .filter(|token| token.kind == TokenKind::String)?;
                attributes.metadata = Some(text.name);
                index += 1;
            }
            "print" => {
                let first = index;
                while words.get(index).is_some_and(|token| {
                    token.kind == TokenKind::String
                        || !matches!(
                            token.text(),
                            "owise"
                                | "otherwise"
                                | "nonexec"
                                | "variant"
                                | "label"
                                | "metadata"
                                | "dnt"
                        )
                }) {
                    index += 1;
                }
                attributes.print = Some(words[first..index].to_vec());
            }
            _ => return None,
        }
    }
    (!words.is_empty()).then_some(attributes)
}
