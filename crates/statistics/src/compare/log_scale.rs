//! Intervals of a ratio on the log scale, for setting beside other tools.

use super::{Pair, other_has_events};
use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal};

/// The ratio with the score interval on the log scale, as statsmodels' `score-log` has it.
///
/// # Errors
/// Refused when either has no events: the logarithm of 0 does not exist.
pub fn ratio_score_log(pair: &Pair, confidence: Confidence) -> Outcome {
    other_has_events(pair)?;
    let [first, other] = pair.events;
    if first == 0.0 {
        return Err(Refusal::TooFewEvents {
            events: 0.0,
            minimum: 1.0,
            because: "An interval on the log scale needs events on both sides; the score interval does not",
        });
    }
    let z = confidence.z();
    let log_ratio = libm::log(first / other);
    // u = log of the null ratio; (log_ratio - u)^2 = z^2 (2 + 2 cosh u)/(first + other) and
    // 2 + 2 cosh u = (2 cosh(u/2))^2, so log_ratio - u = -/+ k cosh(u/2).
    let k = 2.0 * z / libm::sqrt(first + other);
    let solve = |sign: f64| {
        let gap = |u: f64| u + sign * k * libm::cosh(0.5 * u) - log_ratio;
        crossing(log_ratio, sign, gap)
    };
    let unit = 1.0 / pair.exposure_ratio();
    let lower = solve(1.0).map_or(0.0, |u| libm::exp(u) * unit);
    let upper = solve(-1.0).map_or(f64::INFINITY, |u| libm::exp(u) * unit);
    Estimate::new(pair.ratio(), (lower, upper), confidence, Method::RatioScoreLog, pair.rests_on())
}

/// The limits that statsmodels 0.15 prints for `score-log`: for setting ours beside them, not for use.
///
/// With few events the log score test rejects no ratio on one side however extreme; [`ratio_score_log`] then leaves
/// the interval open there. The peer searches for the limit by minimising a distance, and prints the ratio that comes
/// nearest to being rejected although it is not. Also says whether that happened.
///
/// # Errors
/// As for [`ratio_score_log`].
pub fn score_log_limits_of_peer(pair: &Pair, confidence: Confidence) -> Result<((f64, f64), bool), Refusal> {
    let found = ratio_score_log(pair, confidence)?;
    let log_ratio = libm::log(pair.events[0] / pair.events[1]);
    // z falls again beyond the u at which cosh(u/2) + (log_ratio - u)/2 sinh(u/2) = 0.
    let farthest = |sign: f64| {
        let turn = |u: f64| (libm::cosh(0.5 * u) + 0.5 * (log_ratio - u) * libm::sinh(0.5 * u)) * sign;
        crossing(log_ratio, sign, turn).map_or(f64::NAN, |u| libm::exp(u) / pair.exposure_ratio())
    };
    let (mut lower, mut upper) = (found.lower(), found.upper());
    let open = lower == 0.0 || upper.is_infinite();
    if lower == 0.0 {
        lower = farthest(1.0);
    }
    if upper.is_infinite() {
        upper = farthest(-1.0);
    }
    Ok(((lower, upper), open))
}

/// The crossing of `gap` nearest to `start` on the side that `-sign` points to; `None` when there is none, so that the
/// interval is open on that side.
fn crossing(start: f64, sign: f64, gap: impl Fn(f64) -> f64) -> Option<f64> {
    let mut near = start;
    let mut step = 1e-3;
    for _ in 0..400 {
        let far = near - sign * step;
        if gap(far) * sign <= 0.0 {
            let (mut inside, mut outside) = (near, far);
            for _ in 0..200 {
                let middle = 0.5 * (inside + outside);
                if middle == inside || middle == outside {
                    break;
                }
                if gap(middle) * sign <= 0.0 { outside = middle } else { inside = middle }
            }
            return Some(0.5 * (inside + outside));
        }
        near = far;
        step = f64::min(step * 1.2, 0.05);
    }
    None
}

/// The ratio with the Wald interval on the log scale, half an event added to each side (statsmodels' `wald-log`).
///
/// # Errors
/// Refused when the other has no events.
pub fn ratio_wald_log(pair: &Pair, confidence: Confidence) -> Outcome {
    other_has_events(pair)?;
    let [first, other] = [pair.events[0] + 0.5, pair.events[1] + 0.5];
    let centre = first / other / pair.exposure_ratio();
    let stretch = libm::exp(confidence.z() * libm::sqrt(1.0 / first + 1.0 / other));
    Estimate::new(pair.ratio(), (centre / stretch, centre * stretch), confidence, Method::RatioWaldLog, pair.rests_on())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_score_interval_that_no_ratio_leaves_is_open_and_the_peer_closes_it() {
        let few = Pair::new(5.0, 900.0, 12.0, 880.0).unwrap();
        assert_eq!(ratio_score_log(&few, Confidence::P95).unwrap().lower(), 0.0);
        let ((lower, _), open) = score_log_limits_of_peer(&few, Confidence::P95).unwrap();
        assert!(open && (lower - 0.0453823).abs() < 1e-7, "{lower}");
    }
}
