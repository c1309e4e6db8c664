//! What a campaign asks every body for.

use headwater_prevention::exchange::campaign::{AskItem, ItemKind, Stage};
use headwater_prevention::exchange::decide::campaigns::{self as decide, NewRecipient};
use headwater_prevention::exchange::id::{CampaignId, ItemId};
use headwater_prevention::exchange::words::{Remark, Title};
use maud::{Markup, html};

use super::access::Right;
use super::campaigns;
use super::form::{Problems, reason};
use super::layout::{self, area, radios, text};
use super::office::Known;
use super::recipients;
use super::visit::{Answer, Refusal, Visit, page, see};

const KINDS: [(ItemKind, &str, &str, &str); 4] = [
    (ItemKind::Document, "document", "A document", "That exists"),
    (ItemKind::Data, "data", "Data", "A table or an extract"),
    (ItemKind::Answer, "answer", "An answer", "To a question"),
    (ItemKind::Statement, "statement", "A statement", "Written to be published"),
];

/// The four asks of the letter that ships: title, kind, what counts.
const FOUR: [(&str, ItemKind, &str); 4] = [
    ("Strategic needs assessment", ItemKind::Document, "The newest assessment, or problem profile, of serious violence in the area."),
    ("Response strategy", ItemKind::Document, "The strategy that rests on the assessment."),
    ("Update on delivery", ItemKind::Document, "What has been done, what has been learnt, what comes next."),
    (
        "Answer fit to publish",
        ItemKind::Statement,
        "How modern slavery and exploitation are reflected in the three, written so that it can be published.",
    ),
];

/// The items of a campaign.
///
/// # Errors
/// There is no such campaign.
pub fn list(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let is_draft = campaign.stage == Stage::Draft && visit.may(Right::Prepare);
    let can_be_corrected = can_be_corrected(&known, id) && visit.may(Right::Prepare);
    let back = format!("/campaigns/{}", id.0);
    let main = html! {
        @if campaign.items.iter().flatten().next().is_none() { p { "Nothing yet." } }
        ol {
            @for (number, item) in campaign.items.iter().enumerate() {
                @if let Some(item) = item {
                    li {
                        strong { (item.title) } ", " (KINDS.iter().find(|(kind, ..)| *kind == item.kind).map_or("", |(_, id, ..)| id))
                        @if !item.required { ", may be left out" }
                        p { (item.definition) @if let Some(format) = &item.format { " Format: " (format) "." } }
                        @if can_be_corrected { div.buttons { a href={ (back) "/items/" (number) } { "Correct the wording" span.unseen { " of " (item.title) } } } }
                        @if is_draft {
                            div.buttons {
                                a href={ (back) "/items/" (number) } { "Change " span.unseen { (item.title) } }
                                (layout::button(visit, &format!("{back}/items/{number}/drop"), &format!("Take off {}", item.title), "link"))
                            }
                        }
                    }
                }
            }
        }
        @if is_draft { h2 { "Add an item" } (layout::order(visit, &format!("{back}/items"), "Add the item", &fields(visit, None))) }
        p { a href=(back) { "Back to the tasks" } }
    };
    page(layout::page(visit, "What is asked for", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

/// Whether the wording of an item can still be mended though the campaign is no draft: no letter has left.
fn can_be_corrected(known: &Known, id: CampaignId) -> bool {
    let stage = known.state.campaign(id).map(|campaign| campaign.stage);
    let is_out = known.state.recipients_of(id).any(|(_, recipient)| recipient.letter_sent.is_some());
    matches!(stage, Some(Stage::Review | Stage::Approved | Stage::Sending)) && !is_out
}

fn fields(visit: &Visit, item: Option<&AskItem>) -> Markup {
    let kinds: Vec<(&str, &str, &str)> = KINDS.iter().map(|(_, id, words, about)| (*id, *words, *about)).collect();
    let kind = item.and_then(|item| KINDS.iter().find(|(kind, ..)| *kind == item.kind)).map_or("document", |(_, id, ..)| id);
    let required = if item.is_none_or(|item| item.required) { "yes" } else { "no" };
    html! {
        (text(visit, "title", "What", "A few words: the head of its column", item.map_or("", |item| item.title.as_str())))
        (radios(visit, "kind", "Kind", "", &kinds, kind))
        (radios(visit, "required", "Is an answer complete without it?", "", &[("yes", "No, it is needed", ""), ("no", "Yes, it may be left out", "")], required))
        (area(visit, "definition", "What counts", "", item.map_or("", |item| item.definition.as_str())))
        (text(visit, "format", "Format wanted", "Such as \u{201c}text document, not PDF\u{201d}; may be empty", item.and_then(|item| item.format.as_ref()).map_or("", |format| format.as_str())))
    }
}

fn read(visit: &Visit) -> Result<AskItem, Problems> {
    let (form, mut problems) = (&visit.form, Problems::default());
    let title: Option<Title> = problems.needed(form, "title", "Say what is asked for");
    let kind = problems.choice(form, "kind", "Choose the kind", |id| KINDS.iter().find(|(_, one, ..)| *one == id).map(|(kind, ..)| *kind));
    let definition: Option<Remark> = problems.needed(form, "definition", "Say what counts");
    let format = problems.optional(form, "format");
    match (title, kind, definition) {
        (Some(title), Some(kind), Some(definition)) if problems.is_empty() => {
            Ok(AskItem { title, kind, required: form.text("required") != "no", definition, format })
        }
        _ => Err(problems),
    }
}

/// Adds an item.
///
/// # Errors
/// What is wrong with the form, or the campaign is no draft.
pub fn add(visit: &Visit) -> Answer {
    let id = CampaignId(visit.part("campaign")?);
    let item = read(visit)?;
    visit.act(&|state, order| decide::set_item(state, order, id, None, item.clone()))?;
    see(format!("/campaigns/{}/items", id.0), "The item is added")
}

/// The form that changes an item.
///
/// # Errors
/// There is none of this number.
pub fn ask_to_change(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let item = ItemId(visit.part("item")?);
    let entry = campaign.items.get(item.index()).and_then(Option::as_ref).ok_or(Refusal::NotFound)?;
    let (campaign_page, items) = (format!("/campaigns/{}", id.0), format!("/campaigns/{}/items", id.0));
    let trail = [("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), campaign_page.as_str()), ("What is asked for", items.as_str())];
    let main = if campaign.stage == Stage::Draft {
        layout::order(visit, &visit.path, "Change the item", &fields(visit, Some(entry)))
    } else if can_be_corrected(&known, id) {
        html! {
            p.warning { "The letters say what they ask for. The campaign goes back to be prepared; its letters are made anew, and a second person approves them again." }
            (layout::order(visit, &visit.path, "Correct it, and prepare the letters anew", &html! {
                (fields(visit, Some(entry)))
                (text(visit, "correct_reason", "Why", "Kept in the log", ""))
            }))
        }
    } else {
        html! { p { "It can no longer be changed: letters that say it are out, or the campaign is over." } }
    };
    page(layout::page(visit, "Change an item", &trail, &main))
}

/// Changes an item.
///
/// # Errors
/// What is wrong with the form, or the campaign is no draft.
pub fn change(visit: &Visit) -> Answer {
    let (id, item) = (CampaignId(visit.part("campaign")?), ItemId(visit.part("item")?));
    let entry = read(visit)?;
    if visit.form.has("correct_reason") {
        let reason = reason(&visit.form, "correct_reason")?;
        visit.act(&|state, order| decide::correct_item(state, order, id, item, entry.clone(), reason.clone()))?;
        return see(format!("/campaigns/{}", id.0), "The wording is corrected. Make the letters anew, and have them approved");
    }
    visit.act(&|state, order| decide::set_item(state, order, id, Some(item), entry.clone()))?;
    see(format!("/campaigns/{}/items", id.0), "The item is changed")
}

/// Takes an item off.
///
/// # Errors
/// There is none of this number, or the campaign is no draft.
pub fn take_off(visit: &Visit) -> Answer {
    let (id, item) = (CampaignId(visit.part("campaign")?), ItemId(visit.part("item")?));
    visit.act(&|state, order| decide::drop_item(state, order, id, item))?;
    see(format!("/campaigns/{}/items", id.0), "The item is taken off")
}

/// The four asks of the letter that ships.
///
/// # Errors
/// None in practice: their words are no addresses.
pub fn four() -> Result<Vec<AskItem>, Refusal> {
    let wrong = |error: String| Problems::one("items", error);
    let item = |(title, kind, definition): (&str, ItemKind, &str)| {
        Ok(AskItem { title: title.parse().map_err(wrong)?, kind, required: true, definition: definition.parse().map_err(wrong)?, format: None })
    };
    FOUR.into_iter().map(item).collect()
}

/// The items of a campaign and the bodies it asked, for the next round.
///
/// # Errors
/// The system gives no chance for reply addresses.
pub fn of_the_last_round(visit: &Visit, previous: CampaignId) -> Result<(Vec<AskItem>, Vec<NewRecipient>), Refusal> {
    let (items, bodies) = {
        let known = visit.app.office.known();
        let items: Vec<AskItem> = known.state.campaign(previous).into_iter().flat_map(|campaign| campaign.items.iter().flatten().cloned()).collect();
        let live = |body: headwater_prevention::exchange::id::BodyId| known.state.body(body).is_some_and(|body| body.successor.is_none());
        let bodies: Vec<_> = known.state.recipients_of(previous).map(|(_, recipient)| recipient.body).filter(|body| live(*body)).collect();
        (items, bodies)
    };
    Ok((items, recipients::new_of(visit, &bodies)?))
}

#[cfg(test)]
mod tests {
    use super::super::letters::shipped;
    use super::FOUR;

    #[test]
    fn the_four_asks_are_called_by_their_names_in_a_welsh_letter() {
        let welsh = &shipped().unwrap().welsh_asks;
        assert!(FOUR.iter().all(|(title, ..)| welsh.contains_key(*title)), "{welsh:?}");
    }
}
