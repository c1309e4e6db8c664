//! Letters: nothing of one recipient gets into another's, and what is missing is said.

use headwater_prevention::exchange::body::Language;
use headwater_prevention::exchange::clock::holiday::Division;
use headwater_prevention::exchange::clock::{Clock, Length, Start};
use headwater_prevention::exchange::letter::SHIPPED_REQUEST;
use headwater_prevention::exchange::letter::dated::dated;
use headwater_prevention::exchange::letter::merge::{LetterBlock, merge, plain};
use headwater_prevention::exchange::letter::ready::ready;
use headwater_prevention::exchange::letter::template::LetterTemplate;
use headwater_prevention::exchange::letter::values::{FieldValues, LateField, read_values};
use headwater_prevention::exchange::moment::Day;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const TWO_LANGUAGES: &str = r#"
id = "two"
[title]
en = "Request to {{body.name}}"
cy = "Cais i {{body.name}}"
[[block]]
role = "salutation"
en = "Dear {{contact.salutation}}"
cy = "Annwyl {{contact.salutation}}"
[[block]]
role = "optional_paragraph"
en = "{{local.paragraph}}[^why]"
cy = "{{local.paragraph}}[^why]"
[[block]]
role = "list"
en = ["one", "two {{office.name}}"]
cy = ["un", "dau {{office.name}}"]
[footnote.why]
en = "Seen by {{office.name}}"
cy = "Gwelwyd gan {{office.name}}"
"#;

fn office() -> FieldValues {
    let mut office = FieldValues::default();
    office.set("office.name", "The Office");
    office
}

#[test]
fn a_letter_takes_its_own_values_in_its_own_language() {
    let template = LetterTemplate::read(TWO_LANGUAGES).unwrap();
    let bodies: BTreeSet<String> = ["Sussex", "Gwent"].map(str::to_owned).into();
    let csv = "body,body.name,contact.salutation,local.paragraph,local.paragraph:cy\n\
        Gwent,Gwent,Commissioner,\"In Gwent, {{office.name}} <b>saw</b>\",Yng Ngwent\n\
        Sussex,Sussex,Ms Example,,\n";
    let table = read_values(csv.as_bytes(), &template, &bodies);
    assert_eq!(table.problems, [""; 0]);
    let (letter, missing) = merge(&template, Language::Cy, &office(), &table.rows["Gwent"]).unwrap();
    assert!(missing.is_empty());
    assert_eq!(plain(&letter.title), "Cais i Gwent");
    assert_eq!(plain(&letter.footnotes[0]), "Gwelwyd gan The Office");
    assert!(letter.plain_text().contains("Yng Ngwent[1]"));
    let (english, _) = merge(&template, Language::En, &office(), &table.rows["Gwent"]).unwrap();
    assert!(english.plain_text().contains("In Gwent, {{office.name}} <b>saw</b>[1]"), "a value is never read for fields");
    let (sussex, missing) = merge(&template, Language::En, &office(), &table.rows["Sussex"]).unwrap();
    assert!(missing.is_empty() && sussex.footnotes.is_empty(), "no local paragraph, no footnote, no complaint");
    assert_eq!(sussex.blocks.len(), 2);
    let (gap, missing) = merge(&template, Language::En, &FieldValues::default(), &FieldValues::default()).unwrap();
    assert_eq!(missing, ["body.name", "contact.salutation", "office.name"].map(str::to_owned).into());
    assert!(gap.plain_text().contains("Dear [missing: contact.salutation]"));
}

#[test]
fn a_file_of_values_with_faults_says_where_they_are() {
    let template = LetterTemplate::read(TWO_LANGUAGES).unwrap();
    let bodies: BTreeSet<String> = ["Sussex", "Kent"].map(str::to_owned).into();
    let long = "x".repeat(1_000_000);
    let csv = format!("body,body.name,shoe_size,body.name\nSussex,S,1,2\nSussex,S,1,2\nEssex,E,1,2\nKent,a\nKent,{long},1,2\n");
    let table = read_values(csv.as_bytes(), &template, &bodies);
    let all = table.problems.join("\n");
    for says in [
        "column 3: the letter has no field \"shoe_size\"",
        "column 4: \"body.name\" stands there twice",
        "line 3: Sussex has a row already",
        "line 4: \"Essex\" is not on the campaign",
        "line 5 has 2 cells and the header 4",
        "line 6, column 2: 1000000 characters",
    ] {
        assert!(all.contains(says), "{says}\n{all}");
    }
    assert_eq!(table.rows.keys().collect::<Vec<_>>(), ["Sussex"]);
    assert!(read_values(b"name\nx\n", &template, &bodies).problems[0].contains("no column \"body\""));
    assert!(read_values(b"body,body.name\nKent,\xff\n", &template, &bodies).problems[0].contains("UTF-8"));
}

#[test]
fn the_shipped_request_asks_for_what_the_campaign_asks_and_bears_the_day_on_which_it_leaves() {
    let template = LetterTemplate::read(SHIPPED_REQUEST).unwrap();
    let mut office = FieldValues::default();
    for field in template.fields().into_iter().filter(|field| LateField::of(field).is_none()) {
        office.set(field, &format!("<{field}>"));
    }
    office.leave(LateField::Sent);
    office.leave(LateField::Due);
    let (without, missing) = merge(&template, Language::En, &office, &FieldValues::default()).unwrap();
    assert_eq!((missing, ready(&without, "An invented office").is_err()), (["ask.1".to_owned()].into(), true));
    let mut own = FieldValues::default();
    own.set_in(Language::En, "ask.1", "Update on delivery: what has been done.");
    own.set_in(Language::En, "ask.2", "Data set of referrals: as a table.");
    own.set_in(Language::Cy, "ask.2", "set ddata");
    let (letter, missing) = merge(&template, Language::En, &office, &own).unwrap();
    assert!(missing.is_empty());
    let asks = letter.blocks.iter().find_map(|block| if let LetterBlock::NumberedList(asks) = block { Some(asks) } else { None }).unwrap();
    let asks: Vec<String> = asks.iter().map(|ask| plain(ask)).collect();
    assert_eq!(asks, ["Update on delivery: what has been done.", "Data set of referrals: as a table."]);
    // An English sentence is no part of a Welsh list.
    assert_eq!(merge(&template, Language::Cy, &office, &own).unwrap().1, ["ask.1".to_owned()].into());
    assert!(ready(&letter, "An invented office").unwrap_err().contains("on which day"));
    let four_weeks = Clock { start: Start::Sent, length: Length::CalendarDays(28), holidays: Division::EnglandAndWales, deemed: None };
    let on = "2026-09-21".parse().unwrap();
    let sent = dated(letter.clone(), four_weeks.due(on, &[]), on);
    let text = ready(&sent, "An invented office").unwrap().plain();
    assert!(text.contains("21 September 2026") && text.contains("by 19 October 2026"), "{text}");
    assert_eq!(letter.footnotes.len(), 2);
    let text = letter.plain_text();
    for words in [
        "section 41",
        "section 42",
        "section 43",
        "section 44",
        "<coordinator.name>",
        "<review.second>",
        "<local.paragraph>[2]",
        "Modern Slavery Act 2015",
    ] {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn the_welsh_letter_has_welsh_dates_and_takes_the_welsh_value_where_there_is_one() {
    let template = LetterTemplate::read(SHIPPED_REQUEST).unwrap();
    let mut office = FieldValues::default();
    for field in template.fields().into_iter().chain(["ask.1"]) {
        office.set(field, &format!("<{field}>"));
    }
    office.set_in(Language::Cy, "coordinator.role", "Pennaeth atal");
    let months: Vec<String> = (1..=12).map(|month| Day::new(2026, month, 1).unwrap().name_in(Language::Cy)).collect();
    let of_2026 = ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"];
    assert_eq!(months, of_2026.map(|month| format!("1 {month} 2026")));
    for language in Language::ALL {
        office.set_in(language, "campaign.due", &Day::new(2026, 3, 5).unwrap().name_in(language));
    }
    let (letter, missing) = merge(&template, Language::Cy, &office, &FieldValues::default()).unwrap();
    assert!(missing.is_empty() && letter.language == Language::Cy);
    let text = letter.plain_text();
    for words in ["Annwyl <contact.salutation>", "adran 41", "<evidence.units> o ardaloedd", "Pennaeth atal", "erbyn 5 Mawrth 2026", "Yn gywir"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("<coordinator.role>") && !text.contains("Dear ") && !text.contains("Yours"));
}

proptest! {
    #[test]
    fn nothing_of_one_recipient_gets_into_anothers_letter(
        // Each value carries the number of its recipient in a mark that no template holds.
        table in prop::collection::btree_map(0u32..20, prop::collection::btree_map(prop::sample::select(vec!["body.name", "contact.salutation", "local.paragraph"]), "[ -~]{0,30}", 0..4), 2..8)
    ) {
        let template = LetterTemplate::read(TWO_LANGUAGES).unwrap();
        let mark = |number: u32| format!("\u{2045}{number}\u{2046}");
        let values: BTreeMap<u32, FieldValues> = table.iter().map(|(number, fields)| {
            let mut values = FieldValues::default();
            for (field, text) in fields {
                values.set(field, &format!("{}{text}{{{{local.paragraph}}}}", mark(*number)));
            }
            (*number, values)
        }).collect();
        for (number, own) in &values {
            for language in Language::ALL {
                let (letter, missing) = merge(&template, language, &office(), own).unwrap();
                let all = format!("{}\n{}", plain(&letter.title), letter.plain_text());
                for other in values.keys().filter(|other| *other != number) {
                    prop_assert!(!all.contains(&mark(*other)));
                }
                let given = &table[number];
                for field in ["body.name", "contact.salutation"] {
                    prop_assert_eq!(missing.contains(field), !given.contains_key(field));
                }
            }
        }
    }
}
