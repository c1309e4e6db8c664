//! What must be true whatever anybody does: two pairs of eyes, visible conflicts, nothing public unchecked, no wrong name.

use super::desk::{Desk, ask, day, fifty_six_days, hash, person};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::campaign::{AskItem, MergedLetter, Stage};
use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::decide::documents::NewDocument;
use headwater_prevention::exchange::decide::{self, Order};
use headwater_prevention::exchange::document::DocumentKind;
use headwater_prevention::exchange::event::{CampaignApproved, DocumentPublished, Event, LeakChecked, PublicationApproved, Recorded};
use headwater_prevention::exchange::id::{DocumentId, ItemId, RecipientId};
use headwater_prevention::exchange::non_response::NonResponse;
use headwater_prevention::exchange::publication::{OmissionGround, Permission, PublicationState};
use headwater_prevention::exchange::state::{State, replay};

#[test]
fn nobody_approves_their_own_campaign_and_nothing_changes_after_approval() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let campaign = desk.with_draft(2, fifty_six_days());
    desk.do_it("helper", |state, order| decide::campaigns::submit(state, order, campaign));
    let seal = desk.state.seal_of_letters(campaign);
    for first in ["lead", "helper"] {
        desk.refused(first, "second person", |state, order| decide::campaigns::approve(state, order, campaign, seal));
    }
    desk.refused("second", "not those you looked at", |state, order| decide::campaigns::approve(state, order, campaign, hash("another")));
    desk.do_it("second", |state, order| decide::campaigns::approve(state, order, campaign, seal));
    desk.refused("lead", "approved", |state, order| decide::campaigns::write_letter(state, order, campaign, Language::En, hash("new")));
    desk.refused("lead", "approved", |state, order| decide::campaigns::remove_recipient(state, order, RecipientId(0), "x".parse().unwrap()));
    desk.do_it("lead", |state, order| decide::campaigns::begin_sending(state, order, campaign, 30));
    assert!(decide::campaigns::letters_to_send(&desk.state, campaign, desk.now).is_empty(), "nothing leaves in the recall window");
    desk.do_it("lead", |state, order| decide::campaigns::recall(state, order, campaign, "A wrong name".parse().unwrap()));
    assert_eq!(desk.state.campaign(campaign).unwrap().stage, Stage::Draft);
    desk.approve(campaign);
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    desk.refused("lead", "1 letters have left", |state, order| decide::campaigns::recall(state, order, campaign, "Too late".parse().unwrap()));
    assert_eq!(decide::campaigns::letters_to_send(&desk.state, campaign, desk.now), [RecipientId(1)], "each letter leaves once");
}

#[test]
fn a_campaign_with_gaps_is_not_put_up_for_review() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let campaign = desk.with_draft(1, fifty_six_days());
    assert_eq!(decide::campaigns::gaps(&desk.state, campaign), [""; 0]);
    desk.do_it("lead", |state, order| decide::campaigns::write_letter(state, order, campaign, Language::En, hash("new template")));
    let gaps = decide::campaigns::gaps(&desk.state, campaign);
    assert!(gaps.len() == 1 && gaps[0].contains("Area 0: its letter in English is not merged"), "{gaps:?}");
    desk.refused("lead", "is not merged", |state, order| decide::campaigns::submit(state, order, campaign));
}

#[test]
fn whoever_wrote_in_a_campaign_does_not_approve_it_and_changed_items_void_its_letters() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let campaign = desk.with_draft(1, fifty_six_days());
    let item = desk.state.campaign(campaign).unwrap().items[0].clone().unwrap();
    let other = AskItem { title: "Data set of referrals".parse().unwrap(), ..item };
    desk.do_it("second", |state, order| decide::campaigns::set_item(state, order, campaign, Some(ItemId(0)), other));
    let gaps = decide::campaigns::gaps(&desk.state, campaign);
    assert!(gaps.len() == 1 && gaps[0].contains("is not merged"), "the letters ask for what is asked no more: {gaps:?}");
    let letter = MergedLetter { letter: hash("again"), values: hash("values"), n_missing: 0 };
    let letters = vec![(RecipientId(0), Language::En, letter)];
    desk.do_it("lead", |state, order| decide::campaigns::merge_letters(state, order, campaign, letters.clone()));
    desk.do_it("lead", |state, order| decide::campaigns::submit(state, order, campaign));
    let seal = desk.state.seal_of_letters(campaign);
    desk.refused("second", "you wrote in this campaign", |state, order| decide::campaigns::approve(state, order, campaign, seal));
    desk.do_it("third", |state, order| decide::campaigns::approve(state, order, campaign, seal));
}

#[test]
fn what_somebody_else_changed_meanwhile_is_a_conflict_and_nothing_is_overwritten() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    let stale = Order { seen: desk.state.seq(), ..desk.order("slow") };
    desk.do_it("quick", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::Acknowledged, day("2020-10-13"), None));
    let refusal = decide::asks::describe(&desk.state, &stale, vec![ask(0, 0)], AskStatus::NotHeld, day("2020-10-13"), None).unwrap_err();
    assert!(refusal.is_conflict && refusal.what.contains("Area 0") && refusal.what.contains("somebody else"), "{refusal}");
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::Acknowledged);
    let other = decide::asks::describe(&desk.state, &stale, vec![ask(1, 0)], AskStatus::NotHeld, day("2020-10-13"), None);
    assert!(other.is_ok(), "work on another body is no conflict");
    let both = decide::asks::describe(&desk.state, &stale, vec![ask(1, 0), ask(0, 0)], AskStatus::NotHeld, day("2020-10-13"), None);
    assert!(both.is_err(), "a bulk change is made whole or not at all");
}

/// A desk with one readable document.
fn with_document() -> Desk {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    let file = NewDocument { original: hash("answer"), n_bytes: 1, kind: DocumentKind::Letter, language: Language::En };
    desk.receive_with(vec![RecipientId(0)], vec![], vec![file]);
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(0), vec![]));
    desk
}

#[test]
fn a_leak_found_after_approval_undoes_the_approval() {
    let mut desk = with_document();
    let (document, rendition) = (DocumentId(0), hash("rendition"));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, rendition, vec![]));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, rendition, "a".parse().unwrap(), true));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, rendition));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, rendition, "b".parse().unwrap(), false));
    desk.refused("lead", "second person", |state, order| decide::publications::publish(state, order, document));
    // Another rendition begins again: the check and the approval of the one before do not count.
    let next = hash("next rendition");
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, next, vec![]));
    desk.refused("second", "not the one you looked at", |state, order| decide::publications::approve(state, order, document, rendition));
    desk.refused("second", "leak check", |state, order| decide::publications::approve(state, order, document, next));
}

#[test]
fn where_a_body_asked_for_redaction_its_file_cannot_go_out_as_it_came() {
    let mut desk = with_document();
    let (document, original, rendition) = (DocumentId(0), hash("answer"), hash("rendition"));
    let ground = OmissionGround::PreventionOfCrime;
    let draft = |rendition, grounds: Vec<OmissionGround>| {
        move |state: &State, order: &Order| decide::publications::draft(state, order, document, rendition, grounds.clone())
    };
    // As it came, it was proposed before the body said so: that counts no more.
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    desk.do_it("lead", draft(original, vec![]));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, original, "a".parse().unwrap(), true));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, original));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::PublishRedacted, None));
    desk.refused("second", "", |state, order| decide::publications::publish(state, order, document));
    desk.refused("lead", "the body asked for redaction", draft(original, vec![ground]));
    desk.refused("lead", "no ground is given", draft(rendition, vec![]));
    desk.do_it("lead", draft(rendition, vec![ground]));
    desk.refused("second", "leak check", |state, order| decide::publications::approve(state, order, document, rendition));
}

#[test]
fn a_log_that_was_written_wrongly_cannot_publish_or_approve() {
    let mut desk = with_document();
    let (document, rendition) = (DocumentId(0), hash("rendition"));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, rendition, vec![]));
    let forged: Vec<Event> = vec![
        DocumentPublished { document, rendition, on: day("2020-11-01"), notice: None }.into(),
        PublicationApproved { document, rendition }.into(),
        LeakChecked { document, rendition: hash("other"), method: "m".parse().unwrap(), passed: true }.into(),
        DocumentPublished { document, rendition: hash("other"), on: day("2020-11-01"), notice: None }.into(),
    ];
    for event in forged {
        let recorded = Recorded { seq: desk.state.seq() + 1, at: desk.now, actor: person("lead"), event };
        desk.state.apply(recorded);
    }
    assert_eq!(desk.state.n_misfits(), 3, "{:?}", desk.state.misfits());
    assert_eq!(desk.state.document(document).unwrap().publication.state, PublicationState::RedactionDraft);
    let campaign = desk.with_draft_beside_misfits();
    let seal = desk.state.seal_of_letters(campaign);
    let recorded = Recorded { seq: desk.state.seq() + 1, at: desk.now, actor: person("lead"), event: CampaignApproved { campaign, seal }.into() };
    desk.state.apply(recorded);
    assert_eq!(desk.state.campaign(campaign).unwrap().approved_by, None);
}

impl Desk {
    /// A campaign put up for review by "lead", at a desk whose log already holds misfits.
    fn with_draft_beside_misfits(&mut self) -> headwater_prevention::exchange::id::CampaignId {
        let mut clean = Desk::new();
        clean.with_bodies(1);
        let campaign = clean.with_draft(1, fifty_six_days());
        clean.do_it("lead", |state, order| decide::campaigns::submit(state, order, campaign));
        self.state = replay(clean.log);
        campaign
    }
}

#[test]
fn a_body_is_named_only_after_evidence_and_time_and_comes_off_with_its_answer() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    let recipient = RecipientId(0);
    desk.on("2020-12-01");
    let notice = |on: &'static str, reply_by: &'static str| {
        move |state: &State, order: &Order| {
            decide::silences::log_notice(state, order, recipient, Channel::Email, day(on), hash("evidence"), day(reply_by))
        }
    };
    desk.refused("lead", "nothing that is overdue", notice("2020-12-01", "2020-12-24"));
    desk.on("2020-12-10");
    desk.refused("lead", "5 days to reply", notice("2020-12-10", "2020-12-15"));
    desk.do_it("lead", notice("2020-12-10", "2020-12-24"));
    desk.on("2020-12-24");
    desk.refused("lead", "may reply until 24 December 2020", |state, order| decide::silences::list(state, order, recipient));
    desk.do_it("lead", |state, order| decide::silences::contest(state, order, recipient, "We answered by post".parse().unwrap()));
    desk.on("2021-01-04");
    desk.refused("lead", "contests", |state, order| decide::silences::list(state, order, recipient));
    desk.do_it("lead", |state, order| decide::silences::settle(state, order, recipient, false, "No post came".parse().unwrap()));
    desk.refused("lead", "second person", |state, order| decide::silences::list(state, order, recipient));
    desk.do_it("second", |state, order| decide::silences::list(state, order, recipient));
    assert!(matches!(desk.state.recipient(recipient).unwrap().non_response, NonResponse::Listed { .. }));
    desk.on("2021-01-06");
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], AskStatus::Provided, day("2021-01-06"), None));
    let delisted = NonResponse::Delisted { on: day("2021-01-06"), answered: true };
    assert_eq!(desk.state.recipient(recipient).unwrap().non_response, delisted, "it comes off with its first answer, though one item is still owed");
}

#[test]
fn a_state_comes_back_from_its_snapshot_and_from_its_log() {
    let desk = with_document();
    let again = replay(desk.log.clone());
    assert_eq!(again, desk.state);
    let snapshot = serde_json::to_string(&desk.state).unwrap();
    let back: State = serde_json::from_str(&snapshot).unwrap();
    assert_eq!(back, desk.state);
    for recorded in &desk.log {
        assert_eq!(Event::read(recorded.event.kind(), &recorded.event.body()).as_ref(), Ok(&recorded.event), "each event comes back from the log");
    }
}
