//! Other programs ask: methods by name, pages on loopback, the demo in a script.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::json;

use crate::{Desk, Done};

#[test]
fn a_method_answers_from_a_file_and_from_standard_input() {
    let desk = Desk::empty();
    let list = desk.run(&["method", "list"]).succeeds().out;
    assert!(list.lines().any(|line| line.starts_with("wilson ")), "{list}");
    let page = desk.run(&["method", "list", "wilson"]).succeeds().out;
    assert!(page.starts_with('#') && page.len() > 200, "{page}");
    desk.run(&["method", "list", "wilsn"]).fails(2, "no method \"wilsn\"");
    desk.run(&["method", "run", "wilson", "--input", "missing.json"]).fails(11, "missing.json");
    desk.put("broken.json", "{\"x\": ");
    desk.run(&["method", "run", "wilson", "--input", "broken.json"]).fails(11, "broken.json");
    desk.put("empty.json", "{}");
    desk.run(&["method", "run", "wilson", "--input", "empty.json"]).fails(11, "empty.json");
}

#[test]
fn the_same_numbers_in_the_same_answer_out() {
    let desk = Desk::empty();
    let input = json!({"inputs": {"p": [0.01, 0.04, 0.03]}}).to_string();
    desk.put("p.json", &input);
    let from_file = desk.run(&["method", "run", "multiple_testing", "--input", "p.json"]);
    let mut child = desk
        .program()
        .args(["method", "run", "multiple_testing", "--input", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let from_stdin = Done::of(&child.wait_with_output().unwrap());
    assert_eq!(from_file.code, 0, "{}", from_file.err);
    assert_eq!((from_stdin.code, &from_stdin.out), (0, &from_file.out));
    assert!(from_file.json().is_object());
}

#[test]
fn kinds_are_listed_for_people_and_programs() {
    let desk = Desk::empty();
    assert!(desk.run(&["source", "kinds"]).succeeds().out.contains("police-uk-street"));
    let kinds = desk.run(&["source", "kinds", "--json"]).succeeds().json();
    assert!(kinds.as_array().unwrap().iter().all(|kind| kind["id"].is_string() && kind["licence"].is_string()));
}

struct Served(Child, String);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Served {
    fn new(desk: &Desk) -> Self {
        let mut child = desk.program().args(["serve-site", "site", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        Self(child, address)
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        stream.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn pages_are_shown_strictly_and_nothing_beside_them() {
    let desk = Desk::empty();
    desk.put("site/index.html", "<p>Front");
    desk.put("site/crime/index.html", "<p>Crime");
    desk.put("site/a.csv", "x\n1\n");
    desk.put("secret.txt", "no");
    let served = Served::new(&desk);
    let page = served.ask("GET / HTTP/1.1\r\nHost: localhost");
    assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("<p>Front"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'none'") && page.contains("nosniff"), "{page}");
    assert!(served.ask("GET /crime/ HTTP/1.1\r\nHost: 127.0.0.1:1").ends_with("<p>Crime"));
    assert!(served.ask("GET /crime HTTP/1.1\r\nHost: localhost").contains("location: /crime/"));
    assert!(served.ask("GET /a.csv HTTP/1.1\r\nHost: localhost").contains("content-type: text/csv"));
    let head = served.ask("HEAD / HTTP/1.1\r\nHost: localhost");
    assert!(head.starts_with("HTTP/1.1 200") && !head.contains("Front"), "{head}");
    for (request, status) in [
        ("GET /../secret.txt HTTP/1.1\r\nHost: localhost", "404"),
        ("GET /%2e%2e/secret.txt HTTP/1.1\r\nHost: localhost", "404"),
        ("GET /crime/..%2f..%2fsecret.txt HTTP/1.1\r\nHost: localhost", "404"),
        ("GET /none HTTP/1.1\r\nHost: localhost", "404"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", "405"),
        ("GET / HTTP/1.1\r\nHost: evil.example", "421"),
    ] {
        let answer = served.ask(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && !answer.contains("no\n"), "{request}: {answer}");
    }
    desk.run(&["serve-site", "nowhere"]).fails(11, "nowhere");
    let port = served.1.rsplit(':').next().unwrap();
    desk.run(&["serve-site", "site", "--port", port]).fails(1, "port");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_server_in_peace() {
    let desk = Desk::empty();
    desk.put("site/index.html", "<p>Front");
    let mut served = Served::new(&desk);
    let status = std::process::Command::new("kill").args(["-INT", &served.0.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert!(served.0.wait().unwrap().success());
}

#[test]
fn the_demo_is_made_in_a_script_from_files_that_are_all_of_use() {
    let desk = Desk::empty();
    let first = desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    assert!(desk.path("d/planted.json").is_file());
    let list = desk.run(&["--workspace", "d/workspace", "source", "list", "--json"]).succeeds().json();
    let n = list.as_array().unwrap().len();
    assert_eq!(
        n,
        fs::read_dir(desk.path("d/downloads")).unwrap().map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count()).sum::<usize>(),
        "{}",
        first.err
    );
    let again = desk.run(&["--workspace", "d/workspace", "source", "add", "d/downloads", "--json"]).succeeds().json();
    assert_eq!((again["new"].as_array().unwrap().len(), again["already"].as_array().unwrap().len()), (0, n));
    desk.run(&["--workspace", "d/workspace", "log", "verify"]).succeeds();
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let desk = Desk::empty();
    let program = env!("CARGO_BIN_EXE_headwater");
    let output = std::process::Command::new("sh")
        .current_dir(desk.path("."))
        .args(["-c", &format!("{program} method list | head -n 1; {program} method list wilson | true")])
        .output()
        .unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
