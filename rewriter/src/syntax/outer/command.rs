//! Commands.
//!
//! A command ends at a period that is the last thing on its line and outside parentheses; two
//! commands on one line are one malformed command, as in Maude.

use super::{Parsed, Parser, is_glued_to_period};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::syntax::ast::{Action, Bubble, Command, ModuleExpression};
use crate::syntax::lexer::Token;

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Parsed<Command> {
        let start = self.here();
        let Some(mut keyword) = self.take() else {
            return Err(self.unexpected("a command"));
        };
        if keyword.is("debug")
            && let Some(next) = self.take()
        {
            keyword = next;
        }
        let action = match keyword.text() {
            "red" | "reduce" => {
                let (module, bubble) = self.in_module()?;
                Action::Reduce { module, bubble }
            }
            "rew" | "rewrite" | "frew" | "frewrite" => {
                let is_fair = matches!(keyword.text(), "frew" | "frewrite");
                // `rew [1, 2] .` rewrites a term that is written so.
                let is_term = !is_fair
                    && self.peek_is("[")
                    && (self.tokens.get(self.next + 2)).is_some_and(|token| token.is(","));
                let (limit, gas) = match is_term {
                    true => (None, None),
                    false => self.bounds()?,
                };
                let (module, bubble) = self.in_module()?;
                Action::Rewrite {
                    limit,
                    gas,
                    is_fair,
                    module,
                    bubble,
                }
            }
            "search" => {
                let (solutions, depth) = self.bounds()?;
                let (module, bubble) = self.in_module()?;
                Action::Search {
                    solutions,
                    depth,
                    module,
                    bubble,
                }
            }
            "match" | "xmatch" => {
                let (limit, _) = self.bounds()?;
                let (module, bubble) = self.in_module()?;
                Action::Match {
                    extension: keyword.is("xmatch"),
                    limit,
                    module,
                    bubble,
                }
            }
            "parse" => {
                let (module, bubble) = self.in_module()?;
                Action::Parse { module, bubble }
            }
            "show" => self.show()?,
            "select" => {
                let module = self.module_expression()?;
                self.period()?;
                Action::Select(module)
            }
            "set" => {
                let mut words = self.words_of_command()?;
                let last = words.pop();
                let on = match last.map(Name::as_str) {
                    Some("on") => true,
                    Some("off") => false,
                    _ => {
                        let span = start.to(self.previous());
                        return Err(self.error("bad-command", span, "`set` ends in `on` or `off`"));
                    }
                };
                Action::Set { words, on }
            }
            "load" | "in" | "sload" => Action::Load(self.file_name()?),
            "cont" | "continue" => {
                let words = self.words_of_command()?;
                Action::Continue(words.first().and_then(|word| word.as_str().parse().ok()))
            }
            "quit" | "q" => {
                self.accept(".");
                Action::Quit
            }
            "eof" => {
                self.accept(".");
                Action::EndOfFile
            }
            "print" => Action::Print(self.words_of_command()?),
            "do" | "pwd" | "cd" | "ls" | "pushd" | "popd" => {
                self.words_of_command()?;
                Action::Ignored
            }
            "trace" | "break" => {
                let mut words = vec![keyword.name];
                let chosen = self.words_of_command()?;
                words.extend(
                    (chosen.into_iter()).filter(|word| !matches!(word.as_str(), "(" | ")")),
                );
                Action::Watch(words)
            }
            "resume" | "abort" | "step" | "where" => {
                self.words_of_command()?;
                let span = start.to(self.previous());
                let message = "there is no debugger";
                self.diagnostics
                    .push(Diagnostic::warning("unsupported", span, message));
                Action::Ignored
            }
            text => {
                let message = format!("`{text}` is not a command");
                self.skip_command();
                self.diagnostics.push(
                    Diagnostic::error("unknown-command", keyword.span, message).with_help(
                        "a file holds modules, `fmod ... endfm` and `mod ... endm`, and commands \
                         such as `reduce`, `rewrite`, `search` and `load`",
                    ),
                );
                return Err(super::Abandoned);
            }
        };
        Ok(Command {
            action,
            span: start.to(self.previous()),
        })
    }

    /// `[n, m]`, both optional.
    fn bounds(&mut self) -> Parsed<(Option<u64>, Option<u64>)> {
        let is_bound = |token: &Token| token.is(",") || token.text().parse::<u64>().is_ok();
        let after_open = self.tokens.get(self.next + 1);
        if !self.peek_is("[") || !after_open.is_some_and(is_bound) {
            return Ok((None, None));
        }
        self.next += 1;
        let first = self.bound();
        let second = if self.accept(",") { self.bound() } else { None };
        if !self.accept("]") {
            let abandoned = self.unexpected("`]`");
            self.skip_command();
            return Err(abandoned);
        }
        Ok((first, second))
    }

    fn bound(&mut self) -> Option<u64> {
        let bound = self.peek()?.text().parse().ok()?;
        self.next += 1;
        Some(bound)
    }

    /// `in MODULE :` if it is there, and the bubble to the end of the command.
    fn in_module(&mut self) -> Parsed<(Option<ModuleExpression>, Bubble)> {
        let start = self.next;
        let mut module = None;
        if self.accept("in") {
            let n_diagnostics = self.diagnostics.len();
            match self.module_expression() {
                Ok(expression) if self.accept(":") => module = Some(expression),
                // An operator may be called `in`.
                _ => {
                    self.diagnostics.truncate(n_diagnostics);
                    self.next = start;
                }
            }
        }
        Ok((module, self.command_bubble()?))
    }

    /// The tokens up to the period that ends a command; takes the period.
    fn command_bubble(&mut self) -> Parsed<Bubble> {
        let start = self.here();
        let mut bubble = Bubble::new();
        let mut depth = 0usize;
        while let Some(mut token) = self.peek() {
            if depth == 0 && token.ends_line && is_glued_to_period(&token) && !token.is("s.t.") {
                self.split_period(self.next);
                token = self.tokens[self.next];
            }
            self.next += 1;
            match token.text() {
                "." if depth == 0 && token.ends_line => return Ok(bubble),
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            bubble.push(token);
        }
        let end = bubble.last().map_or(start, |token| token.span);
        let help = if depth > 0 {
            "a parenthesis is opened and not closed, so no period counts"
        } else {
            "a command ends in a period that stands alone at the end of a line"
        };
        self.diagnostics.push(
            Diagnostic::error("missing-period", start.to(end), "this command never ends")
                .with_help(help),
        );
        Err(super::Abandoned)
    }

    /// Goes past the end of a command that makes no sense.
    fn skip_command(&mut self) {
        while let Some(token) = self.take() {
            if token.ends_line && token.text().ends_with('.') {
                return;
            }
        }
    }

    /// The words up to the next period, wherever it stands.
    fn words_of_command(&mut self) -> Parsed<Vec<Name>> {
        let mut words = Vec::new();
        loop {
            let Some(token) = self.take() else {
                return Err(self.unexpected("a period"));
            };
            if token.is(".") {
                return Ok(words);
            }
            if is_glued_to_period(&token) && token.ends_line {
                self.split_period(self.next - 1);
            }
            words.push(self.tokens[self.next - 1].name);
        }
    }

    fn show(&mut self) -> Parsed<Action> {
        let words = self.words_of_command()?;
        let texts: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
        let state = texts.last().and_then(|text| text.parse().ok());
        Ok(match (texts.as_slice(), state) {
            (["path", _] | ["path", "state" | "states", _], Some(state)) => Action::ShowPath {
                labels: false,
                state,
            },
            (["path", "label" | "labels", _], Some(state)) => Action::ShowPath {
                labels: true,
                state,
            },
            (["search", "graph"] | ["graph"], _) => Action::ShowGraph,
            _ => Action::Show(words),
        })
    }

    /// The rest of the line, without quotes and without a period at its end.
    fn file_name(&mut self) -> Parsed<String> {
        let Some(first) = self.peek() else {
            return Err(self.unexpected("a file name"));
        };
        let mut last = first;
        while let Some(token) = self.take() {
            last = token;
            if token.ends_line {
                break;
            }
        }
        let text = &self.text[first.span.start as usize..last.span.end as usize];
        let text = text.strip_suffix(" .").unwrap_or(text).trim();
        Ok(text.trim_matches('"').to_owned())
    }
}
