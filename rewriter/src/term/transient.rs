//! Transient nodes: made by the million during a reduction, thrown away together.
//!
//! The one idea: the scratch vector only grows; from time to time the nodes that are still
//! reachable from the roots are copied to a fresh one (Cheney's algorithm, so no recursion), and
//! at the end of a reduction its result is interned and the vector is cut back. The hash word of a
//! transient node is where the node went, once it went anywhere.

use super::rope::{Elements, MOST_FLAT, RopeBuilder};
use super::{HEADER, NORMAL, OpId, ROPE, SortId, Store, TRANSIENT, TermId, Theory};

/// Words of a spare scratch vector that are kept in any case: more than a vector has room for when it is
/// collected first.
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
    pub(super) fn transient_with_sort(
        &mut self,
        op: OpId,
        payload: &[TermId],
        sort: SortId,
    ) -> TermId {
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
        match self.joined_sort(op, arguments) {
            Some(sort) => self.transient_with_sort(op, payload, sort),
            None => self.transient(op, payload),
        }
    }

    /// The sort of collections or elements joined, if it can be told without their elements.
    pub(super) fn joined_sort(&self, op: OpId, arguments: &[TermId]) -> Option<SortId> {
        let facts = self.facts(op);
        if facts.left_identity != facts.right_identity {
            return None;
        }
        let identity = facts.left_identity;
        let dropped = |id: TermId| identity != TermId::NONE && self.equal(id, identity);
        let mut sorts = arguments
            .iter()
            .filter(|&&id| !dropped(id))
            .map(|&id| self.sort(id));
        let first = sorts.next()?;
        Some(sorts.fold(first, |sort, next| self.join_sorts(op, sort, next)))
    }

    /// The sort of two terms of these sorts joined by an operator.
    #[inline]
    pub(crate) fn join_sorts(&self, op: OpId, first: SortId, second: SortId) -> SortId {
        let row = self.sort_rows[self.operators[op.index()].row as usize + first.index()];
        SortId(self.sort_rows[row as usize + second.index()] as u16)
    }

    /// A node of a collection's operator with two or more of its elements, in order.
    pub(crate) fn transient_sorted(&mut self, op: OpId, elements: &[TermId]) -> TermId {
        let id = if elements.len() > MOST_FLAT && self.facts(op).has_ropes {
            let mut builder = RopeBuilder::new(self, op, false, None);
            for &element in elements {
                builder.push(self, element);
            }
            builder.finish(self, None)
        } else {
            self.transient(op, elements)
        };
        if self.facts(op).stable {
            self.set_normal(id);
        }
        id
    }

    /// Two or more neighboring elements of a list.
    pub(crate) fn transient_part(&mut self, source: TermId, start: usize, end: usize) -> TermId {
        if self.is_rope(source) {
            return self.rope_part(source, &[(start, end)]);
        }
        let elements: smallvec::SmallVec<[TermId; 32]> = self.payload(source)[start..end].into();
        self.transient_elements(source, &elements)
    }

    /// The elements of a multiset except those at these positions, which are sorted; two or more.
    pub(crate) fn transient_without(&mut self, source: TermId, consumed: &[u32]) -> TermId {
        let n_elements = self.n_arguments(source);
        let mut start = 0;
        let gaps = consumed.iter().map(|&position| position as usize);
        let parts = gaps.chain([n_elements]).map(|position| {
            let part = (start, position);
            start = position + 1;
            part
        });
        if self.is_rope(source) {
            let parts: smallvec::SmallVec<[(usize, usize); 8]> = parts.collect();
            return self.rope_part(source, &parts);
        }
        let payload = self.payload(source);
        let mut elements: smallvec::SmallVec<[TermId; 32]> = smallvec::SmallVec::new();
        for (start, end) in parts {
            elements.extend_from_slice(&payload[start..end]);
        }
        self.transient_elements(source, &elements)
    }

    /// The elements of a large collection in some ranges of positions.
    fn rope_part(&mut self, source: TermId, parts: &[(usize, usize)]) -> TermId {
        let op = self.op(source);
        let n_elements: usize = parts.iter().map(|(start, end)| end - start).sum();
        if n_elements <= MOST_FLAT {
            let all = self.elements(op, &source);
            let elements = parts.iter().flat_map(|&(start, end)| all.range(start, end));
            let elements: smallvec::SmallVec<[TermId; MOST_FLAT]> = elements.collect();
            return self.transient_elements(source, &elements);
        }
        let sort = self.facts(op).uniform_sort;
        let sort = sort.filter(|&sort| sort == self.sort(source));
        let mut builder = RopeBuilder::new(self, op, false, sort);
        for &(start, end) in parts {
            builder.push_range(self, source, start, end);
        }
        let rope = builder.finish(self, sort);
        if self.facts(op).stable || self.is_normal(source) {
            self.set_normal(rope);
        }
        rope
    }

    /// A part of a collection: normal if the collection is.
    fn transient_elements(&mut self, source: TermId, elements: &[TermId]) -> TermId {
        let op = self.op(source);
        let facts = self.facts(op);
        // Membership axioms are tried on a part anew.
        let normal = facts.stable || self.is_normal(source) && !facts.has_memberships;
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

    /// A collection or an iterated term that shares nothing, so that its reduction is not remembered.
    pub(crate) fn transient_copy(&mut self, term: TermId) -> TermId {
        let op = self.op(term);
        let is_part = matches!(
            self.theory(op),
            Theory::List | Theory::Multiset | Theory::Iterated
        );
        if !is_part || self.is_rope(term) {
            return term;
        }
        let payload: smallvec::SmallVec<[TermId; 16]> = self.payload(term).into();
        self.transient(op, &payload)
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
        self.ropes.clear_transient();
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
            let known = self.scratch[offset + 3];
            if known != TermId::NONE {
                // It may have become normal since it was interned.
                if self.is_normal(next) && !self.is_normal(known) {
                    self.set_normal(known);
                    self.set_sort(known, self.sort(next));
                }
                pending.pop();
                continue;
            }
            let op = self.op(next);
            let height = pending.len();
            let is_rope = self.is_rope(next);
            words.clear();
            if !is_rope {
                words.extend_from_slice(self.payload(next));
                let n_terms = self.n_terms(op, 0, words.len());
                self.forward(&mut words[..n_terms], &mut pending);
            } else {
                let Elements::Rope(_, _, chunks, _) = self.elements(op, &next) else {
                    unreachable!("it is a rope");
                };
                for chunk in chunks.iter().filter(|chunk| chunk.is_transient()) {
                    words.extend_from_slice(self.chunk(op, chunk));
                }
                self.forward(&mut words, &mut pending);
            }
            if pending.len() == height {
                let interned = if is_rope {
                    self.promote_chunks(op, next, &words)
                } else {
                    self.intern(op, &words)
                };
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

    /// Replaces transient terms by the interned ones they became; those that became none yet are
    /// put on the list of what is to be done before.
    fn forward(&self, words: &mut [TermId], pending: &mut Vec<TermId>) {
        for word in words {
            if word.is_transient() {
                let target = self.scratch[word.offset() + 3];
                if target == TermId::NONE {
                    pending.push(*word);
                } else {
                    *word = target;
                }
            }
        }
    }

    /// The interned rope equal to a transient one, given the interned elements of its transient
    /// chunks.
    fn promote_chunks(&mut self, op: OpId, rope: TermId, promoted: &[TermId]) -> TermId {
        let mut builder = RopeBuilder::new(self, op, true, None);
        builder.push_promoted(self, rope, promoted);
        builder.finish(self, None)
    }

    /// Copies what the roots reach to a fresh scratch vector and updates the roots. No transient
    /// node may be known anywhere else.
    pub(crate) fn collect(&mut self, roots: &mut [TermId]) {
        let mut fresh = std::mem::take(&mut self.spare);
        self.ropes.start_moving();
        for root in roots.iter_mut() {
            *root = self.evacuate(*root, &mut fresh);
        }
        let mut done = 0;
        while done < fresh.len() {
            let op = OpId(fresh[done].bits());
            let length = fresh[done + 1].bits() as usize;
            let flags = fresh[done + 2].bits();
            let n_terms = self.n_terms(op, flags, length);
            for word in done + HEADER..done + HEADER + n_terms {
                fresh[word] = self.evacuate(fresh[word], &mut fresh);
            }
            done += HEADER + length;
        }
        self.ropes.finish_moving();
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
        if self.scratch[offset + 2].bits() & ROPE != 0 {
            self.ropes.move_transient(id, moved);
        }
        moved
    }
}
