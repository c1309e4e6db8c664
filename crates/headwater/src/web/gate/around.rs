//! What lies around all pages: who may ask at all and how often, how slowly a form may come, and what browsers must hold to.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, Method, Response, StatusCode};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use governor::clock::DefaultClock;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::answers::failed;
use crate::web::{App, account};

/// What a page may load: the style that lies beside it. No script, no picture from elsewhere, no frame; a form goes here only.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The longest that nothing may come of what was begun.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);

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
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // With no-referrer a browser would call the origin of its own form null.
        (REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page that is shown by itself has a stricter one of its own.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
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
