//! Random cases: a signature with axioms, statements that end, and commands.
//!
//! The one idea: an equation makes every subject lighter (see [`RandomCase::ends`]), so reduction
//! ends; it need not be confluent, and then the order in which equations and matchers are tried
//! can be seen. Rules need not make anything lighter: searches have bounds.

use super::case::{Command, Condition, Operator, OperatorText, RandomCase, Side};
use super::case::{Sort, Statement, Term, Variable, is_within, size, variables};
use super::random::Random;

/// The case of a seed with a number.
#[must_use]
pub fn generate(seed: u64, number: u64) -> RandomCase {
    generate_from(seed, number, false)
}

/// The same with more of the language: idempotent and iterated operators, memberships, conditions
/// with rewrites, conditions that evaluate parts of right sides.
#[must_use]
pub fn generate_wide(seed: u64, number: u64) -> RandomCase {
    generate_from(seed, number, true)
}

fn generate_from(seed: u64, number: u64, wide: bool) -> RandomCase {
    let mut generator = Generator {
        wide,
        random: Random::new(seed, number),
        case: RandomCase::default(),
        below: Vec::new(),
        pool: Vec::new(),
    };
    generator.signature();
    generator.fill_pool();
    generator.variables();
    generator.memberships();
    let is_idempotent = |operator: &OperatorText| operator.idempotent;
    let has_idempotent = generator.case.operators.iter().any(is_idempotent);
    let theme = match generator.random.below(4) {
        // What merges gets lighter, so equations might not end.
        1 | 2 if has_idempotent => 0,
        theme => theme,
    };
    match theme {
        0 => {
            for _ in 0..=generator.random.below(5) {
                generator.match_command();
            }
        }
        1 | 2 => {
            for _ in 0..=generator.random.below(4) {
                generator.equation();
            }
            for _ in 0..=generator.random.below(3) {
                let term = generator.ground();
                generator.case.commands.push(Command::Reduce(term));
            }
        }
        _ => {
            let n_equations = generator.random.below(3);
            for _ in 0..if has_idempotent { 0 } else { n_equations } {
                generator.equation();
            }
            for number in 0..=generator.random.below(3) {
                generator.rule(number);
            }
            for _ in 0..=generator.random.below(2) {
                generator.search_command();
            }
        }
    }
    generator.case
}

struct Generator {
    /// Everything is generated.
    wide: bool,
    random: Random,
    case: RandomCase,
    /// For each sort, those below it and itself.
    below: Vec<Vec<Sort>>,
    /// Ground terms with their least sorts.
    pool: Vec<(Term, Sort)>,
}

/// The sort above all others of the first kind.
const TOP: Sort = 0;

/// Larger subjects have too many matchers.
const LARGEST: usize = 14;

impl Generator {
    fn signature(&mut self) {
        let n_sorts = 1 + self.random.below(4);
        self.case.sorts = (0..n_sorts).map(|number| format!("S{number}")).collect();
        for sort in 1..n_sorts {
            let above = self.random.below(sort);
            self.case.subsorts.push((sort, above));
            if self.random.percent(20) {
                let other = self.random.below(sort);
                if other != above {
                    self.case.subsorts.push((sort, other));
                }
            }
        }
        for (imported, percentage) in [("Nat", 20), ("Qid", 10)] {
            if self.random.percent(percentage) {
                let above = self.random.below(n_sorts);
                self.case.subsorts.push((self.case.sorts.len(), above));
                self.case.sorts.push(imported.to_owned());
            }
        }
        self.close_sorts();
        let n_constants = 2 + self.random.below(4);
        for name in ["b", "a", "d", "c", "e"].iter().take(n_constants) {
            let sort = self.random.below(n_sorts);
            self.declare(name, vec![(vec![], sort)], true);
        }
        for name in ["g", "f"].iter().take(self.random.below(3)) {
            let n_arguments = 1 + self.random.below(2);
            let domain = vec![TOP; n_arguments];
            let range = self.random.below(n_sorts);
            let mut declarations = vec![(domain, range)];
            if self.random.percent(30) {
                let domain = (0..n_arguments).map(|_| self.random.below(n_sorts));
                let domain = domain.collect();
                let lower = *self.random.choose(&self.below[range].clone());
                if lower < n_sorts {
                    declarations.push((domain, lower));
                }
            }
            self.declare(name, declarations, true);
        }
        if self.wide && self.random.percent(50) {
            let range = self.random.below(n_sorts);
            self.declare("h", vec![(vec![TOP], range)], true);
            if let Some(operator) = self.case.operators.last_mut() {
                operator.iterated = true;
            }
        }
        for name in ["_p_", "_q_"].iter().take(1 + self.random.below(2)) {
            self.axioms(name, n_sorts);
        }
        if self.random.percent(30) {
            self.case.sorts.push("W".to_owned());
            self.close_sorts();
            let wrapped = self.case.sorts.len() - 1;
            let domain = vec![TOP; 1 + self.random.below(2)];
            self.declare("w", vec![(domain, wrapped)], true);
        }
    }

    fn close_sorts(&mut self) {
        let n_sorts = self.case.sorts.len();
        self.below = (0..n_sorts).map(|sort| vec![sort]).collect();
        // A sort below another has a larger number or is imported, so few rounds suffice.
        for _ in 0..n_sorts {
            for &(small, large) in &self.case.subsorts {
                for sort in self.below[small].clone() {
                    if !self.below[large].contains(&sort) {
                        self.below[large].push(sort);
                    }
                }
            }
        }
    }

    fn declare(&mut self, name: &str, declarations: Vec<(Vec<Sort>, Sort)>, constructor: bool) {
        self.case.operators.push(OperatorText {
            name: name.to_owned(),
            declarations,
            assoc: false,
            comm: false,
            identity: None,
            idempotent: false,
            iterated: false,
            constructor,
        });
    }

    /// A binary operator with axioms on the first kind, perhaps also on one of its smaller sorts.
    fn axioms(&mut self, name: &str, n_sorts: usize) {
        let kind = self.random.below(10);
        let (assoc, comm, has_identity) = match kind {
            0 => (false, true, false),
            1 => (false, true, true),
            2 => (false, false, true),
            3 | 4 => (true, false, false),
            5 | 6 => (true, false, true),
            7 => (true, true, false),
            _ => (true, true, true),
        };
        let identity = has_identity.then(|| {
            let sort = self.random.below(n_sorts);
            let identity = self.case.operators.len();
            self.declare(
                &format!("{}0", name.trim_matches('_')),
                vec![(vec![], sort)],
                true,
            );
            let side = match self.random.below(if comm { 1 } else { 6 }) {
                1 => Side::Left,
                2 => Side::Right,
                _ => Side::Both,
            };
            (side, identity)
        });
        let idempotent = self.wide && !assoc && self.random.percent(60);
        let mut declarations = vec![(vec![TOP, TOP], TOP)];
        if self.random.percent(30) {
            let sort = self.random.below(n_sorts);
            if sort != TOP {
                declarations.push((vec![sort, sort], sort));
            }
        }
        self.declare(name, declarations, true);
        if let Some(operator) = self.case.operators.last_mut() {
            operator.assoc = assoc;
            operator.comm = comm;
            operator.idempotent = idempotent;
            operator.identity = identity;
        }
    }

    /// The least sort of an application, if it has one below the kind.
    fn least_sort(&self, operator: Operator, arguments: &[Sort]) -> Option<Sort> {
        let ranges = self.case.operators[operator].declarations.iter();
        let ranges = ranges.filter(|(domain, _)| {
            let pairs = domain.iter().zip(arguments);
            pairs
                .into_iter()
                .all(|(&large, small)| self.below[large].contains(small))
        });
        let ranges: Vec<Sort> = ranges.map(|&(_, range)| range).collect();
        let is_least = |&&sort: &&Sort| {
            ranges
                .iter()
                .all(|&other| self.below[other].contains(&sort))
        };
        ranges.iter().find(is_least).copied()
    }

    fn fill_pool(&mut self) {
        for (sort, name) in self.case.sorts.clone().iter().enumerate() {
            match name.as_str() {
                "Nat" => self
                    .pool
                    .extend((0..3).map(|number| (Term::Number(number), sort))),
                "Qid" => {
                    let letters = ["zyx", "xzy", "yxz"][self.random.below(3)].chars();
                    self.pool
                        .extend(letters.map(|letter| (Term::Quoted(letter), sort)));
                }
                _ => {}
            }
        }
        for operator in 0..self.case.operators.len() {
            if let [(domain, range)] = self.case.operators[operator].declarations.as_slice()
                && domain.is_empty()
            {
                self.pool
                    .push((Term::Application(operator, vec![]), *range));
            }
        }
        let applied: Vec<Operator> = (0..self.case.operators.len())
            .filter(|&operator| !self.case.operators[operator].declarations[0].0.is_empty())
            .collect();
        for _ in 0..25 {
            let operator = *self.random.choose(&applied);
            let text = &self.case.operators[operator];
            let n_arguments = match text.declarations[0].0.len() {
                2 if text.assoc => 2 + self.random.below(3),
                n_arguments => n_arguments,
            };
            let (mut arguments, mut sorts) = (Vec::new(), Vec::new());
            for _ in 0..n_arguments {
                let (term, sort) = self.random.choose(&self.pool).clone();
                arguments.push(term);
                sorts.push(sort);
            }
            let fold =
                |left: Option<Sort>, &right: &Sort| self.least_sort(operator, &[left?, right]);
            let sort = if n_arguments > 2 {
                sorts[1..].iter().fold(Some(sorts[0]), fold)
            } else {
                self.least_sort(operator, &sorts)
            };
            let term = Term::Application(operator, arguments);
            if let Some(sort) = sort
                && size(&term) <= 12
            {
                self.pool.push((term, sort));
            }
        }
    }

    fn variables(&mut self) {
        let n_sorts = self.case.sorts.len();
        for name in ["X", "Y", "Z", "U", "V"] {
            let sort = if self.random.percent(50) {
                TOP
            } else {
                self.random.below(n_sorts)
            };
            self.case.variables.push((name.to_owned(), sort));
        }
    }

    /// Lower sorts of applications of free operators.
    fn memberships(&mut self) {
        if !self.wide || !self.random.percent(30) {
            return;
        }
        let is_free = |text: &OperatorText| {
            let (domain, _) = &text.declarations[0];
            !domain.is_empty() && !text.has_axioms() && !text.iterated && text.name != "w"
        };
        let free: Vec<Operator> = (0..self.case.operators.len())
            .filter(|&operator| is_free(&self.case.operators[operator]))
            .collect();
        if free.is_empty() {
            return;
        }
        let operator = *self.random.choose(&free);
        let text = &self.case.operators[operator];
        let (name, range) = (text.name.clone(), text.declarations[0].1);
        let pattern = self.application(&name, 1);
        let is_own = |sort: &Sort| self.case.sorts[*sort].starts_with('S');
        let below: Vec<Sort> = self.below[range].iter().copied().filter(is_own).collect();
        let sort = *self.random.choose(&below);
        self.case.memberships.push((pattern, sort));
    }

    /// A ground term.
    fn ground(&mut self) -> Term {
        let large = self.pool.len() / 2;
        let index = large + self.random.below(self.pool.len() - large);
        let (term, _) = self.pool[index].clone();
        if self.random.percent(50) {
            return self.enlarged(term);
        }
        term
    }

    /// Puts a term of the first kind below an operator with axioms, with others.
    fn enlarged(&mut self, term: Term) -> Term {
        if self.is_wrapped(&term) {
            return term;
        }
        let operators: Vec<Operator> = (0..self.case.operators.len())
            .filter(|&operator| self.case.operators[operator].has_axioms())
            .collect();
        let operator = *self.random.choose(&operators);
        let assoc = self.case.operators[operator].assoc;
        let mut arguments = vec![term];
        for _ in 0..if assoc { 1 + self.random.below(3) } else { 1 } {
            let other = self.of_sort(TOP);
            let at = self.random.below(arguments.len() + 1);
            arguments.insert(at, other);
        }
        Term::Application(operator, arguments)
    }

    fn is_wrapped(&self, term: &Term) -> bool {
        matches!(term, Term::Application(operator, _)
            if self.case.operators[*operator].name == "w")
    }

    /// A ground term of a sort; a small one of the first kind if there is none.
    fn of_sort(&mut self, sort: Sort) -> Term {
        let below = &self.below[sort];
        let fitting: Vec<usize> = (0..self.pool.len())
            .filter(|&index| below.contains(&self.pool[index].1))
            .collect();
        match fitting.as_slice() {
            [] => self.pool[0].0.clone(),
            some => {
                let index = *self.random.choose(some);
                self.pool[index].0.clone()
            }
        }
    }

    /// A pattern of the kind of a sort.
    fn pattern(&mut self, sort: Sort, depth: usize) -> Term {
        let name = self.case.sorts[sort].clone();
        if name == "W" {
            if depth > 0 && self.random.percent(80) {
                return self.application("w", depth);
            }
            return self.variable_or_ground(sort);
        }
        if depth == 0 || self.random.percent(35) {
            return self.variable_or_ground(sort);
        }
        let operators: Vec<Operator> = (0..self.case.operators.len())
            .filter(|&operator| {
                let operator = &self.case.operators[operator];
                !operator.declarations[0].0.is_empty() && operator.name != "w"
            })
            .collect();
        let operator = *self.random.choose(&operators);
        let name = self.case.operators[operator].name.clone();
        self.application(&name, depth)
    }

    fn application(&mut self, name: &str, depth: usize) -> Term {
        let find = |operator: &OperatorText| operator.name == name;
        let operator = self.case.operators.iter().position(find).unwrap_or(0);
        let text = &self.case.operators[operator];
        let n_arguments = match text.declarations[0].0.len() {
            2 if text.assoc => 2 + self.random.below(3),
            n_arguments => n_arguments,
        };
        let arguments = (0..n_arguments).map(|_| {
            let deeper = if self.random.percent(40) {
                depth - 1
            } else {
                0
            };
            self.pattern(TOP, deeper)
        });
        Term::Application(operator, arguments.collect())
    }

    fn variable_or_ground(&mut self, sort: Sort) -> Term {
        let of_kind: Vec<Variable> = (0..self.case.variables.len())
            .filter(|&variable| {
                let wrapped = |sort: Sort| self.case.sorts[sort] == "W";
                wrapped(self.case.variables[variable].1) == wrapped(sort)
            })
            .collect();
        if !of_kind.is_empty() && self.random.percent(75) {
            let variable = *self.random.choose(&of_kind);
            let is_number = self.case.sorts[self.case.variables[variable].1] == "Nat";
            if is_number && self.random.percent(40) {
                return Term::Successor(Box::new(Term::Variable(variable)));
            }
            return Term::Variable(variable);
        }
        self.of_sort(sort)
    }

    /// A pattern that is no variable.
    fn left_side(&mut self) -> Term {
        let wrapped = self.case.sorts.iter().position(|sort| sort == "W");
        loop {
            let sort = match wrapped {
                Some(wrapped) if self.random.percent(40) => wrapped,
                _ => TOP,
            };
            let pattern = self.pattern(sort, 2);
            if matches!(&pattern, Term::Application(_, arguments) if !arguments.is_empty()) {
                return pattern;
            }
        }
    }

    /// An instance of a pattern.
    fn instance(&mut self, pattern: &Term) -> Term {
        let values: Vec<Term> = (0..self.case.variables.len())
            .map(|variable| self.of_sort(self.case.variables[variable].1))
            .collect();
        substitute(pattern, &values)
    }

    fn match_command(&mut self) {
        let pattern = self.left_side();
        let extension = self.random.percent(40);
        let mut subject = self.instance(&pattern);
        if self.random.percent(if extension { 60 } else { 10 }) {
            subject = self.enlarged(subject);
        }
        if size(&subject) > LARGEST {
            return;
        }
        let occurring = variables(&pattern);
        let condition = (!occurring.is_empty() && self.random.percent(20)).then(|| {
            let variable = *self.random.choose(&occurring);
            self.condition_on(variable)
        });
        self.case.commands.push(Command::Match {
            extension,
            pattern,
            subject,
            condition,
        });
    }

    /// A condition that binds nothing.
    fn condition_on(&mut self, variable: Variable) -> Condition {
        let sort = self.case.variables[variable].1;
        let same_kind: Vec<Sort> = (0..self.case.sorts.len())
            .filter(|&other| (self.case.sorts[other] == "W") == (self.case.sorts[sort] == "W"))
            .collect();
        let term = Term::Variable(variable);
        if self.random.percent(50) || self.case.sorts[sort] == "W" {
            Condition::Sort(term, *self.random.choose(&same_kind))
        } else {
            // A constant: reducing anything else could need the condition again.
            let is_constant = |term: &Term| size(term) == 1;
            let constants: Vec<Term> = (self.pool.iter())
                .map(|(term, _)| term.clone())
                .filter(is_constant)
                .collect();
            Condition::Equal(term, self.random.choose(&constants).clone())
        }
    }

    fn equation(&mut self) {
        let statement = self.statement(None);
        self.case.statements.extend(statement);
    }

    fn rule(&mut self, number: usize) {
        let statement = self.statement(Some(format!("r{number}")));
        self.case.statements.extend(statement);
    }

    fn statement(&mut self, label: Option<String>) -> Option<Statement> {
        let left = self.left_side();
        let mut budget = variables(&left);
        let mut conditions = Vec::new();
        if !budget.is_empty() && self.random.percent(25) {
            let variable = *self.random.choose(&budget);
            if self.random.percent(40) {
                conditions.extend(self.matching_condition(variable, &mut budget));
            } else {
                conditions.push(self.condition_on(variable));
            }
        }
        let is_rule = label.is_some();
        if self.wide && is_rule && !budget.is_empty() && self.random.percent(20) {
            let variable = *self.random.choose(&budget);
            let sort = self.case.variables[variable].1;
            let pattern = self.pattern(sort, 1);
            conditions.push(Condition::Rewrite(Term::Variable(variable), pattern));
        }
        let sort = if self.is_wrapped(&left) {
            self.case.sorts.len() - 1
        } else {
            TOP
        };
        let weight = self.case.weight(&left);
        let mut right = None;
        for _ in 0..30 {
            let depth = 1 + self.random.below(2);
            let candidate = self.pattern(sort, depth);
            let is_lighter = self.case.weight(&candidate) < weight;
            let grows_little = self.case.weight(&candidate) <= weight + 1 && size(&candidate) <= 5;
            if (is_rule && grows_little || is_lighter)
                && is_within(&variables(&candidate), &budget)
                && candidate != left
            {
                right = Some(candidate);
                break;
            }
        }
        let otherwise = !is_rule && self.random.percent(10);
        let right = right?;
        if self.wide && self.random.percent(30) {
            conditions.extend(self.shared_condition(&right));
        }
        Some(Statement {
            otherwise,
            label,
            left,
            right,
            conditions,
        })
    }

    /// A condition that evaluates a part of the right side.
    fn shared_condition(&mut self, right: &Term) -> Option<Condition> {
        let parts = applications(right);
        let shared = (!parts.is_empty()).then(|| self.random.choose(&parts).clone())?;
        let sort = match self.is_wrapped(&shared) {
            true => self.case.sorts.len() - 1,
            false => TOP,
        };
        Some(match self.random.below(4) {
            0 => Condition::Equal(shared.clone(), shared),
            1 => Condition::Equal(shared, self.random.choose(&parts).clone()),
            _ => Condition::Sort(shared, sort),
        })
    }

    /// `p := X`, where the variables of `p` are new: they stand for parts of `X`, and may be used
    /// instead of one occurrence of it.
    fn matching_condition(
        &mut self,
        variable: Variable,
        budget: &mut Vec<Variable>,
    ) -> Option<Condition> {
        let used = budget.clone();
        let sort = self.case.variables[variable].1;
        for _ in 0..10 {
            let pattern = self.pattern(sort, 1);
            let new = variables(&pattern);
            let is_new = new.iter().all(|variable| !used.contains(variable));
            let mut distinct = new.clone();
            distinct.dedup();
            if is_new && distinct.len() == new.len() && !matches!(pattern, Term::Variable(_)) {
                let at = budget.iter().position(|&other| other == variable)?;
                budget.remove(at);
                budget.extend(new);
                return Some(Condition::Match(pattern, Term::Variable(variable)));
            }
        }
        None
    }

    fn search_command(&mut self) {
        let lefts: Vec<Term> = (self.case.statements.iter())
            .filter(|statement| statement.label.is_some())
            .map(|statement| statement.left.clone())
            .collect();
        let Some(left) = lefts.first() else {
            return;
        };
        let left = if lefts.len() > 1 {
            self.random.choose(&lefts).clone()
        } else {
            left.clone()
        };
        let mut initial = self.instance(&left);
        if self.random.percent(40) {
            initial = self.enlarged(initial);
        }
        if size(&initial) > LARGEST {
            return;
        }
        let sort = if self.is_wrapped(&initial) {
            self.case.sorts.len() - 1
        } else {
            TOP
        };
        let pattern = if self.random.percent(50) {
            let is_top = |&variable: &Variable| self.case.variables[variable].1 == sort;
            let everything = (0..self.case.variables.len()).find(is_top);
            everything.map_or_else(|| self.pattern(sort, 1), Term::Variable)
        } else {
            self.pattern(sort, 1)
        };
        let arrow = *self.random.choose(&["=>1", "=>+", "=>*", "=>!"]);
        self.case.commands.push(Command::Search {
            arrow,
            depth: 1 + self.random.below(3),
            initial,
            pattern,
        });
    }
}

/// The applications in a term, to something.
fn applications(term: &Term) -> Vec<Term> {
    match term {
        Term::Application(_, arguments) if !arguments.is_empty() => {
            let inner = arguments.iter().flat_map(applications);
            std::iter::once(term.clone()).chain(inner).collect()
        }
        _ => Vec::new(),
    }
}

fn substitute(pattern: &Term, values: &[Term]) -> Term {
    match pattern {
        Term::Variable(variable) => values[*variable].clone(),
        Term::Successor(inner) => match substitute(inner, values) {
            Term::Number(number) => Term::Number(number + 1),
            other => Term::Successor(Box::new(other)),
        },
        Term::Application(operator, arguments) => {
            let arguments = arguments
                .iter()
                .map(|argument| substitute(argument, values));
            Term::Application(*operator, arguments.collect())
        }
        other => other.clone(),
    }
}
