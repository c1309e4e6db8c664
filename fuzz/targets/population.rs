//! Population by LSOA: every row is kept or set aside with a reason, and what was read can be joined to a workspace.
#![no_main]

use headwater_prevention::source::Kind;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| headwater_fuzz::try_table(Kind::Population, bytes));
