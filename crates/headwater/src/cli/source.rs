//! `source add`, `source check`, `source list`, `source kinds`: the files that everything rests on.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use headwater_prevention::evidence::LeftOut;
use headwater_prevention::source::Kind;
use headwater_prevention::source::audit::{Audit, FileRows, Weight, audit};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::{Context, counted};
use crate::config::register;
use crate::evidence::gather;
use crate::intake::{self, Added};
use crate::problem::{self, Exit, Problem};
use crate::store::Extract;

/// How many files of one sort are named before the rest is only counted.
const MOST_NAMED: usize = 5;

/// The verbs.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Add files, or all files in folders, unaltered
    ///
    /// Plain, .gz or .zip, in any mix: each is told by its content. What was added before is not added again. Files of
    /// no kind used here are passed over in folders, and are an error when named.
    Add {
        /// Files and folders
        #[arg(required = true, value_name = "FILE|FOLDER")]
        paths: Vec<PathBuf>,
    },
    /// Find what is wrong or odd in them: the audit an analyst would do by hand
    ///
    /// Ends with 10 when a problem was found that would make figures wrong if nothing were done about it.
    Check,
    /// List the files that were added
    List,
    /// List the kinds of file that can be added
    Kinds,
}

/// Runs the command.
pub fn run(command: &Command, context: &mut Context) -> Result<(), Problem> {
    match command {
        Command::Add { paths } => add(paths, context),
        Command::Check => check(context),
        Command::List => list(context),
        Command::Kinds => kinds(context),
    }
}

fn add(paths: &[PathBuf], context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let bar = bar();
    let added = intake::add(&ws, paths, context.occasion(), &mut |n_done, n_all, path: &Path| {
        bar.set_length(n_all as u64);
        bar.set_position(n_done as u64);
        bar.set_message(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
    });
    bar.finish_and_clear();
    let added = added?;
    if context.shared.json {
        context.json(&added)?;
    } else {
        for extract in &added.new {
            writeln!(context.out, "added  {}", line(extract))?;
        }
    }
    say(&added);
    match added.refused.len() {
        0 => Ok(()),
        n => Err(Problem::new(format!("{} could not be used", counted(n, "file", "files")))
            .hint("mend what is named above and run the same command again: what was added stays added")
            .exit(Exit::Unreadable)),
    }
}

/// A bar that shows only on a terminal, and only when it takes longer than a moment.
fn bar() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}

/// Says what came of it, in groups.
pub fn say(added: &Added) {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in &added.not_used {
        groups.entry(&file.what).or_default().push(file.path.display().to_string());
    }
    for (what, files) in groups {
        let more = if files.len() > MOST_NAMED { format!(" and {} more", files.len() - MOST_NAMED) } else { String::new() };
        eprintln!("not used  {}: {what}: {}{more}", counted(files.len(), "file", "files"), files[..files.len().min(MOST_NAMED)].join(", "));
    }
    for file in &added.refused {
        problem::print(&Problem::new(format!("{}: {}", file.path.display(), file.what)).hint(file.remedy.clone()), false);
    }
    eprintln!(
        "Added {}; {} there already, {} not used, {} refused.{}",
        counted(added.new.len(), "file", "files"),
        added.already.len(),
        added.not_used.len(),
        added.refused.len(),
        if added.new.is_empty() { "" } else { " See them: headwater source list" }
    );
}

fn line(extract: &Extract) -> String {
    let kinds: Vec<&str> = extract.kinds().into_iter().map(Kind::name).collect();
    let n = if extract.members.len() == 1 { String::new() } else { format!(" ({})", counted(extract.members.len(), "table", "tables")) };
    format!(
        "{}  {:>13}  {}{n}  {}",
        &extract.sha256[..extract.sha256.len().min(12)],
        counted(extract.n_bytes.try_into().unwrap_or(usize::MAX), "byte", "bytes"),
        kinds.join(", "),
        extract.name
    )
}

fn check(context: &mut Context) -> Result<(), Problem> {
    let ws = context.workspace()?;
    let evidence = gather(&ws)?;
    let forces: Vec<&str> = register::entries().iter().map(register::Entry::force).collect();
    let found = audit(&evidence, &forces)
        .map_err(|what| Problem::new(what.to_string()).hint("an assessment and its check need open sources alone: take the others out"))?;
    if context.shared.json {
        let observations: Vec<_> = found
            .observations
            .iter()
            .map(|o| {
                let numbers: serde_json::Map<_, _> = o.numbers.iter().map(|(name, n)| (name.clone(), json!(n))).collect();
                json!({"id": o.id, "weight": o.weight.word(), "about": o.about, "sentence": o.sentence.plain(), "treatment": o.treatment, "numbers": numbers})
            })
            .collect();
        let files: Vec<_> = found.files.iter().map(|file| file_json(file, &evidence.extracts[file.extract].hash)).collect();
        let unread: Vec<_> =
            evidence.left_out.iter().map(|file| json!({"name": file.name, "what": file.fault.what, "remedy": file.fault.remedy})).collect();
        context.json(&json!({"files": files, "unreadable": unread, "observations": observations}))?;
    } else {
        say_check(&found, &evidence.left_out, context)?;
    }
    match found.observations.iter().filter(|o| o.weight == Weight::Problem).count() + evidence.left_out.len() {
        0 => Ok(()),
        n => Err(Problem::new(format!("{} found that would make figures wrong if nothing were done", counted(n, "problem", "problems")))
            .hint("each says what is done about it; `assessment build` prints them with the figures")
            .exit(Exit::Findings)),
    }
}

fn file_json(file: &FileRows, sha256: &str) -> serde_json::Value {
    let set_aside: Vec<_> = file
        .set_aside
        .reasons()
        .iter()
        .map(|s| {
            let first: Vec<_> = s.first.iter().map(|(row, found)| json!({"row": row, "found": found})).collect();
            json!({"column": s.column, "reason": s.reason, "remedy": s.remedy, "n_rows": s.n_rows, "first": first})
        })
        .collect();
    json!({"name": file.name, "extract": sha256, "kind": file.kind.id(), "n_rows": file.n_rows, "n_set_aside": file.set_aside.n_rows(), "set_aside": set_aside})
}

fn say_check(found: &Audit, left_out: &[LeftOut], context: &mut Context) -> Result<(), Problem> {
    let mut by_kind: BTreeMap<Kind, (usize, u64, u64)> = BTreeMap::new();
    for file in &found.files {
        let tally = by_kind.entry(file.kind).or_default();
        tally.0 += 1;
        tally.1 += file.n_rows;
        tally.2 += file.set_aside.n_rows();
    }
    for (kind, (n, rows, aside)) in by_kind {
        writeln!(context.out, "{kind}: {}, {} read, {} set aside", counted(n, "file", "files"), rows_of(rows), rows_of(aside))?;
    }
    for file in &found.files {
        for s in file.set_aside.reasons() {
            let rows: Vec<String> =
                s.first.iter().map(|(row, found)| if found.is_empty() { row.to_string() } else { format!("{row} (\"{found}\")") }).collect();
            let column = if s.column.is_empty() { String::new() } else { format!(", column {}", s.column) };
            writeln!(
                context.out,
                "set aside  {}{column}: {}: {}; rows {}. To mend it: {}.",
                file.name,
                s.reason,
                rows_of(s.n_rows),
                rows.join(", "),
                s.remedy
            )?;
        }
    }
    for file in left_out {
        writeln!(context.out, "unreadable  {}: {}. To mend it: {}.", file.name, file.fault.what, file.fault.remedy)?;
    }
    for o in &found.observations {
        writeln!(context.out, "\n{}  {}\n    {}", o.weight.word(), o.sentence.plain(), o.treatment)?;
    }
    Ok(())
}

fn rows_of(n: u64) -> String {
    counted(n.try_into().unwrap_or(usize::MAX), "row", "rows")
}

fn list(context: &mut Context) -> Result<(), Problem> {
    let extracts = context.workspace()?.extracts()?;
    if context.shared.json {
        return context.json(&extracts);
    }
    for extract in &extracts {
        writeln!(context.out, "{:.0}  {}", extract.added_at, line(extract))?;
    }
    if extracts.is_empty() {
        eprintln!("Nothing has been added yet. Next: headwater source add FILE|FOLDER...");
    }
    Ok(())
}

fn kinds(context: &mut Context) -> Result<(), Problem> {
    if context.shared.json {
        let kinds: Vec<_> = Kind::ALL
            .into_iter()
            .map(|kind| json!({"id": kind.id(), "name": kind.name(), "publisher": kind.publisher(), "licence": kind.licence()}))
            .collect();
        return context.json(&kinds);
    }
    for kind in Kind::ALL {
        writeln!(context.out, "{:<33} {} ({})", kind.id(), kind.name(), kind.publisher())?;
    }
    Ok(())
}
