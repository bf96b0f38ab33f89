use super::*;

fn module(text: &str) -> LoadedModule {
    match load(&[Source::new("test.maude", text)]) {
        Ok(loaded) => {
            assert_eq!(loaded.warnings(), []);
            loaded.current().clone()
        }
        Err(rejected) => panic!("{}", rejected.plain()),
    }
}

/// Reads and prints; what is printed in either style must read back as the same pattern.
fn round(module: &LoadedModule, text: &str) -> String {
    let (pattern, variables) = match module.parse_pattern(text) {
        Ok(read) => read,
        Err(rejected) => panic!("{text}: {}", rejected.plain()),
    };
    let printed = module.print_pattern(&pattern, &variables);
    for style in [Style::Mixfix, Style::Prefix] {
        let text = module
            .printer()
            .with_style(style)
            .pattern(&pattern, &variables);
        match module.parse_pattern(&text) {
            Ok((again, _)) => {
                assert_eq!(module.print_pattern(&again, &variables), printed, "{text}");
            }
            Err(rejected) => panic!("{text}: {}", rejected.plain()),
        }
    }
    printed
}

#[test]
fn terms_print_as_maude_prints_them() {
    let module = module(
        "set include BOOL off .
         fmod B is sorts S T .
           op [_,_] : S S -> S . op {_} : S -> S . op <_|_> : S S -> S . op (( pgm: _ )) : S -> S .
           op start state__ : S S -> S . op _ = new_(_) ; : S S S -> S . op if(_)_else_ : S S S -> S .
           op f : S S -> S . op {} : -> S . op _,_ : S S -> S [assoc] . op foo bar : -> S .
           ops a b c : -> S . op a : -> T . op h : T -> S . op k : S -> S . op k : T -> T .
           op -_ : S -> S . op _! : S -> S . op __ : S S -> S [assoc prec 50] . op _:_ : S S -> S .
           op _;_ : S S -> S [assoc comm] . op _->_ : S S -> S [gather (E e)] .
         endfm",
    );
    // Left: what is read. Right: what Maude 3.2 prints for it.
    for (text, expected) in [
        ("[ b , c ]", "[b,c]"),
        ("{b}", "{b}"),
        ("< b | f(b, c) >", "< b | f(b, c) >"),
        ("( pgm: b )", "(pgm: b)"),
        ("start state b c", "start state b c"),
        ("b = new c(b) ;", "b = new c(b);"),
        ("if(b) b else c", "if(b)b else c"),
        ("{}", "{}"),
        ("b , c , b", "b,c,b"),
        ("foo bar", "foo bar"),
        ("h(a)", "h(a)"),
        ("(a).S", "(a).S"),
        ("(a).T", "(a).T"),
        ("k(b) !", "k(b) !"),
        ("(- - b) !", "(- - b) !"),
        ("b b c (b ; c)", "b b c b ; c"),
        ("b ; c ; b c", "b ; c ; b c"),
        ("b -> c -> b", "b -> c -> b"),
        ("b -> (c -> b)", "b -> (c -> b)"),
        ("(b : c) : c", "(b : c) : c"),
        ("b : (b ; c)", "b : b ; c"),
        ("[ - b , b ! ]", "[- b,b !]"),
        ("{ b b } {} (foo bar)", "{b b} {} foo bar"),
        ("_:_(b, c)", "b : c"),
        ("`[_`,_`](b, c)", "[b,c]"),
        ("b , {b} , [b,c] , f(b,c) b", "b,{b},[b,c],f(b, c) b"),
        ("X:S ; Y:[S]", "X:S ; Y:[S]"),
    ] {
        assert_eq!(round(&module, text), expected);
    }
    // As Maude prints it, though it reads back in two ways.
    let pattern = module.parse_term("f((b, c), b)").unwrap();
    assert_eq!(module.print_pattern(&pattern, &[]), "f(b,c, b)");
}

#[test]
fn numbers_and_other_literals_print_as_maude_prints_them() {
    let module = module(
        "fmod D is pr INT . pr FLOAT . pr QID . pr STRING . op f : Nat -> Nat .
           op i : Nat -> Nat [iter] . var N : Nat . endfm",
    );
    for (text, expected) in [
        ("0", "0"),
        ("01", "1"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
        ("(5 + -3) - 2", "(5 + -3) - 2"),
        ("- N - N", "- N - N"),
        ("1.5 + -2.0e10", "1.5 + -2.0e+10"),
        ("'abc", "'abc"),
        ("\"a\\\"b\\n\" + \"c\"", "\"a\\\"b\\n\" + \"c\""),
        ("s_^3(0)", "3"),
        ("s_^3(N)", "s_^3(N)"),
        ("s s M:Nat", "s s M:Nat"),
        ("s_(N) + 1", "s N + 1"),
        ("i(i(N))", "i(i(N))"),
        ("if true then 1 else 2 fi", "if true then 1 else 2 fi"),
        (
            "1 == 2 and 3 =/= 4 or not true",
            "1 == 2 and 3 =/= 4 or not true",
        ),
        (".5", "5.0e-1"),
        ("Infinity", "Infinity"),
        ("- (N + 1) * s (N + N)", "- (N + 1) * s (N + N)"),
        ("f(f(3) + 4)", "f(f(3) + 4)"),
    ] {
        assert_eq!(round(&module, text), expected);
    }
}

#[test]
fn formats_are_obeyed() {
    let module = module(
        "fmod P is sorts S . ops a b c : -> S .
         op _1_ : S S -> S [format (d b o d)] . op _2_ : S S -> S [format (d + - d)] .
         op _3_ : S S -> S [format (d s s d)] . op _5_ : S S -> S [format (s d d s)] .
         op _8_ : S S -> S [format (d n n d)] . op _[_] : S S -> S [format (d s d s d)] .
         op <_> : S -> S [format (d d s d)] . op f : S S -> S [format (s s)] .
         op {{_}} : S -> S [format (d d n++i n--i d d)] .
         op _;_ : S S -> S [assoc format (d n++ t d)] . endfm",
    );
    for (text, expected) in [
        ("a 1 b", "a 1 b"),
        ("a 2 b", "a 2 b"),
        ("a 3 b", "a 3 b"),
        ("(a 5 b) 1 (b 5 c)", "( a 5 b ) 1 ( b 5 c )"),
        ("a 8 b", "a\n8\nb"),
        ("a[b]", "a [b ]"),
        ("< a >", "< a >"),
        ("f(a, f(b,c)) 1 f(a,c)", " f (a,  f (b, c)) 1  f (a, c)"),
        ("a ; b ; c", "a\n;\tb\n;\tc"),
        ("{{ a }}", "{{\n  a\n}}"),
    ] {
        let (pattern, variables) = module.parse_pattern(text).unwrap();
        assert_eq!(module.print_pattern(&pattern, &variables), expected);
    }
}

#[test]
fn operators_are_found_by_name() {
    let module = module(
        "fmod M is pr NAT . sorts S T . op [_,_] : S Nat -> S . ops nil : -> S . op nil : -> T .
         op _;_ : S S -> S . op _;_ : T T -> T . endfm",
    );
    assert!(module.operator("[_,_]", 2).is_ok());
    assert!(module.operator("nil", 0).is_err());
    assert_ne!(
        module.operator_over("nil", &[], "S").unwrap(),
        module.operator_over("nil", &[], "T").unwrap()
    );
    assert!(module.operator_over("_;_", &["T", "T"], "T").is_ok());
    let error = module.operator_over("_;_", &["U", "T"], "T").unwrap_err();
    assert_eq!(error.to_string(), "there is no sort `U`");
    let error = module.operator("g", 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no operator `g` with 1 arguments"
    );
}

#[test]
fn queries_are_read() {
    let module = module("mod M is pr NAT . op <_> : Nat -> Nat . var N : Nat . endm");
    let query = module
        .parse_query("< N > such that N > 2 = true /\\ M:Nat := N + 1")
        .unwrap();
    assert_eq!((query.variables.len(), query.condition.len()), (2, 2));
    assert_eq!(module.parse_query("< N >").unwrap().condition.len(), 0);
    let fault = |text: &str| module.parse_query(text).unwrap_err().plain();
    assert_eq!(
        fault("< Q >"),
        "<query>:1:3: error[unknown-token]: `Q` is neither an operator, nor a variable, \
         nor a literal\n  help: declare it with `var Q : SORT .` or `op Q : -> SORT .`, or put blanks \
         between the tokens it is made of"
    );
    assert_eq!(
        fault(""),
        "<query>:1:1: error[no-parse]: there is nothing here to read\n  \
         help: expected a term"
    );
    let text = fault("N + - 3 * < N");
    assert!(
        text.starts_with("<query>:1:5: error[unknown-token]"),
        "{text}"
    );
}

#[test]
fn a_program_of_a_hundred_thousand_tokens_is_read_and_printed() {
    let module = module(
        "fmod M is pr NAT . sorts C I . op stop : -> C . op _~>_ : I C -> C [prec 80 gather (e E)] .
         op do : Nat C -> I . op __ : C C -> C [assoc] . endfm",
    );
    let n = 20_000;
    let long = "do(1, stop) ~> ".repeat(n) + "stop";
    let deep = "do(1, ".repeat(n) + "stop" + &") ~> stop".repeat(n);
    let wide = format!("__({} stop)", "stop, ".repeat(2 * n));
    let infix = "stop ".repeat(2 * n);
    for text in [long, deep, wide, infix] {
        let pattern = module.parse_term(&text).unwrap();
        let printed = module.print_pattern(&pattern, &[]);
        let again = module.parse_term(&printed).unwrap();
        assert_eq!(module.print_pattern(&again, &[]), printed);
    }
}

#[test]
fn ambiguity_shows_both_readings() {
    let rejected = load(&[Source::new(
        "test.maude",
        "fmod M is sort S . ops a b : -> S . op _+_ : S S -> S . eq a = b . eq a = a + b + a . endfm",
    )]);
    let loaded = rejected.unwrap();
    let warnings: Vec<String> = loaded
        .warnings()
        .iter()
        .map(|warning| warning.plain(loaded.sources()))
        .collect();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("((a + b) + a)") && warnings[0].contains("(a + (b + a))"));
}
