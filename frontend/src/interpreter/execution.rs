//! One execution: random steps from the first configuration.

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {}

/// One execution.
#[derive(Debug)]
pub struct Execution {}
