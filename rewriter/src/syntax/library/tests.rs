use super::*;
use crate::syntax::ast::Action;
use crate::syntax::printer::PrintOptions;
use crate::syntax::printer::Printer;

fn library(text: &str) -> (Library, Vec<crate::syntax::ast::Command>) {
    let mut library = Library::new();
    let mut commands = Vec::new();
    for item in library.parse(Source::new("test", text)) {
        match item {
            Item::Module(module) => {
                library.define(module);
            }
            Item::View(view) => library.define_view(view),
            Item::Command(command) => match &command.action {
                Action::Set { words, on } if words[0].as_str() == "include" => {
                    library.set_automatic(words[1], *on);
                }
                _ => commands.push(command),
            },
        }
    }
    (library, commands)
}

fn faults(library: &Library) -> Vec<String> {
    library
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.plain(&library.sources))
        .collect()
}

#[test]
fn the_prelude_is_right() {
    let mut library = Library::new();
    for name in library.prelude.names().collect::<Vec<_>>() {
        let id = library.module_named(name).unwrap();
        library.module(id);
    }
    assert_eq!(faults(&library), [""; 0]);
}

#[test]
fn statements_are_carried_into_importing_modules() {
    let (mut library, _) = library(
        "mod A is sort S . op a : -> S . op f : S -> S . var X : S . eq f(X) = X . rl [r] : a => f(a) . endm
         mod B is protecting A . sort T . subsort S < T . op b : -> T . rl [s] : b => a . endm",
    );
    let id = library.current().unwrap();
    let module = library.module(id).unwrap();
    assert_eq!(faults(&library), [""; 0]);
    let labels: Vec<Option<&str>> = module
        .statements()
        .iter()
        .map(|s| s.label.map(Name::as_str))
        .take(3)
        .collect();
    assert_eq!(labels, [Some("s"), None, None]);
    let last = module.statements().last().unwrap();
    assert_eq!(last.label, Some(Name::new("r")));
}

#[test]
fn renaming_reaches_the_imports() {
    let (mut library, _) = library(
        "fmod M is protecting INT * (op _+_ to _plus_ [prec 20], op _-_ : Int Int -> Int to _minus_,
           sort Nat to N, op _and_ to and) .
           op f : N -> N . var X : N . eq f(X) = X plus 1 . endfm",
    );
    let id = library.current().unwrap();
    let module = library.module(id);
    assert_eq!(faults(&library), [""; 0]);
    let module = module.unwrap();
    let signature = module.signature();
    assert_eq!(signature.operators_named(Name::new("_plus_"), 2).len(), 1);
    assert_eq!(signature.operators_named(Name::new("_minus_"), 2).len(), 1);
    assert!(signature.operators_named(Name::new("_+_"), 2).is_empty());
    assert!(signature.sort_named(Name::new("Nat")).is_none());
    // The unrenamed Booleans come along by the automatic import.
    assert_eq!(signature.operators_named(Name::new("and"), 2).len(), 1);
}

#[test]
fn mistakes_are_found_together() {
    let (mut library, _) = library(
        "fmod M is sorts S T . op a : -> S . op f : Foo -> S . op g_h : S S -> S .
           var X : S . eq f(X) = a . eq a = X . eq a = bb . eq a = a a .
           rl a => a . endfm
         fmod N is protecting Nat . op c : -> Bool . eq c = tru . endfm",
    );
    for id in library.user_modules() {
        library.module(id);
    }
    let found = faults(&library);
    let expected =
        "test:4:31: error[unknown-module]: there is no module `Nat`\n  help: did you mean `NAT`?";
    assert_eq!(found[0], expected);
    let codes: Vec<&str> = library
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    assert_eq!(
        codes,
        [
            "unknown-module",
            "underscores",
            "unknown-sort",
            "no-parse",
            "unbound-variable",
            "unknown-token",
            "no-parse",
            "rule-in-functional-module",
            "unknown-token",
        ],
        "{found:#?}"
    );
}

#[test]
fn sort_tests_become_operators() {
    let (mut library, _) = library(
        "fmod M is protecting INT . op f : Int -> Bool . var I : Int . eq f(I) = not I :: Nat .
         ceq f(I) = true if I :: NzNat . endfm",
    );
    let id = library.current().unwrap();
    let module = library.module(id);
    assert_eq!(faults(&library), [""; 0]);
    let module = module.unwrap();
    assert_eq!(
        module
            .signature()
            .operators_named(Name::new("_::`Nat"), 1)
            .len(),
        1
    );
}

#[test]
fn a_long_chain_of_modules_needs_no_stack() {
    let mut text = "fmod M0 is sort S . op a : -> S . endfm\n".to_owned();
    for index in 1..300 {
        text += &format!("fmod M{index} is protecting M{} . endfm\n", index - 1);
    }
    let (mut library, _) = library(&text);
    let id = library.current().unwrap();
    assert!(library.module(id).is_some());
    assert_eq!(faults(&library), [""; 0]);
}

#[test]
fn objects_in_statements_are_completed() {
    let (mut library, _) = library(
        "omod BANK is protecting NAT . protecting QID . subsort Qid < Oid .
           class Account | balance : Nat, owner : Qid . class Saver | rate : Nat .
           subclass Saver < Account . msg credit : Oid Nat -> Msg . msgs open close : Oid -> Msg .
           vars O O' : Oid . vars M N : Nat . var As : AttributeSet .
           rl credit(O, M) < O : Account | balance : N > => < O : Account | balance : N + M > .
           rl open(O) < O : Account | > => < O : Account | owner : 'me > .
           rl close(O) < O : Account | balance : N, As > => none .
           eq < O : Saver | rate : 0 > = < O : Account | rate : 0 > [nonexec] . endom",
    );
    let id = library.current().unwrap();
    let module = library.module(id).unwrap();
    assert_eq!(faults(&library), [""; 0]);
    let elaborated = library.elaborate(id);
    let mut printer = Printer::new(module.signature()).with_aliases(&elaborated.variables);
    let statements: Vec<String> = (module.statements()[..4].iter())
        .map(|statement| printer.statement(statement))
        .collect();
    assert_eq!(
        statements,
        [
            "rl credit(O, M) < O : V:Account | Atts:AttributeSet,balance : N > => \
             < O : V:Account | Atts:AttributeSet,balance : (N + M) > .",
            "rl open(O) < O : V:Account | Atts:AttributeSet,owner : A:[Oid] > => \
             < O : V:Account | Atts:AttributeSet,owner : 'me > .",
            "rl close(O) < O : V:Account | As,balance : N > => (none).Configuration .",
            "eq < O : V:Saver | Atts:AttributeSet,rate : 0 > = < O : Account | rate : 0 > [nonexec] .",
        ]
    );
}

#[test]
fn what_uses_a_redefined_module_or_view_is_made_anew() {
    let (mut library, _) = library(
        "fth T is sort E . op f : E -> E . endfth
         fmod M{X :: T} is op g : X$E -> X$E . var X : X$E . eq g(X) = f(X) . endfm
         fmod FOO is sort Foo . op h : Foo -> Foo . endfm
         view V from T to FOO is sort E to Foo . op f to h . endv
         fmod TEST is including M{V} . endfm
         fmod FOO is sort Foo . op h : Foo -> Foo . op c : -> Foo . endfm
         view V from T to FOO is sort E to Foo . var X : E . op f(X) to term c . endv",
    );
    let id = library.module_named(Name::new("TEST")).unwrap();
    let equations = library.describe(id, Aspect::Equations, PrintOptions::default());
    assert!(equations.contains("eq g(X:Foo) = c .\n"), "{equations}");
    library.check();
    let errors = library
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error());
    assert_eq!(errors.count(), 0);
}

#[test]
fn a_view_does_not_use_itself() {
    let (library, _) = library("view S from TRIV to SET{S} is sort Elt to Set{S} . endv");
    assert_eq!(library.diagnostics[0].code, "recursive-view");
}

#[test]
fn an_identity_that_raises_the_sort_is_suspicious() {
    let (mut library, _) =
        library("fmod M is sort S . op f : S [S] -> S [id: e] . op e : -> S . endfm");
    library.check();
    let codes: Vec<&str> = library.diagnostics.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["identity-collapse"]);
}

/// What `show modules` lists beside the prelude.
fn made(text: &str) -> Vec<String> {
    let of_prelude = Library::new().describe_modules();
    let (mut library, _) = library(text);
    assert_eq!(faults(&library), [""; 0]);
    let shown = library.describe_modules();
    let lines = shown
        .lines()
        .filter(|line| !of_prelude.lines().any(|known| known == *line));
    lines.map(str::to_owned).collect()
}

// 2026-11-22: the names are those that Maude 3.2 lists.
#[test]
fn modules_made_of_others_are_called_as_in_maude() {
    let list = "List{Pair{Pair{Nat,Qid},Nat}}";
    let shown = made(&format!(
        "fmod PAIR{{X :: TRIV, Y :: TRIV}} is sort Pair{{X,Y}} . \
           op <_;_> : X$Elt Y$Elt -> Pair{{X,Y}} . endfm \
         view Pair{{X :: TRIV, Y :: TRIV}} from TRIV to PAIR{{X, Y}} is \
           sort Elt to Pair{{X,Y}} . endv \
         fmod ZIP{{X :: TRIV}} is pr LIST{{Pair{{X, Nat}}}} * (op __ to _._) . \
           op z : X$Elt -> Bool . endfm \
         fmod USE is pr ZIP{{Pair{{Nat, Qid}}}} * (op z to zz, \
           op __ : {list} {list} -> {list} to _;_, op _._ : {list} {list} -> {list} to _;_) . endfm",
    ));
    let kind = format!("[{list},Pair{{Pair{{Nat,Qid}},Nat}},Ne{list}]");
    let renamed = format!("op _._ : {kind} {kind} -> {kind} to _;_");
    let names = [
        "fmod PAIR".to_owned(),
        "fmod ZIP".to_owned(),
        "fmod USE".to_owned(),
        "fmod PAIR{[X], [Y]}".to_owned(),
        "fmod PAIR{[X], Nat}".to_owned(),
        "fmod LIST{Pair{[X], Nat}}".to_owned(),
        "fmod LIST{Pair{[X], Nat}} * (op __ to _._)".to_owned(),
        "fmod PAIR{Nat, Qid}".to_owned(),
        "fmod ZIP{Pair{Nat, Qid}}".to_owned(),
        "fmod PAIR{Pair{Nat, Qid}, Nat}".to_owned(),
        "fmod LIST{Pair{Pair{Nat, Qid}, Nat}}".to_owned(),
        "fmod LIST{Pair{Pair{Nat, Qid}, Nat}} * (op __ to _._)".to_owned(),
        format!("fmod ZIP{{Pair{{Nat, Qid}}}} * ({renamed}, op z to zz)"),
        format!("fmod LIST{{Pair{{Pair{{Nat, Qid}}, Nat}}}} * (op __ to _._) * ({renamed})"),
    ];
    assert_eq!(shown, names);
}

#[test]
fn names_that_only_look_parameterized_are_not_captured() {
    let (mut library, _) =
        library("fmod FOO is sort Foo{X} . endfm fmod BAR{X :: TRIV} is pr FOO . endfm");
    library.check();
    let faults = faults(&library);
    assert_eq!(faults.len(), 1);
    assert!(faults[0].contains("captured-parameter"), "{}", faults[0]);
}

#[test]
fn parameters_are_given_before_a_module_is_imported() {
    let (mut library, _) = library("fmod FOO is pr LIST . endfm fmod BAR is pr LIST + SET . endfm");
    library.check();
    let faults = faults(&library);
    assert_eq!(faults.len(), 2);
    assert!(faults[0].contains("bad-import"), "{}", faults[0]);
    assert!(faults[1].contains("bad-sum"), "{}", faults[1]);
}

// 2026-11-22: at the end of a statement the parser skips links between a phrase and the whole.
#[test]
fn of_several_readings_the_one_that_nests_left_is_taken() {
    let (mut library, _) = library(
        "fmod P is sort S . op _*_ : S S -> S . op f : S -> S . ops a b c : -> S . \
         eq f(a * b * c) = a * b * c . ceq f(b) = c if a * b * c = a * b * c . endfm",
    );
    let id = library.current().unwrap();
    let equations = library.describe(id, Aspect::Equations, PrintOptions::default());
    let own: Vec<&str> = equations.lines().take(2).collect();
    let expected = [
        "eq f((a * b) * c) = (a * b) * c .",
        "ceq f(b) = c if (a * b) * c = (a * b) * c .",
    ];
    assert_eq!(own, expected);
}
