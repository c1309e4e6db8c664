//! The time to answer, as a form asks for it and as a page says it.

use headwater_prevention::exchange::clock::holiday::{DIVISIONS, Division};
use headwater_prevention::exchange::clock::{Clock, LONGEST_DAYS, Length, PRESETS, Preset, Start};
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
    let (clock, days, last) = match (offered().find(|preset| preset.clock == Clock { holidays: Clock::NONE.holidays, ..now }), now.length) {
        (Some(preset), _) => (preset.id, String::new(), None),
        (None, Length::By(last)) => ("by", String::new(), Some(last)),
        (None, Length::CalendarDays(days) | Length::WorkingDays(days)) => ("own", days.to_string(), None),
        (None, Length::NoLimit) => ("none", String::new(), None),
    };
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
        (select(visit, "division", "Bank holidays", "Only where working days count", &divisions, division_id(now.holidays)))
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

/// Reads the clock: one that is offered, a last day, or a number of days; each with its bank holidays.
pub fn read(visit: &Visit, problems: &mut Problems) -> Option<Clock> {
    let form = &visit.form;
    // A form without the field is of before there was a choice.
    let holidays = DIVISIONS.into_iter().find(|division| division_id(*division) == form.text("division")).unwrap_or(Clock::NONE.holidays);
    match form.text("clock") {
        "by" => {
            let last = problems.day(form, "by", "Enter the last day to answer")?;
            Some(Clock { start: Start::Sent, length: Length::By(last), holidays })
        }
        "own" => match form.text("days").parse::<u16>() {
            Ok(days) if (1..=LONGEST_DAYS).contains(&days) => {
                let length = if form.text("unit") == "working" { Length::WorkingDays(days) } else { Length::CalendarDays(days) };
                Some(Clock { start: if form.text("start") == "received" { Start::Received } else { Start::Sent }, length, holidays })
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
