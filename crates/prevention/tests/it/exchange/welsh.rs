//! The letter that comes with the program says in Welsh all that it says in English, and what a Welsh speaker has to confirm is listed.

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::letter::SHIPPED_REQUEST;
use headwater_prevention::exchange::letter::template::LetterTemplate;
use headwater_prevention::exchange::moment::Day;

/// The list, for people to read.
const TO_CONFIRM: &str = include_str!("../../../../../docs/welsh.md");

/// What is fixed in a text: its words without fields and marks of footnotes.
fn fixed(text: &str) -> String {
    let mut words = text.to_owned();
    for (begin, end) in [("{{", "}}"), ("[^", "]")] {
        while let Some((before, rest)) = words.split_once(begin) {
            words = format!("{before}{}", rest.split_once(end).unwrap().1);
        }
    }
    words.trim().to_owned()
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every pair of texts that stand beside each other in two languages, with their place.
fn pairs(value: &toml::Value, place: &str, found: &mut Vec<(String, String, String)>) {
    let texts = |value: &toml::Value| match value {
        toml::Value::Array(all) => all.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    };
    match value {
        toml::Value::Table(table) if table.contains_key("en") || table.contains_key("cy") => {
            let (en, cy) = (table.get("en").map(texts).unwrap_or_default(), table.get("cy").map(texts).unwrap_or_default());
            assert_eq!(en.len(), cy.len(), "{place}: {en:?} stands in one language alone");
            found.extend(en.into_iter().zip(cy).map(|(en, cy)| (place.to_owned(), en, cy)));
        }
        toml::Value::Table(table) => table.iter().for_each(|(key, value)| pairs(value, &format!("{place}.{key}"), found)),
        toml::Value::Array(all) => all.iter().enumerate().for_each(|(n, value)| pairs(value, &format!("{place}[{n}]"), found)),
        _ => {}
    }
}

#[test]
fn every_fixed_english_string_has_its_welsh_one_which_is_listed_for_a_welsh_speaker() {
    let file: toml::Table = SHIPPED_REQUEST.parse().unwrap();
    let mut found = Vec::new();
    pairs(&toml::Value::Table(file.clone()), "letter", &mut found);
    assert!(found.iter().filter(|(_, en, _)| !fixed(en).is_empty()).count() > 15, "{found:?}");
    for (place, en, cy) in &found {
        let (fixed_en, fixed_cy) = (fixed(en), fixed(cy));
        // Fields alone are the same in both; words are there in both, and are not the English ones left standing.
        assert_eq!(fixed_en.is_empty(), fixed_cy.is_empty(), "{place}: {en} | {cy}");
        assert!(fixed_en.is_empty() || fixed_en != fixed_cy, "{place}: {en} was left in English");
        assert!(fixed_en.is_empty() || TO_CONFIRM.contains(&format!("| {} | {} |", in_one_line(en), in_one_line(cy))), "{place}: {cy}");
    }
    let asks = file["welsh_ask"].as_table().unwrap();
    assert!(asks.len() == 4 && asks.iter().all(|(title, cy)| TO_CONFIRM.contains(&format!("| {title} | {} |", cy.as_str().unwrap()))));
    for month in 1..=12 {
        let name = Day::new(2021, month, 6).unwrap().name_in(Language::Cy);
        assert!(TO_CONFIRM.contains(name.split(' ').nth(1).unwrap()), "{name}");
    }
}

#[test]
fn what_the_list_says_of_itself_is_what_the_pages_say() {
    let is_unread = LetterTemplate::read(SHIPPED_REQUEST).unwrap().unchecked.contains(&Language::Cy);
    assert_eq!(TO_CONFIRM.contains("Not yet read by a Welsh speaker"), is_unread);
}
