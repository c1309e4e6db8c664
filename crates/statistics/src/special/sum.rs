//! Sums that do not depend on luck with rounding.

/// A running sum that keeps what rounding drops (Neumaier's form of Kahan's).
///
/// ```
/// # use headwater_statistics::special::Sum;
/// let mut sum = Sum::default();
/// for value in [1e16, 1.0, -1e16] {
///     sum.add(value);
/// }
/// assert_eq!(sum.value(), 1.0);
/// ```
#[derive(Debug, Default, Clone, Copy)]
pub struct Sum {
    sum: f64,
    dropped: f64,
}

impl Sum {
    /// Add one value.
    pub fn add(&mut self, value: f64) {
        let next = self.sum + value;
        if libm::fabs(self.sum) >= libm::fabs(value) {
            self.dropped += (self.sum - next) + value;
        } else {
            self.dropped += (value - next) + self.sum;
        }
        self.sum = next;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        self.sum + self.dropped
    }
}

/// The compensated sum of the values; 0 for none.
///
/// ```
/// # use headwater_statistics::special::total;
/// assert_eq!(total((0..10).map(|_| 0.1)), 1.0);
/// ```
pub fn total(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = Sum::default();
    for value in values {
        sum.add(value);
    }
    sum.value()
}

/// The mean of the values; `NaN` for none.
pub fn mean(values: &[f64]) -> f64 {
    total(values.iter().copied()) / values.len() as f64
}
