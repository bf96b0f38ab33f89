//! What statements with a `print` attribute print when they are applied.

use crate::load::LoadedModule;
use crate::module::StatementId;
use crate::name::Name;
use crate::statement::PrintItem;
use crate::term::{Store, TermId};

/// What `set print attribute` and `print attribute` say.
#[derive(Clone, Debug)]
pub(super) struct PrintedAttributes {
    pub(super) on: bool,
    pub(super) newline: bool,
    /// Only statements with these labels print.
    pub(super) select: bool,
    pub(super) selected: Vec<Name>,
}

impl Default for PrintedAttributes {
    fn default() -> PrintedAttributes {
        PrintedAttributes {
            on: false,
            newline: true,
            select: false,
            selected: Vec::new(),
        }
    }
}

/// Writes what is printed.
#[derive(Clone)]
pub(super) struct AttributePrinter {
    module: LoadedModule,
    settings: PrintedAttributes,
}

impl AttributePrinter {
    pub(super) fn new(module: LoadedModule, settings: PrintedAttributes) -> AttributePrinter {
        AttributePrinter { module, settings }
    }

    /// A statement is applied.
    pub(super) fn applied(
        &self,
        store: &Store,
        statement: StatementId,
        values: &[Option<TermId>],
        text: &mut String,
    ) {
        let statement = self.module.module().statement(statement);
        let Some(items) = &statement.attributes.print else {
            return;
        };
        let is_selected = statement
            .label
            .is_some_and(|label| self.settings.selected.contains(&label));
        if self.settings.select && !is_selected {
            return;
        }
        for item in items {
            match item {
                PrintItem::Text(words) => text.push_str(words),
                PrintItem::Variable(variable) => {
                    if let Some(Some(value)) = values.get(variable.index()) {
                        text.push_str(&self.module.print(store, *value));
                    }
                }
            }
        }
        if self.settings.newline {
            text.push('\n');
        }
    }
}
