//! The text of one term.
//!
//! The one idea: work that is still to be done is a list, so depth costs no stack; and the text
//! of a subterm that was printed before, in the same place of the same operator, is copied from
//! where it stands in the [`Transcript`]. Solutions of a search share most of their subterms.

use std::fmt::Write;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::form::{Space, layout};
use super::nodes::{Nodes, View};
use super::{Printer, Style, sort_suffix};
use crate::pattern::Literal;
use crate::signature::{KindId, OpId};
use crate::syntax::literal::{escape, float_text};
use crate::syntax::mixfix::{ANY_PRECEDENCE, ARGUMENT_PRECEDENCE, Part};
use crate::term::TermId;

/// Bytes of text after which a transcript begins anew.
const MOST_TEXT: usize = 8 << 20;
/// Texts that are shorter are not looked up again.
const LEAST_REMEMBERED: usize = 16;

/// An operator that stands beside an argument and could capture its open end.
type Capture = Option<(u8, KindId)>;

/// Where a term is to be printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Context {
    accepts: u8,
    left: Capture,
    right: Capture,
    kind_is_known: bool,
}

impl Context {
    /// Where nothing stands around a term.
    pub(super) fn alone(kind_is_known: bool) -> Context {
        Context {
            accepts: ANY_PRECEDENCE,
            left: None,
            right: None,
            kind_is_known,
        }
    }

    /// Among the arguments of an operator in prefix form.
    fn inside_prefix(kind_is_known: bool) -> Context {
        Context {
            accepts: ARGUMENT_PRECEDENCE,
            ..Context::alone(kind_is_known)
        }
    }
}

/// A term, its place and how far its first line is indented: what its text depends on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Occasion {
    term: TermId,
    context: Context,
    indent: usize,
}

#[derive(Clone, Copy, Debug)]
struct Passage {
    start: usize,
    end: usize,
    indent_after: usize,
}

/// What was printed lately of the terms of one store by one printer.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    pub(super) text: String,
    passages: HashMap<Occasion, Passage, FxBuildHasher>,
}

impl Transcript {
    /// Where the next text starts.
    pub(super) fn begin(&mut self) -> usize {
        if self.text.len() > MOST_TEXT {
            self.text.clear();
            self.passages.clear();
        }
        self.text.len()
    }
}

enum Work<Id> {
    Text(&'static str),
    Format(&'static str, bool),
    Term(Id, Context),
    /// The text of a term is complete; it began here.
    Remember(Occasion, usize),
}

impl Printer<'_> {
    /// Adds the text of a term.
    pub(super) fn print<N: Nodes>(
        &mut self,
        nodes: &N,
        root: N::Id,
        context: Context,
        transcript: &mut Transcript,
    ) {
        let mut pending = vec![Work::Term(root, context)];
        let mut indent = 0usize;
        let Transcript { text, passages } = transcript;
        while let Some(work) = pending.pop() {
            let (id, context) = match work {
                Work::Text(part) => {
                    text.push_str(part);
                    continue;
                }
                Work::Format(word, default_space) => {
                    layout(word, default_space, &mut indent, text);
                    continue;
                }
                Work::Remember(occasion, start) => {
                    let end = text.len();
                    if end - start >= LEAST_REMEMBERED {
                        let indent_after = indent;
                        let passage = Passage {
                            start,
                            end,
                            indent_after,
                        };
                        passages.insert(occasion, passage);
                    }
                    continue;
                }
                Work::Term(id, context) => (id, context),
            };
            match nodes.view(id) {
                View::Variable(name, sort) => self.write_variable(name, sort, text),
                View::Integer(integer) => write_display(text, &integer),
                View::Fraction(above, below) => {
                    write_display(text, &format_args!("{above}/{below}"));
                }
                View::Literal(Literal::String(value)) => text.push_str(&escape(&value)),
                View::Literal(Literal::QuotedId(value)) => {
                    text.push('\'');
                    text.push_str(&value);
                }
                View::Literal(Literal::Float(value)) => text.push_str(&float_text(value)),
                View::Iterated(op, count, argument) => {
                    let name = self.signature.operator(op).name;
                    write_display(text, &format_args!("{name}^{count}("));
                    pending.push(Work::Text(")"));
                    let knows = self.form(op).knows_arguments(context.kind_is_known);
                    pending.push(Work::Term(argument[0], Context::inside_prefix(knows)));
                }
                View::Application(op, arguments) => {
                    if let Some(term) = nodes.memorable(id)
                        && !arguments.is_empty()
                    {
                        let occasion = Occasion {
                            term,
                            context,
                            indent,
                        };
                        if let Some(passage) = passages.get(&occasion) {
                            text.extend_from_within(passage.start..passage.end);
                            indent = passage.indent_after;
                            continue;
                        }
                        pending.push(Work::Remember(occasion, text.len()));
                    }
                    let first = pending.len();
                    self.application(op, arguments, context, text, &mut pending);
                    pending[first..].reverse();
                }
            }
        }
    }

    /// Adds what is to be done for an application, in the order of the text.
    fn application<Id: Copy>(
        &mut self,
        op: OpId,
        arguments: &[Id],
        context: Context,
        text: &mut String,
        work: &mut Vec<Work<Id>>,
    ) {
        let signature = self.signature;
        let style = self.style;
        let options = self.options;
        let is_mixfix = options.mixfix;
        let operator = signature.operator(op);
        let form = self.form(op);
        let knows_arguments = form.knows_arguments(context.kind_is_known);
        let mut context = context;
        let mut end = None;
        // The kind of a constant or of an application to the same kinds must be told.
        if !context.kind_is_known && form.range_overloaded {
            text.push('(');
            end = Some(sort_suffix(signature, op).as_str());
            context = Context::alone(true);
        }
        let parts = match &form.mixfix.parts {
            Some(parts)
                if style == Style::Mixfix && is_mixfix
                    || style == Style::Prefix && arguments.is_empty() =>
            {
                parts
            }
            _ => {
                self.prefix(op, arguments, knows_arguments, work);
                work.extend(end.map(Work::Text));
                return;
            }
        };
        let mixfix = &form.mixfix;
        let captures = |capture: Capture, hole: usize| {
            capture.is_some_and(|(precedence, kind)| {
                precedence <= mixfix.gather[hole] && kind == operator.domain[hole]
            })
        };
        let open_left = parts.first() == Some(&Part::Hole);
        let open_right = parts.last() == Some(&Part::Hole);
        let needs_parentheses = options.parentheses && !arguments.is_empty()
            || mixfix.precedence > context.accepts
            || open_left && captures(context.left, 0)
            || open_right && captures(context.right, operator.arity() - 1);
        let (left, right) = if needs_parentheses {
            text.push('(');
            (None, None)
        } else {
            (context.left, context.right)
        };
        let push_space = |index: usize, work: &mut Vec<Work<Id>>| match form.spaces[index] {
            Space::None => {}
            Space::Blank => work.push(Work::Text(" ")),
            Space::Format(word, default_space) if options.format => {
                work.push(Work::Format(word, default_space));
            }
            Space::Format(_, default_space) => {
                work.extend(default_space.then_some(Work::Text(" ")));
            }
        };
        let n_nested = arguments.len().saturating_sub(operator.arity().max(1));
        // Where the operator would not accept itself as its second argument.
        let encloses_rest = n_nested > 0
            && (options.parentheses
                || mixfix.gather[1] < mixfix.precedence
                || open_left && open_right && mixfix.precedence <= mixfix.gather[0]);
        // An associative operator with more than two arguments repeats all its parts up to the
        // second hole; what follows that hole comes once for each repetition at the end.
        let second_hole = form.last_hole;
        let mut next_argument = 0;
        for round in 0..=n_nested {
            let is_last = round == n_nested;
            let mut hole = 0;
            for (index, part) in parts.iter().enumerate() {
                if !is_last && index == second_hole {
                    push_space(index, work);
                    if encloses_rest {
                        work.push(Work::Text("("));
                    }
                    break;
                }
                push_space(index, work);
                match part {
                    Part::Token(token) => work.push(Work::Text(token.as_str())),
                    Part::Hole => {
                        let own = Some((mixfix.precedence, operator.domain[hole]));
                        let at_start = index == 0;
                        let at_end = index + 1 == parts.len();
                        let argument = Context {
                            accepts: mixfix.gather[hole],
                            left: match (at_start, at_end) {
                                (true, _) => left,
                                (false, true) => own,
                                (false, false) => None,
                            },
                            right: match (at_end, is_last) {
                                (true, true) => right,
                                _ if at_start || at_end => own,
                                _ => None,
                            },
                            kind_is_known: knows_arguments,
                        };
                        work.push(Work::Term(arguments[next_argument], argument));
                        next_argument += 1;
                        hole += 1;
                    }
                }
            }
        }
        push_space(parts.len(), work);
        for _ in 0..n_nested {
            if encloses_rest {
                work.push(Work::Text(")"));
            }
            for (index, part) in parts.iter().enumerate().skip(second_hole + 1) {
                push_space(index, work);
                if let Part::Token(token) = part {
                    work.push(Work::Text(token.as_str()));
                }
            }
            push_space(parts.len(), work);
        }
        if needs_parentheses {
            work.push(Work::Text(")"));
        }
        work.extend(end.map(Work::Text));
    }

    fn prefix<Id: Copy>(
        &mut self,
        op: OpId,
        arguments: &[Id],
        knows_arguments: bool,
        work: &mut Vec<Work<Id>>,
    ) {
        let name = self.signature.operator(op).name.as_str();
        let style = self.style;
        let has_format = self.options.format;
        let form = self.form(op);
        let format = |index: usize, work: &mut Vec<Work<Id>>| {
            if let Space::Format(word, _) = form.spaces[index]
                && style == Style::Mixfix
                && form.mixfix.parts.is_none()
                && has_format
            {
                work.push(Work::Format(word, false));
            }
        };
        format(0, work);
        work.push(Work::Text(name));
        format(1, work);
        if arguments.is_empty() {
            return;
        }
        work.push(Work::Text("("));
        let nests = arguments.len() > 2 && (!self.options.flat || self.is_confused_by_commas(op));
        for (index, &argument) in arguments.iter().enumerate() {
            if index > 0 {
                work.push(Work::Text(", "));
            }
            if nests && index > 0 && index + 1 < arguments.len() {
                work.push(Work::Text(name));
                work.push(Work::Text("("));
            }
            work.push(Work::Term(
                argument,
                Context::inside_prefix(knows_arguments),
            ));
        }
        let n_open = if nests { arguments.len() - 1 } else { 1 };
        work.extend((0..n_open).map(|_| Work::Text(")")));
    }
}

fn write_display(text: &mut String, shown: &dyn std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{shown}");
}
