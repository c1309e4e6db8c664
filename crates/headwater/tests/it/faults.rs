//! The program is killed at many moments, and the disk is full: what was acknowledged is there, and nothing is half there.

use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::Desk;
use crate::browser::{Browser, Server, form_of, lead, until, words_of};
use crate::campaign::{Sent, sent};

/// Enters a body; whether the program said that it did.
fn enter(browser: &mut Browser, name: &str) -> bool {
    let page = browser.submit("/bodies/new", "/bodies/new", &[("name", name), ("kind", "other"), ("languages", "en")]);
    page.status == 303 && page.headers.get("location").is_some_and(|to| to.starts_with("/bodies/"))
}

#[test]
fn nothing_acknowledged_is_lost_at_two_hundred_moments_of_death() {
    let desk = Desk::with_workspace();
    let mut server = Server::start(&desk, "ws");
    let (mut one, _) = lead(&server);
    let acknowledged = Mutex::new(Vec::new());
    // A fixed walk through moments, so that a failure can be had again; the machine adds its own chance.
    let mut moment: u64 = 7;
    for round in 0..200 {
        moment = (moment * 37 + 11) % 61;
        std::thread::scope(|scope| {
            for writer in 0..2 {
                let (mut browser, acknowledged) = (one.moved(&server), &acknowledged);
                scope.spawn(move || {
                    for n in 0..1_000 {
                        let name = format!("Body {n} of writer {writer} in round {round:03}");
                        if enter(&mut browser, &name) {
                            acknowledged.lock().unwrap().push(name);
                        } else {
                            break;
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(moment));
            server.kill();
        });
        server = Server::start(&desk, "ws");
        assert_eq!(server.first, None, "the account is there");
        if round % 20 == 19 {
            desk.ws(&["log", "verify"]).succeeds();
        }
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    eprintln!("{} entries acknowledged over 200 deaths", acknowledged.len());
    assert!(acknowledged.len() > 20, "only {} entries were acknowledged", acknowledged.len());
    let all = one.moved(&server).get("/bodies").body;
    one = one.moved(&server);
    for name in &acknowledged {
        assert_eq!(all.matches(&format!(">{name}<")).count(), 1, "{name} was acknowledged");
    }
    assert_eq!(one.get("/audit").status, 200);
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn files_that_a_body_leaves_are_whole_or_can_be_left_again_whenever_the_program_dies() {
    let desk = Desk::with_workspace();
    let Sent { mut server, mut one, links, .. } = sent(Server::start(&desk, "ws"));
    let files: Vec<(String, Vec<u8>)> = (0..12).map(|n| (format!("part-{n}.txt"), format!("page {n}\n").repeat(2_000 + n).into_bytes())).collect();
    let (mut n_left, mut n_cut) = (0, 0);
    for (round, link) in links.iter().enumerate() {
        let mut body = Browser::at(&server);
        std::thread::scope(|scope| {
            let parcel: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            let sending = scope.spawn(move || body.send(link, &[], &parcel).status == 303);
            std::thread::sleep(Duration::from_millis(25 * round as u64));
            server.kill();
            n_left += usize::from(sending.join().unwrap());
        });
        server = Server::start(&desk, "ws");
        let mut page = Browser::at(&server).get(link);
        if page.body.contains("Your files are being taken in") {
            // Ten minutes pass, and nobody was told that they arrived.
            n_cut += 1;
            let database = rusqlite::Connection::open(desk.path("ws/log.sqlite")).unwrap();
            let sql = "UPDATE record SET body = json_set(body, '$.begun', json_extract(body, '$.begun') - 600), version = version + 1
                WHERE kind = 'upload' AND json_extract(body, '$.begun') IS NOT NULL";
            assert_eq!(database.execute(sql, []).unwrap(), 1);
            page = Browser::at(&server).get(link);
        }
        let again = page.body.contains("Leave these files");
        assert!(again || page.body.contains("Your files arrived"), "{}", words_of(&page.body));
        if again {
            let parcel: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            Browser::at(&server).send(link, &[], &parcel).leads();
        }
    }
    eprintln!("{n_left} of {} parcels had arrived; {n_cut} were cut while they were taken in", links.len());
    one = one.moved(&server);
    // Every body's files are all there, and each was looked into.
    for recipient in 0..links.len() {
        let page = one.get(&format!("/recipients/{recipient}")).body;
        for (name, _) in &files {
            assert!(page.contains(name.as_str()), "recipient {recipient} lacks {name}: {}", words_of(&page));
        }
    }
    until("all documents were looked into", || {
        let documents = one.get("/documents").body;
        documents.contains("nothing was found") && !documents.contains("not looked at yet") && !documents.contains("being looked at")
    });
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn on_a_full_disk_a_page_says_so_and_what_was_acknowledged_stays() {
    let desk = Desk::with_workspace();
    drop(Server::start(&desk, "ws"));
    // No file may grow beyond this: what a full disk does to whoever writes, without one.
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 3000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_headwater")]);
    let server = Server::start_by(limited, &desk, "ws", &["--port", "0"]);
    let (mut one, _) = lead(&server);
    let purpose = "word ".repeat(700);
    let (mut acknowledged, mut refused) = (Vec::new(), None);
    for n in 0..2_000 {
        let name = format!("Campaign {n}");
        let form = form_of(&one.get("/campaigns/new").body, "/campaigns/new").unwrap_or_default();
        let own = [("title", name.as_str()), ("purpose", &purpose), ("plan_priority", "Prevention"), ("clock", "none")];
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.retain(|(name, _)| !own.iter().any(|(one, _)| one == name));
        fields.extend(own);
        let page = one.post("/campaigns/new", &fields);
        if page.status != 303 {
            refused = Some(page);
            break;
        }
        acknowledged.push(name);
    }
    let page = refused.expect("the disk was never full");
    assert_eq!(page.status, 500, "{}", words_of(&page.body));
    assert!(page.body.contains("There is a problem with the service") && page.body.contains("look whether it was done"), "{}", words_of(&page.body));
    assert!(acknowledged.len() > 10);
    // The pages that only show something are still shown, if those who ask can be looked up.
    assert!(matches!(one.get("/campaigns").status, 200 | 500));
    drop(server);
    let server = Server::start(&desk, "ws");
    one = one.moved(&server);
    let all = one.get("/campaigns").body;
    for name in &acknowledged {
        assert!(all.contains(&format!(">{name}<")), "{name} was acknowledged");
    }
    assert!(enter(&mut one, "There is room again"));
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn a_program_that_is_told_to_end_ends_what_was_begun() {
    let desk = Desk::with_workspace();
    let mut server = Server::start(&desk, "ws");
    let (mut one, _) = lead(&server);
    assert!(enter(&mut one, "Before the end"));
    let told = Command::new("kill").args(["-INT", &server.child.id().to_string()]).stdout(Stdio::null()).status().unwrap();
    assert!(told.success());
    until("it ended", || server.child.try_wait().unwrap().is_some_and(|status| status.success()));
    let server = Server::start(&desk, "ws");
    assert!(one.moved(&server).get("/bodies").body.contains(">Before the end<"));
}

/// Appends an event of another hour, as a clock that went wrong would have it.
fn append_at(desk: &Desk, at: &str) {
    let database = rusqlite::Connection::open(desk.path("ws/log.sqlite")).unwrap();
    let last = "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1";
    let (seq, before): (i64, String) = database.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let (seq, actor, kind, body) = ((seq + 1).to_string(), "owner", "audit.exported", r#"{"what":"grid"}"#);
    let mut hash = Sha256::new_with_prefix("headwater event 1\n");
    for field in [&seq, at, actor, kind, body, &before] {
        hash.update(format!("{}:{field}\n", field.len()));
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    database.execute(sql, rusqlite::params![seq.parse::<i64>().unwrap(), at, actor, kind, body, before, hash]).unwrap();
}

#[test]
fn a_clock_that_was_ahead_and_is_set_back_stops_nobody_and_breaks_no_chain() {
    let desk = Desk::with_workspace();
    let Sent { mut server, mut one, links, .. } = sent(Server::start(&desk, "ws"));
    let grid = one.get("/campaigns/0/grid.csv").body;
    append_at(&desk, "2031-01-01T00:00:00.000000Z");
    desk.ws(&["log", "verify"]).succeeds();
    // Orders, files and pages go on, at a time before the last entry's.
    assert!(enter(&mut one, "After the clock was set back"));
    Browser::at(&server).send(&links[2], &[], &[("a.txt", b"an answer")]).leads();
    for path in ["/", "/audit", "/documents", "/campaigns/0/grid", "/reminders"] {
        assert_eq!(one.get(path).status, 200, "{path}");
    }
    server.kill();
    let server = Server::start(&desk, "ws");
    let mut one = one.moved(&server);
    assert!(one.get("/bodies").body.contains(">After the clock was set back<"));
    assert_eq!(one.get("/campaigns/0/grid.csv").body.lines().count(), grid.lines().count());
    desk.ws(&["log", "verify"]).succeeds();
}
