//! The holding list: whom a message may be from is suggested with the reason, and a person decides; a forged sender is warned of first.

use std::fs;

use crate::Desk;
use crate::browser::{Browser, Server, form_of, plain, words_of};
use crate::campaign::{Sent, pieces, sent};

const SUBJECT: &str = "Re: Your assessment and your strategy";

pub fn mail(from: &str, id: &str, verdict: &str) -> String {
    format!(
        "Authentication-Results: office.example; {verdict}\r\nFrom: Invented Person <{from}>\r\nTo: answers@office.example\r\nSubject: {SUBJECT}\r\n\
         Message-ID: <{id}>\r\nDate: Mon, 2 Nov 2020 10:00:00 +0000\r\nContent-Type: text/plain\r\n\r\nOur answer follows.\r\n"
    )
}

/// Drops a message and gives the address of its page.
pub fn dropped(browser: &mut Browser, mail: &str) -> String {
    let token = form_of(&browser.get("/messages/take").body, "/messages/take").unwrap().remove(0).1;
    browser.send("/messages/take", &[("token", &token)], &[("answer.eml", mail.as_bytes())]).leads();
    let list = browser.get("/messages").body;
    let held = list.split("The last that came").next().unwrap();
    let newest = pieces(held, "href=\"/messages/", "\"").into_iter().filter_map(|id| id.parse::<u32>().ok()).max().unwrap();
    format!("/messages/{newest}")
}

#[test]
fn a_held_message_is_suggested_to_somebody_and_placed_by_one_press_of_a_person() {
    let desk = Desk::with_workspace();
    let settings = desk.path("ws/headwater.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replacen("email = \"\"", "email = \"answers@office.example\"", 1)).unwrap();
    let Sent { server, mut one, names, .. } = sent(Server::start(&desk, "ws"));
    // One whose server vouched for it: held, because a domain is never enough, and suggested without a warning.
    let page = dropped(&mut one, &mail("somebody@unit-3.example", "1@unit-3.example", "dmarc=pass header.from=unit-3.example"));
    let shown = one.get(&page).body;
    let (_, guess) = shown.split_once("Whom it may be from").unwrap_or_else(|| panic!("{}", words_of(&shown)));
    let guess = guess.split("Whom is it from?").next().unwrap();
    assert!(
        plain(guess).contains(&names[3]) && guess.contains("their contact has an address of the same domain") && !guess.contains("warning"),
        "{guess}"
    );
    assert!(names.iter().enumerate().all(|(place, name)| place == 3 || !plain(guess).contains(name.as_str())), "{guess}");
    let list = one.get("/messages").body;
    assert!(plain(&list).contains(&format!("It may be from {}", names[3])), "{}", words_of(&list));
    // One press, with what stands in the first form for it: no box is ticked by hand.
    one.fill(&page, &format!("{page}/place"), &[]).leads();
    let placed = one.get(&page).body;
    assert!(plain(&placed).contains(&format!("From {}", names[3])) && !placed.contains("Whom it may be from"), "{}", words_of(&placed));
    // One that pretends: its domain is forged, so that it speaks for nobody.
    let page = dropped(&mut one, &mail("somebody@unit-4.example", "2@unit-4.example", "dmarc=fail header.from=unit-4.example"));
    assert!(!one.get(&page).body.contains("Whom it may be from"));
    // One that nobody vouched for: the warning stands above what is suggested, on its page and in the list.
    let page = dropped(&mut one, &mail("somebody@unit-5.example", "3@unit-5.example", "spf=none"));
    let shown = one.get(&page).body;
    let (warned, suggested) = (shown.find("Nobody has vouched for its sender").unwrap(), shown.find("Because ").unwrap());
    assert!(warned < suggested);
    let list = one.get("/messages").body;
    assert!(list.find("Nobody has vouched for its sender").unwrap() < plain(&list).find(&format!("It may be from {}", names[5])).unwrap());
    // A forged one in a true thread is still suggested by the thread, under the warning.
    let thread = mail("somebody@unit-3.example", "4@unit-3.example", "dmarc=fail header.from=unit-3.example")
        .replace("Content-Type", "In-Reply-To: <1@unit-3.example>\r\nContent-Type");
    let page = dropped(&mut one, &thread);
    let shown = one.get(&page).body;
    let (warned, suggested) = (shown.find("found the domain forged").unwrap(), shown.find("Because it answers a message").unwrap());
    assert!(warned < suggested, "{}", words_of(&shown));
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}
