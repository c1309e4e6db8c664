//! Secrets that stand in files of their own, and whom this computer trusts.

use std::fs;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::problem::{Exit, Problem};

/// The text of a file that holds a secret, which must not be open to everybody on this computer.
///
/// `what` is the secret in words, such as "the password".
///
/// # Errors
/// The file cannot be read, or everybody on this computer may read it.
pub fn in_file(what: &str, file: &Path) -> Result<String, Problem> {
    let reading = |error: std::io::Error| Problem::of_files(format!("reading {what} in {}", file.display()), &error).exit(Exit::Unreadable);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(file).map_err(reading)?.permissions().mode() & 0o007 != 0 {
            return Err(Problem::new(format!("everybody on this computer may read {what} in {}", file.display()))
                .hint(format!("chmod 600 {}", file.display()))
                .exit(Exit::NotPermitted));
        }
    }
    fs::read_to_string(file).map_err(reading)
}

/// The certificates of an office's own authority.
///
/// # Errors
/// The file cannot be read or holds none.
pub fn own_authority(file: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let bytes = fs::read(file).map_err(|error| Problem::of_files(format!("reading {}", file.display()), &error).exit(Exit::Unreadable))?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok).collect();
    if found.is_empty() {
        return Err(Problem::new(format!("{} holds no certificate", file.display()))
            .hint("it takes PEM: -----BEGIN CERTIFICATE-----")
            .exit(Exit::Unreadable));
    }
    Ok(found)
}

/// The certificates of everybody whom this computer trusts, and of the office's own authority if one is named.
///
/// # Errors
/// There is nobody to trust.
pub fn authorities(ca_file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let mut all = rustls_native_certs::load_native_certs().certs;
    if let Some(file) = ca_file {
        all.extend(own_authority(file)?);
    }
    if all.is_empty() {
        return Err(Problem::new("this computer trusts no authority for certificates").hint("install the package ca-certificates, or set ca_file"));
    }
    Ok(all)
}

/// Whether a host is this computer itself, so that nobody can listen on the way.
pub fn is_here(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}
