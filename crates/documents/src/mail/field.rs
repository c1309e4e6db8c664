//! Header fields as they were written: unfolded, decoded, taken apart.

use super::Address;
use encoding_rs::WINDOWS_1252;
use mail_parser::{HeaderName, HeaderValue, Message, MessagePart};

/// The fields of one message, in its own order.
pub(super) struct Fields {
    fields: Vec<(String, String)>,
    /// Whether any was neither ASCII nor UTF-8.
    pub(super) is_guessed: bool,
}

impl Fields {
    /// The fields of a part; `raw` are the bytes that its offsets count in.
    pub(super) fn of(part: &MessagePart, raw: &[u8]) -> Self {
        let mut is_guessed = false;
        let fields = part.headers.iter().map(|header| {
            let bytes = raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
            let (value, guessed) = text_of(bytes);
            is_guessed |= guessed;
            (header.name.as_str().to_ascii_lowercase(), unfold(&value))
        });
        let fields = fields.collect();
        Self { fields, is_guessed }
    }

    /// Every field with its name in small letters.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The header once more, with all letters in UTF-8.
    pub(super) fn written_in_utf_8(&self) -> String {
        self.iter().map(|(name, value)| format!("{name}: {value}\r\n")).chain(["\r\n".to_owned()]).collect()
    }

    /// All values of a field, as written but for their folds; the name in small letters.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a field.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// Bytes as text: UTF-8 if they are that, otherwise Windows-1252, and whether it came to that.
pub(super) fn text_of(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
    }
}

/// One line without folds, line ends and other characters that steer a terminal.
pub(super) fn unfold(value: &str) -> String {
    let mut line = String::with_capacity(value.len());
    for word in value.split(|c: char| c.is_control()).map(str::trim).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Message-IDs in a field: what stands in brackets, or else each word.
pub(super) fn ids(value: &str) -> Vec<String> {
    let bracketed: Vec<String> = value
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(id, _)| id.split_whitespace().collect::<String>())
        .filter(|id| !id.is_empty())
        .collect();
    if !bracketed.is_empty() {
        return bracketed;
    }
    value.split([' ', ',', '\t']).filter(|word| word.contains('@')).map(|word| word.trim_matches(['<', '>']).to_owned()).collect()
}

/// Addresses of all fields of a name, groups taken apart.
pub(super) fn addresses(message: &Message, name: &HeaderName) -> Vec<Address> {
    let mut out = Vec::new();
    for header in message.headers().iter().filter(|header| header.name == *name) {
        if let HeaderValue::Address(list) = &header.value {
            out.extend(list.iter().map(|one| Address {
                name: one.name.as_deref().map(unfold).filter(|name| !name.is_empty()),
                address: one.address.as_deref().map(unfold).unwrap_or_default(),
            }));
        }
    }
    out
}

/// Addresses of fields that hold bare ones, such as Delivered-To.
pub(super) fn bare_addresses(fields: &Fields, names: &[&str]) -> Vec<Address> {
    let mut out: Vec<Address> = Vec::new();
    for name in names {
        for value in fields.all(name) {
            for word in value.split([',', ' ', ';']) {
                let address = word.trim_matches(['<', '>', '"']);
                if address.contains('@') && !out.iter().any(|known| known.address == address) {
                    out.push(Address { name: None, address: address.to_owned() });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_with_and_without_their_brackets() {
        assert_eq!(ids("<a@x> <b\r\n @y>"), ["a@x", "b@y"]);
        assert_eq!(ids("a@x, b@y"), ["a@x", "b@y"]);
        assert_eq!(ids("Your message of Tuesday"), Vec::<String>::new());
        assert_eq!(ids("<>"), Vec::<String>::new());
    }

    #[test]
    fn text_that_is_not_utf_8_is_read_as_windows_1252() {
        assert_eq!(text_of(b"Ynys M\xf4n \x96 \x80"), ("Ynys Môn – €".to_owned(), true));
        assert_eq!(text_of("Ynys Môn".as_bytes()), ("Ynys Môn".to_owned(), false));
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_left_in_a_line() {
        assert_eq!(unfold(" a\r\n\tb \u{1b}[31mc\u{7}"), "a b [31mc");
    }
}
