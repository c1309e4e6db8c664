//! How an indicator moved: the last year against the one before, and the trend over the whole period.

use crate::definition::Indicator;
use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::exhibit::{rate_per_1_000, refilled, treated, treated_series};
use crate::needs_assessment::finding::Ranked;
use headwater_release::{Certainty, Finding, Passage, Target, Treated, Value, derive_rows};
use headwater_statistics::estimate::{Confidence, Refusal};
use headwater_statistics::trend::{SEASON_MONTHS, SuddenSettings, per_year, sudden_changes, year_on_year};

/// A change in per cent with its interval.
pub(super) struct Change {
    percent: [Value; 3],
    /// How far the interval limit nearer to "no change" is from it, as a ratio; 1 where the interval holds it.
    nearer: f64,
}

/// Both changes of an indicator, or why one could not be worked out.
pub(super) struct Changes {
    pub on_the_year_before: Result<Change, String>,
    a_year: Result<Change, String>,
    /// Whether the level stepped from one month to the next within the last two years.
    stepped: bool,
}

impl Changes {
    pub fn of(setting: &Setting<'_>, scope: &Scope, indicator: &Indicator) -> Self {
        let series = setting.series(scope, &indicator.crime_types);
        let inputs = treated_series(&series);
        let from = series.len().saturating_sub(24);
        let days: Vec<f64> = setting.counted.months.iter().map(|month| f64::from(month.days())).collect();
        let first = usize::from(setting.ask.period.first().month());
        let comparable = |known: &[u64]| setting.comparable(&refilled(&series, known));
        let stepped = derive_rows(&inputs, |known, _| {
            let found = sudden_changes(&comparable(known), &SuddenSettings::default()).map_err(|refusal| refusal.to_string())?;
            Ok(if found.steps.iter().any(|step| step.at > from) { vec![vec![]] } else { vec![] })
        });
        let a_year = if series.len() > SEASON_MONTHS {
            Change::derive(&inputs, |known| {
                let trend = per_year(&comparable(known), Some(&days), first, Confidence::P95)?.percent_a_year;
                Ok([trend.value(), trend.lower(), trend.upper()])
            })
        } else {
            Err("the period is no longer than two years".to_owned())
        };
        Self {
            on_the_year_before: Change::derive(&inputs, |known| {
                let counts = comparable(known);
                let (value, lower, upper) = year_on_year(&counts[from..], Some(&days[from..]), Confidence::P95)?.percent();
                Ok([value, lower, upper])
            }),
            a_year,
            stepped: stepped.is_ok_and(|steps| !steps.is_empty()),
        }
    }

    /// How much there is and how it moved, in a sentence.
    pub fn sentence(&self, setting: &Setting<'_>, scope: &Scope, indicator: &Indicator) -> Passage {
        let year = setting.last_year();
        let n = setting.total(scope, &indicator.crime_types, year);
        let rate = rate_per_1_000(n, setting.residents_of(scope), setting.counted.n_supplied(year));
        let passage = Passage::new()
            .name(indicator.name.clone())
            .say(": ")
            .strong(Value::count(treated(n)).shown())
            .say(" in ")
            .name(year.name())
            .say(", ")
            .value(&rate.value)
            .say(" per 1,000 residents (95 % interval ")
            .value(&rate.lower)
            .say(" to ")
            .value(&rate.upper)
            .say(")");
        let passage = match &self.on_the_year_before {
            Ok(change) => passage.say("; ").then(change.words()).say(" on the twelve months before"),
            Err(reason) => passage.say("; no comparison with the year before: ").name(reason.clone()),
        };
        match &self.a_year {
            Ok(change) => passage.say("; over the whole period ").then(change.words()).say(" a year."),
            Err(_) => passage.say("."),
        }
    }

    /// What chance does not explain.
    pub fn findings(&self, setting: &Setting<'_>, scope: &Scope, indicator: &Indicator, slug: &str) -> Vec<Ranked> {
        let year = setting.last_year();
        let n = Value::count(treated(setting.total(scope, &indicator.crime_types, year)));
        let (certainty, why) = if self.stepped {
            (Certainty::Low, "The level changed from one month to the next, as it does when recording changes.")
        } else {
            (Certainty::Moderate, "One source; recorded crime follows reporting and recording as well as violence.")
        };
        let begin = |change: &Change| Passage::new().name(indicator.name.clone()).say(" is ").then(change.words());
        let on_the_year_before = self.on_the_year_before.iter().map(|change| {
            (change, begin(change).say(" in ").name(year.name()).say(" on the year before, at ").value(&n).say(" recorded (police.uk)."))
        });
        let a_year = self.a_year.iter().map(|change| {
            (
                change,
                begin(change)
                    .say(" a year over ")
                    .name(setting.ask.period.name())
                    .say(", at ")
                    .value(&n)
                    .say(" recorded in the last twelve months (police.uk)."),
            )
        });
        on_the_year_before
            .chain(a_year)
            .filter(|(change, _)| change.nearer > 1.0)
            .map(|(change, statement)| Ranked {
                ratio: change.nearer,
                topic: format!("trend {}", indicator.id),
                finding: Finding { statement, certainty, why: Passage::new().say(why), exhibit: Target::Figure(slug.to_owned()) },
            })
            .collect()
    }
}

impl Change {
    fn derive(inputs: &[Treated], formula: impl FnOnce(&[u64]) -> Result<[f64; 3], Refusal>) -> Result<Self, String> {
        let mut nearer = 1.0;
        let rows = derive_rows(inputs, |known, derived| {
            let percent = formula(known).map_err(|refusal| refusal.to_string())?;
            let [lower, upper] = [percent[1], percent[2]].map(|p| 1.0 + p / 100.0);
            nearer = if lower > 1.0 {
                lower
            } else if upper < 1.0 {
                1.0 / upper.max(0.001)
            } else {
                1.0
            };
            Ok(vec![percent.map(|p| derived.number(p, 1)).to_vec()])
        })
        .map_err(|gap| gap.reason().unwrap_or("a count is hidden").to_owned())?;
        let percent = rows.into_iter().next().and_then(|row| row.try_into().ok()).ok_or("no change could be worked out")?;
        Ok(Self { percent, nearer })
    }

    /// "up 12.0 % (7.1 to 17.3)", "down …", "no clear change (-3.0 %, -7.0 to 1.2)".
    pub fn words(&self) -> Passage {
        let [value, lower, upper] = &self.percent;
        let (low, high) = (lower.as_number().unwrap_or(0.0), upper.as_number().unwrap_or(0.0));
        if low > 0.0 {
            Passage::new().say("up ").value(value).say(" % (").value(lower).say(" to ").value(upper).say(")")
        } else if high < 0.0 {
            Passage::new()
                .say("down ")
                .value(&value.without_sign())
                .say(" % (")
                .value(&upper.without_sign())
                .say(" to ")
                .value(&lower.without_sign())
                .say(")")
        } else {
            Passage::new().say("no clear change (").value(value).say(" %, ").value(lower).say(" to ").value(upper).say(")")
        }
    }
}
