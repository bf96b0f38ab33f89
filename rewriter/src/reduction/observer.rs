//! Who wants to know of every applied statement.

use crate::module::StatementId;
use crate::term::{Store, TermId};

/// Is told of each equation, membership axiom and rule that is applied, in order.
///
/// While a machine is observed nothing is taken from memo tables.
pub trait Observer {
    /// A statement is applied; `values` holds, for each variable of the statement, its value if
    /// the statement needs it. Terms are valid during the call.
    fn applied(&mut self, store: &Store, statement: StatementId, values: &[Option<TermId>]);
}
