//! Files of every kind that say some words, as small as they can be; and the parts in which each kind keeps what no page shows.

use cfb::CompoundFile;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A file: its name and its bytes.
pub type File = (String, Vec<u8>);

pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (i, (name, content)) in parts.iter().enumerate() {
        let method = if i == 0 { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn relations(list: &[(&str, &str)]) -> String {
    let one = |(i, (kind, part)): (usize, &(&str, &str))| {
        format!("<Relationship Id=\"r{i}\" Type=\"http://x.example/relationships/{kind}\" Target=\"{part}\"/>")
    };
    format!("<Relationships>{}</Relationships>", list.iter().enumerate().map(one).collect::<String>())
}

/// A Word document of this body, with further parts of these kinds: kind, name, content.
pub fn docx_of(body: &str, more: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let list: Vec<(&str, &str)> = more.iter().map(|(kind, name, _)| (*kind, name.strip_prefix("word/").unwrap_or(name))).collect();
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    let (of_file, of_document) = (relations(&[("officeDocument", "word/document.xml")]), relations(&list));
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", of_file.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", of_document.as_bytes()),
    ];
    parts.extend(more.iter().map(|(_, name, content)| (*name, *content)));
    package(&parts)
}

/// Lines as paragraphs, and lines with tabs as rows of a table.
pub fn docx_body(text: &str) -> String {
    let paragraph = |words: &str| format!("<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escaped(words));
    let mut out = String::new();
    let mut in_table = false;
    for line in text.lines() {
        let is_row = line.contains('\t');
        if is_row != in_table {
            out += if is_row { "<w:tbl>" } else { "</w:tbl>" };
            in_table = is_row;
        }
        if is_row {
            let cells: String = line.split('\t').map(|cell| format!("<w:tc>{}</w:tc>", paragraph(cell))).collect();
            let _ = write!(out, "<w:tr>{cells}</w:tr>");
        } else {
            out += &paragraph(line);
        }
    }
    out + if in_table { "</w:tbl>" } else { "" }
}

/// An OpenDocument file of this type and content.
pub fn open_document(of: &str, styles: &str, body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{of}>{body}</office:{of}></office:body></office:document-content>"
    );
    let kind = format!("application/vnd.oasis.opendocument.{of}");
    let mut parts: Vec<(&str, &[u8])> =
        vec![("mimetype", kind.as_bytes()), ("content.xml", content.as_bytes()), ("META-INF/manifest.xml", b"<manifest/>")];
    parts.extend(more);
    package(&parts)
}

fn open_rows(text: &str) -> String {
    let cell = |cell: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>", escaped(cell));
    let row = |line: &str| format!("<table:table-row>{}</table:table-row>", line.split('\t').map(cell).collect::<String>());
    format!("<table:table table:name=\"Rows\">{}</table:table>", text.lines().map(row).collect::<String>())
}

pub fn odt_body(text: &str) -> String {
    let (rows, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.contains('\t'));
    let lines: String = lines.iter().map(|line| format!("<text:p>{}</text:p>", escaped(line))).collect();
    lines + &if rows.is_empty() { String::new() } else { open_rows(&rows.join("\n")) }
}

pub fn ods_of(text: &str) -> Vec<u8> {
    open_document("spreadsheet", "", &open_rows(text), &[])
}

/// A workbook of one sheet, with further parts and what the sheet refers to.
pub fn xlsx_of(text: &str, of_sheet: &[(&str, &str)], more: &[(&str, &[u8])]) -> Vec<u8> {
    let cell = |row: usize, column: usize, cell: &str| {
        let column = char::from(b'A' + column as u8);
        format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(cell))
    };
    let row = |(at, line): (usize, &str)| {
        format!("<row r=\"{0}\">{1}</row>", at + 1, line.split('\t').enumerate().map(|(i, it)| cell(at + 1, i, it)).collect::<String>())
    };
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", text.lines().enumerate().map(row).collect::<String>());
    let (of_file, of_book, of_sheet) =
        (relations(&[("officeDocument", "xl/workbook.xml")]), relations(&[("worksheet", "worksheets/sheet1.xml")]), relations(of_sheet));
    let types = "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
    let book = "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Rows\" sheetId=\"1\" r:id=\"r0\"/></sheets></workbook>";
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", of_file.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", of_book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/_rels/sheet1.xml.rels", of_sheet.as_bytes()),
    ];
    parts.extend(more);
    package(&parts)
}

/// A presentation of one slide; `attributes` are the slide's.
pub fn pptx_of(text: &str, attributes: &str, of_slide: &[(&str, &str)], more: &[(&str, &[u8])]) -> Vec<u8> {
    let paragraph = |words: &str| format!("<a:p><a:r><a:t>{}</a:t></a:r></a:p>", escaped(words));
    let (rows, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.contains('\t'));
    let lines: String = lines.iter().map(|line| paragraph(line)).collect();
    let cells = |row: &&str| row.split('\t').map(|cell| format!("<a:tc><a:txBody>{}</a:txBody></a:tc>", paragraph(cell))).collect::<String>();
    let rows: String = rows.iter().map(|row| format!("<a:tr>{}</a:tr>", cells(row))).collect();
    let slide = format!(
        "<p:sld{attributes}><p:cSld><p:spTree><p:sp><p:txBody>{lines}</p:txBody></p:sp><p:graphicFrame><a:tbl>{rows}</a:tbl></p:graphicFrame></p:spTree></p:cSld></p:sld>"
    );
    let (of_file, of_show, of_slide) =
        (relations(&[("officeDocument", "ppt/presentation.xml")]), relations(&[("slide", "slides/slide1.xml")]), relations(of_slide));
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", of_file.as_bytes()),
        ("ppt/presentation.xml", b"<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"r0\"/></p:sldIdLst></p:presentation>"),
        ("ppt/_rels/presentation.xml.rels", of_show.as_bytes()),
        ("ppt/slides/slide1.xml", slide.as_bytes()),
        ("ppt/slides/_rels/slide1.xml.rels", of_slide.as_bytes()),
    ];
    parts.extend(more);
    package(&parts)
}

/// A PDF of one page that says these lines, the cells of a line far apart; entries of its catalogue, and objects from number 10 on.
pub fn pdf_of(text: &str, catalog: &str, page: &str, objects: &[Vec<u8>]) -> Vec<u8> {
    let mut drawn = String::new();
    for (i, line) in text.lines().enumerate() {
        for (column, cell) in line.split('\t').enumerate() {
            let cell: String = cell.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\{:03o}", (c as u32).min(255)) }).collect();
            let cell = cell.replace('(', "\\(").replace(')', "\\)");
            let _ = writeln!(drawn, "BT /F 10 Tf {} {} Td ({cell}) Tj ET", 40 + 170 * column, 800 - 14 * i);
        }
    }
    let mut all: Vec<(usize, Vec<u8>)> = vec![
        (1, format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").into_bytes()),
        (2, b"<</Type/Pages/Count 1/Kids[4 0 R]>>".to_vec()),
        (3, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec()),
        (4, format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R{page}>>").into_bytes()),
        (5, stream("", drawn.as_bytes())),
    ];
    all.extend(objects.iter().enumerate().map(|(i, object)| (10 + i, object.clone())));
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = String::new();
    for (number, object) in &all {
        let _ = write!(table, "{number} 1\n{:010} 00000 n \n", out.len());
        out.extend(format!("{number} 0 obj\n").bytes().chain(object.iter().copied()).chain(*b"\nendobj\n"));
    }
    let start = out.len();
    out.extend(format!("xref\n0 1\n0000000000 65535 f \n{table}trailer<</Size 40/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

pub fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    [format!("<</Length {}{entries}>>stream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

pub fn rtf_of(text: &str) -> Vec<u8> {
    let line =
        |line: &str| line.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{}?", c as u32) }).collect::<String>() + "\\par\n";
    let row = |row: &str| format!("\\trowd {}\\row\n", row.split('\t').map(|cell| format!("\\intbl {cell}\\cell ")).collect::<String>());
    let body: String = text.lines().map(|it| if it.contains('\t') { row(it) } else { format!("\\pard {}", line(it)) }).collect();
    format!("{{\\rtf1\\ansi\\ansicpg1252 {body}}}").into_bytes()
}

/// A Word document of before 2007, as far as its words go.
pub fn doc_of(text: &str) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let words: Vec<u8> = text.replace('\n', "\r").replace('\t', "\u{7}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.create_stream("/WordDocument").unwrap().write_all(&[&[0; 512][..], &words].concat()).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// The same words as every kind of file says them.
pub fn all_kinds(text: &str) -> Vec<File> {
    let html_line = |line: &str| {
        if line.contains('\t') {
            format!("<tr>{}</tr>", line.split('\t').map(|cell| format!("<td>{}</td>", escaped(cell))).collect::<String>())
        } else {
            format!("<p>{}</p>", escaped(line))
        }
    };
    let (rows, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.contains('\t'));
    let table = |rows: &[&str]| {
        if rows.is_empty() { String::new() } else { format!("<table>{}</table>", rows.iter().map(|row| html_line(row)).collect::<String>()) }
    };
    let html = format!(
        "<html><head><meta charset=\"utf-8\"></head><body>{}{}</body></html>",
        lines.iter().map(|line| html_line(line)).collect::<String>(),
        table(&rows)
    );
    let csv: String = text
        .lines()
        .map(|line| line.split('\t').map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let eml = format!("From: a@office.example\nTo: b@office.example\nSubject: An answer\nContent-Type: text/plain; charset=utf-8\n\n{text}\n");
    let slides = format!("<draw:page><draw:frame><draw:text-box>{}</draw:text-box></draw:frame></draw:page>", odt_body(text));
    vec![
        ("a.txt".to_owned(), text.as_bytes().to_vec()),
        ("utf-16.txt".to_owned(), utf16),
        ("a.csv".to_owned(), csv.into_bytes()),
        ("a.html".to_owned(), html.into_bytes()),
        ("a.eml".to_owned(), eml.into_bytes()),
        ("a.rtf".to_owned(), rtf_of(text)),
        ("a.docx".to_owned(), docx_of(&docx_body(text), &[])),
        ("a.odt".to_owned(), open_document("text", "", &odt_body(text), &[])),
        ("a.ods".to_owned(), ods_of(text)),
        ("a.odp".to_owned(), open_document("presentation", "", &slides, &[])),
        ("a.xlsx".to_owned(), xlsx_of(text, &[], &[])),
        ("a.pptx".to_owned(), pptx_of(text, "", &[], &[])),
        ("a.pdf".to_owned(), pdf_of(text, "", "", &[])),
        ("a.doc".to_owned(), doc_of(text)),
    ]
}
