//! Would this area's rate still be high if its people were the same ages as everyone's?
//!
//! Direct standardisation weighs the area's own age-specific rates by a standard population; indirect standardisation
//! applies a reference's rates to the area's people and compares what was expected with what was seen (for areas too
//! small for age-specific rates of their own). Both refuse to pretend: a direct rate on fewer than ten events is
//! refused with its reason, not shown as blank.
//!
//! Sources: Dobson et al. 1991 with Byar's limits, as in the Fingertips technical guide; Fay and Feuer 1997 for the gamma
//! limits; Breslow and Day 1987 for indirect standardisation. Oracles: `dsr_byar_dobson`, `isr_smr`. For readers who are
//! not programmers: `methods/dsr_byar_dobson.md`, `methods/isr_smr.md`.

mod indirect;

pub use indirect::{Expected, expected, expected_for, indirect_rate, indirect_ratio};

use crate::estimate::{Confidence, Estimate, Method, Outcome, Refusal, RestsOn, check};
use crate::rate::{byar_lower, byar_upper};
use crate::special::{gamma_p_inverse, gamma_q_inverse, total};

/// A directly standardised rate needs at least so many events.
///
/// PHE's rule, from simulations by Morris and colleagues: under ten, the interval covers the truth less often than it
/// says. The figure is refused with this reason and not shown as blank.
pub const MINIMUM_EVENTS: f64 = 10.0;

/// The 2013 European Standard Population in 19 age bands: 0 to 4, 5 to 9, ..., 85 to 89, 90 and over; 100,000 in all.
///
/// Eurostat, Revision of the European Standard Population (2013). It is a convention, not a real population: rates
/// standardised to it compare with each other and with nothing else.
pub const EUROPEAN_STANDARD_2013: [f64; 19] = [
    5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0, 7000.0, 6500.0, 6000.0, 5500.0, 5000.0, 4000.0, 2500.0, 1500.0,
    1000.0,
];

/// One age band: its events, its people and its share of the standard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    events: f64,
    population: f64,
    standard: f64,
}

impl Stratum {
    /// A band with its events, population and standard population.
    ///
    /// # Errors
    /// Refused when events are negative, or a population is not above 0.
    pub fn new(events: f64, population: f64, standard: f64) -> Result<Self, Refusal> {
        check::not_negative("events", events)?;
        check::positive("population", population)?;
        check::positive("standard", standard)?;
        Ok(Stratum { events, population, standard })
    }
}

/// Bands from three lists, such as those of [`EUROPEAN_STANDARD_2013`].
///
/// # Errors
/// Refused when the lists differ in length, or a band is refused, which is named by its place.
pub fn strata(events: &[f64], populations: &[f64], standard: &[f64]) -> Result<Vec<Stratum>, Refusal> {
    check::lengths("events", events.len(), "populations", populations.len())?;
    check::lengths("events", events.len(), "standard", standard.len())?;
    check::each("events", events, check::not_negative)?;
    check::each("populations", populations, check::positive)?;
    check::each("standard", standard, check::positive)?;
    let bands = events.iter().zip(populations).zip(standard);
    Ok(bands.map(|((&events, &population), &standard)| Stratum { events, population, standard }).collect())
}

/// Which limits a directly standardised rate is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectLimits {
    /// Dobson's limits around Byar's: what OHID publishes.
    Dobson,
    /// The gamma limits of Fay and Feuer: never too narrow, and better below a hundred events.
    FayFeuer,
}

/// How a standardised rate is expressed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The rate is per so many people.
    pub multiplier: f64,
    /// How sure the interval is.
    pub confidence: Confidence,
    /// Which limits a direct rate is given.
    pub limits: DirectLimits,
}

impl Settings {
    /// A rate per 100,000 with OHID's limits.
    pub fn per_100_000(confidence: Confidence) -> Self {
        Settings { multiplier: 100_000.0, confidence, limits: DirectLimits::Dobson }
    }
}

/// The directly standardised rate of one area.
///
/// With weights w, counts x and people n: `sum(w x/n)/sum(w)`, variance `sum(w^2 x/n^2)/sum(w)^2`, and limits
/// `rate + sqrt(variance/X) (limit of X - X)` for the total count X.
///
/// # Errors
/// Refused with fewer than ten events in all, or with no bands.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, standardise::{self, Settings}};
///
/// let bands = standardise::strata(&[12., 30., 8.], &[10_000., 15_000., 12_000.], &[5000., 6000., 5500.]).unwrap();
/// let rate = standardise::direct(&bands, &Settings::per_100_000(Confidence::P95)).unwrap();
/// assert!((rate.value() - 131.313).abs() < 5e-4);
/// assert!((rate.lower() - 97.291).abs() < 5e-4);
/// assert!((rate.upper() - 173.327).abs() < 5e-4);
/// ```
pub fn direct(bands: &[Stratum], settings: &Settings) -> Outcome {
    direct_repeat(&[RepeatBands { events_each: 1.0, bands: bands.to_vec() }], settings)
}

/// The persons who had a given number of events each, by age band.
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatBands {
    /// How many events each of these persons had: 1, 2, 3, ...
    pub events_each: f64,
    /// Their number by band, as the band's events; population and standard as ever.
    pub bands: Vec<Stratum>,
}

/// The directly standardised rate of events that repeat on the same persons (repeat victims, repeat attenders).
///
/// Events on one person do not happen independently, so the variance of those who had f events counts f squared times:
/// `V = sum of f^2 V_f`, with V_f the variance of the rate of persons. Needs the number of persons by number of events.
///
/// # Errors
/// Refused with fewer than ten events in all, with no bands, or when population or standard differ between the lists.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, standardise::{self, RepeatBands, Settings}};
///
/// let (people, standard) = ([10_000., 15_000.], [6000., 5000.]);
/// let once = standardise::strata(&[10., 20.], &people, &standard).unwrap();
/// let twice = standardise::strata(&[3., 5.], &people, &standard).unwrap();
/// let lists = [RepeatBands { events_each: 1.0, bands: once }, RepeatBands { events_each: 2.0, bands: twice }];
/// let settings = Settings::per_100_000(Confidence::P95);
/// let repeated = standardise::direct_repeat(&lists, &settings).unwrap();
/// let as_if_independent =
///     standardise::direct(&standardise::strata(&[16., 30.], &people, &standard).unwrap(), &settings).unwrap();
/// assert!((repeated.value() - as_if_independent.value()).abs() < 1e-9);
/// assert!(repeated.upper() > as_if_independent.upper());
/// ```
pub fn direct_repeat(lists: &[RepeatBands], settings: &Settings) -> Outcome {
    check::positive("multiplier", settings.multiplier)?;
    let first = lists.first().map_or(&[][..], |list| &list.bands[..]);
    check::at_least("bands", first.len(), 1)?;
    for list in lists {
        check::positive("events_each", list.events_each)?;
        check::lengths("bands", first.len(), "bands of another list", list.bands.len())?;
        let differ = first.iter().zip(&list.bands).any(|(a, b)| a.population != b.population || a.standard != b.standard);
        if differ {
            return Err(Refusal::Degenerate { what: "population and standard must be the same in every list of the same area" });
        }
    }
    let weights = total(first.iter().map(|band| band.standard));
    let each = || lists.iter().flat_map(|list| list.bands.iter().map(|band| (list.events_each, *band)));
    let events = total(each().map(|(times, band)| times * band.events));
    let rate = total(each().map(|(times, band)| times * band.standard * band.events / band.population)) / weights;
    let variance = total(each().map(|(times, band)| {
        let weight = times * band.standard / band.population;
        weight * weight * band.events
    })) / (weights * weights);
    if events < MINIMUM_EVENTS {
        return Err(Refusal::TooFewEvents {
            events,
            minimum: MINIMUM_EVENTS,
            because: "A directly standardised rate on fewer has an interval that covers the truth less often than it says (PHE)",
        });
    }
    let z = settings.confidence.z();
    let (lower, upper, method) = match settings.limits {
        DirectLimits::Dobson => {
            let stretch = libm::sqrt(variance / events);
            let lower = rate + stretch * (byar_lower(events, z) - events);
            (f64::max(0.0, lower), rate + stretch * (byar_upper(events, z) - events), Method::Dobson)
        }
        DirectLimits::FayFeuer => {
            let largest = each().map(|(times, band)| times * band.standard / band.population / weights).fold(0.0, f64::max);
            let tail = settings.confidence.tail();
            let lower = gamma_p_inverse(rate * rate / variance, tail) * variance / rate;
            let (next, spread) = (rate + largest, variance + largest * largest);
            let upper = gamma_q_inverse(next * next / spread, tail) * spread / next;
            (lower, upper, Method::FayFeuer)
        }
    };
    let unit = settings.multiplier;
    Estimate::new(
        rate * unit,
        (lower * unit, upper * unit),
        settings.confidence,
        method,
        RestsOn { events, denominator: total(first.iter().map(|band| band.population)) },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate::{self, CountLimits};

    /// A table of bands (`events population standard` per line), and value, lower and upper to three decimals.
    fn check(table: &str, wanted: [f64; 3]) {
        let rows: Vec<Vec<f64>> = table
            .lines()
            .map(|line| line.split_whitespace().map(|word| word.parse().unwrap()).collect())
            .filter(|row: &Vec<f64>| !row.is_empty())
            .collect();
        let column = |at: usize| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
        let bands = strata(&column(0), &column(1), &column(2)).unwrap();
        let rate = direct(&bands, &Settings::per_100_000(Confidence::P95)).unwrap();
        for (found, wanted) in [rate.value(), rate.lower(), rate.upper()].iter().zip(wanted) {
            assert!((found - wanted).abs() < 5.1e-4, "{rate:?}");
        }
    }

    #[test]
    fn the_hand_made_example_of_three_bands() {
        check(
            "12 10000 5000
             30 15000 6000
              8 12000 5500",
            [131.313, 97.291, 173.327],
        );
    }

    #[test]
    fn equal_age_structures_leave_the_crude_rate_unchanged() {
        let bands = strata(&[10.0, 30.0], &[1000.0, 2000.0], &[5.0, 10.0]).unwrap();
        let settings = Settings::per_100_000(Confidence::P95);
        let rate = direct(&bands, &settings).unwrap();
        let crude = rate::crude(40.0, 3000.0, &rate::Settings::per_100_000(Confidence::P95)).unwrap();
        for (a, b) in [(rate.value(), crude.value()), (rate.lower(), crude.lower()), (rate.upper(), crude.upper())] {
            assert!((a / b - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn ten_events_are_accepted_and_nine_refused() {
        let settings = Settings::per_100_000(Confidence::P95);
        let of = |events: f64| direct(&strata(&[events, 3.0], &[1000.0, 1000.0], &[1.0, 2.0]).unwrap(), &settings);
        assert!(of(7.0).is_ok());
        let refusal = of(6.0).unwrap_err().to_string();
        assert!(refusal.starts_with("Too few events: 9, and at least 10 are needed."), "{refusal}");
    }

    #[test]
    fn a_band_without_people_is_named_by_its_place() {
        let refusal = strata(&[1.0, 2.0], &[10.0, 0.0], &[1.0, 1.0]).unwrap_err().to_string();
        assert!(refusal.contains("Value 2 of 'populations' is 0"), "{refusal}");
    }

    #[test]
    fn the_gamma_limits_are_exact_where_all_weights_are_equal() {
        let bands = strata(&[6.0, 8.0], &[1000.0, 1000.0], &[1.0, 1.0]).unwrap();
        let settings = Settings { limits: DirectLimits::FayFeuer, ..Settings::per_100_000(Confidence::P95) };
        let rate = direct(&bands, &settings).unwrap();
        let exact = rate::Settings { limits: CountLimits::Exact, ..rate::Settings::per_100_000(Confidence::P95) };
        let crude = rate::crude(14.0, 2000.0, &exact).unwrap();
        assert!((rate.lower() / crude.lower() - 1.0).abs() < 1e-12);
        assert!((rate.upper() / crude.upper() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_european_standard_has_a_hundred_thousand_people() {
        assert_eq!(EUROPEAN_STANDARD_2013.iter().sum::<f64>(), 100_000.0);
    }

    #[test]
    fn one_band_without_repeats_is_the_crude_rate_with_repeats() {
        let settings = Settings::per_100_000(Confidence::P95);
        let people = |count| strata(&[count], &[5000.0], &[1.0]).unwrap();
        let lists = [RepeatBands { events_each: 1.0, bands: people(20.0) }, RepeatBands { events_each: 4.0, bands: people(3.0) }];
        let standardised = direct_repeat(&lists, &settings).unwrap();
        let repeats = [rate::Repeat { events_each: 1.0, persons: 20.0 }, rate::Repeat { events_each: 4.0, persons: 3.0 }];
        let crude = rate::crude_repeat(&repeats, 5000.0, &rate::Settings::per_100_000(Confidence::P95)).unwrap();
        assert!((standardised.upper() / crude.upper() - 1.0).abs() < 1e-12);
        assert!((standardised.lower() / crude.lower() - 1.0).abs() < 1e-12);
    }
}
