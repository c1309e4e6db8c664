//! Files of many messages (mbox), taken apart at their `From ` lines.

use crate::Refusal;

/// Splits a file of messages into its messages, with the quoting of `From ` at the beginnings of lines undone.
///
/// Both common quotings are undone alike: one `>` is taken from lines that begin with any number of them and `From `. A line
/// `From ` parts two messages only after an empty line and before a header field, so that one in a text that was not quoted
/// stays text.
///
/// # Errors
/// Refuses a file with more messages than `most`, and one that does not begin with such a line.
///
/// ```
/// use headwater_documents::mail::split;
/// let file = b"From a@b.example Mon Nov 30 2020\nSubject: 1\n\n>From here\n\nFrom c@d.example Mon Nov 30 2020\nSubject: 2\n\n";
/// assert_eq!(split(file, 10)?, [b"Subject: 1\n\nFrom here\n".to_vec(), b"Subject: 2\n\n".to_vec()]);
/// # Ok::<(), headwater_documents::Refusal>(())
/// ```
pub fn split(bytes: &[u8], most: usize) -> Result<Vec<Vec<u8>>, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !bytes.starts_with(b"From ") {
        return Err(Refusal::new(
            "the file does not begin with the line \"From …\" that parts the messages of a mailbox",
            "export the mailbox again as mbox, or its messages one by one as .eml",
        ));
    }
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut follows_empty = true;
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        if follows_empty && line.starts_with(b"From ") && (messages.is_empty() || begins_with_field(rest)) {
            if messages.len() == most {
                return Err(Refusal::new(
                    format!("the mailbox holds more than {most} messages"),
                    "export only the messages that belong here, or the mailbox in several files",
                ));
            }
            if let Some(last) = messages.last_mut() {
                drop_empty_line(last);
            }
            messages.push(Vec::new());
            follows_empty = false;
            continue;
        }
        follows_empty = line.trim_ascii().is_empty();
        let n_marks = line.iter().take_while(|byte| **byte == b'>').count();
        let line = if n_marks > 0 && line[n_marks..].starts_with(b"From ") { &line[1..] } else { line };
        if let Some(message) = messages.last_mut() {
            message.extend_from_slice(line);
        }
    }
    Ok(messages)
}

fn begins_with_field(text: &[u8]) -> bool {
    let line = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
    // Some writers quote even the header, and some put a second "From " line into it.
    let Some(colon) = memchr::memchr(b':', line) else { return line.starts_with(b">From ") };
    colon > 0 && line[..colon].iter().all(|byte| byte.is_ascii_graphic())
}

/// The empty line before the next message belongs to the mailbox.
fn drop_empty_line(message: &mut Vec<u8>) {
    for end in [&b"\n\r\n"[..], b"\n\n"] {
        if message.ends_with(end) {
            message.truncate(message.len() - end.len() + 1);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quoted_lines_are_given_back_and_unquoted_ones_part_nothing() {
        let file = b"From x Mon\r\nA: 1\r\n\r\n>From one\r\n>>From two\r\n> From three\r\n\r\nFrom the start we knew\r\nthis\r\n\r\nFrom y Tue\r\nB: 2\r\n\r\nend";
        let messages = split(file, 10).unwrap();
        assert_eq!(messages.len(), 2);
        assert_eq!(
            String::from_utf8_lossy(&messages[0]),
            "A: 1\r\n\r\nFrom one\r\n>From two\r\n> From three\r\n\r\nFrom the start we knew\r\nthis\r\n"
        );
        assert_eq!(messages[1], b"B: 2\r\n\r\nend");
    }

    #[test]
    fn too_many_messages_and_other_files_are_refused() {
        let file = b"From x\nA: 1\n\n".repeat(4);
        assert_eq!(split(&file, 4).unwrap().len(), 4);
        assert_eq!(split(&file, 3).unwrap_err().what, "the mailbox holds more than 3 messages");
        assert!(split(b"A: 1\n\n", 3).unwrap_err().what.contains("does not begin"));
    }

    proptest! {
        #[test]
        fn what_is_packed_as_mboxrd_comes_out_as_it_was(texts in proptest::collection::vec("[>Fromab :\n]{0,60}", 1..6)) {
            let mut file = Vec::new();
            let messages: Vec<String> = texts.iter().map(|text| format!("Subject: x\n\n{text}\n")).collect();
            for message in &messages {
                file.extend_from_slice(b"From a@example.org Mon Nov 30 09:00:00 2020\n");
                for line in message.split_inclusive('\n') {
                    if line.trim_start_matches('>').starts_with("From ") {
                        file.push(b'>');
                    }
                    file.extend_from_slice(line.as_bytes());
                }
                file.push(b'\n');
            }
            let mut expected: Vec<Vec<u8>> = messages.into_iter().map(String::into_bytes).collect();
            // Nothing follows the last, so that its empty line cannot be told from its own.
            expected.last_mut().unwrap().push(b'\n');
            prop_assert_eq!(split(&file, 10).unwrap(), expected);
        }
    }
}
