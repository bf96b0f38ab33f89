//! Transient nodes: made by the million during a reduction, thrown away together.
//!
//! The one idea: the scratch vector only grows; from time to time the nodes that are still
//! reachable from the roots are copied to a fresh one (Cheney's algorithm, so no recursion), and
//! at the end of a reduction its result is interned and the vector is cut back. The hash word of a
//! transient node is where the node went, once it went anywhere.

use super::{HEADER, NORMAL, OpId, Store, TRANSIENT, TermId, Theory};

/// A height of the scratch vector, to cut it back to.
#[derive(Clone, Copy, Debug)]
pub struct ScratchMark(usize);

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

    /// How many words of scratch are in use.
    #[inline]
    pub(crate) fn scratch_words(&self) -> usize {
        self.scratch.len()
    }

    /// The present height of the scratch vector.
    pub(crate) fn scratch_mark(&self) -> ScratchMark {
        ScratchMark(self.scratch.len())
    }

    /// Throws away every transient node made since the mark.
    pub(crate) fn cut_scratch(&mut self, mark: ScratchMark) {
        self.scratch.truncate(mark.0);
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
        let mut fresh: Vec<TermId> = Vec::with_capacity(self.scratch.len() / 4);
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
        self.scratch = fresh;
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
