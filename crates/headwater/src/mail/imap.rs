//! The six things we say to an IMAP server: sign in, open a folder for reading only, list, read, take leave.
//!
//! The folder is opened with EXAMINE and read with BODY.PEEK: no flag of it changes, not even "read". What the server says
//! is read by imap-proto; everything has a limit.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::path::Path;

mod answers;

use headwater_prevention::exchange::moment::Day;
use imap_proto::{AttributeValue, Capability, MailboxDatum, Response, ResponseCode, Status};

use self::answers::Answers;
pub use self::answers::LARGEST;
use super::cleaned;
use super::connection::{self, Line};
use super::settings::{Security, Server};
use crate::problem::{Exit, Problem};

/// A folder, as it was opened.
pub struct Folder {
    /// Changes when the server has numbered its messages anew.
    pub uid_validity: u32,
}

/// A message in the list of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub uid: u32,
    /// Its size.
    pub n_bytes: u32,
    /// The day on which the server got it, as the server has it.
    pub came: Option<Day>,
}

/// "17-Jul-1996 02:44:25 -0700" as a day.
fn day_of(text: &str) -> Option<Day> {
    let date = text.trim().split(' ').next()?;
    jiff::civil::Date::strptime("%d-%b-%Y", date).ok()?.to_string().parse().ok()
}

/// A server, signed in to.
pub struct Imap {
    line: Line,
    host: String,
    /// What it said that is not yet used.
    answers: Answers,
    n_commands: u32,
    /// What the server said that it can do, once we were signed in.
    pub capabilities: Vec<String>,
}

impl Imap {
    /// Connects and signs in.
    ///
    /// # Errors
    /// Says at which step, in the server's words.
    pub fn connect(server: &Server, ca_file: Option<&Path>) -> Result<Self, Problem> {
        let mut line = Line::open(server)?;
        if server.security == Security::Tls {
            line = line.seal(&server.host, connection::tls(ca_file)?)?;
        }
        let mut imap = Self { line, host: server.host.clone(), answers: Answers::default(), n_commands: 0, capabilities: Vec::new() };
        let greeting = imap.response()?;
        if !matches!(greeting, Response::Data { status: Status::Ok, .. }) {
            return Err(imap.odd("does not greet us as a server for mailboxes does"));
        }
        if server.security == Security::Starttls {
            imap.command("STARTTLS", &[])?;
            // Whatever was slipped in behind the answer was said in the open, by whoever.
            if !imap.answers.is_used_up() {
                return Err(imap.odd("said more than it should before the line was secure"));
            }
            let Self { line, host, n_commands, .. } = imap;
            let line = line.seal(&host, connection::tls(ca_file)?)?;
            imap = Self { line, host, answers: Answers::default(), n_commands, capabilities: Vec::new() };
        }
        if let Some((user, password)) = server.sign_in()? {
            imap.command("LOGIN", &[user.as_bytes(), password.as_bytes()])
                .map_err(|problem| problem.hint("look at user and password_file in [mail.imap]").exit(Exit::NotPermitted))?;
        }
        for response in imap.command("CAPABILITY", &[])? {
            if let Response::Capabilities(list) = response {
                imap.capabilities = list
                    .iter()
                    .map(|it| match it {
                        Capability::Imap4rev1 => "IMAP4rev1".to_owned(),
                        Capability::Auth(how) => format!("AUTH={}", cleaned(how)),
                        Capability::Atom(name) => cleaned(name),
                    })
                    .collect();
            }
        }
        Ok(imap)
    }

    /// Opens a folder for reading only.
    ///
    /// # Errors
    /// There is none of that name, or its messages have no lasting numbers.
    pub fn examine(&mut self, folder: &str) -> Result<Folder, Problem> {
        let said = self.command(&format!("EXAMINE \"{folder}\""), &[]).map_err(|problem| problem.hint("look at folder in [mail.imap]"))?;
        let validity = said.iter().find_map(|response| match response {
            Response::Data { outcome, .. } => match outcome.code {
                Some(ResponseCode::UidValidity(number)) => Some(number),
                _ => None,
            },
            _ => None,
        });
        let uid_validity = validity.ok_or_else(|| self.odd("gives its messages no lasting numbers (UIDVALIDITY)"))?;
        Ok(Folder { uid_validity })
    }

    /// The messages after a number, in order.
    ///
    /// # Errors
    /// The server does not say.
    pub fn after(&mut self, uid: u32) -> Result<Vec<Listed>, Problem> {
        let Some(first) = uid.checked_add(1) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for response in self.command(&format!("UID FETCH {first}:* (UID RFC822.SIZE INTERNALDATE)"), &[])? {
            let Response::Fetch(_, values) = response else { continue };
            let number = values.iter().find_map(|it| if let AttributeValue::Uid(number) = it { Some(*number) } else { None });
            let size = values.iter().find_map(|it| if let AttributeValue::Rfc822Size(size) = it { Some(*size) } else { None });
            let came = values.iter().find_map(|it| if let AttributeValue::InternalDate(text) = it { day_of(text) } else { None });
            // "first:*" names the last message, too, where there is none after it.
            if let (Some(uid), Some(n_bytes)) = (number, size)
                && uid >= first
            {
                found.push(Listed { uid, n_bytes, came });
            }
        }
        found.sort_unstable_by_key(|it| it.uid);
        found.dedup_by_key(|it| it.uid);
        Ok(found)
    }

    /// The bytes of a message; none if it is gone meanwhile.
    ///
    /// # Errors
    /// The server does not say.
    pub fn read(&mut self, uid: u32) -> Result<Option<Vec<u8>>, Problem> {
        for response in self.command(&format!("UID FETCH {uid} (UID BODY.PEEK[])"), &[])? {
            let Response::Fetch(_, values) = response else { continue };
            let is_it = values.iter().any(|it| matches!(it, AttributeValue::Uid(number) if *number == uid));
            let bytes = values.into_iter().find_map(|it| match it {
                AttributeValue::BodySection { section: None, data: Some(data), .. } => Some(Cow::into_owned(data)),
                _ => None,
            });
            if let (true, Some(bytes)) = (is_it, bytes) {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// Takes leave.
    pub fn quit(mut self) {
        // The server may have gone first; all is said already.
        let _ = self.command("LOGOUT", &[]);
    }

    /// How many messages a folder holds, for `mail check`.
    ///
    /// # Errors
    /// As [`examine`](Self::examine).
    pub fn count(&mut self, folder: &str) -> Result<u32, Problem> {
        let said = self.command(&format!("EXAMINE \"{folder}\""), &[]).map_err(|problem| problem.hint("look at folder in [mail.imap]"))?;
        let exists = said.iter().find_map(|it| if let Response::MailboxData(MailboxDatum::Exists(n)) = it { Some(*n) } else { None });
        exists.ok_or_else(|| self.odd("does not say how many messages there are"))
    }

    /// Gives a command, its arguments as literals so that they may hold any byte, and waits for its end.
    fn command(&mut self, words: &str, arguments: &[&[u8]]) -> Result<Vec<Response<'static>>, Problem> {
        self.n_commands += 1;
        let tag = format!("H{}", self.n_commands);
        let name = words.split(' ').next().unwrap_or(words);
        let mut said = Vec::new();
        let mut text = format!("{tag} {words}").into_bytes();
        for argument in arguments {
            text.extend(format!(" {{{}}}\r\n", argument.len()).into_bytes());
            self.say(&text)?;
            loop {
                match self.response()? {
                    Response::Continue(_) => break,
                    Response::Done { outcome, .. } => return Err(self.refused(name, outcome.information.as_deref())),
                    other => said.push(other),
                }
            }
            text = argument.to_vec();
        }
        text.extend(b"\r\n");
        self.say(&text)?;
        loop {
            match self.response()? {
                Response::Done { tag: of, status, outcome } if of.0 == tag => {
                    return if status == Status::Ok { Ok(said) } else { Err(self.refused(name, outcome.information.as_deref())) };
                }
                Response::Data { status: Status::Bye, outcome } if name != "LOGOUT" => return Err(self.refused(name, outcome.information.as_deref())),
                other => said.push(other),
            }
        }
    }

    fn refused(&self, name: &str, words: Option<&str>) -> Problem {
        Problem::new(format!("{} refuses {name}: {}", self.host, cleaned(words.unwrap_or("it does not say why"))))
    }

    fn odd(&self, what: &str) -> Problem {
        Problem::new(format!("{} {what}", self.host)).hint("look at host, port and security in [mail.imap]").exit(Exit::Unreadable)
    }

    fn say(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.line.write_all(bytes).and_then(|()| self.line.flush()).map_err(|error| Problem::while_doing(format!("speaking to {}", self.host), error))
    }

    /// The next thing that the server says.
    fn response(&mut self) -> Result<Response<'static>, Problem> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match self.answers.next() {
                Ok(Some(response)) => return Ok(response),
                Ok(None) => {}
                Err(what) => return Err(self.odd(what)),
            }
            match self.line.read(&mut buffer) {
                Ok(0) => return Err(self.odd("hung up")),
                Ok(n) => self.answers.hear(&buffer[..n]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Problem::while_doing(format!("listening to {}", self.host), error)),
            }
        }
    }
}
