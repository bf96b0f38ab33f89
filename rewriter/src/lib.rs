//! An order-sorted rewriting engine modulo axioms.

pub mod audit;
pub mod builtin;
pub mod diagnostic;
pub mod equality;
pub mod image;
pub mod integer;
pub mod literate;
pub mod load;
mod matching;
pub mod module;
pub mod name;
pub mod obstacle;
pub mod pattern;
pub mod reduction;
pub mod rewriting;
pub mod search;
pub mod signature;
mod soup;
pub mod source;
pub mod statement;
pub mod syntax;
pub mod temporal;
pub mod term;
pub mod transition;
