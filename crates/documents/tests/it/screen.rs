//! The first screen on files of other programs: what each holds is found where it is, and clean files have no finding.

use crate::held::files::package;
use cfb::CompoundFile;
use headwater_documents::kind::Kind;
use headwater_documents::screen::{Finding, Limits, Screened, screen};
use proptest::prelude::*;
use std::io::{Cursor, Write};

macro_rules! fixture {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../fixtures/documents/", $name)).as_slice())
    };
}

fn look(name: &str, bytes: &[u8]) -> Screened {
    let screened = screen(name, bytes, &Limits::default());
    for found in &screened.found {
        assert!(!found.what.is_empty() && !found.remedy.is_empty() && !found.what.ends_with('.'), "{found:?}");
    }
    screened
}

/// Each finding with its place.
fn found(name: &str, bytes: &[u8]) -> Vec<(Finding, String)> {
    look(name, bytes).found.into_iter().map(|found| (found.finding, found.place)).collect()
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, content) in streams {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty()) {
            file.create_storage_all(storage).unwrap();
        }
        file.create_stream(path).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn clean_files_have_no_finding() {
    let utf16: Vec<u8> = "\u{feff}Area,Count\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, &[u8], Kind); 15] = [
        ("clean.xlsx", fixture!("clean.xlsx").1, Kind::Xlsx),
        ("CLEAN.XLS", fixture!("clean.xls").1, Kind::OldOffice),
        ("clean.ods", fixture!("clean.ods").1, Kind::Ods),
        ("no-macros.ods", fixture!("no-macros.ods").1, Kind::Ods),
        ("clean.docx", fixture!("clean.docx").1, Kind::Docx),
        ("clean.pdf", fixture!("clean.pdf").1, Kind::Pdf),
        ("a.csv", b"Area,Count\nAmbermere,41\n", Kind::Text),
        ("a.csv", &utf16, Kind::Utf16Text),
        ("a.txt", b"The macro <script> is only spoken of here.", Kind::Text),
        ("a.html", b"<html><body><a href=\"https://office.example\">x</a></body></html>", Kind::HtmlPage),
        ("a.png", b"\x89PNG\r\n\x1a\n", Kind::Image),
        ("a.rtf", b"{\\rtf1 Hello}", Kind::Rtf),
        ("a.eml", b"From: a@b.example\nSubject: c\n\nd", Kind::Mail),
        ("a.geojson", b"{\"type\": \"FeatureCollection\", \"features\": []}", Kind::GeoJson),
        ("no ending", b"some text", Kind::Text),
    ];
    for (name, bytes, kind) in files {
        let screened = look(name, bytes);
        assert_eq!((screened.kind, screened.found), (kind, Vec::new()), "{name}");
    }
}

#[test]
fn what_is_hidden_in_workbooks_is_found_and_empty_hidden_rows_are_not() {
    let said = |(name, bytes): (&str, &[u8])| -> Vec<String> {
        let screened = look(name, bytes);
        assert!(screened.found.iter().all(|found| found.finding == Finding::HiddenCells), "{:?}", screened.found);
        screened.found.iter().map(|found| format!("{}: {}", found.place, found.what)).collect()
    };
    const VERY: &str = "the sheet is hidden so that the program's menu does not show it again";
    assert_eq!(
        said(fixture!("hidden.xlsx")),
        [
            &format!("sheet \"Names & <keys>\": {VERY}"),
            "sheet \"Raw\": the sheet is hidden",
            "sheet \"Table 1\": column B is hidden and holds something",
            "sheet \"Table 1\": row 3 is hidden and holds something"
        ]
    );
    assert_eq!(
        said(fixture!("filtered.xlsx")),
        ["sheet \"Filtered\": row 3 is hidden and holds something", "sheet \"Kept back\": the sheet is hidden"]
    );
    assert_eq!(
        said(fixture!("hidden.xls")),
        [
            &format!("sheet \"Môn\": {VERY}"),
            "sheet \"Raw\": the sheet is hidden",
            "sheet \"Table 1\": column B is hidden and holds something",
            "sheet \"Table 1\": row 2 is hidden and holds something"
        ]
    );
    assert_eq!(
        said(fixture!("hidden.ods")),
        [
            "sheet \"Kept back\": the sheet is hidden",
            "sheet \"Table 1\": column B is hidden and holds something",
            "sheet \"Table 1\": row 2 is hidden and holds something"
        ]
    );
}

#[test]
fn hidden_sheets_of_a_binary_workbook_are_found() {
    let text = |text: &str| -> Vec<u8> {
        let letters: Vec<u16> = text.encode_utf16().collect();
        [(letters.len() as u32).to_le_bytes().to_vec(), letters.iter().flat_map(|letter| letter.to_le_bytes()).collect()].concat()
    };
    let sheet = |state: u8, name: &str| -> Vec<u8> {
        let body = [vec![state, 0, 0, 0, 1, 0, 0, 0], text("rId1"), text(name)].concat();
        [vec![0x9c, 0x01, body.len() as u8], body].concat()
    };
    let book = [vec![0x83, 0x01, 0], sheet(0, "Shown"), sheet(1, "Raw"), sheet(2, "Keys")].concat();
    let bytes = package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.bin", &book)]);
    let screened = look("a.xlsb", &bytes);
    let places: Vec<&str> = screened.found.iter().map(|found| found.place.as_str()).collect();
    assert_eq!((screened.kind, places), (Kind::Xlsb, vec!["sheet \"Keys\"", "sheet \"Raw\""]));
    assert!(screened.not_looked[0].contains("rows and columns"));
}

#[test]
fn macros_are_found_where_each_kind_of_file_keeps_them() {
    type Expected = Vec<(Finding, &'static str)>;
    let cases: Vec<(&str, Vec<u8>, Expected)> = vec![
        ("macros.xlsm", fixture!("macros.xlsm").1.to_vec(), vec![(Finding::Macros, "xl/vbaProject.bin")]),
        ("said-without.xlsx", fixture!("macros.xlsm").1.to_vec(), vec![(Finding::Macros, "xl/vbaProject.bin"), (Finding::WrongKind, "")]),
        (
            "macros.ods",
            fixture!("macros.ods").1.to_vec(),
            vec![(Finding::Macros, "Basic/Standard/Module1.xml"), (Finding::Macros, "Scripts/python/run.py")],
        ),
        ("script.pdf", fixture!("script.pdf").1.to_vec(), vec![(Finding::Macros, "")]),
        ("a.html", b"<html><SCRIPT>alert(1)</SCRIPT></html>".to_vec(), vec![(Finding::Macros, "")]),
        ("a.svg", b"<?xml version=\"1.0\"?><svg onload=\"x()\"/>".to_vec(), vec![(Finding::Macros, "")]),
        (
            "a.doc",
            compound(&[("/WordDocument", b"\xec\xa5"), ("/Macros/VBA/_VBA_PROJECT", b"x")]),
            vec![(Finding::Macros, "Macros"), (Finding::Macros, "Macros/VBA/_VBA_PROJECT")],
        ),
        ("a.pdf", b"%PDF-1.4\n1 0 obj <</S /#4Caunch /F (x)>> endobj\n%%EOF\n".to_vec(), vec![(Finding::Macros, "")]),
    ];
    for (name, bytes, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(finding, place)| (finding, place.to_owned())).collect();
        assert_eq!(found(name, &bytes), expected, "{name}");
    }
    // A sheet of Excel 4.0 macros: its record says so.
    let sheet = [&[0x85, 0, 12, 0][..], &[0, 0, 0, 0, 0, 1, 4, 0], b"Auto"].concat();
    let old = compound(&[("/Workbook", &[&[0x09, 0x08, 0, 0][..], &sheet, &[0x0a, 0, 0, 0]].concat())]);
    assert_eq!(found("a.xls", &old), [(Finding::Macros, "sheet \"Auto\"".to_owned())]);
}

#[test]
fn links_pivots_and_files_inside_are_found() {
    let places = |(name, bytes): (&str, &[u8]), finding: Finding| -> Vec<String> {
        let found = found(name, bytes);
        assert!(found.iter().all(|(other, _)| *other == finding), "{name}: {found:?}");
        found.into_iter().map(|(_, place)| place).collect()
    };
    assert_eq!(places(fixture!("links.xlsx"), Finding::ExternalLinks), ["xl/connections.xml", "xl/externalLinks/externalLink1.xml"]);
    assert_eq!(places(fixture!("linked.docx"), Finding::ExternalLinks), ["word/_rels/document.xml.rels"]);
    assert_eq!(
        places(fixture!("pivot.xlsx"), Finding::PivotCache),
        ["xl/pivotCache/pivotCacheDefinition1.xml", "xl/pivotCache/pivotCacheRecords1.xml"]
    );
    assert_eq!(places(fixture!("attached.docx"), Finding::Attachments), ["word/embeddings/Microsoft_Excel_Sheet1.xlsx"]);
    assert_eq!(places(fixture!("files.pdf"), Finding::Attachments), [""]);
    let zip = package(&[("a.txt", b"x")]);
    assert_eq!(places(("a.png", &[b"\x89PNG\r\n\x1a\n".as_slice(), &zip].concat()), Finding::Attachments), [""]);
    let old = compound(&[("/Workbook", b""), ("/_SX_DB_CUR/0001", b"x")]);
    assert_eq!(places(("a.xls", &old), Finding::PivotCache), ["_SX_DB_CUR"]);
    let old = compound(&[("/Workbook", &[0xae, 0x01, 6, 0, 1, 0, 5, 0, 0, b'x'])]);
    assert_eq!(places(("a.xls", &old), Finding::ExternalLinks), [""]);
    let own = compound(&[("/Workbook", &[0xae, 0x01, 4, 0, 1, 0, 1, 4])]);
    assert_eq!(found("a.xls", &own), [], "a link of a workbook to itself");
    // An instruction in two pieces, a plain one, and one that fetches nothing.
    let field =
        |body: &str| package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", format!("<w:document>{body}</w:document>").as_bytes())]);
    let split = "<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\\\x</w:instrText><w:fldChar w:fldCharType=\"end\"/>";
    assert_eq!(places(("a.docx", &field(split)), Finding::ExternalLinks), ["word/document.xml"]);
    assert_eq!(places(("a.docx", &field("<w:fldSimple w:instr=\" DDE x\"/>")), Finding::ExternalLinks), ["word/document.xml"]);
    assert_eq!(found("a.docx", &field("<w:fldSimple w:instr=\" PAGE \"/><w:p><w:r><w:t>DDE is a word</w:t></w:r></w:p>")), []);
    let old = compound(&[("/WordDocument", b"\xec\xa5 text \x13 DDEAUTO c:\\x \x15")]);
    assert_eq!(places(("a.doc", &old), Finding::ExternalLinks), [""]);
    let old = compound(&[("/WordDocument", b"\xec\xa5 \0\0\0\0\0\0\0\0\0\0\0text \x13 PAGE \x15 DDE")]);
    assert_eq!(found("a.doc", &old), []);
    let object = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest/>"),
        ("content.xml", b"<content/>"),
        ("Object 1", b"x"),
    ]);
    assert_eq!(places(("a.ods", &object), Finding::Attachments), ["Object 1"]);
    // A record that holds others, and in it one that is asked for.
    let slides = |kind: [u8; 2], body: &[u8]| {
        let inner = [&[0, 0][..], &kind, &(body.len() as u32).to_le_bytes(), body].concat();
        let outer = [&[0x0f, 0, 0xe8, 0x03][..], &(inner.len() as u32).to_le_bytes(), &inner].concat();
        compound(&[("/PowerPoint Document", &outer)])
    };
    assert_eq!(places(("a.ppt", &slides([0xcc, 0x0f], b"")), Finding::Attachments), [""]);
    assert_eq!(places(("a.ppt", &slides([0xce, 0x0f], b"")), Finding::ExternalLinks), [""]);
    assert_eq!(places(("a.ppt", &slides([0x00, 0x04], &[0, 0, 0, 0, 1, 0, 0, 0])), Finding::Macros), [""]);
    assert_eq!(found("a.ppt", &slides([0x00, 0x04], &[0; 8])), [], "a presentation that says it has no macros");
    let old = compound(&[("/WordDocument", b""), ("/ObjectPool/_1/x", b"x")]);
    assert_eq!(places(("a.doc", &old), Finding::Attachments), ["ObjectPool/_1"]);
}

#[test]
fn what_needs_a_password_is_told_once_and_not_as_a_wrong_kind() {
    let mut encrypted_word = vec![0; 32];
    encrypted_word[11] = 1;
    let presentation = [&[0; 12][..], &[0xdf, 0xc4, 0xd1, 0xf3]].concat();
    let cases = [
        ("locked.ods", fixture!("locked.ods").1.to_vec()),
        ("locked.pdf", fixture!("locked.pdf").1.to_vec()),
        ("locked.xlsx", compound(&[("/EncryptedPackage", b"x"), ("/EncryptionInfo", b"x")])),
        ("locked.xls", compound(&[("/Workbook", &[0x09, 0x08, 0, 0, 0x2f, 0, 0, 0])])),
        ("locked.doc", compound(&[("/WordDocument", &encrypted_word)])),
        ("locked.ppt", compound(&[("/PowerPoint Document", b"x"), ("/Current User", &presentation)])),
    ];
    for (name, bytes) in cases {
        assert_eq!(found(name, &bytes), [(Finding::Locked, String::new())], "{name}");
    }
}

#[test]
fn a_name_that_promises_something_else_is_told() {
    let cases: [(&str, &[u8], &str); 12] = [
        ("answer.pdf", fixture!("clean.docx").1, "its name ends in .pdf, but it is a Word document"),
        ("answer.xls", b"<html><table></table></html>", "its name ends in .xls, but it is a web page"),
        ("answer.doc", fixture!("clean.xls").1, "its name ends in .doc, but it is an Excel workbook of before 2007"),
        ("answer.csv", fixture!("clean.xlsx").1, "its name ends in .csv, but it is an Excel workbook"),
        ("answer.exe", b"MZ\x90\0", "the file is a program"),
        ("answer.pdf", b"MZ\x90\0", "the file is a program"),
        ("answer.pdf.js", b"alert(1)", "its name ends in .js, and a computer that opens it would run it"),
        ("answer.docx ", b"", "the file is empty"),
        ("answer\u{202e}fdp.txt", b"x", "its name holds letters that turn the direction of writing, which hide its ending"),
        ("answer.7z", b"7z\xbc\xaf\x27\x1c", "the file is an archive of a kind that is not unpacked here (RAR, 7-Zip, tar or another)"),
        ("answer", b"\0\x01\x02\x03", "the file is of a kind that is not known here"),
        (
            "answer.doc",
            &compound(&[("/Something", b"x")]),
            "the file has the form of an old office file and is neither a workbook, a document nor a presentation",
        ),
    ];
    for (name, bytes, what) in cases {
        let screened = look(name, bytes);
        let [found] = screened.found.as_slice() else { panic!("{name}: {:?}", screened.found) };
        assert_eq!((found.finding, found.what.as_str()), (Finding::WrongKind, what), "{name}");
    }
}

#[test]
fn bombs_and_files_beyond_the_limits_are_not_unpacked() {
    let bomb = package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", &vec![b' '; 60_000_000])]);
    assert_eq!(found("a.xlsx", &bomb), [(Finding::Bomb, "xl/workbook.xml".to_owned())]);
    let zeros = vec![b' '; 3_000_000];
    let names: Vec<String> = (0..30).map(|i| format!("xl/media/{i}.xml")).collect();
    let mut parts: Vec<(&str, &[u8])> = vec![("first.txt", b"x")];
    parts.extend(names.iter().map(|name| (name.as_str(), zeros.as_slice())));
    assert_eq!(found("a.zip", &package(&parts))[0].0, Finding::Bomb, "many parts count together");
    let many: Vec<String> = (0..30).map(|i| i.to_string()).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    let limits = Limits { most_parts: 20, ..Limits::default() };
    assert_eq!(screen("a.zip", &package(&many), &limits).found[0].finding, Finding::Bomb);
    let limits = Limits { most_bytes: 5, ..Limits::default() };
    let screened = screen("a.csv", b"123456", &limits);
    assert_eq!((screened.found.len(), screened.found[0].what.as_str()), (1, "the file is 6 bytes long; the most is 5"));
    let limits = Limits { most_part_bytes: 200, ..Limits::default() };
    let screened = screen("clean.xlsx", fixture!("clean.xlsx").1, &limits);
    assert!(screened.found.iter().all(|found| found.what.contains("too large to be looked at")) && !screened.found.is_empty());
    // Entities that grow, in a part of a workbook.
    let screened = look("entities.xlsx", fixture!("entities.xlsx").1);
    assert!(screened.found[0].what.contains("declares a document type"), "{:?}", screened.found);
    // A stream of a PDF that unpacks to gigabytes would be cut off the same way.
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 250_000_000]).unwrap();
    let pdf =
        [b"%PDF-1.5\n1 0 obj <</Type /ObjStm /Filter /FlateDecode>> stream\n".as_slice(), &packed.finish().unwrap(), b"\nendstream\n%%EOF"].concat();
    assert_eq!(found("a.pdf", &pdf), [(Finding::Bomb, String::new())]);
}

#[test]
fn damaged_files_are_told_and_never_called_clean() {
    for (name, bytes) in [fixture!("clean.xlsx"), fixture!("clean.ods"), fixture!("clean.docx"), fixture!("clean.xls"), fixture!("clean.pdf")] {
        let screened = look(name, &bytes[..bytes.len() * 2 / 3]);
        assert!(!screened.found.is_empty(), "{name}");
    }
    let broken = package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook><sheets>")]);
    assert!(look("a.xlsx", &broken).found[0].what.contains("cannot be read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_damage_makes_it_panic(which in 0usize..7, at in 0usize..60_000, byte in any::<u8>(), cut in 0usize..60_000) {
        let files = [
            fixture!("hidden.xlsx"), fixture!("hidden.ods"), fixture!("hidden.xls"), fixture!("linked.docx"), fixture!("script.pdf"), fixture!("macros.ods"), fixture!("locked.pdf"),
        ];
        let (name, good) = files[which];
        let mut bytes = good.to_vec();
        let n = bytes.len();
        bytes[at % n] = byte;
        let _ = look(name, &bytes);
        bytes.truncate(cut % n);
        let _ = look(name, &bytes);
    }

    /// A second opinion on hidden rows: a sheet written by a rule, and the rule asked again.
    #[test]
    fn every_hidden_row_with_something_in_it_is_found(rows in proptest::collection::vec((any::<bool>(), any::<bool>()), 1..30)) {
        let mut sheet = String::from("<worksheet><sheetData>");
        for (i, (hidden, holds)) in rows.iter().enumerate() {
            let hidden = if *hidden { " hidden=\"1\"" } else { "" };
            let cell = if *holds { "<c><v>1</v></c>" } else { "<c s=\"1\"/>" };
            sheet.push_str(&format!("<row r=\"{}\"{hidden}>{cell}</row>", i + 1));
        }
        sheet.push_str("</sheetData></worksheet>");
        let bytes = package(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", sheet.as_bytes())]);
        let expected = rows.iter().any(|(hidden, holds)| *hidden && *holds);
        prop_assert_eq!(look("a.xlsx", &bytes).found.iter().any(|found| found.finding == Finding::HiddenCells), expected);
    }
}
