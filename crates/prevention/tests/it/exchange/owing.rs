//! Recommendations that are put right or withdrawn, answers with files, and reminders of answers that are late.

use super::desk::{Desk, day, hash, person};
use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::clock::PRESETS;
use headwater_prevention::exchange::communication::Placement;
use headwater_prevention::exchange::decide::documents::NewDocument;
use headwater_prevention::exchange::decide::duties::{NewRecommendation, NewResponse};
use headwater_prevention::exchange::decide::duty_reminders::to_remind;
use headwater_prevention::exchange::decide::{self};
use headwater_prevention::exchange::document::{DocumentKind, ScreeningFinding};
use headwater_prevention::exchange::id::{BodyId, DocumentId, RecommendationId};
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::public::{Office, public_pages};
use headwater_prevention::exchange::publication::Permission;
use headwater_prevention::exchange::recommendation::DutyResponse;
use headwater_prevention::exchange::reminder::{CLOSING_OF_DUTIES, OPENING_OF_DUTIES, ReminderFrame, of_duties};
use headwater_prevention::exchange::waiting::{Waiting, waiting};
use headwater_release::{Block, Publisher};

const IT: RecommendationId = RecommendationId(0);

fn new(number: &str, published: &str) -> NewRecommendation {
    NewRecommendation {
        report: "Annual report".parse().unwrap(),
        number: number.parse().unwrap(),
        title: "Ask about exploitation".parse().unwrap(),
        text: hash("text"),
        published: day(published),
        plan_priority: "Prevention".parse().unwrap(),
    }
}

fn action(on: &str) -> NewResponse {
    NewResponse { response: DutyResponse::Action("We train all staff".parse().unwrap()), on: day(on), documents: vec![], embeds: vec![] }
}

/// Three bodies that owe an answer to recommendation 4, due on 1 March 2021.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.on("2021-01-04");
    desk.do_it("lead", |state, order| decide::duties::enter(state, order, new("4", "2021-01-04")));
    let bodies = [BodyId(0), BodyId(1), BodyId(2)];
    desk.do_it("lead", |state, order| decide::duties::lay(state, order, IT, &bodies, PRESETS[2].clock, None));
    desk
}

#[test]
fn what_was_entered_is_put_right_until_somebody_has_answered_it() {
    let mut desk = desk();
    let why = || "A slip of the pen".parse().unwrap();
    desk.refused("lead", "nothing is changed", |state, order| decide::duties::correct(state, order, IT, new("4", "2021-01-04"), why()));
    desk.do_it("lead", |state, order| decide::duties::enter(state, order, new("5", "2021-01-04")));
    desk.refused("lead", "there already", |state, order| decide::duties::correct(state, order, IT, new("5", "2021-01-04"), why()));
    desk.do_it("lead", |state, order| decide::duties::correct(state, order, IT, new("4b", "2021-01-11"), why()));
    let it = desk.state.recommendation(IT).unwrap();
    assert_eq!((it.number.as_str(), it.published), ("4b", day("2021-01-11")));
    // The clock that started with publication starts on the day that stands there now.
    assert_eq!(desk.state.duty(IT, BodyId(0)).unwrap().started, day("2021-01-11"));
    desk.on("2021-02-01");
    desk.do_it("lead", |state, order| decide::duties::answer(state, order, IT, BodyId(0), action("2021-02-01")));
    desk.refused("lead", "Area 0 has answered it", |state, order| decide::duties::correct(state, order, IT, new("4c", "2021-01-11"), why()));
}

#[test]
fn a_recommendation_that_is_withdrawn_keeps_what_was_answered_and_asks_for_nothing_more() {
    let mut desk = desk();
    desk.on("2021-02-01");
    desk.do_it("lead", |state, order| decide::duties::answer(state, order, IT, BodyId(0), action("2021-02-01")));
    let why = || "The law has changed".parse().unwrap();
    desk.do_it("lead", |state, order| decide::duties::withdraw_recommendation(state, order, IT, why()));
    let withdrawn = |desk: &Desk, body: u32| desk.state.duty(IT, BodyId(body)).unwrap().withdrawn;
    assert_eq!([0, 1, 2].map(|body| withdrawn(&desk, body)), [false, true, true]);
    desk.refused("lead", "withdrawn", |state, order| decide::duties::withdraw_recommendation(state, order, IT, why()));
    desk.refused("lead", "withdrawn", |state, order| decide::duties::reopen(state, order, IT, BodyId(1), why()));
    desk.refused("lead", "withdrawn", |state, order| decide::duties::correct(state, order, IT, new("9", "2021-01-04"), why()));
    desk.refused("lead", "withdrawn", |state, order| decide::duties::lay(state, order, IT, &[BodyId(1)], PRESETS[2].clock, None));
    desk.on("2021-06-01");
    assert!(to_remind(&desk.state, &Throttle::default(), day("2021-06-01")).is_empty());
}

#[test]
fn the_files_of_an_answer_come_with_it_and_are_looked_into() {
    let mut desk = desk();
    desk.on("2021-02-01");
    let file = |name: &str| NewDocument { original: hash(name), n_bytes: 1, kind: DocumentKind::Other, language: Language::En };
    let files = || vec![file("one"), file("two")];
    let late = action("2021-02-02");
    desk.refused("lead", "still to come", |state, order| {
        decide::duties::answer_with_files(state, order, IT, BodyId(0), late, Channel::Email, files())
    });
    assert!(desk.state.documents().is_empty() && desk.state.communications().is_empty(), "nothing of a refused answer is kept");
    desk.do_it("lead", |state, order| decide::duties::answer_with_files(state, order, IT, BodyId(0), action("2021-02-01"), Channel::Email, files()));
    assert_eq!(desk.state.duty(IT, BodyId(0)).unwrap().documents, [DocumentId(0), DocumentId(1)]);
    assert!(matches!(desk.state.communications()[0].placement, Placement::SetAside(_)), "it waits in no holding list");
    desk.do_it("program", |state, order| decide::documents::screened(state, order, DocumentId(0), vec![]));
    desk.do_it("program", |state, order| decide::documents::screened(state, order, DocumentId(1), vec![ScreeningFinding::Macros]));
    let waits: Vec<Waiting> = waiting(&desk.state, Moment::at_start_of(day("2021-02-01"))).into_iter().map(|it| it.what).collect();
    assert!(waits.contains(&Waiting::HeldDocument(DocumentId(1))), "{waits:?}");
    assert!(!waits.contains(&Waiting::UnassignedDocument(DocumentId(0))), "it answers a recommendation: {waits:?}");
}

#[test]
fn the_files_of_an_answer_are_public_once_they_went_the_way_of_all_files() {
    let mut desk = desk();
    desk.on("2021-02-01");
    let file = |name: &str| NewDocument { original: hash(name), n_bytes: 1, kind: DocumentKind::Other, language: Language::En };
    let files = vec![file("one"), file("two")];
    desk.do_it("lead", |state, order| decide::duties::answer_with_files(state, order, IT, BodyId(0), action("2021-02-01"), Channel::Email, files));
    let (one, two) = (DocumentId(0), DocumentId(1));
    for document in [one, two] {
        desk.do_it("program", |state, order| decide::documents::screened(state, order, document, vec![]));
    }
    let pages = |desk: &Desk| {
        let office = Office { publisher: Publisher::default(), today: desk.now.day_in_london(), letter: &|_| None, ending: &|_| "pdf".to_owned() };
        let pages = public_pages(&desk.state, &office).unwrap();
        let lines: Vec<String> = pages.publication.documents[0].sections[0]
            .blocks
            .iter()
            .flat_map(|block| if let Block::List(lines) = block { lines.clone() } else { Vec::new() })
            .map(|line| line.plain())
            .collect();
        (lines, pages.files.len())
    };
    assert_eq!(pages(&desk), (vec!["Area 0: 2 documents came and are still being looked at.".to_owned()], 0));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, two, Permission::Closed, None));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, one, Permission::Publish, None));
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, one, hash("one"), vec![]));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, one, hash("one"), "check 1".parse().unwrap(), true));
    desk.refused("lead", "second person", |state, order| decide::publications::approve(state, order, one, hash("one")));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, one, hash("one")));
    assert_eq!(pages(&desk).1, 0, "approved is not public");
    desk.do_it("second", |state, order| decide::publications::publish(state, order, one));
    let (lines, n_files) = pages(&desk);
    assert!(n_files == 1 && lines[0].starts_with("Area 0: Document 1. Published 1 February 2021. SHA-256 "), "{lines:?}");
    assert_eq!(lines[1], "Area 0: One document came that the body does not allow to be published.");
}

#[test]
fn the_public_pages_are_approved_as_they_were_seen() {
    let mut desk = desk();
    let (seen, now) = (hash("pages of the morning"), hash("pages of the evening"));
    desk.refused("lead", "not those that you looked at", |state, order| decide::publications::approve_pages(state, order, seen, now));
    assert!(desk.state.pages_approval().is_none());
    desk.do_it("second", |state, order| decide::publications::approve_pages(state, order, now, now));
    assert_eq!(desk.state.pages_approval().map(|approval| (approval.pages, approval.by)), Some((now, person("second"))));
    desk.refused("lead", "approved already", |state, order| decide::publications::approve_pages(state, order, now, now));
}

#[test]
fn a_late_answer_is_reminded_of_once_in_two_weeks_and_after_a_second_look() {
    let mut desk = desk();
    let throttle = Throttle::default();
    let propose = |body: u32| {
        move |state: &_, order: &_| decide::duty_reminders::propose(state, order, &Throttle::default(), BodyId(body), vec![IT], hash("words"))
    };
    desk.on("2021-03-01");
    assert!(to_remind(&desk.state, &throttle, day("2021-03-01")).is_empty(), "the last day is not over");
    desk.refused("lead", "has time left", propose(0));
    desk.on("2021-03-05");
    assert_eq!(to_remind(&desk.state, &throttle, day("2021-03-05")).len(), 3);
    let waits = |desk: &Desk| -> Vec<Waiting> { waiting(&desk.state, desk.now).into_iter().map(|it| it.what).collect() };
    assert!(waits(&desk).contains(&Waiting::DutyOverdue(IT, BodyId(0))));
    let frame =
        ReminderFrame { salutation: Some("Commissioner"), opening: OPENING_OF_DUTIES, closing: CLOSING_OF_DUTIES, reply_to: None, office: "Us" };
    let words = of_duties(&desk.state, BodyId(0), &[IT], &frame);
    assert!(words.starts_with("Dear Commissioner,\n\n") && words.contains("recommendation 4 (Ask about exploitation): due 1 March 2021"), "{words}");
    desk.do_it("lead", propose(0));
    desk.do_it("lead", propose(1));
    desk.refused("lead", "waits already", propose(0));
    assert!(waits(&desk).contains(&Waiting::DutyReminderReview(BodyId(0))) && !waits(&desk).contains(&Waiting::DutyOverdue(IT, BodyId(0))));
    desk.refused("lead", "you proposed", |state, order| decide::duty_reminders::approve(state, order, BodyId(0), hash("words")));
    desk.refused("second", "not the one you looked at", |state, order| decide::duty_reminders::approve(state, order, BodyId(0), hash("other")));
    desk.refused("lead", "not approved", |state, order| decide::duty_reminders::send(state, order, BodyId(0)));
    for body in [BodyId(0), BodyId(1)] {
        desk.do_it("second", |state, order| decide::duty_reminders::approve(state, order, body, hash("words")));
    }
    // Area 1 answers before its reminder leaves.
    desk.do_it("lead", |state, order| decide::duties::answer(state, order, IT, BodyId(1), action("2021-03-05")));
    desk.refused("lead", "no longer owes", |state, order| decide::duty_reminders::send(state, order, BodyId(1)));
    desk.do_it("lead", |state, order| decide::duty_reminders::withdraw(state, order, BodyId(1), "It has answered".parse().unwrap()));
    desk.do_it("lead", |state, order| decide::duty_reminders::send(state, order, BodyId(0)));
    assert_eq!(desk.state.duty(IT, BodyId(0)).unwrap().last_reminded(), Some(day("2021-03-05")));
    assert!(desk.state.is_ours(hash("words")));
    let due = |on: &str| to_remind(&desk.state, &throttle, day(on)).into_keys().collect::<Vec<_>>();
    assert_eq!((due("2021-03-18"), due("2021-03-19")), (vec![BodyId(2)], vec![BodyId(0), BodyId(2)]));
}
