//! PDF files of any content: what they say, and what they say that no page shows.
#![no_main]

use headwater_documents::pdf;

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    if let Ok(text) = pdf::text(bytes.to_vec()) {
        for page in &text.pages {
            assert!(page.words.iter().all(|word| page.text.get(word.range.clone()).is_some()));
            assert!(page.blocks.iter().all(|block| page.text.get(block.range.clone()).is_some()));
        }
        // What can be read can be looked into.
        assert!(pdf::look(bytes.to_vec()).is_ok());
    }
});
