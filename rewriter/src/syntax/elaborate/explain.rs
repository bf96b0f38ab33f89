//! What to say about a bubble that has no reading, or two.
//!
//! The one idea: say where, what could have stood there, and what was probably meant.

use super::Reader;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Span;
use crate::syntax::earley::{Lexeme, NoReading, NodeId, Tree};
use crate::syntax::grammar::Symbol;
use crate::syntax::grammar::generate::Action;
use crate::syntax::lexer::Token;

impl Reader<'_> {
    pub(super) fn ambiguity(
        &self,
        first: &Tree,
        second: &Tree,
        tokens: &[Token],
        place: Span,
    ) -> Diagnostic {
        let advice = self.choice(first, second);
        let mut readings = [first, second].map(|tree| self.bracketed(tree, tokens, false));
        if readings[0] == readings[1] {
            readings = [first, second].map(|tree| self.bracketed(tree, tokens, true));
        }
        let [first, second] = readings;
        Diagnostic::warning(
            "ambiguous",
            place,
            "this can be read in two ways; the first is taken",
        )
        .with_help(format!(
            "it can be\n  {first}\nor\n  {second}\nwrite parentheses, or {advice}"
        ))
    }

    /// The attributes that pick one of two readings: those of the operators on top where they begin to
    /// differ.
    fn choice(&self, first: &Tree, second: &Tree) -> String {
        let any = || "give the operators other `prec` or `gather` attributes".to_owned();
        let Some((one, other)) = self.difference(first, second) else {
            return any();
        };
        let operator = |tree: &Tree, id| match self.grammar.action(tree.node(id).production) {
            Action::Apply(op) => Some(op),
            _ => None,
        };
        let (Some(op), Some(other_op)) = (operator(first, one), operator(second, other)) else {
            return any();
        };
        let name = |op| self.signature.operator(op).name;
        if op != other_op {
            return format!(
                "give `{inner}` a `prec` below that of `{outer}` for the first, above it for the second",
                outer = name(op),
                inner = name(other_op),
            );
        }
        // The reading whose first argument is longer groups to the left.
        let end = |tree: &Tree, id| tree.children(id).next().map(|child| tree.node(child).end);
        match self.signature.operator(op).arity() {
            2 => {
                let left_first = end(first, one) > end(second, other);
                let (picked, rejected) = match left_first {
                    true => ("(E e)", "(e E)"),
                    false => ("(e E)", "(E e)"),
                };
                format!(
                    "declare `{}` with `gather {picked}` for the first, `gather {rejected}` for the second",
                    name(op)
                )
            }
            _ => any(),
        }
    }

    /// The nodes at which two readings of the same tokens begin to differ.
    fn difference(&self, first: &Tree, second: &Tree) -> Option<(NodeId, NodeId)> {
        let (mut one, mut other) = (first.root(), second.root());
        loop {
            let (node, other_node) = (first.node(one), second.node(other));
            let spans = |tree: &Tree, id| -> Vec<(u32, u32)> {
                let children = tree.children(id);
                children
                    .map(|child| (tree.node(child).start, tree.node(child).end))
                    .collect()
            };
            let is_same = node.production == other_node.production
                && spans(first, one) == spans(second, other);
            if !is_same {
                return Some((
                    self.application(first, one),
                    self.application(second, other),
                ));
            }
            let pairs = first.children(one).zip(second.children(other));
            let mut different = pairs.filter(|&(a, b)| !is_equal(first, a, second, b));
            (one, other) = different.next()?;
        }
    }

    /// The application that a chain of nodes over the same tokens ends in.
    fn application(&self, tree: &Tree, id: NodeId) -> NodeId {
        let mut id = id;
        while !matches!(
            self.grammar.action(tree.node(id).production),
            Action::Apply(_)
        ) {
            let mut children = tree.children(id);
            match (children.next(), children.next()) {
                (Some(child), None) => id = child,
                _ => break,
            }
        }
        id
    }

    /// The tokens of a reading with parentheses around every operator that is open at an end;
    /// `with_sorts` tells the kind of every constant.
    fn bracketed(&self, tree: &Tree, tokens: &[Token], with_sorts: bool) -> String {
        let mut before = vec![0usize; tokens.len() + 1];
        let mut after = vec![0usize; tokens.len() + 1];
        let mut sort_after = vec![None; tokens.len() + 1];
        for id in tree.postorder() {
            let node = tree.node(id);
            let right = self.grammar.grammar().right(node.production);
            let is_open = |symbol: Option<&Symbol>| matches!(symbol, Some(Symbol::Nonterminal(..)));
            match self.grammar.action(node.production) {
                Action::Apply(_)
                    if right.len() > 1 && (is_open(right.first()) || is_open(right.last())) =>
                {
                    before[node.start as usize] += 1;
                    after[node.end as usize - 1] += 1;
                }
                Action::Apply(op) if with_sorts && tree.children(id).len() == 0 => {
                    let range = self.signature.operator(op).declarations[0].range;
                    sort_after[node.end as usize - 1] = Some(self.signature.sort(range).name);
                    before[node.start as usize] += 1;
                }
                _ => {}
            }
        }
        let mut text = String::new();
        for (index, token) in tokens.iter().enumerate() {
            if !text.is_empty() {
                text.push(' ');
            }
            text += &"(".repeat(before[index]);
            text += token.text();
            if let Some(sort) = sort_after[index] {
                text += &format!(").{sort}");
            }
            text += &")".repeat(after[index]);
        }
        text
    }

    pub(super) fn no_parse(
        &self,
        failure: &NoReading,
        tokens: &[Token],
        lexemes: &[Lexeme],
        place: Span,
    ) -> Diagnostic {
        let expected = self.expectation(failure);
        let Some(token) = tokens.get(failure.token) else {
            let end = Span {
                start: place.end,
                ..place
            };
            let diagnostic = match tokens.is_empty() {
                true => Diagnostic::error("no-parse", place, "there is nothing here to read"),
                false => {
                    let message = "this ends too early";
                    Diagnostic::error("no-parse", place, message).with_label(end, "after this")
                }
            };
            return diagnostic.with_help(expected);
        };
        let text = token.text();
        if lexemes[failure.token].is_empty() {
            let message = format!("`{text}` is neither an operator, nor a variable, nor a literal");
            return Diagnostic::error("unknown-token", token.span, message)
                .with_help(self.help_for_unknown(token).unwrap_or(expected));
        }
        // A sort that is known only as an operator's cannot help; an unknown sort can.
        Diagnostic::error(
            "no-parse",
            token.span,
            format!("`{text}` makes no sense here"),
        )
        .with_help(expected)
    }

    /// Advice on a token that is nothing at all.
    fn help_for_unknown(&self, token: &Token) -> Option<String> {
        let text = token.text();
        if let Some((stem, sort)) = text.rsplit_once(':')
            && !stem.is_empty()
            && !sort.is_empty()
        {
            return Some(format!("there is no sort `{sort}` in this module"));
        }
        if let Some(stem) = text.strip_suffix('.').filter(|stem| !stem.is_empty()) {
            return Some(format!(
                "is a blank missing before the period, as in `{stem} .`?"
            ));
        }
        let mut known: Vec<&str> = self.variables.keys().map(|name| name.as_str()).collect();
        known.extend(self.grammar.literal_texts());
        known.sort_unstable();
        let limit = text.chars().count() / 3;
        let near = known
            .into_iter()
            .map(|known| (distance(text, known), known))
            .filter(|&(distance, _)| distance <= limit.max(1) && distance < text.chars().count())
            .min_by_key(|&(distance, _)| distance);
        Some(match near {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => format!(
                "declare it with `var {text} : SORT .` or `op {text} : -> SORT .`, or put blanks \
                 between the tokens it is made of"
            ),
        })
    }

    fn expectation(&self, failure: &NoReading) -> String {
        let mut parts: Vec<String> = failure
            .phrases
            .iter()
            .map(|&phrase| match self.grammar.kind_of(phrase) {
                Some(kind) => {
                    let sort = self.signature.error_sort(kind);
                    format!("a term of kind {}", self.signature.sort(sort).name)
                }
                None => "a term".to_owned(),
            })
            .collect();
        if parts.is_empty() {
            // Only a token can go on; the prefix names of operators never can.
            let texts = failure
                .expected
                .iter()
                .map(|&terminal| self.grammar.terminal_text(terminal).to_owned());
            parts.extend(texts);
        }
        parts.sort_unstable();
        parts.dedup();
        const SHOWN: usize = 12;
        let more = parts.len().saturating_sub(SHOWN);
        parts.truncate(SHOWN);
        let list = parts.join(", ");
        match (parts.is_empty(), more) {
            (true, _) => "nothing could follow here".to_owned(),
            (false, 0) => format!("expected {list}"),
            (false, more) => format!("expected {list}, or {more} others"),
        }
    }
}

/// Whether two nodes of two readings are the same all the way down.
fn is_equal(first: &Tree, one: NodeId, second: &Tree, other: NodeId) -> bool {
    let (nodes, others) = (first.postorder_from(one), second.postorder_from(other));
    let key = |tree: &Tree, id| {
        let node = tree.node(id);
        (node.production, node.start, node.end)
    };
    let keys = nodes.iter().map(|&id| key(first, id));
    keys.eq(others.iter().map(|&id| key(second, id)))
}

/// If a declaration begins on a new line inside a bubble that makes no sense, a period may be
/// missing before it.
pub(super) fn hint_at_missing_period(mut diagnostic: Diagnostic, bubble: &[Token]) -> Diagnostic {
    for pair in bubble.windows(2) {
        let [before, token] = pair else { continue };
        let begins = [
            "eq", "ceq", "rl", "crl", "mb", "cmb", "op", "ops", "var", "vars", "sort",
        ];
        if before.ends_line
            && begins.contains(&token.text())
            && diagnostic
                .span()
                .is_some_and(|span| span.start >= before.span.start)
        {
            diagnostic.labels.push(Label {
                span: token.span,
                text: "a declaration seems to begin here".to_owned(),
            });
            diagnostic.help = Some(format!("is a period missing before `{}`?", token.text()));
            return diagnostic;
        }
    }
    diagnostic
}

/// How many characters must be changed to get from one text to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, character) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}
