//! Reading the letters of a campaign: what they share once, then what each says alone, and each whole on a page of its own.

use std::collections::BTreeSet;
use std::io::Read;

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::id::{BlobHash, CampaignId, RecipientId};
use headwater_prevention::exchange::letter::compare::{Comparison, Known, LineRole, Part, Token, compare};
use headwater_prevention::exchange::letter::merge::{Letter, LetterBlock, Run};
use maud::{Markup, html};

use super::campaigns;
use super::layout;
use super::letter_form::{label, unchecked};
use super::visit::{Answer, Refusal, Visit, page};
use super::{letters, traces};
use crate::problem::Problem;

/// The merged letter of a hash.
///
/// # Errors
/// It is not there, or is none.
pub fn read(visit: &Visit, hash: BlobHash) -> Result<Letter, Refusal> {
    let mut bytes = Vec::new();
    visit.app.ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes).map_err(|error| Problem::of_files("reading a letter", &error))?;
    Ok(serde_json::from_slice(&bytes).map_err(|error| Problem::while_doing("reading a letter", error))?)
}

/// To whom a letter goes, as that is known now.
#[derive(Clone)]
struct Addressee {
    recipient: RecipientId,
    body: String,
    contact: String,
    address: String,
    reply_address: String,
}

/// A letter that was made; or that it was erased, on which day and why.
struct Made {
    to: Addressee,
    language: Language,
    letter: Result<Letter, traces::Erased>,
}

impl Made {
    /// The letter, with what is known of whom it goes to.
    fn known(&self) -> Option<Known<'_>> {
        let letter = self.letter.as_ref().ok()?;
        let link = words_in(letter).find(|word| word.contains("/upload/")).map(|word| word.trim_end_matches([',', '.']));
        let values = vec![
            ("Name of the body", self.to.body.as_str()),
            ("Name of the contact", self.to.contact.as_str()),
            ("Address of the contact", self.to.address.as_str()),
            ("Address for replies", self.to.reply_address.as_str()),
            ("Link where files can be left", link.unwrap_or_default()),
        ];
        Some(Known { letter, values })
    }

    fn title(&self) -> String {
        format!("To {}{}", self.to.body, if self.language == Language::Cy { ", in Welsh" } else { "" })
    }
}

/// The letters of a campaign, in the order of its recipients; of one recipient that in the language of the contact first: so they
/// go out, too.
fn read_all(visit: &Visit, id: CampaignId, only: Option<RecipientId>) -> Result<Vec<Made>, Refusal> {
    let mut wanted: Vec<(Addressee, Language, BlobHash)> = Vec::new();
    {
        let known = visit.app.office.known();
        for (recipient_id, recipient) in known.state.recipients_of(id).filter(|(recipient, _)| only.is_none_or(|only| only == *recipient)) {
            let contact = recipient.contact.and_then(|id| known.state.contact(id));
            let person = contact.and_then(|contact| known.people.get(contact.person.as_str()));
            let address = person.and_then(|person| person.postal_address.clone().or_else(|| person.email.clone()));
            let to = Addressee {
                recipient: recipient_id,
                body: known.state.body(recipient.body).map_or_else(String::new, |body| body.entry.name.to_string()),
                contact: person.map_or_else(String::new, |person| person.name.clone()),
                address: address.unwrap_or_default(),
                reply_address: visit.app.reply_address(recipient.reply_token.as_str()).unwrap_or_default(),
            };
            let mut letters: Vec<_> = recipient.letters.iter().map(|(language, merged)| (to.clone(), *language, merged.letter)).collect();
            letters.sort_by_key(|(_, language, _)| Some(*language) != contact.map(|contact| contact.language));
            wanted.extend(letters);
        }
    }
    let of = |(to, language, hash)| {
        let letter = match traces::erased(&visit.app.ws, hash)? {
            Some(erased) => Err(erased),
            None => Ok(read(visit, hash)?),
        };
        Ok(Made { to, language, letter })
    };
    wanted.into_iter().map(of).collect()
}

/// All letters of a campaign.
///
/// # Errors
/// There is no such campaign, or a letter cannot be read.
pub fn list(visit: &Visit) -> Answer {
    let (id, title) = of(visit)?;
    let back = format!("/campaigns/{}", id.0);
    let main = html! {
        (all(visit, id)?)
        p { a href=(back) { "Back to the campaign" } }
    };
    page(layout::page(visit, "All letters", &[("Campaigns", "/campaigns"), (&title, &back)], &main))
}

fn of(visit: &Visit) -> Result<(CampaignId, String), Refusal> {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    Ok((id, campaign.brief.title.to_string()))
}

/// The letters to one body, whole, with the way to those of the body before and after.
///
/// # Errors
/// There is no such campaign or recipient, or a letter cannot be read.
pub fn one(visit: &Visit) -> Answer {
    let (id, title) = of(visit)?;
    let recipient = RecipientId(visit.part("recipient")?);
    let found = read_all(visit, id, None)?;
    let name = found.iter().find(|it| it.to.recipient == recipient).ok_or(Refusal::NotFound)?.to.body.clone();
    let mut order: Vec<RecipientId> = found.iter().map(|it| it.to.recipient).collect();
    order.dedup();
    let place = order.iter().position(|it| *it == recipient).unwrap_or(0);
    let all = format!("/campaigns/{}/letters", id.0);
    let to = |words: &str, other: Option<&RecipientId>| {
        html! { @if let Some(other) = other { a href={ (all) "/" (other.0) } { (words) } } }
    };
    let main = html! {
        p { "Letter " (place + 1) " of " (order.len()) "." }
        @for it in found.iter().filter(|it| it.to.recipient == recipient) {
            h2 { @if found.iter().filter(|other| other.to.recipient == recipient).count() > 1 { (it.language.name()) } @else { "Word for word" } }
            @match &it.letter {
                Err(it) => p { "It was erased on " (it.on) ": " (layout::sentence(&it.why)) },
                Ok(letter) => { (shown(letter)) (links_here(visit, letter)) },
            }
        }
        div.buttons {
            (to("The letter before", place.checked_sub(1).and_then(|place| order.get(place))))
            (to("The next letter", order.get(place + 1)))
            a href=(all) { "All letters" }
        }
    };
    let back = format!("/campaigns/{}", id.0);
    page(layout::page(visit, &format!("The letter to {name}"), &[("Campaigns", "/campaigns"), (&title, &back), ("All letters", &all)], &main))
}

/// The letters to one body, in every language, word for word.
///
/// # Errors
/// A letter cannot be read.
pub fn of_one(visit: &Visit, id: CampaignId, recipient: RecipientId) -> Result<Markup, Refusal> {
    let found = read_all(visit, id, Some(recipient))?;
    Ok(html! {
        @for it in &found {
            h2 { "The letter in " (it.language.name()) }
            @match &it.letter {
                Err(it) => p { "It was erased on " (it.on) ": " (layout::sentence(&it.why)) },
                Ok(letter) => { (shown(letter)) (links_here(visit, letter)) },
            }
        }
    })
}

/// All letters of a campaign: in each language the words that they share, then what each says alone.
///
/// # Errors
/// A letter cannot be read.
pub fn all(visit: &Visit, id: CampaignId) -> Result<Markup, Refusal> {
    let found = read_all(visit, id, None)?;
    let whole = found.iter().filter_map(|it| it.letter.as_ref().ok()).collect::<Vec<_>>();
    let missing: Vec<(&Made, BTreeSet<String>)> =
        found.iter().filter_map(|it| Some((it, gaps(it.letter.as_ref().ok()?)))).filter(|(_, gaps)| !gaps.is_empty()).collect();
    let languages: BTreeSet<Language> = found.iter().map(|it| it.language).collect();
    let is_unchecked =
        languages.contains(&Language::Cy) && letters::template(&letters::values_of(visit, id)?.0.words)?.unchecked.contains(&Language::Cy);
    Ok(html! {
        @for it in &found { @if let Err(erased) = &it.letter { p { "The letter to " (it.to.body) " was erased on " (erased.on) ": " (layout::sentence(&erased.why)) } } }
        @if found.is_empty() { p { "No letter is made yet." } }
        @else {
            p { (layout::counted(whole.len(), "letter", "letters")) ", " (whole.len() - missing.len()) " of them without a gap." }
            @if is_unchecked { (unchecked()) }
            @if !missing.is_empty() {
                ul { @for (it, gaps) in &missing { li { (it.title()) ": " strong { "missing " (gaps.iter().map(|field| called(field)).collect::<Vec<_>>().join(", ")) } } } }
            }
            @for language in languages {
                (in_one_language(id, language, &found.iter().filter(|it| it.language == language && it.letter.is_ok()).collect::<Vec<_>>()))
            }
        }
    })
}

fn in_one_language(id: CampaignId, language: Language, found: &[&Made]) -> Markup {
    let letters: Vec<Known<'_>> = found.iter().filter_map(|it| it.known()).collect();
    let Some(comparison) = compare(&letters) else { return html! {} };
    let lang = (language == Language::Cy).then_some("cy");
    let link = |it: &Made| html! { a href={ "/campaigns/" (id.0) "/letters/" (it.to.recipient.0) } { (it.to.body) } };
    html! {
        @if let [it] = found {
            h2 { (it.title()) }
            @for known in &letters { (shown(known.letter)) }
        } @else {
            h2 { "What all " (found.len()) " letters say" @if lang.is_some() { " in Welsh" } }
            @if comparison.own.is_empty() { p { "They are alike, word for word." } }
            @else { p { "A number in brackets is a place where each letter has words of its own. They stand below, body by body: with them, this is every word of every letter." } }
            (shared(&comparison, lang))
            @if !comparison.own.is_empty() { h2 { "What each says alone" @if lang.is_some() { ", in Welsh" } } }
            @for (number, it) in found.iter().enumerate() {
                h3 { "To " (link(it)) }
                dl.facts {
                    @for (place, own) in comparison.own.iter().enumerate() {
                        div {
                            dt { "[" (place + 1) "] " (comparison.names[place].as_deref().unwrap_or("Words of its own")) }
                            dd lang=[lang] { @match own[number].as_slice() {
                                [] => span.hint lang="en-GB" { "nothing: left out of this letter" },
                                lines => @for (at, line) in lines.iter().enumerate() { @if at > 0 { br; } (words(&line.tokens)) },
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn words(tokens: &[Token]) -> Markup {
    html! {
        @if tokens.is_empty() { span.hint lang="en-GB" { "nothing" } }
        @for token in tokens {
            @match token {
                Token::Word(word) => (word),
                Token::Mark(number) => sup { (number) },
                Token::Gap(field) => mark { "[" (called(field)) " is missing]" },
                Token::Late(field) => em { "[" (field.words()) "]" },
            }
        }
    }
}

/// What all letters say, with numbers in the places where they differ.
fn shared(comparison: &Comparison, lang: Option<&str>) -> Markup {
    let line = |parts: &[Part]| {
        html! {
            @for part in parts {
                @match part {
                    Part::Same(token) => (words(std::slice::from_ref(token))),
                    Part::Own(place) => strong.place { "[" (place + 1) "]" },
                }
            }
        }
    };
    // Lines that stand under each other, or in one list, are one block.
    let goes_on = |role: LineRole| matches!(role, LineRole::Under | LineRole::Item | LineRole::Numbered | LineRole::Footnote);
    let blocks: Vec<&[(LineRole, Vec<Part>)]> = comparison.lines.chunk_by(|(one, _), (next, _)| one == next && goes_on(*one)).collect();
    html! {
        article.letter lang=[lang] {
            @for block in blocks {
                @match block[0].0 {
                    LineRole::Title => p { strong { (line(&block[0].1)) } },
                    LineRole::Under => p { @for (place, (_, parts)) in block.iter().enumerate() { @if place > 0 { br; } (line(parts)) } },
                    LineRole::Paragraph => p { (line(&block[0].1)) },
                    LineRole::Heading => h3 { (line(&block[0].1)) },
                    LineRole::Item => ul { @for (_, parts) in block { li { (line(parts)) } } },
                    LineRole::Numbered => ol { @for (_, parts) in block { li { (line(parts)) } } },
                    LineRole::Footnote => { hr; ol { @for (_, parts) in block { li { (line(parts)) } } } },
                }
            }
        }
    }
}

/// What is missing in a letter, by field.
fn gaps(letter: &Letter) -> BTreeSet<String> {
    runs(letter).filter_map(|run| if let Run::Gap(field) = run { Some(field.clone()) } else { None }).collect()
}

/// What a field is called.
fn called(field: &str) -> String {
    letters::shipped().map_or_else(|_| field.to_owned(), |template| label(template, field))
}

/// The upload link of a letter at the address that the pages have now, if the letter was made at another port of this
/// computer: a demonstration is shown at any.
pub fn links_here(visit: &Visit, letter: &Letter) -> Markup {
    let elsewhere = words_in(letter).find_map(|word| {
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

fn words_in(letter: &Letter) -> impl Iterator<Item = &str> {
    runs(letter).filter_map(|run| if let Run::Words(words) = run { Some(words.as_str()) } else { None }).flat_map(str::split_whitespace)
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
                    Run::Gap(field) => mark { "[" (called(field)) " is missing]" },
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
