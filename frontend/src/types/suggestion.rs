//! The name that was probably meant where one is unknown.

/// Longer names are not compared: the work grows with the product of the lengths.
const MAX_LENGTH: usize = 40;

/// The candidate that differs least from `name`, if it differs little: the first in the
/// alphabet of several. The order of the candidates does not matter.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let allowed = name.len().div_ceil(4);
    candidates
        .filter(|candidate| candidate.len() <= MAX_LENGTH && *candidate != "null")
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters are to be added, removed or replaced; letters of the other case are
/// half as different, rounded down.
fn distance(left: &str, right: &str) -> usize {
    let right = right.as_bytes();
    let mut row: Vec<usize> = (0..=right.len()).map(|column| 2 * column).collect();
    for (index, a) in left.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = 2 * (index + 1);
        for (column, b) in right.iter().enumerate() {
            let change = match (a == *b, a.eq_ignore_ascii_case(b)) {
                (true, _) => 0,
                (_, true) => 1,
                _ => 2,
            };
            let best = (diagonal + change)
                .min(row[column] + 2)
                .min(row[column + 1] + 2);
            diagonal = std::mem::replace(&mut row[column + 1], best);
        }
    }
    row[right.len()] / 2
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_but_does_not_guess_wildly() {
        let names = ["eRequest", "eResponse", "x", "n"];
        let near = |name| nearest(name, names.into_iter());
        assert_eq!(near("erequest"), Some("eRequest"));
        assert_eq!(near("eRespons"), Some("eResponse"));
        assert_eq!(near("timer"), None);
        assert_eq!(near("yy"), None);
    }
}
