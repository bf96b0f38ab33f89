//! An order-sorted rewriting engine modulo axioms.
