//! The keys with which requests are signed: read anew for each request, so that they can be changed while `serve` runs.

use std::path::Path;

use crate::problem::{Exit, Problem};
use crate::secret;

/// Who signs. It can be neither printed nor compared, so that no message shows it.
pub struct Keys {
    /// The name of the key.
    pub id: String,
    /// The key.
    pub secret: String,
    /// What storage that lends keys for some hours gives beside them.
    pub token: Option<String>,
}

/// Reads the keys from the file that the settings name, or from the environment.
///
/// # Errors
/// There are none, or everybody on this computer may read them.
pub fn read(file: Option<&Path>) -> Result<Keys, Problem> {
    match file {
        Some(file) => parse(&secret::in_file("the keys", file)?).map_err(|what| {
            Problem::new(format!("{} {what}", file.display()))
                .hint("it takes two lines: aws_access_key_id = … and aws_secret_access_key = …")
                .exit(Exit::Unreadable)
        }),
        None => from(&|name| std::env::var(name).ok()),
    }
}

fn from(environment: &dyn Fn(&str) -> Option<String>) -> Result<Keys, Problem> {
    let of = |name: &str| environment(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let (Some(id), Some(secret)) = (of("AWS_ACCESS_KEY_ID"), of("AWS_SECRET_ACCESS_KEY")) else {
        return Err(Problem::new("the keys to the storage with the files are missing")
            .hint("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with blobs.credentials in headwater.toml")
            .exit(Exit::NotPermitted));
    };
    written_plainly(Keys { id, secret, token: of("AWS_SESSION_TOKEN") }).map_err(|what| {
        Problem::new(format!("the keys in the environment: one {what}")).hint("copy them again, whole and without quotes").exit(Exit::Unreadable)
    })
}

/// Reads the form that Amazon's own programs write; of several profiles `[default]`.
fn parse(text: &str) -> Result<Keys, &'static str> {
    let (mut id, mut secret, mut token) = (None, None, None);
    let mut is_ours = true;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            is_ours = line == "[default]";
        }
        let Some((name, value)) = line.split_once('=').filter(|_| is_ours && !line.starts_with(['#', ';'])) else { continue };
        let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        match name.trim() {
            "aws_access_key_id" => id = value,
            "aws_secret_access_key" => secret = value,
            "aws_session_token" => token = value,
            _ => {}
        }
    }
    let (Some(id), Some(secret)) = (id, secret) else { return Err("does not hold both keys") };
    written_plainly(Keys { id, secret, token }).map_err(|_| "holds a key with letters that no key has")
}

/// What goes into a header must not end it.
fn written_plainly(keys: Keys) -> Result<Keys, &'static str> {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain(&keys.id) && !keys.id.contains(['/', ',']) && is_plain(&keys.secret) && keys.token.as_deref().is_none_or(is_plain) {
        Ok(keys)
    } else {
        Err("has letters that no key has")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_other_programs_write_them() {
        let keys = parse("# ours\n[default]\naws_access_key_id = AK\naws_secret_access_key=a=b/c+d\n[other]\naws_access_key_id = NO\n").ok().unwrap();
        assert_eq!((keys.id.as_str(), keys.secret.as_str(), keys.token), ("AK", "a=b/c+d", None));
        let keys = parse("aws_access_key_id=AK\r\naws_secret_access_key=S\r\naws_session_token=T\r\n").ok().unwrap();
        assert_eq!((keys.secret.as_str(), keys.token.as_deref()), ("S", Some("T")));
        for text in
            ["", "aws_access_key_id=AK", "[other]\naws_access_key_id=AK\naws_secret_access_key=S", "aws_access_key_id=A K\naws_secret_access_key=S"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_come_from_the_environment_where_no_file_is_named() {
        let given = |name: &str| match name {
            "AWS_ACCESS_KEY_ID" => Some("AK".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("hush\n".to_owned()),
            _ => None,
        };
        assert_eq!(from(&given).ok().unwrap().secret, "hush");
        let problem = from(&|name| (name == "AWS_SECRET_ACCESS_KEY").then(|| "hush".to_owned())).err().unwrap();
        assert!(problem.to_string().contains("missing") && !problem.to_string().contains("hush"));
        assert!(from(&|_| Some("two words".to_owned())).is_err_and(|problem| !problem.to_string().contains("two")));
    }
}
