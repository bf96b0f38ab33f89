//! Trees of the lowering as terms of the engine.

use std::collections::BTreeMap;

use rewriter::builtin::Hook;
use rewriter::integer::Int;
use rewriter::load::LoadedModule;
use rewriter::pattern::Literal;
use rewriter::signature::OpId;
use rewriter::term::{Store, TermId};

use crate::lower::{Node, Tree};
use crate::vocabulary::Operator;

/// The engine's operators for those of the vocabulary.
#[derive(Clone, Debug)]
pub(super) struct Builder {
    operators: BTreeMap<Operator, OpId>,
    strings: OpId,
    quoted: OpId,
    floats: OpId,
}

impl Builder {
    /// Looks the operators up; all of them must be there.
    pub(super) fn new(module: &LoadedModule) -> Result<Builder, String> {
        let mut operators = BTreeMap::new();
        for operator in Operator::ALL {
            let signature = operator.signature();
            let op = module
                .operator_over(signature.name, signature.arguments, signature.result)
                .map_err(|error| error.to_string())?;
            operators.insert(*operator, op);
        }
        let literal = |hook, what: &str| {
            module
                .module()
                .operator_with(hook)
                .ok_or_else(|| format!("the rules do not import {what}"))
        };
        Ok(Builder {
            operators,
            strings: literal(Hook::Strings, "STRING")?,
            quoted: literal(Hook::QuotedIds, "QID")?,
            floats: literal(Hook::Floats, "FLOAT")?,
        })
    }

    /// The term of a tree.
    pub(super) fn build(&self, tree: &Tree, store: &mut Store) -> TermId {
        let mut terms: Vec<TermId> = Vec::with_capacity(tree.nodes().len());
        let mut arguments = Vec::new();
        for node in tree.nodes() {
            let term = match node {
                Node::Apply(operator, children) => {
                    arguments.clear();
                    arguments.extend(children.iter().map(|child| terms[child.index()]));
                    store.make(self.operators[operator], &arguments)
                }
                Node::Int(number) => {
                    store.make_integer(&Int::Small(*number)).unwrap_or_else(|| {
                        unreachable!("the rules import INT, whose operators were found")
                    })
                }
                Node::Float(number) => store.make_literal(self.floats, &Literal::Float(*number)),
                Node::String(text) => {
                    store.make_literal(self.strings, &Literal::String(text.as_ref().into()))
                }
                Node::Quoted(name) => {
                    store.make_literal(self.quoted, &Literal::QuotedId(name.as_ref().into()))
                }
            };
            terms.push(term);
        }
        terms[tree.root().index()]
    }
}
