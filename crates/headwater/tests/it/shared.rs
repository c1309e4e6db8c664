//! Two programs over one log in PostgreSQL, fifty people who write at once, and a server that is stopped under them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Desk;
use crate::browser::{Browser, Server, lead, until, words_of};
use crate::keeping::empty_database;

/// A PostgreSQL server of one test, which may stop it as it likes.
struct Postgres {
    programs: PathBuf,
    folder: tempfile::TempDir,
}

impl Postgres {
    /// None where the tests have no PostgreSQL at all.
    fn start() -> Option<Self> {
        std::env::var_os("HEADWATER_TEST_POSTGRES")?;
        let found =
            Command::new("sh").args(["-c", "command -v pg_ctl || find /usr/lib/postgresql -name pg_ctl | sort -V | tail -n 1"]).output().unwrap();
        let programs = Path::new(String::from_utf8(found.stdout).unwrap().trim()).parent()?.to_owned();
        let server = Self { programs, folder: tempfile::tempdir().unwrap() };
        if is_root() {
            // PostgreSQL refuses to run as root.
            let folder = server.folder.path();
            assert!(Command::new("chown").arg("postgres").arg(folder).status().unwrap().success());
        }
        server.run("initdb", &["--username=headwater", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
        server.go();
        Some(server)
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(self.programs.join(program));
            command
        } else {
            Command::new(self.programs.join(program))
        };
        command.current_dir(self.folder.path()).arg("--pgdata").arg(self.folder.path().join("data")).args(arguments);
        let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(done.success(), "{program} {arguments:?}");
    }

    fn go(&self) {
        let options = format!("-k {} -c listen_addresses= -c fsync=off", self.folder.path().display());
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["--wait", "--options", &options, "--log", &log, "start"]);
    }

    /// Stops it as a crash would: no line is closed, no transaction is ended.
    fn crash(&self) {
        self.run("pg_ctl", &["--mode=immediate", "--wait", "stop"]);
    }

    fn address(&self) -> String {
        format!("postgres://headwater@/postgres?host={}", self.folder.path().display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        if data.join("postmaster.pid").exists() {
            self.crash();
        }
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

/// Two programs over one log, and a lead at the first.
fn two_programs(desk: &Desk) -> ([Server; 2], Browser) {
    let here = Server::start(desk, "ws");
    // A program that starts before there is an account makes a link of its own, and the one before ends.
    let (one, _) = lead(&here);
    ([here, Server::start(desk, "ws")], one)
}

/// Enters a body; whether the program said that it did.
fn enter(browser: &mut Browser, name: &str) -> bool {
    let page = browser.submit("/bodies/new", "/bodies/new", &[("name", name), ("kind", "other"), ("languages", "en")]);
    page.status == 303 && page.headers["location"].starts_with("/bodies/")
}

fn all_are_there(desk: &Desk, browser: &mut Browser, acknowledged: &[String]) {
    let bodies = browser.get("/bodies").body;
    let log = desk.ws(&["log", "show", "--json"]).succeeds().json();
    let entered: Vec<&str> = log.as_array().unwrap().iter().filter_map(|event| event["body"]["entry"]["name"].as_str()).collect();
    for name in acknowledged {
        assert!(bodies.contains(&format!(">{name}<")), "{name} is on no page: {}", words_of(&bodies));
        assert_eq!(entered.iter().filter(|entered| *entered == name).count(), 1, "{name} is in the log");
    }
    desk.ws(&["log", "verify"]).succeeds();
}

fn fifty_at_once(desk: &Desk) {
    let (servers, mut one) = two_programs(desk);
    let acknowledged = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for writer in 0..50 {
            let mut browser = one.moved(&servers[writer % 2]);
            let acknowledged = &acknowledged;
            scope.spawn(move || {
                for n in 0..3 {
                    let name = format!("Body {n} of writer {writer:02}");
                    assert!(enter(&mut browser, &name), "{name} was not taken");
                    acknowledged.lock().unwrap().push(name);
                }
            });
        }
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert_eq!(acknowledged.len(), 150);
    for server in &servers {
        let mut browser = one.moved(server);
        until("both programs show the last entry", || acknowledged.iter().all(|name| browser.get("/bodies").body.contains(&format!(">{name}<"))));
    }
    all_are_there(desk, &mut one, &acknowledged);
}

#[test]
fn fifty_people_who_write_at_once_lose_nothing() {
    fifty_at_once(&Desk::with_workspace());
}

#[test]
fn fifty_people_who_write_at_once_into_postgresql_lose_nothing() {
    let Some(address) = empty_database() else { return };
    let desk = Desk::with_workspace();
    desk.ws(&["store", "migrate", &address]).succeeds();
    fifty_at_once(&desk);
}

#[test]
fn of_two_changes_made_at_two_programs_the_second_is_told_and_nothing_is_overwritten() {
    let Some(address) = empty_database() else { return };
    let desk = Desk::with_workspace();
    desk.ws(&["store", "migrate", &address]).succeeds();
    let ([_here, there], mut one) = two_programs(&desk);
    assert!(enter(&mut one, "Before"));
    let mut other = one.moved(&there);
    until("the other program shows it", || other.get("/bodies").body.contains(">Before<"));
    let fields = |browser: &mut Browser, name: &str| -> Vec<(String, String)> {
        let mut form = crate::browser::form_of(&browser.get("/bodies/0/change").body, "/bodies/0/change").unwrap();
        form.retain(|(field, _)| field != "name" && field != "reason");
        form.extend([("name".to_owned(), name.to_owned()), ("reason".to_owned(), "a better name".to_owned())]);
        form
    };
    let (first, second) = (fields(&mut one, "The first"), fields(&mut other, "The second name"));
    let press = |browser: &mut Browser, form: &[(String, String)]| {
        browser.post("/bodies/0/change", &form.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect::<Vec<_>>())
    };
    assert_eq!(press(&mut one, &first).status, 303);
    let told = press(&mut other, &second);
    assert_eq!(told.status, 409, "{}", words_of(&told.body));
    assert!(told.body.contains("Somebody else changed this meanwhile") && told.body.contains("The second name"), "what was typed is shown");
    until("both show the first", || [&mut one, &mut other].into_iter().all(|browser| browser.get("/bodies").body.contains(">The first<")));
}

#[test]
fn nothing_acknowledged_is_lost_when_postgresql_is_stopped_under_load() {
    let Some(postgres) = Postgres::start() else { return };
    let desk = Desk::with_workspace();
    desk.ws(&["store", "migrate", &postgres.address()]).succeeds();
    let (servers, mut one) = two_programs(&desk);
    let (acknowledged, is_over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let mut browser = one.moved(&servers[writer % 2]);
            let (acknowledged, is_over) = (&acknowledged, &is_over);
            scope.spawn(move || {
                for n in 0.. {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let name = format!("Body {n} of writer {writer}");
                    if enter(&mut browser, &name) {
                        acknowledged.lock().unwrap().push(name);
                    }
                }
            });
        }
        let n_done = || acknowledged.lock().unwrap().len();
        for _ in 0..4 {
            let before = n_done();
            until("people write", || n_done() > before + 5);
            postgres.crash();
            postgres.go();
        }
        let before = n_done();
        until("it goes on", || n_done() > before + 5);
        is_over.store(true, Ordering::Relaxed);
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    eprintln!("{} entries acknowledged over four crashes", acknowledged.len());
    // While it is away a page says so, and nothing else.
    postgres.crash();
    let page = one.get("/bodies");
    assert_eq!(page.status, 500, "{}", words_of(&page.body));
    assert!(page.body.contains("There is a problem with the service") && !page.body.contains("postgres"), "{}", words_of(&page.body));
    postgres.go();
    until("it goes on by itself", || one.get("/bodies").status == 200);
    all_are_there(&desk, &mut one, &acknowledged);
}
