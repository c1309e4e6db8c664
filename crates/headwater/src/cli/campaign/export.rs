//! How a campaign stands, as a file to be taken elsewhere.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use headwater_prevention::exchange::grid::{Filter, grid};
use headwater_prevention::exchange::id::CampaignId;
use headwater_prevention::exchange::moment::Day;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::due;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::store::blobs::hex;
use crate::web::grid as machine;
use crate::web::office::{Known, Office};

/// What stands first in a zip.
const ABOUT: &str = "How a campaign stands\n\n\
    campaign.json   what was asked, under which time limit, and of whom\n\
    grid.csv        how each thing stands that each body was asked for, a line for each\n\
    grid.json       the same for programs\n\
    due.json        who is due a reminder on the day of the file\n\
    SHA256SUMS      the hash of every file: sha256sum --check SHA256SUMS\n\n\
    Letters and replies are not in it: the whole file of one request is on the page of the body.\n";

/// Writes the file and gives its SHA-256; `None` for a campaign that is not there.
///
/// # Errors
/// The ending says nothing, there is such a file already, or it cannot be written.
pub fn export(ws: &Workspace, id: CampaignId, today: Day, file: &Path) -> Result<Option<String>, Problem> {
    let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).unwrap_or_default();
    let office = Office::open(ws)?;
    let known = office.known();
    let Some(bytes) = (match ending.as_str() {
        "csv" => rows(&known, id, today).map(|rows| machine::as_csv(&rows)).transpose()?,
        "json" => rows(&known, id, today).map(|rows| pretty(&machine::as_json(rows))).transpose()?,
        "zip" => packed(&known, id, today)?,
        _ => {
            return Err(Problem::new(format!("{} does not end in .csv, .json or .zip", file.display()))
                .hint("the ending says what the file will be")
                .exit(Exit::WrongUse));
        }
    }) else {
        return Ok(None);
    };
    // Nothing that is there is replaced.
    let mut out = fs::File::create_new(file).map_err(|error| Problem::of_files(format!("writing {}", file.display()), &error))?;
    out.write_all(&bytes).and_then(|()| out.sync_all()).map_err(|error| Problem::of_files(format!("writing {}", file.display()), &error))?;
    Ok(Some(hex(&Sha256::digest(&bytes))))
}

fn rows(known: &Known, id: CampaignId, today: Day) -> Option<Vec<[Value; machine::COLUMNS.len()]>> {
    grid(&known.state, id, today, &Filter::default()).map(|grid| machine::rows(known, &grid))
}

fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec_pretty(value).map_err(|error| Problem::while_doing("writing JSON", error))
}

fn packed(known: &Known, id: CampaignId, today: Day) -> Result<Option<Vec<u8>>, Problem> {
    let (Some(rows), Some(campaign)) = (rows(known, id, today), known.state.campaign(id)) else { return Ok(None) };
    let name = |body| known.state.body(body).map_or_else(String::new, |body| body.entry.name.to_string());
    let about = json!({
        "campaign": id.0,
        "on": today,
        "state": campaign.stage.words(),
        "brief": campaign.brief,
        "items": campaign.items,
        "bodies": known.state.recipients_of(id).map(|(recipient, it)| json!({"recipient": recipient.0, "body": name(it.body)})).collect::<Vec<_>>(),
    });
    let files = [
        ("README.txt", ABOUT.as_bytes().to_vec()),
        ("campaign.json", pretty(&about)?),
        ("grid.csv", machine::as_csv(&rows)?),
        ("grid.json", pretty(&machine::as_json(rows))?),
        ("due.json", pretty(&due::due(&known.state, Some(id), today).unwrap_or_default())?),
    ];
    let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", hex(&Sha256::digest(bytes)))).collect();
    let failed = |error: &dyn std::fmt::Display| Problem::while_doing("packing a campaign", error);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files.into_iter().chain([("SHA256SUMS", sums.into_bytes())]) {
        out.start_file(name, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
        out.write_all(&bytes).map_err(|error| failed(&error))?;
    }
    Ok(Some(out.finish().map_err(|error| failed(&error))?.into_inner()))
}
