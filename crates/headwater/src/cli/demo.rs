//! `demo`: an invented county, from downloads to pages, and an invented office with its campaigns, by the same steps as real work.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use headwater_prevention::definition::SHIPPED;
use headwater_prevention::period::Period;
use headwater_release::Publisher;

use super::{Context, counted, serve, serve_site, site, source};
use crate::config::{self, BUILT_IN_DEFINITION, Settings};
use crate::demo::{SEED, files, office, planted};
use crate::edition;
use crate::intake;
use crate::problem::Problem;
use crate::store::Workspace;
use crate::web::Place;

/// The day of the demo's edition: fixed, so that the demo is the same on every day.
const DAY: &str = "2025-02-03";

/// The demo's thirty-six months.
const PERIOD: &str = "2022-01..2024-12";

/// An invented county, from downloads to pages
///
/// Makes the files, a workspace, and the pages in one folder, and shows them in a browser on this computer; beside them, an
/// office that asks eighteen areas for theirs. Nothing in it is real; the files have the formats of real downloads.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder to make it in
    #[arg(long, default_value = "headwater-demo")]
    dir: PathBuf,
    /// The port to show it on; 0 takes any that is free; without it, that of `serve-site`, or of `serve` for the office
    #[arg(long)]
    port: Option<u16>,
    /// Show the office instead of the county's pages
    #[arg(long, conflicts_with = "no_serve")]
    office: bool,
    /// Make it and end
    #[arg(long)]
    no_serve: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), Problem> {
    write_files(&arguments.dir)?;
    let ws = workspace(&arguments.dir.join("workspace"), context)?;
    let added = intake::add(&ws, &[arguments.dir.join("downloads")], context.occasion(), &mut |_, _, _| {})?;
    source::say(&added);
    let pages = arguments.dir.join("site");
    let period = PERIOD.parse().map_err(Problem::new)?;
    publish(&ws, period, &pages, context)?;
    site::write(&ws, &pages)?;
    let office = arguments.dir.join("office");
    // Who asks for the office at a port gets letters whose links lead there.
    let port = arguments.port.filter(|port| arguments.office && *port != 0).unwrap_or(serve::DEFAULT_PORT);
    make_office(&office, port, context)?;
    if arguments.no_serve {
        return Ok(writeln!(context.out, "{}", arguments.dir.display())?);
    }
    if arguments.office {
        let place = Place { listen: Ipv4Addr::LOCALHOST.into(), port: arguments.port.unwrap_or(serve::DEFAULT_PORT), address: None };
        return serve::show(Workspace::open(&office)?, &place, context);
    }
    serve_site::show(&pages, arguments.port.unwrap_or(serve_site::DEFAULT_PORT), context)
}

/// Makes the office, unless one is there: somebody may have worked in it.
fn make_office(folder: &Path, port: u16, context: &Context) -> Result<(), Problem> {
    let how = format!("headwater --workspace {} serve", folder.display());
    if folder.join(crate::store::SETTINGS_FILE).is_file() {
        eprintln!("The office in {} is kept as it is; erase the folder to have a new one. See it with `{how}`", folder.display());
        return Ok(());
    }
    office::make(folder, &format!("http://127.0.0.1:{port}"), context.at)?;
    eprintln!("Made an invented office with its campaigns in {}. See it with `{how}`", folder.display());
    Ok(())
}

/// Publishes the demo's edition, or one that follows it when the demo is made again.
fn publish(ws: &Workspace, period: Period, pages: &Path, context: &Context) -> Result<(), Problem> {
    let mut order = site::Order { period: Some(period), out: pages.to_owned(), date: None, because: None, no_pdf: false, definition: None };
    if edition::all(ws)?.is_empty() {
        order.date = Some(DAY.parse().map_err(Problem::new)?);
    } else {
        order.because = Some("The demo was made again.".to_owned());
    }
    match site::publish(ws, period, &order, context) {
        // Once a day is enough.
        Err(_) if edition::all(ws)?.len() > 1 => Ok(()),
        other => other,
    }
}

fn write_files(folder: &Path) -> Result<(), Problem> {
    let made = files(SEED).map_err(|error| Problem::while_doing("making the files of the demo", error))?;
    for file in &made {
        let path = folder.join(&file.path);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, &file.bytes)
        };
        write().map_err(|error| Problem::while_doing(format!("writing {}", path.display()), error).hint("name another folder with `--dir`"))?;
    }
    eprintln!("Made {} of an invented county in {}", counted(made.len(), "file", "files"), folder.display());
    Ok(())
}

/// The demo's workspace, which may be there from an earlier run.
fn workspace(folder: &Path, context: &Context) -> Result<Workspace, Problem> {
    if folder.join(crate::store::SETTINGS_FILE).is_file() {
        return Workspace::open(folder);
    }
    let planted = planted();
    let name = planted.force.trim_end_matches(" Police").to_owned();
    let area = config::Area { slug: planted.area, name, code: planted.force_area_code, force: planted.force };
    let mut settings = Settings::new(config::checked(area)?, BUILT_IN_DEFINITION);
    settings.publisher = Publisher {
        name: Some("Wealdmere Violence Reduction Partnership".to_owned()),
        // Names under `.example` are nobody's.
        email: Some("needs-assessment@wealdmere.example".to_owned()),
        address: Some("1 Weir Lane, Gullhaven (an invented place)".to_owned()),
        site: Some("https://needs-assessment.wealdmere.example/".to_owned()),
    };
    Workspace::create(folder, &settings, &SHIPPED, &context.shared.actor, context.at)
}
