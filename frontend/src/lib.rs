//! The frontend of psem: from P source to a term, and the command line.
//!
//! It parses ([`syntax`]), knows names and types ([`types`]), checks P's static rules
//! ([`rules`]) and writes the program as a term of `semantics/` ([`lower`]). It does not
//! know what a construct means at run time: that is in the rules.

pub mod cli;
pub mod diagnostic;
pub mod interpreter;
pub mod interrupt;
pub mod lower;
pub mod program;
pub mod project;
pub mod query;
pub mod replay;
pub mod report;
pub mod rules;
pub mod semantics;
pub mod source;
pub mod syntax;
pub mod trace;
pub mod types;
pub mod vocabulary;
