//! Rates as if the ages were everyone's: `dsr_byar_dobson` and `isr_smr`.
//!
//! Inputs of the first: `area`, `x`, `n`, `stdpop` (lists, one entry per area and age band; a missing count is taken as 0,
//! with a note). Inputs of the second: `area`, `x`, `n`, `xref`, `nref`. `confidence` (0.95 and 0.998) and `multiplier` if
//! wanted. Answers: one list per column, one entry per area in the order of their first appearance.

use headwater_statistics::estimate::{Confidence, Estimate, Method, Refusal};
use headwater_statistics::standardise as standard;
use serde_json::{Map, Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, same_length};

const CONFIDENCES: [f64; 2] = [0.95, 0.998];

/// Directly standardised rates.
pub fn direct(inputs: &Inputs) -> Result<Answer, String> {
    let mut answer = Answer::default();
    let counts = inputs.numbers_or_gaps("x")?;
    let missing = counts.iter().filter(|count| count.is_none()).count();
    if missing > 0 {
        answer.note(format!("{missing} missing counts were taken as 0, as PHEindicatormethods does."));
    }
    let counts: Vec<f64> = counts.into_iter().map(|count| count.unwrap_or(0.0)).collect();
    let (people, weights) = (inputs.numbers("n")?, inputs.numbers("stdpop")?);
    same_length(("x", counts.len()), ("n", people.len()))?;
    same_length(("x", counts.len()), ("stdpop", weights.len()))?;
    let areas = Areas::new(inputs, counts.len())?;
    let confidences = inputs.confidences(&CONFIDENCES)?;
    let multiplier = inputs.number_or("multiplier", 100_000.0)?;
    let mut table = Table::new(&confidences);
    for (area, rows) in &areas.rows {
        let of = |column: &[f64]| pick(column, rows);
        let (x, n) = (of(&counts), of(&people));
        let bands = standard::strata(&x, &n, &of(&weights));
        let estimates = confidences.iter().map(|&confidence| {
            let settings = standard::Settings { multiplier, ..standard::Settings::per_100_000(confidence) };
            standard::direct(bands.as_ref().map_err(Clone::clone)?, &settings)
        });
        let estimates: Result<Vec<Estimate>, Refusal> = estimates.collect();
        let too_few = matches!(estimates, Err(Refusal::TooFewEvents { .. }));
        table.push("area", json!(area));
        table.push("total_count", number(x.iter().sum()));
        table.push("total_pop", number(n.iter().sum()));
        table.estimates(area, &estimates, &mut answer);
        let statistic = if too_few { "dsr NA for total count < 10".into() } else { format!("dsr per {multiplier}") };
        table.push("statistic", json!(statistic));
        table.push("method", json!("Dobson"));
    }
    for (key, column) in table.columns {
        answer.set(key, column);
    }
    Ok(answer)
}

/// Indirectly standardised rates and ratios.
pub fn indirect(inputs: &Inputs) -> Result<Answer, String> {
    let mut answer = Answer::default();
    let column = |key| inputs.numbers(key);
    let (x, n, xref, nref) = (column("x")?, column("n")?, column("xref")?, column("nref")?);
    for (key, length) in [("n", n.len()), ("xref", xref.len()), ("nref", nref.len())] {
        same_length(("x", x.len()), (key, length))?;
    }
    let areas = Areas::new(inputs, x.len())?;
    let confidences = inputs.confidences(&CONFIDENCES)?;
    let multiplier = inputs.number_or("multiplier", 100_000.0)?;
    for (key, statistic) in
        [("ISRate", format!("indirectly standardised rate per {multiplier}")), ("ISRatio", "indirectly standardised ratio x 1".into())]
    {
        let mut table = Table::new(&confidences);
        for (area, rows) in &areas.rows {
            let of = |column: &[f64]| pick(column, rows);
            let expected = standard::expected(&of(&x), &of(&n), &of(&xref), &of(&nref));
            let estimates = confidences.iter().map(|&confidence| {
                let expected = expected.as_ref().map_err(Clone::clone)?;
                if key == "ISRate" {
                    standard::indirect_rate(expected, multiplier, confidence)
                } else {
                    standard::indirect_ratio(expected, confidence)
                }
            });
            let estimates: Result<Vec<Estimate>, Refusal> = estimates.collect();
            let about = |get: fn(&standard::Expected) -> f64| expected.as_ref().map_or(Value::Null, |e| number(get(e)));
            table.push("area", json!(area));
            table.push("observed", about(|e| e.observed));
            table.push("expected", about(|e| e.expected));
            if key == "ISRate" {
                table.push("ref_rate", expected.as_ref().map_or(Value::Null, |e| number(e.reference_rate * multiplier)));
            }
            table.estimates(&format!("{key}, {area}"), &estimates, &mut answer);
            table.push("statistic", json!(statistic));
            let exact = estimates.as_ref().is_ok_and(|found| found[0].method() == Method::IndirectExact);
            table.push("method", json!(if exact { "Exact" } else { "Byars" }));
        }
        let columns: Map<String, Value> = table.columns.into_iter().map(|(key, list)| (key, list.into())).collect();
        answer.set(key, columns);
    }
    Ok(answer)
}

fn pick(column: &[f64], rows: &[usize]) -> Vec<f64> {
    rows.iter().map(|&row| column[row]).collect()
}

/// The areas in the order of their first appearance, each with its rows.
struct Areas {
    rows: Vec<(String, Vec<usize>)>,
}

impl Areas {
    fn new(inputs: &Inputs, length: usize) -> Result<Self, String> {
        let names = inputs.names("area")?;
        same_length(("area", names.len()), ("x", length))?;
        let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
        for (row, name) in names.into_iter().enumerate() {
            match rows.iter_mut().find(|(area, _)| *area == name) {
                Some((_, of_area)) => of_area.push(row),
                None => rows.push((name, vec![row])),
            }
        }
        Ok(Areas { rows })
    }
}

/// A table in columns, as the peer prints it.
struct Table<'a> {
    confidences: &'a [Confidence],
    columns: Vec<(String, Vec<Value>)>,
}

impl<'a> Table<'a> {
    fn new(confidences: &'a [Confidence]) -> Self {
        Table { confidences, columns: Vec::new() }
    }

    fn push(&mut self, key: &str, value: Value) {
        match self.columns.iter_mut().find(|(name, _)| name == key) {
            Some((_, list)) => list.push(value),
            None => self.columns.push((key.into(), vec![value])),
        }
    }

    /// The value, its limits at each confidence (`lower95_0cl`), and the confidences in words; `null` if refused.
    fn estimates(&mut self, place: &str, found: &Result<Vec<Estimate>, Refusal>, answer: &mut Answer) {
        if let Err(refusal) = found {
            answer.refuse(place, refusal);
        }
        let at =
            |index: usize, get: fn(&Estimate) -> f64| found.as_ref().ok().and_then(|found| found.get(index)).map_or(Value::Null, |e| number(get(e)));
        self.push("value", at(0, Estimate::value));
        for (index, confidence) in self.confidences.iter().enumerate() {
            let percent = percent(*confidence).replace('.', "_");
            self.push(&format!("lower{percent}cl"), at(index, Estimate::lower));
            self.push(&format!("upper{percent}cl"), at(index, Estimate::upper));
        }
        let words: Vec<String> = self.confidences.iter().map(|c| format!("{}%", percent(*c).trim_end_matches(".0"))).collect();
        self.push("confidence", json!(words.join(", ")));
    }
}

/// A confidence in per cent with one decimal: `95.0`.
pub fn percent(confidence: Confidence) -> String {
    format!("{:.1}", 100.0 * confidence.share())
}
