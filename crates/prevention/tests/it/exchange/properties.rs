//! Whatever the log holds, in whatever order: no panic, no unchecked publication, the same grid, counts that can be counted again.

use super::desk::{Desk, day, fifty_six_days, hash, person};
use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::{Channel, Language};
use headwater_prevention::exchange::campaign::{DutyApplies, Stage};
use headwater_prevention::exchange::chase::{Throttle, due};
use headwater_prevention::exchange::clock::PRESETS;
use headwater_prevention::exchange::communication::{DeliveryOutcome, Purpose};
use headwater_prevention::exchange::document::ScreeningFinding;
use headwater_prevention::exchange::event::*;
use headwater_prevention::exchange::grid::statistics::{activities, statistics};
use headwater_prevention::exchange::grid::{Filter, grid, last_round};
use headwater_prevention::exchange::handover::{Handover, HandoverStage};
use headwater_prevention::exchange::id::*;
use headwater_prevention::exchange::non_response::NonResponse;
use headwater_prevention::exchange::public::{Office, public_pages};
use headwater_prevention::exchange::publication::{Permission, PublicationState};
use headwater_prevention::exchange::recommendation::DutyResponse;
use headwater_prevention::exchange::state::{State, replay};
use headwater_prevention::exchange::waiting::waiting;
use headwater_release::Publisher;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn key(number: u32) -> MessageKey {
    MessageKey::of(&format!("<{number}@office.example>"))
}

/// Something that may happen, over few numbers so that much of it meets.
pub fn any_event() -> impl Strategy<Value = Event> {
    // The steps of a publication come oftener: many must meet in order before a document is public.
    let kind = prop_oneof![21 => 0usize..48, 14 => 32usize..38, 1 => 48usize..53, 3 => 53usize..61, 3 => 61usize..70, 4 => 70usize..77];
    (kind, 0u32..4, 0u32..4, 0u16..3, 0i32..400, 0usize..13).prop_map(|(kind, a, b, item, days, status)| {
        let on = day("2020-10-01").plus(days);
        let reason = || "a reason".parse().unwrap();
        let (campaign, recipient, document) = (CampaignId(a), RecipientId(a), DocumentId(a % 2));
        let rendition = hash(if item == 0 { "one" } else { "two" });
        let mail = hash(if b == 0 { "one mail" } else { "another mail" });
        let communication = CommunicationId(b + 4 * u32::from(item));
        let asks = vec![AskId { recipient, item: ItemId(item) }, AskId { recipient: RecipientId(b), item: ItemId(0) }];
        let status = match status {
            0 => AskStatus::NotSent,
            1 => AskStatus::Sent,
            2 => AskStatus::Delivered,
            3 => AskStatus::Bounced,
            4 => AskStatus::Acknowledged,
            5 => AskStatus::Promised { until: on.plus(9) },
            6 => AskStatus::PartProvided,
            7 => AskStatus::Provided,
            8 => AskStatus::NotHeld,
            9 => AskStatus::Refused { reason: reason() },
            10 => AskStatus::Transferred { to: BodyId(b) },
            11 => AskStatus::Withdrawn { reason: reason() },
            _ => AskStatus::ClarificationAsked,
        };
        match kind {
            0 => BodySucceeded { body: BodyId(a), by: BodyId(b), from: on }.into(),
            1 => ContactVerified { contact: ContactId(a), on }.into(),
            2 => ContactReplaced { contact: ContactId(a), by: ContactId(b), reason: reason() }.into(),
            3 => ItemDropped { campaign, item: ItemId(item) }.into(),
            4 => RecipientRemoved { recipient, reason: reason() }.into(),
            5 => ItemChosen { recipient, item: ItemId(item), asked: b == 0 }.into(),
            6 => CampaignSubmitted { campaign }.into(),
            7 => CampaignReturned { campaign, reason: reason() }.into(),
            8 => CampaignApproved { campaign, seal: hash("seal") }.into(),
            9 => CampaignSending { campaign, recall_until: "2020-11-01T00:00:00Z".parse().unwrap() }.into(),
            10 => CampaignRecalled { campaign, reason: reason() }.into(),
            11 => CampaignOpened { campaign }.into(),
            12 => CampaignPaused { campaign, reason: reason() }.into(),
            13 => CampaignResumed { campaign }.into(),
            14 => CampaignClosed { campaign, reason: reason() }.into(),
            15 => CampaignArchived { campaign }.into(),
            16 => {
                let purpose = [Purpose::Letter, Purpose::Chaser, Purpose::Notice][usize::from(item)];
                CommunicationSent {
                    communication,
                    purpose,
                    channel: Channel::Email,
                    on,
                    recipients: vec![recipient],
                    message: None,
                    answers: None,
                    content: None,
                    also: Vec::new(),
                }
                .into()
            }
            17 => CommunicationPlaced { communication, recipients: vec![recipient] }.into(),
            18 => CommunicationSetAside { communication, reason: reason() }.into(),
            19 => {
                let outcome = if item == 0 { DeliveryOutcome::Bounced } else { DeliveryOutcome::Delivered };
                DeliveryRecorded { communication, recipient, outcome, evidence: None, on }.into()
            }
            20..=22 => AskDescribed { asks, status, on, proof: None }.into(),
            23 => AskClarified { asks, on }.into(),
            24 => AskReopened { asks, reason: reason() }.into(),
            25 => ChaserProposed { chaser: ChaserId(a), body: BodyId(b), asks, text: rendition }.into(),
            26 => ChaserApproved { chaser: ChaserId(a), text: rendition }.into(),
            27 => ChaserSent { chaser: ChaserId(a), communication, on }.into(),
            28 => DocumentScreened { document, findings: vec![] }.into(),
            29 => DocumentReleased { document, reason: reason() }.into(),
            30 => DocumentAssigned { document, asks }.into(),
            31 => PublicationPermitted { document, permission: if b == 0 { Permission::Closed } else { Permission::Publish }, basis: None }.into(),
            32 => PublicationDrafted { document, rendition, grounds: vec![], companions: vec![] }.into(),
            33 | 34 => LeakChecked { document, rendition, method: "m".parse().unwrap(), passed: b > 0 }.into(),
            35 => PublicationApproved { document, rendition }.into(),
            36 => PublicationEmbargoed { document, until: on }.into(),
            37 => DocumentPublished { document, rendition, on, notice: (b == 0).then(reason) }.into(),
            38 => PublicationWithdrawn { document, on, explanation: reason() }.into(),
            // Erasing ends everything, so it comes seldom.
            39 if b == 0 && item == 0 => PublicationErased { document, ground: reason() }.into(),
            39 => DocumentPublished { document, rendition, on, notice: None }.into(),
            40 => NonResponseNotified { recipient, communication, evidence: rendition, reply_by: on }.into(),
            41 => NonResponseListed { recipient, on }.into(),
            42 => DutyLaid { recommendation: RecommendationId(a), body: BodyId(b), clock: PRESETS[2].clock, from: on }.into(),
            43 => HandoverBegun {
                message: key(a),
                purpose: Purpose::Letter,
                recipients: vec![recipient],
                answers: None,
                chaser: None,
                duty: None,
                notice: None,
                content: mail,
            }
            .into(),
            44 => HandoverRefused { message: key(a), for_good: item == 0, of_address: b == 0, code: Some(550) }.into(),
            45 => HandoverGivenUp { message: key(a), reason: reason() }.into(),
            46 => CommunicationSent {
                // Five were logged in the beginning.
                communication: CommunicationId(5 + u32::from(item)),
                purpose: Purpose::Letter,
                channel: Channel::Email,
                on,
                recipients: vec![recipient],
                message: Some(key(a)),
                answers: None,
                content: Some(mail),
                also: Vec::new(),
            }
            .into(),
            48 => DocumentHeld { document, findings: vec![ScreeningFinding::PatientInformation] }.into(),
            49 => CommunicationHeld { communication, findings: vec![ScreeningFinding::IndividualCase] }.into(),
            50 => CommunicationReduced { communication, content: (b == 0).then_some(mail), certificate: rendition }.into(),
            51 => CommunicationDestroyed { communication, certificate: rendition, reason: reason() }.into(),
            52 if item == 0 => DocumentReturnedDestroyed { document, certificate: rendition, reason: reason() }.into(),
            53 => CommunicationDealtWith { communication }.into(),
            56 => ChaserRewritten { chaser: ChaserId(a), text: hash("two") }.into(),
            57 => DutyReminderProposed { body: BodyId(b), recommendations: vec![RecommendationId(a)], text: rendition }.into(),
            58 => DutyReminderApproved { body: BodyId(b), text: rendition }.into(),
            59 => DutyReminderSent { body: BodyId(b), on, message: (item > 0).then(|| key(a)) }.into(),
            60 if item == 0 => RecommendationWithdrawn { recommendation: RecommendationId(a), reason: reason() }.into(),
            // Five were put on campaigns in the beginning; those after them join one that is open.
            61 => RecipientAdded {
                recipient: RecipientId(5 + u32::from(item)),
                campaign,
                body: BodyId(b),
                contact: None,
                duty_applies: DutyApplies::NotConfirmed,
                reply_token: format!("token-late-{a}-{b}-{item}").parse().unwrap(),
            }
            .into(),
            62 => LetterMerged { recipient: RecipientId(4 + b), language: Language::En, letter: mail, values: mail, n_missing: 0 }.into(),
            63 => RecipientApproved { recipient: RecipientId(4 + b), seal: BlobHash::seal([mail]) }.into(),
            64 => AskExtended { asks, until: on.plus(100), reason: reason() }.into(),
            65 => TookUp { recipient: RecipientId(4 + b), asks }.into(),
            66 => DutySet { recipient: RecipientId(4 + b), duty_applies: DutyApplies::ByCourtesy }.into(),
            70 => DutyReminderProposed { body: BodyId(0), recommendations: vec![RecommendationId(0)], text: rendition }.into(),
            71 => DutyReminderApproved { body: BodyId(0), text: rendition }.into(),
            72 | 73 => HandoverBegun {
                message: key(a),
                purpose: Purpose::Chaser,
                recipients: vec![],
                answers: None,
                chaser: None,
                duty: Some(BodyId(0)),
                notice: None,
                content: mail,
            }
            .into(),
            74 => DutyReminderSent { body: BodyId(0), on, message: Some(key(a)) }.into(),
            75 => DutyReminderCameBack { message: key(a), evidence: None, on }.into(),
            76 => DutyReminderRewritten { body: BodyId(0), text: rendition }.into(),
            69 => PagesApproved { pages: rendition }.into(),
            67 => LetterReopened { recipient: RecipientId(4 + b), reason: reason() }.into(),
            68 => LetterReturned { recipient: RecipientId(4 + b), reason: reason() }.into(),
            54 => NonResponseSettled { recipient, body_was_right: b == 0, reason: reason() }.into(),
            _ => DutyAnswered {
                recommendation: RecommendationId(a),
                body: BodyId(b),
                response: DutyResponse::ReasonForNone(reason()),
                on,
                documents: vec![],
                embeds: vec![],
            }
            .into(),
        }
    })
}

/// A log with two open campaigns, messages and documents, to which anything may happen.
pub fn beginning() -> Vec<(Event, u8)> {
    use headwater_prevention::exchange::body::Language;
    use headwater_prevention::exchange::document::DocumentKind;
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.with_open_campaign(2, fifty_six_days(), "2020-10-13");
    desk.with_open_campaign(2, PRESETS[1].clock, "2020-10-14");
    desk.with_draft(1, fifty_six_days());
    desk.receive(vec![RecipientId(0)], vec![]);
    let mut log: Vec<Event> = desk.log.into_iter().map(|recorded| recorded.event).collect();
    log.push(SubmissionReceived { submission: SubmissionId(0), communication: CommunicationId(4), recipients: vec![RecipientId(0)] }.into());
    for number in 0..3 {
        let original = hash(&format!("file {number}"));
        let (document, submission) = (DocumentId(number), SubmissionId(0));
        log.push(DocumentReceived { document, submission, original, n_bytes: 1, kind: DocumentKind::Letter, language: Language::En }.into());
        log.push(DocumentScreened { document, findings: vec![] }.into());
        log.push(PublicationPermitted { document, permission: Permission::Publish, basis: None }.into());
        log.push(PublicationDrafted { document, rendition: hash("two"), grounds: vec![], companions: vec![] }.into());
    }
    let title = |text: &str| text.parse().unwrap();
    let recommendation = RecommendationEntered {
        recommendation: RecommendationId(0),
        report: title("Report"),
        number: title("1"),
        title: title("Ask"),
        text: hash("text"),
        published: day("2020-10-01"),
        plan_priority: title("Focusing on prevention"),
    };
    log.push(recommendation.into());
    let (recommendation, body) = (RecommendationId(0), BodyId(0));
    log.push(DutyLaid { recommendation, body, clock: PRESETS[2].clock, from: day("2020-10-01") }.into());
    log.push(DutyReminderProposed { body, recommendations: vec![recommendation], text: hash("two") }.into());
    log.push(DutyReminderApproved { body, text: hash("two") }.into());
    // What is approved is approved by the second person, all else is done by the first.
    let is_approval = |event: &Event| matches!(event, Event::CampaignApproved(_) | Event::DutyReminderApproved(_));
    log.into_iter().map(|event| (event.clone(), u8::from(is_approval(&event)))).collect()
}

pub fn recorded(events: impl IntoIterator<Item = (Event, u8)>) -> Vec<Recorded> {
    let at = |number: usize| headwater_prevention::exchange::moment::Moment::at_start_of(day("2020-10-15")).plus_minutes(number as u32);
    let actor = |by: u8| person(["lead", "second", "third"][usize::from(by) % 3]);
    events.into_iter().enumerate().map(|(number, (event, by))| Recorded { seq: number as u64 + 1, at: at(number), actor: actor(by), event }).collect()
}

/// Whether two states hold the same things; what was set aside and the place in the log may differ.
fn holds_the_same(a: &State, b: &State) -> bool {
    a.bodies() == b.bodies()
        && a.contacts() == b.contacts()
        && a.campaigns() == b.campaigns()
        && a.recipients() == b.recipients()
        && a.communications() == b.communications()
        && a.chasers() == b.chasers()
        && a.submissions() == b.submissions()
        && a.documents() == b.documents()
        && a.recommendations() == b.recommendations()
        && a.duty_reminders().eq(b.duty_reminders())
        && a.handovers().eq(b.handovers())
}

/// Everything that is shown of a state, as bytes.
fn shown(state: &State) -> String {
    let today = day("2021-02-01");
    let mut text = String::new();
    for number in 0..state.campaigns().len() as u32 {
        text += &serde_json::to_string(&grid(state, CampaignId(number), today, &Filter::default())).unwrap();
        text += &serde_json::to_string(&statistics(state, CampaignId(number), today)).unwrap();
        text += &format!("{:?}", last_round(state, CampaignId(number)));
    }
    text += &serde_json::to_string(&due(state, None, &Throttle::default(), today)).unwrap();
    text += &serde_json::to_string(&activities(state, day("2020-01-01"), today)).unwrap();
    text += &serde_json::to_string(&waiting(state, "2021-02-01T12:00:00Z".parse().unwrap())).unwrap();
    text
}

/// A public document has a passing check of that very rendition and an approver who did not make it.
fn publications_are_sound(state: &State, log: &[Recorded]) -> Result<(), TestCaseError> {
    for (number, document) in state.documents().iter().enumerate() {
        let publication = &document.publication;
        let is_public = matches!(publication.state, PublicationState::Published { .. } | PublicationState::Corrected { .. });
        prop_assert_eq!(is_public, publication.public.is_some());
        let Some(rendition) = publication.public else { continue };
        let of = |id: DocumentId, hash: BlobHash| id.index() == number && hash == rendition;
        let checked = log.iter().any(|it| matches!(&it.event, Event::LeakChecked(e) if of(e.document, e.rendition) && e.passed));
        let approvers: Vec<_> =
            log.iter().filter(|it| matches!(&it.event, Event::PublicationApproved(e) if of(e.document, e.rendition))).map(|it| it.actor).collect();
        let makers: Vec<_> =
            log.iter().filter(|it| matches!(&it.event, Event::PublicationDrafted(e) if of(e.document, e.rendition))).map(|it| it.actor).collect();
        prop_assert!(checked && approvers.iter().any(|approver| makers.iter().any(|maker| maker != approver)));
        prop_assert!(document.screening.is_readable());
    }
    Ok(())
}

/// A message that was handed over went out once or not at all, and to whom it was meant for.
fn handovers_are_sound(state: &State) -> Result<(), TestCaseError> {
    for (message, handover) in state.handovers() {
        let sent = state.by_message(message).and_then(|id| state.communication(id));
        prop_assert_eq!(sent.is_some(), matches!(handover.stage, HandoverStage::Accepted { .. }));
        // A reminder of recommendations stands with the duty that it is of, and says there what became of it.
        let duties = state.recommendations().iter().flat_map(|it| &it.duties);
        let of_it = duties.flat_map(|duty| duty.reminders.iter().map(move |it| (duty.body, it))).filter(|(_, it)| it.message == Some(message));
        let said: Vec<_> = of_it.map(|(body, it)| (Some(body), it.came_back)).collect();
        match handover.stage {
            HandoverStage::Reminded { .. } => prop_assert_eq!(said, [(handover.duty, None)]),
            HandoverStage::CameBack { on } => prop_assert_eq!(said, [(handover.duty, Some(on))]),
            _ => prop_assert!(said.is_empty(), "{:?} though {:?}", said, handover.stage),
        }
        if let Some(sent) = sent {
            prop_assert!(sent.recipients == handover.recipients && sent.content == Some(handover.content));
        }
    }
    for recipient in (0..state.recipients().len() as u32).map(RecipientId) {
        let of_recipient = |it: &Handover| it.stage == HandoverStage::Unanswered && it.recipients.contains(&recipient);
        prop_assert!(state.handovers().filter(|(_, it)| of_recipient(it)).count() <= 1, "two letters to one recipient are in doubt");
    }
    let in_doubt = |it: &Handover| it.stage == HandoverStage::Unanswered && it.duty.is_some();
    prop_assert!(state.handovers().filter(|(_, it)| in_doubt(it)).count() <= 1, "two reminders to one body are in doubt");
    Ok(())
}

/// Nobody is named who answered anything, nor of whom nothing is waited for.
fn only_the_silent_are_named(state: &State) -> Result<(), TestCaseError> {
    for recipient in state.recipients().iter().filter(|it| matches!(it.non_response, NonResponse::Listed { .. })) {
        prop_assert!(!recipient.has_answered() && recipient.is_waited_for(), "{recipient:?}");
    }
    Ok(())
}

/// Each figure, counted again from the asks by another road.
fn figures_can_be_counted_again(state: &State) -> Result<(), TestCaseError> {
    let today = day("2021-02-01");
    for number in 0..state.campaigns().len() as u32 {
        let id = CampaignId(number);
        let figures = statistics(state, id, today).unwrap();
        let clock = state.campaign(id).unwrap().brief.clock;
        let asks: Vec<_> = state.asks().filter(|(ask, _)| state.recipient(ask.recipient).unwrap().campaign == id).map(|(_, ask)| ask).collect();
        for (words, share) in &figures.by_status {
            prop_assert_eq!(share.n, asks.iter().filter(|ask| ask.status.words() == *words).count() as u64);
            prop_assert_eq!(share.of, asks.len() as u64);
        }
        let by_words = |words: &[&str]| asks.iter().filter(|ask| words.contains(&ask.status.words())).count() as u64;
        prop_assert_eq!(figures.answered.n, by_words(&["provided", "not held", "refused"]));
        prop_assert_eq!(figures.answered.of, asks.len() as u64 - by_words(&["not sent", "bounced", "withdrawn", "transferred"]));
        prop_assert_eq!((figures.passed_on.n, figures.passed_on.of), (by_words(&["transferred"]), figures.answered.of + by_words(&["transferred"])));
        prop_assert!(figures.recipients_silent.of == figures.recipients_complete.of);
        prop_assert_eq!(figures.overdue.n, asks.iter().filter(|ask| ask.standing(&clock, today).words() == "overdue").count() as u64);
        prop_assert_eq!(figures.items_provided.iter().map(|(_, share)| share.n).sum::<u64>(), by_words(&["provided"]));
        let cells = grid(state, id, today, &Filter::default()).unwrap();
        let cells = cells.rows.iter().flat_map(|row| row.cells.iter().flatten()).count();
        prop_assert!(cells <= asks.len());
    }
    Ok(())
}

/// Each count on the public pages, counted again from the asks; each public file has a passing check of its very bytes.
fn public_pages_are_sound(state: &State, log: &[Recorded]) -> Result<(), TestCaseError> {
    let office = Office { publisher: Publisher::default(), today: day("2021-02-01"), letter: &|_| None, ending: &|_| "pdf".to_owned() };
    let pages = public_pages(state, &office).unwrap();
    let is_answered = |status: &AskStatus| ["provided", "not held", "refused"].contains(&status.words());
    let is_open = |status: &AskStatus| !["not sent", "bounced", "withdrawn", "transferred"].contains(&status.words());
    for (number, campaign) in state.campaigns().iter().enumerate() {
        let id = CampaignId(number as u32);
        let slug = format!("-{}", number + 1);
        let Some(document) = pages.publication.documents.iter().find(|it| it.area_kind == "campaign" && it.slug.ends_with(&slug)) else {
            continue;
        };
        let asks: Vec<_> = state.asks().filter(|(ask, _)| state.recipient(ask.recipient).unwrap().campaign == id).map(|(_, ask)| ask).collect();
        let n = |is_so: &dyn Fn(&AskStatus) -> bool| asks.iter().filter(|ask| is_so(&ask.status)).count();
        let figure = document.key_figures.iter().find(|(label, _)| label == "Asks answered").map(|(_, figure)| figure).unwrap();
        prop_assert_eq!(figure.plain(), format!("{} of {}", n(&is_answered), n(&is_open)));
        // What each body's page says, from its own asks alone.
        for (recipient, it) in state.recipients_of(id).filter(|(_, it)| it.letter_sent.is_some()) {
            let section = document.sections.iter().find(|section| section.slug.ends_with(&format!("-{}", recipient.0 + 1))).unwrap();
            let own: Vec<_> = state.asks().filter(|(ask, _)| ask.recipient == recipient).collect();
            let n = |is_so: &dyn Fn(&AskStatus) -> bool| own.iter().filter(|(_, ask)| is_so(&ask.status)).count();
            let (n_answered, n_passed, n_bounced) =
                (n(&is_answered), n(&|status| status.words() == "transferred"), n(&|status| status.words() == "bounced"));
            let lede = match (n(&is_open) + n_passed, n_answered, n_passed) {
                (0, ..) if n_bounced > 0 => "We could not reach it: our letter came back.".to_owned(),
                (0, ..) => "Nothing is asked of it any more.".to_owned(),
                (_, 0, 0) => "It has not answered yet.".to_owned(),
                (n_asked, _, 0) => format!("It has answered {n_answered} of {n_asked}."),
                (n_asked, ..) => format!("It has answered {n_answered} of {n_asked}; it passed {n_passed} to another body."),
            };
            prop_assert_eq!(section.lede.plain(), lede, "{:?}", it.asks);
        }
        prop_assert!(!matches!(campaign.stage, Stage::Draft | Stage::Review | Stage::Approved | Stage::Sending), "{:?} is public", campaign.stage);
    }
    for file in &pages.files {
        let checked =
            |it: &Recorded| matches!(&it.event, Event::LeakChecked(e) if e.document == file.document && e.rendition == file.rendition && e.passed);
        prop_assert!(log.iter().any(checked), "{} is public without a check of it", file.path);
        prop_assert_eq!(state.document(file.document).unwrap().publication.public, Some(file.rendition));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_state_stands_and_its_rules_hold(
        events in prop::collection::vec((any_event(), any::<u8>()), 0..160)
    ) {
        let log = recorded(beginning().into_iter().chain(events));
        let mut state = State::default();
        for recorded in log.clone() {
            let (before, misfits) = (state.clone(), state.n_misfits());
            state.apply(recorded);
            if state.n_misfits() > misfits {
                prop_assert!(holds_the_same(&state, &before), "{:?} changed something", state.misfits().last());
            }
        }
        publications_are_sound(&state, &log)?;
        handovers_are_sound(&state)?;
        only_the_silent_are_named(&state)?;
        figures_can_be_counted_again(&state)?;
        public_pages_are_sound(&state, &log)?;
        let read_again = log.iter().map(|it| Recorded { event: Event::read(it.event.kind(), &it.event.body()).unwrap(), ..it.clone() });
        prop_assert_eq!(shown(&replay(read_again)), shown(&state));
        let back: State = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
        prop_assert_eq!(back, state);
    }

    #[test]
    fn a_log_out_of_order_neither_panics_nor_publishes(
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        events in prop::collection::vec((any_event(), any::<u8>()), 0..40)
    ) {
        let mut all: Vec<(Event, u8)> = beginning().into_iter().chain(events).collect();
        for (place, index) in order.iter().enumerate() {
            let (a, b) = (place % all.len(), index.index(all.len()));
            all.swap(a, b);
        }
        let log = recorded(all);
        let state = replay(log.clone());
        publications_are_sound(&state, &log)?;
        handovers_are_sound(&state)?;
        only_the_silent_are_named(&state)?;
        figures_can_be_counted_again(&state)?;
        public_pages_are_sound(&state, &log)?;
        prop_assert!(!shown(&state).is_empty());
    }
}

#[test]
fn random_events_do_reach_what_the_properties_are_about() {
    // A property that never meets a published document or an answered ask would prove nothing.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = prop::collection::vec((any_event(), any::<u8>()), 160);
    let (mut n_answered, mut n_public, mut n_applied, mut n_accepted, mut n_reminded, mut n_back) = (0, 0, 0, 0, 0, 0);
    for _ in 0..200 {
        let events = strategy.new_tree(&mut runner).unwrap().current();
        let state = replay(recorded(beginning().into_iter().chain(events)));
        n_answered += state.asks().filter(|(_, ask)| ask.status.is_answer()).count();
        n_public += log_public(&state);
        n_accepted += state.handovers().filter(|(_, it)| matches!(it.stage, HandoverStage::Accepted { .. })).count();
        n_reminded += state.handovers().filter(|(_, it)| matches!(it.stage, HandoverStage::Reminded { .. })).count();
        n_back += state.handovers().filter(|(_, it)| matches!(it.stage, HandoverStage::CameBack { .. })).count();
        n_applied += state.n_events() - state.n_misfits();
    }
    assert!(n_answered > 100 && n_public > 10 && n_applied > 5_000, "{n_answered} {n_public} {n_applied}");
    assert!(n_accepted > 5 && n_reminded > 20 && n_back > 5, "{n_accepted} {n_reminded} {n_back}");
}

fn log_public(state: &State) -> usize {
    state.documents().iter().filter(|document| document.publication.public.is_some()).count()
}
