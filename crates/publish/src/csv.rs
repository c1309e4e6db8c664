//! The table behind an exhibit as a file: UTF-8, one header row of lower-case ids, CRLF at line ends (RFC 4180).

use headwater_release::{Table, Value};

/// Writes a table. Cells without a number hold their shorthand in brackets, such as `[c]`; empty words are written as `none`,
/// so that no cell is empty.
///
/// Words that a spreadsheet would take for a formula are written behind an apostrophe.
pub(crate) fn csv(table: &Table) -> String {
    let mut out = String::new();
    line(&mut out, table.columns().iter().map(|column| column.id.clone()));
    for row in table.rows() {
        line(&mut out, row.iter().map(cell));
    }
    out
}

fn cell(value: &Value) -> String {
    let text = value.csv();
    if !value.is_label() {
        return text;
    }
    match text.as_bytes().first() {
        None => "none".to_owned(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r') => format!("'{text}"),
        Some(_) => text,
    }
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) || cell.starts_with(' ') || cell.ends_with(' ') {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_release::{Column, Open, Rule, Shorthand};

    fn check(value: Value, written: &str) {
        let table = Table::new("T", vec![Column::text("area", "Area")], vec![vec![value]]).unwrap();
        assert_eq!(csv(&table), format!("area\r\n{written}\r\n"));
    }

    #[test]
    fn commas_and_quotation_marks_are_quoted() {
        check(Value::label("Poole, Dorset"), "\"Poole, Dorset\"");
        check(Value::label("the \"Lanes\""), "\"the \"\"Lanes\"\"\"");
        check(Value::label("two\nlines"), "\"two\nlines\"");
    }

    #[test]
    fn numbers_have_no_commas_and_gaps_have_their_shorthand() {
        check(Value::reference(Open::under(Rule::already_public()).unwrap(), -1234.5, 1), "-1234.5");
        check(Value::gap(Shorthand::Confidential), "[c]");
        check(Value::refused("fewer than ten events"), "[x]");
    }

    #[test]
    fn words_are_never_formulas_and_never_empty() {
        check(Value::label("=1+1"), "'=1+1");
        check(Value::label("@SUM(A1)"), "'@SUM(A1)");
        check(Value::label(""), "none");
    }
}
