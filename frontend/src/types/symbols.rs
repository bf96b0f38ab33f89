//! The tables of what is declared.
//!
//! One list and one map from names for each kind of thing, as P has it: a machine and
//! a function may share a name. Maps are only ever asked, never iterated.

use std::collections::HashMap;
use std::sync::Arc;

use super::{EventSetId, TypeId, TypeTable};
use crate::source::Span;
use crate::syntax::ast::{self, ExprId, FunctionId, MachineKind, ModuleId, Name};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// The number of an event.
    EventId;
    /// The number of an enum.
    EnumId;
    /// The number of an element of an enum.
    ElementId;
    /// The number of an interface.
    InterfaceId;
    /// The number of a machine, spec or scenario.
    MachineId;
    /// The number of a variable, parameter, field or global `param`.
    VariableId;
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// The name.
    pub name: Arc<str>,
    /// Where it is declared; `null` and `halt` are not.
    pub span: Option<Span>,
    /// The type of its payload; [`TypeTable::NULL`] if it has none.
    pub payload: TypeId,
}

/// An enum.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The name.
    pub name: Name,
    /// Its elements, in order.
    pub elements: Vec<ElementId>,
}

/// An element of an enum.
#[derive(Clone, Debug)]
pub struct Element {
    /// The name.
    pub name: Name,
    /// Its enum.
    pub enumeration: EnumId,
    /// Its number.
    pub number: i32,
}

/// An interface, declared or that of a machine.
#[derive(Clone, Debug)]
pub struct Interface {
    /// The name.
    pub name: Name,
    /// The type of what `new` passes.
    pub payload: TypeId,
    /// The events that it receives.
    pub receives: EventSetId,
    /// The machine whose own interface it is.
    pub machine: Option<MachineId>,
}

/// A machine, spec or scenario.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Which of the three.
    pub kind: MachineKind,
    /// The name.
    pub name: Name,
    /// The number of its declaration in the [`ast::Ast`].
    pub declaration: usize,
    /// The events that it receives; empty for a spec.
    pub receives: EventSetId,
    /// The events that it sends; empty for a spec.
    pub sends: EventSetId,
    /// The events that a spec observes.
    pub observes: EventSetId,
    /// The type of what its start state's entry takes.
    pub payload: TypeId,
    /// Its fields, in order.
    pub fields: Vec<VariableId>,
    pub(crate) field_names: HashMap<Arc<str>, VariableId>,
    pub(crate) function_names: HashMap<Arc<str>, FunctionId>,
    /// From the name of a state to its place in the declaration.
    pub(crate) state_names: HashMap<Arc<str>, usize>,
    /// The place of the start state in the declaration.
    pub start: Option<usize>,
}

impl Machine {
    /// Whether it only observes.
    #[must_use]
    pub fn is_spec(&self) -> bool {
        self.kind != MachineKind::Machine
    }
}

/// What kind of variable it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableRole {
    /// A variable of a body.
    Local,
    /// A parameter of a function or handler.
    Parameter,
    /// A variable of a machine.
    Field,
    /// A global `param`.
    Global,
}

/// A variable of any kind.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The name.
    pub name: Name,
    /// The type.
    pub kind: TypeId,
    /// What kind of variable it is.
    pub role: VariableRole,
}

/// What is known of a function beyond its syntax.
#[derive(Clone, Debug)]
pub struct FunctionInfo {
    /// The machine in which it stands; none for a global function.
    pub owner: Option<MachineId>,
    /// The function of which it is a case of a receive.
    pub parent: Option<FunctionId>,
    /// Its parameters.
    pub parameters: Vec<VariableId>,
    /// Its own variables.
    pub locals: Vec<VariableId>,
    /// The type of its result; [`TypeTable::NULL`] if it has none.
    pub result: TypeId,
    pub(crate) names: HashMap<Arc<str>, VariableId>,
}

/// All that a program declares.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    /// The types.
    pub types: TypeTable,
    pub(crate) events: Vec<Event>,
    pub(crate) enumerations: Vec<Enumeration>,
    pub(crate) elements: Vec<Element>,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) machines: Vec<Machine>,
    pub(crate) functions: Vec<FunctionInfo>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) event_names: HashMap<Arc<str>, EventId>,
    pub(crate) element_names: HashMap<Arc<str>, ElementId>,
    pub(crate) interface_names: HashMap<Arc<str>, InterfaceId>,
    pub(crate) machine_names: HashMap<Arc<str>, MachineId>,
    pub(crate) function_names: HashMap<Arc<str>, FunctionId>,
    pub(crate) parameter_names: HashMap<Arc<str>, VariableId>,
    pub(crate) module_names: HashMap<Arc<str>, ModuleId>,
    /// What a name in the place of a type means.
    pub(crate) type_names: HashMap<Arc<str>, TypeId>,
}

impl Symbols {
    /// The event that stands for "nothing is there", as in `on null`.
    pub const NULL_EVENT: EventId = EventId(0);
    /// The event that ends a machine.
    pub const HALT_EVENT: EventId = EventId(1);

    /// An event.
    #[must_use]
    pub fn event(&self, id: EventId) -> &Event {
        &self.events[id.index()]
    }

    /// An enum.
    #[must_use]
    pub fn enumeration(&self, id: EnumId) -> &Enumeration {
        &self.enumerations[id.index()]
    }

    /// An element of an enum.
    #[must_use]
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.index()]
    }

    /// An interface.
    #[must_use]
    pub fn interface(&self, id: InterfaceId) -> &Interface {
        &self.interfaces[id.index()]
    }

    /// A machine.
    #[must_use]
    pub fn machine(&self, id: MachineId) -> &Machine {
        &self.machines[id.index()]
    }

    /// All machines, specs and scenarios, in order.
    pub fn machines(&self) -> impl Iterator<Item = (MachineId, &Machine)> {
        self.machines
            .iter()
            .enumerate()
            .map(|(index, machine)| (MachineId(index as u32), machine))
    }

    /// All interfaces, in order.
    pub fn interfaces(&self) -> impl Iterator<Item = (InterfaceId, &Interface)> {
        self.interfaces
            .iter()
            .enumerate()
            .map(|(index, interface)| (InterfaceId(index as u32), interface))
    }

    /// The global `param`s, in order.
    #[must_use]
    pub fn global_parameters(&self) -> Vec<VariableId> {
        (0..self.variables.len() as u32)
            .map(VariableId)
            .filter(|id| self.variable(*id).role == VariableRole::Global)
            .collect()
    }

    /// What is known of a function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &FunctionInfo {
        &self.functions[id.index()]
    }

    /// A variable.
    #[must_use]
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.index()]
    }

    /// The syntax of a machine.
    #[must_use]
    pub fn machine_syntax<'a>(&self, ast: &'a ast::Ast, id: MachineId) -> &'a ast::Machine {
        match &ast.declarations[self.machine(id).declaration] {
            ast::Declaration::Machine(machine) => machine,
            _ => unreachable!("the declaration of a machine is a machine"),
        }
    }

    /// The machine that a function stands in or, for a case of a receive, its function does.
    #[must_use]
    pub fn owner(&self, id: FunctionId) -> Option<MachineId> {
        self.function(id).owner
    }

    /// The function that a handler names or is, as seen from a machine.
    #[must_use]
    pub fn handler(&self, machine: MachineId, handler: &ast::Handler) -> Option<FunctionId> {
        match handler {
            ast::Handler::Inline(id) => Some(*id),
            ast::Handler::Named(name) => self.lookup_function(Some(machine), &name.text),
        }
    }

    /// A function by its name: of the machine first, then a global one.
    #[must_use]
    pub fn lookup_function(&self, machine: Option<MachineId>, name: &str) -> Option<FunctionId> {
        machine
            .and_then(|machine| self.machine(machine).function_names.get(name))
            .or_else(|| self.function_names.get(name))
            .copied()
    }

    /// Whether an expression is the literal `null`.
    #[must_use]
    pub fn is_null_literal(ast: &ast::Ast, id: ExprId) -> bool {
        matches!(ast.expression(id).kind, ast::ExpressionKind::Null)
    }
}

impl FunctionInfo {
    /// Nothing is known yet.
    pub(crate) fn new() -> Self {
        Self {
            owner: None,
            parent: None,
            parameters: Vec::new(),
            locals: Vec::new(),
            result: TypeTable::NULL,
            names: HashMap::new(),
        }
    }
}
