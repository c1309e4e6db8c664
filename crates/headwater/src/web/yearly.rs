//! The statement of a year, as pages and tables to take elsewhere.

use std::io::{Cursor, Write};

use headwater_prevention::exchange::moment::Day;
use headwater_prevention::exchange::state::State;
use headwater_prevention::exchange::yearly::{FinancialYear, statement};
use headwater_publish::{File, site_with_pdfs, statements};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::form::Problems;
use super::office::Office;
use super::visit::{Answer, Refusal, Reply, Visit};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

/// The statement of a year as a file: pages, a PDF of them, and beside each table a CSV file and the workbook of all.
///
/// # Errors
/// There is no such year, or nothing was done in it.
pub fn take(visit: &Visit) -> Answer {
    let year = of(visit).ok_or(Refusal::NotFound)?;
    // Writing pages takes a while, and nobody who writes to the log should wait for it.
    let state = visit.app.office.known().state.clone();
    let Some(files) = pages(&visit.app.ws, &state, year, visit.today())? else {
        return Err(Problems::one("year", format!("Nothing was done in {}: choose another year", year.words())).into());
    };
    let writing = |error: &dyn std::fmt::Display| Problem::while_doing("packing the statement", error);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for file in &files {
        out.start_file(&file.path, SimpleFileOptions::default()).map_err(|error| writing(&error))?;
        out.write_all(&file.bytes).map_err(|error| writing(&error))?;
    }
    let bytes = out.finish().map_err(|error| writing(&error))?.into_inner();
    visit.log("audit.exported", json!({"what": "statement", "year": year.begins_in(), "sha256": crate::pages::hash(&files)}))?;
    Ok(Reply::File(format!("statement-{}-{}.zip", year.begins_in(), year.begins_in() + 1), "application/zip", bytes))
}

/// The year that is asked for; this one without a word of it.
pub fn of(visit: &Visit) -> Option<FinancialYear> {
    match visit.query.text("year") {
        "" => FinancialYear::holding(visit.today()),
        year => year.parse().ok().and_then(FinancialYear::of),
    }
}

/// The statement of a workspace, on a day.
///
/// # Errors
/// Nothing was done in that year, or the log cannot be read.
pub fn of_workspace(ws: &Workspace, year: FinancialYear, today: Day) -> Result<Vec<File>, Problem> {
    let office = Office::open(ws)?;
    let files = pages(ws, &office.known().state, year, today)?;
    files.ok_or_else(|| Problem::new(format!("nothing was done in {}", year.words())).hint("choose another year with --year").exit(Exit::WrongUse))
}

fn pages(ws: &Workspace, state: &State, year: FinancialYear, today: Day) -> Result<Option<Vec<File>>, Problem> {
    let Some(mut publication) = statement(state, year, today, &ws.settings().publisher).map_err(|error| Problem::new(error.to_string()))? else {
        return Ok(None);
    };
    // The first is on accessibility; the second is on official statistics, which this is none of.
    let accessibility = statements(&publication).into_iter().take(1);
    publication.about.extend(accessibility);
    let pdfs = crate::pages::pdfs(&publication)?;
    Ok(Some(site_with_pdfs(&publication, pdfs).map_err(Problem::new)?))
}
