//! Is this month unusual? `spc_xmr_making_data_count`.
//!
//! Inputs: one or more series by name (lists; `null` is a gap). Beside them, as in the oracle, `rebase_date` and `dates`
//! (text), `fix_after_n_points` and `targets`; from these the charts `shift_rebased`, `outlier_fixed12`,
//! `outlier_unscreened` and one per target follow where their series is there. Simpler: a series may be an object with
//! `values` and any of `improvement` (`increase`, `decrease`), `target`, `rebase_at` (a list of places from 0),
//! `fix_after`, `screen_outliers`.
//!
//! So that the numbers can be set beside the peer's, limits that have collapsed are drawn as it draws them, with a note;
//! our own charts refuse them.

use headwater_statistics::control_chart::{Better, Chart, XmrSettings, xmr as draw};
use serde_json::{Value, json};

use super::answer::{Answer, number};
use super::inputs::{Inputs, numbers, numbers_or_gaps};

/// All charts that the inputs ask for.
pub fn xmr(inputs: &Inputs) -> Result<Answer, String> {
    let mut answer = Answer::default();
    for (name, value) in inputs.all() {
        if value.is_array() {
            let settings = usual(Better::Lower);
            one(&mut answer, name, &numbers_or_gaps(name, value)?, &settings);
        } else if let Some(values) = value.get("values") {
            let (values, settings) = (numbers_or_gaps(name, values)?, asked(&inputs.within(value)?)?);
            one(&mut answer, name, &values, &settings);
        }
    }
    oracle_charts(inputs, &mut answer)?;
    Ok(answer)
}

fn usual(better: Better) -> XmrSettings {
    XmrSettings { degenerate_limits: true, ..XmrSettings::for_measure(better) }
}

/// The settings that an object asks for.
fn asked(series: &Inputs) -> Result<XmrSettings, String> {
    let better = match series.get("improvement").and_then(Value::as_str) {
        Some("increase") => Better::Higher,
        Some("decrease") | None => Better::Lower,
        Some("neutral") => Better::Neither,
        Some(other) => {
            return Err(format!("'improvement' is '{other}'; it must be increase, decrease or neutral."));
        }
    };
    let mut settings = usual(better);
    settings.target = series.get("target").and_then(Value::as_f64);
    settings.fix_after = series.get("fix_after").and_then(Value::as_u64).map(|points| points as usize);
    settings.screen_outliers = series.get("screen_outliers").and_then(Value::as_bool).unwrap_or(true);
    if let Some(places) = series.get("rebase_at") {
        settings.rebase_at = numbers("rebase_at", places)?.into_iter().map(|place| place as usize).collect();
    }
    Ok(settings)
}

/// The charts that the oracle makes of its own series with other settings.
fn oracle_charts(inputs: &Inputs, answer: &mut Answer) -> Result<(), String> {
    let series = |name: &str| inputs.get(name).filter(|v| v.is_array()).map(|v| numbers_or_gaps(name, v)).transpose();
    if let (Some(values), Some(at)) = (series("shift")?, rebase_place(inputs)) {
        let settings = XmrSettings { rebase_at: vec![at], ..usual(Better::Lower) };
        one(answer, "shift_rebased", &values, &settings);
    }
    if let (Some(values), Some(points)) = (series("outlier")?, inputs.get("fix_after_n_points").and_then(Value::as_u64)) {
        let fixed = XmrSettings { fix_after: Some(points as usize), ..usual(Better::Higher) };
        one(answer, &format!("outlier_fixed{points}"), &values, &fixed);
        let unscreened = XmrSettings { screen_outliers: false, ..usual(Better::Higher) };
        one(answer, "outlier_unscreened", &values, &unscreened);
    }
    if let (Some(values), Some(targets)) = (series("plain")?, inputs.get("targets").and_then(Value::as_object)) {
        for (name, target) in targets {
            let settings = XmrSettings { target: target.as_f64(), ..usual(Better::Higher) };
            one(answer, name, &values, &settings);
        }
    }
    Ok(())
}

/// `2023-10-01 ...` in a series `monthly from 2022-01-01` is place 21, counted from 0.
fn rebase_place(inputs: &Inputs) -> Option<usize> {
    let months = |text: &str| {
        let date = text.split_whitespace().find(|word| word.len() == 10 && word.as_bytes()[4] == b'-')?;
        Some(12 * date.get(..4)?.parse::<usize>().ok()? + date.get(5..7)?.parse::<usize>().ok()?)
    };
    let at = |key| inputs.get(key).and_then(Value::as_str).and_then(months);
    at("rebase_date")?.checked_sub(at("dates")?)
}

fn one(answer: &mut Answer, name: &str, values: &[Option<f64>], settings: &XmrSettings) {
    match draw(values, settings) {
        Ok(chart) => {
            let honest = draw(values, &XmrSettings { degenerate_limits: false, ..settings.clone() });
            if let Err(refusal) = honest {
                answer.note(format!("'{name}' is drawn as the peer draws it; our own chart is refused. {refusal}"));
            }
            answer.set(name, table(&chart));
        }
        Err(refusal) => {
            answer.set(name, Value::Null);
            answer.refuse(name, &refusal);
        }
    }
}

fn table(chart: &Chart) -> Value {
    let points = &chart.points;
    json!({
        "mean": points.iter().map(|p| number(p.mean)).collect::<Vec<_>>(),
        "lpl": points.iter().map(|p| number(p.lower)).collect::<Vec<_>>(),
        "upl": points.iter().map(|p| number(p.upper)).collect::<Vec<_>>(),
        "special_cause": points.iter().map(|p| p.rule.map_or("Common Cause", |rule| rule.label())).collect::<Vec<_>>(),
        "point_type": points.iter().map(|p| p.variation.label()).collect::<Vec<_>>(),
        "relative_to_mean": points.iter().map(|p| p.side).collect::<Vec<_>>(),
        "close_to_limits": points.iter().map(|p| p.close_to_limits).collect::<Vec<_>>(),
        "short_group_warning": points.iter().map(|p| p.short_phase).collect::<Vec<_>>(),
        "assurance": chart.assurance.map(|assurance| assurance.label()),
    })
}
