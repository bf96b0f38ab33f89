//! Transient nodes: made by the million during a reduction, thrown away together.
//!
//! The one idea: the scratch vector only grows; from time to time the nodes that are still
//! reachable from the roots are copied to a fresh one (Cheney's algorithm, so no recursion), and
//! at the end of a reduction its result is interned and the vector is cut back. The hash word of a
//! transient node is where the node went, once it went anywhere.

use super::{HEADER, NORMAL, OpId, SortId, Store, TRANSIENT, TermId, Theory};

/// Words of a spare scratch vector that are kept in any case.
const MOST_SPARE: usize = 1 << 20;

impl Store {
    /// Makes a transient node from a normal payload.
    #[inline]
    pub(crate) fn transient(&mut self, op: OpId, payload: &[TermId]) -> TermId {
        let sort = self.sort_of(op, payload);
        let id = self.scratch.len() as u32 | TRANSIENT;
        let length = payload.len() as u32;
        let header = [op.0, length, u32::from(sort.0), 0];
        self.scratch.extend_from_slice(&header.map(TermId));
        self.scratch.extend_from_slice(payload);
        TermId(id)
    }

    #[inline]
    fn transient_with_sort(&mut self, op: OpId, payload: &[TermId], sort: SortId) -> TermId {
        let id = self.scratch.len() as u32 | TRANSIENT;
        let header = [op.0, payload.len() as u32, u32::from(sort.0), 0];
        self.scratch.extend_from_slice(&header.map(TermId));
        self.scratch.extend_from_slice(payload);
        TermId(id)
    }

    /// A transient application of a free operator that is known to be normal.
    #[inline(always)]
    pub(crate) fn transient_normal(&mut self, op: OpId, arguments: &[TermId]) -> TermId {
        let sort = self.look_up_sort(op, arguments);
        let id = self.scratch.len() as u32 | TRANSIENT;
        let length = TermId(arguments.len() as u32);
        let sort = TermId(u32::from(sort.0) | NORMAL);
        let (op, none) = (TermId(op.0), TermId::NONE);
        // Copies of a fixed length need no call.
        match *arguments {
            [a] => self.scratch.extend_from_slice(&[op, length, sort, none, a]),
            [a, b] => self
                .scratch
                .extend_from_slice(&[op, length, sort, none, a, b]),
            [a, b, c] => self
                .scratch
                .extend_from_slice(&[op, length, sort, none, a, b, c]),
            _ => {
                self.scratch.extend_from_slice(&[op, length, sort, none]);
                self.scratch.extend_from_slice(arguments);
            }
        }
        TermId(id)
    }

    /// The same as an application of a collection's operator to arguments that are collections or
    /// elements, of which the payload is made: the sort is found without looking at all elements.
    pub(super) fn transient_joined(
        &mut self,
        op: OpId,
        payload: &[TermId],
        arguments: &[TermId],
    ) -> TermId {
        let facts = self.facts(op);
        if facts.left_identity != facts.right_identity {
            return self.transient(op, payload);
        }
        let identity = facts.left_identity;
        let dropped = |id: TermId| identity != TermId::NONE && self.equal(id, identity);
        let mut sorts = arguments
            .iter()
            .filter(|&&id| !dropped(id))
            .map(|&id| self.sort(id));
        let Some(first) = sorts.next() else {
            return self.transient(op, payload);
        };
        let sort = sorts.fold(first, |sort, next| self.join_sorts(op, sort, next));
        self.transient_with_sort(op, payload, sort)
    }

    /// The sort of two terms of these sorts joined by an operator.
    #[inline]
    pub(crate) fn join_sorts(&self, op: OpId, first: SortId, second: SortId) -> SortId {
        let row = self.sort_rows[self.operators[op.index()].row as usize + first.index()];
        SortId(self.sort_rows[row as usize + second.index()] as u16)
    }

    /// A node of a collection's operator with two or more of its elements, in order.
    pub(crate) fn transient_sorted(&mut self, op: OpId, elements: &[TermId]) -> TermId {
        let id = self.transient(op, elements);
        if self.facts(op).stable {
            self.set_normal(id);
        }
        id
    }

    /// Two or more neighboring elements of a list.
    pub(crate) fn transient_part(&mut self, source: TermId, start: usize, end: usize) -> TermId {
        let elements: smallvec::SmallVec<[TermId; 32]> = self.payload(source)[start..end].into();
        self.transient_elements(source, &elements)
    }

    /// The elements of a multiset except those at these positions, which are sorted; two or more.
    pub(crate) fn transient_without(&mut self, source: TermId, consumed: &[u32]) -> TermId {
        let payload = self.payload(source);
        let mut elements: smallvec::SmallVec<[TermId; 32]> = smallvec::SmallVec::new();
        let mut start = 0;
        for &position in consumed {
            elements.extend_from_slice(&payload[start..position as usize]);
            start = position as usize + 1;
        }
        elements.extend_from_slice(&payload[start..]);
        self.transient_elements(source, &elements)
    }

    /// A part of a collection: normal if the collection is.
    fn transient_elements(&mut self, source: TermId, elements: &[TermId]) -> TermId {
        let op = self.op(source);
        let facts = self.facts(op);
        let normal = facts.stable || self.is_normal(source);
        let sort = match facts.uniform_sort {
            Some(sort) if self.sort(source) == sort => sort,
            _ => self.sort_of(op, elements),
        };
        let id = self.transient_with_sort(op, elements, sort);
        if normal {
            self.set_normal(id);
        }
        id
    }

    /// An iterated operator, with its number of repetitions in digits, on top of a term.
    pub(crate) fn iterate_transient(
        &mut self,
        op: OpId,
        digits: &[u32],
        argument: TermId,
    ) -> TermId {
        let mut words: smallvec::SmallVec<[TermId; 4]> = smallvec::SmallVec::new();
        if self.op(argument) != op {
            words.push(argument);
            words.extend(digits.iter().map(|&digit| TermId(digit)));
            return self.transient(op, &words);
        }
        words.extend_from_slice(self.payload(argument));
        let mut carry = 0u64;
        for index in 0.. {
            let digit = digits.get(index).copied();
            if digit.is_none() && carry == 0 {
                break;
            }
            if index + 1 == words.len() {
                words.push(TermId(0));
            }
            let here = u64::from(words[index + 1].bits());
            let sum = here + u64::from(digit.unwrap_or(0)) + carry;
            words[index + 1] = TermId(sum as u32);
            carry = sum >> 32;
        }
        self.transient(op, &words)
    }

    /// How many words of scratch are in use.
    #[inline]
    pub(crate) fn scratch_words(&self) -> usize {
        self.scratch.len()
    }

    /// Throws away every transient node.
    pub(crate) fn clear_scratch(&mut self) {
        self.scratch.clear();
    }

    /// The interned term equal to a term, which may be transient.
    pub(crate) fn promote(&mut self, id: TermId) -> TermId {
        if !id.is_transient() {
            return id;
        }
        let mut pending = vec![id];
        let mut words: Vec<TermId> = Vec::new();
        while let Some(&next) = pending.last() {
            let offset = next.offset();
            if self.scratch[offset + 3] != TermId::NONE {
                pending.pop();
                continue;
            }
            let op = self.op(next);
            let n_terms = self.arguments(next).len();
            let height = pending.len();
            words.clear();
            words.extend_from_slice(self.payload(next));
            for word in &mut words[..n_terms] {
                if word.is_transient() {
                    let target = self.scratch[word.offset() + 3];
                    if target == TermId::NONE {
                        pending.push(*word);
                    } else {
                        *word = target;
                    }
                }
            }
            if pending.len() == height {
                let interned = self.intern(op, &words);
                let word = self.scratch[offset + 2].bits();
                if word & NORMAL != 0 && !self.exhausted {
                    self.set_normal(interned);
                    self.set_sort(interned, self.sort(next));
                }
                self.scratch[offset + 3] = interned;
                if self.exhausted {
                    return TermId::NONE;
                }
                pending.pop();
            }
        }
        self.scratch[id.offset() + 3]
    }

    /// Copies what the roots reach to a fresh scratch vector and updates the roots. No transient
    /// node may be known anywhere else.
    pub(crate) fn collect(&mut self, roots: &mut [TermId]) {
        let mut fresh = std::mem::take(&mut self.spare);
        for root in roots.iter_mut() {
            *root = self.evacuate(*root, &mut fresh);
        }
        let mut done = 0;
        while done < fresh.len() {
            let op = OpId(fresh[done].bits());
            let length = fresh[done + 1].bits() as usize;
            let n_terms = match self.theory(op) {
                Theory::Iterated => 1,
                Theory::Literal => 0,
                _ => length,
            };
            for word in done + HEADER..done + HEADER + n_terms {
                fresh[word] = self.evacuate(fresh[word], &mut fresh);
            }
            done += HEADER + length;
        }
        self.scratch.clear();
        // Two vectors take turns, unless what is kept became much smaller than they are.
        self.spare = std::mem::replace(&mut self.scratch, fresh);
        if self.spare.capacity() > MOST_SPARE.max(self.scratch.len() * 8) {
            self.spare = Vec::new();
        }
    }

    fn evacuate(&mut self, id: TermId, fresh: &mut Vec<TermId>) -> TermId {
        if !id.is_transient() {
            return id;
        }
        let offset = id.offset();
        let target = self.scratch[offset + 3];
        if target != TermId::NONE {
            return target;
        }
        let moved = TermId(fresh.len() as u32 | TRANSIENT);
        let length = self.scratch[offset + 1].bits() as usize;
        fresh.extend_from_slice(&self.scratch[offset..offset + HEADER + length]);
        self.scratch[offset + 3] = moved;
        moved
    }
}
