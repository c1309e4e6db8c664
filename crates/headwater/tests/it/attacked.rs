//! The application under attack: what is typed, sent and planted by those who mean harm, and what they must not read.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Desk;
use crate::browser::{Browser, PASSWORD, Page, Server, between, code_of, form_of, invite, join, lead, plain, until, words_of};
use crate::campaign::{CAMPAIGN, Sent, holds, pieces, secret_of, sent, unzipped};

/// Marks, quotes and a formula, as one value.
const HOSTILE: &str = "=<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

/// Every page that links lead to, from the first page on.
fn crawl(browser: &mut Browser) -> Vec<(String, Page)> {
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let mut waiting = vec!["/".to_owned()];
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) || found.len() > 400 {
            continue;
        }
        let page = browser.get(&path);
        if page.headers.get("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let links = pieces(&page.body, "href=\"/", "\"").into_iter().map(|link| format!("/{}", plain(link)));
            waiting.extend(links.map(|link| link.split('#').next().unwrap_or_default().to_owned()));
        }
        found.push((path, page));
    }
    found
}

/// Asserts that a page shows nothing that was typed as marks, and carries what browsers must hold to.
fn is_sound(path: &str, page: &Page) {
    assert!(matches!(page.status, 200 | 303 | 403 | 404 | 422), "{path}: {} {}", page.status, words_of(&page.body));
    assert!(page.headers["content-security-policy"].contains("default-src 'none'"), "{path}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff", "{path}");
    if page.headers.get("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        for marks in ["<script", "<img src=x", "\"'>"] {
            assert!(!page.body.contains(marks), "{path} has {marks}");
        }
    } else if path != "/style.css" && page.status == 200 {
        assert!(page.headers["content-disposition"].starts_with("attachment"), "{path}");
    }
}

#[test]
fn what_is_typed_into_any_form_comes_out_as_text_on_every_page() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let enter = |odile: &mut Browser, page: &str, to: &str, fields: &[(&str, &str)]| odile.fill(page, to, fields).leads();
    let page = odile.fill("/people/new", "/people/new", &[("name", HOSTILE), ("email", "h@office.example"), ("role", "analyst")]);
    assert!(page.status == 200 && page.body.contains("&lt;script"), "{}", words_of(&page.body));
    enter(&mut odile, "/bodies/new", "/bodies/new", &[("name", HOSTILE), ("aliases", HOSTILE), ("kind", "other"), ("languages", "en")]);
    let contact = [("name", HOSTILE), ("role", HOSTILE), ("email", "c@body.example"), ("salutation", HOSTILE), ("postal_address", HOSTILE)];
    enter(&mut odile, "/bodies/0/contact", "/bodies/0/contact", &contact);
    let brief = [("title", HOSTILE), ("purpose", HOSTILE), ("legal_basis", HOSTILE), ("plan_priority", HOSTILE), ("items", "four")];
    enter(&mut odile, "/campaigns/new", "/campaigns/new", &brief);
    let item = [("title", HOSTILE), ("definition", HOSTILE), ("format", HOSTILE)];
    enter(&mut odile, "/campaigns/0/items", "/campaigns/0/items", &item);
    enter(&mut odile, "/campaigns/0/recipients", "/campaigns/0/recipients", &[("body", "0")]);
    let letter = form_of(&odile.get("/campaigns/0/letter").body, "/campaigns/0/letter").unwrap();
    let rows = format!("body,local.paragraph\n\"{}\",\"{}\"\n", HOSTILE.replace('"', "\"\""), HOSTILE.replace('"', "\"\""));
    let empty: Vec<&str> = letter.iter().filter(|(name, value)| value.is_empty() && name != "rows").map(|(name, _)| name.as_str()).collect();
    let fields: Vec<(&str, &str)> = empty.into_iter().map(|name| (name, HOSTILE)).chain([("rows", rows.as_str())]).collect();
    let made = odile.fill("/campaigns/0/letter", "/campaigns/0/letter", &fields);
    assert!(matches!(made.status, 303 | 422), "{}", words_of(&made.body));
    let held = odile.fill("/messages", "/messages", &[("note", HOSTILE)]);
    assert!(matches!(held.status, 303 | 422), "{}", words_of(&held.body));
    let report =
        [("report", HOSTILE), ("published", "2020-10-13"), ("number", "1"), ("title", HOSTILE), ("text", HOSTILE), ("plan_priority", HOSTILE)];
    enter(&mut odile, "/recommendations/new", "/recommendations/new", &report);
    let token = form_of(&odile.get("/messages/take").body, "/messages/take").unwrap().remove(0);
    assert_eq!(token.0, "token");
    let name = HOSTILE.replace('"', "%22");
    odile.send("/messages/take", &[("token", &token.1)], &[(&name, b"an invented page"), ("a%0d%0aSet-Cookie: x=1.txt", b"another")]).leads();
    let mail = format!(
        "From: \"{HOSTILE}\" <a@b.example>\r\nSubject: {HOSTILE}\r\nMessage-ID: <1@b.example>\r\nDate: Mon, 2 Nov 2020 10:00:00 +0000\r\nContent-Type: text/html\r\n\r\n<p>{HOSTILE}</p>\r\n"
    );
    odile.send("/messages/take", &[("token", &token.1)], &[("answer.eml", mail.as_bytes())]).leads();
    let mut found = crawl(&mut odile);
    found.extend(["grid", "grid.csv"].map(|file| (file.to_owned(), odile.get(&format!("{CAMPAIGN}/{file}")))));
    assert!(found.len() > 40, "only {} pages were found", found.len());
    for (path, page) in &found {
        is_sound(path, page);
    }
    let escaped = found.iter().filter(|(_, page)| page.body.contains("&lt;script&gt;alert(1)")).count();
    assert!(escaped > 12, "it comes out on {escaped} pages only");
    // A spreadsheet takes a cell that begins so for a formula.
    let is_csv = |page: &Page| page.headers.get("content-type").is_some_and(|kind| kind.starts_with("text/csv"));
    let files: Vec<&(String, Page)> = found.iter().filter(|(_, page)| is_csv(page)).collect();
    assert!(files.iter().any(|(path, page)| path.contains("grid.csv") && page.body.contains("'=<script>")), "the name is in the grid");
    for (path, page) in files {
        for row in csv::ReaderBuilder::new().has_headers(false).from_reader(page.bytes.as_slice()).records() {
            let row = row.unwrap();
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{path}: {row:?}");
        }
    }
    // An address that is echoed, and one that is too long.
    for path in [
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/campaigns/0/grid?name=%22%3E%3Cscript%3E",
        "/audit?person=%22%3E%3Cscript%3E&before=x",
        "/sign-in?to=%22%3E%3Cscript%3E",
    ] {
        is_sound(path, &odile.get(path));
    }
    assert!(matches!(odile.get(&format!("/{}", "a".repeat(100_000))).status, 404 | 414 | 431));
}

#[test]
fn no_recipient_reads_what_was_written_for_another() {
    let desk = Desk::with_workspace();
    let settings = std::fs::read_to_string(desk.path("ws/headwater.toml")).unwrap();
    desk.put("ws/headwater.toml", settings.replace("email = \"\"", "email = \"office@vru.example\""));
    let Sent { server, mut one, names, links, letters, .. } = sent(Server::start(&desk, "ws"));
    // Each folder of the letters holds one body's words, and no other's.
    let files = unzipped(&letters);
    let messages: Vec<&(String, String)> = files.iter().filter(|(path, _)| path.ends_with("/letter.eml")).collect();
    assert_eq!(messages.len(), names.len(), "each letter is there as a message, too");
    for (path, text) in messages {
        let place = (0..names.len()).find(|place| holds(text, &secret_of(*place))).unwrap();
        assert!(holds(text, &format!("<contact-{place}@unit-{place}.example>")) && holds(text, "X-Unsent: 1"), "{path}");
        assert_eq!(text.matches("unit-").count(), 1, "{path} names one address alone");
    }
    for (place, name) in names.iter().enumerate() {
        let own: Vec<&(String, String)> = files.iter().filter(|(_, text)| holds(text, &secret_of(place))).collect();
        let folder = own[0].0.split('/').next().unwrap();
        assert!(own.len() >= 2 && own.iter().all(|(path, _)| path.starts_with(&format!("{folder}/"))), "{name}");
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with(&format!("{folder}/"))) {
            for other in (0..names.len()).filter(|other| *other != place) {
                for foreign in [secret_of(other), format!("Contact{other:02} Invented"), links[other].clone()] {
                    assert!(!holds(text, &foreign), "{path} has {foreign}");
                }
            }
            assert!(holds(text, &format!("Contact{place:02} Invented")) && holds(text, &links[place]), "{path}");
        }
    }
    // The page behind a body's link names it, and nobody else.
    for (place, link) in links.iter().enumerate() {
        let page = Browser::at(&server).get(link);
        assert!(plain(&page.body).contains(&names[place]));
        for (other, name) in names.iter().enumerate() {
            assert!(other == place || !plain(&page.body).contains(name.as_str()), "the page of {} names {name}", names[place]);
            assert!(
                !page.body.contains(&secret_of(other))
                    && !page.body.contains(&format!("Contact{other:02}"))
                    && !page.body.contains(&format!("unit-{other}.example"))
            );
        }
    }
    // After files were left it still does, and what they were called is not told to whoever has the link.
    let mut body = Browser::at(&server);
    body.send(&links[3], &[], &[("our-own-words.txt", b"words")]).leads();
    let page = body.get(&links[3]).body;
    assert!(page.contains("Your files arrived") && !page.contains("our-own-words"));
    assert!(!body.get(&links[4]).body.contains("Your files arrived"));
    // A link that was made anew ends the one before; and one that is nearly right is none.
    let again = one.fill("/recipients/5", "/recipients/5/link", &[]);
    let anew = format!("/upload/{}", between(&again.body, "/upload/", "<").unwrap());
    let old = links.iter().position(|link| !Browser::at(&server).get(link).body.contains("Leave these files") && *link != links[3]).unwrap();
    assert!(Browser::at(&server).get(&anew).body.contains("Leave these files"));
    for wrong in [links[old].clone(), anew[..anew.len() - 1].to_owned(), format!("{anew}0"), anew.to_uppercase(), "/upload/%00".to_owned()] {
        assert!(!Browser::at(&server).get(&wrong).body.contains("Leave these files"), "{wrong}");
        assert_ne!(Browser::at(&server).send(&wrong, &[], &[("a.txt", b"a")]).status, 303, "{wrong}");
    }
}

#[test]
fn a_person_who_is_erased_is_on_no_page_and_in_no_file_and_their_session_is_over() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let page = odile.fill("/people/new", "/people/new", &[("name", "Perdita Quillfeather"), ("email", "perdita@quill.example"), ("role", "lead")]);
    let link = between(&page.body, "<p class=\"secret\">", "</p>").unwrap();
    let mut perdita = Browser::at(&server);
    join(&mut perdita, &link, &[]);
    perdita.fill("/bodies/new", "/bodies/new", &[("name", "Entered by her"), ("kind", "other"), ("languages", "en")]).leads();
    let people = odile.get("/people").body;
    let person =
        people.split("<a href=\"/people/").find_map(|rest| rest.contains("Quillfeather").then(|| rest.split('"').next().unwrap().to_owned()));
    let address = format!("/people/{}", person.unwrap());
    let erased = odile.fill(&format!("{address}/erase"), &format!("{address}/erase"), &[]);
    assert_eq!(erased.status, 303, "{}", words_of(&erased.body));
    assert_eq!(perdita.get("/").status, 303, "her session is over");
    for (path, page) in crawl(&mut odile) {
        assert!(!page.body.contains("Quill") && !page.body.contains("quill"), "{path} still has the name");
    }
    assert!(odile.get("/audit").body.contains("a person whose name was erased"));
    for (path, bytes) in crate::contents(&desk.path("ws")) {
        assert!(!bytes.windows(5).any(|five| five.eq_ignore_ascii_case(b"quill")), "{} still has the name", path.display());
    }
    desk.ws(&["log", "verify"]).succeeds();
}

/// Changes what is kept of every session, as hours that pass would.
fn let_time_pass(desk: &Desk, key: &str, seconds: i64) {
    let database = rusqlite::Connection::open(desk.path("ws/log.sqlite")).unwrap();
    let path = if key == "until" { "$.until".to_owned() } else { format!("$.data.{key}") };
    let sql = "UPDATE record SET body = json_set(body, ?1, json_extract(body, ?1) - ?2), version = version + 1 WHERE kind = 'session'";
    assert!(database.execute(sql, rusqlite::params![path, seconds]).unwrap() > 0);
}

#[test]
fn a_session_cannot_be_planted_and_ends_by_itself() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (odile, secret) = lead(&server);
    // Somebody plants a number in the browser before its person signs in.
    let planted = "headwater=AAAAAAAAAAAAAAAAAAAAAA";
    let mut victim = Browser { host: server.host.clone(), cookie: planted.to_owned() };
    let code = code_of(&secret, 1);
    let page = victim.post("/sign-in", &[("email", "odile@office.example"), ("password", PASSWORD), ("code", &code)]);
    assert_eq!(page.status, 303, "{}", words_of(&page.body));
    assert_ne!(victim.cookie, planted);
    assert_eq!(Browser { host: server.host.clone(), cookie: planted.to_owned() }.get("/").status, 303);
    assert_eq!(victim.get("/").status, 200);
    // What the cookie holds stands in no file.
    let number = victim.cookie.split_once('=').unwrap().1.to_owned();
    for (path, bytes) in crate::contents(&desk.path("ws")) {
        assert!(!bytes.windows(number.len()).any(|window| window == number.as_bytes()), "{} has it", path.display());
    }
    // Twelve hours after signing in it is over, however busy its person was.
    let_time_pass(&desk, "began", 12 * 3_600 - 60);
    assert_eq!(victim.get("/").status, 200);
    let_time_pass(&desk, "began", 120);
    assert_eq!(victim.get("/").status, 303);
    // And an hour without a page ends one, too.
    let mut idle = Browser::at(&server);
    idle.cookie.clone_from(&odile.cookie);
    assert_eq!(idle.get("/").status, 303, "it was as old");
}

#[test]
fn an_hour_without_a_page_ends_a_session() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let_time_pass(&desk, "until", 3_500);
    assert_eq!(odile.get("/").status, 200);
    let_time_pass(&desk, "until", 3_700);
    assert_eq!(odile.get("/").status, 303);
}

#[test]
fn another_role_or_a_closed_account_ends_the_sessions_there_are() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let mut other = invite(&mut odile, "other@office.example", "lead");
    let people = odile.get("/people").body;
    let ids: Vec<String> = pieces(&people, "<a href=\"/people/", "\"").into_iter().filter(|id| id.starts_with("p-")).map(str::to_owned).collect();
    let id = ids.iter().find(|id| odile.get(&format!("/people/{id}")).body.contains("other@office.example")).unwrap();
    let page = format!("/people/{id}");
    odile.fill(&page, &format!("{page}/role"), &[("role", "read-only")]).leads();
    assert_eq!(other.get("/").status, 303, "what was a lead's session is over");
    let closed = odile.submit(&page, &format!("{page}/close"), &[]);
    assert_eq!(closed.status, 303, "{}", words_of(&closed.body));
}

#[test]
fn behind_a_certificate_cookies_travel_protected_and_only_that_name_is_served() {
    let desk = Desk::with_workspace();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let options = ["--port", port.as_str(), "--address", "https://office.example"];
    let server = Server::start_by(Command::new(env!("CARGO_BIN_EXE_headwater")), &desk, "ws", &options);
    let link = server.first.clone().unwrap();
    let path = link.strip_prefix("https://office.example").unwrap();
    let mut browser = Browser { host: format!("127.0.0.1:{port}"), cookie: String::new() };
    let host = ("Host", "office.example");
    let page = browser.ask("GET", path, &[host], b"");
    let secret = between(&page.body, "<p class=\"secret\">", "</p>").unwrap();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("name", "Odile Marchmont"), ("email", "odile@office.example"), ("password", PASSWORD), ("code", &code_of(&secret, 0))])
        .finish();
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let page = browser.ask("POST", path, &[host, kind], body.as_bytes());
    assert_eq!(page.status, 303, "{}", words_of(&page.body));
    let cookie = &page.headers["set-cookie"];
    assert!(cookie.starts_with("__Host-headwater="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(page.headers["strict-transport-security"].contains("max-age=31536000"));
    for foreign in ["elsewhere.example", "office.example.elsewhere.example", "office.example:8443", "127.0.0.1", ""] {
        let page = browser.ask("GET", "/sign-in", &[("Host", foreign)], b"");
        assert!(matches!(page.status, 400 | 421), "{foreign}: {}", page.status);
    }
    // Without a certificate it listens on this computer only.
    let refused = desk.ws(&["serve", "--port", "0", "--listen", "0.0.0.0"]);
    refused.fails(2, "would send passwords unprotected");
    desk.ws(&["serve", "--port", "0", "--address", "http://office.example"]).fails(2, "does not begin with https://");
}

#[test]
fn nobody_gets_round_the_limits_by_naming_another_computer() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    // Sixty who give other names and call themselves other computers all begin at once: who is refused is refused before a
    // password is looked at, so that no computer is too slow for it.
    let connected: Vec<TcpStream> = (0..60).map(|_| TcpStream::connect(&server.host).unwrap()).collect();
    for (n, mut stream) in connected.iter().enumerate() {
        let body = format!("email=somebody-{n}%40office.example&password=p&code=1");
        let head = format!(
            "POST /sign-in HTTP/1.1\r\nConnection: close\r\nHost: {}\r\nX-Forwarded-For: 192.0.2.{n}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            server.host,
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
    }
    let status = |mut stream: TcpStream| {
        let mut answer = String::new();
        stream.set_read_timeout(Some(Duration::from_secs(300))).unwrap();
        let _ = stream.read_to_string(&mut answer);
        answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0_u16)
    };
    let statuses: Vec<u16> = connected.into_iter().map(status).collect();
    // Forty may begin at once, and twenty more in a minute.
    let n_let_in = statuses.iter().filter(|status| **status != 429).count();
    assert!(statuses.iter().all(|status| matches!(status, 422 | 429)), "{statuses:?}");
    assert!((40..60).contains(&n_let_in), "{n_let_in} of 60: {statuses:?}");
}

#[test]
fn attempts_and_refusals_are_told_without_names_and_secrets() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let mut reader = invite(&mut odile, "reader@office.example", "read-only");
    let fields = [("email", "reader@office.example"), ("password", "a guess that is wrong"), ("code", "123456")];
    assert_eq!(Browser::at(&server).post("/sign-in", &fields).status, 422);
    assert_eq!(reader.get("/people/new").status, 403);
    assert_eq!(odile.post("/people/new", &[("token", "a guess")]).status, 403);
    assert_eq!(odile.get("/nowhere%0aForged").status, 404);
    let said = || server.said.lock().unwrap().clone();
    for words in ["an attempt to sign in failed", "no right to", "without the token of its session"] {
        until(words, || said().contains(words));
    }
    for secret in ["reader@", "a guess", "123456", "Invented Person", "\nForged"] {
        assert!(!said().contains(secret), "{secret} stands in: {}", said());
    }
    assert_eq!(odile.ask("TRACE", "/", &[], b"").status, 405);
}

#[test]
fn whoever_sends_slowly_holds_nobody_up_and_is_let_go() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    // More than the threads that serve: forms begun and never ended.
    let slow: Vec<TcpStream> = (0..30)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.host).unwrap();
            let head = format!("POST /sign-in HTTP/1.1\r\nHost: {}\r\nCookie: a=b\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=", server.host);
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let began = Instant::now();
    assert_eq!(odile.get("/").status, 200);
    assert!(began.elapsed() < Duration::from_secs(10), "slow senders hold others up");
    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(90))).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.starts_with("HTTP/1.1 4"), "it was not let go: {answer:?}");
    }
}

#[test]
fn of_two_who_approve_at_once_one_does_and_the_other_is_told() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, two, links, .. } = sent(Server::start(&desk, "ws"));
    let third = invite(&mut one, "third@office.example", "approver");
    for (round, link) in links.iter().take(5).enumerate() {
        let name = format!("{round}.txt");
        Browser::at(&server).send(link, &[], &[(&name, format!("answer {round}").as_bytes())]).leads();
        let page = format!("/documents/{round}");
        one.fill(&page, &format!("{page}/permit"), &[("permission", "publish")]).leads();
        one.fill(&page, &format!("{page}/propose"), &[]).leads();
        let order = format!("{page}/approve");
        // Both have the page open before either presses.
        let opened = [two.clone(), third.clone()].map(|mut by| {
            let form = form_of(&by.get(&page).body, &order).unwrap();
            (by, form)
        });
        let both: Vec<u16> = std::thread::scope(|scope| {
            let pressed = opened.map(|(mut by, form)| {
                let order = order.clone();
                scope.spawn(move || {
                    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                    by.post(&order, &fields).status
                })
            });
            pressed.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(both.iter().filter(|status| **status == 303).count(), 1, "{both:?}");
        assert!(both.iter().any(|status| matches!(status, 409 | 422)), "{both:?}");
    }
    let log = desk.ws(&["log", "show", "--json"]).succeeds().json();
    let approved = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["kind"].as_str().is_some_and(|kind| kind.ends_with("approved") && kind != "campaign.approved"));
    assert_eq!(approved.count(), 5, "each was approved once");
    assert_eq!(one.get(&format!("{CAMPAIGN}/grid")).status, 200);
}
