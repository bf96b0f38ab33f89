//! The lifelines of a chart as characters, to stand in front of the steps of a path.
//!
//! `o` acts, `+` is created, `>` and `<` are where a message arrives; a machine that is not there yet
//! has no line.

use super::Chart;

/// Columns between two lifelines.
const WIDTH: usize = 4;

/// More lifelines than this would leave no room for the steps.
const MOST: usize = 16;

/// What stands in front of a path, all lines of the same width: the heads of the lifelines, then for
/// each row the line of the step and the one of its changes. Nothing for charts that are too wide.
pub(crate) fn margin(chart: &Chart) -> Option<(String, Vec<(String, String)>)> {
    if chart.lifelines.len() > MOST {
        return None;
    }
    let heads: String = chart
        .lifelines
        .iter()
        .map(|name| format!("{:<WIDTH$}", number(name)))
        .collect();
    let mut is_there = vec![false; chart.lifelines.len()];
    for row in &chart.rows {
        // Whoever acts without having been created here was there from the beginning.
        is_there[row.actor] |= !created_in(chart, row.actor);
    }
    let mut lines = Vec::new();
    for row in &chart.rows {
        let mut cells = vec![b' '; chart.lifelines.len() * WIDTH];
        for (lifeline, is_there) in is_there.iter().enumerate() {
            if *is_there {
                cells[lifeline * WIDTH] = b'|';
            }
        }
        if let Some(target) = row.target {
            let (from, to) = (row.actor * WIDTH, target * WIDTH);
            for cell in &mut cells[from.min(to)..from.max(to)] {
                *cell = b'-';
            }
            let arrival = if from < to { to - 1 } else { to + 1 };
            cells[arrival] = if from < to { b'>' } else { b'<' };
            cells[to] = if row.creates { b'+' } else { b'|' };
            is_there[target] = true;
        }
        cells[row.actor * WIDTH] = b'o';
        let below = is_there.iter().flat_map(|is_there| {
            let first = if *is_there { '|' } else { ' ' };
            std::iter::once(first).chain(std::iter::repeat_n(' ', WIDTH - 1))
        });
        let line = cells.iter().map(|cell| char::from(*cell)).collect();
        lines.push((line, below.collect()));
    }
    Some((heads, lines))
}

fn created_in(chart: &Chart, lifeline: usize) -> bool {
    let mut rows = chart.rows.iter();
    rows.any(|row| row.creates && row.target == Some(lifeline))
}

/// `3` of `User(3)`.
fn number(name: &str) -> &str {
    let inside = name.split_once('(').map(|(_, rest)| rest);
    inside.map_or(name, |rest| rest.trim_end_matches(')'))
}
