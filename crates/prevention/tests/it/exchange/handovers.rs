//! Messages on their way to a mail server: what may be done while nobody knows whether one went.

use super::desk::{Desk, ask, day, fifty_six_days, hash};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::{Channel, ContactStatus};
use headwater_prevention::exchange::campaign::Stage;
use headwater_prevention::exchange::chase::Throttle;
use headwater_prevention::exchange::communication::{ChaserState, Purpose};
use headwater_prevention::exchange::decide::chasers::NewChaser;
use headwater_prevention::exchange::decide::correspondence::Outgoing;
use headwater_prevention::exchange::decide::duty_reminders;
use headwater_prevention::exchange::decide::handovers::{self, NewHandover};
use headwater_prevention::exchange::decide::{self, Allowed, Order};
use headwater_prevention::exchange::handover::HandoverStage;
use headwater_prevention::exchange::id::{AskId, BodyId, CampaignId, ChaserId, ContactId, MessageKey, RecipientId, RecommendationId};
use headwater_prevention::exchange::non_response::{NonResponse, NoticeTerms};
use headwater_prevention::exchange::recommendation::SentReminder;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::waiting::{Waiting, waiting};

fn key(number: u32) -> MessageKey {
    MessageKey::of(&format!("<letter-{number}@office.example>"))
}

fn letter(number: u32) -> NewHandover {
    NewHandover {
        message: key(number),
        purpose: Purpose::Letter,
        recipients: vec![RecipientId(number)],
        answers: None,
        chaser: None,
        duty: None,
        notice: None,
        content: hash(&format!("letter {number}")),
    }
}

/// Two letters that may leave, the first handed over and unanswered.
fn in_doubt() -> (Desk, CampaignId) {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_draft(2, fifty_six_days());
    desk.approve(campaign);
    desk.do_it("lead", |state, order| handovers::begin(state, order, &Throttle::default(), letter(0)));
    (desk, campaign)
}

fn letters_to_send(desk: &Desk, campaign: CampaignId) -> Vec<RecipientId> {
    decide::campaigns::letters_to_send(&desk.state, campaign, desk.now)
}

#[test]
fn while_nobody_knows_whether_a_letter_went_it_goes_neither_again_nor_otherwise() {
    let (mut desk, campaign) = in_doubt();
    assert_eq!(letters_to_send(&desk, campaign), [RecipientId(1)], "the one in doubt is not sent by itself");
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::NotSent, "and no clock runs");
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::UnansweredHandover(key(0))));

    desk.refused("lead", "handed over before", |state, order| handovers::begin(state, order, &Throttle::default(), letter(0)));
    let other = NewHandover { message: key(9), content: hash("other"), ..letter(0) };
    desk.refused("lead", "may be out", |state, order| handovers::begin(state, order, &Throttle::default(), other));
    desk.refused("lead", "not known whether", |state, order| handovers::again(state, order, key(0), false));
    let on = desk.now.day_in_london();
    let by_post = Outgoing {
        purpose: Purpose::Letter,
        channel: Channel::Post,
        on,
        recipients: vec![RecipientId(0)],
        message: None,
        answers: None,
        content: None,
    };
    desk.refused("lead", "may be out", |state, order| decide::correspondence::log_sent(state, order, by_post));
    desk.refused("lead", "1 letters may have left", |state, order| decide::campaigns::recall(state, order, campaign, "A slip".parse().unwrap()));

    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(0), on));
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::Sent);
    assert!(matches!(desk.state.handover(key(0)).unwrap().stage, HandoverStage::Accepted { .. }));
    desk.refused("lead", "settled", |state, order| handovers::again(state, order, key(0), true));
    desk.refused("lead", "logged before", |state, order| handovers::accepted(state, order, key(0), on));
    desk.do_it("lead", |state, order| handovers::begin(state, order, &Throttle::default(), letter(1)));
    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(1), on));
    assert_eq!(desk.state.campaign(campaign).unwrap().stage, Stage::Open, "it opens with its last letter");
}

#[test]
fn a_person_may_hand_it_over_again_as_the_same_message() {
    let (mut desk, _) = in_doubt();
    let stale = Order { seen: desk.state.seq(), ..desk.order("slow") };
    desk.do_it("lead", |state, order| handovers::again(state, order, key(0), true));
    let handover = desk.state.handover(key(0)).unwrap();
    assert_eq!((handover.n_begun, handover.content), (2, hash("letter 0")));
    let refusal = handovers::again(&desk.state, &stale, key(0), true).unwrap_err();
    assert!(refusal.is_conflict, "two people do not do it both: {refusal}");
    assert!(handovers::give_up(&desk.state, &stale, key(0), "No trace of it".parse().unwrap()).unwrap_err().is_conflict);
}

#[test]
fn what_was_refused_for_now_goes_again_without_asking_and_for_good_never() {
    let (mut desk, campaign) = in_doubt();
    desk.do_it("lead", |state, order| handovers::refused(state, order, key(0), false, false, Some(451)));
    assert_eq!(letters_to_send(&desk, campaign), [RecipientId(0), RecipientId(1)]);
    desk.refused("lead", "settled", |state, order| handovers::refused(state, order, key(0), true, true, Some(550)));
    desk.do_it("lead", |state, order| handovers::again(state, order, key(0), false));
    desk.do_it("lead", |state, order| handovers::refused(state, order, key(0), true, true, Some(550)));
    desk.refused("lead", "refused for good", |state, order| handovers::again(state, order, key(0), true));
    let contact = desk.state.recipient(RecipientId(0)).unwrap().contact.unwrap();
    assert_eq!(desk.state.contact(contact).unwrap().status, ContactStatus::Bounced);
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::RefusedHandover(key(0))));
    // Another message to another address takes its place.
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    assert!(!waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::RefusedHandover(key(0))));
}

#[test]
fn a_recalled_campaign_takes_its_refused_letters_with_it() {
    let (mut desk, campaign) = in_doubt();
    desk.do_it("lead", |state, order| handovers::refused(state, order, key(0), false, false, None));
    desk.do_it("lead", |state, order| decide::campaigns::recall(state, order, campaign, "A wrong name".parse().unwrap()));
    desk.approve(campaign);
    desk.refused("lead", "given up", |state, order| handovers::again(state, order, key(0), false));
    let next = NewHandover { message: key(7), content: hash("corrected"), ..letter(0) };
    desk.do_it("lead", |state, order| handovers::begin(state, order, &Throttle::default(), next));
}

#[test]
fn a_letter_given_up_for_lost_that_is_found_to_have_gone_is_logged() {
    let (mut desk, campaign) = in_doubt();
    desk.do_it("lead", |state, order| handovers::give_up(state, order, key(0), "Not among what was sent".parse().unwrap()));
    assert_eq!(letters_to_send(&desk, campaign), [RecipientId(0), RecipientId(1)]);
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(0), on));
    assert_eq!(letters_to_send(&desk, campaign), [RecipientId(1)]);
}

#[test]
fn a_reminder_in_doubt_is_neither_dropped_nor_sent_otherwise() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    desk.on("2020-12-20");
    let new = NewChaser { body: BodyId(0), asks: vec![ask(0, 0), ask(0, 1)], text: hash("please") };
    desk.do_it("lead", |state, order| decide::chasers::propose(state, order, &Throttle::default(), vec![new]));
    desk.do_it("second", |state, order| decide::chasers::approve(state, order, ChaserId(0), hash("please")));
    let reminder = NewHandover { purpose: Purpose::Chaser, chaser: Some(ChaserId(0)), message: key(5), content: hash("reminder"), ..letter(0) };
    desk.do_it("lead", |state, order| handovers::begin(state, order, &Throttle::default(), reminder.clone()));
    desk.refused("lead", "may be out", |state, order| decide::chasers::send(state, order, &Throttle::default(), ChaserId(0), None));
    desk.refused("lead", "may be out", |state, order| decide::chasers::drop_chaser(state, order, ChaserId(0), "Answered".parse().unwrap()));
    let another = NewHandover { message: key(6), ..reminder };
    desk.refused("lead", "may be out", |state, order| handovers::begin(state, order, &Throttle::default(), another));
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(5), on));
    assert!(matches!(desk.state.chaser(ChaserId(0)).unwrap().state, ChaserState::Sent { .. }));
    assert_eq!(desk.state.recipient(RecipientId(0)).unwrap().last_chased, Some(on));
}

#[test]
fn a_notice_that_was_handed_over_starts_its_time_to_reply_only_once_it_went() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, fifty_six_days(), "2020-10-01");
    let terms = |reply_by: &str| NoticeTerms { evidence: hash("evidence"), reply_by: day(reply_by) };
    let notice = |number: u32, reply_by: &str| NewHandover {
        message: key(number),
        purpose: Purpose::Notice,
        notice: Some(terms(reply_by)),
        content: hash(&format!("notice {number}")),
        ..letter(0)
    };
    let begin = |new: NewHandover| move |state: &State, order: &Order| handovers::begin(state, order, &Throttle::default(), new.clone());
    desk.refused("lead", "nothing that is overdue", begin(notice(1, "2020-12-20")));
    desk.on("2020-12-01");
    desk.refused("lead", "would have 9 days", begin(notice(1, "2020-12-10")));
    desk.refused("lead", "with evidence", begin(NewHandover { notice: None, ..notice(1, "2020-12-20") }));
    desk.do_it("lead", begin(notice(1, "2020-12-15")));
    assert_eq!(desk.state.recipient(RecipientId(0)).unwrap().non_response, NonResponse::None, "no time to reply runs yet");
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::UnansweredHandover(key(1))));
    desk.refused("lead", "may be out", begin(notice(2, "2020-12-20")));
    let by_post = |state: &State, order: &Order| {
        decide::silences::log_notice(state, order, RecipientId(0), Channel::Post, day("2020-12-01"), hash("evidence"), day("2020-12-20"))
    };
    desk.refused("lead", "may be out", by_post);

    desk.do_it("lead", |state, order| handovers::refused(state, order, key(1), false, false, Some(451)));
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::DelayedHandover(key(1))));
    desk.on("2020-12-08");
    desk.refused("lead", "would have 7 days", |state, order| handovers::again(state, order, key(1), false));
    desk.do_it("lead", |state, order| handovers::give_up(state, order, key(1), "Its day comes too soon".parse().unwrap()));
    desk.do_it("lead", begin(notice(2, "2020-12-20")));
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| handovers::went(state, order, key(2), on));
    let told = desk.state.recipient(RecipientId(0)).unwrap().non_response.clone();
    assert!(matches!(told, NonResponse::NoticeSent(notice) if notice.reply_by == day("2020-12-20") && notice.evidence == hash("evidence")));
    assert!(!waiting(&desk.state, desk.now).iter().any(|it| matches!(it.what, Waiting::DelayedHandover(_) | Waiting::UnansweredHandover(_))));
    let later = Order { seen: 0, ..desk.order("lead") };
    assert!(handovers::went(&desk.state, &later, key(2), on).unwrap_err().is_conflict, "somebody else settled it meanwhile");
}

#[test]
fn a_notice_whose_body_answered_before_the_server_did_starts_nothing() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, fifty_six_days(), "2020-10-01");
    desk.on("2020-12-01");
    let terms = NoticeTerms { evidence: hash("evidence"), reply_by: day("2020-12-20") };
    let notice = NewHandover { purpose: Purpose::Notice, notice: Some(terms), message: key(1), content: hash("notice"), ..letter(0) };
    desk.do_it("lead", |state, order| handovers::begin(state, order, &Throttle::default(), notice.clone()));
    let asks: Vec<_> = desk.state.recipient(RecipientId(0)).unwrap().asks().map(|(item, _)| AskId { recipient: RecipientId(0), item }).collect();
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, asks.clone(), AskStatus::NotHeld, on, None));
    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(1), on));
    assert_eq!(desk.state.recipient(RecipientId(0)).unwrap().non_response, NonResponse::None);
    assert!(matches!(desk.state.handover(key(1)).unwrap().stage, HandoverStage::Accepted { .. }), "that it went is so all the same");
}

#[test]
fn a_reminder_of_recommendations_is_handed_over_once_and_is_logged_when_it_went() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let body = BodyId(0);
    let id = desk.with_duty(body);
    desk.on("2020-12-09");
    let propose = |state: &State, order: &Order| duty_reminders::propose(state, order, &Throttle::default(), body, vec![id], hash("words"));
    desk.do_it("lead", propose);
    let mail = |number: u32| NewHandover {
        purpose: Purpose::Chaser,
        recipients: Vec::new(),
        duty: Some(body),
        message: key(number),
        content: hash("the message"),
        ..letter(0)
    };
    let begin = |new: NewHandover| move |state: &State, order: &Order| handovers::begin(state, order, &Throttle::default(), new);
    desk.refused("lead", "was not approved", begin(mail(1)));
    desk.do_it("second", |state, order| duty_reminders::approve(state, order, body, hash("words")));
    desk.refused("lead", "sent as one", begin(NewHandover { purpose: Purpose::Notice, ..mail(1) }));
    desk.do_it("lead", begin(mail(1)));
    // While nobody knows whether it went, it goes in no other way and is not dropped.
    desk.refused("lead", "may be out", begin(mail(2)));
    desk.refused("lead", "may be out", |state, order| duty_reminders::send(state, order, body));
    desk.refused("lead", "may be out", |state, order| duty_reminders::withdraw(state, order, body, "No use".parse().unwrap()));
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::UnansweredHandover(key(1))));
    assert_eq!(desk.state.handover(key(1)).unwrap().bodies(&desk.state), [body]);
    // Refused for now, the same message goes again; taken, the duty says on which day.
    desk.do_it("lead", |state, order| handovers::refused(state, order, key(1), false, false, Some(451)));
    desk.do_it("lead", |state, order| handovers::again(state, order, key(1), false));
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(1), on));
    assert_eq!(desk.state.handover(key(1)).unwrap().stage, HandoverStage::Reminded { on });
    let sent = SentReminder { on, text: hash("words"), message: Some(key(1)), came_back: None };
    assert_eq!(desk.state.duty(id, body).unwrap().reminders, [sent]);
    assert!(desk.state.duty_reminder(body).is_none() && desk.state.communications().is_empty());
    desk.refused("lead", "settled", |state, order| handovers::accepted(state, order, key(1), on));
    desk.refused("lead", "settled", |state, order| handovers::again(state, order, key(1), true));
}

/// A desk at which a reminder of a recommendation to the first body is approved, and its message.
fn with_approved_reminder() -> (Desk, NewHandover) {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let body = BodyId(0);
    let id = desk.with_duty(body);
    desk.on("2020-12-09");
    desk.do_it("lead", |state, order| duty_reminders::propose(state, order, &Throttle::default(), body, vec![id], hash("words")));
    desk.do_it("second", |state, order| duty_reminders::approve(state, order, body, hash("words")));
    let new = NewHandover { purpose: Purpose::Chaser, recipients: Vec::new(), duty: Some(body), content: hash("the message"), ..letter(1) };
    (desk, new)
}

fn begin(new: NewHandover) -> impl Fn(&State, &Order) -> Allowed {
    move |state, order| handovers::begin(state, order, &Throttle::default(), new.clone())
}

#[test]
fn a_reminder_of_recommendations_that_came_back_reminded_nobody_and_its_address_is_not_used_again() {
    let (mut desk, new) = with_approved_reminder();
    let (body, contact, id) = (BodyId(0), ContactId(0), RecommendationId(0));
    let back = |on: &'static str| move |state: &State, order: &Order| duty_reminders::came_back(state, order, key(1), Some(hash("report")), day(on));
    desk.refused("lead", "handed over", back("2020-12-09"));
    desk.do_it("lead", begin(new));
    desk.refused("lead", "no reminder of recommendations that is out", back("2020-12-09"));
    desk.do_it("lead", |state, order| handovers::accepted(state, order, key(1), day("2020-12-09")));
    let is_due = |desk: &Desk| duty_reminders::to_remind(&desk.state, &Throttle::default(), desk.now.day_in_london()).contains_key(&body);
    assert!(!is_due(&desk), "it was reminded today");
    desk.on("2020-12-10");
    desk.refused("lead", "after the day given", back("2020-12-08"));
    desk.refused("lead", "still to come", back("2020-12-11"));
    desk.do_it("lead", back("2020-12-10"));
    let duty = desk.state.duty(id, body).unwrap();
    assert_eq!((duty.reminders[0].came_back, duty.last_reminded()), (Some(day("2020-12-10")), None));
    assert_eq!(desk.state.handover(key(1)).unwrap().stage, HandoverStage::CameBack { on: day("2020-12-10") });
    assert_eq!(desk.state.contact(contact).unwrap().status, ContactStatus::Bounced);
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::BouncedContact(contact)), "somebody has to find another");
    assert!(is_due(&desk), "nobody was reminded");
    // What came back is settled.
    desk.refused("lead", "no reminder of recommendations that is out: came back", back("2020-12-10"));
    desk.refused("lead", "settled", |state, order| handovers::again(state, order, key(1), true));
    desk.refused("lead", "settled", |state, order| handovers::accepted(state, order, key(1), day("2020-12-10")));
}

#[test]
fn an_address_that_is_refused_for_a_reminder_of_recommendations_marks_its_contact() {
    for (of_address, status) in [(false, ContactStatus::Good), (true, ContactStatus::Bounced)] {
        let (mut desk, new) = with_approved_reminder();
        desk.do_it("lead", begin(new));
        assert_eq!(desk.state.handover(key(1)).unwrap().contact, Some(ContactId(0)));
        desk.do_it("lead", |state, order| handovers::refused(state, order, key(1), true, of_address, Some(550)));
        assert_eq!(desk.state.contact(ContactId(0)).unwrap().status, status);
    }
}

#[test]
fn whoever_changes_the_words_of_a_reminder_of_recommendations_does_not_approve_them() {
    let (mut desk, _) = with_approved_reminder();
    let (body, id) = (BodyId(0), RecommendationId(0));
    let rewrite = |text: &'static str| move |state: &State, order: &Order| duty_reminders::rewrite(state, order, body, hash(text));
    let approve = |text: &'static str| move |state: &State, order: &Order| duty_reminders::approve(state, order, body, hash(text));
    desk.refused("lead", "the reminder is approved", rewrite("others"));
    desk.do_it("lead", |state, order| duty_reminders::withdraw(state, order, body, "Other words".parse().unwrap()));
    desk.refused("lead", "no reminder to", rewrite("others"));
    desk.do_it("lead", |state, order| duty_reminders::propose(state, order, &Throttle::default(), body, vec![id], hash("words")));
    desk.refused("second", "the words that it has", rewrite("words"));
    desk.do_it("second", rewrite("others"));
    desk.refused("second", "you proposed this reminder", approve("others"));
    desk.refused("lead", "not the one you looked at", approve("words"));
    desk.do_it("lead", approve("others"));
}
