//! All that the bytes of a file could say to somebody: as text in any alphabet, as strings of a PDF, packed or not.

use super::proof::Form;
use flate2::read::ZlibDecoder;
use memchr::memmem::find;
use std::collections::BTreeSet;
use std::io::Read;

/// The most bytes that one stream is unpacked to.
const MOST_UNPACKED: u64 = 200_000_000;

/// Markup that every file of a form has.
pub(super) struct Known {
    form: Form,
    tokens: BTreeSet<String>,
}

impl Known {
    /// The markup of a file without words.
    pub fn of(form: Form, skeleton: &[u8]) -> Self {
        let mut known = BTreeSet::new();
        for piece in pieces(form, skeleton) {
            let text = as_text(&piece);
            known.extend(tokens(form, &text).into_iter().map(|(token, _)| likeness(token)));
        }
        Self { form, tokens: known }
    }

    /// A text with a space for all that is markup.
    fn without(&self, text: &str) -> String {
        let mut left = String::with_capacity(text.len());
        let mut from = 0;
        for (token, at) in tokens(self.form, text) {
            let end = at + token.len();
            let is_syntax = self.form == Form::Pdf && (is_number(token) || is_hex_string(text, at, end));
            if is_syntax || (token.chars().any(char::is_alphabetic) && self.tokens.contains(&likeness(token))) {
                left.push_str(&text[from..at]);
                left.push(' ');
                from = end;
            }
        }
        left.push_str(&text[from..]);
        left
    }
}

/// Numbers and places of objects, of which a PDF is full. One of nine digits that does not begin with 0 is none.
fn is_number(token: &str) -> bool {
    let is_short = token.chars().filter(char::is_ascii_digit).count() < 9 || (token.starts_with('0') && token.len() == 10);
    is_short && token.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}

/// What these say is told by [`strings`].
fn is_hex_string(text: &str, at: usize, end: usize) -> bool {
    text[..at].ends_with('<') && text[end..].starts_with('>') && text[at..end].chars().all(|c| c.is_ascii_hexdigit())
}

/// Markup is the same whatever it counts.
fn likeness(token: &str) -> String {
    token.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// The tokens of which markup is made, with their places: tags and rules of style, or names and key words.
fn tokens(form: Form, text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(left) = text.get(from..).filter(|left| !left.is_empty()) {
        let (begin, length) = match form {
            Form::Html => {
                let Some(begin) = left.find('<') else { break };
                let tag = &left[begin..];
                let close = if tag.starts_with("<style") { "</style>" } else { ">" };
                (begin, tag.find(close).map_or(tag.len(), |at| at + close.len()))
            }
            Form::Pdf => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '_' | '-' | '.');
                let Some(begin) = left.find(is_part) else { break };
                (begin, left[begin..].find(|c| !is_part(c)).unwrap_or(left.len() - begin))
            }
        };
        found.push((&left[begin..begin + length], from + begin));
        from += begin + length;
    }
    found
}

/// What lies in a file: itself, and each stream in it, unpacked.
fn pieces(form: Form, bytes: &[u8]) -> Vec<Vec<u8>> {
    if form == Form::Html {
        return vec![bytes.to_vec()];
    }
    const BEGIN: &[u8] = b"stream";
    const END: &[u8] = b"endstream";
    let mut outside = Vec::new();
    let mut pieces = Vec::new();
    let mut left = bytes;
    while let Some(at) = find(left, BEGIN) {
        let body = &left[at + BEGIN.len()..];
        let skipped = usize::from(body.starts_with(b"\r")) + usize::from(body.starts_with(b"\n") || body.starts_with(b"\r\n"));
        let body = &body[skipped..];
        let length = find(body, END).unwrap_or(body.len());
        outside.extend_from_slice(&left[..at + BEGIN.len()]);
        let mut unpacked = Vec::new();
        // What is not packed, or broken, is looked at as it is, too.
        let whole = ZlibDecoder::new(&body[..length]).take(MOST_UNPACKED).read_to_end(&mut unpacked).is_ok();
        if !whole || unpacked.is_empty() {
            pieces.push(body[..length].to_vec());
        }
        pieces.push(unpacked);
        left = &body[(length + END.len()).min(body.len())..];
    }
    outside.extend_from_slice(left);
    pieces.push(outside);
    pieces
}

/// A text for each way in which the bytes can be read.
pub(super) fn views(form: Form, bytes: &[u8], known: &Known) -> Vec<String> {
    let mut views = Vec::new();
    for piece in pieces(form, bytes) {
        views.push(known.without(&as_text(&piece)));
        for big in [true, false] {
            for from in [0, 1] {
                views.push(as_wide(piece.get(from..).unwrap_or_default(), big));
            }
        }
        if form == Form::Pdf && !is_binary(&piece) {
            views.push(strings(&piece));
        }
    }
    if form == Form::Html {
        // Letters by their number, and what a link says.
        views.push(known.without(&by_number(&String::from_utf8_lossy(bytes))));
    }
    views
}

/// Runs of at least four letters and marks in UTF-8; all else is a space.
fn as_text(bytes: &[u8]) -> String {
    printable(String::from_utf8_lossy(bytes).chars())
}

fn as_wide(bytes: &[u8], big: bool) -> String {
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    // Two bytes taken together by mistake are letters of other scripts: only these count that a Latin text has.
    let latin = char::decode_utf16(units).map(|c| c.ok().filter(|c| u32::from(*c) < 0x250).unwrap_or('\0'));
    printable(latin)
}

fn printable(chars: impl Iterator<Item = char>) -> String {
    const LEAST: usize = 4;
    let mut text = String::new();
    let (mut start, mut n) = (0, 0);
    for c in chars {
        if c.is_control() && !matches!(c, '\n' | '\r' | '\t') || c == char::REPLACEMENT_CHARACTER {
            if n < LEAST {
                text.truncate(start);
            }
            text.push(' ');
            (start, n) = (text.len(), 0);
        } else {
            text.push(c);
            n += 1;
        }
    }
    if n < LEAST {
        text.truncate(start);
    }
    text
}

fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| **byte < 32 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 8 | 12)).count();
    odd * 10 > bytes.len()
}

/// All strings of a piece of PDF, one behind the other: what is drawn in pieces is put together.
fn strings(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'(' => {
                let (string, length) = literal(&bytes[at + 1..]);
                add_string(&mut text, &string);
                at += 1 + length;
            }
            b'<' if bytes.get(at + 1) != Some(&b'<') => {
                let length = bytes[at + 1..].iter().position(|byte| *byte == b'>').unwrap_or(0);
                let digits: Vec<u8> = bytes[at + 1..at + 1 + length].iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect();
                if digits.iter().all(u8::is_ascii_hexdigit) {
                    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0) as u8;
                    let string: Vec<u8> = digits.chunks(2).map(|pair| value(pair[0]) << 4 | pair.get(1).map_or(0, |it| value(*it))).collect();
                    add_string(&mut text, &string);
                }
                at += 1 + length;
            }
            // A new line of text, a new object: what follows is another word.
            b'T' | b'E' if matches!(bytes.get(at + 1), Some(b'd' | b'D' | b'*' | b'T')) => {
                text.push(' ');
                at += 2;
            }
            b'e' if bytes[at..].starts_with(b"endobj") => {
                text.push(' ');
                at += 6;
            }
            b'<' => at += 2,
            _ => at += 1,
        }
    }
    text
}

/// A string in round brackets, and how many bytes it takes with the closing one.
fn literal(bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut string = Vec::new();
    let (mut at, mut depth) = (0, 1);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b')' if depth == 1 => return (string, at),
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\\' => {
                let escaped = bytes.get(at).copied().unwrap_or_default();
                let octal = bytes[at..].iter().take(3).take_while(|it| matches!(it, b'0'..=b'7')).count();
                if octal > 0 {
                    let value = bytes[at..at + octal].iter().fold(0u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
                    string.push(value as u8);
                    at += octal;
                } else {
                    at += 1;
                    match escaped {
                        b'\n' | b'\r' => {}
                        b'n' | b'r' | b't' | b'b' | b'f' => string.push(b' '),
                        other => string.push(other),
                    }
                }
                continue;
            }
            _ => {}
        }
        string.push(*byte);
    }
    (string, at)
}

/// A string as Latin letters, or as two bytes a letter where it says so or looks so.
fn add_string(text: &mut String, string: &[u8]) {
    let zeros = string.iter().step_by(2).filter(|byte| **byte == 0).count();
    if string.starts_with(&[0xfe, 0xff]) || (string.len() >= 2 && zeros * 2 == string.len()) {
        let units = string.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        text.extend(char::decode_utf16(units).filter_map(Result::ok));
    } else if let Ok(string) = std::str::from_utf8(string) {
        text.push_str(string);
    } else {
        text.extend(string.iter().map(|byte| char::from(*byte)));
    }
}

/// HTML with letters that are given by their number, or as in an address.
fn by_number(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut left = html;
    while let Some(at) = left.find(['&', '%']) {
        text.push_str(&left[..at]);
        let rest = &left[at..];
        let number = if let Some(digits) = rest.strip_prefix("&#") {
            let (digits, radix, before) = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16, 3),
                None => (digits, 10, 2),
            };
            let n = digits.bytes().take(8).take_while(|byte| char::from(*byte).is_digit(radix)).count();
            let c = u32::from_str_radix(&digits[..n], radix).ok().and_then(char::from_u32);
            c.map(|c| (c, before + n + usize::from(digits[n..].starts_with(';'))))
        } else {
            rest.get(1..3).filter(|_| rest.starts_with('%')).and_then(|two| u8::from_str_radix(two, 16).ok()).map(|byte| (char::from(byte), 3))
        };
        let (c, length) = number.unwrap_or((rest.chars().next().unwrap_or(' '), 1));
        text.push(c);
        left = &rest[length..];
    }
    text.push_str(left);
    text
}
