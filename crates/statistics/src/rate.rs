//! How many events for so many people? Crude rates with their exact or near-exact limits.
//!
//! Limits follow the Fingertips technical guide on confidence intervals (PHE 2018; APHO Technical Briefing 3, 2008):
//! exact Poisson limits under ten events, Byar's approximation from ten (Breslow and Day 1987), which is within 0.2 %
//! of exact there. [`CountLimits::Exact`] gives exact limits at any count. Both suppose that events happen
//! independently; where one person can be a victim several times, use [`crude_repeat`].
//!
//! Oracle: `rate_byar_exact`. For readers who are not programmers: `methods/rate_byar_exact.md`.

use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal, RestsOn, check};
use crate::special::{gamma_p_inverse, gamma_q_inverse, total};

/// From this count on, Byar's limits stand for the exact ones.
///
/// PHE's rule. Exact limits are used below it because the approximation errs by more than a printed digit there.
pub const BYAR_FROM: f64 = 10.0;

/// Which limits a count is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountLimits {
    /// Exact under ten events, Byar from ten: what OHID publishes.
    ExactThenByar,
    /// Exact at every count.
    Exact,
}

/// How a rate is expressed and how sure its interval is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The rate is per so many: 100,000 or 1,000 people.
    pub multiplier: f64,
    /// How sure the interval is.
    pub confidence: Confidence,
    /// Which limits.
    pub limits: CountLimits,
}

impl Settings {
    /// A rate per 100,000 with OHID's limits.
    pub fn per_100_000(confidence: Confidence) -> Self {
        Settings { multiplier: 100_000.0, confidence, limits: CountLimits::ExactThenByar }
    }

    /// A rate per 1,000 with OHID's limits.
    pub fn per_1_000(confidence: Confidence) -> Self {
        Settings { multiplier: 1_000.0, ..Self::per_100_000(confidence) }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check::positive("multiplier", self.multiplier)
    }
}

/// The crude rate of `events` in a `population` (or person-years): `events / population * multiplier`.
///
/// Events may be fractional, as they are after apportionment between areas. No events give a rate of 0 whose upper
/// limit says how high the truth may still be.
///
/// # Errors
/// Refused when events are negative or not finite, or the population is not above 0.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, rate::{self, Settings}};
///
/// // 5 events: exact limits 1.623 and 11.668, in 12,000 people.
/// let rate = rate::crude(5.0, 12_000.0, &Settings::per_100_000(Confidence::P95)).unwrap();
/// assert!((rate.lower() - 1.623 / 0.12).abs() < 0.01);
/// assert!((rate.upper() - 11.668 / 0.12).abs() < 0.01);
/// assert!(rate::crude(5.0, 0.0, &Settings::per_100_000(Confidence::P95)).is_err());
/// ```
pub fn crude(events: f64, population: f64, settings: &Settings) -> Outcome {
    check::not_negative("events", events)?;
    check::positive("population", population)?;
    settings.check()?;
    let (lower, upper, method) = count_limits(events, settings.confidence, settings.limits);
    let unit = settings.multiplier / population;
    Estimate::new(
        events / population * settings.multiplier,
        (lower * unit, upper * unit),
        settings.confidence,
        method,
        RestsOn { events, denominator: population },
    )
}

/// A count with its limits: a rate of one for one.
///
/// # Errors
/// Refused when events are negative or not finite.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, rate};
///
/// let count = rate::count(0.0, Confidence::P95).unwrap();
/// assert_eq!(count.lower(), 0.0);
/// assert!((count.upper() - 3.689).abs() < 5e-4); // "the rule of three", exactly
/// ```
pub fn count(events: f64, confidence: Confidence) -> Outcome {
    crude(events, 1.0, &Settings { multiplier: 1.0, confidence, limits: CountLimits::ExactThenByar })
}

/// Persons to whom an event happened a given number of times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeat {
    /// How many events each of these persons had: 1, 2, 3, ...
    pub events_each: f64,
    /// How many such persons there are.
    pub persons: f64,
}

/// The crude rate of events that repeat on the same persons, with an interval wide enough for it.
///
/// Five assaults on one person are less evidence than five on five. With `x_f` persons who had `f` events each, the
/// variance of the count is the sum of `f^2 x_f` instead of the sum of `f x_f`, and the limits are stretched by the
/// root of their ratio (Dobson's form; the same as a directly standardised rate with one age group).
///
/// # Errors
/// Refused when a number is negative or not finite, or the population is not above 0.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, rate::{self, Repeat, Settings}};
///
/// let settings = Settings::per_100_000(Confidence::P95);
/// let once = [Repeat { events_each: 1.0, persons: 40.0 }];
/// let often = [Repeat { events_each: 1.0, persons: 10.0 }, Repeat { events_each: 3.0, persons: 10.0 }];
/// let single = rate::crude_repeat(&once, 10_000.0, &settings).unwrap();
/// let repeated = rate::crude_repeat(&often, 10_000.0, &settings).unwrap();
/// assert_eq!(single.value(), repeated.value());
/// assert!(repeated.upper() > single.upper());
/// ```
pub fn crude_repeat(repeats: &[Repeat], population: f64, settings: &Settings) -> Outcome {
    check::positive("population", population)?;
    settings.check()?;
    for repeat in repeats {
        check::positive("events_each", repeat.events_each)?;
        check::not_negative("persons", repeat.persons)?;
    }
    let events = total(repeats.iter().map(|r| r.events_each * r.persons));
    let variance = total(repeats.iter().map(|r| r.events_each * r.events_each * r.persons));
    let (lower, upper, method) = count_limits(events, settings.confidence, settings.limits);
    let stretch = if events > 0.0 { libm::sqrt(variance / events) } else { 1.0 };
    let method = if stretch == 1.0 { method } else { Method::RepeatEvents };
    let unit = settings.multiplier / population;
    let below = f64::max(0.0, events + stretch * (lower - events));
    let above = events + stretch * (upper - events);
    Estimate::new(
        events / population * settings.multiplier,
        (below * unit, above * unit),
        settings.confidence,
        method,
        RestsOn { events, denominator: population },
    )
}

/// The limits of a count and the method that made them. The count has been checked.
pub(crate) fn count_limits(events: f64, confidence: Confidence, limits: CountLimits) -> (f64, f64, Method) {
    if limits == CountLimits::Exact || events < BYAR_FROM {
        (exact_lower(events, confidence.tail()), exact_upper(events, confidence.tail()), Method::ExactPoisson)
    } else {
        (byar_lower(events, confidence.z()), byar_upper(events, confidence.z()), Method::Byar)
    }
}

/// The mean under which so many events or more have the chance `tail`: P(events, mean) = tail.
pub(crate) fn exact_lower(events: f64, tail: f64) -> f64 {
    if events == 0.0 { 0.0 } else { gamma_p_inverse(events, tail) }
}

/// The mean under which so many events or fewer have the chance `tail`: Q(events + 1, mean) = tail.
pub(crate) fn exact_upper(events: f64, tail: f64) -> f64 {
    gamma_q_inverse(events + 1.0, tail)
}

/// Byar's lower limit of a count above 0; never below 0.
pub(crate) fn byar_lower(events: f64, z: f64) -> f64 {
    let root = 1.0 - 1.0 / (9.0 * events) - z / (3.0 * libm::sqrt(events));
    f64::max(0.0, events * root * root * root)
}

/// Byar's upper limit of a count.
pub(crate) fn byar_upper(events: f64, z: f64) -> f64 {
    let next = events + 1.0;
    let root = 1.0 - 1.0 / (9.0 * next) + z / (3.0 * libm::sqrt(next));
    next * root * root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events and confidence, then the limits to two decimals as the Fingertips guide's formulae give them.
    fn check(table: &str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let numbers: Vec<f64> = line.split_whitespace().map(|n| n.parse().unwrap()).collect();
            let [events, confidence, lower, upper] = numbers[..] else { panic!("{line}") };
            let found = count(events, Confidence::new(confidence).unwrap()).unwrap();
            let close = |found: f64, wanted: f64| (found - wanted).abs() <= 0.0051;
            assert!(close(found.lower(), lower) && close(found.upper(), upper), "{line}: {found:?}");
        }
    }

    #[test]
    fn limits_of_counts_are_those_of_the_fingertips_guide() {
        check(
            "   0 0.95     0       3.689
                1 0.95     0.025   5.572
                5 0.95     1.623  11.668
                9 0.95     4.115  17.085
               10 0.95     4.79   18.39
               21 0.95    12.99   32.10
               21 0.998    9.58   39.42
               39 0.95    27.73   53.32
              258 0.95   227.47  291.48
             1327 0.95  1256.55 1400.37",
        );
    }

    #[test]
    fn byar_is_within_a_fifth_of_a_percent_of_exact_from_ten_events() {
        for events in [10.0, 11.0, 25.0, 100.0, 1000.0] {
            let tail = Confidence::P95.tail();
            let z = Confidence::P95.z();
            assert!((byar_lower(events, z) / exact_lower(events, tail) - 1.0).abs() < 0.002);
            assert!((byar_upper(events, z) / exact_upper(events, tail) - 1.0).abs() < 0.002);
        }
    }

    #[test]
    fn the_method_changes_at_ten_events_and_is_named() {
        assert_eq!(count(9.0, Confidence::P95).unwrap().method(), Method::ExactPoisson);
        assert_eq!(count(10.0, Confidence::P95).unwrap().method(), Method::Byar);
    }

    #[test]
    fn fractional_events_have_limits_between_their_neighbours() {
        let at = |events| count(events, Confidence::P95).unwrap();
        assert!(at(4.0).lower() < at(4.5).lower() && at(4.5).lower() < at(5.0).lower());
    }

    #[test]
    fn negative_events_and_empty_populations_are_refused_by_name() {
        let settings = Settings::per_100_000(Confidence::P95);
        let refused = crude(-1.0, 10.0, &settings).unwrap_err().to_string();
        assert!(refused.contains("'events' is -1"), "{refused}");
        let refused = crude(1.0, 0.0, &settings).unwrap_err().to_string();
        assert!(refused.contains("'population' is 0"), "{refused}");
        assert!(crude(f64::INFINITY, 10.0, &settings).is_err());
    }
}
