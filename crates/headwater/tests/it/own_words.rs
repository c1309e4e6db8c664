//! The letter in the office's own words: written in the pages, refused with the line of what is wrong, and the one that leaves.

use crate::Desk;
use crate::browser::{Browser, Server, form_of, lead, words_of};

const WORDS: &str = "/campaigns/0/letter/words";

/// An office with a campaign to two bodies.
fn office(server: &Server) -> Browser {
    let (mut one, _) = lead(server);
    let add = |one: &mut Browser, page: &str, fields: &[(&str, &str)]| one.fill(page, page, fields).leads();
    for (body, name) in [("0", "Invented Vale Partnership"), ("1", "Invented Hill Partnership")] {
        add(&mut one, "/bodies/new", &[("name", name), ("kind", "other"), ("languages", "en")]);
        let person = format!("Person {body} Invented");
        let email = format!("person{body}@body.example");
        add(
            &mut one,
            &format!("/bodies/{body}/contact"),
            &[("name", &person), ("role", "Director"), ("email", &email), ("postal_address", "1 Invented Street")],
        );
    }
    let brief = [
        ("title", "How you count"),
        ("purpose", "To see how areas count."),
        ("plan_priority", "Prevention"),
        ("clock", "none"),
        ("items", "four"),
        ("policy", "closed"),
    ];
    add(&mut one, "/campaigns/new", &brief);
    add(&mut one, "/campaigns/0/recipients", &[("body", "0"), ("body", "1")]);
    one
}

#[test]
fn an_office_writes_the_letter_in_its_own_words() {
    let desk = Desk::with_workspace();
    let server = Server::start(&desk, "ws");
    let mut one = office(&server);
    // It begins with the words that come with the program.
    let page = one.get(WORDS).body;
    let form = form_of(&page, WORDS).unwrap();
    let shipped = &form.iter().find(|(name, _)| name == "words-en").unwrap().1;
    assert!(shipped.contains("# Why I ask") && shipped.contains("{{asks}}"), "{shipped}");
    let version = form.iter().find(|(name, _)| name == "version").unwrap().1.clone();
    // What is wrong is said with its line, and what was typed stands there still.
    let refused = one.fill(WORDS, WORDS, &[("words-en", "To {{body.nmae}}\n\nPlease write to us.")]);
    assert_eq!(refused.status, 422);
    for says in ["Line 1: there is no field {{body.nmae}}", "put {{asks}} on a line of its own", "Please write to us."] {
        assert!(refused.body.contains(says), "{says}: {}", words_of(&refused.body));
    }
    let own = "We count otherwise than {{body.name}}[^how].\n\n# What we would like\n\n{{asks}}\n\n? {{local.thanks}}\n\n{{campaign.publishing}} Telephone {{desk.telephone}}.\n\n[^how]: See {{evidence.report}}.";
    assert_eq!(one.fill(WORDS, WORDS, &[("words-en", own)]).leads(), "/campaigns/0/letters");
    // Somebody who opened the page before is told.
    let late = one.fill(WORDS, WORDS, &[("words-en", own), ("version", &version)]);
    assert!(late.status == 422 && late.body.contains("Somebody else saved this letter meanwhile"), "{}", words_of(&late.body));
    // Its fields are asked for, and those of the words before are not.
    let page = one.get("/campaigns/0/letter").body;
    assert!(page.contains("Desk: telephone") && page.contains("Change the words") && !page.contains("name=\"review.first\""), "{}", words_of(&page));
    let names: Vec<String> =
        form_of(&page, "/campaigns/0/letter").unwrap().into_iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| name).collect();
    let rows = "body,local.thanks\nInvented Hill Partnership,Thank you for the visit.\n";
    let fields: Vec<(&str, &str)> =
        names.iter().filter(|name| *name != "rows").map(|name| (name.as_str(), "invented words")).chain([("rows", rows)]).collect();
    one.fill("/campaigns/0/letter", "/campaigns/0/letter", &fields).leads();
    // All are read at once: what they share, and what each says alone.
    let all = words_of(&one.get("/campaigns/0/letters").body);
    for says in [
        "2 letters, 2 of them without a gap",
        "What all 2 letters say",
        "We count otherwise than [",
        "Thank you for the visit.",
        "nothing: left out of this letter",
    ] {
        assert!(all.contains(says), "{says}: {all}");
    }
    assert_eq!(all.matches("What we would like").count(), 1, "{all}");
    let hill = words_of(&one.get("/campaigns/0/letters/1").body);
    for says in [
        "We count otherwise than Invented Hill Partnership",
        "I do not intend to publish what you send. Telephone invented words.",
        "See invented words",
        "Strategic needs assessment",
        "Letter 2 of 2",
    ] {
        assert!(hill.contains(says), "{says}: {hill}");
    }
    assert!(!hill.contains("section 41"), "{hill}");
    assert_eq!(one.get("/campaigns/0/letters/9").status, 404);
    // The next round begins with the words and the fields, and without what was said to each body.
    let next = [
        ("title", "How you count, again"),
        ("purpose", "To see what changed."),
        ("plan_priority", "Prevention"),
        ("clock", "none"),
        ("previous", "0"),
    ];
    assert_eq!(one.fill("/campaigns/new?again=0", "/campaigns/new", &next).leads(), "/campaigns/1");
    let page = one.get("/campaigns/1/letter").body;
    assert!(page.contains("Change the words") && page.contains("invented words") && !page.contains("Thank you for the visit"), "{}", words_of(&page));
    // Who empties the words goes back to those of the program: the row of a field that is no more is refused by its column.
    let back = one.fill(WORDS, WORDS, &[("words-en", "")]);
    assert!(back.status == 422 && back.body.contains("the letter has no field &quot;local.thanks&quot;"), "{}", words_of(&back.body));
}
