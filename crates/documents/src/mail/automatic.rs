//! What programs write: automatic replies (RFC 3834) and reports on delivery (RFC 3464).

use super::field::Fields;
use mail_parser::{Message, MessagePart, MimeHeaders};

/// Why a message is taken for a program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Automatic {
    /// It answers for somebody who is away, or says that a message arrived.
    Reply,
    /// A server reports what became of a message.
    DeliveryReport,
    /// A mail program reports that a message was opened.
    ReadReceipt,
    /// It went to a list.
    List,
    /// A program wrote it for another reason.
    Other,
}

impl Automatic {
    /// What it is, as a reader says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Reply => "an automatic reply",
            Self::DeliveryReport => "a report on the delivery of a message",
            Self::ReadReceipt => "a receipt that says a message was opened",
            Self::List => "a message to a list",
            Self::Other => "a message that a program wrote",
        }
    }
}

/// What a server did with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryAction {
    /// It could not deliver it and will not try again.
    Failed,
    /// It could not deliver it yet and goes on trying.
    Delayed,
    /// It put it in the mailbox.
    Delivered,
    /// It gave it to a server that makes no reports.
    Relayed,
    /// It gave it to the members of a list.
    Expanded,
}

/// What became of a message for one recipient (RFC 3464).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// For whom: the final recipient, or the original one if that is all that is said.
    pub recipient: String,
    /// What was done.
    pub action: DeliveryAction,
    /// The status code, such as `5.1.1`: 5 is for good, 4 for now.
    pub status: Option<String>,
    /// The words of the server that refused it.
    pub diagnostic: Option<String>,
    /// The Message-ID of the message it is about, if the report has it.
    pub about: Option<String>,
}

/// Beginnings of the subjects of automatic replies whose program says only that a program wrote them.
const REPLY_SUBJECTS: [&str; 7] =
    ["automatic reply", "auto reply", "autoreply", "auto-reply", "out of office", "ateb awtomatig", "allan o'r swyddfa"];

/// What the header says of who wrote the message.
pub(super) fn recognise(fields: &Fields, report_type: Option<&str>, subject: &str, return_path: Option<&str>) -> Option<Automatic> {
    match report_type {
        Some("delivery-status") => return Some(Automatic::DeliveryReport),
        Some("disposition-notification") => return Some(Automatic::ReadReceipt),
        _ => {}
    }
    let by_mail_system = fields.first("from").is_some_and(|from| from.to_ascii_lowercase().contains("mailer-daemon@"));
    if by_mail_system || fields.first("x-failed-recipients").is_some() {
        return Some(Automatic::DeliveryReport);
    }
    // "auto-replied (vacation)" and "auto-generated; owner=…": the first word counts.
    let submitted = fields.first("auto-submitted").map(|value| value.split([' ', ';', '(']).next().unwrap_or_default().to_ascii_lowercase());
    let precedence = fields.first("precedence").map(str::to_ascii_lowercase);
    let subject = subject.to_lowercase();
    let replies = REPLY_SUBJECTS.iter().any(|words| subject.starts_with(words));
    let by_program = submitted.as_deref().is_some_and(|value| !matches!(value, "no" | ""));
    if submitted.as_deref() == Some("auto-replied")
        || ["x-autoreply", "x-autorespond", "x-autoresponder"].iter().any(|name| fields.first(name).is_some_and(|value| value != "no"))
        || precedence.as_deref() == Some("auto_reply")
        || replies && (by_program || return_path == Some("") || fields.first("x-auto-response-suppress").is_some())
    {
        return Some(Automatic::Reply);
    }
    if by_program {
        return Some(Automatic::Other);
    }
    let to_list = fields.first("list-id").is_some() || matches!(precedence.as_deref(), Some("list" | "bulk" | "junk"));
    to_list.then_some(Automatic::List)
}

/// The `report-type` of a `multipart/report`.
pub(super) fn report_type(root: &MessagePart) -> Option<String> {
    let content_type = root.content_type()?;
    let is_report = content_type.ctype() == "multipart" && content_type.subtype() == Some("report");
    if is_report { content_type.attribute("report-type").map(str::to_ascii_lowercase) } else { None }
}

/// The reports in a `message/delivery-status` part: blocks of fields, the first about the message, each other about one
/// recipient.
pub(super) fn deliveries(text: &str) -> Vec<DeliveryReport> {
    let mut out = Vec::new();
    for block in super::with_plain_line_ends(text).split("\n\n") {
        // Folded lines belong to the line before.
        let lines = block.replace("\n ", " ").replace("\n\t", " ");
        let value = |wanted: &str| {
            lines.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        // "rfc822; a@example.org": the kind of address, and the address.
        let typed = |value: String| value.split_once(';').map_or(value.as_str(), |(_, rest)| rest).trim().trim_matches(['<', '>']).to_owned();
        let recipient = value("Final-Recipient").or_else(|| value("Original-Recipient")).map(typed);
        let action = value("Action").and_then(|action| match action.split_whitespace().next()?.to_ascii_lowercase().as_str() {
            "failed" => Some(DeliveryAction::Failed),
            "delayed" => Some(DeliveryAction::Delayed),
            "delivered" => Some(DeliveryAction::Delivered),
            "relayed" => Some(DeliveryAction::Relayed),
            "expanded" => Some(DeliveryAction::Expanded),
            _ => None,
        });
        if let (Some(recipient), Some(action)) = (recipient, action) {
            let status = value("Status").and_then(|status| status.split_whitespace().next().map(str::to_owned));
            let diagnostic = value("Diagnostic-Code").map(|code| super::field::unfold(&code));
            out.push(DeliveryReport { recipient, action, status, diagnostic, about: None });
        }
    }
    out
}

/// The recipients that a server names as failed in its header alone.
pub(super) fn failed_by_header(fields: &Fields) -> Vec<DeliveryReport> {
    let named = fields.all("x-failed-recipients").flat_map(|value| value.split(',')).map(str::trim).filter(|address| address.contains('@'));
    named
        .map(|address| DeliveryReport { recipient: address.to_owned(), action: DeliveryAction::Failed, status: None, diagnostic: None, about: None })
        .collect()
}

/// The Message-ID in a header that came back as text.
pub(super) fn about_in_text(text: &str) -> Option<String> {
    let message: Message = mail_parser::MessageParser::default().parse_headers(text.as_bytes())?;
    message.message_id().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_gives_each_recipient_its_own_outcome() {
        let text = "Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; <a@example.org>\r\nAction: Failed\r\nStatus: 5.1.1 (bad mailbox)\r\nDiagnostic-Code: smtp; 550\r\n 5.1.1 unknown\r\n\r\nOriginal-Recipient: rfc822;b@example.org\r\nAction: delayed\r\n\r\nFinal-Recipient: rfc822;c@example.org\r\n";
        let reports = deliveries(text);
        assert_eq!(reports.len(), 2, "the last has no action");
        assert_eq!((reports[0].recipient.as_str(), reports[0].action), ("a@example.org", DeliveryAction::Failed));
        assert_eq!(reports[0].status.as_deref(), Some("5.1.1"));
        assert_eq!(reports[0].diagnostic.as_deref(), Some("smtp; 550 5.1.1 unknown"));
        assert_eq!((reports[1].recipient.as_str(), reports[1].action), ("b@example.org", DeliveryAction::Delayed));
    }
}
