//! Comma-separated text of any dialect: told from other tables, its rows numbered upwards.
#![no_main]

use headwater_prevention::evidence::Reading;
use headwater_prevention::source::table::{TextTable, decode, plain};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match TextTable::from_csv(bytes) {
        Ok(table) => {
            assert!(table.rows().windows(2).all(|pair| pair[0].0 < pair[1].0), "rows are numbered upwards");
            if let Some(kind) = Reading::recognise_table(&table) {
                headwater_fuzz::read_table(kind, &table);
            }
        }
        Err(refused) => assert!(!refused.what.is_empty() && !refused.remedy.is_empty()),
    }
    let name = plain(&decode(bytes));
    assert_eq!(plain(&name), name, "a plain name stays plain");
});
