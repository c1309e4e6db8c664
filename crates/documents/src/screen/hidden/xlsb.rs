//! Hidden sheets of a workbook in binary form (MS-XLSB).

use super::super::Look;
use super::{Sheet, Shown};

/// The record of a sheet, BrtBundleSh (MS-XLSB 2.4.720).
const BUNDLE_SHEET: u32 = 156;

/// The sheets, and whether they are hidden.
pub(super) fn sheets(look: &mut Look) -> Vec<Sheet> {
    let Some(bytes) = look.part("xl/workbook.bin") else { return Vec::new() };
    let mut out = Vec::new();
    let mut rest = bytes.as_slice();
    while let Some((kind, after)) = number(rest, 2) {
        let Some((n, after)) = number(after, 4) else { break };
        let (body, after) = after.split_at((n as usize).min(after.len()));
        rest = after;
        if kind == BUNDLE_SHEET {
            out.extend(sheet(body));
        }
    }
    out
}

/// A number of at most `most` bytes, seven bits in each; the eighth says that another follows.
fn number(bytes: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for i in 0..most {
        let byte = *bytes.get(i)?;
        value |= u32::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    Some((value, &bytes[most..]))
}

fn sheet(body: &[u8]) -> Option<Sheet> {
    let four = |at: usize| body.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
    let shown = match four(0)? {
        0 => Shown::Yes,
        1 => Shown::Hidden,
        _ => Shown::VeryHidden,
    };
    // After the state and the number come two texts: the part, and the name.
    let n_part = four(8).filter(|n| *n != u32::MAX).unwrap_or(0) as usize;
    let at = n_part.checked_mul(2)?.checked_add(12)?;
    let n_name = four(at)? as usize;
    let letters = body.get(at + 4..at.checked_add(4)?.checked_add(n_name.checked_mul(2)?)?)?;
    let letters: Vec<u16> = letters.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    Some(Sheet { name: String::from_utf16_lossy(&letters), shown, ..Sheet::default() })
}
