//! How wide words are, where they break, and how long ones are shortened.
//!
//! There is no font to ask when a page is written, so widths come from the metrics of Helvetica, which Arial and Liberation
//! Sans share, plus a margin for phones that have neither.

/// Widths of the characters from space to tilde in thousandths of the font size (Adobe's metrics of Helvetica).
#[rustfmt::skip]
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Letters outside that range: as wide as a digit and a little more.
const OTHER: u16 = 600;
/// Fonts differ, and bold is wider.
const MARGIN: f64 = 1.08;

/// The width of words at a font size, in the units of the font size.
pub(crate) fn width(words: &str, font: f64) -> f64 {
    let thousandths: u32 = words.chars().map(|c| u32::from((c as usize).checked_sub(32).and_then(|i| WIDTHS.get(i)).copied().unwrap_or(OTHER))).sum();
    f64::from(thousandths) / 1000.0 * font * MARGIN
}

/// The widest of several lines.
pub(crate) fn widest<S: AsRef<str>>(lines: &[S], font: f64) -> f64 {
    lines.iter().map(|line| width(line.as_ref(), font)).fold(0.0, f64::max)
}

/// Words broken between words into at most `max_lines` lines no wider than `room`; what does not fit ends in an ellipsis.
pub(crate) fn wrapped(words: &str, room: f64, font: f64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), font) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines.into_iter().map(|line| shortened(&line, room, font)).collect()
}

/// Words cut to a width, with an ellipsis where something was cut.
pub(crate) fn shortened(words: &str, room: f64, font: f64) -> String {
    if width(words, font) <= room {
        return words.to_owned();
    }
    let mut kept: String = words.trim_end_matches('…').to_owned();
    while !kept.is_empty() && width(&format!("{kept}…"), font) > room {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// The months as pages name them.
const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// The month from 1 to 12 and the year of a label such as "December 2019"; the year is empty in "December".
pub(crate) fn month_and_year(label: &str) -> Option<(usize, &str)> {
    let (name, year) = label.split_once(' ').unwrap_or((label, ""));
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    (year.is_empty() || (year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))).then_some((month, year))
}

/// "Dec" for "December", "Dec 2019" for "December 2019"; anything else as it is.
pub(crate) fn short_month(label: &str) -> String {
    match month_and_year(label) {
        Some((month, "")) => MONTHS[month - 1][..3].to_owned(),
        Some((month, year)) => format!("{} {year}", &MONTHS[month - 1][..3]),
        None => label.to_owned(),
    }
}

/// A heading's first letter made small, unless it begins a name or an abbreviation.
pub(crate) fn in_sentence(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().collect::<String>() + &title[first.len_utf8()..]
        }
        _ => title.to_owned(),
    }
}

/// Words with their first letter made large, as a title begins.
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_as_wide_as_its_metrics_say() {
        assert!((width("00", 10.0) - 2.0 * 5.56 * MARGIN).abs() < 1e-9);
    }

    #[test]
    fn words_break_between_words_and_say_when_they_are_cut() {
        assert_eq!(wrapped("Violence and sexual offences", 100.0, 14.0, 3), ["Violence and", "sexual", "offences"]);
        assert_eq!(wrapped("Violence and sexual offences", 100.0, 14.0, 2), ["Violence and", "sexual…"]);
        let one = shortened("Llanfairpwllgwyngyllgogerych", 80.0, 14.0);
        assert!(one.ends_with('…') && width(&one, 14.0) <= 80.0);
        assert_eq!(shortened("Адур", 1.0, 14.0), "…");
    }

    #[test]
    fn months_are_known_with_and_without_their_year() {
        assert_eq!(month_and_year("December 2019"), Some((12, "2019")));
        assert_eq!(short_month("May"), "May");
        assert_eq!(short_month("May to June"), "May to June");
        assert_eq!(short_month("March quarter"), "March quarter");
    }

    #[test]
    fn a_title_enters_a_sentence_without_losing_an_abbreviation() {
        assert_eq!(in_sentence("Lower 95 % limit"), "lower 95 % limit");
        assert_eq!(in_sentence("NRM referrals"), "NRM referrals");
    }
}
