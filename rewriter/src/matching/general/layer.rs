//! What is left of matching a list: the places of rigid blocks and the segments between them.
//!
//! The one idea: a list pattern is layers, each some variables that take segments and then a rigid
//! block, whose places were found in the first phase. Places are chosen from left to right; then
//! the variables of each layer divide what lies before its block. With an identity on one side, a
//! segment that is not at the border may have an identity element more.

use super::binding::Alternative;
use super::outside::fragment;
use super::sequence::Division;
use super::subject::Subject;
use super::{Index, Matching, UNBOUNDED};
use crate::signature::SortId;
use crate::term::TermId;

/// A variable that takes a segment.
#[derive(Clone, Debug)]
struct LayerVariable {
    index: Index,
    least: usize,
    most: usize,
    sort: SortId,
    is_bound_here: bool,
    has_extra_identity: bool,
}

/// A place of a rigid block.
#[derive(Clone, Debug)]
struct Place {
    alternative: Alternative,
    start: usize,
    end: usize,
    /// The first place of the next block that can follow.
    next: usize,
}

/// Variables and the block after them.
#[derive(Clone, Default, Debug)]
struct Layer {
    variables: Vec<LayerVariable>,
    least: usize,
    most: usize,
    extends_left: bool,
    extends_right: bool,
    places: Vec<Place>,
    selected: usize,
    /// Where the segments of the variables start and end.
    start: usize,
    end: usize,
    division: Option<Division>,
}

/// The subproblem of a list.
#[derive(Clone, Debug)]
pub(super) struct ListProblem {
    subject: Subject,
    layers: Vec<Layer>,
    extend: bool,
}

impl ListProblem {
    pub(super) fn new(
        subject: Subject,
        (start, end): (usize, usize),
        n_layers: usize,
        extend: bool,
    ) -> ListProblem {
        let mut layers = vec![Layer::default(); n_layers];
        layers[0].start = start;
        layers[n_layers - 1].end = end;
        if extend {
            layers[0].extends_left = true;
            layers[0].most = UNBOUNDED;
            layers[n_layers - 1].extends_right = true;
            layers[n_layers - 1].most = UNBOUNDED;
        }
        ListProblem {
            subject,
            layers,
            extend,
        }
    }

    /// A variable that takes a part of a list.
    pub(super) fn of_variable(
        matching: &mut Matching<'_>,
        term: TermId,
        index: Index,
        sort: SortId,
    ) -> Box<ListProblem> {
        let subject = Subject::new(matching.store, term);
        let least = if subject.is_one_sided() { 1 } else { 2 };
        let length = subject.elements.len();
        let mut problem = ListProblem::new(subject, (0, length), 1, true);
        problem.add_variable(0, index, (least, UNBOUNDED), sort);
        matching.outside.is_known = false;
        Box::new(problem)
    }

    pub(super) fn add_variable(
        &mut self,
        layer: usize,
        index: Index,
        (least, most): (usize, usize),
        sort: SortId,
    ) {
        let layer = &mut self.layers[layer];
        layer.variables.push(LayerVariable {
            index,
            least,
            most,
            sort,
            is_bound_here: false,
            has_extra_identity: false,
        });
        layer.least += least;
        layer.most = layer.most.saturating_add(most);
    }

    pub(super) fn add_place(
        &mut self,
        layer: usize,
        alternative: Alternative,
        (start, end): (usize, usize),
    ) {
        self.layers[layer].places.push(Place {
            alternative,
            start,
            end,
            next: 0,
        });
    }

    /// Says which place of a block can follow which place of the one before.
    pub(super) fn link(&mut self) {
        let n_blocks = self.layers.len() - 1;
        for layer in 1..n_blocks {
            let (before, after) = self.layers.split_at_mut(layer);
            let (Some(before), next) = (before.last_mut(), &after[0]) else {
                continue;
            };
            for place in &mut before.places {
                let follows = |next_place: &Place| next_place.start >= place.end + next.least;
                place.next = next
                    .places
                    .iter()
                    .position(follows)
                    .unwrap_or(next.places.len());
            }
        }
    }

    pub(super) fn solve(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        if !first && self.solve_variables(false, matching) {
            return true;
        }
        let mut first = first;
        loop {
            if !self.solve_blocks(first, matching) {
                return false;
            }
            if self.solve_variables(true, matching) {
                return true;
            }
            first = false;
        }
    }

    /// Chooses places for the blocks.
    fn solve_blocks(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        let n_blocks = self.layers.len() - 1;
        if n_blocks == 0 {
            return first;
        }
        let mut layer = if first { 0 } else { n_blocks - 1 };
        if first {
            self.layers[0].selected = 0;
        }
        let mut first = first;
        loop {
            first = self.layers[layer].solve_block(first, matching);
            if first {
                let here = &mut self.layers[layer];
                let place = &here.places[here.selected];
                let (end, next) = (place.end, place.next);
                here.end = place.start;
                layer += 1;
                self.layers[layer].start = end;
                self.layers[layer].selected = next;
                if layer == n_blocks {
                    return true;
                }
            } else if layer == 0 {
                return false;
            } else {
                layer -= 1;
            }
        }
    }

    /// Divides the segments between the blocks.
    fn solve_variables(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        let n_layers = self.layers.len();
        let mut layer = if first { 0 } else { n_layers - 1 };
        let mut first = first;
        loop {
            first = self.layers[layer].solve_variables(first, &self.subject, matching);
            if first {
                layer += 1;
                if layer == n_layers {
                    if !self.extend || matching.outside.is_big_enough() {
                        return true;
                    }
                    layer -= 1;
                    first = false;
                }
            } else if layer == 0 {
                return false;
            } else {
                layer -= 1;
            }
        }
    }
}

impl Layer {
    fn solve_block(&mut self, first: bool, matching: &mut Matching<'_>) -> bool {
        let mut first = first;
        while let Some(place) = self.places.get_mut(self.selected) {
            if first && place.start - self.start > self.most {
                break;
            }
            if place.alternative.solve(first, matching) {
                return true;
            }
            first = true;
            self.selected += 1;
        }
        false
    }

    fn solve_variables(
        &mut self,
        first: bool,
        subject: &Subject,
        matching: &mut Matching<'_>,
    ) -> bool {
        if first {
            self.division = Some(self.new_division(subject, matching));
        }
        let mut first = first;
        while self.divide(first, subject) {
            if self.bind(subject, matching) {
                return true;
            }
            first = false;
        }
        for variable in &self.variables {
            if variable.is_bound_here {
                matching.unbind(variable.index);
            }
        }
        self.division = None;
        false
    }

    fn new_division(&mut self, subject: &Subject, matching: &Matching<'_>) -> Division {
        let mut division = Division::new(self.end - self.start);
        if self.extends_left {
            division.add(0, UNBOUNDED);
        }
        let n_variables = self.variables.len();
        for number in 0..n_variables {
            let index = self.variables[number].index;
            let is_repeated = self.variables[..number]
                .iter()
                .any(|earlier| earlier.index == index);
            let variable = &mut self.variables[number];
            let Some(value) = matching.value(index) else {
                variable.is_bound_here = !is_repeated;
                division.add(variable.least, variable.most);
                continue;
            };
            variable.is_bound_here = false;
            let at_start = number == 0 && self.start == 0;
            let at_end = number + 1 == n_variables && self.end == subject.elements.len();
            let (most, is_nasty) = subject.n_taken(matching.store, value, at_start, at_end);
            let may_be_less = is_nasty
                && match subject.left_identity {
                    true => self.extends_right,
                    false => self.extends_left,
                };
            division.add(most - usize::from(may_be_less), most);
        }
        if self.extends_right {
            division.add(0, UNBOUNDED);
        }
        division
    }

    /// The first element of a variable and the one after its last.
    fn segment(&self, division: &Division, number: usize) -> (usize, usize) {
        let part = number + usize::from(self.extends_left);
        (
            self.start + division.start(part),
            self.start + division.end(part),
        )
    }

    /// Goes on to the next division, or adds identity elements to the present one.
    fn divide(&mut self, first: bool, subject: &Subject) -> bool {
        let Some(mut division) = self.division.take() else {
            return false;
        };
        let mut found = false;
        if subject.is_one_sided() {
            let length = subject.elements.len();
            let can_have_one = |&number: &usize| {
                let variable = &self.variables[number];
                let (start, end) = self.segment(&division, number);
                let inside = match subject.left_identity {
                    true => end < length,
                    false => start > 0,
                };
                variable.is_bound_here
                    && !variable.has_extra_identity
                    && end > start
                    && end - start < variable.most
                    && inside
            };
            let last = (0..self.variables.len()).rev().find(can_have_one);
            let last = last.filter(|_| !first);
            let reset = last.map_or(0, |last| last + 1);
            for variable in &mut self.variables[reset..] {
                variable.has_extra_identity = false;
            }
            if let Some(last) = last {
                self.variables[last].has_extra_identity = true;
                found = true;
            }
        }
        found = found || division.advance();
        self.division = Some(division);
        found
    }

    fn bind(&self, subject: &Subject, matching: &mut Matching<'_>) -> bool {
        let Some(division) = &self.division else {
            return false;
        };
        let length = subject.elements.len();
        for (number, variable) in self.variables.iter().enumerate() {
            let (start, end) = self.segment(division, number);
            if !variable.is_bound_here {
                let value = matching.values[variable.index];
                if subject.strip_start(matching.store, value, (start, end)) != Some(end) {
                    return false;
                }
                continue;
            }
            if start == end {
                let at_border = match subject.left_identity {
                    true => end == length,
                    false => start == 0,
                };
                if subject.is_one_sided() && at_border {
                    return false;
                }
                matching.bind(variable.index, subject.identity);
                continue;
            }
            let elements = &subject.elements[start..end];
            let extra = variable.has_extra_identity;
            let value = fragment(matching.store, subject.op, elements, extra);
            if !matching.store.has_sort(value, variable.sort) {
                return false;
            }
            matching.bind(variable.index, value);
        }
        self.cover(division, subject, matching);
        true
    }

    /// Says what is covered.
    fn cover(&self, division: &Division, subject: &Subject, matching: &mut Matching<'_>) {
        let length = subject.elements.len();
        let has_extra = |matching: &Matching<'_>, n_matched: usize| {
            let value = self.variables.first().map(|v| matching.values[v.index]);
            value.is_some_and(|value| {
                let store = &matching.store;
                n_matched == 0
                    || store.op(value) == subject.op && store.n_arguments(value) > n_matched
            })
        };
        let n_variables = self.variables.len();
        let (mut start, mut end) = matching.outside.covered;
        if self.extends_left {
            start = self.start + division.end(0);
            if !subject.left_identity {
                let (first, after) = match n_variables {
                    0 => (0, 0),
                    _ => self.segment(division, 0),
                };
                matching.outside.has_extra_identity = subject.is_one_sided()
                    && start != 0
                    && n_variables > 0
                    && has_extra(matching, after - first);
            }
        }
        if self.extends_right {
            let last_part = n_variables + usize::from(self.extends_left);
            end = self.start + division.start(last_part);
            if subject.left_identity {
                let n_matched = match n_variables {
                    0 => 0,
                    _ => {
                        let (first, after) = self.segment(division, n_variables - 1);
                        after - first
                    }
                };
                matching.outside.has_extra_identity = subject.is_one_sided()
                    && end != length
                    && n_variables > 0
                    && has_extra(matching, n_matched);
            }
        }
        if self.extends_left || self.extends_right {
            matching.outside.cover(start, end, length);
        }
    }
}
