//! An order-sorted rewriting engine modulo axioms.

pub mod diagnostic;
pub mod name;
pub mod source;
