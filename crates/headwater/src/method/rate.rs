//! Crude rates and proportions: `rate_byar_exact` and `wilson`.
//!
//! Inputs: `x` and `n` (lists); `confidence` (0.9, 0.95, 0.99 and 0.998 if not given) and `multiplier` if wanted.
//! Answer: for each confidence the lists `value`, `lowercl`, `uppercl` (and `method`).

use headwater_statistics::estimate::{Confidence, Method, Outcome};
use headwater_statistics::{proportion, rate as rates};
use serde_json::{Map, Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, same_length};

const CONFIDENCES: [f64; 4] = [0.9, 0.95, 0.99, 0.998];

/// Crude rates.
pub fn crude(inputs: &Inputs) -> Result<Answer, String> {
    let multiplier = inputs.number_or("multiplier", 100_000.0)?;
    each_confidence(inputs, true, |events, population, confidence| {
        let settings = rates::Settings { multiplier, ..rates::Settings::per_100_000(confidence) };
        rates::crude(events, population, &settings)
    })
}

/// Proportions.
pub fn wilson(inputs: &Inputs) -> Result<Answer, String> {
    let multiplier = inputs.number_or("multiplier", 1.0)?;
    each_confidence(inputs, false, |successes, trials, confidence| proportion::wilson(successes, trials, multiplier, confidence))
}

fn each_confidence(inputs: &Inputs, with_method: bool, estimate: impl Fn(f64, f64, Confidence) -> Outcome) -> Result<Answer, String> {
    let (x, n) = (inputs.numbers("x")?, inputs.numbers("n")?);
    same_length(("x", x.len()), ("n", n.len()))?;
    let mut answer = Answer::default();
    for confidence in inputs.confidences(&CONFIDENCES)? {
        let mut lists: [Vec<Value>; 4] = Default::default();
        for (at, (&events, &denominator)) in x.iter().zip(&n).enumerate() {
            let row = match estimate(events, denominator, confidence) {
                Ok(found) => [
                    number(found.value()),
                    number(found.lower()),
                    number(found.upper()),
                    json!(if found.method() == Method::ExactPoisson { "Exact" } else { "Byars" }),
                ],
                Err(refusal) => {
                    answer.refuse(format!("{}[{at}]", confidence.share()), &refusal);
                    Default::default()
                }
            };
            for (list, value) in lists.iter_mut().zip(row) {
                list.push(value);
            }
        }
        let [value, lower, upper, method] = lists;
        let mut table = Map::new();
        table.insert("value".into(), value.into());
        table.insert("lowercl".into(), lower.into());
        table.insert("uppercl".into(), upper.into());
        if with_method {
            table.insert("method".into(), method.into());
        }
        answer.set(confidence.share().to_string(), table);
    }
    Ok(answer)
}
