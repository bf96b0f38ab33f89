//! Lists: the first phase.
//!
//! The one idea: a list pattern has a *rigid* part, elements taken from both ends in an order that
//! was decided when it was compiled, and a *flexible* rest. What is bound by now may make more of
//! the ends rigid; between what is left, blocks of rigid elements are looked for at all places.

use std::sync::Arc;

use super::binding::{Abstracted, Abstraction, Alternative, Subproblems};
use super::collapse::Collapse;
use super::layer::ListProblem;
use super::subject::Subject;
use super::{Automaton, Index, Matching, Subproblem};
use crate::signature::{OpId, SortId};
use crate::term::TermId;

/// A list pattern.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) op: OpId,
    pub(super) at_top: bool,
    pub(super) collapse: Option<Collapse>,
    /// Taken first, each from the left end or from the right.
    pub(super) rigid: Vec<(Part, bool)>,
    pub(super) flexible: Vec<Part>,
    /// Any matcher will do: no variable occurs elsewhere or is wanted.
    pub(super) is_greedy: bool,
    /// Subproblems are likely to be left.
    pub(super) is_open: bool,
    /// The fewest and the most elements of the whole and of the flexible part.
    pub(super) whole: (usize, usize),
    pub(super) rest: (usize, usize),
}

/// A part of a list pattern.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Variable(TopVariable),
    Ground(TermId),
    Element(Automaton),
}

/// A variable directly below an associative operator.
#[derive(Clone, Debug)]
pub(super) struct TopVariable {
    pub(super) index: Index,
    pub(super) sort: SortId,
    /// How often it occurs, in a multiset; variables of lists are listed each time.
    pub(super) multiplicity: usize,
    pub(super) most: usize,
    pub(super) takes_identity: bool,
    /// It takes the identity only where the part that is not covered stands beside it.
    pub(super) is_awkward: bool,
    /// Elements of its sort, joined, have its sort.
    pub(super) is_closed: bool,
    /// What it stands for.
    pub(super) abstracted: Option<Arc<Automaton>>,
}

impl TopVariable {
    /// Whether it takes one element, always.
    pub(super) fn is_single(&self) -> bool {
        self.most == 1 && !self.takes_identity
    }

    pub(super) fn least(&self) -> usize {
        usize::from(!self.takes_identity)
    }
}

impl Part {
    /// The fewest and the most elements it takes.
    pub(super) fn bounds(&self) -> (usize, usize) {
        match self {
            Part::Variable(variable) => (variable.least(), variable.most),
            Part::Ground(_) | Part::Element(_) => (1, 1),
        }
    }

    fn is_single(&self) -> bool {
        match self {
            Part::Variable(variable) => variable.is_single() && !variable.is_awkward,
            Part::Ground(_) | Part::Element(_) => true,
        }
    }
}

/// Whether an end of the flexible part could be taken.
enum Taken {
    Yes,
    Stalled,
}

/// A block of parts whose numbers of elements are known.
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) n_elements: usize,
    /// The fewest elements of the variables before it.
    pub(super) n_before: usize,
    first_place: usize,
}

/// A list pattern and a subject, while the first phase lasts.
pub(super) struct Run<'a> {
    pub(super) list: &'a List,
    pub(super) subject: Subject,
    /// The elements that are left.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The flexible parts that are left.
    pub(super) first: usize,
    pub(super) last: usize,
    subproblems: Subproblems,
}

impl List {
    pub(super) fn matches(
        &self,
        term: TermId,
        matching: &mut Matching<'_>,
        extend: bool,
    ) -> Option<Subproblems> {
        if matching.store.op(term) != self.op {
            let collapse = self.collapse.as_ref()?;
            let mut parts = self.rigid.iter().map(|(part, _)| part).collect::<Vec<_>>();
            parts.extend(&self.flexible);
            let variables: Vec<&TopVariable> = (parts.into_iter())
                .filter_map(|part| match part {
                    Part::Variable(variable) => Some(variable),
                    _ => None,
                })
                .collect();
            return collapse.matches(&variables, (self.op, self.at_top), term, matching, extend);
        }
        let subject = Subject::new(matching.store, term);
        let length = subject.elements.len();
        if length < self.whole.0 || length > self.whole.1 {
            return None;
        }
        let run = Run {
            list: self,
            subject,
            start: 0,
            end: length,
            first: 0,
            last: self.flexible.len(),
            subproblems: Subproblems::new(),
        };
        run.matches(matching, extend)
    }
}

impl Run<'_> {
    fn matches(mut self, matching: &mut Matching<'_>, extend: bool) -> Option<Subproblems> {
        if !extend {
            for (part, from_left) in &self.list.rigid {
                self.take(part, *from_left, self.list.rest.0, matching)?;
            }
            if self.end - self.start > self.list.rest.1 {
                return None;
            }
            self.take_ends(matching)?;
            let n_left = self.last - self.first;
            if n_left == 0 {
                return (self.start == self.end).then_some(self.subproblems);
            }
            if n_left == 1 && !self.subject.is_one_sided() {
                self.take_lone_variable(matching)?;
                return Some(self.subproblems);
            }
        }
        self.look_for_blocks(matching, extend)?;
        Some(self.subproblems)
    }

    /// Takes a part at an end, leaving so many elements for others.
    fn take(
        &mut self,
        part: &Part,
        from_left: bool,
        reserve: usize,
        matching: &mut Matching<'_>,
    ) -> Option<()> {
        if let Part::Variable(variable) = part
            && let Some(value) = matching.value(variable.index)
        {
            match from_left {
                true => {
                    let end = self.end.checked_sub(reserve)?;
                    self.start =
                        self.subject
                            .strip_start(matching.store, value, (self.start, end))?;
                }
                false => {
                    let start = self.start + reserve;
                    self.end = self
                        .subject
                        .strip_end(matching.store, value, (start, self.end))?;
                }
            }
            return Some(());
        }
        if self.end - self.start < reserve + 1 {
            return None;
        }
        let element = match from_left {
            true => {
                self.start += 1;
                self.subject.elements[self.start - 1]
            }
            false => {
                self.end -= 1;
                self.subject.elements[self.end]
            }
        };
        let subproblems = match_single(part, element, matching)?;
        self.subproblems.extend(subproblems);
        Some(())
    }

    /// Takes what has become rigid at the ends of the flexible part.
    fn take_ends(&mut self, matching: &mut Matching<'_>) -> Option<()> {
        let mut reserve = self.list.rest.0;
        let (mut left_stalled, mut right_stalled) = (false, false);
        while self.first < self.last {
            match self.take_end(true, &mut reserve, matching)? {
                Taken::Yes => {
                    let is_element = matches!(self.list.flexible[self.first - 1], Part::Element(_));
                    right_stalled &= !is_element;
                    if self.first == self.last {
                        return Some(());
                    }
                }
                Taken::Stalled if right_stalled => return Some(()),
                Taken::Stalled => left_stalled = true,
            }
            match self.take_end(false, &mut reserve, matching)? {
                Taken::Yes => {
                    let is_element = matches!(self.list.flexible[self.last], Part::Element(_));
                    left_stalled &= !is_element;
                }
                Taken::Stalled if left_stalled => return Some(()),
                Taken::Stalled => right_stalled = true,
            }
        }
        Some(())
    }

    fn take_end(
        &mut self,
        from_left: bool,
        reserve: &mut usize,
        matching: &mut Matching<'_>,
    ) -> Option<Taken> {
        let number = if from_left { self.first } else { self.last - 1 };
        let list = self.list;
        let part = &list.flexible[number];
        if let Part::Variable(variable) = part
            && !variable.is_single()
            && matching.value(variable.index).is_none()
        {
            return Some(Taken::Stalled);
        }
        *reserve -= part.bounds().0;
        self.take(part, from_left, *reserve, matching)?;
        match from_left {
            true => self.first += 1,
            false => self.last -= 1,
        }
        Some(Taken::Yes)
    }

    /// The variable that is left takes all that is left.
    fn take_lone_variable(&mut self, matching: &mut Matching<'_>) -> Option<()> {
        let Part::Variable(variable) = &self.list.flexible[self.first] else {
            return None;
        };
        let elements = &self.subject.elements[self.start..self.end];
        let value = match elements {
            [] if variable.takes_identity => self.subject.identity,
            [] => return None,
            elements => super::outside::fragment(matching.store, self.subject.op, elements, false),
        };
        matching.bind(variable.index, value);
        match &variable.abstracted {
            Some(automaton) => {
                let subproblems = automaton.matches(value, matching, false)?;
                self.subproblems.extend(subproblems);
            }
            None if elements.is_empty() => {}
            None if !matching.store.has_sort(value, variable.sort) => return None,
            None => {}
        }
        Some(())
    }

    /// Finds all places of all blocks.
    fn look_for_blocks(&mut self, matching: &mut Matching<'_>, extend: bool) -> Option<()> {
        let nasty = self.nasty_variables(matching);
        let (mut blocks, n_used, n_last) = self.blocks(matching, &nasty);
        let mut spare = (self.end - self.start).checked_sub(n_used)?;
        if self.list.is_greedy && self.match_greedily((&blocks, spare), matching, extend) {
            return Some(());
        }
        let span = (self.start, self.end);
        let mut problem = ListProblem::new(self.subject.clone(), span, blocks.len() + 1, extend);
        let mut next = self.start;
        for (number, block) in blocks.iter_mut().enumerate() {
            let least = next + block.n_before;
            let (place, alternative) = self.place(block, least, least + spare, matching)?;
            block.first_place = place;
            next = place + block.n_elements;
            spare -= place - least;
            problem.add_place(number, alternative, (place, next));
        }
        let mut abstractions = Subproblems::new();
        self.add_variables(&mut problem, &nasty, matching, &mut abstractions);
        let mut first_unusable = self.end - n_last;
        for (number, block) in blocks.iter().enumerate().rev() {
            let mut least = block.first_place + 1;
            let most = first_unusable.checked_sub(block.n_elements);
            first_unusable = block.first_place;
            while let Some(most) = most
                && least <= most
                && let Some((place, alternative)) = self.place(block, least, most, matching)
            {
                problem.add_place(number, alternative, (place, place + block.n_elements));
                first_unusable = place;
                least = place + 1;
            }
            first_unusable = first_unusable.saturating_sub(block.n_before);
        }
        problem.link();
        self.subproblems.push(Subproblem::List(Box::new(problem)));
        self.subproblems.extend(abstractions);
        if extend {
            matching.outside.is_known = false;
        }
        Some(())
    }

    /// For each flexible part the number of elements that it takes if that may be one less.
    fn nasty_variables(&self, matching: &Matching<'_>) -> Vec<Option<usize>> {
        let flexible = &self.list.flexible;
        let of = |(number, part): (usize, &Part)| {
            let Part::Variable(variable) = part else {
                return None;
            };
            let value = matching.value(variable.index)?;
            let (at_start, at_end) = (number == 0, number + 1 == flexible.len());
            let (n_taken, is_nasty) = self
                .subject
                .n_taken(matching.store, value, at_start, at_end);
            (is_nasty && !part.is_single()).then_some(n_taken)
        };
        flexible.iter().enumerate().map(of).collect()
    }

    /// The blocks, the fewest elements of all parts, and those of the variables after the last
    /// block.
    fn blocks(
        &self,
        matching: &Matching<'_>,
        nasty: &[Option<usize>],
    ) -> (Vec<Block>, usize, usize) {
        let new = || Block {
            start: usize::MAX,
            end: 0,
            n_elements: 0,
            n_before: 0,
            first_place: 0,
        };
        let (mut blocks, mut block, mut n_used) = (Vec::new(), new(), 0);
        for (number, &nasty) in (self.first..self.last).zip(&nasty[self.first..]) {
            let part = &self.list.flexible[number];
            let (mut is_rigid, mut n_taken) = (true, 1);
            if let Part::Variable(variable) = part
                && !part.is_single()
            {
                match matching.value(variable.index) {
                    Some(value) => {
                        let length = self.list.flexible.len();
                        let ends = (number == 0, number + 1 == length);
                        let taken = self.subject.n_taken(matching.store, value, ends.0, ends.1);
                        (n_taken, is_rigid) = (taken.0, nasty.is_none());
                    }
                    None => (n_taken, is_rigid) = (variable.least(), false),
                }
            }
            n_used += n_taken;
            if is_rigid {
                block.n_elements += n_taken;
                block.start = block.start.min(number);
                continue;
            }
            if block.start != usize::MAX {
                block.end = number;
                blocks.push(std::mem::replace(&mut block, new()));
            }
            block.n_before += n_taken;
        }
        if block.start == usize::MAX {
            return (blocks, n_used, block.n_before);
        }
        block.end = self.last;
        blocks.push(block);
        (blocks, n_used, 0)
    }

    /// The first place of a block from `least` to `most`, and what is bound there.
    fn place(
        &self,
        block: &Block,
        least: usize,
        most: usize,
        matching: &mut Matching<'_>,
    ) -> Option<(usize, Alternative)> {
        (least..=most).find_map(|place| {
            let found = matching.attempt(|side| self.match_block(block, place, side));
            let (difference, subproblems) = found?;
            let alternative = Alternative {
                difference,
                subproblems,
                outside: None,
            };
            Some((place, alternative))
        })
    }

    pub(super) fn match_block(
        &self,
        block: &Block,
        place: usize,
        matching: &mut Matching<'_>,
    ) -> Option<Subproblems> {
        let mut subproblems = Subproblems::new();
        let mut position = place;
        let mut number = block.start;
        while number < block.end {
            let parts = &self.list.flexible[number..block.end];
            let n_single = parts.iter().take_while(|part| part.is_single()).count();
            // Elements side by side are matched from the right to the left.
            for (offset, part) in parts[..n_single].iter().enumerate().rev() {
                let element = *self.subject.elements.get(position + offset)?;
                subproblems.extend(match_single(part, element, matching)?);
            }
            position += n_single;
            number += n_single;
            if number < block.end {
                if let Part::Variable(variable) = &self.list.flexible[number] {
                    let value = matching.value(variable.index)?;
                    let span = (position, self.end);
                    position = self.subject.strip_start(matching.store, value, span)?;
                }
                number += 1;
            }
        }
        Some(subproblems)
    }

    /// Adds the variables that take segments.
    fn add_variables(
        &self,
        problem: &mut ListProblem,
        nasty: &[Option<usize>],
        matching: &Matching<'_>,
        abstractions: &mut Subproblems,
    ) {
        let (mut layer, mut after_block) = (0, false);
        for (number, &nasty) in (self.first..self.last).zip(&nasty[self.first..]) {
            let part = &self.list.flexible[number];
            let bounds = match part {
                Part::Variable(variable) if !part.is_single() => {
                    match (matching.value(variable.index), nasty) {
                        (None, _) => {
                            let is_optional = variable.takes_identity || variable.is_awkward;
                            Some((usize::from(!is_optional), variable.most))
                        }
                        (Some(_), Some(n_taken)) => Some((n_taken - 1, n_taken)),
                        (Some(_), None) => None,
                    }
                }
                _ => None,
            };
            let (Some(bounds), Part::Variable(variable)) = (bounds, part) else {
                after_block = true;
                continue;
            };
            layer += usize::from(std::mem::replace(&mut after_block, false));
            problem.add_variable(layer, variable.index, bounds, variable.sort);
            if let Some(automaton) = &variable.abstracted
                && matching.value(variable.index).is_none()
            {
                abstractions.push(Abstraction::of(
                    automaton,
                    Abstracted::Value(variable.index),
                ));
            }
        }
    }
}

/// Matches a part that takes one element.
fn match_single(part: &Part, element: TermId, matching: &mut Matching<'_>) -> Option<Subproblems> {
    match part {
        Part::Variable(variable) => matching
            .match_variable(variable.index, variable.sort, element)
            .then(Subproblems::new),
        Part::Ground(term) => (*term == element).then(Subproblems::new),
        Part::Element(automaton) => automaton.matches(element, matching, false),
    }
}
