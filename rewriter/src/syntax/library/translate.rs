//! Statements of a module into a renamed copy of it.
//!
//! The one idea: operators and sorts of the copy are found by their new names and kinds; then a
//! pattern is copied node by node.

use super::Elaborated;
use super::renaming::Renaming;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::name::Name;
use crate::pattern::{Pattern, PatternId, PatternNode, Variable, VariableId};
use crate::signature::{KindId, OpId, Signature, SortId};
use crate::statement::{Body, Fragment, Statement};

/// An operator that becomes a term.
#[derive(Clone, Debug)]
pub(super) struct TermMapping {
    pub(super) name: Name,
    pub(super) domain: Vec<KindId>,
    /// Over the signature of the copy.
    pub(super) term: Pattern,
    /// The variable of the term for each argument.
    pub(super) arguments: Vec<VariableId>,
}

/// How often an iterated operator becomes a term at most.
const MOST_COPIES: usize = 100_000;

/// Where the sorts and operators of one module are in another.
pub(super) struct Translation {
    sorts: Vec<Option<SortId>>,
    operators: Vec<Option<OpId>>,
    /// By operator.
    terms: HashMap<OpId, TermMapping, FxBuildHasher>,
}

impl Translation {
    /// From a module into a renamed copy of it.
    pub(super) fn new(home: &Elaborated, target: &Elaborated, renaming: &Renaming) -> Translation {
        let (from, to) = (&home.signature, &target.signature);
        let sorts: Vec<Option<SortId>> = from
            .sorts()
            .map(|sort| translated_sort(from, to, sort, renaming))
            .collect();
        let operators = from
            .operators()
            .map(|op| {
                let operator = from.operator(op);
                let kind = |kind: &KindId| {
                    sorts[from.error_sort(*kind).index()].map(|sort| to.kind_of(sort))
                };
                let domain: Option<Vec<KindId>> = operator.domain.iter().map(kind).collect();
                let (domain, range) = (domain?, kind(&operator.range)?);
                let tested = home.sort_tests.iter().find(|&&(test, _)| test == op);
                let name = match tested {
                    Some(&(_, sort)) => {
                        let sort = renaming.sort(from.sort(sort).name);
                        Name::new(&format!("_::`{sort}"))
                    }
                    None => {
                        let is_polymorphic = !operator.attributes.poly.is_empty();
                        let rank =
                            (!is_polymorphic).then_some((&operator.domain[..], operator.range));
                        let item = renaming.operator(operator.name, rank, from);
                        item.map_or(operator.name, |item| item.to)
                    }
                };
                find_operator(to, name, &domain, range)
            })
            .collect();
        Translation {
            sorts,
            operators,
            terms: HashMap::default(),
        }
    }

    /// The same where some operators become terms.
    pub(super) fn with_terms(mut self, home: &Elaborated, terms: Vec<TermMapping>) -> Translation {
        for mapping in terms {
            let signature = &home.signature;
            let operators = signature.operators_named(mapping.name, mapping.domain.len());
            let found = operators
                .iter()
                .find(|&&op| signature.operator(op).domain == mapping.domain);
            if let Some(&op) = found {
                self.terms.insert(op, mapping);
            }
        }
        self
    }

    pub(super) fn operator(&self, op: OpId) -> Option<OpId> {
        self.operators[op.index()]
    }

    fn sort(&self, sort: SortId) -> Option<SortId> {
        self.sorts[sort.index()]
    }

    /// The pattern over the other signature; `None` if one of its operators does not exist there.
    pub(super) fn pattern(&self, pattern: &Pattern) -> Option<Pattern> {
        let mut copy = Pattern::new();
        let mut ids: Vec<PatternId> = Vec::with_capacity(pattern.nodes().len());
        let mut arguments_here = Vec::new();
        for node in pattern.nodes() {
            ids.push(match node {
                PatternNode::Variable(variable) => copy.variable(*variable),
                PatternNode::Application { op, arguments } => {
                    arguments_here.clear();
                    arguments_here.extend(arguments.iter().map(|id| ids[id.index()]));
                    match self.terms.get(op) {
                        Some(mapping) => mapping.instances(&arguments_here, &mut copy),
                        None => copy.apply(self.operator(*op)?, &arguments_here),
                    }
                }
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                } => match self.terms.get(op) {
                    Some(mapping) => {
                        let count = usize::try_from(count.to_big()).ok();
                        let count = count.filter(|&count| count <= MOST_COPIES)?;
                        let argument = ids[argument.index()];
                        (0..count).fold(argument, |argument, _| {
                            mapping.instance(&[argument], &mut copy)
                        })
                    }
                    None => copy.iterate(self.operator(*op)?, count.clone(), ids[argument.index()]),
                },
                PatternNode::Literal { op, value } => {
                    copy.literal(self.operator(*op)?, value.clone())
                }
            });
        }
        copy.set_root(ids[pattern.root().index()]);
        Some(copy)
    }

    pub(super) fn statement(&self, statement: &Statement) -> Option<Statement> {
        let body = match &statement.body {
            Body::Equation { left, right } => Body::Equation {
                left: self.pattern(left)?,
                right: self.pattern(right)?,
            },
            Body::Rule { left, right } => Body::Rule {
                left: self.pattern(left)?,
                right: self.pattern(right)?,
            },
            Body::Membership { pattern, sort } => Body::Membership {
                pattern: self.pattern(pattern)?,
                sort: self.sort(*sort)?,
            },
        };
        let variables: Option<Vec<Variable>> = statement
            .variables
            .iter()
            .map(|variable| {
                Some(Variable {
                    name: variable.name,
                    sort: self.sort(variable.sort)?,
                })
            })
            .collect();
        let condition: Option<Vec<Fragment>> = statement
            .condition
            .iter()
            .map(|fragment| self.fragment(fragment))
            .collect();
        Some(Statement {
            label: statement.label,
            variables: variables?,
            body,
            condition: condition?,
            attributes: statement.attributes.clone(),
            span: statement.span,
        })
    }

    fn fragment(&self, fragment: &Fragment) -> Option<Fragment> {
        Some(match fragment {
            Fragment::Equality { left, right } => Fragment::Equality {
                left: self.pattern(left)?,
                right: self.pattern(right)?,
            },
            Fragment::Assignment { pattern, term } => Fragment::Assignment {
                pattern: self.pattern(pattern)?,
                term: self.pattern(term)?,
            },
            Fragment::SortTest { term, sort } => Fragment::SortTest {
                term: self.pattern(term)?,
                sort: self.sort(*sort)?,
            },
            Fragment::Rewrite { term, pattern } => Fragment::Rewrite {
                term: self.pattern(term)?,
                pattern: self.pattern(pattern)?,
            },
        })
    }
}

impl TermMapping {
    /// Adds the term with these arguments to a pattern; with more of them, as an associative
    /// operator may have, one in another.
    fn instances(&self, arguments: &[PatternId], pattern: &mut Pattern) -> PatternId {
        match arguments {
            [first, rest @ ..] if self.arguments.len() == 2 && rest.len() > 1 => (rest.iter())
                .fold(*first, |inner, &argument| {
                    self.instance(&[inner, argument], pattern)
                }),
            _ => self.instance(arguments, pattern),
        }
    }

    /// Adds the term with these arguments to a pattern.
    fn instance(&self, arguments: &[PatternId], pattern: &mut Pattern) -> PatternId {
        let mut ids: Vec<PatternId> = Vec::with_capacity(self.term.nodes().len());
        for node in self.term.nodes() {
            ids.push(match node {
                PatternNode::Variable(variable) => {
                    let position = self.arguments.iter().position(|known| known == variable);
                    match position.and_then(|position| arguments.get(position)) {
                        Some(argument) => *argument,
                        None => unreachable!("the term has no other variables"),
                    }
                }
                PatternNode::Application { op, arguments } => {
                    let arguments: Vec<PatternId> =
                        arguments.iter().map(|id| ids[id.index()]).collect();
                    pattern.apply(*op, &arguments)
                }
                PatternNode::Iterated {
                    op,
                    count,
                    argument,
                } => pattern.iterate(*op, count.clone(), ids[argument.index()]),
                PatternNode::Literal { op, value } => pattern.literal(*op, value.clone()),
            });
        }
        ids[self.term.root().index()]
    }
}

fn translated_sort(
    from: &Signature,
    to: &Signature,
    sort: SortId,
    renaming: &Renaming,
) -> Option<SortId> {
    if !from.is_error_sort(sort) {
        return to.sort_named(renaming.sort(from.sort(sort).name));
    }
    let kind = from.kind(from.kind_of(sort));
    let some = to.sort_named(renaming.sort(from.sort(*kind.maximal.first()?).name))?;
    Some(to.error_sort(to.kind_of(some)))
}

/// The operator with this name over exactly these kinds.
pub(crate) fn find_operator(
    signature: &Signature,
    name: Name,
    domain: &[KindId],
    range: KindId,
) -> Option<OpId> {
    signature
        .operators_named(name, domain.len())
        .iter()
        .copied()
        .find(|&op| {
            let operator = signature.operator(op);
            operator.domain == domain && operator.range == range
        })
}
