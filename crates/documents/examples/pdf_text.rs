//! Prints the text of a PDF file, or with a number how long reading it takes: `pdf_text FILE [TIMES]`.

// A bench reads files, the clock and its arguments; the crate itself reads none of them.
#![allow(clippy::disallowed_methods)]

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let bytes = std::fs::read(arguments.next().ok_or("name a file")?)?;
    let read = || headwater_documents::pdf::text(bytes.clone());
    let found = read()?;
    match arguments.next() {
        None => println!("{}", found.plain()),
        Some(times) => {
            let (times, begin) = (times.parse::<u32>()?, Instant::now());
            for _ in 0..times {
                read()?;
            }
            let seconds = begin.elapsed().as_secs_f64() / f64::from(times);
            println!("{} pages in {seconds:.3} s, {:.0} a second", found.pages.len(), found.pages.len() as f64 / seconds);
        }
    }
    Ok(())
}
