//! Recommendations: put right, answered with files, reminded of, withdrawn.

use crate::Desk;
use crate::browser::{Server, between, words_of};
use crate::campaign::pieces;
use crate::office::play;

#[test]
fn an_answer_to_a_recommendation_comes_with_its_files_or_is_reminded_of() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let server = Server::start(&desk, "d/office");
    let (mut approver, mut analyst) = (play(&server, "approver"), play(&server, "analyst"));

    // A slip is put right until the first body has answered.
    let (first, second) = ("/recommendations/0", "/recommendations/1");
    assert!(!analyst.get(first).body.contains("/correct\""));
    let form = [("number", "9"), ("why", "It is another number")];
    let late = analyst.fill(&format!("{first}/correct"), &format!("{first}/correct"), &form);
    assert!(late.status == 422 && late.body.contains("has answered it as it stands"), "{}", words_of(&late.body));
    let correct = format!("{second}/correct");
    let empty = analyst.fill(&correct, &correct, &[("number", "2b")]);
    assert!(empty.status == 422 && empty.body.contains("Say why it changes"));
    analyst.fill(&correct, &correct, &[("number", "2b"), ("why", "It is another number")]).leads();
    assert!(analyst.get("/recommendations").body.contains("2b: Publish the assessment"));

    // The files of an answer are kept, looked into and named beside it; whose comments it carries is chosen from the bodies.
    let page = analyst.get(second).body;
    let links = pieces(&page, "href=\"", "\"");
    let answer = links.iter().find(|link| link.ends_with("/answer")).unwrap().to_string();
    let form = analyst.get(&answer).body;
    let token = between(&form, "name=\"token\" value=\"", "\"").unwrap();
    let seen = between(&form, "name=\"seen\" value=\"", "\"").unwrap();
    let other = between(&form, "name=\"embeds\" value=\"", "\"").unwrap();
    let on = between(&form, "name=\"on\" value=\"", "\"").unwrap();
    let fields = [
        ("token", token.as_str()),
        ("seen", &seen),
        ("response", "action"),
        ("words", "We publish it in spring."),
        ("on", &on),
        ("channel", "post"),
        ("embeds", &other),
    ];
    let files: [(&str, &[u8]); 2] = [("plan.txt", b"What we publish in spring."), ("macros.docm", b"no document at all")];
    let done = analyst.send(&answer, &fields, &files);
    assert_eq!(done.leads(), second);
    let page = analyst.get(second).body;
    assert!(
        page.contains("plan.txt</a>") && page.contains("macros.docm</a> (held)") && page.contains("It carries the comments of"),
        "{}",
        words_of(&page)
    );
    let document = format!("/documents/{}", between(&page, "href=\"/documents/", "\"").unwrap());
    let shown = analyst.get(&document).body;
    assert!(shown.contains(">recommendation 2b (") && shown.contains("Take the file as it came"), "{}", words_of(&shown));
    assert!(!analyst.get("/").body.contains("Say what plan.txt answers"), "it answers a recommendation");
    assert!(analyst.get(&answer).body.contains("open its duty again first"), "an answer is given once");

    // What is over says so on the home page, with its clock and its days; a second person reads the reminder.
    let home = analyst.get("/").body;
    let line = between(&home, "\"/reminders#duties\">", "<").unwrap();
    assert!(line.contains("its time (56 days after publication) was over on") && line.contains("days ago"), "{line}");
    analyst.fill("/reminders", "/reminders/duties", &[]).leads();
    let body = between(&approver.get("/reminders").body, "action=\"/reminders/duties/", "/").unwrap();
    let at = |order: &str| format!("/reminders/duties/{body}/{order}");
    assert!(analyst.get("/reminders").body.contains("Somebody else has to approve it"));
    // What is wrong stands in a fold that is open.
    let nothing = analyst.fill("/reminders", &at("drop"), &[]);
    assert!(nothing.status == 422 && nothing.body.contains("<details open><summary>Drop the reminder"), "{}", words_of(&nothing.body));
    // Approved together with the other reminders.
    let (all, key) = ("/reminders/approve", format!("of-{body}"));
    let page = approver.get(all).body;
    assert!(page.contains(", of recommendations, and it may go"), "{}", words_of(&page));
    approver.fill(all, all, &[("reminder", &key), ("checked", "yes")]).leads();
    assert!(analyst.get("/reminders").body.contains("Send it from your own mail or by post"));
    analyst.fill("/reminders", &at("sent"), &[]).leads();
    assert!(analyst.get(first).body.contains("Reminded on"));

    // Withdrawn, it asks for nothing any more, and its answers stay.
    let withdraw = format!("{second}/withdraw");
    let nothing = analyst.fill(second, &withdraw, &[]);
    assert!(nothing.status == 422 && nothing.body.contains("<details open><summary>Withdraw the recommendation"));
    analyst.fill(second, &withdraw, &[("withdraw_reason", "A law says it now")]).leads();
    let page = analyst.get(second).body;
    assert!(page.contains("It was withdrawn") && page.contains("plan.txt") && !page.contains("Log the answer of"), "{}", words_of(&page));
}
