//! The line through the groups: its weights, its ends, and how sure they are.

use super::distribution::{Pair, Skewed, limits, quantile};
use super::{Group, Scale, Settings};
use crate::estimate::Refusal;
use crate::special::total;

/// A group's value and standard error on a scale.
pub(super) fn on_scale(group: &Group, scale: Scale, settings: &Settings) -> (f64, f64) {
    let to = |value: f64| match scale {
        Scale::Plain => value,
        Scale::Log => libm::log(value),
        Scale::Logit => libm::log(value / (1.0 - value)),
    };
    let error = (to(group.upper) - to(group.lower)) / (2.0 * settings.group_confidence.z());
    (to(group.value), error)
}

/// From the scale of the line back to the value.
pub(super) fn back(scaled: f64, scale: Scale) -> f64 {
    match scale {
        Scale::Plain => scaled,
        Scale::Log => libm::exp(scaled),
        Scale::Logit => 1.0 / (1.0 + libm::exp(-scaled)),
    }
}

/// What each group's value counts for in the foot and in the slope of the fitted line.
pub(super) struct Weights {
    foot: Vec<f64>,
    slope: Vec<f64>,
}

impl Weights {
    /// Weighted least squares on the relative rank: foot and slope are weighted sums of the values.
    pub(super) fn new(groups: &[Group]) -> Self {
        let people = total(groups.iter().map(|group| group.population));
        let mut below = 0.0;
        let mut shares = Vec::with_capacity(groups.len());
        let mut ranks = Vec::with_capacity(groups.len());
        for group in groups {
            let share = group.population / people;
            ranks.push(below + 0.5 * share);
            below += share;
            shares.push(share);
        }
        let weight = total(shares.iter().copied());
        let by_rank = || shares.iter().zip(&ranks);
        let mean_rank = total(by_rank().map(|(a, b)| a * b)) / weight;
        let spread = total(by_rank().map(|(a, b)| a * (b - mean_rank) * (b - mean_rank)));
        let slope: Vec<f64> = by_rank().map(|(a, b)| a * (b - mean_rank) / spread).collect();
        let foot = shares.iter().zip(&slope).map(|(share, slope)| share / weight - mean_rank * slope).collect();
        Weights { foot, slope }
    }
}

/// Foot and slope with their exact variances, for groups whose values vary normally on the scale of the line.
pub(super) fn fit(weights: &Weights, scaled: &[(f64, f64)]) -> Pair {
    let weigh = |weights: &[f64]| total(weights.iter().zip(scaled).map(|(c, (value, _))| c * value));
    let spread_of = |left: &[f64], right: &[f64]| {
        let parts = left.iter().zip(right).zip(scaled);
        total(parts.map(|((c, d), (_, error))| c * d * error * error))
    };
    Pair {
        foot: weigh(&weights.foot),
        slope: weigh(&weights.slope),
        foot_variance: spread_of(&weights.foot, &weights.foot),
        slope_variance: spread_of(&weights.slope, &weights.slope),
        covariance: spread_of(&weights.foot, &weights.slope),
    }
}

/// The limits of head minus foot and of head over foot of a plain line through values whose own intervals are lopsided.
///
/// Both are weighted sums of the values, or ask whether one is above 0; such a sum is normal but for its skewness
/// (Cornish and Fisher, Edgeworth).
pub(super) fn limits_of_lopsided(weights: &Weights, groups: &[Group], ratio: f64, settings: &Settings) -> ((f64, f64), (f64, f64)) {
    let values: Vec<Skewed> = groups
        .iter()
        .map(|group| {
            let (middle, error) = on_scale(group, settings.group_scale, settings);
            Skewed::new(middle, error, |scaled| back(scaled, settings.group_scale))
        })
        .collect();
    let slope = Skewed::sum(&weights.slope, &values);
    let z = settings.confidence.z();
    let below_ratio = |r: f64| {
        // head <= r foot where slope + (1 - r) foot <= 0
        let both = weights.slope.iter().zip(&weights.foot);
        let combined: Vec<f64> = both.map(|(slope, foot)| slope + (1.0 - r) * foot).collect();
        Skewed::sum(&combined, &values).chance_below(0.0)
    };
    let difference = (slope.quantile(-z), slope.quantile(z));
    (difference, limits(ratio, settings.confidence.tail(), below_ratio))
}

/// The limits of head minus foot and of head over foot when the line turns about its middle: both rise with the slope,
/// so that their limits are those at the slope's limits.
pub(super) fn limits_by_slope(pair: &Pair, settings: &Settings) -> ((f64, f64), (f64, f64)) {
    let reach = settings.confidence.z() * libm::sqrt(pair.slope_variance);
    // Ranks are midpoints of population shares, so the line's middle is at rank one half.
    let level = pair.foot + 0.5 * pair.slope;
    let ends = |slope: f64| (back(level - 0.5 * slope, settings.scale), back(level + 0.5 * slope, settings.scale));
    let (low, high) = (ends(pair.slope - reach), ends(pair.slope + reach));
    ((low.1 - low.0, high.1 - high.0), (low.1 / low.0, high.1 / high.0))
}

/// The limits of head minus foot, before the unit.
pub(super) fn sii_limits(pair: &Pair, settings: &Settings, tail: f64) -> (f64, f64) {
    let value = back(pair.foot + pair.slope, settings.scale) - back(pair.foot, settings.scale);
    match settings.scale {
        Scale::Plain => {
            let reach = settings.confidence.z() * libm::sqrt(pair.slope_variance);
            (value - reach, value + reach)
        }
        // Given the foot a on the scale of the line, head - foot <= t where the slope is at most log(1 + t/e^a).
        Scale::Log => quantile(pair, value, tail, |foot, difference| {
            let ratio = 1.0 + difference / libm::exp(foot);
            if ratio <= 0.0 { f64::NEG_INFINITY } else { libm::log(ratio) }
        }),
        Scale::Logit => quantile(pair, value, tail, |foot, difference| slope_to(back(foot, Scale::Logit) + difference, foot)),
    }
}

/// The limits of head over foot.
pub(super) fn rii_limits(pair: &Pair, settings: &Settings, tail: f64) -> Result<(f64, f64), Refusal> {
    match settings.scale {
        Scale::Plain => fieller(pair, settings.confidence.z()),
        Scale::Log => {
            let reach = settings.confidence.z() * libm::sqrt(pair.slope_variance);
            Ok((libm::exp(pair.slope - reach), libm::exp(pair.slope + reach)))
        }
        Scale::Logit => {
            let value = back(pair.foot + pair.slope, Scale::Logit) / back(pair.foot, Scale::Logit);
            Ok(quantile(pair, value, tail, |foot, ratio| slope_to(ratio * back(foot, Scale::Logit), foot)))
        }
    }
}

/// The slope that leads from `foot` (log odds) to the proportion `head`.
fn slope_to(head: f64, foot: f64) -> f64 {
    if head <= 0.0 {
        f64::NEG_INFINITY
    } else if head >= 1.0 {
        f64::INFINITY
    } else {
        libm::log(head / (1.0 - head)) - foot
    }
}

/// Fieller's limits of (foot + slope)/foot, exact for jointly normal foot and slope while the foot is surely positive.
fn fieller(pair: &Pair, z: f64) -> Result<(f64, f64), Refusal> {
    let head = pair.foot + pair.slope;
    let head_variance = pair.foot_variance + pair.slope_variance + 2.0 * pair.covariance;
    let joint = pair.foot_variance + pair.covariance;
    let square = z * z;
    // (head - r foot)^2 = z^2 var(head - r foot), a quadratic in r.
    let a = pair.foot * pair.foot - square * pair.foot_variance;
    let b = pair.foot * head - square * joint;
    let c = head * head - square * head_variance;
    if a <= 0.0 {
        return Err(Refusal::Degenerate { what: "the value at the foot of the ladder is not clearly above 0, so that a ratio to it has no limits" });
    }
    let root = libm::sqrt(f64::max(0.0, b * b - a * c));
    Ok(((b - root) / a, (b + root) / a))
}
