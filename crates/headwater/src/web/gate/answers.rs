//! How an answer leaves: a page, a file to keep, another address, the beginning or the end of a session.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use axum_login::AuthSession;
use tokio_util::io::ReaderStream;

use super::{SAID, TOKEN};
use crate::problem::Problem;
use crate::web::session::{self, Accounts, BEGAN, SEEN, SignIn};
use crate::web::visit::{Answer, Refusal, Reply, Visit};
use crate::web::{account, layout};

/// How much of a file is read at once as it goes out.
const PIECE_BYTES: usize = 1 << 16;

/// Sends an answer, with what is to be kept in the session.
pub async fn leave(visit: &Visit, answer: Answer, auth: &mut AuthSession<Accounts>) -> Response<Body> {
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

/// An answer as it leaves.
pub fn shown(visit: &Visit, answer: Answer) -> Response<Body> {
    match answer {
        Ok(Reply::Page(markup)) => {
            let status = if visit.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], markup.into_string()).into_response()
        }
        Ok(Reply::File(name, kind, bytes)) => file(&name, kind, Body::from(bytes)),
        Ok(Reply::Alone(bytes)) => {
            let mut response = file("", "text/html; charset=utf-8", Body::from(bytes));
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(ALONE));
            response
        }
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

/// What a page that is shown by itself may do: nothing but have a style.
const ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

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

/// The page when a page failed.
pub fn failed() -> Response<Body> {
    (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, "text/html; charset=utf-8")], layout::failed().into_string()).into_response()
}
