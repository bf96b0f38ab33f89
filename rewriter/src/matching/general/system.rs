//! Dividing a multiset among variables: systems of linear equations over natural numbers.
//!
//! The one idea: the rows are variables with the number of their occurrences and bounds on how much
//! they take, the columns are distinct elements with their numbers of copies. Rows that occur often
//! choose first, smaller choices before larger ones and earlier elements before later ones; the last
//! row takes what is left.

use std::cmp::Reverse;

use super::UNBOUNDED;

/// A variable.
#[derive(Clone, Debug)]
struct Row {
    /// Its number in the order in which rows were added.
    number: usize,
    multiplicity: usize,
    least: usize,
    most: usize,
    /// How many copies of each element it takes, and of how many it could.
    taken: Vec<usize>,
    available: Vec<usize>,
    size: usize,
    largest: usize,
    /// The fewest and the most copies that the rows after it take.
    least_after: usize,
    most_after: usize,
}

/// A system and the solution that was found last.
#[derive(Clone, Default, Debug)]
pub(super) struct System {
    rows: Vec<Row>,
    /// What is left of each element by the rows that have chosen.
    columns: Vec<usize>,
    is_started: bool,
}

impl System {
    pub(super) fn new(columns: Vec<usize>) -> System {
        System {
            columns,
            ..System::default()
        }
    }

    pub(super) fn add_row(&mut self, multiplicity: usize, least: usize, most: usize) {
        let total: usize = self.columns.iter().sum();
        self.rows.push(Row {
            number: self.rows.len(),
            multiplicity,
            least,
            most: if most == UNBOUNDED { total } else { most },
            taken: vec![0; self.columns.len()],
            available: Vec::new(),
            size: 0,
            largest: 0,
            least_after: 0,
            most_after: 0,
        });
    }

    /// How many copies of each element a row takes.
    pub(super) fn taken(&self, row: usize) -> &[usize] {
        let found = self.rows.iter().find(|other| other.number == row);
        found.map_or(&[], |row| &row.taken)
    }

    /// Finds the first or the next solution.
    pub(super) fn solve(&mut self) -> bool {
        let first = !std::mem::replace(&mut self.is_started, true);
        if first {
            self.prepare();
        }
        let Some(last) = self.rows.len().checked_sub(1) else {
            return first && self.columns.iter().all(|&left| left == 0);
        };
        let mut row = if first { 0 } else { last };
        let mut forward = first;
        loop {
            forward = self.choose(row, forward);
            if forward && row == last {
                return true;
            }
            match forward {
                true => row += 1,
                false if row == 0 => return false,
                false => row -= 1,
            }
        }
    }

    fn prepare(&mut self) {
        self.rows
            .sort_by_key(|row| (Reverse(row.multiplicity), row.most));
        let (mut least, mut most) = (0, 0);
        for row in self.rows.iter_mut().rev() {
            (row.least_after, row.most_after) = (least, most);
            least += row.least * row.multiplicity;
            most += row.most * row.multiplicity;
        }
    }

    /// Has a row make its first or its next choice; takes the last one back if there is none.
    fn choose(&mut self, number: usize, first: bool) -> bool {
        let is_last = number + 1 == self.rows.len();
        let row = &mut self.rows[number];
        if first {
            let factor = row.multiplicity;
            row.available = self.columns.iter().map(|left| left / factor).collect();
            row.taken.fill(0);
            let total: usize = self.columns.iter().sum();
            let needed = total.saturating_sub(row.most_after).div_ceil(factor);
            row.size = row.least.max(needed);
            let Some(spare) = total.checked_sub(row.least_after) else {
                return false;
            };
            let available = row.available.iter().sum::<usize>();
            row.largest = available.min(row.most).min(spare / factor);
            if row.size > row.largest || is_last && self.columns.iter().any(|c| c % factor > 0) {
                return false;
            }
            fill(&mut row.taken, &row.available, row.size);
            row.give(&mut self.columns);
            return true;
        }
        row.take_back(&mut self.columns);
        if is_last {
            return false;
        }
        if !next_choice(&mut row.taken, &row.available) {
            if row.size == row.largest {
                return false;
            }
            row.size += 1;
            row.taken.fill(0);
            fill(&mut row.taken, &row.available, row.size);
        }
        row.give(&mut self.columns);
        true
    }
}

impl Row {
    fn give(&self, columns: &mut [usize]) {
        for (column, taken) in columns.iter_mut().zip(&self.taken) {
            *column -= taken * self.multiplicity;
        }
    }

    fn take_back(&self, columns: &mut [usize]) {
        for (column, taken) in columns.iter_mut().zip(&self.taken) {
            *column += taken * self.multiplicity;
        }
    }
}

/// The next choice of as many elements.
fn next_choice(taken: &mut [usize], available: &[usize]) -> bool {
    let mut undone = 0;
    for index in 0..taken.len() {
        if undone > 0 && taken[index] < available[index] {
            taken[index] += 1;
            fill(&mut taken[..index], available, undone - 1);
            return true;
        }
        undone += std::mem::take(&mut taken[index]);
    }
    false
}

/// As many as possible of each element, the first ones first.
fn fill(taken: &mut [usize], available: &[usize], n_elements: usize) {
    let mut left = n_elements;
    for (taken, &available) in taken.iter_mut().zip(available) {
        *taken = left.min(available);
        left -= *taken;
    }
}
