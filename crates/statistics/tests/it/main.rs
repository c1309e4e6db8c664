//! The crate as a stranger uses it: special functions against a reference grid, every fast method against a slow one,
//! and properties that must hold for any input.

#![allow(clippy::unwrap_used)]

mod bad_input;
mod properties;
mod slow;
mod special_grid;
