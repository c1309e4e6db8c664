//! From a cleared publication to a static site: pages, charts, maps and tables to download.
//!
//! This crate knows `headwater_release` alone and so cannot name a raw count: whatever it draws was cleared. A page needs no
//! script (one page has one, to search), asks nobody else for anything, and carries no style of its own, so that the strictest content policy lets it
//! through. The same publication always gives the same bytes.
//!
//! | Module | What is in it |
//! |---|---|
//! | `site` | which files there are |
//! | `edition`, `news` | all editions as one site, and what is new in each |
//! | `listing` | everything a reader may look for: search, A to Z |
//! | `statement` | what a publisher must state: accessibility, how figures are made |
//! | `address` | what they are called and how pages link to each other |
//! | `page` | layout and components, as plain functions |
//! | `chart`, `map` | SVG, for a wide page and for a phone |
//! | `csv` | the table behind every exhibit |
//! | `ods` | all tables of a document as a workbook |
//! | `open_data` | descriptions of the tables for programs, areas of the maps, catalogues |
//! | `letter` | a letter as a page by itself |
//! | `pdf` | a document or a letter as PDF/UA-1, behind the feature of that name, which is on by default |

mod address;
mod chart;
mod csv;
mod edition;
mod letter;
mod listing;
mod map;
mod news;
mod ods;
mod open_data;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod redacted;
mod site;
mod statement;

pub use edition::{Edition, site_of_editions};
pub use letter::letter_page;
pub use page::STYLE;
#[cfg(feature = "pdf")]
pub use pdf::{letter_pdf, pdf, redacted_pdf, settable};
pub use redacted::redacted_page;
pub use site::{File, edition, site, site_with_pdfs};
pub use statement::statements;
