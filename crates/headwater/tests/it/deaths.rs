//! The program dies at every step by which it writes: at each write, flush, new name and answer, whole or in the middle, and with
//! the power or without. What was acknowledged is there, nothing is half there, and the program starts.
//!
//! A campaign is gone through order by order, undisturbed, and the steps of each order are counted. Then for each step the
//! office is put back to before the order, the order is given, and the program dies at that step. There are thousands of such
//! deaths; `HEADWATER_TEST_DEATHS=all` lets it die all of them, a number as many of them spread evenly.

mod commands;
mod disk;
mod orders;
mod torn;
mod watched;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use sha2::{Digest, Sha256};

use self::orders::{ORDERS, Order, Scene};
use self::watched::{Fate, How, Step, Watch};
use crate::Desk;
use crate::browser::{Browser, Server, until, words_of};

/// The deaths there are, or as many of them as were asked for, spread evenly.
fn chosen<T>(all: Vec<T>, usual: usize) -> Vec<T> {
    let asked = std::env::var("HEADWATER_TEST_DEATHS").unwrap_or_default();
    let n = if asked == "all" { all.len() } else { asked.parse().unwrap_or(usual) };
    let every = all.len().div_ceil(n.max(1)).max(1);
    // An odd stride meets all ways of dying, whose number is even.
    let every = if every > 1 { every | 1 } else { 1 };
    all.into_iter().step_by(every).collect()
}

/// The ways to die at a step.
fn fates(steps: &[Step]) -> Vec<Fate> {
    let at = |(at, step): (usize, &Step)| {
        let mut ways = vec![How::Killed, How::PowerCut];
        if step.n_bytes > 1 {
            ways.extend([How::Torn((step.n_bytes / 2 / 512 * 512).max(1)), How::Torn(step.n_bytes - 1)]);
        }
        ways.into_iter().map(move |how| Fate { at, how })
    };
    steps.iter().enumerate().flat_map(at).collect()
}

/// A desk whose folder lies in memory where there is such a place: what a disk keeps is told by [`disk`].
fn desk() -> Desk {
    let memory = Path::new("/dev/shm");
    Desk(if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap())
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What an office knows: the kinds of all events, and the grid.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    kinds: Vec<String>,
    grid: String,
}

/// A grid without the hours, which differ when the same is done again.
fn without_hours(grid: &str) -> String {
    let day = |cell: &str| if cell.ends_with('Z') && cell.get(10..11) == Some("T") { cell[..10].to_owned() } else { cell.to_owned() };
    grid.lines().map(|line| line.split(',').map(day).collect::<Vec<_>>().join(",") + "\n").collect()
}

fn events(ws: &Path) -> Vec<(String, Value)> {
    let database = rusqlite::Connection::open(ws.join("log.sqlite")).unwrap();
    let mut statement = database.prepare("SELECT kind, body FROM event ORDER BY seq").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
    rows.map(|row| row.unwrap()).map(|(kind, body)| (kind, serde_json::from_str(&body).unwrap())).collect()
}

fn known(ws: &Path, one: &mut Browser) -> Known {
    let grid = one.get("/campaigns/0/grid.csv");
    // To look at the grid is an entry of its own.
    let told = events(ws).into_iter().filter(|(kind, body)| kind != "audit.exported" || body["what"] != "grid");
    Known { kinds: told.map(|(kind, _)| kind).collect(), grid: if grid.status == 200 { without_hours(&grid.body) } else { String::new() } }
}

/// Every text of sixty-four hexadecimal digits in a value, with the name it stands under.
fn hashes<'a>(name: &'a str, value: &'a Value, out: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => out.push((name, text)),
        Value::Array(list) => list.iter().for_each(|value| hashes(name, value, out)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| hashes(name, value, out)),
        _ => {}
    }
}

fn blob(ws: &Path, hash: &str) -> PathBuf {
    ws.join("blobs").join(&hash[..2]).join(&hash[2..])
}

/// Nothing is half there: the chain holds, every blob has its hash, every blob that the log names is there.
fn is_sound(desk: &Desk) -> Result<(), String> {
    let ws = desk.path("ws");
    let done = desk.ws(&["log", "verify"]);
    if done.code != 0 {
        return Err(format!("log verify: {}", done.err));
    }
    let database = rusqlite::Connection::open(ws.join("log.sqlite")).unwrap();
    let check: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    if check != "ok" {
        return Err(format!("the database: {check}"));
    }
    for (path, bytes) in crate::contents(&ws.join("blobs")) {
        let name: String = path.strip_prefix(ws.join("blobs")).unwrap().to_str().unwrap().replace('/', "");
        if name.len() == 64 {
            let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            if hash != name {
                return Err(format!("a blob is not whole: {name}"));
            }
        } else if !name.ends_with("lock") {
            return Err(format!("a half-written file is left: {name}"));
        }
    }
    let events = events(&ws);
    let destroyed = |hash: &str| events.iter().any(|(kind, body)| kind == "document.destroyed" && body.to_string().contains(hash));
    let mut n_documents = 0;
    for (kind, body) in &events {
        let mut found = Vec::new();
        hashes("", body, &mut found);
        for (name, hash) in found {
            if ["content", "original", "letter", "evidence", "template", "values", "text"].contains(&name)
                && !blob(&ws, hash).is_file()
                && !destroyed(hash)
            {
                return Err(format!("the log names a blob that is not there: {kind} {name} {hash}"));
            }
        }
        n_documents += i64::from(kind == "document.received");
    }
    let n_names: i64 = database.query_row("SELECT count(*) FROM record WHERE kind = 'document'", [], |row| row.get(0)).unwrap();
    if n_names < n_documents { Err(format!("{n_documents} documents came, and {n_names} names of files are kept")) } else { Ok(()) }
}

/// What is known of one order, from when nothing disturbed it.
struct Gone {
    order: &'static Order,
    /// The office before it.
    folder: PathBuf,
    scene: Scene,
    before: Known,
    after: Known,
    steps: Vec<Step>,
}

/// Goes through the whole campaign undisturbed.
fn undisturbed(top: &Desk) -> Vec<Gone> {
    assert_eq!(top.run(&["new", "ws", "--area", "sussex"]).code, 0);
    let mut scene = Scene::default();
    let mut gone: Vec<Gone> = Vec::new();
    for (number, order) in ORDERS.iter().enumerate() {
        let folder = top.path(&format!("before-{number}"));
        copy(&top.path("ws"), &folder);
        let server = Server::start(top, "ws");
        scene.arrive(&server);
        let (before, at_first) = (known(&top.path("ws"), &mut scene.one), scene.clone());
        let watch = Watch::begin(server.child.id(), &top.path("ws"), None);
        let acknowledged = (order.give)(&mut scene);
        let (steps, _) = watch.end();
        drop(server);
        assert!(acknowledged, "{} was not done", order.name);
        if let Some(last) = gone.last_mut() {
            last.after = before.clone();
        }
        gone.push(Gone { order, folder, scene: at_first, after: before.clone(), before, steps });
    }
    let server = Server::start(top, "ws");
    scene.arrive(&server);
    gone.last_mut().unwrap().after = known(&top.path("ws"), &mut scene.one);
    is_sound(top).unwrap();
    gone
}

/// One death; what is wrong after it, in words.
fn die(gone: &Gone, fate: Fate) -> Result<bool, String> {
    let desk = desk();
    let ws = desk.path("ws");
    copy(&gone.folder, &ws);
    let server = Server::start(&desk, "ws");
    let mut scene = gone.scene.clone();
    scene.arrive(&server);
    let watch = Watch::begin(server.child.id(), &ws, Some(fate));
    let acknowledged = (gone.order.give)(&mut scene);
    let (steps, _) = watch.end();
    drop(server);
    let server = Server::start(&desk, "ws");
    // Who had a session before the order has one now, unless it was to end it.
    let mut back = if acknowledged { scene } else { gone.scene.clone() };
    back.arrive(&server);
    if !gone.scene.one.cookie.is_empty() {
        for path in ["/", "/messages", "/audit", "/publishing"] {
            let page = back.one.get(path);
            if page.status != 200 {
                return Err(format!("{path} answers {}: {}", page.status, words_of(&page.body)));
            }
        }
        until("all documents were looked into", || {
            let documents = back.one.get("/documents").body;
            !documents.contains("not looked at yet") && !documents.contains("being looked at")
        });
    }
    is_sound(&desk)?;
    let now = known(&ws, &mut back.one);
    if !now.kinds.starts_with(&gone.before.kinds) {
        return Err("events of before are gone".to_owned());
    }
    let (is_before, is_after) = (now.kinds == gone.before.kinds, now.kinds == gone.after.kinds);
    let new = &now.kinds[gone.before.kinds.len()..];
    if acknowledged && !is_after {
        return Err(format!("it was acknowledged, and the log has only {new:?} of it"));
    }
    if gone.order.is_whole && !is_before && !is_after {
        return Err(format!("it is half done: {new:?}"));
    }
    for (is_so, grid, words) in [(is_before, &gone.before.grid, "before"), (is_after, &gone.after.grid, "after")] {
        if is_so && now.grid != *grid {
            return Err(format!("the grid is not that of {words}: {}", now.grid));
        }
    }
    if !acknowledged && gone.order.can_be_given_again && !is_after {
        if !(gone.order.give)(&mut back) {
            return Err(format!("given again it is not done; before it there was {new:?}"));
        }
        let again = known(&ws, &mut back.one);
        if is_before && again.kinds != gone.after.kinds {
            return Err(format!("given again it came to something else: {:?}", &again.kinds[gone.before.kinds.len()..]));
        }
        is_sound(&desk)?;
    }
    Ok(steps.len() > fate.at)
}

/// Lets two work through a list, and collects what was wrong.
fn by_two<T: Sync>(all: &[T], work: impl Fn(&T) -> Result<bool, String> + Sync) -> (usize, Vec<String>) {
    let (next, n_died, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match work(one) {
                        Ok(died) => drop(n_died.fetch_add(usize::from(died), Ordering::Relaxed)),
                        Err(words) => wrong.lock().unwrap().push(words),
                    }
                }
            });
        }
    });
    (n_died.into_inner(), wrong.into_inner().unwrap())
}

#[test]
fn whichever_write_the_program_dies_at_what_was_acknowledged_is_there_and_nothing_is_half_there() {
    let top = desk();
    let gone = undisturbed(&top);
    let all: Vec<(&Gone, Fate)> = gone.iter().flat_map(|gone| fates(&gone.steps).into_iter().map(move |fate| (gone, fate))).collect();
    let n_all = all.len();
    let chosen = chosen(all, 500);
    let (n_died, wrong) = by_two(&chosen, |(gone, fate)| {
        let step = &gone.steps[fate.at];
        die(gone, *fate).map_err(|words| format!("\"{}\" at step {} ({} {}), {:?}: {words}", gone.order.name, fate.at, step.call, step.to, fate.how))
    });
    let n_steps: usize = gone.iter().map(|gone| gone.steps.len()).sum();
    eprintln!("{n_died} deaths of {n_all} at {n_steps} steps of {} orders", gone.len());
    if std::env::var_os("HEADWATER_TEST_DEATHS").is_some() {
        for gone in &gone {
            let mut calls: BTreeMap<&str, usize> = BTreeMap::new();
            gone.steps.iter().for_each(|step| *calls.entry(step.call).or_default() += 1);
            eprintln!("  {}: {calls:?}", gone.order.name);
        }
    }
    assert!(wrong.is_empty(), "{} of {} deaths:\n{}", wrong.len(), chosen.len(), wrong.join("\n"));
    assert!(n_died * 10 > chosen.len() * 8, "it died at only {n_died} of {} steps", chosen.len());
}
