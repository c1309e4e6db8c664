//! What stands before every page: who may pass, which forms are taken, and where files may come with them.

mod answers;
mod around;
mod forms;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::http::header::USER_AGENT;
use axum::http::{Method, Response};
use axum::routing::{MethodRouter, get, post};
use axum_login::AuthSession;
use jiff::Timestamp;

use self::answers::{failed, leave, shown};
use self::forms::{Asked, take};
use super::access::Right;
use super::form::{Fields, Problems};
use super::session::{self, Accounts, BEGAN, LONGEST_HOURS, SEEN};
use super::visit::{Answer, Refusal, Visit};
use super::{App, layout};
use crate::problem::Problem;

pub use self::around::{Tries, around};
pub use self::forms::largest;

/// A page, or what a form orders.
pub type Answerer = fn(&Visit) -> Answer;

/// Keys under which the session keeps things.
const TOKEN: &str = "token";
const SAID: &str = "said";

/// Seconds after which a session is written again, so that it does not end while its person is at work.
const RENEW_SECONDS: i64 = 300;

/// What an address asks of who comes.
#[derive(Clone, Copy)]
struct Door {
    /// The right they need; none for what is open to anyone.
    right: Option<Right>,
    /// The page.
    show: Answerer,
    /// What its form orders.
    submit: Option<Answerer>,
    /// Whether files may come with the form, asked before they are read: an anonymous sender must first show a good link.
    takes_files: fn(&Visit) -> Result<bool, Refusal>,
}

fn no_files(_: &Visit) -> Result<bool, Refusal> {
    Ok(false)
}

fn files(_: &Visit) -> Result<bool, Refusal> {
    Ok(true)
}

fn door(right: Right, show: Answerer, submit: Answerer, takes_files: fn(&Visit) -> Result<bool, Refusal>) -> Door {
    Door { right: Some(right), show, submit: Some(submit), takes_files }
}

/// A page for those with a right.
pub fn page(right: Right, show: Answerer) -> MethodRouter<Arc<App>> {
    get(passing(Door { right: Some(right), show, submit: None, takes_files: no_files }))
}

/// A page with a form, and what the form orders.
pub fn form(right: Right, show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    let door = door(right, show, submit, no_files);
    get(passing(door)).post(passing(door))
}

/// The same, where files may come with the form.
pub fn form_with_files(right: Right, show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    let door = door(right, show, submit, files);
    get(passing(door)).post(passing(door))
}

/// A page that anyone in the office may read, with a form for those who prepare.
pub fn readable_form(show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    page(Right::Read, show).merge(action(Right::Prepare, show, submit))
}

/// The same, where files may come with the form.
pub fn readable_form_with_files(show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    page(Right::Read, show).merge(action_with_files(Right::Prepare, show, submit))
}

/// An order that a button of another page gives; that page is shown again if something is wrong.
pub fn action(right: Right, show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    post(passing(door(right, show, submit, no_files)))
}

/// The same, where files may come with it.
pub fn action_with_files(right: Right, show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    post(passing(door(right, show, submit, files)))
}

/// A page for anyone.
pub fn open(show: Answerer) -> MethodRouter<Arc<App>> {
    get(passing(Door { right: None, show, submit: None, takes_files: no_files }))
}

/// A page with a form, for anyone.
pub fn open_form(show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    let door = Door { right: None, show, submit: Some(submit), takes_files: no_files };
    get(passing(door)).post(passing(door))
}

/// A page with a form for anyone whose address is found good before files are read.
pub fn open_upload(show: Answerer, submit: Answerer, takes_files: fn(&Visit) -> Result<bool, Refusal>) -> MethodRouter<Arc<App>> {
    let door = Door { right: None, show, submit: Some(submit), takes_files };
    get(passing(door)).post(passing(door))
}

/// An order for anyone.
pub fn open_action(show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    post(passing(Door { right: None, show, submit: Some(submit), takes_files: no_files }))
}

/// What answers where there is nothing.
pub async fn nothing_here(State(app): State<Arc<App>>, auth: AuthSession<Accounts>, request: Request) -> Response<Body> {
    let visit = Visit { who: auth.user, ..stranger(&app, request.uri().path()) };
    shown(&visit, Err(Refusal::NotFound))
}

/// A visit of nobody.
pub fn stranger(app: &Arc<App>, path: &str) -> Visit {
    Visit {
        app: Arc::clone(app),
        who: None,
        at: Timestamp::now(),
        path: path.to_owned(),
        parts: Vec::new(),
        query: Fields::default(),
        form: Fields::default(),
        files: Vec::new(),
        problems: Problems::default(),
        token: String::new(),
        session: String::new(),
        browser: String::new(),
        said: None,
        name: String::new(),
        seq: 0,
    }
}

/// The handler of a door.
fn passing(door: Door) -> impl Fn(State<Arc<App>>, AuthSession<Accounts>, RawPathParams, Request) -> Passing + Clone + Send + Sync + 'static {
    move |State(app), auth, parts, request| Box::pin(pass(door, app, auth, parts, request))
}

type Passing = std::pin::Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

async fn pass(door: Door, app: Arc<App>, mut auth: AuthSession<Accounts>, parts: RawPathParams, request: Request) -> Response<Body> {
    let mut visit = stranger(&app, request.uri().path());
    visit.query = Fields::read(request.uri().query().unwrap_or_default().as_bytes());
    visit.parts = parts.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    visit.browser = session::browser(request.headers().get(USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default());
    if let Err(problem) = know(&mut visit, &mut auth).await {
        return shown(&visit, Err(problem.into()));
    }
    if let Some(right) = door.right {
        match &visit.who {
            None => return shown(&visit, Err(Refusal::SignInFirst)),
            Some(who) if !who.role.may(right) => {
                tracing::warn!(person = who.id, path = visit.path, "somebody asked for what their role has no right to");
                return shown(&visit, Err(Refusal::NotPermitted(right)));
            }
            Some(_) => {}
        }
    }
    let submit = door.submit.filter(|_| request.method() == Method::POST);
    if submit.is_some() {
        let asked = tokio::task::spawn_blocking(move || {
            let takes_files = (door.takes_files)(&visit);
            (visit, takes_files)
        });
        let takes_files;
        (visit, takes_files) = match asked.await {
            Ok((visit, Ok(takes_files))) => (visit, takes_files),
            Ok((visit, Err(refusal))) => return shown(&visit, Err(refusal)),
            Err(_) => return failed(),
        };
        // Forms of people who are not signed in are held by the origin alone: there is no session yet that could be abused.
        let token = visit.who.is_some().then(|| visit.token.clone());
        match take(request, &app, Asked { takes_files, token }).await {
            Ok((form, files)) => (visit.form, visit.files) = (form, files),
            Err(refusal) => {
                if matches!(refusal, Refusal::Stale) {
                    tracing::warn!(path = visit.path, "a form came without the token of its session");
                }
                return shown(&visit, Err(refusal));
            }
        }
    }
    let done = tokio::task::spawn_blocking(move || answer(door, submit, visit)).await;
    match done {
        Ok((visit, answer)) => leave(&visit, answer, &mut auth).await,
        Err(panic) => {
            tracing::error!(%panic, "a page failed");
            failed()
        }
    }
}

/// Finds out who it is, and what was to be said to them.
async fn know(visit: &mut Visit, auth: &mut AuthSession<Accounts>) -> Result<(), Problem> {
    let trouble = |error: tower_sessions::session::Error| Problem::while_doing("reading the session", error);
    if auth.user.is_none() {
        return Ok(());
    }
    let now = visit.at.as_second();
    let began: i64 = auth.session.get(BEGAN).await.map_err(trouble)?.unwrap_or(0);
    if now - began > LONGEST_HOURS * 3600 {
        auth.logout().await.map_err(|error| Problem::while_doing("ending the session", error))?;
        return Ok(());
    }
    let seen: i64 = auth.session.get(SEEN).await.map_err(trouble)?.unwrap_or(0);
    if now - seen > RENEW_SECONDS {
        auth.session.insert(SEEN, now).await.map_err(trouble)?;
    }
    visit.token = auth.session.get(TOKEN).await.map_err(trouble)?.unwrap_or_default();
    visit.said = auth.session.remove(SAID).await.map_err(trouble)?;
    visit.session = auth.session.id().map(|id| session::key(&id)).unwrap_or_default();
    visit.who = auth.user.clone();
    let known = visit.app.office.known();
    let name = visit.who.as_ref().map_or("", |who| known.name(&who.id)).to_owned();
    let seq = known.state.seq();
    drop(known);
    (visit.name, visit.seq) = (name, seq);
    Ok(())
}

fn answer(door: Door, submit: Option<Answerer>, mut visit: Visit) -> (Visit, Answer) {
    let Some(submit) = submit else {
        let answer = (door.show)(&visit);
        return (visit, answer);
    };
    let answer = match submit(&visit) {
        Err(Refusal::Wrong(problems)) => {
            visit.problems = problems;
            (door.show)(&visit)
        }
        // What the exchange does not allow is said on the page where it was asked, unless somebody else was quicker: then
        // the page must first be looked at again.
        Err(Refusal::NotAllowed(not)) if !not.is_conflict => {
            visit.problems = Problems::one("", layout::sentence(&format!("{}. To mend it: {}", not.what, not.mend)));
            (door.show)(&visit)
        }
        other => other,
    };
    (visit, answer)
}
