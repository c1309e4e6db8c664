//! Sessions: a random number in a cookie, and a record beside the log that says who it is.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum_login::{AuthUser, AuthnBackend, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore, cookie::SameSite};

use super::access::Role;
use super::{App, account};
use crate::problem::Problem;
use crate::store::records::Put;

const SESSION: &str = "session";

/// Keys under which a session keeps when it began, when it was last used, whose it is and in what browser.
pub const BEGAN: &str = "began";
pub const SEEN: &str = "seen";
pub const PERSON: &str = "person";
pub const BROWSER: &str = "browser";

/// Minutes without a page after which a person must sign in again.
const IDLE_MINUTES: i64 = 60;

/// Hours after which they must in any case.
pub const LONGEST_HOURS: i64 = 12;

/// The store of sessions: records of kind `session`, named by the SHA-256 of what the cookie holds.
#[derive(Clone)]
pub struct Sessions(pub Arc<App>);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    data: HashMap<String, serde_json::Value>,
    until: i64,
}

/// The layer that gives every request its session.
pub fn layer(app: &Arc<App>) -> SessionManagerLayer<Sessions> {
    // A browser sends a cookie of this name over TLS only, and for this host only.
    let name = if app.is_secure() { "__Host-headwater" } else { "headwater" };
    SessionManagerLayer::new(Sessions(Arc::clone(app)))
        .with_name(name)
        .with_secure(app.is_secure())
        .with_http_only(true)
        // Strict would sign people out who follow a link from their mail.
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(tower_sessions::cookie::time::Duration::minutes(IDLE_MINUTES)))
}

/// Does what blocks on a thread that may.
async fn away<T: Send + 'static>(app: &Arc<App>, work: impl FnOnce(&App) -> std::result::Result<T, Problem> + Send + 'static) -> Result<T> {
    let app = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || work(&app)).await.map_err(|error| Error::Backend(error.to_string()))?;
    done.map_err(|problem| Error::Backend(problem.to_string()))
}

/// What is kept of the number of a session.
pub fn key(id: &Id) -> String {
    account::kept_of(&id.to_string())
}

fn body(record: &Record) -> Result<String> {
    let kept = Kept { data: record.data.clone(), until: record.expiry_date.unix_timestamp() };
    serde_json::to_string(&kept).map_err(|error| Error::Encode(error.to_string()))
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let (key, body) = (key(&record.id), body(record)?);
            if let Put::Kept(_) = away(&self.0, move |app| app.ws.records().put(SESSION, &key, 0, &body)).await? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (key, body) = (key(&record.id), body(record)?);
        away(&self.0, move |app| {
            // Two requests of one person may save at once; what a session holds is small and the later one wins. One that was
            // ended meanwhile stays ended.
            while let Some(before) = app.ws.records().get(SESSION, &key)? {
                if let Put::Kept(_) = app.ws.records().put(SESSION, &key, before.version, &body)? {
                    break;
                }
            }
            Ok(())
        })
        .await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let key = key(id);
        let Some(record) = away(&self.0, move |app| app.ws.records().get(SESSION, &key)).await? else { return Ok(None) };
        let kept: Kept = serde_json::from_str(&record.body).map_err(|error| Error::Decode(error.to_string()))?;
        let until = OffsetDateTime::from_unix_timestamp(kept.until).map_err(|error| Error::Decode(error.to_string()))?;
        Ok((kept.until > Timestamp::now().as_second()).then_some(Record { id: *id, data: kept.data, expiry_date: until }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let key = key(id);
        away(&self.0, move |app| app.ws.records().erase(SESSION, &key)).await.map(|_| ())
    }
}

/// A session that is open.
pub struct Open {
    /// What is kept of its number.
    pub key: String,
    /// The browser, in general words.
    pub browser: String,
    /// When it began.
    pub began: Timestamp,
    /// When it was last used, to five minutes.
    pub seen: Timestamp,
}

/// The open sessions of a person, the newest first.
///
/// # Errors
/// The records cannot be read.
pub fn of(app: &App, person: &str, at: Timestamp) -> std::result::Result<Vec<Open>, Problem> {
    let mut found = Vec::new();
    for record in app.ws.records().all(SESSION)? {
        let Ok(kept) = serde_json::from_str::<Kept>(&record.body) else { continue };
        let text = |name: &str| kept.data.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let moment = |name: &str| kept.data.get(name).and_then(|value| value.as_i64()).and_then(|seconds| Timestamp::from_second(seconds).ok());
        let began = moment(BEGAN).unwrap_or_default();
        let is_open = at.as_second() < kept.until && at.as_second() - began.as_second() <= LONGEST_HOURS * 3600;
        if text(PERSON) == person && is_open {
            found.push(Open { key: record.id.clone(), browser: text(BROWSER).to_owned(), began, seen: moment(SEEN).unwrap_or_default() });
        }
    }
    found.sort_by(|a, b| (b.began, &b.key).cmp(&(a.began, &a.key)));
    Ok(found)
}

/// Ends a session, and says whether there was one.
///
/// # Errors
/// The record cannot be erased.
pub fn end(app: &App, key: &str) -> std::result::Result<bool, Problem> {
    app.ws.records().erase(SESSION, key)
}

/// Ends all sessions of a person, and says how many there were.
///
/// # Errors
/// The records cannot be read or erased.
pub fn end_all(app: &App, person: &str, at: Timestamp) -> std::result::Result<usize, Problem> {
    let mut n_ended = 0;
    for open in of(app, person, at)? {
        n_ended += usize::from(end(app, &open.key)?);
    }
    Ok(n_ended)
}

/// A browser in general words, from what it says of itself: enough to know one's own, too little to know anybody else's.
pub fn browser(agent: &str) -> String {
    let first = |of: &[(&str, &'static str)]| of.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, words)| *words);
    // Each of them claims to be those below it.
    let name = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        (None, Some(system)) => format!("a browser on {system}"),
        (None, None) => "a browser".to_owned(),
    }
}

/// Erases sessions that are over.
///
/// # Errors
/// The records cannot be read or erased.
pub fn sweep(app: &App, at: Timestamp) -> std::result::Result<(), Problem> {
    for record in app.ws.records().all(SESSION)? {
        let over = serde_json::from_str::<Kept>(&record.body).map_or(true, |kept| kept.until <= at.as_second());
        if over {
            app.ws.records().erase(SESSION, &record.id)?;
        }
    }
    Ok(())
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Who {
    /// The id of the person.
    pub id: String,
    /// What they may do.
    pub role: Role,
    seal: Vec<u8>,
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.id, self.role.words())
    }
}

impl AuthUser for Who {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.seal
    }
}

/// The person who signs in: whoever makes one has looked at the password and the code.
pub struct SignIn(pub String);

/// Who people are, for axum-login.
#[derive(Clone)]
pub struct Accounts(pub Arc<App>);

impl AuthnBackend for Accounts {
    type User = Who;
    type Credentials = SignIn;
    type Error = Problem;

    async fn authenticate(&self, given: SignIn) -> std::result::Result<Option<Who>, Problem> {
        let app = Arc::clone(&self.0);
        let found = tokio::task::spawn_blocking(move || who(&app, &given.0));
        found.await.map_err(|error| Problem::while_doing("signing in", error))?
    }

    async fn get_user(&self, id: &UserId<Self>) -> std::result::Result<Option<Who>, Problem> {
        let (app, id) = (Arc::clone(&self.0), id.clone());
        tokio::task::spawn_blocking(move || who(&app, &id)).await.map_err(|error| Problem::while_doing("looking up an account", error))?
    }
}

/// The person of an account that is open.
///
/// # Errors
/// The record cannot be read.
pub fn who(app: &App, id: &str) -> std::result::Result<Option<Who>, Problem> {
    let account = account::get(&app.ws, id)?.map(|(account, _)| account).filter(|account| !account.closed);
    Ok(account.filter(|account| !account.invented || app.is_local()).map(|account| Who {
        id: id.to_owned(),
        role: account.role,
        seal: account.seal(),
    }))
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_told_in_general_words() {
        for (agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
            ("curl/8.0 <script>", "a browser"),
        ] {
            assert_eq!(browser(agent), words);
        }
    }
}
