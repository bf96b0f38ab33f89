//! What functions do beyond computing, directly and through calls, and where that is
//! forbidden: specs only observe, exits and transitions do not leave on their own.
//!
//! Source: reference compiler, Analyzer steps 4, 5 and 7; p-language 2.7 and 2.8.

use std::collections::BTreeSet;

use super::{Checked, Resolution};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Ast, ExprId, ExpressionKind, FunctionId, Handler, StateItemKind};
use crate::types::{InterfaceId, MachineId, Symbols};

/// Something that a function does beyond computing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// `raise`
    Raise,
    /// `goto`
    Goto,
    /// `receive`
    Receive,
    /// `new`
    Create,
    /// `send` and `announce`
    Send,
    /// `$`, `$$` and `choose`
    Choose,
}

const N_EFFECTS: usize = 6;

impl Effect {
    const ALL: [Effect; N_EFFECTS] = [
        Effect::Raise,
        Effect::Goto,
        Effect::Receive,
        Effect::Create,
        Effect::Send,
        Effect::Choose,
    ];
    /// What a spec must not do.
    const OUTSIDE_SPECS: [Effect; 4] = [
        Effect::Receive,
        Effect::Create,
        Effect::Send,
        Effect::Choose,
    ];

    fn phrase(self) -> &'static str {
        match self {
            Effect::Raise => "raises an event",
            Effect::Goto => "goes to a state",
            Effect::Receive => "receives an event",
            Effect::Create => "creates a machine",
            Effect::Send => "sends or announces an event",
            Effect::Choose => "chooses",
        }
    }
}

/// The effects and calls of one function.
#[derive(Clone, Debug, Default)]
struct Summary {
    /// Where each effect happens first: here or in a function that is called.
    effects: [Option<Span>; N_EFFECTS],
    calls: Vec<(FunctionId, Span)>,
}

/// The effects and calls of all functions, as the bodies are walked.
#[derive(Clone, Debug)]
pub(super) struct Effects {
    functions: Vec<Summary>,
}

impl Effects {
    pub(super) fn new(n_functions: usize) -> Self {
        Self {
            functions: vec![Summary::default(); n_functions],
        }
    }

    pub(super) fn add(&mut self, function: FunctionId, effect: Effect, span: Span) {
        self.functions[function.index()].effects[effect as usize].get_or_insert(span);
    }

    pub(super) fn call(&mut self, caller: FunctionId, callee: FunctionId, span: Span) {
        self.functions[caller.index()].calls.push((callee, span));
    }

    /// Gives every function the effects of those it calls.
    fn propagated(&self) -> Self {
        let mut result = self.clone();
        let mut callers: Vec<Vec<FunctionId>> = vec![Vec::new(); self.functions.len()];
        for (caller, summary) in self.functions.iter().enumerate() {
            for (callee, _) in &summary.calls {
                callers[callee.index()].push(FunctionId(caller as u32));
            }
        }
        for effect in Effect::ALL {
            let effect = effect as usize;
            let mut open: Vec<FunctionId> = (0..self.functions.len() as u32)
                .map(FunctionId)
                .filter(|id| self.functions[id.index()].effects[effect].is_some())
                .collect();
            while let Some(callee) = open.pop() {
                let place = result.functions[callee.index()].effects[effect];
                for caller in &callers[callee.index()] {
                    let own = &mut result.functions[caller.index()].effects[effect];
                    if own.is_none() {
                        *own = place;
                        open.push(*caller);
                    }
                }
            }
        }
        result
    }

    /// Reports effects in specs, and in exit and transition functions.
    pub(super) fn check(&self, ast: &Ast, symbols: &Symbols, diagnostics: &mut Vec<Diagnostic>) {
        let total = self.propagated();
        for (id, summary) in self.functions.iter().enumerate() {
            let owner = symbols.function(FunctionId(id as u32)).owner;
            let Some(owner) = owner.filter(|owner| symbols.machine(*owner).is_spec()) else {
                continue;
            };
            for effect in Effect::OUTSIDE_SPECS {
                if let Some(span) = summary.effects[effect as usize] {
                    diagnostics.push(in_spec(symbols, owner, effect, span));
                }
            }
            for (callee, span) in &summary.calls {
                if symbols.function(*callee).owner.is_some() {
                    continue;
                }
                let summary = &total.functions[callee.index()];
                for effect in Effect::OUTSIDE_SPECS {
                    if let Some(place) = summary.effects[effect as usize] {
                        diagnostics
                            .push(in_spec(symbols, owner, effect, *span).with_label(place, "here"));
                    }
                }
            }
        }
        for (machine, _) in symbols.machines() {
            for state in &symbols.machine_syntax(ast, machine).states {
                for item in &state.items {
                    let (handler, what) = match &item.kind {
                        StateItemKind::Exit(handler) => (handler, "an exit function"),
                        StateItemKind::OnGoto(_, _, Some(handler)) => {
                            (handler, "the function of a transition")
                        }
                        _ => continue,
                    };
                    let Some(function) = symbols.handler(machine, handler) else {
                        continue;
                    };
                    let place = match handler {
                        Handler::Named(name) => name.span,
                        Handler::Inline(_) => item.span,
                    };
                    for effect in [Effect::Raise, Effect::Goto] {
                        let summary = &total.functions[function.index()];
                        if let Some(span) = summary.effects[effect as usize] {
                            let message = format!("{what} {}", effect.phrase());
                            let diagnostic =
                                Diagnostic::error(Code::LeavesTransition, span, message)
                                    .with_help("the state is already being left");
                            diagnostics.push(
                                if place.file == span.file
                                    && place.start <= span.start
                                    && span.end <= place.end
                                {
                                    diagnostic
                                } else {
                                    diagnostic.with_label(place, "this function")
                                },
                            );
                        }
                    }
                }
            }
        }
    }

    /// The interfaces that each machine may create, through calls too.
    pub(super) fn creates(&self, ast: &Ast, checked: &Checked) -> Vec<BTreeSet<InterfaceId>> {
        let symbols = &checked.symbols;
        let own: Vec<BTreeSet<InterfaceId>> = self.created(ast, checked);
        let mut result = vec![BTreeSet::new(); symbols.machines.len()];
        let mut roots: Vec<Vec<FunctionId>> = vec![Vec::new(); symbols.machines.len()];
        for id in (0..self.functions.len() as u32).map(FunctionId) {
            if let Some(owner) = symbols.function(id).owner {
                roots[owner.index()].push(id);
            }
        }
        for (machine, roots) in roots.into_iter().enumerate() {
            let mut seen = vec![false; self.functions.len()];
            let mut open = roots;
            while let Some(function) = open.pop() {
                if std::mem::replace(&mut seen[function.index()], true) {
                    continue;
                }
                result[machine].extend(&own[function.index()]);
                let summary = &self.functions[function.index()];
                open.extend(summary.calls.iter().map(|(callee, _)| *callee));
            }
        }
        result
    }

    /// The interfaces in the `new`s of each function, and in the `creates` of foreign ones.
    fn created(&self, ast: &Ast, checked: &Checked) -> Vec<BTreeSet<InterfaceId>> {
        let symbols = &checked.symbols;
        let mut created = vec![BTreeSet::new(); self.functions.len()];
        let mut places: Vec<(Span, InterfaceId)> = Vec::new();
        for id in (0..ast.n_expressions() as u32).map(ExprId) {
            let expression = ast.expression(id);
            if let (ExpressionKind::New(..), Some(Resolution::Interface(interface))) =
                (&expression.kind, checked.resolution(id))
            {
                places.push((expression.span, interface));
            }
        }
        places.sort_unstable();
        for (id, function) in ast.functions() {
            let from = places.partition_point(|(span, _)| {
                (span.file, span.start) < (function.span.file, function.span.start)
            });
            let inside = places[from..].iter().take_while(|(span, _)| {
                span.file == function.span.file && span.end <= function.span.end
            });
            created[id.index()].extend(inside.map(|(_, interface)| *interface));
            if let Some(name) = &function.creates
                && let Some(interface) = symbols.interface_names.get(&name.text)
            {
                created[id.index()].insert(*interface);
            }
        }
        created
    }
}

fn in_spec(symbols: &Symbols, spec: MachineId, effect: Effect, span: Span) -> Diagnostic {
    let name = &symbols.machine(spec).name.text;
    let message = format!(
        "the spec `{name}` only observes, but this {}",
        effect.phrase()
    );
    Diagnostic::error(Code::EffectInSpec, span, message)
}
