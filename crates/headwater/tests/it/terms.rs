//! On what terms a body is asked, on the pages: the time to answer, whether it must, what of it, and more time.

use serde_json::{Value, json};

use crate::Desk;
use crate::browser::{Server, form_of, lead, plain, words_of};
use crate::campaign::{Sent, pieces, ready, secret_of};

const BRIEF: [(&str, &str); 4] = [
    ("title", "Your assessment"),
    ("purpose", "To see how areas understand violence and exploitation."),
    ("plan_priority", "Prevention"),
    ("items", "four"),
];

#[test]
fn a_campaign_runs_to_a_day_or_for_working_days_of_a_nation_from_receipt() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut one, _) = lead(&server);
    let form = one.get("/campaigns/new").body;
    assert!(!form.contains("56 days after publication"), "a letter is not published when it is sent");
    let with = |more: &[(&'static str, &'static str)]| [&BRIEF[..], more].concat();
    let past = one.fill("/campaigns/new", "/campaigns/new", &with(&[("clock", "by"), ("by", "2001-01-01")]));
    assert!(past.status == 422 && plain(&past.body).contains("is over or ends today"), "{}", words_of(&past.body));
    assert_eq!(one.fill("/campaigns/new", "/campaigns/new", &with(&[("clock", "by"), ("by", "")])).status, 422);
    one.fill("/campaigns/new", "/campaigns/new", &with(&[("clock", "by"), ("by", "2999-01-01")])).leads();
    assert!(plain(&one.get("/campaigns/0").body).contains("By 1 January 2999"));
    let own = [("clock", "own"), ("days", "15"), ("unit", "working"), ("start", "received"), ("division", "scotland")];
    one.fill("/campaigns/0/change", "/campaigns/0/change", &own).leads();
    let page = plain(&one.get("/campaigns/0").body);
    assert!(page.contains("15 working days after receipt (Scotland)"), "{page}");
    let early = one.fill("/campaigns/0/change", "/campaigns/0/change", &[("clock", "56-days-after-sending"), ("deemed", "2")]);
    assert!(early.status == 422 && plain(&early.body).contains("Leave this empty"), "{}", words_of(&early.body));
    assert_eq!(one.fill("/campaigns/0/change", "/campaigns/0/change", &[("deemed", "31")]).status, 422);
    one.fill("/campaigns/0/change", "/campaigns/0/change", &[("deemed", "2")]).leads();
    let page = plain(&one.get("/campaigns/0").body);
    assert!(page.contains("a letter is deemed received 2 working days after it was sent (Scotland), unless it is known when it came"), "{page}");
    // The form begins with what stands, so that saving another field changes nothing of it.
    one.fill("/campaigns/0/change", "/campaigns/0/change", &[("title", "Another title")]).leads();
    assert!(plain(&one.get("/campaigns/0").body).contains("15 working days after receipt (Scotland)"));
}

#[test]
fn the_grid_and_its_files_say_from_which_day_the_time_is_counted_and_whether_that_is_deemed() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, .. } =
        ready(Server::start(&desk, "ws"), "56-days-after-receipt deemed 2", &|place| format!("contact-{place}@unit-{place}.example"));
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[]).leads();
    let grid = one.get("/campaigns/0/grid").body;
    let plainly = plain(&grid);
    assert!(plainly.contains("Time to answer: 56 days after receipt; a letter is deemed received 2 working days after"), "{plainly}");
    assert_eq!(pieces(&grid, "counted from ", "<").iter().filter(|it| it.ends_with(", deemed received")).count(), 18 * 4);
    // One says today that it has the letter: that comes before what is deemed.
    one.fill("/recipients/0", "/recipients/0/describe", &[("item", "0"), ("status", "acknowledged")]).leads();
    let rows: Vec<Value> = serde_json::from_str(&one.get("/campaigns/0/grid.json").body).unwrap();
    let row = |item: u64| rows.iter().find(|row| row["recipient"] == 0 && row["item_number"] == item).unwrap();
    assert_eq!((&row(0)["counted_from_as"], &row(0)["counted_from"]), (&json!("received"), &row(0)["letter_sent"]));
    assert_eq!(row(1)["counted_from_as"], "deemed received");
    assert!(row(1)["counted_from"].as_str() > row(1)["letter_sent"].as_str() && row(1)["due"].as_str() > row(1)["counted_from"].as_str());
    let csv = one.get("/campaigns/0/grid.csv").body;
    let line = format!(",{},deemed received,{},", row(1)["counted_from"].as_str().unwrap(), row(1)["due"].as_str().unwrap());
    assert_eq!((csv.matches(",counted_from,counted_from_as,due,").count(), csv.matches(&line).count()), (1, 18 * 4 - 1), "{csv}");
    assert!(plain(&one.get("/campaigns/0/grid").body).contains(", received"));
}

#[test]
fn a_body_is_asked_by_courtesy_and_for_less() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let (mut one, _) = lead(&server);
    one.fill("/bodies", "/bodies/register", &[("register", "units-2019")]).leads();
    one.fill("/campaigns/new", "/campaigns/new", &[&BRIEF[..], &[("clock", "none")]].concat()).leads();
    one.fill("/campaigns/0/recipients", "/campaigns/0/recipients", &[("body", "0"), ("body", "1")]).leads();
    let terms = "/recipients/1/terms";
    one.fill(terms, terms, &[("duty", "courtesy"), ("item", "0"), ("item", "3")]).leads();
    let page = plain(&one.get("/campaigns/0/recipients").body);
    assert!(page.contains("asked by courtesy") && page.contains("2 of 4 items") && page.contains("4 of 4 items"), "{page}");
    let nothing = one.submit(terms, terms, &[("duty", "courtesy")]);
    assert!(nothing.status == 422 && plain(&nothing.body).contains("Tick at least one thing"), "{}", words_of(&nothing.body));
}

#[test]
fn more_time_is_given_to_one_body_or_to_all_who_have_not_answered() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, names, .. } =
        ready(Server::start(&desk, "ws"), "56-days-after-sending", &|place| format!("contact-{place}@unit-{place}.example"));
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[]).leads();
    let form = [("extend", "0"), ("extend_until", "2999-03-01"), ("extend_why", "Their elections.")];
    let far = one.fill("/recipients/0", "/recipients/0/extend", &form);
    assert!(far.status == 422 && plain(&far.body).contains("check the year"), "{}", words_of(&far.body));
    let day = |days: i64| (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days)).to_string()[..10].to_owned();
    let (later, latest) = (day(70), day(90));
    one.fill("/recipients/0", "/recipients/0/extend", &[("extend", "0"), ("extend_until", &latest), ("extend_why", "Their elections.")]).leads();
    one.fill("/campaigns/0", "/campaigns/0/extend", &[("until", &later), ("extend_reason", "A wet summer.")]).leads();
    let campaign = plain(&one.get("/campaigns/0").body);
    assert!(campaign.contains(": 18 bodies. A wet summer.") && campaign.contains(&format!(": {}. Their elections.", names[0])), "{campaign}");
    let page = plain(&one.get("/recipients/0").body);
    assert_eq!((page.matches("more time was given: Their elections.").count(), page.matches("A wet summer.").count()), (1, 3), "{page}");
    let again = one.fill("/campaigns/0", "/campaigns/0/extend", &[("until", &later), ("extend_reason", "The same.")]);
    assert!(again.status == 422, "nobody would get more by it");
}

#[test]
fn what_a_body_passes_on_is_asked_of_the_other_in_a_campaign_that_is_linked_both_ways() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, names, .. } =
        ready(Server::start(&desk, "ws"), "none", &|place| format!("contact-{place}@unit-{place}.example"));
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[]).leads();
    let board = [("name", "Invented Health Board"), ("kind", "other"), ("languages", "en")];
    one.fill("/bodies/new", "/bodies/new", &board).leads();
    let passed = [("item", "1"), ("item", "2"), ("status", "transferred"), ("to", "18")];
    one.fill("/recipients/0", "/recipients/0/describe", &passed).leads();
    assert!(plain(&one.get("/").body).contains(&format!("Ask Invented Health Board for what {} passed on to it", names[0])));
    let page = one.get("/recipients/0").body;
    assert!(page.contains("href=\"/campaigns/new?from=0&amp;to=18\""), "{}", words_of(&page));
    let form = one.get("/campaigns/new?from=0&to=18").body;
    assert!(plain(&form).contains("for what another passed on to it"), "{}", words_of(&form));
    let new = one.fill("/campaigns/new?from=0&to=18", "/campaigns/new", &[("title", "What was passed on")]).leads();
    let recipients = plain(&one.get(&format!("{new}/recipients")).body);
    assert!(
        recipients.contains("1 recipient") && recipients.contains("Invented Health Board") && recipients.contains("2 of 2 items"),
        "{recipients}"
    );
    let page = plain(&one.get("/recipients/18").body);
    assert!(page.contains("It is asked for what others passed on to it: ") && page.contains(&names[0]), "{page}");
    for page in ["/recipients/0", "/campaigns/0/grid"] {
        assert!(one.get(page).body.contains("<a href=\"/recipients/18\">there: not asked yet</a>"), "{page}");
    }
    assert!(!plain(&one.get("/").body).contains("passed on to it"));
}

#[test]
fn a_forgotten_body_joins_with_a_letter_of_its_own_that_a_second_person_approves() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, .. } =
        ready(Server::start(&desk, "ws"), "56-days-after-sending", &|place| format!("contact-{place}@unit-{place}.example"));
    let page = plain(&one.get("/campaigns/0/recipients").body);
    assert!(!page.contains("Add a body that was forgotten"), "{page}");
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[]).leads();
    let board = [("name", "Invented Health Board"), ("kind", "other"), ("languages", "en")];
    one.fill("/bodies/new", "/bodies/new", &board).leads();
    one.fill(
        "/bodies/contacts",
        "/bodies/contacts",
        &[("rows", "body,name,role,email,salutation\nInvented Health Board,Beth Invented,Chair,beth@board.example,Beth")],
    )
    .leads();
    let nobody = one.submit("/campaigns/0/recipients", "/campaigns/0/join", &[("joins", "")]);
    assert!(nobody.status == 422 && plain(&nobody.body).contains("Choose a body"), "{}", words_of(&nobody.body));
    let letter = one.fill("/campaigns/0/recipients", "/campaigns/0/join", &[("joins", "18")]).leads();
    assert_eq!(letter, "/recipients/18/letter");
    assert!(plain(&one.get("/").body).contains("Make the letter to Invented Health Board"));
    assert!(plain(&one.get(&letter).body).contains("is not merged"));
    one.fill("/recipients/18/terms", "/recipients/18/terms", &[("duty", "courtesy"), ("item", "1"), ("item", "2")]).leads();
    one.fill(&letter, &letter, &[("local.paragraph", "Boardword was named to me."), ("contact.address", "1 Board Street")]).leads();
    let page = plain(&one.get(&letter).body);
    assert!(page.contains("Boardword was named to me.") && page.contains("Dear Beth") && page.contains("I ask this of you as a courtesy"), "{page}");
    assert!(page.contains("Somebody else has to approve it") && !page.contains("It is a request to co-operate"), "{page}");
    // It is no unit: its letter says so in its own words, and those of the others stay.
    let words = "/recipients/18/letter/words";
    assert!(one.get(&letter).body.contains(&format!("href=\"{words}\"")));
    let stands = form_of(&one.get(words).body, words).unwrap().into_iter().find(|(name, _)| name == "words-en").unwrap().1;
    assert!(stands.contains(" units"), "{stands}");
    let own = stands.replace(" units", " boards");
    let unknown = one.fill(words, words, &[("words-en", &format!("{own}\n\nSee {{{{evidence.boards}}}}."))]);
    assert!(unknown.status == 422 && plain(&unknown.body).contains("have no field {{evidence.boards}}"), "{}", words_of(&unknown.body));
    let silent = one.fill(words, words, &[("words-en", "I ask for nothing.")]);
    assert!(silent.status == 422 && plain(&silent.body).contains("asks"), "{}", words_of(&silent.body));
    assert_eq!(one.fill(words, words, &[("words-en", &own)]).leads(), letter);
    let page = plain(&two.get(&letter).body);
    assert!(page.contains("Its words are its own") && page.contains("boards") && page.contains("Boardword was named to me."), "{page}");
    let of_another = plain(&one.get("/campaigns/0/letters/0").body);
    assert!(of_another.contains("units") && !of_another.contains("boards"), "{of_another}");
    one.fill(words, words, &[("words-en", "")]).leads();
    assert!(!plain(&one.get(&letter).body).contains("Its words are its own"));
    one.fill(words, words, &[("words-en", &own)]).leads();
    // Made again with another paragraph, it keeps its words.
    one.fill(&letter, &letter, &[("local.paragraph", "Boardword was named to me.")]).leads();
    assert!(plain(&one.get(&letter).body).contains("boards"));
    // Nothing of it may leave yet, and the others are out.
    assert!(plain(&one.get("/campaigns/0/send").body).contains("18 of 19 letters are out"));
    assert!(plain(&two.get("/").body).contains("Look at the letter to Invented Health Board and approve it"));
    two.fill(&letter, "/recipients/18/approve", &[]).leads();
    assert!(plain(&one.get(&letter).body).contains("Its letter is one of the campaign"));
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[("recipient", "18")]).leads();
    assert!(plain(&one.get("/recipients/18").body).contains("Invented Health Board has the next move"));
    assert!(plain(&one.get("/campaigns/0/grid").body).contains("Invented Health Board"));
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}

#[test]
fn a_letter_that_came_back_is_made_anew_for_whom_it_goes_to_now() {
    let desk = Desk::with_workspace();
    let Sent { server, mut one, mut two, names, .. } =
        ready(Server::start(&desk, "ws"), "56-days-after-sending", &|place| format!("contact-{place}@unit-{place}.example"));
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[]).leads();
    one.fill("/recipients/0", "/recipients/0/delivery", &[("outcome", "back")]).leads();
    let row = format!("body,name,role,email,salutation\n\"{}\",Beth Invented,Chair,beth@board.example,Beth", names[0]);
    one.fill("/bodies/contacts", "/bodies/contacts", &[("rows", &row)]).leads();
    let contact = one.get("/recipients/0/contact").body;
    let beth = contact.split("<option value=\"").find(|option| option.contains("Beth Invented")).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(one.fill("/recipients/0/contact", "/recipients/0/contact", &[("contact", &beth)]).leads(), "/recipients/0");
    assert!(plain(&one.get("/recipients/0").body).contains("make it anew for whom it goes to now"));
    assert!(plain(&one.get("/campaigns/0/send").body).contains("the letter itself names"));
    let letter = "/recipients/0/letter";
    assert!(plain(&one.get(letter).body).contains("who is not written to any more"));
    one.fill(letter, "/recipients/0/anew", &[]).leads();
    assert!(plain(&one.get("/").body).contains(&format!("Make the letter to {} anew", names[0])));
    // What its row said of the body stands there again; what it said of the contact does not.
    let form = one.get(letter).body;
    assert!(form.contains(&secret_of(0)) && !form.contains("0 Invented Street"), "{}", words_of(&form));
    one.fill(letter, letter, &[("contact.address", "1 Board Street")]).leads();
    assert!(plain(&one.get(letter).body).contains("Dear Beth"));
    assert_eq!(two.fill(letter, "/recipients/0/send-back", &[("reason", "")]).status, 422, "without a reason");
    two.fill(letter, "/recipients/0/send-back", &[("reason", "Name the board in it.")]).leads();
    assert!(plain(&one.get(letter).body).contains("A second person sent it back: Name the board in it."));
    assert!(plain(&one.get("/").body).contains(&format!("Change the letter to {}: a second person sent it back", names[0])));
    one.fill(letter, letter, &[("local.paragraph", "The board was named to me."), ("contact.address", "1 Board Street")]).leads();
    two.fill(letter, "/recipients/0/approve", &[]).leads();
    let send = plain(&one.get("/campaigns/0/send").body);
    assert!(send.contains("Beth Invented, Chair, for the second time") && !send.contains("the letter itself names"), "{send}");
    one.fill("/campaigns/0/send", "/campaigns/0/out", &[("recipient", "0")]).leads();
    assert!(plain(&one.get("/recipients/0").body).contains("has the next move"));
    drop(server);
    assert_eq!(desk.ws(&["log", "verify"]).code, 0);
}

#[test]
fn the_wording_of_an_item_is_corrected_before_the_first_letter_left() {
    let desk = Desk::with_workspace();
    let Sent { server: _server, mut one, .. } = ready(Server::start(&desk, "ws"), "none", &|place| format!("contact-{place}@unit-{place}.example"));
    let item = "/campaigns/0/items/1";
    let better = [("definition", "The strategy, or what stands in its place."), ("correct_reason", "")];
    assert_eq!(one.fill(item, item, &better).status, 422, "without a reason");
    one.fill(item, item, &[better[0], ("correct_reason", "Some have no strategy.")]).leads();
    let page = plain(&one.get("/campaigns/0").body);
    assert!(page.contains("0 of 18 letters made"), "{page}");
    assert!(plain(&one.get("/campaigns/0/items").body).contains("what stands in its place"));
}
