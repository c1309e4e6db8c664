//! Slope and relative index of inequality: `sii_rii`.
//!
//! Inputs: one or more ladders by name, each with `population`, `value`, `lower`, `upper` (lists from the foot of the ladder
//! upwards), `uncertainty` (`slope` as the peer has it, or `slope_and_level`) if wanted, `scale` (`plain`, `log`, `logit`)
//! and `multiplier`; where these two are not given they follow from the ladder's name (`rate_log`, `..._minus1`, `..._x100`), as in the oracle. Answer: for each ladder `sii`, `rii`, their
//! limits and the `intercept`, each a list of one.

use headwater_statistics::estimate::{Confidence, Estimate};
use headwater_statistics::inequality::{Group, Scale, Settings, Uncertainty, gradient as fit};
use serde_json::{Map, Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, same_length};
use super::standardise::percent;

/// One side of an interval.
type Side = fn(&Estimate) -> f64;

/// Slope and relative index of each ladder.
pub fn gradient(inputs: &Inputs) -> Result<Answer, String> {
    let mut answer = Answer::default();
    let confidence = inputs.confidences(&[0.95])?[0];
    for (name, ladder) in inputs.all().filter(|(_, value)| value.is_object()) {
        let ladder = inputs.within(ladder)?;
        let settings = settings(name, &ladder, confidence)?;
        let groups = groups(&ladder)?;
        // The peer's names: `sii_lower95_0cl` on the plain scale, `sii_lower95_0` after a transformation.
        let suffix = if settings.scale == Scale::Plain { "cl" } else { "" };
        let found = fit(&groups, &settings);
        if let Err(refusal) = &found {
            answer.refuse(name, refusal);
        }
        let mut table = Map::new();
        let mut put = |key: String, get: &dyn Fn(&headwater_statistics::inequality::Gradient) -> f64| {
            table.insert(key, json!([found.as_ref().map_or(Value::Null, |found| number(get(found)))]));
        };
        let percent = percent(confidence).replace('.', "_");
        put("sii".into(), &|found| found.sii.value());
        put("rii".into(), &|found| found.rii.value());
        let limits: [(&str, Side); 2] = [("lower", Estimate::lower), ("upper", Estimate::upper)];
        for (side, get) in limits {
            put(format!("sii_{side}{percent}{suffix}"), &|found| get(&found.sii));
            put(format!("rii_{side}{percent}{suffix}"), &|found| get(&found.rii));
        }
        put("intercept".into(), &|found| found.foot);
        answer.set(name, table);
    }
    Ok(answer)
}

fn settings(name: &str, ladder: &Inputs, confidence: Confidence) -> Result<Settings, String> {
    let by_name = |part: &str| name.split('_').any(|word| word == part);
    let scale = match ladder.get("scale").and_then(Value::as_str) {
        Some("plain") => Scale::Plain,
        Some("log") => Scale::Log,
        Some("logit") => Scale::Logit,
        Some(other) => {
            return Err(format!("The scale of '{name}' is '{other}'; it must be plain, log or logit."));
        }
        None if by_name("logit") => Scale::Logit,
        None if by_name("log") => Scale::Log,
        None => Scale::Plain,
    };
    let usual = if by_name("minus1") {
        -1.0
    } else if by_name("x100") {
        100.0
    } else {
        1.0
    };
    let multiplier = ladder.number_or("multiplier", usual)?;
    let uncertainty = match ladder.get("uncertainty").and_then(Value::as_str) {
        Some("slope_and_level") => Uncertainty::SlopeAndLevel,
        Some("slope") | None => Uncertainty::Slope,
        Some(other) => {
            return Err(format!("The uncertainty of '{name}' is '{other}'; it must be slope or slope_and_level."));
        }
    };
    // As the peer's `value_type` has it: rates vary on the log scale, proportions on the logit scale.
    let group_scale = match scale {
        Scale::Plain if by_name("rate") => Scale::Log,
        Scale::Plain if by_name("proportion") => Scale::Logit,
        other => other,
    };
    Ok(Settings { scale, multiplier, confidence, group_confidence: Confidence::P95, group_scale, uncertainty })
}

fn groups(ladder: &Inputs) -> Result<Vec<Group>, String> {
    let population = ladder.numbers("population")?;
    let (value, lower, upper) = (ladder.numbers("value")?, ladder.numbers("lower")?, ladder.numbers("upper")?);
    for (key, length) in [("value", value.len()), ("lower", lower.len()), ("upper", upper.len())] {
        same_length(("population", population.len()), (key, length))?;
    }
    Ok((0..population.len()).map(|at| Group { population: population[at], value: value[at], lower: lower[at], upper: upper[at] }).collect())
}
