//! Months, periods, area codes and the names of columns and files: what is read can be written and read again.
#![no_main]

use headwater_prevention::period::{Month, Period};
use headwater_prevention::place::{AreaCode, Change};
use headwater_prevention::source::lookup::area_column;
use headwater_prevention::source::nrm::quarter_in;
use headwater_prevention::source::population::reference_year;
use headwater_prevention::source::stop_search::named;
use headwater_prevention::source::street::{CrimeType, Reader};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(month) = Month::from_bytes(bytes) {
        assert_eq!(month.to_string().as_bytes(), bytes);
        assert_eq!(Month::from_index(month.index()), Some(month));
        assert_eq!(Month::new(month.year(), month.month()), Some(month));
        assert!((28..=31).contains(&month.days()));
        let _ = (month.name(), month.plus(1), month.plus(-1), month.plus(i32::MAX), month.plus(i32::MIN));
    }
    if let Some(code) = AreaCode::from_bytes(bytes) {
        assert_eq!(code.to_string().as_bytes(), bytes);
        assert_eq!(AreaCode::unpack(code.pack()), Some(code));
        let _ = (code.kind(), code.is_welsh());
    }
    if let Some(crime_type) = CrimeType::from_bytes(bytes) {
        assert_eq!(crime_type.name().as_bytes(), bytes);
    }
    if let Some(packed) = bytes.first_chunk::<8>() {
        if let Some(code) = AreaCode::unpack(u64::from_le_bytes(*packed)) {
            assert_eq!(AreaCode::from_bytes(code.to_string().as_bytes()), Some(code));
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(period) = text.parse::<Period>() {
        assert_eq!(period.to_string(), text);
        assert_eq!(period.months().count(), period.n_months());
        assert!(period.years().iter().all(|year| year.n_months() == 12 && period.contains(year.first()) && period.contains(year.last())));
        let _ = period.name();
    }
    let _ = (area_column(text), quarter_in(text), reference_year(text), Change::from_letter(text), Reader::new(text));
    for kind in ["stop-and-search", "outcomes"] {
        let _ = named(text, kind);
    }
});
