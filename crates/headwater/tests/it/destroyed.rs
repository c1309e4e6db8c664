//! What nobody should read is held when somebody finds it by reading, and what is destroyed is left nowhere: not by itself, not
//! in the message that carried it, not where it came again.

use std::fs;

use crate::Desk;
use crate::browser::{Browser, Server, form_of, plain, words_of};
use crate::campaign::{Sent, sent};

const PATIENTS: &[u8] = b"patient,born\nInvented Patient Zero,1 January\n";

/// A message that carries the file, beside another, and again within a message.
fn mail() -> String {
    let file =
        format!("Content-Type: text/csv\r\nContent-Disposition: attachment; filename=patients.csv\r\n\r\n{}", String::from_utf8_lossy(PATIENTS));
    let inner = format!(
        "Content-Type: message/rfc822\r\n\r\nFrom: inner@unit-0.example\r\nSubject: the same\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n--inner\r\n{file}\r\n--inner--\r\n"
    );
    format!(
        "From: Invented Person <somebody@unit-0.example>\r\nTo: office@office.example\r\nSubject: Our answer\r\nMessage-ID: <1@unit-0.example>\r\n\
         Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n\r\nOur answer is attached and may be published.\r\n--outer\r\n{file}\r\n--outer\r\n\
         Content-Type: text/csv\r\nContent-Disposition: attachment; filename=aims.csv\r\n\r\nyear,aim\n2020,fewer\n\r\n--outer\r\n{inner}\r\n--outer--\r\n"
    )
}

/// The files of the workspace in which a text stands.
fn holding(desk: &Desk, text: &str) -> Vec<String> {
    let folders = ["ws/blobs", "ws/index/text"].map(|folder| desk.path(folder));
    let all: Vec<_> = folders.iter().filter(|folder| folder.exists()).flat_map(|folder| crate::contents(folder)).collect();
    all.iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text)).map(|(path, _)| path.display().to_string()).collect()
}

/// A body's reply with a file.
pub fn reply(browser: &mut Browser, name: &str, bytes: &[u8]) {
    let form = form_of(&browser.get("/recipients/0").body, "/recipients/0/reply").unwrap();
    let mut fields: Vec<(&str, &str)> =
        form.iter().filter(|(name, _)| name != "recipient").map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("recipient", "0"));
    browser.send("/recipients/0/reply", &fields, &[(name, bytes)]).leads();
}

/// The document of a name, as its page.
pub fn page_of(browser: &mut Browser, name: &str) -> String {
    let list = browser.get("/documents").body;
    let before = list.split(&format!(">{name}</a>")).next().unwrap();
    let (_, id) = before.rsplit_once("href=\"/documents/").unwrap_or_else(|| panic!("{}", words_of(&list)));
    format!("/documents/{}", id.trim_end_matches('"'))
}

#[test]
fn what_is_destroyed_is_left_nowhere_and_the_certificate_says_where_it_was() {
    let desk = Desk::with_workspace();
    let Sent { mut server, mut one, mut two, .. } = sent(Server::start(&desk, "ws"));
    reply(&mut one, "answer.eml", mail().as_bytes());
    reply(&mut one, "patients.csv", PATIENTS);
    assert!(holding(&desk, "Invented Patient Zero").len() > 2, "by itself, in the message, and in the message within it");
    // Screening finds nothing; who reads it does.
    let page = page_of(&mut one, "patients.csv");
    let order = |what: &str| format!("{page}/{what}");
    assert_eq!(one.get(&order("original")).bytes, PATIENTS);
    assert_eq!(one.submit(&page, &order("hold"), &[]).status, 422, "it has to be said what was found");
    // It was searched, and so read.
    assert!(one.get("/search?q=%22patient+zero%22").body.contains("patients.csv"));
    assert!(holding(&desk, "Invented Patient Zero").iter().any(|path| path.contains("index/text")));
    one.fill(&page, &order("hold"), &[("found", "patient")]).leads();
    assert!(two.get("/search?q=%22patient+zero%22").body.contains("No document says this"), "nothing that is held is found");
    assert_eq!(two.get(&order("words")).status, 422);
    assert_eq!(two.get(&order("original")).status, 422, "nobody opens what is held");
    assert!(two.get("/").body.contains("patients.csv, which is held"));
    let through = two.submit(&page, &order("release"), &[("release_reason", "It is of use")]);
    assert!(through.status == 422 && through.body.contains("the law keeps from us"), "{}", words_of(&through.body));
    two.fill(&page, &order("destroy"), &[("destroy_reason", "It names a patient")]).leads();
    assert_eq!(holding(&desk, "Invented Patient Zero"), Vec::<String>::new());
    let shown = two.get(&page).body;
    assert!(!shown.contains("Nobody can open the file while it is held") && !shown.contains("still holds the file"), "{}", words_of(&shown));
    let certificate = two.get(&order("certificate"));
    let text = String::from_utf8(certificate.bytes).unwrap();
    assert!(text.contains("It names a patient") && text.matches("Destroyed with it").count() >= 3, "{text}");
    // What the message said, and the other file, stay; the name of the file does not.
    let message = format!("/messages/{}", shown.split("/messages/").nth(1).unwrap().split('"').next().unwrap());
    let documents = one.get("/documents").body;
    assert!(!documents.contains("patients.csv") && documents.contains("aims.csv"), "{}", words_of(&documents));
    let aims = page_of(&mut one, "aims.csv");
    let carried = one.get(&aims).body;
    let carrier = format!("/messages/{}", carried.split("/messages/").nth(1).unwrap().split('"').next().unwrap());
    let said = one.get(&carrier).body;
    assert!(
        said.contains("Our answer is attached and may be published.") && said.contains("Files that came with it were destroyed here"),
        "{}",
        words_of(&said)
    );
    // A crash that left the file behind: the next start looks.
    let hash = plain(&text).lines().nth(3).unwrap().to_owned();
    let folder = desk.path("ws/blobs").join(&hash[..2]);
    server.kill();
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(&hash[2..]), PATIENTS).unwrap();
    let server = Server::start(&desk, "ws");
    let mut two = two.moved(&server);
    for _ in 0..100 {
        if holding(&desk, "Invented Patient Zero").is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(holding(&desk, "Invented Patient Zero"), Vec::<String>::new());
    // What a message says is held and destroyed in the same way.
    let mut one = one.moved(&server);
    one.fill(&carrier, &format!("{carrier}/hold"), &[("found", "case")]).leads();
    assert!(!two.get(&carrier).body.contains("may be published") && two.get("/").body.contains("Decide on what a message says"));
    two.fill(&carrier, &format!("{carrier}/destroy"), &[("destroy_reason", "It tells of one case")]).leads();
    assert_eq!(holding(&desk, "Our answer is attached"), Vec::<String>::new());
    assert!(two.get(&format!("{carrier}/certificate")).body.contains("It tells of one case"));
    assert_eq!(two.get(&message).status, 200);
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}
