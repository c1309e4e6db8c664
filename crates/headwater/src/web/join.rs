//! Taking up an invitation: who one is, a password, an authenticator.

use maud::{Markup, PreEscaped, html};
use qrcode::{Color, QrCode};

use super::account::{self, Invitation, SHORTEST_PASSWORD, weakness};
use super::form::Problems;
use super::layout::{self, line};
use super::session::SignIn;
use super::sign_in::given;
use super::visit::{Answer, Refusal, Reply, Visit, page};
use crate::intake::Occasion;
use crate::people::{self, Person};
use crate::problem::Problem;

/// The page behind the link of an invitation.
///
/// # Errors
/// The records cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let token: String = visit.part("token")?;
    let Some(invitation) = account::invitation(&visit.app.ws, &token, visit.at)? else {
        return page(layout::page(
            visit,
            "This invitation is no longer good",
            &[],
            &html! { p { "It was used, or is more than a week old. Ask a lead for another." } p { a href="/sign-in" { "Sign in" } } },
        ));
    };
    let known = visit.app.office.known();
    let name = invitation.person.as_deref().map(|id| known.name(id).to_owned());
    let (secret, address) = invitation.authenticator(visit.app.office_name(), name.as_deref().unwrap_or("first account"))?;
    let inside = html! {
        @if name.is_none() {
            (line(visit, "text", "name", "Your name", "As colleagues know you", "", "name"))
            (line(visit, "email", "email", "Your e-mail address", "You sign in with it", "", "email"))
        }
        (line(visit, "password", "password", "Choose a password", &format!("{SHORTEST_PASSWORD} characters or more. Three or four words that do not belong together are hard to guess and easy to remember"), "", "new-password"))
        h2 { "Your authenticator" }
        p { "An authenticator is an app on your telephone, or part of a password manager, that shows a new code every half minute. Let it read this picture:" }
        (picture(&address)?)
        p { "or type this key into it:" }
        p.secret { (grouped(&secret)) }
        (line(visit, "text", "code", "The code that it shows", "Six digits", "", "one-time-code"))
    };
    page(layout::page(
        visit,
        "Open your account",
        &[],
        &html! {
            @match &name {
                Some(name) => p.lede { (name) ", you are invited as " (invitation.role.words()) ": " (invitation.role.about()) "." },
                None => p.lede { "You open the first account of this workspace, as " (invitation.role.words()) ". You can invite others afterwards." },
            }
            (layout::order(visit, &visit.path, "Open the account", &inside))
        },
    ))
}

/// Opens the account and signs in.
///
/// # Errors
/// What is wrong with the form.
pub fn submit(visit: &Visit) -> Answer {
    let token: String = visit.part("token")?;
    if !visit.app.tries.may_try(&token) {
        return Err(Refusal::TooOften);
    }
    let invitation = account::invitation(&visit.app.ws, &token, visit.at)?.ok_or_else(|| Problems::one("", "This invitation is no longer good"))?;
    let known_name = invitation.person.as_deref().map(|id| visit.app.office.known().name(id).to_owned());
    let password = given(visit, "password");
    let mut problems = Problems::default();
    let person = newcomer(visit, &invitation, &mut problems);
    let about = [known_name.as_deref().unwrap_or(visit.form.text("name")), visit.form.text("email"), visit.app.office_name(), "headwater"];
    if let Some(weak) = weakness(password, &about) {
        problems.add("password", weak);
    }
    if visit.form.text("code").is_empty() {
        problems.add("code", "Enter the code that your authenticator shows");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    // The code is looked at before the person is written down, so that a wrong one leaves nothing behind.
    if !invitation.is_code(visit.form.text("code"), visit.at)? {
        return Err(Problems::one("code", "The code is not right. Wait for the next one, and see that your telephone's clock is").into());
    }
    let id = match (invitation.person, person) {
        (Some(id), _) => id,
        (None, Some(person)) => people::add(&visit.app.ws, &person, Occasion { actor: "owner", at: visit.at })?,
        (None, None) => return Err(Refusal::NotFound),
    };
    if !account::accept(&visit.app.ws, &token, &id, password, visit.form.text("code"), visit.at)? {
        return Err(Problems::one("code", "The code is no longer good: take the next one").into());
    }
    visit.app.office.people_changed(&visit.app.ws)?;
    Ok(Reply::SignIn(SignIn(id), "/".to_owned(), None))
}

/// Who they say they are, when nobody knows yet.
fn newcomer(visit: &Visit, invitation: &Invitation, problems: &mut Problems) -> Option<Person> {
    if invitation.person.is_some() {
        return None;
    }
    let person = Person { name: visit.form.text("name").to_owned(), email: Some(visit.form.text("email").to_owned()), ..Person::default() };
    if person.name.is_empty() {
        problems.add("name", "Enter your name");
    }
    if !people::is_address(visit.form.text("email")) {
        problems.add("email", "Enter an e-mail address, like name@office.example");
    }
    Some(person)
}

/// An authenticator's address as a square that an authenticator reads.
///
/// # Errors
/// The address is too long for one.
pub fn picture(address: &str) -> Result<Markup, Refusal> {
    let code = QrCode::new(address).map_err(|error| Problem::while_doing("drawing the authenticator's address", error))?;
    let width = code.width();
    let mut path = String::new();
    for (place, _) in code.to_colors().iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        path.push_str(&format!("M{} {}h1v1h-1z", place % width + 4, place / width + 4));
    }
    let side = width + 8;
    Ok(html! {
        div.qr {
            svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label="The key below, as a picture for your authenticator" {
                rect width=(side) height=(side) fill="#fff" {}
                (PreEscaped(format!("<path d=\"{path}\"/>")))
            }
        }
    })
}

/// A key in groups of four, for whoever types it.
pub fn grouped(secret: &str) -> String {
    secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(" ")
}
