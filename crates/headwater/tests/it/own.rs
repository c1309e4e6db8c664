//! One's own account: another password, another authenticator, sessions that are ended; and what a lead can reset.

use crate::Desk;
use crate::browser::{Browser, PASSWORD, Server, between, code_of, invite, join, lead, words_of};
use crate::campaign::pieces;

const NEW_PASSWORD: &str = "walnut ferry ninety cello";

/// Signs in, and says how that was answered.
fn sign_in(server: &Server, password: &str, secret: &str, steps: u64) -> (Browser, u16) {
    let mut browser = Browser::at(server);
    let code = code_of(secret, steps);
    let page = browser.post("/sign-in", &[("email", "odile@office.example"), ("password", password), ("code", &code)]);
    (browser, page.status)
}

/// The sessions that the page lists, by what is kept of them: those one can end.
fn others(browser: &mut Browser) -> Vec<String> {
    let page = browser.get("/account").body;
    let all = pieces(&page, "name=\"session\" value=\"", "\"");
    all.into_iter().filter(|key| *key != "others").map(str::to_owned).collect()
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one_and_ends_every_other_session() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, secret) = lead(&server);
    let (mut elsewhere, status) = sign_in(&server, PASSWORD, &secret, 1);
    assert_eq!((status, elsewhere.get("/").status), (303, 200));
    let mut change = |old: &str, new: &str| odile.submit("/account/password", "/account/password", &[("password", old), ("new", new)]);
    for (old, new, words) in [
        ("not my password at all", NEW_PASSWORD, "This is not your password"),
        (PASSWORD, "short", "12 characters or more"),
        (PASSWORD, "Odile Marchmont", "harder to guess"),
        (PASSWORD, PASSWORD, "another password than the one you have"),
    ] {
        let page = change(old, new);
        assert!(page.status == 422 && page.body.contains(words), "{}", words_of(&page.body));
        assert!(!page.body.contains(NEW_PASSWORD), "a password is never sent back");
    }
    let before = odile.cookie.clone();
    let page = odile.submit("/account/password", "/account/password", &[("password", PASSWORD), ("new", NEW_PASSWORD)]);
    assert_eq!(page.leads(), "/account");
    assert_ne!(odile.cookie, before, "the session goes on under another number");
    assert!(odile.get("/account").body.contains("Your password is changed"));
    assert_eq!(Browser { host: server.host.clone(), cookie: before }.get("/").status, 303, "and not under the old one");
    assert_eq!(elsewhere.get("/").status, 303, "the other session is over");
    assert_eq!(sign_in(&server, PASSWORD, &secret, 1).1, 422);
    // Too many wrong ones are slowed down, signed in or not.
    let statuses: Vec<u16> =
        (0..8).map(|_| odile.submit("/account/password", "/account/password", &[("password", "a guess"), ("new", NEW_PASSWORD)]).status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let log = odile.get("/audit").body;
    assert!(log.contains("account.password_changed") || log.contains("password"), "{}", words_of(&log));
    assert_eq!(desk.run(&["--workspace", "ws", "log", "verify"]).code, 0);
}

#[test]
fn an_authenticator_is_changed_by_who_has_the_old_one() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, secret) = lead(&server);
    let at = "/account/authenticator";
    let used = odile.submit(at, at, &[("password", PASSWORD), ("code", &code_of(&secret, 0))]);
    assert!(used.status == 422 && used.body.contains("was used before"), "{}", words_of(&used.body));
    let next = code_of(&secret, 1);
    assert_eq!(odile.submit(at, at, &[("password", "a guess that is wrong"), ("code", &next)]).status, 422);
    assert_eq!(odile.submit(at, &format!("{at}/confirm"), &[("code", "123456")]).leads(), at, "there is nothing to confirm yet");
    odile.submit(at, at, &[("password", PASSWORD), ("code", &next)]).leads();
    let shown = odile.get(at).body;
    let new = between(&shown, "<p class=\"secret\">", "</p>").unwrap();
    assert_ne!(new.replace(' ', ""), secret.replace(' ', ""));
    let wrong = odile.submit(at, &format!("{at}/confirm"), &[("code", &code_of(&secret, 2))]);
    assert!(wrong.status == 422 && wrong.body.contains("The code is not right"), "{}", words_of(&wrong.body));
    assert!(wrong.body.contains(&new), "the key stays until it is confirmed");
    // The very code: of the same secret, another would be right half a minute later.
    let code = code_of(&new, 0);
    odile.submit(at, &format!("{at}/confirm"), &[("code", &code)]).leads();
    assert!(odile.get("/account").body.contains("Your new authenticator is in use"));
    assert_eq!(sign_in(&server, PASSWORD, &secret, 1).1, 422, "the old one is nothing any more");
    let again = Browser::at(&server).post("/sign-in", &[("email", "odile@office.example"), ("password", PASSWORD), ("code", &code)]);
    assert_eq!(again.status, 422, "the code of the change was used");
    assert_eq!(sign_in(&server, PASSWORD, &new, 1).1, 303);
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it_and_no_one_elses() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, secret) = lead(&server);
    let mut reader = invite(&mut odile, "reader@office.example", "read-only");
    let mut telephone = Browser::at(&server);
    let code = code_of(&secret, 1);
    let fields = format!("email=odile%40office.example&password={}&code={code}", PASSWORD.replace(' ', "+"));
    let agent = ("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36");
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(telephone.ask("POST", "/sign-in", &[kind, agent], fields.as_bytes()).status, 303);
    let page = odile.get("/account").body;
    assert!(page.contains("Chrome on Android") && page.contains("This one") && page.contains("End all other sessions"), "{}", words_of(&page));
    assert!(!page.contains("K) AppleWebKit"), "not more than in general words");
    // Nobody ends a session of somebody else's, though they knew what is kept of it.
    let key = others(&mut odile).remove(0);
    reader.submit("/account", "/account/sessions", &[("session", &key)]).leads();
    assert_eq!(telephone.get("/").status, 200);
    odile.submit("/account", "/account/sessions", &[("session", &key)]).leads();
    assert_eq!((telephone.get("/").status, odile.get("/").status, reader.get("/").status), (303, 200, 200));
    assert!(others(&mut odile).is_empty());
}

#[test]
fn a_lead_ends_sessions_and_resets_access_by_a_link_that_works_once() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    let mut other = invite(&mut odile, "other@office.example", "analyst");
    let people = odile.get("/people").body;
    let ids: Vec<String> = pieces(&people, "<a href=\"/people/", "\"").into_iter().filter(|id| id.starts_with("p-")).map(str::to_owned).collect();
    let id = ids.iter().find(|id| odile.get(&format!("/people/{id}")).body.contains("other@office.example")).unwrap();
    let page = format!("/people/{id}");
    assert!(odile.get(&page).body.contains("1 session is open"));
    odile.submit(&page, &format!("{page}/sessions"), &[]).leads();
    assert_eq!(other.get("/").status, 303);
    let reset = odile.submit(&format!("{page}/reset"), &format!("{page}/reset"), &[]);
    let link = between(&reset.body, "<p class=\"secret\">", "</p>").unwrap();
    assert!(odile.get(&page).body.contains("their access was reset"));
    // What they may do is what it is when the link is taken up, not when it was made.
    odile.fill(&page, &format!("{page}/role"), &[("role", "read-only")]).leads();
    let mut anew = Browser::at(&server);
    join(&mut anew, &link, &[]);
    assert!(anew.get("/").body.contains("read-only"));
    assert!(Browser::at(&server).get(link.split_once(&server.host).unwrap().1).body.contains("no longer good"), "it works once");
    // A link for an account that was closed opens nothing.
    let reset = odile.submit(&format!("{page}/reset"), &format!("{page}/reset"), &[]);
    let link = between(&reset.body, "<p class=\"secret\">", "</p>").unwrap();
    assert_eq!(anew.get("/").status, 303, "resetting ends the sessions");
    odile.submit(&page, &format!("{page}/close"), &[]).leads();
    assert!(Browser::at(&server).get(link.split_once(&server.host).unwrap().1).body.contains("no longer good"));
    // A reader resets nobody; nobody resets their own.
    let mut reader = invite(&mut odile, "reader@office.example", "read-only");
    assert_eq!(reader.submit("/account", &format!("{page}/reset"), &[]).status, 403);
    let own = ids.iter().find(|other| *other != id).unwrap();
    assert_eq!(odile.submit("/account", &format!("/people/{own}/reset"), &[]).status, 422);
    assert_eq!(desk.run(&["--workspace", "ws", "log", "verify"]).code, 0);
}
