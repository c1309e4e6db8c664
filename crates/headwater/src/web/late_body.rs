//! A letter that is read by itself: that of a body which was put on a campaign that is open, and that which came back and is made
//! anew for another contact. A second person approves it, or sends it back.

use std::collections::{BTreeMap, BTreeSet};

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::Recipient;
use headwater_prevention::exchange::decide::campaigns::gaps_of;
use headwater_prevention::exchange::decide::joining;
use headwater_prevention::exchange::id::RecipientId;
use headwater_prevention::exchange::letter::template::LetterTemplate;
use headwater_prevention::exchange::letter::values::{FieldValues, read_values};
use headwater_prevention::exchange::words::Remark;
use maud::html;

use super::access::Right;
use super::form::Problems;
use super::form::reason;
use super::layout::{self, area, facts, line, text};
use super::letter_form::{is_of_a_body, label};
use super::letters::Values;
use super::recipients::{contact_words, duty_words};
use super::upload;
use super::visit::{Answer, Refusal, Visit, page, see};
use super::{letters, letters_read};
use crate::problem::Problem;
use crate::store::records::Put;

/// Whether the letters of a recipient were made for somebody other than whom it is written to now.
pub fn names_another(recipient: &Recipient) -> bool {
    recipient.letters_name.is_some_and(|named| Some(named) != recipient.contact)
}

/// The fields of its letter, the letter, and the order that approves it.
///
/// # Errors
/// There is no such recipient, or its letter cannot be read.
pub fn ask(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let (fields, version) = late_fields(visit, id)?;
    // The seal first: if the letter is made anew meanwhile, what is approved is refused.
    let (campaign_id, seal) = {
        let known = visit.app.office.known();
        let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
        (recipient.campaign, recipient.seal())
    };
    let letter = letters_read::of_one(visit, campaign_id, id)?;
    let has_own_words = letters::values_of(visit, campaign_id)?.0.late_words.contains_key(&id.0);
    let me = visit.person()?;
    let known = visit.app.office.known();
    let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    let name = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let gaps = gaps_of(&known.state, campaign, recipient);
    let is_first = recipient.joining.as_ref().is_some_and(|hands| hands.contains(&me));
    let at = |what: &str| format!("/recipients/{}/{what}", id.0);
    let asked: Vec<&str> = recipient.asks().filter_map(|(item, _)| Some(campaign.items.get(item.index())?.as_ref()?.title.as_str())).collect();
    let inside = html! {
        input type="hidden" name="version" value=(visit.value("version", version.to_string()));
        @for (field, label, value) in &fields {
            @let hint = if field.starts_with("local.") { "May be empty: then its paragraph is left out" } else { "Where it is empty, what is known of the contact" };
            @if field.starts_with("contact.") && !field.starts_with("contact.address") { (line(visit, "text", field, label, hint, value, "off")) }
            @else { (area(visit, field, label, hint, value)) }
        }
    };
    let main = html! {
        @if recipient.joining.is_none() && recipient.letter_came_back() {
            (facts(&[("Written to", html! { (recipient.contact.map_or_else(|| "nobody yet".to_owned(), |contact| contact_words(&known, contact))) ". " @if visit.may(Right::Prepare) { a href=(at("contact")) { "Choose another contact" } } })]))
            p { "The letter came back. "
                @if names_another(recipient) { "It names " (recipient.letters_name.map_or_else(String::new, |contact| contact_words(&known, contact))) ", who is not written to any more. " }
                "Made anew, it names whoever is written to now; a second person reads it, and then it leaves by itself." }
            @if visit.may(Right::Prepare) { (layout::order(visit, &at("anew"), "Make the letter anew", &html! {})) }
        }
        @else if recipient.joining.is_none() { p { "Its letter is one of the campaign\u{2019}s. " a href={ "/campaigns/" (recipient.campaign.0) "/letters" } { "All letters" } } }
        @else {
            (facts(&[
                ("Written to", html! { (recipient.contact.map_or_else(|| "nobody yet".to_owned(), |contact| contact_words(&known, contact))) ". " @if visit.may(Right::Prepare) { a href=(at("contact")) { "Choose another contact" } } }),
                ("Duty to co-operate", html! { (duty_words(recipient.duty_applies)) ". " @if recipient.letter_sent.is_none() && visit.may(Right::Prepare) { a href=(at("terms")) { "Change duty and items" } } }),
                ("Asked for", html! { (asked.join(", ")) }),
            ]))
            @if has_own_words { p { "Its words are its own: they are not those of the campaign\u{2019}s other letters." } }
            @if let Some(why) = &recipient.returned { p.warning { "A second person sent it back: " (why) } }
            @if !gaps.is_empty() { h2 { "What is missing" } ul { @for gap in &gaps { li { (layout::sentence(gap)) } } } }
            @if visit.may(Right::Prepare) {
                // Whoever comes to approve it should not make it by mistake: they could not approve it then.
                @if gaps.is_empty() { (layout::fold(visit, &at("letter"), "Change the letter", &layout::order(visit, &at("letter"), "Make the letter", &inside))) }
                @else {
                    h2 { "The letter" }
                    p { "What is the same in all letters stands there already." }
                    (layout::order(visit, &at("letter"), "Make the letter", &inside))
                }
                p { a href=(at("letter/words")) { "Change the words of this letter alone" } }
            }
        }
        (letter)
        @if recipient.joining.is_some() && gaps.is_empty() {
            h2 { "Approval by a second person" }
            @if is_first { p.warning { "You put this body on the campaign or made its letter. Somebody else has to approve it." } }
            @else if !visit.may(Right::Approve) { p.warning { "Approving is for " (Right::Approve.whose()) "." } }
            @else { (layout::order(visit, &at("approve"), "Approve this letter", &html! { p { "Read it above. If it is changed afterwards, it has to be approved again." } input type="hidden" name="seal" value=(seal); })) }
            @if visit.may(Right::Approve) { (layout::fold(visit, &at("send-back"), "Send it back to be changed", &layout::order(visit, &at("send-back"), "Send it back", &text(visit, "reason", "What is to be changed", "Kept in the log", "")))) }
        }
    };
    let (campaign_page, recipients) = (format!("/campaigns/{}", recipient.campaign.0), format!("/campaigns/{}/recipients", recipient.campaign.0));
    let trail = [("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), campaign_page.as_str()), ("Who is asked", recipients.as_str())];
    page(layout::page(visit, &format!("The letter to {name}"), &trail, &main))
}

/// Makes its letter.
///
/// # Errors
/// Somebody else saved meanwhile, or it is approved already.
pub fn make(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    make_late(visit, id)?;
    see(format!("/recipients/{}/letter", id.0), "The letter is made. Read it, and have a second person approve it")
}

/// Approves its letter, under the seal of what was read.
///
/// # Errors
/// They are the first person, or it was changed meanwhile.
pub fn approve(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let seal = visit.form.text("seal").parse().map_err(|error: String| Problems::one("", error))?;
    visit.act(&|state, order| joining::approve(state, order, id, seal))?;
    let campaign = visit.app.office.known().state.recipient(id).map_or(0, |it| it.campaign.0);
    see(format!("/campaigns/{campaign}/send"), "The letter is approved, and may leave")
}

/// Sends its letter back.
///
/// # Errors
/// No reason is given, or there is no letter.
pub fn send_back(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let reason = reason(&visit.form, "reason")?;
    visit.act(&|state, order| joining::send_back(state, order, id, reason.clone()))?;
    see(format!("/recipients/{}/letter", id.0), "The letter is sent back")
}

/// Begins the letter anew that came back.
///
/// # Errors
/// It did not come back, nobody is written to now, or somebody else changed it meanwhile.
pub fn anew(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let why: Remark = "the letter came back".parse().map_err(Problem::new)?;
    visit.act(&|state, order| joining::reopen(state, order, id, why.clone()))?;
    see(format!("/recipients/{}/letter", id.0), "The letter is open. Now make it")
}

/// A field of a letter, its label, and what was given for it.
type LateField = (String, String, String);

/// The fields that differ from body to body in the letter of a campaign, and which languages they are in: what is for the Welsh
/// letter alone is marked. With what was given for this recipient, and the version of the record. Of a letter that came back the
/// words about its contact are not taken over: they name whoever was written to then.
fn late_fields(visit: &Visit, id: RecipientId) -> Result<(Vec<LateField>, i64), Refusal> {
    let (campaign, languages, body, names_another) = {
        let known = visit.app.office.known();
        let campaign = known.state.recipient(id).map(|recipient| recipient.campaign).ok_or(Refusal::NotFound)?;
        let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
        let body = known.state.body(recipient.body).ok_or(Refusal::NotFound)?;
        let mut languages = known.state.campaign(campaign).ok_or(Refusal::NotFound)?.brief.languages.clone();
        languages.retain(|language| body.entry.languages.contains(language));
        (campaign, languages, body.entry.name.to_string(), recipient.letter_sent.is_some() && names_another(recipient))
    };
    let (values, version) = letters::values_of(visit, campaign)?;
    let template = letters::template(&values.words_to(id))?;
    let of_body = template.fields().into_iter().filter(|field| is_of_a_body(field) && *field != "body.name");
    let in_each = of_body.flat_map(|field| {
        let called = label(&template, field);
        let welsh = languages.contains(&Language::Cy).then(|| (format!("{field}:cy"), format!("{called}, in Welsh")));
        std::iter::once((field.to_owned(), called)).chain(welsh)
    });
    let given = values.late.get(&id.0).cloned().unwrap_or_else(|| row_of(&values.rows, &template, &body));
    let with_value = |(field, label): (String, String)| {
        let value = given.get(&field).filter(|_| !(names_another && field.starts_with("contact."))).cloned().unwrap_or_default();
        (field, label, value)
    };
    Ok((in_each.map(with_value).collect(), version))
}

/// What was given for one recipient, or else what the file of values says of its body.
///
/// # Errors
/// There is no such recipient, or its fields cannot be read.
pub fn given(visit: &Visit, id: RecipientId) -> Result<BTreeMap<String, String>, Refusal> {
    let (fields, _) = late_fields(visit, id)?;
    Ok(fields.into_iter().filter(|(.., value)| !value.is_empty()).map(|(field, _, value)| (field, value)).collect())
}

/// What the file of values says of one body, as the form of its letter asks for it.
fn row_of(rows: &str, template: &LetterTemplate, body: &str) -> BTreeMap<String, String> {
    let mut given = BTreeMap::new();
    let table = read_values(rows.as_bytes(), template, &BTreeSet::from([body.to_owned()]));
    let Some(row) = table.rows.get(body) else { return given };
    for field in template.fields() {
        let english = row.get(Language::En, field).unwrap_or_default();
        let welsh = row.get(Language::Cy, field).filter(|welsh| *welsh != english);
        given.extend([(field.to_owned(), english.to_owned())]);
        given.extend(welsh.map(|welsh| (format!("{field}:cy"), welsh.to_owned())));
    }
    given
}

/// Makes the letters of a recipient that joins a campaign which is open, or whose letter came back: with the fields that are the same in all letters as they
/// stand, and its own as the form gives them.
fn make_late(visit: &Visit, id: RecipientId) -> Result<(), Refusal> {
    let given: BTreeMap<String, String> = late_fields(visit, id)?
        .0
        .into_iter()
        .map(|(field, ..)| (field.clone(), visit.form.text(&field).to_owned()))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect();
    let campaign = {
        let known = visit.app.office.known();
        known.state.recipient(id).filter(|recipient| recipient.joining.is_some()).ok_or(Refusal::NotFound)?.campaign
    };
    let (mut values, _) = letters::values_of(visit, campaign)?;
    values.late.insert(id.0, given);
    save_and_merge(visit, id, &values)
}

/// Saves what is written for the letters of a campaign, and makes that of a recipient whose letter is read by itself.
///
/// # Errors
/// Somebody else saved meanwhile, or the letter is approved already.
pub fn save_and_merge(visit: &Visit, id: RecipientId, values: &Values) -> Result<(), Refusal> {
    let campaign = visit.app.office.known().state.recipient(id).ok_or(Refusal::NotFound)?.campaign;
    let body = serde_json::to_string(values).map_err(|error| Problem::while_doing("writing the fields of the letter", error))?;
    let seen = visit.form.text("version").parse().unwrap_or(-1);
    if visit.app.ws.records().put(letters::LETTER, &campaign.0.to_string(), seen, &body)? == Put::ChangedMeanwhile {
        return Err(Problems::one(
            "",
            "Somebody else saved fields of this campaign meanwhile. Open the page in a second window, compare, and save from there",
        )
        .into());
    }
    let mut own = FieldValues::default();
    for (field, value) in values.late.get(&id.0).into_iter().flatten() {
        match field.strip_suffix(":cy") {
            Some(field) => own.set_in(Language::Cy, field, value),
            None => own.set(field, value),
        }
    }
    let (template, link) = (letters::template(&values.words_to(id))?, upload::new_link(visit, id)?);
    let merged = {
        let known = visit.app.office.known();
        let recipient = known.state.recipient(id).ok_or(Refusal::NotFound)?;
        let campaign = known.state.campaign(campaign).ok_or(Refusal::NotFound)?;
        letters::merged(visit, &known, campaign, recipient, (&template, &values.office), own, &link)
    };
    let letters = letters::kept(visit, merged)?;
    visit.act_now(&|state, order| joining::merge(state, order, id, letters.clone()))?;
    Ok(())
}
