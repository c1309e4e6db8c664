//! Large files: they go to the disk piece by piece, within limits that are said before and after.

use std::fs;

use crate::Desk;
use crate::browser::{Browser, Server, form_of, lead, words_of};
use crate::campaign::{Sent, sent};

/// Somebody who is signed in drops a file.
fn drop_file(browser: &mut Browser, name: &str, bytes: &[u8]) -> crate::browser::Page {
    let token = form_of(&browser.get("/messages/take").body, "/messages/take").unwrap().remove(0).1;
    browser.send("/messages/take", &[("token", &token)], &[(name, bytes)])
}

/// The most memory that a program ever held, in millions of bytes.
#[cfg(target_os = "linux")]
fn most_memory_mb(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_000
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_is_too_large_for_memory_is_kept_held_and_given_out_again_whole() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    assert!(odile.get("/messages/take").body.contains("Up to 200 files, 2 GB together"));
    let large: Vec<u8> = (0..210_000_000_u32).map(|n| (n / 7) as u8).collect();
    let before = most_memory_mb(&server);
    drop_file(&mut odile, "../all-of-it.bin", &large).leads();
    let page = odile.get("/documents/0").body;
    assert!(page.contains("Held: it is too large") && page.contains("all-of-it.bin") && !page.contains("../all"), "{}", words_of(&page));
    assert_eq!(odile.get("/documents/0/original").status, 422, "held is held");
    odile.fill("/documents/0", "/documents/0/release", &[("release_reason", "It was expected, and looked into elsewhere.")]).leads();
    let back = odile.get("/documents/0/original");
    assert!(back.status == 200 && back.bytes == large, "{} bytes came back", back.bytes.len());
    let more = most_memory_mb(&server) - before;
    assert!(more < 60, "{more} MB of memory for a file of 210 MB");
    // Pages are made in memory: it is not published as it is.
    odile.fill("/documents/0", "/documents/0/permit", &[("permission", "publish")]).leads();
    let page = odile.submit("/documents/0", "/documents/0/propose", &[]);
    assert!(page.status == 422 && page.body.contains("larger than 200 MB"), "{}", words_of(&page.body));
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}

#[test]
fn a_file_beyond_the_offices_limit_is_refused_with_the_limit_and_nothing_is_kept() {
    let desk = Desk::with_workspace();
    let settings = desk.path("ws/headwater.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text + "\n[uploads]\nlargest_file_mb = 3\n").unwrap();
    assert!(desk.ws(&["config", "show"]).succeeds().out.contains("uploads.largest_file_mb"));
    let server = Server::start(&desk, "ws");
    let (mut odile, _) = lead(&server);
    assert!(odile.get("/messages/take").body.contains("each at most 3 MB"));
    // All of it is read before it is refused, so that the words arrive.
    let page = drop_file(&mut odile, "data.csv", &vec![b'1'; 20_000_000]);
    assert!(page.status == 413 && page.body.contains("\u{201c}data.csv\u{201d} is larger than 3 MB"), "{} {}", page.status, words_of(&page.body));
    let left: Vec<_> = fs::read_dir(desk.path("ws/blobs/incoming")).unwrap().map(|it| it.unwrap().file_name()).filter(|it| it != "lock").collect();
    assert!(left.is_empty() && odile.get("/documents").body.contains("No document came yet"), "{left:?}");
    drop_file(&mut odile, "data.csv", &vec![b'1'; 2_900_000]).leads();
}

#[test]
#[cfg(target_os = "linux")]
fn two_at_once_with_two_hundred_megabytes_each_stay_far_below_what_the_office_may_use() {
    let desk = Desk::with_workspace();
    let Sent { server, links, .. } = sent(Server::start(&desk, "ws"));
    let before = most_memory_mb(&server);
    // One leaves a file that is looked into, the other a zip of several.
    let plain: Vec<u8> = (0..199_000_000_u32).map(|n| (n / 7) as u8).collect();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..5 {
        zip.start_file(format!("part-{n}.bin"), zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        std::io::Write::write_all(&mut zip, &plain[n * 39_000_000..(n + 1) * 39_000_000]).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let parcels = [("plain.bin", &plain), ("all.zip", &zip)];
        let sending: Vec<_> = links
            .iter()
            .zip(parcels)
            .map(|(link, (name, bytes))| {
                let mut body = Browser::at(&server);
                scope.spawn(move || body.send(link, &[], &[(name, bytes.as_slice())]).status)
            })
            .collect();
        sending.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(statuses, [303, 303]);
    let most = most_memory_mb(&server);
    eprintln!("{most} MB at most, {before} MB before");
    assert!(most < 330, "{most} MB of memory, {before} MB before");
}
