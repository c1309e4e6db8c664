//! A number that is fit to be shown: value, interval, method and what it rests on; or a refusal with its reason.
//!
//! A bare float says nothing about how sure we are, so no public function here hands out one where an interval exists.

use std::fmt;

/// How sure an interval is to hold the truth, in the long run: 0.95 or 0.998 as a rule.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// 95 %: the interval that is printed.
    pub const P95: Confidence = Confidence(0.95);
    /// 99.8 %: the interval that raises an alarm (about three standard deviations).
    pub const P99_8: Confidence = Confidence(0.998);

    /// A confidence of at least one half and below one, as a share (0.95, not 95).
    ///
    /// # Errors
    /// A [`Refusal::Argument`] outside that range.
    pub fn new(share: f64) -> Result<Self, Refusal> {
        if (0.5..1.0).contains(&share) {
            Ok(Confidence(share))
        } else {
            Err(Refusal::argument(
                "confidence",
                share,
                "must be at least 0.5 and below 1 (0.95 for 95 %)",
            ))
        }
    }

    /// The confidence as a share.
    pub fn share(self) -> f64 {
        self.0
    }

    /// The chance left in each of the two tails.
    pub fn tail(self) -> f64 {
        // 1 - 0.998 is not 0.002 in binary; the peers form the tail this way and so must we, to the last digits.
        (1.0 - self.0) / 2.0
    }

    /// The normal quantile that belongs to it: 1.96 for 95 %.
    pub fn z(self) -> f64 {
        crate::special::normal_quantile(self.0 + self.tail())
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = libm::round(self.0 * 1e6) / 1e4;
        write!(f, "{percent} %")
    }
}

/// The method by which an interval was made. Its page in `methods/` is named by [`Method::page`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Exact Poisson limits, by the inverse of the incomplete gamma function.
    ExactPoisson,
    /// Byar's approximation to the exact Poisson limits.
    Byar,
    /// Limits of a count whose events come in clusters (repeat victims), after Dobson.
    RepeatEvents,
    /// Wilson's score interval of a proportion.
    Wilson,
    /// Directly standardised rate with Dobson's limits around Byar's.
    Dobson,
    /// Directly standardised rate with the gamma limits of Fay and Feuer.
    FayFeuer,
    /// Indirectly standardised, exact Poisson limits.
    IndirectExact,
    /// Indirectly standardised, Byar's limits.
    IndirectByar,
    /// Score interval of a ratio of two rates.
    RatioScore,
    /// Score interval of a ratio of two rates on the log scale.
    RatioScoreLog,
    /// Exact conditional interval of a ratio of two rates (Clopper and Pearson).
    RatioExact,
    /// Wald interval of a ratio of two rates on the log scale.
    RatioWaldLog,
    /// Interval of a difference of two rates from the limits of each (Zou and Donner).
    DifferenceRecovered,
    /// Slope or relative index of inequality, variance propagated in closed form.
    InequalitySlope,
    /// The same by numerical integration after a log or logit transformation.
    InequalityQuadrature,
    /// Expected under chance alone: every place with the same risk.
    ChanceBaseline,
    /// Log-linear trend with over-dispersion estimated from the series.
    QuasiPoisson,
    /// Mean of month-of-year ratios with over-dispersion estimated from the series.
    SeasonalIndex,
}

impl Method {
    /// The method's name as it is printed beside a number.
    pub fn name(self) -> &'static str {
        match self {
            Method::ExactPoisson => "exact Poisson",
            Method::Byar => "Byar",
            Method::RepeatEvents => "Byar, widened for repeat events",
            Method::Wilson => "Wilson score",
            Method::Dobson => "Dobson with Byar limits",
            Method::FayFeuer => "Fay-Feuer gamma",
            Method::IndirectExact => "indirect standardisation, exact Poisson",
            Method::IndirectByar => "indirect standardisation, Byar",
            Method::RatioScore => "score",
            Method::RatioScoreLog => "score, log scale",
            Method::RatioExact => "exact conditional",
            Method::RatioWaldLog => "Wald, log scale",
            Method::DifferenceRecovered => "limits recovered from the two rates",
            Method::InequalitySlope => "weighted least squares, closed form",
            Method::InequalityQuadrature => {
                "weighted least squares after transformation, quadrature"
            }
            Method::ChanceBaseline => "equal risk everywhere",
            Method::QuasiPoisson => "quasi-Poisson log-linear trend",
            Method::SeasonalIndex => "month-of-year index",
        }
    }

    /// The name of the page in `methods/` that explains it, without `.md`.
    pub fn page(self) -> &'static str {
        match self {
            Method::ExactPoisson | Method::Byar | Method::RepeatEvents => "rate_byar_exact",
            Method::Wilson => "wilson",
            Method::Dobson | Method::FayFeuer => "dsr_byar_dobson",
            Method::IndirectExact | Method::IndirectByar => "isr_smr",
            Method::RatioScore
            | Method::RatioScoreLog
            | Method::RatioExact
            | Method::RatioWaldLog
            | Method::DifferenceRecovered => "rate_ratio",
            Method::InequalitySlope | Method::InequalityQuadrature => "sii_rii",
            Method::ChanceBaseline => "gini_sparse",
            Method::QuasiPoisson => "trend",
            Method::SeasonalIndex => "season",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a number rests on: the events counted and the denominator they were set against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestsOn {
    /// Events (or points of a series, where there are none); may be fractional after apportionment.
    pub events: f64,
    /// Population, trials, expected events or exposure: whatever the events were divided by.
    pub denominator: f64,
}

/// A value with its interval, its method and what it rests on.
///
/// ```
/// use headwater_statistics::{estimate::Confidence, rate};
///
/// let settings = rate::Settings::per_100_000(Confidence::P95);
/// let robbery = rate::crude(25.0, 50_000.0, &settings).unwrap();
/// assert_eq!(robbery.value(), 50.0);
/// assert!(robbery.lower() < 50.0 && robbery.upper() > 50.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    value: f64,
    lower: f64,
    upper: f64,
    confidence: Confidence,
    method: Method,
    rests_on: RestsOn,
}

impl Estimate {
    /// Put an estimate together; the crate's own functions do, and nobody else can.
    ///
    /// A value that is not finite is refused here, so that no caller can meet one.
    pub(crate) fn new(
        value: f64,
        (lower, upper): (f64, f64),
        confidence: Confidence,
        method: Method,
        rests_on: RestsOn,
    ) -> Outcome {
        if !value.is_finite() || lower.is_nan() || upper.is_nan() {
            return Err(Refusal::Degenerate {
                what: "the numbers are too large or too small for this method",
            });
        }
        Ok(Estimate {
            value,
            lower,
            upper,
            confidence,
            method,
            rests_on,
        })
    }

    /// The value, in the unit of the function that made it.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The lower limit of the interval.
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// The upper limit of the interval; may be infinite for a ratio to nothing.
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// How sure the interval is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// How the interval was made.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The counts behind the value.
    pub fn rests_on(&self) -> RestsOn {
        self.rests_on
    }

    /// Whether `other` lies inside the interval, limits included.
    pub fn holds(&self, other: f64) -> bool {
        (self.lower..=self.upper).contains(&other)
    }

    /// The same estimate in another unit: value and limits times `factor` (above 0).
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Estimate {
            value: self.value * factor,
            lower: self.lower * factor,
            upper: self.upper * factor,
            ..*self
        }
    }
}

/// Why there is no number, as something a program can match and a person can read.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// An argument is not a number that the method can use.
    Argument {
        /// The argument's name.
        name: &'static str,
        /// Its place in the list, from 0, where it is a list.
        index: Option<usize>,
        /// What was found.
        found: f64,
        /// What it must be.
        must: &'static str,
    },
    /// Two lists that belong together have different lengths.
    Lengths {
        /// The first list's name.
        left: &'static str,
        /// Its length.
        left_length: usize,
        /// The second list's name.
        right: &'static str,
        /// Its length.
        right_length: usize,
    },
    /// Too few events for the method to be trusted.
    TooFewEvents {
        /// How many there are.
        events: f64,
        /// How many the method needs.
        minimum: f64,
        /// Who says so, and what would be wrong.
        because: &'static str,
    },
    /// Too few points, months, areas or groups.
    TooFewPoints {
        /// What is counted: "months", "groups".
        unit: &'static str,
        /// How many there are.
        points: usize,
        /// How many the method needs.
        minimum: usize,
    },
    /// The numbers allow no answer: no variation, a division by nothing.
    Degenerate {
        /// What is wrong, as the end of the sentence "No answer: ...".
        what: &'static str,
    },
    /// The wrong chart for these numbers; another is named.
    WrongChart {
        /// Why this one misleads.
        because: String,
        /// Which chart to use.
        instead: &'static str,
    },
}

impl Refusal {
    /// An argument that cannot be used.
    pub(crate) fn argument(name: &'static str, found: f64, must: &'static str) -> Self {
        Refusal::Argument {
            name,
            index: None,
            found,
            must,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Argument {
                name,
                index: None,
                found,
                must,
            } => {
                write!(f, "The argument '{name}' is {found}; it {must}.")
            }
            Refusal::Argument {
                name,
                index: Some(index),
                found,
                must,
            } => {
                write!(
                    f,
                    "Value {} of '{name}' is {found}; each {must}.",
                    index + 1
                )
            }
            Refusal::Lengths {
                left,
                left_length,
                right,
                right_length,
            } => write!(
                f,
                "The list '{left}' has {left_length} values and '{right}' has {right_length}; they belong together one by one and must be equally many."
            ),
            Refusal::TooFewEvents {
                events,
                minimum,
                because,
            } => {
                write!(
                    f,
                    "Too few events: {events}, and at least {minimum} are needed. {because}."
                )
            }
            Refusal::TooFewPoints {
                unit,
                points,
                minimum,
            } => {
                write!(
                    f,
                    "Too few {unit}: {points}, and at least {minimum} are needed."
                )
            }
            Refusal::Degenerate { what } => write!(f, "No answer: {what}."),
            Refusal::WrongChart { because, instead } => {
                write!(f, "{because} Use {instead} instead.")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// An estimate or the reason why there is none.
pub type Outcome = Result<Estimate, Refusal>;

/// The checks that every module makes of what it is given.
pub(crate) mod check {
    use super::Refusal;

    /// Finite and not negative.
    pub(crate) fn not_negative(name: &'static str, value: f64) -> Result<(), Refusal> {
        if value.is_finite() && value >= 0.0 {
            Ok(())
        } else {
            Err(Refusal::argument(
                name,
                value,
                "must be a finite number that is not negative",
            ))
        }
    }

    /// Finite and above zero.
    pub(crate) fn positive(name: &'static str, value: f64) -> Result<(), Refusal> {
        if value.is_finite() && value > 0.0 {
            Ok(())
        } else {
            Err(Refusal::argument(
                name,
                value,
                "must be a finite number above 0",
            ))
        }
    }

    /// Finite.
    pub(crate) fn finite(name: &'static str, value: f64) -> Result<(), Refusal> {
        if value.is_finite() {
            Ok(())
        } else {
            Err(Refusal::argument(name, value, "must be a finite number"))
        }
    }

    /// One check for each value of a list; the refusal says which value failed.
    pub(crate) fn each(
        name: &'static str,
        values: &[f64],
        check: fn(&'static str, f64) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        for (at, &value) in values.iter().enumerate() {
            check(name, value).map_err(|refusal| match refusal {
                Refusal::Argument {
                    name, found, must, ..
                } => Refusal::Argument {
                    name,
                    index: Some(at),
                    found,
                    must,
                },
                other => other,
            })?;
        }
        Ok(())
    }

    /// Two lists that belong together are equally long.
    pub(crate) fn lengths(
        left: &'static str,
        left_length: usize,
        right: &'static str,
        right_length: usize,
    ) -> Result<(), Refusal> {
        if left_length == right_length {
            Ok(())
        } else {
            Err(Refusal::Lengths {
                left,
                left_length,
                right,
                right_length,
            })
        }
    }

    /// At least so many points.
    pub(crate) fn at_least(
        unit: &'static str,
        points: usize,
        minimum: usize,
    ) -> Result<(), Refusal> {
        if points >= minimum {
            Ok(())
        } else {
            Err(Refusal::TooFewPoints {
                unit,
                points,
                minimum,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_confidences_have_the_usual_quantiles() {
        assert!((Confidence::P95.z() - 1.959963984540054).abs() < 1e-14);
        assert!((Confidence::P99_8.z() - 3.090232306167813).abs() < 1e-13);
        assert_eq!(Confidence::P99_8.to_string(), "99.8 %");
    }

    #[test]
    fn a_confidence_of_95_is_refused_in_a_sentence() {
        let refusal = Confidence::new(95.0).unwrap_err().to_string();
        assert_eq!(
            refusal,
            "The argument 'confidence' is 95; it must be at least 0.5 and below 1 (0.95 for 95 %)."
        );
    }

    #[test]
    fn a_bad_value_in_a_list_is_named_by_its_place() {
        let refusal = check::each("events", &[1.0, f64::NAN], check::not_negative).unwrap_err();
        assert!(
            refusal
                .to_string()
                .starts_with("Value 2 of 'events' is NaN")
        );
    }
}
