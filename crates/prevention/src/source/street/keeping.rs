//! A reading written down and read back, so that a file need not be unpacked and read again.
//!
//! This is a note to oneself, not a format for others: it means nothing to another version of this crate, so whoever keeps
//! it keeps beside it which version wrote it, and a checksum. What is read back is held to its own sums all the same, and is
//! refused when they do not agree.
//!
//! It takes 8 bytes for the fingerprint of each row and of each Crime ID, and about 3 for each force, month, LSOA and crime
//! type that has records.

use super::{Counts, Part, StreetRead, named_month};
use crate::period::Month;
use crate::source::SetAsides;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// How many cells or fingerprints are written at once.
const BLOCK: usize = 4096;

/// The most bytes of one block: no cell takes more than ten bytes for its place and five for its count.
const MOST_BLOCK_BYTES: usize = BLOCK * 15;

/// All but the long lists; on the way out it borrows.
#[derive(Serialize, Deserialize)]
struct Head<S, P, F, A> {
    n_rows: u64,
    n_repeated_rows: u64,
    n_repeated_ids: u64,
    n_cells: u64,
    n_row_prints: u64,
    n_id_prints: u64,
    forces: F,
    parts: Vec<(S, u16, P)>,
    set_aside: A,
}

type OwnHead = Head<String, Part, Vec<String>, SetAsides>;

impl StreetRead {
    /// Writes the reading down for [`StreetRead::read_back`].
    ///
    /// # Errors
    /// Those of the writer.
    ///
    /// ```
    /// use headwater_prevention::source::street::{COLUMNS, Reader, StreetRead};
    /// let mut reader = Reader::new("2020-10-sussex-street.csv");
    /// reader.feed((COLUMNS.join(",") + "\n").as_bytes());
    /// reader.feed(b",2020-10,Sussex Police,Sussex Police,-0.2,50.8,On or near A,E01031349,Adur 001A,Drugs,,\n");
    /// let read = reader.finish()?;
    /// let mut written = Vec::new();
    /// read.write_down(&mut written).unwrap();
    /// assert_eq!(StreetRead::read_back("2020-10-sussex-street.csv", &mut written.as_slice(), 1_000).unwrap(), read);
    /// # Ok::<(), headwater_prevention::source::Unreadable>(())
    /// ```
    pub fn write_down(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = Head {
            n_rows: self.n_rows,
            n_repeated_rows: self.n_repeated_rows,
            n_repeated_ids: self.n_repeated_ids,
            n_cells: self.counts.n_cells() as u64,
            n_row_prints: self.row_prints.len() as u64,
            n_id_prints: self.id_prints.len() as u64,
            forces: self.counts.forces(),
            parts: self.parts.iter().map(|((force, month), part)| (force.as_str(), month.index(), part)).collect(),
            set_aside: &self.set_aside,
        };
        write_block(out, &serde_json::to_vec(&head)?)?;
        let mut last = 0;
        let mut block = Vec::with_capacity(MOST_BLOCK_BYTES);
        let (keys, counts) = self.counts.keys_and_counts();
        for (keys, counts) in keys.chunks(BLOCK).zip(counts.chunks(BLOCK)) {
            block.clear();
            for (key, n) in keys.iter().zip(counts) {
                put_number(&mut block, key - std::mem::replace(&mut last, *key));
                put_number(&mut block, u64::from(*n));
            }
            write_block(out, &block)?;
        }
        write_prints(out, &self.row_prints)?;
        write_prints(out, &self.id_prints)
    }

    /// Reads back what [`StreetRead::write_down`] wrote of the file of this name.
    ///
    /// `most_bytes` is how long the writing can be at most: no more memory than a few times that is asked for, whatever it says.
    ///
    /// # Errors
    /// Those of the reader; refuses what is cut off, or does not agree with itself.
    pub fn read_back(file_name: &str, from: &mut dyn Read, most_bytes: u64) -> io::Result<Self> {
        let head: OwnHead = serde_json::from_slice(&read_block(from, most_bytes)?)?;
        let fits = |n: u64, n_bytes: u64| {
            let whole = n.checked_mul(n_bytes).filter(|all| *all <= most_bytes).and(usize::try_from(n).ok());
            whole.ok_or_else(disagrees)
        };
        // A cell takes two bytes or more.
        let n_cells = fits(head.n_cells, 2)?;
        let (mut keys, mut counts) = (Vec::with_capacity(n_cells), Vec::with_capacity(n_cells));
        let mut last = 0u64;
        while keys.len() < n_cells {
            let block = read_block(from, MOST_BLOCK_BYTES as u64)?;
            let mut rest = block.as_slice();
            for _ in 0..BLOCK.min(n_cells - keys.len()) {
                let (step, n) = take_number(&mut rest).zip(take_number(&mut rest)).ok_or_else(disagrees)?;
                last = last.checked_add(step).ok_or_else(disagrees)?;
                keys.push(last);
                counts.push(u32::try_from(n).map_err(|_| disagrees())?);
            }
            if !rest.is_empty() {
                return Err(disagrees());
            }
        }
        let read = Self {
            n_rows: head.n_rows,
            expected: named_month(file_name),
            parts: head
                .parts
                .into_iter()
                .map(|(force, month, part)| Ok(((force, Month::from_index(month).ok_or_else(disagrees)?), part)))
                .collect::<io::Result<_>>()?,
            counts: Counts::of(head.forces, keys, counts).ok_or_else(disagrees)?,
            set_aside: head.set_aside,
            row_prints: read_prints(from, fits(head.n_row_prints, 8)?)?,
            id_prints: read_prints(from, fits(head.n_id_prints, 8)?)?,
            n_repeated_rows: head.n_repeated_rows,
            n_repeated_ids: head.n_repeated_ids,
        };
        if read.agrees() { Ok(read) } else { Err(disagrees()) }
    }

    /// Whether the sums hold that hold for every reading of a file.
    fn agrees(&self) -> bool {
        let n_kept = self.counts.total();
        let forces = self.counts.forces();
        self.parts().map(Part::n_rows).try_fold(0, u64::checked_add) == Some(n_kept)
            && self.set_aside.agrees()
            && n_kept.checked_add(self.set_aside.n_rows()) == Some(self.n_rows)
            && self.n_repeated_rows.checked_add(self.row_prints.len() as u64) == Some(n_kept)
            && self.n_repeated_ids.checked_add(self.id_prints.len() as u64).is_some_and(|n_with_id| n_with_id <= n_kept)
            && self.parts.iter().all(|((force, _), part)| part.agrees() && forces.contains(force))
    }
}

fn disagrees() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the reading does not agree with itself")
}

fn write_block(out: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)
}

fn read_block(from: &mut dyn Read, most_bytes: u64) -> io::Result<Vec<u8>> {
    let mut n_bytes = [0; 8];
    from.read_exact(&mut n_bytes)?;
    let n_bytes = Some(u64::from_le_bytes(n_bytes)).filter(|n| *n <= most_bytes).and_then(|n| usize::try_from(n).ok());
    let mut bytes = vec![0; n_bytes.ok_or_else(disagrees)?];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Puts a number, seven bits to a byte, the lowest first; the highest bit says that more follow.
fn put_number(block: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        block.push(number as u8 | 0x80);
        number >>= 7;
    }
    block.push(number as u8);
}

/// Takes what [`put_number`] has put.
fn take_number(block: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = block.split_first()?;
        *block = rest;
        let bits = u64::from(byte & 0x7f);
        // The tenth byte has room for one bit.
        number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn write_prints(out: &mut dyn Write, prints: &[u64]) -> io::Result<()> {
    let mut bytes = [0; 8 * BLOCK];
    for block in prints.chunks(BLOCK) {
        for (place, print) in bytes.as_chunks_mut().0.iter_mut().zip(block) {
            *place = print.to_le_bytes();
        }
        out.write_all(&bytes[..8 * block.len()])?;
    }
    Ok(())
}

/// Reads fingerprints, which are in order and each there once.
fn read_prints(from: &mut dyn Read, n: usize) -> io::Result<Vec<u64>> {
    let mut prints = Vec::with_capacity(n);
    let mut bytes = [0; 8 * BLOCK];
    while prints.len() < n {
        let bytes = &mut bytes[..8 * BLOCK.min(n - prints.len())];
        from.read_exact(bytes)?;
        prints.extend(bytes.as_chunks().0.iter().map(|print| u64::from_le_bytes(*print)));
    }
    if prints.is_sorted_by(|a, b| a < b) { Ok(prints) } else { Err(disagrees()) }
}
