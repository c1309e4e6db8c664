//! Do poorer places suffer more, and by how much? Deprivation groups, the slope index and the relative index.
//!
//! The slope index of inequality (SII) is the difference between the two ends of the social ladder, read off a line
//! fitted through all groups, and the relative index (RII) is their ratio. Definitions follow OHID's PHEindicatormethods;
//! the intervals are not simulated: the slope is linear in the groups' values, so its variance follows exactly. On the log
//! and logit scales the peer lets the line turn about a mean level that it takes as known; that is the default here, and
//! [`Uncertainty::SlopeAndLevel`] lets the level vary, too. Two runs agree to the last bit and the tails are right.
//!
//! Oracle: `sii_rii`. For readers who are not programmers: `methods/sii_rii.md`.

mod distribution;
mod line;

use crate::estimate::{Confidence, Estimate, Method, Refusal, RestsOn, check};
use crate::special::total;
use line::{Weights, back, fit, limits_by_slope, limits_of_lopsided, on_scale, rii_limits, sii_limits};

/// The fewest groups through which a slope is drawn (PHE).
pub const MINIMUM_GROUPS: usize = 5;
/// The most groups; more are areas, not groups (PHE).
pub const MAXIMUM_GROUPS: usize = 100;

/// Which end of the list is group 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The highest value: for scores, where a high score is deprived.
    HighestFirst,
    /// The lowest value: for ranks, where rank 1 is the most deprived.
    LowestFirst,
}

/// The group, from 1, of each value when the values are cut into `groups` of nearly equal size.
///
/// `group = (Q + 1) - ceil((N + 1 - rank) / (N / Q))` with equal values sharing the lowest of their ranks, as OHID does;
/// computed in whole numbers. Say beside the result whether the cut was national or within the area.
///
/// # Errors
/// Refused when a value is not finite, or there are fewer values than groups or fewer than two groups.
///
/// ```
/// use headwater_statistics::inequality::{Order, quantile_groups};
///
/// let ranks = [5.0, 1.0, 4.0, 2.0, 3.0, 6.0];
/// assert_eq!(quantile_groups(&ranks, 3, Order::LowestFirst).unwrap(), [3, 1, 2, 1, 2, 3]);
/// ```
pub fn quantile_groups(values: &[f64], groups: usize, order: Order) -> Result<Vec<usize>, Refusal> {
    check::each("values", values, check::finite)?;
    if groups < 2 {
        return Err(Refusal::argument("groups", groups as f64, "must be at least 2"));
    }
    check::at_least("values", values.len(), groups)?;
    let count = values.len();
    let sign = if order == Order::LowestFirst { 1.0 } else { -1.0 };
    let mut by_value: Vec<usize> = (0..count).collect();
    by_value.sort_by(|&a, &b| (sign * values[a]).total_cmp(&(sign * values[b])).then(a.cmp(&b)));
    let mut found = vec![0; count];
    let mut rank = 0;
    for (place, &at) in by_value.iter().enumerate() {
        if place == 0 || values[by_value[place - 1]] != values[at] {
            rank = place + 1;
        }
        let from_top = ((count + 1 - rank) * groups).div_ceil(count);
        found[at] = (groups + 1 - from_top).max(1);
    }
    Ok(found)
}

/// One group of the social ladder, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// People in the group.
    pub population: f64,
    /// The group's rate, proportion or mean.
    pub value: f64,
    /// Lower limit of its interval.
    pub lower: f64,
    /// Upper limit of its interval.
    pub upper: f64,
}

/// The scale on which the line is straight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The values as they are.
    Plain,
    /// Their logarithm: for rates.
    Log,
    /// Their log odds: for proportions from 0 to 1.
    Logit,
}

/// Which uncertainty the intervals carry after a log or logit transformation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertainty {
    /// That of the slope alone, turning about the mean level, which is taken as known: what PHEindicatormethods 2.1.0
    /// simulates, in closed form.
    Slope,
    /// That of slope and level together, by integration. Correct in principle; usually within a tenth of the other.
    SlopeAndLevel,
}

/// How the indices are computed and expressed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The scale of the line.
    pub scale: Scale,
    /// The unit: 100 for proportions in per cent; negative where a high value is good, which turns SII and RII round.
    pub multiplier: f64,
    /// How sure the intervals of SII and RII are.
    pub confidence: Confidence,
    /// How sure the groups' own intervals are.
    pub group_confidence: Confidence,
    /// The scale on which the groups' own intervals are symmetrical: the log scale for rates, the logit scale for
    /// proportions, plain for other values. Used with a plain line; otherwise the scale of the line is.
    pub group_scale: Scale,
    /// Which uncertainty the intervals carry on the log and logit scales.
    pub uncertainty: Uncertainty,
}

impl Settings {
    /// A rate on the log scale with 95 % intervals.
    pub fn for_rates() -> Self {
        Settings {
            scale: Scale::Log,
            multiplier: 1.0,
            confidence: Confidence::P95,
            group_confidence: Confidence::P95,
            group_scale: Scale::Log,
            uncertainty: Uncertainty::Slope,
        }
    }
}

/// The gradient of inequality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gradient {
    /// The slope index: the value at the top of the ladder minus the value at its foot.
    pub sii: Estimate,
    /// The relative index: the value at the top over the value at the foot.
    pub rii: Estimate,
    /// The value at the foot of the ladder, where the line begins.
    pub foot: f64,
}

/// SII and RII of groups given from the foot of the ladder upwards.
///
/// Each group sits at the middle of its share of the population; the line is fitted by least squares weighted by that
/// share. `sii` is negative when values fall up the ladder. It supposes a straight line on the chosen scale, and a few
/// small groups make it unstable: look at the bars, too.
///
/// # Errors
/// Refused with fewer than 5 or more than 100 groups, a population that is not above 0, limits that do not enclose the
/// value, values that the scale cannot take, or a fitted foot of 0 or less for the RII.
///
/// ```
/// use headwater_statistics::inequality::{Group, Settings, Scale, gradient};
///
/// // Five equal groups on a straight line from 90 to 50: the ends of the ladder are 95 and 45.
/// let groups: Vec<Group> = [90.0, 80.0, 70.0, 60.0, 50.0].iter()
///     .map(|&value| Group { population: 1000.0, value, lower: value - 5.0, upper: value + 5.0 }).collect();
/// let found = gradient(&groups, &Settings { scale: Scale::Plain, ..Settings::for_rates() }).unwrap();
/// assert!((found.sii.value() + 50.0).abs() < 1e-9);
/// assert!((found.rii.value() - 45.0 / 95.0).abs() < 1e-9);
/// ```
pub fn gradient(groups: &[Group], settings: &Settings) -> Result<Gradient, Refusal> {
    check_groups(groups, settings)?;
    let scaled: Vec<(f64, f64)> = groups.iter().map(|group| on_scale(group, settings.scale, settings)).collect();
    let weights = Weights::new(groups);
    let pair = fit(&weights, &scaled);
    let method = match (settings.scale, settings.uncertainty) {
        (Scale::Plain, _) | (_, Uncertainty::Slope) => Method::InequalitySlope,
        (Scale::Log | Scale::Logit, Uncertainty::SlopeAndLevel) => Method::InequalityQuadrature,
    };
    let foot = back(pair.foot, settings.scale);
    let head = back(pair.foot + pair.slope, settings.scale);
    if foot <= 0.0 || head <= 0.0 {
        return Err(Refusal::Degenerate {
            what: "the fitted line reaches 0 or less at one end of the ladder, so that there is no ratio; \
                   a log or logit scale avoids it",
        });
    }
    let tail = settings.confidence.tail();
    let (difference, ratio) = if settings.scale != Scale::Plain && settings.uncertainty == Uncertainty::Slope {
        limits_by_slope(&pair, settings)
    } else if settings.scale == Scale::Plain && settings.group_scale != Scale::Plain {
        limits_of_lopsided(&weights, groups, head / foot, settings)
    } else {
        (sii_limits(&pair, settings, tail), rii_limits(&pair, settings, tail)?)
    };
    let unit = settings.multiplier;
    let rests_on = RestsOn { events: groups.len() as f64, denominator: total(groups.iter().map(|group| group.population)) };
    let turn = |(low, high): (f64, f64)| {
        if unit < 0.0 { (high * unit, low * unit) } else { (low * unit, high * unit) }
    };
    let sii = Estimate::new((head - foot) * unit, turn(difference), settings.confidence, method, rests_on)?;
    let (value, limits) = if unit < 0.0 { (foot / head, (1.0 / ratio.1, 1.0 / ratio.0)) } else { (head / foot, ratio) };
    let rii = Estimate::new(value, limits, settings.confidence, method, rests_on)?;
    Ok(Gradient { sii, rii, foot: foot * libm::fabs(unit) })
}

/// Everything that must hold before a line is fitted.
fn check_groups(groups: &[Group], settings: &Settings) -> Result<(), Refusal> {
    check::at_least("groups", groups.len(), MINIMUM_GROUPS)?;
    if groups.len() > MAXIMUM_GROUPS {
        return Err(Refusal::argument("groups", groups.len() as f64, "must be at most 100"));
    }
    check::finite("multiplier", settings.multiplier)?;
    if settings.multiplier == 0.0 {
        return Err(Refusal::argument("multiplier", 0.0, "must not be 0"));
    }
    let scale = if settings.scale == Scale::Plain { settings.group_scale } else { settings.scale };
    let (low, high, must) = match scale {
        Scale::Plain => (f64::NEG_INFINITY, f64::INFINITY, "must be a finite number"),
        Scale::Log => (0.0, f64::INFINITY, "must be above 0 for the log scale"),
        Scale::Logit => (0.0, 1.0, "must lie between 0 and 1 for the logit scale"),
    };
    for (at, group) in groups.iter().enumerate() {
        let refuse = |name, found, must| Refusal::Argument { name, index: Some(at), found, must };
        if !(group.population.is_finite() && group.population > 0.0) {
            return Err(refuse("population", group.population, "must be a finite number above 0"));
        }
        for (name, found) in [("value", group.value), ("lower", group.lower), ("upper", group.upper)] {
            if !(found.is_finite() && found > low && found < high) {
                return Err(refuse(name, found, must));
            }
        }
        if !(group.lower <= group.value && group.value <= group.upper) {
            return Err(refuse("value", group.value, "must lie between its own limits"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(values: &[f64], width: f64) -> Vec<Group> {
        values.iter().map(|&value| Group { population: 500.0, value, lower: value * (1.0 - width), upper: value * (1.0 + width) }).collect()
    }

    #[test]
    fn equal_ranks_share_the_lowest_rank_of_their_tie() {
        let scores = [10.0, 10.0, 10.0, 40.0, 50.0, 60.0];
        assert_eq!(quantile_groups(&scores, 3, Order::LowestFirst).unwrap(), [1, 1, 1, 2, 3, 3]);
        assert_eq!(quantile_groups(&scores, 3, Order::HighestFirst).unwrap(), [2, 2, 2, 2, 1, 1]);
    }

    #[test]
    fn every_group_of_a_divisible_list_has_the_same_size() {
        let ranks: Vec<f64> = (1..=35).map(f64::from).collect();
        let groups = quantile_groups(&ranks, 5, Order::LowestFirst).unwrap();
        for group in 1..=5 {
            assert_eq!(groups.iter().filter(|g| **g == group).count(), 7);
        }
    }

    #[test]
    fn four_groups_are_too_few_and_limits_must_enclose_the_value() {
        let settings = Settings::for_rates();
        assert!(gradient(&ladder(&[4.0, 3.0, 2.0, 1.0], 0.1), &settings).is_err());
        let mut groups = ladder(&[5.0, 4.0, 3.0, 2.0, 1.0], 0.1);
        groups[2].lower = 3.5;
        let refusal = gradient(&groups, &settings).unwrap_err().to_string();
        assert!(refusal.contains("Value 3 of 'value' is 3"), "{refusal}");
    }

    #[test]
    fn a_flat_ladder_has_no_slope_and_a_ratio_of_one() {
        for scale in [Scale::Plain, Scale::Log, Scale::Logit] {
            let settings = Settings { scale, ..Settings::for_rates() };
            let found = gradient(&ladder(&[0.3; 6], 0.1), &settings).unwrap();
            assert!(found.sii.value().abs() < 1e-12 && (found.rii.value() - 1.0).abs() < 1e-12);
            assert!(found.sii.holds(0.0) && found.rii.holds(1.0), "{scale:?} {found:?}");
        }
    }

    #[test]
    fn the_slope_alone_and_slope_with_level_agree_roughly() {
        let groups = ladder(&[9.0, 8.0, 7.5, 6.0, 5.0], 0.1);
        let slope = gradient(&groups, &Settings::for_rates()).unwrap();
        let settings = Settings { uncertainty: Uncertainty::SlopeAndLevel, ..Settings::for_rates() };
        let both = gradient(&groups, &settings).unwrap();
        let width = |estimate: &Estimate| estimate.upper() - estimate.lower();
        assert!((width(&slope.sii) / width(&both.sii) - 1.0).abs() < 0.1, "{slope:?} {both:?}");
        assert!((width(&slope.rii) / width(&both.rii) - 1.0).abs() < 1e-12, "the log RII is the slope's alone");
        assert_eq!(both.sii.method(), Method::InequalityQuadrature);
    }

    #[test]
    fn a_negative_multiplier_turns_both_indices_round() {
        let groups = ladder(&[9.0, 8.0, 7.5, 6.0, 5.0], 0.1);
        let settings = Settings::for_rates();
        let as_is = gradient(&groups, &settings).unwrap();
        let turned = gradient(&groups, &Settings { multiplier: -1.0, ..settings }).unwrap();
        assert_eq!(turned.sii.value(), -as_is.sii.value());
        assert_eq!(turned.sii.lower(), -as_is.sii.upper());
        assert!((turned.rii.value() * as_is.rii.value() - 1.0).abs() < 1e-12);
        assert!(turned.rii.lower() < turned.rii.value() && turned.rii.value() < turned.rii.upper());
    }
}
