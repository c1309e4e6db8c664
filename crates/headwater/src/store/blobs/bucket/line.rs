//! The line to the storage: one request, signed, and again where it may be asked again.
//!
//! Every request of this program may be asked again: an object is always put with the bytes of which its name is the hash.
//! So a line that was cut, a server that failed or had too much to do is tried some times, after pauses that grow; what
//! storage refuses with a reason is not.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use ureq::http::{Request, Response};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, SendBody};

use super::answer::Element;
use super::keys;
use super::signature::{self, Signed};
use crate::problem::{Exit, Problem};
use crate::secret;
use crate::store::blobs::hex;
use crate::store::blobs::settings::BucketAddress;

/// The longest answer in XML that is read: a list of 1,000 names has some 400 kB.
const LONGEST_ANSWER: u64 = 8 << 20;

/// The longest that storage may ask us to wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How patient the line is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long a line may take to be made.
    pub connect: Duration,
    /// How long nothing may come or go on it.
    pub silence: Duration,
    /// How often one request is tried.
    pub n_attempts: u32,
    /// The pause after the first failure; each one after is twice as long.
    pub pause: Duration,
    /// After so long no new attempt is begun; but one failure alone is never the end.
    pub in_all: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let (connect, silence) = (Duration::from_secs(10), Duration::from_secs(30));
        Self { connect, silence, n_attempts: 5, pause: Duration::from_millis(200), in_all: Duration::from_secs(90) }
    }
}

/// One request.
#[derive(Default)]
pub struct Order<'a> {
    /// `GET`, `PUT`…
    pub method: &'static str,
    /// The object's whole key; empty for the bucket itself.
    pub key: &'a str,
    /// The query.
    pub query: Vec<(&'static str, String)>,
    /// Headers to sign, names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub body: Sending<'a>,
}

/// What is sent.
#[derive(Default)]
pub enum Sending<'a> {
    /// Nothing.
    #[default]
    Nothing,
    /// A few bytes.
    Bytes(&'a [u8]),
    /// A piece of a file.
    Piece {
        /// The file.
        file: &'a File,
        /// Where the piece begins.
        from: u64,
        /// How long it is.
        n_bytes: u64,
        /// Its SHA-256, 64 hexadecimal digits.
        sha256: &'a str,
    },
}

/// Why a request came to nothing.
#[derive(Debug)]
pub enum Trouble {
    /// The line failed.
    Line(String),
    /// The storage refused or failed.
    Refused {
        /// The status of HTTP.
        status: u16,
        /// Its own word, such as `NoSuchKey`; empty where it gave none.
        code: String,
        /// Where the bucket is, if it says so.
        region: Option<String>,
        /// How long it asks us to wait.
        pause: Option<Duration>,
    },
    /// Something on this computer.
    Here(Problem),
}

impl Trouble {
    /// Whether the storage says that there is no such object.
    pub fn is_missing(&self) -> bool {
        // A request without an answer's body gives no word.
        matches!(self, Trouble::Refused { status: 404, code, .. } if code != "NoSuchBucket")
    }

    /// Whether the storage does not know this kind of request.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Trouble::Refused { status, code, .. } if matches!(status, 405 | 501) || code == "NotImplemented")
    }

    fn passes(&self) -> bool {
        match self {
            Trouble::Line(_) => true,
            Trouble::Refused { status, code, .. } => {
                matches!(status, 408 | 429 | 500 | 502 | 503 | 504) || matches!(code.as_str(), "InternalError" | "SlowDown" | "RequestTimeout")
            }
            Trouble::Here(_) => false,
        }
    }
}

/// The line.
pub struct Line {
    agent: Agent,
    address: BucketAddress,
    patience: Patience,
}

impl Line {
    /// Prepares it; nothing is sent yet.
    ///
    /// # Errors
    /// There is no authority for certificates to trust.
    pub fn to(address: &BucketAddress, patience: Patience) -> Result<Self, Problem> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("headwater/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections_per_host(super::AT_ONCE)
            .timeout_connect(Some(patience.connect))
            .timeout_per_read(Some(patience.silence))
            .timeout_per_write(Some(patience.silence));
        if address.endpoint.starts_with("https:") {
            let trusted = secret::authorities(address.ca_file.as_deref())?;
            let trusted: Vec<Certificate<'static>> = trusted.iter().map(|it| Certificate::from_der(it).to_owned()).collect();
            let tls = TlsConfig::builder()
                .root_certs(RootCerts::new_with_certs(&trusted))
                .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
            config = config.tls_config(tls.build()).https_only(true);
        } else {
            // Only this computer is spoken to in the open; no proxy stands between.
            config = config.proxy(None);
        }
        Ok(Self { agent: config.build().new_agent(), address: address.clone(), patience })
    }

    /// Where it leads.
    pub fn address(&self) -> &BucketAddress {
        &self.address
    }

    /// Does something that may be asked again until it succeeds, is refused, or patience ends.
    pub fn persistently<T>(&self, mut attempt: impl FnMut() -> Result<T, Trouble>) -> Result<T, Trouble> {
        let begun = Instant::now();
        let mut pause = self.patience.pause;
        for n in 1.. {
            match attempt() {
                Err(trouble) if trouble.passes() && n < self.patience.n_attempts && (n == 1 || begun.elapsed() < self.patience.in_all) => {
                    let asked = if let Trouble::Refused { pause, .. } = &trouble { *pause } else { None };
                    std::thread::sleep(asked.unwrap_or_else(|| spread(pause)).min(LONGEST_PAUSE));
                    pause *= 2;
                }
                done => return done,
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Sends a request once; an answer that says no is trouble.
    pub fn once(&self, order: &Order<'_>) -> Result<Response<ureq::Body>, Trouble> {
        let mut response = self.send(order)?;
        if response.status().is_success() { Ok(response) } else { Err(refusal(&mut response)) }
    }

    /// Sends a request, again where that helps, and reads its answer in XML.
    pub fn ask(&self, order: &Order<'_>) -> Result<Element, Trouble> {
        self.persistently(|| {
            let mut response = self.once(order)?;
            let element = Element::read(&read(&mut response)?).ok_or_else(|| Trouble::Line("it gave an answer that cannot be read".to_owned()))?;
            // What takes long is answered with 200 before it is done.
            if element.is("Error") { Err(refused(200, &element, &response)) } else { Ok(element) }
        })
    }

    /// Sends a request, again where that helps, and gives its headers.
    pub fn tell(&self, order: &Order<'_>) -> Result<ureq::http::HeaderMap, Trouble> {
        self.persistently(|| {
            let mut response = self.once(order)?;
            // A line whose answer was read to its end is used again.
            read(&mut response)?;
            Ok(response.headers().clone())
        })
    }

    fn send(&self, order: &Order<'_>) -> Result<Response<ureq::Body>, Trouble> {
        let BucketAddress { endpoint, host, bucket, region, credentials, .. } = &self.address;
        let keys = keys::read(credentials.as_deref()).map_err(Trouble::Here)?;
        let path = if order.key.is_empty() { format!("/{bucket}") } else { format!("/{bucket}/{}", order.key) };
        let body_sha256 = match &order.body {
            Sending::Nothing => hex(&Sha256::digest(b"")),
            Sending::Bytes(bytes) => hex(&Sha256::digest(bytes)),
            Sending::Piece { sha256, .. } => (*sha256).to_owned(),
        };
        let mut headers = order.headers.clone();
        headers.push(("host", host.clone()));
        let signed = Signed { method: order.method, path: &path, query: &order.query, headers: &headers, body_sha256: &body_sha256 };
        headers.extend(signature::headers(&signed, &keys, region, Timestamp::now()));
        let query = signature::query(&order.query);
        let uri = format!("{endpoint}{path}{}{query}", if query.is_empty() { "" } else { "?" });
        let mut request = Request::builder().method(order.method).uri(uri);
        for (name, value) in &headers {
            request = request.header(*name, value);
        }
        let failed = |error: ureq::Error| Trouble::Line(in_words(&error));
        let here = |error: ureq::http::Error| Trouble::Here(Problem::while_doing("writing a request to the storage", error));
        match &order.body {
            Sending::Nothing if matches!(order.method, "PUT" | "POST") => self.agent.run(request.body(&b""[..]).map_err(here)?).map_err(failed),
            Sending::Nothing => self.agent.run(request.body(()).map_err(here)?).map_err(failed),
            Sending::Bytes(bytes) => self.agent.run(request.body(*bytes).map_err(here)?).map_err(failed),
            Sending::Piece { file, from, n_bytes, .. } => {
                let mut file: &File = file;
                let reading = |error: io::Error| Trouble::Here(Problem::of_files("reading back what is to be kept", &error));
                file.seek(SeekFrom::Start(*from)).map_err(reading)?;
                let mut piece = io::BufReader::with_capacity(1 << 17, file.take(*n_bytes));
                let request = request.header("content-length", n_bytes.to_string());
                self.agent.run(request.body(SendBody::from_reader(&mut piece)).map_err(here)?).map_err(failed)
            }
        }
    }

    /// What a person reads of trouble.
    pub fn problem(&self, doing: &str, trouble: Trouble) -> Problem {
        let BucketAddress { host, bucket, region, .. } = &self.address;
        let doing = format!("{doing} in the bucket {bucket} at {host}");
        let (status, code, there) = match trouble {
            Trouble::Here(problem) => return problem,
            Trouble::Line(what) => {
                return Problem::while_doing(doing, what).hint("try again when the storage answers; nothing that was acknowledged is lost");
            }
            Trouble::Refused { status, code, region, .. } => (status, code, region),
        };
        let word = if code.is_empty() { String::new() } else { format!(" ({code})") };
        let problem = Problem::while_doing(doing, format!("it answered {status}{word}"));
        match (status, code.as_str()) {
            (_, "RequestTimeTooSkewed") => problem.hint("set the clock of this computer: it differs from the storage's by more than it takes"),
            (_, "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "ExpiredToken" | "InvalidToken") => problem
                .hint("the keys are not those of this storage: look at blobs.credentials in headwater.toml, or at the environment")
                .exit(Exit::NotPermitted),
            (_, "NoSuchBucket") => problem.hint("there is no bucket of that name there: make it, or mend blobs.bucket in headwater.toml"),
            (301 | 302 | 307 | 308, _) | (_, "AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException") => {
                let there = there.filter(|there| there != region).map_or_else(|| "another region".to_owned(), |there| format!("the region {there}"));
                problem.hint(format!("the bucket seems to be in {there}: mend blobs.region and blobs.endpoint in headwater.toml"))
            }
            (401 | 403, _) => {
                problem.hint("the keys may not do that: docs/guide/keeping-a-workspace.md lists what they must be allowed").exit(Exit::NotPermitted)
            }
            (500..=599 | 408 | 429, _) => problem.hint("try again later; nothing that was acknowledged is lost"),
            _ => problem.hint("look at [blobs] in headwater.toml: is that S3-compatible storage, and is the bucket yours"),
        }
    }
}

/// A pause between half of it and the whole, so that programs that failed together do not come back together.
fn spread(pause: Duration) -> Duration {
    let mut chance = [0];
    // Without chance all wait the same, which is no harm.
    let _ = getrandom::fill(&mut chance);
    pause / 2 + pause * u32::from(chance[0]) / 510
}

fn read(response: &mut Response<ureq::Body>) -> Result<Vec<u8>, Trouble> {
    response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_vec().map_err(|error| Trouble::Line(in_words(&error)))
}

fn refusal(response: &mut Response<ureq::Body>) -> Trouble {
    let answer = read(response).ok().and_then(|bytes| Element::read(&bytes)).filter(|answer| answer.is("Error")).unwrap_or_default();
    refused(response.status().as_u16(), &answer, response)
}

fn refused(status: u16, answer: &Element, response: &Response<ureq::Body>) -> Trouble {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let is_word = |word: &str| !word.is_empty() && word.len() <= 60 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    // Nothing else of the answer is told to anybody: some storage repeats there what was signed.
    let code = Some(answer.text("Code")).filter(|code| is_word(code)).unwrap_or_default().to_owned();
    let region = header("x-amz-bucket-region").or(Some(answer.text("Region"))).filter(|region| is_word(region)).map(str::to_owned);
    let pause = header("retry-after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    Trouble::Refused { status, code, region, pause }
}

/// What a failure of the line is in words.
pub fn in_words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "it did not answer in time".to_owned(),
        ureq::Error::HostNotFound => "the name has no address".to_owned(),
        ureq::Error::Io(error) => of_io(error),
        error => error.to_string(),
    }
}

/// What a failure of reading from the line is in words.
pub fn of_io(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted => {
            "the line was cut".to_owned()
        }
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "it did not answer in time".to_owned(),
        io::ErrorKind::ConnectionRefused => "nobody answers there".to_owned(),
        _ => error.to_string(),
    }
}
