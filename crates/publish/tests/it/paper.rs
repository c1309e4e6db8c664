//! The words of a PDF, read by code of its own: every stream is unpacked, and every drawn string is spelt with every font's
//! table from glyphs to letters. Nothing is known of pages or places, so that nothing can hide from it.

use std::collections::BTreeMap;
use std::io::Read;

type Letters = BTreeMap<u16, String>;

/// The text of every stream with every font, and the unpacked streams themselves.
pub fn texts(pdf: &[u8]) -> Vec<String> {
    let streams = streams(pdf);
    let fonts: Vec<Letters> = streams.iter().map(|stream| letters(&String::from_utf8_lossy(stream))).filter(|font| !font.is_empty()).collect();
    assert!(!fonts.is_empty(), "no font says which letters its glyphs are");
    let mut all: Vec<String> = streams.iter().map(|stream| String::from_utf8_lossy(stream).into_owned()).collect();
    for stream in &streams {
        let glyphs = glyphs(stream);
        all.extend(fonts.iter().map(|font| glyphs.iter().filter_map(|glyph| font.get(glyph)).map(String::as_str).collect::<String>()));
    }
    all
}

fn find(bytes: &[u8], from: usize, words: &[u8]) -> Option<usize> {
    bytes[from..].windows(words.len()).position(|window| window == words).map(|at| from + at)
}

fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(start) = find(pdf, at, b"stream\n").or_else(|| find(pdf, at, b"stream\r\n")) {
        let body = start + if pdf[start + 6] == b'\r' { 8 } else { 7 };
        let Some(end) = find(pdf, body, b"endstream") else { break };
        let mut bytes = Vec::new();
        if flate2::read::ZlibDecoder::new(&pdf[body..end]).read_to_end(&mut bytes).is_ok() {
            all.push(bytes);
        }
        at = end + 9;
    }
    all
}

/// The table from glyphs to letters (ToUnicode), where the stream is one.
fn letters(stream: &str) -> Letters {
    let mut found = Letters::new();
    let number = |text: &str| u16::from_str_radix(text, 16).ok();
    let spelt = |text: &str| {
        let units: Vec<u16> = text.as_bytes().chunks(4).filter_map(|four| number(std::str::from_utf8(four).ok()?)).collect();
        String::from_utf16_lossy(&units)
    };
    for (begin, end) in [("beginbfchar", "endbfchar"), ("beginbfrange", "endbfrange")] {
        for block in stream.split(begin).skip(1) {
            let block = block.split(end).next().unwrap_or_default();
            let words: Vec<&str> = block.split(['<', '>']).skip(1).step_by(2).collect();
            if begin == "beginbfchar" {
                found.extend(words.chunks_exact(2).filter_map(|two| Some((number(two[0])?, spelt(two[1])))));
                continue;
            }
            for three in words.chunks_exact(3) {
                let (Some(first), Some(last), Some(letter)) = (number(three[0]), number(three[1]), number(three[2])) else { continue };
                found.extend((first..=last).map(|glyph| (glyph, String::from_utf16_lossy(&[letter + (glyph - first)]))));
            }
        }
    }
    found
}

/// The glyphs of all strings in a stream, two bytes each.
fn glyphs(stream: &[u8]) -> Vec<u16> {
    // Each string by itself: one of an odd length is no text, and shifts none that is.
    let (mut glyphs, mut at) = (Vec::new(), 0);
    while at < stream.len() {
        let mut bytes: Vec<u8> = Vec::new();
        match stream[at] {
            b'(' => {
                at += 1;
                let mut depth = 1;
                while at < stream.len() {
                    match stream[at] {
                        b'\\' => {
                            at += 1;
                            let octal = stream[at..].iter().take(3).take_while(|c| (b'0'..=b'7').contains(c)).count();
                            if octal > 0 {
                                bytes.push(stream[at..at + octal].iter().fold(0_u8, |n, c| n.wrapping_mul(8).wrapping_add(c - b'0')));
                                at += octal - 1;
                            } else {
                                bytes.push(match stream.get(at) {
                                    Some(b'n') => b'\n',
                                    Some(b'r') => b'\r',
                                    Some(b't') => b'\t',
                                    Some(b'b') => 8,
                                    Some(b'f') => 12,
                                    Some(other) => *other,
                                    None => break,
                                });
                            }
                        }
                        b'(' => {
                            depth += 1;
                            bytes.push(b'(');
                        }
                        b')' if depth == 1 => break,
                        b')' => {
                            depth -= 1;
                            bytes.push(b')');
                        }
                        other => bytes.push(other),
                    }
                    at += 1;
                }
            }
            b'<' if stream.get(at + 1) == Some(&b'<') => at += 1,
            b'<' => {
                let digits: Vec<u8> = stream[at + 1..].iter().take_while(|c| **c != b'>').copied().collect();
                let pair = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok();
                bytes.extend(digits.chunks_exact(2).filter_map(pair));
                at += digits.len();
            }
            _ => {}
        }
        at += 1;
        glyphs.extend(bytes.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])));
    }
    glyphs
}
