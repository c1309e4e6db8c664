//! Mail as many programs write it, taken in by the pages: it finds its body once, a wrong thread is held, and a paragraph of a
//! megabyte stops nobody.

use std::fs;
use std::time::{Duration, Instant};

use crate::Desk;
use crate::browser::{Browser, Page, Server, between, form_of, plain, words_of};
use crate::campaign::{CAMPAIGN, Sent, pieces, sent, unzipped};

/// Messages of many programs, which answer a letter that nobody here wrote.
const PROGRAMS: [(&str, &[u8]); 8] = [
    ("phpmailer.eml", include_bytes!("../../../../fixtures/mail/programs/phpmailer.eml")),
    ("phpmailer-wrong.eml", include_bytes!("../../../../fixtures/mail/programs/phpmailer-wrong.eml")),
    ("ruby-mail.eml", include_bytes!("../../../../fixtures/mail/programs/ruby-mail.eml")),
    ("mime-lite.eml", include_bytes!("../../../../fixtures/mail/programs/mime-lite.eml")),
    ("javamail.eml", include_bytes!("../../../../fixtures/mail/programs/javamail.eml")),
    ("javamail-wrong.eml", include_bytes!("../../../../fixtures/mail/programs/javamail-wrong.eml")),
    ("python-welsh.eml", include_bytes!("../../../../fixtures/mail/programs/python-welsh.eml")),
    ("nodemailer.eml", include_bytes!("../../../../fixtures/mail/nodemailer.eml")),
];

fn take(browser: &mut Browser, files: &[(&str, &[u8])]) -> Page {
    let form = form_of(&browser.get("/messages/take").body, "/messages/take").unwrap();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send("/messages/take", &fields, files)
}

/// What the page says after an order.
fn said(browser: &mut Browser, answer: &Page) -> String {
    let to = answer.leads();
    browser.get(&to).body
}

fn office(desk: &Desk) -> Sent {
    let settings = desk.path("ws/headwater.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replacen("email = \"\"", "email = \"answers@office.example\"", 1)).unwrap();
    sent(Server::start(desk, "ws"))
}

fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = out.windows(old.len()).position(|found| found == old.as_bytes()).unwrap();
    out.splice(at..at + old.len(), new.bytes());
    out
}

#[test]
fn mail_of_many_programs_finds_its_body_once_and_a_wrong_thread_is_held() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, names, letters, .. } = office(&desk);
    // To an address that is not ours, in a thread that is not ours: all held.
    let held = take(&mut one, &PROGRAMS);
    let page = said(&mut one, &held);
    assert!(page.contains("8 things held"), "{}", words_of(&page));
    // Each to the reply address of a body of its own; its name stands in another letter's folder, so that a mix would show.
    let texts: Vec<(String, String)> = unzipped(&letters).into_iter().filter(|(name, _)| name.ends_with("/letter.txt")).collect();
    let address = |body: &str| {
        let (_, text) = texts.iter().find(|(_, text)| text.contains(body)).unwrap();
        format!("answers+{}@office.example", between(text, "answers+", "@").unwrap_or_else(|| panic!("no reply address: {text}")))
    };
    let sent_to = |number: u8, their_domain: bool| -> Vec<(&'static str, Vec<u8>)> {
        let one = |(place, ((name, bytes), body)): (usize, (&(&'static str, &[u8]), &String))| {
            let is_node = *name == "nodemailer.eml";
            let id = if is_node { "node-1@" } else { "-1@ambermere" };
            let mut mail = replaced(bytes, "office+k7m2@office.example", &address(body));
            mail = replaced(&mail, id, &id.replace('1', &number.to_string()));
            if their_domain {
                let sender = if is_node { "partnership@ambermere.example" } else { "owen@ambermere.police.example" };
                mail = replaced(&mail, sender, &format!("owen@unit-{place}.example"));
            }
            (*name, mail)
        };
        PROGRAMS.iter().zip(&names).enumerate().map(one).collect()
    };
    // The office says from where each body writes.
    let list = one.get("/bodies").body;
    for (place, name) in names.iter().take(PROGRAMS.len()).enumerate() {
        let link = pieces(&list, "<a href=\"/bodies/", "</a>").into_iter().find(|link| plain(link).ends_with(&format!(">{name}"))).unwrap();
        let path = format!("/bodies/{}/change", link.split('"').next().unwrap());
        one.fill(&path, &path, &[("domains", &format!("unit-{place}.example")), ("reason", "They say so.")]).leads();
    }
    let mut taken = |mails: &[(&'static str, Vec<u8>)]| {
        let files: Vec<(&str, &[u8])> = mails.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let answer = take(&mut one, &files);
        said(&mut one, &answer)
    };
    // From a domain that nobody knows of these bodies: held, though the address is right.
    let page = taken(&sent_to(2, false));
    assert!(page.contains("8 things held"), "{}", words_of(&page));
    let theirs = sent_to(3, true);
    let page = taken(&theirs);
    assert!(page.contains("8 messages placed"), "{}", words_of(&page));
    let n_events = || desk.ws(&["log", "show", "--json"]).succeeds().json().as_array().unwrap().len();
    let n = n_events();
    // The same again: nothing is written.
    let page = taken(&theirs);
    assert!(page.contains("8 messages taken in before"), "{}", words_of(&page));
    assert_eq!(n_events(), n, "a duplicate is no event");
    let messages = plain(one.get("/messages").body.split("The last that came").nth(1).unwrap());
    for body in names.iter().take(PROGRAMS.len()) {
        assert!(messages.contains(body.as_str()), "{body}: {}", words_of(&messages));
    }
    let documents = one.get("/documents").body;
    assert!(documents.contains("Ateb Môn.csv") && documents.contains("asesiad anghenion – ’20.txt"), "{}", words_of(&documents));
    drop(server);
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn a_paragraph_of_a_megabyte_is_read_where_it_comes_and_refused_with_a_sentence_where_it_is_typed() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, links, .. } = office(&desk);
    let long = "word ".repeat(200_000);
    let mail = format!(
        "From: Invented Person <somebody@unit-1.example>\r\nTo: answers@office.example\r\nSubject: Long\r\nMessage-ID: <long@unit-1.example>\r\n\
         Date: Wed, 21 Oct 2020 09:30:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{long}\r\n"
    );
    let began = Instant::now();
    take(&mut one, &[("long.eml", mail.as_bytes())]).leads();
    Browser::at(&server).send(&links[0], &[("note", "A long one.")], &[("long.txt", long.as_bytes())]).leads();
    let held = one.get("/messages").body;
    let message = between(&held, "<a href=\"/messages/", "\"").unwrap();
    let shown = one.get(&format!("/messages/{message}"));
    assert!(shown.status == 200 && shown.body.contains("word word word"), "{}", words_of(&shown.body));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    // Typed, it is too much for a field or for a form: a sentence, and nothing is written.
    let before = one.get("/campaigns").body;
    for (page, field) in [("/campaigns/new", "purpose"), ("/bodies/contacts", "rows"), ("/bodies/new", "name"), ("/recommendations/new", "text")] {
        let answer = one.fill(page, page, &[(field, &long)]);
        assert!(matches!(answer.status, 413 | 422), "{page}: {}", answer.status);
        assert!(answer.body.contains("There is a problem") || answer.body.contains("too "), "{page}: {}", words_of(&answer.body));
    }
    assert_eq!(one.get("/campaigns").body.matches("/campaigns/").count(), before.matches("/campaigns/").count());
    assert_eq!(one.get(&format!("{CAMPAIGN}/grid")).status, 200);
    drop(server);
    desk.ws(&["log", "verify"]).succeeds();
}
