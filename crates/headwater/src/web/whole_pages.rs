//! The public pages as a whole: somebody looks at them, approves them by their hash, and then they can be taken. What has changed
//! since is not approved with them.

use headwater_prevention::exchange::decide::publications::approve_pages;
use headwater_prevention::exchange::id::BlobHash;
use headwater_publish::File;
use maud::{Markup, html};

use super::access::Right;
use super::form::Problems;
use super::layout;
use super::public;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::problem::{Exit, Problem};

/// Where it is.
pub const ADDRESS: &str = "/publishing/pages";

/// The hash over pages, as it is approved.
///
/// # Errors
/// None in practice: it has the form of a hash.
pub fn hash_of(files: &[File]) -> Result<BlobHash, Problem> {
    crate::pages::hash(files).parse().map_err(Problem::new)
}

/// The page on which the public pages are approved as they stand.
///
/// # Errors
/// A letter or a file cannot be read.
pub fn ask(visit: &Visit) -> Answer {
    let state = visit.app.office.known().state.clone();
    let main = match public::pages(&visit.app.ws, &state, visit.today()) {
        Ok(files) => {
            let now = hash_of(&files)?;
            let approval = state.pages_approval();
            let is_approved = approval.is_some_and(|approval| approval.pages == now);
            let by = |id: &str| visit.app.office.known().name(id).to_owned();
            html! {
                p { "Each document, letter and reason was approved by itself. Here all of them are looked at together, as a reader meets them." }
                (layout::facts(&[
                    ("As they stand now", html! { (layout::counted(files.len(), "file", "files")) ". " a href="/publishing/preview/now/index.html" { "Look at them" } }),
                    ("SHA-256 over all of them", html! { code { (now) } }),
                    ("Approved last", html! {
                        @match approval {
                            None => "never",
                            Some(approval) => {
                                (approval.at.day_in_london().name()) " at " (approval.at.time_in_london()) ", by " (by(approval.by.as_str()))
                                @if !is_approved { ": as they stood then, with the SHA-256 " code { (approval.pages) } }
                            }
                        }
                    }),
                ]))
                @if is_approved {
                    p { "They are approved as they stand." }
                    @if visit.may(Right::Approve) { div.buttons { a.button href="/publishing/pages.zip" { "Take the public pages" } } }
                }
                @else {
                    @if approval.is_some() { p.warning { "They have changed since they were approved. Look at them again." } }
                    @if visit.may(Right::Approve) { (approve_form(visit, now)) }
                    @else { p { "Approving them is for " (Right::Approve.whose()) "." } }
                }
            }
        }
        Err(problem) if problem.exit_code() == Exit::WrongUse as u8 => html! { p { "Nothing is public yet: no campaign is out." } },
        Err(problem) => return Err(problem.into()),
    };
    page(layout::page(visit, "The public pages as a whole", &[("Publishing", "/publishing")], &main))
}

fn approve_form(visit: &Visit, now: BlobHash) -> Markup {
    layout::order(
        visit,
        ADDRESS,
        "Approve the public pages as they stand",
        &html! {
            p { "What is approved is what has this hash. If anything changes, also the day on them, it is asked again." }
            input type="hidden" name="pages" value=(now);
        },
    )
}

/// Approves the public pages, under the hash of what was seen.
///
/// # Errors
/// They are others now, or nothing is public.
pub fn approve(visit: &Visit) -> Answer {
    let seen = visit.form.text("pages").parse().map_err(|error: String| Problems::one("", error))?;
    let state = visit.app.office.known().state.clone();
    let now = hash_of(&public::pages(&visit.app.ws, &state, visit.today())?)?;
    visit.act_now(&|state, order| approve_pages(state, order, seen, now))?;
    see(ADDRESS, "The public pages are approved as they stand")
}

/// Refuses to let pages go that nobody has approved as they are.
///
/// # Errors
/// The way to the page on which they are approved.
pub fn are_approved(visit: &Visit, files: &[File]) -> Result<bool, Refusal> {
    let now = hash_of(files)?;
    Ok(visit.app.office.known().state.pages_approval().is_some_and(|approval| approval.pages == now))
}
