//! From texts to modules that run: the front door for other crates.
//!
//! The one idea: everything that can be wrong with a text comes back as diagnostics together with
//! the texts they point into, in one value, [`Rejected`]; what is right comes back as
//! [`LoadedModule`]s, which read and print terms of one module and look its operators up, so that
//! a caller can build terms without any text at all.
//!
//! Commands in the texts are left alone, except `set include ... .`; running them is the business
//! of [`script`](crate::syntax::script).

use std::sync::Arc;

use thiserror::Error;

use crate::diagnostic::Diagnostic;
use crate::module::Module;
use crate::name::Name;
use crate::pattern::{Pattern, Variable};
use crate::signature::{OpId, Signature, SortId};
use crate::source::{Source, SourceId, SourceMap, Span};
use crate::statement::Fragment;
use crate::syntax::ast::{Action, Item};
use crate::syntax::elaborate::Scope;
use crate::syntax::grammar::generate::Goal;
use crate::syntax::lexer::{Token, lex};
use crate::syntax::library::{Elaborated, Library, ModuleId};
use crate::syntax::mixfix::canonical;
use crate::syntax::printer::{PrintOptions, Printer, Style};
use crate::term::{Store, TermId};

/// Texts that make no sense, and why.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// What is wrong, at least one error among it.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: SourceMap,
}

impl Rejected {
    /// Every diagnostic as plain lines.
    pub fn plain(&self) -> String {
        let lines: Vec<String> = self
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.plain(&self.sources))
            .collect();
        lines.join("\n")
    }
}

/// Modules without errors.
#[derive(Debug)]
pub struct Loaded {
    library: Library,
    current: LoadedModule,
}

/// Reads texts in order; the last module of the last text is the current one.
///
/// ```
/// use rewriter::load::load;
/// use rewriter::source::Source;
/// let text = "fmod M is protecting NAT . op f : Nat -> Nat . endfm";
/// let loaded = load(&[Source::new("m.maude", text)]).unwrap();
/// let module = loaded.current();
/// let term = module.parse_term("f(1 + 2)").unwrap();
/// assert_eq!(module.print_pattern(&term, &[]), "f(1 + 2)");
/// assert!(module.parse_term("g(1)").is_err());
/// ```
///
/// # Errors
/// Everything that is wrong with the texts, if there is an error among it.
pub fn load(sources: &[Source]) -> Result<Loaded, Rejected> {
    let mut library = Library::new();
    for source in sources {
        for item in library.parse(source.clone()) {
            match item {
                Item::Module(text) => {
                    library.define(text);
                }
                Item::View(view) => library.define_view(view),
                Item::Command(command) => {
                    if let Action::Set { words, on } = &command.action
                        && let [include, module] = words.as_slice()
                        && include.as_str() == "include"
                    {
                        library.set_automatic(*module, *on);
                    }
                }
            }
        }
    }
    let current = library.current();
    if let Some(current) = current {
        library.elaborate(current);
    }
    library.check();
    if current.is_none() && library.is_clean() {
        let message = "there is no module in these texts";
        library
            .diagnostics
            .push(Diagnostic::without_place("no-module", message));
    }
    let module = match current {
        Some(id) if library.is_clean() => loaded_module(&mut library, id),
        _ => None,
    };
    match module {
        Some(current) if library.is_clean() => Ok(Loaded { library, current }),
        _ => Err(Rejected {
            diagnostics: library.diagnostics,
            sources: library.sources,
        }),
    }
}

fn loaded_module(library: &mut Library, id: ModuleId) -> Option<LoadedModule> {
    let module = library.module(id)?;
    Some(LoadedModule::new(library.elaborate(id), module))
}

impl Loaded {
    /// The module defined last.
    pub fn current(&self) -> &LoadedModule {
        &self.current
    }

    /// The module with this name; `None` if there is none without errors.
    pub fn module(&mut self, name: &str) -> Option<LoadedModule> {
        let id = self.library.module_named(Name::existing(name)?)?;
        loaded_module(&mut self.library, id)
    }

    /// The names of the modules in the texts, in order.
    pub fn module_names(&self) -> Vec<Name> {
        let modules = self.library.user_modules();
        modules
            .into_iter()
            .map(|id| self.library.name(id))
            .collect()
    }

    /// What is suspicious about the texts.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.library.diagnostics
    }

    /// The texts, for the places of warnings and statements.
    pub fn sources(&self) -> &SourceMap {
        &self.library.sources
    }
}

/// Why an operator was not found.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum LookupError {
    /// No operator has this name and number of arguments.
    #[error("there is no operator `{name}` with {arity} arguments")]
    NoOperator {
        /// The name as asked for.
        name: String,
        /// The number of arguments.
        arity: usize,
    },
    /// Several have, and the sorts given do not tell them apart.
    #[error("there are several operators `{name}` with {arity} arguments")]
    Ambiguous {
        /// The name as asked for.
        name: String,
        /// The number of arguments.
        arity: usize,
    },
    /// There is no such sort.
    #[error("there is no sort `{name}`")]
    NoSort {
        /// The name as asked for.
        name: String,
    },
}

/// A pattern with a condition, as a search asks for it.
#[derive(Clone, Debug)]
pub struct Query {
    /// The pattern.
    pub pattern: Pattern,
    /// The condition after `such that`; empty if there is none.
    pub condition: Vec<Fragment>,
    /// The variables of both, by number.
    pub variables: Vec<Variable>,
}

/// A module that runs, with its syntax.
#[derive(Clone, Debug)]
pub struct LoadedModule {
    elaborated: Arc<Elaborated>,
    module: Arc<Module>,
    options: PrintOptions,
}

impl LoadedModule {
    /// A module of a library.
    pub(crate) fn new(elaborated: Arc<Elaborated>, module: Arc<Module>) -> LoadedModule {
        LoadedModule {
            elaborated,
            module,
            options: PrintOptions::default(),
        }
    }

    /// The same, where terms are printed in another way.
    pub(crate) fn with_options(self, options: PrintOptions) -> LoadedModule {
        LoadedModule { options, ..self }
    }

    /// What it reads and prints with, and what runs.
    pub(crate) fn parts(&self) -> (&Elaborated, &Module) {
        (&self.elaborated, &self.module)
    }

    /// What reads its texts.
    pub(crate) fn reader(&self) -> crate::syntax::elaborate::Reader<'_> {
        self.elaborated.reader()
    }

    /// The sorts of the variables in its statements, by first occurrence.
    pub(crate) fn variable_sorts(&self) -> &[SortId] {
        self.elaborated.variable_sorts()
    }

    /// The executable module.
    pub fn module(&self) -> &Arc<Module> {
        &self.module
    }

    /// Its sorts and operators.
    pub fn signature(&self) -> &Signature {
        self.module.signature()
    }

    /// Reads a term without variables, of any kind.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse_term(&self, text: &str) -> Result<Pattern, Rejected> {
        self.read(text, |reader, tokens, place, warnings| {
            let mut scope = Scope::default();
            let pattern = reader.term(Goal::Term, tokens, place, &mut scope, warnings)?;
            match scope.variables.first() {
                None => Ok(pattern),
                Some(variable) => Err(Diagnostic::error(
                    "variable-in-term",
                    place,
                    format!("this term has a variable, `{}`", variable.name),
                )),
            }
        })
    }

    /// Reads a term with variables, declared in the module or `X:Sort`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse_pattern(&self, text: &str) -> Result<(Pattern, Vec<Variable>), Rejected> {
        self.read(text, |reader, tokens, place, warnings| {
            let mut scope = Scope::default();
            let pattern = reader.term(Goal::Term, tokens, place, &mut scope, warnings)?;
            Ok((pattern, scope.variables))
        })
    }

    /// Reads `pattern such that condition`, where the second part may be missing.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse_query(&self, text: &str) -> Result<Query, Rejected> {
        self.read(text, |reader, tokens, place, warnings| {
            let mut scope = Scope::default();
            let (pattern, condition) = reader.query(tokens, place, &mut scope, warnings)?;
            Ok(Query {
                pattern,
                condition,
                variables: scope.variables,
            })
        })
    }

    /// Reads a condition over variables that are known already, and may bring in more.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse_condition(
        &self,
        text: &str,
        variables: &[Variable],
    ) -> Result<(Vec<Fragment>, Vec<Variable>), Rejected> {
        self.read(text, |reader, tokens, place, warnings| {
            let mut scope = Scope::default();
            for variable in variables {
                scope.variable(variable.name, variable.sort);
            }
            let condition = reader.condition(tokens, place, &mut scope, warnings)?;
            Ok((condition, scope.variables))
        })
    }

    /// Reads a text of its own. What is ambiguous is an error here: nobody would see a warning.
    fn read<T>(
        &self,
        text: &str,
        read: impl FnOnce(
            crate::syntax::elaborate::Reader<'_>,
            &[Token],
            Span,
            &mut Vec<Diagnostic>,
        ) -> Result<T, Diagnostic>,
    ) -> Result<T, Rejected> {
        let mut sources = SourceMap::new();
        let id = sources.add(Source::new("<query>", text));
        let (tokens, mut diagnostics) = lex(id, text);
        if diagnostics.is_empty() {
            let place = Span {
                source: SourceId(0),
                start: 0,
                end: text.len() as u32,
            };
            match read(self.elaborated.reader(), &tokens, place, &mut diagnostics) {
                Ok(value) if diagnostics.is_empty() => return Ok(value),
                Ok(_) => {}
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        for diagnostic in &mut diagnostics {
            diagnostic.severity = crate::diagnostic::Severity::Error;
        }
        Err(Rejected {
            diagnostics,
            sources,
        })
    }

    /// The only operator with this mixfix name, such as `_+_` or `[_,_]`, and this many arguments.
    ///
    /// # Errors
    /// If there is none, or several over different kinds.
    pub fn operator(&self, name: &str, arity: usize) -> Result<OpId, LookupError> {
        match self.signature().operators_named(canonical(name), arity) {
            [] => Err(LookupError::NoOperator {
                name: name.to_owned(),
                arity,
            }),
            [operator] => Ok(*operator),
            _ => Err(LookupError::Ambiguous {
                name: name.to_owned(),
                arity,
            }),
        }
    }

    /// The operator with this mixfix name that takes arguments of these sorts and gives that
    /// sort; only their kinds matter.
    ///
    /// # Errors
    /// If there is none, or a sort does not exist.
    pub fn operator_over(
        &self,
        name: &str,
        domain: &[&str],
        range: &str,
    ) -> Result<OpId, LookupError> {
        let signature = self.signature();
        let kind = |sort: &&str| Ok(signature.kind_of(self.sort(sort)?));
        let kinds = domain
            .iter()
            .map(kind)
            .collect::<Result<Vec<_>, LookupError>>()?;
        let range = kind(&range)?;
        let arity = domain.len();
        let operators = signature.operators_named(canonical(name), arity);
        let found = operators.iter().copied().find(|&op| {
            let operator = signature.operator(op);
            operator.domain == kinds && operator.range == range
        });
        found.ok_or_else(|| LookupError::NoOperator {
            name: name.to_owned(),
            arity,
        })
    }

    /// The sort with this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn sort(&self, name: &str) -> Result<SortId, LookupError> {
        let found = self.signature().sort_named(Name::new(name));
        found.ok_or_else(|| LookupError::NoSort {
            name: name.to_owned(),
        })
    }

    /// A printer in which the variables of the module need no sort.
    pub fn printer(&self) -> Printer<'_> {
        Printer::new(self.signature())
            .with_aliases(&self.elaborated.variables)
            .with_options(self.options)
    }

    /// A term as text, as Maude would print it.
    pub fn print(&self, store: &Store, term: TermId) -> String {
        self.printer().term(store, term)
    }

    /// A term as text in which every operator stands before its arguments, so that any reader of
    /// the module's syntax, and real Maude, reads it back without precedences.
    pub fn print_prefix(&self, store: &Store, term: TermId) -> String {
        self.printer().with_style(Style::Prefix).term(store, term)
    }

    /// A pattern as text, with its variables by number.
    pub fn print_pattern(&self, pattern: &Pattern, variables: &[Variable]) -> String {
        self.printer().pattern(pattern, variables)
    }
}

#[cfg(test)]
mod tests;
