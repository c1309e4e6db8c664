//! The files that a document rests on, each with a number that the exhibits give.

use headwater_release::{Document, ExtractRef};
use std::collections::BTreeMap;
use typst::foundations::{Array, IntoValue, dict};

/// All extracts of a document, by publisher, licence and name.
#[derive(Clone, Debug)]
pub(crate) struct Extracts<'a> {
    numbers: BTreeMap<(&'a str, &'a str, &'a str, &'a str), usize>,
}

fn key(it: &ExtractRef) -> (&str, &str, &str, &str) {
    (&it.publisher, &it.licence, &it.name, &it.hash)
}

impl<'a> Extracts<'a> {
    /// Numbers the extracts behind every figure of a document from 1.
    pub(crate) fn of(document: &'a Document) -> Self {
        let mut numbers: BTreeMap<_, usize> =
            document.figures().flat_map(|(_, figure)| &figure.provenance().extracts).map(|extract| (key(extract), 0)).collect();
        for (i, number) in numbers.values_mut().enumerate() {
            *number = i + 1;
        }
        Self { numbers }
    }

    /// The numbers of some extracts in words: `1 to 24 and 30`.
    pub(crate) fn named(&self, some: &[ExtractRef]) -> String {
        let mut numbers: Vec<usize> = some.iter().filter_map(|extract| self.numbers.get(&key(extract)).copied()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        ranges(&numbers)
    }

    /// The list as it stands at the end: publisher and licence, then number, name and hash of each file.
    pub(crate) fn values(&self) -> Array {
        let mut groups: BTreeMap<(&str, &str), Array> = BTreeMap::new();
        for ((publisher, licence, name, hash), number) in &self.numbers {
            let row = dict! {"number" => number.to_string(), "name" => *name, "hash" => *hash};
            groups.entry((publisher, licence)).or_default().push(row.into_value());
        }
        groups
            .into_iter()
            .map(|((publisher, licence), files)| dict! {"publisher" => publisher, "licence" => licence, "files" => files}.into_value())
            .collect()
    }
}

/// Numbers in rising order, with runs of three and more drawn together.
fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let mut parts: Vec<String> = Vec::new();
    for (first, last) in runs {
        match last - first {
            0 => parts.push(first.to_string()),
            1 => parts.extend([first.to_string(), last.to_string()]),
            _ => parts.push(format!("{first} to {last}")),
        }
    }
    match parts.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::ranges;

    #[test]
    fn runs_of_numbers_are_drawn_together() {
        for (numbers, words) in [
            (&[][..], ""),
            (&[4], "4"),
            (&[1, 2], "1 and 2"),
            (&[1, 2, 3, 4], "1 to 4"),
            (&[1, 2, 3, 7], "1 to 3 and 7"),
            (&[1, 3, 5, 6, 7], "1, 3 and 5 to 7"),
        ] {
            assert_eq!(ranges(numbers), words);
        }
    }
}
