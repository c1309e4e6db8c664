//! Leaks by place: where a file keeps what no page shows.

use super::files::{docx_body, docx_of, odt_body, open_document, package, pdf_of, pptx_of, rtf_of, stream, xlsx_of};
use super::{holds, look};
use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use headwater_documents::screen::{Finding, Note};
use std::io::Cursor;

/// What must not be read, as a comment or a deletion may say it.
const WORDS: &str = "Nia Invented, NHS number 943 476 5919";
const FOUND: &str = "1 NHS number";

fn file(name: &str, bytes: Vec<u8>) -> (String, Vec<u8>) {
    (name.to_owned(), bytes)
}

#[test]
fn comments_are_found_and_their_words_are_read() {
    let comment = format!(
        "<w:comments><w:comment w:author=\"A\"><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:comment><w:comment><w:p/></w:comment></w:comments>"
    );
    let legacy = format!("<comments><commentList><comment ref=\"A1\"><text><t>{WORDS}</t></text></comment></commentList></comments>");
    let threaded = format!(
        "<ThreadedComments><threadedComment ref=\"A1\"><text>{WORDS}</text></threadedComment><threadedComment ref=\"A1\"><text>yes</text></threadedComment></ThreadedComments>"
    );
    let on_slide = format!("<p:cmLst><p:cm authorId=\"0\"><p:text>{WORDS}</p:text></p:cm></p:cmLst>");
    let notes = format!(
        "<p:notes><p:sp><p:nvPr><p:ph type=\"body\"/></p:nvPr><p:txBody><a:p><a:r><a:t>{WORDS}</a:t></a:r></a:p></p:txBody></p:sp></p:notes>"
    );
    let open = format!("<office:annotation><dc:creator>A B</dc:creator><dc:date>2026-11-30</dc:date><text:p>{WORDS}</text:p></office:annotation>");
    let cell = format!(
        "<table:table table:name=\"Rows\"><table:table-row><table:table-cell>{open}<text:p>1</text:p></table:table-cell></table:table-row></table:table>"
    );
    let annotation = format!("/Annots[<</Type/Annot/Subtype/Text/Rect[9 9 20 20]/Contents({WORDS})>>]");
    let cases = [
        (file("a.docx", docx_of(&docx_body("An answer"), &[("comments", "word/comments.xml", comment.as_bytes())])), "1 comment"),
        (
            file("a.xlsx", xlsx_of("1", &[("comments", "../comments1.xml")], &[("xl/comments1.xml", legacy.as_bytes())])),
            "sheet \"Rows\": it carries 1 comment",
        ),
        (
            file(
                "threads.xlsx",
                xlsx_of(
                    "1",
                    &[("comments", "../comments1.xml"), ("threadedComment", "../threadedComments/threadedComment1.xml")],
                    &[("xl/comments1.xml", legacy.as_bytes()), ("xl/threadedComments/threadedComment1.xml", threaded.as_bytes())],
                ),
            ),
            "sheet \"Rows\": it carries 2 comments",
        ),
        (file("unlisted.xlsx", xlsx_of("1", &[], &[("xl/comments7.xml", legacy.as_bytes())])), "xl/comments7.xml: it carries 1 comment"),
        (
            file(
                "a.pptx",
                pptx_of("A slide", "", &[("comments", "../comments/comment1.xml")], &[("ppt/comments/comment1.xml", on_slide.as_bytes())]),
            ),
            "slide 1: it carries 1 comment",
        ),
        (
            file(
                "notes.pptx",
                pptx_of("A slide", "", &[("notesSlide", "../notesSlides/notesSlide1.xml")], &[("ppt/notesSlides/notesSlide1.xml", notes.as_bytes())]),
            ),
            "slide 1: it carries notes",
        ),
        (file("a.odt", open_document("text", "", &format!("<text:p>An answer{open}</text:p>"), &[])), "1 comment"),
        (file("a.ods", open_document("spreadsheet", "", &cell, &[])), "sheet \"Rows\": it carries 1 comment"),
        (
            file("a.odp", open_document("presentation", "", &format!("<draw:page>{open}<draw:frame/></draw:page>"), &[])),
            "slide 1: it carries 1 comment",
        ),
        (file("a.pdf", pdf_of("An answer", "", &annotation, &[])), "page 1: it carries a comment"),
    ];
    for (file, words) in &cases {
        holds(file, Finding::Comments, words);
        holds(file, Finding::PersonalIdentifier, FOUND);
    }
    let rtf = file("a.rtf", rtf_of(&format!("An answer{{\\*\\annotation {WORDS}}}")));
    holds(&rtf, Finding::Comments, "1 comment");
}

#[test]
fn what_was_deleted_under_tracking_is_found_and_read() {
    let deleted = format!(
        "<w:p><w:r><w:t>Kept</w:t></w:r><w:del w:author=\"A\"><w:r><w:delText>{WORDS}</w:delText></w:r></w:del><w:ins w:author=\"A\"><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
    );
    let header = format!("<w:hdr><w:p><w:moveFrom><w:r><w:t>{WORDS}</w:t></w:r></w:moveFrom></w:p></w:hdr>");
    let open = format!(
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>A</dc:creator></office:change-info><text:p>{WORDS}</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>Kept</text:p>"
    );
    let cells = format!(
        "<table:tracked-changes><table:cell-content-change table:id=\"c1\"><table:previous><table:change-track-table-cell><text:p>{WORDS}</text:p></table:change-track-table-cell></table:previous></table:cell-content-change></table:tracked-changes>"
    );
    let log = format!("<revisions><rcc><oc><is><t>{WORDS}</t></is></oc></rcc></revisions>");
    let cases = [
        (file("a.docx", docx_of(&deleted, &[])), "1 tracked deletion, of which 7 words are still inside"),
        (
            file("header.docx", docx_of(&docx_body("Kept"), &[("header", "word/header1.xml", header.as_bytes())])),
            "word/header1.xml: 1 tracked deletion",
        ),
        (file("a.odt", open_document("text", "", &open, &[])), "1 tracked deletion"),
        (file("a.ods", open_document("spreadsheet", "", &cells, &[])), "1 change of cells"),
        (file("a.xlsx", xlsx_of("1", &[], &[("xl/revisions/revisionLog1.xml", log.as_bytes())])), "xl/revisions/revisionLog1.xml"),
    ];
    for (file, words) in &cases {
        holds(file, Finding::TrackedChanges, words);
        holds(file, Finding::PersonalIdentifier, FOUND);
    }
    holds(&file("ins.docx", docx_of(&deleted, &[])), Finding::TrackedChanges, "1 tracked insertion");
    holds(&file("a.rtf", rtf_of("Kept {\\deleted gone} {\\revised new}")), Finding::TrackedChanges, "1 deletion and 1 insertion");
    // A change of looks keeps nothing that was said.
    let looks = "<w:p><w:r><w:rPr><w:rPrChange w:author=\"A\"><w:rPr/></w:rPrChange></w:rPr><w:t>Kept</w:t></w:r></w:p>";
    assert_eq!(look(&file("looks.docx", docx_of(looks, &[]))).found, []);
}

#[test]
fn hidden_white_and_tiny_words_and_slides_that_are_not_shown_are_found() {
    let run = |properties: &str| format!("<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{WORDS}</w:t></w:r></w:p>");
    let docx = |body: &str| docx_of(body, &[]);
    let odt = |style: &str| {
        let styles = format!("<style:style style:name=\"T1\" style:family=\"text\"><style:text-properties {style}/></style:style>");
        open_document("text", &styles, &format!("<text:p>Kept <text:span text:style-name=\"T1\">{WORDS}</text:span></text:p>"), &[])
    };
    let rtf = |words: &str| rtf_of(&format!("{{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue0;}}Kept {{{words} {WORDS}}}"));
    let hiding = "<style:style style:name=\"dp1\" style:family=\"drawing-page\"><style:drawing-page-properties presentation:visibility=\"hidden\"/></style:style>";
    let slide =
        format!("<draw:page draw:style-name=\"dp1\"><draw:frame><draw:text-box><text:p>{WORDS}</text:p></draw:text-box></draw:frame></draw:page>");
    let cases = [
        (file("a.docx", docx(&format!("{}{}", docx_body("One\nTwo"), run("<w:vanish/>")))), "paragraph 3: 7 words are hidden"),
        (file("white.docx", docx(&run("<w:color w:val=\"FFFFFF\"/>"))), "7 words are in white on white"),
        (file("tiny.docx", docx(&run("<w:sz w:val=\"2\"/>"))), "7 words are too small"),
        (
            file("cell.docx", docx(&format!("<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", run("<w:color w:val=\"FFFFFF\"/>")))),
            "7 words are in white on white",
        ),
        (file("a.odt", odt("text:display=\"none\"")), "paragraph 1: 7 words are hidden"),
        (file("white.odt", odt("fo:color=\"#ffffff\"")), "7 words are in white on white"),
        (file("tiny.odt", odt("fo:font-size=\"1pt\"")), "7 words are too small"),
        (file("a.rtf", rtf("\\v")), "paragraph 1: 7 words are hidden"),
        (file("white.rtf", rtf("\\cf1")), "7 words are in white on white"),
        (file("a.pptx", pptx_of(WORDS, " show=\"0\"", &[], &[])), "slide 1: the slide is not shown"),
        (file("a.odp", open_document("presentation", hiding, &slide, &[])), "slide 1: the slide is not shown"),
    ];
    for (file, words) in &cases {
        holds(file, Finding::Concealed, words);
        holds(file, Finding::PersonalIdentifier, FOUND);
    }
    // White on something dark is seen.
    let white = "<w:color w:val=\"FFFFFF\"/>";
    let plain = "<w:p><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>Year</w:t></w:r></w:p>";
    for body in [
        format!("<w:p><w:pPr><w:shd w:val=\"clear\" w:fill=\"1F3864\"/></w:pPr><w:r><w:rPr>{white}</w:rPr><w:t>Heading</w:t></w:r></w:p>"),
        format!("<w:p><w:r><w:rPr>{white}<w:highlight w:val=\"black\"/></w:rPr><w:t>Heading</w:t></w:r></w:p>"),
        format!("<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val=\"clear\" w:fill=\"1F3864\"/></w:tcPr>{plain}</w:tc></w:tr></w:tbl>"),
        format!("<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/></w:tblPr><w:tr><w:tc>{plain}</w:tc></w:tr></w:tbl>"),
        format!("<w:p><w:r><w:txbxContent>{plain}</w:txbxContent></w:r></w:p>"),
    ] {
        assert_eq!(look(&file("dark.docx", docx(&body))).found, [], "{body}");
    }
    let hides = |file| look(&file).found.iter().any(|it| it.finding == Finding::Concealed);
    assert!(!hides(file("dark.odt", odt("fo:color=\"#ffffff\" fo:background-color=\"#1f3864\""))));
    assert!(!hides(file("dark.rtf", rtf("\\cf1\\highlight2"))));
}

/// What a camera writes: a place or none, whose it is and its number.
fn exif(is_placed: bool) -> Vec<u8> {
    let degrees = |n: u32| Value::Rational(vec![Rational { num: n, denom: 1 }, Rational { num: 30, denom: 1 }, Rational { num: 0, denom: 1 }]);
    let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
    let text = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let mut fields = vec![field(Tag::CameraOwnerName, text("Nia Invented")), field(Tag::BodySerialNumber, text("12345"))];
    if is_placed {
        fields.extend([field(Tag::GPSLatitude, degrees(52)), field(Tag::GPSLongitude, degrees(4)), field(Tag::GPSLatitudeRef, text("N"))]);
    } else {
        // A camera that knows no place writes noughts.
        fields.push(field(Tag::GPSLatitude, Value::Rational(vec![Rational { num: 0, denom: 0 }])));
    }
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).unwrap();
    out.into_inner()
}

fn jpeg(exif: &[u8]) -> Vec<u8> {
    let n = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
    [&b"\xff\xd8\xff\xe1"[..], &n, b"Exif\0\0", exif, b"\xff\xd9"].concat()
}

fn png(exif: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]), chunk(b"eXIf", exif), chunk(b"IEND", b"")].concat()
}

fn webp(exif: &[u8]) -> Vec<u8> {
    let chunk = [&b"EXIF"[..], &(exif.len() as u32).to_le_bytes(), exif, if exif.len() % 2 == 1 { b"\0" } else { b"" }].concat();
    let body = [&b"WEBPVP8X\x0a\0\0\0\x08\0\0\0\0\0\0\0\0\0"[..], &chunk].concat();
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

fn ascii85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for four in data.chunks(4) {
        let mut padded = [0; 4];
        padded[..four.len()].copy_from_slice(four);
        let mut n = u32::from_be_bytes(padded);
        let mut five = [0; 5];
        five.iter_mut().rev().for_each(|digit| {
            *digit = b'!' + (n % 85) as u8;
            n /= 85;
        });
        out.extend(&five[..=four.len()]);
    }
    [out, b"~>".to_vec()].concat()
}

/// Files with what only some have, to be damaged.
pub fn samples() -> Vec<super::files::File> {
    let jpeg = jpeg(&exif(true));
    let image = stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Filter[/ASCII85Decode/DCTDecode]",
        &ascii85(&jpeg),
    );
    let spec = b"<</Type/Filespec/F(a.jpg)/EF<</F 12 0 R>>>>".to_vec();
    let objects = [image, spec, stream("/Type/EmbeddedFile", &jpeg)];
    let catalog = "/Names<</EmbeddedFiles<</Names[(a) 11 0 R]>>>>/AcroForm<</Fields[]/XFA[(datasets)12 0 R]>>";
    vec![
        file("a.jpg", jpeg.clone()),
        file("a.png", png(&exif(true))),
        file("a.webp", webp(&exif(true))),
        file("carried.pdf", pdf_of(WORDS, catalog, "/Annots[<</Subtype/Widget/Rect[0 0 9 9]/FT/Tx/T(DOB)/V(1/2/1987)>>]", &objects)),
        file("white.rtf", rtf_of("{\\colortbl;\\red255\\green255\\blue255;}{\\cf1 white}{\\fs2 tiny}{\\v gone}")),
    ]
}

#[test]
fn pictures_that_say_where_they_were_taken_are_held_alone_and_inside_files() {
    let packet = b"<x:xmpmeta><rdf:Description exif:GPSLatitude=\"52,30N\"/></x:xmpmeta>";
    let image = |filter: &str, data: &[u8]| {
        pdf_of(
            "A photograph",
            "",
            "",
            &[stream(&format!("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Filter{filter}"), data)],
        )
    };
    let in_rtf: String = jpeg(&exif(true)).iter().map(|byte| format!("{byte:02x}")).collect();
    let made = |tiff: &[u8]| {
        let jpeg = jpeg(tiff);
        vec![
            file("a.jpg", jpeg.clone()),
            file("a.png", png(tiff)),
            file("a.tiff", tiff.to_vec()),
            file("a.webp", webp(tiff)),
            file("a.docx", docx_of(&docx_body("A photograph"), &[("image", "word/media/image1.jpeg", &jpeg)])),
            file("a.odt", open_document("text", "", &odt_body("A photograph"), &[("Pictures/1.jpg", &jpeg)])),
            file("a.pptx", pptx_of("A photograph", "", &[], &[("ppt/media/image1.png", &png(tiff))])),
            file("a.xlsx", xlsx_of("A photograph", &[], &[("xl/media/image1.jpg", &jpeg)])),
            file("a.pdf", image("/DCTDecode", &jpeg)),
            file("reportlab.pdf", image("[/ASCII85Decode/DCTDecode]", &ascii85(&jpeg))),
        ]
    };
    for placed in made(&exif(true)) {
        holds(&placed, Finding::Metadata, "where it was taken");
        assert!(look(&placed).noted.iter().any(|it| it.note == Note::Camera), "{}", placed.0);
    }
    for unplaced in made(&exif(false)) {
        let screened = look(&unplaced);
        assert_eq!(screened.found, [], "{}", unplaced.0);
        assert_eq!(screened.noted.iter().filter(|it| it.note == Note::Camera).count(), 2, "{}: {:?}", unplaced.0, screened.noted);
    }
    holds(&file("a.rtf", rtf_of(&format!("{{\\pict\\jpegblip {in_rtf}}}"))), Finding::Metadata, "where it was taken");
    holds(&file("xmp.jpg", [&b"\xff\xd8\xff\xe1\0\x10"[..], packet, b"\xff\xd9"].concat()), Finding::Metadata, "where it was taken");
    let xmp = pdf_of("A photograph", "/Metadata 10 0 R", "", &[stream("/Type/Metadata/Subtype/XML", packet)]);
    holds(&file("xmp.pdf", xmp), Finding::Metadata, "where something was taken");
}

#[test]
fn fields_data_of_forms_and_properties_of_a_pdf_are_read() {
    let field =
        |name: &str, value: &str, more: &str| format!("<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/V({value})/Rect[9 9 90 20]{more}>>").into_bytes();
    let form = |fields: Vec<Vec<u8>>| {
        let list: String = (0..fields.len()).map(|i| format!("{} 0 R ", 10 + i)).collect();
        pdf_of("A form", &format!("/AcroForm<</Fields[{list}]>>"), &format!("/Annots[{list}]"), &fields)
    };
    holds(
        &file("a.pdf", form(vec![field("Date_of_birth", "12/03/1987", "")])),
        Finding::PersonalIdentifier,
        "fields of a form: it holds what looks like 1 date of birth",
    );
    holds(&file("a.pdf", form(vec![field("NHS number", "943 476 5919", "/F 2")])), Finding::Concealed, "1 field of a form is filled and not shown");
    assert_eq!(look(&file("empty.pdf", form(vec![field("Date_of_birth", "", "")]))).found, []);
    let data = b"<xfa:datasets><xfa:data><form><date_of_birth>12/03/1987</date_of_birth></form></xfa:data></xfa:datasets>";
    let xfa = pdf_of("A form", "/AcroForm<</Fields[]/XFA[(datasets)10 0 R]>>", "", &[stream("", data)]);
    holds(&file("xfa.pdf", xfa), Finding::PersonalIdentifier, "the data of a form: it holds what looks like 1 date of birth");
    let xmp = format!("<x:xmpmeta><dc:description>{WORDS}</dc:description><dc:creator>A B</dc:creator></x:xmpmeta>");
    let about = file("a.pdf", pdf_of("A report", "/Metadata 10 0 R", "", &[stream("/Type/Metadata/Subtype/XML", xmp.as_bytes())]));
    holds(&about, Finding::PersonalIdentifier, FOUND);
    assert_eq!(look(&about).noted[0].note, Note::Author);
}

#[test]
fn files_inside_files_are_looked_into_as_deep_as_they_go() {
    let inner = docx_of(&docx_body(WORDS), &[]);
    let carry = |name: &str, bytes: &[u8]| {
        let spec = format!("<</Type/Filespec/F({name})/EF<</F 10 0 R>>>>").into_bytes();
        pdf_of("A cover", "/Names<</EmbeddedFiles<</Names[(a) 11 0 R]>>>>", "", &[stream("/Type/EmbeddedFile", bytes), spec])
    };
    let once = carry("case.docx", &inner);
    holds(&file("a.pdf", once.clone()), Finding::PersonalIdentifier, "inside \"case.docx\": it holds what looks like 1 NHS number");
    let twice = carry("cover.pdf", &once);
    holds(&file("a.pdf", twice.clone()), Finding::PersonalIdentifier, "inside \"cover.pdf\", inside \"case.docx\"");
    let csv = carry("list.csv", b"Name,Age\nNia Invented,17\nTom Pretend,16\n");
    holds(&file("a.pdf", csv), Finding::PersonalIdentifier, "2 rows of a list of people");
    let office =
        docx_of(&docx_body("A chart"), &[("package", "word/embeddings/sheet1.xlsx", &xlsx_of("Ref\tNHS number\n1\t943 476 5919", &[], &[]))]);
    holds(&file("a.docx", office), Finding::PersonalIdentifier, "inside \"word/embeddings/sheet1.xlsx\", sheet \"Rows\"");
    // Deeper than anybody goes it is said that nobody looked.
    let deep = carry("1.pdf", &carry("2.pdf", &carry("3.pdf", &twice)));
    let screened = look(&file("a.pdf", deep));
    assert!(screened.not_looked.iter().any(|what| what.contains("too deep")), "{:?}", screened.not_looked);
}

#[test]
fn authors_and_templates_are_noted_and_hold_nothing() {
    let core =
        "<cp:coreProperties><dc:creator>A B</dc:creator><cp:lastModifiedBy>C D</cp:lastModifiedBy><dc:title>Our plan</dc:title></cp:coreProperties>";
    let app = "<Properties><Company>An Office</Company><Template>C:\\\\Users\\\\a.b\\\\Plan.dotx</Template></Properties>";
    let custom = "<Properties><property name=\"Label\"><vt:lpwstr>Official</vt:lpwstr></property></Properties>";
    let parts: [(&str, &str, &[u8]); 4] = [
        ("core", "docProps/core.xml", core.as_bytes()),
        ("app", "docProps/app.xml", app.as_bytes()),
        ("custom", "docProps/custom.xml", custom.as_bytes()),
        ("thumbnail", "docProps/thumbnail.jpeg", b"\xff\xd8\xff\xd9"),
    ];
    let screened = look(&file("a.docx", docx_of(&docx_body("Our plan"), &parts)));
    let mut notes: Vec<Note> = screened.noted.iter().map(|it| it.note).collect();
    notes.dedup();
    assert_eq!((screened.found, notes), (vec![], vec![Note::Author, Note::Organisation, Note::Template, Note::Properties, Note::Preview]));
    let said = format!("<cp:coreProperties><dc:title>{WORDS}</dc:title></cp:coreProperties>");
    holds(&file("a.docx", docx_of(&docx_body("Our plan"), &[("core", "docProps/core.xml", said.as_bytes())])), Finding::PersonalIdentifier, FOUND);
    let meta =
        "<office:meta><meta:initial-creator>A B</meta:initial-creator><meta:user-defined meta:name=\"Ref\">7</meta:user-defined></office:meta>";
    let odt = look(&file("a.odt", open_document("text", "", &odt_body("Our plan"), &[("meta.xml", meta.as_bytes())])));
    assert_eq!((odt.found.len(), odt.noted.len()), (0, 2), "{:?}", odt.noted);
    let broken =
        package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), ("docProps/core.xml", b"<cp:coreProperties>")]);
    holds(&file("a.docx", broken), Finding::WrongKind, "docProps/core.xml");
}
