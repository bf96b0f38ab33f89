//! Bodies in P for what P leaves to other languages.
//!
//! The one idea: a foreign file completes a program. A function or type in it takes the
//! place of the declaration of that name without a body; the functions of a machine stand
//! in `machine M { fun .. }`. Everything else in it is there for these: helper functions
//! and types join the program. Whether the signatures agree is for `types` to say.
//!
//! Source: p-language 4.11.

use std::collections::HashMap;
use std::sync::Arc;

use super::ast::{Ast, Declaration, FunctionId, Machine, Name};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// Joins the declarations of foreign files with those that they complete.
pub(super) fn complete(ast: &mut Ast, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    let is_foreign = |span: Span| sources.file(span.file).is_foreign();
    let mut functions = HashMap::new();
    let mut types = HashMap::new();
    let mut machines = HashMap::new();
    let (added, own): (Vec<_>, Vec<_>) = std::mem::take(&mut ast.declarations)
        .into_iter()
        .partition(|declaration| {
            name_of(ast, declaration).is_some_and(|name| is_foreign(name.span))
        });
    ast.declarations = own;
    for (index, declaration) in ast.declarations.iter().enumerate() {
        match declaration {
            Declaration::Function(id) if ast.function(*id).body.is_none() => {
                functions.extend(named(ast, *id).map(|name| (name, *id)));
            }
            Declaration::Type(declared) if declared.definition.is_none() => {
                types.insert(declared.name.text.clone(), index);
            }
            Declaration::Machine(machine) => {
                machines.insert(machine.name.text.clone(), index);
            }
            _ => {}
        }
    }
    for declaration in added {
        match declaration {
            Declaration::Function(body) => {
                match named(ast, body).and_then(|name| functions.remove(&name)) {
                    Some(foreign) => ast.complete(foreign, body),
                    None => {
                        misplaced(ast, body, diagnostics);
                        ast.declarations.push(Declaration::Function(body));
                    }
                }
            }
            Declaration::Type(declared) => match types.remove(&declared.name.text) {
                Some(index) => ast.declarations[index] = Declaration::Type(declared),
                None => ast.declarations.push(Declaration::Type(declared)),
            },
            Declaration::Machine(part) if part.states.is_empty() => {
                match machines.get(&part.name.text) {
                    Some(index) => complete_machine(ast, *index, &part, diagnostics),
                    None => ast.declarations.push(Declaration::Machine(part)),
                }
            }
            other => ast.declarations.push(other),
        }
    }
}

/// Gives bodies to the functions of a machine; those that it does not declare join it.
fn complete_machine(
    ast: &mut Ast,
    index: usize,
    part: &Machine,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(variables) = part.variables.first() {
        let message = format!("`{}` gets no fields from a foreign file", part.name.text);
        let place = variables.kind.span;
        diagnostics.push(Diagnostic::error(Code::BadForeign, place, message));
    }
    for body in &part.functions {
        let Declaration::Machine(machine) = &mut ast.declarations[index] else {
            unreachable!("the declaration of a machine is a machine")
        };
        let functions = machine.functions.clone();
        let name = named(ast, *body);
        let foreign = functions
            .into_iter()
            .find(|id| ast.function(*id).body.is_none() && named(ast, *id) == name);
        match foreign {
            Some(foreign) => ast.complete(foreign, *body),
            None => {
                if let Declaration::Machine(machine) = &mut ast.declarations[index] {
                    machine.functions.push(*body);
                }
            }
        }
    }
}

/// A function that stands alone, though only machines declare one of its name.
fn misplaced(ast: &Ast, body: FunctionId, diagnostics: &mut Vec<Diagnostic>) {
    let function = ast.function(body);
    let Some(name) = &function.name else { return };
    let declares = |machine: &&Machine| {
        machine.functions.iter().any(|id| {
            ast.function(*id).body.is_none() && named(ast, *id).as_ref() == Some(&name.text)
        })
    };
    let machines = ast
        .declarations
        .iter()
        .filter_map(|declaration| match declaration {
            Declaration::Machine(machine) => Some(&**machine),
            _ => None,
        });
    if let Some(machine) = machines.clone().find(declares) {
        let message = format!("the foreign function `{}` belongs to a machine", name.text);
        let help = format!(
            "write `machine {} {{ fun {}(..) .. }}`",
            machine.name.text, name.text
        );
        diagnostics.push(Diagnostic::error(Code::BadForeign, name.span, message).with_help(help));
    }
}

fn named(ast: &Ast, id: FunctionId) -> Option<Arc<str>> {
    ast.function(id).name.as_ref().map(|name| name.text.clone())
}

fn name_of<'a>(ast: &'a Ast, declaration: &'a Declaration) -> Option<&'a Name> {
    match declaration {
        Declaration::Type(declared) => Some(&declared.name),
        Declaration::Enumeration(declared) => Some(&declared.name),
        Declaration::Event(declared) => Some(&declared.name),
        Declaration::EventSet(declared) => Some(&declared.name),
        Declaration::Interface(declared) => Some(&declared.name),
        Declaration::Machine(machine) => Some(&machine.name),
        Declaration::Function(id) => ast.function(*id).name.as_ref(),
        Declaration::Parameters(declared) => declared.names.first(),
        Declaration::Module(name, _) => Some(name),
        Declaration::Test(declared) => Some(&declared.name),
        Declaration::Implementation(declared) => Some(&declared.name),
        Declaration::Proof(_) => None,
    }
}
