//! The power goes, at any moment, many times.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::{Desk, STREET, contents};

#[test]
fn whatever_was_acknowledged_is_there_after_any_number_of_kills() {
    let desk = Desk::with_workspace();
    let n_files = 150;
    for n in 0..n_files {
        // Files large enough that a kill finds some half-written.
        desk.put(&format!("in/{n:03}.csv"), format!("{STREET}{}", format!(",2020-10,{n},,,,,,,,,\n").repeat(4_000)));
    }
    // A fixed walk through delays, so that a failure can be had again; the machine adds its own chance.
    let mut delay_ms: u64 = 7;
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let mut n_killed = 0;
    for _ in 0..40 {
        let mut child =
            desk.program().args(["--workspace", "ws", "source", "add", "in"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        delay_ms = (delay_ms * 37 + 11) % 97;
        std::thread::sleep(Duration::from_millis(5 + delay_ms));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        n_killed += usize::from(status.code().is_none());
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            acknowledged.extend(line.unwrap().split_whitespace().nth(1).map(str::to_owned));
        }
        let log = desk.ws(&["log", "show", "--json"]).succeeds().json();
        let logged: Vec<String> = log.as_array().unwrap().iter().filter_map(|event| event["body"]["sha256"].as_str().map(str::to_owned)).collect();
        desk.ws(&["log", "verify"]).succeeds();
        for hash in &acknowledged {
            assert!(logged.iter().any(|it| it.starts_with(hash.as_str())), "{hash} was acknowledged and is gone");
        }
        assert_eq!(logged.iter().collect::<BTreeSet<_>>().len(), logged.len(), "no file was added twice");
        if status.success() {
            break;
        }
    }
    assert!(n_killed >= 5, "only {n_killed} runs were killed: the files are too few for this machine");
    desk.ws(&["source", "add", "in"]).succeeds();
    assert_eq!(desk.ws(&["source", "list", "--json"]).succeeds().json().as_array().unwrap().len(), n_files);
    desk.ws(&["log", "verify"]).succeeds();
    let left = contents(&desk.path("ws/blobs/incoming"));
    assert!(left.iter().all(|(path, _)| path.ends_with("lock")), "leftovers are swept: {left:?}");
}

#[test]
fn a_workspace_killed_while_it_is_made_is_made_or_can_be_made_again() {
    let desk = Desk::empty();
    for n in 0..30_u64 {
        let name = format!("ws{n}");
        let mut child = desk.program().args(["new", &name, "--area", "kent"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(n * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        let is_made = desk.path(&name).join("headwater.toml").is_file();
        if !is_made {
            desk.run(&["new", &name, "--area", "kent"]).succeeds();
        }
        desk.run(&["--workspace", &name, "log", "verify"]).succeeds();
        let left = contents(&desk.path(&name));
        assert!(is_made || left.iter().all(|(path, _)| !path.to_string_lossy().contains("/.headwater-")), "{left:?}");
        assert_eq!(desk.run(&["--workspace", &name, "log", "show", "--json"]).json().as_array().unwrap().len(), 1);
    }
}

#[test]
fn two_commands_at_once_make_one_chain() {
    let desk = Desk::with_workspace();
    for n in 0..40 {
        desk.put(&format!("in/{n:02}.csv"), STREET.replace("2020-10", &format!("2020-{:02}", n % 12 + 1)).replace("Adur 001A", &format!("Adur {n}")));
    }
    let children: Vec<_> = (0..3)
        .map(|_| desk.program().args(["--workspace", "ws", "source", "add", "in"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    desk.ws(&["log", "verify"]).succeeds();
    let list = desk.ws(&["source", "list", "--json"]).succeeds().json();
    let hashes: BTreeSet<&str> = list.as_array().unwrap().iter().map(|extract| extract["sha256"].as_str().unwrap()).collect();
    assert_eq!((hashes.len(), list.as_array().unwrap().len()), (40, 40));
    assert!(fs::read_dir(desk.path("ws/blobs/incoming")).unwrap().count() <= 1);
}
