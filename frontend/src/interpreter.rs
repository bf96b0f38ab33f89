//! The façade over the engine: the rules loaded, programs and queries as terms, and the
//! three things that are done with them: search, run, print for Maude.
//!
//! Operators of the rules are spelled in [`vocabulary`](crate::vocabulary) and, for what is
//! read back from configurations, in [`trace`](crate::trace); nothing here depends on what
//! a construct means.

mod case_order;
mod check;
mod conform;
mod coverage;
mod emit;
mod enumeration;
mod execution;
mod executions;
mod fairness;
mod fingerprint;
mod goal;
mod graph;
mod lasso;
mod liveness;
mod minimize;
mod monitors;
mod never_pauses;
mod observed;
mod progress;
mod replay;
mod sampling;
mod schedules;
mod search;
mod space;
mod story;
mod strategy;
mod temperature;
mod temporal;
mod term;
mod why;

use std::sync::Arc;

use rewriter::load::{LoadedModule, load};
use rewriter::reduction::Reducer;
use rewriter::source::Source;

use crate::semantics::{self, Chapter};
use crate::trace::Reader;
use crate::vocabulary;

use case_order::CaseOrder;
pub use check::CheckBounds;
pub use conform::{ConformBounds, Conformance};
pub use coverage::Goals;
pub use execution::{Ending, ExecutionBounds};
pub use goal::{Goal, GoalError};
pub use replay::{Numbering, Replay, ReplayEnding};
pub use schedules::Schedules;
pub use search::Bounds;
pub use strategy::Strategy;
pub use temporal::Property;
pub use why::{NoAnswer, WhyNot};

/// The rules of P, loaded.
#[derive(Debug)]
pub struct Interpreter {
    chapters: Vec<Chapter>,
    module: LoadedModule,
    reducer: Reducer,
    builder: term::Builder,
    reader: Reader,
    /// Of the program whose executions are told.
    cases: CaseOrder,
}

impl Interpreter {
    /// Loads rule files; the last module of the last file is the semantics.
    ///
    /// # Errors
    /// What is wrong with the files, as lines: they do not parse, or lack an operator that
    /// programs are written with.
    pub fn load(chapters: &[Chapter]) -> Result<Interpreter, String> {
        if chapters.is_empty() {
            return Err("there are no .maude files".to_owned());
        }
        let sources: Vec<Source> = chapters
            .iter()
            .map(|chapter| Source::new(chapter.name.as_str(), chapter.text.as_str()))
            .collect();
        let loaded = load(&sources).map_err(|rejected| rejected.plain())?;
        Interpreter::of_module(chapters.to_vec(), loaded.current().clone())
    }

    /// The rules that are built in. They were read when psem was built.
    ///
    /// # Errors
    /// If the rules lack an operator that programs are written with.
    pub fn built_in() -> Result<Interpreter, String> {
        let module = LoadedModule::from_image(semantics::IMAGE);
        let module = module.map_err(|error| error.to_string())?;
        Interpreter::of_module(semantics::built_in(), module)
    }

    fn of_module(chapters: Vec<Chapter>, module: LoadedModule) -> Result<Interpreter, String> {
        let missing = vocabulary::missing(|signature| {
            module
                .operator_over(signature.name, signature.arguments, signature.result)
                .is_ok()
        });
        if !missing.is_empty() {
            let lines: Vec<String> = missing
                .iter()
                .map(|signature| format!("the rules do not declare `{signature}`"))
                .collect();
            return Err(lines.join("\n"));
        }
        let (builder, reader) = (term::Builder::new(&module)?, Reader::new(&module)?);
        let parts = Parts {
            chapters,
            module,
            builder,
            reader,
        };
        Ok(parts.assemble())
    }

    /// What another thread needs to make an interpreter of its own.
    fn parts(&self) -> Parts {
        Parts {
            chapters: self.chapters.clone(),
            module: self.module.clone(),
            builder: self.builder.clone(),
            reader: self.reader.clone(),
        }
    }

    /// Forgets all terms, so that the next test has the memory to itself.
    pub(crate) fn forget(&mut self) {
        self.reducer = Reducer::new(Arc::clone(self.module.module()));
    }
}

/// All of an interpreter but its engine.
struct Parts {
    chapters: Vec<Chapter>,
    module: LoadedModule,
    builder: term::Builder,
    reader: Reader,
}

impl Parts {
    /// An interpreter whose engine knows nothing.
    fn assemble(&self) -> Interpreter {
        let Parts {
            chapters,
            module,
            builder,
            reader,
        } = self;
        Interpreter {
            chapters: chapters.clone(),
            module: module.clone(),
            reducer: Reducer::new(Arc::clone(module.module())),
            builder: builder.clone(),
            reader: reader.clone(),
            cases: CaseOrder::default(),
        }
    }
}
