//! The frontend of psem.
