//! NRM referrals in both layouts and as the long series, with and without a quarter stated from outside.
#![no_main]

use headwater_prevention::source::Kind;
use headwater_prevention::source::nrm::{quarter_in, read_for, read_longitudinal};
use headwater_prevention::source::table::{TextTable, decode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    headwater_fuzz::try_table(Kind::NrmReferral, bytes);
    let Ok(table) = TextTable::from_csv(bytes) else {
        return;
    };
    let _ = quarter_in(&decode(bytes));
    if let Ok(read) = read_for(&table, quarter_in("nrm-2023-q4.ods")) {
        assert!(read.set_aside.n_rows() <= read.n_rows);
        let _ = read.check_margins();
    }
    if let Ok(read) = read_longitudinal(&table) {
        // A row of the workbook's layout holds several counts, a row of the long layout one.
        let n_used = read.n_rows - read.n_year_totals - read.set_aside.n_rows();
        assert!(n_used <= read.records.len() as u64, "no row is lost");
        let _ = read.by_quarter();
    }
});
