//! People and their accounts: who they are, what they may do, and erasing who they were.

mod change;
mod list;

use maud::html;
use serde_json::json;

use super::access::{Right, Role};
use super::account;
use super::form::Problems;
use super::layout::{self, facts, line, radios};
use super::session;
use super::visit::{Answer, Refusal, Visit, page, see};
use crate::people::{self as records, Person};

pub use self::change::{ask_to_change, change};
use self::list::is_outside;
pub use self::list::list;

/// The form for a new person.
///
/// # Errors
/// None: it has the form of a handler.
pub fn new(visit: &Visit) -> Answer {
    let roles: Vec<(&str, &str, &str)> = Role::ALL.iter().map(|role| (role.words(), role.words(), role.about())).collect();
    let inside = html! {
        (line(visit, "text", "name", "Name", "", "", "off"))
        (line(visit, "email", "email", "E-mail address", "They sign in with it", "", "off"))
        (radios(visit, "role", "What they may do", "", &roles, ""))
    };
    page(layout::page(visit, "Add a person to the office", &[("People", "/people")], &layout::order(visit, "/people/new", "Add and invite", &inside)))
}

/// Adds a person and invites them.
///
/// # Errors
/// What is wrong with the form.
pub fn add(visit: &Visit) -> Answer {
    let mut problems = Problems::default();
    let (name, email) = (visit.form.text("name"), visit.form.text("email"));
    if name.is_empty() {
        problems.add("name", "Enter the name");
    }
    if !records::is_address(email) {
        problems.add("email", "Enter an e-mail address, like name@office.example");
    } else if visit.app.office.known().people.values().any(|person| person.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email))) {
        problems.add("email", "Somebody has this address already: open their page from the list of people");
    }
    let role = problems.choice(&visit.form, "role", "Choose what they may do", Role::of);
    let (Some(role), true) = (role, problems.is_empty()) else { return Err(problems.into()) };
    let person = Person { name: name.to_owned(), email: Some(email.to_owned()), ..Person::default() };
    let id = records::add(&visit.app.ws, &person, visit.occasion()?)?;
    visit.app.office.people_changed(&visit.app.ws)?;
    invited(visit, &id, role)
}

/// One person.
///
/// # Errors
/// There is none of this id.
pub fn show(visit: &Visit) -> Answer {
    let id: String = visit.part("person")?;
    let person = visit.app.office.known().people.get(&id).cloned().ok_or(Refusal::NotFound)?;
    let account = account::get(&visit.app.ws, &id)?.map(|(account, _)| account);
    let is_me = visit.who()?.id == id;
    let known = visit.app.office.known();
    let outside = is_outside(&known, &id, &person);
    let at: Vec<(u32, String, String)> = known
        .state
        .contacts()
        .iter()
        .filter(|contact| contact.person.as_str() == id)
        .filter_map(|contact| Some((contact.body.0, known.state.body(contact.body)?.entry.name.to_string(), contact.role.to_string())))
        .collect();
    drop(known);
    let rows = [
        ("E-mail address", html! { (person.email.as_deref().unwrap_or("not known")) }),
        (
            "Organisation",
            html! {
                @if at.is_empty() { (person.organisation.as_deref().unwrap_or("this office")) }
                @for (place, (body, name, role)) in at.iter().enumerate() { @if place > 0 { "; " } a href={ "/bodies/" (body) } { (name) } ", " (role) }
            },
        ),
        ("Id in the log", html! { code { (id) } }),
        (
            "Account",
            html! {
                @match &account {
                    None => "none",
                    Some(account) if account.closed => "closed",
                    Some(account) if !account.invented && !account.can_sign_in() => { (account.role.words()) ": their access was reset, and they have not taken up the link yet" }
                    Some(account) => { (account.role.words()) ": " (account.role.about()) }
                }
                @if is_me { " " a href="/account" { "Your account" } }
            },
        ),
    ];
    let roles: Vec<(&str, &str, &str)> = Role::ALL.iter().map(|role| (role.words(), role.words(), role.about())).collect();
    let open = account.as_ref().filter(|account| !account.closed);
    let n_sessions = if visit.may(Right::Lead) && open.is_some() { session::of(&visit.app, &id, visit.at)?.len() } else { 0 };
    let main = html! {
        (facts(&rows))
        @if visit.may(Right::Lead) || outside && account.is_none() && visit.may(Right::Prepare) { p { a href={ "/people/" (id) "/change" } { "Put name and address right" } } }
        @if visit.may(Right::Lead) {
            @if !is_me && let Some(account) = open {
                h2 { "Access" }
                p { (layout::counted(n_sessions, "session is open", "sessions are open")) "." }
                div.buttons {
                    @if n_sessions > 0 { (layout::button(visit, &format!("/people/{id}/sessions"), "End their sessions", "other")) }
                    @if person.email.is_some() && !account.invented { a href={ "/people/" (id) "/reset" } { "Reset their access" } }
                }
                h2 { "Role" }
                (layout::order(visit, &format!("/people/{id}/role"), "Change the role", &radios(visit, "role", "What they may do", "", &roles, account.role.words())))
            }
            @if !is_me && open.is_none() && outside { p { "They are no part of the office, and cannot be invited to it." } }
            @if !is_me && open.is_none() && !outside && person.email.is_some() {
                h2 { "Invitation" }
                p { "An invitation lets them choose a password and an authenticator. It works once, for a week." }
                (layout::order(visit, &format!("/people/{id}/invite"), "Make an invitation", &radios(visit, "role", "As", "", &roles, "analyst")))
            }
            @if !is_me {
                div.buttons {
                    @if open.is_some() { (layout::button(visit, &format!("/people/{id}/close"), "Close the account", "other")) }
                    a href={ "/people/" (id) "/erase" } { "Erase who this is" }
                }
            }
        }
        ul.inside {
            li { a href={ "/audit?person=" (id) } { "What they did" } }
            @if visit.may(Right::Lead) { li { a href={ "/people/" (id) "/traces" } { "What names them" } } }
        }
    };
    page(layout::page(visit, &person.name, &[("People", "/people")], &main))
}

/// Ends the sessions of somebody.
///
/// # Errors
/// It is oneself, or the records cannot be erased.
pub fn end_sessions(visit: &Visit) -> Answer {
    let id = other(visit)?;
    let n_ended = session::end_all(&visit.app, &id, visit.at)?;
    visit.log("account.sessions_ended", json!({"person": id, "number": n_ended}))?;
    see(format!("/people/{id}"), &format!("{} ended. They can sign in again", layout::counted(n_ended, "session is", "sessions are")))
}

/// Asks before somebody's access is reset.
///
/// # Errors
/// There is no such person, or it is one's own account.
pub fn ask_to_reset(visit: &Visit) -> Answer {
    let id = other(visit)?;
    let name = visit.app.office.known().people.get(&id).map(|person| person.name.clone()).ok_or(Refusal::NotFound)?;
    let main = html! {
        p { "For somebody who lost a password or an authenticator, or whose may be in other hands. See first that it is really they who ask: call them on a number that you know." }
        ul {
            li { "Their password and their authenticator stop at once, and their sessions end." }
            li { "You get a link for them, which works once, for a week. With it they choose both anew." }
            li { "Their role stays, and so does everything they did." }
        }
        (layout::order(visit, &visit.path, &format!("Reset the access of {name}"), &html! {}))
        p { a href={ "/people/" (id) } { "Leave it as it is" } }
    };
    page(layout::page(visit, &format!("Reset the access of {name}?"), &[("People", "/people")], &main))
}

/// Takes somebody's password and authenticator away, ends their sessions, and makes a link with which they choose anew.
///
/// # Errors
/// They have no open account, or it is one's own.
pub fn reset(visit: &Visit) -> Answer {
    let id = other(visit)?;
    let (mut account, version) =
        account::get(&visit.app.ws, &id)?.filter(|(account, _)| !account.closed && !account.invented).ok_or(Refusal::NotFound)?;
    account.take_access();
    account::put(&visit.app.ws, &id, version, &account)?;
    account::forget_authenticator(&visit.app.ws, &id)?;
    visit.log("account.access_reset", json!({"person": id}))?;
    session::end_all(&visit.app, &id, visit.at)?;
    invited(visit, &id, account.role)
}

/// Makes an invitation for somebody who is known and has no open account.
///
/// # Errors
/// No role was chosen, or there is no such person.
pub fn invite(visit: &Visit) -> Answer {
    let id = other(visit)?;
    {
        let known = visit.app.office.known();
        let person = known.people.get(&id).ok_or(Refusal::NotFound)?;
        // One slip would let a body into the files of the office.
        if is_outside(&known, &id, person) {
            return Err(Problems::one(
                "",
                "This is a contact at a body, and no part of the office. If they work here now, add them to the office as a person of their own",
            )
            .into());
        }
    }
    let mut problems = Problems::default();
    let role = problems.choice(&visit.form, "role", "Choose what they may do", Role::of);
    role.map_or(Err(problems.into()), |role| invited(visit, &id, role))
}

/// Shows the link once: it is written down nowhere.
fn invited(visit: &Visit, id: &str, role: Role) -> Answer {
    let token = account::invite(&visit.app.ws, Some(id), role, visit.at)?;
    visit.log("account.invited", json!({"person": id, "role": role}))?;
    let name = visit.app.office.known().name(id).to_owned();
    let main = html! {
        p.lede { "Send this link to " (name) ", by a way that nobody else reads:" }
        p.secret { (visit.app.address) "/join/" (token) }
        p { "It works once, for a week, and is shown only now. If it is lost, make another." }
        p { a href="/people" { "People" } }
    };
    page(layout::page(visit, "The invitation is ready", &[("People", "/people")], &main))
}

/// Changes what somebody may do; their sessions end.
///
/// # Errors
/// They have no account, or it is one's own.
pub fn change_role(visit: &Visit) -> Answer {
    let id = other(visit)?;
    let mut problems = Problems::default();
    let Some(role) = problems.choice(&visit.form, "role", "Choose what they may do", Role::of) else { return Err(problems.into()) };
    let (mut account, version) = account::get(&visit.app.ws, &id)?.ok_or(Refusal::NotFound)?;
    account.role = role;
    account::put(&visit.app.ws, &id, version, &account)?;
    visit.log("account.role_changed", json!({"person": id, "role": role}))?;
    session::end_all(&visit.app, &id, visit.at)?;
    see(format!("/people/{id}"), "The role is changed")
}

/// Closes an account; its sessions end.
///
/// # Errors
/// There is none, or it is one's own.
pub fn close(visit: &Visit) -> Answer {
    let id = other(visit)?;
    let (mut account, version) = account::get(&visit.app.ws, &id)?.ok_or(Refusal::NotFound)?;
    account.closed = true;
    account::put(&visit.app.ws, &id, version, &account)?;
    account::uninvite(&visit.app.ws, Some(&id))?;
    visit.log("account.closed", json!({"person": id}))?;
    session::end_all(&visit.app, &id, visit.at)?;
    see(format!("/people/{id}"), "The account is closed")
}

/// Asks before a person is erased.
///
/// # Errors
/// There is no such person, or it is one's own account.
pub fn ask_to_erase(visit: &Visit) -> Answer {
    let id = other(visit)?;
    let name = visit.app.office.known().people.get(&id).map(|person| person.name.clone()).ok_or(Refusal::NotFound)?;
    let main = html! {
        p.warning { "The name, the addresses and the account of " (name) " will be gone for good. What they did stays in the log, under an id that says nothing more. Backups made before still hold the name." }
        p { "Their name may also stand in letters, messages and files. These are found by the name: " a href={ "/people/" (id) "/traces" } { "look at what names them" } " before it is gone." }
        (layout::order(visit, &visit.path, &format!("Erase {name}"), &html! {}))
        p { a href={ "/people/" (id) } { "Do not erase" } }
    };
    page(layout::page(visit, &format!("Erase {name}?"), &[("People", "/people")], &main))
}

/// Erases who a person is.
///
/// # Errors
/// There is no such person, or it is one's own account.
pub fn erase(visit: &Visit) -> Answer {
    let id = other(visit)?;
    account::erase(&visit.app.ws, &id)?;
    session::end_all(&visit.app, &id, visit.at)?;
    records::erase(&visit.app.ws, &id, visit.occasion()?)?;
    visit.app.office.people_changed(&visit.app.ws)?;
    see("/people", "The person is erased. The log is whole: its chain was not touched")
}

/// The person of the address, who is not oneself: nobody locks themselves out.
fn other(visit: &Visit) -> Result<String, Refusal> {
    let id: String = visit.part("person")?;
    if visit.who()?.id == id {
        return Err(Problems::one("", "This is your own account: ask another lead").into());
    }
    Ok(id)
}
