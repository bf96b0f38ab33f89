//! A term that no engine owns yet: nodes in a list, arguments before what they are
//! arguments of, so that translating one is a loop.
//!
//! A node may be an argument of several others (types are written once); a tree printed
//! as text repeats it.

use std::sync::Arc;

use crate::vocabulary::Operator;

/// The place of a node in a [`Tree`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The place as a number from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) fn from_index(index: usize) -> Self {
        Self(index as u32)
    }
}

/// One node.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An operator with its arguments; an associative one may have more than two.
    Apply(Operator, Vec<NodeId>),
    /// An integer.
    Int(i64),
    /// A finite floating-point number.
    Float(f64),
    /// A string.
    String(Arc<str>),
    /// A quoted identifier, without its quote.
    Quoted(Arc<str>),
}

/// A term.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    nodes: Vec<Node>,
    root: NodeId,
}

/// Lines of printed terms are broken behind the first comma after this many bytes.
const WIDTH: usize = 90;

impl Tree {
    pub(super) fn new(nodes: Vec<Node>, root: NodeId) -> Self {
        Self { nodes, root }
    }

    /// The nodes; arguments stand before what they are arguments of.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node that is the whole term.
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The term as Maude reads it, every operator in prefix form.
    #[must_use]
    pub fn to_maude(&self) -> String {
        enum Step {
            Node(NodeId),
            Text(&'static str),
        }
        let mut text = String::new();
        let mut line_start = 0;
        let mut open = vec![Step::Node(self.root)];
        while let Some(step) = open.pop() {
            match step {
                Step::Text(piece) => {
                    text.push_str(piece);
                    if piece == "," && text.len() - line_start > WIDTH {
                        text.push('\n');
                        line_start = text.len();
                    }
                }
                Step::Node(id) => match &self.nodes[id.index()] {
                    Node::Apply(operator, arguments) => {
                        text.push_str(operator.signature().name);
                        if !arguments.is_empty() {
                            open.push(Step::Text(")"));
                            for (index, argument) in arguments.iter().enumerate().rev() {
                                open.push(Step::Node(*argument));
                                open.push(Step::Text(if index == 0 { "(" } else { "," }));
                            }
                        }
                    }
                    Node::Int(number) => text.push_str(&number.to_string()),
                    Node::Float(number) => text.push_str(&format!("{number:?}")),
                    Node::String(string) => quote(string, &mut text),
                    Node::Quoted(name) => {
                        text.push('\'');
                        text.push_str(name);
                    }
                },
            }
        }
        text
    }
}

/// A string as Maude writes it: escapes for quotes, backslashes and control characters,
/// other bytes outside ASCII in octal.
fn quote(string: &str, text: &mut String) {
    text.push('"');
    for byte in string.bytes() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\r' => text.push_str("\\r"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_maude_reads_them() {
        let mut text = String::new();
        quote("a\"\\\né\u{1}", &mut text);
        assert_eq!(text, r#""a\"\\\n\303\251\001""#);
    }
}
