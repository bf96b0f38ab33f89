//! What statements with a `print` attribute print when they are applied.

use std::cell::RefCell;
use std::rc::Rc;

use crate::load::LoadedModule;
use crate::module::StatementId;
use crate::name::Name;
use crate::reduction::Observer;
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

/// Collects what is printed.
pub(super) struct AttributePrinter {
    module: LoadedModule,
    settings: PrintedAttributes,
    text: Rc<RefCell<String>>,
}

impl AttributePrinter {
    /// One that adds to a text.
    pub(super) fn new(
        module: LoadedModule,
        settings: PrintedAttributes,
        text: Rc<RefCell<String>>,
    ) -> AttributePrinter {
        AttributePrinter {
            module,
            settings,
            text,
        }
    }
}

impl Observer for AttributePrinter {
    fn applied(&mut self, store: &Store, statement: StatementId, values: &[Option<TermId>]) {
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
        let mut text = self.text.borrow_mut();
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
