//! A message without what it carried: its header and its text, and nothing else.

use super::{Address, Mail};
use crate::kind::{Kind, sniff};

/// A copy of a message without its files, the messages in it, and the pictures in its text.
///
/// `mail` is what [`read`](super::read) made of `bytes`. The header stays as it came, but for the fields that describe the
/// parts; what Outlook saved gets one from what it says of itself. The text is the plain one: HTML does not stay.
///
/// ```
/// use headwater_documents::mail::{Limits, read, without_files};
/// let message = b"From: ann@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nIt is attached.\r\n--b\r\n\
///     Content-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\nname,day\r\n--b--\r\n";
/// let mail = read(message, &Limits::default())?;
/// assert_eq!(mail.attachments.len(), 1);
/// let bare = without_files(message, &mail);
/// let again = read(&bare, &Limits::default())?;
/// assert_eq!((again.from, again.text.trim_end(), again.attachments.len()), (mail.from, "It is attached.", 0));
/// # Ok::<(), headwater_documents::Refusal>(())
/// ```
pub fn without_files(bytes: &[u8], mail: &Mail) -> Vec<u8> {
    let mut out = if sniff(bytes) == Kind::OutlookMessage { header_of(mail) } else { kept_header(bytes) };
    out.extend_from_slice(b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    for line in mail.text.lines() {
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// The header up to the first empty line, without the fields that describe the parts.
fn kept_header(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut keeps = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.trim_ascii_end();
        if bare.is_empty() {
            break;
        }
        // A line that begins with a space goes on with the field before it.
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = bare.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
            keeps = !name.starts_with(b"content-") && name.trim_ascii_end() != b"mime-version";
        }
        if keeps {
            out.extend_from_slice(bare);
            out.extend_from_slice(b"\r\n");
        }
    }
    out
}

fn header_of(mail: &Mail) -> Vec<u8> {
    let one_line = |text: &str| text.split(['\r', '\n']).collect::<Vec<_>>().join(" ");
    let list = |addresses: &[Address]| {
        let each = |it: &Address| match &it.name {
            Some(name) => format!("\"{}\" <{}>", one_line(&name.replace(['"', '\\'], "'")), one_line(&it.address)),
            None => one_line(&it.address),
        };
        addresses.iter().map(each).collect::<Vec<_>>().join(",\r\n ")
    };
    let ids = |ids: &[String]| ids.iter().map(|id| format!("<{}>", one_line(id))).collect::<Vec<_>>().join("\r\n ");
    let fields = [
        ("From", list(&mail.from)),
        ("To", list(&mail.to)),
        ("Cc", list(&mail.cc)),
        ("Subject", one_line(&mail.subject)),
        ("Date", mail.date.as_deref().map(rfc_date).unwrap_or_default()),
        ("Message-ID", ids(mail.message_id.as_slice())),
        ("In-Reply-To", ids(&mail.in_reply_to)),
        ("References", ids(&mail.references)),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| format!("{name}: {value}\r\n")).collect::<String>().into_bytes()
}

/// `2020-10-13T09:30:00+01:00` as a header has it: `13 Oct 2020 09:30:00 +0100`.
fn rfc_date(date: &str) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let part = |from: usize, to: usize| date.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    let zone = match part(19, date.len()) {
        "" | "Z" => "+0000".to_owned(),
        zone => zone.replace(':', ""),
    };
    month.map(|month| format!("{} {month} {} {} {zone}", part(8, 10), part(0, 4), part(11, 19))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the messages of the tests are files")]

    use super::*;
    use crate::mail::{Limits, read};

    #[test]
    fn every_message_keeps_its_header_and_text_and_loses_its_files() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/mail");
        let mut n_with_files = 0;
        let by_other_programs = std::fs::read_dir(folder.join("programs")).unwrap();
        for entry in std::fs::read_dir(&folder).unwrap().chain(by_other_programs) {
            let path = entry.unwrap().path();
            let name = path.display();
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let Ok(mail) = read(&bytes, &Limits::default()) else { continue };
            let again = read(&without_files(&bytes, &mail), &Limits::default()).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.what));
            assert!(again.attachments.is_empty() && again.messages.is_empty(), "{name}");
            assert_eq!(again.text.trim(), mail.text.trim(), "{name}");
            let said =
                |it: &Mail| (it.from.clone(), it.to.clone(), it.subject.clone(), it.message_id.clone(), it.in_reply_to.clone(), it.date.clone());
            assert_eq!(said(&again), said(&mail), "{name}");
            n_with_files += usize::from(!mail.attachments.is_empty());
        }
        assert!(n_with_files > 2, "{n_with_files}");
    }
}
