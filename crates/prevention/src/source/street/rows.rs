//! Bytes in pieces of any size, to rows counted by force, month, LSOA and crime type.
//!
//! There is one reader of rows. Whoever wants to know more than the counts watches: [`Watch::row`] sees every row that is
//! kept, with all its fields, and costs nothing where nobody watches.

use super::LONGEST_LINE_BYTES;
use super::category::CrimeType;
use super::count::{Counts, Gathering};
use super::line::{Column, Columns};
use super::scan::Commas;
use crate::period::Month;
use crate::place::AreaCode;
use crate::source::{SetAsides, Unreadable};
use rapidhash::fast::SeedableState;
use std::collections::HashMap;

/// The most forces of one file; there are 45.
const MOST_FORCES: usize = 200;

/// What is known of a row that is kept.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub force: u8,
    pub month: Month,
    pub lsoa: Option<AreaCode>,
    pub crime_type: CrimeType,
}

/// Someone who looks at every row that is kept.
pub(super) trait Watch {
    fn row<'a>(&mut self, kept: Kept, field: impl Fn(Column) -> &'a [u8], line: &'a [u8]);
}

/// Nobody looks: the rows are only counted.
impl Watch for () {
    #[inline(always)]
    fn row<'a>(&mut self, _: Kept, _: impl Fn(Column) -> &'a [u8], _: &'a [u8]) {}
}

/// Reads rows piece by piece.
pub(super) struct Rows<W> {
    columns: Option<Columns>,
    refused: Option<Unreadable>,
    /// The beginning of a line whose end has not come yet.
    pub tail: Vec<u8>,
    skipping: bool,
    commas: Commas,
    row: u64,
    n_rows: u64,
    forces: Vec<Vec<u8>>,
    // Looked up, never gone through: its order shows nowhere.
    force_at: HashMap<Vec<u8>, u8, SeedableState<'static>>,
    last_force: u8,
    gathering: Gathering,
    set_aside: SetAsides,
    watch: W,
}

/// What is left when all rows are read.
pub(super) struct AllRows<W> {
    pub n_rows: u64,
    pub set_aside: SetAsides,
    pub counts: Counts,
    pub watch: W,
}

impl<W: Watch> Rows<W> {
    pub fn new(watch: W) -> Self {
        Self {
            columns: None,
            refused: None,
            tail: Vec::new(),
            skipping: false,
            commas: Commas::default(),
            row: 0,
            n_rows: 0,
            forces: Vec::new(),
            force_at: HashMap::with_hasher(SeedableState::fixed()),
            last_force: 0,
            gathering: Gathering::default(),
            set_aside: SetAsides::default(),
            watch,
        }
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        if self.refused.is_some() {
            return;
        }
        if !self.tail.is_empty() || self.skipping {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.keep_tail(bytes);
                return;
            };
            if self.skipping {
                self.skipping = false;
                self.too_long();
            } else {
                let mut line = std::mem::take(&mut self.tail);
                line.extend_from_slice(&bytes[..end]);
                self.line(&line);
                line.clear();
                self.tail = line;
            }
            bytes = &bytes[end + 1..];
        }
        // Blocks are as long as the longest line, so that what is found in one stays in the processor's cache, and a block
        // without a line end is the beginning of a line that is too long.
        while !bytes.is_empty() {
            let block = &bytes[..bytes.len().min(LONGEST_LINE_BYTES + 1)];
            let end = match memchr::memrchr(b'\n', block) {
                Some(end) => {
                    self.block(&block[..=end]);
                    end
                }
                None => {
                    let Some(end) = memchr::memchr(b'\n', bytes) else {
                        self.keep_tail(bytes);
                        return;
                    };
                    self.line(&bytes[..end]);
                    end
                }
            };
            bytes = &bytes[end + 1..];
        }
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<AllRows<W>, Unreadable> {
        if self.skipping {
            self.too_long();
        } else if !self.tail.is_empty() {
            let line = std::mem::take(&mut self.tail);
            self.line(&line);
        }
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        if self.columns.is_none() {
            return Err(Unreadable::new("the file is empty: not even a header", "download this month again"));
        }
        let forces = self.forces.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        Ok(AllRows { n_rows: self.n_rows, set_aside: self.set_aside, counts: self.gathering.finish(forces), watch: self.watch })
    }

    fn keep_tail(&mut self, bytes: &[u8]) {
        if self.skipping {
            return;
        }
        if self.tail.len() + bytes.len() > LONGEST_LINE_BYTES {
            self.tail.clear();
            self.skipping = true;
        } else {
            self.tail.extend_from_slice(bytes);
        }
    }

    /// Ends a line that is longer than any line of this data set.
    fn too_long(&mut self) {
        self.row += 1;
        if self.columns.is_none() {
            let remedy = "this is not a police.uk street file: look at it in a text editor";
            self.refused.get_or_insert_with(|| Unreadable::new("row 1 is longer than any header", remedy));
            return;
        }
        self.n_rows += 1;
        self.set_aside.add(self.row, "", "longer than any row", "look at the file in a text editor: a line end is missing", "");
    }

    /// Takes whole lines, each with its end, none too long.
    fn block(&mut self, mut block: &[u8]) {
        while self.columns.is_none() {
            let Some(end) = memchr::memchr(b'\n', block) else { return };
            self.line(&block[..end]);
            if self.refused.is_some() {
                return;
            }
            block = &block[end + 1..];
        }
        let Some(columns) = self.columns else { return };
        let mut commas = std::mem::take(&mut self.commas);
        commas.find(block);
        let has_quote = memchr::memchr(b'"', block).is_some();
        let (mut start, mut left) = (0, commas.at());
        for end in memchr::memchr_iter(b'\n', block) {
            let line = &block[start..end];
            let n_inside = columns.n() - 1;
            // Exactly so many commas stand before the end of the line: the one after them, if there is one, is beyond it.
            let is_plain = left.len() >= n_inside
                && left[..n_inside].last().is_none_or(|last| (*last as usize) < end)
                && left.get(n_inside).is_none_or(|next| *next as usize > end)
                && !(has_quote && memchr::memchr(b'"', line).is_some());
            if is_plain {
                let (inside, after) = left.split_at(n_inside);
                left = after;
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                self.row += 1;
                self.n_rows += 1;
                self.take(|column| columns.field(line, inside, start, column), line);
            } else {
                left = &left[left.iter().take_while(|comma| (**comma as usize) < end).count()..];
                self.line(line);
            }
            start = end + 1;
        }
        self.commas = commas;
    }

    /// Takes any one line, without its end.
    fn line(&mut self, line: &[u8]) {
        // Where a file is cut into pieces must not matter: a long line that came whole is judged as one that did not.
        if line.len() > LONGEST_LINE_BYTES {
            self.too_long();
            return;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.row += 1;
        let Some(columns) = self.columns else {
            if self.refused.is_some() {
                return;
            }
            match Columns::find(line) {
                Ok(columns) => self.columns = Some(columns),
                Err(refused) => self.refused = Some(refused),
            }
            return;
        };
        if line.is_empty() {
            return;
        }
        self.n_rows += 1;
        match columns.split(line) {
            Ok(parts) => self.take(|column| columns.part(&parts, column), line),
            Err((reason, remedy)) => self.set_aside.add(self.row, "", reason, remedy, ""),
        }
    }

    #[inline(always)]
    fn take<'a>(&mut self, field: impl Fn(Column) -> &'a [u8], line: &'a [u8]) {
        let Some(month) = Month::from_bytes(field(Column::Month)) else {
            self.aside("Month", "not a month", "months are written 2020-10", field(Column::Month));
            return;
        };
        let Some(crime_type) = CrimeType::from_bytes(field(Column::CrimeType)) else {
            self.aside("Crime type", "not a crime type of data.police.uk", ORDER, field(Column::CrimeType));
            return;
        };
        let Some(force) = self.force(field(Column::FallsWithin)) else {
            self.aside("Falls within", "no force, not text, or more than 200 forces in one file", ORDER, b"");
            return;
        };
        let lsoa = AreaCode::from_bytes(field(Column::LsoaCode));
        self.gathering.add(force, month, lsoa, crime_type);
        self.watch.row(Kept { force, month, lsoa, crime_type }, field, line);
    }

    #[cold]
    fn aside(&mut self, column: &str, reason: &'static str, remedy: &'static str, found: &[u8]) {
        self.set_aside.add(self.row, column, reason, remedy, &String::from_utf8_lossy(found));
    }

    /// The number of a force; rows of one force mostly come together, so the last one is tried first.
    fn force(&mut self, name: &[u8]) -> Option<u8> {
        if self.forces.get(usize::from(self.last_force)).is_some_and(|last| last == name) {
            return Some(self.last_force);
        }
        let known = self.force_at.get(name).copied();
        self.last_force = match known {
            Some(known) => known,
            // Two names that are not text could be shown alike, and one would then hide the other.
            None if name.is_empty() || self.forces.len() == MOST_FORCES || std::str::from_utf8(name).is_err() => return None,
            None => {
                let number = self.forces.len() as u8;
                self.force_at.insert(name.to_vec(), number);
                self.forces.push(name.to_vec());
                number
            }
        };
        Some(self.last_force)
    }
}

const ORDER: &str = "check that the columns are in the published order";
