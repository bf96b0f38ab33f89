//! Propositional formulas as binary decision diagrams.
//!
//! The one idea: formulas that mean the same are the same diagram, and so the same number.
//!
//! Source: Bryant, "Graph-based algorithms for Boolean function manipulation" (IEEE ToC 1986).

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// A formula over propositions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Diagram(u32);

impl Diagram {
    pub(super) const FALSE: Diagram = Diagram(0);
    pub(super) const TRUE: Diagram = Diagram(1);
}

/// A question, and what follows if it is answered with no and with yes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Decision {
    pub(super) proposition: u32,
    pub(super) no: Diagram,
    pub(super) yes: Diagram,
}

/// All diagrams made so far.
#[derive(Debug, Default)]
pub(super) struct Diagrams {
    /// Those beyond `FALSE` and `TRUE`.
    decisions: Vec<Decision>,
    known: HashMap<Decision, Diagram, FxBuildHasher>,
    /// `if a then b else c`, as far as computed.
    choices: HashMap<[Diagram; 3], Diagram, FxBuildHasher>,
}

impl Diagrams {
    /// That a proposition holds.
    pub(super) fn proposition(&mut self, proposition: u32) -> Diagram {
        self.decision(Decision {
            proposition,
            no: Diagram::FALSE,
            yes: Diagram::TRUE,
        })
    }

    /// The first question of a formula; none if it is `TRUE` or `FALSE`.
    pub(super) fn first(&self, formula: Diagram) -> Option<Decision> {
        let index = (formula.0 as usize).checked_sub(2)?;
        Some(self.decisions[index])
    }

    pub(super) fn not(&mut self, formula: Diagram) -> Diagram {
        self.choice(formula, Diagram::FALSE, Diagram::TRUE)
    }

    pub(super) fn and(&mut self, left: Diagram, right: Diagram) -> Diagram {
        self.choice(left, right, Diagram::FALSE)
    }

    pub(super) fn or(&mut self, left: Diagram, right: Diagram) -> Diagram {
        self.choice(left, Diagram::TRUE, right)
    }

    /// What is true of the first and not of the second.
    pub(super) fn without(&mut self, formula: Diagram, other: Diagram) -> Diagram {
        let other = self.not(other);
        self.and(formula, other)
    }

    fn decision(&mut self, decision: Decision) -> Diagram {
        if decision.no == decision.yes {
            return decision.no;
        }
        *self.known.entry(decision).or_insert_with(|| {
            self.decisions.push(decision);
            Diagram(self.decisions.len() as u32 + 1)
        })
    }

    /// `if a then b else c`. What is still to be done is a list, so that many propositions cost no
    /// stack.
    fn choice(&mut self, a: Diagram, b: Diagram, c: Diagram) -> Diagram {
        let asked = [a, b, c];
        let mut pending = vec![asked];
        while let Some(&choice) = pending.last() {
            if self.choices.contains_key(&choice) {
                pending.pop();
                continue;
            }
            let [a, b, c] = choice;
            let trivial = match () {
                () if a == Diagram::TRUE || b == c => Some(b),
                () if a == Diagram::FALSE => Some(c),
                () if b == Diagram::TRUE && c == Diagram::FALSE => Some(a),
                () => None,
            };
            if let Some(result) = trivial {
                self.choices.insert(choice, result);
                continue;
            }
            let firsts = choice.map(|formula| self.first(formula).map(|first| first.proposition));
            let Some(proposition) = firsts.into_iter().flatten().min() else {
                unreachable!("without a question a choice is trivial");
            };
            let answered = |diagrams: &Diagrams, yes: bool| {
                choice.map(|formula| match diagrams.first(formula) {
                    Some(first) if first.proposition == proposition => {
                        if yes {
                            first.yes
                        } else {
                            first.no
                        }
                    }
                    _ => formula,
                })
            };
            let (no, yes) = (answered(self, false), answered(self, true));
            match (self.choices.get(&no), self.choices.get(&yes)) {
                (Some(&no), Some(&yes)) => {
                    let result = self.decision(Decision {
                        proposition,
                        no,
                        yes,
                    });
                    self.choices.insert(choice, result);
                }
                (no_done, yes_done) => {
                    let missing = [(no_done, no), (yes_done, yes)];
                    pending.extend(
                        (missing.into_iter())
                            .filter(|(done, _)| done.is_none())
                            .map(|(_, choice)| choice),
                    );
                }
            }
        }
        self.choices[&asked]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_that_mean_the_same_are_the_same() {
        let mut all = Diagrams::default();
        let [p, q] = [0, 1].map(|number| all.proposition(number));
        let both = all.and(p, q);
        let neither = all.or(p, q);
        let neither = all.not(neither);
        let (not_p, not_q) = (all.not(p), all.not(q));
        assert_eq!(all.and(not_q, not_p), neither);
        assert_eq!(all.without(both, q), Diagram::FALSE);
        let only_p = all.without(p, q);
        assert_eq!(all.or(only_p, both), p);
        assert_eq!(all.or(p, not_p), Diagram::TRUE);
    }
}
