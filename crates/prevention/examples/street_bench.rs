//! Reads one street file and prints what it cost: the part of `source add` and `source check` that peers are measured against.
//!
//! `street_bench JOB FILE`, where `-` is standard input and JOB is
//!
//! * `count`: LSOA × month × type and nothing else, as peers count;
//! * `audit`: the same, with repeats, missing places and all that `source check` asks;
//! * `lines`: line ends only, and `bytes`: not even those. Nothing that reads the file can cost less;
//! * `unpack`: a zip is hashed and its members are inflated and held to their checksums. Nothing that adds it can cost less.
//!
//! Prints CPU and wall seconds, peak memory and what was found as one line of JSON.

// A bench reads files and the clock; the crate itself does neither.
#![allow(clippy::disallowed_methods)]

use headwater_prevention::period::Month;
use headwater_prevention::place::AreaCode;
use headwater_prevention::source::street::{Counter, Counts, CrimeType, Reader};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How much is read at a time: little enough to stay in the processor's cache.
const PIECE_BYTES: usize = 256 << 10;

const PAGE_BYTES: usize = 4 << 10;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [job, path] = arguments.as_slice() else { return Err("usage: street_bench count|audit|lines|bytes|unpack FILE".into()) };
    let start = Instant::now();
    let found = match job.as_str() {
        "count" => {
            let mut counter = Counter::new();
            pieces(path, |piece| counter.feed(piece))?;
            let counted = counter.finish()?;
            format!("\"rows\": {}, \"set_aside\": {}, {}", counted.n_rows, counted.set_aside.n_rows(), groups(&counted.counts))
        }
        "audit" => {
            let mut reader = Reader::new(path);
            pieces(path, |piece| reader.feed(piece))?;
            let read = reader.finish()?;
            format!(
                "\"rows\": {}, \"set_aside\": {}, {}, \"dup_rows\": {}, \"dup_ids\": {}, \"no_place\": {}, \"force_months\": {}",
                read.n_rows(),
                read.set_aside().n_rows(),
                groups(read.counts()),
                read.n_repeated_rows(),
                read.n_repeated_ids(),
                read.parts().map(|part| part.n_without_place()).sum::<u64>(),
                read.parts().count(),
            )
        }
        "lines" => {
            let mut n_lines = 0;
            pieces(path, |piece| n_lines += memchr::memchr_iter(b'\n', piece).count())?;
            format!("\"lines\": {n_lines}")
        }
        "bytes" => {
            let mut n_bytes = 0;
            pieces(path, |piece| n_bytes += piece.len())?;
            format!("\"bytes\": {n_bytes}")
        }
        "unpack" => unpack(&std::fs::read(path)?)?,
        other => return Err(format!("there is no job called {other}").into()),
    };
    let (wall_s, (cpu_s, peak_mb)) = (start.elapsed().as_secs_f64(), (cpu_s()?, peak_mb()?));
    println!("{{\"job\": \"{job}\", \"wall_s\": {wall_s:.3}, \"cpu_s\": {cpu_s:.2}, \"peak_mb\": {peak_mb}, {found}}}");
    Ok(())
}

/// Hands on a file, or standard input, piece by piece.
fn pieces(path: &str, mut take: impl FnMut(&[u8])) -> Outcome<()> {
    let mut file: Box<dyn Read> = if path == "-" { Box::new(std::io::stdin().lock()) } else { Box::new(std::fs::File::open(path)?) };
    // Into a buffer that does not begin with a page, some kernels copy at a third of the speed.
    let mut room = vec![0; PIECE_BYTES + PAGE_BYTES];
    let begin = room.as_ptr().align_offset(PAGE_BYTES).min(PAGE_BYTES);
    let piece = &mut room[begin..begin + PIECE_BYTES];
    loop {
        match file.read(piece)? {
            0 => return Ok(()),
            n => take(&piece[..n]),
        }
    }
}

/// Hashes a zip, and inflates and checks every deflated member: PKWARE's APPNOTE 4.3.12 says where what stands.
fn unpack(zip: &[u8]) -> Outcome<String> {
    let number = |at: usize, n: usize| -> Outcome<usize> {
        Ok(zip.get(at..at + n).ok_or("cut off")?.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let end = memchr::memmem::rfind(zip, b"PK\x05\x06").ok_or("not a zip")?;
    let (n_members, mut at) = (number(end + 10, 2)?, number(end + 16, 4)?);
    let mut piece = vec![0; PIECE_BYTES];
    let mut n_unpacked = 0;
    for _ in 0..n_members {
        let (checksum, n_packed, header) = (number(at + 16, 4)?, number(at + 20, 4)?, number(at + 42, 4)?);
        let is_deflated = number(at + 10, 2)? == 8;
        at += 46 + number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
        let begin = header + 30 + number(header + 26, 2)? + number(header + 28, 2)?;
        if !is_deflated {
            continue;
        }
        let mut packed = flate2::bufread::DeflateDecoder::new(zip.get(begin..begin + n_packed).ok_or("cut off")?);
        let mut found = flate2::Crc::new();
        loop {
            match packed.read(&mut piece)? {
                0 => break,
                n => found.update(&piece[..n]),
            }
        }
        if found.sum() as usize != checksum {
            return Err("a checksum is wrong".into());
        }
        n_unpacked += packed.total_out();
    }
    let sha256: String = Sha256::digest(zip).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("\"members\": {n_members}, \"bytes\": {n_unpacked}, \"sha256\": \"{sha256}\""))
}

/// How many LSOA × month × type groups there are over all forces, and how many records are in them.
///
/// Cells come by month, then by force: those of one month are brought together without regard to force.
fn groups(counts: &Counts) -> String {
    let (mut n_groups, mut n_records) = (0, 0);
    let mut month: Option<Month> = None;
    let mut of_month: Vec<(Option<AreaCode>, CrimeType)> = Vec::new();
    let mut close = |of_month: &mut Vec<_>| {
        of_month.sort_unstable();
        of_month.dedup();
        n_groups += of_month.len();
        of_month.clear();
    };
    for cell in counts.cells().filter(|cell| cell.lsoa.is_some()) {
        if month.replace(cell.month) != Some(cell.month) {
            close(&mut of_month);
        }
        of_month.push((cell.lsoa, cell.crime_type));
        n_records += cell.n;
    }
    close(&mut of_month);
    format!("\"groups\": {n_groups}, \"sum\": {n_records}")
}

/// User and system seconds of this process, from the kernel's clock of 100 ticks a second.
fn cpu_s() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit(')').next().ok_or("no stat")?;
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

fn peak_mb() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmHWM")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024)
}
