//! The command `psem`.
fn main() {}
