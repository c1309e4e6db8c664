//! What was public is corrected with a notice and withdrawn with an explanation, and the public pages say so.

use crate::Desk;
use crate::browser::{Browser, Page, Server, form_of, plain, words_of};
use crate::campaign::{Sent, published, sent};

const PAGE: &str = "/documents/0";

/// Proposes a file in the place of the one that is public.
fn replace(browser: &mut Browser, name: &str, bytes: &[u8]) -> Page {
    let form = form_of(&browser.get(PAGE).body, "/documents/0/replace").unwrap();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send("/documents/0/replace", &fields, &[(name, bytes)])
}

/// All public pages and the files beside them, as one text, with the paths of the files.
fn public(desk: &Desk, folder: &str) -> String {
    desk.ws(&["campaign", "publish", "--out", folder]).succeeds();
    let all = crate::contents(&desk.path(folder));
    let texts: Vec<String> = all.iter().map(|(path, bytes)| format!("{}\n{}", path.display(), plain(&String::from_utf8_lossy(bytes)))).collect();
    texts.join("\n")
}

#[test]
fn what_was_public_is_corrected_and_withdrawn_and_readers_are_told_why() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, links, .. } = sent(Server::start(&desk, "ws"));
    published(&server, &mut one, &mut two, &links[0]);
    let first = public(&desk, "first");
    assert!(first.contains("Strategic needs assessment of an invented area.") && !first.contains("What was changed"));
    // What does not belong there is refused, with the words beside the field.
    let wrong = replace(&mut one, "assessment.pdf", b"Corrected.\n");
    assert!(wrong.status == 422 && wrong.body.contains("ends in .txt"), "{}", words_of(&wrong.body));
    assert_eq!(one.submit(PAGE, "/documents/0/replace", &[]).status, 422, "no file");
    let found = replace(&mut one, "assessment.txt", b"%PDF-1.7\nnot what its name says\n");
    assert!(found.status == 422 && found.body.contains("Something was found in it"), "{}", words_of(&found.body));
    // A corrected file: what is public stays until a second person has approved it, and somebody says what was wrong.
    replace(&mut one, "assessment.txt", b"Corrected assessment of an invented area.\n").leads();
    assert!(one.get(PAGE).body.contains("You proposed it. Somebody else has to approve it."));
    assert_eq!(one.get("/documents/0/rendition").body, "Corrected assessment of an invented area.\n");
    assert!(public(&desk, "still").contains("Strategic needs assessment of an invented area."));
    let early = two.submit(PAGE, "/documents/0/correct", &[("notice", "Table 2 was wrong.")]);
    assert!(early.status == 422 && early.body.contains("second person"), "{}", words_of(&early.body));
    two.fill(PAGE, "/documents/0/approve", &[]).leads();
    let silent = two.fill(PAGE, "/documents/0/correct", &[("notice", "")]);
    assert!(silent.status == 422 && silent.body.contains("Say what was wrong"), "{}", words_of(&silent.body));
    two.fill(PAGE, "/documents/0/correct", &[("notice", "Table 2 was wrong.")]).leads();
    let shown = two.get(PAGE).body;
    assert!(shown.contains("was corrected on") && shown.contains("What the public could read"), "{}", words_of(&shown));
    let second = public(&desk, "second");
    for words in ["Corrected assessment of an invented area.", "What was changed", "Table 2 was wrong."] {
        assert!(second.contains(words), "no \"{words}\" on the corrected pages");
    }
    assert!(!second.contains("Strategic needs assessment of an invented area.") && !second.contains("wrong.."));
    let (before, after) = (hash(b"Strategic needs assessment of an invented area.\n"), hash(b"Corrected assessment of an invented area.\n"));
    assert!(second.contains(&before) && second.contains(&after) && !first.contains(&after), "both hashes stand in the ledger");
    // Withdrawn: the file is gone, the line and its reason stay, though it be on its way to the public again.
    two.fill(PAGE, "/documents/0/withdraw", &[("explanation", "It named a place by mistake")]).leads();
    let third = public(&desk, "third");
    assert!(third.contains("It named a place by mistake.") && third.contains("withdrawn") && third.contains("Table 2 was wrong."));
    assert!(!third.contains("Corrected assessment of an invented area.") && !third.contains("files/strategic"));
    one.fill(PAGE, "/documents/0/permit", &[("permission", "publish")]).leads();
    assert!(public(&desk, "fourth").contains("It named a place by mistake."));
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}

fn hash(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_public_pages_are_approved_whole_and_asked_for_again_when_they_changed() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, links, .. } = sent(Server::start(&desk, "ws"));
    published(&server, &mut one, &mut two, &links[0]);
    let (whole, zip) = ("/publishing/pages", "/publishing/pages.zip");
    assert_eq!(two.get(zip).leads(), whole, "nobody has approved them");
    desk.ws(&["campaign", "publish", "--approved", "--out", "none"]).fails(12, "nobody has approved the public pages");
    assert!(plain(&one.get(whole).body).contains("Approved last") && two.get("/publishing").body.contains("href=\"/publishing/pages\""));
    two.fill(whole, whole, &[]).leads();
    assert!(plain(&one.get(whole).body).contains("They are approved as they stand"));
    assert_eq!(two.get(zip).status, 200);
    let made = desk.ws(&["campaign", "publish", "--approved", "--out", "made", "--json"]).succeeds().json();
    assert_eq!(made["approved"], true);
    // What was looked at before something changed is not what is approved.
    let old = form_of(&two.get(whole).body, whole);
    assert!(old.is_none(), "there is nothing to approve");
    two.fill(PAGE, "/documents/0/withdraw", &[("explanation", "A figure in it is wrong.")]).leads();
    assert_eq!(two.get(zip).leads(), whole);
    assert!(plain(&two.get(whole).body).contains("They have changed since they were approved. Look at them again."));
    let seen = made["sha256"].as_str().unwrap();
    let stale = two.fill(whole, whole, &[("pages", seen)]);
    assert!(stale.status == 422 && plain(&stale.body).contains("not those that you looked at"), "{}", words_of(&stale.body));
    let silent = desk.ws(&["campaign", "publish", "--out", "later"]).succeeds();
    assert!(silent.err.contains("Nobody has approved these pages as they are"), "{}", silent.err);
    two.fill(whole, whole, &[]).leads();
    assert_eq!(two.get(zip).status, 200);
}
