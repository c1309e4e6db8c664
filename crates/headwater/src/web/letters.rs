//! The letter of a campaign: what fills it, and one letter made for each recipient.
//!
//! The values that fill it may name people. They stand in an erasable record of kind `letter`, with the office's own words; the
//! letters themselves are blobs, which the log names by their hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::{Campaign, MergedLetter, Recipient, Stage};
use headwater_prevention::exchange::clock::{Length, Start};
use headwater_prevention::exchange::communication::Communication;
use headwater_prevention::exchange::decide::{Decision, campaigns as decide, together};
use headwater_prevention::exchange::id::{BlobHash, CampaignId, ItemId, RecipientId};
use headwater_prevention::exchange::letter::SHIPPED_REQUEST;
use headwater_prevention::exchange::letter::dated::dated;
use headwater_prevention::exchange::letter::due::due_in_letter;
use headwater_prevention::exchange::letter::merge::{Letter, merge};
use headwater_prevention::exchange::letter::template::LetterTemplate;
use headwater_prevention::exchange::letter::values::{FieldValues, LateField, ValueTable, read_values};
use headwater_prevention::exchange::state::State;
use serde::{Deserialize, Serialize};

use super::campaigns;
use super::form::Problems;
use super::layout;
use super::letter_form::{office_fields, welsh_fields};
use super::office::Known;
use super::upload;
use super::visit::{Answer, Refusal, Visit, see};
use crate::problem::Problem;
use crate::store::records::Put;

/// The kind of the record that holds what is written for a campaign's letter.
pub const LETTER: &str = "letter";

/// What the office wrote for the letter of a campaign.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The office's own fields, the same in all letters; under `field:cy` what the Welsh letter says instead.
    pub office: BTreeMap<String, String>,
    /// The CSV file with a row for each body, as it was given.
    pub rows: String,
    /// What the office wrote between greeting and closing in its own words, by the code of the language.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// By recipient: the fields of a body that was put on the campaign when it was open.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub late: BTreeMap<u32, BTreeMap<String, String>>,
    /// By recipient: the words of a letter that is read by itself, where they are not those of the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub late_words: BTreeMap<u32, BTreeMap<String, String>>,
}

impl Values {
    /// The words of the letter to one recipient, by the code of the language: its own, or those of all.
    pub fn words_to(&self, recipient: RecipientId) -> BTreeMap<String, String> {
        let own = self.late_words.get(&recipient.0).into_iter().flatten();
        self.words.iter().chain(own).map(|(code, words)| (code.clone(), words.clone())).collect()
    }
}

/// A campaign with what is written for its letter.
pub struct Draft {
    /// Its number.
    pub id: CampaignId,
    /// It.
    pub campaign: Campaign,
    /// The names of the bodies that it goes to.
    pub names: BTreeSet<String>,
    /// What is written.
    pub values: Values,
    /// The version of what is written.
    pub version: i64,
}

impl Draft {
    /// The draft of the campaign of the address.
    ///
    /// # Errors
    /// There is no such campaign.
    pub fn of(visit: &Visit) -> Result<Self, Refusal> {
        let (id, campaign, names) = {
            let known = visit.app.office.known();
            let (id, campaign) = campaigns::of(visit, &known)?;
            let names = known.state.recipients_of(id).filter_map(|(_, recipient)| known.state.body(recipient.body));
            (id, campaign.clone(), names.map(|body| body.entry.name.to_string()).collect())
        };
        let (values, version) = values_of(visit, id)?;
        Ok(Self { id, campaign, names, values, version })
    }

    /// What the file of values says of each body.
    fn rows(&self, template: &LetterTemplate) -> ValueTable {
        if self.values.rows.trim().is_empty() { ValueTable::default() } else { read_values(self.values.rows.as_bytes(), template, &self.names) }
    }
}

static SHIPPED: LazyLock<Result<LetterTemplate, String>> = LazyLock::new(|| LetterTemplate::read(SHIPPED_REQUEST));

/// The letter that comes with the program.
///
/// # Errors
/// None in a program that is whole.
pub fn shipped() -> Result<&'static LetterTemplate, Problem> {
    SHIPPED.as_ref().map_err(Problem::new)
}

/// The letter that comes with the program, with the office's own words in place of its own.
///
/// # Errors
/// Words that were kept are no longer sound.
pub fn template(words: &BTreeMap<String, String>) -> Result<LetterTemplate, Refusal> {
    let mut template = shipped()?.clone();
    for language in Language::ALL {
        if let Some(own) = words.get(language.code()) {
            template = template
                .with_words(language, own)
                .map_err(|faults| Problem::new(format!("the letter's own words can no longer be read: {}", faults.join("; "))))?;
        }
    }
    Ok(template)
}

/// What is written for the letter of a campaign, and its version.
///
/// # Errors
/// The record cannot be read.
pub fn values_of(visit: &Visit, id: CampaignId) -> Result<(Values, i64), Refusal> {
    let Some(record) = visit.app.ws.records().get(LETTER, &id.0.to_string())? else { return Ok((Values::default(), 0)) };
    let values = serde_json::from_str(&record.body).map_err(|error| Problem::while_doing("reading the fields of the letter", error))?;
    Ok((values, record.version))
}

/// Begins the letter of a further round with what the office wrote for the last: its words and its fields. What was written for
/// each body is not taken over, since it was true then; nor is what is asked in Welsh, which belongs to the items of that round.
///
/// # Errors
/// The records cannot be read or written.
pub fn carry_over(visit: &Visit, last: CampaignId, next: CampaignId) -> Result<(), Refusal> {
    let (mut values, version) = values_of(visit, last)?;
    if version == 0 {
        return Ok(());
    }
    values.rows.clear();
    values.late.clear();
    values.late_words.clear();
    values.office.retain(|field, _| !field.starts_with("item."));
    let body = serde_json::to_string(&values).map_err(|error| Problem::while_doing("writing the fields of the letter", error))?;
    // Who was faster has written something of their own.
    visit.app.ws.records().put(LETTER, &next.0.to_string(), 0, &body)?;
    Ok(())
}

/// Saves the fields and makes a letter for each recipient.
///
/// # Errors
/// What is wrong with the rows, or somebody else saved meanwhile.
pub fn make(visit: &Visit) -> Answer {
    let mut draft = Draft::of(visit)?;
    draft.values.rows = visit.form.text("rows").to_owned();
    if let Some(sent) = visit.files.iter().find(|sent| sent.field == "file") {
        draft.values.rows =
            String::from_utf8(sent.rows()?).map_err(|_| Problems::one("file", "The file is not UTF-8: save it as \u{201c}CSV UTF-8\u{201d}"))?;
    }
    let template = template(&draft.values.words)?;
    let own = office_fields(visit, &template);
    let in_welsh = welsh_fields(&template, &own, &draft.campaign).map(|(field, _)| field);
    draft.values.office = in_welsh
        .chain(own.iter().cloned())
        .filter(|field| !visit.form.text(field).is_empty())
        .map(|field| {
            let value = visit.form.text(&field).to_owned();
            (field, value)
        })
        .collect();
    save(visit, &draft, &template, "rows")
}

/// Saves what is written for a letter, and makes it for each recipient. What is wrong with the rows is said at a field of the page.
///
/// # Errors
/// What is wrong with the rows, or somebody else saved meanwhile.
pub fn save(visit: &Visit, draft: &Draft, template: &LetterTemplate, rows_at: &str) -> Answer {
    if draft.campaign.stage != Stage::Draft {
        return Err(Problems::one("", format!("The letters can no longer be changed: the campaign is {}", draft.campaign.stage.words())).into());
    }
    let table = draft.rows(template);
    if !table.problems.is_empty() {
        return Err(Problems(table.problems.into_iter().take(20).map(|problem| (rows_at.to_owned(), layout::sentence(&problem))).collect()).into());
    }
    let body = serde_json::to_string(&draft.values).map_err(|error| Problem::while_doing("writing the fields of the letter", error))?;
    let seen = visit.form.text("version").parse().unwrap_or(-1);
    if visit.app.ws.records().put(LETTER, &draft.id.0.to_string(), seen, &body)? == Put::ChangedMeanwhile {
        return Err(Problems::one("", "Somebody else saved this letter meanwhile. What you typed still stands here: open the page in a second window, compare, and save from there").into());
    }
    let (n_letters, n_gaps) = merge_all(visit, draft, template, &table.rows)?;
    let said = if n_gaps == 0 {
        format!("{} made; nothing is missing in them", layout::counted(n_letters, "letter", "letters"))
    } else {
        format!("{} made; fields are missing in {n_gaps}", layout::counted(n_letters, "letter", "letters"))
    };
    see(format!("/campaigns/{}/letters", draft.id.0), &said)
}

fn merge_all(visit: &Visit, draft: &Draft, template: &LetterTemplate, rows: &BTreeMap<String, FieldValues>) -> Result<(usize, usize), Refusal> {
    let (id, own) = (draft.id, &draft.values.office);
    // What the letter of a language was made from: the words of the office, or the template that comes with the program.
    let source = |language: Language| draft.values.words.get(language.code()).map_or(SHIPPED_REQUEST, String::as_str);
    let sources: BTreeMap<Language, BlobHash> =
        Language::ALL.into_iter().map(|language| Ok((language, keep(visit, source(language).as_bytes())?))).collect::<Result<_, Refusal>>()?;
    let mut letters: Vec<(RecipientId, Language, MergedLetter)> = Vec::new();
    let languages;
    let recipients: Vec<RecipientId> = visit.app.office.known().state.recipients_of(id).map(|(recipient, _)| recipient).collect();
    let links: BTreeMap<RecipientId, String> =
        recipients.into_iter().map(|recipient| Ok((recipient, upload::new_link(visit, recipient)?))).collect::<Result<_, Refusal>>()?;
    let merged: Vec<(RecipientId, Vec<Merged>)> = {
        let known = visit.app.office.known();
        let campaign = known.state.campaign(id).ok_or(Refusal::NotFound)?;
        languages = campaign.brief.languages.clone();
        let of = |(recipient_id, recipient): (RecipientId, &Recipient)| {
            let name = known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str());
            let values = rows.get(name).cloned().unwrap_or_default();
            let link = links.get(&recipient_id).map_or("", String::as_str);
            (recipient_id, merged(visit, &known, campaign, recipient, (template, own), values, link))
        };
        known.state.recipients_of(id).map(of).collect()
    };
    for (recipient, of_recipient) in merged {
        for (language, letter) in kept(visit, of_recipient)? {
            letters.push((recipient, language, letter));
        }
    }
    let (n, n_gaps) = (letters.len(), letters.iter().filter(|(_, _, merged)| merged.n_missing > 0).count());
    let sources = &sources;
    let write =
        |language: Language| -> Decision<'_> { Box::new(move |state, order| decide::write_letter(state, order, id, language, sources[&language])) };
    let mut all: Vec<Decision<'_>> = languages.into_iter().filter(|language| template.texts.contains_key(language)).map(write).collect();
    all.push(Box::new(|state, order| decide::merge_letters(state, order, id, letters.clone())));
    visit.act_now(&|state, order| together(state, order, &all))?;
    Ok((n, n_gaps))
}

/// A letter in one language, and how many of its fields have no value.
pub type Merged = (Language, Letter, usize);

/// The letters of one recipient, in every language of the campaign in which its body is written to.
pub fn merged(
    visit: &Visit,
    known: &Known,
    campaign: &Campaign,
    recipient: &Recipient,
    (template, own): (&LetterTemplate, &BTreeMap<String, String>),
    mut values: FieldValues,
    link: &str,
) -> Vec<Merged> {
    let Some(body) = known.state.body(recipient.body) else { return Vec::new() };
    let office = office_values(visit, template, campaign, own);
    fill(visit, known, recipient, link, &mut values);
    for (language, words) in template.duty.get(&recipient.duty_applies).into_iter().flatten() {
        values.set_in(*language, "campaign.duty", words);
    }
    asks(template, campaign, recipient, own, &mut values);
    let languages = campaign.brief.languages.iter().filter(|language| body.entry.languages.contains(language));
    let one = |language: &Language| merge(template, *language, &office, &values).map(|(letter, missing)| (*language, letter, missing.len()));
    languages.filter_map(one).collect()
}

/// Keeps letters, and names them.
///
/// # Errors
/// They cannot be written.
pub fn kept(visit: &Visit, letters: Vec<Merged>) -> Result<Vec<(Language, MergedLetter)>, Refusal> {
    let one = |(language, letter, n_missing): Merged| {
        let bytes = serde_json::to_vec(&letter).map_err(|error| Problem::while_doing("writing a letter", error))?;
        let hash = keep(visit, &bytes)?;
        Ok((language, MergedLetter { letter: hash, values: hash, n_missing: u16::try_from(n_missing).unwrap_or(u16::MAX) }))
    };
    letters.into_iter().map(one).collect()
}

/// A letter with the days that it had when it left.
pub fn as_it_left(state: &State, sent: &Communication, letter: Letter) -> Letter {
    let due = sent.recipients.first().and_then(|id| due_in_letter(state, *id, Some(sent), sent.on));
    dated(letter, due, sent.on)
}

fn keep(visit: &Visit, bytes: &[u8]) -> Result<BlobHash, Refusal> {
    visit.app.ws.blobs().put(&mut &*bytes)?;
    Ok(BlobHash::of(bytes))
}

/// What is the same in all letters of a campaign: what the settings and the campaign say, and what the office wrote.
pub fn office_values(visit: &Visit, template: &LetterTemplate, campaign: &Campaign, own: &BTreeMap<String, String>) -> FieldValues {
    let publisher = &visit.app.ws.settings().publisher;
    let mut values = FieldValues::default();
    values.set("campaign.title", campaign.brief.title.as_str());
    // The day is that on which the letter leaves, and so is the beginning of a clock that starts with it, or so many days after it.
    values.leave(LateField::Sent);
    let clock = &campaign.brief.clock;
    if (clock.start == Start::Sent || clock.deemed.is_some()) && clock.length != Length::NoLimit {
        values.leave(LateField::Due);
    }
    values.set("office.name", visit.app.office_name());
    values.set("office.address", publisher.address.as_deref().unwrap_or_default());
    values.set("office.plan_priority", campaign.brief.plan_priority.as_str());
    for (language, words) in template.publishing.get(&campaign.brief.publish_policy).into_iter().flatten() {
        values.set_in(*language, "campaign.publishing", words);
    }
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
pub fn welsh_ask(item: ItemId) -> String {
    format!("item.{}:cy", item.0)
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
