//! The table of ratios, as Markdown that a terminal shows well too.

use std::fmt::Write as _;
use std::time::Duration;

use super::Row;

const TITLES: [&str; 9] = [
    "input",
    "states",
    "steps",
    "Maude s",
    "psem s",
    "ratio",
    "states/s",
    "steps/s",
    "bytes/state",
];

/// A line for each row; a run that took too long shows the limit.
#[must_use]
pub fn table(rows: &[Row], limit: Duration) -> String {
    let cells: Vec<[String; 9]> = rows.iter().map(|row| cells(row, limit)).collect();
    let mut widths = TITLES.map(str::len);
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.len().max(*width);
        }
    }
    let mut text = line(&TITLES.map(str::to_owned), &widths);
    for (index, width) in widths.iter().enumerate() {
        let end = if index == 0 { "-" } else { ":" };
        let _ = write!(text, "|{}{end}", "-".repeat(width + 1));
    }
    text.push_str("|\n");
    for row in &cells {
        text.push_str(&line(row, &widths));
    }
    text
}

/// The name stands left, numbers stand right.
fn line(cells: &[String; 9], widths: &[usize; 9]) -> String {
    let mut text = format!("| {:<1$} |", cells[0], widths[0]);
    for (cell, &width) in cells.iter().zip(widths).skip(1) {
        let _ = write!(text, " {cell:>width$} |");
    }
    text.push('\n');
    text
}

fn cells(row: &Row, limit: Duration) -> [String; 9] {
    let seconds = |time: Option<Duration>| match time {
        Some(time) => format!("{:.3}", time.as_secs_f64()),
        None => format!("> {}", limit.as_secs()),
    };
    let number = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), grouped);
    let ratio = match (row.ratio(), row.psem) {
        (Some(ratio), _) => format!("{ratio:.1}"),
        (None, Some(psem)) => {
            format!(
                "> {:.1}",
                limit.as_secs_f64() / psem.as_secs_f64().max(1e-3)
            )
        }
        (None, None) => "-".to_owned(),
    };
    [
        row.name.clone(),
        number(row.states),
        number(row.steps),
        seconds(row.maude),
        seconds(row.psem),
        ratio,
        number(row.a_second(row.states)),
        number(row.a_second(row.steps)),
        number(row.bytes_a_state),
    ]
}

/// Digits in groups of three.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Row, grouped, table};

    #[test]
    fn a_row_shows_ratios_and_limits() {
        let row = Row {
            name: "soup".to_owned(),
            states: Some(59_049),
            steps: None,
            maude: Some(Duration::from_millis(900)),
            psem: Some(Duration::from_millis(100)),
            bytes_a_state: Some(88),
        };
        let slow = Row {
            name: "slow".to_owned(),
            maude: None,
            ..row.clone()
        };
        let text = table(&[row, slow], Duration::from_secs(60));
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split('|').map(str::trim).collect())
            .collect();
        assert_eq!(
            lines[2][1..10],
            [
                "soup", "59,049", "-", "0.900", "0.100", "9.0", "590,490", "-", "88"
            ]
        );
        assert_eq!(lines[3][4..7], ["> 60", "0.100", "> 600.0"]);
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!([7, 590_490, 1000].map(grouped), ["7", "590,490", "1,000"]);
    }
}
