//! On what terms a body is asked: what, whether it must, by when, and with how much more time; and who joins later.

use super::desk::{Desk, ask, day, fifty_six_days, hash, person};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::campaign::{AskItem, Brief, DutyApplies, ItemKind, MergedLetter, PublishPolicy, Stage};
use headwater_prevention::exchange::chase::{Throttle, due};
use headwater_prevention::exchange::clock::standing::Standing;
use headwater_prevention::exchange::clock::{Clock, Length, Start};
use headwater_prevention::exchange::communication::{DeliveryOutcome, Purpose};
use headwater_prevention::exchange::decide;
use headwater_prevention::exchange::decide::campaigns::{Beginning, NewRecipient};
use headwater_prevention::exchange::decide::correspondence::Outgoing;
use headwater_prevention::exchange::grid::{Filter, grid};
use headwater_prevention::exchange::id::{AskId, BodyId, CampaignId, ContactId, ItemId, RecipientId};
use headwater_prevention::exchange::letter::due::due_in_letter;
use headwater_prevention::exchange::notice::notice;
use headwater_prevention::exchange::waiting::{Waiting, waiting};
use headwater_prevention::exchange::words::Remark;

fn reason() -> Remark {
    "Their elections".parse().unwrap()
}

fn by(last: &str) -> Clock {
    Clock { length: Length::By(day(last)), ..Clock::NONE }
}

#[test]
fn a_body_can_be_asked_by_courtesy_and_for_less_than_the_others() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_draft(2, fifty_six_days());
    let terms = |duty, items: &'static [ItemId]| move |state: &_, order: &_| decide::campaigns::set_terms(state, order, RecipientId(1), duty, items);
    desk.do_it("lead", terms(DutyApplies::ByCourtesy, &[ItemId(1)]));
    let recipient = desk.state.recipient(RecipientId(1)).unwrap();
    assert_eq!(recipient.duty_applies, DutyApplies::ByCourtesy);
    assert_eq!(recipient.asks().map(|(item, _)| item).collect::<Vec<_>>(), [ItemId(1)]);
    assert_eq!(desk.state.recipient(RecipientId(0)).unwrap().asks().count(), 2, "of the others, everything");
    desk.refused("lead", "nothing was changed", terms(DutyApplies::ByCourtesy, &[ItemId(1)]));
    desk.refused("lead", "nothing is asked", terms(DutyApplies::Applies, &[]));
    desk.refused("lead", "does not ask for", terms(DutyApplies::Applies, &[ItemId(7)]));
    // What it is asked, and that it is by courtesy, stands in its letter: that is made anew.
    let made = |words: &str| MergedLetter { letter: hash(words), values: hash(words), n_missing: 0 };
    let anew = vec![(RecipientId(1), Language::En, made("anew"))];
    desk.do_it("lead", |state, order| decide::campaigns::merge_letters(state, order, campaign, anew));
    desk.on("2020-10-13");
    desk.approve(campaign);
    desk.refused("lead", "sending", terms(DutyApplies::Applies, &[ItemId(1)]));
}

#[test]
fn a_fixed_last_day_holds_for_every_letter_and_none_leaves_without_time_to_answer() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    let campaign = desk.with_draft(3, by("2020-11-13"));
    desk.on("2020-10-13");
    desk.approve(campaign);
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    desk.on("2020-11-02");
    desk.send(Purpose::Letter, vec![RecipientId(1)]);
    desk.on("2020-11-14");
    let clock = desk.state.campaign(campaign).unwrap().brief.clock;
    for recipient in [0, 1] {
        assert!(desk.state.ask(ask(recipient, 0)).unwrap().standing(&clock, day("2020-11-14")).is_overdue(), "{recipient}");
    }
    let posted = |on: &str| Outgoing {
        purpose: Purpose::Letter,
        channel: Channel::Post,
        on: day(on),
        recipients: vec![RecipientId(2)],
        message: None,
        answers: None,
        content: None,
    };
    let (late, in_time) = (posted("2020-11-14"), posted("2020-11-12"));
    desk.refused("lead", "last day to answer is over", |state, order| decide::correspondence::log_sent(state, order, late));
    desk.do_it("lead", |state, order| decide::correspondence::log_sent(state, order, in_time));
    let brief = headwater_prevention::exchange::campaign::Brief { clock: by("2020-11-14"), ..desk.state.campaign(campaign).unwrap().brief.clone() };
    desk.refused("lead", "ends today", |state, order| decide::campaigns::draft(state, order, brief, None));
}

#[test]
fn more_time_moves_the_due_day_and_reminders_wait_for_it() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    let clock = desk.state.campaign(campaign).unwrap().brief.clock;
    desk.on("2020-12-10");
    let until = |until: &str| {
        let until = day(until);
        move |state: &_, order: &_| decide::asks::extend(state, order, vec![ask(0, 0), ask(0, 1)], until, reason())
    };
    desk.refused("lead", "is over, or ends today", until("2020-12-10"));
    desk.refused("lead", "check the year", until("2030-12-10"));
    desk.do_it("lead", until("2021-01-15"));
    desk.refused("lead", "is not taken away", until("2021-01-08"));
    let standing = |desk: &Desk, on: &str| desk.state.ask(ask(0, 0)).unwrap().standing(&clock, day(on));
    assert_eq!(standing(&desk, "2020-12-20"), Standing::OnTime { due: day("2021-01-15") });
    assert_eq!(standing(&desk, "2021-01-16"), Standing::Overdue { due: day("2021-01-15"), days: 1 });
    assert!(desk.state.ask(ask(1, 0)).unwrap().standing(&clock, day("2020-12-20")).is_overdue(), "the others have no more time");
    let list = due(&desk.state, None, &Throttle::default(), day("2020-12-20"));
    assert_eq!(list.due.iter().map(|due| due.body.0).collect::<Vec<_>>(), [1]);
    // A question that they ask after that stops the clock as before, and its days move the day.
    desk.on("2020-12-21");
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::ClarificationAsked, day("2020-12-21"), None));
    desk.on("2020-12-24");
    desk.do_it("lead", |state, order| decide::asks::clarify(state, order, vec![ask(0, 0)], day("2020-12-24")));
    assert_eq!(standing(&desk, "2020-12-24"), Standing::OnTime { due: day("2021-01-18") });
    // An answer within the time that was given is in time.
    desk.on("2021-01-14");
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 1)], AskStatus::Provided, day("2021-01-14"), None));
    assert_eq!(desk.state.ask(ask(0, 1)).unwrap().standing(&clock, day("2021-02-01")), Standing::Answered { on: day("2021-01-14") });
    desk.refused("lead", "nobody waits for it", |state, order| decide::asks::extend(state, order, vec![ask(0, 1)], day("2021-03-01"), reason()));
}

#[test]
fn what_has_no_time_limit_is_not_given_more() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, Clock::NONE, "2020-10-13");
    desk.refused("lead", "no time limit", |state, order| decide::asks::extend(state, order, vec![ask(0, 0)], day("2020-12-10"), reason()));
}

#[test]
fn what_a_body_passes_on_is_asked_of_the_body_that_has_it_and_both_know_of_each_other() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    let to = BodyId(2);
    let passed = AskStatus::Transferred { to };
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], passed, on, None));
    let waits = |desk: &Desk| waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::PassedOn(RecipientId(0), to));
    assert!(waits(&desk) && desk.state.taken_up(ask(0, 0)).is_none());
    // A campaign of its own takes it up: its letter is reviewed like any other.
    assert_eq!(decide::campaigns::passed_on(&desk.state, RecipientId(0), to), [ask(0, 0)]);
    let brief = desk.state.campaigns()[0].brief.clone();
    let begin = |body: u32, token: &str, takes_up: Vec<AskId>| {
        let reply_token = token.parse().unwrap();
        let new = NewRecipient { body: BodyId(body), contact: Some(ContactId(body)), duty_applies: DutyApplies::NotConfirmed, reply_token };
        let beginning = Beginning { brief: brief.clone(), previous: None, items: vec![desk_item()], recipients: vec![new], takes_up };
        move |state: &_, order: &_| decide::campaigns::begin(state, order, beginning)
    };
    desk.refused("lead", "not passed on to Area 0", begin(0, "token-next-1", vec![ask(0, 0)]));
    desk.refused("lead", "not passed on", begin(2, "token-next-1", vec![ask(1, 0)]));
    assert_eq!(desk.state.campaigns().len(), 1, "all of it or nothing");
    desk.do_it("lead", begin(2, "token-next-1", vec![ask(0, 0)]));
    let new = RecipientId(2);
    desk.refused("lead", "is asked for this already", begin(2, "token-next-2", vec![ask(0, 0)]));
    assert_eq!(desk.state.taken_up(ask(0, 0)), Some(ask(2, 0)), "the same thing, at the body that has it");
    assert!(!waits(&desk) && decide::campaigns::passed_on(&desk.state, RecipientId(0), to).is_empty());
    // Taken off again, it is nobody's once more.
    desk.do_it("lead", |state, order| decide::campaigns::remove_recipient(state, order, new, reason()));
    assert!(waits(&desk));
}

#[test]
fn a_body_of_the_same_campaign_that_is_asked_for_the_same_needs_no_second_letter() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    let on = desk.now.day_in_london();
    let passed = AskStatus::Transferred { to: BodyId(1) };
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 1)], passed, on, None));
    assert_eq!(desk.state.taken_up(ask(0, 1)), Some(ask(1, 1)));
    assert!(!waiting(&desk.state, desk.now).iter().any(|it| matches!(it.what, Waiting::PassedOn(..))));
}

#[test]
fn more_time_takes_no_time_away_from_a_letter_that_leaves_later_and_the_letter_says_the_day() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_draft(2, fifty_six_days());
    desk.on("2020-10-13");
    desk.approve(campaign);
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    let until = |day_: &str| {
        let until = day(day_);
        move |state: &_, order: &_| decide::asks::extend(state, order, vec![ask(1, 0), ask(1, 1)], until, reason())
    };
    desk.do_it("lead", until("2020-12-10"));
    desk.refused("lead", "is not taken away", until("2020-12-09"));
    let due = |desk: &Desk, on: &str| due_in_letter(&desk.state, RecipientId(1), None, day(on));
    assert_eq!(due(&desk, "2020-10-13"), Some(day("2020-12-10")), "56 days are over on 8 December");
    assert_eq!(due(&desk, "2020-10-20"), Some(day("2020-12-15")), "what the clock gives is longer");
    desk.on("2020-10-20");
    desk.send(Purpose::Letter, vec![RecipientId(1)]);
    let clock = desk.state.campaign(campaign).unwrap().brief.clock;
    assert_eq!(desk.state.ask(ask(1, 0)).unwrap().due(&clock), Some(day("2020-12-15")));
    // What is given after it left changes nothing of what the letter says.
    desk.do_it("lead", until("2021-01-29"));
    let letter = desk.state.recipient(RecipientId(1)).unwrap().letter.and_then(|id| desk.state.communication(id));
    assert_eq!(due_in_letter(&desk.state, RecipientId(1), letter, day("2020-10-20")), Some(day("2020-12-15")));
    assert_eq!(desk.state.ask(ask(1, 0)).unwrap().due(&clock), Some(day("2021-01-29")));
}

#[test]
fn letters_that_are_out_are_logged_in_one_piece_and_belong_to_their_campaign() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    let first = desk.with_draft(2, fifty_six_days());
    desk.on("2020-10-13");
    desk.approve(first);
    let second = desk.with_draft(1, fifty_six_days());
    desk.approve(second);
    let on = desk.now.day_in_london();
    let log = |campaign, letters: &'static [RecipientId]| {
        move |state: &_, order: &_| decide::correspondence::log_letters(state, order, campaign, letters, Channel::Post, on)
    };
    desk.refused("lead", "there is no", log(first, &[RecipientId(0), RecipientId(2)]));
    desk.refused("lead", "there is no", log(first, &[RecipientId(0), RecipientId(0)]));
    assert!(desk.state.communications().is_empty(), "all or none");
    desk.do_it("lead", log(first, &[RecipientId(0), RecipientId(1)]));
    assert_eq!(desk.state.campaign(first).unwrap().stage, Stage::Open);
    assert_eq!(desk.state.campaign(second).unwrap().stage, Stage::Sending);
    let sent = desk.state.communications();
    assert_eq!(sent.iter().map(|it| it.recipients.clone()).collect::<Vec<_>>(), [[RecipientId(0)], [RecipientId(1)]]);
    assert!(sent.iter().all(|it| it.content.is_some() && it.also.is_empty()), "each with its letter");
}

#[test]
fn a_body_that_was_forgotten_joins_an_open_campaign_with_a_letter_of_its_own_and_a_second_person() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    let draft = desk.with_draft(1, fifty_six_days());
    let new = |body: u32, token: &str| NewRecipient {
        body: BodyId(body),
        contact: Some(ContactId(body)),
        duty_applies: DutyApplies::NotConfirmed,
        reply_token: token.parse().unwrap(),
    };
    let join = |campaign, new: NewRecipient| move |state: &_, order: &_| decide::joining::join(state, order, campaign, new);
    desk.refused("lead", "is draft", join(draft, new(1, "token-late-9")));
    desk.on("2020-10-13");
    desk.approve(draft);
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    desk.refused("lead", "is on the campaign already", join(draft, new(0, "token-late-9")));
    desk.do_it("lead", join(draft, new(1, "token-late-9")));
    let (id, at) = (RecipientId(1), desk.now);
    let waits = |desk: &Desk, what: Waiting| waiting(&desk.state, desk.now).into_iter().find(|it| it.what == what);
    assert!(waits(&desk, Waiting::JoiningLetter(id)).is_some() && waits(&desk, Waiting::JoiningReview(id)).is_none());
    // Until then nothing leaves, and the others are as sealed as before.
    assert!(decide::campaigns::letters_to_send(&desk.state, draft, at).is_empty());
    let on = at.day_in_london();
    let out = move |state: &_, order: &_| decide::correspondence::log_letters(state, order, draft, &[id], Channel::Email, on);
    desk.refused("lead", "nobody has approved", out);
    desk.do_it("lead", |state, order| decide::campaigns::set_terms(state, order, id, DutyApplies::ByCourtesy, &[ItemId(1)]));
    let letter = |words: &str| vec![(Language::En, MergedLetter { letter: hash(words), values: hash(words), n_missing: 0 })];
    let seal = |desk: &Desk| desk.state.recipient(id).unwrap().seal();
    let empty = seal(&desk);
    desk.refused("second", "is not merged", move |state, order| decide::joining::approve(state, order, id, empty));
    desk.do_it("analyst", |state, order| decide::joining::merge(state, order, id, letter("one")));
    let review = waits(&desk, Waiting::JoiningReview(id)).unwrap();
    assert_eq!(review.not_for, [person("analyst"), person("lead")]);
    let first = seal(&desk);
    for by in ["lead", "analyst"] {
        desk.refused(by, "ask a second person", move |state, order| decide::joining::approve(state, order, id, first));
    }
    desk.do_it("analyst", |state, order| decide::joining::merge(state, order, id, letter("another")));
    desk.refused("second", "not the one you looked at", move |state, order| decide::joining::approve(state, order, id, first));
    let now = seal(&desk);
    desk.do_it("second", move |state, order| decide::joining::approve(state, order, id, now));
    desk.refused("second", "approved with the others", move |state, order| decide::joining::approve(state, order, id, now));
    desk.refused("lead", "approved with the others", |state, order| decide::joining::merge(state, order, id, letter("later")));
    assert_eq!(decide::campaigns::letters_to_send(&desk.state, draft, at), [id]);
    desk.do_it("lead", out);
    assert_eq!(desk.state.ask(ask(1, 1)).unwrap().status, AskStatus::Sent);
    // One that joins can be left out again, and one whose letter is out cannot.
    desk.do_it("lead", join(draft, new(2, "token-late-10")));
    desk.do_it("lead", |state, order| decide::campaigns::remove_recipient(state, order, RecipientId(2), reason()));
    assert!(desk.state.recipient(RecipientId(2)).unwrap().removed);
}

#[test]
fn an_old_promise_is_not_broken_while_more_time_that_was_given_since_runs() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    let id = RecipientId(0);
    let promised = |until: &str, on: &str| {
        let (until, on) = (day(until), day(on));
        move |state: &_, order: &_| decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::Promised { until }, on, None)
    };
    let broken = |desk: &Desk| {
        let today = desk.now.day_in_london();
        let waits = waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::PromiseOver(id));
        let cell = grid(&desk.state, CampaignId(0), today, &Filter::default()).unwrap().rows[0].cells[0].clone().unwrap();
        let is_late = cell.promise_holds_until.unwrap() < today;
        assert_eq!(waits, is_late);
        is_late
    };
    desk.on("2020-11-02");
    desk.do_it("lead", promised("2020-12-01", "2020-11-02"));
    desk.on("2020-12-02");
    assert!(broken(&desk));
    desk.do_it("lead", |state, order| decide::asks::extend(state, order, vec![ask(0, 0)], day("2021-02-01"), reason()));
    assert!(!broken(&desk), "they have until February");
    assert!(due(&desk.state, None, &Throttle::default(), desk.now.day_in_london()).due.iter().all(|it| !it.asks.contains(&ask(0, 0))));
    desk.on("2021-02-02");
    assert!(broken(&desk));
    // A promise that was made knowing of the time that was given holds until its own day.
    desk.do_it("lead", promised("2021-02-10", "2021-02-02"));
    desk.on("2021-02-10");
    assert!(!broken(&desk));
    desk.on("2021-02-11");
    assert!(broken(&desk));
}

#[test]
fn a_letter_is_deemed_received_until_it_is_known_when_it_came() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    let clock = Clock { start: Start::Received, deemed: Some(2), ..fifty_six_days() };
    let brief = |clock: Clock| move |state: &_, order: &_| decide::campaigns::draft(state, order, Brief { clock, ..a_brief() }, None);
    desk.refused("lead", "no time starts with its arrival", brief(Clock { deemed: Some(2), ..fifty_six_days() }));
    desk.refused("lead", "1 to 30 working days", brief(Clock { deemed: Some(31), ..clock }));
    desk.with_draft(3, clock);
    let campaign = CampaignId(0);
    desk.on("2020-10-16"); // a Friday
    desk.approve(campaign);
    let all = [RecipientId(0), RecipientId(1), RecipientId(2)];
    desk.send(Purpose::Letter, all.to_vec());
    let asked = |desk: &Desk, recipient| desk.state.ask(ask(recipient, 0)).unwrap().clone();
    assert_eq!((asked(&desk, 0).started, asked(&desk, 0).due(&clock)), (Some(day("2020-10-20")), Some(day("2020-12-15"))));
    assert_eq!(asked(&desk, 0).counted_from().unwrap(), "counted from 20 October 2020, on which our letter is deemed received");
    let letter = desk.state.recipient(RecipientId(0)).unwrap().letter.and_then(|id| desk.state.communication(id));
    assert_eq!(due_in_letter(&desk.state, RecipientId(0), letter, day("2020-10-16")), Some(day("2020-12-15")), "the letter names it");
    // One says that it has it, earlier; of one it is known when it came, later; of the third nobody knows more.
    desk.on("2020-10-30");
    let said = |recipient, status: AskStatus, on: &str| {
        let on = day(on);
        move |state: &_, order: &_| decide::asks::describe(state, order, vec![ask(recipient, 0)], status, on, None)
    };
    desk.do_it("lead", said(0, AskStatus::Acknowledged, "2020-10-19"));
    desk.do_it("lead", said(1, AskStatus::Delivered, "2020-10-23"));
    desk.do_it("lead", said(2, AskStatus::Acknowledged, "2020-10-29"));
    let started = |desk: &Desk, recipient| (asked(desk, recipient).started.unwrap(), asked(desk, recipient).counted_from().is_some());
    assert_eq!(started(&desk, 0), (day("2020-10-19"), false));
    assert_eq!(started(&desk, 1), (day("2020-10-23"), false));
    assert_eq!(started(&desk, 2), (day("2020-10-20"), true));
    let cells = grid(&desk.state, campaign, day("2020-10-30"), &Filter::default()).unwrap();
    let counted: Vec<_> = cells.rows.iter().map(|row| row.cells[0].as_ref().unwrap().counted.unwrap()).collect();
    let said = [("2020-10-19", "received"), ("2020-10-23", "received"), ("2020-10-20", "deemed received")];
    assert_eq!(counted, said.map(|(on, what)| (day(on), what)));
    let ask = asked(&desk, 0);
    assert_eq!(ask.counted(&fifty_six_days()), Some((day("2020-10-19"), "sent")));
    assert_eq!((ask.counted(&Clock::NONE), ask.counted(&Clock { length: Length::By(day("2021-01-01")), ..clock })), (None, None));
    assert!(!waiting(&desk.state, desk.now).iter().any(|it| matches!(it.what, Waiting::NoReceipt(..))), "nobody has to find out");
    let told = notice(&desk.state, RecipientId(2), day("2020-12-20"), day("2021-01-10"), None).unwrap();
    assert!(told.contains(", due 15 December 2020 (counted from 20 October 2020, on which our letter is deemed received)"), "{told}");
}

#[test]
fn a_letter_that_came_back_is_made_anew_for_another_contact_and_read_by_a_second_person() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    let id = RecipientId(0);
    let anew = move |state: &_, order: &_| decide::joining::reopen(state, order, id, reason());
    desk.refused("lead", "did not come back", anew);
    let sent = desk.state.recipient(id).unwrap().letter.unwrap();
    let on = desk.now.day_in_london();
    desk.do_it("lead", |state, order| decide::correspondence::log_delivery(state, order, sent, id, DeliveryOutcome::Bounced, None, on));
    desk.refused("lead", "nobody at", anew);
    let (old, next) = (desk.state.recipient(id).unwrap().contact.unwrap(), ContactId(desk.state.contacts().len() as u32));
    let entry = move |state: &_, order: &_| {
        decide::bodies::enter_contact(state, order, BodyId(0), person("newcomer"), "Chair".parse().unwrap(), Channel::Email, Language::En)
    };
    desk.do_it("lead", entry);
    let is_missed = |desk: &Desk| waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::BouncedContact(old));
    assert!(is_missed(&desk), "the letter would go there still");
    desk.do_it("lead", move |state, order| decide::campaigns::change_contact(state, order, id, next));
    assert!(!is_missed(&desk), "another is written to now");
    desk.do_it("lead", anew);
    desk.refused("lead", "being made anew already", anew);
    // What was asked stands, the other letters are as sealed as before, and nothing leaves.
    let terms = move |state: &_, order: &_| decide::campaigns::set_terms(state, order, id, DutyApplies::ByCourtesy, &[ItemId(1)]);
    desk.refused("lead", "asked already", terms);
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::Bounced);
    assert!(decide::campaigns::letters_to_send(&desk.state, campaign, desk.now).is_empty());
    let letter = |words: &str| vec![(Language::En, MergedLetter { letter: hash(words), values: hash(words), n_missing: 0 })];
    let back = move |state: &_, order: &_| decide::joining::send_back(state, order, id, "the role is wrong".parse().unwrap());
    desk.refused("second", "no letter to send back", back);
    desk.do_it("lead", |state, order| decide::joining::merge(state, order, id, letter("one")));
    let read = desk.state.recipient(id).unwrap().seal();
    desk.do_it("second", back);
    let it = desk.state.recipient(id).unwrap();
    assert!(it.returned.is_some() && it.letters.is_empty());
    desk.refused("second", "is not merged", move |state, order| decide::joining::approve(state, order, id, read));
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::JoiningLetter(id)));
    desk.do_it("lead", |state, order| decide::joining::merge(state, order, id, letter("two")));
    let it = desk.state.recipient(id).unwrap();
    assert!(it.returned.is_none() && it.letters_name == Some(next));
    let seal = it.seal();
    desk.refused("lead", "ask a second person", move |state, order| decide::joining::approve(state, order, id, seal));
    desk.do_it("second", move |state, order| decide::joining::approve(state, order, id, seal));
    assert_eq!(decide::campaigns::letters_to_send(&desk.state, campaign, desk.now), [id]);
    desk.on("2020-10-20");
    let on = desk.now.day_in_london();
    desk.do_it("lead", move |state, order| decide::correspondence::log_letters(state, order, campaign, &[id], Channel::Post, on));
    let asked = desk.state.ask(ask(0, 0)).unwrap();
    assert_eq!((asked.status.clone(), asked.started), (AskStatus::Sent, Some(on)), "its clock begins with the letter that arrives");
}

#[test]
fn the_wording_of_an_item_is_corrected_until_the_first_letter_went() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let campaign = desk.with_draft(1, fifty_six_days());
    desk.on("2020-10-13");
    let entry = |definition: &str| AskItem { definition: definition.parse().unwrap(), ..desk_item() };
    let correct = |entry: AskItem| move |state: &_, order: &_| decide::campaigns::correct_item(state, order, campaign, ItemId(0), entry, reason());
    desk.do_it("lead", |state, order| decide::campaigns::submit(state, order, campaign));
    desk.do_it("lead", correct(entry("In review")));
    let stands = |desk: &Desk| desk.state.campaign(campaign).unwrap().stage;
    assert_eq!(stands(&desk), Stage::Draft);
    assert!(desk.state.recipient(RecipientId(0)).unwrap().letters.is_empty(), "its letters said it otherwise");
    let letter = || vec![(RecipientId(0), Language::En, MergedLetter { letter: hash("anew"), values: hash("anew"), n_missing: 0 })];
    desk.do_it("lead", |state, order| decide::campaigns::merge_letters(state, order, campaign, letter()));
    desk.approve(campaign);
    desk.do_it("lead", correct(entry("While they may be called back")));
    assert_eq!(stands(&desk), Stage::Draft);
    desk.do_it("lead", |state, order| decide::campaigns::merge_letters(state, order, campaign, letter()));
    desk.approve(campaign);
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    desk.refused("lead", "letters have left already", correct(entry("Too late")));
}

fn a_brief() -> Brief {
    Brief {
        title: "Request".parse().unwrap(),
        purpose: "To learn".parse().unwrap(),
        legal_basis: "Modern Slavery Act 2015 s.43".parse().unwrap(),
        plan_priority: "Prevention".parse().unwrap(),
        clock: Clock::NONE,
        languages: vec![Language::En],
        publish_policy: PublishPolicy::AsPermitted,
    }
}

fn desk_item() -> AskItem {
    AskItem {
        title: "Needs assessment".parse().unwrap(),
        kind: ItemKind::Document,
        required: true,
        definition: "As the letter says".parse().unwrap(),
        format: None,
    }
}
