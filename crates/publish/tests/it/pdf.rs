//! A document on paper: whole, the same twice, marked for whom it is, and never led by what it says.

use headwater_publish::{pdf, site, site_with_pdfs};

use crate::county::wealdmere;

#[test]
fn a_document_is_set_whole_and_gives_the_same_bytes_twice() {
    let made = pdf(&wealdmere(), 0).unwrap();
    assert_eq!(made.path, "wealdmere/wealdmere.pdf");
    assert!(made.bytes.starts_with(b"%PDF-1.7"));
    assert!(made.bytes.len() > 100_000, "{} bytes hold no fonts and pictures", made.bytes.len());
    assert!(pdf(&wealdmere(), 0).unwrap() == made, "a second time gives other bytes");
}

#[test]
fn the_title_page_says_who_published_it_and_when() {
    let mut publication = wealdmere();
    let says = |publication: &headwater_release::Publication, words: &str| {
        crate::paper::texts(&pdf(publication, 0).unwrap().bytes).iter().any(|text| text.contains(words))
    };
    assert!(!says(&publication, "Hundred-of-Lyme"));
    publication.imprint.publisher.name = Some("Hundred-of-Lyme".into());
    publication.imprint.issued = Some("2031-08-03".parse().unwrap());
    assert!(says(&publication, "Hundred-of-Lyme"), "the publisher");
    assert!(says(&publication, "2031"), "the day");
}

#[test]
fn a_file_says_in_its_name_when_not_everyone_may_read_it() {
    assert_eq!(pdf(&wealdmere(), 1).unwrap().path, "fellmarket/fellmarket-not-for-sharing.pdf");
}

#[test]
fn a_document_that_is_not_there_is_refused() {
    let refused = pdf(&wealdmere(), 3).unwrap_err();
    assert_eq!(refused, "the publication \"Wealdmere: Strategic Needs Assessment\" has no document 4");
}

#[test]
fn names_cannot_command_the_typesetter() {
    let mut publication = wealdmere();
    publication.title = "#panic(\"led\") $x$ ] } *bold* <label> @ref \\ // /* `".into();
    publication.documents[0].title.clone_from(&publication.title);
    publication.documents[0].sections[0].name = "#read(\"/etc/passwd\")".into();
    publication.documents[0].sections.truncate(2);
    assert!(pdf(&publication, 0).is_ok());
}

#[test]
fn the_first_page_of_a_document_leads_to_its_pdf() {
    let publication = wealdmere();
    let made = pdf(&publication, 0).unwrap();
    let files = site_with_pdfs(&publication, vec![made.clone()]).unwrap();
    assert!(files.contains(&made));
    assert!(files.is_sorted_by_key(|file| &file.path));
    let page = |path: &str| String::from_utf8(files.iter().find(|file| file.path == path).unwrap().bytes.clone()).unwrap();
    assert!(page("wealdmere/index.html").contains("href=\"wealdmere.pdf\""));
    assert!(!page("fellmarket/index.html").contains(".pdf"));
    assert!(site(&publication).unwrap().iter().all(|file| !file.path.ends_with(".pdf")));

    let stray = headwater_publish::File { path: "elsewhere/elsewhere.pdf".into(), ..made };
    assert!(site_with_pdfs(&publication, vec![stray]).unwrap_err().starts_with("elsewhere/elsewhere.pdf is the PDF of no document"));
}
