//! What goes from a document and what stays: boxes on cropped and turned pages, terms however they are spelt, and anything at all.

// The fixtures of other people's redaction lie outside the crate.
#![allow(clippy::disallowed_methods)]

use headwater_documents::remove::{Part, Pattern, Remade, Removal, Target, remove};
use headwater_documents::text::{Area, BlockKind, DocumentText, Limits, PageText, TextBlock, Word, of};
use proptest::prelude::*;
use std::io::Read;
use std::path::Path;

/// A PDF of one page in Helvetica: entries of the page, and what is drawn on it.
pub fn pdf(entries: &str, drawn: &str) -> Vec<u8> {
    crate::pdf::made(&[(entries, drawn)])
}

fn read(name: &str, bytes: Vec<u8>) -> DocumentText {
    of(name, bytes, &Limits::default()).unwrap()
}

fn term(words: &str, is_whole: bool) -> Removal {
    Removal { target: Target::Term { words: words.to_owned(), is_whole }, reason: 0 }
}

fn boxed(page: usize, [left, top, right, bottom]: [f32; 4]) -> Removal {
    Removal { target: Target::Box { page, area: Area { left, top, right, bottom } }, reason: 1 }
}

/// All of it as text: marks are the reason's number in brackets, cells are apart by bars, blocks by line ends.
fn shown(remade: &Remade) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => words.clone(),
        Part::Removed(reason) => format!("[{reason}]"),
    };
    let cell = |parts: &Vec<Part>| parts.iter().map(part).collect::<Vec<_>>().join(" ");
    let blocks = remade.pages.iter().flat_map(|page| &page.blocks);
    blocks.map(|block| block.cells.iter().map(cell).collect::<Vec<_>>().join("|")).collect::<Vec<_>>().join("\n")
}

fn text_without(text: &str, removals: &[Removal]) -> String {
    shown(&remove(&read("a.txt", text.as_bytes().to_vec()), removals).unwrap())
}

/// Three lines close under each other; the name stands in the middle one, from 115 to 179 and from 697 to 710.
const LINES: &str =
    "BT /F 11 Tf 12 TL 72 712 Td (Above him lies another line) Tj T* (Seen by Nia Invented here) Tj T* (Below her lies another line) Tj ET";
const NAME: [f64; 4] = [114.5, 697.5, 178.5, 708.0];

/// A rectangle of a page as a viewer shows it.
fn as_shown([x0, y0, x1, y1]: [f64; 4], [left, bottom, right, top]: [f64; 4], turned: u32) -> [f32; 4] {
    let area = match turned {
        0 => [x0 - left, top - y1, x1 - left, top - y0],
        90 => [y0 - bottom, x0 - left, y1 - bottom, x1 - left],
        180 => [right - x1, y0 - bottom, right - x0, y1 - bottom],
        _ => [top - y1, right - x1, top - y0, right - x0],
    };
    area.map(|edge| edge as f32)
}

#[test]
fn a_box_takes_the_words_a_viewer_shows_under_it_on_any_page() {
    for crop in [[0.0_f64, 0.0, 595.0, 842.0], [50.0, 600.0, 400.0, 800.0], [-20.0, 100.0, 595.0, 842.0]] {
        for turned in [0, 90, 180, 270] {
            let [left, bottom, right, top] = crop;
            let entries = format!("/CropBox[{left} {bottom} {right} {top}]/Rotate {turned}");
            // A crop box reaches no farther than the page.
            let crop = [left.max(0.0), bottom, right, top];
            let text = read("a.pdf", pdf(&entries, LINES));
            let said = shown(&remove(&text, &[boxed(1, as_shown(NAME, crop, turned))]).unwrap());
            assert!(said.contains("Seen by [1] here") && !said.contains("Nia") && !said.contains("Invented"), "{entries}: {said}");
            assert!(said.contains("Above him lies another line") && said.contains("Below her lies another line"), "{entries}: {said}");
        }
    }
}

#[test]
fn a_tight_box_takes_its_line_and_a_wide_one_leaves_the_next() {
    let text = read("a.pdf", pdf("", LINES));
    let page = [0.0, 0.0, 595.0, 842.0];
    // From the thinnest line through the letters to a box that reaches into the letters above and below.
    for (below, above) in [(702.0, 704.0), (700.0, 708.0), (697.0, 710.5), (694.5, 712.4)] {
        let said = shown(&remove(&text, &[boxed(1, as_shown([115.0, below, 178.0, above], page, 0))]).unwrap());
        assert_eq!(said, "Above him lies another line Seen by [1] here Below her lies another line", "{below} to {above}");
    }
    // Whoever is touched goes whole, and neighbours for one reason are one mark.
    let said = shown(&remove(&text, &[boxed(1, as_shown([128.0, 700.0, 140.0, 706.0], page, 0))]).unwrap());
    assert!(said.contains("Seen by [1] here"), "{said}");
}

#[test]
fn boxes_that_cannot_be_are_refused() {
    let text = read("a.pdf", pdf("", LINES));
    let refused = |removal| remove(&text, &[removal]).unwrap_err().what;
    assert!(refused(boxed(2, [0.0, 0.0, 9.0, 9.0])).contains("page 2, and the document has 1"));
    assert!(refused(boxed(0, [0.0, 0.0, 9.0, 9.0])).contains("page 0"));
    assert!(refused(boxed(1, [9.0, 0.0, 9.0, 9.0])).contains("no width"));
    assert!(refused(boxed(1, [0.0, f32::NAN, 9.0, 9.0])).contains("no width"));
    assert!(refused(boxed(1, [0.0, 0.0, 9.0, 9.0])).contains("nothing of what is to be removed"));
    let laid_out_elsewhere = read("a.txt", b"Seen by Nia".to_vec());
    assert!(remove(&laid_out_elsewhere, &[boxed(1, [0.0, 0.0, 9.0, 9.0])]).unwrap_err().what.contains("without a layout"));
    // One that meets nothing beside one that meets something is told.
    let remade = remove(&text, &[boxed(1, [0.0, 0.0, 9.0, 9.0]), term("Nia", true)]).unwrap();
    assert_eq!(remade.without_effect, [0]);
}

#[test]
fn a_term_goes_however_it_is_spelt_and_parted() {
    for text in ["by NIA INVENTED here", "by Nîa Invénted here", "by Nia\nInven-\nted here", "by Nia In\u{ad}vented here", "by n.i.a. invented here"]
    {
        assert_eq!(text_without(text, &[term("Nia Invented", true)]).replace('\n', " "), "by [0] here", "{text}");
    }
    assert_eq!(text_without("by O\u{fb03}ce, of\u{ad}fice and (Office)'s", &[term("office", true)]), "by [0] and [0]");
    // Drawn in pieces, as kerning does it, and over the end of a page's block.
    let drawn = "BT /F 11 Tf 72 700 Td [(Seen by N) -300 (i) -260 (a Inv) 40 (en) -280 (ted here)] TJ ET";
    assert_eq!(shown(&remove(&read("a.pdf", pdf("", drawn)), &[term("Nia Invented", true)]).unwrap()), "Seen by [0] here");
}

#[test]
fn whole_words_leave_longer_ones_and_say_so_and_parts_take_them() {
    let whole = remove(&read("a.txt", b"Ann plans an annual plan next to Ann-Marie".to_vec()), &[term("ann", true)]).unwrap();
    assert_eq!((shown(&whole), whole.within_longer), ("[0] plans an annual plan next to [0]".to_owned(), vec![(0, 1)]));
    assert_eq!(text_without("Ann plans an annual plan next", &[term("ann", false)]), "[0] plans an [0] plan next");
    let refused = |words: &str| remove(&read("a.txt", b"a b".to_vec()), &[term(words, false)]).unwrap_err().what;
    assert!(refused("a").contains("too few letters") && refused(" -. ").contains("too few letters"));
}

#[test]
fn a_mark_tells_neither_how_many_words_went_nor_how_long_they_were() {
    let short = text_without("Seen by Al here", &[term("Al", true)]);
    let long =
        text_without("Seen by Alexandra Constance Invented-Longname here", &[term("Alexandra Constance", true), term("Invented-Longname", true)]);
    assert_eq!((short.as_str(), long.as_str()), ("Seen by [0] here", "Seen by [0] here"));
}

#[test]
fn the_first_reason_counts_and_other_reasons_have_marks_of_their_own() {
    let other = Removal { reason: 3, ..term("Invented of Brindle", true) };
    let remade = remove(&read("a.txt", b"Seen by Nia Invented of Brindle today".to_vec()), &[term("nia invented", true), other]).unwrap();
    assert_eq!(shown(&remade), "Seen by [0] [3] today");
    assert_eq!(remade.counts.iter().map(|it| (it.page, it.reason, it.n)).collect::<Vec<_>>(), [(1, 0, 1), (1, 3, 1)]);
}

#[test]
fn headings_lists_tables_and_notes_stay_what_they_are_and_hidden_words_go() {
    let page = "<html><h1>Plan of Nia</h1><ul><li>ask Nia<li>wait</ul><table><tr><th>Who<th>When<tr><td>Nia<td>May</table><p>Seen <span hidden>by Otto</span> twice";
    let remade = remove(&read("a.html", page.as_bytes().to_vec()), &[term("nia", true)]).unwrap();
    let kinds: Vec<BlockKind> = remade.pages[0].blocks.iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [BlockKind::Heading(1), BlockKind::Item(1), BlockKind::Item(1), BlockKind::Row, BlockKind::Row, BlockKind::Paragraph]);
    assert_eq!(shown(&remade), "Plan of [0]\nask [0]\nwait\nWho|When\n[0]|May\nSeen twice");
    assert_eq!(remade.n_hidden, 2);
    assert!(remade.secrets.stand_in("otto.html"));
    assert!(!format!("{:?}", remade).to_lowercase().contains("otto"), "nothing prints what went");
}

#[test]
fn numbers_go_by_their_form() {
    let removal = |pattern| Removal { target: Target::Pattern(pattern), reason: 2 };
    let all: Vec<Removal> = Pattern::ALL.into_iter().map(|(_, pattern)| removal(pattern)).collect();
    let said = text_without("NHS 943 476 5919, NI QQ 12 34 56 C, nia@office.example, 01273 496012; 12 of 340 in 2024", &all);
    assert_eq!(said, "NHS [2] NI [2] 12 of 340 in 2024");
}

/// A file of `froide`'s tests.
fn froide(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents/froide_redaction_pdfs.zip");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).ok()?).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

#[test]
fn other_peoples_cropped_and_turned_pages_lose_what_is_under_the_box() {
    let Some(cropped) = froide("redaction-test-cropbox.pdf") else { return };
    let text = read("a.pdf", cropped);
    // Where poppler's `pdftotext -cropbox -bbox` finds the word. What the page does not show goes by itself.
    let remade = remove(&text, &[boxed(1, [121.4, 524.2, 164.6, 535.2])]).unwrap();
    assert_eq!((shown(&remade).as_str(), remade.n_hidden), ("abcdefgh\n[1]", 18));
    let text = read("a.pdf", froide("redaction-test-rotated.pdf").unwrap());
    // Where poppler's `pdftotext -bbox` finds "topleft" on each page as it is shown; no word beside it goes.
    let corners = [[0.3, 0.9, 31.6, 14.1], [827.7, 0.3, 841.0, 31.6], [563.7, 827.7, 595.0, 841.0], [0.9, 563.7, 14.1, 595.0]];
    for (at, corner) in corners.into_iter().enumerate() {
        let [left, top, right, bottom] = corner;
        let said = shown(&remove(&text, &[boxed(at + 1, [left + 2.0, top + 2.0, right - 2.0, bottom - 2.0])]).unwrap());
        assert_eq!((said.matches("topleft").count(), said.matches("[1]").count(), said.matches("topright").count()), (3, 1, 4), "page {}", at + 1);
    }
    // Letters that are drawn as shapes are no words: a box over them takes none, and they are not copied.
    let drawn = read("a.pdf", froide("redaction-test-precision.pdf").unwrap());
    assert!(remove(&drawn, &[boxed(1, [0.0, 0.0, 595.0, 842.0])]).unwrap_err().what.contains("nothing of what is to be removed"));
}

/// Words, and the words that they are made of without case, accents and ligatures.
const WORDS: [(&str, &[&str]); 11] = [
    ("nia", &["nia"]),
    ("INVENTED", &["invented"]),
    ("of", &["of"]),
    ("e\u{301}tat", &["etat"]),
    ("ﬁle", &["file"]),
    ("12", &["12"]),
    ("(b)", &["b"]),
    ("x-y", &["x", "y"]),
    ("An\u{ad}n", &["ann"]),
    ("annual", &["annual"]),
    ("profile", &["profile"]),
];

/// A word that is there once: its place in a document, in letters that no term has.
fn told_apart(word: &str, mut number: usize) -> String {
    let mut told = format!("{word}\u{b7}");
    while number > 0 {
        told.push(['q', 'z', 'j'][number % 3]);
        number /= 3;
    }
    told + "\u{b7}"
}

/// A document of random words on lines of their own, each of which is there once, with what each is made of.
fn documents() -> impl Strategy<Value = (DocumentText, Vec<&'static [&'static str]>)> {
    let word = (0..WORDS.len(), any::<bool>(), prop::bool::weighted(0.8));
    let block = (prop::collection::vec(word, 1..12), 0..4_usize);
    prop::collection::vec(prop::collection::vec(block, 0..5), 1..4).prop_map(|all| {
        let mut text = DocumentText { remarks: vec!["nia".to_owned()], ..DocumentText::default() };
        let mut made_of = Vec::new();
        for blocks in all {
            let mut page = PageText { size: Some((600.0, 800.0)), ..PageText::default() };
            for (words, kind) in blocks {
                let start = page.text.len();
                for (at, (word, is_cell, is_visible)) in words.into_iter().enumerate() {
                    if at > 0 {
                        page.text.push(if is_cell { '\t' } else { ' ' });
                    }
                    let (begin, top) = (page.text.len(), page.words.len() as f32 * 12.0);
                    page.text.push_str(&told_apart(WORDS[word].0, made_of.len() + 1));
                    made_of.push(WORDS[word].1);
                    let area = Area { left: 10.0, top, right: 60.0, bottom: top + 10.0 };
                    page.words.push(Word { range: begin..page.text.len(), area: Some(area), is_visible });
                }
                let kind = [BlockKind::Paragraph, BlockKind::Heading(2), BlockKind::Item(1), BlockKind::Row][kind];
                page.blocks.push(TextBlock { kind, range: start..page.text.len() });
                page.text.push('\n');
            }
            text.pages.push(page);
        }
        (text, made_of)
    })
}

#[test]
fn a_block_goes_whole_with_what_is_hidden_in_it_and_one_that_is_not_there_is_refused() {
    let page = b"<html><body><p>Kept here.<p>Of the street <span hidden>by night</span> and port.<p>Kept there.</body></html>".to_vec();
    let text = headwater_documents::text::of("a.html", page, &headwater_documents::text::Limits::default()).unwrap();
    let block = |page, block| Removal { target: Target::Block { page, block }, reason: 0 };
    let remade = remove(&text, &[block(1, 2)]).unwrap();
    let cells: Vec<Vec<Part>> = remade.pages[0].blocks.iter().map(|block| block.cells.concat()).collect();
    assert_eq!(cells, [vec![Part::Words("Kept here.".into())], vec![Part::Removed(0)], vec![Part::Words("Kept there.".into())]]);
    assert!(remade.secrets.stand_in("of the street") && remade.secrets.stand_in("night"));
    for (page, number) in [(1, 0), (1, 9), (0, 1), (2, 1)] {
        assert_eq!(remove(&text, &[block(page, number)]).unwrap_err().what, "block 1 is not in the document");
    }
}

fn removals() -> impl Strategy<Value = Vec<Removal>> {
    let words = prop::sample::select(vec!["Nia", "file", "ann", "\u{e9}TAT", "12", "x", "of"]);
    let term =
        (words, any::<bool>(), 0..3_usize).prop_map(|(words, is_whole, reason)| Removal { reason, ..term(words, is_whole || words.len() < 2) });
    let boxed = (1..2_usize, 0.0..200.0_f32, 1.0..30.0_f32, 0..3_usize)
        .prop_map(|(page, top, height, reason)| Removal { reason, ..boxed(page, [0.0, top, 600.0, top + height]) });
    prop::collection::vec(prop_oneof![term, boxed], 1..5)
}

/// Whether a word is to go, by another way of finding out.
fn is_to_go(removal: &Removal, page: usize, word: &Word, made_of: &[&str]) -> bool {
    match &removal.target {
        Target::Term { words, is_whole } => {
            let term = words.to_lowercase().replace('\u{e9}', "e");
            made_of.iter().any(|it| if *is_whole { *it == term } else { it.contains(&term) })
        }
        Target::Box { page: on, area } => {
            let word = word.area.unwrap();
            page == *on && word.top + 2.5 < area.bottom && area.top < word.bottom - 2.5
        }
        Target::Pattern(_) | Target::Block { .. } => false,
    }
}

proptest! {
    /// Exactly the words that are neither hidden nor to go stay, in their order and cell; there is a mark where others went, and
    /// no other; and what went stands in nothing that can be printed.
    #[test]
    fn what_is_not_removed_stays_in_order_and_what_is_removed_is_gone((text, made_of) in documents(), removals in removals()) {
        let Ok(remade) = remove(&text, &removals) else { return Ok(()) };
        prop_assert_eq!(remade.pages.len(), text.pages.len());
        let mut number = 0;
        let (mut wanted, mut gone) = (Vec::new(), Vec::new());
        for (at, page) in text.pages.iter().enumerate() {
            let mut parts: Vec<(usize, Option<usize>, String)> = Vec::new();
            let mut cell = 0;
            let mut from = 0;
            for word in &page.words {
                cell += page.text[from..word.range.start].matches(['\t', '\n']).count();
                from = word.range.end;
                let said = &page.text[word.range.clone()];
                let reason = removals.iter().find(|it| is_to_go(it, at + 1, word, made_of[number])).map(|it| it.reason);
                number += 1;
                match (word.is_visible, reason, parts.last_mut()) {
                    (false, ..) => gone.push(said),
                    (true, Some(reason), last) => {
                        gone.push(said);
                        if last.is_none_or(|last| last.0 != cell || last.1 != Some(reason)) {
                            parts.push((cell, Some(reason), String::new()));
                        }
                    }
                    (true, None, Some(last)) if last.0 == cell && last.1.is_none() => last.2 += &format!(" {said}"),
                    (true, None, _) => parts.push((cell, None, said.to_owned())),
                }
            }
            wanted.push(parts.into_iter().map(|(_, reason, words)| reason.map_or(Part::Words(words), Part::Removed)).collect::<Vec<_>>());
        }
        let made: Vec<Vec<Part>> =
            remade.pages.iter().map(|page| page.blocks.iter().flat_map(|block| block.cells.concat()).collect()).collect();
        prop_assert_eq!(made, wanted);
        let printed = format!("{remade:?}");
        for word in gone {
            prop_assert!(!printed.contains(word), "{}", word);
            // Short ones are looked for with their neighbours alone.
            prop_assert!(remade.secrets.stand_in(word) || word.chars().count() < 8, "{}", word);
        }
        let n_marks = remade.pages.iter().flat_map(|page| &page.blocks).flat_map(|block| block.cells.concat()).filter(|it| matches!(it, Part::Removed(_))).count();
        prop_assert_eq!(remade.counts.iter().map(|it| it.n).sum::<usize>(), n_marks);
    }
}
