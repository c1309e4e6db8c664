//! How long a million events of the exchange take to read and replay, what they hold in memory, and what a grid costs.
//!
//! On two shared cores: a million events (114 MB of JSON) are read in 0.8 s and applied in 0.4 s, and the state of 43 areas,
//! 20 campaigns, 10 items, 124,000 documents and their mail holds 101 MB. Time and memory grow in proportion. A grid of 430
//! asks as JSON takes 0.3 ms, the list of who is due a reminder over 8,600 asks 0.3 ms.
//!
//! `cargo run --release -p headwater-prevention --example exchange_bench [events]`; `exchange_bench log EVENTS` writes the events
//! as lines of JSON instead, for `bench/exchange/`.

// An example measures, and so it looks at the clock and reads its arguments; the crate does neither.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::body::{BodyEntry, BodyKind, Channel, Language};
use headwater_prevention::exchange::campaign::{AskItem, Brief, DutyApplies, ItemKind, PublishPolicy};
use headwater_prevention::exchange::chase::{Throttle, due};
use headwater_prevention::exchange::clock::PRESETS;
use headwater_prevention::exchange::communication::Purpose;
use headwater_prevention::exchange::document::DocumentKind;
use headwater_prevention::exchange::event::*;
use headwater_prevention::exchange::grid::statistics::statistics;
use headwater_prevention::exchange::grid::{Filter, grid};
use headwater_prevention::exchange::id::*;
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::state::replay;
use std::time::Instant;

const N_BODIES: u32 = 43;
const N_CAMPAIGNS: u32 = 20;
const N_ITEMS: u16 = 10;

fn person(number: u64) -> PersonId {
    format!("p-{}", number % 3).parse().unwrap()
}

/// A log of 43 areas, 20 campaigns and 10 items, worked on for as long as it takes.
fn log(n_events: usize) -> Vec<(PersonId, Event)> {
    let on: Day = "2020-10-13".parse().unwrap();
    let mut log: Vec<(PersonId, Event)> = Vec::with_capacity(n_events + 100);
    let mut add = |by: u64, event: Event| log.push((person(by), event));
    for body in 0..N_BODIES {
        let entry = BodyEntry {
            name: format!("Area {body}").parse().unwrap(),
            kind: BodyKind::LocalPolicingBody,
            area: None,
            register: None,
            aliases: vec![],
            domains: vec![format!("area{body}.example").parse().unwrap()],
            languages: vec![Language::En],
            duties: vec![],
        };
        add(0, BodyEntered { body: BodyId(body), entry: Box::new(entry) }.into());
        let contact = format!("c-{body}").parse().unwrap();
        let (role, channel, language) = ("Chief executive".parse().unwrap(), Channel::Email, Language::En);
        add(0, ContactEntered { contact: ContactId(body), body: BodyId(body), person: contact, role, channel, language }.into());
    }
    for campaign in 0..N_CAMPAIGNS {
        let id = CampaignId(campaign);
        let brief = Brief {
            title: format!("Request {campaign}").parse().unwrap(),
            purpose: "To learn".parse().unwrap(),
            legal_basis: "Modern Slavery Act 2015 s.41".parse().unwrap(),
            plan_priority: "Prevention".parse().unwrap(),
            clock: PRESETS[1 + campaign as usize % 4].clock,
            languages: vec![Language::En],
            publish_policy: PublishPolicy::AsPermitted,
        };
        add(0, CampaignDrafted { campaign: id, brief: Box::new(brief), previous: campaign.checked_sub(1).map(CampaignId) }.into());
        for item in 0..N_ITEMS {
            let definition = "As the letter says".parse().unwrap();
            let entry =
                AskItem { title: format!("Item {item}").parse().unwrap(), kind: ItemKind::Document, required: true, definition, format: None };
            add(0, ItemSet { campaign: id, item: ItemId(item), entry: Box::new(entry) }.into());
        }
        let mut letters = Vec::new();
        for body in 0..N_BODIES {
            let recipient = RecipientId(campaign * N_BODIES + body);
            let reply_token = format!("token-{campaign}-{body}").parse().unwrap();
            let (contact, duty_applies) = (Some(ContactId(body)), DutyApplies::NotConfirmed);
            add(0, RecipientAdded { recipient, campaign: id, body: BodyId(body), contact, duty_applies, reply_token }.into());
            let letter = BlobHash::of(recipient.to_string().as_bytes());
            letters.push(letter);
            add(0, LetterMerged { recipient, language: Language::En, letter, values: letter, n_missing: 0 }.into());
        }
        add(0, CampaignSubmitted { campaign: id }.into());
        add(1, CampaignApproved { campaign: id, seal: BlobHash::seal(letters) }.into());
        add(0, CampaignSending { campaign: id, recall_until: "2020-10-13T10:00:00Z".parse().unwrap() }.into());
    }
    let mut n_communications = 0;
    for recipient in 0..N_CAMPAIGNS * N_BODIES {
        let message = Some(MessageKey::of(&format!("<out-{recipient}@office.example>")));
        let communication = CommunicationId(n_communications);
        let (recipients, content) = (vec![RecipientId(recipient)], Some(BlobHash::of(b"letter")));
        add(
            0,
            CommunicationSent {
                communication,
                purpose: Purpose::Letter,
                channel: Channel::Email,
                on,
                recipients,
                message,
                answers: None,
                content,
                also: Vec::new(),
            }
            .into(),
        );
        n_communications += 1;
    }
    for campaign in 0..N_CAMPAIGNS {
        add(0, CampaignOpened { campaign: CampaignId(campaign) }.into());
    }
    // A day's work on one recipient after another: a reply, its document, what it means, and a slip put right.
    let mut n_documents = 0;
    let mut round = 0u32;
    while log.len() < n_events {
        let recipient = RecipientId(round % (N_CAMPAIGNS * N_BODIES));
        let asks = vec![AskId { recipient, item: ItemId((round / (N_CAMPAIGNS * N_BODIES) % u32::from(N_ITEMS)) as u16) }];
        let by = person(u64::from(round));
        let on = on.plus((round / 2_000) as i32 % 400);
        let mut add = |event: Event| log.push((by, event));
        let communication = CommunicationId(n_communications);
        let message = Some(MessageKey::of(&format!("<in-{round}@area.example>")));
        let content = Some(BlobHash::of(&round.to_le_bytes()));
        let (channel, recipients) = (Channel::Email, vec![recipient]);
        add(CommunicationReceived { communication, channel, on, recipients: recipients.clone(), held: vec![], message, answers: None, content }
            .into());
        add(SubmissionReceived { submission: SubmissionId(n_documents), communication, recipients }.into());
        let document = DocumentId(n_documents);
        let original = BlobHash::of(&[1, round.to_le_bytes()[0], round.to_le_bytes()[1], round.to_le_bytes()[2]]);
        let submission = SubmissionId(n_documents);
        add(DocumentReceived { document, submission, original, n_bytes: 40_000, kind: DocumentKind::Letter, language: Language::En }.into());
        add(DocumentScreened { document, findings: vec![] }.into());
        add(AskDescribed { asks: asks.clone(), status: AskStatus::Promised { until: on.plus(20) }, on, proof: None }.into());
        add(AskDescribed { asks: asks.clone(), status: AskStatus::PartProvided, on, proof: None }.into());
        add(AskDescribed { asks: asks.clone(), status: AskStatus::Provided, on, proof: None }.into());
        add(AskReopened { asks, reason: "The file was another area's".parse().unwrap() }.into());
        n_communications += 1;
        n_documents += 1;
        round += 1;
    }
    log.truncate(n_events);
    log
}

fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).map_or(f64::NAN, |kb| kb / 1024.0)
}

/// Writes events as lines: when, who, of what kind, what.
fn write_log(n_events: usize) {
    use std::io::Write;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let at = Moment::at_start_of("2020-10-13".parse().unwrap());
    for (number, (by, event)) in log(n_events).into_iter().enumerate() {
        let line = (at.plus_minutes(number as u32 / 10).to_string(), by.as_str(), event.kind(), event.body());
        writeln!(out, "{}", serde_json::to_string(&line).unwrap()).unwrap();
    }
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("log") {
        write_log(std::env::args().nth(2).and_then(|text| text.parse().ok()).unwrap());
        return;
    }
    let largest: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let today: Day = "2021-02-01".parse().unwrap();
    println!("events    json MB  read s  apply s  read+apply s  state MB  misfits  grid ms  figures ms  due ms");
    for n_events in [largest / 100, largest / 10, largest] {
        let at = Moment::at_start_of("2020-10-13".parse().unwrap());
        let stored: Vec<(PersonId, &'static str, String)> = log(n_events).into_iter().map(|(by, event)| (by, event.kind(), event.body())).collect();
        let n_bytes: usize = stored.iter().map(|(_, kind, body)| kind.len() + body.len()).sum();
        let reading = Instant::now();
        let n_read = stored.iter().filter(|(_, kind, body)| Event::read(kind, body).is_ok()).count();
        let read_s = reading.elapsed().as_secs_f64();
        assert_eq!(n_read, n_events);
        let before_mb = resident_mb();
        let both = Instant::now();
        let state = replay(stored.iter().enumerate().map(|(number, (by, kind, body))| Recorded {
            seq: number as u64 + 1,
            at: at.plus_minutes(number as u32 / 10),
            actor: *by,
            event: Event::read(kind, body).unwrap(),
        }));
        let both_s = both.elapsed().as_secs_f64();
        let state_mb = resident_mb() - before_mb;
        let timed = |work: &dyn Fn()| {
            let start = Instant::now();
            (0..20).for_each(|_| work());
            start.elapsed().as_secs_f64() * 1000.0 / 20.0
        };
        let grid_ms = timed(&|| {
            let json = serde_json::to_vec(&grid(&state, CampaignId(0), today, &Filter::default())).unwrap();
            assert!(json.len() > 1000);
        });
        let figures_ms = timed(&|| assert!(statistics(&state, CampaignId(0), today).is_some()));
        let due_ms = timed(&|| assert!(due(&state, None, &Throttle::default(), today).not_due.len() < 100_000));
        println!(
            "{n_events:<9} {:>7.1}  {read_s:>6.3}  {:>7.3}  {both_s:>12.3}  {state_mb:>8.1}  {:>7}  {grid_ms:>7.3}  {figures_ms:>10.3}  {due_ms:>6.2}",
            n_bytes as f64 / 1e6,
            both_s - read_s,
            state.n_misfits(),
        );
    }
}
