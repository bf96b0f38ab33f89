//! How Maude writes that an operator is computed by the engine.
//!
//! The one idea: Maude names a class of operators, one of its functions, and the operators and
//! terms that the function makes its results of; all of that follows from our hook.

use super::{Colon, Dialect, pretty_name};
use crate::builtin::Hook;
use crate::name::Name;
use crate::signature::{OpId, Signature};
use crate::syntax::lexer::Token;
use crate::syntax::library::own::OwnOperator;

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

/// What the function of a class needs beside its arguments.
#[derive(Clone, Copy)]
enum Need {
    Successor,
    Minus,
    Division,
    Strings,
    Floats,
    QuotedIds,
    Truth,
    NotFound,
}

/// Other operators: our hook, Maude's class, the name of the function if the class has several, and
/// what it needs.
const OTHERS: &[(&str, &str, &str, &[Need])] = &[
    ("true", "SystemTrue", "", &[]),
    ("false", "SystemFalse", "", &[]),
    ("branch", "BranchSymbol", "", &[]),
    ("successor", "SuccSymbol", "", &[]),
    ("minus", "MinusSymbol", "", &[]),
    (
        "divide",
        "DivisionSymbol",
        "",
        &[Need::Successor, Need::Minus],
    ),
    ("strings", "StringSymbol", "", &[]),
    ("quoted-ids", "QuotedIdentifierSymbol", "", &[]),
    ("floats", "FloatSymbol", "", &[]),
    ("random", "RandomOpSymbol", "", &[Need::Successor]),
    ("model-check", "ModelCheckerSymbol", "", &[]),
    ("string-append", "StringOpSymbol", "+", &[Need::Strings]),
    (
        "string-length",
        "StringOpSymbol",
        "length",
        &[Need::Strings, Need::Successor],
    ),
    (
        "string-substr",
        "StringOpSymbol",
        "substr",
        &[Need::Strings, Need::Successor],
    ),
    (
        "string-find",
        "StringOpSymbol",
        "find",
        &[Need::Strings, Need::Successor, Need::NotFound],
    ),
    (
        "string-rfind",
        "StringOpSymbol",
        "rfind",
        &[Need::Strings, Need::Successor, Need::NotFound],
    ),
    (
        "string-less",
        "StringOpSymbol",
        "<",
        &[Need::Strings, Need::Truth],
    ),
    (
        "string-less-equal",
        "StringOpSymbol",
        "<=",
        &[Need::Strings, Need::Truth],
    ),
    (
        "string-greater",
        "StringOpSymbol",
        ">",
        &[Need::Strings, Need::Truth],
    ),
    (
        "string-greater-equal",
        "StringOpSymbol",
        ">=",
        &[Need::Strings, Need::Truth],
    ),
    (
        "string-upper",
        "StringOpSymbol",
        "upperCase",
        &[Need::Strings],
    ),
    (
        "string-lower",
        "StringOpSymbol",
        "lowerCase",
        &[Need::Strings],
    ),
    (
        "string-ascii",
        "StringOpSymbol",
        "ascii",
        &[Need::Strings, Need::Successor],
    ),
    (
        "string-char",
        "StringOpSymbol",
        "char",
        &[Need::Strings, Need::Successor],
    ),
    (
        "string-from-quoted-id",
        "QuotedIdentifierOpSymbol",
        "string",
        &[Need::QuotedIds, Need::Strings],
    ),
    (
        "quoted-id-from-string",
        "QuotedIdentifierOpSymbol",
        "qid",
        &[Need::QuotedIds, Need::Strings],
    ),
    ("float-minus", "FloatOpSymbol", "-", &[Need::Floats]),
    ("float-subtract", "FloatOpSymbol", "-", &[Need::Floats]),
    ("float-add", "FloatOpSymbol", "+", &[Need::Floats]),
    ("float-multiply", "FloatOpSymbol", "*", &[Need::Floats]),
    ("float-divide", "FloatOpSymbol", "/", &[Need::Floats]),
    ("float-remainder", "FloatOpSymbol", "rem", &[Need::Floats]),
    ("float-power", "FloatOpSymbol", "^", &[Need::Floats]),
    ("float-absolute", "FloatOpSymbol", "abs", &[Need::Floats]),
    ("float-floor", "FloatOpSymbol", "floor", &[Need::Floats]),
    ("float-ceiling", "FloatOpSymbol", "ceiling", &[Need::Floats]),
    ("float-minimum", "FloatOpSymbol", "min", &[Need::Floats]),
    ("float-maximum", "FloatOpSymbol", "max", &[Need::Floats]),
    ("float-sqrt", "FloatOpSymbol", "sqrt", &[Need::Floats]),
    ("float-exp", "FloatOpSymbol", "exp", &[Need::Floats]),
    ("float-log", "FloatOpSymbol", "log", &[Need::Floats]),
    ("float-sin", "FloatOpSymbol", "sin", &[Need::Floats]),
    ("float-cos", "FloatOpSymbol", "cos", &[Need::Floats]),
    ("float-tan", "FloatOpSymbol", "tan", &[Need::Floats]),
    ("float-asin", "FloatOpSymbol", "asin", &[Need::Floats]),
    ("float-acos", "FloatOpSymbol", "acos", &[Need::Floats]),
    ("float-atan", "FloatOpSymbol", "atan", &[Need::Floats]),
    (
        "float-less",
        "FloatOpSymbol",
        "<",
        &[Need::Floats, Need::Truth],
    ),
    (
        "float-less-equal",
        "FloatOpSymbol",
        "<=",
        &[Need::Floats, Need::Truth],
    ),
    (
        "float-greater",
        "FloatOpSymbol",
        ">",
        &[Need::Floats, Need::Truth],
    ),
    (
        "float-greater-equal",
        "FloatOpSymbol",
        ">=",
        &[Need::Floats, Need::Truth],
    ),
    (
        "float-from-rational",
        "FloatOpSymbol",
        "float",
        &[Need::Floats, Need::Successor, Need::Minus, Need::Division],
    ),
    (
        "rational-from-float",
        "FloatOpSymbol",
        "rat",
        &[Need::Floats, Need::Successor, Need::Minus, Need::Division],
    ),
    (
        "string-from-float",
        "StringOpSymbol",
        "string",
        &[Need::Strings, Need::Floats],
    ),
    (
        "float-from-string",
        "StringOpSymbol",
        "float",
        &[Need::Strings, Need::Floats],
    ),
    (
        "string-from-rational",
        "StringOpSymbol",
        "string",
        &[Need::Strings, Need::Successor, Need::Minus, Need::Division],
    ),
    (
        "rational-from-string",
        "StringOpSymbol",
        "rat",
        &[Need::Strings, Need::Successor, Need::Minus, Need::Division],
    ),
];

/// What Maude's `special` attribute says: our hook, nothing if it needs none, or the class if
/// there is no such thing here.
pub(in super::super) fn hook_of(
    special: &[Token],
    arity: usize,
) -> Result<Option<&'static str>, Name> {
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
        // One name for two functions.
        "FloatOpSymbol" if function == "-" && arity == 2 => Some("float-subtract"),
        "StringOpSymbol" if function == "string" && arity == 2 => Some("string-from-rational"),
        name => (OTHERS.iter())
            .find(|(_, class, known, _)| *class == name && (known.is_empty() || *known == function))
            .map(|&(hook, ..)| hook),
    };
    hook.map(Some).ok_or(class)
}

/// The `special` attribute of an operator, if it has one.
pub(super) fn special(signature: &Signature, op: OpId, dialect: Dialect) -> Option<String> {
    let operator = signature.operator(op);
    let hook = operator.attributes.hook?;
    let hooked = |name: &str, hook: Hook| operator_hook(signature, name, hook, dialect);
    let successor = || hooked("succSymbol", Hook::Successor);
    let minus = || hooked("minusSymbol", Hook::Minus);
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
                Some((_, class, function, needs)) => {
                    let function = match *function {
                        "" => String::new(),
                        function => format!(" ({function})"),
                    };
                    let mut lines = vec![Some(format!("id-hook {class}{function}"))];
                    for need in *needs {
                        lines.extend(needed(signature, *need, dialect));
                    }
                    lines
                }
                None => vec![Some(format!("hook {hook}"))],
            },
        },
    };
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    Some(format!("special (\n    {})", lines.join("\n    ")))
}

/// The lines for what a function needs.
fn needed(signature: &Signature, need: Need, dialect: Dialect) -> Vec<Option<String>> {
    let term = |name: &str, value: &str| Some(format!("term-hook {name} ({value})"));
    let (name, hook) = match need {
        Need::Truth => return vec![term("trueTerm", "true"), term("falseTerm", "false")],
        Need::NotFound => return vec![term("notFoundTerm", "notFound")],
        Need::Successor => ("succSymbol", Hook::Successor),
        Need::Minus => ("minusSymbol", Hook::Minus),
        Need::Division => ("divisionSymbol", Hook::Divide),
        Need::Strings => ("stringSymbol", Hook::Strings),
        Need::Floats => ("floatSymbol", Hook::Floats),
        Need::QuotedIds => ("quotedIdentifierSymbol", Hook::QuotedIds),
    };
    vec![operator_hook(signature, name, hook, dialect)]
}

/// `op-hook succSymbol (s_ : Nat ~> NzNat)`, if there is such an operator.
fn operator_hook(
    signature: &Signature,
    name: &str,
    hook: Hook,
    dialect: Dialect,
) -> Option<String> {
    let op = signature.operators().find(|&op| {
        let attached = signature.operator(op).attributes.hook;
        attached.is_some_and(|attached| attached.as_str() == hook.name())
    })?;
    hook_text(signature, name, op, dialect)
}

fn hook_text(signature: &Signature, name: &str, op: OpId, dialect: Dialect) -> Option<String> {
    let operator = signature.operator(op);
    let declaration = operator.declarations.first()?;
    let domain: String = (declaration.domain.iter())
        .map(|&sort| format!("{} ", signature.sort(sort).name))
        .collect();
    let range = signature.sort(declaration.range).name;
    Some(format!(
        "op-hook {name} ({} : {domain}~> {range})",
        match dialect {
            Dialect::Earlier => operator.name.to_string(),
            Dialect::Later => pretty_name(operator.name, Colon::Anywhere),
        }
    ))
}

/// What Maude 3.5 says of the constructor of objects, which is no built-in here.
pub(super) fn object_constructor(
    signature: &Signature,
    op: OpId,
    declaration: &OwnOperator,
) -> Option<String> {
    let is_constructor = declaration.roles.iter().any(|role| role.as_str() == "obj");
    let kind = *signature
        .operator(op)
        .domain
        .last()
        .filter(|_| is_constructor)?;
    let mut joining = signature.operators_named(Name::new("_`,_"), 2).iter();
    let joining = *joining.find(|&&op| signature.operator(op).range == kind)?;
    let hook = hook_text(signature, "attributeSetSymbol", joining, Dialect::Later)?;
    Some(format!(
        "special (\n    id-hook ObjectConstructorSymbol\n    {hook})"
    ))
}
