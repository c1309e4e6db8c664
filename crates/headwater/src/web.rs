//! `headwater serve`: the application, as pages that need no script.
//!
//! A handler is a plain function from a [`Visit`] to an [`Answer`]; it runs on a thread that may wait for the disk. All that
//! is asynchronous stands here and in [`gate`].

pub mod access;
pub mod account;
mod audit;
pub mod bodies;
pub mod by_mail;
pub mod campaigns;
mod clocks;
pub mod contacts;
mod destroying;
pub mod documents;
mod doubt;
mod form;
mod gate;
pub mod grid;
mod holding;
mod home;
pub mod intake;
pub mod items;
mod join;
mod kept;
pub mod late_body;
pub mod late_words;
mod layout;
mod left;
pub mod letter_form;
mod letter_words;
pub mod letters;
mod letters_read;
mod library;
mod mailbox;
mod matching;
mod memory;
pub mod messages;
pub mod office;
mod own;
mod paging;
mod people;
mod post;
mod preview;
pub mod public;
pub mod publication;
pub mod reading;
pub mod recipient;
pub mod recipients;
pub mod recommendations;
pub mod redact;
pub mod rehearsal;
pub mod reminders;
pub mod replies;
mod request_file;
mod rows;
mod said;
mod search;
mod search_terms;
pub mod sending;
mod session;
mod sign_in;
pub mod silences;
mod spreadsheet;
mod stands;
mod traces;
pub mod upload;
pub mod visit;
mod whole_pages;
mod whom;
mod words;
pub mod yearly;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum_login::AuthManagerLayerBuilder;
use jiff::Timestamp;
use tokio::net::TcpListener;

use self::access::{Right, Role};
use self::gate::{action, form, open, open_form, page};
use self::office::Office;
use self::session::Accounts;
use crate::problem::{Exit, Problem};
use crate::store::Workspace;

/// How often the log is looked at for what others wrote.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

/// How often sessions that are over are erased, and documents looked into over which a program died.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// How often documents are taken into the library that came meanwhile, a second at a time.
const TAKE_IN_EVERY: Duration = Duration::from_secs(3);

/// How often it is asked whether the mailbox is due to be read.
const ASK_MAILBOX_EVERY: Duration = Duration::from_secs(5);

/// How long what is on its way to a server may take to end when the program is to stop.
const STOPPING: Duration = Duration::from_secs(30);

/// What all requests share.
pub struct App {
    ws: Workspace,
    office: Office,
    /// The address that people use, without a slash at its end.
    address: String,
    tries: gate::Tries,
    local: bool,
    post: post::Post,
    mailbox: mailbox::Mailbox,
    memory: memory::Memory,
    library: library::Library,
}

impl App {
    /// The application over a workspace and the exchange in it; `address` is the one that people use.
    fn new(ws: Workspace, office: Office, address: String, local: bool) -> Result<Self, Problem> {
        let (tries, post, mailbox) = (gate::Tries::default(), post::Post::default(), mailbox::Mailbox::default());
        let (memory, library) = (memory::Memory::default(), library::Library::new()?);
        Ok(Self { ws, office, address, tries, local, post, mailbox, memory, library })
    }

    /// Whether people reach it over TLS.
    fn is_secure(&self) -> bool {
        self.address.starts_with("https://")
    }

    /// Whether only this computer reaches it.
    fn is_local(&self) -> bool {
        self.local
    }

    /// The address at which one recipient's replies find their way: the office's own, with the recipient's token.
    fn reply_address(&self, token: &str) -> Option<String> {
        let (name, domain) = self.ws.settings().office_address()?.split_once('@')?;
        Some(format!("{name}+{token}@{domain}"))
    }

    /// The domain of the office's own mail: what its server says of a sender counts.
    fn mail_domain(&self) -> Option<&str> {
        self.ws.settings().office_address()?.split_once('@').map(|(_, domain)| domain)
    }

    /// Who runs it, as pages and authenticators call it.
    fn office_name(&self) -> &str {
        self.ws.settings().name()
    }
}

/// Where to listen.
pub struct Place {
    /// The address of this computer to listen on.
    pub listen: IpAddr,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// The address that people use, if a proxy with TLS stands before it.
    pub address: Option<String>,
}

/// What is told when the pages can be reached: the address, and the link of the first account.
type Ready<'a> = &'a mut dyn FnMut(&str, Option<&str>) -> Result<(), Problem>;

/// Serves a workspace until Ctrl-C. `ready` is called with the address that people use, and with the link of the first
/// account if there is no account yet.
///
/// # Errors
/// The place is not safe or taken, the log cannot be read, or `ready` fails.
pub fn serve(ws: Workspace, place: &Place, ready: Ready<'_>) -> Result<(), Problem> {
    let local = place.listen.is_loopback() && place.address.is_none();
    check(place)?;
    let starting = |error: std::io::Error| {
        Problem::while_doing(format!("listening on {} port {}", place.listen, place.port), error)
            .hint("name another port with `--port`, or 0 for any that is free")
    };
    let listener = std::net::TcpListener::bind((place.listen, place.port)).map_err(starting)?;
    listener.set_nonblocking(true).map_err(starting)?;
    let bound = listener.local_addr().map_err(starting)?;
    let address = place.address.clone().map_or_else(|| format!("http://{bound}"), |address| address.trim_end_matches('/').to_owned());
    let office = Office::open(&ws)?;
    // Made before the runtime and let go after it: the line to PostgreSQL has a runtime of its own, and neither may wait for
    // the other.
    let app = Arc::new(App::new(ws, office, address, local)?);
    let first = first_account(&app)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(starting)?;
    let served = runtime.block_on(async {
        let listener = TcpListener::from_std(listener).map_err(starting)?;
        let mut stopped = Box::pin(async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without the signal there is still the system's own way to end a program.
                std::future::pending::<()>().await;
            }
        });
        // Asked once, so that Ctrl-C is listened for before anyone is told that the pages are there.
        if std::future::poll_fn(|context| Poll::Ready(stopped.as_mut().poll(context))).await.is_ready() {
            return Ok(());
        }
        ready(&app.address, first.as_deref())?;
        tokio::spawn(again_and_again(Arc::clone(&app), FOLLOW_EVERY, |app| app.office.follow(&app.ws)));
        tokio::spawn(again_and_again(Arc::clone(&app), SWEEP_EVERY, |app| {
            app.tries.forget();
            session::sweep(app, Timestamp::now())?;
            destroying::sweep(app)?;
            replies::look_again(app, Timestamp::now())
        }));
        tokio::spawn(again_and_again(Arc::clone(&app), TAKE_IN_EVERY, |app| library::take_in(app)));
        tokio::spawn(again_and_again(Arc::clone(&app), ASK_MAILBOX_EVERY, mailbox::read_if_due));
        let router = router(&app).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, router).with_graceful_shutdown(stopped).await.map_err(starting)
    });
    // What is on its way to a server comes to an end first: a letter that is broken off is in doubt.
    app.mailbox.stop();
    app.post.stop(STOPPING);
    runtime.shutdown_timeout(STOPPING);
    served
}

/// Passwords and cookies do not travel unprotected.
fn check(place: &Place) -> Result<(), Problem> {
    let tls = place.address.as_deref().is_some_and(|address| address.starts_with("https://"));
    if place.address.is_some() && !tls {
        return Err(Problem::new("the address that people use does not begin with https://")
            .hint("let a web server with a certificate stand before Headwater, and give its address")
            .exit(Exit::WrongUse));
    }
    if !place.listen.is_loopback() && !tls {
        return Err(Problem::new(format!("listening on {} would send passwords unprotected", place.listen))
            .hint("let a web server with a certificate stand before it, and give its address with `--address https://…`")
            .exit(Exit::WrongUse));
    }
    Ok(())
}

/// The link of the first account, if there is none yet.
fn first_account(app: &App) -> Result<Option<String>, Problem> {
    if account::all(&app.ws)?.iter().any(|(_, account)| !account.closed) {
        return Ok(None);
    }
    let token = account::invite(&app.ws, None, Role::Lead, Timestamp::now())?;
    Ok(Some(format!("{}/join/{token}", app.address)))
}

/// Does the same thing until the program ends. What fails is told and tried again.
async fn again_and_again(app: Arc<App>, every: Duration, work: fn(&Arc<App>) -> Result<(), Problem>) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut failed = false;
    loop {
        ticks.tick().await;
        let app = Arc::clone(&app);
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
        let problem = match done {
            Ok(Ok(())) => None,
            Ok(Err(problem)) => Some(problem.to_string()),
            Err(panic) => Some(panic.to_string()),
        };
        // Once, not four times a second.
        if let Some(problem) = &problem
            && !failed
        {
            tracing::error!(%problem, "work that is done again and again failed");
        }
        failed = problem.is_some();
    }
}

/// Every address, and what answers there.
fn router(app: &Arc<App>) -> Router {
    let routes = open_pages()
        .merge(people_pages())
        .merge(body_pages())
        .merge(campaign_pages())
        .merge(recipient_pages())
        .merge(reading_pages())
        .merge(answer_pages());
    let auth = AuthManagerLayerBuilder::new(Accounts(Arc::clone(app)), session::layer(app)).build();
    gate::around(routes.fallback(gate::nothing_here).with_state(Arc::clone(app)).layer(auth), app)
}

/// What anyone may reach.
fn open_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/sign-in", open_form(sign_in::show, sign_in::submit))
        .route("/sign-in/play", gate::open_action(sign_in::show, sign_in::play))
        .route("/join/{token}", open_form(join::show, join::submit))
        .route("/upload/{token}", gate::open_upload(upload::show, upload::submit, upload::is_good))
        .route("/upload/{token}/say", gate::open_action(upload::show, upload::say))
        .route("/upload/left/{left}", open_form(left::show, left::describe))
        .route("/style.css", open(layout::style))
}

fn people_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/", page(Right::Read, home::show))
        .route("/sign-out", action(Right::Read, home::show, sign_in::leave))
        .route("/account", page(Right::Read, own::show))
        .route("/account/sessions", action(Right::Read, own::show, own::end_sessions))
        .route("/account/password", form(Right::Read, own::ask_password, own::change_password))
        .route("/account/authenticator", form(Right::Read, own::ask_authenticator, own::begin_authenticator))
        .route("/account/authenticator/confirm", action(Right::Read, own::ask_authenticator, own::change_authenticator))
        .route("/account/authenticator/leave", action(Right::Read, own::ask_authenticator, own::leave_authenticator))
        .route("/people", page(Right::Read, people::list))
        .route("/people/new", form(Right::Lead, people::new, people::add))
        .route("/people/{person}", page(Right::Read, people::show))
        .route("/people/{person}/change", form(Right::Prepare, people::ask_to_change, people::change))
        .route("/people/{person}/invite", action(Right::Lead, people::show, people::invite))
        .route("/people/{person}/sessions", action(Right::Lead, people::show, people::end_sessions))
        .route("/people/{person}/reset", form(Right::Lead, people::ask_to_reset, people::reset))
        .route("/people/{person}/role", action(Right::Lead, people::show, people::change_role))
        .route("/people/{person}/close", action(Right::Lead, people::show, people::close))
        .route("/people/{person}/traces", form(Right::Lead, traces::show, traces::erase))
        .route("/people/{person}/erase", form(Right::Lead, people::ask_to_erase, people::erase))
        .route("/audit", page(Right::Read, audit::show))
        .route("/audit.csv", page(Right::Read, audit::csv))
}

fn body_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/bodies", page(Right::Read, bodies::list))
        .route("/bodies/register", action(Right::Prepare, bodies::list, bodies::add_register))
        .route("/bodies/new", form(Right::Prepare, bodies::new, bodies::enter))
        .route("/bodies/contacts", gate::form_with_files(Right::Prepare, contacts::many, contacts::enter_many))
        .route("/bodies/{body}", page(Right::Read, bodies::show))
        .route("/bodies/{body}/change", form(Right::Prepare, bodies::ask_to_change, bodies::change))
        .route("/bodies/{body}/succeed", form(Right::Prepare, bodies::ask_to_succeed, bodies::succeed))
        .route("/bodies/{body}/contact", form(Right::Prepare, contacts::new, contacts::enter))
        .route("/contacts/{contact}/verify", action(Right::Prepare, bodies::list, contacts::verify))
}

fn campaign_pages() -> Router<Arc<App>> {
    Router::new()
        .route("/campaigns", page(Right::Read, campaigns::list))
        .route("/campaigns/new", form(Right::Prepare, campaigns::new, campaigns::draft))
        .route("/campaigns/{campaign}", page(Right::Read, campaigns::show))
        .route("/campaigns/{campaign}/change", form(Right::Prepare, campaigns::ask_to_change, campaigns::change))
        .route("/campaigns/{campaign}/items", gate::readable_form(items::list, items::add))
        .route("/campaigns/{campaign}/items/{item}", form(Right::Prepare, items::ask_to_change, items::change))
        .route("/campaigns/{campaign}/items/{item}/drop", action(Right::Prepare, items::list, items::take_off))
        .route("/campaigns/{campaign}/recipients", gate::readable_form(recipients::list, recipients::add))
        .route("/campaigns/{campaign}/letter", gate::readable_form_with_files(letter_form::fields, letters::make))
        .route("/campaigns/{campaign}/letter/words", gate::readable_form(letter_words::show, letter_words::write))
        .route("/campaigns/{campaign}/letters", page(Right::Read, letters_read::list))
        .route("/campaigns/{campaign}/letters/{recipient}", page(Right::Read, letters_read::one))
        .route("/campaigns/{campaign}/letters.zip", page(Right::Prepare, sending::take))
        .route("/campaigns/{campaign}/submit", gate::readable_form(sending::ask_to_submit, sending::submit))
        .route("/campaigns/{campaign}/approve", page(Right::Read, sending::ask_to_approve))
        .route("/campaigns/{campaign}/approve", action(Right::Approve, sending::ask_to_approve, sending::approve))
        .route("/campaigns/{campaign}/return", action(Right::Approve, sending::ask_to_approve, sending::send_back))
        .route("/campaigns/{campaign}/send", gate::readable_form(sending::show, sending::begin))
        .route("/campaigns/{campaign}/recall", action(Right::Prepare, sending::show, sending::recall))
        .route("/campaigns/{campaign}/mail", action(Right::Prepare, sending::show, by_mail::send))
        .route("/campaigns/{campaign}/out", action(Right::Prepare, sending::show, sending::log_out))
        .route("/campaigns/{campaign}/hold", action(Right::Prepare, sending::show, sending::hold_back))
        .route("/campaigns/{campaign}/leave-out", action(Right::Prepare, sending::show, sending::leave_out))
        .route("/campaigns/{campaign}/open", action(Right::Prepare, sending::show, sending::open))
        .route("/campaigns/{campaign}/join", action(Right::Prepare, recipients::list, recipients::join))
        .route("/campaigns/{campaign}/extend", action(Right::Prepare, campaigns::show, campaigns::extend))
        .route("/campaigns/{campaign}/pause", action(Right::Prepare, campaigns::show, campaigns::pause))
        .route("/campaigns/{campaign}/resume", action(Right::Prepare, campaigns::show, campaigns::resume))
        .route("/campaigns/{campaign}/close", action(Right::Prepare, campaigns::show, campaigns::close))
        .route("/campaigns/{campaign}/archive", action(Right::Prepare, campaigns::show, campaigns::archive))
        .route("/campaigns/{campaign}/grid", page(Right::Read, grid::show))
        .route("/campaigns/{campaign}/grid.csv", page(Right::Read, grid::csv))
        .route("/campaigns/{campaign}/grid.json", page(Right::Read, grid::json))
}

fn recipient_pages() -> Router<Arc<App>> {
    let prepare = |submit: gate::Answerer| action(Right::Prepare, recipient::show, submit);
    let lead = |submit: gate::Answerer| action(Right::Lead, recipient::show, submit);
    Router::new()
        .route("/recipients/{recipient}", page(Right::Read, recipient::show))
        .route("/recipients/{recipient}/file.zip", page(Right::Read, request_file::take))
        .route("/recipients/{recipient}/contact", form(Right::Prepare, recipients::ask_contact, recipients::choose_contact))
        .route("/recipients/{recipient}/terms", form(Right::Prepare, recipients::ask_terms, recipients::set_terms))
        .route("/recipients/{recipient}/letter/words", form(Right::Prepare, late_words::show, late_words::write))
        .route("/recipients/{recipient}/letter", gate::readable_form(late_body::ask, late_body::make))
        .route("/recipients/{recipient}/approve", action(Right::Approve, late_body::ask, late_body::approve))
        .route("/recipients/{recipient}/send-back", action(Right::Approve, late_body::ask, late_body::send_back))
        .route("/recipients/{recipient}/anew", action(Right::Prepare, late_body::ask, late_body::anew))
        .route("/recipients/{recipient}/remove", prepare(recipients::remove))
        .route("/recipients/{recipient}/reply", gate::action_with_files(Right::Prepare, recipient::show, recipient::reply))
        .route("/recipients/{recipient}/describe", prepare(recipient::describe))
        .route("/recipients/{recipient}/clarify", prepare(recipient::clarify))
        .route("/recipients/{recipient}/reopen", prepare(recipient::reopen))
        .route("/recipients/{recipient}/link", prepare(recipient::link))
        .route("/recipients/{recipient}/extend", prepare(recipient::extend))
        .route("/recipients/{recipient}/delivery", prepare(recipient::delivery))
        .route("/recipients/{recipient}/let-go", prepare(sending::let_go))
        .route("/recipients/{recipient}/notice", form(Right::Prepare, silences::ask_notice, silences::notify))
        .route("/recipients/{recipient}/notice/mail", action(Right::Prepare, silences::ask_notice, silences::mail))
        .route("/recipients/{recipient}/contest", prepare(silences::contest))
        .route("/recipients/{recipient}/settle", lead(silences::settle))
        .route("/recipients/{recipient}/list", page(Right::Read, silences::ask_to_list))
        .route("/recipients/{recipient}/list", action(Right::Approve, silences::ask_to_list, silences::list))
        .route("/recipients/{recipient}/delist", lead(silences::delist))
}

fn reading_pages() -> Router<Arc<App>> {
    let of_book = |submit: gate::Answerer| action(Right::Prepare, reading::codebook::show, submit);
    let of_document = |submit: gate::Answerer| action(Right::Prepare, reading::coding::show, submit);
    let of_round = |submit: gate::Answerer| action(Right::Prepare, reading::round::show, submit);
    Router::new()
        .route("/reading", page(Right::Read, reading::show))
        .route("/reading/codebook", page(Right::Read, reading::codebook::show))
        .route("/reading/codebook/issue", of_book(reading::codebook::issue))
        .route("/reading/codebook/codes", of_book(reading::codebook::enter_code))
        .route("/reading/codebook/codes/{code}", gate::readable_form(reading::entry::code, reading::entry::change_code))
        .route("/reading/codebook/codes/{code}/retire", action(Right::Prepare, reading::entry::code, reading::entry::retire_code))
        .route("/reading/codebook/fields", of_book(reading::codebook::enter_field))
        .route("/reading/codebook/fields/{field}", gate::readable_form(reading::entry::field, reading::entry::change_field))
        .route("/reading/codebook/fields/{field}/retire", action(Right::Prepare, reading::entry::field, reading::entry::retire_field))
        .route("/reading/codebook/start/{starter}", of_book(reading::codebook::take))
        .route("/reading/codebook/import", gate::action_with_files(Right::Prepare, reading::codebook::show, reading::exchange::take_in))
        .route("/reading/codebook.qdc", page(Right::Read, reading::exchange::codebook))
        .route("/reading/reading.qdpx", page(Right::Prepare, reading::exchange::project))
        .route("/reading/rounds", page(Right::Read, reading::rounds::list))
        .route("/reading/rounds/new", form(Right::Prepare, reading::rounds::new, reading::rounds::begin))
        .route("/reading/rounds/{round}", page(Right::Read, reading::round::show))
        .route("/reading/rounds/{round}/agreement.csv", page(Right::Read, reading::round::csv))
        .route("/reading/rounds/{round}/decide", of_round(reading::round::decide))
        .route("/reading/rounds/{round}/settle", of_round(reading::round::settle))
        .route("/reading/rounds/{round}/give-up", of_round(reading::round::give_up))
        .route("/documents/{document}/coding", gate::readable_form(reading::coding::show, reading::coding::code))
        .route("/documents/{document}/coding/{coding}/remove", of_document(reading::coding::remove))
        .route("/documents/{document}/suggestion", of_document(reading::coding::answer_suggestion))
        .route("/documents/{document}/read", of_document(reading::coding::mark_read))
        .route("/documents/{document}/fields/{field}", of_document(reading::coding::write_down))
        .route("/documents/{document}/finish/{round}", of_document(reading::coding::finish))
        .route("/campaigns/{campaign}/comparison", page(Right::Read, reading::comparison::show))
        .route("/campaigns/{campaign}/comparison.csv", page(Right::Read, reading::comparison::csv))
        .route("/recipients/{recipient}/reading", page(Right::Read, reading::comparison::area))
}

fn answer_pages() -> Router<Arc<App>> {
    let prepare = |submit: gate::Answerer| action(Right::Prepare, documents::show, submit);
    let approve = |submit: gate::Answerer| action(Right::Approve, documents::show, submit);
    Router::new()
        .route("/messages", page(Right::Read, messages::list))
        .route("/messages", gate::action_with_files(Right::Prepare, messages::list, messages::log))
        .route("/messages/take", gate::form_with_files(Right::Prepare, intake::show, intake::submit))
        .route("/messages/mailbox", action(Right::Prepare, messages::list, mailbox::read_now))
        .route("/messages/doubt", page(Right::Read, doubt::list))
        .route("/messages/doubt/{key}/went", action(Right::Prepare, doubt::list, doubt::went))
        .route("/messages/doubt/{key}/lost", action(Right::Prepare, doubt::list, doubt::lost))
        .route("/messages/doubt/{key}/again", action(Right::Prepare, doubt::list, doubt::again))
        .route("/messages/{message}", page(Right::Read, messages::show))
        .route("/messages/{message}/original", page(Right::Read, messages::original))
        .route("/messages/{message}/confirm", action(Right::Prepare, messages::show, said::confirm))
        .route("/messages/{message}/place", action(Right::Prepare, messages::show, messages::place))
        .route("/messages/{message}/hold", action(Right::Prepare, messages::show, holding::hold_message))
        .route("/messages/{message}/release", action(Right::Approve, messages::show, holding::release_message))
        .route("/messages/{message}/destroy", action(Right::Approve, messages::show, destroying::destroy_message))
        .route("/messages/{message}/certificate", page(Right::Read, destroying::certificate_of_message))
        .route("/messages/{message}/nothing", action(Right::Prepare, messages::show, messages::changes_nothing))
        .route("/messages/{message}/asks", form(Right::Prepare, stands::of_message, stands::say_of_message))
        .route("/messages/{message}/set-aside", action(Right::Prepare, messages::show, messages::set_aside))
        .route("/documents", page(Right::Read, documents::list))
        .route("/documents/{document}", page(Right::Read, documents::show))
        .route("/documents/{document}/original", page(Right::Read, documents::original))
        .route("/documents/{document}/words", page(Right::Read, words::show))
        .route("/search", page(Right::Read, search::show))
        .route("/search.csv", page(Right::Read, search::csv))
        .route("/search/terms", page(Right::Read, search_terms::show))
        .route("/search/terms.csv", page(Right::Read, search_terms::csv))
        .route("/documents/{document}/describe", prepare(documents::describe))
        .route("/documents/{document}/assign", prepare(documents::assign))
        .route("/documents/{document}/asks", form(Right::Prepare, stands::of_document, stands::say_of_document))
        .route("/documents/{document}/permit", prepare(publication::permit))
        .route("/documents/{document}/propose", prepare(publication::propose))
        .route("/documents/{document}/release", approve(documents::release))
        .route("/documents/{document}/hold", prepare(holding::hold_document))
        .route("/documents/{document}/destroy", approve(destroying::destroy_document))
        .route("/documents/{document}/certificate", page(Right::Read, destroying::certificate_of_document))
        .route("/documents/{document}/approve", approve(publication::approve))
        .route("/documents/{document}/send-back", prepare(publication::send_back))
        .route("/documents/{document}/embargo", approve(publication::embargo))
        .route("/documents/{document}/publish", approve(publication::publish))
        .route("/documents/{document}/withdraw", approve(publication::withdraw))
        .route("/documents/{document}/replace", gate::action_with_files(Right::Prepare, documents::show, publication::replace))
        .route("/documents/{document}/rendition", page(Right::Prepare, publication::rendition))
        .route("/documents/{document}/redact", form(Right::Prepare, redact::show, redact::submit))
        .route("/documents/{document}/redacted.html", page(Right::Read, redact::look))
        .route("/documents/{document}/redacted.pdf", page(Right::Read, redact::take_pdf))
        .route("/documents/{document}/correct", approve(publication::correct))
        .route("/publishing", page(Right::Read, public::show))
        .route("/publishing/preview/{which}/{*path}", page(Right::Read, preview::show))
        .route("/publishing/words", action(Right::Approve, public::show, public::clear_words))
        .route("/publishing/pages", page(Right::Read, whole_pages::ask))
        .route("/publishing/pages", action(Right::Approve, whole_pages::ask, whole_pages::approve))
        .route("/publishing/pages.zip", page(Right::Approve, public::take))
        .route("/reminders", gate::readable_form(reminders::show, reminders::propose))
        .route("/reminders/approve", form(Right::Approve, reminders::ask_to_approve, reminders::approve_all))
        .route("/reminders/sent", form(Right::Prepare, reminders::ask_to_send, reminders::send_all))
        .route("/reminders/duties", action(Right::Prepare, reminders::show, reminders::propose_of_duties))
        .route("/reminders/duties/{body}/approve", action(Right::Approve, reminders::show, reminders::approve_of_duties))
        .route("/reminders/duties/{body}/drop", action(Right::Prepare, reminders::show, reminders::drop_of_duties))
        .route("/reminders/duties/{body}/mail", action(Right::Prepare, reminders::show, reminders::mail_of_duties))
        .route("/reminders/duties/{body}/words", form(Right::Prepare, reminders::ask_words_of_duties, reminders::rewrite_of_duties))
        .route("/reminders/duties/{body}/sent", action(Right::Prepare, reminders::show, reminders::sent_of_duties))
        .route("/reminders/{reminder}/words", form(Right::Prepare, reminders::ask_words, reminders::rewrite))
        .route("/reminders/{reminder}/approve", action(Right::Approve, reminders::show, reminders::approve))
        .route("/reminders/{reminder}/drop", action(Right::Prepare, reminders::show, reminders::drop_one))
        .route("/reminders/{reminder}/mail", action(Right::Prepare, reminders::show, reminders::mail))
        .route("/reminders/{reminder}/sent", action(Right::Prepare, reminders::show, reminders::sent))
        .route("/recommendations", page(Right::Read, recommendations::list))
        .route("/recommendations/statement.zip", page(Right::Read, yearly::take))
        .route("/recommendations/new", form(Right::Prepare, recommendations::new, recommendations::enter))
        .route("/recommendations/{recommendation}", page(Right::Read, recommendations::show))
        .route("/recommendations/{recommendation}/correct", form(Right::Prepare, recommendations::ask_to_correct, recommendations::correct))
        .route("/recommendations/{recommendation}/withdraw", action(Right::Prepare, recommendations::show, recommendations::withdraw_whole))
        .route("/recommendations/{recommendation}/lay", action(Right::Prepare, recommendations::show, recommendations::lay))
        .route(
            "/recommendations/{recommendation}/{body}/answer",
            gate::form_with_files(Right::Prepare, recommendations::ask_answer, recommendations::answer),
        )
        .route("/recommendations/{recommendation}/{body}/reopen", action(Right::Prepare, recommendations::show, recommendations::reopen))
        .route("/recommendations/{recommendation}/{body}/withdraw", action(Right::Prepare, recommendations::show, recommendations::withdraw))
}
