//! The crate as a stranger uses it: special functions against a reference grid, every fast method against a slow one,
//! and properties that must hold for any input.

// Tests read files; the crate itself does not.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod bad_input;
mod neighbour;
mod properties;
mod slow;
mod special_grid;
