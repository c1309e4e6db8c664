//! How bunched events are over places: `gini_sparse`.
//!
//! Inputs: one or more lists of counts by name, every place included. Answer: for each list `n`, `crimes`, the four Gini
//! coefficients, and beside them what chance alone would give (`gini_by_chance` with its 95 % limits).

use headwater_statistics::concentration::{gini_indices, measure};
use headwater_statistics::estimate::Confidence;
use serde_json::{Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, numbers};

/// Gini coefficients of each list.
pub fn gini(inputs: &Inputs) -> Result<Answer, String> {
    let mut answer = Answer::default();
    for (name, list) in inputs.all() {
        let counts = numbers(name, list)?;
        let found = match gini_indices(&counts) {
            Ok(found) => found,
            Err(refusal) => {
                answer.refuse(name, &refusal);
                answer.set(name, Value::Null);
                continue;
            }
        };
        let by_chance = measure(&counts, Confidence::P95).map(|m| m.gini_by_chance).ok();
        answer.set(
            name,
            json!({
                "n": counts.len(),
                "crimes": number(found.events),
                "gini": number(found.gini),
                "gini_unbiased": found.gini_unbiased,
                "gini_generalised": number(found.gini_generalised),
                "gini_generalised_unbiased": found.gini_generalised_unbiased,
                "gini_by_chance": by_chance.map(|e| [e.value(), e.lower(), e.upper()]),
            }),
        );
    }
    Ok(answer)
}
