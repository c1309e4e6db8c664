//! What bodies send and ask, and what the office answers, through the pages.

use crate::Desk;
use crate::browser::{Browser, Server, between, words_of};
use crate::campaign::{Sent, pieces, sent};

/// A message as a mail program writes it, of a day long ago by its own word.
const OLD_MAIL: &[u8] = b"From: somebody@unit-3.example\r\nTo: office@office.example\r\nSubject: Our answer\r\nMessage-ID: <old@unit-3.example>\r\nDate: Mon, 1 Jan 2001 10:00:00 +0000\r\n\r\nSee what is attached.\r\n";

#[test]
fn a_question_is_answered_and_the_clock_runs_again() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, .. } = sent(Server::start(&desk, "ws"));
    assert!(!one.get("/recipients/2").body.contains("Log our answer"));
    // What is wrong with a folded form stands on the page with the form open.
    let wrong = one.fill("/recipients/2", "/recipients/2/describe", &[]).body;
    assert!(wrong.contains("<details open><summary>Say how an ask stands"), "{}", words_of(&wrong));
    assert_eq!(wrong.matches("<details open>").count(), 1);
    let ids = pieces(&wrong, " id=\"", "\"");
    assert!(ids.iter().enumerate().all(|(at, id)| !ids[..at].contains(id)), "an id stands twice: {ids:?}");

    one.fill("/recipients/2", "/recipients/2/describe", &[("item", "1"), ("status", "clarification")]).leads();
    let waits = one.get("/recipients/2").body;
    assert!(waits.contains("we owe them an answer") && waits.contains("stands still since"));
    let none = one.fill("/recipients/2", "/recipients/2/clarify", &[]).body;
    assert!(none.contains("Tick at least one thing") && none.contains("Write what we said"), "{}", words_of(&none));
    let said = [("cleared", "1"), ("by", "phone"), ("answer", "We mean the newest edition.")];
    one.fill("/recipients/2", "/recipients/2/clarify", &said).leads();
    let after = one.get("/recipients/2").body;
    assert!(!after.contains("we owe them an answer") && !after.contains("stands still since"), "{}", words_of(&after));
    let message = between(&after, "<a href=\"/messages/", "\"").unwrap();
    assert!(one.get(&format!("/messages/{message}")).body.contains("We mean the newest edition."));
    drop(server);
}

#[test]
fn words_beside_a_message_are_kept_and_a_message_cannot_choose_its_day() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, links, names, .. } = sent(Server::start(&desk, "ws"));
    // A body leaves a message and writes beside it what may not be published.
    let mut body = Browser::at(&server);
    body.send(&links[3], &[("note", "Publish nothing of this, please.")], &[("answer.eml", OLD_MAIL)]).leads();
    let all = one.get("/messages").body;
    let recipient = one.get("/recipients/3").body;
    assert!(!recipient.contains("1 January 2001"), "{}", words_of(&recipient));
    let texts: Vec<String> = pieces(&recipient, "<a href=\"/messages/", "\"").iter().map(|id| one.get(&format!("/messages/{id}")).body).collect();
    assert!(texts.iter().any(|text| text.contains("Publish nothing of this, please.")), "{} {}", names[3], words_of(&all));
    assert!(texts.iter().any(|text| text.contains("See what is attached.") && text.contains("1 January 2001, 10:00, as it says")));
    // The same for what a person logs; by mail it is the day on which our server had it.
    let relayed = [b"Received: from a by mx.office.example; Thu, 5 Nov 2026 23:30:00 +0000\r\n".as_slice(), OLD_MAIL].concat();
    let relayed = String::from_utf8(relayed).unwrap().replace("<old@", "<new@");
    let shown = one.get("/messages/take").body;
    let (token, seen) = (between(&shown, "name=\"token\" value=\"", "\"").unwrap(), between(&shown, "name=\"seen\" value=\"", "\"").unwrap());
    one.send("/messages/take", &[("token", &token), ("seen", &seen)], &[("mail.eml", relayed.as_bytes())]).leads();
    let held = one.get("/messages").body;
    assert!(held.contains("5 November 2026") && !held.contains("1 January 2001"), "{}", words_of(&held));
}
