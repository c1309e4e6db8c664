//! A message as it travels (RFC 5322 and MIME), to a [`Mail`].

use super::automatic::{about_in_text, deliveries, failed_by_header, recognise, report_type};
use super::field::{Fields, addresses, bare_addresses, ids, text_of, unfold};
use super::{Attachment, Enclosed, Limits, Mail, Meter, html, no_message, sender, too_deep, too_many_parts, with_plain_line_ends};
use crate::Refusal;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads a message and everything it carries.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Mail, Refusal> {
    check_nesting(bytes, limits)?;
    // The parser is another project's and reads bytes that anyone may have made: a panic in it becomes a refusal here.
    let read = || {
        let message = MessageParser::default().parse(bytes).filter(is_message).ok_or_else(no_message)?;
        whole(&message, &mut Meter::new(limits), limits.deepest)
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Refusal::new(
            "the message is broken: its parts do not fit together",
            "save it again from the mail program, or forward it as an attachment",
        ))
    })
}

/// Reads a header by itself, as Outlook keeps it beside the parts of a message.
pub(super) fn read_header(bytes: &[u8]) -> Option<Mail> {
    catch_unwind(AssertUnwindSafe(|| {
        let message = MessageParser::default().parse_headers(bytes).filter(is_message)?;
        Some(described(&message).0)
    }))
    .ok()
    .flatten()
}

/// The parser calls itself for messages in messages, and what it builds is taken down the same way: a message made of nothing
/// but beginnings of messages would use up the stack.
fn check_nesting(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let mut n = 0;
    let lower = |byte: u8| byte.to_ascii_lowercase();
    for at in memchr::memchr2_iter(b'r', b'm', bytes).chain(memchr::memchr3_iter(b'R', b'M', b'g', bytes)).chain(memchr::memchr_iter(b'G', bytes)) {
        let starts = |word: &[u8]| bytes.get(at..at + word.len()).is_some_and(|part| part.iter().zip(word).all(|(a, b)| lower(*a) == *b));
        let is_nesting = match lower(bytes[at]) {
            b'r' => starts(b"rfc822"),
            b'm' => starts(b"multipart"),
            // "message/global", not every mention of the word.
            _ => starts(b"global") && bytes[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'/'),
        };
        n += usize::from(is_nesting);
        if n > limits.most_parts {
            return Err(too_many_parts(limits));
        }
    }
    Ok(())
}

/// Fields without which a text is no message.
fn is_message(message: &Message) -> bool {
    let known = [HeaderName::From, HeaderName::To, HeaderName::Subject, HeaderName::MessageId, HeaderName::Received, HeaderName::ReturnPath];
    message.parts.first().is_some_and(|root| root.headers.iter().any(|header| known.contains(&header.name)))
}

/// What the header says.
fn described(message: &Message) -> (Mail, Fields) {
    let root = &message.parts[0];
    let fields = Fields::of(root, &message.raw_message);
    let mended = fields.is_guessed.then(|| fields.written_in_utf_8());
    let again = mended.as_deref().and_then(|header| MessageParser::default().parse_headers(header));
    let message = again.as_ref().unwrap_or(message);
    let mut mail = Mail {
        message_id: fields.first("message-id").and_then(|value| ids(value).into_iter().next()),
        in_reply_to: fields.first("in-reply-to").map(ids).unwrap_or_default(),
        references: fields.first("references").map(ids).unwrap_or_default(),
        from: addresses(message, &HeaderName::From),
        reply_to: addresses(message, &HeaderName::ReplyTo),
        to: addresses(message, &HeaderName::To),
        cc: addresses(message, &HeaderName::Cc),
        delivered_to: bare_addresses(&fields, &["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to"]),
        return_path: fields.first("return-path").map(|path| path.trim_matches(['<', '>', ' ']).to_owned()),
        date: message.date().filter(|date| date.is_valid()).map(mail_parser::DateTime::to_rfc3339),
        received: message.received().and_then(|received| received.date).filter(mail_parser::DateTime::is_valid).map(|date| date.to_rfc3339()),
        subject: message.subject().map(unfold).unwrap_or_default(),
        authentication: sender::results(&fields),
        ..Mail::default()
    };
    if fields.is_guessed {
        mail.remarks.push("its header holds letters in no stated character set; they were read as Windows-1252".to_owned());
    }
    if mail.date.is_none() && fields.first("date").is_some() {
        mail.remarks.push("its date cannot be read".to_owned());
    }
    let n_from_fields = root.headers.iter().filter(|header| header.name == HeaderName::From).count();
    mail.signs = sender::signs(&mail, n_from_fields);
    mail.automatic = recognise(&fields, report_type(root).as_deref(), &mail.subject, mail.return_path.as_deref());
    mail.deliveries = failed_by_header(&fields);
    (mail, fields)
}

/// The message with its text and all it carries.
fn whole(message: &Message, meter: &mut Meter, deeper: usize) -> Result<Mail, Refusal> {
    let (mut mail, _) = described(message);
    let raw: &[u8] = &message.raw_message;
    for part in &message.parts {
        meter.spend_part()?;
        if part.is_encoding_problem {
            mail.remarks.push(format!("{} is not encoded as it says; it is given as it was written", said_of(part, raw)));
        }
    }
    let plain: Vec<&MessagePart> = message.text_body.iter().filter_map(|id| message.part(*id)).collect();
    // A message without a plain text names its HTML as that.
    mail.is_from_html = !plain.is_empty() && plain.iter().all(|part| part.is_text_html());
    let mut text = joined(&plain, raw, meter, &mut mail.remarks)?;
    if text.trim().is_empty() {
        let rich: Vec<&MessagePart> = message.html_body.iter().filter_map(|id| message.part(*id)).filter(|part| part.is_text_html()).collect();
        let seen = joined(&rich, raw, meter, &mut mail.remarks)?;
        if !seen.trim().is_empty() {
            text = seen;
            mail.is_from_html = true;
        }
    }
    mail.text = text;
    let mut about = None;
    for part in message.attachments.iter().filter_map(|id| message.part(*id)) {
        let kind = declared_type(part);
        if let PartType::Message(nested) = &part.body {
            let Some(deeper) = deeper.checked_sub(1) else { return Err(too_deep(meter.limits)) };
            if nested.parts.is_empty() {
                continue;
            }
            let enclosed = whole(nested, meter, deeper)?;
            about = about.or_else(|| enclosed.message_id.clone());
            let start = nested.parts[0].offset_header as usize;
            // A message that was encoded has bytes of its own; one that was not lies within ours.
            let end = if part.encoding == Encoding::None { part.offset_end as usize } else { nested.raw_message.len() };
            let bytes = nested.raw_message.get(start..end).unwrap_or_default();
            meter.spend_bytes(bytes.len())?;
            mail.messages.push(Enclosed { mail: enclosed, bytes: Some(bytes.to_vec()) });
            continue;
        }
        let bytes = content(part, raw);
        meter.spend_bytes(bytes.len())?;
        match kind.as_str() {
            "message/delivery-status" | "message/global-delivery-status" => {
                let reports = deliveries(&text_of(&bytes).0);
                // What the parts say is more than what the header says.
                if !reports.is_empty() {
                    mail.deliveries = reports;
                }
            }
            "text/rfc822-headers" | "message/rfc822-headers" => about = about.or_else(|| about_in_text(&text_of(&bytes).0)),
            _ => {
                if kind == "application/ms-tnef" {
                    mail.remarks.push(
                        "what it carries is packed in Outlook's own form (winmail.dat); ask the sender to send it as HTML or plain text".to_owned(),
                    );
                }
                mail.attachments.push(Attachment { name: file_name(part, raw), declared_type: kind, is_inline: is_inline(part), bytes });
            }
        }
    }
    for delivery in &mut mail.deliveries {
        delivery.about.clone_from(&about);
    }
    mail.remarks.dedup();
    Ok(mail)
}

fn is_inline(part: &MessagePart) -> bool {
    part.content_disposition().map_or(part.content_id().is_some(), |disposition| disposition.is_inline())
}

/// The type that a part says it is of, in small letters.
fn declared_type(part: &MessagePart) -> String {
    let Some(kind) = part.content_type() else { return "text/plain".to_owned() };
    unfold(&format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream"))).to_ascii_lowercase()
}

/// The name that a part gives its file.
fn file_name(part: &MessagePart, raw: &[u8]) -> Option<String> {
    let name = part.attachment_name().map(unfold).filter(|name| !name.is_empty())?;
    if !name.contains('\u{fffd}') {
        return Some(name);
    }
    let header = Fields::of(part, raw).written_in_utf_8();
    MessageParser::default().parse_headers(&header).and_then(|again| again.parts.first()?.attachment_name().map(unfold)).or(Some(name))
}

fn said_of(part: &MessagePart, raw: &[u8]) -> String {
    file_name(part, raw).map_or_else(|| format!("a part of type {}", declared_type(part)), |name| format!("the attachment \"{name}\""))
}

/// The bytes of a part with its transfer encoding undone.
fn content(part: &MessagePart, raw: &[u8]) -> Vec<u8> {
    if let PartType::Binary(bytes) | PartType::InlineBinary(bytes) = &part.body {
        return bytes.to_vec();
    }
    let written = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let decoded = match part.encoding {
        Encoding::None => Some(written.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(written),
        Encoding::Base64 => base64_decode(written),
    };
    // Text in a character set is bytes first: a CSV file must come out as it was sent.
    decoded.unwrap_or_else(|| match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes().to_vec(),
        _ => written.to_vec(),
    })
}

fn joined(parts: &[&MessagePart], raw: &[u8], meter: &mut Meter, remarks: &mut Vec<String>) -> Result<String, Refusal> {
    let mut out = String::new();
    for part in parts {
        let (PartType::Text(text) | PartType::Html(text)) = &part.body else { continue };
        meter.spend_bytes(text.len())?;
        let mut text = text.to_string();
        // ASCII has half of the bytes; who names it and uses the others may mean UTF-8 or Windows-1252.
        let named = part.content_type().and_then(|it| it.attribute("charset")).unwrap_or_default();
        let is_no_ascii = !text.is_ascii() && ["us-ascii", "ascii"].iter().any(|ascii| named.eq_ignore_ascii_case(ascii));
        if text.contains('\u{fffd}') || is_no_ascii {
            let (again, guessed) = text_of(&content(part, raw));
            if guessed || is_no_ascii {
                let read_as = if guessed { "Windows-1252" } else { "UTF-8" };
                remarks.push(format!("{} is not in the character set it names; it was read as {read_as}", said_of(part, raw)));
            }
            text = again;
        }
        let text = if part.is_text_html() { html::text_of_html(&text) } else { with_plain_line_ends(&text) };
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&text);
    }
    Ok(out)
}
