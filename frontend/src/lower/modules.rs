//! Module expressions as terms: a loop, since parts stand before what they are part of.

use std::collections::HashMap;

use super::{Lowering, NodeId, Operator};
use crate::syntax::ast::{ModuleId, ModuleKind, Name};
use crate::types::MachineId;
use crate::vocabulary::Collection;

impl Lowering<'_> {
    /// The term of a module expression; names stay names.
    pub(super) fn module(&mut self, root: ModuleId) -> NodeId {
        let ast = self.ast;
        let mut done: HashMap<ModuleId, NodeId> = HashMap::new();
        let mut open = vec![root];
        while let Some(id) = open.last().copied() {
            let parts: &[ModuleId] = match &ast.module(id).kind {
                ModuleKind::Bind(_) | ModuleKind::Named(_) => &[],
                ModuleKind::Union(parts) | ModuleKind::Compose(parts) => parts,
                ModuleKind::HideEvents(_, part)
                | ModuleKind::HideInterfaces(_, part)
                | ModuleKind::Assert(_, part)
                | ModuleKind::Rename(_, _, part)
                | ModuleKind::Main(_, part) => std::slice::from_ref(part),
            };
            let missing: Vec<ModuleId> = parts
                .iter()
                .filter(|part| !done.contains_key(part))
                .copied()
                .collect();
            if missing.is_empty() {
                open.pop();
                let parts = parts.iter().map(|part| done[part]).collect();
                let node = self.module_node(&ast.module(id).kind, parts);
                done.insert(id, node);
            } else {
                open.extend(missing);
            }
        }
        done[&root]
    }

    fn module_node(&mut self, kind: &ModuleKind, parts: Vec<NodeId>) -> NodeId {
        let first = parts.first().copied().unwrap_or_default();
        match kind {
            ModuleKind::Bind(bindings) => {
                let mut terms = Vec::new();
                for (machine, interface) in bindings {
                    let interface = interface.as_ref().unwrap_or(machine);
                    let machine = self.quoted(&machine.text);
                    let interface = self.quoted(&interface.text);
                    terms.push(self.apply(Operator::Bind, [machine, interface]));
                }
                self.united(terms)
            }
            ModuleKind::Named(name) => {
                let name = self.quoted(&name.text);
                self.apply(Operator::Use, [name])
            }
            ModuleKind::Union(_) => self.united(parts),
            ModuleKind::Compose(_) => {
                let parts = self.collect(Collection::MODULES, parts);
                self.apply(Operator::Compose, [parts])
            }
            ModuleKind::HideEvents(names, _) => self.with_names(Operator::HideEvents, names, first),
            ModuleKind::HideInterfaces(names, _) => {
                self.with_names(Operator::HideInterfaces, names, first)
            }
            ModuleKind::Assert(names, _) => self.with_names(Operator::Attach, names, first),
            ModuleKind::Rename(old, new, _) => {
                let (old, new) = (self.quoted(&old.text), self.quoted(&new.text));
                self.apply(Operator::Rename, [old, new, first])
            }
            ModuleKind::Main(name, _) => {
                let name = self.quoted(&name.text);
                self.apply(Operator::Main, [name, first])
            }
        }
    }

    fn united(&mut self, parts: Vec<NodeId>) -> NodeId {
        let parts = self.collect(Collection::MODULES, parts);
        self.apply(Operator::Union, [parts])
    }

    fn with_names(&mut self, operator: Operator, names: &[Name], module: NodeId) -> NodeId {
        let names = self.names(names.iter().map(|name| &name.text));
        self.apply(operator, [names, module])
    }

    /// All machines as they are.
    pub(super) fn every_machine(&mut self) -> NodeId {
        let symbols = self.symbols;
        let machines: Vec<MachineId> = symbols
            .machines()
            .filter(|(_, machine)| !machine.is_spec())
            .map(|(id, _)| id)
            .collect();
        let mut terms = Vec::new();
        for id in machines {
            let name = self.quoted(&symbols.machine(id).name.text);
            terms.push(self.apply(Operator::Bind, [name, name]));
        }
        self.united(terms)
    }
}
