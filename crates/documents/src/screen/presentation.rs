//! The records of a presentation of before 2007 (MS-PPT), as far as a screen asks for them.

use super::Look;
use super::compound::{Old, what};

/// Record numbers (MS-PPT 2.13.24).
mod record {
    pub const MACROS: u16 = 0x0400;
    pub const EMBEDDED: u16 = 0x0fcc;
    pub const LINKED: u16 = 0x0fce;
    pub const CONTROL: u16 = 0x0fee;
}

/// What the records say of the presentation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Presentation {
    pub(super) has_macros: bool,
    pub(super) has_files: bool,
    pub(super) has_links: bool,
}

/// Reads the records; all is absent if the file is no such presentation.
pub(super) fn records(look: &mut Look) -> Presentation {
    let mut found = Presentation::default();
    if look.compound().map(|file| what(file)) != Some(Old::Presentation) {
        return found;
    }
    let bytes = look.stream("/PowerPoint Document").unwrap_or_default();
    let mut rest = bytes.as_slice();
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let kind = u16::from_le_bytes([head[2], head[3]]);
        let n = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        match kind {
            // Which project, whether there is one, and its version.
            record::MACROS => found.has_macros |= body.get(4..8).is_some_and(|flag| flag != [0; 4]),
            record::CONTROL => found.has_macros = true,
            record::EMBEDDED => found.has_files = true,
            record::LINKED => found.has_links = true,
            _ => {}
        }
        // A record that holds others is entered, any other passed over.
        let holds_others = head[0] & 0xf == 0xf;
        rest = if holds_others { body } else { body.get(n..).unwrap_or_default() };
    }
    found
}
