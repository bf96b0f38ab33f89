//! Numbers that look random, the same ones each time.
//!
//! The one idea: `random(n)` is the n-th number of the Mersenne Twister with seed 0, so it is a
//! function. The numbers are made in order, and usually asked for in order.
//!
//! Source: Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
//! pseudo-random number generator" (1998), with the initialization of 2002.

/// Words of state.
const N_WORDS: usize = 624;
const MIDDLE: usize = 397;
/// Numbers further on stay unreduced: they would take minutes to reach.
const MOST: u64 = 1 << 32;

/// The generator, at some place in its sequence.
#[derive(Clone, Debug)]
pub(crate) struct RandomNumbers {
    words: Vec<u32>,
    next_word: usize,
    /// How many numbers were made.
    n_made: u64,
    last: u32,
}

impl Default for RandomNumbers {
    fn default() -> RandomNumbers {
        let mut words = vec![0u32; N_WORDS];
        for index in 1..N_WORDS {
            let previous = words[index - 1];
            let mixed = previous ^ previous >> 30;
            words[index] = mixed.wrapping_mul(1_812_433_253).wrapping_add(index as u32);
        }
        RandomNumbers {
            words,
            next_word: N_WORDS,
            n_made: 0,
            last: 0,
        }
    }
}

impl RandomNumbers {
    /// The number at this place of the sequence, if it is not too far away.
    pub(crate) fn at(&mut self, place: u64) -> Option<u32> {
        if place >= MOST {
            return None;
        }
        if place + 1 < self.n_made {
            *self = RandomNumbers::default();
        }
        while self.n_made <= place {
            self.last = self.step();
            self.n_made += 1;
        }
        Some(self.last)
    }

    fn step(&mut self) -> u32 {
        if self.next_word == N_WORDS {
            for index in 0..N_WORDS {
                let upper = self.words[index] & 0x8000_0000;
                let lower = self.words[(index + 1) % N_WORDS] & 0x7fff_ffff;
                let joined = upper | lower;
                let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                let other = self.words[(index + MIDDLE) % N_WORDS];
                self.words[index] = other ^ joined >> 1 ^ twist;
            }
            self.next_word = 0;
        }
        let mut word = self.words[self.next_word];
        self.next_word += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_sequence_in_any_order() {
        let mut numbers = RandomNumbers::default();
        let first: Vec<Option<u32>> = (0..3).map(|place| numbers.at(place)).collect();
        // The published sequence for seed 0.
        assert_eq!(
            first,
            [
                Some(2_357_136_044),
                Some(2_546_248_239),
                Some(3_071_714_933)
            ]
        );
        let far = numbers.at(1000);
        assert_eq!(numbers.at(1), first[1]);
        assert_eq!(numbers.at(1), first[1]);
        assert_eq!(numbers.at(1000), far);
        assert_eq!(numbers.at(1 << 40), None);
    }
}
