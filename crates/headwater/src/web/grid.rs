//! The grid: every body of a campaign, every thing that was asked.

use headwater_prevention::exchange::ask::AskStatus;
use headwater_prevention::exchange::grid::{Cell, Filter, Grid, grid};
use headwater_prevention::exchange::id::{CampaignId, ItemId};
use maud::{Markup, html};
use serde_json::json;

use super::access::Right;
use super::campaigns;
use super::layout;
use super::office::Known;
use super::recipient::{standing_words, status_words};
use super::sending::file_name;
use super::spreadsheet::Spreadsheet;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::problem::Problem;

/// Standings that one may look for.
const STANDINGS: [&str; 9] = ["not started", "no limit", "paused", "on time", "due soon", "overdue", "answered", "answered late", "withdrawn"];

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

/// The grid of a campaign.
///
/// # Errors
/// There is no such campaign.
pub fn show(visit: &Visit) -> Answer {
    let known = visit.app.office.known();
    let (id, campaign) = campaigns::of(visit, &known)?;
    let grid = grid(&known.state, id, visit.today(), &filter(visit)).ok_or(Refusal::NotFound)?;
    let back = format!("/campaigns/{}", id.0);
    let n_all = known.state.recipients_of(id).count();
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(visit.query.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .finish();
    let main = html! {
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
                            @for cell in &row.cells { (shown(&known, cell.as_ref())) }
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
    let words = |words: &[&str]| words.iter().map(|word| ((*word).to_owned(), (*word).to_owned())).collect::<Vec<_>>();
    let items: Vec<(String, String)> = known
        .state
        .campaign(id)
        .into_iter()
        .flat_map(|campaign| campaign.items.iter().enumerate())
        .filter_map(|(number, item)| item.as_ref().map(|item| (number.to_string(), item.title.to_string())))
        .collect();
    html! {
        form.filters method="get" action={ "/campaigns/" (id.0) "/grid" } role="search" aria-label="Filter the grid" {
            (pick("status", "State", &words(&AskStatus::WORDS)))
            (pick("standing", "Time", &words(&STANDINGS)))
            (pick("item", "Item", &items))
            div { label for="name" { "Name has" } input type="text" id="name" name="name" value=(visit.query.text("name")) autocomplete="off"; }
            button { "Show" }
            @if !visit.query.0.is_empty() { a href={ "/campaigns/" (id.0) "/grid" } { "Show all" } }
        }
    }
}

fn shown(known: &Known, cell: Option<&Cell<'_>>) -> Markup {
    let Some(cell) = cell else { return html! { td { "not asked" } } };
    html! {
        td.answered[cell.status.is_answer()] {
            (status_words(known, cell.status))
            small.late[cell.standing.is_overdue()] { (standing_words(cell.standing)) }
            @if let Some(promise) = cell.promise.filter(|_| !matches!(cell.status, AskStatus::Promised { .. })) { small { "promised for " (promise.until.name()) } }
            small { (cell.since.day_in_london().name()) ", " (known.name(cell.by.as_str())) @if cell.proof.is_some() { ", with proof" } }
        }
    }
}

/// One line for each cell: body, item, state and days.
fn rows(grid: &Grid<'_>) -> Vec<[String; 9]> {
    let day = |day: Option<headwater_prevention::exchange::moment::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut out = Vec::new();
    for row in &grid.rows {
        for ((_, title), cell) in grid.items.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            out.push([
                row.name.to_owned(),
                (*title).to_owned(),
                cell.status.words().to_owned(),
                cell.standing.words().to_owned(),
                standing_words(cell.standing),
                cell.since.to_string(),
                day(cell.promise.map(|promise| promise.until)),
                cell.documents.len().to_string(),
                day(row.last_chased),
            ]);
        }
    }
    out
}

const COLUMNS: [&str; 9] = ["body", "item", "state", "time", "time_in_words", "since", "promised_for", "n_documents", "last_reminder"];

/// The grid as a CSV file.
///
/// # Errors
/// There is no such campaign.
pub fn csv(visit: &Visit) -> Answer {
    let (name, rows) = exported(visit)?;
    let mut out = Spreadsheet::new(&COLUMNS)?;
    for row in rows {
        out.row(&row.each_ref().map(String::as_str))?;
    }
    Ok(Reply::File(format!("{name}.csv"), "text/csv; charset=utf-8", out.bytes()?))
}

/// The grid as JSON.
///
/// # Errors
/// There is no such campaign.
pub fn json(visit: &Visit) -> Answer {
    let (name, rows) = exported(visit)?;
    let cells: Vec<serde_json::Map<String, serde_json::Value>> =
        rows.into_iter().map(|row| COLUMNS.iter().map(|column| (*column).to_owned()).zip(row.map(serde_json::Value::String)).collect()).collect();
    let bytes = serde_json::to_vec_pretty(&cells).map_err(|error| Problem::while_doing("writing the grid", error))?;
    Ok(Reply::File(format!("{name}.json"), "application/json", bytes))
}

fn exported(visit: &Visit) -> Result<(String, Vec<[String; 9]>), Refusal> {
    let (id, name, rows) = {
        let known = visit.app.office.known();
        let (id, campaign) = campaigns::of(visit, &known)?;
        let grid = grid(&known.state, id, visit.today(), &filter(visit)).ok_or(Refusal::NotFound)?;
        (id, format!("grid-{}-{}", file_name(campaign.brief.title.as_str()), visit.today()), rows(&grid))
    };
    visit.log("audit.exported", json!({"what": "grid", "campaign": id.0}))?;
    Ok((name, rows))
}
