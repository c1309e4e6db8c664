//! Where the commas of a piece of text stand, found eight bytes at a time.
//!
//! This is where a reader of comma-separated text spends its time, so it is done once, for whole pieces, and without a branch
//! for every byte.

const CHUNK_BYTES: usize = 64;

/// The positions of the commas of one piece of text.
#[derive(Default)]
pub(super) struct Commas {
    // As long as the longest text so far; what stands after the first `n` is left over from others.
    at: Vec<u32>,
    n: usize,
}

impl Commas {
    /// The positions, in order.
    pub fn at(&self) -> &[u32] {
        &self.at[..self.n]
    }

    /// Finds the commas of a text of at most 4 GB; what was found before is forgotten.
    pub fn find(&mut self, text: &[u8]) {
        if self.at.len() < text.len() {
            self.at = vec![0; text.len()];
        }
        self.n = 0;
        let (chunks, rest) = text.as_chunks::<CHUNK_BYTES>();
        let mut base = 0;
        for chunk in chunks {
            self.note(commas(chunk), base);
            base += CHUNK_BYTES as u32;
        }
        if !rest.is_empty() {
            let mut last = [0; CHUNK_BYTES];
            last[..rest.len()].copy_from_slice(rest);
            self.note(commas(&last), base);
        }
    }

    #[inline(always)]
    fn note(&mut self, mut bits: u64, base: u32) {
        while bits != 0 {
            self.at[self.n] = base + bits.trailing_zeros();
            self.n += 1;
            bits &= bits - 1;
        }
    }
}

/// Which bytes of a chunk are commas, the first byte being the lowest bit.
#[inline(always)]
fn commas(chunk: &[u8; CHUNK_BYTES]) -> u64 {
    // Multiplied by this, eight bytes that are 0 or 1 become the eight highest bits: no two of the products meet.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    // The compiler compares sixteen bytes or more at a time here.
    let equal = chunk.map(|byte| u8::from(byte == b','));
    let mut bits = 0;
    for (i, eight) in equal.as_chunks::<8>().0.iter().enumerate() {
        bits |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (8 * i);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn commas_are_where_a_look_at_every_byte_finds_them(
            // Also the neighbours of a comma, alone and with the highest bit, where arithmetic could go wrong.
            text in proptest::collection::vec(prop_oneof![Just(b','), Just(b'-'), Just(b'+'), Just(b',' | 0x80), any::<u8>()], 0..300),
        ) {
            let mut commas = Commas::default();
            commas.find(&[b','; 200]);
            commas.find(&text);
            let slow: Vec<u32> = (0..text.len() as u32).filter(|i| text[*i as usize] == b',').collect();
            prop_assert_eq!(commas.at(), &slow);
        }
    }
}
