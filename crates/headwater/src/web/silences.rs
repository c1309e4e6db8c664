//! A body that does not answer: evidence to it first, time to reply, then the list; off it with the first answer.

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::decide::silences as decide;
use headwater_prevention::exchange::grid::correspondence;
use headwater_prevention::exchange::id::{BlobHash, RecipientId};
use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::non_response::{NonResponse, NoticeTerms};
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};

use super::access::Right;
use super::by_mail;
use super::doubt;
use super::form::{Problems, reason};
use super::layout::{self, radios, text};
use super::office::Known;
use super::post::{self, Parcel};
use super::recipient::standing_words;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::mail::outbox::{Errand, body_of, notice_subject};

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
                    @if known.state.unanswered_notice(id).is_some() {
                        p.warning { "A notice may be out: the mail server gave no answer about it. " a href=(doubt::ADDRESS) { "Find out whether it went" } "." }
                    } @else {
                        p { "The notice tells the body what we sent, when, and what came back, and gives it time to say that we are wrong. Nothing is listed before." }
                        div.buttons { a.button.other href=(at("notice")) { "Give notice before it is named" } }
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

/// A notice as it goes: why it is sent, what we can show, until when there is time to reply.
fn notice(visit: &Visit, known: &Known, id: RecipientId, reply_by: Day) -> String {
    format!(
        "We wrote to you, and by our records something that we asked for is late. Before we say in public that you have not answered, this is what we can show:\n\n{}\n\nIf any of it is wrong, or if you have answered, please tell us by {}. If we hear nothing until then, you may be named as not having answered. With your first answer your name comes off that list.\n\n{}",
        evidence(visit, known, id),
        reply_by.name(),
        visit.app.office_name()
    )
}

/// The last day to reply that was chosen, or the usual one.
fn chosen_day(visit: &Visit) -> Day {
    let sent = if visit.form.has("reply_by") { visit.form.text("reply_by") } else { visit.query.text("reply_by") };
    sent.parse().unwrap_or_else(|_| visit.today().plus(REPLY_DAYS))
}

/// The notice to a body, to be read before it is sent.
///
/// # Errors
/// There is no such recipient.
pub fn ask_notice(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let id = RecipientId(visit.part("recipient")?);
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let name = body_of(&known.state, id);
    let back = format!("/recipients/{}", id.0);
    let at = format!("{back}/notice");
    let reply_by = chosen_day(visit);
    let words = notice(visit, &known, id, reply_by);
    let overdue = decide::is_overdue(&known.state, recipient, visit.today());
    let may_be_told =
        matches!(recipient.non_response, NonResponse::None | NonResponse::Delisted { .. }) && known.state.unanswered_notice(id).is_none();
    let terms = NoticeTerms { evidence: BlobHash::of(words.as_bytes()), reply_by };
    let by_mail = by_mail::heading(visit, &known, Errand::Notice(id, terms), &notice_subject(&known.state, id));
    let read = html! {
        input type="hidden" name="reply_by" value=(reply_by);
        input type="hidden" name="text" value=(terms.evidence);
    };
    let main = html! {
        @if !overdue { p.warning { "Nothing is overdue: there is no reason for a notice." } }
        @else if !may_be_told { p.warning { "It has had a notice, or one may be out." } }
        form method="get" action=(at) { (layout::day(visit, "reply_by", "Time to reply until", "Ten days at least", Some(reply_by))) div.buttons { button.other { "Show the notice with this day" } } }
        h2 { "The notice" }
        article.letter { @for paragraph in words.split("\n\n") { p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } } } }
        @if overdue && may_be_told {
            @if let Some(to) = &by_mail {
                h2 { "By mail" }
                p { "It goes " (to) ", in the thread of the letter. The time to reply begins when the mail server has taken it." }
                (layout::order(visit, &format!("{at}/mail"), &format!("Send the notice to {name} by mail now"), &read))
            }
            h2 { (if by_mail.is_some() { "Or by hand" } else { "Send it" }) }
            p { "Send these words from your own mail or by post, then:" }
            (layout::order(visit, &at, "Log that the notice was sent", &html! {
                (read)
                (radios(visit, "notice_channel", "How it was sent", "", &[("email", "By e-mail", ""), ("post", "By post", "")], if by_mail.is_some() { "post" } else { "email" }))
            }))
        }
    };
    page(layout::page(visit, &format!("Notice to {name}"), &[("Campaigns", "/campaigns"), (&name, &back)], &main))
}

/// The words of a notice, kept, if they are those that were read.
fn as_it_was_read(visit: &Visit, id: RecipientId, reply_by: Day) -> Result<BlobHash, Refusal> {
    let words = {
        let known = visit.app.office.known();
        known.state.recipient(id).ok_or(Refusal::NotFound)?;
        notice(visit, &known, id, reply_by)
    };
    let hash = BlobHash::of(words.as_bytes());
    if visit.form.has("text") && visit.form.text("text") != hash.to_string() {
        return Err(Problems::one("", "What went and came has changed since you read the notice. Read it again below, as it is now").into());
    }
    visit.app.ws.blobs().put(&mut words.as_bytes())?;
    Ok(hash)
}

/// Hands a notice to the mail server, in the words that were read.
///
/// # Errors
/// Something came meanwhile, there are too few days to reply, or the server does not take it.
pub fn mail(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let mut problems = Problems::default();
    let Some(reply_by) = problems.day(&visit.form, "reply_by", "Enter the last day to reply") else { return Err(problems.into()) };
    let evidence = as_it_was_read(visit, id, reply_by)?;
    let to = format!("/recipients/{}", id.0);
    match post::hand_over(visit, Parcel::One(Errand::Notice(id, NoticeTerms { evidence, reply_by })))? {
        Some(done) => see(to, &done.said()?),
        None => see(to, "The notice is on its way to the mail server. Look again to see what became of it"),
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
    let evidence = as_it_was_read(visit, id, reply_by)?;
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
