//! A workspace whose files are in S3-compatible storage: moved there and back, used by two programs, killed in the middle.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use crate::browser::until;
use crate::keeping::empty_database;
use crate::{Desk, STREET, campaign, contents};

#[path = "../servers/storage.rs"]
mod server;
use server::Shelf;

/// A desk whose workspace has its files in a bucket of its own.
fn desk_with_shelf(name: &str) -> Option<(Desk, Shelf)> {
    let shelf = Shelf::new(name, false)?;
    let desk = Desk::with_workspace();
    migrate(&desk, &shelf, "ws").succeeds();
    Some((desk, shelf))
}

fn migrate(desk: &Desk, shelf: &Shelf, ws: &str) -> crate::Done {
    let place = format!("s3://{}/office", shelf.bucket);
    let storage = ["--endpoint", shelf.word("http"), "--region", shelf.word("region"), "--credentials", shelf.word("credentials")];
    desk.run(&[&["--workspace", ws, "store", "migrate", &place][..], &storage].concat())
}

fn n_extracts(desk: &Desk) -> usize {
    desk.ws(&["source", "list", "--json"]).succeeds().json().as_array().unwrap().len()
}

/// The files in a folder of blobs, by hash.
fn in_folder(desk: &Desk, folder: &str) -> BTreeSet<String> {
    let all = contents(&desk.path(folder)).into_iter().map(|(path, _)| path.strip_prefix(desk.path(folder)).unwrap().display().to_string());
    all.filter(|path| path.len() == 65).collect()
}

fn in_bucket(shelf: &Shelf) -> BTreeSet<String> {
    shelf.objects().into_iter().map(|(key, _)| key.strip_prefix("office/").unwrap().to_owned()).collect()
}

#[test]
fn files_go_to_a_bucket_and_come_back_and_every_command_works_on_them() {
    let Some(shelf) = Shelf::new("journey", false) else { return };
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    desk.ws(&["source", "add", "a.csv"]).succeeds();
    let before = in_folder(&desk, "ws/blobs");
    let said = migrate(&desk, &shelf, "ws").succeeds();
    assert!(said.out.contains("1 file is in s3://") && said.err.contains("blobs-before-moving/"), "{} {}", said.out, said.err);
    assert_eq!((in_bucket(&shelf), in_folder(&desk, "ws/blobs").len(), in_folder(&desk, "ws/blobs-before-moving")), (before.clone(), 0, before));
    fs::remove_dir_all(desk.path("ws/blobs-before-moving")).unwrap();
    let shown = desk.ws(&["config", "show"]).succeeds().out;
    assert!(shown.contains("blobs.bucket") && shown.contains(&shelf.bucket) && !shown.contains(shelf.word("secret")), "{shown}");
    // What is read, added, checked and published.
    desk.put("b.csv", STREET.replace("2020-10", "2020-11"));
    desk.ws(&["source", "add", "a.csv", "b.csv"]).succeeds();
    fs::remove_dir_all(desk.path("ws/index")).unwrap();
    desk.ws(&["source", "check"]);
    assert_eq!((n_extracts(&desk), in_bucket(&shelf).len(), in_folder(&desk, "ws/blobs").len()), (2, 2, 0));
    let head = desk.ws(&["log", "verify"]).succeeds().out.trim().to_owned();
    // A copy is whole by itself, without the storage.
    desk.ws(&["store", "backup", "copy"]).succeeds();
    assert_eq!(in_folder(&desk, "copy/blobs"), in_bucket(&shelf));
    desk.run(&["store", "restore", "copy", "again"]).succeeds();
    desk.run(&["--workspace", "again", "log", "verify", "--head", &head]).succeeds();
    assert!(!fs::read_to_string(desk.path("again/headwater.toml")).unwrap().contains("[blobs]"));
    // Another workspace may not share the place; the copy of this one may go on there.
    desk.run(&["new", "other", "--area", "kent"]).succeeds();
    migrate(&desk, &shelf, "other").fails(12, "2 files there that are not of this workspace");
    migrate(&desk, &shelf, "again").succeeds();
    // What is not there, and what is wrong.
    migrate(&desk, &shelf, "ws").fails(2, "there already");
    desk.ws(&["store", "migrate", "s3://vru", "--endpoint", "http://s3.office.example"]).fails(2, "the endpoint is");
    desk.ws(&["store", "migrate", "s3://vru"]).fails(2, "both missing");
    desk.ws(&["store", "migrate", "sqlite", "--region", "eu-west-2"]).fails(2, "takes no --endpoint");
    let (key, _) = shelf.objects().swap_remove(0);
    shelf.damage(&key, "something else");
    desk.ws(&["log", "verify"]).fails(10, "is not as it was when it was added");
    desk.ws(&["store", "backup", "damaged"]).fails(10, "is damaged");
    desk.ws(&["store", "migrate", "folder"]).fails(10, "is damaged");
    assert!(fs::read_to_string(desk.path("ws/headwater.toml")).unwrap().contains("[blobs]") && !desk.path("damaged").exists());
    desk.ws(&["source", "add", "a.csv", "b.csv"]).succeeds();
    desk.ws(&["log", "verify", "--head", &head]).succeeds();
    // And back.
    desk.ws(&["store", "migrate", "folder"]).succeeds();
    assert_eq!(in_folder(&desk, "ws/blobs"), in_bucket(&shelf));
    shelf.play(&json!([{"then": "500", "times": 1_000}]));
    desk.ws(&["log", "verify", "--head", &head]).succeeds();
    assert!(!fs::read_to_string(desk.path("ws/headwater.toml")).unwrap().contains("blobs"));
    for (path, bytes) in contents(&desk.path("ws")) {
        let secret = shelf.word("secret").as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{} holds the key", path.display());
    }
}

#[test]
fn nothing_moves_while_somebody_works_in_the_workspace() {
    let Some(shelf) = Shelf::new("busy", false) else { return };
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    desk.ws(&["source", "add", "a.csv"]).succeeds();
    let server = crate::browser::Server::start(&desk, "ws");
    migrate(&desk, &shelf, "ws").fails(12, "works in this workspace");
    assert!(shelf.objects().is_empty() && !fs::read_to_string(desk.path("ws/headwater.toml")).unwrap().contains("[blobs]"));
    drop(server);
    // And nobody works while it moves.
    shelf.play(&json!([{"method": "PUT", "then": "wait 3"}]));
    std::thread::scope(|scope| {
        let moving = scope.spawn(|| migrate(&desk, &shelf, "ws"));
        until("the upload has begun", || !shelf.seen("PUT").is_empty());
        desk.ws(&["source", "list"]).fails(1, "is being moved");
        moving.join().unwrap().succeeds();
    });
    assert_eq!(n_extracts(&desk), 1);
}

#[test]
fn files_that_did_not_arrive_whole_stay_where_they_were() {
    let Some(shelf) = Shelf::new("stays", false) else { return };
    let desk = Desk::with_workspace();
    desk.put("a.csv", STREET);
    desk.ws(&["source", "add", "a.csv"]).succeeds();
    let before = fs::read_to_string(desk.path("ws/headwater.toml")).unwrap();
    for (fault, code, words) in [("403", 12, "AccessDenied"), ("wrong", 1, "did not come back as it was written")] {
        shelf.play(&json!([{"method": "GET", "key": "office/", "then": fault, "times": 99}]));
        migrate(&desk, &shelf, "ws").fails(code, words);
        assert_eq!(fs::read_to_string(desk.path("ws/headwater.toml")).unwrap(), before);
        assert_eq!(in_folder(&desk, "ws/blobs").len(), 1);
        shelf.play(&json!([]));
        desk.ws(&["log", "verify"]).succeeds();
    }
    migrate(&desk, &shelf, "ws").succeeds();
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn an_upload_that_is_killed_leaves_nothing_to_be_seen_and_can_be_done_again() {
    let Some((desk, shelf)) = desk_with_shelf("killed") else { return };
    // Three parts.
    desk.put("large.csv", format!("{STREET}{}", format!(",2020-10,{},,,,,,,,,\n", "x".repeat(480)).repeat(80_000)));
    for step in ["partNumber=1", "partNumber=3", "uploadId"] {
        let method = if step == "uploadId" { "POST" } else { "PUT" };
        shelf.play(&json!([{"method": method, "query": step, "then": "wait 3"}]));
        let n_before = shelf.seen(method).len();
        let mut child =
            desk.program().args(["--workspace", "ws", "source", "add", "large.csv"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("the step is reached", || shelf.seen(method)[n_before..].iter().any(|(path, _)| path.contains(step)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(shelf.objects().is_empty(), "{step}");
        assert_eq!(n_extracts(&desk), 0, "{step}");
        desk.ws(&["log", "verify"]).succeeds();
        // The last one may have been done by the storage after the program died; then it is there whole.
        if step == "uploadId" {
            std::thread::sleep(Duration::from_secs(4));
        }
    }
    shelf.play(&json!([]));
    desk.ws(&["source", "add", "large.csv"]).succeeds();
    assert_eq!((n_extracts(&desk), shelf.objects().len()), (1, 1));
    desk.ws(&["log", "verify"]).succeeds();
    let left = contents(&desk.path("ws/blobs"));
    assert!(left.iter().all(|(path, _)| path.ends_with("lock")), "{left:?}");
    // A day later the next large file takes away what the killed ones left.
    assert!(shelf.unseen().1 >= 2);
    shelf.later(25);
    desk.put("other.csv", format!("{STREET}{}", format!(",2020-10,{},,,,,,,,,\n", "y".repeat(480)).repeat(40_000)));
    desk.ws(&["source", "add", "other.csv"]).succeeds();
    assert_eq!(shelf.unseen().1, 0);
}

#[test]
fn whatever_was_acknowledged_is_in_the_bucket_after_any_number_of_kills() {
    let Some((desk, shelf)) = desk_with_shelf("kills") else { return };
    let n_files = 60;
    for n in 0..n_files {
        desk.put(&format!("in/{n:02}.csv"), format!("{STREET}{}", format!(",2020-10,{n},,,,,,,,,\n").repeat(400)));
    }
    let (mut n_killed, mut delay_ms) = (0, 7_u64);
    let mut acknowledged = BTreeSet::new();
    for _ in 0..25 {
        let child = desk.program().args(["--workspace", "ws", "source", "add", "in"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.unwrap();
        delay_ms = (delay_ms * 37 + 11) % 97;
        std::thread::sleep(Duration::from_millis(20 + 2 * delay_ms));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        n_killed += usize::from(output.status.code().is_none());
        let lines = String::from_utf8(output.stdout).unwrap();
        acknowledged.extend(lines.lines().filter_map(|line| line.split_whitespace().nth(1)).map(str::to_owned));
        // Reads every file that the log names.
        desk.ws(&["log", "verify"]).succeeds();
        if output.status.success() {
            break;
        }
    }
    assert!(n_killed >= 5, "only {n_killed} runs were killed: the files are too few for this machine");
    let there: Vec<String> = in_bucket(&shelf).into_iter().map(|path| path.replace('/', "")).collect();
    for hash in &acknowledged {
        assert!(there.iter().any(|it| it.starts_with(hash.as_str())), "{hash} was acknowledged and is gone");
    }
    desk.ws(&["source", "add", "in"]).succeeds();
    assert_eq!((n_extracts(&desk), in_bucket(&shelf).len()), (n_files, n_files));
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn two_programs_on_folders_of_their_own_share_one_bucket_and_one_log() {
    let (Some(address), Some((desk, shelf))) = (empty_database(), desk_with_shelf("two")) else { return };
    desk.ws(&["store", "migrate", &address]).succeeds();
    // Another computer has the settings and the definitions, and nothing else.
    fs::create_dir(desk.path("there")).unwrap();
    fs::create_dir(desk.path("there/definitions")).unwrap();
    fs::copy(desk.path("ws/headwater.toml"), desk.path("there/headwater.toml")).unwrap();
    for entry in fs::read_dir(desk.path("ws/definitions")).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), desk.path("there/definitions").join(entry.file_name())).unwrap();
    }
    for n in 0..30 {
        desk.put(&format!("in/{n:02}.csv"), STREET.replace("2020-10", &format!("2020-{:02}", n % 12 + 1)).replace("Adur 001A", &format!("Adur {n}")));
    }
    let children: Vec<_> = ["ws", "there", "ws", "there"]
        .iter()
        .map(|ws| desk.program().args(["--workspace", ws, "source", "add", "in"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!((n_extracts(&desk), in_bucket(&shelf).len()), (30, 30));
    let here = desk.ws(&["log", "verify"]).succeeds().out;
    assert_eq!(desk.run(&["--workspace", "there", "log", "verify"]).succeeds().out, here);
    desk.run(&["--workspace", "there", "source", "check"]);
}

#[test]
fn a_whole_campaign_is_the_same_with_its_files_in_a_bucket() {
    let Some((desk, shelf)) = desk_with_shelf("campaign") else { return };
    campaign::whole(&desk);
    // The workspace was copied and restored in the end: everything had been in the bucket.
    let kept = in_bucket(&shelf);
    assert!(!kept.is_empty() && kept.is_subset(&in_folder(&desk, "again/blobs")));
}
