//! A desk at which orders are given and their events taken in, so that tests read as what people do.

use headwater_prevention::exchange::body::{BodyEntry, BodyKind, Channel, Language};
use headwater_prevention::exchange::campaign::{AskItem, Brief, DutyApplies, ItemKind, MergedLetter, PublishPolicy};
use headwater_prevention::exchange::clock::{Clock, PRESETS};
use headwater_prevention::exchange::communication::{HoldReason, Purpose};
use headwater_prevention::exchange::decide::campaigns::NewRecipient;
use headwater_prevention::exchange::decide::correspondence::{Incoming, Outgoing};
use headwater_prevention::exchange::decide::documents::NewDocument;
use headwater_prevention::exchange::decide::duties::NewRecommendation;
use headwater_prevention::exchange::decide::{self, Allowed, NotAllowed, Order};
use headwater_prevention::exchange::event::{Event, Recorded};
use headwater_prevention::exchange::id::{
    AskId, BlobHash, BodyId, CampaignId, CommunicationId, ContactId, ItemId, MessageKey, PersonId, RecipientId, RecommendationId,
};
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::state::State;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn person(text: &str) -> PersonId {
    text.parse().unwrap()
}

pub fn hash(text: &str) -> BlobHash {
    BlobHash::of(text.as_bytes())
}

pub fn ask(recipient: u32, item: u16) -> AskId {
    AskId { recipient: RecipientId(recipient), item: ItemId(item) }
}

/// A state with its log, and the time of day.
pub struct Desk {
    pub state: State,
    pub log: Vec<Recorded>,
    pub now: Moment,
}

impl Desk {
    pub fn new() -> Self {
        Self { state: State::default(), log: Vec::new(), now: Moment::at_start_of(day("2020-10-01")).plus_minutes(9 * 60) }
    }

    pub fn on(&mut self, text: &str) {
        self.now = Moment::at_start_of(day(text)).plus_minutes(9 * 60);
    }

    pub fn order(&self, by: &str) -> Order {
        Order { by: person(by), at: self.now, seen: self.state.seq() }
    }

    pub fn record(&mut self, by: &str, events: Vec<Event>) {
        for event in events {
            let recorded = Recorded { seq: self.state.seq() + 1, at: self.now, actor: person(by), event };
            self.log.push(recorded.clone());
            self.state.apply(recorded);
        }
        assert_eq!(self.state.misfits(), [], "what was decided fits");
    }

    /// Tries an order; what is allowed is recorded.
    pub fn try_it(&mut self, by: &str, decide: impl FnOnce(&State, &Order) -> Allowed) -> Result<(), NotAllowed> {
        let events = decide(&self.state, &self.order(by))?;
        self.record(by, events);
        Ok(())
    }

    /// Gives an order that is allowed.
    pub fn do_it(&mut self, by: &str, decide: impl FnOnce(&State, &Order) -> Allowed) {
        self.try_it(by, decide).unwrap();
    }

    /// Gives an order that is not allowed, for this reason.
    pub fn refused(&mut self, by: &str, says: &str, decide: impl FnOnce(&State, &Order) -> Allowed) {
        let refusal = self.try_it(by, decide).unwrap_err();
        assert!(refusal.to_string().contains(says), "\"{refusal}\" does not say \"{says}\"");
        assert!(!refusal.what.is_empty() && !refusal.mend.is_empty());
    }

    /// Bodies "Area 0" to "Area n-1" with a contact each.
    pub fn with_bodies(&mut self, n: u32) {
        for number in 0..n {
            let entry = BodyEntry {
                name: format!("Area {number}").parse().unwrap(),
                kind: BodyKind::LocalPolicingBody,
                area: None,
                register: None,
                aliases: vec![],
                domains: vec![format!("area{number}.example").parse().unwrap()],
                languages: vec![Language::En],
                duties: vec![],
            };
            self.do_it("lead", |state, order| decide::bodies::enter(state, order, entry));
            let (body, who) = (BodyId(number), person(&format!("contact-{number}")));
            self.do_it("lead", |state, order| {
                decide::bodies::enter_contact(state, order, body, who, "Chief executive".parse().unwrap(), Channel::Email, Language::En)
            });
        }
    }

    /// A campaign to the first `n` bodies with two items, drafted and merged but not submitted.
    pub fn with_draft(&mut self, n: u32, clock: Clock) -> CampaignId {
        let campaign = CampaignId(self.state.campaigns().len() as u32);
        let first = self.state.recipients().len() as u32;
        let brief = Brief {
            title: format!("Request {}", campaign.0).parse().unwrap(),
            purpose: "To learn how areas see the overlap".parse().unwrap(),
            legal_basis: "Modern Slavery Act 2015 s.41 and s.43".parse().unwrap(),
            plan_priority: "Focusing on prevention".parse().unwrap(),
            clock,
            languages: vec![Language::En],
            publish_policy: PublishPolicy::AsPermitted,
        };
        self.do_it("lead", |state, order| decide::campaigns::draft(state, order, brief, campaign.0.checked_sub(1).map(CampaignId)));
        for (title, kind) in [("Needs assessment", ItemKind::Document), ("Answer to publish", ItemKind::Statement)] {
            let entry =
                AskItem { title: title.parse().unwrap(), kind, required: true, definition: "As the letter says".parse().unwrap(), format: None };
            self.do_it("lead", |state, order| decide::campaigns::set_item(state, order, campaign, None, entry));
        }
        let new = |number: u32| NewRecipient {
            body: BodyId(number),
            contact: Some(ContactId(number)),
            duty_applies: DutyApplies::NotConfirmed,
            reply_token: format!("token-{}-{number}", campaign.0).parse().unwrap(),
        };
        self.do_it("lead", |state, order| decide::campaigns::add_recipients(state, order, campaign, (0..n).map(new).collect()));
        self.do_it("lead", |state, order| decide::campaigns::write_letter(state, order, campaign, Language::En, hash("template")));
        let merged = |number: u32| {
            let letter = MergedLetter { letter: hash(&format!("letter {campaign} {number}")), values: hash("values"), n_missing: 0 };
            (RecipientId(first + number), Language::En, letter)
        };
        self.do_it("lead", |state, order| decide::campaigns::merge_letters(state, order, campaign, (0..n).map(merged).collect()));
        campaign
    }

    /// Has a draft approved by "second" and begins to send it.
    pub fn approve(&mut self, campaign: CampaignId) {
        self.do_it("lead", |state, order| decide::campaigns::submit(state, order, campaign));
        let seal = self.state.seal_of_letters(campaign);
        self.do_it("second", |state, order| decide::campaigns::approve(state, order, campaign, seal));
        self.do_it("lead", |state, order| decide::campaigns::begin_sending(state, order, campaign, 30));
        self.now = self.now.plus_minutes(31);
    }

    /// A campaign that is open, its letters sent on `on`.
    pub fn with_open_campaign(&mut self, n: u32, clock: Clock, on: &str) -> CampaignId {
        let campaign = self.with_draft(n, clock);
        self.on(on);
        self.approve(campaign);
        for recipient in decide::campaigns::letters_to_send(&self.state, campaign, self.now) {
            self.send(Purpose::Letter, vec![recipient]);
        }
        campaign
    }

    pub fn send(&mut self, purpose: Purpose, recipients: Vec<RecipientId>) -> CommunicationId {
        let id = CommunicationId(self.state.communications().len() as u32);
        let sent = Outgoing {
            purpose,
            channel: Channel::Email,
            on: self.now.day_in_london(),
            recipients,
            message: Some(MessageKey::of(&format!("<out-{}@office.example>", id.0))),
            answers: None,
            content: Some(hash(&format!("out {}", id.0))),
        };
        self.do_it("lead", |state, order| decide::correspondence::log_sent(state, order, sent));
        id
    }

    /// The first recommendation, of 1 October 2020, which a body has to answer in fifty-six days.
    pub fn with_duty(&mut self, body: BodyId) -> RecommendationId {
        let new = NewRecommendation {
            report: "What areas see".parse().unwrap(),
            number: "1".parse().unwrap(),
            title: "Ask three questions".parse().unwrap(),
            text: hash("text"),
            published: day("2020-10-01"),
            plan_priority: "Prevention".parse().unwrap(),
        };
        self.do_it("lead", |state, order| decide::duties::enter(state, order, new));
        self.do_it("lead", |state, order| decide::duties::lay(state, order, RecommendationId(0), &[body], fifty_six_days(), None));
        RecommendationId(0)
    }

    pub fn receive(&mut self, recipients: Vec<RecipientId>, held: Vec<HoldReason>) -> CommunicationId {
        self.receive_with(recipients, held, vec![])
    }

    /// The same with files.
    pub fn receive_with(&mut self, recipients: Vec<RecipientId>, held: Vec<HoldReason>, files: Vec<NewDocument>) -> CommunicationId {
        let id = CommunicationId(self.state.communications().len() as u32);
        let received = Incoming {
            channel: Channel::Email,
            on: self.now.day_in_london(),
            recipients,
            held,
            message: Some(MessageKey::of(&format!("<in-{}@area.example>", id.0))),
            answers: None,
            content: Some(hash(&format!("in {}", id.0))),
        };
        self.do_it("lead", |state, order| decide::documents::log_received_with(state, order, received, files));
        id
    }
}

/// Fifty-six days after sending.
pub fn fifty_six_days() -> Clock {
    PRESETS[4].clock
}
