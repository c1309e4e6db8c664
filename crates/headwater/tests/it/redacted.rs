//! A document is made anew in the office without what may not leave: one person says what goes, a second reads what was made, and
//! nothing that is written, refused or published says it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::Desk;
use crate::browser::{Browser, Server, words_of};
use crate::campaign::{Sent, pieces, sent};
use crate::redacting::{corpus, says};

const FORM: &str = "/documents/0/redact";
const TERMS: &str = "Zephyrine\nQuillfeather";

/// Which files below a folder say the name, and how often.
fn saying(desk: &Desk, folder: &str) -> BTreeMap<PathBuf, usize> {
    let root = desk.path(folder);
    let count = |bytes: &[u8]| bytes.windows(12).filter(|it| it.eq_ignore_ascii_case(b"quillfeather")).count();
    crate::contents(&root).into_iter().map(|(path, bytes)| (path, count(&bytes))).filter(|(_, n)| *n > 0).collect()
}

/// Sends a document, lets it through, describes it and says what it answers and what the body allows.
fn received(one: &mut Browser, two: &mut Browser, body: &mut Browser, link: &str, number: usize, name: &str, bytes: &[u8]) {
    body.send(link, &[("note", "It may be published without the name.")], &[(name, bytes)]).leads();
    let page = format!("/documents/{number}");
    let at = |order: &str| format!("{page}/{order}");
    let released = two.submit(&page, &at("release"), &[("release_reason", "It was expected, and is made anew before it leaves.")]);
    assert!(released.status < 400, "{name} is held before anybody reads it: {}", words_of(&released.body));
    one.fill(&page, &at("describe"), &[("title", &format!("An invented plan {number}")), ("kind", "strategy")]).leads();
    let ask = pieces(&one.get(&page).body, "name=\"ask\" value=\"", "\"")[0].to_owned();
    one.fill(&page, &at("assign"), &[("ask", &ask)]).leads();
    one.fill(&page, &at("permit"), &[("permission", "publish-redacted")]).leads();
}

#[test]
fn what_one_person_removes_a_second_reads_and_nothing_public_says_it() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, links, .. } = sent(Server::start(&desk, "ws"));
    let mut body = Browser::at(&server);
    let all = corpus();
    let of = |name: &str| all.iter().find(|(one, _)| *one == name).unwrap().1.clone();
    // The name stands in the text, in what was deleted, in a comment and in the properties of one; in an attachment of the other.
    received(&mut one, &mut two, &mut body, &links[0], 0, "answer.docx", &of("answer.docx"));
    received(&mut one, &mut two, &mut body, &links[1], 1, "attached.pdf", &of("attached.pdf"));
    let before = saying(&desk, "ws");
    for number in [0, 1] {
        let page = format!("/documents/{number}");
        let (form, at) = (format!("{page}/redact"), |order: &str| format!("{page}/{order}"));
        assert!(one.get(&page).body.contains(&form), "the page leads to the form");
        assert!(one.submit(&page, &at("propose"), &[]).body.contains("made anew without"), "not as it came");
        // Looking makes nothing; it shows marks and counts.
        let terms = [("words-0", TERMS), ("reason-0", "5"), ("do", "look")];
        let looked = one.fill(&form, &form, &terms);
        let shown = words_of(&looked.body);
        assert!(looked.status == 200 && shown.contains("What would be removed") && shown.contains("[removed: personal information]"), "{shown}");
        assert!(looked.body.contains("Zephyrine\nQuillfeather</textarea>"), "the form is kept");
        assert_eq!(two.get(&at("redacted.html")).status, 404, "nothing was made");
        // What is not there stops the making, and the sentence names the line and not the word.
        let wrong = one.fill(&form, &form, &[("words-0", "Zephyrine\nNowhereatall"), ("reason-0", "5"), ("do", "make")]);
        let refused = words_of(&wrong.body);
        assert!(wrong.status == 422 && refused.contains("Nothing was found for line 2 of Words 1"), "{refused}");
        let refusals = pieces(&wrong.body, "class=\"wrong\"", "</p>").concat();
        assert!(!refusals.contains("Nowhereatall") && !says(refusals.as_bytes()), "{refusals}");
        one.fill(&form, &form, &[("words-0", TERMS), ("reason-0", "5"), ("do", "make")]).leads();
        // The author cannot approve; the second person reads the very page, reasons and checks.
        assert_eq!(one.submit(&page, &at("approve"), &[]).status, one.submit(&page, &at("publish"), &[]).status);
        let shown = two.get(&page).body;
        for words in ["Read the page without what was removed", "personal information", "own reader"] {
            assert!(shown.contains(words), "no \"{words}\": {}", words_of(&shown));
        }
        let read = two.get(&at("redacted.html"));
        assert!(read.status == 200 && read.body.contains("Seen on Monday by") && !says(read.body.as_bytes()), "{}", words_of(&read.body));
        two.fill(&page, &at("approve"), &[]).leads();
        two.fill(&page, &at("publish"), &[]).leads();
    }
    // Neither the log nor anything else that is kept says the name once more than before; what the received file says is kept to be
    // read in the office, and destroyed with it.
    let after = saying(&desk, "ws");
    let reading = desk.path("ws").join("index").join("text");
    let more: Vec<&PathBuf> = after
        .iter()
        .filter(|(path, _)| !path.starts_with(&reading))
        .filter(|(path, n)| before.get(*path).is_none_or(|was| was < *n))
        .map(|(path, _)| path)
        .collect();
    assert!(more.is_empty(), "the name is in {more:?}");
    desk.ws(&["campaign", "publish", "--out", "public"]).succeeds();
    let public = crate::contents(&desk.path("public"));
    assert!(public.iter().all(|(path, bytes)| !says(bytes) && !says(path.display().to_string().as_bytes())), "a public file says the name");
    let made =
        public.iter().filter(|(path, _)| path.display().to_string().contains("files/an-invented-plan-") && path.extension().unwrap() == "html");
    assert_eq!(made.count(), 2, "each is a page");
    assert!(public.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("Parts are removed: personal information.")));
    assert!(!public.iter().any(|(path, _)| path.extension().is_some_and(|it| it == "docx")), "never the document as it came");
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}

#[test]
fn a_title_that_says_what_goes_is_refused_and_a_paragraph_goes_by_its_box() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, links, .. } = sent(Server::start(&desk, "ws"));
    let mut body = Browser::at(&server);
    let page = b"<html><body><h1>Plan</h1><p>Kept here.<p>Of the street by Zephyrine.</body></html>".to_vec();
    body.send(&links[0], &[("note", "")], &[("plan.html", &page)]).leads();
    let _ = two.submit("/documents/0", "/documents/0/release", &[("release_reason", "It was expected, and is made anew before it leaves.")]);
    one.fill("/documents/0", "/documents/0/describe", &[("title", "Plan of Zephyrine"), ("kind", "strategy")]).leads();
    let early = one.fill(FORM, FORM, &[("words-0", "Zephyrine"), ("do", "make")]);
    assert!(early.status == 422 && early.body.contains("Record first"), "{}", words_of(&early.body));
    one.fill("/documents/0", "/documents/0/permit", &[("permission", "publish-redacted")]).leads();
    let refused = one.fill(FORM, FORM, &[("block", "1-3"), ("block_reason-1", "3"), ("do", "make")]);
    assert!(refused.status == 422 && words_of(&refused.body).contains("The title holds something that was removed"), "{}", words_of(&refused.body));
    assert!(refused.body.contains("value=\"1-3\" checked"), "what was ticked is kept");
    one.fill("/documents/0", "/documents/0/describe", &[("title", "A plan"), ("kind", "strategy")]).leads();
    one.fill(FORM, FORM, &[("block", "1-3"), ("block_reason-1", "3"), ("do", "make")]).leads();
    let read = two.get("/documents/0/redacted.html").body;
    assert!(read.contains("Kept here.") && !read.contains("street") && read.contains("removed: "), "{}", words_of(&read));
    // It goes back; what was made is gone from the page, and nobody approves it.
    two.fill("/documents/0", "/documents/0/send-back", &[("back", "More has to go")]).leads();
    assert_eq!(two.get("/documents/0/redacted.html").status, 404);
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}
