//! The text of documents of every kind but PDF: small ones written here, part by part.

use std::io::{Cursor, Write};

use headwater_documents::Refusal;
use headwater_documents::text::{BlockKind, DocumentText, Limits, PageText, of};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use BlockKind::{Heading, Item, Margin, Note, Paragraph, Row};

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (number, (name, content)) in parts.iter().enumerate() {
        let method = if number == 0 { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(name: &str, bytes: &[u8]) -> DocumentText {
    of(name, bytes.to_vec(), &Limits::default()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

fn blocks(page: &PageText) -> Vec<(BlockKind, &str)> {
    page.blocks.iter().map(|block| (block.kind, &page.text[block.range.clone()])).collect()
}

fn hidden(page: &PageText) -> Vec<&str> {
    page.words.iter().filter(|word| !word.is_visible).map(|word| &page.text[word.range.clone()]).collect()
}

/// A Word document of this body, with styles, lists and a footnote as Word writes them.
fn docx(body: &str) -> Vec<u8> {
    let relation = |id: u8, of: &str, part: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{of}\" Target=\"{part}\"/>")
    };
    let relations = [
        relation(1, "styles", "styles.xml"),
        relation(2, "numbering", "numbering.xml"),
        relation(3, "footnotes", "footnotes.xml"),
        relation(4, "header", "header1.xml"),
        relation(5, "diagramData", "diagrams/data1.xml"),
    ]
    .concat();
    package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &format!("<Relationships>{}</Relationships>", relation(1, "officeDocument", "word/document.xml"))),
        ("word/document.xml", &format!("<w:document><w:body>{body}</w:body></w:document>")),
        ("word/_rels/document.xml.rels", &format!("<Relationships>{relations}</Relationships>")),
        (
            "word/styles.xml",
            "<w:styles><w:style w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr></w:style>\
             <w:style w:styleId=\"Ours\"><w:name w:val=\"Our heading\"/><w:basedOn w:val=\"Heading2\"/></w:style>\
             <w:style w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style>\
             <w:style w:styleId=\"Loop\"><w:name w:val=\"loop\"/><w:basedOn w:val=\"Loop\"/></w:style>\
             <w:style w:styleId=\"Secret\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>",
        ),
        (
            "word/numbering.xml",
            "<w:numbering><w:abstractNum w:abstractNumId=\"7\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl>\
             <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"lowerLetter\"/><w:lvlText w:val=\"%1.%2)\"/></w:lvl></w:abstractNum>\
             <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num></w:numbering>",
        ),
        (
            "word/footnotes.xml",
            "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>\
             <w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space=\"preserve\"> See the Act.</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p></w:footnote></w:footnotes>",
        ),
        ("word/header1.xml", "<w:hdr><w:p><w:r><w:t>OFFICIAL</w:t></w:r></w:p></w:hdr>"),
        ("word/diagrams/data1.xml", "<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>Prevent</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"),
    ])
}

fn p(properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>")
}

fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

#[test]
fn a_word_document_is_read_as_its_reader_sees_it() {
    let one = |body: &str| {
        let text = read("a.docx", &docx(body));
        assert_eq!(blocks(&text.pages[0])[0], (Margin, "OFFICIAL"));
        text
    };
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p("", &r(text)));
    let item = |level: u8, text: &str| p(&format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr>"), &r(text));
    let cases: Vec<(String, Vec<(BlockKind, &str)>)> = vec![
        (p("<w:pStyle w:val=\"T\"/>", &r("Plan")) + &p("<w:pStyle w:val=\"Ours\"/>", &r("Aims")), vec![(Heading(1), "Plan"), (Heading(2), "Aims")]),
        (p("<w:pStyle w:val=\"Loop\"/><w:outlineLvl w:val=\"2\"/>", &r("Third")), vec![(Heading(3), "Third")]),
        (
            [item(0, "one"), item(1, "in it"), item(1, "and"), item(0, "two")].concat(),
            vec![(Item(1), "1. one"), (Item(2), "1.a) in it"), (Item(2), "1.b) and"), (Item(1), "2. two")],
        ),
        // Tabs between runs, not those that say where tabs stand; a soft hyphen is no letter.
        (
            p("<w:tabs><w:tab w:val=\"left\"/></w:tabs>", "<w:r><w:t>a</w:t><w:tab/><w:t>vio\u{ad}lence</w:t><w:br/><w:t>c</w:t></w:r>"),
            vec![(Paragraph, "a\tviolence\nc")],
        ),
        (
            p("", &(r("It ") + "<w:del><w:r><w:delText>was</w:delText></w:r></w:del><w:ins>" + &r("is") + "</w:ins>" + &r(" so."))),
            vec![(Paragraph, "It is so.")],
        ),
        (p("<w:rPr><w:del/></w:rPr>", &r("Half ")) + &p("", &r("a line.")), vec![(Paragraph, "Half a line.")]),
        (
            p(
                "",
                &format!(
                    "{}<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGEREF x</w:instrText></w:r>{}<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>{}",
                    r("page "),
                    r("told"),
                    r("4"),
                    r(" on")
                ),
            ),
            vec![(Paragraph, "page 4 on")],
        ),
        (
            p("", &(r("A duty") + "<w:r><w:footnoteReference w:id=\"2\"/></w:r>" + &r(" to work."))) + &p("", &r("Next.")),
            vec![(Paragraph, "A duty to work."), (Note, "See the Act."), (Paragraph, "Next.")],
        ),
        (
            format!(
                "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}<w:tc>{}{}</w:tc></w:tr></w:tbl>",
                cell("Area"),
                cell("Count"),
                cell(""),
                p("", &r("1")),
                p("", &r("2"))
            ),
            vec![(Row, "Area\tCount"), (Row, "\t1 2")],
        ),
        // A table of one cell frames text; a deleted row is gone.
        (
            format!(
                "<w:tbl><w:tr><w:tc>{}{}</w:tc></w:tr></w:tbl><w:tbl><w:tr><w:trPr><w:del/></w:trPr>{}{}</w:tr></w:tbl>",
                p("<w:pStyle w:val=\"Ours\"/>", &r("Framed")),
                p("", &r("text")),
                cell("x"),
                cell("y")
            ),
            vec![(Heading(2), "Framed"), (Paragraph, "text")],
        ),
        // A text box twice, for new programs and for old ones.
        (
            p(
                "",
                &format!(
                    "{}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>{}",
                    r("Around "),
                    p("", &r("Box")),
                    p("", &r("Box")),
                    r("it.")
                ),
            ),
            vec![(Paragraph, "Around it."), (Paragraph, "Box")],
        ),
        (p("", &(r("Drawn") + "<w:r><w:drawing><dgm:relIds r:dm=\"r5\"/></w:drawing></w:r>")), vec![(Paragraph, "Drawn"), (Paragraph, "Prevent")]),
        (p("", "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r>&amp;<w:r><w:t>a &lt; b</w:t></w:r>"), vec![(Paragraph, "\u{2612}a < b")]),
    ];
    for (body, wanted) in cases {
        assert_eq!(blocks(&one(&body).pages[0])[1..], wanted, "{body}");
    }
    let text = one(&p("", &(r("seen ") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>" + &r(" seen"))));
    assert_eq!((hidden(&text.pages[0]), text.pages[0].text.as_str()), (vec!["hidden"], "OFFICIAL\nseen hidden seen\n"));
    assert_eq!(hidden(&one(&p("<w:pStyle w:val=\"Secret\"/>", &r("all of it"))).pages[0]), ["all", "of", "it"]);
    assert!(one(&p("", "<w:del/>")).remarks[0].contains("tracked changes"));
}

fn odt(body: &str, styles: &str) -> Vec<u8> {
    package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        (
            "content.xml",
            &format!(
                "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
            ),
        ),
        (
            "styles.xml",
            "<office:document-styles><text:outline-style><text:outline-level-style text:level=\"1\" style:num-format=\"1\"/><text:outline-level-style text:level=\"2\" style:num-format=\"1\" text:display-levels=\"2\"/></text:outline-style>\
             <style:header-style/><style:master-page><style:header><text:p>OFFICIAL</text:p></style:header></style:master-page></office:document-styles>",
        ),
    ])
}

#[test]
fn an_opendocument_text_is_read_as_its_reader_sees_it() {
    let styles = "<style:style style:name=\"H\"><style:text-properties text:display=\"none\"/></style:style>\
        <text:list-style style:name=\"L\"><text:list-level-style-number text:level=\"1\" style:num-format=\"a\" style:num-suffix=\")\"/><text:list-level-style-bullet text:level=\"2\"/></text:list-style>";
    let cases = [
        (
            "<text:h text:outline-level=\"1\">Plan</text:h><text:h text:outline-level=\"2\">Aims</text:h>",
            vec![(Heading(1), "1 Plan"), (Heading(2), "1.1 Aims")],
        ),
        (
            "<text:p>two<text:s text:c=\"2\"/>spaces,\n  one<text:tab/>tab<text:line-break/>line</text:p>",
            vec![(Paragraph, "two  spaces, one\ttab\nline")],
        ),
        (
            "<text:list text:style-name=\"L\"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>in it</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p><text:p>more</text:p></text:list-item></text:list>",
            vec![(Item(1), "a) one"), (Item(2), "in it"), (Item(1), "b) two"), (Item(1), "more")],
        ),
        (
            "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes><text:p>A duty<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>See the Act.</text:p></text:note-body></text:note> to work<office:annotation><text:p>why?</text:p></office:annotation>.</text:p>",
            vec![(Paragraph, "A duty to work."), (Note, "See the Act.")],
        ),
        (
            "<table:table><table:table-row><table:table-cell><text:p>Area</text:p></table:table-cell><table:table-cell><text:p>1</text:p><text:p>2</text:p></table:table-cell></table:table-row></table:table>",
            vec![(Row, "Area\t1 2")],
        ),
        (
            "<text:p>Around <draw:frame><draw:text-box><text:p>Box</text:p></draw:text-box><svg:title>called</svg:title></draw:frame>it.</text:p>",
            vec![(Paragraph, "Around it."), (Paragraph, "Box")],
        ),
        (
            "<text:p>Around <draw:rect><text:p>Drawn</text:p></draw:rect>it.<text:script>alert()</text:script></text:p>",
            vec![(Paragraph, "Around it."), (Paragraph, "Drawn")],
        ),
        ("<text:p><text:title>Of the file</text:title></text:p>", vec![(Paragraph, "Of the file")]),
    ];
    for (body, wanted) in cases {
        let text = read("a.odt", &odt(body, styles));
        assert_eq!(blocks(&text.pages[0])[0], (Margin, "OFFICIAL"));
        assert_eq!(blocks(&text.pages[0])[1..], wanted, "{body}");
    }
    let text = read(
        "a.odt",
        &odt(
            "<text:p>a <text:span text:style-name=\"H\">b</text:span> c</text:p><text:section text:display=\"none\"><text:p>d</text:p></text:section>",
            styles,
        ),
    );
    assert_eq!(hidden(&text.pages[0]), ["b", "d"]);
    let flat = read(
        "a.fodt",
        b"<?xml version=\"1.0\"?><office:document><office:body><office:text><text:p>flat</text:p></office:text></office:body></office:document>",
    );
    assert_eq!(flat.plain(), "flat\n");
}

#[test]
fn slides_are_pages_with_titles_and_notes() {
    let shape = |of: &str, text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\"/><p:nvPr><p:ph{of}/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let relation =
        |id: &str, of: &str, part: &str| format!("<Relationships><Relationship Id=\"{id}\" Type=\"x/{of}\" Target=\"{part}\"/></Relationships>");
    let pptx = package(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "ppt/presentation.xml",
            "<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"b\"/><p:sldId id=\"257\" r:id=\"a\"/></p:sldIdLst></p:presentation>",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/slide\" Target=\"slides/slide1.xml\"/><Relationship Id=\"b\" Type=\"x/slide\" Target=\"slides/slide2.xml\"/></Relationships>",
        ),
        ("ppt/slides/slide1.xml", &format!("<p:sld show=\"0\">{}</p:sld>", shape(" type=\"title\"", "Kept back"))),
        ("ppt/slides/slide2.xml", &format!("<p:sld>{}{}</p:sld>", shape(" type=\"title\"", "Our aims"), shape(" idx=\"1\"", "Fewer injuries"))),
        ("ppt/slides/_rels/slide2.xml.rels", &relation("n", "notesSlide", "../notesSlides/notesSlide1.xml")),
        (
            "ppt/notesSlides/notesSlide1.xml",
            &format!("<p:notes>{}{}</p:notes>", shape(" type=\"sldNum\"", "1"), shape(" type=\"body\"", "Say it slowly")),
        ),
    ]);
    let text = read("a.pptx", &pptx);
    assert_eq!(blocks(&text.pages[0]), [(Heading(1), "Our aims"), (Item(1), "Fewer injuries"), (Note, "Say it slowly")]);
    assert_eq!((hidden(&text.pages[0]), hidden(&text.pages[1])), (vec!["Say", "it", "slowly"], vec!["Kept", "back"]));
    let odp = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.presentation"),
        (
            "content.xml",
            "<office:document-content><style:style style:name=\"h\"><style:drawing-page-properties presentation:visibility=\"hidden\"/></style:style><draw:page><draw:frame presentation:class=\"title\"><draw:text-box><text:p>Our aims</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:list><text:list-item><text:p>Fewer injuries</text:p></text:list-item></text:list></draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>Say it slowly</text:p></draw:text-box></draw:frame></presentation:notes></draw:page><draw:page draw:style-name=\"h\"><draw:custom-shape><text:p>Kept back</text:p></draw:custom-shape></draw:page></office:document-content>",
        ),
    ]);
    let of_odp = read("a.odp", &odp);
    assert_eq!(
        of_odp.pages,
        text.pages
            .iter()
            .cloned()
            .map(|mut page| {
                page.blocks.iter_mut().filter(|block| page.text[block.range.clone()].starts_with("Kept")).for_each(|block| block.kind = Paragraph);
                page
            })
            .collect::<Vec<_>>()
    );
}

#[test]
fn web_pages_are_read_whatever_their_markup() {
    let cases: [(&str, Vec<(BlockKind, &str)>); 12] = [
        ("<h2>Aims</h2><p>One<p>Two", vec![(Heading(2), "Aims"), (Paragraph, "One"), (Paragraph, "Two")]),
        (
            "<ul><li>one<li><p>two</p><ol><li><div>in it</div></ol></ul>after",
            vec![(Item(1), "one"), (Item(1), "two"), (Item(2), "1. in it"), (Paragraph, "after")],
        ),
        ("<table>\n<tr>\n<th>Area</th>\n<th>n</th></tr>\n<tr><td>a<td>1</table>", vec![(Row, "Area\tn"), (Row, "a\t1")]),
        ("<table><tr><td><h1>Laid out</h1><p>by a table</td></tr></table>", vec![(Heading(1), "Laid out"), (Paragraph, "by a table")]),
        ("a <!-- > no --> b<script>if (a < b) {}</script><style>p{}</style>", vec![(Paragraph, "a b")]),
        ("Caf&eacute;&nbsp;O&#39;Hara &unknown; R&D; 5 < 6", vec![(Paragraph, "Caf\u{e9}\u{a0}O'Hara &unknown; R&D; 5 < 6")]),
        ("<pre>a  b\n c</pre>", vec![(Paragraph, "a  b\n c")]),
        ("one<br>two", vec![(Paragraph, "one\ntwo")]),
        ("<b>bo</b>ld <i> and</i> more", vec![(Paragraph, "bold and more")]),
        ("<p title=\"a > b\">text<div>block</div>end</p>", vec![(Paragraph, "text"), (Paragraph, "block"), (Paragraph, "end")]),
        ("</td></tr></li>x</table>", vec![(Paragraph, "x")]),
        ("<svg><text>drawn</text></svg>x", vec![(Paragraph, "x")]),
    ];
    for (body, wanted) in cases {
        let text = read("a.html", format!("<!DOCTYPE html><html><head><title>t</title></head><body>{body}").as_bytes());
        assert_eq!(blocks(&text.pages[0]), wanted, "{body}");
    }
    let text = read("a.html", b"<html><p hidden>a</p>b<div style='color:red; display : none'>c<p>d</p></div>e");
    assert_eq!((hidden(&text.pages[0]), text.pages[0].words.len()), (vec!["a", "c", "d"], 5));
    assert_eq!(read("a.html", b"<html><meta charset=iso-8859-2><p>\xb1").plain(), "\u{105}\n");
}

#[test]
fn messages_notes_and_tables_are_text_too() {
    let message = b"From: Ann Example <ann@example.org>\r\nTo: office@example.org\r\nSubject: Our answer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nDear all,\r\n\r\nit is\r\nattached.\r\n--b\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\nx\r\n--b--\r\n";
    let wanted = [
        (Heading(1), "Our answer"),
        (Paragraph, "From: Ann Example <ann@example.org>"),
        (Paragraph, "To: office@example.org"),
        (Paragraph, "Dear all,"),
        (Paragraph, "it is\nattached."),
        (Paragraph, "Attached: plan.pdf"),
    ];
    assert_eq!(blocks(&read("a.eml", message).pages[0]), wanted);
    let mbox = [
        &b"From ann@example.org Mon Nov 30 10:00:00 2020\n"[..],
        message,
        b"\nFrom ann@example.org Mon Nov 30 11:00:00 2020\nFrom: bob@example.org\nSubject: Another\n\nText\n",
    ]
    .concat();
    assert_eq!(read("a.mbox", &mbox).pages.len(), 2);
    assert_eq!(
        blocks(&read("a.txt", b"A line\nand more\n\n- item\n- second\na\tb\n").pages[0]),
        [(Paragraph, "A line\nand more"), (Item(1), "item"), (Item(1), "second"), (Row, "a\tb")]
    );
    assert_eq!(
        blocks(&read("a.csv", b"Area,Note\n\"a, b\",\"say \"\"no\"\"\"\n,2").pages[0]),
        [(Row, "Area\tNote"), (Row, "a, b\tsay \"no\""), (Row, "\t2")]
    );
    assert_eq!(read("a.txt", b"one\x0ctwo\x1b[31m\x0c").plain(), "one\n\u{c}two[31m\n");
    let utf16: Vec<u8> = "caf\u{e9} open".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read("a.txt", &utf16).plain(), "caf\u{e9} open\n");
    let latin = read("a.txt", b"caf\xe9 open");
    assert!(latin.plain() == "caf\u{e9} open\n" && latin.remarks[0].contains("Windows-1252"));
}

#[test]
fn what_has_no_text_is_refused_with_a_sentence() {
    let encrypted = package(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>"),
        ("content.xml", "x"),
    ]);
    let bomb = docx(&p("", &r(&" ".repeat(3_000_000))));
    let entities = package(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><w:document/>")]);
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"PK\x03\x04....2025-01/a.csv", "not a document"),
        (b"<?xml version=\"1.0\"?><kml/>", "no text can be read"),
        (b"PK\x03\x04..[Content_Types].xml....word/document.xml", "broken or was cut off"),
        (&encrypted, "password"),
        (&bomb, "hundreds of times"),
        (&entities, "declares a document type"),
    ];
    for (bytes, what) in cases {
        let refusal: Refusal = of("a", bytes.to_vec(), &Limits { most_unpacked_bytes: 2_000_000, ..Limits::default() }).unwrap_err();
        assert!(refusal.what.contains(what) && !refusal.remedy.is_empty(), "{what}: {refusal}");
    }
    let few = Limits { most_words: 10, ..Limits::default() };
    for bytes in
        [docx(&p("", &r("a b c d e f g h i j k"))), b"a b c d e f g h i j k".to_vec(), docx(&"<w:tbl><w:tr><w:tc/></w:tr></w:tbl>".repeat(9))]
    {
        assert!(of("a.txt", bytes, &few).unwrap_err().what.contains("more than 10 words"));
    }
    // Made to fill the memory, or to take for ever.
    let comma = vec![b','; 1_000_000];
    assert!(of("a.csv", comma, &few).unwrap_err().what.contains("more than 10 words"));
    let fields = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>".repeat(50_000) + &"<w:p/>".repeat(50_000);
    assert_eq!(read("a.docx", &docx(&fields)).plain(), "OFFICIAL\n");
    let notes = b"{\\rtf1{\\footnote ".iter().copied().chain(b"\\footnote ".repeat(100_000)).chain(*b"a").collect::<Vec<u8>>();
    assert_eq!(read("a.rtf", &notes).plain(), "a\n");
    let tables = format!("<html>{}a", "<table><tr><td>".repeat(50_000));
    assert_eq!(read("a.html", tables.as_bytes()).plain(), "a\n");
    let deep = docx(&"<w:sdt>".repeat(1_000));
    assert!(of("a", deep, &Limits::default()).unwrap_err().what.contains("nested too deep"));
}

/// Whatever was read: blocks and words lie in their page, in order, and nothing in them steers a terminal.
fn check(text: &DocumentText) {
    for page in &text.pages {
        let mut at = 0;
        for block in &page.blocks {
            assert!(block.range.start >= at && block.range.end <= page.text.len() && page.text.is_char_boundary(block.range.start), "{block:?}");
            assert_eq!(page.text[block.range.end..].chars().next(), Some('\n'));
            at = block.range.end;
        }
        let mut at = 0;
        for word in &page.words {
            assert!(word.range.start >= at && !page.text[word.range.clone()].contains(char::is_whitespace), "{word:?}");
            at = word.range.end;
        }
        let n_written: usize = page.text.split_whitespace().count();
        assert_eq!(page.words.len(), n_written);
        assert!(!page.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damage_makes_a_reader_panic(at in any::<u32>(), bit in 0u8..8, cut in any::<u32>()) {
        let few = Limits { most_unpacked_bytes: 1_000_000, most_part_bytes: 1_000_000, most_parts: 50, most_text_bytes: 100_000, most_words: 10_000, most_pages: 50 };
        let documents = [
            docx(&p("", &(r("A duty") + "<w:r><w:footnoteReference w:id=\"2\"/></w:r>"))),
            odt("<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>", ""),
            b"<html><table><tr><td hidden>a</table><ul><li>b".to_vec(),
            b"{\\rtf1 a\\par {\\b b}\\row}".to_vec(),
            b"From: a@b.c\nSubject: d\nContent-Type: text/html\n\n<p>e".to_vec(),
        ];
        for whole in documents {
            let mut bytes = whole.clone();
            let place = at as usize % bytes.len();
            bytes[place] ^= 1 << bit;
            if let Ok(text) = of("a", bytes.clone(), &few) { check(&text); }
            bytes.truncate(cut as usize % whole.len());
            if let Ok(text) = of("a", bytes, &few) { check(&text); }
        }
    }

    #[test]
    fn no_markup_makes_a_reader_panic(parts in proptest::collection::vec(prop_oneof![
        Just("<w:p>"), Just("</w:p>"), Just("<w:pPr>"), Just("</w:pPr>"), Just("<w:del/>"), Just("<w:r>"), Just("</w:r>"), Just("<w:t> a b</w:t>"), Just("<w:tab/>"),
        Just("<w:tr>"), Just("</w:tr>"), Just("<w:tc>"), Just("</w:tc>"), Just("<w:txbxContent>"), Just("</w:txbxContent>"), Just("<w:footnoteReference w:id='2'/>"),
        Just("<w:fldChar w:fldCharType='begin'/>"), Just("<w:fldChar w:fldCharType='end'/>"), Just("<w:numPr><w:ilvl w:val='99'/><w:numId w:val='1'/></w:numPr>"),
        Just("<td>"), Just("</td>"), Just("<tr>"), Just("</tr>"), Just("<table>"), Just("</table>"), Just("<li>"), Just("<ul>"), Just("</ul>"), Just("<p hidden>"), Just("<pre>"), Just("x \n"), Just("&amp"),
        Just("<text:p>"), Just("</text:p>"), Just("<text:note>"), Just("</text:note>"), Just("<text:list>"), Just("</text:list>"), Just("<text:s text:c='4294967296'/>"), Just("<table:table-row>"), Just("</table:table-row>"), Just("<table:table-cell>"), Just("</table:table-cell>"),
    ], 0..25)) {
        let few = Limits { most_words: 1_000, ..Limits::default() };
        let body = parts.concat();
        for bytes in [docx(&body), odt(&body, ""), format!("<html>{body}").into_bytes()] {
            if let Ok(text) = of("a", bytes, &few) { check(&text); }
        }
    }
}
