//! Whole files through the crate's doors: messages, parcels of files, and the first screen.

#![allow(clippy::unwrap_used)]

mod arrival;
mod concealed;
mod held;
mod leaks;
mod mail;
mod outlook;
mod pdf;
mod programs;
mod removed;
mod screen;
mod text;
mod text_programs;
