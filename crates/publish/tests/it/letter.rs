//! A letter as a page and on paper: whole, in its own language, and never led by what it says.

use headwater_publish::letter_page;
use headwater_release::{Letter, LetterLanguage, LetterPart, LetterPiece, LetterText};

pub fn words(text: &str) -> LetterText {
    vec![LetterPiece::Words(text.to_owned())]
}

fn request(language: LetterLanguage, name: &str) -> Letter {
    let marked = vec![LetterPiece::Words("Eighteen areas have units".to_owned()), LetterPiece::Mark(1), LetterPiece::Words(".".to_owned())];
    let parts = vec![
        LetterPart::Address(vec![words("Office of the Invented Commissioner"), words("1 Example Street"), words("Wealdmere")]),
        LetterPart::Date(words("13 October 2020")),
        LetterPart::Address(vec![words(name), words("Larkendale")]),
        LetterPart::Salutation(words("Dear Commissioner")),
        LetterPart::Heading(words("Why I ask")),
        LetterPart::Paragraph(marked.clone()),
        LetterPart::Paragraph(marked),
        LetterPart::NumberedList(vec![words("the assessment;"), words("the strategy.")]),
        LetterPart::List(vec![words("A first review"), words("A second review")]),
        LetterPart::Closing(vec![words("Yours sincerely"), words("Perdita Quillfeather")]),
    ];
    Letter::new(language, "A request", "An invented office", parts, vec![words("Invented source, 2020")]).unwrap()
}

#[test]
fn every_mark_leads_to_its_footnote_and_the_footnote_back_to_the_first() {
    let page = letter_page(&request(LetterLanguage::English, "A <b>name</b>"));
    assert_eq!(page.matches("href=\"#note-1\"").count(), 2);
    assert_eq!(page.matches("id=\"mark-1\"").count(), 1);
    assert!(page.contains("id=\"note-1\"") && page.contains("href=\"#mark-1\""));
    assert!(page.contains("A &lt;b&gt;name&lt;/b&gt;") && !page.contains("<b>"));
    assert!(page.contains("lang=\"en-GB\"") && !page.contains("style"));
    assert!(letter_page(&request(LetterLanguage::Welsh, "Enw")).contains("lang=\"cy\""));
}

#[cfg(feature = "pdf")]
#[test]
fn a_letter_is_set_as_a_pdf_with_the_same_bytes_twice_whatever_its_words() {
    use headwater_publish::letter_pdf;
    let letter = request(LetterLanguage::English, "#panic(\"led\") $x$ ] } *bold* <label> @ref \\ // `");
    let made = letter_pdf(&letter).unwrap();
    assert!(made.starts_with(b"%PDF-1.7"));
    assert!(letter_pdf(&letter).unwrap() == made, "a second time gives other bytes");
    assert!(letter_pdf(&request(LetterLanguage::Welsh, "Enw")).unwrap() != made);
}
