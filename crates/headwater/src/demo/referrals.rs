//! Referrals to the National Referral Mechanism by first responder, in the long layout without
//! zeros: every margin is a row too (`Total`), so that a reader who adds everything up is wrong.
//!
//! Nationalities other than UK are out of novels: the demo makes no claim about anyone's.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::chance::Chance;
use super::names;

const TOTAL: &str = "Total";

/// A first responder: kind, name, referrals in an ordinary quarter.
const RESPONDERS: [(&str, &str, f64); 5] = [
    ("Government agency", "Crown Boundary Office CBO", 14.0),
    ("Local Authority", "Local Authority", 18.0),
    ("NGO and third sector", "The Lamplight Fellowship", 4.0),
    ("Police", names::NEIGHBOUR_FORCE, 15.0),
    ("Police", names::FORCE, 11.0),
];
const EXPLOITATION: [(&str, f64); 7] = [
    ("Criminal", 44.0),
    ("Labour", 20.0),
    ("Sexual", 12.0),
    ("Labour & Criminal", 10.0),
    ("Sexual & Criminal", 3.0),
    ("Domestic", 2.0),
    ("Not specified or unknown", 9.0),
];
const NATIONALITIES: [(&str, f64); 4] = [("UK", 62.0), ("Ruritanian", 22.0), ("Graustarkian", 11.0), ("Ruritanian UK", 5.0)];

/// Exploitation, age, gender and nationality of one referral or of one margin.
type Row = [&'static str; 4];

/// The table from 2022 Q2 to 2023 Q4.
pub(super) fn csv(seed: u64) -> String {
    let chance = &mut Chance::of(seed, "referrals");
    let mut csv = String::from(
        "\"Year\",\"Quarter\",\"First responder type\",\"First responder\",\
         \"Exploitation type\",\"Age at exploitation\",\"Gender\",\"Nationality\",\"People\"\n",
    );
    for quarter in 1..8_u16 {
        // Quarters are counted from 2022 Q1; the published layout begins with Q2.
        let (year, quarter) = (2022 + quarter / 4, quarter % 4 + 1);
        let mut by_kind: BTreeMap<&str, BTreeMap<String, BTreeMap<Row, u32>>> = BTreeMap::new();
        for (kind, responder, usual) in RESPONDERS {
            let tables = by_kind.entry(kind).or_default();
            for _ in 0..chance.poisson(usual) {
                let referral = draw(chance);
                for table in [responder.to_owned(), format!("{kind} total")] {
                    let counts = tables.entry(table).or_default();
                    for margin in margins(referral) {
                        *counts.entry(margin).or_insert(0) += 1;
                    }
                }
            }
        }
        for (kind, tables) in &by_kind {
            for (responder, counts) in tables {
                let mut rows: Vec<_> = counts.iter().collect();
                // Totals first, but last among nationalities, as published.
                rows.sort_by_key(|&(&[exploitation, age, gender, nationality], _)| {
                    let first = |word: &'static str| (word != TOTAL, word);
                    (first(exploitation), first(age), first(gender), (nationality == TOTAL, nationality))
                });
                for ([exploitation, age, gender, nationality], people) in rows {
                    let _ = writeln!(
                        csv,
                        "{year},\"Q{quarter}\",\"{kind}\",\"{responder}\",\"{exploitation}\",\
                         \"{age}\",\"{gender}\",\"{nationality}\",{people}"
                    );
                }
            }
        }
    }
    csv
}

fn draw(chance: &mut Chance) -> Row {
    let exploitation = chance.one_of(&EXPLOITATION).unwrap_or("Criminal");
    let child = if exploitation.contains("Criminal") { 60.0 } else { 20.0 };
    let age = [("Child (17 or under)", child), ("Adult (18 or over)", 100.0 - child), ("Not specified or unknown", 2.0)];
    let female = if exploitation.contains("Sexual") { 80.0 } else { 14.0 };
    [
        exploitation,
        chance.one_of(&age).unwrap_or("Adult (18 or over)"),
        chance.one_of(&[("Female", female), ("Male", 100.0 - female)]).unwrap_or("Male"),
        chance.one_of(&NATIONALITIES).unwrap_or("UK"),
    ]
}

/// The nested margins a referral counts in, each with its nationality and with all.
fn margins([exploitation, age, gender, nationality]: Row) -> impl Iterator<Item = Row> {
    [[TOTAL, TOTAL, TOTAL], [exploitation, TOTAL, TOTAL], [exploitation, age, TOTAL], [exploitation, age, gender]]
        .into_iter()
        .flat_map(move |[e, a, g]| [[e, a, g, nationality], [e, a, g, TOTAL]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_add_up_to_their_totals() {
        let csv = csv(1);
        let mut sums: BTreeMap<(String, String), [u32; 3]> = BTreeMap::new();
        for line in csv.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
            let people: u32 = cells[8].parse().expect("a count");
            assert!(people > 0, "zeros are left out");
            let key = (format!("{} {}", cells[0], cells[1]), cells[3].to_owned());
            let sum = sums.entry(key).or_default();
            match (cells[4], cells[5], cells[6], cells[7]) {
                (TOTAL, TOTAL, TOTAL, TOTAL) => sum[0] += people,
                (_, TOTAL, TOTAL, TOTAL) => sum[1] += people,
                (_, _, gender, TOTAL) if gender != TOTAL => sum[2] += people,
                _ => (),
            }
        }
        assert!(sums.contains_key(&("2022 Q2".to_owned(), names::FORCE.to_owned())));
        assert!(sums.contains_key(&("2023 Q4".to_owned(), names::FORCE.to_owned())));
        for (key, [all, by_exploitation, by_gender]) in sums {
            assert_eq!(all, by_exploitation, "{key:?}");
            assert_eq!(all, by_gender, "{key:?}");
        }
    }
}
