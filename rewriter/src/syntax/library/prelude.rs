//! The modules and views that come with the engine.
//!
//! The one idea: most texts use few of them, so each is read when its name is first met.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::Library;
use crate::name::Name;
use crate::source::{Source, SourceId};
use crate::syntax::ast::Item;
use crate::syntax::outer;

const PRELUDE: &str = include_str!("../../prelude.maude");

/// What was not read so far: where each module and each view stands in the text.
#[derive(Debug)]
pub(super) struct Prelude {
    modules: HashMap<Name, &'static str, FxBuildHasher>,
    views: HashMap<Name, &'static str, FxBuildHasher>,
    /// In order, with their keywords.
    names: Vec<(&'static str, Name)>,
    view_names: Vec<Name>,
    /// The same of both together.
    order: Vec<(&'static str, Name)>,
    /// The texts that were read of it.
    pub(super) sources: Vec<SourceId>,
}

impl Default for Prelude {
    fn default() -> Prelude {
        let mut prelude = Prelude {
            modules: HashMap::default(),
            views: HashMap::default(),
            names: Vec::new(),
            view_names: Vec::new(),
            order: Vec::new(),
            sources: Vec::new(),
        };
        // Each begins a line, and nothing else but comments, blanks and their end does.
        let mut rest = PRELUDE;
        while let Some(end) = rest.find("\nend") {
            let length = rest[end + 1..]
                .find('\n')
                .map_or(rest.len(), |n| end + 1 + n);
            let (text, after) = rest.split_at(length);
            rest = after;
            let Some((keyword, name)) = text.lines().find_map(named) else {
                unreachable!("every `end` in the prelude ends something");
            };
            prelude.order.push((keyword, name));
            if keyword == "view" {
                prelude.views.insert(name, text);
                prelude.view_names.push(name);
            } else {
                prelude.modules.insert(name, text);
                prelude.names.push((keyword, name));
            }
        }
        prelude
    }
}

/// The keyword and the name with which a line begins a module or view, if it does.
fn named(line: &'static str) -> Option<(&'static str, Name)> {
    let (keyword, rest) = line.split_once(' ')?;
    let is_one = matches!(keyword, "fmod" | "mod" | "fth" | "th" | "view");
    let name = rest.split([' ', '{']).next()?;
    is_one.then(|| (keyword, Name::new(name)))
}

impl Prelude {
    /// The names of its modules, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = Name> {
        self.names.iter().map(|&(_, name)| name)
    }

    /// The same with the words that begin them.
    pub(super) fn headings(&self) -> &[(&'static str, Name)] {
        &self.names
    }

    /// The names of its modules and views, in order, with the words that begin them.
    pub(super) fn order(&self) -> &[(&'static str, Name)] {
        &self.order
    }

    /// The names of its views, in order.
    pub(super) fn view_names(&self) -> &[Name] {
        &self.view_names
    }
}

impl Library {
    /// Does without the prelude: nothing is imported unasked.
    pub fn forget_prelude(&mut self) {
        self.prelude.modules.clear();
        self.prelude.views.clear();
        self.prelude.names.clear();
        self.prelude.view_names.clear();
        self.automatic.clear();
    }

    /// Reads a module of the prelude if it has one of this name that was not read before.
    pub(super) fn load_prelude_module(&mut self, name: Name) {
        if let Some(text) = self.prelude.modules.remove(&name) {
            self.read_prelude(text);
        }
    }

    /// Reads a view of the prelude if it has one of this name that was not read before.
    pub(super) fn load_prelude_view(&mut self, name: Name) {
        if let Some(text) = self.prelude.views.remove(&name) {
            self.read_prelude(text);
        }
    }

    fn read_prelude(&mut self, text: &'static str) {
        let source = self.sources.add(Source::new("prelude.maude", text));
        self.prelude.sources.push(source);
        let (items, mut diagnostics) = outer::parse(source, text);
        self.diagnostics.append(&mut diagnostics);
        let automatic = std::mem::take(&mut self.automatic);
        let current = self.current;
        for item in items {
            self.note_order(&item);
            match item {
                Item::Module(module) => {
                    let id = self.define(module);
                    self.entries[id.index()].is_prelude = true;
                }
                Item::View(view) => self.define_view(view),
                Item::Command(_) => {}
            }
        }
        self.automatic = automatic;
        self.current = current;
    }
}
