//! A copy is the workspace; a move changes where the log is and nothing else.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::config::{self, Settings};
use crate::store::log::tests::empty_database;
use crate::store::records::Put;

fn workspace(root: &Path) -> Workspace {
    let settings = Settings::new(config::register::find("sussex").unwrap().area(), "sussex-vrp");
    let ws = Workspace::create(root, &settings, &[("one.toml", "id = \"one\"\n")], "owner", Timestamp::UNIX_EPOCH).unwrap();
    let blob = ws.blobs().put(&mut "bytes of a partner".as_bytes()).unwrap();
    ws.log().append("test", json!({"sha256": blob.sha256}), "owner", Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(ws.records().put("person", "p-1", 0, "{\"name\":\"Perdita Quillfeather\"}").unwrap(), Put::Kept(1));
    ws
}

fn same_in(ws: &Workspace, other: &Workspace) {
    assert_eq!(ws.log().events().unwrap(), other.log().events().unwrap());
    assert_eq!(ws.records().all("person").unwrap(), other.records().all("person").unwrap());
    assert_eq!(ws.blobs().all().unwrap(), other.blobs().all().unwrap());
}

#[test]
fn a_copy_is_a_workspace_with_the_same_events_records_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let ws = workspace(&folder.path().join("ws"));
    fs::create_dir_all(ws.root().join("translations/cy")).unwrap();
    fs::write(ws.root().join("translations/cy/index.md"), "# Asesiad\n").unwrap();
    let copied = copy(&ws, &folder.path().join("deep/copy")).unwrap();
    assert_eq!((copied.n_events, copied.n_blobs), (2, 1));
    let other = Workspace::open(&folder.path().join("deep/copy")).unwrap();
    same_in(&ws, &other);
    assert_eq!(fs::read_to_string(other.root().join("definitions/one.toml")).unwrap(), "id = \"one\"\n");
    assert_eq!(fs::read_to_string(other.root().join("translations/cy/index.md")).unwrap(), "# Asesiad\n");
    assert_eq!(fs::metadata(other.root()).unwrap().permissions(), fs::metadata(ws.root()).unwrap().permissions());
    // Nothing half-made is left, and a second copy does not write over the first.
    assert_eq!(fs::read_dir(folder.path().join("deep")).unwrap().count(), 1);
    assert!(copy(&ws, &folder.path().join("deep/copy")).is_err());
}

#[test]
fn a_damaged_workspace_is_not_copied_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ws = workspace(&folder.path().join("ws"));
    let sha256 = ws.blobs().all().unwrap().pop().unwrap();
    fs::write(ws.root.join("blobs").join(&sha256[..2]).join(&sha256[2..]), "bytes of another").unwrap();
    let refused = copy(&ws, &folder.path().join("copy")).err().unwrap().to_string();
    assert!(refused.contains(&sha256[2..]) && refused.contains("damaged"), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_log_moves_to_postgresql_and_back_with_its_hashes() {
    let Some(address) = empty_database() else { return };
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ws");
    let ws = workspace(&root);
    let (events, head) = (ws.log().events().unwrap(), ws.log().verify(None).unwrap().unwrap());
    drop(ws);
    assert_eq!(migrate(&Workspace::open(&root).unwrap(), Some(&address)).unwrap(), 2);
    assert!(!root.join("log.sqlite").exists() && root.join("log-before-moving.sqlite").exists());
    let moved = Workspace::open(&root).unwrap();
    assert_eq!(moved.settings().store.as_ref(), Some(&address));
    assert_eq!(moved.log().events().unwrap(), events);
    assert_eq!(moved.log().verify(None).unwrap().unwrap(), head);
    moved.log().append("test", json!({}), "owner", Timestamp::UNIX_EPOCH).unwrap();

    let copied = copy(&moved, &folder.path().join("copy")).unwrap();
    assert_eq!(copied.n_events, 3);
    same_in(&moved, &Workspace::open(&folder.path().join("copy")).unwrap());

    assert!(migrate(&moved, Some(&address)).is_err());
    assert_eq!(migrate(&moved, None).unwrap(), 3);
    let back = Workspace::open(&root).unwrap();
    assert_eq!(back.settings().store, None);
    same_in(&moved, &back);
    assert!(fs::read_dir(&root).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().starts_with(HALF_WRITTEN)));
    // The database is not empty any more, and an earlier log waits under the other name.
    assert!(migrate(&back, Some(&address)).is_err());
}

#[test]
fn only_the_line_of_the_store_changes() {
    let text = "# ours\nstore = \"old\"\n\n[area]\nslug = \"x\" # mine\nstore = \"a field of another part\"\n";
    let with = with_store(text, Some("postgres://a@localhost/b"));
    assert_eq!(with, "store = \"postgres://a@localhost/b\"\n# ours\n\n[area]\nslug = \"x\" # mine\nstore = \"a field of another part\"\n");
    assert_eq!(with_store(&with, None), "# ours\n\n[area]\nslug = \"x\" # mine\nstore = \"a field of another part\"\n");
}
