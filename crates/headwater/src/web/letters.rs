//! The letter of a campaign: its fields, one letter for each recipient, and all of them to read before anything leaves.
//!
//! The values that fill it may name people. They stand in an erasable record of kind `letter`; the letters themselves are
//! blobs, which the log names by their hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::{Campaign, MergedLetter, PublishPolicy, Recipient, Stage};
use headwater_prevention::exchange::clock::{Length, Start};
use headwater_prevention::exchange::decide::{Decision, campaigns as decide, together};
use headwater_prevention::exchange::id::{BlobHash, CampaignId, ItemId, RecipientId};
use headwater_prevention::exchange::letter::SHIPPED_REQUEST;
use headwater_prevention::exchange::letter::merge::{Letter, LetterBlock, Run, merge};
use headwater_prevention::exchange::letter::template::LetterTemplate;
use headwater_prevention::exchange::letter::values::{FieldValues, LateField, read_values};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::access::Right;
use super::campaigns;
use super::form::Problems;
use super::layout::{self, area, files, line};
use super::office::Known;
use super::traces;
use super::upload;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::problem::Problem;
use crate::store::records::Put;

const LETTER: &str = "letter";

/// Fields that the program fills by itself, unless the office says otherwise.
const BY_ITSELF: [&str; 11] = [
    "campaign.title",
    "campaign.date",
    "campaign.due",
    "campaign.reply_address",
    "campaign.upload_link",
    "office.name",
    "office.address",
    "office.plan_priority",
    "body.name",
    "contact.name",
    "contact.salutation",
];

/// The office's own fields that may read otherwise in Welsh, though the program fills them.
const ALSO_IN_WELSH: [&str; 3] = ["campaign.title", "office.name", "office.plan_priority"];

/// What the office wrote into the fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Values {
    /// The office's own fields, the same in all letters; under `field:cy` what the Welsh letter says instead.
    office: BTreeMap<String, String>,
    /// The CSV file with a row for each body, as it was given.
    rows: String,
}

fn values(visit: &Visit, id: CampaignId) -> Result<(Values, i64), Refusal> {
    match visit.app.ws.records().get(LETTER, &id.0.to_string())? {
        Some(record) => {
            let values = serde_json::from_str(&record.body).map_err(|error| Problem::while_doing("reading the fields of the letter", error))?;
            Ok((values, record.version))
        }
        None => Ok((Values::default(), 0)),
    }
}

/// The letter that comes with the program, as it reads for a campaign that does so with its answers.
fn template(policy: PublishPolicy) -> Result<LetterTemplate, Refusal> {
    Ok(LetterTemplate::read(SHIPPED_REQUEST).map_err(Problem::new)?.under(policy))
}

/// The office's own fields in the order of the alphabet: those that do not differ from body to body, and that the settings
/// do not fill.
fn office_fields(visit: &Visit, template: &LetterTemplate) -> Vec<String> {
    let settings = visit.app.ws.settings();
    let own = |field: &&str| !["body.", "contact.", "local."].iter().any(|part| field.starts_with(part));
    let is_filled = |field: &str| match field {
        "office.address" => settings.publisher.address.is_some(),
        "campaign.reply_address" => settings.office_address().is_some(),
        _ => BY_ITSELF.contains(&field),
    };
    template.fields().into_iter().filter(own).filter(|field| !is_filled(field)).map(str::to_owned).collect()
}

/// "office.signatory_role" as "Office: signatory role".
fn label(field: &str) -> String {
    layout::sentence(&field.replacen('.', ": ", 1).replace('_', " ")).trim_end_matches('.').to_owned()
}

/// The fields of the letter.
///
/// # Errors
/// There is no such campaign.
pub fn fields(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let template = template(campaign.brief.publish_policy)?;
    let (values, version) = values(visit, id)?;
    let back = format!("/campaigns/{}", id.0);
    let per_body: Vec<&str> =
        template.fields().into_iter().filter(|field| ["contact.", "local."].iter().any(|part| field.starts_with(part))).collect();
    let inside = html! {
        input type="hidden" name="version" value=(visit.value("version", version.to_string()));
        h2 { "The same in all letters" }
        @if visit.app.ws.settings().office_address().is_none() {
            p.warning { "The office has no e-mail address yet. With " code { "email" } " under " code { "[publisher]" } ", or " code { "address" } " under " code { "[mail]" } ", in headwater.toml each body gets a reply address of its own, and its replies find their way by themselves. Without it, give one address for all below." }
        }
        @for field in office_fields(visit, &template) {
            @let stands = values.office.get(&field).map_or("", String::as_str);
            @if field.starts_with("review.") || field.starts_with("evidence.") { (area(visit, &field, &label(&field), "", stands)) }
            @else { (line(visit, "text", &field, &label(&field), "", stands, "off")) }
        }
        @if campaign.brief.languages.contains(&Language::Cy) { (in_welsh(visit, &template, campaign, &values)) }
        h2 { "One row for each body" }
        p { "A CSV file with the column " code { "body" } " and any of these: " @for (place, field) in per_body.iter().enumerate() { @if place > 0 { ", " } code { (field) } } ". A paragraph whose field is empty for a body is left out of its letter."
            @if campaign.brief.languages.contains(&Language::Cy) { " A column such as " code { "local.paragraph:cy" } " or " code { "body.name:cy" } " is for the Welsh letter." }
        }
        (files(visit, "file", "CSV file", "It takes the place of what stands below"))
        (area(visit, "rows", "The rows", "", &values.rows))
    };
    let main = html! {
        p { "The letter follows the order of the Commissioner's letter of 13 October 2020: the ground, the priority of the plan, why, a paragraph for the area, what is asked for, a named co-ordinator, two reviews worth reading. Title, names, what is asked of each body, addresses for replies and files are filled in by the program; the date and the last day for answers when the letter leaves." }
        @if campaign.stage == Stage::Draft && visit.may(Right::Prepare) { (layout::order_with_files(visit, &format!("{back}/letter"), "Save, and make the letters", &inside)) }
        @else { p { "The letters can no longer be changed: the campaign is " (campaign.stage.words()) "." } }
        p { a href={ (back) "/letters" } { "Read the letters" } }
    };
    page(layout::page(visit, "The letter", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

/// Saves the fields and makes a letter for each recipient.
///
/// # Errors
/// What is wrong with the rows, or somebody else saved meanwhile.
pub fn make(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let mut rows = visit.form.text("rows").to_owned();
    if let Some(sent) = visit.files.iter().find(|sent| sent.field == "file") {
        rows = String::from_utf8(sent.staged.bytes()?)
            .map_err(|_| Problems::one("file", "The file is not UTF-8: save it as \u{201c}CSV UTF-8\u{201d}"))?;
    }
    let (template, names, own): (LetterTemplate, BTreeSet<String>, Vec<String>) = {
        let known = visit.app.office.known();
        let (_, campaign) = campaigns::of(visit, &known)?;
        let template = template(campaign.brief.publish_policy)?;
        let own = office_fields(visit, &template);
        let in_welsh = welsh_fields(&own, campaign).map(|(field, _)| field);
        let own = in_welsh.chain(own.iter().cloned()).collect();
        let names = known
            .state
            .recipients_of(id)
            .filter_map(|(_, recipient)| known.state.body(recipient.body))
            .map(|body| body.entry.name.to_string())
            .collect();
        (template, names, own)
    };
    let table = if rows.trim().is_empty() { Default::default() } else { read_values(rows.as_bytes(), &template, &names) };
    if !table.problems.is_empty() {
        return Err(Problems(table.problems.into_iter().take(20).map(|problem| ("rows".to_owned(), layout::sentence(&problem))).collect()).into());
    }
    let office = own
        .into_iter()
        .filter(|field| !visit.form.text(field).is_empty())
        .map(|field| {
            let value = visit.form.text(&field).to_owned();
            (field, value)
        })
        .collect();
    let values = Values { office, rows };
    let body = serde_json::to_string(&values).map_err(|error| Problem::while_doing("writing the fields of the letter", error))?;
    let seen = visit.form.text("version").parse().unwrap_or(-1);
    if visit.app.ws.records().put(LETTER, &id.0.to_string(), seen, &body)? == Put::ChangedMeanwhile {
        return Err(Problems::one("", "Somebody else saved this letter meanwhile. What you typed still stands here: open the page in a second window, compare, and save from there").into());
    }
    let (n_letters, n_gaps) = merge_all(visit, id, &template, &values.office, &table.rows)?;
    let said = if n_gaps == 0 {
        format!("{} made; nothing is missing in them", layout::counted(n_letters, "letter", "letters"))
    } else {
        format!("{} made; fields are missing in {n_gaps}", layout::counted(n_letters, "letter", "letters"))
    };
    see(format!("/campaigns/{}/letters", id.0), &said)
}

fn merge_all(
    visit: &Visit,
    id: CampaignId,
    template: &LetterTemplate,
    own: &BTreeMap<String, String>,
    rows: &BTreeMap<String, FieldValues>,
) -> Result<(usize, usize), Refusal> {
    let template_hash = keep(visit, SHIPPED_REQUEST.as_bytes())?;
    let mut letters: Vec<(RecipientId, Language, MergedLetter)> = Vec::new();
    let languages;
    {
        let recipients: Vec<RecipientId> = visit.app.office.known().state.recipients_of(id).map(|(recipient, _)| recipient).collect();
        let links: BTreeMap<RecipientId, String> =
            recipients.into_iter().map(|recipient| Ok((recipient, upload::new_link(visit, recipient)?))).collect::<Result<_, Refusal>>()?;
        let known = visit.app.office.known();
        let campaign = known.state.campaign(id).ok_or(Refusal::NotFound)?;
        languages = campaign.brief.languages.clone();
        let office = office_values(visit, campaign, own);
        for (recipient_id, recipient) in known.state.recipients_of(id) {
            let Some(body) = known.state.body(recipient.body) else { continue };
            let mut values = rows.get(body.entry.name.as_str()).cloned().unwrap_or_default();
            fill(visit, &known, recipient, links.get(&recipient_id).map_or("", String::as_str), &mut values);
            asks(template, campaign, recipient, own, &mut values);
            for language in languages.iter().filter(|language| body.entry.languages.contains(language)) {
                let Some((letter, missing)) = merge(template, *language, &office, &values) else { continue };
                let bytes = serde_json::to_vec(&letter).map_err(|error| Problem::while_doing("writing a letter", error))?;
                let hash = keep(visit, &bytes)?;
                letters.push((
                    recipient_id,
                    *language,
                    MergedLetter { letter: hash, values: hash, n_missing: u16::try_from(missing.len()).unwrap_or(u16::MAX) },
                ));
            }
        }
    }
    let (n, n_gaps) = (letters.len(), letters.iter().filter(|(_, _, merged)| merged.n_missing > 0).count());
    let write =
        |language: Language| -> Decision<'_> { Box::new(move |state, order| decide::write_letter(state, order, id, language, template_hash)) };
    let mut all: Vec<Decision<'_>> = languages.into_iter().filter(|language| template.languages.contains(language)).map(write).collect();
    all.push(Box::new(|state, order| decide::merge_letters(state, order, id, letters.clone())));
    visit.act_now(&|state, order| together(state, order, &all))?;
    Ok((n, n_gaps))
}

fn keep(visit: &Visit, bytes: &[u8]) -> Result<BlobHash, Refusal> {
    visit.app.ws.blobs().put(&mut &*bytes)?;
    Ok(BlobHash::of(bytes))
}

fn office_values(visit: &Visit, campaign: &Campaign, own: &BTreeMap<String, String>) -> FieldValues {
    let publisher = &visit.app.ws.settings().publisher;
    let mut values = FieldValues::default();
    values.set("campaign.title", campaign.brief.title.as_str());
    // The day is that on which the letter leaves, and so is the beginning of a clock that starts with it.
    values.leave(LateField::Sent);
    let clock = &campaign.brief.clock;
    if clock.start == Start::Sent && clock.length != Length::NoLimit {
        values.leave(LateField::Due);
    }
    values.set("office.name", visit.app.office_name());
    values.set("office.address", publisher.address.as_deref().unwrap_or_default());
    values.set("office.plan_priority", campaign.brief.plan_priority.as_str());
    for (field, value) in own {
        match field.strip_suffix(":cy") {
            Some(field) => values.set_in(Language::Cy, field, value),
            None => values.set(field, value),
        }
    }
    values
}

/// What is asked of one recipient, in the order of the campaign's items: in English as it stands there, in Welsh as the office
/// or the template says.
fn asks(template: &LetterTemplate, campaign: &Campaign, recipient: &Recipient, own: &BTreeMap<String, String>, values: &mut FieldValues) {
    let asked = recipient.asks().filter_map(|(item, _)| Some((item, campaign.items.get(item.index())?.as_ref()?)));
    for (number, (id, item)) in (1..).zip(asked) {
        let field = format!("ask.{number}");
        values.set_in(Language::En, &field, &item.in_a_letter());
        let welsh = own.get(&welsh_ask(id)).or_else(|| template.welsh_asks.get(item.title.as_str()));
        values.set_in(Language::Cy, &field, welsh.map_or("", String::as_str));
    }
}

/// The field in which the office says an item in Welsh.
fn welsh_ask(item: ItemId) -> String {
    format!("item.{}:cy", item.0)
}

/// The fields that may read otherwise in Welsh, each with the mark of its language and a label.
fn welsh_fields(own: &[String], campaign: &Campaign) -> impl Iterator<Item = (String, String)> {
    let fields = ALSO_IN_WELSH.into_iter().chain(own.iter().map(String::as_str)).map(|field| (format!("{field}:cy"), label(field)));
    let items = campaign.items.iter().enumerate().filter_map(|(number, item)| Some((ItemId(u16::try_from(number).ok()?), item.as_ref()?)));
    let items = items.map(|(id, item)| (welsh_ask(id), format!("Asked for: {}", item.title)));
    fields.chain(items).collect::<Vec<_>>().into_iter()
}

/// The part of the form that is for the Welsh letter.
fn in_welsh(visit: &Visit, template: &LetterTemplate, campaign: &Campaign, values: &Values) -> Markup {
    html! {
        h2 { "In the Welsh letter" }
        @if template.unchecked.contains(&Language::Cy) { (unchecked()) }
        p { "What is empty here reads as above, in English: names and addresses may, sentences should not. Dates are written in Welsh by the program." }
        @for (field, label) in welsh_fields(&office_fields(visit, template), campaign) {
            @let item = field.trim_end_matches(":cy").strip_prefix("item.").and_then(|number| campaign.items.get(number.parse::<usize>().ok()?)?.as_ref());
            @let shipped = item.and_then(|item| template.welsh_asks.get(item.title.as_str())).map_or("", String::as_str);
            @let stands = values.office.get(&field).map_or(shipped, String::as_str);
            @let label = format!("{label}, in Welsh");
            @if item.is_some() || field.starts_with("review.") || field.starts_with("evidence.") { (area(visit, &field, &label, "", stands)) }
            @else { (line(visit, "text", &field, &label, "", stands, "off")) }
        }
    }
}

/// That nobody has checked the Welsh that comes with the program.
fn unchecked() -> Markup {
    html! {
        p.warning { "The Welsh text that comes with the program has not been checked by anybody whose language it is. Let somebody read a letter before they are approved." }
    }
}

/// What the program knows of one recipient; a row of the file comes first.
fn fill(visit: &Visit, known: &Known, recipient: &Recipient, link: &str, values: &mut FieldValues) {
    let person = recipient.contact.and_then(|id| known.state.contact(id)).and_then(|contact| known.people.get(contact.person.as_str()));
    let body = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
    let reply = visit.app.reply_address(recipient.reply_token.as_str()).unwrap_or_default();
    let of_person = |of: fn(&crate::people::Person) -> Option<&str>| person.and_then(of).unwrap_or_default();
    for (field, value) in [
        ("body.name", body),
        ("contact.name", person.map_or("", |person| &person.name)),
        ("contact.salutation", of_person(|person| person.salutation.as_deref().or(Some(&person.name)))),
        ("contact.address", of_person(|person| person.postal_address.as_deref().or(person.email.as_deref()))),
        ("campaign.reply_address", &reply),
        ("campaign.upload_link", link),
    ] {
        for language in Language::ALL {
            if values.get(language, field).is_none() {
                values.set_in(language, field, value);
            }
        }
    }
}

/// The merged letter of a hash.
///
/// # Errors
/// It is not there, or is none.
pub fn read(visit: &Visit, hash: BlobHash) -> Result<Letter, Refusal> {
    let mut bytes = Vec::new();
    visit.app.ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a letter", &error))?;
    Ok(serde_json::from_slice(&bytes).map_err(|error| Problem::while_doing("reading a letter", error))?)
}

/// All letters of a campaign, whole, each with what is missing in it.
///
/// # Errors
/// There is no such campaign, or a letter cannot be read.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let back = format!("/campaigns/{}", id.0);
    let main = html! {
        (all(visit, &known, id)?)
        p { a href=(back) { "Back to the campaign" } }
    };
    page(layout::page(visit, "All letters", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

/// All letters of a campaign: a list that leads to each, then each.
///
/// # Errors
/// A letter cannot be read.
pub fn all(visit: &Visit, known: &Known, id: CampaignId) -> Result<Markup, Refusal> {
    let mut found: Vec<(RecipientId, String, Language, Letter)> = Vec::new();
    let mut erased = Vec::new();
    for (recipient_id, recipient) in known.state.recipients_of(id) {
        let name = known.state.body(recipient.body).map_or_else(String::new, |body| body.entry.name.to_string());
        let first = found.len();
        for (language, merged) in &recipient.letters {
            match traces::erased(&visit.app.ws, merged.letter)? {
                Some(it) => erased.push((name.clone(), it)),
                None => found.push((recipient_id, name.clone(), *language, read(visit, merged.letter)?)),
            }
        }
        // The one in the language of the contact first: so they go out, too.
        let own = recipient.contact.and_then(|id| known.state.contact(id)).map(|contact| contact.language);
        found[first..].sort_by_key(|(_, _, language, _)| Some(*language) != own);
    }
    let gaps = |letter: &Letter| -> BTreeSet<String> {
        runs(letter).filter_map(|run| if let Run::Gap(field) = run { Some(field.clone()) } else { None }).collect()
    };
    Ok(html! {
        @for (name, it) in &erased { p { "The letter to " (name) " was erased on " (it.on) ": " (layout::sentence(&it.why)) } }
        @if found.is_empty() && erased.is_empty() { p { "No letter is made yet." } }
        @else {
            p { (layout::counted(found.len(), "letter", "letters")) ", " (found.iter().filter(|(.., letter)| gaps(letter).is_empty()).count()) " of them without a gap." }
            @if found.iter().any(|(_, _, language, _)| *language == Language::Cy) && template(PublishPolicy::AsPermitted)?.unchecked.contains(&Language::Cy) { (unchecked()) }
            ul.inside {
                @for (recipient, name, language, letter) in &found {
                    @let missing = gaps(letter);
                    li { a href={ "#letter-" (recipient.0) "-" (language.code()) } { (name) @if *language == Language::Cy { ", in Welsh" } } @if !missing.is_empty() { ": " strong { "missing " (missing.iter().map(|field| label(field)).collect::<Vec<_>>().join(", ")) } } }
                }
            }
            @for (recipient, name, language, letter) in &found {
                h2 id={ "letter-" (recipient.0) "-" (language.code()) } { "To " (name) @if *language == Language::Cy { ", in Welsh" } }
                (shown(letter))
                (links_here(visit, letter))
            }
        }
    })
}

/// The upload link of a letter at the address that the pages have now, if the letter was made at another port of this
/// computer: a demonstration is shown at any.
pub fn links_here(visit: &Visit, letter: &Letter) -> Markup {
    let words = runs(letter).filter_map(|run| if let Run::Words(words) = run { Some(words.as_str()) } else { None });
    let elsewhere = words.flat_map(|words| words.split_whitespace()).find_map(|word| {
        let (address, token) = word.split_once("/upload/")?;
        let here = &visit.app.address;
        (visit.app.is_local() && address.starts_with("http://127.0.0.1:") && address != here)
            .then_some(token.trim_end_matches(|letter: char| !letter.is_ascii_hexdigit()))
    });
    html! {
        @if let Some(token) = elsewhere {
            p.hint { "This letter was made while the pages had another address. Here its link is " a href={ "/upload/" (token) } { (visit.app.address) "/upload/" (token) } }
        }
    }
}

fn runs(letter: &Letter) -> impl Iterator<Item = &Run> {
    letter.title.iter().chain(letter.blocks.iter().flat_map(runs_of)).chain(letter.footnotes.iter().flatten())
}

fn runs_of(block: &LetterBlock) -> Vec<&Run> {
    match block {
        LetterBlock::Address(texts) | LetterBlock::List(texts) | LetterBlock::NumberedList(texts) | LetterBlock::Closing(texts) => {
            texts.iter().flatten().collect()
        }
        LetterBlock::Date(runs) | LetterBlock::Salutation(runs) | LetterBlock::Heading(runs) | LetterBlock::Paragraph(runs) => runs.iter().collect(),
    }
}

/// A letter as it will look, with its gaps marked.
pub fn shown(letter: &Letter) -> Markup {
    let words = |runs: &[Run]| {
        html! {
            @for run in runs {
                @match run {
                    Run::Words(words) => (words),
                    Run::Mark(number) => sup { (number) },
                    Run::Gap(field) => mark { "[" (label(field)) " is missing]" },
                    Run::Late(field) => em { "[" (field.words()) "]" },
                }
            }
        }
    };
    html! {
        article.letter lang=[(letter.language == Language::Cy).then_some("cy")] {
            p { strong { (words(&letter.title)) } }
            @for block in &letter.blocks {
                @match block {
                    LetterBlock::Address(texts) | LetterBlock::Closing(texts) => p { @for (place, text) in texts.iter().enumerate() { @if place > 0 { br; } (words(text)) } },
                    LetterBlock::Date(text) | LetterBlock::Salutation(text) | LetterBlock::Paragraph(text) => p { (words(text)) },
                    LetterBlock::Heading(text) => h3 { (words(text)) },
                    LetterBlock::List(texts) => ul { @for text in texts { li { (words(text)) } } },
                    LetterBlock::NumberedList(texts) => ol { @for text in texts { li { (words(text)) } } },
                }
            }
            @if !letter.footnotes.is_empty() {
                hr;
                ol { @for note in &letter.footnotes { li { (words(note)) } } }
            }
        }
    }
}
