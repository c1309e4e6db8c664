//! Hidden harm: what hospitals see that police records may not, as published by Fingertips.

use crate::needs_assessment::Setting;
use crate::needs_assessment::area::Scope;
use crate::needs_assessment::finding::Ranked;
use crate::source::fingertips::Value as Published;
use headwater_release::{Block, Certainty, Column, Figure, FigureParts, Finding, Passage, Section, Table, Target, Value, View};
use std::collections::BTreeSet;

mod shelf;

use shelf::{ENGLAND, Series, Shelf};

/// Hospital admissions for violence, including sexual violence: a directly standardised rate per 100,000 over three years.
const ADMISSIONS: u32 = 11_201;
/// More areas than this make no line chart; the table of the latest values has them.
const MOST_LINES: usize = 3;

pub(in crate::needs_assessment) fn hidden_harm(setting: &Setting<'_>, scope: &Scope, findings: &mut Vec<Ranked>) -> Result<Section, String> {
    let shelf = Shelf::of(setting, scope);
    let mut blocks = Vec::new();
    let all: Vec<Series<'_>> = shelf.series();
    // Everyone of every age where the file has it; its other rows are listed below with the other indicators.
    let admissions = all.iter().copied().find(|s| s.0 == ADMISSIONS && is_everyone(s)).or_else(|| all.iter().copied().find(|s| s.0 == ADMISSIONS));
    if let Some(series) = admissions {
        blocks.push(Block::Figure(Box::new(latest(setting, scope, &shelf, series, findings)?)));
        if let Some(figure) = over_time(setting, scope, &shelf, series)? {
            blocks.push(Block::Figure(Box::new(figure)));
        }
    } else {
        blocks.push(Block::NotYetKnown(
            Passage::new().say("Needs hospital admissions for violence: indicator 11201 of Fingertips as CSV, with the local authorities of this area. It covers England only."),
        ));
    }
    let others: Vec<Series<'_>> = all.into_iter().filter(|series| Some(*series) != admissions).collect();
    if !others.is_empty() {
        blocks.push(Block::Heading("Other published indicators".into()));
        blocks.push(Block::Figure(Box::new(other_indicators(setting, scope, &shelf, &others)?)));
    }
    blocks.push(Block::NotYetKnown(Passage::new().say("Needs emergency department (ISTV) or ambulance assaults by place and month, to set beside what the police recorded. Elsewhere more than half of emergency department assaults were unknown to the police.")));
    let title = if admissions.is_some() { "What hospitals see of violence" } else { "How much never reaches the police is not yet known" };
    let lede = if admissions.is_some() {
        "Admissions are the gravest injuries only, whether or not the police were told. They are counted where the patient lives; crimes where they happened."
    } else {
        "The sources added so far do not answer this question."
    };
    Ok(Section {
        slug: "hidden-harm".into(),
        name: "Hidden and under-reported harm".into(),
        title: Passage::new().say(title),
        lede: Passage::new().say(lede),
        blocks,
    })
}

fn is_everyone((_, sex, age): &Series<'_>) -> bool {
    *sex == "Persons" && *age == "All ages"
}

/// A published number; missing is never nought.
fn number(setting: &Setting<'_>, value: Option<&Published>, of: impl Fn(&Published) -> Option<f64>) -> Value {
    let Some(value) = value else { return Value::refused("not in the file") };
    of(value).map_or_else(|| Value::refused(if value.note.is_empty() { "not published" } else { &value.note }), |number| setting.number(number, 1))
}

fn word(value: Option<&Published>, of: impl Fn(&Published) -> &str) -> Value {
    Value::label(value.map(of).filter(|word| !word.is_empty()).unwrap_or("not given"))
}

/// Value and limits, as three cells.
fn three(setting: &Setting<'_>, value: Option<&Published>) -> [Value; 3] {
    [
        number(setting, value, |v| v.value),
        number(setting, value, |v| v.value.and(v.limits_95).map(|l| l.0)),
        number(setting, value, |v| v.value.and(v.limits_95).map(|l| l.1)),
    ]
}

/// The latest value of every area beside England's.
fn latest(setting: &Setting<'_>, scope: &Scope, shelf: &Shelf<'_>, series: Series<'_>, findings: &mut Vec<Ranked>) -> Result<Figure, String> {
    let shelf_periods = shelf.periods(series);
    let (order, period) = shelf_periods.last().copied().ok_or("an indicator without a period")?;
    let england = shelf.values.get(&(series, ENGLAND, order)).map(|(value, _)| *value);
    let mut areas: Vec<Option<&Published>> =
        shelf.areas.iter().map(|code| shelf.values.get(&(series, *code, order)).map(|(value, _)| *value)).collect();
    areas.sort_by(|a, b| {
        let number = |value: &Option<&Published>| value.and_then(|v| v.value).unwrap_or(f64::NEG_INFINITY);
        number(b).total_cmp(&number(a))
    });
    let known: Vec<&Published> = areas.iter().copied().flatten().collect();
    let is_worse = |value: &Published| matches!(value.compared_to_england.to_lowercase().as_str(), "worse" | "higher");
    let worse: Vec<&Published> = known.iter().copied().filter(|value| is_worse(value)).collect();
    let rows: Vec<Vec<Value>> = known
        .iter()
        .copied()
        .chain(england)
        .map(|value| {
            let [middle, lower, upper] = three(setting, Some(value));
            let mark = if value.area_code != ENGLAND && is_worse(value) { "worse than England" } else { "" };
            vec![
                Value::label(value.area_name.clone()),
                Value::label(value.area_type.clone()),
                middle,
                lower,
                upper,
                word(Some(value), |v| &v.compared_to_england),
                word(Some(value), |v| &v.recent_trend),
                word(Some(value), |v| &v.note),
                Value::label(mark),
            ]
        })
        .collect();
    let of_england = number(setting, england, |v| v.value);
    for value in worse.iter().filter(|value| value.value.is_some()) {
        let (Some((lower, upper)), Some(national)) = (value.limits_95, of_england.as_number()) else { continue };
        if national > 0.0 && lower > national {
            findings.push(Ranked {
                ratio: lower / national,
                topic: "admissions".into(),
                finding: Finding {
                    statement: Passage::new()
                        .say("Hospital admissions for violence of people from ")
                        .name(value.area_name.clone())
                        .say(" are above England's: ")
                        .value(&number(setting, Some(value), |v| v.value))
                        .say(" per 100,000 (95 % interval ")
                        .value(&setting.number(lower, 1))
                        .say(" to ")
                        .value(&setting.number(upper, 1))
                        .say(") beside ")
                        .value(&of_england)
                        .say(" (Fingertips, ")
                        .name(value.period.clone())
                        .say(")."),
                    certainty: Certainty::Moderate,
                    why: Passage::new()
                        .say("Published and standardised for age; but who is admitted and how injuries are coded differ between hospitals."),
                    exhibit: Target::Figure("admissions".into()),
                },
            });
        }
    }
    let title = match (known.first().filter(|first| first.value.is_some()), worse.len()) {
        (None, _) => Passage::new().say("No value is published for the latest period"),
        (Some(first), 1..) => Passage::new()
            .name(first.area_name.clone())
            .say(": ")
            .value(&number(setting, Some(first), |v| v.value))
            .say(" admissions per 100,000, England ")
            .value(&of_england),
        (Some(_), 0) => Passage::new().say("Nowhere here is the rate of admissions published as worse than England's"),
    };
    let hidden = areas.iter().filter(|value| value.is_none_or(|v| v.value.is_none())).count();
    let mut cautions = vec![
        Passage::new().say("Value, limits and comparison are the publisher's own; none is worked out here. A value that is not published is missing, not nought: small counts are suppressed."),
        Passage::new().say("Emergency admissions only, standardised for age and pooled over three years, by where the patient lives. Thresholds for admission and the coding of causes differ between hospitals; transfers may be counted twice."),
    ];
    if hidden > 0 {
        cautions.push(Passage::new().value(&setting.number(hidden as f64, 0)).say(if hidden == 1 {
            " area has no published value."
        } else {
            " areas have no published value."
        }));
    }
    Figure::build(FigureParts {
        slug: "admissions".into(),
        title,
        subtitle: format!("{}, per 100,000 residents, {}, {}, {period}", shelf.name(series), series.1.to_lowercase(), series.2.to_lowercase()),
        description: Passage::new().say("Bars with published 95 % intervals and a line at England's value, ").value(&of_england).say(". ").then(
            match known.as_slice() {
                [only] => Passage::new()
                    .name(only.area_name.clone())
                    .say(" is published as ")
                    .value(&word(Some(only), |v| &v.compared_to_england))
                    .say(" beside England."),
                _ => Passage::new()
                    .say("Areas published as worse than England: ")
                    .value(&setting.number(worse.len() as f64, 0))
                    .say(" of ")
                    .value(&setting.number(known.len() as f64, 0))
                    .say("."),
            },
        ),
        table: Table::new(
            format!("{}, {}, {period}", shelf.name(series), scope.name),
            vec![
                Column::text("area", "Area"),
                Column::text("area_type", "Type of area"),
                Column::number("value", "Admissions", "per 100,000"),
                Column::number("lower_95", "Lower 95 % limit", "per 100,000"),
                Column::number("upper_95", "Upper 95 % limit", "per 100,000"),
                Column::text("compared_to_england", "Compared with England, as published"),
                Column::text("recent_trend", "Recent trend, as published"),
                Column::text("note", "Publisher's note"),
                Column::text("marked", "Marked"),
            ],
            rows,
        )?,
        view: View::Bars {
            label: 0,
            value: 2,
            lower: Some(3),
            upper: Some(4),
            reference: of_england.as_number().is_some().then(|| ("England".to_owned(), of_england.clone())),
            highlight: Some(8),
        },
        cautions,
        provenance: setting.provenance_of(&shelf.extracts(&[series]), period.to_owned(), &[]),
    })
}

/// The value over the published periods, for the widest areas at hand.
fn over_time(setting: &Setting<'_>, scope: &Scope, shelf: &Shelf<'_>, series: Series<'_>) -> Result<Option<Figure>, String> {
    let periods = shelf.periods(series);
    let has_values = |code: &&str| periods.iter().any(|(order, _)| shelf.values.contains_key(&(series, *code, *order)));
    let areas: Vec<&str> = shelf.areas.iter().copied().filter(has_values).collect();
    // A county stands for its districts, which have their own pages.
    let counties: Vec<&str> = areas.iter().copied().filter(|code| code.starts_with("E10")).collect();
    let areas = if counties.is_empty() { areas } else { counties };
    if periods.len() < 2 || areas.is_empty() || areas.len() > MOST_LINES {
        return Ok(None);
    }
    let at = |code, order| shelf.values.get(&(series, code, order)).map(|(value, _)| *value);
    let name = |code: &str| shelf.area_name(series, code);
    let rows: Vec<Vec<Value>> = periods
        .iter()
        .map(|(order, period)| {
            let mut row = vec![Value::label(*period)];
            row.extend(areas.iter().map(|code| number(setting, at(code, *order), |v| v.value)));
            row.push(number(setting, at(ENGLAND, *order), |v| v.value));
            for code in &areas {
                let [_, lower, upper] = three(setting, at(code, *order));
                row.extend([lower, upper]);
            }
            row
        })
        .collect();
    let mut columns = vec![Column::text("period", "Period")];
    columns.extend(areas.iter().map(|code| Column::number(&format!("value_{}", code.to_lowercase()), &name(code), "admissions per 100,000")));
    columns.push(Column::number("england", "England", "admissions per 100,000"));
    for code in &areas {
        let id = code.to_lowercase();
        let of = if areas.len() == 1 { String::new() } else { format!(", {}", name(code)) };
        columns.push(Column::number(&format!("lower_95_{id}"), &format!("Lower 95 % limit{of}"), "per 100,000"));
        columns.push(Column::number(&format!("upper_95_{id}"), &format!("Upper 95 % limit{of}"), "per 100,000"));
    }
    let band = (areas.len() == 1).then_some((areas.len() + 2, areas.len() + 3));
    let ends = |row: Option<&Vec<Value>>| row.map_or_else(|| Value::refused("not published"), |row| row[1].clone());
    let (first, last) = (ends(rows.first()), ends(rows.last()));
    let (from, to) = (periods[0].1, periods[periods.len() - 1].1);
    // Intervals that do not touch are far apart by any test; where they touch nothing is claimed.
    let limits = |order: u32| at(areas[0], order).and_then(|value| value.value.and(value.limits_95));
    let moved = match (limits(periods[0].0), limits(periods[periods.len() - 1].0)) {
        (Some((_, upper)), Some((lower, _))) if lower > upper => ": up, ",
        (Some((lower, _)), Some((_, upper))) if upper < lower => ": down, ",
        (Some(_), Some(_)) => ": no clear change, ",
        _ => ": ",
    };
    let figure = Figure::build(FigureParts {
        slug: "admissions-over-time".into(),
        title: Passage::new().name(name(areas[0])).say(moved).value(&first).say(" then ").value(&last).say(" per 100,000"),
        subtitle: format!("{}, per 100,000 residents, {from} to {to}", shelf.name(series)),
        description: Passage::new()
            .say("Lines over the published periods beside England's. ")
            .name(name(areas[0]))
            .say(" stood at ")
            .value(&first)
            .say(" in ")
            .name(from)
            .say(" and at ")
            .value(&last)
            .say(" in ")
            .name(to)
            .say("."),
        table: Table::new(format!("{}, {}, by period", shelf.name(series), scope.name), columns, rows)?,
        view: View::Line { x: 0, series: (1..=areas.len() + 1).collect(), band, breaks: vec![] },
        cautions: vec![
            Passage::new().say("Periods of several years overlap, so neighbouring points share most of their admissions: only periods that share no year can be compared, and no trend is worked out here."),
            Passage::new().say("Care during the coronavirus years changed who was admitted."),
        ],
        provenance: setting.provenance_of(&shelf.extracts(&[series]), format!("{from} to {to}"), &[]),
    })?;
    Ok(Some(figure))
}

/// Whatever else the files hold of these areas: the latest value of each.
fn other_indicators(setting: &Setting<'_>, scope: &Scope, shelf: &Shelf<'_>, others: &[Series<'_>]) -> Result<Figure, String> {
    let mut rows = Vec::new();
    for series in others {
        let Some((order, period)) = shelf.periods(*series).last().copied() else { continue };
        let england = shelf.values.get(&(*series, ENGLAND, order)).map(|(value, _)| *value);
        for code in &shelf.areas {
            let Some((value, _)) = shelf.values.get(&(*series, *code, order)) else { continue };
            let [middle, lower, upper] = three(setting, Some(value));
            rows.push(vec![
                Value::label(shelf.name(*series)),
                Value::label(value.area_name.clone()),
                Value::label(format!("{}, {}", value.sex, value.age)),
                Value::label(period),
                middle,
                lower,
                upper,
                number(setting, england, |v| v.value),
                word(Some(value), |v| &v.compared_to_england),
                word(Some(value), |v| &v.recent_trend),
                word(Some(value), |v| &v.note),
            ]);
        }
    }
    let n = others.iter().map(|series| series.0).collect::<BTreeSet<_>>().len();
    Figure::build(FigureParts {
        slug: "other-indicators".into(),
        title: Passage::new().value(&setting.number(n as f64, 0)).say(if n == 1 {
            " indicator more is published for this area"
        } else {
            " indicators more are published for this area"
        }),
        subtitle: format!("Latest value of each indicator in the Fingertips files added, {}", scope.name),
        description: Passage::new().say("A table of the latest published value of each indicator, with its limits and England's value."),
        table: Table::new(
            format!("Published indicators, {}", scope.name),
            vec![
                Column::text("indicator", "Indicator"),
                Column::text("area", "Area"),
                Column::text("of_whom", "Of whom"),
                Column::text("period", "Period"),
                Column::number("value", "Value", "in the indicator's unit"),
                Column::number("lower_95", "Lower 95 % limit", ""),
                Column::number("upper_95", "Upper 95 % limit", ""),
                Column::number("england", "England", ""),
                Column::text("compared_to_england", "Compared with England, as published"),
                Column::text("recent_trend", "Recent trend, as published"),
                Column::text("note", "Publisher's note"),
            ],
            rows,
        )?,
        view: View::TableOnly,
        cautions: vec![
            Passage::new().say(
                "Values are the publisher's own, in units that the file does not name: see the indicator's page on Fingertips before citing one.",
            ),
        ],
        provenance: setting.provenance_of(&shelf.extracts(others), "as published".to_owned(), &[]),
    })
}
