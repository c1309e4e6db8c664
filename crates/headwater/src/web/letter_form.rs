//! The page on which the letter of a campaign is filled in: the letter itself, with its places, and below each part the fields
//! that stand in it.

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::campaign::{Campaign, Stage};
use headwater_prevention::exchange::id::ItemId;
use headwater_prevention::exchange::letter::template::{BlockRole, LetterTemplate, Piece, TemplateBlock, TemplateText};
use headwater_prevention::exchange::letter::values::FieldValues;
use maud::{Markup, html};

use super::access::Right;
use super::layout::{self, area, files, line};
use super::letters::{Draft, Values, office_values, shipped, template, welsh_ask};
use super::visit::{Answer, Visit, page};

/// Fields that the program fills by itself, unless the office says otherwise.
const BY_ITSELF: [&str; 13] = [
    "campaign.title",
    "campaign.date",
    "campaign.due",
    "campaign.duty",
    "campaign.publishing",
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

/// Whether a field differs from body to body.
pub fn is_of_a_body(field: &str) -> bool {
    ["body.", "contact.", "local."].iter().any(|part| field.starts_with(part))
}

/// Whether the office writes the value of a field: it is the same in all letters, and the settings do not fill it.
fn is_for_the_office(visit: &Visit, field: &str) -> bool {
    let settings = visit.app.ws.settings();
    let is_filled = match field {
        "office.address" => settings.publisher.address.is_some(),
        "campaign.reply_address" => settings.office_address().is_some(),
        _ => BY_ITSELF.contains(&field),
    };
    !is_filled && !is_of_a_body(field)
}

/// The fields that the office fills, in the order of the letter.
pub fn office_fields(visit: &Visit, template: &LetterTemplate) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in template.texts.values().flat_map(TemplateText::fields).filter(|field| is_for_the_office(visit, field)) {
        if !found.iter().any(|other| other == field) {
            found.push(field.to_owned());
        }
    }
    found
}

/// What a field is called: as its template says, else "local.schools" as "Local: schools".
pub fn label(template: &LetterTemplate, field: &str) -> String {
    match template.about.get(field) {
        Some(about) => about.label.clone(),
        None => layout::sentence(&field.replacen('.', ": ", 1).replace('_', " ")).trim_end_matches('.').to_owned(),
    }
}

/// The control of a field that is the same in all letters.
fn control(visit: &Visit, template: &LetterTemplate, values: &Values, field: &str) -> Markup {
    let about = template.about.get(field);
    let (label, hint) = (label(template, field), about.map_or("", |about| &about.hint));
    let stands = values.office.get(field).map_or("", String::as_str);
    // A field of the office's own words may be of any length.
    if about.is_none_or(|about| about.is_long) {
        area(visit, field, &label, hint, stands)
    } else {
        line(visit, "text", field, &label, hint, stands, "off")
    }
}

/// Words of a template: a field shows its value, or what it is called.
fn words(template: &LetterTemplate, values: (&FieldValues, Language), text: &[Piece]) -> Markup {
    html! {
        @for piece in text {
            @match piece {
                Piece::Words(words) => (words),
                Piece::Field(field) => @match values.0.get(values.1, field) {
                    Some(value) => (value),
                    None => em { "[" (label(template, field)) "]" },
                },
                Piece::Mark(_) => sup { "*" },
            }
        }
    }
}

/// A block of a template, with the footnotes that it leads to.
fn shown(template: &LetterTemplate, values: (&FieldValues, Language), text: &TemplateText, block: &TemplateBlock) -> Markup {
    let words = |text: &[Piece]| words(template, values, text);
    let marks = block.texts.iter().flatten().filter_map(|piece| if let Piece::Mark(name) = piece { text.footnotes.get(name) } else { None });
    html! {
        @match block.role {
            BlockRole::Address | BlockRole::Closing => p { @for (place, text) in block.texts.iter().enumerate() { @if place > 0 { br; } (words(text)) } },
            BlockRole::Heading => @for text in &block.texts { h3 { (words(text)) } },
            BlockRole::List => ul { @for text in &block.texts { li { (words(text)) } } },
            BlockRole::NumberedList => ol { @for text in &block.texts { li { (words(text)) } } },
            BlockRole::Asks => p { em { "[What the campaign asks of the body, a line for each thing]" } },
            BlockRole::OptionalParagraph => @for text in &block.texts { p { (words(text)) " " span.hint { "(left out where a value is missing)" } } },
            BlockRole::Date | BlockRole::Salutation | BlockRole::Paragraph => @for text in &block.texts { p { (words(text)) } },
        }
        @for note in marks { p.hint { "* Footnote: " (words(note)) } }
    }
}

/// The letter in parts: each ends where a field of the office first occurs, with the fields that do so there.
fn parts<'a>(
    visit: &Visit,
    template: &'a LetterTemplate,
    values: (&FieldValues, Language),
    text: &'a TemplateText,
) -> Vec<(Vec<Markup>, Vec<&'a str>)> {
    let title = (html! { p { strong { (words(template, values, &text.title)) } } }, text.fields_of(&text.title));
    let of = |block: &'a TemplateBlock| {
        let fields = block.texts.iter().flat_map(|words| text.fields_of(words)).collect::<Vec<_>>();
        (shown(template, values, text, block), fields)
    };
    let mut asked: Vec<&str> = Vec::new();
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    for (shown, fields) in std::iter::once(title).chain(text.blocks.iter().map(of)) {
        part.push(shown);
        let n_before = asked.len();
        for field in fields {
            if is_for_the_office(visit, field) && !asked.contains(&field) {
                asked.push(field);
            }
        }
        if asked.len() > n_before {
            parts.push((std::mem::take(&mut part), asked[n_before..].to_vec()));
        }
    }
    parts.push((part, Vec::new()));
    parts
}

/// The letter, with the fields that are to be filled.
///
/// # Errors
/// There is no such campaign.
pub fn fields(visit: &Visit) -> Answer {
    let draft = Draft::of(visit)?;
    let template = template(&draft.values.words)?;
    let campaign = &draft.campaign;
    let back = format!("/campaigns/{}", draft.id.0);
    let language = campaign.brief.languages.first().copied().unwrap_or(Language::En);
    let text = template.texts.get(&language);
    let said = office_values(visit, &template, campaign, &draft.values.office);
    let per_body: Vec<&str> = template.fields().into_iter().filter(|field| is_of_a_body(field) && *field != "body.name").collect();
    let inside = html! {
        input type="hidden" name="version" value=(visit.value("version", draft.version.to_string()));
        h2 { "The same in all letters" }
        @if visit.app.ws.settings().office_address().is_none() {
            p.warning { "The office has no e-mail address yet. With " code { "email" } " under " code { "[publisher]" } ", or " code { "address" } " under " code { "[mail]" } ", in headwater.toml each body gets a reply address of its own, and its replies find their way by themselves. Without it, give one address for all below." }
        }
        @if let Some(text) = text {
            @for (shown, fields) in parts(visit, &template, (&said, language), text) {
                div.letter { @for part in shown { (part) } }
                @for field in fields { (control(visit, &template, &draft.values, field)) }
            }
        }
        @if campaign.brief.languages.contains(&Language::Cy) { (in_welsh(visit, &template, campaign, &draft.values)) }
        h2 { "Different for each body" }
        p { "A CSV file with the column " code { "body" } " and any of these. A paragraph whose field is empty for a body is left out of its letter."
            @if campaign.brief.languages.contains(&Language::Cy) { " A column such as " code { "local.paragraph:cy" } " or " code { "body.name:cy" } " is for the Welsh letter." }
        }
        ul { @for field in &per_body { li { code { (field) } ": " (label(&template, field)) } } }
        (files(visit, "file", "CSV file", "It takes the place of what stands below"))
        (area(visit, "rows", "The rows", "", &draft.values.rows))
    };
    let is_draft = campaign.stage == Stage::Draft && visit.may(Right::Prepare);
    let main = html! {
        @if is_draft {
            p { "This is the letter. What stands in brackets is filled in by the program, or by you: below each part are the fields that stand in it. A letter whose fields are not all filled can be read, and cannot be put up for review." }
            @if template == *shipped()? {
                p { "Its words follow the order of the Commissioner\u{2019}s letter of 13 October 2020: the ground, the priority of the plan, why, a paragraph for the area, what is asked for, a named co-ordinator, two reviews worth reading. " a href={ (back) "/letter/words" } { "Write it in your own words" } "." }
            } @else {
                p { "What stands between greeting and closing is in your own words. " a href={ (back) "/letter/words" } { "Change the words" } "." }
            }
            (layout::order_with_files(visit, &format!("{back}/letter"), "Save, and make the letters", &inside))
        }
        @else { p { "The letters can no longer be changed: the campaign is " (campaign.stage.words()) "." } }
        p { a href={ (back) "/letters" } { "Read the letters" } }
    };
    page(layout::page(visit, "The letter", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

/// The fields that may read otherwise in Welsh, each with the mark of its language and a label.
pub fn welsh_fields(template: &LetterTemplate, own: &[String], campaign: &Campaign) -> impl Iterator<Item = (String, String)> {
    let fields = ALSO_IN_WELSH.into_iter().chain(own.iter().map(String::as_str)).map(|field| (format!("{field}:cy"), label(template, field)));
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
        @for (field, label) in welsh_fields(template, &office_fields(visit, template), campaign) {
            @let plain = field.trim_end_matches(":cy");
            @let item = plain.strip_prefix("item.").and_then(|number| campaign.items.get(number.parse::<usize>().ok()?)?.as_ref());
            @let shipped = item.and_then(|item| template.welsh_asks.get(item.title.as_str())).map_or("", String::as_str);
            @let stands = values.office.get(&field).map_or(shipped, String::as_str);
            @let label = format!("{label}, in Welsh");
            @let is_line = item.is_none() && (ALSO_IN_WELSH.contains(&plain) || template.about.get(plain).is_some_and(|about| !about.is_long));
            @if is_line { (line(visit, "text", &field, &label, "", stands, "off")) } @else { (area(visit, &field, &label, "", stands)) }
        }
    }
}

/// That nobody has checked the Welsh that comes with the program.
pub fn unchecked() -> Markup {
    html! {
        p.warning { "The Welsh text that comes with the program has not been checked by anybody whose language it is. Let somebody read a letter before they are approved." }
    }
}
