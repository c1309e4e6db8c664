//! `[blobs]` of `headwater.toml`: the bucket in S3-compatible storage where the blobs are, if they are in one.
//!
//! Keys stand in a file of their own, named here, or in the usual environment variables, so that the settings may be shown
//! to anybody.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use ureq::http::Uri;

use crate::problem::{Exit, Problem};
use crate::secret;

/// The region where none is said; storage that has none takes this name.
const USUAL_REGION: &str = "us-east-1";

/// The longest prefix; a key with it stays far below the 1,024 bytes that storage allows.
const LONGEST_PREFIX: usize = 200;

/// Where the bucket is, and where the keys to it are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    /// `https://s3.office.example`, without anything behind the host and the port.
    pub endpoint: String,
    /// Host and port as requests name them.
    pub host: String,
    /// The bucket's name.
    pub bucket: String,
    /// The region for which requests are signed.
    pub region: String,
    /// What every key begins with: empty, or ending with a slash.
    pub prefix: String,
    /// The file with the keys; without one they are in the environment.
    pub credentials: Option<PathBuf>,
    /// Another authority for certificates than those that this computer trusts: the office's own.
    pub ca_file: Option<PathBuf>,
}

/// As it stands in the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobsFile {
    /// Address of the storage; Amazon's for the region where none is given.
    pub endpoint: Option<String>,
    /// The bucket's name.
    pub bucket: String,
    /// The region.
    pub region: Option<String>,
    /// What every key begins with.
    #[serde(default)]
    pub prefix: String,
    /// The file with the keys.
    pub credentials: Option<PathBuf>,
    /// The office's own authority for certificates.
    pub ca_file: Option<PathBuf>,
}

/// Checks what stands in the file, or was given to `store migrate`; paths are taken from the folder of the workspace.
///
/// `name` is how the settings are called in sentences, such as `headwater.toml: blobs.`
///
/// # Errors
/// Names the setting, what stands there and what it takes.
pub fn checked(name: &str, folder: &Path, file: BlobsFile) -> Result<BucketAddress, Problem> {
    let wrong =
        |key: &str, value: &str, hint: &str| Problem::new(format!("{name}{key} is \"{}\"", value.escape_debug())).hint(hint).exit(Exit::Unreadable);
    let plain = |text: &str, others: &[u8]| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || others.contains(&byte));
    let BlobsFile { endpoint, bucket, region, prefix, credentials, ca_file } = file;
    if !(3..=63).contains(&bucket.len()) || !plain(&bucket, b".-") || !bucket.as_bytes()[0].is_ascii_alphanumeric() || bucket.contains("..") {
        return Err(wrong("bucket", &bucket, "it takes 3 to 63 small letters, digits, dots and dashes, such as vru-files"));
    }
    if let Some(region) = region.as_deref().filter(|region| region.is_empty() || region.len() > 50 || !plain(region, b"-")) {
        return Err(wrong("region", region, "it takes a name such as eu-west-2"));
    }
    let endpoint = match (endpoint, &region) {
        (Some(endpoint), _) => endpoint,
        (None, Some(region)) => format!("https://s3.{region}.amazonaws.com"),
        (None, None) => {
            return Err(Problem::new(format!("{name}endpoint and {name}region are both missing"))
                .hint("give the address of the storage, such as https://s3.office.example, or Amazon's region, such as eu-west-2")
                .exit(Exit::Unreadable));
        }
    };
    let (endpoint, host) = address(&endpoint).map_err(|hint| wrong("endpoint", &endpoint, hint))?;
    let prefix = if prefix.is_empty() || prefix.ends_with('/') { prefix } else { format!("{prefix}/") };
    let is_part = |part: &str| !part.is_empty() && part.bytes().any(|byte| byte != b'.') && part.bytes().all(|byte| is_plain(byte) || byte == b'.');
    if prefix.len() > LONGEST_PREFIX || !prefix.is_empty() && !prefix[..prefix.len() - 1].split('/').all(is_part) {
        return Err(wrong(
            "prefix",
            &prefix,
            "it takes letters, digits, dashes, underscores and dots, in parts with a slash between, such as vru/files",
        ));
    }
    let region = region.unwrap_or_else(|| USUAL_REGION.to_owned());
    let path = |file: Option<PathBuf>| file.map(|file| folder.join(file));
    Ok(BucketAddress { endpoint, host, bucket, region, prefix, credentials: path(credentials), ca_file: path(ca_file) })
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// Scheme with host, and the host with its port unless that is the scheme's own; or what is wrong with the address.
fn address(endpoint: &str) -> Result<(String, String), &'static str> {
    const SUCH_AS: &str = "it takes an address such as https://s3.office.example, with nothing behind the host and the port";
    let uri: Uri = endpoint.trim().parse().map_err(|_| SUCH_AS)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(SUCH_AS) };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.host().is_empty() {
        return Err(SUCH_AS);
    }
    if authority.as_str().contains('@') {
        return Err("keys do not belong into an address: put them into a file and name it with credentials");
    }
    match scheme {
        "https" => {}
        "http" if secret::is_here(authority.host()) => {}
        "http" => return Err("use https: files could be read on the way to another computer"),
        _ => return Err(SUCH_AS),
    }
    let host = match authority.port_u16() {
        Some(port) if port != if scheme == "https" { 443 } else { 80 } => format!("{}:{port}", authority.host()),
        _ => authority.host().to_owned(),
    };
    Ok((format!("{scheme}://{host}"), host))
}

impl BucketAddress {
    /// The bucket and the prefix as an address.
    pub fn name(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    /// Every setting with its value as TOML; of the keys only the file that holds them.
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut shown = vec![
            ("blobs.endpoint", quoted(&self.endpoint)),
            ("blobs.bucket", quoted(&self.bucket)),
            ("blobs.region", quoted(&self.region)),
            ("blobs.prefix", quoted(&self.prefix)),
        ];
        let path = |path: &PathBuf| quoted(&path.display().to_string());
        shown.extend(self.credentials.iter().map(|file| ("blobs.credentials", path(file))));
        shown.extend(self.ca_file.iter().map(|file| ("blobs.ca_file", path(file))));
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<BucketAddress, Problem> {
        checked("blobs.", Path::new("/ws"), toml::from_str(text).unwrap())
    }

    #[test]
    fn an_address_is_made_whole() {
        let full = "endpoint = \"https://S3.office.example:443/\"\nbucket = \"vru-files\"\nprefix = \"a/b\"\ncredentials = \"../keys\"";
        let address = parsed(full).unwrap();
        assert_eq!((address.endpoint.as_str(), address.host.as_str()), ("https://S3.office.example", "S3.office.example"));
        assert_eq!((address.region.as_str(), address.prefix.as_str(), address.name().as_str()), ("us-east-1", "a/b/", "s3://vru-files/a/b/"));
        assert_eq!(address.credentials, Some(PathBuf::from("/ws/../keys")));
        assert_eq!(parsed("bucket = \"vru\"\nregion = \"eu-west-2\"").unwrap().host, "s3.eu-west-2.amazonaws.com");
        assert_eq!(parsed("bucket = \"vru\"\nendpoint = \"http://[::1]:9000\"").unwrap().host, "[::1]:9000");
        assert_eq!(parsed("bucket = \"vru\"\nendpoint = \"http://127.0.0.1:80\"").unwrap().host, "127.0.0.1");
    }

    #[test]
    fn what_cannot_be_an_address_is_named() {
        for (text, words) in [
            ("bucket = \"vru\"", "both missing"),
            ("bucket = \"VRU\"\nregion = \"a\"", "blobs.bucket is \"VRU\""),
            ("bucket = \"a/../b\"\nregion = \"a\"", "blobs.bucket"),
            ("bucket = \"vru\"\nregion = \"a b\"", "blobs.region"),
            ("bucket = \"vru\"\nregion = \"a\"\nprefix = \"/x\"", "blobs.prefix"),
            ("bucket = \"vru\"\nregion = \"a\"\nprefix = \"x/../y\"", "blobs.prefix"),
            ("bucket = \"vru\"\nregion = \"a\"\nprefix = \"x y\"", "blobs.prefix"),
            ("bucket = \"vru\"\nendpoint = \"http://s3.office.example\"", "blobs.endpoint"),
            ("bucket = \"vru\"\nendpoint = \"http://localhost.office.example\"", "blobs.endpoint"),
            ("bucket = \"vru\"\nendpoint = \"https://a:b@s3.office.example\"", "blobs.endpoint"),
            ("bucket = \"vru\"\nendpoint = \"https://s3.office.example/x\"", "blobs.endpoint"),
            ("bucket = \"vru\"\nendpoint = \"ftp://s3.office.example\"", "blobs.endpoint"),
            ("bucket = \"vru\"\nendpoint = \"s3.office.example\"", "blobs.endpoint"),
        ] {
            let problem = parsed(text).unwrap_err().to_string();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }
}
