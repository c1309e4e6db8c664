//! Mail, from one letter to real servers.

mod composed;
mod handed_over;
mod servers;
mod set;

use headwater_prevention::exchange::letter::SHIPPED_REQUEST;
use headwater_prevention::exchange::letter::merge::{Letter as Merged, merge};
use headwater_prevention::exchange::letter::ready::ready;
use headwater_prevention::exchange::letter::template::LetterTemplate;
use headwater_prevention::exchange::letter::values::FieldValues;
use headwater_release::Letter;

use super::address::Mailbox;
use headwater_prevention::exchange::body::Language;

/// The shipped letter, merged with invented values.
fn merged(title: &str) -> Merged {
    let template = LetterTemplate::read(SHIPPED_REQUEST).unwrap();
    let mut office = FieldValues::default();
    for field in template.fields().into_iter().chain(["ask.1"]) {
        office.set(field, if field == "campaign.title" { title } else { "Gwenllïan O’Brien-Žižek" });
    }
    merge(&template, Language::En, &office, &FieldValues::default()).unwrap().0
}

fn letter(title: &str) -> Letter {
    ready(&merged(title), "An invented office").unwrap()
}

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox::new(name, address.parse().unwrap()).unwrap()
}
