//! Reading and writing Maude's syntax.
//!
//! The one idea: three stages. [`lexer`] and [`outer`] need no signature and leave bubbles of
//! tokens; the signature of a module gives a grammar; the bubbles are parsed by that grammar.

pub mod ast;
pub mod earley;
pub mod elaborate;
pub mod grammar;
pub mod lexer;
pub mod library;
pub mod literal;
pub mod mixfix;
pub mod normalize;
pub mod outer;
pub mod printer;
pub mod script;
pub mod typed;
pub mod wrap;
