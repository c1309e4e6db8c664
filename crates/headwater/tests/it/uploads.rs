//! What a body does by its link: files with what they are, words without a file, and receipts. Nothing of it changes anything
//! until one of the office confirms it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;

use crate::Desk;
use crate::browser::{Browser, Server, form_of, plain, until, words_of};
use crate::campaign::{CAMPAIGN, Sent, pieces, sent};

/// How the asks of a body stand, in the order of its items.
fn standing(one: &mut Browser, name: &str) -> Vec<String> {
    let rows: Vec<Value> = serde_json::from_str(&one.get(&format!("{CAMPAIGN}/grid.json")).body).unwrap();
    rows.iter().filter(|row| row["body"] == name).map(|row| row["state"].to_string().trim_matches('"').to_owned()).collect()
}

/// What a page says of one document: what it answers and what its body allows.
fn said_of(one: &mut Browser, document: usize) -> String {
    let page = one.get(&format!("/documents/{document}"));
    words_of(&page.body).split("SHA-256").nth(1).unwrap_or_default().split("Take the file").next().unwrap_or_default().to_owned()
}

/// Presses a button of a message that confirms a part of what it says.
#[track_caller]
fn confirm(one: &mut Browser, message: &str, what: &str) {
    let shown = one.get(message).body;
    assert!(shown.contains(&format!("name=\"what\" value=\"{what}\"")), "no button for {what}: {}", words_of(&shown));
    one.submit(message, &format!("{message}/confirm"), &[("what", what)]).leads();
}

/// The last message of a body.
fn last_message(one: &mut Browser) -> String {
    let messages = one.get("/messages").body;
    pieces(&messages, "<a href=\"/messages/", "\"")
        .iter()
        .filter_map(|number| number.parse::<u32>().ok())
        .max()
        .map(|n| format!("/messages/{n}"))
        .unwrap()
}

#[test]
fn a_body_says_what_its_files_are_and_nothing_follows_until_it_is_confirmed() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, links, names, .. } = sent(Server::start(&desk, "ws"));
    let mut body = Browser::at(&server);
    let files: [(&str, &[u8]); 3] = [("one.txt", b"abc"), ("two.txt", b"the second"), ("three.txt", b"the third")];
    let receipt = body.send(&links[0], &[("note", "All that we have.")], &files).leads();
    // The receipt names each file with its size and its hash, which is FIPS 180-4's own example, and the time in London.
    let page = body.get(&receipt);
    let words = plain(&words_of(&page.body));
    for part in [
        "Your files arrived",
        "one.txt 3 bytes ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "three.txt",
        "London time",
        "What you wrote with them",
    ] {
        assert!(words.contains(part), "{part} is not in {words}");
    }
    assert!(words.contains(&names[0]) && page.body.contains("What are these files?") && body.cookie.is_empty(), "{words}");
    // The link tells whoever has it that they arrived, and not what they were called; nor does an address that is nearly right.
    let page = body.get(&links[0]).body;
    assert!(page.contains("Your files arrived") && !page.contains("two.txt"), "{}", words_of(&page));
    assert_eq!(body.get(&receipt[..receipt.len() - 1]).status, 404);
    // Without anything said it is asked again; then what is said of all files holds for those of which nothing else is said.
    let empty = body.fill(&receipt, &receipt, &[]);
    assert!(empty.status == 422 && empty.body.contains("Say something of a file"), "{}", words_of(&empty.body));
    let fields = [
        ("answers", "1"),
        ("permission", "closed"),
        ("of-0-answers", "0"),
        ("of-0-answers", "2"),
        ("of-0-permission", "publish"),
        ("later", "3"),
        ("until", "2099-01-01"),
    ];
    let wrong = body.fill(&receipt, &receipt, &fields);
    assert!(wrong.status == 422 && wrong.body.contains("more than three years ahead"), "{}", words_of(&wrong.body));
    assert!(form_of(&wrong.body, &receipt).unwrap().contains(&("of-0-permission".to_owned(), "publish".to_owned())), "what was said is not lost");
    let before = (standing(&mut one, &names[0]), said_of(&mut one, 0));
    assert_eq!(body.fill(&receipt, &receipt, &fields[..5]).leads(), receipt);
    let page = body.get(&receipt).body;
    assert!(page.contains("What you told us") && !page.contains("What are these files?"), "{}", words_of(&page));
    assert_eq!(body.post(&receipt, &fields[..5]).status, 422, "it can be said once");
    // Nothing follows from it.
    assert_eq!((standing(&mut one, &names[0]), said_of(&mut one, 0)), before);
    // The office confirms one part by one press, and the others together.
    let message = last_message(&mut one);
    let page = one.get(&message).body;
    assert!(page.contains("What they say") && page.contains("two.txt") && page.contains("Confirm what they say of 3 files"), "{}", words_of(&page));
    confirm(&mut one, &message, "file-0");
    assert!(said_of(&mut one, 0).contains("it may be published as it is"), "{}", said_of(&mut one, 0));
    assert!(!said_of(&mut one, 1).contains("nothing of it may be published"), "{}", said_of(&mut one, 1));
    assert!(one.get(&message).body.contains("Confirm what they say of 2 files"));
    confirm(&mut one, &message, "files");
    for document in [1, 2] {
        assert!(said_of(&mut one, document).contains("nothing of it may be published"), "{}", said_of(&mut one, document));
    }
    let page = one.get(&message).body;
    assert!(!page.contains("/confirm\"") && pieces(&page, "<span class=\"state\">Confirmed", "</span>").len() == 3, "{}", words_of(&page));
    // How the asks stand is still said by a person alone.
    assert_eq!(standing(&mut one, &names[0]), before.0);
    // The message with the files leads there, and a document that is destroyed is no longer named on the receipt.
    let with = format!("/messages/{}", message.rsplit('/').next().unwrap().parse::<u32>().unwrap() - 1);
    assert!(one.get(&with).body.contains("What they say of these files"));
    one.fill("/documents/1", "/documents/1/hold", &[("found", "identifier")]).leads();
    one.fill("/documents/1", "/documents/1/destroy", &[("destroy_reason", "It named somebody.")]).leads();
    assert!(!body.get(&receipt).body.contains("two.txt"));
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn a_body_says_without_a_file_what_it_needs_what_it_lacks_and_what_it_asks() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, links, names, .. } = sent(Server::start(&desk, "ws"));
    let mut body = Browser::at(&server);
    let say = format!("{}/say", links[1]);
    let day = |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
    let (soon, over) = (day(30), day(-1));
    let wrong: [(&[(&str, &str)], &str); 6] = [
        (&[], "Tick or write something"),
        (&[("later", "0")], "Enter the day until which you need"),
        (&[("later", "0"), ("until", &over)], "is over"),
        (&[("later", "0"), ("until", &soon), ("none", "0")], "is ticked twice"),
        (&[("until", &soon)], "Tick what you need more time for"),
        (&[("unclear", "1")], "Write your question"),
    ];
    for (fields, words) in wrong {
        let page = body.fill(&links[1], &say, fields);
        assert!(page.status == 422 && page.body.contains(words) && page.body.contains("<details open"), "{words}: {}", words_of(&page.body));
    }
    let before = standing(&mut one, &names[1]);
    let fields = [("later", "0"), ("until", soon.as_str()), ("none", "1"), ("question", "Do you mean <b>all</b> districts?"), ("unclear", "2")];
    let receipt = body.fill(&links[1], &say, &fields).leads();
    let page = body.get(&receipt).body;
    assert!(page.contains("We have what you told us") && page.contains("Do you mean &lt;b&gt;all&lt;/b&gt; districts?"), "{}", words_of(&page));
    assert!(page.contains("The link in our letter still works") && body.get(&links[1]).body.contains("Leave these files"));
    assert_eq!(standing(&mut one, &names[1]), before, "nothing follows from it");
    let message = last_message(&mut one);
    for what in ["later", "none", "question"] {
        confirm(&mut one, &message, what);
    }
    let page = one.get(&message).body;
    assert!(!page.contains("/confirm\""), "{}", words_of(&page));
    let after = standing(&mut one, &names[1]);
    assert_eq!(after.iter().zip(&before).filter(|(after, before)| after != before).count(), 3, "{before:?} {after:?}");
    // By one link not everything can be said for ever.
    for n in 2..=5 {
        body.fill(&links[1], &say, &[("question", &format!("Question {n}"))]).leads();
    }
    let page = body.fill(&links[1], &say, &[("question", "Question 6")]);
    assert!(page.status == 422 && page.body.contains("5 times already"), "{}", words_of(&page.body));
    // Nor by a link that is none, and not by one that is used up.
    assert_eq!(body.post("/upload/0000000000000000000000000000000000000000/say", &fields).status, 404);
    body.send(&links[1], &[], &[("a.txt", b"a")]).leads();
    assert_eq!(body.post(&say, &fields).status, 404);
}

#[test]
fn a_link_that_was_used_says_so_for_ever_and_one_that_was_replaced_is_none() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, links, .. } = sent(Server::start(&desk, "ws"));
    let mut body = Browser::at(&server);
    let anew = |one: &mut Browser, id: usize| {
        let page = one.fill(&format!("/recipients/{id}"), &format!("/recipients/{id}/link"), &[]).body;
        format!("/upload/{}", &pieces(&page, "/upload/", "<")[0][..40])
    };
    body.send(&links[0], &[], &[("a.txt", b"a")]).leads();
    let second: Vec<String> = (0..links.len()).map(|id| anew(&mut one, id)).collect();
    let mut n_ended = 0;
    for link in &links {
        let page = body.get(link).body;
        assert!(!page.contains("Leave these files"), "a link that was replaced is still good");
        n_ended += usize::from(page.contains("This link is not good"));
    }
    assert_eq!(n_ended, links.len() - 1);
    assert!(body.get(&links[0]).body.contains("Your files arrived"));
    for link in &second {
        assert!(body.get(link).body.contains("Leave these files"));
    }
}

/// Files that are being written in a workspace.
fn written(ws: &Path) -> usize {
    let files = std::fs::read_dir(ws.join("blobs/incoming")).into_iter().flatten().flatten();
    files.filter(|file| file.path().extension().is_some_and(|it| it == "part")).count()
}

/// Begins a form with a file and does not end it.
fn begun(browser: &Browser, path: &str, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(&browser.host).unwrap();
    let field = |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{value}");
    let body = field("token", &format!("\r\n\r\n{token}\r\n")) + &field("file", "; filename=\"a.txt\"\r\n\r\n") + &"a".repeat(300_000);
    let head = format!(
        "POST {path} HTTP/1.1\r\nConnection: close\r\nHost: {}\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        browser.host,
        browser.cookie,
        body.len() + 7
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
    stream
}

fn ended(mut stream: TcpStream) -> String {
    let _ = stream.write_all(b"\r\n--b--");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn no_file_goes_to_the_disk_before_the_token_of_its_form_or_where_the_page_has_no_field_for_it() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, .. } = sent(Server::start(&desk, "ws"));
    let token = form_of(&one.get("/messages/take").body, "/messages/take").unwrap().remove(0).1;
    let good = begun(&one, "/messages/take", &token);
    until("a file with its token is being written", || written(&desk.path("ws")) == 1);
    assert!(ended(good).starts_with("HTTP/1.1 303"));
    let bad = begun(&one, "/messages/take", "a guess");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(written(&desk.path("ws")), 0, "a file was written for nobody");
    let answer = ended(bad);
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("This form is no longer good"), "{answer}");
    // Every form that is shown with a field for files takes them, and no other does.
    for path in ["/messages", "/messages/take", "/bodies/contacts", "/recipients/0", "/campaigns/0", "/people/new", "/bodies/new", "/documents/0"] {
        let page = one.get(path).body;
        for form in page.split("<form").skip(1) {
            let head = form.split('>').next().unwrap();
            let Some(to) = head.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
            let has_field = form.split("</form>").next().unwrap().contains("type=\"file\"");
            assert_eq!(has_field, head.contains("multipart/form-data"), "{to}");
            let answer = ended(begun(&one, to, "a guess"));
            let expected = if has_field { "HTTP/1.1 403" } else { "HTTP/1.1 413" };
            assert!(answer.starts_with(expected), "{to}: {}", answer.lines().next().unwrap_or_default());
        }
    }
}

#[test]
fn a_reply_is_logged_for_the_body_of_its_page_and_others_are_folded() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, names, .. } = sent(Server::start(&desk, "ws"));
    let page = one.get("/recipients/3").body;
    let name = plain(pieces(&page, "<h1>", "</h1>")[0]);
    assert!(names.contains(&name));
    let form = page.split("action=\"/recipients/3/reply\"").nth(1).unwrap().split("</form>").next().unwrap();
    let (first, folded) = form.split_once("It also answers for").unwrap();
    assert!(plain(first).contains(&name) && first.contains("value=\"3\" checked"), "{}", words_of(first));
    assert_eq!(folded.matches("name=\"recipient\"").count(), names.len() - 1);
    assert!(!folded.contains("checked"));
    let standing = form_of(&page, "/recipients/3/reply").unwrap();
    assert_eq!(standing.iter().filter(|(name, _)| name == "recipient").map(|(_, id)| id.as_str()).collect::<Vec<_>>(), ["3"]);
    // With nobody ticked the first box is named in the summary; with others ticked the fold stands open.
    let wrong = one.submit("/recipients/3", "/recipients/3/reply", &[("channel", "phone"), ("on", "2020-01-01"), ("note", "They called.")]);
    assert!(
        wrong.status == 422 && wrong.body.contains("href=\"#recipient\"") && wrong.body.contains("id=\"recipient\""),
        "{}",
        words_of(&wrong.body)
    );
    // What nobody could place begins with the open campaigns.
    let (mut odile, message) = (one, "/messages");
    odile.fill(message, message, &[("channel", "phone"), ("note", "Somebody called and did not say for whom.")]).leads();
    let held = last_message(&mut odile);
    let page = odile.get(&held).body;
    assert!(page.contains("<legend>It answers for, in Your assessment and your strategy</legend>"), "{}", words_of(&page));
    odile.submit(&held, &format!("{held}/place"), &[("recipient", "4"), ("recipient", "5")]).leads();
    let page = odile.get(&held).body;
    let standing = form_of(&page, &format!("{held}/place")).unwrap();
    assert_eq!(standing.iter().filter(|(name, _)| name == "recipient").map(|(_, id)| id.as_str()).collect::<Vec<_>>(), ["4", "5"]);
}
