//! Does it need a password?

use super::compound::{Old, what};
use super::{Finding, Look, Screened, biff, pdf};
use crate::kind::Kind;

const REMEDY: &str = "ask the sender for it without a password, or open it with the password and save it without";

/// Looks for the marks that encryption leaves.
pub(super) fn detect(look: &mut Look, screened: &mut Screened) {
    let locked = match look.kind {
        Kind::Ods | Kind::Odt | Kind::OfficeDocument => {
            look.part_text("META-INF/manifest.xml").is_some_and(|manifest| manifest.contains("encryption-data"))
        }
        Kind::OldOffice => is_locked_old(look),
        Kind::Pdf => {
            if pdf::names(look, screened).contains("Encrypt") {
                screened.add(
                    Finding::Locked,
                    "",
                    "the PDF is encrypted; even if it opens without a password, it cannot be looked into here",
                    "open it and print it to a new PDF, or ask the sender for it without protection",
                );
            }
            false
        }
        _ => false,
    };
    if locked {
        screened.add(Finding::Locked, "", "it is protected by a password, so that nothing in it could be looked at", REMEDY);
    }
}

fn is_locked_old(look: &mut Look) -> bool {
    match look.compound().map(|file| what(file)) {
        Some(Old::Encrypted) => true,
        Some(Old::Workbook) => biff::workbook(look).is_some_and(|workbook| workbook.is_locked),
        // The bit fEncrypted of the beginning of a document (MS-DOC 2.5.2).
        Some(Old::Document) => look.stream("/WordDocument").is_some_and(|bytes| bytes.get(11).is_some_and(|flags| flags & 1 == 1)),
        // The mark of an encrypted presentation (MS-PPT 2.3.2).
        Some(Old::Presentation) => look.stream("/Current User").is_some_and(|bytes| bytes.get(12..16) == Some(&[0xdf, 0xc4, 0xd1, 0xf3])),
        Some(Old::Unknown) | None => false,
    }
}
