//! A document's way to the public and back: what its body allows, a second person, a correction with its notice, a withdrawal
//! that is explained; and the ledger of what the public could read when.

use headwater_prevention::exchange::decide::publications;
use headwater_prevention::exchange::document::ReceivedDocument;
use headwater_prevention::exchange::id::{BlobHash, DocumentId};
use headwater_prevention::exchange::publication::{Permission, PublicStep, PublicationState, Publishing};
use headwater_prevention::exchange::words::{Remark, Title};
use maud::{Markup, html};
use serde_json::json;

use super::access::Right;
use super::documents::{finding_words, of};
use super::form::{Problems, reason};
use super::intake;
use super::layout::{self, radios, text};
use super::office::Known;
use super::replies;
use super::visit::{Answer, Refusal, Reply, Visit, see};
use crate::problem::Problem;

/// Words of a form for each permission.
pub const PERMISSIONS: [(Permission, &str, &str, &str); 4] = [
    (Permission::Publish, "publish", "It may be published as it is", ""),
    (Permission::PublishRedacted, "publish-redacted", "It may be published with parts left out", ""),
    (Permission::NameOnly, "name-only", "Only that it exists may be said", ""),
    (Permission::Closed, "closed", "Nothing of it may be published", ""),
];

/// What can be done with a document on its way to the public, as it stands.
pub fn shown(visit: &Visit, known: &Known, id: DocumentId, it: &ReceivedDocument) -> Markup {
    use headwater_prevention::exchange::publication::PublicationState as State;
    let permissions: Vec<(&str, &str, &str)> = PERMISSIONS.iter().map(|(_, id, words, about)| (*id, *words, *about)).collect();
    let permission =
        it.publication.permission.and_then(|permission| PERMISSIONS.iter().find(|(one, ..)| *one == permission)).map_or("", |(_, id, ..)| id);
    let at = |order: &str| format!("/documents/{}/{order}", id.0);
    let me_first = visit.person().is_ok_and(|me| it.publication.drafted_by == Some(me));
    html! {
        h2 { "Publication" }
        @if let Some(reason) = &it.publication.returned { p.warning { "What was proposed was sent back: " (layout::sentence(reason.as_str())) } }
        @match &it.publication.state {
            State::Private | State::PermissionKnown => {
                (layout::order(visit, &at("permit"), "Save what the body says", &radios(visit, "permission", "What the body that sent it says", "Asked for in the letter", &permissions, permission)))
                @if it.publication.permission == Some(Permission::Publish) {
                    (layout::order(visit, &at("propose"), "Propose this file for publication as it is", &html! {}))
                }
                @if it.publication.permission.is_some_and(Permission::opens) && visit.may(Right::Prepare) {
                    p { "A file from which something must be left out is made anew without it, and checked, before it is proposed: " a href=(at("redact")) { "remove what may not leave" } "." }
                }
            }
            // The program died between the proposal and the check.
            State::RedactionDraft if it.publication.rendition == Some(it.original) => {
                (layout::order(visit, &at("propose"), "Check it, and propose it for publication", &html! { p { "It was to be proposed as it is, and was not checked." } }))
                (way_back(visit, id, it, me_first))
            }
            State::RedactionDraft => {
                p { "A rendition waits for the check that nothing removed is left in it." }
                (way_back(visit, id, it, me_first))
            }
            State::LeakChecked => {
                (looked_at(known, id, it))
                @if me_first { p.warning { "You proposed it. Somebody else has to approve it." } }
                @else if visit.may(Right::Approve) { (layout::order(visit, &at("approve"), "Approve it for publication", &html! {})) }
                @else { p { "It waits for " (Right::Approve.whose()) "." } }
                (way_back(visit, id, it, me_first))
            }
            State::Approved | State::Embargoed { .. } => {
                (looked_at(known, id, it))
                @if visit.may(Right::Approve) {
                    div.buttons { (layout::button(visit, &at("publish"), "Publish it today", "")) }
                    (layout::fold(visit, &at("embargo"), "Publish it on a later day", &html! {
                        p { "It becomes public by itself when the public pages are made on that day or after it: by somebody who takes them, or by " code { "headwater campaign publish" } " in a timetable." }
                        (layout::order(visit, &at("embargo"), "Set the day", &layout::day(visit, "until", "Day", "", None)))
                    }))
                }
                (way_back(visit, id, it, me_first))
            }
            State::Published { .. } | State::Corrected { .. } => (public(visit, known, id, it, me_first)),
            State::Withdrawn { on, explanation } => {
                p { "It was withdrawn on " (on.name()) ". Readers are told: " q { (explanation) } }
                @if visit.may(Right::Prepare) {
                    (layout::fold(visit, &at("permit"), "Let it become public again", &html! {
                        p { "It goes the whole way again. Until it is public, its line goes on saying that it was withdrawn." }
                        (layout::order(visit, &at("permit"), "Save what the body says", &radios(visit, "permission", "What the body that sent it says", "", &permissions, "")))
                    }))
                }
            }
            State::Erased { ground } => p { "It was erased: " (layout::sentence(ground.as_str())) },
        }
        (ledger(&it.publication))
    }
}

/// What stands before whoever decides: the very file, who proposed it, who approved it, and how it was checked.
fn looked_at(known: &Known, id: DocumentId, it: &ReceivedDocument) -> Markup {
    let publication = &it.publication;
    html! {
        (layout::facts(&[
            ("What would be public", would_be_public(id, it)),
            ("As readers will see it", html! { a href={ "/publishing/preview/" (id.0) "/index.html" } { "Look at the public pages with it" } ": nothing is written by looking" }),
            ("Under the title", html! { (it.title.as_ref().map_or("none yet", Title::as_str)) }),
            ("Proposed by", html! { (publication.drafted_by.map_or_else(|| "nobody".to_owned(), |by| known.name(by.as_str()).to_owned())) }),
            ("How it was checked", checks(publication)),
            ("Approved by", html! { (publication.approved.map_or_else(|| "nobody yet".to_owned(), |(_, by)| known.name(by.as_str()).to_owned())) }),
        ]))
    }
}

/// The files: what was made anew is a page of ours, which is looked at here, and its PDF.
fn would_be_public(id: DocumentId, it: &ReceivedDocument) -> Markup {
    let publication = &it.publication;
    let sum = |hash: &BlobHash| html! { ", SHA-256 " code { (hash) } };
    html! {
        @if publication.grounds.is_empty() {
            a href={ "/documents/" (id.0) "/rendition" } { "Take the file" } @if let Some(rendition) = &publication.rendition { (sum(rendition)) }
        } @else {
            a href={ "/documents/" (id.0) "/redacted.html" } { "Read the page without what was removed" } @if let Some(rendition) = &publication.rendition { (sum(rendition)) }
            @if let Some(pdf) = publication.companions.first() { br; a href={ "/documents/" (id.0) "/redacted.pdf" } { "Take the PDF" } (sum(pdf)) }
            br; "Removed: " (publication.grounds.iter().map(|ground| ground.words()).collect::<Vec<_>>().join(", ")) ". The page says how often, and where."
        }
    }
}

/// Every way in which each file was checked.
fn checks(publication: &Publishing) -> Markup {
    html! {
        @if publication.checks.is_empty() { (publication.method.as_ref().map_or("not said", Title::as_str)) }
        @else if let [(_, method)] = publication.checks.as_slice() { (method) }
        @else {
            ul { @for (file, method) in &publication.checks {
                li { (if publication.rendition == Some(*file) { "The page: " } else { "The PDF: " }) (method) ": nothing was found" }
            } }
        }
    }
}

/// Sends back what is proposed: for whoever may approve, and for the one who proposed it.
fn send_back_form(visit: &Visit, id: DocumentId, me_first: bool) -> Markup {
    html! {
        @if visit.may(Right::Approve) || me_first {
            @let (address, words) = (format!("/documents/{}/send-back", id.0), if me_first { "Take it back" } else { "Send it back" });
            (layout::fold(visit, &address, words, &layout::order(visit, &address, words, &text(visit, "back", "Why", "Kept in the log, and shown here until it is proposed anew", ""))))
        }
    }
}

/// The ways back before a document is public: it is sent back, or the body says something else.
fn way_back(visit: &Visit, id: DocumentId, it: &ReceivedDocument, me_first: bool) -> Markup {
    let permissions: Vec<(&str, &str, &str)> = PERMISSIONS.iter().map(|(_, id, words, about)| (*id, *words, *about)).collect();
    let stands =
        it.publication.permission.and_then(|permission| PERMISSIONS.iter().find(|(one, ..)| *one == permission)).map_or("", |(_, id, ..)| id);
    html! {
        (send_back_form(visit, id, me_first))
        @if visit.may(Right::Prepare) {
            @let address = format!("/documents/{}/permit", id.0);
            (layout::fold(visit, &address, "The body says something else now", &html! {
                p { "What was proposed and approved is void then, and it goes the whole way again." }
                (layout::order(visit, &address, "Save what the body says", &radios(visit, "permission", "What the body that sent it says", "", &permissions, stands)))
            }))
        }
    }
}

/// A document that is public: correcting it, and taking it back.
fn public(visit: &Visit, known: &Known, id: DocumentId, it: &ReceivedDocument, me_first: bool) -> Markup {
    let at = |order: &str| format!("/documents/{}/{order}", id.0);
    let publication = &it.publication;
    let is_approved = publication.rendition.is_some_and(|rendition| publication.is_cleared(rendition));
    html! {
        p { (since(&publication.state)) }
        @if publication.is_being_corrected() {
            h3 { "A corrected file is proposed" }
            p { "The file that is public stays until this takes its place." }
            (looked_at(known, id, it))
            @if is_approved {
                @if visit.may(Right::Approve) {
                    (layout::order(visit, &at("correct"), "Put the corrected file in its place", &text(visit, "notice", "What was wrong", "Readers are told this beside the document, with the day and the hash of both files", "")))
                } @else { p { "It is approved, and waits for " (Right::Approve.whose()) " to put it in its place." } }
            } @else if me_first { p.warning { "You proposed it. Somebody else has to approve it." } }
            @else if visit.may(Right::Approve) { (layout::order(visit, &at("approve"), "Approve the corrected file", &html! {})) }
            @else { p { "It waits for " (Right::Approve.whose()) "." } }
            (send_back_form(visit, id, me_first))
        }
        @if publication.permission.is_some_and(Permission::opens) && visit.may(Right::Prepare) && !publication.public_grounds.is_empty() {
            p { a href=(at("redact")) { "Remove more, or other parts" } ": what is public stays until a second person has approved it." }
        }
        @if publication.permission == Some(Permission::Publish) && publication.public_grounds.is_empty() {
            (layout::fold(visit, &at("replace"), if publication.is_being_corrected() { "Propose another corrected file" } else { "Correct it" }, &html! {
                p { "A second person approves the corrected file before it takes the place of the one that is public. Its address stays the same." }
                (layout::order_with_files(visit, &at("replace"), "Propose the corrected file", &layout::files(visit, "corrected", "The corrected file", "One file, of the same kind as the one that is public. It is looked into first")))
            }))
        }
        @if visit.may(Right::Approve) {
            (layout::fold(visit, &at("withdraw"), "Withdraw it", &html! {
                p { "The file goes from the pages that are made from now on. Its title stays there, with this explanation. Copies that somebody took are out of our reach." }
                (layout::order(visit, &at("withdraw"), "Withdraw it", &text(visit, "explanation", "What readers are told", "Its line stays, with this explanation", "")))
            }))
        }
    }
}

fn since(state: &PublicationState) -> String {
    match state {
        PublicationState::Corrected { on, notice } => {
            format!("It is public, and was corrected on {}: {}", on.name(), layout::sentence(notice.as_str()))
        }
        PublicationState::Published { on } => format!("It is public since {}, on every public page that is made from then on.", on.name()),
        other => layout::sentence(other.words()),
    }
}

/// What the public could read, and since when: nothing is replaced without a line here.
fn ledger(publication: &Publishing) -> Markup {
    let hash = |hash: Option<BlobHash>| html! { @match hash { Some(hash) => code { (hash) }, None => "none" } };
    let row = |step: &PublicStep| {
        html! {
            tr {
                th.t scope="row" { (step.on.name()) }
                td.t { (step.words()) @if let Some(why) = &step.why { ": " (layout::sentence(why.as_str())) } }
                td.t { (hash(step.after)) @if step.before.is_some() { br; "before: " (hash(step.before)) } }
            }
        }
    };
    html! {
        @if !publication.steps.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="What the public could read" {
                table {
                    caption { "What the public could read, and since when" }
                    thead { tr { th.t scope="col" { "Since" } th.t scope="col" { "What happened" } th.t scope="col" { "SHA-256 of the file" } } }
                    tbody { @for step in &publication.steps { (row(step)) } }
                }
            }
        }
    }
}

/// Records what the body allows.
///
/// # Errors
/// Nothing was chosen.
pub fn permit(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let mut problems = Problems::default();
    let permission = problems.choice(&visit.form, "permission", "Choose what the body says", |id| {
        PERMISSIONS.iter().find(|(_, one, ..)| *one == id).map(|(permission, ..)| *permission)
    });
    let Some(permission) = permission else { return Err(problems.into()) };
    let basis = {
        let known = visit.app.office.known();
        let (_, it) = of(visit, &known)?;
        known.state.submission(it.submission).map(|submission| submission.communication)
    };
    visit.act(&|state, order| publications::permit(state, order, id, permission, basis))?;
    see(format!("/documents/{}", id.0), "Saved")
}

/// Proposes the file as it came: nothing was removed, so that nothing can be left behind.
///
/// # Errors
/// The body does not allow it as it is.
pub fn propose(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let (original, is_drafted) = {
        use headwater_prevention::exchange::publication::PublicationState as State;
        let known = visit.app.office.known();
        let (_, it) = of(visit, &known)?;
        if it.publication.permission != Some(Permission::Publish) {
            return Err(Problems::one("", "The body allows it only with parts left out: it has to be made anew without them").into());
        }
        (it.original, it.publication.state == State::RedactionDraft && it.publication.rendition == Some(it.original))
    };
    let blob = visit.app.ws.blobs().read(&original.to_string())?.metadata();
    if blob.map_err(|error| Problem::of_files("reading a document", &error))?.len() > replies::LOOKED_INTO_BYTES {
        return Err(Problems::one(
            "",
            "It is larger than 200 MB, the most that is looked into and published: publish it elsewhere, and name it here",
        )
        .into());
    }
    let method: Title = "the original, from which nothing was removed; first screen passed".parse().map_err(Problem::new)?;
    if !is_drafted {
        visit.act(&|state, order| publications::draft(state, order, id, original, Vec::new()))?;
    }
    let program = replies::program(visit)?;
    visit.act_as(program, &|state, order| publications::leak_check(state, order, id, original, method.clone(), true))?;
    see(format!("/documents/{}", id.0), "It is proposed")
}

/// Approves a document for publication.
///
/// # Errors
/// They are the first person, or it changed meanwhile.
pub fn approve(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let rendition = visit.app.office.known().state.document(id).and_then(|it| it.publication.rendition).ok_or(Refusal::NotFound)?;
    visit.act(&|state, order| publications::approve(state, order, id, rendition))?;
    see(format!("/documents/{}", id.0), "It is approved")
}

/// Sends back what was proposed or approved and is not public yet. Whoever proposed it may take it back without the right.
///
/// # Errors
/// No reason is given, or nothing is proposed.
pub fn send_back(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let is_mine = {
        let known = visit.app.office.known();
        of(visit, &known)?.1.publication.drafted_by == Some(visit.person()?)
    };
    if !is_mine && !visit.may(Right::Approve) {
        return Err(Refusal::NotPermitted(Right::Approve));
    }
    let reason = reason(&visit.form, "back")?;
    visit.act(&|state, order| publications::send_back(state, order, id, reason.clone()))?;
    see(format!("/documents/{}", id.0), "It is sent back")
}

/// Sets the day before which a document is not published.
///
/// # Errors
/// No day is given, or it is not approved.
pub fn embargo(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let mut problems = Problems::default();
    let Some(until) = problems.day(&visit.form, "until", "Enter the day") else { return Err(problems.into()) };
    visit.act(&|state, order| publications::embargo(state, order, id, until))?;
    see(format!("/documents/{}", id.0), "The day is set")
}

/// Publishes a document.
///
/// # Errors
/// It is not approved, or its day has not come.
pub fn publish(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    visit.act(&|state, order| publications::publish(state, order, id))?;
    see(format!("/documents/{}", id.0), "It is public with the next pages that are made")
}

/// Proposes another file in the place of the one that is public; that stays until a second person has approved, and somebody
/// has said what was wrong.
///
/// # Errors
/// No file came, it is of another kind, something was found in it, or the body asked for parts to be left out.
pub fn replace(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let permission = of(visit, &visit.app.office.known())?.1.publication.permission;
    if permission != Some(Permission::Publish) {
        return Err(Problems::one("", "The body allows it only with parts left out: it has to be made anew without them").into());
    }
    let one = |words: &str| Refusal::from(Problems::one("corrected", words));
    let mut sent = visit.files.iter();
    if visit.files.iter().any(|sent| sent.staged.n_bytes() > replies::LOOKED_INTO_BYTES) {
        return Err(one("It is larger than 200 MB, the most that is looked into and published"));
    }
    let file = match (sent.next(), sent.next()) {
        (Some(file), None) => intake::piece_of(visit, file)?,
        (None, _) => return Err(one("Choose the corrected file")),
        (Some(_), Some(_)) => return Err(one("Choose one file only")),
    };
    let ending = |name: &str| name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase());
    let until_now = ending(&replies::name_of(visit, id)?);
    if ending(&file.name) != until_now {
        return Err(one(&format!("The address of the file ends in .{until_now}, and stays: choose a file that ends so, too")));
    }
    let findings = replies::findings_in(&visit.app, &file)?;
    if !findings.is_empty() {
        let words: Vec<&str> = findings.into_iter().map(finding_words).collect();
        return Err(one(&format!(
            "Something was found in it that readers should not get: {}. Remove it, and choose the file again",
            words.join("; ")
        )));
    }
    let rendition: BlobHash = file.staged.sha256().parse().map_err(Problem::new)?;
    visit.app.ws.blobs().keep(file.staged)?;
    let method: Title = "a corrected file, from which nothing was removed; first screen passed".parse().map_err(Problem::new)?;
    visit.act(&|state, order| publications::draft(state, order, id, rendition, Vec::new()))?;
    let program = replies::program(visit)?;
    visit.act_as(program, &|state, order| publications::leak_check(state, order, id, rendition, method.clone(), true))?;
    see(format!("/documents/{}", id.0), "The corrected file is proposed. What is public stays until it is approved")
}

/// The file that is proposed for the public. Who took it is logged.
///
/// # Errors
/// None is proposed, or the document is held.
pub fn rendition(visit: &Visit) -> Answer {
    let (id, hash) = {
        let known = visit.app.office.known();
        let (id, it) = of(visit, &known)?;
        (id, it.publication.rendition.filter(|_| it.screening.is_readable()).ok_or(Refusal::NotFound)?)
    };
    let stored = visit.app.ws.blobs().read(&hash.to_string())?;
    visit.log("audit.document_opened", json!({"document": id.0, "sha256": hash.to_string()}))?;
    Ok(Reply::Stored(replies::name_of(visit, id)?, stored))
}

/// Puts the approved file in the place of the one that is public.
///
/// # Errors
/// No notice is given, or the file is not approved.
pub fn correct(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let mut problems = Problems::default();
    let notice: Option<Remark> = problems.needed(&visit.form, "notice", "Say what was wrong: readers are told");
    let Some(notice) = notice else { return Err(problems.into()) };
    visit.act(&|state, order| publications::correct(state, order, id, notice.clone()))?;
    see(format!("/documents/{}", id.0), "It is corrected with the next pages that are made, with what you wrote")
}

/// Withdraws a document that is public.
///
/// # Errors
/// No explanation is given, or it is not public.
pub fn withdraw(visit: &Visit) -> Answer {
    let id = DocumentId(visit.part("document")?);
    let explanation = reason(&visit.form, "explanation")?;
    visit.act(&|state, order| publications::withdraw(state, order, id, explanation.clone()))?;
    see(format!("/documents/{}", id.0), "It is withdrawn with the next pages that are made; its line there says why")
}
