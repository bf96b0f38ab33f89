//! How Maude writes that an operator is computed by the engine.
//!
//! The one idea: Maude names a class of operators, one of its functions, and the operators and
//! terms that the function makes its results of; all of that follows from our hook.

use crate::builtin::Hook;
use crate::name::Name;
use crate::signature::{OpId, Signature};
use crate::syntax::lexer::Token;

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

/// Other operators: our hook, Maude's class, and the name of the function if the class has several.
const OTHERS: &[(&str, &str, &str)] = &[
    ("true", "SystemTrue", ""),
    ("false", "SystemFalse", ""),
    ("branch", "BranchSymbol", ""),
    ("successor", "SuccSymbol", ""),
    ("minus", "MinusSymbol", ""),
    ("divide", "DivisionSymbol", ""),
    ("strings", "StringSymbol", ""),
    ("quoted-ids", "QuotedIdentifierSymbol", ""),
    ("floats", "FloatSymbol", ""),
    ("random", "RandomOpSymbol", ""),
    ("model-check", "ModelCheckerSymbol", ""),
    ("string-append", "StringOpSymbol", "+"),
    ("string-length", "StringOpSymbol", "length"),
    ("string-substr", "StringOpSymbol", "substr"),
    ("string-find", "StringOpSymbol", "find"),
    ("string-rfind", "StringOpSymbol", "rfind"),
    ("string-less", "StringOpSymbol", "<"),
    ("string-less-equal", "StringOpSymbol", "<="),
    ("string-greater", "StringOpSymbol", ">"),
    ("string-greater-equal", "StringOpSymbol", ">="),
    ("string-upper", "StringOpSymbol", "upperCase"),
    ("string-lower", "StringOpSymbol", "lowerCase"),
    ("string-ascii", "StringOpSymbol", "ascii"),
    ("string-char", "StringOpSymbol", "char"),
    (
        "string-from-quoted-id",
        "QuotedIdentifierOpSymbol",
        "string",
    ),
    ("quoted-id-from-string", "QuotedIdentifierOpSymbol", "qid"),
];

/// What Maude's `special` attribute says: our hook, nothing if it needs none, or the class if
/// there is no such thing here.
pub(in super::super) fn hook_of(special: &[Token]) -> Result<Option<&'static str>, Name> {
    let after = |word: &str| {
        let at = special.iter().position(|token| token.is(word))?;
        Some(&special[at + 1..])
    };
    let Some([class, data @ ..]) = after("id-hook") else {
        // Operators of a redefined built-in that are found by their names.
        return Ok(None);
    };
    let function = match data {
        [open, function @ .., _] if open.is("(") => {
            let end = function.iter().position(|token| token.is(")"));
            let words = function.iter().take(end.unwrap_or(function.len()));
            words.map(Token::text).collect::<String>()
        }
        _ => String::new(),
    };
    let class = class.name;
    let hook = match class.as_str() {
        "ObjectConstructorSymbol" => return Ok(None),
        "EqualitySymbol" => match after("equalTerm") {
            Some([_, value, ..]) if value.is("false") => Some("unequal"),
            _ => Some("equal"),
        },
        "ACU_NumberOpSymbol" | "CUI_NumberOpSymbol" | "NumberOpSymbol" => (NUMBERS.iter())
            .find(|(_, known)| *known == function)
            .map(|&(hook, _)| hook),
        name => (OTHERS.iter())
            .find(|(_, class, known)| *class == name && (known.is_empty() || *known == function))
            .map(|&(hook, ..)| hook),
    };
    hook.map(Some).ok_or(class)
}

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
            None => match OTHERS.iter().find(|(known, ..)| *known == name) {
                Some((_, class, "")) => vec![Some(format!("id-hook {class}"))],
                Some((_, class, function)) => {
                    vec![Some(format!("id-hook {class} ({function})"))]
                }
                None => vec![Some(format!("hook {hook}"))],
            },
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
