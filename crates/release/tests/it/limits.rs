//! Every limit of every rule, tried just below and just at it, with numbers that can be checked by hand.

use headwater_release::{Amounts, Audience, Count, RateKind, Rule, Shorthand, derive_rate};

fn rule(more: &str) -> Rule {
    let text = format!("id = \"mine\"\nname = \"Mine\"\nsays_who = \"us\"\nhide_up_to = 0\nrounding = \"none\"\nhide_to_protect = false\n{more}\n");
    Rule::from_toml(&text).unwrap()
}

fn shown(n: u64, kind: RateKind, rule: &Rule, audience: Audience) -> (String, Option<String>, bool) {
    let rated = derive_rate(kind, Count::new(n), rule, audience, 1, |n| Ok([n as f64 / 2.0, n as f64 / 4.0, n as f64]));
    assert_eq!(rated.interval.value.shorthand(), rated.interval.upper.shorthand(), "the limits are withheld with the rate");
    (rated.interval.value.shown(), rated.interval.value.reason().map(str::to_owned), rated.is_unreliable)
}

#[test]
fn rates_of_deaths_need_three_events_or_ten_and_are_marked_below_twenty() {
    // ONS: no crude rate of fewer than 3, none standardised of fewer than 10, fewer than 20 marked.
    let ons = Rule::named("ons-mortality-rates").unwrap();
    for (n, kind, expected) in [
        (2, RateKind::Crude, ("[c]", Some("fewer than 3 events: no crude rate"), true)),
        (3, RateKind::Crude, ("1.5", None, true)),
        (9, RateKind::Standardised, ("[c]", Some("fewer than 10 events: no standardised rate"), true)),
        (10, RateKind::Standardised, ("5.0", None, true)),
        (19, RateKind::Standardised, ("9.5", None, true)),
        (20, RateKind::Standardised, ("10.0", None, false)),
    ] {
        let found = shown(n, kind, ons, Audience::Public);
        assert_eq!((found.0.as_str(), found.1.as_deref(), found.2), expected, "{n} {kind:?}");
    }
    assert_eq!(shown(2, RateKind::Crude, ons, Audience::Team).0, "1.0", "those who hold the events see the rate");
    // A rule without such limits still hides the rate of a count that it hides.
    assert_eq!(shown(4, RateKind::Crude, Rule::named("suppress-exact").unwrap(), Audience::Partners).0, "[c]");
    assert_eq!(shown(2, RateKind::Crude, Rule::already_public(), Audience::Public), ("1.0".into(), None, false));
}

#[test]
fn a_mean_or_median_needs_eight_people_under_the_rule_of_the_nhs() {
    let nhs = Rule::named("nhs-subnational").unwrap();
    let of = |n: u32| Amounts::new((1..=n).map(f64::from).collect()).unwrap();
    for (n, mean, median) in [(7, "[c]", "[c]"), (8, "4.5", "4.5"), (9, "5.0", "5.0")] {
        assert_eq!(of(n).mean(nhs, Audience::Public, 1).shown(), mean);
        assert_eq!(of(n).median(nhs, Audience::Public, 1).shown(), median);
    }
    assert_eq!(of(7).mean(nhs, Audience::Public, 1).reason(), Some("of fewer than 8 people"));
    assert_eq!(of(7).mean(nhs, Audience::Team, 1).shown(), "4.0");
    assert_eq!(of(0).mean(nhs, Audience::Public, 1).shorthand(), Some(Shorthand::NotAvailable));
    // The limit acts by itself, without the rule on counts.
    let means_only = rule("least_count_for_mean = 5");
    assert_eq!(of(4).median(&means_only, Audience::Public, 1).shown(), "[c]");
    assert_eq!(of(4).total(&means_only, Audience::Public, 0).shown(), "10");
}

#[test]
fn a_total_of_which_two_are_nearly_all_is_withheld() {
    // 600 and 300 of 1,000: 90 %, allowed; 601 and 300 of 1,001: 90.01 %, not. ACRO's (2, 90 %).
    let acro = Rule::named("acro").unwrap();
    let ten = |largest: f64| Amounts::new([vec![largest, 300.0], vec![10.0; 10]].concat()).unwrap();
    assert_eq!(ten(600.0).total(acro, Audience::Public, 0).shown(), "1,000");
    let withheld = ten(601.0).total(acro, Audience::Public, 0);
    assert_eq!((withheld.shown().as_str(), withheld.reason()), ("[c]", Some("2 of the amounts are more than 90 % of the total")));
    // The mean of twelve is the total.
    assert_eq!(ten(601.0).mean(acro, Audience::Public, 0).shown(), "[c]");
    assert_eq!(ten(601.0).median(acro, Audience::Public, 0).shown(), "10");
    // Of nine people ACRO shows nothing.
    assert_eq!(Amounts::new(vec![1.0; 9]).unwrap().total(acro, Audience::Public, 0).reason(), Some("of fewer than 10 people"));
    assert_eq!(Amounts::new(vec![1.0; 10]).unwrap().total(acro, Audience::Public, 0).shown(), "10");
}

#[test]
fn a_total_from_which_the_largest_amount_follows_nearly_is_withheld() {
    // The second subtracts their 50 from the total: what is left is the largest, less than 10 % more than it if the others
    // have less than 100 between them.
    let p = rule("p_percent = 10");
    let of = |rest: f64| Amounts::new(vec![1_000.0, 50.0, rest, rest]).unwrap();
    assert_eq!(of(50.0).total(&p, Audience::Public, 0).shown(), "1,150");
    assert_eq!(of(49.0).total(&p, Audience::Public, 0).shown(), "[c]");
    // One alone, and two: the total tells all.
    for alone in [vec![7.0], vec![7.0, 3.0]] {
        assert_eq!(Amounts::new(alone).unwrap().total(&p, Audience::Partners, 0).shown(), "[c]");
    }
    assert_eq!(Amounts::new(vec![0.0, 0.0]).unwrap().total(&p, Audience::Public, 0).shown(), "0");
}

#[test]
fn amounts_leave_no_trace_and_odd_ones_are_refused() {
    let marked = Amounts::new(vec![918_273.0]).unwrap();
    let printed = format!("{marked:?}{:?}", marked.total(Rule::named("acro").unwrap(), Audience::Public, 0));
    assert!(!printed.contains("918"), "{printed}");
    for odd in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Amounts::new(vec![1.0, odd]).unwrap_err().position, 2);
    }
}

#[test]
fn the_strictest_of_several_rules_keeps_every_limit() {
    let joined =
        Rule::strictest([Rule::named("ons-mortality-rates").unwrap(), Rule::named("nhs-subnational").unwrap(), Rule::named("acro").unwrap()]);
    assert!(joined.allows_model(9).is_err());
    assert_eq!(shown(9, RateKind::Standardised, &joined, Audience::Public).1.as_deref(), Some("fewer than 10 events: no standardised rate"));
    assert_eq!(Amounts::new(vec![1.0; 9]).unwrap().median(&joined, Audience::Public, 0).shown(), "[c]");
}
