//! `campaign list`, `campaign grid`, `campaign publish`: how campaigns stand, and their public pages.

use std::path::PathBuf;

use headwater_prevention::exchange::grid::{Filter, grid};
use headwater_prevention::exchange::id::CampaignId;
use headwater_prevention::exchange::moment::{Day, Moment};
use serde_json::{Value, json};

use super::{Context, counted};
use crate::pages;
use crate::problem::{Exit, Problem};
use crate::web::office::Office;
use crate::web::public;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Every campaign with its state: campaigns are run in the application, see `headwater serve`
    List,
    /// How each thing stands that a campaign asked each body for
    Grid {
        /// The number of the campaign, as `campaign list` shows it
        campaign: u32,
    },
    /// Make the public pages: who was asked what, who answered, and every document that was cleared. An approved document
    /// whose day has come becomes public with them
    Publish {
        /// The folder for the pages; pages of ours that are there are replaced
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let today: Day = Moment::from_microseconds(context.at.as_microsecond()).day_in_london();
    match command {
        Command::List => {
            let office = Office::open(&ws)?;
            let known = office.known();
            let all: Vec<Value> = known
                .state
                .campaigns()
                .iter()
                .enumerate()
                .map(|(number, it)| json!({"campaign": number, "title": it.brief.title, "state": it.stage.words(), "author": it.author}))
                .collect();
            if context.shared.json {
                return context.json(&all);
            }
            if all.is_empty() {
                eprintln!("There is no campaign yet. Begin one with `headwater serve`");
            }
            for (number, it) in known.state.campaigns().iter().enumerate() {
                writeln!(context.out, "{number}  {}  {}", it.stage.words(), it.brief.title)?;
            }
            Ok(())
        }
        Command::Grid { campaign } => {
            let office = Office::open(&ws)?;
            let known = office.known();
            let grid = grid(&known.state, CampaignId(*campaign), today, &Filter::default()).ok_or_else(|| {
                Problem::new(format!("there is no campaign {campaign}")).hint("`headwater campaign list` shows which there are").exit(Exit::WrongUse)
            })?;
            if context.shared.json {
                return context.json(&grid);
            }
            for row in &grid.rows {
                for ((_, item), cell) in grid.items.iter().zip(&row.cells) {
                    if let Some(cell) = cell {
                        writeln!(context.out, "{}  {item}  {}  {}", row.name, cell.status.words(), cell.standing.words())?;
                    }
                }
            }
            Ok(())
        }
        Command::Publish { out } => {
            pages::may_replace(out)?;
            let n_published = public::publish_due(&ws, &context.shared.actor, context.at)?;
            let files = public::of_workspace(&ws, today)?;
            let sha256 = pages::hash(&files);
            pages::write(&files, out)?;
            let body = json!({"n_files": files.len(), "sha256": sha256});
            ws.log().append("audit.pages_made", body, &context.shared.actor, context.at)?;
            if context.shared.json {
                return context.json(&json!({"folder": out, "n_files": files.len(), "sha256": sha256, "n_published": n_published}));
            }
            if n_published > 0 {
                eprintln!("Published {} whose day has come", counted(n_published, "document", "documents"));
            }
            eprintln!("Wrote {}. See them with `headwater serve-site {}`", counted(files.len(), "file", "files"), out.display());
            Ok(writeln!(context.out, "{}", out.join("index.html").display())?)
        }
    }
}
