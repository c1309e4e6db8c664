//! The ways in which a PDF says what no page of it shows, one file each, and pages on which nothing is amiss.

use std::collections::BTreeMap;

use headwater_documents::pdf::{self, Unseen};
use headwater_documents::screen::{Finding, Limits, screen};

/// A PDF of one page: what is drawn on it, entries of the page and of the catalog, and further objects from number 10 on.
struct Page<'a> {
    drawn: &'a str,
    page: &'a str,
    catalog: &'a str,
    objects: &'a [&'a str],
}

const PLAIN: Page<'static> = Page { drawn: "", page: "", catalog: "", objects: &[] };

/// The name that must not be read, where every file has it.
const NAME: &str = "BT /F 11 Tf 72 700 Td (Seen by Nia Invented here) Tj ET\n";
/// Covers the name and nothing else: "Seen by " is 43 points wide.
const BOX: &str = "114 697 65 13 re f\n";

impl Page<'_> {
    fn file(&self) -> Vec<u8> {
        let mut objects = BTreeMap::from([
            (1, format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog)),
            (2, "<</Type/Pages/Count 1/Kids[4 0 R]>>".to_owned()),
            (3, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned()),
            (
                4,
                format!(
                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>/XObject<</I 10 0 R>>/Pattern<</P 11 0 R>>\
                     /ExtGState<</H<</ca 0.4>>/M<</BM/Multiply>>>>/Properties<</L 12 0 R>>>>/Contents 5 0 R{}>>",
                    self.page
                ),
            ),
            (5, format!("<</Length {}>>stream\n{}\nendstream", self.drawn.len() + 1, self.drawn)),
        ]);
        objects.extend(self.objects.iter().enumerate().map(|(i, object)| (10 + i, (*object).to_owned())));
        let mut file = "%PDF-1.7\n".to_owned();
        let mut places = BTreeMap::new();
        for (number, object) in &objects {
            places.insert(*number, file.len());
            file += &format!("{number} 0 obj\n{object}\nendobj\n");
        }
        let start = file.len();
        file += "xref\n";
        places.iter().for_each(|(number, place)| file += &format!("{number} 1\n{place:010} 00000 n \n"));
        file += &format!("trailer<</Size 20/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
        file.into_bytes()
    }
}

fn reasons(file: Vec<u8>) -> Vec<(Unseen, usize)> {
    pdf::look(file).unwrap().concealed.into_iter().map(|it| (it.why, it.n_words)).collect()
}

fn drawn(drawn: &str) -> Vec<(Unseen, usize)> {
    reasons(Page { drawn, ..PLAIN }.file())
}

/// What the first screen finds, as `place: what`.
fn found(file: &[u8]) -> Vec<(Finding, String)> {
    let screened = screen("answer.pdf", file, &Limits::default());
    screened.found.into_iter().map(|it| (it.finding, format!("{}: {}", it.place, it.what))).collect()
}

#[test]
fn a_box_drawn_over_words_conceals_them_and_one_drawn_before_does_not() {
    assert_eq!(drawn(&format!("{NAME}{BOX}")), [(Unseen::UnderShape, 2)]);
    assert_eq!(drawn(&format!("1 1 0 rg {BOX}0 g {NAME}")), []);
    // Also of white, also as a thick line, also one that only its clip makes small.
    assert_eq!(drawn(&format!("{NAME}1 g {BOX}")), [(Unseen::UnderShape, 2)]);
    assert_eq!(drawn(&format!("{NAME}14 w 114 703 m 179 703 l S")), [(Unseen::UnderShape, 2)]);
    assert_eq!(drawn(&format!("{NAME}q {} W n 0 0 595 842 re f Q", BOX.replace(" f\n", ""))), [(Unseen::UnderShape, 2)]);
    assert_eq!(drawn(&format!("{NAME}q 300 300 9 9 re W n 0 0 595 842 re f Q")), []);
}

#[test]
fn a_marker_pen_a_frame_and_a_rule_conceal_nothing() {
    assert_eq!(drawn(&format!("{NAME}/H gs 1 1 0 rg {BOX}")), []);
    assert_eq!(drawn(&format!("{NAME}/M gs 1 1 0 rg {BOX}")), []);
    assert_eq!(drawn(&format!("{NAME}{}", BOX.replace(" f\n", " S\n"))), []);
    assert_eq!(drawn(&format!("{NAME}1 w 72 698 m 300 698 l S 72 703 m 300 703 l S")), []);
    // A ring around a name: its inside is open.
    assert_eq!(drawn(&format!("{NAME}100 690 100 30 re 102 692 96 26 re f*")), []);
}

#[test]
fn a_tight_box_on_a_turned_or_cropped_page_is_seen_as_a_reader_sees_it() {
    let tight = format!("{NAME}115 700 63 7 re f");
    for page in ["", "/Rotate 90", "/Rotate 180", "/Rotate 270", "/CropBox[50 600 400 800]", "/CropBox[50 600 400 800]/Rotate 90"] {
        assert_eq!(reasons(Page { drawn: &tight, page, ..PLAIN }.file()), [(Unseen::UnderShape, 2)], "{page}");
    }
    assert_eq!(reasons(Page { drawn: NAME, page: "/CropBox[50 100 400 600]", ..PLAIN }.file()), [(Unseen::OffPage, 5)]);
}

#[test]
fn a_hatching_conceals() {
    let hatch = "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 4 4]/XStep 4/YStep 4/Resources<<>>/Length 18>>stream\n0 0 m 4 4 l S     \nendstream";
    let drawn = format!("{NAME}/Pattern cs /P scn {BOX}");
    assert_eq!(reasons(Page { drawn: &drawn, objects: &["null", hatch], ..PLAIN }.file()), [(Unseen::UnderPattern, 2)]);
}

#[test]
fn words_in_the_colour_of_their_ground_or_without_ink_are_concealed() {
    assert_eq!(drawn(&format!("1 g {NAME}")), [(Unseen::ColourOfGround, 5)]);
    assert_eq!(drawn(&format!("0 0 0.4 rg 60 690 200 30 re f 0 0 0.4 rg {NAME}")), [(Unseen::ColourOfGround, 5)]);
    assert_eq!(drawn(&format!("0 0 0.4 rg 60 690 200 30 re f 1 g {NAME}")), []);
    assert_eq!(drawn(&format!("3 Tr {NAME}")), [(Unseen::NoInk, 5)]);
}

/// A picture of 60 by 4 points, all black but for a row of points that are white and black in turn in its left half.
fn picture(is_black: bool) -> String {
    let row = |y: u32| (0..60).map(move |x| if !is_black && (x | y) & 1 == 0 { "ff" } else { "00" }).collect::<String>();
    let data: String = (0..4).map(row).collect();
    format!(
        "<</Type/XObject/Subtype/Image/Width 60/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode/Length {}>>stream\n{data}>\nendstream",
        data.len() + 2
    )
}

#[test]
fn a_picture_conceals_where_it_shows_nothing_and_a_scan_shows_its_words() {
    let over = format!("{NAME}q 65 0 0 13 114 697 cm /I Do Q");
    let under = "q 65 0 0 13 114 697 cm /I Do Q 3 Tr BT /F 11 Tf 116 700 Td (Nia Invented) Tj ET".to_owned();
    for (drawn, why) in [(&over, Unseen::UnderPicture), (&under, Unseen::NoInk)] {
        assert_eq!(reasons(Page { drawn, objects: &[&picture(true)], ..PLAIN }.file()), [(why, 2)]);
        assert_eq!(reasons(Page { drawn, objects: &[&picture(false)], ..PLAIN }.file()), []);
    }
}

#[test]
fn marks_and_notes_over_words_are_told_of() {
    let appearance = "<</Type/XObject/Subtype/Form/BBox[0 0 65 13]/Length 14>>stream\n0 0 65 13 re f\nendstream";
    let dark = "/Annots[<</Type/Annot/Subtype/Highlight/Rect[114 697 179 710]/AP<</N 10 0 R>>>>]";
    assert_eq!(reasons(Page { drawn: NAME, page: dark, objects: &[appearance], ..PLAIN }.file()), [(Unseen::UnderAnnotation, 2)]);
    let marked = Page { drawn: NAME, page: "/Annots[<</Type/Annot/Subtype/Redact/Rect[114 697 179 710]>>]", ..PLAIN }.file();
    assert_eq!(found(&marked), [(Finding::Concealed, "page 1: places are marked to be redacted, and nothing was removed".to_owned())]);
    let note = Page { drawn: NAME, page: "/Annots[<</Type/Annot/Subtype/Text/Rect[9 9 20 20]/Contents(who is Nia?)>>]", ..PLAIN }.file();
    assert_eq!(found(&note), [(Finding::Comments, "page 1: it carries a comment".to_owned())]);
    let link = Page { drawn: NAME, page: "/Annots[<</Type/Annot/Subtype/Link/Rect[9 9 20 20]/Contents(to the law)>>]", ..PLAIN }.file();
    assert_eq!(found(&link), []);
}

#[test]
fn what_bookmarks_layers_and_earlier_versions_say_is_told_of() {
    let shown = "BT /F 11 Tf 72 700 Td (Seen by here) Tj ET\n";
    let outlines = |title: &str| format!("<</Type/Outlines/First<</Title({title})/Parent 10 0 R>>/Count 1>>");
    let bookmarked = |title: &str| Page { drawn: shown, catalog: "/Outlines 10 0 R", objects: &[&outlines(title)], ..PLAIN }.file();
    assert_eq!(found(&bookmarked("Seen by Nia Invented")), [(Finding::Concealed, ": a bookmark says what no page shows (1)".to_owned())]);
    assert_eq!(found(&bookmarked("Seen here")), []);
    // A bookmark that leads to itself ends.
    let ring =
        Page { drawn: shown, catalog: "/Outlines 10 0 R", objects: &["<</First 11 0 R>>", "<</Title(Seen)/Next 11 0 R/First 11 0 R>>"], ..PLAIN };
    assert_eq!(found(&ring.file()), []);

    let layer = "<</Type/OCG/Name(Draft)>>";
    let layered = Page {
        drawn: &format!("{shown}/OC /L BDC BT /F 11 Tf 72 600 Td (Nia Invented) Tj ET EMC"),
        catalog: "/OCProperties<</OCGs[12 0 R]/D<</OFF[12 0 R]>>>>",
        objects: &["null", "null", layer],
        ..PLAIN
    };
    assert_eq!(found(&layered.file()), [(Finding::Concealed, ": some of its layers are switched off, and anybody can switch them on".to_owned())]);

    let mut versions = Page { drawn: NAME, ..PLAIN }.file();
    let before = String::from_utf8(versions.clone()).unwrap();
    let earlier: usize = before[before.find("startxref\n").unwrap() + 10..].lines().next().unwrap().parse().unwrap();
    let place = versions.len();
    let (object, start) = (format!("5 0 obj\n<</Length {}>>stream\n{shown}\nendstream\nendobj\n", shown.len() + 1), place);
    versions.extend(object.bytes());
    let table = versions.len();
    versions.extend(format!("xref\n5 1\n{start:010} 00000 n \ntrailer<</Size 20/Root 1 0 R/Prev {earlier}>>\nstartxref\n{table}\n%%EOF\n").bytes());
    let what = ": an earlier version of it is still inside, with 2 words that no page shows any more".to_owned();
    assert_eq!(found(&versions), [(Finding::Concealed, what)]);
}

#[test]
fn a_plain_page_has_nothing_and_concealed_words_are_in_the_text_told_apart() {
    assert_eq!(found(&Page { drawn: NAME, ..PLAIN }.file()), []);
    let text = pdf::text(Page { drawn: &format!("{NAME}{BOX}"), ..PLAIN }.file()).unwrap();
    let page = &text.pages[0];
    let hidden: Vec<&str> = page.words.iter().filter(|word| !word.is_visible).map(|word| &page.text[word.range.clone()]).collect();
    assert_eq!(hidden, ["Nia", "Invented"]);
}
