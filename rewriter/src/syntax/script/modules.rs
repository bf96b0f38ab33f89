//! The modules of a session, for those who ask about them rather than run them.

use std::io;

use super::{Session, Surroundings};
use crate::load::LoadedModule;
use crate::name::Name;
use crate::signature::{OpId, SortId};
use crate::source::{Source, SourceId};
use crate::syntax::lexer::lex;
use crate::syntax::library::add_tested_sorts;

impl Session {
    /// Reads a text and what it loads, and defines its modules; of its commands only `set include`
    /// and `select` are carried out.
    ///
    /// # Errors
    /// Never for want of an output: nothing is written.
    pub fn define(&mut self, source: Source, read: &mut dyn Surroundings) -> io::Result<()> {
        self.go(source, read, (&mut io::sink(), false)).map(|_| ())
    }

    /// The module with this name, or the current one; `None` if there is none or it has errors.
    pub fn loaded(&mut self, name: Option<&str>) -> Option<LoadedModule> {
        let id = match name {
            Some(name) => self.library.module_named(Name::new(name))?,
            None => self.library.current()?,
        };
        self.library.select(id);
        let elaborated = self.library.elaborate(id);
        let module = self.library.module(id)?;
        Some(LoadedModule::new(elaborated, module).with_options(self.options))
    }

    /// The same, where a text may test sorts that the module tests nowhere, as `T :: Sort` does.
    pub fn loaded_for(&mut self, name: Option<&str>, text: &str) -> Option<LoadedModule> {
        let module = self.loaded(name)?;
        let id = self.library.current()?;
        let (tokens, _) = lex(SourceId(0), text);
        let mut tested = Vec::new();
        add_tested_sorts(&tokens, &mut tested);
        let signature = module.signature();
        tested.retain(|&sort| signature.sort_named(sort).is_some());
        if tested.is_empty() {
            return Some(module);
        }
        let n_diagnostics = self.library.diagnostics.len();
        self.library.with_sort_tests(id, &tested);
        // What is wrong with its text was reported the first time.
        self.library.diagnostics.truncate(n_diagnostics);
        self.loaded(name)
    }

    /// The current module with more constants, each with its sort, and the operators that these
    /// are; the other operators keep their numbers. `None` if the module has errors.
    pub fn with_constants(
        &mut self,
        constants: &[(Name, SortId)],
    ) -> Option<(LoadedModule, Vec<OpId>)> {
        let id = self.library.current()?;
        let (elaborated, extended) = self.library.with_constants(id, constants)?;
        let signature = extended.signature();
        let operators: Option<Vec<OpId>> = (constants.iter())
            .map(|&(name, sort)| {
                let kind = signature.kind_of(sort);
                let mut named = signature.operators_named(name, 0).iter().copied();
                named.find(|&op| signature.operator(op).range == kind)
            })
            .collect();
        let operators = operators?;
        let module = LoadedModule::new(elaborated, extended).with_options(self.options);
        Some((module, operators))
    }
}
