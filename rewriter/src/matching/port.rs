//! Where the condition of a statement stands, for those who watch it.

/// Where a condition stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Port {
    /// The left side matches; again: the condition fails.
    Trial,
    /// This fragment begins; again: it fails.
    Solving(u16),
    /// This fragment holds; again: it is tried for another solution.
    Solved(u16),
    /// The whole condition holds.
    Satisfied,
}
