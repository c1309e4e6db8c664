//! What an IMAP server says, piece by piece as it comes, as whole responses; or that it is no IMAP.
//!
//! This file uses imap-proto alone, so that random bytes can be tried on it by themselves (`fuzz/targets/imap.rs`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use imap_proto::Response;

/// The largest message that is read, in bytes; most servers take none over 50 MB.
pub const LARGEST: u32 = 64 << 20;

/// The most that an answer may take besides: lists of a large folder.
const LARGEST_ANSWER: usize = LARGEST as usize + (16 << 20);

/// The most brackets that may be open at once outside of messages. The parser calls itself for each, and a server could end
/// the program with them; what we ask for has three.
const DEEPEST: usize = 16;

/// What was heard and not yet used.
#[derive(Default)]
pub struct Answers {
    waiting: Vec<u8>,
}

impl Answers {
    /// Takes in what came.
    pub fn hear(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Whether nothing is left.
    pub fn is_used_up(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The next response, if it is whole.
    ///
    /// # Errors
    /// What the server does: it says something else than IMAP, or too much.
    pub fn next(&mut self) -> Result<Option<Response<'static>>, &'static str> {
        loop {
            if is_too_deep(&self.waiting) {
                return Err("says something that is no IMAP");
            }
            match parsed(&self.waiting) {
                Parsed::Whole(n_used, response) => {
                    self.waiting.drain(..n_used);
                    return Ok(Some(*response));
                }
                Parsed::More => {}
                // A line of an extension that we did not ask for is passed over; anything else we would misread.
                Parsed::Other => match self.waiting.windows(2).position(|pair| pair == b"\r\n") {
                    Some(end) if self.waiting.starts_with(b"* ") && !self.waiting[..end].ends_with(b"}") => {
                        self.waiting.drain(..end + 2);
                        continue;
                    }
                    Some(_) => return Err("says something that is no IMAP"),
                    None => {}
                },
            }
            return if self.waiting.len() > LARGEST_ANSWER { Err("says more than a mailbox can hold") } else { Ok(None) };
        }
    }
}

/// What the parser makes of the beginning of what was heard.
enum Parsed {
    /// A response, and the bytes that it takes.
    Whole(usize, Box<Response<'static>>),
    /// There is not yet all of it.
    More,
    /// Nothing.
    Other,
}

/// Some words of a server let the parser panic (a letter beyond ASCII at the beginning of what it says in plain words).
fn parsed(waiting: &[u8]) -> Parsed {
    let parse = || match Response::parse(waiting) {
        Ok((rest, response)) => Parsed::Whole(waiting.len() - rest.len(), Box::new(response.into_owned())),
        Err(error) if error.is_incomplete() => Parsed::More,
        Err(_) => Parsed::Other,
    };
    catch_unwind(AssertUnwindSafe(parse)).unwrap_or(Parsed::Other)
}

/// Whether more brackets are open within the first response than anything we ask for needs. Messages, which are announced
/// by their length, are passed over.
fn is_too_deep(waiting: &[u8]) -> bool {
    let (mut at, mut depth, mut is_quoted) = (0, 0_usize, false);
    while let Some(byte) = waiting.get(at) {
        match byte {
            b'\\' if is_quoted => at += 1,
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'\r' | b'\n' => match announced(&waiting[..at]) {
                // The line goes on behind what was announced; its end has two letters.
                Some(n_bytes) => at = at.saturating_add(1).saturating_add(n_bytes),
                None => return false,
            },
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
        at = at.saturating_add(1);
    }
    false
}

/// The length at the end of a line that announces bytes: `{17}`.
fn announced(line: &[u8]) -> Option<usize> {
    let inside = line.strip_suffix(b"}")?;
    let begin = inside.iter().rposition(|byte| !byte.is_ascii_digit())?;
    (inside[begin] == b'{').then(|| std::str::from_utf8(&inside[begin + 1..]).ok()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8], at_once: usize) -> Result<usize, &'static str> {
        let (mut answers, mut n) = (Answers::default(), 0);
        for piece in bytes.chunks(at_once) {
            answers.hear(piece);
            while answers.next()?.is_some() {
                n += 1;
            }
        }
        assert!(answers.is_used_up() || n == 0);
        Ok(n)
    }

    #[test]
    fn whole_responses_come_out_however_they_came_in_pieces() {
        let said = b"* OK [UIDVALIDITY 7] go on\r\n* 1 FETCH (UID 4 BODY[] {6}\r\n((\r\n\r\n)\r\n* XNEW of an extension\r\nH1 OK done\r\n";
        for at_once in [1, 2, 7, 1_000] {
            assert_eq!(heard(said, at_once), Ok(3), "{at_once}");
        }
    }

    #[test]
    fn words_over_which_the_parser_panics_are_passed_over() {
        let said = "* OK [READ-ONLY]\u{e9}t\u{e9}\r\n* 2 EXISTS\r\n";
        assert_eq!(heard(said.as_bytes(), 1_000), Ok(1));
    }

    #[test]
    fn what_is_no_imap_is_refused() {
        for said in ["HTTP/1.1 400 Bad Request\r\n", "220 smtp.example ESMTP\r\n", "\u{16}\u{3}\u{1}\r\n"] {
            assert!(heard(said.as_bytes(), 100).is_err(), "{said}");
        }
    }

    #[test]
    fn brackets_without_end_do_not_end_the_program() {
        for begin in ["* 1 FETCH (BODYSTRUCTURE ", "* LIST ", "* 1 FETCH (X \"\\\"\" BODYSTRUCTURE ", "* 1 FETCH (BODY[] {3}\r\n\"(\" BODYSTRUCTURE "]
        {
            let said = begin.to_owned() + &"(".repeat(1_000_000);
            assert!(heard(said.as_bytes(), 1 << 16).is_err(), "{begin}");
        }
    }
}
