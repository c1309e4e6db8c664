//! The application as a browser meets it: sessions, forms, rights, headers; attacked, shared and started again.

use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::Desk;
use crate::browser::{Browser, PASSWORD, Server, between, code_of, invite, lead, until};
use crate::keeping::empty_database;

/// Every address that stands in the list of addresses, with whether it is posted to.
fn routes() -> Vec<(String, bool, bool)> {
    let source = include_str!("../../src/web.rs");
    let mut found = Vec::new();
    for line in source.split(".route(").skip(1) {
        let path = between(line, "\"", "\"").unwrap();
        let how = line.split_once(',').unwrap().1.trim_start();
        let open = how.starts_with("open") || how.starts_with("gate::open");
        let posts = !how.starts_with("page(") && !how.starts_with("open(");
        found.push((path.replace(['{', '}'], ""), posts, open));
    }
    assert!(found.len() > 60, "only {} addresses were found", found.len());
    found
}

#[test]
fn strangers_reach_the_open_pages_only_and_readers_change_nothing() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let mut reader = invite(&mut odile, "reader@office.example", "read-only");
    let token = between(&reader.get("/").body, "name=\"token\" value=\"", "\"").unwrap();
    let mut stranger = Browser::at(&server);
    for (path, posts, open) in routes() {
        if open {
            continue;
        }
        let page = stranger.get(&path);
        assert!(page.status == 303 || page.status == 405, "a stranger gets {} from {path}", page.status);
        if page.status == 303 {
            assert!(page.headers["location"].starts_with("/sign-in"), "{path}");
        }
        if posts {
            let page = stranger.post(&path, &[]);
            assert!(matches!(page.status, 303 | 429) && page.body.len() < 200, "a stranger's form to {path} gets {}", page.status);
            // Their own account is theirs to change.
            if path != "/sign-out" && !path.starts_with("/account/") {
                let page = reader.post(&path, &[("token", token.as_str())]);
                assert_eq!(page.status, 403, "a reader's form to {path}");
                assert!(page.body.contains("You do not have permission"), "{path}");
            }
        }
    }
    // Too many forms without a session are slowed down, for everybody at that computer: strangers had their share.
    assert_eq!(desk.run(&["--workspace", "ws", "log", "verify"]).code, 0);
}

#[test]
fn forms_from_elsewhere_change_nothing() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let fields = [("name", "A"), ("email", "a@office.example"), ("role", "lead")];
    for token in [None, Some(""), Some("0000000000000000000000000000000000000000")] {
        let mut all = fields.to_vec();
        all.extend(token.map(|token| ("token", token)));
        let page = odile.post("/people/new", &all);
        assert_eq!(page.status, 403);
        assert!(page.body.contains("This form is no longer good"));
    }
    let token = between(&odile.get("/people/new").body, "name=\"token\" value=\"", "\"").unwrap();
    let body = format!("token={token}&name=A&email=a%40office.example&role=lead");
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    for (name, value) in [("Origin", "https://elsewhere.example"), ("Sec-Fetch-Site", "cross-site")] {
        assert_eq!(odile.ask("POST", "/people/new", &[kind, (name, value)], body.as_bytes()).status, 403, "{name}");
    }
    assert_eq!(odile.ask("GET", "/", &[("Host", "elsewhere.example")], b"").status, 421);
    assert!(!odile.get("/people").body.contains("a@office.example"));
}

#[test]
fn every_answer_carries_what_browsers_must_hold_to() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let long = "x".repeat(5 << 20);
    let pages = [
        odile.get("/"),
        odile.get("/nowhere"),
        odile.get("/campaigns/4000000000"),
        odile.get("/campaigns/..%2f..%2fetc"),
        odile.get("/style.css"),
        odile.post("/people/new", &[("name", &long)]),
        Browser::at(&server).get("/sign-in"),
        Browser::at(&server).get("/people"),
    ];
    for page in &pages {
        let policy = &page.headers["content-security-policy"];
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")] {
            assert_eq!(page.headers[name], value);
        }
        assert!(!page.body.contains("<script"));
    }
    assert_eq!(pages.iter().map(|page| page.status).collect::<Vec<_>>(), [200, 404, 404, 404, 200, 413, 200, 303]);
    assert_eq!(pages[0].headers["cache-control"], "no-store");
}

#[test]
fn a_session_ends_when_it_should_and_a_code_is_good_once() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    // A code is of half a minute, and what follows is to happen within one.
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() % 30;
    if since > 12 {
        std::thread::sleep(std::time::Duration::from_secs(30 - since));
    }
    let (mut odile, secret) = lead(&server);
    assert!(odile.get("/sign-in").status == 303, "who is signed in needs no form");
    let before = odile.cookie.clone();
    let sign_in = |browser: &mut Browser, code: &str| {
        browser.post("/sign-in", &[("email", "ODILE@office.example"), ("password", PASSWORD), ("code", code), ("to", "//elsewhere.example")])
    };
    let mut again = Browser::at(&server);
    // The code of this half minute was used to open the account.
    assert_eq!(sign_in(&mut again, &code_of(&secret, 0)).status, 422);
    let next = code_of(&secret, 1);
    let page = sign_in(&mut again, &next);
    assert_eq!((page.status, page.headers["location"].as_str()), (303, "/"), "it never leads elsewhere");
    let cookie = &page.headers["set-cookie"];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_ne!(again.cookie, before);
    assert_eq!(sign_in(&mut Browser::at(&server), &next).status, 422, "a code is good once");
    // Signing out ends the session itself, not only the cookie.
    let stolen = Browser { host: server.host.clone(), cookie: again.cookie.clone() };
    assert_eq!(again.submit("/", "/sign-out", &[]).status, 303);
    let mut stolen = stolen;
    assert_eq!(stolen.get("/").status, 303);
    assert_eq!(odile.get("/").status, 200, "the other session goes on");
    // A cookie made up by somebody is nobody's.
    let mut invented = Browser { host: server.host.clone(), cookie: "headwater=AAAAAAAAAAAAAAAAAAAAAA".to_owned() };
    assert_eq!(invented.get("/").status, 303);
    // And whoever tries again and again is slowed down.
    let statuses: Vec<u16> = (0..12).map(|_| sign_in(&mut Browser::at(&server), "000000").status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn what_people_type_comes_out_as_text() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let page = odile.submit("/bodies/new", "/bodies/new", &[("name", hostile), ("kind", "other"), ("languages", "en"), ("aliases", hostile)]);
    assert_eq!(page.status, 303, "{}", page.body);
    for path in ["/bodies", "/bodies/0", "/bodies/0/change", "/audit", "/campaigns/new"] {
        let page = odile.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{path}");
    }
    assert!(odile.get("/bodies").body.contains("&lt;script&gt;alert(1)"));
    let paragraph = "word ".repeat(200_000);
    let page = odile.submit(
        "/campaigns/new",
        "/campaigns/new",
        &[
            ("title", "T"),
            ("purpose", &paragraph),
            ("legal_basis", "L"),
            ("plan_priority", "P"),
            ("clock", "none"),
            ("languages", "en"),
            ("policy", "closed"),
        ],
    );
    assert_eq!(page.status, 422);
    assert!(page.body.contains("at most 4000"), "it says how long it may be");
    let page = odile.submit("/campaigns/new", "/campaigns/new", &[("title", "Ask a.person@office.example"), ("purpose", "P")]);
    assert!(page.status == 422 && page.body.contains("an e-mail address"), "addresses of people stay out of the log");
}

#[test]
fn what_was_changed_meanwhile_is_not_overwritten_and_a_restart_shows_the_same() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    assert_eq!(odile.submit("/bodies", "/bodies/register", &[("register", "units-2019")]).status, 303);
    let form = odile.get("/bodies/3/change").body;
    let (token, seen) = (between(&form, "name=\"token\" value=\"", "\"").unwrap(), between(&form, "name=\"seen\" value=\"", "\"").unwrap());
    let change = |name: &'static str| {
        vec![
            ("token".to_owned(), token.clone()),
            ("seen".to_owned(), seen.clone()),
            ("name".to_owned(), name.to_owned()),
            ("kind".to_owned(), "other".to_owned()),
            ("languages".to_owned(), "en".to_owned()),
            ("reason".to_owned(), "a better name for it".to_owned()),
        ]
    };
    let send = |browser: &mut Browser, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/bodies/3/change", &fields)
    };
    assert_eq!(send(&mut odile, &change("The first name")).status, 303);
    let second = send(&mut odile, &change("The second name"));
    assert_eq!(second.status, 409);
    assert!(
        second.body.contains("Somebody else changed this meanwhile") && second.body.contains("a better name for it"),
        "what was typed is shown again"
    );
    let before = odile.get("/bodies").body;
    assert!(before.contains("The first name") && !before.contains("The second name"));
    drop(server);
    let server = Server::start(&desk, "ws");
    assert_eq!(server.first, None, "there is an account already");
    odile.host = server.host.clone();
    let strip = |page: &str| page.split("<table>").nth(1).unwrap().to_owned();
    assert_eq!(strip(&odile.get("/bodies").body), strip(&before), "sessions and pages outlive the program");
}

#[test]
fn two_programs_over_one_log_see_each_other_and_lose_nothing() {
    two_programs(&Desk::with_workspace());
}

#[test]
fn two_programs_over_one_log_in_postgresql_see_each_other_and_lose_nothing() {
    let Some(address) = empty_database() else { return };
    let desk = Desk::with_workspace();
    desk.ws(&["store", "migrate", &address]).succeeds();
    two_programs(&desk);
}

fn two_programs(desk: &Desk) {
    let here = Server::start(desk, "ws");
    let (mut odile, _) = lead(&here);
    let there = Server::start(desk, "ws");
    let mut elsewhere = Browser { host: there.host.clone(), cookie: odile.cookie.clone() };
    assert_eq!(elsewhere.get("/bodies").status, 200, "a session is good at both");
    let enter = |browser: &mut Browser, name: &str| {
        let page = browser.submit("/bodies/new", "/bodies/new", &[("name", name), ("kind", "other"), ("languages", "en")]);
        assert_eq!(page.status, 303, "{}", page.body);
    };
    enter(&mut odile, "Entered here");
    // A second on a quiet machine; tests share theirs.
    let after = until("the other program sees it", || elsewhere.get("/bodies").body.contains("Entered here"));
    eprintln!("seen by the other program after {} ms", after.as_millis());
    // Everybody writes at once, at both.
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let mut browser = Browser { host: if writer % 2 == 0 { here.host.clone() } else { there.host.clone() }, cookie: odile.cookie.clone() };
            scope.spawn(move || (0..5).for_each(|n| enter(&mut browser, &format!("Body {n} of writer {writer}"))));
        }
    });
    enter(&mut elsewhere, "The last");
    let all = elsewhere.get("/bodies").body;
    for writer in 0..8 {
        for n in 0..5 {
            assert!(all.contains(&format!("Body {n} of writer {writer}")), "an acknowledged entry is lost");
        }
    }
    assert_eq!(desk.run(&["--workspace", "ws", "log", "verify"]).code, 0);
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    let desk = Desk::with_workspace();
    let mut server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let mut acknowledged = Vec::new();
    for round in 0..6u64 {
        let mut writer = Browser { host: server.host.clone(), cookie: odile.cookie.clone() };
        let stop = std::thread::spawn({
            let pid = server.child.id();
            move || {
                std::thread::sleep(Duration::from_millis(60 + 37 * round));
                let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
            }
        });
        let mut n = 0;
        while let Ok(stream) = TcpStream::connect(&server.host) {
            drop(stream);
            let name = format!("Body {n} of round {round}");
            let form = writer.submit("/bodies/new", "/bodies/new", &[("name", &name), ("kind", "other"), ("languages", "en")]);
            if form.status == 303 && form.headers.get("location").is_some_and(|to| to.starts_with("/bodies/")) {
                acknowledged.push(name);
            }
            n += 1;
        }
        stop.join().unwrap();
        let _ = server.child.wait();
        server = Server::start(&desk, "ws");
    }
    odile.host = server.host.clone();
    let all = odile.get("/bodies").body;
    assert!(!acknowledged.is_empty());
    for name in &acknowledged {
        assert!(all.contains(name.as_str()), "{name} was acknowledged and is lost");
    }
    assert_eq!(desk.run(&["--workspace", "ws", "log", "verify"]).code, 0);
}

/// A form with so many small files.
fn parcel(n_files: usize, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    for n in 0..n_files {
        body +=
            &format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../{n}.txt\"\r\nContent-Type: text/plain\r\n\r\nPage {n}\r\n");
    }
    (body + "--b--\r\n").into_bytes()
}

#[test]
fn files_are_taken_only_where_they_belong_and_not_too_many() {
    const PARCEL: (&str, &str) = ("Content-Type", "multipart/form-data; boundary=b");
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    for path in ["/sign-in", "/upload/0000000000000000000000000000000000000000", "/upload/.."] {
        let page = Browser::at(&server).ask("POST", path, &[PARCEL], &parcel(3, &[]));
        assert!(page.status == 413 || page.status == 404, "{path} gets {}", page.status);
    }
    let token = between(&odile.get("/messages/take").body, "name=\"token\" value=\"", "\"").unwrap();
    let page = odile.ask("POST", "/messages/take", &[PARCEL], &parcel(5_000, &[("token", &token)]));
    assert!(page.status == 413 && page.body.contains("More than 200 files came at once. Nothing was kept"), "{}", page.status);
    let incoming = desk.path("ws/blobs/incoming");
    let left: Vec<_> = std::fs::read_dir(&incoming).unwrap().map(|entry| entry.unwrap().file_name()).filter(|name| name != "lock").collect();
    assert!(left.is_empty(), "{left:?}");
    let page = odile.ask("POST", "/messages/take", &[PARCEL], &parcel(3, &[("token", &token)]));
    assert_eq!(page.status, 303, "{}", page.body);
    let documents = odile.get("/documents").body;
    assert!(documents.contains("2.txt") && !documents.contains(".."), "a name leads nowhere");
    let cut = parcel(3, &[("token", &token)]);
    let page = odile.ask("POST", "/messages/take", &[PARCEL], &cut[..cut.len() - 12]);
    assert!(page.status == 413 && page.body.contains("cut off"), "{}", page.status);
}
