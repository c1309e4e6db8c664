//! What a reminder says: greeting, what is owed and since when, where to answer, who writes.
//!
//! Each is made of words that a person may change before a second one reads them; it goes as it was read.

use super::ask::Ask;
use super::body::{Channel, ContactStatus};
use super::campaign::Recipient;
use super::clock::Clock;
use super::id::{AskId, BodyId, CampaignId, ContactId, RecipientId, RecommendationId};
use super::state::State;

/// The words before what is owed, unless somebody writes others.
pub const OPENING: &str = "We wrote to you and have not had everything we asked for. This is what is still open:";

/// The words after it, unless somebody writes others.
pub const CLOSING: &str = "If you have sent it already, please tell us on which day, so that we can look for it. If it needs more time, please tell us by when. If you do not hold it, an answer that says so is enough. Files can come with your reply, or through the link in our letter; if that was used, we make you another.";

/// The words before recommendations that wait for an answer, unless somebody writes others.
pub const OPENING_OF_DUTIES: &str = "Our report makes recommendations to you. The time to answer is over, and we have had no answer to:";

/// The words after them, unless somebody writes others.
pub const CLOSING_OF_DUTIES: &str = "Please tell us what you have done or will do, or why you do nothing: either is an answer. If you have answered already, please tell us on which day, so that we can look for it.";

/// Words that stand around what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderFrame<'a> {
    /// Who is greeted, after "Dear"; nobody is greeted by a body's name alone.
    pub salutation: Option<&'a str>,
    /// What stands before the list.
    pub opening: &'a str,
    /// What stands after it.
    pub closing: &'a str,
    /// Where an answer finds its way, if there is such an address.
    pub reply_to: Option<&'a str>,
    /// The office that writes.
    pub office: &'a str,
}

impl ReminderFrame<'_> {
    /// A list of what is owed within these words.
    fn around(&self, list: &str) -> String {
        let greeting = self.salutation.map(|name| format!("Dear {name},"));
        let reply = self.reply_to.map(|address| format!("Please reply to this message, or write to {address}."));
        let parts =
            [greeting, Some(self.opening.to_owned()), Some(list.to_owned()), Some(self.closing.to_owned()), reply, Some(self.office.to_owned())];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

/// The recipient of the newest letter that these asks belong to, one who is written to by e-mail first: whom a reminder goes to,
/// and whose reply address it names.
pub fn addressee(state: &State, recipients: impl IntoIterator<Item = RecipientId>) -> Option<RecipientId> {
    let by_mail = |recipient: &Recipient| recipient.contact.and_then(|id| state.contact(id)).is_some_and(|it| it.channel == Channel::Email);
    let known = recipients.into_iter().filter_map(|id| state.recipient(id).map(|recipient| (by_mail(recipient), recipient.letter_sent, id)));
    known.max().map(|(_, _, id)| id)
}

/// Whom a reminder of answers to recommendations goes to: the contact that was entered last and is still good.
pub fn addressee_of_duties(state: &State, body: BodyId) -> Option<ContactId> {
    let good = |id: &&ContactId| state.contact(**id).is_some_and(|contact| contact.status == ContactStatus::Good);
    state.body(body)?.contacts.iter().rev().find(good).copied()
}

/// Since when something is owed. It is said by its days alone: a reminder is read, approved and sent on different days.
fn since(ask: &Ask, clock: &Clock) -> String {
    let counted = ask.counted_from().map_or_else(String::new, |words| format!(" ({words})"));
    let due = ask.due(clock).map(|day| format!("due {}{counted}", day.name()));
    let promised = ask.promise.map(|promise| format!("promised for {}", promise.until.name()));
    let both: Vec<String> = due.into_iter().chain(promised).collect();
    if both.is_empty() { String::new() } else { format!(": {}", both.join(", ")) }
}

/// A reminder of what was asked: in which campaign, and when it was due.
///
/// ```
/// use headwater_prevention::exchange::reminder::{CLOSING, OPENING, ReminderFrame, of_asks};
/// let frame = ReminderFrame { salutation: Some("Chief Constable"), opening: OPENING, closing: CLOSING, reply_to: None, office: "Office" };
/// assert!(of_asks(&Default::default(), &[], &frame).starts_with("Dear Chief Constable,\n\nWe wrote to you"));
/// ```
pub fn of_asks(state: &State, asks: &[AskId], frame: &ReminderFrame<'_>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut last: Option<CampaignId> = None;
    for ask_id in asks {
        let Some(recipient) = state.recipient(ask_id.recipient) else { continue };
        let Some(campaign) = state.campaign(recipient.campaign) else { continue };
        if last != Some(recipient.campaign) {
            let sent = recipient.letter_sent.map_or_else(String::new, |day| format!(", our letter of {}", day.name()));
            lines.push(format!("{}{sent}", campaign.brief.title));
            last = Some(recipient.campaign);
        }
        let title = campaign.items.get(ask_id.item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
        lines.push(format!("- {title}{}", state.ask(*ask_id).map_or_else(String::new, |ask| since(ask, &campaign.brief.clock))));
    }
    frame.around(&lines.join("\n"))
}

/// A reminder of answers that a body owes to recommendations: of which report, and when each was due.
pub fn of_duties(state: &State, body: BodyId, recommendations: &[RecommendationId], frame: &ReminderFrame<'_>) -> String {
    let line = |id: &RecommendationId| {
        let it = state.recommendation(*id)?;
        let duty = state.duty(*id, body)?;
        let due = duty.clock.due(duty.started, &duty.pauses).map_or_else(String::new, |day| format!(": due {}", day.name()));
        Some(format!("- {}, recommendation {} ({}){due}", it.report, it.number, it.title))
    };
    frame.around(&recommendations.iter().filter_map(line).collect::<Vec<_>>().join("\n"))
}
