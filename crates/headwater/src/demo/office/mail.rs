//! Messages as they travel: the bytes that a mail program would save.

use std::fmt::Write as _;

/// A message that somebody wrote.
#[derive(Clone, Default)]
pub(super) struct Message<'a> {
    /// Name and address of who writes.
    pub(super) from: (&'a str, &'a str),
    /// Addresses.
    pub(super) to: Vec<String>,
    /// The subject; ASCII.
    pub(super) subject: &'a str,
    /// The Message-ID without its brackets.
    pub(super) id: &'a str,
    /// The message it answers.
    pub(super) answers: Option<String>,
    /// When, as a header says it: `Mon, 2 Nov 2020 10:00:00 +0000`.
    pub(super) date: String,
    /// What it says.
    pub(super) text: &'a str,
    /// Files: name and bytes.
    pub(super) files: Vec<(&'a str, Vec<u8>)>,
}

const EDGE: &str = "=_an-invented-edge";

impl Message<'_> {
    /// The bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        let (name, address) = self.from;
        // Writing to a string cannot fail.
        let _ = write!(out, "From: {name} <{address}>\r\nTo: {}\r\nSubject: {}\r\n", self.to.join(", "), self.subject);
        let _ = write!(out, "Date: {}\r\nMessage-ID: <{}>\r\n", self.date, self.id);
        if let Some(answers) = &self.answers {
            let _ = write!(out, "In-Reply-To: <{answers}>\r\nReferences: <{answers}>\r\n");
        }
        let _ = write!(out, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{EDGE}\"\r\n\r\n");
        let text = self.text.replace('\n', "\r\n");
        let _ = write!(out, "--{EDGE}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n");
        for (name, bytes) in &self.files {
            let kind = kind_of(name);
            let _ = write!(
                out,
                "--{EDGE}\r\nContent-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                base64(bytes)
            );
        }
        let _ = write!(out, "--{EDGE}--\r\n");
        out.into_bytes()
    }
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

/// The report of a mail server that a message could not be delivered.
pub(super) fn returned(server: &str, to: &str, about: &str, date: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@{server}>\r\nTo: replies@{server}\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Date: {date}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nMessage-ID: <returned.{about}>\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"{EDGE}\"\r\n\r\n\
         --{EDGE}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThe address <{to}> does not exist here any more.\r\n\r\n\
         --{EDGE}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {server}\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n\
         --{EDGE}\r\nContent-Type: text/rfc822-headers\r\n\r\nTo: {to}\r\nMessage-ID: <{about}>\r\n\r\n--{EDGE}--\r\n"
    )
    .into_bytes()
}

/// Base 64 in lines of 76.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (number, three) in bytes.chunks(3).enumerate() {
        if number > 0 && number.is_multiple_of(19) {
            out += "\r\n";
        }
        let all = three.iter().chain(&[0; 2]).take(3).fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = DIGITS[(all >> (18 - 6 * place) & 63) as usize];
            out.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use headwater_documents::mail::{DeliveryAction, Limits, read};

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let message = Message {
            from: ("Juniper Example", "juniper@aldermarsh.example"),
            to: vec!["replies+0123456789abcdef@commissioner.example".to_owned()],
            subject: "Re: A letter",
            id: "1@aldermarsh.example",
            answers: Some("2@commissioner.example".to_owned()),
            date: "Mon, 2 Nov 2020 10:00:00 +0000".to_owned(),
            text: "Atodir yr asesiad \u{2013} gweler y ffeil.",
            files: vec![("a.bin", (0..=255).collect())],
        };
        let mail = read(&message.bytes(), &Limits::default()).unwrap();
        assert_eq!((mail.subject.as_str(), mail.in_reply_to[0].as_str()), ("Re: A letter", "2@commissioner.example"));
        assert!(mail.text.contains("yr asesiad \u{2013}") && mail.remarks.is_empty(), "{:?}", mail.remarks);
        assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
        let report = read(&returned("mx.example", "a@b.example", "9@mx.example", "Mon, 2 Nov 2020 10:00:00 +0000"), &Limits::default()).unwrap();
        assert_eq!((report.deliveries[0].action, report.deliveries[0].about.as_deref()), (DeliveryAction::Failed, Some("9@mx.example")));
    }
}
