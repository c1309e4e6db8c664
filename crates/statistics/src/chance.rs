//! The one seeded generator: every draw has an address, so no thread, order or machine can change it.
//!
//! An ordinary generator hands out numbers in turn, so the answer depends on who asked first. This one is *counter
//! based* (ChaCha with 8 rounds): a number is worked out from its address, which is
//!
//! - the **seed** that the run manifest prints,
//! - the **purpose** ("permute neighbours", "draw streets"), so that two methods with one seed do not share numbers,
//! - the **index** (a class, an area, a street), and
//! - the **draw** (see [`Chance::jump`]).
//!
//! Two threads that work on different indices or draws can run in any order and give the same bytes. Nothing here asks
//! the clock or the operating system, and integers and uniforms need no platform mathematics.
//!
//! ChaCha is far stronger than statistics needs, so no test of ours can tell it from chance; eight rounds are chosen
//! over twenty because permutation tests draw tens of millions of numbers.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A stream of draws that belongs to a seed, a purpose and an index.
#[derive(Debug, Clone)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream at this address, at its first draw.
    ///
    /// The purpose may be of any length; two purposes share numbers only if a 64-bit hash of them is equal.
    ///
    /// ```
    /// use headwater_statistics::chance::Chance;
    ///
    /// let mut here = Chance::of(7, "example", 0);
    /// let mut again = Chance::of(7, "example", 0);
    /// let mut elsewhere = Chance::of(7, "example", 1);
    /// let first = here.word();
    /// assert_eq!(first, again.word());
    /// assert_ne!(first, elsewhere.word());
    /// ```
    pub fn of(seed: u64, purpose: &str, index: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&name(purpose).to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(index);
        Chance(rng)
    }

    /// Go to the start of a draw, forwards or backwards; each draw has room for 2³² words before it runs into the next.
    pub fn jump(&mut self, draw: u32) {
        self.0.set_word_pos(u128::from(draw) << 32);
    }

    /// A number of 32 random bits.
    pub fn word(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number in `[0, 1)`, one of 2⁵³ equally spaced ones.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from 0 to `limit - 1`, each exactly as likely; 0 when `limit` is 0.
    ///
    /// Lemire's method: multiply, keep the upper half, and draw again in the rare cases that would favour some numbers.
    #[inline]
    pub fn below(&mut self, limit: u32) -> u32 {
        let mut product = u64::from(self.word()) * u64::from(limit);
        if (product as u32) < limit {
            let unfair = limit.wrapping_neg() % limit.max(1);
            while (product as u32) < unfair {
                product = u64::from(self.word()) * u64::from(limit);
            }
        }
        (product >> 32) as u32
    }

    /// Fill `chosen` with different whole numbers below `limit`, every ordered choice equally likely.
    ///
    /// Meant for a few out of many: time grows with the square of how many are chosen. Use [`Chance::shuffle_front`] for
    /// more. When fewer than `chosen.len()` numbers exist, the list is filled with the numbers in order, then with 0.
    ///
    /// ```
    /// use headwater_statistics::chance::Chance;
    ///
    /// let mut chosen = [0; 3];
    /// Chance::of(1, "example", 0).different(4, &mut chosen);
    /// assert!(chosen[0] != chosen[1] && chosen[0] != chosen[2] && chosen[1] != chosen[2]);
    /// assert!(chosen.iter().all(|&number| number < 4));
    /// ```
    #[inline]
    pub fn different(&mut self, limit: u32, chosen: &mut [u32]) {
        if chosen.len() > limit as usize {
            chosen.fill(0);
            for (place, number) in (0..limit).enumerate() {
                chosen[place] = number;
            }
            return;
        }
        for place in 0..chosen.len() {
            let (before, rest) = chosen.split_at_mut(place);
            loop {
                let number = self.below(limit);
                // No early end: a short loop without branches is faster than a clever one.
                let seen = before.iter().fold(false, |seen, &other| seen | (other == number));
                if !seen {
                    rest[0] = number;
                    break;
                }
            }
        }
    }

    /// Bring a random choice to the front: afterwards the first `count` items are a random ordered choice of all.
    ///
    /// Starting from any order is as good as from sorted order, so one list can be used again and again.
    pub fn shuffle_front<T>(&mut self, list: &mut [T], count: usize) {
        for place in 0..count.min(list.len()) {
            let left = u32::try_from(list.len() - place).unwrap_or(u32::MAX);
            let other = place + self.below(left) as usize;
            list.swap(place, other);
        }
    }

    /// Put the whole list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        self.shuffle_front(list, list.len());
    }
}

/// FNV-1a: small, stable, and good enough to keep purposes apart.
fn name(purpose: &str) -> u64 {
    purpose.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn seed_purpose_index_and_draw_each_change_the_numbers() {
        let first = |seed, purpose, index, draw| {
            let mut chance = Chance::of(seed, purpose, index);
            chance.jump(draw);
            [chance.word(), chance.word()]
        };
        let here = first(1, "a", 0, 0);
        assert_eq!(here, first(1, "a", 0, 0));
        for other in [first(2, "a", 0, 0), first(1, "b", 0, 0), first(1, "a", 1, 0), first(1, "a", 0, 1)] {
            assert_ne!(here, other);
        }
    }

    #[test]
    fn a_jump_does_not_depend_on_what_was_drawn_before() {
        let mut straight = Chance::of(3, "jump", 9);
        straight.jump(5);
        let mut late = Chance::of(3, "jump", 9);
        for _ in 0..77 {
            late.word();
        }
        late.jump(6);
        late.jump(5);
        assert_eq!(straight.word(), late.word());
    }

    #[test]
    fn the_numbers_are_the_same_in_every_version() {
        // If this fails, every published permutation p-value changes: say so in the change log.
        let mut chance = Chance::of(20_201_013, "permute neighbours", 6);
        let words: Vec<u32> = (0..3).map(|_| chance.word()).collect();
        assert_eq!(words, [2_837_506_060, 3_338_308_717, 259_828_271]);
    }

    #[test]
    fn numbers_below_a_limit_are_equally_likely() {
        let mut chance = Chance::of(1, "below", 0);
        let mut seen = [0_u32; 7];
        for _ in 0..70_000 {
            seen[chance.below(7) as usize] += 1;
        }
        // Five standard deviations of a count with mean 10,000.
        assert!(seen.iter().all(|&count| count.abs_diff(10_000) < 470), "{seen:?}");
        assert_eq!(chance.below(1), 0);
        assert_eq!(chance.below(0), 0);
    }

    #[test]
    fn every_ordered_choice_is_equally_likely_by_either_route() {
        let mut chance = Chance::of(2, "choice", 0);
        let mut by_rejection = BTreeMap::new();
        let mut by_shuffle = BTreeMap::new();
        let mut list = [0, 1, 2, 3, 4];
        for _ in 0..60_000 {
            let mut chosen = [0; 3];
            chance.different(5, &mut chosen);
            *by_rejection.entry(chosen).or_insert(0_u32) += 1;
            chance.shuffle_front(&mut list, 3);
            *by_shuffle.entry([list[0], list[1], list[2]]).or_insert(0_u32) += 1;
        }
        for seen in [by_rejection, by_shuffle] {
            assert_eq!(seen.len(), 60);
            // Five standard deviations of a count with mean 1,000.
            assert!(seen.values().all(|&count| count.abs_diff(1_000) < 160));
        }
    }

    #[test]
    fn more_numbers_than_there_are_gives_those_there_are() {
        let mut chosen = [9; 4];
        Chance::of(1, "few", 0).different(2, &mut chosen);
        assert_eq!(chosen, [0, 1, 0, 0]);
    }

    #[test]
    fn units_lie_between_zero_and_one_and_average_a_half() {
        let mut chance = Chance::of(4, "unit", 0);
        let sum: f64 = (0..10_000).map(|_| chance.unit()).sum();
        assert!((sum / 10_000.0 - 0.5).abs() < 0.015);
    }
}
