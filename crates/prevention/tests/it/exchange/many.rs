//! Several things at once, all or none: reminders approved and logged together, and how the asks of several bodies stand.

use super::desk::{Desk, ask, day, fifty_six_days, hash};
use headwater_prevention::exchange::ask::{AskStatus, Proof};
use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::communication::ChaserState;
use headwater_prevention::exchange::decide::chasers::{self, AnyReminder, NewChaser};
use headwater_prevention::exchange::decide::{self, NotAllowed, as_one, asks};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{BlobHash, BodyId, ChaserId, RecipientId};

/// Four bodies whose time is over; reminders to all but the last are proposed by the lead.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.with_bodies(4);
    desk.with_open_campaign(4, fifty_six_days(), "2020-10-13");
    desk.on("2020-12-09");
    let new = |body: u32| NewChaser { body: BodyId(body), asks: vec![ask(body, 0), ask(body, 1)], text: hash("words") };
    desk.do_it("lead", |state, order| chasers::propose(state, order, &Throttle::default(), vec![new(0), new(1), new(2)]));
    desk
}

fn with_words(ids: &[u32]) -> Vec<(AnyReminder, BlobHash)> {
    ids.iter().map(|id| (AnyReminder::OfAsks(ChaserId(*id)), hash("words"))).collect()
}

/// Lays a duty to answer a recommendation on the last body, and proposes a reminder of it when its time is over.
fn owes_an_answer(desk: &mut Desk) -> BodyId {
    let body = BodyId(3);
    let recommendation = desk.with_duty(body);
    let propose =
        |state: &_, order: &_| decide::duty_reminders::propose(state, order, &Throttle::default(), body, vec![recommendation], hash("words"));
    desk.do_it("lead", propose);
    body
}

fn whole<T: std::fmt::Debug>(allowed: Result<Vec<Event>, Vec<(T, NotAllowed)>>) -> Result<Vec<Event>, NotAllowed> {
    allowed.map_err(|refused| as_one(&refused, |it| format!("{it:?}")))
}

#[test]
fn nobody_approves_words_that_they_wrote_last() {
    let mut desk = desk();
    desk.refused("second", "these are the words", |state, order| chasers::rewrite(state, order, ChaserId(1), hash("words")));
    desk.do_it("second", |state, order| chasers::rewrite(state, order, ChaserId(1), hash("kinder words")));
    desk.refused("second", "you proposed", |state, order| chasers::approve(state, order, ChaserId(1), hash("kinder words")));
    desk.refused("lead", "not the one you looked at", |state, order| chasers::approve(state, order, ChaserId(1), hash("words")));
    desk.do_it("lead", |state, order| chasers::approve(state, order, ChaserId(1), hash("kinder words")));
    desk.refused("second", "not waiting", |state, order| chasers::rewrite(state, order, ChaserId(1), hash("late words")));
}

#[test]
fn reminders_are_approved_and_sent_together_or_not_at_all() {
    let mut desk = desk();
    desk.do_it("second", |state, order| chasers::rewrite(state, order, ChaserId(1), hash("kinder words")));
    let refused = chasers::approve_all(&desk.state, &desk.order("second"), &with_words(&[0, 1, 2])).unwrap_err();
    assert_eq!(
        refused.iter().map(|((id, _), _)| *id).collect::<Vec<_>>(),
        [AnyReminder::OfAsks(ChaserId(1))],
        "only the one that they wrote: {refused:?}"
    );
    let one = as_one(&refused, |_| "Area 1".to_owned());
    assert!(one.what.starts_with("Area 1: you proposed") && !one.is_conflict, "{one}");
    assert!(desk.state.chasers().iter().all(|chaser| chaser.state == ChaserState::Proposed));
    // Reminders of recommendations go with them.
    let owing = owes_an_answer(&mut desk);
    let with_duty = [with_words(&[0, 2]), vec![(AnyReminder::OfDuties(owing), hash("words"))]].concat();
    desk.do_it("second", |state, order| whole(chasers::approve_all(state, order, &with_duty)));
    // Area 2 answers before its reminder leaves: then none of those that were chosen leaves.
    desk.do_it("lead", |state, order| asks::describe(state, order, vec![ask(2, 0)], AskStatus::NotHeld, day("2020-12-09"), None));
    let chosen = [AnyReminder::OfDuties(owing), AnyReminder::OfAsks(ChaserId(0)), AnyReminder::OfAsks(ChaserId(2))];
    let refused = chasers::send_all(&desk.state, &desk.order("lead"), &Throttle::default(), &chosen).unwrap_err();
    assert!(refused.len() == 1 && refused[0].0 == chosen[2] && refused[0].1.what.contains("Area 2"), "{refused:?}");
    desk.do_it("lead", |state, order| whole(chasers::send_all(state, order, &Throttle::default(), &chosen[..2])));
    assert!(desk.state.duty_reminder(owing).is_none());
    assert_eq!(desk.state.recipient(RecipientId(0)).unwrap().last_chased, Some(day("2020-12-09")));
}

#[test]
fn a_joint_reply_says_of_each_body_how_its_asks_stand_or_of_none() {
    let mut desk = desk();
    let reply = desk.receive(vec![RecipientId(0), RecipientId(1), RecipientId(3)], vec![]);
    let on = day("2020-12-09");
    let said = [(ask(0, 0), AskStatus::Provided), (ask(0, 1), AskStatus::NotHeld), (ask(3, 0), AskStatus::Promised { until: day("2020-12-01") })];
    let refused = asks::describe_all(&desk.state, &desk.order("lead"), &said, on, Proof::Communication(reply)).unwrap_err();
    assert!(refused.len() == 1 && refused[0].0.0 == ask(3, 0) && refused[0].1.what.contains("was over when it was given"), "{refused:?}");
    let said = [&said[..2], &[(ask(3, 0), AskStatus::Promised { until: day("2020-12-20") })]].concat();
    desk.do_it("lead", |state, order| whole(asks::describe_all(state, order, &said, on, Proof::Communication(reply))));
    assert_eq!(desk.state.ask(ask(0, 1)).unwrap().proof, Some(Proof::Communication(reply)));
    // Nothing was said of Area 1: the message changes nothing there, and waits for nobody.
    assert_eq!(desk.state.new_replies().count(), 0);
    assert_eq!(desk.state.ask(ask(1, 0)).unwrap().status, AskStatus::Sent);
    assert!(decide::correspondence::changes_nothing(&desk.state, &desk.order("lead"), reply).is_err());
}
