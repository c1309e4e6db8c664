//! `new`: make a workspace for an area, or for an office that asks many.

use std::path::PathBuf;

use headwater_prevention::definition::SHIPPED;

use super::Context;
use crate::config::register;
use crate::config::{Area, BUILT_IN_DEFINITION, Settings, checked};
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

/// Make a workspace for an area, or for an office
///
/// The folder must be missing or empty. It gets the settings, the case definitions that ship with the program, an empty
/// log and room for files. Copy the folder and you have moved the workspace.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder to make
    dir: PathBuf,
    /// The area: a police force area of England or Wales, such as sussex
    #[arg(long, required_unless_present = "office")]
    area: Option<String>,
    /// The name of an office that asks many bodies the same things and has no area of its own, instead of an area
    #[arg(long, value_name = "NAME", conflicts_with_all = ["area", "area_name", "area_code", "force"])]
    office: Option<String>,
    /// Its name, for an area that is not in the register
    #[arg(long, value_name = "NAME")]
    area_name: Option<String>,
    /// Its nine-character code, for an area that is not in the register
    #[arg(long, value_name = "CODE")]
    area_code: Option<String>,
    /// The force's name in police.uk files, for an area that is not in the register
    #[arg(long, value_name = "FORCE")]
    force: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), Problem> {
    let settings = settings(arguments)?;
    let ws = Workspace::create(&arguments.dir, &settings, &SHIPPED, &context.shared.actor, context.at)?;
    if context.shared.json {
        let area =
            settings.area.as_ref().map(|area| serde_json::json!({"slug": area.slug, "name": area.name, "code": area.code, "force": area.force}));
        let root = ws.root().display().to_string();
        context.json(&serde_json::json!({"workspace": root, "area": area, "office": arguments.office}))?;
    } else {
        let name = settings.area.as_ref().map_or(settings.name(), |area| &area.name);
        eprintln!("Made a workspace for {name} in {}", ws.root().display());
        let next = if settings.area.is_some() { "source add FILE|FOLDER..." } else { "serve" };
        eprintln!("Next: headwater --workspace {} {next}", ws.root().display());
    }
    Ok(())
}

fn settings(arguments: &Arguments) -> Result<Settings, Problem> {
    let Arguments { area, office, area_name, area_code, force, .. } = arguments;
    if let Some(name) = office.as_deref().map(str::trim) {
        if name.is_empty() {
            return Err(Problem::new("the office has no name")
                .hint("say what people call it: --office \"Office of the Commissioner\"")
                .exit(Exit::WrongUse));
        }
        return Ok(Settings::of_office(name));
    }
    let area = area.as_deref().unwrap_or_default();
    if let Some(entry) = register::find(area) {
        let known = entry.area();
        let or = |given: &Option<String>, known: String| given.clone().unwrap_or(known);
        let area = Area { name: or(area_name, known.name), code: or(area_code, known.code), force: or(force, known.force), slug: known.slug };
        return Ok(Settings::new(checked(area)?, entry.definition()));
    }
    match (area_name, area_code, force) {
        (None, None, None) => Err(register::unknown(area, &format!("there is no area \"{area}\""))),
        (Some(name), Some(code), Some(force)) => {
            let area = Area { slug: area.to_owned(), name: name.clone(), code: code.clone(), force: force.clone() };
            Ok(Settings::new(checked(area)?, BUILT_IN_DEFINITION))
        }
        _ => Err(Problem::new(format!("\"{area}\" is not in the register of areas, and only part of it was given"))
            .hint("give all of `--area-name`, `--area-code` and `--force`")
            .exit(Exit::WrongUse)),
    }
}
