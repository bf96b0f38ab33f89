//! Matching instructions for lists, multisets and pairs.
//!
//! The one idea: an instruction reads what is left of a collection from one slot and writes what
//! it leaves to another, so that going back needs no undoing. A list's slot is a range of
//! positions; a multiset's is a sorted list of consumed positions at the top of the counters.

use std::cmp::Ordering;

use super::compile::Program;
use super::machine::{Choice, Context, Machine};
use crate::matching::{Collection, Instruction, Operand, Slot, Way};
use crate::signature::SortId;
use crate::term::{Elements, Sought, Store, TermId};

impl Machine {
    #[inline]
    pub(super) fn slot(&self, slot: Slot) -> u32 {
        self.counters[self.active().slots as usize + usize::from(slot)]
    }

    #[inline]
    pub(super) fn set_slot(&mut self, slot: Slot, value: u32) {
        let at = self.active().slots as usize + usize::from(slot);
        self.counters[at] = value;
    }

    #[inline]
    fn set_range(&mut self, slot: Slot, start: u32, end: u32) {
        self.set_slot(slot, start);
        self.set_slot(slot + 1, end);
    }

    #[inline]
    fn range(&self, slot: Slot) -> (u32, u32) {
        (self.slot(slot), self.slot(slot + 1))
    }

    pub(super) fn choose(&mut self, state: u32, slots_top: usize) {
        self.choices.push(Choice {
            pc: self.active().pc,
            state,
            slots_top: slots_top as u32,
        });
    }

    /// The elements of a collection.
    #[inline]
    pub(super) fn elements<'a>(&'a self, store: &'a Store, of: Collection) -> Elements<'a> {
        let at = self.base + usize::from(of.source);
        store.elements(of.op, &self.values[at])
    }

    /// Runs a matching instruction for the first time; tells whether it holds.
    pub(super) fn match_collection(
        &mut self,
        context: &mut Context<'_>,
        instruction: Instruction,
    ) -> bool {
        let program = context.program;
        let store = &mut *context.store;
        let collection = |index: u16| program.code.collections[usize::from(index)];
        match instruction {
            Instruction::Iterated {
                source,
                op,
                counts,
                target,
            } => {
                let term = self.register(source);
                if store.op(term) != op {
                    return false;
                }
                let digits = &program.code.counts[usize::from(counts)];
                match store.strip_iterations(term, digits) {
                    Some(rest) => {
                        self.set(target, rest);
                        true
                    }
                    None => false,
                }
            }
            Instruction::Pair { .. } => self.match_pair(store, instruction, 0),
            Instruction::General { general, source } => {
                self.match_general(context, general, source)
            }
            Instruction::ListStart { collection: c, to } => {
                let length = self.elements(store, collection(c)).len();
                self.set_range(to, 0, length as u32);
                true
            }
            Instruction::ListFirst {
                collection: c,
                from,
                to,
                target,
            } => {
                let (start, end) = self.range(from);
                if start >= end {
                    return false;
                }
                let element = self.elements(store, collection(c)).at(start as usize);
                self.set(target, element);
                self.set_range(to, start + 1, end);
                true
            }
            Instruction::ListLast {
                collection: c,
                from,
                to,
                target,
            } => {
                let (start, end) = self.range(from);
                if start >= end {
                    return false;
                }
                let element = self.elements(store, collection(c)).at(end as usize - 1);
                self.set(target, element);
                self.set_range(to, start, end - 1);
                true
            }
            Instruction::ListPrefix {
                collection: c,
                from,
                to,
                operand,
            } => self.match_end(store, collection(c), (from, to), operand, false),
            Instruction::ListSuffix {
                collection: c,
                from,
                to,
                operand,
            } => self.match_end(store, collection(c), (from, to), operand, true),
            Instruction::ListSegment { .. } => self.match_segment(store, program, instruction, 0),
            Instruction::ListSearch { .. } => self.search_list(store, program, instruction, 0),
            Instruction::ListRest { from, to, least } => {
                let (start, end) = self.range(from);
                self.set_range(to, start, end);
                end - start >= u32::from(least)
            }
            Instruction::ListCovers {
                collection: c,
                before,
                after,
            } => {
                let n_elements = self.elements(store, collection(c)).len() as u32;
                let outside = [before, after].map(|slot| {
                    let (start, end) = self.range(slot);
                    end - start
                });
                n_elements - outside[0] - outside[1] >= n_elements.min(2)
            }
            Instruction::ListEnd { from } => {
                let (start, end) = self.range(from);
                start == end
            }
            Instruction::SegmentSort {
                collection: c,
                segment,
                sort,
                hereditary,
            } => {
                let (start, end) = self.range(segment);
                let of = collection(c);
                if hereditary && self.whole_has_sort(store, of, sort) {
                    return true;
                }
                let elements = self.elements(store, of);
                let elements = elements.range(start as usize, end as usize);
                fold_has_sort(store, of, elements, sort)
            }
            Instruction::Segment {
                collection: c,
                segment,
                target,
            } => {
                let term = self.segment_term(store, collection(c), segment);
                self.set(target, term);
                true
            }
            Instruction::MultisetStart { to, .. } => {
                let top = self.counters.len() as u32;
                self.set_range(to, top, 0);
                true
            }
            Instruction::MultisetElement { .. } => self.match_element(context, instruction, 0),
            Instruction::MultisetRemove {
                collection: c,
                from,
                to,
                operand,
            } => self.remove_all(store, collection(c), (from, to), operand),
            Instruction::MultisetEnd {
                collection: c,
                from,
            } => {
                let n_elements = self.elements(store, collection(c)).len();
                n_elements as u32 == self.slot(from + 1)
            }
            Instruction::MultisetCovers {
                collection: c,
                from,
            } => {
                let n_elements = self.elements(store, collection(c)).len() as u32;
                self.slot(from + 1) >= n_elements.min(2)
            }
            Instruction::MultisetLeft {
                collection: c,
                from,
                least,
            } => {
                let n_elements = self.elements(store, collection(c)).len() as u32;
                n_elements - self.slot(from + 1) >= u32::from(least)
            }
            Instruction::RestSort {
                collection: c,
                from,
                sort,
                hereditary,
            } => {
                let of = collection(c);
                if hereditary && self.whole_has_sort(store, of, sort) {
                    return true;
                }
                let consumed = self.consumed(from);
                let elements = self.elements(store, of);
                fold_has_sort(store, of, left_over(elements.iter(), consumed), sort)
            }
            Instruction::Rest {
                collection: c,
                from,
                target,
            } => {
                let term = self.rest_term(store, collection(c), from);
                self.set(target, term);
                true
            }
            Instruction::Distribute { distribution } => {
                self.start_distribution(context, usize::from(distribution))
            }
            _ => unreachable!("the interpreter gives only collection instructions here"),
        }
    }

    /// Tries the next alternative of an instruction; tells whether there is one that holds.
    pub(super) fn retry(&mut self, context: &mut Context<'_>, choice: Choice) -> bool {
        let instruction = context.program.code.instructions[choice.pc as usize];
        let store = &mut *context.store;
        let holds = match instruction {
            Instruction::General { general, .. } => {
                self.next_general(context, general, choice.state as usize)
            }
            Instruction::Pair { .. } => self.match_pair(store, instruction, choice.state),
            Instruction::ListSegment { .. } => {
                self.match_segment(store, context.program, instruction, choice.state)
            }
            Instruction::ListSearch { .. } => {
                self.search_list(store, context.program, instruction, choice.state)
            }
            Instruction::MultisetElement { .. } => {
                self.match_element(context, instruction, choice.state)
            }
            Instruction::Distribute { distribution } => {
                self.next_distribution(context, usize::from(distribution))
            }
            Instruction::Pass { statement, port } => {
                self.pass(context, (statement, port), true);
                return false;
            }
            Instruction::Reach { .. } => {
                // The interpreter meets the instruction again and asks.
                self.next_reach = Some(choice.state);
                return true;
            }
            _ => unreachable!("only these instructions have alternatives"),
        };
        if holds {
            self.active_mut().pc += 1;
        }
        holds
    }

    /// The ways in which the two sides of a term can be assigned: as they stand, swapped, or with
    /// an identity element on one side.
    fn match_pair(&mut self, store: &Store, instruction: Instruction, way: u32) -> bool {
        let Instruction::Pair { source, op, first } = instruction else {
            unreachable!("a pair is matched by a pair instruction");
        };
        let term = self.register(source);
        let facts = store.facts(op);
        let is_application = store.op(term) == op;
        for way in way..4 {
            let sides = match way {
                0 if is_application => {
                    let arguments = store.arguments(term);
                    Some((arguments[0], arguments[1]))
                }
                1 if is_application && facts.comm => {
                    let arguments = store.arguments(term);
                    let differ = !store.equal(arguments[0], arguments[1]);
                    differ.then(|| (arguments[1], arguments[0]))
                }
                2 if facts.left_identity != TermId::NONE => Some((facts.left_identity, term)),
                3 if facts.right_identity != TermId::NONE
                    && !(facts.left_identity == facts.right_identity
                        && term == facts.right_identity) =>
                {
                    Some((term, facts.right_identity))
                }
                _ => None,
            };
            if let Some((left, right)) = sides {
                if way < 3 {
                    self.choose(way + 1, self.counters.len());
                }
                self.set(first, left);
                self.set(first + 1, right);
                return true;
            }
        }
        false
    }

    fn match_end(
        &mut self,
        store: &Store,
        of: Collection,
        (from, to): (Slot, Slot),
        operand: Operand,
        at_end: bool,
    ) -> bool {
        let (start, end) = self.range(from);
        let term = self.operand(operand);
        let wanted = store.elements(of.op, &term);
        let length = wanted.len() as u32;
        if end - start < length {
            return false;
        }
        let first = if at_end { end - length } else { start };
        let elements = self.elements(store, of);
        let here = elements.range(first as usize, (first + length) as usize);
        let is_there = here.zip(wanted.iter()).all(|(a, b)| store.equal(a, b));
        if !is_there {
            return false;
        }
        if at_end {
            self.set_range(to, start, end - length);
        } else {
            self.set_range(to, start + length, end);
        }
        true
    }

    /// Takes a segment, after so many others. Of what is no application of the operator the first
    /// variable takes all first, as in Maude.
    fn match_segment(
        &mut self,
        store: &Store,
        program: &Program,
        instruction: Instruction,
        n_tried: u32,
    ) -> bool {
        let Instruction::ListSegment {
            collection,
            from,
            to,
            least,
            most,
            reserve,
            way,
        } = instruction
        else {
            unreachable!("a segment is matched by a segment instruction");
        };
        let (start, end) = self.range(from);
        let mut longest = (end - start).saturating_sub(u32::from(reserve));
        if end - start < u32::from(reserve) {
            return false;
        }
        if most > 0 {
            longest = longest.min(u32::from(most));
        }
        let least = u32::from(least);
        if least + n_tried > longest {
            return false;
        }
        if least + n_tried < longest {
            self.choose(n_tried + 1, self.counters.len());
        }
        let of = program.code.collections[usize::from(collection)];
        let is_single = end - start == 1 && self.elements(store, of).len() == 1;
        let length = match way {
            Way::LongEnd if !is_single => longest - n_tried,
            _ => least + n_tried,
        };
        let border = match way {
            Way::Start => start + length,
            Way::LongEnd | Way::ShortEnd => end - length,
        };
        let (taken, left) = match way {
            Way::Start => ((start, border), (border, end)),
            Way::LongEnd | Way::ShortEnd => ((border, end), (start, border)),
        };
        self.set_range(to, taken.0, taken.1);
        self.set_range(to + 2, left.0, left.1);
        true
    }

    /// Takes the elements before the next one that a filter lets pass, after so many others.
    fn search_list(
        &mut self,
        store: &mut Store,
        program: &Program,
        instruction: Instruction,
        n_tried: u32,
    ) -> bool {
        let Instruction::ListSearch {
            collection,
            from,
            to,
            least,
            reserve,
            filter,
        } = instruction
        else {
            unreachable!("a list is searched by a search instruction");
        };
        let (start, end) = self.range(from);
        let Some(longest) = (end - start).checked_sub(u32::from(reserve)) else {
            return false;
        };
        let of = program.code.collections[usize::from(collection)];
        let filter = &program.code.filters[usize::from(filter)];
        let key = filter.key.map(|key| self.operand(key));
        let wanted = filter.element.map(|element| self.operand(element));
        let sought = (wanted.map(Sought::Element)).or(key.map(Sought::FirstArgument));
        let places = sought.and_then(|sought| {
            let list = self.register(of.source);
            store.places(of.op, list, sought)
        });
        let store = &*store;
        let passes = |element: TermId| {
            filter.op.is_none_or(|op| store.op(element) == op)
                && wanted.is_none_or(|wanted| store.equal(element, wanted))
                && key.is_none_or(|key| store.equal(store.arguments(element)[0], key))
                && (filter.probes.iter()).all(|probe| probe.allows(store, element))
        };
        let first = (start + u32::from(least) + n_tried) as usize;
        let last = (start + longest) as usize;
        let elements = self.elements(store, of);
        let border = match places {
            Some(places) => places.into_iter().find_map(|(start, end)| {
                elements.position(start.max(first), end.min(last + 1), passes)
            }),
            None => elements.position(first, last + 1, passes),
        };
        let Some(border) = border else {
            return false;
        };
        if border < last {
            self.choose(
                border as u32 - start - u32::from(least) + 1,
                self.counters.len(),
            );
        }
        self.set_range(to, start, border as u32);
        self.set_range(to + 2, border as u32, end);
        true
    }

    fn segment_term(&self, store: &mut Store, of: Collection, segment: Slot) -> TermId {
        let (start, end) = self.range(segment);
        let source = self.register(of.source);
        let is_application = store.op(source) == of.op;
        match end - start {
            0 => store.facts(of.op).identity(),
            1 => self.elements(store, of).at(start as usize),
            length if is_application && length as usize == store.n_arguments(source) => source,
            _ => store.transient_part(source, start as usize, end as usize),
        }
    }

    /// The positions of a multiset that are consumed, sorted.
    #[inline]
    pub(super) fn consumed(&self, slot: Slot) -> &[u32] {
        let (start, length) = self.range(slot);
        &self.counters[start as usize..(start + length) as usize]
    }

    /// Writes to a slot what another one has consumed and one position more.
    fn consume(&mut self, from: Slot, to: Slot, position: u32) {
        let (start, length) = self.range(from);
        let top = self.counters.len();
        let range = start as usize..(start + length) as usize;
        let before = self.counters[range.clone()].partition_point(|&other| other < position);
        self.counters
            .extend_from_within(start as usize..start as usize + before);
        self.counters.push(position);
        self.counters
            .extend_from_within(start as usize + before..range.end);
        self.set_range(to, top as u32, length + 1);
    }

    fn match_element(
        &mut self,
        context: &mut Context<'_>,
        instruction: Instruction,
        first: u32,
    ) -> bool {
        let Instruction::MultisetElement {
            collection,
            from,
            to,
            filter,
            target,
        } = instruction
        else {
            unreachable!("an element is matched by an element instruction");
        };
        let store = &*context.store;
        let of = context.program.code.collections[usize::from(collection)];
        let filter = &context.program.code.filters[usize::from(filter)];
        let key = filter.key.map(|key| self.operand(key));
        let elements = self.elements(store, of);
        let consumed = self.consumed(from);
        let mut position = first as usize;
        if position == 0
            && elements.len() > 8
            && let Some(op) = filter.op
        {
            let order = store.facts(op).order;
            position = elements.partition_point(|element| {
                let here = store.facts(store.op(element)).order.cmp(&order);
                let here = here.then_with(|| match key {
                    Some(key) => store.compare(store.arguments(element)[0], key),
                    None => Ordering::Greater,
                });
                here == Ordering::Less
            });
        }
        while position < elements.len() {
            let element = elements.at(position);
            let here = position as u32;
            position += 1;
            if let Some(op) = filter.op {
                let other = store.op(element);
                if other != op {
                    if store.facts(other).order > store.facts(op).order {
                        return false;
                    }
                    continue;
                }
            }
            let is_free = |position: u32| !consumed.contains(&position);
            let repeated = here > 0 && elements.at(position - 2) == element && is_free(here - 1);
            if repeated || !is_free(here) {
                continue;
            }
            if let Some(key) = key
                && !store.equal(store.arguments(element)[0], key)
            {
                continue;
            }
            if !filter
                .probes
                .iter()
                .all(|probe| probe.allows(store, element))
            {
                continue;
            }
            let is_like = |next| filter.op.is_none_or(|op| store.op(next) == op);
            if position < elements.len() && is_like(elements.at(position)) {
                self.choose(position as u32, self.counters.len());
            }
            self.consume(from, to, here);
            self.set(target, element);
            return true;
        }
        false
    }

    fn remove_all(
        &mut self,
        store: &Store,
        of: Collection,
        (from, to): (Slot, Slot),
        operand: Operand,
    ) -> bool {
        let term = self.operand(operand);
        let wanted = store.elements(of.op, &term);
        let (start, length) = self.range(from);
        self.set_range(to, start, length);
        for element in wanted.iter() {
            let elements = self.elements(store, of);
            let consumed = self.consumed(to);
            let first = if elements.len() > 8 {
                elements.partition_point(|other| store.compare(other, element) == Ordering::Less)
            } else {
                0
            };
            let is_sorted = elements.len() > 8;
            let found = (first..elements.len())
                .take_while(|&position| !is_sorted || store.equal(elements.at(position), element))
                .find(|&position| {
                    store.equal(elements.at(position), element)
                        && !consumed.contains(&(position as u32))
                });
            match found {
                Some(position) => self.consume(to, to, position as u32),
                None => return false,
            }
        }
        true
    }

    fn rest_term(&self, store: &mut Store, of: Collection, from: Slot) -> TermId {
        let source = self.register(of.source);
        let consumed = self.consumed(from);
        let elements = self.elements(store, of);
        match elements.len() - consumed.len() {
            0 => store.facts(of.op).identity(),
            _ if consumed.is_empty() => source,
            1 => match left_over(elements.iter(), consumed).next() {
                Some(element) => element,
                None => unreachable!("one element is left"),
            },
            _ => store.transient_without(source, consumed),
        }
    }

    fn whole_has_sort(&self, store: &Store, of: Collection, sort: SortId) -> bool {
        store
            .signature()
            .leq(store.sort(self.register(of.source)), sort)
    }
}

/// The elements whose positions are not consumed.
pub(super) fn left_over<'a>(
    elements: impl Iterator<Item = TermId> + 'a,
    consumed: &'a [u32],
) -> impl Iterator<Item = TermId> + 'a {
    let mut consumed = consumed.iter().copied().peekable();
    elements
        .zip(0u32..)
        .filter_map(move |(element, position)| match consumed.peek() {
            Some(&next) if next == position => {
                consumed.next();
                None
            }
            _ => Some(element),
        })
}

/// Whether elements, joined, have a sort; none are the identity.
pub(super) fn fold_has_sort(
    store: &Store,
    of: Collection,
    mut elements: impl Iterator<Item = TermId>,
    wanted: SortId,
) -> bool {
    let sort = match elements.next() {
        Some(first) => {
            let first = store.sort(first);
            elements.fold(first, |sort, next| {
                store.join_sorts(of.op, sort, store.sort(next))
            })
        }
        None => {
            let identity = store.facts(of.op).identity();
            if identity == TermId::NONE {
                return false;
            }
            store.sort(identity)
        }
    };
    store.signature().leq(sort, wanted)
}
