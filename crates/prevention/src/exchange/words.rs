//! Text that may stand in an event: checked once, and never an address or a telephone number.
//!
//! An event is kept for ever, so personal data must not get into one. Names cannot be told from other words, but
//! addresses and numbers can; they are refused with a sentence that says where such things belong.

use super::id::as_text;
use std::fmt;
use std::str::FromStr;

/// What an e-mail address, a telephone number or an NHS number in a text would look like, if there is one.
fn personal(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let address = bytes.iter().enumerate().any(|(at, byte)| {
        let beside = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'"'));
        *byte == b'@' && at > 0 && beside(bytes.get(at - 1)) && beside(bytes.get(at + 1))
    });
    if address {
        return Some("an e-mail address");
    }
    let mut groups: Vec<usize> = Vec::new();
    let (mut begins_with_0, mut after_plus) = (false, false);
    let mut at = 0;
    while at <= bytes.len() {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            if groups.is_empty() {
                begins_with_0 = bytes[at] == b'0';
                after_plus = at > 0 && bytes[at - 1] == b'+';
            }
            groups.push(digits);
            at += digits;
            // One space or hyphen joins groups of digits.
            if bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'-')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
                at += 1;
                continue;
            }
        }
        let n_digits: usize = groups.iter().sum();
        if (begins_with_0 || after_plus) && (10..=14).contains(&n_digits) {
            return Some("a telephone number");
        }
        if n_digits == 10 && (groups == [10] || groups == [3, 3, 4]) {
            return Some("an NHS or telephone number");
        }
        groups.clear();
        at += 1;
    }
    None
}

macro_rules! text_of_an_event {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $longest:literal, $lines:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let text = text.trim();
                let n_characters = text.chars().count();
                if text.is_empty() {
                    return Err(concat!($what, " is empty: write it").to_owned());
                }
                if n_characters > $longest {
                    return Err(format!(concat!($what, " has {} characters: at most ", $longest, "; attach the rest as a document"), n_characters));
                }
                if text.chars().any(|letter| letter.is_control() && !($lines && letter == '\n')) {
                    return Err(concat!($what, " holds a control character: write plain text").to_owned());
                }
                match personal(text) {
                    Some(found) => Err(format!(concat!($what, " holds {}, and the log is never erased: keep that in the person's record"), found)),
                    None => Ok(Self(text.into())),
                }
            }
        }

        as_text!($name, $what);
    )* };
}

text_of_an_event! {
    /// A name or title on one line, 1 to 300 characters.
    Title, "the title", 300, false;
    /// A reason or explanation in a person's words, 1 to 4,000 characters, line breaks allowed.
    Remark, "the text", 4000, true;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_of_people_are_refused() {
        for text in [
            "ask april.example@office.example",
            "ring 020 7946 0018",
            "ring 07700 900123 today",
            "+44 20 7946 0018",
            "NHS 943 476 5919",
            "9434765919",
            "02079460018",
        ] {
            assert!(text.parse::<Remark>().unwrap_err().contains("never erased"), "{text}");
        }
    }

    #[test]
    fn dates_sums_and_years_are_not_taken_for_telephone_numbers() {
        for text in [
            "Between 2020-10-13 and 2020-12-08",
            "£1,618,667 in 2023 2024 2025",
            "section 41(7) @ 10",
            "plan 2019-2021, objective 3",
            "56 days after 2020-10-13",
            "0.25 of 1,234",
            "E23000033",
        ] {
            assert!(text.parse::<Remark>().is_ok(), "{text}: {:?}", text.parse::<Remark>());
        }
    }

    #[test]
    fn a_title_is_one_line_and_a_remark_is_short() {
        assert!("two\nlines".parse::<Title>().is_err());
        assert!("two\nlines".parse::<Remark>().is_ok());
        assert!(" \t ".parse::<Remark>().unwrap_err().contains("empty"));
        assert!("x".repeat(4001).parse::<Remark>().unwrap_err().contains("4001"));
        assert_eq!("  Sussex  ".parse::<Title>().unwrap().as_str(), "Sussex");
    }
}
