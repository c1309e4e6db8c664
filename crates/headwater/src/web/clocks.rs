//! The time to answer, as a form asks for it and as a page says it.

use headwater_prevention::exchange::clock::holiday::{DIVISIONS, Division};
use headwater_prevention::exchange::clock::{Clock, LONGEST_DAYS, LONGEST_DEEMED, Length, PRESETS, Preset, Start};
use maud::{Markup, html};

use super::form::Problems;
use super::layout::{self, radios, select};
use super::visit::Visit;

/// The fields of a form that ask for the time to answer.
pub fn fields(visit: &Visit, stands: Option<Clock>) -> Markup {
    let clocks: Vec<(&str, &str, &str)> = offered()
        .map(|preset| (preset.id, preset.name, preset.used_by))
        .chain([("by", "By a day", "Give the day below"), ("own", "Another number of days", "Give the number below")])
        .collect();
    let now = stands.unwrap_or(Clock::NONE);
    let (clock, days, last) =
        match (offered().find(|preset| preset.clock == Clock { holidays: Clock::NONE.holidays, deemed: None, ..now }), now.length) {
            (Some(preset), _) => (preset.id, String::new(), None),
            (None, Length::By(last)) => ("by", String::new(), Some(last)),
            (None, Length::CalendarDays(days) | Length::WorkingDays(days)) => ("own", days.to_string(), None),
            (None, Length::NoLimit) => ("none", String::new(), None),
        };
    let deemed = now.deemed.map_or_else(String::new, |days| days.to_string());
    let unit = if matches!(now.length, Length::WorkingDays(_)) { "working" } else { "any" };
    let start = if now.start == Start::Sent { "sent" } else { "received" };
    let options = |all: &[(&str, &str)]| -> Vec<(String, String)> { all.iter().map(|(id, words)| ((*id).to_owned(), (*words).to_owned())).collect() };
    let divisions: Vec<(String, String)> = DIVISIONS.iter().map(|division| (division_id(*division).to_owned(), division.name().to_owned())).collect();
    html! {
        (radios(visit, "clock", "Time to answer", "", &clocks, clock))
        (layout::day(visit, "by", "The last day to answer", "Only if you chose a day. It is the same for all, whenever their letters leave", last))
        (layout::line(visit, "number", "days", "Number of days", "Only if you chose another number", &days, "off"))
        (select(visit, "unit", "Which days count", "Only if you chose another number", &options(&[("any", "Every day"), ("working", "Working days")]), unit))
        (select(visit, "start", "They are counted from", "Only if you chose another number", &options(&[("sent", "The day the letter was sent"), ("received", "The day it arrived")]), start))
        (layout::line(visit, "number", "deemed", "Working days after which a letter is deemed received", &format!("Only where days are counted from receipt; 1 to {LONGEST_DEEMED}. Empty: the time begins when somebody says that the letter arrived. What somebody says comes before what is deemed"), &deemed, "off"))
        (select(visit, "division", "Bank holidays", "Only where working days count, for the time to answer or for receipt", &divisions, division_id(now.holidays)))
    }
}

/// The time to answer in words.
pub fn words(clock: &Clock) -> String {
    let preset = PRESETS.iter().find(|preset| preset.clock == *clock);
    preset.map_or_else(|| layout::sentence(&clock.words()).trim_end_matches('.').to_owned(), |preset| preset.name.to_owned())
}

/// The clocks that a letter can run on: it is not published when it is sent.
fn offered() -> impl Iterator<Item = &'static Preset> {
    PRESETS.iter().filter(|preset| preset.clock.start != Start::Published)
}

fn division_id(division: Division) -> &'static str {
    match division {
        Division::EnglandAndWales => "england-and-wales",
        Division::Scotland => "scotland",
        Division::NorthernIreland => "northern-ireland",
    }
}

/// Reads the clock: one that is offered, a last day, or a number of days; each with its bank holidays, and with deemed receipt
/// where it is counted from receipt.
pub fn read(visit: &Visit, problems: &mut Problems) -> Option<Clock> {
    let clock = read_length(visit, problems)?;
    let deemed = visit.form.text("deemed").trim();
    if deemed.is_empty() {
        return Some(clock);
    }
    if !clock.starts_on_arrival() {
        problems.add("deemed", "Leave this empty, or choose a time that is counted from receipt");
        return None;
    }
    match deemed.parse::<u16>() {
        Ok(days) if (1..=LONGEST_DEEMED).contains(&days) => Some(Clock { deemed: Some(days), ..clock }),
        _ => {
            problems.add("deemed", format!("Enter a number of working days from 1 to {LONGEST_DEEMED}, or nothing"));
            None
        }
    }
}

fn read_length(visit: &Visit, problems: &mut Problems) -> Option<Clock> {
    let form = &visit.form;
    // A form without the field is of before there was a choice.
    let holidays = DIVISIONS.into_iter().find(|division| division_id(*division) == form.text("division")).unwrap_or(Clock::NONE.holidays);
    match form.text("clock") {
        "by" => {
            let last = problems.day(form, "by", "Enter the last day to answer")?;
            Some(Clock { start: Start::Sent, length: Length::By(last), holidays, deemed: None })
        }
        "own" => match form.text("days").parse::<u16>() {
            Ok(days) if (1..=LONGEST_DAYS).contains(&days) => {
                let length = if form.text("unit") == "working" { Length::WorkingDays(days) } else { Length::CalendarDays(days) };
                Some(Clock { start: if form.text("start") == "received" { Start::Received } else { Start::Sent }, length, holidays, deemed: None })
            }
            _ => {
                problems.add("days", format!("Enter a number of days from 1 to {LONGEST_DAYS}"));
                None
            }
        },
        _ => problems.choice(form, "clock", "Choose the time to answer", |id| {
            offered().find(|preset| preset.id == id).map(|preset| Clock { holidays, ..preset.clock })
        }),
    }
}
