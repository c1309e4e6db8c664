//! A message that Outlook saved (MS-OXMSG): a compound file whose streams are the message's properties.

use super::automatic::{Automatic, DeliveryAction, DeliveryReport};
use super::field::{ids, text_of, unfold};
use super::{Address, Attachment, Enclosed, Limits, Mail, Meter, eml, html, rtf, sender, too_deep, with_plain_line_ends};
use crate::Refusal;
use cfb::CompoundFile;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Names of properties (MS-OXPROPS) that are streams.
mod property {
    pub const CLASS: u16 = 0x001a;
    pub const SUBJECT: u16 = 0x0037;
    pub const HEADER: u16 = 0x007d;
    pub const SENDER_NAME: u16 = 0x0c1a;
    pub const SENDER_ADDRESS: u16 = 0x0c1f;
    pub const SENDER_SMTP: u16 = 0x5d01;
    pub const BODY: u16 = 0x1000;
    pub const RTF: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const MESSAGE_ID: u16 = 0x1035;
    pub const REFERENCES: u16 = 0x1039;
    pub const IN_REPLY_TO: u16 = 0x1042;
    pub const NAME: u16 = 0x3001;
    pub const ADDRESS: u16 = 0x3003;
    pub const SMTP: u16 = 0x39fe;
    pub const ATTACHED: u16 = 0x3701;
    pub const SHORT_FILE_NAME: u16 = 0x3704;
    pub const FILE_NAME: u16 = 0x3707;
    pub const MEDIA_TYPE: u16 = 0x370e;
    pub const CONTENT_ID: u16 = 0x3712;
    /// Numbers, all in one stream.
    pub const SENT: u16 = 0x0039;
    pub const RECEIVED: u16 = 0x0e06;
    pub const RECIPIENT_KIND: u16 = 0x0c15;
}

/// How long the beginning of the stream of numbers is, by what it belongs to.
const TOP_HEAD: usize = 32;
const ENCLOSED_HEAD: usize = 24;
const OTHER_HEAD: usize = 8;

/// Reads a message and everything it carries.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Mail, Refusal> {
    // The parser of the container is another project's: a panic in it becomes a refusal here.
    let read = || {
        let file = CompoundFile::open(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        Saved { file, meter: Meter::new(limits), remarks: Vec::new() }.message("", TOP_HEAD, limits.deepest)
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(broken(&"its parts do not fit together")))
}

fn broken(what: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        format!("the Outlook message is broken or was cut off: {what}"),
        "save it again from Outlook, or forward it as an attachment to an address that keeps .eml",
    )
}

struct Saved<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    meter: Meter<'a>,
    remarks: Vec<String>,
}

impl Saved<'_> {
    fn message(&mut self, below: &str, head: usize, deeper: usize) -> Result<Mail, Refusal> {
        self.meter.spend_part()?;
        let outer = std::mem::take(&mut self.remarks);
        let numbers = self.stream(&format!("{below}/__properties_version1.0"))?;
        let Some(numbers) = numbers else { return Err(broken(&"it has no list of properties")) };
        let header = self.text(below, property::HEADER)?;
        let mut mail = header.and_then(|header| eml::read_header(format!("{}\r\n\r\n", header.trim_start()).as_bytes())).unwrap_or_default();
        let had_header = !mail.from.is_empty();
        if mail.from.is_empty() {
            let name = self.text(below, property::SENDER_NAME)?.map(|name| unfold(&name)).filter(|name| !name.is_empty());
            let smtp = self.text(below, property::SENDER_SMTP)?;
            let address = match smtp {
                Some(smtp) => Some(smtp),
                None => self.text(below, property::SENDER_ADDRESS)?,
            };
            let address = unfold(&address.unwrap_or_default());
            if name.is_some() || !address.is_empty() {
                mail.from = vec![Address { name, address }];
            }
        }
        if mail.message_id.is_none() {
            mail.message_id = self.text(below, property::MESSAGE_ID)?.and_then(|value| ids(&value).into_iter().next());
        }
        if mail.in_reply_to.is_empty() {
            mail.in_reply_to = self.text(below, property::IN_REPLY_TO)?.map(|value| ids(&value)).unwrap_or_default();
        }
        if mail.references.is_empty() {
            mail.references = self.text(below, property::REFERENCES)?.map(|value| ids(&value)).unwrap_or_default();
        }
        if mail.date.is_none() {
            let sent = number(&numbers, head, property::SENT).or_else(|| number(&numbers, head, property::RECEIVED));
            mail.date = sent.and_then(day_of_file_time);
        }
        if let Some(subject) = self.text(below, property::SUBJECT)? {
            mail.subject = unfold(&subject);
        }
        self.recipients(below, &mut mail)?;
        if !had_header {
            mail.signs = sender::signs(&mail, 1);
        }
        self.classify(below, &mut mail)?;
        mail.text = self.body(below, &mut mail)?;
        self.attachments(below, &mut mail, deeper)?;
        mail.remarks.append(&mut std::mem::replace(&mut self.remarks, outer));
        mail.remarks.dedup();
        Ok(mail)
    }

    /// Automatic replies and reports have a class of their own.
    fn classify(&mut self, below: &str, mail: &mut Mail) -> Result<(), Refusal> {
        let class = self.text(below, property::CLASS)?.unwrap_or_default().to_lowercase();
        if class.starts_with("ipm.note.rules.ooftemplate") || class.starts_with("ipm.note.rules.replytemplate") {
            mail.automatic = Some(Automatic::Reply);
        } else if class.starts_with("report.") && class.ends_with(".ndr") {
            mail.automatic = Some(Automatic::DeliveryReport);
            if mail.deliveries.is_empty() {
                // The recipients of the report are those whom it is about.
                mail.deliveries = mail
                    .to
                    .iter()
                    .map(|to| DeliveryReport {
                        recipient: to.address.clone(),
                        action: DeliveryAction::Failed,
                        status: None,
                        diagnostic: None,
                        about: mail.in_reply_to.first().cloned(),
                    })
                    .collect();
            }
        } else if class.starts_with("report.") && (class.ends_with(".ipnrn") || class.ends_with(".ipnnrn")) {
            mail.automatic = Some(Automatic::ReadReceipt);
        }
        Ok(())
    }

    fn recipients(&mut self, below: &str, mail: &mut Mail) -> Result<(), Refusal> {
        if !mail.to.is_empty() || !mail.cc.is_empty() {
            return Ok(());
        }
        for folder in self.folders(below, "__recip_version1.0_#") {
            self.meter.spend_part()?;
            let name = self.text(&folder, property::NAME)?.map(|name| unfold(&name)).filter(|name| !name.is_empty());
            let address = match self.text(&folder, property::SMTP)? {
                Some(smtp) => Some(smtp),
                None => self.text(&folder, property::ADDRESS)?,
            };
            let address = Address { name, address: unfold(&address.unwrap_or_default()) };
            let numbers = self.stream(&format!("{folder}/__properties_version1.0"))?.unwrap_or_default();
            match number(&numbers, OTHER_HEAD, property::RECIPIENT_KIND).map(|kind| kind & 0xf) {
                Some(2) => mail.cc.push(address),
                Some(3) => mail.delivered_to.push(address),
                _ => mail.to.push(address),
            }
        }
        Ok(())
    }

    fn body(&mut self, below: &str, mail: &mut Mail) -> Result<String, Refusal> {
        if let Some(text) = self.text(below, property::BODY)?.filter(|text| !text.trim().is_empty()) {
            return Ok(with_plain_line_ends(&text));
        }
        let html = match self.stream(&format!("{below}/__substg1.0_{:04X}0102", property::HTML))? {
            Some(bytes) => Some(self.guessed(&bytes)),
            None => self.text(below, property::HTML)?,
        };
        if let Some(html) = html {
            mail.is_from_html = true;
            return Ok(html::text_of_html(&html));
        }
        let packed = self.stream(&format!("{below}/__substg1.0_{:04X}0102", property::RTF))?;
        let unpacked = packed.as_deref().and_then(rtf::unpack);
        if packed.is_some() && unpacked.is_none() {
            self.remarks.push("its text is kept in a form that cannot be unpacked".to_owned());
        }
        let unpacked = unpacked.unwrap_or_default();
        self.meter.spend_bytes(unpacked.len())?;
        Ok(with_plain_line_ends(&rtf::text(&unpacked)))
    }

    fn attachments(&mut self, below: &str, mail: &mut Mail, deeper: usize) -> Result<(), Refusal> {
        for folder in self.folders(below, "__attach_version1.0_#") {
            self.meter.spend_part()?;
            let name = match self.text(&folder, property::FILE_NAME)? {
                Some(name) => Some(name),
                None => self.text(&folder, property::SHORT_FILE_NAME)?,
            };
            let name = name.map(|name| unfold(&name)).filter(|name| !name.is_empty());
            let inside = format!("{folder}/__substg1.0_{:04X}000D", property::ATTACHED);
            if self.file.is_storage(&inside) {
                if !self.file.is_stream(format!("{inside}/__properties_version1.0")) {
                    let shown = name.unwrap_or_else(|| "without a name".to_owned());
                    self.remarks.push(format!("an object of another program ({shown}) is drawn into it, which cannot be taken out here"));
                    continue;
                }
                let Some(deeper) = deeper.checked_sub(1) else { return Err(too_deep(self.meter.limits)) };
                mail.messages.push(Enclosed { mail: self.message(&inside, ENCLOSED_HEAD, deeper)?, bytes: None });
                continue;
            }
            let Some(bytes) = self.stream(&format!("{folder}/__substg1.0_{:04X}0102", property::ATTACHED))? else {
                self.remarks.push("an attachment is a link to a file that was not sent".to_owned());
                continue;
            };
            let declared_type =
                self.text(&folder, property::MEDIA_TYPE)?.map_or_else(|| "application/octet-stream".to_owned(), |kind| unfold(&kind).to_lowercase());
            let is_inline = self.text(&folder, property::CONTENT_ID)?.is_some_and(|id| !id.is_empty());
            mail.attachments.push(Attachment { name, declared_type, is_inline, bytes });
        }
        Ok(())
    }

    /// The folders of a kind below a message, in the order of their numbers.
    fn folders(&self, below: &str, kind: &str) -> Vec<String> {
        let above = if below.is_empty() { "/" } else { below };
        let Ok(entries) = self.file.read_storage(above) else { return Vec::new() };
        let named = entries.filter(|entry| entry.is_storage() && entry.name().starts_with(kind));
        let mut folders: Vec<String> = named.map(|entry| format!("{below}/{}", entry.name())).collect();
        folders.sort();
        folders
    }

    /// A property that is text: in UTF-16, or in the sender's code page.
    fn text(&mut self, below: &str, property: u16) -> Result<Option<String>, Refusal> {
        if let Some(bytes) = self.stream(&format!("{below}/__substg1.0_{property:04X}001F"))? {
            let letters: Vec<u16> = bytes.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
            return Ok(Some(String::from_utf16_lossy(&letters).trim_end_matches('\0').to_owned()));
        }
        let bytes = self.stream(&format!("{below}/__substg1.0_{property:04X}001E"))?;
        Ok(bytes.map(|bytes| self.guessed(&bytes).trim_end_matches('\0').to_owned()))
    }

    fn guessed(&mut self, bytes: &[u8]) -> String {
        let (text, guessed) = text_of(bytes);
        if guessed {
            self.remarks.push("it is kept in a code page and not in Unicode; it was read as Windows-1252".to_owned());
        }
        text
    }

    fn stream(&mut self, path: &str) -> Result<Option<Vec<u8>>, Refusal> {
        if !self.file.is_stream(path) {
            return Ok(None);
        }
        let stream = self.file.open_stream(path).map_err(|error| broken(&error))?;
        // What the stream says of its length may be anything.
        let most = self.meter.bytes_left.saturating_add(1) as u64;
        let mut bytes = Vec::new();
        stream.take(most).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        self.meter.spend_bytes(bytes.len())?;
        Ok(Some(bytes))
    }
}

/// A number among the properties: eight bytes, of which smaller ones use the first.
fn number(numbers: &[u8], head: usize, property: u16) -> Option<u64> {
    numbers.get(head..)?.chunks_exact(16).find(|entry| entry[2..4] == property.to_le_bytes()).map(|entry| {
        let mut value = [0; 8];
        value.copy_from_slice(&entry[8..]);
        u64::from_le_bytes(value)
    })
}

/// A moment in tenths of microseconds since 1601, as a date of a message.
fn day_of_file_time(ticks: u64) -> Option<String> {
    const SECONDS_FROM_1601_TO_1970: i64 = 11_644_473_600;
    const LAST_SECOND_OF_9999: i64 = 253_402_300_799;
    let seconds = i64::try_from(ticks / 10_000_000).ok()? - SECONDS_FROM_1601_TO_1970;
    (0..=LAST_SECOND_OF_9999).contains(&seconds).then(|| mail_parser::DateTime::from_timestamp(seconds).to_rfc3339())
}
