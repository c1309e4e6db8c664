//! What stands before every page: who may pass, what may be sent, and how an answer leaves.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, RawPathParams, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, USER_AGENT, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, Method, Response, StatusCode};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get, post};
use axum_login::AuthSession;
use governor::clock::DefaultClock;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use jiff::Timestamp;
use multer::Multipart;
use tokio_util::io::ReaderStream;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::{DeadlineBody, RequestBodyTimeoutLayer, TimeoutError};

use super::access::Right;
use super::form::{Fields, Problems, Sent};
use super::session::{self, Accounts, BEGAN, LONGEST_HOURS, SEEN, SignIn};
use super::visit::{Answer, Refusal, Reply, Visit};
use super::{App, account, layout};
use crate::problem::Problem;

/// A page, or what a form orders.
pub type Answerer = fn(&Visit) -> Answer;

/// What a page may load: the style that lies beside it. No script, no picture from elsewhere, no frame; a form goes here only.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The most bytes of a form without files: a letter of a hundred pages.
const LONGEST_FORM: usize = 4 << 20;

/// The most bytes of all files that are sent at once. They go to the disk as they come, so that memory sets no limit; a
/// browser whose line breaks begins anew, so that more at once helps nobody.
const LARGEST_UPLOAD: u64 = 2_000_000_000;

/// How much of what is too much is still let come, so that a browser reads why it was refused rather than that the line
/// broke: as much again, and half of it.
const LARGEST_REFUSED: u64 = 5 * LARGEST_UPLOAD / 2;

/// How much of a file is read at once as it goes out.
const PIECE_BYTES: usize = 1 << 16;

/// The most files that are sent at once.
const MOST_FILES: usize = 200;

/// The longest that an upload may take.
const LONGEST_UPLOAD: Duration = Duration::from_secs(7_200);

/// The longest that a form without files may take.
const LONGEST_FORM_TIME: Duration = Duration::from_secs(120);

/// The longest that nothing may come of what was begun.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);

/// Keys under which the session keeps things.
const TOKEN: &str = "token";
const SAID: &str = "said";

/// Seconds after which a session is written again, so that it does not end while its person is at work.
const RENEW_SECONDS: i64 = 300;

type Limiter = RateLimiter<String, HashMapStateStore<String>, DefaultClock>;

/// How often somebody may try to sign in: by the address they give, and by the computer they come from.
pub struct Tries {
    by_name: Limiter,
    by_computer: Limiter,
}

impl Default for Tries {
    fn default() -> Self {
        let at_most = |per_minute: u32, at_once: u32| {
            let one = NonZeroU32::MIN;
            Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(one)).allow_burst(NonZeroU32::new(at_once).unwrap_or(one))
        };
        Self { by_name: RateLimiter::hashmap(at_most(2, 6)), by_computer: RateLimiter::hashmap(at_most(20, 40)) }
    }
}

impl Tries {
    /// Counts one more attempt on a name, and says whether it may go on.
    pub fn may_try(&self, name: &str) -> bool {
        self.by_name.check_key(&account::kept_of(&name.to_lowercase())).is_ok()
    }

    /// Forgets those whose time is over.
    pub fn forget(&self) {
        self.by_name.retain_recent();
        self.by_computer.retain_recent();
    }

    fn may_ask(&self, computer: &str) -> bool {
        self.by_computer.check_key(&computer.to_owned()).is_ok()
    }
}

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

/// A page for those with a right.
pub fn page(right: Right, show: Answerer) -> MethodRouter<Arc<App>> {
    get(passing(Door { right: Some(right), show, submit: None, takes_files: no_files }))
}

/// A page with a form, and what the form orders.
pub fn form(right: Right, show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    let door = Door { right: Some(right), show, submit: Some(submit), takes_files: files };
    get(passing(door)).post(passing(door))
}

/// A page that anyone in the office may read, with a form for those who prepare.
pub fn readable_form(show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    page(Right::Read, show).merge(action(Right::Prepare, show, submit))
}

/// An order that a button of another page gives; that page is shown again if something is wrong.
pub fn action(right: Right, show: Answerer, submit: Answerer) -> MethodRouter<Arc<App>> {
    post(passing(Door { right: Some(right), show, submit: Some(submit), takes_files: files }))
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
        match take(request, &app, takes_files).await {
            Ok((form, files)) => (visit.form, visit.files) = (form, files),
            Err(refusal) => return shown(&visit, Err(refusal)),
        }
        // Forms of people who are not signed in are held by the origin alone: there is no session yet that could be abused.
        if visit.who.is_some() && visit.form.text(TOKEN) != visit.token {
            tracing::warn!(path = visit.path, "a form came without the token of its session");
            return shown(&visit, Err(Refusal::Stale));
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

async fn leave(visit: &Visit, answer: Answer, auth: &mut AuthSession<Accounts>) -> Response<Body> {
    let trouble = |error: &dyn std::fmt::Display| shown(visit, Err(Problem::while_doing("writing the session", error).into()));
    match answer {
        Ok(Reply::See(to, said)) => {
            // The order is carried out. If that cannot be said on the next page, it must not be said that it was not.
            if let Some(said) = said
                && let Err(error) = auth.session.insert(SAID, said).await
            {
                tracing::error!(%error, "what was done cannot be said on the next page");
            }
            see_other(&to)
        }
        Ok(Reply::SignIn(given, to, said)) => match sign_in(auth, given, visit).await {
            Ok(true) => {
                if let Some(said) = said
                    && let Err(error) = auth.session.insert(SAID, said).await
                {
                    tracing::error!(%error, "what was done cannot be said on the next page");
                }
                see_other(&to)
            }
            Ok(false) => shown(visit, Err(Refusal::SignInFirst)),
            Err(problem) => shown(visit, Err(problem.into())),
        },
        Ok(Reply::SignOut) => match auth.logout().await {
            Ok(_) => see_other("/sign-in"),
            Err(error) => trouble(&error),
        },
        other => shown(visit, other),
    }
}

/// Begins a session under a new number, with a token of its own.
async fn sign_in(auth: &mut AuthSession<Accounts>, given: SignIn, visit: &Visit) -> Result<bool, Problem> {
    let trouble = |error: &dyn std::fmt::Display| Problem::while_doing("beginning the session", error);
    let Some(who) = auth.authenticate(given).await.map_err(|error| trouble(&error))? else { return Ok(false) };
    auth.session.cycle_id().await.map_err(|error| trouble(&error))?;
    auth.login(&who).await.map_err(|error| trouble(&error))?;
    auth.session.insert(TOKEN, account::token(20)?).await.map_err(|error| trouble(&error))?;
    auth.session.insert(session::PERSON, &who.id).await.map_err(|error| trouble(&error))?;
    auth.session.insert(session::BROWSER, &visit.browser).await.map_err(|error| trouble(&error))?;
    for key in [BEGAN, SEEN] {
        auth.session.insert(key, visit.at.as_second()).await.map_err(|error| trouble(&error))?;
    }
    Ok(true)
}

/// Reads a form, with its files if it has any.
async fn take(request: Request, app: &Arc<App>, takes_files: bool) -> Result<(Fields, Vec<Sent>), Refusal> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let body = request.into_body();
    if let Ok(boundary) = multer::parse_boundary(&kind) {
        if !takes_files {
            return Err(Refusal::TooMuch("No files are taken here. Nothing was kept.".to_owned()));
        }
        let app = Arc::clone(app);
        let runtime = tokio::runtime::Handle::current();
        // Files go to the disk as they come: that waits, and so does not belong on the threads that serve. What is too late is
        // cut off below, where it is read: a thread that was begun cannot be ended from here.
        let body = Body::new(DeadlineBody::new(LONGEST_UPLOAD, body));
        return match tokio::task::spawn_blocking(move || take_files(body, boundary, &app, &runtime)).await {
            Ok(taken) => taken,
            Err(panic) => Err(Problem::while_doing("taking files", panic).into()),
        };
    }
    let body = Body::new(DeadlineBody::new(LONGEST_FORM_TIME, body));
    match axum::body::to_bytes(body, LONGEST_FORM).await {
        Ok(bytes) => Ok((Fields::read(&bytes), Vec::new())),
        Err(error) if is_late(&error) => Err(Refusal::TooSlow),
        Err(_) => Err(Refusal::TooMuch(format!("The form held more than {} MB. Shorten it, or add the long part as a file.", LONGEST_FORM >> 20))),
    }
}

/// Whether something was cut off because it came too slowly.
fn is_late(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<TimeoutError>() || error.source().is_some_and(is_late)
}

fn take_files(body: Body, boundary: String, app: &App, runtime: &tokio::runtime::Handle) -> Result<(Fields, Vec<Sent>), Refusal> {
    let cut = |error: multer::Error| match error {
        multer::Error::StreamSizeExceeded { .. } => Refusal::TooMuch(too_much_together()),
        multer::Error::FieldSizeExceeded { .. } => Refusal::TooMuch(format!("A field of the form held more than {} MB.", LONGEST_FORM >> 20)),
        error if is_late(&error) => Refusal::TooSlow,
        _ => Refusal::TooMuch("The form was cut off on its way. Nothing was kept; send it again.".to_owned()),
    };
    let limits = multer::SizeLimit::new().whole_stream(LARGEST_REFUSED);
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, multer::Constraints::new().size_limit(limits));
    let (mut fields, mut files, mut n_bytes) = (Fields::default(), Vec::new(), 0);
    let largest_file = app.ws.settings().largest_file_mb * 1_000_000;
    let mut left = LARGEST_UPLOAD;
    while let Some(mut part) = runtime.block_on(parts.next_field()).map_err(cut)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            // A browser sends an empty part where no file was chosen.
            Some(name) if name.is_empty() => {}
            Some(name) => {
                if files.len() == MOST_FILES {
                    return Err(Refusal::TooMuch(format!(
                        "More than {MOST_FILES} files came at once. Nothing was kept; send them in several parts, or as a zip."
                    )));
                }
                let mut failure = None;
                let most = left.min(largest_file);
                let mut chunks = Chunks { part: &mut part, runtime, rest: Default::default(), most, failure: &mut failure };
                let staged = app.ws.blobs().stage(&mut chunks);
                match failure {
                    Some(Failure::Cut(error)) => return Err(cut(error)),
                    Some(Failure::TooLarge) => {
                        let words = if most < left { too_large(&name, app) } else { too_much_together() };
                        drop((part, files));
                        // The rest is read and thrown away: who is refused before all came sees a broken line.
                        while let Ok(Some(mut rest)) = runtime.block_on(parts.next_field()) {
                            while let Ok(Some(_)) = runtime.block_on(rest.chunk()) {}
                        }
                        return Err(Refusal::TooMuch(words));
                    }
                    None => {}
                }
                let staged = staged?;
                left -= staged.n_bytes();
                files.push(Sent { field, name, staged });
            }
            None => {
                let mut bytes = Vec::new();
                while let Some(chunk) = runtime.block_on(part.chunk()).map_err(cut)? {
                    n_bytes += chunk.len();
                    if n_bytes > LONGEST_FORM {
                        return Err(Refusal::TooMuch(format!("The form held more than {} MB of text.", LONGEST_FORM >> 20)));
                    }
                    bytes.extend_from_slice(&chunk);
                }
                fields.0.push((field, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    Ok((fields, files))
}

/// How much may be sent at once, for the page where it is sent.
pub fn largest(app: &App) -> String {
    let most = app.ws.settings().largest_file_mb;
    let each = if most * 1_000_000 < LARGEST_UPLOAD { format!(", each at most {most} MB") } else { String::new() };
    format!("Up to {MOST_FILES} files, {} GB together{each}", LARGEST_UPLOAD / 1_000_000_000)
}

fn too_much_together() -> String {
    format!("The files held more than {} GB together. Nothing was kept; send them in several parts.", LARGEST_UPLOAD / 1_000_000_000)
}

fn too_large(name: &str, app: &App) -> String {
    let name: String = name.chars().take(100).collect();
    let most = app.ws.settings().largest_file_mb;
    format!(
        "The file \u{201c}{name}\u{201d} is larger than {most} MB, the most that one file may have here. Nothing was kept; send it in several parts."
    )
}

/// Why a file did not come to its end.
enum Failure {
    Cut(multer::Error),
    TooLarge,
}

/// A file of a form, as a reader.
struct Chunks<'a, 'b> {
    part: &'a mut multer::Field<'b>,
    runtime: &'a tokio::runtime::Handle,
    rest: axum::body::Bytes,
    /// How many more bytes it may have.
    most: u64,
    failure: &'a mut Option<Failure>,
}

impl Read for Chunks<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.runtime.block_on(self.part.chunk()) {
                Ok(Some(chunk)) => self.rest = chunk,
                Ok(None) => return Ok(0),
                Err(error) => {
                    *self.failure = Some(Failure::Cut(error));
                    return Err(io::Error::other("the upload was cut off"));
                }
            }
        }
        let n = into.len().min(self.rest.len());
        let Some(most) = self.most.checked_sub(n as u64) else {
            *self.failure = Some(Failure::TooLarge);
            return Err(io::Error::other("the file is too large"));
        };
        self.most = most;
        into[..n].copy_from_slice(&self.rest.split_to(n));
        Ok(n)
    }
}

/// An answer as it leaves.
fn shown(visit: &Visit, answer: Answer) -> Response<Body> {
    match answer {
        Ok(Reply::Page(markup)) => {
            let status = if visit.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], markup.into_string()).into_response()
        }
        Ok(Reply::File(name, kind, bytes)) => file(&name, kind, Body::from(bytes)),
        Ok(Reply::Stored(name, stored)) => {
            let n_bytes = stored.metadata().map(|it| it.len());
            let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(stored), PIECE_BYTES);
            let mut response = file(&name, "application/octet-stream", Body::from_stream(pieces));
            if let Ok(n_bytes) = n_bytes {
                response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(n_bytes));
            }
            response
        }
        Ok(Reply::See(to, _)) => see_other(&to),
        Ok(Reply::SignIn(..) | Reply::SignOut) => see_other("/sign-in"),
        Err(Refusal::SignInFirst) => {
            // Only a path of ours is gone back to.
            let back = form_urlencoded::byte_serialize(visit.path.as_bytes()).collect::<String>();
            see_other(&if visit.path == "/" { "/sign-in".to_owned() } else { format!("/sign-in?to={back}") })
        }
        Err(refusal) => {
            let (status, markup) = layout::refusal(visit, &refusal);
            (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], markup.into_string()).into_response()
        }
    }
}

/// A file: shown only if it is our style, offered for keeping otherwise, so that nothing that came from outside runs here.
fn file(name: &str, kind: &'static str, body: Body) -> Response<Body> {
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if kind == "text/html; charset=utf-8" {
        // Only what this program itself has written is shown as a page; what others sent is always kept as a file.
    } else if kind == "text/css; charset=utf-8" {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=600"));
    } else {
        let plain: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() || "._- ".contains(letter) { letter } else { '_' }).collect();
        let exact: String = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")) {
            response.headers_mut().insert(CONTENT_DISPOSITION, value);
        }
    }
    response
}

fn see_other(to: &str) -> Response<Body> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn failed() -> Response<Body> {
    (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, "text/html; charset=utf-8")], layout::failed().into_string()).into_response()
}

/// The layers around all pages.
pub fn around(router: Router, app: &Arc<App>) -> Router {
    router
        .layer(middleware::from_fn_with_state(Arc::clone(app), ours))
        .layer(RequestBodyTimeoutLayer::new(LONGEST_SILENCE))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| failed()))
}

/// Lets in only who names this server, and not too often; every answer carries what browsers must hold to.
async fn ours(State(app): State<Arc<App>>, ConnectInfo(from): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response<Body> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !is_ours(&app, host) {
        return (StatusCode::MISDIRECTED_REQUEST, "Nothing is served under this name.").into_response();
    }
    let posts_openly = request.method() == Method::POST && !request.headers().contains_key(axum::http::header::COOKIE);
    if posts_openly && !app.tries.may_ask(&computer(&app, from, request.headers())) {
        return (StatusCode::TOO_MANY_REQUESTS, "Too many attempts from this computer. Wait a minute.").into_response();
    }
    let mut response = next.run(request).await;
    // Whoever cannot be looked up, because the log cannot be reached, gets a page with words, too.
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && !response.headers().contains_key(CONTENT_TYPE) {
        response = failed();
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // With no-referrer a browser would call the origin of its own form null.
        (REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages are not kept by browsers, so that nothing is read after signing out; their style may be.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.is_secure() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// The computer a request comes from; behind a proxy, the one that the proxy itself saw.
fn computer(app: &App, from: SocketAddr, headers: &axum::http::HeaderMap) -> String {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).map(str::trim).filter(|last| app.is_secure() && !last.is_empty());
    last.map_or_else(|| from.ip().to_string(), str::to_owned)
}

fn is_ours(app: &App, host: &str) -> bool {
    let own = app.address.split_once("://").map_or("", |(_, host)| host);
    if host == own {
        return true;
    }
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    app.is_local() && name == "localhost" && own.ends_with(&format!(":{port}"))
}
