//! The sorts that membership axioms give to terms that nothing reduces.
//!
//! The one idea: subjects of `match` are taken as they are written, but as in Maude with their true
//! sorts; so the axioms are applied bottom up, each at the nodes at which it can hold as a whole.

use std::sync::Arc;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::{Interrupted, NormalForm, Reducer};
use crate::statement::{Body, Statement};
use crate::term::TermId;

impl Reducer {
    /// Lowers the sorts of a term and of its subterms as the membership axioms say.
    ///
    /// # Errors
    /// If a limit is reached while conditions are evaluated.
    pub fn find_true_sorts(&mut self, term: TermId) -> Result<(), Interrupted> {
        let module = Arc::clone(&self.module);
        let is_axiom = |statement: &&Statement| {
            matches!(statement.body, Body::Membership { .. }) && !statement.attributes.nonexec
        };
        let axioms: Vec<&Statement> = module.statements().iter().filter(is_axiom).collect();
        if axioms.is_empty() {
            return Ok(());
        }
        let operators = axioms.iter().map(|axiom| module.operators_at(axiom));
        let operators: Vec<_> = operators.collect();
        for term in self.subterms_below_first(term) {
            self.store.lower_sort(term);
            let op = self.store.op(term);
            let mut changes = true;
            while std::mem::take(&mut changes) {
                for (axiom, _) in axioms
                    .iter()
                    .zip(&operators)
                    .filter(|(_, at)| at.contains(&op))
                {
                    let Body::Membership { pattern, sort } = &axiom.body else {
                        continue;
                    };
                    let now = self.store.sort(term);
                    if *sort == now || !self.store.signature().leq(*sort, now) {
                        continue;
                    }
                    let (variables, condition) = (&axiom.variables, &axiom.condition);
                    let subject = NormalForm(term);
                    let found = self.matches(variables, pattern, condition, subject, false, 1)?;
                    if !found.is_empty() {
                        self.store.set_sort(term, *sort);
                        changes = true;
                    }
                }
            }
        }
        Ok(())
    }

    /// The subterms of a term, each once, arguments before what they are arguments of.
    fn subterms_below_first(&self, term: TermId) -> Vec<TermId> {
        let mut done = Vec::new();
        let mut known: HashSet<TermId, FxBuildHasher> = HashSet::default();
        let mut pending = vec![(term, false)];
        while let Some((term, are_arguments_done)) = pending.pop() {
            if are_arguments_done {
                done.push(term);
            } else if known.insert(term) {
                pending.push((term, true));
                let arguments = self.store.arguments(term).iter();
                pending.extend(arguments.map(|&argument| (argument, false)));
            }
        }
        done
    }
}
