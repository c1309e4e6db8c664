//! Free text that may give a hidden count away.

/// A number in a text that is one of the hidden counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The line it stands in, from 1.
    pub line: usize,
    /// The number as written.
    pub written: String,
    /// The words around it.
    pub around: String,
}

/// Small numbers as they are written out.
const WORDS: [&str; 20] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// How many characters around a number are shown.
const AROUND: usize = 30;

/// Finds the numbers of a text that are hidden counts, in figures or in words, for a person to look at.
///
/// It cannot know what a number counts, so it names every one that could be a hidden count: whole numbers, also with commas,
/// and the words from one to twenty. Numbers in decimals, years and codes (`2024-25`, `E07000223`, `3.5`) are not counts.
///
/// ```
/// use headwater_release::scan;
/// let found = scan("In Adur there were three victims\nand 1,204 calls in 2024.", &[3, 1_204]);
/// assert_eq!(found.iter().map(|m| (m.line, m.written.as_str())).collect::<Vec<_>>(), [(1, "three"), (2, "1,204")]);
/// ```
pub fn scan(text: &str, hidden: &[u64]) -> Vec<Match> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut place = 0;
        for word in line.split_whitespace() {
            let begin = line[place..].find(word).map_or(place, |offset| place + offset);
            place = begin + word.len();
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if let Some(n) = number(bare)
                && hidden.contains(&n)
            {
                found.push(Match { line: at + 1, written: bare.to_owned(), around: around(line, begin, place) });
            }
        }
    }
    found
}

/// The whole number that a word says, if it says one.
fn number(word: &str) -> Option<u64> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let groups: Vec<&str> = word.split(',').collect();
        let is_grouped =
            groups.iter().skip(1).all(|group| group.len() == 3) && groups.first().is_some_and(|first| first.len() <= 3 || groups.len() == 1);
        return if is_grouped { groups.concat().parse().ok() } else { None };
    }
    let lower = word.to_lowercase();
    WORDS.iter().position(|known| *known == lower).map(|at| at as u64 + 1)
}

fn around(line: &str, begin: usize, end: usize) -> String {
    let before: Vec<char> = line[..begin].chars().rev().take(AROUND).collect();
    let after: String = line[end..].chars().take(AROUND).collect();
    format!("{}{}{after}", before.into_iter().rev().collect::<String>(), &line[begin..end]).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_counts_are_left_alone() {
        for text in ["3.5 per cent", "in 2024-25", "E07000003", "3rd", "the third", "12,34"] {
            assert_eq!(scan(text, &[3, 5, 2024, 2025, 12, 1_234]), [], "{text}");
        }
    }

    #[test]
    fn every_hidden_count_is_named_with_its_place() {
        let found = scan("Of the (four) boys, \"4\" were under 12;\nfour again – Four.", &[4]);
        let all: Vec<(usize, &str)> = found.iter().map(|m| (m.line, m.written.as_str())).collect();
        assert_eq!(all, [(1, "four"), (1, "4"), (2, "four"), (2, "Four")]);
        assert_eq!(found[0].around, "Of the (four) boys, \"4\" were under 12;");
    }

    #[test]
    fn text_of_any_alphabet_is_cut_between_letters() {
        let found = scan("Yn y dref ŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷ 3 ŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷŵŷ", &[3]);
        assert_eq!(found.len(), 1);
    }
}
