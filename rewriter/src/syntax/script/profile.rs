//! `set profile` and `show profile`: which statements and built-in operators did the rewriting.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::trace::is_sort_test;
use crate::load::LoadedModule;
use crate::module::StatementId;
use crate::name::Name;
use crate::pattern::PatternNode;
use crate::reduction::{Attempt, Computation, Port};
use crate::signature::{OpId, Signature};
use crate::statement::Body;
use crate::term::Store;

/// What a statement did.
#[derive(Clone, Default, Debug)]
struct StatementProfile {
    n_rewrites: u64,
    n_matches: u64,
    /// For each fragment of its condition, how often it held and how often not.
    fragments: Vec<(u64, u64)>,
}

impl StatementProfile {
    fn fragment(&mut self, index: u16) -> &mut (u64, u64) {
        let index = usize::from(index);
        if self.fragments.len() <= index {
            self.fragments.resize(index + 1, (0, 0));
        }
        &mut self.fragments[index]
    }
}

/// What happened since the profile was cleared, all in one module.
#[derive(Debug)]
pub(super) struct Profile {
    module: LoadedModule,
    statements: BTreeMap<usize, StatementProfile>,
    builtins: BTreeMap<OpId, u64>,
}

impl Profile {
    /// Nothing happened so far.
    pub(super) fn new(module: LoadedModule) -> Profile {
        Profile {
            module,
            statements: BTreeMap::new(),
            builtins: BTreeMap::new(),
        }
    }

    /// The module that it is about.
    pub(super) fn module(&self) -> Name {
        self.module.module().name()
    }

    pub(super) fn applied(&mut self, statement: StatementId) {
        let module = self.module.module();
        if is_sort_test(&self.module, module.statement(statement)) {
            if let Body::Equation { left, .. } = &module.statement(statement).body
                && let PatternNode::Application { op, .. } = left.node(left.root())
            {
                *self.builtins.entry(*op).or_default() += 1;
            }
            return;
        }
        let profile = self.statements.entry(statement.index()).or_default();
        profile.n_rewrites += 1;
    }

    pub(super) fn computed(&mut self, store: &Store, computation: Computation) {
        let count = self.builtins.entry(store.op(computation.subject));
        *count.or_default() += computation.n_rewrites;
    }

    pub(super) fn attempted(&mut self, attempt: &Attempt<'_>) {
        let statement = self.module.module().statement(attempt.statement);
        if is_sort_test(&self.module, statement) {
            return;
        }
        let profile = (self.statements.entry(attempt.statement.index())).or_default();
        match (attempt.port, attempt.is_again) {
            (Port::Solved(index), false) => profile.fragment(index).0 += 1,
            (Port::Solving(index), true) => profile.fragment(index).1 += 1,
            (Port::Trial, false) => profile.n_matches += 1,
            _ => {}
        }
    }

    /// As Maude shows it.
    pub(super) fn show(&self) -> String {
        let by_statements: u64 = (self.statements.values())
            .map(|profile| profile.n_rewrites)
            .sum();
        let total = by_statements + self.builtins.values().sum::<u64>();
        let share = |count: u64| {
            let percent = 100.0 * count as f64 / total as f64;
            format!("{count} ({}%)", six_digits(percent))
        };
        let mut text = String::new();
        let signature = self.module.signature();
        for (&op, &count) in &self.builtins {
            let _ = writeln!(text, "{}", family(signature, op));
            let _ = writeln!(text, "built-in eq rewrites: {}\n", share(count));
        }
        let kinds: [fn(&Body) -> bool; 3] = [
            |body| matches!(body, Body::Membership { .. }),
            |body| matches!(body, Body::Equation { .. }),
            |body| matches!(body, Body::Rule { .. }),
        ];
        let module = self.module.module();
        for is_kind in kinds {
            for (&index, profile) in &self.statements {
                let statement = &module.statements()[index];
                if !is_kind(&statement.body) || profile.n_matches + profile.n_rewrites == 0 {
                    continue;
                }
                let _ = writeln!(text, "{}", self.module.printer().statement(statement));
                if profile.n_matches > 0 {
                    let _ = write!(text, "lhs matches: {}\t", profile.n_matches);
                }
                let _ = writeln!(text, "rewrites: {}", share(profile.n_rewrites));
                if profile.n_matches > 0 {
                    show_fragments(profile, &mut text);
                }
                text.push('\n');
            }
        }
        text
    }
}

/// How often each fragment of a condition was begun, tried again, held and failed.
fn show_fragments(profile: &StatementProfile, text: &mut String) {
    text.push_str("Fragment\tInitial tries\tResolve tries\tSuccesses\tFailures\n");
    let mut n_begun = profile.n_matches;
    for (index, &(n_held, n_failed)) in profile.fragments.iter().enumerate() {
        let n_again = (n_held + n_failed).saturating_sub(n_begun);
        let _ = writeln!(
            text,
            "{}\t\t{n_begun}\t\t{n_again}\t\t{n_held}\t\t{n_failed}",
            index + 1
        );
        n_begun = n_held;
    }
}

/// An operator with the kinds it is for: `op _+_ : [Nat] [Nat] -> [Nat] .`
fn family(signature: &Signature, op: OpId) -> String {
    let operator = signature.operator(op);
    let kind = |kind| signature.kind(kind).sorts[0];
    let mut text = format!("op {} :", operator.name);
    for &argument in &operator.domain {
        let _ = write!(text, " {}", signature.sort(kind(argument)).name);
    }
    let range = signature.sort(kind(operator.range)).name;
    let _ = write!(text, " -> {range} .");
    text
}

/// A number with six digits that count, as C writes it by default; it is not negative.
fn six_digits(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let exponent = number.log10().floor() as i32;
    if exponent < -4 {
        let text = format!("{number:.5e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let decimals = usize::try_from(5 - exponent).unwrap_or(0);
    let text = format!("{number:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::six_digits;

    #[test]
    fn six_digits_count() {
        let shown = [100.0, 14.285_714_3, 25.0, 8.928_571_4, 0.000_012_345_67].map(six_digits);
        assert_eq!(shown, ["100", "14.2857", "25", "8.92857", "1.23457e-05"]);
    }
}
