//! XLSX sheets, cell by cell.

use super::{Limits, Meter, Sheet, broken, number};
use crate::Refusal;
use calamine::{DataRef, Reader, SheetType, Xlsx};
use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most columns a sheet can have.
const MOST_COLUMNS: u32 = 16_384;

/// The most rows a sheet can have.
const MOST_ROWS: u32 = 1_048_576;

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, Refusal> {
    // The parser is another project's and reads bytes that anyone may have made: a panic in it becomes a refusal here.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, limits))).unwrap_or_else(|_| Err(broken("its parts do not fit together")))
}

fn read_sheets(bytes: &[u8], limits: Limits) -> Result<Vec<Sheet>, Refusal> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> =
        workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect();
    let mut meter = Meter::new(limits);
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        let mut sheet = Sheet::new(name);
        let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(broken)?;
        let (mut row, mut column) = (0, 0);
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (at_row, at_column) = cell.get_position();
            let text = text_of(cell.get_value());
            if text.is_empty() {
                continue;
            }
            if at_row >= MOST_ROWS || at_column >= MOST_COLUMNS || at_row < row || at_row == row && at_column < column {
                return Err(broken(format!("sheet \"{}\": its cells are out of order at row {}", sheet.name, at_row.saturating_add(1))));
            }
            while row < at_row {
                meter.spend(1, 0, &sheet.name)?;
                sheet.end_row();
                (row, column) = (row + 1, 0);
            }
            meter.spend((at_column - column) as usize, 0, &sheet.name)?;
            while column < at_column {
                sheet.push("");
                column += 1;
            }
            meter.spend(1, text.len(), &sheet.name)?;
            sheet.push(&text);
            column += 1;
        }
        if column > 0 {
            sheet.end_row();
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn text_of<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::Empty => Cow::Borrowed(""),
        DataRef::Int(n) => n.to_string().into(),
        DataRef::Float(x) => number(*x).into(),
        DataRef::String(text) => Cow::Borrowed(text),
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Bool(true) => Cow::Borrowed("TRUE"),
        DataRef::Bool(false) => Cow::Borrowed("FALSE"),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}").into()
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}").into()
            }
        }
        DataRef::DateTime(duration) => number(duration.as_f64()).into(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Borrowed(text),
        DataRef::Error(error) => error.to_string().into(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::package;
    use super::super::{Limits, read};
    use proptest::prelude::*;

    /// A workbook of two sheets, as a spreadsheet program would write it.
    pub fn workbook() -> Vec<u8> {
        with_rows(
            "<row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\"><v>1500</v></c><c r=\"D2\"><v>0.1</v></c></row>\
             <row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>Ynys M\u{f4}n &amp; more</t></is></c><c r=\"B4\" t=\"b\"><v>1</v></c><c r=\"C4\" t=\"e\"><v>#N/A</v></c><c r=\"D4\" s=\"1\"><v>45473</v></c></row>",
        )
    }

    fn with_rows(rows: &str) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const LINKS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        package(&[
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            (
                "_rels/.rels",
                &format!(
                    "<Relationships xmlns=\"{LINKS}\"><Relationship Id=\"rId1\" Type=\"{TYPES}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                &format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{TYPES}\"><sheets><sheet name=\"Notes\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Mid-2024 LSOA 2021\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                &format!(
                    "<Relationships xmlns=\"{LINKS}\"><Relationship Id=\"rId1\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"rId3\" Type=\"{TYPES}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId4\" Type=\"{TYPES}/styles\" Target=\"styles.xml\"/></Relationships>"
                ),
            ),
            ("xl/sharedStrings.xml", &format!("<sst xmlns=\"{MAIN}\" count=\"1\" uniqueCount=\"1\"><si><t>LSOA 2021 Code</t></si></sst>")),
            (
                "xl/styles.xml",
                &format!("<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
            ),
            ("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"{MAIN}\"><sheetData/></worksheet>")),
            ("xl/worksheets/sheet2.xml", &format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")),
        ])
    }

    #[test]
    fn cells_keep_their_places_and_numbers_have_no_trailing_zero() {
        let sheets = read(&workbook(), Limits::default()).unwrap();
        assert_eq!(sheets.iter().map(|s| s.name().to_owned()).collect::<Vec<_>>(), ["Notes", "Mid-2024 LSOA 2021"]);
        assert_eq!(sheets[0].n_rows(), 0);
        let rows: Vec<Vec<String>> = sheets[1].rows().collect();
        assert_eq!(
            rows,
            [
                vec![],
                vec!["".to_owned(), "LSOA 2021 Code".into(), "1500".into(), "0.1".into()],
                vec![],
                vec!["Ynys M\u{f4}n & more".into(), "TRUE".into(), "#N/A".into(), "2024-06-30".into()]
            ]
        );
        assert_eq!(sheets[1].row(9).count(), 0);
    }

    #[test]
    fn cells_far_apart_or_out_of_order_are_refused() {
        let few = Limits { most_bytes: 1_000_000, most_cells: 5_000 };
        for rows in ["<row r=\"9000\"><c r=\"A9000\"><v>1</v></c></row>", "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>"] {
            let error = read(&with_rows(rows), few).unwrap_err();
            assert!(error.what.contains("more than 5000 cells"), "{error}");
        }
        let backwards = "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
        assert!(read(&with_rows(backwards), few).unwrap_err().what.contains("out of order"));
        assert!(read(&with_rows("<row><c><v>1</v>"), few).unwrap_err().what.contains("broken"));
    }

    proptest! {
        #[test]
        fn no_sheet_makes_it_panic_or_run_on(
            parts in proptest::collection::vec(prop_oneof![
                Just("<row r=\"1\">"), Just("<row r=\"4294967296\">"), Just("</row>"), Just("<row>"),
                Just("<c r=\"A1\"><v>1</v></c>"), Just("<c r=\"ZZZZZZZZ9\"><v>1</v></c>"), Just("<c r=\"B1048576\"><v>1</v></c>"), Just("<c t=\"s\"><v>7</v></c>"),
                Just("<c t=\"s\"><v>-1</v></c>"), Just("<c s=\"9\"><v>1e999</v></c>"), Just("<c t=\"d\"><v>x</v></c>"), Just("<c t=\"e\"><v>#N/A</v></c>"), Just("<c s=\"1\"><v>99999999</v></c>"),
                Just("<c"), Just("</c>"), Just("<v>"), Just("&"), Just("</sheetData>"),
            ], 0..20),
        ) {
            let few = Limits { most_bytes: 100_000, most_cells: 1_000 };
            if let Ok(sheets) = read(&with_rows(&parts.concat()), few) {
                let n_cells: usize = sheets.iter().flat_map(|sheet| sheet.rows()).map(|row| row.len()).sum();
                prop_assert!(n_cells <= 1_000);
            }
        }
    }
}
