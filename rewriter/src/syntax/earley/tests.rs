use super::*;

/// A grammar written as lines `precedence left right...`, where a right symbol is a nonterminal
/// if it is an upper-case letter followed by the precedence it accepts.
fn grammar(lines: &[&str]) -> Grammar {
    let mut grammar = Grammar::new(26);
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let nonterminal = |text: &str| Nonterminal(u16::from(text.as_bytes()[0] - b'A'));
        let right: Vec<Symbol> = words[2..]
            .iter()
            .map(|word| match word.as_bytes()[0] {
                b'A'..=b'Z' => Symbol::Nonterminal(nonterminal(word), word[1..].parse().unwrap()),
                byte => Symbol::Terminal(Terminal(u32::from(byte))),
            })
            .collect();
        grammar.add(nonterminal(words[1]), words[0].parse().unwrap(), &right);
    }
    grammar.finish();
    grammar
}

fn tokens(text: &str) -> Vec<Lexeme> {
    text.bytes()
        .map(|byte| Lexeme::from_slice(&[Terminal(u32::from(byte))]))
        .collect()
}

fn shown(grammar: &Grammar, text: &str, tree: &Tree) -> String {
    let mut strings = vec![String::new(); tree.n_nodes()];
    for id in tree.postorder() {
        let node = tree.node(id);
        let mut children = tree.children(id);
        let mut position = node.start as usize;
        let mut string = String::new();
        for symbol in grammar.right(node.production) {
            match symbol {
                Symbol::Terminal(_) => {
                    string.push_str(&text[position..=position]);
                    position += 1;
                }
                Symbol::Nonterminal(..) => {
                    let child = children.next().unwrap();
                    assert_eq!(tree.node(child).start as usize, position);
                    position = tree.node(child).end as usize;
                    string += &strings[child.0 as usize];
                }
            }
        }
        assert_eq!(position, node.end as usize);
        let is_leaf = grammar.right(node.production).len() == 1;
        strings[id.0 as usize] = if is_leaf {
            string
        } else {
            format!("<{string}>")
        };
    }
    strings[0].clone()
}

fn read(grammar: &Grammar, text: &str) -> String {
    match parse(
        grammar,
        Nonterminal(4),
        &tokens(text),
        None,
        &mut Workspace::default(),
    ) {
        Ok(Reading::One(tree)) => shown(grammar, text, &tree),
        Ok(Reading::Several(first, second)) => {
            let first = shown(grammar, text, &first);
            format!("{first} or {}", shown(grammar, text, &second))
        }
        Err(error) => {
            let expected: String = error
                .expected
                .iter()
                .map(|terminal| terminal.0 as u8 as char)
                .collect();
            format!("{} expected {expected}", error.token)
        }
    }
}

fn arithmetic() -> Grammar {
    grammar(&[
        "0 E a",
        "0 E b",
        "0 E ( E127 )",
        "33 E E33 + E32",
        "31 E E30 * E31",
        "41 E E40 ~ E41",
        "15 E - E15",
        "0 E f ( L127 )",
        "0 L E95 , E95",
        "0 L L0 , E95",
    ])
}

#[test]
fn precedence_and_gathering_decide() {
    let grammar = arithmetic();
    assert_eq!(read(&grammar, "a+b+a"), "<<a+b>+a>");
    assert_eq!(read(&grammar, "a*b*a+b"), "<<a*<b*a>>+b>");
    assert_eq!(read(&grammar, "a~b~a~b"), "<a~<b~<a~b>>>");
    assert_eq!(read(&grammar, "--a*(b+a)"), "<<-<-a>>*<(<b+a>)>>");
    assert_eq!(read(&grammar, "f(a,b~b,-a)"), "<f(<<a,<b~b>>,<-a>>)>");
    assert_eq!(
        read(&grammar, "a~b+f(a,b~a)~-b"),
        "<a~<<b+<f(<a,<b~a>>)>>~<-b>>>"
    );
}

#[test]
fn failures_tell_the_place_and_what_was_expected() {
    let grammar = arithmetic();
    assert_eq!(read(&grammar, "a+"), "2 expected (-abf");
    assert_eq!(read(&grammar, "a+b)"), "3 expected *+~");
    assert_eq!(read(&grammar, "f(a)"), "3 expected *+,~");
    assert_eq!(read(&grammar, "(a~b~a"), "6 expected )*+~");
    assert_eq!(read(&grammar, ""), "0 expected (-abf");
}

#[test]
fn two_readings_are_both_shown() {
    let grammar = grammar(&["0 E a", "41 E E41 + E41", "15 E - E15", "15 E E15 !"]);
    assert_eq!(read(&grammar, "a+a+a"), "<a+<a+a>> or <<a+a>+a>");
    assert_eq!(read(&grammar, "-a!"), "<-<a!>> or <<-a>!>");
    assert_eq!(read(&grammar, "a+-a"), "<a+<-a>>");
}

#[test]
fn juxtaposition_in_several_kinds() {
    let grammar = grammar(&[
        "0 E A127",
        "0 E B127",
        "0 A a",
        "41 A A40 A41",
        "0 B b",
        "0 B < A127 >",
        "41 B B40 B41",
    ]);
    assert_eq!(read(&grammar, "aaa"), "<a<aa>>");
    assert_eq!(read(&grammar, "b<aaa>b<a>"), "<b<<<<a<aa>>>><b<<a>>>>>");
}

/// All words of a length over an alphabet, parsed with chains and by brute force.
#[test]
fn agrees_with_enumeration_of_derivations() {
    let grammar = grammar(&[
        "0 E a",
        "20 E E20 + E19",
        "30 E E29 ~ E30",
        "40 E E39 E40",
        "25 E ? E40",
        "10 E E40 ! E9",
        "0 E ( E127 )",
    ]);
    let alphabet = b"a+~?!()";
    for length in 1..=5u32 {
        for number in 0..(alphabet.len() as u32).pow(length) {
            let mut rest = number as usize;
            let text: String = (0..length)
                .map(|_| {
                    let byte = alphabet[rest % alphabet.len()];
                    rest /= alphabet.len();
                    byte as char
                })
                .collect();
            let expected = count(&grammar, text.as_bytes());
            let found = match parse(
                &grammar,
                Nonterminal(4),
                &tokens(&text),
                None,
                &mut Workspace::default(),
            ) {
                Err(_) => 0,
                Ok(Reading::One(_)) => 1,
                Ok(Reading::Several(first, second)) => {
                    let first = shown(&grammar, &text, &first);
                    assert_ne!(first, shown(&grammar, &text, &second), "{text}");
                    2
                }
            };
            assert_eq!(found, expected.min(2), "{text}");
        }
    }
}

/// How many derivations a text has, by filling a table of spans.
fn count(grammar: &Grammar, text: &[u8]) -> usize {
    let n = text.len();
    // counts[start][end][precedence]
    let mut counts = vec![vec![vec![0usize; 128]; n + 1]; n + 1];
    for length in 1..=n {
        for start in 0..=n - length {
            let end = start + length;
            for id in 0..grammar.n_productions() {
                let id = ProductionId(id as u32);
                let ways = ways(grammar.right(id), text, start, end, &counts);
                counts[start][end][grammar.precedence(id) as usize] += ways;
            }
        }
    }
    counts[0][n].iter().sum()
}

fn ways(
    symbols: &[Symbol],
    text: &[u8],
    start: usize,
    end: usize,
    counts: &[Vec<Vec<usize>>],
) -> usize {
    match symbols {
        [] => usize::from(start == end),
        [Symbol::Terminal(terminal), rest @ ..] => {
            if start < end && u32::from(text[start]) == terminal.0 {
                ways(rest, text, start + 1, end, counts)
            } else {
                0
            }
        }
        [Symbol::Nonterminal(_, accepts), rest @ ..] => (start + 1..=end)
            .map(|middle| {
                let here: usize = counts[start][middle][..=*accepts as usize].iter().sum();
                if here == 0 {
                    0
                } else {
                    here * ways(rest, text, middle, end, counts)
                }
            })
            .sum(),
    }
}

#[test]
fn long_texts_take_linear_time_and_no_stack() {
    let grammar = arithmetic();
    let n = 50_000;
    let right = "a~".repeat(n) + "a";
    let left = "a+".repeat(n) + "a";
    let nested = "(".repeat(n) + "a" + &")".repeat(n);
    let wide = format!("f({}a)", "a,".repeat(n));
    let deep = "f(a,".repeat(n) + "a" + &")".repeat(n);
    for text in [right, left, nested, wide, deep] {
        let Ok(Reading::One(tree)) = parse(
            &grammar,
            Nonterminal(4),
            &tokens(&text),
            None,
            &mut Workspace::default(),
        ) else {
            panic!("one reading")
        };
        assert!(tree.n_nodes() > n);
    }
}
