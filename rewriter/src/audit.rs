//! Audit: what is suspicious about modules that run without a complaint.
//!
//! The one idea: a statement is tried on what it is about. *Generic* instances, in which a constant
//! stands for each variable, tell what holds for all values: that something else applies first. *Ground*
//! instances, small ones first, tell what goes wrong for some: two normal forms of one term, a rule
//! that equations take the chance of. Whatever is found is an example that anybody can run; what
//! was looked at is counted, and nothing is called right.
//!
//! Left out on purpose: termination, and overlaps within lists.

mod confluence;
mod expected;
mod ground;
mod overlap;
mod subject;
mod unify;
mod written;

use std::time::Instant;

use crate::load::LoadedModule;
use crate::module::StatementId;
use crate::reduction::{Limits, Reducer};
use crate::signature::SortId;
use crate::source::Span;
use crate::syntax::script::Session;
use crate::term::TermId;

use self::subject::Subject;

/// A kind of findings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A variable has no value where it is used.
    Unbound,
    /// A statement never applies, because something else always applies first.
    Shadowed,
    /// One term has two normal forms.
    Confluence,
    /// Overlapping equations lead to terms that do not join, whatever the variables stand for.
    Overlap,
    /// Equations take a rule's chance away.
    Coherence,
    /// A variable is compared where a new value may have been meant, or repeated where that costs.
    Repeated,
    /// A statement has no label.
    Unlabelled,
}

impl Kind {
    /// All kinds, the gravest first.
    pub const ALL: [Kind; 7] = [
        Kind::Unbound,
        Kind::Shadowed,
        Kind::Confluence,
        Kind::Overlap,
        Kind::Coherence,
        Kind::Repeated,
        Kind::Unlabelled,
    ];

    /// The word for it on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Unbound => "unbound",
            Kind::Shadowed => "shadowed",
            Kind::Confluence => "confluence",
            Kind::Overlap => "overlap",
            Kind::Coherence => "coherence",
            Kind::Repeated => "repeated",
            Kind::Unlabelled => "unlabelled",
        }
    }

    /// What findings of this kind are.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Unbound => "variables without a value where they are used",
            Kind::Shadowed => "statements that can never apply",
            Kind::Confluence => "terms with two normal forms",
            Kind::Overlap => "overlapping equations that do not join",
            Kind::Coherence => "rules whose chance equations take away",
            Kind::Repeated => "variables that are compared, perhaps not on purpose",
            Kind::Unlabelled => "statements without a label",
        }
    }
}

/// Something suspicious.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// The module.
    pub module: String,
    /// The statement it is about, by its label or text, and its place.
    pub statement: String,
    /// Where it stands.
    pub span: Option<Span>,
    /// What is suspicious, in one sentence.
    pub message: String,
    /// The example or the reasons, a line each.
    pub details: Vec<String>,
    /// Another statement that takes part.
    pub other: Option<Span>,
}

/// What to look for, and how far.
#[derive(Clone, Debug)]
pub struct Options {
    /// Kinds that are wanted.
    pub kinds: Vec<Kind>,
    /// Where the samples begin: the same seed gives the same samples.
    pub seed: u64,
    /// The most ground terms for each operator, rule and overlap.
    pub samples: usize,
    /// The whole ends with these; rewrites are those of one reduction.
    pub limits: Limits,
}

/// What was looked at.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Covered {
    /// Modules.
    pub modules: usize,
    /// Statements.
    pub statements: usize,
    /// Ground terms that were reduced in several ways.
    pub terms: usize,
    /// Overlaps of equations.
    pub overlaps: usize,
    /// Those that do not join as they are, and join for all samples.
    pub joined_on_samples: usize,
    /// Those that do not join as they are, and for which no sample was made.
    pub not_sampled: usize,
    /// Reductions that did not end within the limits.
    pub unfinished: usize,
}

/// The diagnostic of a variable without a value.
pub const UNBOUND: &str = "unbound-variable";

/// The result of an audit.
#[derive(Clone, Default, Debug)]
pub struct Audit {
    /// What is suspicious, by kind and place.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub covered: Covered,
    /// Whether time ended it, or somebody.
    pub is_cut: bool,
}

/// Audits the modules of a session that no other module imports, with all that they import.
pub fn audit(session: &mut Session, options: &Options) -> Audit {
    let mut audit = Audit::default();
    let wants = |kind| options.kinds.contains(&kind);
    if wants(Kind::Unbound) {
        audit.findings.extend(written::unbound(session));
    }
    for name in session.library.top_modules() {
        let Some(module) = session.loaded(Some(name.as_str())) else {
            continue;
        };
        let Some(mut subject) = Subject::new(session, module, options) else {
            continue;
        };
        audit.covered.modules += 1;
        audit.covered.statements += subject.own.len();
        if wants(Kind::Unlabelled) {
            audit.findings.extend(written::unlabelled(&subject));
        }
        if wants(Kind::Repeated) {
            audit.findings.extend(written::repeated(&subject));
        }
        if wants(Kind::Shadowed) {
            audit.findings.extend(written::shadowed(&mut subject));
        }
        if wants(Kind::Overlap) || wants(Kind::Confluence) {
            audit.findings.extend(overlap::overlaps(&mut subject));
        }
        if wants(Kind::Confluence) {
            audit.findings.extend(confluence::confluence(&mut subject));
        }
        if wants(Kind::Coherence) {
            audit.findings.extend(confluence::coherence(&mut subject));
        }
        let Covered {
            terms,
            overlaps,
            joined_on_samples,
            not_sampled,
            unfinished,
            ..
        } = subject.covered;
        audit.covered.terms += terms;
        audit.covered.overlaps += overlaps;
        audit.covered.joined_on_samples += joined_on_samples;
        audit.covered.not_sampled += not_sampled;
        audit.covered.unfinished += unfinished;
        audit.is_cut |= subject.is_over();
    }
    audit.findings.retain(|finding| wants(finding.kind));
    // What two modules import is found twice.
    let place = |span: Option<Span>| span.map(|span| (span.source.0, span.start));
    (audit.findings).sort_by_key(|finding| (finding.kind, place(finding.span)));
    audit.findings.dedup_by(|next, first| {
        next.kind == first.kind
            && next.span == first.span
            && next.message == first.message
            && next.other == first.other
    });
    audit
}

/// Small ground terms of these sorts together, in normal form, the smallest first; none if a sort has none.
pub fn samples(
    reducer: &mut Reducer,
    sorts: &[SortId],
    most: usize,
    seed: u64,
) -> Vec<Vec<TermId>> {
    let mut pools = ground::Pools::new(reducer, seed, &|_, _| true);
    let of_sorts: Vec<Vec<TermId>> = (sorts.iter())
        .map(|&sort| pools.of_sort(reducer, sort))
        .collect();
    ground::tuples(&of_sorts, most, &mut pools.random)
}

/// Whether limits say that it is time to end.
fn is_time_up(limits: &Limits) -> bool {
    let flag = limits.interrupt.as_ref();
    let is_asked = flag.is_some_and(|flag| flag.load(std::sync::atomic::Ordering::Relaxed));
    is_asked || (limits.deadline).is_some_and(|deadline| Instant::now() >= deadline)
}

/// The label of a statement, or else its text on one line.
fn title(session: &Session, module: &LoadedModule, statement: StatementId) -> String {
    const LONGEST: usize = 72;
    let statement = module.module().statement(statement);
    if let Some(label) = statement.label {
        return label.to_string();
    }
    let Some(span) = statement.span else {
        return "a built-in statement".to_owned();
    };
    let words = session.library.sources.text(span).split_whitespace();
    let text = words.collect::<Vec<&str>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
