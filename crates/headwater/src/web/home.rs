//! What is waiting, for whom, since when.

use headwater_prevention::exchange::clock::standing::Standing;
use headwater_prevention::exchange::id::{BodyId, DocumentId, MessageKey, RecommendationId};
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::waiting::{Waiting, WaitingSince, waiting};
use maud::{Markup, html};

use super::access::Right;
use super::doubt;
use super::layout;
use super::messages::names_of;
use super::replies;
use super::visit::{Answer, Refusal, Visit, page};
use crate::store::log::Row;

/// What one thing that waits is called, where it is done, and who may do it.
struct Line {
    words: String,
    address: String,
    right: Right,
}

/// The home page.
///
/// # Errors
/// Nobody is signed in.
pub fn show(visit: &Visit) -> Answer {
    let me = visit.person()?;
    let all = waiting(&visit.app.office.known().state, visit.now());
    // Nobody who writes waits while the log is asked when each entry was made, and the records what each file was called.
    let mut dated: Vec<(WaitingSince, Moment, Option<String>)> = Vec::new();
    for it in all {
        let written = written_at(visit, it.since_seq)?;
        // Somebody may act before a day has come, and it waits from that day on.
        let since = it.since_day.map_or(written, |day| written.max(Moment::at_start_of(day)));
        let name = it.what.document().map(|document| replies::name_in(&visit.app.ws, document)).transpose()?.flatten();
        dated.push((it, since, name));
    }
    let known = visit.app.office.known();
    let mut lines: Vec<(Line, WaitingSince, Moment)> =
        dated.into_iter().map(|(it, since, name)| (line(&known.state, visit.today(), &it.what, name.as_deref()), it, since)).collect();
    lines.sort_by_key(|(_, it, since)| (*since, it.since_seq));
    let (mine, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(line, it, _)| visit.may(line.right) && !it.not_for.contains(&me));
    let is_empty = known.state.campaigns().is_empty();
    let list = |lines: &[(Line, WaitingSince, Moment)], is_mine: bool| -> Markup {
        html! {
            ul.tasks {
                @for (line, it, since) in lines {
                    li {
                        span {
                            a href=(line.address) { (line.words) }
                            @if !is_mine {
                                span.hint {
                                    "For " (line.right.whose())
                                    @if it.not_for.contains(&me) { "; not for you, who were the first person" }
                                }
                            }
                        }
                        span.state.wait { "since " (layout::when(since.day_in_london(), visit.today())) }
                    }
                }
            }
        }
    };
    let main = html! {
        @if is_empty {
            p.lede { "There is no campaign yet." }
            @if visit.may(Right::Prepare) {
                p { "A campaign is one letter to many bodies, with the same things asked of each. It begins with the bodies: add them from a register, or enter them." }
                div.buttons { a.button href="/bodies" { "Begin with the bodies" } a href="/campaigns/new" { "Begin a campaign" } }
            }
        }
        h2 { "Waiting for you" }
        @if mine.is_empty() { p { "Nothing waits for you." } } @else { (list(&mine, true)) }
        @if !others.is_empty() { h2 { "Waiting for others" } (list(&others, false)) }
    };
    page(layout::page(visit, "What is waiting", &[], &main))
}

/// When an entry of the log was written.
fn written_at(visit: &Visit, seq: u64) -> Result<Moment, Refusal> {
    let mut found = visit.now();
    visit.app.ws.log().walk(seq.saturating_sub(1), seq, &mut |row| {
        if let Row::Stored(row) = row
            && let Ok(at) = row.at.parse()
        {
            found = at;
        }
        Ok(())
    })?;
    Ok(found)
}

/// What waits, in words; `name` is what its document was called when it came.
fn line(state: &State, today: Day, what: &Waiting, name: Option<&str>) -> Line {
    let campaign = |id: headwater_prevention::exchange::id::CampaignId| state.campaign(id).map_or_else(String::new, |it| it.brief.title.to_string());
    let document = |id: DocumentId| match state.document(id).and_then(|it| it.title.as_ref()) {
        Some(title) => format!("\u{201c}{title}\u{201d}"),
        None => name.map_or_else(|| format!("document {}", id.0 + 1), str::to_owned),
    };
    let recipient = |id: headwater_prevention::exchange::id::RecipientId| {
        let body = state.recipient(id).and_then(|it| state.body(it.body));
        body.map_or_else(String::new, |body| body.entry.name.to_string())
    };
    let body = |id: BodyId| state.body(id).map_or_else(String::new, |body| body.entry.name.to_string());
    let of = |words: String, address: String, right: Right| Line { words, address, right };
    match what {
        Waiting::CampaignReview(id) => of(
            format!("Look at the letters of \u{201c}{}\u{201d} and approve them", campaign(*id)),
            format!("/campaigns/{}/approve", id.0),
            Right::Approve,
        ),
        Waiting::CampaignToSend(id) => of(format!("Send \u{201c}{}\u{201d}", campaign(*id)), format!("/campaigns/{}/send", id.0), Right::Prepare),
        Waiting::LettersToSend(id, n) => of(
            format!("Send {} of \u{201c}{}\u{201d}", layout::counted(*n as usize, "letter", "letters"), campaign(*id)),
            format!("/campaigns/{}/send", id.0),
            Right::Prepare,
        ),
        Waiting::LettersHeldBack(id, n) => of(
            format!(
                "Let {} of \u{201c}{}\u{201d} go that {} held back, or leave {} out",
                layout::counted(*n as usize, "letter", "letters"),
                campaign(*id),
                if *n == 1 { "is" } else { "are" },
                if *n == 1 { "its body" } else { "their bodies" }
            ),
            format!("/campaigns/{}/send", id.0),
            Right::Prepare,
        ),
        Waiting::ChaserReview(id) => {
            let body = state.chaser(*id).and_then(|it| state.body(it.body)).map_or_else(String::new, |body| body.entry.name.to_string());
            of(format!("Approve the reminder to {body}"), "/reminders".to_owned(), Right::Approve)
        }
        Waiting::ChaserToSend(id) => {
            let body = state.chaser(*id).and_then(|it| state.body(it.body)).map_or_else(String::new, |body| body.entry.name.to_string());
            of(format!("Send the reminder to {body}"), "/reminders".to_owned(), Right::Prepare)
        }
        Waiting::UnansweredHandover(message) => of(
            format!("Find out whether a message to {} went out: the mail server gave no answer", handed(state, *message)),
            doubt::ADDRESS.to_owned(),
            Right::Prepare,
        ),
        Waiting::RefusedHandover(message) => of(
            format!("Reach {} in another way: the mail server will not take the message", handed(state, *message)),
            doubt::ADDRESS.to_owned(),
            Right::Prepare,
        ),
        Waiting::DelayedHandover(message) => of(
            format!("Hand the notice to {} over again: the mail server would not take it when it was tried", handed(state, *message)),
            doubt::ADDRESS.to_owned(),
            Right::Prepare,
        ),
        Waiting::HeldMessage(id) => of("Say whom a message is from".to_owned(), format!("/messages/{}", id.0), Right::Prepare),
        Waiting::HeldContent(id) => of("Decide on what a message says, which is held".to_owned(), format!("/messages/{}", id.0), Right::Approve),
        Waiting::NewReply(id) => {
            of(format!("Say what the reply of {} means for what was asked", repliers(state, *id)), format!("/messages/{}", id.0), Right::Prepare)
        }
        Waiting::JoiningLetter(id) => of(
            match state.recipient(*id) {
                Some(it) if it.returned.is_some() => format!("Change the letter to {}: a second person sent it back", recipient(*id)),
                Some(it) if it.letter_sent.is_some() => format!("Make the letter to {} anew: the first came back", recipient(*id)),
                _ => format!("Make the letter to {}, which was put on a campaign that is open", recipient(*id)),
            },
            format!("/recipients/{}/letter", id.0),
            Right::Prepare,
        ),
        Waiting::JoiningReview(id) => {
            of(format!("Look at the letter to {} and approve it", recipient(*id)), format!("/recipients/{}/letter", id.0), Right::Approve)
        }
        Waiting::PassedOn(id, to) => of(
            format!(
                "Ask {} for what {} passed on to it",
                state.body(*to).map_or_else(String::new, |body| body.entry.name.to_string()),
                recipient(*id)
            ),
            format!("/recipients/{}", id.0),
            Right::Prepare,
        ),
        Waiting::PromiseOver(id) => {
            of(format!("Ask {} for what it promised: the day is over", recipient(*id)), format!("/recipients/{}", id.0), Right::Prepare)
        }
        Waiting::RemindersDue(n) => {
            of(format!("Write reminders: {} due one", layout::counted(*n as usize, "body is", "bodies are")), "/reminders".to_owned(), Right::Prepare)
        }
        Waiting::NoReceipt(id, n) => of(
            format!(
                "Find out whether {} of \u{201c}{}\u{201d} arrived: the time to answer starts with that",
                layout::counted(*n as usize, "letter", "letters"),
                campaign(*id)
            ),
            format!("/campaigns/{}/grid", id.0),
            Right::Prepare,
        ),
        Waiting::DutyOverdue(id, body) => of(duty_overdue(state, *id, *body, today), "/reminders#duties".to_owned(), Right::Prepare),
        Waiting::DutyReminderReview(id) => {
            of(format!("Approve the reminder to {} of its answers to recommendations", body(*id)), "/reminders#duties".to_owned(), Right::Approve)
        }
        Waiting::DutyReminderToSend(id) => {
            of(format!("Send the reminder to {} of its answers to recommendations", body(*id)), "/reminders#duties".to_owned(), Right::Prepare)
        }
        Waiting::HeldDocument(id) => of(format!("Decide on {}, which is held", document(*id)), format!("/documents/{}", id.0), Right::Approve),
        Waiting::UnassignedDocument(id) => of(format!("Say what {} answers", document(*id)), format!("/documents/{}", id.0), Right::Prepare),
        Waiting::Permission(id) => of(format!("Record whether {} may be published", document(*id)), format!("/documents/{}", id.0), Right::Prepare),
        Waiting::LeakCheck(id) => of(format!("Check {} for leaks", document(*id)), format!("/documents/{}", id.0), Right::Prepare),
        Waiting::PublicationReview(id) => of(format!("Approve {} for publication", document(*id)), format!("/documents/{}", id.0), Right::Approve),
        Waiting::SentBack(id) => of(format!("Look at {} again: it was sent back", document(*id)), format!("/documents/{}", id.0), Right::Prepare),
        Waiting::ToPublish(id) => of(format!("Publish {}", document(*id)), format!("/documents/{}", id.0), Right::Approve),
        Waiting::BouncedContact(id) => {
            let body = state.contact(*id).map(|it| it.body);
            let name = body.and_then(|id| state.body(id)).map_or_else(String::new, |body| body.entry.name.to_string());
            of(
                format!("Find another contact at {name}: mail came back"),
                body.map_or_else(|| "/bodies".to_owned(), |id| format!("/bodies/{}", id.0)),
                Right::Prepare,
            )
        }
        Waiting::Clarification(id) => of(format!("Answer the question of {}", recipient(*id)), format!("/recipients/{}", id.0), Right::Prepare),
        Waiting::Contested(id) => of(format!("Settle what {} contests", recipient(*id)), format!("/recipients/{}", id.0), Right::Lead),
        Waiting::ToList(id) => of(
            format!("Decide whether to list {}, whose time to reply is over", recipient(*id)),
            format!("/recipients/{}/list", id.0),
            Right::Approve,
        ),
    }
}

/// Whose answer to which recommendation is late, how long its clock was, and by how much it is over.
fn duty_overdue(state: &State, id: RecommendationId, body: BodyId, today: Day) -> String {
    let name = state.body(body).map_or_else(String::new, |body| body.entry.name.to_string());
    let number = state.recommendation(id).map_or_else(String::new, |it| it.number.to_string());
    let over = match state.duty(id, body).map(|duty| duty.standing(today)) {
        Some(Standing::Overdue { due, days }) => {
            format!("was over on {}, {} ago", due.name(), layout::counted(days.unsigned_abs() as usize, "day", "days"))
        }
        _ => "is over".to_owned(),
    };
    let clock = state.duty(id, body).map_or_else(String::new, |duty| format!(" ({})", duty.clock.words()));
    format!("Remind {name} of its answer to recommendation {number}: its time{clock} {over}")
}

/// Whose reply it is of which nobody has said yet what it means.
fn repliers(state: &State, id: headwater_prevention::exchange::id::CommunicationId) -> String {
    let recipients = state.new_replies().filter(|(_, reply)| *reply == id).filter_map(|(recipient, _)| state.recipient(recipient));
    recipients.filter_map(|it| state.body(it.body)).map(|body| body.entry.name.to_string()).collect::<Vec<_>>().join(", ")
}

/// Whom a message that was handed to the mail server is for.
fn handed(state: &State, message: MessageKey) -> String {
    names_of(state, &state.handover(message).map(|it| it.bodies(state)).unwrap_or_default())
}
