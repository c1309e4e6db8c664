//! The text of documents: parts of Word, OpenDocument and PowerPoint files of any content, web pages, Rich Text, messages, text.
#![no_main]

use headwater_documents::text::{DocumentText, Limits, of};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const LIMITS: Limits =
    Limits { most_unpacked_bytes: 1_000_000, most_part_bytes: 500_000, most_parts: 50, most_text_bytes: 100_000, most_words: 20_000, most_pages: 50 };

const RELATIONS: &str = "<Relationships><Relationship Id='s' Type='x/styles' Target='styles.xml'/><Relationship Id='n' Type='x/numbering' Target='numbering.xml'/>\
    <Relationship Id='f' Type='x/footnotes' Target='footnotes.xml'/><Relationship Id='h' Type='x/header' Target='header1.xml'/>\
    <Relationship Id='d' Type='x/diagramData' Target='data1.xml'/></Relationships>";

libfuzzer_sys::fuzz_target!(init: headwater_fuzz::let_parsers_panic(), |bytes: &[u8]| {
    let (name, bytes) = match bytes.split_first() {
        // One file's parts, apart by zeros: text, styles, numbering, notes, header, diagram.
        Some((b'd', parts)) => ("a.docx", docx(parts)),
        Some((b'o', parts)) => {
            let (content, styles) = halves(parts);
            ("a.odt", package(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content), ("styles.xml", styles)]))
        }
        Some((b'q', content)) => ("a.odp", package(&[("mimetype", b"application/vnd.oasis.opendocument.presentation"), ("content.xml", content)])),
        Some((b'p', parts)) => ("a.pptx", pptx(parts)),
        Some((b'h', page)) => ("a.html", [b"<html>", page].concat()),
        Some((b'r', text)) => ("a.rtf", [b"{\\rtf1", text].concat()),
        Some((b'm', message)) => ("a.eml", [b"From: a@b.example\nSubject: c\n", message].concat()),
        Some((b'f', flat)) => ("a.fodt", [b"<?xml version='1.0'?><office:document><office:text>", flat].concat()),
        Some((b'c', table)) => ("a.csv", table.to_vec()),
        _ => ("a", bytes.to_vec()),
    };
    // Another's reader of PDF has a target of its own.
    if bytes[..bytes.len().min(1024)].windows(5).any(|five| five == b"%PDF-") {
        return;
    }
    match of(name, bytes, &LIMITS) {
        Ok(text) => check(&text),
        Err(refusal) => assert!(!refusal.what.is_empty() && !refusal.remedy.is_empty()),
    }
});

/// Blocks and words lie in their page, in order, and nothing in them steers a terminal.
fn check(text: &DocumentText) {
    assert!(text.pages.len() <= LIMITS.most_pages);
    assert!(text.pages.iter().map(|page| page.words.len()).sum::<usize>() <= LIMITS.most_words * 2);
    for page in &text.pages {
        let mut at = 0;
        for block in &page.blocks {
            assert!(block.range.start >= at && page.text[block.range.end..].starts_with('\n'));
            at = block.range.end;
        }
        at = 0;
        for word in &page.words {
            assert!(word.range.start >= at && !page.text[word.range.clone()].contains(char::is_whitespace));
            at = word.range.end;
        }
        assert_eq!(page.words.len(), page.text.split_whitespace().count());
        assert!(!page.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    }
}

fn halves(parts: &[u8]) -> (&[u8], &[u8]) {
    let end = parts.iter().position(|byte| *byte == 0).unwrap_or(parts.len());
    (&parts[..end], parts.get(end + 1..).unwrap_or_default())
}

fn docx(parts: &[u8]) -> Vec<u8> {
    let names = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "word/header1.xml", "word/data1.xml"];
    let of_each = names.into_iter().zip(parts.split(|byte| *byte == 0));
    let fixed: [(&str, &[u8]); 2] = [("[Content_Types].xml", b"<Types/>"), ("word/_rels/document.xml.rels", RELATIONS.as_bytes())];
    package(&fixed.into_iter().chain(of_each).collect::<Vec<_>>())
}

fn pptx(parts: &[u8]) -> Vec<u8> {
    let (slide, notes) = halves(parts);
    package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", b"<p:presentation><p:sldId id='1' r:id='a'/></p:presentation>"),
        ("ppt/_rels/presentation.xml.rels", b"<Relationships><Relationship Id='a' Type='x/slide' Target='slide1.xml'/></Relationships>"),
        ("ppt/slide1.xml", slide),
        ("ppt/_rels/slide1.xml.rels", b"<Relationships><Relationship Id='n' Type='x/notesSlide' Target='notes1.xml'/></Relationships>"),
        ("ppt/notes1.xml", notes),
    ])
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, options).expect("memory can be written");
        writer.write_all(content).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}
