//! `assessment build`: the Strategic Needs Assessment of the workspace's area, as a folder of pages.

use std::fs;
use std::path::{Path, PathBuf};

use headwater_prevention::definition::Definitions;
use headwater_prevention::needs_assessment::{Ask, assess};
use headwater_prevention::period::Period;
use headwater_prevention::source::audit::audit;
use headwater_release::{Day, Imprint, Publication};
use serde_json::json;

use super::{Context, counted};
use crate::config::register;
use crate::evidence::gather;
use crate::problem::Problem;
use crate::store::{Extract, Workspace};
use crate::{measures, pages, translations};

/// The name and version printed beside every figure.
pub const PROGRAM: &str = concat!("Headwater ", env!("CARGO_PKG_VERSION"));

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Write the needs assessment of the area, and of each partnership in it, as pages
    ///
    /// The same sources, definitions, settings and period give the same bytes. Nothing is published: `site build` does that.
    Build {
        /// First and last month: 2019-12..2021-11
        #[arg(long, value_name = "FROM..TO")]
        period: Period,
        /// The folder to write the pages to; pages of an earlier build there are replaced
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// Another case definition than the workspace's own, by its id
        #[arg(long, value_name = "ID")]
        definition: Option<String>,
        /// Leave out the PDF of each document: the pages alone are made in a fraction of the time
        #[arg(long)]
        no_pdf: bool,
    },
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    let Command::Build { period, out, definition, no_pdf } = command;
    let ws = context.workspace()?;
    let built = build(&ws, *period, out, definition.as_deref(), !no_pdf, context)?;
    if context.shared.json {
        context.json(&json!({"out": out, "n_files": built.n_files, "n_documents": built.n_documents, "sha256": built.sha256}))
    } else {
        eprintln!(
            "Wrote {} in {}. Look at them: headwater serve-site {}",
            counted(built.n_documents, "document", "documents"),
            counted(built.n_files, "file", "files"),
            out.display()
        );
        Ok(writeln!(context.out, "{}", out.join("index.html").display())?)
    }
}

/// What was built.
pub struct Built {
    n_files: usize,
    n_documents: usize,
    sha256: String,
}

/// Builds the pages, with a PDF of each document where asked for, and records it in the log.
fn build(ws: &Workspace, period: Period, out: &Path, definition: Option<&str>, with_pdfs: bool, context: &Context) -> Result<Built, Problem> {
    pages::may_replace(out)?;
    let publication = publication(ws, period, definition, None)?;
    let pdfs = if with_pdfs { crate::pages::pdfs(&publication)? } else { Vec::new() };
    let files = headwater_publish::site_with_pdfs(&publication, pdfs).map_err(Problem::new)?;
    let sha256 = pages::hash(&files);
    pages::write(&files, out)?;
    let definition = definition.unwrap_or(&ws.settings().assessment.definition);
    let body = json!({"period": period.to_string(), "definition": definition, "program": PROGRAM, "n_files": files.len(), "sha256": sha256});
    ws.log().append("assessment.built", body, &context.shared.actor, context.at)?;
    Ok(Built { n_files: files.len(), n_documents: publication.documents.len(), sha256 })
}

/// Writes the assessment, and all that a publication has besides: its measures, statements, translations, and imprint.
///
/// # Errors
/// A source, definition or translation that cannot be read, or what the assessment refuses.
pub fn publication(ws: &Workspace, period: Period, definition: Option<&str>, issued: Option<Day>) -> Result<Publication, Problem> {
    let area = ws.settings().the_area()?;
    let evidence = gather(ws)?;
    for file in &evidence.left_out {
        // The assessment is made without it, and its page on sources says so.
        eprintln!("left out  {}: {}. To mend it: {}.", file.name, file.fault.what, file.fault.remedy);
    }
    let definitions = Definitions::read(&definition_files(&ws.root().join("definitions"))?)
        .map_err(|what| Problem::new(what).hint("mend the file in definitions/"))?;
    let settings = ws.settings();
    let forces: Vec<&str> = register::entries().iter().map(register::Entry::force).collect();
    let found = audit(&evidence, &forces)
        .map_err(|what| Problem::new(what.to_string()).hint("an assessment and its check need open sources alone: take the others out"))?;
    let ask = Ask {
        force: &area.force,
        force_area: area.code.parse().map_err(Problem::new)?,
        name: &area.name,
        slug: &area.slug,
        period,
        definition: definition.unwrap_or(&settings.assessment.definition),
        program: PROGRAM,
        seed: settings.assessment.seed,
    };
    let mut publication = assess(&ask, &evidence, &found, &definitions)
        .map_err(|what| Problem::new(what).hint("`source check` lists what was added and what is missing"))?;
    let read = ws.extracts()?.iter().flat_map(Extract::kinds).collect();
    publication.measures = measures::of(&publication, &definitions, &read);
    publication.translations = translations::read(ws)?.into_iter().map(|it| it.translation).collect();
    publication.imprint = Imprint { publisher: settings.publisher.clone(), issued };
    for statement in headwater_publish::statements(&publication) {
        match publication.about.iter_mut().find(|section| section.slug == statement.slug) {
            Some(section) => *section = statement,
            None => publication.about.push(statement),
        }
    }
    Ok(publication)
}

/// Name and text of every definition file, in order of name.
fn definition_files(folder: &Path) -> Result<Vec<(String, String)>, Problem> {
    let failed = |error: std::io::Error| Problem::of_files(format!("reading {}", folder.display()), &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, fs::read_to_string(&path).map_err(|error| Problem::of_files(format!("reading {}", path.display()), &error))?));
        }
    }
    files.sort();
    Ok(files)
}
