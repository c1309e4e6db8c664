//! Messages find their recipient, and wrong threads and forged senders do not.

use super::desk::{Desk, fifty_six_days};
use headwater_prevention::exchange::communication::{HoldReason, Purpose};
use headwater_prevention::exchange::decide;
use headwater_prevention::exchange::id::{CommunicationId, MessageKey, RecipientId};
use headwater_prevention::exchange::thread::{Clue, Headers, Matched, SenderCheck, place};

fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.with_open_campaign(3, fifty_six_days(), "2020-10-13");
    desk
}

fn headers<'a>() -> Headers<'a> {
    Headers {
        tokens: vec![],
        message: Some(MessageKey::of("<new@area1.example>")),
        in_reply_to: None,
        references: vec![],
        subject: "Re: your letter",
        sender_domain: "area1.example",
        sender_check: SenderCheck::Verified,
    }
}

fn letter_to(number: u32) -> Option<MessageKey> {
    Some(MessageKey::of(&format!("<out-{number}@office.example>")))
}

fn held(matched: Matched) -> (Vec<HoldReason>, Vec<(Clue, u32)>) {
    match matched {
        Matched::Held { reasons, suggestions, .. } => (reasons, suggestions.iter().map(|it| (it.evidence, it.recipient.0)).collect()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reply_address_or_an_answered_message_places_a_message() {
    let desk = desk();
    let by_token = Headers { tokens: vec!["token-0-1".parse().unwrap()], sender_check: SenderCheck::Unknown, ..headers() };
    let placed = Matched::Placed { recipients: vec![RecipientId(1)], answers: None, evidence: Clue::ReplyAddress };
    assert_eq!(place(&desk.state, &by_token), placed);
    let answers = Headers { in_reply_to: letter_to(1), ..headers() };
    let placed = Matched::Placed { recipients: vec![RecipientId(1)], answers: Some(CommunicationId(1)), evidence: Clue::Answers };
    assert_eq!(place(&desk.state, &answers), placed);
    let further =
        Headers { in_reply_to: Some(MessageKey::of("unknown")), references: vec![letter_to(1).unwrap(), MessageKey::of("unknown")], ..headers() };
    assert!(matches!(place(&desk.state, &further), Matched::Placed { evidence: Clue::Thread, .. }));
    let again = Headers { message: letter_to(1), ..headers() };
    assert_eq!(place(&desk.state, &again), Matched::SeenBefore(CommunicationId(1)));
}

#[test]
fn a_summary_reminder_answered_concerns_all_campaigns_of_the_body() {
    let mut desk = desk();
    desk.with_open_campaign(3, fifty_six_days(), "2020-10-20");
    let both = desk.send(Purpose::Other, vec![RecipientId(1), RecipientId(4)]);
    let reply = Headers { in_reply_to: letter_to(both.0), ..headers() };
    assert!(matches!(place(&desk.state, &reply), Matched::Placed { recipients, .. } if recipients == [RecipientId(1), RecipientId(4)]));
}

#[test]
fn a_wrong_thread_and_a_forged_sender_are_only_suggested() {
    let desk = desk();
    // Area 1 answers in the thread of area 2.
    let wrong = Headers { tokens: vec!["token-0-1".parse().unwrap()], in_reply_to: letter_to(2), ..headers() };
    let (reasons, suggestions) = held(place(&desk.state, &wrong));
    assert_eq!(reasons, [HoldReason::EvidenceDisagrees]);
    assert_eq!(suggestions, [(Clue::ReplyAddress, 1), (Clue::Answers, 2)]);
    let stranger = Headers { in_reply_to: letter_to(1), sender_domain: "area1.example.evil.example", ..headers() };
    assert_eq!(held(place(&desk.state, &stranger)).0, [HoldReason::UnknownSender]);
    let forged = Headers { tokens: vec!["token-0-1".parse().unwrap()], sender_check: SenderCheck::Failed, ..headers() };
    assert_eq!(held(place(&desk.state, &forged)).0, [HoldReason::NotAuthenticated]);
    let unvouched = Headers { in_reply_to: letter_to(1), sender_check: SenderCheck::Unknown, ..headers() };
    assert_eq!(held(place(&desk.state, &unvouched)).0, [HoldReason::NotAuthenticated]);
    let unknown_token = Headers { tokens: vec!["token-9-9".parse().unwrap()], ..headers() };
    assert_eq!(held(place(&desk.state, &unknown_token)).0, [HoldReason::UnknownToken]);
}

#[test]
fn a_subject_line_is_a_suggestion_and_a_person_decides() {
    let mut desk = desk();
    let by_subject = Headers { subject: "ATB: Request 0", ..headers() };
    let (reasons, suggestions) = held(place(&desk.state, &by_subject));
    assert_eq!((reasons, suggestions), (vec![HoldReason::NothingToMatch], vec![(Clue::SubjectAndDomain, 1)]));
    let nothing = Headers { sender_domain: "elsewhere.example", ..headers() };
    assert_eq!(held(place(&desk.state, &nothing)).1, []);
    // A forged domain is no clue at all.
    let forged = Headers { subject: "Request 0", sender_check: SenderCheck::Failed, ..headers() };
    assert_eq!(held(place(&desk.state, &forged)).1, []);
    let message = desk.receive(vec![], vec![HoldReason::NothingToMatch]);
    desk.do_it("lead", |state, order| decide::correspondence::place(state, order, message, vec![RecipientId(1)]));
    assert_eq!(desk.state.communication(message).unwrap().recipients, [RecipientId(1)]);
    desk.refused("lead", "holding list", |state, order| decide::correspondence::set_aside(state, order, message, "Advertising".parse().unwrap()));
}
