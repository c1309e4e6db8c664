//! Counts that leave: checked, proposed, cleared by a second person, and remembered by the next release.

use std::collections::BTreeMap;
use std::fs;

use sha2::{Digest, Sha256};

use crate::{Desk, contents};

/// Assaults by district and age, with the totals: North under 18 is small, and what would give it away is not.
const BY_AGE: &str = "area,age,count\n\
North,under 18,3\nNorth,18 and over,47\nNorth,All,50\n\
South,under 18,22\nSouth,18 and over,61\nSouth,All,83\n\
West,under 18,19\nWest,18 and over,30\nWest,All,49\n\
All,under 18,44\nAll,18 and over,138\nAll,All,182\n";

fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["release", "check", "by-age.csv", "--rule", "suppress-exact", "--measure", "Assaults"], more].concat()
}

/// The counts of a table as they left, by their categories.
fn left(desk: &Desk, path: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(desk.path(path)).unwrap();
    text.lines().skip(1).filter_map(|line| line.rsplit_once(',')).map(|(key, n)| (key.to_owned(), n.to_owned())).collect()
}

fn id(desk: &Desk) -> String {
    let all = desk.ws(&["release", "ledger", "--json"]).succeeds().json();
    all["releases"].as_array().unwrap().last().unwrap()["release"].as_str().unwrap().to_owned()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn two_people_let_a_release_go_and_small_counts_stay() {
    let desk = Desk::with_workspace();
    desk.put("by-age.csv", BY_AGE);
    let seen = desk.ws(&check(&["--json"])).succeeds().json();
    assert_eq!((&seen["n_hidden"], &seen["n_hidden_to_protect"]), (&1.into(), &3.into()), "{seen}");
    assert_eq!((&seen["attack"]["n_proven"], &seen["attack"]["n_worked_out"]), (&1.into(), &0.into()));
    assert_eq!(seen["redesigns"][0]["without"], "age");
    assert_eq!(desk.ws(&["release", "ledger", "--json"]).succeeds().json()["releases"].as_array().unwrap().len(), 0, "a check proposes nothing");

    desk.ws(&[&["--actor", "ann"], check(&["--propose"]).as_slice()].concat()).succeeds();
    let id = id(&desk);
    desk.ws(&["--actor", "ann", "release", "clear", &id, "--approve"]).fails(12, "ann proposed this release");
    // The second person sees the raw counts, and what a text would give away.
    desk.put("words.txt", "In North there were three victims under 18.");
    let review = desk.ws(&["--actor", "bob", "release", "clear", &id, "--text", "words.txt"]).succeeds();
    assert!(review.out.lines().any(|line| line.trim_start().starts_with("3  small") && line.contains("North, under 18")), "{}", review.out);
    assert!(review.err.contains("words.txt:1: \"three\" may be a hidden count"), "{}", review.err);
    desk.ws(&["--actor", "bob", "release", "clear", &id, "--reject", " "]).fails(2, "a reason is needed");
    desk.ws(&["--actor", "bob", "release", "clear", &id, "--approve", "--out", "out"]).succeeds();
    let left = left(&desk, "out/by-age.csv");
    assert_eq!((left["North,under 18"].as_str(), left["North,18 and over"].as_str(), left["All,All"].as_str()), ("[c]", "[c]", "182"));
    assert_eq!(left.values().filter(|n| *n == "[c]").count(), 4);
    // The id is a hash of the raw counts: a reader who has any of it tries the few values that a hidden count can have.
    for (path, bytes) in contents(&desk.path("out")) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(&id[..8]) && !text.contains(&sha256(BY_AGE.as_bytes())[..8]), "{}: {text}", path.display());
    }
    // A file that left is known by what is in it.
    let about: serde_json::Value = serde_json::from_str(&fs::read_to_string(desk.path("out/release.json")).unwrap()).unwrap();
    assert_eq!(about["tables"][0]["sha256"], sha256(&fs::read(desk.path("out/by-age.csv")).unwrap()).as_str(), "{about}");
    desk.ws(&["--actor", "bob", "release", "clear", &id, "--approve"]).fails(13, "approved already");
    desk.ws(&["log", "verify"]).succeeds();
}

#[test]
fn the_next_release_is_tied_to_the_last() {
    let desk = Desk::with_workspace();
    desk.put("by-age.csv", BY_AGE);
    desk.ws(&[&["--actor", "ann"], check(&["--propose"]).as_slice()].concat()).succeeds();
    desk.ws(&["--actor", "bob", "release", "clear", &id(&desk), "--approve", "--out", "first"]).succeeds();
    let first = left(&desk, "first/by-age.csv");

    // Another table of the same people: by age and by month. It may not give away what the first one hides.
    desk.put("by-sex.csv", "area,sex,count\nNorth,female,9\nNorth,male,41\nWest,female,20\nWest,male,29\n");
    let arguments =
        ["release", "check", "by-sex.csv", "--rule", "suppress-exact", "--measure", "Assaults", "--propose", "--actor", "ann", "--out", "second"];
    let seen = desk.ws(&arguments).succeeds();
    assert!(seen.out.contains("tied to 12 counts that left earlier"), "{}", seen.out);

    // The first release again, with a count that was hidden to protect now shown alone: the ledger forbids it.
    let hidden: Vec<&String> = first.iter().filter(|(_, n)| *n == "[c]").map(|(key, _)| key).collect();
    let raw = BY_AGE.lines().map(|line| line.rsplit_once(',').unwrap()).collect::<BTreeMap<_, _>>();
    for key in hidden.iter().filter(|key| raw[key.as_str()] != "3") {
        desk.put("one.csv", format!("area,age,count\n{key},{}\n", raw[key.as_str()]));
        let one = desk.ws(&["release", "check", "one.csv", "--rule", "suppress-exact", "--measure", "Assaults", "--out", "one"]).succeeds();
        assert_eq!(left(&desk, "one/one.csv")[key.as_str()], "[c]", "{}", one.out);
    }
    // Counted anew, a total that changed by two would tell of two people.
    desk.put("again.csv", "area,age,count\nAll,All,184\n");
    desk.ws(&["release", "check", "again.csv", "--rule", "suppress-exact", "--measure", "Assaults", "--out", "again"]).succeeds();
    assert_eq!(left(&desk, "again/again.csv")["All,All"], "[c]");
    // One that changed by many does not.
    desk.put("again.csv", "area,age,count\nAll,All,204\n");
    let again = desk.ws(&["release", "check", "again.csv", "--rule", "suppress-exact", "--measure", "Assaults", "--out", "again"]).succeeds();
    assert_eq!(left(&desk, "again/again.csv")["All,All"], "204");
    assert!(again.out.contains("2 sums with counts of an earlier edition do not fit"), "{}", again.out);
}

#[test]
fn finest_counts_that_do_not_leave_tie_tables_together() {
    // Areas by themselves, and ages by themselves: no total, and no sum in sight. Yet areas and ages count the same people.
    let desk = Desk::with_workspace();
    desk.put("areas.csv", "area,count\nNorth,3\nSouth,90\n");
    desk.put("ages.csv", "age,count\nyoung,33\nold,60\n");
    desk.put("finest.csv", "area,age,count\nNorth,young,0\nNorth,old,3\nSouth,young,33\nSouth,old,57\n");
    let more =
        ["release", "check", "areas.csv", "ages.csv", "--rule", "suppress-exact", "--measure", "Assaults", "--latent", "finest.csv", "--out", "out"];
    desk.ws(&more).succeeds();
    let hidden = |name: &str| left(&desk, name).values().filter(|n| *n == "[c]").count();
    assert_eq!(hidden("out/areas.csv") + hidden("out/ages.csv"), 2, "the 3, and one count more");
    assert!(!desk.path("out/finest.csv").exists());
}

#[test]
fn what_cannot_be_made_safe_or_cannot_be_true_is_refused() {
    let desk = Desk::with_workspace();
    desk.put("t.csv", "area,count\nNorth,3\nSouth,9\nAll,13\n");
    let with = |rule: &'static str| ["release", "check", "t.csv", "--rule", rule, "--measure", "Assaults"];
    desk.ws(&with("suppress-exact")).fails(10, "[\"All\", \"Assaults\"] along area do not add up");
    desk.ws(&with("supress-exact")).fails(2, "there is no rule on small numbers named \"supress-exact\"; there are already-public");
    desk.put("t.csv", "area,count\nNorth,-3\n");
    desk.ws(&with("suppress-exact")).fails(11, "t.csv: row 2, column count: \"-3\" is not a count");
    desk.ws(&["release", "clear", "abcdef", "--approve"]).fails(2, "no proposed release begins with");
    // Nothing of it is in the workspace.
    assert_eq!(desk.ws(&["release", "ledger", "--json"]).succeeds().json()["releases"].as_array().unwrap().len(), 0);
}

#[test]
fn a_ledger_that_was_changed_is_found_and_nothing_leaves_by_it() {
    let desk = Desk::with_workspace();
    desk.put("by-age.csv", BY_AGE);
    desk.ws(&[&["--actor", "ann"], check(&["--propose"]).as_slice()].concat()).succeeds();
    desk.ws(&["--actor", "bob", "release", "clear", &id(&desk), "--approve"]).succeeds();
    let is_ledger = |bytes: &[u8]| bytes.starts_with(b"area,age,measure,seen");
    let (path, bytes) = contents(&desk.path("ws/blobs")).into_iter().find(|(_, bytes)| is_ledger(bytes)).unwrap();
    // As if the hidden count had been shown all along.
    let forged = String::from_utf8(bytes).unwrap().replacen("[c],,", "3,3,3", 1);
    fs::remove_file(&path).unwrap();
    fs::write(&path, forged).unwrap();
    desk.ws(&check(&[])).fails(10, "a file of a release is not as it was");
    desk.ws(&["log", "verify"]).fails(10, "the ledger of a release is not as it was");
}

#[test]
fn a_rule_of_ones_own_is_kept_with_the_release() {
    let desk = Desk::with_workspace();
    desk.put("by-age.csv", BY_AGE);
    desk.put("ours.toml", "id = \"ours\"\nname = \"Ours\"\nsays_who = \"the agreement\"\nhide_up_to = 19\nrounding = \"nearest 10\"\nhide_to_protect = true\nleast_values = 5\n");
    let arguments = ["release", "check", "by-age.csv", "--rule", "ours.toml", "--measure", "Assaults", "--propose", "--actor", "ann"];
    let seen = desk.ws(&arguments).succeeds();
    assert!(seen.out.contains("Counts from 1 to 19 are hidden") && seen.out.contains("nearest 10"), "{}", seen.out);
    fs::remove_file(desk.path("ours.toml")).unwrap();
    desk.ws(&["--actor", "bob", "release", "clear", &id(&desk), "--approve", "--out", "out"]).succeeds();
    let left = left(&desk, "out/by-age.csv");
    assert_eq!((left["West,under 18"].as_str(), left["All,All"].as_str()), ("[c]", "180"));
}

#[test]
fn rounded_tables_still_add_up_and_leave_no_count_as_it_was() {
    let desk = Desk::with_workspace();
    desk.put("by-age.csv", BY_AGE);
    let arguments = ["release", "check", "by-age.csv", "--rule", "controlled-5", "--measure", "Assaults", "--propose", "--actor", "ann"];
    let seen = desk.ws(&arguments).succeeds();
    assert!(seen.out.contains("no count is further than 4 from what is shown"), "{}", seen.out);
    desk.ws(&["--actor", "bob", "release", "clear", &id(&desk), "--approve", "--out", "out"]).succeeds();
    let rounded: BTreeMap<String, u64> = left(&desk, "out/by-age.csv").into_iter().map(|(key, n)| (key, n.parse().unwrap())).collect();
    let raw: BTreeMap<&str, u64> =
        BY_AGE.lines().skip(1).map(|line| line.rsplit_once(',').unwrap()).map(|(key, n)| (key, n.parse().unwrap())).collect();
    for (key, n) in &rounded {
        assert!(n.is_multiple_of(5) && n.abs_diff(raw[key.as_str()]) < 5, "{key}: {n}");
    }
    for area in ["North", "South", "West", "All"] {
        assert_eq!(rounded[&format!("{area},under 18")] + rounded[&format!("{area},18 and over")], rounded[&format!("{area},All")]);
    }
    for age in ["under 18", "18 and over", "All"] {
        let parts: u64 = ["North", "South", "West"].iter().map(|area| rounded[&format!("{area},{age}")]).sum();
        assert_eq!(parts, rounded[&format!("All,{age}")]);
    }
    // The next edition of the same counts is rounded as this one was.
    let again = ["release", "check", "by-age.csv", "--rule", "controlled-5", "--measure", "Assaults", "--out", "again"];
    desk.ws(&again).succeeds();
    assert_eq!(fs::read(desk.path("again/by-age.csv")).unwrap(), fs::read(desk.path("out/by-age.csv")).unwrap());
}

#[test]
fn noughts_are_listed_for_the_people_who_clear_a_release_where_the_rule_asks() {
    let desk = Desk::with_workspace();
    desk.put("t.csv", "area,age,count\nNorth,young,0\nNorth,old,40\nSouth,young,30\nSouth,old,50\n");
    desk.ws(&["release", "check", "t.csv", "--rule", "acro", "--measure", "Assaults", "--propose", "--actor", "ann"]).succeeds();
    let review = desk.ws(&["--actor", "bob", "release", "clear", &id(&desk)]).succeeds();
    assert!(review.out.contains("1 nought is shown") && review.out.contains("Noughts that are shown, to be looked at:"), "{}", review.out);
    assert!(review.out.lines().any(|line| line.trim() == "North, young, Assaults"), "{}", review.out);
    assert_eq!(
        desk.ws(&["release", "check", "t.csv", "--rule", "suppress-exact", "--measure", "Assaults", "--json"]).json()["n_noughts_to_look_at"],
        0
    );
}

#[test]
fn no_hidden_count_is_in_any_output_log_or_error() {
    // Counts whose digits occur nowhere else: whatever holds them, leaked them.
    let desk = Desk::with_workspace();
    desk.put(
        "rule.toml",
        "id = \"wide\"\nname = \"Wide\"\nsays_who = \"a test\"\nhide_up_to = 900000\nrounding = \"none\"\nhide_to_protect = true\nleast_values = 5\n",
    );
    desk.put("by-age.csv", "area,age,count\nNorth,a,718273\nNorth,b,1645109\nSouth,a,1936457\nSouth,b,1827364\nNorth,All,2363382\nSouth,All,3763821\nAll,a,2654730\nAll,b,3472473\nAll,All,6127203\n");
    let arguments =
        ["release", "check", "by-age.csv", "--rule", "rule.toml", "--measure", "Assaults", "--propose", "--actor", "ann", "--out", "draft"];
    let checked = desk.ws(&arguments).succeeds();
    let id = id(&desk);
    let cleared = desk.ws(&["--actor", "bob", "release", "clear", &id, "--approve", "--out", "out"]).succeeds();
    let more = [
        desk.ws(&["release", "ledger"]),
        desk.ws(&["release", "ledger", "--json"]),
        desk.ws(&["log", "show", "--json"]),
        desk.ws(&["--actor", "bob", "release", "clear", &id, "--approve"]),
        desk.ws(&["release", "check", "by-age.csv", "--rule", "rule.toml", "--measure", "Assaults", "--json"]),
    ];
    let mut seen: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, done) in [checked, cleared].iter().chain(&more).enumerate() {
        seen.push((format!("what command {at} said"), format!("{}{}", done.out, done.err).into_bytes()));
    }
    for folder in ["draft", "out"] {
        seen.extend(contents(&desk.path(folder)).into_iter().map(|(path, bytes)| (path.display().to_string(), bytes)));
    }
    seen.push(("the log".to_owned(), fs::read(desk.path("ws/log.sqlite")).unwrap()));
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for (place, bytes) in &seen {
        // All four inner counts are hidden: the small one, and the three that would give it away.
        for hidden in ["718273", "1645109", "1936457", "1827364"] {
            assert!(!holds(bytes, hidden), "{place} holds {hidden}");
        }
    }
    assert!(seen.iter().any(|(_, bytes)| holds(bytes, "6127203")), "what is shown is found, so that what is hidden would be");
}
