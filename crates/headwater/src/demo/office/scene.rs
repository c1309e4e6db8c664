//! What somebody does at one time, in the words of the office; and the whole as a list in the order of time.

use std::fmt::Display;

use headwater_prevention::exchange::id::{BodyId, CampaignId, DocumentId, RecipientId};
use headwater_prevention::exchange::moment::{Day, Moment};
use jiff::{SignedDuration, Timestamp};

use super::areas::DOMAIN;
use super::mail::Message;
use crate::problem::Problem;
use crate::store::Workspace;
use crate::web::access::Role;
use crate::web::rehearsal::{Rehearsal, Turn};
use crate::web::{documents, intake, publication, recipient, redact, replies};

/// The office with its people, on the day of making.
pub(super) struct Desk {
    rehearsal: Rehearsal,
    made: Timestamp,
    lead: String,
    analyst: String,
    approver: String,
}

/// One thing that happens.
type Deed = Box<dyn Fn(&Scene<'_>) -> Result<(), Problem>>;

/// All that happens, each with the days before the making and the hour.
#[derive(Default)]
pub(super) struct Story(Vec<(i32, i64, Deed)>);

/// The office at one time.
pub(super) struct Scene<'a> {
    desk: &'a Desk,
    at: Timestamp,
}

/// A number of days before the day of making, at a full hour of London's winter.
pub(super) fn time(made: Timestamp, days_before: i32, hour: i64) -> Result<Timestamp, Problem> {
    let midnight = made.as_second().div_euclid(86_400) * 86_400;
    let seconds = midnight - i64::from(days_before) * 86_400 + hour * 3_600;
    Timestamp::from_second(seconds).map_err(|error| Problem::while_doing("counting days back", error))
}

impl Desk {
    /// Opens the office and takes its four people on.
    pub(super) fn open(ws: Workspace, address: &str, made: Timestamp) -> Result<Self, Problem> {
        let rehearsal = Rehearsal::open(ws, address)?;
        let at = time(made, super::BEGAN, 9)? + SignedDuration::from_mins(5);
        let take_on = |name, email: &str, role| rehearsal.take_on(name, &format!("{email}@{DOMAIN}"), role, at);
        let lead = take_on("Marigold Inkwell", "marigold.inkwell", Role::Lead)?;
        let analyst = take_on("Barnaby Foolscap", "barnaby.foolscap", Role::Analyst)?;
        let approver = take_on("Ottoline Quire", "ottoline.quire", Role::Approver)?;
        take_on("Percival Blotter", "percival.blotter", Role::ReadOnly)?;
        Ok(Self { rehearsal, made, lead, analyst, approver })
    }
}

impl Story {
    /// Adds what happens a number of days before the making, at an hour.
    pub(super) fn on(&mut self, days_before: i32, hour: i64, deed: impl Fn(&Scene<'_>) -> Result<(), Problem> + 'static) {
        self.0.push((days_before, hour, Box::new(deed)));
    }

    /// Lets everything happen in the order of time; what is told for the same hour, in the order in which it was told.
    pub(super) fn play(mut self, desk: &Desk) -> Result<(), Problem> {
        self.0.sort_by_key(|(days_before, hour, _)| (-days_before, *hour));
        for (days_before, hour, deed) in &self.0 {
            let at = time(desk.made, *days_before, *hour)?;
            deed(&Scene { desk, at }).map_err(|problem| Problem::while_doing(format!("making the office, {days_before} days back"), problem))?;
        }
        Ok(())
    }
}

fn missing(what: impl Display) -> Problem {
    Problem::new(format!("the demo's office has no {what}"))
}

impl Scene<'_> {
    pub(super) fn rehearsal(&self) -> &Rehearsal {
        &self.desk.rehearsal
    }

    pub(super) fn lead(&self) -> Turn<'_> {
        self.desk.rehearsal.turn(&self.desk.lead, self.at)
    }

    pub(super) fn analyst(&self) -> Turn<'_> {
        self.desk.rehearsal.turn(&self.desk.analyst, self.at)
    }

    pub(super) fn approver(&self) -> Turn<'_> {
        self.desk.rehearsal.turn(&self.desk.approver, self.at)
    }

    /// The analyst and the lead, as coders of a round.
    pub(super) fn two_coders(&self) -> [&str; 2] {
        [&self.desk.analyst, &self.desk.lead]
    }

    pub(super) fn outside(&self) -> Turn<'_> {
        self.desk.rehearsal.turn_outside(self.at)
    }

    /// A day, so many after this one.
    pub(super) fn day(&self, after: i32) -> Day {
        Moment::from_microseconds(self.at.as_microsecond()).day_in_london().plus(after)
    }

    /// The same as a form takes it.
    pub(super) fn date(&self, after: i32) -> String {
        self.day(after).to_string()
    }

    /// The number of a body in a campaign.
    pub(super) fn recipient(&self, campaign: u32, body: u32) -> Result<u32, Problem> {
        let known = self.desk.rehearsal.known();
        let found = known.state.recipients_of(CampaignId(campaign)).find(|(_, it)| it.body == BodyId(body));
        found.map(|(id, _)| id.0).ok_or_else(|| missing(format!("body {body} in campaign {campaign}")))
    }

    /// The address of a body's own for replies.
    pub(super) fn reply_address(&self, campaign: u32, body: u32) -> Result<String, Problem> {
        let id = RecipientId(self.recipient(campaign, body)?);
        let known = self.desk.rehearsal.known();
        let token = known.state.recipient(id).map(|it| it.reply_token).ok_or_else(|| missing("reply address"))?;
        Ok(format!("replies+{}@{DOMAIN}", token.as_str()))
    }

    /// The Message-ID of our letter to a body.
    pub(super) fn letter_id(campaign: u32, body: u32) -> String {
        format!("letter-{campaign}-{body}@{DOMAIN}")
    }

    /// The newest document of a name.
    pub(super) fn document(&self, name: &str) -> Result<u32, Problem> {
        let n = self.desk.rehearsal.known().state.documents().len();
        for number in (0..u32::try_from(n).unwrap_or(0)).rev() {
            if replies::name_in(self.desk.rehearsal.workspace(), DocumentId(number))?.as_deref() == Some(name) {
                return Ok(number);
            }
        }
        Err(missing(format!("file {name}")))
    }

    /// The number of the message that came or went last.
    pub(super) fn last_message(&self) -> u32 {
        let n = self.desk.rehearsal.known().state.communications().len();
        u32::try_from(n).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// When it is, as the header of a message says it.
    pub(super) fn header_date(&self) -> String {
        self.at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
    }

    /// The analyst saves a message and drops it onto the page that takes messages in.
    pub(super) fn take_in(&self, bytes: &[u8]) -> Result<(), Problem> {
        self.analyst().order(intake::submit, &[], &[], &[("message.eml", bytes)])
    }

    /// A body answers our letter by mail, to its own address.
    pub(super) fn mail(
        &self,
        campaign: u32,
        body: u32,
        from: (&str, &str),
        subject: &str,
        text: &str,
        files: Vec<(&str, Vec<u8>)>,
    ) -> Result<(), Problem> {
        let message = Message {
            from,
            to: vec![self.reply_address(campaign, body)?],
            subject,
            id: &format!("{}.{}", self.at.as_second(), from.1),
            answers: Some(Self::letter_id(campaign, body)),
            date: self.header_date(),
            text,
            files,
        };
        self.take_in(&message.bytes())
    }

    /// The analyst says how some of a body's asks stand, with the last message as what shows it.
    pub(super) fn say(&self, campaign: u32, body: u32, items: &[u32], status: &str, more: &[(&str, &str)]) -> Result<(), Problem> {
        let (id, on) = (self.recipient(campaign, body)?, self.date(0));
        let items: Vec<String> = items.iter().map(u32::to_string).collect();
        let mut form: Vec<(&str, &str)> = items.iter().map(|item| ("item", item.as_str())).collect();
        form.extend([("status", status), ("since", on.as_str())]);
        form.extend_from_slice(more);
        self.analyst().order(recipient::describe, &[("recipient", &id)], &form, &[])
    }

    /// The analyst says what a document is, and which asks of which bodies it answers.
    pub(super) fn file(&self, campaign: u32, name: &str, what: (&str, &str, &str), answers: &[(u32, u32)]) -> Result<(), Problem> {
        let (document, (title, kind, language)) = (self.document(name)?, what);
        self.analyst().order(documents::describe, &[("document", &document)], &[("title", title), ("kind", kind), ("language", language)], &[])?;
        let asks: Vec<String> =
            answers.iter().map(|(body, item)| Ok(format!("{}-{item}", self.recipient(campaign, *body)?))).collect::<Result<_, Problem>>()?;
        let form: Vec<(&str, &str)> = asks.iter().map(|ask| ("ask", ask.as_str())).collect();
        self.analyst().order(documents::assign, &[("document", &document)], &form, &[])
    }

    /// The analyst records what the body allows of a document.
    pub(super) fn permit(&self, name: &str, permission: &str) -> Result<(), Problem> {
        self.analyst().order(publication::permit, &[("document", &self.document(name)?)], &[("permission", permission)], &[])
    }

    /// The analyst proposes a document for publication as it is.
    pub(super) fn propose(&self, name: &str) -> Result<(), Problem> {
        self.analyst().order(publication::propose, &[("document", &self.document(name)?)], &[], &[])
    }

    /// The analyst makes a document anew without some words, for a reason by its place in the list, and proposes what was made.
    pub(super) fn redact(&self, name: &str, words: &str, reason: &str) -> Result<(), Problem> {
        let form = [("words-0", words), ("reason-0", reason), ("language", "en"), ("do", "make")];
        self.analyst().order(redact::submit, &[("document", &self.document(name)?)], &form, &[])
    }

    /// The approver lets it go.
    pub(super) fn approve(&self, name: &str) -> Result<(), Problem> {
        self.approver().order(publication::approve, &[("document", &self.document(name)?)], &[], &[])
    }
}
