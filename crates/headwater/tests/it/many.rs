//! Many things at once: reminders read, approved and logged together, and a joint reply of which everything is said on one page.

use crate::Desk;
use crate::browser::{Browser, Page, Server, between, form_of, words_of};
use crate::campaign::pieces;
use crate::office::play;

/// Sends the form of a page that looks once more at what was sent.
#[track_caller]
fn go_on(by: &mut Browser, checked: &Page, to: &str) -> Page {
    assert_eq!(checked.status, 200, "{}", words_of(&checked.body));
    let fields = form_of(&checked.body, to).unwrap();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    by.post(to, &fields)
}

#[test]
fn reminders_are_read_approved_and_logged_together() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let server = Server::start(&desk, "d/office");
    let (mut approver, mut analyst) = (play(&server, "approver"), play(&server, "analyst"));
    let shown = analyst.get("/reminders").body;
    if form_of(&shown, "/reminders").is_some() {
        let bodies: Vec<(String, String)> = form_of(&shown, "/reminders").unwrap();
        let fields: Vec<(&str, &str)> = bodies.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        analyst.post("/reminders", &fields).leads();
    }
    let (approve, sent) = ("/reminders/approve", "/reminders/sent");
    let page = approver.get(approve).body;
    let waiting: Vec<String> = pieces(&page, "name=\"reminder\" value=\"", "\"").into_iter().map(str::to_owned).collect();
    assert!(waiting.len() > 1, "{}", words_of(&page));
    // Each is a whole message: somebody is greeted, it says where answers go, and who writes.
    let letters = pieces(&page, "<div class=\"letter\">", "</div>");
    assert!(letters.iter().filter(|letter| letter.contains("Dear ")).count() + 1 >= letters.len(), "{}", words_of(&page));
    let none = approver.fill(approve, approve, &[]);
    assert!(none.status == 422 && none.body.contains("href=\"#reminder\"") && none.body.contains("id=\"reminder\""), "{}", words_of(&none.body));

    // Other words for one: it goes back, and whoever wrote them cannot approve it, not even with all the others.
    let words = format!("/reminders/{}/words", waiting[0]);
    approver.fill(&words, &words, &[("words", "Dear colleague,\n\nPlease write to us.")]).leads();
    assert!(!approver.get(approve).body.contains(&format!("name=\"reminder\" value=\"{}\"", waiting[0])));
    let text = |page: &str, id: &str| between(page, &format!("name=\"text-{id}\" value=\""), "\"").unwrap();
    let old = text(&page, &waiting[0]);
    let all: Vec<(String, String)> = waiting.iter().map(|id| ("reminder".to_owned(), id.clone())).collect();
    let mut fields: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let field = format!("text-{}", waiting[0]);
    fields.push((&field, &old));
    fields.push(("checked", "yes"));
    let refused = approver.fill(approve, approve, &fields);
    let row = format!("reminder-{}", waiting[0]);
    assert!(refused.status == 422 && refused.body.contains(&format!("href=\"#{row}\"")) && refused.body.contains(&format!("id=\"{row}\"")));
    assert!(refused.body.contains("you proposed this reminder"), "{}", words_of(&refused.body));
    assert_eq!(pieces(&approver.get(approve).body, "name=\"reminder\" value=\"", "\"").len(), waiting.len() - 1, "none was approved");
    analyst.fill("/reminders", &format!("/reminders/{}/drop", waiting[0]), &[(&format!("reason-{}", waiting[0]), "We called them")]).leads();

    let rest: Vec<(&str, &str)> = waiting[1..].iter().map(|id| ("reminder", id.as_str())).collect();
    let checked = approver.fill(approve, approve, &rest);
    assert!(checked.body.contains("Check which reminders may go"), "{}", words_of(&checked.body));
    assert_eq!(go_on(&mut approver, &checked, approve).leads(), "/reminders");

    // Those that are approved stand as whole messages, and are logged together.
    let page = analyst.get(sent).body;
    let ready = pieces(&page, "name=\"reminder\" value=\"", "\"");
    assert!(ready.len() >= rest.len() && page.contains("<dt>Reply-To</dt>") && page.contains("<dt>To</dt>"), "{}", words_of(&page));
    let ticks: Vec<(&str, &str)> = ready.iter().map(|id| ("reminder", *id)).collect();
    let checked = analyst.fill(sent, sent, &ticks);
    assert_eq!(go_on(&mut analyst, &checked, sent).leads(), "/reminders");
    assert!(analyst.get(sent).body.contains("No reminder is approved and not yet out"));
    assert!(analyst.get("/reminders").body.contains("No reminder waits"));
}

#[test]
fn a_joint_reply_is_dealt_with_on_one_page() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let server = Server::start(&desk, "d/office");
    let mut analyst = play(&server, "analyst");
    // Three bodies of one campaign that have been asked and have answered nothing, or not all.
    let grid = analyst.get("/campaigns/1/grid").body;
    let mut bodies: Vec<&str> = pieces(&grid, "href=\"/recipients/", "\"");
    bodies.dedup();
    bodies.retain(|body| analyst.get(&format!("/recipients/{body}")).body.contains("asked, no answer yet"));
    let [one, two, three] = bodies[..3] else { panic!("{}", words_of(&grid)) };
    let reply = [("channel", "email"), ("note", "We answer for all three."), ("recipient", one), ("recipient", two), ("recipient", three)];
    let page = format!("/recipients/{one}");
    analyst.fill(&page, &format!("{page}/reply"), &reply).leads();
    let message = format!("/messages/{}", between(&analyst.get(&page).body, "href=\"/messages/", "\"").unwrap());
    let asks = format!("{message}/asks");
    assert!(analyst.get(&message).body.contains(&format!("href=\"{asks}\"")));
    let shown = analyst.get(&asks).body;
    let open = shown.split("<div class=\"field\">").filter(|row| row.contains("asked, no answer yet"));
    let named: Vec<&str> = open.filter_map(|row| pieces(row, "<select id=\"", "\"").first().copied()).collect();
    let of = |body: &str| named.iter().copied().find(|name| name.starts_with(&format!("ask-{body}-"))).unwrap();
    let (first, second) = (of(one), of(two));
    let incomplete = analyst.fill(&asks, &asks, &[(first, "part"), (second, "promised")]);
    assert!(incomplete.status == 422 && incomplete.body.contains("Enter the day it is promised for"), "{}", words_of(&incomplete.body));
    let nothing = analyst.fill(&asks, &asks, &[]);
    assert!(nothing.status == 422 && nothing.body.contains("Say of at least one how it stands"));
    // A step that is not allowed stands at its row, and nothing is said of any.
    let until = [(first, "part"), (second, "promised"), ("until", "2020-01-01")];
    let checked = analyst.fill(&asks, &asks, &until);
    let refused = go_on(&mut analyst, &checked, &asks);
    assert!(refused.status == 422 && refused.body.contains(&format!("href=\"#{second}\"")), "{}", words_of(&refused.body));
    assert!(!refused.body.contains(&format!("href=\"#{first}\"")), "{}", words_of(&refused.body));
    let on = between(&shown, "name=\"since\" value=\"", "\"").unwrap();
    let soon = format!("{}-12-31", &on[..4]);
    let good = [(first, "part"), (second, "promised"), ("until", soon.as_str())];
    let checked = analyst.fill(&asks, &asks, &good);
    // Who goes back finds what they had chosen.
    let mut fields = form_of(&checked.body, &asks).unwrap();
    fields.iter_mut().filter(|(name, _)| name == "checked").for_each(|(_, value)| "change".clone_into(value));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let back = analyst.post(&asks, &fields).body;
    let chosen = form_of(&back, &asks).unwrap();
    assert!(chosen.contains(&(first.to_owned(), "part".to_owned())) && chosen.contains(&("until".to_owned(), soon.clone())), "{chosen:?}");
    assert!(checked.body.contains("It changes nothing for"), "{}", words_of(&checked.body));
    assert_eq!(go_on(&mut analyst, &checked, &asks).leads(), message);
    assert!(!analyst.get(&message).body.contains("Nobody has said yet what it means"));
    assert!(analyst.get(&format!("/recipients/{two}")).body.contains("promised for"));
}
