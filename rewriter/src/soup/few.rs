//! The steps of rules that look at one leaf or at two.
//!
//! The one idea: nearly all rules do, so their tuples are enumerated by one loop or by two, and what
//! a rule makes of one leaf is remembered with the leaf.

use super::join::{JoinKey, JoinPart};
use super::leaf::LeafId;
use super::space::{Config, Hands, Soup, Unfit};
use crate::term::TermId;

impl Soup {
    /// The steps of a rule that looks at one leaf.
    pub(super) fn single_steps(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        number: usize,
        depth: u16,
    ) -> Result<(), Unfit> {
        let part = self.rules[number].parts[0];
        let (start, end) = self.span(config, part, constant_key(part));
        for &(leaf, _) in &config.lists[part.place][start as usize..end as usize] {
            if !self.fits(leaf, part) || !self.rests_are_sorted(config, number, false, &[leaf]) {
                continue;
            }
            let (solutions, tail) = match self.memo.find_single(number as u32, leaf) {
                Some(known) => known,
                None => {
                    let (found, tail) =
                        self.compute(hands.reducer(), config, number, false, &[leaf])?;
                    if let Some(sharing) = self.sharing.as_mut().filter(|sharing| sharing.is_copy) {
                        sharing.touched.singles.push(leaf);
                    }
                    let solutions = (self.memo).insert_single(number as u32, leaf, &found, tail);
                    (solutions, tail)
                }
            };
            self.add_steps(solutions, tail, depth);
        }
        Ok(())
    }

    /// The steps of a rule that looks at two leaves.
    pub(super) fn pair_steps(
        &mut self,
        hands: &mut Hands<'_>,
        config: &Config,
        number: usize,
        depth: u16,
    ) -> Result<(), Unfit> {
        let [first, second] = self.rules[number].parts[..] else {
            unreachable!("the rule looks at two leaves");
        };
        let (start, end) = self.span(config, first, constant_key(first));
        for &(leaf, count) in &config.lists[first.place][start as usize..end as usize] {
            if !self.fits(leaf, first) {
                continue;
            }
            let keys = self.keys_for(hands, config, second, &[leaf])?;
            let mut others = self.places(config, second, keys);
            while let Some((other, _)) =
                others.advance(&self.leaves, config, second.place, second.bit)
            {
                let tuple: [LeafId; 2] = [leaf, other];
                if (leaf == other && count < 2)
                    || !self.rests_are_sorted(config, number, false, &tuple)
                {
                    continue;
                }
                let (solutions, tail) = self.solve(hands, config, number, false, &tuple)?;
                self.add_steps(solutions, tail, depth);
            }
        }
        Ok(())
    }

    /// Whether a leaf may match the first part of a rule.
    #[inline]
    fn fits(&self, leaf: LeafId, part: JoinPart) -> bool {
        let facts = self.leaves.at(leaf);
        constant_key(part).is_none_or(|key| facts.key == key) && facts.mask & part.bit != 0
    }
}

/// The first argument that a part asks for, if it is always the same.
#[inline]
fn constant_key(part: JoinPart) -> Option<TermId> {
    match part.key {
        JoinKey::Constant(key) => Some(key),
        JoinKey::Unknown | JoinKey::Probe { .. } => None,
    }
}
