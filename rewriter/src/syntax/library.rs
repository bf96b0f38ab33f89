//! All modules read so far, elaborated when they are needed.
//!
//! The one idea: a module is *flattened* only when it is used: its signature holds the declarations
//! of everything it imports, each imported module once. What a text means does not depend on who
//! imports it: it sees only what its own module sees.
//!
//! Declarations are made in the order of definition, and a module can import only modules defined
//! before it; so nothing recurses.

mod declare;
mod describe;
mod expression;
mod flatten;
mod instance;
mod items;
mod made;
mod names;
mod objects;
mod own;
mod prelude;
mod rename;
mod renaming;
mod terms;
mod translate;
mod view;

use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

pub(crate) use self::declare::add_tested_sorts;
pub use self::describe::{Aspect, Dialect};
use self::instance::{Argument, Parameter};
use self::prelude::Prelude;
use self::renaming::Renaming;
use self::view::View;
use crate::diagnostic::Diagnostic;
use crate::module::Module;
use crate::name::Name;
use crate::pattern::Pattern;
use crate::signature::{OpId, Signature, SortId};
use crate::source::{Source, SourceMap, Span};
use crate::statement::Statement;
use crate::syntax::ast::{Item, ModuleExpression, ModuleKind, ModuleText, ViewText};
use crate::syntax::elaborate::Reader;
use crate::syntax::grammar::generate::{ModuleGrammar, Variables};
use crate::syntax::normalize::{Occurrences, note_statement};
use crate::syntax::outer;

/// A module of a [`Library`], by the order of definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ModuleId(u32);

impl ModuleId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where the declarations of a module come from.
#[derive(Clone, Debug)]
enum Origin {
    /// They are written.
    Text(Arc<ModuleText>),
    /// They are those of another module under other names.
    Renamed {
        base: ModuleId,
        renaming: Arc<Renaming>,
    },
    /// They are those of a theory, its sorts named after a parameter.
    Parameter { base: ModuleId, name: Name },
    /// They are those of a module whose parameters are given.
    Instance {
        base: ModuleId,
        given: Arc<[(Parameter, Argument)]>,
    },
    /// There are none: it only joins its imports.
    Sum,
}

#[derive(Debug)]
struct Entry {
    name: Name,
    origin: Origin,
    /// First the copies of the theories of its parameters, then what every module imports.
    imports: Vec<ModuleId>,
    parameters: Vec<Parameter>,
    /// What it renames of the module that it is made from; known with its declarations.
    renaming: Arc<Renaming>,
    is_prelude: bool,
    /// Its own declarations, and whether it may have rules.
    own: Option<(Arc<own::Own>, ModuleKind)>,
    /// What is wrong with it was reported.
    is_checked: bool,
    /// It was made anew because something that it uses changed.
    is_renewed: bool,
    /// What it imports or declares has errors that nothing sensible can be made of.
    is_broken: bool,
    elaborated: Option<Arc<Elaborated>>,
}

/// What the imports and parameters of a module mean.
struct Placed {
    imports: Vec<ModuleId>,
    parameters: Vec<Parameter>,
    is_broken: bool,
}

/// A flattened module, and what of it is its own.
#[derive(Debug)]
pub struct Elaborated {
    /// Its name.
    pub name: Name,
    /// Whether it may have rules.
    pub kind: ModuleKind,
    /// All its sorts and operators.
    pub signature: Arc<Signature>,
    grammar: OnceLock<ModuleGrammar>,
    /// Its own variables.
    pub variables: Variables,
    /// The identity element of each operator that has one.
    identities: Vec<Option<Pattern>>,
    /// Its statements, its own first.
    statements: Vec<Statement>,
    n_own_statements: usize,
    /// Operators `_::_` and the sorts they test.
    sort_tests: Vec<(OpId, SortId)>,
    module: OnceLock<Option<Arc<Module>>>,
    /// The sorts of the variables in its statements, by first occurrence.
    variable_sorts: OnceLock<Vec<SortId>>,
}

impl Elaborated {
    /// Its grammar, made when it is first asked for.
    pub fn grammar(&self) -> &ModuleGrammar {
        self.grammar
            .get_or_init(|| ModuleGrammar::new(&self.signature))
    }

    /// One of which no text is left: it reads and prints, but no module can import it.
    pub(crate) fn of_image(
        module: &Module,
        kind: ModuleKind,
        variables: Variables,
        variable_sorts: Vec<SortId>,
    ) -> Elaborated {
        Elaborated {
            name: module.name(),
            kind,
            signature: Arc::clone(module.signature()),
            grammar: OnceLock::new(),
            variables,
            identities: Vec::new(),
            statements: Vec::new(),
            n_own_statements: 0,
            sort_tests: Vec::new(),
            module: OnceLock::new(),
            variable_sorts: OnceLock::from(variable_sorts),
        }
    }

    /// The sorts of the variables in its statements, by first occurrence.
    pub(crate) fn variable_sorts(&self) -> &[SortId] {
        self.variable_sorts.get_or_init(|| {
            let mut sorts = Vec::new();
            for statement in &self.statements {
                note_statement(&mut sorts, statement);
            }
            sorts
        })
    }

    /// What reads texts in this module.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(&self.signature, self.grammar(), &self.variables, None)
    }
}

/// All texts and modules read so far.
#[derive(Debug)]
pub struct Library {
    /// The texts.
    pub sources: SourceMap,
    /// What was wrong with them, in the order in which it was found.
    pub diagnostics: Vec<Diagnostic>,
    entries: Vec<Entry>,
    by_name: HashMap<Name, ModuleId, FxBuildHasher>,
    views: HashMap<Name, Arc<ViewText>, FxBuildHasher>,
    prelude: Prelude,
    /// Modules made by sums, renamings and instances, by what they are made of.
    derived: HashMap<String, ModuleId, FxBuildHasher>,
    /// The modules that every module imports unasked.
    automatic: Vec<Name>,
    current: Option<ModuleId>,
    /// The names of views in the order of definition, and the one defined last.
    view_names: Vec<Name>,
    current_view: Option<Name>,
    /// What the views that were defined mean, their parameters free.
    plain_views: HashMap<Name, Arc<View>, FxBuildHasher>,
    /// The instances of views.
    made_views: Vec<Arc<View>>,
    /// The modules that were made of others since a module was defined.
    made_lately: Vec<ModuleId>,
    /// Names of sorts and modules, by when they were first met.
    order: HashMap<Name, u32, FxBuildHasher>,
    /// It is the one that tells the order of the names of the prelude.
    is_reference: bool,
    /// The version of Maude that modules are shown as.
    pub dialect: Dialect,
    /// Every name read so far, by first occurrence: the order of variables.
    pub occurrences: Occurrences,
}

impl Default for Library {
    fn default() -> Library {
        Library::new()
    }
}

impl Library {
    /// A library that holds the prelude, where every module imports `BOOL`.
    pub fn new() -> Library {
        Library {
            sources: SourceMap::new(),
            diagnostics: Vec::new(),
            entries: Vec::new(),
            by_name: HashMap::default(),
            views: HashMap::default(),
            prelude: Prelude::default(),
            derived: HashMap::default(),
            automatic: vec![Name::new("BOOL")],
            current: None,
            view_names: Vec::new(),
            current_view: None,
            plain_views: HashMap::default(),
            made_views: Vec::new(),
            made_lately: Vec::new(),
            order: HashMap::default(),
            is_reference: false,
            dialect: Dialect::default(),
            occurrences: Occurrences::default(),
        }
    }

    /// Reads a text into modules and commands, without defining or running any.
    pub fn parse(&mut self, source: Source) -> Vec<Item> {
        let text = Arc::clone(&source.text);
        let id = self.sources.add(source);
        let (items, mut diagnostics) = outer::parse(id, &text);
        self.diagnostics.append(&mut diagnostics);
        for item in &items {
            self.note_names(item);
        }
        items
    }

    fn note_names(&mut self, item: &Item) {
        self.note_order(item);
        let Item::Module(module) = item else { return };
        for variable in &module.variables {
            self.occurrences.note(variable.name.name);
        }
        for token in module
            .statements
            .iter()
            .flat_map(|statement| &statement.bubble)
        {
            if self.occurrences.note(token.name)
                && let Some((stem, _)) = token.text().rsplit_once(':')
                && !stem.is_empty()
            {
                self.occurrences.note(Name::new(stem));
            }
        }
    }

    /// Defines a module, which becomes the current one. Its imports must be defined already. What
    /// uses an earlier module of this name is made anew.
    pub fn define(&mut self, text: ModuleText) -> ModuleId {
        let name = text.name.name;
        // What is wrong with one of the prelude that is replaced does not matter: it may use
        // another one that was replaced before.
        let n_diagnostics = self.diagnostics.len();
        self.load_prelude_module(name);
        self.diagnostics.truncate(n_diagnostics);
        let earlier = self.by_name.get(&name).copied();
        let text = Arc::new(text);
        let placed = self.prepare(&text);
        if let Some(earlier) = earlier {
            let message = format!("module `{name}` is defined again");
            let mut diagnostic = Diagnostic::warning("redefinition", text.name.span, message);
            if let Origin::Text(earlier) = &self.entries[earlier.index()].origin {
                diagnostic = diagnostic.with_label(earlier.name.span, "defined here before");
            }
            self.diagnostics.push(diagnostic);
            if self.is_same(earlier, &text, &placed) {
                // Files that are loaded twice change nothing.
                self.current = Some(earlier);
                return earlier;
            }
        }
        let id = self.place(text, placed);
        self.made_lately.clear();
        if let Some(earlier) = earlier {
            self.renew(|library, id| library.needed(id).0.contains(&earlier));
            self.current = Some(id);
        }
        id
    }

    /// Whether a module says what it said before, of the same modules.
    fn is_same(&self, earlier: ModuleId, text: &ModuleText, placed: &Placed) -> bool {
        let entry = &self.entries[earlier.index()];
        let Origin::Text(known) = &entry.origin else {
            return false;
        };
        !placed.is_broken
            && !entry.is_broken
            && entry.imports == placed.imports
            && self.sources.text(known.span) == self.sources.text(text.span)
    }

    /// Makes the modules anew that depend on something that changed, in order of definition.
    fn renew(&mut self, depends: impl Fn(&Library, ModuleId) -> bool) {
        let dependents: Vec<Arc<ModuleText>> = (self.user_modules().into_iter())
            .filter(|&id| self.by_name.get(&self.name(id)) == Some(&id) && depends(self, id))
            .filter_map(|id| match &self.entries[id.index()].origin {
                Origin::Text(text) => Some(Arc::clone(text)),
                _ => None,
            })
            .collect();
        if dependents.is_empty() {
            return;
        }
        self.derived.clear();
        let n_diagnostics = self.diagnostics.len();
        let current = self.current.map(|current| self.name(current));
        for text in dependents {
            let placed = self.prepare(&text);
            let id = self.place(text, placed);
            self.entries[id.index()].is_renewed = true;
        }
        // What is wrong with them was reported, and what became wrong is reported when they are
        // used.
        self.diagnostics.truncate(n_diagnostics);
        self.current = current.and_then(|name| self.by_name.get(&name).copied());
    }

    /// What the imports and parameters of a text mean now.
    fn prepare(&mut self, text: &ModuleText) -> Placed {
        let mut imports = Vec::new();
        let mut parameters = Vec::new();
        let mut is_broken = false;
        for parameter in &text.parameters {
            let made = self.parameter(parameter.name.name, &parameter.theory);
            is_broken |= made.is_none();
            parameters.extend(made);
        }
        imports.extend(parameters.iter().map(|parameter| parameter.copy));
        if !text.is_theory {
            for name in self.automatic.clone() {
                let Some(id) = self.module_named(name) else {
                    continue;
                };
                if self.entries[id.index()].parameters.is_empty() {
                    imports.push(id);
                } else {
                    is_broken = true;
                    let message =
                        format!("module `{name}` has parameters: nothing can import it unasked");
                    let diagnostic = Diagnostic::error("bad-import", text.name.span, message);
                    self.diagnostics.push(diagnostic);
                }
            }
        }
        if text.is_object_oriented {
            imports.extend(self.module_named(Name::new("CONFIGURATION")));
        }
        for import in &text.imports {
            let Some(made) = self.resolve_in(&import.module, &parameters) else {
                is_broken = true;
                continue;
            };
            let span = import.module.span();
            if self.has_free_parameters(made) {
                is_broken = true;
                let message = format!("the parameters of `{}` must be given", self.name(made));
                self.refuse("bad-import", span, message);
            } else if let Some(parameter) = self.captured(made, &parameters) {
                let message = format!(
                    "`{}` cannot be imported: `{parameter}` in its names would be taken for the \
                     parameter",
                    self.name(made)
                );
                self.refuse("captured-parameter", span, message);
            } else {
                imports.push(made);
            }
        }
        Placed {
            imports,
            parameters,
            is_broken,
        }
    }

    /// Makes a module of its text and what its imports mean.
    fn place(&mut self, text: Arc<ModuleText>, placed: Placed) -> ModuleId {
        let name = text.name.name;
        let id = self.add(name, Origin::Text(text), placed.imports);
        let entry = &mut self.entries[id.index()];
        entry.parameters = placed.parameters;
        entry.is_broken = placed.is_broken;
        self.by_name.insert(name, id);
        self.current = Some(id);
        id
    }

    fn add(&mut self, name: Name, origin: Origin, imports: Vec<ModuleId>) -> ModuleId {
        self.entries.push(Entry {
            name,
            origin,
            imports,
            parameters: Vec::new(),
            renaming: Arc::default(),
            is_prelude: false,
            own: None,
            is_checked: false,
            is_renewed: false,
            is_broken: false,
            elaborated: None,
        });
        ModuleId(self.entries.len() as u32 - 1)
    }

    /// Switches the automatic import of a module on or off, as `set include BOOL off .` does.
    pub fn set_automatic(&mut self, module: Name, on: bool) {
        self.automatic.retain(|&name| name != module);
        if on {
            self.automatic.push(module);
        }
    }

    /// The module defined or selected last.
    pub fn current(&self) -> Option<ModuleId> {
        self.current
    }

    /// Makes a module the current one.
    pub fn select(&mut self, id: ModuleId) {
        self.current = Some(id);
    }

    /// The module with this name, as defined last.
    pub fn module_named(&mut self, name: Name) -> Option<ModuleId> {
        if !self.by_name.contains_key(&name) {
            self.load_prelude_module(name);
        }
        self.by_name.get(&name).copied()
    }

    /// The modules that are written in texts other than the prelude, in order of definition.
    pub fn user_modules(&self) -> Vec<ModuleId> {
        (0..self.entries.len())
            .filter(|&index| {
                let entry = &self.entries[index];
                !entry.is_prelude && matches!(entry.origin, Origin::Text(_))
            })
            .map(|index| ModuleId(index as u32))
            .collect()
    }

    /// The names of the modules without errors in texts other than the prelude, as far as no other of
    /// them imports them; no theories.
    pub fn top_modules(&mut self) -> Vec<Name> {
        let mut user = self.user_modules();
        user.retain(|&id| {
            self.elaborate(id);
            self.module(id).is_some()
        });
        let mut is_imported = vec![false; self.entries.len()];
        for &id in &user {
            for used in self.needed(id).0 {
                is_imported[used.index()] |= used != id;
            }
        }
        let is_top = |&id: &ModuleId| {
            let is_current = self.by_name.get(&self.name(id)) == Some(&id);
            !is_imported[id.index()] && is_current && !self.is_theory(id)
        };
        let top = user.into_iter().filter(is_top);
        top.map(|id| self.name(id)).collect()
    }

    /// Whether a place is in the prelude.
    pub fn is_of_prelude(&self, span: Span) -> bool {
        self.prelude.sources.contains(&span.source)
    }

    /// The names of all modules that can be imported, the prelude's among them; sorted.
    pub fn module_names(&self) -> Vec<Name> {
        let names = self.by_name.keys().copied().chain(self.prelude.names());
        let mut names: Vec<Name> = names.collect();
        names.sort_unstable_by_key(|name| name.as_str());
        names.dedup();
        names
    }

    /// The name of a module.
    pub fn name(&self, id: ModuleId) -> Name {
        self.entries[id.index()].name
    }

    /// Whether a module consists of one that is broken.
    pub fn is_broken(&self, id: ModuleId) -> bool {
        let (needed, _) = self.needed(id);
        (needed.iter()).any(|needed| self.entries[needed.index()].is_broken)
    }

    /// The view defined last.
    pub fn current_view(&self) -> Option<Name> {
        self.current_view
    }

    /// Whether a module says what a parameter must have, rather than what there is.
    fn is_theory(&self, id: ModuleId) -> bool {
        let mut id = id;
        loop {
            id = match &self.entries[id.index()].origin {
                Origin::Text(text) => return text.is_theory,
                Origin::Renamed { base, .. } | Origin::Instance { base, .. } => *base,
                Origin::Parameter { .. } => return true,
                // The copies of theories for parameters come first.
                Origin::Sum => match self.entries[id.index()].imports.last() {
                    Some(last) => *last,
                    None => return false,
                },
            }
        }
    }

    /// The module that an expression means; a diagnostic is recorded if there is none.
    pub fn resolve(&mut self, expression: &ModuleExpression) -> Option<ModuleId> {
        self.resolve_in(expression, &[])
    }

    /// A module made of others, as it was made before if it was.
    fn derive(
        &mut self,
        key: String,
        name: &str,
        origin: Origin,
        imports: Vec<ModuleId>,
    ) -> ModuleId {
        let name = Name::new(name);
        if let Some(id) = self.derived(&key) {
            return id;
        }
        self.note_name(name);
        let id = self.add(name, origin, imports);
        self.made_lately.push(id);
        self.derived.insert(key, id);
        id
    }

    /// What was made before, by what it is made of.
    fn derived(&mut self, key: &str) -> Option<ModuleId> {
        let id = self.derived.get(key).copied()?;
        if !self.made_lately.contains(&id) {
            self.made_lately.push(id);
        }
        Some(id)
    }

    fn unknown_module(&self, name: Name, span: Span) -> Diagnostic {
        let message = format!("there is no module `{name}`");
        let diagnostic = Diagnostic::error("unknown-module", span, message);
        let known = self.module_names();
        let lower = name.as_str().to_lowercase();
        let near = (known.iter()).find(|known| known.as_str().to_lowercase() == lower);
        match near {
            Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
            None => diagnostic.with_help(
                "a module must be defined before it is imported; \
                 is a `load` missing, or are the files in another order?",
            ),
        }
    }

    /// Every module that these consist of, each after those it imports, in Maude's order.
    fn transitive(&self, roots: &[ModuleId]) -> Vec<ModuleId> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.entries.len()];
        let mut pending: Vec<(ModuleId, bool)> =
            roots.iter().rev().map(|&id| (id, false)).collect();
        while let Some((id, done)) = pending.pop() {
            if done {
                order.push(id);
            } else if !std::mem::replace(&mut seen[id.index()], true) {
                pending.push((id, true));
                let imports = &self.entries[id.index()].imports;
                pending.extend(imports.iter().rev().map(|&import| (import, false)));
            }
        }
        order
    }

    /// The elaborated form of a module, made now if it was not made before. What is wrong with it
    /// and with what it imports is recorded in [`Library::diagnostics`], once.
    pub fn elaborate(&mut self, id: ModuleId) -> Arc<Elaborated> {
        if let Some(elaborated) = &self.entries[id.index()].elaborated {
            return Arc::clone(elaborated);
        }
        self.make_owns(id);
        let elaborated = Arc::new(self.flatten(id, &[], &[]));
        self.entries[id.index()].elaborated = Some(Arc::clone(&elaborated));
        elaborated
    }

    /// Makes the declarations of everything that a module consists of.
    fn make_owns(&mut self, id: ModuleId) {
        if self.entries[id.index()].own.is_some() {
            return;
        }
        let (needed, bases) = self.needed(id);
        for needed in needed {
            if self.entries[needed.index()].own.is_none() {
                self.make_own(needed);
            }
            if bases.contains(&needed) && self.entries[needed.index()].elaborated.is_none() {
                let elaborated = Arc::new(self.flatten(needed, &[], &[]));
                self.entries[needed.index()].elaborated = Some(elaborated);
            }
        }
    }

    /// What a module consists of or is made from, in order of definition, itself included; and
    /// which of it is to be elaborated for that.
    fn needed(&self, id: ModuleId) -> (Vec<ModuleId>, Vec<ModuleId>) {
        self.needed_by(&[id])
    }

    /// The same for several modules.
    fn needed_by(&self, roots: &[ModuleId]) -> (Vec<ModuleId>, Vec<ModuleId>) {
        let mut needed = vec![false; self.entries.len()];
        let mut bases = Vec::new();
        let mut pending = roots.to_vec();
        while let Some(id) = pending.pop() {
            let entry = &self.entries[id.index()];
            if std::mem::replace(&mut needed[id.index()], true) {
                continue;
            }
            pending.extend(&entry.imports);
            match &entry.origin {
                Origin::Renamed { base, .. } | Origin::Parameter { base, .. } => {
                    pending.push(*base);
                    bases.push(*base);
                }
                Origin::Instance { base, given } => {
                    pending.push(*base);
                    bases.push(*base);
                    for (_, argument) in given.iter() {
                        if let Argument::View(view) = argument {
                            pending.extend([view.from, view.to]);
                            bases.push(view.from);
                            // Terms are read where the parts of the view lead to.
                            let is_composed = view.is_composed();
                            for part in view.parts() {
                                pending.extend([part.from, part.to]);
                                if is_composed {
                                    bases.extend([part.from, part.to]);
                                }
                            }
                        }
                    }
                }
                Origin::Text(_) | Origin::Sum => {}
            }
        }
        // What a module needs was defined before it.
        let needed = needed.iter().enumerate().filter(|(_, needed)| **needed);
        (
            needed.map(|(index, _)| ModuleId(index as u32)).collect(),
            bases,
        )
    }

    /// Elaborates what was defined and never used, to find what is wrong with it.
    pub fn check(&mut self) {
        for id in self.user_modules().into_iter().rev() {
            let entry = &self.entries[id.index()];
            // One that was made anew and then replaced was never wanted.
            let is_wanted = !entry.is_renewed || self.by_name.get(&entry.name) == Some(&id);
            if is_wanted && !entry.is_checked {
                self.elaborate(id);
            }
        }
    }

    fn elaborated(&self, id: ModuleId) -> &Arc<Elaborated> {
        match &self.entries[id.index()].elaborated {
            Some(elaborated) => elaborated,
            None => unreachable!("modules are elaborated in order of import"),
        }
    }

    /// The same module with operators `_::_` for more sorts than its text mentions.
    pub fn with_sort_tests(&mut self, id: ModuleId, sorts: &[Name]) -> Arc<Elaborated> {
        let known = self.elaborate(id);
        let mut sorts = sorts.to_vec();
        sorts.extend(
            known
                .sort_tests
                .iter()
                .map(|&(_, sort)| known.signature.sort(sort).name),
        );
        let elaborated = Arc::new(self.flatten(id, &sorts, &[]));
        self.entries[id.index()].elaborated = Some(Arc::clone(&elaborated));
        elaborated
    }

    /// The same module with more constants, each with its sort or with a sort of its kind. The
    /// operators of the module keep their numbers. `None` if the module has errors.
    pub fn with_constants(
        &mut self,
        id: ModuleId,
        constants: &[(Name, SortId)],
    ) -> Option<(Arc<Elaborated>, Arc<Module>)> {
        let known = self.elaborate(id);
        let signature = &known.signature;
        let tested: Vec<Name> = (known.sort_tests.iter())
            .map(|&(_, sort)| signature.sort(sort).name)
            .collect();
        let constants: Vec<(Name, Name, bool)> = (constants.iter())
            .map(|&(name, sort)| {
                let is_kind = signature.is_error_sort(sort);
                let sort = match is_kind {
                    true => signature.kind(signature.kind_of(sort)).maximal[0],
                    false => sort,
                };
                (name, signature.sort(sort).name, is_kind)
            })
            .collect();
        let n_diagnostics = self.diagnostics.len();
        let elaborated = Arc::new(self.flatten(id, &tested, &constants));
        let module = self.make_module(&elaborated);
        // What is wrong with its text was reported the first time.
        self.diagnostics.truncate(n_diagnostics);
        Some((elaborated, module?))
    }

    /// Whether every diagnostic so far is a warning.
    pub fn is_clean(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

#[cfg(test)]
mod tests;
