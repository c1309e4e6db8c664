//! The marks of Rich Text, one after another.

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A word and its number: `\par`, `\fs24`.
    Word(&'a str, Option<i32>),
    /// `\~`, `\*` and the like.
    Sign(u8),
    /// A byte in the character set of the font.
    Byte(u8),
}

/// Reads marks up to the end of the file, whatever it holds.
pub(super) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let (first, rest) = self.rest.split_first()?;
            self.rest = rest;
            return Some(match first {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\r' | b'\n' | 0 => continue,
                b'\\' => match rest.first()? {
                    b'\'' => {
                        let byte = rest.get(1..3).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
                        self.rest = rest.get(3..).unwrap_or_default();
                        match byte {
                            Some(byte) => Token::Byte(byte),
                            None => continue,
                        }
                    }
                    letter if letter.is_ascii_alphabetic() => {
                        let (word, number, after) = control(rest);
                        self.rest = after;
                        if word == "bin" {
                            self.rest = self.rest.get(usize::try_from(number.unwrap_or(0)).unwrap_or(0)..).unwrap_or_default();
                            continue;
                        }
                        Token::Word(word, number)
                    }
                    sign => {
                        self.rest = &rest[1..];
                        // A backslash at the end of a line ends the paragraph.
                        if matches!(sign, b'\r' | b'\n') { Token::Word("par", None) } else { Token::Sign(*sign) }
                    }
                },
                byte => Token::Byte(*byte),
            });
        }
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
