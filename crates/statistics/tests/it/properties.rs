//! What must hold for any input that is accepted.

use headwater_statistics::compare::{Pair, difference, ratio_exact, ratio_score, score_p};
use headwater_statistics::concentration::{lorenz, measure, spearman};
use headwater_statistics::control_chart::{Better, CountSettings, XmrSettings, count_chart, for_counts, xmr};
use headwater_statistics::estimate::{Confidence, Estimate};
use headwater_statistics::inequality::{Group, Scale, Settings as LadderSettings, Uncertainty, gradient};
use headwater_statistics::special::{gamma_p, gamma_q, normal_cdf, normal_quantile};
use headwater_statistics::standardise::{self, DirectLimits};
use headwater_statistics::trend::{SuddenSettings, per_year, sudden_changes};
use headwater_statistics::{proportion, rate, season};
use proptest::prelude::*;

fn encloses(estimate: &Estimate) -> bool {
    estimate.lower() <= estimate.value() && estimate.value() <= estimate.upper()
}

fn within(inner: &Estimate, outer: &Estimate) -> bool {
    outer.lower() <= inner.lower() && inner.upper() <= outer.upper()
}

proptest! {
    #[test]
    fn a_rate_lies_in_its_interval_and_more_confidence_widens_it(events in 0.0f64..1e6, population in 0.1f64..1e8) {
        let at = |confidence| {
            rate::crude(events, population, &rate::Settings::per_100_000(confidence)).unwrap()
        };
        let (usual, strict) = (at(Confidence::P95), at(Confidence::P99_8));
        prop_assert!(encloses(&usual) && encloses(&strict) && within(&usual, &strict));
    }

    #[test]
    fn a_proportion_stays_between_nothing_and_everything(trials in 1u32..100_000, share in 0.0f64..=1.0) {
        let successes = (f64::from(trials) * share).floor();
        let found = proportion::wilson(successes, f64::from(trials), 1.0, Confidence::P99_8).unwrap();
        prop_assert!(encloses(&found) && found.lower() >= 0.0 && found.upper() <= 1.0);
    }

    #[test]
    fn scaling_every_population_leaves_the_ratio_of_two_standardised_rates_unchanged(
        events in prop::collection::vec(1u32..80, 5), other in prop::collection::vec(1u32..80, 5), factor in 0.1f64..50.0,
    ) {
        let people: Vec<f64> = (1..=5).map(|band| 900.0 * f64::from(band)).collect();
        let standard = [5.0, 4.0, 3.0, 2.0, 1.0];
        let settings = standardise::Settings::per_100_000(Confidence::P95);
        let value = |events: &[u32], factor: f64| {
            let events: Vec<f64> = events.iter().map(|x| f64::from(*x)).collect();
            let people: Vec<f64> = people.iter().map(|n| n * factor).collect();
            let bands = standardise::strata(&events, &people, &standard).unwrap();
            standardise::direct(&bands, &settings)
        };
        if let (Ok(a), Ok(b), Ok(c), Ok(d)) =
            (value(&events, 1.0), value(&other, 1.0), value(&events, factor), value(&other, factor))
        {
            prop_assert!((a.value() / b.value() / (c.value() / d.value()) - 1.0).abs() < 1e-12);
            prop_assert!(encloses(&a) && encloses(&c));
        }
    }

    #[test]
    fn gamma_limits_of_a_standardised_rate_enclose_it(events in prop::collection::vec(0u32..40, 4)) {
        let events: Vec<f64> = events.into_iter().map(f64::from).collect();
        let bands = standardise::strata(&events, &[900.0, 400.0, 2500.0, 100.0], &[3.0, 3.0, 2.0, 1.0]).unwrap();
        let settings = standardise::Settings {
            limits: DirectLimits::FayFeuer,
            ..standardise::Settings::per_100_000(Confidence::P95)
        };
        if let Ok(found) = standardise::direct(&bands, &settings) {
            prop_assert!(encloses(&found) && found.lower() >= 0.0);
        }
    }

    #[test]
    fn exchanging_two_rates_inverts_their_ratio_and_its_limits(
        a in 1u32..500, b in 1u32..500, exposure in 0.01f64..100.0,
    ) {
        let (a, b) = (f64::from(a), f64::from(b));
        let there = Pair::new(a, exposure, b, 1.0).unwrap();
        let back = Pair::new(b, 1.0, a, exposure).unwrap();
        for ratio in [ratio_score, ratio_exact] {
            let (x, y) = (ratio(&there, Confidence::P95).unwrap(), ratio(&back, Confidence::P95).unwrap());
            prop_assert!(encloses(&x));
            prop_assert!((x.lower() * y.upper() - 1.0).abs() < 1e-9);
            prop_assert!((x.upper() * y.lower() - 1.0).abs() < 1e-9);
        }
        prop_assert!((score_p(&there).unwrap() - score_p(&back).unwrap()).abs() < 1e-12);
        prop_assert!(encloses(&difference(&there, 1000.0, Confidence::P95).unwrap()));
    }

    #[test]
    fn a_ladder_upside_down_has_the_opposite_slope(values in prop::collection::vec(20.0f64..80.0, 5..15)) {
        for scale in [Scale::Plain, Scale::Log] {
            for uncertainty in [Uncertainty::Slope, Uncertainty::SlopeAndLevel] {
                let settings = LadderSettings { scale, uncertainty, ..LadderSettings::for_rates() };
                let group =
                    |value: &f64| Group { population: 100.0, value: *value, lower: value * 0.95, upper: value * 1.05 };
                let up: Vec<Group> = values.iter().map(group).collect();
                let down: Vec<Group> = values.iter().rev().map(group).collect();
                if let (Ok(up), Ok(down)) = (gradient(&up, &settings), gradient(&down, &settings)) {
                    prop_assert!((up.sii.value() + down.sii.value()).abs() < 1e-9);
                    prop_assert!((up.rii.value() * down.rii.value() - 1.0).abs() < 1e-9);
                    prop_assert!(encloses(&up.sii) && encloses(&up.rii));
                }
            }
        }
    }

    #[test]
    fn concentration_does_not_depend_on_the_order_of_places(counts in prop::collection::vec(0u32..30, 3..80)) {
        let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        prop_assume!(counts.iter().sum::<f64>() > 0.0);
        let mut turned = counts.clone();
        turned.reverse();
        let found = measure(&counts, Confidence::P95).unwrap();
        prop_assert_eq!(&found, &measure(&turned, Confidence::P95).unwrap());
        prop_assert!((-1e-12..=1.0).contains(&found.gini));
        let curve = lorenz(&counts).unwrap();
        prop_assert!(curve.windows(2).all(|pair| pair[0].places < pair[1].places && pair[0].events <= pair[1].events));
        prop_assert!((curve[curve.len() - 1].events - 1.0).abs() < 1e-12);
    }

    #[test]
    fn rank_correlation_does_not_change_under_a_rising_transformation(
        pairs in prop::collection::vec((0u32..20, 0u32..20), 3..50),
    ) {
        let left: Vec<f64> = pairs.iter().map(|p| f64::from(p.0)).collect();
        let right: Vec<f64> = pairs.iter().map(|p| f64::from(p.1)).collect();
        let bent: Vec<f64> = left.iter().map(|x| x * x * x + 1.0).collect();
        if let Ok(found) = spearman(&left, &right) {
            prop_assert!((-1.0..=1.0).contains(&found));
            prop_assert!((found - spearman(&bent, &right).unwrap()).abs() < 1e-12);
        }
    }

    #[test]
    fn a_control_chart_keeps_every_month_and_its_limits_enclose_the_mean(
        values in prop::collection::vec(prop::option::weighted(0.9, 0u32..200), 8..60),
    ) {
        let values: Vec<Option<f64>> = values.into_iter().map(|v| v.map(f64::from)).collect();
        let charts = [
            xmr(&values, &XmrSettings::for_measure(Better::Lower)),
            count_chart(&values, None, &CountSettings::monthly(Better::Lower)),
            for_counts(&values, Better::Lower).map(|chosen| chosen.chart),
        ];
        for chart in charts.into_iter().flatten() {
            prop_assert_eq!(chart.points.len(), values.len());
            for (point, value) in chart.points.iter().zip(&values) {
                prop_assert_eq!(point.value, *value);
                prop_assert!(point.lower <= point.mean && point.mean <= point.upper);
                prop_assert!(value.is_some() || point.rule.is_none());
            }
        }
    }

    #[test]
    fn turning_a_series_upside_down_mirrors_its_signals(values in prop::collection::vec(0u32..100, 12..40)) {
        let up: Vec<Option<f64>> = values.iter().map(|v| Some(f64::from(*v))).collect();
        let down: Vec<Option<f64>> = values.iter().map(|v| Some(-f64::from(*v))).collect();
        let settings = XmrSettings::for_measure(Better::Neither);
        if let (Ok(up), Ok(down)) = (xmr(&up, &settings), xmr(&down, &settings)) {
            for (a, b) in up.points.iter().zip(&down.points) {
                prop_assert_eq!(a.rule.map(|rule| rule.upward()), b.rule.map(|rule| !rule.upward()));
            }
        }
    }

    #[test]
    fn a_gap_at_either_end_changes_no_trend_and_no_step(values in prop::collection::vec(1u32..500, 24..40)) {
        let counts: Vec<Option<f64>> = values.iter().map(|v| Some(f64::from(*v))).collect();
        let mut longer = counts.clone();
        longer.push(None);
        longer.insert(0, None);
        let trend = |series: &[Option<f64>], first| per_year(series, None, first, Confidence::P95).map(|t| t.percent_a_year);
        if let (Ok(a), Ok(b)) = (trend(&counts, 2), trend(&longer, 1)) {
            prop_assert!(encloses(&a));
            prop_assert!((a.value() - b.value()).abs() < 1e-6 * (1.0 + a.value().abs()));
        }
        let settings = SuddenSettings::default();
        let (a, b) = (sudden_changes(&counts, &settings).unwrap(), sudden_changes(&longer, &settings).unwrap());
        prop_assert_eq!(
            a.steps.iter().map(|s| s.at + 1).collect::<Vec<_>>(),
            b.steps.iter().map(|s| s.at).collect::<Vec<_>>()
        );
    }

    #[test]
    fn seasonal_indices_do_not_depend_on_the_level(values in prop::collection::vec(20u32..60, 36), factor in 2u32..9) {
        let series = |times: u32| values.iter().map(|v| Some(f64::from(v * times))).collect::<Vec<_>>();
        let of = |series: &[Option<f64>]| season::monthly_indices(series, None, 1, Confidence::P95).unwrap();
        let (a, b) = (of(&series(1)), of(&series(factor)));
        for (a, b) in a.indices.iter().zip(&b.indices) {
            prop_assert!((a.value() - b.value()).abs() < 1e-7 * a.value());
            prop_assert!(encloses(a));
        }
    }

    #[test]
    fn the_two_gamma_ratios_add_up_and_the_normal_quantile_inverts(a in 0.01f64..5e4, x in 0.0f64..6e4, p in 1e-12f64..1.0) {
        prop_assert!((gamma_p(a, x) + gamma_q(a, x) - 1.0).abs() < 1e-14);
        prop_assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-13);
    }
}
