//! National Insurance numbers: two letters, six digits, and A to D.
//!
//! The form is rare by chance: a code of two letters, six digits and one letter occurs in part numbers, so that letters that no
//! number begins with (NIM39110) need a word beside them. What an instruction gives as an example is none.

use super::number::{is_part_of_more, parted, tokens};
use super::said::Words;

/// How many there are.
pub(super) fn count(words: &Words) -> usize {
    let text = words.text;
    let tokens = tokens(text);
    let mut n = 0;
    let heads = |passes: fn(&str) -> bool| -> Vec<std::ops::Range<usize>> {
        words.tables.iter().flat_map(|table| table.columns(passes).into_iter().flat_map(|at| table.column(at).cloned().collect::<Vec<_>>())).collect()
    };
    let columns = heads(is_said);
    let mut at = 0;
    while let Some(first) = tokens.get(at) {
        // Whole, or in pairs, with the two letters apart or not: "QQ 12 34 56 C". Letters without a digit are no token here.
        let mut letters = String::new();
        let mut end = first.range.clone();
        let mut n_tokens = 0;
        let start = with_letters_before(text, first.range.start);
        letters.push_str(text[start..first.range.start].trim());
        for token in &tokens[at..] {
            if n_tokens > 0 && parted(text, &end, &token.range).is_none() {
                break;
            }
            letters.push_str(token.text);
            end = token.range.clone();
            n_tokens += 1;
            if letters.len() >= 8 {
                break;
            }
        }
        let mut last = end.end;
        // The letter at the end may stand apart.
        if letters.len() == 8 {
            let mut rest = text[last..].chars();
            if let (Some(' ' | '\u{a0}' | '-'), Some(letter @ ('A'..='D' | 'a'..='d'))) = (rest.next(), rest.next())
                && rest.next().is_none_or(|next| !next.is_alphanumeric())
            {
                letters.push(letter);
                last += text[last..].chars().take(2).map(char::len_utf8).sum::<usize>();
            }
        }
        let said_before = words.before(start, 60);
        let is_said = is_said(&said_before) || columns.iter().any(|cell| cell.start <= start && last <= cell.end);
        let said_of_it = words.before(start, 40);
        let is_example = ["for example", "example:", "an example", "e.g.", " eg ", "such as", "format", "er enghraifft"]
            .iter()
            .any(|word| said_of_it.contains(word));
        if fits(&letters.to_uppercase(), is_said) && !is_example && !is_part_of_more(text, &(start..last)) {
            n += 1;
            at += n_tokens;
        } else {
            at += 1;
        }
    }
    n
}

/// Where two letters begin that stand apart before a number.
fn with_letters_before(text: &str, at: usize) -> usize {
    let head = &text[..at];
    let Some(head) = head.strip_suffix([' ', '\u{a0}', '-']) else { return at };
    let n = head.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let is_apart = head[..head.len() - n].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    // Small letters before a number are a word: "on 12 34 56".
    let are_capitals = head[head.len() - n..].bytes().all(|byte| byte.is_ascii_uppercase());
    if n == 2 && is_apart && are_capitals { head.len() - n } else { at }
}

fn is_said(before: &str) -> bool {
    ["national insurance", "nino", "ni no", "ni num", "n.i.", "ni:", "ni #", "yswiriant gwladol", "nat ins", "nat. ins"]
        .iter()
        .any(|word| before.contains(word))
        || before.trim() == "ni"
}

/// Whether it has the form; where a word says what it is, also with letters that are not given out, and without the last.
fn fits(number: &str, is_said: bool) -> bool {
    let bytes = number.as_bytes();
    let has_form = (bytes.len() == 9 || is_said && bytes.len() == 8)
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..8].iter().all(u8::is_ascii_digit)
        && bytes.get(8).is_none_or(|last| matches!(last, b'A'..=b'D'));
    let is_given = |bytes: &[u8]| {
        !b"DFIQUV".contains(&bytes[0])
            && !b"DFIOQUV".contains(&bytes[1])
            && ![b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].iter().any(|two| two[..] == bytes[..2])
    };
    has_form && (is_said || is_given(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::said::counted;
    use super::*;

    fn n(text: &str) -> usize {
        counted(count, text)
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        for text in [
            "AB123456C",
            "ab123456c",
            "JG 12 34 56 A, of no fixed address",
            "AB 123456 C",
            "JG123456 A",
            "National Insurance number: QQ123456C",
            "NINO QQ 12 34 56",
        ] {
            assert_eq!(n(text), 1, "{text}");
        }
        assert_eq!(n("Name\tNI number\nA Person\tQQ123456C\nB Person\tQQ123457C\n"), 2);
        assert_eq!(n("AB123456C and JG123456D"), 2);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "QQ123456C",
            "GB123456C",
            "AB123456E",
            "ABC123456C",
            "AB1234567C",
            "E01000001",
            "AB12 3CD",
            "in 12 34 56 d",
            "https://x.example/AB123456C",
            "Your National Insurance number, for example QQ 12 34 56 C",
        ] {
            assert_eq!(n(text), 0, "{text}");
        }
    }
}
