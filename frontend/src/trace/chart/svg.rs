//! A chart as an SVG drawing.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::Chart;

const LEFT: usize = 90;
const COLUMN: usize = 150;
const TOP: usize = 60;
const ROW: usize = 34;
const LINE: usize = 13;

/// The whole drawing.
#[must_use]
pub fn svg(chart: &Chart) -> String {
    let mut tops = Vec::with_capacity(chart.rows.len());
    let mut bottom = TOP;
    for row in &chart.rows {
        tops.push(bottom + ROW / 2);
        bottom += ROW + LINE * row.changes.len();
    }
    let right = LEFT + COLUMN * chart.lifelines.len();
    let longest = chart.rows.iter().flat_map(|row| {
        let places = std::iter::once(row.place.chars().count());
        places.chain(row.changes.iter().map(|change| change.chars().count()))
    });
    let width = right + 8 * longest.max().unwrap_or(0) + 20;
    let height = bottom + 2 * ROW;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n",
        escape(&chart.title)
    );
    let x = |lifeline: usize| LEFT + COLUMN * lifeline;
    for (lifeline, name) in chart.lifelines.iter().enumerate() {
        let x = x(lifeline);
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n\
             <line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{bottom}\" stroke=\"#bbb\"/>",
            TOP - 20,
            escape(name),
            TOP - 12,
        );
    }
    for (number, (row, &y)) in chart.rows.iter().zip(&tops).enumerate() {
        let from = x(row.actor);
        let label = format!("{} {}", row.rule, row.what);
        let label = escape(label.trim_end());
        let _ = writeln!(
            out,
            "<text x=\"8\" y=\"{}\" fill=\"#777\">{}</text>",
            y + 4,
            number + 1
        );
        let _ = match row.target.map(x) {
            Some(to) => {
                let dash = if row.creates {
                    " stroke-dasharray=\"5 3\""
                } else {
                    ""
                };
                writeln!(
                    out,
                    "<line x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\" stroke=\"black\"{dash} \
                     marker-end=\"url(#tip)\"/>\n\
                     <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
                    usize::midpoint(from, to),
                    y - 4,
                )
            }
            None => writeln!(
                out,
                "<circle cx=\"{from}\" cy=\"{y}\" r=\"3\"/>\n\
                 <text x=\"{}\" y=\"{}\">{label}</text>",
                from + 6,
                y + 4,
            ),
        };
        let _ = writeln!(
            out,
            "<text x=\"{right}\" y=\"{}\" fill=\"#777\">{}</text>",
            y + 4,
            escape(&row.place)
        );
        for (line, change) in row.changes.iter().enumerate() {
            let _ = writeln!(
                out,
                "<text x=\"{right}\" y=\"{}\" fill=\"#06c\">{}</text>",
                y + 4 + LINE * (line + 1),
                escape(change)
            );
        }
    }
    if let Some(y) = chart.cycle.and_then(|cycle| tops.get(cycle)) {
        let top = y - ROW / 2;
        let _ = writeln!(
            out,
            "<rect x=\"30\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#c60\"/>\n\
             <text x=\"34\" y=\"{}\" fill=\"#c60\">for ever</text>",
            width - 40,
            bottom - top,
            top + 12,
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"8\" y=\"{}\" fill=\"#c00\" font-weight=\"bold\">{}</text>\n</svg>",
        bottom + ROW,
        escape(&chart.ending)
    );
    out
}
