//! Protects a release of districts, months, measures and age bands, and prints what it cost: one line of JSON.
//!
//! `protect_bench DISTRICTS MONTHS MEASURES AGES MEAN [SEED [COALITION [1]]]`: the last 1 makes the measures add up, so that all cells are tied together

// A bench reads the clock and its arguments; the crate itself does neither.
#![allow(clippy::disallowed_methods)]

use headwater_release::{Count, Crossing, Dimension, Fate, Linked, Rounding, Safety, audit, protect};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<f64> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let [districts, months, measures, ages, mean, ..] = arguments[..] else {
        return Err("usage: protect_bench DISTRICTS MONTHS MEASURES AGES MEAN [SEED COALITION TIED BASE]".into());
    };
    let seed = arguments.get(5).copied().unwrap_or(1.0) as u64;
    let (districts, months, measures, ages) = (districts as usize, months as usize, measures as usize, ages as usize);
    let whole = |n: usize| {
        let mut dimension = Dimension::of_parts(n);
        dimension.add_total(&(0..n).collect::<Vec<_>>());
        dimension
    };
    let mut period = Dimension::of_parts(months);
    let years: Vec<usize> = (0..months / 12).map(|year| period.add_total(&(year * 12..year * 12 + 12).collect::<Vec<_>>())).collect();
    period.add_total(&years);
    let is_one = arguments.get(7).is_some_and(|one| *one > 0.0);
    let dimensions = [whole(districts), period, if is_one { whole(measures) } else { Dimension::of_parts(measures) }, whole(ages)];
    let mut linked = Linked::default();
    let table = Crossing::add_to(&mut linked, &dimensions, |place| Count::new(draw(seed, place, mean)))?;
    let built = Instant::now();
    let coalition = arguments.get(6).copied().unwrap_or(0.0) as u64;
    let safety = match arguments.get(8).copied().unwrap_or(0.0) as u64 {
        0 => Safety { hide_up_to: 4, least_values: 4, rounding: Rounding::None, coalition },
        base => Safety { hide_up_to: 0, least_values: base, rounding: Rounding::Controlled(base), coalition },
    };
    let pattern = protect(&linked, &safety)?;
    let protect_s = built.elapsed().as_secs_f64();
    let found = audit(&linked, &safety, &pattern);
    println!(
        "{{\"cells\": {}, \"sums\": {}, \"small\": {}, \"hidden_to_protect\": {}, \"protect_s\": {protect_s:.2}, \"audit_s\": {:.2}, \"proven\": {}, \"pinned\": {}, \"in_vain\": {}, \"intervals\": {}, \"must_stay_unknown\": {}, \"farthest\": {}}}",
        table.n_cells(),
        linked.n_sums(),
        pattern.n_with(Fate::Hidden),
        pattern.n_with(Fate::HiddenToProtect),
        built.elapsed().as_secs_f64() - protect_s,
        found.n_proven_by_tables,
        found.pinned.len(),
        found.in_vain.len(),
        found.n_intervals,
        found.n_needy,
        pattern.farthest().unwrap_or(0),
    );
    Ok(())
}

/// A count that is skewed as counts of people are: many noughts and small ones, a few large ones.
fn draw(seed: u64, place: &[usize], mean: f64) -> u64 {
    let mut state = place.iter().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |state, category| mix(state ^ (*category as u64 + 1)));
    let mut unit = || {
        state = mix(state);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let level = mean * (0.1 + 3.0 * unit().powi(3) + 0.15 * place.iter().sum::<usize>() as f64 % 1.0);
    (level * -libm::log(1.0 - unit())) as u64
}

/// The finalizer of splitmix64.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
