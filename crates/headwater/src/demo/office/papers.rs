//! The files that invented bodies send: documents, a workbook with a hidden sheet, a scan, zips.

use std::fmt::Write as _;
use std::io;

use crate::demo::archive::zip;

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Packs the parts of an office file: paths and XML without its first line.
fn package(kinds: &str, parts: &[(&str, String)]) -> io::Result<Vec<u8>> {
    let kinds = format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{kinds}</Types>"
    );
    let mut entries = vec![("[Content_Types].xml".to_owned(), format!("{XML}{kinds}"))];
    entries.extend(parts.iter().map(|(path, xml)| ((*path).to_owned(), format!("{XML}{xml}"))));
    zip(&entries)
}

fn relationships(list: &[(&str, &str)]) -> String {
    let mut out = format!("<Relationships xmlns=\"{RELATIONSHIPS}\">");
    for (number, (kind, target)) in list.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(out, "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>", number + 1);
    }
    out + "</Relationships>"
}

/// A Word document: a title and paragraphs, in English or Welsh (`en-GB`, `cy-GB`).
pub(super) fn document(language: &str, title: &str, paragraphs: &[&str]) -> io::Result<Vec<u8>> {
    let mut body = String::new();
    for text in [title].iter().chain(paragraphs) {
        let _ = write!(body, "<w:p><w:r><w:rPr><w:lang w:val=\"{language}\"/></w:rPr><w:t>{}</w:t></w:r></w:p>", escaped(text));
    }
    let kind = "<Override PartName=\"/word/document.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>";
    let main = format!("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>");
    package(kind, &[("_rels/.rels", relationships(&[("officeDocument", "word/document.xml")])), ("word/document.xml", main)])
}

/// A sheet of a workbook: its name, whether it is hidden, its rows.
pub(super) type SheetOf<'a> = (&'a str, bool, &'a [&'a [&'a str]]);

/// An Excel workbook.
pub(super) fn workbook(sheets: &[SheetOf<'_>]) -> io::Result<Vec<u8>> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut kinds = "<Override PartName=\"/xl/workbook.xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
        .to_owned();
    let (mut list, mut parts, mut targets) = (String::new(), Vec::new(), Vec::new());
    for (number, (name, is_hidden, rows)) in (1..).zip(sheets) {
        let state = if *is_hidden { " state=\"hidden\"" } else { "" };
        let _ = write!(list, "<sheet name=\"{}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>", escaped(name));
        let _ = write!(
            kinds,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
        let mut cells = String::new();
        for (place, row) in (1..).zip(*rows) {
            let _ = write!(cells, "<row r=\"{place}\">");
            for (column, cell) in (b'A'..=b'Z').zip(*row) {
                let _ = write!(cells, "<c r=\"{}{place}\" t=\"inlineStr\"><is><t>{}</t></is></c>", char::from(column), escaped(cell));
            }
            cells += "</row>";
        }
        parts.push((format!("xl/worksheets/sheet{number}.xml"), format!("<worksheet xmlns=\"{main}\"><sheetData>{cells}</sheetData></worksheet>")));
        targets.push(format!("worksheets/sheet{number}.xml"));
    }
    let of_sheets: Vec<(&str, &str)> = targets.iter().map(|target| ("worksheet", target.as_str())).collect();
    let book = format!("<workbook xmlns=\"{main}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>");
    let mut all = vec![
        ("_rels/.rels", relationships(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relationships(&of_sheets)),
    ];
    all.extend(parts.iter().map(|(path, xml)| (path.as_str(), xml.clone())));
    package(&kinds, &all)
}

/// A scan: a PDF with one picture on a page and no text. The picture shows lines of something that nobody can read.
pub(super) fn scan() -> Vec<u8> {
    const ACROSS: usize = 160;
    const DOWN: usize = 224;
    let mut picture = Vec::with_capacity(ACROSS / 8 * DOWN);
    for y in 0..DOWN {
        for byte in 0..ACROSS / 8 {
            // Bars with gaps where words would be, none in the margins; 1 is white.
            let is_line = y % 8 < 4 && (16..DOWN - 24).contains(&y) && (2..18).contains(&byte);
            let is_gap = (byte * 7 + y / 8 * 5).is_multiple_of(6) || (y / 8 % 7 == 6 && byte > 9);
            picture.push(if is_line && !is_gap { 0x00 } else { 0xff });
        }
    }
    let page = "q 595 0 0 842 0 0 cm /Scan Do Q";
    let objects: [Vec<u8>; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /Scan 4 0 R >> >> /Contents 5 0 R >>".to_vec(),
        [
            format!(
                "<< /Type /XObject /Subtype /Image /Width {ACROSS} /Height {DOWN} /ColorSpace /DeviceGray /BitsPerComponent 1 /Length {} >>\nstream\n",
                picture.len()
            )
            .into_bytes(),
            picture,
            b"\nendstream".to_vec(),
        ]
        .concat(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()).into_bytes(),
    ];
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n").as_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let index = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{index}\n%%EOF\n", objects.len() + 1).as_bytes());
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use headwater_documents::kind::Kind;
    use headwater_documents::screen::{Finding, Limits, screen};

    use super::*;

    #[test]
    fn papers_are_what_they_say_and_only_the_hidden_sheet_is_found() {
        let found = |name: &str, bytes: &[u8]| {
            let screened = screen(name, bytes, &Limits::default());
            (screened.kind, screened.found.iter().map(|found| found.finding).collect::<Vec<_>>())
        };
        let rows: &[&[&str]] = &[&["Year", "Referrals"], &["2024", "31"]];
        assert_eq!(found("a.docx", &document("en-GB", "A", &["B & <C>"]).unwrap()), (Kind::Docx, vec![]));
        assert_eq!(found("a.xlsx", &workbook(&[("Totals", false, rows)]).unwrap()), (Kind::Xlsx, vec![]));
        assert_eq!(found("a.xlsx", &workbook(&[("Totals", false, rows), ("Cases", true, rows)]).unwrap()), (Kind::Xlsx, vec![Finding::HiddenCells]));
        assert_eq!(found("a.pdf", &scan()), (Kind::Pdf, vec![]));
    }
}
