//! A document is redacted by the command: whatever kind it is and wherever it says what has to go, no byte of what is written or
//! printed says it.

use std::fs;
use std::io::{Cursor, Read, Write};

use flate2::read::ZlibDecoder;
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::Desk;

/// Who has to go. Both names are found nowhere else.
const NAME: &str = "Zephyrine Quillfeather";
const TERMS: &str =
    "kind,words,reason\nwhole,Zephyrine Quillfeather,personal information\npart,quillfeather,safety of a person\nemail,,personal information\n";
/// What each document says besides.
const LINE: &str = "Seen on Monday by Zephyrine Quillfeather in Arun";

/// A PDF of one page: what is drawn, entries of page and catalog, and further objects from number 10 on.
fn pdf(drawn: &str, page: &str, catalog: &str, objects: &[String], trailer: &str) -> Vec<u8> {
    let mut all = vec![
        (1, format!("<</Type/Catalog/Pages 2 0 R{catalog}>>")),
        (2, "<</Type/Pages/Count 1/Kids[4 0 R]>>".to_owned()),
        (3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned()),
        (
            4,
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R/G 13 0 R>>/Properties<</L 12 0 R>>>>/Contents 5 0 R{page}>>"
            ),
        ),
        (5, format!("<</Length {}>>stream\n{drawn}\nendstream", drawn.len() + 1)),
    ];
    all.extend(objects.iter().enumerate().map(|(at, object)| (10 + at, object.clone())));
    let mut file = "%PDF-1.7\n".to_owned();
    let places: Vec<(usize, usize)> = all
        .iter()
        .map(|(number, object)| {
            let place = file.len();
            file += &format!("{number} 0 obj\n{object}\nendobj\n");
            (*number, place)
        })
        .collect();
    let start = file.len();
    file += "xref\n";
    places.iter().for_each(|(number, place)| file += &format!("{number} 1\n{place:010} 00000 n \n"));
    file += &format!("trailer<</Size 20/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

fn drawn(words: &str) -> String {
    format!("BT /F 11 Tf 72 700 Td ({words}) Tj ET\n")
}

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One document for each way in which one says what it does not show, and for each kind.
pub fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let line = drawn(LINE);
    let none: &[String] = &[];
    let stream = |words: &str| format!("<</Length {}>>stream\n{words}\nendstream", words.len() + 1);
    let mut earlier = pdf(&line, "", "", none, "");
    earlier.extend(pdf(&drawn("Seen on Monday by [taken out] Quillfeather in Arun"), "", "", none, ""));
    let docx = |body: &str, more: &[(&'static str, String)]| {
        let body = format!("<w:document><w:body><w:p><w:r><w:t>{LINE}</w:t></w:r></w:p>{body}</w:body></w:document>");
        let mut parts = vec![("[Content_Types].xml", "<Types/>".to_owned()), ("word/document.xml", body)];
        parts.extend(more.iter().cloned());
        package(&parts)
    };
    let odt = |body: &str, meta: &str| {
        let mime = "application/vnd.oasis.opendocument.text".to_owned();
        let content = format!(
            "<office:document-content><office:body><office:text><text:p>{LINE}</text:p>{body}</office:text></office:body></office:document-content>"
        );
        package(&[("mimetype", mime), ("content.xml", content), ("meta.xml", meta.to_owned())])
    };
    let xlsx = |name: &str, comment: &str| {
        let relation = |id: &str, kind: &str, target: &str| {
            format!(
                "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/>"
            )
        };
        let of = |inside: String| {
            format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>")
        };
        let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
        let sheet = |rows: &str| format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>");
        let cell = |place: &str, words: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{words}</t></is></c>");
        package(&[
            ("[Content_Types].xml", "<Types/>".to_owned()),
            ("_rels/.rels", of(relation("a", "officeDocument", "xl/workbook.xml"))),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook {main}><sheets><sheet name=\"{name}\" sheetId=\"1\" r:id=\"a\"/><sheet name=\"Raw\" sheetId=\"2\" state=\"hidden\" r:id=\"b\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                of(relation("a", "worksheet", "worksheets/sheet1.xml") + &relation("b", "worksheet", "worksheets/sheet2.xml")),
            ),
            (
                "xl/worksheets/sheet1.xml",
                sheet(&format!(
                    "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row>",
                    cell("A1", "Who"),
                    cell("B1", "Where"),
                    cell("A2", LINE),
                    cell("B2", "Arun")
                )),
            ),
            ("xl/worksheets/sheet2.xml", sheet(&format!("<row r=\"1\">{}</row>", cell("A1", NAME)))),
            ("xl/comments1.xml", comment.to_owned()),
        ])
    };
    let html = |head: &str, body: &str| format!("<!DOCTYPE html><html><head>{head}</head><body><p>{LINE}</p>{body}</body></html>").into_bytes();
    vec![
        ("box.pdf", pdf(&format!("{line}BT /F 11 Tf 72 600 Td ({NAME}) Tj ET 72 597 220 13 re f"), "", "", none, "")),
        ("white.pdf", pdf(&format!("{line}1 g BT /F 11 Tf 72 600 Td ({NAME}) Tj ET"), "", "", none, "")),
        ("properties.pdf", pdf(&line, "", "/Metadata 11 0 R", &[format!("<</Title({NAME})/Author({NAME})>>"), stream(&format!("<x:xmpmeta>{NAME}</x:xmpmeta>"))], "/Info 10 0 R")),
        ("bookmark.pdf", pdf(&line, "", "/Outlines 10 0 R", &["<</First 11 0 R/Last 11 0 R/Count 1>>".to_owned(), format!("<</Title({NAME})/Parent 10 0 R/Dest[4 0 R/Fit]>>")], "")),
        ("comment.pdf", pdf(&line, &format!("/Annots[<</Type/Annot/Subtype/Text/Rect[9 9 20 20]/Contents({NAME})>>]"), "", none, "")),
        ("attached.pdf", pdf(&line, "", "/Names<</EmbeddedFiles<</Names[(Quillfeather.txt)10 0 R]>>>>", &["<</Type/Filespec/F(Quillfeather.txt)/EF<</F 11 0 R>>>>".to_owned(), stream(NAME)], "")),
        ("earlier.pdf", earlier),
        ("thumbnail.pdf", pdf(&line, "/Thumb 10 0 R", "", &[stream(NAME)], "")),
        ("form.pdf", pdf(&line, "/Annots[10 0 R]", "/AcroForm<</Fields[10 0 R]>>", &[format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(who)/V({NAME})/Rect[9 9 200 20]/DA(/F 9 Tf)>>")], "")),
        ("layer.pdf", pdf(&format!("{line}/OC /L BDC BT /F 11 Tf 72 500 Td ({NAME}) Tj ET EMC"), "", "/OCProperties<</OCGs[12 0 R]/D<</OFF[12 0 R]>>>>", &["null".into(), "null".into(), "<</Type/OCG/Name(Quillfeather)>>".into()], "")),
        ("kerning.pdf", pdf("BT /F 11 Tf 72 700 Td [(Seen on Monday by Z) -300 (eph) 20 (yrine Quill) -280 (fea) -2 (ther in Arun)] TJ ET", "", "", none, "")),
        ("no-map.pdf", pdf(&format!("{line}BT /G 11 Tf 72 600 Td (Zephyrine) Tj ET"), "", "", &["null".into(), "null".into(), "null".into(), "<</Type/Font/Subtype/Type1/BaseFont/Symbol/Encoding<</Differences[65/g1/g2/g3/g4/g5 90/g6 101/g7]>>>>".into()], "")),
        ("ligature.pdf", pdf(&drawn("Seen on Monday by ZEPHYRINE QUILL\\255FEATHER in Arun"), "", "", none, "")),
        ("answer.docx", docx(&format!("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r><w:del><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:p>"), &[
            ("docProps/core.xml", format!("<dc:creator>{NAME}</dc:creator>")),
            ("word/comments.xml", format!("<w:comments><w:comment><w:p><w:r><w:t>{NAME}</w:t></w:r></w:p></w:comment></w:comments>")),
        ])),
        ("answer.odt", odt(&format!("<text:p>As <office:annotation><text:p>{NAME}</text:p></office:annotation>said</text:p>"), &format!("<office:meta><dc:creator>{NAME}</dc:creator></office:meta>"))),
        ("answer.xlsx", xlsx("Of Quillfeather", &format!("<comments>{NAME}</comments>"))),
        ("answer.html", html(&format!("<title>{NAME}</title><meta name=author content='{NAME}'>"), &format!("<!-- {NAME} --><p hidden>{NAME}</p><img alt='{NAME}'>"))),
        ("answer.eml", format!("From: {NAME} <zq@office.example>\r\nTo: Office <in@office.example>\r\nSubject: Plan of {NAME}\r\nMessage-ID: <quillfeather@x>\r\n\r\n{LINE}\r\n").into_bytes()),
        ("answer.txt", LINE.as_bytes().to_vec()),
        ("Zephyrine-Quillfeather.txt", LINE.as_bytes().to_vec()),
    ]
}

/// Whether bytes say a name in any way that we can think of: as they are, packed, two bytes a letter, with anything between letters.
pub fn says(bytes: &[u8]) -> bool {
    let plain =
        |bytes: &[u8]| String::from_utf8_lossy(bytes).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let hit = |bytes: &[u8]| ["quillfeather", "zephyrine", "7175696c6c66656174686572"].iter().any(|name| plain(bytes).contains(name));
    let packed = bytes.windows(7).enumerate().filter(|(_, it)| *it == b"stream\n").any(|(at, _)| {
        let mut inside = Vec::new();
        let _ = ZlibDecoder::new(&bytes[at + 7..]).read_to_end(&mut inside);
        hit(&inside)
    });
    hit(bytes) || packed
}

#[test]
fn whatever_a_document_is_nothing_removed_is_in_what_comes_of_it() {
    for (name, bytes) in corpus() {
        let desk = Desk::empty();
        desk.put(name, &bytes);
        desk.put("terms.csv", TERMS);
        let done = desk.run(&["document", "redact", name, "--terms", "terms.csv", "--out", "out", "--allow-missing"]);
        assert_eq!(done.code, 0, "{name}: {}", done.err);
        assert!(!says(done.out.as_bytes()) && !says(done.err.as_bytes()), "{name}: {} {}", done.out, done.err);
        assert_eq!(fs::read(desk.path(name)).unwrap(), bytes, "{name} is as it was");
        let mut names: Vec<String> = fs::read_dir(desk.path("out")).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let wanted: &[&str] =
            if cfg!(feature = "pdf") { &["redacted.html", "redacted.pdf", "report.json"] } else { &["redacted.html", "report.json"] };
        assert_eq!(names, wanted, "{name}");
        for made in &names {
            assert!(!says(&fs::read(desk.path("out").join(made)).unwrap()), "{name}: {made}");
        }
        let page = fs::read_to_string(desk.path("out/redacted.html")).unwrap();
        assert!(page.contains("[removed: ") && page.contains("in Arun"), "{name}: {page}");
        let report: Value = serde_json::from_slice(&fs::read(desk.path("out/report.json")).unwrap()).unwrap();
        let checks: Vec<&Value> = report["files"].as_array().unwrap().iter().flat_map(|file| file["checks"].as_array().unwrap()).collect();
        assert!(checks.len() >= wanted.len() - 1 && checks.iter().all(|check| check["passed"] == true), "{name}: {report}");
        // Nothing half-written lies about.
        let left: Vec<String> =
            fs::read_dir(desk.path(".")).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).filter(|it| it.starts_with('.')).collect();
        assert_eq!(left, [""; 0], "{name}");
    }
}

#[test]
fn boxes_are_read_from_a_list_and_the_report_counts_by_page_and_reason() {
    let desk = Desk::empty();
    desk.put("a.pdf", pdf(&drawn(LINE), "", "", &[], ""));
    desk.put("boxes.csv", "page,left,top,right,bottom,reason\n1,172,133,283,145,safety-of-a-person\n");
    let done = desk.run(&["document", "redact", "a.pdf", "--boxes", "boxes.csv", "--out", "out", "--json", "--title", "The plan"]).succeeds().json();
    assert_eq!(done["removed"], serde_json::json!([{ "page": 1, "reason": "safety_of_a_person", "n": 1 }]));
    let page = fs::read_to_string(desk.path("out/redacted.html")).unwrap();
    assert!(
        page.contains("<title>The plan</title>") && page.contains("<p>Seen on Monday by <strong>[removed: safety of a person]</strong> in Arun</p>"),
        "{page}"
    );
    assert!(!page.contains("<script") && page.contains("lang=\"en-GB\"") && page.contains("<main>"), "{page}");
}

#[test]
fn what_cannot_be_done_is_refused_with_a_sentence_that_repeats_nothing() {
    let desk = Desk::empty();
    desk.put("Quillfeather.txt", LINE);
    desk.put("terms.csv", TERMS);
    desk.put("out/there.txt", "x");
    let run = |terms: &str, out: &str| {
        desk.put("these.csv", terms);
        let done = desk.run(&["document", "redact", "Quillfeather.txt", "--terms", "these.csv", "--out", out]);
        assert!(!says(done.err.as_bytes()) && !desk.path("new").exists(), "{}", done.err);
        done
    };
    run(TERMS, "out").fails(2, "not an empty folder");
    run(TERMS, "Quillfeather.txt").fails(2, "not an empty folder");
    run(TERMS, "new").fails(10, "line 4 of the terms met nothing");
    run("kind,words,reason\nwhole,Quillfeather,because\n", "new").fails(2, "terms, line 2: the reason is not on the list");
    run("kind,words,reason\nname,Quillfeather,personal information\n", "new").fails(2, "terms, line 2: the kind is not known");
    run("words\nQuillfeather\n", "new").fails(2, "the columns are others");
    run("kind,words,reason\n", "new").fails(2, "name nothing that is to be removed");
    run("kind,words,reason\npart,.,personal information\n", "new").fails(11, "terms, line 2: has too few letters");
    run("kind,words,reason\nwhole,Otto,personal information\n", "new").fails(11, "nothing of what is to be removed");
    let none = desk.run(&["document", "redact", "No-Quillfeather.pdf", "--terms", "terms.csv", "--out", "new"]);
    none.fails(11, "the document: ");
    assert!(!says(none.err.as_bytes()), "{}", none.err);
    let title = desk.run(&[
        "document",
        "redact",
        "Quillfeather.txt",
        "--terms",
        "terms.csv",
        "--allow-missing",
        "--title",
        "Of Quillfeather",
        "--out",
        "new",
    ]);
    title.fails(11, "the title holds something that was removed");
    assert!(!says(title.err.as_bytes()) && !desk.path("new").exists(), "{}", title.err);
}
