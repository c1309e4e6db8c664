//! The text of PDF files: small ones written here, and real ones beside another program's reading.

// Real reports lie outside the crate, and another program reads them beside it.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use headwater_documents::pdf;
use headwater_documents::text::{BlockKind, DocumentText, PageText};

/// A PDF of these pages, each its own entries and what is drawn on it, in Helvetica.
pub fn made(pages: &[(&str, &str)]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {}/Kids[{}]>>", pages.len(), (0..pages.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect::<String>()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (number, (entries, drawn)) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {} 0 R{entries}>>",
            5 + 2 * number
        ));
        objects.push(format!("<</Length {}>>stream\n{drawn}\nendstream", drawn.len() + 1));
    }
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    file.extend(places.iter().map(|place| format!("{place:010} 00000 n \n")));
    file += &format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}

/// A line of this size at this place.
fn line(size: u32, x: u32, y: u32, words: &str) -> String {
    format!("BT /F {size} Tf {x} {y} Td ({words}) Tj ET\n")
}

fn one_page(drawn: &str) -> PageText {
    pdf::text(made(&[("", drawn)])).unwrap().pages.remove(0)
}

fn blocks(page: &PageText) -> Vec<(BlockKind, &str)> {
    page.blocks.iter().map(|block| (block.kind, &page.text[block.range.clone()])).collect()
}

#[test]
fn words_have_their_places_and_lines_flow_into_paragraphs() {
    let page = one_page(
        &[
            line(20, 72, 760, "What was found"),
            line(11, 72, 700, "Half of recorded violence lies in"),
            line(11, 72, 686, "a fifth of small areas."),
            line(11, 72, 640, "The rest lies elsewhere."),
        ]
        .concat(),
    );
    let (heading, text) = (BlockKind::Heading(1), BlockKind::Paragraph);
    assert_eq!(
        blocks(&page),
        [(heading, "What was found"), (text, "Half of recorded violence lies in a fifth of small areas."), (text, "The rest lies elsewhere.")]
    );
    let word = page.words.iter().find(|word| &page.text[word.range.clone()] == "found").unwrap();
    let area = word.area.unwrap();
    // 20 points high on the line 760 from the bottom of 842, behind "What was " in Helvetica.
    assert!(area.left > 150.0 && area.left < 170.0 && area.top > 60.0 && area.bottom < 90.0 && word.is_visible, "{area:?}");
}

#[test]
fn a_hyphen_at_the_end_of_a_line_joins_what_follows() {
    let page = one_page(
        &[
            line(11, 72, 700, "They work under the Anti-"),
            line(11, 72, 686, "Slavery Partnership and the recom-"),
            line(11, 72, 672, "mendations of 2019-"),
            line(11, 72, 658, "2020 - and -"),
            line(11, 72, 644, "so on."),
        ]
        .concat(),
    );
    // A hyphen behind a number or by itself is a dash.
    let said = "They work under the Anti-Slavery Partnership and the recom-mendations of 2019- 2020 - and - so on.";
    assert_eq!(blocks(&page), [(BlockKind::Paragraph, said)]);
    // Both halves keep their places, so that a box lies on each of them.
    let halves: Vec<_> = page.words.iter().filter(|word| ["Anti-", "Slavery"].contains(&&page.text[word.range.clone()])).collect();
    assert_eq!(halves.len(), 2);
    assert!(halves[0].area.unwrap().left > halves[1].area.unwrap().right, "{halves:?}");
}

#[test]
fn letters_apart_for_their_looks_are_one_word_and_what_is_far_apart_is_another_cell() {
    let page = one_page(
        "BT /F 10 Tf 72 700 Td [(v)-60(io)40(lence)-250(grew)] TJ ET BT /F 10 Tf 300 700 Td (12) Tj ET BT /F 10 Tf 72 680 Td (robbery) Tj ET BT /F 10 Tf 300 680 Td (7) Tj ET",
    );
    assert_eq!(blocks(&page), [(BlockKind::Row, "violence grew\t12"), (BlockKind::Row, "robbery\t7")]);
}

#[test]
fn columns_that_were_drawn_line_by_line_are_read_one_after_the_other() {
    let mut drawn = line(18, 72, 780, "A heading over both columns of it");
    for n in 0..12 {
        // As a scanner's program does it: across both columns, then down.
        drawn += &line(10, 320, 700 - 14 * n, &format!("right{n} goes on"));
        drawn += &line(10, 72, 700 - 14 * n, &format!("left{n} goes on"));
    }
    let page = one_page(&drawn);
    let firsts: Vec<&str> = page.text.split_whitespace().filter(|word| word.starts_with("left") || word.starts_with("right")).collect();
    let wanted: Vec<String> = ["left", "right"].iter().flat_map(|side| (0..12).map(move |n| format!("{side}{n}"))).collect();
    assert_eq!(firsts, wanted);
}

#[test]
fn what_nobody_sees_is_told_apart_and_a_turned_page_reads_as_it_is_shown() {
    let drawn = line(10, 72, 700, "seen") + "BT 3 Tr /F 10 Tf 72 600 Td (recognised) Tj ET\n" + &line(10, 72, 900, "above");
    let page = one_page(&drawn);
    let seen: Vec<(&str, bool)> = page.words.iter().map(|word| (&page.text[word.range.clone()], word.is_visible)).collect();
    assert_eq!(seen, [("above", false), ("seen", true), ("recognised", false)]);
    for (entries, place) in [("/Rotate 90", (700.0, 72.0)), ("/Rotate 180", (523.0, 700.0)), ("/CropBox[50 600 400 842]", (22.0, 142.0))] {
        let read = pdf::text(made(&[(entries, &line(10, 72, 700, "turned"))])).unwrap();
        let page = &read.pages[0];
        assert_eq!(page.text.trim(), "turned");
        let area = page.words[0].area.unwrap();
        let (x, y) = place;
        assert!(area.left - 12.0 < x && x < area.right + 12.0 && area.top - 12.0 < y && y < area.bottom + 12.0, "{entries}: {area:?}");
    }
}

#[test]
fn a_damaged_file_is_mended_or_refused_with_a_sentence() {
    let whole = made(&[("", &line(10, 72, 700, "kept")), ("", &line(10, 72, 700, "second"))]);
    // Without its table of objects a file is searched for them.
    let cut = &whole[..whole.windows(4).position(|four| four == b"xref").unwrap()];
    assert_eq!(pdf::text(cut.to_vec()).unwrap().plain(), "kept\n\u{c}second\n");
    for bytes in [&b"%PDF-1.7\nnothing"[..], b"", b"PK\x03\x04"] {
        let refusal = pdf::text(bytes.to_vec()).unwrap_err();
        assert!(refusal.what.contains("damaged") && refusal.remedy.contains("ask the sender"), "{refusal:?}");
    }
    let many = made(&vec![("", ""); pdf::MOST_PAGES + 1]);
    assert!(pdf::text(many).unwrap_err().what.contains("10001 pages"));
}

/// The words of a text, each with how often it stands there.
fn counted(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *found.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    found
}

/// The share of pairs of neighbouring words in `other` that stand side by side in `text`, too.
fn order_kept(text: &str, other: &str) -> f64 {
    let pairs = |text: &str| {
        let words: Vec<String> =
            text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
        words.windows(2).for_each(|pair| *found.entry((pair[0].clone(), pair[1].clone())).or_insert(0) += 1);
        found
    };
    let (ours, theirs) = (pairs(text), pairs(other));
    let shared: usize = theirs.iter().map(|(pair, n)| (*n).min(ours.get(pair).copied().unwrap_or(0))).sum();
    shared as f64 / theirs.values().sum::<usize>().max(1) as f64
}

/// What `pdftotext` reads, in the order in which it is drawn: its other order takes tables for columns. `None` where it is not installed.
fn by_pdftotext(bytes: &[u8]) -> Option<String> {
    let mut reader = Command::new("pdftotext").args(["-raw", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let (mut into, bytes) = (reader.stdin.take().unwrap(), bytes.to_vec());
    let writer = std::thread::spawn(move || into.write_all(&bytes));
    let read = reader.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    Some(String::from_utf8_lossy(&read.stdout).into_owned())
}

#[test]
fn real_reports_hold_the_words_that_pdftotext_finds_in_their_order() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents/csew_2011_12_technical_pdfs.zip");
    let Ok(bytes) = std::fs::read(&archive) else {
        println!("skipped: {} is not there", archive.display());
        return;
    };
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let Some(theirs) = by_pdftotext(&bytes) else {
            println!("skipped: pdftotext is not installed");
            return;
        };
        let ours: DocumentText = pdf::text(bytes).unwrap();
        let (found, wanted) = (counted(&ours.plain()), counted(&theirs));
        let shared: usize = wanted.iter().map(|(word, n)| (*n).min(found.get(word).copied().unwrap_or(0))).sum();
        let recall = shared as f64 / wanted.values().sum::<usize>() as f64;
        let order = order_kept(&ours.plain(), &theirs);
        println!("{} pages, recall {recall:.4}, order {order:.4}", ours.pages.len());
        assert!(recall >= 0.99, "recall {recall}");
        assert!(order >= 0.99, "order {order}");
    }
}
