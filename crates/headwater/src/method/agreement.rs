//! Agreement of those who read the same: `agreement`.
//!
//! Inputs: `table`, for Cohen's kappa, or `units` with `draws` and `seed`, for Krippendorff's alpha. Answer: for each confidence
//! the measure with its limits.

use headwater_statistics::agreement;
use headwater_statistics::estimate::Outcome;
use serde_json::{Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, array, numbers};

/// Cohen's kappa of a table, Krippendorff's alpha of units.
pub fn of_readers(inputs: &Inputs) -> Result<Answer, String> {
    let mut answer = Answer::default();
    for confidence in inputs.confidences(&[0.95])? {
        let (name, found) = match (inputs.get("table"), inputs.get("units")) {
            (Some(table), None) => ("kappa", agreement::kappa(&whole("table", table)?, confidence)),
            (None, Some(units)) => {
                let draws = whole_number("draws", inputs.number_or("draws", 10_000.0)?)?;
                let draws = u32::try_from(draws).map_err(|_| "The input 'draws' is too large.".to_owned())?;
                let seed = whole_number("seed", inputs.number_or("seed", 1.0)?)?;
                let units: Vec<Vec<usize>> =
                    whole("units", units)?.into_iter().map(|unit| unit.into_iter().map(category).collect()).collect::<Result<_, _>>()?;
                ("alpha", agreement::alpha(&units, draws, seed, confidence))
            }
            _ => return Err("Give either 'table', for kappa, or 'units', for alpha.".to_owned()),
        };
        set(&mut answer, name, confidence.share(), found);
    }
    Ok(answer)
}

fn set(answer: &mut Answer, name: &str, confidence: f64, found: Outcome) {
    let value = match found {
        Ok(found) => json!({ "value": number(found.value()), "lowercl": number(found.lower()), "uppercl": number(found.upper()) }),
        Err(refusal) => {
            answer.refuse(confidence.to_string(), &refusal);
            Value::Null
        }
    };
    answer.set(confidence.to_string(), json!({ name: value }));
}

/// Lists of whole numbers.
fn whole(key: &str, value: &Value) -> Result<Vec<Vec<u64>>, String> {
    array(key, value)?.iter().map(|row| numbers(key, row)?.into_iter().map(|number| whole_number(key, number)).collect()).collect()
}

fn whole_number(key: &str, number: f64) -> Result<u64, String> {
    const MOST: f64 = 9e15;
    if (0.0..=MOST).contains(&number) && number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        Err(format!("'{key}' holds {number}; it must hold whole numbers from 0"))
    }
}

/// The number of a category: small, as a list has a place for each.
fn category(number: u64) -> Result<usize, String> {
    const MOST: u64 = 10_000;
    usize::try_from(number).ok().filter(|_| number <= MOST).ok_or_else(|| format!("'units' holds the category {number}; the most is {MOST}"))
}
