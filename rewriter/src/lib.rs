//! An order-sorted rewriting engine modulo axioms.

pub mod diagnostic;
pub mod literate;
pub mod load;
pub mod name;
pub mod source;
pub mod syntax;
pub mod builtin;
pub mod integer;
mod matching;
pub mod module;
pub mod pattern;
pub mod reduction;
pub mod search;
pub mod signature;
pub mod statement;
pub mod term;
pub mod transition;
