//! `trend`, `season` and `sudden_changes`: methods with no oracle file, in a shape of their own.
//!
//! Inputs: `counts` (a list; `null` is a gap), `first_month` (1 to 12; 1 if not given), `exposures` (days, say) and
//! `confidence` if wanted.

use headwater_statistics::estimate::{Estimate, Refusal};
use headwater_statistics::season as seasons;
use headwater_statistics::trend::{self, SuddenSettings};
use serde_json::{Value, json};

use super::answer::{Answer, number};
use super::inputs::Inputs;

struct Months {
    counts: Vec<Option<f64>>,
    exposures: Option<Vec<f64>>,
    first_month: usize,
    confidence: headwater_statistics::estimate::Confidence,
}

impl Months {
    fn read(inputs: &Inputs) -> Result<Self, String> {
        Ok(Months {
            counts: inputs.numbers_or_gaps("counts")?,
            exposures: inputs.optional_numbers("exposures")?,
            first_month: inputs.number_or("first_month", 1.0)? as usize,
            confidence: inputs.confidences(&[0.95])?[0],
        })
    }
}

fn interval(found: &Estimate) -> Value {
    json!({ "value": number(found.value()), "lowercl": number(found.lower()), "uppercl": number(found.upper()) })
}

/// Set a value or its refusal.
fn put<T>(answer: &mut Answer, key: &str, found: Result<T, Refusal>, show: impl FnOnce(T) -> Value) {
    match found {
        Ok(found) => answer.set(key, show(found)),
        Err(refusal) => {
            answer.set(key, Value::Null);
            answer.refuse(key, &refusal);
        }
    }
}

/// Per cent a year; the last month against the same month last year; the last twelve months against the twelve before.
pub fn trend(inputs: &Inputs) -> Result<Answer, String> {
    let months = Months::read(inputs)?;
    let (counts, exposures) = (&months.counts, months.exposures.as_deref());
    let mut answer = Answer::default();
    let line = trend::per_year(counts, exposures, months.first_month, months.confidence);
    put(&mut answer, "percent_a_year", line, |found| {
        let mut value = interval(&found.percent_a_year);
        value["p"] = number(found.p_value);
        value["dispersion"] = number(found.dispersion);
        value["season_removed"] = json!(found.season_removed);
        value
    });
    let ratio = |found: trend::Change| {
        let mut value = interval(&found.ratio);
        value["p"] = number(found.p_value);
        value["dispersion"] = number(found.dispersion);
        value
    };
    let last = counts.len().saturating_sub(1);
    let same_month = trend::same_month_last_year(counts, exposures, last, months.confidence);
    put(&mut answer, "ratio_to_same_month_last_year", same_month, ratio);
    let year = trend::year_on_year(counts, exposures, months.confidence);
    put(&mut answer, "ratio_to_year_before", year, ratio);
    Ok(answer)
}

/// Indices of the twelve months.
pub fn season(inputs: &Inputs) -> Result<Answer, String> {
    let months = Months::read(inputs)?;
    let mut answer = Answer::default();
    let found = seasons::monthly_indices(&months.counts, months.exposures.as_deref(), months.first_month, months.confidence);
    put(&mut answer, "season", found, |found| {
        json!({
            "indices": found.indices.iter().map(interval).collect::<Vec<_>>(),
            "p": number(found.p_value),
            "dispersion": number(found.dispersion),
        })
    });
    Ok(answer)
}

/// Steps and odd months.
pub fn sudden_changes(inputs: &Inputs) -> Result<Answer, String> {
    let months = Months::read(inputs)?;
    let mut answer = Answer::default();
    let found = trend::sudden_changes(&months.counts, &SuddenSettings::default());
    put(&mut answer, "sudden_changes", found, |found| {
        let step = |s: &trend::Step| json!({ "at": s.at, "before": s.before, "after": s.after, "strength": s.strength });
        let odd = |o: &trend::OddMonth| json!({ "at": o.at, "count": o.count, "usual": o.usual, "strength": o.strength });
        json!({
            "steps": found.steps.iter().map(step).collect::<Vec<_>>(),
            "odd_months": found.odd_months.iter().map(odd).collect::<Vec<_>>(),
            "dispersion": number(found.dispersion),
        })
    });
    Ok(answer)
}
