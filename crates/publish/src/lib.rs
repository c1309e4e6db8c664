//! A cleared document to a static site: HTML, SVG and CSV.
//!
//! This crate knows `headwater_release` alone, so it cannot name a raw count. The site needs no script and asks nobody
//! outside for anything; its pages follow WCAG 2.2 AA. The same publication gives the same bytes.

mod csv;
mod draw;
mod page;
mod site;

pub use site::{File, site};
