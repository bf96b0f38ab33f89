//! The arguments of `psem maude --audit`.

use std::time::Duration;

use clap::{Args, ValueEnum};
use rewriter::audit::Kind;

use super::{Format, duration};

/// What an audit looks for, and how far.
#[derive(Debug, Args)]
pub(in crate::cli) struct AuditArguments {
    /// Run nothing: say what is suspicious about the modules. Without a file, those of psem's own
    /// rules. Exit codes: 0 nothing, 1 something, 2 the input is wrong (modules without errors are
    /// audited all the same), 3 the time was not enough
    #[arg(long)]
    pub(in crate::cli) audit: bool,
    /// Look only for these
    #[arg(
        long,
        value_enum,
        value_name = "KIND",
        value_delimiter = ',',
        requires = "audit"
    )]
    pub(in crate::cli) only: Vec<AuditKind>,
    /// Do not look for these
    #[arg(
        long,
        value_enum,
        value_name = "KIND",
        value_delimiter = ',',
        requires = "audit"
    )]
    pub(in crate::cli) skip: Vec<AuditKind>,
    /// The seed of the samples: the same seed gives the same audit
    #[arg(long, value_name = "N", default_value_t = 0, requires = "audit")]
    pub(in crate::cli) seed: u64,
    /// So many ground terms for each operator and each rule
    #[arg(long, value_name = "N", default_value_t = 100, requires = "audit")]
    pub(in crate::cli) samples: usize,
    /// End the audit after this time
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration, requires = "audit")]
    pub(in crate::cli) timeout: Duration,
    /// How to print the audit
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "audit")]
    pub(in crate::cli) format: Format,
}

/// What can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AuditKind {
    /// Variables without a value where they are used
    Unbound,
    /// Statements that can never apply
    Shadowed,
    /// Terms with two normal forms
    Confluence,
    /// Overlapping equations that do not join
    Overlap,
    /// Rules whose chance equations take away
    Coherence,
    /// Variables that are compared, perhaps not on purpose
    Repeated,
    /// Statements without a label
    Unlabelled,
}

impl From<AuditKind> for Kind {
    fn from(kind: AuditKind) -> Kind {
        match kind {
            AuditKind::Unbound => Kind::Unbound,
            AuditKind::Shadowed => Kind::Shadowed,
            AuditKind::Confluence => Kind::Confluence,
            AuditKind::Overlap => Kind::Overlap,
            AuditKind::Coherence => Kind::Coherence,
            AuditKind::Repeated => Kind::Repeated,
            AuditKind::Unlabelled => Kind::Unlabelled,
        }
    }
}
