//! One's own account: another password, another authenticator, and the sessions that are open.
//!
//! Who changes what one signs in with shows again what they signed in with, and every other session ends
//! (ASVS 5.0: 6.2.2, 6.2.3, 7.4.3, 7.5.1, 7.5.2).

use maud::{Markup, html};
use serde_json::json;

use super::account::{self, Account, SHORTEST_PASSWORD, weakness};
use super::form::Problems;
use super::join::{grouped, picture};
use super::layout::{self, facts, line};
use super::session::{self, Open, SignIn};
use super::sign_in::given;
use super::visit::{Answer, Refusal, Reply, Visit, page, see};

const TRAIL: [(&str, &str); 1] = [("Your account", "/account")];

/// What one is to the office, the ways to change what one signs in with, and where one is signed in.
///
/// # Errors
/// The records cannot be read.
pub fn show(visit: &Visit) -> Answer {
    let who = visit.who()?;
    let (account, _) = account::get(&visit.app.ws, &who.id)?.ok_or(Refusal::SignInFirst)?;
    let email = visit.app.office.known().people.get(&who.id).and_then(|person| person.email.clone());
    let rows = [
        ("Name", html! { (visit.name) }),
        ("E-mail address", html! { (email.as_deref().unwrap_or("not known")) }),
        ("Role", html! { (account.role.words()) ": " (account.role.about()) }),
    ];
    let main = html! {
        (facts(&rows))
        @if account.invented {
            p { "You play an invented person, who has neither password nor authenticator." }
        } @else {
            h2 { "Password and authenticator" }
            ul {
                li { a href="/account/password" { "Change your password" } }
                li { a href="/account/authenticator" { "Use another authenticator" } }
            }
            p { "If you lose one of them, ask a lead to reset your access." }
        }
        h2 { "Where you are signed in" }
        (sessions(visit, &session::of(&visit.app, &who.id, visit.at)?))
    };
    page(layout::page(visit, "Your account", &[], &main))
}

fn sessions(visit: &Visit, open: &[Open]) -> Markup {
    let end = |key: &str, words: &Markup| {
        html! {
            form method="post" action="/account/sessions" {
                (layout::hidden(visit))
                input type="hidden" name="session" value=(key);
                button.other { (words) }
            }
        }
    };
    html! {
        p { "A session ends by itself an hour after its last page, and twelve hours after it began. If you do not know one of these, end it and change your password." }
        ul.tasks {
            @for session in open {
                li {
                    span {
                        (session.browser)
                        span.hint { "Signed in " (layout::moment(session.began)) ", last page " (layout::moment(session.seen)) }
                    }
                    @if session.key == visit.session { span.state.wait { "This one" } }
                    @else { (end(&session.key, &html! { "End it" span.unseen { ": " (session.browser) ", signed in " (layout::moment(session.began)) } })) }
                }
            }
        }
        @if open.iter().any(|session| session.key != visit.session) {
            div.buttons { (end("others", &html! { "End all other sessions" })) }
        }
    }
}

/// Ends a session of one's own, or all but this one.
///
/// # Errors
/// It is not one's own, or cannot be erased.
pub fn end_sessions(visit: &Visit) -> Answer {
    let who = visit.who()?;
    let which = visit.form.text("session");
    let mut n_ended = 0;
    for open in session::of(&visit.app, &who.id, visit.at)? {
        if open.key != visit.session && (which == "others" || which == open.key) && session::end(&visit.app, &open.key)? {
            n_ended += 1;
        }
    }
    if n_ended == 0 {
        return see("/account", "There was no such session any more");
    }
    visit.log("account.sessions_ended", json!({"person": who.id, "number": n_ended}))?;
    see("/account", &format!("{} ended", if n_ended == 1 { "The session is".to_owned() } else { format!("{n_ended} sessions are") }))
}

/// The form for another password.
///
/// # Errors
/// None: it has the form of a handler.
pub fn ask_password(visit: &Visit) -> Answer {
    let inside = html! {
        (line(visit, "password", "password", "Your password until now", "", "", "current-password"))
        (line(visit, "password", "new", "A new password", &format!("{SHORTEST_PASSWORD} characters or more. Three or four words that do not belong together are hard to guess and easy to remember"), "", "new-password"))
    };
    let main = html! {
        p { "You stay signed in here. Every other session of yours ends." }
        (layout::order(visit, "/account/password", "Change the password", &inside))
    };
    page(layout::page(visit, "Change your password", &TRAIL, &main))
}

/// Changes the password.
///
/// # Errors
/// The old one is not right, the new one is weak or the old one again, or there were too many attempts.
pub fn change_password(visit: &Visit) -> Answer {
    let (id, mut account, version) = own(visit)?;
    let new = given(visit, "new");
    let mut problems = Problems::default();
    let known = visit.app.office.known();
    let email = known.people.get(&id).and_then(|person| person.email.clone()).unwrap_or_default();
    drop(known);
    if !shows_password(visit, &account)? {
        problems.add("password", "This is not your password");
    }
    if let Some(weak) = weakness(new, &[&visit.name, &email, visit.app.office_name(), "headwater"]) {
        problems.add("new", weak);
    } else if account.has_password(new)? {
        problems.add("new", "Choose another password than the one you have");
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    account.set_password(new)?;
    account::put(&visit.app.ws, &id, version, &account)?;
    visit.log("account.password_changed", json!({"person": id}))?;
    end_others(visit, &id)?;
    Ok(Reply::SignIn(SignIn(id), "/account".to_owned(), Some("Your password is changed. Your other sessions are ended".to_owned())))
}

/// The forms for another authenticator: first what one signs in with now, then the new one's code.
///
/// # Errors
/// The records cannot be read.
pub fn ask_authenticator(visit: &Visit) -> Answer {
    let who = visit.who()?;
    let Some(offer) = account::offered_authenticator(&visit.app.ws, &who.id, &visit.session, visit.at)? else {
        let inside = html! {
            (line(visit, "password", "password", "Your password", "", "", "current-password"))
            (line(visit, "text", "code", "Code of your authenticator until now", "Six digits; a new one every half minute", "", "one-time-code"))
        };
        let main = html! {
            p { "For another telephone, or if somebody may have seen the key. The old authenticator works until the new one is confirmed." }
            (layout::order(visit, "/account/authenticator", "Go on", &inside))
        };
        return page(layout::page(visit, "Use another authenticator", &TRAIL, &main));
    };
    let (secret, address) = offer.address(visit.app.office_name(), &visit.name)?;
    let main = html! {
        p { "Let your new authenticator read this picture:" }
        (picture(&address)?)
        p { "or type this key into it:" }
        p.secret { (grouped(&secret)) }
        (layout::order(visit, "/account/authenticator/confirm", "Use this authenticator", &line(visit, "text", "code", "The code that the new one shows", "Six digits", "", "one-time-code")))
        p { "This key is good for ten minutes. You stay signed in here; every other session of yours ends." }
        (layout::button(visit, "/account/authenticator/leave", "Keep the old one", "other"))
    };
    page(layout::page(visit, "Your new authenticator", &TRAIL, &main))
}

/// Makes the key of a new authenticator, for who shows the password and a code of the old one.
///
/// # Errors
/// One of them is not right, or there were too many attempts.
pub fn begin_authenticator(visit: &Visit) -> Answer {
    let (id, mut account, version) = own(visit)?;
    let code = visit.form.text("code");
    if code.is_empty() {
        return Err(Problems::one("code", "Enter the code that your authenticator shows").into());
    }
    if !shows_password(visit, &account)? || !account.takes_code(code, visit.at)? {
        return Err(Problems::one("password", "The password or the code is not right, or the code was used before").into());
    }
    // The code is used up, as at signing in.
    account::put(&visit.app.ws, &id, version, &account)?;
    account::offer_authenticator(&visit.app.ws, &id, &visit.session, visit.at)?;
    see("/account/authenticator", "")
}

/// Takes the new authenticator, if its code is right.
///
/// # Errors
/// It is not right, or the key is too old.
pub fn change_authenticator(visit: &Visit) -> Answer {
    let (id, mut account, version) = own(visit)?;
    let Some(offer) = account::offered_authenticator(&visit.app.ws, &id, &visit.session, visit.at)? else {
        return see("/account/authenticator", "The key was no longer good: begin again");
    };
    if !account.takes_authenticator(&offer, visit.form.text("code"), visit.at)? {
        return Err(Problems::one("code", "The code is not right. Wait for the next one, and see that your telephone's clock is").into());
    }
    account::put(&visit.app.ws, &id, version, &account)?;
    account::forget_authenticator(&visit.app.ws, &id)?;
    visit.log("account.authenticator_changed", json!({"person": id}))?;
    end_others(visit, &id)?;
    Ok(Reply::SignIn(SignIn(id), "/account".to_owned(), Some("Your new authenticator is in use. Your other sessions are ended".to_owned())))
}

/// Keeps the old authenticator.
///
/// # Errors
/// The record cannot be erased.
pub fn leave_authenticator(visit: &Visit) -> Answer {
    account::forget_authenticator(&visit.app.ws, &visit.who()?.id)?;
    see("/account", "Your authenticator stays as it is")
}

/// One's own account, and one attempt counted.
fn own(visit: &Visit) -> Result<(String, Account, i64), Refusal> {
    let id = visit.who()?.id.clone();
    if !visit.app.tries.may_try(&id) {
        return Err(Refusal::TooOften);
    }
    let (account, version) = account::get(&visit.app.ws, &id)?.ok_or(Refusal::SignInFirst)?;
    if account.invented {
        return Err(Problems::one("", "An invented person has neither password nor authenticator").into());
    }
    Ok((id, account, version))
}

fn shows_password(visit: &Visit, account: &Account) -> Result<bool, Refusal> {
    let is_right = account.has_password(given(visit, "password"))?;
    if !is_right {
        tracing::warn!(person = visit.who()?.id, "a password was not right that somebody who is signed in was asked for");
    }
    Ok(is_right)
}

fn end_others(visit: &Visit, id: &str) -> Result<(), Refusal> {
    for open in session::of(&visit.app, id, visit.at)? {
        if open.key != visit.session {
            session::end(&visit.app, &open.key)?;
        }
    }
    Ok(())
}
