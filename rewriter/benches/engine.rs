//! Matching, reduction, transitions and search, each on a few small inputs.
//!
//! `cargo bench -p rewriter` takes a minute or two; `-- NAME` runs a part, `-- --test` runs each
//! once. A reducer remembers normal forms, so each measurement starts with a new one where the
//! work, not the memory, is meant.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rewriter::load::{LoadedModule, load};
use rewriter::reduction::{NormalForm, Reducer};
use rewriter::search::{Arrow, Bounds, Engine, Goal, Search};
use rewriter::source::Source;
use rewriter::transition::Transitions;

const SOUP: &str = "mod SOUP is
  protecting NAT .
  sorts Cell Soup State .
  subsort Cell < Soup .
  op empty : -> Soup [ctor] .
  op __ : Soup Soup -> Soup [ctor assoc comm id: empty] .
  op c : Nat Nat -> Cell [ctor] .
  op [_] : Soup -> State [ctor] .
  op ring : Nat -> Soup .
  vars I J M N : Nat .
  vars S T : Soup .
  eq ring(0) = empty .
  eq ring(s I) = c(I, 0) ring(I) .
  crl [up] : [c(I, N) S] => [c(I, s N) S] if N < 2 .
  rl [join] : [c(I, 2) c(J, 2) S] => [c(I, 0) c(J, 0) S] .
endm";

const LISTS: &str = "mod LISTS is
  protecting NAT .
  sorts List Bag .
  subsort Nat < List .
  op nil : -> List [ctor] .
  op _;_ : List List -> List [ctor assoc id: nil] .
  op count : Nat -> List .
  op reverse : List -> List .
  op sorted : List -> List .
  vars M N : Nat .
  vars K L : List .
  eq count(0) = nil .
  eq count(s N) = count(N) ; N .
  eq reverse(nil) = nil .
  eq reverse(N ; L) = reverse(L) ; N .
  ceq sorted(K ; M ; N ; L) = sorted(K ; N ; M ; L) if N < M .
  eq sorted(L) = L [owise] .
  rl [swap] : M ; N => N ; M .
endm";

const TREES: &str = "fmod TREES is
  protecting NAT .
  sort N .
  op z : -> N [ctor] .
  op s' : N -> N [ctor] .
  ops plus times : N N -> N .
  op number : Nat -> N .
  op fib : Nat -> Nat .
  vars A B : N .
  var I : Nat .
  eq number(0) = z .
  eq number(s I) = s'(number(I)) .
  eq plus(z, B) = B .
  eq plus(s'(A), B) = s'(plus(A, B)) .
  eq times(z, B) = z .
  eq times(s'(A), B) = plus(B, times(A, B)) .
  eq fib(0) = 0 .
  eq fib(1) = 1 .
  eq fib(s s I) = fib(I) + fib(s I) .
endfm";

fn module(text: &str) -> LoadedModule {
    let loaded = load(&[Source::new("bench", text)]).expect("the module is right");
    loaded.current().clone()
}

/// A new reducer and the normal form of a term.
fn started(module: &LoadedModule, term: &str) -> (Reducer, NormalForm) {
    let mut reducer = Reducer::new(module.module().clone());
    let pattern = module.parse_term(term).expect("the term is right");
    let term = reducer.store_mut().ground(&pattern).expect("it is ground");
    let normal = reducer.reduce(term).expect("reduction ends");
    (reducer, normal)
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matching");
    let cases = [
        ("soup/element", SOUP, "[ring(30)]", "[c(I, N) S]"),
        ("soup/key", SOUP, "[ring(30)]", "[c(17, N) S]"),
        ("soup/pair", SOUP, "[ring(15)]", "[c(I, N) c(J, N) S]"),
        ("soup/division", SOUP, "[ring(8)]", "[S T]"),
        ("list/ends", LISTS, "count(100)", "M ; L ; N"),
        ("list/divisions", LISTS, "count(30)", "K ; M ; L"),
    ];
    for (name, text, subject, pattern) in cases {
        let module = module(text);
        let (mut reducer, subject) = started(&module, subject);
        let (pattern, variables) = module.parse_pattern(pattern).expect("it is a pattern");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let found = reducer.matches(&variables, &pattern, &[], subject, false, usize::MAX);
                black_box(found.expect("matching ends").len())
            });
        });
    }
    group.finish();
}

fn reduction(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reduction");
    let cases = [
        ("free", TREES, "times(number(40), number(40))"),
        ("numbers", TREES, "fib(17)"),
        ("soup", SOUP, "ring(300)"),
        ("list", LISTS, "reverse(count(300))"),
        ("list/inside", LISTS, "sorted(reverse(count(12)))"),
    ];
    for (name, text, term) in cases {
        let module = module(text);
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || Reducer::new(module.module().clone()),
                |mut reducer| {
                    let pattern = module.parse_term(term).expect("the term is right");
                    let term = reducer.store_mut().ground(&pattern).expect("it is ground");
                    black_box(reducer.reduce(term).expect("reduction ends"));
                    reducer
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn transition(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("transition");
    for (name, text, term, n_transitions) in [
        ("soup", SOUP, "[ring(20)]", 20),
        ("list", LISTS, "count(20)", 19),
    ] {
        let module = module(text);
        let (mut reducer, state) = started(&module, term);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut transitions = Transitions::new(&mut reducer, state);
                let mut n_found = 0;
                while let Some(transition) = transitions.next(&mut reducer).expect("no limit") {
                    black_box(transition.target);
                    n_found += 1;
                }
                assert_eq!(n_found, n_transitions);
            });
        });
    }
    group.finish();
}

fn search(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search");
    group.sample_size(10);
    let cases = [
        ("soup", SOUP, "[ring(6)]", "[empty]", 729),
        ("list", LISTS, "count(6)", "nil", 720),
    ];
    for (name, text, initial, goal, n_states) in cases {
        let module = module(text);
        for (engine_name, engine) in [("compiled", Engine::Compiled), ("general", Engine::General)]
        {
            group.bench_function(format!("{name}/{engine_name}"), |bencher| {
                bencher.iter_batched(
                    || started(&module, initial),
                    |(mut reducer, initial)| {
                        let (pattern, variables) = module.parse_pattern(goal).expect("a pattern");
                        let goal = Goal {
                            variables,
                            pattern,
                            condition: Vec::new(),
                        };
                        let bounds = Bounds::default();
                        let mut search = Search::new(initial, Arrow::Star, goal, bounds);
                        search.set_engine(engine);
                        search.run(&mut reducer, &mut |_, _, _| ControlFlow::Continue(()));
                        assert_eq!(search.states().len(), n_states);
                        reducer
                    },
                    BatchSize::SmallInput,
                );
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = matching, reduction, transition, search
}
criterion_main!(benches);
