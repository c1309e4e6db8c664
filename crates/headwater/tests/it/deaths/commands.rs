//! Commands that die at each of their steps: a workspace that is made, files that are added, pages that are published, copies,
//! and the start of the application over what an earlier death left.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::watched::{Ended, Fate, How, Watch};
use super::{by_two, chosen, copy, desk, fates, undisturbed};
use crate::browser::Server;
use crate::{Desk, STREET, contents};

/// A command, and what must be so after it died.
struct Case {
    arguments: &'static [&'static str],
    /// Whether it answers for a power cut; else for the death of the program alone.
    flushes: bool,
    /// What is wrong on a desk after it died, or after it ended (`true`).
    is_wrong: fn(&Desk, bool) -> Option<String>,
}

fn fails(desk: &Desk, arguments: &[&str]) -> Option<String> {
    let done = desk.run(arguments);
    (done.code != 0).then(|| format!("{arguments:?} fails: {} {}", done.out, done.err))
}

/// What the undisturbed command left, beside the desk on which it died.
fn as_it_should_be(desk: &Desk, folder: &str) -> bool {
    let read = |folder: &str| -> Vec<_> {
        let top = desk.path(folder);
        contents(&top).into_iter().map(|(path, bytes)| (path.strip_prefix(&top).unwrap().to_owned(), bytes)).collect()
    };
    read(folder) == read(&format!("right-{folder}"))
}

const CASES: &[Case] = &[
    Case {
        arguments: &["new", "made", "--area", "kent"],
        flushes: true,
        is_wrong: |desk, ended| {
            if !desk.path("made/headwater.toml").is_file() {
                return if ended { Some("it is not made".to_owned()) } else { fails(desk, &["new", "made", "--area", "kent"]) };
            }
            fails(desk, &["--workspace", "made", "log", "verify"])
        },
    },
    Case {
        arguments: &["--workspace", "ws", "source", "add", "in"],
        flushes: true,
        is_wrong: |desk, ended| {
            let n_added = || desk.ws(&["source", "list", "--json"]).json().as_array().map_or(0, Vec::len);
            if let wrong @ Some(_) = fails(desk, &["--workspace", "ws", "log", "verify"]) {
                return wrong;
            }
            if ended && n_added() != 3 {
                return Some(format!("{} of 3 files are there", n_added()));
            }
            let again = fails(desk, &["--workspace", "ws", "source", "add", "in"]);
            let left = contents(&desk.path("ws/blobs/incoming"));
            let left: Vec<&Path> = left.iter().map(|(path, _)| path.as_path()).filter(|path| !path.ends_with("lock")).collect();
            again.or_else(|| (n_added() != 3 || !left.is_empty()).then(|| format!("added again there are {} files, and {left:?}", n_added())))
        },
    },
    Case {
        arguments: &["--workspace", "office", "campaign", "publish", "--out", "site"],
        flushes: false,
        is_wrong: |desk, ended| {
            let old = desk.path("site/old.html");
            let is_old = old.is_file();
            let _ = fs::remove_file(old);
            // But for that file the pages of before are the same.
            let is_whole = as_it_should_be(desk, "site");
            if is_old {
                fs::write(desk.path("site/old.html"), "old").unwrap();
            }
            if !is_whole || (ended && is_old) {
                return Some("the pages are neither as before nor as they should be".to_owned());
            }
            let again = fails(desk, &["--workspace", "office", "campaign", "publish", "--out", "site"]);
            again.or_else(|| (!as_it_should_be(desk, "site")).then(|| "published again they are not as they should be".to_owned()))
        },
    },
    Case {
        arguments: &["--workspace", "office", "store", "backup", "copy"],
        flushes: false,
        is_wrong: |desk, ended| {
            if !desk.path("copy").exists() {
                return if ended { Some("there is no copy".to_owned()) } else { fails(desk, &["--workspace", "office", "store", "backup", "copy"]) };
            }
            fails(desk, &["store", "restore", "copy", "again"])
        },
    },
    Case {
        arguments: &["store", "restore", "right-copy", "again"],
        flushes: false,
        is_wrong: |desk, ended| {
            if !desk.path("again").exists() {
                return if ended { Some("nothing is restored".to_owned()) } else { fails(desk, &["store", "restore", "right-copy", "again"]) };
            }
            fails(desk, &["--workspace", "again", "log", "verify"])
        },
    },
    Case {
        arguments: &["--workspace", "office", "serve", "--port", "0"],
        flushes: true,
        is_wrong: |desk, _| {
            drop(Server::start(desk, "office"));
            fails(desk, &["--workspace", "office", "log", "verify"])
        },
    },
];

/// Runs a command on a desk, watched from its first step; an application until it serves.
#[allow(clippy::zombie_processes, reason = "who watches it waits for it")]
fn run(desk: &Desk, arguments: &[&str], fate: Option<Fate>) -> Ended {
    let mut stopped = Command::new("sh");
    stopped.args(["-c", "kill -STOP $$; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_headwater")]).args(arguments).current_dir(desk.path("."));
    let mut child = stopped.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stat = format!("/proc/{}/stat", child.id());
    while !fs::read_to_string(&stat).unwrap().contains(") T ") {
        std::thread::sleep(Duration::from_millis(1));
    }
    let watch = Watch::begin(child.id(), &fs::canonicalize(desk.path(".")).unwrap(), fate);
    let serves = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok).any(|line| line.starts_with("Serving"));
    if serves {
        return watch.end();
    }
    let _ = child.stdout.take().unwrap().read_to_end(&mut Vec::new());
    watch.died()
}

#[test]
fn a_command_that_dies_at_any_of_its_steps_has_done_all_or_nothing_and_can_be_given_again() {
    let (top, base) = (desk(), desk());
    undisturbed(&top);
    copy(&top.path("ws"), &base.path("office"));
    base.run(&["new", "ws", "--area", "sussex"]).succeeds();
    for month in ["2020-09", "2020-10", "2020-11"] {
        base.put(&format!("in/{month}.csv"), STREET.replace("2020-10", month));
    }
    base.run(&["--workspace", "office", "store", "backup", "right-copy"]).succeeds();
    base.run(&["--workspace", "office", "campaign", "publish", "--out", "right-site"]).succeeds();
    base.run(&["--workspace", "office", "campaign", "publish", "--out", "site"]).succeeds();
    base.put("site/old.html", "old");
    let at_work = |case: &Case, fate| {
        let desk = desk();
        copy(&base.path("."), &desk.path("."));
        let ended = run(&desk, case.arguments, fate);
        (desk, ended)
    };
    let mut all = Vec::new();
    for case in CASES {
        let (desk, (steps, code)) = at_work(case, None);
        assert!(code == Some(0) || case.arguments.contains(&"serve"), "{:?} fails", case.arguments);
        assert_eq!((case.is_wrong)(&desk, true), None, "{:?}", case.arguments);
        eprintln!("{:?}: {} steps", case.arguments, steps.len());
        let fates = fates(&steps).into_iter().filter(|fate| case.flushes || fate.how != How::PowerCut);
        all.extend(fates.map(|fate| (case, fate, format!("{} {}", steps[fate.at].call, steps[fate.at].to))));
    }
    let n_all = all.len();
    let chosen = chosen(all, 300);
    let (n_died, wrong) = by_two(&chosen, |(case, fate, step)| {
        let (desk, (steps, code)) = at_work(case, Some(*fate));
        let wrong = (case.is_wrong)(&desk, code == Some(0));
        wrong.map_or(Ok(steps.len() > fate.at), |words| Err(format!("{:?} at step {} ({step}), {:?}: {words}", case.arguments, fate.at, fate.how)))
    });
    eprintln!("{n_died} deaths of {n_all} of {} commands", CASES.len());
    assert!(wrong.is_empty(), "{} of {} deaths:\n{}", wrong.len(), chosen.len(), wrong.join("\n"));
    assert!(n_died * 10 > chosen.len() * 8, "it died at only {n_died} of {} steps", chosen.len());
}
