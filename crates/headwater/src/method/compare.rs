//! Two rates compared and many p-values read together: `rate_ratio` and `multiple_testing`.
//!
//! Input of the first: `c1,e1,c2,e2`, a list of four numbers per comparison; the answer is a list. Input of the second: `p`
//! and `alpha`; the answer has, for each method, which are discoveries and the adjusted p-values.

use headwater_statistics::compare::{self as comparing, Adjustment, Pair, adjust, exact_p, ratio_wald_log, score_log_limits_of_peer, score_p};
use headwater_statistics::estimate::{Confidence, Outcome, Refusal};
use serde_json::{Map, Value, json};

use super::answer::{Answer, number, refusal_value};
use super::inputs::{Inputs, array, numbers};

/// Two rates, many times over.
pub fn rate_ratio(inputs: &Inputs) -> Result<Answer, String> {
    const KEY: &str = "c1,e1,c2,e2";
    let list = inputs.get(KEY).ok_or_else(|| format!("The input '{KEY}' is missing: a list of four numbers each."))?;
    let confidence = inputs.confidences(&[0.95])?[0];
    let mut members = Vec::new();
    for row in array(KEY, list)? {
        let row = numbers(KEY, row)?;
        let [c1, e1, c2, e2] = row[..] else {
            return Err(format!("Each member of '{KEY}' must have four numbers; one has {}.", row.len()));
        };
        members.push(one_comparison(Pair::new(c1, e1, c2, e2), confidence));
    }
    Ok(Answer::list(members))
}

fn one_comparison(pair: Result<Pair, Refusal>, confidence: Confidence) -> Value {
    let mut member = Map::new();
    let mut refusals = Vec::new();
    let mut put = |key: &str, value: Result<Value, Refusal>| {
        let value = value.unwrap_or_else(|refusal| {
            refusals.push(refusal_value(key, &refusal));
            Value::Null
        });
        member.insert(key.into(), value);
    };
    let limits = |of: fn(&Pair, Confidence) -> Outcome| {
        let found = of(pair.as_ref().map_err(Clone::clone)?, confidence)?;
        Ok(json!([number(found.lower()), number(found.upper())]))
    };
    let p = |of: fn(&Pair) -> Result<f64, Refusal>| of(pair.as_ref().map_err(Clone::clone)?).map(number);
    put("score_p", p(score_p));
    put("exact_cond_p", p(exact_p));
    let mut open = false;
    let log_limits = pair.as_ref().map_err(Clone::clone).and_then(|pair| score_log_limits_of_peer(pair, confidence));
    put(
        "score_log_ci",
        log_limits.map(|((lower, upper), is_open)| {
            open = is_open;
            json!([number(lower), number(upper)])
        }),
    );
    put("log_wald_ci", limits(ratio_wald_log));
    // Two more than the peer gives: both exist where a count is 0.
    put("score_ci", limits(comparing::ratio_score));
    put("exact_cond_ci", limits(comparing::ratio_exact));
    member.insert("refusals".into(), refusals.into());
    if open {
        let note = "score_log_ci is open on one side: no ratio there is rejected, however extreme. What stands there is the \
                    ratio nearest to rejection, as statsmodels prints it. Use score_ci or exact_cond_ci.";
        member.insert("notes".into(), json!([note]));
    }
    Value::Object(member)
}

/// Many p-values.
pub fn multiple_testing(inputs: &Inputs) -> Result<Answer, String> {
    let p = inputs.numbers("p")?;
    let alpha = inputs.number_or("alpha", 0.05)?;
    let mut answer = Answer::default();
    for (key, how) in [("fdr_bh", Adjustment::BenjaminiHochberg), ("fdr_by", Adjustment::BenjaminiYekutieli), ("holm", Adjustment::Holm)] {
        match adjust(&p, how) {
            Ok(adjusted) => {
                let reject: Vec<bool> = adjusted.iter().map(|q| *q <= alpha).collect();
                answer.set(key, json!({ "reject": reject, "adjusted": adjusted }));
            }
            Err(refusal) => {
                answer.set(key, Value::Null);
                answer.refuse(key, &refusal);
            }
        }
    }
    Ok(answer)
}
