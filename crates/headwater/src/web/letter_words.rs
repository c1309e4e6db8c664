//! The letter of a campaign in the office's own words: what stands between greeting and closing, as plain text.

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::Stage;
use headwater_prevention::exchange::letter::template::LetterTemplate;
use maud::{Markup, html};

use super::access::Right;
use super::form::Problems;
use super::layout::{self, area};
use super::letter_form::label;
use super::letters::{Draft, save, shipped, template};
use super::visit::{Answer, Visit, page};

/// The first parts of the names of fields that the program fills in every letter.
pub const FIELDS_OF_THE_PROGRAM: [&str; 5] = ["body.", "contact.", "campaign.", "office.", "ask."];

/// The field of a form that holds the words in a language.
pub fn name(language: Language) -> String {
    format!("words-{}", language.code())
}

/// How words are written so that they become paragraphs, lists and footnotes, and which fields there are; with
/// `new_fields` others may be made up.
pub fn how_to_write(template: &LetterTemplate, new_fields: bool) -> Markup {
    html! {
        dl.facts {
            div { dt { "A paragraph" } dd { "lines of text; an empty line ends it" } }
            div { dt { "A heading" } dd { code { "# Why I ask" } } }
            div { dt { "A list" } dd { code { "- a line for each thing" } ", or with numbers " code { "1. a line for each thing" } } }
            div { dt { "What is asked for" } dd { code { "{{asks}}" } ", on a line of its own: each body\u{2019}s letter lists there what the campaign asks of it" } }
            div { dt { "A paragraph for some" } dd { code { "? {{local.paragraph}}" } ": left out where a field in it has no value" } }
            div { dt { "A footnote" } dd { code { "[^source]" } " where it belongs, and " code { "[^source]: its words" } " on a line of its own" } }
            div { dt { "A field" } dd { "a name in double braces, such as " code { "{{coordinator.name}}" } "." @if new_fields { " A name that you make up, such as " code { "{{evidence.schools}}" } ", is asked for once; one that begins with " code { "local." } " is a column of the file with a row for each body" } } }
        }
        details {
            summary { "The fields that there are" }
            ul { @for field in template.fields() { li { code { "{{" (field) "}}" } ": " (label(template, field)) } } }
        }
    }
}

/// The words, to be changed.
///
/// # Errors
/// There is no such campaign.
pub fn show(visit: &Visit) -> Answer {
    let draft = Draft::of(visit)?;
    let template = template(&draft.values.words)?;
    let campaign = &draft.campaign;
    let back = format!("/campaigns/{}", draft.id.0);
    let letter = format!("{back}/letter");
    let inside = html! {
        input type="hidden" name="version" value=(visit.value("version", draft.version.to_string()));
        @for language in &campaign.brief.languages {
            (area(visit, &name(*language), &format!("The letter in {}", language.name()), "Empty it to go back to the words that come with the program", &template.words(*language).unwrap_or_default()))
        }
    };
    let main = html! {
        @if campaign.stage == Stage::Draft && visit.may(Right::Prepare) {
            p { "Write what stands between the greeting and the closing. Addresses, date, greeting and signature stay in their places." }
            (how_to_write(&template, true))
            (layout::order(visit, &format!("{letter}/words"), "Save, and make the letters", &inside))
        }
        @else { p { "The letters can no longer be changed: the campaign is " (campaign.stage.words()) "." } }
    };
    let trail = [("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), back.as_str()), ("The letter", letter.as_str())];
    page(layout::page(visit, "The words of the letter", &trail, &main))
}

/// Saves the words, and makes the letters anew.
///
/// # Errors
/// What is wrong with the words, by line; or somebody else saved meanwhile.
pub fn write(visit: &Visit) -> Answer {
    let mut draft = Draft::of(visit)?;
    let mut problems = Problems::default();
    let shipped = shipped()?;
    let mut template = shipped.clone();
    for language in draft.campaign.brief.languages.clone() {
        let words = visit.form.text(&name(language)).replace("\r\n", "\n");
        draft.values.words.remove(language.code());
        if words.trim().is_empty() {
            continue;
        }
        match template.clone().with_words(language, &words) {
            // Words that were not changed stay those of the program, with what is said of them.
            Ok(with) if with.texts.get(&language) == shipped.texts.get(&language) => {}
            Ok(with) => {
                template = with;
                draft.values.words.insert(language.code().to_owned(), words);
            }
            Err(faults) => faults.iter().take(20).for_each(|fault| problems.add(&name(language), layout::sentence(fault))),
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    save(visit, &draft, &template, "")
}
