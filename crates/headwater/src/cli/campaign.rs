//! `campaign list`, `grid`, `due`, `export`, `publish`, `statement`: how campaigns stand, who is late, and what can be taken
//! elsewhere.

mod due;
mod export;

use std::path::PathBuf;

use headwater_prevention::exchange::grid::{Filter, grid};
use headwater_prevention::exchange::id::CampaignId;
use headwater_prevention::exchange::moment::{Day, Moment};
use headwater_prevention::exchange::yearly::FinancialYear;
use serde_json::{Value, json};

use super::{Context, counted};
use crate::pages;
use crate::problem::{Exit, Problem};
use crate::web::grid as machine;
use crate::web::office::Office;
use crate::web::public;
use crate::web::yearly;

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
    /// Which bodies are due a reminder today, by campaign: reminders are written and approved in the application
    Due {
        /// The number of one campaign; without it, every open one
        campaign: Option<u32>,
    },
    /// Write how a campaign stands to a file: .csv or .json for the grid alone, .zip for all of it with its hashes
    Export {
        /// The number of the campaign, as `campaign list` shows it
        campaign: u32,
        /// The file, which must not be there yet; its ending says what it will be
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// Make the public pages: who was asked what, who answered, and every document that was cleared. An approved document
    /// whose day has come becomes public with them
    Publish {
        /// The folder for the pages; pages of ours that are there are replaced
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Make no pages but those that somebody approved as they are, under Publishing in the application
        #[arg(long)]
        approved: bool,
    },
    /// Make the statement of a year for the annual report: who was asked, who answered, what became of recommendations; as pages,
    /// with each table as CSV and all of them as a workbook
    Statement {
        /// The calendar year in whose April it begins; without it, the year that runs today
        #[arg(long)]
        year: Option<u16>,
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
            let grid = grid(&known.state, CampaignId(*campaign), today, &Filter::default()).ok_or_else(|| no_campaign(*campaign))?;
            let rows = machine::as_json(machine::rows(&known, &grid));
            if context.shared.json {
                return context.json(&rows);
            }
            for row in &rows {
                let told = |name: &str, before: &str, after: &str| match &row[name] {
                    Value::Null => String::new(),
                    Value::String(text) => format!("  {before}{text}{after}"),
                    other => format!("  {before}{other}{after}"),
                };
                let columns = [
                    told("body", "", ""),
                    told("item", "", ""),
                    told("state", "", ""),
                    told("time_in_words", "", ""),
                    told("promised_for", "promised for ", ""),
                    told("promise_broken_days", "promise broken ", " days ago"),
                    told("said_by", "said by ", ""),
                    told("proof", "shown by ", ""),
                ];
                writeln!(context.out, "{}", columns.concat().trim_start())?;
            }
            Ok(())
        }
        Command::Due { campaign } => {
            let office = Office::open(&ws)?;
            let known = office.known();
            let all = due::due(&known.state, campaign.map(CampaignId), today).ok_or_else(|| no_campaign(campaign.unwrap_or_default()))?;
            if context.shared.json {
                return context.json(&all);
            }
            if all.is_empty() {
                eprintln!("Nobody is due a reminder");
            }
            for one in &all {
                let since = one.oldest_due.map_or_else(String::new, |day| format!("  the oldest due {day}"));
                let last = one.last_reminder.map_or_else(String::new, |day| format!("  last reminded {day}"));
                let things = counted(one.items.len(), "thing", "things");
                writeln!(context.out, "{}  {}  {things}{since}{last}", one.campaign, one.body)?;
            }
            Ok(())
        }
        Command::Export { campaign, file } => {
            let sha256 = export::export(&ws, CampaignId(*campaign), today, file)?.ok_or_else(|| no_campaign(*campaign))?;
            let body = json!({"what": "campaign", "campaign": campaign, "sha256": sha256});
            ws.log().append("audit.exported", body, &context.shared.actor, context.at)?;
            if context.shared.json {
                return context.json(&json!({"file": file, "sha256": sha256}));
            }
            eprintln!("Its SHA-256 is {sha256}");
            Ok(writeln!(context.out, "{}", file.display())?)
        }
        Command::Publish { out, approved } => {
            pages::may_replace(out)?;
            let n_published = public::publish_due(&ws, &context.shared.actor, context.at)?;
            let (files, is_approved) = public::of_workspace(&ws, today)?;
            if *approved && !is_approved {
                return Err(Problem::new("nobody has approved the public pages as they are now")
                    .hint("have somebody look at them under Publishing in `headwater serve`, and approve them; or leave out --approved")
                    .exit(Exit::NotPermitted));
            }
            let sha256 = pages::hash(&files);
            pages::write(&files, out)?;
            let body = json!({"n_files": files.len(), "sha256": sha256});
            ws.log().append("audit.pages_made", body, &context.shared.actor, context.at)?;
            if context.shared.json {
                return context
                    .json(&json!({"folder": out, "n_files": files.len(), "sha256": sha256, "n_published": n_published, "approved": is_approved}));
            }
            if !is_approved {
                eprintln!("Nobody has approved these pages as they are: look at them before others do");
            }
            if n_published > 0 {
                eprintln!("Published {} whose day has come", counted(n_published, "document", "documents"));
            }
            eprintln!("Wrote {}. See them with `headwater serve-site {}`", counted(files.len(), "file", "files"), out.display());
            Ok(writeln!(context.out, "{}", out.join("index.html").display())?)
        }
        Command::Statement { year, out } => {
            pages::may_replace(out)?;
            let known_year = year.map_or_else(|| FinancialYear::holding(today), FinancialYear::of);
            let year = known_year.ok_or_else(|| {
                Problem::new("there is no statement of that year").hint("give a year from 2000 to 2100 with --year").exit(Exit::WrongUse)
            })?;
            let files = yearly::of_workspace(&ws, year, today)?;
            let sha256 = pages::hash(&files);
            pages::write(&files, out)?;
            let body = json!({"what": "statement", "year": year.begins_in(), "sha256": sha256});
            ws.log().append("audit.exported", body, &context.shared.actor, context.at)?;
            if context.shared.json {
                return context.json(&json!({"folder": out, "year": year.begins_in(), "n_files": files.len(), "sha256": sha256}));
            }
            eprintln!("Wrote {} on {}", counted(files.len(), "file", "files"), year.words());
            Ok(writeln!(context.out, "{}", out.join("index.html").display())?)
        }
    }
}

fn no_campaign(number: u32) -> Problem {
    Problem::new(format!("there is no campaign {number}")).hint("`headwater campaign list` shows which there are").exit(Exit::WrongUse)
}
