//! Making nodes: arguments are brought to the normal form of the operator's axioms.
//!
//! The one idea: arguments are normal already, so flattening looks one level down and never
//! further. A multiset is merged from runs that are sorted already (the arguments of its nested
//! multisets), which keeps adding one element to a large one cheap.

use std::cmp::Ordering;

use super::rope::{MOST_FLAT, RopeBuilder};
use super::{OpId, Store, TermId, Theory};

impl Store {
    /// Interns an application to interned arguments; associative operators take any number of
    /// arguments that is not zero (or zero, when they have an identity element).
    pub fn make(&mut self, op: OpId, arguments: &[TermId]) -> TermId {
        debug_assert!(!arguments.iter().any(|argument| argument.is_transient()));
        if self.theory(op) == Theory::Free {
            return self.intern(op, arguments);
        }
        if self.makes_rope(op, arguments) {
            return self.make_rope(op, arguments, true);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let made = match self.normalize(op, arguments, &mut buffer) {
            Some(existing) => existing,
            None => self.intern(op, &buffer),
        };
        self.buffer = buffer;
        made
    }

    /// Interns a part of a list, or the elements of one with an identity added where it stays: two
    /// elements at least, of which none is a list of this operator.
    pub(crate) fn make_list(&mut self, op: OpId, elements: &[TermId]) -> TermId {
        match self.facts(op).has_ropes {
            true => self.make(op, elements),
            false => self.intern(op, elements),
        }
    }

    /// The same as a transient node.
    pub(crate) fn make_transient(&mut self, op: OpId, arguments: &[TermId]) -> TermId {
        if self.theory(op) == Theory::Free {
            return self.transient(op, arguments);
        }
        if self.makes_rope(op, arguments) {
            return self.make_rope(op, arguments, false);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let made = match self.normalize(op, arguments, &mut buffer) {
            Some(existing) => existing,
            None if matches!(self.theory(op), Theory::List | Theory::Multiset) => {
                self.transient_joined(op, &buffer, arguments)
            }
            None => self.transient(op, &buffer),
        };
        self.buffer = buffer;
        made
    }

    /// Whether an application to these arguments is a large collection.
    #[inline]
    fn makes_rope(&self, op: OpId, arguments: &[TermId]) -> bool {
        self.facts(op).has_ropes && {
            let lengths = arguments
                .iter()
                .map(|argument| self.n_elements(op, *argument));
            lengths.sum::<usize>() > MOST_FLAT
        }
    }

    /// How many elements a term has as a collection of this operator.
    #[inline]
    fn n_elements(&self, op: OpId, term: TermId) -> usize {
        if self.op(term) == op {
            return self.n_arguments(term);
        }
        let identity = self.facts(op).identity();
        usize::from(identity == TermId::NONE || !self.equal(term, identity))
    }

    /// A large collection.
    fn make_rope(&mut self, op: OpId, arguments: &[TermId], interned: bool) -> TermId {
        let sort = self.joined_sort(op, arguments);
        let uniform = sort.filter(|&sort| self.facts(op).uniform_sort == Some(sort));
        let mut builder = RopeBuilder::new(self, op, interned, uniform);
        if self.theory(op) == Theory::List {
            for &argument in arguments {
                let n_elements = self.n_elements(op, argument);
                builder.push_range(self, argument, 0, n_elements);
            }
            return builder.finish(self, sort);
        }
        let mut others: smallvec::SmallVec<[TermId; 8]> = arguments.into();
        let largest = (0..others.len()).max_by_key(|&index| self.n_elements(op, others[index]));
        let largest = others.swap_remove(largest.unwrap_or(0));
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        self.flatten_multiset(op, &others, &mut buffer);
        let n_largest = self.n_elements(op, largest);
        if buffer.len() * 8 > n_largest {
            let elements = self.elements(op, &largest).iter().collect::<Vec<TermId>>();
            self.merge_run(&mut buffer, &elements);
            for &element in &buffer {
                builder.push(self, element);
            }
        } else {
            let mut start = 0;
            for &element in &buffer {
                let elements = self.elements(op, &largest);
                let position = elements
                    .partition_point(|other| self.compare(other, element) == Ordering::Less);
                let equal = (position < n_largest).then(|| elements.at(position));
                let equal = equal.filter(|&other| self.equal(other, element));
                builder.push_range(self, largest, start, position);
                builder.push(self, equal.unwrap_or(element));
                start = position;
            }
            builder.push_range(self, largest, start, n_largest);
        }
        self.buffer = buffer;
        builder.finish(self, sort)
    }

    /// Writes the normal payload of an application to the buffer, or gives the term that the
    /// application collapses to.
    fn normalize(
        &self,
        op: OpId,
        arguments: &[TermId],
        buffer: &mut Vec<TermId>,
    ) -> Option<TermId> {
        let facts = self.facts(op);
        match facts.theory {
            Theory::Free | Theory::Literal => {
                buffer.extend_from_slice(arguments);
                return None;
            }
            Theory::Iterated => {
                self.normalize_iterated(op, arguments[0], buffer);
                return None;
            }
            Theory::Pair => return self.normalize_pair(op, arguments, buffer),
            Theory::List => self.flatten_list(op, arguments, buffer),
            Theory::Multiset => self.flatten_multiset(op, arguments, buffer),
        }
        match buffer.as_slice() {
            [] => Some(if facts.left_identity == TermId::NONE {
                facts.right_identity
            } else {
                facts.left_identity
            }),
            [single] => Some(*single),
            _ => None,
        }
    }

    fn normalize_iterated(&self, op: OpId, argument: TermId, buffer: &mut Vec<TermId>) {
        if self.op(argument) != op {
            buffer.extend([argument, TermId::word(1)]);
            return;
        }
        buffer.extend_from_slice(self.payload(argument));
        for digit in &mut buffer[1..] {
            let (sum, overflow) = digit.bits().overflowing_add(1);
            *digit = TermId::word(sum);
            if !overflow {
                return;
            }
        }
        buffer.push(TermId::word(1));
    }

    fn normalize_pair(
        &self,
        op: OpId,
        arguments: &[TermId],
        buffer: &mut Vec<TermId>,
    ) -> Option<TermId> {
        let facts = self.facts(op);
        let (first, second) = (arguments[0], arguments[1]);
        let is =
            |identity: TermId, term: TermId| identity != TermId::NONE && self.equal(identity, term);
        if is(facts.left_identity, first) {
            return Some(second);
        }
        if is(facts.right_identity, second) {
            return Some(first);
        }
        if facts.idem && self.equal(first, second) {
            return Some(first);
        }
        if facts.comm && self.compare(first, second) == Ordering::Greater {
            buffer.extend([second, first]);
        } else {
            buffer.extend([first, second]);
        }
        None
    }

    fn flatten_list(&self, op: OpId, arguments: &[TermId], buffer: &mut Vec<TermId>) {
        let facts = self.facts(op);
        let last = arguments.len().wrapping_sub(1);
        for (position, &argument) in arguments.iter().enumerate() {
            if self.op(argument) == op {
                buffer.extend_from_slice(self.payload(argument));
                continue;
            }
            let dropped_left = position != last
                && facts.left_identity != TermId::NONE
                && self.equal(argument, facts.left_identity);
            let dropped_right = !buffer.is_empty()
                && facts.right_identity != TermId::NONE
                && self.equal(argument, facts.right_identity);
            if !(dropped_left || dropped_right) {
                buffer.push(argument);
            }
        }
        // A two-sided identity in last place is dropped only when something stands before it.
    }

    fn flatten_multiset(&self, op: OpId, arguments: &[TermId], buffer: &mut Vec<TermId>) {
        let identity = self.facts(op).left_identity;
        let is_identity = |term: TermId| identity != TermId::NONE && self.equal(term, identity);
        let mut singles: smallvec::SmallVec<[TermId; 8]> = smallvec::SmallVec::new();
        for &argument in arguments {
            if self.op(argument) == op {
                self.merge_run(buffer, self.arguments(argument));
            } else if !is_identity(argument) {
                singles.push(argument);
            }
        }
        if singles.len() <= 4 {
            for &single in &singles {
                self.insert_sorted(buffer, single);
            }
            return;
        }
        singles.sort_by(|&left, &right| self.compare(left, right));
        for index in 1..singles.len() {
            if self.equal(singles[index - 1], singles[index]) {
                singles[index] = singles[index - 1];
            }
        }
        self.merge_run(buffer, &singles);
    }

    fn insert_sorted(&self, buffer: &mut Vec<TermId>, term: TermId) {
        let found = buffer.binary_search_by(|&other| self.compare(other, term));
        match found {
            Ok(position) => {
                let same = buffer[position];
                buffer.insert(position, same);
            }
            Err(position) => buffer.insert(position, term),
        }
    }

    /// Merges a sorted run into the sorted buffer.
    fn merge_run(&self, buffer: &mut Vec<TermId>, run: &[TermId]) {
        if buffer.is_empty() {
            buffer.extend_from_slice(run);
            return;
        }
        if run.len() * 8 < buffer.len() {
            for &term in run {
                self.insert_sorted(buffer, term);
            }
            return;
        }
        let old = std::mem::take(buffer);
        buffer.reserve(old.len() + run.len());
        let (mut left, mut right) = (0, 0);
        while left < old.len() && right < run.len() {
            match self.compare(old[left], run[right]) {
                Ordering::Less => {
                    buffer.push(old[left]);
                    left += 1;
                }
                Ordering::Greater => {
                    buffer.push(run[right]);
                    right += 1;
                }
                Ordering::Equal => {
                    let same = old[left];
                    while left < old.len() && old[left] == same {
                        buffer.push(same);
                        left += 1;
                    }
                    let other = run[right];
                    while right < run.len() && run[right] == other {
                        buffer.push(same);
                        right += 1;
                    }
                }
            }
        }
        buffer.extend_from_slice(&old[left..]);
        buffer.extend_from_slice(&run[right..]);
    }
}
