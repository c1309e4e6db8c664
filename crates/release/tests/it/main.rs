//! What the door lets through, tried from outside as a caller would.

// Clippy knows tests by their attribute only, not what they call.
#![allow(clippy::unwrap_used)]

mod attack;
mod draft;
mod figures;
mod limits;
mod small_counts;
