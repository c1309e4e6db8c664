//! The words of one letter that is read by itself: whoever joins late may be another kind of body than those who were asked first.

use std::collections::BTreeMap;

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::id::{CampaignId, RecipientId};
use maud::html;

use super::form::Problems;
use super::late_body::{given, save_and_merge};
use super::layout::{self, area};
use super::letter_form::is_of_a_body;
use super::letter_words::{FIELDS_OF_THE_PROGRAM, how_to_write, name};
use super::letters::{template, values_of};
use super::visit::{Answer, Refusal, Visit, page, see};

/// A recipient whose letter is read by itself, and is not out.
struct Alone {
    id: RecipientId,
    campaign: CampaignId,
    title: String,
    body: String,
    languages: Vec<Language>,
}

fn of(visit: &Visit) -> Result<Alone, Refusal> {
    let id = RecipientId(visit.part("recipient")?);
    let known = visit.app.office.known();
    let recipient = known.state.recipient(id).filter(|it| it.joining.is_some()).ok_or(Refusal::NotFound)?;
    let campaign = known.state.campaign(recipient.campaign).ok_or(Refusal::NotFound)?;
    let body = known.state.body(recipient.body).ok_or(Refusal::NotFound)?;
    let mut languages = campaign.brief.languages.clone();
    languages.retain(|language| body.entry.languages.contains(language));
    Ok(Alone { id, campaign: recipient.campaign, title: campaign.brief.title.to_string(), body: body.entry.name.to_string(), languages })
}

/// The words, to be changed.
///
/// # Errors
/// There is no such recipient, or its letter is one of the campaign's.
pub fn show(visit: &Visit) -> Answer {
    let it = of(visit)?;
    let (values, version) = values_of(visit, it.campaign)?;
    let template = template(&values.words_to(it.id))?;
    let letter = format!("/recipients/{}/letter", it.id.0);
    let inside = html! {
        input type="hidden" name="version" value=(visit.value("version", version.to_string()));
        @for language in &it.languages {
            (area(visit, &name(*language), &format!("The letter in {}", language.name()), "Empty it to go back to the words of the other letters", &template.words(*language).unwrap_or_default()))
        }
    };
    let main = html! {
        p { "Only the letter to " (it.body) " says what you write here; those of the others stay as they were approved. A second person reads it whole before it leaves." }
        (how_to_write(&template, false))
        (layout::order(visit, &visit.path, "Save, and make the letter", &inside))
    };
    let campaign = format!("/campaigns/{}", it.campaign.0);
    let trail = [("Campaigns", "/campaigns"), (it.title.as_str(), campaign.as_str()), ("The letter", letter.as_str())];
    page(layout::page(visit, &format!("The words to {}", it.body), &trail, &main))
}

/// Saves the words of one letter, and makes it anew.
///
/// # Errors
/// What is wrong with the words, by line; or somebody else saved meanwhile.
pub fn write(visit: &Visit) -> Answer {
    let it = of(visit)?;
    let (mut values, _) = values_of(visit, it.campaign)?;
    let of_all = template(&values.words)?;
    let mut problems = Problems::default();
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    for language in it.languages.iter().copied() {
        let words = visit.form.text(&name(language)).replace("\r\n", "\n");
        if words.trim().is_empty() {
            continue;
        }
        match of_all.clone().with_words(language, &words) {
            Ok(with) if with.texts.get(&language) == of_all.texts.get(&language) => {}
            Ok(with) => {
                // What is the same in all letters was given before they left: nobody is asked for it again.
                let known = of_all.fields();
                let has_value = |field: &str| {
                    known.contains(field)
                        || values.office.contains_key(field)
                        || is_of_a_body(field)
                        || FIELDS_OF_THE_PROGRAM.iter().any(|it| field.starts_with(it))
                };
                for field in with.fields().into_iter().filter(|field| !has_value(field)) {
                    problems.add(&name(language), format!("The letters of this campaign have no field {{{{{field}}}}}: write the words themselves"));
                }
                own.insert(language.code().to_owned(), words);
            }
            Err(faults) => faults.iter().take(20).for_each(|fault| problems.add(&name(language), layout::sentence(fault))),
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let given = given(visit, it.id)?;
    values.late.insert(it.id.0, given);
    match own.is_empty() {
        true => values.late_words.remove(&it.id.0),
        false => values.late_words.insert(it.id.0, own),
    };
    save_and_merge(visit, it.id, &values)?;
    see(format!("/recipients/{}/letter", it.id.0), "The letter is made in these words. Read it, and have a second person approve it")
}
