//! What readers see was seen by two people: a file is sent back or approved after a look at the very pages, a reason that one
//! person typed waits for another, and what a body wants to be named only is named and no more.

use std::path::PathBuf;

use crate::Desk;
use crate::browser::{Browser, Server, between, plain, words_of};
use crate::campaign::{Sent, pieces, sent};

const PAGE: &str = "/documents/0";

/// The public pages and their files, as paths and texts.
fn public(desk: &Desk, folder: &str) -> Vec<(String, String)> {
    desk.ws(&["campaign", "publish", "--out", folder]).succeeds();
    let root = desk.path(folder);
    let text = |(path, bytes): &(PathBuf, Vec<u8>)| (path.strip_prefix(&root).unwrap().display().to_string(), plain(&String::from_utf8_lossy(bytes)));
    crate::contents(&root).iter().map(text).collect()
}

fn say(pages: &[(String, String)], words: &str) -> bool {
    pages.iter().any(|(_, text)| text.contains(words))
}

/// Which ask of its own body a document can answer, as the form has it.
fn ask_of(browser: &mut Browser, page: &str, place: usize) -> String {
    let shown = browser.get(page).body;
    pieces(&shown, "name=\"ask\" value=\"", "\"")[place].to_owned()
}

#[test]
fn readers_see_what_two_people_have_seen() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, links, .. } = sent(Server::start(&desk, "ws"));
    let mut body = Browser::at(&server);
    let files: [(&str, &[u8]); 2] =
        [("assessment.txt", b"Strategic needs assessment of an invented area.\n"), ("strategy.csv", b"year,aim\n2020,fewer\n")];
    body.send(&links[0], &[("note", "The first may be published.")], &files).leads();
    for (number, title, kind) in [(0, "An invented assessment", "needs-assessment"), (1, "An invented strategy", "strategy")] {
        let page = format!("/documents/{number}");
        one.fill(&page, &format!("{page}/describe"), &[("title", title), ("kind", kind)]).leads();
        let ask = ask_of(&mut one, &page, number);
        one.fill(&page, &format!("{page}/assign"), &[("ask", &ask)]).leads();
    }
    let (recipient, _) = ask_of(&mut one, PAGE, 0).split_once('-').map(|(it, item)| (it.to_owned(), item.to_owned())).unwrap();
    one.fill(PAGE, "/documents/0/permit", &[("permission", "publish")]).leads();
    one.fill(PAGE, "/documents/0/propose", &[]).leads();
    // The second person sees the file, who proposed it, how it was checked, and the pages as they would be.
    let shown = two.get(PAGE).body;
    for words in ["Proposed by", "first screen passed", "/documents/0/rendition", "/publishing/preview/0/index.html"] {
        assert!(shown.contains(words), "no \"{words}\": {}", words_of(&shown));
    }
    let before = public(&desk, "before");
    assert!(!say(&before, "An invented assessment") && say(&before, "2 documents came and are still being looked at."));
    let (path, _) =
        before.iter().find(|(path, text)| path.ends_with(".html") && text.contains("2 documents came and are still being looked at.")).unwrap();
    let as_if = two.get(&format!("/publishing/preview/0/{path}"));
    assert!(as_if.status == 200 && as_if.body.contains("An invented assessment"), "{}", words_of(&as_if.body));
    let now = two.get(&format!("/publishing/preview/now/{path}"));
    assert!(now.status == 200 && !now.body.contains("An invented assessment"), "{}", words_of(&now.body));
    assert!(!say(&public(&desk, "still"), "An invented assessment"), "looking publishes nothing");
    // It is sent back, with a reason that the first person sees; then it goes the whole way.
    let back = [("back", "Page 2 names a village")];
    two.fill(PAGE, "/documents/0/send-back", &back).leads();
    assert!(one.get("/").body.contains("it was sent back") && one.get(PAGE).body.contains("Page 2 names a village"));
    let early = two.submit(PAGE, "/documents/0/approve", &[]);
    assert!(early.status == 404 || early.status == 422, "{}", early.status);
    one.fill(PAGE, "/documents/0/propose", &[]).leads();
    two.fill(PAGE, "/documents/0/approve", &[]).leads();
    // What was approved is changed by nobody alone, and taken back when the body changes its mind.
    let title = [("title", "Another title"), ("kind", "strategy")];
    let changed = one.submit(PAGE, "/documents/0/describe", &title);
    assert!(changed.status == 422 && changed.body.contains("approved the document as it is described"), "{}", words_of(&changed.body));
    one.fill(PAGE, "/documents/0/permit", &[("permission", "closed")]).leads();
    assert_eq!(two.submit(PAGE, "/documents/0/publish", &[]).status, 422);
    one.fill(PAGE, "/documents/0/permit", &[("permission", "publish")]).leads();
    one.fill(PAGE, "/documents/0/propose", &[]).leads();
    two.fill(PAGE, "/documents/0/approve", &[]).leads();
    two.fill(PAGE, "/documents/0/publish", &[]).leads();
    let changed = one.submit(PAGE, "/documents/0/assign", &[]);
    assert!(changed.status == 422 && changed.body.contains("withdraw it with an explanation"), "{}", words_of(&changed.body));
    // The body wants the other to be named, and no more.
    one.fill("/documents/1", "/documents/1/permit", &[("permission", "name-only")]).leads();
    // A reason that one person typed.
    let item = between(&one.get(&format!("/recipients/{recipient}")).body, "name=\"item\" value=\"", "\"").unwrap();
    let reason = "It names places that are watched.";
    let refused = [("item", item.as_str()), ("status", "refused"), ("reason", reason)];
    one.fill(&format!("/recipients/{recipient}"), &format!("/recipients/{recipient}/describe"), &refused).leads();
    let after = public(&desk, "after");
    assert!(say(&after, "An invented assessment") && say(&after, "It answers: "));
    assert!(say(&after, "The body asked us to say only that it exists.") && !say(&after, "An invented strategy"));
    assert!(!say(&after, reason), "nobody else has read it");
    assert!(one.get("/publishing").body.contains("Somebody else has to read it"));
    two.fill("/publishing", "/publishing/words", &[]).leads();
    assert!(say(&public(&desk, "cleared"), reason));
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}
