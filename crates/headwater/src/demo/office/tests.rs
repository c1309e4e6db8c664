//! The office that is made holds everything it is there to show, on whatever day.

use std::collections::BTreeSet;

use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::moment::Moment;
use headwater_prevention::exchange::non_response::NonResponse;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::waiting::{Waiting, waiting};
use jiff::Timestamp;

use super::make;
use crate::store::Workspace;
use crate::web::office::Office;

/// The office as it was made at a time, and what waits on its home page.
fn made(at: &str) -> (Office, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let at: Timestamp = at.parse().unwrap();
    make(&folder.path().join("office"), "http://127.0.0.1:8008", at).unwrap();
    let ws = Workspace::open(&folder.path().join("office")).unwrap();
    assert!(ws.log().verify(None).unwrap().is_ok());
    let office = Office::open(&ws).unwrap();
    let waits = waiting(&office.known().state, Moment::from_microseconds(at.as_microsecond()));
    let kinds = waits.iter().map(|it| format!("{:?}", it.what).split('(').next().unwrap().to_owned()).collect();
    (office, kinds)
}

fn statuses(state: &State) -> BTreeSet<&'static str> {
    state.asks().map(|(_, ask)| ask.status.words()).collect()
}

#[test]
fn the_office_holds_every_status_and_everything_that_can_wait() {
    let (office, waits) = made("2025-02-03T15:00:00Z");
    let known = office.known();
    assert_eq!(known.state.misfits(), []);
    assert_eq!(statuses(&known.state), AskStatus::WORDS.into_iter().collect());
    // Left out: a check of a rendition made anew and what a mail server answers, to which no page leads yet; what a person found by
    // reading, and what was sent back, which an office hopes never to see; a letter of whose receipt nobody knows.
    let kinds = [
        "CampaignReview",
        "CampaignToSend",
        "LettersToSend",
        "LettersHeldBack",
        "ChaserReview",
        "ChaserToSend",
        "HeldMessage",
        "NewReply",
        "HeldDocument",
        "UnassignedDocument",
        "Permission",
        "PublicationReview",
        "ToPublish",
        "BouncedContact",
        "Clarification",
        "JoiningReview",
        "Contested",
        "ToList",
        "PassedOn",
        "PromiseOver",
        "RemindersDue",
        "DutyOverdue",
    ];
    assert_eq!(waits, kinds.into_iter().map(str::to_owned).collect());
    // A body's time to reply is over on the day after it, not on the day of the notice.
    let now: Timestamp = "2025-02-03T15:00:00Z".parse().unwrap();
    for it in waiting(&known.state, Moment::from_microseconds(now.as_microsecond())) {
        let Waiting::ToList(id) = it.what else { continue };
        let NonResponse::NoticeSent(notice) = &known.state.recipient(id).unwrap().non_response else { panic!("no notice runs") };
        assert_eq!(it.since_day, Some(notice.reply_by.plus(1)));
    }
    let is = |wanted: fn(&NonResponse) -> bool| known.state.recipients().iter().filter(|it| wanted(&it.non_response)).count();
    assert_eq!((is(|it| matches!(it, NonResponse::Listed { .. })), is(|it| matches!(it, NonResponse::NoticeSent(_)))), (1, 2));
    for submission in known.state.submissions() {
        let communication = known.state.communication(submission.communication).unwrap();
        assert_eq!(submission.recipients, communication.recipients, "files are from other bodies than the message they came with");
    }
    assert!(known.state.documents().iter().any(|it| it.same_as.is_some()), "no file came twice");
    // One as it came, and one that was made anew without what may not leave.
    let public: Vec<bool> =
        known.state.documents().iter().filter(|it| it.publication.state.is_public()).map(|it| it.publication.grounds.is_empty()).collect();
    assert_eq!((public.iter().filter(|as_it_came| **as_it_came).count(), public.len()), (1, 2));
}

#[test]
fn the_office_can_be_made_on_any_day_and_is_the_same_but_for_its_days() {
    // A leap day, the night of a change of clocks, the last hour of a year.
    let (first, waits) = made("2024-02-29T00:00:00Z");
    let figures = |state: &State| (state.n_events(), state.communications().len(), state.documents().len(), statuses(state));
    for at in ["2025-03-30T01:30:00Z", "2026-12-31T23:59:59Z"] {
        let (other, others) = made(at);
        assert_eq!(figures(&other.known().state), figures(&first.known().state), "{at}");
        assert_eq!(others, waits, "{at}");
    }
}
