//! Nobody is named, reminded or counted against what they did: whoever answered, promised, asked or wrote is not silent.

use super::desk::{Desk, ask, day, fifty_six_days, hash};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::{Channel, ContactStatus};
use headwater_prevention::exchange::chase::{NotDue, Throttle, due};
use headwater_prevention::exchange::communication::{DeliveryOutcome, HoldReason, Purpose};
use headwater_prevention::exchange::decide::documents::NewDocument;
use headwater_prevention::exchange::decide::duties::{NewRecommendation, NewResponse};
use headwater_prevention::exchange::decide::{self, Order};
use headwater_prevention::exchange::document::{DocumentKind, ScreeningFinding};
use headwater_prevention::exchange::event::{Event, NonResponseListed};
use headwater_prevention::exchange::grid::statistics::{Share, activities};
use headwater_prevention::exchange::id::{BodyId, CommunicationId, ContactId, DocumentId, RecipientId, RecommendationId};
use headwater_prevention::exchange::non_response::NonResponse;
use headwater_prevention::exchange::notice::notice;
use headwater_prevention::exchange::recommendation::DutyResponse;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::waiting::{Waiting, waiting};

const AREA: RecipientId = RecipientId(0);

/// A desk on a day after the answers were due.
fn late() -> Desk {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    desk.on("2020-12-10");
    desk
}

fn say(desk: &mut Desk, item: u16, status: AskStatus) {
    let today = desk.now.day_in_london();
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, item)], status.clone(), today, None));
}

fn give_notice(desk: &mut Desk) {
    let today = desk.now.day_in_london();
    desk.do_it("lead", |state, order| decide::silences::log_notice(state, order, AREA, Channel::Email, today, hash("notice"), day("2020-12-24")));
}

#[test]
fn who_answered_any_of_it_is_never_named_whatever_the_log_holds() {
    for status in [AskStatus::PartProvided, AskStatus::Provided, AskStatus::NotHeld, AskStatus::Refused { reason: "no".parse().unwrap() }] {
        let mut desk = late();
        give_notice(&mut desk);
        say(&mut desk, 0, status.clone());
        assert_eq!(desk.state.recipient(AREA).unwrap().non_response, NonResponse::None, "the notice falls with the first answer: {status:?}");
        desk.refused("lead", "has answered some of it", |state, order| {
            decide::silences::log_notice(state, order, AREA, Channel::Email, day("2020-12-10"), hash("notice"), day("2020-12-24"))
        });
    }
    // A log in which the order is another, as an earlier version may have written it.
    let mut desk = late();
    say(&mut desk, 0, AskStatus::Provided);
    let sent = desk.send(Purpose::Notice, vec![AREA]);
    let notified = headwater_prevention::exchange::event::NonResponseNotified {
        recipient: AREA,
        communication: sent,
        evidence: hash("notice"),
        reply_by: day("2020-12-24"),
    };
    let listed = NonResponseListed { recipient: AREA, on: day("2021-01-04") };
    for event in [Event::from(notified), listed.into()] {
        let seq = desk.state.seq() + 1;
        desk.state.apply(headwater_prevention::exchange::event::Recorded { seq, at: desk.now, actor: super::desk::person("lead"), event });
    }
    assert!(matches!(desk.state.recipient(AREA).unwrap().non_response, NonResponse::NoticeSent(_)), "it is not listed");
}

#[test]
fn a_promise_or_a_question_stops_notice_and_name() {
    let mut desk = late();
    say(&mut desk, 0, AskStatus::Promised { until: day("2021-01-15") });
    let told = |state: &State, order: &Order| {
        decide::silences::log_notice(state, order, AREA, Channel::Email, day("2020-12-10"), hash("n"), day("2020-12-24"))
    };
    desk.refused("lead", "promised an answer for 15 January 2021", told);
    let mut desk = late();
    give_notice(&mut desk);
    say(&mut desk, 0, AskStatus::Promised { until: day("2021-01-15") });
    desk.on("2021-01-04");
    desk.refused("second", "promised an answer", |state, order| decide::silences::list(state, order, AREA));
    desk.on("2021-01-16");
    desk.do_it("second", |state, order| decide::silences::list(state, order, AREA));
    let mut desk = late();
    say(&mut desk, 0, AskStatus::ClarificationAsked);
    desk.refused("lead", "asked what we mean", told);
}

#[test]
fn what_a_body_wrote_is_read_before_it_is_named_or_reminded() {
    let mut desk = late();
    give_notice(&mut desk);
    desk.on("2020-12-20");
    let message = desk.receive(vec![AREA], vec![]);
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::NewReply(message)));
    let reminders = due(&desk.state, None, &Throttle::default(), day("2020-12-20"));
    assert!(reminders.not_due.contains(&(ask(0, 0), NotDue::Unread)) && reminders.due.len() == 1, "{reminders:?}");
    desk.on("2021-01-04");
    desk.refused("second", "wrote on 20 December 2020", |state, order| decide::silences::list(state, order, AREA));
    desk.do_it("lead", |state, order| decide::correspondence::changes_nothing(state, order, message));

    // Nor is it named while something waits of which nobody knows whom it is from.
    let stray = desk.receive(vec![], vec![HoldReason::NothingToMatch]);
    desk.refused("second", "holding list", |state, order| decide::silences::list(state, order, AREA));
    desk.do_it("lead", |state, order| decide::correspondence::set_aside(state, order, stray, "An offer".parse().unwrap()));
    // Nor while a file of it is held.
    let file =
        NewDocument { original: hash("held"), n_bytes: 1, kind: DocumentKind::Letter, language: headwater_prevention::exchange::body::Language::En };
    desk.receive_with(vec![AREA], vec![], vec![file]);
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(0), vec![ScreeningFinding::HiddenCells]));
    say(&mut desk, 0, AskStatus::Acknowledged);
    desk.refused("second", "a file from Area 0 is held", |state, order| decide::silences::list(state, order, AREA));
    desk.do_it("second", |state, order| decide::documents::release(state, order, DocumentId(0), "Nothing in it".parse().unwrap()));
    desk.do_it("second", |state, order| decide::silences::list(state, order, AREA));
    // A document that answers is an answer, before anybody says so.
    desk.do_it("lead", |state, order| decide::documents::assign(state, order, DocumentId(0), vec![ask(0, 1)]));
    let delisted = NonResponse::Delisted { on: day("2021-01-04"), answered: true };
    assert_eq!(desk.state.recipient(AREA).unwrap().non_response, delisted);
}

#[test]
fn a_notice_says_what_was_asked_what_happens_and_how_to_object() {
    let mut desk = late();
    desk.do_it("lead", |state, order| {
        decide::correspondence::log_delivery(state, order, CommunicationId(0), AREA, DeliveryOutcome::Delivered, None, day("2020-12-10"))
    });
    let text = notice(&desk.state, AREA, day("2020-12-10"), day("2020-12-24"), Some("replies+token@office.example")).unwrap();
    for words in [
        "Area 0: no answer to",
        "We wrote to you on 13 October 2020",
        "due 8 December 2020",
        "- 13 October 2020: we sent our letter (by e-mail); it arrived",
        "- nothing came from you",
        "If nothing comes until 24 December 2020",
        "tell us that we are wrong",
        "replies+token@office.example",
    ] {
        assert!(text.contains(words), "no \"{words}\" in {text}");
    }
    assert!(!text.contains("Area 1"), "another body's affairs");
}

#[test]
fn a_late_bounce_of_an_old_letter_says_nothing_of_the_new_one() {
    let mut desk = late();
    let bounced = |desk: &mut Desk, letter: CommunicationId, on: &str| {
        let on = day(on);
        desk.do_it("lead", |state, order| decide::correspondence::log_delivery(state, order, letter, AREA, DeliveryOutcome::Bounced, None, on));
    };
    bounced(&mut desk, CommunicationId(0), "2020-12-10");
    let number = ContactId(desk.state.contacts().len() as u32);
    let (title, english) = ("Director".parse().unwrap(), headwater_prevention::exchange::body::Language::En);
    desk.do_it("lead", |state, order| {
        decide::bodies::enter_contact(state, order, BodyId(0), super::desk::person("other"), title, Channel::Email, english)
    });
    desk.do_it("lead", |state, order| decide::bodies::replace_contact(state, order, ContactId(0), number, "Left".parse().unwrap()));
    desk.send(Purpose::Letter, vec![AREA]);
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::Sent);
    desk.on("2020-12-12");
    bounced(&mut desk, CommunicationId(0), "2020-12-12");
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::Sent, "the new letter did not come back");
    assert_eq!(desk.state.contact(number).unwrap().status, ContactStatus::Good, "nothing came back from the new contact");
    desk.refused("lead", "went out on", |state, order| {
        decide::correspondence::log_delivery(state, order, CommunicationId(0), AREA, DeliveryOutcome::Bounced, None, day("2020-10-01"))
    });
}

#[test]
fn nothing_is_answered_before_it_was_asked() {
    let mut desk = late();
    desk.refused("lead", "before our letter", |state, order| {
        decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::Provided, day("2020-01-01"), None)
    });
    say(&mut desk, 0, AskStatus::ClarificationAsked);
    desk.refused("lead", "before they asked what we mean", |state, order| {
        decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::Provided, day("2020-11-01"), None)
    });
    desk.refused("lead", "before they asked what we mean", |state, order| decide::asks::clarify(state, order, vec![ask(0, 0)], day("2020-11-01")));
    let throttle = Throttle::default();
    let list = due(&desk.state, None, &throttle, day("2020-12-10"));
    assert!(list.not_due.contains(&(ask(0, 1), NotDue::ClockStopped)), "while we owe them an answer nothing else is chased: {list:?}");
    let mut desk = late();
    give_notice(&mut desk);
    desk.do_it("lead", |state, order| decide::silences::contest(state, order, AREA, "We answered by post".parse().unwrap()));
    assert!(due(&desk.state, None, &throttle, day("2020-12-10")).not_due.contains(&(ask(0, 0), NotDue::Contested)));
}

#[test]
fn a_year_counts_the_answers_that_fell_due_in_it() {
    let mut desk = late();
    let new = NewRecommendation {
        report: "Report".parse().unwrap(),
        number: "1".parse().unwrap(),
        title: "Ask".parse().unwrap(),
        text: hash("text"),
        published: day("2021-03-01"),
        plan_priority: "Openness".parse().unwrap(),
    };
    desk.on("2021-03-01");
    desk.do_it("lead", |state, order| decide::duties::enter(state, order, new.clone()));
    let it = RecommendationId(0);
    let clock = headwater_prevention::exchange::clock::PRESETS[2].clock;
    desk.do_it("lead", |state, order| decide::duties::lay(state, order, it, &[BodyId(0), BodyId(1)], clock, None));
    let year = |desk: &Desk, first: &str, last: &str| activities(&desk.state, day(first), day(last)).get("Openness").map(|it| it.duties);
    assert_eq!(year(&desk, "2020-04-01", "2021-03-31"), Some(Share { n: 0, of: 0 }), "they are due in the next year");
    assert_eq!(year(&desk, "2021-04-01", "2022-03-31"), Some(Share { n: 0, of: 2 }));
    desk.on("2021-03-20");
    let response =
        |on: &str| NewResponse { response: DutyResponse::Action("We do".parse().unwrap()), on: day(on), documents: vec![], embeds: vec![] };
    desk.do_it("lead", |state, order| decide::duties::answer(state, order, it, BodyId(0), response("2021-03-20")));
    assert_eq!(year(&desk, "2020-04-01", "2021-03-31"), Some(Share { n: 1, of: 1 }), "one came early");
    assert_eq!(year(&desk, "2021-04-01", "2022-03-31"), Some(Share { n: 0, of: 1 }));
    desk.refused("lead", "older than the duty", |state, order| decide::duties::answer(state, order, it, BodyId(1), response("2021-02-01")));
}
