//! From a cleared publication to a static site: pages, charts, maps and tables to download.
//!
//! This crate knows `headwater_release` alone and so cannot name a raw count: whatever it draws was cleared. A page needs no
//! script, asks nobody else for anything, and carries no style of its own, so that the strictest content policy lets it
//! through. The same publication always gives the same bytes.
//!
//! | Module | What is in it |
//! |---|---|
//! | `site` | which files there are |
//! | `address` | what they are called and how pages link to each other |
//! | `page` | layout and components, as plain functions |
//! | `chart`, `map` | SVG, for a wide page and for a phone |
//! | `csv` | the table behind every exhibit |
//! | `ods` | all tables of a document as a workbook |
//! | `open_data` | descriptions of the tables for programs, areas of the maps, catalogues |
//! | `pdf` | a document as PDF/UA-1, behind the feature of that name, which is on by default |

mod address;
mod chart;
mod csv;
mod map;
mod ods;
mod open_data;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod site;

#[cfg(feature = "pdf")]
pub use pdf::pdf;
pub use site::{File, site, site_with_pdfs};
