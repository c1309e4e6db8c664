//! Against storage that checks signatures and hashes, and against every way in which it may fail.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::Blobs;
use super::super::settings::{self, BlobsFile};
use super::*;
use crate::store::incoming::Incoming;

#[path = "../../../../tests/servers/storage.rs"]
mod storage;
use storage::Shelf;

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(2),
    silence: Duration::from_secs(5),
    n_attempts: 4,
    pause: Duration::from_millis(5),
    in_all: Duration::from_secs(60),
};

fn address(shelf: &Shelf, prefix: &str) -> BucketAddress {
    let file = BlobsFile {
        endpoint: Some(shelf.word("http").to_owned()),
        bucket: shelf.bucket.clone(),
        region: Some(shelf.word("region").to_owned()),
        prefix: prefix.to_owned(),
        credentials: Some(shelf.word("credentials").into()),
        ca_file: None,
    };
    settings::checked("blobs.", Path::new(""), file).unwrap()
}

fn blobs_at(address: &BucketAddress, folder: &Path, patience: Patience) -> Blobs {
    let incoming = Incoming::into_folder(folder);
    let bucket = Bucket::impatient(address, incoming.folder().to_owned(), patience);
    Blobs { incoming, place: Box::new(bucket) }
}

/// Blobs in a bucket of their own, with a folder for what is on its way.
fn blobs(name: &str) -> Option<(tempfile::TempDir, Shelf, Blobs)> {
    let shelf = Shelf::new(name, false)?;
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs_at(&address(&shelf, "office"), folder.path(), PATIENCE);
    Some((folder, shelf, blobs))
}

fn bytes_of(blobs: &Blobs, sha256: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    blobs.read(sha256).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// More than two parts, and no two the same.
fn large() -> Vec<u8> {
    let n = usize::try_from(parts::PART_BYTES * 2 + 12_345).unwrap();
    (0..n).map(|n| (n ^ n >> 8 ^ n >> 17) as u8).collect()
}

#[test]
fn what_is_put_is_had_back_listed_and_destroyed() {
    let Some((folder, shelf, blobs)) = blobs("round") else { return };
    assert_eq!(blobs.all().unwrap(), [""; 0]);
    let small = blobs.put(&mut &b"abc"[..]).unwrap();
    assert!(small.was_new && small.sha256.starts_with("ba7816bf"));
    assert_eq!(shelf.objects(), [(format!("office/{}/{}", &small.sha256[..2], &small.sha256[2..]), 3)]);
    assert_eq!((bytes_of(&blobs, &small.sha256), blobs.size(&small.sha256).unwrap()), (b"abc".to_vec(), 3));
    assert!(!blobs.put(&mut &b"abc"[..]).unwrap().was_new);
    assert_eq!(shelf.seen("PUT").len(), 1, "what is there whole is not sent again");
    let empty = blobs.put(&mut &b""[..]).unwrap();
    assert_eq!(bytes_of(&blobs, &empty.sha256), b"");
    assert!(blobs.is_whole(&empty.sha256).unwrap());
    // Neither is a blob of ours.
    shelf.damage("office/notes.txt", "by hand");
    shelf.damage(&format!("{}/{}", &small.sha256[..2], &small.sha256[2..]), "in no prefix");
    assert_eq!(blobs.all().unwrap(), [small.sha256.clone(), empty.sha256.clone()]);
    blobs.destroy(&small.sha256).unwrap();
    blobs.destroy(&small.sha256).unwrap();
    blobs.destroy("").unwrap();
    assert_eq!(blobs.all().unwrap(), [empty.sha256]);
    for (told, words) in [(blobs.read(&small.sha256).err(), "is not in the bucket"), (blobs.size(&small.sha256).err(), "is not in the bucket")] {
        let problem = told.unwrap();
        assert!(problem.to_string().contains(words) && problem.exit_code() == Exit::Unreadable as u8, "{problem}");
    }
    assert!(blobs.is_whole("../../x").is_err());
    let left: Vec<_> = fs::read_dir(folder.path().join("incoming")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"], "nothing stays on this computer");
}

#[test]
fn a_large_file_goes_in_parts_and_comes_back_the_same() {
    let Some((_folder, shelf, blobs)) = blobs("parts") else { return };
    let bytes = large();
    let blob = blobs.put(&mut &*bytes).unwrap();
    assert_eq!(shelf.seen("PUT").len(), 3);
    assert_eq!(shelf.objects()[0].1, bytes.len() as u64);
    assert!(bytes_of(&blobs, &blob.sha256) == bytes && blobs.is_whole(&blob.sha256).unwrap());
    assert_eq!(shelf.unseen().1, 0);
    // Exactly one part goes whole.
    blobs.put(&mut &bytes[..usize::try_from(parts::PART_BYTES).unwrap()]).unwrap();
    assert_eq!(shelf.seen("PUT").len(), 4);
}

/// What is played, what is done under it, and whether it comes to a good end.
#[test]
fn faults_that_pass_are_waited_out() {
    let Some((_folder, shelf, blobs)) = blobs("pass") else { return };
    let kept = blobs.put(&mut &*large()).unwrap().sha256;
    let mut n = 0;
    for (fault, on) in [
        ("500", "PUT"),
        ("503", "PUT"),
        ("cut", "PUT"),
        ("cut after", "PUT"),
        ("500", "HEAD"),
        ("cut", "HEAD"),
        ("500", "GET"),
        ("503", "GET"),
        ("cut", "GET"),
        ("half", "GET"),
        ("wrong", "GET"),
        ("short", "GET"),
    ] {
        n += 1;
        let times = if matches!(fault, "wrong" | "short") { 1 } else { 3 };
        shelf.play(&json!([{"method": on, "then": fault, "times": times}]));
        let text = format!("text {n}");
        let new = blobs.put(&mut text.as_bytes()).unwrap();
        assert!(new.was_new && bytes_of(&blobs, &new.sha256) == text.as_bytes(), "{fault} on {on}");
        assert_eq!(bytes_of(&blobs, &kept).len() as u64, blobs.size(&kept).unwrap(), "{fault} on {on}");
    }
    // A line that is cut in the middle is taken up where it was.
    shelf.play(&json!([{"method": "GET", "then": "half", "times": 12}]));
    assert!(blobs.is_whole(&kept).unwrap(), "each attempt brings half of what is left");
    // Lists, too.
    for fault in ["500", "cut", "half", "nonsense"] {
        shelf.play(&json!([{"method": "GET", "then": fault, "query": "list-type", "times": 3}]));
        assert_eq!(blobs.all().unwrap().len(), n + 1, "{fault}");
    }
}

#[test]
fn every_step_of_a_large_upload_may_fail_and_pass() {
    let Some((_folder, shelf, blobs)) = blobs("steps") else { return };
    let mut bytes = large();
    for (n, (method, query, fault)) in [
        ("POST", "uploads", "503"),
        ("PUT", "partNumber=2", "500"),
        ("PUT", "partNumber=2", "cut"),
        ("PUT", "partNumber=3", "cut after"),
        ("POST", "uploadId", "500"),
        ("POST", "uploadId", "late no"),
        ("POST", "uploadId", "cut"),
        ("POST", "uploadId", "cut after"),
        ("GET", "uploads", "403"),
        ("GET", "uploads", "501"),
    ]
    .into_iter()
    .enumerate()
    {
        bytes[0] = n as u8;
        shelf.play(&json!([{"method": method, "query": query, "then": fault, "times": 2}]));
        let blob = blobs.put(&mut &*bytes).unwrap_or_else(|problem| panic!("{method} {query} {fault}: {problem}"));
        assert!(blob.was_new && blobs.is_whole(&blob.sha256).unwrap(), "{method} {query} {fault}");
        assert_eq!(shelf.unseen().1, 0, "{method} {query} {fault}");
    }
}

#[test]
fn faults_that_stay_are_sentences_and_nothing_half_done_is_seen() {
    let Some((_folder, shelf, blobs)) = blobs("stay") else { return };
    let kept = blobs.put(&mut &b"kept"[..]).unwrap().sha256;
    let secret = shelf.word("secret");
    let told = |problem: Problem, words: &str, what: &Value| {
        let text = format!("{problem} {}", miette::Diagnostic::help(&problem).map(|it| it.to_string()).unwrap_or_default());
        assert!(text.contains(words), "{what}: {text}");
        assert!(!text.contains(secret) && !text.contains("AKINVENTED") && !text.contains("Signature="), "{text}");
        assert!(miette::Diagnostic::help(&problem).is_some(), "{text}");
    };
    for (fault, words) in [
        ("500", "it answered 500 (InternalError)"),
        ("503", "it answered 503 (SlowDown)"),
        ("403", "it answered 403 (AccessDenied)"),
        ("cut", "in the bucket"),
        ("cut after", "in the bucket"),
        ("elsewhere", "the region eu-north-1"),
    ] {
        let play = json!([{"method": "PUT", "then": fault, "times": 99}]);
        shelf.play(&play);
        told(blobs.put(&mut format!("never {fault}").as_bytes()).unwrap_err(), words, &play);
        if fault != "cut after" {
            shelf.play(&json!([]));
            assert_eq!(blobs.all().unwrap(), std::slice::from_ref(&kept), "{fault}");
        } else {
            shelf.play(&json!([]));
            blobs.destroy(&hex(&Sha256::digest("never cut after"))).unwrap();
        }
        let play = json!([{"method": "PUT", "query": "partNumber=2", "then": fault, "times": 99}]);
        shelf.play(&play);
        told(blobs.put(&mut &*large()).unwrap_err(), words, &play);
        assert_eq!((shelf.objects().len(), shelf.unseen().1), (1, 0), "{fault}: no part is left");
    }
    for fault in ["500", "403", "cut", "half", "wrong", "short", "elsewhere"] {
        let play = json!([{"method": "GET", "then": fault, "times": 99}]);
        shelf.play(&play);
        let words = if matches!(fault, "wrong" | "short") { "is damaged: what is in the bucket" } else { "reading the blob" };
        told(blobs.read(&kept).unwrap_err(), words, &play);
        if matches!(fault, "wrong" | "short") {
            assert!(!blobs.is_whole(&kept).unwrap());
        }
    }
    for fault in ["nonsense", "403"] {
        let play = json!([{"method": "GET", "query": "list-type", "then": fault, "times": 99}]);
        shelf.play(&play);
        told(blobs.all().unwrap_err(), "listing the files", &play);
    }
    shelf.play(&json!([]));
    assert_eq!(bytes_of(&blobs, &kept), b"kept");
}

#[test]
fn no_request_that_was_refused_is_repeated_and_no_failure_is_repeated_for_ever() {
    let Some((_folder, shelf, blobs)) = blobs("often") else { return };
    for (fault, n_expected) in [("403", 1), ("500", 4), ("elsewhere", 1)] {
        let before = shelf.seen("PUT").len();
        shelf.play(&json!([{"method": "PUT", "then": fault, "times": 99}]));
        blobs.put(&mut &b"x"[..]).unwrap_err();
        assert_eq!(shelf.seen("PUT").len() - before, n_expected, "{fault}");
    }
}

#[test]
fn storage_that_falls_silent_is_left() {
    let Some((folder, shelf, _)) = blobs("silent") else { return };
    let patience = Patience { silence: Duration::from_millis(300), n_attempts: 3, ..PATIENCE };
    let blobs = blobs_at(&address(&shelf, "office"), folder.path(), patience);
    shelf.play(&json!([{"method": "HEAD", "then": "wait 2", "times": 99}]));
    let begun = Instant::now();
    let problem = blobs.put(&mut &b"x"[..]).unwrap_err();
    assert!(problem.to_string().contains("did not answer in time"), "{problem}");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    shelf.play(&json!([{"method": "HEAD", "then": "wait 2", "times": 2}]));
    assert!(blobs.put(&mut &b"x"[..]).unwrap().was_new);
    // Nobody at all.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let elsewhere = BucketAddress { endpoint: format!("http://{nobody}"), host: nobody.to_string(), ..address(&shelf, "") };
    let problem = blobs_at(&elsewhere, folder.path(), patience).all().unwrap_err();
    assert!(problem.to_string().contains("nobody answers there"), "{problem}");
}

#[test]
fn what_was_changed_or_lost_behind_our_back_is_told_and_mended_by_putting_it_again() {
    let Some((_folder, shelf, blobs)) = blobs("mend") else { return };
    let sha256 = blobs.put(&mut &b"as it was"[..]).unwrap().sha256;
    let key = shelf.objects()[0].0.clone();
    for wrong in ["as it isn", "shorter"] {
        shelf.damage(&key, wrong);
        assert!(!blobs.is_whole(&sha256).unwrap());
        let problem = blobs.read(&sha256).unwrap_err();
        assert!(problem.to_string().contains("is damaged") && problem.exit_code() == Exit::Findings as u8, "{problem}");
        assert!(blobs.put(&mut &b"as it was"[..]).unwrap().was_new);
        assert_eq!(bytes_of(&blobs, &sha256), b"as it was");
    }
}

#[test]
fn what_is_destroyed_is_gone_in_every_version() {
    let Some(shelf) = Shelf::new("versions", true) else { return };
    let folder = tempfile::tempdir().unwrap();
    let blobs = blobs_at(&address(&shelf, ""), folder.path(), PATIENCE);
    let sha256 = blobs.put(&mut &b"twice"[..]).unwrap().sha256;
    let other = blobs.put(&mut &b"stays"[..]).unwrap().sha256;
    let key = shelf.objects().into_iter().map(|(key, _)| key).find(|key| key.ends_with(&sha256[2..])).unwrap();
    shelf.damage(&key, "another");
    assert!(blobs.put(&mut &b"twice"[..]).unwrap().was_new);
    assert_eq!(shelf.unseen().0, 4);
    shelf.play(&json!([{"method": "GET", "query": "versions", "then": "403", "times": 1}]));
    let problem = blobs.destroy(&sha256).unwrap_err();
    assert!(problem.to_string().contains("destroying the blob") && problem.exit_code() == Exit::NotPermitted as u8, "{problem}");
    blobs.destroy(&sha256).unwrap();
    assert_eq!((shelf.unseen().0, blobs.all().unwrap()), (1, vec![other.clone()]));
    // Storage that knows no versions.
    shelf.play(&json!([{"method": "GET", "query": "versions", "then": "501", "times": 1}]));
    blobs.destroy(&other).unwrap();
    assert_eq!(blobs.all().unwrap(), [""; 0]);
}

#[test]
fn uploads_that_nobody_finished_are_taken_away() {
    let Some((_folder, shelf, blobs)) = blobs("left") else { return };
    let address = address(&shelf, "office");
    let line = Line::to(&address, PATIENCE).unwrap();
    let sha256 = hex(&Sha256::digest("left"));
    let key = format!("office/{}/{}", &sha256[..2], &sha256[2..]);
    let begin = |key: &str| line.ask(&Order { method: "POST", key, query: vec![("uploads", String::new())], ..Order::default() }).unwrap();
    begin(&key);
    begin("office/not-ours");
    assert_eq!(shelf.unseen().1, 2);
    blobs.put(&mut &*large()).unwrap();
    assert_eq!(shelf.unseen().1, 2, "they may be running");
    shelf.later(23);
    blobs.put(&mut &large()[1..]).unwrap();
    assert_eq!(shelf.unseen().1, 2);
    shelf.later(2);
    blobs.put(&mut &large()[2..]).unwrap();
    assert_eq!(shelf.unseen().1, 1, "what is not ours stays");
    begin(&key);
    blobs.destroy(&sha256).unwrap();
    assert_eq!(shelf.unseen().1, 1, "what is destroyed leaves no part");
}

#[test]
fn keys_and_regions_that_are_wrong_are_sentences() {
    let Some((folder, shelf, _)) = blobs("keys") else { return };
    let good = address(&shelf, "office");
    let keys = folder.path().join("keys");
    for (text, words) in [
        ("aws_access_key_id = AKINVENTED\naws_secret_access_key = another", "SignatureDoesNotMatch"),
        ("aws_access_key_id = AKOTHER\naws_secret_access_key = another", "InvalidAccessKeyId"),
        ("aws_access_key_id = AKINVENTED", "does not hold both keys"),
    ] {
        fs::write(&keys, text).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&keys, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let blobs = blobs_at(&BucketAddress { credentials: Some(keys.clone()), ..good.clone() }, folder.path(), PATIENCE);
        let problem = blobs.all().unwrap_err();
        assert!(problem.to_string().contains(words) && !problem.to_string().contains("another"), "{problem}");
    }
    let blobs = blobs_at(&BucketAddress { region: "eu-north-1".to_owned(), ..good.clone() }, folder.path(), PATIENCE);
    let problem = blobs.all().unwrap_err();
    assert!(miette::Diagnostic::help(&problem).unwrap().to_string().contains("the region eu-west-2"), "{problem}");
    let blobs = blobs_at(&BucketAddress { bucket: "no-such-bucket".to_owned(), ..good.clone() }, folder.path(), PATIENCE);
    for problem in [blobs.all().unwrap_err(), blobs.put(&mut &b"x"[..]).unwrap_err()] {
        assert!(problem.to_string().contains("NoSuchBucket"), "{problem}");
    }
    // A token that was lent with the keys is signed, too.
    fs::write(&keys, format!("aws_access_key_id=AKINVENTED\naws_secret_access_key={}\naws_session_token=lent", shelf.word("secret"))).unwrap();
    blobs_at(&BucketAddress { credentials: Some(keys), ..good }, folder.path(), PATIENCE).put(&mut &b"x"[..]).unwrap();
}

#[test]
fn the_line_to_another_computer_is_sealed_and_its_certificate_looked_at() {
    let Some((folder, shelf, _)) = blobs("sealed") else { return };
    let endpoint = shelf.word("https").to_owned();
    let host = endpoint.trim_start_matches("https://").to_owned();
    let stranger = BucketAddress { endpoint, host, ..address(&shelf, "office") };
    let trusted = BucketAddress { ca_file: Some(shelf.word("ca_file").into()), ..stranger.clone() };
    let blobs = blobs_at(&trusted, folder.path(), PATIENCE);
    let bytes = large();
    let blob = blobs.put(&mut &*bytes).unwrap();
    assert!(bytes_of(&blobs, &blob.sha256) == bytes);
    let problem = blobs_at(&stranger, folder.path(), PATIENCE).all().unwrap_err();
    assert!(problem.to_string().contains("certificate"), "{problem}");
    // The certificate is localhost's.
    let by_number = BucketAddress {
        host: trusted.host.replace("localhost", "127.0.0.1"),
        endpoint: trusted.endpoint.replace("localhost", "127.0.0.1"),
        ..trusted
    };
    let problem = blobs_at(&by_number, folder.path(), PATIENCE).all().unwrap_err();
    assert!(problem.to_string().contains("certificate"), "{problem}");
}

#[test]
fn two_programs_that_put_the_same_at_once_both_succeed() {
    let Some((folder, shelf, _)) = blobs("both") else { return };
    let bytes = large();
    std::thread::scope(|scope| {
        for n in 0..4 {
            let (shelf, bytes, folder) = (&shelf, &bytes, folder.path().join(n.to_string()));
            scope.spawn(move || {
                let blobs = blobs_at(&address(shelf, "office"), &folder, PATIENCE);
                let blob = blobs.put(&mut &**bytes).unwrap();
                assert!(blobs.is_whole(&blob.sha256).unwrap());
            });
        }
    });
    assert_eq!((shelf.objects().len(), shelf.unseen().1), (1, 0));
}

#[test]
fn a_list_of_more_than_a_page_is_whole() {
    let Some((_folder, shelf, blobs)) = blobs("pages") else { return };
    let mut expected: Vec<String> = (0..1_005).map(|n| hex(&Sha256::digest(format!("{n}")))).collect();
    let all: Vec<usize> = (0..1_005).collect();
    crate::store::moving::files::at_once(&all, &|n| blobs.put(&mut n.to_string().as_bytes()).map(|_| ())).unwrap();
    expected.sort_unstable();
    assert_eq!(blobs.all().unwrap(), expected);
    assert_eq!(shelf.seen("PUT").len(), 1_005);
}
