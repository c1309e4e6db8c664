//! Who saw, changed, sent and exported what: the log, in sentences.

use headwater_prevention::exchange::moment::Moment;
use maud::html;
use serde_json::Value;

use super::layout;
use super::spreadsheet::Spreadsheet;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::store::log::{Row, Stored};

/// Entries on one page.
const ON_A_PAGE: u64 = 100;

/// The most entries of a file.
const IN_A_FILE: usize = 100_000;

/// The newest entries, or those before a number, of one person or all.
///
/// # Errors
/// The log cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let person = visit.query.text("person");
    let known = visit.app.office.known();
    let head = visit.app.ws.log().head()?.map_or(0, |event| event.seq);
    let before = visit.query.text("before").parse().unwrap_or(u64::MAX).min(head.saturating_add(1));
    drop(known);
    let found = newest(visit, before, person)?;
    let known = visit.app.office.known();
    let oldest = found.last().map_or(0, |row| row.seq);
    let people: Vec<(String, String)> = std::iter::once((String::new(), "anyone".to_owned()))
        .chain(known.people.iter().map(|(id, person)| (id.clone(), person.name.clone())))
        .collect();
    let more = |seq: i64| format!("/audit?before={seq}&person={person}");
    let main = html! {
        p { "Every entry carries the hash of the one before, so that none can be changed or taken out unseen. " code { "headwater log verify" } " proves it." }
        form.filters method="get" action="/audit" {
            div { label for="person" { "By" } select id="person" name="person" {
                @for (id, name) in &people { option value=(id) selected[id == person] { (name) } }
            } }
            button { "Show" }
        }
        div.scroll tabindex="0" role="region" aria-label="Entries of the log" {
            table {
                caption { "The newest first" }
                thead { tr { th.t scope="col" { "Entry" } th.t scope="col" { "When" } th.t scope="col" { "Who" } th.t scope="col" { "What" } th.t scope="col" { "Of what" } } }
                tbody {
                    @for row in &found {
                        tr {
                            th.t scope="row" { (row.seq) }
                            td.t { (at(row)) }
                            td.t { (known.name(&row.actor)) }
                            td.t { (words(&row.kind)) }
                            td.t { (of_what(&row.body)) }
                        }
                    }
                }
            }
        }
        @if found.is_empty() { p { "There is nothing." } }
        @if oldest > 1 && found.len() as u64 == ON_A_PAGE { p { a href=(more(oldest)) { "Older entries" } } }
        p.download { a href={ "/audit.csv?person=" (person) } { "All of these as a CSV file" } }
    };
    page(layout::page(visit, "Audit", &[], &main))
}

/// The same, as a file.
///
/// # Errors
/// The log cannot be read or written.
pub fn csv(visit: &Visit) -> Answer {
    let person = visit.query.text("person");
    let mut out = Spreadsheet::new(&["entry", "at", "person", "kind", "body", "hash"])?;
    let mut n = 0;
    visit.app.ws.log().walk(0, u64::MAX, &mut |row| {
        if let Row::Stored(row) = row
            && (person.is_empty() || row.actor == person)
            && n < IN_A_FILE
        {
            n += 1;
            out.row(&[&row.seq.to_string(), &row.at, &row.actor, &row.kind, &row.body, &row.hash])?;
        }
        Ok(())
    })?;
    let bytes = out.bytes()?;
    visit.log("audit.exported", serde_json::json!({"what": "the log"}))?;
    Ok(Reply::File("audit.csv".to_owned(), "text/csv; charset=utf-8", bytes))
}

/// The newest entries before a number, going back through the log in steps.
fn newest(visit: &Visit, before: u64, person: &str) -> Result<Vec<Stored>, Refusal> {
    let mut found: Vec<Stored> = Vec::new();
    let mut end = before;
    let mut step = ON_A_PAGE;
    while end > 1 && (found.len() as u64) < ON_A_PAGE {
        let begin = end.saturating_sub(step + 1);
        let mut some = Vec::new();
        visit.app.ws.log().walk(begin, end - 1, &mut |row| {
            if let Row::Stored(row) = row
                && (person.is_empty() || row.actor == person)
            {
                some.push(row);
            }
            Ok(())
        })?;
        found.extend(some.into_iter().rev());
        end = begin + 1;
        // Rare people take longer steps.
        step = (step * 4).min(100_000);
    }
    found.truncate(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX));
    Ok(found)
}

fn at(row: &Stored) -> String {
    row.at.parse::<Moment>().map_or_else(|_| row.at.clone(), |at| format!("{}, {}", at.day_in_london().name(), at.time_in_london()))
}

/// "campaign.item_set" as "campaign: item set".
fn words(kind: &str) -> String {
    kind.replacen('.', ": ", 1).replace(['_', '.'], " ")
}

/// The short values of an event.
fn of_what(body: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(body) else { return String::new() };
    let short = |(name, value): (&String, &Value)| match value {
        Value::String(text) if text.len() <= 80 => Some(format!("{name}: {text}")),
        Value::Number(number) => Some(format!("{name}: {number}")),
        Value::Bool(yes) => Some(format!("{name}: {}", if *yes { "yes" } else { "no" })),
        _ => None,
    };
    fields.iter().filter_map(short).collect::<Vec<_>>().join("; ")
}
