//! Letters on their way: the first opens the campaign, one can be kept from leaving, and what came back goes again.

use super::desk::{Desk, ask, day, fifty_six_days};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::campaign::Stage;
use headwater_prevention::exchange::chase::{NotDue, Throttle, due};
use headwater_prevention::exchange::communication::{DeliveryOutcome, Purpose};
use headwater_prevention::exchange::decide::campaigns::{self, letters_to_send};
use headwater_prevention::exchange::decide::correspondence::Outgoing;
use headwater_prevention::exchange::decide::{self, Order};
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{CampaignId, CommunicationId, ContactId, RecipientId};
use headwater_prevention::exchange::state::replay;
use headwater_prevention::exchange::waiting::{Waiting, waiting};
use headwater_prevention::exchange::words::Remark;

fn reason() -> Remark {
    "A reason".parse().unwrap()
}

fn by_post(recipient: u32, desk: &Desk) -> Outgoing {
    let recipients = vec![RecipientId(recipient)];
    Outgoing {
        purpose: Purpose::Letter,
        channel: Channel::Post,
        on: desk.now.day_in_london(),
        recipients,
        message: None,
        answers: None,
        content: None,
    }
}

/// Three letters, the first of them out.
fn begun() -> (Desk, CampaignId) {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    let campaign = desk.with_draft(3, fifty_six_days());
    desk.on("2020-10-13");
    desk.approve(campaign);
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    (desk, campaign)
}

#[test]
fn the_first_letter_opens_a_campaign_and_the_rest_may_still_leave() {
    let (mut desk, campaign) = begun();
    assert_eq!(desk.state.campaign(campaign).unwrap().stage, Stage::Open);
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(1), RecipientId(2)]);
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::LettersToSend(campaign, 2)));
    // Who has the letter is reminded; who has not is not.
    let list = due(&desk.state, None, &Throttle::default(), day("2021-01-13"));
    assert_eq!(list.due.iter().map(|due| due.body.0).collect::<Vec<_>>(), [0], "{list:?}");
    assert!(list.not_due.iter().all(|(_, why)| *why == NotDue::NothingOwed), "{list:?}");
    desk.on("2020-10-20");
    desk.send(Purpose::Letter, vec![RecipientId(1)]);
    assert_eq!(desk.state.ask(ask(1, 0)).unwrap().started, Some(day("2020-10-20")), "each letter starts its own clock");
}

#[test]
fn a_log_in_which_only_the_last_letter_opened_the_campaign_is_still_read_and_can_be_opened() {
    let (desk, campaign) = begun();
    let before = desk.log.into_iter().filter(|recorded| !matches!(recorded.event, Event::CampaignOpened(_)));
    let state = replay(before);
    assert_eq!((state.n_misfits(), state.campaign(campaign).unwrap().stage), (0, Stage::Sending));
    assert_eq!(letters_to_send(&state, campaign, desk.now), [RecipientId(1), RecipientId(2)]);
    let order = Order { by: "lead".parse().unwrap(), at: desk.now, seen: state.seq() };
    assert!(campaigns::open(&state, &order, campaign).is_ok());
}

#[test]
fn a_letter_that_is_held_back_leaves_by_no_way_until_it_is_let_go() {
    let (mut desk, campaign) = begun();
    desk.refused("lead", "no letter to Area 0 is waiting", |state, order| campaigns::hold_back(state, order, &[RecipientId(0)], reason()));
    desk.do_it("lead", |state, order| campaigns::hold_back(state, order, &[RecipientId(1)], reason()));
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(2)]);
    let sent = by_post(1, &desk);
    desk.refused("lead", "held back", |state, order| decide::correspondence::log_sent(state, order, sent.clone()));
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::LettersHeldBack(campaign, 1)));
    desk.do_it("lead", |state, order| campaigns::let_go(state, order, RecipientId(1)));
    desk.do_it("lead", |state, order| decide::correspondence::log_sent(state, order, sent.clone()));
}

#[test]
fn a_body_whose_letter_has_not_left_can_be_left_out_and_the_others_stay_approved() {
    let (mut desk, campaign) = begun();
    desk.refused("lead", "has left", |state, order| campaigns::leave_out(state, order, &[RecipientId(0), RecipientId(1)], reason()));
    desk.do_it("lead", |state, order| campaigns::leave_out(state, order, &[RecipientId(1)], reason()));
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(2)], "their seal is as good as before");
    assert!(desk.state.asks().all(|(id, _)| id.recipient != RecipientId(1)), "nothing is counted of it");
    desk.send(Purpose::Letter, vec![RecipientId(2)]);
    desk.refused("lead", "2 letters have left", |state, order| campaigns::recall(state, order, campaign, reason()));
}

#[test]
fn nothing_is_sent_to_a_body_of_which_nothing_is_asked_any_more() {
    let (mut desk, campaign) = begun();
    let withdrawn = AskStatus::Withdrawn { reason: reason() };
    let asks = vec![ask(1, 0), ask(1, 1)];
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, asks, withdrawn, on, None));
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(2)]);
    let sent = by_post(1, &desk);
    desk.refused("lead", "nothing is asked", |state, order| decide::correspondence::log_sent(state, order, sent));
}

#[test]
fn a_letter_that_came_back_goes_again_once_its_contact_is_good_and_only_that_starts_its_clock() {
    let (mut desk, campaign) = begun();
    let (first, on) = (CommunicationId(0), desk.now.day_in_london());
    desk.do_it("lead", |state, order| decide::correspondence::log_delivery(state, order, first, RecipientId(0), DeliveryOutcome::Bounced, None, on));
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(1), RecipientId(2)], "there is nobody to write to");
    // Opening it again would count from a letter that never arrived.
    desk.refused("lead", "send the letter again", |state, order| decide::asks::reopen(state, order, vec![ask(0, 0)], reason()));
    desk.do_it("lead", |state, order| decide::bodies::verify_contact(state, order, ContactId(0), on));
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(0), RecipientId(1), RecipientId(2)]);
    desk.on("2020-10-27");
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().started, Some(day("2020-10-27")));
    assert_eq!(letters_to_send(&desk.state, campaign, desk.now), [RecipientId(1), RecipientId(2)]);
}
