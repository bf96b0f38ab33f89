//! Module expressions: what each of them defines, creates, sends and watches.
//!
//! Every expression denotes a [`ModuleInfo`]; one that breaks a rule denotes nothing,
//! and nothing more is said of those that contain it. A named module is evaluated
//! once. The walk keeps its own stack, since names can chain as long as a file.
//!
//! Source: reference compiler, ModuleSystemTypeChecker; p-language 2.9.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Ast, Declaration, ModuleId, ModuleKind, Name};
use crate::types::{EventId, InterfaceId, MachineId, Symbols, Type, TypeId, TypeTable};

/// What a module expression denotes.
#[derive(Clone, Debug, Default)]
pub struct ModuleInfo {
    /// The machine behind each interface that it defines.
    pub definitions: BTreeMap<InterfaceId, MachineId>,
    /// The interfaces that its machines create.
    pub creates: BTreeSet<InterfaceId>,
    /// For each interface that it defines, what creating an interface really creates.
    pub links: BTreeMap<InterfaceId, BTreeMap<InterfaceId, InterfaceId>>,
    /// The specs that are attached.
    pub monitors: BTreeSet<MachineId>,
    /// The machine with which it starts, if it says so itself.
    pub main: Option<MachineId>,
    sends: BTreeSet<EventId>,
    receives: BTreeSet<EventId>,
    private_events: BTreeSet<EventId>,
}

/// What each module expression denotes, by [`ModuleId`]; nothing if it is wrong.
pub(super) type Modules = Vec<Option<ModuleInfo>>;

/// Evaluates all module expressions. `creates` is what each machine may create.
pub(super) fn check(
    ast: &Ast,
    symbols: &Symbols,
    creates: &[BTreeSet<InterfaceId>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Modules {
    let mut evaluation = Evaluation {
        ast,
        symbols,
        creates,
        diagnostics,
        modules: vec![None; ast.n_modules()],
        marks: vec![Mark::New; ast.n_modules()],
    };
    for declaration in &ast.declarations {
        match declaration {
            Declaration::Module(_, module) => evaluation.evaluate(*module),
            Declaration::Test(test) => {
                evaluation.evaluate(test.module);
                if let Some(right) = test.refines {
                    evaluation.evaluate(right);
                }
            }
            Declaration::Implementation(implementation) => {
                evaluation.evaluate(implementation.module);
            }
            _ => {}
        }
    }
    evaluation.modules
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

struct Evaluation<'a> {
    ast: &'a Ast,
    symbols: &'a Symbols,
    creates: &'a [BTreeSet<InterfaceId>],
    diagnostics: &'a mut Vec<Diagnostic>,
    modules: Modules,
    marks: Vec<Mark>,
}

impl Evaluation<'_> {
    fn evaluate(&mut self, root: ModuleId) {
        let mut open = vec![root];
        while let Some(id) = open.last().copied() {
            match self.marks[id.index()] {
                Mark::Done => drop(open.pop()),
                Mark::New => {
                    self.marks[id.index()] = Mark::Open;
                    for part in self.parts(id) {
                        match self.marks[part.index()] {
                            Mark::New => open.push(part),
                            Mark::Open => {
                                let span = self.ast.module(id).span;
                                self.error(
                                    Code::CircularModule,
                                    span,
                                    "this module contains itself".to_owned(),
                                );
                            }
                            Mark::Done => {}
                        }
                    }
                }
                Mark::Open => {
                    self.marks[id.index()] = Mark::Done;
                    self.modules[id.index()] = self.denotation(id);
                    open.pop();
                }
            }
        }
    }

    fn parts(&self, id: ModuleId) -> Vec<ModuleId> {
        match &self.ast.module(id).kind {
            ModuleKind::Bind(_) => Vec::new(),
            ModuleKind::Named(name) => self
                .symbols
                .module_names
                .get(&name.text)
                .copied()
                .into_iter()
                .collect(),
            ModuleKind::Union(parts) | ModuleKind::Compose(parts) => parts.clone(),
            ModuleKind::HideEvents(_, part)
            | ModuleKind::HideInterfaces(_, part)
            | ModuleKind::Assert(_, part)
            | ModuleKind::Rename(_, _, part)
            | ModuleKind::Main(_, part) => vec![*part],
        }
    }

    fn error(&mut self, code: Code, span: Span, message: String) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message));
    }

    fn unknown(&mut self, kind: &str, name: &Name) {
        let message = format!("there is no {kind} `{}`", name.text);
        self.error(Code::UnknownName, name.span, message);
    }

    fn interface(&mut self, name: &Name) -> Option<InterfaceId> {
        let found = self.symbols.interface_names.get(&name.text).copied();
        if found.is_none() {
            self.unknown("machine or interface", name);
        }
        found
    }

    fn interface_name(&self, id: InterfaceId) -> &str {
        &self.symbols.interface(id).name.text
    }

    fn event_name(&self, id: EventId) -> &str {
        &self.symbols.event(id).name
    }

    fn denotation(&mut self, id: ModuleId) -> Option<ModuleInfo> {
        let ast = self.ast;
        let span = ast.module(id).span;
        match &ast.module(id).kind {
            ModuleKind::Bind(bindings) => self.bind(bindings),
            ModuleKind::Named(name) => match self.symbols.module_names.get(&name.text) {
                Some(module) => self.modules[module.index()].clone(),
                None => {
                    self.unknown("module", name);
                    None
                }
            },
            ModuleKind::Union(parts) => self.together(span, parts, false),
            ModuleKind::Compose(parts) => self.together(span, parts, true),
            ModuleKind::HideEvents(names, part) => self.hide_events(names, *part),
            ModuleKind::HideInterfaces(names, part) => self.hide_interfaces(names, *part),
            ModuleKind::Assert(names, part) => self.assert(names, *part),
            ModuleKind::Rename(old, new, part) => self.rename(old, new, *part),
            ModuleKind::Main(name, part) => {
                let info = self.modules[part.index()].clone()?;
                let main = main(self.symbols, &info, name);
                match main {
                    Ok(main) => Some(ModuleInfo {
                        main: Some(main),
                        ..info
                    }),
                    Err(diagnostic) => {
                        self.diagnostics.push(diagnostic);
                        None
                    }
                }
            }
        }
    }

    fn bind(&mut self, bindings: &[(Name, Option<Name>)]) -> Option<ModuleInfo> {
        let mut info = ModuleInfo::default();
        let mut is_good = true;
        for (machine_name, interface_name) in bindings {
            let interface_name = interface_name.as_ref().unwrap_or(machine_name);
            let interface = self.interface(interface_name);
            let machine = self.symbols.machine_names.get(&machine_name.text).copied();
            if machine.is_none() && interface_name.text != machine_name.text {
                self.unknown("machine", machine_name);
            }
            let (Some(interface), Some(machine)) = (interface, machine) else {
                if interface.is_some() && interface_name.text == machine_name.text {
                    let message = format!("the interface `{}` needs a machine", machine_name.text);
                    self.diagnostics.push(
                        Diagnostic::error(Code::InvalidBinding, machine_name.span, message)
                            .with_help("write `Machine -> Interface`"),
                    );
                }
                is_good = false;
                continue;
            };
            is_good &= self.binding(machine_name.span, machine, interface);
            if info.definitions.insert(interface, machine).is_some() {
                let message = format!("`{}` is bound twice", interface_name.text);
                self.error(Code::DuplicateBinding, interface_name.span, message);
                is_good = false;
            }
            let creates = &self.creates[machine.index()];
            info.links
                .insert(interface, creates.iter().map(|id| (*id, *id)).collect());
            info.creates.extend(creates);
            let types = &self.symbols.types;
            info.sends
                .extend(types.events(self.symbols.machine(machine).sends));
            info.receives
                .extend(types.events(self.symbols.machine(machine).receives));
        }
        is_good.then_some(info)
    }

    fn binding(&mut self, span: Span, machine: MachineId, interface: InterfaceId) -> bool {
        let symbols = self.symbols;
        let (machine, interface) = (symbols.machine(machine), symbols.interface(interface));
        let (machine_name, interface_name) = (&machine.name.text, &interface.name.text);
        if machine.is_spec() {
            let message = format!("the spec `{machine_name}` cannot be bound");
            self.diagnostics.push(
                Diagnostic::error(Code::InvalidBinding, span, message)
                    .with_help(format!("attach it with `assert {machine_name} in`")),
            );
            return false;
        }
        let receives = symbols.types.events(machine.receives);
        let promised = symbols.types.events(interface.receives);
        if let Some(event) = promised.difference(receives).next() {
            let message = format!(
                "`{machine_name}` does not receive `{}`, which `{interface_name}` promises",
                self.event_name(*event)
            );
            self.error(Code::InvalidBinding, span, message);
            return false;
        }
        if !symbols
            .types
            .is_assignable(machine.payload, interface.payload)
        {
            let expected = super::machines::describe(symbols, machine.payload);
            let got = super::machines::describe(symbols, interface.payload);
            let message = format!(
                "`{machine_name}` starts with {expected}, but `{interface_name}` passes {got}"
            );
            self.error(Code::InvalidBinding, span, message);
            return false;
        }
        true
    }

    fn assert(&mut self, names: &[Name], part: ModuleId) -> Option<ModuleInfo> {
        let mut info = self.modules[part.index()].clone();
        let mut is_good = true;
        for name in names {
            let Some(spec) = self.symbols.machine_names.get(&name.text).copied() else {
                self.unknown("spec", name);
                is_good = false;
                continue;
            };
            let symbols = self.symbols;
            let machine = symbols.machine(spec);
            if !machine.is_spec() {
                let message = format!("`{}` is a machine, not a spec", name.text);
                self.error(Code::NotASpec, name.span, message);
                is_good = false;
                continue;
            }
            let Some(info) = &mut info else { continue };
            let observed = symbols.types.events(machine.observes);
            if let Some(event) = observed.difference(&info.sends).next() {
                let message = format!(
                    "`{}` observes `{}`, which the module does not send",
                    name.text,
                    self.event_name(*event)
                );
                self.error(Code::InvalidAssert, name.span, message);
                is_good = false;
            } else if !info.monitors.insert(spec) {
                let message = format!("`{}` is already attached to this module", name.text);
                self.error(Code::InvalidAssert, name.span, message);
                is_good = false;
            }
        }
        info.filter(|_| is_good)
    }

    fn rename(&mut self, old: &Name, new: &Name, part: ModuleId) -> Option<ModuleInfo> {
        let (old_id, new_id) = (self.interface(old)?, self.interface(new)?);
        let info = self.modules[part.index()].clone()?;
        let symbols = self.symbols;
        let known = |id| info.creates.contains(&id) || info.definitions.contains_key(&id);
        let problem = if symbols.interface(old_id).receives != symbols.interface(new_id).receives {
            Some(format!(
                "`{}` and `{}` receive different events",
                old.text, new.text
            ))
        } else if !known(old_id) {
            Some(format!(
                "the module neither creates nor binds `{}`",
                old.text
            ))
        } else if known(new_id) {
            Some(format!(
                "the module already creates or binds `{}`",
                new.text
            ))
        } else {
            None
        };
        if let Some(message) = problem {
            self.error(Code::InvalidRename, old.span, message);
            return None;
        }
        let renamed = |id: InterfaceId| if id == old_id { new_id } else { id };
        let definitions = info
            .definitions
            .iter()
            .map(|(id, machine)| (renamed(*id), *machine))
            .collect();
        let links: BTreeMap<_, BTreeMap<_, _>> = info
            .links
            .iter()
            .map(|(id, links)| {
                (
                    renamed(*id),
                    links
                        .iter()
                        .map(|(from, to)| (*from, renamed(*to)))
                        .collect(),
                )
            })
            .collect();
        let creates = links
            .values()
            .flat_map(|links| links.values().copied())
            .collect();
        Some(ModuleInfo {
            definitions,
            links,
            creates,
            ..info
        })
    }

    fn hide_interfaces(&mut self, names: &[Name], part: ModuleId) -> Option<ModuleInfo> {
        let ids: Vec<_> = names
            .iter()
            .map(|name| (name, self.interface(name)))
            .collect();
        let info = self.modules[part.index()].clone()?;
        let mut is_good = true;
        for (name, id) in ids {
            let Some(id) = id else {
                is_good = false;
                continue;
            };
            if !info.creates.contains(&id) || !info.definitions.contains_key(&id) {
                let message = format!(
                    "`{}` must be both created and bound in the module",
                    name.text
                );
                self.error(Code::InvalidHide, name.span, message);
                is_good = false;
            }
        }
        is_good.then_some(info)
    }

    fn hide_events(&mut self, names: &[Name], part: ModuleId) -> Option<ModuleInfo> {
        let mut hidden = BTreeSet::new();
        let mut is_good = true;
        for name in names {
            match self.symbols.event_names.get(&name.text) {
                Some(event) => drop(hidden.insert((*event, name.span))),
                None => {
                    self.unknown("event", name);
                    is_good = false;
                }
            }
        }
        let mut info = self.modules[part.index()].clone()?;
        for (event, span) in &hidden {
            if let Some(message) = self.hiding_problem(&info, *event) {
                self.error(Code::InvalidHide, *span, message);
                is_good = false;
            }
        }
        for (event, _) in &hidden {
            info.sends.remove(event);
            info.receives.remove(event);
            info.private_events.insert(*event);
        }
        is_good.then_some(info)
    }

    fn hiding_problem(&self, info: &ModuleInfo, event: EventId) -> Option<String> {
        let name = self.event_name(event);
        if !info.sends.contains(&event) || !info.receives.contains(&event) {
            return Some(format!(
                "`{name}` must be both sent and received by the module"
            ));
        }
        let open = open_interfaces(info);
        let receives = |id: &InterfaceId| {
            self.symbols
                .types
                .events(self.symbols.interface(*id).receives)
                .contains(&event)
        };
        if let Some(interface) = open.into_iter().find(receives) {
            let interface = self.interface_name(interface);
            return Some(format!(
                "`{name}` is received by `{interface}`, which is not both created and bound here"
            ));
        }
        let public = info.sends.union(&info.receives).find(|other| {
            **other != event && self.permissions(self.symbols.event(**other).payload, event)
        });
        public.map(|other| {
            let other = self.event_name(*other);
            format!("`{name}` can be sent to references that `{other}` carries")
        })
    }

    /// Whether a value of the type can hold a reference to which the event may be sent.
    fn permissions(&self, kind: TypeId, event: EventId) -> bool {
        let types = &self.symbols.types;
        match types.kind(kind) {
            Type::Reference(_, events) => types.events(*events).contains(&event),
            Type::Sequence(part) | Type::Set(part) => self.permissions(*part, event),
            Type::Map(key, value) => {
                self.permissions(*key, event) || self.permissions(*value, event)
            }
            Type::Tuple(parts) => parts.iter().any(|part| self.permissions(*part, event)),
            Type::NamedTuple(fields) => fields
                .iter()
                .any(|(_, part)| self.permissions(*part, event)),
            _ => false,
        }
    }

    fn together(&mut self, span: Span, parts: &[ModuleId], composes: bool) -> Option<ModuleInfo> {
        let spans: Vec<Span> = parts
            .iter()
            .map(|part| self.ast.module(*part).span)
            .collect();
        let infos: Vec<Option<ModuleInfo>> = parts
            .iter()
            .map(|part| self.modules[part.index()].clone())
            .collect();
        let infos: Vec<ModuleInfo> = infos.into_iter().collect::<Option<_>>()?;
        for (index, right) in infos.iter().enumerate() {
            for (left_index, left) in infos[..index].iter().enumerate() {
                if let Some(message) = self.conflict(left, right, composes) {
                    self.diagnostics.push(
                        Diagnostic::error(Code::InvalidComposition, spans[index], message)
                            .with_label(spans[left_index], "the other module"),
                    );
                    return None;
                }
            }
        }
        let mut result = ModuleInfo::default();
        for info in infos {
            result.definitions.extend(info.definitions);
            result.creates.extend(info.creates);
            result.links.extend(info.links);
            result.monitors.extend(info.monitors);
            result.sends.extend(info.sends);
            result.receives.extend(info.receives);
            result.private_events.extend(info.private_events);
            result.main = result.main.or(info.main);
        }
        let public: Vec<_> = result.sends.union(&result.receives).copied().collect();
        if let Some(event) = public
            .iter()
            .find(|event| result.private_events.contains(event))
        {
            let message = format!(
                "`{}` is hidden in one of the modules and public in another",
                self.event_name(*event)
            );
            self.error(Code::InvalidComposition, span, message);
            return None;
        }
        Some(result)
    }

    fn conflict(&self, left: &ModuleInfo, right: &ModuleInfo, composes: bool) -> Option<String> {
        let bound = left
            .definitions
            .keys()
            .find(|id| right.definitions.contains_key(id));
        if let Some(id) = bound {
            return Some(format!("both modules bind `{}`", self.interface_name(*id)));
        }
        if let Some(spec) = left.monitors.intersection(&right.monitors).next() {
            let name = &self.symbols.machine(*spec).name.text;
            return Some(format!("`{name}` is attached to both modules"));
        }
        if !composes {
            return None;
        }
        if let Some(event) = left.sends.intersection(&right.sends).next() {
            let name = self.event_name(*event);
            let who = match (self.sender(left, *event), self.sender(right, *event)) {
                (Some(left), Some(right)) => format!(" (`{left}` and `{right}`)"),
                _ => String::new(),
            };
            return Some(format!(
                "both modules send `{name}`{who}, so they cannot be composed"
            ));
        }
        let created = left.creates.intersection(&right.creates).next();
        created.map(|id| {
            let name = self.interface_name(*id);
            format!("both modules create `{name}`, so they cannot be composed")
        })
    }

    /// A machine of a module that may send an event.
    fn sender(&self, info: &ModuleInfo, event: EventId) -> Option<&str> {
        let mut machines = info
            .definitions
            .values()
            .map(|id| self.symbols.machine(*id));
        let types = &self.symbols.types;
        let sender = machines.find(|machine| types.events(machine.sends).contains(&event));
        sender.map(|machine| &*machine.name.text)
    }
}

/// The machine of that name, if a module can start with it.
pub(super) fn main(
    symbols: &Symbols,
    info: &ModuleInfo,
    name: &Name,
) -> Result<MachineId, Diagnostic> {
    let error = |message| Diagnostic::error(Code::InvalidMain, name.span, message);
    let main = symbols.machine_names.get(&name.text).copied();
    let defined = main.filter(|main| info.definitions.values().any(|id| id == main));
    let Some(main) = defined else {
        let message = format!("the main machine `{}` is not in the module", name.text);
        return Err(error(message));
    };
    if symbols.machine(main).payload != TypeTable::NULL {
        let message = format!("the main machine `{}` starts with a parameter", name.text);
        let help = "the entry of its start state must have no parameter";
        return Err(error(message).with_help(help));
    }
    Ok(main)
}

/// The interfaces that a module only creates or only binds.
fn open_interfaces(info: &ModuleInfo) -> BTreeSet<InterfaceId> {
    let bound: BTreeSet<_> = info.definitions.keys().copied().collect();
    bound.symmetric_difference(&info.creates).copied().collect()
}
