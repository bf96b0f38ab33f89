//! What each command does and writes.

use std::io::Write;
use std::ops::ControlFlow;
use std::time::Instant;

use super::watching::Watcher;
use super::{Failure, Last, Pending, Session};
use crate::builtin::Hook;
use crate::diagnostic::Diagnostic;
use crate::integer::Int;
use crate::load::LoadedModule;
use crate::module::unbound_in_condition;
use crate::name::Name;
use crate::pattern::{Pattern, PatternNode, Variable};
use crate::reduction::{Interrupted, NormalForm, Reducer};
use crate::search::{Arrow, Bounds, Engine, Goal as SearchGoal, Outcome, Search, StateId};
use crate::signature::SortId;
use crate::source::Span;
use crate::statement::Fragment;
use crate::syntax::ast::{Bubble, ModuleExpression};
use crate::syntax::elaborate::{PairParts, Scope};
use crate::syntax::grammar::generate::Goal;
use crate::syntax::mixfix::canonical;
use crate::syntax::printer::{Printer, Transcript};
use crate::temporal::reduce_checking;
use crate::term::{Store, TermId, Theory};

/// What a search or match command says, and how Maude echoes it.
struct Pair {
    module: LoadedModule,
    parts: PairParts,
    variables: Vec<Variable>,
    echo: String,
}

/// What a command computes with.
pub(super) struct Subject {
    pub(super) module: LoadedModule,
    pub(super) reducer: Reducer,
    pub(super) watcher: Option<Watcher>,
    pub(super) term: TermId,
    /// As the command is echoed.
    pub(super) shown: String,
}

/// A search that may go on.
#[derive(Debug)]
pub(super) struct Searched {
    module: LoadedModule,
    initial: Pattern,
    arrow: Arrow,
    goal: SearchGoal,
    pub(super) bounds: Bounds,
    /// Solutions written so far.
    pub(super) n_found: u64,
    /// Rewrites made for them.
    n_rewrites: u64,
    span: Span,
}

impl Session {
    pub(super) fn parse(
        &mut self,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let mut scope = Scope::default();
        let diagnostics = &mut self.library.diagnostics;
        let pattern = module
            .reader()
            .term(Goal::Term, bubble, span, &mut scope, diagnostics)?;
        let sort = sort_of_pattern(&module, &pattern, &scope.variables);
        let sort = module.signature().sort(sort).name;
        writeln!(
            output,
            "{sort}: {}",
            module.print_pattern(&pattern, &scope.variables)
        )?;
        Ok(())
    }

    /// Reads the subject of a command into a new reducer, with the module that it is a term of.
    pub(super) fn subject(
        &mut self,
        module: LoadedModule,
        bubble: &Bubble,
        span: Span,
    ) -> Result<Subject, Failure> {
        let mut scope = Scope::default();
        let diagnostics = &mut self.library.diagnostics;
        let mut pattern =
            module
                .reader()
                .term(Goal::Term, bubble, span, &mut scope, diagnostics)?;
        let shown = if self.shown.command {
            self.echoed(&module, &pattern, &scope.variables)
        } else {
            String::new()
        };
        let module = self.close(module, &mut pattern, &scope.variables)?;
        let (mut reducer, watcher) = self.watched(&module);
        let term = subject(&mut reducer, &pattern, span)?;
        Ok(Subject {
            module,
            reducer,
            watcher,
            term,
            shown,
        })
    }

    /// Puts constants in the place of the variables of a subject: nothing ever gets into them. The
    /// result is the module that has these constants, which look like variables when printed.
    fn close(
        &mut self,
        module: LoadedModule,
        subject: &mut Pattern,
        variables: &[Variable],
    ) -> Result<LoadedModule, Failure> {
        let occurring = subject.variables();
        if occurring.is_empty() || self.library.current().is_none() {
            return Ok(module);
        }
        let printer = module.printer();
        let constants: Vec<(Name, SortId)> = (occurring.iter())
            .map(|variable| {
                let Variable { name, sort } = variables[variable.index()];
                (canonical(&printer.variable(name, sort)), sort)
            })
            .collect();
        let (extended, operators) = self.with_constants(&constants).ok_or(Failure::Recorded)?;
        subject.replace_variables(|variable| {
            let position = occurring.iter().position(|&other| other == variable);
            position.map(|position| operators[position])
        });
        Ok(extended)
    }

    /// A term or pattern as Maude echoes it.
    fn echoed(&self, module: &LoadedModule, pattern: &Pattern, variables: &[Variable]) -> String {
        let pattern = self.normalizer(module).nested().pattern(pattern, variables);
        module.print_pattern(&pattern, variables)
    }

    pub(super) fn echo(&self, text: &str, output: &mut dyn Write) -> Result<(), Failure> {
        if self.shown.command {
            writeln!(
                output,
                "==========================================\n{text} ."
            )?;
            // Who waits for the result sees what it will be the result of.
            output.flush()?;
        }
        Ok(())
    }

    pub(super) fn reduce(
        &mut self,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let Subject {
            module,
            mut reducer,
            watcher,
            term,
            shown,
        } = self.subject(module, bubble, span)?;
        self.echo(
            &format!("reduce in {} : {shown}", module.module().name()),
            output,
        )?;
        let start = Instant::now();
        let mut result = reduce_watched(&mut reducer, term, watcher.as_ref(), output)?;
        if module.module().operator_with(Hook::ModelCheck).is_some() && reducer.is_check_wanted() {
            let subject = reducer.store().pattern_of(term);
            (reducer, result) = reduce_checking(&|| self.reducer(&module), &subject);
        }
        let result = result.map_err(|error| interrupted(&module, &reducer, &error, span))?;
        let done = (start, reducer.n_rewrites());
        self.write_result(&module, &reducer, result.term(), done, output)
    }

    pub(super) fn write_result(
        &self,
        module: &LoadedModule,
        reducer: &Reducer,
        term: TermId,
        (start, n_rewrites): (Instant, u64),
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        self.write_statistics("", n_rewrites, start, output)?;
        let store = reducer.store();
        let sort = module.signature().sort(store.sort(term)).name;
        writeln!(output, "result {sort}: {}", module.print(store, term))?;
        Ok(())
    }

    /// The line that begins with `rewrites:`, or `states:` given as a prefix.
    pub(super) fn write_statistics(
        &self,
        states: &str,
        n_rewrites: u64,
        start: Instant,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        if !self.shown.stats {
            return Ok(());
        }
        write!(output, "{states}rewrites: {n_rewrites}")?;
        if self.shown.timing {
            let elapsed = start.elapsed();
            let milliseconds = elapsed.as_millis();
            let speed = match milliseconds {
                0 => "~".to_owned(),
                _ => format!("{}", (n_rewrites as f64 / elapsed.as_secs_f64()) as u64),
            };
            write!(
                output,
                " in {milliseconds}ms cpu ({milliseconds}ms real) ({speed} rewrites/second)"
            )?;
        }
        writeln!(output)?;
        Ok(())
    }

    /// Reads two sides and a condition, in normal form.
    fn pair(
        &mut self,
        goal: Goal,
        module: LoadedModule,
        bubble: &Bubble,
        span: Span,
    ) -> Result<Pair, Failure> {
        let mut scope = Scope::default();
        let diagnostics = &mut self.library.diagnostics;
        let mut parts = module
            .reader()
            .pair(goal, bubble, span, &mut scope, diagnostics)?;
        self.note_variables(&module, &scope);
        let mut variables = scope.variables;
        let (subject, pattern) = match goal {
            Goal::Match => (&mut parts.right, &mut parts.left),
            _ => (&mut parts.left, &mut parts.right),
        };
        // Maude echoes the subject as it is written and the pattern in normal form.
        let shown = self.echoed(&module, subject, &variables);
        let module = self.close(module, subject, &variables)?;
        let subject = shown;
        let normalizer = self.normalizer(&module);
        normalizer.query(pattern, &mut parts.condition, &mut variables);
        // Those of the subject come last, and are none any more.
        let used = n_used(pattern, &parts.condition);
        variables.truncate(used);
        check_condition(pattern, &parts.condition, &variables, span)?;
        let pattern = module.print_pattern(pattern, &variables);
        let mut echo = match goal {
            Goal::Match => format!("{pattern} {} {subject}", parts.relation),
            _ => format!("{subject} {} {pattern}", parts.relation),
        };
        if !parts.condition.is_empty() {
            echo += " such that ";
            echo += &module.printer().condition(&parts.condition, &variables);
        }
        Ok(Pair {
            module,
            parts,
            variables,
            echo,
        })
    }

    pub(super) fn search(
        &mut self,
        bounds: Bounds,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let Pair {
            module,
            parts,
            variables,
            echo,
        } = self.pair(Goal::Search, module, bubble, span)?;
        let bound = match (bounds.solutions, bounds.depth) {
            (None, None) => String::new(),
            (Some(solutions), None) => format!("[{solutions}] "),
            (solutions, Some(depth)) => {
                let solutions = solutions.map(|n| n.to_string()).unwrap_or_default();
                format!("[{solutions}, {depth}] ")
            }
        };
        self.echo(
            &format!("search {bound}in {} : {echo}", module.module().name()),
            output,
        )?;
        let arrow = match parts.relation.as_str() {
            "=>1" => Arrow::One,
            "=>+" => Arrow::Plus,
            "=>!" => Arrow::Final,
            "=>#" => Arrow::Branching,
            _ => Arrow::Star,
        };
        let searched = Searched {
            module,
            initial: parts.left,
            arrow,
            goal: SearchGoal {
                variables,
                pattern: parts.right,
                condition: parts.condition,
            },
            bounds,
            n_found: 0,
            n_rewrites: 0,
            span,
        };
        self.run_search(searched, output)
    }

    /// Searches, and leaves out the solutions that were written already.
    pub(super) fn run_search(
        &mut self,
        mut searched: Searched,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let span = searched.span;
        let module = searched.module.clone();
        let (mut reducer, watcher) = self.watched(&module);
        let term = subject(&mut reducer, &searched.initial, span)?;
        let start = Instant::now();
        let initial = reduce_watched(&mut reducer, term, watcher.as_ref(), output)?
            .map_err(|error| interrupted(&module, &reducer, &error, span))?;
        let goal = searched.goal.clone();
        let mut search = Search::new(initial, searched.arrow, goal, searched.bounds);
        search.set_threads(self.n_threads);
        if let Some(watcher) = &watcher {
            search.set_engine(Engine::General);
            reducer.observe_transitions(Some(Box::new(watcher.clone())));
        }
        let watched = |n_solutions: u64, n_found: u64, output: &mut dyn Write| {
            let text = watcher.as_ref().map(Watcher::take).unwrap_or_default();
            // What led to earlier solutions was written before.
            match n_solutions > n_found {
                true => write!(output, "{text}"),
                false => Ok(()),
            }
        };
        let mut n_solutions = 0u64;
        let mut failure = Ok(());
        let mut transcript = (module.printer(), Transcript::default());
        let outcome = search.run(&mut reducer, &mut |reducer, search, solution| {
            n_solutions += 1;
            failure = watched(n_solutions, searched.n_found, output).map_err(Failure::Output);
            if failure.is_err() {
                return ControlFlow::Break(());
            }
            if n_solutions <= searched.n_found {
                return ControlFlow::Continue(());
            }
            let states = search.states().len();
            failure = self.write_solution(
                reducer,
                (n_solutions, solution.state, states),
                (&searched.goal.variables, &solution.substitution),
                (start, searched.n_rewrites),
                &mut transcript,
                output,
            );
            if failure.is_err() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        failure?;
        reducer.observe_transitions(None);
        watched(n_solutions + 1, searched.n_found, output)?;
        let states = format!("states: {}  ", search.states().len());
        self.pending = None;
        match &outcome {
            Outcome::Solutions => {
                searched.n_found = n_solutions;
                searched.n_rewrites = reducer.n_rewrites();
                self.pending = Some(Pending::Search(Box::new(searched)));
            }
            Outcome::Interrupted(error) => {
                let covered = search.statistics();
                let mut diagnostic = interrupted(&module, &reducer, error, span);
                diagnostic.message += &format!(
                    "; {} states were found, by {} transitions, at most {} steps away",
                    covered.states, covered.transitions, covered.depth
                );
                return Err(diagnostic.into());
            }
            Outcome::Exhausted | Outcome::Depth | Outcome::States => {
                let text = if n_solutions == 0 {
                    "No solution."
                } else {
                    "No more solutions."
                };
                writeln!(output, "\n{text}")?;
                let n_rewrites = reducer.n_rewrites() - searched.n_rewrites;
                self.write_statistics(&states, n_rewrites, start, output)?;
            }
        }
        self.last = Some(Last {
            module,
            reducer,
            search,
        });
        Ok(())
    }

    fn write_solution(
        &self,
        reducer: &Reducer,
        (number, state, n_states): (u64, StateId, usize),
        (variables, values): (&[Variable], &[TermId]),
        (start, rewrites_before): (Instant, u64),
        transcript: &mut (Printer<'_>, Transcript),
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        writeln!(output, "\nSolution {number} (state {})", state.index())?;
        let states = format!("states: {n_states}  ");
        let n_rewrites = reducer.n_rewrites() - rewrites_before;
        self.write_statistics(&states, n_rewrites, start, output)?;
        write_substitution(reducer.store(), variables, values, transcript, output)
    }

    pub(super) fn matches(
        &mut self,
        extension: bool,
        limit: Option<u64>,
        module: Option<&ModuleExpression>,
        bubble: &Bubble,
        span: Span,
        output: &mut dyn Write,
    ) -> Result<(), Failure> {
        let module = self.module(module, bubble, span)?;
        let Pair {
            module,
            parts,
            variables,
            echo,
        } = self.pair(Goal::Match, module, bubble, span)?;
        let mut reducer = self.reducer(&module);
        let term = reducer.store_mut().ground(&parts.right);
        let term = term.ok_or_else(|| variable_in_subject(span))?;
        let keyword = if extension { "xmatch" } else { "match" };
        let bound = limit.map(|limit| format!("[{limit}] ")).unwrap_or_default();
        self.echo(
            &format!("{keyword} {bound}in {} : {echo}", module.module().name()),
            output,
        )?;
        (reducer.find_true_sorts(term))
            .map_err(|error| interrupted(&module, &reducer, &error, span))?;
        let most = limit.map_or(usize::MAX, |limit| limit as usize);
        let found = reducer
            .matches(
                &variables,
                &parts.left,
                &parts.condition,
                NormalForm(term),
                extension,
                most,
            )
            .map_err(|error| interrupted(&module, &reducer, &error, span))?;
        if self.shown.timing {
            writeln!(output, "Decision time: 0ms cpu (0ms real)")?;
        }
        if found.is_empty() {
            writeln!(output, "No match.")?;
        }
        let theory = reducer.store().theory(reducer.store().op(term));
        let is_extended =
            extension && matches!(theory, Theory::List | Theory::Multiset | Theory::Iterated);
        let mut transcript = (module.printer(), Transcript::default());
        for (index, values) in found.iter().enumerate() {
            writeln!(output, "\nMatcher {}", index + 1)?;
            let (values, rest) = values.split_at(variables.len());
            if is_extended {
                let portion = reducer.matched_portion(NormalForm(term), &parts.left, rest);
                // An identity element may be covered that is not there.
                let is_whole = match *rest {
                    [before, after, _] => before == TermId::NONE && after == TermId::NONE,
                    _ => portion == term,
                };
                let shown = match is_whole {
                    true => "(whole)".to_owned(),
                    false => module.print(reducer.store(), portion),
                };
                writeln!(output, "Matched portion = {shown}")?;
            }
            let store = reducer.store();
            write_substitution(store, &variables, values, &mut transcript, output)?;
        }
        Ok(())
    }
}

fn variable_in_subject(span: Span) -> Diagnostic {
    Diagnostic::error("variable-in-term", span, "the subject has variables")
        .with_help("only terms without variables are rewritten")
}

/// Reduces a term, and writes what those who watch say.
fn reduce_watched(
    reducer: &mut Reducer,
    term: TermId,
    watcher: Option<&Watcher>,
    output: &mut dyn Write,
) -> Result<Result<NormalForm, Interrupted>, Failure> {
    let Some(watcher) = watcher else {
        return Ok(reducer.reduce(term));
    };
    let result = reducer.reduce_observed(term, Some(&mut watcher.clone()));
    write!(output, "{}", watcher.take())?;
    Ok(result)
}

/// What is to be reduced first.
fn subject(reducer: &mut Reducer, pattern: &Pattern, span: Span) -> Result<TermId, Diagnostic> {
    reducer
        .store_mut()
        .subject(pattern)
        .ok_or_else(|| variable_in_subject(span))
}

/// The number of the last variable of a pattern with a condition, and one.
fn n_used(pattern: &Pattern, condition: &[Fragment]) -> usize {
    let parts = condition.iter().flat_map(|fragment| match fragment {
        Fragment::Equality { left, right } => vec![left, right],
        Fragment::Assignment { pattern, term } | Fragment::Rewrite { term, pattern } => {
            vec![pattern, term]
        }
        Fragment::SortTest { term, .. } => vec![term],
    });
    let variables = parts.chain([pattern]).flat_map(Pattern::variables);
    variables
        .map(|variable| variable.index() + 1)
        .max()
        .unwrap_or(0)
}

fn check_condition(
    pattern: &Pattern,
    condition: &[Fragment],
    variables: &[Variable],
    span: Span,
) -> Result<(), Diagnostic> {
    let mut bound = vec![false; variables.len()];
    for variable in pattern.variables() {
        bound[variable.index()] = true;
    }
    match unbound_in_condition(condition, &mut bound) {
        None => Ok(()),
        Some(variable) => {
            let name = variables[variable.index()].name;
            let message = format!("variable `{name}` has no value where it is used");
            Err(Diagnostic::error("unbound-variable", span, message))
        }
    }
}

pub(super) fn interrupted(
    module: &LoadedModule,
    reducer: &Reducer,
    error: &Interrupted,
    span: Span,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("interrupted", span, error.to_string());
    match error.redex {
        Some(redex) => {
            let shown = module.print(reducer.store(), redex);
            diagnostic.with_help(format!("it was rewriting {shown}"))
        }
        None => diagnostic,
    }
}

fn write_substitution(
    store: &Store,
    variables: &[Variable],
    values: &[TermId],
    (printer, transcript): &mut (Printer<'_>, Transcript),
    output: &mut dyn Write,
) -> Result<(), Failure> {
    if variables.is_empty() {
        writeln!(output, "empty substitution")?;
    }
    for (variable, &value) in variables.iter().zip(values) {
        let name = printer.variable(variable.name, variable.sort);
        let value = printer.term_again(store, value, transcript);
        writeln!(output, "{name} --> {value}")?;
    }
    Ok(())
}

/// The least sort of a pattern, from the sorts of its variables.
fn sort_of_pattern(module: &LoadedModule, pattern: &Pattern, variables: &[Variable]) -> SortId {
    let signature = module.signature();
    let mut sorts: Vec<SortId> = Vec::with_capacity(pattern.nodes().len());
    for node in pattern.nodes() {
        let sort = match node {
            PatternNode::Variable(variable) => variables[variable.index()].sort,
            PatternNode::Application { op, arguments } => {
                let arguments: Vec<SortId> = arguments.iter().map(|id| sorts[id.index()]).collect();
                signature.least_sort(*op, &arguments)
            }
            PatternNode::Iterated {
                op,
                count,
                argument,
            } => {
                let mut sort = sorts[argument.index()];
                // The sort of an iterated operator repeats soon.
                let rounds = match count {
                    Int::Small(count) => (*count).min(64),
                    Int::Big(_) => 64,
                };
                for _ in 0..rounds {
                    sort = signature.least_sort(*op, &[sort]);
                }
                sort
            }
            PatternNode::Literal { op, .. } => signature.least_sort(*op, &[]),
        };
        sorts.push(sort);
    }
    sorts[pattern.root().index()]
}
