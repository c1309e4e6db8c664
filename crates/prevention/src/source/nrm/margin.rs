//! Whether every margin equals the sum of its parts.

use super::{Age, Exploitation, Gender, Quarter, Referral, ResponderType};
use std::collections::BTreeMap;

/// What became of the comparison of margins with their parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarginCheck {
    /// How many margins were compared.
    pub n_checked: u64,
    /// Those that differ from the sum of their parts, in order of quarter and responder.
    pub disagreements: Vec<Disagreement>,
}

/// A margin that differs from the sum of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The quarter.
    pub quarter: Quarter,
    /// The first responder, or the total of a type.
    pub responder: String,
    /// Over what the parts were summed.
    pub over: &'static str,
    /// The margin as the table states it.
    pub stated: u64,
    /// The sum of its parts.
    pub sum: u64,
}

type Cell = (Exploitation, Age, Gender);

/// Compares each margin with its parts: nationalities, genders, ages, exploitation, and responders of a type.
pub(super) fn check(records: &[Referral]) -> MarginCheck {
    let mut totals: BTreeMap<(Quarter, ResponderType, bool, &str), BTreeMap<Cell, u64>> = BTreeMap::new();
    let mut nationalities: BTreeMap<(Quarter, &str, Cell), u64> = BTreeMap::new();
    let mut has_nationalities: BTreeMap<(Quarter, &str), bool> = BTreeMap::new();
    for r in records {
        let cell = (r.exploitation, r.age, r.gender);
        let people = u64::from(r.people);
        if r.nationality.is_some() {
            *nationalities.entry((r.quarter, &r.responder, cell)).or_default() += people;
            has_nationalities.insert((r.quarter, &r.responder), true);
        } else {
            *totals.entry((r.quarter, r.responder_type, r.is_type_total, &r.responder)).or_default().entry(cell).or_default() += people;
        }
    }
    let mut out = MarginCheck::default();
    for ((quarter, _, _, responder), cells) in &totals {
        let mut compare = |over, stated: u64, sum: u64| {
            out.n_checked += 1;
            if stated != sum {
                out.disagreements.push(Disagreement { quarter: *quarter, responder: (*responder).to_owned(), over, stated, sum });
            }
        };
        // Zero counts are not there, so parts that are all zero look like parts that were not published: a table without
        // any part of a kind is not compared for it.
        let has = |is_part: &dyn Fn(&Cell) -> bool| cells.keys().any(is_part);
        let (by_gender, by_age, by_exploitation) =
            (has(&|c| c.2 != Gender::Total), has(&|c| c.1 != Age::Total), has(&|c| c.0 != Exploitation::Total));
        let sum = |is_part: &dyn Fn(&Cell) -> bool| cells.iter().filter(|(c, _)| is_part(c)).map(|(_, n)| n).sum::<u64>();
        for (&cell, &stated) in cells {
            let (exploitation, age, gender) = cell;
            if has_nationalities.contains_key(&(*quarter, *responder)) {
                compare("nationalities", stated, nationalities.get(&(*quarter, *responder, cell)).copied().unwrap_or(0));
            }
            if exploitation == Exploitation::Total && age == Age::Total && gender == Gender::Total {
                if by_exploitation {
                    compare("exploitation types", stated, sum(&|c| c.0 != Exploitation::Total && c.1 == Age::Total && c.2 == Gender::Total));
                }
            } else if age == Age::Total && gender == Gender::Total {
                if by_age {
                    compare("ages", stated, sum(&|c| c.0 == exploitation && c.1 != Age::Total && c.2 == Gender::Total));
                }
            } else if gender == Gender::Total && by_gender {
                compare("genders", stated, sum(&|c| c.0 == exploitation && c.1 == age && c.2 != Gender::Total));
            }
        }
    }
    for ((quarter, kind, _, responder), cells) in totals.iter().filter(|((_, _, is_type_total, _), _)| *is_type_total) {
        for (cell, stated) in cells {
            let of_type = totals.iter().filter(|((q, k, is_total, _), _)| q == quarter && k == kind && !is_total);
            let sum: u64 = of_type.map(|(_, cells)| part(cells, cell)).sum();
            out.n_checked += 1;
            if *stated != sum {
                out.disagreements.push(Disagreement {
                    quarter: *quarter,
                    responder: (*responder).to_owned(),
                    over: "first responders",
                    stated: *stated,
                    sum,
                });
            }
        }
    }
    out
}

/// What a responder contributes to a cell of its type's total.
///
/// "Local Authority" has no overall row of its own, only rows by exploitation: they are summed.
fn part(cells: &BTreeMap<Cell, u64>, cell: &Cell) -> u64 {
    cells.get(cell).copied().unwrap_or_else(|| match cell {
        (Exploitation::Total, age, gender) => cells.iter().filter(|(c, _)| (c.1, c.2) == (*age, *gender)).map(|(_, n)| n).sum(),
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::super::ExploitationTypes;
    use super::*;

    fn record(responder: &str, exploitation: Exploitation, age: Age, nationality: Option<&str>, people: u32) -> Referral {
        Referral {
            quarter: Quarter { year: 2023, number: 4 },
            responder_type: ResponderType::Police,
            responder: responder.to_owned(),
            is_type_total: responder.ends_with("total"),
            exploitation,
            age,
            gender: Gender::Total,
            nationality: nationality.map(str::to_owned),
            people,
        }
    }

    #[test]
    fn margins_that_agree_are_counted_and_one_that_does_not_is_named() {
        let labour = Exploitation::Types(ExploitationTypes::LABOUR);
        let mut records = vec![
            record("Police total", Exploitation::Total, Age::Total, None, 5),
            record("A Police", Exploitation::Total, Age::Total, None, 5),
            record("A Police", Exploitation::Total, Age::Total, Some("Invented"), 5),
            record("A Police", labour, Age::Total, None, 3),
            record("A Police", labour, Age::Total, Some("Invented"), 3),
            record("A Police", labour, Age::Child, None, 3),
            record("A Police", labour, Age::Child, Some("Invented"), 3),
            record("A Police", Exploitation::NotSpecified, Age::Total, None, 2),
            record("A Police", Exploitation::NotSpecified, Age::Total, Some("Invented"), 2),
            record("A Police", Exploitation::NotSpecified, Age::Adult, None, 2),
            record("A Police", Exploitation::NotSpecified, Age::Adult, Some("Invented"), 2),
        ];
        let good = check(&records);
        assert_eq!((good.n_checked, good.disagreements.len()), (9, 0));
        records[3].people = 4;
        let bad = check(&records);
        let over: Vec<&str> = bad.disagreements.iter().map(|d| d.over).collect();
        assert_eq!(over, ["exploitation types", "nationalities", "ages"]);
        assert_eq!((bad.disagreements[0].stated, bad.disagreements[0].sum), (5, 6));
    }
}
