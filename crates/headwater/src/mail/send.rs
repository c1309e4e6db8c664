//! One message to an SMTP server, and what the server said.
//!
//! What matters is the moment after which nobody can say whether the message went: from the line that ends it until the
//! server's answer. A failure before is a refusal for now; a failure after has no answer (decision 0012).

use std::path::Path;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension};

use super::address::Address;
use super::cleaned;
use super::connection::PATIENCE;
use super::settings::{Security, Server};
use crate::problem::{Exit, Problem};

/// How long a server may think about a whole message (RFC 5321, 4.5.3.2.6).
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(600);

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The server took it, and is answerable for it from now on.
    Accepted,
    /// The server did not take it.
    Refused {
        /// Whether it never will.
        for_good: bool,
        /// Whether it was the recipient's address.
        of_address: bool,
        /// Its three digits, if it gave any.
        code: Option<u16>,
        /// Its words.
        words: String,
    },
    /// The whole message was given, and no answer came.
    Silence {
        /// What went wrong.
        words: String,
    },
}

/// Who takes messages.
pub trait Postbox {
    /// Hands one message over.
    fn hand_over(&mut self, from: &Address, to: &Address, message: &[u8]) -> Answer;
}

/// A server, connected and signed in to.
pub struct Smtp<'a> {
    server: &'a Server,
    ca_file: Option<&'a Path>,
    connection: SmtpConnection,
}

/// What a server offers, for `mail check`.
#[derive(Debug)]
pub struct Offer {
    /// The name it gives itself.
    pub name: String,
    /// Whether the line is sealed.
    pub is_sealed: bool,
    /// Whether we are signed in.
    pub is_signed_in: bool,
    /// Extensions that matter.
    pub extensions: Vec<String>,
}

impl<'a> Smtp<'a> {
    /// Connects and signs in.
    ///
    /// # Errors
    /// Says at which step, in the server's words.
    pub fn connect(server: &'a Server, ca_file: Option<&'a Path>) -> Result<Self, Problem> {
        Ok(Self { server, ca_file, connection: connect(server, ca_file)? })
    }

    /// What the server offers.
    pub fn offer(&self) -> Offer {
        let info = self.connection.server_info();
        let known = [Extension::EightBitMime, Extension::SmtpUtfEight, Extension::StartTls];
        let mechanisms =
            [Mechanism::Plain, Mechanism::Login].into_iter().filter(|it| info.supports_auth_mechanism(*it)).map(|it| format!("AUTH {it}"));
        Offer {
            name: cleaned(info.name()),
            is_sealed: self.connection.is_encrypted(),
            is_signed_in: self.server.user.is_some(),
            extensions: known.into_iter().filter(|it| info.supports_feature(*it)).map(|it| it.to_string()).chain(mechanisms).collect(),
        }
    }

    /// Takes leave.
    pub fn quit(mut self) {
        // The server may have gone first; all is said already.
        let _ = self.connection.quit();
    }
}

fn connect(server: &Server, ca_file: Option<&Path>) -> Result<SmtpConnection, Problem> {
    let place = format!("{}, port {}", server.host, server.port);
    let failed = |doing: &str, error: &dyn std::fmt::Display| Problem::new(format!("{doing} {place}: {}", cleaned(&error.to_string())));
    let hello = ClientId::default();
    let tls = match server.security {
        Security::Plain => None,
        Security::Tls | Security::Starttls => {
            let mut tls = TlsParameters::builder(server.host.clone());
            if let Some(file) = ca_file {
                for certificate in crate::secret::own_authority(file)? {
                    let own = Certificate::from_der(certificate.to_vec()).map_err(|error| failed("preparing TLS to", &error))?;
                    tls = tls.add_root_certificate(own);
                }
            }
            Some(tls.build_rustls().map_err(|error| failed("preparing TLS to", &error))?)
        }
    };
    let at_once = tls.as_ref().filter(|_| server.security == Security::Tls);
    let mut connection = SmtpConnection::connect((server.host.as_str(), server.port), Some(PATIENCE), &hello, at_once, None)
        .map_err(|error| failed("connecting to", &error).hint("look at host, port and security in [mail.smtp], and at the firewall"))?;
    if let (Security::Starttls, Some(tls)) = (server.security, &tls) {
        connection.starttls(tls, &hello).map_err(|error| {
            failed("making the line secure to", &error).hint("nothing was said in the open; use security = \"tls\" if the server has it")
        })?;
    }
    if let Some((user, password)) = server.sign_in()? {
        connection
            .auth(&[Mechanism::Plain, Mechanism::Login], &Credentials::new(user.to_owned(), password))
            .map_err(|error| failed("signing in to", &error).hint("look at user and password_file in [mail.smtp]").exit(Exit::NotPermitted))?;
    }
    Ok(connection)
}

/// A chunk of a message, small enough that a dead line is noticed before the end.
const CHUNK: usize = 64 * 1024;

impl Postbox for Smtp<'_> {
    fn hand_over(&mut self, from: &Address, to: &Address, message: &[u8]) -> Answer {
        let refused = |for_good, of_address, error: &lettre::transport::smtp::Error| Answer::Refused {
            for_good: for_good && error.is_permanent(),
            of_address,
            code: error.status().map(u16::from),
            words: cleaned(&error.to_string()),
        };
        if self.connection.has_broken() || !self.connection.test_connected() {
            match connect(self.server, self.ca_file) {
                Ok(connection) => self.connection = connection,
                Err(problem) => return Answer::Refused { for_good: false, of_address: false, code: None, words: problem.to_string() },
            }
        }
        let parsed = |address: &Address| lettre::Address::new(address.local(), address.domain());
        let (Ok(sender), Ok(recipient)) = (parsed(from), parsed(to)) else {
            return Answer::Refused { for_good: true, of_address: parsed(to).is_err(), code: None, words: "the address is none".to_owned() };
        };
        // That our own address is refused is ours to mend: the message may go afterwards.
        if let Err(error) = self.connection.command(Mail::new(Some(sender), vec![])) {
            self.begin_anew();
            return refused(false, false, &error);
        }
        if let Err(error) = self.connection.command(Rcpt::new(recipient, vec![])) {
            self.begin_anew();
            return refused(true, true, &error);
        }
        if let Err(error) = self.connection.command(Data) {
            self.begin_anew();
            return refused(true, false, &error);
        }
        // The end of the message brings a line break of its own.
        let body = message.strip_suffix(b"\r\n").unwrap_or(message);
        let _ = self.connection.set_timeout(Some(PATIENCE_AT_THE_END));
        let mut all_is_given = false;
        let chunks = body.chunks(CHUNK).map(Some).chain(std::iter::once_with(|| {
            all_is_given = true;
            None
        }));
        let said = self.connection.message_iter(chunks.map(Option::unwrap_or_default));
        let _ = self.connection.set_timeout(Some(PATIENCE));
        match said {
            Ok(_) => Answer::Accepted,
            Err(error) if error.status().is_some() => {
                self.begin_anew();
                refused(true, false, &error)
            }
            Err(error) => {
                self.connection.abort();
                let words = cleaned(&error.to_string());
                if all_is_given { Answer::Silence { words } } else { Answer::Refused { for_good: false, of_address: false, code: None, words } }
            }
        }
    }
}

impl Smtp<'_> {
    /// After a refusal the server forgets the message; one that cannot is left.
    fn begin_anew(&mut self) {
        if self.connection.command(Rset).is_err() {
            self.connection.abort();
        }
    }
}
