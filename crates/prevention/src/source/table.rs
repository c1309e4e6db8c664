//! A table of text cells, whatever file it came in: CSV of any dialect we meet, or a sheet of a workbook.

use super::Unreadable;

/// The most columns a table may have; the widest we know is population by sex and single year, 187.
const MOST_COLUMNS: usize = 2_000;

/// Rows of text cells with the row number each has in its file.
///
/// The numbers count from 1 and include header rows, so that a person can find the row in a spreadsheet program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextTable {
    rows: Vec<(u64, csv::StringRecord)>,
}

impl TextTable {
    /// Reads comma-separated text in UTF-8 (with or without a byte order mark) or Latin-1.
    ///
    /// # Errors
    /// Refuses text without a comma in its first line (another delimiter), and rows wider than 2,000 cells.
    pub fn from_csv(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = decode(bytes);
        let first_line = text.lines().next().unwrap_or_default();
        if !first_line.contains(',') {
            for (delimiter, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")] {
                if first_line.contains(delimiter) {
                    return Err(Unreadable::new(
                        format!("row 1: the columns are separated by {name}, not by commas"),
                        "save the file again as comma-separated values (CSV UTF-8)",
                    ));
                }
            }
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let (mut row, mut at) = (1, 0);
        for record in reader.records() {
            let record = record.map_err(|error| {
                let row = error.position().map_or(0, csv::Position::line);
                Unreadable::new(format!("row {row}: {error}"), "open the file in a spreadsheet program and look at that row")
            })?;
            let begin = record.position().map_or(at, |position| begin(text.as_bytes(), position.byte()));
            row += line_ends(&text.as_bytes()[at..begin]);
            at = begin;
            if record.len() > MOST_COLUMNS {
                return Err(Unreadable::new(
                    format!("row {row}: {} columns", record.len()),
                    "this is not one of the tables listed by `source kinds`",
                ));
            }
            rows.push((row, record));
        }
        Ok(Self { rows })
    }

    /// Takes rows already split into cells, as a workbook reader gives them; the first is row 1.
    pub fn from_rows(rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self { rows: rows.into_iter().zip(1..).map(|(row, n)| (n, csv::StringRecord::from(row))).collect() }
    }

    /// The rows with their numbers.
    pub fn rows(&self) -> &[(u64, csv::StringRecord)] {
        &self.rows
    }

    /// The first row at or before row 15 for which `is_header` holds, as its position in [`rows`](Self::rows).
    ///
    /// Published workbooks put titles and notes above the header; fifteen rows have always been enough.
    pub fn header(&self, is_header: impl Fn(&csv::StringRecord) -> bool) -> Option<usize> {
        self.rows.iter().take(15).position(|(_, record)| is_header(record))
    }
}

/// Where a record begins: the reader names the place where it began to look, which may be an empty line before it.
fn begin(text: &[u8], looked_from: u64) -> usize {
    let from = usize::try_from(looked_from).unwrap_or(usize::MAX).min(text.len());
    from + text[from..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

/// How many lines end in some text, in Unix, Windows or old Macintosh fashion; the reader itself does not count the last.
fn line_ends(text: &[u8]) -> u64 {
    let n_feeds = memchr::memchr_iter(b'\n', text).count();
    let n_lone_returns = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (n_feeds + n_lone_returns) as u64
}

/// UTF-8 without its byte order mark; bytes that are not UTF-8 are taken as Windows-1252's Latin letters.
///
/// Place names such as "Ynys Môn" are the usual reason; every byte has a Latin-1 meaning, so nothing is lost.
pub fn decode(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into(),
    }
}

/// A header cell reduced to what identifies it: lower case, one space or underscore for any run of other characters.
///
/// ```
/// use headwater_prevention::source::table::plain;
/// assert_eq!(plain("LSOA code\n(2011)"), "lsoa code 2011");
/// assert_eq!(plain("lsoa21_code"), "lsoa21 code");
/// ```
pub fn plain(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    for c in cell.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_table_is_named_as_such() {
        let error = TextTable::from_csv(b"a;b;c\n1;2;3\n").unwrap_err();
        assert!(error.what.contains("semicolons"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_and_latin_1_are_read() {
        let table = TextTable::from_csv(b"\xef\xbb\xbfname,code\nYnys M\xf4n,W06000001\n").unwrap();
        // Not UTF-8 as a whole, so the mark was cut and the rest read as Latin-1.
        assert_eq!(&table.rows()[0].1[0], "name");
        assert_eq!(&table.rows()[1].1[0], "Ynys Môn");
    }

    #[test]
    fn rows_keep_the_number_they_have_in_the_file() {
        let table = TextTable::from_csv(b"a,b\n\"x\ny\",1\nz,2\n").unwrap();
        let numbers: Vec<u64> = table.rows().iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, [1, 2, 4]);
    }

    #[test]
    fn empty_lines_and_line_ends_of_any_fashion_count() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "a,b", "", "", "c,d", "e,\"f", "g\"", "h,i", ""].join(end);
            let table = TextTable::from_csv(text.as_bytes()).unwrap();
            let rows: Vec<(u64, &str)> = table.rows().iter().map(|(n, record)| (*n, &record[0])).collect();
            assert_eq!(rows, [(2, "a"), (5, "c"), (6, "e"), (8, "h")], "{end:?}");
        }
    }
}
