//! Text of Rich Text documents (RTF).

use super::writer::Writer;
use super::{BlockKind, DocumentText, Limits};
use crate::Refusal;
use crate::mail::text_of_rtf;

/// Reads a Rich Text document.
pub(super) fn text(bytes: &[u8], limits: &Limits) -> Result<DocumentText, Refusal> {
    let mut writer = Writer::new(limits);
    for line in text_of_rtf(bytes).lines() {
        writer.begin(BlockKind::Paragraph);
        writer.text(line)?;
        writer.end();
    }
    writer.end_page(None)?;
    Ok(writer.finish())
}
