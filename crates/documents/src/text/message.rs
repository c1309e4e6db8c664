//! Text of messages: a page a message, with its header before and the names of what it carries behind.

use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits, plain};
use crate::Refusal;
use crate::mail::{self, Address, Mail};

/// Reads a message, and those that it carries whole, each on a page of its own.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut writer = Writer::new(limits);
    write(&mail::read(bytes, &mail_limits(limits))?, &mut writer)?;
    Ok(writer.finish())
}

/// Reads a file of messages.
pub(super) fn mailbox(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut writer = Writer::new(limits);
    for message in mail::split(bytes, limits.most_pages)? {
        write(&mail::read(&message, &mail_limits(limits))?, &mut writer)?;
    }
    Ok(writer.finish())
}

fn mail_limits(limits: &Limits) -> mail::Limits {
    let most = usize::try_from(limits.most_unpacked_bytes).unwrap_or(usize::MAX);
    mail::Limits { most_bytes: most.min(mail::Limits::default().most_bytes), ..mail::Limits::default() }
}

fn write(mail: &Mail, writer: &mut Writer<'_>) -> Result<(), Refusal> {
    writer.begin(BlockKind::Heading(1));
    writer.text(&mail.subject)?;
    for (field, value) in
        [("From", people(&mail.from)), ("To", people(&mail.to)), ("Cc", people(&mail.cc)), ("Date", mail.date.clone().unwrap_or_default())]
    {
        if !value.is_empty() {
            writer.begin(BlockKind::Paragraph);
            writer.text(&format!("{field}: {value}"))?;
        }
    }
    writer.end();
    if mail.is_from_html {
        for line in mail.text.lines() {
            plain::write(line, writer)?;
        }
    } else {
        plain::write(&mail.text, writer)?;
    }
    let unnamed = "a file without a name";
    for file in &mail.attachments {
        writer.begin(BlockKind::Paragraph);
        writer.text(&format!("Attached: {}", file.name.as_deref().unwrap_or(unnamed)))?;
    }
    for enclosed in &mail.messages {
        writer.begin(BlockKind::Paragraph);
        writer.text(&format!("Attached: the message \"{}\"", enclosed.mail.subject))?;
    }
    for remark in &mail.remarks {
        writer.remark(remark.clone());
    }
    if !mail.attachments.is_empty() {
        writer.remark("what is attached to a message is named and not read: its files are documents of their own");
    }
    writer.end_page(None)?;
    // No deeper than the reader of messages goes.
    for enclosed in &mail.messages {
        write(&enclosed.mail, writer)?;
    }
    Ok(())
}

fn people(addresses: &[Address]) -> String {
    let each = |it: &Address| match &it.name {
        Some(name) => format!("{name} <{}>", it.address),
        None => it.address.clone(),
    };
    addresses.iter().map(each).collect::<Vec<_>>().join(", ")
}
