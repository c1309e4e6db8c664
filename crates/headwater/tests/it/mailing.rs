//! Mail through the pages: letters out once, whoever presses; what is in doubt; reminders and notices; replies read by itself.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use headwater_documents::mail::{Mail, read};

use crate::Desk;
use crate::browser::{Browser, Server, between, form_of, plain, until, words_of};
use crate::campaign::{CAMPAIGN, Sent, pieces, ready};

const SEND: &str = "/campaigns/0/send";
const MAIL: &str = "/campaigns/0/mail";
const DOUBT: &str = "/messages/doubt";

/// The servers that `./test` starts.
struct Servers {
    folder: PathBuf,
    ports: serde_json::Value,
}

impl Servers {
    fn find() -> Option<Self> {
        let Ok(folder) = std::env::var("HEADWATER_TEST_MAIL") else {
            eprintln!("skipped: HEADWATER_TEST_MAIL names no mail servers; ./test starts them");
            return None;
        };
        let folder = PathBuf::from(folder);
        let ports = serde_json::from_str(&fs::read_to_string(folder.join("servers.json")).unwrap()).unwrap();
        Some(Self { folder, ports })
    }

    /// `[mail]` for a user of these servers.
    fn settings(&self, user: &str, ca_file: bool, more: &str) -> String {
        let file = |name: &str| self.folder.join(name).display().to_string();
        let ca_file = if ca_file { format!("ca_file = \"{}\"\n", file("ca.pem")) } else { String::new() };
        format!(
            "\n[mail]\naddress = \"{user}@vru.example\"\n{ca_file}\
             [mail.smtp]\nhost = \"localhost\"\nport = {}\nsecurity = \"starttls\"\nuser = \"office\"\npassword_file = \"{password}\"\n\
             [mail.imap]\nhost = \"localhost\"\nport = {}\nuser = \"{user}\"\npassword_file = \"{password}\"\n{more}\n",
            self.ports["smtp_starttls"],
            self.ports["imap_tls"],
            password = file("password"),
        )
    }

    /// Every message that the SMTP server took for an address that ends so, with the address.
    fn taken(&self, domain: &str) -> Vec<(String, Mail, Vec<u8>)> {
        let bytes = fs::read_dir(self.folder.join("taken")).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
        bytes
            .filter_map(|bytes| {
                let mail = read(&bytes, &Default::default()).unwrap();
                let to = mail.to.first()?.address.clone();
                to.ends_with(domain).then_some((to, mail, bytes))
            })
            .collect()
    }

    /// Empties a mailbox of what an earlier run left in it.
    fn empty(&self, user: &str) {
        for part in ["new", "cur"] {
            for entry in fs::read_dir(self.folder.join("mail").join(user).join(part)).unwrap() {
                fs::remove_file(entry.unwrap().path()).unwrap();
            }
        }
    }

    /// Puts a message into a mailbox, as a server does.
    fn deliver(&self, user: &str, name: &str, text: &str) {
        let folder = self.folder.join("mail").join(user);
        let half = folder.join("tmp").join(name);
        fs::write(&half, text.replace('\n', "\r\n")).unwrap();
        fs::rename(&half, folder.join("new").join(name)).unwrap();
    }
}

fn with_settings(mail: &str) -> Desk {
    let desk = Desk::with_workspace();
    set(&desk, mail);
    desk
}

fn set(desk: &Desk, mail: &str) {
    let all = fs::read_to_string(desk.path("ws/headwater.toml")).unwrap();
    desk.put("ws/headwater.toml", all.split("\n[mail]").next().unwrap().to_owned() + mail);
}

/// A domain of this run alone.
fn domain() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("x{}-{}.example", std::process::id(), now.as_nanos())
}

/// The number of the recipient of a place in the list of bodies.
fn recipient_of(page: &str, name: &str) -> String {
    let link = pieces(page, "href=\"/recipients/", "</a>").into_iter().find(|link| plain(link.split_once('>').unwrap().1) == name);
    link.unwrap_or_else(|| panic!("{name} is not on the page: {}", words_of(page))).split('"').next().unwrap().to_owned()
}

#[test]
fn letters_go_out_by_mail_once_however_many_press() {
    let Some(servers) = Servers::find() else { return };
    let desk = with_settings(&servers.settings("office", false, "every = 0"));
    let domain = domain();
    let address = |place: usize| match place {
        0 => format!("nobody@unit-0.{domain}"),
        1 => format!("later@unit-1.{domain}"),
        _ => format!("contact@unit-{place}.{domain}"),
    };
    let Sent { mut server, mut one, mut two, names, .. } = ready(Server::start(&desk, "ws"), "none", &address);
    // A server whose certificate nobody vouches for gets nothing.
    let refused = one.fill(SEND, MAIL, &[]);
    assert!(refused.status == 422 && refused.body.contains("certificate"), "{}: {}", refused.status, words_of(&refused.body));
    assert!(one.get(DOUBT).body.contains("Nothing is in doubt") && one.get(SEND).body.contains("Send 18 letters by mail now"));
    server.kill();
    set(&desk, &servers.settings("office", true, "every = 0"));
    let server = Server::start(&desk, "ws");
    (one, two) = (one.moved(&server), two.moved(&server));
    // Two people press at the same moment, and one of them twice.
    let forms = [one.clone(), two.clone(), two.clone()].map(|mut browser| {
        let form: Vec<(String, String)> = form_of(&browser.get(SEND).body, MAIL).unwrap();
        (browser, form)
    });
    let pressing = forms.map(|(mut browser, form)| {
        std::thread::spawn(move || {
            let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(MAIL, &fields).status
        })
    });
    let pressed: Vec<u16> = pressing.into_iter().map(|it| it.join().unwrap()).collect();
    assert!(pressed.contains(&303) && pressed.iter().all(|status| [303, 422].contains(status)), "{pressed:?}");
    until("16 letters are out", || one.get(SEND).body.contains("16 of 18 letters are out"));
    let mut taken: Vec<String> = servers.taken(&domain).into_iter().map(|(to, ..)| to).collect();
    taken.sort();
    let mut expected: Vec<String> = (2..18).map(address).collect();
    expected.sort();
    assert_eq!(taken, expected, "each letter went once, and to its own body");
    // Each is the letter, with its files, and answers come back to an address of its own.
    let mut replies = Vec::new();
    for (to, mail, bytes) in servers.taken(&domain) {
        let files: Vec<&str> = mail.attachments.iter().map(|file| file.name.as_deref().unwrap()).collect();
        assert_eq!(files, if cfg!(feature = "pdf") { vec!["letter.pdf", "letter.html"] } else { vec!["letter.html"] }, "{to}");
        let head = String::from_utf8_lossy(&bytes).into_owned();
        replies.push(between(&head, "Reply-To: <office+", "@vru.example>").unwrap());
        let place: usize = between(&to, "unit-", ".").unwrap().parse().unwrap();
        assert!(crate::campaign::holds(&crate::campaign::said_in(&bytes), &crate::campaign::secret_of(place)), "{to}");
    }
    replies.sort();
    replies.dedup();
    assert_eq!(replies.len(), 16);
    // What became of the other two, and what to do.
    let page = one.get(SEND).body;
    assert!(page.contains("refused for good") && page.contains("refused for now") && page.contains("451"), "{}", words_of(&page));
    assert!(page.contains("another contact") && !page.contains("nobody@unit-0"), "{}", words_of(&page));
    assert!(one.get("/").body.contains("Reach"), "the refused one waits on the home page");
    // Its contact is another one now, and the second is sent by post.
    let again = one.fill(SEND, MAIL, &[]);
    assert_eq!(again.status, 422, "the server says the same again");
    let recipient = recipient_of(&page, &names[0]);
    let out = one.fill(SEND, "/campaigns/0/out", &[("recipient", &recipient), ("channel", "post")]);
    assert_eq!(out.leads(), CAMPAIGN);
    let page = one.get(SEND).body;
    assert!(page.contains("17 of 18 letters are out") && page.contains("Send 1 letter by mail now"), "{}", words_of(&page));
    // The log says who sent them: the person who pressed.
    let shown = desk.ws(&["log", "show", "--json"]).succeeds().json();
    let begun: Vec<&serde_json::Value> = shown.as_array().unwrap().iter().filter(|event| event["kind"] == "handover.begun").collect();
    assert!(begun.len() >= 18 && begun.iter().all(|event| event["actor"].as_str().unwrap().starts_with("p-")), "{:?}", begun.first());
    desk.ws(&["log", "verify"]).succeeds();
}

/// A mail server that does as it is told with each line to it, and keeps what it was given.
fn scripted(hangs_up: &'static [bool]) -> (u16, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let given = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&given);
    std::thread::spawn(move || {
        for (number, line) in listener.incoming().enumerate() {
            let (line, kept) = (line.unwrap(), Arc::clone(&kept));
            let hangs_up = hangs_up.get(number).copied().unwrap_or(false);
            std::thread::spawn(move || converse(line, hangs_up, &kept));
        }
    });
    (port, given)
}

fn converse(line: TcpStream, hangs_up: bool, kept: &Mutex<Vec<Vec<u8>>>) {
    let mut answer = line.try_clone().unwrap();
    answer.write_all(b"220 scripted.example\r\n").unwrap();
    let mut message: Option<Vec<u8>> = None;
    for line in BufReader::new(line).split(b'\n') {
        let Ok(line) = line else { return };
        let words = match (&mut message, line.as_slice()) {
            (Some(bytes), b".\r") => {
                kept.lock().unwrap().push(std::mem::take(bytes));
                message = None;
                if hangs_up {
                    return;
                }
                "250 taken\r\n"
            }
            (Some(bytes), line) => {
                bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
                bytes.push(b'\n');
                continue;
            }
            (None, b"DATA\r") => {
                message = Some(Vec::new());
                "354 go on\r\n"
            }
            (None, _) => "250 OK\r\n",
        };
        if answer.write_all(words.as_bytes()).is_err() {
            return;
        }
    }
}

fn plain_settings(port: u16) -> String {
    format!("\n[mail]\naddress = \"office@vru.example\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\n")
}

fn header(bytes: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(bytes).replace("\r\n ", " ");
    let head = text.split("\r\n\r\n").next().unwrap().to_owned() + "\r\n";
    between(&head, &format!("\r\n{name}: "), "\r\n").unwrap_or_default()
}

#[test]
fn a_letter_in_doubt_waits_for_a_person_and_what_follows_it_is_in_its_thread() {
    let (port, given) = scripted(&[true, false]);
    let desk = with_settings(&plain_settings(port));
    let Sent { server, mut one, mut two, names, .. } =
        ready(Server::start(&desk, "ws"), "56-days-after-sending", &|place| format!("contact-{place}@unit-{place}.example"));
    // The server hangs up behind the first letter: that is in doubt, and the rest does not go.
    let pressed = one.fill(SEND, MAIL, &[]);
    assert!(pressed.status == 422 && pressed.body.contains("1 message in doubt"), "{}", words_of(&pressed.body));
    assert_eq!(given.lock().unwrap().len(), 1);
    assert!(one.get("/").body.contains(DOUBT), "it is on the home page");
    let page = one.get(SEND).body;
    assert!(page.contains("in doubt") && page.contains("Send 17 letters by mail now"), "{}", words_of(&page));
    assert!(!form_of(&page, "/campaigns/0/out").unwrap().iter().any(|(_, value)| *value == recipient_of(&page, &names[0])), "by hand neither");
    // The others go, and not the first.
    one.fill(SEND, MAIL, &[]).leads();
    until("17 letters are out", || one.get(SEND).body.contains("17 of 18 letters are out"));
    assert_eq!(given.lock().unwrap().len(), 18);
    let page = one.get(DOUBT).body;
    let id = header(&given.lock().unwrap()[0], "Message-ID").trim_matches(['<', '>']).to_owned();
    assert!(page.contains(&id) && page.contains("contact-0@unit-0.example"), "{}", words_of(&page));
    let key = between(&page, "id=\"message-", "\"").unwrap();
    let at = |order: &str| format!("{DOUBT}/{key}/{order}");
    // Somebody finds that it went long ago; whoever looked at the same page is told of a conflict.
    let stale = form_of(&two.get(DOUBT).body, &at("lost")).unwrap();
    let went = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(100 * 24)).strftime("%Y-%m-%d").to_string();
    assert_eq!(one.fill(DOUBT, &at("went"), &[(&format!("on-{key}"), &went)]).leads(), DOUBT);
    let mut fields: Vec<(&str, &str)> = stale.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let reason = format!("reason-{key}");
    fields.retain(|(name, _)| *name != reason);
    fields.push((&reason, "It is nowhere to be found"));
    assert_eq!(two.post(&at("lost"), &fields).status, 409);
    assert!(one.get(DOUBT).body.contains("Nothing is in doubt") && one.get(SEND).body.contains("18 of 18 letters are out"));

    // A reminder, in the words that the second person read, in the thread of the letter.
    one.fill("/reminders", "/reminders", &[]).leads();
    let read = two.get("/reminders").body;
    assert!(read.contains("contact-0@unit-0.example") && read.contains("Reminder: Your assessment"), "{}", words_of(&read));
    two.fill("/reminders", "/reminders/0/approve", &[]).leads();
    assert_eq!(one.fill("/reminders", "/reminders/0/mail", &[]).leads(), "/reminders");
    let reminder = given.lock().unwrap().last().unwrap().clone();
    assert_eq!(header(&reminder, "In-Reply-To").trim_matches(['<', '>']), id);
    assert!(header(&reminder, "References").contains(&id) && header(&reminder, "Reply-To").contains("office+"));
    let said = headwater_documents::mail::read(&reminder, &Default::default()).unwrap();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let letter = between(&read, "<div class=\"letter\">", "</div>").unwrap();
    assert_eq!(words(&said.text), words(&plain(&letter.replace("<br>", " ").replace("<p>", " ").replace("</p>", " "))));
    assert!(one.get("/reminders").body.contains("No reminder waits"));

    // A notice the same way: what is read is what goes, and its time to reply begins.
    let recipient = format!("/recipients/{}", recipient_of(&one.get(SEND).body, &names[0]));
    let notice = format!("{recipient}/notice");
    let stale = form_of(&two.get(&notice).body, &format!("{notice}/mail")).unwrap();
    let read = one.get(&notice).body;
    assert_eq!(one.fill(&notice, &format!("{notice}/mail"), &[]).leads(), recipient);
    let sent = given.lock().unwrap().last().unwrap().clone();
    assert_eq!(header(&sent, "In-Reply-To").trim_matches(['<', '>']), id);
    let said = headwater_documents::mail::read(&sent, &Default::default()).unwrap();
    let letter = between(&read, "<article class=\"letter\">", "</article>").unwrap();
    assert_eq!(words(&said.text), words(&plain(&letter.replace("<br>", " ").replace("<p>", " ").replace("</p>", " "))));
    assert!(one.get(&recipient).body.contains("It was given notice"));
    let n = given.lock().unwrap().len();
    let fields: Vec<(&str, &str)> = stale.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(two.post(&format!("{notice}/mail"), &fields).status, 422, "there is one notice");
    assert_eq!((n, given.lock().unwrap().len()), (20, 20));
    desk.ws(&["log", "verify"]).succeeds();
    drop(server);
}

/// Drops a message on the page that takes mail, and gives what the page says of it.
fn dropped(browser: &mut Browser, mail: &[u8]) -> String {
    let token = form_of(&browser.get("/messages/take").body, "/messages/take").unwrap().remove(0).1;
    let to = browser.send("/messages/take", &[("token", &token)], &[("report.eml", mail)]).leads();
    plain(&browser.get(&to).body)
}

#[test]
fn a_reminder_of_recommendations_that_comes_back_marks_its_contact_and_may_be_written_again() {
    let (port, given) = scripted(&[]);
    let desk = with_settings(&plain_settings(port));
    let Sent { server: _server, mut one, mut two, names, .. } =
        ready(Server::start(&desk, "ws"), "none", &|place| format!("contact-{place}@unit-{place}.example"));
    let recommendation = [
        ("report", "What areas see"),
        ("published", "2020-10-01"),
        ("number", "1"),
        ("title", "Ask three questions"),
        ("text", "Ask three questions of everybody."),
        ("plan_priority", "Prevention"),
    ];
    assert_eq!(one.fill("/recommendations/new", "/recommendations/new", &recommendation).leads(), "/recommendations/0");
    one.fill("/recommendations/0", "/recommendations/0/lay", &[("body", "0")]).leads();
    one.fill("/reminders", "/reminders/duties", &[]).leads();
    // The words are changed on the page, and are then somebody's own.
    let words = "/reminders/duties/0/words";
    assert!(one.get("/reminders").body.contains(&format!("href=\"{words}\"")));
    let same = one.fill(words, words, &[]);
    assert!(same.status == 422 && same.body.contains("These are the words that it has"), "{}", words_of(&same.body));
    assert_eq!(one.fill(words, words, &[("words", "")]).status, 422);
    let own = "Dear Director,\n\nMay we have your answer in our own words?";
    assert_eq!(one.fill(words, words, &[("words", own)]).leads(), "/reminders");
    assert!(!one.get("/reminders").body.contains("/reminders/duties/0/approve"), "who wrote it does not approve it");
    let read = two.get("/reminders").body;
    assert!(plain(&read).contains("in our own words?") && read.contains("contact-0@unit-0.example"), "{}", words_of(&read));
    two.fill("/reminders", "/reminders/duties/0/approve", &[]).leads();
    let page = one.get(words).body;
    assert!(page.contains("The reminder is approved") && form_of(&page, words).is_none(), "{}", words_of(&page));
    one.fill("/reminders", "/reminders/duties/0/mail", &[]).leads();
    let sent = given.lock().unwrap().last().unwrap().clone();
    assert!(String::from_utf8_lossy(&sent).contains("in our own words?"));
    assert!(plain(&one.get("/reminders").body).contains("Nobody is due for one"), "{}", words_of(&one.get("/reminders").body));

    // The report of the body's server finds the message that it is about, once.
    let about = header(&sent, "Message-ID");
    let returned = include_str!("../../../../fixtures/mail/returned.eml").replace("<letter-1@office.example>", &about);
    let told = dropped(&mut one, returned.as_bytes());
    assert!(told.contains("1 report of a message of ours that came back"), "{}", words_of(&told));
    let told = dropped(&mut one, returned.as_bytes());
    assert!(told.contains("1 message taken in before, and left as it is"), "{}", words_of(&told));
    let page = plain(&one.get("/recommendations/0").body);
    assert!(page.contains("(it came back on "), "{page}");
    assert!(plain(&one.get("/").body).contains("Find another contact"), "{}", words_of(&one.get("/").body));
    assert!(plain(&one.get("/bodies/0").body).contains("what was last sent there came back"), "{}", words_of(&one.get("/bodies/0").body));
    // Nobody was reminded, so it may be written again; who is greeted is whoever is known now.
    let again = plain(&one.get("/reminders").body);
    assert!(again.contains(&format!("{}: 1 answer; our last reminder came back", names[0])), "{again}");
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn a_browser_that_goes_away_breaks_nothing_off_and_a_server_that_is_stopped_leaves_nothing_in_doubt() {
    let (port, given) = scripted(&[]);
    let desk = with_settings(&plain_settings(port));
    let Sent { mut server, mut one, .. } = ready(Server::start(&desk, "ws"), "none", &|place| format!("contact-{place}@unit-{place}.example"));
    let form = form_of(&one.get(SEND).body, MAIL).unwrap();
    let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish();
    let mut line = TcpStream::connect(&one.host).unwrap();
    let (host, cookie, n) = (&one.host, &one.cookie, body.len());
    let kind = "application/x-www-form-urlencoded";
    write!(line, "POST {MAIL} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\nContent-Length: {n}\r\n\r\n{body}").unwrap();
    until("the first letter is given", || !given.lock().unwrap().is_empty());
    drop(line);
    if cfg!(unix) {
        // Asked to end, the program lets the letter that is on its way come to its end, and begins no other.
        std::process::Command::new("kill").args(["-INT", &server.child.id().to_string()]).status().unwrap();
        assert!(server.child.wait().unwrap().success());
        let n_before = given.lock().unwrap().len();
        let server = Server::start(&desk, "ws");
        one = one.moved(&server);
        assert!(one.get(DOUBT).body.contains("Nothing is in doubt"));
        assert!(one.get(SEND).body.contains(&format!("{n_before} of 18 letters are out")), "{}", words_of(&one.get(SEND).body));
        if n_before < 18 {
            one.fill(SEND, MAIL, &[]).leads();
        }
        until("all letters are out", || one.get(SEND).body.contains("18 of 18 letters are out"));
    }
    let mut ids: Vec<String> = given.lock().unwrap().iter().map(|bytes| header(bytes, "Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), given.lock().unwrap().len()), (18, 18));
}

#[test]
fn replies_are_read_from_the_mailbox_by_itself_and_whenever_somebody_asks() {
    let Some(servers) = Servers::find() else { return };
    servers.empty("replies");
    let desk = with_settings(&servers.settings("replies", true, "every = 0"));
    let domain = domain();
    let server = Server::start(&desk, "ws");
    let Sent { mut server, mut one, names, .. } = ready(server, "none", &|place| format!("contact-{place}@{domain}"));
    assert!(one.fill("/messages", "/messages/mailbox", &[]).leads() == "/messages" && one.get("/messages").body.contains("No letter is out yet"));
    one.fill(SEND, "/campaigns/0/out", &[]).leads();
    let page = one.get("/bodies").body;
    let link = pieces(&page, "href=\"/bodies/", "</a>").into_iter().find(|link| plain(link.split_once('>').unwrap().1) == names[3]).unwrap();
    let change = format!("/bodies/{}/change", link.split('"').next().unwrap());
    one.fill(&change, &change, &[("domains", &domain), ("reason", "It is known now")]).leads();
    let asked = one.get("/campaigns/0/grid").body;
    let recipient = format!("/recipients/{}", recipient_of(&asked, &names[3]));
    let token = between(&one.get(&recipient).body, "replies+", "@vru.example").unwrap();
    let reply = |id: &str, subject: &str, body: &str| {
        format!(
            "From: A Person <person@{domain}>\nTo: <replies+{token}@vru.example>\n{id}Subject: {subject}\nDate: Mon, 2 Nov 2020 09:00:00 +0000\n\n{body}\n"
        )
    };
    let unique = domain.replace(".example", "");
    servers.deliver("replies", &format!("1.{unique}"), &reply(&format!("Message-ID: <a@{domain}>\n"), "Our answer", "It will come in a week."));
    // Without a Message-ID it is known by its bytes.
    servers.deliver("replies", &format!("2.{unique}"), &reply("", "Without a name", "This has no Message-ID."));
    let stranger = format!("From: <x@elsewhere.example>\nTo: <replies@vru.example>\nMessage-ID: <b@{domain}>\nSubject: x\n\nFrom nobody we know.\n");
    servers.deliver("replies", &format!("3.{unique}"), &stranger);
    one.fill("/messages", "/messages/mailbox", &[]).leads();
    let page = one.get("/messages").body;
    assert!(page.contains("2 messages placed") && page.contains("1 thing held"), "{}", words_of(&page));
    assert!(one.get(&recipient).body.contains("They wrote"));
    let came = |page: &str| pieces(page, "href=\"/messages/", "\"").into_iter().filter(|it| it.parse::<u32>().is_ok()).count();
    let n = came(&one.get("/messages").body);
    one.fill("/messages", "/messages/mailbox", &[]).leads();
    let page = one.get("/messages").body;
    assert!(page.contains("Nothing new") && came(&page) == n, "{}", words_of(&page));
    // The same messages dropped as files are known, by Message-ID or by their bytes.
    let file = reply("", "Without a name", "This has no Message-ID.").replace('\n', "\r\n");
    let form = form_of(&one.get("/messages/take").body, "/messages/take").unwrap();
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    one.send("/messages/take", &fields, &[("again.eml", file.as_bytes())]).leads();
    assert!(one.get("/messages").body.contains("1 message taken in before"));
    // By itself: a program that reads the mailbox finds what came meanwhile. How far it was read stands in no event.
    let shown = desk.ws(&["log", "show", "--json"]).succeeds().out;
    assert!(!shown.contains("uid_validity") && !shown.contains("mailbox."));
    server.kill();
    servers.deliver("replies", &format!("4.{unique}"), &reply(&format!("Message-ID: <c@{domain}>\n"), "More", "Here is more."));
    // It was read just now; under another port it is another mailbox to the program, and all of it is read, and known.
    let tls = format!("port = {}", servers.ports["imap_tls"]);
    let (plain_port, down) = (format!("port = {}\nsecurity = \"plain\"", servers.ports["imap_plain"]), "port = 1");
    let settings = servers.settings("replies", true, "every = 7");
    set(&desk, &settings.replace(&tls, &plain_port));
    let server = Server::start(&desk, "ws");
    one = one.moved(&server);
    until("the mailbox is read by itself", || one.get("/messages").body.contains("1 message placed"));
    let page = one.get("/messages").body;
    assert!(page.contains("read by itself every 7 minutes") && page.contains("3 messages taken in before"), "{}", words_of(&page));
    assert_eq!(came(&page), n + 1);
    // A server that is down is said on the page, and nothing else fails.
    drop(server);
    set(&desk, &settings.replace(&tls, down));
    let server = Server::start(&desk, "ws");
    one = one.moved(&server);
    until("the page says that the mailbox could not be read", || one.get("/messages").body.contains("It could not be read at"));
    let asked = one.fill("/messages", "/messages/mailbox", &[]);
    assert!(asked.status == 422 && asked.body.contains("port 1"), "{}", words_of(&asked.body));
    for path in ["/", "/campaigns", CAMPAIGN, "/messages"] {
        assert_eq!(one.get(path).status, 200, "{path}");
    }
    desk.ws(&["log", "verify"]).succeeds();
}
