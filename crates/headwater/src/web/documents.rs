//! One document: what it is, what screening found, what it answers, and its way to the public.

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::decide::documents as decide;
use headwater_prevention::exchange::document::{DocumentKind, ReceivedDocument, Screening, ScreeningFinding};
use headwater_prevention::exchange::id::{AskId, DocumentId, ItemId, RecipientId};
use headwater_prevention::exchange::publication::PublicationState;
use headwater_prevention::exchange::words::Title;
use maud::{Markup, html};
use serde_json::json;

use super::access::Right;
use super::destroying;
use super::form::{Problems, reason};
use super::holding;
use super::layout::{self, boxes, facts, select, text};
use super::messages::names;
use super::office::Known;
use super::paging;
use super::publication::{self, PERMISSIONS};
use super::recipient::document_title;
use super::replies;
use super::visit::{Answer, Refusal, Reply, Visit, page, see};

/// Kinds: what it is, its id in forms, and its name.
pub const KINDS: [(DocumentKind, &str, &str); 6] = [
    (DocumentKind::NeedsAssessment, "needs-assessment", "Strategic needs assessment or problem profile"),
    (DocumentKind::Strategy, "strategy", "Response strategy"),
    (DocumentKind::Update, "update", "Update on delivery"),
    (DocumentKind::Letter, "letter", "Letter"),
    (DocumentKind::Dataset, "dataset", "Data set"),
    (DocumentKind::Other, "other", "Something else"),
];

/// Documents on one page of the list.
const ON_A_PAGE: usize = 100;

/// A finding in a few words.
pub fn finding_words(finding: ScreeningFinding) -> &'static str {
    match finding {
        ScreeningFinding::HiddenCells => "hidden sheets, rows or columns",
        ScreeningFinding::PivotCache => "a pivot table that carries its source",
        ScreeningFinding::ExternalLinks => "links to other files",
        ScreeningFinding::Macros => "macros",
        ScreeningFinding::TrackedChanges => "tracked changes",
        ScreeningFinding::Comments => "comments",
        ScreeningFinding::Metadata => "a place or a person in its metadata",
        ScreeningFinding::Attachments => "files inside the file",
        ScreeningFinding::FalseRedaction => "words that nobody sees, as under a black box",
        ScreeningFinding::PatientInformation => "information about a patient",
        ScreeningFinding::IndividualCase => "an individual case",
        ScreeningFinding::PersonalIdentifier => "a number, date of birth or postcode of a person",
        ScreeningFinding::Bomb => "it grows beyond measure when it is opened",
        ScreeningFinding::TooLarge => "it is too large",
        ScreeningFinding::WrongKind => "its kind is not one that is taken in, or not what its name says",
        ScreeningFinding::Locked => "it has a password",
    }
}

fn screening_words(screening: &Screening) -> String {
    let list = |findings: &[ScreeningFinding]| findings.iter().map(|finding| finding_words(*finding)).collect::<Vec<_>>().join("; ");
    match screening {
        Screening::Received => "not looked at yet".to_owned(),
        Screening::Screening => "being looked at".to_owned(),
        Screening::Clean => "nothing was found".to_owned(),
        Screening::Held { findings, .. } => format!("held: {}", list(findings)),
        Screening::Released { reason, .. } => format!("something was found, and it was let through: {reason}"),
        Screening::ReturnedDestroyed { .. } => "sent back and destroyed here".to_owned(),
    }
}

/// All documents.
///
/// # Errors
/// A name cannot be read.
pub fn list(visit: &Visit) -> Answer {
    // Nobody who writes waits while the records are asked what each file was called.
    let untitled = replies::untitled(visit, |known| {
        let n = known.state.documents().len();
        paging::range(visit, n, ON_A_PAGE).map(|place| DocumentId((n - 1 - place) as u32)).collect()
    })?;
    let known = visit.app.office.known();
    let documents: Vec<(DocumentId, &ReceivedDocument)> =
        known.state.documents().iter().enumerate().map(|(number, it)| (DocumentId(number as u32), it)).rev().collect();
    let shown = paging::range(visit, documents.len(), ON_A_PAGE);
    let main = html! {
        @if documents.is_empty() { p { "No document came yet." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Documents" {
                table {
                    caption { (layout::counted(documents.len(), "document", "documents")) ", the newest first" }
                    thead { tr { th.t scope="col" { "Document" } th.t scope="col" { "From" } th.t scope="col" { "Screening" } th.t scope="col" { "Publication" } } }
                    tbody {
                        @for (id, it) in &documents[shown] {
                            tr {
                                th.t scope="row" { a href={ "/documents/" (id.0) } { (untitled.get(id).cloned().unwrap_or_else(|| document_title(&known, *id))) } }
                                td.t { (from(&known, it)) }
                                td.t { (screening_words(&it.screening)) }
                                td.t { (publication_words(it)) }
                            }
                        }
                    }
                }
            }
            (paging::ways(visit, documents.len(), ON_A_PAGE))
        }
    };
    page(layout::page(visit, "Documents", &[], &main))
}

/// How far a document is on its way to the public; where nobody has gone further, what the body says.
fn publication_words(it: &ReceivedDocument) -> String {
    use headwater_prevention::exchange::publication::PublicationState as State;
    if it.screening.is_destroyed() {
        return "none: it was destroyed".to_owned();
    }
    let said = it.publication.permission.and_then(|permission| PERMISSIONS.iter().find(|(one, ..)| *one == permission));
    match (&it.publication.state, said) {
        (State::PermissionKnown, Some((_, _, words, _))) => words.to_lowercase(),
        (State::Private, _) => "not known what the body allows".to_owned(),
        (State::LeakChecked, _) => "waits for a second person".to_owned(),
        (State::Embargoed { until }, _) => format!("approved, not before {}", until.name()),
        (other, _) => other.words().to_owned(),
    }
}

/// From whom it is.
pub fn from(known: &Known, it: &ReceivedDocument) -> String {
    known.state.submission(it.submission).map_or_else(String::new, |submission| names(known, &submission.recipients))
}

/// The document of the address.
///
/// # Errors
/// There is none of this number.
pub fn of<'a>(visit: &Visit, known: &'a Known) -> Result<(DocumentId, &'a ReceivedDocument), Refusal> {
    let id = DocumentId(visit.part("document")?);
    known.state.document(id).map(|it| (id, it)).ok_or(Refusal::NotFound)
}

/// One document.
///
/// # Errors
/// There is none of this number.
pub fn show(visit: &Visit) -> Answer {
    // Taken apart before the guard is held: an earlier version destroyed the file, and left it in the message it came in.
    let id = DocumentId(visit.part("document")?);
    let is_destroyed = visit.app.office.known().state.document(id).is_some_and(|it| it.screening.is_destroyed());
    let is_left = is_destroyed && !destroying::carriers(&visit.app, id)?.is_empty();
    let places = holding::places(visit, id)?;
    let name = replies::name_of(visit, id)?;
    let known = visit.app.office.known();
    let (id, it) = of(visit, &known)?;
    let kind = KINDS.iter().find(|(kind, ..)| *kind == it.kind).map_or("", |(_, _, words)| words);
    let submission = known.state.submission(it.submission);
    let main = html! {
        (facts(&[
            ("File", html! { (name) }),
            ("From", html! { (from(&known, it)) @if let Some(submission) = submission { ", " a href={ "/messages/" (submission.communication.0) } { "the message it came with" } } }),
            ("Kind", html! { (kind) @if let Some(day) = it.dated { ", dated " (day.name()) } }),
            ("Screening", html! { (layout::sentence(&screening_words(&it.screening))) }),
            ("SHA-256", html! { code { (it.original) } @if let Some(twin) = it.same_as { br; "The same file came before, as " a href={ "/documents/" (twin.0) } { (document_title(&known, twin)) } } }),
            ("Answers", html! { (answers(&known, id, it)) }),
            ("Publication", html! { (publication_words(it)) @if !it.screening.is_destroyed() && it.publication.state != headwater_prevention::exchange::publication::PublicationState::PermissionKnown && let Some(permission) = it.publication.permission { "; the body says: " (PERMISSIONS.iter().find(|(one, ..)| *one == permission).map_or("", |(_, _, words, _)| words).to_lowercase()) } }),
        ]))
        @if let PublicationState::Erased { ground } = &it.publication.state { p { "It was erased: " (layout::sentence(ground.as_str())) " Its hash stays." } }
        @else if it.screening.is_readable() { p { a.button href={ "/documents/" (id.0) "/words" } { "Read what it says" } " " a href={ "/documents/" (id.0) "/original" } { "Take the file as it came" } } }
        @else if it.screening.is_destroyed() { (destroyed(visit, id, is_left)) }
        @else { p.warning { "Nobody can open the file while it is held." } }
        (places)
        @if let Screening::Held { findings, .. } = &it.screening && !is_erased(it) && visit.may(Right::Approve) { (held(visit, id, findings)) }
        (holding::of_document(visit, id, it))
        @if it.screening.is_readable() && !is_erased(it) && visit.may(Right::Prepare) {
            @if it.publication.state.is_public() || it.publication.is_approved() {
                p.hint { "Its title, its date and what it answers were approved as they stand. To change them, " (if it.publication.state.is_public() { "withdraw it, with an explanation for readers, and let it become public again: its address stays." } else { "have it sent back." }) }
            } @else { (describe_form(visit, &known, id, it)) (assign_form(visit, &known, id, it)) }
            (publication::shown(visit, &known, id, it))
        }
    };
    let title = if it.title.is_some() { document_title(&known, id) } else { name };
    page(layout::page(visit, &title, &[("Documents", "/documents")], &main))
}

pub fn is_erased(it: &ReceivedDocument) -> bool {
    matches!(it.publication.state, PublicationState::Erased { .. })
}

fn answers(known: &Known, id: DocumentId, it: &ReceivedDocument) -> Markup {
    let mut of_duties: Vec<(usize, String)> = Vec::new();
    for (number, recommendation) in known.state.recommendations().iter().enumerate() {
        for duty in recommendation.duties.iter().filter(|duty| duty.documents.contains(&id)) {
            let body = known.state.body(duty.body).map_or("", |body| body.entry.name.as_str());
            of_duties.push((number, format!("recommendation {} ({body})", recommendation.number)));
        }
    }
    html! {
        @if it.asks.is_empty() && of_duties.is_empty() { "nothing yet" }
        @for (number, words) in &of_duties { a href={ "/recommendations/" (number) } { (words) } " " }
        @for (place, ask) in it.asks.iter().enumerate() {
            @if place > 0 { "; " }
            @if let Some(recipient) = known.state.recipient(ask.recipient) {
                a href={ "/recipients/" (ask.recipient.0) } { (known.state.body(recipient.body).map_or("", |body| body.entry.name.as_str())) }
                ": " (item_title(known, *ask))
            }
        }
    }
}

fn item_title(known: &Known, ask: AskId) -> String {
    let campaign = known.state.recipient(ask.recipient).and_then(|recipient| known.state.campaign(recipient.campaign));
    campaign
        .and_then(|campaign| campaign.items.get(ask.item.index()))
        .and_then(Option::as_ref)
        .map_or_else(String::new, |item| item.title.to_string())
}

/// What is left of a document that was destroyed.
fn destroyed(visit: &Visit, id: DocumentId, is_left: bool) -> Markup {
    html! {
        p { "Its file and its name are destroyed here. " a href={ "/documents/" (id.0) "/certificate" } { "The certificate" } " says what went with it." }
        @if is_left {
            p.warning { "The message it came in still holds the file." }
            @if visit.may(Right::Approve) {
                (layout::order(visit, &format!("/documents/{}/destroy", id.0), "Destroy it in the message too", &text(visit, "destroy_reason", "Why", "Kept in the log and on the certificate", "")))
            }
        }
    }
}

fn held(visit: &Visit, id: DocumentId, findings: &[ScreeningFinding]) -> Markup {
    let at = |order: &str| format!("/documents/{}/{order}", id.0);
    html! {
        h2 { "What becomes of it" }
        @if findings.iter().any(|finding| finding.is_barred()) { p { "The law keeps it from this office: it can only be sent back." } }
        @else {
            (layout::fold(visit, &at("release"), "Let it through", &layout::order(visit, &at("release"), "Let it through", &text(visit, "release_reason", "Why it may be read", "Kept in the log", ""))))
        }
        (layout::fold(visit, &at("destroy"), "Send it back and destroy it here", &html! {
            p { "The file is overwritten here wherever it is kept: by itself, where it came again, and in the message that carried it, of which the header and the text stay. A certificate with all hashes stays." }
            (layout::order(visit, &at("destroy"), "It was sent back: destroy it here", &text(visit, "destroy_reason", "Why", "Kept in the log and on the certificate", "")))
        }))
    }
}

fn describe_form(visit: &Visit, known: &Known, id: DocumentId, it: &ReceivedDocument) -> Markup {
    let kinds: Vec<(String, String)> = KINDS.iter().map(|(_, id, words)| ((*id).to_owned(), (*words).to_owned())).collect();
    let languages: Vec<(String, String)> = Language::ALL.iter().map(|language| (language.code().to_owned(), language.name().to_owned())).collect();
    let kind = KINDS.iter().find(|(kind, ..)| *kind == it.kind).map_or("", |(_, id, _)| id);
    let stands = if it.title.is_some() { document_title(known, id) } else { String::new() };
    html! {
        h2 { "What it is" }
        (layout::order(visit, &format!("/documents/{}/describe", id.0), "Save what it is", &html! {
            (text(visit, "title", "Title", "As it stands on the document", &stands))
            (select(visit, "kind", "Kind", "", &kinds, kind))
            (layout::day(visit, "dated", "Its date", "May be empty", it.dated))
            (select(visit, "language", "Language", "", &languages, it.language.code()))
        }))
    }
}

fn assign_form(visit: &Visit, known: &Known, id: DocumentId, it: &ReceivedDocument) -> Markup {
    let recipients: Vec<RecipientId> = known.state.submission(it.submission).map(|submission| submission.recipients.clone()).unwrap_or_default();
    let campaigns: Vec<_> = recipients.iter().filter_map(|id| known.state.recipient(*id)).map(|recipient| recipient.campaign).collect();
    // A reply may hold another body's answer: all bodies of the same campaigns can be chosen, those it came from first.
    let mut asks: Vec<(AskId, bool)> = known
        .state
        .asks()
        .map(|(ask, _)| ask)
        .filter(|ask| known.state.recipient(ask.recipient).is_some_and(|recipient| campaigns.contains(&recipient.campaign)))
        .map(|ask| (ask, recipients.contains(&ask.recipient)))
        .collect();
    asks.sort_by_key(|(ask, own)| (!own, *ask));
    let options = |own: bool| -> Vec<(String, String, bool)> {
        asks.iter()
            .filter(|(_, is_own)| *is_own == own)
            .map(|(ask, _)| {
                let body = known
                    .state
                    .recipient(ask.recipient)
                    .and_then(|recipient| known.state.body(recipient.body))
                    .map_or("", |body| body.entry.name.as_str());
                (format!("{}-{}", ask.recipient.0, ask.item.0), format!("{body}: {}", item_title(known, *ask)), it.asks.contains(ask))
            })
            .collect()
    };
    let is_other = asks.iter().any(|(ask, own)| !own && it.asks.contains(ask)) || visit.form.has("other");
    let n_bodies = it.asks.iter().map(|ask| ask.recipient).collect::<std::collections::BTreeSet<_>>().len();
    if asks.is_empty() {
        return html! {};
    }
    html! {
        h2 { "What it answers" }
        @if n_bodies > 0 { p { a href={ "/documents/" (id.0) "/asks" } { "Say how the asks that it answers stand" @if n_bodies > 1 { ", of all " (n_bodies) " bodies on one page" } } } }
        (layout::order(visit, &format!("/documents/{}/assign", id.0), "Save what it answers", &html! {
            (boxes(visit, "ask", "Asks of those it came from", "", &options(true)))
            @if !options(false).is_empty() { details open[is_other] { summary { "Asks of other bodies" } (boxes(visit, "other", "A reply may hold another body's answer", "", &options(false))) } }
        }))
    }
}

/// The file as it came. Who took it is logged.
///
/// # Errors
/// It is held, or was destroyed.
pub fn original(visit: &Visit) -> Answer {
    let (id, hash) = {
        let known = visit.app.office.known();
        let (id, it) = of(visit, &known)?;
        if !it.screening.is_readable() {
            return Err(Problems::one("", "The file is held: nobody can open it before it is let through").into());
        }
        if is_erased(it) {
            return Err(Problems::one("", "The file was erased: only its hash is left").into());
        }
        (id, it.original)
    };
    let stored = visit.app.ws.blobs().read(&hash.to_string())?;
    visit.log("audit.document_opened", json!({"document": id.0}))?;
    Ok(Reply::Stored(replies::name_of(visit, id)?, stored))
}

/// Says what a document is.
///
/// # Errors
/// What is wrong with the form.
pub fn describe(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let (form, mut problems) = (&visit.form, Problems::default());
    let title: Option<Title> = problems.needed(form, "title", "Enter the title");
    let kind = problems.choice(form, "kind", "Choose the kind", |id| KINDS.iter().find(|(_, one, _)| *one == id).map(|(kind, ..)| *kind));
    let dated = problems.optional(form, "dated");
    let language = if form.text("language") == "cy" { Language::Cy } else { Language::En };
    let (Some(title), Some(kind), true) = (title, kind, problems.is_empty()) else { return Err(problems.into()) };
    visit.act(&|state, order| decide::describe(state, order, id, kind, language, title.clone(), dated))?;
    see(format!("/documents/{}", id.0), "Saved")
}

/// Says what a document answers.
///
/// # Errors
/// It is held, or somebody else changed it meanwhile.
pub fn assign(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let read = |text: &str| {
        let (recipient, item) = text.split_once('-')?;
        Some(AskId { recipient: RecipientId(recipient.parse().ok()?), item: ItemId(item.parse().ok()?) })
    };
    let asks: Vec<AskId> = visit.form.all("ask").chain(visit.form.all("other")).filter_map(read).collect();
    visit.act(&|state, order| decide::assign(state, order, id, asks.clone()))?;
    see(format!("/documents/{}", id.0), "Saved. Say at each body how its asks now stand")
}

/// Lets a held document through.
///
/// # Errors
/// No reason is given, or the law keeps it from us.
pub fn release(visit: &Visit) -> Answer {
    let (id, reason) = (DocumentId(visit.part("document")?), reason(&visit.form, "release_reason")?);
    visit.act(&|state, order| decide::release(state, order, id, reason.clone()))?;
    see(format!("/documents/{}", id.0), "It is let through")
}
