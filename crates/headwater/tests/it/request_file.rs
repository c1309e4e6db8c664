//! The whole file of one request is taken as it is; what is held stays here; and the log says who took it, in a sentence.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::Desk;
use crate::browser::{Browser, Server, between, words_of};
use crate::campaign::{CAMPAIGN, Sent, sent, unzipped};
use crate::held::{dropped, mail};

#[test]
fn the_file_of_a_request_holds_every_message_as_it_came_and_nothing_that_is_held() {
    let desk = Desk::with_workspace();
    let settings = desk.path("ws/headwater.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replacen("email = \"\"", "email = \"answers@office.example\"", 1)).unwrap();
    let Sent { server, mut one, names, links, .. } = sent(Server::start(&desk, "ws"));
    // The grid's file says in numbers what the page says in words.
    let rows: Vec<BTreeMap<String, Value>> = serde_json::from_str(&one.get(&format!("{CAMPAIGN}/grid.json?order=due")).body).unwrap();
    let row = rows.iter().find(|row| row["body"] == names[3].as_str()).unwrap();
    assert!(
        row["n_documents"] == 0 && row["letter_sent"].is_string() && row["due"].is_null() && row["answered"].is_null() && row["days_late"].is_null(),
        "{row:?}"
    );
    let recipient = row["recipient"].as_u64().unwrap();
    // A mail comes and is placed.
    let written = mail("somebody@unit-3.example", "1@unit-3.example", "dmarc=pass header.from=unit-3.example");
    let page = dropped(&mut one, &written);
    one.fill(&page, &format!("{page}/place"), &[]).leads();
    let original = one.get(&format!("{page}/original"));
    assert_eq!((original.status, original.body.as_str()), (200, written.as_str()), "all headers, byte for byte");
    // A file comes that is not what its name says, and is held.
    let files: [(&str, &[u8]); 2] = [("strategy.csv", b"year,aim\n2020,fewer\n"), ("assessment.txt", b"%PDF-1.7\nHELD-MARKER\n")];
    Browser::at(&server).send(&links[3], &[("note", "Here they are.")], &files).leads();
    let taken = one.get(&format!("/recipients/{recipient}/file.zip"));
    assert_eq!(taken.status, 200, "{}", words_of(&taken.body));
    let found: BTreeMap<String, String> = unzipped(&taken.bytes).into_iter().collect();
    let paths: Vec<&String> = found.keys().collect();
    let one_that =
        |begin: &str, end: &str| found.iter().find(|(path, _)| path.starts_with(begin) && path.ends_with(end)).map(|(_, text)| text.as_str());
    // The mail is packed byte for byte: what was packed has the hash under which the mail is kept.
    let kept = found["correspondence.csv"].lines().find(|line| line.contains(".eml")).unwrap();
    let packed = found["SHA256SUMS"].lines().find(|line| line.ends_with(".eml")).unwrap();
    assert!(kept.ends_with(packed.split(' ').next().unwrap()), "{kept} is not {packed}");
    assert!(one_that("messages/", ".eml").is_some_and(|mail| mail.contains("Message-ID: <1@unit-3.example>")), "{paths:?}");
    assert!(one_that("messages/", ".html").is_some_and(|letter| letter.contains("Yours sincerely")), "our letter: {paths:?}");
    assert_eq!(one_that("documents/", "strategy.csv"), Some("year,aim\n2020,fewer\n"), "{paths:?}");
    assert!(found.values().all(|text| !text.contains("HELD-MARKER")), "what is held went out");
    assert!(found["documents.csv"].contains("assessment.txt") && found["documents.csv"].contains("not here"), "{}", found["documents.csv"]);
    // Every other file has its hash, and the log its entries about this request alone.
    assert_eq!(found["SHA256SUMS"].lines().count(), found.len() - 1);
    let log: Vec<BTreeMap<String, Value>> = serde_json::from_str(&found["log.json"]).unwrap();
    let kinds: Vec<&str> = log.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    for kind in ["recipient.added", "letter.merged", "audit.message_opened"] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    assert_eq!(kinds.iter().filter(|kind| **kind == "recipient.added").count(), 1, "of other recipients nothing: {kinds:?}");
    // The log says it in sentences, by name, and keeps to itself what opens a way in.
    let shown = one.get("/audit?thing=audit.").body;
    // One looks for what somebody did, and contacts at bodies do nothing here.
    let by = between(&shown, "<select id=\"person\"", "</select>").unwrap();
    assert!(by.contains("Odile") && by.contains("Invented Person") && !by.contains("Contact0"), "{by}");
    for words in ["A message was taken as it came.", "Something was taken out as a file.", &format!("href=\"{page}\"")] {
        assert!(shown.contains(words), "{words} is not in {}", words_of(&shown));
    }
    assert!(!shown.contains("A body was entered."));
    let shown = one.get("/audit?thing=recipient.").body;
    assert!(shown.contains(&format!("href=\"/recipients/{recipient}\"")) && !shown.contains("reply_token"), "{}", words_of(&shown));
    let csv = one.get("/audit.csv?thing=recipient.").body;
    assert!(csv.contains("A body was put on a campaign.") && !csv.contains("reply_token") && !csv.contains("audit.exported"), "{csv}");
    assert!(one.get("/audit?from=2099-01-01").body.contains("There is nothing."));
}
