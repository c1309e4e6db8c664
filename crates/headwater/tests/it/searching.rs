//! Documents that came are found by what they say, with the page and the words, and read there.

use crate::Desk;
use crate::browser::{Server, words_of};
use crate::campaign::{Sent, sent};
use crate::destroyed::{page_of, reply};

const STRATEGY: &[u8] = b"<html><head><title>Strategy</title></head><body><h1>Our strategy</h1>\
<p>Exploitation of children through county lines is our first priority.</p><ul><li>Outreach against exploitation</li></ul>\
<table><tr><th>Priority</th><th>Lead</th></tr><tr><td>County lines</td><td>Police</td></tr></table>\
<p>Violence, where it is linked to exploitation &amp; coercion, comes next.</p><p style=\"display:none\">Hidden words of nobody</p></body></html>";
const ASSESSMENT: &[u8] = b"Strategic needs assessment\n\nModern slavery: children\xe2\x80\x99s services know of trafficking.\n";

#[test]
fn what_documents_say_is_found_with_its_page_and_counted_by_term() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, .. } = sent(Server::start(&desk, "ws"));
    assert!(one.get("/search?q=exploitation").body.contains("No document says this"));
    reply(&mut one, "strategy.html", STRATEGY);
    reply(&mut one, "assessment.txt", ASSESSMENT);
    reply(&mut one, "picture.png", &[b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 40]].concat());
    let strategy = page_of(&mut one, "strategy.html");
    // One search: documents, places, quotations with what was searched for marked.
    let found = two.get("/search?q=exploitation+viol*").body;
    assert!(found.contains("1 page of 1 document") && found.contains("strategy.html"), "{}", words_of(&found));
    assert!(found.contains("<mark>Exploitation</mark> of children") && found.contains("Said on 1 page"), "{found}");
    assert!(found.contains(&format!("{strategy}/words?q=exploitation+viol*&amp;page=1")), "{found}");
    for (typed, n) in [
        ("%22county+lines%22", 1),
        ("%22lines+county%22", 0),
        ("%22exploitation+violence%22~5", 1),
        ("%22exploitation+violence%22~2", 0),
        ("slavery+OR+coercion", 2),
        ("exploitation+-police", 0),
        ("childrens", 0),
        ("children", 2),
        ("hidden", 0),
    ] {
        let found = two.get(&format!("/search?q={typed}")).body;
        assert_eq!(found.matches("<article class=\"hit\"").count(), n, "{typed}: {}", words_of(&found));
    }
    // Only of one kind or body, and what is no search is told.
    assert!(two.get("/search?q=children&kind=dataset").body.contains("No document says this"));
    let refused = two.get("/search?q=%22county").body;
    assert!(refused.contains("A quotation mark is missing") && refused.contains("aria-invalid=\"true\""), "{refused}");
    // It is read where it stands.
    let read = two.get(&format!("{strategy}/words?q=%22county+lines%22&page=1")).body;
    assert!(read.contains("<mark>county lines</mark> is our first priority") && read.contains("<mark>County lines</mark></td>"), "{read}");
    assert!(read.contains("<li>Outreach against exploitation</li>") && !read.contains("Hidden words"), "{read}");
    let picture = page_of(&mut one, "picture.png");
    let read = two.get(&format!("{picture}/words")).body;
    assert!(read.contains("a picture, which holds no text"), "{}", words_of(&read));
    assert!(two.get("/search").body.contains("without text to search"));
    // A list of terms: a column each, and the same as a file.
    let terms = "/search/terms?terms=%22county+lines%22%0D%0Atraffick*%0D%0Achildren";
    let table = two.get(terms).body;
    assert!(table.contains("2 documents say at least one of them") && table.contains(">2</a>"), "{}", words_of(&table));
    let file = two.get(&terms.replace("terms?", "terms.csv?")).body;
    let id = strategy.rsplit('/').next().unwrap().parse::<u32>().unwrap() + 1;
    assert!(file.contains(&format!("{id},strategy.html,")) && file.contains("\"\"\"county lines\"\"\",2,1"), "{file}");
    assert!(file.contains(",traffick*,0,0") && file.contains(",traffick*,1,1"), "{file}");
    let places = two.get("/search.csv?q=%22county+lines%22").body;
    assert_eq!(places.lines().count(), 3, "{places}");
    assert!(two.get("/search/terms?terms=%22county").body.contains("a quotation mark is missing"));
    assert_eq!(two.get("/search.csv?q=").status, 422);
    // Who read a document and who took a list away is in the log; what they looked for is not.
    drop(server);
    let log = desk.ws(&["log", "show", "--json"]).succeeds().out;
    assert!(log.contains("audit.document_opened") && log.contains("places that a search found") && !log.contains("county"), "{log}");
}
