//! Bring equal keys together in linear time.

/// A key and what it belongs to: an area, or a place in a longer list.
pub(super) type Keyed = (u64, u32);

/// Order the entries so that equal keys stand side by side, and within a key by what they belong to.
///
/// Which key comes first is fixed but has no meaning: the entries are sorted by a mixed form of their key, two passes of
/// a radix sort over as many bits as there are entries, and the few that share those bits are sorted by comparison.
/// Entries must arrive in rising order of what they belong to.
pub(super) fn gather(entries: &mut [Keyed]) {
    let bits = (usize::BITS - entries.len().leading_zeros()).clamp(2, 30);
    let low_bits = bits / 2;
    let high_bits = bits - low_bits;
    let mixed = |key: u64| mix(key) >> (64 - bits);
    let mut spare = vec![(0, 0); entries.len()];
    pass(entries, &mut spare, 1 << low_bits, |key| (mixed(key) & ((1 << low_bits) - 1)) as usize);
    pass(&spare, entries, 1 << high_bits, |key| (mixed(key) >> low_bits) as usize);
    let mut begin = 0;
    while begin < entries.len() {
        let bucket = mixed(entries[begin].0);
        let mut end = begin + 1;
        let mut alike = true;
        while end < entries.len() && mixed(entries[end].0) == bucket {
            alike &= entries[end].0 == entries[begin].0;
            end += 1;
        }
        if !alike {
            entries[begin..end].sort_unstable();
        }
        begin = end;
    }
}

/// The runs of equal keys among gathered entries.
pub(super) fn runs(entries: &[Keyed]) -> impl Iterator<Item = &[Keyed]> {
    entries.chunk_by(|a, b| a.0 == b.0)
}

/// Multiplication by an odd constant after folding spreads close keys over the upper bits (Fibonacci hashing).
pub(super) fn mix(key: u64) -> u64 {
    (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// One stable pass: entries in order of their digit.
fn pass(from: &[Keyed], to: &mut [Keyed], digits: usize, digit: impl Fn(u64) -> usize) {
    let mut next = vec![0_usize; digits + 1];
    for entry in from {
        next[digit(entry.0) + 1] += 1;
    }
    for place in 0..digits {
        next[place + 1] += next[place];
    }
    for &entry in from {
        let place = &mut next[digit(entry.0)];
        to[*place] = entry;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_keys_stand_together_in_the_order_of_their_owners(keys in prop::collection::vec(0_u64..40, 0..200)) {
            let mut entries: Vec<Keyed> = keys.iter().zip(0..).map(|(&key, at)| (key << 31, at)).collect();
            gather(&mut entries);
            let mut found: Vec<Vec<Keyed>> = runs(&entries).map(<[Keyed]>::to_vec).collect();
            found.sort();
            let mut expected: Vec<Vec<Keyed>> = Vec::new();
            for key in 0..40 {
                let run: Vec<Keyed> = keys.iter().zip(0..).filter(|(k, _)| **k == key).map(|(&k, at)| (k << 31, at)).collect();
                if !run.is_empty() {
                    expected.push(run);
                }
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn keys_that_mix_alike_are_still_told_apart() {
        // Few entries use few bits, so that many different keys fall into one bucket.
        let mut entries: Vec<Keyed> = (0..6_u32).map(|at| (u64::from(at % 3), at)).collect();
        gather(&mut entries);
        assert_eq!(runs(&entries).count(), 3);
    }
}
