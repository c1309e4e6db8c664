//! Text of text: notes, messages, and tables with a delimiter.
//!
//! Lines flow into paragraphs up to an empty line; a line that begins with a dash or a dot is an item, one with tabs a row.

use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits};
use crate::Refusal;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A line of so many bytes is a paragraph of its own: programs that break lines break them before.
const LONG_LINE: usize = 120;

/// Reads text, or a table if the name says that it is one.
pub(super) fn text(name: &str, bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let (text, guessed) = decode(bytes);
    let mut writer = Writer::new(limits);
    if guessed {
        writer.remark("it is in no stated character set and not in UTF-8; it was read as Windows-1252");
    }
    let lower = name.to_lowercase();
    match [(".csv", ','), (".tsv", '\t'), (".tab", '\t')].iter().find(|(ending, _)| lower.ends_with(ending)) {
        Some((_, delimiter)) => {
            let first = text.lines().next().unwrap_or_default();
            let is_semicolon = *delimiter == ',' && first.matches(';').count() > first.matches(',').count();
            table(&text, if is_semicolon { ';' } else { *delimiter }, limits.most_words, &mut writer)?;
            writer.end_page(None)?;
        }
        // A form feed is a new page, as programs write it that turn documents into text.
        None => {
            for page in text.strip_suffix('\u{c}').unwrap_or(&text).split('\u{c}') {
                write(page, &mut writer)?;
                writer.end_page(None)?;
            }
        }
    }
    Ok(writer.finish())
}

/// Writes lines to the page that is open.
pub(super) fn write(text: &str, writer: &mut Writer<'_>) -> Result<(), Refusal> {
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() {
            writer.end();
        } else if bare.contains('\t') {
            writer.row(bare.split('\t').map(|cell| (cell, true)))?;
        } else if let Some(item) = ["- ", "* ", "\u{2022} ", "\u{b7} ", "\u{2013} "].iter().find_map(|mark| bare.strip_prefix(mark)) {
            writer.begin(BlockKind::Item(1));
            writer.text(item)?;
        } else {
            match writer.open_kind() {
                Some(_) => writer.line(),
                None => writer.begin(BlockKind::Paragraph),
            }
            writer.text(line)?;
            if line.len() >= LONG_LINE {
                writer.end();
            }
        }
    }
    writer.end();
    Ok(())
}

/// Writes a table; what stands in quotes may hold delimiters and line ends.
fn table(text: &str, delimiter: char, most_cells: usize, writer: &mut Writer<'_>) -> Result<(), Refusal> {
    let mut row = vec![String::new()];
    let mut in_quotes = false;
    let mut rest = text.chars().peekable();
    let mut put = |row: &mut Vec<String>| {
        writer.row(row.iter().map(|cell| (cell.as_str(), true)))?;
        row.truncate(1);
        row[0].clear();
        Ok(())
    };
    while let Some(c) = rest.next() {
        let last = row.len() - 1;
        let cell = &mut row[last];
        match c {
            '"' if in_quotes && rest.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if in_quotes || cell.is_empty() => in_quotes = !in_quotes,
            c if c == delimiter && !in_quotes => {
                row.push(String::new());
                if row.len() > most_cells {
                    put(&mut row)?;
                }
            }
            '\n' if !in_quotes => put(&mut row)?,
            '\r' if !in_quotes => {}
            c => cell.push(c),
        }
    }
    put(&mut row)
}

/// Bytes as text, and whether the character set had to be guessed.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding.decode(bytes).0.into_owned(), false);
    }
    let n_zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).take(200).filter(|byte| **byte == 0).count();
    let (even, odd) = (n_zeros(0), n_zeros(1));
    if even.max(odd) > bytes.len().min(400) / 4 {
        let encoding = if even > odd { UTF_16BE } else { UTF_16LE };
        return (encoding.decode_without_bom_handling(bytes).0.into_owned(), false);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
    }
}

/// A web page as text: in the character set that it names, if it is not in UTF-8.
pub(super) fn decode_page(bytes: &[u8]) -> (String, bool) {
    let (text, guessed) = decode(bytes);
    if !guessed {
        return (text, false);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2_048)]).to_ascii_lowercase();
    let named = head.split_once("charset=").map_or("", |(_, after)| after.trim_start_matches(['"', '\'', ' ']));
    let label: String = named.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) => (encoding.decode_without_bom_handling(bytes).0.into_owned(), false),
        None => (text, true),
    }
}
