//! From text to syntax trees.
//!
//! [`parse`] reads every file, each with the grammar of `p.pest`, into one [`Ast`].
//! Expressions live in one list, operands before operators, so that later passes are
//! loops and not recursions; what does nest (brackets, statements) nests at most
//! [`MAX_NESTING`] deep, and deeper programs get a diagnostic.

pub mod ast;
mod build;
mod expected;
mod foreign;
mod grammar;
mod tokens;

pub use ast::Ast;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources};

/// How deep brackets and statements may nest.
pub const MAX_NESTING: usize = 200;

/// The stack on which parsing runs, so that its limit does not depend on the caller's.
const STACK_BYTES: usize = 64 << 20;

/// Parses all files. Finds at most one syntax error in each file, and where there is
/// one, the declarations of that file are missing from the result.
#[must_use]
pub fn parse(sources: &Sources) -> (Ast, Vec<Diagnostic>) {
    on_large_stack(|| {
        let mut ast = Ast::default();
        let mut diagnostics = Vec::new();
        for (id, file) in sources.files() {
            if let Err(error) = parse_file(id, file.text(), &mut ast, &mut diagnostics) {
                diagnostics.push(*error);
            }
        }
        foreign::complete(&mut ast, sources, &mut diagnostics);
        (ast, diagnostics)
    })
}

fn parse_file(
    file: FileId,
    text: &str,
    ast: &mut Ast,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Box<Diagnostic>> {
    tokens::check(file, text)?;
    let pairs = grammar::parse(text).map_err(|error| expected::diagnostic(file, text, &error))?;
    let length = ast.length();
    build::declarations(file, pairs, ast, diagnostics).inspect_err(|_| ast.truncate(length))
}

/// Runs `work` on a thread with [`STACK_BYTES`] of stack, or here if there are no threads.
fn on_large_stack<T: Send>(work: impl Fn() -> T + Sync) -> T {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("parser".to_owned());
        match builder.stack_size(STACK_BYTES).spawn_scoped(scope, &work) {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => work(),
        }
    })
}

/// The diagnostic for what nests deeper than [`MAX_NESTING`].
fn nested_too_deeply(span: crate::source::Span) -> Box<Diagnostic> {
    let message = format!("nested too deeply: more than {MAX_NESTING} levels");
    Box::new(
        Diagnostic::error(Code::NestedTooDeeply, span, message)
            .with_help("give names to the inner parts: variables, types, functions or modules"),
    )
}
