//! The holding list, and one message: whom it is from, what it says, what came with it.

use std::collections::BTreeMap;

use super::access::Right;
use super::doubt;
use super::form::{Problems, reason};
use super::holding;
use super::intake;
use super::kept::{self, Kept};
use super::layout::{self, text};
use super::mailbox;
use super::matching;
use super::office::Known;
use super::paging;
use super::replies::{self, Came, channel_words};
use super::request_file;
use super::said;
use super::visit::{Answer, Refusal, Reply, Visit, page, see};
use super::whom;
use headwater_documents::mail::Mail;
use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::communication::{Communication, Direction, HoldReason, Placement};
use headwater_prevention::exchange::decide::correspondence as decide;
use headwater_prevention::exchange::handover::HandoverStage;
use headwater_prevention::exchange::id::{BlobHash, BodyId, CommunicationId, RecipientId};
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::thread::SenderCheck;
use maud::{Markup, html};

/// Messages on one page of the list of what came.
const ON_A_PAGE: usize = 50;

/// The most recipients that are suggested for one message.
const MOST_GUESSES: usize = 5;

/// What waits to be placed, and the last that came.
///
/// # Errors
/// A message that is held cannot be read.
pub fn list(visit: &Visit) -> Answer {
    let heads = kept::heads(visit)?;
    let known = visit.app.office.known();
    let all: Vec<(CommunicationId, &Communication)> = known
        .state
        .communications()
        .iter()
        .enumerate()
        .map(|(number, it)| (CommunicationId(number as u32), it))
        .filter(|(_, it)| it.direction == Direction::In)
        .collect();
    let held: Vec<_> = all.iter().filter(|(_, it)| matches!(it.placement, Placement::Held(_))).collect();
    let came: Vec<_> = all.iter().rev().filter(|(_, it)| !matches!(it.placement, Placement::Held(_))).collect();
    let shown = paging::range(visit, came.len(), ON_A_PAGE);
    let main = html! {
        (mailbox::part(visit))
        @if known.state.handovers().any(|(_, it)| it.stage == HandoverStage::Unanswered) { p.warning { a href=(doubt::ADDRESS) { "Messages in doubt" } ": the mail server gave no answer about them." } }
        h2 { "Held: nobody knows yet whom they are from" }
        @if held.is_empty() { p { "Nothing is held." } }
        ul.tasks {
            @for (id, it) in &held {
                li { span { a href={ "/messages/" (id.0) } { "What came by " (channel_words(it.channel).to_lowercase()) } @if let Placement::Held(reasons) = &it.placement { span.hint { (layout::sentence(&reasons.iter().map(|reason| reason.words()).collect::<Vec<_>>().join("; "))) } } (guesses(visit, &known, *id, heads.get(id), None)) } span.state.wait { (layout::when(it.on, visit.today())) } }
            }
        }
        h2 { "The last that came" }
        ul.tasks {
            @for (id, it) in &came[shown] {
                li { span { a href={ "/messages/" (id.0) } { @if it.recipients.is_empty() { "Set aside" } @else { (names(&known, &it.recipients)) } } ", " (channel_words(it.channel).to_lowercase()) } span.state.wait { (layout::when(it.on, visit.today())) } }
            }
        }
        (paging::ways(visit, came.len(), ON_A_PAGE))
        @if visit.may(Right::Prepare) {
            div.buttons { a.button href="/messages/take" { "Take in messages and files" } }
            (layout::fold(visit, "/messages", "Log something that came, and whose sender is not certain",
                &layout::order_with_files(visit, "/messages", "Log it in the holding list", &replies::fields(visit, &html! {}))))
        }
    };
    page(layout::page(visit, "Messages", &[], &main))
}

/// The names of bodies.
pub fn names_of(state: &State, bodies: &[BodyId]) -> String {
    let names: Vec<&str> = bodies.iter().filter_map(|id| state.body(*id)).map(|body| body.entry.name.as_str()).collect();
    names.join(", ")
}

/// Whom some recipients are, in words.
pub fn names(known: &Known, recipients: &[RecipientId]) -> String {
    let names: Vec<&str> = recipients
        .iter()
        .filter_map(|id| known.state.recipient(*id))
        .filter_map(|it| known.state.body(it.body))
        .map(|body| body.entry.name.as_str())
        .collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(", ") }
}

/// Logs something whose sender is not certain.
///
/// # Errors
/// What is wrong with the form.
pub fn log(visit: &Visit) -> Answer {
    let came = replies::read_unplaced(visit)?;
    let came = Came { recipients: Vec::new(), held: vec![HoldReason::NothingToMatch], ..came };
    let taken = intake::take_in(visit, visit.person()?, &came, &visit.files)?;
    see("/messages", &taken.said())
}

/// One message.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    let kept = kept::of_message(visit, id)?;
    let names_of_files = replies::names(visit, |known| {
        known.state.submissions().iter().filter(|it| it.communication == id).flat_map(|it| it.documents.iter().copied()).collect()
    })?;
    let known = visit.app.office.known();
    let it = known.state.communication(id).ok_or(Refusal::NotFound)?;
    let title = match it.direction {
        Direction::Out => format!("To {}", names(&known, &it.recipients)),
        Direction::In if matches!(it.placement, Placement::SetAside(_)) => "A message that was set aside".to_owned(),
        Direction::In if it.recipients.is_empty() => "A message that is held".to_owned(),
        Direction::In => format!("From {}", names(&known, &it.recipients)),
    };
    let new_for: Vec<RecipientId> = known.state.new_replies().filter(|(_, reply)| *reply == id).map(|(recipient, _)| recipient).collect();
    let may_place = it.direction == Direction::In && visit.may(Right::Prepare);
    let main = html! {
        (layout::facts(&[
            ("How", html! { (channel_words(it.channel)) }),
            ("When", html! { (layout::when(it.on, visit.today())) }),
            ("Logged by", html! { (known.name(it.by.as_str())) }),
            ("State", html! {
                @match &it.placement {
                    Placement::Held(reasons) => { "held: " (reasons.iter().map(|reason| reason.words()).collect::<Vec<_>>().join("; ")) },
                    Placement::SetAside(reason) => { "set aside: " (reason) },
                    Placement::Placed => "placed",
                }
            }),
        ]))
        @if !new_for.is_empty() && visit.may(Right::Prepare) {
            p.lede { "Nobody has said yet what it means for what was asked. Read it, then say how the asks stand:" }
            ul { @for recipient in &new_for { li { a href={ "/recipients/" (recipient.0) } { "How the asks of " (names(&known, &[*recipient])) " stand" } } } }
            @if it.recipients.len() > 1 { p { a.button href={ "/messages/" (id.0) "/asks" } { "Say how the asks of all " (it.recipients.len()) " stand" } } }
            div.buttons { (layout::button(visit, &format!("/messages/{}/nothing", id.0), "It changes nothing", "other")) }
        }
        (content(visit, &known, id, it, &kept))
        (holding::of_message(visit, id, it))
        @if it.content.is_some() && request_file::is_open(&known, id) {
            p.download { a href={ "/messages/" (id.0) "/original" } { "Take the message as it is" } ", with all its headers where it is a mail" }
        }
        @if !names_of_files.is_empty() {
            h2 { "Files" }
            ul { @for (document, name) in &names_of_files { li { a href={ "/documents/" (document.0) } { (name) } } } }
        }
        @for about in about(&known, id) { p { a href={ "/messages/" (about.0) } { "What they say of these files" } } }
        @if matches!(it.placement, Placement::Held(_)) && it.direction == Direction::In && it.is_readable() {
            @let mail = it.content.and_then(|hash| kept.get(&hash)).and_then(|kept| if let Kept::Mail(mail) = kept { Some(mail.as_ref()) } else { None });
            (guesses(visit, &known, id, mail, Some(may_place)))
        }
        @if may_place {
            h2 { (if it.recipients.is_empty() { "Whom is it from?" } else { "Is it placed wrongly?" }) }
            (what_it_shows(&known, id))
            (layout::order(visit, &format!("/messages/{}/place", id.0), "Place it there", &whom::whom(visit, &known, &it.recipients)))
            @if matches!(it.placement, Placement::Held(_)) {
                (layout::fold(visit, &format!("/messages/{}/set-aside", id.0), "It belongs to nobody", &layout::order(visit, &format!("/messages/{}/set-aside", id.0), "Set it aside", &text(visit, "reason", "Why", "Kept in the log", ""))))
            }
        }
    };
    page(layout::page(visit, &title, &[("Messages", "/messages")], &main))
}

/// Messages by which whoever left the files of this one says what they are.
fn about(known: &Known, id: CommunicationId) -> Vec<CommunicationId> {
    let is_about = |it: &Communication| it.answers == Some(id) && it.direction == Direction::In && it.channel == Channel::Upload;
    (0u32..).zip(known.state.communications()).filter(|(_, it)| is_about(it)).map(|(number, _)| CommunicationId(number)).collect()
}

/// What becomes of those it is taken from when it is placed elsewhere.
fn what_it_shows(known: &Known, id: CommunicationId) -> Markup {
    let back = decide::taken_back(&known.state, id, &[]);
    let mut recipients: Vec<RecipientId> = back.asks.iter().map(|ask| ask.recipient).collect();
    recipients.dedup();
    html! {
        @if !back.asks.is_empty() || !back.documents.is_empty() {
            p { "Taken from a body, its files answer nothing of that body any more, and what it alone showed is open again there" @if !recipients.is_empty() { ": " (names(known, &recipients)) } "." }
        }
    }
}

/// Whom a held message may be from, with the reason, and a button for each: still a person's decision. What speaks against
/// its sender stands above.
///
/// With `may_place` it is for the message's own page; without it, for the list: one line, and no button.
fn guesses(visit: &Visit, known: &Known, id: CommunicationId, mail: Option<&Mail>, may_place: Option<bool>) -> Markup {
    let Some(mail) = mail else { return html! {} };
    let places = |(id, why): (RecipientId, &'static str)| {
        let recipient = known.state.recipient(id).filter(|it| !it.removed)?;
        let campaign = known.state.campaign(recipient.campaign).filter(|campaign| campaign.stage.takes_answers())?;
        let body = known.state.body(recipient.body)?;
        Some((id, format!("{}, {}", body.entry.name, campaign.brief.title), why))
    };
    let guesses: Vec<_> = matching::suggested(visit, known, mail).into_iter().filter_map(places).take(MOST_GUESSES).collect();
    let doubt = doubts(visit, mail);
    let Some((_, first, why)) = guesses.first() else { return html! {} };
    let Some(may_place) = may_place else {
        return html! { span.hint { @if let Some(doubt) = doubt { strong { (doubt) } " " } "It may be from " (first) ": " (why) "." } };
    };
    html! {
        h2 { "Whom it may be from" }
        @if let Some(doubt) = doubt { div.warning { p { strong { (doubt) } " Read it, and ask them on a number that you know, before you place it." } } }
        ul.tasks {
            @for (recipient, words, why) in &guesses {
                li {
                    span { (words) span.hint { "Because " (why) "." } }
                    @if may_place {
                        form method="post" action={ "/messages/" (id.0) "/place" } {
                            (layout::hidden(visit))
                            input type="hidden" name="recipient" value=(recipient.0);
                            button.other { "Place it there" span.unseen { ": " (words) } }
                        }
                    }
                }
            }
        }
    }
}

/// What speaks against the sender of a message, in one sentence.
fn doubts(visit: &Visit, mail: &Mail) -> Option<&'static str> {
    match matching::sender_check(visit, mail) {
        SenderCheck::Failed => Some("Its sender is not who it says: your mail server found the domain forged."),
        _ if !mail.signs.is_empty() => Some("Its sender may not be who it says."),
        SenderCheck::Unknown => Some("Nobody has vouched for its sender."),
        SenderCheck::Verified => None,
    }
}

fn content(visit: &Visit, known: &Known, id: CommunicationId, it: &Communication, kept: &BTreeMap<BlobHash, Kept>) -> Markup {
    // What was held or destroyed since it was read is not shown any more.
    let all = it.content.iter().chain(&it.also).filter(|_| it.is_readable()).filter_map(|hash| Some((*hash, kept.get(hash)?)));
    html! { @for (hash, one) in all { (one_content(visit, known, id, it, hash, one)) } }
}

fn one_content(visit: &Visit, known: &Known, id: CommunicationId, it: &Communication, hash: BlobHash, kept: &Kept) -> Markup {
    match kept {
        Kept::Erased(erased) => {
            html! { h2 { "What it said" } p { "It was erased on " (erased.on) ": " (layout::sentence(&erased.why)) " Its SHA-256 was " code { (hash) } "." } }
        }
        Kept::Letter(letter) => {
            let letter = super::letters::as_it_left(&known.state, it, letter.clone());
            html! { h2 { "The letter" } (super::letters_read::shown(&letter)) (super::letters_read::links_here(visit, &letter)) }
        }
        Kept::Said(said, names) => said::shown(visit, known, id, it, said, names),
        Kept::Mail(mail) => mail_shown(mail),
        Kept::Words(words) => html! { h2 { "What it says" } pre.letter { (words) } },
    }
}

/// A moment of a message in London, or as it stands there.
fn moment_of(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), layout::moment)
}

/// A message as it was written, with what speaks against it.
fn mail_shown(mail: &Mail) -> Markup {
    let list = |addresses: &[headwater_documents::mail::Address]| addresses.iter().map(|one| one.address.clone()).collect::<Vec<_>>().join(", ");
    html! {
        h2 { "What it says" }
        @if !mail.signs.is_empty() {
            div.warning { p { strong { "Be careful: " } "its sender may not be who it says." } ul { @for sign in &mail.signs { li { (layout::sentence(&sign.words())) } } } }
        }
        (layout::facts(&[
            ("From", html! { (list(&mail.from)) }),
            ("To", html! { (list(&mail.to)) }),
            ("Subject", html! { (mail.subject) }),
            ("Written", html! { (mail.date.as_deref().map_or_else(|| "not said".to_owned(), |at| format!("{}, as it says", moment_of(at)))) }),
            ("Arrived at our server", html! { (mail.received.as_deref().map_or_else(|| "not said".to_owned(), moment_of)) }),
        ]))
        @if let Some(automatic) = mail.automatic { p { "A program wrote it: " (automatic.words()) "." } }
        pre.letter { (mail.text) }
        @if !mail.remarks.is_empty() { details { summary { "What could not be read as it was written" } ul { @for remark in &mail.remarks { li { (layout::sentence(remark)) } } } } }
    }
}

/// The bytes of a message as it went or came: a mail with all its headers.
///
/// # Errors
/// One of its files is held or was destroyed, or nothing was kept of it.
pub fn original(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    let (hash, it) = {
        let known = visit.app.office.known();
        let it = known.state.communication(id).ok_or(Refusal::NotFound)?;
        if !request_file::is_open(&known, id) {
            return Err(Problems::one("", "It or one of its files is held, or it was destroyed: nobody can take the message").into());
        }
        (it.content.ok_or(Refusal::NotFound)?, it.clone())
    };
    let (ending, bytes) = request_file::as_it_is(visit, &it, hash)?;
    visit.log("audit.message_opened", serde_json::json!({"communication": id.0}))?;
    Ok(Reply::File(format!("message-{}-{}.{ending}", id.0, it.on), "application/octet-stream", bytes))
}

/// Places a message.
///
/// # Errors
/// Nobody was ticked, or somebody else placed it meanwhile.
pub fn place(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    let recipients: Vec<RecipientId> = visit.form.all("recipient").filter_map(|number| number.parse().ok()).map(RecipientId).collect();
    if recipients.is_empty() {
        return Err(Problems::one("recipient", "Tick at least one").into());
    }
    let back = decide::taken_back(&visit.app.office.known().state, id, &recipients);
    visit.act(&|state, order| decide::place(state, order, id, recipients.clone()))?;
    let said = match (back.documents.len(), back.asks.len()) {
        (0, 0) => "It is placed".to_owned(),
        (documents, asks) => format!(
            "It is placed. For those it was taken from, {} no longer answer anything, and {} open again: look at their pages",
            layout::counted(documents, "file", "files"),
            layout::counted(asks, "thing asked is", "things asked are"),
        ),
    };
    see(format!("/messages/{}", id.0), &said)
}

/// Says that a message changes nothing in how the asks stand.
///
/// # Errors
/// Somebody has said already what it means.
pub fn changes_nothing(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    visit.act(&|state, order| decide::changes_nothing(state, order, id))?;
    see(format!("/messages/{}", id.0), "Noted: it changes nothing")
}

/// Sets a message aside.
///
/// # Errors
/// No reason is given, or it is not held.
pub fn set_aside(visit: &Visit) -> Answer {
    let id = CommunicationId(visit.part("message")?);
    let reason = reason(&visit.form, "reason")?;
    visit.act(&|state, order| decide::set_aside(state, order, id, reason.clone()))?;
    see("/messages", "It is set aside")
}
