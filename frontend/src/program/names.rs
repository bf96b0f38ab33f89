//! Which names a program has, for what others say of it.

use super::Program;
use crate::replay::{Mention, NameKind};

impl Program {
    /// The names in a log that the program does not have. Older versions of the checker number
    /// states behind their names: `Init_2`.
    #[must_use]
    pub fn lacks(&self, mentions: &[Mention]) -> Vec<Mention> {
        let lacking = |mention: &&Mention| !self.has(mention.kind, &mention.name);
        mentions.iter().filter(lacking).cloned().collect()
    }

    fn has(&self, kind: NameKind, name: &str) -> bool {
        let symbols = &self.checked.symbols;
        match kind {
            NameKind::Machine => symbols.machine_names.contains_key(name),
            NameKind::Event => symbols.event_names.contains_key(name),
            NameKind::State => {
                let bare = name.rsplit_once('_').filter(|(_, number)| {
                    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
                });
                let bare = bare.map_or(name, |(bare, _)| bare);
                symbols.machines().any(|(id, _)| {
                    let states = &symbols.machine_syntax(&self.ast, id).states;
                    (states.iter()).any(|state| [name, bare].contains(&&*state.name.text))
                })
            }
        }
    }
}
