//! One request from the first draft to the published answer.

use super::desk::{Desk, ask, day, fifty_six_days, hash};
use headwater_prevention::exchange::ask::{AskStatus, Proof};
use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::Stage;
use headwater_prevention::exchange::chase::{NotDue, Throttle, due};
use headwater_prevention::exchange::clock::standing::Standing;
use headwater_prevention::exchange::clock::{Clock, PRESETS};
use headwater_prevention::exchange::communication::{DeliveryOutcome, Purpose};
use headwater_prevention::exchange::decide::chasers::NewChaser;
use headwater_prevention::exchange::decide::documents::{Destruction, NewDocument};
use headwater_prevention::exchange::decide::duties::{NewRecommendation, NewResponse};
use headwater_prevention::exchange::decide::{self, Order};
use headwater_prevention::exchange::document::{DocumentKind, ScreeningFinding};
use headwater_prevention::exchange::grid::statistics::{Share, activities, statistics};
use headwater_prevention::exchange::grid::{Filter, grid, last_round};
use headwater_prevention::exchange::id::{BlobHash, BodyId, ChaserId, CommunicationId, ContactId, DocumentId, RecipientId, RecommendationId};
use headwater_prevention::exchange::publication::{FreeWords, OmissionGround, Permission, PublicationState};
use headwater_prevention::exchange::recommendation::DutyResponse;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::waiting::{Waiting, waiting};
use headwater_prevention::exchange::yearly::{FinancialYear, statement};
use headwater_release::{Block, Publisher};

fn file(text: &str) -> NewDocument {
    NewDocument { original: hash(text), n_bytes: 10, kind: DocumentKind::Letter, language: Language::En }
}

#[test]
fn what_goes_with_a_rendition_is_checked_approved_published_and_withdrawn_with_it() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.with_open_campaign(3, fifty_six_days(), "2020-10-13");
    desk.on("2020-11-02");
    desk.receive_with(vec![RecipientId(0)], vec![], vec![file("answer")]);
    let document = DocumentId(0);
    desk.do_it("lead", |state, order| decide::documents::begin_screening(state, order, document));
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, document, vec![]));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::PublishRedacted, None));
    let (page, pdf) = (hash("page"), hash("pdf"));
    let draft = |beside: Vec<BlobHash>| {
        move |state: &State, order: &Order| {
            decide::publications::draft_with(state, order, document, page, beside.clone(), vec![OmissionGround::PersonalInformation])
        }
    };
    let check = |of: BlobHash, passed: bool| {
        move |state: &State, order: &Order| decide::publications::leak_check(state, order, document, of, "check 1".parse().unwrap(), passed)
    };
    let approve = |state: &State, order: &Order| decide::publications::approve(state, order, document, page);
    desk.refused("lead", "as it came lies beside", draft(vec![hash("answer")]));
    desk.refused("lead", "proposed twice", draft(vec![pdf, pdf]));
    desk.refused("lead", "proposed twice", draft(vec![page]));
    desk.do_it("lead", draft(vec![pdf]));
    // A page that passed does not speak for its PDF, and a leak found in the PDF takes back what was approved.
    desk.do_it("lead", check(page, true));
    assert_eq!(desk.state.document(document).unwrap().publication.state, PublicationState::RedactionDraft);
    desk.refused("second", "has not passed the leak check", approve);
    desk.do_it("lead", check(pdf, true));
    desk.do_it("second", approve);
    desk.do_it("lead", check(pdf, false));
    desk.refused("second", "has not passed the leak check", approve);
    desk.refused("second", "has not approved", |state, order| decide::publications::publish(state, order, document));
    desk.do_it("lead", check(pdf, true));
    desk.refused("lead", "second person", approve);
    desk.do_it("second", approve);
    desk.do_it("second", |state, order| decide::publications::publish(state, order, document));
    let publication = &desk.state.document(document).unwrap().publication;
    assert_eq!((publication.public, &publication.public_companions), (Some(page), &vec![pdf]));
    assert_eq!(publication.public_grounds, [OmissionGround::PersonalInformation]);
    assert_eq!(desk.state.document(document).unwrap().blobs().collect::<Vec<_>>(), [hash("answer"), page, pdf], "an erasure finds all");
    // A correction that is sent back leaves both as they are.
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, hash("b"), vec![OmissionGround::PrisonSecurity]));
    desk.do_it("second", |state, order| decide::publications::send_back(state, order, document, "more has to go".parse().unwrap()));
    let publication = &desk.state.document(document).unwrap().publication;
    assert_eq!((publication.rendition, &publication.companions), (Some(page), &vec![pdf]));
    assert_eq!(publication.grounds, publication.public_grounds);
    desk.do_it("second", |state, order| decide::publications::withdraw(state, order, document, "it was wrong".parse().unwrap()));
    let publication = &desk.state.document(document).unwrap().publication;
    assert!(publication.public.is_none() && publication.public_companions.is_empty() && publication.public_grounds.is_empty());
}

#[test]
fn a_request_goes_out_is_answered_and_the_answer_is_published() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    let campaign = desk.with_open_campaign(3, fifty_six_days(), "2020-10-13");
    assert_eq!(desk.state.campaign(campaign).unwrap().stage, Stage::Open, "it opens with its last letter");

    desk.on("2020-11-02");
    let reply = desk.receive_with(vec![RecipientId(0)], vec![], vec![file("answer")]);
    let document = DocumentId(0);
    desk.refused("lead", "not screened", |state, order| decide::documents::assign(state, order, document, vec![ask(0, 1)]));
    desk.do_it("lead", |state, order| decide::documents::begin_screening(state, order, document));
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, document, vec![]));
    desk.do_it("lead", |state, order| decide::documents::assign(state, order, document, vec![ask(0, 1)]));
    let proof = Some(Proof::Document(document));
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 1)], AskStatus::Provided, day("2020-11-02"), proof));

    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::PublishRedacted, Some(reply)));
    desk.refused("lead", "as it came", |state, order| decide::publications::draft(state, order, document, hash("answer"), vec![]));
    let clean = hash("answer without names");
    let ground = vec![OmissionGround::PersonalInformation];
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, clean, ground));
    desk.refused("second", "has not passed the leak check", |state, order| decide::publications::approve(state, order, document, clean));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, clean, "check 1".parse().unwrap(), true));
    desk.refused("lead", "second person", |state, order| decide::publications::approve(state, order, document, clean));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, clean));
    desk.do_it("second", |state, order| decide::publications::embargo(state, order, document, day("2020-11-09")));
    desk.refused("lead", "9 November 2020", |state, order| decide::publications::publish(state, order, document));
    desk.on("2020-11-09");
    desk.do_it("lead", |state, order| decide::publications::publish(state, order, document));
    assert_eq!(desk.state.document(document).unwrap().publication.public, Some(clean));

    let figures = statistics(&desk.state, campaign, day("2020-12-09")).unwrap();
    assert_eq!(figures.answered, Share { n: 1, of: 6 });
    assert_eq!(figures.overdue, Share { n: 5, of: 6 });
    assert_eq!(figures.answered_on_time, Share { n: 1, of: 6 });
    assert_eq!((figures.median_half_days, figures.n_in_median), (Some(40), 1), "20 days");
    assert_eq!(figures.recipients_silent, Share { n: 2, of: 3 });
    assert_eq!(figures.recipients_complete, Share { n: 0, of: 3 });
    let done = &activities(&desk.state, day("2020-04-01"), day("2021-03-31"))["Focusing on prevention"];
    assert_eq!((done.n_campaigns, done.n_bodies, done.n_asks, done.n_answered, done.n_published), (1, 3, 6, 1, 1));
    assert!(activities(&desk.state, day("2021-04-01"), day("2022-03-31")).is_empty());
    let year = FinancialYear::of(2020).unwrap();
    let made = |year| statement(&desk.state, year, desk.now.day_in_london(), &Publisher::default()).unwrap();
    let publication = made(year).unwrap();
    let tables = publication.documents[0].sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Table(table) => Some(table.as_ref()),
        _ => None,
    });
    // The lines of the bodies add up to what stands by objective.
    let (mut by_objective, mut by_body) = ((0.0, 0.0), (0.0, 0.0));
    for table in tables {
        let (Some(asked), Some(answered)) = (table.column("asked"), table.column("answered")) else { continue };
        let sum = |column: usize| table.rows().iter().filter_map(|row| row[column].as_number()).sum::<f64>();
        let into = if table.column("body").is_some() { &mut by_body } else { &mut by_objective };
        (into.0, into.1) = (into.0 + sum(asked), into.1 + sum(answered));
    }
    assert_eq!(by_objective, by_body);
    assert_eq!(by_objective, (done.n_asks as f64, done.n_answered as f64));
    assert!(made(FinancialYear::of(2021).unwrap()).is_none(), "nothing was done in it");
    assert_eq!((FinancialYear::of(1999), FinancialYear::holding(day("2021-03-31"))), (None, Some(year)));

    desk.do_it("lead", |state, order| decide::publications::withdraw(state, order, document, "Sent in error".parse().unwrap()));
    assert!(matches!(desk.state.document(document).unwrap().publication.state, PublicationState::Withdrawn { .. }));
    desk.refused("lead", "second person has not approved", |state, order| decide::publications::publish(state, order, document));
}

#[test]
fn reminders_know_promises_and_do_not_nag() {
    let mut desk = Desk::new();
    desk.with_bodies(4);
    let campaign = desk.with_open_campaign(4, fifty_six_days(), "2020-10-13");
    let throttle = Throttle::default();
    assert!(due(&desk.state, None, &throttle, day("2020-12-08")).due.is_empty(), "the last day is not over");
    desk.on("2020-12-09");
    let reply = desk.receive(vec![RecipientId(0)], vec![]);
    let promised = AskStatus::Promised { until: day("2020-12-20") };
    desk.do_it("lead", |state, order| {
        decide::asks::describe(state, order, vec![ask(0, 0), ask(0, 1)], promised, day("2020-12-09"), Some(Proof::Communication(reply)))
    });
    let withdrawn = AskStatus::Withdrawn { reason: "Asked by mistake".parse().unwrap() };
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(1, 0), ask(1, 1)], withdrawn, day("2020-12-09"), None));
    let list = due(&desk.state, Some(campaign), &throttle, day("2020-12-09"));
    assert_eq!(list.due.iter().map(|due| (due.body.0, due.asks.len())).collect::<Vec<_>>(), [(2, 2), (3, 2)], "one summary for each body");
    assert!(list.not_due.contains(&(ask(0, 0), NotDue::Promised { until: day("2020-12-20") })));
    assert!(list.not_due.contains(&(ask(1, 0), NotDue::NothingOwed)));

    let new = |body: u32, asks| NewChaser { body: BodyId(body), asks, text: hash("chaser") };
    desk.refused("lead", "promised", |state, order| decide::chasers::propose(state, order, &throttle, vec![new(0, vec![ask(0, 0)])]));
    desk.do_it("lead", |state, order| {
        decide::chasers::propose(state, order, &throttle, vec![new(2, vec![ask(2, 0), ask(2, 1)]), new(3, vec![ask(3, 0)])])
    });
    desk.refused("lead", "you proposed", |state, order| decide::chasers::approve(state, order, ChaserId(0), hash("chaser")));
    desk.do_it("second", |state, order| decide::chasers::approve(state, order, ChaserId(0), hash("chaser")));
    desk.do_it("second", |state, order| decide::chasers::approve(state, order, ChaserId(1), hash("chaser")));
    // Area 3 answers before its reminder leaves.
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(3, 0)], AskStatus::NotHeld, day("2020-12-09"), None));
    desk.refused("lead", "no longer", |state, order| decide::chasers::send(state, order, &throttle, ChaserId(1), None));
    desk.do_it("lead", |state, order| decide::chasers::send(state, order, &throttle, ChaserId(0), None));
    let lately = due(&desk.state, None, &throttle, day("2020-12-12"));
    assert!(lately.not_due.contains(&(ask(2, 0), NotDue::ChasedLately { on: day("2020-12-09") })));
    let later = due(&desk.state, None, &throttle, day("2020-12-23"));
    let bodies: Vec<u32> = later.due.iter().map(|due| due.body.0).collect();
    assert_eq!(bodies, [0, 2, 3], "two weeks later, the broken promise among them: {later:?}");
}

#[test]
fn a_bounced_letter_stops_the_clock_until_it_is_sent_again() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let campaign = desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    desk.refused("lead", "did not come back", |state, order| {
        let sent = decide::correspondence::Outgoing {
            purpose: Purpose::Letter,
            channel: headwater_prevention::exchange::body::Channel::Email,
            on: day("2020-10-13"),
            recipients: vec![RecipientId(0)],
            message: None,
            answers: None,
            content: None,
        };
        decide::correspondence::log_sent(state, order, sent)
    });
    desk.on("2020-10-14");
    let letter = CommunicationId(0);
    desk.do_it("lead", |state, order| {
        decide::correspondence::log_delivery(state, order, letter, RecipientId(0), DeliveryOutcome::Bounced, None, day("2020-10-14"))
    });
    let clock = desk.state.campaign(campaign).unwrap().brief.clock;
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().standing(&clock, day("2021-10-01")), Standing::NotStarted);
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::BouncedContact(ContactId(0))));
    desk.do_it("lead", |state, order| decide::bodies::verify_contact(state, order, ContactId(0), day("2020-10-14")));
    desk.on("2020-10-20");
    desk.send(Purpose::Letter, vec![RecipientId(0)]);
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().standing(&clock, day("2020-10-20")), Standing::OnTime { due: day("2020-12-15") });
}

#[test]
fn clarification_stops_the_clock_and_an_answer_meanwhile_counts() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    let campaign = desk.with_open_campaign(1, fifty_six_days(), "2020-10-13");
    let clock = desk.state.campaign(campaign).unwrap().brief.clock;
    desk.on("2020-10-20");
    desk.do_it("lead", |state, order| {
        decide::asks::describe(state, order, vec![ask(0, 0), ask(0, 1)], AskStatus::ClarificationAsked, day("2020-10-20"), None)
    });
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().standing(&clock, day("2021-10-20")), Standing::Paused { since: day("2020-10-20") });
    desk.on("2020-10-27");
    desk.do_it("lead", |state, order| decide::asks::clarify(state, order, vec![ask(0, 0)], day("2020-10-27")));
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().status, AskStatus::Sent);
    assert_eq!(desk.state.ask(ask(0, 0)).unwrap().standing(&clock, day("2020-10-27")), Standing::OnTime { due: day("2020-12-15") });
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 1)], AskStatus::Provided, day("2020-10-27"), None));
    assert_eq!(desk.state.ask(ask(0, 1)).unwrap().standing(&clock, day("2021-10-27")), Standing::Answered { on: day("2020-10-27") });
}

#[test]
fn a_document_with_patient_information_can_only_be_sent_back() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, Clock::NONE, "2020-10-13");
    let reply = desk.receive_with(vec![RecipientId(0)], vec![], vec![file("a"), file("b"), file("a")]);
    assert_eq!(desk.state.document(DocumentId(2)).unwrap().same_as, Some(DocumentId(0)), "the same bytes came twice");
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(0), vec![ScreeningFinding::PatientInformation]));
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(1), vec![ScreeningFinding::HiddenCells]));
    let reason = || "Looked at".parse().unwrap();
    desk.refused("lead", "send it back", |state, order| decide::documents::release(state, order, DocumentId(0), reason()));
    // The same bytes came twice, and the first is public: nothing is certified while the file is left anywhere.
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, DocumentId(2), vec![]));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, DocumentId(2), Permission::Publish, None));
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, DocumentId(2), hash("a"), vec![]));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, DocumentId(2), hash("a"), "check 1".parse().unwrap(), true));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, DocumentId(2), hash("a")));
    desk.do_it("second", |state, order| decide::publications::publish(state, order, DocumentId(2)));
    let destruction =
        |messages| Destruction { document: DocumentId(0), carriers: vec![], messages, certificate: hash("certificate"), reason: reason() };
    let whole = destruction(vec![(reply, Some(hash("without its files")))]);
    desk.refused("lead", "public", |state, order| decide::documents::return_and_destroy(state, order, whole.clone()));
    desk.refused("lead", "withdraw it first", |state, order| {
        decide::documents::hold(state, order, DocumentId(2), vec![ScreeningFinding::PatientInformation])
    });
    desk.do_it("second", |state, order| decide::publications::withdraw(state, order, DocumentId(2), reason()));
    desk.do_it("lead", |state, order| decide::documents::return_and_destroy(state, order, whole));
    assert!(desk.state.document(DocumentId(2)).unwrap().screening.is_destroyed(), "its twin went with it");
    assert_eq!(desk.state.communication(reply).unwrap().content, Some(hash("without its files")));
    assert!(desk.state.destroyed().contains(&hash("a")) && !desk.state.destroyed().contains(&hash("b")));
    desk.refused("lead", "not held", |state, order| decide::documents::return_and_destroy(state, order, destruction(vec![])));
    desk.do_it("lead", |state, order| decide::documents::release(state, order, DocumentId(1), reason()));
    desk.refused("lead", "held", |state, order| decide::publications::permit(state, order, DocumentId(0), Permission::Publish, None));
}

#[test]
fn readers_see_no_words_that_one_person_alone_has_read() {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, Clock::NONE, "2020-10-13");
    desk.on("2020-11-02");
    let refused = |reason: &str| AskStatus::Refused { reason: reason.parse().unwrap() };
    let (first, words) = ("It names places that are watched.", FreeWords::Ask(ask(0, 0)));
    let clear = |text: &str| {
        let text = hash(text);
        move |state: &_, order: &_| decide::publications::clear_words(state, order, words, text)
    };
    desk.refused("second", "no such words", clear(first));
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], refused(first), day("2020-11-02"), None));
    assert_eq!((desk.state.public_words(words), desk.state.words_to_clear().collect::<Vec<_>>()), (None, vec![words]));
    desk.refused("lead", "you typed these words", clear(first));
    desk.refused("second", "not those that you read", clear("Something else."));
    desk.do_it("second", clear(first));
    assert_eq!(desk.state.public_words(words).map(|it| it.as_str()), Some(first));
    assert_eq!(desk.state.words_to_clear().count(), 0);
    // Other words are not cleared with them.
    desk.do_it("lead", |state, order| decide::asks::reopen(state, order, vec![ask(0, 0)], "They wrote again".parse().unwrap()));
    assert_eq!(desk.state.public_words(words), None);
    let other = refused("Their board says no.");
    desk.do_it("second", |state, order| decide::asks::describe(state, order, vec![ask(0, 0)], other, day("2020-11-02"), None));
    assert_eq!(desk.state.public_words(words), None);
    // So is what a body said to a recommendation.
    let new = NewRecommendation {
        report: "Annual report".parse().unwrap(),
        number: "4".parse().unwrap(),
        title: "Ask about exploitation".parse().unwrap(),
        text: hash("text"),
        published: day("2020-11-02"),
        plan_priority: "Focusing on prevention".parse().unwrap(),
    };
    desk.do_it("lead", |state, order| decide::duties::enter(state, order, new));
    let it = RecommendationId(0);
    desk.do_it("lead", |state, order| decide::duties::lay(state, order, it, &[BodyId(0)], PRESETS[2].clock, None));
    let answer = NewResponse {
        response: DutyResponse::Action("Trained all staff".parse().unwrap()),
        on: day("2020-11-02"),
        documents: vec![],
        embeds: vec![],
    };
    desk.do_it("lead", |state, order| decide::duties::answer(state, order, it, BodyId(0), answer));
    let words = FreeWords::Duty { recommendation: it, body: BodyId(0) };
    let text = hash("Trained all staff");
    desk.refused("lead", "you typed", |state, order| decide::publications::clear_words(state, order, words, text));
    desk.do_it("second", |state, order| decide::publications::clear_words(state, order, words, text));
    assert!(desk.state.public_words(words).is_some());
}

#[test]
fn a_message_that_is_placed_elsewhere_takes_its_answers_along() {
    let mut desk = Desk::new();
    desk.with_bodies(3);
    desk.with_open_campaign(3, Clock::NONE, "2020-10-13");
    desk.on("2020-11-02");
    let called = desk.receive(vec![RecipientId(1)], vec![]);
    let promised = AskStatus::Promised { until: day("2020-12-01") };
    let by_phone = Some(Proof::Communication(called));
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(1, 0)], promised.clone(), day("2020-11-02"), by_phone));
    let reply = desk.receive_with(vec![RecipientId(0), RecipientId(1)], vec![], vec![file("joint")]);
    let document = DocumentId(0);
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, document, vec![]));
    // It answers for the two that it came from, and for one that it did not come from.
    let answers = vec![ask(0, 0), ask(1, 0), ask(2, 0)];
    desk.do_it("lead", |state, order| decide::documents::assign(state, order, document, answers.clone()));
    let proof = Some(Proof::Document(document));
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, answers, AskStatus::Provided, day("2020-11-02"), proof));
    let own = vec![ask(0, 1)];
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, own, AskStatus::NotHeld, day("2020-11-02"), None));
    // It was only the first's.
    desk.do_it("lead", |state, order| decide::correspondence::place(state, order, reply, vec![RecipientId(0)]));
    assert_eq!(desk.state.document(document).unwrap().asks, [ask(0, 0), ask(2, 0)]);
    let status = |desk: &Desk, id| desk.state.ask(id).unwrap().status.clone();
    assert_eq!(status(&desk, ask(0, 0)), AskStatus::Provided);
    assert_eq!(status(&desk, ask(1, 0)), promised, "what was said by telephone still counts");
    assert!(desk.state.ask(ask(1, 0)).unwrap().documents.is_empty());
    assert_eq!(status(&desk, ask(2, 0)), AskStatus::Provided, "it was not taken from the third");
    desk.do_it("lead", |state, order| decide::correspondence::place(state, order, reply, vec![RecipientId(2)]));
    assert_eq!((status(&desk, ask(0, 0)), status(&desk, ask(0, 1))), (AskStatus::Sent, AskStatus::NotHeld), "nothing else is opened");
    assert_eq!(desk.state.document(document).unwrap().asks, [ask(2, 0)]);
    // What is public is withdrawn first.
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, hash("joint"), vec![]));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, hash("joint"), "check 1".parse().unwrap(), true));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, hash("joint")));
    desk.do_it("second", |state, order| decide::publications::publish(state, order, document));
    desk.refused("lead", "withdraw that document first", |state, order| decide::correspondence::place(state, order, reply, vec![RecipientId(0)]));
}

/// A body that was asked sent one file, in which nothing was found.
fn with_a_document() -> (Desk, DocumentId, CommunicationId) {
    let mut desk = Desk::new();
    desk.with_bodies(1);
    desk.with_open_campaign(1, Clock::NONE, "2020-10-13");
    let reply = desk.receive_with(vec![RecipientId(0)], vec![], vec![file("a")]);
    let document = DocumentId(0);
    desk.do_it("lead", |state, order| decide::documents::screened(state, order, document, vec![]));
    (desk, document, reply)
}

#[test]
fn what_is_approved_or_public_is_changed_by_nobody_alone_and_can_be_sent_back() {
    let (mut desk, document, _) = with_a_document();
    let describe = |title: &'static str| {
        move |state: &_, order: &_| {
            decide::documents::describe(state, order, document, DocumentKind::Letter, Language::En, title.parse().unwrap(), None)
        }
    };
    desk.do_it("lead", describe("The first title"));
    desk.do_it("lead", |state, order| decide::documents::assign(state, order, document, vec![ask(0, 0)]));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    let propose = |desk: &mut Desk| {
        desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, hash("a"), vec![]));
        desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, hash("a"), "check 1".parse().unwrap(), true));
    };
    propose(&mut desk);
    let reason = || "Page 2 names a village".parse().unwrap();
    let waits = |desk: &Desk| waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::SentBack(document));
    desk.do_it("second", |state, order| decide::publications::send_back(state, order, document, reason()));
    assert!(waits(&desk) && desk.state.document(document).unwrap().publication.state == PublicationState::PermissionKnown);
    desk.refused("second", "nothing is proposed", |state, order| decide::publications::approve(state, order, document, hash("a")));
    propose(&mut desk);
    assert!(!waits(&desk));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, hash("a")));
    desk.refused("lead", "approved the document as it is described", describe("Another title"));
    desk.refused("lead", "approved the document as it is described", |state, order| decide::documents::assign(state, order, document, vec![]));
    // The body changes its mind: what was approved is void.
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Closed, None));
    desk.refused("second", "not approved", |state, order| decide::publications::publish(state, order, document));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    desk.refused("second", "nothing is proposed", |state, order| decide::publications::approve(state, order, document, hash("a")));
    propose(&mut desk);
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, hash("a")));
    desk.do_it("second", |state, order| decide::publications::publish(state, order, document));
    desk.refused("lead", "withdraw it with an explanation", describe("Another title"));
    desk.refused("lead", "withdraw it with an explanation", |state, order| decide::documents::assign(state, order, document, vec![]));
    // A correction that is sent back leaves what is public as it is.
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, hash("b"), vec![]));
    desk.do_it("second", |state, order| decide::publications::send_back(state, order, document, reason()));
    let publication = &desk.state.document(document).unwrap().publication;
    assert!(publication.state.is_public() && publication.public == Some(hash("a")) && !publication.is_being_corrected());
    // Withdrawn and public again under another title, its address is the one that was given out.
    desk.do_it("second", |state, order| decide::publications::withdraw(state, order, document, reason()));
    desk.do_it("lead", describe("Another title"));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    propose(&mut desk);
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, hash("a")));
    desk.do_it("second", |state, order| decide::publications::publish(state, order, document));
    assert_eq!(desk.state.document(document).unwrap().publication.named.as_ref().unwrap().as_str(), "The first title");
}

#[test]
fn what_a_person_finds_by_reading_is_held_and_the_law_is_taken_back_by_nobody_alone() {
    let (mut desk, document, reply) = with_a_document();
    desk.do_it("lead", |state, order| decide::documents::assign(state, order, document, vec![ask(0, 0)]));
    desk.do_it("lead", |state, order| decide::publications::permit(state, order, document, Permission::Publish, None));
    desk.do_it("lead", |state, order| decide::publications::draft(state, order, document, hash("a"), vec![]));
    desk.do_it("lead", |state, order| decide::publications::leak_check(state, order, document, hash("a"), "check 1".parse().unwrap(), true));
    desk.do_it("second", |state, order| decide::publications::approve(state, order, document, hash("a")));
    // Approved, and then somebody reads it.
    let (patient, case) = (vec![ScreeningFinding::PatientInformation], vec![ScreeningFinding::PersonalIdentifier]);
    desk.refused("lead", "not said what", |state, order| decide::documents::hold(state, order, document, vec![]));
    desk.do_it("lead", |state, order| decide::documents::hold(state, order, document, patient.clone()));
    let held = desk.state.document(document).unwrap();
    assert!(!held.screening.is_readable() && held.publication.approved.is_none() && held.publication.state == PublicationState::PermissionKnown);
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::HeldDocument(document)));
    desk.refused("second", "held", |state, order| decide::publications::publish(state, order, document));
    // A slip is put right by a second person, and only then let through.
    desk.refused("lead", "ask a second person", |state, order| decide::documents::hold(state, order, document, case.clone()));
    desk.refused("second", "the law keeps from us", |state, order| decide::documents::release(state, order, document, "A slip".parse().unwrap()));
    desk.do_it("second", |state, order| decide::documents::hold(state, order, document, case.clone()));
    desk.do_it("second", |state, order| decide::documents::release(state, order, document, "It is the office's own number".parse().unwrap()));
    desk.refused("second", "second person has not approved", |state, order| decide::publications::publish(state, order, document));
    // What a message says is held, and destroyed, in the same way.
    desk.do_it("lead", |state, order| decide::correspondence::hold(state, order, reply, patient.clone()));
    assert!(!desk.state.communication(reply).unwrap().is_readable());
    assert!(waiting(&desk.state, desk.now).iter().any(|it| it.what == Waiting::HeldContent(reply)));
    desk.refused("second", "the law", |state, order| decide::correspondence::release(state, order, reply, "Looked at".parse().unwrap()));
    let reason = || "Sent back".parse().unwrap();
    desk.do_it("second", |state, order| decide::correspondence::destroy(state, order, reply, hash("certificate"), reason()));
    let gone = desk.state.communication(reply).unwrap();
    assert!(gone.screening.is_destroyed() && gone.content.is_none());
    desk.refused("lead", "destroyed", |state, order| decide::correspondence::hold(state, order, reply, patient));
}

#[test]
fn recommendations_are_answered_within_the_clock_by_action_or_reason() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    desk.on("2021-01-04");
    let new = NewRecommendation {
        report: "Annual report".parse().unwrap(),
        number: "4".parse().unwrap(),
        title: "Ask about exploitation".parse().unwrap(),
        text: hash("text"),
        published: day("2021-01-04"),
        plan_priority: "Focusing on prevention".parse().unwrap(),
    };
    desk.do_it("lead", |state, order| decide::duties::enter(state, order, new.clone()));
    desk.refused("lead", "there already", |state, order| decide::duties::enter(state, order, new));
    let (it, clock) = (RecommendationId(0), PRESETS[2].clock);
    desk.do_it("lead", |state, order| decide::duties::lay(state, order, it, &[BodyId(0), BodyId(1)], clock, None));
    desk.on("2021-03-02");
    let answer = |on| NewResponse {
        response: DutyResponse::Action("Trained all staff".parse().unwrap()),
        on: day(on),
        documents: vec![],
        embeds: vec![BodyId(1)],
    };
    desk.refused("lead", "still to come", |state, order| decide::duties::answer(state, order, it, BodyId(0), answer("2021-03-03")));
    desk.do_it("lead", |state, order| decide::duties::answer(state, order, it, BodyId(0), answer("2021-03-02")));
    assert_eq!(desk.state.duty(it, BodyId(0)).unwrap().standing(day("2021-03-02")), Standing::AnsweredLate { on: day("2021-03-02"), days: 1 });
    assert!(desk.state.duty(it, BodyId(1)).unwrap().standing(day("2021-03-02")).is_overdue());
    let done = &activities(&desk.state, day("2021-01-01"), day("2021-12-31"))["Focusing on prevention"];
    assert_eq!((done.n_recommendations, done.duties), (1, Share { n: 1, of: 2 }));
}

#[test]
fn a_second_round_shows_last_rounds_answers_beside_its_asks() {
    let mut desk = Desk::new();
    desk.with_bodies(2);
    let first = desk.with_open_campaign(2, Clock::NONE, "2020-10-13");
    desk.on("2020-11-01");
    desk.do_it("lead", |state, order| decide::asks::describe(state, order, vec![ask(1, 0)], AskStatus::Provided, day("2020-11-01"), None));
    let second = desk.with_open_campaign(2, Clock::NONE, "2021-10-13");
    let beside = last_round(&desk.state, second);
    assert_eq!(beside.len(), 4);
    assert_eq!(beside[&ask(3, 0)].ask, ask(1, 0));
    assert_eq!(beside[&ask(3, 0)].answered, Some(day("2020-11-01")));
    assert!(last_round(&desk.state, first).is_empty());
    let filter = Filter { statuses: vec!["provided".to_owned()], ..Filter::default() };
    let shown = grid(&desk.state, first, day("2021-10-13"), &filter).unwrap();
    assert_eq!(shown.rows.iter().map(|row| row.name).collect::<Vec<_>>(), ["Area 1"]);
    let by_name = Filter { name: "AREA 0".to_owned(), ..Filter::default() };
    assert_eq!(grid(&desk.state, first, day("2021-10-13"), &by_name).unwrap().rows.len(), 1);
}
