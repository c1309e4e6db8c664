//! Who saw, changed, sent and exported what: the log, in sentences.

use headwater_prevention::exchange::event::Event;
use headwater_prevention::exchange::id::{
    AskId, BodyId, CampaignId, ChaserId, CommunicationId, ContactId, DocumentId, ItemId, RecipientId, RecommendationId,
};
use headwater_prevention::exchange::moment::{Day, Moment};
use maud::{Markup, html};
use serde_json::Value;

use super::layout;
use super::office::Known;
use super::spreadsheet::Spreadsheet;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::store::log::{Row, Stored};

/// Entries on one page.
const ON_A_PAGE: u64 = 100;

/// What one may look for: what the kind begins with, and its words.
const THINGS: [(&str, &str); 15] = [
    ("", "anything"),
    ("campaign.", "campaigns"),
    ("letter.", "letters"),
    ("recipient.", "who is asked"),
    ("communication.", "messages"),
    ("ask.", "how asks stand"),
    ("chaser.", "reminders"),
    ("document.", "documents"),
    ("recommendation.", "recommendations"),
    ("duty.", "answers to recommendations"),
    ("body.", "bodies"),
    ("contact.", "contacts"),
    ("person.", "who people are"),
    ("account.", "accounts"),
    ("audit.", "what was opened and exported"),
];

/// Which entries are looked for.
struct Wanted {
    person: String,
    thing: String,
    from: Option<Day>,
    to: Option<Day>,
}

impl Wanted {
    fn of(visit: &Visit) -> Wanted {
        let day = |field: &str| visit.query.text(field).parse().ok();
        Wanted { person: visit.query.text("person").to_owned(), thing: visit.query.text("thing").to_owned(), from: day("from"), to: day("to") }
    }

    fn has(&self, row: &Stored) -> bool {
        let day = || row.at.parse::<Moment>().ok().map(Moment::day_in_london);
        (self.person.is_empty() || row.actor == self.person)
            && (self.thing.is_empty() || row.kind.starts_with(&self.thing))
            && self.from.is_none_or(|from| day().is_some_and(|day| day >= from))
            && self.to.is_none_or(|to| day().is_some_and(|day| day <= to))
    }

    /// The same as part of an address.
    fn query(&self) -> String {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("person", self.person.as_str()), ("thing", &self.thing), ("from", &day(self.from)), ("to", &day(self.to))])
            .finish()
    }
}

/// The newest entries, or those before a number, of one person or all.
///
/// # Errors
/// The log cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let wanted = Wanted::of(visit);
    let head = visit.app.ws.log().head()?.map_or(0, |event| event.seq);
    let before = visit.query.text("before").parse().unwrap_or(u64::MAX).min(head.saturating_add(1));
    let found = newest(visit, before, &wanted)?;
    let known = visit.app.office.known();
    let oldest = found.last().map_or(0, |row| row.seq);
    // Contacts at bodies never act; whose name was erased did, and is still looked for.
    let mut people: Vec<(&str, &str)> = known.actors.iter().map(|id| (known.name(id), id.as_str())).collect();
    people.sort_unstable();
    let query = wanted.query();
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let main = html! {
        p { "Every entry carries the hash of the one before, so that none can be changed or taken out unseen. " code { "headwater log verify" } " proves it." }
        form.filters method="get" action="/audit" {
            div { label for="person" { "By" } select id="person" name="person" {
                option value="" { "anyone" }
                @for (name, id) in &people { option value=(id) selected[*id == wanted.person] { (name) } }
            } }
            div { label for="thing" { "About" } select id="thing" name="thing" {
                @for (begin, words) in &THINGS { option value=(begin) selected[*begin == wanted.thing] { (words) } }
            } }
            div { label for="from" { "From" } input type="date" id="from" name="from" value=(day(wanted.from)); }
            div { label for="to" { "To" } input type="date" id="to" name="to" value=(day(wanted.to)); }
            button { "Show" }
        }
        // On a telephone each entry is a list; its roles say that it is a table all the same.
        div.scroll.read tabindex="0" role="region" aria-label="Entries of the log" {
            table role="table" {
                caption { "The newest first" }
                thead role="rowgroup" { tr role="row" { @for title in ["Entry", "When", "Who", "What happened"] { th.t scope="col" role="columnheader" { (title) } } } }
                tbody role="rowgroup" {
                    @for row in &found {
                        tr role="row" {
                            th.t scope="row" role="rowheader" { (row.seq) }
                            td.t role="cell" data-of="When" { (at(row)) }
                            td.t role="cell" data-of="Who" { (known.name(&row.actor)) }
                            td.t role="cell" data-of="What happened" { (sentence(&row.kind)) @let parts = of_what(&known, &row.body); @if !parts.is_empty() { " " small { @for (i, part) in parts.iter().enumerate() { @if i > 0 { "; " } (part) } } } }
                        }
                    }
                }
            }
        }
        @if found.is_empty() { p { "There is nothing." } }
        @if oldest > 1 && found.len() as u64 == ON_A_PAGE { p { a href={ "/audit?before=" (oldest) "&" (query) } { "Older entries" } } }
        p.download { a href={ "/audit.csv?" (query) } { "All of these as a CSV file" } }
    };
    page(layout::page(visit, "Audit", &[], &main))
}

/// The same, as a file: every entry that is looked for, the oldest first, with its whole content.
///
/// # Errors
/// The log cannot be read or written.
pub fn csv(visit: &Visit) -> Answer {
    let wanted = Wanted::of(visit);
    let mut out = Spreadsheet::new(&["entry", "at", "person", "kind", "what_happened", "body", "hash"])?;
    visit.app.ws.log().walk(0, u64::MAX, &mut |row| {
        if let Row::Stored(row) = row
            && wanted.has(&row)
        {
            out.row(&[&row.seq.to_string(), &row.at, &row.actor, &row.kind, &sentence(&row.kind), &without_tokens(&row.body), &row.hash])?;
        }
        Ok(())
    })?;
    let bytes = out.bytes()?;
    visit.log("audit.exported", serde_json::json!({"what": "the log"}))?;
    Ok(Reply::File("audit.csv".to_owned(), "text/csv; charset=utf-8", bytes))
}

/// The newest entries before a number, going back through the log in steps.
fn newest(visit: &Visit, before: u64, wanted: &Wanted) -> Result<Vec<Stored>, Refusal> {
    let mut found: Vec<Stored> = Vec::new();
    let mut end = before;
    let mut step = ON_A_PAGE;
    while end > 1 && (found.len() as u64) < ON_A_PAGE {
        let begin = end.saturating_sub(step + 1);
        let mut some = Vec::new();
        visit.app.ws.log().walk(begin, end - 1, &mut |row| {
            if let Row::Stored(row) = row
                && wanted.has(&row)
            {
                some.push(row);
            }
            Ok(())
        })?;
        found.extend(some.into_iter().rev());
        end = begin + 1;
        // What is rare takes longer steps.
        step = (step * 4).min(100_000);
    }
    found.truncate(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX));
    Ok(found)
}

fn at(row: &Stored) -> String {
    row.at.parse().map_or_else(|_| row.at.clone(), layout::moment)
}

/// What happened, in a sentence: the exchange has one for each of its kinds; the others are told here.
fn sentence(kind: &str) -> String {
    let own = match kind {
        "person.added" => "Somebody was entered.",
        "person.changed" => "What is known of somebody was put right.",
        "person.erased" => "Who somebody is was erased.",
        "account.invited" => "Somebody was invited.",
        "account.opened" => "An account was opened.",
        "account.closed" => "An account was closed.",
        "account.role_changed" => "The role of an account was changed.",
        "account.signed_in" => "Somebody signed in.",
        "account.sessions_ended" => "Sessions were ended.",
        "account.password_changed" => "A password was changed.",
        "account.authenticator_changed" => "An authenticator was changed.",
        "account.access_reset" => "The access to an account was reset.",
        "audit.document_opened" => "A file was opened as it came.",
        "audit.message_opened" => "A message was taken as it came.",
        "audit.exported" => "Something was taken out as a file.",
        "audit.upload_link_made" => "A new upload link was made.",
        _ => "",
    };
    match Event::about(kind) {
        Some(about) => about.to_owned(),
        None if own.is_empty() => layout::sentence(&kind.replacen('.', ": ", 1).replace(['_', '.'], " ")),
        None => own.to_owned(),
    }
}

/// Fields that are no matter of a reader: what opens a way in.
const SECRET: [&str; 1] = ["reply_token"];

/// The longest words of an entry that stand on the page, in bytes; the file has all.
const LONGEST: usize = 160;

/// The most things of one kind that are named in an entry.
const NAMED: usize = 6;

/// The body of an event without what opens a way in.
fn without_tokens(body: &str) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(body) else { return body.to_owned() };
    let before = fields.len();
    fields.retain(|name, _| !SECRET.contains(&name.as_str()));
    if fields.len() == before { body.to_owned() } else { Value::Object(fields).to_string() }
}

/// What an event is about: each thing by its name, with the way there.
fn of_what(known: &Known, body: &str) -> Vec<Markup> {
    let Ok(Value::Object(fields)) = serde_json::from_str(body) else { return Vec::new() };
    let mut parts = Vec::new();
    for (name, value) in &fields {
        part(known, &fields, name, value, &mut parts);
    }
    parts
}

fn part(known: &Known, fields: &serde_json::Map<String, Value>, name: &str, value: &Value, parts: &mut Vec<Markup>) {
    if SECRET.contains(&name) {
        return;
    }
    let said = name.replace('_', " ");
    match value {
        Value::Number(number) => {
            let number = number.as_u64().and_then(|number| u32::try_from(number).ok());
            parts.push(match number.and_then(|number| thing(known, fields, name, number)) {
                Some(thing) => thing,
                None => html! { (said) ": " (value) },
            });
        }
        // A hash or an id says nothing to a reader; the file has them whole.
        Value::String(text) if is_hash(text) => {}
        Value::String(text) if name == "person" || name == "account" => parts.push(html! { (known.name(text)) }),
        Value::String(text) if text.len() <= LONGEST => {
            let words = text.parse::<Day>().map_or_else(|_| text.clone(), |day| day.name());
            parts.push(html! { (said) ": " (words) });
        }
        Value::Bool(yes) => parts.push(html! { (said) ": " @if *yes { "yes" } @else { "no" } }),
        Value::Array(all) => {
            // "recipients" names what "recipient" names.
            let one = name.strip_suffix('s').unwrap_or(name);
            for it in all.iter().take(NAMED) {
                match it {
                    Value::Object(inner) if name == "asks" => parts.extend(ask(known, inner)),
                    Value::Object(inner) => inner.iter().for_each(|(name, value)| part(known, inner, name, value, parts)),
                    other => part(known, fields, one, other, parts),
                }
            }
            if all.len() > NAMED {
                parts.push(html! { "and " (all.len() - NAMED) " more" });
            }
        }
        Value::Object(inner) => inner.iter().for_each(|(name, value)| part(known, inner, name, value, parts)),
        _ => {}
    }
}

fn is_hash(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn ask(known: &Known, fields: &serde_json::Map<String, Value>) -> Option<Markup> {
    let number = |name: &str| fields.get(name).and_then(Value::as_u64);
    let ask = AskId { recipient: RecipientId(u32::try_from(number("recipient")?).ok()?), item: ItemId(u16::try_from(number("item")?).ok()?) };
    let recipient = known.state.recipient(ask.recipient)?;
    let title = known.state.campaign(recipient.campaign)?.items.get(ask.item.index())?.as_ref()?.title.to_string();
    Some(html! { (title) " of " (of_recipient(known, ask.recipient)?) })
}

fn of_recipient(known: &Known, id: RecipientId) -> Option<Markup> {
    let name = known.state.body(known.state.recipient(id)?.body)?.entry.name.to_string();
    Some(html! { a href={ "/recipients/" (id.0) } { (name) } })
}

/// A thing of a number by its name; none where there is no such thing.
fn thing(known: &Known, fields: &serde_json::Map<String, Value>, name: &str, number: u32) -> Option<Markup> {
    match name {
        "recipient" => of_recipient(known, RecipientId(number)),
        "campaign" | "previous" => {
            let title = known.state.campaign(CampaignId(number))?.brief.title.to_string();
            Some(html! { a href={ "/campaigns/" (number) } { (title) } })
        }
        "body" => {
            let name = known.state.body(BodyId(number))?.entry.name.to_string();
            Some(html! { a href={ "/bodies/" (number) } { (name) } })
        }
        "document" => {
            known.state.document(DocumentId(number))?;
            Some(html! { a href={ "/documents/" (number) } { (super::recipient::document_title(known, DocumentId(number))) } })
        }
        "communication" | "answers" => {
            known.state.communication(CommunicationId(number))?;
            Some(html! { a href={ "/messages/" (number) } { "message " (number) } })
        }
        "by" if !fields.contains_key("contact") => thing(known, fields, "body", number),
        "contact" | "by" => {
            let contact = known.state.contact(ContactId(number))?;
            Some(html! { (known.name(contact.person.as_str())) })
        }
        "recommendation" => {
            let it = known.state.recommendation(RecommendationId(number))?;
            Some(html! { a href={ "/recommendations/" (number) } { "recommendation " (it.number) } })
        }
        "chaser" => {
            let body = known.state.body(known.state.chaser(ChaserId(number))?.body)?.entry.name.to_string();
            Some(html! { "the reminder to " (body) })
        }
        "item" => {
            let of = |name: &str| fields.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
            let campaign = of("campaign").map(CampaignId).or_else(|| Some(known.state.recipient(RecipientId(of("recipient")?))?.campaign))?;
            let title = known.state.campaign(campaign)?.items.get(number as usize)?.as_ref()?.title.to_string();
            Some(html! { (title) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_exchange_is_a_sentence() {
        for kind in Event::KINDS {
            let sentence = sentence(kind);
            assert!(sentence.ends_with('.') && sentence.contains(' '), "{kind}: {sentence}");
        }
        assert_eq!(sentence("body.entered"), "A body was entered.");
        assert_eq!(sentence("source.added"), "Source: added.");
    }

    #[test]
    fn what_opens_a_way_in_is_left_out() {
        assert_eq!(without_tokens(r#"{"recipient":1,"reply_token":"secret"}"#), r#"{"recipient":1}"#);
        assert_eq!(without_tokens(r#"{"b":1,"a":2}"#), r#"{"b":1,"a":2}"#);
    }
}
