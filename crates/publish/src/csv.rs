//! A table as a CSV file: UTF-8, one header row of column ids, lines ended by CR LF (RFC 4180).

use headwater_release::Table;

/// The file's text. Cells that hold a comma, a quotation mark or a line end are quoted.
pub fn text(table: &Table) -> String {
    let mut out = String::new();
    line(&mut out, table.columns().iter().map(|column| column.id.clone()));
    for row in table.rows() {
        line(&mut out, row.iter().map(|value| value.csv()));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
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
    use headwater_release::{Column, Value};

    #[test]
    fn awkward_cells_are_quoted() {
        let table = Table::new(
            "x",
            vec![Column::text("name", "Name"), Column::number("n", "N", "")],
            vec![vec![Value::label("Bristol, \"City\" of"), Value::reference(1234.0, 0)]],
        )
        .unwrap();
        assert_eq!(text(&table), "name,n\r\n\"Bristol, \"\"City\"\" of\",1234\r\n");
    }
}
