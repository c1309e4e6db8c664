//! Signing in and out.

use maud::html;

use super::access::Role;
use super::account;
use super::form::Problems;
use super::layout::{self, line};
use super::session::SignIn;
use super::visit::{Answer, Refusal, Reply, Visit, page};

/// The page; on this computer with invented people, they can be played.
///
/// # Errors
/// The accounts cannot be read.
pub fn show(visit: &Visit) -> Answer {
    if visit.who.is_some() && visit.problems.is_empty() {
        return Ok(Reply::See("/".to_owned(), None));
    }
    let to = visit.value("to", visit.query.text("to"));
    let invented: Vec<(String, account::Account)> =
        if visit.app.is_local() { account::all(&visit.app.ws)?.into_iter().filter(|(_, account)| account.invented).collect() } else { Vec::new() };
    let known = visit.app.office.known();
    let mut invented = invented;
    invented.sort_by_key(|(id, account)| (Role::ALL.iter().position(|role| *role == account.role), known.name(id).to_owned()));
    let inside = html! {
        input type="hidden" name="to" value=(to);
        (line(visit, "email", "email", "E-mail address", "", "", "username"))
        (line(visit, "password", "password", "Password", "", "", "current-password"))
        (line(visit, "text", "code", "Code of your authenticator", "Six digits; a new one every half minute", "", "one-time-code"))
    };
    page(layout::page(
        visit,
        "Sign in",
        &[],
        &html! {
            @if !invented.is_empty() {
                h2 { "Invented people" }
                p { "This workspace is a demonstration, and only this computer can reach it. Choose whom to be:" }
                div.buttons {
                    @for (id, account) in &invented {
                        form method="post" action="/sign-in/play" {
                            input type="hidden" name="to" value=(to);
                            input type="hidden" name="person" value=(id);
                            button.other { (known.name(id)) ", " (account.role.words()) }
                        }
                    }
                }
                h2 { "With an account" }
            }
            (layout::order(visit, "/sign-in", "Sign in", &inside))
            p { "You have lost your password or your authenticator? Ask a lead to reset your access." }
        },
    ))
}

/// Signs in.
///
/// # Errors
/// One of the three is wrong, or there were too many attempts.
pub fn submit(visit: &Visit) -> Answer {
    let (email, password, code) = (visit.form.text("email"), given(visit, "password"), visit.form.text("code"));
    let mut problems = Problems::default();
    for (field, value, enter) in [
        ("email", email, "Enter your e-mail address"),
        ("password", password, "Enter your password"),
        ("code", code, "Enter the code that your authenticator shows"),
    ] {
        if value.is_empty() {
            problems.add(field, enter);
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if !visit.app.tries.may_try(email) {
        return Err(Refusal::TooOften);
    }
    match account::who_signs_in(&visit.app.ws, email, password, code, visit.at)? {
        Some(person) => {
            visit.app.ws.log().append("account.signed_in", serde_json::json!({}), &person, visit.at)?;
            Ok(Reply::SignIn(SignIn(person), ours(visit.form.text("to")), None))
        }
        None => {
            tracing::warn!(name = &account::kept_of(&email.to_lowercase())[..12], "an attempt to sign in failed");
            Err(Problems::one("email", "The e-mail address, the password or the code is not right, or the code was used before").into())
        }
    }
}

/// Signs in as an invented person.
///
/// # Errors
/// There is no such person, or others than this computer can reach the pages.
pub fn play(visit: &Visit) -> Answer {
    let person = visit.form.text("person");
    let account = if visit.app.is_local() { account::get(&visit.app.ws, person)? } else { None };
    if !account.is_some_and(|(account, _)| account.invented && !account.closed) {
        return Err(Problems::one("", "There is no such invented person: choose one of those below").into());
    }
    visit.app.ws.log().append("account.signed_in", serde_json::json!({}), person, visit.at)?;
    Ok(Reply::SignIn(SignIn(person.to_owned()), ours(visit.form.text("to")), None))
}

/// Signs out.
///
/// # Errors
/// None: it has the form of a handler.
pub fn leave(_: &Visit) -> Answer {
    Ok(Reply::SignOut)
}

/// A password as it was typed, space and all.
pub fn given<'a>(visit: &'a Visit, field: &'a str) -> &'a str {
    visit.form.all(field).next().unwrap_or_default()
}

/// Only a path of ours is gone to, never an address elsewhere.
fn ours(to: &str) -> String {
    let plain = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    if plain { to.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn one_goes_back_to_a_page_of_ours_only() {
        assert_eq!(ours("/campaigns/3"), "/campaigns/3");
        for elsewhere in ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1", "", "/a\r\nb"] {
            assert_eq!(ours(elsewhere), "/", "{elsewhere}");
        }
    }
}
