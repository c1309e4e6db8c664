//! A number that is fit to be shown: value, interval, method and what it rests on; or a refusal with its reason.
//!
//! A bare float says nothing about how sure we are, so no public function here hands out one where an interval exists.

pub(crate) mod check;
mod refusal;

use std::fmt;

pub use refusal::Refusal;

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
            Err(Refusal::argument("confidence", share, "must be at least 0.5 and below 1 (0.95 for 95 %)"))
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
    /// Cohen's kappa with its large-sample variance.
    CohenKappa,
    /// Krippendorff's alpha with limits from draws of the units.
    KrippendorffAlpha,
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
            Method::InequalityQuadrature => "weighted least squares after transformation, quadrature",
            Method::ChanceBaseline => "equal risk everywhere",
            Method::QuasiPoisson => "quasi-Poisson log-linear trend",
            Method::SeasonalIndex => "month-of-year index",
            Method::CohenKappa => "Cohen's kappa, large-sample variance",
            Method::KrippendorffAlpha => "Krippendorff's alpha, units drawn again",
        }
    }

    /// The name of the page in `methods/` that explains it, without `.md`.
    pub fn page(self) -> &'static str {
        match self {
            Method::ExactPoisson | Method::Byar | Method::RepeatEvents => "rate_byar_exact",
            Method::Wilson => "wilson",
            Method::Dobson | Method::FayFeuer => "dsr_byar_dobson",
            Method::IndirectExact | Method::IndirectByar => "isr_smr",
            Method::RatioScore | Method::RatioScoreLog | Method::RatioExact | Method::RatioWaldLog | Method::DifferenceRecovered => "rate_ratio",
            Method::InequalitySlope | Method::InequalityQuadrature => "sii_rii",
            Method::ChanceBaseline => "gini_sparse",
            Method::QuasiPoisson => "trend",
            Method::SeasonalIndex => "season",
            Method::CohenKappa | Method::KrippendorffAlpha => "agreement",
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
    pub(crate) fn new(value: f64, (lower, upper): (f64, f64), confidence: Confidence, method: Method, rests_on: RestsOn) -> Outcome {
        if !value.is_finite() || lower.is_nan() || upper.is_nan() {
            return Err(Refusal::Degenerate { what: "the numbers are too large or too small for this method" });
        }
        Ok(Estimate { value, lower, upper, confidence, method, rests_on })
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
        Estimate { value: self.value * factor, lower: self.lower * factor, upper: self.upper * factor, ..*self }
    }
}

/// An estimate or the reason why there is none.
pub type Outcome = Result<Estimate, Refusal>;

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
        assert_eq!(refusal, "The argument 'confidence' is 95; it must be at least 0.5 and below 1 (0.95 for 95 %).");
    }

    #[test]
    fn a_bad_value_in_a_list_is_named_by_its_place() {
        let refusal = check::each("events", &[1.0, f64::NAN], check::not_negative).unwrap_err();
        assert!(refusal.to_string().starts_with("Value 2 of 'events' is NaN"));
    }
}
