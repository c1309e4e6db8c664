//! A site of editions: published, superseded with a reason, written again, killed half-way.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::{Desk, contents};

/// The demo's county with its one edition.
fn county() -> Desk {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    desk
}

fn build<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["--workspace", "d/workspace", "site", "build", "--out", "d/site"], more].concat()
}

const LATER: [&str; 5] = ["--period", "2022-01..2024-06", "--no-pdf", "--date", "2025-06-10"];

fn read(desk: &Desk, path: &str) -> String {
    fs::read_to_string(desk.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn an_edition_is_superseded_with_its_reason_and_stays() {
    let desk = county();
    let before = contents(&desk.path("d/site"));
    let log = || desk.run(&["--workspace", "d/workspace", "log", "show", "--json"]).json().as_array().unwrap().len();
    let n_events = log();
    for (more, words) in [
        (&["--date", "2025-02-03", "--because", "x"][..], "an edition of 2025-02-03 already"),
        (&["--date", "2024-12-31", "--because", "x"], "2024-12-31 is before that"),
        (&["--date", "2025-06-10"], "no reason was given"),
        (&["--date", "2025-06-10", "--because", "  "], "no reason was given"),
    ] {
        desk.run(&build(&[&["--period", "2022-01..2024-06", "--no-pdf"], more].concat())).fails(2, words);
    }
    assert_eq!(desk.run(&build(&["--period", "2022-01..2024-06", "--date", "2025-02-30"])).code, 2);
    assert_eq!(desk.run(&build(&["--because", "x"])).code, 2, "a reason without an edition");
    assert!(contents(&desk.path("d/site")) == before && log() == n_events, "a refusal changes nothing");

    desk.put("d/workspace/translations/cymraeg.md", "# Asesiad\n\nMae trais yn brin.\n");
    let done = desk.run(&build(&[&LATER[..], &["--because", "Figures after June 2024 are taken back", "--json"]].concat())).succeeds().json();
    assert_eq!((done["editions"].as_array().unwrap().len(), &done["editions"][1]["date"]), (2, &"2025-06-10".into()));
    let old = read(&desk, "d/site/editions/2025-02-03/gullhaven/kinds.html");
    for words in ["Superseded: ", "10 June 2025", "Reason: Figures after June 2024 are taken back.", "../../../gullhaven/kinds.html"] {
        assert!(old.contains(words), "no {words} in {old}");
    }
    let new = read(&desk, "d/site/gullhaven/kinds.html");
    assert!(!new.contains("Superseded") && new.contains("January 2022 to June 2024") && new.contains("datetime=\"2025-06-10\""), "{new}");
    assert!(read(&desk, "d/site/editions.html").contains(done["editions"][0]["sha256"].as_str().unwrap()));
    let news = read(&desk, "d/site/whats-new.html");
    assert!(news.contains("Figures that say something else") && news.contains("Before: "), "{news}");
    assert!(read(&desk, "d/site/cymraeg.html").contains("<html lang=\"cy\">"));
    // What the first edition offered is still there, byte for byte, and the log answers for both.
    let kept = |path: &str| before.iter().find(|(it, _)| it.ends_with(path)).map(|(_, bytes)| bytes.clone()).unwrap();
    assert_eq!(fs::read(desk.path("d/site/editions/2025-02-03/gullhaven/crime-types.csv")).unwrap(), kept("d/site/gullhaven/crime-types.csv"));
    desk.run(&["--workspace", "d/workspace", "log", "verify"]).succeeds();

    let whole = contents(&desk.path("d/site"));
    fs::remove_dir_all(desk.path("d/site")).unwrap();
    desk.run(&build(&[])).succeeds();
    assert!(contents(&desk.path("d/site")) == whole, "a site is written again with the same bytes");

    // An edition that was changed behind our back is noticed, and is not published again.
    let sha256 = done["editions"][0]["sha256"].as_str().unwrap();
    let blob = desk.path(&format!("d/workspace/blobs/{}/{}", &sha256[..2], &sha256[2..]));
    let mut bytes = fs::read(&blob).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&blob, bytes).unwrap();
    desk.run(&["--workspace", "d/workspace", "log", "verify"]).fails(10, "the edition of 2025-02-03");
    desk.run(&build(&[])).fails(10, "the edition of 2025-02-03");
    assert!(contents(&desk.path("d/site")) == whole);
}

#[test]
fn every_exhibit_and_every_key_figure_leads_to_what_it_counts() {
    let desk = county();
    let root = desk.path("d/site");
    let (mut n_exhibits, mut n_figures) = (0, 0);
    let leads = |page: &std::path::Path, piece: &str| {
        let address = piece.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).find(|address| address.contains("measures/"));
        address.is_some_and(|address| page.parent().unwrap().join(address).is_file())
    };
    for (path, bytes) in contents(&root) {
        if path.extension().is_none_or(|ending| ending != "html") || path.strip_prefix(&root).unwrap().starts_with("measures") {
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        for piece in page.split("class=\"exhibit\"").skip(1) {
            n_exhibits += 1;
            assert!(leads(&path, piece), "{}: {}", path.display(), piece.chars().take(200).collect::<String>());
        }
        for list in page.split("<dl class=\"figures\">").skip(1) {
            for name in list.split("</dl>").next().unwrap().split("<dt>").skip(1) {
                n_figures += 1;
                assert!(leads(&path, name.split("</dt>").next().unwrap()), "{}: {name}", path.display());
            }
        }
    }
    assert!(n_exhibits > 100 && n_figures > 20, "{n_exhibits} and {n_figures}");
    // On the first page the names lead there once: each area has the same.
    let home = read(&desk, "d/site/index.html");
    let lists = home.split("<dl class=\"key-figures\">").skip(1).filter_map(|rest| rest.split("</dl>").next());
    let names = lists.flat_map(|list| list.split("<dt>").skip(1)).filter_map(|rest| rest.split("</dt>").next()).filter(|name| !name.contains('<'));
    let names: Vec<&str> = names.collect();
    assert!(!names.is_empty() && names.iter().all(|name| home.contains(&format!("\">{name}</a></dt>"))), "{names:?}");
}

#[test]
fn without_an_edition_or_a_folder_of_its_own_there_is_no_site() {
    let desk = Desk::with_workspace();
    desk.ws(&["site", "build", "--out", "site"]).fails(2, "no edition was published yet");
    desk.put("papers/thesis.txt", "ten years of work");
    desk.ws(&["site", "build", "--out", "papers"]).fails(2, "something else");
    desk.ws(&["site", "build", "--out", "site", "--period", "2020-01..2020-12", "--because", "x"]).fails(2, "first edition");
    desk.put("ws/translations/deutsch.md", "# Hallo");
    desk.ws(&["site", "build", "--out", "site", "--period", "2020-01..2020-12"]).fails(11, "translations/deutsch.md is no translation");
    desk.put("ws/translations/deutsch.md", "x");
    fs::rename(desk.path("ws/translations/deutsch.md"), desk.path("ws/translations/cymraeg.pdf")).unwrap();
    desk.ws(&["site", "build", "--out", "site", "--period", "2020-01..2020-12"]).fails(11, "is not a PDF");
    assert!(!desk.path("site").exists());
}

#[test]
fn killed_at_any_moment_the_site_is_whole_and_no_edition_is_lost() {
    let desk = county();
    let one = contents(&desk.path("d/site"));
    let start = |arguments: &[&str]| desk.program().args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut n_killed = 0;
    let mut last = one.clone();
    // A fixed walk through delays; the machine adds its own chance.
    for step in 0..10_u64 {
        let mut child = start(&build(&[&LATER[..], &["--because", "More months"]].concat()));
        std::thread::sleep(Duration::from_millis(200 + step * 400));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        n_killed += usize::from(status.code().is_none());
        desk.run(&["--workspace", "d/workspace", "log", "verify"]).succeeds();
        // The site is the one before or the one after; written again, it is what the log says.
        let found = contents(&desk.path("d/site"));
        let written = desk.run(&build(&[])).succeeds();
        assert!(written.err.contains("edition"), "{}", written.err);
        let whole = contents(&desk.path("d/site"));
        assert!(found == last || found == whole, "step {step}: a site of {} files is neither of {} nor of {}", found.len(), last.len(), whole.len());
        last = whole;
        if status.code().is_some_and(|code| code != 0) {
            // The edition is there: publishing it again is refused.
            break;
        }
    }
    assert!(n_killed >= 3, "only {n_killed} runs were killed");
    if last == one {
        desk.run(&build(&[&LATER[..], &["--because", "More months"]].concat())).succeeds();
    }
    assert!(desk.path("d/site/editions/2025-06-10/index.html").is_file() && desk.path("d/site/editions/2025-02-03/index.html").is_file());
    let left: Vec<_> = fs::read_dir(desk.path("d")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".headwater")), "leftovers are swept: {left:?}");
}
