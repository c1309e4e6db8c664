//! People of the office and contacts at bodies: two lists, no invitation for a contact, and a slip of the pen that is put right.

use crate::Desk;
use crate::browser::{Server, between, words_of};
use crate::campaign::pieces;
use crate::office::play;

#[test]
fn a_contact_is_no_part_of_the_office_and_its_name_and_address_can_be_put_right() {
    let desk = Desk::empty();
    desk.run(&["demo", "--dir", "d", "--no-serve"]).succeeds();
    let server = Server::start(&desk, "d/office");
    let (mut lead, mut analyst, mut reader) = (play(&server, "lead"), play(&server, "analyst"), play(&server, "read-only"));
    let list = lead.get("/people").body;
    let (office, contacts) = list.split_once("id=\"contacts\"").unwrap();
    let ids = |part: &str| -> Vec<String> {
        pieces(part, "<a href=\"/people/", "\"").into_iter().filter(|id| id.starts_with("p-")).map(str::to_owned).collect()
    };
    let (office, contacts) = (ids(office), ids(contacts));
    assert!(office.len() == 4 && contacts.len() > 10 && !contacts.iter().any(|id| office.contains(id)), "{office:?} {contacts:?}");

    // Nobody lets a body into the office by a slip, not even by a form made by hand.
    let (mine, theirs) = (format!("/people/{}", office[0]), format!("/people/{}", contacts[0]));
    let page = lead.get(&theirs).body;
    assert!(page.contains("cannot be invited") && !page.contains("/invite\"") && page.contains("href=\"/bodies/"), "{}", words_of(&page));
    let invited = lead.submit(&theirs, &format!("{theirs}/invite"), &[("role", "analyst")]);
    assert!(invited.status == 422 && invited.body.contains("no part of the office"), "{}", words_of(&invited.body));

    // Those who prepare put a contact right; the office is changed by its leads, and readers change nobody.
    let change = format!("{theirs}/change");
    assert_eq!((reader.get(&change).status, analyst.get(&format!("{mine}/change")).status), (403, 403));
    assert_eq!(analyst.submit("/people", &format!("{mine}/change"), &[("name", "X"), ("email", "x@office.example")]).status, 403);
    let before = analyst.get(&change).body;
    let wrong = analyst.fill(&change, &change, &[("name", ""), ("email", "nowhere")]);
    assert!(wrong.status == 422 && wrong.body.contains("Enter the name") && wrong.body.contains("like name@office.example"));
    let kept = between(&before, "name=\"email\" value=\"", "\"").unwrap();
    analyst.fill(&change, &change, &[("name", "Peregrine Oakapple"), ("email", "oakapple@elsewhere.example")]).leads();
    assert!(lead.get("/people").body.contains("Peregrine Oakapple") && lead.get(&theirs).body.contains("oakapple@elsewhere.example"));
    // A form that was opened before is not taken.
    let version = between(&before, "name=\"version\" value=\"", "\"").unwrap();
    let late = lead.fill(&change, &change, &[("name", "Somebody Else"), ("version", &version)]);
    assert!(late.status == 422 && late.body.contains("Somebody else changed this person"), "{}", words_of(&late.body));
    // The log says that it was done, and holds neither the old address nor the new one.
    let log = lead.get("/audit.csv").body;
    assert!(log.contains("person.changed") && !log.contains("oakapple") && !log.contains(&kept));

    // Two people cannot sign in with one address.
    let own = format!("{mine}/change");
    let another = lead.get(&format!("/people/{}/change", office[1])).body;
    let taken = between(&another, "name=\"email\" value=\"", "\"").unwrap();
    let twice = lead.fill(&own, &own, &[("email", &taken)]);
    assert!(twice.status == 422 && twice.body.contains("two people cannot sign in with one"), "{}", words_of(&twice.body));
}
