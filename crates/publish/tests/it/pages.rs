//! The site of the invented county.

use crate::checker::{faults, tags};
use crate::county::{figure, number, say, wealdmere};
use headwater_publish::{File, site};
use headwater_release::{Audience, Column, Publication, Table, Value, View};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static BUILT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| files(&wealdmere()));

fn built() -> &'static BTreeMap<String, String> {
    &BUILT
}

fn files(publication: &Publication) -> BTreeMap<String, String> {
    // A file that is no text is looked at elsewhere; here it counts that it is there.
    site(publication).unwrap().into_iter().map(|File { path, bytes }| (path, String::from_utf8(bytes).unwrap_or_default())).collect()
}

/// The part of a page between two words.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let start = page.find(from).unwrap_or_else(|| panic!("no {from}"));
    let end = start + page[start..].find(to).unwrap_or_else(|| panic!("no {to} after {from}"));
    &page[start..end]
}

#[test]
fn every_page_is_sound_and_every_link_leads_somewhere() {
    let files = built();
    let ids = |html: &str| -> BTreeSet<String> { tags(html).unwrap_or_default().iter().filter_map(|tag| tag.get("id").map(str::to_owned)).collect() };
    let known: BTreeMap<String, BTreeSet<String>> =
        files.iter().map(|(path, text)| (path.clone(), if path.ends_with(".html") { ids(text) } else { BTreeSet::new() })).collect();
    let wrong: Vec<String> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .flat_map(|(path, html)| faults(path, html, &known).into_iter().map(move |fault| format!("{path} {fault}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_for_what_is_not_found_works_at_any_depth_of_any_folder() {
    // Where the site will lie is not known: it needs nothing, and leads nowhere that may not be there.
    let page = &built()["404.html"];
    let led: Vec<String> =
        tags(page).unwrap().iter().filter_map(|tag| tag.get("href").or(tag.get("src")).or(tag.get("action")).map(str::to_owned)).collect();
    assert!(led.iter().all(|address| address == "#main" || address.starts_with("mailto:")), "{led:?}");
    for (address, folder) in [("https://vru.example", "/"), ("https://vru.example/about-us/needs", "/about-us/needs/")] {
        let mut publication = wealdmere();
        publication.imprint.publisher.site = Some(address.into());
        let all = files(&publication);
        let led: Vec<String> =
            tags(&all["404.html"]).unwrap().iter().filter_map(|tag| tag.get("href").or(tag.get("action")).map(str::to_owned)).collect();
        let own: Vec<&String> = led.iter().filter(|address| *address != "#main" && !address.starts_with("mailto:")).collect();
        assert!(own.len() > 5, "{led:?}");
        for address in own {
            let file = address.strip_prefix(folder).unwrap_or_else(|| panic!("{address} is not below {folder}"));
            assert!(all.contains_key(file), "{file} is not there");
        }
    }
}

#[test]
fn the_checker_sees_faults() {
    let page = "<!DOCTYPE html><html lang=\"en\"><body><a href=\"nowhere.html\">x</a><h1>A</h1><h3 id=\"a\">B</h3><p id=\"a\" style=\"x\"></p><svg></svg><table><td></td></table></body></html>";
    let found = faults("index.html", page, &BTreeMap::new()).join("; ");
    for fault in [
        "en-GB",
        "skip link",
        "nowhere.html",
        "from heading 1 to 3",
        "id a twice",
        "style on a <p>",
        "drawing without a name",
        "empty <td>",
        "without caption",
    ] {
        assert!(found.contains(fault), "{fault} not in {found}");
    }
    assert!(tags("<p><b></p></b>").is_err());
}

#[test]
fn the_same_publication_gives_the_same_bytes() {
    assert_eq!(site(&wealdmere()).unwrap(), site(&wealdmere()).unwrap());
}

#[test]
fn a_publication_without_documents_is_refused() {
    let refusal = site(&Publication { documents: vec![], ..wealdmere() }).unwrap_err();
    assert!(refusal.contains("no documents") && refusal.contains("build an assessment"));
}

#[test]
fn what_is_not_for_everyone_says_so_on_every_page_and_in_every_file_name() {
    let publication = wealdmere();
    let marked = |folder: &str| publication.documents.iter().find(|d| d.slug == folder).map(|d| d.audience != Audience::Public);
    for (path, text) in built() {
        let folder = path.split('/').next().unwrap();
        // What is about all documents is marked as the narrowest of them.
        let expected = if path == "404.html" { false } else { marked(folder).unwrap_or(true) };
        // What waits for other editions is not in a site of one.
        assert!(!path.ends_with(".html") || !text.contains("<!--"), "{path}");
        if path.ends_with(".html") {
            assert_eq!(text.contains("Not for sharing:"), expected, "{path}");
            assert_eq!(text.contains("noindex"), expected, "{path}");
        } else if [".csv", ".ods", ".geojson"].iter().any(|ending| path.ends_with(ending)) && folder != "about" {
            assert_eq!(path.contains("not-for-sharing"), expected, "{path}");
        }
    }
    let public = Publication { documents: publication.documents[..1].to_vec(), ..publication };
    assert!(files(&public).values().all(|text| !text.contains("Not for sharing")));
}

#[test]
fn a_hidden_count_is_hidden_in_page_picture_and_file() {
    let files = built();
    for (path, bicycles) in [("fellmarket", "[c]"), ("brighthelm-and-hove", "5")] {
        let file = &files[&format!("{path}/crime-types-not-for-sharing.csv")];
        let row = file.lines().find(|line| line.starts_with("Bicycle theft")).unwrap();
        assert_eq!(row.split(',').nth(1), Some(bicycles), "{path}");
    }
    let page = &files["fellmarket/kinds.html"];
    assert!(page.contains("[c] hidden to protect people</text>") && page.contains("[c]: hidden to protect people"));
    assert_eq!(
        between(page, "Bicycle theft</th>", "</tr>"),
        "Bicycle theft</th><td>[c]</td><td>[c]</td><td>[c]</td><td>[c]</td><td class=\"t\">none</td>"
    );
}

#[test]
fn a_screen_reader_meets_one_of_the_two_drawings() {
    let files = built();
    let page = &files["wealdmere/when.html"];
    assert_eq!(page.matches("role=\"img\"").count(), 2);
    for class in ["wide", "narrow"] {
        assert_eq!(page.matches(&format!("<svg class=\"{class}\"")).count(), 1);
    }
    let css = &files["style.css"];
    assert!(css.contains(".chart svg.narrow { display: none; }") && css.contains(".chart svg.wide, svg.map .wide { display: none; }"));
}

#[test]
fn a_map_of_a_thousand_areas_stays_small() {
    let files = built();
    let page = &files["wealdmere/where.html"];
    let map = between(page, "<svg class=\"map\"", "</svg>");
    assert!(map.len() < 60_000, "{} bytes", map.len());
    // One path for each of seven classes and two strokes of the outlines.
    assert_eq!(between(map, "<g transform", "<g class").matches("<path ").count(), 9);
    assert!(between(page, "<ul class=\"key\"", "</ul>").contains("Hidden (11 areas)"));
}

#[test]
fn links_lead_within_the_document_and_never_into_a_trap() {
    let files = built();
    insta::assert_snapshot!(between(&files["wealdmere/conclusions.html"], "<ul><li><strong>", "<nav"), @r#"<ul><li><strong>First</strong>: see <a href="trend.html#beside-other-areas">the funnel</a>.</li><li>Then read <a href="where.html">where</a> or nowhere.</li><li><a href="../about/sources.html">Sources</a>, <a href="https://www.legislation.gov.uk/ukpga/2022/32">the law</a>, a trap; run <code>headwater method list</code>.</li></ul>"#);
}

#[test]
fn findings_say_how_sure_and_lead_to_their_exhibit() {
    let files = built();
    insta::assert_snapshot!(between(&files["wealdmere/index.html"], "<li><p class=\"statement\">Half", "</li>").replace('\u{a0}', " "), @r#"<li><p class="statement">Half of recorded violence lies in 21 % of small areas; if risk were equal everywhere chance alone would need 37 %.</p><p class="sure"><strong>Certainty: high. </strong>Far beyond chance; but rates are per resident, and visitors to town centres are not counted.</p><p class="see"><a href="where.html#concentration">See figure 6.3: Half lies in 21 % of small areas; chance would need 37 %</a></p>"#);
}

#[test]
fn what_is_not_known_is_gathered_and_marked_in_the_contents() {
    let files = built();
    assert_eq!(files["wealdmere/response.html"].matches("<div class=\"unknown\">").count(), 1);
    insta::assert_snapshot!(between(&files["wealdmere/index.html"], "<li><a href=\"response.html\">", "</li>"), @r#"<li><a href="response.html">Current response and gaps</a> <span class="tag">Not yet known</span><p>What is being done is not yet recorded</p>"#);
}

#[test]
fn the_file_beside_a_figure_holds_its_table() {
    let files = built();
    let head: String = files["wealdmere/deprivation-gradient.csv"].split_inclusive('\n').take(2).collect();
    assert_eq!(head, "fifth,mid_rank,rate_per_1_000,lower_95,upper_95,fitted\r\n1 (most deprived),0.090,44.0,41.4,46.6,42.7\r\n");
    assert!(files["about/sources-table-1.csv"].contains("\r\n'=cmd|"));
}

#[test]
fn names_from_data_cannot_become_markup() {
    let mut publication = wealdmere();
    let name = "<b>Poole</b> & \"Quay\"";
    let table =
        Table::new(name, vec![Column::text("area", name), Column::number("n", name, name)], vec![vec![Value::label(name), number(1.0, 0)]]).unwrap();
    let view = View::Bars { label: 0, value: 1, lower: None, upper: None, reference: Some((name.into(), number(2.0, 0))), highlight: None };
    publication.documents[0].area = name.into();
    publication.documents[0].sections[0].name = name.into();
    publication.documents[0].sections[0].blocks = vec![figure("odd", say("Odd names"), name, table, view)];
    for (path, text) in files(&publication).iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!text.contains("<b>Poole"), "{path}");
        assert!(tags(text).is_ok(), "{path}");
    }
}
