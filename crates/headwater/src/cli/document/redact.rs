//! `document redact`: a document without what may not leave, as a page and a PDF that are searched before they are written.
//!
//! What is to go comes from files, never from the command line, which others on the computer can see. Nothing that is printed
//! repeats a word of the document, of the lists or of a file's name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use headwater_documents::arrival;
use headwater_documents::remove::{Pattern, Removal, Target};
use headwater_documents::text::Area;
use headwater_prevention::exchange::publication::OmissionGround;
use headwater_publish::File;
use headwater_release::LetterLanguage;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Context, counted};
use crate::pages;
use crate::problem::{Exit, Problem};
use crate::redaction::{self, LeakCheck, Order, Redaction};
use crate::store::blobs::hex;

/// What the command takes.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("lists").args(["boxes", "terms"]).required(true).multiple(true)))]
pub struct Arguments {
    /// The document; it is read and never written
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Boxes: a CSV file with the columns page, left, top, right, bottom, reason; in points of 1/72 inch from the top left corner
    /// of the page as it is shown
    #[arg(long, value_name = "CSV")]
    boxes: Option<PathBuf>,
    /// Words and numbers: a CSV file with the columns kind, words, reason. Kinds: whole (words as they stand), part (also within
    /// longer words), nhs-number, national-insurance, email, telephone (these take no words)
    #[arg(long, value_name = "CSV")]
    terms: Option<PathBuf>,
    /// A new or empty folder for redacted.html, redacted.pdf and report.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The title; without it the first heading, if nothing was removed from it
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// The language in which the document is written
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "cy"])]
    language: String,
    /// Write the result though some boxes or terms met nothing, and say which
    #[arg(long)]
    allow_missing: bool,
}

/// A removal, and the line of the list that asks for it.
struct Asked {
    list: &'static str,
    line: u64,
    removal: Removal,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), Problem> {
    is_free(&arguments.out)?;
    let mut asked = Vec::new();
    for (list, path) in [("boxes", &arguments.boxes), ("terms", &arguments.terms)] {
        if let Some(path) = path {
            asked.extend(rows(list, &bytes_of(path, list)?)?);
        }
    }
    if asked.is_empty() {
        return Err(Problem::new("the lists name nothing that is to be removed").hint("give a row for each box or term").exit(Exit::WrongUse));
    }
    let bytes = bytes_of(&arguments.file, "the document")?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let removals: Vec<Removal> = asked.iter().map(|it| it.removal.clone()).collect();
    let language = if arguments.language == "cy" { LetterLanguage::Welsh } else { LetterLanguage::English };
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy();
    let order = Order { removals: &removals, title: arguments.title.as_deref(), language };
    let redaction = redaction::redact(&name, &bytes, &order)
        .map_err(|refusal| Problem::new(in_lists(&refusal.what, &asked)).hint(refusal.remedy).exit(Exit::Unreadable))?;
    let missing = lines(&asked, redaction.remade.without_effect.iter().copied());
    if !missing.is_empty() && !arguments.allow_missing {
        return Err(Problem::new(format!("nothing was written: {missing} met nothing in the text that can be read of the document"))
            .hint(
                "look how it is spelt there, and whether the page is a picture; --allow-missing goes on without, where a list is for many documents",
            )
            .exit(Exit::Findings));
    }
    let report = report(&sha256, &redaction, &asked);
    let mut files: Vec<File> = redaction.files.iter().map(|made| File { path: made.name.to_owned(), bytes: made.bytes.clone() }).collect();
    let mut said = serde_json::to_vec_pretty(&report).map_err(std::io::Error::from)?;
    said.push(b'\n');
    files.push(File { path: "report.json".to_owned(), bytes: said });
    pages::write(&files, &arguments.out).map_err(|_| {
        Problem::new("the folder of --out cannot be written")
            .hint("name a new folder in one that you may write to, with room on its disk")
            .exit(Exit::NotPermitted)
    })?;
    if context.shared.json {
        return context.json(&report);
    }
    say(&redaction, &asked, &missing, context)
}

/// Refuses to write over anything, the document among it.
fn is_free(out: &Path) -> Result<(), Problem> {
    let is_used = out.is_dir() && fs::read_dir(out).map_or(true, |mut there| there.next().is_some());
    if is_used || (out.exists() && !out.is_dir()) {
        return Err(Problem::new("--out is there already and is not an empty folder").hint("name a new folder").exit(Exit::WrongUse));
    }
    Ok(())
}

/// Reads a file, or says why not; its name may say what has to go, so that it is not repeated.
fn bytes_of(path: &Path, what: &str) -> Result<Vec<u8>, Problem> {
    let most = arrival::Limits::default().most_bytes as u64;
    let unread = |why: String| Problem::new(format!("{what}: {why}")).hint("name a file that you may read").exit(Exit::Unreadable);
    let metadata = fs::metadata(path).map_err(|error| unread(error.kind().to_string()))?;
    if !metadata.is_file() {
        return Err(unread("not a file".to_owned()));
    }
    if metadata.len() > most {
        return Err(unread(format!("longer than {most} bytes")));
    }
    fs::read(path).map_err(|error| unread(error.kind().to_string()))
}

/// The rows of a list.
fn rows(list: &'static str, bytes: &[u8]) -> Result<Vec<Asked>, Problem> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let wrong =
        |line: u64, what: &str, remedy: &str| Problem::new(format!("{list}, line {line}: {what}")).hint(remedy.to_owned()).exit(Exit::WrongUse);
    let columns: &[&str] = if list == "boxes" { &["page", "left", "top", "right", "bottom", "reason"] } else { &["kind", "words", "reason"] };
    let needed = format!("its first line is: {}", columns.join(","));
    let head = reader.headers().map_err(|_| wrong(1, "it is no table with commas in UTF-8", &needed))?.clone();
    if head.iter().ne(columns.iter().copied()) {
        return Err(wrong(1, "the columns are others", &needed));
    }
    let mut asked = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.position().map_or(0, csv::Position::line), "it is not a row of this table", &needed))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |column: &str| columns.iter().position(|it| *it == column).and_then(|at| row.get(at)).unwrap_or_default();
        let reason = reason(cell("reason")).ok_or_else(|| wrong(line, "the reason is not on the list", &reasons()))?;
        let target = if list == "boxes" { boxed(cell) } else { term(cell) };
        let target = target.map_err(|(what, remedy)| wrong(line, what, remedy))?;
        asked.push(Asked { list, line, removal: Removal { target, reason } });
    }
    Ok(asked)
}

/// A reason by its words, with or without spaces.
fn reason(words: &str) -> Option<usize> {
    let plain = |words: &str| words.to_lowercase().replace(['-', '_'], " ");
    OmissionGround::ALL.iter().position(|ground| plain(ground.words()) == plain(words))
}

fn reasons() -> String {
    format!("it is one of: {}", OmissionGround::ALL.map(OmissionGround::words).join(", "))
}

type Wrong = (&'static str, &'static str);

fn boxed<'a>(cell: impl Fn(&str) -> &'a str) -> Result<Target, Wrong> {
    let page = cell("page").parse().map_err(|_| ("the page is not a number", "count pages from 1"))?;
    let edge =
        |column: &str| cell(column).parse::<f32>().map_err(|_| ("an edge is not a number", "give points of 1/72 inch, with a dot for the decimal"));
    Ok(Target::Box { page, area: Area { left: edge("left")?, top: edge("top")?, right: edge("right")?, bottom: edge("bottom")? } })
}

fn term<'a>(cell: impl Fn(&str) -> &'a str) -> Result<Target, Wrong> {
    const KINDS: &str = "it is one of: whole, part, nhs-number, national-insurance, email, telephone";
    let (kind, words) = (cell("kind"), cell("words"));
    if let Some((_, pattern)) = Pattern::ALL.iter().find(|(name, _)| *name == kind) {
        return if words.is_empty() {
            Ok(Target::Pattern(*pattern))
        } else {
            Err(("a number found by its form takes no words", "leave the column empty"))
        };
    }
    match kind {
        "whole" | "part" => Ok(Target::Term { words: words.to_owned(), is_whole: kind == "whole" }),
        _ => Err(("the kind is not known", KINDS)),
    }
}

/// A refusal names removals by their place among all; a person looks for the line.
fn in_lists(what: &str, asked: &[Asked]) -> String {
    for kind in ["box ", "term "] {
        let numbered = what.strip_prefix(kind).and_then(|rest| rest.split_once(' '));
        let it = numbered.and_then(|(number, _)| asked.get(number.parse::<usize>().ok()?.checked_sub(1)?));
        if let (Some((_, rest)), Some(it)) = (numbered, it) {
            return format!("{}, line {}: {rest}", it.list, it.line);
        }
    }
    what.to_owned()
}

/// "line 2 of the boxes, lines 3 and 4 of the terms".
fn lines(asked: &[Asked], places: impl Iterator<Item = usize>) -> String {
    let mut by_list: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    places.filter_map(|place| asked.get(place)).for_each(|it| by_list.entry(it.list).or_default().push(it.line));
    let of = |(list, lines): (&str, Vec<u64>)| {
        let numbers: Vec<String> = lines.iter().map(u64::to_string).collect();
        format!("{} {} of the {list}", if lines.len() == 1 { "line" } else { "lines" }, numbers.join(", "))
    };
    by_list.into_iter().map(of).collect::<Vec<_>>().join(" and ")
}

fn report(original: &str, redaction: &Redaction, asked: &[Asked]) -> Value {
    let remade = &redaction.remade;
    let ground = |reason: usize| OmissionGround::ALL.get(reason).copied();
    let at = |place: usize| asked.get(place).map(|it| json!({ "list": it.list, "line": it.line }));
    let check = |check: &LeakCheck| json!({ "method": check.method, "of": check.of, "passed": check.passed });
    json!({
        "program": concat!("Headwater ", env!("CARGO_PKG_VERSION")),
        "original": { "sha256": original, "kind": redaction.kind.name() },
        "removed": remade.counts.iter().map(|it| json!({ "page": it.page, "reason": ground(it.reason), "n": it.n })).collect::<Vec<_>>(),
        "met_nothing": remade.without_effect.iter().filter_map(|place| at(*place)).collect::<Vec<_>>(),
        "also_within_longer_words": remade.within_longer.iter().map(|(place, n)| json!({ "at": at(*place), "n": n })).collect::<Vec<_>>(),
        "left_out": { "words_nobody_sees": remade.n_hidden, "pages_with_letters_nobody_can_tell": remade.unknown_on, "pages_without_words": remade.wordless },
        "files": redaction.files.iter().map(|made| json!({ "name": made.name, "checks": made.checks.iter().map(check).collect::<Vec<_>>() })).collect::<Vec<_>>(),
        "without_pdf": redaction.without_pdf,
    })
}

fn say(redaction: &Redaction, asked: &[Asked], missing: &str, context: &mut Context) -> Result<(), Problem> {
    let remade = &redaction.remade;
    let mut by_reason: BTreeMap<usize, usize> = BTreeMap::new();
    remade.counts.iter().for_each(|count| *by_reason.entry(count.reason).or_default() += count.n);
    for (reason, n) in by_reason {
        let words = OmissionGround::ALL.get(reason).map_or("", |ground| ground.words());
        writeln!(context.out, "{words}: {}", counted(n, "place", "places"))?;
    }
    for made in &redaction.files {
        writeln!(context.out, "{}: nothing removed is left in it", made.name)?;
        for check in &made.checks {
            writeln!(context.out, "  searched by {}", check.method)?;
        }
    }
    if let Some(why) = redaction.without_pdf {
        writeln!(context.out, "no PDF: {why}")?;
    }
    let pages = |pages: &[usize]| pages.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    if !remade.unknown_on.is_empty() {
        eprintln!(
            "look at page {}: letters there cannot be told by any program, so that a term may have been missed; they are left out",
            pages(&remade.unknown_on)
        );
    }
    if !remade.wordless.is_empty() {
        eprintln!("page {}: no words can be read there; pictures are left out", pages(&remade.wordless));
    }
    if !missing.is_empty() {
        eprintln!("{missing} met nothing");
    }
    if !remade.within_longer.is_empty() {
        eprintln!(
            "{}: also within longer words, which stay; the kind \"part\" takes these",
            lines(asked, remade.within_longer.iter().map(|(place, _)| *place))
        );
    }
    Ok(())
}
