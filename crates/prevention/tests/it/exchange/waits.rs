//! What waits on the home page: what came and nobody has answered for, and days that are over.

use super::desk::{Desk, ask, day, fifty_six_days};
use headwater_prevention::exchange::ask::{AskStatus, Proof};
use headwater_prevention::exchange::clock::{Clock, PRESETS};
use headwater_prevention::exchange::communication::{DeliveryOutcome, HoldReason};
use headwater_prevention::exchange::decide;
use headwater_prevention::exchange::id::{CommunicationId, RecipientId};
use headwater_prevention::exchange::waiting::{Waiting, waiting};

fn is_waiting(desk: &Desk, what: &Waiting) -> bool {
    waiting(&desk.state, desk.now).iter().any(|it| it.what == *what)
}

#[test]
fn a_reply_waits_until_somebody_says_how_the_asks_stand_or_that_nothing_changes() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.with_open_campaign(2, Clock::NONE, "2020-10-13");
    let (one, both) = (desk.receive(vec![RecipientId(0)], vec![]), desk.receive(vec![RecipientId(0), RecipientId(1)], vec![]));
    assert!(is_waiting(&desk, &Waiting::NewReply(one)) && is_waiting(&desk, &Waiting::NewReply(both)));
    let (on, proof) = (desk.now.day_in_london(), Some(Proof::Communication(one)));
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::Acknowledged, on, proof));
    assert!(!is_waiting(&desk, &Waiting::NewReply(one)), "it was read");
    assert!(is_waiting(&desk, &Waiting::NewReply(both)), "of the second body nobody has said anything");
    desk.do_it("lead", |state, order| decide::correspondence::changes_nothing(state, order, both));
    assert!(!is_waiting(&desk, &Waiting::NewReply(both)));
    desk.refused("lead", "already what it means", |state, order| decide::correspondence::changes_nothing(state, order, both));
}

#[test]
fn a_held_message_becomes_a_new_reply_once_it_is_placed_and_of_those_it_is_placed_with() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.with_open_campaign(2, Clock::NONE, "2020-10-13");
    let held = desk.receive(vec![], vec![HoldReason::NothingToMatch]);
    assert!(is_waiting(&desk, &Waiting::HeldMessage(held)) && !is_waiting(&desk, &Waiting::NewReply(held)));
    desk.do_it("lead", |state, order| decide::correspondence::place(state, order, held, vec![RecipientId(0)]));
    desk.do_it("lead", |state, order| decide::correspondence::place(state, order, held, vec![RecipientId(1)]));
    assert_eq!(desk.state.new_replies().collect::<Vec<_>>(), [(RecipientId(1), held)]);
}

#[test]
fn days_that_are_over_wait_for_somebody() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    let promise = AskStatus::Promised { until: day("2020-11-20") };
    desk.on("2020-11-01");
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(1, 0)], promise, day("2020-11-01"), None));
    desk.on("2020-11-20");
    assert!(!is_waiting(&desk, &Waiting::PromiseOver(RecipientId(1))) && !is_waiting(&desk, &Waiting::RemindersDue(1)));
    desk.on("2020-11-21");
    assert!(is_waiting(&desk, &Waiting::PromiseOver(RecipientId(1))) && is_waiting(&desk, &Waiting::RemindersDue(1)));
    let found = waiting(&desk.state, desk.now);
    assert!(found.iter().all(|it| it.since_day == Some(day("2020-11-21")) || it.what == Waiting::RemindersDue(1)), "{found:?}");
    desk.on("2020-12-09");
    assert!(is_waiting(&desk, &Waiting::RemindersDue(2)));
}

#[test]
fn a_clock_that_starts_on_receipt_asks_for_its_proof_and_starts_with_it() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_open_campaign(2, PRESETS[3].clock, "2020-10-13");
    desk.on("2020-10-16");
    assert!(!is_waiting(&desk, &Waiting::NoReceipt(campaign, 2)), "a letter takes its time");
    desk.on("2020-10-17");
    assert!(is_waiting(&desk, &Waiting::NoReceipt(campaign, 2)));
    let arrived = |on: &str| {
        let on = day(on);
        move |state: &_, order: &_| {
            decide::correspondence::log_delivery(state, order, CommunicationId(0), RecipientId(0), DeliveryOutcome::Delivered, None, on)
        }
    };
    desk.refused("lead", "after the day given", arrived("2020-10-12"));
    desk.do_it("lead", arrived("2020-10-15"));
    assert!(is_waiting(&desk, &Waiting::NoReceipt(campaign, 1)));
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().started, Some(day("2020-10-15")));
}
