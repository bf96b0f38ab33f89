//! Names with parameters: `List{X}`, `Map{Nat,Y}`.
//!
//! The one idea: a name is taken apart at its last braces. A parameter that is given a view to a
//! theory stays, behind the name of the view: `List{X}` becomes `List{TOTAL-ORDER}{X}`.

use super::instance::{Argument, Parameter};
use crate::name::Name;

/// What parameters are called where they are given.
#[derive(Clone, Default, Debug)]
pub(super) struct Naming {
    given: Vec<(Name, Name)>,
    /// Parameters that stay.
    kept: Vec<Name>,
    /// No name changes.
    pub(super) is_trivial: bool,
}

impl Naming {
    pub(super) fn new<'a>(
        given: impl Iterator<Item = (Name, &'a Argument)>,
        theory: impl Fn(&Argument) -> bool,
    ) -> Naming {
        let mut naming = Naming::default();
        for (name, argument) in given {
            naming.given.push((name, argument.clean_name()));
            if theory(argument) {
                naming.kept.push(name);
            }
        }
        naming.is_trivial = naming.kept.is_empty() && naming.given.iter().all(|(a, b)| a == b);
        naming
    }

    /// A name where the parameters in its last braces are given.
    pub(super) fn name(&self, name: Name) -> Name {
        if self.is_trivial {
            return name;
        }
        let Some((header, parameters)) = split(name.as_str()) else {
            return name;
        };
        let mut kept: Vec<&str> = Vec::new();
        let mut shown: Vec<Name> = Vec::with_capacity(parameters.len());
        for parameter in parameters {
            let original = Name::new(parameter);
            match self.given.iter().find(|(given, _)| *given == original) {
                Some(&(_, to)) => shown.push(to),
                None => shown.push(self.name(original)),
            }
            if self.kept.contains(&original) {
                kept.push(parameter);
            }
        }
        let shown: Vec<&str> = shown.iter().map(|name| name.as_str()).collect();
        let mut text = format!("{header}{{{}}}", shown.join(","));
        if !kept.is_empty() {
            text += &format!("{{{}}}", kept.join(","));
        }
        Name::new(&text)
    }
}

/// `List{X}{Y,Z}` as `List{X}` and `Y`, `Z`; none if it does not end in braces.
pub(super) fn split(text: &str) -> Option<(&str, Vec<&str>)> {
    let inner = text.strip_suffix('}')?;
    let mut depth = 0usize;
    let mut end = inner.len();
    let mut parameters = Vec::new();
    for (offset, character) in inner.char_indices().rev() {
        match character {
            '}' => depth += 1,
            '{' if depth == 0 => {
                parameters.push(&inner[offset + 1..end]);
                parameters.reverse();
                let header = &inner[..offset];
                return (!header.is_empty()).then_some((header, parameters));
            }
            '{' => depth -= 1,
            ',' if depth == 0 => {
                parameters.push(&inner[offset + 1..end]);
                end = offset;
            }
            _ => {}
        }
    }
    None
}

/// The names in the braces of a name, in the braces of these, and so on, as far as they have none
/// themselves.
pub(super) fn innermost(name: Name, found: &mut Vec<Name>) {
    let mut pending = vec![name.as_str()];
    while let Some(text) = pending.pop() {
        let Some((_, parameters)) = split(text) else {
            continue;
        };
        for parameter in parameters {
            match split(parameter) {
                Some(_) => pending.push(parameter),
                None => found.push(Name::new(parameter)),
            }
        }
    }
}

/// `M{[X], Nat}`: what a module or view is called with its arguments.
pub(super) fn with_arguments(stem: &str, arguments: &[Argument]) -> String {
    let shown: Vec<String> = (arguments.iter())
        .map(|argument| match argument {
            Argument::View(view) => view.name.to_string(),
            // Views may be called like parameters.
            Argument::Parameter(Parameter { name, .. }) => format!("[{name}]"),
        })
        .collect();
    format!("{stem}{{{}}}", shown.join(", "))
}

/// `V{X,Nat}`: the same in the names of sorts.
pub(super) fn clean_with_arguments(stem: &str, arguments: &[Argument]) -> String {
    let shown: Vec<Name> = arguments.iter().map(Argument::clean_name).collect();
    let shown: Vec<&str> = shown.iter().map(|name| name.as_str()).collect();
    format!("{stem}{{{}}}", shown.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_at_their_last_braces() {
        assert_eq!(
            split("List{X}{Y,Z{A,B}}"),
            Some(("List{X}", vec!["Y", "Z{A,B}"]))
        );
        assert_eq!(split("List"), None);
        assert_eq!(split("{X}"), None);
        let mut found = Vec::new();
        innermost(Name::new("Map{Set{X},Y}"), &mut found);
        assert_eq!(found, [Name::new("Y"), Name::new("X")]);
    }
}
