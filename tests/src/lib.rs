//! Checks that cross a boundary.
