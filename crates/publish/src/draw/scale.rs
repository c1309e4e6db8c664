//! Scales: from values to positions, with round ticks.

/// A straight scale from values to pixels.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// A scale that takes `from.0` to `to.0` and `from.1` to `to.1`; an empty range is widened by one.
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        let from = if from.1 > from.0 { from } else { (from.0, from.0 + 1.0) };
        Self { from, to }
    }

    /// The position of a value.
    pub fn at(&self, value: f64) -> f64 {
        self.to.0 + (value - self.from.0) / (self.from.1 - self.from.0) * (self.to.1 - self.to.0)
    }
}

/// Round tick values over a range, about `wanted` of them, in steps of 1, 2 or 5 times a power of ten.
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) || wanted == 0 {
        return vec![low];
    }
    let rough = span / wanted as f64;
    let mut power = 1.0;
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    while power > rough {
        power /= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|m| m * power).find(|step| *step >= rough).unwrap_or(10.0 * power);
    let first = (low / step - 1e-9).ceil() as i64;
    (first..).map(|i| i as f64 * step).take_while(|v| *v <= high + step * 1e-9).take(50).collect()
}

/// The end of an axis that starts at nought: the next round tick above the largest value.
pub fn round_up(largest: f64, wanted: usize) -> f64 {
    if largest <= 0.0 || !largest.is_finite() {
        return 1.0;
    }
    let all = ticks(0.0, largest, wanted);
    let step = if all.len() > 1 { all[1] - all[0] } else { largest };
    (largest / step - 1e-9).ceil() * step
}

/// A tick as people read it: commas, and decimals only where the step needs them.
pub fn label(value: f64, step: f64) -> String {
    let decimals = if step >= 1.0 {
        0
    } else if step >= 0.1 {
        1
    } else {
        2
    };
    headwater_release::Value::reference(value, decimals).shown()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 100.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(0.0, 7.0, 4), [0.0, 2.0, 4.0, 6.0]);
        assert_eq!(round_up(93.0, 5), 100.0);
        assert_eq!(round_up(0.0, 5), 1.0);
        assert_eq!(label(12345.0, 1000.0), "12,345");
    }
}
