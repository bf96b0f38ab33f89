//! The modules and views that a session holds, as `show modules` and `show views` list them.
//!
//! The one idea: what was written is listed by when its name was first met, and so is what was made
//! of it. The latter is there as long as something needs it: a module or view that was written, or,
//! until the next module is written, whatever came about since the last. The prelude is read when
//! something of it is needed; which names it has in which order, and what it is made of, is told by
//! a library that reads all of it, once a process.

use std::fmt::Write;
use std::sync::OnceLock;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::{Argument, Dialect, Library, ModuleId, Origin, View};
use crate::name::Name;
use crate::syntax::ast::{Item, ModuleExpression, RenamingItem};

/// Modules that Maude has in a file of their own.
const OF_MODEL_CHECKER: [&str; 4] = ["SATISFACTION", "LTL", "LTL-SIMPLIFIER", "MODEL-CHECKER"];

/// What the whole prelude tells.
struct Reference {
    order: HashMap<Name, u32, FxBuildHasher>,
    /// The modules that it is made of and nobody wrote, with their keywords, in order.
    made: Vec<(&'static str, Name)>,
}

fn reference() -> &'static Reference {
    static REFERENCE: OnceLock<Reference> = OnceLock::new();
    REFERENCE.get_or_init(|| {
        let mut library = Library::new();
        library.is_reference = true;
        let of_others = |name: &Name| OF_MODEL_CHECKER.contains(&name.as_str());
        for (keyword, name) in library.prelude.order().to_vec() {
            match keyword {
                "view" => library.load_prelude_view(name),
                _ if of_others(&name) => {}
                _ => library.load_prelude_module(name),
            }
        }
        let roots: Vec<ModuleId> = library.by_name.values().copied().collect();
        let roots = library.with_views(roots);
        let made = library.made_for(&roots);
        let made = made.into_iter().map(|id| {
            library.make_owns(id);
            (library.keywords(id)[0], library.name(id))
        });
        let made = made.collect();
        Reference {
            order: library.order,
            made,
        }
    })
}

impl Library {
    /// Takes note of the names of a module or view that is read.
    pub(super) fn note_order(&mut self, item: &Item) {
        match item {
            Item::Module(module) => {
                self.note_name(module.name.name);
                for parameter in &module.parameters {
                    self.note_expression(&parameter.theory);
                }
                for import in &module.imports {
                    self.note_expression(&import.module);
                }
                let related = module.subsorts.iter().flatten().flatten();
                for sort in module.sorts.iter().chain(related) {
                    self.note_name(sort.name);
                }
                for label in module.statements.iter().filter_map(|text| text.label) {
                    self.note_name(label.name);
                }
            }
            Item::View(view) => {
                self.note_name(view.name.name);
                self.note_expression(&view.from);
                self.note_expression(&view.to);
                self.note_items(&view.items);
            }
            Item::Command(_) => {}
        }
    }

    /// The same for an expression. Recursion is bounded by the outer parser.
    fn note_expression(&mut self, expression: &ModuleExpression) {
        match expression {
            ModuleExpression::Name(name) => self.note_name(name.name),
            ModuleExpression::Sum(terms) => {
                for term in terms {
                    self.note_expression(term);
                }
            }
            ModuleExpression::Renaming(base, items) => {
                self.note_expression(base);
                self.note_items(items);
            }
            ModuleExpression::Instance(base, _) => self.note_expression(base),
        }
    }

    fn note_items(&mut self, items: &[RenamingItem]) {
        for item in items {
            match item {
                RenamingItem::Sort(from, to) | RenamingItem::Label(from, to) => {
                    self.note_name(from.name);
                    self.note_name(to.name);
                }
                RenamingItem::Operator { rank, .. } => {
                    let sorts =
                        (rank.iter()).flat_map(|(domain, range)| domain.iter().chain([range]));
                    for sort in sorts {
                        self.note_name(sort.name);
                    }
                }
            }
        }
    }

    pub(super) fn note_name(&mut self, name: Name) {
        let next = self.order.len() as u32;
        self.order.entry(name).or_insert(next);
    }

    /// When a name was first met, those of the prelude before all others.
    pub(super) fn rank(&self, name: Name) -> (u32, u32) {
        let of_prelude = match self.is_reference {
            true => None,
            false => reference().order.get(&name).copied(),
        };
        let here = || self.order.get(&name).copied().unwrap_or(u32::MAX);
        // Variables of Maude's prelude may be called like modules here.
        let of_variable = self.occurrences.rank_in_prelude(name);
        match (of_prelude, of_variable) {
            (Some(rank), _) => (rank, 0),
            (None, Some(rank)) => (u32::MAX - 1, rank),
            (None, None) => (u32::MAX, here()),
        }
    }

    /// The names of all modules, those of the prelude first, then those made of others.
    pub fn describe_modules(&mut self) -> String {
        let mut text = String::new();
        // Those that everything imports come first, as in Maude; what Maude has in a file to be
        // loaded is none of the prelude.
        let (first, others): (Vec<_>, Vec<_>) = (self.prelude.headings().iter())
            .filter(|(_, name)| !OF_MODEL_CHECKER.contains(&name.as_str()))
            .partition(|(_, name)| self.automatic.contains(name));
        for (keyword, name) in first.into_iter().chain(others) {
            let _ = writeln!(text, "{keyword} {name}");
        }
        let mut written = self.user_modules();
        // One that was defined again is gone.
        written.retain(|&id| self.by_name.get(&self.name(id)) == Some(&id));
        written.sort_by_cached_key(|&id| self.rank(self.name(id)));
        let roots: Vec<ModuleId> = (written.iter().copied())
            .filter(|&id| !self.is_stale(id))
            .collect();
        for id in written {
            if !self
                .prelude
                .headings()
                .iter()
                .any(|(_, name)| *name == self.name(id))
            {
                let _ = writeln!(text, "{} {}", self.keywords_of(id), self.name(id));
            }
        }
        let of_prelude = match self.prelude.headings().is_empty() {
            true => &[][..],
            false => &reference().made[..],
        };
        for (keyword, name) in of_prelude {
            let _ = writeln!(text, "{keyword} {name}");
        }
        let roots = self.with_views(roots);
        for id in self.made_for(&roots) {
            let name = self.name(id);
            if !of_prelude.iter().any(|(_, known)| *known == name) {
                let _ = writeln!(text, "{} {name}", self.keywords_of(id));
            }
        }
        text
    }

    /// The names of all views, those of the prelude first, then instances.
    pub fn describe_views(&self) -> String {
        let mut text = String::new();
        let of_prelude = self.prelude.view_names();
        let others = (self.view_names.iter()).filter(|name| !of_prelude.contains(name));
        for name in of_prelude.iter().chain(others) {
            let _ = writeln!(text, "view {name}");
        }
        let mut names: Vec<Name> = (self.live_views().iter()).map(|view| view.name).collect();
        names.sort_by_cached_key(|&name| self.rank(name));
        names.dedup();
        for name in names {
            let _ = writeln!(text, "view {name}");
        }
        text
    }

    /// The modules made of others that some need, by their names.
    fn made_for(&self, roots: &[ModuleId]) -> Vec<ModuleId> {
        let mut made: Vec<ModuleId> = self.needed_by(roots).0;
        made.retain(|id| !matches!(self.entries[id.index()].origin, Origin::Text(_)));
        made.sort_by_cached_key(|&id| self.rank(self.name(id)));
        made.dedup_by_key(|id| self.name(*id));
        made
    }

    /// The same modules with those that views lead from and to, and those made lately.
    fn with_views(&self, mut roots: Vec<ModuleId>) -> Vec<ModuleId> {
        let is_there = |id: &ModuleId| !self.is_outdated(*id);
        let plain = self.plain_views.values();
        for view in plain.chain(self.live_views()) {
            roots.extend([view.from, view.to].iter().filter(|id| is_there(id)));
        }
        roots.extend(self.made_lately.iter().filter(|id| is_there(id)));
        roots
    }

    /// The instances of views that are there: in Maude 3.2 all whose modules are.
    fn live_views(&self) -> Vec<&std::sync::Arc<View>> {
        let is_there = |view: &&std::sync::Arc<View>| {
            !self.is_outdated(view.from) && !self.is_outdated(view.to)
        };
        let made = self.made_views.iter().filter(is_there);
        if self.dialect == Dialect::Earlier {
            return made.collect();
        }
        let mut roots = self.user_modules();
        roots.retain(|&id| self.by_name.get(&self.name(id)) == Some(&id) && !self.is_stale(id));
        let mut used: Vec<String> = Vec::new();
        for id in self.needed_by(&roots).0 {
            if let Origin::Instance { given, .. } = &self.entries[id.index()].origin {
                for (_, argument) in given.iter() {
                    if let Argument::View(view) = argument {
                        used.extend(view.parts().iter().map(|view| view.key()));
                    }
                }
            }
        }
        made.filter(|view| used.contains(&view.key())).collect()
    }

    /// Whether a module is one that was made anew and not used since.
    fn is_stale(&self, id: ModuleId) -> bool {
        let entry = &self.entries[id.index()];
        entry.is_renewed && entry.elaborated.is_none()
    }

    /// Whether a module needs one that was defined again.
    fn is_outdated(&self, id: ModuleId) -> bool {
        let needed = self.needed(id).0;
        needed.iter().any(|&part| {
            let is_written = matches!(self.entries[part.index()].origin, Origin::Text(_));
            is_written && self.by_name.get(&self.name(part)) != Some(&part)
        })
    }

    /// The word that begins a module.
    fn keywords_of(&mut self, id: ModuleId) -> &'static str {
        self.silently(|library| library.make_owns(id));
        self.keywords(id)[0]
    }
}
