//! White and tiny words of Rich Text: as far as its colours and sizes are said where they are used.

use super::Pale;

/// The largest size that nobody can read, in half points.
const TINY: i32 = 4;

/// What holds within a group.
#[derive(Clone, Copy, Default)]
struct State {
    colour: i32,
    is_filled: bool,
    is_tiny: bool,
    is_hidden: bool,
    /// Of what is no text: tables of fonts, colours and styles.
    is_aside: bool,
}

/// The groups that hold no text.
const ASIDE: [&str; 12] =
    ["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "listoverridetable", "revtbl", "rsidtbl", "themedata", "generator"];

/// Reads the pale words. Rows of tables are left out: their cells may be dark.
pub(super) fn pale_words(bytes: &[u8]) -> Pale {
    let white = white_colours(bytes);
    let mut pale = Pale::default();
    let mut stack: Vec<State> = Vec::new();
    let (mut state, mut in_table) = (State::default(), false);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' if stack.len() < 1_000 => stack.push(state),
            b'}' => state = stack.pop().unwrap_or_default(),
            b'\\' => {
                let letters = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count().min(40);
                if letters == 0 {
                    state.is_aside |= bytes.get(at) == Some(&b'*');
                    at += 1;
                    continue;
                }
                let word = std::str::from_utf8(&bytes[at..at + letters]).unwrap_or_default();
                at += letters;
                let digits =
                    bytes[at..].iter().enumerate().take_while(|(i, byte)| byte.is_ascii_digit() || *i == 0 && **byte == b'-').count().min(11);
                let number = std::str::from_utf8(&bytes[at..at + digits]).ok().and_then(|digits| digits.parse::<i32>().ok());
                at += digits;
                at += usize::from(bytes.get(at) == Some(&b' '));
                match word {
                    "plain" => state = State { is_filled: state.is_filled, is_aside: state.is_aside, ..State::default() },
                    "pard" => (in_table, state.is_filled) = (false, false),
                    "intbl" => in_table = true,
                    "cf" => state.colour = number.unwrap_or(0),
                    "highlight" | "cb" | "chcbpat" | "cbpat" | "cfpat" => {
                        state.is_filled = number.unwrap_or(0) != 0 && !white.contains(&number.unwrap_or(0))
                    }
                    "fs" => state.is_tiny = number.is_some_and(|size| size <= TINY),
                    "v" => state.is_hidden = number != Some(0),
                    word if ASIDE.contains(&word) => state.is_aside = true,
                    _ => {}
                }
            }
            b'\r' | b'\n' => {}
            byte if !state.is_aside && !state.is_hidden && !state.is_filled && !in_table => {
                let into = match (white.contains(&state.colour), state.is_tiny) {
                    (true, _) => &mut pale.white,
                    (_, true) => &mut pale.tiny,
                    _ => continue,
                };
                into.push(char::from(*byte));
            }
            _ => {}
        }
    }
    pale
}

/// The numbers of the colours that are white.
fn white_colours(bytes: &[u8]) -> Vec<i32> {
    let Some(at) = memchr::memmem::find(bytes, b"{\\colortbl") else { return Vec::new() };
    let table = &bytes[at + b"{\\colortbl".len()..];
    let table = &table[..memchr::memchr(b'}', table).unwrap_or(table.len()).min(100_000)];
    let part = |colour: &str, name: &str| {
        let after = colour.split_once(name)?.1;
        after.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().ok()
    };
    let table = String::from_utf8_lossy(table).into_owned();
    let is_white = |colour: &str| ["\\red", "\\green", "\\blue"].iter().all(|name| part(colour, name).is_some_and(|part| part > 231));
    (0..).zip(table.split(';')).filter(|(_, colour)| is_white(colour)).map(|(number, _)| number).collect()
}
