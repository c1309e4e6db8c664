//! The rules of the house as tests: a rule that matters fails here, with a sentence that says how to mend it.
//!
//! `arrows` holds the crates apart, `decisions` looks for who can take each, `names` and `writing` read every file, `words` holds the glossary to the code,
//! `licences` reads what the build draws in, `promises` holds README, methods and change log to what the program does.

// Tests read files and start programs, and may stop at the first thing that is not there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod arrows;
mod decisions;
mod licences;
mod names;
mod promises;
mod tree;
mod words;
mod writing;
