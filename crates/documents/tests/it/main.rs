//! Whole files through the crate's doors: messages, parcels of files, and the first screen.

#![allow(clippy::unwrap_used)]

mod arrival;
mod concealed;
mod mail;
mod outlook;
mod pdf;
mod programs;
mod screen;
mod text;
mod text_programs;
