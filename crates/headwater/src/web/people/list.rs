//! Everyone who is known: the office, and apart from it the contacts at bodies, who are no part of it.

use headwater_prevention::exchange::body::{Body, ContactStatus};
use headwater_prevention::exchange::id::BodyId;
use maud::{Markup, html};

use crate::people::Person;
use crate::web::access::Right;
use crate::web::account;
use crate::web::layout;
use crate::web::office::Known;
use crate::web::visit::{Answer, Visit, page};

/// Whether a person belongs to a body that is asked, or to another organisation, and not to the office.
pub fn is_outside(known: &Known, id: &str, person: &Person) -> bool {
    person.organisation.is_some() || known.state.contacts().iter().any(|contact| contact.person.as_str() == id)
}

/// A contact as the list shows it.
struct Outside<'a> {
    id: &'a str,
    person: &'a Person,
    /// The body, its number, the role there, and what is known of the way; none for somebody who is no contact any more.
    at: Option<(BodyId, &'a Body, String, &'static str)>,
}

/// Contacts with the body of each, by body and name: one person may be a contact at several.
fn contacts<'a>(known: &'a Known, has_account: &dyn Fn(&str) -> bool) -> Vec<Outside<'a>> {
    let mut found: Vec<Outside<'a>> = Vec::new();
    for contact in known.state.contacts() {
        let id = contact.person.as_str();
        let (Some((id, person)), Some(body)) = (known.people.get_key_value(id), known.state.body(contact.body)) else { continue };
        let way = match contact.status {
            ContactStatus::Good if contact.verified.is_some() => "verified",
            ContactStatus::Good => "not verified",
            ContactStatus::Bounced => "mail came back",
            ContactStatus::Replaced { .. } => "replaced by another contact",
        };
        found.push(Outside { id, person, at: Some((contact.body, body, contact.role.to_string(), way)) });
    }
    for (id, person) in &known.people {
        let is_there = found.iter().any(|it| it.id == id);
        if person.organisation.is_some() && !is_there && !has_account(id) {
            found.push(Outside { id, person, at: None });
        }
    }
    let organisation =
        |it: &Outside<'_>| it.at.as_ref().map_or_else(|| it.person.organisation.clone(), |(_, body, ..)| Some(body.entry.name.to_string()));
    found.sort_by_cached_key(|it| (organisation(it).unwrap_or_default().to_lowercase(), it.person.name.to_lowercase()));
    found
}

/// Everyone.
///
/// # Errors
/// The records cannot be read.
pub fn list(visit: &Visit) -> Answer {
    let accounts = account::all(&visit.app.ws)?;
    let invited = account::invitations(&visit.app.ws)?;
    let known = visit.app.office.known();
    let has_account = |id: &str| accounts.iter().any(|(person, _)| person == id);
    let is_invited = |id: &str| invited.iter().any(|(_, it)| it.person.as_deref() == Some(id) && visit.at < it.until);
    // Whoever can sign in is shown with the office, whatever else they are.
    let mut office: Vec<(&String, &Person)> =
        known.people.iter().filter(|(id, person)| has_account(id) || is_invited(id) || !is_outside(&known, id, person)).collect();
    // By name: ids say nothing, not even an order.
    office.sort_by_key(|(_, person)| person.name.to_lowercase());
    let outside = contacts(&known, &has_account);
    let state = |id: &str| match accounts.iter().find(|(person, _)| person == id) {
        Some((_, account)) if account.closed => "account closed".to_owned(),
        Some((_, account)) => account.role.words().to_owned(),
        None if is_invited(id) => "invited".to_owned(),
        None => "no account".to_owned(),
    };
    let main = html! {
        p { "Events in the log name people by ids that say nothing. Who they are stands here, and can be erased." }
        h2 id="office" { "The office" }
        @if visit.may(Right::Lead) { div.buttons { a.button href="/people/new" { "Add a person to the office" } } }
        div.scroll tabindex="0" role="region" aria-labelledby="office" {
            table {
                caption { (layout::counted(office.len(), "person", "people")) }
                thead { tr { th.t scope="col" { "Name" } th.t scope="col" { "Account" } } }
                tbody {
                    @for (id, person) in &office {
                        tr {
                            th.t scope="row" { a href={ "/people/" (id) } { (person.name) } @if let Some(organisation) = &person.organisation { ", " (organisation) } }
                            td.t { (state(id)) }
                        }
                    }
                }
            }
        }
        h2 id="contacts" { "Contacts at bodies" }
        p { "Whom letters go to. They are no part of the office: they cannot be invited, and see nothing here. A contact is entered on the page of its " a href="/bodies" { "body" } "." }
        @if outside.is_empty() { p { "There is none yet." } } @else { (table(&outside)) }
    };
    page(layout::page(visit, "People", &[], &main))
}

fn table(outside: &[Outside<'_>]) -> Markup {
    html! {
        // On a telephone each contact is a list; its roles say that it is a table all the same.
        div.scroll.read tabindex="0" role="region" aria-labelledby="contacts" {
            table role="table" {
                caption { (layout::counted(outside.len(), "contact", "contacts")) ", by body" }
                thead role="rowgroup" { tr role="row" { @for title in ["Name", "Body", "Role", "The way there"] { th.t scope="col" role="columnheader" { (title) } } } }
                tbody role="rowgroup" {
                    @for it in outside {
                        tr role="row" {
                            th.t scope="row" role="rowheader" { a href={ "/people/" (it.id) } { (it.person.name) } }
                            @if let Some((body_id, body, role, way)) = &it.at {
                                td.t role="cell" data-of="Body" { a href={ "/bodies/" (body_id.0) } { (body.entry.name) } }
                                td.t role="cell" data-of="Role" { (role) }
                                td.t role="cell" data-of="The way there" { (way) }
                            } @else {
                                td.t role="cell" data-of="Body" { (it.person.organisation.as_deref().unwrap_or_default()) }
                                td.t role="cell" data-of="Role" { "no contact of a body" }
                                td.t role="cell" data-of="The way there" { "none" }
                            }
                        }
                    }
                }
            }
        }
    }
}
