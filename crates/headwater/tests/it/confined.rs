//! A hostile file stops its own reader, and nothing else.

use std::io::Write;
use std::process::{Command, ExitStatus, Stdio};

use crate::Desk;

/// A PDF whose pages are all one page, with this stream of drawing.
fn pdf(pages: usize, filter: &str, stream: &[u8]) -> Vec<u8> {
    let kids = "3 0 R ".repeat(pages);
    let mut file = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[{kids}]/Count {pages}>>\nendobj\n\
         3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>\nendobj\n4 0 obj\n<<{filter}/Length {}>>\nstream\n",
        stream.len()
    )
    .into_bytes();
    file.extend(stream);
    file.extend(b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n");
    file
}

/// Runs the confined process itself: how it ended, and what it gave back.
fn confined(task: &str, memory_mib: u64, cpu_seconds: u64, input: &[u8]) -> (ExitStatus, Vec<u8>) {
    let limits = [memory_mib.to_string(), cpu_seconds.to_string()];
    let mut child = Command::new(env!("CARGO_BIN_EXE_headwater"))
        .args(["work-confined", task])
        .args(limits)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A child that may not go on stops listening.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.status, output.stdout)
}

fn named(bytes: &[u8]) -> Vec<u8> {
    [&1_u32.to_le_bytes(), &b"a"[..], bytes].concat()
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_is_left_to_a_reader_but_its_pipes() {
    let (status, possible) = confined("prove", 600, 60, b"");
    assert!(status.success(), "{status}");
    assert_eq!(String::from_utf8(possible).unwrap(), "");
}

#[test]
#[cfg(target_os = "linux")]
fn a_reader_that_wants_too_much_is_ended() {
    use std::os::unix::process::ExitStatusExt;
    let (status, answer) = confined("text", 600, 1, &named(&pdf(9_000, "", &b"0 0 9 9 re f\n".repeat(20_000))));
    assert!(matches!(status.signal(), Some(9 | 24)), "{status}");
    assert!(answer.is_empty());
    let (status, answer) = confined("text", 20, 60, &named(&vec![b' '; 64 << 20]));
    assert!(!status.success() && answer.is_empty(), "{status}");
}

#[test]
fn a_child_that_does_not_know_its_work_does_none() {
    let (status, answer) = confined("nothing", 600, 60, b"abc");
    assert_eq!((status.code(), answer.len()), (Some(70), 0));
    let (status, _) = confined("text", 600, 60, b"ab");
    assert!(status.success());
}

#[test]
fn a_file_that_grows_beyond_memory_is_refused_and_the_others_are_read() {
    let desk = Desk::empty();
    desk.put("a.txt", "Violence fell.\n");
    // Twice the memory of a reader, in a stream of a page.
    let packed = {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        let block = vec![b' '; 1 << 20];
        (0..1_200).for_each(|_| encoder.write_all(&block).unwrap());
        encoder.finish().unwrap()
    };
    desk.put("bomb.pdf", pdf(1, "/Filter/FlateDecode", &packed));
    let done = desk.run(&["document", "text", "bomb.pdf", "a.txt"]);
    done.fails(11, "bomb.pdf: it takes more than 600 MB of memory to read");
    assert!(done.out.ends_with("Violence fell.\n"), "{}", done.out);
}
