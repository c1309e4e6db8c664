//! No published file is taken for two kinds of data set, and every parser meets every file with a table or a sentence.

use crate::published::{files, start};
use headwater_prevention::source::table::TextTable;
use headwater_prevention::source::{self, deprivation, fingertips, lookup, nrm, outcome, population, stop_search};

#[test]
fn no_published_table_is_two_kinds_at_once() {
    type Recognises = fn(&TextTable) -> bool;
    let kinds: [(&str, Recognises); 9] = [
        ("look-up", lookup::recognises),
        ("change", lookup::recognises_change),
        ("population", population::recognises),
        ("deprivation", deprivation::recognises),
        ("referrals", nrm::recognises),
        ("referrals over time", nrm::recognises_longitudinal),
        ("fingertips", fingertips::recognises),
        ("stop and search", stop_search::recognises),
        ("outcomes", outcome::recognises),
    ];
    let expected = [
        ("lookups/lookup_lsoa11_lsoa21_ltla22.csv.gz", "change"),
        ("lookups/ons_lad17_csp17_pfa17.csv", "look-up"),
        ("lookups/lookup_lsoa21_ward24_ltla24.csv.gz", "look-up"),
        ("population/population17_lsoa11.csv.gz", "population"),
        ("population/population20_ltla21.csv.gz", ""),
        ("nrm/nrm_referrals_by_first_responder_2022q2_2023q4_nonzero.csv.gz", "referrals"),
        ("nrm/nrm_referrals_longitudinal.csv.gz", "referrals over time"),
        ("police_uk_sussex/2020-10-sussex-street.csv.gz", ""),
        ("imd/imd2019_england_ltla23.csv.gz", ""),
        ("imd/imd2025_england_ltla24.csv.gz", ""),
    ];
    let mut all = Vec::new();
    for inside in ["lookups", "population", "imd", "nrm", "recorded_crime", "linkage"] {
        for ending in [".csv.gz", ".csv"] {
            all.extend(files(inside, ending));
        }
    }
    for name in all {
        // The head of each file is enough to recognise it by.
        let Some(mut head) = start(&name, 20_000) else {
            return;
        };
        head.truncate(head.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1));
        let table = TextTable::from_csv(&head).unwrap();
        let found: Vec<&str> = kinds.iter().filter(|(_, recognises)| recognises(&table)).map(|(kind, _)| *kind).collect();
        assert!(found.len() <= 1, "{name} is {found:?}");
        if let Some((_, kind)) = expected.iter().find(|(file, _)| *file == name) {
            assert_eq!(found.first().copied().unwrap_or_default(), *kind, "{name}");
        }
        println!("{name}: {}", found.first().unwrap_or(&"not one of ours"));
        // Whatever it is, reading it must end in a table or a sentence.
        let sentences: Vec<source::Unreadable> = [
            lookup::read(&table).err(),
            lookup::read_change(&table).err(),
            nrm::read(&table).err(),
            nrm::read_longitudinal(&table).err(),
            fingertips::read(&table).err(),
            stop_search::read(&table, &name).err(),
            outcome::read(&table, &name).err(),
            population::read(&table).err(),
            deprivation::read(&table).err(),
        ]
        .into_iter()
        .flatten()
        .collect();
        assert!(sentences.iter().all(|e| !e.what.is_empty() && !e.remedy.is_empty()), "{name}");
    }
}
