//! Small counts: hidden where they must be, and everything worked out from them hidden with them.

use headwater_release::{Audience, Count, Passage, Rule, Shorthand, Value, derive, derive_interval, derive_many, derive_rows, treat, treat_all};
use proptest::prelude::*;

/// A number whose digits occur nowhere else in what is printed, so that any trace of it is found.
const MARKED: u64 = 918_273;

/// Counts from 1 to 7 hidden, others to the nearest 5.
fn hiding() -> &'static Rule {
    Rule::named("nhs-subnational").unwrap()
}

fn rule(hide_up_to: u64, rounding: &str) -> Rule {
    let text =
        format!("id = \"mine\"\nname = \"Mine\"\nsays_who = \"us\"\nhide_up_to = {hide_up_to}\nrounding = \"{rounding}\"\nhide_to_protect = false\n");
    Rule::from_toml(&text).unwrap()
}

fn treated_as(n: u64, rule: &Rule, audience: Audience) -> Option<u64> {
    treat(Count::new(n), rule, audience).known()
}

#[test]
fn a_raw_count_is_never_printed() {
    let count = Count::new(MARKED) + Count::new(0);
    let sum: Count = [count, Count::new(0)].into_iter().sum();
    for printed in [format!("{count:?}"), format!("{sum:#?}"), format!("{:?}", Some(vec![count]))] {
        assert!(!printed.contains("918") && !printed.contains("273"), "{printed}");
    }
}

#[test]
fn a_hidden_count_leaves_no_trace_in_what_is_derived_from_it() {
    let rule = rule(1_000_000, "none");
    let hidden = treat_all(&[Count::new(MARKED), Count::new(MARKED)], &rule, Audience::Public);
    let one = derive(&hidden, 0, |n| Ok(n[0] as f64));
    let three = derive_interval(&hidden, 0, |n| Ok([n[0] as f64, n[0] as f64, n[1] as f64]));
    let many = derive_many(&hidden, 0, |n| Ok(n.iter().map(|n| Ok(*n as f64)).collect()));
    let rows = derive_rows(&hidden, |n, derived| Ok(vec![vec![derived.number(n[0] as f64, 0)]]));
    let sentence = Passage::new().say("There were ").value(&one).value(&Value::count(hidden[0]));
    for printed in [format!("{hidden:?}{one:?}{three:?}{many:?}{rows:?}{sentence:?}"), one.shown(), one.csv(), sentence.plain()] {
        assert!(!printed.contains("918") && !printed.contains("273"), "{printed}");
    }
    assert_eq!(three.lower.shorthand(), Some(Shorthand::Confidential));
    assert_eq!(many, vec![Value::gap(Shorthand::Confidential)]);
    assert_eq!(rows, Err(Value::gap(Shorthand::Confidential)));
}

#[test]
fn a_formula_is_not_even_asked_when_an_input_is_hidden() {
    let inputs = treat_all(&[Count::new(3), Count::new(500)], hiding(), Audience::Public);
    let value = derive(&inputs, 1, |_| panic!("a hidden count was handed to a formula"));
    assert_eq!(value.shown(), "[c]");
}

#[test]
fn a_formula_sees_rounded_counts_and_not_the_raw_ones() {
    let inputs = treat_all(&[Count::new(23)], hiding(), Audience::Public);
    assert_eq!(derive(&inputs, 0, |n| Ok(n[0] as f64)).shown(), "25");
}

#[test]
fn the_largest_possible_count_is_rounded_without_overflow() {
    assert!(treated_as(u64::MAX, hiding(), Audience::Public).is_some());
    assert!(treated_as(u64::MAX, &rule(7, "midpoint 6"), Audience::Public).is_some());
}

proptest! {
    #[test]
    fn outsiders_see_nought_nothing_or_a_rounded_number(n in 0u64..10_000, hide in 1u64..50, to in 2u64..20) {
        let rule = rule(hide, &format!("nearest {to}"));
        for audience in [Audience::Partners, Audience::Public] {
            match treated_as(n, &rule, audience) {
                Some(0) if n == 0 => {}
                None => prop_assert!((1..=hide).contains(&n)),
                Some(seen) => {
                    prop_assert!(n > hide);
                    prop_assert!(seen.is_multiple_of(to));
                    prop_assert!(seen.abs_diff(n) * 2 <= to);
                }
            }
        }
        prop_assert_eq!(treated_as(n, &rule, Audience::Team), Some(n));
        prop_assert_eq!(treated_as(n, Rule::already_public(), Audience::Public), Some(n));
    }
}
