//! From what pest matched to the tree.
//!
//! The grammar has already decided everything, so a rule that is missing here is a
//! fault of ours. What the grammar cannot say is checked on the way: numbers in range,
//! enums numbered throughout, refinement tests without parameters.

mod declarations;
mod expressions;
mod modules;
mod statements;
mod types;

use pest::iterators::{Pair, Pairs};

use super::ast::{Ast, Name};
use super::grammar::{Rule, is_token};
use super::{MAX_NESTING, nested_too_deeply, tokens};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// The words that only the verifier knows as keywords.
const VERIFIER_WORDS: &[&str] = &[
    "Lemma",
    "Proof",
    "Theorem",
    "axiom",
    "ensures",
    "except",
    "exists",
    "forall",
    "inflight",
    "invariant",
    "is",
    "prove",
    "pure",
    "requires",
    "sent",
    "targets",
    "using",
];

/// The end of building a file: its nesting is too deep to go on.
type Build<T> = Result<T, Box<Diagnostic>>;

/// Adds the declarations of one file. An error means that the file was given up;
/// what is only wrong in itself goes to `diagnostics`.
pub(super) fn declarations(
    file: FileId,
    pairs: Pairs<'_, Rule>,
    ast: &mut Ast,
    diagnostics: &mut Vec<Diagnostic>,
) -> Build<()> {
    let mut builder = Builder {
        file,
        ast,
        diagnostics,
        depth: 0,
    };
    let program = Children(pairs).take(Rule::program);
    for pair in Children::of(program).all(Rule::declaration) {
        let declaration = builder.declaration(pair)?;
        builder.ast.declarations.push(declaration);
    }
    Ok(())
}

struct Builder<'a> {
    file: FileId,
    ast: &'a mut Ast,
    diagnostics: &'a mut Vec<Diagnostic>,
    depth: usize,
}

impl Builder<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        Span {
            file: self.file,
            start: span.start() as u32,
            end: span.end() as u32,
        }
    }

    /// The span of a construct without the white space that pest leaves behind one whose
    /// last part is optional: it ends where its last token does.
    fn trimmed(&self, pair: &Pair<'_, Rule>) -> Span {
        // Not by a walk to the last part: pest counts all parts of a part on the way to each.
        let span = self.span(pair);
        Span {
            end: span.start + tokens::trimmed(pair.as_str()) as u32,
            ..span
        }
    }

    fn name(&self, pair: Pair<'_, Rule>) -> Name {
        Name {
            span: self.span(&pair),
            text: pair.as_str().into(),
        }
    }

    /// A name that is declared here. The words of the verifier are keywords everywhere for
    /// P's own compiler.
    fn declared(&mut self, pair: Pair<'_, Rule>) -> Name {
        let name = self.name(pair);
        if VERIFIER_WORDS.contains(&&*name.text) {
            let message = format!(
                "`{}` is a keyword of P's verifier, and P's compiler takes it for nothing else",
                name.text
            );
            self.diagnostics.push(
                Diagnostic::warning(Code::VerifierWord, name.span, message)
                    .with_help("choose another name"),
            );
        }
        name
    }

    fn names(&self, pair: Pair<'_, Rule>) -> Vec<Name> {
        let is_name = |pair: &Pair<'_, Rule>| {
            matches!(
                pair.as_rule(),
                Rule::event_name | Rule::trigger | Rule::identifier
            )
        };
        pair.into_inner()
            .filter(is_name)
            .map(|pair| self.name(pair))
            .collect()
    }

    /// A decimal number that fits an `int` of 32 bits, as P demands of all its literals.
    fn integer(&mut self, pair: &Pair<'_, Rule>) -> i32 {
        pair.as_str().parse().unwrap_or_else(|_| {
            let message = format!(
                "`{}` is too large for an int literal",
                shortened(pair.as_str())
            );
            self.diagnostics.push(
                Diagnostic::error(Code::NumberTooLarge, self.span(pair), message)
                    .with_help("literals go up to 2147483647"),
            );
            0
        })
    }

    /// Builds something that may contain more of its kind.
    fn nested<T>(
        &mut self,
        pair: Pair<'_, Rule>,
        build: impl FnOnce(&mut Self, Pair<'_, Rule>) -> Build<T>,
    ) -> Build<T> {
        // Brackets count twice, once here and once as a bracket; the sum is what recurs.
        if self.depth >= 2 * MAX_NESTING {
            let mut span = self.span(&pair);
            span.end = span.start + pair.as_str().chars().next().map_or(0, char::len_utf8) as u32;
            return Err(nested_too_deeply(span));
        }
        self.depth += 1;
        let result = build(self, pair);
        self.depth -= 1;
        result
    }
}

fn shortened(digits: &str) -> String {
    if digits.len() > 24 {
        format!("{}...", &digits[..20])
    } else {
        digits.to_owned()
    }
}

/// The parts of a match that carry information: not the punctuation.
struct Children<'i>(Pairs<'i, Rule>);

impl<'i> Children<'i> {
    fn of(pair: Pair<'i, Rule>) -> Self {
        Children(pair.into_inner())
    }

    fn skip_tokens(&mut self) {
        while self.0.peek().is_some_and(|pair| is_token(pair.as_rule())) {
            self.0.next();
        }
    }

    /// The next part, if there is one.
    fn next(&mut self) -> Option<Pair<'i, Rule>> {
        self.skip_tokens();
        self.0.next()
    }

    /// The next part, if it is of that rule.
    fn take_if(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        self.skip_tokens();
        if self.0.peek()?.as_rule() == rule {
            self.0.next()
        } else {
            None
        }
    }

    /// The next part, which is of that rule by the grammar.
    fn take(&mut self, rule: Rule) -> Pair<'i, Rule> {
        self.take_if(rule)
            .unwrap_or_else(|| unreachable!("the grammar has {rule:?} here"))
    }

    /// The next part, which is there by the grammar.
    fn take_any(&mut self) -> Pair<'i, Rule> {
        self.next()
            .unwrap_or_else(|| unreachable!("the grammar has one more part here"))
    }

    /// The parts of that rule that come next.
    fn all(mut self, rule: Rule) -> impl Iterator<Item = Pair<'i, Rule>> {
        std::iter::from_fn(move || self.take_if(rule))
    }
}
