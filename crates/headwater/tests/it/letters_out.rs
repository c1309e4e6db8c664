//! Letters on their way, on the pages: the first opens the campaign, one is held back, a body is left out, what came back goes
//! again; and what a body sends waits until somebody says what it means.

use crate::Desk;
use crate::browser::{Server, plain, words_of};
use crate::campaign::{Sent, ready, sent};

const SEND: &str = "/campaigns/0/send";

#[test]
fn the_first_letter_opens_the_campaign_and_the_others_can_be_kept_from_leaving() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, names, .. } = ready(Server::start(&desk, "ws"), "none", &|place| format!("contact-{place}@unit-{place}.example"));
    one.fill(SEND, "/campaigns/0/out", &[("recipient", "0")]).leads();
    let campaign = one.get("/campaigns/0").body;
    assert!(campaign.contains("/campaigns/0/grid") && plain(&campaign).contains("17 letters are still to leave"), "{}", words_of(&campaign));
    one.fill(SEND, "/campaigns/0/hold", &[("hold", "1"), ("hold_reason", "A wrong paragraph.")]).leads();
    one.fill(SEND, "/campaigns/0/leave-out", &[("leave", "2"), ("leave_reason", "It was dissolved.")]).leads();
    let page = one.get(SEND).body;
    let words = words_of(&page);
    assert!(words.contains("1 of 17 letters are out") && words.contains("A wrong paragraph."), "{words}");
    let out = crate::browser::form_of(&page, "/campaigns/0/out").unwrap();
    let ticked: Vec<&str> = out.iter().filter(|(name, _)| name == "recipient").map(|(_, id)| id.as_str()).collect();
    assert!(ticked.len() == 15 && !ticked.contains(&"1") && !ticked.contains(&"2"), "{ticked:?}");
    assert!(plain(&one.get("/recipients/1").body).contains("the letter is held back: A wrong paragraph."));
    assert!(plain(&one.get("/recipients/2").body).contains("This body was left out"));
    let home = plain(&one.get("/").body);
    assert!(home.contains("Send 15 letters of") && home.contains("Let 1 letter of"), "{home}");
    // Nothing is logged of a letter that is held back, whatever is ticked.
    assert_eq!(one.fill(SEND, "/campaigns/0/out", &[("recipient", "1")]).status, 422);
    one.fill(SEND, "/recipients/1/let-go", &[]).leads();
    one.fill(SEND, "/campaigns/0/out", &[]).leads();
    assert!(plain(&one.get(SEND).body).contains("17 of 17 letters are out"));
    // The first comes back; it is sent again once there is somebody to write to.
    let back = [("sent", "0"), ("outcome", "back")];
    one.fill("/recipients/0", "/recipients/0/delivery", &back).leads();
    let page = one.get(SEND).body;
    assert!(plain(&page).contains("16 of 17 letters are out") && page.contains("Came back"), "{}", words_of(&page));
    assert!(plain(&one.get("/recipients/0").body).contains("find somebody to write to"));
    one.fill("/bodies/0", "/contacts/0/verify", &[]).leads();
    assert!(plain(&one.get("/recipients/0").body).contains("send it again"));
    let page = one.get(SEND).body;
    assert!(plain(&page).contains(&format!("{}: Contact00 Invented, Director, for the second time", names[0])), "{}", words_of(&page));
    one.fill(SEND, "/campaigns/0/out", &[]).leads();
    assert!(plain(&one.get("/recipients/0").body).contains("has the next move"));
    // Somebody else is written to: whoever sends it is told whom the letter names.
    one.fill("/recipients/3", "/recipients/3/delivery", &[("outcome", "back")]).leads();
    one.fill(
        "/bodies/contacts",
        "/bodies/contacts",
        &[("rows", &format!("body,name,role,email\n\"{}\",Another Invented,Deputy,another@unit-3.example", names[3]))],
    )
    .leads();
    let contact = one.get("/recipients/3/contact").body;
    let contact = crate::browser::between(&contact, "<option value=\"", "\"").unwrap();
    one.fill("/recipients/3/contact", "/recipients/3/contact", &[("contact", &contact)]).leads();
    let words = plain(&one.get(SEND).body);
    assert!(
        words.contains("Another Invented, Deputy, for the second time: the first came back; the letter itself names Contact03 Invented"),
        "{words}"
    );
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}

#[test]
fn what_a_body_sends_waits_on_the_home_page_until_somebody_says_what_it_means() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, names, .. } = sent(Server::start(&desk, "ws"));
    let waits = format!("Say what the reply of {} means", names[0]);
    let call = [("channel", "phone"), ("note", "They will answer in May.")];
    one.fill("/recipients/0", "/recipients/0/reply", &call).leads();
    assert!(plain(&one.get("/").body).contains(&waits));
    assert!(plain(&one.get("/recipients/0").body).contains("nobody has said yet what it means"));
    one.fill("/recipients/0", "/recipients/0/describe", &[("item", "0"), ("status", "acknowledged")]).leads();
    assert!(!plain(&one.get("/").body).contains(&waits));
    one.fill("/recipients/0", "/recipients/0/reply", &call).leads();
    assert!(plain(&one.get("/").body).contains(&waits));
    let message = one.get("/recipients/0").body;
    let message = crate::campaign::pieces(&message, "href=\"/messages/", "\"")[0].to_owned();
    one.fill(&format!("/messages/{message}"), &format!("/messages/{message}/nothing"), &[]).leads();
    assert!(!plain(&one.get("/").body).contains(&waits));
}
