//! Tables of counts that are to leave: every row is kept or the file refused, and what can be tied together is made safe or
//! refused.
#![no_main]

// The program has no library to borrow from; this file of it needs nothing else but its way to refuse.
#[allow(dead_code)]
#[path = "../../crates/headwater/src/clearing/counts.rs"]
mod counts;

/// As much of the program's problems as its reader of counts asks for.
mod problem {
    /// The code with which the program would end.
    pub enum Exit {
        /// A file could not be read.
        Unreadable,
    }

    /// One thing that went wrong, and how to mend it.
    #[derive(Debug)]
    pub struct Problem(String, String);

    impl Problem {
        /// What.
        pub fn new(what: impl Into<String>) -> Self {
            Self(what.into(), String::new())
        }

        /// How to mend it.
        pub fn hint(self, remedy: impl Into<String>) -> Self {
            Self(self.0, remedy.into())
        }

        /// The same: nothing here ends with a code.
        pub fn exit(self, _: Exit) -> Self {
            self
        }

        /// What it says, and how to mend it.
        pub fn words(&self) -> (&str, &str) {
            (&self.0, &self.1)
        }
    }
}

use counts::{CountTable, Seen, Totals};
use headwater_release::{Count, Draft, Ledger, Rule, audit, protect};

/// A release of more counts takes too long to be tried thousands of times.
const MOST_COUNTS: usize = 40;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (counts::totals(text), Rule::from_toml(text));
    }
    let table = match CountTable::read("t.csv", bytes, Some("Assaults")) {
        Ok(table) => table,
        Err(refused) => {
            let (what, remedy) = refused.words();
            return assert!(what.starts_with("t.csv: ") && !remedy.is_empty(), "a refusal names the file, and how to mend it");
        }
    };
    assert!(table.rows.iter().all(|(key, _)| key.len() == table.columns.len() && key.iter().all(|category| !category.is_empty())));
    assert!(table.n_given <= table.columns.len());
    if table.rows.len() > MOST_COUNTS || table.columns.len() > 6 {
        return;
    }
    let mut seen = Seen::new();
    for (row, _) in &table.rows {
        for (name, category) in table.columns.iter().zip(row) {
            seen.entry(name.clone()).or_default().insert(category.clone());
        }
    }
    let mut draft = Draft::new(counts::axes(&table.columns, &seen, &Totals::new()));
    for (row, n) in &table.rows {
        let _ = draft.add(table.key(row, &table.columns), Count::new(*n));
    }
    let Ok((linked, _)) = draft.link(&Ledger::default(), |_, _| None) else { return };
    for rule in ["suppress-exact", "nhs-subnational", "controlled-5"] {
        let safety = Rule::named(rule).unwrap_or(Rule::already_public()).safety();
        if let Ok(pattern) = protect(&linked, &safety) {
            assert!(audit(&linked, &safety, &pattern).is_safe(), "what was made safe stands the attack");
        }
    }
});
