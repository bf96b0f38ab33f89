//! Dividing a sequence into consecutive parts, in Maude's order.
//!
//! The one idea: the last part takes as much as it can first; then the leftmost border that can
//! move right moves, and those before it go as far left as they can.

/// A part with bounds on its length.
#[derive(Clone, Copy, Debug)]
struct Part {
    least: usize,
    most: usize,
    /// Of all parts before, together.
    least_before: usize,
    most_before: usize,
    start: usize,
}

/// A division into parts.
#[derive(Clone, Default, Debug)]
pub(super) struct Division {
    length: usize,
    parts: Vec<Part>,
    is_started: bool,
}

impl Division {
    pub(super) fn new(length: usize) -> Division {
        Division {
            length,
            ..Division::default()
        }
    }

    pub(super) fn add(&mut self, least: usize, most: usize) {
        let (least_before, most_before) = self.totals();
        self.parts.push(Part {
            least,
            most,
            least_before,
            most_before,
            start: 0,
        });
    }

    fn totals(&self) -> (usize, usize) {
        self.parts.last().map_or((0, 0), |last| {
            (
                last.least_before + last.least,
                last.most_before.saturating_add(last.most),
            )
        })
    }

    pub(super) fn start(&self, part: usize) -> usize {
        self.parts[part].start
    }

    /// Where a part ends: the place after its last element.
    pub(super) fn end(&self, part: usize) -> usize {
        self.parts
            .get(part + 1)
            .map_or(self.length, |next| next.start)
    }

    /// Goes on to the first or the next division.
    pub(super) fn advance(&mut self) -> bool {
        let n_parts = self.parts.len();
        if !std::mem::replace(&mut self.is_started, true) {
            let (least, most) = self.totals();
            if self.length < least || self.length > most {
                return false;
            }
            self.settle(n_parts, self.length);
            return true;
        }
        for index in 0..n_parts {
            let next_start = self.end(index);
            let part = &mut self.parts[index];
            if part.start < part.most_before && part.start + part.least < next_start {
                part.start += 1;
                let start = part.start;
                self.settle(index, start);
                return true;
            }
        }
        false
    }

    /// Moves the parts before one as far left as they can go.
    fn settle(&mut self, before: usize, next_start: usize) {
        let mut next_start = next_start;
        for part in self.parts[..before].iter_mut().rev() {
            let leftmost = next_start.saturating_sub(part.most);
            part.start = part.least_before.max(leftmost);
            next_start = part.start;
        }
    }
}
