//! `site build`: the assessment as an edition of a site that keeps all its editions.

use std::path::{Path, PathBuf};

use headwater_prevention::period::Period;
use headwater_publish::{Edition, site_of_editions};
use headwater_release::Day;
use jiff::tz::TimeZone;
use serde_json::json;

use super::{Context, assessment, counted};
use crate::edition::{self, Kept, Particulars};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;
use crate::{pages, translations};

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Publish the assessment as an edition, and write the whole site with all its editions
    ///
    /// The newest edition stands at lasting addresses; every edition stays at editions/DATE/. An edition that follows
    /// another says why: --because. Without --period the site is written again from the editions that are kept, with the
    /// same bytes.
    Build(Order),
}

/// What to publish, and where.
#[derive(clap::Args)]
pub struct Order {
    /// First and last month of a new edition: 2019-12..2021-11; without it, no edition is added
    #[arg(long, value_name = "FROM..TO")]
    pub period: Option<Period>,
    /// The folder to write the site to; pages of an earlier build there are replaced
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// The day of the edition; today (UTC), if none is given
    #[arg(long, value_name = "YYYY-MM-DD", requires = "period")]
    pub date: Option<Day>,
    /// Why this edition supersedes the one before, for its readers: a sentence
    #[arg(long, value_name = "REASON", requires = "period")]
    pub because: Option<String>,
    /// Leave out the PDF of each document
    #[arg(long, requires = "period")]
    pub no_pdf: bool,
    /// Another case definition than the workspace's own, by its id
    #[arg(long, value_name = "ID", requires = "period")]
    pub definition: Option<String>,
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    let Command::Build(order) = command;
    let ws = context.workspace()?;
    pages::may_replace(&order.out)?;
    if let Some(period) = order.period {
        publish(&ws, period, order, context)?;
    }
    let written = write(&ws, &order.out)?;
    if context.shared.json {
        let editions: Vec<_> = edition::all(&ws)?
            .iter()
            .map(|it| json!({"date": it.day.to_string(), "period": it.period, "because": it.because, "sha256": it.sha256}))
            .collect();
        context.json(&json!({"out": order.out, "n_files": written.n_files, "sha256": written.sha256, "editions": editions}))
    } else {
        eprintln!(
            "Wrote {} in {}. Look at them: headwater serve-site {}",
            counted(written.n_editions, "edition", "editions"),
            counted(written.n_files, "file", "files"),
            order.out.display()
        );
        Ok(writeln!(context.out, "{}", order.out.join("index.html").display())?)
    }
}

/// A site that was written.
pub struct Site {
    n_files: usize,
    n_editions: usize,
    sha256: String,
}

/// Builds the assessment and keeps it as an edition.
///
/// # Errors
/// A day that is not after that of the last edition, a reason that is missing, or anything that building refuses.
pub fn publish(ws: &Workspace, period: Period, order: &Order, context: &Context) -> Result<(), Problem> {
    let day = match order.date {
        Some(day) => day,
        None => TimeZone::UTC.to_datetime(context.at).date().to_string().parse().map_err(Problem::new)?,
    };
    let before = edition::all(ws)?;
    let because = reason(before.last(), day, order.because.as_deref())?;
    let written = translations::read(ws)?;
    let missing = ws.settings().publisher.missing();
    if !missing.is_empty() {
        eprintln!("not given  publisher's {}: the pages say so. To mend it: fill in [publisher] in headwater.toml.", missing.join(", "));
    }
    for it in &written {
        if before.last().is_some_and(|last| last.translations.contains(&(it.path.clone(), it.sha256.clone()))) {
            eprintln!("as before  translations/{} is the text of the last edition. Does it still fit the figures?", it.path);
        }
    }
    let publication = assessment::publication(ws, period, order.definition.as_deref(), Some(day))?;
    let pdfs = if order.no_pdf { Vec::new() } else { crate::pages::pdfs(&publication)? };
    let files = headwater_publish::edition(&publication, pdfs).map_err(Problem::new)?;
    let about = Particulars {
        day,
        period: (period.to_string(), period.name()),
        because,
        definition: order.definition.as_deref().unwrap_or(&ws.settings().assessment.definition),
        program: assessment::PROGRAM,
        translations: written.into_iter().map(|it| (it.path, it.sha256)).collect(),
    };
    if edition::keep(ws, &files, &about, context.occasion())? {
        eprintln!("Kept the edition of {}, {}", day.name(), counted(files.len(), "file", "files"));
    }
    Ok(())
}

/// The reason of a new edition, held against the edition before.
fn reason<'a>(before: Option<&Kept>, day: Day, because: Option<&'a str>) -> Result<Option<&'a str>, Problem> {
    let because = because.map(str::trim).filter(|words| !words.is_empty());
    match (before, because) {
        (Some(before), _) if day == before.day => {
            Err(Problem::new(format!("there is an edition of {day} already, and what was published is never replaced"))
                .hint("give the new one a later day with --date; to write the site again from what is kept, leave out --period")
                .exit(Exit::WrongUse))
        }
        (Some(before), _) if day < before.day => Err(Problem::new(format!("the last edition is of {}, and {day} is before that", before.day))
            .hint("editions follow one another: give a later day with --date")
            .exit(Exit::WrongUse)),
        (Some(before), None) => Err(Problem::new(format!("this edition supersedes that of {}, and no reason was given", before.day))
            .hint("say why for its readers: --because \"Figures to March 2025 added\"")
            .exit(Exit::WrongUse)),
        (None, Some(_)) => Err(Problem::new("this is the first edition and supersedes none, but a reason was given")
            .hint("leave out --because")
            .exit(Exit::WrongUse)),
        (_, because) => Ok(because),
    }
}

/// Writes the site of all editions that are kept.
///
/// # Errors
/// There is no edition, one is damaged, or the folder cannot be written.
pub fn write(ws: &Workspace, out: &Path) -> Result<Site, Problem> {
    let kept = edition::all(ws)?;
    if kept.is_empty() {
        return Err(Problem::new("no edition was published yet")
            .hint("publish one: headwater site build --period FROM..TO --out FOLDER")
            .exit(Exit::WrongUse));
    }
    let editions: Vec<Edition> = kept.into_iter().map(|it| edition::open(ws, it)).collect::<Result<_, _>>()?;
    let files = site_of_editions(&editions).map_err(Problem::new)?;
    pages::write(&files, out)?;
    Ok(Site { n_files: files.len(), n_editions: editions.len(), sha256: pages::hash(&files) })
}
