//! Definition files: refused with their name, or read with ids that are told apart.
#![no_main]

use headwater_prevention::definition::{Definitions, SHIPPED};
use headwater_prevention::source::table::decode;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = decode(bytes);
    match Definitions::read(&[("tried.toml", &text)]) {
        Ok(definitions) => {
            assert_eq!(definitions.cases.len() + definitions.indicators.len(), 1);
            for case in &definitions.cases {
                let _ = definitions.proxies(case, "police-uk-street");
            }
        }
        Err(error) => assert!(error.contains("tried.toml"), "the file is named: {error}"),
    }
    // Beside those that ship, an id may come twice.
    let mut all: Vec<(&str, &str)> = SHIPPED.to_vec();
    all.push(("tried.toml", &text));
    if let Ok(definitions) = Definitions::read(&all) {
        assert_eq!(definitions.cases.len() + definitions.indicators.len(), SHIPPED.len() + 1);
        for case in &definitions.cases {
            let _ = definitions.proxies(case, "police-uk-street");
        }
    }
});
