//! A line to a server, with TLS.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::settings::Server;
use crate::problem::Problem;
use crate::secret;

/// How long a server may take to answer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// TLS as this program speaks it: whom this computer trusts, and an authority of the office's own if one is named.
///
/// # Errors
/// There is nobody to trust.
pub fn tls(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Problem> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(secret::authorities(ca_file)?);
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Problem::while_doing("preparing TLS", error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A line.
pub enum Line {
    /// In the open, to this computer.
    Open(TcpStream),
    /// Kept from others.
    Sealed(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Line {
    /// Connects without TLS.
    ///
    /// # Errors
    /// Nobody answers there.
    pub fn open(server: &Server) -> Result<Self, Problem> {
        let (host, port) = (server.host.as_str(), server.port);
        let failed = |error: io::Error| {
            Problem::while_doing(format!("connecting to {host}, port {port}"), error)
                .hint("look at host and port in headwater.toml, and at the firewall")
        };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (host, port).to_socket_addrs().map_err(failed)? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) => {
                    stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_write_timeout(Some(PATIENCE))).map_err(failed)?;
                    return Ok(Line::Open(stream));
                }
                Err(error) => last = error,
            }
        }
        Err(failed(last))
    }

    /// Seals the line; whatever was read from it in the open must have been used up.
    ///
    /// # Errors
    /// The server's certificate is not what it should be.
    pub fn seal(self, host: &str, config: Arc<ClientConfig>) -> Result<Self, Problem> {
        let Line::Open(mut stream) = self else { return Ok(self) };
        let failed = |error: &dyn std::fmt::Display| {
            Problem::while_doing(format!("making the line to {host} secure"), error)
                .hint("the certificate must bear that name and be signed by somebody whom this computer trusts; name the office's own authority with mail.ca_file")
        };
        let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(&error))?;
        let mut connection = ClientConnection::new(config, name).map_err(|error| failed(&error))?;
        connection.complete_io(&mut stream).map_err(|error| failed(&error))?;
        Ok(Line::Sealed(Box::new(StreamOwned::new(connection, stream))))
    }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Line::Open(stream) => stream.read(buffer),
            Line::Sealed(stream) => stream.read(buffer),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Line::Open(stream) => stream.write(bytes),
            Line::Sealed(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Line::Open(stream) => stream.flush(),
            Line::Sealed(stream) => stream.flush(),
        }
    }
}
