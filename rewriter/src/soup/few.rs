//! The steps of rules that look at one leaf or at two.
//!
//! The one idea: nearly all rules do, so their tuples are enumerated by one loop or by two, and what
//! a rule makes of one leaf is remembered with the leaf.

use super::join::{JoinKey, JoinPart};
use super::leaf::LeafId;
use super::space::{Config, Hands, Soup, Unfit};
use super::tuples::LONG;

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
        let (start, end) = self.span(config, part);
        for &(leaf, _) in &config.lists[part.place][start..end] {
            if !self.fits(leaf, part)
                || config.has_unsorted && !self.rests_are_sorted(config, number, false, &[leaf])
            {
                continue;
            }
            let (solutions, tail) = match self.memo.find_single(number as u32, leaf) {
                Some(known) => known,
                None => {
                    let (found, tail) =
                        self.compute(hands.reducer(), config, number, false, &[leaf])?;
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
        let (start, end) = self.span(config, first);
        for &(leaf, count) in &config.lists[first.place][start..end] {
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
                    || config.has_unsorted && !self.rests_are_sorted(config, number, false, &tuple)
                {
                    continue;
                }
                let (solutions, tail) = self.solve(hands, config, number, false, &tuple)?;
                self.add_steps(solutions, tail, depth);
            }
        }
        Ok(())
    }

    /// Where leaves for the first part of a rule start and end.
    #[inline]
    fn span(&self, config: &Config, part: JoinPart) -> (usize, usize) {
        let (start, end) = config.run(part.place, part.op);
        let (mut start, mut end) = (start as usize, end as usize);
        // In a long run a key is found faster than it is met.
        if let (JoinKey::Constant(key), Some(op)) = (part.key, part.op)
            && end - start > LONG
        {
            let list = &config.lists[part.place];
            if let Some(first) = self.leaves.find(list, part.place, op, key) {
                start = first.clamp(start, end);
                let others = list[start..end].iter();
                end = start
                    + others
                        .take_while(|(leaf, _)| self.leaves.at(*leaf).key == key)
                        .count();
            }
        }
        (start, end)
    }

    /// Whether a leaf may match the first part of a rule.
    #[inline]
    fn fits(&self, leaf: LeafId, part: JoinPart) -> bool {
        let facts = self.leaves.at(leaf);
        let has_key = match part.key {
            JoinKey::Constant(key) => facts.key == key,
            JoinKey::Unknown | JoinKey::Probe { .. } => true,
        };
        has_key && facts.mask & part.bit != 0
    }
}
