//! Redaction: any text, any terms and boxes; what goes is in nothing that stays, and the proof finds it where it is put back.
#![no_main]

use headwater_documents::remove::{Form, Kept, Part, Pattern, Removal, Target, prove, remove};
use headwater_documents::text::{Area, Limits, of};

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |input: (String, Vec<String>, [f32; 4], u8)| {
    let (words, terms, [left, top, right, bottom], page) = input;
    // Words alone: what looks like a PDF or a package has targets of its own.
    let plain: String = words.chars().map(|c| if c.is_alphanumeric() || " \t\n@.-".contains(c) { c } else { ' ' }).take(5_000).collect();
    let Ok(mut text) = of("a.txt", format!("text {plain}").into_bytes(), &Limits::default()) else { return };
    for page in &mut text.pages {
        page.size = Some((100.0, 100.0));
        for (at, word) in page.words.iter_mut().enumerate() {
            let top = at as f32;
            (word.area, word.is_visible) = (Some(Area { left: 0.0, top, right: 9.0, bottom: top + 1.0 }), at % 7 > 0);
        }
    }
    let terms = terms.into_iter().take(8).map(|words| Target::Term { is_whole: words.len() % 2 == 0, words });
    let boxed = Target::Box { page: page.into(), area: Area { left, top, right, bottom } };
    let patterns = Pattern::ALL.into_iter().map(|(_, pattern)| Target::Pattern(pattern));
    for target in terms.chain(patterns).chain([boxed]) {
        match remove(&text, &[Removal { target, reason: 0 }]) {
            Err(refusal) => assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty()),
            Ok(remade) => {
                let parts = remade.pages.iter().flat_map(|page| &page.blocks).flat_map(|block| block.cells.iter().flatten());
                let kept: Vec<&str> = parts.filter_map(|part| if let Part::Words(words) = part { Some(words.as_str()) } else { None }).collect();
                let before: usize = text.pages.iter().map(|page| page.words.len()).sum();
                assert!(kept.iter().map(|words| words.split(' ').count()).sum::<usize>() < before);
                let kept = Kept { text: kept.join("\n"), beside: String::new() };
                let page = |words: &str| format!("<html><p>{}", words.replace('<', " ")).into_bytes();
                assert_eq!(prove(Form::Html, &page(&kept.text), &kept, &page(""), &remade.secrets), []);
            }
        }
    }
});
