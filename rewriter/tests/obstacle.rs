//! Why a rule does not apply: the part that is missing, parts that do not fit together, a condition
//! that fails.

use std::sync::Arc;

use rewriter::load::{LoadedModule, load};
use rewriter::module::StatementId;
use rewriter::obstacle::{Obstacle, obstacle};
use rewriter::pattern::VariableId;
use rewriter::reduction::{NormalForm, Reducer};
use rewriter::source::Source;

const LETTERS: &str = "
mod LETTERS is
  protecting NAT .
  sorts Name Box Letters State .
  subsort Box < State .
  ops a b c : -> Name [ctor] .
  op letter : Name Nat -> Letters [ctor] .
  op none : -> Letters [ctor] .
  op _;_ : Letters Letters -> Letters [ctor assoc comm id: none] .
  op box : Name Letters -> Box [ctor] .
  op closed : Name -> Box [ctor] .
  op empty : -> State [ctor] .
  op __ : State State -> State [ctor assoc comm id: empty] .
  vars X Y : Name . vars L M : Letters . vars N K : Nat .
  crl [move] : box(X, letter(Y, N) ; L) box(Y, M) => box(X, L) box(Y, letter(Y, N) ; M)
    if K := N + N /\\ K < 10 .
endm
";

struct Asked {
    module: LoadedModule,
    reducer: Reducer,
}

impl Asked {
    fn new() -> Asked {
        let loaded = load(&[Source::new("letters.maude", LETTERS)]);
        let loaded = loaded.unwrap_or_else(|rejected| panic!("{}", rejected.plain()));
        let module = loaded.current().clone();
        let reducer = Reducer::new(Arc::clone(module.module()));
        Asked { module, reducer }
    }

    fn state(&mut self, text: &str) -> NormalForm {
        let pattern = self.module.parse_term(text);
        let pattern = pattern.unwrap_or_else(|rejected| panic!("{}", rejected.plain()));
        let term = self
            .reducer
            .store_mut()
            .ground(&pattern)
            .expect("a ground term");
        self.reducer.reduce(term).expect("it is normal")
    }

    /// The obstacle in words, with the variables called by these names fixed.
    fn why(&mut self, state: &str, fixed: &[(&str, &str)]) -> String {
        let statements = self.module.module().statements().iter();
        let found = statements.enumerate().find(|(_, statement)| {
            statement
                .label
                .is_some_and(|label| label.as_str() == "move")
        });
        let (index, statement) = found.expect("the rule is there");
        let (rule, statement) = (StatementId(index as u32), statement.clone());
        let values: Vec<(VariableId, _)> = fixed
            .iter()
            .map(|(name, value)| {
                let mut variables = statement.variables.iter();
                let place = variables.position(|variable| variable.name.as_str() == *name);
                let value = self.state_of_any_sort(value);
                (
                    VariableId(place.expect("the variable is there") as u16),
                    value,
                )
            })
            .collect();
        let state = self.state(state);
        let found = obstacle(&mut self.reducer, rule, state, &values).expect("no limit");
        let variables = &statement.variables;
        let pattern =
            |pattern: &rewriter::pattern::Pattern| self.module.print_pattern(pattern, variables);
        let term = |term| self.module.print(self.reducer.store(), term);
        let near = |nearest: &[rewriter::obstacle::Near]| -> String {
            let nearest = nearest.iter().map(|near| {
                let differences = near.differences.iter().map(|(asked, there)| {
                    let there = there.map_or_else(|| "nothing".to_owned(), term);
                    format!("{} is {there}", pattern(asked))
                });
                format!(
                    " / {}: {}",
                    term(near.term),
                    differences.collect::<Vec<_>>().join(", ")
                )
            });
            nearest.collect()
        };
        match &found {
            Obstacle::None => "none".to_owned(),
            Obstacle::Part { part, nearest } => format!("part {}{}", pattern(part), near(nearest)),
            Obstacle::Together { part, nearest, .. } => {
                format!("together {}{}", pattern(part), near(nearest))
            }
            Obstacle::Condition { number, sides, .. } => {
                let sides: Vec<String> = sides.iter().map(|side| term(*side)).collect();
                format!("condition {number}: {}", sides.join(" = "))
            }
        }
    }

    fn state_of_any_sort(&mut self, text: &str) -> rewriter::term::TermId {
        self.state(text).term()
    }
}

#[test]
fn a_rule_that_applies_has_no_obstacle() {
    let mut asked = Asked::new();
    assert_eq!(asked.why("box(a, letter(b, 1)) box(b, none)", &[]), "none");
}

#[test]
fn the_part_that_matches_nothing_is_shown_with_what_comes_nearest() {
    let mut asked = Asked::new();
    assert_eq!(
        asked.why("box(a, none) closed(b)", &[]),
        "part box(X, L ; letter(Y, N)) / box(a, none): \
         letter(Y, N) is nothing"
    );
    // The box that is meant comes nearest, though another one would do.
    assert_eq!(
        asked.why("box(a, none) box(b, letter(a, 3))", &[("X", "a")]),
        "part box(a, L ; letter(Y, N)) / box(a, none): \
         letter(Y, N) is nothing"
    );
}

#[test]
fn parts_that_do_not_fit_together_are_told_apart() {
    let mut asked = Asked::new();
    assert_eq!(
        asked.why("box(a, letter(b, 1)) box(c, none)", &[]),
        "together box(b, M) / box(a, letter(b, 1)): b is a / box(c, none): b is c"
    );
}

#[test]
fn the_part_of_the_condition_that_fails_has_its_values() {
    let mut asked = Asked::new();
    assert_eq!(
        asked.why("box(a, letter(b, 6)) box(b, none)", &[]),
        "condition 1: false = true"
    );
}
