//! Who a campaign asks, and whom it writes to there.

use headwater_prevention::exchange::body::{Body, ContactStatus, DutyFlag};
use headwater_prevention::exchange::campaign::{DutyApplies, Stage};
use headwater_prevention::exchange::decide::campaigns::{self as decide, NewRecipient};
use headwater_prevention::exchange::decide::joining;
use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{BodyId, CampaignId, ContactId, ItemId, RecipientId, ReplyToken};
use headwater_prevention::exchange::words::Remark;
use maud::html;

use super::access::Right;
use super::account;
use super::bodies::kind_words;
use super::campaigns;
use super::form::Problems;
use super::layout::{self, boxes, radios, select};
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
    let is_open = matches!(campaign.stage, Stage::Open | Stage::Paused) && visit.may(Right::Prepare);
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
                    thead { tr { th.t scope="col" { "Body" } th.t scope="col" { "Written to" } th.t scope="col" { "Duty to co-operate" } th.t scope="col" { "Asked for" } @if is_draft || is_open { th.t scope="col" { "Change" } } } }
                    tbody {
                        @for (recipient_id, recipient) in &there {
                            @let name = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
                            tr {
                                th.t scope="row" { a href={ "/recipients/" (recipient_id.0) } { (name) } }
                                td.t { (recipient.contact.map_or_else(|| "nobody yet".to_owned(), |contact| contact_words(&known, contact))) }
                                td.t { (duty_words(recipient.duty_applies)) }
                                td.t { (recipient.asks().count()) " of " (layout::counted(campaign.items.iter().flatten().count(), "item", "items")) }
                                @if is_open && recipient.joining.is_none() { td.t { @if recipient.letter_came_back() { div.acts { a href={ "/recipients/" (recipient_id.0) "/contact" } { "Contact" span.unseen { " of " (name) } } } } } }
                                @else if is_draft || is_open {
                                    td.t { div.acts {
                                        @if is_open { a href={ "/recipients/" (recipient_id.0) "/letter" } { "Its letter" span.unseen { ", of " (name) } } }
                                        a href={ "/recipients/" (recipient_id.0) "/contact" } { "Contact" span.unseen { " of " (name) } }
                                        @if recipient.letter_sent.is_none() {
                                            a href={ "/recipients/" (recipient_id.0) "/terms" } { "Duty and items" span.unseen { " of " (name) } }
                                            (layout::button(visit, &format!("/recipients/{}/remove", recipient_id.0), &format!("Take off {name}"), "link"))
                                        }
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
        @if is_open {
            h2 { "Add a body that was forgotten" }
            p { "Its letter is made and approved by itself, by a second person; the others stay as they were approved." }
            @if free.is_empty() { p { "Every body that is known is on the campaign. " a href="/bodies" { "Enter more bodies" } "." } }
            @else {
                @let bodies: Vec<(String, String)> = std::iter::once((String::new(), String::new())).chain(free.iter().map(|(id, words, _)| (id.clone(), words.clone()))).collect();
                (layout::order(visit, &format!("{back}/join"), "Add this body", &select(visit, "joins", "Body", "It is written to through its first good contact; you can change that afterwards", &bodies, "")))
            }
        }
        p { a href=(back) { @if is_draft { "Back to the tasks" } @else { "Back to the campaign" } } }
    };
    page(layout::page(visit, "Who is asked", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

/// A contact in words.
pub fn contact_words(known: &Known, id: ContactId) -> String {
    known.state.contact(id).map_or_else(String::new, |contact| format!("{}, {}", known.name(contact.person.as_str()), contact.role))
}

/// Whether a body must answer, in words.
pub fn duty_words(applies: DutyApplies) -> &'static str {
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

/// Puts a body on a campaign that is open.
///
/// # Errors
/// None was chosen, it is on the campaign already, or the campaign is not open.
pub fn join(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let mut problems = Problems::default();
    let body = problems.choice(&visit.form, "joins", "Choose a body", |text| text.parse().ok().map(BodyId));
    let Some(body) = body else { return Err(problems.into()) };
    let Some(new) = new_of(visit, &[body])?.pop() else { return Err(Refusal::NotFound) };
    let written = visit.act_now(&|state, order| joining::join(state, order, id, new.clone()))?;
    let given = written.iter().find_map(|event| if let Event::RecipientAdded(it) = event { Some(it.recipient.0) } else { None });
    see(
        given.map_or_else(|| format!("/campaigns/{}/recipients", id.0), |recipient| format!("/recipients/{recipient}/letter")),
        "The body is added. Now make its letter",
    )
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

/// Whether a duty applies: id, words, what it means.
const DUTIES: [(DutyApplies, &str, &str, &str); 3] = [
    (DutyApplies::Applies, "applies", "A duty to co-operate applies", "As the law it rests on says, so far as reasonably practicable"),
    (DutyApplies::ByCourtesy, "courtesy", "Asked by courtesy", "No duty applies; the body may answer or not"),
    (DutyApplies::NotConfirmed, "open", "Not confirmed", "Nobody has looked it up"),
];

/// The form that says whether a body must answer, and what it is asked for.
///
/// # Errors
/// There is no such recipient.
pub fn ask_terms(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let id = RecipientId(visit.part("recipient")?);
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).ok_or(Refusal::NotFound)?;
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    let items: Vec<(String, String, bool)> = campaign
        .items
        .iter()
        .enumerate()
        .filter_map(|(place, item)| {
            let is_asked = recipient.asks.get(place).is_some_and(Option::is_some);
            Some((place.to_string(), item.as_ref()?.title.to_string(), is_asked))
        })
        .collect();
    let duty = DUTIES.iter().find(|(one, ..)| *one == recipient.duty_applies).map_or("", |(_, id, ..)| id);
    let inside = html! {
        (radios(visit, "duty", "Duty to co-operate", "", &DUTIES.map(|(_, id, words, about)| (id, words, about)), duty))
        (boxes(visit, "item", "What it is asked for", "Untick what this body cannot have", &items))
    };
    let back = format!("/campaigns/{}/recipients", recipient.campaign.0);
    let main = html! {
        @if campaign.stage == Stage::Draft || (recipient.joining.is_some() && recipient.letter_sent.is_none()) { (layout::order(visit, &visit.path, "Save", &inside)) }
        @else { p { "It can no longer be changed: the campaign is " (campaign.stage.words()) "." } }
    };
    page(layout::page(
        visit,
        &format!("What {} is asked", body.entry.name),
        &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)],
        &main,
    ))
}

/// Says whether a body must answer, and what it is asked for.
///
/// # Errors
/// Nothing is ticked, nothing was changed, or the campaign is no draft.
pub fn set_terms(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let duty = problems
        .choice(&visit.form, "duty", "Choose whether a duty applies", |text| DUTIES.iter().find(|(_, id, ..)| *id == text).map(|(duty, ..)| *duty));
    let items: Vec<ItemId> = visit.form.all("item").filter_map(|item| item.parse().ok()).map(ItemId).collect();
    if items.is_empty() {
        problems.add("item", "Tick at least one thing, or take the body off the campaign");
    }
    let (Some(duty), false) = (duty, items.is_empty()) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::set_terms(state, order, id, duty, &items))?;
    let campaign = visit.app.office.known().state.recipient(id).map_or(0, |it| it.campaign.0);
    see(format!("/campaigns/{campaign}/recipients"), "Saved")
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
    let known = visit.app.office.known();
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    // What is to be done next stands there: the letter of one that came back names whoever it was made for.
    let next =
        if recipient.letter_sent.is_some() { format!("/recipients/{}", id.0) } else { format!("/campaigns/{}/recipients", recipient.campaign.0) };
    see(next, "The contact is chosen")
}
