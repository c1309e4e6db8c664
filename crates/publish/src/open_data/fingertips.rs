//! Rates and shares by area, in the 19 columns of a Fingertips upload.
//!
//! What fits: a figure about whole years whose table has a rate or a share with its 95 % limits, and whose rows are areas with a
//! code, or types of crime in the document's own area. Numbers are for all ages and for persons. Where the upload knows no
//! number, `-1` says so, as its template asks; so it does for a hidden value, which value note 101 tells from the others. The number of an
//! indicator is given by those who run Fingertips; until then our permanent name stands in its place.

use crate::address::{Here, unique};
use crate::open_data::span::Span;
use crate::page::Download;
use headwater_release::{Column, ColumnKind, Document, Open, Rule, Shorthand, Table, Value, View};
use std::collections::{BTreeMap, BTreeSet};

const ALL_AGES: f64 = 1.0;
const PERSONS: f64 = 4.0;
const NONE: f64 = -1.0;
/// "Value suppressed for disclosure control due to small count".
const SUPPRESSED: f64 = 101.0;

/// The table; none when nothing fits.
pub(super) fn table(here: &Here<'_>, document: &Document, tables: &[Download<'_>]) -> Option<Table> {
    let codes = codes(here);
    let own = own_code(document);
    let rows: Vec<Vec<Value>> = tables.iter().filter_map(|it| rows(it, &codes, own)).flatten().collect();
    if rows.is_empty() {
        return None;
    }
    let caption = format!("Rates and shares of {} in the columns of a Fingertips upload", document.area);
    Table::new(caption, columns(), rows).ok()
}

fn columns() -> Vec<Column> {
    let number = |id: &str, title: &str| Column::number(id, title, "");
    vec![
        Column::text("IndicatorId", "Permanent name of the indicator, until Fingertips gives it a number"),
        number("Year", "First year; the year begins with the first month of the figure's period"),
        number("YearRange", "Number of years"),
        number("Quarter", "Quarter; -1: not by quarter"),
        number("Month", "Month; -1: not by month"),
        number("AgeId", "Age; 1: all ages"),
        number("SexId", "Sex; 4: persons"),
        Column::text("AreaCode", "Code of the area"),
        number("Count", "Count; -1: hidden or not given"),
        number("Value", "Rate or share; -1: hidden or not given, see the note"),
        number("LowerCI95", "Lower 95 % limit; -1: hidden or not given"),
        number("UpperCI95", "Upper 95 % limit; -1: hidden or not given"),
        number("LowerCI99_8", "Lower 99.8 % limit; -1: not given"),
        number("UpperCI99_8", "Upper 99.8 % limit; -1: not given"),
        number("Denominator", "Denominator; -1: not given"),
        number("Denominator_2", "Second denominator; -1: there is none"),
        number("ValueNoteId", "Note on the value; 101: suppressed for disclosure control; -1: there is none"),
        number("CategoryTypeId", "Kind of category; -1: not by category"),
        number("CategoryId", "Category; -1: not by category"),
    ]
}

fn rows(it: &Download<'_>, codes: &BTreeMap<&str, &str>, own: Option<&str>) -> Option<Vec<Vec<Value>>> {
    let (year, range) = Span::at_end_of(it.figure?.subtitle())?.years()?;
    let rate = Rate::find(it.table)?;
    let by_type = it.table.columns().first()?.id == "crime_type";
    let mut names = BTreeSet::new();
    // Years and the codes of the template, which OHID publishes.
    let template = Open::under(Rule::already_public()).ok()?;
    let mut rows = Vec::new();
    for row in it.table.rows() {
        let first = row.first()?.shown();
        let (indicator, code) = if by_type {
            (format!("{}/{}", it.id, unique(&first, &mut names)), own?)
        } else if is_code(&first) {
            (it.id.clone(), first.as_str())
        } else {
            // A row that is no area, such as a total, is not an observation.
            let Some(code) = codes.get(first.as_str()) else { continue };
            (it.id.clone(), *code)
        };
        let number = |n: f64| Value::reference(template, n, 0);
        let at = |column: Option<usize>| {
            let known = column.and_then(|c| row.get(c)).filter(|value| value.shorthand().is_none());
            known.cloned().unwrap_or_else(|| number(NONE))
        };
        let is_hidden = row.get(rate.value).and_then(Value::shorthand) == Some(Shorthand::Confidential);
        let note = if is_hidden { SUPPRESSED } else { NONE };
        rows.push(vec![
            Value::label(indicator),
            number(f64::from(year)),
            number(f64::from(range)),
            number(NONE),
            number(NONE),
            number(ALL_AGES),
            number(PERSONS),
            Value::label(code),
            at(rate.count),
            at(Some(rate.value)),
            at(Some(rate.lower)),
            at(Some(rate.upper)),
            number(NONE),
            number(NONE),
            at(rate.denominator),
            number(NONE),
            number(note),
            number(NONE),
            number(NONE),
        ]);
    }
    Some(rows)
}

/// Which columns hold what.
struct Rate {
    value: usize,
    lower: usize,
    upper: usize,
    count: Option<usize>,
    denominator: Option<usize>,
}

impl Rate {
    fn find(table: &Table) -> Option<Self> {
        let (lower, upper) = [("lower_95", "upper_95"), ("rate_lower_95", "rate_upper_95")]
            .iter()
            .find_map(|(lower, upper)| Some((table.column(lower)?, table.column(upper)?)))?;
        let is_rate = |column: &Column| matches!(&column.kind, ColumnKind::Number { unit } if unit.starts_with("per ") || unit.starts_with('%'));
        // The value stands right before its limits.
        let value = lower.checked_sub(1).filter(|value| table.columns().get(*value).is_some_and(is_rate))?;
        let count = table.column("records");
        let denominator = table.column("residents");
        Some(Self { value, lower, upper, count, denominator })
    }
}

/// Codes by the names that the maps of the publication and its documents give.
fn codes<'a>(here: &Here<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut codes = BTreeMap::new();
    for document in &here.site.publication.documents {
        for (_, figure) in document.figures() {
            if let View::Map { shapes, outlines, .. } = figure.view() {
                codes.extend(shapes.iter().chain(outlines).filter(|s| is_code(&s.code)).map(|s| (s.name.as_str(), s.code.as_str())));
            }
        }
        codes.extend(own_code(document).map(|code| (document.area.as_str(), code)));
    }
    codes
}

/// The code that the front matter names beside the area.
pub(super) fn own_code(document: &Document) -> Option<&str> {
    let (_, words) = document.front.iter().find(|(name, _)| name == "Area")?;
    words.spans().iter().find_map(|span| match span {
        headwater_release::Span::Text(words) | headwater_release::Span::Strong(words) | headwater_release::Span::Link(words, _) => {
            words.split(|letter: char| !letter.is_ascii_alphanumeric()).find(|word| is_code(word))
        }
    })
}

/// Whether words are a code of the Office for National Statistics: a letter and eight digits.
fn is_code(words: &str) -> bool {
    let mut bytes = words.bytes();
    words.len() == 9 && bytes.next().is_some_and(|b| b.is_ascii_uppercase()) && bytes.all(|b| b.is_ascii_digit())
}
