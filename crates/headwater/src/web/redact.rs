//! A document made anew without what may not leave: what is to go is said in a form, looked at, and made.
//!
//! What is to go stands in the form that a person fills in and in nothing else: not in the log, nor in an address, nor in a
//! sentence that refuses something. Places are named by their number.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use headwater_documents::remove::{self, Part, Pattern, Remade, Removal, Target};
use headwater_documents::text::{Area, DocumentText, PageText};
use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::decide::publications;
use headwater_prevention::exchange::document::ReceivedDocument;
use headwater_prevention::exchange::id::{BlobHash, DocumentId};
use headwater_prevention::exchange::publication::{OmissionGround, Permission};
use headwater_prevention::exchange::words::Title;
use headwater_release::LetterLanguage;
use maud::{Markup, html};
use serde_json::json;

use super::documents::{self, is_erased};
use super::form::Problems;
use super::visit::{Answer, Refusal, Reply, Visit, page, see};
use super::{layout, library, replies};
use crate::problem::Problem;
use crate::redaction::{self, Order};

/// More blocks than this are not offered one by one: words and boxes take what stands behind them.
const MOST_BLOCKS: usize = 4000;

/// The reasons as values of a form: their places in [`OmissionGround::ALL`].
fn reasons() -> Vec<(String, String)> {
    OmissionGround::ALL.iter().enumerate().map(|(at, ground)| (at.to_string(), capital(ground.words()))).collect()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The value of the reason that most removals have.
fn usual() -> String {
    OmissionGround::ALL.iter().position(|it| *it == OmissionGround::PersonalInformation).unwrap_or(0).to_string()
}

fn reason_of(visit: &Visit, field: &str, problems: &mut Problems) -> usize {
    let read = |text: &str| text.parse().ok().filter(|at| *at < OmissionGround::ALL.len());
    problems.choice(&visit.form, field, "Choose a reason from the list", read).unwrap_or(0)
}

/// One thing that is to go, and how a person finds it in the form.
struct Asked {
    field: String,
    place: String,
    removal: Removal,
}

/// What a person is told of a pattern.
fn pattern_words(name: &str) -> &'static str {
    match name {
        "nhs-number" => "NHS numbers",
        "national-insurance" => "National Insurance numbers",
        "email" => "Addresses of mail",
        _ => "Telephone numbers",
    }
}

/// The document, which must be readable and allowed to the public in some form.
fn text_of(visit: &Visit) -> Result<(DocumentId, BlobHash, DocumentText), Refusal> {
    let (id, hash) = {
        let known = visit.app.office.known();
        let (id, it) = documents::of(visit, &known)?;
        if !it.screening.is_readable() || is_erased(it) {
            return Err(Refusal::NotFound);
        }
        (id, it.original)
    };
    match library::text_of(&visit.app, &hash.to_string(), Some(id))? {
        Ok(text) => Ok((id, hash, text)),
        Err(refusal) => Err(Problem::new(refusal.what).hint(refusal.remedy).into()),
    }
}

/// The form. Who read the document in it is logged.
///
/// # Errors
/// The document is held or gone, or cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let (id, _, text) = text_of(visit)?;
    visit.log("audit.document_opened", json!({"document": id.0}))?;
    shown(visit, id, &text, None)
}

fn shown(visit: &Visit, id: DocumentId, text: &DocumentText, preview: Option<&Markup>) -> Answer {
    let title = replies::title_of(visit, id)?;
    let (permission, language, given) = {
        let known = visit.app.office.known();
        let (_, it) = documents::of(visit, &known)?;
        (it.publication.permission, it.language, it.title.clone())
    };
    let address = format!("/documents/{}/redact", id.0);
    let trail =
        [("Documents", "/documents"), (title.as_str(), &*format!("/documents/{}", id.0))].map(|(words, to)| (words.to_owned(), to.to_owned()));
    let trail: Vec<(&str, &str)> = trail.iter().map(|(words, to)| (words.as_str(), to.as_str())).collect();
    let main = html! {
        p { "A new file is made from the words that stay. Pictures, comments, form fields, attachments, links and properties are not taken over. It is searched for what was removed before anybody else sees it; then a second person reads it. What you write here is kept nowhere." }
        p.hint {
            @if let Some(given) = &given { "In the files and on the public pages it has the title " strong { (given) } ": change it on the page of the document if it says too much." }
            @else { "It has no title yet: give it one on its page." }
        }
        @if !permission.is_some_and(Permission::opens) {
            p.warning { "It is not known that the body allows it to be published. You can look at what would be removed; the files are made once that is recorded." }
        }
        @if let Some(preview) = preview { (preview) }
        form method="post" action=(address) novalidate {
            (layout::hidden(visit))
            (layout::select(visit, "language", "Language of the document", "", &[("en".to_owned(), "English".to_owned()), ("cy".to_owned(), "Welsh".to_owned())], if language == Language::Cy { "cy" } else { "en" }))
            h2 { "Words, wherever they stand" }
            @for group in 0..n_groups(visit) { (group_form(visit, group)) }
            h2 { "Numbers and addresses of people" }
            (pattern_form(visit, text))
            h2 { "Parts of pages" }
            (blocks_form(visit, text))
            h2 { "Boxes" }
            (layout::area(visit, "boxes", "Boxes on pages", "For files with a layout. One box in a line: page, left, top, width, height, in points of 1/72 inch from the top left corner", ""))
            (layout::select(visit, "boxes_reason", "Why the words under boxes go", "", &reasons(), &usual()))
            (layout::boxes(visit, "missing", "Words that are not there", "", &[("go-on".to_owned(), "Go on though some words or boxes meet nothing".to_owned(), false)]))
            div.buttons {
                button name="do" value="look" { "Look at what would be removed" }
                button.other name="do" value="make" { "Make the files, and propose them" }
            }
        }
    };
    page(layout::page(visit, "Remove what may not leave", &trail, &main))
}

/// One group more than are filled, and two at least.
fn n_groups(visit: &Visit) -> usize {
    let filled = (0..100).rev().find(|group| !visit.form.text(&format!("words-{group}")).is_empty());
    filled.map_or(2, |last| last + 2)
}

fn group_form(visit: &Visit, group: usize) -> Markup {
    let name = |field: &str| format!("{field}-{group}");
    html! {
        fieldset {
            legend { "Words " (group + 1) }
            (layout::area(visit, &name("words"), "Words or names", "One in each line. Capitals, accents and hyphens make no difference", ""))
            (layout::select(visit, &name("reason"), "Why these go", "", &reasons(), &usual()))
            (layout::boxes(visit, &name("part"), "Longer words", "", &[("yes".to_owned(), "Also take longer words that hold these".to_owned(), false)]))
        }
    }
}

/// What has the form of such numbers, with how often it stands there; what was found is proposed.
fn pattern_form(visit: &Visit, text: &DocumentText) -> Markup {
    let found = |pattern: Pattern| {
        let removal = Removal { target: Target::Pattern(pattern), reason: 0 };
        remove::remove(text, &[removal]).map_or(0, |remade| remade.counts.iter().map(|it| it.n).sum())
    };
    let options: Vec<(String, String, bool)> = Pattern::ALL
        .iter()
        .map(|(name, pattern)| {
            let n: usize = found(*pattern);
            ((*name).to_owned(), format!("{}: {}", pattern_words(name), layout::counted(n, "place", "places")), n > 0)
        })
        .collect();
    html! {
        (layout::boxes(visit, "pattern", "Found by their form", "Untick what may stay", &options))
        (layout::select(visit, "pattern_reason", "Why these go", "", &reasons(), &usual()))
    }
}

fn blocks_form(visit: &Visit, text: &DocumentText) -> Markup {
    let mut left = MOST_BLOCKS;
    let pages: Vec<(usize, &PageText, usize)> = (1..)
        .zip(&text.pages)
        .map(|(number, it)| {
            let n = it.blocks.len().min(left);
            left -= n;
            (number, it, n)
        })
        .collect();
    html! {
        @for (number, it, n) in &pages {
            @if *n > 0 {
                @let is_chosen = visit.form.all("block").any(|sent| sent.split_once('-').is_some_and(|(page, _)| page == number.to_string()));
                details open[is_chosen] {
                    summary { "Page " (number) }
                    fieldset {
                        legend { "What goes from page " (number) }
                        @for (block, range) in (1..).zip(it.blocks.iter().take(*n).map(|block| block.range.clone())) {
                            @let value = format!("{number}-{block}");
                            div.option {
                                input type="checkbox" id={ "block-" (value) } name="block" value=(value) checked[visit.ticked("block", &value, false)];
                                label for={ "block-" (value) } { (it.text[range].replace('\t', " | ")) }
                            }
                        }
                    }
                    (layout::select(visit, &format!("block_reason-{number}"), "Why these go", "", &reasons(), &usual()))
                }
            }
        }
        @if left == 0 { p.hint { "Only the first " (MOST_BLOCKS) " parts are listed. Take what stands behind them by words or boxes." } }
    }
}

/// Reads the form.
fn asked(visit: &Visit) -> Result<Vec<Asked>, Problems> {
    let (mut problems, mut asked) = (Problems::default(), Vec::new());
    for group in 0..100 {
        let field = format!("words-{group}");
        if visit.form.text(&field).is_empty() {
            continue;
        }
        let reason = reason_of(visit, &format!("reason-{group}"), &mut problems);
        let is_whole = visit.form.text(&format!("part-{group}")) != "yes";
        for (line, words) in (1..).zip(visit.form.text(&field).lines()).filter(|(_, words)| !words.trim().is_empty()) {
            let target = Target::Term { words: words.trim().to_owned(), is_whole };
            asked.push(Asked { field: field.clone(), place: format!("line {line} of Words {}", group + 1), removal: Removal { target, reason } });
        }
    }
    let chosen: Vec<&str> = visit.form.all("pattern").collect();
    if !chosen.is_empty() {
        let reason = reason_of(visit, "pattern_reason", &mut problems);
        for (name, pattern) in Pattern::ALL.iter().filter(|(name, _)| chosen.contains(name)) {
            let removal = Removal { target: Target::Pattern(*pattern), reason };
            asked.push(Asked { field: "pattern".to_owned(), place: pattern_words(name).to_owned(), removal });
        }
    }
    let numbers = |value: &str| value.split_once('-').and_then(|(page, block)| Some((page.parse::<usize>().ok()?, block.parse::<usize>().ok()?)));
    for (page, block) in visit.form.all("block").filter_map(numbers) {
        let reason = reason_of(visit, &format!("block_reason-{page}"), &mut problems);
        let removal = Removal { target: Target::Block { page, block }, reason };
        asked.push(Asked { field: "block".to_owned(), place: format!("part {block} of page {page}"), removal });
    }
    if !visit.form.text("boxes").is_empty() {
        let reason = reason_of(visit, "boxes_reason", &mut problems);
        for (line, words) in (1..).zip(visit.form.text("boxes").lines()).filter(|(_, words)| !words.trim().is_empty()) {
            match boxed(words) {
                Some(target) => {
                    asked.push(Asked { field: "boxes".to_owned(), place: format!("line {line} of the boxes"), removal: Removal { target, reason } })
                }
                None => problems.add("boxes", format!("Line {line} is no box: write page, left, top, width, height, like 1, 72, 90, 200, 14")),
            }
        }
    }
    if problems.is_empty() && asked.is_empty() {
        problems.add("words-0", "Say what is to go: words, numbers, parts of pages or boxes");
    }
    if problems.is_empty() { Ok(asked) } else { Err(problems) }
}

fn boxed(line: &str) -> Option<Target> {
    let cells: Vec<&str> = line.split([',', ';']).map(str::trim).collect();
    let [page, left, top, width, height] = cells.as_slice() else { return None };
    let number = |text: &str| text.parse::<f32>().ok().filter(|it| it.is_finite());
    let (left, top) = (number(left)?, number(top)?);
    let area = Area { left, top, right: left + number(width)?, bottom: top + number(height)? };
    Some(Target::Box { page: page.parse().ok()?, area })
}

/// A refusal at the field that it is about: it names removals by their number among all.
fn refused(refusal: &headwater_documents::Refusal, asked: &[Asked]) -> Problems {
    let remedy = &refusal.remedy;
    for kind in ["box ", "term ", "block "] {
        let numbered = refusal.what.strip_prefix(kind).and_then(|rest| rest.split_once(' '));
        let it = numbered.and_then(|(number, _)| asked.get(number.parse::<usize>().ok()?.checked_sub(1)?));
        if let (Some((_, rest)), Some(it)) = (numbered, it) {
            return Problems::one(&it.field, format!("{} {rest}: {remedy}", capital(&it.place)));
        }
    }
    Problems::one("words-0", format!("{}: {remedy}", capital(&refusal.what)))
}

/// Shows what would be removed, or makes the files and proposes them.
///
/// # Errors
/// The form says nothing that can be done, or something removed was found in what was made.
pub fn submit(visit: &Visit) -> Answer {
    let (id, original, text) = text_of(visit)?;
    let asked = asked(visit)?;
    let removals: Vec<Removal> = asked.iter().map(|it| it.removal.clone()).collect();
    let remade = remove::remove(&text, &removals).map_err(|refusal| refused(&refusal, &asked))?;
    if visit.form.text("do") != "make" {
        return shown(visit, id, &text, Some(&preview(&remade, &asked)));
    }
    let missing = missing(&remade, &asked);
    if !missing.is_empty() && visit.form.text("missing") != "go-on" {
        let words = format!("Nothing was found for {}: look how it is spelt there, or tick that the files are made without it", missing.join(", "));
        return Err(Problems::one(&asked[remade.without_effect[0]].field, words).into());
    }
    drop((text, remade));
    make(visit, id, original, &asked, &removals)
}

/// Places of the form that met nothing; that there is no number of a form is no mistake.
fn missing(remade: &Remade, asked: &[Asked]) -> Vec<String> {
    let met_nothing = remade.without_effect.iter().filter_map(|at| asked.get(*at));
    met_nothing.filter(|it| !matches!(it.removal.target, Target::Pattern(_))).map(|it| it.place.clone()).collect()
}

fn make(visit: &Visit, id: DocumentId, original: BlobHash, asked: &[Asked], removals: &[Removal]) -> Answer {
    // The name of a file is no title: it can say anything.
    let title = {
        let known = visit.app.office.known();
        let it: &ReceivedDocument = documents::of(visit, &known)?.1;
        if !it.publication.permission.is_some_and(Permission::opens) {
            return Err(Problems::one("", "Record first, on the page of the document, that the body allows it to be published").into());
        }
        it.title.clone()
    };
    let language = if visit.form.text("language") == "cy" { LetterLanguage::Welsh } else { LetterLanguage::English };
    let n_bytes = visit.app.ws.blobs().size(&original.to_string())?;
    let redaction = {
        let _held = visit.app.memory.hold(n_bytes);
        let mut bytes = Vec::new();
        let read = visit.app.ws.blobs().read(&original.to_string())?.read_to_end(&mut bytes);
        read.map_err(|error| Problem::of_files("reading a document", &error))?;
        let order = Order { removals, title: title.as_ref().map(Title::as_str), language };
        let name = replies::name_of(visit, id)?;
        redaction::redact(&name, &bytes, &order).map_err(|refusal| refused(&refusal, asked))?
    };
    let mut grounds: Vec<OmissionGround> = redaction.remade.counts.iter().filter_map(|it| OmissionGround::ALL.get(it.reason).copied()).collect();
    grounds.sort_by_key(|ground| OmissionGround::ALL.iter().position(|it| it == ground));
    grounds.dedup();
    let mut files: Vec<(BlobHash, Vec<Title>)> = Vec::new();
    for made in &redaction.files {
        let kept = visit.app.ws.blobs().put(&mut Cursor::new(&made.bytes))?;
        let methods: Result<Vec<Title>, String> = made.checks.iter().map(|check| check.method.parse()).collect();
        files.push((kept.sha256.parse().map_err(Problem::new)?, methods.map_err(Problem::new)?));
    }
    let Some(((page, _), beside)) = files.split_first() else { return Err(Refusal::NotFound) };
    let companions: Vec<BlobHash> = beside.iter().map(|(hash, _)| *hash).collect();
    visit.act(&|state, order| publications::draft_with(state, order, id, *page, companions.clone(), grounds.clone()))?;
    let program = replies::program(visit)?;
    for (made, (hash, methods)) in redaction.files.iter().zip(&files) {
        for (check, method) in made.checks.iter().zip(methods) {
            visit.act_as(program, &|state, order| publications::leak_check(state, order, id, *hash, method.clone(), check.passed))?;
        }
    }
    let said = match redaction.without_pdf {
        Some(why) => format!("It is made and proposed, as a page alone: {why}"),
        None => "It is made as a page and as PDF, and proposed".to_owned(),
    };
    see(format!("/documents/{}", id.0), &said)
}

/// What would be removed: how much for which reason and on which page, and the passages with their marks.
fn preview(remade: &Remade, asked: &[Asked]) -> Markup {
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    remade.counts.iter().for_each(|it| *counts.entry((it.page, it.reason)).or_default() += it.n);
    let words = |reason: usize| OmissionGround::ALL.get(reason).map_or("", |ground| ground.words());
    let numbers = |pages: &[usize]| pages.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let missing = missing(remade, asked);
    html! {
        section.said aria-labelledby="preview" {
            h2 id="preview" { "What would be removed" }
            div.scroll tabindex="0" role="region" aria-label="How much goes from which page" { table {
                thead { tr { th.t scope="col" { "Page" } th.t scope="col" { "Reason" } th scope="col" { "Places" } } }
                tbody { @for ((page, reason), n) in &counts { tr { th.t scope="row" { (page) } td.t { (words(*reason)) } td { (n) } } } }
            } }
            @if !missing.is_empty() { p.warning { "Nothing was found for " (missing.join(", ")) "." } }
            @for (at, n) in &remade.within_longer { @if let Some(it) = asked.get(*at) {
                p.warning { (capital(&it.place)) " also stands within " (layout::counted(*n, "longer word", "longer words")) ", which " (if *n == 1 { "stays" } else { "stay" }) "." }
            } }
            @if remade.n_hidden > 0 { p { (layout::counted(remade.n_hidden, "word that nobody sees is", "words that nobody sees are")) " left out." } }
            @if !remade.unknown_on.is_empty() { p.warning { "Look at page " (numbers(&remade.unknown_on)) ": letters there cannot be told by any program, so that something may have been missed. They are left out." } }
            @if !remade.wordless.is_empty() { p.warning { "No words can be read on page " (numbers(&remade.wordless)) ": pictures are left out." } }
            h3 { "The passages as they would stand" }
            ul { @for (number, it) in (1..).zip(&remade.pages) {
                @for block in it.blocks.iter().filter(|block| block.cells.iter().flatten().any(|part| matches!(part, Part::Removed(_)))) {
                    li { "Page " (number) ": "
                        @for (at, cell) in block.cells.iter().enumerate() {
                            @if at > 0 { " | " }
                            @for part in cell { @match part {
                                Part::Words(said) => { (said) " " }
                                Part::Removed(reason) => { mark { "[removed: " (words(*reason)) "]" } " " }
                            } }
                        }
                    }
                }
            } }
        }
    }
}

/// The page that was made, as readers will see it. Who looked is logged.
///
/// # Errors
/// None is proposed, the document is held, or what is proposed was not made here.
pub fn look(visit: &Visit) -> Answer {
    let (id, hash) = proposed(visit, 0)?;
    Ok(Reply::Alone(bytes_of(visit, id, hash)?))
}

/// The PDF that goes with it.
///
/// # Errors
/// As for the page.
pub fn take_pdf(visit: &Visit) -> Answer {
    let (id, hash) = proposed(visit, 1)?;
    Ok(Reply::File("redacted.pdf".to_owned(), "application/pdf", bytes_of(visit, id, hash)?))
}

fn proposed(visit: &Visit, place: usize) -> Result<(DocumentId, BlobHash), Refusal> {
    let known = visit.app.office.known();
    let (id, it) = documents::of(visit, &known)?;
    let publication = &it.publication;
    // What somebody sent is never shown as a page: only what has reasons was made by this program.
    let is_ours = it.screening.is_readable() && !publication.grounds.is_empty() && publication.rendition != Some(it.original);
    let hash = publication.rendition.into_iter().chain(publication.companions.iter().copied()).nth(place);
    hash.filter(|_| is_ours).map(|hash| (id, hash)).ok_or(Refusal::NotFound)
}

fn bytes_of(visit: &Visit, id: DocumentId, hash: BlobHash) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = visit.app.ws.blobs().read(&hash.to_string())?.read_to_end(&mut bytes);
    read.map_err(|error| Problem::of_files("reading a document", &error))?;
    visit.log("audit.document_opened", json!({"document": id.0, "sha256": hash.to_string()}))?;
    Ok(bytes)
}
