//! ODS sheets, with repeated rows and cells counted before they are written out.

use super::{Limits, Meter, Sheet, broken, number};
use crate::Refusal;
use crate::xml::{Event, Events, attribute, unescape};
use std::io::{Cursor, Read};
use zip::ZipArchive;

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if let Ok(manifest) = part(&mut archive, "META-INF/manifest.xml", limits)
        && manifest.contains("encryption-data")
    {
        return Err(Refusal::new("the workbook is protected by a password", "open it, take the password off, and save it again"));
    }
    let content = part(&mut archive, "content.xml", limits)?;
    let mut meter = Meter::new(limits);
    let mut events = Events::new(&content);
    let mut sheets = Vec::new();
    while let Some(event) = events.next()? {
        if let Event::Start { name: "table:table", attributes } = event {
            let name = attribute(attributes, "table:name").unwrap_or_default();
            sheets.push(table(&mut events, Sheet::new(name), &mut meter)?);
        }
    }
    Ok(sheets)
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limits: Limits) -> Result<String, Refusal> {
    let file = archive.by_name(name).map_err(|error| broken(format!("{name}: {error}")))?;
    let mut text = String::new();
    file.take(limits.most_bytes).read_to_string(&mut text).map_err(|error| broken(format!("{name}: {error}")))?;
    Ok(text)
}

/// How often something is repeated; at least once.
fn repeats(attributes: &str, of: &str) -> usize {
    attribute(attributes, of).and_then(|n| n.trim().parse().ok()).unwrap_or(1).max(1)
}

/// Reads up to the end of the table. A table within a cell's table is read as part of its cell and passed over.
fn table(events: &mut Events<'_>, mut sheet: Sheet, meter: &mut Meter) -> Result<Sheet, Refusal> {
    let mut empty_rows = 0usize;
    while let Some(event) = events.next()? {
        match event {
            Event::End { name: "table:table" } => break,
            Event::Start { name: "table:table-row", attributes } => {
                let times = repeats(attributes, "table:number-rows-repeated");
                let cells = row(events, &sheet.name, meter)?;
                if cells.is_empty() {
                    empty_rows = empty_rows.saturating_add(times);
                    continue;
                }
                meter.spend(empty_rows, 0, &sheet.name)?;
                for _ in 0..std::mem::take(&mut empty_rows) {
                    sheet.end_row();
                }
                let text: usize = cells.iter().map(String::len).sum();
                // The first of them was counted when it was read.
                meter.spend(cells.len().saturating_mul(times - 1), 0, &sheet.name)?;
                meter.spend(times - 1, text, &sheet.name)?;
                for _ in 0..times {
                    cells.iter().for_each(|cell| sheet.push(cell));
                    sheet.end_row();
                }
            }
            _ => {}
        }
    }
    Ok(sheet)
}

/// Reads one row up to its last cell that is not empty.
fn row(events: &mut Events<'_>, sheet: &str, meter: &mut Meter) -> Result<Vec<String>, Refusal> {
    let mut cells = Vec::new();
    let mut empty = 0usize;
    while let Some(event) = events.next()? {
        match event {
            Event::End { name: "table:table-row" } => break,
            Event::Start { name: "table:table-cell" | "table:covered-table-cell", attributes } => {
                let times = repeats(attributes, "table:number-columns-repeated");
                let text = cell(events, attributes)?;
                if text.is_empty() {
                    empty = empty.saturating_add(times);
                    continue;
                }
                meter.spend(empty, 0, sheet)?;
                meter.spend(times, text.len(), sheet)?;
                cells.extend(std::iter::repeat_n(String::new(), std::mem::take(&mut empty)));
                cells.extend(std::iter::repeat_n(text, times));
            }
            _ => {}
        }
    }
    Ok(cells)
}

/// Reads one cell: its stored value, or the text it shows.
fn cell(events: &mut Events<'_>, attributes: &str) -> Result<String, Refusal> {
    let mut shown = String::new();
    let (mut depth, mut paragraphs, mut aside) = (0usize, 0usize, 0usize);
    while let Some(event) = events.next()? {
        match event {
            Event::End { .. } if depth == 0 => break,
            Event::Start { name, attributes } => {
                depth += 1;
                match name {
                    // Comments and drawings stand beside the text, not in it.
                    "office:annotation" | "draw:frame" | "table:table" => aside += 1,
                    "text:p" if aside == 0 => {
                        if paragraphs > 0 {
                            shown.push('\n');
                        }
                        paragraphs += 1;
                    }
                    "text:s" if aside == 0 => shown.extend(std::iter::repeat_n(' ', repeats(attributes, "text:c").min(1_000))),
                    "text:tab" if aside == 0 => shown.push('\t'),
                    "text:line-break" if aside == 0 => shown.push('\n'),
                    _ => {}
                }
            }
            Event::End { name } => {
                depth -= 1;
                aside -= usize::from(matches!(name, "office:annotation" | "draw:frame" | "table:table"));
            }
            Event::Text(text) if aside == 0 && paragraphs > 0 => shown.push_str(&unescape(text)),
            Event::Literal(text) if aside == 0 && paragraphs > 0 => shown.push_str(text),
            Event::Text(_) | Event::Literal(_) => {}
        }
    }
    let stored = |name: &str| attribute(attributes, name);
    Ok(match attribute(attributes, "office:value-type").as_deref() {
        Some("float" | "percentage" | "currency") => {
            let value = stored("office:value").and_then(|value| value.trim().parse::<f64>().ok()).filter(|value| value.is_finite());
            value.map_or(shown, number)
        }
        Some("date") => stored("office:date-value").unwrap_or(shown),
        Some("time") => stored("office:time-value").unwrap_or(shown),
        Some("boolean") => stored("office:boolean-value").map_or(shown, |value| value.to_uppercase()),
        Some(_) => stored("office:string-value").filter(|text| !text.is_empty()).unwrap_or(shown),
        None => shown,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::package;
    use super::super::{Limits, read};
    use proptest::prelude::*;

    /// A workbook of one sheet with the given rows.
    pub fn workbook(rows: &str) -> Vec<u8> {
        package(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest:manifest/>"),
            (
                "content.xml",
                &format!(
                    "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet><table:table table:name=\"Table_11\"><table:table-column/>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
                ),
            ),
        ])
    }

    fn cell(text: &str) -> String {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    }

    #[test]
    fn values_text_and_repeats_are_read_as_a_person_sees_them() {
        let rows = format!(
            "<table:table-row>{}</table:table-row>\
             <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
             <table:table-header-rows><table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"float\" office:value=\"26.0\"><text:p>26</text:p></table:table-cell>\
             <table:table-cell table:number-columns-repeated=\"2\"/>\
             <table:table-cell office:value-type=\"percentage\" office:value=\"0.125\" table:number-columns-repeated=\"2\"><text:p>12.5%</text:p></table:table-cell>\
             <table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row></table:table-header-rows>\
             <table:table-row><table:table-cell office:value-type=\"date\" office:date-value=\"2023-12-31\"/>\
             <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>\
             <table:table-cell office:value-type=\"string\"><office:annotation><text:p>a comment</text:p></office:annotation><text:p>two<text:s text:c=\"2\"/>words</text:p><text:p>&amp; <text:span>more</text:span></text:p></table:table-cell></table:table-row>\
             <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
            cell("First responder")
        );
        let sheets = read(&workbook(&rows), Limits::default()).unwrap();
        assert_eq!((sheets[0].name(), sheets[0].n_rows()), ("Table_11", 6));
        let rows: Vec<Vec<String>> = sheets[0].rows().collect();
        assert_eq!(rows[0], ["First responder"]);
        assert!(rows[1].is_empty() && rows[2].is_empty());
        assert_eq!((&rows[3], &rows[4]), (&vec!["26".to_owned(), String::new(), String::new(), "0.125".into(), "0.125".into()], &rows[3]));
        assert_eq!(rows[5], ["2023-12-31", "TRUE", "two  words\n& more"]);
    }

    #[test]
    fn a_cell_repeated_a_billion_times_is_refused_at_once() {
        let few = Limits { most_bytes: 1_000_000, most_cells: 100_000 };
        let wide = "<table:table-row><table:table-cell table:number-columns-repeated=\"1000000000\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
        let tall = "<table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
        let far = "<table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell/></table:table-row><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
        let long = format!("<table:table-row table:number-rows-repeated=\"90000\">{}</table:table-row>", cell(&"x".repeat(5_000)));
        for rows in [wide, tall, far, &long] {
            let error = read(&workbook(rows), few).unwrap_err();
            assert!(error.what.contains("more than 100000 cells"), "{error}");
        }
    }

    #[test]
    fn a_table_that_was_cut_off_or_has_a_password_is_refused() {
        let cut = package(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", "<office:document-content><table:table table:name=\"a\"><table:table-row>"),
        ]);
        assert!(read(&cut, Limits::default()).unwrap_err().what.contains("has no end"));
        let locked = package(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
            ("content.xml", "garbage"),
        ]);
        assert!(read(&locked, Limits::default()).unwrap_err().what.contains("password"));
        let empty = package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("other.xml", "")]);
        assert!(read(&empty, Limits::default()).unwrap_err().what.contains("content.xml"));
    }

    proptest! {
        #[test]
        fn no_content_makes_it_panic_or_run_on(
            parts in proptest::collection::vec(prop_oneof![
                Just("<table:table-row>"), Just("</table:table-row>"), Just("<table:table-row table:number-rows-repeated=\"99999999999999999999\">"),
                Just("<table:table-cell office:value-type=\"float\" office:value=\"1e999\" table:number-columns-repeated=\"3\"/>"),
                Just("<table:table-cell office:value-type=\"string\">"), Just("</table:table-cell>"), Just("<table:covered-table-cell/>"),
                Just("<text:p>a&#0;&"), Just("</text:p>"), Just("<text:s text:c=\"4294967296\"/>"), Just("<office:annotation>"), Just("</office:annotation>"),
                Just("<table:table table:name=\"b\">"), Just("</table:table>"), Just("<![CDATA[x]]>"), Just("'"), Just("\""),
            ], 0..25),
        ) {
            let few = Limits { most_bytes: 100_000, most_cells: 1_000 };
            if let Ok(sheets) = read(&workbook(&parts.concat()), few) {
                let n_cells: usize = sheets.iter().flat_map(|sheet| sheet.rows()).map(|row| row.len()).sum();
                prop_assert!(n_cells <= 1_000);
            }
        }
    }
}
