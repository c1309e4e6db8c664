//! One timed run of the neighbour methods, for `bench/neighbour/run.py`.
//!
//! `neighbour_bench AREAS CASE [DRAWS [SETS]]` reads one line for each area (its value, then `x y` for every corner, with `;`
//! between rings), does the work of the case, and prints one line of JSON: CPU seconds of all threads and wall seconds
//! of one run, and what is needed to see that the answer is the peer's. Reading is not timed. With the case `dump` it prints a table of
//! every measure instead.

// A bench reads files and the clock; the crate itself does neither.
#![allow(clippy::disallowed_methods)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use headwater_statistics::neighbour::{
    Drawing, METRES_STEP, Neighbours, Outline, gi, gi_star, local_moran, moran, near_misses, permute, queen, rook,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, case, rest @ ..] = arguments.as_slice() else {
        return Err("usage: neighbour_bench AREAS CASE [DRAWS [SETS]]".into());
    };
    let (values, areas) = read(path)?;
    let outlines: Vec<Outline> = areas.iter().map(|rings| Outline { rings: rings.iter().map(Vec::as_slice).collect() }).collect();
    let drawing = Drawing {
        draws: rest.first().map_or(Ok(99_999), |word| word.parse())?,
        sets: rest.get(1).map_or(Ok(3), |word| word.parse())?,
        ..Drawing::standard(20_201_013)
    };

    // What a timed part needs is made before the clock starts.
    let known = match case.as_str() {
        "queen" | "rook" => Neighbours::from_lists(&[])?,
        _ => queen(&outlines, METRES_STEP)?,
    };
    if case == "dump" {
        print!("{}", dump(&values, &known, &drawing)?);
        return Ok(());
    }
    // The clock of a thread ticks every few milliseconds: short work is done again until a fifth of a second is spent.
    let (cpu, wall) = (cpu_seconds()?, Instant::now());
    let (mut runs, mut answer) = (0.0, String::new());
    while runs == 0.0 || cpu_seconds()? - cpu < 0.2 {
        answer = timed(case, &values, &outlines, &known, &drawing)?;
        runs += 1.0;
    }
    println!(
        "{{\"case\": \"{case}\", \"cpu_s\": {:.6}, \"wall_s\": {:.6}, \"peak_mb\": {:.0}, {answer}}}",
        (cpu_seconds()? - cpu) / runs,
        wall.elapsed().as_secs_f64() / runs,
        peak_megabytes()?
    );
    Ok(())
}

/// The work of one case, and what it found.
fn timed(case: &str, values: &[f64], outlines: &[Outline<'_>], known: &Neighbours, drawing: &Drawing) -> Result<String, Box<dyn Error>> {
    Ok(match case {
        "queen" => lists(&queen(outlines, METRES_STEP)?),
        "rook" => lists(&rook(outlines, METRES_STEP)?),
        "near_misses" => format!("\"pairs\": {}", near_misses(outlines, known, 1.0)?.len()),
        "moran" => {
            let found = moran(values, known)?;
            format!("\"i\": {:.17}, \"variance\": {:.17e}", found.i, found.variance)
        }
        "local_moran" => format!("\"areas\": {}", local_moran(values, known)?.len()),
        "gi_star" => format!("\"areas\": {}", gi_star(values, known)?.len()),
        "permute" => {
            let found = permute(values, known, drawing)?;
            format!(
                "\"discoveries\": {:?}, \"in_every_set\": {}, \"in_any_set\": {}",
                found.monte_carlo.discoveries, found.monte_carlo.in_every_set, found.monte_carlo.in_any_set
            )
        }
        other => return Err(format!("there is no case named '{other}'").into()),
    })
}

type Areas = (Vec<f64>, Vec<Vec<Vec<[f64; 2]>>>);

fn read(path: &str) -> Result<Areas, Box<dyn Error>> {
    let (mut values, mut areas) = (Vec::new(), Vec::new());
    for line in fs::read_to_string(path)?.lines() {
        let (value, corners) = line.split_once(' ').ok_or("a line has no corners")?;
        values.push(value.parse()?);
        let mut rings = Vec::new();
        for ring in corners.split(';') {
            let numbers: Vec<f64> = ring.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            rings.push(numbers.chunks_exact(2).map(|xy| [xy[0], xy[1]]).collect());
        }
        areas.push(rings);
    }
    Ok((values, areas))
}

/// The number of links, and a mark of all lists (sums that wrap, of multiplied pairs) that another program can make too.
fn lists(found: &Neighbours) -> String {
    let mut mark = 0_u64;
    for area in 0..found.areas() {
        for &other in found.of(area) {
            let pair = (area as u64) << 32 | u64::from(other);
            mark = mark.wrapping_add((pair + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31));
        }
    }
    format!("\"links\": {}, \"mark\": \"{mark:016x}\"", found.links())
}

fn dump(values: &[f64], known: &Neighbours, drawing: &Drawing) -> Result<String, Box<dyn Error>> {
    let local = local_moran(values, known)?;
    let (without, with) = (gi(values, known)?, gi_star(values, known)?);
    let permuted = permute(values, known, drawing)?;
    let mut table = String::from("i,z,gi,gi_star,at_least,at_most,p,q\n");
    let score = |found: Option<f64>| found.map_or(String::new(), |z| z.to_string());
    for (area, local) in local.iter().enumerate() {
        let Some(tail) = permuted.areas[area] else {
            writeln!(table, "{},,,,,,,", local.i)?;
            continue;
        };
        writeln!(
            table,
            "{},{},{},{},{},{},{},{}",
            local.i,
            score(local.conditional.z),
            score(without[area].and_then(|found| found.z)),
            score(with[area].and_then(|found| found.z)),
            tail.at_least,
            tail.at_most,
            tail.p,
            tail.q
        )?;
    }
    Ok(table)
}

/// Time on a processor of every thread that lives (the pool's threads live until the end).
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let mut nanoseconds = 0_u64;
    for thread in fs::read_dir("/proc/self/task")? {
        let line = fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = line.split_ascii_whitespace().next().ok_or("no schedstat")?;
        nanoseconds += first.parse::<u64>()?;
    }
    Ok(nanoseconds as f64 / 1e9)
}

fn peak_megabytes() -> Result<f64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
