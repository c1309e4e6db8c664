//! The words of files that are not read as documents: runs of letters, of one byte or of two.
//!
//! What an old workbook keeps as a number is not found so; a number of a person is often kept as text, for its spaces.

/// Runs shorter than this are no words.
const SHORTEST: usize = 8;

/// The words in some bytes, a line for each run.
pub(super) fn strings(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let end = |run: &mut String, out: &mut String| {
        if run.chars().count() >= SHORTEST {
            out.push_str(run.trim());
            out.push('\n');
        }
        run.clear();
    };
    for byte in bytes {
        match letter(*byte) {
            Some(c) => run.push(c),
            None => end(&mut run, &mut out),
        }
    }
    end(&mut run, &mut out);
    for start in 0..2 {
        for two in bytes.get(start..).unwrap_or_default().chunks_exact(2) {
            match (letter(two[0]), two[1]) {
                (Some(c), 0) => run.push(c),
                _ => end(&mut run, &mut out),
            }
        }
        end(&mut run, &mut out);
    }
    out
}

fn letter(byte: u8) -> Option<char> {
    match byte {
        b' '..=b'~' => Some(char::from(byte)),
        b'\t' | 0x07 => Some('\t'),
        0xc0..=0xff => Some(char::from(byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_byte_and_of_two_are_found_among_others() {
        let wide: Vec<u8> = "date of birth".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(strings(b"\x01\x02NHS number\x00\x01ab\xff\x03"), "NHS number\n");
        assert!(strings(&[b"\x02", &wide[..]].concat()).contains("date of birth\n"));
        assert!(strings(&[b"\x02\x01", &wide[..]].concat()).contains("date of birth\n"));
        assert_eq!(strings(b""), "");
    }
}
