//! What names a person beside their record is found, listed and erased; what is public stays, and the chain verifies.

use crate::Desk;
use crate::browser::{Browser, Server, form_of, plain, words_of};
use crate::campaign::{Sent, pieces, published, sent};

const NAME: &str = "Contact03 Invented";

/// Drops a message with a file.
fn drop_mail(browser: &mut Browser, from: &str, id: &str, text: &str, file: &str) {
    let mail = format!(
        "From: {NAME} <{from}>\r\nTo: office@office.example\r\nSubject: An answer\r\nMessage-ID: <{id}>\r\nDate: Mon, 2 Nov 2020 10:00:00 +0000\r\n\
         Content-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--x\r\nContent-Type: text/plain\r\n\
         Content-Disposition: attachment; filename=\"{file}\"\r\n\r\nAn invented strategy of {id}.\r\n--x--\r\n"
    );
    let token = form_of(&browser.get("/messages/take").body, "/messages/take").unwrap().remove(0).1;
    browser.send("/messages/take", &[("token", &token)], &[("answer.eml", mail.as_bytes())]).leads();
}

#[test]
fn what_names_a_person_is_found_and_erased_but_for_what_is_public() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, links, .. } = sent(Server::start(&desk, "ws"));
    published(&server, &mut one, &mut two, &links[0]);
    drop_mail(&mut one, "contact-3@unit-3.example", "1@unit-3.example", "Our answer follows.", "contact03-invented.txt");
    // What a body says by its link is a message, too.
    let mut body = Browser::at(&server);
    let receipt = body.fill(&links[5], &format!("{}/say", links[5]), &[("question", &format!("Does {NAME} know of it?"))]).leads();
    assert!(body.get(&receipt).body.contains(NAME));
    // A file that names them, and is public.
    let token = form_of(&one.get("/messages/take").body, "/messages/take").unwrap().remove(0).1;
    let files: [(&str, &[u8]); 1] = [("minutes.txt", b"Present: Contact03 Invented, and others.\n")];
    one.send("/messages/take", &[("token", &token)], &files).leads();
    let documents = one.get("/documents").body;
    let of = |name: &str| {
        let before = documents.split(name).next().unwrap();
        before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    let (carried, minutes) = (of("contact03-invented.txt"), of("minutes.txt"));
    one.fill(&minutes, &format!("{minutes}/permit"), &[("permission", "publish")]).leads();
    one.fill(&minutes, &format!("{minutes}/propose"), &[]).leads();
    two.fill(&minutes, &format!("{minutes}/approve"), &[]).leads();
    two.fill(&minutes, &format!("{minutes}/publish"), &[]).leads();
    // All of it is listed for a lead, and for nobody else.
    let people = one.get("/people").body;
    let person = people.split(NAME).next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let page = format!("{person}/traces");
    assert_eq!(two.get(&page).status, 403);
    assert!(one.get(&format!("{person}/erase")).body.contains(&page), "before they are erased, one is led there");
    let shown = plain(&one.get(&page).body);
    let (erasable, stays) = shown.split_once("What has to stay for now").unwrap_or_else(|| panic!("{}", words_of(&shown)));
    assert!(stays.contains("minutes.txt") && stays.contains("correct or withdraw it first") && !erasable.contains("minutes.txt"));
    for words in ["Our letter to", "it is written to them", "What came on", "it came with a message that names them"] {
        assert!(words_of(erasable).contains(words) || erasable.contains(words), "{words}: {}", words_of(erasable));
    }
    let hashes: Vec<String> = pieces(erasable, "name=\"hash\" value=\"", "\"").into_iter().map(str::to_owned).collect();
    assert_eq!(hashes.len(), 4, "a letter, two messages, the file that came with one: {}", words_of(erasable));
    // A reason is a must, and names nobody by their address.
    let ticked: Vec<(&str, &str)> = hashes.iter().map(|hash| ("hash", hash.as_str())).collect();
    let silent = one.fill(&page, &page, &ticked);
    assert!(silent.status == 422 && silent.body.contains("Say why"), "{}", words_of(&silent.body));
    let public = plain(&one.get(&minutes).body);
    let of_minutes = pieces(&public, "<code>", "</code>")[0].to_owned();
    // What is public is not erased, though its hash were sent.
    let all: Vec<(&str, &str)> = ticked.iter().copied().chain([("hash", of_minutes.as_str()), ("why", "They asked for it")]).collect();
    one.fill(&page, &page, &all).leads();
    let blob = |hash: &str| desk.path(&format!("ws/blobs/{}/{}", &hash[..2], &hash[2..])).exists();
    assert!(hashes.iter().all(|hash| !blob(hash)) && blob(&of_minutes));
    // The pages say what was there, and no word of it.
    let document = one.get(&carried).body;
    assert!(document.contains("It was erased") && !document.contains("contact03"), "{}", words_of(&document));
    assert_eq!(one.get(&format!("{carried}/original")).status, 422);
    let left = body.get(&receipt);
    assert!(left.status == 200 && !left.body.contains(NAME), "{}", words_of(&left.body));
    let letters = one.get("/campaigns/0/letters").body;
    assert!(letters.contains("was erased on") && letters.contains("They asked for it") && !letters.contains(NAME), "{}", words_of(&letters));
    assert_eq!(one.get("/campaigns/0/letters.zip").status, 200, "the other letters can still be taken");
    let again = plain(&one.get(&page).body);
    assert!(!again.contains("What can be erased") && again.contains("minutes.txt"), "{}", words_of(&again));
    // Then who they are; after that no file of the workspace holds their name but the one that is public.
    one.submit(&format!("{person}/erase"), &format!("{person}/erase"), &[]).leads();
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
    let told = desk.ws(&["--json", "log", "show"]).succeeds().out;
    assert!(told.contains("person.content_erased") && hashes.iter().all(|hash| told.contains(hash.as_str())), "{told}");
    for (path, bytes) in crate::contents(&desk.path("ws/blobs")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(NAME) || text.starts_with("Present:"), "{} names them", path.display());
    }
}
