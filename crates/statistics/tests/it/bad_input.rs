//! Bad numbers are refused by name; nothing panics and nothing becomes a silent `NaN`.

use headwater_statistics::compare::{Adjustment, Pair, adjust, exact_test};
use headwater_statistics::concentration::{gini_indices, measure, spearman, stability};
use headwater_statistics::control_chart::{Better, CountSettings, XmrSettings, count_chart, xmr};
use headwater_statistics::estimate::{Confidence, Refusal};
use headwater_statistics::inequality::{Group, Order, Settings as LadderSettings, gradient, quantile_groups};
use headwater_statistics::trend::{SuddenSettings, per_year, same_month_last_year, sudden_changes, year_on_year};
use headwater_statistics::{funnel, proportion, rate, season, standardise};

const BAD: [f64; 4] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0];

/// The refusal names the argument and is a whole sentence.
fn names<T: std::fmt::Debug>(result: Result<T, Refusal>, argument: &str) {
    let sentence = result.expect_err(argument).to_string();
    assert!(sentence.contains(&format!("'{argument}'")), "{argument}: {sentence}");
    assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
}

#[test]
fn rates_and_proportions_name_the_bad_argument() {
    let settings = rate::Settings::per_100_000(Confidence::P95);
    for bad in BAD {
        names(rate::crude(bad, 10.0, &settings), "events");
        names(rate::crude(1.0, bad, &settings), "population");
        names(rate::crude(1.0, 10.0, &rate::Settings { multiplier: bad, ..settings }), "multiplier");
        names(proportion::wilson(bad, 10.0, 1.0, Confidence::P95), "successes");
        names(proportion::wilson(1.0, bad, 1.0, Confidence::P95), "trials");
        names(Confidence::new(bad), "confidence");
        let repeat = rate::Repeat { events_each: 1.0, persons: bad };
        names(rate::crude_repeat(&[repeat], 10.0, &settings), "persons");
    }
    names(rate::crude(1.0, 0.0, &settings), "population");
}

#[test]
fn standardised_rates_name_the_bad_band() {
    for bad in BAD {
        names(standardise::strata(&[1.0, bad], &[10.0, 10.0], &[1.0, 1.0]), "events");
        names(standardise::strata(&[1.0, 1.0], &[10.0, bad], &[1.0, 1.0]), "populations");
        names(standardise::strata(&[1.0, 1.0], &[10.0, 10.0], &[1.0, bad]), "standard");
        names(standardise::expected(&[1.0], &[bad], &[1.0], &[10.0]), "populations");
        names(standardise::expected(&[1.0], &[10.0], &[1.0], &[bad]), "reference_populations");
    }
    names(standardise::strata(&[1.0], &[10.0, 10.0], &[1.0]), "populations");
    assert!(standardise::direct(&[], &standardise::Settings::per_100_000(Confidence::P95)).is_err());
    assert!(standardise::expected(&[], &[], &[], &[]).is_err());
}

#[test]
fn comparisons_and_funnels_name_the_bad_argument() {
    for bad in BAD {
        names(Pair::new(bad, 1.0, 1.0, 1.0), "events");
        names(Pair::new(1.0, 1.0, 1.0, bad), "exposure_other");
        names(exact_test(bad, 1.0), "events");
        names(adjust(&[0.5, bad], Adjustment::Holm), "p");
        names(funnel::at_events(bad, 1.0), "events");
        names(funnel::position(1.0, bad, 0.1), "denominator");
        names(funnel::baseline(&[1.0, bad], &[1.0, 1.0]), "events");
        names(funnel::events_axis(&[bad], 1.0), "denominators");
        names(funnel::at_population(bad, 1.0, 1.0), "population");
    }
    names(funnel::baseline(&[1.0], &[1.0, 2.0]), "events");
}

#[test]
fn inequality_and_concentration_name_the_bad_value() {
    let ladder = |bad: f64| -> Vec<Group> {
        (0..5).map(|at| Group { population: if at == 3 { bad } else { 10.0 }, value: 5.0, lower: 4.0, upper: 6.0 }).collect()
    };
    for bad in BAD {
        names(gradient(&ladder(bad), &LadderSettings::for_rates()), "population");
        names(gini_indices(&[1.0, bad]), "counts");
        names(measure(&[1.0, 2.0, bad], Confidence::P95), "counts");
        names(stability(&[1.0, bad], &[1.0, 1.0], 1, Confidence::P95), "first");
    }
    names(spearman(&[1.0, f64::NAN], &[1.0, 2.0]), "left");
    names(quantile_groups(&[1.0, f64::NAN, 3.0], 2, Order::LowestFirst), "values");
    names(quantile_groups(&[1.0, 2.0], 1, Order::LowestFirst), "groups");
    names(stability(&[1.0, 2.0], &[1.0, 1.0], 2, Confidence::P95), "worst");
}

#[test]
fn series_name_the_bad_month() {
    let series = |bad: f64| (0..30).map(|at| Some(if at == 7 { bad } else { 20.0 })).collect::<Vec<_>>();
    for bad in BAD {
        names(per_year(&series(bad), None, 1, Confidence::P95), "counts");
        names(season::monthly_indices(&series(bad), None, 1, Confidence::P95), "counts");
        names(sudden_changes(&series(bad), &SuddenSettings::default()), "counts");
        names(count_chart(&series(bad), None, &CountSettings::monthly(Better::Lower)), "counts");
        names(same_month_last_year(&series(bad), None, 29, Confidence::P95), "counts");
        names(year_on_year(&series(bad), None, Confidence::P95), "counts");
        let exposures: Vec<f64> = (0..30).map(|at| if at == 2 { bad } else { 30.0 }).collect();
        names(per_year(&series(20.0), Some(&exposures), 1, Confidence::P95), "exposures");
    }
    names(xmr(&series(f64::NAN), &XmrSettings::for_measure(Better::Lower)), "values");
    names(per_year(&series(20.0), None, 13, Confidence::P95), "first_month");
    names(per_year(&series(20.0), Some(&[1.0]), 1, Confidence::P95), "counts");
    assert!(per_year(&[], None, 1, Confidence::P95).is_err());
    assert!(sudden_changes(&[None; 40], &SuddenSettings::default()).is_err());
    assert!(xmr(&[], &XmrSettings::for_measure(Better::Lower)).is_err());
}

#[test]
fn a_series_of_zeros_is_refused_and_not_divided_by() {
    let zeros = vec![Some(0.0); 36];
    assert!(per_year(&zeros, None, 1, Confidence::P95).is_err());
    assert!(season::monthly_indices(&zeros, None, 1, Confidence::P95).is_err());
    assert!(year_on_year(&zeros, None, Confidence::P95).is_err());
    assert!(sudden_changes(&zeros, &SuddenSettings::default()).unwrap().steps.is_empty());
}

#[test]
fn huge_numbers_are_answered_or_refused_but_never_nan() {
    let settings = rate::Settings::per_100_000(Confidence::P95);
    for events in [1e12, 1e100, 1e300] {
        if let Ok(found) = rate::crude(events, 1e-5, &settings) {
            assert!(found.value().is_finite() && !found.lower().is_nan() && !found.upper().is_nan());
        }
    }
}
