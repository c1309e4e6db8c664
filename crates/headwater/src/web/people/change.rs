//! Putting right what is known of a person: a name or an address that was misspelt.

use maud::html;

use super::list::is_outside;
use crate::people::{self as records, Person};
use crate::web::access::Right;
use crate::web::account;
use crate::web::form::Problems;
use crate::web::layout::{self, area, line, text};
use crate::web::visit::{Answer, Refusal, Visit, page, see};

/// The person of the address as the record stands, with its version; refused to whoever may not change it.
///
/// Contacts are changed by those who prepare campaigns, the office by its leads: with an address somebody signs in.
fn of(visit: &Visit) -> Result<(String, Person, i64, bool), Refusal> {
    let id: String = visit.part("person")?;
    let (person, version) = records::get(&visit.app.ws, &id)?.ok_or(Refusal::NotFound)?;
    let has_account = account::get(&visit.app.ws, &id)?.is_some();
    let outside = !has_account && is_outside(&visit.app.office.known(), &id, &person);
    if !outside && !visit.may(Right::Lead) {
        return Err(Refusal::NotPermitted(Right::Lead));
    }
    Ok((id, person, version, outside))
}

/// The form that changes what is known of a person.
///
/// # Errors
/// There is no such person, or they are of the office and who asks is no lead.
pub fn ask_to_change(visit: &Visit) -> Answer {
    let (id, person, version, outside) = of(visit)?;
    let stands = |of: &Option<String>| of.clone().unwrap_or_default();
    let inside = html! {
        input type="hidden" name="version" value=(visit.value("version", version.to_string()));
        (line(visit, "text", "name", "Name", "", &person.name, "off"))
        (line(visit, "email", "email", "E-mail address", if outside { "Empty if they are written to by post" } else { "They sign in with it" }, &stands(&person.email), "off"))
        @if outside {
            (text(visit, "salutation", "Greeting", "What follows \u{201c}Dear\u{201d} in a letter", &stands(&person.salutation)))
            (area(visit, "postal_address", "Postal address", "", &stands(&person.postal_address)))
        }
    };
    let back = format!("/people/{id}");
    let main = html! {
        p { "For a slip of the pen, or an address that changed. Is it somebody else who is written to now? Then enter another contact at the body, and put that one in this one\u{2019}s place." }
        @if outside { p { "Letters that are made already keep the name and the greeting they were made with, until they are made again." } }
        (layout::order(visit, &visit.path, "Save", &inside))
    };
    page(layout::page(visit, "Put name and address right", &[("People", "/people"), (&person.name, &back)], &main))
}

/// Changes what is known of a person. The log says which fields changed, and never from what to what.
///
/// # Errors
/// What is wrong with the form, or somebody else changed it meanwhile.
pub fn change(visit: &Visit) -> Answer {
    let (id, before, _, outside) = of(visit)?;
    let (form, mut problems) = (&visit.form, Problems::default());
    let some = |field: &str| Some(form.text(field).to_owned()).filter(|text| !text.is_empty());
    let mut person = Person { name: form.text("name").to_owned(), email: some("email"), ..before.clone() };
    if outside {
        (person.salutation, person.postal_address) = (some("salutation"), some("postal_address"));
    }
    if person.name.is_empty() {
        problems.add("name", "Enter the name");
    }
    match person.email.as_deref() {
        Some(email) if !records::is_address(email) => problems.add("email", "Enter an e-mail address, like name@office.example"),
        Some(email)
            if !outside
                && visit
                    .app
                    .office
                    .known()
                    .people
                    .iter()
                    .any(|(other, it)| *other != id && it.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email))) =>
        {
            problems.add("email", "Somebody else has this address: two people cannot sign in with one");
        }
        None if !outside => problems.add("email", "Enter the address with which they sign in"),
        None if person.postal_address.is_none() => problems.add("email", "Enter an e-mail address or a postal address"),
        _ => {}
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let seen = form.text("version").parse().unwrap_or(0);
    if !records::change(&visit.app.ws, &id, &before, &person, seen, visit.occasion()?)? {
        return Err(Problems::one(
            "",
            "Somebody else changed this person while you were at it. Nothing of yours was saved: load the page again, and look at it as it is now",
        )
        .into());
    }
    visit.app.office.people_changed(&visit.app.ws)?;
    see(
        format!("/people/{id}"),
        if outside && person.email != before.email {
            "Saved. If mail came back from the address before, say on the page of the body that the new one is good"
        } else {
            "Saved"
        },
    )
}
