//! The numbers that a word processor sets before headings and items and does not write into the file.

use std::collections::BTreeMap;

/// The most levels of a list.
pub(super) const LEVELS: usize = 10;

/// How a number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// A bullet, or nothing.
    #[default]
    Unnumbered,
    Decimal,
    /// Two digits at least.
    DecimalZero,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
}

impl Format {
    fn write(self, n: u32) -> String {
        match self {
            Self::Unnumbered => String::new(),
            Self::DecimalZero => format!("{n:02}"),
            Self::LowerLetter | Self::UpperLetter if (1..=26 * 9).contains(&n) => {
                // The twenty-seventh is aa, the next bb.
                let letter = char::from(b'a' + ((n - 1) % 26) as u8).to_string().repeat((n as usize - 1) / 26 + 1);
                if self == Self::UpperLetter { letter.to_uppercase() } else { letter }
            }
            Self::LowerRoman if (1..4000).contains(&n) => roman(n),
            Self::UpperRoman if (1..4000).contains(&n) => roman(n).to_uppercase(),
            _ => n.to_string(),
        }
    }
}

fn roman(n: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let (mut rest, mut out) = (n, String::new());
    for (value, sign) in SIGNS {
        while rest >= value {
            out.push_str(sign);
            rest -= value;
        }
    }
    out
}

/// One level of a list.
#[derive(Clone, Debug)]
pub(super) struct Level {
    pub(super) format: Format,
    /// The label, with `%1` for the number of the first level and so on.
    pub(super) template: String,
    pub(super) start: u32,
}

impl Default for Level {
    fn default() -> Self {
        Self { format: Format::default(), template: String::new(), start: 1 }
    }
}

/// The levels of a list, from the outermost.
pub(super) type Scheme = BTreeMap<usize, Level>;

/// Where a list stands.
#[derive(Debug, Default)]
pub(super) struct Counter {
    at: [Option<u32>; LEVELS],
}

impl Counter {
    /// Counts on at a level, or begins at `start`, and gives the label; none for bullets.
    pub(super) fn next(&mut self, scheme: &Scheme, level: usize, start: Option<u32>) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let first = |level: usize| scheme.get(&level).map_or(1, |it| it.start);
        self.at[level] = Some(match (start, self.at[level]) {
            (Some(start), _) => start,
            (None, Some(n)) => n.saturating_add(1),
            (None, None) => first(level),
        });
        self.at[level + 1..].fill(None);
        let form = scheme.get(&level).filter(|form| form.format != Format::Unnumbered)?;
        let mut label = String::new();
        let mut rest = form.template.chars().take(100).peekable();
        while let Some(c) = rest.next() {
            let digit = rest.peek().and_then(|next| next.to_digit(10)).filter(|digit| c == '%' && *digit > 0);
            match digit {
                Some(digit) => {
                    rest.next();
                    let of = digit as usize - 1;
                    let n = self.at[of].unwrap_or_else(|| first(of));
                    label.push_str(&scheme.get(&of).map_or(Format::Decimal, |it| it.format).write(n));
                }
                None => label.push(c),
            }
        }
        Some(label.trim().to_owned()).filter(|label| !label.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_on_begin_anew_below_and_show_the_levels_above() {
        let level = |format, template: &str| Level { format, template: template.to_owned(), start: 1 };
        let scheme: Scheme = [
            (0, level(Format::Decimal, "%1.")),
            (1, level(Format::Decimal, "%1.%2")),
            (2, level(Format::LowerRoman, "(%3)")),
            (3, level(Format::Unnumbered, "\u{f0b7}")),
        ]
        .into();
        let mut counter = Counter::default();
        let labels: Vec<Option<String>> = [0, 1, 1, 2, 3, 0, 1].iter().map(|level| counter.next(&scheme, *level, None)).collect();
        let wanted = [Some("1."), Some("1.1"), Some("1.2"), Some("(i)"), None, Some("2."), Some("2.1")];
        assert_eq!(labels, wanted.map(|label| label.map(str::to_owned)));
        assert_eq!(counter.next(&scheme, 0, Some(7)), Some("7.".to_owned()));
        // A level that never began shows where it would begin.
        assert_eq!(Counter::default().next(&scheme, 1, None), Some("1.1".to_owned()));
    }

    #[test]
    fn numbers_are_written_as_word_processors_write_them() {
        let cases = [
            (Format::LowerLetter, 28, "bb"),
            (Format::UpperLetter, 3, "C"),
            (Format::LowerRoman, 1994, "mcmxciv"),
            (Format::UpperRoman, 4000, "4000"),
            (Format::LowerLetter, 0, "0"),
            (Format::LowerLetter, u32::MAX, "4294967295"),
            (Format::DecimalZero, 7, "07"),
        ];
        for (format, n, wanted) in cases {
            assert_eq!(format.write(n), wanted);
        }
    }
}
