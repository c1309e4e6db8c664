//! What is kept in `index/` saves time and changes nothing: with it, without it, damaged or of another program.

use std::fs;
use std::path::PathBuf;

use crate::adding::{gzip, zip_of};
use crate::{Desk, STREET, contents};

/// The files of an index that hold something, in order.
fn kept(desk: &Desk, workspace: &str) -> Vec<PathBuf> {
    contents(&desk.path(workspace).join("index")).into_iter().map(|(path, _)| path).filter(|path| !path.ends_with("incoming/lock")).collect()
}

#[test]
fn an_assessment_and_an_audit_are_the_same_bytes_whatever_the_index_holds() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let files = kept(&desk, "d/workspace");
    assert!(!files.is_empty(), "street files were read as they were added");
    let whole: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();

    let told = |out: &str| {
        let checked = desk.run(&["--workspace", "d/workspace", "source", "check", "--json"]);
        desk.run(&["--workspace", "d/workspace", "assessment", "build", "--period", "2024-01..2024-12", "--no-pdf", "--out", out]).succeeds();
        let site: Vec<(PathBuf, Vec<u8>)> =
            contents(&desk.path(out)).into_iter().map(|(path, bytes)| (path.strip_prefix(desk.path(out)).unwrap().to_owned(), bytes)).collect();
        (checked.code, checked.out, site)
    };
    let with = told("with");
    assert!(with.2.len() > 50);
    let is_as_it_was =
        || assert!(kept(&desk, "d/workspace") == files && files.iter().zip(&whole).all(|(file, bytes)| fs::read(file).unwrap() == *bytes));
    is_as_it_was();

    fs::remove_dir_all(desk.path("d/workspace/index")).unwrap();
    assert!(told("without") == with, "without an index");
    is_as_it_was();

    let damage: [fn(&mut Vec<u8>); 4] = [
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 4;
        },
        |bytes| bytes.truncate(bytes.len() * 2 / 3),
        Vec::clear,
        // The mark of the sources that wrote it.
        |bytes| bytes[20] ^= 1,
    ];
    for (n, damage) in damage.into_iter().enumerate() {
        for (file, bytes) in files.iter().zip(&whole) {
            let mut bytes = bytes.clone();
            damage(&mut bytes);
            fs::write(file, bytes).unwrap();
        }
        assert!(told(&format!("damaged-{n}")) == with, "damage {n}");
        is_as_it_was();
    }
}

#[test]
fn files_of_every_form_are_read_once_and_then_known() {
    let november = STREET.replace("2020-10", "2020-11");
    let outcomes = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n\
                    a1,2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near A,E01031349,Adur 001A,Offender fined\n";
    let forms: [(&str, Vec<u8>); 4] = [
        ("plain.csv", STREET.as_bytes().to_vec()),
        ("packed.csv.gz", gzip(STREET.as_bytes())),
        (
            "download.zip",
            zip_of(&[
                ("2020-10/2020-10-sussex-street.csv", STREET.as_bytes()),
                ("2020-10/2020-10-sussex-outcomes.csv", outcomes.as_bytes()),
                ("2020-11/2020-11-sussex-street.csv", november.as_bytes()),
                ("read-me.txt", b"Hello"),
            ]),
        ),
        ("packed-twice.zip", zip_of(&[("2020-10-sussex-street.csv.gz", &gzip(STREET.as_bytes()))])),
    ];
    for (name, bytes) in forms {
        let desk = Desk::with_workspace();
        desk.put(name, bytes);
        desk.ws(&["source", "add", name]).succeeds();
        let check = || desk.ws(&["source", "check", "--json"]).out;
        let first = check();
        let files = kept(&desk, "ws");
        assert_eq!(files.len(), 1, "{name}");
        let bytes = fs::read(&files[0]).unwrap();
        assert_eq!(check(), first, "{name}");
        fs::remove_file(&files[0]).unwrap();
        assert_eq!(check(), first, "{name}");
        assert_eq!(fs::read(&files[0]).unwrap(), bytes, "{name}: adding and checking keep the same");
    }
}

#[test]
fn what_is_known_is_used_and_a_file_that_is_lost_or_cut_off_is_told_all_the_same() {
    let desk = Desk::with_workspace();
    desk.run(&["new", "other", "--area", "sussex"]).succeeds();
    let name = "2020-10-sussex-street.csv.gz";
    desk.put(name, gzip(STREET.as_bytes()));
    desk.ws(&["source", "add", name]).succeeds();
    let row = STREET.lines().last().unwrap();
    desk.put(&format!("more/{name}"), gzip(format!("{STREET}{row}\n").as_bytes()));
    desk.run(&["--workspace", "other", "source", "add", &format!("more/{name}")]).succeeds();

    // Put in the place of what is known of the one file, what is known of the other shows that neither is read again.
    let mine = kept(&desk, "ws").remove(0);
    fs::copy(kept(&desk, "other").remove(0), &mine).unwrap();
    let n_rows = || desk.ws(&["source", "check", "--json"]).json()["files"][0]["n_rows"].as_u64();
    assert_eq!(n_rows(), Some(3));
    fs::remove_file(&mine).unwrap();
    assert_eq!(n_rows(), Some(2));

    let sha256 = mine.file_name().unwrap().to_str().unwrap();
    let blob = desk.path("ws/blobs").join(&sha256[..2]).join(&sha256[2..]);
    let bytes = fs::read(&blob).unwrap();
    fs::write(&blob, &bytes[..bytes.len() / 2]).unwrap();
    desk.ws(&["source", "check"]).fails(11, "reading 2020-10-sussex-street.csv");
    fs::remove_file(&blob).unwrap();
    desk.ws(&["source", "check"]).fails(11, "opening the blob");
}

#[test]
fn a_refused_file_leaves_nothing_and_a_copy_needs_none() {
    let desk = Desk::with_workspace();
    let packed = gzip(STREET.as_bytes());
    desk.put("cut.csv.gz", &packed[..packed.len() - 6]);
    desk.ws(&["source", "add", "cut.csv.gz"]).fails(11, "cut off");
    assert!(kept(&desk, "ws").is_empty());

    desk.put("good.csv.gz", packed);
    desk.ws(&["source", "add", "good.csv.gz"]).succeeds();
    desk.ws(&["store", "backup", "copy"]).succeeds();
    assert!(kept(&desk, "copy").is_empty());
    let of = |workspace: &str| desk.run(&["--workspace", workspace, "source", "check", "--json"]).out;
    assert_eq!(of("copy"), of("ws"));
    assert_eq!(kept(&desk, "copy").len(), 1);
}
