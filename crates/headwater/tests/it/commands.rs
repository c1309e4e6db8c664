//! What the command line says of an office and its campaigns, beside what the pages say.

use std::fs;

use serde_json::Value;

use crate::Desk;
use crate::browser::{Server, lead, words_of};
use crate::campaign::unzipped;
use crate::office::play;

#[test]
fn an_office_needs_no_area() {
    let desk = Desk::empty();
    let made = desk.run(&["new", "office", "--office", "Office of the \"Commissioner\""]).succeeds();
    assert!(made.err.contains("Made a workspace for Office of the \"Commissioner\"") && made.err.contains("office serve"), "{}", made.err);
    let settings = fs::read_to_string(desk.path("office/headwater.toml")).unwrap();
    assert!(!settings.contains("[area]") && settings.contains("Commissioner"), "{settings}");
    desk.run(&["--workspace", "office", "config", "show"]).succeeds();
    desk.run(&["--workspace", "office", "campaign", "list"]).succeeds();
    desk.run(&["--workspace", "office", "log", "verify"]).succeeds();
    let build = ["--workspace", "office", "assessment", "build", "--period", "2024-01..2024-12", "--out", "site"];
    desk.run(&build).fails(2, "an office, which has no area to count in");
    desk.run(&["new", "other", "--office", " "]).fails(2, "the office has no name");
    assert_eq!(desk.run(&["new", "other", "--office", "x", "--area", "sussex"]).code, 2);
    assert_eq!(desk.run(&["new", "other"]).code, 2);
    assert!(!desk.path("other").exists());
    // Its people sign in to pages that bear its name.
    let server = Server::start(&desk, "office");
    let page = crate::browser::Browser::at(&server).get("/sign-in").body;
    assert!(page.contains("Office of the &quot;Commissioner&quot;"), "{page}");
}

#[test]
fn commands_say_of_a_campaign_what_the_pages_say() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let ws = |arguments: &[&str]| desk.run(&[&["--workspace", "d/office"], arguments].concat());
    let server = Server::start(&desk, "d/office");
    let mut lead = play(&server, "lead");
    let on_page: Value = serde_json::from_str(&lead.get("/campaigns/1/grid.json").body).unwrap();
    let csv_on_page = lead.get("/campaigns/1/grid.csv").body;
    let reminders = lead.get("/reminders?campaign=1").body;
    drop(server);

    // Each cell with its days, who said so and what shows it.
    assert_eq!(ws(&["--json", "campaign", "grid", "1"]).succeeds().json(), on_page);
    let rows = on_page.as_array().unwrap();
    for column in ["due", "days_late", "promised_for", "promise_broken_days", "said_by", "proof"] {
        assert!(rows.iter().any(|row| !row[column].is_null()), "no {column}");
    }
    let told = ws(&["campaign", "grid", "1"]).succeeds().out;
    for words in ["promised for 20", "days ago", "said by ", "shown by message ", " late"] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
    assert_eq!(told.lines().count(), rows.len());

    // Who is due, as the page of reminders offers them.
    let due = ws(&["--json", "campaign", "due", "1"]).succeeds().json();
    for one in due.as_array().unwrap() {
        let name = one["body"].as_str().unwrap().replace('&', "&amp;");
        assert!(one["campaign"] == 1 && !one["items"].as_array().unwrap().is_empty() && reminders.contains(&name), "{one}: {reminders}");
    }
    assert_eq!(reminders.matches("name=\"body\"").count(), due.as_array().unwrap().len());
    let of_all = ws(&["campaign", "due"]).succeeds();
    assert_eq!(of_all.out.lines().filter(|line| line.starts_with("1  ")).count(), due.as_array().unwrap().len());

    // What is taken elsewhere.
    let exported = |name: &str| ws(&["campaign", "export", "1", "--file", desk.path(name).to_str().unwrap()]);
    exported("grid.csv").succeeds();
    assert_eq!(fs::read_to_string(desk.path("grid.csv")).unwrap(), csv_on_page);
    assert_ne!(exported("grid.csv").code, 0, "a file that is there is not replaced");
    exported("all.zip").succeeds();
    let files = unzipped(&fs::read(desk.path("all.zip")).unwrap());
    let of = |name: &str| files.iter().find(|(it, _)| it == name).map(|(_, text)| text.as_str()).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!((of("grid.csv"), serde_json::from_str::<Value>(of("grid.json")).unwrap()), (csv_on_page.as_str(), on_page.clone()));
    assert_eq!(serde_json::from_str::<Value>(of("due.json")).unwrap(), due);
    assert_eq!(of("SHA256SUMS").lines().count(), files.len() - 1);
    exported("all.pdf").fails(2, "does not end in .csv, .json or .zip");
    for arguments in [&["grid", "9"][..], &["due", "9"], &["export", "9", "--file", "x.csv"]] {
        ws(&[&["campaign"], arguments].concat()).fails(2, "there is no campaign 9");
    }
    assert!(ws(&["--json", "log", "show"]).succeeds().out.contains("audit.exported"));
}

#[test]
fn a_body_is_said_to_be_succeeded_by_another_and_not_the_other_way_round() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut one, _) = lead(&server);
    one.fill("/bodies", "/bodies/register", &[("register", "units-2019")]).leads();
    let form = "/bodies/0/succeed";
    let page = one.fill(form, form, &[("by", "")]);
    assert!(page.status == 422 && page.body.contains("Choose the body that took its place"), "{}", words_of(&page.body));
    assert_eq!(one.fill(form, form, &[("by", "1"), ("from", "2026-04-01")]).leads(), "/bodies/0");
    let page = one.get("/bodies/0").body;
    assert!(page.contains("Succeeded from 1 April 2026 by") && page.contains("href=\"/bodies/1\""), "{}", words_of(&page));
    assert!(!page.contains(form), "it is said once");
    // Who was succeeded succeeds nobody.
    assert!(!one.get("/bodies/1/succeed").body.contains("value=\"0\""));
}
