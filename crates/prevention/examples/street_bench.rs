//! Reads one street file and prints what it cost: the part of `source add` and `source check` that peers are measured against.
//!
//! `street_bench FILE`: CPU and wall seconds, rows, groups, repeats, peak memory, as one line of JSON.

// A bench reads files and the clock; the crate itself does neither.
#![allow(clippy::disallowed_methods)]

use headwater_prevention::source::street::Reader;
use std::io::Read;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: street_bench FILE")?;
    let start = Instant::now();
    let mut file = std::fs::File::open(&path)?;
    let mut reader = Reader::new(&path);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        reader.feed(&buffer[..n]);
    }
    let read = reader.finish()?;
    let groups = {
        let mut last = None;
        let mut groups = 0;
        let mut cells: Vec<_> = read.counts().cells().filter(|c| c.lsoa.is_some()).map(|c| (c.month, c.lsoa, c.crime_type)).collect();
        cells.sort_unstable();
        for cell in cells {
            groups += u64::from(last != Some(cell));
            last = Some(cell);
        }
        groups
    };
    let placed: u64 = read.counts().cells().filter(|c| c.lsoa.is_some()).map(|c| c.n).sum();
    let no_place: u64 = read.parts().map(|p| p.n_without_place()).sum();
    println!(
        "{{\"wall_s\": {:.3}, \"cpu_s\": {:.2}, \"peak_mb\": {}, \"rows\": {}, \"set_aside\": {}, \"groups\": {groups}, \"sum\": {placed}, \"dup_rows\": {}, \"dup_ids\": {}, \"no_place\": {no_place}, \"force_months\": {}}}",
        start.elapsed().as_secs_f64(),
        cpu_s()?,
        peak_mb()?,
        read.n_rows(),
        read.set_aside().n_rows(),
        read.n_repeated_rows(),
        read.n_repeated_ids(),
        read.parts().count(),
    );
    Ok(())
}

/// User and system seconds of this process, from the kernel's clock of 100 ticks a second.
fn cpu_s() -> Result<f64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit(')').next().ok_or("no stat")?;
    let ticks: f64 = after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

fn peak_mb() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmHWM")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024)
}
