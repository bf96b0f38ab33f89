//! Renamed copies of modules.
//!
//! The one idea: a renaming is first brought to the form that says what it does to this module, and
//! the copy is called after that: items about what is not there, or comes from a parameter, are
//! left out, and families of operators are listed with all sorts of their kinds. Of what a module
//! imports only what changes is copied.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::own::rank_of;
use super::renaming::{OperatorItem, Renaming};
use super::{Dialect, Library, ModuleId, Origin};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::signature::{KindId, OpId, Signature};

impl Library {
    /// A module under other names: itself if none of them changes.
    pub(super) fn renamed(&mut self, base: ModuleId, renaming: &Renaming) -> ModuleId {
        let Some(canonical) = self.canonical(base, renaming) else {
            return base;
        };
        let changed = self.changed(base, &canonical);
        let mut canonicals: HashMap<ModuleId, Renaming, FxBuildHasher> = HashMap::default();
        // Names are met from the outside in; what imports what does not change is not looked into.
        let mut pending = vec![(base, Some(canonical.clone()))];
        while let Some((id, known)) = pending.pop() {
            if canonicals.contains_key(&id) {
                continue;
            }
            let of_id = known.or_else(|| self.canonical(id, &canonical));
            let Some(of_id) = of_id else { continue };
            let name = self.renamed_name(id, &of_id);
            self.note_name(Name::new(&name));
            canonicals.insert(id, of_id);
            let imports = self.entries[id.index()].imports.iter().rev();
            let imports = imports.filter(|import| changed.contains(import));
            pending.extend(imports.map(|&import| (import, None)));
        }
        let mut copies: HashMap<ModuleId, ModuleId, FxBuildHasher> = HashMap::default();
        let mut last = base;
        for id in self.transitive(&[base]) {
            let Some(renaming) = canonicals.remove(&id) else {
                continue;
            };
            let name = self.renamed_name(id, &renaming);
            let imports = self.entries[id.index()].imports.iter();
            let imports = imports.map(|import| copies.get(import).copied().unwrap_or(*import));
            let imports: Vec<ModuleId> = self.admitted(id, imports.collect());
            let key = format!("{id:?} * ({})", renaming.text());
            let origin = Origin::Renamed {
                base: id,
                renaming: Arc::new(renaming),
            };
            last = self.derive(key, &name, origin, imports);
            self.entries[last.index()].parameters = self.entries[id.index()].parameters.clone();
            copies.insert(id, last);
        }
        last
    }

    /// The imports of a copy of a module of which no name looks as if it were of a parameter.
    fn admitted(&mut self, id: ModuleId, imports: Vec<ModuleId>) -> Vec<ModuleId> {
        let parameters = self.entries[id.index()].parameters.clone();
        let mut admitted = Vec::with_capacity(imports.len());
        for import in imports {
            match self.captured(import, &parameters) {
                None => admitted.push(import),
                Some(parameter) => {
                    let message = format!(
                        "`{}` cannot be imported: `{parameter}` in its names would be taken for \
                         the parameter",
                        self.name(import)
                    );
                    let diagnostic = Diagnostic::without_place("captured-parameter", message);
                    self.diagnostics.push(diagnostic);
                }
            }
        }
        admitted
    }

    fn renamed_name(&self, base: ModuleId, renaming: &Renaming) -> String {
        let stem = match self.entries[base.index()].origin {
            Origin::Sum => format!("({})", self.name(base)),
            _ => self.name(base).to_string(),
        };
        format!("{stem} * ({})", renaming.text())
    }

    /// The modules that a module consists of in which a renaming may change something.
    fn changed(&self, base: ModuleId, renaming: &Renaming) -> Vec<ModuleId> {
        let mut changed: Vec<ModuleId> = Vec::new();
        for id in self.transitive(&[base]) {
            if matches!(self.entries[id.index()].origin, Origin::Parameter { .. }) {
                continue;
            }
            let own = self.own(id);
            let imports = &self.entries[id.index()].imports;
            let declares = || {
                let mut sorts = renaming.sorts.iter();
                let mut operators = renaming.operators.iter();
                sorts.any(|(from, _)| own.sorts.contains(from))
                    || operators.any(|item| own.operators.iter().any(|own| own.name == item.from))
                    || !renaming.labels.is_empty() && {
                        let labels = self.own_labels(id);
                        renaming
                            .labels
                            .iter()
                            .any(|(from, _)| labels.contains(from))
                    }
            };
            if imports.iter().any(|import| changed.contains(import)) || declares() {
                changed.push(id);
            }
        }
        changed
    }

    /// What a renaming does to a module; none if nothing.
    fn canonical(&mut self, base: ModuleId, renaming: &Renaming) -> Option<Renaming> {
        let elaborated = self.elaborate(base);
        let signature = &elaborated.signature;
        let copies: Vec<ModuleId> = (self.entries[base.index()].parameters.iter())
            .map(|parameter| parameter.copy)
            .collect();
        let of_parameters = self.transitive(&copies);
        let mut canonical = Renaming::default();
        for &(from, to) in &renaming.sorts {
            let is_of_parameter = || {
                let mut parts = of_parameters.iter();
                parts.any(|&part| self.own(part).sorts.contains(&from))
            };
            let is_said = from != to || self.dialect == Dialect::Earlier;
            if is_said && signature.sort_named(from).is_some() && !is_of_parameter() {
                canonical.sorts.push((from, to));
            }
        }
        let labels: Vec<Name> = match renaming.labels.is_empty() {
            true => Vec::new(),
            false => (self.transitive(&[base]).into_iter())
                .flat_map(|part| self.own_labels(part))
                .collect(),
        };
        let labels =
            (renaming.labels.iter()).filter(|(from, to)| from != to && labels.contains(from));
        canonical.labels.extend(labels.copied());
        self.canonical_operators((base, signature), renaming, &of_parameters, &mut canonical);
        self.by_rank(&mut canonical.sorts);
        self.by_rank(&mut canonical.labels);
        (!canonical.is_empty()).then_some(canonical)
    }

    /// Adds what a renaming does to operators.
    fn canonical_operators(
        &self,
        (base, signature): (ModuleId, &Signature),
        renaming: &Renaming,
        of_parameters: &[ModuleId],
        canonical: &mut Renaming,
    ) {
        if renaming.operators.is_empty() {
            return;
        }
        let mut families: Vec<(OpId, bool)> = Vec::new();
        // Those that are declared for all kinds, and whether by a parameter.
        let mut polymorphic: Vec<(Name, bool)> = Vec::new();
        for part in self.transitive(&[base]) {
            let is_of_parameter = of_parameters.contains(&part);
            for own in &self.own(part).operators {
                if !own.attributes.poly.is_empty() {
                    polymorphic.push((own.name, is_of_parameter));
                    continue;
                }
                let Some((domain, range)) = rank_of(signature, own, |sort| sort) else {
                    continue;
                };
                let found = super::translate::find_operator(signature, own.name, &domain, range);
                let known = |op: &OpId| families.iter().any(|(known, _)| known == op);
                if let Some(op) = found.filter(|op| !known(op)) {
                    families.push((op, is_of_parameter));
                }
            }
        }
        families.sort_by_key(|(op, _)| op.index());
        // For each item that is about all operators of a name, whether there is one, and whether a
        // parameter has one.
        let mut general: Vec<(bool, bool)> = vec![(false, false); renaming.operators.len()];
        for &(op, is_of_parameter) in &families {
            let operator = signature.operator(op);
            for (index, item) in renaming.operators.iter().enumerate() {
                let rank = Some((&operator.domain[..], operator.range));
                if item.from != operator.name
                    || self.says_nothing(item)
                    || !item.is_about(rank, signature)
                {
                    continue;
                }
                if item.types.is_none() {
                    general[index].0 = true;
                    general[index].1 |= is_of_parameter;
                } else if !is_of_parameter {
                    let kinds = operator.domain.iter().chain([&operator.range]);
                    canonical.operators.push(OperatorItem {
                        types: Some(kinds.map(|&kind| self.sorts_of(signature, kind)).collect()),
                        ..item.clone()
                    });
                }
            }
        }
        for (name, is_of_parameter) in polymorphic {
            for (index, item) in renaming.operators.iter().enumerate() {
                if item.from == name && item.types.is_none() && !self.says_nothing(item) {
                    general[index].0 = true;
                    general[index].1 |= is_of_parameter;
                }
            }
        }
        let wanted = renaming.operators.iter().zip(general);
        let wanted = wanted.filter(|(_, general)| *general == (true, false));
        canonical
            .operators
            .extend(wanted.map(|(item, _)| item.clone()));
    }

    /// The sorts of a kind by when they were first met.
    fn sorts_of(&self, signature: &Signature, kind: KindId) -> Vec<Name> {
        let sorts = signature.kind(kind).sorts[1..].iter();
        let mut names: Vec<Name> = sorts.map(|&sort| signature.sort(sort).name).collect();
        if names.len() > 1 {
            names.sort_by_cached_key(|&name| self.rank(name));
        }
        names
    }

    /// Whether an item leaves everything as it is; in Maude 3.2 one without attributes takes them
    /// away.
    fn says_nothing(&self, item: &OperatorItem) -> bool {
        let attributes = &item.attributes;
        self.dialect == Dialect::Later
            && item.from == item.to
            && attributes.precedence.is_none()
            && attributes.gather.is_none()
            && attributes.format.is_none()
    }

    fn by_rank(&self, pairs: &mut [(Name, Name)]) {
        if pairs.len() > 1 {
            pairs.sort_by_cached_key(|&(from, _)| self.rank(from));
        }
    }
}
