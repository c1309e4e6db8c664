//! One body in one campaign: what was asked, what came, what it means.

use std::collections::{BTreeMap, BTreeSet};

use headwater_prevention::exchange::ask::{Ask, AskStatus, Proof};
use headwater_prevention::exchange::body::{Channel, ContactStatus};
use headwater_prevention::exchange::clock::Length;
use headwater_prevention::exchange::communication::{DeliveryOutcome, Direction, Purpose};
use headwater_prevention::exchange::decide::asks as decide;
use headwater_prevention::exchange::decide::correspondence::{Outgoing, log_delivery};
use headwater_prevention::exchange::grid::{correspondence, last_round};
use headwater_prevention::exchange::id::{AskId, BodyId, CommunicationId, DocumentId, ItemId, RecipientId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};
use serde_json::json;

use super::access::Right;
use super::form::Problems;
use super::late_body;
use super::layout::{self, boxes, select, text};
use super::office::Known;
use super::recipients::contact_words;
use super::replies::{self, channel_words};
use super::visit::{Answer, Refusal, Visit, page, see};
use super::{intake, silences, upload, whom};

/// What can be said of an ask: id, words. `sent` is never said, it follows from a letter.
pub const STATUSES: [(&str, &str); 9] = [
    ("acknowledged", "Acknowledged: they say that they have the letter"),
    ("promised", "Promised for a day"),
    ("part", "Provided in part"),
    ("provided", "Provided"),
    ("not-held", "Not held: they say that there is none"),
    ("refused", "Refused"),
    ("transferred", "Transferred: another body has it"),
    ("clarification", "They ask what is meant: the clock stands still"),
    ("withdrawn", "Withdrawn by us"),
];

/// What can be said of something that we sent: id, words, what follows.
const OUTCOMES: [(&str, &str, &str); 2] = [
    ("arrived", "It arrived", "Where the time to answer starts with receipt, it starts on this day"),
    ("back", "It came back", "The clock stops, and the contact is marked until somebody mends it; then the letter can be sent again"),
];

/// One recipient.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    // Read while nobody is kept from writing.
    let names = replies::names(visit, |known| {
        let its: BTreeSet<CommunicationId> = correspondence(&known.state, id).map(|(communication, ..)| communication).collect();
        let submissions = known.state.submissions().iter().filter(|submission| its.contains(&submission.communication));
        submissions.flat_map(|submission| submission.documents.iter().copied()).collect()
    })?;
    let known = visit.app.office.known();
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).ok_or(Refusal::NotFound)?;
    let today = visit.today();
    let clock = campaign.brief.clock;
    let waits = recipient.asks().any(|(_, ask)| ask.is_waiting());
    let asks: Vec<(ItemId, &Ask)> = recipient.asks().collect();
    let earlier = last_round(&known.state, recipient.campaign);
    let campaign_page = format!("/campaigns/{}", recipient.campaign.0);
    let new_reply = known.state.new_replies().find(|(recipient, _)| *recipient == id).map(|(_, reply)| reply);
    let main = html! {
        (layout::next_move(&html! {
            @if recipient.removed { "nothing. This body was left out of the campaign." }
            @else if recipient.joining.is_some() && recipient.letter_sent.is_some() { "the letter came back, and another is made. " a href={ "/recipients/" (id.0) "/letter" } { "Make it, and have a second person approve it" } "." }
            @else if recipient.joining.is_some() { "it was put on a campaign that is open. " a href={ "/recipients/" (id.0) "/letter" } { "Make its letter, and have a second person approve it" } "." }
            @else if let Some(why) = &recipient.held_back { "the letter is held back: " (why) ". " a href={ (campaign_page) "/send" } { "Let it go, or leave the body out" } "." }
            @else if recipient.letter_came_back() {
                @if recipient.contact.and_then(|contact| known.state.contact(contact)).is_some_and(|contact| contact.status == ContactStatus::Good) {
                    "the letter came back; "
                    @if late_body::names_another(recipient) { a href={ "/recipients/" (id.0) "/letter" } { "make it anew for whom it goes to now" } ", or " }
                    a href={ (campaign_page) "/send" } { "send it again" @if late_body::names_another(recipient) { " as it is" } } "."
                } @else { "the letter came back; " a href={ "/bodies/" (recipient.body.0) } { "find somebody to write to" } ", then " @if visit.may(Right::Prepare) { a href={ "/recipients/" (id.0) "/contact" } { "choose them for this letter" } " and " } "send it again." }
            }
            @else if recipient.letter_sent.is_none() { "the letter is not out; " a href={ (campaign_page) "/send" } { "send it, hold it back or leave the body out" } "." }
            @else if asks.iter().any(|(_, ask)| ask.status == AskStatus::ClarificationAsked) { "we owe them an answer: they asked what is meant." }
            @else if let Some(reply) = new_reply { "something came, and nobody has said yet what it means. " a href={ "/messages/" (reply.0) } { "Read it" } "." }
            @else if waits { (body.entry.name) " has the next move." }
            @else { "nothing is waited for." }
        }))
        @if !recipient.takes_up.is_empty() {
            p.lede { "It is asked for what others passed on to it: " @for (place, from) in recipient.takes_up.iter().enumerate() { @if place > 0 { ", " } a href={ "/recipients/" (from.recipient.0) } { (known.state.recipient(from.recipient).and_then(|it| known.state.body(it.body)).map_or("", |body| body.entry.name.as_str())) } } "." }
        }
        (layout::facts(&[
            ("Campaign", html! { a href=(campaign_page) { (campaign.brief.title) } }),
            ("Written to", html! { (recipient.contact.map_or_else(|| "nobody yet".to_owned(), |contact| contact_words(&known, contact))) }),
            ("Letter", html! { (recipient.letter_sent.map_or_else(|| "not sent".to_owned(), |day| format!("sent {}", layout::when(day, today)))) }),
            ("Replies to", html! { (visit.app.reply_address(recipient.reply_token.as_str()).unwrap_or_else(|| "no address is set for the office".to_owned())) }),
            ("Last reminder", html! { (recipient.last_chased.map_or_else(|| "none".to_owned(), |day| layout::when(day, today))) }),
        ]))
        h2 { "What was asked" }
        // On a telephone each thing that was asked is a list; its roles say that it is a table all the same.
        div.scroll.read tabindex="0" role="region" aria-label="What was asked" {
            table.grid role="table" {
                thead role="rowgroup" { tr role="row" { @for title in ["Item", "State", "Time", "Documents"].into_iter().chain((!earlier.is_empty()).then_some("Last time")) { th scope="col" role="columnheader" { (title) } } } }
                tbody role="rowgroup" {
                    @for (item, ask) in &asks {
                        tr role="row" {
                            th.t scope="row" role="rowheader" { (campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str())) }
                            td.t role="cell" data-of="State" { (status_words(&known, &ask.status)) (passed(visit, &known, AskId { recipient: id, item: *item })) small { "since " (ask.since.day_in_london().name()) ", " (known.name(ask.by.as_str())) } }
                            td.t role="cell" data-of="Time" { span.late[ask.standing(&clock, today).is_overdue()] { (ask.standing(&clock, today).told()) } @if let Some(words) = ask.counted_from().filter(|_| ask.due(&clock).is_some()) { small { (words) } } @if let Some(promise) = &ask.promise { small { "promised for " (promise.until.name()) } } @if let Some(extension) = &ask.extended { small { "more time was given: " (extension.reason) } } }
                            td.t role="cell" data-of="Documents" { @for document in &ask.documents { a href={ "/documents/" (document.0) } { (document_title(&known, *document)) } " " } }
                            @if !earlier.is_empty() {
                                td.t role="cell" data-of="Last time" { @if let Some(before) = earlier.get(&AskId { recipient: id, item: *item }) { (last_time(&known, before.status)) @for document in before.documents { " " a href={ "/documents/" (document.0) } { (document_title(&known, *document)) } } } }
                            }
                        }
                    }
                }
            }
        }
        h2 { "What went and came" }
        (thread(&known, id, &names))
        p.download { a href={ "/recipients/" (id.0) "/file.zip" } { "Take the whole file of this request" } ": every message and document as it was, how each thing stands, the log, with hashes" }
        @if visit.may(Right::Prepare) && recipient.letter_sent.is_none() && !recipient.removed && campaign.stage.letters_may_leave() && campaign.brief.clock.length != Length::NoLimit {
            @let at = format!("/recipients/{}/extend", id.0);
            (layout::fold(visit, &at, "Give more time", &extend_form(visit, &known, id, &asks)))
        }
        @if visit.may(Right::Prepare) && recipient.letter_sent.is_some() {
            @let at = |order: &str| format!("/recipients/{}/{order}", id.0);
            (layout::fold(visit, &at("reply"), "Log a reply", &layout::order_with_files(visit, &at("reply"), "Log the reply", &replies::fields(visit, &whom::whom(visit, &known, &[id])))))
            @if asks.iter().any(|(_, ask)| ask.status == AskStatus::ClarificationAsked) {
                (layout::fold(visit, &at("clarify"), "Log our answer to their question", &clarify_form(visit, &known, id, &asks)))
            }
            (layout::fold(visit, &at("delivery"), "Say whether our letter arrived", &delivery_form(visit, &known, id)))
            (layout::fold(visit, &at("describe"), "Say how an ask stands", &describe_form(visit, &known, id, &asks)))
            @if campaign.brief.clock.length != Length::NoLimit && asks.iter().any(|(_, ask)| !ask.status.is_final()) {
                (layout::fold(visit, &at("extend"), "Give more time", &extend_form(visit, &known, id, &asks)))
            }
            (layout::fold(visit, &at("reopen"), "Open an ask again", &reopen_form(visit, &known, id, &asks)))
            div.buttons { (layout::button(visit, &format!("/recipients/{}/link", id.0), "Make a new upload link", "other")) }
        }
        (silences::part(visit, &known, id))
    };
    let name = body.entry.name.to_string();
    page(layout::page(visit, &name, &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &campaign_page)], &main))
}

/// A status with what belongs to it.
pub fn status_words(known: &Known, status: &AskStatus) -> String {
    status.told(|body| known.state.body(body).map_or_else(String::new, |body| body.entry.name.to_string()))
}

/// What became of an ask that was passed on: how it stands at the body that has it, or a way to ask that body.
fn passed(visit: &Visit, known: &Known, id: AskId) -> Markup {
    let Some(AskStatus::Transferred { to }) = known.state.ask(id).map(|ask| &ask.status) else { return html! {} };
    match known.state.taken_up(id) {
        Some(next) => html! { small { a href={ "/recipients/" (next.recipient.0) } { (passed_words(known, next)) } } },
        None if visit.may(Right::Prepare) => {
            html! { small { a href={ "/campaigns/new?from=" (id.recipient.0) "&to=" (to.0) } { "Ask that body for it" } } }
        }
        None => html! {},
    }
}

/// How an ask stands that follows one which was passed on.
pub fn passed_words(known: &Known, next: AskId) -> String {
    known.state.ask(next).map_or_else(String::new, |ask| format!("there: {}", status_words(known, &ask.status)))
}

/// How an ask of the last round ended: what was sent and never answered has no answer.
fn last_time(known: &Known, status: &AskStatus) -> String {
    match status {
        AskStatus::Sent | AskStatus::Delivered | AskStatus::Acknowledged => "no answer".to_owned(),
        other => status_words(known, other),
    }
}

/// What a document is called.
pub fn document_title(known: &Known, id: DocumentId) -> String {
    known.state.document(id).and_then(|document| document.title.as_ref()).map_or_else(|| format!("document {}", id.0 + 1), ToString::to_string)
}

fn thread(known: &Known, id: RecipientId, names: &BTreeMap<DocumentId, String>) -> Markup {
    let mut lines: Vec<(CommunicationId, Direction, Day)> = correspondence(&known.state, id).collect();
    lines.reverse();
    html! {
        @if lines.is_empty() { p { "Nothing yet." } }
        ol.tasks {
            @for (communication_id, direction, on) in &lines {
                @if let Some(communication) = known.state.communication(*communication_id) {
                    @let documents: Vec<DocumentId> = known.state.submissions().iter().filter(|submission| submission.communication == *communication_id).flat_map(|submission| submission.documents.clone()).collect();
                    li {
                        span {
                            a href={ "/messages/" (communication_id.0) } { @match direction { Direction::Out => "We wrote", Direction::In => "They wrote" } }
                            ", " (channel_words(communication.channel).to_lowercase())
                            @for document in &documents { span.hint { a href={ "/documents/" (document.0) } { (names.get(document).map_or("a file", String::as_str)) } } }
                        }
                        span.state.wait { (on.name()) }
                    }
                }
            }
        }
    }
}

fn ask_boxes(visit: &Visit, known: &Known, id: RecipientId, name: &str, asks: &[(ItemId, &Ask)]) -> Markup {
    let campaign = known.state.recipient(id).and_then(|recipient| known.state.campaign(recipient.campaign));
    let options: Vec<(String, String, bool)> = asks
        .iter()
        .map(|(item, ask)| {
            let title =
                campaign.and_then(|campaign| campaign.items.get(item.index())).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
            (item.0.to_string(), format!("{title} ({})", status_words(known, &ask.status)), false)
        })
        .collect();
    boxes(visit, name, "Which", "", &options)
}

fn describe_form(visit: &Visit, known: &Known, id: RecipientId, asks: &[(ItemId, &Ask)]) -> Markup {
    let statuses: Vec<(&str, &str, &str)> = STATUSES.iter().map(|(status, words)| (*status, *words, "")).collect();
    let bodies: Vec<(String, String)> = std::iter::once((String::new(), String::new()))
        .chain(known.state.bodies().iter().enumerate().map(|(number, body)| (number.to_string(), body.entry.name.to_string())))
        .collect();
    // What came is what shows how an ask stands; the newest first.
    let (came, went): (Vec<_>, Vec<_>) = correspondence(&known.state, id).partition(|(_, direction, _)| *direction == Direction::In);
    let words = |direction: Direction, channel: &str, on: Day| {
        let what = if direction == Direction::In { "what came" } else { "what we sent" };
        format!("{what} by {channel} on {}", on.name())
    };
    let proofs: Vec<(String, String)> = std::iter::once((String::new(), "nothing that is logged".to_owned()))
        .chain(came.into_iter().rev().chain(went.into_iter().rev()).filter_map(|(id, direction, on)| {
            let channel = channel_words(known.state.communication(id)?.channel).to_lowercase();
            Some((id.0.to_string(), words(direction, &channel, on)))
        }))
        .collect();
    let inside = html! {
        (ask_boxes(visit, known, id, "item", asks))
        (layout::radios(visit, "status", "How it stands", "", &statuses, ""))
        (layout::day(visit, "since", "Since which day", "", Some(visit.today())))
        (layout::day(visit, "until", "Promised for", "Only for a promise", None))
        (text(visit, "reason", "Reason", "Only for a refusal or a withdrawal; kept in the log and published with the state", ""))
        (select(visit, "to", "Transferred to", "Only if another body has it", &bodies, ""))
        (select(visit, "proof", "What shows it", "", &proofs, ""))
    };
    layout::order(visit, &format!("/recipients/{}/describe", id.0), "Say that it stands so", &inside)
}

/// Asks whose clock stands still because the body wants to know what is meant.
fn clarify_form(visit: &Visit, known: &Known, id: RecipientId, asks: &[(ItemId, &Ask)]) -> Markup {
    let open: Vec<(ItemId, &Ask)> = asks.iter().filter(|(_, ask)| ask.status == AskStatus::ClarificationAsked).copied().collect();
    let channels: Vec<(&str, &str, &str)> =
        replies::CHANNELS.iter().filter(|(channel, ..)| *channel != Channel::Upload).map(|(_, id, words)| (*id, *words, "")).collect();
    let inside = html! {
        (ask_boxes(visit, known, id, "cleared", &open))
        (layout::radios(visit, "by", "How we answered", "", &channels, "email"))
        (layout::day(visit, "answered", "On which day", "The clock runs again from then", Some(visit.today())))
        (layout::area(visit, "answer", "What we said", "Names and addresses of people do not belong here", ""))
    };
    layout::order(visit, &format!("/recipients/{}/clarify", id.0), "Log our answer", &inside)
}

/// Letters, reminders and other messages of ours that went to a recipient, the newest first.
fn sent_to(known: &Known, id: RecipientId) -> Vec<(String, String)> {
    let out = correspondence(&known.state, id).filter(|(_, direction, _)| *direction == Direction::Out);
    let words = |communication: CommunicationId| match known.state.communication(communication).and_then(|it| it.purpose) {
        Some(Purpose::Letter) => "the letter",
        Some(Purpose::Chaser) => "the reminder",
        _ => "the message",
    };
    let mut sent: Vec<_> =
        out.map(|(communication, _, on)| (communication.0.to_string(), format!("{} of {}", words(communication), on.name()))).collect();
    sent.reverse();
    sent
}

fn delivery_form(visit: &Visit, known: &Known, id: RecipientId) -> Markup {
    let sent = sent_to(known, id);
    let letter = known.state.communications().iter().enumerate().rfind(|(_, it)| it.purpose == Some(Purpose::Letter) && it.recipients.contains(&id));
    let inside = html! {
        (select(visit, "sent", "What we sent", "", &sent, &letter.map_or_else(String::new, |(number, _)| number.to_string())))
        (layout::radios(visit, "outcome", "What became of it", "", &OUTCOMES.map(|(outcome, words, about)| (outcome, words, about)), ""))
        (layout::day(visit, "delivered", "On which day", "", Some(visit.today())))
    };
    layout::order(visit, &format!("/recipients/{}/delivery", id.0), "Say what became of it", &inside)
}

/// Says that something of ours arrived or came back.
///
/// # Errors
/// What is wrong with the form, or it went to somebody else.
pub fn delivery(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let (form, mut problems) = (&visit.form, Problems::default());
    let sent = problems.choice(form, "sent", "Choose what we sent", |text| text.parse().ok().map(CommunicationId));
    let outcome = problems.choice(form, "outcome", "Choose what became of it", |text| match text {
        "arrived" => Some(DeliveryOutcome::Delivered),
        "back" => Some(DeliveryOutcome::Bounced),
        _ => None,
    });
    let on = problems.day(form, "delivered", "Enter the day");
    let (Some(sent), Some(outcome), Some(on)) = (sent, outcome, on) else { return Err(problems.into()) };
    visit.act(&|state, order| log_delivery(state, order, sent, id, outcome, None, on))?;
    see(format!("/recipients/{}", id.0), "Saved")
}

fn reopen_form(visit: &Visit, known: &Known, id: RecipientId, asks: &[(ItemId, &Ask)]) -> Markup {
    let inside = html! { (ask_boxes(visit, known, id, "again", asks)) (text(visit, "why", "Why", "Kept in the log", "")) };
    layout::order(visit, &format!("/recipients/{}/reopen", id.0), "Open again", &inside)
}

fn extend_form(visit: &Visit, known: &Known, id: RecipientId, asks: &[(ItemId, &Ask)]) -> Markup {
    let open: Vec<(ItemId, &Ask)> = asks.iter().filter(|(_, ask)| !ask.status.is_final()).copied().collect();
    let inside = html! {
        (ask_boxes(visit, known, id, "extend", &open))
        (layout::day(visit, "extend_until", "The last day to answer now", "", None))
        (text(visit, "extend_why", "Why", "Kept in the log. Tell the body: the program writes to nobody by itself", ""))
    };
    layout::order(visit, &format!("/recipients/{}/extend", id.0), "Give more time", &inside)
}

/// Gives more time for some asks.
///
/// # Errors
/// None was ticked, the day is over, or no reason is given.
pub fn extend(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let asks = chosen(visit, id, "extend");
    if asks.is_empty() {
        problems.add("extend", "Tick at least one thing that was asked");
    }
    let until = problems.day(&visit.form, "extend_until", "Enter the last day to answer now");
    let reason: Option<Remark> = problems.needed(&visit.form, "extend_why", "Say why");
    let (Some(until), Some(reason), true) = (until, reason, problems.is_empty()) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::extend(state, order, asks.clone(), until, reason.clone()))?;
    see(format!("/recipients/{}", id.0), "More time is given")
}

fn chosen(visit: &Visit, id: RecipientId, field: &str) -> Vec<AskId> {
    visit.form.all(field).filter_map(|item| item.parse().ok()).map(|item| AskId { recipient: id, item: ItemId(item) }).collect()
}

/// Says how asks stand.
///
/// # Errors
/// What is wrong with the form, or the step is not allowed.
pub fn describe(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let (form, mut problems) = (&visit.form, Problems::default());
    let asks = chosen(visit, id, "item");
    if asks.is_empty() {
        problems.add("item", "Tick at least one thing that was asked");
    }
    let on = problems.day(form, "since", "Enter the day");
    let status = match form.text("status") {
        "acknowledged" => Some(AskStatus::Acknowledged),
        "part" => Some(AskStatus::PartProvided),
        "provided" => Some(AskStatus::Provided),
        "not-held" => Some(AskStatus::NotHeld),
        "clarification" => Some(AskStatus::ClarificationAsked),
        "promised" => problems.day(form, "until", "Enter the day it is promised for").map(|until| AskStatus::Promised { until }),
        "refused" => problems.needed::<Remark>(form, "reason", "Give their reason").map(|reason| AskStatus::Refused { reason }),
        "withdrawn" => problems.needed::<Remark>(form, "reason", "Give our reason").map(|reason| AskStatus::Withdrawn { reason }),
        "transferred" => {
            problems.choice(form, "to", "Choose the body that has it", |text| text.parse().ok().map(BodyId)).map(|to| AskStatus::Transferred { to })
        }
        _ => {
            problems.add("status", "Choose how it stands");
            None
        }
    };
    let proof = form.text("proof").parse().ok().map(|number| Proof::Communication(CommunicationId(number)));
    let (Some(on), Some(status), true) = (on, status, problems.is_empty()) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::describe(state, order, asks.clone(), status.clone(), on, proof))?;
    see(format!("/recipients/{}", id.0), "Saved")
}

/// Logs what we answered when a body asked what is meant: the clock runs again.
///
/// # Errors
/// What is wrong with the form, or nothing was asked.
pub fn clarify(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let (form, mut problems) = (&visit.form, Problems::default());
    let asks = chosen(visit, id, "cleared");
    if asks.is_empty() {
        problems.add("cleared", "Tick at least one thing that was asked");
    }
    let channel =
        problems.choice(form, "by", "Choose how we answered", |text| replies::CHANNELS.iter().find(|(_, one, _)| *one == text).map(|(it, ..)| *it));
    let on = problems.day(form, "answered", "Enter the day");
    let words = form.text("answer");
    if words.is_empty() {
        problems.add("answer", "Write what we said");
    }
    let (Some(channel), Some(on), true) = (channel, on, problems.is_empty()) else { return Err(problems.into()) };
    let content = Some(replies::keep(visit, words.as_bytes())?);
    let sent = Outgoing { purpose: Purpose::Clarification, channel, on, recipients: vec![id], message: None, answers: None, content };
    visit.act(&|state, order| decide::answer_question(state, order, asks.clone(), sent.clone()))?;
    see(format!("/recipients/{}", id.0), "Our answer is logged, and the clock runs")
}

/// Opens asks again.
///
/// # Errors
/// None was ticked, or no reason is given.
pub fn reopen(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let asks = chosen(visit, id, "again");
    if asks.is_empty() {
        problems.add("again", "Tick at least one thing that was asked");
    }
    let reason: Option<Remark> = problems.needed(&visit.form, "why", "Say why");
    let (Some(reason), true) = (reason, problems.is_empty()) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::reopen(state, order, asks.clone(), reason.clone()))?;
    see(format!("/recipients/{}", id.0), "Opened again")
}

/// Logs a reply.
///
/// # Errors
/// What is wrong with the form.
pub fn reply(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let came = replies::read(visit)?;
    intake::take_in(visit, visit.person()?, &came, &visit.files)?;
    see(format!("/recipients/{}", id.0), "The reply is logged. Now say how each ask stands")
}

/// Makes a new upload link and shows it once.
///
/// # Errors
/// There is no such recipient.
pub fn link(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let name = {
        let known = visit.app.office.known();
        let body = known.state.recipient(id).and_then(|it| known.state.body(it.body)).ok_or(Refusal::NotFound)?;
        body.entry.name.to_string()
    };
    let link = upload::new_link(visit, id)?;
    visit.log("audit.upload_link_made", json!({"recipient": id.0}))?;
    let main = html! {
        p.lede { "Send this link to " (name) ":" }
        p.secret { (link) }
        p { "It works once and is shown only now; the one before it no longer works." }
        p { a href={ "/recipients/" (id.0) } { "Back to " (name) } }
    };
    page(layout::page(visit, "The upload link is ready", &[("Campaigns", "/campaigns")], &main))
}
