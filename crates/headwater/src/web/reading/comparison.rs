//! Areas by themes: what each area's documents say of each theme, with the words and the page, for one campaign.

use headwater_prevention::exchange::id::{CampaignId, CodeId, CodingId, RecipientId};
use headwater_prevention::exchange::reading::coding::Coding;
use headwater_prevention::exchange::reading::comparison::{Cell, Row, Standing, matrix};
use maud::{Markup, html};

use super::quotations::{Quoted, quoted};
use super::{coding, path};
use crate::web::layout;
use crate::web::office::Known;
use crate::web::recipient::document_title;
use crate::web::spreadsheet::Spreadsheet;
use crate::web::visit::{Answer, Refusal, Reply, Visit, page};

/// The campaign of the address and the codes that are compared: those under the theme that is asked for, or the themes themselves.
struct Asked {
    campaign: CampaignId,
    title: String,
    theme: Option<CodeId>,
    codes: Vec<CodeId>,
}

fn asked(visit: &Visit) -> Result<Asked, Refusal> {
    let campaign = CampaignId(visit.part("campaign")?);
    let known = visit.app.office.known();
    let title = known.state.campaign(campaign).ok_or(Refusal::NotFound)?.brief.title.to_string();
    let book = known.state.reading().codebook();
    let outline = book.current().map(|issue| issue.outline()).unwrap_or_default();
    let theme = visit.query.text("theme").parse().ok().map(CodeId).filter(|id| outline.iter().any(|(code, ..)| code == id));
    let codes = match theme {
        Some(theme) => outline.iter().filter(|(_, entry, _)| entry.parent == Some(theme)).map(|(id, ..)| *id).collect::<Vec<_>>(),
        None => outline.iter().filter(|(_, _, level)| *level == 0).map(|(id, ..)| *id).collect(),
    };
    // A code without others under it is compared by itself.
    let codes = if codes.is_empty() { theme.into_iter().collect() } else { codes };
    Ok(Asked { campaign, title, theme, codes })
}

fn body_of(known: &Known, recipient: RecipientId) -> String {
    known.state.recipient(recipient).and_then(|it| known.state.body(it.body)).map_or_else(String::new, |body| body.entry.name.to_string())
}

fn codings_of(known: &Known, ids: impl IntoIterator<Item = CodingId>) -> Vec<(CodingId, Coding)> {
    ids.into_iter().filter_map(|id| Some((id, known.state.reading().coding(id)?.clone()))).collect()
}

/// The matrix of a campaign.
///
/// # Errors
/// There is no such campaign.
pub fn show(visit: &Visit) -> Answer {
    let asked = asked(visit)?;
    let known = visit.app.office.known();
    let book = known.state.reading().codebook();
    let rows = matrix(&known.state, asked.campaign, &asked.codes);
    let here = format!("/campaigns/{}/comparison", asked.campaign.0);
    let main = html! {
        (themes(&known, &here, asked.theme))
        @if asked.codes.is_empty() { p { "There is nothing to compare by: no version of the " a href="/reading/codebook" { "codebook" } " was issued." } }
        @else {
            p { (sentence(&rows)) }
            div.scroll tabindex="0" role="region" aria-label="Areas by themes" {
                table {
                    caption { "How many passages of each area's documents are coded, by theme" }
                    thead { tr { th.t scope="col" { "Area" } @for code in &asked.codes { th.t scope="col" { a href={ (here) "?theme=" (code.0) } { (book.name(*code)) } } } } }
                    tbody {
                        @for row in &rows {
                            tr {
                                th.t scope="row" { a href=(area_address(row.recipient, asked.theme)) { (body_of(&known, row.recipient)) } @if row.n_unread > 0 { br; span.hint { (row.n_unread) " of " (layout::counted(row.documents.len(), "document", "documents")) " not read to the end" } } }
                                @for (cell, code) in row.cells.iter().zip(&asked.codes) { td.t { (shown(cell, row.recipient, asked.theme, *code)) } }
                            }
                        }
                    }
                    tfoot { tr { th.t scope="row" { "Areas that say something" } @for at in 0..asked.codes.len() { td.t { (rows.iter().filter(|row| row.cells[at].standing == Standing::Said).count()) " of " (rows.len()) } } } }
                }
            }
            p.download { a href={ (here) ".csv" @if let Some(theme) = asked.theme { "?theme=" (theme.0) } } { "All passages as a CSV file" } }
        }
    };
    page(layout::page(
        visit,
        &format!("Areas by themes: {}", asked.title),
        &[("Reading", "/reading"), ("Campaigns", "/campaigns"), (&asked.title, &format!("/campaigns/{}", asked.campaign.0))],
        &main,
    ))
}

fn area_address(recipient: RecipientId, theme: Option<CodeId>) -> String {
    let query = theme.map_or_else(String::new, |theme| format!("?theme={}", theme.0));
    format!("/recipients/{}/reading{query}", recipient.0)
}

fn themes(known: &Known, here: &str, theme: Option<CodeId>) -> Markup {
    let book = known.state.reading().codebook();
    let Some(issue) = book.current() else { return html! {} };
    let shown: Vec<_> = issue.outline().into_iter().filter(|(id, _, level)| *level == 0 || issue.branch(*id).len() > 1).collect();
    html! {
        nav.pages aria-label="Themes" {
            p { @match theme { Some(theme) => { "Theme: " strong { (path(issue, theme)) } "." }, None => "All themes." } }
            ul {
                li { a href=(here) aria-current=[theme.is_none().then_some("page")] { "All themes" } }
                @for (id, entry, _) in shown { li { a href={ (here) "?theme=" (id.0) } aria-current=[(theme == Some(id)).then_some("page")] { (entry.name) } } }
            }
        }
    }
}

fn sentence(rows: &[Row]) -> String {
    let with = rows.iter().filter(|row| !row.documents.is_empty()).count();
    let read = rows.iter().filter(|row| !row.documents.is_empty() && row.n_unread == 0).count();
    format!("{with} of {} areas sent documents that may be read. The documents of {read} of them were read to the end.", rows.len())
}

fn shown(cell: &Cell, recipient: RecipientId, theme: Option<CodeId>, code: CodeId) -> Markup {
    html! {
        @match cell.standing {
            Standing::Said => a href={ (area_address(recipient, theme)) "#code-" (code.0) } { (layout::counted(cell.codings.len(), "passage", "passages")) },
            other => span.hint { (other.words()) },
        }
    }
}

/// What one area says, theme by theme, in its own words.
///
/// # Errors
/// There is no such recipient, or a file cannot be read.
pub fn area(visit: &Visit) -> Answer {
    let id = RecipientId(visit.part("recipient")?);
    let (row, codes, codings, theme) = {
        let known = visit.app.office.known();
        let campaign = known.state.recipient(id).ok_or(Refusal::NotFound)?.campaign;
        let outline = known.state.reading().codebook().current().map(|issue| issue.outline()).unwrap_or_default();
        let theme = visit.query.text("theme").parse().ok().map(CodeId);
        let under: Vec<CodeId> = outline
            .iter()
            .filter(|(code, entry, level)| match theme {
                Some(theme) => entry.parent == Some(theme) || (*code == theme && !outline.iter().any(|(_, it, _)| it.parent == Some(theme))),
                None => *level == 0,
            })
            .map(|(code, ..)| *code)
            .collect();
        let row = matrix(&known.state, campaign, &under).into_iter().find(|row| row.recipient == id).ok_or(Refusal::NotFound)?;
        let codings = codings_of(&known, row.cells.iter().flat_map(|cell| cell.codings.clone()));
        (row, under, codings, theme)
    };
    let all = quoted(visit, &codings)?;
    let known = visit.app.office.known();
    let name = body_of(&known, id);
    let campaign = known.state.recipient(id).map_or(0, |it| it.campaign.0);
    let main = html! {
        @if let (Some(theme), Some(issue)) = (theme, known.state.reading().codebook().current()) { p { "Theme: " strong { (path(issue, theme)) } ". " a href={ "/recipients/" (id.0) "/reading" } { "All themes" } } }
        @if row.documents.is_empty() { p { "It sent no document that may be read." } }
        @else { h2 { "Its documents" } ul { @for document in &row.documents { li { a href=(coding::address(*document, 1)) { (document_title(&known, *document)) } @if !known.state.reading().is_read(*document) { ": not read to its end" } } } } }
        @for (cell, code) in row.cells.iter().zip(&codes) {
            h2 id={ "code-" (code.0) } { (known.state.reading().codebook().name(*code)) }
            @if cell.standing != Standing::Said { p { (layout::sentence(cell.standing.words())) } }
            @for it in all.iter().filter(|it| cell.codings.contains(&it.id)) { (segment(&known, it)) }
        }
    };
    page(layout::page(
        visit,
        &format!("What {name} says"),
        &[("Reading", "/reading"), ("Areas by themes", &format!("/campaigns/{campaign}/comparison"))],
        &main,
    ))
}

fn segment(known: &Known, it: &Quoted) -> Markup {
    let issue = known.state.reading().codebook().issue(it.coding.version);
    html! {
        figure.quoted {
            @match &it.words { Some((_, words)) => blockquote { (words) }, None => p { "The document as a whole, or words that are not found any more." } }
            figcaption.hint {
                (issue.map_or_else(String::new, |issue| path(issue, it.coding.code))) ". "
                a href=(coding::address(it.coding.document, it.page().unwrap_or(1))) { (document_title(known, it.coding.document)) @if let Some(page) = it.page() { ", page " (page) } }
                @if let Some(note) = &it.coding.note { ". " (note) }
            }
        }
    }
}

/// All passages as a CSV file: a row for each area, theme and passage, and one for each silent cell.
///
/// # Errors
/// There is no such campaign, or a file cannot be read.
pub fn csv(visit: &Visit) -> Answer {
    let asked = asked(visit)?;
    let (rows, codings) = {
        let known = visit.app.office.known();
        let rows = matrix(&known.state, asked.campaign, &asked.codes);
        let codings = codings_of(&known, rows.iter().flat_map(|row| &row.cells).flat_map(|cell| cell.codings.clone()));
        (rows, codings)
    };
    let all = quoted(visit, &codings)?;
    let mut out = Spreadsheet::new(&["area", "theme", "standing", "code", "document", "title", "page", "words", "note"])?;
    let known = visit.app.office.known();
    let book = known.state.reading().codebook();
    for row in &rows {
        let area = body_of(&known, row.recipient);
        for (cell, code) in row.cells.iter().zip(&asked.codes) {
            let theme = book.name(*code);
            if cell.codings.is_empty() {
                out.row(&[&area, theme, cell.standing.words(), "", "", "", "", "", ""])?;
            }
            for it in all.iter().filter(|it| cell.codings.contains(&it.id)) {
                let named = book.issue(it.coding.version).map_or_else(String::new, |issue| path(issue, it.coding.code));
                let title = document_title(&known, it.coding.document);
                let page = it.page().map_or_else(String::new, |page| page.to_string());
                let words = it.words.as_ref().map_or("", |(_, words)| words.as_str());
                let note = it.coding.note.as_ref().map_or("", |note| note.as_str());
                out.row(&[&area, theme, cell.standing.words(), &named, &(it.coding.document.0 + 1).to_string(), &title, &page, words, note])?;
            }
        }
    }
    let bytes = out.bytes()?;
    drop(known);
    visit.log("audit.exported", serde_json::json!({"what": "areas by themes"}))?;
    Ok(Reply::File("areas-by-themes.csv".to_owned(), "text/csv; charset=utf-8", bytes))
}
