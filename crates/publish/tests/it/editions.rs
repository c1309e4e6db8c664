//! Editions of the invented county, put together as one site.

use crate::checker::{faults, tags};
use crate::county::wealdmere;
use headwater_publish::{Edition, File, edition, site_of_editions, statements};
use headwater_release::{Imprint, Publication, Publisher, Rendering};
use std::collections::{BTreeMap, BTreeSet};

fn made(publication: &Publication, day: &str, because: Option<&str>) -> Edition {
    let mut publication = publication.clone();
    publication.imprint = Imprint {
        publisher: Publisher { name: Some("Wealdmere Partnership".into()), email: Some("us@wealdmere.example".into()), address: None, site: None },
        issued: Some(day.parse().unwrap()),
    };
    Edition {
        day: day.parse().unwrap(),
        period: "December 2019 to November 2021".into(),
        because: because.map(str::to_owned),
        sha256: day.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().repeat(4)[..64].to_owned(),
        files: edition(&publication, vec![]).unwrap(),
    }
}

/// Two editions: in the second a section is gone and another is new.
fn two() -> Vec<Edition> {
    let first = wealdmere();
    let mut second = first.clone();
    for document in &mut second.documents {
        document.sections.retain(|section| section.slug != "response");
        document.sections[1].name = "Scope".into();
        document.sections[1].slug = "scope-anew".into();
    }
    vec![made(&first, "2025-03-03", None), made(&second, "2025-06-02", Some("One force sent <March> again"))]
}

fn files(editions: &[Edition]) -> BTreeMap<String, String> {
    site_of_editions(editions).unwrap().into_iter().map(|File { path, bytes }| (path, String::from_utf8(bytes).unwrap_or_default())).collect()
}

#[test]
fn every_page_of_every_edition_is_sound_and_every_link_leads_somewhere() {
    let files = files(&two());
    let ids = |html: &str| -> BTreeSet<String> { tags(html).unwrap_or_default().iter().filter_map(|tag| tag.get("id").map(str::to_owned)).collect() };
    let known: BTreeMap<String, BTreeSet<String>> =
        files.iter().map(|(path, text)| (path.clone(), if path.ends_with(".html") { ids(text) } else { BTreeSet::new() })).collect();
    let pages: Vec<(&String, &String)> = files.iter().filter(|(path, _)| path.ends_with(".html")).collect();
    let wrong: Vec<String> =
        pages.iter().flat_map(|(path, html)| faults(path, html, &known).into_iter().map(move |fault| format!("{path} {fault}"))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut titles = BTreeSet::new();
    for (path, html) in pages {
        assert!(!html.contains("<!--"), "{path}: a place was not filled");
        let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
        assert!(titles.insert(title), "{path} has a title that another page has: {title}");
    }
}

#[test]
fn a_superseded_page_says_by_which_when_and_why_and_leads_to_the_newest() {
    let files = files(&two());
    let kinds = &files["editions/2025-03-03/wealdmere/kinds.html"];
    for words in [
        "Superseded: </strong>this is the edition of 3 March 2025. It was superseded on 2 June 2025",
        "Reason: One force sent &lt;March&gt; again.",
        "<a href=\"../../../wealdmere/kinds.html\">This page in the newest edition</a>",
        "<link rel=\"latest-version\" href=\"../../../wealdmere/kinds.html\">",
    ] {
        assert!(kinds.contains(words), "no {words} in {kinds}");
    }
    let gone = &files["editions/2025-03-03/wealdmere/response.html"];
    assert!(gone.contains("The newest edition has no such page. <a href=\"../../../index.html\">Its front page</a>"), "{gone}");
    for (path, html) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let is_old = path.starts_with("editions/2025-03-03/");
        assert_eq!(html.contains("class=\"edition superseded\""), is_old, "{path}");
        assert_eq!(html.contains("It is the newest"), path.starts_with("editions/2025-06-02/"), "{path}");
    }
}

#[test]
fn the_newest_edition_has_the_same_files_at_both_addresses() {
    let editions = two();
    let files = site_of_editions(&editions).unwrap();
    let below = |folder: &str| -> BTreeMap<String, &[u8]> {
        files.iter().filter_map(|file| Some((file.path.strip_prefix(folder)?.to_owned(), file.bytes.as_slice()))).collect()
    };
    let (top, dated) = (below(""), below("editions/2025-06-02/"));
    for (path, bytes) in &dated {
        assert!(top.contains_key(path) && (path.ends_with(".html") || top[path] == *bytes), "{path}");
    }
    assert_eq!(files, site_of_editions(&editions).unwrap(), "the same editions give the same bytes");
    assert!(files.windows(2).all(|pair| pair[0].path < pair[1].path));
}

#[test]
fn what_is_new_is_told_from_the_editions() {
    let mut editions = two();
    let built = files(&editions);
    let page = &built["whats-new.html"];
    for words in
        ["Section: Scope (", "Section: Current response and gaps (", "Supersedes the edition of 3 March 2025: One force sent &lt;March&gt; again."]
    {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(!page.contains("Figures that say something else"));
    let feed = &built["whats-new.atom"];
    assert_eq!(feed.matches("<entry>").count(), 2);
    for words in ["<updated>2025-06-02T00:00:00Z</updated>", "&lt;March&gt;", "Wealdmere Partnership"] {
        assert!(feed.contains(words), "no {words} in {feed}");
    }
    let list = &built["editions.html"];
    assert!(list.contains("superseded on 2 June 2025") && list.contains("323032352d30332d3033"), "{list}");
    // A figure that says something else is told with what it said.
    let contents = editions[1].files.iter_mut().find(|file| file.path == "contents.json").unwrap();
    let text = String::from_utf8(contents.bytes.clone()).unwrap();
    let changed = text.replace("chance would need 37 %", "chance would need 38 %");
    assert_ne!(text, changed);
    contents.bytes = changed.into_bytes();
    let page = &files(&editions)["whats-new.html"];
    assert!(
        page.contains("Figures that say something else") && page.contains("Before: Half lies in 21 % of small areas; chance would need 37 %"),
        "{page}"
    );
}

#[test]
fn what_makes_no_site_is_refused_with_its_reason() {
    let [first, second] = <[Edition; 2]>::try_from(two()).unwrap();
    for (editions, words) in [
        (vec![], "no edition"),
        (vec![second.clone(), Edition { because: Some("x".into()), ..first.clone() }], "oldest first"),
        (vec![first.clone(), Edition { because: None, ..second.clone() }], "does not say why"),
        (vec![first, Edition { because: Some(" ".into()), ..second }], "does not say why"),
    ] {
        let refusal = site_of_editions(&editions).unwrap_err();
        assert!(refusal.contains(words), "{refusal}");
    }
}

#[test]
fn two_editions_of_one_day_have_addresses_of_their_own() {
    let [first, second] = <[Edition; 2]>::try_from(two()).unwrap();
    let second = Edition { day: first.day, ..second };
    let files = files(&[first, second]);
    assert!(files.contains_key("editions/2025-03-03/index.html") && files.contains_key("editions/2025-03-03-2/index.html"));
}

#[test]
fn catalogues_say_who_publishes_and_when() {
    let files = files(&two());
    for (path, words) in [
        ("catalogue.jsonld", ["\"@value\": \"2025-06-02\"", "foaf:Agent", "mailto:us@wealdmere.example"]),
        ("datasets.jsonld", ["\"datePublished\": \"2025-06-02\"", "Organization", "us@wealdmere.example"]),
        ("editions/2025-03-03/catalogue.jsonld", ["\"@value\": \"2025-03-03\"", "foaf:name", "dcat:contactPoint"]),
        ("wealdmere/datapackage.json", ["\"version\": \"2025-06-02\"", "contributors", "Wealdmere Partnership"]),
    ] {
        for word in words {
            assert!(files[path].contains(word), "no {word} in {path}");
        }
    }
}

#[test]
fn statements_say_what_was_not_given() {
    let mut publication = wealdmere();
    let words = |publication: &Publication| {
        let publication = Publication { about: statements(publication), ..publication.clone() };
        let files = headwater_publish::site(&publication).unwrap();
        let about = files.into_iter().filter(|file| file.path.starts_with("about/") && file.path.ends_with(".html"));
        about.map(|file| String::from_utf8(file.bytes).unwrap()).collect::<String>()
    };
    let silent = words(&publication);
    assert!(silent.contains("contact not given") && silent.contains("(EHRC)") && silent.contains("Trustworthiness"), "{silent}");
    publication.imprint.publisher = Publisher { name: Some("Us".into()), email: Some("us@us.example".into()), address: None, site: None };
    let told = words(&publication);
    assert!(!told.contains("contact not given") && told.contains("mailto:us@us.example"), "{told}");
    publication.translations.clear();
    assert!(words(&publication).contains("no Welsh and no Easy Read"));
}

#[test]
fn measures_lead_to_every_exhibit_and_exhibits_to_them() {
    let files = files(&two());
    let page = &files["measures/indicator-robbery.html"];
    assert!(page.contains("There is a month and no day or hour.") && page.contains("../wealdmere/kinds.html#"), "{page}");
    assert!(page.contains("<a href=\"method-rate-byar-exact.html\">Crude rate with exact or Byar limits</a> (method)"), "{page}");
    assert!(files["wealdmere/kinds.html"].contains("About this measure: <a href=\"../measures/indicator-robbery.html\">Robbery</a>"));
    assert!(files["measures/method-rate-byar-exact.html"].contains("<caption>What it answers</caption>"));
    // Every exhibit of the county names the method: each is linked from its page.
    let exhibits = wealdmere().documents.iter().flat_map(|document| document.figures().map(|_| ()).collect::<Vec<_>>()).count();
    assert_eq!(files["measures/method-rate-byar-exact.html"].matches(".html#").count(), exhibits - 3 * removed());
}

/// How many exhibits of each document are gone in the second edition.
fn removed() -> usize {
    wealdmere().documents[0].figures().filter(|(section, _)| section.slug == "response").count()
}

#[test]
fn welsh_is_declared_linked_both_ways_and_cannot_act() {
    let files = files(&two());
    let page = &files["cymraeg.html"];
    for words in [
        "<html lang=\"cy\">",
        "Mae &lt;b&gt;trais&lt;/b&gt; yn brin.",
        "<header lang=\"en-GB\">",
        "<a href=\"index.html\" hreflang=\"en-GB\">English</a>",
    ] {
        assert!(page.contains(words), "no {words} in {page}");
    }
    assert!(files["index.html"].contains("<a href=\"cymraeg.html\" hreflang=\"cy\" lang=\"cy\">Cymraeg</a>"));
    assert!(files["wealdmere/index.html"].contains("<a href=\"easy-read.html\" hreflang=\"en-GB\" lang=\"en-GB\">Easy Read</a>"));
    let mut stray = wealdmere();
    stray.translations[1].rendering = Rendering::Pdf(b"%PDF-1.7 as it came".to_vec());
    let site = headwater_publish::site(&stray).unwrap();
    assert!(site.iter().any(|file| file.path == "wealdmere/easy-read.pdf" && file.bytes == b"%PDF-1.7 as it came"));
    stray.translations[1].document = Some("narnia".into());
    assert!(headwater_publish::site(&stray).unwrap_err().contains("narnia"));
}

#[test]
fn search_finds_what_the_a_to_z_lists() {
    let files = files(&two());
    let index = files["search-index.js"].split_once("headwaterIndex = ").unwrap().1.trim_end().trim_end_matches(';').replace("<\\/", "</");
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let list = &files["a-to-z.html"];
    let entries = index["entries"].as_array().unwrap();
    assert!(entries.len() > 50);
    for entry in entries {
        let address = entry[3].as_str().unwrap();
        assert!(list.contains(&format!("href=\"{address}\"")), "{address} is not in the list");
        assert!(files.contains_key(address.split('#').next().unwrap()), "{address} is not there");
    }
    assert!(!files["search-index.js"].contains("</"));
    let area = entries.iter().find(|entry| entry[2] == "Fellmarket").unwrap();
    assert_eq!((area[0].as_u64(), area[1].as_i64()), (Some(0), Some(1)));
}
