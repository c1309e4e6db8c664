//! The text of a message that Outlook keeps as compressed Rich Text only (MS-OXRTFCP), with no plain text beside it.

/// What the dictionary of the compression holds before the first byte.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

const WINDOW: usize = 4096;

/// Unpacks compressed Rich Text; nothing if it is of no known form. It grows to at most nine times its size.
pub(super) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| packed.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize);
    let n_raw = number(4)?;
    let body = packed.get(16..)?;
    match packed.get(8..12)? {
        b"MELA" => return Some(body[..body.len().min(n_raw)].to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [b' '; WINDOW];
    window[..DICTIONARY.len()].copy_from_slice(DICTIONARY);
    let mut at = DICTIONARY.len();
    let mut out = Vec::new();
    let mut bytes = body.iter();
    let mut put = |byte: u8, at: &mut usize, window: &mut [u8; WINDOW]| {
        window[*at] = byte;
        *at = (*at + 1) % WINDOW;
        out.push(byte);
    };
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if control & (1 << bit) == 0 {
                let Some(byte) = bytes.next() else { break 'all };
                put(*byte, &mut at, &mut window);
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { break 'all };
            let token = usize::from(*high) << 8 | usize::from(*low);
            let (from, n) = (token >> 4, (token & 15) + 2);
            // A reference to where the next byte will stand is the end.
            if from == at {
                break 'all;
            }
            for i in 0..n {
                let byte = window[(from + i) % WINDOW];
                put(byte, &mut at, &mut window);
            }
        }
    }
    out.truncate(n_raw);
    Some(out)
}

/// Groups that hold no text of the document.
const NO_TEXT: [&str; 8] = ["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer"];

/// One level of braces.
#[derive(Clone, Copy)]
struct Group {
    hidden: bool,
    /// How many letters stand in for one in `\u`.
    n_stand_ins: usize,
}

/// The text of Rich Text, as it would be read: also of HTML that was put into it, without its tags.
pub(super) fn text(rtf: &[u8]) -> String {
    let mut out = String::new();
    let mut groups = vec![Group { hidden: false, n_stand_ins: 1 }];
    // Outlook marks what it added for programs that read no HTML.
    let mut added = false;
    let mut skip = 0;
    let mut ansi: Vec<u8> = Vec::new();
    let mut rest = rtf;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let seen = !added && groups.last().is_some_and(|group| !group.hidden);
        match byte {
            b'{' => {
                let group = groups.last().copied().unwrap_or(Group { hidden: false, n_stand_ins: 1 });
                // Nobody nests deeper; what lies there is read as if it did not.
                if groups.len() < 500 {
                    groups.push(group);
                }
            }
            // The outermost level stays, however many close it.
            b'}' => groups.truncate(groups.len().max(2) - 1),
            b'\r' | b'\n' => {}
            b'\\' => match rest.first() {
                Some(b'\'') => {
                    let letter = rest.get(1..3).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
                    rest = rest.get(3..).unwrap_or_default();
                    if skip > 0 {
                        skip -= 1;
                    } else if let Some(letter) = letter.filter(|_| seen) {
                        ansi.push(letter);
                    }
                    continue;
                }
                Some(letter) if letter.is_ascii_alphabetic() => {
                    flush(&mut ansi, &mut out);
                    let (word, number, after) = control(rest);
                    rest = after;
                    let group = groups.last_mut();
                    match (word, group) {
                        ("htmlrtf", _) => added = number != Some(0),
                        (word, Some(group)) if NO_TEXT.contains(&word) => group.hidden = true,
                        ("uc", Some(group)) => group.n_stand_ins = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(10),
                        ("u", Some(group)) => {
                            skip = group.n_stand_ins;
                            let code = number.map(|n| if n < 0 { n + 0x1_0000 } else { n }).and_then(|n| u32::try_from(n).ok());
                            if seen {
                                out.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                            }
                        }
                        ("par" | "line" | "row", _) if seen => out.push('\n'),
                        ("tab" | "cell", _) if seen => out.push('\t'),
                        ("lquote", _) if seen => out.push('‘'),
                        ("rquote", _) if seen => out.push('’'),
                        ("ldblquote", _) if seen => out.push('“'),
                        ("rdblquote", _) if seen => out.push('”'),
                        ("endash", _) if seen => out.push('–'),
                        ("emdash", _) if seen => out.push('—'),
                        _ => {}
                    }
                }
                Some(b'*') => {
                    rest = &rest[1..];
                    if let Some(group) = groups.last_mut() {
                        group.hidden = true;
                    }
                }
                Some(mark) => {
                    rest = &rest[1..];
                    if seen {
                        ansi.push(if *mark == b'~' { b' ' } else { *mark });
                    }
                }
                None => {}
            },
            _ if skip > 0 => skip -= 1,
            _ if seen => ansi.push(byte),
            _ => {}
        }
        if !matches!(byte, b'\\') && !matches!(rest.first(), Some(b'\\')) && ansi.len() > 4096 {
            flush(&mut ansi, &mut out);
        }
    }
    flush(&mut ansi, &mut out);
    out
}

/// Letters of the code page, gathered so far; nearly always Windows-1252.
fn flush(ansi: &mut Vec<u8>, out: &mut String) {
    if !ansi.is_empty() {
        out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(ansi).0);
        ansi.clear();
    }
}

/// A control word, its number, and what follows it.
fn control(rest: &[u8]) -> (&str, Option<i32>, &[u8]) {
    let n_letters = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (word, after) = rest.split_at(n_letters);
    let n_digits = after.iter().enumerate().take(11).take_while(|(i, byte)| byte.is_ascii_digit() || *i == 0 && **byte == b'-').count();
    let (digits, after) = after.split_at(n_digits);
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    (std::str::from_utf8(word).unwrap_or_default(), number, after.strip_prefix(b" ").unwrap_or(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example in MS-OXRTFCP 4.1.1.
    const PACKED: [u8; 49] = [
        0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35,
        0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
    ];

    #[test]
    fn the_published_example_unpacks_to_its_text() {
        let rtf = unpack(&PACKED).unwrap();
        assert_eq!(rtf, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(text(&rtf), "hello world");
    }

    #[test]
    fn text_is_read_without_fonts_pictures_and_tags() {
        let cases: [(&[u8], &str); 4] = [
            (
                b"{\\rtf1{\\fonttbl{\\f0 Arial;}}Dear \\'e9t\\'e9,\\par \\u8217 ?s\\tab {\\b bold}\\~x\\{y\\}}",
                "Dear \u{e9}t\u{e9},\n\u{2019}s\tbold x{y}",
            ),
            (b"{\\rtf1\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Text\\htmlrtf\\par}\\htmlrtf0 {\\*\\htmltag72 </p>}}", "Text"),
            (b"{\\rtf1 a{\\pict\\wmetafile8 0102}b}", "ab"),
            (b"}}}\\u-10179?{{", "\u{fffd}"),
        ];
        for (rtf, expected) in cases {
            assert_eq!(text(rtf), expected);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = text(&bytes);
            let _ = unpack(&bytes);
            if let Some(out) = unpack(&[&b"\0\0\0\0\xff\xff\xff\xffLZFu\0\0\0\0"[..], &bytes].concat()) {
                prop_assert!(out.len() <= bytes.len() * 9 + 17);
            }
        }
    }
}
