//! REFI-QDA, the exchange format of programs for qualitative analysis: codebooks (QDC) and projects (QDPX), version 1.5 of 2019.
//!
//! Ids are made from the office and our numbers, so that what is taken away and brought back is known again.

pub mod codebook;
pub mod project;

use std::fmt::Display;

use quick_xml::escape::escape;
use sha2::{Digest, Sha256};

/// The namespaces of the two kinds of files.
const CODEBOOK: &str = "urn:QDA-XML:codebook:1.0";
const PROJECT: &str = "urn:QDA-XML:project:1.0";

/// The id of one of our things in the files: the same whenever it is taken.
pub fn guid(office: &str, kind: &str, number: impl Display) -> String {
    let digest = Sha256::digest(format!("{office}\n{kind}\n{number}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // RFC 9562, version 8: made by a rule of one's own.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Text as XML has it: what XML cannot hold is left out.
fn xml(text: &str) -> String {
    let sound = |letter: &char| matches!(letter, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    escape(text.chars().filter(sound).collect::<String>()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_for_the_same_thing_and_has_the_form_of_its_standard() {
        let id = guid("Office", "code", 7);
        assert_eq!(id, guid("Office", "code", 7));
        assert_ne!(id, guid("Office", "user", 7));
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(id.as_bytes()[14] == b'8' && b"89ab".contains(&id.as_bytes()[19]));
    }

    #[test]
    fn text_is_made_safe() {
        assert_eq!(xml("a < b & \"c\"\u{1}\n"), "a &lt; b &amp; &quot;c&quot;\n");
    }
}
