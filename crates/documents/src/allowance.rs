//! How much a packed file may unpack to. What a file says of its own size is never believed: bytes are counted as they come
//! out.

use std::io::{self, Read};

/// The most times its own size that a file may unpack to: police.uk files reach 8, tables of zeros 40, office files 100.
const MOST_RATIO: u64 = 250;

/// Below this many unpacked bytes the ratio does not matter.
const FREE_BYTES: u64 = 32 << 20;

/// What is left of the bytes that one file may unpack to; shared by everything in it.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// Bytes that may still come out.
    pub left: u64,
    most: u64,
    n_packed: u64,
}

impl Allowance {
    /// The allowance of a file of `n_packed` bytes: 250 times its size, but at least 32 MiB and at most `most_bytes`.
    ///
    /// ```
    /// use headwater_documents::allowance::Allowance;
    /// assert_eq!(Allowance::new(1_000_000, u64::MAX).left, 250_000_000);
    /// assert_eq!(Allowance::new(1_000, 10_000).left, 10_000);
    /// ```
    pub fn new(n_packed: u64, most_bytes: u64) -> Self {
        let most = n_packed.saturating_mul(MOST_RATIO).max(FREE_BYTES).min(most_bytes);
        Self { left: most, most, n_packed }
    }

    /// An allowance that is never used up, for what is not packed.
    pub fn unlimited() -> Self {
        Self { left: u64::MAX, most: u64::MAX, n_packed: u64::MAX }
    }

    /// The size of the packed file.
    pub fn n_packed(&self) -> u64 {
        self.n_packed
    }

    /// How much it may unpack to.
    pub fn most(&self) -> u64 {
        self.most
    }
}

/// A reader that stops with [`io::ErrorKind::QuotaExceeded`] when the allowance is used up.
pub struct Metered<'a, R> {
    /// Where the unpacked bytes come from.
    pub inner: R,
    /// What they are counted against.
    pub allowance: &'a mut Allowance,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        match self.allowance.left.checked_sub(n as u64) {
            Some(left) => self.allowance.left = left,
            None => return Err(io::Error::new(io::ErrorKind::QuotaExceeded, "unpacks to too much")),
        }
        Ok(n)
    }
}
