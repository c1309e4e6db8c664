//! Who a campaign asks, and whom it writes to there.

use headwater_prevention::exchange::body::{Body, ContactStatus, DutyFlag};
use headwater_prevention::exchange::campaign::{DutyApplies, Stage};
use headwater_prevention::exchange::decide::campaigns::{self as decide, NewRecipient};
use headwater_prevention::exchange::id::{BodyId, CampaignId, ContactId, RecipientId, ReplyToken};
use headwater_prevention::exchange::words::Remark;
use maud::html;

use super::access::Right;
use super::account;
use super::bodies::kind_words;
use super::campaigns;
use super::form::Problems;
use super::layout::{self, boxes, select};
use super::office::Known;
use super::visit::{Answer, Refusal, Visit, page, see};

/// The recipients of a campaign.
///
/// # Errors
/// There is no such campaign.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let is_draft = campaign.stage == Stage::Draft && visit.may(Right::Prepare);
    let back = format!("/campaigns/{}", id.0);
    let there: Vec<_> = known.state.recipients_of(id).collect();
    let free: Vec<(String, String, bool)> = known
        .state
        .bodies()
        .iter()
        .enumerate()
        .filter(|(number, body)| body.successor.is_none() && !there.iter().any(|(_, recipient)| recipient.body.index() == *number))
        .map(|(number, body)| (number.to_string(), format!("{} ({})", body.entry.name, kind_words(body.entry.kind).to_lowercase()), false))
        .collect();
    let main = html! {
        @if there.is_empty() { p { "Nobody yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Recipients" {
                table {
                    caption { (layout::counted(there.len(), "recipient", "recipients")) }
                    thead { tr { th.t scope="col" { "Body" } th.t scope="col" { "Written to" } th.t scope="col" { "Duty to co-operate" } @if is_draft { th.t scope="col" { "Change" } } } }
                    tbody {
                        @for (recipient_id, recipient) in &there {
                            @let name = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
                            tr {
                                th.t scope="row" { a href={ "/recipients/" (recipient_id.0) } { (name) } }
                                td.t { (recipient.contact.map_or_else(|| "nobody yet".to_owned(), |contact| contact_words(&known, contact))) }
                                td.t { (duty_words(recipient.duty_applies)) }
                                @if is_draft {
                                    td.t { div.acts {
                                        a href={ "/recipients/" (recipient_id.0) "/contact" } { "Contact" span.unseen { " of " (name) } }
                                        (layout::button(visit, &format!("/recipients/{}/remove", recipient_id.0), &format!("Take off {name}"), "link"))
                                    } }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if is_draft {
            h2 { "Add bodies" }
            @if free.is_empty() { p { "Every body that is known is on the campaign. " a href="/bodies" { "Enter more bodies" } "." } }
            @else { (layout::order(visit, &format!("{back}/recipients"), "Add those that are ticked", &boxes(visit, "body", "Bodies", "Each is written to through its first good contact; you can change that afterwards", &free))) }
        }
        p { a href=(back) { "Back to the tasks" } }
    };
    page(layout::page(visit, "Who is asked", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

/// A contact in words.
pub fn contact_words(known: &Known, id: ContactId) -> String {
    known.state.contact(id).map_or_else(String::new, |contact| format!("{}, {}", known.name(contact.person.as_str()), contact.role))
}

fn duty_words(applies: DutyApplies) -> &'static str {
    match applies {
        DutyApplies::Applies => "applies",
        DutyApplies::ByCourtesy => "asked by courtesy",
        DutyApplies::NotConfirmed => "not confirmed",
    }
}

/// The contact that a body is written to through, if nobody says otherwise.
fn first_good(known: &Known, body: &Body) -> Option<ContactId> {
    body.contacts.iter().copied().find(|id| known.state.contact(*id).is_some_and(|contact| contact.status == ContactStatus::Good))
}

/// Puts the ticked bodies on a campaign.
///
/// # Errors
/// None was ticked, or the campaign is no draft.
pub fn add(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let bodies: Vec<BodyId> = visit.form.all("body").filter_map(|number| number.parse().ok()).map(BodyId).collect();
    if bodies.is_empty() {
        return Err(Problems::one("body", "Tick at least one body").into());
    }
    let new = new_of(visit, &bodies)?;
    visit.act_now(&|state, order| decide::add_recipients(state, order, id, new.clone()))?;
    see(format!("/campaigns/{}/recipients", id.0), &format!("{} added", layout::counted(bodies.len(), "body", "bodies")))
}

/// Bodies as recipients to be, each with a reply address of its own.
///
/// # Errors
/// The system gives no chance.
pub fn new_of(visit: &Visit, bodies: &[BodyId]) -> Result<Vec<NewRecipient>, Refusal> {
    let tokens: Vec<String> = bodies.iter().map(|_| account::token(8)).collect::<Result<_, _>>()?;
    let tokens: Vec<ReplyToken> = tokens.iter().filter_map(|token| token.parse().ok()).collect();
    let known = visit.app.office.known();
    let one = |(body, reply_token): (&BodyId, ReplyToken)| {
        let entry = known.state.body(*body);
        let duty_applies =
            if entry.is_some_and(|body| body.entry.duties.contains(&DutyFlag::Msa43)) { DutyApplies::Applies } else { DutyApplies::NotConfirmed };
        NewRecipient { body: *body, contact: entry.and_then(|body| first_good(&known, body)), duty_applies, reply_token }
    };
    Ok(bodies.iter().zip(tokens).map(one).collect())
}

/// Takes a recipient off a draft.
///
/// # Errors
/// There is none, or the campaign is no draft.
pub fn remove(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let campaign = visit.app.office.known().state.recipient(id).map(|it| it.campaign).ok_or(Refusal::NotFound)?;
    let reason: Remark = "taken off while the campaign was prepared".parse().map_err(|error: String| Problems::one("", error))?;
    visit.act(&|state, order| decide::remove_recipient(state, order, id, reason.clone()))?;
    see(format!("/campaigns/{}/recipients", campaign.0), "The body is taken off")
}

/// The form that chooses whom to write to.
///
/// # Errors
/// There is no such recipient.
pub fn ask_contact(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let id = RecipientId(visit.part("recipient")?);
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).ok_or(Refusal::NotFound)?;
    let options: Vec<(String, String)> = body
        .contacts
        .iter()
        .filter(|id| known.state.contact(**id).is_some_and(|contact| contact.status == ContactStatus::Good))
        .map(|id| (id.0.to_string(), contact_words(&known, *id)))
        .collect();
    let main = html! {
        @if options.is_empty() { p { "There is no good contact at " (body.entry.name) "." } p { a href={ "/bodies/" (recipient.body.0) "/contact" } { "Enter a contact" } } }
        @else { (layout::order(visit, &visit.path, "Write to this contact", &select(visit, "contact", "Contact", "", &options, &recipient.contact.map(|id| id.0.to_string()).unwrap_or_default()))) }
    };
    let back = format!("/recipients/{}", id.0);
    page(layout::page(visit, "Whom to write to", &[("Campaigns", "/campaigns"), (body.entry.name.as_str(), &back)], &main))
}

/// Chooses whom to write to.
///
/// # Errors
/// The contact is not at the body, or somebody else changed it meanwhile.
pub fn choose_contact(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let contact = problems.choice(&visit.form, "contact", "Choose a contact", |text| text.parse().ok().map(ContactId));
    let Some(contact) = contact else { return Err(problems.into()) };
    visit.act(&|state, order| decide::change_contact(state, order, id, contact))?;
    let campaign = visit.app.office.known().state.recipient(id).map_or(0, |it| it.campaign.0);
    see(format!("/campaigns/{campaign}/recipients"), "The contact is chosen")
}
