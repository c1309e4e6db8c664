//! Files for spreadsheets: what people typed stays text there, whatever it begins with.

use std::borrow::Cow;

use crate::problem::Problem;

/// A CSV file that is being written.
pub struct Spreadsheet(csv::Writer<Vec<u8>>);

fn failed(error: &dyn std::fmt::Display) -> Problem {
    Problem::while_doing("writing a CSV file", error)
}

impl Spreadsheet {
    /// A file with these columns.
    ///
    /// # Errors
    /// None in practice: it is written into memory.
    pub fn new(columns: &[&str]) -> Result<Self, Problem> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(columns).map_err(|error| failed(&error))?;
        Ok(Self(out))
    }

    /// Adds a row.
    ///
    /// # Errors
    /// It has another number of cells than there are columns.
    pub fn row(&mut self, cells: &[&str]) -> Result<(), Problem> {
        self.0.write_record(cells.iter().map(|cell| as_text(cell).into_owned())).map_err(|error| failed(&error))
    }

    /// The file.
    ///
    /// # Errors
    /// None in practice: it was written into memory.
    pub fn bytes(self) -> Result<Vec<u8>, Problem> {
        self.0.into_inner().map_err(|error| failed(&error))
    }
}

/// A cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before it, as OWASP advises.
/// Numbers stay numbers.
fn as_text(cell: &str) -> Cow<'_, str> {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if is_formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_stays_text_and_numbers_stay_numbers() {
        let mut file = Spreadsheet::new(&["name", "n"]).unwrap();
        for (name, n) in [("=cmd|' /C calc'!A0", "-3"), ("@SUM(A1)", "+1"), ("Kent", "2"), ("-", "")] {
            file.row(&[name, n]).unwrap();
        }
        assert_eq!(String::from_utf8(file.bytes().unwrap()).unwrap(), "name,n\n'=cmd|' /C calc'!A0,-3\n'@SUM(A1),+1\nKent,2\n'-,\n");
        assert!(Spreadsheet::new(&["one"]).unwrap().row(&["a", "b"]).is_err());
    }
}
