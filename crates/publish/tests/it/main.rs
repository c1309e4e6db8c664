//! A whole site of an invented county, looked at as a browser, a screen reader and a spreadsheet would.

// Clippy knows tests by their attribute only, not what they call.
#![allow(clippy::unwrap_used)]

mod checker;
mod county;
mod editions;
mod exhibits;
mod land;
mod leaks;
mod letter;
mod odd;
mod open_data;
mod pages;
#[cfg(feature = "pdf")]
mod paper;
#[cfg(feature = "pdf")]
mod pdf;
mod read_back;
