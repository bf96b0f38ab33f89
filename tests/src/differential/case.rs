//! A case as data: a module and commands, small enough to be cut down and printed again.

use std::fmt::Write as _;

/// An index into [`RandomCase::sorts`].
pub(super) type Sort = usize;
/// An index into [`RandomCase::operators`].
pub(super) type Operator = usize;
/// An index into [`RandomCase::variables`].
pub(super) type Variable = usize;

/// A term or a pattern.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Term {
    /// A variable.
    Variable(Variable),
    /// A natural number.
    Number(u32),
    /// The successor of a natural number.
    Successor(Box<Term>),
    /// A quoted identifier.
    Quoted(char),
    /// An operator with its arguments.
    Application(Operator, Vec<Term>),
}

/// The side on which an operator has an identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    /// `left id:`
    Left,
    /// `right id:`
    Right,
    /// `id:`
    Both,
}

/// An operator.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OperatorText {
    /// Its name.
    pub name: String,
    /// For each declaration the sorts of the arguments and of the result.
    pub declarations: Vec<(Vec<Sort>, Sort)>,
    /// `assoc`
    pub assoc: bool,
    /// `comm`
    pub comm: bool,
    /// Its identity, a constant.
    pub identity: Option<(Side, Operator)>,
    /// `idem`
    pub idempotent: bool,
    /// `iter`
    pub iterated: bool,
    /// `ctor`
    pub constructor: bool,
}

impl OperatorText {
    /// Whether it has axioms.
    #[must_use]
    pub fn has_axioms(&self) -> bool {
        self.assoc || self.comm || self.idempotent || self.identity.is_some()
    }
}

/// A condition of a statement.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Condition {
    /// `u = v`
    Equal(Term, Term),
    /// `p := v`
    Match(Term, Term),
    /// `t : S`
    Sort(Term, Sort),
    /// `t => p`, in rules only
    Rewrite(Term, Term),
}

/// An equation or a rule.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Statement {
    /// The label of a rule; equations have none.
    pub label: Option<String>,
    /// The left side.
    pub left: Term,
    /// The right side.
    pub right: Term,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// `owise`
    pub otherwise: bool,
}

/// A command.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    /// `red`
    Reduce(Term),
    /// `match` or, with extension, `xmatch`
    Match {
        /// With extension.
        extension: bool,
        /// The pattern.
        pattern: Term,
        /// The subject.
        subject: Term,
        /// `such that`
        condition: Option<Condition>,
    },
    /// `search`
    Search {
        /// `=>1`, `=>+`, `=>*` or `=>!`
        arrow: &'static str,
        /// At most so many steps.
        depth: usize,
        /// The initial term.
        initial: Term,
        /// The pattern of solutions.
        pattern: Term,
    },
    /// `rew`, or `frew` with gas
    Rewrite {
        /// At most so many rules are applied.
        limit: usize,
        /// So many at a place.
        gas: Option<usize>,
        /// The initial term.
        initial: Term,
    },
}

/// A module and commands.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct RandomCase {
    /// Names of sorts; `Nat` and `Qid` are imported.
    pub sorts: Vec<String>,
    /// Pairs of a smaller and a larger sort.
    pub subsorts: Vec<(Sort, Sort)>,
    /// The operators.
    pub operators: Vec<OperatorText>,
    /// Names and sorts of variables.
    pub variables: Vec<(String, Sort)>,
    /// Equations and rules.
    pub statements: Vec<Statement>,
    /// Patterns and the sorts that they have.
    pub memberships: Vec<(Term, Sort)>,
    /// What is asked.
    pub commands: Vec<Command>,
}

impl RandomCase {
    /// Whether reduction surely ends, as every equation makes every subject lighter. The
    /// variables of a matching condition stand for parts of what is matched.
    #[must_use]
    pub fn ends(&self) -> bool {
        let equations = self
            .statements
            .iter()
            .filter(|statement| statement.label.is_none());
        equations.into_iter().all(|equation| {
            let mut budget = variables(&equation.left);
            for condition in &equation.conditions {
                if let Condition::Match(pattern, Term::Variable(whole)) = condition
                    && let Some(at) = budget.iter().position(|variable| variable == whole)
                {
                    budget.remove(at);
                    budget.extend(variables(pattern));
                }
            }
            self.weight(&equation.right) < self.weight(&equation.left)
                && is_within(&variables(&equation.right), &budget)
        })
    }

    /// What equal terms have in common: how many constants and free operators they have, without
    /// identities and operators with axioms.
    #[must_use]
    pub fn weight(&self, term: &Term) -> u32 {
        match term {
            Term::Variable(_) => 0,
            Term::Number(number) => number + 1,
            Term::Successor(inner) => 1 + self.weight(inner),
            Term::Quoted(_) => 1,
            Term::Application(operator, arguments) => {
                let is_identity = |text: &OperatorText| {
                    text.identity
                        .is_some_and(|(_, identity)| identity == *operator)
                };
                let counts = !self.operators[*operator].has_axioms()
                    && !self.operators.iter().any(is_identity);
                let inner = arguments.iter().map(|argument| self.weight(argument));
                u32::from(counts) + inner.sum::<u32>()
            }
        }
    }

    /// The module, with this name.
    #[must_use]
    pub fn module(&self, name: &str) -> String {
        let mut text = format!("mod {name} is\n");
        for imported in ["Nat", "Qid"] {
            if self.sorts.iter().any(|sort| sort == imported) {
                let _ = writeln!(text, "  protecting {} .", imported.to_uppercase());
            }
        }
        for sort in self.sorts.iter().filter(|sort| !is_imported(sort)) {
            let _ = writeln!(text, "  sort {sort} .");
        }
        for &(small, large) in &self.subsorts {
            let _ = writeln!(
                text,
                "  subsort {} < {} .",
                self.sorts[small], self.sorts[large]
            );
        }
        for operator in &self.operators {
            for (domain, range) in &operator.declarations {
                let domain: Vec<&str> = domain.iter().map(|&sort| &*self.sorts[sort]).collect();
                let _ = writeln!(
                    text,
                    "  op {} : {} -> {}{} .",
                    operator.name,
                    domain.join(" "),
                    self.sorts[*range],
                    self.attributes(operator)
                );
            }
        }
        for (name, sort) in &self.variables {
            let _ = writeln!(text, "  var {name} : {} .", self.sorts[*sort]);
        }
        for (pattern, sort) in &self.memberships {
            let sort = &self.sorts[*sort];
            let _ = writeln!(text, "  mb {} : {sort} .", self.term(pattern));
        }
        for statement in &self.statements {
            let _ = writeln!(text, "  {}", self.statement(statement));
        }
        text + "endm\n"
    }

    /// Has what is searched rewritten as well, with several bounds.
    pub fn add_rewriting(&mut self) {
        let mut added = Vec::new();
        for command in &self.commands {
            if let Command::Search { initial, .. } = command {
                for (limit, gas) in [(5, None), (60, None), (3, Some(1)), (60, Some(2))] {
                    let initial = initial.clone();
                    added.push(Command::Rewrite {
                        limit,
                        gas,
                        initial,
                    });
                }
            }
        }
        self.commands.append(&mut added);
    }

    /// The module and the commands.
    #[must_use]
    pub fn script(&self, name: &str) -> String {
        let mut script = self.module(name);
        for command in &self.commands {
            script.push_str(&self.command(command, name));
            script.push('\n');
        }
        script
    }

    fn attributes(&self, operator: &OperatorText) -> String {
        let mut words = Vec::new();
        if operator.constructor {
            words.push("ctor".to_owned());
        }
        if operator.assoc {
            words.push("assoc".to_owned());
        }
        if operator.comm {
            words.push("comm".to_owned());
        }
        if operator.idempotent {
            words.push("idem".to_owned());
        }
        if operator.iterated {
            words.push("iter".to_owned());
        }
        if let Some((side, identity)) = operator.identity {
            let side = match side {
                Side::Left => "left id:",
                Side::Right => "right id:",
                Side::Both => "id:",
            };
            words.push(format!("{side} {}", self.operators[identity].name));
        }
        if words.is_empty() {
            String::new()
        } else {
            format!(" [{}]", words.join(" "))
        }
    }

    fn statement(&self, statement: &Statement) -> String {
        let conditional = if statement.conditions.is_empty() {
            ""
        } else {
            "c"
        };
        let mut text = match &statement.label {
            None if conditional.is_empty() => "eq ".to_owned(),
            None => "ceq ".to_owned(),
            Some(label) => format!("{conditional}rl [{label}] : "),
        };
        let arrow = if statement.label.is_some() { "=>" } else { "=" };
        let (left, right) = (self.term(&statement.left), self.term(&statement.right));
        let _ = write!(text, "{left} {arrow} {right}");
        for (index, condition) in statement.conditions.iter().enumerate() {
            let join = if index == 0 { "if" } else { "/\\" };
            let _ = write!(text, " {join} {}", self.condition(condition));
        }
        if statement.otherwise {
            text.push_str(" [owise]");
        }
        text + " ."
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Equal(left, right) => {
                format!("{} = {}", self.term(left), self.term(right))
            }
            Condition::Match(pattern, term) => {
                format!("{} := {}", self.term(pattern), self.term(term))
            }
            Condition::Rewrite(term, pattern) => {
                format!("{} => {}", self.term(term), self.term(pattern))
            }
            Condition::Sort(term, sort) => format!("{} : {}", self.term(term), self.sorts[*sort]),
        }
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Variable(variable) => self.variables[*variable].0.clone(),
            Term::Number(number) => number.to_string(),
            Term::Successor(inner) => format!("s {}", self.term(inner)),
            Term::Quoted(letter) => format!("'{letter}"),
            Term::Application(operator, arguments) => {
                let name = &self.operators[*operator].name;
                if arguments.is_empty() {
                    return name.clone();
                }
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| self.term(argument))
                    .collect();
                if let Some(infix) = infix(name) {
                    format!("({})", arguments.join(&format!(" {infix} ")))
                } else {
                    format!("{name}({})", arguments.join(", "))
                }
            }
        }
    }

    /// A command as text, in a module with this name.
    #[must_use]
    pub fn command(&self, command: &Command, module: &str) -> String {
        match command {
            Command::Reduce(term) => format!("red in {module} : {} .", self.term(term)),
            Command::Match {
                extension,
                pattern,
                subject,
                condition,
            } => {
                let word = if *extension { "xmatch" } else { "match" };
                let (pattern, subject) = (self.term(pattern), self.term(subject));
                let condition = match condition {
                    Some(condition) => format!(" such that {}", self.condition(condition)),
                    None => String::new(),
                };
                format!("{word} [200] in {module} : {pattern} <=? {subject}{condition} .")
            }
            Command::Rewrite {
                limit,
                gas: None,
                initial,
            } => format!("rew [{limit}] in {module} : {} .", self.term(initial)),
            Command::Rewrite {
                limit,
                gas: Some(gas),
                initial,
            } => format!(
                "frew [{limit}, {gas}] in {module} : {} .",
                self.term(initial)
            ),
            Command::Search {
                arrow,
                depth,
                initial,
                pattern,
            } => {
                let (initial, pattern) = (self.term(initial), self.term(pattern));
                format!("search [20, {depth}] in {module} : {initial} {arrow} {pattern} .")
            }
        }
    }
}

/// The word between the arguments of an operator `_word_`.
fn infix(name: &str) -> Option<&str> {
    name.strip_prefix('_')?.strip_suffix('_')
}

fn is_imported(sort: &str) -> bool {
    sort == "Nat" || sort == "Qid"
}

/// How many nodes a term has.
pub(super) fn size(term: &Term) -> usize {
    match term {
        Term::Application(_, arguments) => 1 + arguments.iter().map(size).sum::<usize>(),
        Term::Successor(inner) => 1 + size(inner),
        _ => 1,
    }
}

/// The occurrences of variables.
pub(super) fn variables(term: &Term) -> Vec<Variable> {
    match term {
        Term::Variable(variable) => vec![*variable],
        Term::Successor(inner) => variables(inner),
        Term::Application(_, arguments) => arguments.iter().flat_map(variables).collect(),
        Term::Number(_) | Term::Quoted(_) => vec![],
    }
}

/// Whether a multiset is within another.
pub(super) fn is_within(part: &[Variable], whole: &[Variable]) -> bool {
    let count = |of: &[Variable], variable| of.iter().filter(|&&other| other == variable).count();
    part.iter()
        .all(|&variable| count(part, variable) <= count(whole, variable))
}
