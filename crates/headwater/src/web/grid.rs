//! The grid: every body of a campaign, every thing that was asked.

use headwater_prevention::exchange::ask::{AskStatus, Proof};
use headwater_prevention::exchange::clock::standing::Standing;
use headwater_prevention::exchange::grid::{Cell, Filter, Grid, grid};
use headwater_prevention::exchange::id::{AskId, CampaignId, ItemId};
use headwater_prevention::exchange::moment::Day;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::access::Right;
use super::campaigns;
use super::layout;
use super::office::Known;
use super::recipient::{passed_words, status_words};
use super::sending::file_name;
use super::spreadsheet::Spreadsheet;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::problem::Problem;

fn filter(visit: &Visit) -> Filter {
    let one = |field: &str| Some(visit.query.text(field).to_owned()).filter(|text| !text.is_empty()).into_iter().collect::<Vec<String>>();
    Filter {
        statuses: one("status"),
        standings: one("standing"),
        item: visit.query.text("item").parse().ok().map(ItemId),
        kind: None,
        name: visit.query.text("name").to_owned(),
    }
}

/// What one may put first.
const LATEST_FIRST: &str = "due";

/// By name, as the grid comes; or those who owe an answer the longest first, and who owes none last.
fn order(visit: &Visit, grid: &mut Grid<'_>) {
    if visit.query.text("order") == LATEST_FIRST {
        grid.rows
            .sort_by_key(|row| row.cells.iter().flatten().filter_map(|cell| due(cell.standing)).min().map_or((true, None), |day| (false, Some(day))));
    }
}

/// By which day an answer is, or was, to come; none where none is waited for.
fn due(standing: Standing) -> Option<Day> {
    match standing {
        Standing::OnTime { due } | Standing::DueSoon { due } | Standing::Overdue { due, .. } => Some(due),
        _ => None,
    }
}

/// For how many days a promise has been broken: its day is over, and what was promised is still waited for.
fn broken(cell: &Cell<'_>, today: Day) -> Option<i32> {
    cell.promise_holds_until.filter(|until| *until < today).map(|until| today.since(until))
}

/// The grid of a campaign.
///
/// # Errors
/// There is no such campaign.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let mut grid = grid(&known.state, id, visit.today(), &filter(visit)).ok_or(Refusal::NotFound)?;
    order(visit, &mut grid);
    let back = format!("/campaigns/{}", id.0);
    let n_all = known.state.recipients_of(id).count();
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(visit.query.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .finish();
    let main = html! {
        p { "Time to answer: " (campaign.brief.clock.words()) "." }
        (filters(visit, &known, id))
        div.scroll tabindex="0" role="region" aria-label="The grid" {
            table.grid {
                caption { (grid.rows.len()) " of " (layout::counted(n_all, "body", "bodies")) ", on " (grid.on.name()) }
                thead { tr {
                    th scope="col" { "Body" }
                    @for (_, title) in &grid.items { th scope="col" { (title) } }
                    th scope="col" { "Last reminder" }
                } }
                tbody {
                    @for row in &grid.rows {
                        tr {
                            th scope="row" { a href={ "/recipients/" (row.recipient.0) } { (row.name) } @if row.non_response.words() != "none" { small { (row.non_response.words()) } } }
                            @for ((item, _), cell) in grid.items.iter().zip(&row.cells) { (shown(&known, AskId { recipient: row.recipient, item: *item }, cell.as_ref(), grid.on)) }
                            td { (row.last_chased.map_or_else(|| "none".to_owned(), |day| day.name())) }
                        }
                    }
                }
            }
        }
        p.download { a href={ (back) "/grid.csv?" (query) } { "This grid as a CSV file" } " · " a href={ (back) "/grid.json?" (query) } { "as JSON" } }
        @if visit.may(Right::Prepare) && campaign.stage.takes_answers() { p { a href={ "/reminders?campaign=" (id.0) } { "Write reminders for those who are late" } } }
    };
    page(layout::page(visit, "The grid", &[("Campaigns", "/campaigns"), (campaign.brief.title.as_str(), &back)], &main))
}

fn filters(visit: &Visit, known: &Known, id: CampaignId) -> Markup {
    let pick = |name: &str, label: &str, options: &[(String, String)]| {
        let chosen = visit.query.text(name);
        html! {
            div {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    option value="" { "any" }
                    @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
                }
            }
        }
    };
    let both = |values: &[&str], words: &[&str]| {
        values.iter().zip(words).map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect::<Vec<_>>()
    };
    let items: Vec<(String, String)> = known
        .state
        .campaign(id)
        .into_iter()
        .flat_map(|campaign| campaign.items.iter().enumerate())
        .filter_map(|(number, item)| item.as_ref().map(|item| (number.to_string(), item.title.to_string())))
        .collect();
    html! {
        form.filters method="get" action={ "/campaigns/" (id.0) "/grid" } role="search" aria-label="Filter the grid" {
            (pick("status", "State", &both(&AskStatus::WORDS, &AskStatus::TOLD)))
            (pick("standing", "Time", &both(&Standing::WORDS, &Standing::WORDS)))
            (pick("item", "Item", &items))
            div { label for="name" { "Name has" } input type="text" id="name" name="name" value=(visit.query.text("name")) autocomplete="off"; }
            (pick_order(visit))
            button { "Show" }
            @if !visit.query.0.is_empty() { a href={ "/campaigns/" (id.0) "/grid" } { "Show all" } }
        }
    }
}

fn pick_order(visit: &Visit) -> Markup {
    let is_by_day = visit.query.text("order") == LATEST_FIRST;
    html! {
        div {
            label for="order" { "First" }
            select id="order" name="order" {
                option value="" selected[!is_by_day] { "by name" }
                option value=(LATEST_FIRST) selected[is_by_day] { "what is due the longest" }
            }
        }
    }
}

/// From which day the time of an answer that is waited for is counted, where that is the day on which the letter came: it is not the same in
/// every cell, and may be known or only deemed.
fn counted(cell: &Cell<'_>) -> Option<String> {
    let (from, what) = cell.counted.filter(|(_, what)| *what != "sent")?;
    due(cell.standing).map(|_| format!("counted from {}, {what}", from.name()))
}

/// How a cell stands, and one line about its time. Who said so, and when, is on the page of the recipient.
fn shown(known: &Known, ask: AskId, cell: Option<&Cell<'_>>, today: Day) -> Markup {
    let Some(cell) = cell else { return html! { td { "not asked" } } };
    let broken = broken(cell, today);
    // Whoever has promised a day has until then.
    let has_time = cell.promise_holds_until.is_some_and(|until| until >= today);
    let time = match (broken, due(cell.standing)) {
        (Some(days), _) => format!("promise broken {} ago", layout::counted(usize::try_from(days).unwrap_or(0), "day", "days")),
        (None, Some(due)) if has_time => format!("{} {}", if due < today { "was due" } else { "due" }, due.name()),
        _ => cell.standing.told(),
    };
    html! {
        td.answered[cell.status.is_answer()] {
            (status_words(known, cell.status))
            @if let Some(promise) = cell.promise.filter(|_| !cell.status.is_final() && !matches!(cell.status, AskStatus::Promised { .. })) { ", promised for " (promise.until.name()) }
            @if let Some(next) = known.state.taken_up(ask) { small { a href={ "/recipients/" (next.recipient.0) } { (passed_words(known, next)) } } }
            small.late[broken.is_some() || (cell.standing.is_overdue() && !has_time)] { (time) }
            @if let Some(words) = counted(cell) { small { (words) } }
        }
    }
}

/// What the files of a grid say of each cell.
pub const COLUMNS: [&str; 21] = [
    "recipient",
    "body",
    "item_number",
    "item",
    "state",
    "reason",
    "time",
    "time_in_words",
    "since",
    "said_by",
    "counted_from",
    "counted_from_as",
    "due",
    "days_late",
    "answered",
    "promised_for",
    "promise_broken_days",
    "proof",
    "n_documents",
    "last_reminder",
    "letter_sent",
];

/// One line for each cell, in the order of [`COLUMNS`]: numbers are numbers, and what there is not is null.
pub fn rows(known: &Known, grid: &Grid<'_>) -> Vec<[Value; COLUMNS.len()]> {
    let day = |day: Option<Day>| day.map_or(Value::Null, |day| Value::from(day.to_string()));
    let mut out = Vec::new();
    for row in &grid.rows {
        for ((item, title), cell) in grid.items.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            let reason = match cell.status {
                AskStatus::Refused { reason } | AskStatus::Withdrawn { reason } => Value::from(reason.as_str()),
                _ => Value::Null,
            };
            let (days_late, answered) = match cell.standing {
                Standing::Overdue { days, .. } => (Value::from(days), None),
                Standing::AnsweredLate { on, days } => (Value::from(days), Some(on)),
                Standing::Answered { on } => (Value::from(0), Some(on)),
                _ => (Value::Null, None),
            };
            let proof = match cell.proof {
                Some(Proof::Communication(id)) => Value::from(format!("message {}", id.0)),
                Some(Proof::Document(id)) => Value::from(format!("document {}", id.0)),
                None => Value::Null,
            };
            out.push([
                Value::from(row.recipient.0),
                Value::from(row.name),
                Value::from(item.0),
                Value::from(*title),
                Value::from(cell.status.words()),
                reason,
                Value::from(cell.standing.words()),
                Value::from(cell.standing.told()),
                Value::from(cell.since.to_string()),
                Value::from(known.name(cell.by.as_str())),
                day(cell.counted.map(|(from, _)| from)),
                cell.counted.map_or(Value::Null, |(_, what)| Value::from(what)),
                day(due(cell.standing)),
                days_late,
                day(answered),
                day(cell.promise.map(|promise| promise.until)),
                broken(cell, grid.on).map_or(Value::Null, Value::from),
                proof,
                Value::from(cell.documents.len()),
                day(row.last_chased),
                day(row.letter_sent),
            ]);
        }
    }
    out
}

/// A value as a cell of a file for spreadsheets: nothing is an empty cell.
fn cell_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The lines as a file for spreadsheets.
///
/// # Errors
/// None in practice: it is written into memory.
pub fn as_csv(rows: &[[Value; COLUMNS.len()]]) -> Result<Vec<u8>, Problem> {
    let mut out = Spreadsheet::new(&COLUMNS)?;
    for row in rows {
        out.row(&row.each_ref().map(cell_text).each_ref().map(String::as_str))?;
    }
    out.bytes()
}

/// The lines as objects.
pub fn as_json(rows: Vec<[Value; COLUMNS.len()]>) -> Vec<serde_json::Map<String, Value>> {
    rows.into_iter().map(|row| COLUMNS.iter().map(|column| (*column).to_owned()).zip(row).collect()).collect()
}

/// The grid as a CSV file.
///
/// # Errors
/// There is no such campaign.
pub fn csv(visit: &Visit) -> Answer {
    let (name, rows) = exported(visit)?;
    Ok(Reply::File(format!("{name}.csv"), "text/csv; charset=utf-8", as_csv(&rows)?))
}

/// The grid as JSON.
///
/// # Errors
/// There is no such campaign.
pub fn json(visit: &Visit) -> Answer {
    let (name, rows) = exported(visit)?;
    let bytes = serde_json::to_vec_pretty(&as_json(rows)).map_err(|error| Problem::while_doing("writing the grid", error))?;
    Ok(Reply::File(format!("{name}.json"), "application/json", bytes))
}

fn exported(visit: &Visit) -> Result<(String, Vec<[Value; COLUMNS.len()]>), Refusal> {
    let (id, name, rows) = {
        let known = visit.app.office.known();
        let (id, campaign) = campaigns::of(visit, &known)?;
        let mut grid = grid(&known.state, id, visit.today(), &filter(visit)).ok_or(Refusal::NotFound)?;
        order(visit, &mut grid);
        (id, format!("grid-{}-{}", file_name(campaign.brief.title.as_str()), visit.today()), rows(&known, &grid))
    };
    visit.log("audit.exported", json!({"what": "grid", "campaign": id.0}))?;
    Ok((name, rows))
}
