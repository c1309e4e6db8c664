//! A raw count, which cannot be read outside this crate.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// A raw number of people or events, as counted: it can be added and treated, never shown.
///
/// There is no getter, no `Display` and no way back to the number; `Debug` hides it too.
///
/// ```
/// use headwater_release::Count;
/// assert_eq!(format!("{:?}", Count::new(3) + Count::new(4)), "Count(hidden)");
/// ```
///
/// Neither printing it nor reaching inside compiles:
///
/// ```compile_fail
/// println!("{}", headwater_release::Count::new(3));
/// ```
///
/// ```compile_fail
/// let n: u64 = headwater_release::Count::new(3).0;
/// ```
#[derive(Clone, Copy, Default)]
pub struct Count(pub(crate) u64);

impl Count {
    /// Takes a number in; it does not come out again.
    pub fn new(n: u64) -> Self {
        Self(n)
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self(0), Add::add)
    }
}

impl fmt::Debug for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Count(hidden)")
    }
}
