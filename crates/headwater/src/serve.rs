//! A folder of pages, shown on this computer only.
//!
//! It listens on the loopback address, answers `GET` and `HEAD`, follows no link out of the folder, and forbids pages to
//! load anything from elsewhere. Requests that name another host are refused: a page of the open web cannot read what is
//! shown here by pointing its own name at this computer.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use tokio::net::TcpListener;

use crate::problem::{Exit, Problem};

/// What a page may load: pictures, styles, fonts and scripts that lie beside it; nothing may stand in the page itself. A form
/// may only ask for a page beside it.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Serves a folder on 127.0.0.1 until Ctrl-C; port 0 takes any that is free.
///
/// `ready` is called with the address once it can be reached.
///
/// # Errors
/// There is no such folder, the port is taken, or `ready` fails.
pub fn site(folder: &Path, port: u16, ready: &mut dyn FnMut(SocketAddr) -> Result<(), Problem>) -> Result<(), Problem> {
    let root = fs::canonicalize(folder).ok().filter(|root| root.is_dir()).ok_or_else(|| {
        Problem::new(format!("there is no folder {}", folder.display())).hint("name the folder that holds index.html").exit(Exit::Unreadable)
    })?;
    let starting = |error: std::io::Error| {
        Problem::while_doing(format!("listening on port {port}"), error).hint("name another port with `--port`, or 0 for any that is free")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(starting)?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(starting)?;
        let mut stopped = Box::pin(async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without the signal there is still the terminal's own way to end a program.
                std::future::pending::<()>().await;
            }
        });
        // Asked once, so that Ctrl-C is listened for before anyone is told that the pages are there.
        if std::future::poll_fn(|context| Poll::Ready(stopped.as_mut().poll(context))).await.is_ready() {
            return Ok(());
        }
        ready(listener.local_addr().map_err(starting)?)?;
        let router = Router::new().fallback(answer).with_state(Arc::new(root));
        axum::serve(listener, router).with_graceful_shutdown(stopped).await.map_err(starting)
    })
}

async fn answer(State(root): State<Arc<PathBuf>>, request: Request<Body>) -> Response<Body> {
    let (method, headers, path) = (request.method().clone(), request.headers().clone(), request.uri().path().to_owned());
    let found = tokio::task::spawn_blocking(move || find(&root, &method, &headers, &path)).await;
    let mut response = found.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be read."));
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ] {
        response.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
    }
    response
}

fn find(root: &Path, method: &Method, headers: &HeaderMap, path: &str) -> Response<Body> {
    if !is_this_computer(headers) {
        return plain(StatusCode::MISDIRECTED_REQUEST, "These pages are shown on this computer only.");
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "These pages can only be read.");
        response.headers_mut().insert(ALLOW, axum::http::HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let missing = || plain(StatusCode::NOT_FOUND, "There is no such page.");
    let Some(mut file) = safe_path(root, path) else { return missing() };
    if file.is_dir() {
        if !path.ends_with('/') {
            return redirect(&format!("{path}/"));
        }
        file.push("index.html");
    }
    // A link inside the folder may lead out of it.
    match fs::canonicalize(&file) {
        Ok(real) if real.starts_with(root) && real.is_file() => match fs::read(&real) {
            Ok(bytes) => with_type(StatusCode::OK, content_type(&real), Body::from(bytes)),
            Err(_) => missing(),
        },
        _ => missing(),
    }
}

/// The file a path of an address names, if every part of it is an ordinary name.
fn safe_path(root: &Path, path: &str) -> Option<PathBuf> {
    let mut file = root.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let part = percent_decoded(part)?;
        // A dot begins hidden files and the ways up.
        if part.starts_with('.') || part.contains(['/', '\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    Some(file)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn is_this_computer(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
    matches!(name, "127.0.0.1" | "localhost")
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "atom" => "application/atom+xml",
        "json" => "application/json",
        "jsonld" => "application/ld+json",
        "geojson" => "application/geo+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        _ => "application/octet-stream",
    }
}

fn plain(status: StatusCode, words: &'static str) -> Response<Body> {
    with_type(status, "text/plain; charset=utf-8", Body::from(words))
}

fn with_type(status: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(content_type));
    response
}

fn redirect(to: &str) -> Response<Body> {
    let mut response = plain(StatusCode::PERMANENT_REDIRECT, "See the folder.");
    // Two slashes at the start would name another host.
    if let Ok(to) = axum::http::HeaderValue::from_str(&format!("/{}", to.trim_start_matches('/'))) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ordinary_names_are_paths() {
        let root = Path::new("/pages");
        assert_eq!(safe_path(root, "/a/b%20c.html"), Some(PathBuf::from("/pages/a/b c.html")));
        for path in ["/../x", "/a/%2e%2e/x", "/%2e%2e%2fx", "/a/..%5cx", "/.git/config", "/a%00b", "/c:/x", "/%ff", "/%zz", "/%2"] {
            assert_eq!(safe_path(root, path), None, "{path}");
        }
    }

    #[test]
    fn only_requests_that_name_this_computer_are_answered() {
        let headers = |host: &str| HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
        for host in ["127.0.0.1:8007", "localhost", "localhost:1"] {
            assert!(is_this_computer(&headers(host)), "{host}");
        }
        for host in ["example.org:8007", "localhost.example.org", "127.0.0.1.example.org:80", ""] {
            assert!(!is_this_computer(&headers(host)), "{host}");
        }
        assert!(!is_this_computer(&HeaderMap::new()));
    }

    #[test]
    fn folders_give_their_index_and_links_out_give_nothing() {
        let top = tempfile::tempdir().unwrap();
        let root = top.path().join("site");
        fs::create_dir_all(root.join("crime")).unwrap();
        fs::write(root.join("crime/index.html"), "<p>").unwrap();
        fs::write(top.path().join("secret.txt"), "no").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(top.path().join("secret.txt"), root.join("link.txt")).unwrap();
        let root = fs::canonicalize(&root).unwrap();
        let headers = HeaderMap::from_iter([(HOST, "localhost".parse().unwrap())]);
        let status = |method: Method, path: &str| find(&root, &method, &headers, path).status().as_u16();
        assert_eq!(status(Method::GET, "/crime/"), 200);
        assert_eq!(status(Method::GET, "/crime"), 308);
        assert_eq!(status(Method::GET, "/link.txt"), 404);
        assert_eq!(status(Method::GET, "/"), 404);
        assert_eq!(status(Method::POST, "/crime/"), 405);
        assert_eq!(redirect("//evil.example/").headers()[LOCATION], "/evil.example/");
    }
}
