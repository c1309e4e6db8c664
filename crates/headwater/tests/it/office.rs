//! The demo's office as its invented people meet it: every page that a link leads to is there, for each of the four roles.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::Desk;
use crate::browser::{Browser, Server, between};

/// Signs in as the invented person of a role.
pub fn play(server: &Server, role: &str) -> Browser {
    let mut browser = Browser::at(server);
    let page = browser.get("/sign-in").body;
    let form = page.split("<form").find(|form| form.contains(&format!(", {role}</button>"))).unwrap();
    let person = between(form, "name=\"person\" value=\"", "\"").unwrap();
    assert_eq!(browser.post("/sign-in/play", &[("person", &person), ("to", "/")]).status, 303);
    browser
}

/// Goes to every address that links lead to; gives how many there are and those that did not answer with 200.
fn crawl(browser: &mut Browser) -> (usize, Vec<String>) {
    let (mut seen, mut next, mut faults) = (BTreeSet::new(), vec!["/".to_owned()], Vec::new());
    while let Some(path) = next.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = browser.get(&path);
        if page.status != 200 {
            faults.push(format!("{path}: {}", page.status));
        }
        for link in page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with('/') {
                next.push(link.split('#').next().unwrap().replace("&amp;", "&"));
            }
        }
    }
    (seen.len(), faults)
}

#[test]
fn every_page_of_the_demos_office_opens_for_everyone_who_is_led_there() {
    let desk = Desk::empty();
    let made = desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    assert!(made.err.contains("--workspace d/office serve"), "{}", made.err);
    let server = Server::start(&desk, "d/office");
    // The letters were made for another port; where the pages are now stands beside them.
    let mut lead = play(&server, "lead");
    let all = lead.get("/campaigns/1/letters").body;
    let letters = lead.get(&between(&all, "To <a href=\"", "\"").unwrap()).body;
    assert!(letters.contains("http://127.0.0.1:8008/upload/") || server.host.ends_with(":8008"));
    let here = between(&letters, "Here its link is <a href=\"", "\"").unwrap();
    assert!(letters.contains(&format!(">http://{}{here}</a>", server.host)));
    assert_eq!(lead.get(&here).status, 200);
    for (role, at_least) in [("lead", 300), ("approver", 300), ("analyst", 300), ("read-only", 150)] {
        let (n, faults) = crawl(&mut play(&server, role));
        assert!(faults.is_empty(), "{role}: {faults:?}");
        assert!(n > at_least, "{role}: {n} pages");
    }
    // A promise that was broken is called so, and whoever owes the longest can stand first.
    let grid = play(&server, "lead").get("/campaigns/1/grid?order=due").body;
    assert!(grid.contains("promise broken "), "{grid}");
    drop(server);
    assert!(desk.run(&["--workspace", "d/office", "log", "verify"]).succeeds().code == 0);
    // Public pages can be made of it.
    desk.run(&["--workspace", "d/office", "campaign", "publish", "--out", "pages"]).succeeds();
    the_public_pages_lead_from_the_rounds_to_each_body(&desk.path("pages"));
    let year = year_of_today();
    desk.run(&["--workspace", "d/office", "campaign", "statement", "--out", "statement"]).succeeds();
    let folder = desk.path("statement").join(format!("statement-{year}"));
    let answers = fs::read_to_string(folder.join("answers.html")).unwrap();
    // Each page says of which year and of what it is, and none that it is a campaign.
    let words = format!("April {year} to March {}", year + 1);
    assert!(answers.contains(">Statement of activities</a>") && answers.contains(&words) && !answers.contains("campaigns</a>"), "{answers}");
    let front = fs::read_to_string(desk.path("statement/index.html")).unwrap();
    assert!(front.contains(&format!("<h1>Office of the Invented Commissioner: statement of activities, {words}</h1>")), "{front}");
    assert!(front.contains(&format!("href=\"statement-{year}/answers.html\"")), "{front}");
    if cfg!(feature = "pdf") {
        let pdf = fs::read(folder.join(format!("statement-{year}.pdf"))).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
    }
    assert!(answers.contains("the second round: who answered") && answers.contains("It has answered 4 of 4"), "{answers}");
    assert!(folder.join(format!("statement-{year}-tables.ods")).is_file() && folder.join("answers-table-1.csv").is_file());
    let empty = desk.run(&["--workspace", "d/office", "campaign", "statement", "--year", "2001", "--out", "none"]);
    empty.fails(2, "nothing was done in April 2001 to March 2002");
    // Made again, it is kept: somebody may have worked in it.
    let again = desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    assert!(again.err.contains("is kept as it is"), "{}", again.err);
}

/// The calendar year in which the financial year of today begins.
fn year_of_today() -> i16 {
    let today = jiff::Timestamp::now().to_string();
    let part = |range: std::ops::Range<usize>| today[range].parse::<i16>().unwrap();
    if part(5..7) >= 4 { part(0..4) } else { part(0..4) - 1 }
}

/// The day so many days before today in London, as pages write it.
fn days_ago(n: i32) -> String {
    use headwater_prevention::exchange::moment::Moment;
    Moment::from_microseconds(jiff::Timestamp::now().as_microsecond()).day_in_london().plus(-n).name()
}

/// What readers find on the public pages of the demo's office.
fn the_public_pages_lead_from_the_rounds_to_each_body(pages: &Path) {
    let read = |path: &str| fs::read_to_string(pages.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let second = "serious-violence-and-exploitation-the-second-round-2";
    // The first page tells each round with its days; nothing of it is about areas.
    let front = read("index.html");
    let sent = format!("<dt>Sent</dt><dd>{}</dd>", days_ago(70));
    for words in ["Choose a campaign", &sent, "<dt>Due</dt>", "href=\"bodies/index.html\"", "About these pages"] {
        assert!(front.contains(words), "{words} is not in {front}");
    }
    for words in ["Key figures by area", "[x]", "What is in each", "About the figures"] {
        assert!(!front.contains(words), "{words} is in {front}");
    }
    // Who answered: a finding, every body with its page, states with their days; whole, and a list on telephones.
    let answers = read(&format!("{second}/answers.html"));
    let title = answers.split("<h1>").nth(1).and_then(|rest| rest.split("</h1>").next()).unwrap();
    assert!(title.contains("bodies provided everything"), "{title}");
    assert!(answers.contains("href=\"aldermarsh-violence-reduction-unit-19.html\">Aldermarsh Violence Reduction Unit</a></th>"));
    assert!(answers.contains("<div class=\"scroll read\"") && answers.contains(&format!("data-of=\"Response strategy\">provided, {}", days_ago(62))));
    // The same rows for programs.
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&read(&format!("{second}/answers-table-1.json"))).unwrap();
    assert_eq!((rows.len(), rows[0]["body"].as_str().unwrap()), (18, "Aldermarsh Violence Reduction Unit"));
    assert_eq!(read(&format!("{second}/answers-table-1.csv")).lines().count(), rows.len() + 1);
    // Our letter is told apart, with its numbers, footnotes and who signed as what; nobody's address is in it.
    let own = read(&format!("{second}/aldermarsh-violence-reduction-unit-19.html"));
    let letter = own.split("<article class=\"letter\"").nth(1).and_then(|rest| rest.split("</article>").next()).unwrap();
    for words in ["<ol><li>", "id=\"letter-1-note-1\"", "href=\"#letter-1-note-1\"", "<h4>What I ask for</h4>", "Yours sincerely<br>"] {
        assert!(letter.contains(words), "{words} is not in {letter}");
    }
    assert!(!letter.contains('@') && !letter.contains("Dear ") && !letter.contains("/upload/"), "{letter}");
    assert!(own.contains("href=\"../files/SHA256SUMS\""));
    // A body's own page has its rounds side by side, and leads to each.
    let body = fs::read_dir(pages.join("bodies")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let page = body.into_iter().find(|name| name.starts_with("aldermarsh-") && name.ends_with(".html")).unwrap();
    assert!(own.contains(&format!("href=\"../bodies/{page}\"")), "{own}");
    let body = read(&format!("bodies/{page}"));
    for words in
        ["the first round", "the second round", "Response strategy", &format!("href=\"../{second}/aldermarsh-violence-reduction-unit-19.html\"")]
    {
        assert!(body.contains(words), "{words} is not in {body}");
    }
}
