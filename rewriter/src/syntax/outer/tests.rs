use super::*;
use crate::syntax::ast::*;

fn parse_text(text: &str) -> (Vec<Item>, Vec<Diagnostic>) {
    parse(SourceId(0), text)
}

fn module(text: &str) -> ModuleText {
    let (mut items, diagnostics) = parse_text(text);
    assert_eq!(diagnostics, []);
    match items.remove(0) {
        Item::Module(module) => module,
        item => panic!("{item:?}"),
    }
}

fn words(bubble: &[Token]) -> String {
    bubble.iter().map(Token::text).collect::<Vec<_>>().join(" ")
}

#[test]
fn operator_names_are_canonical() {
    let module = module(
        "mod M is sorts S T . subsorts S < T .
           op [_,_] : S S -> S . op (( pgm: _ )) : S -> S . op start state__ : S S -> S .
           op _ = new_(_) ; : S S S -> S . op foo bar : -> S . ops a (g _) b : -> S .
           op _ ~> _ : S S ~> S . op _~>_ : S [T] -> [S,T] [prec 3 gather (e E) id: (a b) ctor] .
           op {} : -> S . op (_) : S -> S .
         endm",
    );
    let names: Vec<&str> = module
        .operators
        .iter()
        .map(|op| op.name.name.as_str())
        .collect();
    let expected = [
        "`[_`,_`]",
        "`(pgm:_`)",
        "start`state__",
        "_=`new_`(_`);",
        "foo`bar",
        "a",
        "g_",
        "b",
        "_~>_",
        "_~>_",
        "`{`}",
        "_",
    ];
    assert_eq!(names, expected);
    assert!(module.operators[8].partial);
    let last = &module.operators[9];
    assert!(!last.partial && last.domain[1].is_kind && last.range.is_kind);
    assert_eq!(last.attributes.precedence, Some(3));
    assert_eq!(
        last.attributes.gather,
        Some(vec![Gather::Below, Gather::AtMost])
    );
    assert!(last.attributes.constructor);
    assert_eq!(
        words(&last.attributes.identity.as_ref().unwrap().1),
        "( a b )"
    );
}

#[test]
fn a_period_ends_a_statement_before_a_declaration_only() {
    let module = module(
        "mod M is eq f(a) = b . c . eq [x] : (a . eq b) = [ c ] . rl [l] : a => b [print \"x\" X owise]
         . mb [a] : S . mb [l] : a : S . endm",
    );
    let texts: Vec<String> = module.statements.iter().map(|s| words(&s.bubble)).collect();
    assert_eq!(
        texts,
        [
            "f ( a ) = b . c",
            "( a . eq b ) = [ c ]",
            "a => b",
            "[ a ] : S",
            "a : S"
        ]
    );
    let labels: Vec<Option<&str>> = module
        .statements
        .iter()
        .map(|s| s.label.map(|l| l.name.as_str()))
        .collect();
    assert_eq!(labels, [None, Some("x"), Some("l"), None, Some("l")]);
    assert!(module.statements[2].attributes.owise);
}

#[test]
fn a_command_ends_at_the_end_of_a_line() {
    let (items, diagnostics) = parse_text(
        "red f(a) . red b .\nsearch [1, 2] in M : a =>* X:S s.t.\n b = c . *** d\nsearch [,3] a =>! b .
         load \"a b.maude\"\nin c.maude .\nshow path 3 .\nset show timing off .\nred in a. \nq",
    );
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, "missing-space");
    let shown: Vec<String> = items
        .iter()
        .map(|item| match item {
            Item::Command(Command { action, .. }) => match action {
                Action::Reduce { bubble, .. } => words(bubble),
                Action::Search {
                    solutions,
                    depth,
                    bubble,
                    module,
                } => {
                    format!(
                        "{solutions:?} {depth:?} {} {}",
                        module.is_some(),
                        words(bubble)
                    )
                }
                other => format!("{other:?}"),
            },
            Item::Module(_) => "module".to_owned(),
            Item::View(_) => "view".to_owned(),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "f ( a ) . red b",
            "Some(1) Some(2) true a =>* X:S s.t. b = c",
            "None Some(3) false a =>! b",
            "Load(\"a b.maude\")",
            "Load(\"c.maude\")",
            "ShowPath { labels: false, state: 3 }",
            "Set { words: [\"show\", \"timing\"], on: false }",
            "in a",
            "Quit"
        ]
    );
}

#[test]
fn renamings_and_sums_are_read() {
    let module = module(
        "fmod M is protecting INT * (op _and_ : Bool Bool -> Bool to _andBool_ [prec 55], \
         op _,_ to _;_, sort A to B, label l to m) + NAT . endfm",
    );
    let ModuleExpression::Sum(terms) = &module.imports[0].module else {
        panic!()
    };
    let ModuleExpression::Renaming(_, items) = &terms[0] else {
        panic!()
    };
    assert_eq!(items.len(), 4);
    let RenamingItem::Operator {
        from,
        rank,
        to,
        attributes,
    } = &items[0]
    else {
        panic!()
    };
    assert_eq!(
        (from.name.as_str(), to.name.as_str()),
        ("_and_", "_andBool_")
    );
    assert_eq!(rank.as_ref().unwrap().0.len(), 2);
    assert_eq!(attributes.precedence, Some(55));
    let RenamingItem::Operator { from, to, .. } = &items[1] else {
        panic!()
    };
    assert_eq!((from.name.as_str(), to.name.as_str()), ("_`,_", "_;_"));
}

#[test]
fn several_mistakes_are_found_at_once() {
    let (items, diagnostics) = parse_text(
        "mod M is sort . sorts A B subsort A < B . op f : A -> . foo bar . op g : A -> B [asoc] .
         eq a = b . endm\nfoo .\nred a .\n",
    );
    let codes: Vec<&str> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    assert_eq!(
        codes,
        [
            "unexpected-token",
            "unexpected-token",
            "bad-attribute",
            "unknown-command"
        ],
        "{diagnostics:?}"
    );
    assert_eq!(items.len(), 2);
    let (_, diagnostics) = parse_text("mod M is eq (a = b . endm");
    assert_eq!(diagnostics[0].code, "missing-period");
}
