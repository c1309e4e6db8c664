//! From values to positions, with ticks at round numbers.

use headwater_release::written;

/// A straight scale from values to positions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
    step: f64,
}

/// Where a scale begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foot {
    /// At nought: bars, whose length is the message.
    Nought,
    /// At nought unless all values lie in the upper part of such a scale, where their differences would not be seen.
    NoughtIfNear,
    /// Anywhere.
    Free,
}

/// No figure about people is larger; beyond it a value is drawn at the end of the scale.
const LARGEST: f64 = 1e12;
/// Below this share of the largest value the smallest is near nought.
const NEAR: f64 = 0.6;

impl Scale {
    /// A scale over values with about `wanted` steps, running from `start` to `end`.
    pub(crate) fn over(values: impl IntoIterator<Item = f64>, foot: Foot, wanted: f64, start: f64, end: f64) -> Self {
        let (mut low, mut high) = bounded(values).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let to_nought = match foot {
            Foot::Nought => true,
            Foot::NoughtIfNear => low < NEAR * high,
            Foot::Free => false,
        };
        if to_nought {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        // A range lost in rounding would give steps that do not move.
        if high - low <= 1e-9 * high.abs().max(low.abs()) {
            high = low + if low == 0.0 { 1.0 } else { low.abs() };
        }
        let step = round_step((high - low) / wanted);
        let mut from = (low / step).floor() * step;
        // A point on the foot of a scale that does not begin at nought would look like one.
        if !to_nought && foot == Foot::NoughtIfNear && low - from < step / 10.0 {
            from -= step;
        }
        Self { from, to: (high / step).ceil() * step, start, end, step }
    }

    /// The same scale from another position to another.
    pub(crate) fn moved(&self, start: f64, end: f64) -> Self {
        Self { start, end, ..self.clone() }
    }

    /// A scale whose ends are given, with ticks at multiples of `step`.
    pub(crate) fn fixed(from: f64, to: f64, step: f64, start: f64, end: f64) -> Self {
        Self { from, to, start, end, step }
    }

    /// A scale that ends where the values do, with about `wanted` steps.
    pub(crate) fn tight(values: &[f64], wanted: f64, start: f64, end: f64) -> Self {
        let whole = Self::over(values.iter().copied(), Foot::Free, wanted, start, end);
        let (low, high) = bounded(values.iter().copied()).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low < high { Self { from: low, to: high, ..whole } } else { whole }
    }

    /// The position of a value; one beyond the scale is drawn at its end.
    pub(crate) fn at(&self, value: f64) -> f64 {
        self.start + (value.max(self.from).min(self.to) - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// Round values along the scale, lowest first.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let first = (self.from / self.step - 1e-9).ceil();
        let last = (self.to / self.step + 1e-9).floor();
        // A scale has a handful of ticks; the bound is for values too large to be told apart.
        (0..=((last - first).clamp(0.0, 100.0) as usize)).map(|i| (first + i as f64) * self.step).collect()
    }

    /// A tick as it is written, with as many decimals as the step needs.
    pub(crate) fn written(&self, tick: f64) -> String {
        let mut decimals = 0;
        let mut step = self.step;
        while decimals < 6 && (step - step.round()).abs() > 1e-6 * step {
            step *= 10.0;
            decimals += 1;
        }
        written(tick, decimals)
    }

    /// Whether nought lies on the scale.
    pub(crate) fn has_nought(&self) -> bool {
        self.from <= 0.0 && self.to >= 0.0
    }

    /// The lowest value.
    pub(crate) fn foot(&self) -> f64 {
        self.from
    }
}

fn bounded(values: impl IntoIterator<Item = f64>) -> impl Iterator<Item = f64> {
    values.into_iter().filter(|v| v.is_finite()).map(|v| v.clamp(-LARGEST, LARGEST))
}

/// The nearest of 1, 2, 5 times a power of ten that is not smaller.
fn round_step(rough: f64) -> f64 {
    if !rough.is_finite() || rough <= 0.0 {
        return 1.0;
    }
    let mut power = 1.0;
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    while power > rough {
        power /= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &[f64], foot: Foot) -> Vec<String> {
        let scale = Scale::over(values.iter().copied(), foot, 4.0, 0.0, 100.0);
        scale.ticks().into_iter().map(|tick| scale.written(tick)).collect()
    }

    #[test]
    fn ticks_are_round_and_hold_every_value() {
        assert_eq!(written(&[3.0, 18.0], Foot::Nought), ["0", "5", "10", "15", "20"]);
        assert_eq!(written(&[-7.0, 12.0], Foot::Nought), ["-10", "-5", "0", "5", "10", "15"]);
        assert_eq!(written(&[0.12, 0.31], Foot::Nought), ["0.0", "0.1", "0.2", "0.3", "0.4"]);
        assert_eq!(written(&[90_000.0, 2_100_000.0], Foot::Nought), ["0", "1,000,000", "2,000,000", "3,000,000"]);
    }

    #[test]
    fn a_line_far_above_nought_is_not_flattened() {
        assert_eq!(written(&[1830.0, 2600.0], Foot::NoughtIfNear), ["1,800", "2,000", "2,200", "2,400", "2,600"]);
        assert_eq!(written(&[1800.0, 2600.0], Foot::NoughtIfNear)[0], "1,600");
        assert_eq!(written(&[500.0, 2600.0], Foot::NoughtIfNear)[0], "0");
    }

    #[test]
    fn no_values_and_equal_values_still_make_a_scale() {
        assert!(written(&[], Foot::Free).len() > 2);
        assert!(Scale::over([7.0, 7.0], Foot::Free, 4.0, 0.0, 100.0).at(7.0).is_finite());
        assert_eq!(Scale::over([1e300, 0.0], Foot::Free, 4.0, 0.0, 100.0).at(1e300), 100.0);
        assert!(Scale::over([f64::NAN, f64::INFINITY], Foot::Nought, 4.0, 0.0, 100.0).at(0.5).is_finite());
    }
}
