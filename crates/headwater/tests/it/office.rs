//! The demo's office as its invented people meet it: every page that a link leads to is there, for each of the four roles.

use std::collections::BTreeSet;

use crate::Desk;
use crate::browser::{Browser, Server, between};

/// Signs in as the invented person of a role.
fn play(server: &Server, role: &str) -> Browser {
    let mut browser = Browser::at(server);
    let page = browser.get("/sign-in").body;
    let form = page.split("<form").find(|form| form.contains(&format!(", {role}</button>"))).unwrap();
    let person = between(form, "name=\"person\" value=\"", "\"").unwrap();
    assert_eq!(browser.post("/sign-in/play", &[("person", &person), ("to", "/")]).status, 303);
    browser
}

/// Goes to every address that links lead to; gives how many there are and those that did not answer with 200.
fn crawl(browser: &mut Browser) -> (usize, Vec<String>) {
    let (mut seen, mut next, mut faults) = (BTreeSet::new(), vec!["/".to_owned()], Vec::new());
    while let Some(path) = next.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = browser.get(&path);
        if page.status != 200 {
            faults.push(format!("{path}: {}", page.status));
        }
        for link in page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with('/') {
                next.push(link.split('#').next().unwrap().replace("&amp;", "&"));
            }
        }
    }
    (seen.len(), faults)
}

#[test]
fn every_page_of_the_demos_office_opens_for_everyone_who_is_led_there() {
    let desk = Desk::empty();
    let made = desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    assert!(made.err.contains("--workspace d/office serve"), "{}", made.err);
    let server = Server::start(&desk, "d/office");
    // The letters were made for another port; where the pages are now stands beside them.
    let mut lead = play(&server, "lead");
    let letters = lead.get("/campaigns/1/letters").body;
    assert!(letters.contains("http://127.0.0.1:8008/upload/") || server.host.ends_with(":8008"));
    let here = between(&letters, "Here its link is <a href=\"", "\"").unwrap();
    assert!(letters.contains(&format!(">http://{}{here}</a>", server.host)));
    assert_eq!(lead.get(&here).status, 200);
    for (role, at_least) in [("lead", 300), ("approver", 300), ("analyst", 300), ("read-only", 150)] {
        let (n, faults) = crawl(&mut play(&server, role));
        assert!(faults.is_empty(), "{role}: {faults:?}");
        assert!(n > at_least, "{role}: {n} pages");
    }
    drop(server);
    assert!(desk.run(&["--workspace", "d/office", "log", "verify"]).succeeds().code == 0);
    // Public pages can be made of it.
    desk.run(&["--workspace", "d/office", "campaign", "publish", "--out", "pages"]).succeeds();
    // Made again, it is kept: somebody may have worked in it.
    let again = desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    assert!(again.err.contains("is kept as it is"), "{}", again.err);
}
