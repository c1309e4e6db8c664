//! From a finished draft to letters that are out: review, a second person, the recall window, by hand or by mail.

use std::io::{Cursor, Write};

use headwater_prevention::exchange::body::Channel;
use headwater_prevention::exchange::campaign::{PublishPolicy, Recipient, Stage};
use headwater_prevention::exchange::decide::campaigns as decide;
use headwater_prevention::exchange::decide::correspondence::log_letters;
use headwater_prevention::exchange::id::{CampaignId, RecipientId};
use headwater_prevention::exchange::letter::dated::dated;
use headwater_prevention::exchange::letter::due::due_in_letter;
use headwater_prevention::exchange::letter::ready::ready;
use headwater_prevention::exchange::words::Remark;
use maud::{Markup, html};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::access::Right;
use super::by_mail;
use super::campaigns;
use super::form::{Problems, reason};
use super::late_body;
use super::layout::{self, boxes, facts, radios, text};
use super::letters_read;
use super::office::Known;
use super::post::{self, PageDesk};
use super::recipients::contact_words;
use super::spreadsheet::Spreadsheet;
use super::traces;
use super::visit::{Answer, Refusal, Reply, Visit, page, see};
use crate::mail::compose::Way;
use crate::mail::outbox::{Errand, Outbox};
use crate::problem::Problem;

/// Recall windows to choose from, in minutes.
const WINDOWS: [(&str, &str); 4] = [("0", "None: the letters may leave at once"), ("30", "Half an hour"), ("120", "Two hours"), ("1440", "A day")];

fn trail_of(known: &Known, id: CampaignId) -> (String, String) {
    (known.state.campaign(id).map_or_else(String::new, |it| it.brief.title.to_string()), format!("/campaigns/{}", id.0))
}

/// Check your answers, before a campaign is put up for review.
///
/// # Errors
/// There is no such campaign.
pub fn ask_to_submit(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let gaps = decide::gaps(&known.state, id);
    let n = known.state.recipients_of(id).count();
    let main = html! {
        @if !gaps.is_empty() {
            h2 { "What is missing" }
            ul { @for gap in gaps.iter().take(50) { li { (layout::sentence(gap)) } } }
        }
        h2 { "What will be reviewed" }
        (campaigns::about(&known, campaign))
        (facts(&[
            ("Asked for", html! { ol { @for item in campaign.items.iter().flatten() { li { (item.title) } } } a href={ "/campaigns/" (id.0) "/items" } { "Change what is asked for" } }),
            ("Of", html! { (layout::counted(n, "body", "bodies")) ". " a href={ "/campaigns/" (id.0) "/recipients" } { "Change who is asked" } }),
            ("Letters", html! { a href={ "/campaigns/" (id.0) "/letters" } { "Read all letters" } }),
        ]))
        @if gaps.is_empty() && campaign.stage == Stage::Draft && visit.may(Right::Prepare) { (layout::order(visit, &visit.path, "Put up for review", &html! { p { "A second person reads the letters. Until they have approved or sent back, nothing can be changed." } })) }
    };
    let (title, back) = trail_of(&known, id);
    page(layout::page(visit, "Check before review", &[("Campaigns", "/campaigns"), (&title, &back)], &main))
}

/// Puts a campaign up for review.
///
/// # Errors
/// Something is missing.
pub fn submit(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    visit.act(&|state, order| decide::submit(state, order, id))?;
    see(format!("/campaigns/{}", id.0), "The campaign is up for review")
}

/// What the second person sees: everything, and whether they may decide.
///
/// # Errors
/// There is no such campaign.
pub fn ask_to_approve(visit: &Visit) -> Answer {
    let me = visit.person()?;
    let (id, campaign, n, seal, about, title) = {
        let known = visit.app.office.known();
        let (id, campaign) = campaigns::of(visit, &known)?;
        let n = known.state.recipients_of(id).count();
        let seal = known.state.seal_of_letters(id).to_string();
        (id, campaign.clone(), n, seal, campaigns::about(&known, campaign), trail_of(&known, id))
    };
    let is_first = campaign.hands.contains(&me) || campaign.submitted_by == Some(me);
    let may_decide = campaign.stage == Stage::Review && !is_first && visit.may(Right::Approve);
    let inside = html! { input type="hidden" name="seal" value=(seal); };
    let main = html! {
        @if campaign.stage == Stage::Review {
            @if is_first { p.warning { "You wrote in this campaign or put it up for review. Somebody else has to approve it." } }
            @else if !visit.may(Right::Approve) { p.warning { "Approving is for " (Right::Approve.whose()) "." } }
            @else { p { "Read what follows. Whether they are approved, you say at the end of this page." } }
        } @else { p { "The campaign is " (campaign.stage.words()) "." } }
        (about)
        h2 { "Asked for" }
        ol { @for item in campaign.items.iter().flatten() { li { strong { (item.title) } ". " (item.definition) } } }
        h2 { "The letters" }
        (letters_read::all(visit, id)?)
        @if may_decide {
            h2 { "Approve them, or send them back" }
            p { "Approving seals the letters: if one is changed afterwards, it has to be approved again." }
            @if campaign.brief.publish_policy != PublishPolicy::Closed {
                p { "Once they are out, readers can see them on the public pages without their addresses, greetings and links: with the words that are for one body alone, and the people who are named in them." }
            }
            (layout::order(visit, &visit.path, &format!("Approve {}", layout::counted(n, "letter", "letters")), &inside))
            (layout::order(visit, &format!("/campaigns/{}/return", id.0), "Send back to be changed", &text(visit, "reason", "What is to be changed", "Kept in the log", "")))
        }
    };
    let (title, back) = title;
    page(layout::page(visit, "Approve the letters", &[("Campaigns", "/campaigns"), (&title, &back)], &main))
}

/// Approves a campaign, under the seal of the letters that were read.
///
/// # Errors
/// They are the first person, or a letter was changed meanwhile.
pub fn approve(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let seal = visit.form.text("seal").parse().map_err(|error: String| Problems::one("", error))?;
    visit.act(&|state, order| decide::approve(state, order, id, seal))?;
    see(format!("/campaigns/{}", id.0), "The letters are approved")
}

/// Sends a campaign back to be changed.
///
/// # Errors
/// No reason is given.
pub fn send_back(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let mut problems = Problems::default();
    let Some(reason) = problems.needed::<Remark>(&visit.form, "reason", "Say what is to be changed") else { return Err(problems.into()) };
    visit.act(&|state, order| decide::send_back(state, order, id, reason.clone()))?;
    see(format!("/campaigns/{}", id.0), "The campaign is sent back")
}

/// The page from which letters leave.
///
/// # Errors
/// There is no such campaign.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let n = known.state.recipients_of(id).count();
    let main = match campaign.stage {
        Stage::Approved => {
            let inside = radios(
                visit,
                "minutes",
                "Time in which they can be called back",
                "Counted from when you press the button",
                &WINDOWS.map(|(minutes, words)| (minutes, words, "")),
                "30",
            );
            html! {
                (facts(&[
                    ("Title", html! { (campaign.brief.title) }),
                    ("Letters", html! { (n) ". " a href={ "/campaigns/" (id.0) "/letters" } { "Read them" } }),
                    ("Approved by", html! { (campaign.approved_by.as_ref().map_or("", |person| known.name(person.as_str()))) }),
                ]))
                @if visit.may(Right::Prepare) { (layout::order(visit, &visit.path, &format!("Send to {}", layout::counted(n, "body", "bodies")), &inside)) }
                @else { p { "Sending is for " (Right::Prepare.whose()) "." } }
            }
        }
        Stage::Sending | Stage::Open | Stage::Paused => leaving(visit, &known, id)?,
        stage => html! { p { "The campaign is " (stage.words()) "; there is nothing to send." } },
    };
    let (title, back) = trail_of(&known, id);
    page(layout::page(visit, "Send the letters", &[("Campaigns", "/campaigns"), (&title, &back)], &main))
}

fn leaving(visit: &Visit, known: &Known, id: CampaignId) -> Result<Markup, Refusal> {
    let campaign = known.state.campaign(id).ok_or(Refusal::NotFound)?;
    let now = visit.now();
    let waits = campaign.stage == Stage::Sending && campaign.recall_until.is_some_and(|until| now < until);
    let may_go = decide::letters_to_send(&known.state, id, now);
    let all: Vec<(RecipientId, &Recipient)> = known.state.recipients_of(id).collect();
    let n_out = all.iter().filter(|(_, recipient)| recipient.letter_sent.is_some() && !recipient.letter_came_back()).count();
    let back: Vec<_> = all.iter().filter(|(recipient_id, it)| it.letter_came_back() && !may_go.contains(recipient_id)).collect();
    let held: Vec<_> = all.iter().filter_map(|(recipient_id, it)| Some((*recipient_id, *it, it.held_back.as_ref()?))).collect();
    let name = |recipient: &Recipient| known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let words = |recipient: &Recipient| {
        let again = if recipient.letter_came_back() { ", for the second time: the first came back" } else { "" };
        // Approved letters do not change: whoever sends it to somebody else should know whom it names.
        let named = recipient.letters_name.filter(|_| late_body::names_another(recipient)).and_then(|named| known.state.contact(named));
        let named = named.map_or_else(String::new, |contact| format!("; the letter itself names {}", known.name(contact.person.as_str())));
        format!("{}: {}{again}{named}", name(recipient), recipient.contact.map_or_else(String::new, |contact| contact_words(known, contact)))
    };
    let names_another: Vec<_> = all.iter().filter(|(_, it)| it.letter_came_back() && it.joining.is_none() && late_body::names_another(it)).collect();
    let ticks = |which: &dyn Fn(RecipientId, &Recipient) -> bool, ticked: bool| -> Vec<(String, String, bool)> {
        all.iter()
            .filter(|(recipient_id, it)| which(*recipient_id, it))
            .map(|(recipient_id, it)| (recipient_id.0.to_string(), words(it), ticked))
            .collect()
    };
    let left = ticks(&|recipient_id, _| may_go.contains(&recipient_id), true);
    let can_be_held = ticks(&|_, it| it.letter_is_owed() && it.held_back.is_none(), false);
    let can_be_left_out = ticks(&|_, it| it.letter_sent.is_none(), false);
    let inside = html! {
        (boxes(visit, "recipient", "Letters that are out", "Untick those that are not", &left))
        (radios(visit, "channel", "How they were sent", "", &[("email", "By e-mail", ""), ("post", "By post", "")], "email"))
        (layout::day(visit, "on", "On which day", "", Some(visit.today())))
    };
    Ok(html! {
        p.lede { (n_out) " of " (layout::counted(all.len(), "letter is", "letters are")) " out." }
        @if !back.is_empty() {
            h2 { "Came back" }
            p { "Find somebody else to write to, or say that the contact is good after all; then the letter can be sent again. Its time to answer begins with that." }
            ul { @for (recipient_id, it) in &back { li { a href={ "/recipients/" (recipient_id.0) } { (name(it)) } ": " a href={ "/bodies/" (it.body.0) } { "its contacts" } } } }
        }
        @if !names_another.is_empty() {
            h2 { "Came back, and names somebody else" }
            p { "Whoever is written to now is not the person whom these letters name. Each can be made anew; a second person reads it, and then it leaves by itself." }
            ul { @for (recipient_id, it) in &names_another { li { a href={ "/recipients/" (recipient_id.0) "/letter" } { "Make the letter to " (name(it)) " anew" } } } }
        }
        @if !held.is_empty() {
            h2 { "Held back" }
            ul.tasks {
                @for (recipient_id, it, why) in &held {
                    li {
                        span { a href={ "/recipients/" (recipient_id.0) } { (name(it)) } span.hint { (layout::sentence(why.as_str())) } }
                        @if visit.may(Right::Prepare) { (layout::button(visit, &format!("/recipients/{}/let-go", recipient_id.0), &format!("Let the letter to {} go", name(it)), "other")) }
                    }
                }
            }
        }
        @if waits {
            p { "Nothing leaves before " (campaign.recall_until.map_or_else(String::new, |until| until.time_in_london() + " on " + &until.day_in_london().name())) ". Until then the campaign can be called back." }
        }
        @if campaign.stage == Stage::Sending && n_out == 0 && visit.may(Right::Prepare) {
            @let address = format!("/campaigns/{}/recall", id.0);
            (layout::fold(visit, &address, "Call the letters back", &layout::order(visit, &address, "Call the letters back", &text(visit, "reason", "Why", "Kept in the log", ""))))
        }
        (by_mail::part(visit, known, id, waits))
        @if !left.is_empty() && visit.may(Right::Prepare) {
            h2 { (if post::server(&visit.app).is_some() { "Or by hand" } else { "By hand" }) }
            ol {
                li { a href={ "/campaigns/" (id.0) "/letters.zip" } { "Take the letters" } ": one folder for each body, with the letter as a web page" @if cfg!(feature = "pdf") { ", as PDF" } @if visit.app.ws.settings().office_mail().is_some() { ", as a message to open in your mail program" } " and as text." }
                li { "Send each to its contact." }
                li { "Say here which are out: " @if campaign.brief.clock.begins(visit.today()).is_some() { "that starts the clock." } @else { "the time to answer begins when somebody says that a letter arrived." } }
            }
            (layout::order(visit, &format!("/campaigns/{}/out", id.0), "Log these letters as sent", &inside))
        }
        @if visit.may(Right::Prepare) && (!can_be_held.is_empty() || !can_be_left_out.is_empty()) {
            h2 { "Keep letters from leaving" }
            @if !can_be_held.is_empty() {
                @let at = format!("/campaigns/{}/hold", id.0);
                (layout::fold(visit, &at, "Hold letters back for now", &layout::order(visit, &at, "Hold these letters back", &html! {
                        (boxes(visit, "hold", "Letters", "They leave neither by hand nor by mail until you let them go", &can_be_held))
                        (text(visit, "hold_reason", "Why", "Kept in the log", ""))
                })))
            }
            @if !can_be_left_out.is_empty() {
                @let at = format!("/campaigns/{}/leave-out", id.0);
                (layout::fold(visit, &at, "Leave bodies out for good", &layout::order(visit, &at, "Leave these bodies out", &html! {
                        (boxes(visit, "leave", "Bodies whose letters have not left", "They are taken off the campaign, and nothing is asked of them", &can_be_left_out))
                        (text(visit, "leave_reason", "Why", "Kept in the log", ""))
                })))
            }
        }
        @if campaign.stage == Stage::Sending && n_out > 0 && visit.may(Right::Prepare) {
            h2 { "Do not wait for the rest" }
            p { "Reminders, figures and the public page begin with the first letter. This campaign was begun before that was so." }
            div.buttons { (layout::button(visit, &format!("/campaigns/{}/open", id.0), "Open the campaign now", "other")) }
        }
    })
}

/// Begins to send.
///
/// # Errors
/// No window was chosen, or the campaign is not approved.
pub fn begin(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let mut problems = Problems::default();
    let minutes = problems.choice(&visit.form, "minutes", "Choose the time in which they can be called back", |text| {
        WINDOWS.iter().find(|(one, _)| *one == text).and_then(|(one, _)| one.parse::<u32>().ok())
    });
    let Some(minutes) = minutes else { return Err(problems.into()) };
    visit.act(&|state, order| decide::begin_sending(state, order, id, minutes))?;
    see(format!("/campaigns/{}/send", id.0), "")
}

/// Calls the letters back.
///
/// # Errors
/// No reason is given, or a letter is out.
pub fn recall(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let reason = reason(&visit.form, "reason")?;
    visit.act(&|state, order| decide::recall(state, order, id, reason.clone()))?;
    see(format!("/campaigns/{}", id.0), "The letters are called back")
}

/// What is ticked, and why: for letters that are not to leave.
fn ticked_with_reason(visit: &Visit, field: &str, reason_field: &str) -> Result<(Vec<RecipientId>, Remark), Problems> {
    let mut problems = Problems::default();
    let recipients: Vec<RecipientId> = visit.form.all(field).filter_map(|number| number.parse().ok()).map(RecipientId).collect();
    if recipients.is_empty() {
        problems.add(field, "Tick at least one");
    }
    match (problems.needed::<Remark>(&visit.form, reason_field, "Say why"), recipients.is_empty()) {
        (Some(reason), false) => Ok((recipients, reason)),
        _ => Err(problems),
    }
}

/// Holds letters back.
///
/// # Errors
/// None was ticked, no reason is given, or one has left.
pub fn hold_back(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let (recipients, reason) = ticked_with_reason(visit, "hold", "hold_reason")?;
    visit.act(&|state, order| decide::hold_back(state, order, &recipients, reason.clone()))?;
    see(format!("/campaigns/{}/send", id.0), &format!("{} held back", layout::counted(recipients.len(), "letter is", "letters are")))
}

/// Leaves bodies out whose letters have not left.
///
/// # Errors
/// None was ticked, no reason is given, or a letter has left.
pub fn leave_out(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let (recipients, reason) = ticked_with_reason(visit, "leave", "leave_reason")?;
    visit.act(&|state, order| decide::leave_out(state, order, &recipients, reason.clone()))?;
    see(format!("/campaigns/{}/send", id.0), &format!("{} left out", layout::counted(recipients.len(), "body is", "bodies are")))
}

/// Lets a letter go that was held back.
///
/// # Errors
/// It is not held back.
pub fn let_go(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let campaign = visit.app.office.known().state.recipient(id).map(|it| it.campaign).ok_or(Refusal::NotFound)?;
    visit.act(&|state, order| decide::let_go(state, order, id))?;
    see(format!("/campaigns/{}/send", campaign.0), "The letter may leave")
}

/// Opens a campaign whose first letters left before campaigns opened with the first.
///
/// # Errors
/// None has left, or it is open.
pub fn open(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    visit.act(&|state, order| decide::open(state, order, id))?;
    see(format!("/campaigns/{}", id.0), "The campaign is open")
}

/// Logs letters that were sent by hand; with the first one the campaign opens.
///
/// # Errors
/// None was ticked, or the recall window is open.
pub fn log_out(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let mut problems = Problems::default();
    let recipients: Vec<RecipientId> = visit.form.all("recipient").filter_map(|number| number.parse().ok()).map(RecipientId).collect();
    if recipients.is_empty() {
        problems.add("recipient", "Tick at least one letter");
    }
    let on = problems.day(&visit.form, "on", "Enter the day");
    let channel = problems.choice(&visit.form, "channel", "Choose how they were sent", |text| match text {
        "email" => Some(Channel::Email),
        "post" => Some(Channel::Post),
        _ => None,
    });
    let (Some(on), Some(channel), true) = (on, channel, problems.is_empty()) else { return Err(problems.into()) };
    visit.act_now(&|state, order| log_letters(state, order, id, &recipients, channel, on))?;
    see(format!("/campaigns/{}", id.0), &format!("{} logged as sent", layout::counted(recipients.len(), "letter is", "letters are")))
}

/// All letters that may leave, as one file.
///
/// # Errors
/// The recall window is open, or a letter has a gap.
pub fn take(visit: &Visit) -> Answer {
    // Setting many letters takes a while, and nobody who writes should wait for it.
    let (state, people) = {
        let known = visit.app.office.known();
        (known.state.clone(), known.people.clone())
    };
    let id = CampaignId(visit.part("campaign")?);
    let campaign = state.campaign(id).ok_or(Refusal::NotFound)?;
    let ready_to_go: Vec<RecipientId> = match campaign.stage {
        Stage::Sending => decide::letters_to_send(&state, id, visit.now()),
        Stage::Open | Stage::Paused => match decide::letters_to_send(&state, id, visit.now()) {
            left if left.is_empty() => state.recipients_of(id).map(|(recipient, _)| recipient).collect(),
            left => left,
        },
        Stage::Closed | Stage::Archived => state.recipients_of(id).map(|(recipient, _)| recipient).collect(),
        _ => Vec::new(),
    };
    if ready_to_go.is_empty() {
        return Err(Problems::one("", "No letter may leave yet: they are not approved, or can still be called back").into());
    }
    let mail = visit.app.ws.settings().office_mail();
    let desk = PageDesk(&visit.app);
    let outbox = mail
        .as_deref()
        .map(|mail| Ok::<_, Refusal>(Outbox { ws: &visit.app.ws, mail, people: &people, desk: &desk, by: visit.person()? }))
        .transpose()?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let writing = |error: &dyn std::fmt::Display| Problem::while_doing("packing the letters", error);
    let mut add = |name: String, bytes: &[u8]| -> Result<(), Refusal> {
        out.start_file(name, SimpleFileOptions::default()).map_err(|error| writing(&error))?;
        Ok(out.write_all(bytes).map_err(|error| writing(&error))?)
    };
    let mut list = Spreadsheet::new(&["body", "address", "subject", "folder"])?;
    for recipient_id in ready_to_go {
        let Some(recipient) = state.recipient(recipient_id) else { continue };
        let name = state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
        let contact = recipient.contact.and_then(|id| state.contact(id));
        let person = contact.and_then(|contact| people.get(contact.person.as_str()));
        // One message holds the letter in all its languages; it lies with that of the contact, or with the only one.
        let of_message =
            contact.map(|contact| contact.language).filter(|it| recipient.letters.contains_key(it)).or(recipient.letters.keys().next().copied());
        let out = recipient.letter.filter(|_| !recipient.letter_came_back()).and_then(|letter| state.communication(letter));
        for (language, merged) in &recipient.letters {
            if traces::erased(&visit.app.ws, merged.letter)?.is_some() {
                continue;
            }
            let on = out.map_or_else(|| visit.today(), |letter| letter.on);
            let letter = dated(letters_read::read(visit, merged.letter)?, due_in_letter(&state, recipient_id, out, on), on);
            let letter = ready(&letter, visit.app.office_name()).map_err(Problem::new)?;
            let folder = format!("{}-{}", file_name(name), language.code());
            add(format!("{folder}/letter.html"), headwater_publish::letter_page(&letter).as_bytes())?;
            add(format!("{folder}/letter.txt"), letter.plain().as_bytes())?;
            // Whoever has no address for mail gets theirs by post.
            if of_message == Some(*language)
                && let Some(outbox) = &outbox
                && let Ok(message) = outbox.message(&state, Errand::Letter(recipient_id), Way::ByHand)
            {
                add(format!("{folder}/letter.eml"), &message.bytes)?;
            }
            #[cfg(feature = "pdf")]
            add(
                format!("{folder}/letter.pdf"),
                &headwater_publish::letter_pdf(&letter).map_err(|error| Problem::while_doing("setting a letter", error))?,
            )?;
            list.row(&[name, person.and_then(|person| person.email.as_deref()).unwrap_or_default(), letter.title(), &folder])?;
        }
    }
    add("letters.csv".to_owned(), &list.bytes()?)?;
    let bytes = out.finish().map_err(|error| writing(&error))?.into_inner();
    let title = campaign.brief.title.to_string();
    visit.log("audit.exported", json!({"what": "letters", "campaign": id.0}))?;
    Ok(Reply::File(format!("letters-{}.zip", file_name(&title)), "application/zip", bytes))
}

/// A name as part of a file's name.
pub fn file_name(name: &str) -> String {
    let plain: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }).collect();
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").chars().take(60).collect()
}
