//! A body that does not answer: evidence to it first, time to reply, then the list; off it with the first answer.

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::decide::silences as decide;
use headwater_prevention::exchange::grid::correspondence;
use headwater_prevention::exchange::id::{BlobHash, RecipientId};
use headwater_prevention::exchange::non_response::NonResponse;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::access::Right;
use super::form::{Problems, reason};
use super::layout::{self, radios, text};
use super::office::Known;
use super::recipient::standing_words;
use super::visit::{Answer, Refusal, Visit, see};

/// Days a body has to reply to its notice, unless somebody gives another day.
const REPLY_DAYS: i32 = 14;

/// The part of a recipient's page that deals with its silence.
pub fn part(visit: &Visit, known: &Known, id: RecipientId) -> Markup {
    let Some(recipient) = known.state.recipient(id) else { return html! {} };
    let overdue = decide::is_overdue(&known.state, recipient, visit.today());
    let at = |order: &str| format!("/recipients/{}/{order}", id.0);
    let reason = |name: &str, hint: &str| text(visit, name, "Why", hint, "");
    if recipient.non_response == NonResponse::None && !overdue {
        return html! {};
    }
    html! {
        h2 { "No answer" }
        @match &recipient.non_response {
            NonResponse::None | NonResponse::Delisted { .. } => {
                p { (if overdue { "Something is overdue." } else { "Nothing is overdue." }) @if let NonResponse::Delisted { on, .. } = recipient.non_response { " It was listed, and taken off on " (on.name()) "." } }
                @if overdue && visit.may(Right::Prepare) {
                    details { summary { "Give notice before it is named" }
                        p { "The notice tells the body what we sent, when, and what came back, and gives it time to say that we are wrong. Nothing is listed before." }
                        h3 { "The evidence" }
                        pre { (evidence(visit, known, id)) }
                        (layout::order(visit, &at("notice"), "Log that the notice was sent", &html! {
                            (radios(visit, "notice_channel", "How it was sent", "", &[("email", "By e-mail", ""), ("post", "By post", "")], "email"))
                            (layout::day(visit, "reply_by", "Time to reply until", "", Some(visit.today().plus(REPLY_DAYS))))
                        }))
                    }
                }
            }
            NonResponse::NoticeSent(notice) => {
                p { "It was given notice, and has until " (layout::when(notice.reply_by, visit.today())) " to reply." }
                @if visit.may(Right::Prepare) { (layout::order(visit, &at("contest"), "Log that it contests the notice", &reason("contested", "What it says; kept in the log"))) }
                @if visit.may(Right::Lead) && visit.today() > notice.reply_by { div.buttons { (layout::button(visit, &at("list"), "List it as not having answered", "warn")) } }
            }
            NonResponse::Contested { reason: said, .. } => {
                p { "It contests the notice: " (said) "." }
                @if visit.may(Right::Lead) {
                    (layout::order(visit, &at("settle"), "Settle it", &html! {
                        (radios(visit, "right", "Who is right?", "", &[("yes", "The body: the notice falls", ""), ("no", "We: the notice stands", "")], ""))
                        (reason("settled", "Kept in the log"))
                    }))
                }
            }
            NonResponse::Listed { on, .. } => {
                p { "It is listed as not having answered since " (on.name()) ". With its first answer it goes off the list by itself." }
                @if visit.may(Right::Lead) { (layout::order(visit, &at("delist"), "Take it off the list", &reason("delisted", "Kept in the log"))) }
            }
        }
    }
}

/// What we can show: every message, both ways, and how each ask stands.
fn evidence(visit: &Visit, known: &Known, id: RecipientId) -> String {
    let Some(recipient) = known.state.recipient(id) else { return String::new() };
    let Some(campaign) = known.state.campaign(recipient.campaign) else { return String::new() };
    let name = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let mut lines = vec![format!("{}: {name}, on {}", campaign.brief.title, visit.today().name()), String::new()];
    for (communication_id, direction, on) in correspondence(&known.state, id) {
        let Some(communication) = known.state.communication(communication_id) else { continue };
        let way = if direction == headwater_prevention::exchange::communication::Direction::Out { "we wrote" } else { "you wrote" };
        let arrived: Vec<String> =
            communication.deliveries.iter().filter(|(to, _)| *to == id).map(|(_, outcome)| format!("{outcome:?}").to_lowercase()).collect();
        lines.push(format!(
            "{}  {way}, {}{}",
            on.name(),
            super::replies::channel_words(communication.channel).to_lowercase(),
            if arrived.is_empty() { String::new() } else { format!(" ({})", arrived.join(", ")) }
        ));
    }
    lines.push(String::new());
    for (item, ask) in recipient.asks() {
        let title = campaign.items.get(item.index()).and_then(Option::as_ref).map_or("", |item| item.title.as_str());
        lines.push(format!("{title}: {}; {}", ask.status.words(), standing_words(ask.standing(&campaign.brief.clock, visit.today()))));
    }
    lines.join("\n")
}

/// Logs that a notice was sent, with the evidence as it stands.
///
/// # Errors
/// What is wrong with the form, or nothing is overdue.
pub fn notify(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let channel = problems.choice(&visit.form, "notice_channel", "Choose how it was sent", |text| match text {
        "email" => Some(Channel::Email),
        "post" => Some(Channel::Post),
        _ => None,
    });
    let reply_by = problems.day(&visit.form, "reply_by", "Enter the last day to reply");
    let (Some(channel), Some(reply_by)) = (channel, reply_by) else { return Err(problems.into()) };
    let text = {
        let known = visit.app.office.known();
        known.state.recipient(id).ok_or(Refusal::NotFound)?;
        evidence(visit, &known, id)
    };
    visit.app.ws.blobs().put(&mut text.as_bytes())?;
    let evidence = BlobHash::of(text.as_bytes());
    let today = visit.today();
    visit.act(&|state, order| decide::log_notice(state, order, id, channel, today, evidence, reply_by))?;
    see(format!("/recipients/{}", id.0), "The notice is logged")
}

/// Logs that the body contests its notice.
///
/// # Errors
/// No reason is given, or there is no notice.
pub fn contest(visit: &Visit) -> Answer {
    let (id, reason) = (RecipientId(visit.part("recipient")?), reason(&visit.form, "contested")?);
    visit.act(&|state, order| decide::contest(state, order, id, reason.clone()))?;
    see(format!("/recipients/{}", id.0), "Logged. A lead has to settle it before anything is listed")
}

/// Settles what a body contests.
///
/// # Errors
/// What is wrong with the form.
pub fn settle(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let right = problems.choice(&visit.form, "right", "Say who is right", |text| match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let reason: Option<Remark> = problems.needed(&visit.form, "settled", "Say why");
    let (Some(right), Some(reason)) = (right, reason) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::settle(state, order, id, right, reason.clone()))?;
    see(format!("/recipients/{}", id.0), "Settled")
}

/// Lists a body as not having answered.
///
/// # Errors
/// Its time to reply is not over, or it contests the notice.
pub fn list(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    visit.act(&|state, order| decide::list(state, order, id))?;
    see(format!("/recipients/{}", id.0), "It is listed")
}

/// Takes a body off the list.
///
/// # Errors
/// No reason is given, or it is not listed.
pub fn delist(visit: &Visit) -> Answer {
    let (id, reason) = (RecipientId(visit.part("recipient")?), reason(&visit.form, "delisted")?);
    visit.act(&|state, order| decide::delist(state, order, id, reason.clone()))?;
    see(format!("/recipients/{}", id.0), "It is off the list")
}
