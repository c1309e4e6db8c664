//! A body that does not answer: evidence to it first, time to reply, then the list; off it with the first answer.

use std::io::Read;

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::decide::{NotAllowed, silences as decide};
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
use super::reminders::envelope;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::mail::outbox::{Errand, body_of, notice_subject};
use crate::problem::Problem;

/// Days a body has to reply to its notice, unless somebody gives another day.
const REPLY_DAYS: i32 = 14;

/// The most bytes of a notice that a page shows.
const MOST_BYTES: u64 = 1_000_000;

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
                p { (if overdue { "Something is overdue." } else { "Nothing is overdue." }) @if overdue && recipient.has_answered() { " It has answered some of it, so it is no silent body: remind it of the rest." } @if let NonResponse::Delisted { on, .. } = recipient.non_response { " It was listed, and taken off on " (on.name()) "." } }
                @if overdue && !recipient.has_answered() && visit.may(Right::Prepare) {
                    @if known.state.unanswered_notice(id).is_some() {
                        p.warning { "A notice may be out: the mail server gave no answer about it. " a href=(doubt::ADDRESS) { "Find out whether it went" } "." }
                    } @else {
                        p { "The notice tells the body what we sent, when, and what came back, and gives it time to say that we are wrong. Nothing is listed before." }
                        div.buttons { a.button.other href=(at("notice")) { "Give notice before it is named" } }
                    }
                }
            }
            NonResponse::NoticeSent(notice) => {
                p { "It was given notice. Its time to reply ends " (layout::when(notice.reply_by, visit.today())) "." }
                @if visit.may(Right::Prepare) { (layout::order(visit, &at("contest"), "Log that it contests the notice", &reason("contested", "What it says; kept in the log"))) }
                @if visit.may(Right::Approve) && visit.today() > notice.reply_by { div.buttons { a.button href=(at("list")) { "Look at what is known, before it is named" } } }
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

/// Why a body may not be called silent, with what to do first.
fn not_yet(known: &Known, id: RecipientId, why: &NotAllowed) -> Markup {
    html! {
        div.warning { p { strong { "Not yet: " } (why.what) ". " (layout::sentence(&why.mend)) } }
        p { a href={ "/recipients/" (id.0) } { "Back to " (body_of(&known.state, id)) } " · " a href="/messages" { "The holding list" } }
    }
}

/// A notice as it goes, signed by the office.
fn notice(visit: &Visit, known: &Known, id: RecipientId, reply_by: Day) -> Result<String, Refusal> {
    let token = known.state.recipient(id).ok_or(Refusal::NotFound)?.reply_token;
    let reply_to = visit.app.reply_address(token.as_str());
    let words =
        headwater_prevention::exchange::notice::notice(&known.state, id, visit.today(), reply_by, reply_to.as_deref()).ok_or(Refusal::NotFound)?;
    Ok(format!("{words}\n\n{}", visit.app.office_name()))
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
    let words = notice(visit, &known, id, reply_by)?;
    let silent = decide::silent(&known.state, id, visit.today());
    let may_be_told =
        matches!(recipient.non_response, NonResponse::None | NonResponse::Delisted { .. }) && known.state.unanswered_notice(id).is_none();
    let terms = NoticeTerms { evidence: BlobHash::of(words.as_bytes()), reply_by };
    let by_mail = by_mail::heading(visit, &known, Errand::Notice(id, terms), &notice_subject(&known.state, id));
    let person = recipient.contact.and_then(|id| known.state.contact(id)).and_then(|contact| known.people.get(contact.person.as_str()));
    let reply_to = visit.app.reply_address(recipient.reply_token.as_str());
    let read = html! {
        input type="hidden" name="reply_by" value=(reply_by);
        input type="hidden" name="text" value=(terms.evidence);
    };
    let main = html! {
        @if let Err(why) = &silent { (not_yet(&known, id, why)) }
        @else if !may_be_told { p.warning { "It has had a notice, or one may be out." } }
        form method="get" action=(at) { (layout::day(visit, "reply_by", "Last day to reply", "Ten days at least", Some(reply_by))) div.buttons { button.other { "Show the notice with this day" } } }
        h2 { "The notice" }
        article.letter { @for paragraph in words.split("\n\n") { p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } } } }
        @if silent.is_ok() && may_be_told {
            p { "Nobody is named before the time to reply is over, and somebody else than you has looked at what is known then." }
            @if let Some(to) = &by_mail {
                h2 { "By mail" }
                p { "It goes " (to) ", in the thread of the letter. The time to reply begins when the mail server has taken it." }
                (layout::order(visit, &format!("{at}/mail"), &format!("Send the notice to {name} by mail now"), &read))
            }
            h2 { (if by_mail.is_some() { "Or by hand" } else { "Send it" }) }
            p { "Send these words from your own mail or by post:" }
            (envelope(person, reply_to.as_deref(), &notice_subject(&known.state, id)))
            p { "Then:" }
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
        notice(visit, &known, id, reply_by)?
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

/// What is known of a body that had its time, to be looked at by a second person before it is named.
///
/// # Errors
/// It has no notice, or the notice cannot be read.
pub fn ask_to_list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let id = RecipientId(visit.part("recipient")?);
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let back = format!("/recipients/{}", id.0);
    let body = body_of(&known.state, id);
    let trail = [("Campaigns", "/campaigns"), (body.as_str(), back.as_str())];
    let NonResponse::NoticeSent(notice) = &recipient.non_response else {
        let main = html! { p { "No notice to it is running: it has answered, or contests it, or is listed, or has had none." } };
        return page(layout::page(visit, "Look before it is named", &trail, &main));
    };
    let mut told = String::new();
    let blob = visit.app.ws.blobs().read(&notice.evidence.to_string())?;
    blob.take(MOST_BYTES).read_to_string(&mut told).map_err(|error| Problem::of_files("reading a notice", &error))?;
    let sent = known.state.communication(notice.communication);
    let is_mine = visit.person().is_ok_and(|me| decide::gave_notice(&known.state, notice, me));
    let main = html! {
        (layout::facts(&[
            ("Told on", html! { (sent.map_or_else(String::new, |it| it.on.name())) }),
            ("Told by", html! { (sent.map_or("", |it| known.name(it.by.as_str()))) }),
            ("Time to reply", html! { "until " (notice.reply_by.name()) }),
        ]))
        h2 { "What it was told" }
        article.letter { @for paragraph in told.split("\n\n") { p { @for (place, line) in paragraph.lines().enumerate() { @if place > 0 { br; } (line) } } } }
        h2 { "What is known today" }
        @if let Err(why) = decide::may_be_named(&known.state, id, visit.today()) { (not_yet(&known, id, &why)) }
        @else if is_mine { p { "You gave this notice. A second person has to look at it and list the body." } }
        @else {
            p { "It has answered nothing, promised nothing for a later day and asked nothing; nothing from it lies unread, and nothing that came since our letter waits in the holding list." }
            p { "Listed, its name stands on the public pages under \u{201c}Bodies that did not answer\u{201d}, until it answers anything." }
            @if !visit.may(Right::Approve) { p { "It waits for " (Right::Approve.whose()) "." } }
            @else { (layout::order(visit, &format!("/recipients/{}/list", id.0), "List it as not having answered", &html! {})) }
        }
    };
    page(layout::page(visit, "Look before it is named", &trail, &main))
}

/// Lists a body as not having answered.
///
/// # Errors
/// Its time to reply is not over, it contests the notice, something of it is unread, or the same person gave the notice.
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
