//! Linear temporal logic: whether all infinite paths from a state satisfy a formula.
//!
//! The one idea: the negation of the formula is reduced to its normal form and made an automaton;
//! a path that satisfies it is a cycle of the product of states and automaton that accepts. The
//! product is made while it is searched, in the order of Maude, whose counterexamples and numbers
//! of rewrites these are; a deadlock goes on for ever. What `modelCheck(S, F)` means is here; the
//! rest of the operators of `MODEL-CHECKER` are equations of the prelude. Whoever has another graph, or
//! another notion of the paths that count, takes the automaton alone, as an [`Acceptor`].
//!
//! Source: Eker, Meseguer, Sridharanarayanan, "The Maude LTL model checker" (WRLA 2002).

mod acceptor;
mod alternating;
mod automaton;
mod diagram;
mod formula;
mod generalized;
mod numbers;
mod product;

pub use self::acceptor::Acceptor;
pub use self::formula::Vocabulary;

use self::formula::Formulas;
use self::product::{Lasso, Product, Step};
use crate::builtin::Hook;
use crate::name::Name;
use crate::pattern::{Literal, Pattern};
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::signature::{KindId, OpId};
use crate::term::TermId;

/// The operators that a module needs for model checking.
#[derive(Clone, Copy, Debug)]
struct Operators {
    satisfies: OpId,
    vocabulary: Vocabulary,
    truth: OpId,
    quoted_ids: OpId,
    unlabeled: OpId,
    deadlock: OpId,
    transition: OpId,
    nil: OpId,
    join: OpId,
    counterexample: OpId,
}

impl Operators {
    /// Those of the module of a reducer, if it has them all.
    fn of(reducer: &Reducer) -> Option<Operators> {
        let module = reducer.module();
        let signature = module.signature();
        let check = module.operator_with(Hook::ModelCheck)?;
        let checked = signature.operator(check);
        let (formula, result) = (checked.domain[1], checked.range);
        let operator = |name: &str, arity: usize, range: Option<KindId>| {
            let named = signature.operators_named(Name::new(name), arity);
            let fits = |op: &OpId| range.is_none_or(|kind| signature.operator(*op).range == kind);
            named.iter().copied().find(fits)
        };
        let counterexample = operator("counterexample", 2, Some(result))?;
        let transitions = signature.operator(counterexample).domain.first().copied();
        let transition = operator("`{_`,_`}", 2, transitions)?;
        let rule_name = Some(signature.operator(transition).domain[1]);
        Some(Operators {
            satisfies: operator("_|=_", 2, None)?,
            vocabulary: Vocabulary {
                truth: operator("True", 0, Some(formula))?,
                falsity: operator("False", 0, Some(formula))?,
                not: operator("~_", 1, Some(formula))?,
                and: operator("_/\\_", 2, Some(formula))?,
                or: operator("_\\/_", 2, Some(formula))?,
                next: operator("O_", 1, Some(formula))?,
                until: operator("_U_", 2, Some(formula))?,
                release: operator("_R_", 2, Some(formula))?,
            },
            truth: module.operator_with(Hook::True)?,
            quoted_ids: module.operator_with(Hook::QuotedIds)?,
            unlabeled: operator("unlabeled", 0, rule_name)?,
            deadlock: operator("deadlock", 0, rule_name)?,
            transition,
            nil: operator("nil", 0, transitions)?,
            join: operator("__", 2, transitions)?,
            counterexample,
        })
    }
}

/// A check that was done: state, formula and result.
#[derive(Clone, Debug)]
struct Checked {
    state: Pattern,
    formula: Pattern,
    result: Pattern,
    n_rewrites: u64,
}

/// Reduces a term in which `modelCheck(S, F)` has to be computed: it is reduced with what is known
/// of the checks done so far, and anew whenever another check has to be done. The rewrites of the
/// checks are counted with those of the last reduction, which is that of the reducer given back.
pub fn reduce_checking(
    new_reducer: &dyn Fn() -> Reducer,
    subject: &Pattern,
) -> (Reducer, Result<NormalForm, Interrupted>) {
    let mut done: Vec<Checked> = Vec::new();
    loop {
        let mut reducer = prepared(new_reducer, &done);
        let Some(term) = reducer.store_mut().ground(subject) else {
            unreachable!("a subject has no variables");
        };
        let result = reducer.reduce(term);
        let wanted = reducer.store().wanted_check();
        let (Some(operators), Some((state, formula)), true) =
            (Operators::of(&reducer), wanted, result.is_ok())
        else {
            reducer.count_rewrites(done.iter().map(|check| check.n_rewrites).sum());
            return (reducer, result);
        };
        let (state, formula) = {
            let store = reducer.store();
            (store.pattern_of(state), store.pattern_of(formula))
        };
        let mut searcher = prepared(new_reducer, &done);
        let store = searcher.store_mut();
        let (Some(start), Some(property)) = (store.ground(&state), store.ground(&formula)) else {
            return (reducer, result);
        };
        match check(&mut searcher, &operators, start, property) {
            Err(error) => return (searcher, Err(error)),
            // It is no formula, or a proposition needs a check itself: it stays as it is.
            Ok(None) => return (reducer, result),
            Ok(Some((found, n_rewrites))) => done.push(Checked {
                result: searcher.store().pattern_of(found),
                state,
                formula,
                n_rewrites,
            }),
        }
    }
}

/// A new reducer that knows the results of some checks.
fn prepared(new_reducer: &dyn Fn() -> Reducer, done: &[Checked]) -> Reducer {
    let mut reducer = new_reducer();
    let store = reducer.store_mut();
    for check in done {
        let terms = [&check.state, &check.formula, &check.result];
        let [state, formula, result] = terms.map(|pattern| store.ground(pattern));
        if let (Some(state), Some(formula), Some(result)) = (state, formula, result) {
            store.set_checked(state, formula, result);
        }
    }
    reducer
}

/// The result of one check and the rewrites that it took; `None` if it is not about a formula.
fn check(
    reducer: &mut Reducer,
    operators: &Operators,
    state: TermId,
    formula: TermId,
) -> Result<Option<(TermId, u64)>, Interrupted> {
    // Both are reduced already, and what it takes to see that does not count.
    let formula = reducer.reduce(formula)?.term();
    let state = reducer.reduce(state)?;
    let n_known = reducer.n_rewrites();
    let negation = (reducer.store_mut()).make(operators.vocabulary.not, &[formula]);
    let negation = reducer.reduce(negation)?.term();
    let mut formulas = Formulas::default();
    let read = formulas.read(reducer.store(), &operators.vocabulary, negation);
    let Some(negated) = read else {
        return Ok(None);
    };
    let n_before = reducer.n_rewrites() - n_known;
    let mut product = Product::new(
        operators.satisfies,
        operators.truth,
        &formulas,
        negated,
        state,
    );
    let found = product.search(reducer)?;
    if reducer.store().wanted_check().is_some() {
        return Ok(None);
    }
    let term = match found {
        None => reducer.store_mut().make(operators.truth, &[]),
        Some(lasso) => {
            let Lasso { prefix, cycle } = lasso;
            let prefix = transition_list(reducer, operators, &prefix);
            let cycle = transition_list(reducer, operators, &cycle);
            reducer
                .store_mut()
                .make(operators.counterexample, &[prefix, cycle])
        }
    };
    Ok(Some((term, n_before + product.n_rewrites)))
}

/// `{S, 'label} {S', 'label'} ...`
fn transition_list(reducer: &mut Reducer, operators: &Operators, steps: &[Step]) -> TermId {
    let terms: Vec<TermId> = (steps.iter())
        .map(|step| {
            let label = step.rule.map(|rule| reducer.module().statement(rule).label);
            let store = reducer.store_mut();
            let label = match label {
                None => store.make(operators.deadlock, &[]),
                Some(None) => store.make(operators.unlabeled, &[]),
                Some(Some(label)) => {
                    let label = Literal::QuotedId(label.to_string());
                    store.make_literal(operators.quoted_ids, &label)
                }
            };
            store.make(operators.transition, &[step.state, label])
        })
        .collect();
    let store = reducer.store_mut();
    match *terms.as_slice() {
        [] => store.make(operators.nil, &[]),
        [only] => only,
        _ => store.make(operators.join, &terms),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::script::Session;

    fn result(formula: &str) -> String {
        let text = format!(
            "mod RING is
               protecting NAT .
               including MODEL-CHECKER .
               op <_> : Nat -> State .
               op at : Nat -> Prop .
               var N : Nat .
               rl [go] : < 0 > => < 1 > .
               rl [round] : < 1 > => < 2 > .
               rl < 2 > => < 1 > .
               rl [end] : < 2 > => < 3 > .
               eq < N > |= at(N) = true .
             endm
             red modelCheck(< 0 >, {formula}) .\n"
        );
        let mut output = Vec::new();
        let mut read = |_: &str, _: &str| Err(std::io::ErrorKind::NotFound.into());
        let mut session = Session::new();
        session
            .run(Source::new("ring", text), &mut read, &mut output)
            .unwrap();
        let faults = session.library.diagnostics.iter();
        let faults: Vec<String> = faults
            .map(|fault| fault.plain(&session.library.sources))
            .collect();
        assert_eq!(faults, [""; 0]);
        let output = String::from_utf8(output).unwrap();
        let (_, result) = output.split_once("result ").unwrap();
        result.trim_end().to_owned()
    }

    #[test]
    fn a_path_that_violates_a_formula_is_shown() {
        assert_eq!(
            result("[] ~ at(3)"),
            "ModelCheckResult: counterexample({< 0 >,'go} {< 1 >,'round} {< 2 >,'end}, {< 3 >,deadlock})"
        );
        assert_eq!(
            result("<> at(3)"),
            "ModelCheckResult: counterexample({< 0 >,'go}, {< 1 >,'round} {< 2 >,unlabeled})"
        );
    }

    #[test]
    fn formulas_that_hold_are_true() {
        for formula in [
            "<> at(1)",
            "[] (at(1) -> O at(2))",
            "([] ~ at(3)) -> [] <> (at(1) /\\ O at(2))",
            "at(0) U at(1)",
            "[] (at(3) -> [] at(3))",
            "(~ at(3)) W at(2)",
            "at(2) R ~ at(3)",
        ] {
            assert_eq!(result(formula), "Bool: true", "{formula}");
        }
    }

    #[test]
    fn every_obligation_is_met_on_the_cycle() {
        // Both must come again and again, so the cycle visits both.
        assert_eq!(
            result("~ ([] <> at(1) /\\ [] <> at(2))"),
            "ModelCheckResult: counterexample({< 0 >,'go}, {< 1 >,'round} {< 2 >,unlabeled})"
        );
    }
}
