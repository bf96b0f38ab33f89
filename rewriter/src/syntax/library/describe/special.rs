//! How Maude writes that an operator is computed by the engine.
//!
//! The one idea: Maude names a class of operators, one of its functions, and the operators and
//! terms that the function makes its results of; all of that follows from our hook.

use crate::builtin::Hook;
use crate::name::Name;
use crate::signature::{OpId, Signature};

/// Functions on numbers: our hook and Maude's name.
const NUMBERS: &[(&str, &str)] = &[
    ("add", "+"),
    ("multiply", "*"),
    ("symmetric-difference", "sd"),
    ("quotient", "quo"),
    ("remainder", "rem"),
    ("power", "^"),
    ("modular-power", "modExp"),
    ("gcd", "gcd"),
    ("lcm", "lcm"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("bit-xor", "xor"),
    ("bit-and", "&"),
    ("bit-or", "|"),
    ("shift-right", ">>"),
    ("shift-left", "<<"),
    ("less", "<"),
    ("less-equal", "<="),
    ("greater", ">"),
    ("greater-equal", ">="),
    ("divides", "divides"),
    ("subtract", "-"),
    ("absolute", "abs"),
    ("bit-not", "~"),
];

/// The `special` attribute of an operator, if it has one.
pub(super) fn special(signature: &Signature, op: OpId) -> Option<String> {
    let operator = signature.operator(op);
    let hook = operator.attributes.hook?;
    let successor = || operator_hook(signature, "succSymbol", Hook::Successor);
    let minus = || operator_hook(signature, "minusSymbol", Hook::Minus);
    let term = |name: &str, value: &str| Some(format!("term-hook {name} ({value})"));
    let lines: Vec<Option<String>> = match hook.as_str() {
        "true" => vec![Some("id-hook SystemTrue".to_owned())],
        "false" => vec![Some("id-hook SystemFalse".to_owned())],
        "branch" => vec![
            Some("id-hook BranchSymbol".to_owned()),
            term("1", "true"),
            term("2", "false"),
        ],
        "equal" | "unequal" => {
            let (same, other) = if hook.as_str() == "equal" {
                ("true", "false")
            } else {
                ("false", "true")
            };
            vec![
                Some("id-hook EqualitySymbol".to_owned()),
                term("equalTerm", same),
                term("notEqualTerm", other),
            ]
        }
        "zero" => return None,
        "successor" => vec![Some("id-hook SuccSymbol".to_owned()), term("zeroTerm", "0")],
        "minus" => vec![Some("id-hook MinusSymbol".to_owned()), successor(), minus()],
        name => match NUMBERS.iter().find(|(known, _)| *known == name) {
            Some((_, function)) => {
                let axioms = operator.axioms();
                let class = match (axioms.assoc, axioms.comm) {
                    (true, true) => "ACU_NumberOpSymbol",
                    (false, true) => "CUI_NumberOpSymbol",
                    _ => "NumberOpSymbol",
                };
                let mut lines = vec![Some(format!("id-hook {class} ({function})"))];
                lines.push(successor());
                if !matches!(*function, "sd" | "modExp") {
                    lines.push(minus());
                }
                let range = operator.declarations.first()?.range;
                if signature.sort(range).name == Name::new("Bool") {
                    lines.extend([term("trueTerm", "true"), term("falseTerm", "false")]);
                }
                lines
            }
            None => vec![Some(format!("hook {hook}"))],
        },
    };
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    Some(format!("special (\n    {})", lines.join("\n    ")))
}

/// `op-hook succSymbol (s_ : Nat ~> NzNat)`, if there is such an operator.
fn operator_hook(signature: &Signature, name: &str, hook: Hook) -> Option<String> {
    let op = signature.operators().find(|&op| {
        let attached = signature.operator(op).attributes.hook;
        attached.is_some_and(|attached| attached.as_str() == hook.name())
    })?;
    let operator = signature.operator(op);
    let declaration = operator.declarations.first()?;
    let domain: Vec<&str> = (declaration.domain.iter())
        .map(|&sort| signature.sort(sort).name.as_str())
        .collect();
    let range = signature.sort(declaration.range).name;
    Some(format!(
        "op-hook {name} ({} : {} ~> {range})",
        operator.name,
        domain.join(" ")
    ))
}
