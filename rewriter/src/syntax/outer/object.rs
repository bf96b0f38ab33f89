//! Declarations of object-oriented modules: classes, subclasses and messages.
//!
//! The one idea: they are said in terms of sorts and operators. A class is a sort below `Cid` with
//! a constant of its name; an attribute is an operator ``a`:_``; a message is an operator.
//!
//! Source: Maude manual 3.3, "Object-oriented modules".

use super::{Parsed, Parser};
use crate::name::Name;
use crate::source::Span;
use crate::syntax::ast::{
    Attributes, Gather, ModuleText, OperatorText, RenamingItem, SortText, Spanned,
};
use crate::syntax::lexer::lex;
use crate::syntax::outer::canonical_operator_name;

impl Parser<'_> {
    /// `class C | a : S, b : T .`
    pub(super) fn class(&mut self, start: Span, module: &mut ModuleText) -> Parsed<()> {
        let class = self.sort_name()?;
        let mut attributes = Vec::new();
        if self.accept("|") && !self.peek_is(".") {
            loop {
                let name = self.identifier("an attribute")?;
                self.expect(":")?;
                attributes.push((name, self.sort()?));
                if !self.accept(",") {
                    break;
                }
            }
        }
        self.period()?;
        let span = start.to(self.previous());
        module.sorts.push(class);
        module.sort_groups.push(1);
        let above = Spanned {
            name: Name::new("Cid"),
            span,
        };
        module.subsorts.push(vec![vec![class], vec![above]]);
        let constant = constant(class);
        let own = sort(class.name, class.span);
        module
            .operators
            .push(constructor(constant, Vec::new(), own, span));
        for (name, range) in attributes {
            let name = Spanned {
                name: attribute_operator(name.name),
                span: name.span,
            };
            let attribute = sort(Name::new("Attribute"), span);
            let mut operator = constructor(name, vec![range], attribute, span);
            operator.attributes.gather = Some(vec![Gather::Any]);
            module.operators.push(operator);
        }
        Ok(())
    }

    /// `msg m : S T -> Msg .`, or several with `msgs`.
    pub(super) fn messages(
        &mut self,
        start: Span,
        several: bool,
        module: &mut ModuleText,
    ) -> Parsed<()> {
        let n_before = module.operators.len();
        self.operators(start, several, module)?;
        for operator in &mut module.operators[n_before..] {
            operator.attributes.constructor = true;
            operator.attributes.other.push(Name::new("msg"));
        }
        Ok(())
    }
}

/// The constant of a class.
fn constant(class: Spanned) -> Spanned {
    let (tokens, _) = lex(class.span.source, class.name.as_str());
    Spanned {
        name: canonical_operator_name(&tokens),
        span: class.span,
    }
}

/// The operator of an attribute.
pub(super) fn attribute_operator(name: Name) -> Name {
    Name::new(&format!("{name}`:_"))
}

/// The renaming of the constant of a class, which goes with that of its sort.
pub(super) fn class_constant(from: Spanned, to: Spanned) -> RenamingItem {
    RenamingItem::Operator {
        from: constant(from),
        rank: Some((Vec::new(), sort(from.name, from.span))),
        to: constant(to),
        attributes: Box::default(),
    }
}

fn sort(name: Name, span: Span) -> SortText {
    SortText {
        name,
        is_kind: false,
        span,
    }
}

fn constructor(name: Spanned, domain: Vec<SortText>, range: SortText, span: Span) -> OperatorText {
    OperatorText {
        name,
        domain,
        range,
        partial: false,
        attributes: Attributes {
            constructor: true,
            ..Attributes::default()
        },
        span,
    }
}
