//! Signature version 4 of Amazon, as S3-compatible storage asks for it: over the method, the path, the query, the headers
//! and the SHA-256 of what is sent.
//!
//! Since the hash of what is sent is signed, the storage itself refuses a body that was changed or cut off on its way.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::keys::Keys;
use crate::store::blobs::hex;

/// What is signed.
pub struct Signed<'a> {
    /// `GET`, `PUT`…
    pub method: &'a str,
    /// The path, already as it stands in the request.
    pub path: &'a str,
    /// Names and values of the query, as they are before they are written.
    pub query: &'a [(&'a str, String)],
    /// Names in small letters and values of the headers to sign, with `host`, without date, hash and token.
    pub headers: &'a [(&'a str, String)],
    /// SHA-256 of the body, 64 hexadecimal digits.
    pub body_sha256: &'a str,
}

/// The headers that a request needs besides those it has: date, hash, token, and the signature over all.
pub fn headers(request: &Signed<'_>, keys: &Keys, region: &str, at: Timestamp) -> Vec<(&'static str, String)> {
    let (day, moment) = (at.strftime("%Y%m%d").to_string(), at.strftime("%Y%m%dT%H%M%SZ").to_string());
    let mut new = vec![("x-amz-content-sha256", request.body_sha256.to_owned()), ("x-amz-date", moment.clone())];
    new.extend(keys.token.iter().map(|token| ("x-amz-security-token", token.clone())));
    let mut all: Vec<(&str, &str)> = request.headers.iter().map(|(name, value)| (*name, value.trim())).collect();
    all.extend(new.iter().map(|(name, value)| (*name, value.as_str())));
    all.sort_unstable();
    let names = all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let mut canonical = format!("{}\n{}\n{}\n", request.method, request.path, query(request.query));
    for (name, value) in &all {
        // Writing to a string cannot fail.
        let _ = writeln!(canonical, "{name}:{value}");
    }
    let _ = write!(canonical, "\n{names}\n{}", request.body_sha256);
    let scope = format!("{day}/{region}/s3/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let mut key = format!("AWS4{}", keys.secret).into_bytes();
    for part in [day.as_str(), region, "s3", "aws4_request", to_sign.as_str()] {
        key = hmac(&key, part.as_bytes());
    }
    let signature = hex(&key);
    new.push(("authorization", format!("AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}", keys.id)));
    new
}

/// A query as it is sent and as it is signed: sorted, each name and value percent-encoded.
pub fn query(pairs: &[(&str, String)]) -> String {
    let mut written: Vec<(String, String)> = pairs.iter().map(|(name, value)| (encoded(name), encoded(value))).collect();
    written.sort_unstable();
    written.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn signature(request: &Signed<'_>, keys: &Keys, region: &str, at: &str) -> String {
        let all = headers(request, keys, region, at.parse().unwrap());
        all.last().unwrap().1.rsplit_once("Signature=").unwrap().1.to_owned()
    }

    /// The examples of "Authenticating Requests: Using the Authorization Header" in Amazon's reference of S3.
    #[test]
    fn amazons_own_examples_come_out() {
        let keys = Keys { id: "AKIAIOSFODNN7EXAMPLE".to_owned(), secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(), token: None };
        let pair = |name: &'static str, value: &str| (name, value.to_owned());
        let host = pair("host", "examplebucket.s3.amazonaws.com");
        let welcome = hex(&Sha256::digest("Welcome to Amazon S3."));
        for (method, path, query, headers, body_sha256, expected) in [
            (
                "GET",
                "/test.txt",
                vec![],
                vec![host.clone(), pair("range", "bytes=0-9")],
                EMPTY,
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
            (
                "PUT",
                "/test%24file.text",
                vec![],
                vec![host.clone(), pair("date", "Fri, 24 May 2013 00:00:00 GMT"), pair("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                welcome.as_str(),
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
            ),
            ("GET", "/", vec![pair("lifecycle", "")], vec![host.clone()], EMPTY, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
            (
                "GET",
                "/",
                vec![pair("max-keys", "2"), pair("prefix", "J")],
                vec![host],
                EMPTY,
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
            ),
        ] {
            let request = Signed { method, path, query: &query, headers: &headers, body_sha256 };
            assert_eq!(signature(&request, &keys, "us-east-1", "2013-05-24T00:00:00Z"), expected, "{method} {path}");
        }
    }
}
