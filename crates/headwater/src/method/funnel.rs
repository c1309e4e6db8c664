//! Which areas differ from the average: `funnel_rate`.
//!
//! Inputs: `x` and `n` (lists), `multiplier` if wanted. Answer: `limits` along the funnel's axis, `limits_exact` (the same
//! numbers: ours are exact; the peer's `limits` are off by up to 5e-5), and each area's `significance`.

use headwater_statistics::funnel as funnels;
use serde_json::{Map, Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, same_length};

/// One of the four limits.
type Side = fn(&funnels::Limits) -> f64;

/// Funnel limits of crude rates, and where each area stands.
pub fn rate(inputs: &Inputs) -> Result<Answer, String> {
    let (x, n) = (inputs.numbers("x")?, inputs.numbers("n")?);
    same_length(("x", x.len()), ("n", n.len()))?;
    let multiplier = inputs.number_or("multiplier", 100_000.0)?;
    let mut answer = Answer::default();
    let limits = funnels::baseline(&x, &n).and_then(|average| {
        let axis = funnels::events_axis(&n, average)?;
        let limits: Result<Vec<_>, _> = axis.iter().map(|&events| funnels::at_events(events, average * multiplier)).collect();
        Ok((average, limits?))
    });
    let (average, limits) = match limits {
        Ok(found) => found,
        Err(refusal) => {
            for key in ["limits", "significance", "limits_exact"] {
                answer.set(key, Value::Null);
                answer.refuse(key, &refusal);
            }
            return Ok(answer);
        }
    };
    let column = |get: &dyn Fn(&funnels::Limits) -> f64| limits.iter().map(|l| number(get(l))).collect::<Vec<_>>();
    let sides: [(&str, Side); 4] =
        [("lower_2s", |l| l.lower_95), ("upper_2s", |l| l.upper_95), ("lower_3s", |l| l.lower_99_8), ("upper_3s", |l| l.upper_99_8)];
    let mut table = Map::new();
    let mut exact = Map::new();
    table.insert("Events".into(), column(&|l| l.at).into());
    for (side, get) in sides {
        // The population at which so many events lie just on the limit.
        table.insert(format!("{side}_population_1_year"), column(&|l| l.at * multiplier / get(l)).into());
        table.insert(format!("{side}_limit"), column(&get).into());
        exact.insert(format!("{side}_limit"), column(&get).into());
    }
    table.insert("baseline".into(), column(&|_| average * multiplier).into());
    let words = |text: String| vec![json!(text); limits.len()];
    table.insert("statistic".into(), words(format!("rate (crude per {})", thousands(multiplier))).into());
    table.insert("method".into(), words("Poisson".into()).into());
    answer.set("limits", table);
    let mut labels = Vec::new();
    for (at, (&events, &people)) in x.iter().zip(&n).enumerate() {
        labels.push(match funnels::position(events, people, average) {
            Ok(position) => json!(position.label()),
            Err(refusal) => {
                answer.refuse(format!("significance[{at}]"), &refusal);
                Value::Null
            }
        });
    }
    answer.set("significance", labels);
    answer.set("limits_exact", exact);
    Ok(answer)
}

/// A whole number with commas: `100,000`.
fn thousands(number: f64) -> String {
    let digits = format!("{number}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !digits.contains('.') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
