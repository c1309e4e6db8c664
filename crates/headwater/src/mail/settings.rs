//! `[mail]` of `headwater.toml`: who writes, and by which servers.
//!
//! Passwords stand in files of their own, named here, so that the settings may be shown to anybody.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::address::{Address, Mailbox};
use crate::problem::{Exit, Problem};
use crate::secret;

/// How the line to a server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a word in the open; without it nothing is said.
    Starttls,
    /// None; only for a server on this computer.
    Plain,
}

impl Security {
    fn name(self) -> &'static str {
        match self {
            Security::Tls => "tls",
            Security::Starttls => "starttls",
            Security::Plain => "plain",
        }
    }
}

/// A mail server and how we sign in there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is kept from others.
    pub security: Security,
    /// Who signs in; nobody where the server does not ask.
    pub user: Option<String>,
    /// The file with the password.
    pub password_file: Option<PathBuf>,
}

impl Server {
    /// The user and the password, if the server asks for them.
    ///
    /// # Errors
    /// The file cannot be read, is empty, or everybody on this computer may read it.
    pub fn sign_in(&self) -> Result<Option<(&str, String)>, Problem> {
        let (Some(user), Some(file)) = (&self.user, &self.password_file) else { return Ok(None) };
        let text = secret::in_file("the password", file)?;
        let password = text.lines().next().unwrap_or("").to_owned();
        if password.is_empty() {
            return Err(Problem::new(format!("there is no password in {}", file.display()))
                .hint("write it on the first line")
                .exit(Exit::Unreadable));
        }
        Ok(Some((user, password)))
    }
}

/// The settings of mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The office, as letters bear it.
    pub office: Mailbox,
    /// Another authority for certificates than those that this computer trusts: the office's own.
    pub ca_file: Option<PathBuf>,
    /// The server that takes letters.
    pub smtp: Option<Server>,
    /// The server that has what came in.
    pub imap: Option<Server>,
    /// The folder there.
    pub folder: String,
    /// How often the application reads it by itself, in minutes; 0 is never.
    pub every_minutes: u32,
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailFile {
    address: String,
    #[serde(default)]
    name: String,
    ca_file: Option<PathBuf>,
    smtp: Option<ServerFile>,
    imap: Option<InboxFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerFile {
    host: String,
    port: Option<u16>,
    security: Option<Security>,
    user: Option<String>,
    password_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InboxFile {
    host: String,
    port: Option<u16>,
    security: Option<Security>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    folder: Option<String>,
    every: Option<u32>,
}

/// How often a mailbox is read where nothing is said, in minutes: an answer waits no longer than a person would let it.
const USUAL_MINUTES: u32 = 5;

/// The longest time between two looks into a mailbox, in minutes: a week.
const LONGEST_MINUTES: u32 = 7 * 24 * 60;

/// The longest part of our own address before the @, so that a token still fits behind it.
const LONGEST_LOCAL: usize = 32;

/// Checks what stands in the file; paths are taken from the folder of the workspace.
///
/// # Errors
/// Names the setting, what stands there and what it takes.
pub fn checked(path: &str, file: MailFile, publisher: Option<&str>) -> Result<Mail, Problem> {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let wrong = |what: String, hint: &str| Problem::new(format!("{path}: {what}")).hint(hint).exit(Exit::Unreadable);
    let address: Address = file.address.trim().parse().map_err(|why| wrong(format!("mail.address: {why}"), "write it as office@vru.example"))?;
    if address.local().len() > LONGEST_LOCAL || address.local().contains('+') {
        return Err(wrong(
            format!("mail.address is \"{address}\""),
            "what stands before the @ has at most 32 letters and no +: each recipient gets an address of its own, office+something@…",
        ));
    }
    let name = if file.name.trim().is_empty() { publisher.unwrap_or_default() } else { &file.name };
    let office = Mailbox::new(name, address).map_err(|problem| wrong(format!("mail.name: {problem}"), "write the office's name on one line"))?;
    let smtp = file.smtp.map(|file| server(path, folder, "mail.smtp", file, [465, 587, 25])).transpose()?;
    let (imap, inbox, every) = match file.imap {
        None => (None, None, None),
        Some(InboxFile { host, port, security, user, password_file, folder: inbox, every }) => {
            let file = ServerFile { host, port, security, user, password_file };
            let imap = server(path, folder, "mail.imap", file, [993, 143, 143])?;
            if imap.user.is_none() {
                return Err(wrong("mail.imap has no user".to_owned(), "a mailbox belongs to somebody: give user and password_file"));
            }
            (Some(imap), inbox, every)
        }
    };
    let inbox = inbox.unwrap_or_else(|| "INBOX".to_owned());
    if inbox.is_empty() || !inbox.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') || inbox.contains(['"', '\\']) {
        return Err(wrong(
            format!("mail.imap.folder is \"{}\"", inbox.escape_debug()),
            "it takes the name of a folder as the server has it, such as INBOX",
        ));
    }
    let every_minutes = every.unwrap_or(USUAL_MINUTES);
    if every_minutes > LONGEST_MINUTES {
        return Err(wrong(format!("mail.imap.every is {every_minutes}"), "it takes minutes, a week at most: 5; 0 reads only when somebody asks"));
    }
    Ok(Mail { office, ca_file: file.ca_file.map(|file| folder.join(file)), smtp, imap, folder: inbox, every_minutes })
}

fn server(path: &str, folder: &Path, key: &str, file: ServerFile, ports: [u16; 3]) -> Result<Server, Problem> {
    let wrong = |what: String, hint: &str| Err(Problem::new(format!("{path}: {key}{what}")).hint(hint).exit(Exit::Unreadable));
    let security = file.security.unwrap_or(Security::Tls);
    let host = file.host.trim();
    if host.is_empty() || !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte)) {
        return wrong(format!(".host is \"{}\"", host.escape_debug()), "it takes the name of a server, such as smtp.office.example");
    }
    if security == Security::Plain && !secret::is_here(host) {
        return wrong(
            format!(".security is \"plain\", and {host} is another computer"),
            "use \"tls\" or \"starttls\": letters and passwords could be read on the way",
        );
    }
    if file.user.is_some() != file.password_file.is_some() {
        return wrong(" has only one of user and password_file".to_owned(), "give both, or neither if the server does not ask");
    }
    if file.user.as_ref().is_some_and(|user| user.is_empty() || user.chars().any(char::is_control)) {
        return wrong(".user is empty or holds a control character".to_owned(), "write the name with which you sign in there");
    }
    let port = file.port.unwrap_or(
        ports[match security {
            Security::Tls => 0,
            Security::Starttls => 1,
            Security::Plain => 2,
        }],
    );
    Ok(Server { host: host.to_owned(), port, security, user: file.user, password_file: file.password_file.map(|file| folder.join(file)) })
}

impl Mail {
    /// An office that has an address and no server.
    pub fn without_servers(office: Mailbox) -> Self {
        Self { office, ca_file: None, smtp: None, imap: None, folder: "INBOX".to_owned(), every_minutes: USUAL_MINUTES }
    }

    /// Every setting with its value as TOML; of a password only the file that holds it.
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let path = |path: &Path| quoted(&path.display().to_string());
        let mut shown = vec![("mail.address", quoted(self.office.address().as_str())), ("mail.name", quoted(self.office.name()))];
        shown.extend(self.ca_file.iter().map(|file| ("mail.ca_file", path(file))));
        const SMTP: [&str; 5] = ["mail.smtp.host", "mail.smtp.port", "mail.smtp.security", "mail.smtp.user", "mail.smtp.password_file"];
        const IMAP: [&str; 5] = ["mail.imap.host", "mail.imap.port", "mail.imap.security", "mail.imap.user", "mail.imap.password_file"];
        for (server, names) in [(&self.smtp, SMTP), (&self.imap, IMAP)] {
            let Some(server) = server else { continue };
            shown.extend([(names[0], quoted(&server.host)), (names[1], server.port.to_string()), (names[2], quoted(server.security.name()))]);
            shown.extend(server.user.iter().map(|user| (names[3], quoted(user))));
            shown.extend(server.password_file.iter().map(|file| (names[4], path(file))));
        }
        if self.imap.is_some() {
            shown.push(("mail.imap.folder", quoted(&self.folder)));
            shown.push(("mail.imap.every", self.every_minutes.to_string()));
        }
        shown
    }
}
