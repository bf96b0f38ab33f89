//! What is wrong with a text, as plain data.
//!
//! The one idea: a [`Diagnostic`] is collected and returned beside the value; drawing it, in
//! colour or as JSON, happens once, elsewhere. The codes are stable: tests and editors rely on
//! them.

use crate::source::{SourceMap, Span};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The text means something, though perhaps not what was intended.
    Warning,
    /// The text has no meaning; nothing built from it may be used.
    Error,
}

/// A place with what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What about it; may be empty when the message says it all.
    pub text: String,
}

/// One fault of one text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// A stable word such as `no-parse`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence in lower case without a final dot.
    pub message: String,
    /// The places, the most important one first. Empty only if there is no text to point at.
    pub labels: Vec<Label>,
    /// What to do about it, if that is known.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label {
                span,
                text: String::new(),
            }],
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, span, message)
        }
    }

    /// An error that no place in a text is to blame for.
    pub fn without_place(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// The same with advice.
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The same with a further place.
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The first place, if there is one.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }

    /// Where its first place begins; 0 if it has none.
    pub fn start(&self) -> u32 {
        self.span().map_or(0, |span| span.start)
    }

    /// `file:line:column: error[code]: message` with the help on a line of its own: enough for
    /// logs and tests; a terminal deserves better.
    pub fn plain(&self, sources: &SourceMap) -> String {
        let mut text = String::new();
        if let Some(span) = self.span() {
            let position = sources.position(span);
            let name = &sources.source(span.source).name;
            text += &format!("{name}:{}:{}: ", position.line, position.column);
        }
        let severity = if self.is_error() { "error" } else { "warning" };
        text += &format!("{severity}[{}]: {}", self.code, self.message);
        if let Some(help) = &self.help {
            text += &format!("\n  help: {help}");
        }
        text
    }
}
